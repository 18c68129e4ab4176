"""Where machine code is kept: Numba's files, in several places of which some may only be read."""

from __future__ import annotations

import contextlib
from typing import Any

from numba.core import config
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    InTreeCacheLocator,
    NullCache,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

__all__ = ["Files"]


class Files(NullCache):
    """Numba's cache for one function, which reads from each place in turn and writes to the first that lets it.

    The places are ``NUMBA_CACHE_DIR`` where that is set, the library's ``__pycache__``, and the user's own cache.

    Attributes
    ----------
    kept : bool
        Whether machine code was found in one of them, or written there.
    """

    kept = False

    def __init__(self, function: Any) -> None:
        locators: list[type[Any]] = [InTreeCacheLocator, UserWideCacheLocator]
        if getattr(config, "CACHE_DIR", ""):
            locators.insert(0, UserProvidedCacheLocator)
        self.places = [_place(locator)(function) for locator in locators]

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the function for these argument types from the first place that has it, or None."""
        for place in self.places:
            with contextlib.suppress(Exception):  # not permitted, or a broken file: as if it were not there
                found = place.load_overload(sig, target_context)
                if found is not None:
                    self.kept = True
                    return found
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled function in the first place where that is permitted."""
        for place in self.places:
            with contextlib.suppress(OSError):
                place.save_overload(sig, data)
                self.kept = True
                return


def _place(locator: type[Any]) -> type[FunctionCache]:
    """Return Numba's cache in one place, whether or not it can be written."""

    class Locator(locator):
        @classmethod
        def from_function(cls, py_func: Any, py_file: str) -> Any:
            return cls(py_func, py_file)

    class Implementation(CompileResultCacheImpl):
        _locator_classes = [Locator]

    class Place(FunctionCache):
        _impl_class = Implementation

    return Place

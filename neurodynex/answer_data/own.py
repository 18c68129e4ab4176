"""A notebook's own variables, read as the judge reads them: encoded and decoded, without leaving the process."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .decoder import BadReply, decode
from .encode import encode, error, missing
from .reading import UNREADABLE
from .tracker import watch


class Own(Mapping[str, Any]):
    """The answers of a namespace: request key ("variable:I_min", "figures") -> decoded value.

    Parameters
    ----------
    names : mapping
        The notebook's names.
    functions : collection of str
        Names that are asked for as functions.
    no_slips : collection of str
        Names that cannot be meant for another one.
    """

    def __init__(
        self, names: Mapping[str, Any], functions: Collection[str] = (), no_slips: Collection[str] = ()
    ) -> None:
        self.names = names
        self.functions = functions
        self.no_slips = no_slips
        self._read: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._read:
            self._read[key] = read(lambda: watch().encode()) if key == "figures" else self._variable(key)
        return self._read[key]

    def _variable(self, key: str) -> Any:
        kind, _, name = key.partition(":")
        if kind != "variable":
            raise KeyError(key)
        if name not in self.names:
            others = {other: value for other, value in self.names.items() if other not in self.no_slips}
            return decode(missing(name, others, is_function=name in self.functions))
        return read(lambda: encode(self.names[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def read(encoded: Any) -> Any:
    """Return what `encoded()` is when decoded; whatever a student's object does then is an error value."""
    try:
        return decode(encoded())
    except BadReply:
        return UNREADABLE
    except Exception as problem:
        return decode(error(problem))

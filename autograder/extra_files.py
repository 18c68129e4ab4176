"""The files beside a notebook in a run; `autograder.find_extra_files` finds them in a hand-in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ExtraFiles:
    """The files beside a notebook.

    Attributes
    ----------
    files : dict
        Path below the notebook's folder -> content.
    notes : tuple of str
        What is left out, and why, for the result.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each file."""
        return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(self.files.items())}

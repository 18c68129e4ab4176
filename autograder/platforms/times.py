"""Times of submission, as platforms write them and as nbgrader reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

#: The file beside a notebook, and how a time stands in it.
TIMESTAMP = "timestamp.txt"
WRITTEN = "%Y-%m-%d %H:%M:%S.%f UTC"


def time_of(text: Any) -> datetime | None:
    """Return a time that is written with its zone; None if it is not."""
    if not isinstance(text, str):
        return None
    bare = text.strip().removesuffix("UTC").strip()
    zone = "" if bare == text.strip() else "+00:00"
    head, dot, tail = bare.partition(".")
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    rest = tail[len(digits) :] if dot else ""
    written = f"{head}.{digits[:6]}{rest}" if dot else head
    try:
        found = datetime.fromisoformat(written.replace(" +", "+").replace(" -", "-").replace(" Z", "Z") + zone)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None

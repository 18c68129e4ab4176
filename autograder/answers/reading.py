"""How the judge reads an answer: as the self-check does, with the same sentences."""

from neurodynex.answer_data.reading import (
    UNITS,
    UNREADABLE,
    Got,
    Unreadable,
    describe,
    lone,
    number,
    series,
    shorten,
    show,
    show_quantity,
    usable,
    variable,
    without_imaginary_part,
)

__all__ = [
    "UNITS",
    "UNREADABLE",
    "Got",
    "Unreadable",
    "describe",
    "lone",
    "number",
    "series",
    "shorten",
    "show",
    "show_quantity",
    "usable",
    "variable",
    "without_imaginary_part",
]

"""Puts the screenshots that the documentation shows into docs/pictures/, small enough for a web page."""

from __future__ import annotations

from PIL import Image

from tests.browser.conftest import PICTURES
from tests.conftest import ROOT

SHOWN = (
    "lab-right",
    "lab-leaky_integrate_and_fire",
    "formgrader-submissions",
    "class-report",
    "report",
    "student-page",
    "gradescope-results",
)
FOLDER = ROOT / "docs" / "pictures"
COLOURS, WIDEST = 128, 1200


def main() -> None:
    """Write all pictures, with fewer colours."""
    for name in SHOWN:
        picture = Image.open(PICTURES / f"{name}.png").convert("RGB")
        picture.thumbnail((WIDEST, picture.height))
        picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

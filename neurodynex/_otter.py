"""What `otter check` shows in the terminal beside its own "All tests passed!"."""

from __future__ import annotations

import sys
from functools import lru_cache
from logging.handlers import SocketHandler

ONLY_FORM = (
    "Only form, unit and plausible size of the answers, and whether they agree with your own simulations, are checked here. "
    "Whether they are right is judged after you hand in."
)


@lru_cache(maxsize=1)
def only_form() -> None:
    """Say once in the terminal that passed tests do not mean right answers.

    Where all tests pass, `otter check` leaves out their messages. It runs the notebook in a kernel whose output it does not show, and
    gets that kernel's log through a socket. `grader.check` in a notebook has no such socket, and shows the tests' messages.
    """
    otter = sys.modules.get("otter.logging")
    if otter is None:
        return
    logger = otter.get_logger("neurodynex")
    if any(isinstance(handler, SocketHandler) for handler in logger.handlers):
        logger.warning(ONLY_FORM)

"""The points that a notebook's prose states come from its cells' metadata.

A source notebook says `{points:lif_threshold}` where a question's points are to stand, and `{points:all}` where a sentence is to
say how many questions there are.
"""

from __future__ import annotations

import re

from autograder import assignments
from autograder.errors import InstructorError
from autograder.formatting import format_count
from autograder.notebook import Points

PLACE = re.compile(r"\{points:(\w*)\}")
ALL = "all"
# Points in a heading that nobody would correct when the metadata changes.
FIXED = re.compile(r"^#+ .*\d points?\b.*$", re.MULTILINE)
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def bonus_questions(name: str) -> set[str]:
    """Return the questions of an assignment whose points are beyond the maximum."""
    return {question.id for question in assignments.load(name).questions if question.bonus}


def fill_in(text: str, known: Points, bonus: set[str], place: str) -> str:
    """Return a text with its points filled in.

    Parameters
    ----------
    text : str
    known : Points
    bonus : set of str
        Questions whose points are beyond the maximum.
    place : str
        The file, for messages.

    Raises
    ------
    InstructorError
        If a placeholder names no cell that has points, or a heading states points without a placeholder.
    """
    if fixed := FIXED.search(text):
        raise InstructorError(
            f"{place}: the heading {fixed[0]!r} states points that would not follow the metadata; write {{points:ID}} instead, with "
            "the test cell's id."
        )
    worth = {**known.points, **known.by_hand}

    def points_of(found: re.Match[str]) -> str:
        if found[1] == ALL:
            return summary(known, bonus)
        if found[1] not in worth:
            raise InstructorError(
                f"{place}: {found[0]} names no cell with points; there are: {', '.join([ALL, *sorted(worth)])}."
            )
        return format_count(worth[found[1]], "point")

    return PLACE.sub(points_of, text)


def summary(known: Points, bonus: set[str]) -> str:
    """Return what an assignment consists of: "five questions, worth 14 points, and one bonus question ..."."""
    graded = [worth for name, worth in known.points.items() if name not in bonus]
    extra = [worth for name, worth in known.points.items() if name in bonus]
    by_hand = list(known.by_hand.values())
    pieces = [f"{_several(graded, 'question')}, worth {format_count(sum(graded), 'point')}"]
    if by_hand:
        end = f"that {'are' if len(by_hand) > 1 else 'is'} graded by a person"
        pieces.append(f"{_several(by_hand, 'text')} {end}, worth {format_count(sum(by_hand), 'point')}")
    if extra:
        end = f"worth {format_count(sum(extra), 'point')} beyond the maximum"
        pieces.append(f"{_several(extra, 'bonus question')}, {end}")
    return pieces[0] if len(pieces) == 1 else f"{', '.join(pieces[:-1])}, and {pieces[-1]}"


def _several(items: list[float], what: str) -> str:
    number = WORDS[len(items)] if len(items) < len(WORDS) else str(len(items))
    return f"{number} {what}{'' if len(items) == 1 else 's'}"

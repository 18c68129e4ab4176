"""The surviving mutants and refused variations that are known, each with the reason why it may stand.

They lie in `known.toml`, a table for each question, and are recognised by the line and by the changed text in it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from autograder.mutation.experiment import Kind, Outcome

# What the counts of a row are called in a table, and in which order they stand there.
COLUMNS: dict[Kind, dict[str, str]] = {
    "mutants": {
        "named": "named",
        "refused": "refused",
        "failed": "no answer",
        "same": "same answers",
        "listed": "listed",
        "found": "survived",
    },
    "honest": {"passed": "accepted", "same": "same answers", "listed": "listed", "found": "refused"},
}
FILE = Path(__file__).parent / "known.toml"


class Reason(BaseModel):
    """Why a change may stand.

    Attributes
    ----------
    within, before, after : str
        As in `Edited`; of a statement that is added, only `after` is given.
    reason : str
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    within: str = ""
    before: str = ""
    after: str
    reason: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mutants: dict[str, list[Reason]] = {}
    honest: dict[str, list[Reason]] = {}


@cache
def known(path: Path = FILE) -> Mapping[Kind, Mapping[str, list[Reason]]]:
    """Read the known changes: kind of experiment -> question id -> reasons."""
    read = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    return {"mutants": read.mutants, "honest": read.honest}


@dataclass(frozen=True)
class Row:
    """What became of the changes of one question.

    Attributes
    ----------
    question : str
    counts : Counter
        How many gave the same answers, failed, were named, refused, or passed; "listed" are those with a reason.
    listed : list of (Outcome, str)
        Survivors among mutants, or refusals among variations, that have a reason.
    found : list of Outcome
        Those that have none: a fault of the question, or of the list.
    """

    question: str
    counts: Counter[str]
    listed: list[tuple[Outcome, str]]
    found: list[Outcome]

    @property
    def made(self) -> int:
        """Return how many changes were made."""
        return sum(self.counts.values())


def summarize(outcomes: Mapping[str, Iterable[Outcome]], kind: Kind) -> list[Row]:
    """Return a row for each question."""
    rows = []
    for question, all_of_it in outcomes.items():
        reasons = known()[kind].get(question, [])
        row = Row(question, Counter(), [], [])
        for outcome in all_of_it:
            faulty = (
                outcome.result == "passed" if kind == "mutants" else outcome.result in ("failed", "named", "refused")
            )
            reason = next((r.reason for r in reasons if _matches(r, outcome)), None)
            if not faulty:
                row.counts[outcome.result] += 1
            elif reason:
                row.counts["listed"] += 1
                row.listed.append((outcome, reason))
            else:
                row.counts["found"] += 1
                row.found.append(outcome)
        rows.append(row)
    return rows


def _matches(reason: Reason, outcome: Outcome) -> bool:
    change = outcome.change
    return (reason.within, reason.before, reason.after) == (change.within, change.before, change.after)

"""An attack: a submission of the leaky integrate-and-fire assignment that tries something.

Each is a file `corpus/<name>.py`, in the form of a sample submission: a docstring that says in one sentence what it tries, and
blocks `# %% <grade_id>` with student code. What an attacker may find out is there as the dictionary `KNOWN`. Lines of its head:

- `# honest: 2`: the points that its honest part is worth, by default 0. No route may give more, and none may take them away.
- `# plain: nbgrader, otter`: the unprotected peers on which it succeeds, so that it is known to be a real one.
- `# beside the notebook`: what follows is no student code, but a function `lay(folder, notebook)`, which writes what is handed in.
"""

from __future__ import annotations

import ast
import json
import re
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import notebook, samples

ASSIGNMENT = "leaky_integrate_and_fire"
CORPUS = Path(__file__).parent / "corpus"
#: In the name of every file, and in the command line of every process, that an attack tries to leave behind.
MARK = "stolen-points"
_BESIDE = "# beside the notebook"


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes
    ----------
    name : str
    tries : str
        What it tries, in a sentence.
    honest : float
        What its honest part is worth.
    plain : frozenset of str
        The unprotected peers on which it succeeds.
    sample : Sample
        Its code cells; blank where it lays out files itself.
    lay : callable, optional
        Writes the submission's folder, from the notebook that the cells make.
    """

    name: str
    tries: str
    honest: float
    plain: frozenset[str]
    sample: samples.Sample
    lay: Callable[[Path, bytes], None] | None

    def hand_in(self, folder: Path, known: dict[str, Any]) -> None:
        """Write the submission into a folder.

        Parameters
        ----------
        folder : Path
        known : dict
            What the attacker knows about the place where it is graded.
        """
        folder.mkdir(parents=True)
        content = self._notebook(known)
        if self.lay:
            self.lay(folder, content)
        else:
            (folder / f"{ASSIGNMENT}.ipynb").write_bytes(content)

    def score_breaches(self, score: float | None) -> list[str]:
        """Return what is wrong with the score that the attack came to; None where there was no grade."""
        off = (score or 0) - self.honest
        return [f"score raised to {score:g}"] if off > 0 else [f"loses {-off:g} honest points"] if off < 0 else []

    def _notebook(self, known: dict[str, Any]) -> bytes:
        whole = json.loads(self.sample.notebook(notebook.source_path(ASSIGNMENT), self.name))
        # Only what is asked and answered: a student may delete all the rest, and Brian2 takes seconds to import.
        whole["cells"] = [cell for cell in whole["cells"] if "nbgrader" in cell["metadata"]]
        knows = f"KNOWN = {known!r}"
        first = {"cell_type": "code", "metadata": {}, "source": [knows], "outputs": [], "execution_count": None}
        whole["cells"].insert(0, {**first, "id": "known"})
        return json.dumps(whole, indent=1).encode()


def load() -> dict[str, Attack]:
    """Read the corpus, sorted by name."""
    return {file.stem: _read(file) for file in sorted(CORPUS.glob("*.py"))}


def _read(file: Path) -> Attack:
    text = file.read_text(encoding="utf-8")
    if _BESIDE in text:
        tries = ast.get_docstring(ast.parse(text)) or ""
        sample, lay = samples.Sample(tries, {}, blank=True), runpy.run_path(str(file))["lay"]
    else:
        sample, lay = samples.read(file), None
    honest = re.search(r"^# honest: ([\d.]+)$", text, re.MULTILINE)
    plain = re.search(r"^# plain: (.+)$", text, re.MULTILINE)
    peers = frozenset(plain[1].split(", ")) if plain else frozenset()
    cells = samples.Sample(sample.story, sample.cells, blank=True)
    return Attack(file.stem, " ".join(sample.story.split()), float(honest[1]) if honest else 0.0, peers, cells, lay)

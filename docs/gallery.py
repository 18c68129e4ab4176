"""Write the gallery of the kinds of answers: of each a question of ours, from its statement to the judge's verdicts."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import islice
from typing import NamedTuple

from markup import plain, table

from autograder import answers, assignments
from autograder.authoring.preview import STUDENT, Shown, judged
from autograder.course import Context, read_course_toml
from autograder.key.pages import plot_html
from autograder.question import Answer, Question

# So many slips are shown of each kind.
SLIPS = 3


class Entry(NamedTuple):
    """A kind of answer, and the question that shows it."""

    kind: str
    assignment: str
    question: Question
    answer: Answer
    statement: str


def entries() -> Iterator[Entry]:
    """Yield an entry for each kind of answer: of the questions that use it, the one with the shortest statement.

    Raises
    ------
    LookupError
        If no question uses a kind.
    """
    for kind in answers.__all__:
        found = [entry for name in assignments.NAMES for entry in _uses(kind, name)]
        if not found:
            raise LookupError(f"No question uses {kind}: the gallery has nothing to show of it.")
        yield min(found, key=lambda entry: len(entry.statement))


def _uses(kind: str, name: str) -> Iterator[Entry]:
    for question in assignments.load(name).questions:
        answer = next((answer for answer in question.answers if type(answer).__name__ == kind), None)
        if answer is not None:
            yield Entry(kind, name, question, answer, statement(name, question.id, kind))


def statement(name: str, question_id: str, kind: str) -> str:
    """Return the source of a question, below that of what it calls or names in the same file to make an answer of a kind."""
    source, tree = _parsed(name)
    (call,) = (node for node in ast.walk(tree) if _is_question(node, question_id))
    defined = {name: node for node in tree.body for name in _defines(node)}
    # What leads from the question to the kind.
    needed: dict[str, ast.stmt] = {}
    left = [call]
    while left:
        for word in _words(left.pop()):
            if word in defined and word not in needed and _leads(word, kind, defined):
                needed[word] = defined[word]
                left.append(defined[word])
    parts = [*sorted(needed.values(), key=lambda node: node.lineno), call]
    return "\n\n".join(textwrap.dedent(_lines(source, node)) for node in parts)


@cache
def _parsed(name: str) -> tuple[str, ast.Module]:
    source = inspect.getsource(import_module(f"autograder.assignments.{name}.questions"))
    return source, ast.parse(source)


def _is_question(node: ast.AST, question_id: str) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Question":
        return False
    named = [keyword.value for keyword in node.keywords if keyword.arg == "id"]
    return any(isinstance(value, ast.Constant) and value.value == question_id for value in [*node.args, *named])


def _defines(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _words(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _leads(word: str, kind: str, defined: dict[str, ast.stmt], seen: frozenset[str] = frozenset()) -> bool:
    """Tell whether the kind is made by a definition, or by others that it names."""
    if word not in defined or word in seen:
        return False
    words = _words(defined[word])
    return kind in words or any(_leads(other, kind, defined, seen | {word}) for other in words)


def _lines(source: str, node: ast.AST) -> str:
    segment = ast.get_source_segment(source, node, padded=True)
    assert segment is not None
    return segment


def verdicts(entry: Entry) -> list[Shown]:
    """Return what the judge says of a right example, of some usual slips, and of the first and the last other wrong one."""
    context = Context.of(STUDENT, entry.assignment, read_course_toml())
    made = list(entry.answer.examples(context))
    right = next(example for example in made if example.passes)
    slips = {example.mistake: example for example in made if example.slip}
    wrong = [example for example in made if not example.passes and not example.slip]
    others = [wrong[0], wrong[-1]] if len(wrong) > 1 else wrong
    chosen = [right, *islice(slips.values(), SLIPS), *others]
    return list(judged(entry.question, entry.answer, chosen, context))


def page() -> str:
    """Return the gallery."""
    known = list(entries())
    listed = [(f"[{entry.kind}](#{entry.kind.lower()})", plain(_about(entry.kind))) for entry in known]
    intro = (
        "# Gallery of question kinds\n\n"
        "Each kind of answer with a question that uses it: its statement in the code, the sentence that students read, what the judge "
        "says of examples that the question makes by itself, and the plot that the key draws. All of it is made when the site is built.\n\n"
        "```{warning}\nExpected values stand here, as in the answer key. `make docs FOR=students` builds the site for students, without this page.\n```\n"
    )
    return "\n".join([intro, table(("kind", "what is handed in"), listed), *map(_section, known)])


def _about(kind: str) -> str:
    return inspect.getdoc(getattr(answers, kind)).partition("\n\n")[0].replace("\n", " ")


def _section(entry: Entry) -> str:
    context = Context.of(STUDENT, entry.assignment, read_course_toml())
    place = f"`{entry.question.id}`, from [{assignments.load(entry.assignment).title}](assignment-{entry.assignment.replace('_', '-')}.md)"
    rows = [("accepted" if shown.passes else "refused", shown.label, plain(shown.message)) for shown in verdicts(entry)]
    plot = plot_html(entry.answer.facts(context), entry.answer.name)
    return "\n".join(
        [
            f"## {entry.kind}\n",
            f"{plain(_about(entry.kind))} {place}: {plain(entry.question.asks)}.\n",
            f"> {plain(entry.question.tolerance)}\n",
            f":::{{dropdown}} Its statement\n```python\n{entry.statement}\n```\n:::\n",
            table(("judged", "example", "what the student reads"), rows),
            f'```{{raw}} html\n<div class="plot-wrapper">{plot}</div>\n```\n' if plot else "",
        ]
    )

"""Write the pages that follow from the code: commands, settings, assignments, the library, the gallery, and how a submission travels.

Sphinx runs this as an extension before it reads the pages; what it writes is not tracked.
"""

from __future__ import annotations

import html
import inspect
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import gallery
import typer
from annotated_types import Ge, Gt, Le
from markup import plain, table
from pydantic.fields import FieldInfo

import autograder
import neurodynex.__main__ as student_command
from autograder import assignments, notebook
from autograder.__main__ import app
from autograder.commands import new
from autograder.course import Course
from autograder.question import Assignment, Question
from autograder.result import Earlier, PartResult, QuestionResult, Result, TestCell, document_schema
from tests.attacks import attack

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).resolve().parent / "generated"
# What students call, an entry a page: title -> modules.
LIBRARY = {
    "Self-check and identity": ("neurodynex", "neurodynex.check", "neurodynex.variant"),
    "Leaky integrate-and-fire neuron": ("neurodynex.leaky_integrate_and_fire.LIF",),
    "Hodgkin-Huxley neuron": ("neurodynex.hodgkin_huxley.HH",),
    "Neuron types": ("neurodynex.neuron_type.typeXY", "neurodynex.neuron_type.neurons"),
    "Phase plane analysis": ("neurodynex.phase_plane_analysis.fitzhugh_nagumo",),
    "Hopfield network": ("neurodynex.hopfield_network.hopfield",),
    "Oja's rule": ("neurodynex.ojas_rule.oja",),
}
TYPES = {str: "text", bool: "true or false", int: "whole number", float: "number", dict: "table", list: "list"}
PEERS = {"nbgrader": "nbgrader", "otter": "Otter"}
LEVELS = ("introductory", "intermediate", "advanced")
STATION = re.compile(r"^- (`autograder\.\w+`(?:.*?))(?=^- |\n\n)", re.MULTILINE | re.DOTALL)


def setup(app: Any) -> dict[str, bool]:
    """Have Sphinx write the pages first."""
    app.connect("builder-inited", lambda _: write())
    return {"parallel_read_safe": True}


def write() -> None:
    """Write all pages; one that has not changed is not touched, so that Sphinx need not read it again."""
    FOLDER.mkdir(exist_ok=True)
    made = dict(pages())
    for name, text in made.items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each page."""
    yield "commands.md", commands()
    yield "course-toml.md", settings()
    yield "result.md", result()
    yield "road.md", road()
    yield "suites.md", suites()
    yield "attacks.md", attacks()
    yield "samples.md", stories()
    yield "gallery.md", gallery.page()
    yield "assignments.md", overview()
    for name in assignments.NAMES:
        yield f"assignment-{name.replace('_', '-')}.md", assignment(assignments.load(name))
    yield from library()


# Commands


def commands() -> str:
    """Return the page of both command lines."""
    parts = ["# Commands\n", "`python -m autograder` is the same as `autograder`.\n"]
    for words, command in _leaves(("autograder",), typer.main.get_command(app)):
        parts += [f"## {' '.join(words)}\n", f"{_sentences(command.help)}\n"]
        rows = [_parameter(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            parts.append(table(("", "default", "effect"), rows))
    parts.append("## neurodynex\n\nFor students; it is in their package.\n")
    parts.append(f"```text\n{_plain_help(student_command.COMMANDS.format_help())}```\n")
    for name, parser in student_command._commands.choices.items():
        parts.append(f"### neurodynex {name}\n\n```text\n{_plain_help(parser.format_help())}```\n")
    return "\n".join(parts)


def _leaves(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        yield words, command
        return
    for name, below in sorted(command.commands.items()):
        yield from _leaves((*words, name), below)


def _parameter(parameter: Any) -> tuple[str, str, str]:
    """Return a row: how it is typed, its default, its effect."""
    if parameter.param_type_name == "argument":
        typed = parameter.name.upper()
        typed = typed if parameter.required else f"[{typed}]"
    else:
        typed = " / ".join(option for option in (*parameter.opts, *parameter.secondary_opts))
    default = parameter.default
    shown = "" if default is None or default is False or callable(default) else f"`{default}`"
    if not (parameter.help or "").strip():
        raise ValueError(f"The parameter {parameter.name!r} of a command has no help.")
    return f"`{typed}`", "required" if parameter.required else shown, _sentences(parameter.help)


def _sentences(text: str) -> str:
    return re.sub(r"<(\w+)>", r"&lt;\1&gt;", inspect.cleandoc(text))


def _plain_help(text: str) -> str:
    return text.replace("__main__.py", "neurodynex")


# Settings


def settings() -> str:
    """Return the page of `course.toml`: each key with what it may be, its default, and its effect."""
    parts = [
        "# course.toml\n",
        "The settings of one course. A key that is not known, missing, or out of range is refused with its line and the nearest name.\n",
    ]
    for name, group in Course.model_fields.items():
        parts.append(f"## [{name}]\n")
        fields: Mapping[str, FieldInfo] = group.annotation.model_fields  # type: ignore[union-attr]
        parts.append(
            table(
                ("key", "value", "default", "effect"), (_setting(f"{name}.{key}", key, f) for key, f in fields.items())
            )
        )
    parts.append(f"## The file as it is shipped\n\n```toml\n{(ROOT / 'course.toml').read_text(encoding='utf-8')}```\n")
    return "\n".join(parts)


def _setting(place: str, key: str, field: FieldInfo) -> tuple[str, str, str, str]:
    if not field.description:
        raise ValueError(f"The setting {place} has no description in autograder/course.py.")
    default = "required" if field.is_required() else _toml(field.default)
    return f"`{key}`", _allowed(field), default, field.description


def _toml(value: object) -> str:
    if value is None:
        return "not set"
    shown = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    return f"`{shown}`"


def _allowed(field: FieldInfo) -> str:
    annotation: Any = field.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is not None and str(get_origin(annotation)) == "typing.Literal":
        return " or ".join(f'`"{value}"`' for value in get_args(annotation))
    kind = TYPES[get_origin(annotation) or annotation]
    bounds = []
    for bound in field.metadata:
        if isinstance(bound, Gt):
            bounds.append(f"more than {bound.gt:,}")
        if isinstance(bound, Ge):
            bounds.append(f"{bound.ge:,} or more")
        if isinstance(bound, Le):
            bounds.append(f"at most {bound.le:,}")
    return ", ".join([kind, *bounds])


# Results


def result() -> str:
    """Return the page of the document that holds a grade."""
    parts = [
        "# A result\n",
        "`grade` writes one JSON document a submission, the same on every route. Answers stand in it as they came out of the notebook, each "
        "as an object with one key, the kind of value. Each figure is there once, in `figures`, and a question has its number. Fifty "
        "numbers or more of an array or a figure are Base64 of little-endian doubles.\n",
    ]
    schema = document_schema()
    for model in (Result, QuestionResult, PartResult, TestCell, Earlier):
        own = schema if model is Result else schema["$defs"][model.__name__]
        says = meanings(model)
        rows = [(f"`{name}`", _json_type(field), says.get(name, "")) for name, field in own["properties"].items()]
        parts.append(f"## {'The document' if model is Result else model.__name__}\n\n{own['description']}\n")
        parts.append(table(("field", "value", "meaning"), rows))
    parts.append(f"## JSON schema\n\n```json\n{json.dumps(schema, indent=1)}\n```\n")
    return "\n".join(parts)


def meanings(documented: type) -> dict[str, str]:
    """Return what the docstring says of each attribute."""
    attributes = inspect.cleandoc(documented.__doc__ or "").partition("Attributes\n----------\n")[2]
    found = {}
    for names, text in re.findall(r"^(\w[\w, ]*) : .*((?:\n    .*)*)", attributes, re.MULTILINE):
        found |= dict.fromkeys(names.split(", "), " ".join(text.split()))
    return found


def _json_type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(_json_type, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_json_type(schema['items'])}"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties", True)
        return "map" if values is True else f"map to {_json_type(values)}"
    names = {"string": "text", "boolean": "true or false", "integer": "whole number"}
    kind = schema.get("type", "any value")
    return names.get(kind, kind)


# Assignments


def in_order() -> list[str]:
    """Return the assignments' names, the easiest first."""
    return sorted(assignments.NAMES, key=lambda name: LEVELS.index(assignments.load(name).level))


def overview() -> str:
    """Return the page of all assignments."""
    listed, hidden = [], []
    for name in in_order():
        known, page = assignments.load(name), f"assignment-{name.replace('_', '-')}"
        listed.append(
            f"**[{known.title}]({page}.md)**\n: Students find out {known.about}.\n\n"
            f"  {known.level.capitalize()} · {known.hours} h · {points(known)} points\n"
        )
        hidden.append(page)
    toc = "```{toctree}\n:hidden:\n\n" + "\n".join(hidden) + "\n```\n"
    note = "Hours are their authors' estimate for a student who has read the chapter, not measured with a class.\n"
    return "# Assignments\n\n" + "\n".join(listed) + f"\n{note}\n{toc}"


def points(known: Assignment) -> str:
    """Return what an assignment is worth, in words."""
    worth = notebook.points_of(known.name)
    bonus = sum(worth.points[question.id] for question in known.questions if question.bonus)
    total = sum(worth.points.values()) + sum(worth.by_hand.values()) - bonus
    return f"{total:g}" + (f" + {bonus:g} bonus" if bonus else "")


def assignment(known: Assignment) -> str:
    """Return the page of an assignment: what students read of each question, without expected values."""
    worth = notebook.points_of(known.name)
    by_hand = "".join(f"- `{name}`: {value:g} points\n" for name, value in worth.by_hand.items())
    parts = [
        f"# {known.title}\n",
        f"```{{image}} ../pictures/{known.name}.png\n:alt: A figure of the library\n:width: 24rem\n```\n",
        f"Students find out {known.about}. Level: {known.level}. Time: about {known.hours} h. Points: {points(known)}.\n",
        *(f"## {question.id}\n\n{_question(question, worth.points[question.id])}" for question in known.questions),
        f"## Graded by hand\n\n{by_hand}" if by_hand else "",
        f"The notebook is `source/{known.name}/{known.name}.ipynb`, the statement `autograder/assignments/{known.name}/questions.py`.\n",
    ]
    return "\n".join(parts)


def _question(question: Question, worth: float) -> str:
    kinds = ", ".join(dict.fromkeys(type(answer).__name__ for answer in question.answers))
    rows = [
        ("Asked", question.asks),
        ("Points", f"{worth:g}" + (", a bonus" if question.bonus else "")),
        ("Accepted", question.tolerance),
        ("Judged as", kinds),
    ]
    if question.supported_by:
        rows.append(("Supported by", " or ".join(f"`{name}`" for name in question.supported_by)))
    return table(("", ""), ((f"**{name}**", text.replace("{", "\\{").replace("<", "&lt;")) for name, text in rows))


# The sample submissions


def stories() -> str:
    """Return what each sample student of the tutorial did."""
    return table(
        ("student", "what this student did"),
        ((f"`{student}`", plain(story)) for student, story in new.stories().items()),
    )


# The library


def library() -> Iterator[tuple[str, str]]:
    """Yield the pages of the students' library."""
    names = []
    for title, modules in LIBRARY.items():
        names.append("library-" + re.sub(r"\W+", "-", title.lower().replace("'", "")))
        documented = "\n".join(_module(module, many=len(modules) > 1) for module in modules)
        yield f"{names[-1]}.md", f"# {title}\n\n{documented}"
    listed = "\n".join(names)
    about = "What students import. Each function's units stand in its description; its examples are run by the tests.\n"
    yield "library.md", f"# Library\n\n{about}\n```{{toctree}}\n{listed}\n```\n"


def _module(name: str, *, many: bool) -> str:
    head = f"## {name}\n\n" if many else f"`from {name} import ...`\n\n"
    return f"{head}```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n   :member-order: bysource\n```\n"


# How a submission travels


def stations() -> list[tuple[str, str]]:
    """Return the stations of a submission, as the package's own description lists them: modules, what happens there."""
    text = (autograder.__doc__ or "") + "\n\n"
    return [
        (", ".join(re.findall(r"`(autograder\.\w+)`", found)), " ".join(found.split()))
        for found in STATION.findall(text)
    ]


def road() -> str:
    """Return the picture of a submission's way, with what runs in the sandbox set apart."""
    items = []
    for modules, text in stations():
        inside = ' class="sandbox"' if "in isolation" in text else ""
        sentence = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
        items.append(f'<li{inside} data-modules="{modules}">{sentence}</li>')
    return f'<ol class="road">\n{"".join(f"{item}{chr(10)}" for item in items)}</ol>\n'


# The test suites


def suites() -> str:
    """Return what `make help` says."""
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    rows = [re.split(r"\s{2,}", line, maxsplit=1) for line in listed.splitlines()]
    return table(("command", "what it does"), ((f"`{command}`", _sentences(text)) for command, text in rows))


# The attacks


def attacks() -> str:
    """Return the table of the attacks, with the peers on which a test shows that each succeeds."""
    corpus = attack.load()
    peers = [f"{sum(peer in each.plain for each in corpus.values())} on plain {title}" for peer, title in PEERS.items()]
    rows = (
        (f"`{name}`", plain(each.tries), *("succeeds" if peer in each.plain else "" for peer in PEERS))
        for name, each in corpus.items()
    )
    head = f"Of {len(corpus)} attacks, {' and '.join(peers)} are shown to succeed; on each of our routes none does.\n\n"
    return head + table(("attack", "what it tries", *(f"plain {title}" for title in PEERS.values())), rows)

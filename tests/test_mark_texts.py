"""Texts on the page of marks: Markdown, formulas and pictures are seen; whatever a student writes, nothing of it acts."""

import base64
import io
import json
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from autograder import notebook, samples
from autograder.marking import page, texts
from autograder.marking.texts import PictureBudget, attachments, markdown_as_html
from autograder.marks import Marks
from autograder.totals import ClassTotals
from tests.conftest import COURSE
from tests.test_totals import OJA, result

WHY = "oja_what_why"
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"
SVG = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>').decode()
#: What a text may become, and the attributes of each.
INERT = {
    **{tag: set() for tag in ("p", "strong", "em", "ul", "ol", "li", "pre", "code", "br", "hr", "del", "blockquote")},
    **{tag: set() for tag in ("table", "thead", "tbody", "tr")},
    **{tag: {"style"} for tag in ("th", "td")},
    "span": {"class"},
    "img": {"loading", "alt", "src"},
}


def picture(kind: str = "PNG", size: int = 4) -> str:
    made = io.BytesIO()
    Image.effect_noise((size, size), 50).save(made, kind)
    return base64.b64encode(made.getvalue()).decode()


class Parts(HTMLParser):
    """The elements and the words of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def test_markdown_is_rendered_and_formulas_are_text():
    found = markdown_as_html(
        "# Why\n\n**Bold**, `code` and $w_1 * w_2 * <x>$:\n\n- one\n- two\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n$$\\eta_i$$"
    )
    assert "<strong>Why</strong>" in found and "<strong>Bold</strong>" in found and "<code>code</code>" in found
    assert '<span class="formula">$w_1 * w_2 * &lt;x&gt;$</span>' in found and "$$\\eta_i$$</span>" in found
    assert found.count("<li>") == 2 and found.count("<td>") == 2


HOSTILE = [
    SCRIPT,
    f"# state\n\n{SCRIPT}",
    "# state\n\n## count\n\n- [ ] done\n- [x] <b>bold</b>",
    "[a](javascript:alert(1)) [b](data:text/html,x) <javascript:alert(1)> [c][r]\n\n[r]: vbscript:x",
    "[a](https://example.org/?from=page 'title') <https://example.org> https://example.org",
    "![a](https://example.org/seen.png) ![b](//example.org/x) ![c](beside.png) ![d][r]\n\n[r]: http://example.org/x.png",
    "![a](attachment:a.svg) ![b](attachment:b.png) ![c](attachment:none.png)",
    '![a" onerror="alert(1)](attachment:good.png) ![`<script>`](attachment:good.png)',
    f"```mermaid\n{SCRIPT}\n```\n\n~~~html\n{SCRIPT}\n~~~\n\n    {SCRIPT}",
    f"${SCRIPT}$ $${SCRIPT}$$ \\\\({SCRIPT}\\\\) \\begin{{x}}{SCRIPT}\\end{{x}} $\\href{{javascript:alert(1)}}{{x}}$",
    '<input type="number"><form action="/"><details open ontoggle=alert(1)><style>*{display:none}</style>',
    "</div></section></main><section data-code=answer-000000000000><h3>",
    '<b>bold</b> <img src="attachment:good.png" width=10>',
    "| a |\n|:-:|\n| <u>b</u> |\n\n[^1]\n\n[^1]: note\n\nTerm\n: <script>",
    "> " * 3000 + "x",
    "- " * 3000 + "x",
    "[" * 20_000,
    "*a_" * 40_000,
    "\x1b]8;;javascript:alert(1)\x07 \u202egnp.exe",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_becomes_nothing_that_acts(text):
    pictures = {"a.svg": {"image/svg+xml": SVG}, "b.png": {"image/png": SVG}, "good.png": {"image/png": picture()}}
    found = Parts(markdown_as_html(text, pictures))
    for tag, attributes in found.elements:
        assert tag in INERT and attributes.keys() <= INERT[tag]
        assert re.fullmatch(r"data:image/png;base64,[\w+/=]+", str(attributes.get("src", "data:image/png;base64,x")))
        assert attributes.get("class", "formula") == "formula"
        assert re.fullmatch(r"text-align:(left|right|center);?", str(attributes.get("style", "text-align:left")))
    assert not re.search("[\x1b\u202e]", found.words)


def test_pictures_are_shown_of_the_kinds_that_are_allowed_and_named_where_they_are_not():
    pictures = {
        "a.png": {"image/png": picture()},
        "b.jpg": {"text/html": picture("JPEG")},
        "c.svg": {"image/svg+xml": SVG},
        "d.bmp": {"image/png": picture("BMP")},
    }
    found = markdown_as_html(" ".join(f"![x](attachment:{name})" for name in pictures), pictures)
    assert (
        found.count("<img ") == 2 and 'src="data:image/png;base64,' in found and 'src="data:image/jpeg;base64,' in found
    )
    assert "picture c.svg" in found and "picture d.bmp" in found and SVG not in found


def test_pictures_keep_to_what_a_text_and_a_page_may_hold(monkeypatch):
    one = picture(size=20)
    pictures = {name: {"image/png": one} for name in ("a.png", "b.png", "c.png")}
    text = " ".join(f"![x](attachment:{name})" for name in pictures)
    budget = PictureBudget(3 * len(one))
    monkeypatch.setattr(texts, "MAX_ANSWER", 2 * len(one))
    assert [markdown_as_html(text, pictures, budget).count("<img ") for _ in range(3)] == [2, 1, 0]
    assert "too large to be shown here" in markdown_as_html(text, pictures, budget)
    monkeypatch.setattr(texts, "MAX_PIXELS", 399)
    assert "<img " not in markdown_as_html(text, pictures)


@pytest.fixture
def class_(tmp_path):
    """Return the result of a student whose text has a picture, and the tree in which the notebook lies."""
    text = "Look:\n\n![w](attachment:w.png)"
    content = json.loads(samples.load(OJA)["blank"].notebook(notebook.source_path(OJA), "ada"))
    for cell in content["cells"]:
        if notebook.grade_id(cell) == WHY:
            cell |= {"source": text, "attachments": {"w.png": {"image/png": picture()}}}
    path = tmp_path / "submitted" / "ada" / OJA / f"{OJA}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    sha = notebook.digest(notebook.read(path))
    return result("ada", texts={WHY: text}).model_copy(update={"notebook_sha256": sha}), tmp_path


def shown(one, folder) -> str:
    totals = ClassTotals.read(folder, COURSE)
    return page.render([one], WHY, OJA, Marks(COURSE), COURSE, attachments([one], WHY, totals))


def test_a_picture_comes_from_the_notebook_that_was_graded_and_from_no_other(class_):
    one, folder = class_
    assert shown(one, folder).count('src="data:image/png;base64,') == 1
    other = shown(one.model_copy(update={"notebook_sha256": "another"}), folder)
    assert "data:image" not in other and "picture w.png: not in the notebook" in other
    copy = folder / "mended" / "ada" / OJA
    copy.mkdir(parents=True)
    (folder / "submitted" / "ada" / OJA / f"{OJA}.ipynb").rename(copy / f"{OJA}.ipynb")
    (folder / "submitted" / "ada" / OJA / f"{OJA}.ipynb").write_text("{")
    (copy / "reason.txt").write_text("The file was cut off.")
    assert shown(one, folder).count('src="data:image/png;base64,') == 1


def test_only_the_pages_own_script_may_run_and_nothing_is_loaded(class_):
    one, folder = class_
    first, second = shown(one, folder), shown(one, folder)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', first)[1]
    nonce = re.search(r"script-src 'nonce-([\w-]{20,})'; img-src data:;", policy)[1]
    assert policy.startswith("default-src 'none'") and f'<script nonce="{nonce}">' in first
    assert nonce not in second

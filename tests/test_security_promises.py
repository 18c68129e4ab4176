"""SECURITY.md claims nothing that is not tested."""

import ast
import re

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+?\.py)(?:::(\w+))?`", TEXT)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_is_named_exists(file: str, name: str):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    assert name in tests if name else tests


def test_every_promise_names_a_test():
    table = TEXT.split("| promise | held by |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(table) >= 9
    assert all("tests/" in row or "the same" in row for row in table)


def test_every_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"`make (\w+)`", TEXT)
    assert targets and all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)

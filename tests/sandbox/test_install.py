"""What `make venv` makes ready for sandboxes."""

from autograder.sandbox import install


def test_libraries_get_byte_code_and_their_tests_none(tmp_path, monkeypatch):
    top = tmp_path / "test" / "packages"  # what is above a library does not count
    for folder in ("library", "library/part", "library/part/tests"):
        (top / folder).mkdir(parents=True)
        (top / folder / "__init__.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(top))
    install.byte_code(["library", "not_installed"])
    compiled = {path.parent.parent.relative_to(top).as_posix() for path in top.rglob("*.pyc")}
    assert compiled == {"library", "library/part"}

"""A module of the student's own is there on each route; `tests/test_extra_files.py` has the rest."""

from autograder import notebook
from tests.routes.routes import Routes, command
from tests.test_extra_files import FILES, LIF
from tests.test_extra_files import notebook as reading


def test_a_module_and_data_beside_the_notebook_give_the_same_points_on_every_route(routes: Routes):
    worth = notebook.points_of(LIF).points["lif_threshold"]
    scores, page = routes.by_our_otter(LIF, "beside", {**FILES, "my work.ipynb": reading()})
    assert scores["lif_threshold"] == worth and "HH.py" in page
    folder = routes.nbgrader / "submitted" / "beside" / LIF
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert routes.by_nbgrader(LIF, "beside", reading())["lif_threshold"] == worth
    # A changed file is graded anew, without --force.
    (folder / "HH.py").write_bytes(b"def threshold():\n    return 9.0\n")
    said = command("nbgrader", "autograde", LIF, "--student", "beside", cwd=routes.nbgrader, **routes.environment)
    assert "is graded again" in said

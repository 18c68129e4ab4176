"""A module of the student's own is there with Otter, too; `test_nbgrader.py` and `tests/test_extra_files.py` have the rest."""

import pytest

from autograder import notebook
from tests.routes.routes import Routes
from tests.test_extra_files import FILES, LIF
from tests.test_extra_files import notebook as reading


@pytest.mark.thorough
def test_a_module_and_data_beside_the_notebook_give_their_points_with_otter(routes: Routes):
    worth = notebook.points_of(LIF).points["lif_threshold"]
    scores, page = routes.by_our_otter(LIF, "beside", {**FILES, "my work.ipynb": reading()})
    assert scores["lif_threshold"] == worth and "HH.py" in page

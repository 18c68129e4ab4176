"""Puts modules beside the notebook with the names of those that a grader imports."""

# beside the notebook
CODE = "import builtins, os\nos.system('touch /tmp/stolen-points-shadow')\nbuiltins.I_min = 1.0\n"


def lay(folder, notebook):
    for name in (
        "json.py",
        "sitecustomize.py",
        "conftest.py",
        "nbformat.py",
        "IPython.py",
        "otter.py",
        "tests/lif_threshold.py",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(CODE)
    for name in ("numpy", "autograder", "neurodynex", "brian2", "nbgrader"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(CODE)
    (folder / "nbgrader_config.py").write_text(CODE + "c = get_config()\n")
    (folder / "otter_config.json").write_text('{"plugins": [], "points_possible": 100, "show_stdout": true}')
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook)

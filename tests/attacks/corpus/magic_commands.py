"""Runs commands through IPython's magics and shell escapes, in cells that no student is asked for."""
# plain: nbgrader

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    lines = [
        "!touch /tmp/stolen-points-shell; env",
        "%load_ext autograder",
        "%run -i ../../../source/leaky_integrate_and_fire/leaky_integrate_and_fire.ipynb",
        "%%bash --bg\ntouch /tmp/stolen-points-bash",
        "%%writefile ../../../course.toml\n[grading]",
        "%store I_min",
        "%alias_magic check run",
    ]
    for number, line in enumerate(lines):
        cell = {"cell_type": "code", "id": f"m{number}", "metadata": {}, "source": line, "outputs": []}
        whole["cells"].insert(1, {**cell, "execution_count": None})
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

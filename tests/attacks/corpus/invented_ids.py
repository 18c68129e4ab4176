"""Adds graded cells that the assignment does not have, with points of their own."""

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    for number, name in enumerate(
        ("bonus", "lif_extra", "../../gradebook", "", "lif_threshold\u0000", "__class__", 7, None)
    ):
        meta = {"grade": True, "grade_id": name, "locked": True, "points": 50, "schema_version": 3, "solution": False}
        cell = {"cell_type": "code", "id": f"x{number}", "source": "50.0", "outputs": [], "execution_count": None}
        whole["cells"].append({**cell, "metadata": {"nbgrader": {**meta, "task": False}}})
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

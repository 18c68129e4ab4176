"""Fills every field of the metadata with the wrong kind of thing, and the reader's own private fields with instructions."""

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    whole["metadata"].update(
        neurodynex_gone=["lif_threshold"], nbgrader=7, otter={"tests": {"lif_threshold": "x"}}, celltoolbar=[]
    )
    odd = [
        7,
        [],
        "grade",
        None,
        {"grade": [], "grade_id": {}},
        {"grade": True, "grade_id": ["lif_threshold"], "points": "1e9"},
    ]
    for number, meta in enumerate(odd):
        cell = {"cell_type": "code", "id": f"o{number}", "source": "1", "outputs": [], "execution_count": None}
        whole["cells"].append({**cell, "metadata": {"nbgrader": meta, "tags": 7, "deletable": {}}})
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

"""Doubles every test cell under the same id, with a version of its own in front and behind."""

# beside the notebook
import copy
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    cells = []
    for cell in whole["cells"]:
        mine = copy.deepcopy(cell)
        mine.update(source="14.0", id="m" + str(len(cells)))
        cells += [mine, cell, copy.deepcopy(mine)] if cell["metadata"].get("nbgrader", {}).get("grade") else [cell]
    whole["cells"] = cells
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

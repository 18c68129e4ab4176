"""Gives keys twice, in other spellings and beneath each other, so that two readers of the same file may see two notebooks."""

# honest: 2
# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    for cell in whole["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold_solution":
            cell["source"] = "@"
    forged = json.dumps([{"cell_type": "code", "metadata": {}, "source": "raise SystemExit", "outputs": []}])
    text = json.dumps(whole).replace('"source": "@"', '"sour\\u0063e": "I_min = 7", "source": "I_min = 7", "source": "I_min = 1.0"')
    text = text.replace('"grade_id": "lif_threshold"', '"grade_id": "x", "points": 1e9, "grade_id": "lif_threshold"')
    head = f'{{"cells": {forged}, "\\u0063ells": {forged}, "metadata": {{"cells": {forged}}}, "metadata": {{}}, '
    (folder / "leaky_integrate_and_fire.ipynb").write_text(head + text[1:])

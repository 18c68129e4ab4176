"""Keeps a hundred megabytes of outputs, flat, in many lists and deep in each other, at a right answer."""

# honest: 2
# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    for cell in whole["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold_solution":
            cell["source"], cell["outputs"] = "I_min = 1.0", "@"
    before, after = json.dumps(whole).encode().split(b'"@"')
    with (folder / "leaky_integrate_and_fire.ipynb").open("wb") as file:
        file.write(before + b'[{"data": "')
        for _ in range(50):
            file.write(b"A" * 1_000_000)
        file.write(b'", "x": [')
        for _ in range(50):
            file.write(b"[[]],{}," * 125_000)
        file.write(b"0], " + b'"y": ' + b"[" * 150 + b"]" * 150 + b"}]" + after)

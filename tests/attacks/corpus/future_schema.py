"""Says that its cells have a metadata schema of the future, on which a grader may give up on the whole class."""

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    for cell in whole["cells"]:
        if meta := cell["metadata"].get("nbgrader"):
            meta["schema_version"] = 99
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

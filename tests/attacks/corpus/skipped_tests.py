"""Tags and formats its test cells so that they are not run: skip-execution, raises-exception, raw, markdown."""
# plain: nbgrader

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    kinds = iter(("code", "code", "raw", "markdown", "code"))
    for cell in whole["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade"):
            cell["metadata"].update(tags=["skip-execution", "raises-exception", "remove_cell"], editable=True)
            cell["cell_type"] = meta["cell_type"] = next(kinds)
            if cell["cell_type"] != "code":
                cell.pop("outputs", None), cell.pop("execution_count", None)
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

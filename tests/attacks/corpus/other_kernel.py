"""Asks for another kernel, one whose specification is a command."""

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    argv = ["sh", "-c", "touch /tmp/stolen-points-kernel"]
    whole["metadata"]["kernelspec"] = {"name": "bash", "display_name": "x", "language": "bash", "argv": argv}
    whole["metadata"]["language_info"] = {"name": "bash", "pygments_lexer": "../../evil", "version": "9"}
    whole["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {"a": {"model_module": "x"}}}
    }
    spec = folder / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "x", "language": "python"}))
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

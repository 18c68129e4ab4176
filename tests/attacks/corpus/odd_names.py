"""Hands in files whose names are paths, options, commands, no text at all, or too long for a page."""

# honest: 2
# beside the notebook
import json
import os


def lay(folder, notebook):
    whole = json.loads(notebook)
    for cell in whole["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold_solution":
            cell["source"] = "I_min = 1.0"
    content = json.dumps(whole).encode()
    inner = folder / "--help" / "$(touch stolen-points)" / "\u202e"
    inner.mkdir(parents=True)
    (inner / "<img src=x onerror=alert(1)>\n`\\.ipynb").write_bytes(content)
    for name in (b"\xff\xfe\x80.ipynb", b"-rf", b"x" * 240 + b".ipynb", b"; touch stolen-points;", b"[x](javascript:alert(1))"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"{")

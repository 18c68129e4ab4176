"""Hands in a notebook in UTF-32, with a mark too many, and halves of characters, and beside it one whose mark lies about it."""

# honest: 2
# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    for cell in whole["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold_solution":
            cell["source"] = "I_min = 1.0  # \ud83d \ude00\ud83d"
    text = json.dumps(whole)
    (folder / "mine").write_bytes(b"\xff\xfe\x00\x00" + ("\ufeff" + text).encode("utf-32-le"))
    (folder / "lies").write_bytes(b"\xff\xfe" + text.encode())
    (folder / "cut").write_bytes(text.encode("utf-16")[:-3])

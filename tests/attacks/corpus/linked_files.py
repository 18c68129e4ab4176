"""Hands in links in the place of its module and data, to have the gradebook, another's work and the solutions laid beside it, and reads them."""

# beside the notebook
import json
import re

READS = """
import os
for top, folders, names in os.walk("."):
    for name in names:
        print(name, open(os.path.join(top, name), "rb").read()[:100_000])
"""


def lay(folder, notebook):
    course = re.search(rb"'course': '([^']+)'", notebook)[1].decode()
    work = f"{course}/submitted/grace/leaky_integrate_and_fire"
    (folder / "HH.py").symlink_to(f"{work}/leaky_integrate_and_fire.ipynb")
    (folder / "data.csv").symlink_to(f"{course}/gradebook.db")
    (folder / "data").symlink_to(work)
    (folder / "more").mkdir()
    (folder / "more" / "solution.txt").symlink_to(
        f"{course}/source/leaky_integrate_and_fire/leaky_integrate_and_fire.ipynb"
    )
    (folder / "more" / "up.txt").symlink_to("../../../grace/leaky_integrate_and_fire/leaky_integrate_and_fire.ipynb")
    whole = json.loads(notebook)
    for cell in whole["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold_solution":
            cell["source"] = READS
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

"""Puts links to the gradebook, to another's work and to the sources beside its notebook, to have them copied or overwritten."""

# beside the notebook
import re


def lay(folder, notebook):
    course = re.search(rb"'course': '([^']+)'", notebook)[1].decode()
    (folder / "data.txt").symlink_to(f"{course}/gradebook.db")
    (folder / "work.txt").symlink_to(
        f"{course}/submitted/grace/leaky_integrate_and_fire/leaky_integrate_and_fire.ipynb"
    )
    (folder / "solution.txt").symlink_to(f"{course}/source/leaky_integrate_and_fire/leaky_integrate_and_fire.ipynb")
    (folder / "sources").symlink_to(f"{course}/source")
    (folder / "tests").symlink_to(f"{course}/source/leaky_integrate_and_fire/tests")
    (folder / "results.json").symlink_to(f"{course}/gradebook.db")
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook)

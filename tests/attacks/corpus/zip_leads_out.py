"""Hands in a zip file with links, absolute names and names that lead out of its folder, to files of the grader and of others."""

# beside the notebook
import io
import re
import zipfile


def lay(folder, notebook):
    known = {name: re.search(rf"'{name}': '([^']+)'".encode(), notebook)[1].decode() for name in ("course", "neighbour")}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for target in (f"{known['neighbour']}/leaky_integrate_and_fire.ipynb", f"{known['course']}/gradebook.db"):
            link = zipfile.ZipInfo(f"{target.rpartition('/')[2]}.ipynb")
            link.external_attr = 0o120777 << 16
            file.writestr(link, target)
        for name in ("../../stolen-points.ipynb", "/tmp/stolen-points.ipynb", "..\\stolen-points.ipynb", "C:stolen-points"):
            file.writestr(name, b"{}")
    (folder / "work.zip").write_bytes(data.getvalue())

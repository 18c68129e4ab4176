"""Hands in what is no JSON, at a place where a reader may have believed it already."""
# beside the notebook


def lay(folder, notebook):
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook[: len(notebook) * 2 // 3])

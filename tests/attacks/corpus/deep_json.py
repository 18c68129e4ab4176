"""Hands in JSON that is nested 100,000 deep."""
# beside the notebook


def lay(folder, notebook):
    deep = b"[" * 100_000 + b"]" * 100_000
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook.rstrip()[:-1] + b', "deep": ' + deep + b"}")

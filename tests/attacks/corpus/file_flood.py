"""Hands in thousands of files, a very large one, and names that are none, to fill the memory or the sandbox before it runs."""

# beside the notebook


def lay(folder, notebook):
    for number in range(3000):
        (folder / f"{number:04}.txt").write_text("x" * 100)
    with (folder / "0.csv").open("wb") as file:
        file.truncate(2_000_000_000)
    deep = folder
    for _ in range(40):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.py").write_text("")
    (folder / "\u202enib.txt").write_text("")
    (folder / "$(touch x).txt").write_text("")
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook)

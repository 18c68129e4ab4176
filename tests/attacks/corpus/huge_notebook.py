"""Hands in a notebook of 200 MB."""
# beside the notebook


def lay(folder, notebook):
    with (folder / "leaky_integrate_and_fire.ipynb").open("wb") as file:
        file.write(notebook.rstrip()[:-1] + b', "padding": "')
        for _ in range(200):
            file.write(b"A" * 1_000_000)
        file.write(b'"}')

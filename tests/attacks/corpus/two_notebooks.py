"""Hands in a second notebook whose name a grader may take for a path, an option or a command."""
# beside the notebook


def lay(folder, notebook):
    for name in (
        "--help.ipynb",
        "$(touch stolen-points).ipynb",
        "; touch stolen-points;.ipynb",
        "\u202egnp.ipynb",
        "a\nb.ipynb",
    ):
        (folder / name).write_bytes(b"{}")
    (folder / "leaky_integrate_and_fire.ipynb").write_bytes(notebook)

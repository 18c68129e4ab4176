"""Hands in three hundred bytes that become a gigabyte when its old format is converted to the present one."""
# beside the notebook
import json


def lay(folder, notebook):
    heading = {"cell_type": "heading", "level": 1_000_000_000, "source": "Title"}
    whole = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [heading]}]}
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

"""Hands in a notebook of 300,000 cells."""

# beside the notebook
import json


def lay(folder, notebook):
    whole = json.loads(notebook)
    cell = '{"cell_type":"code","metadata":{},"source":"1"}'
    text = json.dumps({**whole, "cells": []}).replace('"cells": []', f'"cells": [{",".join([cell] * 300_000)}]')
    (folder / "leaky_integrate_and_fire.ipynb").write_text(text)

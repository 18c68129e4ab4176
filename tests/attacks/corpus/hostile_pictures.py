"""Puts scripts, remote pictures and a picture of billions of pixels into its texts and their attachments, for who grades by hand."""

# beside the notebook
import base64
import json
import struct
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def lay(folder, notebook):
    whole = json.loads(notebook)
    svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>').decode()
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0))
    bomb = base64.b64encode(head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")).decode()
    pictures = {
        "a.svg": {"image/svg+xml": svg},
        "b.png": {"image/png": svg, "image/svg+xml": svg},
        "c.png": {"image/png": bomb},
        "d\"onerror='alert(1)'.png": {"text/html": "<script>alert(1)</script>"},
        "e.png": {"image/png": ["/api/grades"] * 1000},
        "f.png": 7,
    }
    text = "".join(f"\n\n![x](attachment:{name})" for name in pictures)
    text += "\n\n![x](http://127.0.0.1:9/seen.png) ![y](//127.0.0.1/seen.png) ![z](/formgrader/api/grades)"
    text += "\n\n![w][r]\n\n[r]: http://127.0.0.1:9/seen.png\n\n[v](javascript:alert(1))"
    for kind, source in (("markdown", text), ("raw", text), ("markdown", text.replace("javascript", "https"))):
        whole["cells"].append({"cell_type": kind, "id": f"p{len(whole['cells'])}", "metadata": {}, "source": source, "attachments": pictures})
    (folder / "leaky_integrate_and_fire.ipynb").write_text(json.dumps(whole))

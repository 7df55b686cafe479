"""Examples that the documents give, as tests run them."""

from __future__ import annotations

import re
from pathlib import Path

PENERAPAN = Path(__file__).resolve().parents[1] / "docs/pengelola/penerapan.md"


def contoh_dag() -> str:
    """Return the DAG of docs/pengelola/penerapan.md that starts after a pengesahan."""
    (isi,) = (
        teks
        for teks in re.findall(r"^```python\n(.+?)^```$", PENERAPAN.read_text(), re.MULTILINE | re.DOTALL)
        if "ap2t://pengesahan" in teks
    )
    return str(isi)

"""What guards the ledger, as this project's own migrations put it up: the audit compares the database with it.

Taken from the text of the migrations, so that there is no second list to keep.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ap2t.sql import akar, muat

_FUNGSI = re.compile(
    r"CREATE (?:OR REPLACE )?FUNCTION pengesahan\.(\w+)\([^$]*?\bLANGUAGE (\w+)\b([^$]*?)AS \$\$(.*?)\$\$", re.DOTALL
)
_PEMICU = re.compile(
    r"CREATE TRIGGER (\w+) (BEFORE|AFTER) ([A-Z ]+?) ON pengesahan\.(\w+)\b[^;]*?FOR EACH (ROW|STATEMENT) "
    r"EXECUTE FUNCTION pengesahan\.(\w+)\(\);"
)
_TABEL = re.compile(r"(CREATE|DROP) TABLE pengesahan\.(\w+)")
_SAAT = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""Bits of pg_trigger.tgtype; 1: for each row, 2: before."""


@cache
def pagar() -> dict[str, Any]:
    """Return tables, functions (with their text) and triggers of the ledger as the newest migration leaves them."""
    naskah = "\n".join(muat(f"ledger/skema/{b.stem}") for b in sorted((akar() / "ledger" / "skema").glob("*.sql")))
    tabel: set[str] = set()
    for aksi, nama in _TABEL.findall(naskah):
        (tabel.add if aksi == "CREATE" else tabel.discard)(nama)
    fungsi = {
        nama: {"nama": nama, "bahasa": bahasa, "sebagai_pemilik": "SECURITY DEFINER" in sifat, "isi": isi}
        for nama, bahasa, sifat, isi in _FUNGSI.findall(naskah)
    }
    pemicu = [
        {
            "tabel": t,
            "nama": nama,
            "fungsi": f,
            "jenis": (tiap == "ROW") + 2 * (kapan == "BEFORE") + sum(_SAAT[s] for s in saat.split(" OR ")),
        }
        for nama, kapan, saat, t, tiap, f in _PEMICU.findall(naskah)
        if t in tabel
    ]
    return {"tabel": sorted(tabel), "fungsi": list(fungsi.values()), "pemicu": pemicu}

"""What is written into the gate's form: checked here, because Airflow stores an answer before anything looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger.sesi import Sesi

ISIAN = ("catatan", "kembalikan")
CATATAN_MAKS = 1000


def periksa_isian(s: Sesi, isian: Mapping[str, Any]) -> None:
    """Check what the form itself cannot: Airflow stores an answer before anything looks at its fields."""
    asing = sorted(set(isian) - set(ISIAN))
    catatan = isian.get("catatan")
    if asing:
        apa = f"memuat isian yang bukan dari formulirnya ({', '.join(repr(n[:40]) for n in asing)})"
    elif catatan is not None and (not isinstance(catatan, str) or len(catatan) > CATATAN_MAKS or "\x00" in catatan):
        apa = f"memuat catatan yang bukan teks biasa sampai {CATATAN_MAKS} huruf"
    else:
        return
    raise BukuMenolak(
        f"Jawaban gerbang sesi {s.nomor} {apa}. Jawaban tidak diterima dan tidak ada yang diposting. "
        "Ulangi (clear) tugas persetujuan lalu jawab lewat formulir di layar."
    )


def sebut(asing: list[str]) -> str:
    """Name unknown idpel; what has not their form is only counted: it may be a name, and logs are open."""
    idpel = [i for i in asing if re.fullmatch(r"[0-9]{12}", i)]
    lain = len(asing) - len(idpel)
    return "; ".join(t for t in (daftar(idpel), f"{ribuan(lain)} isian yang bukan idpel 12 angka" if lain else "") if t)


def baca_kembalikan(nilai: object) -> list[str]:
    """Read the list of idpel to send back: a list, or text with one a line; blanks dropped, in order, each once.

    :raises BukuMenolak: if it is neither.
    """
    if nilai is None:
        return []
    if isinstance(nilai, str):
        nilai = re.split(r"[\s,;]+", nilai)
    if not isinstance(nilai, list):
        raise BukuMenolak("Isian kembalikan harus berupa daftar idpel, satu per baris. Jawaban tidak diterima.")
    return sorted({str(i).strip() for i in nilai if i is not None and str(i).strip()})

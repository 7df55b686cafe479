"""docs/alur.md: how many files one session goes through, and that the files it names are among them."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from proses_fixtures import Dunia, jalankan_sampai

import ap2t
from ap2t import sql

AKAR = Path(__file__).resolve().parents[3]
BATAS = 80
"""Files of Python and SQL that one session may go through."""


class Perekam:
    """What a profile function sees: every file of the product a call is in, every statement that is loaded."""

    def __init__(self) -> None:
        self.python: set[str] = set()
        self.pernyataan: set[str] = set()

    def __call__(self, bingkai: FrameType, kejadian: str, _: Any) -> None:
        """Take one event of :func:`sys.setprofile`."""
        if kejadian == "call" and "/ap2t/" in (berkas := bingkai.f_code.co_filename):
            self.python.add(berkas)
            if bingkai.f_code is sql.muat.__code__:
                self.pernyataan.add(bingkai.f_locals["nama"])

    def sql(self) -> set[str]:
        """Return the files the statements stand in."""
        isi = {berkas: berkas.read_text(encoding="utf-8") for berkas in sql.akar().rglob("*.sql")}
        nama = {pernyataan.rpartition("/")[2] for pernyataan in self.pernyataan}
        ada = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
        return {str(berkas) for berkas, teks in isi.items() if nama & {berkas.stem, *ada.findall(teks)}}


def test_satu_sesi_lewat_sedikit_berkas(dunia: Dunia, request: pytest.FixtureRequest) -> None:
    """From opening to Sukses one session stays within few files; a newcomer can follow it."""
    dunia.isi(6)
    perekam = Perekam()
    request.addfinalizer(lambda: threading.setprofile(None))  # type: ignore[arg-type]
    request.addfinalizer(lambda: sys.setprofile(None))
    threading.setprofile(perekam)
    sys.setprofile(perekam)
    jalan = jalankan_sampai(dunia)
    sys.setprofile(None)
    assert jalan.sesi.status == "SELESAI"
    lewat = perekam.python | perekam.sql()
    print(f"Satu sesi: {len(perekam.python)} berkas Python, {len(lewat) - len(perekam.python)} berkas SQL.")
    assert len(lewat) <= BATAS, sorted(lewat)
    disebut = re.findall(
        r"^\| `(plugins/ap2t/(?:proses|ledger|domain)/\w+\.py)` \|", (AKAR / "docs/alur.md").read_text(), re.M
    )
    assert len(disebut) >= 10
    tempat = Path(ap2t.__file__).parents[2]
    lain = [berkas for berkas in disebut if str(tempat / berkas) not in perekam.python]
    assert lain == ["plugins/ap2t/proses/kesiapan.py"]  # a session here begins when it is ready: its sensor looks

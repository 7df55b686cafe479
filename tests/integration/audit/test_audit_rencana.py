"""How the audit reads: a session, or a unit's month, by its own rows, however many others the ledger holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from proses_fixtures import Dunia

from ap2t.audit.periksa import PER_BULAN, PER_SESI
from ap2t.ledger.mesin import pernyataan
from ap2t.sql import muat

BERULANG = (*PER_SESI.values(), *PER_BULAN.values(), "audit_rekap", "audit_isian", "rantai_sesi", "rantai_terakhir")
"""What is asked once for each session or each month."""
KECIL = {"konfigurasi"}
"""Read whole: a handful of versions."""
NOMOR = re.compile(r"\b(sesi_id|id|kunci|unitup) = ")
"""A condition that finds few rows by what they are: a session's, a batch's, a unit's."""


def bacaan_tabel(rencana: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every table, or index for a bitmap, that a plan reads, with the condition by which it is read."""
    dibaca = rencana.get("Relation Name", rencana.get("Index Name"))
    if dibaca is not None and rencana["Node Type"] != "Bitmap Heap Scan":  # of that the index below says by what
        yield dibaca, rencana.get("Index Cond", "")
    for anak in rencana.get("Plans", ()):
        yield from bacaan_tabel(anak)


def menurut_nomor(nama: str, syarat: str) -> bool:
    """Whether few rows are read. Of the trail a kind or an earlier entry will do: what is asked so is seldom there."""
    return nama in KECIL or NOMOR.search(syarat) is not None or (nama.startswith("jejak") and bool(syarat))


@pytest.mark.parametrize("nama", BERULANG)
def test_membaca_yang_diperiksa_saja(dunia: Dunia, nama: str) -> None:
    """No table is read whole where an index can find the session: else a year's audit takes the square of its time."""
    nilai = [*pernyataan(nama).compile().params]
    isi = re.sub(r"(?<!:):([a-z_]+)\b", lambda cocok: f"${nilai.index(cocok[1]) + 1}", muat(f"ledger/{nama}"))
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute(muat("ledger/audit_rencana").encode())
        dunia.buku_lihat.execute("SET LOCAL enable_seqscan = off")  # as if the tables were large
        ((hasil,),) = dunia.buku_lihat.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {isi}".encode()).fetchall()
    dibaca = list(bacaan_tabel(hasil[0]["Plan"]))
    assert dibaca
    assert [satu for satu in dibaca if not menurut_nomor(*satu)] == []

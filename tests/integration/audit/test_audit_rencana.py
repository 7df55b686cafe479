"""How the audit reads: a rule of one session reads that session's rows, however many others the ledger holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from proses_fixtures import Dunia

from ap2t.audit.periksa import PER_SESI
from ap2t.sql import muat

KECIL = {"konfigurasi"}
"""Read whole: a handful of versions."""


def langkah_rencana(rencana: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan."""
    yield rencana
    for anak in rencana.get("Plans", ()):
        yield from langkah_rencana(anak)


@pytest.mark.parametrize("aturan", PER_SESI.values())
def test_aturan_sesi_membaca_sesinya_saja(dunia: Dunia, aturan: str) -> None:
    """No table is read whole where an index can find the session: else a year's audit takes the square of its time."""
    pernyataan = re.sub(r"(?<!:):sesi_id\b", "$1", muat(f"ledger/{aturan}"))
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute(
            "SELECT set_config('enable_nestloop', 'off', true), set_config('enable_seqscan', 'off', true)"
        )
        ((hasil,),) = dunia.buku_lihat.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {pernyataan}".encode()).fetchall()
    utuh = [
        (satu["Node Type"], satu["Relation Name"])
        for satu in langkah_rencana(hasil[0]["Plan"])
        if satu.get("Relation Name", "konfigurasi") not in KECIL
        and satu["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
        and "Index Cond" not in satu
    ]
    assert utuh == []

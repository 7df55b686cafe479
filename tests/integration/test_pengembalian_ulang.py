"""Sent back means verified anew: what does not count as that, and what ACMT is still told after a call in doubt."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import psycopg
import pytest
from proses_fixtures import Dunia, jalankan_sampai
from test_pengembalian import di_acmt, di_buku, dijawab, stempel

from ap2t.galat import SumberTidakTerjangkau
from ap2t.proses import pengembalian
from ap2t.proses.pengembalian import kembalikan_sisa
from ap2t.source import acmt
from ap2t.source.acmt import SumberAcmt


@pytest.fixture(autouse=True)
def _segera(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call has surely ended at once."""
    monkeypatch.setattr(pengembalian, "JEDA_PASTI", 0.0)


def putus(*_: Any) -> bool:
    """Lose the connection before the call."""
    raise SumberTidakTerjangkau("Basis data ACMT tidak menjawab.")


@pytest.mark.parametrize(
    "kolom", [("kirim_pada",), ("verif_vendor_pada", "kirim_pada"), ("verif_pengawas_pada", "verif_vendor_pada")]
)
def test_sebagian_stempel_baru_belum_diperiksa_ulang(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch, kolom: tuple[str, ...]
) -> None:
    """Where ACMT cannot clear them, a new sending alone (or half of it) does not bring the customer back; all does."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    jalan = dijawab(dunia, 1)
    jalan.sampai(dari="posting")
    dunia.ubah_acmt(1, **dict.fromkeys(kolom, datetime.now(UTC)))
    dua = jalankan_sampai(dunia, "rekap")
    assert "1 pernah dikembalikan pengesah dan belum diperiksa ulang" in dua.log
    dua.tutup_sesi()
    dunia.stempel_baru(1)
    assert jalankan_sampai(dunia).penutup.startswith("Sukses: 1 pelanggan")


def test_pindah_kelompok_belum_diperiksa_ulang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent back in A and moved to B by ACMT with the stamps it had: B does not offer it either."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    jalan = dijawab(dunia, 1)
    jalan.sampai(dari="posting")
    dunia.ubah_acmt(1, hari_baca="B")
    dunia.kode = "B"
    dunia.kirim_pelanggan([(dunia.idpel(1), 1300)])
    lain = jalankan_sampai(dunia, "rekap")
    assert "1 pernah dikembalikan pengesah" in lain.log
    lain.tutup_sesi()
    dunia.kode = "A"

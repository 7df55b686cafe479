"""Reads from the ledger how much work is under way, for metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from ap2t.domain.kode import TERBUKA
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import TAHAP

JAM = 3600.0
UMUR = (("kurang_1_jam", JAM), ("1_sampai_4_jam", 4 * JAM), ("4_sampai_24_jam", 24 * JAM))
"""Ages of waiting gates, up to (not including) seconds. Older ones are ``lebih_24_jam``."""
TERTUA = "lebih_24_jam"


def sesi_terbuka(tx: Transaksi) -> Iterator[tuple[str, float]]:
    """Open sessions by status and stage, also where there is none: a gauge keeps what it was last told."""
    ada = {(baris.status, baris.tahap): baris.jumlah for baris in tx.jalankan("metrik_sesi")}
    for status in TERBUKA:
        for tahap in TAHAP:
            yield f"sesi.{status.lower()}.{tahap.lower()}", ada.get((status, tahap), 0)


def gerbang_menunggu(tx: Transaksi) -> Iterator[tuple[str, float]]:
    """Gates that wait for a person, by how long, and the oldest's age in seconds."""
    umur = [float(baris.detik) for baris in tx.jalankan("metrik_gerbang")]
    jumlah = Counter(next((nama for nama, batas in UMUR if detik < batas), TERTUA) for detik in umur)
    for nama in (*dict(UMUR), TERTUA):
        yield f"gerbang.menunggu.{nama}", jumlah[nama]
    yield "gerbang.tertua_detik", max(umur, default=0.0)


SATU_BARIS = {
    "metrik_batch": {"batch.dalam_perjalanan": "jumlah", "batch.tertua_detik": "tertua"},
    "metrik_pengembalian": {"pengembalian.belum": "jumlah"},
    "metrik_jadwal": {"jadwal.belum_dibuka": "jumlah", "jadwal.lewat_tenggat": "lewat"},
    "metrik_pemberitahuan": {
        "pemberitahuan.menunggu": "jumlah",
        "pemberitahuan.gagal": "gagal",
        "pemberitahuan.tertua_detik": "tertua",
    },
}
"""Statements of one row: each gauge and its column. A backlog with a table of its own adds its statement here."""


def semua(tx: Transaksi) -> dict[str, float]:
    """Return every gauge by name."""
    hasil = dict(chain(sesi_terbuka(tx), gerbang_menunggu(tx)))
    for pernyataan, kolom in SATU_BARIS.items():
        baris = tx.jalankan(pernyataan).one()._mapping
        hasil |= {nama: float(baris[asal]) for nama, asal in kolom.items()}
    return hasil

"""Reads from the ledger how much work is under way, for metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from ap2t.domain.kode import TERBUKA
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import TAHAP

JAM = 3600.0
UMUR = (("kurang_1_jam", JAM), ("1_sampai_4_jam", 4 * JAM), ("4_sampai_24_jam", 24 * JAM))
"""Ages of waiting gates, up to (not including) seconds. Older ones are ``lebih_24_jam``."""
TERTUA = "lebih_24_jam"

Metrik = Iterator[tuple[str, float]]
"""Names and values of gauges."""


def sesi_terbuka(tx: Transaksi) -> Metrik:
    """Open sessions by status and stage.

    A zero is told too, as a gauge keeps what it was last told.
    """
    ada = {(baris.status, baris.tahap): baris.jumlah for baris in tx.jalankan("metrik_sesi")}
    for status in TERBUKA:
        for tahap in TAHAP:
            yield f"sesi.{status.lower()}.{tahap.lower()}", ada.get((status, tahap), 0)


def gerbang_menunggu(tx: Transaksi) -> Metrik:
    """Gates that wait for a person, by how long, and the oldest's age in seconds."""
    umur = [float(baris.detik) for baris in tx.jalankan("metrik_gerbang")]
    jumlah = Counter(next((nama for nama, batas in UMUR if detik < batas), TERTUA) for detik in umur)
    for nama in (*dict(UMUR), TERTUA):
        yield f"gerbang.menunggu.{nama}", jumlah[nama]
    yield "gerbang.tertua_detik", max(umur, default=0.0)


def batch_terbang(tx: Transaksi) -> Metrik:
    """Batches in flight, and the oldest's age in seconds."""
    baris = tx.jalankan("metrik_batch").one()
    yield "batch.dalam_perjalanan", baris.jumlah
    yield "batch.tertua_detik", baris.tertua


def pengembalian_sisa(tx: Transaksi) -> Metrik:
    """Customers sent back of whom ACMT was not told for good."""
    yield "pengembalian.belum", tx.jalankan("metrik_pengembalian").scalar_one()


def jadwal_tertunda(tx: Transaksi) -> Metrik:
    """Kelompok that are due and not open, and those of them past their deadline."""
    baris = tx.jalankan("metrik_jadwal").one()
    yield "jadwal.belum_dibuka", baris.jumlah
    yield "jadwal.lewat_tenggat", baris.lewat


def pemberitahuan_tertunda(tx: Transaksi) -> Metrik:
    """Notifications that are still to go out, those that failed before, and the oldest's age in seconds."""
    baris = tx.jalankan("metrik_pemberitahuan").one()
    yield "pemberitahuan.menunggu", baris.jumlah
    yield "pemberitahuan.gagal", baris.gagal
    yield "pemberitahuan.tertua_detik", baris.tertua


PENGUKUR: tuple[Callable[[Transaksi], Metrik], ...] = (
    sesi_terbuka,
    gerbang_menunggu,
    batch_terbang,
    pengembalian_sisa,
    jadwal_tertunda,
    pemberitahuan_tertunda,
)
"""What the watch measures each round. A backlog with a table of its own adds its function here."""


def semua(tx: Transaksi) -> dict[str, float]:
    """Return every gauge by name."""
    return {nama: float(nilai) for ukur in PENGUKUR for nama, nilai in ukur(tx)}

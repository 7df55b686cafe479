"""What the ledger says of the work that is under way, for metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import TAHAP, TERBUKA

JAM = 3600.0
UMUR = (("kurang_1_jam", JAM), ("1_sampai_4_jam", 4 * JAM), ("4_sampai_24_jam", 24 * JAM))
"""Ages of waiting gates, up to (not including) seconds; older ones are ``lebih_24_jam``."""
TERTUA = "lebih_24_jam"

Ukuran = Iterator[tuple[str, float]]


def sesi_terbuka(tx: Transaksi) -> Ukuran:
    """Open sessions by status and stage; a zero where there is none, as a gauge keeps what it was last told."""
    ada = {(baris.status, baris.tahap): baris.jumlah for baris in tx.jalankan("ukuran_sesi")}
    for status in TERBUKA:
        for tahap in TAHAP:
            yield f"sesi.{status.lower()}.{tahap.lower()}", ada.get((status, tahap), 0)


def gerbang_menunggu(tx: Transaksi) -> Ukuran:
    """Gates that wait for a person, by how long, and the oldest's age in seconds."""
    detik = [float(baris.detik) for baris in tx.jalankan("ukuran_menunggu")]
    jumlah = dict.fromkeys([nama for nama, _ in UMUR] + [TERTUA], 0)
    for d in detik:
        jumlah[next((nama for nama, batas in UMUR if d < batas), TERTUA)] += 1
    for nama, berapa in jumlah.items():
        yield f"gerbang.menunggu.{nama}", berapa
    yield "gerbang.tertua_detik", max(detik, default=0.0)


def batch_terbang(tx: Transaksi) -> Ukuran:
    """Batches in flight, and the oldest's age in seconds."""
    baris = tx.jalankan("ukuran_batch").one()
    yield "batch.dalam_perjalanan", baris.jumlah
    yield "batch.tertua_detik", baris.tertua


def pengembalian_sisa(tx: Transaksi) -> Ukuran:
    """Customers sent back of whom ACMT was not told for good."""
    yield "pengembalian.belum", tx.jalankan("ukuran_pengembalian").scalar_one()


def jadwal_tertunda(tx: Transaksi) -> Ukuran:
    """Kelompok that are due and not open, and those of them past their deadline."""
    baris = tx.jalankan("ukuran_jadwal").one()
    yield "jadwal.belum_dibuka", baris.jumlah
    yield "jadwal.lewat_tenggat", baris.lewat


def pemberitahuan_tertunda(tx: Transaksi) -> Ukuran:
    """Notifications that are still to go out, those that failed before, and the oldest's age in seconds."""
    baris = tx.jalankan("ukuran_pemberitahuan").one()
    yield "pemberitahuan.menunggu", baris.jumlah
    yield "pemberitahuan.gagal", baris.gagal
    yield "pemberitahuan.tertua_detik", baris.tertua


PENGUKUR: tuple[Callable[[Transaksi], Ukuran], ...] = (
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

"""A month of one unit: its rekap, and the status of one customer, on a warm connection.

20 kelompok, two rounds each and a cancellation between them. The ledger is filled by the product's own functions,
every guard and sum on; ACMT holds the same customers. Told apart: what the ledger knows (the bar), and the look at
every reading in ACMT that the rekap "as of now" adds.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from psycopg import sql
from sqlalchemy import text

from ap2t.domain.kesiapan import Tahap
from ap2t.domain.model import Tempat, Unit
from ap2t.ledger import pembatalan, sesi
from ap2t.ledger.buku import Transaksi
from ap2t.lihat.rekap_bulan import Tingkat, jumlahkan, rekap_buku, rekap_langsung
from ap2t.lihat.status_pelanggan import Mata, pelanggan, per_kelompok
from ap2t.proses.layanan import Layanan
from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.audit import SPV, UNIT, buka, kirim, satu_sesi, setujui
from tests.benchmarks.lapangan import Lapangan

BULAN = "202606"
KODE = "ABCDEFGHIJKLMNOPQRST"
BATAS_REKAP, BATAS_STATUS = 100.0, 10.0
"""Milliseconds."""
ULANG = 50
BAGIAN = 10
"""One of so many customers of a kelompok was cancelled and approved again."""
TENGOK = 100
"""Changes that each readiness step saw of a kelompok while it waited, each an entry of the trail."""
SUMBER = """
INSERT INTO acmt_dasar.bacaan (idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, digit_meter,
    tgl_baca, petugas_baca, slalwbp, sahlwbp, pemkwh, verif_pengawas_oleh, verif_pengawas_pada, verif_vendor_oleh,
    verif_vendor_pada, kirim_oleh, kirim_pada)
SELECT {unitup} || lpad(({awal} + n)::text, 7, '0'), {unitup}, {bulan}, {kode}, 'A' || lpad(n::text, 11, '0'),
       'PELANGGAN', 'R1', 1300, 1, 6, now() - interval '2 days', 'baca', n * 10, n * 10 + 100, 100,
       'pengawas' || {unitup}, now() - interval '40 hours', 'vendor' || {unitup}, now() - interval '39 hours',
       'vendor' || {unitup}, now() - interval '38 hours'
  FROM generate_series(1, {baris}) n
"""


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Fill a month, then measure."""
    kode, baris = (KODE[:4], 1000) if ukuran.cepat else (KODE, 10_000)
    _isi(lapangan, kode, baris)
    lapangan.tenangkan()
    with Layanan() as layanan:
        buku = layanan.buku
        kini = Mata(buku, layanan.sumber, sekarang=datetime.now(UTC))
        unit = Unit(UNIT, "ULP Bench", "60000", "60", "Asia/Jakarta")
        acak = random.Random(1)  # noqa: S311 -- which customers are looked at
        siapa = [f"{UNIT}{acak.randrange(len(kode)) * baris + acak.randrange(1, baris + 1):07d}" for _ in range(ULANG)]
        rekap = _ms(lambda _: jumlahkan(rekap_buku(buku, [UNIT], BULAN), Tingkat.UNIT))
        lampau = _ms(lambda _: rekap_buku(buku, [UNIT], BULAN, pada=kini.saat))
        satu = _ms(lambda n: pelanggan(kini, siapa[n], thblrek=BULAN))
        satu_buku = _ms(lambda n: pelanggan(Mata(buku), siapa[n], UNIT, BULAN))
        [b] = jumlahkan(rekap_buku(buku, [UNIT], BULAN), Tingkat.UNIT)
        assert b.sudah_disahkan == sum(n % 100 != 0 for n in range(1, baris + 1)) * len(kode)
        assert (b.pelanggan, b.terkirim) == (baris * len(kode), baris * len(kode))
        assert (b.putaran, b.dibatalkan, b.ditahan) == (2 * len(kode), 0, baris // BAGIAN // 100 * len(kode))
        langsung = _detik(lambda: rekap_langsung(kini, unit, list(kode), BULAN, lambda _: None))
        daftar = _detik(lambda: sum(1 for _ in per_kelompok(kini, Tempat(UNIT, BULAN, kode[0]))))
    return [
        _hasil(
            f"rekap buku {len(kode)} kelompok x {baris:,} baris, dua putaran dan pembatalan",
            rekap,
            BATAS_REKAP,
            ukuran,
            "seperti saat lampau",
            lampau,
        ),
        _hasil(
            "status satu pelanggan dengan riwayat (buku dan ACMT)", satu, BATAS_STATUS, ukuran, "buku saja", satu_buku
        ),
        Hasil(
            f"rekap langsung (tiap bacaan di ACMT dilihat), {len(kode) * baris:,} baris",
            f"{langsung:.2f} s",
            "tidak dibatasi",
            None,
            (f"daftar status sekelompok {baris:,} baris: {daftar:.2f} s",),
        ),
    ]


def _isi(lapangan: Lapangan, kode: str, baris: int) -> None:
    with lapangan.acmt_pemilik() as conn:
        conn.execute("INSERT INTO acmt_dasar.unit VALUES (%s, 'ULP Bench', '60000', '60', 'Asia/Jakarta')", [UNIT])
        for orang, peran in (("pengawas", "PENGAWAS"), ("vendor", "ADMIN_VENDOR")):
            conn.execute(
                "INSERT INTO acmt_dasar.petugas (username, nama, email, peran, unitup, aktif) "
                "VALUES (%s, 'x', NULL, %s, %s, true)",
                [f"{orang}{UNIT}", peran, UNIT],
            )
        for n, k in enumerate(kode):
            nilai = {"unitup": UNIT, "awal": n * baris, "bulan": BULAN, "kode": k, "baris": baris}
            conn.execute(sql.SQL(SUMBER).format(**{a: sql.Literal(b) for a, b in nilai.items()}))
        conn.commit()
        conn.autocommit = True
        conn.execute("ANALYZE")
    with Layanan() as layanan:
        for n, k in enumerate(kode):
            mulai = time.perf_counter()
            satu_sesi(layanan, BULAN, k, n * baris, baris)
            _tengok(layanan, k, baris)
            _batalkan(layanan, k, n * baris, baris // BAGIAN)
            satu_sesi(layanan, BULAN, k, n * baris, baris // BAGIAN, "ulang", baris - baris // BAGIAN)
            kabar(f"kelompok {k} ({SPV}): {baris:,} baris dalam {time.perf_counter() - mulai:.1f} s")


def _terakhir(tx: Transaksi, kode: str) -> sesi.Sesi:
    """Return the newest session of a kelompok."""
    tanya = text("SELECT max(id) FROM pengesahan.sesi WHERE (unitup, thblrek, hari_baca) = (:u, :b, :k)")
    return tx.sesi.ambil(tx.conn.execute(tanya, {"u": UNIT, "b": BULAN, "k": kode}).scalar_one())


def _batalkan(layanan: Layanan, kode: str, awal: int, baris: int) -> None:
    """Cancel the first customers of a kelompok, in a session of its own."""
    buku = layanan.buku
    with buku.transaksi() as tx:
        asal = _terakhir(tx, kode)
        s = buka(tx, BULAN, kode, "batal", jenis=sesi.PEMBATALAN)
        tx.pembatalan.catat(s, pembatalan.PermintaanBatal(pembatalan.SEMUA, "ukuran waktu", []))
        semua = [f"{UNIT}{awal + n:07d}" for n in range(1, baris + 1) if n % 100]
        tx.pembatalan.tulis(s, (pembatalan.BarisPembatalan(i, 1, asal.nomor, asal.id, Decimal(100)) for i in semua))
        tx.sesi.ke_tahap(s, "CUPLIKAN")
        s = tx.sesi.ke_tahap(s, "TERSARING")
        s = tx.sesi.isi(s, tx.cuplikan.sidik(s), tx.pembatalan.angka(s))
        tx.jejak.catat("CUPLIKAN_DIAMBIL", {"jumlah": len(semua)}, sesi_id=s.id)
        tx.jejak.catat("DISARING", {"lolos": len(semua), "ditahan": 0}, sesi_id=s.id)
    s = setujui(buku, s)
    kirim(buku, s, semua, "BATAL", 0)


def _tengok(layanan: Layanan, kode: str, baris: int) -> None:
    with layanan.buku.transaksi() as tx:
        s = _terakhir(tx, kode)
        for apa, n in itertools.product(Tahap, range(1, TENGOK + 1)):
            angka = {"pelanggan": baris, "sudah": baris - TENGOK + n, "siap_penuh": 0}
            isi = {"tahap": apa, "siap": n == TENGOK, "angka": angka, "kurang": [f"{UNIT}{i:07d}" for i in range(20)]}
            tx.jejak.catat("KESIAPAN", isi, sesi_id=s.id)


def _ms(kerja: Callable[[int], object]) -> list[float]:
    """Milliseconds of each of ``ULANG`` calls after a first one that warms up."""
    kerja(0)
    hasil = []
    for n in range(ULANG):
        mulai = time.perf_counter()
        kerja(n)
        hasil.append((time.perf_counter() - mulai) * 1000)
    return hasil


def _detik(kerja: Callable[[], object]) -> float:
    mulai = time.perf_counter()
    kerja()
    return time.perf_counter() - mulai


def _hasil(apa: str, ms: list[float], batas: float, ukuran: Ukuran, lain: str, ms_lain: list[float]) -> Hasil:
    tengah, p95 = statistics.median(ms), sorted(ms)[int(len(ms) * 0.95)]
    return Hasil(
        apa,
        f"{tengah:.1f} ms (p95 {p95:.1f})",
        f"< {batas:.0f} ms",
        None if ukuran.cepat else tengah < batas,
        (
            f"{lain}: {statistics.median(ms_lain):.1f} ms; tercepat {min(ms):.1f} ms",
            f"koneksi hangat, tanpa menyalakan Python; beban mesin {os.getloadavg()[0]:.1f} pada {os.cpu_count()} inti",
        ),
    )

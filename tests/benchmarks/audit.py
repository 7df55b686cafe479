"""A year of one unit (240 kelompok) is verified: how long per 10,000 rows, and whether memory stays flat.

The sessions are written by the product's own ledger functions, every guard on and every entry of the trail made; only
ACMT and AP2T are left out. ``python -m tests.benchmarks.audit FOLDER`` verifies in a process of its own.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.audit.segel import segel_harian
from ap2t.ledger import jejak, kiriman, sesi
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.kedatangan import Jawaban
from ap2t.ledger.mesin import ke_json
from ap2t.ledger.persetujuan import Persetujuan
from ap2t.proses.gerbang import SETUJU
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.rekap import buat_rekap
from ap2t.proses.saring import saring_jam_nyala
from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.lapangan import Lapangan

UNIT, SPV = "60001", "spv60001"
BATAS_MENIT = 5.0
"""What counts as "minutes" for the year, on the machine that measures."""
BATAS_RATA = 1.15
SEGEL_TIAP = 10
"""Kelompok between two seals."""
BACAAN = """
INSERT INTO pengesahan.bacaan (sesi_id, idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh,
    digit_meter, tgl_baca, petugas_baca, kode_baca, slalwbp, sahlwbp, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url,
    latitude, longitude, verif_pengawas_oleh, verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh,
    kirim_pada)
SELECT :sesi_id, :unitup || lpad((:awal + n)::text, 7, '0'), :unitup, :thblrek, :hari_baca,
       'A' || lpad(n::text, 11, '0'), 'PELANGGAN ' || md5(n::text), 'R1', 1300, 1, 1, 6,
       now() - interval '2 days', 'baca' || n % 7, '0',
       n * 10 + :lalu * p.kwh, n * 10 + (:lalu + 1) * p.kwh, p.kwh, 120, 118.5,
       'https://foto.acmt.example/' || md5((:awal + n)::text) || '.jpg', -6.2 - n / 1000000.0, 106.8 + n / 1000000.0,
       'pengawas', now() - interval '40 hours', 'vendor', now() - interval '39 hours',
       'vendor', now() - interval '38 hours'
  FROM generate_series(1, :baris) n, LATERAL (SELECT CASE WHEN n % 100 = 0 THEN 2601 ELSE n % 200 END AS kwh) p
"""
LOLOS = "SELECT idpel FROM pengesahan.saringan WHERE sesi_id = :sesi_id AND hasil = 'LOLOS' ORDER BY idpel"
PETUGAS = {"username": SPV, "nama": "SPV", "email": None, "peran": "ADMIN_CMT", "unitup": UNIT, "aktif": True}


class Ukur(NamedTuple):
    """One verification: seconds, peak memory in MB, sessions, entries."""

    detik: float
    mb: float
    sesi: int
    jejak: int


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Fill a ledger and verify it when a tenth of the year stands, and when all of it does."""
    kelompok, baris = (10, 1000) if ukuran.cepat else (240, 10_000)
    folder = lapangan.folder / "segel"
    hasil: dict[int, Ukur] = {}
    mulai = time.perf_counter()
    with Layanan() as layanan:
        for n, (bulan, kode) in zip(range(1, kelompok + 1), _tahun(), strict=False):
            satu_sesi(layanan, bulan, kode, (ord(kode) - ord("A")) * baris, baris)
            if n % SEGEL_TIAP == 0 or n == kelompok:
                segel_harian(layanan, folder, lambda _: None, paksa=True)
            if n % 24 == 0:
                kabar(f"{n} kelompok diisi dalam {time.perf_counter() - mulai:.0f} s")
            if n in (kelompok // 10, kelompok):
                lapangan.tenangkan()
                hasil[n] = _anak(folder)
                kabar(f"{n} kelompok x {baris:,} baris diperiksa: {hasil[n].detik:.1f} s, {hasil[n].mb:.0f} MB")
    return _baris_hasil(hasil, baris, ukuran)


def _baris_hasil(hasil: dict[int, Ukur], baris: int, ukuran: Ukuran) -> list[Hasil]:
    (n_kecil, kecil), (n_besar, besar) = hasil.items()
    menit, rata = besar.detik / 60, besar.mb / kecil.mb
    per = {n: u.detik / (n * baris / 10_000) for n, u in hasil.items()}
    return [
        Hasil(
            f"verifikasi jejak {n_besar} kelompok x {baris:,} baris",
            f"{menit:.1f} menit",
            f"<= {BATAS_MENIT:.0f} menit",
            None if ukuran.cepat else menit <= BATAS_MENIT,
            (
                f"detik per 10.000 baris: {per[n_kecil]:.2f} ({n_kecil} kelompok), {per[n_besar]:.2f} ({n_besar})",
                f"{besar.jejak:,} jejak, {besar.sesi} sesi",
            ),
        ),
        Hasil(
            f"memori puncak verifikasi, {n_besar} terhadap {n_kecil} kelompok",
            f"{rata:.2f} x ({besar.mb:.0f} MB)",
            f"rata (<= {BATAS_RATA})",
            None if ukuran.cepat else rata <= BATAS_RATA,
        ),
    ]


def _tahun() -> Iterator[tuple[str, str]]:
    return itertools.product((f"2026{b:02d}" for b in range(1, 13)), "ABCDEFGHIJKLMNOPQRST")


def buka(tx: Transaksi, thblrek: str, hari_baca: str, run: str = "", **pilihan: str) -> sesi.Sesi:
    """Open a session as a run of the unit's SPV does."""
    s = tx.sesi.buka(
        unitup=UNIT,
        thblrek=thblrek,
        hari_baca=hari_baca,
        dag_id=f"pengesahan_hari_baca_{hari_baca.lower()}",
        run_id=f"bench__{thblrek}{hari_baca}{run}",
        pola=sesi.Pola(),
        nama_unit="ULP Bench",
        zona_waktu="Asia/Jakarta",
        pemicu=SPV,
        **pilihan,
    )
    isi = {k: v for k, v in s._asdict().items() if k in ("nomor", "unitup", "thblrek", "hari_baca", "dibuka_pada")}
    tx.jejak.catat("SESI_DIBUKA", isi, sesi_id=s.id, pelaku=SPV)
    return s


def satu_sesi(
    layanan: Layanan, thblrek: str, hari_baca: str, awal: int, baris: int, run: str = "", sudah: int = 0
) -> None:
    """Write one session that was approved, posted and closed; ``sudah``: of the kelompok were approved before."""
    buku = layanan.buku
    with buku.transaksi() as tx:
        s = buka(tx, thblrek, hari_baca, run)
        tempat = {"sesi_id": s.id, "unitup": UNIT, "thblrek": thblrek, "hari_baca": hari_baca}
        tx.conn.execute(text(BACAAN), {**tempat, "awal": awal, "baris": baris, "lalu": int(thblrek[4:]) - 1})
        s = tx.sesi.catat_cuplikan(s, None, datetime.now(UTC))
        isi = {"jumlah": baris, "sudah_posting": sudah, "tgl_mulai": None, "dicuplik_pada": s.dicuplik_pada}
        tx.jejak.catat("CUPLIKAN_DIAMBIL", isi, sesi_id=s.id)
    langkah = Langkah(layanan, s, lambda _: None)
    saring_jam_nyala(langkah)
    buat_rekap(langkah)
    s = langkah.sesi
    s = setujui(buku, s)
    with buku.transaksi() as tx:
        semua: list[str] = list(tx.conn.execute(text(LOLOS), {"sesi_id": s.id}).scalars())
    kirim(buku, s, semua, "POSTING", 1)


def setujui(buku: Buku, s: sesi.Sesi) -> sesi.Sesi:
    """Open the gate, let the answer arrive, and take it up: an answer arrives before it is taken up."""
    pada = datetime.now(UTC)
    with buku.transaksi() as tx:
        s = tx.sesi.ke_tahap(s, "MENUNGGU_PERSETUJUAN")
        tx.persetujuan.buka_gerbang(s, 1, [SPV])
        tx.jalankan("jejak_gerbang", sesi_id=s.id, urutan=1)
        tiba, _ = tx.kedatangan.catat_tiba(s, 1, Jawaban([SETUJU], {}, SPV, pada))
    with buku.transaksi() as tx:
        jawaban = Persetujuan(1, "SETUJU", SPV, None, [], s.sidik or "", PETUGAS, pada, tiba.id)
        tx.jalankan("persetujuan_catat", sesi_id=s.id, **{**jawaban._asdict(), "petugas": ke_json(PETUGAS)})
        tx.jalankan("jejak_jawaban", sesi_id=s.id, urutan=1, lain="{}")
        s = tx.sesi.mulai_posting(tx.sesi.ke_tahap(s, "DISETUJUI"))
        tx.jejak.catat("POSTING_MULAI", {"epoch": s.epoch, **jejak.versi_kerja()}, sesi_id=s.id, pelaku=SPV)
    return s


def kirim(buku: Buku, s: sesi.Sesi, semua: list[str], status: str, kodeposting: int) -> None:
    """Write the batches and what AP2T said of them, and close the session."""
    for n in range(0, len(semua), 1000):
        kunci, idpel = str(uuid.uuid4()), semua[n : n + 1000]
        with buku.transaksi() as tx:
            tx.kiriman.catat_batch(s, kunci, SPV, idpel, "0" * 64)
        with buku.transaksi() as tx:
            selesai = tx.kiriman.selesaikan(kunci, "DITERAPKAN")
            hasil = tx.kiriman.catat_hasil(
                s, kunci, [kiriman.HasilKirim(i, status, kodeposting=kodeposting) for i in idpel]
            )
            catatan = {"kunci": kunci, "keterangan": None, "selesai_pada": selesai, **hasil}
            tx.jejak.catat("BATCH_DITERAPKAN", catatan, sesi_id=s.id)
    with buku.transaksi() as tx:
        s = tx.sesi.ke_tahap(s, "TERPOSTING")
        tx.jejak.catat(
            "POSTING_SELESAI",
            {"hasil": [baris._asdict() for baris in tx.kiriman.hitung_hasil(s)]},
            sesi_id=s.id,
            pelaku=SPV,
        )
        s = tx.sesi.ke_tahap(s, "COCOK")
        tx.jejak.catat("REKONSILIASI", {"hasil": "COCOK", "jumlah_beda": 0}, sesi_id=s.id)
        tx.jejak.catat("SESI_DITUTUP", tx.sesi.akhiri(s, "SELESAI", "Sukses").akhir, sesi_id=s.id)


def _anak(folder: Path) -> Ukur:
    perintah = [sys.executable, "-m", "tests.benchmarks.audit", str(folder)]
    keluar = subprocess.run(perintah, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Ukur(**json.loads(keluar.splitlines()[-1]))


def _utama(folder: str) -> None:
    buku = Buku.buka()
    mulai = time.perf_counter()
    laporan = verifikasi(buku, Lingkup(segel=Path(folder)), kabar)
    lama = time.perf_counter() - mulai
    assert laporan.utuh, [str(t) for t in laporan.temuan[:5]]
    puncak = next(b for b in Path("/proc/self/status").read_text().splitlines() if b.startswith("VmHWM:"))
    print(json.dumps(Ukur(lama, int(puncak.split()[1]) / 1024, laporan.sesi, laporan.jejak)._asdict()))


if __name__ == "__main__":
    _utama(sys.argv[1])

"""One run of the procedure through :mod:`ap2t.proses`, step by step as the tasks do it.

``python -m tests.benchmarks.jalan STEP JSON`` runs one step in a process of its own and prints how long it took and
its peak memory.
"""

from __future__ import annotations

import gc
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ap2t import setelan
from ap2t.ledger.kedatangan import Jawaban
from ap2t.ledger.sesi import Sesi
from ap2t.proses.buka import Permintaan, buka_sesi
from ap2t.proses.cuplik import ambil_bacaan
from ap2t.proses.gerbang import SETUJU, buka_gerbang, catat_tiba, nilai
from ap2t.proses.kesiapan import tengok_sesi
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.posting import posting_ap2t
from ap2t.proses.rekap import buat_rekap
from ap2t.proses.rekonsiliasi import rekonsiliasi
from ap2t.proses.saring import saring_jam_nyala
from ap2t.proses.tutup import tutup_sesi
from tests.benchmarks.lapangan import KODE, Kelompok

DAG = "pengesahan_hari_baca_a"
_nomor = itertools.count(1)


class Jalan(NamedTuple):
    """One run over one kelompok."""

    kelompok: Kelompok
    run_id: str

    @classmethod
    def baru(cls, kelompok: Kelompok) -> Jalan:
        """A run that has not begun."""
        return cls(kelompok, f"bench__{kelompok.unitup}__{next(_nomor)}")

    def sesi(self, layanan: Layanan) -> Sesi:
        """The run's session."""
        with layanan.buku.transaksi() as tx:
            s = tx.sesi.milik_run(DAG, self.run_id)
        assert s is not None
        return s

    def langkah(self, nama: str) -> float:
        """Run one step with services of its own; return how long it took, in seconds."""
        with layanan_tugas() as layanan:
            mulai = time.perf_counter()
            self.lakukan(nama, layanan)
            return time.perf_counter() - mulai

    def lakukan(self, nama: str, layanan: Layanan) -> None:
        """Run one step with these services, as a task's process does."""
        gc.freeze()
        LANGKAH[nama](self, layanan)

    def sampai(self, akhir: str, *, dari: str = "buka_sesi") -> None:
        """Run the steps from ``dari`` to ``akhir``."""
        semua = [*LANGKAH]
        for nama in semua[semua.index(dari) : semua.index(akhir) + 1]:
            self.langkah(nama)

    def langkah_anak(self, nama: str) -> dict[str, float]:
        """Run one step in a child; return ``detik`` and ``mb`` (its peak memory)."""
        isi = json.dumps([*self.kelompok, self.run_id])
        perintah = [sys.executable, "-m", "tests.benchmarks.jalan", nama, isi]
        keluar = subprocess.run(perintah, check=True, capture_output=True, text=True).stdout
        hasil: dict[str, float] = json.loads(keluar.splitlines()[-1])
        return hasil

    def tolak(self) -> None:
        """End the session without posting, so that the kelompok can be taken again."""
        with Layanan() as layanan, layanan.buku.transaksi() as tx:
            s = tx.sesi.milik_run(DAG, self.run_id)
            assert s is not None
            tx.sesi.akhiri(s, "DITOLAK", "bench")


def layanan_tugas() -> Layanan:
    """Return services as a task has them, to be closed."""
    return Layanan(koneksi_maks=setelan.batch_serentak() + 2)


def _diam(_: str) -> None:
    pass


def _buka(j: Jalan, layanan: Layanan) -> object:
    k = j.kelompok
    minta = Permintaan(k.unitup, k.thblrek, KODE, DAG, j.run_id, k.spv, False)
    return buka_sesi(layanan, minta, lambda _d, _r: True, _diam)


def _tengok(apa: str) -> Callable[[Jalan, Layanan], object]:
    def lihat(j: Jalan, layanan: Layanan) -> None:
        hasil = tengok_sesi(layanan, j.sesi(layanan), apa)
        assert hasil.siap, hasil.kalimat

    return lihat


def _jawab(j: Jalan, layanan: Layanan) -> object:
    jawaban = Jawaban([SETUJU], {}, j.kelompok.spv, datetime.now(UTC))
    langkah = Langkah(layanan, j.sesi(layanan), _diam)
    return nilai(langkah, catat_tiba(langkah, 1, jawaban))


def _posting(j: Jalan, layanan: Layanan) -> None:
    ukuran, serentak = setelan.ukuran_batch(), setelan.batch_serentak()
    posting_ap2t(Langkah(layanan, j.sesi(layanan), _diam), ukuran=ukuran, serentak=serentak)


def _langkah(kerja: Callable[[Langkah], Any]) -> Callable[[Jalan, Layanan], object]:
    return lambda j, layanan: kerja(Langkah(layanan, j.sesi(layanan), _diam))


LANGKAH: dict[str, Callable[[Jalan, Layanan], object]] = {
    "buka_sesi": _buka,
    "stan_terisi": _tengok("STAN_TERISI"),
    "terverifikasi": _tengok("TERVERIFIKASI"),
    "terkirim": _tengok("TERKIRIM"),
    "fungsi2_terbuka": _tengok("FUNGSI2_TERBUKA"),
    "ambil_bacaan": _langkah(ambil_bacaan),
    "saring_jam_nyala": _langkah(saring_jam_nyala),
    "rekap": _langkah(buat_rekap),
    "persetujuan": lambda j, layanan: buka_gerbang(Langkah(layanan, j.sesi(layanan), _diam), 1),
    "jawaban": _jawab,
    "posting_ap2t": _posting,
    "rekonsiliasi": _langkah(rekonsiliasi),
    "tutup_sesi": _langkah(tutup_sesi),
}
"""Every step of a run with one approver, in order."""


def _utama(nama: str, isi: str) -> None:
    import ap2t.operators.pengesahan
    import ap2t.sensors.persetujuan  # noqa: F401 -- a task's process holds Airflow too

    unitup, thblrek, baris, run_id = json.loads(isi)
    lama = Jalan(Kelompok(unitup, thblrek, baris), run_id).langkah(nama)
    print(json.dumps({"detik": lama, "mb": _puncak_mb()}))


def _puncak_mb() -> float:
    """Return this process's peak memory; ru_maxrss would also hold what the parent had when it forked."""
    baris = next(b for b in Path("/proc/self/status").read_text().splitlines() if b.startswith("VmHWM:"))
    return int(baris.split()[1]) / 1024


if __name__ == "__main__":
    _utama(sys.argv[1], sys.argv[2])

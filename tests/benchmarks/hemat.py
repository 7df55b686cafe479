"""Rows a CPU-second, from the snapshot to the reconciliation: of this process and of the ledger's backends.

AP2T's sandbox and the source are not counted: real ones are somebody else's.
"""

from __future__ import annotations

import time
from statistics import median

from ap2t import setelan
from tests.benchmarks import telanjang
from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.cpu import induk_postgres, terpakai
from tests.benchmarks.jalan import Jalan, layanan_tugas
from tests.benchmarks.lapangan import Lapangan

BATAS = 20_000
LANGKAH = ("ambil_bacaan", "saring_jam_nyala", "rekap", "persetujuan", "jawaban", "posting_ap2t", "rekonsiliasi")


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Run whole sessions of a kelompok each."""
    import ap2t.operators.pengesahan  # noqa: F401 -- a task's process has loaded Airflow before it begins

    postgres = induk_postgres(lapangan.folder / "pg")
    semua: list[dict[str, float]] = []
    for _ in range(ukuran.ulang):
        j = Jalan.baru(lapangan.kelompok(ukuran.posting))
        j.langkah("buka_sesi")
        semua.append({})
        for nama in LANGKAH:
            lapangan.tenangkan()
            with layanan_tugas() as layanan:  # closed behind the last look: its backends take their figures along
                awal = terpakai(postgres, "buku")
                j.lakukan(nama, layanan)
                semua[-1][nama] = terpakai(postgres, "buku") - awal
        kabar(", ".join(f"{n} {d:.2f}" for n, d in semua[-1].items()) + " detik-inti")
    lantai = ukuran.posting / _lantai(lapangan, ukuran, postgres)
    laju = ukuran.posting / median(sum(satu.values()) for satu in semua)
    rincian = ", ".join(f"{n} {ukuran.posting / median(satu[n] for satu in semua):,.0f}" for n in LANGKAH)
    return [
        Hasil(
            f"baris per detik-inti, cuplikan sampai rekonsiliasi, {ukuran.posting:,} baris",
            f"{laju:,.0f}",
            f">= {BATAS:,}",
            None if ukuran.cepat else laju >= BATAS,
            (f"per langkah: {rincian}", f"lantai: telanjang, kedua tabel berpagar, kirim, cocokkan: {lantai:,.0f}"),
            dulu="5,000",
        )
    ]


def _lantai(lapangan: Lapangan, ukuran: Ukuran, postgres: int) -> float:
    """Return the CPU seconds of bare scripts that copy into both tables, send and match. Nothing is judged or kept."""
    k = lapangan.kelompok(ukuran.posting)
    j = Jalan.baru(k)
    j.sampai("rekap")
    with layanan_tugas() as layanan:
        sesi = j.sesi(layanan).id
    tabel = telanjang.salin_berpagar(lapangan, k, sesi, lambda: terpakai(postgres, "buku"))
    j.sampai("jawaban", dari="persetujuan")
    batch = telanjang.badan_batch(j, setelan.ukuran_batch())
    mulai = time.process_time()
    telanjang.posting(lapangan.alamat_ap2t, k, batch, setelan.batch_serentak())
    telanjang.cocokkan(lapangan.alamat_ap2t, k, batch)
    kirim = time.process_time() - mulai
    kabar(f"telanjang: tabel {tabel:.2f}, kirim dan cocokkan {kirim:.2f} detik-inti")
    return tabel + kirim

"""Snapshot, kWh, jam nyala and rekap, against a bare copy of the same rows into one table.

Out of PostgreSQL in a first round and in a second one, in which half of the customers are posted already; and out of
MariaDB.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from ap2t.kelola.pola import atur
from ap2t.ledger.skema import mesin_pemilik
from tests.benchmarks import telanjang
from tests.benchmarks.alat import Hasil, Ukuran, hasil_nisbah, kabar, selang_seling
from tests.benchmarks.jalan import Jalan, layanan_tugas
from tests.benchmarks.lapangan import Kelompok, Lapangan
from tests.benchmarks.maria import acmt_di_mariadb

BATAS, BATAS_KEDUA, BATAS_LAIN = 2.7, 3.2, 2.0
LANGKAH = ("ambil_bacaan", "saring_jam_nyala", "rekap")
TAHAN_SEPARUH = (
    "UPDATE acmt_dasar.bacaan SET diubah_pada = kirim_pada, kirim_pada = NULL "
    "WHERE unitup = %s AND right(idpel, 1) IN ('1', '3', '5', '7', '9')"
)
LEPAS = (
    "UPDATE acmt_dasar.bacaan SET kirim_pada = diubah_pada, diubah_pada = NULL WHERE unitup = %s AND kirim_pada IS NULL"
)


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Alternate our three steps and the bare COPY over the same kelompok, in a first and in a second round."""
    k = lapangan.kelompok(ukuran.cuplikan)

    def salin() -> float:
        return telanjang.salin(lapangan, k)

    apa = f"cuplikan + kWh + jam nyala + rekap {ukuran.cuplikan:,} baris, terhadap COPY telanjang"
    pertama = _sebanding(lapangan, ukuran, k, salin, apa, BATAS, dulu="14.1 x")
    lantai = _lantai(lapangan, k)
    _posting_separuh(lapangan, k)
    return [
        pertama._replace(catatan=(*pertama.catatan, lantai)),
        _sebanding(lapangan, ukuran, k, salin, f"{apa}, putaran kedua", BATAS_KEDUA),
    ]


def ukur_mariadb(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Do the same out of MariaDB, against fetching by its driver and a COPY."""
    k = lapangan.kelompok(ukuran.posting)
    _bertahap(k)  # MariaDB has no NaN and the like: a few of the demo's rows are not ready there
    with acmt_di_mariadb(lapangan, k) as alamat:
        apa = (
            f"cuplikan + kWh + jam nyala + rekap {ukuran.posting:,} baris dari MariaDB, terhadap fetch + COPY telanjang"
        )
        return [_sebanding(lapangan, ukuran, k, lambda: telanjang.salin_mariadb(lapangan, k, alamat), apa, BATAS_LAIN)]


def _sebanding(
    lapangan: Lapangan,
    ukuran: Ukuran,
    k: Kelompok,
    salin: Callable[[], float],
    apa: str,
    batas: float,
    dulu: str = "",
) -> Hasil:
    per_langkah: dict[str, list[float]] = {nama: [] for nama in LANGKAH}

    def kita(_: int) -> float:
        j = Jalan.baru(k)
        j.langkah("buka_sesi")
        lapangan.tenangkan()
        for nama in LANGKAH:
            per_langkah[nama].append(j.langkah(nama))
        kabar("kita: " + ", ".join(f"{n} {v[-1]:.2f} s" for n, v in per_langkah.items()))
        j.tolak()
        return sum(v[-1] for v in per_langkah.values())

    def mereka(_: int) -> float:
        lapangan.tenangkan()
        lama = salin()
        kabar(f"salinan telanjang: {lama:.2f} s")
        return lama

    b, a = selang_seling(2 if ukuran.cuplikan >= 1_000_000 else 3, mereka, kita)
    rincian = "per langkah: " + ", ".join(f"{n} {median(v) / median(b):.2f} x" for n, v in per_langkah.items())
    return hasil_nisbah(apa, a, b, batas, ukuran, rincian, dulu=dulu)


def _lantai(lapangan: Lapangan, k: Kelompok) -> str:
    """Measure how long both tables take alone, guards and all."""
    j = Jalan.baru(k)
    for nama in ("buka_sesi", *LANGKAH):
        j.langkah(nama)
    with layanan_tugas() as layanan:
        sesi = j.sesi(layanan).id
    b, a = selang_seling(
        2, lambda _: telanjang.salin(lapangan, k), lambda _: telanjang.salin_berpagar(lapangan, k, sesi)
    )
    j.tolak()
    return f"lantai: kedua tabel berpagar disalin saja {median(a) / median(b):.2f} x"


def _bertahap(k: Kelompok) -> None:
    """Let a unit's rows go that are ready."""
    with layanan_tugas() as layanan:
        pemilik = mesin_pemilik()
        atur(layanan, pemilik, k.unitup, {"kesiapan": "BERTAHAP"}, "bench", "yang siap diukur")
        pemilik.dispose()


def _posting_separuh(lapangan: Lapangan, k: Kelompok) -> None:
    """Have half of a kelompok posted in a first round; the others are sent by ACMT after it."""
    _bertahap(k)
    with lapangan.acmt_pemilik() as conn:
        conn.execute(TAHAN_SEPARUH, [k.unitup])
    Jalan.baru(k).sampai("tutup_sesi")
    with lapangan.acmt_pemilik() as conn:
        conn.execute(LEPAS, [k.unitup])

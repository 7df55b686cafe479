"""What falls due on each day of a billing month, by the calendar: how many kelompok and customers."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ap2t.domain.kalender import bulan_tambah, nilai_kalender
from ap2t.proses.layanan import Layanan


class Prakiraan(NamedTuple):
    """One day. ``unitup`` None: all units together. ``unit``: how many have something due.

    ``menurut_lalu``: customers that are counted by the month before, because the list of this one is not in ACMT yet.
    """

    unitup: str | None
    jatuh_tempo: date
    unit: int
    kelompok: int
    pelanggan: int
    menurut_lalu: int


def prakiraan(
    layanan: Layanan, thblrek: str, kode_dag: tuple[str, ...], unitup: str | None = None, *, per_unit: bool = False
) -> list[Prakiraan]:
    """Return the days of a month on which something falls due, in order.

    :param kode_dag: codes that have a DAG; others are not opened, and not counted.
    """
    lalu = layanan.sumber.jumlah_bulan(bulan_tambah(thblrek, -1), unitup)
    kini = layanan.sumber.jumlah_bulan(thblrek, unitup)
    hari: dict[tuple[str, date], list[tuple[str, int, int]]] = {}
    for unit, baris in layanan.sumber.kalender(thblrek).items():
        if unitup not in (None, unit):
            continue
        bulan_ini = [baris for baris in baris if baris.thblrek == thblrek]
        for kelompok in nilai_kalender(bulan_ini, date.min, kode_dag).kelompok:
            ada, dulu = kini.get((unit, kelompok.hari_baca)), lalu.get((unit, kelompok.hari_baca), 0)
            isi = (unit, dulu if ada is None else ada, dulu if ada is None else 0)
            hari.setdefault((unit if per_unit else "", kelompok.jatuh_tempo), []).append(isi)
    return [
        Prakiraan(
            unit_ini or None,
            tempo,
            len({i[0] for i in isi}),
            len(isi),
            sum(i[1] for i in isi),
            sum(i[2] for i in isi),
        )
        for (unit_ini, tempo), isi in sorted(hari.items(), key=lambda b: (b[0][1], b[0][0]))
    ]

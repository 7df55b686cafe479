"""The table of a unit's kelompok in a month: worked out again only when something in it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t import setelan
from ap2t.domain.kalender import BarisKalender, Kelompok, hari_setempat, tenggat, terpakai
from ap2t.domain.model import Unit
from ap2t.ledger.buku import Buku
from ap2t.lihat import daftar
from ap2t.lihat.daftar import Cap, SesiAkhir
from ap2t.lihat.rekap_bulan import BarisRekap, rekap_buku
from ap2t.lihat.rincian import langkah
from ap2t.web.data import Data
from ap2t.web.ingatan import Ingatan

ANGKA = (
    *("pelanggan", "terisi", "terverifikasi", "terkirim", "jam_nyala_2000", "ditahan", "belum_disahkan"),
    *("sudah_disahkan", "dibatalkan", "suplai_stan", "diluar_sistem", "kwh_disahkan", "putaran"),
)
"""Figures of a row, as in the rekap (``lihat/rekap_bulan.py``)."""
KALENDER_DETIK = 60
TABEL_MAKS = 500


class Kini(NamedTuple):
    """How far a kelompok's readings are in ACMT, and when that was looked at."""

    pelanggan: int
    terisi: int
    terverifikasi: int
    terkirim: int
    pada: datetime


class MenurutBuku(NamedTuple):
    """What the ledger says of each kelompok: its figures, and its last session."""

    rekap: dict[str, BarisRekap]
    akhir: dict[str, SesiAkhir]


class Baris(NamedTuple):
    """One kelompok; ``angka``: figures of ``ANGKA``, None: not known.

    ``jadwal``: its dates; None: the calendar does not name it, or (``di_kalender``) with dates that cannot be used.
    """

    hari_baca: str
    jadwal: Kelompok | None
    angka: dict[str, int | Decimal | None]
    acmt_pada: datetime | None
    sesi: SesiAkhir | None
    di_kalender: bool = True


class Tabel(NamedTuple):
    """A unit's month. ``galat_acmt``: why the calendar could not be read just now; None: it could.

    ``cap``: the version of what the ledger says of each kelompok that has sessions.
    """

    baris: list[Baris]
    galat_acmt: str | None
    cap: dict[str, Cap]


class TabelKelompok:
    """Keeps the tables that are looked at."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._kalender: Ingatan[tuple[BarisKalender, ...]] = Ingatan(TABEL_MAKS, KALENDER_DETIK)
        self._isi: Ingatan[MenurutBuku] = Ingatan(TABEL_MAKS, 3600)

    def kalender(self, unitup: str, thblrek: str) -> tuple[tuple[BarisKalender, ...], str | None]:
        """Return a month's calendar; where it could not be read, as it was last, and why."""
        ada, galat = self._kalender.ambil_atau_lama(
            (unitup, thblrek), lambda: tuple(self._data.acmt.jadwal(unitup, thblrek))
        )
        return ada or (), galat

    def tabel(self, unit: Unit, thblrek: str, kini: dict[str, Kini]) -> Tabel:
        """Return the table.

        :param kini: how far the readings are in ACMT, by kelompok, where that was looked at.
        """
        with self._data.buku.lihat() as tx:
            cap = daftar.cap(tx, unit.unitup, thblrek)
        kalender = self.kalender(unit.unitup, thblrek)
        buku = self._isi.ambil(
            (unit.unitup, thblrek), lambda: _baca_buku(self._data.buku, unit.unitup, thblrek), tuple(cap.values())
        )
        return Tabel(_susun(buku, kalender[0], kini), kalender[1], cap)


def _baca_buku(buku: Buku, unitup: str, thblrek: str) -> MenurutBuku:
    rekap = {b.hari_baca: b for b in rekap_buku(buku, [unitup], thblrek)}
    with buku.lihat() as tx:
        return MenurutBuku(rekap, daftar.sesi_akhir(tx, unitup, thblrek))


def _susun(isi: MenurutBuku, kalender: tuple[BarisKalender, ...], kini: dict[str, Kini]) -> list[Baris]:
    rekap, akhir = isi
    jadwal = terpakai(kalender)
    tercantum = {j.hari_baca for j in kalender}
    urut = sorted({*tercantum, *rekap, *kini}, key=lambda k: (jadwal[k].tgl_mulai if k in jadwal else date.max, k))
    baris = []
    for k in urut:
        angka, pada = _angka(rekap.get(k), kini.get(k))
        baris.append(Baris(k, jadwal.get(k), angka, pada, akhir.get(k), k in tercantum))
    return baris


def _angka(b: BarisRekap | None, k: Kini | None) -> tuple[dict[str, int | Decimal | None], datetime | None]:
    """The ledger's figures, with what ACMT showed where that is newer than what the ledger's sessions saw."""
    if b is None:
        angka: dict[str, int | Decimal | None] = dict.fromkeys(ANGKA, 0)
        if k is None:
            belum = ("pelanggan", "terisi", "terverifikasi", "terkirim", "belum_disahkan", "jam_nyala_2000", "ditahan")
            return angka | {"kwh_disahkan": Decimal(0)} | dict.fromkeys(belum), None
        angka |= {"kwh_disahkan": Decimal(0), "jam_nyala_2000": None, "ditahan": None}
        sudah = 0
    else:
        angka = {n: getattr(b, n) for n in ANGKA}
        # a session that seems to have looked in the future did so by a clock that ran ahead: it is not the newer one
        if k is None or (b.acmt_pada is not None and k.pada < b.acmt_pada <= datetime.now(UTC)):
            return angka, b.acmt_pada
        sudah = b.sudah_disahkan + b.suplai_stan
    lihat = {n: getattr(k, n) for n in ("pelanggan", "terisi", "terverifikasi", "terkirim")}
    return angka | lihat | {"belum_disahkan": k.pelanggan - sudah}, k.pada


def jumlah(baris: Iterable[Baris]) -> dict[str, int | Decimal | None]:
    """Add the figures up; a sum of which one part is not known is the sum of the known parts."""
    semua = list(baris)
    hasil: dict[str, int | Decimal | None] = {}
    for n in ANGKA:
        ada = [a for b in semua if (a := b.angka[n]) is not None]
        hasil[n] = sum(ada) if ada else None
    return hasil


def terlambat(b: Baris, zona: str, sekarang: datetime) -> bool | None:
    """Whether a kelompok that is due and not begun is beyond the schedule's deadline.

    None: it is not due, has begun, or fell due so long ago that the schedule does not look for it any more.

    :param zona: the unit's (IANA), in which days begin.
    """
    if b.sesi is not None or b.jadwal is None:
        return None
    tempo = b.jadwal.jatuh_tempo
    hari_ini = hari_setempat(sekarang, zona)
    if not hari_ini - timedelta(days=setelan.jadwal_mundur_hari()) <= tempo <= hari_ini:
        return None
    return sekarang >= tenggat(tempo, zona, setelan.jadwal_tenggat_jam())


def baris_json(b: Baris, username: str, zona: str, sekarang: datetime) -> dict[str, Any]:
    """Return a row as the page gets it."""
    dag_id = f"pengesahan_hari_baca_{b.hari_baca.lower()}" if b.hari_baca in setelan.kelompok() else None
    return {
        "hari_baca": b.hari_baca,
        "dag_id": dag_id,
        "tgl_mulai": b.jadwal.tgl_mulai.isoformat() if b.jadwal else None,
        "jatuh_tempo": b.jadwal.jatuh_tempo.isoformat() if b.jadwal else None,
        **b.angka,
        "terlambat": terlambat(b, zona, sekarang),
        "acmt_pada": b.acmt_pada,
        "kalender_beda": _beda(b, dag_id),
        "sesi": None if b.sesi is None else sesi_json(b.sesi, username),
    }


def _beda(b: Baris, dag_id: str | None) -> str | None:
    if dag_id is None:
        return (
            f"Kelompok {b.hari_baca} ada di kalender ACMT tetapi tidak di AP2T_KELOMPOK, jadi tidak punya DAG. Beri "
            "tahu pengelola Airflow."
        )
    if b.jadwal is None and b.di_kalender:
        return (
            f"Kalender ACMT untuk kelompok {b.hari_baca} memuat tgl_mulai atau jumlah_hari yang kosong, bukan tanggal "
            "atau mustahil. Perbaiki di ACMT."
        )
    if b.jadwal is None:
        return f"Kelompok {b.hari_baca} tidak ada pada kalender baca bulan ini di ACMT (atau ACMT tidak menjawab)."
    return None


def sesi_json(s: SesiAkhir, username: str) -> dict[str, Any]:
    """Return a kelompok's last session as the page gets it."""
    ditanya = list(s.orang or ()) if s.menunggu else []
    return {
        "nomor": s.nomor,
        "jenis": s.jenis,
        "status": s.status,
        "tahap": s.tahap,
        "terbuka": s.terbuka,
        "langkah": langkah(s.jenis, s.status, s.tahap, ditanya, s.kesiapan, s.tiba),
        "dag_id": s.dag_id,
        "run_id": s.run_id,
        "dibuka_pada": s.dibuka_pada,
        "diakhiri_pada": s.diakhiri_pada,
        "pemicu": s.pemicu,
        "ditanya": ditanya,
        "ditanya_sejak": s.sejak if s.menunggu else None,
        "tenggat": s.batas if s.menunggu else None,
        "ditutup_pada": s.tutup if s.menunggu else None,
        "urutan": s.urutan if s.menunggu else None,
        "giliran_saya": username in ditanya,
        "keputusan": s.keputusan,
        "dijawab_oleh": s.oleh,
        "dijawab_pada": s.dijawab_pada,
        "keterangan": s.keterangan,
    }

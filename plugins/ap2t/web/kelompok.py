"""The table of a unit's kelompok in a month. It is worked out again only when something in it has changed."""

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
DARI_BACAAN = ("pelanggan", "terisi", "terverifikasi", "terkirim", "belum_disahkan", "jam_nyala_2000", "ditahan")
"""Those that nobody knows before the readings were looked at."""
DARI_SESI = (
    *("nomor", "jenis", "status", "tahap", "terbuka", "dag_id", "run_id", "dibuka_pada", "diakhiri_pada", "pemicu"),
    *("keputusan", "dijawab_pada", "keterangan"),
)
"""What the page gets of a kelompok's last session as it stands."""
Angka = dict[str, int | Decimal | None]
KALENDER_DETIK = 60
TABEL_MAKS = 500


class KesiapanKini(NamedTuple):
    """How far a kelompok's readings are in ACMT, and when that was looked at."""

    pelanggan: int
    terisi: int
    terverifikasi: int
    terkirim: int
    pada: datetime


MenurutBuku = tuple[dict[str, BarisRekap], dict[str, SesiAkhir]]
"""What the ledger says of each kelompok: its figures and its last session."""


class BarisKelompok(NamedTuple):
    """One kelompok of the table.

    ``angka``: figures of ``ANGKA``, None: not known. ``jadwal``: its dates, None: the calendar does not name
    it, or (``di_kalender``) with dates that cannot be used.
    """

    hari_baca: str
    jadwal: Kelompok | None
    angka: Angka
    acmt_pada: datetime | None
    sesi: SesiAkhir | None
    di_kalender: bool = True


class TabelBulan(NamedTuple):
    """A unit's month.

    ``galat_acmt``: why the calendar could not be read just now, None: it could. ``cap``: the version of what the ledger
    says of each kelompok that has sessions.
    """

    baris: list[BarisKelompok]
    galat_acmt: str | None
    cap: dict[str, Cap]


class TabelKelompok:
    """Keeps the tables that are looked at."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._kalender: Ingatan[tuple[BarisKalender, ...]] = Ingatan(TABEL_MAKS, KALENDER_DETIK)
        self._isi: Ingatan[MenurutBuku] = Ingatan(TABEL_MAKS, 3600)

    def tabel(self, unit: Unit, thblrek: str, kini: dict[str, KesiapanKini]) -> TabelBulan:
        """Return the table.

        :param kini: how far the readings are in ACMT, by kelompok, where that was looked at.
        """
        with self._data.buku.lihat() as tx:
            cap = daftar.cap(tx, unit.unitup, thblrek)
        kalender, galat = self._kalender.ambil_atau_lama(
            (unit.unitup, thblrek), lambda: tuple(self._data.acmt.jadwal(unit.unitup, thblrek))
        )
        buku = self._isi.ambil(
            (unit.unitup, thblrek), lambda: _baca_buku(self._data.buku, unit.unitup, thblrek), tuple(cap.values())
        )
        return TabelBulan(_susun(buku, kalender or (), kini), galat, cap)


def _baca_buku(buku: Buku, unitup: str, thblrek: str) -> MenurutBuku:
    rekap = {baris.hari_baca: baris for baris in rekap_buku(buku, [unitup], thblrek)}
    with buku.lihat() as tx:
        return rekap, daftar.sesi_akhir(tx, unitup, thblrek)


def _susun(isi: MenurutBuku, kalender: tuple[BarisKalender, ...], kini: dict[str, KesiapanKini]) -> list[BarisKelompok]:
    rekap, akhir = isi
    jadwal = terpakai(kalender)
    tercantum = {baris.hari_baca for baris in kalender}
    urut = sorted(
        {*tercantum, *rekap, *kini},
        key=lambda hari_baca: (jadwal[hari_baca].tgl_mulai if hari_baca in jadwal else date.max, hari_baca),
    )
    return [
        BarisKelompok(
            kode, jadwal.get(kode), *_angka_terbaru(rekap.get(kode), kini.get(kode)), akhir.get(kode), kode in tercantum
        )
        for kode in urut
    ]


def _angka_terbaru(baris: BarisRekap | None, kini: KesiapanKini | None) -> tuple[Angka, datetime | None]:
    """The ledger's figures, with those of ACMT where they are newer than what the sessions saw."""
    if baris is None:
        angka: Angka = {**dict.fromkeys(ANGKA, 0), "kwh_disahkan": Decimal(0), **dict.fromkeys(DARI_BACAAN)}
        sudah, pada = 0, None
    else:
        angka = {nama: getattr(baris, nama) for nama in ANGKA}
        sudah, pada = baris.sudah_disahkan + baris.suplai_stan, baris.acmt_pada
    # a session that seems to have looked in the future did so by a clock that ran ahead: it is not the newer one
    if kini is None or (pada is not None and kini.pada < pada <= datetime.now(UTC)):
        return angka, pada
    dilihat: Angka = {nama: getattr(kini, nama) for nama in ("pelanggan", "terisi", "terverifikasi", "terkirim")}
    return angka | dilihat | {"belum_disahkan": kini.pelanggan - sudah}, kini.pada


def jumlah(baris: Iterable[BarisKelompok]) -> Angka:
    """Add the figures up, each over the kelompok of which it is known."""
    semua = list(baris)
    hasil: Angka = {}
    for nama in ANGKA:
        ada = [nilai for satu in semua if (nilai := satu.angka[nama]) is not None]
        hasil[nama] = sum(ada) if ada else None
    return hasil


def terlambat(baris: BarisKelompok, zona: str, sekarang: datetime) -> bool | None:
    """Whether a kelompok that is due and not begun is beyond the schedule's deadline.

    None: it is not due, has begun, or fell due so long ago that the schedule does not look for it any more.

    :param zona: the unit's (IANA), in which days begin.
    """
    if baris.sesi is not None or baris.jadwal is None:
        return None
    tempo = baris.jadwal.jatuh_tempo
    hari_ini = hari_setempat(sekarang, zona)
    if not hari_ini - timedelta(days=setelan.jadwal_mundur_hari()) <= tempo <= hari_ini:
        return None
    return sekarang >= tenggat(tempo, zona, setelan.jadwal_tenggat_jam())


def baris_json(baris: BarisKelompok, username: str, zona: str, sekarang: datetime) -> dict[str, Any]:
    """Return a row as the page gets it."""
    dag_id = f"pengesahan_hari_baca_{baris.hari_baca.lower()}" if baris.hari_baca in setelan.kelompok() else None
    return {
        "hari_baca": baris.hari_baca,
        "dag_id": dag_id,
        "tgl_mulai": baris.jadwal.tgl_mulai.isoformat() if baris.jadwal else None,
        "jatuh_tempo": baris.jadwal.jatuh_tempo.isoformat() if baris.jadwal else None,
        **baris.angka,
        "terlambat": terlambat(baris, zona, sekarang),
        "acmt_pada": baris.acmt_pada,
        "kalender_beda": _kalender_beda(baris, dag_id),
        "sesi": None if baris.sesi is None else sesi_json(baris.sesi, username),
    }


def _kalender_beda(baris: BarisKelompok, dag_id: str | None) -> str | None:
    if dag_id is None:
        return (
            f"Kelompok {baris.hari_baca} ada di kalender ACMT tetapi tidak di AP2T_KELOMPOK, jadi tidak punya DAG. "
            "Beri tahu pengelola Airflow."
        )
    if baris.jadwal is not None:
        return None
    if baris.di_kalender:
        return (
            f"Kalender ACMT untuk kelompok {baris.hari_baca} memuat tgl_mulai atau jumlah_hari yang kosong, bukan "
            "tanggal atau mustahil. Perbaiki di ACMT."
        )
    return f"Kelompok {baris.hari_baca} tidak ada pada kalender baca bulan ini di ACMT (atau ACMT tidak menjawab)."


def sesi_json(sesi: SesiAkhir, username: str) -> dict[str, Any]:
    """Return a kelompok's last session as the page gets it."""
    ditanya = list(sesi.orang or ()) if sesi.menunggu else []
    menunggu = {"ditanya_sejak": sesi.sejak, "tenggat": sesi.batas, "ditutup_pada": sesi.tutup, "urutan": sesi.urutan}
    return {
        **{nama: getattr(sesi, nama) for nama in DARI_SESI},
        "langkah": langkah(sesi.jenis, sesi.status, sesi.tahap, ditanya, sesi.kesiapan, sesi.tiba),
        "ditanya": ditanya,
        **(menunggu if sesi.menunggu else dict.fromkeys(menunggu)),
        "giliran_saya": username in ditanya,
        "dijawab_oleh": sesi.oleh,
    }

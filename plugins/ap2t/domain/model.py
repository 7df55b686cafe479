"""The facts the rules work on: readings, people, and the vocabulary of outcomes.

Numbers are :class:`decimal.Decimal` (never float); instants are timezone-aware ``datetime``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from typing import Any, NamedTuple, get_type_hints

from ap2t.domain.teks import ZONA_PUSAT

TANPA_IDPEL = "(kosong)"
"""What a row without a customer's number goes by."""
GANDA = "ganda"
"""The name under which ``cacat`` says how many rows a customer has in the kelompok, where it is more than one."""


def idpel_sah(idpel: str) -> bool:
    """Tell whether this is a customer's number: twelve digits."""
    return len(idpel) == 12 and idpel.isascii() and idpel.isdigit()


def urut_idpel(idpel: str) -> tuple[bool, str]:
    """Order customers as every database does: numbers first, by digit, and whatever is none after them.

    How blanks, signs and nulls sort differs between databases, so no two streams can be walked together by them.
    """
    return not idpel_sah(idpel), idpel


class Tempat(NamedTuple):
    """One kelompok of one unit in one month. Its text names all three, to stand in a sentence."""

    unitup: str
    thblrek: str
    hari_baca: str

    def __str__(self) -> str:
        """Name unit, month and kelompok."""
        return f"unit {self.unitup}, bulan {self.thblrek}, kelompok {self.hari_baca}"


class BulanLalu(NamedTuple):
    """One row of ``v_riwayat``: a customer's earlier month. What is not offered, or cannot be read, is None.

    Units: ``sahlwbp``, ``sahwbp`` register stand (stan); ``kwh`` kWh; ``jam_nyala`` hours; place in degrees.
    """

    idpel: str
    thblrek: str
    sahlwbp: Decimal | None = None
    sahwbp: Decimal | None = None
    kwh: Decimal | None = None
    jam_nyala: Decimal | None = None
    tgl_baca: datetime | None = None
    cara_baca: str | None = None
    kode_baca: str | None = None
    kelainan: str | None = None
    petugas_baca: str | None = None
    foto_url: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


class Kebiasaan(NamedTuple):
    """What a customer's earlier months come to, as the snapshot keeps it.

    ``bulan``: months whose kWh is known. ``median``, ``mad``: of their kWh, the median and the median distance from it;
    None: too few months. ``taksir``: estimated months. ``jarak``: metres from the median place of earlier readings to
    this month's. ``foto``: the earlier month (YYYYMM), or the other customer of this month, that shows the same photo.
    ``stan_*``: the latest month, and its stan akhir.
    """

    bulan: int = 0
    median: Decimal | None = None
    mad: Decimal | None = None
    taksir: int = 0
    jarak: int | None = None
    foto: str | None = None
    stan_bulan: str | None = None
    stan_lwbp: Decimal | None = None
    stan_wbp: Decimal | None = None


TANPA_KEBIASAAN = Kebiasaan()


class Pilihan(NamedTuple):
    """What ACMT may offer of a row beside the contract. What is not offered is None.

    Units: ``daya_lama`` VA, what daya was before it changed in the month, at ``tgl_mutasi``; ``mutasi_*`` the stan of
    the registers at that moment; ``jam_abonemen`` hours by contract of an unmetered customer; ``kvarh*`` the kVArh
    register's stan of a meter change, ``fkmkvarh_lama`` the old meter's factor.
    ``cara_baca``, ``cara_baca_lalu``: how it was read now and last month (:class:`CaraBaca`; None: at the meter).
    ``rendah_wajar``: low use is normal here. All of that are columns of ``v_bacaan``. ``riwayat``: what the customer's
    earlier months come to.
    """

    tgl_baca_lalu: datetime | None = None
    cara_baca: str | None = None
    cara_baca_lalu: str | None = None
    daya_lama: Decimal | None = None
    tgl_mutasi: datetime | None = None
    mutasi_lwbp: Decimal | None = None
    mutasi_wbp: Decimal | None = None
    jam_abonemen: Decimal | None = None
    kvarhcabut: Decimal | None = None
    kvarhpasang: Decimal | None = None
    fkmkvarh_lama: Decimal | None = None
    rendah_wajar: bool | None = None
    riwayat: Kebiasaan | None = None


TANPA_PILIHAN = Pilihan()
TANPA_METER = "jam_abonemen"
"""The column that says of a customer that there is no meter to read."""
NOL_KOSONG = frozenset({TANPA_METER, "daya_lama"})
"""Columns beside the contract in which 0 says that there is none, as an extract without nulls writes it."""


class Bacaan(NamedTuple):
    """One row of ``v_bacaan``: one customer (idpel) to be read in one billing month.

    Field order is the column order of the contract. A value that the source holds but that is not a
    number, not an instant or not text is ``None`` here and its raw text stands in ``cacat`` under the column's name.

    Units: ``daya`` VA; ``sla*``/``sah*``/``*cabut``/``*pasang`` register stand (stan), before the factor;
    ``fkm*`` factor (faktor kali meter); ``pemkwh*`` kWh. Source: contract of the ACMT views.
    """

    idpel: str
    unitup: str
    thblrek: str
    hari_baca: str
    kddk: str | None = None
    nama: str | None = None
    tarif: str | None = None
    daya: Decimal | None = None
    fkmkwh: Decimal | None = None
    fkmkvarh: Decimal | None = None
    digit_meter: Decimal | None = None
    tgl_baca: datetime | None = None
    petugas_baca: str | None = None
    kode_baca: str | None = None
    kelainan: str | None = None
    slalwbp: Decimal | None = None
    sahlwbp: Decimal | None = None
    slawbp: Decimal | None = None
    sahwbp: Decimal | None = None
    slakvarh: Decimal | None = None
    sahkvarh: Decimal | None = None
    lwbpcabut: Decimal | None = None
    lwbppasang: Decimal | None = None
    wbpcabut: Decimal | None = None
    wbppasang: Decimal | None = None
    fkmkwh_lama: Decimal | None = None
    pemkwh: Decimal | None = None
    pemkwh_lalu: Decimal | None = None
    pemkwh_rata3: Decimal | None = None
    foto_url: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    verif_pengawas_oleh: str | None = None
    verif_pengawas_pada: datetime | None = None
    verif_vendor_oleh: str | None = None
    verif_vendor_pada: datetime | None = None
    kirim_oleh: str | None = None
    kirim_pada: datetime | None = None
    diubah_pada: datetime | None = None
    pilihan: Pilihan | None = None
    cacat: dict[str, str] | None = None


KOLOM_BACAAN: tuple[str, ...] = Bacaan._fields[:-2]
"""Every column of ``v_bacaan``, in the contract's order."""
KOLOM_PILIHAN = Pilihan._fields[:-1]
"""Columns that ``v_bacaan`` may offer besides."""
KOLOM_RIWAYAT = BulanLalu._fields[2:]
"""Columns of ``v_riwayat`` beside its key."""
_JENIS = {**get_type_hints(BulanLalu), **get_type_hints(Bacaan), **get_type_hints(Pilihan)}
KOLOM_ANGKA = tuple(kolom for kolom, jenis in _JENIS.items() if jenis == Decimal | None)
"""Columns of ``v_bacaan`` that are numbers."""
KOLOM_WAKTU = tuple(kolom for kolom, jenis in _JENIS.items() if jenis == datetime | None)
"""Columns of ``v_bacaan`` that are instants."""
KOLOM_TANDA = tuple(kolom for kolom, jenis in _JENIS.items() if jenis == bool | None)
"""Columns of ``v_bacaan`` that are true or false."""
KOLOM_STEMPEL = (
    *("verif_pengawas_oleh", "verif_pengawas_pada"),
    *("verif_vendor_oleh", "verif_vendor_pada"),
    *("kirim_oleh", "kirim_pada"),
)
"""What ``kembalikan_verifikasi`` clears."""
_TIDAK_TERIKAT = frozenset(
    {
        *("kddk", "nama", "tarif", "petugas_baca", "kode_baca", "kelainan", "pemkwh_lalu", "pemkwh_rata3"),
        *("foto_url", "latitude", "longitude"),
    }
)
KOLOM_TERIKAT = tuple(kolom for kolom in Bacaan._fields if kolom not in _TIDAK_TERIKAT)
"""What an approval binds: a row that differs from its snapshot in one of these has changed at the source."""
_LETAK_TERIKAT = tuple((Bacaan._fields.index(kolom), kolom) for kolom in KOLOM_TERIKAT)
_ambil_terikat = itemgetter(*(letak for letak, _ in _LETAK_TERIKAT))


def berubah(cuplikan: Bacaan, kini: Bacaan) -> tuple[str, ...]:
    """Name the bound columns in which two states of a row differ, in the bound order.

    Numbers are compared as numbers (1.50 equals 1.5), instants as instants (whatever their zone), and an empty
    ``cacat`` equals none. Nothing and zero are different. Earlier months are not part of the row.
    """
    cuplikan, kini = tanpa_riwayat(cuplikan), tanpa_riwayat(kini)
    if _ambil_terikat(cuplikan) == _ambil_terikat(kini):
        return ()
    return tuple(
        kolom
        for letak, kolom in _LETAK_TERIKAT
        if cuplikan[letak] != kini[letak] and (kolom != "cacat" or cuplikan.cacat or kini.cacat)
    )


def tanpa_riwayat(bacaan: Bacaan) -> Bacaan:
    """Return a row without what its customer's earlier months come to."""
    return bacaan if bacaan.pilihan is None or bacaan.pilihan.riwayat is None else dengan_riwayat(bacaan, None)


def dengan_riwayat(bacaan: Bacaan, riwayat: Kebiasaan | None) -> Bacaan:
    """Return a row with what its customer's earlier months come to."""
    pilihan = (bacaan.pilihan or TANPA_PILIHAN)._replace(riwayat=riwayat)
    return bacaan._replace(pilihan=None if pilihan == TANPA_PILIHAN else pilihan)


_ISI_STAN = frozenset({"sahlwbp", TANPA_METER})


def terisi(bacaan: Bacaan) -> bool:
    """Tell whether the row has a stan akhir, or needs none. Unusable text counts: that is the sieve's business."""
    if bacaan.pilihan is not None and bacaan.pilihan.jam_abonemen is not None:
        return True
    return bacaan.sahlwbp is not None or (bacaan.cacat is not None and not bacaan.cacat.keys().isdisjoint(_ISI_STAN))


def batasi(bacaan: Bacaan, kolom: Sequence[str]) -> Bacaan:
    """Return a row with no other column beside the contract than these, as a session read it."""
    if bacaan.pilihan is None:
        return bacaan
    lain: dict[str, Any] = {nama: None for nama in KOLOM_PILIHAN if nama not in kolom}
    pilihan = bacaan.pilihan._replace(**lain)
    return bacaan._replace(pilihan=None if pilihan == TANPA_PILIHAN else pilihan)


def tanpa_hari_baca(bacaan: Bacaan) -> bool:
    """Tell whether the row needs no reading day and has none: an unmetered customer is not read."""
    tanpa_meter = bacaan.pilihan is not None and bacaan.pilihan.jam_abonemen is not None
    return tanpa_meter and bacaan.tgl_baca is None and not (bacaan.cacat and "tgl_baca" in bacaan.cacat)


class CaraBaca(StrEnum):
    """How a reading came about. Any other word of ACMT is none of these."""

    BACA = "BACA"
    TAKSIR = "TAKSIR"
    AMR = "AMR"


class Peran(StrEnum):
    """Roles of ``v_petugas``."""

    ADMIN_CMT = "ADMIN_CMT"
    ADMIN_VENDOR = "ADMIN_VENDOR"
    PENGAWAS = "PENGAWAS"
    PETUGAS_BACA = "PETUGAS_BACA"


class Petugas(NamedTuple):
    """One row of ``v_petugas``: a person holds a role in a unit.

    ``aktif`` is None where the source's value is neither true nor false: the person holds nothing.
    """

    username: str
    nama: str | None
    email: str | None
    peran: str
    unitup: str
    aktif: bool | None


class Unit(NamedTuple):
    """One row of ``v_unit``. ``zona_waktu`` is an IANA zone name."""

    unitup: str
    nama: str | None
    unitap: str | None
    unitupi: str | None
    zona_waktu: str


class HasilSaring(StrEnum):
    """What the sieve says of one reading."""

    LOLOS = "LOLOS"
    DITAHAN = "DITAHAN"


BATAS_JAM_NYALA = Decimal(2000)
"""Hours (SOP 12.1, rule 4): a unit may be stricter, never laxer."""
ATURAN_AWAL = "1"
"""The first rule set. A digest of its sessions binds neither a calendar nor a chain, so neither is judged in them."""
ATURAN_PRAKTIK = "3"
"""The rule set from which on a session binds its ``Ketentuan`` and what ACMT offers beside the contract."""


def mengikat(versi_aturan: str, sejak: str) -> bool:
    """Tell whether a session of one rule set binds what came in with another."""
    return int(versi_aturan) >= int(sejak)


class StanLalu(NamedTuple):
    """A customer's stan akhir of an earlier month: the chain's other end.

    It is what this system last posted. Where it posted nothing in the latest month that ``v_riwayat`` has, it is that
    month's. ``bulan``: the billing month (YYYYMM). ``lwbp``, ``wbp``: the stan akhir (register units; None: no such
    register). ``fkm``: the fkmkwh; None: not known. Of a month with a meter change these are the new meter's.
    """

    bulan: str
    lwbp: Decimal | None
    wbp: Decimal | None
    fkm: Decimal | None


class Sikap(StrEnum):
    """What follows where a unit may choose: a person looks at the row, or it is held."""

    PERHATIAN = "perhatian"
    TAHAN = "tahan"


class WajibDilihat(StrEnum):
    """Which rows an approver has to have looked at, one by one: none, those that passed with a flag, or the sample."""

    TIDAK = "tidak"
    DITANDAI = "ditandai"
    SAMPEL = "sampel"


class Pembulatan(StrEnum):
    """How ACMT's kWh is taken: exact, or as a whole number that stands for the exact one."""

    TEPAT = "tepat"
    BULAT = "bulat"


class Ketentuan(NamedTuple):
    """What unit and deployment lay down for the rules of practice, as a session keeps it.

    ``stan_tidak_sambung``, ``faktor_berubah``: :class:`Sikap`. ``periode_*``: days between two readings beyond which a
    row is looked at. ``baca_sebelum``: days before the calendar's first that a reading may be of.
    ``lokasi_jauh``: metres from the median place of earlier readings beyond which a row is looked at.
    ``pembulatan_kwh``: :class:`Pembulatan`. ``pilihan``: the columns of :class:`Pilihan`, and ``riwayat`` those of
    :class:`BulanLalu`, that ACMT offered as the session was opened; no other is read for it. Without any of
    ``v_riwayat`` the ledger's own months serve.
    """

    stan_tidak_sambung: str = Sikap.PERHATIAN
    faktor_berubah: str = Sikap.PERHATIAN
    periode_panjang: int = 35
    periode_pendek: int = 25
    baca_sebelum: int = 7
    lokasi_jauh: int = 500
    pembulatan_kwh: str = Pembulatan.TEPAT
    pilihan: Sequence[str] = ()
    riwayat: Sequence[str] = ()


class Aturan(NamedTuple):
    """The rule set a session was sieved with, as it stands in the session's record.

    ``batas_jam_nyala`` in hours, never above ``BATAS_JAM_NYALA``.
    ``rentang_baca``: first and last instant a reading of the kelompok may be of; None: the reading day is not judged.
    ``zona``: the unit's (IANA), whose days are counted.
    """

    versi: str = "3"
    batas_jam_nyala: Decimal = BATAS_JAM_NYALA
    rentang_baca: tuple[datetime, datetime] | None = None
    ketentuan: Ketentuan = Ketentuan()
    zona: str = ZONA_PUSAT


IKATAN = (("2", tuple(f"lalu_{kolom}" for kolom in StanLalu._fields)), (ATURAN_PRAKTIK, ("kwh_kirim", "pilihan")))
"""The last columns of a session's digest, by the rule set that brought them in."""


def kolom_ikatan(versi_aturan: str) -> tuple[str, ...]:
    """Return the last columns that the digest of a session of this rule set takes in."""
    return tuple(kolom for sejak, semua in IKATAN if mengikat(versi_aturan, sejak) for kolom in semua)


KOLOM_IKATAN = kolom_ikatan(Aturan().versi)

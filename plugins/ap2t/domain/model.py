"""The facts the rules work on: readings, people, and the vocabulary of outcomes.

Numbers are :class:`decimal.Decimal` (never float); instants are timezone-aware ``datetime``.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple, get_type_hints

from ap2t.domain.kode import Berkata

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
    cacat: dict[str, str] | None = None


KOLOM_BACAAN: tuple[str, ...] = Bacaan._fields[:-1]
"""Every column of ``v_bacaan``, in the contract's order."""
KOLOM_ANGKA = tuple(kolom for kolom, jenis in get_type_hints(Bacaan).items() if jenis == Decimal | None)
"""Columns of ``v_bacaan`` that are numbers."""
KOLOM_WAKTU = tuple(kolom for kolom, jenis in get_type_hints(Bacaan).items() if jenis == datetime | None)
"""Columns of ``v_bacaan`` that are instants."""
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
    ``cacat`` equals none. Nothing and zero are different.
    """
    if _ambil_terikat(cuplikan) == _ambil_terikat(kini):
        return ()
    return tuple(
        kolom
        for letak, kolom in _LETAK_TERIKAT
        if cuplikan[letak] != kini[letak] and (kolom != "cacat" or cuplikan.cacat or kini.cacat)
    )


def terisi(bacaan: Bacaan) -> bool:
    """Tell whether the row has a stan akhir. Unusable text counts: whether it can be used is the sieve's business."""
    return bacaan.sahlwbp is not None or (bacaan.cacat is not None and "sahlwbp" in bacaan.cacat)


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


class Alasan(Berkata):
    """Why a reading is held back (SOP 12.1, rule 4, and the validity rules).

    Each member's docstring is the exact rule. ``make dokumen`` copies it into docs/aturan.md.
    """

    BELUM_DIBACA = "BELUM_DIBACA", "Belum dibaca"
    """The stan akhir (``sahlwbp``) is empty."""
    STAN_TIDAK_VALID = "STAN_TIDAK_VALID", "Stan tidak valid"
    """A stan is unreadable, negative, or missing beside its pair (an empty ``sahlwbp`` is BELUM_DIBACA); a stan of LWBP
    or WBP is not below 10^digit_meter; cabut stands without pasang or the reverse; or of LWBP and WBP only one was
    changed."""
    STAN_MUNDUR = "STAN_MUNDUR", "Stan mundur"
    """Without a meter change: stan akhir is below stan lalu, and it is no proven rollover. It is proven where
    ``digit_meter``, ``daya`` and factor are usable, the stan lalu of each register that went back stands at 90 % of
    10^digit_meter or more, and the row's jam nyala is at most 720 hours. With a meter change: cabut is below stan lalu,
    or stan akhir below pasang."""
    KVARH_TIDAK_VALID = "KVARH_TIDAK_VALID", "kVArh tidak valid"
    """A kVArh pair is there, and its factor (``fkmkvarh``) is not above 0 (a pair of 0 and 0 with a factor of 0 or none
    is no register); or, without a meter change, its stan went back and is not a proven rollover: as for a kWh register,
    with at most 720 x daya / 1000 kVArh."""
    TGL_BACA_TIDAK_WAJAR = "TGL_BACA_TIDAK_WAJAR", "Tanggal baca tidak wajar"
    """``tgl_baca`` lies before the first instant, in the unit's zone, of the seventh day before the kelompok's earliest
    ``tgl_mulai``, or after the instant of the snapshot. A kelompok that the calendar does not have is not judged."""
    DAYA_TIDAK_VALID = "DAYA_TIDAK_VALID", "Daya kosong atau nol"
    """``daya`` is missing, unreadable, or not above 0."""
    FAKTOR_TIDAK_VALID = "FAKTOR_TIDAK_VALID", "Faktor kali kosong atau nol"
    """``fkmkwh`` is missing, unreadable, or not above 0; with a meter change ``fkmkwh_lama`` too, except that a missing
    one means that the factor stayed."""
    DATA_TIDAK_VALID = "DATA_TIDAK_VALID", "Data tidak sesuai kontrak"
    """``idpel`` is not twelve digits; ``tgl_baca`` is missing; ``digit_meter`` is there and is no whole number above 0;
    a stan or the kWh does not fit 12 digits before and 6 after the point; or a value that no other reason names cannot
    be read."""
    GANDA = "GANDA", "Lebih dari sekali di ACMT"
    """The customer stands more than once in the kelompok in ACMT."""
    SELISIH_KWH = "SELISIH_KWH", "kWh ACMT berbeda dari hitungan"
    """``pemkwh`` of ACMT is there and is not exactly the kWh that was computed."""
    JAM_NYALA = "JAM_NYALA", "Jam nyala di atas batas"
    """kWh x 1000 > limit x daya. The limit is 2000 hours, or less where the unit says so; the limit itself passes."""


class Dlpd(Berkata):
    """Daftar langganan yang perlu diperhatikan: warnings a person looks at, never blocks.

    Each member's docstring is the exact rule. ``make dokumen`` copies it into docs/aturan.md.
    """

    JAM_NYALA_TINGGI = "JAM_NYALA_TINGGI", "Jam nyala 720 ke atas"
    """kWh x 1000 >= 720 x daya."""
    JAM_NYALA_RENDAH = "JAM_NYALA_RENDAH", "Jam nyala di bawah 40"
    """kWh is above 0, and kWh x 1000 < 40 x daya."""
    KWH_NOL = "KWH_NOL", "kWh nol"
    """kWh is 0."""
    ROLLOVER = "ROLLOVER", "Register berputar (rollover)"
    """A kWh or kVArh register passed its end, with the proof that STAN_MUNDUR asks for."""
    GANTI_METER = "GANTI_METER", "Ganti meter"
    """cabut or pasang of a register is there. A register's pair of 0 and 0 counts as none."""
    STAN_TIDAK_SAMBUNG = "STAN_TIDAK_SAMBUNG", "Stan lalu tidak sambung"
    """Without a meter change: stan lalu, LWBP or WBP, is not the stan akhir that this system posted last in the twelve
    months before. A WBP register that is not there stands at 0. Not judged where others posted last."""
    FAKTOR_BERUBAH = "FAKTOR_BERUBAH", "Faktor kali berubah"
    """Without a meter change: ``fkmkwh`` is not the one that this system posted last in the twelve months before."""
    NAIK_50 = "NAIK_50", "Naik 50 % atau lebih"
    """2 x kWh >= 3 x last month's kWh, unless both are 0."""
    TURUN_50 = "TURUN_50", "Turun 50 % atau lebih"
    """2 x kWh <= last month's kWh, unless both are 0."""
    DI_ATAS_RATA3 = "DI_ATAS_RATA3", "Di atas 1,5 kali rata-rata 3 bulan"
    """2 x kWh > 3 x the mean kWh of three months."""
    TANPA_FOTO = "TANPA_FOTO", "Tanpa foto"
    """``foto_url`` is empty."""


BATAS_JAM_NYALA = Decimal(2000)
"""Hours (SOP 12.1, rule 4): a unit may be stricter, never laxer."""
ATURAN_AWAL = "1"
"""The first rule set. A digest of its sessions binds neither a calendar nor a chain, so neither is judged in them."""
RANTAI = frozenset({Dlpd.STAN_TIDAK_SAMBUNG, Dlpd.FAKTOR_BERUBAH})
"""Flags that come of the comparison with what was last posted (:class:`StanLalu`)."""


class StanLalu(NamedTuple):
    """What this system last posted of a customer in an earlier month: the chain's other end.

    ``bulan``: its billing month (YYYYMM). ``lwbp``, ``wbp``: its stan akhir (register units; None: no such register).
    ``fkm``: its fkmkwh. Of a month with a meter change these are the new meter's.
    """

    bulan: str
    lwbp: Decimal | None
    wbp: Decimal | None
    fkm: Decimal | None


class Aturan(NamedTuple):
    """The rule set a session was sieved with, as it stands in the session's record.

    ``batas_jam_nyala`` in hours, never above ``BATAS_JAM_NYALA``.
    ``rentang_baca``: first and last instant a reading of the kelompok may be of; None: the reading day is not judged.
    """

    versi: str = "2"
    batas_jam_nyala: Decimal = BATAS_JAM_NYALA
    rentang_baca: tuple[datetime, datetime] | None = None

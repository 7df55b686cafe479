"""The facts the rules work on: readings, people, and the vocabulary of outcomes.

Numbers are :class:`decimal.Decimal` (never float); instants are timezone-aware ``datetime``.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

KOLOM_ANGKA = (
    "daya",
    "fkmkwh",
    "fkmkvarh",
    "digit_meter",
    "slalwbp",
    "sahlwbp",
    "slawbp",
    "sahwbp",
    "slakvarh",
    "sahkvarh",
    "lwbpcabut",
    "lwbppasang",
    "wbpcabut",
    "wbppasang",
    "fkmkwh_lama",
    "pemkwh",
    "pemkwh_lalu",
    "pemkwh_rata3",
    "latitude",
    "longitude",
)
"""Columns of ``v_bacaan`` that are numbers."""

KOLOM_WAKTU = ("tgl_baca", "verif_pengawas_pada", "verif_vendor_pada", "kirim_pada", "diubah_pada")
"""Columns of ``v_bacaan`` that are instants."""


TANPA_IDPEL = "(kosong)"
"""What a row without a customer's number goes by."""
GANDA = "ganda"
"""The name under which ``cacat`` says how many rows a customer has in the kelompok, where it is more than one."""


def idpel_sah(idpel: str) -> bool:
    """Tell whether this is a customer's number: twelve digits."""
    return len(idpel) == 12 and idpel.isascii() and idpel.isdigit()


def urut_idpel(idpel: str) -> tuple[bool, str]:
    """Order customers as every database does: numbers first, by digit; whatever is none comes after them.

    How blanks, signs and nulls sort differs between databases, so no two streams can be walked together by them.
    """
    return not idpel_sah(idpel), idpel


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

KOLOM_TERIKAT: tuple[str, ...] = (
    "idpel",
    "unitup",
    "thblrek",
    "hari_baca",
    "daya",
    "fkmkwh",
    "fkmkvarh",
    "digit_meter",
    "tgl_baca",
    "slalwbp",
    "sahlwbp",
    "slawbp",
    "sahwbp",
    "slakvarh",
    "sahkvarh",
    "lwbpcabut",
    "lwbppasang",
    "wbpcabut",
    "wbppasang",
    "fkmkwh_lama",
    "pemkwh",
    "verif_pengawas_oleh",
    "verif_pengawas_pada",
    "verif_vendor_oleh",
    "verif_vendor_pada",
    "kirim_oleh",
    "kirim_pada",
    "diubah_pada",
    "cacat",
)
"""What an approval binds: a row that differs from its snapshot in one of these has changed at the source."""


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
    """One row of ``v_unit``; ``zona_waktu`` is an IANA zone name."""

    unitup: str
    nama: str | None
    unitap: str | None
    unitupi: str | None
    zona_waktu: str


class Hasil(StrEnum):
    """What the sieve says of one reading."""

    LOLOS = "LOLOS"
    DITAHAN = "DITAHAN"


class Alasan(StrEnum):
    """Why a reading is held back (SOP 12.1, rule 4, and the validity rules)."""

    BELUM_DIBACA = "BELUM_DIBACA"
    STAN_TIDAK_VALID = "STAN_TIDAK_VALID"
    STAN_MUNDUR = "STAN_MUNDUR"
    KVARH_TIDAK_VALID = "KVARH_TIDAK_VALID"
    TGL_BACA_TIDAK_WAJAR = "TGL_BACA_TIDAK_WAJAR"
    DAYA_TIDAK_VALID = "DAYA_TIDAK_VALID"
    FAKTOR_TIDAK_VALID = "FAKTOR_TIDAK_VALID"
    DATA_TIDAK_VALID = "DATA_TIDAK_VALID"
    GANDA = "GANDA"
    SELISIH_KWH = "SELISIH_KWH"
    JAM_NYALA = "JAM_NYALA"


class Dlpd(StrEnum):
    """Daftar langganan yang perlu diperhatikan: warnings a person looks at, never blocks."""

    JAM_NYALA_TINGGI = "JAM_NYALA_TINGGI"
    JAM_NYALA_RENDAH = "JAM_NYALA_RENDAH"
    KWH_NOL = "KWH_NOL"
    ROLLOVER = "ROLLOVER"
    GANTI_METER = "GANTI_METER"
    STAN_TIDAK_SAMBUNG = "STAN_TIDAK_SAMBUNG"
    FAKTOR_BERUBAH = "FAKTOR_BERUBAH"
    NAIK_50 = "NAIK_50"
    TURUN_50 = "TURUN_50"
    DI_ATAS_RATA3 = "DI_ATAS_RATA3"
    TANPA_FOTO = "TANPA_FOTO"


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
    """The rule set a session was sieved with; it stands in the session's record.

    ``batas_jam_nyala`` in hours: a unit may be stricter, never above 2000 (SOP 12.1, rule 4).
    ``rentang_baca``: first and last instant a reading of the kelompok may be of; None: the reading day is not judged.
    """

    versi: str = "2"
    batas_jam_nyala: Decimal = Decimal(2000)
    rentang_baca: tuple[datetime, datetime] | None = None

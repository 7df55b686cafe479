"""Named special cases of the demo ACMT data, each with the outcome the rules must give it.

Every case isolates one rule: all that it does not change is a clean reading of 150 kWh at 1,300 VA
(115.4 hours), the same as last month. Values are text, as they go to COPY, so no float is involved.

The months before each case (``v_riwayat``) are calm: its own kWh, and last month's as ``pemkwh_lalu``. They end at its
stan lalu. So no case shows a flag of history but those that are about one.

Every case begins each month at the same stan. ``v_riwayat`` fits that, but what was posted before counts more than it.
So from its second approved month on each case carries the chain's flag STAN_TIDAK_SAMBUNG as well. The case
SESUDAH_TAKSIR carries TAKSIR_BERULANG as well once it was filled for three months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import KOLOM_ANGKA, BulanLalu, CaraBaca


class KasusDemo(NamedTuple):
    """One named case: what the sieve must say of it.

    :param nama: the case's name.
    :param hasil: ``LOLOS`` or ``DITAHAN``.
    :param alasan: why it is held; ``None`` where it passes.
    :param dlpd: the warnings it must carry; stated for cases that pass only.
    :param nilai: the columns that make the case (text; ``None`` is NULL).
    :param lalu: columns of ``v_riwayat`` that make the case, in each of the ``bulan`` latest months before.
    """

    nama: str
    hasil: str
    alasan: str | None
    dlpd: frozenset[str]
    nilai: Mapping[str, str | None]
    lalu: Mapping[str, str | None] = MappingProxyType({})
    bulan: int = BULAN_RIWAYAT


class KeadaanDemo(StrEnum):
    """How far a kelompok is. In all but ``SIAP`` every tenth reading lacks something."""

    SIAP = "SIAP"
    BELUM_DIBACA = "BELUM_DIBACA"
    BELUM_VERIFIKASI = "BELUM_VERIFIKASI"
    BELUM_DIKIRIM = "BELUM_DIKIRIM"
    CAP_SALAH = "CAP_SALAH"


CAP_SALAH = ("BUKAN_PENGAWAS", "SEBELUM_BACA", "DIUBAH_SESUDAH", "MASA_DEPAN", "ORANG_SAMA")
"""The ways in which stamps are wrong in a kelompok in state ``CAP_SALAH``, in turn."""

KASUS_DASAR: Mapping[str, str | None] = MappingProxyType(
    {
        "tarif": "R1",
        "daya": "1300",
        "fkmkwh": "1",
        "fkmkvarh": None,
        "digit_meter": "5",
        "slalwbp": "1000",
        "sahlwbp": "1150",
        "slawbp": None,
        "sahwbp": None,
        "slakvarh": None,
        "sahkvarh": None,
        "lwbpcabut": None,
        "lwbppasang": None,
        "wbpcabut": None,
        "wbppasang": None,
        "fkmkwh_lama": None,
        "pemkwh": "150",
        "pemkwh_lalu": "150",
        "pemkwh_rata3": "150",
    }
)
"""The clean reading that every case starts from."""
FOTO_BULAN_LALU = "foto:bulan-lalu"
FOTO_BERSAMA = "foto:bersama"
"""Words that stand for a photo: the customer's own of last month, and one that two cases of a kelompok share."""


def _tetap(kwh: str) -> dict[str, str | None]:
    """ACMT's kWh, last month's and the average, all alike: no warning comes of a comparison."""
    return {"pemkwh": kwh, "pemkwh_lalu": kwh, "pemkwh_rata3": kwh}


def _lolos(nama: str, *dlpd: str, **nilai: str | None) -> KasusDemo:
    return KasusDemo(nama, "LOLOS", None, frozenset(dlpd), MappingProxyType({**KASUS_DASAR, **nilai}))


def _dengan_lalu(kasus: KasusDemo, lalu: Mapping[str, str | None], bulan: int = BULAN_RIWAYAT) -> KasusDemo:
    return kasus._replace(lalu=MappingProxyType({**lalu}), bulan=bulan)


def _ditahan(nama: str, alasan: str, **nilai: str | None) -> KasusDemo:
    return KasusDemo(nama, "DITAHAN", alasan, frozenset(), MappingProxyType({**KASUS_DASAR, **nilai}))


_DUA_TARIF: dict[str, str | None] = {
    "tarif": "B3",
    "daya": "240000",
    "fkmkwh": "80",
    "fkmkvarh": "80",
    "slawbp": "400",
    "sahwbp": "450.25",
    "slakvarh": "300",
    "sahkvarh": "320.5",
    "sahlwbp": "1250.125",
}

_DUA_TARIF_GANTI: dict[str, str | None] = {
    **_DUA_TARIF,
    "lwbpcabut": "1100",
    "lwbppasang": "0",
    "sahlwbp": "150.125",
    "wbpcabut": "420",
    "wbppasang": "0",
    "sahwbp": "30.25",
    "kvarhcabut": "310",
    "kvarhpasang": "0",
    "sahkvarh": "10.5",
}
_TANPA_METER: dict[str, str | None] = {
    **dict.fromkeys(("slalwbp", "sahlwbp", "fkmkwh", "digit_meter")),
    "jam_abonemen": "375",
}

KASUS: tuple[KasusDemo, ...] = (
    # one of every rule that a row alone can show
    *(_ditahan(kaidah, kaidah, **kaidah.isi.kasus) for kaidah in Alasan if kaidah.isi.kasus is not None),
    *(
        _dengan_lalu(_lolos(kaidah, kaidah, **kaidah.isi.kasus), kaidah.isi.kasus_lalu or {})
        for kaidah in Dlpd
        if kaidah.isi.kasus is not None
    ),
    # earlier months, and other customers
    _lolos("FOTO_PELANGGAN_LAIN_1", "FOTO_SAMA", foto_url=FOTO_BERSAMA),
    _lolos("FOTO_PELANGGAN_LAIN_2", "FOTO_SAMA", foto_url=FOTO_BERSAMA),
    _lolos("AMR_JAUH", cara_baca="AMR", latitude="0.5", foto_url=FOTO_BULAN_LALU),
    _dengan_lalu(_lolos("STAN_LALU_LAIN", "STAN_TIDAK_SAMBUNG"), {"sahlwbp": "900"}, 1),
    _dengan_lalu(_lolos("WBP_LALU_LAIN", "STAN_TIDAK_SAMBUNG", **_DUA_TARIF, **_tetap("24030")), {"sahwbp": "390"}, 1),
    # SOP 12.1, rule 4: more than 2000 hours, in which 1,300 VA burn 2,600 kWh
    _ditahan("JAM_NYALA_2000_001", "JAM_NYALA", sahlwbp="3600.0013", **_tetap("2600.0013")),
    # registers that ran over, or seem to
    _ditahan("ROLLOVER_TERLALU_BESAR", "STAN_MUNDUR", slalwbp="95000", sahlwbp="100", pemkwh=None),
    _ditahan("ROLLOVER_DIGIT_KOSONG", "STAN_MUNDUR", slalwbp="99950", sahlwbp="100", digit_meter=None),
    _ditahan(
        "ROLLOVER_DI_BAWAH_90", "STAN_MUNDUR", daya="2200", slalwbp="8999", sahlwbp="0", digit_meter="4", pemkwh=None
    ),
    # meter replaced
    _lolos(
        "GANTI_METER_FAKTOR_LAIN",
        "GANTI_METER",
        tarif="B2",
        daya="66000",
        fkmkwh="40",
        fkmkwh_lama="20",
        lwbpcabut="1100",
        lwbppasang="0",
        sahlwbp="100",
        **_tetap("6000"),
    ),
    _ditahan("GANTI_METER_TANPA_PASANG", "STAN_TIDAK_VALID", lwbpcabut="1100", pemkwh=None),
    _ditahan("GANTI_METER_TANPA_CABUT", "STAN_TIDAK_VALID", lwbppasang="5", pemkwh=None),
    _ditahan(
        "GANTI_METER_WBP_TIDAK_IKUT",
        "STAN_TIDAK_VALID",
        **{**_DUA_TARIF, "lwbpcabut": "1100", "lwbppasang": "1200", "pemkwh": None},
    ),
    _lolos("CABUT_PASANG_NOL", lwbpcabut="0", lwbppasang="0", wbpcabut="0", wbppasang="0"),
    # kVArh
    _lolos("KVARH_ROLLOVER", "ROLLOVER", **{**_DUA_TARIF, "slakvarh": "99950", "sahkvarh": "20"}, **_tetap("24030")),
    _ditahan("KVARH_MUNDUR", "KVARH_TIDAK_VALID", **{**_DUA_TARIF, "slakvarh": "320.6"}, **_tetap("24030")),
    _ditahan("KVARH_FAKTOR_NOL", "KVARH_TIDAK_VALID", **{**_DUA_TARIF, "fkmkvarh": "0"}, **_tetap("24030")),
    # about the limits of DLPD
    _lolos("TEPAT_40", sahlwbp="1052", **_tetap("52")),
    _lolos("DI_BAWAH_720", sahlwbp="1935.999", **_tetap("935.999")),
    _lolos("TEPAT_720", "JAM_NYALA_TINGGI", sahlwbp="1936", **_tetap("936")),
    # what ACMT offers beside the contract
    _lolos("TANPA_METER", foto_url=None, **_TANPA_METER, **_tetap("487.5")),
    _ditahan("TANPA_METER_BERSTAN", "STAN_TIDAK_VALID", **{**_TANPA_METER, "sahlwbp": "10"}, **_tetap("487.5")),
    _lolos("MUTASI_TANPA_STAN", "DAYA_BERUBAH", daya_lama="900"),
    _ditahan("MUTASI_DI_LUAR_STAN", "DATA_TIDAK_VALID", daya_lama="900", mutasi_lwbp="900"),
    _ditahan("MUTASI_JAM_NYALA", "JAM_NYALA", daya_lama="450", mutasi_lwbp="2000", sahlwbp="2100", **_tetap("1100")),
    _lolos("KVARH_GANTI_METER", "GANTI_METER", **_DUA_TARIF_GANTI, **_tetap("24030")),
    _ditahan(
        "KVARH_GANTI_MUNDUR", "KVARH_TIDAK_VALID", **_DUA_TARIF, kvarhcabut="299", kvarhpasang="0", **_tetap("24030")
    ),
    _lolos("AMR_TANPA_FOTO", cara_baca="AMR", foto_url=None),
    _lolos("RENDAH_WAJAR", sahlwbp="1000", rendah_wajar="t", pemkwh="0", pemkwh_lalu=None, pemkwh_rata3=None),
    _ditahan("TGL_BACA_SAMA", "TGL_BACA_TIDAK_WAJAR", tgl_baca_lalu="-0"),
    # values that cannot be used, each in its own way
    _ditahan("STAN_LALU_KOSONG", "STAN_TIDAK_VALID", slalwbp=None, pemkwh=None),
    _ditahan("STAN_BUKAN_BILANGAN", "STAN_TIDAK_VALID", sahlwbp="NaN", pemkwh=None),
    _ditahan("STAN_MELEBIHI_DIGIT", "STAN_TIDAK_VALID", slalwbp="9990", sahlwbp="10140", digit_meter="4"),
    _ditahan("WBP_SEPIHAK", "STAN_TIDAK_VALID", slawbp="400", pemkwh=None),
    _ditahan("DAYA_KOSONG", "DAYA_TIDAK_VALID", daya=None),
    _ditahan("FAKTOR_KOSONG", "FAKTOR_TIDAK_VALID", fkmkwh=None, pemkwh=None),
    # clean ones that a careless rule would hold
    _lolos("DUA_TARIF", **_DUA_TARIF, **_tetap("24030")),
    _lolos("KWH_ACMT_KOSONG", pemkwh=None),
)
"""Every named case, in the order in which a kelompok holds them."""


def alamat_foto(idpel: str, thblrek: str) -> str:
    """Return where the photo of a customer's month lies."""
    return f"https://foto.acmt.example/{thblrek}/{idpel}.jpg"


def foto_kasus(kasus: KasusDemo, idpel: str, thblrek: str, hari_baca: str) -> str | None:
    """Return the photo of a named case."""
    foto = kasus.nilai.get("foto_url", alamat_foto(idpel, thblrek))
    arti = {
        FOTO_BULAN_LALU: alamat_foto(idpel, bulan_tambah(thblrek, -1)),
        FOTO_BERSAMA: alamat_foto(f"{idpel[:5]}-{hari_baca}", thblrek),
    }
    return arti.get(foto, foto) if foto else foto


def bulan_kasus(kasus: KasusDemo, dasar: Sequence[BulanLalu], tgl_baca_lalu: datetime | None = None) -> list[BulanLalu]:
    """Return the months before of a named case, the latest first.

    :param dasar: when, where and by whom it was read in each of these months, the latest first.
    :param tgl_baca_lalu: when it was read last month, where the case says so.
    """
    nilai = kasus.nilai
    lalu = _angka(nilai.get("pemkwh_lalu"))
    tetap = next((kwh for kolom in ("pemkwh", "pemkwh_lalu") if (kwh := _angka(nilai.get(kolom))) is not None), None)
    daya, faktor = _angka(nilai["daya"]), _angka(nilai["fkmkwh_lama"] or nilai["fkmkwh"]) or Decimal(1)
    register = Decimal(10) ** int(nilai["digit_meter"] or 5)
    sah = {satu: _angka(nilai[f"sla{satu}"]) for satu in ("lwbp", "wbp")}
    biasa = CaraBaca.AMR if nilai.get("cara_baca") == CaraBaca.AMR else CaraBaca.BACA
    timpa: dict[str, Any] = {kolom: _angka(isi) if kolom in KOLOM_ANGKA else isi for kolom, isi in kasus.lalu.items()}
    hasil = []
    for ke, satu in enumerate(dasar, 1):
        terakhir, lain = ke == 1, timpa if ke <= kasus.bulan else {}
        kwh = lain.get("kwh", lalu if terakhir and lalu is not None else tetap)
        isi: dict[str, Any] = {
            "sahlwbp": sah["lwbp"],
            "sahwbp": sah["wbp"],
            "kwh": kwh,
            "jam_nyala": (kwh * 1000 / daya).quantize(_SERIBUAN) if kwh is not None and daya else None,
            "cara_baca": (nilai.get("cara_baca_lalu") if terakhir else None) or biasa,
        }
        if terakhir and tgl_baca_lalu is not None:
            isi["tgl_baca"] = tgl_baca_lalu
        hasil.append(satu._replace(**isi | lain))
        pakai = ((kwh or Decimal(0)) / faktor).quantize(_SEJUTAAN, rounding=ROUND_DOWN)
        wbp = Decimal(0) if sah["wbp"] is None else (pakai * _PORSI_WBP).quantize(_SERIBUAN, rounding=ROUND_DOWN)
        gerak = {"lwbp": pakai - wbp, "wbp": wbp}
        sah = {nama: None if stan is None else (stan - gerak[nama] + register) % register for nama, stan in sah.items()}
    return hasil


_SERIBUAN, _SEJUTAAN = Decimal("0.001"), Decimal("0.000001")
_PORSI_WBP = Decimal("0.18")
"""The WBP register's part of a month's use where there is one."""


def _angka(isi: str | None) -> Decimal | None:
    return None if isi is None else Decimal(isi)


def posisi_kasus(baris: int) -> dict[int, KasusDemo]:
    """Return where a kelompok of ``baris`` rows holds the named cases: row number (from 0) to case, spread evenly.

    A kelompok of fewer rows than there are cases holds the first ones only. The two that share a photo go together.
    """
    ada = KASUS[:baris]
    if [kasus.nilai.get("foto_url") for kasus in ada].count(FOTO_BERSAMA) == 1:
        ada = ada[:-1]
    return {urut * baris // len(ada): kasus for urut, kasus in enumerate(ada)} if ada else {}


def posisi_belum(baris: int, keadaan: KeadaanDemo) -> dict[int, str]:
    """Return which rows keep a kelompok from being ready, and how: row number (from 0) to reason.

    Of each ten rows one that is no named case, while there is one; in ``CAP_SALAH`` the reasons of :data:`CAP_SALAH` in
    turn.
    """
    if keadaan is KeadaanDemo.SIAP:
        return {}
    kasus = posisi_kasus(baris)
    biasa = (
        [nomor for nomor in range(awal, min(awal + 10, baris)) if nomor not in kasus] for awal in range(3, baris, 10)
    )
    kena = [bebas[0] for bebas in biasa if bebas]
    if keadaan is KeadaanDemo.CAP_SALAH:
        return {nomor: CAP_SALAH[urut % len(CAP_SALAH)] for urut, nomor in enumerate(kena)}
    return dict.fromkeys(kena, keadaan.value)

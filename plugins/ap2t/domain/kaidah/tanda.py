"""What a person looks at: flags (DLPD), which hold nothing back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ap2t.domain.angka import NOL
from ap2t.domain.kaidah.dasar import Isi, Kaidah
from ap2t.domain.kaidah.fakta import Fakta
from ap2t.domain.kaidah.tahan import sebut
from ap2t.domain.model import StanLalu


def _jam_nyala_tinggi(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.seribu is not None and bool(kali.seribu) and kali.seribu >= kali.penuh


def _jam_nyala_rendah(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.seribu is not None and bool(kali.seribu) and kali.seribu < kali.rendah


def _sebut_jam(fakta: Fakta) -> str:
    jam = sebut(fakta.terhitung.jam_nyala)
    return f"{sebut(fakta.hitungan.kwh)} kWh pada daya {sebut(fakta.bacaan.daya)} VA: {jam} jam"


def _sebut_ganti(fakta: Fakta) -> str:
    bacaan = fakta.bacaan
    wbp = (
        f"; WBP cabut {sebut(bacaan.wbpcabut)}, pasang {sebut(bacaan.wbppasang)}" if bacaan.wbpcabut is not None else ""
    )
    return (
        f"cabut {sebut(bacaan.lwbpcabut)}, pasang {sebut(bacaan.lwbppasang)}{wbp}; faktor {sebut(bacaan.fkmkwh)}, "
        f"meter lama {sebut(bacaan.fkmkwh_lama or bacaan.fkmkwh)}"
    )


def _sebut_rollover(fakta: Fakta) -> str:
    bacaan = fakta.bacaan
    pasangan = (
        ("stan", bacaan.slalwbp, bacaan.sahlwbp),
        ("WBP", bacaan.slawbp, bacaan.sahwbp),
        ("kVArh", bacaan.slakvarh, bacaan.sahkvarh),
    )
    putar = [
        f"{nama} {sebut(sla)} ke {sebut(sah)}" for nama, sla, sah in pasangan if sla and sah is not None and sah < sla
    ]
    return f"{'; '.join(putar)}, digit meter {sebut(bacaan.digit_meter)}"


def _stan_tidak_sambung(fakta: Fakta) -> bool:
    """Tell whether stan lalu is not the stan akhir that was last posted.

    A WBP register that is not there stands at nothing: 0 and null are the same. What is missing or unreadable now is
    held already and not compared.
    """
    bacaan, lalu = fakta.bacaan, fakta.lalu
    if lalu is None or fakta.hitungan.ganti:
        return False
    if bacaan.slalwbp is not None and lalu.lwbp is not None and bacaan.slalwbp != lalu.lwbp:
        return True
    return not (bacaan.cacat and "slawbp" in bacaan.cacat) and (bacaan.slawbp or NOL) != (lalu.wbp or NOL)


def _faktor_berubah(fakta: Fakta) -> bool:
    fkm, lalu = fakta.bacaan.fkmkwh, fakta.lalu
    if lalu is None or fakta.hitungan.ganti:
        return False
    return fkm is not None and lalu.fkm is not None and fkm != lalu.fkm


_SISI = (("stan lalu", "slalwbp", "lwbp"), ("stan lalu WBP", "slawbp", "wbp"), ("faktor kali", "fkmkwh", "fkm"))


def sebut_rantai(nilai: Mapping[str, Any]) -> str:
    """Say how a row contradicts what was last posted, with both values, or nothing where it does not.

    For a person of the unit: never for a log or a gate's text.

    :param nilai: the row's values by name, those of the sieve (``lalu_bulan`` …) with them; numbers, or their text.
    """
    if nilai["lalu_bulan"] is None:
        return ""
    angka = [(nama, _sebut_nol(nilai[kini]), _sebut_nol(nilai[f"lalu_{lalu}"])) for nama, kini, lalu in _SISI]
    beda = [f"{nama} {kini}, terakhir disahkan {lalu}" for nama, kini, lalu in angka if kini != lalu]
    return f"{'; '.join(beda)} (bulan {nilai['lalu_bulan']})"


def _sebut_nol(nilai: object) -> str:
    return sebut(Decimal(str(nilai or 0)))


def _rinci_rantai(fakta: Fakta) -> str:
    lalu = fakta.lalu or StanLalu("", None, None, None)
    return sebut_rantai({**fakta.bacaan._asdict(), **{f"lalu_{nama}": isi for nama, isi in lalu._asdict().items()}})


def _naik(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.dua is not None and kali.tiga_lalu is not None and bool(kali.dua) and kali.dua >= kali.tiga_lalu


def _turun(fakta: Fakta) -> bool:
    kali, lalu = fakta.terhitung, fakta.bacaan.pemkwh_lalu
    return kali.dua is not None and lalu is not None and lalu > NOL and kali.dua <= lalu


def _di_atas_rata3(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.dua is not None and kali.tiga_rata3 is not None and kali.dua > kali.tiga_rata3


def _sebut_lalu(fakta: Fakta) -> str:
    return f"{sebut(fakta.hitungan.kwh)} kWh, bulan lalu {sebut(fakta.bacaan.pemkwh_lalu)} kWh"


class Dlpd(Kaidah):
    """Daftar langganan yang perlu diperhatikan: warnings a person looks at, never blocks.

    Each member's docstring is the exact rule. ``make dokumen`` copies it into docs/aturan.md.
    """

    JAM_NYALA_TINGGI = (
        "JAM_NYALA_TINGGI",
        Isi(
            label="Jam nyala 720 ke atas",
            arti="lebih dari sebulan beban penuh",
            nilai=_jam_nyala_tinggi,
            rinci=_sebut_jam,
            kasus={"sahlwbp": "3600", "pemkwh": "2600", "pemkwh_lalu": "2600", "pemkwh_rata3": "2600"},
        ),
    )
    """kWh x 1000 >= 720 x daya."""
    JAM_NYALA_RENDAH = (
        "JAM_NYALA_RENDAH",
        Isi(
            label="Jam nyala di bawah 40",
            arti="rumah kosong, atau salah baca",
            nilai=_jam_nyala_rendah,
            rinci=_sebut_jam,
            kasus={"sahlwbp": "1051.999", "pemkwh": "51.999", "pemkwh_lalu": "51.999", "pemkwh_rata3": "51.999"},
        ),
    )
    """kWh is above 0, and kWh x 1000 < 40 x daya."""
    KWH_NOL = (
        "KWH_NOL",
        Isi(
            label="kWh nol",
            arti="stan tidak bergerak",
            nilai=lambda fakta: fakta.terhitung.seribu == NOL,
            rinci=lambda fakta: f"stan tetap {sebut(fakta.bacaan.sahlwbp)}",
            kasus={"sahlwbp": "1000", "pemkwh": "0", "pemkwh_lalu": None, "pemkwh_rata3": None},
        ),
    )
    """kWh is 0."""
    ROLLOVER = (
        "ROLLOVER",
        Isi(
            label="Register berputar (rollover)",
            arti="angka meter (kWh atau kVArh) melewati ujungnya dan dihitung berputar",
            nilai=lambda fakta: fakta.hitungan.rollover or fakta.hitungan.kvarh_rollover,
            rinci=_sebut_rollover,
            kasus={"slalwbp": "99950", "sahlwbp": "100"},
        ),
    )
    """A kWh or kVArh register passed its end, with the proof that STAN_MUNDUR asks for."""
    GANTI_METER = (
        "GANTI_METER",
        Isi(
            label="Ganti meter",
            arti="kWh dihitung pecahan: meter lama dan baru. Cabut dan pasang yang keduanya 0 bukan ganti meter",
            nilai=lambda fakta: fakta.hitungan.ganti,
            rinci=_sebut_ganti,
            kasus={"lwbpcabut": "1100", "lwbppasang": "5", "sahlwbp": "55"},
        ),
    )
    """cabut or pasang of a register is there. A register's pair of 0 and 0 counts as none."""
    STAN_TIDAK_SAMBUNG = (
        "STAN_TIDAK_SAMBUNG",
        Isi(
            label="Stan lalu tidak sambung",
            arti="stan lalu bukan stan akhir yang terakhir disahkan lewat sistem ini: pemakaian di antaranya hilang, "
            "atau ditagih dua kali. Kedua nilai tampak pada baris pelanggan, `ap2t verifikasi` dan `ap2t bukti`. "
            "Tidak dinilai pada bulan ganti meter, bagi pelanggan yang belum pernah disahkan di sini dalam 12 "
            "bulan terakhir, dan bila yang terakhir disahkan pihak lain",
            nilai=_stan_tidak_sambung,
            rinci=_rinci_rantai,
        ),
    )
    """Without a meter change: stan lalu, LWBP or WBP, is not the stan akhir that this system posted last in the twelve
    months before. A WBP register that is not there stands at 0. Not judged where others posted last."""
    FAKTOR_BERUBAH = (
        "FAKTOR_BERUBAH",
        Isi(
            label="Faktor kali berubah",
            arti="faktor kali bukan yang terakhir disahkan, padahal meter tidak diganti: kWh berlipat atau menyusut",
            nilai=_faktor_berubah,
            rinci=_rinci_rantai,
        ),
    )
    """Without a meter change: ``fkmkwh`` is not the one that this system posted last in the twelve months before."""
    NAIK_50 = (
        "NAIK_50",
        Isi(
            label="Naik 50 % atau lebih",
            arti="terhadap bulan lalu",
            nilai=_naik,
            rinci=_sebut_lalu,
            kasus={"sahlwbp": "1160", "pemkwh": "160", "pemkwh_lalu": "100", "pemkwh_rata3": "120"},
        ),
    )
    """2 x kWh >= 3 x last month's kWh, unless both are 0."""
    TURUN_50 = (
        "TURUN_50",
        Isi(
            label="Turun 50 % atau lebih",
            arti="terhadap bulan lalu",
            nilai=_turun,
            rinci=_sebut_lalu,
            kasus={"sahlwbp": "1060", "pemkwh": "60", "pemkwh_lalu": "150", "pemkwh_rata3": "100"},
        ),
    )
    """2 x kWh <= last month's kWh, unless both are 0."""
    DI_ATAS_RATA3 = (
        "DI_ATAS_RATA3",
        Isi(
            label="Di atas 1,5 kali rata-rata 3 bulan",
            arti="pemakaian tiga bulan terakhir jauh lebih rendah",
            nilai=_di_atas_rata3,
            rinci=lambda fakta: (
                f"{sebut(fakta.hitungan.kwh)} kWh, rata-rata 3 bulan {sebut(fakta.bacaan.pemkwh_rata3)} kWh"
            ),
            kasus={"sahlwbp": "1200", "pemkwh": "200", "pemkwh_lalu": "150", "pemkwh_rata3": "100"},
        ),
    )
    """2 x kWh > 3 x the mean kWh of three months."""
    TANPA_FOTO = (
        "TANPA_FOTO",
        Isi(
            label="Tanpa foto",
            arti="tidak ada bukti foto",
            nilai=lambda fakta: fakta.bacaan.foto_url is None or not fakta.bacaan.foto_url.strip(),
            rinci=lambda _: "tidak ada foto",
            kasus={"foto_url": None},
        ),
    )
    """``foto_url`` is empty."""


RANTAI = frozenset({Dlpd.STAN_TIDAK_SAMBUNG, Dlpd.FAKTOR_BERUBAH})
"""Flags that come of the comparison with what was last posted (:class:`~ap2t.domain.model.StanLalu`)."""

"""Why a reading is held: the rules after which a customer cannot be approved."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ap2t.domain.angka import NOL, kanonik, muat_kontrak
from ap2t.domain.kaidah.dasar import Isi, Kaidah, pada_yang_polos_tidak
from ap2t.domain.kaidah.fakta import Fakta
from ap2t.domain.kaidah.kwh import KOLOM_STAN, berubah_daya
from ap2t.domain.model import ATURAN_PRAKTIK, GANDA, Sikap, idpel_sah, tanpa_hari_baca
from ap2t.domain.teks import ribuan, waktu_unit

_BERNAMA_LAIN = KOLOM_STAN | {"daya", "fkmkwh", "digit_meter", GANDA}
"""Unreadable values that another reason than DATA_TIDAK_VALID tells of."""


def sebut(nilai: Decimal | None) -> str:
    """Write a number of a row for a reader."""
    return "kosong" if nilai is None else ribuan(Decimal(kanonik(nilai)))


def _sebut_stan(fakta: Fakta) -> str:
    bacaan = fakta.bacaan
    register = [
        ("LWBP", bacaan.slalwbp, bacaan.sahlwbp, bacaan.lwbpcabut, bacaan.lwbppasang),
        ("WBP", bacaan.slawbp, bacaan.sahwbp, bacaan.wbpcabut, bacaan.wbppasang),
        ("kVArh", bacaan.slakvarh, bacaan.sahkvarh, None, None),
    ]
    kalimat = []
    for nama, sla, sah, cabut, pasang in register:
        if nama == "LWBP" or sla is not None or sah is not None:
            ganti = f", cabut {sebut(cabut)}, pasang {sebut(pasang)}" if (cabut, pasang) != (None, None) else ""
            kalimat.append(f"stan {nama} {sebut(sla)} ke {sebut(sah)}{ganti}")
    return f"{'; '.join(kalimat)}; digit meter {sebut(bacaan.digit_meter)}"


def _sebut_kvarh(fakta: Fakta) -> str:
    bacaan = fakta.bacaan
    return f"stan kVArh {sebut(bacaan.slakvarh)} ke {sebut(bacaan.sahkvarh)}, faktor {sebut(bacaan.fkmkvarh)}"


def _tgl_baca_tidak_wajar(fakta: Fakta) -> bool:
    rentang, tgl_baca, hari = fakta.aturan.rentang_baca, fakta.bacaan.tgl_baca, fakta.hari
    if hari is not None and hari <= 0:
        return True
    return rentang is not None and tgl_baca is not None and not rentang[0] <= tgl_baca <= rentang[1]


def _sebut_tgl_baca(fakta: Fakta) -> str:
    rentang, tgl_baca = fakta.aturan.rentang_baca, fakta.bacaan.tgl_baca
    if tgl_baca is None:
        return "tanggal baca kosong"
    zona = fakta.aturan.zona
    batas = f"; yang wajar {waktu_unit(rentang[0], zona)} sampai {waktu_unit(rentang[1], zona)}" if rentang else ""
    lalu = "" if fakta.hari is None else f"; {fakta.hari} hari sesudah pembacaan sebelumnya"
    return f"dibaca {waktu_unit(tgl_baca, zona)}{batas}{lalu}"


def _data_tidak_valid(fakta: Fakta) -> bool:
    """Tell whether what would be sent does not fit the contract: key, date, and every number to 12 + 6 digits.

    A value that could not be read holds the row whichever column it stands in; where a rule of its own names it better,
    as a negative stan too, it is left to that rule.
    """
    bacaan = fakta.bacaan
    tanpa_tgl = bacaan.tgl_baca is None and not tanpa_hari_baca(bacaan)
    if fakta.hitungan.data_rusak or fakta.terhitung.rusak or not idpel_sah(bacaan.idpel) or tanpa_tgl:
        return True
    if bacaan.cacat and not _BERNAMA_LAIN.issuperset(bacaan.cacat):
        return True
    stan = (bacaan.slalwbp, bacaan.sahlwbp, bacaan.slawbp, bacaan.sahwbp, bacaan.slakvarh, bacaan.sahkvarh)
    return any(nilai is not None and not muat_kontrak(nilai) and nilai >= NOL for nilai in (*stan, fakta.hitungan.kwh))


def _sebut_data(fakta: Fakta) -> str:
    bacaan = fakta.bacaan
    rusak = [f"{kolom}: {isi}" for kolom, isi in sorted((bacaan.cacat or {}).items()) if kolom not in _BERNAMA_LAIN]
    if not idpel_sah(bacaan.idpel):
        rusak.append("idpel bukan 12 angka")
    if bacaan.tgl_baca is None and "tgl_baca" not in (bacaan.cacat or {}):
        rusak.append("tanggal baca kosong")
    return "; ".join(rusak) or f"{_sebut_stan(fakta)}; kWh {sebut(fakta.hitungan.kwh)}"


def sebut_jam(fakta: Fakta) -> str:
    """Say how many hours a row's kWh are, and at which daya."""
    daya = sebut(fakta.bacaan.daya)
    if berubah_daya(fakta.bacaan):
        daya = f"{sebut(fakta.pilihan.daya_lama)}, lalu {daya}"
    return f"{sebut(fakta.hitungan.kwh)} kWh pada daya {daya} VA: {sebut(fakta.terhitung.jam_nyala)} jam"


def _sebut_jam_nyala(fakta: Fakta) -> str:
    return f"{sebut_jam(fakta)}, batasnya {sebut(fakta.aturan.batas_jam_nyala)} jam"


def stan_tidak_sambung(fakta: Fakta) -> bool:
    """Tell whether stan lalu is not the stan akhir that was last posted.

    A WBP register that is not there stands at nothing: 0 and null are the same. What is missing or unreadable now is
    held already and not compared, nor is anything with a month whose stan is not known.
    """
    bacaan, lalu = fakta.bacaan, fakta.lalu
    if lalu is None or lalu.lwbp is None or fakta.hitungan.ganti or fakta.hitungan.abonemen:
        return False
    if bacaan.slalwbp is not None and bacaan.slalwbp != lalu.lwbp:
        return True
    return not (bacaan.cacat and "slawbp" in bacaan.cacat) and (bacaan.slawbp or NOL) != (lalu.wbp or NOL)


def faktor_berubah(fakta: Fakta) -> bool:
    """Tell whether the factor is not the last posting's, though no meter was changed."""
    fkm, lalu = fakta.bacaan.fkmkwh, fakta.lalu
    if lalu is None or fakta.hitungan.ganti or fakta.hitungan.abonemen:
        return False
    return fkm is not None and lalu.fkm is not None and fkm != lalu.fkm


_SISI = (("stan lalu", "slalwbp", "lwbp"), ("stan lalu WBP", "slawbp", "wbp"), ("faktor kali", "fkmkwh", "fkm"))


def sebut_rantai(nilai: Mapping[str, Any]) -> str:
    """Say how a row contradicts the month before, with both values, or nothing where it does not.

    For a person of the unit: never for a log or a gate's text.

    :param nilai: the row's values by name, those of the sieve (``lalu_bulan`` …) with them; numbers, or their text.
    """
    if nilai["lalu_bulan"] is None:
        return ""
    beda = [
        f"{nama} {ini}, padahal {itu}"
        for nama, kini, lalu in _SISI
        if (nilai[f"lalu_{lalu}"] is not None or lalu == "wbp")  # no WBP register stands at 0; else it is not known
        and (ini := _sebut_nol(nilai[kini])) != (itu := _sebut_nol(nilai[f"lalu_{lalu}"]))
    ]
    return f"{'; '.join(beda)} (akhir bulan {nilai['lalu_bulan']})"


def _sebut_nol(nilai: object) -> str:
    return sebut(Decimal(str(nilai or 0)))


def rinci_rantai(fakta: Fakta) -> str:
    """Say how a row contradicts the month before, where that is known."""
    if fakta.lalu is None:
        return ""
    lalu = {f"lalu_{nama}": isi for nama, isi in fakta.lalu._asdict().items()}
    return sebut_rantai(fakta.bacaan._asdict() | lalu)


class Alasan(Kaidah):
    """Why a reading is held back (SOP 12.1, rule 4, and the validity rules).

    Each member's docstring is the exact rule. ``make dokumen`` copies it into docs/aturan.md.
    """

    BELUM_DIBACA = (
        "BELUM_DIBACA",
        Isi(
            label="Belum dibaca",
            arti="stan akhir kosong",
            tindakan="baca dan isi stannya",
            nilai=lambda fakta: fakta.hitungan.belum,
            rinci=lambda fakta: f"stan lalu {sebut(fakta.bacaan.slalwbp)}, stan akhir kosong",
            sejak="1",
            kolom=pada_yang_polos_tidak,
        ),
    )
    """The stan akhir (``sahlwbp``) is empty."""
    STAN_TIDAK_VALID = (
        "STAN_TIDAK_VALID",
        Isi(
            label="Stan tidak valid",
            arti="stan kosong, negatif, bukan angka, atau melebihi digit meter; WBP atau kVArh hanya terisi separuh; "
            "stan cabut tanpa pasang atau sebaliknya; meter diganti tetapi hanya salah satu register (LWBP/WBP) "
            "yang diisi",
            tindakan="lengkapi atau betulkan stannya; periksa jumlah digit meter",
            nilai=lambda fakta: fakta.hitungan.stan_rusak,
            rinci=_sebut_stan,
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"slalwbp": "-5", "pemkwh": None},
        ),
    )
    """A stan is unreadable, negative, or missing beside its pair (an empty ``sahlwbp`` is BELUM_DIBACA); a stan of LWBP
    or WBP is not below 10^digit_meter; cabut stands without pasang or the reverse; the meter was changed on only one of
    LWBP and WBP; or an unmetered customer (``jam_abonemen``) has a stan."""
    STAN_MUNDUR = (
        "STAN_MUNDUR",
        Isi(
            label="Stan mundur",
            arti="stan akhir lebih kecil dari stan lalu dan tidak terbukti berputar (digit meter diketahui, stan lalu "
            "≥ 90 % register, hasilnya ≤ 720 jam, meter tidak diganti)",
            tindakan="baca ulang dari foto; bila meter diganti, isi cabut dan pasang; bila benar berputar, isi digit "
            "meter",
            nilai=lambda fakta: fakta.hitungan.mundur,
            rinci=_sebut_stan,
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"slalwbp": "5000", "sahlwbp": "4990", "pemkwh": None},
        ),
    )
    """Without a meter change: stan akhir is below stan lalu, and it is no proven rollover. It is proven where
    ``digit_meter``, ``daya`` and factor are usable, the stan lalu of each register that went back stands at 90 % of
    10^digit_meter or more, and the row's jam nyala is at most 720 hours. With a meter change: cabut is below stan lalu,
    or stan akhir below pasang."""
    KVARH_TIDAK_VALID = (
        "KVARH_TIDAK_VALID",
        Isi(
            label="kVArh tidak valid",
            arti="kVArh terisi tetapi faktornya (fkmkvarh) kosong atau ≤ 0; atau stan kVArh mundur tanpa ganti meter "
            "dan tidak terbukti berputar (digit meter diketahui, stan lalu ≥ 90 % register, hasilnya ≤ 720 jam "
            "kali kVA)",
            tindakan="betulkan stan kVArh dari foto; isi faktor kVArh; bila meter diganti, isi cabut dan pasang",
            nilai=lambda fakta: fakta.hitungan.kvarh_rusak,
            rinci=_sebut_kvarh,
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"slakvarh": "320.6", "sahkvarh": "320.5", "fkmkvarh": "80"},
        ),
    )
    """A kVArh pair is there, and its factor (``fkmkvarh``) is not above 0; a pair of 0 and 0 with a factor of 0 or none
    is no register. Or, without a meter change, its stan went back and is not a proven rollover: as for a kWh register,
    with at most 720 x daya / 1000 kVArh. Or, with ``kvarhcabut`` or ``kvarhpasang`` (both 0: none), one of them is
    missing, a part went back, or ``fkmkvarh_lama`` is not above 0."""
    TGL_BACA_TIDAK_WAJAR = (
        "TGL_BACA_TIDAK_WAJAR",
        Isi(
            label="Tanggal baca tidak wajar",
            arti="dibaca lebih dari 7 hari sebelum kelompoknya mulai dibaca menurut kalender, atau sesudah cuplikan "
            "diambil; biasanya jam alat baca salah",
            tindakan="betulkan tanggal bacanya; bila kalendernya yang salah, betulkan kalender lalu mulai putaran "
            "berikut",
            nilai=_tgl_baca_tidak_wajar,
            rinci=_sebut_tgl_baca,
            sejak="1",
            kolom=lambda fakta: fakta.di_luar_rentang,
            kasus={"tgl_baca": "1970-01-01 00:00:00+00"},
        ),
    )
    """``tgl_baca`` lies more than 7 days (``baca_sebelum`` of the unit's pattern), in days of the unit's zone, before
    the kelompok's earliest ``tgl_mulai``; after the instant of the snapshot; or on the day of ``tgl_baca_lalu`` or
    before it. The first two are not judged where the calendar does not have the kelompok."""
    DAYA_TIDAK_VALID = (
        "DAYA_TIDAK_VALID",
        Isi(
            label="Daya kosong atau nol",
            arti="daya kosong atau ≤ 0",
            tindakan="perbaiki data induk",
            nilai=lambda fakta: fakta.hitungan.daya_rusak,
            rinci=lambda fakta: f"daya {sebut(fakta.bacaan.daya)}",
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"daya": "0"},
        ),
    )
    """``daya`` is missing, unreadable, or not above 0; or ``daya_lama`` is there and not above 0."""
    FAKTOR_TIDAK_VALID = (
        "FAKTOR_TIDAK_VALID",
        Isi(
            label="Faktor kali kosong atau nol",
            arti="faktor kali kosong atau ≤ 0; juga faktor meter lama pada bulan ganti meter",
            tindakan="perbaiki data induk",
            nilai=lambda fakta: fakta.hitungan.faktor_rusak,
            rinci=lambda fakta: (
                f"faktor kali {sebut(fakta.bacaan.fkmkwh)}, faktor meter lama {sebut(fakta.bacaan.fkmkwh_lama)}"
            ),
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"fkmkwh": "0", "pemkwh": None},
        ),
    )
    """``fkmkwh`` is missing, unreadable, or not above 0; with a meter change ``fkmkwh_lama`` too, except that a missing
    one means that the factor stayed."""
    DATA_TIDAK_VALID = (
        "DATA_TIDAK_VALID",
        Isi(
            label="Data tidak sesuai kontrak",
            arti="idpel bukan 12 angka, tanggal baca kosong, digit meter aneh, angka lebih dari 6 desimal, atau isi "
            "suatu kolom tidak terbaca (kolomnya disebut di samping tanda ini dan di log)",
            tindakan="betulkan nilainya di ACMT",
            nilai=_data_tidak_valid,
            rinci=_sebut_data,
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"sahlwbp": "1150.0000001", "pemkwh": None},
        ),
    )
    """``idpel`` is not twelve digits; ``tgl_baca`` is missing, but for an unmetered customer; ``digit_meter`` is there
    and is no whole number above 0; ``mutasi_lwbp`` or ``mutasi_wbp`` lies outside its register's stans, or, in a month
    with a meter change, fits both meters; ``jam_abonemen`` is below 0; a stan or the kWh does not fit 12 digits before
    and 6 after the point; or a value that no other reason names cannot be read."""
    GANDA = (
        "GANDA",
        Isi(
            label="Lebih dari sekali di ACMT",
            arti="pelanggan ini punya lebih dari satu baris bulan itu; mana yang benar tidak dapat ditebak",
            tindakan="minta pengelola ACMT menghapus baris yang salah",
            nilai=lambda fakta: GANDA in (fakta.bacaan.cacat or ()),
            rinci=lambda fakta: (fakta.bacaan.cacat or {}).get(GANDA, ""),
            sejak="1",
            kolom=pada_yang_polos_tidak,
        ),
    )
    """The customer stands more than once in the kelompok in ACMT."""
    SELISIH_KWH = (
        "SELISIH_KWH",
        Isi(
            label="kWh ACMT berbeda dari hitungan",
            arti="kWh menurut ACMT tidak sama persis dengan hitungan stan kali faktor",
            tindakan="hitung ulang di ACMT; periksa faktor dan stan",
            nilai=lambda fakta: (
                fakta.hitungan.kwh is not None
                and fakta.bacaan.pemkwh is not None
                and fakta.bacaan.pemkwh != fakta.hitungan.kwh
                and fakta.kwh_kirim is None
            ),
            rinci=lambda fakta: f"ACMT {sebut(fakta.bacaan.pemkwh)} kWh, hitungan {sebut(fakta.hitungan.kwh)} kWh",
            sejak="1",
            kolom=lambda fakta: fakta.pemkwh.ada & (fakta.pemkwh.nilai != fakta.kwh),
            kasus={"pemkwh": "149"},
        ),
    )
    """``pemkwh`` of ACMT is there and is not exactly the kWh that was computed. Where ``AP2T_PEMBULATAN_KWH`` is
    ``bulat``, a whole number less than 1 away passes, and is what is sent."""
    JAM_NYALA = (
        "JAM_NYALA",
        Isi(
            label="Jam nyala di atas batas",
            arti="lebih dari 2000 jam (2000 tepat masih boleh), atau batas unit yang lebih ketat. SOP: ADMIN_CMT tidak "
            "boleh mengesahkannya",
            tindakan="periksa stan, daya dan faktor; bila memang benar, tempuh jalur di luar sistem ini",
            nilai=lambda fakta: fakta.terhitung.seribu is not None and fakta.terhitung.seribu > fakta.terhitung.batas,
            rinci=_sebut_jam_nyala,
            sejak="1",
            kolom=lambda fakta: fakta.kwh > fakta.batas,
            kasus={"sahlwbp": "14000", "pemkwh": "13000", "pemkwh_lalu": "13000", "pemkwh_rata3": "13000"},
        ),
    )
    """kWh x 1000 > limit x daya (in a month in which daya changed: as DAYA_BERUBAH says). The limit is 2000 hours, or
    less where the unit says so; the limit itself passes."""
    STAN_TIDAK_SAMBUNG = (
        "STAN_TIDAK_SAMBUNG",
        Isi(
            label="Stan lalu tidak sambung",
            arti="stan lalu bukan stan akhir bulan sebelumnya (yang disahkan lewat sistem ini, atau menurut riwayat "
            "ACMT), dan pola unit menahannya (stan_tidak_sambung: tahan)",
            tindakan="samakan stan lalu dengan yang disahkan; bila yang disahkan yang salah, batalkan dahulu bulan itu",
            nilai=lambda fakta: fakta.aturan.ketentuan.stan_tidak_sambung == Sikap.TAHAN and stan_tidak_sambung(fakta),
            rinci=rinci_rantai,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
        ),
    )
    """As the flag of this name, where the unit's pattern says ``stan_tidak_sambung: tahan``."""
    FAKTOR_BERUBAH = (
        "FAKTOR_BERUBAH",
        Isi(
            label="Faktor kali berubah",
            arti="faktor kali bukan yang terakhir disahkan, padahal meter tidak diganti, dan pola unit menahannya "
            "(faktor_berubah: tahan)",
            tindakan="betulkan faktor kali, atau isi cabut dan pasang bila meter diganti",
            nilai=lambda fakta: fakta.aturan.ketentuan.faktor_berubah == Sikap.TAHAN and faktor_berubah(fakta),
            rinci=rinci_rantai,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
        ),
    )
    """As the flag of this name, where the unit's pattern says ``faktor_berubah: tahan``."""

"""What a person looks at: flags (DLPD), which hold nothing back."""

from __future__ import annotations

from ap2t.domain.angka import NOL
from ap2t.domain.kaidah.dasar import Isi, Kaidah, pada_yang_polos_tidak
from ap2t.domain.kaidah.fakta import Fakta
from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT, cara, di_luar, wajar
from ap2t.domain.kaidah.kwh import berubah_daya
from ap2t.domain.kaidah.tahan import faktor_berubah, rinci_rantai, sebut, sebut_jam, stan_tidak_sambung
from ap2t.domain.model import ATURAN_PRAKTIK, CaraBaca, Kebiasaan
from ap2t.domain.teks import ribuan


def _jam_nyala_tinggi(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.seribu is not None and bool(kali.seribu) and kali.seribu >= kali.penuh and not fakta.hitungan.abonemen


def _jam_nyala_rendah(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    if fakta.hitungan.abonemen or fakta.pilihan.rendah_wajar:
        return False
    return kali.seribu is not None and bool(kali.seribu) and kali.seribu < kali.rendah


def _tanpa_foto(fakta: Fakta) -> bool:
    return _dibaca_orang(fakta) and (fakta.bacaan.foto_url is None or not fakta.bacaan.foto_url.strip())


def _dibaca_orang(fakta: Fakta) -> bool:
    """Tell whether somebody stood before the meter: there is one, and it is not read from afar."""
    return not fakta.hitungan.abonemen and not cara(fakta.pilihan.cara_baca, CaraBaca.AMR)


def _lokasi_jauh(fakta: Fakta) -> bool:
    jarak = fakta.riwayat.jarak
    return jarak is not None and jarak > fakta.aturan.ketentuan.lokasi_jauh and _dibaca_orang(fakta)


def _sebut_lokasi(fakta: Fakta) -> str:
    jarak, batas = fakta.riwayat.jarak or 0, fakta.aturan.ketentuan.lokasi_jauh
    return f"{ribuan(jarak)} m dari tempat pelanggan ini biasanya dibaca, batasnya {ribuan(batas)} m"


def _sebut_foto(fakta: Fakta) -> str:
    asal = fakta.riwayat.foto or ""
    return f"fotonya sama dengan foto {'bulan' if len(asal) == PANJANG_BULAN else 'pelanggan'} {asal}"


def _di_luar_kebiasaan(fakta: Fakta) -> bool:
    kwh = fakta.hitungan.kwh
    return kwh is not None and not fakta.hitungan.abonemen and di_luar(kwh, fakta.riwayat)


def sebut_biasa(riwayat: Kebiasaan) -> str:
    """Say what is usual for a customer, where it is known."""
    batas = wajar(riwayat)
    rentang = f"; yang wajar {sebut(batas.bawah)} sampai {sebut(batas.atas)} kWh" if batas else ""
    return f"biasanya {sebut(riwayat.median)} kWh (median {ribuan(riwayat.bulan)} bulan){rentang}"


def _sebut_kebiasaan(fakta: Fakta) -> str:
    return f"{sebut(fakta.hitungan.kwh)} kWh, {sebut_biasa(fakta.riwayat)}"


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


def _naik(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.dua is not None and kali.tiga_lalu is not None and bool(kali.dua) and kali.dua >= kali.tiga_lalu


def _turun(fakta: Fakta) -> bool:
    kali, lalu = fakta.terhitung, fakta.bacaan.pemkwh_lalu
    return kali.dua is not None and lalu is not None and lalu > NOL and kali.dua <= lalu


def _di_atas_rata3(fakta: Fakta) -> bool:
    kali = fakta.terhitung
    return kali.dua is not None and kali.tiga_rata3 is not None and kali.dua > kali.tiga_rata3


def _sebut_mutasi(fakta: Fakta) -> str:
    bagian, lama = fakta.hitungan.bagian, fakta.pilihan.daya_lama
    kwh = "stan saat mutasi tidak diketahui"
    if bagian is not None:
        kwh = f"{sebut(bagian[0])} kWh sebelum, {sebut(bagian[1])} kWh sesudah"
    return f"daya {sebut(lama)} menjadi {sebut(fakta.bacaan.daya)} VA; {kwh}"


def _sebut_periode(fakta: Fakta) -> str:
    return f"{fakta.hari} hari sejak pembacaan sebelumnya"


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
            bobot=3,
            arti="lebih dari sebulan beban penuh",
            nilai=_jam_nyala_tinggi,
            rinci=sebut_jam,
            sejak="1",
            kolom=lambda fakta: (fakta.kwh > 0) & (fakta.kwh >= 720 * fakta.seribu_daya),
            kasus={"sahlwbp": "3600", "pemkwh": "2600", "pemkwh_lalu": "2600", "pemkwh_rata3": "2600"},
        ),
    )
    """kWh x 1000 >= 720 x daya. Not for an unmetered customer."""
    JAM_NYALA_RENDAH = (
        "JAM_NYALA_RENDAH",
        Isi(
            label="Jam nyala di bawah 40",
            bobot=1,
            arti="rumah kosong, atau salah baca",
            nilai=_jam_nyala_rendah,
            rinci=sebut_jam,
            sejak="1",
            kolom=lambda fakta: (fakta.kwh > 0) & (fakta.kwh < 40 * fakta.seribu_daya),
            kasus={"sahlwbp": "1051.999", "pemkwh": "51.999", "pemkwh_lalu": "51.999", "pemkwh_rata3": "51.999"},
        ),
    )
    """kWh is above 0, and kWh x 1000 < 40 x daya. Not for an unmetered customer, nor where ``rendah_wajar``."""
    KWH_NOL = (
        "KWH_NOL",
        Isi(
            label="kWh nol",
            bobot=2,
            arti="stan tidak bergerak",
            nilai=lambda fakta: fakta.terhitung.seribu == NOL and not fakta.pilihan.rendah_wajar,
            rinci=lambda fakta: f"stan tetap {sebut(fakta.bacaan.sahlwbp)}",
            sejak="1",
            kolom=lambda fakta: fakta.kwh == 0,
            kasus={"sahlwbp": "1000", "pemkwh": "0", "pemkwh_lalu": None, "pemkwh_rata3": None},
        ),
    )
    """kWh is 0. Not where ``rendah_wajar``."""
    ROLLOVER = (
        "ROLLOVER",
        Isi(
            label="Register berputar (rollover)",
            bobot=3,
            arti="angka meter (kWh atau kVArh) melewati ujungnya dan dihitung berputar",
            nilai=lambda fakta: fakta.hitungan.rollover or fakta.hitungan.kvarh_rollover,
            rinci=_sebut_rollover,
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"slalwbp": "99950", "sahlwbp": "100"},
        ),
    )
    """A kWh or kVArh register passed its end, with the proof that STAN_MUNDUR asks for."""
    GANTI_METER = (
        "GANTI_METER",
        Isi(
            label="Ganti meter",
            bobot=3,
            arti="kWh dihitung pecahan: meter lama dan baru. Cabut dan pasang yang keduanya 0 bukan ganti meter",
            nilai=lambda fakta: fakta.hitungan.ganti,
            rinci=_sebut_ganti,
            sejak="1",
            kolom=pada_yang_polos_tidak,
            kasus={"lwbpcabut": "1100", "lwbppasang": "5", "sahlwbp": "55"},
        ),
    )
    """cabut or pasang of a register is there. A register's pair of 0 and 0 counts as none."""
    STAN_TIDAK_SAMBUNG = (
        "STAN_TIDAK_SAMBUNG",
        Isi(
            label="Stan lalu tidak sambung",
            bobot=5,
            arti="stan lalu bukan stan akhir yang terakhir disahkan lewat sistem ini, atau bulan terakhir di riwayat "
            "ACMT: pemakaian di antaranya hilang, atau ditagih dua kali. Kedua nilai tampak pada baris pelanggan, "
            "`ap2t verifikasi` dan `ap2t bukti`. Tidak dinilai pada bulan ganti meter. Tanpa riwayat ACMT juga tidak "
            "bagi pelanggan yang belum pernah disahkan di sini dalam 12 bulan terakhir, dan bila yang terakhir "
            "disahkan pihak lain",
            nilai=stan_tidak_sambung,
            rinci=rinci_rantai,
            sejak="1",
            kolom=pada_yang_polos_tidak,
        ),
    )
    """Without a meter change: stan lalu, LWBP or WBP, is not the stan akhir that this system posted last in the twelve
    months before. Where it posted none, or others posted last, that of the latest month in ``v_riwayat`` counts, unless
    that is older than what others posted, or than twelve months. A WBP register that is not there stands at 0. Not
    judged where neither is known."""
    FAKTOR_BERUBAH = (
        "FAKTOR_BERUBAH",
        Isi(
            label="Faktor kali berubah",
            bobot=5,
            arti="faktor kali bukan yang terakhir disahkan, padahal meter tidak diganti: kWh berlipat atau menyusut",
            nilai=faktor_berubah,
            rinci=rinci_rantai,
            sejak="1",
            kolom=pada_yang_polos_tidak,
        ),
    )
    """Without a meter change: ``fkmkwh`` is not the one that this system posted last in the twelve months before."""
    NAIK_50 = (
        "NAIK_50",
        Isi(
            label="Naik 50 % atau lebih",
            bobot=2,
            arti="terhadap bulan lalu",
            nilai=_naik,
            rinci=_sebut_lalu,
            sejak="1",
            kolom=lambda fakta: fakta.lalu.ada & (fakta.kwh > 0) & (2 * fakta.kwh >= 3 * fakta.lalu.nilai),
            kasus={"sahlwbp": "1160", "pemkwh": "160", "pemkwh_lalu": "100", "pemkwh_rata3": "120"},
        ),
    )
    """2 x kWh >= 3 x last month's kWh, unless both are 0."""
    TURUN_50 = (
        "TURUN_50",
        Isi(
            label="Turun 50 % atau lebih",
            bobot=2,
            arti="terhadap bulan lalu",
            nilai=_turun,
            rinci=_sebut_lalu,
            sejak="1",
            kolom=lambda fakta: (fakta.lalu.nilai > 0) & (2 * fakta.kwh <= fakta.lalu.nilai),
            kasus={"sahlwbp": "1060", "pemkwh": "60", "pemkwh_lalu": "150", "pemkwh_rata3": "100"},
        ),
    )
    """2 x kWh <= last month's kWh, unless both are 0."""
    DI_ATAS_RATA3 = (
        "DI_ATAS_RATA3",
        Isi(
            label="Di atas 1,5 kali rata-rata 3 bulan",
            bobot=2,
            arti="pemakaian tiga bulan terakhir jauh lebih rendah",
            nilai=_di_atas_rata3,
            rinci=lambda fakta: (
                f"{sebut(fakta.hitungan.kwh)} kWh, rata-rata 3 bulan {sebut(fakta.bacaan.pemkwh_rata3)} kWh"
            ),
            sejak="1",
            kolom=lambda fakta: fakta.rata3.ada & (2 * fakta.kwh > 3 * fakta.rata3.nilai),
            kasus={"sahlwbp": "1200", "pemkwh": "200", "pemkwh_lalu": "150", "pemkwh_rata3": "100"},
        ),
    )
    """2 x kWh > 3 x the mean kWh of three months."""
    TANPA_FOTO = (
        "TANPA_FOTO",
        Isi(
            label="Tanpa foto",
            bobot=2,
            arti="tidak ada bukti foto",
            nilai=_tanpa_foto,
            rinci=lambda _: "tidak ada foto",
            sejak="1",
            kolom=lambda fakta: ~fakta.foto,
            kasus={"foto_url": None},
        ),
    )
    """``foto_url`` is empty. Not where ``cara_baca`` is AMR, nor for an unmetered customer."""

    DAYA_BERUBAH = (
        "DAYA_BERUBAH",
        Isi(
            label="Daya berubah bulan ini",
            bobot=2,
            arti="mutasi daya: jam nyala dijumlahkan per bagian, sebelum dan sesudah mutasi; bila stan saat mutasi "
            "tidak diketahui, daya yang lebih kecil yang dipakai",
            nilai=lambda fakta: berubah_daya(fakta.bacaan),
            rinci=_sebut_mutasi,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"daya_lama": "900", "mutasi_lwbp": "1060"},
        ),
    )
    """``daya_lama`` is there and is not ``daya``. jam nyala is then kWh before / (daya_lama / 1000) + kWh after /
    (daya / 1000), by the registers' stan at that moment (``mutasi_lwbp``, ``mutasi_wbp``). Where one is missing it is
    kWh / (the smaller daya / 1000)."""
    KVARH_DIAM = (
        "KVARH_DIAM",
        Isi(
            label="kVArh tidak bergerak",
            bobot=3,
            arti="kWh terpakai tetapi stan kVArh tetap: registernya mungkin rusak, dan dendanya salah",
            nilai=lambda fakta: fakta.hitungan.kvarh_diam and bool(fakta.hitungan.kwh),
            rinci=lambda fakta: f"stan kVArh tetap {sebut(fakta.bacaan.sahkvarh)}, {sebut(fakta.hitungan.kwh)} kWh",
            sejak=ATURAN_PRAKTIK,
            kolom=lambda fakta: fakta.kvarh_diam & (fakta.kwh > 0),
            kasus={"slakvarh": "320", "sahkvarh": "320", "fkmkvarh": "80"},
        ),
    )
    """kWh is above 0, a kVArh pair with a factor above 0 is there, its meter was not changed, and its stan stayed."""
    PERIODE_PANJANG = (
        "PERIODE_PANJANG",
        Isi(
            label="Lama sejak pembacaan lalu",
            bobot=1,
            arti="lebih dari 35 hari (atau batas pola unit) sejak dibaca terakhir: pemakaiannya lebih dari sebulan",
            nilai=lambda fakta: fakta.hari is not None and fakta.hari > fakta.aturan.ketentuan.periode_panjang,
            rinci=_sebut_periode,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"tgl_baca_lalu": "-36"},
        ),
    )
    """More than 35 days (``periode_panjang`` of the unit's pattern) lie between the days of ``tgl_baca_lalu`` and
    ``tgl_baca``, by the unit's zone."""
    PERIODE_PENDEK = (
        "PERIODE_PENDEK",
        Isi(
            label="Terlalu cepat sejak pembacaan lalu",
            bobot=1,
            arti="kurang dari 25 hari (atau batas pola unit) sejak dibaca terakhir: pemakaiannya kurang dari sebulan",
            nilai=lambda fakta: fakta.hari is not None and 0 < fakta.hari < fakta.aturan.ketentuan.periode_pendek,
            rinci=_sebut_periode,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"tgl_baca_lalu": "-24"},
        ),
    )
    """Less than 25 days (``periode_pendek`` of the unit's pattern), and more than 0, lie between the days of
    ``tgl_baca_lalu`` and ``tgl_baca``, by the unit's zone."""
    TAKSIR = (
        "TAKSIR",
        Isi(
            label="Ditaksir",
            bobot=1,
            arti="stannya tidak dibaca melainkan ditaksir; bulan berikutnya dapat melonjak",
            nilai=lambda fakta: cara(fakta.pilihan.cara_baca, CaraBaca.TAKSIR),
            rinci=lambda fakta: f"ditaksir {sebut(fakta.hitungan.kwh)} kWh",
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"cara_baca": "TAKSIR"},
        ),
    )
    """``cara_baca`` is TAKSIR."""
    SESUDAH_TAKSIR = (
        "SESUDAH_TAKSIR",
        Isi(
            label="Bulan lalu ditaksir",
            bobot=2,
            arti="bulan lalu ditagih dengan taksiran: selisihnya masuk bulan ini",
            nilai=lambda fakta: cara(fakta.pilihan.cara_baca_lalu, CaraBaca.TAKSIR),
            rinci=lambda fakta: f"bulan lalu ditaksir; {_sebut_lalu(fakta)}",
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"cara_baca_lalu": "TAKSIR"},
        ),
    )
    """``cara_baca_lalu`` is TAKSIR."""
    TAKSIR_BERULANG = (
        "TAKSIR_BERULANG",
        Isi(
            label="Berkali-kali ditaksir",
            bobot=2,
            arti="tiga bulan atau lebih dalam riwayatnya (24 bulan) ditaksir, bukan dibaca: meternya mungkin tidak "
            "terjangkau",
            nilai=lambda fakta: fakta.riwayat.taksir >= TAKSIR_BANYAK,
            rinci=lambda fakta: f"{ribuan(fakta.riwayat.taksir)} bulan ditaksir dalam {BULAN_RIWAYAT} bulan terakhir",
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={},
            kasus_lalu={"cara_baca": "TAKSIR"},
        ),
    )
    """Three or more of the 24 months before were estimated (``cara_baca`` TAKSIR)."""
    LOKASI_JAUH = (
        "LOKASI_JAUH",
        Isi(
            label="Dibaca jauh dari tempatnya",
            bobot=3,
            arti="koordinat bacaan lebih dari 500 m (atau batas pola unit) dari tempat pelanggan ini biasanya dibaca: "
            "mungkin dibaca dari jauh, atau meter orang lain",
            nilai=_lokasi_jauh,
            rinci=_sebut_lokasi,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"latitude": "0.5"},
        ),
    )
    """More than 500 metres (``lokasi_jauh`` of the unit's pattern) lie between the place of this reading and the median
    place of the customer's earlier ones in ``v_riwayat``, latitude and longitude apart. The distance is that on a
    sphere, in whole metres; (0, 0) is no place. Not where ``cara_baca`` is AMR, nor for an unmetered customer."""
    FOTO_SAMA = (
        "FOTO_SAMA",
        Isi(
            label="Foto dipakai dua kali",
            bobot=4,
            arti="alamat fotonya sama dengan foto bulan sebelumnya, atau dengan foto pelanggan lain bulan ini",
            nilai=lambda fakta: fakta.riwayat.foto is not None and _dibaca_orang(fakta),
            rinci=_sebut_foto,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"foto_url": "foto:bulan-lalu"},
        ),
    )
    """``foto_url`` is that of one of the customer's months in ``v_riwayat``, or of another customer of the unit this
    month. Judged where ``v_riwayat`` has that column. Not where ``cara_baca`` is AMR, nor for an unmetered customer."""
    DI_LUAR_KEBIASAAN = (
        "DI_LUAR_KEBIASAAN",
        Isi(
            label="Di luar kebiasaan pelanggan ini",
            bobot=4,
            arti="jauh dari pemakaian pelanggan ini sendiri: di luar median ± 3 kali simpangan (MAD) dari paling "
            "sedikit 12 bulan, dan lebih dari 40 % dari median",
            nilai=_di_luar_kebiasaan,
            rinci=_sebut_kebiasaan,
            sejak=ATURAN_PRAKTIK,
            kolom=pada_yang_polos_tidak,
            kasus={"sahlwbp": "1220", "pemkwh": "220"},
            kasus_lalu={"kwh": "150"},
        ),
    )
    """kWh lies farther from the median of the customer's months before (24 at most, 12 at least with kWh) than 3 x MAD,
    the median distance from that median, and than 40 % of the median. Not for an unmetered customer."""


TAKSIR_BANYAK = 3
"""Estimated months from which on a customer is looked at."""
PANJANG_BULAN = len("YYYYMM")
RANTAI = frozenset({Dlpd.STAN_TIDAK_SAMBUNG, Dlpd.FAKTOR_BERUBAH})
"""Flags that come of the comparison with what was last posted (:class:`~ap2t.domain.model.StanLalu`)."""

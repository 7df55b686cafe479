"""What a customer's earlier months come to, the rules that look at it, and the weight of a flagged row."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median as median_python

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.kaidah.fakta import kumpulkan_fakta
from ap2t.domain.kaidah.kebiasaan import BULAN_CUKUP, bulan_lalu, di_luar, median, ringkas, wajar
from ap2t.domain.kaidah.perhatian import UKURAN_MAKS, perhatian
from ap2t.domain.kaidah.saring import saring, saring_fakta
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import RANTAI, Dlpd
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import (
    KOLOM_RIWAYAT,
    Aturan,
    Bacaan,
    BulanLalu,
    Kebiasaan,
    Ketentuan,
    Pilihan,
    StanLalu,
    dengan_riwayat,
)
from ap2t.domain.teks import waktu_unit
from ap2t.source.normal import ke_riwayat
from ap2t.teks_copy import baca_pilihan, nilai_baris, tambah_riwayat, teks_pilihan

ATURAN = Aturan()
IDPEL, BULAN = "535110000001", "202606"
LAIN = "535110000002"
DASAR = Bacaan(
    IDPEL,
    "53511",
    BULAN,
    "A",
    tarif="R1",
    daya=Decimal(1300),
    fkmkwh=Decimal(1),
    digit_meter=Decimal(5),
    tgl_baca=datetime(2026, 5, 25, tzinfo=UTC),
    slalwbp=Decimal(1000),
    sahlwbp=Decimal(1150),
    pemkwh=Decimal(150),
    foto_url="https://foto/202606.jpg",
    latitude=Decimal("-6.9"),
    longitude=Decimal("107.6"),
)


def lalu(ke: int, **nilai: object) -> BulanLalu:
    """Return the customer's month so many months back, calm at 150 kWh, with some columns changed."""
    thblrek = bulan_tambah(BULAN, -ke)
    dasar: dict[str, object] = {
        "sahlwbp": Decimal(1150 - 150 * ke),
        "kwh": Decimal(150),
        "cara_baca": "BACA",
        "foto_url": f"https://foto/{thblrek}.jpg",
        "latitude": Decimal("-6.9"),
        "longitude": Decimal("107.6"),
    }
    return BulanLalu(IDPEL, thblrek, **{**dasar, **nilai})  # type: ignore[arg-type]


TAHUN = [lalu(ke) for ke in range(1, 13)]


def baris(bulan: list[BulanLalu], foto: str | None = None, **ganti: object) -> Bacaan:
    """Return the clean reading with what these months come to."""
    dasar = DASAR._replace(**ganti)  # type: ignore[arg-type]
    return dengan_riwayat(dasar, ringkas(dasar, bulan, KOLOM_RIWAYAT, foto))


def tanda(bacaan: Bacaan, aturan: Aturan = ATURAN) -> set[str]:
    """Return the flags of a row, which must pass."""
    hasil = saring(bacaan, aturan, bulan_lalu(bacaan, None))
    assert hasil.alasan == ()
    return set(hasil.dlpd)


def dengan_kwh(kwh: str, **ganti: object) -> dict[str, object]:
    """Return the columns of a reading of so many kWh."""
    return {"sahlwbp": 1000 + Decimal(kwh), "pemkwh": Decimal(kwh), **ganti}


# ------------------------------------------------------------------------------------------------- usual consumption


@pytest.mark.parametrize(
    ("kwh", "keluar"), [("90", False), ("89.999", True), ("210", False), ("210.001", True), ("150", False)]
)
def test_batas_empat_puluh_persen(kwh: str, keluar: bool) -> None:
    """A calm year at 150 kWh leaves 40 %, both limits included."""
    assert (Dlpd.DI_LUAR_KEBIASAAN in tanda(baris(TAHUN, **dengan_kwh(kwh)))) is keluar


@pytest.mark.parametrize(("kwh", "keluar"), [("300", False), ("300.001", True), ("0", False)])
def test_batas_tiga_mad(kwh: str, keluar: bool) -> None:
    """A year that swings leaves three times its own spread: 100 and 200 by turns are 150 and 50."""
    naik_turun = [lalu(ke, kwh=Decimal(100 if ke % 2 else 200)) for ke in range(1, 13)]
    assert (Dlpd.DI_LUAR_KEBIASAAN in tanda(baris(naik_turun, **dengan_kwh(kwh)))) is keluar


def test_sebelas_bulan_belum_biasa() -> None:
    """Less than twelve months with kWh are not usual yet. Months without kWh, and impossible ones, do not count."""
    besar = dengan_kwh("400")
    assert Dlpd.DI_LUAR_KEBIASAAN not in tanda(baris(TAHUN[:-1], **besar))
    for tanpa in (None, Decimal(-1), Decimal("1E+20"), Decimal("1.0000001")):
        assert Dlpd.DI_LUAR_KEBIASAAN not in tanda(baris([*TAHUN[:-1], lalu(12, kwh=tanpa)], **besar))
    assert Dlpd.DI_LUAR_KEBIASAAN in tanda(baris(TAHUN, **besar))


KWH = st.decimals(min_value=0, max_value=99999, places=3, allow_nan=False)


@given(st.lists(KWH, min_size=BULAN_CUKUP, max_size=24), KWH, st.randoms(use_true_random=False))
def test_kebiasaan_sifat(semua: list[Decimal], kwh: Decimal, acak: random.Random) -> None:
    """The median is Python's, the order of months does not matter, and farther out stays out (monotone)."""
    bulan = [lalu(ke, kwh=satu) for ke, satu in enumerate(semua, 1)]
    riwayat = ringkas(DASAR, bulan, KOLOM_RIWAYAT, None)
    assert riwayat is not None
    assert (riwayat.bulan, riwayat.median) == (len(semua), median_python(semua))
    assert riwayat.median is not None
    assert riwayat.mad == median_python([abs(satu - riwayat.median) for satu in semua])
    kocok = bulan.copy()
    acak.shuffle(kocok)
    assert ringkas(DASAR, kocok, KOLOM_RIWAYAT, None) == riwayat
    batas = wajar(riwayat)
    assert batas is not None
    assert di_luar(kwh, riwayat) is (not (batas.bawah <= kwh <= batas.atas))
    if di_luar(kwh, riwayat) and kwh > riwayat.median:
        assert di_luar(kwh + 1, riwayat)


def test_median_tepat() -> None:
    """An even number of months has the exact middle."""
    assert median([Decimal("0.001"), Decimal("0.002")]) == Decimal("0.0015")


# ------------------------------------------------------------------------------------------ estimates, place, photo


@pytest.mark.parametrize(("kali", "kena"), [(2, False), (3, True), (24, True)])
def test_taksir_berulang(kali: int, kena: bool) -> None:
    """Three estimated months and more, wherever they stand, are told with their number."""
    bulan = [lalu(ke, cara_baca="taksir" if ke <= kali else "BACA") for ke in range(24, 0, -1)]
    bacaan = baris(bulan)
    assert (Dlpd.TAKSIR_BERULANG in tanda(bacaan)) is kena
    rinci = Dlpd.TAKSIR_BERULANG.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, None))
    assert rinci == f"{kali} bulan ditaksir dalam 24 bulan terakhir"


def test_bulan_ganda_dihitung_sekali() -> None:
    """Of a month that v_riwayat gives twice one row counts."""
    kembar = [lalu(1, cara_baca="TAKSIR") for _ in range(3)]
    riwayat = ringkas(DASAR, [*kembar, lalu(1, kwh=Decimal(7))], KOLOM_RIWAYAT, None)
    assert riwayat is not None
    assert riwayat.bulan == 1
    assert riwayat.taksir <= 1


CARA = st.sampled_from(["BACA", "TAKSIR"])


@given(st.lists(st.tuples(st.integers(1, 4), CARA), max_size=12), st.randoms(use_true_random=False))
def test_urutan_tidak_berarti(semua: list[tuple[int, str]], acak: random.Random) -> None:
    """In whatever order months come, and a month that comes twice: they come to the same."""
    bulan = [lalu(ke, cara_baca=cara) for ke, cara in semua]
    kocok = acak.sample(bulan, len(bulan))
    assert ringkas(DASAR, bulan, KOLOM_RIWAYAT, None) == ringkas(DASAR, kocok, KOLOM_RIWAYAT, None)


@pytest.mark.parametrize(
    ("lintang", "jarak"),
    [("-6.9", 0), ("-6.895504", 500), ("-6.895495", 501), ("0", 767_246)],
)
def test_lokasi(lintang: str, jarak: int) -> None:
    """Metres on a sphere, exact at the limit: 500 is near, 501 is far. 0.0045 degrees are about 500 m."""
    bacaan = baris(TAHUN, latitude=Decimal(lintang))
    assert bacaan.pilihan is not None
    assert bacaan.pilihan.riwayat is not None
    assert bacaan.pilihan.riwayat.jarak == jarak
    assert (Dlpd.LOKASI_JAUH in tanda(bacaan)) is (jarak > 500)
    dekat = Aturan(ketentuan=Ketentuan(lokasi_jauh=100_000))
    assert (Dlpd.LOKASI_JAUH in tanda(bacaan, dekat)) is (jarak > 100_000)


def test_tempat_yang_bukan_tempat() -> None:
    """Nothing, (0, 0), and what is outside the globe is no place, now and earlier; one stray month moves no median."""
    nol, luar = {"latitude": Decimal(0), "longitude": Decimal(0)}, {"latitude": Decimal(91)}
    for ganti in (nol, luar, {"latitude": None}, {"longitude": None}):
        assert ringkas(DASAR._replace(**ganti), TAHUN, KOLOM_RIWAYAT, None)._replace(jarak=1).jarak == 1  # type: ignore[arg-type, union-attr]
        assert Dlpd.LOKASI_JAUH not in tanda(baris(TAHUN, **ganti))
        assert Dlpd.LOKASI_JAUH not in tanda(baris([lalu(ke, **ganti) for ke in range(1, 13)]))
    assert Dlpd.LOKASI_JAUH not in tanda(baris([lalu(1, latitude=Decimal(3)), *TAHUN[1:]]))


def test_foto_sama() -> None:
    """A photo of an earlier month is told with the newest such month; else of another customer; else nothing."""
    satu = baris([lalu(1), lalu(2, foto_url=DASAR.foto_url), lalu(3, foto_url=DASAR.foto_url)], LAIN)
    assert tanda(satu) == {Dlpd.FOTO_SAMA}
    assert Dlpd.FOTO_SAMA.isi.rinci(kumpulkan_fakta(satu, ATURAN, None)) == "fotonya sama dengan foto bulan 202604"
    dua = baris(TAHUN, LAIN)
    assert tanda(dua) == {Dlpd.FOTO_SAMA}
    assert Dlpd.FOTO_SAMA.isi.rinci(kumpulkan_fakta(dua, ATURAN, None)) == f"fotonya sama dengan foto pelanggan {LAIN}"
    tanpa = [lalu(ke, foto_url=None) for ke in range(1, 13)]
    assert tanda(baris(tanpa, foto_url=None)) == {Dlpd.TANPA_FOTO}


def test_amr_dan_tanpa_meter() -> None:
    """Nobody stood before a meter that is read from afar, nor before none: neither place nor photo is judged."""
    jauh = {"latitude": Decimal(3)}
    amr = dengan_riwayat(
        DASAR._replace(**jauh)._replace(pilihan=Pilihan(cara_baca="amr")),
        ringkas(DASAR._replace(**jauh), TAHUN, KOLOM_RIWAYAT, LAIN),
    )
    assert tanda(amr) == set()
    tanpa = DASAR._replace(slalwbp=None, sahlwbp=None, pemkwh=None, **jauh)
    abonemen = dengan_riwayat(
        tanpa._replace(pilihan=Pilihan(jam_abonemen=Decimal(375))), ringkas(tanpa, TAHUN, KOLOM_RIWAYAT, LAIN)
    )
    assert tanda(abonemen) == set()


# ------------------------------------------------------------------------------------------------------- the chain


def test_rantai_menurut_riwayat() -> None:
    """Where nothing later was posted here, stan lalu is compared with v_riwayat's latest month, WBP too."""
    putus = baris(TAHUN, slalwbp=Decimal(900), pemkwh=Decimal(250))
    assert Dlpd.STAN_TIDAK_SAMBUNG in tanda(putus)
    kini = bulan_lalu(putus, None)
    rinci = Dlpd.STAN_TIDAK_SAMBUNG.isi.rinci(kumpulkan_fakta(putus, ATURAN, kini))
    assert rinci == "stan lalu 900, padahal 1.000 (akhir bulan 202605)"
    assert tanda(baris(TAHUN)) == set()
    dua_tarif = baris([lalu(1, sahwbp=Decimal(5)), *TAHUN[1:]])
    assert tanda(dua_tarif) == {Dlpd.STAN_TIDAK_SAMBUNG}  # WBP stood at 5, and now there is none
    menahan = Aturan(ketentuan=Ketentuan(stan_tidak_sambung="tahan"))
    assert saring(putus, menahan, kini).alasan == (Alasan.STAN_TIDAK_SAMBUNG,)


def test_yang_disahkan_di_sini_dibandingkan_dahulu() -> None:
    """What was posted here counts, whatever v_riwayat says; a doubled factor stays one."""
    bacaan = baris(TAHUN)  # 202605 ended at 1000
    for bulan in ("202605", "202606", "202504"):
        terakhir = StanLalu(bulan, Decimal(1), None, Decimal(2))
        assert bulan_lalu(bacaan, terakhir) == terakhir
        assert set(saring(bacaan, ATURAN, terakhir).dlpd) == RANTAI
    assert bulan_lalu(DASAR, None) is None


@pytest.mark.parametrize(("bulan", "dipakai"), [("202604", True), ("202605", True), ("202606", False)])
def test_yang_disahkan_pihak_lain(bulan: str, dipakai: bool) -> None:
    """Where others posted last, v_riwayat tells, unless it ends before that month. The factor of then stays known."""
    lain = StanLalu(bulan, None, None, None)
    bacaan = baris(TAHUN, slalwbp=Decimal(900), pemkwh=Decimal(250))
    ini = bulan_lalu(bacaan, lain)
    assert (ini != lain) is dipakai
    assert (Dlpd.STAN_TIDAK_SAMBUNG in saring(bacaan, ATURAN, ini).dlpd) is dipakai
    tanpa_meter = StanLalu(bulan, None, None, Decimal(2))
    assert Dlpd.FAKTOR_BERUBAH in saring(baris(TAHUN), ATURAN, bulan_lalu(baris(TAHUN), tanpa_meter)).dlpd


@pytest.mark.parametrize("kolom", [("sahlwbp",), ("sahwbp",), ("kwh",), ()])
def test_rantai_perlu_kedua_register(kolom: tuple[str, ...]) -> None:
    """A view that tells the stan of one register only, or of none, is not compared with."""
    riwayat = ringkas(DASAR, TAHUN, kolom, None)
    assert riwayat is not None
    assert riwayat.stan_bulan is None


@pytest.mark.parametrize(
    "bulan",
    [
        [lalu(1, sahlwbp=None), *TAHUN[1:]],
        [lalu(1, sahlwbp=Decimal(7)), *TAHUN],
        [lalu(1, sahwbp=Decimal(7)), *TAHUN],
        [lalu(13)],
    ],
)
def test_bulan_terakhir_yang_tidak_bersaksi(bulan: list[BulanLalu]) -> None:
    """A latest month without a stan, with two, or older than twelve months says nothing of the chain."""
    riwayat = ringkas(DASAR, bulan, KOLOM_RIWAYAT, None)
    assert riwayat is not None
    assert riwayat.stan_bulan is None
    sekali = ringkas(DASAR, [lalu(12), lalu(12)], KOLOM_RIWAYAT, None)
    assert sekali is not None
    assert sekali.stan_bulan == "202506"


def test_yang_tidak_terbaca_bukan_register_kosong() -> None:
    """A stan that cannot be read says nothing: not that there is no register. A row without a month is left out."""
    kolom = ("idpel", "thblrek", "sahlwbp", "sahwbp", "latitude", "longitude")
    semua = ke_riwayat(
        kolom,
        [
            (IDPEL, "202605", Decimal(1000), "rusak", None, None),
            (IDPEL, '2026"5', Decimal(1000), None, None, None),
            (IDPEL, "202613", Decimal(1000), None, None, None),
            (f"{IDPEL}   ", 202604, "850", None, Decimal("-6." + "1" * 90), 5e-324),
            (IDPEL, "202603", 700, None, Decimal("-6.2"), Decimal("107.6")),
        ],
    )
    assert [(satu.idpel, satu.thblrek, satu.sahlwbp) for satu in semua] == [
        (IDPEL, "202605", None),
        (IDPEL, "202604", 850),
        (IDPEL, "202603", 700),
    ]
    riwayat = ringkas(DASAR, semua, KOLOM_RIWAYAT, None)
    assert riwayat is not None
    assert riwayat.stan_bulan is None
    assert riwayat.jarak is not None
    assert waktu_unit(datetime.max.replace(tzinfo=UTC), "Asia/Jayapura") == "31-12-9999 23:59 UTC"


# -------------------------------------------------------------------------------------------------- kept with the row

KEBIASAAN = st.builds(
    Kebiasaan,
    bulan=st.integers(0, 24),
    median=st.none() | KWH,
    mad=st.none() | KWH,
    taksir=st.integers(0, 24),
    jarak=st.none() | st.integers(0, 20_000_000),
    foto=st.none() | st.sampled_from(["202605", LAIN, 'a"b\\\t\u00e9']),
    stan_bulan=st.none() | st.just("202605"),
    stan_lwbp=st.none() | KWH,
    stan_wbp=st.none() | KWH,
)


@given(KEBIASAAN, st.booleans())
def test_tertulis_dan_terbaca(riwayat: Kebiasaan, lain: bool) -> None:
    """What is kept reads back the same, written whole or behind a row's text."""
    pilihan = Pilihan(cara_baca="AMR" if lain else None, riwayat=riwayat)
    teks = teks_pilihan(pilihan)
    assert teks is not None
    assert baca_pilihan(json.loads(teks)) == pilihan
    tanpa = teks_pilihan(pilihan._replace(riwayat=None)) if lain else "\\N"
    mentah = tambah_riwayat(f"kunci\t{tanpa}".encode(), riwayat)
    assert baca_pilihan(json.loads(nilai_baris(mentah)[1] or "")) == pilihan


@pytest.mark.parametrize("isi", [{"riwayat": []}, {"riwayat": {"bulan": 1}}, {"riwayat": {"x": "1"}}, {"riwayat": "x"}])
def test_yang_bukan_riwayat_ditolak(isi: dict[str, object]) -> None:
    """What this project never writes does not read."""
    with pytest.raises(ValueError, match="Kebiasaan"):
        baca_pilihan(isi)


# ------------------------------------------------------------------------------------------------------------ weight


def _perhatian(bacaan: Bacaan) -> tuple[Decimal, str] | None:
    hasil = perhatian(*saring_fakta(bacaan, ATURAN, None))
    return None if hasil is None else (hasil.nilai, hasil.kalimat)


def test_bobot() -> None:
    """Every flag weighs something, no reason does: a row that is held is not weighed, nor one without a flag."""
    assert all(satu.isi.bobot > 0 for satu in Dlpd)
    assert not any(satu.isi.bobot for satu in Alasan)
    assert _perhatian(DASAR) is None
    assert _perhatian(DASAR._replace(sahlwbp=Decimal(900), foto_url=None)) is None


def test_perhatian_dihitung() -> None:
    """The number is weights times size, size in spreads of the customer's own months, and the sentence says so."""
    assert _perhatian(baris(TAHUN, **dengan_kwh("190"), foto_url=None)) == (
        Decimal("6.0"),
        "6,0 = bobot 2 (Tanpa foto), dikalikan 1 + 2,0: 190 kWh terhadap 150 kWh (median 12 bulan), "
        "per 20 kWh, paling banyak 9",
    )
    naik_turun = [lalu(ke, kwh=Decimal(100 if ke % 2 else 200)) for ke in range(1, 13)]  # MAD 50, more than 20
    assert _perhatian(baris(naik_turun, **dengan_kwh("250"), foto_url=None)) == (
        Decimal("6.0"),
        "6,0 = bobot 2 (Tanpa foto), dikalikan 1 + 2,0: 250 kWh terhadap 150 kWh (median 12 bulan), per 50 kWh, "
        "paling banyak 9",
    )
    assert _perhatian(DASAR._replace(foto_url=None)) == (
        Decimal("2.0"),
        "2,0 = bobot 2 (Tanpa foto); tidak ada bulan untuk dibandingkan",
    )
    naik = DASAR._replace(**dengan_kwh("1000", pemkwh_lalu=Decimal(100), pemkwh_rata3=Decimal(100)))  # type: ignore[arg-type]
    hasil = perhatian(*saring_fakta(naik, ATURAN, None))
    assert hasil is not None
    assert hasil.kali == UKURAN_MAKS
    assert hasil.nilai == 10 * sum(satu.isi.bobot for satu in hasil.tanda)


@given(KWH, KWH)
def test_perhatian_naik_bersama_perubahan(dekat: Decimal, jauh: Decimal) -> None:
    """Of two rows with the same flags the one whose kWh moved farther weighs no less."""
    dekat, jauh = sorted((dekat, jauh))
    semua = [
        perhatian(*saring_fakta(baris(TAHUN, **dengan_kwh(str(150 + kwh)), foto_url=None), Aturan(), None))
        for kwh in (dekat, jauh)
    ]
    if None not in semua and semua[0].tanda == semua[1].tanda:  # type: ignore[union-attr]
        assert semua[0].nilai <= semua[1].nilai  # type: ignore[union-attr]

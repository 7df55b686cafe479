"""The sieve: the 2000-hour limit, what is held and why, what is flagged (SOP 12.1, rule 4; DLPD)."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ap2t.domain.kaidah.saring import Saringan, saring
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import RANTAI, Dlpd
from ap2t.domain.kalender import rentang_baca
from ap2t.domain.kontrak import baris_posting
from ap2t.domain.model import GANDA, Aturan, Bacaan, HasilSaring, StanLalu

D = Decimal
A = Alasan
ATURAN = Aturan()
POLA = re.compile(r"^[0-9]{1,12}([.][0-9]{1,6})?$")
ZONA = ZoneInfo("Asia/Jakarta")
DASAR = Bacaan(
    "535110000001",
    "53511",
    "202606",
    "A",
    daya=D(1300),
    fkmkwh=D(1),
    tgl_baca=datetime(2026, 5, 25, 3, tzinfo=UTC),
    slalwbp=D(0),
    sahlwbp=D(200),
    foto_url="https://foto/1.jpg",
)


def s(b: Bacaan = DASAR, aturan: Aturan = ATURAN, **ganti: object) -> Saringan:
    return saring(b._replace(**ganti), aturan)


def test_lolos():
    """A plain reading passes with its kWh and its jam nyala."""
    assert s() == (D(200), D("153.846"), HasilSaring.LOLOS, (), ())


@pytest.mark.parametrize(
    ("kwh", "lolos"),
    [("2600", True), ("2600.000", True), ("2600.0001", False), ("2600.000001", False), ("2601.3", False),
     ("2599.999999", True)],
)  # fmt: skip
def test_batas_2000_jam(kwh, lolos):
    """2000 h itself passes; anything above is held, however little (1300 VA: 2600 kWh)."""
    hasil = s(sahlwbp=D(kwh))
    assert hasil.alasan == (() if lolos else (A.JAM_NYALA,))
    assert hasil.hasil is (HasilSaring.LOLOS if lolos else HasilSaring.DITAHAN)
    assert hasil.kwh == D(kwh)


@pytest.mark.parametrize(("kwh", "lolos"), [("2000.000", True), ("2000.001", False), ("2000.0001", False)])
def test_batas_2000_jam_pada_1_kva(kwh, lolos):
    """At 1000 VA the kWh are the hours: 2000.0001 h is shown as 2000.000 and still held."""
    hasil = s(daya=D(1000), sahlwbp=D(kwh))
    assert (hasil.hasil is HasilSaring.LOLOS) is lolos
    assert hasil.jam_nyala == D(kwh).quantize(D("0.001"))


@given(st.integers(1, 10**7), st.integers(-3, 3), st.integers(1, 2000), st.integers(1, 10**6))
def test_batas_persis_sama(daya, geser, batas, fkm):
    """Around exact equality the decision is that of exact fractions: held if and only if kWh / kVA > limit."""
    fkmkwh = D(fkm).scaleb(-6)
    sah = D(batas * daya * 1000 + geser).scaleb(-6)
    hasil = s(daya=D(daya), sahlwbp=max(sah, D(0)), fkmkwh=D(1), aturan=Aturan(batas_jam_nyala=D(batas)))
    jam = Fraction(max(sah, D(0))) / Fraction(daya, 1000)
    assert (A.JAM_NYALA in hasil.alasan) is (jam > batas)
    lain = s(daya=D(daya), sahlwbp=max(sah, D(0)), fkmkwh=fkmkwh, aturan=Aturan(batas_jam_nyala=D(batas)))
    assert (A.JAM_NYALA in lain.alasan) is (jam * Fraction(fkmkwh) > batas)


@given(st.integers(0, 10**12), st.integers(1, 10**7))
def test_jam_nyala_dibulatkan_setengah_ke_atas(mili, daya):
    """Jam nyala is kWh / kVA rounded HALF UP to 3 decimals, for information."""
    hasil = s(sahlwbp=D(mili).scaleb(-3), daya=D(daya))
    q = Fraction(mili, daya)
    assert Fraction(hasil.jam_nyala) == Fraction(math.floor(q * 1000 + Fraction(1, 2)), 1000)
    assert -hasil.jam_nyala.as_tuple().exponent == 3


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**5))
def test_pemakaian_lebih_tidak_pernah_melonggarkan(a, b, daya):
    """Monotone: if a reading is over the limit, a higher one of the same customer is too."""
    kecil, besar = sorted((D(a), D(b)))
    if A.JAM_NYALA in s(sahlwbp=kecil, daya=D(daya)).alasan:
        assert A.JAM_NYALA in s(sahlwbp=besar, daya=D(daya)).alasan


def test_batas_unit_lebih_ketat():
    """A unit may be stricter."""
    ketat = Aturan(batas_jam_nyala=D(720))
    assert s(sahlwbp=D(936), aturan=ketat).hasil is HasilSaring.LOLOS
    assert s(sahlwbp=D("936.001"), aturan=ketat).alasan == (A.JAM_NYALA,)


@pytest.mark.parametrize("batas", ["2000.0001", "2001", "NaN", "Infinity", "0", "-1"])
def test_batas_tidak_boleh_di_atas_2000(batas):
    """No rule set may allow more than 2000 hours, or be no limit at all."""
    with pytest.raises(ValueError, match="batas jam nyala"):
        s(aturan=Aturan(batas_jam_nyala=D(batas)))


def test_pemkwh_acmt():
    """ACMT's own kWh, where it has one, must equal ours exactly (tolerance 0)."""
    assert s(pemkwh=D("200.000")).hasil is HasilSaring.LOLOS
    assert s(pemkwh=D("200.000001")).alasan == (A.SELISIH_KWH,)
    assert s(pemkwh=D(-200)).alasan == (A.SELISIH_KWH,)
    assert s(cacat={"pemkwh": "dua ratus"}).alasan == (A.DATA_TIDAK_VALID,)


def test_nilai_yang_tidak_muat_kontrak():
    """A value that would be sent has at most 12 digits before and 6 after the point."""
    assert s(sahlwbp=D("200.0000001")).alasan == (A.DATA_TIDAK_VALID,)
    assert s(sahlwbp=D("200.0000000")).hasil is HasilSaring.LOLOS
    assert s(slakvarh=D(0), sahkvarh=D("0.0000001"), fkmkvarh=D(1)).alasan == (A.DATA_TIDAK_VALID,)
    assert s(slakvarh=D(0), sahkvarh=D(10**12), fkmkvarh=D(1)).alasan == (A.DATA_TIDAK_VALID,)
    assert s(slawbp=D("0.1234567"), sahwbp=D("0.1234567")).alasan == (A.DATA_TIDAK_VALID,)
    assert s(fkmkwh=D("0.0000001"), sahlwbp=D(1)).alasan == (A.DATA_TIDAK_VALID,)
    besar = s(fkmkwh=D(10**7), sahlwbp=D(10**6))
    assert besar.alasan == (A.DATA_TIDAK_VALID, A.JAM_NYALA)


@pytest.mark.parametrize(
    "idpel", ["53511000001", "5351100000012", "53511000000A", "53511000000\n", "", "53511000000\u0661"]
)
def test_idpel(idpel):
    """The idpel is 12 digits."""
    assert s(idpel=idpel).alasan == (A.DATA_TIDAK_VALID,)


def test_tanpa_tgl_baca():
    """Without a reading date there is nothing to send."""
    assert s(tgl_baca=None).alasan == (A.DATA_TIDAK_VALID,)
    assert s(tgl_baca=None, cacat={"tgl_baca": "31/02/2026"}).alasan == (A.DATA_TIDAK_VALID,)


def test_semua_alasan_berurutan():
    """Every reason that can be told is told, in the enum's order."""
    b = DASAR._replace(idpel="x", sahlwbp=D(9000), slakvarh=D(-1), sahkvarh=D(1), pemkwh=D(1))
    assert s(b).alasan == (A.STAN_TIDAK_VALID, A.DATA_TIDAK_VALID, A.SELISIH_KWH, A.JAM_NYALA)
    kosong = Bacaan("x", "53511", "202606", "A")
    assert s(kosong) == (
        None,
        None,
        HasilSaring.DITAHAN,
        (A.BELUM_DIBACA, A.STAN_TIDAK_VALID, A.DAYA_TIDAK_VALID, A.FAKTOR_TIDAK_VALID, A.DATA_TIDAK_VALID),
        (Dlpd.TANPA_FOTO,),
    )


def test_daya_tidak_sah():
    """Without a daya there is no jam nyala, but the kWh and what follows from it are told."""
    assert s(daya=D(0), pemkwh=D(1)) == (D(200), None, HasilSaring.DITAHAN, (A.DAYA_TIDAK_VALID, A.SELISIH_KWH), ())


@pytest.mark.parametrize(
    ("kwh", "flag"),
    [("720", Dlpd.JAM_NYALA_TINGGI), ("719.999999", None), ("40", None), ("39.999999", Dlpd.JAM_NYALA_RENDAH),
     ("0.000001", Dlpd.JAM_NYALA_RENDAH), ("0", Dlpd.KWH_NOL)],
)  # fmt: skip
def test_dlpd_jam_nyala(kwh, flag):
    """Warned from 720 h on, below 40 h and above 0, and at zero kWh; never held for it (1000 VA)."""
    hasil = s(daya=D(1000), sahlwbp=D(kwh))
    assert hasil.hasil is HasilSaring.LOLOS
    assert hasil.dlpd == (() if flag is None else (flag,))


@pytest.mark.parametrize(
    ("lalu", "flag"),
    [("133.333333", Dlpd.NAIK_50), ("133.333334", None), ("400", Dlpd.TURUN_50), ("399.999999", None),
     ("200", None), ("0", Dlpd.NAIK_50), ("-1", None)],
)  # fmt: skip
def test_dlpd_terhadap_bulan_lalu(lalu, flag):
    """50 % or more against last month either way; from zero to something is a rise (200 kWh now)."""
    assert s(pemkwh_lalu=D(lalu)).dlpd == (() if flag is None else (flag,))


def test_dlpd_tepat_lima_puluh_persen():
    """Exactly 50 % more than last month is a rise of 50 %."""
    assert s(sahlwbp=D(300), pemkwh_lalu=D(200)).dlpd == (Dlpd.NAIK_50,)
    assert s(sahlwbp=D("299.999999"), pemkwh_lalu=D(200)).dlpd == ()


def test_dlpd_nol_terhadap_bulan_lalu():
    """From something to zero is a fall; from zero to zero is neither."""
    assert s(sahlwbp=D(0), pemkwh_lalu=D(10)).dlpd == (Dlpd.KWH_NOL, Dlpd.TURUN_50)
    assert s(sahlwbp=D(0), pemkwh_lalu=D(0)).dlpd == (Dlpd.KWH_NOL,)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_dlpd_lima_puluh_persen(kini, lalu):
    """|kWh - last| >= 50 % of last month's, as fractions say it."""
    dlpd = s(sahlwbp=D(kini), pemkwh_lalu=D(lalu)).dlpd
    beda = abs(kini - lalu) >= Fraction(lalu, 2) and kini != lalu
    assert (Dlpd.NAIK_50 in dlpd) is (beda and kini > lalu)
    assert (Dlpd.TURUN_50 in dlpd) is (beda and kini < lalu)


def test_dlpd_rata_rata_dan_foto():
    """Over 1.5 times the 3-month average; no photo or a blank one."""
    assert s(sahlwbp=D(300), pemkwh_rata3=D(200)).dlpd == ()
    assert s(sahlwbp=D("300.000001"), pemkwh_rata3=D(200)).dlpd == (Dlpd.DI_ATAS_RATA3,)
    assert s(foto_url=None).dlpd == (Dlpd.TANPA_FOTO,)
    assert s(foto_url="  ").dlpd == (Dlpd.TANPA_FOTO,)


def test_dlpd_berurutan():
    """Flags stand in the enum's order, and come with held rows too."""
    b = DASAR._replace(digit_meter=D(5), slalwbp=D(99900), sahlwbp=D(836), foto_url=None, pemkwh_lalu=D(1), pemkwh=D(0))
    assert s(b).alasan == (A.SELISIH_KWH,)
    assert s(b).dlpd == (Dlpd.JAM_NYALA_TINGGI, Dlpd.ROLLOVER, Dlpd.NAIK_50, Dlpd.TANPA_FOTO)
    ganti = s(slalwbp=D(10), lwbpcabut=D(10), lwbppasang=D(5), sahlwbp=D(5))
    assert ganti.dlpd == (Dlpd.KWH_NOL, Dlpd.GANTI_METER)


def test_kvarh():
    """A kVArh pair is judged beside the kWh: held, or flagged as a rollover; a rollover of both is told once."""
    b = DASAR._replace(digit_meter=D(5), slakvarh=D(99950), sahkvarh=D(120), fkmkvarh=D(1))
    assert s(b) == (D(200), D("153.846"), HasilSaring.LOLOS, (), (Dlpd.ROLLOVER,))
    assert s(b, slalwbp=D(99950), sahlwbp=D(150)).dlpd == (Dlpd.ROLLOVER,)
    assert s(b, slakvarh=D(300)).alasan == (A.KVARH_TIDAK_VALID,)
    assert s(b, sahkvarh=D(99951), fkmkvarh=D(0)).alasan == (A.KVARH_TIDAK_VALID,)
    ganti = {"lwbpcabut": D(10), "lwbppasang": D(0)}
    assert s(b, slakvarh=D(300), **ganti).dlpd == (Dlpd.GANTI_METER,)
    assert s(b, slakvarh=D(300), lwbpcabut=D(0), lwbppasang=D(0)).alasan == (A.KVARH_TIDAK_VALID,)


MULAI, KINI = date(2026, 5, 25), datetime(2026, 5, 28, 4, 30, tzinfo=UTC)
WAJAR = A.TGL_BACA_TIDAK_WAJAR


@pytest.mark.parametrize("zona", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_tgl_baca_tepat_di_batas(zona):
    """From the first instant of the seventh day before the calendar, in the unit's zone, to the snapshot's instant."""
    awal = datetime(2026, 5, 18, tzinfo=ZoneInfo(zona))
    aturan = Aturan(rentang_baca=rentang_baca(MULAI, KINI, zona))
    saat = timedelta(microseconds=1)
    for boleh in (awal, awal + saat, KINI, KINI - saat):
        assert s(aturan=aturan, tgl_baca=boleh.astimezone(UTC)).hasil is HasilSaring.LOLOS
    for tidak in (awal - saat, KINI + saat, datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)):
        assert s(aturan=aturan, tgl_baca=tidak).alasan == (WAJAR,)


def test_tgl_baca_tanpa_kalender():
    """Without a calendar row the reading day is not judged; without a reading day there is nothing to judge."""
    assert s(tgl_baca=datetime(1970, 1, 1, tzinfo=UTC)).hasil is HasilSaring.LOLOS
    assert s(tgl_baca=None, aturan=Aturan(rentang_baca=(KINI, KINI))).alasan == (A.DATA_TIDAK_VALID,)


@given(st.integers(-40, 40), st.integers(0, 20), st.integers(0, 23))
def test_tgl_baca_menurut_hari(geser, lama, jam):
    """The rule as a person says it, in days of the unit's zone."""
    zona = ZoneInfo("Asia/Jayapura")
    kini = datetime(2026, 5, 25, 12, tzinfo=zona) + timedelta(days=lama)
    baca = datetime(2026, 5, 25, jam, tzinfo=zona) + timedelta(days=geser)
    ditahan = WAJAR in s(tgl_baca=baca, aturan=Aturan(rentang_baca=rentang_baca(MULAI, kini, zona.key))).alasan
    assert ditahan is ((MULAI - baca.date()).days > 7 or baca > kini)


LALU = StanLalu("202605", D(0), None, D(1))


def rantai(lalu: StanLalu = LALU, b: Bacaan = DASAR, **ganti: object) -> set[Dlpd]:
    """Return the flags of the chain on a row; they never change anything else."""
    b = b._replace(**ganti)
    dengan, tanpa = saring(b, ATURAN, lalu), saring(b, ATURAN)
    assert dengan[:4] == tanpa[:4]
    assert set(dengan.dlpd) - RANTAI == set(tanpa.dlpd)
    return set(dengan.dlpd) & RANTAI


def test_rantai_sambung():
    """Stan lalu that is the last posted stan akhir, and the same factor: no flag; nothing known: none either."""
    assert rantai() == set()
    assert rantai(LALU._replace(lwbp=D("0.000"), wbp=D(0), fkm=D("1.0"))) == set()
    assert rantai(LALU._replace(wbp=None), slawbp=D(0), sahwbp=D(1)) == set()  # a WBP register that begins at 0


def test_rantai_putus():
    """However little stan lalu differs from the last posted one, in either register: flagged, never held."""
    putus = {Dlpd.STAN_TIDAK_SAMBUNG}
    assert rantai(slalwbp=D("0.000001")) == putus
    assert rantai(LALU._replace(lwbp=D(13891)), slalwbp=D(14391), sahlwbp=D(14400)) == putus
    assert rantai(LALU._replace(wbp=D(5)), slawbp=D(6), sahwbp=D(7)) == putus
    assert rantai(LALU._replace(wbp=D(5))) == putus  # the WBP register is gone
    assert rantai(slawbp=D(6), sahwbp=D(7)) == putus  # one came that does not begin at 0
    assert saring(DASAR._replace(slalwbp=D(1)), ATURAN, LALU).hasil is HasilSaring.LOLOS


def test_rantai_faktor():
    """A factor other than the last posted one is flagged; both flags stand side by side."""
    assert rantai(LALU._replace(fkm=D(10))) == {Dlpd.FAKTOR_BERUBAH}
    assert rantai(LALU._replace(fkm=D(10)), slalwbp=D(1)) == RANTAI
    assert rantai(LALU._replace(fkm=None)) == set()


def test_rantai_bulan_ganti_meter():
    """With a meter change the chain is not judged; (0, 0) is no change."""
    lain = StanLalu("202605", D(7), None, D(10))
    assert rantai(lain, lwbpcabut=D(10), lwbppasang=D(5)) == set()
    assert rantai(lain, lwbpcabut=D(0), lwbppasang=D(0)) == RANTAI


def test_rantai_yang_tidak_dapat_dinilai():
    """What is missing or unreadable this month is held for that, and not compared."""
    lain = StanLalu("202605", D(7), D(3), D(10))
    assert rantai(lain, slalwbp=None, cacat={"slalwbp": "x", "slawbp": "y"}, fkmkwh=None) == set()
    assert rantai(lain, fkmkwh=None, slalwbp=D(7), slawbp=D(3), sahwbp=D(3)) == set()


angka_stan = st.one_of(st.none(), st.integers(0, 3).map(D))


@given(st.lists(angka_stan, min_size=4, max_size=4), st.integers(1, 2), st.integers(1, 2), st.booleans())
def test_rantai_menurut_aturan(stan, fkm, fkm_lalu, ganti):
    """The rule written out: null and 0 alike for WBP, nothing without a stan lalu, nothing with a meter change.

    A month without a stan akhir is one that nobody knows: others posted it, or there was no meter.
    """
    sla, slw, lwbp, wbp = stan
    b = DASAR._replace(slalwbp=sla, slawbp=slw, sahwbp=slw, fkmkwh=D(fkm), sahlwbp=D(200))
    if ganti:
        b = b._replace(lwbpcabut=D(9), lwbppasang=D(9))
    hasil = rantai(StanLalu("202605", lwbp, wbp, D(fkm_lalu)), b)
    putus = lwbp is not None and ((sla is not None and sla != lwbp) or (slw or 0) != (wbp or 0))
    assert hasil == ({Dlpd.STAN_TIDAK_SAMBUNG} if putus and not ganti else set()) | (
        {Dlpd.FAKTOR_BERUBAH} if fkm != fkm_lalu and not ganti else set()
    )


@pytest.mark.parametrize("kolom", ["pemkwh_lalu", "pemkwh_rata3", "latitude", "fkmkvarh", "nama", "foto_url"])
def test_nan_pada_kolom_peringatan(kolom):
    """A value that cannot be read holds its row also where it only warns: else a warning would be missing unseen."""
    assert s(**{kolom: None}, cacat={kolom: "NaN"}).alasan == (A.DATA_TIDAK_VALID,)


def test_lebih_dari_sekali_di_acmt():
    """A customer with two rows is held whatever stands in them."""
    assert s(cacat={GANDA: "2 baris"}).alasan == (A.GANDA,)


def test_kehilangan_digit():
    """Arithmetic that would lose a digit is DATA_TIDAK_VALID, never a guess."""
    panjang = D("1." + "0" * 85 + "1")
    assert A.DATA_TIDAK_VALID in s(daya=panjang).alasan
    assert A.DATA_TIDAK_VALID in s(daya=D("1E-999")).alasan


WAJIB = {
    "slalwbp": D(10), "sahlwbp": D(20), "slawbp": D(1), "sahwbp": D(2), "slakvarh": D(0), "sahkvarh": D(1),
    "daya": D(1300), "fkmkwh": D(1), "fkmkvarh": D(1), "pemkwh": D(11), "digit_meter": D(5),
}  # fmt: skip


@pytest.mark.parametrize("kolom", sorted(WAJIB))
@pytest.mark.parametrize("rusak", ["hilang", "cacat", "-1", "-0.0001", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_nilai_rusak_tidak_pernah_lolos(kolom, rusak):
    """A row with a missing, negative or non-numeric value never passes."""
    b = DASAR._replace(**WAJIB)
    assert s(b).hasil is HasilSaring.LOLOS
    boleh_null = rusak == "hilang" and kolom in ("pemkwh", "digit_meter")
    ganti = {kolom: None if rusak in ("hilang", "cacat") else D(rusak)}
    hasil = s(b, **ganti, cacat={kolom: "?"} if rusak == "cacat" else None).hasil
    assert hasil is (HasilSaring.LOLOS if boleh_null else HasilSaring.DITAHAN)


angka_apa_saja = st.one_of(
    st.none(),
    st.integers(0, 10**5).map(Decimal),
    st.integers(0, 10**9).map(lambda n: D(n).scaleb(-4)),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from([D(0), D("-0"), D("1E+11"), D("1E-6"), D("1E-7"), D("0E+40"), D("99999.999999")]),
)
KOLOM = ("daya", "fkmkwh", "fkmkvarh", "digit_meter", "slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh",
         "lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang", "fkmkwh_lama", "pemkwh", "pemkwh_lalu",
         "pemkwh_rata3")  # fmt: skip


@settings(max_examples=1000)
@given(
    st.sampled_from([DASAR, DASAR._replace(**WAJIB), DASAR._replace(lwbpcabut=D(5), lwbppasang=D(1))]),
    st.dictionaries(st.sampled_from(KOLOM), angka_apa_saja, max_size=4),
    st.sets(st.sampled_from(KOLOM), max_size=1),
)
def test_yang_lolos_selalu_menurut_kontrak(dasar, ganti, cacat):
    """Whatever the source holds: saring never raises, and what passes fits the contract and the limit."""
    b = dasar._replace(**ganti)
    b = b._replace(**dict.fromkeys(cacat), cacat=dict.fromkeys(cacat, "?"))
    hasil = saring(b, ATURAN)
    assert (hasil.hasil is HasilSaring.LOLOS) is (hasil.alasan == ())
    assert list(hasil.alasan) == [a for a in A if a in hasil.alasan]
    assert list(hasil.dlpd) == [d for d in Dlpd if d in hasil.dlpd]
    if hasil.hasil is HasilSaring.LOLOS:
        baris = baris_posting(b, hasil.kwh, hasil.jam_nyala, ZONA)
        angka = [v for k, v in baris.items() if k not in ("idpel", "tgl_baca") and v is not None]
        assert len(angka) >= 4
        assert all(POLA.match(v) for v in angka)
        assert Fraction(hasil.kwh) * 1000 <= 2000 * Fraction(b.daya)
        assert b.pemkwh is None or b.pemkwh == hasil.kwh

"""Numbers without loss: reading them, writing them, and the contract's ``Angka``."""

from __future__ import annotations

import math
import re
from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.angka import KONTEKS, bagi_tiga_desimal, kanonik, ke_desimal, muat_kontrak

D = Decimal
ANGKA = re.compile(r"[0-9]{1,12}([.][0-9]{1,6})?")
desimal = st.decimals(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("nilai", "hasil"),
    [
        (None, (None, None)),
        ("", (None, None)),
        ("  \t", (None, None)),
        (7, (D(7), None)),
        (D("1.50"), (D("1.50"), None)),
        (" 12.5 ", (D("12.5"), None)),
        ("-3", (D(-3), None)),
        (".5", (D("0.5"), None)),
        ("1E+3", (D(1000), None)),
        (0.1, (D("0.1"), None)),
        (True, (None, "True")),
        (False, (None, "False")),
        ("NaN", (None, "NaN")),
        (D("NaN"), (None, "NaN")),
        (D("sNaN"), (None, "sNaN")),
        (D("-Infinity"), (None, "-Infinity")),
        (math.nan, (None, "nan")),
        (math.inf, (None, "inf")),
        ("inf", (None, "inf")),
        ("12,5", (None, "12,5")),
        ("1_000", (None, "1_000")),
        ("\u0661\u0662", (None, "\u0661\u0662")),
        (" x1 ", (None, " x1 ")),
        ("1E+99999999999999999999", (None, "1E+99999999999999999999")),
        ("1E+1000", (D("1E+1000"), None)),
        ("1E-1000", (D("1E-1000"), None)),
        ("1E+1001", (None, "1E+1001")),
        ("1E-1001", (None, "1E-1001")),
        ("7".zfill(2000), (D(7), None)),
        ("7".zfill(2001), (None, "7".zfill(2001))),
    ],
)
def test_ke_desimal(nilai, hasil):
    """A value is an exact number, nothing, or raw text; text is read strictly, never as Python reads it."""
    assert ke_desimal(nilai) == hasil


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_dibaca_lewat_teks(nilai):
    """A float is read through its shortest text, so no binary digits appear."""
    d, sisa = ke_desimal(nilai)
    assert sisa is None
    assert float(d) == nilai
    assert len(d.as_tuple().digits) <= 18 or abs(nilai) >= 1e16


@given(st.one_of(st.text(), st.integers(), desimal, st.booleans(), st.binary()))
def test_ke_desimal_tidak_pernah_gagal(nilai):
    """Whatever the source holds, reading it never raises and never gives both a value and raw text."""
    d, sisa = ke_desimal(nilai)
    assert d is None or (sisa is None and d.is_finite())


@pytest.mark.parametrize(
    ("nilai", "teks"),
    [("3600.000", "3600"), ("0.50", "0.5"), ("1E+3", "1000"), ("-0", "0"), ("0E+5", "0"), ("0.000", "0"),
     ("100", "100"), ("-1.20", "-1.2"), ("1E-6", "0.000001")],
)  # fmt: skip
def test_kanonik(nilai, teks):
    """Canonical text of the contract: no exponent, no trailing zeros, no minus zero."""
    assert kanonik(D(nilai)) == teks


def test_kanonik_angka_panjang_utuh():
    """More digits than the default decimal context holds are written whole."""
    teks = "1" * 60 + "." + "3" * 60
    assert kanonik(D(teks)) == teks


@pytest.mark.parametrize("nilai", ["NaN", "Infinity"])
def test_kanonik_menolak_bukan_bilangan(nilai):
    """There is no canonical text of NaN or infinity."""
    with pytest.raises(ValueError, match="canonical"):
        kanonik(D(nilai))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=D("-1e40"), max_value=D("1e40")))
def test_kanonik_bolak_balik(d):
    """Canonical text reads back as the same number, and equal numbers have one text."""
    teks = kanonik(d)
    assert D(teks) == d
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?", teks)
    assert kanonik(D(teks)) == teks
    assert kanonik(D(format(d, "f") + ("000" if "." in format(d, "f") else ".000"))) == teks


@pytest.mark.parametrize(
    ("nilai", "muat"),
    [("0", True), ("-0", True), ("999999999999.999999", True), ("1000000000000", False), ("1E+11", True),
     ("1E+12", False), ("0.000001", True), ("0.0000001", False), ("1.5000000000", True), ("-0.000001", False),
     ("NaN", False), ("sNaN", False), ("Infinity", False), ("1E-999999", False), ("1E+999999", False),
     ("0E+999", True)],
)  # fmt: skip
def test_muat_kontrak(nilai, muat):
    """Angka: 12 digits before the point, 6 after it, not negative; trailing zeros do not count."""
    assert muat_kontrak(D(nilai)) is muat


@given(
    st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, min_value=D("-1e14"), max_value=D("1e14"), places=7),
        st.integers(-(10**13), 10**13).map(lambda n: D(n).scaleb(-6)),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=D("-1e30"), max_value=D("1e30")),
    )
)
def test_muat_kontrak_sama_dengan_pola(d):
    """A number fits exactly when its canonical text matches the contract's pattern."""
    assert muat_kontrak(d) is bool(ANGKA.fullmatch(kanonik(d)))


def test_konteks_menolak_kehilangan_digit():
    """The shared context raises instead of dropping a digit."""
    with pytest.raises(Inexact):
        KONTEKS.divide(D(1), D(3))
    with pytest.raises(Inexact):
        KONTEKS.add(D("1E+90"), D(1))


@given(st.integers(0, 10**18), st.integers(1, 10**12), st.integers(-6, 3))
def test_bagi_tiga_desimal(a, b, skala):
    """Rounding HALF UP to 3 decimals is that of the exact quotient."""
    pembilang = D(a).scaleb(skala)
    q = Fraction(pembilang) / b
    assert Fraction(bagi_tiga_desimal(pembilang, D(b))) == Fraction(math.floor(q * 1000 + Fraction(1, 2)), 1000)


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_bagi_tepat_di_tengah(n, penyebut):
    """An exact half is rounded up."""
    pembilang = KONTEKS.multiply(D(2 * n + 1).scaleb(-4) * 5, D(penyebut))
    assert bagi_tiga_desimal(pembilang, D(penyebut)) == D(n + 1).scaleb(-3)


def test_bagi_tidak_membulatkan_dua_kali():
    """A quotient just under a half stays under it, even where 80 digits do not show the difference."""
    assert bagi_tiga_desimal(D(5 * 10**89 - 1), D("1E+93")) == D("0.000")
    assert bagi_tiga_desimal(D(5 * 10**89), D("1E+93")) == D("0.001")

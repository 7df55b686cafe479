"""kWh of one reading: factors, meter changes, rollovers, unusable stans."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ap2t.domain.kaidah.fakta import Fakta, Terhitung
from ap2t.domain.kaidah.kwh import hitung
from ap2t.domain.kaidah.saring import tanpa_bukan_bilangan
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import Aturan, Bacaan

D = Decimal
A = Alasan
DASAR = Bacaan(
    "535110000001",
    "53511",
    "202606",
    "A",
    daya=D(1300),
    fkmkwh=D(1),
    digit_meter=D(5),
    tgl_baca=datetime(2026, 5, 25, 3, tzinfo=UTC),
    slalwbp=D(1000),
    sahlwbp=D(1200),
)
DUA_TARIF = DASAR._replace(slawbp=D(50), sahwbp=D(80))
GANTI = DASAR._replace(sahlwbp=D(30), lwbpcabut=D(1100), lwbppasang=D(5))
GANTI_DUA = GANTI._replace(slawbp=D(50), sahwbp=D(8), wbpcabut=D(60), wbppasang=D(2))
stan = st.integers(0, 99_999_999).map(lambda n: D(n).scaleb(-3))
faktor = st.integers(1, 4_000_000).map(lambda n: D(n).scaleb(-3))


class HasilKwh(NamedTuple):
    """The kWh of a row, and of the reasons and flags those that its stans alone tell."""

    kwh: Decimal | None
    alasan: tuple[Alasan, ...]
    dlpd: tuple[Dlpd, ...]


def hitung_kwh(b: Bacaan) -> HasilKwh:
    """Compute a row, and ask the rules of its stans."""
    try:
        fakta = Fakta(b, Aturan(), None, hitung(b), Terhitung())
    except InvalidOperation:
        return hitung_kwh(tanpa_bukan_bilangan(b))
    stan = [A.BELUM_DIBACA, A.STAN_TIDAK_VALID, A.STAN_MUNDUR, A.DAYA_TIDAK_VALID, A.FAKTOR_TIDAK_VALID]
    alasan = [a for a in stan if a.isi.nilai(fakta)] + [A.DATA_TIDAK_VALID] * fakta.hitungan.data_rusak
    dlpd = [Dlpd.ROLLOVER] * fakta.hitungan.rollover + [Dlpd.GANTI_METER] * fakta.hitungan.ganti
    return HasilKwh(fakta.hitungan.kwh, tuple(alasan), tuple(dlpd))


def kwh(b: Bacaan = DASAR, **ganti: object) -> Decimal | None:
    """Return the kWh of a row that must have no reason against it."""
    hasil = hitung_kwh(b._replace(**ganti))
    assert hasil.alasan == ()
    return hasil.kwh


def alasan(b: Bacaan = DASAR, **ganti: object) -> tuple[Alasan, ...]:
    """Return the reasons against a row that must have some."""
    hasil = hitung_kwh(b._replace(**ganti))
    assert hasil.alasan
    return hasil.alasan


def test_satu_dan_dua_tarif():
    """(sah - sla) x fkm; LWBP and WBP added; single tariff where both WBP stans are null."""
    assert kwh() == 200
    assert kwh(fkmkwh=D("1.5")) == 300
    assert kwh(DUA_TARIF, fkmkwh=D(40)) == 230 * 40
    assert kwh(sahlwbp=D(1000)) == 0


@given(stan, stan, stan, stan, faktor)
def test_rumus_tanpa_ganti(a, b, c, d, fkm):
    """Without a change the kWh is that of exact fractions."""
    (sla, sah), (slw, saw) = sorted((a, b)), sorted((c, d))
    hasil = kwh(slalwbp=sla, sahlwbp=sah, slawbp=slw, sahwbp=saw, fkmkwh=fkm, digit_meter=None)
    assert Fraction(hasil) == (Fraction(sah) - Fraction(sla) + Fraction(saw) - Fraction(slw)) * Fraction(fkm)


@given(st.lists(stan, min_size=8, max_size=8), faktor, st.one_of(st.none(), faktor))
def test_rumus_dengan_ganti(nilai, fkm, lama):
    """With a meter change each segment has its own meter's factor; null means the same factor."""
    sla, cabut, slw, wcabut = *sorted(nilai[0:2]), *sorted(nilai[2:4])
    pasang, sah, wpasang, saw = *sorted(nilai[4:6]), *sorted(nilai[6:8])
    assume((cabut or pasang) and (wcabut or wpasang))  # (0, 0) is no change
    b = DASAR._replace(
        slalwbp=sla, sahlwbp=sah, lwbpcabut=cabut, lwbppasang=pasang, slawbp=slw, sahwbp=saw, wbpcabut=wcabut,
        wbppasang=wpasang, fkmkwh=fkm, fkmkwh_lama=lama, digit_meter=None,
    )  # fmt: skip
    f_baru, f_lama = Fraction(fkm), Fraction(fkm if lama is None else lama)
    oracle = (Fraction(cabut) - Fraction(sla) + Fraction(wcabut) - Fraction(slw)) * f_lama
    oracle += (Fraction(sah) - Fraction(pasang) + Fraction(saw) - Fraction(wpasang)) * f_baru
    assert Fraction(kwh(b)) == oracle
    assert hitung_kwh(b).dlpd == (Dlpd.GANTI_METER,)


@given(stan, stan, stan)
def test_naik_bersama_stan_akhir(a, b, c):
    """A higher stan akhir never gives less kWh."""
    sla, sah, lebih = sorted((a, b, c))
    assert kwh(slalwbp=sla, sahlwbp=sah) <= kwh(slalwbp=sla, sahlwbp=lebih)


NOL_GANTI = {"lwbpcabut": D(0), "lwbppasang": D(0), "wbpcabut": D(0), "wbppasang": D(0)}
KOSONG_GANTI = dict.fromkeys(NOL_GANTI)


def test_nol_bukan_ganti():
    """(0, 0) for cabut and pasang is no change, in one register or both: no flag, no factor of an old meter."""
    assert hitung_kwh(DASAR._replace(lwbpcabut=D(0), lwbppasang=D("0.000"))) == (D(200), (), ())
    assert hitung_kwh(DASAR._replace(**NOL_GANTI)) == (D(200), (), ())
    assert hitung_kwh(DUA_TARIF._replace(**NOL_GANTI, fkmkwh_lama=D(-3))) == (D(230), (), ())
    gulung = DASAR._replace(slalwbp=D(99950), sahlwbp=D(100), **NOL_GANTI)
    assert hitung_kwh(gulung) == (D(150), (), (Dlpd.ROLLOVER,))


def test_separuh_nol_tetap_separuh():
    """0 beside nothing is half a change; 0 beside a stan is a change, which a stan above 0 cannot come before."""
    assert alasan(lwbpcabut=D(0)) == (A.STAN_TIDAK_VALID,)
    assert alasan(lwbppasang=D(0)) == (A.STAN_TIDAK_VALID,)
    assert alasan(lwbpcabut=D(0), lwbppasang=D(5)) == (A.STAN_MUNDUR,)
    assert kwh(slalwbp=D(0), lwbpcabut=D(0), lwbppasang=D(5)) == 1195
    assert alasan(cacat={"lwbpcabut": "x"}, lwbppasang=D(0)) == (A.STAN_TIDAK_VALID,)


def test_nol_di_samping_yang_diganti():
    """A register with (0, 0) beside one that was changed is not changed: held as with null, also if it stood at 0."""
    for nol in (KOSONG_GANTI, NOL_GANTI):
        satu = {k: v for k, v in nol.items() if k.startswith("wbp")}
        assert alasan(GANTI_DUA, **satu) == (A.STAN_TIDAK_VALID,)
        assert alasan(GANTI_DUA, **satu, slawbp=D(0)) == (A.STAN_TIDAK_VALID,)
        lain = {k: v for k, v in nol.items() if k.startswith("lwbp")}
        assert alasan(GANTI_DUA, **lain) == (A.STAN_TIDAK_VALID,)
    assert kwh(GANTI, wbpcabut=D(0), wbppasang=D(0)) == 125  # single tariff: there is no WBP register to change


@given(stan, faktor, st.one_of(st.none(), faktor))
def test_nol_sama_dengan_ganti_yang_mungkin(sah, fkm, lama):
    """Where (0, 0) could be a true change (sla 0), its own formula gives the same kWh: nothing is lost."""
    b = DASAR._replace(slalwbp=D(0), sahlwbp=sah, digit_meter=None, fkmkwh=fkm, fkmkwh_lama=lama)
    nol = kwh(b, lwbpcabut=D(0), lwbppasang=D(0))
    f_lama = Fraction(fkm if lama is None else lama)
    assert Fraction(nol) == (Fraction(0) - 0) * f_lama + (Fraction(sah) - 0) * Fraction(fkm)


sembarang = st.one_of(st.none(), st.just(D(0)), stan)


@given(st.lists(sembarang, min_size=8, max_size=8), st.one_of(st.none(), st.integers(1, 7).map(D)), faktor)
def test_nol_sama_dengan_kosong(nilai, digit, fkm):
    """Whatever else a row holds, (0, 0) gives what null gives; and it does not matter which register is called LWBP."""
    sla, sah, slw, saw, cabut, pasang, wcabut, wpasang = nilai
    b = DASAR._replace(slalwbp=sla, sahlwbp=sah, slawbp=slw, sahwbp=saw, digit_meter=digit, fkmkwh=fkm)
    b = b._replace(lwbpcabut=cabut, lwbppasang=pasang, wbpcabut=wcabut, wbppasang=wpasang)
    for pasangan in (("lwbpcabut", "lwbppasang"), ("wbpcabut", "wbppasang"), tuple(NOL_GANTI)):
        nol, kosong = (hitung_kwh(b._replace(**dict.fromkeys(pasangan, v))) for v in (D(0), None))
        assert nol == kosong
    if None not in (sla, sah, slw, saw):
        tukar = b._replace(slalwbp=slw, sahlwbp=saw, slawbp=sla, sahwbp=sah)
        tukar = tukar._replace(lwbpcabut=wcabut, lwbppasang=wpasang, wbpcabut=cabut, wbppasang=pasang)
        satu, dua = hitung_kwh(b), hitung_kwh(tukar)
        assert (satu.kwh, satu.dlpd, bool(satu.alasan)) == (dua.kwh, dua.dlpd, bool(dua.alasan))


def test_ganti_meter_dengan_faktor_lain():
    """(cabut - sla) x old factor + (sah - pasang) x new factor."""
    assert kwh(GANTI) == 125
    assert kwh(GANTI, fkmkwh=D(10), fkmkwh_lama=D(2)) == 100 * 2 + 25 * 10
    assert kwh(GANTI_DUA, fkmkwh=D(10), fkmkwh_lama=D(2)) == 110 * 2 + 31 * 10


def test_belum_dibaca():
    """A null stan akhir LWBP is BELUM_DIBACA; text that is not a number is a faulty stan instead."""
    assert alasan(sahlwbp=None) == (A.BELUM_DIBACA,)
    assert alasan(sahlwbp=None, cacat={"sahlwbp": "12O0"}) == (A.STAN_TIDAK_VALID,)
    assert alasan(sahlwbp=None, slalwbp=None) == (A.BELUM_DIBACA, A.STAN_TIDAK_VALID)
    assert alasan(DUA_TARIF, sahlwbp=None) == (A.BELUM_DIBACA,)


KOLOM_STAN = ("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh",
              "lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang")  # fmt: skip
PENUH = GANTI_DUA._replace(slakvarh=D(1), sahkvarh=D(2))


@pytest.mark.parametrize("kolom", KOLOM_STAN)
@pytest.mark.parametrize("nilai", [D(-1), D("-0.000001"), D("NaN"), D("sNaN"), D("Infinity"), None])
def test_stan_rusak(kolom, nilai):
    """A negative or non-numeric stan of any kind is held; so is text in cacat."""
    cacat = {kolom: "abc"} if nilai is None else None
    assert kwh(PENUH) == 141
    assert A.STAN_TIDAK_VALID in alasan(PENUH, **{kolom: nilai}, cacat=cacat)


@pytest.mark.parametrize("kolom", [k for k in KOLOM_STAN if k != "sahlwbp"])
def test_stan_hilang(kolom):
    """One missing of a pair is held: sla without sah, cabut without pasang, and the reverse."""
    assert A.STAN_TIDAK_VALID in alasan(PENUH, **{kolom: None})


@pytest.mark.parametrize("kolom", ["slawbp", "sahwbp", "lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang"])
def test_rusak_bukan_tidak_ada(kolom):
    """Unreadable WBP text does not turn the meter into a single-tariff one, nor a change of the meter into none."""
    assert hitung_kwh(DASAR._replace(cacat={kolom: "x"})) == (None, (A.STAN_TIDAK_VALID,), ())
    assert kwh(cacat={"latitude": "x"}) == 200


@pytest.mark.parametrize("kolom", [k for k in KOLOM_STAN if "kvarh" not in k])
def test_stan_melebihi_register(kolom):
    """A kWh stan of 10^digit_meter or more cannot stand on that register."""
    b = PENUH._replace(digit_meter=D(4), sahlwbp=D(9999), sahwbp=D(9999), lwbpcabut=D(9999), wbpcabut=D(9999))
    assert hitung_kwh(b).alasan == ()
    assert A.STAN_TIDAK_VALID in alasan(b, **{kolom: D(10000)})
    assert hitung_kwh(b._replace(**{kolom: D(10000)}, digit_meter=None)).alasan in ((), (A.STAN_MUNDUR,))


def test_ganti_pada_register_yang_tidak_ada():
    """Change values of a WBP register that is not there hold the row, and nothing else of it is judged."""
    mundur = DASAR._replace(sahlwbp=D(900), wbpcabut=D(1), wbppasang=D(1))
    assert hitung_kwh(mundur) == (None, (A.STAN_TIDAK_VALID,), (Dlpd.GANTI_METER,))


def test_belum_dibaca_tanpa_kwh():
    """A row without a stan akhir has no kWh, not even none used."""
    assert hitung_kwh(DASAR._replace(sahlwbp=None)) == (None, (A.BELUM_DIBACA,), ())


def test_register_pecahan_di_bawah_batas():
    """Just under 10^digits is still on the register; the kVArh register has another width."""
    assert kwh(sahlwbp=D("99999.999")) == D("98999.999")
    assert kwh(slakvarh=D(1), sahkvarh=D(10**7)) == 200


@pytest.mark.parametrize("digit", ["0", "-5", "5.5", "NaN", "Infinity", "1E+30", "32768"])
def test_digit_meter_tidak_sah(digit):
    """A register width that is not a positive whole number (smallint) is faulty data."""
    assert alasan(digit_meter=D(digit)) == (A.DATA_TIDAK_VALID,)


def test_digit_meter_lain():
    """Unreadable width is faulty data; a width no stan reaches is harmless; 5.0 is 5."""
    assert alasan(digit_meter=None, cacat={"digit_meter": "lima"}) == (A.DATA_TIDAK_VALID,)
    assert kwh(digit_meter=D(30)) == kwh(digit_meter=D(32767)) == 200
    assert kwh(digit_meter=D("5.0")) == 200
    assert alasan(digit_meter=D(30), sahlwbp=D("1E+30")) == (A.STAN_TIDAK_VALID,)


def test_ganti_meter_tidak_serasi():
    """LWBP changed but a present WBP not, the reverse, and WBP change values on a single-tariff meter."""
    assert alasan(GANTI, slawbp=D(50), sahwbp=D(80)) == (A.STAN_TIDAK_VALID,)
    assert alasan(DUA_TARIF, wbpcabut=D(60), wbppasang=D(0)) == (A.STAN_TIDAK_VALID,)
    assert alasan(GANTI, wbpcabut=D(60), wbppasang=D(0)) == (A.STAN_TIDAK_VALID,)
    assert alasan(wbpcabut=D(60), wbppasang=D(0)) == (A.STAN_TIDAK_VALID,)


@pytest.mark.parametrize(
    "ganti", [{"lwbpcabut": D(999)}, {"lwbppasang": D(31)}, {"wbpcabut": D(49)}, {"wbppasang": D(9)}]
)
def test_segmen_mundur(ganti):
    """With a change each segment must not go back, however wide the register; there is no rollover."""
    assert alasan(GANTI_DUA, **ganti) == (A.STAN_MUNDUR,)


def test_ganti_meter_tidak_pernah_rollover():
    """A rollover needs a month without a meter change."""
    assert alasan(GANTI, slalwbp=D(99990), lwbpcabut=D(10)) == (A.STAN_MUNDUR,)


def test_faktor():
    """A factor that is missing, unreadable or not above zero is held; the old one only where a change uses it."""
    for buruk in (None, D(0), D(-1), D("NaN"), D("Infinity")):
        assert alasan(fkmkwh=buruk) == (A.FAKTOR_TIDAK_VALID,)
    for buruk in (D(0), D(-1), D("NaN"), D("Infinity")):
        assert alasan(GANTI, fkmkwh_lama=buruk) == (A.FAKTOR_TIDAK_VALID,)
    assert alasan(GANTI, cacat={"fkmkwh_lama": "x"}) == (A.FAKTOR_TIDAK_VALID,)
    assert kwh(fkmkwh_lama=D(0)) == 200
    assert kwh(cacat={"fkmkwh_lama": "x"}) == 200


@pytest.mark.parametrize("daya", [None, D(0), D(-1), D("NaN"), D("-Infinity"), D("Infinity")])
def test_daya(daya):
    """A daya that is missing, unreadable or not above zero is held; the kWh is still told."""
    hasil = hitung_kwh(DASAR._replace(daya=daya))
    assert hasil == (D(200), (A.DAYA_TIDAK_VALID,), ())


def test_rollover_tepat_di_90_persen():
    """Sla at exactly 90 % of the register rolls over; just below it went back."""
    b = DASAR._replace(slalwbp=D(90000), sahlwbp=D(0), daya=D(1_000_000))
    hasil = hitung_kwh(b)
    assert hasil == (D(10000), (), (Dlpd.ROLLOVER,))
    assert alasan(b, slalwbp=D("89999.999")) == (A.STAN_MUNDUR,)
    assert alasan(b, digit_meter=None) == (A.STAN_MUNDUR,)


def test_rollover_tepat_720_jam():
    """A resulting jam nyala of exactly 720 h rolls over; any more of it went back."""
    b = DASAR._replace(slalwbp=D(99900), sahlwbp=D(620), daya=D(1000))
    assert hitung_kwh(b) == (D(720), (), (Dlpd.ROLLOVER,))
    assert alasan(b, sahlwbp=D("620.001")) == (A.STAN_MUNDUR,)
    assert hitung_kwh(b._replace(sahlwbp=D("620.001"))).kwh is None


def test_rollover_dihitung_atas_seluruh_baris():
    """The 720 h are those of the whole row: the other register counts too, and both may roll over."""
    b = DASAR._replace(slalwbp=D(99900), sahlwbp=D(300), slawbp=D(0), sahwbp=D(320), daya=D(1000))
    assert hitung_kwh(b) == (D(720), (), (Dlpd.ROLLOVER,))
    assert alasan(b, sahwbp=D(321)) == (A.STAN_MUNDUR,)
    assert hitung_kwh(b._replace(slawbp=D(99900), sahwbp=D(220))) == (D(720), (), (Dlpd.ROLLOVER,))
    assert alasan(b, slawbp=D(500)) == (A.STAN_MUNDUR,)


def test_rollover_yang_tidak_terbukti():
    """Where another fault keeps a rollover from being proven, the stan went back."""
    b = DASAR._replace(slalwbp=D(99990), sahlwbp=D(10))
    assert hitung_kwh(b).dlpd == (Dlpd.ROLLOVER,)
    assert alasan(b, daya=None) == (A.STAN_MUNDUR, A.DAYA_TIDAK_VALID)
    assert alasan(b, fkmkwh=None) == (A.STAN_MUNDUR, A.FAKTOR_TIDAK_VALID)
    assert alasan(b, slawbp=D(1)) == (A.STAN_TIDAK_VALID, A.STAN_MUNDUR)


@given(stan, stan, st.one_of(st.none(), st.integers(1, 7)), faktor, st.integers(1, 10**6))
def test_mundur_atau_rollover(sla, sah, digit, fkm, daya):
    """One register without a change: the rule written out in fractions decides the same."""
    b = DASAR._replace(
        slalwbp=sla, sahlwbp=sah, digit_meter=None if digit is None else D(digit), fkmkwh=fkm, daya=D(daya)
    )
    hasil = hitung_kwh(b)
    lalu, akhir, f = Fraction(sla), Fraction(sah), Fraction(fkm)
    register = None if digit is None else 10**digit
    if register is not None and max(lalu, akhir) >= register:
        assert hasil == (None, (A.STAN_TIDAK_VALID,), ())
    elif akhir >= lalu:
        assert (Fraction(hasil.kwh), hasil.alasan, hasil.dlpd) == ((akhir - lalu) * f, (), ())
    else:
        gulung = None if register is None else (register - lalu + akhir) * f
        if gulung is not None and lalu >= Fraction(9, 10) * register and gulung / Fraction(daya, 1000) <= 720:
            assert (Fraction(hasil.kwh), hasil.alasan, hasil.dlpd) == (gulung, (), (Dlpd.ROLLOVER,))
        else:
            assert hasil == (None, (A.STAN_MUNDUR,), ())


@given(st.integers(0, 50), st.integers(90_000, 99_999), st.integers(1, 20))
def test_rollover_sama_dengan_rumus(akhir, lalu, f):
    """10^digits - sla + sah, times the factor, where everything allows it."""
    hasil = hitung_kwh(DASAR._replace(slalwbp=D(lalu), sahlwbp=D(akhir), fkmkwh=D(f), daya=D(10**9)))
    assert hasil == ((100_000 - lalu + akhir) * f, (), (Dlpd.ROLLOVER,))


def test_kehilangan_digit_ditahan():
    """Arithmetic that would lose a digit holds the row instead."""
    assert alasan(digit_meter=None, sahlwbp=D("1E+90")) == (A.DATA_TIDAK_VALID,)
    assert alasan(digit_meter=None, sahlwbp=D("1E+999999"), slalwbp=D(0), fkmkwh=D("1E+999")) == (A.DATA_TIDAK_VALID,)


KVARH = DASAR._replace(slakvarh=D(300), sahkvarh=D("320.5"), fkmkvarh=D(80))
KV = A.KVARH_TIDAK_VALID


def kv(b: Bacaan = KVARH, *, ganti: bool = False, **lain: object) -> Alasan | Dlpd | None:
    ganti_meter = {"lwbpcabut": D(1200), "lwbppasang": D(1200)} if ganti else {}
    hasil = hitung(b._replace(**ganti_meter, **lain))
    assert not (hasil.kvarh_rusak and hasil.kvarh_rollover)
    return KV if hasil.kvarh_rusak else Dlpd.ROLLOVER if hasil.kvarh_rollover else None


def test_kvarh_faktor():
    """A factor that is missing, unreadable or not above zero beside a kVArh pair is held; without a pair it may be."""
    assert kv() is None
    assert kv(fkmkvarh=D("0.000001")) is None
    for buruk in (None, D(0), D(-1), D("Infinity")):
        assert kv(fkmkvarh=buruk) is KV
        assert kv(fkmkvarh=buruk, slakvarh=None, sahkvarh=None) is None
        assert kv(fkmkvarh=buruk, sahkvarh=D(300)) is KV  # a register that did not move is one all the same
    assert kv(fkmkvarh=None, cacat={"fkmkvarh": "delapan puluh"}) is KV
    assert kv(slakvarh=D(99990), sahkvarh=D(5), fkmkvarh=D(f"1.{1:090}")) is KV  # 80 digits do not hold the proof


def test_kvarh_nol_tanpa_faktor_bukan_register():
    """0 -> 0 without a factor is how an extract without nulls writes a meter that has no kVArh register."""
    nol = {"slakvarh": D(0), "sahkvarh": D(0)}
    assert kv(**nol, fkmkvarh=None) is None
    assert kv(**nol, fkmkvarh=D(0)) is None
    assert kv(**nol, fkmkvarh=D(-1)) is KV
    assert kv(**nol, fkmkvarh=None, cacat={"fkmkvarh": "x"}) is KV
    assert kv(slakvarh=D(0), sahkvarh=D("0.001"), fkmkvarh=D(0)) is KV


@pytest.mark.parametrize("rusak", [{"slakvarh": None}, {"sahkvarh": None}, {"slakvarh": D(-1)}, {"sahkvarh": D("-0.1")},
                                   {"sahkvarh": None, "cacat": {"sahkvarh": "x"}}])  # fmt: skip
def test_kvarh_rusak_tetap_stan_tidak_valid(rusak):
    """Half a pair, a negative or unreadable stan keeps its own reason and gets no second one."""
    assert kv(**rusak, fkmkvarh=D(0)) is None
    assert alasan(KVARH, **rusak) == (A.STAN_TIDAK_VALID,)


def test_kvarh_mundur():
    """A kVArh stan that went back is held, by however little; equal stans did not go back."""
    assert kv(sahkvarh=D(300)) is None
    assert kv(sahkvarh=D("299.999")) is KV
    assert kv(slakvarh=D(99000), sahkvarh=D(120)) is KV
    assert kv(slakvarh=D(99000), sahkvarh=D(120), digit_meter=D(6)) is KV


def test_kvarh_berputar_tepat_di_batas():
    """A rollover needs a known width, sla at 90 % of it, and no more kVArh than 720 hours of the connected kVA."""
    b = KVARH._replace(slakvarh=D(90000), sahkvarh=D(0), fkmkvarh=D(1), daya=D(10**6))
    assert kv(b) is Dlpd.ROLLOVER
    assert kv(b, slakvarh=D("89999.999")) is KV
    assert kv(b, digit_meter=None) is KV
    assert kv(b, digit_meter=None, cacat={"digit_meter": "lima"}) is KV
    assert kv(b, slakvarh=D(100_000)) is KV  # does not stand on five digits
    penuh = b._replace(slakvarh=D(99900), sahkvarh=D(620), daya=D(1000))
    assert kv(penuh) is Dlpd.ROLLOVER
    assert kv(penuh, sahkvarh=D("620.001")) is KV
    assert kv(penuh, daya=None) is KV
    assert kv(penuh, daya=D("1E-999")) is KV


def test_kvarh_bulan_ganti_meter():
    """In a month with a meter change a kVArh stan that went back cannot be judged; its factor still can."""
    assert kv(sahkvarh=D(5), ganti=True) is None
    assert kv(sahkvarh=D(5), ganti=True, fkmkvarh=D(0)) is KV


@given(stan, stan, st.one_of(st.none(), st.integers(1, 7)), faktor, st.integers(1, 10**6), st.booleans())
def test_kvarh_menurut_pecahan(sla, sah, digit, fkm, daya, ganti):
    """The rule written out in fractions decides the same."""
    b = KVARH._replace(slakvarh=sla, sahkvarh=sah, fkmkvarh=fkm, daya=D(daya))
    hasil = kv(b, digit_meter=None if digit is None else D(digit), ganti=ganti)
    lalu, akhir = Fraction(sla), Fraction(sah)
    if ganti or akhir >= lalu:
        assert hasil is None
    elif digit is None or not Fraction(9, 10) * 10**digit <= lalu < 10**digit:
        assert hasil is KV
    else:
        jam = (10**digit - lalu + akhir) * Fraction(fkm) / Fraction(daya, 1000)
        assert hasil is (Dlpd.ROLLOVER if jam <= 720 else KV)

"""Rules of practice: what ACMT offers beside the contract, judged exactly; without it nothing differs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.kaidah.kwh import hitung
from ap2t.domain.kaidah.saring import Saringan, saring, saring_fakta
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.model import (
    KOLOM_IKATAN,
    Aturan,
    Bacaan,
    HasilSaring,
    Kebiasaan,
    Ketentuan,
    Petugas,
    Pilihan,
    StanLalu,
    batasi,
    kolom_ikatan,
    terisi,
    urut_idpel,
)
from ap2t.domain.stempel import PetugasUnit
from ap2t.source.normal import ke_bacaan
from ap2t.teks_copy import baca_pilihan, bacaan_dari_teks, pasang_baris, teks_pilihan

D = Decimal
SAAT = datetime(2026, 5, 25, 3, tzinfo=UTC)
DASAR = Bacaan(
    "535110000001",
    "53511",
    "202606",
    "A",
    daya=D(1300),
    fkmkwh=D(1),
    digit_meter=D(5),
    tgl_baca=SAAT,
    slalwbp=D(1000),
    sahlwbp=D(1150),
    foto_url="https://foto/1.jpg",
)
BULAT = Aturan(ketentuan=Ketentuan(pembulatan_kwh="bulat"))
TANPA_METER = DASAR._replace(slalwbp=None, sahlwbp=None, fkmkwh=None, foto_url=None, tgl_baca=None)
AWAL = datetime(1, 1, 1)  # noqa: DTZ001 -- Hypothesis adds the zone
angka = st.integers(0, 10**7).map(lambda n: D(n).scaleb(-2))


def s(b: Bacaan = DASAR, aturan: Aturan = Aturan(), **pilihan: Any) -> Saringan:  # noqa: B008 -- never changed
    return saring(b._replace(pilihan=Pilihan(**pilihan)), aturan)


# ------------------------------------------------------------------------------------------------------- unmetered


@given(st.integers(1, 10**6), st.integers(0, 2001))
def test_tanpa_meter(daya: int, jam: int) -> None:
    """KWh is exactly daya / 1000 x hours; up to 2000 hours pass, without a flag of jam nyala or photo."""
    hasil = s(TANPA_METER._replace(daya=D(daya)), jam_abonemen=D(jam))
    assert hasil.kwh is not None
    assert Fraction(hasil.kwh) == Fraction(daya * jam, 1000)
    assert hasil.jam_nyala == jam
    assert hasil.alasan == (() if jam <= 2000 else (Alasan.JAM_NYALA,))
    assert set(hasil.dlpd) <= {Dlpd.KWH_NOL}


def test_tanpa_meter_tepat() -> None:
    """No digit is lost on the way, however many there are, and its kWh are its one register's."""
    hasil = hitung(
        TANPA_METER._replace(daya=D("1234567890123456789"), pilihan=Pilihan(jam_abonemen=D("1.0000000000000001")))
    )
    assert hasil.kwh == D("1234567890123456.9124567890123456789")
    assert hasil.per_register == (hasil.kwh,)


@pytest.mark.parametrize("kolom", ["slalwbp", "sahlwbp", "slawbp", "sahkvarh", "lwbpcabut", "wbppasang"])
def test_tanpa_meter_tidak_berstan(kolom: str) -> None:
    """A stan beside hours by contract contradicts them, unreadable ones too."""
    assert s(TANPA_METER._replace(**{kolom: D(0)}), jam_abonemen=D(375)).alasan == (Alasan.STAN_TIDAK_VALID,)
    rusak = TANPA_METER._replace(cacat={kolom: "x"})
    assert s(rusak, jam_abonemen=D(375)).alasan == (Alasan.STAN_TIDAK_VALID,)


def test_tanpa_meter_yang_tidak_sah() -> None:
    """Without a daya, or with hours below 0, nothing can be billed."""
    assert s(TANPA_METER._replace(daya=None), jam_abonemen=D(375)).alasan == (Alasan.DAYA_TIDAK_VALID,)
    assert s(TANPA_METER, jam_abonemen=D(-1)).alasan == (Alasan.DATA_TIDAK_VALID,)
    assert s(TANPA_METER, jam_abonemen=D(f"1.{1:090}")).alasan == (Alasan.DATA_TIDAK_VALID,)  # 80 digits do not hold it
    rusak = TANPA_METER._replace(cacat={"tgl_baca": "31/02"})
    assert s(rusak, jam_abonemen=D(375)).alasan == (Alasan.DATA_TIDAK_VALID,)
    kosong = TANPA_METER._replace(cacat={"jam_abonemen": "tujuh ratus"})
    assert Alasan.DATA_TIDAK_VALID in s(kosong).alasan  # hours that cannot be read are no hours


def test_tanpa_meter_siap_tanpa_hari_baca() -> None:
    """It counts as read; its verification and its sending are asked for all the same."""
    orang = [
        Petugas("p", None, None, "PENGAWAS", "53511", True),
        Petugas("v", None, None, "ADMIN_VENDOR", "53511", True),
    ]
    petugas = PetugasUnit("53511", orang)
    cap = TANPA_METER._replace(
        verif_pengawas_oleh="p",
        verif_vendor_oleh="v",
        kirim_oleh="v",
        **dict.fromkeys(("verif_pengawas_pada", "verif_vendor_pada", "kirim_pada"), SAAT),
    )
    tanpa_meter = cap._replace(pilihan=Pilihan(jam_abonemen=D(720)))
    assert terisi(tanpa_meter)
    assert siap_penuh(tanpa_meter, petugas, SAAT)
    assert not siap_penuh(cap, petugas, SAAT)
    assert not siap_penuh(tanpa_meter._replace(kirim_oleh="p"), petugas, SAAT)
    assert not siap_penuh(tanpa_meter._replace(diubah_pada=SAAT + timedelta(1)), petugas, SAAT)
    assert not siap_penuh(tanpa_meter._replace(cacat={"tgl_baca": "x"}), petugas, SAAT)


# ------------------------------------------------------------------------------------------------- daya that changed


@given(angka, angka, st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 50))
def test_mutasi_menurut_pecahan(sebelum: D, sesudah: D, lama: int, baru: int, fkm: int) -> None:
    """Jam nyala is the sum of both parts' hours: held if and only if exact fractions say so; always flagged."""
    baca = DASAR._replace(daya=D(baru), fkmkwh=D(fkm), digit_meter=None, slalwbp=D(7), sahlwbp=D(7) + sebelum + sesudah)
    hasil = s(baca, daya_lama=D(lama), mutasi_lwbp=D(7) + sebelum)
    jam = Fraction(sebelum) * fkm / Fraction(lama, 1000) + Fraction(sesudah) * fkm / Fraction(baru, 1000)
    if lama == baru:
        assert Dlpd.DAYA_BERUBAH not in hasil.dlpd
        return
    assert (Alasan.JAM_NYALA in hasil.alasan) is (jam > 2000)
    assert Dlpd.DAYA_BERUBAH in hasil.dlpd
    assert (Dlpd.JAM_NYALA_TINGGI in hasil.dlpd) is (jam >= 720)
    # the ledger's own guard never refuses what the sieve lets through
    fakta = saring_fakta(baca._replace(pilihan=Pilihan(daya_lama=D(lama), mutasi_lwbp=D(7) + sebelum)), Aturan(), None)[
        1
    ]
    if hasil.hasil is HasilSaring.LOLOS:
        assert fakta.daya_penjaga is not None
        assert hasil.kwh is not None
        assert hasil.kwh * 1000 <= 2000 * fakta.daya_penjaga


@given(st.integers(0, 3000), st.integers(1, 5000), st.integers(1, 5000))
def test_mutasi_tanpa_stan_memakai_daya_kecil(pakai: int, lama: int, baru: int) -> None:
    """Where no stan tells the parts, the smaller daya decides: never more is let through than with either."""
    baca = DASAR._replace(daya=D(baru), sahlwbp=D(1000 + pakai))
    hasil = s(baca, daya_lama=D(lama))
    assert (Alasan.JAM_NYALA in hasil.alasan) is (pakai * 1000 > 2000 * min(lama, baru))


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_urutan_register_tidak_berarti(a: int, b: int, c: int, d: int) -> None:
    """LWBP and WBP may change places."""
    lwbp, wbp = (D(10), D(10 + a + b), D(10 + a)), (D(20), D(20 + c + d), D(20 + c))
    satu, dua = (
        s(
            DASAR._replace(slalwbp=x[0], sahlwbp=x[1], slawbp=y[0], sahwbp=y[1]),
            daya_lama=D(900),
            mutasi_lwbp=x[2],
            mutasi_wbp=y[2],
        )
        for x, y in ((lwbp, wbp), (wbp, lwbp))
    )
    assert satu == dua


def test_mutasi_yang_tidak_mungkin() -> None:
    """A stan outside its register's, or on both meters or on none of a month with a meter change, holds the row."""
    for mutasi in ("999.999", "1150.001"):
        assert s(daya_lama=D(900), mutasi_lwbp=D(mutasi)).alasan == (Alasan.DATA_TIDAK_VALID,)
    for mutasi in ("1000", "1150"):
        assert s(daya_lama=D(900), mutasi_lwbp=D(mutasi)).alasan == ()
    ganti = DASAR._replace(lwbpcabut=D(1100), lwbppasang=D(0), sahlwbp=D(50))
    assert s(ganti, daya_lama=D(900), mutasi_lwbp=D(1050)).alasan == ()
    assert s(ganti, daya_lama=D(900), mutasi_lwbp=D(20)).alasan == ()
    assert s(ganti, daya_lama=D(900), mutasi_lwbp=D(500)).alasan == (Alasan.DATA_TIDAK_VALID,)
    kedua = ganti._replace(lwbppasang=D(1020), sahlwbp=D(1070))
    assert s(kedua, daya_lama=D(900), mutasi_lwbp=D(1050)).alasan == (Alasan.DATA_TIDAK_VALID,)
    assert s(daya_lama=D(0)).alasan == (Alasan.DAYA_TIDAK_VALID,)


# ------------------------------------------------------------------------------------------------------------ kVArh

KVARH = DASAR._replace(slakvarh=D(300), sahkvarh=D(320), fkmkvarh=D(80))
GANTI = KVARH._replace(lwbpcabut=D(1100), lwbppasang=D(0), sahlwbp=D(50), sahkvarh=D(15))


@pytest.mark.parametrize(
    ("pilihan", "sah"),
    [
        ({"kvarhcabut": D(310), "kvarhpasang": D(0)}, True),
        ({"kvarhcabut": D(300), "kvarhpasang": D(15)}, True),
        ({"kvarhcabut": D("299.9"), "kvarhpasang": D(0)}, False),
        ({"kvarhcabut": D(310), "kvarhpasang": D("15.1")}, False),
        ({"kvarhcabut": D(310)}, False),
        ({"kvarhpasang": D(0)}, False),
        ({"kvarhcabut": D(310), "kvarhpasang": D(0), "fkmkvarh_lama": D(0)}, False),
        ({"kvarhcabut": D(0), "kvarhpasang": D(0)}, True),  # no change: as where nothing tells
        ({}, True),
    ],
)
def test_kvarh_ganti_meter(pilihan: dict[str, Decimal], sah: bool) -> None:
    """With its stan of the change a kVArh pair is judged as a kWh register is, its width known or not."""
    for digit in (D(5), None):
        assert s(GANTI._replace(digit_meter=digit), **pilihan).alasan == (() if sah else (Alasan.KVARH_TIDAK_VALID,))


def test_kvarh_diam() -> None:
    """A pair that did not move while kWh were used is looked at; without kWh, a factor, or a pair it is not."""
    diam = KVARH._replace(sahkvarh=D(300))
    assert saring(diam, Aturan()).dlpd == (Dlpd.KVARH_DIAM,)
    assert Dlpd.KVARH_DIAM not in saring(diam._replace(sahlwbp=D(1000)), Aturan()).dlpd
    assert saring(KVARH, Aturan()).dlpd == ()
    assert saring(DASAR._replace(slakvarh=D(0), sahkvarh=D(0)), Aturan()).dlpd == ()
    assert saring(diam, Aturan("2")).dlpd == ()  # a session of before is judged as it was


# --------------------------------------------------------------------------------------------------- days, estimates


@pytest.mark.parametrize(
    ("hari", "tanda"),
    [(35, None), (36, Dlpd.PERIODE_PANJANG), (25, None), (24, Dlpd.PERIODE_PENDEK), (1, Dlpd.PERIODE_PENDEK)],
)
def test_periode(hari: int, tanda: Dlpd | None) -> None:
    """Exactly 35 and 25 days are neither long nor short."""
    assert s(tgl_baca_lalu=SAAT - timedelta(hari)).dlpd == (() if tanda is None else (tanda,))


@pytest.mark.parametrize("hari", [0, -1, -400])
def test_dibaca_sebelum_bulan_lalu(hari: int) -> None:
    """A reading of the same day as last month's, or before it, is none."""
    assert s(tgl_baca_lalu=SAAT - timedelta(hari)).alasan == (Alasan.TGL_BACA_TIDAK_WAJAR,)


def test_hari_menurut_zona_unit() -> None:
    """Days are the unit's own: 23:30 and 00:30 in Jayapura are two days, and one in Jakarta."""
    malam, pagi = datetime(2026, 5, 24, 14, 30, tzinfo=UTC), datetime(2026, 5, 24, 15, 30, tzinfo=UTC)
    baca = DASAR._replace(tgl_baca=pagi)
    assert s(baca, Aturan(zona="Asia/Jayapura"), tgl_baca_lalu=malam).alasan == ()
    assert s(baca, Aturan(zona="Asia/Jakarta"), tgl_baca_lalu=malam).alasan == (Alasan.TGL_BACA_TIDAK_WAJAR,)


def test_cara_baca() -> None:
    """Estimates are flagged now and a month later; a remote reading needs no photo; other words are none of these."""
    assert s(cara_baca="TAKSIR").dlpd == (Dlpd.TAKSIR,)
    assert s(cara_baca_lalu="TAKSIR").dlpd == (Dlpd.SESUDAH_TAKSIR,)
    tanpa_foto = DASAR._replace(foto_url=None)
    assert s(tanpa_foto, cara_baca="AMR").dlpd == ()
    assert s(tanpa_foto, cara_baca="Amr").dlpd == ()
    for kata in (None, "BACA", "LAIN"):
        assert s(tanpa_foto, cara_baca=kata).dlpd == (Dlpd.TANPA_FOTO,)


def test_rendah_wajar() -> None:
    """Where low use is normal neither it nor none at all is flagged; anything but true leaves it as it is."""
    for pakai in (0, 10):
        rendah = DASAR._replace(sahlwbp=D(1000 + pakai))
        assert s(rendah, rendah_wajar=True).dlpd == ()
        assert s(rendah, rendah_wajar=False).dlpd == s(rendah).dlpd != ()


# ----------------------------------------------------------------------------------------------- choices of a unit


@given(st.integers(0, 10**6), st.integers(-1500, 1500), st.booleans())
def test_pembulatan(mili: int, geser: int, bulat: bool) -> None:
    """A whole pemkwh less than 1 from the exact kWh is ACMT's rounding, and what is sent; jam nyala stays exact."""
    kwh = D(mili).scaleb(-3)
    pemkwh = (kwh + D(geser).scaleb(-3)).quantize(D(1)) if bulat else kwh + D(geser).scaleb(-3)
    baca = DASAR._replace(sahlwbp=D(1000) + kwh, digit_meter=None, daya=D(10**7), pemkwh=pemkwh)
    hasil, fakta = saring_fakta(baca, BULAT, None)
    cocok = pemkwh == kwh or (pemkwh == pemkwh.to_integral_value() and pemkwh >= 0 and abs(pemkwh - kwh) < 1)
    assert (Alasan.SELISIH_KWH in hasil.alasan) is not cocok
    assert hasil.kwh == kwh
    assert fakta.kwh_kirim == (pemkwh if cocok and pemkwh != kwh else None)
    assert (Alasan.SELISIH_KWH in saring(baca, Aturan()).alasan) is (pemkwh != kwh)
    assert saring_fakta(baca, Aturan(), None)[1].kwh_kirim is None


def test_rantai_menahan_bila_diminta() -> None:
    """A broken chain is flagged, and held too where the unit's pattern says so; each of the two by its own."""
    lalu = StanLalu("202605", D(900), None, D(2))
    rantai = {Dlpd.STAN_TIDAK_SAMBUNG, Dlpd.FAKTOR_BERUBAH}
    assert (set(saring(DASAR, Aturan(), lalu).dlpd), saring(DASAR, Aturan(), lalu).alasan) == (rantai, ())
    for nama, alasan in (
        ("stan_tidak_sambung", Alasan.STAN_TIDAK_SAMBUNG),
        ("faktor_berubah", Alasan.FAKTOR_BERUBAH),
    ):
        hasil = saring(DASAR, Aturan(ketentuan=Ketentuan(**{nama: "tahan"})), lalu)
        assert (set(hasil.dlpd), hasil.alasan) == (rantai, (alasan,))


# --------------------------------------------------------------------------------------------- values that are odd


def test_hari_yang_tidak_ada() -> None:
    """A last or first day there is, as some databases write none, holds or flags the row; it never stops the others."""
    akhir, awal = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    assert s(tgl_baca_lalu=akhir).alasan == (Alasan.TGL_BACA_TIDAK_WAJAR,)
    assert s(tgl_baca_lalu=awal).dlpd == (Dlpd.PERIODE_PANJANG,)


def test_rollover_dan_mutasi() -> None:
    """Where daya changed the smaller one has to prove a rollover: a month at full load of it."""
    gulung = DASAR._replace(slalwbp=D(99000), sahlwbp=D(500), daya=D(2200))
    assert saring(gulung, Aturan()).dlpd == (Dlpd.ROLLOVER,)
    assert s(gulung, daya_lama=D(900)).alasan == (Alasan.STAN_MUNDUR,)
    kvarh = KVARH._replace(slakvarh=D(99950), sahkvarh=D(20), fkmkvarh=D(20), daya=D(2200))
    assert saring(kvarh, Aturan()).dlpd == (Dlpd.ROLLOVER,)
    assert s(kvarh, daya_lama=D(900)).alasan == (Alasan.KVARH_TIDAK_VALID,)


def test_tanpa_meter_dan_nol() -> None:
    """Zeros for none beside hours by contract are none; a changed daya does not change the hours; no chain is asked."""
    nol = dict.fromkeys(("lwbpcabut", "lwbppasang", "slakvarh", "sahkvarh", "fkmkvarh"), D(0))
    assert s(TANPA_METER._replace(**nol), jam_abonemen=D(375)).alasan == ()
    hasil = s(TANPA_METER._replace(daya=D(5500)), jam_abonemen=D(720), daya_lama=D(900))
    assert (hasil.alasan, hasil.jam_nyala) == ((), D(720))
    tahan = Aturan(ketentuan=Ketentuan(stan_tidak_sambung="tahan", faktor_berubah="tahan"))
    lalu = StanLalu("202605", D(900), D(5), D(2))
    tanpa = TANPA_METER._replace(fkmkwh=D(1), pilihan=Pilihan(jam_abonemen=D(375)))
    assert saring(tanpa, tahan, lalu).alasan == ()


def test_kvarh_ganti_di_luar_register() -> None:
    """A stan of the change is one of the register: not below 0, not beyond its width."""
    for pasang, cabut in (("-5", "310"), ("0", "99999999")):
        assert s(GANTI, kvarhcabut=D(cabut), kvarhpasang=D(pasang)).alasan == (Alasan.KVARH_TIDAK_VALID,)


def test_mutasi_pada_meter_yang_sama() -> None:
    """With a meter change all registers stood on the old meter as daya changed, or all on the new one."""
    ganti = DASAR._replace(
        lwbpcabut=D(1100),
        lwbppasang=D(0),
        sahlwbp=D(50),
        slawbp=D(400),
        wbpcabut=D(420),
        wbppasang=D(0),
        sahwbp=D(10),
    )
    assert s(ganti, daya_lama=D(900), mutasi_lwbp=D(1050), mutasi_wbp=D(410)).alasan == ()
    assert s(ganti, daya_lama=D(900), mutasi_lwbp=D(20), mutasi_wbp=D(5)).alasan == ()
    campur = s(ganti, daya_lama=D(900), mutasi_lwbp=D(1050), mutasi_wbp=D(5))
    assert campur.alasan == (Alasan.DATA_TIDAK_VALID,)


@pytest.mark.parametrize(
    ("mutasi", "bagian"),
    [
        ("1000", (0, 2025)),
        ("1100", (2000, 25)),
        ("5", (2000, 25)),
        ("30", (2025, 0)),
        ("999", None),
        ("31", None),
        (f"1050.{1:090}", None),
    ],
)
def test_mutasi_di_ujung(mutasi: str, bagian: tuple[int, int] | None) -> None:
    """Daya may have changed at the very stan lalu, cabut, pasang or akhir, never beside them nor between 80 digits."""
    ganti = DASAR._replace(lwbpcabut=D(1100), lwbppasang=D(5), sahlwbp=D(30), fkmkwh=D(1), fkmkwh_lama=D(20))
    assert ganti.slalwbp == 1000
    hasil = hitung(ganti._replace(pilihan=Pilihan(daya_lama=D(900), mutasi_lwbp=D(mutasi))))
    assert (hasil.bagian, hasil.data_rusak) == (bagian, bagian is None)


def test_mutasi_tanpa_yang_diperlukan() -> None:
    """Nothing is split where daya did not change, nor where there is no kWh: the factor's own reason holds that row."""
    tetap = hitung(DASAR._replace(fkmkwh=D(1), pilihan=Pilihan(mutasi_lwbp=D(1050))))
    assert (tetap.kwh, tetap.bagian) == (150, None)
    tanpa = hitung(DASAR._replace(fkmkwh=None, pilihan=Pilihan(daya_lama=D(900), mutasi_lwbp=D(1050))))
    assert (tanpa.kwh, tanpa.bagian, tanpa.faktor_rusak, tanpa.data_rusak) == (None, None, True, False)


def test_batasi_dan_urut() -> None:
    """A row has only the columns its session read, none is none at all; customers' numbers go first, by digit."""
    baca = DASAR._replace(pilihan=Pilihan(daya_lama=D(900), cara_baca="AMR"))
    assert batasi(DASAR._replace(pilihan=None), []).pilihan is None
    assert batasi(baca, ["cara_baca"]).pilihan == Pilihan(cara_baca="AMR")
    assert batasi(baca, ["tgl_mutasi"]).pilihan is None
    assert sorted(["x", "53511000000", "535110000002", "535110000001"], key=urut_idpel) == [
        *("535110000001", "535110000002"),
        *("53511000000", "x"),
    ]
    assert [kolom_ikatan(versi) for versi in ("1", "2", "3")] == [(), KOLOM_IKATAN[:4], KOLOM_IKATAN]


@pytest.mark.parametrize(
    "isi",
    [{"x": "1"}, {"tgl_baca_lalu": 5}, {"jam_abonemen": None}, {"rendah_wajar": False}, {"riwayat": {"bulan": 3}}],
)
def test_pilihan_yang_dirusak(isi: dict[str, Any]) -> None:
    """JSON that this project never wrote is no value: the audit tells of it."""
    with pytest.raises(ValueError, match=r"Pilihan|Kebiasaan"):
        baca_pilihan(isi)


def test_nol_berarti_tidak_ada() -> None:
    """0 hours by contract and a daya of 0 before are none, as an extract without nulls writes them."""
    kolom = ("idpel", "unitup", "thblrek", "hari_baca", "jam_abonemen", "daya_lama", "cara_baca")
    satu, dua = ke_bacaan(
        kolom, [("1" * 12, "1" * 5, "202606", "A", 0, D(0), "AMR"), ("2" * 12, "1" * 5, "202606", "A", 0, 0, None)]
    )
    assert satu.pilihan == Pilihan(cara_baca="AMR")
    assert dua.pilihan is None


# ------------------------------------------------------------------------------------------------- nothing is lost


@given(
    st.builds(
        Pilihan,
        st.one_of(st.none(), st.datetimes(timezones=st.just(UTC), min_value=AWAL)),
        st.one_of(st.none(), st.sampled_from(["BACA", "TAKSIR", "AMR", "l'ain\t\\"])),
        st.none(),
        st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False, places=3)),
        st.none(),
        *[st.one_of(st.none(), angka)] * 6,
        st.one_of(st.none(), st.booleans()),
        st.one_of(
            st.none(),
            st.builds(
                Kebiasaan,
                median=st.one_of(st.none(), angka),
                mad=st.one_of(st.none(), angka),
                stan_lwbp=st.one_of(st.none(), angka),
                stan_wbp=st.one_of(st.none(), angka),
            ),
        ),
    )
)
def test_teks_pilihan_bolak_balik(pilihan: Pilihan) -> None:
    """What is written for the ledger is read back the same."""
    teks = teks_pilihan(pilihan)
    baris = ["1" * 12, "53511", "202606", "A", *[None] * 35, teks, None]
    assert bacaan_dari_teks(pasang_baris(baris)).pilihan == pilihan

"""Stamps: when a verification or a sending counts (SOP 12.1, rule 2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.model import Bacaan, Peran, Petugas
from ap2t.domain.stempel import AlasanStempel, PetugasUnit, StempelBacaan, periksa_stempel

BACA = datetime(2026, 5, 25, 3, tzinfo=UTC)
JAM = timedelta(hours=1)
SEKARANG = BACA + 10 * JAM
A = AlasanStempel


def orang(username: str, peran: str, unitup: str = "53511", aktif: bool = True) -> Petugas:
    return Petugas(username, None, None, peran, unitup, aktif)


ORANG = (
    orang("awas", "PENGAWAS"),
    orang("vendor", "ADMIN_VENDOR"),
    orang("ganda", "ADMIN_VENDOR"),
    orang("ganda", "PENGAWAS"),
    orang("lama", "PENGAWAS", aktif=False),
    orang("lama", "ADMIN_VENDOR", aktif=False),
    orang("tetangga", "PENGAWAS", "53512"),
    orang("tetangga", "ADMIN_VENDOR", "53512"),
    orang("te", "ADMIN_CMT"),
)
PETUGAS = PetugasUnit("53511", ORANG)
SIAP = Bacaan(
    "535110000001",
    "53511",
    "202606",
    "A",
    sahlwbp=10,
    tgl_baca=BACA,
    verif_pengawas_oleh="awas",
    verif_pengawas_pada=BACA + JAM,
    verif_vendor_oleh="vendor",
    verif_vendor_pada=BACA + 2 * JAM,
    kirim_oleh="vendor",
    kirim_pada=BACA + 3 * JAM,
)
STEMPEL = ("verif_pengawas", "verif_vendor", "kirim")
mana = pytest.mark.parametrize("ke", [0, 1, 2])
detik = st.integers(1, 10**8).map(lambda n: timedelta(microseconds=n))


def nilai(ke: int, **ganti: object) -> AlasanStempel | None:
    """Judge the stamp number ``ke`` after ``oleh``/``pada`` of it (and other columns) were replaced."""
    kolom = {f"{STEMPEL[ke]}_{k}" if k in ("oleh", "pada") else k: v for k, v in ganti.items()}
    b = SIAP._replace(**kolom)
    hasil = periksa_stempel(b, PETUGAS, SEKARANG)
    assert siap_penuh(b, PETUGAS, SEKARANG) is hasil.sah
    return hasil[ke]


def test_petugas_unit():
    """Only active rows of the unit count; roles are per person."""
    petugas = PetugasUnit("53511", ORANG)
    assert petugas.memegang("awas", Peran.PENGAWAS)
    assert petugas.memegang("ganda", "ADMIN_VENDOR")
    assert not petugas.memegang("awas", Peran.ADMIN_VENDOR)
    assert not petugas.memegang("lama", Peran.PENGAWAS)
    assert not petugas.memegang("tetangga", Peran.PENGAWAS)
    assert not petugas.memegang("AWAS", Peran.PENGAWAS)
    assert [p.username for p in petugas.pemegang(Peran.ADMIN_VENDOR)] == ["ganda", "vendor"]
    assert petugas.pemegang(Peran.PETUGAS_BACA) == ()


def test_semua_sah():
    """Three stamps in order by the right people are valid."""
    hasil = periksa_stempel(SIAP, PETUGAS, SEKARANG)
    assert hasil == StempelBacaan(None, None, None)
    assert (hasil.terverifikasi, hasil.sah) == (True, True)


@mana
def test_kosong_dan_tidak_lengkap(ke):
    """Both fields have to be set; a blank name or an unreadable time is not set."""
    assert nilai(ke, oleh=None, pada=None) is A.BELUM_ADA
    assert nilai(ke, oleh="  ", pada=None) is A.BELUM_ADA
    assert nilai(ke, oleh=None) is A.TIDAK_LENGKAP
    assert nilai(ke, oleh=" ") is A.TIDAK_LENGKAP
    assert nilai(ke, pada=None) is A.TIDAK_LENGKAP
    assert nilai(ke, pada=None, cacat={f"{STEMPEL[ke]}_pada": "kemarin"}) is A.TIDAK_LENGKAP
    assert nilai(ke, oleh=None, pada=None, cacat={f"{STEMPEL[ke]}_pada": "kemarin"}) is A.TIDAK_LENGKAP


@mana
def test_tanpa_tgl_baca(ke):
    """Without a reading date no stamp can be valid."""
    assert nilai(ke, tgl_baca=None) is A.TANPA_TGL_BACA
    assert nilai(ke, tgl_baca=None, cacat={"tgl_baca": "?"}) is A.TANPA_TGL_BACA


@mana
def test_batas_waktu(ke):
    """At the reading, at the change and right now are still valid; one microsecond beyond is not."""
    mikro = timedelta(microseconds=1)
    assert nilai(ke, pada=BACA) is None
    assert nilai(ke, pada=BACA - mikro) is A.SEBELUM_BACA
    assert nilai(ke, pada=SEKARANG) is None
    assert nilai(ke, pada=SEKARANG + mikro) is A.DI_MASA_DEPAN
    waktu = getattr(SIAP, f"{STEMPEL[ke]}_pada")
    assert nilai(ke, diubah_pada=waktu) is None
    assert nilai(ke, diubah_pada=waktu + mikro) is A.SEBELUM_PERUBAHAN
    assert nilai(ke, diubah_pada=BACA - JAM) is None


@mana
def test_diubah_pada_tak_terbaca(ke):
    """A change time that cannot be read voids the stamps: nothing shows that they came after it."""
    assert nilai(ke, cacat={"diubah_pada": "x"}) is A.SEBELUM_PERUBAHAN
    assert nilai(ke, cacat={"latitude": "x"}) is None


@mana
@pytest.mark.parametrize("siapa", ["te", "lama", "tetangga", "tak_dikenal"])
def test_bukan_petugas(ke, siapa):
    """The person must hold the role, actively, in this very unit."""
    assert nilai(ke, oleh=siapa) is A.BUKAN_PETUGAS


def test_peran_yang_tepat():
    """Pengawas stamps need a PENGAWAS; vendor verification and sending need an ADMIN_VENDOR."""
    b = SIAP._replace(verif_pengawas_oleh="vendor", verif_vendor_oleh="awas", kirim_oleh="awas")
    assert periksa_stempel(b, PETUGAS, SEKARANG) == (A.BUKAN_PETUGAS,) * 3
    assert periksa_stempel(SIAP._replace(unitup="53512"), PETUGAS, SEKARANG) == (A.BUKAN_PETUGAS,) * 3


@pytest.mark.parametrize("siapa", ["ganda", "awas", "tak_dikenal"])
def test_orang_sama(siapa):
    """Pengawas and Admin Vendor must be two people, whatever roles one person holds."""
    b = SIAP._replace(verif_pengawas_oleh=siapa, verif_vendor_oleh=siapa)
    assert periksa_stempel(b, PETUGAS, SEKARANG) == (A.ORANG_SAMA, A.ORANG_SAMA, None)
    awal = b._replace(verif_pengawas_pada=BACA - JAM)  # what is wrong with the stamp itself is told first
    assert periksa_stempel(awal, PETUGAS, SEKARANG) == (A.SEBELUM_BACA, A.ORANG_SAMA, None)
    awal = b._replace(verif_vendor_pada=BACA - JAM)
    assert periksa_stempel(awal, PETUGAS, SEKARANG) == (A.ORANG_SAMA, A.SEBELUM_BACA, None)


@pytest.mark.parametrize("sebagai_vendor", ["AWAS", " awas", "Awas "])
def test_orang_sama_dengan_ejaan_lain(sebagai_vendor):
    """Capitals and blanks at the ends make no other person, though v_petugas has both spellings."""
    petugas = PetugasUnit("53511", [orang("awas", "PENGAWAS"), orang(sebagai_vendor, "ADMIN_VENDOR")])
    b = SIAP._replace(verif_vendor_oleh=sebagai_vendor, kirim_oleh=sebagai_vendor)
    assert periksa_stempel(b, petugas, SEKARANG) == (A.ORANG_SAMA, A.ORANG_SAMA, None)


def test_pengirim_boleh_orang_yang_memverifikasi():
    """Only the two verifications have to differ: the Admin Vendor may verify and send."""
    assert nilai(2, oleh="ganda") is None
    assert periksa_stempel(SIAP._replace(verif_pengawas_oleh="ganda", kirim_oleh="ganda"), PETUGAS, SEKARANG).sah


@given(st.sampled_from([0, 1, 2]), detik, st.sampled_from(["baca", "ubah", "depan"]))
def test_stempel_digeser_membuat_belum_siap(ke, jarak, arah):
    """Moving any stamp before tgl_baca or diubah_pada, or into the future, makes the row not ready."""
    diubah = BACA + JAM / 2
    pada = {"baca": BACA - jarak, "ubah": diubah - jarak, "depan": SEKARANG + jarak}[arah]
    b = SIAP._replace(diubah_pada=diubah)
    assert siap_penuh(b, PETUGAS, SEKARANG)
    assert not siap_penuh(b._replace(**{f"{STEMPEL[ke]}_pada": pada}), PETUGAS, SEKARANG)


@given(
    st.lists(st.one_of(st.none(), st.integers(-3, 14)), min_size=5, max_size=5),
    st.lists(st.sampled_from([None, "", "awas", "vendor", "ganda", "lama"]), min_size=3, max_size=3),
)
def test_sama_dengan_aturan_tertulis(waktu, nama):
    """The rule written out plainly gives the same answer for each stamp."""
    baca, diubah, *pada = [None if n is None else BACA + n * JAM for n in waktu]
    b = SIAP._replace(
        tgl_baca=baca,
        diubah_pada=diubah,
        **{f"{s}_pada": p for s, p in zip(STEMPEL, pada, strict=True)},
        **{f"{s}_oleh": n for s, n in zip(STEMPEL, nama, strict=True)},
    )
    boleh = ({"awas", "ganda"}, {"vendor", "ganda"}, {"vendor", "ganda"})
    hasil = periksa_stempel(b, PETUGAS, SEKARANG)
    for ke in range(3):
        p = pada[ke]
        sah = (
            baca is not None
            and p is not None
            and p >= baca
            and (diubah is None or p >= diubah)
            and p <= SEKARANG
            and nama[ke] in boleh[ke]
            and not (ke < 2 and nama[0] == nama[1])
        )
        assert (hasil[ke] is None) is sah

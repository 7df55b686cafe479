"""Readiness of a kelompok (SOP 12.1, rule 2: every customer filled, verified and sent)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.kesiapan import KesiapanKelompok, Tahap, alasan_belum_siap, siap_penuh
from ap2t.domain.model import Bacaan, Petugas
from ap2t.domain.stempel import PetugasUnit

BACA = datetime(2026, 5, 25, 3, tzinfo=UTC)
JAM = timedelta(hours=1)
SEKARANG = BACA + 10 * JAM
PETUGAS = PetugasUnit(
    "53511",
    [
        Petugas("awas.rahasia", "Awas", None, "PENGAWAS", "53511", True),
        Petugas("vendor.rahasia", "Vendor", None, "ADMIN_VENDOR", "53511", True),
    ],
)
SIAP = Bacaan(
    "535110000001",
    "53511",
    "202606",
    "A",
    nama="NAMA PELANGGAN",
    tgl_baca=BACA,
    sahlwbp=Decimal("98765.4"),
    verif_pengawas_oleh="awas.rahasia",
    verif_pengawas_pada=BACA + JAM,
    verif_vendor_oleh="vendor.rahasia",
    verif_vendor_pada=BACA + JAM,
    kirim_oleh="vendor.rahasia",
    kirim_pada=BACA + JAM,
)
BARIS = {
    "siap": SIAP,
    "kosong": Bacaan("535110000002", "53511", "202606", "A"),
    "belum_stan": SIAP._replace(sahlwbp=None),
    "teks": SIAP._replace(sahlwbp=None, cacat={"sahlwbp": "12O4"}),
    "belum_verif": SIAP._replace(verif_vendor_oleh=None, verif_vendor_pada=None),
    "belum_kirim": SIAP._replace(kirim_oleh=None, kirim_pada=None),
}


def alasan(b: Bacaan) -> list[str | None]:
    return [alasan_belum_siap(b, t, PETUGAS, SEKARANG) for t in Tahap]


@pytest.mark.parametrize(
    ("nama", "hasil"),
    [
        ("siap", [None, None, None]),
        ("kosong", ["belum ada stan", "verifikasi Pengawas belum ada", "pengiriman Admin Vendor belum ada"]),
        ("belum_stan", ["belum ada stan", None, None]),
        ("teks", [None, None, None]),
        ("belum_verif", [None, "verifikasi Admin Vendor belum ada", None]),
        ("belum_kirim", [None, None, "pengiriman Admin Vendor belum ada"]),
    ],
)
def test_alasan_per_tahap(nama, hasil):
    """Each stage looks at its own thing; unusable text still counts as filled."""
    assert alasan(BARIS[nama]) == hasil
    assert siap_penuh(BARIS[nama], PETUGAS, SEKARANG) is (hasil == [None, None, None])


def test_alasan_stempel_dalam_kalimat():
    """The reason says what is wrong with which stamp."""
    b = SIAP._replace(verif_pengawas_pada=BACA - JAM, kirim_pada=SEKARANG + JAM)
    assert alasan(b) == [
        None,
        "verifikasi Pengawas sebelum tanggal baca",
        "pengiriman Admin Vendor bertanggal di masa depan",
    ]
    rusak = SIAP._replace(kirim_pada=None, cacat={"tgl_baca": "x", "kirim_pada": "besok", "nama": "?"})
    assert alasan(rusak)[2] == "pengiriman Admin Vendor tidak lengkap (isi kirim_pada, tgl_baca tidak terbaca)"


def test_tanpa_stan_nol():
    """A stan of zero is a stan."""
    assert alasan(SIAP._replace(sahlwbp=Decimal(0)))[0] is None


def kumpulkan(baris: list[Bacaan], potong: int, **opsi: int) -> KesiapanKelompok:
    k = KesiapanKelompok(PETUGAS, SEKARANG, **opsi)
    for i in range(0, len(baris), potong):
        k.hitung(baris[i : i + potong])
    return k


@given(st.lists(st.sampled_from(sorted(BARIS)), max_size=60), st.integers(1, 7))
def test_rekap_potongan_sama_dengan_hitungan_langsung(nama, potong):
    """Chunk by chunk gives what counting row by row gives; a kelompok is ready only if every row is."""
    baris = [BARIS[n] for n in nama]
    k = kumpulkan(baris, potong)
    assert k.total == len(baris)
    assert k.siap_semua == sum(siap_penuh(b, PETUGAS, SEKARANG) for b in baris)
    for t in Tahap:
        belum = [(b.idpel, a) for b in baris if (a := alasan_belum_siap(b, t, PETUGAS, SEKARANG))]
        assert k.jumlah_siap(t) == len(baris) - len(belum)
        assert k.siap(t) is (bool(baris) and not belum)
        assert k.contoh[t] == belum[:20]


def test_ringkas():
    """The log sentence counts, names reasons and idpel, and holds no reading and no name."""
    k = kumpulkan([SIAP] * 1997 + [BARIS["kosong"]] * 3, 500, maks_contoh=2)
    assert k.ringkas(Tahap.STAN_TERISI) == (
        "Stan terisi: 1.997 dari 2.000 pelanggan, 3 belum (belum ada stan: 3). "
        "2 pertama: 535110000002 (belum ada stan), 535110000002 (belum ada stan)."
    )
    k = kumpulkan([SIAP] * 2, 1)
    assert k.ringkas(Tahap.TERKIRIM) == "Terkirim ke AP2T oleh Admin Vendor: 2 dari 2 pelanggan, lengkap."
    k = kumpulkan([SIAP, BARIS["kosong"], SIAP._replace(sahlwbp=None)], 1)
    assert k.ringkas(Tahap.STAN_TERISI) == (
        "Stan terisi: 1 dari 3 pelanggan, 2 belum (belum ada stan: 2). "
        f"535110000002 (belum ada stan), {SIAP.idpel} (belum ada stan)."
    )
    k = kumpulkan(list(BARIS.values()), 2)
    teks = " ".join(k.ringkas(t) for t in Tahap)
    assert not any(rahasia in teks for rahasia in ("98765", "NAMA", "rahasia", "12O4"))


def test_kelompok_kosong_belum_siap():
    """A kelompok without rows is not ready: its list of customers is not there."""
    k = kumpulkan([], 1)
    assert not any(k.siap(t) for t in Tahap)
    assert "tidak ada pelanggan" in k.ringkas(Tahap.STAN_TERISI)

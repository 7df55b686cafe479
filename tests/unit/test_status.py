"""A customer's status: total, exclusive, the same for the same facts (docs/operator/status.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.model import Bacaan, Peran, Petugas
from ap2t.domain.status import (
    DARI_SUMBER,
    DI_VENDOR,
    TERPOSTING,
    DiSumber,
    Fakta,
    Menurut,
    Posisi,
    Putaran,
    Status,
    TindakLanjut,
    tahap_bacaan,
    tentukan,
    tindak_lanjut,
)
from ap2t.domain.stempel import PetugasUnit

T = datetime(2026, 6, 3, 10, tzinfo=UTC)
JAM = timedelta(hours=1)
UNIT = "53511"
PETUGAS = PetugasUnit(
    UNIT,
    [
        Petugas("awas", None, None, Peran.PENGAWAS, UNIT, True),
        Petugas("vendor", None, None, Peran.ADMIN_VENDOR, UNIT, True),
    ],
)

waktu = st.integers(-5, 5).map(lambda n: T + n * JAM)
posisi = st.builds(Posisi, st.sampled_from([0, 1, 3]), waktu, st.sampled_from(Menurut), st.none(), st.booleans())
putaran = st.builds(
    Putaran,
    nomor=st.just("PS-1"),
    pada=waktu,
    terbuka=st.booleans(),
    tersaring=st.booleans(),
    alasan=st.sampled_from([(), ("JAM_NYALA",), ("STAN_MUNDUR", "JAM_NYALA")]),
    menunggu=st.booleans(),
    disetujui=st.booleans(),
    dikembalikan_pada=st.none() | waktu,
    hasil=st.sampled_from([None, "POSTING", "SUDAH_POSTING", "DITOLAK", "BERUBAH"]),
    kode=st.sampled_from([None, "STAN_BERBEDA"]),
    hasil_pada=st.none() | waktu,
    ditinggal=st.booleans(),
)
sumber = st.builds(DiSumber, st.sampled_from(sorted(DARI_SUMBER)), st.booleans(), st.none() | waktu)
fakta = st.builds(Fakta, st.none() | posisi, st.none() | putaran, st.none() | sumber)


@given(fakta)
def test_selalu_satu_status(f: Fakta) -> None:
    """Total and exclusive: whatever is known, exactly one status, the same each time, with a name to read."""
    k = tentukan(f)
    assert k == tentukan(f)
    assert k.status in KATA_STATUS
    assert k.tahap in KATA_STATUS


@given(fakta)
def test_tahap_hanya_berbeda_pada_yang_dibatalkan(f: Fakta) -> None:
    """``tahap`` is the status but for DIBATALKAN, and is then never DIBATALKAN, posted, or in flight."""
    k = tentukan(f)
    if k.status is Status.DIBATALKAN:
        assert k.tahap not in {Status.DIBATALKAN, Status.DALAM_POSTING, *TERPOSTING}
    else:
        assert k.tahap is k.status


@given(fakta, st.none() | putaran, st.none() | sumber)
def test_ap2t_menang(f: Fakta, lain: Putaran | None, sumber_lain: DiSumber | None) -> None:
    """1 and 3 in AP2T decide alone, and nothing else makes a customer posted."""
    kode = f.posisi.kodeposting if f.posisi else None
    k = tentukan(f)
    assert (k.status in TERPOSTING) == (kode in (1, 3))
    if kode in (1, 3):
        assert tentukan(f._replace(putaran=lain, sumber=sumber_lain)) == k


@given(fakta)
def test_dibatalkan_sampai_disetujui_lagi(f: Fakta) -> None:
    """A cancelled customer is DIBATALKAN in whatever stage, but once approved again; nobody else is."""
    k = tentukan(f)
    dibatalkan = f.posisi is not None and f.posisi.kodeposting == 0
    assert (k.status is Status.DIBATALKAN) == (dibatalkan and k.status is not Status.DALAM_POSTING)


@given(putaran, sumber)
def test_yang_diperbaiki_menurut_stempelnya_lagi(r: Putaran, s: DiSumber) -> None:
    """A held or refused reading that changed since goes by its stamps: corrected and sent again it is TERKIRIM."""
    r = r._replace(dikembalikan_pada=None)
    k = tentukan(Fakta(None, r, s._replace(berubah=True)))
    assert k.status not in {Status.TERTAHAN, Status.DITOLAK_AP2T}
    if r.alasan or r.hasil is not None:
        assert (k.status, k.menurut) == (s.status, Menurut.ACMT)


@given(putaran.filter(lambda r: r.dikembalikan_pada is None), sumber, st.sampled_from(sorted(DARI_SUMBER)))
def test_maju_di_acmt_tidak_memundurkan(r: Putaran, s: DiSumber, lain: Status) -> None:
    """Monotone: further stamps never bring a customer back to an earlier status."""
    urut = list(Status)
    satu, dua = sorted([s.status, lain], key=urut.index)
    awal, akhir = (tentukan(Fakta(None, r, s._replace(status=x))).status for x in (satu, dua))
    assert urut.index(awal) <= urut.index(akhir)


@pytest.mark.parametrize(
    ("ubah", "status", "sebab"),
    [
        ({"tersaring": False}, Status.TERKIRIM, ()),
        ({}, Status.TERKIRIM, ()),
        ({"alasan": ("JAM_NYALA",)}, Status.TERTAHAN, ("JAM_NYALA",)),
        ({"alasan": ("JAM_NYALA",), "terbuka": False}, Status.TERTAHAN, ("JAM_NYALA",)),
        ({"alasan": ("JAM_NYALA",), "ditinggal": True}, Status.TERBACA, ("BELUM_SIAP",)),
        ({"menunggu": True}, Status.MENUNGGU_PERSETUJUAN, ()),
        ({"menunggu": True, "terbuka": False}, Status.TERKIRIM, ()),
        ({"menunggu": True, "disetujui": True}, Status.DALAM_POSTING, ()),
        ({"menunggu": True, "disetujui": True, "dikembalikan_pada": T}, Status.DIKEMBALIKAN, ()),
        ({"disetujui": True, "hasil": "DITOLAK", "kode": "STAN_BERBEDA"}, Status.DITOLAK_AP2T, ("STAN_BERBEDA",)),
        ({"disetujui": True, "hasil": "BERUBAH", "kode": "BERUBAH_DI_ACMT"}, Status.TERBACA, ("BERUBAH_DI_ACMT",)),
    ],
)
def test_menurut_buku(ubah: dict[str, object], status: Status, sebab: tuple[str, ...]) -> None:
    """By the ledger alone, each stage of a session."""
    k = tentukan(Fakta(None, Putaran("PS-1", T)._replace(**ubah)))  # type: ignore[arg-type]
    assert (k.status, k.sebab, k.nomor) == (status, sebab, "PS-1")


@pytest.mark.parametrize(
    ("disentuh", "status"),
    [
        (None, Status.DIKEMBALIKAN),
        (T - JAM, Status.DIKEMBALIKAN),
        (T, Status.DIKEMBALIKAN),
        (T + JAM, Status.TERVERIFIKASI_PENGAWAS),
    ],
)
def test_dikembalikan_sampai_disentuh_lagi(disentuh: datetime | None, status: Status) -> None:
    """Sent back until somebody went over it after that; a stamp cleared by ACMT is not going over it."""
    r = Putaran("PS-1", T - 2 * JAM, dikembalikan_pada=T)
    assert tentukan(Fakta(None, r, DiSumber(Status.TERVERIFIKASI_PENGAWAS, True, disentuh))).status is status


@pytest.mark.parametrize(
    ("putaran", "sumber"),
    [({"acmt_belum": True}, {}), ({}, {"cap_lama": True})],
)
def test_dikembalikan_selama_tidak_ditawarkan(putaran: dict[str, bool], sumber: dict[str, bool]) -> None:
    """Sent back as long as no round offers it: ACMT not told yet, or only sent once more on the stamps of then."""
    r = Putaran("PS-1", T - 2 * JAM, dikembalikan_pada=T, **putaran)
    k = tentukan(Fakta(None, r, DiSumber(Status.TERKIRIM, True, T + JAM, **sumber)))
    assert k.status is Status.DIKEMBALIKAN


@given(fakta, st.booleans())
def test_tindak_lanjut_menurut_statusnya(f: Fakta, dahulu: bool) -> None:
    """What became of one that was sent back: one word for whatever is known, and none that its status denies."""
    k, t = tentukan(f), tindak_lanjut(f, batal_dahulu=dahulu)
    assert (t is TindakLanjut.DISAHKAN) == (k.status in TERPOSTING)
    assert (t is TindakLanjut.DIBATALKAN) == (k.status is Status.DIBATALKAN and not dahulu)
    assert t is not TindakLanjut.TANPA_ACMT or f.sumber is None
    if t is not TindakLanjut.DIBATALKAN and k.tahap is Status.DIKEMBALIKAN:
        assert t in {*DI_VENDOR, TindakLanjut.TANPA_ACMT}
    if t is not TindakLanjut.DIBATALKAN and k.tahap in DARI_SUMBER and f.sumber is not None:
        assert (t is TindakLanjut.DIKIRIM) == (k.tahap is Status.TERKIRIM)


def test_dibatalkan_menyebut_tahapnya() -> None:
    """The stage a cancelled customer is in stands beside, with its reasons."""
    batal = Posisi(0, T, nomor="PB-1")
    k = tentukan(Fakta(batal, Putaran("PS-2", T + JAM, alasan=("JAM_NYALA",))))
    assert (k.status, k.tahap, k.sebab, k.nomor) == (Status.DIBATALKAN, Status.TERTAHAN, ("JAM_NYALA",), "PB-1")
    lagi = tentukan(Fakta(batal, Putaran("PS-2", T + JAM, menunggu=True, disetujui=True)))
    assert lagi.status is Status.DALAM_POSTING


def _bacaan(**ubah: object) -> Bacaan:
    isi = {
        "sahlwbp": Decimal(10),
        "tgl_baca": T,
        "verif_pengawas_oleh": "awas",
        "verif_pengawas_pada": T + JAM,
        "verif_vendor_oleh": "vendor",
        "verif_vendor_pada": T + JAM,
        "kirim_oleh": "vendor",
        "kirim_pada": T + 2 * JAM,
    }
    return Bacaan("1" * 12, UNIT, "202606", "A", **{**isi, **ubah})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ubah", "status"),
    [
        ({}, Status.TERKIRIM),
        ({"kirim_pada": None}, Status.TERVERIFIKASI),
        ({"verif_vendor_oleh": None}, Status.TERVERIFIKASI_PENGAWAS),
        ({"verif_vendor_oleh": "lain"}, Status.TERVERIFIKASI_PENGAWAS),
        ({"verif_pengawas_oleh": None}, Status.TERBACA),
        ({"diubah_pada": T + 3 * JAM}, Status.TERBACA),
        ({"sahlwbp": None}, Status.BELUM_DIBACA),
        ({"sahlwbp": None, "cacat": {"sahlwbp": "x"}}, Status.TERKIRIM),
    ],
)
def test_tahap_bacaan(ubah: dict[str, object], status: Status) -> None:
    """By the valid stamps alone: a stamp before the last change is none."""
    assert tahap_bacaan(_bacaan(**ubah), PETUGAS, T + 4 * JAM) is status


def test_dokumen_menyebut_semuanya() -> None:
    """docs/operator/status.md draws every status and names its label."""
    naskah = (Path(__file__).parents[2] / "docs" / "operator" / "status.md").read_text(encoding="utf-8")
    assert [s for s in Status if f"`{s}`" not in naskah or KATA_STATUS[s] not in naskah] == []

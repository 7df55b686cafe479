"""What becomes of an answer at the gate: decided from values alone, so that every case can be laid out here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.konfigurasi import isi_pola
from ap2t.domain.model import Peran, Petugas
from ap2t.domain.pola import BAWAAN, PolaUnit
from ap2t.galat import BukuMenolak, GalatPengesahan, SumberTidakSesuai, SumberTidakTerjangkau, WewenangKurang
from ap2t.ledger.kedatangan import Tiba, Tolakan
from ap2t.ledger.konfigurasi import Berlaku
from ap2t.ledger.persetujuan import HarusDilihat, Tenggat
from ap2t.ledger.sesi import Sesi
from ap2t.proses import gerbang
from ap2t.proses.gerbang import MENOLAK, SETUJU, TOLAK, Diterima, Keadaan, putuskan
from ap2t.proses.isian import IsianGerbang
from ap2t.proses.wewenang import WewenangSesi, WewenangUnit

SAAT = datetime(2026, 6, 5, 3, tzinfo=UTC)
UNIT, SPV, SIDIK = "54110", "spv1", "ab" * 32
A, B, ASING = "541100000001", "541100000002", "549999999999"
SESI = Sesi(
    id=7,
    nomor="PS-54110-202606-A-01-0a1b2c3d",
    jenis="PENGESAHAN",
    unitup=UNIT,
    thblrek="202606",
    hari_baca="A",
    putaran=1,
    dag_id="pengesahan_hari_baca_a",
    run_id="uji",
    epoch=1,
    status="BERJALAN",
    tahap="MENUNGGU_PERSETUJUAN",
    pola="LENGKAP",
    pengesah=1,
    batas_jam_nyala=Decimal(2000),
    versi_aturan="2",
    versi_kode="0",
    nama_unit="ULP Uji",
    zona_waktu="Asia/Jakarta",
    pemicu=SPV,
    sidik=SIDIK,
    rekap=None,
    keterangan=None,
    dibuka_pada=SAAT,
    diakhiri_pada=None,
    konfigurasi=None,
    batas_jawab_jam=None,
    tutup_sesudah_jam=Decimal(24),
    eskalasi=[],
    sampel=None,
    tgl_mulai=None,
    dicuplik_pada=None,
    ketentuan={},
    bentuk_sidik=2,
)
TIBA = Tiba(
    id=3,
    sesi_id=7,
    urutan=1,
    sidik=SIDIK,
    epoch=1,
    oleh=SPV,
    pilihan=[SETUJU],
    isian={},
    dijawab_pada=SAAT,
    tiba_pada=SAAT,
    ditolak=None,
)
BERLAKU = Berlaku(None, PolaUnit.model_validate(isi_pola(BAWAAN)))
SUDAH = HarusDilihat()
ISIAN = IsianGerbang("dilihat", {A: "foto buram"})


def tenggat(*, lewat: bool) -> Tenggat:
    """Return the gate's deadline, in time or past."""
    return Tenggat(1, SAAT, None, SAAT + timedelta(days=1), False, lewat, False, True)


def wewenang(*, aktif: bool = True, bekerja: dict[str, str] | None = None) -> WewenangSesi:
    """Return who may answer: one person, or nobody."""
    petugas = [Petugas(SPV, "SPV Uji", None, Peran.ADMIN_CMT, UNIT, aktif)]
    return WewenangSesi(SESI, WewenangUnit(UNIT, petugas, BERLAKU, "Asia/Jakarta", SAAT), bekerja or {})


def keadaan(
    *, lewat: bool = False, dikenal: tuple[str, ...] = (A, B), dilihat: HarusDilihat = SUDAH, **sesi: Any
) -> Keadaan:
    """Return what the ledger knows of the gate."""
    return Keadaan(SESI._replace(**sesi), tenggat(lewat=lewat), [], BERLAKU, {}, set(dikenal), dilihat)


def putusan(**ubah: Any) -> Diterima | GalatPengesahan:
    """Decide a good answer, but for what is changed. An error is why it is not taken up."""
    nilai = {"sesi": SESI, "tiba": TIBA, "keadaan": keadaan(), "isian": ISIAN, "wewenang": wewenang()}
    try:
        return putuskan(**{**nilai, **ubah})
    except GalatPengesahan as galat:
        return galat


def tertunda(hasil: Diterima | GalatPengesahan) -> bool:
    """Whether the answer waits: an error that no rule of the answer's own raised."""
    return isinstance(hasil, GalatPengesahan) and not isinstance(hasil, MENOLAK)


@pytest.mark.parametrize("pilihan", [SETUJU, TOLAK])
def test_diterima(pilihan: str) -> None:
    """What it says is taken up as it stands, with what the person stands on."""
    hasil = putusan(tiba=TIBA._replace(pilihan=[pilihan]))
    assert isinstance(hasil, Diterima)
    jawaban = hasil.jawaban
    assert jawaban.keputusan == ("SETUJU" if pilihan == SETUJU else "TOLAK")
    assert (jawaban.oleh, jawaban.catatan, jawaban.kembalikan) == (SPV, ISIAN.catatan, [A])
    assert (jawaban.urutan, jawaban.sidik, jawaban.dijawab_pada, jawaban.tiba) == (1, SIDIK, SAAT, TIBA.id)
    assert (jawaban.petugas["username"], jawaban.petugas["peran"]) == (SPV, "ADMIN_CMT")
    assert hasil.alasan == {A: f"foto buram (pengesahan {SESI.nomor})"}


@pytest.mark.parametrize(
    ("ubah", "kalimat"),
    [
        ({"keadaan": keadaan(status="DIAMBIL_ALIH")}, "sudah berakhir (DIAMBIL_ALIH)"),
        ({"keadaan": keadaan(lewat=True)}, "sudah berakhir (KEDALUWARSA)"),
        ({"tiba": TIBA._replace(ditolak="peran dicabut")}, "sudah pernah dinilai dan tidak diterima: peran dicabut"),
        ({"tiba": TIBA._replace(epoch=2)}, "sempat diambil alih"),
        ({"tiba": TIBA._replace(sidik="cd" * 32)}, "bukan untuk keadaan sesi"),
        ({"tiba": TIBA._replace(sesi_id=8)}, "bukan untuk keadaan sesi"),
        ({"sesi": SESI._replace(epoch=2)}, "sempat diambil alih"),  # the run's own session, not the ledger's newer one
        ({"isian": BukuMenolak("bukan Sah/Setuju atau Tolak")}, "bukan Sah/Setuju atau Tolak"),
        ({"wewenang": wewenang(aktif=False)}, "tidak (lagi) memegang ADMIN_CMT aktif"),
        ({"wewenang": wewenang(bekerja={SPV: "membaca 3 bacaan sesi ini"})}, "pemisahan tugas"),
        ({"keadaan": keadaan(dikenal=(B,))}, f"tidak ada pada sesi {SESI.nomor}: {A}"),
        ({"isian": IsianGerbang(None, {A: f"foto; {B} ragu"})}, f"menyebut pelanggan lain sesi {SESI.nomor}: {B}"),
    ],
)
def test_tidak_diterima(ubah: dict[str, Any], kalimat: str) -> None:
    """Each rule that an answer may break refuses it, with its sentence."""
    hasil = putusan(**ubah)
    assert isinstance(hasil, MENOLAK)
    assert kalimat in str(hasil)


@pytest.mark.parametrize(("wajib", "kata"), [("ditandai", "yang ditandai"), ("sampel", "sampel pemeriksaan")])
def test_belum_dilihat(wajib: str, kata: str) -> None:
    """Who approves has looked at all that the pattern asks for; who refuses need not; counts alone are told."""
    kurang = keadaan(dilihat=HarusDilihat(wajib, 1200, 3))
    hasil = putusan(keadaan=kurang)
    assert isinstance(hasil, BukuMenolak)
    assert f"semua 1.200 pelanggan {kata} sebelum {SETUJU}; 3 belum dilihat" in str(hasil)
    assert A not in str(hasil)
    assert isinstance(putusan(keadaan=kurang, tiba=TIBA._replace(pilihan=[TOLAK])), Diterima)
    assert isinstance(putusan(keadaan=keadaan(dilihat=HarusDilihat(wajib, 1200, 0))), Diterima)


def test_bukan_pelanggan_sesi_dalam_alasan() -> None:
    """A number in a reason that is no customer of the session means nothing."""
    assert isinstance(putusan(isian=IsianGerbang(None, {A: f"foto; {ASING} ragu"})), Diterima)


@pytest.mark.parametrize("galat", [SumberTidakTerjangkau("ACMT mati."), SumberTidakSesuai("view tidak ada.")])
def test_tertunda(galat: GalatPengesahan) -> None:
    """ACMT away or broken says nothing of the answer: it waits. What refuses it without ACMT does not wait for that."""
    assert putusan(wewenang=galat) is galat
    assert tertunda(galat)
    assert isinstance(putusan(wewenang=galat, keadaan=keadaan(lewat=True)), MENOLAK)
    assert isinstance(putusan(wewenang=galat, isian=BukuMenolak("isian")), MENOLAK)


def test_tidak_menunggu_tidak_lewat() -> None:
    """A deadline ends a session only while it waits at a gate."""
    for status, tahap, lewat in (
        ("BERJALAN", "MENUNGGU_PERSETUJUAN", True),
        ("TERHENTI", "MENUNGGU_PERSETUJUAN", True),
        ("BERJALAN", "DISETUJUI", False),
        ("DITOLAK", "MENUNGGU_PERSETUJUAN", False),
    ):
        kini = keadaan(lewat=True, status=status, tahap=tahap)
        assert (kini.lewat is not None) is lewat
        assert kini.kini.terbuka is (status != "DITOLAK" and not lewat)
    assert keadaan()._replace(tenggat=None).lewat is None


_BURUK: list[tuple[str, Any]] = [
    ("keadaan", keadaan(lewat=True)),
    ("keadaan", keadaan(status="KEDALUWARSA")),
    ("tiba", TIBA._replace(ditolak="x")),
    ("tiba", TIBA._replace(epoch=2)),
    ("isian", BukuMenolak("isian")),
    ("isian", WewenangKurang("tanpa nama")),
    ("wewenang", SumberTidakTerjangkau("mati")),
    ("wewenang", WewenangKurang("peran")),
    ("wewenang", wewenang(aktif=False)),
    ("keadaan", keadaan(dikenal=())),
]


@given(st.lists(st.sampled_from(_BURUK), max_size=4))
def test_hanya_yang_utuh_diterima(buruk: list[tuple[str, Any]]) -> None:
    """Whatever comes together: taken up only where nothing is wrong, and no other error ever leaves."""
    ubah = dict(buruk)
    hasil = putusan(**ubah)
    assert isinstance(hasil, Diterima) == (not ubah)
    sendiri = [putusan(**{nama: nilai}) for nama, nilai in ubah.items()]
    if tertunda(hasil):  # to wait is decided only where ACMT is what is missing
        assert hasil in sendiri
    if sendiri and all(isinstance(satu, MENOLAK) for satu in sendiri):
        assert isinstance(hasil, MENOLAK)


@pytest.mark.parametrize("panjang", [600, 601])
def test_alasan_panjang_dipotong(panjang: int) -> None:
    """Why an answer was not taken up stands at the gate in full up to 600 characters, then cut, and it shows."""
    tolakan = Tolakan(1, [SETUJU], datetime(2026, 6, 1, tzinfo=UTC), "x" * panjang)
    kalimat = gerbang._kalimat_tolakan(tolakan, "Asia/Jakarta")
    assert kalimat.endswith(": " + ("x" * 600 if panjang == 600 else "x" * 599 + "…"))

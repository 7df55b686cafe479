"""Sending back: ACMT is told once for each customer and session, whatever crashes, and the others are posted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from proses_fixtures import APLIKASI, Dunia, Jalan, jalankan_sampai

from ap2t.domain.kesiapan import Tahap
from ap2t.domain.model import KOLOM_STEMPEL
from ap2t.galat import BukuMenolak, SumberTidakTerjangkau
from ap2t.ledger import pengembalian as buku_pengembalian
from ap2t.ledger.pengembalian import TabelPengembalian
from ap2t.ledger.sesi import TabelSesi
from ap2t.operators.berkala import JagaSesi
from ap2t.proses import kembalikan as pengembalian
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.kembalikan import kembalikan, kembalikan_sisa
from ap2t.proses.kesiapan import tengok
from ap2t.proses.layanan import Langkah
from ap2t.proses.posting import posting_ap2t
from ap2t.source import acmt
from ap2t.source.acmt import SumberAcmt
from tests.perintah import keluar


class Mati(BaseException):
    """A process that ends here: nothing of ours catches it."""


@pytest.fixture(autouse=True)
def _segera(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call has surely ended at once; the tests that need the pause set it themselves."""
    monkeypatch.setattr(pengembalian, "JEDA_PASTI", 0.0)


def stempel(d: Dunia, n: int) -> set[Any]:
    """Return the stamps of the n-th reading in ACMT."""
    kueri = f"SELECT {', '.join(KOLOM_STEMPEL)} FROM acmt.v_bacaan WHERE idpel = %s AND thblrek = %s"  # noqa: S608
    baris = d.acmt.execute(kueri, [d.idpel(n), d.bulan]).fetchone()
    assert baris
    return set(baris)


def di_buku(d: Dunia, jalan: Jalan) -> dict[str, tuple[str, str | None, int]]:
    """Return the ledger's (status, cara, kali) of each customer sent back in a session."""
    baris = d.buku_lihat.execute(
        "SELECT idpel, status, cara, kali FROM pengesahan.pengembalian WHERE sesi_id = %s", [jalan.sesi.id]
    )
    return {idpel: (status, cara, kali) for idpel, status, cara, kali in baris}


def dijawab(d: Dunia, *nomor: int, jumlah: int = 4, **isian: Any) -> Jalan:
    """Return a run whose approver sent these rows back."""
    d.isi(jumlah)
    jalan = jalankan_sampai(d, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [d.idpel(n) for n in nomor], **isian})
    return jalan


def test_dikembalikan_di_acmt_sekali(dunia: Dunia) -> None:
    """Each customer once, with the reason of its line or the note, after the others were posted; then never again."""
    semua = dunia.isi(5)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [f"{semua[1]} foto buram", semua[3]], "catatan": "stan meragukan"})
    assert dunia.di_acmt() == []
    jalan.posting()
    akhir = f"(pengesahan {jalan.sesi.nomor})"
    harap = [
        (semua[1], f"foto buram {akhir}", dunia.spv),
        (semua[3], f"stan meragukan {akhir}", dunia.spv),
    ]
    assert dunia.di_acmt() == harap
    assert stempel(dunia, 1) == stempel(dunia, 3) == {None}
    assert None not in stempel(dunia, 0)
    assert "verifikasi dan pengiriman 2 pelanggan dihapus" in jalan.log
    posting_ap2t(jalan.langkah, ukuran=10, serentak=1)
    jalan.sampai(dari="rekonsiliasi")
    jalan.tutup_sesi()
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert dunia.di_acmt() == harap
    assert di_buku(dunia, jalan) == dict.fromkeys((semua[1], semua[3]), ("SELESAI", "DIPANGGIL", 1))
    assert "2 dikembalikan, " in jalan.penutup
    assert dunia.terposting() == {semua[0], semua[2], semua[4]}
    jenis = dunia.jenis_jejak(jalan.sesi)
    assert jenis.count("PENGEMBALIAN_DIKIRIM") == jenis.count("PENGEMBALIAN_SELESAI") == 2
    assert jenis.index("POSTING_SELESAI") < jenis.index("PENGEMBALIAN_DIKIRIM")
    siapa = "SELECT array_agg(DISTINCT pelaku) FROM pengesahan.jejak WHERE sesi_id = %s AND jenis LIKE %s"
    assert dunia.satu(siapa, jalan.sesi.id, "POSTING_%") == [dunia.spv]  # both ends name whose AP2T user sent it
    assert dunia.isi_jejak(jalan.sesi, "DIJAWAB")["alasan_kembalikan"][semua[1]] == f"foto buram {akhir}"


def _mati(asli: Callable[..., Any], *, sesudah: bool) -> Callable[..., Any]:
    """Return ``asli`` so that the first call of it ends the process, before or after its work."""
    sisa = [1]

    def jalan(*a: Any, **k: Any) -> Any:
        hasil = asli(*a, **k) if sesudah or not sisa else None
        if sisa:
            sisa.pop()
            raise Mati
        return hasil

    return jalan


@pytest.mark.parametrize("sesudah", [False, True], ids=["sebelum", "sesudah"])
@pytest.mark.parametrize("titik", ["kirim", "panggil", "selesai"])
def test_sekali_walau_mati(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, titik: str, sesudah: bool) -> None:
    """The process dies before or after the ledger's note, the call, or the note of its end: ACMT is told once each."""
    jalan = dijawab(dunia, 1, 2)
    pemilik, nama = {
        "kirim": (TabelPengembalian, "catat_panggilan"),
        "panggil": (SumberAcmt, "kembalikan_verifikasi"),
        "selesai": (TabelPengembalian, "selesai"),
    }[titik]
    asli = getattr(pemilik, nama)
    monkeypatch.setattr(pemilik, nama, _mati(asli, sesudah=sesudah))
    with pytest.raises(Mati):
        jalan.posting()
    assert len(dunia.terposting()) == 2  # the others had been posted
    monkeypatch.setattr(pemilik, nama, asli)
    lagi = dunia.layanan()
    kembalikan_sisa(lagi, jalan.lapor)
    kembalikan_sisa(lagi, jalan.lapor)
    assert sorted(b[0] for b in dunia.di_acmt()) == [dunia.idpel(1), dunia.idpel(2)]
    assert {s for s, _, _ in di_buku(dunia, jalan).values()} == {"SELESAI"}
    jalan.sampai(dari="posting")
    assert len(dunia.di_acmt()) == 2


PROSES_MATI = """
import os, sys
from ap2t.ledger.pengembalian import TabelPengembalian
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.kembalikan import kembalikan
TabelPengembalian.selesai = lambda *_: os._exit(9)
with Layanan() as layanan:
    with layanan.buku.transaksi() as tx:
        s = tx.sesi.bernomor(sys.argv[1])
    kembalikan(Langkah(layanan, s, print))
"""


def test_proses_benar_benar_mati(dunia: Dunia) -> None:
    """A process that ends between ACMT's answer and its note leaves no lock behind; nobody is told twice."""
    jalan = dijawab(dunia, 1, 2)
    lingkungan = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    perintah = [sys.executable, "-c", PROSES_MATI, jalan.sesi.nomor]
    mati = subprocess.run(perintah, env=lingkungan, capture_output=True, text=True, check=False, timeout=60)
    keluar(mati, 9)
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(1)]
    jalan.sampai(dari="posting")
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(1), dunia.idpel(2)]
    assert di_buku(dunia, jalan)[dunia.idpel(1)] == ("SELESAI", "TERLIHAT", 1)


@pytest.mark.parametrize("sampai", [True, False])
def test_jawaban_acmt_hilang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, sampai: bool) -> None:
    """No answer came: ACMT is looked at before anything is called again, and not before the call has surely ended."""
    jalan = dijawab(dunia, 1)
    asli = SumberAcmt.kembalikan_verifikasi

    def putus(diri: SumberAcmt, *a: str) -> bool:
        if sampai:
            asli(diri, *a)
        raise SumberTidakTerjangkau("ACMT tidak menjawab.")

    monkeypatch.setattr(SumberAcmt, "kembalikan_verifikasi", putus)
    monkeypatch.setattr(pengembalian, "JEDA_PASTI", 3600.0)
    jalan.posting()
    assert "1 pelanggan" in jalan.log
    assert "belum dikembalikan di ACMT" in jalan.log
    monkeypatch.setattr(SumberAcmt, "kembalikan_verifikasi", asli)
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert "belum pasti, dilihat lagi" in jalan.log
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("DIKIRIM", None, 1)}
    monkeypatch.setattr(pengembalian, "JEDA_PASTI", 0.0)
    jalan.sampai(dari="rekonsiliasi")
    assert len(dunia.di_acmt()) == 1
    akhir = ("SELESAI", "TERLIHAT", 1) if sampai else ("SELESAI", "DIPANGGIL", 2)
    assert di_buku(dunia, jalan) == {dunia.idpel(1): akhir}
    assert "1 dikembalikan, " in jalan.penutup


def test_jam_yang_pernah_maju_tidak_menahan(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that a clock far ahead wrote down is settled all the same, not when that clock's day has come."""
    jalan = dijawab(dunia, 1)
    asli = SumberAcmt.kembalikan_verifikasi
    monkeypatch.setattr(SumberAcmt, "kembalikan_verifikasi", _mati(asli, sesudah=True))
    with pytest.raises(Mati):
        jalan.posting()
    dunia.dirusak |= {"PENGEMBALIAN"}
    for geser, akhir in (("40 minutes", "DIKIRIM"), ("400 days", "SELESAI")):
        with dunia.buku_lihat.transaction():
            dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
            dunia.buku_lihat.execute(
                "UPDATE pengesahan.pengembalian SET dikirim_pada = now() + %s::interval WHERE sesi_id = %s",
                [geser, jalan.sesi.id],
            )
        kembalikan_sisa(jalan.layanan, jalan.lapor)
        assert di_buku(dunia, jalan)[dunia.idpel(1)][0] == akhir


def test_stempel_baru_tidak_dihapus_lagi(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer was lost, and the vendor has gone over the reading since: that work is not cleared."""
    jalan = dijawab(dunia, 1)
    asli = SumberAcmt.kembalikan_verifikasi
    monkeypatch.setattr(SumberAcmt, "kembalikan_verifikasi", _mati(asli, sesudah=True))
    with pytest.raises(Mati):
        jalan.posting()
    dunia.stempel_baru(1)
    jalan.sampai(dari="posting")
    assert None not in stempel(dunia, 1)
    assert len(dunia.di_acmt()) == 1
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("SELESAI", "BERGANTI", 1)}


def test_acmt_tidak_menjawab_menunda_saja(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT is away for the call: the others are posted, the session closes and says so; the watch does it later.

    Until then no later round offers the customer, whatever stamps it has: they are about to be cleared.
    """
    jalan = dijawab(dunia, 0, 2)

    def mati(*_: Any) -> bool:
        raise SumberTidakTerjangkau("Basis data ACMT tidak menjawab.")

    with monkeypatch.context() as m:
        m.setattr(SumberAcmt, "kembalikan_verifikasi", mati)
        jalan.sampai(dari="posting")
        assert jalan.sesi.status == "SELESAI"
        assert jalan.penutup.startswith("Sukses: 2 pelanggan")
        assert "2 dikembalikan (di ACMT: 2 masih diusahakan)" in jalan.penutup
        assert "Basis data ACMT tidak menjawab" in jalan.log
        assert kembalikan_sisa(jalan.layanan, jalan.lapor)["belum_dikembalikan"] == 2
        dunia.stempel_baru(0)
        dua = jalankan_sampai(dunia, "rekap")
        assert "2 pernah dikembalikan pengesah" in dua.log
        dua.tutup_sesi()
    assert kembalikan_sisa(jalan.layanan, jalan.lapor)["belum_dikembalikan"] == 0
    assert sorted(b[0] for b in dunia.di_acmt()) == [
        dunia.idpel(2)
    ]  # row 0's call was in doubt, and its stamps are new
    assert {c for _, c, _ in di_buku(dunia, jalan).values()} <= {"BERGANTI", "DIPANGGIL"}


def test_satu_bacaan_dipegang_orang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds one reading in ACMT: its call ends by itself after a while, the other customers are told of."""
    asli = acmt.muat
    cepat = "SET LOCAL statement_timeout = 300"
    monkeypatch.setattr(acmt, "muat", lambda nama: cepat if nama == "acmt/batas_tulis" else asli(nama))
    jalan = dijawab(dunia, 0, 1, 2)
    with psycopg.connect(dunia.alamat.acmt) as lain:
        lain.execute("SELECT FROM acmt_dasar.bacaan WHERE idpel = %s FOR UPDATE", [dunia.idpel(0)])
        jalan.sampai(dari="posting")
        assert "3 dikembalikan " in jalan.penutup
        assert "(di ACMT: 1 masih diusahakan)" in jalan.penutup
        lain.rollback()
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert sorted(b[0] for b in dunia.di_acmt()) == [dunia.idpel(n) for n in range(3)]


def test_acmt_mati_sama_sekali(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT does not answer at all: two customers are tried, the rest and other sessions wait for the next round."""
    jalan = dijawab(dunia, 0, 1, 2, 3, jumlah=5)
    tanya: list[str] = []

    def mati(_: SumberAcmt, idpel: str, _bulan: str) -> None:
        tanya.append(idpel)
        raise SumberTidakTerjangkau("Basis data ACMT tidak menjawab.")

    with monkeypatch.context() as m:
        m.setattr(SumberAcmt, "stempel", mati)
        assert kembalikan_sisa(jalan.layanan, jalan.lapor) == {"dikembalikan": 0, "belum_dikembalikan": 4}
    assert len(tanya) == 2
    assert set(di_buku(dunia, jalan).values()) == {("MENUNGGU", None, 0)}
    jalan.sampai(dari="posting")
    assert len(dunia.di_acmt()) == 4


def test_acmt_menolak_satu_baris(dunia: Dunia) -> None:
    """ACMT refuses one call: the other customers are told of all the same, that one is tried again."""
    jalan = dijawab(dunia, 0, 1, 2)
    dunia.acmt.execute(
        f"ALTER TABLE acmt_dasar.pengembalian ADD CONSTRAINT uji CHECK (idpel <> '{dunia.idpel(1)}') NOT VALID"
    )
    try:
        jalan.sampai(dari="posting")
    finally:
        dunia.acmt.execute("ALTER TABLE acmt_dasar.pengembalian DROP CONSTRAINT uji")
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(0), dunia.idpel(2)]
    assert "menolak perintah" in jalan.log
    assert None not in stempel(dunia, 1)
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(0), dunia.idpel(2), dunia.idpel(1)]


def test_bacaan_tidak_ada_lagi(dunia: Dunia) -> None:
    """ACMT has no such reading any more: that is an end too, reported, and the session closes."""
    jalan = dijawab(dunia, 1)
    dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE idpel = %s", [dunia.idpel(1)])
    jalan.sampai(dari="posting")
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("GAGAL", "TIDAK_ADA", 1)}
    assert "1 dikembalikan (di ACMT: 1 tidak dapat, lihat log)" in jalan.penutup
    assert "tidak ada lagi di ACMT" in jalan.log


def test_basis_data_tanpa_fungsi(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of database without the call: nothing is sent, a person is told to do it, once."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    jalan = dijawab(dunia, 1)
    jalan.sampai(dari="posting")
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("GAGAL", "TANPA_FUNGSI", 0)}
    assert jalan.log.count("kembalikan langsung di aplikasi ACMT") == 1
    assert dunia.di_acmt() == []


def test_dua_pengesah(dunia: Dunia) -> None:
    """Both approvers' sendings back count; a customer both name goes back once, with the first one's reason."""
    dunia.pola(pengesah=2)
    semua = dunia.isi(5)
    jalan = jalankan_sampai(dunia, "buka_gerbang", pemicu=f"vendor{dunia.unitup}")
    jalan.terima(isian={"kembalikan": [f"{semua[1]} foto buram", f"{semua[2]} stan ragu"]})
    kedua = jalan.buka_gerbang(2)
    assert kedua is not None
    assert "mengembalikan 2 pelanggan." in kedua.isi
    assert semua[1] not in kedua.isi
    jalan.terima(isian={"kembalikan": [f"{semua[2]} lain", f"{semua[3]} meter rusak"]}, oleh=dunia.spv_b, urutan=2)
    jalan.sampai(dari="posting")
    akhir = f" (pengesahan {jalan.sesi.nomor})"
    assert dunia.di_acmt() == [
        (semua[1], "foto buram" + akhir, dunia.spv),
        (semua[2], "stan ragu" + akhir, dunia.spv),
        (semua[3], "meter rusak" + akhir, dunia.spv_b),
    ]
    assert dunia.terposting() == {semua[0], semua[4]}


def test_yang_ditahan_pun_dapat_dikembalikan(dunia: Dunia) -> None:
    """A held customer may be sent back too; the closing sentence counts each customer once."""
    semua = dunia.isi(6, {4: {"daya": "0"}, 5: {"daya": "0"}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [f"{semua[0]} foto buram", f"{semua[4]} daya kosong"]})
    jalan.sampai(dari="posting")
    assert jalan.penutup.startswith("Sukses: 3 pelanggan sudah disahkan (posting 1), 1 ditahan, 2 dikembalikan, ")
    assert "Posting 3 pelanggan" in jalan.log
    assert [b[0] for b in dunia.di_acmt()] == [semua[0], semua[4]]


def test_pindah_kelompok_sebelum_acmt_diberi_tahu(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT moves a customer to another kelompok before it was told: not offered there either until it was."""
    jalan = dijawab(dunia, 1)

    def mati(*_: Any) -> None:
        raise SumberTidakTerjangkau("Basis data ACMT tidak menjawab.")

    with monkeypatch.context() as m:
        m.setattr(SumberAcmt, "stempel", mati)
        jalan.sampai(dari="posting")
    dunia.ubah_acmt(1, hari_baca="B")
    dunia.kode = "B"
    dunia.stempel_baru(1)
    dunia.kirim_pelanggan([(dunia.idpel(1), 1300)])
    lain = jalankan_sampai(dunia, "rekap")
    assert "1 pernah dikembalikan pengesah" in lain.log
    lain.tutup_sesi()
    kembalikan_sisa(lain.layanan, lain.lapor)
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(1)]
    dunia.kode = "A"


def test_penjaga_menyebut_hitungannya(dunia: Dunia) -> None:
    """The watch's task does it, and tells how many in its XCom."""
    jalan = dijawab(dunia, 1, 2)
    ti = SimpleNamespace(get_dr_count=lambda **_: 1)
    hasil = JagaSesi(task_id="jaga_sesi").execute({"ti": ti})  # type: ignore[arg-type, typeddict-item]
    assert hasil["dikembalikan"] >= 2
    assert hasil["belum_dikembalikan"] == 0
    assert len(dunia.di_acmt()) == 2
    jalan.sampai(dari="posting")


def test_tolak_pun_mengembalikan(dunia: Dunia) -> None:
    """Rejected as a whole: nothing is posted, and the customers the answer names go back all the same."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [f"{semua[1]} foto buram"]}, pilihan=TOLAK)
    assert "DITOLAK" in jalan.tutup_sesi()
    assert [b[0] for b in dunia.di_acmt()] == [semua[1]]
    assert dunia.terposting() == set()


def test_run_mati_sesudah_dijawab(dunia: Dunia) -> None:
    """The run ends right after the answer: the watch tells ACMT; the answer that was refused sends nobody back."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match="tidak ada pada sesi"):
        jalan.terima(isian={"kembalikan": [dunia.idpel(1), "123456789012"]})
    assert kembalikan_sisa(dunia.layanan(), jalan.lapor)["dikembalikan"] == 0
    jalan.terima(isian={"kembalikan": [dunia.idpel(1)]})
    assert kembalikan_sisa(dunia.layanan(), jalan.lapor)["dikembalikan"] == 1
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(1)]
    jalan.sampai(dari="posting")
    assert len(dunia.di_acmt()) == 1


def test_satu_tangan_saja(dunia: Dunia) -> None:
    """While one process tells ACMT about a session, another one leaves it alone."""
    jalan = dijawab(dunia, 1)
    lain = dunia.layanan()
    with jalan.layanan.buku.sendirian(buku_pengembalian.kunci_pengembalian(jalan.sesi)) as sendiri:
        assert sendiri
        assert kembalikan(Langkah(lain, jalan.sesi, jalan.lapor)).tertunda == [dunia.idpel(1)]
        assert "sedang dikerjakan tugas lain" in jalan.log
        assert dunia.di_acmt() == []
    assert kembalikan(Langkah(lain, jalan.sesi, jalan.lapor)).selesai == [dunia.idpel(1)]
    jalan.sampai(dari="posting")


@pytest.mark.parametrize("pola", ["LENGKAP", "BERTAHAP"])
def test_lingkaran_penuh(dunia: Dunia, pola: str) -> None:
    """Sent back, not ready, corrected, verified and sent anew, posted by the next round (SOP 12.1, rules 2 and 3)."""
    dunia.pola(pola)
    jalan = dijawab(dunia, 1, jumlah=3)
    jalan.sampai(dari="posting")

    def siap(tahap: Tahap) -> Any:
        return tengok(jalan.layanan, jalan.sesi.tempat, "LENGKAP", tahap)

    for tahap in (Tahap.TERVERIFIKASI, Tahap.TERKIRIM):
        assert not siap(tahap).siap
        assert siap(tahap).kurang == (dunia.idpel(1),)
    assert siap(Tahap.STAN_TERISI).siap
    if pola == "BERTAHAP":
        kosong = jalankan_sampai(dunia, "rekap")
        assert "1 belum siap" in kosong.log
        assert kosong.tutup_sesi().startswith("Tidak ada yang perlu disahkan")
    dunia.ubah_acmt(1, sahlwbp="1149", pemkwh="149", diubah_pada=datetime.now(UTC))
    assert not siap(Tahap.TERKIRIM).siap
    dunia.stempel_baru(1)
    assert siap(Tahap.TERVERIFIKASI).siap
    assert siap(Tahap.TERKIRIM).siap
    lagi = jalankan_sampai(dunia)
    assert lagi.sesi.putaran == jalan.sesi.putaran + (2 if pola == "BERTAHAP" else 1)
    assert lagi.penutup.startswith("Sukses: 1 pelanggan")
    assert dunia.baris_ap2t()[dunia.idpel(1)]["pemkwh"] == "149"
    assert len(dunia.di_acmt()) == 1
    assert dunia.terposting() == {dunia.idpel(n) for n in range(3)}


def test_ribuan_dikembalikan(dunia: Dunia) -> None:
    """A whole kelompok sent back, each once; nothing is posted."""
    dunia.isi(300)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": "\n".join(dunia.idpel(n) for n in range(300)), "catatan": "petugas baru"})
    jalan.sampai(dari="posting")
    assert len({b[0] for b in dunia.di_acmt()}) == len(dunia.di_acmt()) == 300
    assert dunia.terposting() == set()


@pytest.mark.parametrize(
    "perintah",
    [
        "INSERT INTO pengesahan.pengembalian (sesi_id, idpel, urutan, oleh, alasan) "
        "SELECT sesi_id, '600000000000', urutan, oleh, alasan FROM pengesahan.pengembalian WHERE sesi_id = %s",
        "UPDATE pengesahan.pengembalian SET status = 'MENUNGGU', cara = NULL, selesai_pada = NULL WHERE sesi_id = %s",
        "UPDATE pengesahan.pengembalian SET status = 'DIKIRIM', cara = NULL, selesai_pada = NULL WHERE sesi_id = %s",
        "UPDATE pengesahan.pengembalian SET alasan = 'alasan yang lain' WHERE sesi_id = %s",
        "DELETE FROM pengesahan.pengembalian WHERE sesi_id = %s",
        "UPDATE pengesahan.sesi SET sampel = 5 WHERE id = %s",
    ],
)
def test_pagar_buku(dunia: Dunia, perintah: str) -> None:
    """The ledger itself: nobody is sent back whom no answer names, and no end is taken back."""
    jalan = dijawab(dunia, 1)
    jalan.sampai(dari="posting")
    alamat = dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI)
    with psycopg.connect(alamat) as conn, pytest.raises(psycopg.Error) as galat:
        conn.execute(perintah, [jalan.sesi.id])  # type: ignore[arg-type]
    assert galat.value.sqlstate in ("AP001", "42501")


def test_tanpa_baris_sebelum_dijawab(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer and sendings back stand or fall together: no answer, nobody is sent back."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with monkeypatch.context() as m:
        m.setattr(TabelSesi, "ke_tahap", _mati(TabelSesi.ke_tahap, sesudah=True))
        with pytest.raises(Mati):
            jalan.terima(isian={"kembalikan": [f"{dunia.idpel(1)} foto buram"]})
    assert di_buku(dunia, jalan) == {}
    with jalan.layanan.buku.transaksi() as tx:
        assert tx.persetujuan.semua(jalan.sesi) == []
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert dunia.di_acmt() == []
    jalan.sampai(dari="terima")

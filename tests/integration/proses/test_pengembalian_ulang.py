"""Sent back means verified anew: what does not count as that, and what ACMT is still told after a call in doubt."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import psycopg
import pytest
from proses_fixtures import Dunia, jalankan_sampai
from test_pengembalian import di_buku, dijawab, stempel

from ap2t.galat import BukuMenolak, SumberTidakTerjangkau
from ap2t.proses import kembalikan
from ap2t.proses.kembalikan import kembalikan_sisa
from ap2t.source import acmt
from ap2t.source.acmt import SumberAcmt


@pytest.fixture(autouse=True)
def _segera(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call has surely ended at once."""
    monkeypatch.setattr(kembalikan, "JEDA_PASTI", 0.0)


def putus(*_: Any) -> bool:
    """Lose the connection before the call."""
    raise SumberTidakTerjangkau("Basis data ACMT tidak menjawab.")


@pytest.mark.parametrize(
    "kolom", [("kirim_pada",), ("verif_vendor_pada", "kirim_pada"), ("verif_pengawas_pada", "verif_vendor_pada")]
)
def test_sebagian_stempel_baru_belum_diperiksa_ulang(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch, kolom: tuple[str, ...]
) -> None:
    """Where ACMT cannot clear them, a new sending alone (or half of it) does not bring the customer back; all does."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    jalan = dijawab(dunia, 1)
    jalan.sampai(dari="posting")
    dunia.ubah_acmt(1, **dict.fromkeys(kolom, datetime.now(UTC)))
    dua = jalankan_sampai(dunia, "rekap")
    assert "1 pernah dikembalikan pengesah dan belum diperiksa ulang" in dua.log
    dua.tutup_sesi()
    dunia.stempel_baru(1)
    assert jalankan_sampai(dunia).penutup.startswith("Sukses: 1 pelanggan")


def test_pindah_kelompok_belum_diperiksa_ulang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent back in A and moved to B by ACMT with the stamps it had: B does not offer it either."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    jalan = dijawab(dunia, 1)
    jalan.sampai(dari="posting")
    dunia.ubah_acmt(1, hari_baca="B")
    dunia.kode = "B"
    dunia.kirim_pelanggan([(dunia.idpel(1), 1300)])
    lain = jalankan_sampai(dunia, "rekap")
    assert "1 pernah dikembalikan pengesah" in lain.log
    lain.tutup_sesi()
    dunia.kode = "A"


def test_dikirim_ulang_sesudah_panggilan_ragu(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call never arrived, and the vendor only sent the reading once more: no work is lost, ACMT is told."""
    jalan = dijawab(dunia, 1)
    with monkeypatch.context() as m:
        m.setattr(SumberAcmt, "kembalikan_verifikasi", putus)
        jalan.sampai(dari="posting")
    dunia.ubah_acmt(1, kirim_pada=datetime.now(UTC))
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(1)]
    assert stempel(dunia, 1) == {None}
    assert {(s, c) for s, c, _ in di_buku(dunia, jalan).values()} == {("SELESAI", "DIPANGGIL")}


def test_fungsi_yang_hanya_menghapus_sebagian(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer was lost, and a stamp is gone while another stands: somebody cleared it, nothing is called again."""
    jalan = dijawab(dunia, 1)

    def sebagian(*_: Any) -> bool:
        dunia.ubah_acmt(1, verif_vendor_oleh=None, verif_vendor_pada=None)
        raise SumberTidakTerjangkau("Basis data ACMT tidak menjawab.")

    with monkeypatch.context() as m:
        m.setattr(SumberAcmt, "kembalikan_verifikasi", sebagian)
        jalan.posting()
    jalan.sampai(dari="rekonsiliasi")
    assert dunia.di_acmt() == []
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("SELESAI", "BERGANTI", 1)}


def test_panggilan_yang_pasti_batal(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever held the reading let the call time out, then stamped it anew: it surely had no effect, and is made."""
    asli = acmt.muat
    monkeypatch.setattr(
        acmt, "muat", lambda n: "SET LOCAL statement_timeout = 300" if n == "acmt/batas_tulis" else asli(n)
    )
    monkeypatch.setattr(kembalikan, "JEDA_PASTI", 3600.0)
    jalan = dijawab(dunia, 1)
    with psycopg.connect(dunia.alamat.acmt) as lain:
        lain.execute("SELECT FROM acmt_dasar.bacaan WHERE idpel = %s FOR UPDATE", [dunia.idpel(1)])
        jalan.posting()
        lain.rollback()
    assert "PENGEMBALIAN_TANPA_AKIBAT" in dunia.jenis_jejak(jalan.sesi)
    dunia.stempel_baru(1)
    jalan.sampai(dari="rekonsiliasi")
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(1)]
    assert stempel(dunia, 1) == {None}


def test_koneksi_diputus_di_tengah_panggilan(dunia: Dunia) -> None:
    """ACMT ends the connection while the call waits: in doubt, so that nothing is called before ACMT was looked at."""
    jalan = dijawab(dunia, 1)

    def bunuh() -> None:
        perintah = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE '%acmt.kembalikan_verifikasi%' AND wait_event_type = 'Lock'"
        )
        with psycopg.connect(dunia.alamat.acmt, autocommit=True) as conn:
            for _ in range(100):
                if conn.execute(perintah).fetchall():
                    return
                time.sleep(0.1)

    with psycopg.connect(dunia.alamat.acmt) as lain:
        lain.execute("SELECT FROM acmt_dasar.bacaan WHERE idpel = %s FOR UPDATE", [dunia.idpel(1)])
        utas = Thread(target=bunuh)
        utas.start()
        jalan.posting()
        utas.join()
        lain.rollback()
    assert "PENGEMBALIAN_TANPA_AKIBAT" not in dunia.jenis_jejak(jalan.sesi)
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("DIKIRIM", None, 1)}
    jalan.sampai(dari="rekonsiliasi")
    assert len(dunia.di_acmt()) == 1


def test_yang_selalu_ditolak_tidak_menghalangi(dunia: Dunia) -> None:
    """ACMT refuses the first ones in every go: the others have their turn in the next one."""
    banyak = kembalikan.GAGAL_MAKS
    jalan = dijawab(dunia, *range(banyak + 2), jumlah=banyak + 3)
    tolak = ", ".join(f"'{dunia.idpel(n)}'" for n in range(banyak))
    dunia.acmt.execute(
        f"ALTER TABLE acmt_dasar.pengembalian ADD CONSTRAINT uji CHECK (idpel NOT IN ({tolak})) NOT VALID"
    )
    try:
        jalan.posting()
        assert dunia.di_acmt() == []
        kembalikan_sisa(jalan.layanan, jalan.lapor)
        assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(banyak), dunia.idpel(banyak + 1)]
    finally:
        dunia.acmt.execute("ALTER TABLE acmt_dasar.pengembalian DROP CONSTRAINT uji")
    jalan.sampai(dari="rekonsiliasi")
    assert len({b[0] for b in dunia.di_acmt()}) == len(dunia.di_acmt()) == banyak + 2


def test_sesi_yang_tertahan_tidak_menghalangi(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest session's readings are held in ACMT: another session's customers have their turn in the next round."""
    dunia.isi(3, {2: {"hari_baca": "B"}}, di_ap2t=False)
    dunia.kirim_pelanggan([(dunia.idpel(n), 1300) for n in (0, 1)])
    satu = jalankan_sampai(dunia, "buka_gerbang")
    satu.terima(dunia.idpel(0), dunia.idpel(1))
    dunia.kode = "B"
    dunia.kirim_pelanggan([(dunia.idpel(2), 1300)])
    jalankan_sampai(dunia, "buka_gerbang").terima(dunia.idpel(2))
    dunia.kode = "A"
    asli = SumberAcmt.kembalikan_verifikasi

    def tertahan(diri: SumberAcmt, idpel: str, *a: str) -> bool:
        return putus() if idpel in (dunia.idpel(0), dunia.idpel(1)) else asli(diri, idpel, *a)

    with monkeypatch.context() as m:
        m.setattr(SumberAcmt, "kembalikan_verifikasi", tertahan)
        kembalikan_sisa(satu.layanan, satu.lapor)
        assert dunia.di_acmt() == []
        kembalikan_sisa(satu.layanan, satu.lapor)
        assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(2)]
    satu.posting()
    assert len(dunia.di_acmt()) == 3


def test_acmt_lambat_tidak_menahan_langkah(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call is slow but works: the step goes on after a while, the watch does the rest in its rounds."""
    jalan = dijawab(dunia, 0, 1, 2, 3, jumlah=5)
    asli = SumberAcmt.kembalikan_verifikasi

    def lambat(diri: SumberAcmt, *a: str) -> bool:
        time.sleep(0.3)
        return asli(diri, *a)

    monkeypatch.setattr(SumberAcmt, "kembalikan_verifikasi", lambat)
    monkeypatch.setattr(kembalikan, "LAMA_MAKS", 0.4)
    monkeypatch.setattr(kembalikan, "LAMA_PENJAGA", 0.4)
    jalan.posting()
    sudah = len(dunia.di_acmt())
    assert 1 <= sudah <= 2, "a busy machine does one call within the time, never three"
    assert f"{4 - sudah} pelanggan sesi" in jalan.log
    assert "ACMT lambat, sisanya menyusul" in jalan.log
    for _ in range(4 - sudah):
        kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert [b[0] for b in dunia.di_acmt()] == [dunia.idpel(n) for n in range(4)]
    jalan.sampai(dari="rekonsiliasi")


def test_dua_pelanggan_pada_satu_baris(dunia: Dunia) -> None:
    """Two customers with a reason each on one line: refused, not the second one posted unseen."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match=f"menyebut pelanggan lain .*{semua[1]}"):
        jalan.terima(isian={"kembalikan": [f"{semua[0]} foto buram; {semua[1]} stan ragu"]})
    jalan.terima(isian={"kembalikan": [f"{semua[0]} foto sama dengan {semua[2]}; meter 541199999999 lain"]})
    jalan.sampai(dari="posting")
    assert dunia.terposting() == {semua[1], semua[2]}


def test_kata_acmt_sendiri_tidak_masuk_log(dunia: Dunia) -> None:
    """ACMT's function refuses in its own words, with a name and a stan: the log has the kind of error only."""
    jalan = dijawab(dunia, 1)
    dunia.acmt.execute(
        "CREATE FUNCTION acmt_dasar.uji() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'bacaan a.n. Siti Rahasia stan 1150 terkunci'; END $$; "
        "CREATE TRIGGER uji BEFORE INSERT ON acmt_dasar.pengembalian FOR EACH ROW EXECUTE FUNCTION acmt_dasar.uji()"
    )
    try:
        jalan.posting()
    finally:
        dunia.acmt.execute("DROP TRIGGER uji ON acmt_dasar.pengembalian; DROP FUNCTION acmt_dasar.uji()")
    assert "menolak perintah (RaiseException; SQLSTATE P0001)" in jalan.log
    assert "Siti" not in jalan.log
    assert not re.search(r"\b1150\b", jalan.log)  # a customer's number may hold it
    jalan.sampai(dari="rekonsiliasi")
    assert len(dunia.di_acmt()) == 1


def test_tabel_acmt_dipegang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT's people hold the whole table: neither the look nor the call waits without end, and it is done later."""
    asli = acmt.muat
    monkeypatch.setattr(
        acmt, "muat", lambda n: "SET LOCAL statement_timeout = 300" if n == "acmt/batas_tulis" else asli(n)
    )
    jalan = dijawab(dunia, 1)
    lihat = SumberAcmt.stempel
    with psycopg.connect(dunia.alamat.acmt) as lain:
        lain.execute("LOCK TABLE acmt_dasar.bacaan IN ACCESS EXCLUSIVE MODE")
        mulai = time.monotonic()
        for stempel_ in (lihat, lambda *_: {"kirim_pada": "2026-06-01 00:00:00+00:00"}):  # then only the call waits
            monkeypatch.setattr(SumberAcmt, "stempel", stempel_)
            utas = Thread(target=kembalikan_sisa, args=(jalan.layanan, jalan.lapor))
            utas.start()
            utas.join(10)
            if utas.is_alive():
                lain.rollback()
            utas.join()
        assert time.monotonic() - mulai < 10
        lain.rollback()
    monkeypatch.setattr(SumberAcmt, "stempel", lihat)
    assert "melewati batas waktunya (QueryCanceled; SQLSTATE 57014)" in jalan.log
    jalan.sampai(dari="posting")
    assert len(dunia.di_acmt()) == 1


def test_fungsi_tanpa_jawaban(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT's function clears and answers null: that is no "no such reading"; what it did is looked at."""
    asli = acmt.muat
    perintah = "SELECT nullif(acmt.kembalikan_verifikasi(:idpel, :thblrek, :alasan, :oleh), true) AS hasil"
    monkeypatch.setattr(acmt, "muat", lambda n: perintah if n == "acmt/kembalikan_verifikasi_postgresql" else asli(n))
    jalan = dijawab(dunia, 1)
    jalan.posting()
    assert "tanpa menjawab" in jalan.log
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert di_buku(dunia, jalan) == {dunia.idpel(1): ("SELESAI", "TERLIHAT", 1)}
    assert len(dunia.di_acmt()) == 1
    jalan.sampai(dari="rekonsiliasi")

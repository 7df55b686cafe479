"""Locks of the ledger: one order everywhere, collisions done again, and no wait for a lock without end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from proses_fixtures import APLIKASI, AlamatPg, Dunia, jalankan_sampai

from ap2t.galat import BukuBertabrakan, BukuTidakTerjangkau
from ap2t.ledger import mesin
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kiriman import TabelKiriman
from ap2t.sql import semua


@pytest.fixture
def kode(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """SQLSTATEs of every error of the ledger while the test runs, also of those that were mended by themselves."""
    semua: list[str] = []
    asli = mesin.terjemahkan

    def catat(e: Any) -> Any:
        semua.append(mesin.galat_basis.kenali(e).kode)
        return asli(e)

    monkeypatch.setattr(mesin, "terjemahkan", catat)
    return semua


def di_utas(kerja: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Do something beside; what it returned or raised stands in the list."""
    hasil: list[Any] = []

    def jalan() -> None:
        try:
            hasil.append(kerja())
        except Exception as e:
            hasil.append(e)

    utas = threading.Thread(target=jalan, daemon=True)
    utas.start()
    return utas, hasil


def tunggu_menunggu(dunia: Dunia, peran: str) -> None:
    """Wait until a session of a role waits for a lock."""
    for _ in range(1000):
        if dunia.satu("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = %s", peran):
            return
        threading.Event().wait(0.02)
    raise AssertionError("tidak ada yang menunggu kunci")


# ------------------------------------------------------------------------------------------------- one order of locks


def test_tidak_ada_kunci_yang_lebih_lemah(alamat_pg: AlamatPg) -> None:
    """Whoever holds a row FOR SHARE and then changes it can wait for ever for somebody who did the same."""
    with psycopg.connect(alamat_pg.buku) as conn:
        fungsi = conn.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'pengesahan'::regnamespace "
            "AND prosrc ~ 'FOR (KEY )?SHARE'"
        ).fetchall()
    nama = [n for n, teks in semua("ledger").items() if "SHARE" in teks.replace("SHARE ROW", "")]
    assert (fungsi, nama) == ([], [])


def test_dua_batch_dengan_baris_berubah(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, kode: list[str]) -> None:
    """Two batches, each with a changed row, at the same instant between hold and write: no deadlock."""
    dunia.isi(20)
    jalan = jalankan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = 10, 2
    for n in (3, 13):
        dunia.ubah_acmt(n, sahlwbp="1151")
    temu = threading.Barrier(2)
    asli = TabelKiriman.catat_hasil

    def bertemu(tx: Transaksi, *a: Any, **k: Any) -> Any:
        if a[1] is None:
            with suppress(threading.BrokenBarrierError):
                temu.wait(1)  # both hold the session; or the first one alone, and the other waits for it
        return asli(tx, *a, **k)

    monkeypatch.setattr(TabelKiriman, "catat_hasil", bertemu)
    jalan.posting()
    assert kode == []
    assert [h for h in dunia.hasil(jalan.sesi).values() if h[0] == "BERUBAH"] == [("BERUBAH", "BERUBAH_DI_ACMT")] * 2
    jalan.sampai(dari="rekonsiliasi")


@pytest.mark.parametrize("ke", range(3))
def test_posting_dengan_perubahan_di_tiap_batch(dunia: Dunia, kode: list[str], ke: int) -> None:
    """1,200 rows, eight batches in flight, changes in each of them: nothing collides, everything has an outcome."""
    dunia.isi(1200)
    jalan = jalankan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = 40, 8
    dunia.acmt.execute(
        "UPDATE acmt_dasar.bacaan SET sahlwbp = sahlwbp + 1 WHERE unitup = %s AND right(idpel, 1) = '7'", [dunia.unitup]
    )
    jalan.posting()
    assert kode == []
    assert len(dunia.terposting()) == 1080
    jalan.sampai(dari="rekonsiliasi")


# ----------------------------------------------------------------------------------------- collisions are done again


@pytest.fixture
def dua_baris(dunia: Dunia) -> Iterator[tuple[str, str]]:
    """Two rows of the ledger that the application may lock and change: their kelompok. Gone after the test."""
    for kode_ in ("A", "B"):
        dunia.buku_lihat.execute(
            "INSERT INTO pengesahan.jadwal (unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari, jatuh_tempo, tenggat, "
            "dag_id, run_id, sebab, dibuka_pada) VALUES (%s, '200001', %s, '2000-01-01', 1, '2000-01-01', now(), "
            "'uji', 'uji', 'ORANG', now())",
            [dunia.unitup, kode_],
        )
    yield "A", "B"
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute("DELETE FROM pengesahan.jadwal WHERE unitup = %s", [dunia.unitup])


def _kunci(dunia: Dunia) -> str:
    return (
        f"SELECT 1 FROM pengesahan.jadwal WHERE unitup = '{dunia.unitup}' AND thblrek = '200001' "  # noqa: S608
        "AND hari_baca = %s FOR UPDATE"
    )


def test_deadlock_diulang(dunia: Dunia, dua_baris: tuple[str, str], kode: list[str]) -> None:
    """40P01 took all of a short transaction back: it is done again by itself, once in effect."""
    kunci, buku = _kunci(dunia), dunia.layanan().buku
    kali: list[int] = []

    def kerja(tx: Transaksi) -> int:
        kali.append(1)
        tx.conn.exec_driver_sql(kunci, (dua_baris[1],))
        if len(kali) == 1:
            lain_terkunci.set()
            tunggu_menunggu(dunia, "postgres")
        tx.conn.exec_driver_sql(kunci, (dua_baris[0],))  # closes the circle: the server ends this one
        tx.jejak.catat("UJI_DIULANG", {"unitup": dunia.unitup, "ke": len(kali)})
        return len(kali)

    lain_terkunci = threading.Event()
    with psycopg.connect(dunia.alamat.buku) as lain:
        lain.execute("SET deadlock_timeout = '1min'")
        lain.execute(kunci, [dua_baris[0]])
        utas, hasil = di_utas(lambda: buku.ulang(kerja))
        assert lain_terkunci.wait(20)
        lain.execute(kunci, [dua_baris[1]])
        lain.rollback()
        utas.join(20)
    assert hasil == [2]
    assert kode == ["40P01"]
    ditulis = "SELECT count(*) FROM pengesahan.jejak WHERE jenis = 'UJI_DIULANG' AND isi ->> 'unitup' = %s"
    assert dunia.satu(ditulis, dunia.unitup) == 1


def test_serialisasi_diulang_lalu_menyerah(
    dunia: Dunia, dua_baris: tuple[str, str], kode: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """40001 likewise; what collides each time is given up as something that a task may try again."""
    ubah = (
        f"UPDATE pengesahan.jadwal SET ditengok_pada = now() WHERE unitup = '{dunia.unitup}' "  # noqa: S608
        "AND hari_baca = 'A'"
    )
    buku = dunia.layanan().buku
    bentur = [1, 1]

    def kerja(tx: Transaksi) -> str:
        tx.conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tx.conn.exec_driver_sql("SELECT 1")
        if bentur:
            bentur.pop()
            dunia.buku_lihat.execute(ubah)
        tx.conn.exec_driver_sql(ubah)
        return "jadi"

    assert buku.ulang(kerja) == "jadi"
    assert kode == ["40001"] * 2
    monkeypatch.setattr("ap2t.ledger.buku.BENTUR_MAKS", 2)
    bentur += [1] * 5
    with pytest.raises(BukuBertabrakan, match="SQLSTATE 40001") as galat:
        buku.ulang(kerja)
    assert not galat.value.permanen
    assert len(bentur) == 3


# ------------------------------------------------------------------------------------------ no wait is without end


def test_kepala_jejak_yang_dipegang_klien_beku(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that stands still with the trail's head in its hand is ended; the other units go on, none fails."""
    monkeypatch.setitem(mesin.SETELAN, "idle_in_transaction_session_timeout", "300ms")
    beku, lain = dunia.layanan().buku, dunia.layanan().buku

    hasil: list[Any] = []

    def tulis() -> None:
        with lain.transaksi() as tx:
            tx.jejak.catat("UJI_LAIN", {"unitup": dunia.unitup})

    def membeku() -> None:
        with beku.transaksi() as tx:
            tx.jejak.catat("UJI_BEKU", {"unitup": dunia.unitup})
            utas, milik_lain = di_utas(tulis)
            utas.join(20)
            hasil.extend(milik_lain)
            tx.jejak.catat("UJI_BEKU", {"unitup": dunia.unitup})

    with pytest.raises(BukuTidakTerjangkau, match=r"diam terlalu lama.*SQLSTATE 25P03") as galat:
        membeku()
    assert hasil == [None]
    assert not galat.value.permanen
    ada = "SELECT array_agg(jenis) FROM pengesahan.jejak WHERE isi ->> 'unitup' = %s AND jenis LIKE 'UJI%%'"
    assert dunia.satu(ada, dunia.unitup) == ["UJI_LAIN"]


def test_kunci_yang_tidak_dilepas(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's own session holds the head and lives: whoever waits for it is told so, and may try again."""
    monkeypatch.setitem(mesin.SETELAN, "lock_timeout", "200ms")
    buku = dunia.layanan().buku
    with psycopg.connect(dunia.alamat.buku) as lain:
        lain.execute("SELECT 1 FROM pengesahan.jejak_kepala FOR UPDATE")
        with pytest.raises(BukuTidakTerjangkau, match=r"dipegang proses lain.*SQLSTATE 55P03") as galat:
            buku.ulang(lambda tx: tx.jejak.catat("UJI", {}))
    assert not galat.value.permanen


def test_batas_bawaan(dunia: Dunia) -> None:
    """A holder that stands still is ended before anyone who waits for it gives up."""
    with dunia.layanan().buku.transaksi() as tx:
        baris = tx.conn.exec_driver_sql(
            "SELECT name, setting::bigint FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout', "
            "'idle_in_transaction_session_timeout')"
        )
        batas = {b[0]: b[1] for b in baris}
    assert 0 < batas["idle_in_transaction_session_timeout"] < batas["lock_timeout"] < batas["statement_timeout"]


def test_satu_saja_tanpa_transaksi(dunia: Dunia) -> None:
    """Being the only one at something holds no transaction, and ends with the block or the process."""
    satu, dua = dunia.layanan().buku, dunia.layanan().buku
    with satu.sendirian("uji/sendirian") as pertama:
        with dua.sendirian("uji/sendirian") as kedua:
            assert (pertama, kedua) == (True, False)
        diam = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%' AND usename = %s"
        assert dunia.satu(diam, APLIKASI) == 0
    with dua.sendirian("uji/sendirian") as kedua:
        assert kedua

"""The ledger's own guards, by direct SQL as the application's role: they hold whatever the program does."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from proses_fixtures import APLIKASI, PEMILIK, AlamatPg, isi_koneksi, salin_buku
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from ap2t.cli import app
from ap2t.galat import KoneksiTidakSah
from ap2t.ledger import skema
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.skema import kepala, mesin_pemilik, migrasikan, revisi
from tests.perintah import keluar

SIDIK, LAIN = "a" * 64, "b" * 64
Koneksi = psycopg.Connection[Any]
_nomor = itertools.count(1)
TIDAK_BERHAK = psycopg.errors.InsufficientPrivilege


class Coba:
    """A ledger and a unit of the test's own; ``app`` is the application's role, ``pemilik`` the owner's."""

    def __init__(self, alamat: AlamatPg, basis: str) -> None:
        self.alamat_app, self.alamat_pemilik = (alamat.sebagai(basis, p) for p in (APLIKASI, PEMILIK))
        self.unitup = f"{next(_nomor):05d}"
        self.app = psycopg.connect(self.alamat_app, autocommit=True)
        self.pemilik = psycopg.connect(self.alamat_pemilik, autocommit=True)

    def sesi(
        self,
        *,
        hari_baca: str = "A",
        pengesah: int = 1,
        pemicu: str | None = "spv",
        putaran: int = 1,
        jenis: str = "PENGESAHAN",
    ) -> int:
        """Insert a session; return its id."""
        n = next(_nomor)
        baris = self.app.execute(
            "INSERT INTO pengesahan.sesi (nomor, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola, pengesah, "
            "batas_jam_nyala, versi_aturan, versi_kode, zona_waktu, pemicu, jenis) VALUES (%s, %s, '202606', %s, %s, "
            "'d', %s, 'LENGKAP', %s, 2000, '1', '0', 'Asia/Jakarta', %s, %s) RETURNING id",
            [f"PS-{n}", self.unitup, hari_baca, putaran, f"r{n}", pengesah, pemicu, jenis],
        ).fetchone()
        assert baris is not None
        return int(baris[0])

    def ubah(self, sid: int, **nilai: Any) -> None:
        """Update a session's columns as the application."""
        pasang = ", ".join(f"{k} = %({k})s" for k in nilai)
        self.app.execute(f"UPDATE pengesahan.sesi SET {pasang} WHERE id = %(id)s", {**nilai, "id": sid})  # noqa: S608

    def baris(self, sid: int, idpel: str, kwh: str = "150", daya: str = "1300", hasil: str = "LOLOS") -> None:
        """Insert a customer's snapshot and what the sieve says of it."""
        self.app.execute(
            "INSERT INTO pengesahan.bacaan (sesi_id, idpel, unitup, thblrek, hari_baca) "
            "VALUES (%s, %s, %s, '202606', 'A')",
            [sid, idpel, self.unitup],
        )
        self.app.execute(
            "INSERT INTO pengesahan.saringan VALUES (%s, %s, %s, %s, 1, %s, %s, '{}')",
            [sid, idpel, daya, kwh, hasil, [] if hasil == "LOLOS" else ["STAN_MUNDUR"]],
        )

    def gerbang(self, sid: int, urutan: int = 1, sidik: str = SIDIK, orang: tuple[str, ...] = ("spv", "spvb")) -> None:
        """Open a gate."""
        self.app.execute("INSERT INTO pengesahan.gerbang VALUES (%s, %s, %s, %s)", [sid, urutan, sidik, list(orang)])

    def jawab(
        self, sid: int, oleh: str = "spv", urutan: int = 1, sidik: str = SIDIK, kembali: tuple[str, ...] = ()
    ) -> None:
        """Record an approval."""
        self.app.execute(
            "INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, "
            "dijawab_pada) VALUES (%s, %s, 'SETUJU', %s, %s, %s, '{}', now())",
            [sid, urutan, oleh, list(kembali), sidik],
        )

    def menunggu(self, **pilihan: Any) -> int:
        """Return a session with rows 1, 2, 3 passed and 9 held, whose gate is open."""
        sid = self.sesi(**pilihan)
        for idpel in ("1", "2", "3"):
            self.baris(sid, idpel)
        self.baris(sid, "9", hasil="DITAHAN")
        self.ubah(sid, sidik=SIDIK, rekap="{}", tahap="MENUNGGU_PERSETUJUAN")
        self.gerbang(sid)
        return sid

    def memposting(self, *kembali: str, **pilihan: Any) -> int:
        """Return a session that is approved by spv and posting."""
        sid = self.menunggu(**pilihan)
        self.jawab(sid, kembali=kembali)
        self.ubah(sid, tahap="MEMPOSTING")
        return sid

    def batch(self, sid: int, *idpel: str, oleh: str = "spv", epoch: int = 1) -> uuid.UUID:
        """Record a batch as in flight."""
        kunci = uuid.uuid4()
        self.app.execute(
            "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) VALUES (%s,%s,%s,%s,%s,'x')",
            [kunci, sid, epoch, oleh, list(idpel)],
        )
        return kunci

    def hasil(self, sid: int, kunci: uuid.UUID, idpel: str, status: str = "POSTING", kode: int = 1) -> None:
        """Record a row's outcome."""
        self.app.execute(
            "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting) VALUES (%s, %s, %s, %s, %s)",
            [sid, idpel, kunci, status, kode],
        )

    def tutup(self) -> None:
        """Close both connections."""
        self.app.close()
        self.pemilik.close()


@pytest.fixture(scope="module")
def basis(alamat_pg: AlamatPg) -> str:
    return salin_buku(alamat_pg, "uji_pagar")


@pytest.fixture
def buku(alamat_pg: AlamatPg, basis: str) -> Iterator[Coba]:
    coba = Coba(alamat_pg, basis)
    yield coba
    coba.tutup()


@pytest.fixture(scope="module")
def mesin_jejak(alamat_pg: AlamatPg) -> Iterator[Engine]:
    """The owner's engine on a ledger whose trail is empty."""
    alamat = alamat_pg.sebagai(salin_buku(alamat_pg, "uji_jejak"), PEMILIK)
    mesin = mesin_pemilik(alamat)
    yield mesin
    mesin.dispose()


def ditolak(sebab: str) -> Any:
    """Expect a refusal by one of the ledger's own guards."""
    return pytest.raises(psycopg.Error, match=sebab)


# ------------------------------------------------------------------------------------------------------ sessions


def test_satu_sesi_terbuka_per_kelompok(buku: Coba) -> None:
    """Invariant 4: one open session per (unitup, thblrek, hari_baca), standing still or not."""
    pertama = buku.sesi()
    with ditolak("sesi_satu_terbuka"):
        buku.sesi(putaran=2)
    buku.ubah(pertama, status="TERHENTI")
    with ditolak("sesi_satu_terbuka"):
        buku.sesi(putaran=2)
    buku.sesi(hari_baca="B")
    buku.app.execute("UPDATE pengesahan.sesi SET status = 'SELESAI', diakhiri_pada = now() WHERE id = %s", [pertama])
    buku.sesi(putaran=2)


@pytest.mark.parametrize("kolom", ["unitup", "thblrek", "run_id", "nomor", "pengesah", "batas_jam_nyala", "pemicu"])
def test_identitas_sesi_tetap(buku: Coba, kolom: str) -> None:
    """Invariant 4: a session belongs to one run, for good: no right for the application, a guard for the owner."""
    sid = buku.sesi()
    nilai = {"unitup": "54111", "thblrek": "202607", "pengesah": 2, "batas_jam_nyala": 1000}.get(kolom, "lain")
    perintah = f"UPDATE pengesahan.sesi SET {kolom} = %s WHERE id = %s"  # noqa: S608
    with pytest.raises(TIDAK_BERHAK):
        buku.app.execute(perintah, [nilai, sid])
    with ditolak("identitas sesi"):
        buku.pemilik.execute(perintah, [nilai, sid])


def test_epoch_tidak_turun_dan_akhir_itu_akhir(buku: Coba) -> None:
    """Invariant 4: fencing goes one way, and an ended session stays as it ended."""
    sid = buku.sesi()
    buku.ubah(sid, epoch=3)
    with ditolak("epoch sesi"):
        buku.ubah(sid, epoch=2)
    with ditolak("violates check constraint"):
        buku.ubah(sid, status="SELESAI")
    buku.app.execute("UPDATE pengesahan.sesi SET status = 'DITOLAK', diakhiri_pada = now() WHERE id = %s", [sid])
    for nilai in ({"status": "BERJALAN", "diakhiri_pada": None}, {"epoch": 9}, {"keterangan": "lain"}):
        with ditolak("sudah berakhir"):
            buku.ubah(sid, **nilai)


def test_sesi_tidak_berakhir_selagi_batch_di_jalan(buku: Coba) -> None:
    """Invariant 4: a session is ended only after every batch in flight is settled."""
    sid = buku.memposting()
    kunci = buku.batch(sid, "1", "2")
    akhiri = "UPDATE pengesahan.sesi SET status = %s, diakhiri_pada = now() WHERE id = %s"
    for status in ("DIAMBIL_ALIH", "SELESAI", "DITOLAK", "NIHIL"):
        with ditolak("masih dalam perjalanan"):
            buku.app.execute(akhiri, [status, sid])
    buku.ubah(sid, status="TERHENTI")
    buku.app.execute("UPDATE pengesahan.batch SET status = 'BATAL', selesai_pada = now() WHERE kunci = %s", [kunci])
    buku.app.execute(akhiri, ["DIAMBIL_ALIH", sid])


def test_sesi_dan_batch_tidak_dihapus_juga_oleh_pemilik(buku: Coba) -> None:
    """Invariant 6: history is added to, never taken away; the owner meets a guard too."""
    sid = buku.memposting()
    buku.batch(sid, "1")
    for tabel in ("sesi", "batch", "hasil", "persetujuan", "gerbang", "jejak", "luar_sistem", "konfigurasi"):
        for perintah in (f"DELETE FROM pengesahan.{tabel}", f"TRUNCATE pengesahan.{tabel} CASCADE"):  # noqa: S608
            with pytest.raises(TIDAK_BERHAK):
                buku.app.execute(perintah)
            with ditolak("hanya boleh ditambah"):
                buku.pemilik.execute(perintah)


# ------------------------------------------------------------------------------------------- snapshot and sieve


def test_cuplikan_beku_sesudah_gerbang(buku: Coba) -> None:
    """Invariant 1: what the gate has shown stays as it was shown."""
    sid = buku.menunggu()
    with ditolak("dibekukan"):
        buku.baris(sid, "7")
    with ditolak("dibekukan"):
        buku.app.execute("INSERT INTO pengesahan.saringan VALUES (%s, '7', 1, 0, 0, 'LOLOS', '{}', '{}')", [sid])
    with ditolak("dibekukan"):
        buku.app.execute("SELECT pengesahan.hapus_cuplikan(%s)", [sid])
    for nilai in ({"sidik": LAIN}, {"rekap": '{"a": 1}'}, {"tahap": "TERSARING"}):
        with ditolak("sudah ditunjukkan"):
            buku.ubah(sid, **nilai)
    for tabel in ("bacaan", "saringan"):
        for perintah in (f"DELETE FROM pengesahan.{tabel}", f"UPDATE pengesahan.{tabel} SET daya = 1"):  # noqa: S608
            with pytest.raises(TIDAK_BERHAK):
                buku.app.execute(perintah)


@pytest.mark.parametrize("tahap", ["DISETUJUI", "MEMPOSTING", "TERPOSTING", "COCOK"])
def test_yang_disetujui_tidak_kembali_ke_gerbang(buku: Coba, tahap: str) -> None:
    """Invariant 4: at its gate again, a deadline could end an approved session."""
    sid = buku.menunggu()
    buku.ubah(sid, tahap="MENUNGGU_PERSETUJUAN")  # a gate may open again
    buku.ubah(sid, tahap=tahap)
    with ditolak("sudah disetujui"):
        buku.ubah(sid, tahap="MENUNGGU_PERSETUJUAN")


def test_cuplikan_boleh_diulang_sebelum_gerbang(buku: Coba) -> None:
    """A task that is cleared before the gate starts its snapshot anew."""
    sid = buku.sesi()
    buku.baris(sid, "1")
    hapus = buku.app.execute("SELECT pengesahan.hapus_cuplikan(%s)", [sid]).fetchone()
    assert hapus == (1,)
    buku.baris(sid, "1")
    buku.ubah(sid, status="TERHENTI")
    with ditolak("dibekukan"):
        buku.app.execute("SELECT pengesahan.hapus_cuplikan(%s)", [sid])


@pytest.mark.parametrize(
    ("kwh", "daya"),
    [
        ("2600.0013", "1300"),
        ("2600.00000001", "1300"),
        (None, "1300"),
        ("1", None),
        ("0", "0"),
        ("-1", "1300"),
        ("NaN", "1300"),
    ],
)
def test_jam_nyala_2000_ditolak_buku(buku: Coba, kwh: str | None, daya: str | None) -> None:
    """SOP 12.1, rule 4, invariant 2: over 2000 hours, or not computable, cannot stand as passed."""
    sid = buku.sesi()
    with ditolak("jam_nyala_2000"):
        buku.app.execute(
            "INSERT INTO pengesahan.saringan VALUES (%s, '1', %s, %s, 2000, 'LOLOS', '{}', '{}')", [sid, daya, kwh]
        )


def test_jam_nyala_tepat_2000_lolos(buku: Coba) -> None:
    """SOP 12.1, rule 4: 2000 itself passes; 2000.0001 hours (1,300 VA) does not."""
    sid = buku.sesi()
    buku.baris(sid, "1", kwh="2600")
    buku.baris(sid, "2", kwh="2600.000000")
    with ditolak("jam_nyala_2000"):
        buku.baris(sid, "3", kwh="2600.00013")
    with ditolak("saringan_check"):
        buku.app.execute("INSERT INTO pengesahan.saringan VALUES (%s, '5', 1, 0, 0, 'LOLOS', '{X}', '{}')", [sid])


# --------------------------------------------------------------------------------------------- gate and approval


def test_gerbang_hanya_untuk_sidik_yang_ditunjukkan(buku: Coba) -> None:
    """Invariant 1: a gate stands for the session's digest, while it waits, and for no more approvers than it has."""
    sid = buku.sesi()
    buku.ubah(sid, sidik=SIDIK, rekap="{}")
    with ditolak("gerbang sesi"):
        buku.gerbang(sid)
    buku.ubah(sid, tahap="MENUNGGU_PERSETUJUAN")
    with ditolak("gerbang sesi"):
        buku.gerbang(sid, sidik=LAIN)
    with ditolak("gerbang sesi"):
        buku.gerbang(sid, urutan=2)
    with ditolak("check constraint"):
        buku.gerbang(sid, orang=())
    buku.gerbang(sid)


def test_jawaban_perlu_gerbang_sidik_dan_orang_yang_ditanya(buku: Coba) -> None:
    """Invariant 1: an approval needs an open gate, its digest, and a person who was asked."""
    sid = buku.sesi()
    buku.ubah(sid, sidik=SIDIK, rekap="{}")
    with ditolak("tidak sedang menunggu"):
        buku.jawab(sid)
    buku.ubah(sid, tahap="MENUNGGU_PERSETUJUAN")
    with ditolak("sidik jawaban berbeda"):
        buku.jawab(sid)  # no gate at all
    buku.gerbang(sid)
    with ditolak("sidik jawaban berbeda"):
        buku.jawab(sid, sidik=LAIN)
    with ditolak("tidak ditanya"):
        buku.jawab(sid, "orang_lain")
    buku.ubah(sid, status="TERHENTI")
    with ditolak("tidak sedang menunggu"):
        buku.jawab(sid)
    buku.ubah(sid, status="BERJALAN")
    buku.jawab(sid)
    with ditolak("persetujuan_pkey"):
        buku.jawab(sid, "spvb")


def test_pengesah_kedua_orang_lain(buku: Coba) -> None:
    """SOP 12.1, rule 1: the second approver is neither the first nor who started the run, and comes second."""
    sid = buku.menunggu(pengesah=2, pemicu="pemicu")
    buku.gerbang(sid, urutan=2, orang=("spv", "spvb", "pemicu"))
    with ditolak("harus orang lain"):
        buku.jawab(sid, "spvb", urutan=2)  # nobody has approved first
    buku.jawab(sid, "spv")
    for orang in ("spv", "pemicu"):
        with ditolak("harus orang lain"):
            buku.jawab(sid, orang, urutan=2)
    with buku.app.transaction(force_rollback=True):
        buku.ubah(sid, tahap="MEMPOSTING")
        with ditolak("belum disetujui"):
            buku.batch(sid, "1")
    buku.jawab(sid, "spvb", urutan=2)
    buku.ubah(sid, tahap="MEMPOSTING")
    with ditolak("belum disetujui"):
        buku.batch(sid, "1", oleh="spv")  # the last approver's user posts
    buku.batch(sid, "1", oleh="spvb")


# -------------------------------------------------------------------------------------------------------- batches


def test_batch_tanpa_persetujuan(buku: Coba) -> None:
    """Invariant 1: no batch without a recorded approval, whatever stage the session is said to have."""
    sid = buku.menunggu()
    with ditolak("tidak .lagi. memposting"):
        buku.batch(sid, "1")
    buku.ubah(sid, tahap="MEMPOSTING")
    with ditolak("belum disetujui"):
        buku.batch(sid, "1")


def test_batch_yang_tidak_boleh_berdiri(buku: Coba) -> None:
    """Invariants 1, 2, 4: sender, epoch, order, held, sent back, unknown, in flight, and rows with an outcome."""
    sid = buku.memposting("3")
    for idpel, pilihan, sebab in (
        (("1",), {"oleh": "spvb"}, "belum disetujui"),
        (("1",), {"epoch": 2}, "tidak .lagi. memposting"),
        (("2", "1"), {}, "harus urut"),
        (("1", "9"), {}, "tidak boleh diposting"),
        (("1", "3"), {}, "tidak boleh diposting"),
        (("1", "8"), {}, "tidak boleh diposting"),
        (("1", "1"), {}, "tidak boleh diposting"),
        ((), {}, "harus urut"),
    ):
        with ditolak(sebab):
            buku.batch(sid, *idpel, **pilihan)
    kunci = buku.batch(sid, "1")
    with ditolak("tidak boleh diposting"):
        buku.batch(sid, "1", "2")
    terap = "UPDATE pengesahan.batch SET status = 'DITERAPKAN', selesai_pada = now() WHERE kunci = %s"
    buku.app.execute(terap, [kunci])
    buku.hasil(sid, kunci, "1")
    with ditolak("tidak boleh diposting"):
        buku.batch(sid, "1")
    with ditolak("hasil_pkey"):
        buku.hasil(sid, kunci, "1", "SUDAH_POSTING")
    buku.batch(sid, "2")
    buku.ubah(sid, status="TERHENTI")
    with ditolak("tidak .lagi. memposting"):
        buku.batch(sid, "2")


def test_baris_di_jalan_tidak_diberi_hasil_lain(buku: Coba) -> None:
    """Invariant 3: a row in flight gets no other outcome, or AP2T's answer could never be recorded."""
    sid = buku.memposting()
    kunci = buku.batch(sid, "1")
    berubah = "INSERT INTO pengesahan.hasil (sesi_id, idpel, status) VALUES (%s, %s, 'BERUBAH')"
    with ditolak("masih dalam perjalanan"):
        buku.app.execute(berubah, [sid, "1"])
    buku.app.execute(berubah, [sid, "2"])
    terap = "UPDATE pengesahan.batch SET status = 'DITERAPKAN', selesai_pada = now() WHERE kunci = %s"
    buku.app.execute(terap, [kunci])
    buku.hasil(sid, kunci, "1")


def test_dua_batch_serentak_untuk_baris_sama(buku: Coba) -> None:
    """Invariant 3: of two processes that record the same row at the same moment, one is refused."""
    sid = buku.memposting()
    with psycopg.connect(buku.alamat_app) as satu, psycopg.connect(buku.alamat_app) as dua:
        perintah = (
            "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) "
            "VALUES (gen_random_uuid(), %s, 1, 'spv', '{1,2}', 'x')"
        )
        satu.execute(perintah, [sid])
        galat: list[Exception] = []

        def kedua() -> None:
            try:
                dua.execute(perintah, [sid])
            except psycopg.Error as e:
                galat.append(e)

        utas = threading.Thread(target=kedua)
        utas.start()
        utas.join(0.2)
        satu.commit()
        utas.join(5)
        assert not utas.is_alive()
        assert len(galat) == 1
        assert "tidak boleh diposting" in str(galat[0])


def test_batch_tidak_ditulis_ulang(buku: Coba) -> None:
    """Invariant 6: a settled batch is settled; who, what and when it was sent never change."""
    sid = buku.memposting()
    kunci = buku.batch(sid, "1")
    for kolom, nilai in (("idpel", ["2"]), ("oleh", "spvb"), ("epoch", 7), ("sidik_isi", "y")):
        perintah = f"UPDATE pengesahan.batch SET {kolom} = %s WHERE kunci = %s"  # noqa: S608
        with pytest.raises(TIDAK_BERHAK):
            buku.app.execute(perintah, [nilai, kunci])
        with ditolak("isinya diubah"):
            buku.pemilik.execute(perintah, [nilai, kunci])
    buku.app.execute("UPDATE pengesahan.batch SET status = 'BATAL', selesai_pada = now() WHERE kunci = %s", [kunci])
    with ditolak("sudah selesai"):
        buku.app.execute("UPDATE pengesahan.batch SET status = 'DITERAPKAN' WHERE kunci = %s", [kunci])


@pytest.mark.parametrize("tabel", ["hasil", "jejak", "persetujuan", "gerbang", "konfigurasi", "luar_sistem"])
def test_catatan_tidak_diubah(buku: Coba, tabel: str) -> None:
    """Invariant 6: what is recorded is never rewritten, neither by the application nor, trigger on, by the owner."""
    kolom = {"jejak": "pelaku", "gerbang": "sidik", "hasil": "kode", "luar_sistem": "oleh"}.get(tabel, "oleh")
    perintah = f"UPDATE pengesahan.{tabel} SET {kolom} = 'x'"  # noqa: S608
    with pytest.raises(TIDAK_BERHAK):
        buku.app.execute(perintah)
    with ditolak("hanya boleh ditambah"):
        buku.pemilik.execute(perintah)


def test_aplikasi_tidak_menyentuh_kepala_jejak(buku: Coba) -> None:
    """Invariant 6: the head of the trail is the trigger's alone."""
    for perintah in ("UPDATE pengesahan.jejak_kepala SET id = 0", "DELETE FROM pengesahan.jejak_kepala"):
        with pytest.raises(TIDAK_BERHAK):
            buku.app.execute(perintah)
    with pytest.raises(TIDAK_BERHAK):
        buku.app.execute("ALTER TABLE pengesahan.jejak DISABLE TRIGGER USER")
    # a temporary table of its own with the chain's trigger would move the head without an entry
    buku.app.execute("CREATE TEMP TABLE tiruan (LIKE pengesahan.jejak)")
    with pytest.raises(TIDAK_BERHAK):
        buku.app.execute(
            "CREATE TRIGGER t BEFORE INSERT ON tiruan FOR EACH ROW EXECUTE FUNCTION pengesahan.rangkai_jejak()"
        )


# ----------------------------------------------------------------------------------------------------- the trail


@pytest.mark.parametrize(
    ("perintah", "letak"),
    [
        ("UPDATE pengesahan.jejak SET pelaku = 'lain' WHERE id = 3", "isi jejak nomor 3"),
        ("UPDATE pengesahan.jejak SET pada = pada + interval '1 microsecond' WHERE id = 3", "isi jejak nomor 3"),
        ('UPDATE pengesahan.jejak SET isi = \'{"a": "1.5", "n": 1.5}\' WHERE id = 3', "isi jejak nomor 3"),
        ("UPDATE pengesahan.jejak SET sesi_id = 2 WHERE id = 5", "isi jejak nomor 5"),
        ("DELETE FROM pengesahan.jejak WHERE id = 3", "sebelum jejak nomor 4"),
        ("DELETE FROM pengesahan.jejak WHERE id = 1", "sebelum jejak nomor 2"),
        ("DELETE FROM pengesahan.jejak WHERE id = 5", "sesudah nomor 4 hilang"),
        ("DELETE FROM pengesahan.jejak", "sesudah nomor 0 hilang"),
        (
            "UPDATE pengesahan.jejak SET pelaku = 'lain', sidik = pengesahan.sidik_jejak(id, pada, sesi_id, jenis, "
            "'lain', isi, sebelum) WHERE id = 3",
            "jejak nomor 4 .* tidak menyambung",
        ),
        (
            "UPDATE pengesahan.jejak SET pelaku = 'lain', sidik = pengesahan.sidik_jejak(id, pada, sesi_id, jenis, "
            "'lain', isi, sebelum) WHERE id = 5",
            "jejak terakhir .nomor 5. berbeda",
        ),
        (
            "INSERT INTO pengesahan.jejak SELECT 6, pada, sesi_id, jenis, pelaku, isi, sidik, "
            "pengesahan.sidik_jejak(6, pada, sesi_id, jenis, pelaku, isi, sidik) FROM pengesahan.jejak WHERE id = 5",
            "jejak terakhir .nomor 6. berbeda|sesudah nomor 6",
        ),
    ],
)
def test_jejak_yang_dirusak_ketahuan(mesin_jejak: Engine, perintah: str, letak: str) -> None:
    """Invariant 6: tamper-evident: change, delete, insert or cut as the owner, and the first broken place is named."""
    with mesin_jejak.connect() as conn:  # all of it in one transaction that is undone
        for i in range(5):
            Transaksi(conn).jejak.catat(f"J{i}", {"a": "1.50", "n": 1.5}, sesi_id=1, pelaku="uji")
        assert Transaksi(conn).jejak.periksa()[:2] == (5, None)
        conn.execute(text("ALTER TABLE pengesahan.jejak DISABLE TRIGGER USER"))
        conn.execute(text(perintah))
        putus = Transaksi(conn).jejak.periksa().putus
    assert putus is not None
    assert re.search(letak, putus), putus


def test_jejak_utuh_dengan_penulis_serentak(alamat_pg: AlamatPg) -> None:
    """Invariant 6: many writers at once, some undone, leave one whole chain."""
    alamat = salin_buku(alamat_pg, "uji_serentak")

    def tulis(n: int) -> None:
        with psycopg.connect(alamat_pg.sebagai(alamat, APLIKASI)) as conn:
            for i in range(20):
                conn.execute(
                    "INSERT INTO pengesahan.jejak VALUES (0, now(), %s, 'J', 'uji', '{}', '', '')", [n * 100 + i]
                )
                (conn.rollback if i % 4 == 3 else conn.commit)()

    utas = [threading.Thread(target=tulis, args=(n,)) for n in range(4)]
    for u in utas:
        u.start()
    for u in utas:
        u.join(20)
    mesin = mesin_pemilik(alamat_pg.sebagai(alamat, APLIKASI))
    try:
        with mesin.connect() as conn:
            assert Transaksi(conn).jejak.periksa()[:2] == (60, None)
    finally:
        mesin.dispose()


def test_migrasi_dua_kali(alamat_pg: AlamatPg) -> None:
    """A deployment may run the migration again at any time: nothing changes, nothing is lost."""
    alamat = alamat_pg.sebagai(salin_buku(alamat_pg, "uji_migrasi"), PEMILIK)
    pemilik = mesin_pemilik(alamat)
    try:
        assert migrasikan(pemilik, APLIKASI) == kepala() == revisi(pemilik)
        assert migrasikan(pemilik, None) == kepala()
    finally:
        pemilik.dispose()


def _isi_skema(alamat: str) -> tuple[list[Any], list[Any]]:
    """Return the schema's objects and what tells one ledger from another."""
    with psycopg.connect(alamat) as conn:
        benda = conn.execute(
            "SELECT relname, relkind::text, relacl::text FROM pg_class WHERE relnamespace = 'pengesahan'::regnamespace "
            "UNION ALL SELECT proname, prosrc, proacl::text FROM pg_proc "
            "WHERE pronamespace = 'pengesahan'::regnamespace ORDER BY 1, 2"
        ).fetchall()
        return benda, conn.execute(
            "SELECT kode, (SELECT sampai FROM pengesahan.peristiwa_kursor), version_num "
            "FROM pengesahan.identitas, pengesahan.versi_skema"
        ).fetchall()


def test_migrasi_dua_kali_tidak_mengubah(alamat_pg: AlamatPg) -> None:
    """A ledger that is up to date comes out of a migration as it went in: objects, rights, name, revision."""
    alamat = alamat_pg.sebagai(salin_buku(alamat_pg, "uji_migrasi_tetap"), PEMILIK)
    pemilik = mesin_pemilik(alamat)
    try:
        migrasikan(pemilik, APLIKASI)
        semula = _isi_skema(alamat)
        assert migrasikan(pemilik, APLIKASI) == kepala()
        assert _isi_skema(alamat) == semula
    finally:
        pemilik.dispose()


def test_revisi_yang_tidak_dikenal_ditolak(alamat_pg: AlamatPg) -> None:
    """A ledger whose revision this code does not know is left as it is; the error names both revisions."""
    alamat = alamat_pg.sebagai(salin_buku(alamat_pg, "uji_revisi"), PEMILIK)
    pemilik = mesin_pemilik(alamat)
    try:
        with pemilik.begin() as conn:
            conn.execute(text("UPDATE pengesahan.versi_skema SET version_num = '9999'"))
        semula = _isi_skema(alamat)
        with pytest.raises(KoneksiTidakSah, match=rf"berversi 9999, kode ini mengenal sampai {kepala()}\."):
            migrasikan(pemilik, APLIKASI)
        assert _isi_skema(alamat) == semula
    finally:
        pemilik.dispose()


def test_skema_tidak_punya_jalan_mundur(alamat_pg: AlamatPg) -> None:
    """History is never taken back: a downgrade is refused, and leaves everything where it was."""
    alamat = alamat_pg.sebagai(salin_buku(alamat_pg, "uji_mundur"), PEMILIK)
    pemilik = mesin_pemilik(alamat)
    try:
        semula = _isi_skema(alamat)
        konfigurasi = skema._konfigurasi()
        with pemilik.begin() as conn:
            konfigurasi.attributes["connection"] = conn
            with pytest.raises(NotImplementedError, match="tidak punya jalan mundur"):
                command.downgrade(konfigurasi, "base")
        assert _isi_skema(alamat) == semula
        assert revisi(pemilik) == kepala()
    finally:
        pemilik.dispose()


@pytest.mark.parametrize(("versi", "cukup"), [(140011, False), (159999, False), (160000, True), (180004, True)])
def test_versi_postgresql_minimal(versi: int, *, cukup: bool) -> None:
    """PostgreSQL 16 is the oldest on which every command runs."""
    assert (skema.kurang(versi) == []) is cukup


@pytest.fixture
def server_lama(tmp_path: Path) -> Iterator[str]:
    """A server older than the ledger needs, where the machine has one."""
    bin_ = next((b for b in sorted(Path("/usr/lib/postgresql").glob("1[0-5]/bin")) if (b / "initdb").exists()), None)
    if bin_ is None:
        pytest.skip("tidak ada PostgreSQL di bawah 16 di /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-lama-", dir="/tmp"))
    folder.chmod(0o777)
    sebagai = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []

    def jalankan_(*perintah: str) -> None:
        keluar(subprocess.run([*sebagai, *perintah], check=False, capture_output=True))

    data = ("-D", str(folder / "data"))
    jalankan_(str(bin_ / "initdb"), *data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
    pilihan = f"-k {folder} -c listen_addresses='' -c fsync=off"
    jalankan_(str(bin_ / "pg_ctl"), *data, "-w", "-l", str(folder / "log"), "-o", pilihan, "start")
    yield str(folder)
    jalankan_(str(bin_ / "pg_ctl"), *data, "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def test_postgresql_lama_ditolak(server_lama: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An older server is refused before anything is made there, and ``ap2t periksa`` says so."""
    pemilik = mesin_pemilik(f"postgresql://postgres@/postgres?host={server_lama}")
    try:
        with pytest.raises(KoneksiTidakSah, match=r"PostgreSQL 1[0-5], paling sedikit 16.* Skema buku tidak diubah"):
            migrasikan(pemilik, None)
        with pemilik.connect() as conn:
            assert conn.execute(text("SELECT to_regnamespace('pengesahan')")).scalar_one() is None
    finally:
        pemilik.dispose()
    monkeypatch.setenv("AP2T_HOME", str(tmp_path))
    isi_koneksi(monkeypatch, "cmt_db", conn_type="postgres", host=server_lama, login="postgres", schema="postgres")
    hasil = CliRunner().invoke(app, ["periksa"])
    keluar(hasil, 1)
    assert re.search(r"Buku \(cmt_db\): GAGAL\. Server buku PostgreSQL 1\d, paling sedikit 16", hasil.stderr)


# ------------------------------------------------------------ what the application's role may try besides its program


@pytest.mark.parametrize(
    ("tabel", "nilai"),
    [
        ("sesi", "status = 'SELESAI', diakhiri_pada = now()"),
        ("sesi", "tahap = 'MEMPOSTING', sidik = 'x'"),
        ("sesi", "epoch = 9"),
        ("sesi", "dibuka_pada = now() - interval '1 year'"),
        ("sesi", "id = 999999"),
        ("gerbang", "dibuka_pada = now() + interval '1 year'"),
        ("persetujuan", "dicatat_pada = now() - interval '1 day'"),
        ("batch", "status = 'DITERAPKAN', selesai_pada = now()"),
        ("batch", "dikirim_pada = now() - interval '1 day'"),
        ("hasil", "pada = now() - interval '1 year'"),
        ("luar_sistem", "ditemukan_pada = now() - interval '1 year'"),
    ],
)
def test_saat_dan_keadaan_awal_ditulis_buku(buku: Coba, tabel: str, nilai: str) -> None:
    """When something was written, and what it begins as, is the ledger's to say: the application has no right to it."""
    kolom, isi = (", ".join(bagian) for bagian in zip(*(n.split(" = ") for n in nilai.split(", ")), strict=True))
    with pytest.raises(TIDAK_BERHAK):
        buku.app.execute(f"INSERT INTO pengesahan.{tabel} ({kolom}) OVERRIDING SYSTEM VALUE VALUES ({isi})")  # noqa: S608


def test_saat_selesai_menurut_jam_buku(buku: Coba) -> None:
    """The end of a batch and of a session is when the ledger writes it down, whatever the statement says."""
    sid = buku.memposting()
    kunci = buku.batch(sid, "1")
    buku.app.execute(
        "UPDATE pengesahan.batch SET status = 'BATAL', selesai_pada = now() - interval '1 year' WHERE kunci = %s",
        [kunci],
    )
    buku.app.execute(
        "UPDATE pengesahan.sesi SET status = 'SELESAI', diakhiri_pada = now() + interval '1 year' WHERE id = %s", [sid]
    )
    baris = buku.app.execute(
        "SELECT abs(extract(epoch FROM b.selesai_pada - now())) < 60, "
        "abs(extract(epoch FROM s.diakhiri_pada - now())) < 60 "
        "FROM pengesahan.batch b JOIN pengesahan.sesi s ON s.id = b.sesi_id WHERE s.id = %s",
        [sid],
    ).fetchone()
    assert baris == (True, True)


def test_sesi_pembatalan_tidak_memposting_diam_diam(buku: Coba) -> None:
    """Invariant 1 for either kind: no batch without the approvals the session needs; a cancellation posts nothing."""
    sid = buku.sesi(jenis="PEMBATALAN")
    buku.app.execute(
        "INSERT INTO pengesahan.pembatalan (sesi_id, cakupan, alasan, diminta) "
        "VALUES (%s, 'semua', 'salah baca stan', '{}')",
        [sid],
    )
    buku.app.execute(
        "INSERT INTO pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, hasil) "
        "VALUES (%s, '1', 1, 'PS-1', 'BOLEH')",
        [sid],
    )
    with buku.app.transaction(force_rollback=True):
        buku.ubah(sid, sidik=SIDIK, rekap="{}", tahap="MEMPOSTING")
        with ditolak("belum disetujui"):
            buku.batch(sid, "1")
    buku.ubah(sid, sidik=SIDIK, rekap="{}", tahap="MENUNGGU_PERSETUJUAN")
    buku.gerbang(sid)
    buku.jawab(sid)
    buku.ubah(sid, tahap="MEMPOSTING")
    kunci = buku.batch(sid, "1")
    with ditolak("bukan hasil"):
        buku.hasil(sid, kunci, "1", "POSTING")
    buku.hasil(sid, kunci, "1", "BATAL", 0)


def test_hasil_hanya_dari_batch_yang_memuatnya(buku: Coba) -> None:
    """Invariant 1: no row is called posted that stood in no approved batch of its own session."""
    sid = buku.memposting()
    kunci = buku.batch(sid, "1")
    lain = buku.memposting(hari_baca="B")
    for s, idpel in ((sid, "2"), (sid, "9"), (lain, "1")):
        with ditolak("bukan hasil"):
            buku.hasil(s, kunci, idpel)
    buku.hasil(sid, kunci, "1")


def test_yang_besar_hanya_menyebut_yang_ada(buku: Coba) -> None:
    """Without a foreign key: what no session or batch is called is named by no row, and numbers stay."""
    tiada = 999_999_999
    for tulis in (
        lambda: buku.baris(tiada, "1"),
        lambda: buku.app.execute(
            "INSERT INTO pengesahan.saringan VALUES (%s, '1', 1, 0, 0, 'LOLOS', '{}', '{}')", [tiada]
        ),
        lambda: buku.app.execute(
            "INSERT INTO pengesahan.hasil (sesi_id, idpel, status) VALUES (%s, '1', 'BERUBAH')", [tiada]
        ),
    ):
        with ditolak(f"sesi {tiada} tidak ada dalam buku"):
            tulis()
    sid = buku.memposting()
    with ditolak("bukan hasil"):
        buku.hasil(sid, uuid.uuid4(), "1")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):  # of the sums that it would change
        buku.hasil(tiada, uuid.uuid4(), "1")
    # one that is there does not vouch for one that is not
    with ditolak(f"sesi {tiada} tidak ada dalam buku"):
        buku.app.execute(
            "INSERT INTO pengesahan.bacaan (sesi_id, idpel, unitup, thblrek, hari_baca) "
            "SELECT i, '5', %s, '202606', 'A' FROM unnest(%s::bigint[]) i",
            [buku.unitup, [buku.sesi(hari_baca="B"), tiada]],
        )
    with ditolak("hanya boleh ditambah"):
        buku.pemilik.execute("UPDATE pengesahan.sesi SET id = DEFAULT WHERE id = %s", [sid])


def test_cuplikan_berlomba_dengan_gerbang(buku: Coba) -> None:
    """Invariant 1: rows being written while the gate is to open hold it back; they cannot slip in behind the digest."""
    sid = buku.sesi()
    buku.baris(sid, "1")
    with psycopg.connect(buku.alamat_app) as lain:
        lain.execute("INSERT INTO pengesahan.saringan VALUES (%s, '2', 1300, 150, 1, 'LOLOS', '{}', '{}')", [sid])
        buku.app.execute("SET lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            buku.ubah(sid, sidik=SIDIK, rekap="{}", tahap="MENUNGGU_PERSETUJUAN")


def test_hasil_lain_berlomba_dengan_batch(buku: Coba) -> None:
    """A row that is being put in a batch cannot be given another outcome behind its back, nor the other way round."""
    sid = buku.memposting()
    with psycopg.connect(buku.alamat_app) as lain:
        lain.execute(
            "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) "
            "VALUES (gen_random_uuid(), %s, 1, 'spv', '{1}', 'x')",
            [sid],
        )
        buku.app.execute("SET lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            buku.app.execute("INSERT INTO pengesahan.hasil (sesi_id, idpel, status) VALUES (%s, '1', 'BERUBAH')", [sid])


@pytest.mark.parametrize("tingkat", ["REPEATABLE READ", "SERIALIZABLE"])
def test_potret_lama_tidak_menipu_pagar(buku: Coba, tingkat: str) -> None:
    """A transaction that sees an older state writes nothing: a guard would believe what it sees."""
    sid = buku.memposting()
    with psycopg.connect(buku.alamat_app) as lain:
        lain.execute(f"SET TRANSACTION ISOLATION LEVEL {tingkat}")
        lain.execute("SELECT 1 FROM pengesahan.batch")
        buku.batch(sid, "1")
        with ditolak("READ COMMITTED"):
            lain.execute(
                "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) "
                "VALUES (gen_random_uuid(), %s, 1, 'spv', '{1}', 'x')",
                [sid],
            )
    perintah = (
        "UPDATE pengesahan.sesi SET status = 'SELESAI', diakhiri_pada = now() WHERE id = %s",
        "INSERT INTO pengesahan.hasil (sesi_id, idpel, status) VALUES (%s, '1', 'BERUBAH')",
        "INSERT INTO pengesahan.bacaan (sesi_id, idpel, unitup, thblrek, hari_baca) VALUES (%s, '8', '1', '1', 'A')",
        "INSERT INTO pengesahan.saringan VALUES (%s, '8', 1300, 150, 1, 'LOLOS', '{}', '{}')",
        "INSERT INTO pengesahan.gerbang (sesi_id, urutan, sidik, orang) VALUES (%s, 2, 'x', '{a}')",
        "INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, "
        "dijawab_pada) VALUES (%s, 1, 'SETUJU', 'spv', '{}', 'x', '{}', now())",
    )
    for p in perintah:
        with psycopg.connect(buku.alamat_app) as lain:
            lain.execute(f"SET TRANSACTION ISOLATION LEVEL {tingkat}")
            with ditolak("READ COMMITTED"):
                lain.execute(p, [sid])


@pytest.mark.parametrize(
    "perintah",
    [
        "ALTER TABLE pengesahan.jejak DISABLE TRIGGER ALL",
        "ALTER TABLE pengesahan.jejak ADD COLUMN lain text",
        "SET session_replication_role = replica",
        "CREATE TABLE pengesahan.lain (a int)",
        "CREATE TRIGGER lain BEFORE INSERT ON pengesahan.batch FOR EACH ROW EXECUTE FUNCTION pengesahan.tolak_ubah()",
        "CREATE RULE lain AS ON INSERT TO pengesahan.jejak DO INSTEAD NOTHING",
        "CREATE FUNCTION public.lain() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION pengesahan.jaga_batch() RETURNS trigger LANGUAGE sql AS 'SELECT NEW'",
        "SELECT pengesahan.rangkai_jejak()",
        "UPDATE pengesahan.jejak_kepala SET id = id",
        "SELECT * FROM pengesahan.jejak_kepala FOR UPDATE",
        "INSERT INTO pengesahan.jejak_kepala VALUES (false, 1, '')",
        "INSERT INTO pengesahan.peristiwa_airflow VALUES (1, now()) ON CONFLICT (nomor, waktu) DO UPDATE SET nomor = 2",
        "MERGE INTO pengesahan.hasil h USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
        "INSERT INTO pengesahan.konfigurasi (teks) VALUES ('x')",
        "INSERT INTO pengesahan.identitas VALUES (true)",
        "UPDATE pengesahan.peristiwa_airflow SET nomor = 1",
        "COPY pengesahan.konfigurasi (teks) FROM STDIN",
        "SELECT setval('pengesahan.sesi_id_seq', 1)",
        "COPY pengesahan.jejak TO PROGRAM 'cat'",
        "SET ROLE uji_pemilik",
    ],
)
def test_aplikasi_tidak_berhak(buku: Coba, perintah: str) -> None:
    """Invariant 6: nothing that would go round the guards is the application's to do."""
    with pytest.raises(TIDAK_BERHAK):
        buku.app.execute(perintah)


def test_nama_bayangan_tidak_dipakai_pagar(buku: Coba) -> None:
    """Temporary tables, and a search path of one's own, do not stand in for the ledger's tables in its guards."""
    sid = buku.menunggu()
    buku.app.execute("SET search_path = pg_temp, pengesahan")
    buku.app.execute("CREATE TEMP TABLE persetujuan AS SELECT * FROM pengesahan.persetujuan")
    buku.app.execute("CREATE TEMP TABLE jejak_kepala AS SELECT * FROM pengesahan.jejak_kepala")
    isi = "%s, 1, 'SETUJU', 'spv', NULL, '{}', %s, '{}', now(), now()"
    buku.app.execute(f"INSERT INTO pg_temp.persetujuan VALUES ({isi})", [sid, SIDIK])  # noqa: S608
    buku.app.execute(
        "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$SELECT 'epoch'::timestamptz$$"
    )
    buku.ubah(sid, tahap="MEMPOSTING")
    with ditolak("belum disetujui"):
        buku.batch(sid, "1")
    buku.app.execute(
        "INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik) "
        "VALUES (%s, 'UJI', 'x', '{}', 999999, now() - interval '1 year', '', '')",
        [sid],
    )
    baris = buku.app.execute(
        "SELECT id < 999999, pada > now() - interval '1 minute' FROM pengesahan.jejak ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert baris == (True, True)

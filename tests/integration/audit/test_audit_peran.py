"""Least privilege in the ledger: the auditor only reads, the application only adds, the page only marks.

None of them touches the guards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from audit_fixtures import AUDITOR, Terisi
from proses_fixtures import APLIKASI, HALAMAN, PEMILIK
from psycopg import sql

from ap2t.galat import KoneksiTidakSah
from ap2t.ledger.skema import hanya_baca, mesin_pemilik, migrasikan

Koneksi = psycopg.Connection[Any]
TIDAK_BERHAK = psycopg.errors.InsufficientPrivilege
DITAMBAH = {
    *("sesi", "bacaan", "saringan", "gerbang", "persetujuan", "batch", "hasil", "luar_sistem", "jejak"),
    *("peristiwa_airflow", "pembatalan", "pembatalan_baris", "pengembalian", "jawaban_tiba"),
    *("jadwal", "jadwal_cacat", "pemberitahuan", "pemberitahuan_kursor", "garam"),
}
"""Tables the application adds rows to."""
DIPINDAHKAN = {"sesi", "batch", "pengembalian", "jadwal", "pemberitahuan", "pemberitahuan_kursor", "peristiwa_kursor"}
"""Tables of which it may move some columns on."""


def sambung(terisi: Terisi, peran: str) -> Koneksi:
    alamat = terisi.alamat.server.replace("/postgres?", f"/{terisi.basis}?")
    return psycopg.connect(terisi.alamat.sebagai(alamat, peran), autocommit=True)


@pytest.fixture
def auditor(terisi: Terisi) -> Iterator[Koneksi]:
    with sambung(terisi, AUDITOR) as conn:
        yield conn


@pytest.fixture
def aplikasi(terisi: Terisi) -> Iterator[Koneksi]:
    with sambung(terisi, APLIKASI) as conn:
        yield conn


def tabel(conn: Koneksi) -> list[str]:
    """Return every table of the ledger, those of later migrations too."""
    baris = conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'pengesahan' ORDER BY 1")
    return [b[0] for b in baris]


def hak(conn: Koneksi, nama: str, apa: str) -> bool:
    baris = conn.execute(
        "SELECT has_table_privilege(%s, %s) OR CASE WHEN %s IN ('INSERT', 'UPDATE') "
        "THEN has_any_column_privilege(%s, %s) ELSE false END",
        [f"pengesahan.{nama}", apa, apa, f"pengesahan.{nama}", apa],
    ).fetchone()
    assert baris is not None
    return bool(baris[0])


def test_auditor_hanya_membaca(auditor: Koneksi) -> None:
    """The auditor sees every table and may change none, also where it takes its own read-only setting away."""
    assert auditor.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
    auditor.execute("SET default_transaction_read_only = off")
    for nama in tabel(auditor):
        auditor.execute(sql.SQL("SELECT 1 FROM pengesahan.{} LIMIT 1").format(sql.Identifier(nama)))
        for apa in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
            assert not hak(auditor, nama, apa), (nama, apa)
    for perintah in (
        "INSERT INTO pengesahan.jejak VALUES (0, now(), NULL, 'J', 'x', '{}', '', '')",
        "UPDATE pengesahan.sesi SET keterangan = 'x'",
        "DELETE FROM pengesahan.hasil",
        "TRUNCATE pengesahan.jejak",
        "SELECT pengesahan.hapus_cuplikan(1)",
        "ALTER TABLE pengesahan.jejak DISABLE TRIGGER USER",
        "CREATE TABLE pengesahan.lain (x int)",
    ):
        with pytest.raises(TIDAK_BERHAK):
            auditor.execute(perintah)  # type: ignore[arg-type]


def test_aplikasi_hanya_menambah(aplikasi: Koneksi) -> None:
    """Invariant 6: in no table may the application delete, truncate or put a trigger; in a few it moves columns on."""
    for nama in tabel(aplikasi):
        for apa in ("DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
            assert not hak(aplikasi, nama, apa), (nama, apa)
        assert hak(aplikasi, nama, "INSERT") is (nama in DITAMBAH), nama
        assert hak(aplikasi, nama, "UPDATE") is (nama in DIPINDAHKAN), nama


def test_halaman_hanya_menandai(terisi: Terisi) -> None:
    """The page's role adds some columns of two tables; it reads nothing, and says not even when."""
    with sambung(terisi, HALAMAN) as conn:
        for nama in tabel(conn):
            for apa in ("SELECT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
                assert not hak(conn, nama, apa), (nama, apa)
            assert hak(conn, nama, "INSERT") is (nama in {"dilihat", "pemeriksaan"}), nama
            with pytest.raises(TIDAK_BERHAK):
                conn.execute(sql.SQL("SELECT 1 FROM pengesahan.{} LIMIT 1").format(sql.Identifier(nama)))
        kolom = (
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND has_column_privilege(attrelid, attnum, 'INSERT') ORDER BY attnum"
        )
        for nama, boleh in (("dilihat", []), ("pemeriksaan", ["hasil", "tindak_lanjut", "catatan"])):
            ada = [baris[0] for baris in conn.execute(kolom, [f"pengesahan.{nama}"])]
            assert ada == ["sesi_id", "idpel", "oleh", *boleh]
        urutan = (
            "SELECT relname FROM pg_class WHERE relnamespace = 'pengesahan'::regnamespace "
            "AND CASE relkind WHEN 'S' THEN has_sequence_privilege(oid, 'USAGE, SELECT, UPDATE') END"
        )
        assert conn.execute(urutan).fetchall() == []
        for perintah in (
            "INSERT INTO pengesahan.dilihat (sesi_id, idpel, oleh, pada) VALUES (1, '1', 'x', now())",
            "INSERT INTO pengesahan.dilihat (sesi_id, idpel, oleh) VALUES (1, '1', 'x') RETURNING pada",
            "INSERT INTO pengesahan.dilihat (sesi_id, idpel, oleh) SELECT sesi_id, idpel, 'x' FROM pengesahan.bacaan",
            "INSERT INTO pengesahan.pemeriksaan (sesi_id, idpel, oleh, hasil, ke) VALUES (1, '1', 'x', 'y', 1)",
            "INSERT INTO pengesahan.pemeriksaan (sesi_id, idpel, oleh, hasil) VALUES (1, '1', 'x', 'y') RETURNING ke",
            "INSERT INTO pengesahan.jejak VALUES (0, now(), NULL, 'J', 'x', '{}', '', '')",
            "INSERT INTO pengesahan.persetujuan (sesi_id, urutan) VALUES (1, 1)",
            "SELECT pengesahan.hapus_cuplikan(1)",
            "SELECT pengesahan.jaga_dilihat()",
            "SELECT pengesahan.nomori_pemeriksaan()",
            "SELECT * FROM pengesahan.pemeriksaan_akhir",
            "SELECT * FROM pengesahan.jawaban_menunggu",
            "ALTER TABLE pengesahan.dilihat DISABLE TRIGGER USER",
            "CREATE TABLE pengesahan.lain (x int)",
        ):
            with pytest.raises(psycopg.Error) as galat:
                conn.execute(perintah)  # type: ignore[arg-type]
            assert galat.value.sqlstate in ("42501", "0A000"), (perintah, galat.value)


@pytest.mark.parametrize(
    "perintah",
    [
        "ALTER TABLE pengesahan.jejak DISABLE TRIGGER ALL",
        "ALTER TABLE pengesahan.batch DISABLE TRIGGER jaga_batch",
        "DROP TRIGGER hanya_tambah ON pengesahan.jejak",
        "DROP TABLE pengesahan.jejak CASCADE",
        "ALTER TABLE pengesahan.saringan DROP CONSTRAINT jam_nyala_2000",
        "ALTER FUNCTION pengesahan.tolak_ubah() RENAME TO lain",
        "CREATE FUNCTION pengesahan.lain() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "UPDATE pengesahan.jejak_kepala SET id = 0",
        "UPDATE pengesahan.identitas SET kode = gen_random_uuid()",
        "INSERT INTO pengesahan.konfigurasi (teks, isi, oleh, alasan) VALUES ('x', '{}', 'x', 'alasan panjang')",
        "UPDATE pengesahan.konfigurasi SET oleh = 'x'",
        "UPDATE pengesahan.versi_skema SET version_num = '9999'",
        "UPDATE pengesahan.sesi SET pemicu = 'x'",
        "UPDATE pengesahan.batch SET idpel = '{}'",
        "SELECT pengesahan.rangkai_jejak()",
    ],
)
def test_aplikasi_tidak_menyentuh_pagar(aplikasi: Koneksi, perintah: str) -> None:
    """Invariant 6: guards, head, identity and configuration are the owner's alone."""
    with pytest.raises(psycopg.Error) as galat:
        aplikasi.execute(perintah)  # type: ignore[arg-type]
    assert galat.value.sqlstate in ("42501", "0A000"), galat.value  # 0A000: a trigger function, not to be called


def test_hak_diberikan_migrasi(terisi: Terisi) -> None:
    """The migration gives auditor and page their rights, knows who is read-only, and refuses a role in use."""
    alamat = terisi.alamat.server.replace("/postgres?", f"/{terisi.basis}?")
    pemilik = mesin_pemilik(terisi.alamat.sebagai(alamat, PEMILIK))
    try:
        assert hanya_baca(pemilik, AUDITOR)
        assert not hanya_baca(pemilik, APLIKASI)
        for peran in (APLIKASI, PEMILIK):
            with pytest.raises(KoneksiTidakSah, match="harus lain dari peran"):
                migrasikan(pemilik, APLIKASI, peran)
        for peran in (APLIKASI, PEMILIK, AUDITOR):
            with pytest.raises(KoneksiTidakSah, match="harus lain dari peran"):
                migrasikan(pemilik, APLIKASI, AUDITOR, peran)
        migrasikan(pemilik, APLIKASI, AUDITOR, HALAMAN)
    finally:
        pemilik.dispose()
    with sambung(terisi, APLIKASI) as conn:
        assert hak(conn, "jejak", "INSERT")

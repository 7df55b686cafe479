"""Migrations of the ledger (Alembic), run as the owner, and the application's rights.

Alembic is imported where it works: that takes a third of a second, which every command would pay.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from ap2t import sambungan_pg, setelan
from ap2t.galat import KoneksiTidakSah, MasukanTidakSah
from ap2t.ledger.mesin import SETELAN, jalankan, kursor
from ap2t.sql import muat

if TYPE_CHECKING:
    from alembic.config import Config

PEMILIK = setelan.pemilik_buku.nama


def mesin_pemilik(alamat: str | None = None) -> Engine:
    """Engine of the ledger's owner, from ``AP2T_LEDGER_OWNER_URL`` (a SQLAlchemy or libpq URL).

    :raises KoneksiTidakSah: if the variable is not set.
    """
    alamat = alamat or setelan.pemilik_buku()
    if not alamat:
        raise KoneksiTidakSah(
            f"{PEMILIK} belum diisi: alamat pemilik buku pengesahan, misalnya postgresql://pemilik@host/buku."
        )
    url = make_url(alamat).set(drivername="postgresql+psycopg")
    mesin = create_engine(url, hide_parameters=True, connect_args=dict(sambungan_pg.TCP))
    # a migration may rewrite tables for as long as that takes, but waits for others' locks no longer than anyone
    sambungan_pg.jaga(mesin, PEMILIK, {**SETELAN, "statement_timeout": "0"}, batas=None)
    return mesin


def _konfigurasi() -> Config:
    from alembic.config import Config

    konfigurasi = Config()
    konfigurasi.set_main_option("script_location", str(Path(__file__).parent / "migrasi"))
    konfigurasi.set_main_option("path_separator", "os")
    return konfigurasi


def migrasikan(
    pemilik: Engine,
    peran_aplikasi: str | None,
    peran_auditor: str | None = None,
    peran_halaman: str | None = None,
) -> str:
    """Bring the schema to the newest revision and give the roles of application, auditor and page their rights.

    :param peran_aplikasi: login of connection ``cmt_db``; ``None`` or the owner itself: no grants.
    :param peran_auditor: a role that is there already; ``None``: no grants. :param peran_halaman: the same.
    :return: the revision now in force.
    :raises MasukanTidakSah: one of the roles does not exist.
    :raises KoneksiTidakSah: the server is too old, the schema is of a revision this code does not know, or two of the
        roles are one: it would lose what it needs.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    konfigurasi = _konfigurasi()
    with pemilik.begin() as conn:
        if sebab := kurang(versi_server(conn)):
            raise KoneksiTidakSah(f"{'. '.join(sebab)}. Skema buku tidak diubah.")
        for peran in filter(None, (peran_aplikasi, peran_auditor, peran_halaman)):
            if not conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :peran"), {"peran": peran}).scalar():
                raise MasukanTidakSah(f"Peran {peran} tidak ada di server buku. Buat perannya dahulu, lalu ulangi.")
        conn.execute(text("CREATE SCHEMA IF NOT EXISTS pengesahan"))
        conn.execute(text("SELECT pg_advisory_xact_lock(724219)"))
        ada = _revisi(conn)
        if ada and ada not in {script.revision for script in ScriptDirectory.from_config(konfigurasi).walk_revisions()}:
            raise KoneksiTidakSah(
                f"Skema buku berversi {ada}, kode ini mengenal sampai {kepala()}. Pakai kode yang seversi, atau "
                "arahkan ke buku lain (buku demo: `make bersih`). Skema buku tidak diubah."
            )
        konfigurasi.attributes["connection"] = conn
        command.upgrade(konfigurasi, "head")
        saya = conn.execute(text("SELECT current_user")).scalar_one()
        if peran_aplikasi and peran_aplikasi != saya:
            _beri_hak(conn, "hak_aplikasi", peran_aplikasi)
        terpakai = [saya, peran_aplikasi]
        for hak, diminta, boleh in (
            ("hak_auditor", peran_auditor, "membaca"),
            ("hak_halaman", peran_halaman, "menandai yang dilihat"),
        ):
            if not diminta:
                continue
            if diminta in terpakai:
                raise KoneksiTidakSah(
                    f"Peran {diminta} harus lain dari peran buku yang lain: ia hanya boleh {boleh}. "
                    "Buat peran tersendiri, lalu ulangi migrasi."
                )
            _beri_hak(conn, hak, diminta)
            terpakai.append(diminta)
    return kepala()


def _beri_hak(conn: Connection, hak: str, peran: str) -> None:
    kursor(conn).execute(sql.SQL(muat(f"ledger/skema/{hak}")).format(peran=sql.Identifier(peran)))


def hanya_baca(pemilik: Engine, peran: str) -> bool:
    """Tell whether a role's transactions are read-only unless it asks otherwise (only a superuser may set that)."""
    with pemilik.connect() as conn:
        return bool(jalankan(conn, "peran_hanya_baca", peran=peran).scalar_one())


def kepala() -> str:
    """Return the newest revision this code knows."""
    from alembic.script import ScriptDirectory

    terbaru = ScriptDirectory.from_config(_konfigurasi()).get_current_head()
    assert terbaru is not None  # noqa: S101 -- the package carries its migrations
    return terbaru


def revisi(mesin: Engine) -> str | None:
    """Return the revision the database stands at. None: it has no schema yet."""
    with mesin.connect() as conn:
        return _revisi(conn)


def _revisi(conn: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    konteks = MigrationContext.configure(
        conn, opts={"version_table": "versi_skema", "version_table_schema": "pengesahan"}
    )
    return konteks.get_current_revision()


POSTGRESQL_MINIMAL = 16
"""Oldest PostgreSQL: the audit and archiving ask ``pg_input_is_valid``, which is not there before."""


def versi_server(conn: Connection) -> int:
    """Return the server's version as PostgreSQL counts it (160004: 16.4)."""
    return int(jalankan(conn, "versi_server").scalar_one())


def kurang(versi: int) -> list[str]:
    """Return what a server of this version lacks, a sentence each."""
    if versi >= POSTGRESQL_MINIMAL * 10_000:
        return []
    return [
        f"Server buku PostgreSQL {versi // 10_000}, paling sedikit {POSTGRESQL_MINIMAL}: audit dan pengarsipan tidak "
        f"akan berjalan di sana. Naikkan servernya ke PostgreSQL {POSTGRESQL_MINIMAL} atau lebih baru"
    ]

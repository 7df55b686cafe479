"""The one way to a connection: the environment or a secrets backend, never Airflow's own database.

Whoever holds role Op may redefine connections in Airflow's database. What is written into AP2T must not rest on
that, so this module never asks Airflow's metastore (directly or through its execution API).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ap2t.domain.teks import dari_json
from ap2t.galat import KoneksiTidakSah

ACMT = "acmt_db"
BUKU = "cmt_db"
BUKU_AUDITOR = "cmt_db_auditor"
"""The ledger as a role that only reads. Where it is set, the commands that only look use it."""
BUKU_HALAMAN = "cmt_db_halaman"
"""The ledger as a role that only adds marks of what was looked at. Where it is not set the page offers none."""
AP2T = "ap2t_default"
AIRFLOW = "airflow_api"
"""Airflow's own REST API, as a user who may only look. Its event log is copied into the trail."""
SUREL = "smtp_default"
"""The mail server of notifications."""


@dataclass(frozen=True)
class Koneksi:
    """An address and a login. ``repr`` never shows the password or the extras."""

    conn_id: str
    conn_type: str
    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: str | None = field(default=None, repr=False)
    schema: str | None = None
    extra_dejson: Mapping[str, Any] = field(default_factory=dict, repr=False)


def id_ap2t(username: str) -> str:
    """Return the connection id of a person's own AP2T user. Characters other than letters, digits and _ become _."""
    return "ap2t_" + re.sub(r"[^A-Za-z0-9_]", "_", username)


def kunci_ap2t(username: str) -> str:
    """Return what two usernames share that would get the same connection (environment names know no case)."""
    return id_ap2t(username).upper()


def ambil(conn_id: str) -> Koneksi:
    """Return connection ``conn_id`` from the environment (``AIRFLOW_CONN_<ID>``), else from a secrets backend.

    :raises KoneksiTidakSah: if neither has it, or it cannot be read. A connection of that name in Airflow's own
        database is never used.
    """
    nama = f"AIRFLOW_CONN_{conn_id.upper()}"
    teks = os.environ.get(nama)
    if teks:
        return _urai(conn_id, teks, nama)
    for backend in _backend_rahasia():
        koneksi = backend.get_connection(conn_id)
        if koneksi is not None:
            return _dari_airflow(conn_id, koneksi)
    raise KoneksiTidakSah(
        f"Koneksi {conn_id} tidak ditemukan. Isi variabel lingkungan {nama} (JSON) atau simpan di secrets backend; "
        "koneksi yang dibuat lewat layar Airflow sengaja tidak dipakai."
    )


def di_lingkungan(conn_id: str) -> bool:
    """Tell whether the environment names the connection."""
    return bool(os.environ.get(f"AIRFLOW_CONN_{conn_id.upper()}"))


def ada(conn_id: str) -> bool:
    """Tell whether :func:`ambil` would find the connection."""
    try:
        ambil(conn_id)
    except KoneksiTidakSah:
        return False
    return True


def _urai(conn_id: str, teks: str, nama: str) -> Koneksi:
    if not teks.lstrip().startswith("{"):
        from airflow.sdk import Connection

        try:
            return _dari_airflow(conn_id, Connection.from_uri(teks, conn_id=conn_id))
        except Exception:  # its words may quote a part of the password
            raise KoneksiTidakSah(f"Isi {nama} bukan JSON dan bukan URI koneksi Airflow yang sah.") from None
    try:
        isi = dari_json(teks)
    except ValueError:
        raise KoneksiTidakSah(f"Isi {nama} bukan JSON yang sah. Periksa tanda kutip dan kurungnya.") from None
    return _dari_json(conn_id, isi, nama)


def _dari_json(conn_id: str, isi: dict[str, Any], nama: str) -> Koneksi:
    ekstra = isi.get("extra") or {}
    if isinstance(ekstra, str):
        try:
            ekstra = dari_json(ekstra)
        except ValueError:
            raise KoneksiTidakSah(f"Bagian extra dari {nama} bukan JSON yang sah.") from None
    if not isinstance(ekstra, dict):
        raise KoneksiTidakSah(f"Bagian extra dari {nama} harus berupa objek JSON.")
    porta = isi.get("port")
    try:
        porta = int(porta) if porta not in (None, "") else None
    except (TypeError, ValueError):
        raise KoneksiTidakSah(f"Bagian port dari {nama} bukan bilangan.") from None
    if not isi.get("conn_type"):
        raise KoneksiTidakSah(f"{nama} tidak punya conn_type. Isi misalnya postgres, oracle, atau http.")
    host, login, sandi, schema = (isi.get(nama) or None for nama in ("host", "login", "password", "schema"))
    return Koneksi(conn_id, str(isi["conn_type"]), host, porta, login, sandi, schema, ekstra)


def _dari_airflow(conn_id: str, asal: Any) -> Koneksi:
    ekstra = dict(asal.extra_dejson or {})
    return Koneksi(conn_id, asal.conn_type, asal.host, asal.port, asal.login, asal.password, asal.schema, ekstra)


def _backend_rahasia() -> list[Any]:
    """Return the secrets backends that the deployment configured, if any, and never the metastore's."""
    try:
        from airflow.sdk import Connection
        from airflow.sdk.configuration import get_custom_secret_backend
    except ImportError:  # the `ap2t` command where Airflow is not installed
        return []
    unik: dict[str, Any] = {}
    for backend in (get_custom_secret_backend(worker_mode=True), get_custom_secret_backend(worker_mode=False)):
        nama = type(backend).__name__
        if backend is not None and nama not in ("MetastoreBackend", "ExecutionAPISecretsBackend"):
            backend._set_connection_class(Connection)
            unik.setdefault(nama, backend)
    return list(unik.values())

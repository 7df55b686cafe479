"""Our roles in FAB's tables, as several starting processes find and leave them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from acmt_fixtures import basis_data

from ap2t import identitas
from ap2t.auth.peran import PERAN, SPV_TE
from tests.perintah import keluar

IZIN = (
    "SELECT r.name, a.name, s.name FROM ab_role r JOIN ab_permission_view_role pr ON pr.role_id = r.id "
    "JOIN ab_permission_view p ON p.id = pr.permission_view_id JOIN ab_permission a ON a.id = p.permission_id "
    "JOIN ab_view_menu s ON s.id = p.view_menu_id WHERE r.name = ANY(%s)"
)
DIUBAH = """
INSERT INTO ab_permission (id, name) VALUES (100001, 'can_coba');
INSERT INTO ab_permission_view (id, permission_id, view_menu_id)
     VALUES (100001, 100001, (SELECT id FROM ab_view_menu WHERE name = 'Connections'));
INSERT INTO ab_permission_view_role (id, permission_view_id, role_id)
     VALUES (100001, 100001, (SELECT id FROM ab_role WHERE name = 'SPV_TE'));
DELETE FROM ab_permission_view_role WHERE role_id = (SELECT id FROM ab_role WHERE name = 'AUDITOR');
"""


LOGIN = """
INSERT INTO session (session_id, data, expiry)
VALUES ('lama', '', now() - interval '1 day'), ('baru', '', now() + interval '1 day');
"""
MULAI = "from sandbox.airflow_awal import main, orang_fab; orang_fab({})"
PERTAMA = f"""
{MULAI.replace("orang_fab({})", "import sys; sys.argv[1:] = ['fab-db', 'migrate']; main(); orang_fab({})")}
import os, psycopg
from ap2t.auth import fab
fab.SABAR_KUNCI = "1s"
with psycopg.connect(os.environ["ALAMAT"]) as lain:  # it holds the lock, and does nothing
    lain.execute("SELECT pg_advisory_xact_lock(%s)", [0x5045_5241])  # KUNCI_PERAN
    orang_fab({{}})
"""
MASUK = """
from fastapi.testclient import TestClient
from airflow.api_fastapi.app import init_auth_manager
from ap2t.auth import fab
fab.TIAP_PERMINTAAN = 1
orang = TestClient(init_auth_manager().get_fastapi_app())
for _ in range(40):
    assert orang.get("/login").status_code in (200, 307)
"""


def test_peran_dibuat_dan_dipulihkan(acmt_server: str, tmp_path: Path) -> None:
    """Made by the first process; several that start at once bring back what somebody changed, each change once.

    The first one runs alone, as compose's ``init`` does: on empty tables FAB itself trips over its own copies. A lock
    that another holds it does not wait for without end.
    """
    alamat = basis_data(acmt_server, "fab")
    env = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "ALAMAT": alamat,
        "AIRFLOW__CORE__AUTH_MANAGER": identitas.FAB,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": alamat.replace("postgresql://", "postgresql+psycopg2://"),
    }

    def jalan(perintah: str, kode: int = 0) -> str:
        hasil = subprocess.run(
            [sys.executable, "-c", perintah], env=env, capture_output=True, text=True, timeout=120, check=False
        )
        keluar(hasil, kode)
        return hasil.stdout + hasil.stderr

    def peran() -> dict[str, set[tuple[str, str]]]:
        hasil: dict[str, set[tuple[str, str]]] = {}
        with psycopg.connect(alamat) as conn:
            for nama, tindakan, sumber in conn.execute(IZIN, [list(PERAN)]):
                hasil.setdefault(nama, set()).add((tindakan, sumber))
        return hasil

    pertama = jalan(PERTAMA, kode=1)
    assert "Peran SPV_TE disamakan" in pertama
    assert "lock timeout" in pertama
    assert peran() == PERAN
    with psycopg.connect(alamat) as conn:
        conn.execute(DIUBAH)
        conn.execute(LOGIN)
    assert peran()[SPV_TE] == PERAN[SPV_TE] | {("can_coba", "Connections")}
    assert "AUDITOR" not in peran()
    with ThreadPoolExecutor(2) as kolam:
        keluaran = "".join(kolam.map(jalan, (MULAI, MASUK)))  # a command, and an api-server that people log in to
    assert peran() == PERAN
    assert keluaran.count("Peran SPV_TE disamakan") == 1
    assert "dicabut [('can_coba', 'Connections')]" in keluaran
    assert keluaran.count("Peran AUDITOR disamakan") == 1
    # logins that have expired go by themselves: `airflow db clean` does not know that our manager is FAB's
    with psycopg.connect(alamat) as conn:
        ada = {s for (s,) in conn.execute("SELECT session_id FROM session")}
    assert ("lama" in ada, "baru" in ada) == (False, True)

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

IZIN = (
    "SELECT r.name, a.name, s.name FROM ab_role r JOIN ab_permission_view_role pr ON pr.role_id = r.id "
    "JOIN ab_permission_view p ON p.id = pr.permission_view_id JOIN ab_permission a ON a.id = p.permission_id "
    "JOIN ab_view_menu s ON s.id = p.view_menu_id WHERE r.name = ANY(%s)"
)
DIUBAH = """
INSERT INTO ab_role (id, name) VALUES (1001, 'SPV_TE');
INSERT INTO ab_permission (id, name) VALUES (1001, 'can_edit');
INSERT INTO ab_view_menu (id, name) VALUES (1001, 'Connections');
INSERT INTO ab_permission_view (id, permission_id, view_menu_id) VALUES (1001, 1001, 1001);
INSERT INTO ab_permission_view_role (id, permission_view_id, role_id) VALUES (1001, 1001, 1001);
"""


def test_peran_dibuat_dan_dipulihkan(acmt_server: str, tmp_path: Path) -> None:
    """Started at once on empty tables none trips over another; a role that somebody changed is brought back."""
    alamat = basis_data(acmt_server, "fab")
    env = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__AUTH_MANAGER": identitas.FAB,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": alamat.replace("postgresql://", "postgresql+psycopg2://"),
    }

    def jalan(*perintah: str) -> str:
        hasil = subprocess.run(
            [sys.executable, "-m", *perintah], env=env, input="{}", capture_output=True, text=True, check=False
        )
        assert hasil.returncode == 0, hasil.stdout[-2000:] + hasil.stderr[-3000:]
        return hasil.stdout + hasil.stderr

    def peran() -> dict[str, set[tuple[str, str]]]:
        hasil: dict[str, set[tuple[str, str]]] = {}
        with psycopg.connect(alamat) as conn:
            for nama, tindakan, sumber in conn.execute(IZIN, [list(PERAN)]):
                hasil.setdefault(nama, set()).add((tindakan, sumber))
        return hasil

    jalan("airflow", "fab-db", "migrate")
    with psycopg.connect(alamat) as conn:
        conn.execute(DIUBAH)
    assert peran() == {SPV_TE: {("can_edit", "Connections")}}
    with ThreadPoolExecutor(3) as kolam:
        keluaran = "".join(kolam.map(jalan, ["sandbox.pengguna_fab"] * 3))
    assert peran() == PERAN
    assert keluaran.count("Peran SPV_TE disamakan") == 1
    assert "dicabut [('can_edit', 'Connections')]" in keluaran

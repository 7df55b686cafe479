"""Makes Airflow's database ready, all in one process: its tables, the pool of posting tasks, people in FAB.

``python -m sandbox.airflow_awal``. Its input is JSON: ``{username: {"peran": …, "sandi": …}}``, or null where people do
not live in FAB. Each step of it as a command of Airflow's would load all of Airflow anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from airflow.__main__ import main
from airflow.models.pool import Pool

KOLAM, SLOT = "ap2t_posting", 4


def orang_fab(orang: Mapping[str, Mapping[str, str]]) -> None:
    """Create FAB's users and give each exactly one role. Who is there keeps the password."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as pembuat:  # also brings our roles to what is declared
        manajer = pembuat.sm
        for username, isi in orang.items():
            peran = [manajer.find_role(isi["peran"])]
            ada = manajer.find_user(username)
            if ada is None:
                manajer.add_user(username, username, "demo", f"{username}@contoh.invalid", peran, isi["sandi"])
            else:
                ada.roles = peran
                manajer.update_user(ada)


if __name__ == "__main__":
    sys.argv = ["airflow", "db", "migrate"]
    main()  # type: ignore[no-untyped-call]
    if Pool.get_pool(KOLAM) is None:  # a size that someone set stays
        Pool.create_or_update_pool(KOLAM, SLOT, "Batas posting serentak ke AP2T", include_deferred=False)
    if (semua := json.load(sys.stdin)) is not None:
        orang_fab(semua)

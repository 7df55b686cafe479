"""Makes the embedded stack's people in FAB, all in one process: ``python -m sandbox.pengguna_fab``.

Its input is JSON: ``{username: {"peran": …, "sandi": …}}``. Who is there keeps the password and gets the role again.
"""

from __future__ import annotations

import json
import sys

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder


def utama() -> None:
    """Create the users and give each exactly one role."""
    with get_application_builder() as pembuat:  # also brings our roles to what is declared
        manajer = pembuat.sm
        for username, isi in json.load(sys.stdin).items():
            peran = [manajer.find_role(isi["peran"])]
            orang = manajer.find_user(username)
            if orang is None:
                manajer.add_user(username, username, "demo", f"{username}@contoh.invalid", peran, isi["sandi"])
            else:
                orang.roles = peran
                manajer.update_user(orang)


if __name__ == "__main__":
    utama()

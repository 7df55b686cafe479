"""The embedded stack's people in FAB, all in one process: ``python -m sandbox.pengguna_fab`` with JSON on its input.

The input is ``{username: {"peran": …, "sandi": …}}``. Who is there keeps the password and gets the role again.
"""

from __future__ import annotations

import json
import sys

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder


def utama() -> None:
    """Create the users and give each exactly one role."""
    with get_application_builder() as pembuat:  # also brings our roles to what is declared
        sm = pembuat.sm
        for username, isi in json.load(sys.stdin).items():
            peran = [sm.find_role(isi["peran"])]
            orang = sm.find_user(username)
            if orang is None:
                sm.add_user(username, username, "demo", f"{username}@contoh.invalid", peran, isi["sandi"])
            else:
                orang.roles = peran
                sm.update_user(orang)


if __name__ == "__main__":
    utama()

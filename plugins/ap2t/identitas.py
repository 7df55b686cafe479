"""Who a username is to Airflow's auth manager, and whether its gates can be trusted to ask only them."""

from __future__ import annotations

from airflow.sdk import conf

from ap2t.galat import WewenangKurang

SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"


def pastikan_gerbang_terjaga() -> None:
    """Refuse to open a gate that anyone could answer.

    :raises WewenangKurang: the ``all_admins`` mode is on, or the auth manager is one this project cannot map people to.
    """
    manajer = conf.get("core", "auth_manager", fallback=SIMPLE)
    if manajer != SIMPLE:
        raise WewenangKurang(
            f"Auth manager {manajer} belum didukung: gerbang tidak dibuka karena orang yang boleh menjawab tidak dapat "
            "dipastikan. Pakai SimpleAuthManager."
        )
    if conf.getboolean("core", "simple_auth_manager_all_admins", fallback=False):
        raise WewenangKurang(
            "Airflow berjalan dalam mode all_admins: siapa pun dapat menjawab gerbang. Matikan "
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS; gerbang tidak dibuka."
        )


def id_pengguna(username: str) -> str:
    """Return the id under which the auth manager knows a username (SimpleAuthManager: the username itself)."""
    return username


def username(id_pengguna_: str) -> str:
    """Return the username behind an auth manager's id."""
    return id_pengguna_

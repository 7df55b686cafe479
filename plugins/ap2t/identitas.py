"""Tells who a person is to Airflow's auth manager, and whether its gates can be trusted to ask only them.

A gate names people by their username under every auth manager accepted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ap2t.galat import WewenangKurang

SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
FAB = "ap2t.auth.fab.ManajerFab"


def pastikan_gerbang_terjaga() -> None:
    """Refuse to open a gate that anyone could answer, or the people it names could not.

    :raises WewenangKurang: the ``all_admins`` mode is on, or the auth manager is one that does not know our people by
        their username (FAB's own one compares its numeric ids).
    """
    from airflow.sdk import conf

    manajer = _manajer()
    if manajer not in (SIMPLE, FAB):
        raise WewenangKurang(
            f"Auth manager {manajer} tidak didukung: gerbang tidak dibuka karena orang yang boleh menjawab tidak dapat "
            f"dipastikan. Isi AIRFLOW__CORE__AUTH_MANAGER dengan {FAB} atau SimpleAuthManager di semua komponen."
        )
    if manajer == SIMPLE and conf.getboolean("core", "simple_auth_manager_all_admins", fallback=False):
        raise WewenangKurang(
            "Airflow berjalan dalam mode all_admins: siapa pun dapat menjawab gerbang. Matikan "
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS; gerbang tidak dibuka."
        )


def penjawab(orang: Any) -> str | None:
    """Return the username of who answered a gate, from what Airflow recorded of them, or None where nobody did.

    SimpleAuthManager records the username as id and as name. FAB records its number as id and the username as name
    (not the full name, which people may change themselves; a username only the administrator changes).
    """
    kolom = "name" if _manajer() == FAB else "id"
    nilai = orang.get(kolom) if isinstance(orang, Mapping) else getattr(orang, kolom, None)
    return str(nilai) if nilai else None


def dengan_peran() -> bool:
    """Whether Airflow's people hold named roles (FAB). SimpleAuthManager knows none of ours."""
    return _manajer() == FAB


def _manajer() -> str:
    from airflow.sdk import conf  # not above: who only needs the names need not load Airflow

    return str(conf.get("core", "auth_manager", fallback=SIMPLE))

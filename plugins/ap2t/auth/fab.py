"""Airflow's FAB auth manager, with gates answered by the people they name (``[core] auth_manager``).

The one place that knows FAB's inside. Whatever it cannot decide it refuses.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
from airflow.providers.fab.auth_manager.models import Permission, Role, User
from airflow.providers.fab.www.session import AirflowDatabaseSessionInterface
from airflow.utils.session import create_session
from flask import current_app
from sqlalchemy import func, select

from ap2t import setelan
from ap2t.auth.peran import PERAN, SPV_TE, Izin
from ap2t.galat import WewenangKurang

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.base_auth_manager import ResourceMethod
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
    from fastapi import FastAPI
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)
User.get_display_name = User.get_name  # type: ignore[method-assign]
"""By it Airflow 3.4 records who started a run and who answered. FAB's own is the full name, which can be edited."""
TIAP_PERMINTAAN = 100
"""Requests to FAB's own pages, on average, until expired logins are deleted again."""
KUNCI_PERAN = 0x5045_5241  # a number of our own among the metadata database's advisory locks
SABAR_KUNCI = "60s"
"""How long to wait for it: a process that stands still must not keep the others from starting without a word."""
MULAI_DAN_JAWAB = {("POST", DagAccessEntity.RUN): "DAG Runs", ("PUT", DagAccessEntity.HITL_DETAIL): "HITL Detail"}


class ManajerFab(FabAuthManager):
    """FAB, but a gate is answered by username and role, and our roles are as :mod:`ap2t.auth.peran` declares them.

    The gate writes usernames into ``assigned_users``. FAB itself would compare them with its numeric ids.
    """

    def is_authorized_hitl_task(self, *, assigned_users: set[str], user: User) -> bool:
        """Let only those answer who are named, active, and hold SPV_TE. The administrator is no exception.

        The database is asked, because FAB remembers a logged-in user for up to ``[fab] cache_ttl`` seconds. Whom
        Airflow would record under another name than the username is refused as well.
        """
        with create_session(scoped=False) as session:
            username = session.scalar(
                select(User.username)
                .join(User.roles)
                .where(User.id == getattr(user, "id", None), User.active.is_(True), Role.name == SPV_TE)
            )
        return username in assigned_users and {user.get_name(), user.get_display_name()} == {username}

    def is_authorized_dag(
        self,
        *,
        method: ResourceMethod,
        user: User,
        access_entity: DagAccessEntity | None = None,
        details: DagDetails | None = None,
    ) -> bool:
        """Let SPV_TE start a run and answer a gate of a DAG that is theirs to start, and that they can see.

        FAB asks for the right to edit the DAG as well, and whoever has that can pause it for every unit. The right to
        start covers backfills too, so it holds for no DAG with a schedule: one request would make thousands of runs.
        """
        if super().is_authorized_dag(method=method, user=user, access_entity=access_entity, details=details):
            return True
        sumber = MULAI_DAN_JAWAB.get((method, access_entity)) if access_entity else None
        return bool(
            sumber
            and details
            and details.id in setelan.dag_milik_orang()
            and SPV_TE in {role.name for role in user.roles}
            and self._is_authorized(method=method, resource_type=sumber, user=user)
            and self._is_authorized_dag(method="GET", details=details, user=user)
        )

    def get_fastapi_app(self) -> FastAPI | None:
        """Return FAB's own app. Logins that have expired leave its table as it is used.

        ``airflow db clean`` passes that table over: it looks for "FabAuthManager" in the setting that names this class.
        """
        app = super().get_fastapi_app()
        simpanan = getattr(self.flask_app, "session_interface", None)
        if self.flask_app is not None and isinstance(simpanan, AirflowDatabaseSessionInterface):
            simpanan.cleanup_n_requests = TIAP_PERMINTAAN
            self.flask_app.before_request(simpanan._cleanup_n_requests)
        return app

    def init_flask_resources(self) -> None:
        """Bring FAB's own roles up to date, then ours to exactly what is declared, one process after the other.

        :raises WewenangKurang: FAB is configured to give a role to people nobody gave one.
        """
        _pastikan_tanpa_peran_bawaan(current_app.config)
        with create_session(scoped=False) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(select(func.set_config("lock_timeout", SABAR_KUNCI, True)))
                session.execute(select(func.pg_advisory_xact_lock(KUNCI_PERAN)))  # until this session is committed
            super().init_flask_resources()
            for tindakan, sumber in sorted(frozenset().union(*PERAN.values())):
                self.security_manager.create_permission(tindakan, sumber)
            for nama, izin in PERAN.items():
                _samakan(session, nama, izin)


def _samakan(session: Session, nama: str, izin: frozenset[Izin]) -> None:
    """Give the role exactly these permissions, and say what had to change."""
    peran = session.scalars(select(Role).where(Role.name == nama)).unique().one_or_none()
    if peran is None:
        peran = Role(name=nama, permissions=[])
        session.add(peran)
    ada = {(satu.action.name, satu.resource.name) for satu in peran.permissions}
    if ada == izin:
        return
    semua = session.scalars(select(Permission).join(Permission.action).join(Permission.resource)).unique()
    peran.permissions = [satu for satu in semua if (satu.action.name, satu.resource.name) in izin]
    log.warning("Peran %s disamakan: ditambah %s, dicabut %s.", nama, sorted(izin - ada), sorted(ada - izin))


def _pastikan_tanpa_peran_bawaan(konfigurasi: Any) -> None:
    """Refuse to start where FAB is configured to give a role to people nobody gave one."""
    bawaan = {"AUTH_ROLE_PUBLIC": konfigurasi.get("AUTH_ROLE_PUBLIC")}
    if konfigurasi.get("AUTH_USER_REGISTRATION"):
        bawaan["AUTH_USER_REGISTRATION_ROLE"] = konfigurasi.get("AUTH_USER_REGISTRATION_ROLE")
    salah = [f"{nama}={peran}" for nama, peran in bawaan.items() if peran]
    if salah:
        raise WewenangKurang(
            f"FAB diatur memberi peran kepada siapa saja ({', '.join(salah)}). Kosongkan setelan itu di "
            "webserver_config.py atau AIRFLOW__FAB__AUTH_ROLE_PUBLIC; peran hanya diberikan administrator, per orang."
        )

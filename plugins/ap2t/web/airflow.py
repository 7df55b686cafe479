"""The one file of the page that knows Airflow's inside. Whatever it cannot decide it refuses."""

from __future__ import annotations

from urllib.parse import urlencode

from airflow.api_fastapi.app import API_ROOT_PATH, get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
from fastapi import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp

from ap2t import identitas, setelan
from ap2t.auth import peran
from ap2t.web.aplikasi import buat_aplikasi
from ap2t.web.orang import BelumMasuk, Orang, TidakBoleh


class PenjagaAirflow:
    """Asks Airflow: the session cookie or a bearer token, and the right to see plugins' pages."""

    def __init__(self) -> None:
        identitas.pastikan_gerbang_terjaga()  # else anybody would be let in, or under a name that is not theirs

    async def orang(self, permintaan: HTTPConnection) -> Orang:
        """Return who asks, as :class:`~ap2t.web.orang.Penjaga` says."""
        request = Request(permintaan.scope)
        try:
            user = await get_user(request, None, await bearer_scheme(request))
        except HTTPException:
            raise BelumMasuk from None
        if not get_auth_manager().is_authorized_view(access_view=AccessView.PLUGINS, user=user):
            raise TidakBoleh
        username = identitas.penjawab({"id": user.get_id(), "name": user.get_name()})
        if not username:
            raise TidakBoleh
        return Orang(username, _auditor(user, username))

    def masuk(self, kembali: str) -> str:
        """Return Airflow's own address for logging in."""
        return f"{API_ROOT_PATH}api/v2/auth/login?{urlencode({'next': kembali})}"


def _auditor(user: BaseUser, username: str) -> bool:
    """Whether an administrator made this person an auditor: by FAB's role, or by a name in the environment."""
    if identitas.dengan_peran():
        return peran.AUDITOR in {role.name for role in getattr(user, "roles", ())}
    return username in setelan.halaman_auditor()


def halaman() -> ASGIApp:
    """Return the page as it is served inside Airflow.

    :raises WewenangKurang: Airflow's auth manager is not one whose people are known by their username.
    """
    return buat_aplikasi(PenjagaAirflow())

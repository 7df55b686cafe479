"""The door before every route, also those added later: login, role, origin of writes, headers on all answers."""

from __future__ import annotations

import hashlib
import logging
from base64 import b64encode
from html import escape
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ap2t.galat import GalatPengesahan
from ap2t.web.akses import Hak
from ap2t.web.konteks import Konteks
from ap2t.web.masalah import Masalah, dari_galat, tak_terduga
from ap2t.web.orang import BelumMasuk, Penjaga, TidakBoleh

log = logging.getLogger(__name__)
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    "font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
KEPALA: dict[str, str] = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""On every answer; photos may come from elsewhere over https, scripts and styles from nowhere but here."""
MEMBACA = ("GET", "HEAD")
BELUM_MASUK = "Sesi login berakhir atau Anda belum masuk. Masuk lagi ke Airflow; yang sudah ditulis tidak hilang."
TANPA_HALAMAN = (
    "Pengguna ini tidak berhak membuka halaman pengesahan. Minta peran SPV_TE atau AUDITOR kepada pengelola."
)
DARI_LUAR = "Permintaan ini tidak datang dari halaman pengesahan sendiri, jadi ditolak. Muat ulang halamannya."
BUKAN_JSON = "Permintaan ini harus JSON (Content-Type: application/json)."
_HALAMAN = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Pengesahan</title><main><h1>{}</h1><p>{}</p></main></html>"
)


_BAWA_TEMPAT = (
    "const a=document.getElementById('masuk'),u=new URL(a.href);"
    "u.searchParams.set('next',location.pathname+location.search+location.hash);a.href=u;location.replace(u)"
)
"""Takes the place on the page along to the login: it stands in the address's hash, which no server ever sees."""
_HALAMAN_MASUK = _HALAMAN.format(
    "Pengesahan",
    '<a id="masuk" href="{0}">Masuk ke Airflow</a></p><noscript><meta http-equiv="refresh" content="0;url={0}">'
    f"</noscript><script>{_BAWA_TEMPAT}</script><p>",
)
_CSP_MASUK = _CSP.replace(
    "script-src 'self'",
    f"script-src 'sha256-{b64encode(hashlib.sha256(_BAWA_TEMPAT.encode()).digest()).decode()}'",
)


class Pintu:
    """Lets through who is logged in and holds a role; everything that cannot be decided is refused.

    What the person may see stands in ``request.state.hak`` behind it.
    """

    def __init__(self, app: ASGIApp, penjaga: Penjaga, konteks: Konteks) -> None:
        self.app, self.penjaga, self.konteks = app, penjaga, konteks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        minta = HTTPConnection(scope)

        async def kirim(pesan: Message) -> None:
            if pesan["type"] == "http.response.start":
                kepala = MutableHeaders(scope=pesan)
                for nama, nilai in (KEPALA | khusus).items():
                    kepala[nama] = nilai
                kepala.setdefault("Cache-Control", "no-store")
            await send(pesan)

        khusus: dict[str, str] = {}
        try:
            hak = await self._masuk(minta)
            _pastikan_dari_sini(minta)
        except Exception as e:
            if isinstance(e, BelumMasuk) and _muka(minta):
                khusus["Content-Security-Policy"] = _CSP_MASUK
            await self._tolak(minta, e)(scope, receive, kirim)
            return
        scope.setdefault("state", {})["hak"] = hak
        await self.app(scope, receive, kirim)

    async def _masuk(self, minta: HTTPConnection) -> Hak:
        orang = await self.penjaga.orang(minta)
        akses = self.konteks.akses
        hak = akses.intip(orang)
        return await run_in_threadpool(akses.hak, orang) if hak is None else hak

    def _tolak(self, minta: HTTPConnection, e: Exception) -> Response:
        muka = _muka(minta)
        m = _masalah(e)
        if isinstance(e, BelumMasuk) and muka:
            return HTMLResponse(_HALAMAN_MASUK.format(escape(self.penjaga.masuk(minta.url.path))), m.status)
        return HTMLResponse(_HALAMAN.format("Pengesahan", escape(str(m))), m.status) if muka else m.jawaban()


def _masalah(e: Exception) -> Masalah:
    if isinstance(e, Masalah):
        return e
    if isinstance(e, BelumMasuk):
        return Masalah(401, "BELUM_MASUK", BELUM_MASUK)
    if isinstance(e, TidakBoleh):
        return Masalah(403, "TANPA_HALAMAN", TANPA_HALAMAN)
    return dari_galat(e) if isinstance(e, GalatPengesahan) else tak_terduga(e)


def _muka(minta: HTTPConnection) -> bool:
    """Whether a person opens the page itself, so that the answer is read by eyes."""
    return _jalan(minta) == "/" and minta.scope["method"] in MEMBACA


def _jalan(minta: HTTPConnection) -> str:
    """The path below the page's own."""
    akar: str = minta.scope.get("root_path", "")
    jalan: str = minta.scope["path"]
    return jalan.removeprefix(akar) or "/"


def _pastikan_dari_sini(minta: HTTPConnection) -> None:
    """Refuse what a foreign page makes a browser send: Airflow's cookie would come with it.

    :raises Masalah: a write that does not say it comes from here, or is not JSON; data asked for by another site.
    """
    situs = minta.headers.get("sec-fetch-site")
    if minta.scope["method"] in MEMBACA:
        if situs in ("cross-site", "same-site") and _jalan(minta) != "/":
            raise Masalah(403, "DARI_LUAR", DARI_LUAR)
        return
    asal = minta.headers.get("origin", "")
    tuan = minta.headers.get("host", "")
    if not tuan or urlsplit(asal).netloc.lower() != tuan.lower() or situs not in (None, "same-origin"):
        raise Masalah(403, "DARI_LUAR", DARI_LUAR)
    if minta.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Masalah(415, "BUKAN_JSON", BUKAN_JSON)

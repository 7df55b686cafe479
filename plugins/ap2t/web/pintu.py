"""The door before every route, also those added later.

It looks at login and role and at what comes in, and puts its headers on all that goes out.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ap2t import setelan
from ap2t.galat import GalatPengesahan, MasukanTidakSah
from ap2t.web.akses import Hak
from ap2t.web.kolam import KOLAM
from ap2t.web.konteks import Konteks
from ap2t.web.masalah import Masalah, TidakAda, jadi_masalah, tak_terduga
from ap2t.web.orang import BelumMasuk, Penjaga

log = logging.getLogger(__name__)
CSP = "Content-Security-Policy"
_KEPALA = {
    CSP: "default-src 'none'; script-src 'self'; style-src 'self'; img-src {}; connect-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""On every answer. Photos may come from where ``AP2T_FOTO_ASAL`` says, scripts and styles from nowhere but here."""
MEMBACA = ("GET", "HEAD")
DARI_LUAR = "Permintaan ini tidak datang dari halaman pengesahan sendiri, jadi ditolak. Muat ulang halamannya."
BUKAN_JSON = "Permintaan ini harus JSON (Content-Type: application/json)."
BUKAN_TEKS = "Alamat ini memuat huruf yang bukan teks, atau terlalu panjang. Muat ulang halaman ini."
TERLALU_BESAR = "Isi permintaan ini terlalu besar. Kirim lebih sedikit sekaligus."
KIRIM_MAKS = 60
"""Seconds that somebody may take nothing of an answer. It holds memory, and mostly one of few places."""
JALAN_MAKS, KUERI_MAKS, BADAN_MAKS = 500, 4000, 1 << 20
"""Bytes of a path, a query and a body. 20,000 idpel are a third of the last."""
_KENDALI = re.compile(rb"[\x00-\x1f\x7f]")
_HALAMAN = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
    "<title>Pengesahan</title><main><h1>{}</h1><p>{}</p></main></html>"
)
_BAWA_TEMPAT = (
    "const tautan=document.getElementById('masuk'),alamat=new URL(tautan.href);"
    "alamat.searchParams.set('next',location.pathname+location.search+location.hash);"
    "tautan.href=alamat;location.replace(alamat)"
)
"""Takes the place on the page along to the login. It stands in the address's hash, which no server ever sees."""
_HALAMAN_MASUK = _HALAMAN.format(
    "Pengesahan",
    '<a id="masuk" href="{0}">Masuk ke Airflow</a></p><noscript><meta http-equiv="refresh" content="0;url={0}">'
    f"</noscript><script>{_BAWA_TEMPAT}</script><p>",
)
_COBA_LAGI = "setTimeout(()=>location.reload(),5000)"
"""A refresh that is only declared does nothing where the address has a hash."""
_HALAMAN_LAGI = _HALAMAN.format(
    "Pengesahan", f"{{}} Halaman ini mencoba lagi sendiri.</p><script>{_COBA_LAGI}</script><p>"
)


def _kepala(foto: Sequence[str]) -> dict[str, str]:
    """The headers, where photos may come from these origins besides the page's own."""
    return _KEPALA | {CSP: _KEPALA[CSP].format(" ".join(("'self'", "data:", *foto)))}


def _csp(umum: str, skrip: str) -> str:
    """The policy of a page that holds one script, that one."""
    sidik = b64encode(hashlib.sha256(skrip.encode()).digest()).decode()
    return umum.replace("script-src 'self'", f"script-src 'sha256-{sidik}'")


class Pintu:
    """Lets through who is logged in and holds a role, and refuses whatever it cannot decide.

    Behind it ``request.state.hak`` says what the person may see.
    """

    def __init__(self, app: ASGIApp, penjaga: Penjaga, konteks: Konteks) -> None:
        self.app, self.penjaga, self.konteks = app, penjaga, konteks
        self._salah: MasukanTidakSah | None = None
        try:
            self.kepala = _kepala(setelan.foto_asal())
        except MasukanTidakSah as galat:  # a guess would open what was to be closed
            log.error("%s", galat)
            self.kepala, self._salah = _kepala(()), galat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        permintaan = HTTPConnection(scope)

        async def teruskan(pesan: Message) -> None:
            if pesan["type"] == "http.response.start":
                kepala = MutableHeaders(scope=pesan)
                for nama, nilai in (self.kepala | khusus).items():
                    kepala[nama] = nilai
                kepala.setdefault("Cache-Control", "no-store")
            async with asyncio.timeout(KIRIM_MAKS):
                await send(pesan)

        khusus: dict[str, str] = {}
        try:
            hak = await self._masuk(permintaan)
            if self._salah:
                raise Masalah(500, "SETELAN", str(self._salah))
            _pastikan_dari_sini(permintaan)
            _pastikan_teks(permintaan)
            if scope["method"] not in MEMBACA:
                receive = await _utuhkan(receive)
        except Exception as galat:
            jawaban, skrip = self._tolak(permintaan, galat)
            if skrip:
                khusus[CSP] = _csp(self.kepala[CSP], skrip)
            await jawaban(scope, receive, teruskan)
            return
        scope.setdefault("state", {})["hak"] = hak
        await self.app(scope, receive, teruskan)

    async def _masuk(self, permintaan: HTTPConnection) -> Hak:
        orang = await self.penjaga.orang(permintaan)
        akses = self.konteks.akses
        hak = akses.intip(orang)
        if hak is None and _jalan(permintaan).startswith("/statis/"):
            hak = akses.terakhir(orang)  # the page that is open goes on to stand, whatever does not answer
        return await KOLAM.jalankan(akses.hak, orang) if hak is None else hak

    def _tolak(self, permintaan: HTTPConnection, galat: Exception) -> tuple[Response, str | None]:
        """Return the answer, and the one script that it holds."""
        masalah = jadi_masalah(galat) if isinstance(galat, Masalah | GalatPengesahan) else tak_terduga(galat)
        if not _muka(permintaan):
            return masalah.jawaban(), None
        if isinstance(galat, BelumMasuk):
            masuk = escape(self.penjaga.masuk(permintaan.url.path))
            return HTMLResponse(_HALAMAN_MASUK.format(masuk), masalah.status), _BAWA_TEMPAT
        if masalah.tunggu is None:
            return HTMLResponse(_HALAMAN.format("Pengesahan", escape(str(masalah))), masalah.status), None
        return HTMLResponse(_HALAMAN_LAGI.format(escape(str(masalah))), masalah.status, masalah.kepala), _COBA_LAGI


def _muka(permintaan: HTTPConnection) -> bool:
    """Whether a person opens the page itself, so that the answer is read by eyes."""
    return _jalan(permintaan) == "/" and permintaan.scope["method"] in MEMBACA


def _jalan(permintaan: HTTPConnection) -> str:
    """The path below the page's own."""
    akar: str = permintaan.scope.get("root_path", "")
    jalan: str = permintaan.scope["path"]
    return jalan.removeprefix(akar) or "/"


def _pastikan_dari_sini(permintaan: HTTPConnection) -> None:
    """Refuse what a foreign page makes a browser send, for Airflow's cookie would come with it.

    :raises Masalah: a write that does not say it comes from here, or is not JSON; data asked for by another site.
    """
    situs = permintaan.headers.get("sec-fetch-site")
    if permintaan.scope["method"] in MEMBACA:
        if situs in ("cross-site", "same-site") and _jalan(permintaan) != "/":
            raise Masalah(403, "DARI_LUAR", DARI_LUAR)
        return
    asal = permintaan.headers.get("origin", "").lower()
    tuan = permintaan.headers.get("host", "").lower()
    if not tuan or asal not in (f"http://{tuan}", f"https://{tuan}") or situs not in (None, "same-origin"):
        raise Masalah(403, "DARI_LUAR", DARI_LUAR)
    if permintaan.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Masalah(415, "BUKAN_JSON", BUKAN_JSON)


def _pastikan_teks(permintaan: HTTPConnection) -> None:
    """Refuse what no address of ours holds, before a route or a database meets it.

    :raises Masalah: a control character in path or query, or more of them than any needs.
    """
    jalan, kueri = permintaan.scope["path"].encode(errors="replace"), permintaan.scope.get("query_string", b"")
    if len(jalan) > JALAN_MAKS or _KENDALI.search(jalan):
        raise TidakAda("Alamat ini")
    if len(kueri) > KUERI_MAKS or _KENDALI.search(unquote_to_bytes(kueri)):
        raise Masalah(400, "MASUKAN", BUKAN_TEKS)


async def _utuhkan(receive: Receive) -> Receive:
    """Take in what is sent, and hand it on as one piece.

    :raises Masalah: 413, it is more than any route takes.
    """
    badan = bytearray()
    lagi = True
    while lagi:
        pesan = await receive()
        badan += pesan.get("body", b"")
        lagi = pesan.get("more_body", False)
        if len(badan) > BADAN_MAKS:
            raise Masalah(413, "TERLALU_BESAR", TERLALU_BESAR)
    utuh: list[Message] = [{"type": "http.request", "body": bytes(badan), "more_body": False}]

    async def terima() -> Message:
        return utuh.pop() if utuh else await receive()

    return terima

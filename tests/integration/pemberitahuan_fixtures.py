"""Real channels for notifications on loopback: SMTP servers of several tempers, an HTTP server behind Apprise's json://."""

from __future__ import annotations

import http.server
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)
PENGIRIM = "Pengesahan <pengesahan@pln.example>"


class PosUji:
    """A mail server that keeps what it gets. ``tolak``: recipients it refuses, with what it answers."""

    def __init__(self) -> None:
        self.surat: list[EmailMessage] = []
        self.penerima: list[str] = []
        self.tolak: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.tolak:
            return self.tolak[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        surat = message_from_bytes(envelope.content, policy=default)
        assert isinstance(surat, EmailMessage)
        self.surat.append(surat)
        self.penerima += envelope.rcpt_tos
        return "250 OK"

    def kepada(self, alamat: str) -> list[EmailMessage]:
        return [s for s in self.surat if s["To"] == alamat]


def porta_bebas() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def pos_menyala(pos: PosUji, porta: int = 0, *, sandi: tuple[str, str] | None = None) -> Iterator[int]:
    """Run a mail server; ``sandi``: only who logs in so may send. Yields its port."""

    def masuk(_server: Any, _session: Any, _envelope: Any, _cara: str, isi: LoginPassword) -> AuthResult:
        return AuthResult(success=sandi == (isi.login.decode(), isi.password.decode()), handled=False)

    pilihan: dict[str, Any] = (
        {"authenticator": masuk, "auth_required": True, "auth_require_tls": False} if sandi else {}
    )
    server = Controller(pos, hostname="127.0.0.1", port=porta or porta_bebas(), **pilihan)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def bisu() -> Iterator[int]:
    """A server that takes connections and never says a word. Yields its port."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen(16)
        yield int(s.getsockname()[1])


class ObrolanUji:
    """What an HTTP server behind Apprise got; ``jawab``: the status it answers with."""

    def __init__(self) -> None:
        self.pesan: list[dict[str, Any]] = []
        self.jawab = 200


@contextmanager
def obrolan_menyala(obrolan: ObrolanUji) -> Iterator[int]:
    """Run the HTTP server. Yields its port."""

    class Penerima(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            isi = self.rfile.read(int(self.headers["content-length"]))
            if obrolan.jawab == 200:
                obrolan.pesan.append(json.loads(isi))
            self.send_response(obrolan.jawab)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Penerima)
    utas = threading.Thread(target=server.serve_forever, daemon=True)
    utas.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        utas.join()


def koneksi_surel(porta: int, **lain: Any) -> dict[str, Any]:
    """Return the JSON of smtp_default for a server on loopback without TLS."""
    ekstra = {"from_email": PENGIRIM, "disable_ssl": True, "disable_tls": True, "timeout": 2}
    return {"conn_type": "smtp", "host": "127.0.0.1", "port": porta, "extra": ekstra, **lain}


def koneksi_obrolan(porta: int) -> dict[str, Any]:
    return {"conn_type": "apprise", "extra": {"config": {"path": f"json://127.0.0.1:{porta}/kunci-Rahasia"}}}

"""Serves the demo's photos on loopback: ``python -m sandbox.foto --port 8199``. It reads no file and no database."""

from __future__ import annotations

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sandbox.foto.alamat import Cacat, baca_jalan
from sandbox.foto.gambar import gambar

KEPALA = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=3600",
}


class Penjawab(BaseHTTPRequestHandler):
    """Answers GET alone."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """An answer goes out in one piece; in two, the second waits for the browser's word that it has the first."""
    timeout = 30
    """Seconds that somebody may hold a connection without a word."""

    def do_GET(self) -> None:
        """Answer with the photo of the address, or 404."""
        foto = baca_jalan(self.path)
        if self.path == "/sehat":
            self._jawab(200, "text/plain", "OK")
        elif foto is None or foto.cacat is Cacat.HILANG:
            self._jawab(404, "text/plain; charset=utf-8", "Foto ini tidak ada.")
        else:
            self._jawab(200, "image/svg+xml", gambar(foto))

    def _jawab(self, status: int, jenis: str, teks: str) -> None:
        isi = teks.encode()
        self.send_response(status)
        for nama, nilai in (KEPALA | {"Content-Type": jenis, "Content-Length": str(len(isi))}).items():
            self.send_header(nama, nilai)
        self.end_headers()
        self.wfile.write(isi)

    def version_string(self) -> str:
        """Tell nobody what runs here."""
        return "foto"

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: addresses hold who and how much."""


def peladen(porta: int) -> ThreadingHTTPServer:
    """Return the server, listening. Port 0: a free one."""
    return ThreadingHTTPServer(("127.0.0.1", porta), Penjawab)


def main() -> None:
    """Run it from the command line."""
    baca = argparse.ArgumentParser(prog="python -m sandbox.foto", description="Foto meter untuk demo.")
    baca.add_argument("--port", type=int, default=8199, help="0: pilih yang bebas")
    satu = peladen(baca.parse_args().port)
    print(f"URL: http://127.0.0.1:{satu.server_address[1]}", flush=True)
    satu.serve_forever()


if __name__ == "__main__":
    main()

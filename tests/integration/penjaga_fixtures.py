"""Airflow's event log as the watch's copier reads it, over HTTP on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from proses_fixtures import isi_koneksi

DAG = "pengesahan_hari_baca_a"
KITA = frozenset({DAG, "penjaga_sesi"})


class AirflowTiruan:
    """An api-server that has only an event log, and lists it as Airflow 3.3.2 does: only what names a DAG it knows."""

    def __init__(self) -> None:
        self.isi: list[dict[str, Any]] = []
        self.ditanya: list[int] = []
        self.menetes = False
        """Whether bodies come a byte at a time."""
        self.sesudah: list[datetime] = []
        """From when on each reading asked."""
        self.tertutup = False
        """As 3.4 where the copier may not see what belongs to no DAG: neither in the list nor singly."""
        self.putus_pada = 10**9
        """Of the list only so many are shown, then it fails."""

    def catat(self, event: str = "patch_task_instance", extra: Any = None, **lain: Any) -> int:
        """Add an event; return its number."""
        teks = extra if isinstance(extra, str) else json.dumps(extra or {})
        nomor = len(self.isi) + 1
        saat = datetime.now(UTC).isoformat()
        umum = {"event_log_id": nomor, "when": saat, "event": event, "owner": "operator", "dag_id": DAG}
        self.isi.append({**umum, "extra": teks, **lain})
        return nomor

    def jawab(self, jalan: str) -> tuple[int, Any]:
        """Answer one GET."""
        url = urlsplit(jalan)
        nomor = url.path.rpartition("/")[2]
        if nomor.isdigit():
            self.ditanya.append(int(nomor))
            ada = [p for p in self.isi if p["event_log_id"] == int(nomor)]
            if ada and self.tertutup and ada[0]["dag_id"] is None:
                return 403, {"detail": "Forbidden"}
            return (200, ada[0]) if ada else (404, {})
        tanya = {k: v[0] for k, v in parse_qs(url.query).items()}
        sesudah, awal = datetime.fromisoformat(tanya["after"]), int(tanya["offset"])
        if not awal:
            self.sesudah.append(sesudah)
        if awal >= self.putus_pada:
            return 500, {}
        tampak = {"laporan_lain", *KITA} | (set() if self.tertutup else {None})
        daftar = [p for p in self.isi if p["dag_id"] in tampak and datetime.fromisoformat(p["when"]) > sesudah]
        return 200, {"event_logs": daftar[awal : awal + int(tanya["limit"])], "total_entries": len(daftar)}


@contextmanager
def airflow_menyala(tiruan: AirflowTiruan, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run it, with the connection that leads there."""

    class Pelayan(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.kirim(*tiruan.jawab(self.path))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.kirim(201, {"access_token": "x"})

        def kirim(self, status: int, isi: Any) -> None:
            badan = json.dumps(isi).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(badan)))
            self.end_headers()
            with suppress(OSError):
                for n in range(0, len(badan), 1 if tiruan.menetes else len(badan)):
                    self.wfile.write(badan[n : n + 1] if tiruan.menetes else badan)
                    if tiruan.menetes:
                        sleep(0.1)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pelayan) as peladen:
        Thread(target=peladen.serve_forever, daemon=True).start()
        alamat = f"http://127.0.0.1:{peladen.server_address[1]}"
        isi_koneksi(monkeypatch, "airflow_api", conn_type="http", host=alamat, login="penyalin", password="x")
        yield
        peladen.shutdown()

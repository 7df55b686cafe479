"""The page's own files, read once: a fixed list, so that no path from outside ever reaches the file system."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("statis")
MUKA = "halaman.html"
_JENIS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


class Berkas(NamedTuple):
    """A file as it is sent."""

    isi: bytes
    jenis: str
    etag: str


def berkas(nama: str) -> Berkas | None:
    """Return one of the page's files by its path below the folder; None: there is none of that name."""
    jalan = _semua().get(nama)
    if jalan is None:  # a file that came after the first request
        _semua.cache_clear()
        jalan = _semua().get(nama)
    return None if jalan is None else _baca(jalan, jalan.stat().st_mtime_ns)


@cache
def _semua() -> dict[str, Path]:
    return {
        berkas.relative_to(FOLDER).as_posix(): berkas
        for berkas in FOLDER.rglob("*")
        if berkas.is_file() and not berkas.is_symlink() and berkas.suffix in _JENIS
    }


@cache
def _baca(jalan: Path, _berubah: int) -> Berkas:
    isi = jalan.read_bytes()
    return Berkas(isi, _JENIS[jalan.suffix], f'"{hashlib.sha256(isi).hexdigest()[:20]}"')

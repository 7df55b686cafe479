"""The page's own files: a fixed list, so that no path from outside ever reaches the file system."""

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


class BerkasHalaman(NamedTuple):
    """A file as it is sent."""

    isi: bytes
    jenis: str
    etag: str


def berkas(nama: str) -> BerkasHalaman | None:
    """Return one of the page's files by its path below the folder, or None."""
    jalan = _daftar_berkas().get(nama)
    if jalan is None:  # a file that came after the first request
        _daftar_berkas.cache_clear()
        jalan = _daftar_berkas().get(nama)
    return None if jalan is None else _baca_berkas(jalan, jalan.stat().st_mtime_ns)


@cache
def _daftar_berkas() -> dict[str, Path]:
    return {
        jalan.relative_to(FOLDER).as_posix(): jalan
        for jalan in FOLDER.rglob("*")
        if jalan.is_file() and not jalan.is_symlink() and jalan.suffix in _JENIS
    }


@cache
def _baca_berkas(jalan: Path, _berubah: int) -> BerkasHalaman:
    isi = jalan.read_bytes()
    return BerkasHalaman(isi, _JENIS[jalan.suffix], f'"{hashlib.sha256(isi).hexdigest()[:20]}"')

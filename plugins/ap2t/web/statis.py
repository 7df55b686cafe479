"""The page's own files: a fixed list, so that no path from outside ever reaches the file system.

The page names them below a folder that is the digest of all of them and of its words. So a browser keeps each for ever,
and asks for none again until one has changed.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ap2t.domain.kata import untuk_halaman

FOLDER = Path(__file__).with_name("statis")
MUKA = "halaman.html"
_BERVERSI = re.compile(r"[0-9a-f]{16}").fullmatch
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
    """A file as it is sent. ``tetap``: under this address it is always the same."""

    isi: bytes
    jenis: str
    etag: str
    tetap: bool = False


def muka() -> BerkasHalaman:
    """Return the page, which names its files by what they are now."""
    try:
        return _muka(_versi())
    except FileNotFoundError:  # one is gone since the first request
        _daftar_berkas.cache_clear()
        return _muka(_versi())


def _versi() -> str:
    semua = [(nama, _baca_berkas(jalan, jalan.stat().st_mtime_ns).etag) for nama, jalan in _daftar_berkas().items()]
    return hashlib.sha256(repr([*sorted(semua), untuk_halaman()]).encode()).hexdigest()[:16]


@cache
def _muka(versi: str) -> BerkasHalaman:
    asli = berkas(MUKA)
    assert asli is not None  # noqa: S101 -- it is one of our own
    isi = asli.isi.replace(b'"statis/', f'"statis/{versi}/'.encode()).replace(
        b'"kata"', f'"kata?versi={versi}"'.encode()
    )
    return BerkasHalaman(isi, asli.jenis, f'"{versi}"')


def kini(versi: str) -> bool:
    """Tell whether a digest is that of the files and words as they are now."""
    return f'"{versi}"' == muka().etag


def berkas(nama: str) -> BerkasHalaman | None:
    """Return one of the page's files by its path below the folder, as the page names it or without the digest."""
    versi, _, lain = nama.partition("/")
    if _BERVERSI(versi) and (ada := berkas(lain)) is not None:
        return ada._replace(tetap=kini(versi))
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

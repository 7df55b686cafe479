"""Draws a meter as SVG, as a reader's phone would show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from zlib import crc32

from sandbox.foto.alamat import Cacat, Foto

DIGIT = 5
"""Digits a register shows before the point, at the least."""
_BADAN = ("#d9d6cc", "#c8ced4", "#e4e0d3", "#b9c1b7", "#cfc6b8")
_DINDING = ("#a7927a", "#8f9aa0", "#b8b09a", "#7f8a7a", "#9a8a8a")
_MUKA = ("#f4f2ea", "#eef1f3", "#f6efe0")
_MEREK = ("METRIKA", "LISTRINDO", "SINAR KWH", "NUSA METER")
_IMPULS = ("900", "1600", "3200")
_SALAH_LIHAT = dict(zip("0123456789", "8738965134", strict=True))
"""For each digit one that a reader takes it for."""


def gambar(foto: Foto) -> str:
    """Return a photo as SVG. The same address gives the same picture; another customer's looks a little different."""
    ciri, saat = crc32(foto.nama.encode()), crc32(f"{foto.nama}/{foto.thblrek}".encode())
    miring, geser = saat % 13 - 6, saat // 13 % 21 - 10
    isi = "".join(_meter(foto, ciri))
    efek = ' filter="url(#buram)"' if foto.cacat is Cacat.BURAM else ""
    gelap = '<rect width="480" height="600" fill="#000" opacity="0.86"/>' if foto.cacat is Cacat.GELAP else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="600" viewBox="0 0 480 600" '
        'font-family="Helvetica, Arial, sans-serif" text-anchor="middle">'
        f"<title>Foto meter (gambar demo) {escape(foto.nama)}</title>"
        '<defs><filter id="buram" x="-10%" y="-10%" width="120%" height="120%"><feGaussianBlur stdDeviation="9"/>'
        "</filter>"
        '<linearGradient id="kilap" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" '
        'stop-opacity="0.55"/><stop offset="0.45" stop-color="#fff" stop-opacity="0"/></linearGradient></defs>'
        f'<rect width="480" height="600" fill="{_pilih(_DINDING, ciri // 7)}"/>'
        f'<g{efek}><g transform="rotate({miring} 240 300) translate({geser} {-geser})">{isi}</g></g>{gelap}'
        '<g fill="#ffd84a" font-size="18" font-family="monospace" text-anchor="end">'
        f'<text id="tanggal" x="466" y="586">{escape(foto.tgl)}</text></g></svg>'
    )


def angka(foto: Foto) -> tuple[str, str]:
    """Return the digits that the two registers show, with a point. Empty: nothing."""
    lwbp, wbp = foto.lwbp or "", foto.wbp or ""
    return (_salah_lihat(foto, lwbp) if foto.cacat is Cacat.ANGKA_LAIN and lwbp else lwbp), wbp


def nomor_seri(nama: str) -> str:
    """Return what stands on a customer's meter in every month."""
    return f"{crc32(f'seri {nama}'.encode()) % 10**8:08d}"


def _salah_lihat(foto: Foto, stan: str) -> str:
    """Return a stan with one of its last three whole digits another one."""
    bulat, titik, pecahan = stan.partition(".")
    bulat = bulat.rjust(DIGIT, "0")
    tempat = len(bulat) - 1 - crc32(f"{foto.nama}/{foto.thblrek}".encode()) % 3
    return f"{bulat[:tempat]}{_SALAH_LIHAT[bulat[tempat]]}{bulat[tempat + 1 :]}{titik}{pecahan}"


def _pilih(semua: Sequence[str], ke: int) -> str:
    return semua[ke % len(semua)]


def _meter(foto: Foto, ciri: int) -> Iterator[str]:
    """The case, its face and what stands on it."""
    lwbp, wbp = angka(foto)
    dua = foto.wbp is not None
    yield (
        f'<rect x="70" y="46" width="340" height="500" rx="26" fill="{_pilih(_BADAN, ciri)}" stroke="#6f6f6a" '
        'stroke-width="4"/>'
        f'<rect x="98" y="76" width="284" height="330" rx="14" fill="{_pilih(_MUKA, ciri // 3)}" stroke="#8a8a84" '
        'stroke-width="3"/>'
        f'<text x="240" y="112" font-size="24" font-weight="700" fill="#23303d">{_pilih(_MEREK, ciri // 11)}</text>'
        f'<text x="240" y="134" font-size="13" fill="#44505c">METER kWh {"DUA TARIF" if dua else "1 FASA"} '
        "230 V 50 Hz</text>"
    )
    yield _register("lwbp", "LWBP" if dua else "kWh", lwbp, 154)
    if dua:
        yield _register("wbp", "WBP", wbp, 232)
    yield (
        f'<rect x="142" y="316" width="196" height="14" fill="#c9ccd0" stroke="#777"/>'
        f'<rect x="{150 + ciri // 17 % 160}" y="316" width="22" height="14" fill="#b3261e"/>'
        f'<text x="240" y="356" font-size="14" fill="#23303d">{_pilih(_IMPULS, ciri // 19)} imp/kWh</text>'
        '<text id="seri" x="240" y="384" font-size="20" font-family="monospace" font-weight="700" fill="#23303d">'
        f"No. {nomor_seri(foto.nama)}</text>"
        '<rect x="98" y="76" width="284" height="330" rx="14" fill="url(#kilap)"/>'
        '<rect x="110" y="428" width="260" height="92" rx="8" fill="#3b3b3b"/>'
    )
    yield from (f'<circle cx="{x}" cy="474" r="15" fill="#8d8f92" stroke="#222"/>' for x in (150, 210, 270, 330))


def _register(kunci: str, label: str, stan: str, atas: int) -> str:
    """A row of digit wheels; those behind the point are red, and without a stan all are blank."""
    bulat, _, pecahan = stan.partition(".")
    roda = [(digit, "#15181b") for digit in bulat.rjust(DIGIT, "0" if stan else " ")]
    roda += [(digit, "#b3261e") for digit in pecahan]
    lebar = min(34, 250 // len(roda))
    kiri = 240 - lebar * len(roda) // 2
    kotak = "".join(
        f'<rect x="{kiri + lebar * ke + 1}" y="{atas + 4}" width="{lebar - 2}" height="44" fill="{warna}"/>'
        for ke, (_, warna) in enumerate(roda)
    )
    angka_ = "".join(
        f'<text x="{kiri + lebar * ke + lebar // 2}" y="{atas + 37}">{escape(digit)}</text>'
        for ke, (digit, _) in enumerate(roda)
    )
    return (
        f'<rect x="{kiri - 5}" y="{atas}" width="{lebar * len(roda) + 10}" height="52" rx="4" fill="#55595d"/>{kotak}'
        f'<g id="{kunci}" font-size="{min(32, lebar + 2)}" font-family="monospace" font-weight="700" fill="#f7f7f2">'
        f'{angka_}</g><text x="240" y="{atas + 70}" font-size="14" fill="#23303d">{label}</text>'
    )

"""Every code has its word, in one place; what the documents say is the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

from ap2t.domain import kata, kode
from ap2t.domain.model import Alasan, Dlpd
from ap2t.domain.status import Status

AKAR = Path(__file__).parents[2]
KATA: tuple[tuple[str, Mapping[str, str], Collection[str]], ...] = (
    (
        "alasan",
        kata.KATA_ALASAN,
        [*Alasan, *kode.SebabBerubah, *kode.SebabBatal, *kode.SebabStatus, *kode.KodeAp2t],
    ),
    ("dlpd", kata.KATA_DLPD, Dlpd),
    ("status", kata.KATA_STATUS, Status),
    ("jenis_sesi", kata.KATA_JENIS_SESI, kode.JenisSesi),
    ("status_sesi", kata.KATA_STATUS_SESI, kode.StatusSesi),
    ("tahap", kata.KATA_TAHAP_SESI, kode.TahapSesi),
    ("kesiapan", kata.KATA_KESIAPAN, kode.Tahap),
    ("keputusan", kata.KATA_KEPUTUSAN, kode.Keputusan),
    ("hasil", kata.KATA_HASIL, kode.StatusHasil),
    ("kejadian", kata.KATA_KEJADIAN, kode.JenisJejak),
    ("riwayat", kata.KATA_RIWAYAT, kode.Riwayat),
)
"""Each dictionary with the codes it has to have, and no others."""


@pytest.mark.parametrize(
    ("kamus", "kode_"), [(kamus, kode_) for _, kamus, kode_ in KATA], ids=[apa for apa, *_ in KATA]
)
def test_tiap_kode_ada_katanya(kamus: Mapping[str, str], kode_: Collection[str]) -> None:
    """Every member has a word, and no code has two meanings within one dictionary."""
    assert set(kamus) == set(kode_)
    assert len(set(kode_)) == len(list(kode_))
    assert all(isi and isi == isi.strip() and not isi.endswith(".") for isi in kamus.values())
    assert len(set(kamus.values())) == len(kamus)


def test_saran_batal() -> None:
    """Whoever cannot be cancelled is told what follows."""
    assert set(kata.SARAN_BATAL) == set(kode.SebabBatal)
    assert kata.kata_batal("BELUM_POSTING") == "belum disahkan: tidak ada yang perlu dibatalkan"


def test_halaman_dan_dokumen() -> None:
    """The page is given every dictionary it shows; the operator's guide names reasons and flags with the same words."""
    assert set(kata.untuk_halaman()) == {apa for apa, *_ in KATA} - {"kesiapan", "keputusan"}
    panduan = (AKAR / "docs" / "operator" / "panduan.md").read_text(encoding="utf-8")
    semua = [*Alasan, *Dlpd]
    assert [kode_ for kode_ in semua if f"| `{kode_}` | {kata.kata(kode_)} |" not in panduan] == []


def _teks_tertulis(pohon: ast.Module) -> Iterator[str]:
    dokumentasi = {
        id(simpul.value) for simpul in ast.walk(pohon) if isinstance(simpul, ast.Expr)
    }  # docstrings of modules, classes, functions and values
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.Constant) and isinstance(simpul.value, str) and id(simpul) not in dokumentasi:
            yield simpul.value


LAIN = {
    "plugins/ap2t/cli/lihat.py": {"Pembatalan"},
    "plugins/ap2t/lihat/rekap_bulan.py": {
        "Sudah disahkan",
        "Belum disahkan",
        "Dibatalkan",
        "Suplai stan",
        "Terverifikasi",
    },
}
"""Titles of columns that count customers: words of their own, though some are spelled as a code's."""


@pytest.mark.parametrize("akhiran", ["py", "js"])
def test_tidak_ada_kata_tulisan_tangan(akhiran: str) -> None:
    """No word of a code stands anywhere else in the product."""
    kata_kode = {isi for _, kamus, _ in KATA for isi in kamus.values()}
    salah: list[str] = []
    for berkas in sorted((AKAR / "plugins").rglob(f"*.{akhiran}")):
        nama = berkas.relative_to(AKAR).as_posix()
        if nama == "plugins/ap2t/domain/kata.py" or "/pustaka/" in nama:
            continue
        naskah = berkas.read_text(encoding="utf-8")
        tertulis = _teks_tertulis(ast.parse(naskah)) if akhiran == "py" else re.findall(r'"([^"\n]*)"', naskah)
        salah += [f"{nama}: {isi}" for isi in tertulis if isi in kata_kode - LAIN.get(nama, set())]
    assert salah == []

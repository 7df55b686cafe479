"""Photos in a real browser: one loads under the page's own policy where its origin is allowed, and nowhere else."""

from __future__ import annotations

import pytest
from halaman_fixtures import Peladen
from proses_fixtures import Dunia

from tests.peramban import pakai_chromium, peramban

MUAT = """alamat => new Promise(selesai => {
  const gambar = new Image(); let dilarang = null;
  document.addEventListener("securitypolicyviolation", e => { dilarang = e.effectiveDirective; });
  gambar.onload = gambar.onerror = () => setTimeout(() => selesai([gambar.naturalWidth, dilarang]), 100);
  gambar.src = alamat; document.body.append(gambar);
})"""


@pakai_chromium
def test_foto_hanya_dari_asal_yang_diizinkan(dunia: Dunia, asal_foto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    foto = f"{asal_foto}/foto/202606/541100000001.svg?lwbp=12345.6&tgl=2026-06-01"
    with peramban() as chromium:
        for isi, harap in (
            (f"https://foto.pln.example {asal_foto}", [480, None]),
            ("https://foto.pln.example", [0, "img-src"]),
        ):
            monkeypatch.setenv("AP2T_FOTO_ASAL", isi)
            peladen = Peladen()
            try:
                page = chromium.new_context(extra_http_headers={"x-uji-orang": dunia.spv}).new_page()
                page.goto(f"{peladen.url}/pengesahan/")
                assert page.evaluate(MUAT, foto) == harap, isi
                assert page.evaluate(MUAT, f"{foto}&cacat=hilang") == [0, harap[1]], isi
            finally:
                peladen.tutup()

"""The demo's photos as they are drawn, and the setting that says where the page may load photos from."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t import setelan
from ap2t.galat import MasukanTidakSah
from sandbox.foto.alamat import PANJANG_MAKS, Cacat, Foto, baca_jalan, jalan_foto
from sandbox.foto.gambar import angka, gambar, nomor_seri

ALAMAT = "https://foto.acmt.example/202612/541100000001.jpg"
POLOS = Foto("541100000001", "202612", "2026-11-30", "12345.6", None, None)


def pohon(foto: Foto) -> ElementTree.Element:
    """Return the picture as a parser reads it."""
    return ElementTree.fromstring(gambar(foto))  # noqa: S314 -- our own


def teks(foto: Foto, kunci: str) -> str | None:
    """Return what stands in a part of the picture; None: there is no such part."""
    bagian = pohon(foto).find(f".//*[@id='{kunci}']")
    return None if bagian is None else "".join(bagian.itertext())


stan = st.one_of(st.none(), st.from_regex(r"[0-9]{1,7}(\.[0-9]{1,3})?", fullmatch=True))


@given(stan, stan, st.sampled_from([None, *Cacat]))
def test_angka_pada_gambar(lwbp: str | None, wbp: str | None, cacat: Cacat | None) -> None:
    """The registers show the stan that was written down, digit for digit; but where the photo is to show another."""
    foto = POLOS._replace(lwbp=lwbp, wbp=wbp, cacat=cacat)
    for kunci, isi in (("lwbp", lwbp), ("wbp", wbp)):
        roda = teks(foto, kunci)
        bulat, _, pecahan = (isi or "").partition(".")
        harap = bulat.rjust(5, "0" if isi else " ") + pecahan
        if kunci == "wbp" and wbp is None:
            assert roda is None
        elif kunci == "lwbp" and isi and cacat is Cacat.ANGKA_LAIN:
            assert roda is not None
            beda = [ke for ke, (satu, dua) in enumerate(zip(roda, harap, strict=True)) if satu != dua]
            assert len(beda) == 1
            assert len(harap) - len(pecahan) - 3 <= beda[0] < len(harap) - len(pecahan)
        else:
            assert roda == harap
    assert (teks(foto, "tanggal"), teks(foto, "seri")) == ("2026-11-30", f"No. {nomor_seri(foto.nama)}")


def test_dua_foto_berbeda() -> None:
    """The same address gives the same picture; another customer's or month's differs, and a meter keeps its number."""
    lain = POLOS._replace(nama="541100000002")
    bulan = POLOS._replace(thblrek="202611")
    assert gambar(POLOS) == gambar(POLOS)
    assert len({gambar(foto) for foto in (POLOS, lain, bulan)}) == 3
    assert nomor_seri(POLOS.nama) != nomor_seri(lain.nama)
    putar = {re.findall(r"rotate\((-?\d+)", gambar(POLOS._replace(nama=str(ke))))[0] for ke in range(100)}
    assert len(putar) == 13
    assert 'filter="url(#buram)"' in gambar(POLOS._replace(cacat=Cacat.BURAM))
    assert 'fill="#000"' in gambar(POLOS._replace(cacat=Cacat.GELAP))
    assert 'filter="url' not in gambar(POLOS)
    assert 'fill="#000"' not in gambar(POLOS)


def test_isi_alamat_tidak_menjadi_markup() -> None:
    """Whatever a drawing is given stays text, even what no address can hold."""
    jahat = '</text><script>alert("1")</script>&'
    foto = Foto(jahat, jahat, jahat, jahat, jahat, None)
    assert {satu.tag for satu in pohon(foto).iter()} == {satu.tag for satu in pohon(POLOS._replace(wbp="1")).iter()}
    assert angka(foto)[0] == jahat
    assert "<script" not in gambar(foto)


@given(stan, stan, st.sampled_from(["", *Cacat]))
def test_alamat_memuat_semuanya(lwbp: str | None, wbp: str | None, cacat: str) -> None:
    """What is put into an address is read out of it."""
    jalan = jalan_foto(ALAMAT, date(2026, 11, 30), lwbp, wbp, cacat)
    assert baca_jalan(jalan) == POLOS._replace(lwbp=lwbp, wbp=wbp, cacat=Cacat(cacat) if cacat else None)


def test_stan_yang_bukan_bilangan_tidak_di_alamat() -> None:
    for bukan in (None, "\\N", "NaN", "-5", Decimal("NaN"), "1e5"):
        assert jalan_foto(ALAMAT, date(2026, 11, 30), bukan, None) == "/foto/202612/541100000001.svg?tgl=2026-11-30"
    assert "lwbp=1500&" in jalan_foto(ALAMAT, date(2026, 11, 30), Decimal("1.5E+3"), None)


@pytest.mark.parametrize(
    "alamat",
    [
        "/",
        "/foto/202612/541100000001.svg",
        "/foto/202612/../../etc/passwd?tgl=2026-11-30",
        "/foto/202612/%2e%2e%2fpasswd.svg?tgl=2026-11-30",
        "/foto/202612/a.svg/b.svg?tgl=2026-11-30",
        "/foto/202612/<b>.svg?tgl=2026-11-30",
        f"/foto/202612/{'1' * 21}.svg?tgl=2026-11-30",
        "/foto/202612/1.svg?tgl=2026-11-30&lwbp=1'",
        "/foto/202612/1.svg?tgl=2026-11-30&lwbp=%3Cscript%3E",
        "/foto/202612/1.svg?tgl=2026-11-30&lwbp=1&lwbp=2",
        "/foto/202612/1.svg?tgl=2026-11-30&lwbp=1234567890",
        "/foto/202612/1.svg?tgl=2026-11-30&lwbp=١٢",
        "/foto/202612/1.svg?tgl=2026-11-30&cacat=apa",
        "/foto/202612/1.svg?tgl=2026-11-30&lain=1",
        "/foto/202612/1.svg?tgl=%0a2026-11-30",
        "/foto/202612/1.svg?tgl=2026-11-30" + "&" * PANJANG_MAKS,
        "//[x",
    ],
)
def test_alamat_lain_ditolak(alamat: str) -> None:
    assert baca_jalan(alamat) is None


@pytest.mark.parametrize(
    ("isi", "hasil"),
    [
        ("", ("https:",)),
        ("https:", ("https:",)),
        ("https://foto.pln.example  http://10.1.2.3:8080\n", ("https://foto.pln.example", "http://10.1.2.3:8080")),
        ("https: http://foto-1.acmt:65535 https:", ("https:", "http://foto-1.acmt:65535")),
    ],
)
def test_asal_foto(monkeypatch: pytest.MonkeyPatch, isi: str, hasil: tuple[str, ...]) -> None:
    monkeypatch.setenv("AP2T_FOTO_ASAL", isi)
    assert setelan.foto_asal() == hasil


@pytest.mark.parametrize(
    "isi",
    [
        "*",
        "http:",
        "data:",
        "'self'",
        "'unsafe-inline'",
        "foto.pln.example",
        "//foto.pln.example",
        "ftp://foto.pln.example",
        "https://*.pln.example",
        "https://foto.pln.example:*",
        "https://foto.pln.example:0",
        "https://foto.pln.example:65536",
        "https://foto.pln.example/",
        "https://foto.pln.example/foto",
        "https://siapa@foto.pln.example",
        "https://foto.pln.example;",
        "https://foto.pln.example; script-src *",
        "https://foto.pln.example,http://10.1.2.3",
        'https://foto"pln.example',
        "https://-foto.example",
        "https://foto..example",
        "https://[::1]:8080",
        "https://10.1.2.3:٨٠",
        "https://foto.pln.example script-src",
    ],
)
def test_asal_foto_tak_sah(monkeypatch: pytest.MonkeyPatch, isi: str) -> None:
    """What is no plain origin is refused whole, in a sentence that names the setting."""
    monkeypatch.setenv("AP2T_FOTO_ASAL", isi)
    with pytest.raises(MasukanTidakSah, match=r"AP2T_FOTO_ASAL memuat asal yang tidak sah.*misalnya https://"):
        setelan.foto_asal()

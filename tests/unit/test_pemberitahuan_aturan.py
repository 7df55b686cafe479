"""Who is told of what: the document is read whole or refused whole, by line; what a unit and a person change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import ap2t
from ap2t import setelan
from ap2t.galat import KonfigurasiTidakSah, MasukanTidakSah
from ap2t.pemberitahuan.aturan import Aturan, Kabar, baca_aturan
from ap2t.pemberitahuan.pesan import nama_unit, polos
from ap2t.pemberitahuan.susun import muat_aturan, surel_sah
from tests.masukan import banyak, diubah

SEMUA = set(Kabar)


@pytest.mark.parametrize(
    ("teks", "baris", "kata"),
    [
        ("bawaan: {surel: ya}", 1, "tulis true atau false"),
        ("bawaan:\n  surat: true", 2, "'surat' tidak dikenal"),
        ("bawaan: {}\nunit:\n  54110: {}\n  5411: {}", 4, "bukan kode unit"),
        ("unit:\n  '54110':\n    apprise: telegram", 3, "harus berupa daftar"),
        ("unit:\n  '54110':\n    apprise:\n      - a\n      - tgram://rahasia/x", 5, "bukan nama saluran"),
        ("orang:\n  budi:\n    jenis: [GERBANG, MAKAN]", 3, "'MAKAN' tidak dikenal"),
        ("orang:\n  budi: {}\n  BUDI: {}", 3, "disebut dua kali"),
        ("orang:\n  budi: {}\n  budi: {}", 3, "tertulis dua kali"),
        ("orang:\n  budi:\n    jenis: [GERBANG, [SUKSES]]", 3, "kelompok isian atau daftar tidak dikenal"),
        ("orang: [budi]", 1, "harus berisi kunci"),
        ("saluran: {}", 1, "yang boleh: bawaan, unit, orang"),
        ("- a", 1, "harus berisi kunci"),
        ("", 1, "ap2t pemberitahuan contoh"),
        ("unit: {'54110': 3}", 1, "misalnya surel: true"),
        ("bawaan: {surel: !!bool true}", 1, "tag YAML"),
    ],
)
def test_kesalahan_disebut_barisnya(teks: str, baris: int, kata: str) -> None:
    with pytest.raises(KonfigurasiTidakSah) as e:
        baca_aturan(teks)
    assert [(b, kata in apa) for b, _, apa in e.value.kesalahan] == [(baris, True)]
    assert "ap2t pola contoh" not in str(e.value)


def test_semua_kesalahan_sekaligus() -> None:
    """Nothing of a document with faults holds; all of them are named at once."""
    with pytest.raises(KonfigurasiTidakSah) as e:
        baca_aturan("bawaan: {surel: 1}\nunit:\n  'x': {}\n  '54110': {jenis: GERBANG}\nlain: 2")
    assert [b for b, _, _ in e.value.kesalahan] == [1, 3, 4, 5]


ATURAN = {
    "bawaan": {"surel": True, "apprise": ["pusat"], "jenis": ["GERBANG", "SUKSES"]},
    "unit": {"54110": {"surel": False, "apprise": ["telegram54110"]}, "55210": {"jenis": ["TERHENTI"]}},
    "orang": {"budi": {"surel": True, "apprise": ["wa_budi"]}, "sari": {}},
}


@banyak(150)
@given(data=st.data())
def test_apa_pun_dibaca_atau_ditolak_dengan_barisnya(tmp_path: Path, data: st.DataObject) -> None:
    """Any value in any place, any bytes in between: the document is taken whole, or refused with lines inside it."""
    isi = data.draw(st.just(ATURAN) | diubah(ATURAN))
    teks = yaml.safe_dump(isi, sort_keys=False, allow_unicode=True, default_flow_style=None)
    badan = teks.encode(errors="surrogatepass")
    letak, sisip = data.draw(st.integers(0, len(badan))), data.draw(st.just(b"") | st.binary(max_size=4))
    berkas = tmp_path / "aturan.yaml"
    berkas.write_bytes(badan[:letak] + sisip + badan[letak + data.draw(st.integers(0, len(sisip))) :])
    hasil: Aturan | MasukanTidakSah
    try:
        hasil = muat_aturan(berkas)
    except MasukanTidakSah as galat:
        hasil = galat
    if isinstance(hasil, Aturan):
        assert all(len(kode) == 5 and kode.isdigit() for kode in hasil.unit)
        assert all(nama.startswith("apprise_") and nama.isprintable() for nama in hasil.semua_saluran)
        return
    assert json.dumps(isi) != json.dumps(ATURAN) or sisip
    if isinstance(hasil, KonfigurasiTidakSah):
        akhir = len(berkas.read_text(encoding="utf-8-sig").splitlines()) or 1
        assert hasil.kesalahan
        assert all(1 <= baris <= akhir and kolom >= 1 and apa for baris, kolom, apa in hasil.kesalahan)
    else:
        assert "bukan teks UTF-8" in str(hasil)


def test_contoh_sah_dan_berlaku() -> None:
    """The example says what its comments say."""
    berkas = Path(ap2t.__file__).parent / "cli" / "contoh_pemberitahuan.yaml"
    a = muat_aturan(berkas)
    assert a.semua_saluran == ["apprise_telegram54110", "apprise_wa_budi"]
    assert a.saluran_orang("54110", "Budi", Kabar.GERBANG) == (False, ("apprise_wa_budi",))
    assert a.saluran_orang("54110", "sari", Kabar.GERBANG) == (True, ())
    assert a.saluran_unit("54110", Kabar.NIHIL) == ()
    assert a.saluran_unit("54110", Kabar.GERBANG) == ("apprise_telegram54110",)
    assert a.saluran_unit("54111", Kabar.GERBANG) == ()


def test_unit_menggantikan_bawaan_orang_mempersempit() -> None:
    a = baca_aturan(
        "bawaan: {surel: false, apprise: [pusat], jenis: [TERHENTI, SUKSES]}\n"
        "unit: {'54110': {surel: true, jenis: [GERBANG, TERHENTI]}, '54111': {apprise: []}}\n"
        "orang: {budi: {jenis: [GERBANG]}, sari: {surel: true, apprise: [wa, wa]}}\n"
    )
    assert {k for k in SEMUA if a.saluran_unit("54110", k)} == {"GERBANG", "TERHENTI"}
    assert a.saluran_unit("54110", Kabar.GERBANG) == ("apprise_pusat",)
    assert a.saluran_unit("54111", Kabar.TERHENTI) == ()
    assert {k for k in SEMUA if a.saluran_orang("54110", "budi", k)[0]} == {"GERBANG"}
    assert {k for k in SEMUA if a.saluran_orang("54112", "budi", k)[0]} == set()
    assert a.saluran_orang("54112", "sari", Kabar.SUKSES) == (True, ("apprise_wa",))
    assert a.saluran_orang("54112", "tono", Kabar.SUKSES) == (False, ())


def test_tanpa_berkas_surel_saja() -> None:
    """No document: everybody concerned gets mail of everything; no chat."""
    a = muat_aturan(None)
    assert a == Aturan()
    assert all(a.saluran_orang("54110", "budi", k) == (True, ()) for k in Kabar)
    assert not [k for k in Kabar if a.saluran_unit("54110", k)]


def test_berkas_tak_terbaca(tmp_path: Path) -> None:
    with pytest.raises(MasukanTidakSah, match="tidak dapat dibaca"):
        muat_aturan(tmp_path / "tiada.yaml")
    (tmp_path / "biner.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MasukanTidakSah, match="bukan teks UTF-8"):
        muat_aturan(tmp_path / "biner.yaml")


def test_surel_unit_sendiri_lebih_dahulu() -> None:
    semua = {"54110": "a@pln.example", "54111": "b@pln.example", "54112": "bukan alamat"}
    assert surel_sah(semua, "54111") == "b@pln.example"
    assert surel_sah(semua, "54112") == "a@pln.example"
    assert surel_sah(semua, None) == "a@pln.example"
    for buruk in ("a@b\r\nBcc: c@d", "a b@c.example", "a@b.example,c@d.example", "<a@b.example>", "@b", "a@"):
        assert surel_sah({"54110": buruk}, "54110") is None


@given(st.text(max_size=200))
def test_nama_unit_tak_pernah_markah(nama: str) -> None:
    """Whatever a unit is called: one printable line without what markup, links or mentions are made of."""
    for bersih in (nama_unit(nama), polos(nama)):
        assert bersih.isprintable()
        assert not set(bersih) & set("*`[]<>~|@\\\r\n")
        assert "://" not in bersih
    assert len(nama_unit(nama)) <= 60


@pytest.mark.parametrize(
    ("isi", "hasil"),
    [
        ("https://pln.example/airflow/", "https://pln.example/airflow"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("", None),
    ],
)
def test_alamat_publik(monkeypatch: pytest.MonkeyPatch, isi: str, hasil: str | None) -> None:
    monkeypatch.setenv("AP2T_ALAMAT_PUBLIK", isi)
    assert setelan.alamat_publik() == hasil


@pytest.mark.parametrize("isi", ["pln.example", "javascript:alert(1)", "https://a b", "https://x/?q=1", "https://x/#/"])
def test_alamat_publik_tak_sah(monkeypatch: pytest.MonkeyPatch, isi: str) -> None:
    monkeypatch.setenv("AP2T_ALAMAT_PUBLIK", isi)
    with pytest.raises(MasukanTidakSah):
        setelan.alamat_publik()

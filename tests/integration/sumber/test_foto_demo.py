"""The demo's photos: each customer and each month before has one, at an address that the photo server answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest
from acmt_fixtures import basis_data

from sandbox import acmt_demo
from sandbox.acmt_demo import UNIT_DEMO, kasus_khusus
from sandbox.acmt_kasus import FOTO_BERSAMA, FOTO_BULAN_LALU
from sandbox.foto.alamat import Cacat, Foto, baca_jalan
from sandbox.foto.gambar import angka

BARIS, BULAN = 600, ("202605", "202606")
KUNCI = tuple[str, str]


@pytest.fixture
def conn(acmt_server: str, asal_foto: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(basis_data(acmt_server, "demo_foto"), autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.pakai_foto(conn, asal_foto)
        for bulan in BULAN:
            isian: dict[str, Any] = {
                "unit": UNIT_DEMO[:1],
                "kelompok": ("A",),
                "sekarang": datetime(2026, 6, 2, tzinfo=UTC),
            }
            acmt_demo.isi(conn, baris=BARIS, thblrek=bulan, **isian)
        yield conn


def alamat(conn: psycopg.Connection[Any], view: str) -> dict[KUNCI, str]:
    kueri = f"SELECT idpel, thblrek, foto_url FROM acmt.{view} WHERE foto_url IS NOT NULL"  # noqa: S608
    return {(idpel, bulan): foto for idpel, bulan, foto in conn.execute(kueri.encode())}


def test_setiap_bulan_berfoto(conn: psycopg.Connection[Any], asal_foto: str) -> None:
    """The address tells the very stan of its row; a month keeps its photo; some photos have a fault, no case's has."""
    kasus = kasus_khusus("54110", "A", baris=BARIS)
    bacaan, riwayat = alamat(conn, "v_bacaan"), alamat(conn, "v_riwayat")
    kueri = "SELECT idpel, thblrek, sahlwbp::text, sahwbp::text FROM acmt.{}"
    cacat: Counter[Cacat | None] = Counter()
    for view, foto in (("v_bacaan", bacaan), ("v_riwayat", riwayat)):
        for idpel, bulan, lwbp, wbp in conn.execute(kueri.format(view).encode()):
            if (idpel, bulan) not in foto:
                assert view == "v_bacaan" or idpel in kasus
                continue
            ini = foto[idpel, bulan]
            assert ini.startswith(f"{asal_foto}/foto/")
            isi = baca_jalan(ini.removeprefix(asal_foto))
            assert isi, ini
            if idpel in kasus:
                assert isi.cacat is None
                continue
            assert (isi.nama, isi.thblrek) == (idpel, bulan)
            assert [satu and float(satu) for satu in (isi.lwbp, isi.wbp)] == [
                satu and float(satu) for satu in (lwbp, wbp)
            ]
            assert (angka(isi) == (isi.lwbp, isi.wbp or "")) == (isi.cacat is not Cacat.ANGKA_LAIN)
            cacat[isi.cacat] += view == "v_bacaan"
    assert cacat.keys() == {None, *Cacat}
    assert cacat[None] > 0.9 * cacat.total()
    sama = [kunci for kunci in bacaan.keys() & riwayat.keys() if kunci[0] not in kasus]
    assert len(sama) > BARIS * 0.8
    assert [kunci for kunci in sama if bacaan[kunci] != riwayat[kunci]] == []


def test_foto_yang_dipakai_dua_kali(conn: psycopg.Connection[Any]) -> None:
    """The cases of FOTO_SAMA share an address with another customer, or with the month before; nobody else does."""
    bacaan, riwayat = alamat(conn, "v_bacaan"), alamat(conn, "v_riwayat")
    kini = Counter(foto for (_, bulan), foto in bacaan.items() if bulan == BULAN[-1])
    for idpel, kasus in kasus_khusus("54110", "A", baris=BARIS).items():
        foto = bacaan.get((idpel, BULAN[-1]))
        match kasus.nilai.get("foto_url", "sendiri"):
            case str(apa) if apa == FOTO_BERSAMA:
                assert kini[foto or ""] == 2
            case str(apa) if apa == FOTO_BULAN_LALU:
                assert foto == riwayat[idpel, BULAN[0]]
            case None:
                assert foto is None
    assert sorted(kini.values())[-2:] == [1, 2]


def test_peladen_menjawab_alamat_demo(conn: psycopg.Connection[Any], asal_foto: str) -> None:
    """200 and an SVG that nothing runs in for a photo that is there, 404 for one that is not; nothing but GET."""
    with httpx.Client() as klien:
        for foto in [*alamat(conn, "v_bacaan").values()][:300]:
            isi = baca_jalan(foto.removeprefix(asal_foto))
            assert isinstance(isi, Foto)
            jawab = klien.get(foto)
            assert jawab.status_code == (404 if isi.cacat is Cacat.HILANG else 200), foto
            assert jawab.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert jawab.headers["x-content-type-options"] == "nosniff"
            if jawab.status_code == 200:
                assert jawab.headers["content-type"] == "image/svg+xml"
                assert isi.tgl in jawab.text
        assert klien.get(f"{asal_foto}/foto/202606/%2e%2e/%2e%2e/etc/passwd?tgl=2026-06-01").status_code == 404
        assert klien.get(f"{asal_foto}/foto/202606/{'1' * 60_000}.svg").status_code == 404
        for metode in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
            assert klien.request(metode, f"{asal_foto}/sehat").status_code == 501, metode


def test_foto_pindah_bersama_peladennya(conn: psycopg.Connection[Any], asal_foto: str) -> None:
    """Where the server gets another port, every photo of the months filled before is found there."""
    lama = [{*alamat(conn, view).values()} for view in ("v_bacaan", "v_riwayat")]
    acmt_demo.pakai_foto(conn, "http://127.0.0.1:1")
    assert acmt_demo.asal_foto(conn) == "http://127.0.0.1:1"
    baru = [{*alamat(conn, view).values()} for view in ("v_bacaan", "v_riwayat")]
    assert baru == [{foto.replace(asal_foto, "http://127.0.0.1:1") for foto in semua} for semua in lama]

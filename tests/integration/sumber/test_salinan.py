"""Readings as COPY text: the same facts as through the driver, whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from acmt_fixtures import basis_data, koneksi_pg
from proses_fixtures import Dunia

from ap2t.domain.model import TANPA_IDPEL, Bacaan, Tempat
from ap2t.source import salinan
from ap2t.source.acmt import KOLOM_KESIAPAN, SumberAcmt
from ap2t.source.koneksi import buat_engine
from sandbox import acmt_demo

KELOMPOK = Tempat("54110", "202606", "A")
ANEH: dict[str, dict[str, Any]] = {
    "garis miring terbalik": {"nama": "A\\B"},
    "tab dan baris baru": {"nama": "A\tB\nC"},
    "teks \\N": {"nama": "\\N"},
    "spasi di tepi": {"nama": "  Siti ", "verif_vendor_oleh": " vendor54110\t"},
    "spasi tak terputus di tepi": {"kirim_oleh": "vendor54110\u00a0"},
    "kosong": {"nama": "", "kelainan": "   "},
    "bukan bilangan": {"slalwbp": "NaN", "pemkwh": "Infinity"},
    "nama bukan bilangan": {"nama": "NaNa Infinity"},
    "huruf lain": {"nama": "Ünï çødé 字"},
    "pecahan detik": {"kirim_pada": "2026-05-31 20:00:00.123456+09"},
    "angka panjang": {"sahlwbp": "12345678901234567890.123456789"},
}


@pytest.fixture(scope="module")
def alamat(acmt_server: str) -> str:
    alamat = basis_data(acmt_server, "salinan")
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        sekarang = datetime(2026, 6, 2, 3, tzinfo=UTC)
        acmt_demo.isi(conn, baris=300, thblrek="202606", kelompok=("A",), sekarang=sekarang)
        for nomor, ubah in enumerate(ANEH.values()):
            for kolom, nilai in ubah.items():
                conn.execute(
                    psycopg.sql.SQL("UPDATE acmt_dasar.bacaan SET {} = %s WHERE idpel = %s").format(
                        psycopg.sql.Identifier(kolom)
                    ),
                    [nilai, acmt_demo.idpel_demo("54110", "A", 100 + nomor, 300, ("A",))],
                )
    return alamat


@pytest.fixture
def sumber(alamat: str) -> Iterator[SumberAcmt]:
    engine = buat_engine(koneksi_pg(alamat))
    yield SumberAcmt(engine)
    engine.dispose()


def dibaca(aliran: Iterable[bytes | list[salinan.Terbaca]]) -> list[salinan.Terbaca]:
    """Return all readings of a stream, with their text."""
    return [satu for isi in aliran for satu in salinan.bacaan_dari(isi)]


def test_teks_dan_bacaan_sama(sumber: SumberAcmt) -> None:
    """Every row read out of its text is the row the driver gives; what readiness looks at stands there at once."""
    biasa = [b for bagian in sumber.baca(KELOMPOK) for b in bagian]
    terbaca = dibaca(sumber.salin(KELOMPOK, potong=37))
    assert [b.idpel for b in biasa] == [b.idpel for b, _ in terbaca]
    for b, (ringkas, mentah) in zip(biasa, terbaca, strict=True):
        assert (ringkas if mentah is None else salinan.utuh(mentah)) == b
        assert all(getattr(ringkas, k) == getattr(b, k) for k in KOLOM_KESIAPAN)
    assert sum(mentah is None for _, mentah in terbaca) < 50, "most rows must go as text"


def test_rentang(sumber: SumberAcmt) -> None:
    semua = [b.idpel for b, _ in dibaca(sumber.salin(KELOMPOK))]
    rentang = sumber.salin(KELOMPOK, dari=semua[10], sampai=semua[20])
    assert [b.idpel for b, _ in dibaca(rentang)] == semua[10:21]


def test_waktu_tak_hingga_bukan_waktu(sumber: SumberAcmt, alamat: str) -> None:
    with psycopg.connect(alamat) as conn:
        conn.execute("UPDATE acmt_dasar.bacaan SET kirim_pada = 'infinity' WHERE unitup = '55210' AND idpel LIKE '%05'")
    semua = dibaca(sumber.salin(Tempat("55210", "202606", "A")))
    aneh = [b for b, _ in semua if b.cacat and "kirim_pada" in b.cacat]
    assert aneh
    assert all(b.kirim_pada is None for b in aneh)


def test_tanpa_nomor_punya_nama_lewat_kedua_jalan(sumber: SumberAcmt, alamat: str) -> None:
    idpel = acmt_demo.idpel_demo("41310", "A", 7, 300, ("A",))
    with psycopg.connect(alamat) as conn:
        conn.execute("UPDATE acmt_dasar.bacaan SET idpel = '' WHERE idpel = %s", [idpel])
    biasa = [b.idpel for bagian in sumber.baca(Tempat("41310", "202606", "A")) for b in bagian]
    assert [b.idpel for b, _ in dibaca(sumber.salin(Tempat("41310", "202606", "A")))] == biasa
    assert (len(biasa), biasa.count(TANPA_IDPEL)) == (300, 1)


@pytest.mark.parametrize("ubah", ["slalwbp TYPE float8", "kirim_pada TYPE timestamp", "digit_meter TYPE text"])
def test_jenis_lain_dibaca_lewat_jalan_biasa(acmt_server: str, ubah: str) -> None:
    """Of a source with other types than the contract's the driver's values decide, and are written as text."""
    alamat = basis_data(acmt_server, "salinan_lain")
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.isi(conn, baris=50, thblrek="202606", kelompok=("A",))
        lihat = conn.execute("SELECT pg_get_viewdef('acmt.v_bacaan')").fetchone()
        assert lihat is not None
        conn.execute("DROP VIEW acmt.v_bacaan")
        conn.execute(f"ALTER TABLE acmt_dasar.bacaan ALTER COLUMN {ubah}")  # type: ignore[call-overload]
        conn.execute(f"CREATE VIEW acmt.v_bacaan AS {lihat[0]}")  # type: ignore[call-overload]
    engine = buat_engine(koneksi_pg(alamat))
    sumber = SumberAcmt(engine)
    terbaca = dibaca(sumber.salin(KELOMPOK))
    assert list(map(salinan.lengkap, terbaca)) == [b for bagian in sumber.baca(KELOMPOK) for b in bagian]
    assert len(terbaca) == 50
    assert sum(mentah is not None for _, mentah in terbaca) > 25
    engine.dispose()


def test_cuplikan_sama_lewat_kedua_jalan(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger holds the same row, digit for digit: read as text, value by value, or values written as text."""
    tetap_siap = [u for u in ANEH.values() if not u.keys() & {"kirim_oleh", "kirim_pada", "verif_vendor_oleh"}]
    dunia.isi(30, {n + 5: u for n, u in enumerate(tetap_siap)})

    def isi_buku() -> list[tuple[Any, ...]]:
        j = dunia.jalan()
        s = j.sampai("ambil_bacaan")
        isi = dunia.buku_lihat.execute(
            "SELECT (b.*)::text FROM (SELECT idpel, to_jsonb(x) - 'sesi_id' AS isi FROM pengesahan.bacaan x "
            "WHERE sesi_id = %s ORDER BY idpel) b",
            [s.id],
        ).fetchall()
        dunia.dirusak = {"SESI"}
        with j.layanan.buku.transaksi() as tx:
            tx.sesi.akhiri(j.sesi, "DITOLAK", "uji")  # so that the kelompok can be taken once more
        return isi

    def biasa(self: SumberAcmt, *kunci: str, **lain: Any) -> Iterator[list[tuple[Bacaan, None]]]:
        for bagian in self.baca(*kunci, **lain):
            yield [(b, None) for b in bagian]

    def ditulis(self: SumberAcmt, *kunci: str, **lain: Any) -> Iterator[bytes | list[salinan.Terbaca]]:
        for bagian in self.baca(*kunci, **lain):
            yield from salinan.sebagai_teks(bagian)

    lewat_teks = isi_buku()
    for lain in (biasa, ditulis):
        monkeypatch.setattr(SumberAcmt, "salin", lain)
        assert isi_buku() == lewat_teks
    assert len(lewat_teks) == 30

"""The source adapter on real databases: PostgreSQL with the demo's views, and SQLite without types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from acmt_fixtures import basis_data, buat_sqlite, koneksi, koneksi_pg
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from ap2t.domain.kalender import BarisKalender
from ap2t.domain.model import GANDA, KOLOM_BACAAN, KOLOM_RIWAYAT, TANPA_IDPEL, Bacaan, Pilihan, Tempat
from ap2t.galat import MasukanTidakSah, SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.source.acmt import KOLOM_KESIAPAN, SumberAcmt
from ap2t.source.koneksi import buat_engine
from sandbox import acmt_demo

KELOMPOK = Tempat("54110", "202606", "A")


SEKARANG = datetime(2026, 6, 2, 3, tzinfo=UTC)
SEMUA = "SELECT * FROM acmt_dasar.bacaan"


@pytest.fixture(scope="module")
def alamat(acmt_server: str) -> str:
    alamat = basis_data(acmt_server, "sumber")
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.isi(conn, baris=300, thblrek="202606", kelompok=("A", "B"), sekarang=SEKARANG)
    return alamat


@pytest.fixture
def pg(alamat: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(alamat, autocommit=True) as conn:
        yield conn


@pytest.fixture
def sumber(alamat: str) -> Iterator[SumberAcmt]:
    engine = buat_engine(koneksi_pg(alamat, password="rahasia-sekali"))
    yield SumberAcmt(engine)
    engine.dispose()


def semua(aliran: Iterator[list[Bacaan]]) -> list[Bacaan]:
    return [b for potongan in aliran for b in potongan]


def test_contract_holds_on_the_demo(sumber: SumberAcmt) -> None:
    sumber.periksa_kontrak()
    assert sumber.unit("55210").zona_waktu == "Asia/Makassar"
    assert {p.username for p in sumber.petugas("54110") if p.peran == "ADMIN_CMT"} == {"spv54110", "spv54110b"}


def test_reading_gives_every_value_of_the_row(sumber: SumberAcmt, pg: psycopg.Connection[Any]) -> None:
    pg.execute("SET timezone = 'Asia/Jayapura'")
    baris = semua(sumber.baca(KELOMPOK, potong=70))
    asli = pg.execute(f"{SEMUA} WHERE unitup = '54110' AND hari_baca = 'A' ORDER BY idpel").fetchall()
    assert len(baris) == len(asli) == 300
    for b, a in zip(baris, asli, strict=True):
        bersih = tuple(None if isinstance(v, Decimal) and v.is_nan() else v for v in a)
        assert tuple(b[:-2]) == bersih[: len(KOLOM_BACAAN)]
        pilihan = b.pilihan or Pilihan()
        assert tuple(pilihan)[:-1] == bersih[len(KOLOM_BACAAN) :]
        assert all(v.tzinfo is UTC for v in (*b, *pilihan) if isinstance(v, datetime))
        assert not any(isinstance(v, float | int) and not isinstance(v, bool) for v in (*b, *pilihan))
    assert [b.cacat for b in baris if b.cacat] == [{"sahlwbp": "NaN"}]


def test_chunks_have_the_size_asked_for(sumber: SumberAcmt) -> None:
    assert [len(p) for p in sumber.baca(KELOMPOK, potong=120)] == [120, 120, 60]


def test_range_includes_both_ends(sumber: SumberAcmt) -> None:
    penuh = [b.idpel for b in semua(sumber.baca(KELOMPOK))]
    rentang: dict[str, Any] = {"dari": penuh[10], "sampai": penuh[20]}
    assert [b.idpel for b in semua(sumber.baca(KELOMPOK, **rentang))] == penuh[10:21]
    assert [b.idpel for b in semua(sumber.baca(KELOMPOK, dari=penuh[10]))] == penuh[10:]
    assert [b.idpel for b in semua(sumber.baca(KELOMPOK, sampai=penuh[20]))] == penuh[:21]


def test_readiness_reads_its_columns_alike(sumber: SumberAcmt) -> None:
    penuh = semua(sumber.baca(KELOMPOK))
    ringkas = semua(sumber.baca_kesiapan(KELOMPOK))
    for p, r in zip(penuh, ringkas, strict=True):
        assert all(getattr(p, k) == getattr(r, k) for k in KOLOM_KESIAPAN)
        assert r.nama is None
        assert r.daya is None


def test_wrong_month_and_unknown_unit(sumber: SumberAcmt) -> None:
    assert semua(sumber.baca(Tempat("54110", "209901", "A"))) == []
    assert sumber.jumlah(Tempat("54110", "209901", "A")) == 0
    assert sumber.jumlah(KELOMPOK) == 300
    with pytest.raises(MasukanTidakSah, match="99999"):
        sumber.unit("99999")


def test_invalid_zone_is_the_sources_fault(sumber: SumberAcmt, pg: psycopg.Connection[Any]) -> None:
    pg.execute("INSERT INTO acmt_dasar.unit VALUES ('77777', 'ULP Salah', '77700', '77', 'Asia/Bandung')")
    with pytest.raises(SumberTidakSesuai, match=r"77777.*Asia/Bandung"):
        sumber.unit("77777")


def test_current_month_follows_the_calendar(sumber: SumberAcmt) -> None:
    assert BarisKalender("202606", "A", date(2026, 5, 12), 1) in sumber.jadwal("54110", "202606")
    assert sumber.thblrek_berjalan("54110", "A", date(2026, 5, 12)) == "202606"
    assert sumber.thblrek_berjalan("54110", "A", date(2026, 6, 10)) == "202606"
    assert sumber.thblrek_berjalan("54110", "A", date(2026, 6, 11)) == "202607"
    with pytest.raises(MasukanTidakSah, match=r"kelompok A unit 54110.*12-05-2026.*202606"):
        sumber.thblrek_berjalan("54110", "A", date(2026, 5, 11))
    with pytest.raises(MasukanTidakSah, match=r"tidak memuat kelompok Z unit 54110"):
        sumber.thblrek_berjalan("54110", "Z", date(2026, 6, 1))


def test_return_to_vendor_clears_stamps_though_the_session_reads_only(sumber: SumberAcmt) -> None:
    b = semua(sumber.baca(Tempat("55210", "202606", "B")))[0]
    assert sumber.kembalikan_verifikasi(b.idpel, "202606", "foto buram, baca ulang", "spv55210") is True
    sesudah = semua(sumber.baca(Tempat("55210", "202606", "B")))[0]
    kosong: dict[str, Any] = dict.fromkeys(("verif_pengawas_oleh", "verif_pengawas_pada", "verif_vendor_oleh"))
    kosong |= dict.fromkeys(("verif_vendor_pada", "kirim_oleh", "kirim_pada"))
    assert sesudah == b._replace(**kosong)
    assert sumber.kembalikan_verifikasi("000000000000", "202606", "tidak ada orangnya", "spv55210") is False
    with sumber.engine.connect() as conn, pytest.raises(DBAPIError, match="read-only"):
        conn.exec_driver_sql("DELETE FROM acmt_dasar.bacaan")


def test_rights_are_no_more_than_needed(alamat: str, pg: psycopg.Connection[Any]) -> None:
    pg.execute("DROP ROLE IF EXISTS pembaca")
    pg.execute("CREATE ROLE pembaca LOGIN")
    terbatas = SumberAcmt(buat_engine(koneksi_pg(alamat, login="pembaca")))
    with pytest.raises(SumberTidakSesuai, match="v_bacaan"):
        terbatas.periksa_kontrak()
    acmt_demo.beri_hak(pg, "pembaca")
    terbatas.periksa_kontrak()
    assert terbatas.kolom_riwayat == KOLOM_RIWAYAT
    assert terbatas.harga()
    assert terbatas.kembalikan_verifikasi("000000000000", "202606", "tidak ada orangnya", "spv") is False
    with terbatas.engine.connect() as conn, pytest.raises(DBAPIError, match="permission denied"):
        conn.exec_driver_sql(SEMUA)
    terbatas.engine.dispose()
    with psycopg.connect(alamat, autocommit=True) as conn:
        conn.execute("DROP OWNED BY pembaca")
        conn.execute("DROP ROLE pembaca")


def test_missing_view_and_column_are_named(acmt_server: str) -> None:
    alamat = basis_data(acmt_server, "sumber_kurang")
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        conn.execute("DROP VIEW acmt.v_jadwal_hari_baca")
        conn.execute("ALTER VIEW acmt.v_bacaan RENAME COLUMN pemkwh TO kwh")
    sumber = SumberAcmt(buat_engine(koneksi_pg(alamat)))
    with pytest.raises(SumberTidakSesuai, match=r"v_jadwal_hari_baca tidak ada.*v_bacaan tanpa kolom pemkwh \("):
        sumber.periksa_kontrak()
    with pytest.raises(SumberTidakSesuai, match="tanpa kolom pemkwh"):
        list(sumber.baca(KELOMPOK))
    sumber.engine.dispose()


def test_duplicates_are_found(acmt_server: str) -> None:
    alamat = basis_data(acmt_server, "sumber_ganda")
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.isi(conn, baris=60, thblrek="202606", kelompok=("A",), sekarang=SEKARANG)
        conn.execute(f"CREATE OR REPLACE VIEW acmt.v_bacaan AS {SEMUA} UNION ALL {SEMUA}")
    sumber = SumberAcmt(buat_engine(koneksi_pg(alamat)))
    ganda = sumber.ganda(KELOMPOK)
    assert (len(ganda), set(ganda.values())) == (60, {2})
    assert sumber.ganda(Tempat("54110", "202607", "A")) == {}
    (b,) = sumber.pelanggan(min(ganda), "202606")
    assert b.cacat == {GANDA: "2 baris"}
    sumber.engine.dispose()


def test_unreachable_server_is_told_without_the_password() -> None:
    conn = koneksi(host="127.0.0.1", port=1, login="acmt", password="rahasia-sekali", schema="acmt")
    sumber = SumberAcmt(buat_engine(conn))
    for panggil in (
        sumber.periksa_kontrak,
        lambda: sumber.unit("54110"),
        lambda: list(sumber.baca(Tempat("1", "2", "3"))),
    ):
        with pytest.raises(SumberTidakTerjangkau, match=r"127\.0\.0\.1:1/acmt") as galat:
            panggil()
        assert "rahasia" not in str(galat.value)
        assert galat.value.permanen is False


def test_lost_connection_is_told_as_unreachable(sumber: SumberAcmt, pg: psycopg.Connection[Any]) -> None:
    aliran = sumber.baca(KELOMPOK, potong=10)
    next(aliran)
    pg.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'ap2t-pengesahan'"
    )
    with pytest.raises(SumberTidakTerjangkau):
        for _ in aliran:
            pass


def test_session_in_another_zone_gives_the_same_instants(alamat: str, sumber: SumberAcmt) -> None:
    lain = create_engine(
        alamat.replace("postgresql://", "postgresql+psycopg://"), connect_args={"options": "-c timezone=Asia/Tokyo"}
    )
    assert semua(SumberAcmt(lain).baca(Tempat("41310", "202606", "A"))) == semua(
        sumber.baca(Tempat("41310", "202606", "A"))
    )
    lain.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SumberAcmt]:
    kunci = {"unitup": "54110", "thblrek": "202606", "hari_baca": "A "}
    buat_sqlite(
        tmp_path / "acmt.db",
        [
            {**kunci, "hari_baca": "A", "idpel": "541100000001", "daya": 1300, "sahlwbp": 1150.25, "slalwbp": " 1000 "}
            | {"nama": "Budi   ", "tarif": "", "pemkwh": "rusak", "fkmkwh": "1.5", "digit_meter": "  "}
            | {"tgl_baca": "2026-05-25T08:00:00+07:00", "kirim_pada": "kemarin", "diubah_pada": "2026-05-25 01:00:00"},
            {**kunci, "hari_baca": "A", "idpel": "541100000002", "daya": "1,300", "sahlwbp": float("inf")}
            | {"tgl_baca": 20260525, "verif_vendor_oleh": "   "},
            {**kunci, "idpel": "541100000003"},
        ],
    )
    engine = buat_engine(koneksi(conn_type="sqlite", host=str(tmp_path / "acmt.db")))
    yield SumberAcmt(engine)
    engine.dispose()


def test_sqlite_values_are_normalised(sqlite: SumberAcmt) -> None:
    sqlite.periksa_kontrak()
    satu, dua = semua(sqlite.baca(KELOMPOK))
    assert (satu.daya, satu.sahlwbp, satu.slalwbp, satu.fkmkwh) == tuple(
        map(Decimal, ("1300", "1150.25", "1000", "1.5"))
    )
    assert all(isinstance(v, Decimal) for v in (satu.daya, satu.sahlwbp, satu.slalwbp, satu.fkmkwh))
    assert (satu.nama, satu.tarif, satu.digit_meter) == ("Budi", None, None)
    assert satu.tgl_baca == satu.diubah_pada == datetime(2026, 5, 25, 1, tzinfo=UTC)
    assert satu.cacat == {"pemkwh": "rusak", "kirim_pada": "kemarin"}
    assert dua.cacat == {"daya": "1,300", "sahlwbp": "inf", "tgl_baca": "20260525"}
    assert (dua.daya, dua.sahlwbp, dua.tgl_baca, dua.verif_vendor_oleh) == (None, None, None, None)


def test_sqlite_reference_data(sqlite: SumberAcmt) -> None:
    assert sqlite.unit("54110").nama == "ULP Gambir"
    assert [(p.username, p.email, p.aktif) for p in sqlite.petugas("54110")] == [
        ("lama", None, False),
        ("spv54110", None, True),
    ]
    assert sqlite.jadwal("54110", "202606") == [BarisKalender("202606", "A", date(2026, 5, 25), 2)]
    assert sqlite.thblrek_berjalan("54110", "A", date(2026, 5, 25)) == "202606"
    with pytest.raises(SumberTidakSesuai, match=r"sqlite.*541100000001"):
        sqlite.kembalikan_verifikasi("541100000001", "202606", "alasan yang cukup", "spv54110")


def test_sqlite_missing_parts(sqlite: SumberAcmt, tmp_path: Path) -> None:
    import sqlite3

    sqlite.engine.dispose()
    with sqlite3.connect(tmp_path / "acmt.db") as conn:
        conn.execute("DROP VIEW v_petugas")
    conn.close()
    with pytest.raises(SumberTidakSesuai, match="v_petugas"):
        sqlite.petugas("54110")
    tiada = SumberAcmt(buat_engine(koneksi(conn_type="sqlite", host=str(tmp_path / "tiada.db"))))
    with pytest.raises(SumberTidakTerjangkau, match=r"tiada\.db"):
        tiada.periksa_kontrak()


def test_reading_without_a_number_has_a_name(tmp_path: Path) -> None:
    buat_sqlite(tmp_path / "a.db", [{"unitup": "54110", "thblrek": "202606", "hari_baca": "A", "idpel": " "}])
    sumber = SumberAcmt(buat_engine(koneksi(conn_type="sqlite", schema=str(tmp_path / "a.db"))))
    assert [b.idpel for b in semua(sumber.baca(KELOMPOK))] == [TANPA_IDPEL]
    sumber.engine.dispose()

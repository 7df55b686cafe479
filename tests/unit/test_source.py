"""The source adapter's parts that need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import mssql, mysql, oracle, sqlite

from ap2t import sambungan_pg, sql
from ap2t.domain.model import KOLOM_BACAAN
from ap2t.galat import KoneksiTidakSah
from ap2t.proses import pengembalian
from ap2t.source import koneksi as modul
from ap2t.source.acmt import KONTRAK, SumberAcmt
from ap2t.source.koneksi import buat_engine
from ap2t.source.normal import benar, ke_bacaan, saat, tanggal, teks

KUNCI = ("541100000001", "54110", "202606", "A")


def conn(**isi: Any) -> Any:
    bawaan: dict[str, Any] = {
        "host": "db",
        "port": None,
        "login": "acmt",
        "password": "rahasia",
        "schema": "acmt",
        "extra_dejson": {},
    }
    return SimpleNamespace(**{**bawaan, **isi})


def test_statements_are_found_and_can_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "v_bacaan" in sql.muat("acmt/baca")
    (tmp_path / "x.sql").write_text("-- lain\nSELECT 1")
    monkeypatch.setenv("AP2T_SQL_DIR", str(tmp_path))
    assert sql.muat("x") == "-- lain\nSELECT 1"
    with pytest.raises(FileNotFoundError, match="acmt/baca"):
        sql.muat("acmt/baca")


DIALEK: list[Any] = [modul_dialek.dialect() for modul_dialek in (oracle, sqlite, mysql, mssql)]


@pytest.mark.parametrize("dialek", DIALEK)
@pytest.mark.parametrize("berkas", sorted(p.stem for p in (sql.akar() / "acmt").glob("*.sql")))
def test_only_what_is_meant_is_bound(berkas: str, dialek: Any) -> None:
    terikat = set(text(sql.muat(f"acmt/{berkas}")).compile(dialect=dialek).params)
    kelompok, balik = {"unitup", "thblrek", "hari_baca"}, {"idpel", "thblrek", "alasan", "oleh"}
    harap = {
        "baca": kelompok,
        "baca_kesiapan": kelompok,
        "jumlah": kelompok,
        "idpel_ganda": kelompok,
        "baca_rentang": kelompok | {"dari", "sampai"},
        "unit": {"unitup"},
        "petugas": {"unitup"},
        "jadwal": {"unitup", "thblrek"},
        "jadwal_kelompok": {"unitup", "hari_baca"},
        "kembalikan_verifikasi_postgresql": balik,
        "kembalikan_verifikasi_oracle": balik | {"hasil"},
        "lampirkan_sqlite": {"berkas"},
        "stempel": {"idpel", "thblrek"},
        "jadwal_bulan": {"unitup"},
        "petugas_orang": {"username"},
        "petugas_surel": {"username"},
        "pelanggan": {"idpel"},
        "pelanggan_bulan": {"idpel", "thblrek"},
        "kalender": {"thblrek"},
        "hitung_kesiapan": {"thblrek", "hari_baca", "unit"},
        "jumlah_bulan": {"thblrek"},
        "jumlah_bulan_unit": {"unitup", "thblrek"},
    }
    # MySQL's '+00:00' and Oracle's are run by the driver, not through text()
    if not berkas.startswith("sesi_"):
        assert terikat == harap.get(berkas, set())


@pytest.mark.parametrize("view", list(KONTRAK))
def test_probe_names_every_column_of_the_contract(view: str) -> None:
    isi = sql.muat(f"acmt/periksa_{view}").split("SELECT")[1].split("FROM")[0]
    assert tuple(k.strip() for k in isi.split(",")) == KONTRAK[view]


def test_right_types_pass_as_they_are() -> None:
    d, w = Decimal("1.50"), datetime(2026, 5, 25, tzinfo=UTC)
    (b,) = ke_bacaan(("idpel", "unitup", "thblrek", "hari_baca", "sahlwbp", "tgl_baca"), [(*KUNCI, d, w)])
    assert (b.sahlwbp, b.tgl_baca) == (d, w)
    assert b.sahlwbp is d
    assert b.cacat is None
    assert len(b) == len(KOLOM_BACAAN) + 1


def test_only_the_bad_row_carries_the_fault() -> None:
    kolom = ("idpel", "unitup", "thblrek", "hari_baca", "sahlwbp", "daya")
    baris = [(*KUNCI, Decimal(1), 450), (*KUNCI, Decimal("NaN"), None), (*KUNCI, Decimal("-Infinity"), 900)]
    hasil = ke_bacaan(kolom, baris)
    assert [b.cacat for b in hasil] == [None, {"sahlwbp": "NaN"}, {"sahlwbp": "-Infinity"}]
    assert [b.sahlwbp for b in hasil] == [Decimal(1), None, None]
    assert [b.daya for b in hasil] == [Decimal(450), None, Decimal(900)]


def test_booleans_are_no_numbers_and_keys_are_text() -> None:
    kolom = ("idpel", "unitup", "thblrek", "hari_baca", "daya")
    (b,) = ke_bacaan(kolom, [(541100000001, "54110 ", 202606, " A", True)])
    assert tuple(b[:4]) == KUNCI
    assert (b.daya, b.cacat) == (None, {"daya": "True"})


def test_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="hari_baca"):
        ke_bacaan(("idpel", "unitup", "thblrek", "hari_baca"), [(*KUNCI[:3], "  ")])
    assert ke_bacaan(("idpel",), []) == []


@pytest.mark.parametrize(
    ("nilai", "hasil"),
    [
        (None, (None, None)),
        ("", (None, None)),
        ("2026-05-25T08:00:00+07:00", (datetime(2026, 5, 25, 1, tzinfo=UTC), None)),
        ("2026-05-25 01:00:00Z", (datetime(2026, 5, 25, 1, tzinfo=UTC), None)),
        (datetime(2026, 5, 25, 1), (datetime(2026, 5, 25, 1, tzinfo=UTC), None)),  # noqa: DTZ001
        (date(2026, 5, 25), (datetime(2026, 5, 25, tzinfo=UTC), None)),
        ("infinity", (None, "infinity")),
        ("0001-01-01T00:00:00+14:00", (None, "0001-01-01T00:00:00+14:00")),
        (17, (None, "17")),
    ],
)
def test_instants(nilai: object, hasil: object) -> None:
    assert saat(nilai) == hasil


def test_small_readers() -> None:
    assert [teks(v) for v in (None, "", "  ", " a ", 7)] == [None, None, None, "a", "7"]
    assert all(map(benar, (True, 1, "Y", "true", "YA ", Decimal(1))))
    assert not any(map(benar, (False, 0, None, "N", "")))
    assert tanggal("2026-05-25 00:00:00") == tanggal(date(2026, 5, 25)) == date(2026, 5, 25)
    assert tanggal(None) is None
    with pytest.raises(ValueError, match="besok"):
        tanggal("besok")


def test_engine_for_a_socket_folder_and_for_a_host() -> None:
    lokal = buat_engine(conn(conn_type="postgres", host="/tmp/pg", port=5433, extra_dejson={}))
    assert lokal.url.query["host"] == "/tmp/pg"
    jauh = buat_engine(conn(conn_type="postgresql", port=5432, extra_dejson={"sslmode": "require"}))
    assert (jauh.url.host, jauh.url.port) == ("db", 5432)
    assert "rahasia" not in repr(jauh.url)


def test_libpq_options_pass_but_not_the_address() -> None:
    extra = {"sslmode": "require", "user": "lain", "host": "lain", "cursor": "dict", "options": "-c work_mem=8MB"}
    _, argumen = modul._postgresql(conn(extra_dejson=extra), "postgresql+psycopg")
    assert argumen == {**sambungan_pg.TCP, "sslmode": "require", "options": "-c work_mem=8MB"}


def test_no_product_is_waited_for_without_end() -> None:
    """Every driver gives a statement up in the end, by the name its own connect() has for it."""
    batas = modul.BATAS_PERINTAH
    mysql, mssql = (modul._RAKIT[j](conn(), f"{j}+x")[1] for j in ("mysql", "mssql"))
    assert mysql["read_timeout"] == mysql["write_timeout"] == mssql["timeout"] == batas
    oracle = MagicMock()
    modul._sesi_oracle(oracle, None)
    assert oracle.call_timeout == batas * 1000
    tcp = modul._RAKIT["postgresql"](conn(), "postgresql+x")[1]
    assert 0 < tcp["keepalives_idle"] + tcp["keepalives_interval"] * tcp["keepalives_count"] <= 60
    assert tcp["tcp_user_timeout"] == 60_000
    assert modul.SETELAN["statement_timeout"] == f"{batas // 60:.0f}min"


@pytest.mark.parametrize("jenis", ["oracle", "mysql", "mssql"])
def test_missing_driver_names_the_package(jenis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def tiada(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("tiada")

    monkeypatch.setattr(modul, "create_engine", tiada)
    with pytest.raises(KoneksiTidakSah, match=modul._PUSTAKA[jenis][1]) as galat:
        buat_engine(conn(conn_type=jenis))
    assert "rahasia" not in str(galat.value)


@pytest.mark.parametrize(
    "isi",
    [{"conn_type": "mongo"}, {"conn_type": "postgres", "host": ""}, {"conn_type": "oracle", "schema": None}],
)
def test_incomplete_connections_are_refused(isi: dict[str, Any]) -> None:
    with pytest.raises(KoneksiTidakSah, match="acmt_db"):
        buat_engine(conn(**isi))
    with pytest.raises(KoneksiTidakSah, match="sqlite"):
        buat_engine(conn(conn_type="sqlite", host=None, schema=None))


def test_the_write_to_oracle_ends_by_itself() -> None:
    """Oracle has no statement_timeout: the driver ends the call, before anybody looks at what became of it."""
    engine, batas = MagicMock(), []
    engine.dialect.name = "oracle"
    koneksi_ = engine.connect.return_value.__enter__.return_value = engine.connect.return_value
    asli = koneksi_.connection.driver_connection
    asli.call_timeout = 0

    def jalan(*_: object) -> Any:
        batas.append(asli.call_timeout)
        return SimpleNamespace(out_parameters={"hasil": 1})

    koneksi_.execute = jalan
    assert SumberAcmt(engine).kembalikan_verifikasi("541100000001", "202606", "foto buram sekali", "spv") is True
    assert batas == [20_000]
    assert asli.call_timeout == 0
    assert batas[0] / 1000 < pengembalian.JEDA_PASTI
    assert f"= {batas[0]}" in sql.muat("acmt/batas_tulis")

"""The source adapter's parts that need no database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects import mssql, mysql, oracle, sqlite

from ap2t import sambungan_pg, sql
from ap2t.domain.kaidah.kebiasaan import KOLOM_KINI
from ap2t.domain.model import KOLOM_BACAAN, KOLOM_PILIHAN, NOL_KOSONG, TANPA_IDPEL, idpel_sah
from ap2t.galat import KoneksiTidakSah
from ap2t.proses import kembalikan
from ap2t.source import koneksi as modul
from ap2t.source import salinan
from ap2t.source.acmt import SumberAcmt
from ap2t.source.koneksi import buat_engine
from ap2t.source.normal import BACA, angka, baca_teks, bulat, hari, ke_bacaan, saat, tanda, zona
from ap2t.teks_copy import pasang
from tests.masukan import banyak

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


DIALEK: list[Any] = [modul_dialek.dialect() for modul_dialek in (oracle, sqlite, mysql, mssql)]


@pytest.mark.parametrize("dialek", DIALEK)
@pytest.mark.parametrize("nama", sorted(sql.semua("acmt")))
def test_only_what_is_meant_is_bound(nama: str, dialek: Any) -> None:
    terikat = set(text(sql.muat(f"acmt/{nama}")).compile(dialect=dialek).params)
    kelompok, balik = {"unitup", "thblrek", "hari_baca"}, {"idpel", "thblrek", "alasan", "oleh"}
    harap = {
        "baca": kelompok,
        "baca_kesiapan": kelompok,
        "jumlah": kelompok | {"unitup_atas"},
        "idpel_ganda": kelompok,
        "baca_rentang": kelompok | {"dari", "sampai"},
        "unit": {"unitup"},
        "petugas": {"unitup"},
        "jadwal": kelompok | {"unitup_atas"},
        "kembalikan_verifikasi_postgresql": balik,
        "kembalikan_verifikasi_oracle": balik | {"hasil"},
        "lampirkan_sqlite": {"berkas"},
        "stempel": {"idpel", "idpel_atas", "thblrek"},
        "petugas_orang": {"username"},
        "petugas_surel": {"username"},
        "pelanggan": {"idpel", "idpel_atas", "thblrek"},
        "beberapa": {"idpel", "thblrek"},
        "kalender": {"thblrek"},
        "hitung_kesiapan": {"thblrek", "hari_baca", "unit"},
        "jumlah_bulan": {"thblrek"},
        "jumlah_bulan_unit": {"unitup", "thblrek"},
        "riwayat": {"idpel", "dari", "sebelum"},
        "riwayat_kelompok": kelompok | {"lalu"},
        "foto_bersama": {"unitup", "thblrek"},
        "foto_pemakai": {"unitup", "thblrek", "foto"},
        "urutan": kelompok,
    }
    # MySQL's '+00:00' and Oracle's are run by the driver, not through text()
    if not nama.startswith("sesi_"):
        assert terikat == harap.get(nama, set())


def test_right_types_pass_as_they_are() -> None:
    d, w = Decimal("1.50"), datetime(2026, 5, 25, tzinfo=UTC)
    (b,) = ke_bacaan(("idpel", "unitup", "thblrek", "hari_baca", "sahlwbp", "tgl_baca"), [(*KUNCI, d, w)])
    assert (b.sahlwbp, b.tgl_baca) == (d, w)
    assert b.sahlwbp is d
    assert b.cacat is None
    assert len(b) == len(KOLOM_BACAAN) + 2  # what is offered besides, and what cannot be read


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


@pytest.mark.parametrize(
    ("nilai", "nomor"),
    [
        ("541100000001", "541100000001"),
        ("541100000001   ", "541100000001"),  # the padding of CHAR
        (541100000001, "541100000001"),
        (Decimal(541100000001), "541100000001"),
        (b"541100000001", "541100000001"),
        (" 541100000001", " 541100000001"),  # no padding: stays, and is held
        ("541100000001\t", "541100000001\t"),
        ("5411\x000001", "5411\\x000001"),
        ("  ", TANPA_IDPEL),
        (None, TANPA_IDPEL),
    ],
)
def test_idpel(nilai: object, nomor: str) -> None:
    """A row without a usable number has a name all the same: it is held and named, and stops no other row."""
    (b,) = ke_bacaan(("idpel", "unitup", "thblrek", "hari_baca"), [(nilai, *KUNCI[1:])])
    assert b.idpel == nomor
    assert idpel_sah(b.idpel) == (nomor == KUNCI[0])


TERBACA: list[tuple[Any, object, object]] = [
    # instants
    (saat, None, None),
    (saat, "", None),
    (saat, "2026-05-25T08:00:00+07:00", datetime(2026, 5, 25, 1, tzinfo=UTC)),
    (saat, "2026-05-25 01:00:00Z", datetime(2026, 5, 25, 1, tzinfo=UTC)),
    (saat, b"2026-05-25 01:00:00Z", datetime(2026, 5, 25, 1, tzinfo=UTC)),
    (saat, datetime(2026, 5, 25, 1), datetime(2026, 5, 25, 1, tzinfo=UTC)),  # noqa: DTZ001
    (saat, date(2026, 5, 25), datetime(2026, 5, 25, tzinfo=UTC)),
    (saat, "0000-00-00 00:00:00", None),  # MySQL's way of writing nothing
    # days
    (hari, "2026-05-25 00:00:00", date(2026, 5, 25)),
    (hari, datetime(2026, 5, 25, 23), date(2026, 5, 25)),  # noqa: DTZ001
    (hari, "0000-00-00", None),
    (hari, None, None),
    # numbers
    (angka, b" 12.50", Decimal("12.50")),
    (bulat, "3", 3),
    (bulat, Decimal("3.0"), 3),
    # text
    (baca_teks, None, None),
    (baca_teks, "  ", None),
    (baca_teks, " a ", "a"),
    (baca_teks, 7, "7"),
    (baca_teks, b"Siti", "Siti"),
    (baca_teks, memoryview(b"Siti"), "Siti"),
    (baca_teks, "\u00a0x\u00a0", "\u00a0x\u00a0"),  # no blank that CHAR pads with
    # zones
    (zona, "Asia/Makassar ", "Asia/Makassar"),
]
CACAT: list[tuple[Any, object, str]] = [
    (saat, "infinity", "infinity"),
    (saat, "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    (saat, "10000-01-01 00:00:00+00", "10000-01-01 00:00:00+00"),
    (saat, "2026-02-30", "2026-02-30"),
    (saat, 17, "17"),
    (hari, "besok", "besok"),
    (hari, 20260525, "20260525"),
    (angka, "1e9999", "1e9999"),
    (angka, b"\xff", "b'\\xff'"),
    (bulat, "2.5", "2.5"),
    (baca_teks, "Si\x00ti", "Si\\x00ti"),
    (baca_teks, "Si\udcffti", "Si\\udcffti"),
    (baca_teks, b"Si\xffti", "b'Si\\xffti'"),
    (baca_teks, "x" * 8001, "x" * 100),
    (zona, "WIB", "WIB"),
    (zona, "../etc/passwd", "../etc/passwd"),
]


@pytest.mark.parametrize(("baca", "nilai", "hasil"), TERBACA)
def test_a_value_is_read(baca: Any, nilai: object, hasil: object) -> None:
    assert baca(nilai) == (hasil, None)


@pytest.mark.parametrize(("baca", "nilai", "mentah"), CACAT)
def test_a_value_that_is_none_is_a_fault_that_every_database_and_screen_can_hold(
    baca: Any, nilai: object, mentah: str
) -> None:
    hasil, rusak = baca(nilai)
    assert hasil is None
    assert rusak == mentah
    assert rusak.isprintable()
    assert rusak.encode()


BENAR = (True, 1, 1.0, Decimal(1), b"\x01", b"\x00\x01", "1", "Y", "y ", "true", "TRUE", "YA ", "yes", b"Y", b"1")
SALAH = (
    False,
    0,
    0.0,
    Decimal(0),
    b"\x00",
    b"\x00\x00",
    "0",
    "N",
    "n",
    "T",
    "t",
    "Tidak",
    "no",
    "F",
    "false",
    b"N",
    b"T",
)
BUKAN = (
    2,
    -1,
    0.5,
    Decimal("NaN"),
    b"\x02",
    b"\x01\x01",
    b"\xff",
    "X",
    "aktif",
    "10",
    "-",
    "Si\x00",
    date(2026, 1, 1),
    [1],
)


@pytest.mark.parametrize("nilai", BENAR)
def test_true_is_on_the_list(nilai: object) -> None:
    assert tanda(nilai) == (True, None)


@pytest.mark.parametrize("nilai", SALAH)
def test_false_is_on_the_list(nilai: object) -> None:
    """Indonesian tables write *no* as T; MySQL's BIT(1) and Oracle's RAW(1) arrive as bytes."""
    assert tanda(nilai) == (False, None)


@pytest.mark.parametrize("nilai", [None, "", "  ", b""])
def test_nothing_is_neither(nilai: object) -> None:
    assert tanda(nilai) == (None, None)


@pytest.mark.parametrize("nilai", BUKAN)
def test_what_is_on_neither_list_is_a_fault_and_opens_nothing(nilai: object) -> None:
    hasil, rusak = tanda(nilai)
    assert hasil is None
    assert rusak


@given(st.binary(max_size=4) | st.text(max_size=6) | st.integers() | st.floats() | st.decimals())
def test_no_value_outside_the_list_is_true(nilai: object) -> None:
    hasil, _ = tanda(nilai)
    assert (
        hasil is not True or nilai in BENAR or str(nilai).strip().lower().strip("b'") in {"1", "y", "ya", "yes", "true"}
    )


def test_text_that_no_ledger_holds_is_a_fault_of_its_row_alone() -> None:
    kolom = ("idpel", "unitup", "thblrek", "hari_baca", "nama", "verif_vendor_oleh")
    baris = [(*KUNCI, "Siti\x00", "v"), (*KUNCI, " Budi", "v\udc80"), (*KUNCI, "Ani\n", "v ")]
    hasil = ke_bacaan(kolom, baris)
    assert [b.nama for b in hasil] == [None, "Budi", "Ani"]
    assert [b.verif_vendor_oleh for b in hasil] == ["v", None, "v"]
    assert [b.cacat for b in hasil] == [{"nama": "Siti\\x00"}, {"verif_vendor_oleh": "v\\udc80"}, None]


# ------------------------------------------------------------------------------------------ the same by every road

_teks = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_tepi = st.sampled_from(
    ["\\N", "\\", "NaN", "a\tb", "\n", " a ", "a ", " a", "\u00a0x\u00a0", "", "  ", "x" * 8001, "y" * 8000, "\u202e"]
)
_waktu_aneh = ("infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC")
SEL: dict[Any, st.SearchStrategy[Any]] = {
    angka: st.none() | st.integers(-(10**20), 10**20).map(Decimal) | st.decimals(places=6, allow_nan=False),
    saat: st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    tanda: st.none() | st.booleans(),
    baca_teks: st.none() | _teks | _tepi,
}
SEL[angka] |= st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")])
SEL[saat] |= st.sampled_from(_waktu_aneh)
SEMUA_KOLOM = (*KOLOM_BACAAN, *KOLOM_PILIHAN)
BEBAS = [kolom for kolom in SEMUA_KOLOM if kolom not in ("unitup", "thblrek", "hari_baca")]
"""What a row that was asked for by its unit, month and kelompok may have otherwise."""
SIAP = [kolom for kolom in salinan.KOLOM_KESIAPAN if kolom in BEBAS]


def _pembaca(kolom: str) -> Any:
    return BACA.get(kolom, baca_teks)


@st.composite
def baris_acmt(draw: st.DrawFn) -> dict[str, Any]:
    """Return a row of ``v_bacaan`` in PostgreSQL's types: plain but for a few values, which may be any."""
    isi: dict[str, Any] = dict(zip(("idpel", "unitup", "thblrek", "hari_baca"), KUNCI, strict=True))
    for kolom in draw(st.lists(st.sampled_from(BEBAS) | st.sampled_from(SIAP), max_size=6, unique=True)):
        isi[kolom] = draw(SEL[_pembaca(kolom)])
    return isi


def _tulisan(nilai: Any) -> str | None:
    """Write a value as PostgreSQL does where it is made text."""
    if nilai is None or isinstance(nilai, str):
        return nilai
    if isinstance(nilai, datetime):
        return nilai.isoformat(" ").replace("+00:00", "+00")
    return str(nilai).lower() if isinstance(nilai, bool) else f"{nilai:f}"


def _di_server(kolom: str, nilai: Any) -> str | None:
    """What ``acmt/salin_postgresql`` selects: text as it is, and of what is offered besides without its blanks."""
    if kolom == "idpel":
        return (nilai or "").rstrip(" ") or TANPA_IDPEL
    teks = _tulisan(None if kolom in NOL_KOSONG and nilai == 0 else nilai)
    return teks if teks is None or kolom not in KOLOM_PILIHAN else teks.strip(" \t\n\r\f\v") or None


def _copy(isi: dict[str, Any]) -> bytes:
    pilihan = {kolom: teks for kolom in KOLOM_PILIHAN if (teks := _di_server(kolom, isi.get(kolom))) is not None}
    sel = [_di_server(kolom, isi.get(kolom)) for kolom in KOLOM_BACAAN]
    return (
        "\t".join(map(pasang, [*sel, json.dumps(pilihan, ensure_ascii=False) if pilihan else None])) + "\n"
    ).encode()


@banyak(200)
@given(st.lists(baris_acmt(), min_size=1, max_size=6))
def test_every_road_gives_the_same_fact_or_the_same_fault(baris: list[dict[str, Any]]) -> None:
    """COPY text, a driver's values, the same as text, one row or many at once: one meaning for one cell."""
    jalan = {
        "driver": ke_bacaan(SEMUA_KOLOM, [[isi.get(kolom) for kolom in SEMUA_KOLOM] for isi in baris]),
        "tulisan": ke_bacaan(SEMUA_KOLOM, [[_tulisan(isi.get(kolom)) for kolom in SEMUA_KOLOM] for isi in baris]),
        "satu-satu": [ke_bacaan(SEMUA_KOLOM, [[isi.get(kolom) for kolom in SEMUA_KOLOM]])[0] for isi in baris],
    }
    terbaca = salinan.bacaan_dari(salinan.rapikan(b"".join(map(_copy, baris))))
    jalan["COPY"] = [salinan.lengkap(satu) for satu in terbaca]
    kesiapan = ke_bacaan(salinan.KOLOM_KESIAPAN, [[isi.get(k) for k in salinan.KOLOM_KESIAPAN] for isi in baris])
    for ke, isi in enumerate(baris):
        for nama, hasil in jalan.items():
            assert hasil[ke] == jalan["driver"][ke], (nama, isi)
        for kolom in salinan.KOLOM_KESIAPAN:
            for lain in (kesiapan[ke], terbaca[ke][0]):
                assert getattr(lain, kolom) == getattr(jalan["driver"][ke], kolom), (kolom, isi)
        dilihat = salinan.dengan_kolom(terbaca[ke], KOLOM_KINI)
        assert all(getattr(dilihat, nama) == getattr(jalan["driver"][ke], nama) for nama in KOLOM_KINI)


def test_engine_for_a_socket_folder_and_for_a_host() -> None:
    lokal = buat_engine(conn(conn_type="postgres", host="/tmp/pg", port=5433, extra_dejson={}))
    assert lokal.url.query["host"] == "/tmp/pg"
    jauh = buat_engine(conn(conn_type="postgresql", port=5432, extra_dejson={"sslmode": "require"}))
    assert (jauh.url.host, jauh.url.port) == ("db", 5432)
    assert "rahasia" not in repr(jauh.url)


def test_libpq_options_pass() -> None:
    extra = {"sslmode": "require", "options": "-c work_mem=8MB"}
    _, argumen_ = modul._postgresql(conn(extra_dejson=extra, conn_type="postgres"), "postgresql+psycopg")
    assert argumen_ == {**sambungan_pg.TCP, **extra}


def test_no_product_is_waited_for_without_end() -> None:
    """Every driver gives a statement up in the end, by the name its own connect() has for it."""
    batas = modul.BATAS_PERINTAH
    mysql, mssql = (modul._PUSTAKA[j][2](conn(), f"{j}+x")[1] for j in ("mysql", "mssql"))
    assert mysql["read_timeout"] == mysql["write_timeout"] == mssql["timeout"] == batas
    oracle = MagicMock()
    modul._sesi_oracle(oracle, None)
    assert oracle.call_timeout == batas * 1000
    tcp = modul._PUSTAKA["postgresql"][2](conn(), "postgresql+x")[1]
    assert 0 < tcp["keepalives_idle"] + tcp["keepalives_interval"] * tcp["keepalives_count"] <= 60
    assert tcp["tcp_user_timeout"] == 60_000
    assert modul.SETELAN["statement_timeout"] == f"{batas // 60:.0f}min"


@pytest.mark.parametrize(
    ("ekstra", "harap"),
    [
        ({"ssl_ca": "/ca.pem", "ssl_verify_identity": True}, {"ssl_ca": "/ca.pem", "ssl_verify_identity": True}),
        ({"ssl": {"ca": "/ca.pem", "check_hostname": True}}, {"ssl_ca": "/ca.pem", "ssl_verify_identity": True}),
    ],
)
def test_tls_of_mysql_is_used(ekstra: dict[str, Any], harap: dict[str, Any]) -> None:
    _, argumen_ = modul._mysql(conn(extra_dejson=ekstra, conn_type="mariadb"), "mysql+pymysql")
    assert harap.items() <= argumen_.items()
    assert "ssl" not in argumen_


def test_tls_of_oracle_is_used() -> None:
    """SQLAlchemy's own address says TCP whatever the protocol: the driver gets one that says what is meant."""
    isi = conn(conn_type="oracle", port=2484, extra_dejson={"protocol": "tcps", "wallet_location": "/dompet"})
    _, argumen_ = modul._oracle(isi, "oracle+oracledb")
    assert (argumen_["dsn"], argumen_["wallet_location"]) == ("tcps://db:2484/acmt", "/dompet")
    assert "protocol" not in argumen_


@pytest.mark.parametrize(
    ("jenis", "ekstra"),
    [
        ("postgres", {"user": "lain"}),
        ("postgres", {"sslmodel": "require"}),
        ("mysql", {"ssl": {"chiper": "x"}}),
        ("mysql", {"ssl": "ya"}),
        ("mariadb", {"sslmode": "require"}),
        ("oracle", {"ssl_ca": "/ca.pem"}),
        ("mssql", {"sslmode": "require"}),
        ("sqlite", {"sslmode": "require"}),
    ],
)
def test_what_a_database_does_not_know_of_extra_is_refused_by_name(jenis: str, ekstra: dict[str, Any]) -> None:
    with pytest.raises(KoneksiTidakSah, match=f"extra.*({'|'.join(ekstra)})"):
        buat_engine(conn(conn_type=jenis, extra_dejson=ekstra))


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
    assert batas[0] / 1000 < kembalikan.JEDA_PASTI
    assert f"= {batas[0]}" in sql.muat("acmt/batas_tulis")

"""The demo ACMT: the contract's types, the same data from the same seed, every named case with its outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from acmt_fixtures import basis_data, koneksi_pg

from ap2t.domain.harga import perkirakan
from ap2t.domain.kaidah.kebiasaan import bulan_lalu, ringkas
from ap2t.domain.kaidah.kwh import hitung
from ap2t.domain.kaidah.saring import Saringan, saring
from ap2t.domain.kaidah.tanda import RANTAI, Dlpd
from ap2t.domain.kalender import bulan_tambah, rentang_baca
from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.model import (
    KOLOM_BACAAN,
    KOLOM_PILIHAN,
    KOLOM_RIWAYAT,
    Aturan,
    Bacaan,
    BulanLalu,
    HasilSaring,
    Peran,
    StanLalu,
    Tempat,
    dengan_riwayat,
)
from ap2t.domain.stempel import PetugasUnit
from ap2t.source.acmt import SumberAcmt
from ap2t.source.koneksi import buat_engine
from sandbox import acmt_demo
from sandbox.acmt_demo import KELOMPOK_DEMO, UNIT_DEMO, UnitDemo, baris_belum, kasus_khusus
from sandbox.acmt_kasus import CAP_SALAH, KASUS, KeadaanDemo

SEKARANG = datetime(2026, 6, 2, 3, tzinfo=UTC)
BARIS = 2000
KEADAAN = {
    "Q": KeadaanDemo.CAP_SALAH,
    "R": KeadaanDemo.BELUM_DIKIRIM,
    "S": KeadaanDemo.BELUM_VERIFIKASI,
    "T": KeadaanDemo.BELUM_DIBACA,
}
TIPE_KONTRAK = """
    idpel char(12), unitup char(5), thblrek char(6), hari_baca text, kddk char(12), nama text, tarif text, daya integer,
    fkmkwh numeric, fkmkvarh numeric, digit_meter smallint, tgl_baca timestamptz, petugas_baca text, kode_baca text,
    kelainan text, slalwbp numeric, sahlwbp numeric, slawbp numeric, sahwbp numeric, slakvarh numeric,
    sahkvarh numeric, lwbpcabut numeric, lwbppasang numeric, wbpcabut numeric, wbppasang numeric, fkmkwh_lama numeric,
    pemkwh numeric, pemkwh_lalu numeric, pemkwh_rata3 numeric, foto_url text, latitude numeric, longitude numeric,
    verif_pengawas_oleh text, verif_pengawas_pada timestamptz, verif_vendor_oleh text, verif_vendor_pada timestamptz,
    kirim_oleh text, kirim_pada timestamptz, diubah_pada timestamptz
"""
TIPE_RIWAYAT = """
    idpel char(12), thblrek char(6), sahlwbp numeric, sahwbp numeric, kwh numeric, jam_nyala numeric,
    tgl_baca timestamptz, cara_baca text, kode_baca text, kelainan text, petugas_baca text, foto_url text,
    latitude numeric, longitude numeric
"""
TIPE_HARGA = """
    tarif text, daya_dari integer, daya_sampai integer, harga_lwbp numeric, harga_wbp numeric, jam_minimum numeric,
    berlaku_dari date
"""
RIWAYAT = {Dlpd.TAKSIR_BERULANG, Dlpd.LOKASI_JAUH, Dlpd.FOTO_SAMA, Dlpd.DI_LUAR_KEBIASAAN, *RANTAI}
"""Flags that come of earlier months, or of other customers."""


@pytest.fixture(scope="module")
def conn(acmt_server: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(basis_data(acmt_server, "demo"), autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.pasang(conn)  # idempotent
        acmt_demo.isi(conn, baris=BARIS, thblrek="202606", kelompok=tuple("AQRST"), sekarang=SEKARANG, keadaan=KEADAAN)
        yield conn


@pytest.fixture(scope="module")
def sumber(conn: psycopg.Connection[Any], acmt_server: str) -> Iterator[SumberAcmt]:
    engine = buat_engine(koneksi_pg(acmt_server.replace("/postgres?", "/demo?")))
    yield SumberAcmt(engine)
    engine.dispose()


def baca(sumber: SumberAcmt, unitup: str, kode: str, bulan: str = "202606") -> dict[str, Bacaan]:
    return {b.idpel: b for potongan in sumber.baca(Tempat(unitup, bulan, kode)) for b in potongan}


def nilai(
    sumber: SumberAcmt, semua: Mapping[str, Bacaan], riwayat: Mapping[str, list[BulanLalu]], aturan: Aturan
) -> dict[str, Saringan]:
    """Sieve a unit's readings of one month, each with what its earlier months come to."""
    satu = next(iter(semua.values()))
    bersama = sumber.foto_bersama(satu.unitup, satu.thblrek)
    hasil = {}
    for idpel, b in semua.items():
        lain = next((siapa for siapa in bersama.get(b.foto_url or "", ()) if siapa != idpel), None)
        utuh = dengan_riwayat(b, ringkas(b, riwayat.get(idpel, []), sumber.kolom_riwayat, lain))
        hasil[idpel] = saring(utuh, aturan, bulan_lalu(utuh, None))
    return hasil


def kolom_view(conn: psycopg.Connection[Any], view: str) -> list[tuple[str, str]]:
    """Return the columns of a view with their types, as the contract writes them."""
    ada = conn.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
        [f"acmt.{view}"],
    ).fetchall()
    singkat = {"timestamp with time zone": "timestamptz"}
    return [(nama, singkat.get(jenis, jenis.replace("character(", "char("))) for nama, jenis in ada]


def sidik(conn: psycopg.Connection[Any]) -> Any:
    semua = "string_agg(b::text, '|' ORDER BY idpel, thblrek)"
    views = ("acmt_dasar.bacaan", "acmt.v_riwayat")
    return [conn.execute(f"SELECT md5({semua}) FROM {view} b".encode()).fetchone() for view in views]  # noqa: S608


def test_views_have_the_contracts_names_and_types(conn: psycopg.Connection[Any], sumber: SumberAcmt) -> None:
    sumber.periksa_kontrak()

    def tipe(kontrak: str) -> list[tuple[str, str]]:
        return re.findall(r"(\w+) ([\w()]+)", kontrak)

    nyata = kolom_view(conn, "v_bacaan")
    assert nyata[: len(KOLOM_BACAAN)] == tipe(TIPE_KONTRAK)
    assert [nama for nama, _ in nyata[len(KOLOM_BACAAN) :]] == list(KOLOM_PILIHAN) == list(sumber.pilihan)
    assert kolom_view(conn, "v_riwayat") == tipe(TIPE_RIWAYAT)
    assert kolom_view(conn, "v_harga") == tipe(TIPE_HARGA)
    assert sumber.kolom_riwayat == KOLOM_RIWAYAT


def test_sizes(conn: psycopg.Connection[Any], sumber: SumberAcmt) -> None:
    assert sumber.jumlah(Tempat("54110", "202606", "A")) == BARIS
    pelanggan = list(acmt_demo.pelanggan(conn, "202606"))
    assert len({p[0] for p in pelanggan}) == len(pelanggan) == 3 * 5 * BARIS
    assert ("541100000000", "54110", "202606", "A", 1300) in pelanggan
    assert acmt_demo.terisi(conn) == {(u.unitup, k, "202606") for u in UNIT_DEMO for k in "AQRST"}
    kddk = conn.execute("SELECT count(DISTINCT kddk), min(length(kddk)) FROM acmt_dasar.bacaan").fetchone()
    assert kddk == (3 * 5 * BARIS, 12)


@pytest.mark.parametrize("unit", UNIT_DEMO, ids=lambda u: u.unitup)
@pytest.mark.parametrize("kode", list("AQRST"))
def test_readiness_is_exactly_what_the_demo_says(sumber: SumberAcmt, unit: UnitDemo, kode: str) -> None:
    petugas = PetugasUnit(unit.unitup, sumber.petugas(unit.unitup))
    belum = {i for i, b in baca(sumber, unit.unitup, kode).items() if not siap_penuh(b, petugas, SEKARANG)}
    kata = baris_belum(unit.unitup, kode, KEADAAN.get(kode, KeadaanDemo.SIAP), baris=BARIS)
    assert belum == set(kata)
    assert len(belum) == (0 if kode == "A" else len(kata) > 150 and len(kata))
    if kode == "Q":
        assert set(kata.values()) == set(CAP_SALAH)


def test_named_cases_have_their_outcome_and_all_others_pass(sumber: SumberAcmt) -> None:
    kasus = kasus_khusus("54110", "A", baris=BARIS)
    assert [k.nama for k in kasus.values()] == [k.nama for k in KASUS]
    mulai = sumber.mulai_baca(Tempat("54110", "202606", "A"))
    assert mulai is not None
    aturan = Aturan(rentang_baca=rentang_baca(mulai, SEKARANG, "Asia/Jakarta"))
    semua = baca(sumber, "54110", "A")
    riwayat = sumber.riwayat([*semua], "202606", KOLOM_RIWAYAT)
    for idpel, hasil in nilai(sumber, semua, riwayat, aturan).items():
        if idpel not in kasus:
            assert (hasil.hasil, tuple(hasil.alasan)) == (HasilSaring.LOLOS, ()), (semua[idpel], hasil)
            assert RIWAYAT.isdisjoint(hasil.dlpd), (semua[idpel], riwayat[idpel], hasil)
            continue
        k = kasus[idpel]
        assert (hasil.hasil, [str(a) for a in hasil.alasan]) == (k.hasil, [k.alasan] if k.alasan else []), k.nama
        if hasil.hasil is HasilSaring.LOLOS:
            assert {str(d) for d in hasil.dlpd} == k.dlpd, k.nama


def test_months_hang_together(acmt_server: str) -> None:
    """A customer begins a month where the last one ended, with the same tariff and factor; named cases do not."""
    alamat = basis_data(acmt_server, "demo_bulan")
    aturan = Aturan()
    isian: dict[str, Any] = {"baris": BARIS, "unit": UNIT_DEMO[:1], "kelompok": ("A",)}
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        for bulan in ("202606", "202607"):
            acmt_demo.isi(conn, **isian, thblrek=bulan, sekarang=SEKARANG + timedelta(days=60))
    sumber = SumberAcmt(buat_engine(koneksi_pg(alamat)))
    lalu, kini = (
        {b.idpel: b for p in sumber.baca(Tempat("54110", bulan, "A")) for b in p} for bulan in ("202606", "202607")
    )
    sumber.engine.dispose()
    kasus = kasus_khusus("54110", "A", baris=BARIS)
    putus = set()
    for idpel, b in kini.items():
        dulu = lalu[idpel]
        assert (b.tarif, b.daya, b.digit_meter) == (dulu.tarif, dulu.daya, dulu.digit_meter)
        terakhir = StanLalu("202606", dulu.sahlwbp, dulu.sahwbp, dulu.fkmkwh)
        if not RANTAI.isdisjoint(saring(b, aturan, terakhir).dlpd):
            putus.add(idpel)
        elif idpel not in kasus:
            assert (b.slakvarh, b.pemkwh_lalu) == (dulu.sahkvarh, dulu.pemkwh)
    assert putus
    assert putus <= set(kasus)


@pytest.mark.parametrize("unit", UNIT_DEMO, ids=lambda u: u.unitup)
def test_two_years_before_every_customer(sumber: SumberAcmt, unit: UnitDemo) -> None:
    """24 months of each, read or not; the last ends where this one begins, and each earlier one is lower by its kWh."""
    for kode in "AT":
        semua = baca(sumber, unit.unitup, kode)
        riwayat = sumber.riwayat([*semua], "202606", KOLOM_RIWAYAT)
        kasus = kasus_khusus(unit.unitup, kode, baris=BARIS)
        bulan = [bulan_tambah("202606", -n) for n in range(24, 0, -1)]
        assert riwayat.keys() == semua.keys()
        for idpel, lalu in riwayat.items():
            b, terakhir = semua[idpel], lalu[-1]
            assert [satu.thblrek for satu in lalu] == bulan
            assert len({satu.foto_url for satu in lalu} | {"x"}) == 25
            if idpel in kasus:
                continue
            assert (terakhir.sahlwbp, terakhir.sahwbp, terakhir.kwh) == (b.slalwbp, b.slawbp, b.pemkwh_lalu)
            assert {satu.cara_baca for satu in lalu} == {"BACA"}
            assert b.digit_meter is not None
            register = 10 ** int(b.digit_meter)
            for dulu, satu in pairwise(lalu):
                assert satu.sahlwbp is not None
                assert dulu.sahlwbp is not None
                gerak = (satu.sahlwbp - dulu.sahlwbp) % register, ((satu.sahwbp or 0) - (dulu.sahwbp or 0)) % register
                assert sum(jarak + (register if jarak < 0 else 0) for jarak in gerak) * (b.fkmkwh or 0) == satu.kwh
                assert dulu.tgl_baca is not None
                assert satu.tgl_baca is not None
                assert 27 <= (satu.tgl_baca - dulu.tgl_baca).days <= 32
        assert {satu.petugas_baca for lalu in riwayat.values() for satu in lalu} == {
            f"baca{unit.unitup}{siapa}" for siapa in "ab"
        }


def test_a_filled_month_is_the_month_before_of_the_next(acmt_server: str) -> None:
    """What v_bacaan said of a month v_riwayat says of it later, whichever of the two was filled first; once each."""
    isian: dict[str, Any] = {"baris": BARIS, "unit": UNIT_DEMO[:1], "kelompok": ("A",)}
    kasus = kasus_khusus("54110", "A", baris=BARIS)
    sidik_akhir = []
    for urutan in (("202512", "202601", "202604"), ("202604", "202601", "202512", "202601")):
        alamat = basis_data(acmt_server, f"demo_sambung_{len(urutan)}")
        with psycopg.connect(alamat, autocommit=True) as conn:
            acmt_demo.pasang(conn)
            for bulan in urutan:
                acmt_demo.isi(conn, **isian, thblrek=bulan, sekarang=SEKARANG)
            sidik_akhir.append(sidik(conn))
        sumber = SumberAcmt(buat_engine(koneksi_pg(alamat)))
        semua = {bulan: baca(sumber, "54110", "A", bulan) for bulan in set(urutan)}
        riwayat = {bulan: sumber.riwayat([*ada], bulan, KOLOM_RIWAYAT) for bulan, ada in semua.items()}
        for bulan, hasil in ((b, nilai(sumber, semua[b], riwayat[b], Aturan())) for b in semua):
            assert {*map(len, riwayat[bulan].values())} == {24}
            flag = {idpel: {*satu.dlpd} & RIWAYAT for idpel, satu in hasil.items() if satu.hasil == HasilSaring.LOLOS}
            for idpel, ada in flag.items():
                k = kasus.get(idpel)
                boleh = {Dlpd.TAKSIR_BERULANG} if k and k.nama == Dlpd.SESUDAH_TAKSIR else set()
                assert ada - boleh == ((k.dlpd & RIWAYAT) if k else set()), (bulan, idpel, k)
        sumber.engine.dispose()
        sama = ("sahlwbp", "sahwbp", "tgl_baca", "petugas_baca", "latitude", "longitude")
        for idpel, lalu in riwayat["202604"].items():
            for dulu in ("202512", "202601"):
                [satu] = [baris for baris in lalu if baris.thblrek == dulu]
                b = semua[dulu][idpel]
                if idpel not in kasus:
                    assert [getattr(satu, kolom) for kolom in sama] == [getattr(b, kolom) for kolom in sama]
                    assert satu.kwh == b.pemkwh
    assert sidik_akhir[0] == sidik_akhir[1]


def test_history_may_be_left_out(acmt_server: str) -> None:
    with psycopg.connect(basis_data(acmt_server, "demo_tanpa_riwayat"), autocommit=True) as conn:
        acmt_demo.pasang(conn)
        hitung_bulan = "SELECT count(*), count(DISTINCT (idpel, thblrek)) FROM acmt.v_riwayat"
        isian: dict[str, Any] = {"baris": 100, "thblrek": "202606", "unit": UNIT_DEMO[:1], "kelompok": ("A",)}
        for bulan in (24, 3, 0):
            acmt_demo.isi(conn, **isian, sekarang=SEKARANG, riwayat=bulan)
            assert conn.execute(hitung_bulan).fetchone() == (100 * bulan, 100 * bulan)


def test_every_tariff_has_a_price(sumber: SumberAcmt) -> None:
    """The latest price before the month counts, and every customer's kWh has one."""
    harga = sumber.harga()
    assert {(satu.tarif, satu.berlaku_dari) for satu in harga if satu.tarif == "R2"} == {
        ("R2", date(2020, 10, 1)),
        ("R2", date(2022, 7, 1)),
    }
    kira = {}
    for b in baca(sumber, "54110", "A").values():
        hasil = hitung(b)
        if hasil.kwh is not None and b.daya:
            kira[b.tarif, b.daya] = ada = perkirakan(b, hasil, harga)
            assert ada is not None, (b.tarif, b.daya)
    assert {(golongan.tarif, golongan.daya) for golongan in acmt_demo._GOLONGAN} <= kira.keys()
    tertinggi = {tarif: satu.harga.harga_lwbp for (tarif, _), satu in kira.items() if satu}
    assert (str(tertinggi["R2"]), str(tertinggi["B3"])) == ("1699.53", "1035.78")


def test_mix_is_realistic(conn: psycopg.Connection[Any]) -> None:
    def satu(sql: str) -> Any:
        kueri = f"SELECT {sql} FROM acmt_dasar.bacaan WHERE hari_baca = 'A'"  # noqa: S608
        return conn.execute(kueri.encode()).fetchone()[0]  # type: ignore[index]

    assert satu("count(DISTINCT tarif)") >= 12
    assert satu("count(*) FILTER (WHERE slawbp IS NOT NULL AND sahkvarh IS NOT NULL)") > 10
    assert satu("count(*) FILTER (WHERE fkmkwh = 8000)") > 0
    assert satu("max(scale(sahlwbp)) FILTER (WHERE scale(sahlwbp) < 4)") == 3
    assert 0 < satu("count(*) FILTER (WHERE foto_url IS NULL)") < 100


def test_people_of_a_unit(sumber: SumberAcmt) -> None:
    orang = {(p.username, p.peran) for p in sumber.petugas("54110")}
    assert {("spv54110", Peran.ADMIN_CMT), ("spv54110b", Peran.ADMIN_CMT)} <= orang
    assert {("vendor54110", Peran.ADMIN_VENDOR), ("pengawas54110", Peran.PENGAWAS)} <= orang
    assert [p for _, p in orang].count("PETUGAS_BACA") == 2


def test_same_seed_same_data_and_filling_again_replaces(acmt_server: str) -> None:
    with psycopg.connect(basis_data(acmt_server, "demo_benih"), autocommit=True) as conn:
        acmt_demo.pasang(conn)
        isian: dict[str, Any] = {"baris": 500, "thblrek": "202606", "sekarang": SEKARANG, "unit": UNIT_DEMO[:2]}
        acmt_demo.isi(conn, kelompok=("A", "B"), **isian)
        pertama = sidik(conn)
        acmt_demo.isi(conn, kelompok=("B",), **isian)
        assert sidik(conn) == pertama
        acmt_demo.isi(conn, kelompok=("B",), benih=2, **isian)
        assert sidik(conn) != pertama


def test_default_months_have_begun_and_nothing_is_later_than_the_clock(acmt_server: str) -> None:
    alamat = basis_data(acmt_server, "demo_kini")
    with psycopg.connect(alamat, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        # in Jakarta the day of kelompok I (20 May) has just begun; in Jayapura it is two hours older
        kini = datetime(2026, 5, 19, 19, tzinfo=UTC)
        hasil = acmt_demo.isi(conn, baris=50, sekarang=kini, riwayat=0)
        assert set(hasil.thblrek.values()) == {"202605", "202606"}
        lewat = "greatest(tgl_baca, verif_pengawas_pada, verif_vendor_pada, kirim_pada) > %s"
        kueri = f"SELECT count(*) FROM acmt.v_bacaan WHERE {lewat}"  # noqa: S608
        assert conn.execute(kueri.encode(), (kini,)).fetchone() == (0,)
    sumber = SumberAcmt(buat_engine(koneksi_pg(alamat)))
    petugas = PetugasUnit("54110", sumber.petugas("54110"))
    for kode in KELOMPOK_DEMO:
        bulan = sumber.thblrek_berjalan("54110", kode, date(2026, 5, 20))
        assert bulan == hasil.thblrek["54110", kode]
        assert sumber.jumlah(Tempat("54110", bulan, kode)) == 50
        for potongan in sumber.baca_kesiapan(Tempat("54110", bulan, kode)):
            assert all(siap_penuh(b, petugas, kini) for b in potongan)
    sumber.engine.dispose()


def test_a_later_start_fills_what_has_begun_since_and_leaves_the_rest(acmt_server: str) -> None:
    """Filled on the 11th and started on the 20th: whatever was approved of the first data stays as it was."""
    tanggal_11, tanggal_20 = (datetime(2026, 5, n, 3, tzinfo=UTC) for n in (11, 20))
    with psycopg.connect(basis_data(acmt_server, "demo_lanjut"), autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.isi(conn, baris=50, sekarang=tanggal_11, riwayat=0)
        terisi = acmt_demo.terisi(conn)
        assert terisi == acmt_demo.kelompok_berjalan(tanggal_11)
        kurang = acmt_demo.kelompok_berjalan(tanggal_20) - terisi
        assert kurang
        conn.execute("UPDATE acmt_dasar.bacaan SET nama = 'tetap'")
        acmt_demo.isi(conn, baris=50, sekarang=tanggal_20, kecuali=terisi, riwayat=0)
        assert acmt_demo.terisi(conn) == terisi | kurang
        tetap = conn.execute("SELECT count(*) FROM acmt_dasar.bacaan WHERE nama = 'tetap'").fetchone()
        assert tetap == (50 * len(terisi),)


def test_kelompok_that_has_not_begun_is_unread(acmt_server: str) -> None:
    with psycopg.connect(basis_data(acmt_server, "demo_nanti"), autocommit=True) as conn:
        acmt_demo.pasang(conn)
        isian: dict[str, Any] = {"baris": 100, "kelompok": ("T",), "thblrek": "202607", "riwayat": 0}
        hitung = "SELECT count(*), count(coalesce(sahlwbp, jam_abonemen)), count(kirim_pada) FROM acmt.v_bacaan"
        acmt_demo.isi(conn, sekarang=SEKARANG, **isian)
        assert conn.execute(hitung).fetchone() == (300, 0, 0)
        acmt_demo.isi(conn, sekarang=SEKARANG + timedelta(days=60), **isian)
        assert conn.execute(hitung).fetchone() == (300, 300, 300)


@pytest.mark.parametrize("nama", ["baca", "baca_kesiapan", "jumlah"])
def test_one_kelompok_is_read_by_its_index(conn: psycopg.Connection[Any], nama: str) -> None:
    from ap2t.sql import muat

    sql = re.sub(r":(\w+)", r"%(\1)s", muat(f"acmt/{nama}").replace("{kolom}", ", ".join(KOLOM_BACAAN)))
    kunci = {"unitup": "54110", "unitup_atas": "541100", "thblrek": "202606", "hari_baca": "A"}
    rencana = "\n".join(r[0] for r in conn.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}".encode(), kunci))
    assert "bacaan_kelompok_idx" in rencana
    assert "Seq Scan" not in rencana


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="terlalu banyak"):
        acmt_demo.idpel_demo("54110", "A", 0, 6_000_000, ("A", "B"))
    assert acmt_demo.idpel_demo("54110", "A", 5, 6_000_000, ("A",)) == "541100000005"

"""ACMT in a real MariaDB: the same facts, the same rules, a whole run, and nothing that a type or a blank opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from mariadb_fixtures import Maria
from proses_fixtures import isi_koneksi, jalankan_sampai
from sqlalchemy import text

from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import GANDA, KOLOM_RIWAYAT, BulanLalu, Tempat
from ap2t.galat import BelumSiap, KoneksiTidakSah, SumberTidakSesuai, WewenangKurang
from ap2t.source.acmt import SumberAcmt

pytestmark = pytest.mark.mariadb


def sumber(maria: Maria) -> SumberAcmt:
    isi_koneksi(maria.dunia.monkeypatch, "acmt_db", **maria.koneksi)
    return maria.dunia.layanan().sumber


def test_satu_putaran_sampai_posting_dan_audit(maria: Maria) -> None:
    """Every case of the demo reads alike from both databases; what passes is posted, and the audit finds it whole."""
    d = maria.dunia
    ganti_meter = {"lwbpcabut": "1100", "lwbppasang": "1100"}
    semua = d.isi(60, {5: {"nama": "José Müller"}, 7: {"sahlwbp": "900"}, 8: ganti_meter})
    dari_pg = [b for bagian in d.layanan().sumber.baca(Tempat(d.unitup, d.bulan, d.kode)) for b in bagian]
    maria.pindahkan()
    dari_maria = [b for bagian in sumber(maria).baca(Tempat(d.unitup, d.bulan, d.kode)) for b in bagian]
    assert dari_maria == [b._replace(**detik(b)) for b in dari_pg]
    assert dari_maria[5].nama == "José Müller"
    jalan = jalankan_sampai(d)
    assert jalan.penutup.startswith("Sukses: 59 pelanggan"), jalan.penutup
    assert d.terposting() == {*semua} - {semua[7]}
    laporan = verifikasi(jalan.layanan.buku, Lingkup(unitup=d.unitup), lambda _: None)
    assert laporan.utuh, laporan.temuan


def test_pilihan_sama_dari_kedua_basis_data(maria: Maria) -> None:
    """What is offered besides reads alike from both databases, and decides alike."""
    d = maria.dunia
    tanpa_meter = dict.fromkeys(("slalwbp", "sahlwbp", "tgl_baca", "foto_url"))
    ubah = {
        0: {**tanpa_meter, "jam_abonemen": "375", "pemkwh": "487.5"},
        1: {"daya_lama": 900, "mutasi_lwbp": "1060.125", "tgl_mutasi": "2026-05-10 01:02:03+00"},
        2: {"cara_baca": "AMR", "foto_url": None, "rendah_wajar": True},
        3: {"cara_baca": "TAKSIR", "cara_baca_lalu": "TAKSIR", "rendah_wajar": False},
        4: {"tgl_baca_lalu": "2026-01-01 00:00:00+00"},
    }
    semua = d.isi(6, ubah)
    dari_pg = [b for bagian in d.layanan().sumber.baca(Tempat(d.unitup, d.bulan, d.kode)) for b in bagian]
    maria.tawarkan()
    maria.pindahkan()
    dari_maria = [b for bagian in sumber(maria).baca(Tempat(d.unitup, d.bulan, d.kode)) for b in bagian]
    assert [b.pilihan for b in dari_maria] == [b.pilihan for b in dari_pg]
    jalan = jalankan_sampai(d)
    assert d.terposting() == {*semua}
    tanda = dict(
        d.buku_lihat.execute("SELECT idpel, dlpd FROM pengesahan.saringan WHERE sesi_id = %s", [jalan.sesi.id])
    )
    assert tanda[semua[2]] == []
    assert tanda[semua[4]] == ["PERIODE_PANJANG"]
    laporan = verifikasi(jalan.layanan.buku, Lingkup(unitup=d.unitup), lambda _: None)
    assert laporan.utuh, laporan.temuan


BULAN_DULU = """
INSERT INTO acmt_dasar.riwayat (idpel, thblrek, sahlwbp, sahwbp, kwh, jam_nyala, tgl_baca, cara_baca, kode_baca,
    petugas_baca, foto_url, latitude, longitude)
SELECT b.idpel, to_char(saat, 'YYYYMM'), 1150 - 150 * n + 0.125, CASE WHEN n = 1 THEN 0 END, 150.5, 115.769,
       saat + interval '3 hours', CASE WHEN n < 4 THEN 'TAKSIR' ELSE 'BACA' END, '00', 'baca1',
       'https://foto/' || n || '/' || b.idpel || '.jpg', -6.123456, 106.654321
  FROM acmt_dasar.bacaan b, generate_series(1, 26) n,
       LATERAL (SELECT to_date(b.thblrek, 'YYYYMM') - make_interval(months => n)) t (saat)
 WHERE b.unitup = %s
"""


def test_riwayat_dan_harga_sama_dari_kedua_basis_data(maria: Maria) -> None:
    """Earlier months, shared photos and prices read alike from both databases, and decide alike."""
    d = maria.dunia
    sini = {"latitude": "-6.123456", "longitude": "106.654321"}
    lama = {"foto_url": f"https://foto/3/{d.idpel(2)}.jpg"}
    berdua = {"foto_url": "https://foto/berdua.jpg"}
    ubah = {0: {**sini, **berdua}, 1: {**sini, **berdua}, 2: {**sini, **lama}, 3: {**sini, "latitude": "0.5"}}
    semua = d.isi(5, {**ubah, 4: sini})
    d.acmt.execute(BULAN_DULU, [d.unitup])
    pg = d.layanan().sumber
    maria.tawarkan_view("v_riwayat")
    maria.tawarkan_view("v_harga")
    maria.pindahkan()
    maria.pindahkan_lain()
    ini = sumber(maria)
    assert ini.kolom_riwayat == pg.kolom_riwayat == KOLOM_RIWAYAT
    bulan = ini.riwayat(semua, d.bulan, KOLOM_RIWAYAT)
    assert bulan == pg.riwayat(semua, d.bulan, KOLOM_RIWAYAT)
    assert bulan.keys() == {*semua}
    assert [satu.thblrek for satu in bulan[semua[0]]] == [bulan_tambah(d.bulan, -n) for n in range(24, 0, -1)]
    assert ini.riwayat(semua, d.bulan, ("kwh",))[semua[0]][-1] == BulanLalu(semua[0], "202605", kwh=Decimal("150.5"))
    pasangan = {berdua["foto_url"]: (semua[0], semua[1])}
    assert ini.foto_bersama(d.unitup, d.bulan) == pg.foto_bersama(d.unitup, d.bulan) == pasangan
    assert ini.harga() == pg.harga()
    assert len(ini.harga()) > 20
    jalan = jalankan_sampai(d)
    tanda = dict(
        d.buku_lihat.execute("SELECT idpel, dlpd FROM pengesahan.saringan WHERE sesi_id = %s", [jalan.sesi.id])
    )
    umum = ["STAN_TIDAK_SAMBUNG", "TAKSIR_BERULANG"]  # 1000 is not 1000.125
    assert {*tanda[semua[0]]} == {*tanda[semua[1]]} == {*tanda[semua[2]]} == {*umum, "FOTO_SAMA"}
    assert {*tanda[semua[3]]} == {*umum, "LOKASI_JAUH"}
    assert {*tanda[semua[4]]} == {*umum}
    laporan = verifikasi(jalan.layanan.buku, Lingkup(unitup=d.unitup), lambda _: None)
    assert laporan.utuh, laporan.temuan


@pytest.mark.parametrize(
    ("riwayat", "ada"),
    [
        (None, ()),
        ("idpel, thblrek, kwh, cara_baca", ("kwh", "cara_baca")),
        ("idpel, thblrek", ()),
        ("idpel, sahlwbp, sahwbp, kwh", ()),
        ("thblrek, kwh", ()),
    ],
)
def test_riwayat_sebagian(maria: Maria, riwayat: str | None, ada: tuple[str, ...]) -> None:
    """Exactly the columns that can be read count, none of them where the key is not whole; the run goes on without."""
    d = maria.dunia
    semua = d.isi(2)
    d.acmt.execute(BULAN_DULU, [d.unitup])
    if riwayat:
        maria.tawarkan_view("v_riwayat", riwayat)
    maria.tawarkan_view("v_harga", "tarif, daya_dari, daya_sampai, harga_lwbp, harga_wbp, jam_minimum")
    maria.pindahkan()
    maria.pindahkan_lain()
    ini = sumber(maria)
    assert ini.kolom_riwayat == ada
    assert ini.harga() == []  # a price without its day is of no use
    bulan = ini.riwayat(semua, d.bulan, ini.kolom_riwayat)
    assert {*map(len, bulan.values())} == ({24} if ada else set())
    assert all(satu.sahlwbp is None for isi in bulan.values() for satu in isi)
    assert jalankan_sampai(d).penutup.startswith("Sukses: 2 pelanggan")


def detik(b: Any) -> dict[str, Any]:
    """DATETIME keeps whole seconds."""
    return {k: v.replace(microsecond=0) for k, v in b._asdict().items() if isinstance(v, datetime)}


def test_spv_yang_dicabut_tidak_mengesahkan(maria: Maria) -> None:
    """BIT(1) arrives as bytes, and the byte of zero is no true value."""
    d = maria.dunia
    d.isi(5)
    maria.pindahkan()
    jalan = jalankan_sampai(d, "buka_gerbang")
    maria.jalankan("UPDATE pln.petugas SET aktif = b'0' WHERE peran = 'ADMIN_CMT'")
    assert {p.aktif for p in jalan.layanan.sumber.petugas(d.unitup) if p.peran == "ADMIN_CMT"} == {False}
    with pytest.raises(WewenangKurang, match=r"tidak.*memegang ADMIN_CMT aktif"):
        jalan.terima()
    assert not d.terposting()


@pytest.mark.parametrize(
    ("jenis", "isi"), [("CHAR(3)", "T"), ("VARBINARY(5)", "N"), ("TINYINT", 0), ("CHAR(8)", "Tidak")]
)
def test_tidak_dalam_segala_bentuk(maria: Maria, jenis: str, isi: object) -> None:
    d = maria.dunia
    d.isi(3)
    maria.pindahkan()
    maria.jalankan(f"ALTER TABLE pln.petugas MODIFY aktif {jenis}")
    maria.jalankan("UPDATE pln.petugas SET aktif = %s", isi)
    assert {p.aktif for p in sumber(maria).petugas(d.unitup)} == {False}
    with pytest.raises((WewenangKurang, BelumSiap)):
        jalankan_sampai(d, "buka_gerbang")


def test_tanggal_nol_berarti_kosong(maria: Maria) -> None:
    """A zero date is no date: a reading that was not changed, a stamp that was not given."""
    d = maria.dunia
    idpel = d.isi(4)
    maria.pindahkan()
    maria.jalankan("UPDATE pln.bacaan SET kirim_pada = '0000-00-00' WHERE idpel = %s", idpel[2])
    maria.jalankan("UPDATE pln.jadwal SET tgl_mulai = '0000-00-00'")
    baca = {b.idpel: b for bagian in sumber(maria).baca(Tempat(d.unitup, d.bulan, d.kode)) for b in bagian}
    assert {b.diubah_pada for b in baca.values()} == {None}
    assert baca[idpel[2]].kirim_pada is None
    assert all(b.cacat is None for b in baca.values())
    assert d.bulan in sumber(maria).bulan(d.unitup)
    with pytest.raises(BelumSiap, match=f"{idpel[2]}.*pengiriman Admin Vendor"):
        jalankan_sampai(d, "ambil_bacaan")


def test_satu_baris_rusak_menahan_dirinya_sendiri(maria: Maria) -> None:
    """A NUL in a name, a customer twice, a kelompok's code in other letters: held by name, and the others go."""
    d = maria.dunia
    idpel = d.isi(8)
    maria.pindahkan()
    maria.jalankan("UPDATE pln.bacaan SET nama = CONCAT('Siti', CHAR(0), 'X') WHERE idpel = %s", idpel[1])
    maria.jalankan("INSERT INTO pln.bacaan SELECT * FROM pln.bacaan WHERE idpel = %s", idpel[3])
    maria.jalankan("UPDATE pln.bacaan SET hari_baca = 'a' WHERE idpel = %s", idpel[5])
    jalan = jalankan_sampai(d)
    assert d.terposting() == {*idpel} - {idpel[1], idpel[3], idpel[5]}
    ditahan = dict(
        d.buku_lihat.execute(
            "SELECT idpel, alasan FROM pengesahan.saringan WHERE sesi_id = %s AND hasil = 'DITAHAN'", [jalan.sesi.id]
        ).fetchall()
    )
    assert ditahan == {idpel[1]: ["DATA_TIDAK_VALID"], idpel[3]: [GANDA.upper()], idpel[5]: ["DATA_TIDAK_VALID"]}
    assert f"{idpel[3]} (2 baris)" in jalan.log
    assert "Siti" not in jalan.log


def test_spasi_pada_kunci_tidak_menyembunyikan_baris(maria: Maria) -> None:
    """CHAR of any width compares without its blanks, in every lookup."""
    d = maria.dunia
    idpel = d.isi(3)
    maria.pindahkan()
    s = sumber(maria)
    assert s.jumlah(Tempat(d.unitup, d.bulan, d.kode)) == 3
    assert s.unit(d.unitup).unitup == d.unitup
    assert [b.idpel for b in s.pelanggan(idpel[0])] == [idpel[0]]
    assert s.stempel(idpel[0], d.bulan) is not None
    assert [
        b.idpel for bagian in s.baca(Tempat(d.unitup, d.bulan, d.kode), dari=idpel[1], sampai=idpel[2]) for b in bagian
    ] == idpel[1:]
    assert [j.hari_baca for j in s.jadwal(d.unitup, d.bulan)] == [d.kode]
    assert s.unit_orang(d.spv) == [d.unitup]


def test_kolom_hilang_disebut_dengan_hak_select_saja(maria: Maria) -> None:
    """The contract grants SELECT and nothing else: that is enough to say what is missing."""
    maria.jalankan(
        "CREATE OR REPLACE VIEW acmt.v_petugas AS SELECT username, nama, email, peran, unitup FROM pln.petugas"
    )
    maria.jalankan("DROP VIEW acmt.v_unit")
    with pytest.raises(SumberTidakSesuai, match=r"v_unit tidak ada.*v_petugas tanpa kolom aktif"):
        sumber(maria).periksa_kontrak()


def test_tls_dipakai_atau_ditolak(maria: Maria) -> None:
    """TLS that is asked for and that the server cannot give is an error, never a connection in the clear."""
    from ap2t.koneksi import Koneksi
    from ap2t.source.koneksi import buat_engine

    dasar = {**maria.koneksi, "conn_id": "acmt_db"}
    tls = buat_engine(Koneksi(**dasar, extra_dejson={"ssl_ca": "/tiada/ca.pem"}))
    with pytest.raises(FileNotFoundError), tls.connect():
        pass
    wajib = buat_engine(Koneksi(**dasar, extra_dejson={"ssl": {"check_hostname": True}}))
    with pytest.raises(Exception, match=r"(?i)ssl"), wajib.connect():
        pass
    with pytest.raises(KoneksiTidakSah, match="sslmode"):
        buat_engine(Koneksi(**dasar, extra_dejson={"sslmode": "require"}))
    with buat_engine(Koneksi(**dasar)).connect() as conn:
        assert conn.execute(text("SELECT @@time_zone")).scalar_one() == "+00:00"


def test_zona_waktu_server_tidak_menggeser(maria: Maria) -> None:
    """DATETIME holds UTC by agreement; a server in WIB hands it out unshifted."""
    d = maria.dunia
    d.isi(1)
    maria.pindahkan()
    maria.jalankan("SET GLOBAL time_zone = '+07:00'")
    try:
        (b,) = (b for bagian in sumber(maria).baca(Tempat(d.unitup, d.bulan, d.kode)) for b in bagian)
        assert b.tgl_baca is not None
        assert abs(datetime.now(UTC) - timedelta(days=2) - b.tgl_baca) < timedelta(minutes=5)
    finally:
        maria.jalankan("SET GLOBAL time_zone = 'SYSTEM'")

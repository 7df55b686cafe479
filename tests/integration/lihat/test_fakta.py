"""Facts that arrive: what one row holds stops that row, by name, and no other row, kelompok, unit or screen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from proses_fixtures import Dunia, isi_koneksi, jalankan_sampai
from test_lihat_perintah import jalankan

from ap2t.domain.model import KOLOM_BACAAN, Tempat
from ap2t.galat import BelumSiap, SumberBerubah, SumberTidakSesuai, WewenangKurang
from ap2t.proses.kesiapan import hitung_acmt
from ap2t.source.acmt import SumberAcmt
from ap2t.source.kontrak import KONTRAK
from ap2t.source.salinan import Terbaca, bacaan_dari
from sandbox.rumah import Rumah
from sandbox.stack import Stack
from tests.perintah import keluar


@pytest.fixture
def lite(dunia: Dunia, tmp_path: Path) -> sqlite3.Connection:
    """The unit's ACMT in SQLite, which takes anything anywhere; filled by :func:`pindahkan`."""
    conn = sqlite3.connect(tmp_path / "acmt.db", isolation_level=None)
    for view, kolom in KONTRAK.items():
        conn.execute(f"CREATE TABLE t_{view} ({', '.join(kolom)})")
        conn.execute(f"CREATE VIEW {view} AS SELECT * FROM t_{view}")  # noqa: S608
    return conn


def pindahkan(dunia: Dunia, lite: sqlite3.Connection) -> None:
    """Copy the unit out of the demo's PostgreSQL, and point acmt_db at SQLite."""
    for view, kolom in KONTRAK.items():
        baca = f"SELECT {', '.join(kolom)} FROM acmt.{view} WHERE unitup = %s"  # noqa: S608
        baris = [tuple(map(_sqlite, r)) for r in dunia.acmt.execute(baca.encode(), [dunia.unitup])]
        lite.executemany(f"INSERT INTO t_{view} VALUES ({', '.join('?' * len(kolom))})", baris)  # noqa: S608
    berkas = lite.execute("PRAGMA database_list").fetchone()[2]
    isi_koneksi(dunia.monkeypatch, "acmt_db", conn_type="sqlite", host=berkas)


def _sqlite(nilai: Any) -> Any:
    if isinstance(nilai, datetime):
        return nilai.astimezone(UTC).isoformat()
    return str(nilai) if isinstance(nilai, Decimal | date) else nilai


def ditahan(jalan: Any) -> dict[str, list[str]]:
    return dict(
        jalan.dunia.buku_lihat.execute(
            "SELECT idpel, alasan FROM pengesahan.saringan WHERE sesi_id = %s AND hasil = 'DITAHAN'", [jalan.sesi.id]
        ).fetchall()
    )


# ------------------------------------------------------------------------------------------------- values of one row


def test_yang_tak_dapat_disimpan_menahan_barisnya_sendiri(dunia: Dunia, lite: sqlite3.Connection) -> None:
    """NUL, bytes that are no UTF-8, a number without end: the row is held by name, and no customer's name is told."""
    idpel = dunia.isi(7)
    pindahkan(dunia, lite)
    for n, (kolom, isi) in enumerate(
        [
            ("nama", "Siti\0Rahasia"),
            ("nama", b"Siti \xff Rahasia"),
            ("pemkwh_lalu", "1e99999"),
            ("latitude", "-6,2"),
            ("sahlwbp", "115O"),
        ]
    ):
        perintah = f"UPDATE t_v_bacaan SET {kolom} = CAST(? AS TEXT) WHERE idpel = ?"  # noqa: S608
        lite.execute(perintah, [isi, idpel[n]])
    jalan = jalankan_sampai(dunia)
    assert dunia.terposting() == set(idpel[5:])
    assert ditahan(jalan) == {
        **{i: ["DATA_TIDAK_VALID"] for i in idpel[:4]},
        idpel[4]: ["STAN_TIDAK_VALID"],
    }
    assert f"{idpel[0]} (nama), {idpel[1]} (nama), {idpel[2]} (pemkwh_lalu), {idpel[3]} (latitude)" in jalan.log
    assert "Rahasia" not in jalan.log
    assert "Siti" not in jalan.log


@pytest.mark.parametrize("isi", ["infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"])
def test_waktu_yang_python_tak_kenal(dunia: Dunia, isi: str) -> None:
    """Readiness, schedule and snapshot read the same: that customer is not ready, and the log names the column."""
    dunia.pola("BERTAHAP")
    idpel = dunia.isi(4)
    dunia.ubah_acmt(2, diubah_pada=isi)
    siap = hitung_acmt(dunia.layanan(), Tempat(dunia.unitup, dunia.bulan, dunia.kode))
    assert (siap.total, siap.siap_semua) == (4, 3)
    assert [b.idpel for b in siap.contoh["TERVERIFIKASI"]] == [idpel[2]]  # type: ignore[index]
    assert "isi diubah_pada tidak terbaca" in siap.contoh["TERVERIFIKASI"][0].alasan  # type: ignore[index]
    jalan = jalankan_sampai(dunia)
    assert dunia.terposting() == {*idpel} - {idpel[2]}
    lewat_teks = [satu for isi in jalan.layanan.sumber.salin(jalan.sesi.tempat) for satu in bacaan_dari(isi)]
    lewat_driver = [b for bagian in jalan.layanan.sumber.baca(jalan.sesi.tempat) for b in bagian]
    assert (
        [b.cacat for b in lewat_driver] == [t[0].cacat for t in lewat_teks] == [None, None, {"diubah_pada": isi}, None]
    )
    (satu,) = jalan.layanan.sumber.pelanggan(idpel[2])
    assert satu.cacat == {"diubah_pada": isi}


def test_lengkap_menyebut_yang_menahannya(dunia: Dunia) -> None:
    idpel = dunia.isi(3)
    dunia.ubah_acmt(1, diubah_pada="infinity")
    with pytest.raises(BelumSiap, match=f"1 pelanggan .*{idpel[1]}.*diubah_pada tidak terbaca"):
        jalankan_sampai(dunia, "ambil_bacaan")


# ------------------------------------------------------------------------------------------------------ keys and rows


def test_pelanggan_ganda_ditahan_yang_lain_jalan(dunia: Dunia, lite: sqlite3.Connection) -> None:
    """Twice the same number, also where one has a blank before it; a row without a number has a name of its own."""
    idpel = dunia.isi(8)
    pindahkan(dunia, lite)
    kolom = ", ".join(KOLOM_BACAAN[1:])
    for nomor, asal in ((idpel[1], idpel[1]), (f" {idpel[3]}", idpel[3]), (None, idpel[5]), ("", idpel[5])):
        lite.execute(
            f"INSERT INTO t_v_bacaan SELECT ?, {kolom} FROM t_v_bacaan WHERE idpel = ? LIMIT 1",  # noqa: S608
            [nomor, asal],
        )
    jalan = jalankan_sampai(dunia)
    assert dunia.terposting() == {*idpel} - {idpel[1], idpel[3]}
    assert ditahan(jalan) == {
        idpel[1]: ["GANDA"],
        idpel[3]: ["GANDA"],
        "(kosong)": ["DATA_TIDAK_VALID", "GANDA"],
    }
    assert f"{idpel[1]} (2 baris), {idpel[3]} (2 baris)" in jalan.log


def test_ganda_sesudah_disetujui_tidak_dikirim(dunia: Dunia, lite: sqlite3.Connection) -> None:
    """A second row that comes after the approval makes the first one doubtful when its batch goes."""
    idpel = dunia.isi(4)
    pindahkan(dunia, lite)
    jalan = jalankan_sampai(dunia, "terima")
    lite.execute("INSERT INTO t_v_bacaan SELECT * FROM t_v_bacaan WHERE idpel = ?", [idpel[2]])
    jalan.sampai(dari="posting")
    assert dunia.hasil(jalan.sesi)[idpel[2]] == ("BERUBAH", "BERUBAH_DI_ACMT")
    assert dunia.terposting() == {*idpel} - {idpel[2]}


@pytest.mark.parametrize("kolom", ["hari_baca", "unitup", "thblrek"])
def test_tidak_ada_yang_lengkap_selagi_ada_baris_tersembunyi(
    dunia: Dunia, lite: sqlite3.Connection, kolom: str
) -> None:
    """Blanks behind a key hide rows from a reading by key: readiness, start and snapshot all say so."""
    idpel = dunia.isi(6)
    pindahkan(dunia, lite)
    lite.execute(f"UPDATE t_v_bacaan SET {kolom} = {kolom} || '  ' WHERE idpel >= ?", [idpel[3]])  # noqa: S608
    tempat = Tempat(dunia.unitup, dunia.bulan, dunia.kode)
    with pytest.raises(SumberTidakSesuai, match=r"3 dari 6 baris v_bacaan .*TRIM"):
        hitung_acmt(dunia.layanan(), tempat)
    with pytest.raises(SumberTidakSesuai, match="3 dari 6 baris"):
        jalankan_sampai(dunia, "buka_sesi")
    with pytest.raises(SumberTidakSesuai, match="3 dari 6 baris"):
        dunia.layanan().sumber.pastikan_semua(tempat, 3)


def test_baris_yang_masuk_selagi_dibaca(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that comes while the kelompok is read makes the snapshot incomplete: it is taken once more."""
    dunia.isi(3)
    asli = SumberAcmt.salin

    def salin(self: SumberAcmt, *a: str, **k: Any) -> Iterator[bytes | list[Terbaca]]:
        yield from asli(self, *a, **k)
        dunia.acmt.execute(
            "INSERT INTO acmt_dasar.bacaan (idpel, unitup, thblrek, hari_baca) VALUES (%s, %s, %s, %s)",
            [dunia.idpel(9), dunia.unitup, dunia.bulan, dunia.kode],
        )
        monkeypatch.setattr(SumberAcmt, "salin", asli)

    jalan = jalankan_sampai(dunia, "buka_sesi")
    monkeypatch.setattr(SumberAcmt, "salin", salin)
    with pytest.raises(SumberBerubah, match="3 baris terbaca, kini 4") as e:
        jalan.ambil_bacaan()
    assert not e.value.permanen
    with pytest.raises(BelumSiap, match=dunia.idpel(9)):
        jalan.ambil_bacaan()


# ------------------------------------------------------------------------------------------------ units and calendar


def test_satu_unit_atau_tanggal_rusak_tidak_menyembunyikan_yang_lain(dunia: Dunia, lite: sqlite3.Connection) -> None:
    """A zone that is none stops that unit's runs; a calendar day that is none, that kelompok's month: no screen."""
    dunia.isi(3)
    pindahkan(dunia, lite)
    lite.execute("INSERT INTO t_v_unit VALUES ('59999', 'ULP Rusak', '60000', '60', 'WIB')")
    lite.executemany(
        "INSERT INTO t_v_jadwal_hari_baca VALUES (?, ?, ?, ?, ?)",
        [(dunia.unitup, dunia.bulan, "B", None, 1), (dunia.unitup, "202605", "A", "0000-00-00", "dua")],
    )
    s = dunia.layanan().sumber
    assert {u.unitup: u.zona_waktu for u in s.semua_unit()} == {dunia.unitup: "Asia/Jakarta", "59999": "Asia/Jakarta"}
    assert s.zona_unit() == {dunia.unitup: "Asia/Jakarta", "59999": None}
    with pytest.raises(SumberTidakSesuai, match=r"unit 59999.*WIB"):
        s.unit("59999")
    assert s.unit("59999", untuk_dilihat=True).nama == "ULP Rusak"
    assert {dunia.bulan, "202605"} <= set(s.bulan(dunia.unitup)) == set(s.semua_bulan()[dunia.unitup])
    assert {j.hari_baca for j in s.jadwal(dunia.unitup, dunia.bulan)} == {"A", "B"}
    assert s.thblrek_berjalan(dunia.unitup, "A", date(2026, 6, 1)) == dunia.bulan
    with pytest.raises(SumberTidakSesuai, match="kelompok B unit"):
        s.thblrek_berjalan(dunia.unitup, "B", date(2026, 6, 1))
    keluar(jalankan("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan), 0)


def test_koneksi_yang_sama_di_unit_lain(dunia: Dunia) -> None:
    """Two approvers, of whatever units, whose AP2T connections would be one and the same: neither is asked."""
    dunia.isi(2)
    dunia.acmt.execute(
        "INSERT INTO acmt_dasar.petugas (username, peran, unitup) VALUES (%s, 'ADMIN_CMT', '99998')",
        [dunia.spv.upper()],
    )
    try:
        jalan = jalankan_sampai(dunia, "rekap")
        undangan = jalan.buka_gerbang()
        assert undangan is not None
        assert undangan.orang == [dunia.spv_b]
        assert f"{dunia.spv} tidak ditanya: nama koneksi AP2T-nya sama dengan milik" in jalan.log
    finally:
        dunia.acmt.execute("DELETE FROM acmt_dasar.petugas WHERE unitup = '99998'")


def test_aktif_yang_tak_terbaca_menutup_hak(dunia: Dunia, lite: sqlite3.Connection) -> None:
    """A value on neither list makes nobody active, and the error names the person and the column."""
    dunia.isi(2)
    pindahkan(dunia, lite)
    jalan = jalankan_sampai(dunia, "rekap")
    lite.execute("UPDATE t_v_petugas SET aktif = 'aktif' WHERE peran = 'ADMIN_CMT'")
    with pytest.raises(
        WewenangKurang, match=f"v_petugas.aktif milik {dunia.spv}, {dunia.spv_b} bukan nilai ya atau tidak"
    ):
        jalan.buka_gerbang()


def test_stack_tertanam_di_atas_sumber_berspasi(dunia: Dunia, lite: sqlite3.Connection, tmp_path: Path) -> None:
    """The sandbox knows customers as the product reads them, and leaves out what has no key; nobody needs a name."""
    idpel = dunia.isi(4)
    pindahkan(dunia, lite)
    lite.execute("UPDATE t_v_bacaan SET idpel = idpel || '   ', hari_baca = 'A '")
    lite.execute("UPDATE t_v_bacaan SET idpel = '12' WHERE idpel LIKE ?", [f"{idpel[0]}%"])
    lite.execute("UPDATE t_v_bacaan SET daya = 'x' WHERE idpel LIKE ?", [f"{idpel[1]}%"])
    lite.execute("UPDATE t_v_petugas SET username = NULL WHERE peran = 'PETUGAS_BACA'")
    lite.execute("UPDATE t_v_petugas SET username = username || ' ' WHERE peran = 'ADMIN_CMT'")
    stack = Stack(Rumah(tmp_path / "rumah"))
    stack.rumah.siapkan()
    stack._isi_sandbox()
    with sqlite3.connect(stack.rumah.toko) as toko:
        isi = toko.execute("SELECT idpel, hari_baca, daya FROM pelanggan ORDER BY idpel").fetchall()
    assert isi == [(idpel[1], "A", "0"), (idpel[2], "A", "1300"), (idpel[3], "A", "1300")]
    assert f"AIRFLOW_CONN_AP2T_{dunia.spv.upper()}" in stack.env
    assert {dunia.spv, dunia.spv_b} <= set(stack._peran())

"""``ap2t periksa`` looks at values: each suspicion has a name, counts and idpel at most, and the exit code tells."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime

import pytest
from mariadb_fixtures import Maria
from proses_fixtures import Dunia
from test_fakta import lite, pindahkan
from test_lihat_perintah import jalankan

from ap2t import setelan
from ap2t.domain.model import KOLOM_PILIHAN
from ap2t.kelola.isi_acmt import _BUKAN, Hal, _kolom, periksa_isi
from ap2t.source.normal import BACA, baca_teks
from tests.perintah import keluar

__all__ = ["lite"]
SEKARANG = datetime(2026, 6, 2, 3, tzinfo=UTC)
"""The unit's kelompok of the test's month has begun by then."""


def hal(dunia: Dunia) -> list[Hal]:
    return periksa_isi(dunia.layanan().sumber, setelan.kelompok(), SEKARANG).hal


def isi(dunia: Dunia, lite: sqlite3.Connection) -> list[str]:
    """Forty plain readings, read and stamped before the instant of the look."""
    idpel = dunia.isi(40)
    waktu = ["tgl_baca", "verif_pengawas_pada", "verif_vendor_pada", "kirim_pada"]
    atur = ", ".join(f"{k} = '2026-06-01 03:0{n}:00+00'" for n, k in enumerate(waktu))
    dunia.acmt.execute(f"UPDATE acmt_dasar.bacaan SET {atur} WHERE unitup = %s".encode(), [dunia.unitup])  # noqa: S608
    pindahkan(dunia, lite)
    return idpel


def test_sumber_yang_baik_tidak_dicurigai(dunia: Dunia, lite: sqlite3.Connection) -> None:
    isi(dunia, lite)
    dilihat = periksa_isi(dunia.layanan().sumber, setelan.kelompok(), SEKARANG)
    assert (dilihat.unit, dilihat.bacaan) == (1, 40)
    pilihan = [hal for hal in dilihat.hal if " pilihan " in hal.kalimat]
    assert [hal for hal in dilihat.hal if hal not in pilihan] == []
    tanpa = [hal.kalimat.partition(" pilihan ")[2].partition(":")[0] for hal in pilihan]
    assert tanpa == [*KOLOM_PILIHAN, "v_riwayat", "v_harga"]  # it offers none of them
    assert not any(hal.gagal for hal in pilihan)


def test_semua_yang_ditawarkan_dilihat(dunia: Dunia) -> None:
    """Every kind of column beside the contract is looked at; what is none of its kind is told."""
    dunia.isi(3, {0: {"rendah_wajar": True, "daya_lama": 900, "cara_baca": "AMR"}})
    sumber = dunia.layanan().sumber
    dilihat = periksa_isi(sumber, setelan.kelompok(), SEKARANG)
    assert dilihat.bacaan > 0
    assert not any("v_bacaan tanpa kolom" in hal.kalimat for hal in dilihat.hal)
    assert set(_BUKAN) == {*BACA.values(), baca_teks}
    [hal] = _kolom("rendah_wajar", ["mungkin", "Y", None], ["1", "2", "3"])
    assert "rendah_wajar: 1 dari 3" in hal.kalimat
    assert "bukan ya atau tidak (str)" in hal.kalimat


CURIGA = [
    # (what is wrong, whether the product cannot work so, what is said)
    ("UPDATE t_v_unit SET zona_waktu = 'WIB'", True, r"v_unit.zona_waktu: 1 unit tanpa zona IANA: \d+ \(WIB\)"),
    ("INSERT INTO t_v_unit SELECT * FROM t_v_unit", True, "1 unit tercantum lebih dari sekali"),
    ("INSERT INTO t_v_unit VALUES ('6X', 'x', '', '', 'Asia/Jakarta')", True, "1 kode bukan 5 angka: 6X"),
    ("UPDATE t_v_petugas SET aktif = 'aktif' WHERE peran = 'ADMIN_CMT'", True, r"aktif: aktif \(str\) \(2 baris\)"),
    ("UPDATE t_v_petugas SET aktif = X'ff'", True, r"aktif: .*\(bytes\) \(\d+ baris\) bukan nilai ya atau tidak"),
    ("UPDATE t_v_petugas SET aktif = CASE peran WHEN 'ADMIN_CMT' THEN 'T' ELSE 'F' END", True, "berisi T dan F"),
    ("UPDATE t_v_petugas SET aktif = 'N'", True, "tidak satu pun dari"),
    ("UPDATE t_v_petugas SET username = NULL WHERE peran = 'PETUGAS_BACA'", True, "2 baris tanpa nama pengguna"),
    ("UPDATE t_v_petugas SET peran = lower(peran) WHERE peran = 'PENGAWAS'", False, r"peran: pengawas \(\d baris\)"),
    (
        "INSERT INTO t_v_petugas SELECT upper(username), nama, email, peran, unitup, aktif FROM t_v_petugas "
        "WHERE peran = 'PENGAWAS' LIMIT 1",
        False,
        "1 pasang berbeda huruf besar/kecilnya saja",
    ),
    (
        "INSERT INTO t_v_petugas SELECT 'budi.s', nama, email, peran, unitup, aktif FROM t_v_petugas WHERE "
        "peran = 'ADMIN_CMT' UNION ALL SELECT 'budi_s', nama, email, peran, '99999', aktif FROM t_v_petugas WHERE "
        "peran = 'ADMIN_CMT'",
        True,
        r"budi.s dan budi_s \(ap2t_budi_s\)",
    ),
    ("UPDATE t_v_jadwal_hari_baca SET tgl_mulai = '0000-00-00' WHERE hari_baca = 'B'", False, "tanpa tgl_mulai"),
    (
        "UPDATE t_v_jadwal_hari_baca SET hari_baca = 'aa' WHERE hari_baca = 'B'",
        False,
        r"aa \(\d baris\) tidak ada di",
    ),
    ("DELETE FROM t_v_jadwal_hari_baca", True, "tidak memuat bulan yang pembacaannya sudah mulai"),
    ("UPDATE t_v_bacaan SET hari_baca = 'A ' WHERE idpel LIKE '%7'", True, "4 dari 40 baris v_bacaan .* memuat spasi"),
    (
        "UPDATE t_v_bacaan SET idpel = ' ' || idpel WHERE idpel LIKE '%17'",
        False,
        "1 dari 40 .* bukan 12 angka",
    ),
    ("UPDATE t_v_bacaan SET sahlwbp = '1.150,0'", True, r"sahlwbp: 40 dari 40 .* bukan bilangan \(str\)"),
    ("UPDATE t_v_bacaan SET sahlwbp = 'x' WHERE idpel LIKE '%17'", False, "sahlwbp: 1 dari 40 .* bukan bilangan"),
    ("UPDATE t_v_bacaan SET slalwbp = 1000.5", True, "slalwbp berjenis pecahan biner"),
    ("UPDATE t_v_bacaan SET nama = CAST(X'ff' AS TEXT) WHERE idpel LIKE '%17'", False, "nama: 1 dari 40 .* bukan teks"),
    ("UPDATE t_v_bacaan SET diubah_pada = 'kemarin'", True, "diubah_pada: 40 dari 40 .* bukan waktu"),
    ("UPDATE t_v_bacaan SET pemkwh = '150.1234567' WHERE idpel LIKE '%17'", False, "1 dari 40 .* 6 desimal"),
    ("UPDATE t_v_bacaan SET lwbpcabut = '0', lwbppasang = '0'", False, "40 dari 40 .* cabut dan pasang 0"),
    ("UPDATE t_v_bacaan SET kirim_pada = '2026-06-02 10:00:00'", True, "40 dari 40 .* dicap di masa depan"),
    (
        "UPDATE t_v_bacaan SET kirim_oleh = upper(kirim_oleh)",
        True,
        r"cap oleh VENDOR\d+ \(40 baris\) .* hanya bila",
    ),
]


@pytest.mark.parametrize(("ubah", "gagal", "kalimat"), CURIGA, ids=[c[2] for c in CURIGA])
def test_setiap_kecurigaan_bernama(
    dunia: Dunia, lite: sqlite3.Connection, ubah: str, gagal: bool, kalimat: str
) -> None:
    dunia.acmt.execute(
        "INSERT INTO acmt_dasar.jadwal_hari_baca VALUES (%s, '202606', 'B', '2026-05-26', 1) ON CONFLICT DO NOTHING",
        [dunia.unitup],
    )
    isi(dunia, lite)
    lite.execute(ubah)
    ada = [h for h in hal(dunia) if re.search(kalimat, h.kalimat)]
    assert [h.gagal for h in ada] == [gagal], hal(dunia)
    assert "Rahasia" not in str(hal(dunia))


def test_kode_keluar_memberi_tahu(dunia: Dunia, lite: sqlite3.Connection) -> None:
    idpel = dunia.isi(40)
    pindahkan(dunia, lite)
    lite.execute("UPDATE t_v_bacaan SET nama = CAST(X'ff' AS TEXT) WHERE idpel = ?", [idpel[0]])
    hasil = keluar(jalankan("periksa"), 0)
    assert f"ACMT (acmt_db): PERINGATAN. v_bacaan.nama: 1 dari 40 pelanggan yang dilihat ({idpel[0]})" in hasil.output
    lite.execute("UPDATE t_v_petugas SET aktif = 2")
    hasil = keluar(jalankan("periksa"), 1)
    assert "ACMT (acmt_db): GAGAL. v_petugas.aktif: 2 (int)" in hasil.output
    assert "Buku (cmt_db): skema" in hasil.output


@pytest.mark.mariadb
def test_mariadb(maria: Maria) -> None:
    """FLOAT has lost digits before anybody reads it (1234567.5 arrives as 1234570): only its type tells."""
    d = maria.dunia
    d.isi(3, {1: {"slalwbp": "1234567.5"}})
    maria.pindahkan()
    sumber = d.layanan().sumber
    sekarang = datetime.now(UTC)
    assert [h for h in periksa_isi(sumber, setelan.kelompok(), sekarang).hal if h.gagal] == []
    maria.jalankan("ALTER TABLE pln.bacaan MODIFY slalwbp FLOAT")
    maria.jalankan("UPDATE pln.petugas SET aktif = b'0'")
    kalimat = [h.kalimat for h in periksa_isi(sumber, setelan.kelompok(), sekarang).hal if h.gagal]
    assert any("slalwbp berjenis pecahan biner" in k for k in kalimat)
    assert any("tidak satu pun dari" in k for k in kalimat)

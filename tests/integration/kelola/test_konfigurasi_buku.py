"""The units' configuration in the ledger: kept by the owner, with history and trail; the command around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from proses_fixtures import APLIKASI, PEMILIK, AlamatPg, Dunia, isi_koneksi, jalankan_sampai, koneksi_basis, salin_buku
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from ap2t import koneksi
from ap2t.cli import app
from ap2t.domain.kata import TANPA_KOLOM
from ap2t.domain.konfigurasi import baca, kanonik
from ap2t.domain.model import KOLOM_PILIHAN, Ketentuan
from ap2t.galat import BukuMenolak, KonfigurasiTidakSah, MasukanTidakSah
from ap2t.kelola.pola import periksa_naskah, terapkan
from ap2t.ledger import konfigurasi, sesi
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.mesin import buat_mesin
from ap2t.ledger.skema import mesin_pemilik
from tests.perintah import keluar

LENGKAP = "{kesiapan: LENGKAP, persetujuan_kedua: false, batas_jam_nyala: 2000}"


@pytest.fixture
def pemilik(alamat_pg: AlamatPg, dunia: Dunia, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The owner of a ledger of the test's own, which ``cmt_db`` points to as the application."""
    alamat = salin_buku(alamat_pg, f"uji_konf_{dunia.unitup}")
    isi_koneksi(dunia.monkeypatch, "cmt_db", **koneksi_basis(alamat, APLIKASI))
    dunia.monkeypatch.setenv("AP2T_LEDGER_OWNER_URL", alamat_pg.sebagai(alamat, PEMILIK))
    mesin = mesin_pemilik()
    yield mesin
    mesin.dispose()


def dokumen(dunia: Dunia, isi: str = LENGKAP) -> str:
    """Return a document that names the test's unit."""
    return f"unit:\n  {dunia.unitup}: {isi}\n"


def pasang(dunia: Dunia, pemilik: Engine, teks: str, alasan: str = "kesepakatan unit") -> konfigurasi.Versi | None:
    """Apply a document."""
    return terapkan(dunia.layanan(), pemilik, teks, "pengelola", alasan, lambda _: None)


def jejak_konfigurasi(pemilik: Engine) -> list[dict[str, Any]]:
    """Return what the trail says of configurations."""
    with pemilik.connect() as conn:
        return [
            dict(b._mapping)
            for b in conn.exec_driver_sql(
                "SELECT pelaku, isi FROM pengesahan.jejak WHERE jenis = 'KONFIGURASI_DITERAPKAN' ORDER BY id"
            )
        ]


def perintah(*kata: str) -> Result:
    """Run `ap2t pola …`."""
    return CliRunner().invoke(app, ["pola", *kata])


def test_versi_riwayat_dan_jejak(dunia: Dunia, pemilik: Engine) -> None:
    """A document becomes a version with text, canonical form and hash; the trail names what differs; equal is said."""
    teks = dokumen(dunia)
    satu = pasang(dunia, pemilik, teks)
    assert satu is not None
    assert (satu.versi, satu.teks, satu.oleh, satu.alasan) == (1, teks, "pengelola", "kesepakatan unit")
    assert satu.isi == kanonik(baca(teks).konfigurasi)
    assert pasang(dunia, pemilik, "# lain tulisannya, sama isinya\n" + teks.replace("2000", '"2000.0"')) is None
    dua = pasang(dunia, pemilik, teks.replace("2000", "1500"))
    assert dua is not None
    assert dua.versi == 2
    with dunia.layanan().buku.transaksi() as tx:  # the application may read
        assert [r.versi for r in tx.jalankan("konfigurasi_riwayat")] == [1, 2]
        assert tx.konfigurasi.ambil(1) == satu
        assert tx.konfigurasi.ambil() == dua
        assert tx.konfigurasi.unit(dunia.unitup).sesi.batas_jam_nyala == Decimal(1500)
        assert tx.konfigurasi.unit("99999").sesi[:3] == ("LENGKAP", 1, Decimal(2000))
        assert tx.jejak.periksa().putus is None
    catatan = jejak_konfigurasi(pemilik)
    assert [c["isi"]["versi"] for c in catatan] == [1, 2]
    assert catatan[1]["pelaku"] == "pengelola"
    assert catatan[1]["isi"]["sidik"] == dua.sidik
    ubah = {"dari": {"batas_jam_nyala": "2000"}, "menjadi": {"batas_jam_nyala": "1500"}}
    assert catatan[1]["isi"]["beda"] == {dunia.unitup: ubah}


def test_peran_aplikasi_tidak_dapat_menerapkan(dunia: Dunia, pemilik: Engine) -> None:
    """A worker cannot grant itself authority: the application's role may neither add nor change a configuration."""
    assert pasang(dunia, pemilik, dokumen(dunia)) is not None
    aplikasi = buat_mesin(koneksi.ambil("cmt_db"))
    with pytest.raises(BukuMenolak, match="tidak berhak"):
        pasang(dunia, aplikasi, dokumen(dunia).replace("2000", "1000"))
    with aplikasi.connect() as conn:
        for tulis in (
            "INSERT INTO pengesahan.konfigurasi (teks, isi, oleh, alasan) "
            "SELECT teks, isi, oleh, alasan FROM pengesahan.konfigurasi",
            "UPDATE pengesahan.konfigurasi SET isi = isi",
            "DELETE FROM pengesahan.konfigurasi",
            "CREATE TABLE pengesahan.pola_unit (a int)",
        ):
            with pytest.raises(Exception, match="permission denied"), conn.begin():
                conn.exec_driver_sql(tulis)
    assert len(jejak_konfigurasi(pemilik)) == 1


def test_ditolak_seluruhnya(dunia: Dunia, pemilik: Engine) -> None:
    """A bad configuration is refused as a whole, with the line at fault; nothing of it is kept."""
    teks = dokumen(dunia) + "  54110: {kesiapan: LENGKAP, persetujuan_kedua: false, batas_jam_nyala: 2001}\n"
    with pytest.raises(KonfigurasiTidakSah, match=r"baris 3, kolom 73: '2001' tidak sah"):
        pasang(dunia, pemilik, teks)
    with pytest.raises(MasukanTidakSah, match="10 huruf"):
        pasang(dunia, pemilik, dokumen(dunia), "   pendek   ")
    assert jejak_konfigurasi(pemilik) == []


def test_dicocokkan_dengan_acmt(dunia: Dunia, pemilik: Engine) -> None:
    """Unknown units, and people who read, verify or send in the unit (delegates, escalation), are refused by line."""
    teks = f"""\
unit:
  {dunia.unitup}:
    kesiapan: LENGKAP
    persetujuan_kedua: false
    batas_jam_nyala: 2000
    batas_jawab_jam: 4
    eskalasi: [{dunia.spv_b}, Vendor{dunia.unitup}]
    delegasi:
      - {{kepada: pengawas{dunia.unitup}, oleh: a, dari: 2026-06-01, sampai: 2026-06-02, alasan: alasan yang cukup}}
      - {{kepada: baca1{dunia.unitup}, oleh: a, dari: 2026-06-01, sampai: 2026-06-02, alasan: alasan yang cukup}}
      - {{kepada: orang_luar, oleh: a, dari: 2026-06-01, sampai: 2026-06-02, alasan: alasan yang cukup}}
  99999: {LENGKAP}
"""
    petugas = {p.username: p.peran for p in dunia.layanan().sumber.petugas(dunia.unitup)}
    pembaca = next(u for u, peran in petugas.items() if peran == "PETUGAS_BACA")
    teks = teks.replace(f"baca1{dunia.unitup}", pembaca)
    with pytest.raises(KonfigurasiTidakSah) as galat:
        periksa_naskah(dunia.layanan(), teks, lambda _: None)
    baris = {b: pesan for b, _, pesan in galat.value.kesalahan}
    assert set(baris) == {7, 9, 10, 12}
    assert "ADMIN_VENDOR" in baris[7]
    assert "PENGAWAS" in baris[9]
    assert "PETUGAS_BACA" in baris[10]
    assert "99999 tidak ada" in baris[12]
    dunia.petugas(f"pengawas{dunia.unitup}", aktif=False, peran="PENGAWAS")
    with pytest.raises(KonfigurasiTidakSah) as galat:
        periksa_naskah(dunia.layanan(), teks, lambda _: None)
    assert 9 not in {b for b, _, _ in galat.value.kesalahan}  # who no longer holds the role may be named


def test_tanpa_acmt(dunia: Dunia, pemilik: Engine) -> None:
    """ACMT away: the rules still hold, units are not looked up, and that is said."""
    isi_koneksi(dunia.monkeypatch, "acmt_db", conn_type="postgres", host="127.0.0.1", port=9, login="x", schema="x")
    kabar: list[str] = []
    naskah = periksa_naskah(dunia.layanan(), f"unit:\n  99999: {LENGKAP}\n", kabar.append)
    assert list(naskah.konfigurasi.unit) == ["99999"]
    assert "tidak dicocokkan dengan ACMT" in kabar[0]


def test_perintah_pola(dunia: Dunia, pemilik: Engine, tmp_path: Path) -> None:
    """The command: example, check, apply, history, look, and the shortcut that keeps what it is not asked to change."""
    assert "belum ada" in perintah("lihat").output.lower()
    contoh = perintah("contoh").output
    berkas = tmp_path / "pola.yaml"
    berkas.write_text(contoh.replace("54110", dunia.unitup).replace("55210", "99999"))
    hasil = perintah("periksa", str(berkas))
    keluar(hasil, 1)
    assert re.search(r"baris \d+, kolom 3: unit 99999 tidak ada", hasil.output)
    teks = contoh.replace("54110", dunia.unitup).partition("  55210:")[0]
    berkas.write_text("﻿" + teks)  # a byte order mark, as some editors write
    keluar(perintah("periksa", str(berkas)))
    assert jejak_konfigurasi(pemilik) == []
    terap = perintah("terapkan", str(berkas), "--alasan", "kesepakatan unit 12")
    assert "versi 1 berlaku" in keluar(terap).output
    assert "tidak ada yang berubah" in perintah("terapkan", str(berkas), "--alasan", "kesepakatan unit 12").output
    unit = ("--unitup", dunia.unitup, "--alasan", "pembatasan sementara")
    atur = perintah("atur", *unit, "--pola", "LENGKAP", "--pengesah", "1", "--batas-jam-nyala", "1999.5")
    assert "versi 2 berlaku" in keluar(atur).output
    with dunia.layanan().buku.transaksi() as tx:
        pola = tx.konfigurasi.unit(dunia.unitup).pola
    assert (pola.kesiapan, pola.persetujuan_kedua, pola.batas_jam_nyala) == ("LENGKAP", False, Decimal("1999.5"))
    assert (pola.batas_jawab_jam, len(pola.delegasi)) == (4, 1)
    for salah, sebut in (("2000.01", "2000"), ("x", "'x' tidak sah")):
        tolak = perintah("atur", *unit, "--pola", "LENGKAP", "--batas-jam-nyala", salah)
        keluar(tolak, 2)
        assert sebut in tolak.output
    keluar(perintah("atur", "--unitup", "99999", *unit[2:], "--pola", "LENGKAP"), 2)
    lihat = perintah("lihat", "--unitup", dunia.unitup).output
    assert "1999.5" in lihat
    assert "delegasi" in lihat
    keluar(perintah("lihat", "--unitup", "12345"), 2)
    dunia.acmt.execute("INSERT INTO acmt_dasar.unit VALUES ('12345', 'ULP Lain', '60000', '60', 'Asia/Jakarta')")
    assert "bawaan yang berlaku" in perintah("lihat", "--unitup", "12345").output
    assert teks.rstrip() in perintah("lihat", "--versi", "1").output
    keluar(perintah("lihat", "--versi", "9"), 2)
    riwayat = perintah("riwayat").output
    assert "kesepakatan unit 12" in riwayat
    assert "pembatasan sementara" in riwayat
    berkas.write_bytes(b"unit: {}\n# \xff\n")
    assert "baris 2" in perintah("periksa", str(berkas)).output
    keluar(perintah("periksa", str(tmp_path / "tidak_ada.yaml")), 2)


def test_sesi_memakai_pola_saat_dibuka(dunia: Dunia) -> None:
    """A session keeps the pattern it was opened with, and its version; a newer configuration holds for the next one."""
    dunia.isi(2)
    pertama = dunia.pola(
        "BERTAHAP", 2, Decimal("1234.5"), batas_jawab_jam="1.5", eskalasi=["b", "a"], tutup_sesudah_jam="9"
    )
    assert pertama is not None
    jalan = jalankan_sampai(dunia, "buka_sesi")
    dunia.pola()
    s = jalan.sesi
    assert (s.pola, s.pengesah, s.batas_jam_nyala) == ("BERTAHAP", 2, Decimal("1234.5"))
    assert (s.batas_jawab_jam, s.tutup_sesudah_jam, s.eskalasi) == (Decimal("1.5"), Decimal(9), ["a", "b"])
    assert s.konfigurasi == pertama.versi
    assert dunia.isi_jejak(s, "SESI_DIBUKA")["pola"] == {
        "pola": "BERTAHAP",
        "pengesah": 2,
        "batas_jam_nyala": "1234.5",
        "batas_jawab_jam": "1.5",
        "tutup_sesudah_jam": "9",
        "eskalasi": ["a", "b"],
        "konfigurasi": pertama.versi,
        "sampel": None,
        "ketentuan": {
            **Ketentuan()._asdict(),
            "pilihan": list(KOLOM_PILIHAN),
            "riwayat": list(TANPA_KOLOM["v_riwayat"]),
        },
    }


@pytest.mark.parametrize("kolom", ["konfigurasi", "batas_jawab_jam", "tutup_sesudah_jam", "eskalasi"])
def test_pola_sesi_tidak_diubah(dunia: Dunia, kolom: str) -> None:
    """A session's deadlines and its configuration are its own for good: no right, and a guard."""
    dunia.pola(batas_jawab_jam="4", eskalasi=["a"], tutup_sesudah_jam="9")
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "buka_sesi")
    ubah = f"UPDATE pengesahan.sesi SET {kolom} = NULL WHERE id = {jalan.sesi.id}"  # noqa: S608
    with pytest.raises(BukuMenolak, match="tidak berhak"), jalan.layanan.buku.transaksi() as tx:
        tx.conn.exec_driver_sql(ubah)
    with pytest.raises(psycopg.Error, match="identitas sesi"):
        dunia.buku_lihat.execute(ubah)


@pytest.mark.parametrize(
    "lebih_longgar",
    [
        {"pola": "BERTAHAP"},
        {"pengesah": 1},
        {"batas_jam_nyala": Decimal("1500.0001")},
        {"batas_jam_nyala": Decimal(2000)},
    ],
)
def test_sesi_tidak_lebih_longgar_daripada_konfigurasi(dunia: Dunia, lebih_longgar: dict[str, Any]) -> None:
    """The ledger opens no session under a laxer pattern than the one in force, whatever the program asks for."""
    versi = dunia.pola(pengesah=2, batas=Decimal(1500))
    assert versi is not None
    dasar = {"unitup": dunia.unitup, "thblrek": "202606", "hari_baca": "A", "dag_id": "d", "nama_unit": None}
    lain = {"run_id": f"r{dunia.unitup}", "zona_waktu": "Asia/Jakarta", "pemicu": None}
    ketat = sesi.Pola("LENGKAP", 2, Decimal(1500), konfigurasi=versi.versi)
    buku = dunia.layanan().buku
    dunia.dirusak = {"SESI"}
    with pytest.raises(BukuMenolak, match="lebih longgar"), buku.transaksi() as tx:
        tx.sesi.buka(**dasar, **lain, pola=ketat._replace(**lebih_longgar))
    with buku.transaksi() as tx:
        assert tx.sesi.buka(**dasar, **lain, pola=ketat._replace(batas_jam_nyala=Decimal(1400))).pengesah == 2


def test_buku_baru_memakai_bawaan(pemilik: Engine) -> None:
    """A ledger that was just made has no version and no entry of one: the defaults hold for every unit."""
    with pemilik.connect() as conn:
        tx = Transaksi(conn)
        assert tx.konfigurasi.ambil() is None
        assert tx.konfigurasi.unit("54110").sesi[:3] == ("LENGKAP", 1, Decimal(2000))
    assert jejak_konfigurasi(pemilik) == []

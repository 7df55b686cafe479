"""Old readings leave the ledger only whole, proven and long after; what was decided stays, and the audit knows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from arsip_fixtures import ALASAN, LAMA, Gudang
from batal_fixtures import JalanBatal, batalkan_sampai
from halaman_fixtures import Halaman
from proses_fixtures import APLIKASI, PEMILIK, Dunia, Jalan, salin_buku
from sqlalchemy import text
from typer.testing import CliRunner, Result

from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import tulis_json
from ap2t.audit.periksa import Lingkup, periksa_lingkup
from ap2t.cli import app
from ap2t.domain.model import Tempat
from ap2t.domain.status import Status
from ap2t.galat import Ap2tTidakPasti, ArsipGagal, BukuMenolak, MasukanTidakSah
from ap2t.kelola.arsip import Pengarsip, batas_bulan, pastikan_bulan, pemeriksa
from ap2t.ledger import arsip
from ap2t.ledger.arsip import TabelArsip
from ap2t.ledger.buku import Buku
from ap2t.ledger.skema import mesin_pemilik
from ap2t.lihat.fakta import riwayat, sesi_tempat
from ap2t.lihat.status_pelanggan import Mata, per_kelompok
from ap2t.proses.tutup import hentikan
from tests.perintah import keluar


@pytest.fixture
def gudang(dunia: Dunia, tmp_path: Path) -> Iterator[Gudang]:
    dunia.bulan = LAMA
    g = Gudang(dunia, tmp_path / "arsip")
    yield g
    g.tutup()


@pytest.fixture
def selesai(gudang: Gudang) -> Jalan:
    """An old session that ended: one row held, one sent back, four posted."""
    d = gudang.dunia
    semua = d.isi(6, {0: {"sahlwbp": "9999", "pemkwh": None}})
    jalan = d.jalan()
    jalan.sampai("buka_gerbang")
    jalan.terima(semua[1])
    jalan.sampai(dari="posting")
    return jalan


def jumlah(d: Dunia, tabel: str, jalan: Jalan) -> int:
    perintah = "SELECT count(*) FROM pengesahan.@ WHERE sesi_id = %s".replace("@", tabel)
    return int(d.satu(perintah, jalan.sesi.id))


def kelompok_lain(d: Dunia) -> None:
    """Go on with another kelompok of the unit and month, of three customers."""
    d.kode = "B"
    d.isi(3, {n: {"idpel": d.idpel(100 + n)} for n in range(3)})


def hari_ini() -> date:
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


def berkas(gudang: Gudang, jalan: Jalan) -> Path:
    [satu] = (gudang.folder / LAMA / gudang.dunia.unitup).glob(f"{jalan.sesi.nomor}-*.json.gz")
    return satu


def test_bacaan_keluar_yang_diputuskan_tinggal(gudang: Gudang, selesai: Jalan) -> None:
    d = gudang.dunia
    hasil = d.hasil(selesai.sesi)
    r = gudang.jalankan()
    assert (r.sesi, r.baris, r.gagal, r.halangan) == (1, 6, [], [])
    assert jumlah(d, "bacaan", selesai) == 0
    assert jumlah(d, "saringan", selesai) == 6
    assert d.hasil(selesai.sesi) == hasil
    assert len(hasil) == 4
    isi = d.isi_jejak(selesai.sesi, "BACAAN_DIARSIPKAN")
    assert (isi["baris"], isi["alasan"]) == (6, ALASAN)
    assert isi["berkas"] == f"{LAMA}/{d.unitup}/{selesai.sesi.nomor}-{isi['sidik_berkas'][:16]}.json.gz"
    satu = berkas(gudang, selesai)
    assert satu.stat().st_mode & 0o777 == 0o600
    assert (r.byte, [p.name for p in gudang.folder.rglob("*.baru")]) == (satu.stat().st_size, [])
    dalam = json.loads(gzip.decompress(satu.read_bytes()))
    assert dalam["sidik_berkas"] == isi["sidik_berkas"]
    assert len(dalam["baris"]) == 6
    assert "Rahasia" not in json.dumps(dalam)  # names stay out of it, as of every session's file
    assert (gudang.calon(), gudang.jalankan().sesi) == ([], 0)


def test_audit_mengenal_arsip(gudang: Gudang, selesai: Jalan) -> None:
    sebelum = gudang.audit(dengan_berkas=True)
    gudang.jalankan()
    tanpa, dengan = gudang.audit(dengan_berkas=False), gudang.audit(dengan_berkas=True)
    assert (sebelum.temuan, tanpa.temuan, dengan.temuan) == ([], [], [])
    assert (sebelum.sesi, tanpa.sesi, dengan.sesi) == (1, 1, 1)
    assert [p for p in tanpa.peringatan if "1 sesi sudah diarsipkan" in p]
    assert not [p for p in dengan.peringatan if "diarsipkan" in p]


def test_status_dan_riwayat_sesudah_arsip(gudang: Gudang, selesai: Jalan) -> None:
    """Everybody's status is as before, by the ledger alone; the customer's history too, now with the archive in it."""
    d = gudang.dunia
    t, satu = Tempat(d.unitup, LAMA, d.kode), d.idpel(3)
    sebelum = list(per_kelompok(Mata(gudang.buku), t))
    assert [s.keadaan.status for s in sebelum[:2]] == [Status.TERTAHAN, Status.DIKEMBALIKAN]
    gudang.jalankan()
    kini = list(per_kelompok(Mata(gudang.buku), t))
    assert kini == [s._replace(bacaan=None) for s in sebelum]
    with gudang.buku.transaksi() as tx:
        apa = [p.apa for p in riwayat(tx, sesi_tempat(tx, [t]), satu)]
    assert apa == ["CUPLIKAN", "LOLOS", "GERBANG_DIBUKA", "DISETUJUI", "BATCH_DIKIRIM", "POSTING", "SESI_SELESAI",
                   "BACAAN_DIARSIPKAN"]  # fmt: skip


def test_bulan_yang_diarsipkan_tertutup(gudang: Gudang, selesai: Jalan) -> None:
    gudang.jalankan()
    with pytest.raises(BukuMenolak, match=f"bacaan unit {gudang.dunia.unitup} bulan {LAMA} sudah diarsipkan"):
        gudang.dunia.jalan().buka_sesi()


def test_bulan_muda_tetap(gudang: Gudang) -> None:
    """Refused by the command, and by the ledger whatever the command says."""
    d = gudang.dunia
    d.bulan = batas_bulan(hari_ini() + timedelta(365))
    with pytest.raises(MasukanTidakSah, match="belum boleh keluar"):
        pastikan_bulan(d.bulan, hari_ini())
    d.isi(2)
    jalan = d.jalan()
    jalan.sampai()
    r = gudang.jalankan(d.bulan)
    assert r.sesi == 0
    assert [g for g in r.gagal if "belum setahun" in g]
    assert jumlah(d, "bacaan", jalan) == 2


def test_bulan_bersesi_terbuka_ditunda(gudang: Gudang, selesai: Jalan) -> None:
    d = gudang.dunia
    kelompok_lain(d)
    s = d.jalan().buka_sesi()
    [c] = gudang.calon()
    assert c.halangan is not None
    assert c.halangan.startswith(f"unit dan bulan ini masih punya sesi terbuka: {s.nomor} BERJALAN (yang ditinggalkan")
    r = gudang.jalankan()
    assert (r.sesi, len(r.halangan)) == (0, 1)
    with pytest.raises(BukuMenolak, match="masih punya sesi terbuka"):
        gudang.pengarsip.arsipkan(c, "uji", ALASAN)
    assert jumlah(d, "bacaan", selesai) == 6


def test_sesi_yang_ditinggalkan_diakhiri(gudang: Gudang, selesai: Jalan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that stands still for good is ended by a command with a reason, once what was in flight is certain."""
    monkeypatch.setenv("AP2T_SABAR_DETIK", "1")
    d = gudang.dunia
    kelompok_lain(d)
    jalan = d.jalan()
    jalan.sampai("terima")
    nomor, akhiri = (
        jalan.sesi.nomor,
        ("arsip", "akhiri", jalan.sesi.nomor, "--alasan", "ditinggalkan sejak pindah unit"),
    )

    def ap2t(*argumen: str) -> Result:
        return CliRunner().invoke(app, list(argumen))

    d.sandbox.ganggu("hilang_sesudah", "posting")
    d.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
    with pytest.raises(Ap2tTidakPasti):
        jalan.posting()
    r = ap2t(*akhiri)
    assert "berstatus BERJALAN, bukan TERHENTI" in keluar(r, 1).stderr
    hentikan(jalan.langkah, "uji")
    r = ap2t(*akhiri)
    assert "belum dapat dipastikan nasibnya" in keluar(r, 1).stderr
    assert jalan.sesi.status == "TERHENTI"
    d.pulihkan()
    keluar(ap2t(*akhiri[:-1], "pendek"), 2)
    keluar(ap2t(*akhiri))
    s = jalan.sesi
    assert s.status == "DIAMBIL_ALIH"
    assert s.keterangan is not None
    assert s.keterangan.endswith("tanpa run baru: ditinggalkan sejak pindah unit")
    assert d.hasil(s) == dict.fromkeys((d.idpel(100), d.idpel(101), d.idpel(102)), ("POSTING", None))
    assert gudang.audit(dengan_berkas=False).temuan == []
    assert "tanpa run baru: ditinggalkan sejak pindah unit" in ap2t("jejak", nomor).stdout
    keluar(ap2t(*akhiri), 1)
    assert (gudang.jalankan().sesi, gudang.audit(dengan_berkas=True).temuan) == (2, [])
    muda = d.bulan = f"{hari_ini():%Y%m}"
    d.isi(1)
    lain = d.jalan()
    lain.buka_sesi()
    hentikan(lain.langkah, "uji")
    r = ap2t("arsip", "akhiri", lain.sesi.nomor, "--alasan", "ditinggalkan sejak pindah unit")
    assert f"bulan {muda} belum boleh diakhiri begini" in keluar(r, 2).stderr


def test_sesi_yang_tidak_utuh_tidak_diarsipkan(gudang: Gudang, selesai: Jalan) -> None:
    d = gudang.dunia
    d.dirusak.add("SIDIK")
    with psycopg.connect(d.alamat.buku) as conn:
        conn.execute("SET LOCAL session_replication_role = replica")
        conn.execute("UPDATE pengesahan.bacaan SET nama = 'Lain' WHERE sesi_id = %s", [selesai.sesi.id])
    r = gudang.jalankan()
    assert r.sesi == 0
    assert [g for g in r.gagal if g.startswith(f"{d.unitup} {LAMA}: ") and f"{selesai.sesi.nomor} | SIDIK |" in g]
    assert jumlah(d, "bacaan", selesai) == 6
    assert list(gudang.folder.iterdir()) == []


def test_putus_sebelum_buku_mencatat(gudang: Gudang, selesai: Jalan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off between file and ledger nothing has left; the next run begins anew over the file that lies there."""
    with monkeypatch.context() as m:
        m.setattr(TabelArsip, "pindahkan", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            gudang.jalankan()
    assert berkas(gudang, selesai).exists()
    assert (jumlah(gudang.dunia, "bacaan", selesai), jumlah(gudang.dunia, "arsip", selesai)) == (6, 0)
    assert gudang.jalankan().sesi == 1
    assert gudang.audit(dengan_berkas=True).utuh


def test_satu_pengarsip_saja(gudang: Gudang, selesai: Jalan) -> None:
    with Buku(gudang.pemilik).sendirian(arsip.KUNCI) as sendiri:
        assert sendiri
        with pytest.raises(ArsipGagal, match="Pengarsipan lain sedang berjalan"):
            gudang.jalankan()
    assert gudang.jalankan().sesi == 1


def test_baru_berakhir_ditunda(gudang: Gudang, selesai: Jalan) -> None:
    """An old month whose last session has just ended may still be complained about, or cancelled."""
    gudang.pengarsip.tenang = 90
    r = gudang.jalankan()
    assert (r.sesi, [h.split(": ")[1] for h in r.halangan]) == (
        0,
        ["sesi terakhir unit dan bulan ini berakhir kurang dari 90 hari yang lalu"],
    )


def test_folder_tidak_dibuat_sendiri(gudang: Gudang, selesai: Jalan) -> None:
    """A share that is not mounted must not be replaced by a folder on some disk."""
    gudang.folder.rmdir()
    with pytest.raises(MasukanTidakSah, match="tidak ada: pasang"):
        gudang.jalankan()
    assert jumlah(gudang.dunia, "bacaan", selesai) == 6


def test_buku_lain_ditolak(gudang: Gudang, selesai: Jalan) -> None:
    """The ledger that is read and the one that readings leave must be one."""
    lain = mesin_pemilik(
        gudang.dunia.alamat.sebagai(salin_buku(gudang.dunia.alamat, f"uji_lain_{gudang.dunia.unitup}"), PEMILIK)
    )
    with lain.begin() as conn:
        conn.execute(text("ALTER TABLE pengesahan.identitas DISABLE TRIGGER USER"))
        conn.execute(text("UPDATE pengesahan.identitas SET kode = gen_random_uuid()"))
    with pytest.raises(MasukanTidakSah, match="menunjuk buku yang berbeda"):
        Pengarsip(gudang.buku, lain, gudang.folder, None, lambda _: None, 0).jalankan(LAMA, None, "uji", ALASAN)
    lain.dispose()


def oleh_vendor(d: Dunia, batal: JalanBatal) -> str:
    """A statement that makes who cancelled somebody who had worked on the rows."""
    ubah = "UPDATE pengesahan.persetujuan SET oleh = 'vendor@unit' WHERE sesi_id = @sesi"
    return ubah.replace("@unit", d.unitup).replace("@sesi", str(batal.sesi.id))


def test_sebulan_diperiksa_bersama(gudang: Gudang, selesai: Jalan) -> None:
    """What a cancellation did wrong keeps the readings that prove it, though their own session is whole."""
    d = gudang.dunia
    d.dirusak |= {"PEMBATALAN", "PERSETUJUAN", "JAWABAN", "BATCH"}
    batal = batalkan_sampai(d, "tutup", d.idpel(3))
    with psycopg.connect(d.alamat.buku) as conn:
        conn.execute("SET LOCAL session_replication_role = replica")
        conn.execute(oleh_vendor(d, batal).encode())
    temuan = gudang.audit(dengan_berkas=False).temuan
    assert {t.sesi for t in temuan} == {batal.sesi.nomor}
    assert "PEMBATALAN" in {t.aturan for t in temuan}
    assert gudang.jalankan().sesi == 0
    assert jumlah(d, "bacaan", selesai) == 6


def test_pembatal_dicocokkan_dengan_berkas(gudang: Gudang, selesai: Jalan) -> None:
    """After the readings have left, who cancelled is compared with who had worked on the rows by the file."""
    d = gudang.dunia
    batal = batalkan_sampai(d, "tutup", d.idpel(3))
    gudang.jalankan()
    assert gudang.audit(dengan_berkas=True).temuan == []
    with gudang.dirusak("persetujuan", oleh_vendor(d, batal)) as tx:
        a = tx.arsip.ambil(selesai.sesi.id)
        assert a is not None
        temuan = [*pemeriksa(gudang.folder)(tx, selesai.sesi, a)]
    assert [t for t in temuan if f"vendor{d.unitup} mengesahkan atau membatalkan" in t]


def test_sebagian_sesi_lalu_dilanjutkan(gudang: Gudang, selesai: Jalan) -> None:
    """A unit's month of two kelompok, one session at a time."""
    d = gudang.dunia
    kelompok_lain(d)
    d.jalan().sampai()
    assert [gudang.jalankan(batas=1).sesi for _ in range(3)] == [1, 1, 0]
    assert gudang.audit(dengan_berkas=True).utuh
    d.kode = "A"


def test_hanya_lewat_arsip(gudang: Gudang, selesai: Jalan) -> None:
    """Neither the application nor the owner takes readings away otherwise, nor part of them."""
    d, s = gudang.dunia, selesai.sesi
    catat = "INSERT INTO pengesahan.arsip VALUES (%s, %s, 'x', repeat('a', 64), 'uji', 'alasan yang cukup', now())"
    hapus = "DELETE FROM pengesahan.bacaan WHERE sesi_id = %s"
    for peran, galat, perintah, nilai in (
        (APLIKASI, psycopg.errors.InsufficientPrivilege, catat, [s.id, 6]),
        (APLIKASI, psycopg.errors.InsufficientPrivilege, hapus, [s.id]),
        (PEMILIK, psycopg.Error, catat, [s.id, 5]),
        (PEMILIK, psycopg.Error, hapus, [s.id]),
        (PEMILIK, psycopg.Error, "UPDATE pengesahan.bacaan SET sesi_id = sesi_id WHERE sesi_id = %s", [s.id]),
        (PEMILIK, psycopg.Error, "UPDATE pengesahan.saringan SET kwh = kwh WHERE sesi_id = %s", [s.id]),
        (PEMILIK, psycopg.Error, "DELETE FROM pengesahan.saringan WHERE sesi_id = %s", [s.id]),
        (PEMILIK, psycopg.Error, "TRUNCATE pengesahan.bacaan", []),
        (PEMILIK, psycopg.Error, "TRUNCATE pengesahan.saringan", []),
        (
            PEMILIK,
            psycopg.Error,
            f"{catat}; {hapus} AND idpel < '{d.idpel(3)}'".replace("%s", "{}").format(s.id, 6, s.id),
            [],
        ),
    ):
        with psycopg.connect(d.alamat.sebagai(d.alamat.buku, peran)) as conn, pytest.raises(galat) as e:
            conn.execute(perintah, nilai or None)
        assert galat is not psycopg.Error or e.value.sqlstate == "AP001"
    assert jumlah(d, "bacaan", selesai) == 6


@pytest.mark.parametrize(
    ("tabel", "perintah", "apa", "perlu_berkas"),
    [
        ("saringan", "UPDATE pengesahan.saringan SET kwh = kwh + 1 WHERE sesi_id = {s} AND hasil = 'LOLOS'",
         "saringan di buku berbeda dari berkas arsip pada 5 pelanggan", True),
        ("arsip", "UPDATE pengesahan.arsip SET sidik_berkas = repeat('0', 64) WHERE sesi_id = {s}",
         "arsip berbeda dari jejak", False),
        ("arsip", "DELETE FROM pengesahan.arsip WHERE sesi_id = {s}", "buku tidak", False),
        ("jejak", "UPDATE pengesahan.jejak SET jenis = 'LAIN' WHERE sesi_id = {s} AND jenis = 'BACAAN_DIARSIPKAN'",
         "bacaan diarsipkan tanpa jejak", False),
        ("arsip", "UPDATE pengesahan.arsip SET diarsipkan_pada = '2024-12-31' WHERE sesi_id = {s}",
         "arsip berbeda dari jejak", False),
        ("sesi", "UPDATE pengesahan.sesi SET thblrek = '209901' WHERE id = {s}", "sebelum setahun", False),
        ("jejak", "UPDATE pengesahan.jejak SET jenis = 'LAIN' WHERE sesi_id = {s} AND jenis = 'SESI_DITUTUP'",
         "sesi terbuka sesudah bacaan bulannya", False),
    ],
    ids=["saringan", "sidik", "dihapus", "tanpa-jejak", "saat", "terlalu-dini", "terbuka"],
)  # fmt: skip
def test_audit_menemukan(
    gudang: Gudang, selesai: Jalan, tabel: str, perintah: str, apa: str, *, perlu_berkas: bool
) -> None:
    gudang.jalankan()
    temuan = {}
    with gudang.dirusak(tabel, perintah.format(s=selesai.sesi.id)) as tx:
        for dengan in (False, True):
            cek = pemeriksa(gudang.folder) if dengan else None
            laporan = periksa_lingkup(tx, Lingkup(unitup=gudang.dunia.unitup, arsip=cek), None, lambda _: None)
            temuan[dengan] = [t.apa for t in laporan.temuan if t.aturan == "ARSIP" and apa in t.apa]
    assert temuan[True]
    assert bool(temuan[False]) is not perlu_berkas


def test_jejak_palsu_ketahuan(gudang: Gudang, selesai: Jalan) -> None:
    """The application may write any entry; that alone archives nothing."""
    d = gudang.dunia
    d.dirusak.add("ARSIP")
    with gudang.buku.transaksi() as tx:
        tx.jejak.catat("BACAAN_DIARSIPKAN", {"baris": 6}, sesi_id=selesai.sesi.id)
    assert [t.aturan for t in gudang.audit(dengan_berkas=False).temuan] == ["ARSIP"]


def _ubah(satu: Path) -> None:
    isi = gzip.decompress(satu.read_bytes())
    satu.write_bytes(gzip.compress(isi.replace(b'"LOLOS"', b'"LOLO5"', 1)))


@pytest.mark.parametrize(
    ("rusak", "apa"),
    [
        (Path.unlink, "tidak ada di"),
        (_ubah, "berkas diubah"),
        (lambda p: p.write_bytes(p.read_bytes()[:-40]), "tidak dapat dibaca"),
        (lambda p: p.write_bytes(b"bukan gzip"), "tidak dapat dibaca"),
        (lambda p: p.write_bytes(p.read_bytes()[:20] + b"\xff" * 40 + p.read_bytes()[60:]), "tidak dapat dibaca"),
        (lambda p: p.write_bytes(gzip.compress(b'{\n"sesi": {},\n"sidik_berkas": "0"}\n')), "tidak dapat dibaca"),
    ],
    ids=["hilang", "diubah", "terpotong", "bukan-gzip", "byte-rusak", "berkas-lain"],
)
def test_berkas_rusak_ketahuan(gudang: Gudang, selesai: Jalan, rusak: object, apa: str) -> None:
    gudang.jalankan()
    rusak(berkas(gudang, selesai))  # type: ignore[operator]
    temuan = gudang.audit(dengan_berkas=True).temuan
    assert [t for t in temuan if t.aturan == "ARSIP" and apa in t.apa]
    assert gudang.audit(dengan_berkas=False).utuh


def test_berkas_lain_yang_utuh_ketahuan(
    gudang: Gudang, selesai: Jalan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file of the very session, whole in itself, is not the one that the ledger saw go."""
    with monkeypatch.context() as m:
        m.setattr("ap2t.audit.berkas.tulis.__version__", "0.0.lain")
        lain = tulis_json(gudang.buku, selesai.sesi.nomor, tmp_path, None, lambda _: None)
    assert periksa_berkas(lain.json).temuan == []
    gudang.jalankan()
    berkas(gudang, selesai).write_bytes(gzip.compress(lain.json.read_bytes()))
    [temuan] = gudang.audit(dengan_berkas=True).temuan
    assert f"bersidik {lain.sidik[:12]}" in temuan.apa


def test_perintah(gudang: Gudang, selesai: Jalan, monkeypatch: pytest.MonkeyPatch) -> None:
    d, folder = gudang.dunia, str(gudang.folder)
    monkeypatch.setenv("AP2T_LEDGER_OWNER_URL", d.alamat.sebagai(d.alamat.buku, PEMILIK))

    def ap2t(*argumen: str, kode: int = 0) -> str:
        r: Result = CliRunner().invoke(app, list(argumen))
        keluar(r, kode)
        return r.output

    unit = ("--unitup", d.unitup)
    assert "1 sesi, 6 bacaan dapat diarsipkan" in ap2t("arsip", "rencana", "--sampai", LAMA, "--tenang", "0", *unit)
    jalankan = ("arsip", "jalankan", *unit, "--sampai", LAMA, "--tenang", "0")
    assert "kurang dari 90 hari" in ap2t(*jalankan[:-2], "--folder", folder, "--alasan", ALASAN)
    assert "Folder arsip belum disebut" in ap2t(*jalankan, "--alasan", ALASAN, kode=2)
    assert "paling sedikit" in ap2t(*jalankan, "--folder", folder, "--alasan", "x", kode=2)
    muda = ("arsip", "jalankan", "--folder", folder, "--sampai", f"{hari_ini():%Y%m}")
    assert "belum boleh keluar" in ap2t(*muda, "--alasan", ALASAN, kode=2)
    assert jumlah(d, "bacaan", selesai) == 6
    monkeypatch.setenv("AP2T_ARSIP_DIR", folder)
    assert "1 sesi, 6 bacaan diarsipkan" in ap2t(*jalankan, "--alasan", ALASAN)
    assert "UTUH" in ap2t("arsip", "periksa", *unit)
    assert "UTUH" in ap2t("audit", "verifikasi", *unit)
    nomor = selesai.sesi.nomor
    kelompok = ("--thblrek", LAMA, "--hari-baca", d.kode)
    for perintah in (
        ("bukti", nomor),
        ("verifikasi", "--sesi", nomor),
        ("verifikasi", *unit, *kelompok),
        ("audit", "berkas", nomor, "--ke", folder),
    ):
        assert "sudah diarsipkan" in ap2t(*perintah, kode=1)
    assert "sudah diarsipkan" in ap2t("status", *unit, *kelompok, "--buku")
    assert "BACAAN_DIARSIPKAN" in ap2t("jejak", nomor)
    berkas(gudang, selesai).unlink()
    assert "tidak ada di" in ap2t("arsip", "periksa", *unit, kode=1)


def test_halaman_menyebut_arsip(gudang: Gudang, selesai: Jalan, halaman: Halaman) -> None:
    """The page goes on showing the session; of its rows it says where they are."""
    gudang.jalankan()
    alamat = f"/api/sesi/{selesai.sesi.nomor}"
    assert halaman.baca(alamat)["kiriman"]["per"] == {"POSTING": 4}
    jawaban = halaman.minta(f"{alamat}/baris")
    assert jawaban.status_code == 400
    assert "sudah diarsipkan" in jawaban.json()["detail"]
    entri = halaman.baca(f"{alamat}/jejak")["entri"]
    assert entri[-1]["kalimat"].startswith("Bacaan 6 pelanggan diarsipkan ke ")


@pytest.mark.parametrize(
    ("hari", "bulan"), [(date(2026, 11, 24), "202510"), (date(2026, 1, 1), "202412"), (date(2026, 12, 31), "202511")]
)
def test_batas_bulan(hari: date, bulan: str) -> None:
    assert batas_bulan(hari) == bulan


def test_rantai_sesudah_dasarnya_diarsipkan(gudang: Gudang, selesai: Jalan) -> None:
    """A flag of the chain keeps its values when the month it was held against leaves; that month judges no more."""
    d = gudang.dunia
    d.bulan = "202402"
    sambung = {"slalwbp": "1150", "sahlwbp": "1300"}
    d.isi(5, dict.fromkeys(range(5), sambung) | {2: {"slalwbp": "1650", "sahlwbp": "1800"}})
    ikut = d.jalan()
    ikut.sampai()
    lalu = "SELECT idpel, lalu_bulan, lalu_lwbp FROM pengesahan.saringan WHERE sesi_id = %s AND lalu_bulan IS NOT NULL"
    ada = d.buku_lihat.execute(lalu, [ikut.sesi.id]).fetchall()
    assert ada == [(d.idpel(2), LAMA, 1150)]
    assert gudang.jalankan().sesi == 1
    assert gudang.audit(dengan_berkas=True).utuh
    d.bulan = "202403"
    d.isi(6, {n: {"slalwbp": "9000", "sahlwbp": "9150"} for n in range(6)})
    akhir = d.jalan()
    akhir.sampai()
    ada = d.buku_lihat.execute(lalu, [akhir.sesi.id]).fetchall()
    assert {(i, b) for i, b, _ in ada} == {(d.idpel(n), "202402") for n in range(5)}  # of the sixth only 202401 tells
    assert gudang.audit(dengan_berkas=True).utuh
    assert gudang.jalankan("202403").sesi == 2
    assert gudang.audit(dengan_berkas=True).utuh
    ubah = "UPDATE pengesahan.saringan SET lalu_lwbp = 7 WHERE lalu_bulan IS NOT NULL AND sesi_id = "
    with gudang.dirusak("saringan", f"{ubah}{akhir.sesi.id}") as c:
        cek = pemeriksa(gudang.folder)
        laporan = periksa_lingkup(c, Lingkup(unitup=d.unitup, arsip=cek), None, lambda _: None)
        assert [t.aturan for t in laporan.temuan] == ["ARSIP"]

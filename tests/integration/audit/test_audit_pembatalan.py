"""The auditor's tools judge cancellations too: what was changed is found, and whole sessions prove themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from audit_fixtures import Perusak, Terisi
from batal_fixtures import ALASAN, batalkan_sampai
from proses_fixtures import APLIKASI, PEMILIK, AlamatPg, Dunia, jalankan_sampai, salin_buku

from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import tulis_berkas
from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.audit.segel import segel_harian
from ap2t.ledger import sesi
from ap2t.ledger.skema import mesin_pemilik, migrasikan
from conftest import Sandbox


class Isi(NamedTuple):
    """A ledger with an approval, its cancellation, and the approval anew; the numbers, and the customers."""

    terisi: Terisi
    sah: str
    batal: str
    idpel: list[str]


@pytest.fixture(scope="module", params=[sesi.BENTUK_AWAL, sesi.BENTUK_SIDIK])
def isi(
    alamat_pg: AlamatPg, _peladen_sandbox: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Isi:
    """Approve, cancel (one refused, one not ours), approve again; sealed. By either form of digest."""
    sandbox = Sandbox(_peladen_sandbox)
    sandbox.kendali("reset", data=True)
    sandbox.kendali("token", umur=3600, hanguskan=True)
    folder = tmp_path_factory.mktemp("audit_batal") / "segel"
    basis = f"uji_audit_batal_{request.param}"
    alamat = alamat_pg._replace(buku=salin_buku(alamat_pg, basis))
    pemilik = mesin_pemilik(alamat.sebagai(alamat.buku, PEMILIK))
    migrasikan(pemilik, APLIKASI)
    pemilik.dispose()
    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(sesi, "BENTUK_SIDIK", request.param)
        d = Dunia(alamat, sandbox, mp)
        idpel = d.isi(5)
        d.posting_lain(4)
        sah = jalankan_sampai(d)
        d.di_ap2t("suplai_stan", idpel=[idpel[3]], dari=[1])
        batal = batalkan_sampai(d, "tutup", *idpel)
        jalankan_sampai(d)
        segel_harian(sah.layanan, folder, lambda _: None, paksa=True)
        nomor = (sah.sesi.nomor, batal.sesi.nomor)
        d.tutup()
    return Isi(Terisi(alamat, basis, folder, {}), *nomor, idpel)


@pytest.fixture
def rusak(isi: Isi) -> Iterator[Perusak]:
    """The owner's hand on it; undone after the test."""
    with isi.terisi.dirusak() as p:
        yield p


def test_utuh(isi: Isi) -> None:
    """Posted, cancelled and posted again is whole: no GANDA, every session of either kind proves itself."""
    buku = isi.terisi.buku()
    laporan = verifikasi(buku, Lingkup(segel=isi.terisi.segel), lambda _: None)
    buku.tutup()
    assert [str(t) for t in laporan.temuan] == []
    assert laporan.sesi == 3


@pytest.mark.parametrize(
    ("aturan", "perintah"),
    [
        ("PEMBATALAN", "UPDATE pengesahan.pembatalan SET alasan = 'alasan yang ditulis kemudian'"),
        ("SIDIK", "UPDATE pengesahan.pembatalan SET alasan = 'alasan yang ditulis kemudian'"),
        ("PEMBATALAN", "UPDATE pengesahan.pembatalan SET diminta = diminta[2:]"),
        ("SIDIK", "UPDATE pengesahan.pembatalan_baris SET no_pengesahan = 'LAIN' WHERE idpel = :satu"),
        ("PEMBATALAN", "UPDATE pengesahan.pembatalan_baris SET no_pengesahan = 'LAIN' WHERE idpel = :satu"),
        ("PEMBATALAN", "UPDATE pengesahan.pembatalan_baris SET hasil = 'TIDAK', sebab = 'X' WHERE idpel = :satu"),
        ("PEMBATALAN", "DELETE FROM pengesahan.pembatalan_baris WHERE idpel = :tiga"),
        ("SESI", "DELETE FROM pengesahan.pembatalan_baris WHERE idpel = :tiga"),
        ("PEMBATALAN", "UPDATE pengesahan.pembatalan_baris SET sebab = 'BELUM_POSTING' WHERE idpel = :tiga"),
        ("PEMBATALAN", "DELETE FROM pengesahan.hasil WHERE idpel = :satu AND sesi_id = @sesi"),
        ("HASIL", "UPDATE pengesahan.hasil SET status = 'BELUM_POSTING' WHERE idpel = :satu AND sesi_id = @sesi"),
        ("PEMBATALAN", "UPDATE pengesahan.bacaan SET petugas_baca = :spv WHERE idpel = :satu"),
        ("PEMBATALAN", "DELETE FROM pengesahan.hasil WHERE idpel = :satu AND status = 'POSTING'"),
        ("PEMBATALAN", "UPDATE pengesahan.pembatalan_baris SET asal = NULL WHERE idpel = :satu"),
        ("BATCH", "UPDATE pengesahan.persetujuan SET keputusan = 'TOLAK' WHERE sesi_id = @sesi"),
        ("GANDA", "DELETE FROM pengesahan.hasil WHERE sesi_id = @sesi"),
    ],
)
def test_yang_diubah_ditemukan(isi: Isi, rusak: Perusak, aturan: str, perintah: str) -> None:
    """Whoever changes what a cancellation was, did, or undid is found out, in the session it was done to."""
    spv = f"spv{isi.idpel[0][:5]}"
    nilai = {"satu": isi.idpel[0], "tiga": isi.idpel[3], "spv": spv, "nomor": isi.batal}
    dipakai = {k: v for k, v in nilai.items() if f":{k}" in perintah.replace("@sesi", ":nomor")}
    assert rusak.jalankan(perintah, **dipakai) > 0
    temuan = [t for t in rusak.periksa().temuan if t.aturan == aturan]
    assert temuan
    if aturan not in ("GANDA",):
        assert isi.batal in {t.sesi for t in temuan}


def test_pagar_pembatalan_dijaga(rusak: Perusak) -> None:
    """A guard of the cancellations that is taken away is missed."""
    rusak.conn.exec_driver_sql("DROP TRIGGER jaga_jawab_pembatalan ON pengesahan.persetujuan")
    assert "PAGAR" in {t.aturan for t in rusak.periksa().temuan}


def test_tampilan_yang_diganti_ditemukan(rusak: Perusak) -> None:
    """The auditor asks a view which cancellation undid what: one that was exchanged is found out."""
    isi = str(rusak.conn.exec_driver_sql("SELECT pg_get_viewdef('pengesahan.pembatalan_hasil'::regclass)").scalar_one())
    rusak.conn.exec_driver_sql(
        f"CREATE OR REPLACE VIEW pengesahan.pembatalan_hasil AS SELECT * FROM ({isi.rstrip(';')}) t WHERE idpel < '0'"  # noqa: S608
    )
    assert "tampilan pembatalan_hasil" in " ".join(str(t) for t in rusak.periksa().temuan)


def test_berkas_membuktikan_dirinya(isi: Isi, tmp_path: Path) -> None:
    """The file of a cancellation computes every digest again, without a database, and reads as one."""
    buku = isi.terisi.buku()
    berkas = tulis_berkas(buku, isi.batal, tmp_path, isi.terisi.segel, lambda _: None)
    buku.tutup()
    assert berkas.utuh
    hasil = periksa_berkas(berkas.json)
    assert (hasil.temuan, hasil.baris, hasil.nomor) == ([], 5, isi.batal)
    html = berkas.html.read_text()
    for kata in (ALASAN, isi.sah, isi.idpel[3], "Tidak dapat dibatalkan", "fungsi 3"):
        assert kata in html


@pytest.mark.parametrize(
    ("dari", "menjadi"),
    [
        (ALASAN, "Alasan lain yang tidak pernah ditulis"),
        ('"semua"', '"daftar"'),
        ('"BOLEH"', '"TIDAK"'),
        ('"BATAL"', '"BELUM_POSTING"'),
    ],
)
def test_berkas_yang_diubah_ketahuan(isi: Isi, tmp_path: Path, dari: str, menjadi: str) -> None:
    """A changed file is found out although its last line was made to fit."""
    import hashlib

    buku = isi.terisi.buku()
    berkas = tulis_berkas(buku, isi.batal, tmp_path, isi.terisi.segel, lambda _: None).json
    buku.tutup()
    *badan, _ = berkas.read_text().splitlines(keepends=True)
    kepala = [b for b in badan if b.startswith('"pembatalan"')]
    assert json.loads(kepala[0].removeprefix('"pembatalan": ').rstrip(",\n"))["alasan"] == ALASAN
    ubah = [b.replace(dari, menjadi) if b.startswith(('"pembatalan"', "[")) else b for b in badan]
    if dari == '"semua"':
        ubah = [b.replace('"daftar"', '"semua"') if b.startswith('"pembatalan"') else b for b in badan]
    assert ubah != badan
    teks = "".join(ubah)
    berkas.write_text(teks + f'"sidik_berkas": "{hashlib.sha256(teks.encode()).hexdigest()}"}}\n')
    assert periksa_berkas(berkas).temuan


def test_hanya_pemilik_yang_dapat_menghapus_jejak_pembatalan(isi: Isi) -> None:
    """The application may add a request and rows, and nothing else."""
    with psycopg.connect(isi.terisi.alamat.sebagai(isi.terisi.alamat.buku, APLIKASI), autocommit=True) as conn:
        for perintah in (
            "UPDATE pengesahan.pembatalan_baris SET hasil = 'BOLEH'",
            "DELETE FROM pengesahan.pembatalan",
            "TRUNCATE pengesahan.pembatalan_baris",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(perintah)

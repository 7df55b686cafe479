"""``ap2t audit`` as an auditor calls it: exit codes, lines that name session and rule, JSON, and the auditor's role."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from audit_fixtures import AUDITOR, Terisi
from click.testing import Result
from proses_fixtures import APLIKASI, isi_koneksi, koneksi_basis
from typer.testing import CliRunner

from ap2t.audit import folder_segel
from ap2t.cli import app
from tests.perintah import keluar

Panggil = Callable[..., Result]


@pytest.fixture
def salinan(terisi: Terisi, tmp_path: Path) -> Terisi:
    return terisi.salin(tmp_path)


@pytest.fixture
def panggil(salinan: Terisi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Panggil]:
    """Call the command in the environment of a deployment over a copy of the filled ledger."""
    alamat = salinan.alamat.server.replace("/postgres?", f"/{salinan.basis}?")
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("AP2T_SEGEL_DIR", str(salinan.segel))
    isi_koneksi(monkeypatch, "cmt_db", **koneksi_basis(alamat, APLIKASI))
    isi_koneksi(monkeypatch, "cmt_db_auditor", **koneksi_basis(alamat, AUDITOR))
    jalan = CliRunner()
    return lambda *argumen: jalan.invoke(app, list(argumen))


def rusak(salinan: Terisi, perintah: str, **nilai: object) -> None:
    with salinan.dirusak() as p:
        assert p.jalankan(perintah, **nilai)
        p.conn.commit()


def test_utuh_keluar_nol(panggil: Panggil, salinan: Terisi) -> None:
    """All holds: exit code 0, and the last line says so."""
    hasil = panggil("audit", "verifikasi")
    keluar(hasil)
    assert hasil.stdout.splitlines()[-1] == "UTUH."
    assert f"{len(salinan.sesi)} sesi diperiksa" in hasil.stdout


def test_temuan_keluar_satu_dan_menyebut_letaknya(panggil: Panggil, salinan: Terisi) -> None:
    """One finding a line: session, rule, what differs; exit code 1."""
    rusak(
        salinan, "UPDATE pengesahan.persetujuan SET catatan = 'lain' WHERE sesi_id = @sesi", nomor=salinan.sesi["tolak"]
    )
    hasil = panggil("audit", "verifikasi")
    keluar(hasil, 1)
    baris = [b for b in hasil.stdout.splitlines() if " | " in b]
    assert [b.split(" | ")[:2] for b in baris] == [[salinan.sesi["tolak"], a] for a in ("PERSETUJUAN", "JAWABAN")]
    assert all(" | jawaban ke-1 (spv" in b for b in baris)
    assert hasil.stdout.splitlines()[-1].startswith("TIDAK UTUH: 2 temuan")


def test_json_untuk_mesin(panggil: Panggil, salinan: Terisi) -> None:
    """The same as JSON, the exit code the same."""
    isi = json.loads(panggil("audit", "verifikasi", "--json").stdout)
    assert (isi["utuh"], isi["temuan"], isi["sesi"]) == (True, [], len(salinan.sesi))
    rusak(salinan, "UPDATE pengesahan.jejak SET pelaku = 'lain' WHERE id = 4")
    hasil = panggil("audit", "verifikasi", "--json")
    keluar(hasil, 1)
    [temuan] = [t for t in json.loads(hasil.stdout)["temuan"] if t["aturan"] == "RANTAI"]
    assert temuan["jejak"] == 4


@pytest.mark.parametrize(
    "argumen",
    [
        ("--dari", "kemarin"),
        ("--dari", "2026-13-01"),
        ("--dari", "2026-06-02", "--sampai", "2026-06-01"),
        ("--segel", "/tidak/ada"),
        ("--lain",),
    ],
)
def test_salah_pakai_keluar_dua(panggil: Panggil, argumen: tuple[str, ...]) -> None:
    """Wrong usage: exit code 2."""
    keluar(panggil("audit", "verifikasi", *argumen), 2)


def test_unit_salah_keluar_dua(panggil: Panggil) -> None:
    """A unit that is none is told in a sentence."""
    hasil = panggil("audit", "verifikasi", "--unitup", "abc")
    keluar(hasil, 2)
    assert "unitup" in hasil.stderr


def test_tanpa_segel_yang_disebut_jejak(panggil: Panggil, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seals that the trail mentions and nobody shows are a failure, not a warning."""
    monkeypatch.delenv("AP2T_SEGEL_DIR")
    hasil = panggil("audit", "verifikasi")
    keluar(hasil, 1)
    assert "jejak menyebut 6 segel tetapi tidak ada folder segel" in hasil.stdout


def test_perintah_segel(panggil: Panggil, salinan: Terisi) -> None:
    """``segel`` prints the line to send away, once a day; ``--paksa`` again; what it wrote verifies."""
    hari_ini = panggil("audit", "segel")
    assert keluar(hari_ini).stdout == ""
    assert "sudah disegel" in hari_ini.stderr
    hasil = panggil("audit", "segel", "--paksa")
    keluar(hasil)
    assert hasil.stdout == folder_segel.baca_segel(salinan.segel).segel[-1].baris + "\n"
    keluar(panggil("audit", "verifikasi"))


def test_segel_tanpa_folder(panggil: Panggil, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder configured: exit code 1, and what to set."""
    monkeypatch.delenv("AP2T_SEGEL_DIR")
    hasil = panggil("audit", "segel")
    keluar(hasil, 1)
    assert "AP2T_SEGEL_DIR" in hasil.stderr


def test_perintah_berkas_dan_periksa(panggil: Panggil, salinan: Terisi, tmp_path: Path) -> None:
    """``berkas`` writes both files and prints the hash; ``periksa-berkas`` needs neither ledger nor connection."""
    nomor = salinan.sesi["penuh"]
    hasil = panggil("audit", "berkas", nomor, "--ke", str(tmp_path / "keluar"))
    keluar(hasil)
    berkas = tmp_path / "keluar" / f"{nomor}.json"
    assert hasil.stdout.splitlines()[:2] == [str(berkas), str(berkas.with_suffix(".html"))]
    sidik = hasil.stdout.splitlines()[2].removeprefix("Sidik berkas: ")
    with pytest.MonkeyPatch.context() as mp:
        mp.delenv("AIRFLOW_CONN_CMT_DB")
        mp.delenv("AIRFLOW_CONN_CMT_DB_AUDITOR")
        lagi = panggil("audit", "periksa-berkas", str(berkas))
        keluar(lagi)
        assert sidik in lagi.stdout
        berkas.write_bytes(berkas.read_bytes().replace(b"SETUJU", b"setuju"))
        keluar(panggil("audit", "periksa-berkas", str(berkas)), 1)
    keluar(panggil("audit", "berkas", "PS-LAIN"), 2)


def test_jejak_menurut_waktu_setempat(panggil: Panggil, salinan: Terisi, monkeypatch: pytest.MonkeyPatch) -> None:
    """``jejak`` shows the unit's own time with its zone, as the auditor's role (the application's is not needed)."""
    rusak(
        salinan, "UPDATE pengesahan.sesi SET zona_waktu = 'Asia/Jayapura' WHERE id = @sesi", nomor=salinan.sesi["dua"]
    )
    monkeypatch.setenv("AIRFLOW_CONN_CMT_DB", '{"conn_type": "postgres", "host": "tidak.ada"}')
    awal = panggil("jejak", salinan.sesi["penuh"]).stdout.splitlines()[2]
    assert re.search(r" WIB \| SESI_DIBUKA +\| Sesi", awal), awal
    assert re.search(r" WIT \| SESI_DIBUKA ", panggil("jejak", salinan.sesi["dua"]).stdout)
    [pertama, *_] = json.loads(panggil("jejak", salinan.sesi["penuh"], "--format", "json").stdout)
    assert json.loads(pertama["isi"])["nomor"] == salinan.sesi["penuh"]
    keluar(panggil("jejak", "PS-LAIN"), 2)

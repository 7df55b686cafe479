"""``ap2t rekap | status | sesi | bukti`` as a person calls them: formats, filters, exit codes, the auditor's role."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from audit_fixtures import AUDITOR, Terisi
from click.testing import Result
from proses_fixtures import Dunia, isi_koneksi, jalankan_sampai, koneksi_basis
from typer.testing import CliRunner

from ap2t.cli import app, lihat
from ap2t.cli.lihat import KOLOM_RIWAYAT, KOLOM_SESI, KOLOM_STATUS
from ap2t.domain.status import Status
from ap2t.lihat import bukti
from ap2t.lihat.pengembalian import BarisPengembalian
from ap2t.lihat.rekap_bulan import BarisPutaran, BarisRekap
from tests.perintah import keluar

Panggil = Callable[..., Result]
AKAR = Path(__file__).parents[3]


def jalankan(*argumen: str) -> Result:
    return CliRunner().invoke(app, list(argumen))


def baca(hasil: Result, kode: int = 0) -> Any:
    """Return the JSON a command printed."""
    keluar(hasil, kode)
    return json.loads(hasil.stdout)


@pytest.fixture
def panggil(dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Panggil:
    """One held customer, one sent back with a note that looks like a formula, two approved."""
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("AP2T_KELOMPOK", "A")
    idpel = dunia.isi(4, {0: {"sahlwbp": "9999", "pemkwh": None}, 2: {"foto_url": None}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [idpel[1]], "catatan": "=HYPERLINK(1)"})
    jalan.sampai(dari="posting")
    monkeypatch.setenv("UJI_SESI", jalan.sesi.nomor)
    return jalankan


@pytest.fixture
def auditor(terisi: Terisi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terisi:
    """A copy of a filled ledger, and only the auditor's read-only role to see it with: no ACMT, no AP2T."""
    salinan = terisi.salin(tmp_path)
    alamat = salinan.alamat.server.replace("/postgres?", f"/{salinan.basis}?")
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    isi_koneksi(monkeypatch, "cmt_db_auditor", **koneksi_basis(alamat, AUDITOR))
    for nama in ("CMT_DB", "ACMT_DB", "AP2T_DEFAULT"):
        monkeypatch.delenv(f"AIRFLOW_CONN_{nama}", raising=False)
    return salinan


# ------------------------------------------------------------------------------------------------------------- rekap


def test_rekap_layar(panggil: Panggil, dunia: Dunia) -> None:
    """The table a person reads, with the unit's total, and where the figures come from; one was sent back."""
    hasil = panggil("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan)
    keluar(hasil)
    kepala, _, a, jumlah = hasil.stdout.splitlines()
    assert [k.strip() for k in kepala.split("|")[1:4]] == ["Hari baca", "Bulan", "Pelanggan"]
    assert [k.strip() for k in a.split("|")[1:13]] == ["A", "202606", *"4433", "1", "2", "2", "0", "0", "300"]
    assert jumlah.split("|")[1].strip() == "JUMLAH"
    assert "menurut AP2T" in hasil.stderr


def test_rekap_bentuk_lain(panggil: Panggil, dunia: Dunia, tmp_path: Path) -> None:
    """The same columns under the same names in CSV, JSON and XLSX."""
    arg = ("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--format")
    a, jumlah = baca(panggil(*arg, "json"))
    assert tuple(a) == BarisRekap._fields
    assert (a["tingkat"], jumlah["tingkat"], a["kwh_disahkan"], a["jam_nyala_2000"]) == ("KELOMPOK", "UNIT", "300", 1)
    [satu, _] = csv.DictReader(io.StringIO(panggil(*arg, "csv").stdout))
    assert satu["sudah_disahkan"] == "2"
    keluar(panggil(*arg, "xlsx", "--ke", str(tmp_path / "r.xlsx")))
    assert (tmp_path / "r.xlsx").read_bytes()[:2] == b"PK"


def test_rekap_menurut_buku_dan_lampau(panggil: Panggil, dunia: Dunia) -> None:
    """Rounds, levels, and the past; before the session there was nothing."""
    arg = ("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--format", "json")
    [p] = baca(panggil(*arg, "--per", "putaran"))
    assert tuple(p) == BarisPutaran._fields
    assert (p["sudah_disahkan"], p["kwh_disahkan"], p["pengesah"], p["lolos"], p["ditahan"]) == (
        2,
        "300",
        dunia.spv,
        3,
        1,
    )
    for per, kolom, kode in (
        ("unit", "unitup", dunia.unitup),
        ("area", "unitap", "60000"),
        ("wilayah", "unitupi", "60"),
    ):
        [b] = baca(panggil(*arg, "--per", per, "--buku"))
        assert (b["tingkat"], b[kolom], b["sudah_disahkan"]) == (per.upper(), kode, 2)
    assert baca(panggil(*arg, "--pada", "2020-01-01")) == []
    [b, _] = baca(panggil(*arg, "--pada", datetime.now(UTC).isoformat()))
    assert (b["sudah_disahkan"], b["ap2t_pada"]) == (2, None)
    area = baca(panggil("rekap", "--unitap", "60000", "--thblrek", dunia.bulan, "--format", "json"))
    assert dunia.unitup in {b["unitup"] for b in area}


def test_rekap_tanpa_acmt(auditor: Terisi) -> None:
    """The auditor's role alone: the ledger tells; what needs ACMT says so."""
    unitup = auditor.sesi["penuh"].split("-")[1]
    hasil = jalankan("rekap", "--unitup", unitup, "--format", "json", "--thblrek", "202606")
    [a, _] = baca(hasil)
    assert (a["pelanggan"], a["terisi"], a["unitap"]) == (14, 14, None)
    assert a["sudah_disahkan"] + a["belum_disahkan"] == 14
    assert "acmt_db tidak diisi" in hasil.stderr
    keluar(jalankan("rekap", "--unitup", unitup))  # the newest month the ledger knows
    for arg in (("--unitap", "60000"), ("--unitup", unitup, "--per", "area")):
        hasil = jalankan("rekap", *arg)
        keluar(hasil, 2)
        assert "hanya ada di ACMT" in hasil.stderr


# ------------------------------------------------------------------------------------------------------------ status


def test_pengembalian(panggil: Panggil, dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was sent back, as every list: formats, filters, no formula, no kWh; the ledger alone where ACMT is away."""
    arg = ("pengembalian", "--unitup", dunia.unitup, "--thblrek", dunia.bulan)
    hasil = panggil(*arg)
    keluar(hasil)
    kepala, _, baris = hasil.stdout.splitlines()
    assert [k.strip() for k in kepala.split("|")[1:5]] == ["Hari baca", "Pelanggan", "Nama", "Keadaan"]
    assert [k.strip() for k in baris.split("|")[1:5]] == ["A", dunia.idpel(1), "Siti Rahasia", "MENUNGGU_VENDOR"]
    [satu] = baca(panggil(*arg, "--format", "json"))
    assert tuple(satu) == BarisPengembalian._fields
    assert (satu["sesi"], satu["oleh"], satu["batas"], satu["terlambat"]) == (
        os.environ["UJI_SESI"],
        dunia.spv,
        None,
        False,
    )
    assert not {"kwh", "sahlwbp", "jam_nyala"} & {*satu}
    [satu] = csv.DictReader(io.StringIO(panggil(*arg, "--format", "csv", "--hari-baca", "A").stdout))
    assert satu["alasan"].startswith("'=HYPERLINK(1)")
    keluar(panggil(*arg, "--format", "xlsx", "--ke", str(tmp_path / "k.xlsx")))
    assert (tmp_path / "k.xlsx").read_bytes()[:2] == b"PK"
    assert baca(panggil(*arg, "--keadaan", "DISAHKAN", "--format", "json")) == []
    keluar(panggil(*arg, "--keadaan", "SALAH"), 2)
    monkeypatch.delenv("AIRFLOW_CONN_ACMT_DB")
    hasil = panggil(*arg, "--format", "json")
    assert "acmt_db tidak diisi" in hasil.stderr
    [satu] = baca(hasil)
    assert (satu["keadaan"], satu["nama"]) == ("TANPA_ACMT", "Siti Rahasia")


def test_status_satu_pelanggan(panggil: Panggil, dunia: Dunia) -> None:
    """One customer: its status in words, then what happened; as JSON the status is the last row."""
    hasil = panggil("status", dunia.idpel(0))
    keluar(hasil)
    assert "Status: Tertahan (JAM_NYALA) (menurut buku sejak " in hasil.stdout
    assert " WIB, sesi PS-" in hasil.stdout
    baris = baca(panggil("status", dunia.idpel(2), "--format", "json"))
    assert tuple(baris[0]) == KOLOM_RIWAYAT
    assert [b["apa"] for b in baris][-3:] == ["POSTING", "SESI_SELESAI", "STATUS"]
    assert baris[-1]["keterangan"] == "SUDAH_DISAHKAN"


def test_catatan_bukan_rumus(panggil: Panggil, dunia: Dunia) -> None:
    """What somebody typed into a form is no formula in a spreadsheet."""
    isi = list(csv.DictReader(io.StringIO(panggil("status", dunia.idpel(2), "--format", "csv").stdout)))
    [setuju] = [b for b in isi if b["apa"] == "DISETUJUI"]
    assert setuju["keterangan"] == "'=HYPERLINK(1)"


def test_status_daftar(panggil: Panggil, dunia: Dunia) -> None:
    """The list of a unit, filtered, limited; columns stable."""
    arg = ("status", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--format", "json")
    semua = baca(panggil(*arg))
    assert tuple(semua[0]) == KOLOM_STATUS
    assert [b["status"] for b in semua] == ["TERTAHAN", "DIKEMBALIKAN", "SUDAH_DISAHKAN", "SUDAH_DISAHKAN"]
    assert semua[0]["sebab"] == ["JAM_NYALA"]
    assert semua[2]["kwh"] == "150"

    def idpel(*saring: str) -> list[int]:
        return [int(b["idpel"][5:]) for b in baca(panggil(*arg, *saring))]

    assert idpel("--status", "tertahan", "--status", "dikembalikan") == [0, 1]
    assert idpel("--alasan", "JAM_NYALA") == [0]
    assert idpel("--dlpd", "TANPA_FOTO") == [2]
    assert idpel("--hari-baca", "A", "--batas", "1") == [0]
    assert idpel("--status", "SUDAH_DISAHKAN", "--ap2t") == [2, 3]
    assert idpel("--buku") == [0, 1, 2, 3]
    assert idpel("--pada", "2020-01-01") == []


def test_layar_menyebut_masih_ada_lagi(panggil: Panggil, dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the screen a long list is cut, and says so; a file has all of it."""
    monkeypatch.setattr(lihat, "BATAS_LAYAR", 2)
    arg = ("status", "--unitup", dunia.unitup, "--thblrek", dunia.bulan)
    hasil = panggil(*arg)
    assert len(hasil.stdout.splitlines()) == 4
    assert "Masih ada lagi" in hasil.stderr
    assert "Masih ada" not in panggil(*arg, "--batas", "0").stderr
    assert len(baca(panggil(*arg, "--format", "json"))) == 4


def test_status_tanpa_acmt(auditor: Terisi) -> None:
    """With the ledger alone: the same vocabulary; a customer nobody took up is not known."""
    unitup = auditor.sesi["penuh"].split("-")[1]
    arg = ("status", "--unitup", unitup, "--thblrek", "202606", "--format", "json")
    isi = {int(b["idpel"][5:]): b["status"] for b in baca(jalankan(*arg))}
    assert {n: isi[n] for n in (0, 2, 3, 4, 10)} == {
        0: Status.TERTAHAN,
        2: Status.DIKEMBALIKAN,
        3: Status.TERBACA,
        4: Status.DITOLAK_AP2T,
        10: Status.SUDAH_DISAHKAN,
    }
    keluar(jalankan("status", f"{unitup}0000006"))
    hasil = jalankan("status", "999999999999")
    keluar(hasil, 2)
    assert "tidak dikenal buku" in hasil.stderr


# ------------------------------------------------------------------------------------------------------- sesi, bukti


def test_sesi(panggil: Panggil, dunia: Dunia) -> None:
    """The list with filters, and one session's detail."""
    nomor = os.environ["UJI_SESI"]
    arg = ("sesi", "--unitup", dunia.unitup, "--format", "json")
    [s] = baca(panggil(*arg))
    assert tuple(s) == KOLOM_SESI
    assert (s["sesi"], s["status"], s["jenis"]) == (nomor, "SELESAI", "PENGESAHAN")
    assert baca(panggil(*arg, "--status", "berjalan")) == baca(panggil(*arg, "--jenis", "PEMBATALAN")) == []
    [satu] = baca(panggil("sesi", nomor, "--format", "json"))
    assert (satu["sesi"], satu["sudah_disahkan"], len(satu["sidik"])) == (nomor, 2, 64)
    assert nomor in panggil("sesi", nomor).stdout
    keluar(panggil("sesi", "PS-TIDAK-ADA"), 2)


def test_bukti(panggil: Panggil) -> None:
    """What was approved: rows with kWh, outcome and batch; who answered; the digest computed anew."""
    nomor = os.environ["UJI_SESI"]
    hasil = panggil("bukti", nomor, "--format", "json")
    baris = baca(hasil)
    assert tuple(baris[0]) == bukti.KOLOM["PENGESAHAN"]
    assert [b["disetujui"] for b in baris] == [False, False, True, True]
    assert [(b["hasil"], b["kwh"], b["jam_nyala"]) for b in baris[2:]] == [("POSTING", "150", "115.385")] * 2
    assert "SETUJU oleh spv" in hasil.stderr
    assert "Sidik: " in hasil.stderr
    keluar(panggil("bukti", "PS-TIDAK-ADA"), 2)


def test_bukti_yang_diubah_keluar_satu(auditor: Terisi) -> None:
    """A row changed after the approval: the rows are shown, and the exit code is 1."""
    nomor = auditor.sesi["penuh"]
    keluar(jalankan("bukti", nomor))
    with auditor.dirusak() as p:
        p.jalankan(
            "UPDATE pengesahan.saringan SET kwh = kwh + 1 WHERE sesi_id = @sesi AND hasil = 'LOLOS'", nomor=nomor
        )
        p.conn.commit()
    hasil = jalankan("bukti", nomor)
    keluar(hasil, 1)
    assert "TIDAK UTUH" in hasil.stderr


# --------------------------------------------------------------------------------------------------- wrong usage etc.


@pytest.mark.parametrize(
    "argumen",
    [
        ("rekap",),
        ("rekap", "--unitup", "60001", "--per", "kota"),
        ("rekap", "--unitup", "60001", "--pada", "kemarin"),
        ("rekap", "--unitup", "60001", "--format", "pdf"),
        ("status",),
        ("status", "--unitup", "60001", "--dlpd", "ANEH"),
        ("status", "--unitup", "60001", "--batas", "-1"),
        ("sesi", "--format", "xlsx"),
        ("bukti",),
    ],
)
def test_salah_pakai_keluar_dua(auditor: Terisi, argumen: tuple[str, ...]) -> None:
    """Wrong usage: exit code 2."""
    keluar(jalankan(*argumen), 2)


@pytest.mark.parametrize(
    ("argumen", "kata"),
    [
        (("rekap", "--unitup", "abc"), "unitup"),
        (("rekap", "--unitup", "60001", "--thblrek", "2026"), "thblrek"),
        (("rekap", "--unitup", "99999"), "tidak dikenal buku"),
        (("status", "--unitup", "60001", "--thblrek", "202606", "--status", "ANEH"), "Yang ada: BELUM_DIBACA"),
        (("status", "--unitup", "60001", "--hari-baca", "abc"), "hari_baca"),
    ],
)
def test_nilai_salah_keluar_dua(auditor: Terisi, argumen: tuple[str, ...], kata: str) -> None:
    """A wrong value is told in one line, exit code 2."""
    hasil = jalankan(*argumen)
    keluar(hasil, 2)
    assert kata in hasil.stderr


def test_hanya_membaca(auditor: Terisi) -> None:
    """The auditor's role can do all of this, and nothing it does writes."""
    nomor, unitup = auditor.sesi["dua"], auditor.sesi["dua"].split("-")[1]
    for arg in (
        ("rekap", "--unitup", unitup, "--per", "putaran"),
        ("status", "--unitup", unitup, "--thblrek", "202606"),
        ("status", f"{unitup}0000006"),
        ("sesi",),
        ("sesi", nomor),
        ("bukti", nomor),
    ):
        hasil = jalankan(*arg)
        keluar(hasil)


def test_proses_sungguhan(panggil: Panggil, dunia: Dunia) -> None:
    """One real process: stdout holds the data alone, what is said goes to stderr."""
    perintah = [sys.executable, "-m", "ap2t.cli", "rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan]
    lingkungan = os.environ | {"PYTHONPATH": str(AKAR / "plugins")}
    p = subprocess.run([*perintah, "--format", "json"], env=lingkungan, capture_output=True, text=True, timeout=120)
    keluar(p)
    assert json.loads(p.stdout)[0]["sudah_disahkan"] == 2
    assert "Rekap: kelompok A" in p.stderr
    p = subprocess.run([*perintah[:-1], "2026"], env=lingkungan, capture_output=True, text=True, timeout=120)
    assert keluar(p, 2).stdout == ""


def test_jalur_satu_kelompok(panggil: Panggil, dunia: Dunia) -> None:
    """A kelompok that neither calendar nor ledger knows is looked at where ACMT lists customers in it."""
    arg = ("status", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--hari-baca", "B", "--format", "json")
    keluar(panggil(*arg), 2)
    dunia.kode = "B"
    dunia.isi(2, {n: {"idpel": dunia.idpel(100 + n)} for n in range(2)})
    assert [b["status"] for b in baca(panggil(*arg))] == ["TERKIRIM", "TERKIRIM"]

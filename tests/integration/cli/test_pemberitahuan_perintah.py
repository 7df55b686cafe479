"""``ap2t pemberitahuan`` and the DAG's task: what a person checks, tries, sees; what fails a round, what does not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowException
from pemberitahuan_fixtures import (
    ObrolanUji,
    PosUji,
    koneksi_obrolan,
    koneksi_surel,
    obrolan_menyala,
    porta_bebas,
    pos_menyala,
)
from proses_fixtures import Dunia, isi_koneksi, jalankan_sampai
from typer.testing import CliRunner, Result

from ap2t.cli import app
from ap2t.operators.berkala import Pemberitahuan
from tests.perintah import keluar


def ap2t(*argumen: str) -> Result:
    return CliRunner().invoke(app, ["pemberitahuan", *argumen])


@pytest.fixture
def pos(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> Iterator[PosUji]:
    dunia.buku_lihat.execute("TRUNCATE pengesahan.pemberitahuan, pengesahan.pemberitahuan_kursor")
    monkeypatch.setenv("AP2T_ALAMAT_PUBLIK", "https://pln.example/airflow")
    p = PosUji()
    with pos_menyala(p) as porta:
        isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta))
        yield p


def putaran() -> dict[str, int]:
    return Pemberitahuan(task_id="kirim_pemberitahuan").execute({})


def test_uji_periksa_lihat(dunia: Dunia, pos: PosUji, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test message reaches person and chat; the list shows what a run's news became, nobody's address in it."""
    obrolan = ObrolanUji()
    berkas = tmp_path / "p.yaml"
    berkas.write_text(f"unit: {{'{dunia.unitup}': {{apprise: [uji]}}}}")
    monkeypatch.setenv("AP2T_PEMBERITAHUAN_BERKAS", str(berkas))
    with obrolan_menyala(obrolan) as porta:
        keluar(ap2t("periksa"), 1)  # the channel has no connection yet
        isi_koneksi(monkeypatch, "apprise_uji", **koneksi_obrolan(porta))
        hasil = ap2t("periksa")
        keluar(hasil)
        assert "https://pln.example/airflow" in hasil.output
        hasil = ap2t("uji", "--kepada", dunia.spv, "--unitup", dunia.unitup)
        keluar(hasil)
        assert pos.penerima == [f"{dunia.spv}@pln.example"]
        assert [p["title"] for p in obrolan.pesan] == ["Pengesahan: pesan percobaan"]
        putaran()
        dunia.isi(2)
        jalankan_sampai(dunia, "buka_gerbang")
        assert putaran() == {"tertulis": 3, "TERKIRIM": 3}
    hasil = ap2t("lihat", "--unitup", dunia.unitup)
    keluar(hasil)
    assert hasil.output.count("TERKIRIM") == 3
    assert "(unit)" in hasil.output
    assert "@pln.example" not in hasil.output
    assert "Tidak ada." in ap2t("lihat", "--gagal").output


def test_uji_gagal_terbaca(dunia: Dunia, pos: PosUji, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody to send to (exit code 2), and a server that is away (1): one line each."""
    hasil = ap2t("uji", "--kepada", "tidak.ada")
    keluar(hasil, 2)
    assert "Tidak ada saluran bagi tidak.ada" in hasil.output
    isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta_bebas()))
    hasil = ap2t("uji", "--kepada", dunia.spv)
    keluar(hasil, 1)
    assert "surel: GAGAL. server surel" in hasil.output


def test_berkas_cacat_menunda_kabar_baru(
    dunia: Dunia, pos: PosUji, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A faulty file fails no round: it is told by line, the trail waits, and once mended all of it goes out."""
    putaran()
    dunia.isi(2)
    jalankan_sampai(dunia, "buka_gerbang")
    berkas = tmp_path / "p.yaml"
    berkas.write_text("bawaan: {surel: mungkin}")
    monkeypatch.setenv("AP2T_PEMBERITAHUAN_BERKAS", str(berkas))
    assert "baris 1" in ap2t("periksa").output
    with caplog.at_level(logging.INFO):
        assert putaran() == {"tertulis": 0}
    berkas.write_text("bawaan: {surel: true}")
    assert putaran() == {"tertulis": 2, "TERKIRIM": 2}
    assert len(pos.surat) == 2


def test_tanpa_saluran_tidak_ada_baris(dunia: Dunia, pos: PosUji, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the demo: no connection, no file, so nothing is written and the round is well."""
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT")
    putaran()
    dunia.isi(2)
    jalankan_sampai(dunia, "buka_gerbang")
    assert putaran() == {"tertulis": 0}
    assert "Tidak ada." in ap2t("lihat").output


def test_hanya_buku_yang_menggagalkan(dunia: Dunia, pos: PosUji, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a ledger that does not answer fails the task, to be tried again."""
    with monkeypatch.context() as m:
        isi_koneksi(m, "cmt_db", conn_type="postgres", host="127.0.0.1", port=porta_bebas(), login="x", schema="x")
        with pytest.raises(AirflowException, match="Buku pengesahan"):
            putaran()

"""Mail of a running Airflow: a gate's mail leads to its page, the end's mail arrives; a dead server stops no run."""

from __future__ import annotations

import json
import sys
import threading
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.e2e.conftest import StackUji, serentak, tunggu
from tests.e2e.run_uji import RunUji
from tests.perintah import keluar

sys.path.append(str(Path(__file__).resolve().parents[2] / "integration"))
from pemberitahuan_fixtures import PosUji, pos_menyala

pytestmark = pytest.mark.e2e
UNIT = "54110"
SPV, SPV_B = f"spv{UNIT}", f"spv{UNIT}b"
POS = PosUji()
TANPA_PELADEN = threading.Lock()
"""Held by a test that decides whether a mail server is there."""


def porta(kantor: StackUji) -> int:
    """Port at which the stack believes a mail server."""
    return int(json.loads(kantor.env["AIRFLOW_CONN_SMTP_DEFAULT"])["port"])


def putaran(kantor: StackUji) -> None:
    """Have a round of the DAG now; whatever the channels do, it ends well."""
    admin = kantor.sebagai("admin")
    run = admin.mulai("pemberitahuan")
    assert admin.tunggu_selesai("pemberitahuan", run) == "success"


def kepada(username: str, kode: str, apa: str = "") -> list[EmailMessage]:
    judul = [(s, str(s["Subject"])) for s in POS.kepada(f"{username}@pln.example")]
    return [s for s, j in judul if f"kelompok {kode}," in j and apa in j]


def isi(surat: EmailMessage) -> str:
    bagian = surat.get_body(("plain",))
    assert bagian is not None
    return str(bagian.get_content())


@serentak
def test_gerbang_sampai_sukses(kantor: StackUji) -> None:
    """The gate's mail to those asked holds a link that answers; after their answer the mail of Sukses comes."""
    with TANPA_PELADEN, pos_menyala(POS, porta(kantor)):
        putaran(kantor)  # begins at the trail's end
        run = RunUji(kantor, UNIT, "F").berdiri()
        putaran(kantor)
        for orang in (SPV, SPV_B):
            (surat,) = kepada(orang, "F", "menunggu Sah/Setuju")
        alamat = next(k for k in isi(surat).split() if "/pengesahan/#/" in k)
        assert alamat == f"{kantor.alamat}/pengesahan/#/{UNIT}/{run.sesi['thblrek']}/F"
        assert urlsplit(alamat).path == "/airflow/pengesahan/"
        token = kantor.sebagai(SPV)._sesi.headers["Authorization"]
        halaman = requests.get(alamat, headers={"Authorization": str(token)}, timeout=30)
        assert halaman.status_code == 200
        assert "Pengesahan" in halaman.text
        run.jawab()
        assert run.selesai()[0] == "success"
        putaran(kantor)
        tunggu(lambda: bool(kepada(SPV, "F", ": Sukses")))
        assert len(kepada(SPV, "F", ": Sukses")) == len(kepada(SPV, "F", "menunggu Sah/Setuju")) == 1
    nama = {n for (n,) in kantor.acmt("SELECT DISTINCT nama FROM acmt_dasar.bacaan WHERE unitup = %s", UNIT) if n}
    assert nama
    assert not [n for n in nama for s in POS.surat if n in isi(s)]


@serentak
def test_server_mati_run_selesai(kantor: StackUji) -> None:
    """With nobody at the mail server's port run and rounds end well; the messages go once it is back."""
    with TANPA_PELADEN:
        putaran(kantor)  # begins at the trail's end
        run = RunUji(kantor, UNIT, "G").berdiri()
        putaran(kantor)
        semua = kantor.ap2t("pemberitahuan", "lihat", "--unitup", UNIT)
        assert "GERBANG" in keluar(semua).stdout  # waits, perhaps behind another that was tried in vain
        gagal = kantor.ap2t("pemberitahuan", "lihat", "--gagal")
        assert "server surel (koneksi smtp_default) tidak dapat dipakai" in keluar(gagal).stdout
        run.jawab()
        assert run.selesai()[0] == "success"
        assert run.sesi["status"] == "SELESAI"
        with pos_menyala(POS, porta(kantor)):

            def sampai() -> bool:
                putaran(kantor)
                return len(kepada(SPV, "G")) == 1

            tunggu(sampai, 240)
    assert ": Sukses" in kepada(SPV, "G")[0]["Subject"]  # the gate's was answered meanwhile

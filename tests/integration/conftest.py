"""The AP2T sandbox as a real server: one process for all tests, emptied before each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

AKAR = Path(__file__).resolve().parents[2]
# so that the tests here can import this module's helpers and one another's, however pytest was started
sys.path += [str(AKAR), *map(str, sorted(Path(__file__).parent.glob("*/")))]
KENDALI = "kendali-uji"
UNIT, BULAN, KODE = "52100", "202606", "A"
SANDI = "sandi-Rahasia-7731"
_MEMORI = Path("/dev/shm")
MEMORI = _MEMORI if _MEMORI.is_dir() and shutil.disk_usage(_MEMORI).free > 2**30 else None
"""Where no power cut is waited for; None: where any temporary file goes. What is tried here is never one."""


class Sandbox:
    """The running sandbox: its address, its control endpoints, and bodies that suit its customers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sesi = requests.Session()

    def kendali(self, jalan: str, **isi: Any) -> Any:
        """POST to a control endpoint."""
        r = self.sesi.post(f"{self.url}/_sandbox/{jalan}", json=isi, headers={"X-Kendali-Token": KENDALI}, timeout=10)
        assert r.status_code == 200, r.text
        return r.json()

    def lihat(self, jalan: str, **param: str) -> Any:
        """GET a control endpoint."""
        r = self.sesi.get(
            f"{self.url}/_sandbox/{jalan}", params=param, headers={"X-Kendali-Token": KENDALI}, timeout=10
        )
        assert r.status_code == 200, r.text
        return r.json()

    def ganggu(self, aksi: str, *jenis: str, sisa: int | None = 1, **lain: Any) -> None:
        """Set a fault; once unless told otherwise."""
        self.kendali("gangguan", aksi=aksi, jenis=list(jenis), sisa=sisa, **lain)

    def di_kelompok(self, jalan: str, **isi: Any) -> Any:
        """POST to a control endpoint about the test's kelompok."""
        return self.kendali(jalan, unitup=UNIT, thblrek=BULAN, hari_baca=KODE, **isi)

    def log(self, nama: str, **param: str) -> list[dict[str, Any]]:
        """Return a log's lines."""
        baris: list[dict[str, Any]] = self.lihat(f"log/{nama}", **param)["baris"]
        return baris

    def kodeposting(self) -> dict[str, int]:
        """Return idpel -> kodeposting of the test's kelompok."""
        baris = self.lihat("baris", unitup=UNIT, thblrek=BULAN, hari_baca=KODE)["baris"]
        return {b["idpel"]: b["kodeposting"] for b in baris}


def idpel(n: int) -> str:
    """Return the n-th customer of the test's kelompok."""
    return f"5210000000{n:02d}"


def kunci_baru() -> str:
    """Return a fresh Idempotency-Key."""
    return str(uuid.uuid4())


def isi_posting(*nomor: int, **ubah: Any) -> dict[str, Any]:
    """Return a body that posts these customers, 100 kWh each; ``ubah`` changes every row."""
    baris = {"slalwbp": "1000", "sahlwbp": "1100.5", "pemkwh": "100.5", "jam_nyala": "77.308", "tgl_baca": "2026-05-30"}
    return {
        "unitup": UNIT,
        "thblrek": BULAN,
        "hari_baca": KODE,
        "no_pengesahan": "S-1",
        "baris": [{"idpel": idpel(n), **baris, **ubah} for n in nomor],
    }


def isi_batal(*nomor: int, no_pengesahan: str = "S-1") -> dict[str, Any]:
    """Return a body that cancels these customers' approvals."""
    return {
        "unitup": UNIT,
        "thblrek": BULAN,
        "hari_baca": KODE,
        "no_pembatalan": "B-1",
        "alasan": "salah baca di lapangan",
        "baris": [{"idpel": idpel(n), "no_pengesahan": no_pengesahan} for n in nomor],
    }


@pytest.fixture(scope="session")
def _peladen_sandbox() -> Iterator[str]:
    """Start the sandbox on a free port; end it by its own process id."""
    with tempfile.TemporaryDirectory(dir=MEMORI, prefix="ap2t-toko-") as folder:
        yield from _sandbox(Path(folder) / "toko.db")


def _sandbox(toko: Path) -> Iterator[str]:
    perintah = [sys.executable, "-m", "sandbox.ap2t_server", "--toko", str(toko), "--port", "0"]
    lingkungan = os.environ | {"AP2T_SANDBOX_KENDALI": KENDALI}
    proses = subprocess.Popen(perintah, cwd=AKAR / "include", env=lingkungan, stdout=subprocess.PIPE, text=True)
    try:
        assert proses.stdout is not None
        baris = proses.stdout.readline()
        assert baris.startswith("URL: http://"), baris
        yield baris.removeprefix("URL: ").strip()
    finally:
        proses.terminate()
        proses.wait(timeout=10)


@pytest.fixture
def sandbox(_peladen_sandbox: str) -> Sandbox:
    """Return an empty sandbox with 20 customers of 1300 VA, an approver, and a reader."""
    s = Sandbox(_peladen_sandbox)
    s.kendali("reset", data=True)
    s.kendali("token", umur=3600, hanguskan=True)
    baris = [
        {"idpel": idpel(n), "unitup": UNIT, "thblrek": BULAN, "hari_baca": KODE, "daya": 1300} for n in range(1, 21)
    ]
    s.kendali("pelanggan", baris=baris)
    s.kendali("pengguna", username="budi", password=SANDI, unitup=[UNIT], peran=["ADMIN_CMT"])
    s.kendali("pengguna", username="pembaca", password=SANDI, unitup=[], peran=["BACA"])
    return s


# One server for all modules: a fixture imported by each of them would be started by each of them. Imported last,
# because these modules use what stands above.
from acmt_fixtures import acmt_server, asal_foto  # noqa: E402
from audit_fixtures import rusak, terisi  # noqa: E402
from halaman_fixtures import halaman, peladen, tuju  # noqa: E402
from jadwal_fixtures import medan  # noqa: E402
from mariadb_fixtures import maria, mariadb_server  # noqa: E402
from proses_fixtures import alamat_pg, dunia  # noqa: E402
from sapuan import tempat  # noqa: E402

__all__ = [
    "acmt_server",
    "alamat_pg",
    "asal_foto",
    "dunia",
    "halaman",
    "maria",
    "mariadb_server",
    "medan",
    "peladen",
    "rusak",
    "tempat",
    "terisi",
    "tuju",
]

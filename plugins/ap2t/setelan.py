"""The one place for settings. Everything comes from the environment; nothing here opens a file or a connection."""

from __future__ import annotations

import os
import re
import string
from pathlib import Path

from ap2t.galat import MasukanTidakSah

KELOMPOK_BAWAAN = tuple(string.ascii_uppercase[:20])  # A to T
UKURAN_BATCH = 1000
"""Rows of one batch; the contract's maximum."""


def kelompok() -> tuple[str, ...]:
    """Reading-day codes of this deployment: ``AP2T_KELOMPOK``, comma separated; default A to T.

    :raises MasukanTidakSah: if a code does not fit the contract (one or two of A-Z and 0-9).
    """
    teks = os.environ.get("AP2T_KELOMPOK", "").strip()
    if not teks:
        return KELOMPOK_BAWAAN
    kode = tuple(dict.fromkeys(k.strip().upper() for k in teks.split(",") if k.strip()))
    salah = [k for k in kode if not re.fullmatch(r"[A-Z0-9]{1,2}", k)]
    if salah or not kode:
        raise MasukanTidakSah(
            f"AP2T_KELOMPOK memuat kode yang tidak sah: {', '.join(salah) or '(kosong)'}. "
            "Tulis kode satu atau dua huruf/angka, dipisah koma, misalnya A,B,C."
        )
    return kode


def dag_milik_orang() -> frozenset[str]:
    """Ids of the DAGs that people start, and whose gates they answer."""
    return frozenset(("pembatalan_pengesahan", *(f"pengesahan_hari_baca_{k.lower()}" for k in kelompok())))


def dag_kita() -> frozenset[str]:
    """Ids of this project's DAGs."""
    return dag_milik_orang() | {"jadwal_hari_baca", "penjaga_sesi", "pemberitahuan"}


def angka_bulat(nama: str, bawaan: int, *, minimal: int = 1, maksimal: int) -> int:
    """Read a whole number from the environment.

    :raises MasukanTidakSah: if it is not a whole number within the bounds.
    """
    teks = os.environ.get(nama, "").strip()
    if not teks:
        return bawaan
    if not teks.isdigit() or not minimal <= int(teks) <= maksimal:
        raise MasukanTidakSah(f"{nama}={teks!r} tidak sah: isi dengan bilangan bulat {minimal} sampai {maksimal}.")
    return int(teks)


def ukuran_batch() -> int:
    """Rows of one batch (``AP2T_UKURAN_BATCH``, 1 to 1000)."""
    return angka_bulat("AP2T_UKURAN_BATCH", UKURAN_BATCH, maksimal=UKURAN_BATCH)


def batch_serentak() -> int:
    """Batches in flight at once for one session (``AP2T_BATCH_SERENTAK``, default 4, at most 8)."""
    return angka_bulat("AP2T_BATCH_SERENTAK", 4, maksimal=8)


def batas_jawab() -> int:
    """Seconds for one whole answer of AP2T (``AP2T_BATAS_JAWAB_DETIK``, default 60)."""
    return angka_bulat("AP2T_BATAS_JAWAB_DETIK", 60, maksimal=600)


def sabar() -> int:
    """Seconds that questions to AP2T are tried again while it is away (``AP2T_SABAR_DETIK``, default 120)."""
    return angka_bulat("AP2T_SABAR_DETIK", 120, maksimal=3600)


def jeda_tengok() -> int:
    """Seconds between two looks of a waiting readiness sensor (``AP2T_JEDA_TENGOK``, default 60)."""
    return angka_bulat("AP2T_JEDA_TENGOK", 60, maksimal=3600)


def jaga_gerbang_menit() -> int:
    """Minutes after which a waiting gate is looked after (``AP2T_JAGA_GERBANG_MENIT``, default 120).

    An answer given in the very second a gate opens can be stored by Airflow without waking the task; this finds it.
    """
    return angka_bulat("AP2T_JAGA_GERBANG_MENIT", 120, maksimal=24 * 60)


def batas_tunggu_jam() -> int:
    """Hours a readiness sensor waits before it gives up (``AP2T_BATAS_TUNGGU_JAM``, default 72)."""
    return angka_bulat("AP2T_BATAS_TUNGGU_JAM", 72, maksimal=24 * 31)


def jadwal_nyala() -> bool:
    """Whether ``jadwal_hari_baca`` begins unpaused (``AP2T_JADWAL=1``); read when Airflow first sees the DAG."""
    return os.environ.get("AP2T_JADWAL", "").strip() == "1"


def jadwal_menit() -> int:
    """Minutes between two looks of the schedule (``AP2T_JADWAL_MENIT``, default 5)."""
    return angka_bulat("AP2T_JADWAL_MENIT", 5, maksimal=60)


def jadwal_tenggat_jam() -> int:
    """Hours after the due day began in the unit's zone, when a kelompok is opened though it is not ready.

    ``AP2T_JADWAL_TENGGAT_JAM``, default 36: noon of the day after.
    """
    return angka_bulat("AP2T_JADWAL_TENGGAT_JAM", 36, maksimal=24 * 31)


def jadwal_mundur_hari() -> int:
    """Days that the schedule looks back for what fell due while it stood still (``AP2T_JADWAL_MUNDUR_HARI``).

    Default 7; never fewer than the deadline needs.
    """
    return max(angka_bulat("AP2T_JADWAL_MUNDUR_HARI", 7, maksimal=31), -(-jadwal_tenggat_jam() // 24) + 1)


def jadwal_sekali() -> int:
    """Runs that one look opens at most (``AP2T_JADWAL_SEKALI``, default 100); the others follow at the next look."""
    return angka_bulat("AP2T_JADWAL_SEKALI", 100, maksimal=2000)


def segel_dir() -> Path | None:
    """Folder of the trail's seals (``AP2T_SEGEL_DIR``); ``None``: none is configured."""
    teks = os.environ.get("AP2T_SEGEL_DIR", "").strip()
    return Path(teks).expanduser() if teks else None


def arsip_dir() -> Path | None:
    """Folder of archived readings (``AP2T_ARSIP_DIR``); ``None``: none is configured."""
    teks = os.environ.get("AP2T_ARSIP_DIR", "").strip()
    return Path(teks).expanduser() if teks else None


def halaman_auditor() -> frozenset[str]:
    """Usernames who see every unit on the page (``AP2T_HALAMAN_AUDITOR``, comma separated), under SimpleAuthManager."""
    return frozenset(u.strip() for u in os.environ.get("AP2T_HALAMAN_AUDITOR", "").split(",") if u.strip())


def halaman_pelanggan() -> int:
    """Customers whose status the page keeps in memory per api-server worker (``AP2T_HALAMAN_PELANGGAN``).

    Default a million, at some 200 bytes each.
    """
    return angka_bulat("AP2T_HALAMAN_PELANGGAN", 1_000_000, minimal=10_000, maksimal=20_000_000)


def pemberitahuan_berkas() -> Path | None:
    """File that says who is told of what over which channels (``AP2T_PEMBERITAHUAN_BERKAS``); ``None``: mail alone."""
    teks = os.environ.get("AP2T_PEMBERITAHUAN_BERKAS", "").strip()
    return Path(teks).expanduser() if teks else None


def alamat_publik() -> str | None:
    """Address people reach Airflow at, sub-path included, without a slash at its end (``AP2T_ALAMAT_PUBLIK``).

    :raises MasukanTidakSah: it is no http address.
    """
    teks = os.environ.get("AP2T_ALAMAT_PUBLIK", "").strip()
    if teks and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", teks):
        raise MasukanTidakSah("AP2T_ALAMAT_PUBLIK bukan alamat yang sah. Contoh: https://pln.example/airflow.")
    return teks.rstrip("/") or None

"""The one place for settings: the environment, one declaration a variable.

A declaration is called to read its variable. ``docs/pengelola/setelan.md`` is made from the rest of it
(``make dokumen``). Nothing here opens a file or a connection.
"""

from __future__ import annotations

import os
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from ap2t.domain.model import Pembulatan
from ap2t.galat import MasukanTidakSah

Nilai = TypeVar("Nilai")
KELOMPOK_BAWAAN = tuple(string.ascii_uppercase[:20])  # A to T


@dataclass(frozen=True)
class Setelan(Generic[Nilai]):
    """A variable of the environment.

    :param nama: its name. :param arti: what it is for, a sentence for whoever sets it.
    :param baca: makes the value of its text (``""`` where it is not set), or raises MasukanTidakSah.
    :param bawaan: the value where it is not set, in words. :param satuan: its unit. :param batas: its limits.
    """

    nama: str
    arti: str
    baca: Callable[[str], Nilai]
    bawaan: str = "none"
    satuan: str = ""
    batas: str = ""

    def teks(self) -> str:
        """Return the text as it was set, without blanks at its ends."""
        return os.environ.get(self.nama, "").strip()

    def __call__(self) -> Nilai:
        """Read it.

        :raises MasukanTidakSah: what is set is no such value.
        """
        return self.baca(self.teks())


def bulat(nama: str, bawaan: int, satuan: str, arti: str, *, minimal: int = 1, maksimal: int) -> Setelan[int]:
    """Declare a whole number within limits."""

    def baca_bulat(teks: str) -> int:
        if not teks:
            return bawaan
        if not teks.isdigit() or not minimal <= int(teks) <= maksimal:
            raise MasukanTidakSah(f"{nama}={teks!r} tidak sah: isi dengan bilangan bulat {minimal} sampai {maksimal}.")
        return int(teks)

    return Setelan(nama, arti, baca_bulat, f"{bawaan:,}", satuan, f"{minimal:,} to {maksimal:,}")


def jalan(nama: str, arti: str, satuan: str = "folder", bawaan: str = "none") -> Setelan[Path | None]:
    """Declare a path. It is None where it is not set."""
    return Setelan(nama, arti, lambda teks: Path(teks).expanduser() if teks else None, bawaan, satuan)


def kata(nama: str, arti: str, satuan: str, bawaan: str = "none") -> Setelan[str | None]:
    """Declare a text. It is None where it is not set."""
    return Setelan(nama, arti, lambda teks: teks or None, bawaan, satuan)


def _baca_kelompok(teks: str) -> tuple[str, ...]:
    if not teks:
        return KELOMPOK_BAWAAN
    semua = tuple(dict.fromkeys(kode.strip().upper() for kode in teks.split(",") if kode.strip()))
    salah = [kode for kode in semua if not re.fullmatch(r"[A-Z0-9]{1,2}", kode)]
    if salah or not semua:
        raise MasukanTidakSah(
            f"AP2T_KELOMPOK memuat kode yang tidak sah: {', '.join(salah) or '(kosong)'}. "
            "Tulis kode satu atau dua huruf/angka, dipisah koma, misalnya A,B,C."
        )
    return semua


def _baca_alamat(teks: str) -> str | None:
    if teks and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", teks):
        raise MasukanTidakSah("AP2T_ALAMAT_PUBLIK bukan alamat yang sah. Contoh: https://pln.example/airflow.")
    return teks.rstrip("/") or None


def _baca_foto_asal(teks: str) -> tuple[str, ...]:
    semua = tuple(dict.fromkeys(teks.split())) or ("https:",)
    if salah := [asal for asal in semua if asal != "https:" and not _asal_sah(asal)]:
        raise MasukanTidakSah(
            f"AP2T_FOTO_ASAL memuat asal yang tidak sah: {' '.join(salah)!r}. Tulis http:// atau https:// dengan nama "
            "host dan bila perlu porta, tanpa garis miring di belakang, dipisah spasi, misalnya "
            "https://foto.pln.example http://10.1.2.3:8080; atau https: untuk semua alamat https."
        )
    return semua


def _asal_sah(asal: str) -> bool:
    """Tell whether this is a scheme with a host and nothing that could mean more in a header."""
    bagian = re.fullmatch(rf"https?://{_LABEL}(?:\.{_LABEL})*(?::([0-9]{{1,5}}))?", asal)
    return bagian is not None and (bagian[1] is None or 1 <= int(bagian[1]) <= 65_535)


_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def _baca_pembulatan(teks: str) -> str:
    if teks and teks not in tuple(Pembulatan):
        raise MasukanTidakSah(f"AP2T_PEMBULATAN_KWH {teks!r} tidak dikenal: pilih {' atau '.join(Pembulatan)}.")
    return teks or Pembulatan.TEPAT


kelompok = Setelan(
    "AP2T_KELOMPOK",
    "Kelompok codes of this deployment. Each has its DAG.",
    _baca_kelompok,
    "A,…,T",
    "codes, comma separated",
    "one or two of A-Z and 0-9 each",
)

pembulatan_kwh = Setelan(
    "AP2T_PEMBULATAN_KWH",
    "How ACMT rounds pemkwh: not at all, or to whole kWh, which then are what is sent. "
    "A session keeps what held as it was opened.",
    _baca_pembulatan,
    "tepat",
    "word",
    "tepat or bulat",
)
ukuran_batch = bulat("AP2T_UKURAN_BATCH", 1000, "rows", "Rows of one batch to AP2T.", maksimal=1000)
batch_serentak = bulat("AP2T_BATCH_SERENTAK", 4, "batches", "Batches in flight at once, per run.", maksimal=8)
batas_jawab = bulat(
    "AP2T_BATAS_JAWAB_DETIK",
    60,
    "seconds",
    "Time for one whole answer of AP2T, from connecting to its last byte.",
    maksimal=600,
)
sabar = bulat(
    "AP2T_SABAR_DETIK", 120, "seconds", "How long questions to AP2T are tried again while it is away.", maksimal=3600
)

jeda_tengok = bulat("AP2T_JEDA_TENGOK", 60, "seconds", "Between two looks of a waiting readiness step.", maksimal=3600)
batas_tunggu_jam = bulat("AP2T_BATAS_TUNGGU_JAM", 72, "hours", "How long each readiness step waits.", maksimal=24 * 31)
jaga_gerbang_menit = bulat(
    "AP2T_JAGA_GERBANG_MENIT",
    120,
    "minutes",
    "After this time a waiting gate looks for an answer that Airflow stored without waking it. "
    "Airflow can do so with an answer that is given in the very second the gate opens.",
    maksimal=24 * 60,
)
sabar_jawaban_menit = bulat(
    "AP2T_SABAR_JAWABAN_MENIT",
    24 * 60,
    "minutes",
    "How long an answer waits to be judged while ACMT or the ledger is away. "
    "Then the task fails; clearing it judges the same answer.",
    maksimal=31 * 24 * 60,
)

jadwal_nyala = Setelan(
    "AP2T_JADWAL",
    "`1`: `jadwal_hari_baca` begins unpaused. Read when Airflow first sees the DAG.",
    lambda teks: teks == "1",
    "none: paused",
)
jadwal_menit = bulat("AP2T_JADWAL_MENIT", 5, "minutes", "Between two looks of the schedule.", maksimal=60)
jadwal_tenggat_jam = bulat(
    "AP2T_JADWAL_TENGGAT_JAM",
    36,
    "hours",
    "Since the due day began in the unit's zone: a kelompok is then opened though it is not ready. "
    "36 is noon of the day after.",
    maksimal=24 * 31,
)
jadwal_mundur_diminta = bulat(
    "AP2T_JADWAL_MUNDUR_HARI",
    7,
    "days",
    "How far the schedule looks back for what fell due while it stood still. Never less than the deadline needs.",
    maksimal=31,
)
jadwal_sekali = bulat(
    "AP2T_JADWAL_SEKALI",
    100,
    "runs",
    "Runs that one look of the schedule opens at most. The others follow at the next look.",
    maksimal=2000,
)

pemberitahuan_berkas = jalan(
    "AP2T_PEMBERITAHUAN_BERKAS",
    "Says who is told of what over which channels ([part 5](penerapan.md#notifications)).",
    "file",
    "none: mail alone",
)
alamat_publik = Setelan(
    "AP2T_ALAMAT_PUBLIK",
    "Address people reach Airflow at, sub-path included, for links in notifications.",
    _baca_alamat,
    "`[api] base_url`",
    "http(s) address",
)
segel_dir = jalan("AP2T_SEGEL_DIR", "The trail's daily seals.", bawaan="none; embedded stack: `.ap2t/segel`")
arsip_dir = jalan("AP2T_ARSIP_DIR", "Old readings that have left the ledger (`ap2t arsip`).")
halaman_auditor = Setelan(
    "AP2T_HALAMAN_AUDITOR",
    "Who sees every unit on the page, under SimpleAuthManager. Under FAB it is the role AUDITOR.",
    lambda teks: frozenset(nama.strip() for nama in teks.split(",") if nama.strip()),
    "none; embedded stack: `auditor`",
    "usernames, comma separated",
)
halaman_pelanggan = bulat(
    "AP2T_HALAMAN_PELANGGAN",
    1_000_000,
    "customers",
    "Customers whose status the page keeps in memory, per api-server worker, at some 200 bytes each.",
    minimal=10_000,
    maksimal=20_000_000,
)
foto_asal = Setelan(
    "AP2T_FOTO_ASAL",
    "Where the page may load photos from (`img-src`), besides its own origin. Needed by the api-server only. "
    "`https:` is any https address; embedded stack: the demo's photo server.",
    _baca_foto_asal,
    "https:",
    "origins, blanks between",
    "http(s)://host[:port], or `https:`",
)

pemilik_buku = kata(
    "AP2T_LEDGER_OWNER_URL",
    "The ledger's owner, for migrations, the units' patterns and the archive. A secret. Workers never have it.",
    "PostgreSQL address",
)
auditor_buku = kata("AP2T_LEDGER_AUDITOR", "Database role that `ap2t buku migrasi` lets read the ledger.", "role")
halaman_buku = kata(
    "AP2T_LEDGER_HALAMAN",
    "Database role that `ap2t buku migrasi` lets mark what people looked at at a gate, and nothing else.",
    "role",
)
sql_dir = jalan("AP2T_SQL_DIR", "Every SQL statement.", bawaan="the package's own")
rumah = jalan("AP2T_HOME", "State of the embedded stack. The `ap2t` command takes its connections.", bawaan="`.ap2t`")


def jadwal_mundur_hari() -> int:
    """Return how many days the schedule looks back: what is set, but never fewer than the deadline needs."""
    return max(jadwal_mundur_diminta(), -(-jadwal_tenggat_jam() // 24) + 1)


def dag_milik_orang() -> frozenset[str]:
    """Return the ids of the DAGs that people start, and whose gates they answer."""
    return frozenset(("pembatalan_pengesahan", *(f"pengesahan_hari_baca_{kode.lower()}" for kode in kelompok())))


def dag_kita() -> frozenset[str]:
    """Return the ids of this project's DAGs."""
    return dag_milik_orang() | {"jadwal_hari_baca", "penjaga_sesi", "pemberitahuan"}

"""Keeps what the page shows of ACMT and of each customer's status up to date, behind the requests' backs.

One thread hands one job at a time to one process (``pekerja.py``). A job works out the statuses of a kelompok's
customers, where somebody looks at their list and ledger or time have moved on; or the readiness counts of a kelompok in
a month that somebody looks at.
"""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from ap2t import setelan
from ap2t.domain.model import Tempat
from ap2t.lihat.daftar import Cap
from ap2t.web.anak import lingkungan, perintah
from ap2t.web.kelompok import KesiapanKini
from ap2t.web.pelanggan.indeks import IndeksBulan, KelompokTerindeks
from ap2t.web.pelanggan.pekerja import KESIAPAN, STATUS

log = logging.getLogger(__name__)
SEGAR = 60.0
"""Seconds after which ACMT is looked at again for a kelompok that is being worked on; for others, ten times as many."""
TENANG = 600.0
KALI_STATUS = 5
"""How much more rarely statuses are worked out for ACMT's sake. Where the ledger moved on it is done at once."""
DILIHAT = 90.0
"""Seconds for which a month counts as looked at after a request."""
JEDA_GALAT = 20.0
"""Seconds before a kelompok that could not be looked at is tried again."""
BATAS_KERJA = 600.0
MENGANGGUR = 300.0
"""Seconds after which the process is ended where nobody asks for anything."""
BULAN_MAKS = 200
"""Months kept, however few customers they have: each has some memory of its own."""
ANTRE_MAKS = 1000
"""Kelompok that wait to be worked out. Of more the oldest wish is dropped; who still looks makes it again."""
BulanUnit = tuple[str, str]
"""A unit's code, and a billing month."""


class _Pekerja:
    """The process. It is started when it is needed, and again where it died."""

    def __init__(self) -> None:
        self._proses: subprocess.Popen[bytes] | None = None

    def kerjakan(self, apa: str, tempat: Tempat) -> tuple[dict[str, Any], bytes]:
        """Have one job done. The answer holds ``galat`` where it could not be."""
        if self._proses is None or self._proses.poll() is not None:
            self._proses = subprocess.Popen(  # noqa: S603 -- our own program
                perintah("ap2t.web.pelanggan.pekerja"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=lingkungan()
            )
        proses = self._proses
        henti = threading.Timer(BATAS_KERJA, proses.kill)
        henti.start()
        try:
            assert proses.stdin is not None  # noqa: S101 -- pipes, see below
            assert proses.stdout is not None  # noqa: S101
            proses.stdin.write(json.dumps({"apa": apa, "tempat": tempat}).encode() + b"\n")
            proses.stdin.flush()
            kepala = json.loads(proses.stdout.readline())
            hasil = proses.stdout.read(kepala["panjang"])
            if len(hasil) == kepala["panjang"]:
                return kepala, hasil
        except (OSError, ValueError):
            pass
        finally:
            henti.cancel()
        self.hentikan()
        return {"galat": "Pekerja halaman pengesahan berhenti; dinyalakan lagi."}, b""

    def hentikan(self) -> None:
        """End the process."""
        proses, self._proses = self._proses, None
        if proses is None:
            return
        for pipa in (proses.stdin, proses.stdout):
            with suppress(OSError):
                if pipa is not None:
                    pipa.close()
        with suppress(subprocess.TimeoutExpired):
            proses.wait(timeout=2)
            return
        proses.kill()
        proses.wait()


class Dipantau(NamedTuple):
    """A month that is looked at: until when, and its kelompok with how many seconds old their counts may be."""

    sampai: float
    segar: Mapping[str, float]


class Pekerjaan(NamedTuple):
    """One job. ``cap``: the version of the ledger that asks for statuses."""

    apa: str
    tempat: Tempat
    cap: Cap | None


class Penyegar:
    """The thread and what it has found. All of its methods return at once."""

    def __init__(self) -> None:
        self._kondisi = threading.Condition()
        self._anak = _Pekerja()
        self._thread: threading.Thread | None = None
        self._berhenti = False
        self._minta: OrderedDict[Tempat, Cap | None] = OrderedDict()
        self._dikerjakan: Tempat | None = None
        self._dipantau: OrderedDict[BulanUnit, Dipantau] = OrderedDict()
        self._kini: dict[BulanUnit, dict[str, KesiapanKini]] = {}
        self._coba_lagi: dict[Tempat, float] = {}
        self._galat: dict[BulanUnit, str] = {}
        self._indeks: OrderedDict[BulanUnit, IndeksBulan] = OrderedDict()

    def kini(self, unitup: str, thblrek: str) -> dict[str, KesiapanKini]:
        """Return how far the readings are in ACMT, by kelompok, as last looked at."""
        return self._kini.get((unitup, thblrek), {})

    def galat(self, unitup: str, thblrek: str) -> str | None:
        """Return why ACMT could not be looked at last, or None where it could."""
        return self._galat.get((unitup, thblrek))

    def pantau(self, unitup: str, thblrek: str, segar: Mapping[str, float]) -> None:
        """Say that somebody looks at a month.

        :param segar: its kelompok, and how many seconds old their counts may be.
        """
        with self._kondisi:
            self._dipantau[unitup, thblrek] = Dipantau(time.monotonic() + DILIHAT, segar)
            self._dipantau.move_to_end((unitup, thblrek))
            self._bangun()

    def indeks(
        self, unitup: str, thblrek: str, cap: Mapping[str, Cap | None], segar: Mapping[str, float]
    ) -> tuple[IndeksBulan, list[str], list[str]]:
        """Return a month's customers, the kelompok that are missing, and those out of date. Both are now fetched.

        :param cap: the version of each kelompok that is wanted. :param segar: how many seconds old each may be.
        """
        with self._kondisi:
            bulan = self._indeks.setdefault((unitup, thblrek), IndeksBulan())
            self._indeks.move_to_end((unitup, thblrek))
            self._batasi()
            kini = time.time()
            perlu = [
                kode
                for kode, versi in cap.items()
                if _usang(bulan.kelompok.get(kode), versi, kini - KALI_STATUS * segar.get(kode, TENANG))
            ]
            for kode in perlu:
                tempat = Tempat(unitup, thblrek, kode)
                if tempat != self._dikerjakan and self._boleh_dicoba(tempat):
                    self._minta[tempat] = cap[kode]
            while len(self._minta) > ANTRE_MAKS:
                self._minta.popitem(last=False)
            if perlu:
                self._bangun()
            hilang = [kode for kode in perlu if kode not in bulan.kelompok]
            return bulan, hilang, [kode for kode in perlu if kode not in hilang]

    def hentikan(self) -> None:
        """End thread and process."""
        with self._kondisi:
            self._berhenti = True
            self._kondisi.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._anak.hentikan()
        for bulan in self._indeks.values():
            bulan.lepas()

    # from here on: the thread

    def _bangun(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._bekerja, name="penyegar-halaman", daemon=True)
            self._thread.start()
        self._kondisi.notify_all()

    def _bekerja(self) -> None:
        menganggur = time.monotonic()
        while True:
            with self._kondisi:
                if self._berhenti:
                    return
                kerja = self._pilih_pekerjaan()
                if kerja is None:
                    self._kondisi.wait(1.0 if self._dipantau else 30.0)
                else:
                    self._dikerjakan = kerja.tempat
            if kerja is None:
                if time.monotonic() - menganggur > MENGANGGUR:
                    self._anak.hentikan()
                continue
            menganggur = time.monotonic()
            try:
                self._kerjakan(*kerja)
            except Exception as galat:  # the thread must go on; the text may hold a customer's data
                log.error("Penyegar halaman pengesahan: %s", type(galat).__name__)
            finally:
                with self._kondisi:
                    self._dikerjakan = None

    def _boleh_dicoba(self, tempat: Tempat) -> bool:
        return time.monotonic() >= self._coba_lagi.get(tempat, 0.0)

    def _pilih_pekerjaan(self) -> Pekerjaan | None:
        """Return the next job: first what somebody waits for, then counts that are missing, then the oldest."""
        if self._minta:
            tempat, cap = self._minta.popitem(last=False)
            return Pekerjaan(STATUS, tempat, cap)
        kini, detik = time.monotonic(), time.time()
        for bulan in [bulan for bulan, dipantau in self._dipantau.items() if dipantau.sampai < kini]:
            del self._dipantau[bulan]
        lewat: list[tuple[float, Tempat]] = []
        for bulan, dipantau in self._dipantau.items():
            ada = self._kini.get(bulan, {})
            for kode, segar in dipantau.segar.items():
                tempat = Tempat(*bulan, kode)
                umur = detik - ada[kode].pada.timestamp() if kode in ada else 1e9
                if umur > segar and self._boleh_dicoba(tempat):
                    lewat.append((umur / segar, tempat))
        return Pekerjaan(KESIAPAN, max(lewat)[1], None) if lewat else None

    def _kerjakan(self, apa: str, tempat: Tempat, cap: Cap | None) -> None:
        isi, hasil = self._anak.kerjakan(apa, tempat)
        bulan = (tempat.unitup, tempat.thblrek)
        if "galat" in isi:
            kini = time.monotonic()
            masih = {gagal: sampai for gagal, sampai in self._coba_lagi.items() if sampai > kini}
            self._coba_lagi = masih | {tempat: kini + JEDA_GALAT}
            self._galat[bulan] = isi["galat"]
            return
        self._coba_lagi.pop(tempat, None)
        self._galat.pop(bulan, None)
        pada = datetime.fromisoformat(isi["pada"])
        self._kini[bulan] = {**self._kini.get(bulan, {}), tempat.hari_baca: KesiapanKini._make([*isi["kini"], pada])}
        while len(self._kini) > 500:
            self._kini.pop(next(iter(self._kini)))
        if apa == STATUS:
            with self._kondisi:
                indeks = self._indeks.setdefault(bulan, IndeksBulan())
            indeks.gabung(tempat.hari_baca, hasil, KelompokTerindeks(cap, pada, isi["jumlah"]))
            with self._kondisi:
                self._batasi()

    def _batasi(self) -> None:
        """Forget the months that were looked at longest ago, where there are too many, or too many customers."""
        maks = setelan.halaman_pelanggan()
        jumlah = sum(indeks.jumlah for indeks in self._indeks.values())
        while len(self._indeks) > BULAN_MAKS or (len(self._indeks) > 1 and jumlah > maks):
            _, lama = self._indeks.popitem(last=False)  # a request that still reads it keeps it alive until then
            jumlah -= lama.jumlah


def _usang(kelompok: KelompokTerindeks | None, cap: Cap | None, sejak: float) -> bool:
    return kelompok is None or kelompok.cap != cap or kelompok.pada.timestamp() < sejak

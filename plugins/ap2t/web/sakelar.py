"""Remembers for seconds that a system does not answer, so that not everybody finds out by waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ap2t.galat import GalatPengesahan

log = logging.getLogger(__name__)
DIAM = 3.0
"""Seconds without any answer, while somebody waits for one, after which a system counts as silent."""
JEDA = 5.0
"""Seconds between two attempts while it failed or is silent; all others are refused at once."""
SABAR = 1.0
"""Seconds that a call waits while as many as may be are under way."""
SABAR_UJI = 0.3
"""Seconds that others wait for the outcome of an attempt that has just begun: mostly the system is only slow."""


class Sakelar:
    """Lets calls to one system through, few at once. Once it has stopped answering single attempts alone pass.

    :param nama: the system, as an operator calls it. :param serentak: calls at once.
    :param gagal: the errors that say it does not answer, the first is raised here; any other one is an answer.
    """

    def __init__(self, nama: str, serentak: int, *gagal: type[GalatPengesahan]) -> None:
        self.nama, self.serentak, self.gagal = nama, serentak, gagal
        self._kondisi = threading.Condition()
        self._berjalan: dict[object, float] = {}
        self._gagal = False
        self._dijawab = self._diuji = self._boleh_uji = float("-inf")
        """When it answered last; when the attempt under way began; from when on the next may begin."""

    @contextmanager
    def lewat(self) -> Iterator[None]:
        """Make a call in the block.

        :raises GalatPengesahan: the first of ``gagal``, at once or almost: it is silent, or too many are asking.
        """
        tiket = object()
        with self._kondisi:
            akhir = time.monotonic() + SABAR
            while (tunggu := self._tunggu(time.monotonic(), akhir)) > 0:
                self._kondisi.wait(tunggu)
            self._berjalan[tiket] = time.monotonic()
        sebab: str | None = None
        try:
            yield
        except self.gagal as galat:
            sebab = str(galat)
            raise
        finally:
            with self._kondisi:
                self._catat_akhir(self._berjalan.pop(tiket), sebab)
                self._kondisi.notify_all()

    def _tunggu(self, kini: float, akhir: float) -> float:
        """Seconds to wait before looking again, 0 to go on."""
        if self._gagal or self._diam_sejak(kini) is not None:
            if kini >= self._boleh_uji:
                self._diuji, self._boleh_uji = kini, kini + JEDA
                return 0.0
            if (sisa := self._diuji + SABAR_UJI - kini) > 0:
                return sisa
            raise self.gagal[0](self._kalimat(kini))
        if len(self._berjalan) < self.serentak:
            return 0.0
        if kini >= akhir:
            raise self.gagal[0](f"{self.nama} sedang ditanya terlalu banyak sekaligus.")
        return akhir - kini

    def _diam_sejak(self, kini: float) -> float | None:
        """Since when it has been silent, or None where it is not, or nobody waits for it."""
        sejak = max(min(self._berjalan.values(), default=kini), self._dijawab)
        return sejak if kini - sejak > DIAM else None

    def _kalimat(self, kini: float) -> str:
        """What others are told. It says nothing of the call that failed: that may have been another unit's."""
        sejak = self._diam_sejak(kini)
        apa = "tidak menjawab" if sejak is None else f"belum menjawab sejak {kini - sejak:.0f} detik"
        return f"{self.nama} {apa}. Bila tetap begini beberapa menit, beri tahu pengelola Airflow."

    def _catat_akhir(self, mulai: float, sebab: str | None) -> None:
        """Note how a call ended. A failure counts only where nobody was answered since the call began."""
        kini = time.monotonic()
        if sebab is None:
            self._gagal, self._dijawab, self._diuji, self._boleh_uji = False, kini, float("-inf"), float("-inf")
        elif self._dijawab < mulai:
            self._gagal, self._diuji, self._boleh_uji = True, float("-inf"), kini + JEDA
            log.warning("Halaman pengesahan: %s", sebab)

"""Remembers for seconds that a system does not answer: not everybody who asks has to find out by waiting."""

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
    """Lets calls to one system through, few at once; only single attempts once it has stopped answering.

    :param nama: the system, as an operator calls it. :param serentak: calls at once.
    :param gagal: the errors that say it does not answer, the first is raised here; any other one is an answer.
    """

    def __init__(self, nama: str, serentak: int, *gagal: type[GalatPengesahan]) -> None:
        self.nama, self.serentak, self.gagal = nama, serentak, gagal
        self._cv = threading.Condition()
        self._jalan: dict[object, float] = {}
        self._gagal = False
        self._jawab = self._uji = self._lagi = float("-inf")
        """When it answered last, when the attempt under way began, from when on the next may."""

    @contextmanager
    def lewat(self) -> Iterator[None]:
        """Make a call in the block.

        :raises GalatPengesahan: the first of ``gagal``, at once or almost: it is silent, or too many are asking.
        """
        tiket = object()
        with self._cv:
            akhir = time.monotonic() + SABAR
            while (tunggu := self._tunggu(time.monotonic(), akhir)) > 0:
                self._cv.wait(tunggu)
            self._jalan[tiket] = time.monotonic()
        sebab: str | None = None
        try:
            yield
        except self.gagal as galat:
            sebab = str(galat)
            raise
        finally:
            with self._cv:
                self._catat(self._jalan.pop(tiket), sebab)
                self._cv.notify_all()

    def _tunggu(self, kini: float, akhir: float) -> float:
        """Seconds to wait before looking again; 0: go on."""
        if self._gagal or self._diam_sejak(kini) is not None:
            if kini >= self._lagi:
                self._uji, self._lagi = kini, kini + JEDA
                return 0.0
            if (sisa := self._uji + SABAR_UJI - kini) > 0:
                return sisa
            raise self.gagal[0](self._kalimat(kini))
        if len(self._jalan) < self.serentak:
            return 0.0
        if kini >= akhir:
            raise self.gagal[0](f"{self.nama} sedang ditanya terlalu banyak sekaligus.")
        return akhir - kini

    def _diam_sejak(self, kini: float) -> float | None:
        """Since when it has been silent; None: it has not, or nobody waits for it."""
        sejak = max(min(self._jalan.values(), default=kini), self._jawab)
        return sejak if kini - sejak > DIAM else None

    def _kalimat(self, kini: float) -> str:
        """What others are told: nothing of the call that failed, which may have been another unit's."""
        sejak = self._diam_sejak(kini)
        apa = "tidak menjawab" if sejak is None else f"belum menjawab sejak {kini - sejak:.0f} detik"
        return f"{self.nama} {apa}. Bila tetap begini beberapa menit, beri tahu pengelola Airflow."

    def _catat(self, mulai: float, sebab: str | None) -> None:
        """Note how a call ended. One that failed while others were answered says nothing of the system."""
        kini = time.monotonic()
        if sebab is None:
            self._gagal, self._jawab, self._uji, self._lagi = False, kini, float("-inf"), float("-inf")
        elif self._jawab < mulai:
            self._gagal, self._uji, self._lagi = True, float("-inf"), kini + JEDA
            log.warning("Halaman pengesahan: %s", sebab)

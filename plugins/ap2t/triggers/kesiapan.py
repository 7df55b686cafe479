"""Looks at readiness from the triggerer, so that waiting holds no worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, fields
from typing import Any

import structlog
from airflow.triggers.base import BaseTrigger, TriggerEvent

from ap2t import jam
from ap2t.domain.model import Tempat
from ap2t.galat import GalatPengesahan
from ap2t.proses.kesiapan import Tengok, catat_tengok, tengok
from ap2t.proses.layanan import Layanan

_UTAS = ThreadPoolExecutor(8, thread_name_prefix="kesiapan")
"""Of its own: a database that hangs must not hold the few threads that all triggers of the process share."""


@dataclass(kw_only=True, eq=False, repr=False)
class KesiapanTrigger(BaseTrigger):
    """Look every ``jeda`` seconds until the stage holds, or until an error only a person can mend.

    :param nomor: the session's number, as ``pola``, ``pilihan`` and its kelompok are the session's.
    :param apa: a stage name of :mod:`ap2t.proses.kesiapan`.
    :param jeda: seconds between two looks. :param batas: seconds after which it gives up.
    """

    nomor: str
    unitup: str
    thblrek: str
    hari_baca: str
    pola: str
    apa: str
    jeda: int
    batas: int
    pilihan: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._terakhir: Tengok | None = None

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return class path and arguments."""
        isi = {bidang.name: getattr(self, bidang.name) for bidang in fields(self)}
        return f"{type(self).__module__}.{type(self).__qualname__}", isi

    def _tengok(self) -> Tengok:
        with Layanan() as layanan:
            tempat = Tempat(self.unitup, self.thblrek, self.hari_baca)
            hasil = tengok(layanan, tempat, self.pola, self.apa, self.pilihan)
            if hasil != self._terakhir:  # the ledger compares too; this spares it the question while nothing changes
                catat_tengok(layanan, self.nomor, self.apa, hasil)
                self._terakhir = hasil
            return hasil

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, log, wait. A source that does not answer is asked again at the next look."""
        structlog.contextvars.bind_contextvars(sesi=self.nomor, langkah=self.apa)
        akhir = jam.monoton() + self.batas
        terakhir = ""
        while jam.monoton() < akhir:
            await asyncio.sleep(self.jeda)
            try:
                hasil = await asyncio.get_running_loop().run_in_executor(_UTAS, copy_context().run, self._tengok)
            except GalatPengesahan as galat:
                if galat.permanen:
                    yield _peristiwa(False, str(galat))
                    return
                self.log.warning("[%s] %s Ditengok lagi dalam %s detik.", self.nomor, galat, self.jeda)
                continue
            terakhir = hasil.kalimat
            self.log.info("[%s] %s", self.nomor, terakhir)
            if hasil.siap:
                yield _peristiwa(True, terakhir)
                return
        yield _peristiwa(False, f"Belum siap setelah ditunggu {self.batas / 3600:.0f} jam. {terakhir}")


def _peristiwa(siap: bool, kalimat: str) -> TriggerEvent:
    return TriggerEvent({"siap": siap, "kalimat": kalimat})  # type: ignore[no-untyped-call]

"""Redis killed under Celery, with tasks queued and while posting, and back again empty."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import pytest

from tests.e2e.bagian_uji import REDIS, Bagian, di_tengah_posting, jejak, tepat_sekali
from tests.e2e.conftest import StackUji, menyala, tunggu
from tests.e2e.mati.conftest import CEPAT
from tests.e2e.penuh.conftest import setelan
from tests.e2e.run_uji import RunUji

pytestmark = [pytest.mark.e2e, pytest.mark.nightly]
SATU, DUA, TIGA = "54110", "55210", "41310"


@pytest.fixture(scope="module")
def tumpukan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackUji]:
    """What docker-compose.yaml sets, with short patience."""
    with menyala("antrean", **{**setelan(tmp_path_factory.mktemp("rahasia")), **CEPAT}) as stack:
        yield stack


def test_redis_mati_dan_kosong(hidup: StackUji) -> None:
    """A task at work goes on without its queue; those queued are lost with it, and sent anew after a while."""
    bekerja, antre, dijawab = (RunUji(hidup, unit, "A") for unit in (SATU, DUA, TIGA))
    for run in (antre, dijawab):
        run.matang()
    di_tengah_posting(bekerja)
    redis, pekerja = Bagian(hidup, REDIS), [Bagian(hidup, nama) for nama in ("pekerja-1", "pekerja-2")]
    for satu in pekerja:
        os.kill(satu.pid, signal.SIGSTOP)  # takes nothing more out of the queue; its tasks go on
    antre.kirim_jawaban()
    antre.sampai(lambda t: t["persetujuan"] == "queued")
    redis.bunuh()
    shutil.rmtree(hidup.folder / "redis")
    for satu in pekerja:
        os.kill(satu.pid, signal.SIGCONT)
    dijawab.kirim_jawaban()
    bekerja.sampai(lambda t: t["posting_ap2t"] == "success")
    redis.nyalakan()
    hidup.sandbox("DELETE", "gangguan")
    tepat_sekali(bekerja, antre, dijawab)
    assert jejak(bekerja, "POSTING_MULAI") == 1


def test_scheduler_mati_pekerja_hidup(hidup: StackUji) -> None:
    """Under Celery the death of the scheduler ends no task: the next one takes it up where it is."""
    bekerja, gerbang = RunUji(hidup, SATU, "B"), RunUji(hidup, DUA, "B")
    gerbang.matang()
    di_tengah_posting(bekerja)
    scheduler = Bagian(hidup, "scheduler")
    scheduler.bunuh()
    gerbang.kirim_jawaban()
    scheduler.nyalakan()
    hidup.sandbox("DELETE", "gangguan")
    tunggu(lambda: bekerja.tugas["posting_ap2t"] == "success")
    tepat_sekali(bekerja, gerbang)
    assert jejak(bekerja, "POSTING_MULAI") == 1

"""Opening a run from a task: only an answer that is surely one of two counts as open (for real: e2e/test_jadwal)."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time import task_runner
from airflow.sdk.execution_time.comms import ErrorResponse, OKResponse, TriggerDagRun

from ap2t.galat import AirflowMenolakRun, AirflowTidakMenjawab
from ap2t.operators.buka_run import buka_run

ISI = ("pengesahan_hari_baca_a", "operator_triggered__jadwal_54110_202606_A", {"unitup": "54110"})


class Penyelia:
    """The supervisor's end: gives one answer, or raises it as the Task SDK does."""

    def __init__(self, jawab: Any, *, sebagai_galat: bool) -> None:
        self.jawab, self.sebagai_galat = jawab, sebagai_galat
        self.pesan: list[Any] = []

    def send(self, pesan: Any) -> Any:
        self.pesan.append(pesan)
        if self.sebagai_galat:
            raise AirflowRuntimeError(self.jawab)
        return self.jawab


def galat(status: int | None, jenis: ErrorType = ErrorType.API_SERVER_ERROR) -> ErrorResponse:
    return ErrorResponse(error=jenis, detail=None if status is None else {"status_code": status, "message": "x"})


def tanya(monkeypatch: pytest.MonkeyPatch, jawab: Any, *, sebagai_galat: bool) -> tuple[bool, Penyelia]:
    penyelia = Penyelia(jawab, sebagai_galat=sebagai_galat)
    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", penyelia, raising=False)
    return buka_run(*ISI), penyelia


def test_dibuka_atau_sudah_ada(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is there already is as open as a new one; nothing of an old run is ever reset."""
    baru, penyelia = tanya(monkeypatch, OKResponse(ok=True), sebagai_galat=False)
    assert baru is True
    (pesan,) = penyelia.pesan
    assert isinstance(pesan, TriggerDagRun)
    assert (pesan.dag_id, pesan.run_id, pesan.conf, pesan.reset_dag_run) == (*ISI, False)
    ada = galat(None, ErrorType.DAGRUN_ALREADY_EXISTS)
    for sebagai_galat in (False, True):
        assert tanya(monkeypatch, ada, sebagai_galat=sebagai_galat)[0] is False


@pytest.mark.parametrize("sebagai_galat", [False, True])
@pytest.mark.parametrize(
    ("jawab", "harap"),
    [
        (galat(404), AirflowMenolakRun),
        (galat(400), AirflowMenolakRun),
        (galat(401), AirflowTidakMenjawab),
        (galat(429), AirflowTidakMenjawab),
        (galat(500), AirflowTidakMenjawab),
        (galat(None, ErrorType.GENERIC_ERROR), AirflowTidakMenjawab),
        (galat(None, ErrorType.PERMISSION_DENIED), AirflowTidakMenjawab),
    ],
)
def test_galat_bukan_terbuka(
    monkeypatch: pytest.MonkeyPatch, jawab: ErrorResponse, harap: type[Exception], sebagai_galat: bool
) -> None:
    """What concerns this run alone is told apart from what makes the next one pointless; neither is taken for open."""
    with pytest.raises(harap, match="operator_triggered__jadwal_54110_202606_A"):
        tanya(monkeypatch, jawab, sebagai_galat=sebagai_galat)


@pytest.mark.parametrize("jawab", [None, "ok", OKResponse(ok=False)])
def test_jawaban_asing_bukan_terbuka(monkeypatch: pytest.MonkeyPatch, jawab: Any) -> None:
    """Fail closed: an answer of another release is not taken for a run that is there."""
    with pytest.raises(AirflowTidakMenjawab, match="tidak dikenal"):
        tanya(monkeypatch, jawab, sebagai_galat=False)

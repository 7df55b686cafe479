"""The gate's adapter where Airflow's side cannot be made to misbehave at will."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from airflow.sdk.api.datamodels._generated import HITLDetailResponse, HITLUser
from airflow.sdk.exceptions import (
    AirflowFailException,
    AirflowRuntimeError,
    ErrorType,
    TaskAwaitingInput,
    TaskDeferred,
)
from airflow.sdk.execution_time.comms import ErrorResponse

from ap2t import identitas
from ap2t.galat import BukuTidakTerjangkau, JawabanTertunda, WewenangKurang
from ap2t.ledger.kedatangan import Jawaban
from ap2t.operators.dasar import galat_airflow
from ap2t.proses.gerbang import Undangan
from ap2t.sensors import persetujuan
from ap2t.sensors.persetujuan import PersetujuanSensor
from ap2t.triggers import jawaban as jawaban_trigger
from ap2t.triggers.jawaban import JawabanTrigger


@pytest.fixture
def gerbang(monkeypatch: pytest.MonkeyPatch) -> PersetujuanSensor:
    @contextmanager
    def langkah(*_: Any, **__: Any) -> Iterator[Any]:
        with galat_airflow(logging.getLogger(), "uji: "):
            yield SimpleNamespace(sesi=SimpleNamespace(nomor="PS", tanpa_akibat="Tidak ada yang diposting"))

    monkeypatch.setattr(persetujuan, "langkah_sesi", langkah)
    monkeypatch.setattr(PersetujuanSensor, "_sudah_beres", lambda *_: False)
    return PersetujuanSensor(task_id="persetujuan", urutan=1)


def test_tenggat_airflow_tidak_menjawab(gerbang: PersetujuanSensor) -> None:
    """Never an answer by itself: Airflow's deadline makes the gate wait on, again with a deadline."""
    with pytest.raises(TaskAwaitingInput) as tunggu:
        gerbang.execute_complete({}, {"error": "lewat", "error_type": "timeout"})  # type: ignore[arg-type]
    assert tunggu.value.method_name == "execute_complete"
    assert tunggu.value.timeout == gerbang.response_timeout == timedelta(hours=2)
    assert gerbang.defaults is None


def test_galat_lain_gagal(gerbang: PersetujuanSensor) -> None:
    """Any other error of the gate fails the task; nothing is taken up."""
    with pytest.raises(AirflowFailException, match="Tidak ada yang diposting"):
        gerbang.execute_complete({}, {"error": "x", "error_type": "lain"})  # type: ignore[arg-type]


@pytest.fixture
def dinilai(monkeypatch: pytest.MonkeyPatch) -> list[Jawaban | None]:
    """What was handed over to be judged; every answer is taken up as SETUJU."""
    semua: list[Jawaban | None] = []

    def pilih(*a: Any) -> object:
        semua.append(a[2])
        return object() if a[2] else None

    monkeypatch.setattr(persetujuan, "yang_dinilai", pilih)
    monkeypatch.setattr(persetujuan, "nilai", lambda *_: "SETUJU")
    return semua


ISI = {"chosen_options": ["Sah/Setuju"], "responded_by_user": {"id": "spv1", "name": "x"}, "responded_at": None}
KONTEKS: Any = {"ti": SimpleNamespace(id="018f0000-0000-7000-8000-000000000000", task_id="persetujuan")}


def test_jawaban_dibaca_apa_adanya(gerbang: PersetujuanSensor, dinilai: list[Jawaban | None]) -> None:
    """The person is the one Airflow names; a field that is missing counts as empty."""
    assert gerbang.execute_complete(KONTEKS, ISI) == "SETUJU"
    assert gerbang.execute_complete(KONTEKS, ISI | {"responded_by_user": None}) == "SETUJU"
    satu, dua = dinilai
    assert satu is not None
    assert dua is not None
    assert (satu.oleh, dict(satu.isian), satu.pilihan) == ("spv1", {}, ["Sah/Setuju"])
    assert dua.oleh is None


def test_menunggu_tanpa_pekerja(gerbang: PersetujuanSensor, monkeypatch: pytest.MonkeyPatch) -> None:
    """While ACMT or the ledger is away the task is deferred, longer each time, and no try is used up; not for ever."""
    sebab = iter([JawabanTertunda("ACMT.", permanen=False), *([BukuTidakTerjangkau("Buku.")] * 9)])

    def gagal(*_: Any) -> object:
        raise next(sebab)

    monkeypatch.setattr(persetujuan, "yang_dinilai", lambda *_: object())
    monkeypatch.setattr(persetujuan, "nilai", gagal)
    event: dict[str, Any] = ISI
    kwargs: dict[str, Any] = {}
    jeda = []
    for n in range(7):
        with pytest.raises(TaskDeferred) as tunda:
            gerbang.lanjut(KONTEKS, event, **kwargs) if n else gerbang.execute_complete(KONTEKS, event)
        assert (tunda.value.method_name, type(tunda.value.trigger)) == ("lanjut", JawabanTrigger)
        jeda.append(tunda.value.trigger.serialize()[1]["jeda"])
        kwargs = tunda.value.kwargs or {}
        event = {"ada": True, "jawaban": ISI, "galat": None}
    assert jeda == [15, 30, 60, 120, 240, 300, 300]
    with pytest.raises(AirflowFailException, match="Sesudah pulih, ulangi"):
        gerbang.lanjut(KONTEKS, event, **kwargs | {"sejak": "2026-01-01T00:00:00+00:00"})


def test_yang_permanen_gagal_sekarang(gerbang: PersetujuanSensor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person has to mend fails the task at once; the answer is judged when the task is cleared."""

    def gagal(*_: Any) -> object:
        raise JawabanTertunda("view-nya tidak ada", permanen=True)

    monkeypatch.setattr(persetujuan, "yang_dinilai", lambda *_: object())
    monkeypatch.setattr(persetujuan, "nilai", gagal)
    with pytest.raises(AirflowFailException, match="view-nya tidak ada"):
        gerbang.execute_complete(KONTEKS, ISI)


def test_dibuka_lagi_sesudah_ditengok(
    gerbang: PersetujuanSensor, dinilai: list[Jawaban | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a gate opens again Airflow's copy is looked at; it is written anew only where that wipes no answer."""
    monkeypatch.setattr(persetujuan.identitas, "pastikan_gerbang_terjaga", lambda: None)
    monkeypatch.setattr(persetujuan, "pernah_ditanyakan", lambda *_: True)
    with pytest.raises(TaskDeferred) as tunda:
        gerbang.execute(KONTEKS)
    assert tunda.value.method_name == "lanjut"

    dibuka: list[Any] = []
    monkeypatch.setattr(persetujuan, "buka_gerbang", lambda *_: Undangan("j", "i", ["spv1"]))
    monkeypatch.setattr(persetujuan.HITLOperator, "execute", lambda *_: dibuka.append(1))
    assert gerbang.lanjut(KONTEKS, {"ada": True, "jawaban": ISI, "galat": None}) == "SETUJU"
    with pytest.raises(TaskAwaitingInput):  # it stands there without an answer; one may come at this very moment
        gerbang.lanjut(KONTEKS, {"ada": True, "jawaban": None, "galat": None})
    assert not dibuka
    with pytest.raises(TaskDeferred):  # whether there is one cannot be told: it is looked at again
        gerbang.lanjut(KONTEKS, {"ada": False, "jawaban": None, "galat": "500"})
    gerbang.lanjut(KONTEKS, {"ada": False, "jawaban": None, "galat": None})
    monkeypatch.setattr(persetujuan, "yang_dinilai", lambda *_: None)  # what Airflow keeps was refused before
    gerbang.lanjut(KONTEKS, {"ada": True, "jawaban": ISI, "galat": None})
    assert dibuka == [1, 1]


def test_tautan_tidak_menahan_gerbang(gerbang: PersetujuanSensor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public address that is none costs the gate its link, nothing else."""
    alamat: list[Any] = []
    monkeypatch.setenv("AP2T_ALAMAT_PUBLIK", "bukan alamat")
    monkeypatch.setattr(persetujuan.identitas, "pastikan_gerbang_terjaga", lambda: None)
    monkeypatch.setattr(persetujuan, "pernah_ditanyakan", lambda *_: False)
    monkeypatch.setattr(persetujuan, "buka_gerbang", lambda *a: alamat.append(a[-1]))
    assert gerbang.execute(KONTEKS) == "PS"
    monkeypatch.setenv("AP2T_ALAMAT_PUBLIK", "https://contoh/air")
    gerbang.execute(KONTEKS)
    assert alamat == [None, "https://contoh/air"]


def tengok(monkeypatch: pytest.MonkeyPatch, jawaban: Any) -> dict[str, Any]:
    """Return what the trigger tells where Airflow answers, or fails, like this."""

    def minta(ti_id: UUID) -> Any:
        assert str(ti_id) == KONTEKS["ti"].id
        if isinstance(jawaban, Exception):
            raise jawaban
        return jawaban

    monkeypatch.setattr(jawaban_trigger, "get_hitl_detail_content_detail", minta)

    async def satu() -> Any:
        return await anext(aiter(JawabanTrigger(ti_id=KONTEKS["ti"].id, jeda=0).run()))

    return dict(asyncio.run(satu()).payload)


def test_yang_disimpan_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that was never opened, one without an answer, one with it, and an Airflow that cannot say which."""

    def gagal(status: int) -> AirflowRuntimeError:
        return AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR, detail={"status_code": status}))

    kosong = {"ada": False, "jawaban": None, "galat": None}
    assert tengok(monkeypatch, gagal(404)) == kosong
    assert "500" in tengok(monkeypatch, gagal(500))["galat"]
    belum = HITLDetailResponse(response_received=False, responded_at=None, chosen_options=None)
    assert tengok(monkeypatch, belum) == kosong | {"ada": True}
    pada = datetime(2026, 6, 5, 3, tzinfo=UTC)
    orang = HITLUser(id="7", name="spv1")
    dijawab = HITLDetailResponse(
        response_received=True,
        responded_at=pada,
        responded_by_user=orang,
        chosen_options=["Tolak"],
        params_input={"catatan": "x"},
    )
    assert tengok(monkeypatch, dijawab)["jawaban"] == {
        "chosen_options": ["Tolak"],
        "params_input": {"catatan": "x"},
        "responded_at": pada,
        "responded_by_user": {"id": "7", "name": "spv1"},
    }


def test_semua_admin_ditolak(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that anyone may answer is not opened: all_admins, or an auth manager we cannot map people to."""
    identitas.pastikan_gerbang_terjaga()
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    with pytest.raises(WewenangKurang, match="all_admins"):
        identitas.pastikan_gerbang_terjaga()
    monkeypatch.setenv("AIRFLOW__CORE__AUTH_MANAGER", "lain.Manager")
    with pytest.raises(WewenangKurang, match=r"lain\.Manager"):
        identitas.pastikan_gerbang_terjaga()

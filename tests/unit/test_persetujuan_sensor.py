"""The gate's adapter where Airflow's side cannot be made to misbehave at will."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskAwaitingInput

from ap2t import identitas
from ap2t.galat import BukuMenolak, WewenangKurang
from ap2t.sensors import persetujuan
from ap2t.sensors.persetujuan import PersetujuanSensor


@pytest.fixture
def gerbang(monkeypatch: pytest.MonkeyPatch) -> PersetujuanSensor:
    @contextmanager
    def langkah(*_: Any, **__: Any) -> Iterator[tuple[Any, Any, Any]]:
        yield None, SimpleNamespace(nomor="PS", tanpa_akibat="Tidak ada yang diposting"), lambda _: None

    monkeypatch.setattr(persetujuan, "langkah_sesi", langkah)
    monkeypatch.setattr(PersetujuanSensor, "_sesi_berakhir", staticmethod(lambda _: False))
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
    with pytest.raises(BukuMenolak, match="Tidak ada yang diposting"):
        gerbang.execute_complete({}, {"error": "x", "error_type": "lain"})  # type: ignore[arg-type]


def test_jawaban_dibaca_apa_adanya(gerbang: PersetujuanSensor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is the one Airflow names; a field that is missing counts as empty."""
    diterima: list[Any] = []
    monkeypatch.setattr(persetujuan, "terima", lambda *a: diterima.append(a[3]) or "SETUJU")
    isi = {"chosen_options": ["Sah/Setuju"], "responded_by_user": {"id": "spv1", "name": "x"}, "responded_at": None}
    assert gerbang.execute_complete({}, isi) == "SETUJU"  # type: ignore[arg-type]
    assert (diterima[0].username, dict(diterima[0].isian), diterima[0].pilihan) == ("spv1", {}, ["Sah/Setuju"])
    gerbang.execute_complete({}, isi | {"responded_by_user": None})  # type: ignore[arg-type]
    assert diterima[1].username is None


def test_semua_admin_ditolak(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that anyone may answer is not opened: all_admins, or an auth manager we cannot map people to."""
    identitas.pastikan_gerbang_terjaga()
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    with pytest.raises(WewenangKurang, match="all_admins"):
        identitas.pastikan_gerbang_terjaga()
    monkeypatch.setenv("AIRFLOW__CORE__AUTH_MANAGER", "lain.Manager")
    with pytest.raises(WewenangKurang, match=r"lain\.Manager"):
        identitas.pastikan_gerbang_terjaga()

"""A stack whose parts these tests kill, one story after the other: small batches, one by one, and short patience."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.bagian_uji import utuh
from tests.e2e.conftest import BARIS, StackUji, menyala

CEPAT = {
    "AP2T_DEMO_BARIS": str(BARIS),
    "AP2T_KELOMPOK": "A,B,C,D,E,F,G,S",
    "AP2T_UKURAN_BATCH": "20",
    "AP2T_BATCH_SERENTAK": "1",
    # how soon Airflow believes that a scheduler, a task, a triggerer is dead; at its defaults the same takes minutes
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__PARSING_CLEANUP_INTERVAL": "10",
    "AIRFLOW__DAG_PROCESSOR__STALE_DAG_THRESHOLD": "5",
    "PGOPTIONS": "-c idle_in_transaction_session_timeout=45s",
    "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "15",
}


@pytest.fixture(scope="package")
def tumpukan() -> Iterator[StackUji]:
    with menyala("mati", **CEPAT) as stack:
        yield stack


@pytest.fixture
def hidup(tumpukan: StackUji) -> Iterator[StackUji]:
    """The stack, whole before and behind each story."""
    with utuh(tumpukan):
        yield tumpukan

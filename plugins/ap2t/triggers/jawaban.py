"""Looks at the answer that Airflow keeps of a gate: a task itself has no way to read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from airflow.sdk.exceptions import AirflowRuntimeError
from airflow.sdk.execution_time.hitl import get_hitl_detail_content_detail
from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async


class JawabanTrigger(BaseTrigger):
    """Wait ``jeda`` seconds, then tell whether Airflow holds this gate, and the answer it keeps of it.

    The event: ``ada``: Airflow holds the gate. ``jawaban``: the answer, as a task that it wakes gets it; None: there is
    none. ``galat``: why it could not be looked at.

    :param ti_id: the task instance that opened, or will open, the gate.
    """

    def __init__(self, *, ti_id: str, jeda: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ti_id = ti_id
        self.jeda = jeda

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return class path and arguments."""
        return f"{type(self).__module__}.{type(self).__qualname__}", {"ti_id": self.ti_id, "jeda": self.jeda}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look once."""
        await asyncio.sleep(self.jeda)
        isi: dict[str, Any] = {"ada": False, "jawaban": None, "galat": None}
        try:
            detail = await sync_to_async(get_hitl_detail_content_detail)(ti_id=UUID(self.ti_id))
        except AirflowRuntimeError as galat:
            rinci = galat.error.detail or {}
            if rinci.get("status_code") != 404:  # 404: this gate was never opened in Airflow
                isi["galat"] = f"{galat.error.error.value} {rinci.get('status_code', '')}".strip()
        else:
            isi["ada"] = True
            if detail.response_received:
                orang = detail.responded_by_user
                isi["jawaban"] = {
                    "chosen_options": list(detail.chosen_options or []),
                    "params_input": detail.params_input or {},
                    "responded_at": detail.responded_at,
                    "responded_by_user": None if orang is None else {"id": orang.id, "name": orang.name},
                }
        yield TriggerEvent(isi)  # type: ignore[no-untyped-call]

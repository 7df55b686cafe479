"""What of Airflow's event log goes into the trail: who did what to our runs, and never a value somebody typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from ap2t.galat import AirflowTidakMenjawab
from ap2t.hooks.airflow_api import KlienAirflowApi, Peristiwa
from ap2t.penjaga.peristiwa import milik_kita, rincian
from ap2t.setelan import dag_kita


def peristiwa(event: str, dag_id: str | None = None, **extra: Any) -> Peristiwa:
    return Peristiwa(
        event_log_id=7, when=datetime(2026, 6, 1, tzinfo=UTC), event=event, dag_id=dag_id, extra=json.dumps(extra)
    )


def test_only_our_dags() -> None:
    assert milik_kita(peristiwa("patch_task_instance", "pengesahan_hari_baca_a"), dag_kita())
    assert milik_kita(peristiwa("trigger_dag_run", "pembatalan_pengesahan"), dag_kita())
    assert not milik_kita(peristiwa("patch_task_instance", "laporan_lain"), dag_kita())


@pytest.mark.parametrize("event", ["post_connection", "patch_pool", "delete_variable", "cli_users_create"])
def test_what_our_dags_run_on_counts_though_it_has_no_dag(event: str) -> None:
    assert milik_kita(peristiwa(event), dag_kita())


def test_a_login_page_visit_does_not_count() -> None:
    assert not milik_kita(peristiwa("get_version"), dag_kita())


def test_a_mark_and_an_answer_keep_what_was_chosen() -> None:
    assert rincian(peristiwa("patch_task_instance", new_state="success", method="PATCH")) == {
        "new_state": "success",
        "method": "PATCH",
    }
    jawab = peristiwa(
        "update_hitl_detail", chosen_options=["Sah/Setuju"], params_input={"catatan": "Budi, jalan Mawar"}
    )
    assert rincian(jawab) == {"chosen_options": ["Sah/Setuju"]}


def test_of_a_hand_made_conf_only_names_unit_and_month_are_kept() -> None:
    isi = rincian(peristiwa("trigger_dag_run", conf={"unitup": "54110", "kata_sandi": "rahasia"}, note="rahasia"))
    assert isi == {"conf": ["kata_sandi", "unitup"], "unitup": "54110"}


def test_a_connection_is_named_without_its_password() -> None:
    isi = rincian(peristiwa("post_connection", connection_id="cmt_db", host="10.0.0.9", password="x", login="y"))
    assert isi == {"connection_id": "cmt_db", "host": "10.0.0.9"}


@pytest.mark.parametrize("extra", ["", "bukan json", "[1]", "null"])
def test_details_that_cannot_be_read_are_left_out(extra: str) -> None:
    p = Peristiwa(event_log_id=1, when=datetime(2026, 6, 1, tzinfo=UTC), event="x", extra=extra)
    assert rincian(p) == {}


@pytest.mark.parametrize(
    "isi", [b"[" * 100_000, b"\xff", b"", b'{"event_log_id": 1, "when": "2026-06-01T00:00:00", "event": "x"}', b"[]"]
)
def test_an_answer_that_is_no_event_is_airflow_not_answering(monkeypatch: pytest.MonkeyPatch, isi: bytes) -> None:
    """Brackets without end, no text, an instant in nobody's zone: told as ever, and tried again later."""
    klien = KlienAirflowApi.__new__(KlienAirflowApi)
    jawaban = requests.Response()
    jawaban.status_code, jawaban._content = 200, isi
    sesi = requests.Session()
    monkeypatch.setattr(sesi, "request", lambda *_, **__: jawaban)
    klien._alamat, klien._timeout, klien._sesi, klien._sisa_lubang, klien.tak_ditengok = "http://x", 1.0, sesi, 1, 0
    with pytest.raises(AirflowTidakMenjawab):
        list(klien._lubang(1, 2))

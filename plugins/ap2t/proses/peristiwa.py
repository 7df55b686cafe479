"""Airflow's own record of who did what to our runs, copied into the trail before Airflow may purge it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from ap2t.domain.teks import ribuan
from ap2t.hooks.airflow_api import Peristiwa
from ap2t.ledger import jejak, peristiwa, sesi
from ap2t.proses.layanan import Lapor, Layanan

TUMPANG = timedelta(minutes=30)
"""How far back each copy looks again: an event may be committed later than one with a later time."""
TANPA_DAG = ("connection", "pool", "variable", "user", "role", "cli_")
"""Parts of the names of events that belong to no DAG and still say who changed what ours run on."""
KUNCI_AMAN = frozenset(
    {
        *("new_state", "chosen_options", "method", "dry_run", "task_ids", "only_failed", "reset_dag_runs", "map_index"),
        *("include_upstream", "include_downstream", "include_future", "include_past", "dag_run_id", "state"),
        *("connection_id", "conn_type", "host", "pool", "name", "slots", "is_paused", "host_name"),
    }
)
"""What is copied of an event's details. Notes, form fields and values stay out: the trail has what counts of them."""


def milik_kita(p: Peristiwa, dag: Collection[str]) -> bool:
    """Tell whether an event is about one of our DAGs, or about what they run on."""
    if p.dag_id is not None:
        return p.dag_id in dag
    return any(k in p.event for k in TANPA_DAG)


def rincian(p: Peristiwa) -> dict[str, Any]:
    """Return the details that are safe to keep; of a run's conf the names of its fields, its unit and its month."""
    try:
        isi = json.loads(p.extra or "{}")
    except ValueError:
        return {}
    if not isinstance(isi, dict):
        return {}
    aman = {k: v for k, v in isi.items() if k in KUNCI_AMAN}
    conf = isi.get("conf")
    if isinstance(conf, dict):
        aman["conf"] = sorted(map(str, conf))
        aman |= {k: str(conf[k])[:20] for k in ("unitup", "thblrek") if conf.get(k)}
    return aman


def salin_peristiwa(layanan: Layanan, dag: Collection[str], lapor: Lapor) -> int:
    """Copy what is new in Airflow's event log into the trail, each event once; return how many.

    :param dag: ids of our DAGs.
    :raises AirflowTidakMenjawab: the event log cannot be read now; the next copy catches up.
    :raises KoneksiTidakSah: connection ``airflow_api`` is missing.
    """
    with layanan.buku.transaksi() as conn:
        sampai = peristiwa.sampai(conn)
    klien = layanan.airflow()
    disalin = 0
    for p in klien.peristiwa(None if sampai is None else sampai - TUMPANG):
        if milik_kita(p, dag):
            with layanan.buku.transaksi() as conn:
                disalin += _salin(conn, p)
    lapor(f"{ribuan(disalin)} peristiwa Airflow disalin ke jejak.")
    return disalin


def _salin(conn: Connection, p: Peristiwa) -> bool:
    """Write one event into the trail; False if it is there already."""
    if not peristiwa.tandai(conn, p.event_log_id, p.when):
        return False
    s = sesi.milik_run(conn, p.dag_id, p.run_id) if p.dag_id and p.run_id else None
    isi = {
        "peristiwa": p.event,
        "waktu": p.when.isoformat(),
        "nomor": p.event_log_id,
        "dag_id": p.dag_id,
        "run_id": p.run_id,
        "task_id": p.task_id,
        "rinci": rincian(p),
    }
    jejak.catat(conn, "PERISTIWA_AIRFLOW", isi, sesi_id=s.id if s else None, pelaku=p.owner or jejak.SISTEM)
    return True

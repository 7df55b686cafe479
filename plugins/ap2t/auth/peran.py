"""Our roles in FAB, as data: each may do what its work needs, in FAB's words (action, resource).

None of them lets anyone post, for that rests on the ledger. They keep one unit's people from stopping another's work
and from touching what is not theirs. Nobody holds a role until the administrator gives it.
"""

from __future__ import annotations

from collections.abc import Mapping

Izin = tuple[str, str]
"""An action and the resource it is done to, as FAB names them."""

SPV_TE, AUDITOR, PENYALIN, PENGELOLA = "SPV_TE", "AUDITOR", "PENYALIN", "PENGELOLA"


def _izin(tindakan: str, *sumber: str) -> frozenset[Izin]:
    return frozenset((tindakan, nama) for nama in sumber)


_MASUK = _izin("can_read", "Website")  # FAB gives it to every role that is not its own
_LAYAR = (
    _MASUK
    | _izin("can_read", "DAGs", "DAG Dependencies", "DAG Runs", "DAG Versions", "DAG Warnings", "HITL Detail")
    | _izin("can_read", "Task Instances", "Task Logs", "XComs", "Plugins")
    | _izin("can_read", "Assets", "Backfills", "ImportError", "Pools")  # Airflow's pages show errors without them
    | _izin("can_read", "My Profile", "My Password")
    | _izin("can_edit", "My Password")
    | _izin("menu_access", "Browse", "DAGs", "HITL Detail")
)
"""What looking at runs takes, and changing one's own password."""
_PENELUSURAN = _izin("can_read", "Audit Logs", "DAG Code") | _izin("menu_access", "Audit Logs")
_TANPA_DAG = _izin("can_read", "All Audit Logs")
"""Events that belong to no DAG, such as a changed connection: Airflow 3.3 shows them with the others."""

PERAN: Mapping[str, frozenset[Izin]] = {
    SPV_TE: _LAYAR | _izin("can_create", "DAG Runs") | _izin("can_edit", "HITL Detail"),
    AUDITOR: _LAYAR | _PENELUSURAN | _TANPA_DAG,
    PENYALIN: _MASUK | _izin("can_read", "DAGs", "Audit Logs") | _TANPA_DAG,
    PENGELOLA: _LAYAR | _PENELUSURAN | _izin("can_edit", "DAGs", "DAG Runs", "Task Instances"),
}
"""Each role and its permissions: exactly these, at every start of an api-server."""

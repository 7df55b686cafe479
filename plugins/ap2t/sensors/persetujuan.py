"""The gate: Airflow's human-in-the-loop, asked of that unit's active ADMIN_CMT people only (SOP 12.1, rule 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import TaskAwaitingInput
from airflow.sdk.execution_time.hitl import HITLUser

from ap2t import identitas, setelan
from ap2t.galat import BukuMenolak, GalatPengesahan
from ap2t.ledger import sesi
from ap2t.operators.dasar import langkah_sesi, run_ini
from ap2t.proses.gerbang import SETUJU, TOLAK, Jawaban, buka_gerbang, terima
from ap2t.proses.isian import ISIAN, ISIAN_PEMBATALAN
from ap2t.proses.layanan import Layanan

if TYPE_CHECKING:
    from airflow.sdk import Context

FORMULIR = {
    "catatan": Param(
        None,
        type=["null", "string"],
        title="Catatan",
        description="Tidak wajib. Tercatat bersama jawaban. Jangan tulis nama atau stan: pengguna lain dapat membaca.",
        maxLength=1000,
    ),
    "kembalikan": Param(
        None,
        type=["null", "array"],  # without "items" Airflow shows a text area, one value a line
        title="Kembalikan (idpel)",
        description="Satu per baris: idpel, lalu alasannya, misalnya: 541100000001 foto buram. Tanpa alasan di "
        "barisnya, catatan di atas menjadi alasannya. Pelanggan ini keluar dari persetujuan, tetap belum disahkan, dan "
        "verifikasinya di ACMT dihapus supaya diperiksa ulang. Jangan tulis nama atau stan.",
    ),
}


class PersetujuanSensor(HITLOperator):
    """Show the rekap, ask for "Sah/Setuju" or "Tolak", and write the answer to the ledger where it arrives.

    What follows believes the ledger only: marking this task successful approves nothing. An answer by someone who lost
    the role meanwhile, or that names an unknown idpel, is not taken up and the task fails saying why.

    An answer never comes by itself: there is no default, and Airflow's response deadline only wakes the task to look
    for an answer that was stored without waking it, then the gate waits on, or fails if its session ended meanwhile.

    :param urutan: 1 for the first approver, 2 for the second (skipped where the unit's pattern asks for one).
    :param jenis: what is asked about; a PEMBATALAN sends nobody back, so its form has no such field.
    """

    def __init__(self, *, urutan: int, jenis: str = sesi.PENGESAHAN, **kwargs: Any) -> None:
        batal = jenis == sesi.PEMBATALAN
        kwargs.setdefault("subject", "Pembatalan pengesahan" if batal else "Pengesahan stan meter")
        # the gate's own form; what Airflow hands down from the DAG's form stays out of it
        kwargs["params"] = {n: FORMULIR[n] for n in (ISIAN_PEMBATALAN if batal else ISIAN)}
        kwargs["response_timeout"] = timedelta(minutes=setelan.jaga_gerbang_menit())
        super().__init__(options=[SETUJU, TOLAK], **kwargs)
        if urutan not in (1, 2):
            raise ValueError("urutan must be 1 or 2")
        self.urutan = urutan

    def execute(self, context: Context) -> Any:
        """Open the gate, or pass where the ledger already holds the answer."""
        with langkah_sesi(context, self.log) as (layanan, s, lapor):
            identitas.pastikan_gerbang_terjaga()
            undangan = buka_gerbang(layanan, s, self.urutan, lapor)
        if undangan is None:
            return s.nomor
        self.subject, self.body = undangan.judul, undangan.isi
        self.assigned_users = [HITLUser(id=u, name=u) for u in undangan.orang]
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Take the answer up; XCom: SETUJU or TOLAK, nothing of what was written in the form."""
        if event.get("error_type") == "timeout":
            # Airflow's deadline is only our chance to find an answer that did not wake the task: wait on, whatever
            # the ledger or AP2T are doing; unless the ledger surely says that the session ended meanwhile.
            if self._sesi_berakhir(context):
                with langkah_sesi(context, self.log) as (_, s, _):
                    raise BukuMenolak(f"Sesi {s.nomor} sudah berakhir: {s.keterangan or s.status}")
            self.log.info("%s: belum dijawab; gerbang tetap terbuka.", self.task_id)
            raise TaskAwaitingInput(method_name="execute_complete", timeout=self.response_timeout)
        with langkah_sesi(context, self.log) as (layanan, s, lapor):
            if "error" in event:
                raise BukuMenolak(f"Gerbang gagal dijawab ({event.get('error_type')}). {s.tanpa_akibat}.")
            return terima(layanan, s, self.urutan, _jawaban(event), lapor)

    @staticmethod
    def _sesi_berakhir(context: Context) -> bool:
        try:
            with Layanan() as layanan, layanan.buku.transaksi() as conn:
                s = sesi.milik_run(conn, *run_ini(context))
        except GalatPengesahan:
            return False
        return s is not None and not s.terbuka


def _jawaban(event: Mapping[str, Any]) -> Jawaban:
    pada = event.get("responded_at")
    if isinstance(pada, str):
        pada = datetime.fromisoformat(pada)
    return Jawaban(
        pilihan=list(event.get("chosen_options") or []),
        isian=event.get("params_input") or {},
        username=identitas.penjawab(event.get("responded_by_user")),
        pada=pada or datetime.now(UTC),
    )

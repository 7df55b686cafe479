"""The gate in Airflow: its human-in-the-loop, asked only of the unit's active ADMIN_CMT people (SOP 12.1, rule 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException, TaskAwaitingInput
from airflow.sdk.execution_time.hitl import HITLUser

from ap2t import identitas, jam, setelan
from ap2t.galat import AirflowTidakMenjawab, BukuMenolak, GalatPengesahan, JawabanTertunda
from ap2t.ledger.kedatangan import Jawaban
from ap2t.ledger.sesi import PEMBATALAN, PENGESAHAN
from ap2t.operators.dasar import alamat_tautan, awalan_log, langkah_sesi, layanan_tugas, run_ini
from ap2t.proses.gerbang import SETUJU, TOLAK, buka_gerbang, nilai, pernah_ditanyakan, yang_dinilai
from ap2t.proses.isian import ISIAN, ISIAN_PEMBATALAN
from ap2t.triggers.jawaban import JawabanTrigger

if TYPE_CHECKING:
    from airflow.sdk import Context

JEDA_BUKA = 2
"""Seconds until a gate that opens again is looked at: the scheduler has to notice first that the task is deferred."""
JEDA, JEDA_MAKS = 15, 300
"""Seconds until an answer that could not be judged is judged again: at first, and at most; doubled each time."""

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
    the role meanwhile, or that names an unknown idpel, is not taken up. The task then fails and says why.

    An answer that came is never asked for twice: it is written down first and judged then. While ACMT or the ledger is
    away the task is deferred, and judges it as soon as they answer. Opening a gate again wipes Airflow's copy. So a
    retry looks in ledger and Airflow for an answer first.

    An answer never comes by itself: there is no default. Airflow's response deadline only wakes the task, to look for
    an answer that was stored without waking it. Then the gate waits on, unless the ledger knows that it is settled.

    :param urutan: 1 for the first approver, 2 for the second (skipped where the unit's pattern asks for one).
    :param jenis: what is asked about. A PEMBATALAN sends nobody back, so its form has no such field.
    """

    def __init__(self, *, urutan: int, jenis: str = PENGESAHAN, **kwargs: Any) -> None:
        batal = jenis == PEMBATALAN
        kwargs.setdefault("subject", "Pembatalan pengesahan" if batal else "Pengesahan stan meter")
        # the gate's own form; what Airflow hands down from the DAG's form stays out of it
        kwargs["params"] = {nama: FORMULIR[nama] for nama in (ISIAN_PEMBATALAN if batal else ISIAN)}
        kwargs["response_timeout"] = timedelta(minutes=setelan.jaga_gerbang_menit())
        super().__init__(options=[SETUJU, TOLAK], **kwargs)
        if urutan not in (1, 2):
            raise ValueError("urutan must be 1 or 2")
        self.urutan = urutan

    def execute(self, context: Context) -> Any:
        """Open the gate, or pass where the ledger already holds the answer.

        Where it stood before, an answer may lie in Airflow that no task has seen: opening would wipe it, so look first.
        """
        with langkah_sesi(context, self.log) as langkah:
            identitas.pastikan_gerbang_terjaga()
            pernah = pernah_ditanyakan(langkah, self.urutan)
        if pernah:
            self._tengok(context)
        return self._buka(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Take the answer up. XCom: SETUJU or TOLAK, nothing of what was written in the form."""
        if event.get("error_type") == "timeout":
            # Airflow's deadline is only our chance to find what did not wake the task. Wait on, whatever the ledger or
            # AP2T are doing, unless the ledger surely says that nobody is waited for.
            if self._sudah_beres(context):
                return str(self.lanjut(context, {"ada": True}))
            self.log.info("%s: belum dijawab; gerbang tetap terbuka.", self.task_id)
            raise TaskAwaitingInput(method_name="execute_complete", timeout=self.response_timeout)
        if "error" in event:
            with langkah_sesi(context, self.log) as langkah:
                raise BukuMenolak(f"Gerbang gagal dijawab ({event.get('error_type')}). {langkah.sesi.tanpa_akibat}.")
        return str(self.lanjut(context, event))

    def lanjut(self, context: Context, event: dict[str, Any], sejak: str | None = None, kali: int = 0) -> Any:
        """Write an answer down where there is one, and judge it. Without one, open the gate again.

        What cannot be judged yet is judged later, if trying again can help. That uses up no try of the task.

        :param event: what :class:`JawabanTrigger` saw; or an answer itself, where one came meanwhile.
        :param sejak: since when an answer waits to be judged (ISO). :param kali: how often that was tried.
        """
        jawaban = event if "chosen_options" in event else event.get("jawaban")
        tunda = ""
        try:
            with langkah_sesi(context, self.log) as langkah:
                tiba = yang_dinilai(langkah, self.urutan, None if jawaban is None else _jawaban(jawaban))
                if tiba is None and event.get("galat"):
                    raise AirflowTidakMenjawab(f"Jawaban yang disimpan Airflow tidak dapat dilihat: {event['galat']}")
                try:
                    if tiba is not None:
                        return nilai(langkah, tiba)
                except JawabanTertunda as galat:
                    if galat.permanen:
                        raise
                    tunda = str(galat)
        except (AirflowFailException, AirflowSkipException):
            raise
        except AirflowException as galat:  # the ledger is away: Airflow keeps its copy as long as the gate stays closed
            tunda = str(galat)
        if tunda:
            self._tunggu(context, tunda, sejak, kali)
        return self._buka(context, terbuka=event.get("ada", False) and jawaban is None)

    def _buka(self, context: Context, *, terbuka: bool = False) -> Any:
        """Ask, or pass where the ledger already holds the answer.

        :param terbuka: Airflow holds the gate without an answer: to write it anew would wipe one that comes just now.
        """
        with langkah_sesi(context, self.log) as langkah:
            alamat = alamat_tautan(self.log, awalan_log(self.task_id, langkah.sesi.nomor))
            undangan = buka_gerbang(langkah, self.urutan, alamat)
        if undangan is None:
            return langkah.sesi.nomor
        if terbuka:
            raise TaskAwaitingInput(method_name="execute_complete", timeout=self.response_timeout)
        self.subject, self.body = undangan.judul, undangan.isi
        self.assigned_users = [HITLUser(id=username, name=username) for username in undangan.orang]
        return super().execute(context)

    def _tunggu(self, context: Context, sebab: str, sejak: str | None, kali: int) -> NoReturn:
        """Judge again later, or fail for good after ``AP2T_SABAR_JAWABAN_MENIT``. Clearing the task then judges it."""
        kini, menit = jam.sekarang(), setelan.sabar_jawaban_menit()
        if sejak is not None and kini - datetime.fromisoformat(sejak) > timedelta(minutes=menit):
            kalimat = f"{sebab} Sudah dicoba selama {menit} menit. Sesudah pulih, ulangi (clear) tugas ini."
            self.log.error("%s: GAGAL: %s", self.task_id, kalimat)
            raise AirflowFailException(kalimat)
        jeda = min(JEDA_MAKS, JEDA * 2**kali)
        self.log.warning("%s: %s Dicoba lagi dalam %s detik.", self.task_id, sebab, jeda)
        self._tengok(context, jeda, sejak=sejak or kini.isoformat(), kali=kali + 1)

    def _tengok(self, context: Context, jeda: int = JEDA_BUKA, **kwargs: Any) -> NoReturn:
        """Let the triggerer look at what Airflow holds of this gate, ``jeda`` seconds from now."""
        self.defer(
            trigger=JawabanTrigger(ti_id=str(context["ti"].id), jeda=jeda),
            method_name="lanjut",
            kwargs=kwargs,
            timeout=timedelta(seconds=jeda) + timedelta(minutes=10),
        )

    def _sudah_beres(self, context: Context) -> bool:
        """Whether the ledger surely holds this gate's answer, or the end of its session."""
        try:
            with layanan_tugas(context).buku.transaksi() as tx:
                sesi = tx.sesi.milik_run(*run_ini(context))
                return sesi is not None and (
                    not sesi.terbuka or any(satu.urutan == self.urutan for satu in tx.persetujuan.semua(sesi))
                )
        except GalatPengesahan:
            return False


def _jawaban(event: Mapping[str, Any]) -> Jawaban:
    pada = event.get("responded_at")
    if isinstance(pada, str):
        pada = datetime.fromisoformat(pada)
    return Jawaban(
        pilihan=list(event.get("chosen_options") or []),
        isian=event.get("params_input") or {},
        oleh=identitas.penjawab(event.get("responded_by_user")),
        dijawab_pada=pada or jam.sekarang(),
    )

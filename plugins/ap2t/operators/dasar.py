"""What every task shares: the step it works on, log lines, metrics, and how errors reach Airflow."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import structlog
from airflow.sdk import BaseOperator, conf
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from airflow.sdk.observability import stats

from ap2t import metrik, setelan
from ap2t.domain.kode import StatusSesi
from ap2t.galat import BukuMenolak, GalatPengesahan, LewatiLangkah, MasukanTidakSah
from ap2t.ledger.buku import Buku
from ap2t.ledger.sesi import Sesi
from ap2t.proses.buka import Permintaan, buka_sesi
from ap2t.proses.layanan import Langkah, Lapor, Layanan, RunHidup
from ap2t.proses.tutup import hentikan, lanjutkan

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import Logger

    Pencatat = logging.Logger | Logger

BERAKHIR_BAIK = (StatusSesi.SELESAI, StatusSesi.DITOLAK, StatusSesi.NIHIL)


class MetrikAirflow:
    """Hands our metrics (:mod:`ap2t.metrik`) to Airflow's own: StatsD, Datadog or OpenTelemetry, as ``[metrics]`` says.

    Airflow's task runner sets its backend up before a task begins. Where none is switched on, these calls do nothing.
    """

    def tambah(self, nama: str, jumlah: int) -> None:
        """Count up."""
        stats.incr(nama, jumlah)

    def nilai(self, nama: str, nilai: float) -> None:
        """Set a gauge."""
        stats.gauge(nama, nilai)

    def lama(self, nama: str, milidetik: float) -> None:
        """Record a duration."""
        stats.timing(nama, milidetik)


metrik.pasang(MetrikAirflow())  # whatever runs in Airflow imports this file; the `ap2t` command does not


@contextmanager
def galat_airflow(log: Pencatat, awalan: str) -> Iterator[None]:
    """Turn the project's errors into Airflow's. What only a person can mend fails at once, the rest is tried again.

    The sentence that says what is wrong and what to do is a log line of its own.
    """
    try:
        yield
    except LewatiLangkah as galat:
        log.info("%sdilewati: %s", awalan, galat)
        raise AirflowSkipException(str(galat)) from None
    except GalatPengesahan as galat:
        log.error("%sGAGAL: %s", awalan, galat)
        raise (AirflowFailException if galat.permanen else AirflowException)(str(galat)) from None


def awalan_log(langkah: str, nomor: str | None = None) -> str:
    """Return what every log line of a step begins with: the session's number and the step."""
    return f"[{nomor}] {langkah}: " if nomor else f"{langkah}: "


def pelapor(log: Pencatat, langkah: str, nomor: str | None = None) -> Lapor:
    """Return a writer of log lines that carry the session's number and the step."""
    return partial(log.info, "%s%s", awalan_log(langkah, nomor))


def alamat_airflow() -> str | None:
    """Return where people reach Airflow: ``AP2T_ALAMAT_PUBLIK``, else ``[api] base_url``, its sub-path included.

    :raises MasukanTidakSah: ``AP2T_ALAMAT_PUBLIK`` is no address.
    """
    bawaan = str(conf.get("api", "base_url", fallback="") or "").rstrip("/")
    return setelan.alamat_publik() or bawaan or None


def alamat_tautan(log: Pencatat, awalan: str) -> str | None:
    """Return :func:`alamat_airflow`. Where it is no address: None, and an error in the log. A link holds nothing up."""
    try:
        return alamat_airflow()
    except MasukanTidakSah as galat:
        log.error("%stanpa tautan ke halaman. %s", awalan, galat)
        return None


def ikat_log(langkah: str, nomor: str) -> None:
    """Put session and step on every further log line of this task, whoever writes it, as structlog's fields."""
    structlog.contextvars.bind_contextvars(sesi=nomor, langkah=langkah)


def saat_mulai(context: Mapping[str, Any]) -> None:
    """``on_execute_callback`` of every task: put session and step on Airflow's own lines too, above all on a failure.

    What a task itself binds ends with it: Airflow executes it in a copy of the context.
    """
    try:
        sesi = sesi_milik(layanan_tugas(context), context)
    except GalatPengesahan:
        return  # the step itself meets the same error, and says what to do
    if sesi is not None:
        ikat_log(str(context["ti"].task_id), sesi.nomor)


def run_ini(context: Mapping[str, Any]) -> tuple[str, str]:
    """Return (dag_id, run_id) of the running task."""
    ti = context["ti"]
    return str(ti.dag_id), str(ti.run_id)


def layanan_tugas(context: Mapping[str, Any]) -> Layanan:
    """Return services for a part of a task. Its parts share one ledger, which is closed as the task's process ends.

    A new connection takes as long as a small step.
    """
    upaya = str(context["ti"].id)
    if upaya not in _buku:
        for lain in [*_buku]:
            _buku.pop(lain).tutup()
        _buku[upaya] = Buku.buka(koneksi_maks=setelan.batch_serentak() + 2)
    return Layanan(buku=_buku[upaya])


_buku: dict[str, Buku] = {}
"""The ledger of the task at work in this process, by the id Airflow gives each attempt."""


def sesi_milik(layanan: Layanan, context: Mapping[str, Any]) -> Sesi | None:
    """Return the session of this run as it stands. None: it has none yet."""
    with layanan.buku.transaksi() as tx:
        return tx.sesi.milik_run(*run_ini(context))


def run_hidup(context: Mapping[str, Any]) -> RunHidup:
    """Return what tells whether a run is still queued or running."""
    ti = context["ti"]

    def hidup(dag_id: str, run_id: str) -> bool:
        return bool(ti.get_dr_count(dag_id=dag_id, run_ids=[run_id], states=["queued", "running"]))

    return hidup


def sesi_run(layanan: Layanan, context: Mapping[str, Any]) -> Sesi:
    """Return the session of this run. One that stood still is resumed: its failed task was cleared.

    :raises BukuMenolak: the run has no session, or another run took it over.
    """
    with layanan.buku.transaksi() as tx:
        sesi = tx.sesi.milik_run(*run_ini(context))
        if sesi is None:
            raise BukuMenolak("Run ini belum punya sesi di buku. Ulangi (clear) tugas buka_sesi.")
        if sesi.status == StatusSesi.DIAMBIL_ALIH:
            raise BukuMenolak(
                f"Sesi {sesi.nomor} sudah diambil alih ({sesi.keterangan}). Run ini tidak dapat dilanjutkan."
            )
        if sesi.status == StatusSesi.TERHENTI:
            sesi = lanjutkan(tx, sesi)
    return sesi


@contextmanager
def langkah_sesi(context: Mapping[str, Any], log: Pencatat, *, lewati_bila_berakhir: bool = True) -> Iterator[Langkah]:
    """Open services and session for one step, which is skipped if the session ended well. Errors leave as Airflow's."""
    tugas = str(context["ti"].task_id)
    with galat_airflow(log, awalan_log(tugas)):
        layanan = layanan_tugas(context)
        sesi = sesi_run(layanan, context)
        ikat_log(tugas, sesi.nomor)
    with layanan:
        langkah = Langkah(layanan, sesi, pelapor(log, tugas, sesi.nomor))
        try:
            with galat_airflow(log, awalan_log(tugas, sesi.nomor)):
                if lewati_bila_berakhir and sesi.status in BERAKHIR_BAIK:
                    raise LewatiLangkah(
                        f"Sesi {sesi.nomor} sudah berakhir ({sesi.status}); langkah ini tidak dijalankan."
                    )
                yield langkah
        except BaseException:
            _dipegang[str(context["ti"].id)] = langkah.sesi
            raise


class OperatorLangkah(BaseOperator):
    """A task that is one step of its run's session. XCom: what the step gives back, else the stage reached."""

    kerja: ClassVar[staticmethod[..., Any]]
    """The step. It is skipped where the session has ended well."""
    mengirim: ClassVar[bool] = False
    """Whether the step sends batches side by side, as the settings say."""

    def execute(self, context: Context) -> Any:
        """Do the step."""
        gc.freeze()  # the process ends with its task: no collection need look at what Airflow has loaded
        with langkah_sesi(context, self.log) as langkah:
            pilihan = {"ukuran": setelan.ukuran_batch(), "serentak": setelan.batch_serentak()} if self.mengirim else {}
            hasil = self.kerja(langkah, **pilihan)
            return langkah.sesi.tahap if hasil is None else hasil


class OperatorBuka(BaseOperator):
    """A task that opens its run's session, or finds it again. XCom: the session's number."""

    isian: ClassVar[tuple[str, ...]]
    """The fields of the run's form."""
    siapkan: ClassVar[staticmethod[[Langkah], object] | None] = None
    """What is worked out next in the same task."""

    def minta(self, context: Context) -> Permintaan:
        """Return what the run asks for, as its form has it: a person started it."""
        run, params = context["dag_run"], context["params"]
        return Permintaan(
            params.get("unitup") or "",
            params.get("thblrek") or None,
            params.get("hari_baca") or "",
            *run_ini(context),
            pemicu=run.triggering_user_name,
            terjadwal=False,
            asing=sorted(set(run.conf or {}) - set(self.isian)),
        )

    def execute(self, context: Context) -> str:
        """Open the session."""
        with galat_airflow(self.log, awalan_log(self.task_id)), layanan_tugas(context) as layanan:
            minta, lapor = self.minta(context), pelapor(self.log, self.task_id)
            nomor = buka_sesi(layanan, minta, run_hidup(context), lapor).nomor
        ikat_log(self.task_id, nomor)
        if self.siapkan is not None:
            with langkah_sesi(context, self.log) as langkah:
                self.siapkan(langkah)
        return nomor


_dipegang: dict[str, Sesi] = {}
"""What the attempts of this process that failed held, by the id Airflow gives each attempt."""


def saat_gagal(context: Mapping[str, Any]) -> None:
    """``on_failure_callback`` of every task: leave the session TERHENTI with the reason (invariant 4).

    If this attempt recorded the session it held, only that session is stopped. Otherwise an attempt that Airflow
    declared dead could stop the session a newer attempt works on. A killed process recorded nothing, and Airflow calls
    this elsewhere: then the run's session is stopped as it stands, since no further try follows.
    """
    log = logging.getLogger("airflow.task")
    tugas = str(context["ti"].task_id)
    galat = context.get("exception")
    if isinstance(galat, AirflowException):
        sebab = str(galat)
    else:
        sebab = f"{type(galat).__name__}; lihat log tugas" if galat else "digagalkan dari luar"
    try:
        with layanan_tugas(context) as layanan:
            sesi = _dipegang.pop(str(context["ti"].id), None) or sesi_milik(layanan, context)
            if sesi is not None:
                hentikan(Langkah(layanan, sesi, pelapor(log, tugas)), f"{tugas}: {sebab}")
    except GalatPengesahan as tertahan:
        log.warning("%s: sesi tidak dapat ditandai TERHENTI (%s); penjaga_sesi akan menandainya.", tugas, tertahan)


DAG_ORANG: dict[str, Any] = {
    "catchup": False,
    "is_paused_upon_creation": False,
    "max_active_runs": 2000,  # runs wait for people
    "max_active_tasks": 64,
    "default_args": {
        "owner": "spv-te",
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "on_execute_callback": saat_mulai,
        "on_failure_callback": saat_gagal,
    },
}
"""What every DAG is built with that opens a session."""
TETAP_JALAN = "none_failed"
"""Trigger rule behind a step that had nothing to do and was skipped. The ledger tells the next one what holds."""

"""A run of a kelompok in the hands of a test: wait for it, tamper with it, answer it, look at what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests

from sandbox.rest import KlienAirflow
from tests.e2e.conftest import StackUji, dag, ditahan


class RunUji:
    """One run of a kelompok of a unit, started by its SPV TE unless told otherwise, and what a test does with it.

    Whatever is tried on it is read back: a mark, a clear or an answer that Airflow did not take would prove nothing.
    """

    def __init__(
        self,
        stack: StackUji,
        unitup: str,
        kode: str,
        *,
        oleh: str | None = None,
        run_id: str | None = None,
        conf: Mapping[str, Any] | None = None,
    ) -> None:
        self.stack, self.unitup, self.kode, self.dag = stack, unitup, kode, dag(kode)
        self.spv = f"spv{unitup}"
        bulan = stack.bulan(unitup, kode)  # named: at midnight a kelompok's next month may begin
        isi: dict[str, Any] = {"logical_date": None, "conf": {"unitup": unitup, "thblrek": bulan, **(conf or {})}}
        isi |= {"dag_run_id": run_id} if run_id else {}
        jawaban = stack.sebagai(oleh or self.spv).minta("POST", f"dags/{self.dag}/dagRuns", json=isi)
        self.id: str = jawaban["dag_run_id"]
        self.jalan = f"dags/{self.dag}/dagRuns/{self.id}"

    @property
    def klien(self) -> KlienAirflow:
        return self.stack.sebagai(self.spv)

    @property
    def sesi(self) -> dict[str, Any]:
        return self.stack.sesi(self.id)

    @property
    def tugas(self) -> dict[str, str | None]:
        return self.klien.tugas(self.dag, self.id)

    def percobaan(self, tugas: str) -> int:
        """How often a task was started."""
        return int(self.klien.minta("GET", f"{self.jalan}/taskInstances/{tugas}")["try_number"])

    # --- waiting ----------------------------------------------------------------------------------------------

    def _tunggu(self, sampai: Callable[[dict[str, str | None]], bool]) -> str:
        """Wait until the tasks are so or the run has ended; return the run's state. Many tests wait at once."""
        return self.klien.tunggu(self.dag, self.id, sampai, batas=600)

    def sampai(self, syarat: Callable[[dict[str, str | None]], bool]) -> None:
        """Wait until the tasks are so; the run must not end before."""
        keadaan = self._tunggu(syarat)
        tugas = self.tugas
        assert syarat(tugas), f"run {keadaan}: {tugas}"

    def berdiri(self, tugas: str = "persetujuan") -> RunUji:
        """Wait until the gate stands."""
        self.sampai(lambda t: t[tugas] == "awaiting_input")
        return self

    def matang(self, tugas: str = "persetujuan") -> RunUji:
        """Wait until the gate stands and is old enough to be answered."""
        self.berdiri(tugas).klien.tunggu_gerbang(self.dag, self.id, tugas)
        return self

    def selesai(self) -> tuple[str, dict[str, str | None]]:
        """Wait until the run has ended; return its state and its tasks'."""
        return self._tunggu(lambda _: False), self.tugas

    def gagal(self, *tugas: str) -> None:
        """Wait until the run has failed, at these tasks."""
        keadaan, semua = self.selesai()
        assert (keadaan, {t: semua[t] for t in tugas}) == ("failed", dict.fromkeys(tugas, "failed")), semua

    # --- what one may do to a run in Airflow --------------------------------------------------------------------

    def tandai(self, siapa: str, tugas: str, keadaan: str = "success", **lain: bool) -> None:
        """Mark a task."""
        isi = {"new_state": keadaan, **lain}
        jawaban = self.stack.sebagai(siapa).minta("PATCH", f"{self.jalan}/taskInstances/{tugas}", json=isi)
        assert {t["state"] for t in jawaban["task_instances"]} == {keadaan}
        assert self.tugas[tugas] == keadaan

    def tandai_banyak(self, siapa: str, *tugas: str) -> None:
        """Mark tasks as done in one request about many runs, of which Airflow's event log keeps nothing."""
        sasaran = [{"dag_id": self.dag, "dag_run_id": self.id, "task_id": t, "new_state": "success"} for t in tugas]
        isi = {"actions": [{"action": "update", "entities": sasaran}]}
        hasil = self.stack.sebagai(siapa).minta("PATCH", "dags/~/dagRuns/~/taskInstances", json=isi)["update"]
        assert (len(hasil["success"]), hasil["errors"]) == (len(tugas), [])

    def tandai_kesiapan(self, siapa: str) -> None:
        """Mark all four steps of readiness as done, as one click does."""
        isi = {"new_state": "success"}
        self.stack.sebagai(siapa).minta("PATCH", f"{self.jalan}/taskGroupInstances/kesiapan", json=isi)
        assert {k for t, k in self.tugas.items() if t.startswith("kesiapan.")} == {"success"}

    def tandai_run(self, siapa: str, keadaan: str) -> None:
        """Mark the whole run."""
        jawaban = self.stack.sebagai(siapa).minta("PATCH", self.jalan, json={"state": keadaan})
        assert jawaban["state"] == keadaan

    def ulang(self, siapa: str, *tugas: str, hilir: bool = True) -> None:
        """Clear tasks, and all that follows unless ``hilir`` is off."""
        isi = {"dry_run": False, "dag_run_id": self.id, "task_ids": tugas, "only_failed": False}
        jawaban = self.stack.sebagai(siapa).minta(
            "POST", f"dags/{self.dag}/clearTaskInstances", json={**isi, "include_downstream": hilir}
        )
        assert set(tugas) <= {t["task_id"] for t in jawaban["task_instances"]}

    def hapus(self, siapa: str) -> None:
        """Delete the run from Airflow."""
        self.stack.sebagai(siapa).minta("DELETE", self.jalan)
        with pytest.raises(requests.HTTPError, match="404"):
            self.klien.keadaan(self.dag, self.id)

    def xcom(self, siapa: str, tugas: str, nilai: Any, kunci: str = "return_value") -> None:
        """Write an XCom, over the task's own where it has one."""
        klien, jalan = self.stack.sebagai(siapa), f"{self.jalan}/taskInstances/{tugas}/xcomEntries"
        try:
            klien.minta("PATCH", f"{jalan}/{kunci}", json={"value": nilai})
        except requests.HTTPError:
            klien.minta("POST", jalan, json={"key": kunci, "value": nilai})
        assert klien.minta("GET", f"{jalan}/{kunci}")["value"] == nilai

    # --- the gate -----------------------------------------------------------------------------------------------

    def jawab(
        self,
        pilihan: str = "Sah/Setuju",
        *,
        oleh: str | None = None,
        tugas: str = "persetujuan",
        isian: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer the gate once it is old enough; Airflow keeps the answer as it was given."""
        self.matang(tugas)
        self.kirim_jawaban(pilihan, oleh=oleh, tugas=tugas, isian=isian)

    def kirim_jawaban(
        self,
        pilihan: str | list[str] = "Sah/Setuju",
        *,
        oleh: str | None = None,
        tugas: str = "persetujuan",
        isian: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer at once, whatever state the gate is in; Sah/Setuju unless told otherwise."""
        jalan = f"{self.jalan}/taskInstances/{tugas}/-1/hitlDetails"
        isi = {"chosen_options": [pilihan] if isinstance(pilihan, str) else pilihan, "params_input": isian or {}}
        self.stack.sebagai(oleh or self.spv).minta("PATCH", jalan, json=isi)
        tersimpan = self.klien.gerbang(self.dag, self.id, tugas)
        assert {k: tersimpan[k] for k in isi} == isi

    def sah(self, **jawaban: Any) -> None:
        """The honest way: the SPV TE approves at the gate, and the run ends well."""
        self.jawab(**jawaban)
        self.berhasil()

    def berhasil(self) -> None:
        """Wait for the run; its session is done, and exactly what may be posted is posted (those sent back are not)."""
        keadaan, semua = self.selesai()
        assert keadaan == "success", semua
        assert (self.sesi["status"], self.sesi["tahap"]) == ("SELESAI", "COCOK")
        assert self.terposting() == self.boleh() - self.dikembalikan()

    # --- what came of it ----------------------------------------------------------------------------------------

    def ap2t(self) -> dict[str, dict[str, Any]]:
        """Every row of the kelompok as AP2T holds it."""
        return self.stack.baris_ap2t(self.unitup, self.sesi["thblrek"], self.kode)

    def terposting(self) -> set[str]:
        """Idpel at posting 1 in AP2T."""
        return {i for i, b in self.ap2t().items() if b["kodeposting"] == 1}

    def boleh(self) -> set[str]:
        """Idpel that the rules let pass."""
        return set(self.ap2t()) - ditahan(self.unitup, self.kode)

    def dikembalikan(self) -> set[str]:
        return {i for j in self.persetujuan() for i in j[3]}

    def persetujuan(self) -> list[tuple[Any, ...]]:
        """Answers in the ledger: urutan, keputusan, oleh, kembalikan."""
        return self.stack.buku(
            "SELECT urutan, keputusan, oleh, kembalikan FROM pengesahan.persetujuan WHERE sesi_id = %s ORDER BY 1",
            self.sesi["id"],
        )

    def hasil(self) -> dict[str, tuple[str, str | None]]:
        """What became of each row in the ledger: status and kode."""
        sql = "SELECT idpel, status, kode FROM pengesahan.hasil WHERE sesi_id = %s"
        return {i: (s, k) for i, s, k in self.stack.buku(sql, self.sesi["id"])}

    def pastikan_nihil(self, *, jawaban: int = 0) -> None:
        """Nothing of the kelompok is posted, nor does the session say so; unapproved, nothing was even sent."""
        sesi = self.sesi
        assert sesi["status"] in ("BERJALAN", "TERHENTI", "DIAMBIL_ALIH"), sesi["keterangan"]
        assert {b["kodeposting"] for b in self.ap2t().values()} == {0}
        batch = self.stack.buku("SELECT status FROM pengesahan.batch WHERE sesi_id = %s", sesi["id"])
        assert {status for (status,) in batch} <= ({"BATAL"} if jawaban else set())
        assert len(self.persetujuan()) == jawaban

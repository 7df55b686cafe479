"""Airflow's own event log, read over its public REST API as a user who may only look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import requests
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from urllib3.util import Retry

from ap2t.domain.teks import dari_json
from ap2t.galat import AirflowTidakMenjawab
from ap2t.hooks.tenggat import Tenggat, sesi_bertenggat

BIASA = (
    *("scheduled", "queued", "running", "success", "skipped", "deferred", "awaiting_input"),
    *("up_for_retry", "up_for_reschedule", "restarting"),
)
"""Events every healthy task leaves; what a person did, and failures, have other names."""
HALAMAN = 100
"""Events asked for at once; Airflow's own default limit of a page."""
COBA_SEMUA = 3
LUBANG_MAKS = 2000
"""Most numbers missing from the list that one reading asks for by themselves."""


class Peristiwa(BaseModel):
    """One entry of Airflow's event log. ``extra`` is JSON text in which Airflow has masked secrets."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    event_log_id: int
    when: AwareDatetime
    event: str
    owner: str | None = None
    dag_id: str | None = None
    run_id: str | None = None
    task_id: str | None = None
    extra: str | None = None


class Bagian(NamedTuple):
    """Some of the event log, oldest first. ``sampai``: nothing older is to come, as far as times follow numbers."""

    peristiwa: list[Peristiwa]
    sampai: datetime


class _Halaman(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    event_logs: list[Peristiwa]
    total_entries: int = Field(ge=0)


Model = TypeVar("Model", bound=BaseModel)


def _urai(jenis: type[Model], isi: Any) -> Model:
    try:
        return jenis.model_validate(isi)
    except ValidationError:
        raise AirflowTidakMenjawab("Airflow menjawab daftar peristiwa dalam bentuk lain.") from None


class KlienAirflowApi:
    """Airflow's REST API as one user reads it: logged in once, and tried again where a request fails on the way.

    :param alamat: base URL of the api-server, without ``/api/v2``. :param timeout: seconds to wait for one read of an
        answer; ``COBA_SEMUA`` times as long for the whole of it, tries included.
    """

    def __init__(self, alamat: str, username: str, password: str, *, timeout: float = 30.0) -> None:
        self._alamat = alamat.rstrip("/")
        self._timeout = timeout
        ulang = Retry(total=4, backoff_factor=0.5, status_forcelist=(429, 502, 503, 504), allowed_methods=None)
        self._sesi = sesi_bertenggat(max_retries=ulang)
        isi = self._minta("POST", "/auth/token", json={"username": username, "password": password})
        token = isi.get("access_token") if isinstance(isi, dict) else None
        if not isinstance(token, str):
            raise AirflowTidakMenjawab("Airflow tidak memberi token kepada pengguna koneksi airflow_api.")
        self._sesi.headers["Authorization"] = f"Bearer {token}"
        self._sisa_lubang = LUBANG_MAKS
        self.tak_ditengok = 0
        """Numbers missing from the list that were too many to ask for."""
        self.tak_boleh = 0
        """Events that this user may not see."""

    def peristiwa(self, sesudah: datetime) -> Iterator[Bagian]:
        """Stream the events after an instant, oldest first, without what every healthy task leaves.

        Airflow's list leaves out events whose ``dag_id`` is no DAG: ``~`` of a request about many at once, or one that
        a request's body named in place of the real one. Numbers that the list skips are therefore asked for singly.

        :raises AirflowTidakMenjawab: Airflow does not answer, refuses, or answers something else.
        """
        lalu = None
        for daftar, habis in self._daftar(sesudah):
            bagian: list[Peristiwa] = []
            for peristiwa in daftar:
                if lalu is not None:
                    bagian += self._lubang(lalu + 1, peristiwa.event_log_id)
                lalu = peristiwa.event_log_id
                if peristiwa.event not in BIASA:
                    bagian.append(peristiwa)
            waktu = [peristiwa.when for peristiwa in daftar]
            yield Bagian(bagian, max(waktu) if habis else min(waktu))

    def _daftar(self, sesudah: datetime) -> Iterator[tuple[list[Peristiwa], bool]]:
        """Yield what the list shows, a page at a time, and whether it is the last one."""
        param: dict[str, Any] = {"order_by": "event_log_id", "limit": HALAMAN, "after": sesudah.isoformat()}
        terlihat, habis = 0, False
        while not habis:
            isi = self._minta("GET", "/api/v2/eventLogs", params={**param, "offset": terlihat})
            halaman = _urai(_Halaman, isi)
            if not halaman.event_logs:
                return
            terlihat += len(halaman.event_logs)
            habis = terlihat >= halaman.total_entries
            yield halaman.event_logs, habis

    def _lubang(self, awal: int, akhir: int) -> Iterator[Peristiwa]:
        """Yield what stands under the numbers from ``awal`` up to ``akhir`` (not included), where anything does."""
        boleh = range(awal, akhir)[: max(0, self._sisa_lubang)]
        self._sisa_lubang -= len(boleh)
        self.tak_ditengok += akhir - awal - len(boleh)
        for nomor in boleh:
            isi = self._minta("GET", f"/api/v2/eventLogs/{nomor}", boleh_tiada=True)
            if isi is not None and (peristiwa := _urai(Peristiwa, isi)).event not in BIASA:
                yield peristiwa

    def _minta(self, metode: str, jalan: str, *, boleh_tiada: bool = False, **isi: Any) -> Any:
        tenggat = Tenggat(COBA_SEMUA * self._timeout)
        try:
            with tenggat:
                jawaban = self._sesi.request(
                    metode, self._alamat + jalan, timeout=self._timeout, allow_redirects=False, **isi
                )
            status = jawaban.status_code
            if tenggat.lewat:
                raise requests.Timeout("deadline passed")
            if status in (200, 201):
                return dari_json(jawaban.content)
            if status == 404 and boleh_tiada:
                return None
            if status == 403 and boleh_tiada:  # Airflow 3.4 shows what belongs to no DAG only to whom it may concern
                self.tak_boleh += 1
                return None
        except (requests.RequestException, ValueError) as galat:
            sebab = "jawabannya tidak selesai" if tenggat.lewat else type(galat).__name__
        else:
            sebab = f"status {status}"
        raise AirflowTidakMenjawab(
            f"Airflow tidak melayani {metode} {jalan} ({sebab}). Periksa koneksi airflow_api: alamat api-server, "
            "pengguna dan kata sandinya, dan haknya melihat catatan peristiwa (Audit Log)."
        )

    def tutup(self) -> None:
        """Close the connections."""
        self._sesi.close()

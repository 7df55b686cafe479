"""What a step works with: the ledger, the source, and AP2T as a given user."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Engine

from ap2t import koneksi, setelan
from ap2t.galat import KoneksiTidakSah
from ap2t.hooks.airflow_api import KlienAirflowApi
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.ledger.buku import Buku
from ap2t.ledger.sesi import Sesi
from ap2t.source.acmt import SumberAcmt
from ap2t.source.koneksi import buat_engine

Lapor = Callable[[str], None]
"""Takes one sentence for the task log (Bahasa Indonesia; idpel and counts at most)."""
RunHidup = Callable[[str, str], bool]
"""Tells whether a run (dag_id, run_id) is still queued or running."""


class Layanan:
    """Opens what it is asked for, once, and closes all of it at the end (context manager).

    Connections are those of :mod:`ap2t.koneksi`: the environment or a secrets backend only.

    :param buku: a ledger that was opened already, in place of ``cmt_db``; whoever opened it closes it.
    :param hanya_baca: the ledger is opened only to read (:meth:`Buku.buka`).
    :param sabar_ap2t: seconds that AP2T is waited for at most, where a person waits; None: as the settings say.
    """

    def __init__(
        self,
        *,
        koneksi_maks: int = 4,
        buku: Buku | None = None,
        sabar_ap2t: int | None = None,
        hanya_baca: bool = False,
    ) -> None:
        self._koneksi_maks, self._sabar_ap2t, self._hanya_baca = koneksi_maks, sabar_ap2t, hanya_baca
        self._buku, self._milik_lain = buku, buku is not None
        self._mesin_sumber: Engine | None = None
        self._klien: list[KlienAp2t] = []
        self._airflow: KlienAirflowApi | None = None

    @property
    def buku(self) -> Buku:
        """The ledger (connection ``cmt_db``)."""
        if self._buku is None:
            self._buku = Buku.buka(koneksi_maks=self._koneksi_maks, hanya_baca=self._hanya_baca)
        return self._buku

    @property
    def sumber(self) -> SumberAcmt:
        """The source (connection ``acmt_db``)."""
        if self._mesin_sumber is None:
            self._mesin_sumber = buat_engine(koneksi.ambil(koneksi.ACMT))
        return SumberAcmt(self._mesin_sumber)

    def ap2t_baca(self) -> KlienAp2t:
        """AP2T as the reading user of ``ap2t_default`` (role BACA)."""
        sambungan = koneksi.ambil(koneksi.AP2T)
        return self._masuk(sambungan, sambungan)

    def ap2t_orang(self, username: str) -> KlienAp2t:
        """AP2T as a person's own user: connection ``ap2t_<username>``, address always that of ``ap2t_default``.

        :raises KoneksiTidakSah: if the person has no connection of their own.
        """
        return self._masuk(koneksi.ambil(koneksi.AP2T), koneksi.ambil(koneksi.id_ap2t(username)))

    def airflow(self) -> KlienAirflowApi:
        """Airflow's REST API as a user who may only look (connection ``airflow_api``).

        :raises KoneksiTidakSah: the connection is missing or incomplete.
        :raises AirflowTidakMenjawab: Airflow does not answer or refuses the login.
        """
        if self._airflow is None:
            sambungan = koneksi.ambil(koneksi.AIRFLOW)
            if not sambungan.login or not sambungan.password:
                raise KoneksiTidakSah(f"Koneksi {sambungan.conn_id} tidak punya login dan password Airflow.")
            self._airflow = KlienAirflowApi(alamat_http(sambungan), sambungan.login, sambungan.password)
        return self._airflow

    def _masuk(self, alamat: koneksi.Koneksi, orang: koneksi.Koneksi) -> KlienAp2t:
        if not orang.login or not orang.password:
            raise KoneksiTidakSah(f"Koneksi {orang.conn_id} tidak punya login dan password AP2T.")
        jawab, sabar = (min(detik, self._sabar_ap2t or detik) for detik in (setelan.batas_jawab(), setelan.sabar()))
        try:
            klien = KlienAp2t(
                alamat_http(alamat), orang.login, orang.password, timeout=(5.0, jawab), penundaan_maks=sabar
            )
        except ValueError as galat:
            raise KoneksiTidakSah(f"Koneksi {alamat.conn_id}: {galat}") from None
        self._klien.append(klien)
        return klien

    def __enter__(self) -> Layanan:
        return self

    def __exit__(self, *_: object) -> None:
        for klien in self._klien:
            klien.tutup_koneksi()
        if self._airflow is not None:
            self._airflow.tutup()
        if self._buku is not None and not self._milik_lain:
            self._buku.tutup()
        if self._mesin_sumber is not None:
            self._mesin_sumber.dispose()


def alamat_http(sambungan: koneksi.Koneksi) -> str:
    """Base URL of a connection: ``host`` with or without scheme, ``port`` apart or in it."""
    if not sambungan.host:
        raise KoneksiTidakSah(f"Koneksi {sambungan.conn_id} tidak punya host: isi alamatnya, misalnya https://ap2t.")
    bagian = urlsplit(sambungan.host if "://" in sambungan.host else f"{sambungan.schema or 'http'}://{sambungan.host}")
    if re.search(r"\s", sambungan.host) or not bagian.hostname:
        raise KoneksiTidakSah(
            f"Koneksi {sambungan.conn_id}: host bukan alamat yang sah. Contoh: https://ap2t.contoh:8443."
        )
    jaringan = bagian.netloc if bagian.port or not sambungan.port else f"{bagian.netloc}:{sambungan.port}"
    return urlunsplit((bagian.scheme, jaringan, bagian.path.rstrip("/"), "", ""))


@dataclass
class Langkah:
    """One step at work on one session.

    ``sesi`` is the session as the ledger last told. A function that moves it on assigns it once its transaction stands:
    what :meth:`Buku.ulang` repeats must find it as it was. ``lapor`` takes the log lines.
    """

    layanan: Layanan
    sesi: Sesi
    lapor: Lapor

    @property
    def buku(self) -> Buku:
        """The ledger."""
        return self.layanan.buku

    @property
    def sumber(self) -> SumberAcmt:
        """The source."""
        return self.layanan.sumber

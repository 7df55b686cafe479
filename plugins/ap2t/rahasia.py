"""An Airflow secrets backend that reads connections from one file, as containers are given secrets.

Airflow's own backend for local files builds every connection of its file at each look-up, and hides each password from
logs one by one. With 2,000 of them (one for each SPV TE) a new task waits two minutes. This builds the one asked for.

``AIRFLOW__SECRETS__BACKEND=ap2t.rahasia.BerkasKoneksi``,
``AIRFLOW__SECRETS__BACKEND_KWARGS={"berkas": "/run/secrets/koneksi"}``.
"""

from __future__ import annotations

import json
from pathlib import Path

from airflow.secrets.base_secrets import BaseSecretsBackend

from ap2t.domain.teks import dari_json
from ap2t.galat import KoneksiTidakSah


class BerkasKoneksi(BaseSecretsBackend):
    """A JSON object: connection id (any capitals) to what ``AIRFLOW_CONN_<ID>`` would hold.

    The file is read at each look-up, so that a password changed in it counts at once.

    :param berkas: where the file is.
    """

    def __init__(self, berkas: str) -> None:
        super().__init__()
        self.berkas = Path(berkas)

    def get_conn_value(self, conn_id: str, team_name: str | None = None) -> str | None:
        """Return the connection as JSON or URI, or None where the file does not name it.

        :raises KoneksiTidakSah: the file cannot be read, or is not such an object. Its text is not repeated.
        """
        try:
            isi = dari_json(self.berkas.read_text())
            ada = {str(nama).lower(): nilai for nama, nilai in isi.items()}.get(conn_id.lower())
        except (OSError, ValueError, AttributeError) as galat:
            raise KoneksiTidakSah(
                f"Berkas koneksi {self.berkas} tidak dapat dibaca ({type(galat).__name__}): periksa bahwa ia ada, "
                "terbaca oleh Airflow, dan berisi objek JSON dari nama koneksi ke isinya."
            ) from None
        return ada if ada is None or isinstance(ada, str) else json.dumps(ada)

    def get_variable(self, key: str, team_name: str | None = None) -> str | None:
        """Return None: this project keeps no Airflow variables."""
        return None

"""The state folder of the embedded stack: one git-ignored place that ``AP2T_HOME`` can move."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
from pathlib import Path
from typing import Any

from ap2t import setelan

AKAR = Path(__file__).resolve().parents[2]
"""The repository."""


class Rumah:
    """Paths and small durable facts of one stack (passwords, process ids), readable by its owner only."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or setelan.rumah() or AKAR / ".ap2t").expanduser().resolve()
        self.pg = self.folder / "pg"
        self.airflow = self.folder / "airflow"
        self.log = self.folder / "log"
        self.segel = self.folder / "segel"
        self.redis = self.folder / "redis"
        self.toko = self.folder / "ap2t-sandbox.sqlite"
        self._rahasia = self.folder / "rahasia.json"
        self._proses = self.folder / "proses.json"
        self._lingkungan = self.folder / "lingkungan.json"

    def siapkan(self) -> None:
        """Create the folders that are missing."""
        for folder in (self.folder, self.airflow, self.log):
            folder.mkdir(parents=True, exist_ok=True)

    def rahasia(self, nama: str) -> str:
        """Return a random secret of this stack, made at its first use and kept."""
        semua = self._baca_json(self._rahasia)
        if nama not in semua:
            semua[nama] = secrets.token_hex(16)  # letters and digits: safe in a shell, a URL, an argument
            self._tulis_json(self._rahasia, semua)
        return str(semua[nama])

    def hapus(self) -> None:
        """Delete what this stack made, and nothing else that the folder may hold."""
        for folder in (self.pg, self.airflow, self.log, self.segel, self.redis):
            shutil.rmtree(folder, ignore_errors=True)
        for berkas in (self._rahasia, self._proses, self._lingkungan, *self.folder.glob(f"{self.toko.name}*")):
            berkas.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    @property
    def proses(self) -> dict[str, Any]:
        """Processes that were started, by name: pid and start time."""
        return self._baca_json(self._proses)

    @proses.setter
    def proses(self, isi: dict[str, Any]) -> None:
        self._tulis_json(self._proses, isi)

    @property
    def lingkungan(self) -> dict[str, str]:
        """The environment the running stack was started with (for the demo and the ``ap2t`` command)."""
        return self._baca_json(self._lingkungan)

    @lingkungan.setter
    def lingkungan(self, isi: dict[str, str]) -> None:
        self._tulis_json(self._lingkungan, isi)

    @staticmethod
    def _baca_json(berkas: Path) -> dict[str, Any]:
        return json.loads(berkas.read_text()) if berkas.exists() else {}

    @staticmethod
    def _tulis_json(berkas: Path, isi: dict[str, Any]) -> None:
        sementara = berkas.with_suffix(".baru")
        sementara.touch(mode=0o600)
        sementara.write_text(json.dumps(isi, indent=1))
        sementara.replace(berkas)

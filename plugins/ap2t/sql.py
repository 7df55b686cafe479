"""The one way to a SQL statement: named statements under ``include/sql``, values bound.

A file holds statements one after the other, each below its own line ``-- name: sesi_buka``. A file without such a line
is one statement, named like the file. Names are unique in a part: ``muat("ledger/sesi_buka")`` finds the statement in
whichever file of ``ledger`` it stands.

SQLAlchemy reads ``:name`` as a bound value wherever it stands, in comments too. So a statement's comments hold no colon
directly before a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ap2t import setelan

_SINI = Path(__file__).resolve().parent
_BAWAAN = (_SINI / "pernyataan", _SINI.parents[1] / "include" / "sql")
"""Where an installed package has them (pyproject.toml puts them there), and where the repository has."""
_NAMA = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def akar() -> Path:
    """Return the folder of the statements: ``AP2T_SQL_DIR`` if set, else the package's own, else ``include/sql``."""
    return setelan.sql_dir() or _bawaan()


@cache
def _bawaan() -> Path:
    return next((folder for folder in _BAWAAN if folder.is_dir()), _BAWAAN[-1])


def muat(nama: str) -> str:
    """Return the text of a statement, its comments included.

    :param nama: part and name, e.g. ``acmt/baca``.
    :raises FileNotFoundError: no such statement.
    """
    bagian, _, pernyataan = nama.rpartition("/")
    try:
        return semua(bagian)[pernyataan]
    except KeyError:
        raise FileNotFoundError(
            f"Pernyataan SQL '{nama}' tidak ada di {akar()}. Periksa pemasangan, atau AP2T_SQL_DIR bila diatur."
        ) from None


def semua(bagian: str) -> Mapping[str, str]:
    """Return the statements of a part of ``include/sql`` by name."""
    return semua_di(akar(), bagian)


@cache
def semua_di(folder: Path, bagian: str) -> Mapping[str, str]:
    """Return the statements of ``<bagian>.sql`` and of every file in the folder ``<bagian>`` by name.

    :raises ValueError: two statements have the same name.
    """
    isi: dict[str, str] = {}
    for berkas in (*folder.glob(f"{bagian}.sql"), *(folder / bagian).rglob("*.sql")):
        awal, *pasangan = _NAMA.split(berkas.read_text(encoding="utf-8"))
        bernama = zip(pasangan[::2], pasangan[1::2], strict=True) if pasangan else [(berkas.stem, awal)]
        for nama, teks in bernama:
            if nama in isi:
                raise ValueError(f"Pernyataan SQL '{nama}' ada dua di {folder / bagian}; yang kedua di {berkas}.")
            isi[nama] = teks.strip()
    return isi

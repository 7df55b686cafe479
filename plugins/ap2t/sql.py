"""The one way to a SQL statement: a file under ``include/sql``, one statement a file, values bound.

SQLAlchemy reads ``:name`` as a bound value wherever it stands, in comments too: comments in these files
hold no colon directly before a word.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ap2t import setelan

_BAWAAN = Path(__file__).resolve().parents[2] / "include" / "sql"


def akar() -> Path:
    """Return the folder of the statements: ``AP2T_SQL_DIR`` if set, else ``include/sql`` of the repository."""
    return setelan.sql_dir() or _BAWAAN


def muat(nama: str) -> str:
    """Return the text of ``include/sql/<nama>.sql``, comments included.

    :param nama: path below the root without suffix, e.g. ``acmt/baca``.
    :raises FileNotFoundError: no such statement.
    """
    return _isi(akar(), nama)


@cache
def _isi(folder: Path, nama: str) -> str:
    berkas = folder / f"{nama}.sql"
    try:
        return berkas.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"Pernyataan SQL '{nama}' tidak ada di {folder}. Periksa pemasangan, atau AP2T_SQL_DIR bila diatur."
        ) from None

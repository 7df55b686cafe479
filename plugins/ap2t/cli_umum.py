"""What the parts of the ``ap2t`` command share: services with errors told in one line, tables, the common options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from ap2t.galat import GalatPengesahan
from ap2t.proses.layanan import Layanan

Unitup = Annotated[str | None, typer.Option(help="Kode unit, lima angka.")]


def kabar(kalimat: str) -> None:
    """Tell something beside the output proper: progress, a hint, a warning."""
    typer.echo(kalimat, err=True)


@contextmanager
def gagal_terbaca() -> Iterator[None]:
    """Tell the project's errors in one line and end: exit code 2 where what was given is wrong, else 1."""
    try:
        yield
    except GalatPengesahan as e:
        typer.echo(f"GAGAL: {e}", err=True)
        raise typer.Exit(e.kode_keluar) from None


@contextmanager
def buka_layanan() -> Iterator[Layanan]:
    """Open services for one command."""
    with gagal_terbaca(), Layanan() as layanan:
        yield layanan


def tabel(baris: Sequence[dict[str, Any]]) -> None:
    """Print rows as a table."""
    import pandas as pd

    if not baris:
        typer.echo("Tidak ada.")
        return
    kolom = list(baris[0])
    isi = [["" if b[k] is None else str(b[k]) for k in kolom] for b in baris]
    typer.echo(pd.DataFrame(isi, columns=kolom).to_markdown(index=False, disable_numparse=True))

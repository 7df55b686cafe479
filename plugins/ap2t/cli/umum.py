"""What the parts of the ``ap2t`` command share: services, a screen that is written last, tables, the common options."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from tempfile import TemporaryFile
from typing import Annotated, Any

import typer

from ap2t.proses.layanan import Layanan

Unitup = Annotated[str | None, typer.Option(help="Kode unit, lima angka.")]


def kabar(kalimat: str) -> None:
    """Tell something beside the output proper: progress, a hint, a warning."""
    typer.echo(kalimat, err=True)


@contextmanager
def layar_nanti() -> Iterator[None]:
    """Keep what is written to the screen in a file without a name until the block ends, in whatever way.

    A person who pauses a pager holds nothing of the ledger then.
    """
    layar = sys.stdout
    with TemporaryFile("w+", encoding="utf-8", newline="") as tunda:
        try:
            with redirect_stdout(tunda):
                yield
        finally:
            tunda.seek(0)
            try:
                shutil.copyfileobj(tunda, layar)
                layar.flush()
            except BrokenPipeError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), layar.fileno())  # else Python complains while it ends
                raise typer.Exit(1) from None


@contextmanager
def buka_layanan() -> Iterator[Layanan]:
    """Open services for one command; its screen is written once they are closed."""
    with layar_nanti(), Layanan() as layanan:
        yield layanan


def tabel(baris: Sequence[dict[str, Any]]) -> None:
    """Print rows as a table."""
    import pandas as pd

    if not baris:
        typer.echo("Tidak ada.")
        return
    kolom = list(baris[0])
    isi = [["" if baris[kunci] is None else str(baris[kunci]) for kunci in kolom] for baris in baris]
    typer.echo(pd.DataFrame(isi, columns=kolom).to_markdown(index=False, disable_numparse=True))

"""What the parts of the ``ap2t`` command share: services to work or only to look with, and the common options."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from tempfile import TemporaryFile
from typing import Annotated

import typer

from ap2t import koneksi
from ap2t.lihat.kenal import Kenal
from ap2t.proses.layanan import Layanan

Unitup = Annotated[str | None, typer.Option(help="Kode unit, lima angka.")]


def kabar(kalimat: str) -> None:
    """Tell something beside the output proper: progress, a hint, a warning."""
    typer.echo(kalimat, err=True)


@contextmanager
def pembaca_boleh_pergi() -> Iterator[None]:
    """End the command without a word where its reader (``head``) closes the pipe."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains while it ends
        raise typer.Exit(1) from None


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
            with pembaca_boleh_pergi():
                shutil.copyfileobj(tunda, layar)
                layar.flush()


@contextmanager
def buka_layanan(*, hanya_baca: bool = False) -> Iterator[Layanan]:
    """Open services for one command. The screen is written once they are closed."""
    with layar_nanti(), Layanan(hanya_baca=hanya_baca) as layanan:
        yield layanan


def buka_lihat() -> AbstractContextManager[Layanan]:
    """Open services to look with: the database refuses every write, whatever the command does."""
    return buka_layanan(hanya_baca=True)


def tempat_dikenal(
    layanan: Layanan, unitup: str | None, thblrek: str | None = None, hari_baca: str | None = None
) -> str | None:
    """Return a unit's code if unit, month and kelompok, as far as they are named, are real, else MasukanTidakSah.

    ACMT is asked too where its connection is set.
    """
    kenal = Kenal(layanan.buku, (lambda: layanan.sumber) if koneksi.ada(koneksi.ACMT) else None, kabar)
    kenal.tempat([] if unitup is None else [unitup], thblrek, hari_baca)
    return unitup

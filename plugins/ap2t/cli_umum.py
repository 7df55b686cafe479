"""What the parts of the ``ap2t`` command share: services with errors told in one line, tables, the common options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

Unitup = Annotated[str | None, typer.Option(help="Kode unit, lima angka.")]


def kabar(kalimat: str) -> None:
    """Tell something beside the output proper: progress, a hint, a warning."""
    typer.echo(kalimat, err=True)


def tabel(baris: Sequence[dict[str, Any]]) -> None:
    """Print rows as a table."""
    import pandas as pd

    if not baris:
        typer.echo("Tidak ada.")
        return
    kolom = list(baris[0])
    isi = [["" if b[k] is None else str(b[k]) for k in kolom] for b in baris]
    typer.echo(pd.DataFrame(isi, columns=kolom).to_markdown(index=False, disable_numparse=True))

"""What the ``ap2t`` command says of a wrong call. The parser's own words are English, the operator's are not."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer
from typer._click import exceptions
from typer.core import TyperCommand, TyperGroup

from ap2t.galat import GalatPengesahan

_KATA = (
    (re.compile(r"No such command '(.*?)'"), "Perintah {0} tidak ada."),
    (re.compile(r"Got unexpected extra argument\S* \((.*)\)"), "Kata berlebih: {0}."),
    (re.compile(r"Missing command"), "Perintahnya belum disebut."),
    (re.compile(r"Option '(.*?)' requires "), "Pilihan {0} perlu diisi nilainya."),
    (re.compile(r"Option '(.*?)' does not take a value"), "Pilihan {0} ditulis tanpa nilai."),
)
"""What the parser says without naming a parameter."""
_PANEL = {
    "ARGUMENTS_PANEL_TITLE": "Isian",
    "OPTIONS_PANEL_TITLE": "Pilihan",
    "COMMANDS_PANEL_TITLE": "Perintah",
    "ERRORS_PANEL_TITLE": "Salah",
    "DEFAULT_STRING": "[bawaan: {}]",
    "REQUIRED_LONG_STRING": "[wajib]",
    "ENVVAR_STRING": "[variabel: {}]",
    "ABORTED_TEXT": "Dihentikan.",
}
"""Words of the help screen."""


def _berbahasa(bantuan: Callable[..., None]) -> Callable[..., None]:
    """Have a help screen speak Indonesian. What draws it takes a quarter of a second to import, so only then."""

    def format_help(*args: Any) -> None:
        from typer import rich_utils

        for nama, kata in _PANEL.items():
            setattr(rich_utils, nama, kata)
        bantuan(*args)

    return format_help


for _kelas in (TyperCommand, TyperGroup):
    setattr(_kelas, "format_help", _berbahasa(_kelas.format_help))  # noqa: B010 -- a method is not assigned to


class Grup(TyperGroup):
    """The command's root. What the parser refuses, and the project's own errors, are told in one Indonesian sentence.

    Exit code 2 where what was given is wrong, 1 for every other error.
    """

    def main(self, *args: Any, **lain: Any) -> Any:
        """Run the command as the parser does, and tell what went wrong."""
        try:
            kode = super().main(*args, **{**lain, "standalone_mode": False})
        except exceptions.NoArgsIsHelpError as galat:
            galat.show()
            kode = galat.exit_code
        except exceptions.UsageError as galat:
            typer.echo(f"SALAH: {sebab_salah(galat)}", err=True)
            if galat.ctx is not None:
                typer.echo(f"Bantuan: {galat.ctx.command_path} --help", err=True)
            kode = galat.exit_code
        except GalatPengesahan as galat:
            typer.echo(f"GAGAL: {galat}", err=True)
            kode = galat.kode_keluar
        except typer.Abort:
            typer.echo("Dihentikan.", err=True)
            kode = 1
        sys.exit(kode or 0)


def sebab_salah(galat: exceptions.UsageError) -> str:
    """Say what is wrong with a call."""
    if isinstance(galat, exceptions.MissingParameter):
        return f"{_nama(galat.param)} belum diisi."
    if isinstance(galat, exceptions.BadParameter):
        return galat.message if galat.param is None else f"{_nama(galat.param)} tidak sah: {_harus(galat.param)}."
    if isinstance(galat, exceptions.NoSuchOption):
        mirip = f" Maksudnya {' atau '.join(sorted(galat.possibilities))}?" if galat.possibilities else ""
        return f"Pilihan {galat.option_name} tidak ada.{mirip}"
    for pola, kalimat in _KATA:
        if cocok := pola.match(galat.message):
            return kalimat.format(*cocok.groups())
    return "Perintah ini tidak dapat dibaca: ada yang salah tulis."


def _nama(param: Any) -> str:
    if param is None:
        return "Nilai"
    return max(param.opts, key=len) if param.param_type_name == "option" else str(param.metavar or param.name.upper())


def _harus(param: Any) -> str:
    """Say what a parameter may be, from its declaration."""
    jenis, info = param.type_descriptor.annotation, param.type_descriptor.parameter_info
    jenis = next(iter(get_args(jenis)), jenis)  # of a list: what it is of
    if isinstance(jenis, type) and issubclass(jenis, Enum):
        return f"pilih {', '.join(str(pilihan.value) for pilihan in jenis)}"
    if jenis is datetime:
        return "tulis tanggal seperti 2026-06-30"
    if jenis is int:
        batas = [
            f"{kata} {nilai}"
            for kata, nilai in (("paling sedikit", info.min), ("paling banyak", info.max))
            if nilai is not None
        ]
        return "isi bilangan bulat" + (f", {' dan '.join(batas)}" if batas else "")
    if jenis is Path:
        apa = "berkas" if not info.dir_okay else "folder" if not info.file_okay else "berkas atau folder"
        return f"harus {apa}" + (" yang ada dan dapat dibaca" if info.exists else "")
    return "nilainya tidak dapat dibaca"

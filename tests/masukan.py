"""Bad input made by machine: how much of it, and what a sentence of ours must not hold."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

KALI = int(os.environ.get("CONTOH_UJI") or 1)
"""How many times the usual number of examples. Of the usual number each run takes the same, of more it takes others."""
TERTENTU = [
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 10**400, 1.5, -0.0, 1e308, "", " ", "0"),
    *("x" * 9000, "\0", "\n", "\ud800"),
    *("2026-02-30", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "NaN", "../..", "Asia", "\u202e"),
    *([], {}, [[]], {"": ""}, [None], {"isi": {}}),
]  # fmt: skip
"""What stands where something else is meant."""
aneh = (
    st.sampled_from(TERTENTU) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)


def banyak(contoh: int) -> settings:
    """Return settings for so many examples, times ``CONTOH_UJI``. What takes long is no fault here."""
    sabar = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
    semua = [*sabar, HealthCheck.data_too_large]
    return settings(max_examples=contoh * KALI, derandomize=KALI == 1, deadline=None, suppress_health_check=semua)


def letak(isi: Any, jalur: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything in a document, the document itself last."""
    for kunci, anak in isi.items() if isinstance(isi, dict) else enumerate(isi) if isinstance(isi, list) else ():
        yield from letak(anak, (*jalur, kunci))
    yield jalur


def ganti(isi: Any, jalur: tuple[Any, ...], ubah: Any) -> Any:
    """Return a document in which ``ubah`` of what stands at a path stands there; ``hapus``: nothing does."""
    if not jalur:
        return ubah(isi)
    salinan, kunci = isi.copy(), jalur[0]
    if ubah is hapus and len(jalur) == 1:
        del salinan[kunci]
    else:
        salinan[kunci] = ganti(isi[kunci], jalur[1:], ubah)
    return salinan


def hapus(_: Any) -> None:
    """Nothing at all; of :func:`ganti`."""


@st.composite
def diubah(draw: st.DrawFn, isi: Any) -> Any:
    """Return a document with one thing in it taken out, doubled or turned into something else."""
    jalur: tuple[Any, ...] = ()
    di = isi
    while isinstance(di, dict | list) and di and draw(st.integers(0, 5)):  # every member alike, however much is in it
        kunci = draw(st.sampled_from(list(di) if isinstance(di, dict) else range(len(di))))
        jalur, di = (*jalur, kunci), di[kunci]
    lain = draw(aneh)
    cara = draw(st.sampled_from(["ganti", "ganti", "hapus", "bungkus", "tambah"]))
    if cara == "hapus":
        return ganti(isi, jalur, hapus)
    return ganti(isi, jalur, {"ganti": lambda _: lain, "bungkus": lambda x: [x], "tambah": _tambah(lain)}[cara])


def _tambah(lain: Any) -> Any:
    def ubah(isi: Any) -> Any:
        if isinstance(isi, dict):
            return {**isi, "tak_dikenal": lain}
        return [*isi, *(isi[:1] or [lain])] if isinstance(isi, list) else [isi, lain]

    return ubah


def seluruhnya(galat: BaseException) -> str:
    """Return everything that an error can tell whoever prints, logs or inspects it."""
    teks, semua = "", [galat]
    while semua:
        satu = semua.pop()
        teks += "".join(traceback.format_exception(satu)) + repr(satu) + repr(vars(satu))
        semua += [lain for lain in (satu.__cause__, satu.__context__) if lain is not None]
    return teks

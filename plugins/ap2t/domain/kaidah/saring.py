"""The sieve: may this reading be approved, why not, and what should a person look at (SOP 12.1, rule 4, and DLPD)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

from ap2t.domain.angka import NOL
from ap2t.domain.kaidah.fakta import Fakta, kumpulkan_fakta
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import BATAS_JAM_NYALA, KOLOM_ANGKA, Aturan, Bacaan, HasilSaring, StanLalu, mengikat

Nilai = Callable[[Fakta], bool]


class Saringan(NamedTuple):
    """What the sieve says of one reading.

    ``kwh`` is exact; ``jam_nyala`` in hours, rounded HALF UP to 3 decimals, for information only (the decision
    is made on exact values). Both are None where they cannot be told.
    """

    kwh: Decimal | None
    jam_nyala: Decimal | None
    hasil: HasilSaring
    alasan: tuple[Alasan, ...]
    dlpd: tuple[Dlpd, ...]


def saring(bacaan: Bacaan, aturan: Aturan, lalu: StanLalu | None = None) -> Saringan:
    """Sieve one reading: LOLOS, or DITAHAN with every reason that can be told, in the enum's order.

    :param aturan: the session's rule set; its limit in hours may be stricter than 2000, never higher.
    :param lalu: what was last posted of the customer; None: nothing is known of it, and the chain is not judged.
    :raises ValueError: when the limit is above 2000 hours, not positive, or not a number.
    """
    return saring_fakta(bacaan, aturan, lalu)[0]


def saring_fakta(bacaan: Bacaan, aturan: Aturan, lalu: StanLalu | None) -> tuple[Saringan, Fakta]:
    """As :func:`saring`, with the facts."""
    pastikan_batas(aturan.batas_jam_nyala)
    try:
        fakta = kumpulkan_fakta(bacaan, aturan, lalu)
        return _nilai(fakta), fakta
    except InvalidOperation:  # a NaN, which no reader of values lets through
        fakta = kumpulkan_fakta(tanpa_bukan_bilangan(bacaan), aturan, lalu)
        return _nilai(fakta), fakta


def pastikan_batas(batas: Decimal) -> None:
    """Check a limit in hours.

    :raises ValueError: when it is above 2000 hours, not positive, or not a number.
    """
    if not batas.is_finite() or not NOL < batas <= BATAS_JAM_NYALA:
        raise ValueError(f"batas jam nyala {batas} tidak sah: harus di atas 0 dan paling tinggi {BATAS_JAM_NYALA}")


@cache
def _dinilai(versi: str) -> tuple[tuple[tuple[Alasan, Nilai], ...], tuple[tuple[Dlpd, Nilai], ...]]:
    """Return the rules that a rule set has, each with its judgement."""
    return (
        tuple((kaidah, kaidah.isi.nilai) for kaidah in Alasan if mengikat(versi, kaidah.isi.sejak)),
        tuple((kaidah, kaidah.isi.nilai) for kaidah in Dlpd if mengikat(versi, kaidah.isi.sejak)),
    )


def _nilai(fakta: Fakta) -> Saringan:
    semua_alasan, semua_dlpd = _dinilai(fakta.aturan.versi)
    alasan = tuple([kaidah for kaidah, nilai in semua_alasan if nilai(fakta)])
    dlpd = tuple([kaidah for kaidah, nilai in semua_dlpd if nilai(fakta)])
    hasil = HasilSaring.DITAHAN if alasan else HasilSaring.LOLOS
    return Saringan(fakta.hitungan.kwh, fakta.terhitung.jam_nyala, hasil, alasan, dlpd)


def tanpa_bukan_bilangan(bacaan: Bacaan) -> Bacaan:
    """Move every NaN and infinity of a row to ``cacat``, where the model wants it."""
    rusak = {
        kunci: str(nilai)
        for kunci in KOLOM_ANGKA
        if kunci in Bacaan._fields and (nilai := getattr(bacaan, kunci)) is not None and not nilai.is_finite()
    }
    kosong: dict[str, Any] = dict.fromkeys(rusak)
    return bacaan._replace(**kosong, cacat={**(bacaan.cacat or {}), **rusak})

"""The sieve: may this reading be approved, why not, and what should a person look at (SOP 12.1, rule 4, and DLPD)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from ap2t.domain.angka import NOL
from ap2t.domain.kaidah.fakta import Fakta, kumpulkan_fakta
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import BATAS_JAM_NYALA, KOLOM_ANGKA, Aturan, Bacaan, HasilSaring, StanLalu

_ALASAN = tuple((kaidah, kaidah.isi.nilai) for kaidah in Alasan)
_DLPD = tuple((kaidah, kaidah.isi.nilai) for kaidah in Dlpd)


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
    batas = aturan.batas_jam_nyala
    if not batas.is_finite() or not NOL < batas <= BATAS_JAM_NYALA:
        raise ValueError(f"batas jam nyala {batas} tidak sah: harus di atas 0 dan paling tinggi {BATAS_JAM_NYALA}")
    try:
        return _nilai(kumpulkan_fakta(bacaan, aturan, lalu))
    except InvalidOperation:  # a NaN, which no reader of values lets through
        return _nilai(kumpulkan_fakta(tanpa_bukan_bilangan(bacaan), aturan, lalu))


def _nilai(fakta: Fakta) -> Saringan:
    alasan = tuple([kaidah for kaidah, nilai in _ALASAN if nilai(fakta)])
    dlpd = tuple([kaidah for kaidah, nilai in _DLPD if nilai(fakta)])
    hasil = HasilSaring.DITAHAN if alasan else HasilSaring.LOLOS
    return Saringan(fakta.hitungan.kwh, fakta.terhitung.jam_nyala, hasil, alasan, dlpd)


def tanpa_bukan_bilangan(bacaan: Bacaan) -> Bacaan:
    """Move every NaN and infinity of a row to ``cacat``, where the model wants it."""
    rusak = {
        kunci: str(nilai)
        for kunci in KOLOM_ANGKA
        if (nilai := getattr(bacaan, kunci)) is not None and not nilai.is_finite()
    }
    kosong: dict[str, Any] = dict.fromkeys(rusak)
    return bacaan._replace(**kosong, cacat={**(bacaan.cacat or {}), **rusak})

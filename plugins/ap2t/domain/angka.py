"""Numbers without loss: from what a database gives to Decimal, and from Decimal to the contract's text.

No binary float ever stands between the meter and AP2T: a float that a driver hands over is read through its
shortest text, and every calculation traps inexact results.
"""

from __future__ import annotations

import re
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)

KONTEKS = Context(prec=80, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
"""Exact arithmetic: a result that would lose a digit raises :class:`decimal.Inexact` instead."""

NOL = Decimal(0)
SERIBU = Decimal(1000)
TAK_HINGGA = Decimal("Infinity")

_BAGI = Context(prec=80, rounding=ROUND_DOWN, traps=[InvalidOperation, DivisionByZero, Overflow])
_RIBUAN = Decimal("0.001")
_MIKRO = Decimal("0.000001")
_BATAS_KONTRAK = Decimal(10) ** 12
_DIGIT_MAKS = 1000
"""Digits on either side of the point beyond which text is no number: no register and no database holds them."""
# Decimal() itself also reads "1_000", other scripts' digits and "nan": none of these is a stan.
_BILANGAN = re.compile(r"[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch


def ke_desimal(nilai: object) -> tuple[Decimal | None, str | None]:
    """Read a value of the source as an exact number.

    :param nilai: what the database driver gave: None, Decimal, int, str or float.
    :return: ``(value, None)`` for a number, ``(None, None)`` for nothing (None or blank text), and
        ``(None, raw text)`` for anything else (NaN, infinity, a boolean, text that is not a number).
    """
    if nilai is None:
        return None, None
    if isinstance(nilai, Decimal):
        return (nilai, None) if nilai.is_finite() else (None, str(nilai))
    if isinstance(nilai, int) and not isinstance(nilai, bool):
        return Decimal(nilai), None
    teks = float.__repr__(nilai) if isinstance(nilai, float) else str(nilai)
    bersih = teks.strip()
    if not bersih:
        return None, None
    if _BILANGAN(bersih) is None:
        return None, teks
    try:
        hasil = Decimal(bersih)
    except InvalidOperation:  # an exponent no Decimal can hold
        return None, teks
    wajar = abs(hasil.adjusted()) <= _DIGIT_MAKS and len(bersih) <= 2 * _DIGIT_MAKS
    return (hasil, None) if wajar else (None, teks)


def kanonik(nilai: Decimal) -> str:
    """Write a number as the contract does: plain decimal text, no exponent, no trailing zeros, no minus zero.

    :raises ValueError: for NaN and infinity.
    """
    if not nilai.is_finite():
        raise ValueError("NaN and infinity have no canonical text")
    if not nilai:
        return "0"
    teks = format(nilai, "f")
    return teks.rstrip("0").rstrip(".") if "." in teks else teks


def muat_kontrak(nilai: Decimal) -> bool:
    """Tell whether a number fits the contract's ``Angka``.

    Not negative, at most 12 digits before and 6 after the point. Trailing zeros after the point do not count:
    ``1.50000000`` fits.
    """
    if not nilai.is_finite() or not NOL <= nilai < _BATAS_KONTRAK:
        return False
    try:
        KONTEKS.quantize(nilai, _MIKRO)
    except DecimalException:  # a digit beyond the sixth decimal
        return False
    return True


def bagi_tiga_desimal(pembilang: Decimal, penyebut: Decimal) -> Decimal:
    """Divide two positive numbers and round HALF UP to 3 decimals, as if from the exact quotient.

    The quotient is first cut (never rounded) at 80 digits: cutting cannot move it across a tie, which has few
    digits, so the one rounding that follows is right.

    :raises decimal.InvalidOperation: when the result has more than 80 digits.
    """
    return _BAGI.divide(pembilang, penyebut).quantize(_RIBUAN, rounding=ROUND_HALF_UP, context=_BAGI)

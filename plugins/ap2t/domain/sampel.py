"""The lot: which customers of a session are inspected. Nobody can choose them, and anybody can draw them again.

The draw hangs on the session's digest, which is known only once every row and value is fixed and which holds the
session's own random number; whoever changes a row to move the lot moves all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from heapq import nsmallest

CARA = "SHA-256 atas sidik|idpel, yang terkecil"
"""How it is drawn, as the rekap says it."""


def undi(sidik: str, idpel: Iterable[str], jumlah: int) -> list[str]:
    """Draw ``jumlah`` of ``idpel`` (all, if there are fewer): those with the smallest SHA-256 of ``sidik|idpel``.

    :param sidik: the session's digest, hex. :param idpel: in any order; streamed.
    :return: in the order of idpel.
    """
    nilai = ((hashlib.sha256(f"{sidik}|{nomor}".encode()).digest(), nomor) for nomor in idpel)
    return sorted(nomor for _, nomor in nsmallest(jumlah, nilai))

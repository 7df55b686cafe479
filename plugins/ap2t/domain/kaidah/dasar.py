"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

from ap2t.domain.kaidah.fakta import Fakta
from ap2t.domain.kode import Berkata

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ap2t.domain.kaidah.kolom import FaktaKolom


@dataclass(frozen=True, kw_only=True)
class Isi:
    """All there is to a rule but its code and its exact wording, which is the docstring of its member.

    :param label: what page, gate, files and mail call it.
    :param arti: what it means, for the operator's guide; ``tindakan``: what is to be done, and by whom.
    :param nilai: whether it applies to a row. :param sejak: the first rule set that has it: sessions opened
        before keep the rules they were opened with.
    :param bobot: how much a flag weighs among those a person looks at (:mod:`ap2t.domain.kaidah.perhatian`).
    :param rinci: the numbers of a row to which it applies, as half a sentence for a person of the unit. It never goes
        to a log or a gate's text.
    :param kolom: to which of many plain rows it applies (:mod:`ap2t.domain.kaidah.kolom`);
        :func:`pada_yang_polos_tidak`: to none. None: it has no such form. Then no row is plain, and every one is judged
        by ``nilai``.
    :param kasus: the columns that make its case in the demo data, over a clean reading (stan 1000 to 1150 at 1,300 VA);
        None: one row alone cannot show it. Over it ``foto:bulan-lalu`` stands for last month's photo.
    :param kasus_lalu: the columns of ``v_riwayat`` that make its case, in each month before.
    """

    label: str
    arti: str
    nilai: Callable[[Fakta], bool]
    rinci: Callable[[Fakta], str]
    sejak: str
    kolom: Callable[[FaktaKolom], NDArray[np.bool_] | None] | None = None
    tindakan: str = ""
    bobot: int = 0
    kasus: Mapping[str, str | None] | None = None
    kasus_lalu: Mapping[str, str | None] | None = None


def pada_yang_polos_tidak(_: FaktaKolom) -> None:
    """Tell that a rule applies to no plain row: what it looks for makes a row one that is not plain."""


class Kaidah(Berkata):
    """Rules of one kind. A member is its code as text, and carries what else there is to it."""

    isi: Isi

    def __new__(cls, kode: str, isi: Isi | None = None) -> Self:
        """Keep the rule beside its code, which alone is the value. Looked up by its code, no member is made."""
        satu = str.__new__(cls, kode)
        satu.isi = cast(Isi, isi)
        satu._value_, satu.kata = kode, satu.isi.label
        return satu

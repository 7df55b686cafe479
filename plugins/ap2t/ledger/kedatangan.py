"""Answers as they came through a gate: written down before anything judges them, and judged at most once.

An arrival decides nothing. Posting, cancelling and every guard read the answer that was taken up, which names the
arrival it came from (:mod:`ap2t.ledger.persetujuan`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.domain.kode import JenisJejak
from ap2t.galat import BukuMenolak
from ap2t.ledger.jejak import SISTEM, TabelJejak
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

ISIAN_MAKS = 5_000_000
"""Letters of an answer's fields as JSON that are kept. Of a larger answer it is kept that it came."""
_PILIHAN_MAKS, _NAMA_MAKS, _HURUF_MAKS = 5, 250, 100


class Jawaban(NamedTuple):
    """An answer as it comes through the gate."""

    pilihan: list[str]
    isian: Mapping[str, Any]
    oleh: str | None
    dijawab_pada: datetime


class Tiba(NamedTuple):
    """One arrival.

    ``oleh``: the username as Airflow recorded it; empty: it named nobody. ``isian``: the form's fields as they came;
    None: they were too large to be kept. ``dijawab_pada``: by Airflow's clock. ``tiba_pada``: by the ledger's.
    ``ditolak``: why it was not taken up; None: it was not refused.
    """

    id: int
    sesi_id: int
    urutan: int
    sidik: str
    epoch: int
    oleh: str
    pilihan: list[str]
    isian: dict[str, Any] | None
    dijawab_pada: datetime
    tiba_pada: datetime
    ditolak: str | None

    @property
    def pelaku(self) -> str:
        """Who the trail names for it."""
        return self.oleh or SISTEM


class Tolakan(NamedTuple):
    """An answer that was not taken up, and why."""

    id: int
    pilihan: list[str]
    dijawab_pada: datetime
    sebab: str


def _teks(isian: Mapping[str, Any]) -> str:
    """Write the fields as JSON in ASCII, which holds what PostgreSQL's text and JSON cannot: NUL, half letters."""
    try:
        teks = json.dumps(dict(isian), default=str, sort_keys=True)
    except RecursionError:
        return "null"
    return teks if len(teks) <= ISIAN_MAKS else "null"


def _aman(teks: str, maks: int) -> str:
    """Write what PostgreSQL cannot hold as its code, and cut. What was changed so can equal no name."""
    aman = re.sub("[\x00\ud800-\udfff]", lambda cocok: ascii(cocok[0])[1:-1], teks)
    return aman if len(aman) <= maks else f"{aman[: maks - 1]}…"


class TabelKedatangan(Tabel):
    """Answers as they came through a gate: written down before anything judges them, and judged at most once."""

    def catat_tiba(self, sesi: Sesi, urutan: int, jawaban: Jawaban) -> tuple[Tiba, bool]:
        """Write an arrival down with its entry in the trail, unless it stands already. Return it, and if it is new.

        Whatever was answered fits: nothing of it is interpreted here.

        :raises BukuMenolak: the session has asked nobody at this gate.
        """
        nama = _aman(jawaban.oleh or "", _NAMA_MAKS)
        nilai = {"sesi_id": sesi.id, "urutan": urutan, "oleh": nama, "dijawab_pada": jawaban.dijawab_pada}
        dipilih = [_aman(str(satu), _HURUF_MAKS) for satu in jawaban.pilihan[:_PILIHAN_MAKS]]
        baru = self.jalankan("tiba_catat", **nilai, pilihan=dipilih, isian=_teks(jawaban.isian)).scalar_one_or_none()
        if baru is None:
            ada = self.jalankan("tiba_cari", **nilai).scalar_one_or_none()
            if ada is None:
                raise BukuMenolak(
                    f"Sesi {sesi.nomor} belum membuka gerbang ke-{urutan}, jadi jawaban ini tidak dicatat. Clear tugas "
                    "gerbang itu: ia menanyakannya lagi."
                )
            return self.ambil_tiba(int(ada)), False
        self.jalankan("jejak_tiba", id=baru)
        return self.ambil_tiba(int(baru)), True

    def ambil_tiba(self, tiba: int) -> Tiba:
        """Return an arrival as it stands."""
        baris = self.jalankan("tiba_ambil", id=tiba).one()._mapping
        return Tiba(**{**baris, "isian": json.loads(baris["isian"])})

    def menunggu(self, sesi: Sesi, urutan: int | None = None) -> list[Tiba]:
        """Return the arrivals that wait to be judged, the oldest first.

        :param urutan: the gate; None: whichever waits.
        """
        nomor = self.jalankan("tiba_menunggu", sesi_id=sesi.id, urutan=urutan).scalars().all()
        return [self.ambil_tiba(tiba) for tiba in nomor]

    def tolakan(self, sesi: Sesi, urutan: int) -> list[Tolakan]:
        """Return the answers of a gate that were not taken up, in the order in which that was decided."""
        return self.semua_baris(Tolakan, "tiba_ditolak", sesi_id=sesi.id, urutan=urutan)

    def tolak(self, sesi: Sesi, tiba: Tiba, sebab: str) -> None:
        """Record that an arrival is not taken up, and why: once, and for good."""
        if self.ambil_tiba(tiba.id).ditolak is None:
            isi = {"tiba": tiba.id, "urutan": tiba.urutan, "sebab": sebab}
            TabelJejak(self.conn).catat(JenisJejak.JAWABAN_TIDAK_DITERIMA, isi, sesi_id=sesi.id, pelaku=tiba.pelaku)

"""The trail: append-only, each entry bound to the one before by a SHA-256 that the database computes.

The check computes every hash here, from the raw values. It trusts no function that stands in the ledger, whose owner
could exchange it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t import __version__
from ap2t.domain.model import Aturan
from ap2t.ledger.mesin import Tabel, ke_json

SISTEM = "sistem"
"""Actor of what no person did."""
POTONG = 1000
"""Customers that one entry names at most; more go into further entries."""
EPOS = datetime(1970, 1, 1, tzinfo=UTC)
AWAL = hashlib.sha256(b"awal").hexdigest()
"""What the first entry has as the hash before it."""


def versi_kerja() -> dict[str, str]:
    """Return which code and rules are at work. Entries that begin or resume something carry it."""
    return {"versi_kode": __version__, "versi_aturan": Aturan().versi}


class Entri(NamedTuple):
    """One entry as it is hashed.

    ``waktu``: seconds since 1970 in UTC, as PostgreSQL writes them. ``isi``: the JSON's text, as PostgreSQL writes it.
    ``sebelum`` and ``sidik``: SHA-256 in hex.
    """

    id: int
    waktu: str
    sesi_id: int | None
    jenis: str
    pelaku: str
    isi: str
    sebelum: str
    sidik: str

    @property
    def pada(self) -> datetime:
        """The instant, UTC."""
        return EPOS + timedelta(microseconds=int(Decimal(self.waktu) * 1_000_000))


def sidik_entri(entri: Entri) -> str:
    """Compute an entry's hash: SHA-256 (hex) over the text of a JSON array of its values and the hash before it."""
    kepala = json.dumps([entri.id, entri.waktu, entri.sesi_id, entri.jenis, entri.pelaku], ensure_ascii=False)
    return hashlib.sha256(f'{kepala[:-1]}, {entri.isi}, "{entri.sebelum}"]'.encode()).hexdigest()


def alir_entri(tx: Tabel, nama: str, /, **nilai: Any) -> Iterator[Entri]:
    """Stream the entries that a statement of raw entries returns."""
    return tx.alir_baris(Entri, nama, 2000, **nilai)


class Pemeriksaan(NamedTuple):
    """Outcome of a check of the chain. ``putus`` names the first broken link. None: all holds."""

    jumlah: int
    putus: str | None
    kepala: str = ""
    """SHA-256 (hex) of the last entry that was looked at."""
    nomor: int = 0
    """Number of the broken link, or of the last entry that was looked at."""


class Kepala(NamedTuple):
    """The head of the chain: number and SHA-256 (hex) of the last entry, as the trigger keeps them."""

    nomor: int
    sidik: str


class TabelJejak(Tabel):
    """The trail, added to and read."""

    def catat(self, jenis: str, isi: dict[str, Any], *, sesi_id: int | None = None, pelaku: str = SISTEM) -> None:
        """Add one fact in the caller's transaction: it stands if and only if what it tells of stands.

        :param jenis: what happened, e.g. ``SESI_DIBUKA``.
        :param isi: the facts, JSON; decimals go as text.
        :param pelaku: who did it: a username, or ``sistem``.
        """
        self.jalankan("jejak_catat", sesi_id=sesi_id, jenis=jenis, pelaku=pelaku, isi=ke_json(isi))

    def catat_daftar(self, jenis: str, isi: dict[str, Any], nama: str, daftar: Sequence[Any], *, sesi_id: int) -> None:
        """Add a fact that names many customers: at most ``POTONG`` of them an entry, under ``nama``."""
        for awal in range(0, len(daftar), POTONG):
            self.catat(jenis, {**isi, nama: list(daftar[awal : awal + POTONG])}, sesi_id=sesi_id)

    def catat_bila_beda(self, jenis: str, kunci: dict[str, Any], isi: dict[str, Any], *, sesi_id: int) -> bool:
        """Add a fact unless the session's last one of this kind and key says the same.

        :return: whether it was added.
        """
        baru = {**kunci, **isi}
        lama = self.jalankan("jejak_terakhir", sesi_id=sesi_id, jenis=jenis, kunci=ke_json(kunci)).scalar_one_or_none()
        if lama == json.loads(ke_json(baru)):
            return False
        self.catat(jenis, baru, sesi_id=sesi_id)
        return True

    def baca(self, sesudah: int = 0, sampai: int | None = None) -> Iterator[Entri]:
        """Stream the entries after number ``sesudah`` up to ``sampai``, both in order."""
        return alir_entri(self, "jejak_baca", sesudah=sesudah, sampai=sampai)

    def baca_sesi(self, sesi_id: int) -> Iterator[Entri]:
        """Stream the entries of one session, whatever number they were given."""
        return alir_entri(self, "jejak_halaman", sesi_id=sesi_id, sesudah=-(2**63), batas=None)

    def periksa(
        self,
        *,
        sesudah: int = 0,
        sidik: str = AWAL,
        sampai: int | None = None,
        maju: Callable[[int], None] = lambda _: None,
    ) -> Pemeriksaan:
        """Walk the chain, streamed, and stop at the first link that does not hold.

        :param sesudah: number of the entry before the first one to look at. :param sidik: the hash it is known to have.
        :param sampai: the last entry to look at. None: to the end, which is compared with the head.
        :param maju: told how many entries were looked at, now and then.
        """
        jumlah, nomor = 0, sesudah
        for entri in self.baca(sesudah, sampai):
            if entri.id != nomor + 1:
                pesan = f"sebelum jejak nomor {entri.id} ada jejak yang hilang atau disisipkan"
                return Pemeriksaan(jumlah, pesan, sidik, entri.id)
            if entri.sebelum != sidik:
                pesan = f"jejak nomor {entri.id} ({entri.jenis}) tidak menyambung ke jejak sebelumnya"
                return Pemeriksaan(jumlah, pesan, sidik, entri.id)
            if entri.sidik != sidik_entri(entri):
                return Pemeriksaan(jumlah, f"isi jejak nomor {entri.id} ({entri.jenis}) berubah", sidik, entri.id)
            jumlah, nomor, sidik = jumlah + 1, entri.id, entri.sidik
            if jumlah % 20_000 == 0:
                maju(jumlah)
        return Pemeriksaan(jumlah, self._beda_ujung(nomor, sidik, sampai), sidik, nomor)

    def _beda_ujung(self, nomor: int, sidik: str, sampai: int | None) -> str | None:
        if sampai is not None:
            return None if nomor == sampai else f"jejak sesudah nomor {nomor} sampai {sampai} hilang"
        kepala = self.kepala()
        if kepala.nomor > nomor:
            return f"jejak sesudah nomor {nomor} hilang (kepala menunjuk {kepala.nomor})"
        if kepala != Kepala(nomor, sidik):
            return f"jejak terakhir (nomor {nomor}) berbeda dari yang ditunjuk kepala"
        return None

    def kepala(self) -> Kepala:
        """Return the head of the chain. No head, or more than one, is a head that fits no entry."""
        semua = self.semua_baris(Kepala, "jejak_kepala")
        return semua[0] if len(semua) == 1 else Kepala(0, "")

"""Sessions whose readings have left the ledger for a file of their own (docs/pengelola/operasi.md, part 4)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ap2t.domain.kode import JenisJejak
from ap2t.galat import ArsipGagal, BacaanDiarsipkan
from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

UMUR_BULAN = 12
"""Months that readings stay at least; the ledger refuses to let younger ones go."""
KUNCI = "pengesahan/arsip"
"""Name of the lock under which one at a time archives."""
TENANG_HARI = 90
"""Days since the last session of a unit's month ended before its readings leave."""


class Arsip(NamedTuple):
    """One archived session.

    ``baris``: customers whose readings left. ``berkas``: path of the file below the archive's folder. ``sidik_berkas``:
    SHA-256 of the session's file before compression, without its last line, which says the same.
    """

    sesi_id: int
    nomor: str
    baris: int
    berkas: str
    sidik_berkas: str
    oleh: str
    alasan: str
    diarsipkan_pada: datetime


class Calon(NamedTuple):
    """A session whose readings may leave. ``halangan``: why they may not yet."""

    id: int
    nomor: str
    unitup: str
    thblrek: str
    hari_baca: str
    baris: int
    halangan: str | None


class TabelArsip(Tabel):
    """Archived sessions, and those that may be archived."""

    def calon(self, sampai: str, unitup: str | None = None, tenang: int = TENANG_HARI) -> list[Calon]:
        """Return the sessions of the months up to ``sampai`` (TTTTBB, included) that still hold readings.

        The oldest month first; within a unit's month the newest session first, which is the order they may leave in.

        :param tenang: days since the last session of the unit and month ended; before that they stay.
        """
        return self.semua_baris(Calon, "arsip_calon", sampai=sampai, unitup=unitup, tenang=tenang)

    def ambil(self, sesi_id: int) -> Arsip | None:
        """Return the archive of a session. None: its readings are in the ledger, if it took any."""
        return self.mungkin_baris(Arsip, "arsip_ambil", sesi_id=sesi_id)

    def pindahkan(self, calon: Calon, berkas: str, sidik: str, oleh: str, alasan: str) -> None:
        """Let a session's readings go, as the ledger's owner. They are noted in the trail and taken away, or neither.

        :param berkas: where its file is below the archive's folder. :param sidik: the file's SHA-256.
        :raises BukuMenolak: the ledger does not let them go (too young, something is open, other rows than the file's).
        """
        nilai = {"baris": calon.baris, "berkas": berkas, "sidik_berkas": sidik, "alasan": alasan}
        if self.jalankan("arsip_catat", sesi_id=calon.id, nomor=calon.nomor, oleh=oleh, **nilai).rowcount != 1:
            raise ArsipGagal(f"Buku pada AP2T_LEDGER_OWNER_URL tidak memuat sesi {calon.nomor}.")
        self.jalankan("arsip_hapus", sesi_id=calon.id)
        # last: the whole trail waits from here
        TabelJejak(self.conn).catat(JenisJejak.BACAAN_DIARSIPKAN, nilai, sesi_id=calon.id, pelaku=oleh)

    def pastikan_ada(self, sesi: Sesi) -> None:
        """Make sure that a session's readings are in the ledger.

        :raises BacaanDiarsipkan: they are archived; it says where.
        """
        arsip = self.ambil(sesi.id)
        if arsip is not None:
            raise BacaanDiarsipkan(
                f"Bacaan sesi {sesi.nomor} sudah diarsipkan pada {arsip.diarsipkan_pada:%Y-%m-%d}: lihat berkas "
                f"{arsip.berkas} di folder arsip (dicocokkan dengan `ap2t arsip periksa`). Saringan, hasil dan "
                "jejaknya tetap di buku."
            )

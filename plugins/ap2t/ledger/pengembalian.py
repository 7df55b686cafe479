"""Customers an approver sent back: whether ACMT was told of each, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row

from ap2t.domain.kode import JenisJejak, StatusPengembalian
from ap2t.galat import BukuMenolak
from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.mesin import Tabel, ke_json
from ap2t.ledger.sesi import Sesi

Stempel = Mapping[str, str | None]
"""ACMT's stamps of one reading, as text."""


class Pengembalian(NamedTuple):
    """One customer ACMT was not surely told of yet.

    ``kali``: calls begun. ``stempel``: ACMT's stamps just before the last call. None: it had no such reading. Empty:
    the call surely had no effect. ``matang``: the last call began so long ago that it has surely ended.
    """

    idpel: str
    oleh: str
    alasan: str
    status: str
    kali: int
    stempel: Stempel | None
    matang: bool

    @property
    def ragu(self) -> bool:
        """Whether the last call may have had its effect."""
        return self.status == StatusPengembalian.DIKIRIM and self.stempel != {}


def kunci_pengembalian(sesi: Sesi) -> str:
    """Name what only one hand at a time does: tell ACMT about this session."""
    return f"pengesahan/pengembalian/{sesi.id}"


class TabelPengembalian(Tabel):
    """Customers an approver sent back: whether ACMT was told of each, once.

    What is written down is refused (BukuMenolak) where another hand was faster.
    """

    def _ubah(self, nama: str, sesi: Sesi, pengembalian: Pengembalian, **nilai: str | None) -> Row[Any]:
        kunci = {"sesi_id": sesi.id, "idpel": pengembalian.idpel, "kali": pengembalian.kali}
        baris = self.jalankan(nama, **kunci, **nilai).one_or_none()
        if baris is None:
            raise BukuMenolak(
                f"Pengembalian pelanggan {pengembalian.idpel} pada sesi {sesi.nomor} sedang ditangani tugas lain."
            )
        return baris

    def sesi_belum(self) -> dict[int, int]:
        """Return the sessions that have such customers by id, with how many. Those tried last come last."""
        return {baris.sesi_id: int(baris.jumlah) for baris in self.jalankan("pengembalian_sesi_belum")}

    def catat_panggilan(self, sesi: Sesi, pengembalian: Pengembalian, stempel: Stempel | None) -> Pengembalian:
        """Write down, before it is made, that a call is made now.

        :param stempel: ACMT's stamps as they are now.
        :raises BukuMenolak: another hand was faster.
        """
        tertulis = ke_json(stempel) if stempel else None
        baris = self._ubah("pengembalian_kirim", sesi, pengembalian, stempel=tertulis)
        isi: dict[str, Any] = {"idpel": pengembalian.idpel, "ke": baris.kali, "dikirim_pada": baris.dikirim_pada}
        TabelJejak(self.conn).catat(JenisJejak.PENGEMBALIAN_DIKIRIM, isi, sesi_id=sesi.id, pelaku=pengembalian.oleh)
        return pengembalian._replace(status=StatusPengembalian.DIKIRIM, kali=baris.kali, stempel=stempel)

    def tanpa_akibat(self, sesi: Sesi, pengembalian: Pengembalian) -> None:
        """Write down that the call just made surely had no effect. The next one is made whatever ACMT shows by then.

        :raises BukuMenolak: another hand was faster.
        """
        self._ubah("pengembalian_tanpa_akibat", sesi, pengembalian)
        isi = {"idpel": pengembalian.idpel, "ke": pengembalian.kali}
        TabelJejak(self.conn).catat(JenisJejak.PENGEMBALIAN_TANPA_AKIBAT, isi, sesi_id=sesi.id)

    def selesai(self, sesi: Sesi, pengembalian: Pengembalian, status: str, cara: str) -> None:
        """Write down how it ended: SELESAI or GAGAL, and how that is known.

        :raises BukuMenolak: another hand was faster.
        """
        baris = self._ubah("pengembalian_selesai", sesi, pengembalian, status=status, cara=cara)
        isi = {"idpel": pengembalian.idpel, "status": status, "cara": cara, "selesai_pada": baris.selesai_pada}
        TabelJejak(self.conn).catat(JenisJejak.PENGEMBALIAN_SELESAI, isi, sesi_id=sesi.id)

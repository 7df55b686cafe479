"""Tells real units, months, kelompok and reasons from slips of the pen, and says who knows them.

What the ledger has sessions of is known. Of all else ACMT is asked, where it may be: the auditor's machine may not
reach it. A typing error is refused, and what is real but has left no trace yet is said to be so. Neither looks like a
clean bill.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ap2t import setelan
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kode import SebabStatus, StatusHasil
from ap2t.domain.kontrak import periksa_hari_baca, periksa_thblrek, periksa_unitup
from ap2t.domain.teks import daftar
from ap2t.galat import MasukanTidakSah
from ap2t.ledger.buku import Buku
from ap2t.proses.layanan import Lapor
from ap2t.source.acmt import SumberAcmt

SEBAB_STATUS = frozenset({*Alasan, *SebabStatus, StatusHasil.BERUBAH})
"""Reasons a status can have of itself; others are codes of AP2T."""


class Kenal:
    """What is known, by the ledger and, where it may be asked, ACMT.

    Ledger and ACMT are asked one after the other: nothing of the ledger is held while ACMT is waited for.

    :param sumber: opens ACMT where it has to be asked; None: it is not. :param lapor: told where something is real but
        the ledger has no session of it.
    """

    def __init__(self, buku: Buku, sumber: Callable[[], SumberAcmt] | None, lapor: Lapor) -> None:
        self._buku, self._sumber, self._lapor = buku, sumber, lapor

    def tempat(self, unitup: Sequence[str], thblrek: str | None, hari_baca: str | None) -> list[str]:
        """Return the units' codes if they, month and kelompok, as far as named, are real, else MasukanTidakSah."""
        for nilai, periksa in ((thblrek, periksa_thblrek), (hari_baca, periksa_hari_baca)):
            if nilai is not None:
                periksa(nilai)
        for unit in unitup:
            self._unit(unit)
        if thblrek is not None:
            self.bulan(unitup or None, thblrek)
        if hari_baca is not None:
            self.kelompok(unitup or None, hari_baca, thblrek)
        return list(unitup)

    def _unit(self, unitup: str) -> None:
        periksa_unitup(unitup)
        ada = self._ada(unit=[unitup])
        if ada.bersesi:
            return
        if not ada.terjadwal and self._sumber is None:
            raise MasukanTidakSah(
                f"Unit {unitup} tidak dikenal buku: belum ada sesi atau jadwalnya. ACMT tidak ditanya. Periksa "
                "kode unitnya, atau jalankan di mesin yang memiliki koneksi acmt_db."
            )
        if not ada.terjadwal and self._sumber is not None:
            try:
                self._sumber().unit(unitup, untuk_dilihat=True)
            except MasukanTidakSah:
                raise MasukanTidakSah(
                    f"Unit {unitup} tidak dikenal: tidak ada di buku, dan tidak ada di ACMT. Periksa kode unitnya."
                ) from None
        self._lapor(f"Unit {unitup} dikenal {'jadwal' if ada.terjadwal else 'ACMT'}, tetapi belum punya sesi di buku.")

    def bulan(self, unitup: Sequence[str] | None, thblrek: str) -> None:
        """Make sure that some units (None: any) have a billing month, else MasukanTidakSah."""
        periksa_thblrek(thblrek)
        ada = self._ada(unit=unitup, bulan=thblrek)
        if ada.bersesi:
            return
        siapa = _siapa(unitup)
        if not ada.terjadwal and not any(self._bulan_acmt(unit, thblrek) for unit in unitup or ()):
            raise MasukanTidakSah(
                f"Bulan {thblrek} tidak dikenal pada {siapa}: {self._siapa_menjawab(unitup)}. Bulan yang punya sesi: "
                f"{self._sebut_daftar(unitup, 'bulan')}."
            )
        self._lapor(f"Bulan {thblrek} belum punya sesi {siapa} di buku.")

    def kelompok(self, unitup: Sequence[str] | None, hari_baca: str, thblrek: str | None = None) -> None:
        """Make sure that some units (None: any) have a kelompok, or this deployment is set up for it.

        :param thblrek: the month in which ACMT's list is looked at, if any. :raises MasukanTidakSah: nobody knows it.
        """
        periksa_hari_baca(hari_baca)
        if self._ada(unit=unitup, kelompok=hari_baca).bersesi:
            return
        siapa = _siapa(unitup)
        if hari_baca not in setelan.kelompok() and not any(
            self._kelompok_acmt(unit, hari_baca, thblrek) for unit in unitup or ()
        ):
            raise MasukanTidakSah(
                f"Kelompok {hari_baca} tidak dikenal pada {siapa}: {self._siapa_menjawab(unitup)}, dan bukan kode "
                f"AP2T_KELOMPOK. Kelompok yang punya sesi: {self._sebut_daftar(unitup, 'kelompok')}."
            )
        self._lapor(f"Kelompok {hari_baca} belum punya sesi {siapa} di buku.")

    def sebab(self, unitup: Sequence[str], kode: Iterable[str]) -> frozenset[str]:
        """Return reasons in capitals, if a customer of these units can have each, else MasukanTidakSah."""
        diminta = frozenset(satu.strip().upper() for satu in kode)
        for asing in sorted(diminta - SEBAB_STATUS):
            if not self._tanya_buku("kenal_kode", unitup=list(unitup), kode=asing).ada:
                raise MasukanTidakSah(
                    f"Sebab {asing} tidak dikenal. Yang ada: {', '.join(sorted(SEBAB_STATUS))}, dan kode penolakan "
                    "AP2T yang pernah tercatat pada unit ini."
                )
        return diminta

    def _ada(self, *, unit: Sequence[str] | None = None, bulan: str | None = None, kelompok: str | None = None) -> Any:
        nilai = {"unitup": None if unit is None else list(unit), "thblrek": bulan, "hari_baca": kelompok}
        return self._tanya_buku("kenal_ada", **nilai)

    def _sebut_daftar(self, unit: Sequence[str] | None, apa: str) -> str:
        baris = self._tanya_buku("kenal_daftar", unitup=None if unit is None else list(unit))
        return daftar(list(getattr(baris, apa) or []), 12) or "belum ada"

    def _tanya_buku(self, nama: str, **nilai: Any) -> Any:
        with self._buku.lihat() as tx:
            return tx.jalankan(nama, **nilai).one()

    def _siapa_menjawab(self, unitup: Sequence[str] | None) -> str:
        if self._sumber is None or not unitup:
            return "tidak ada di buku (ACMT tidak ditanya)"
        return "tidak ada di buku, dan tidak ada di ACMT"

    def _bulan_acmt(self, unitup: str, thblrek: str) -> bool:
        if self._sumber is None:
            return False
        acmt = self._sumber()
        return bool(acmt.jumlah_bulan(thblrek, unitup)) or thblrek in acmt.bulan(unitup)

    def _kelompok_acmt(self, unitup: str, hari_baca: str, thblrek: str | None) -> bool:
        if self._sumber is None:
            return False
        acmt = self._sumber()
        return any(
            hari_baca in {baris.hari_baca for baris in acmt.jadwal(unitup, bulan)}
            or (unitup, hari_baca) in acmt.jumlah_bulan(bulan, unitup)
            for bulan in ([thblrek] if thblrek else sorted(acmt.bulan(unitup))[-2:])
        )


def _siapa(unitup: Sequence[str] | None) -> str:
    return f"unit {daftar(list(unitup), 3)}" if unitup else "unit mana pun"

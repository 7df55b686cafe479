"""Who sees which unit on the page. Nothing is seen that was not found to be allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ap2t.domain.model import Unit
from ap2t.domain.teks import ZONA_PUSAT
from ap2t.galat import GalatPengesahan, MasukanTidakSah, SumberTidakSesuai, WewenangKurang
from ap2t.proses import wewenang
from ap2t.web.data import Data
from ap2t.web.ingatan import Ingatan
from ap2t.web.masalah import Masalah
from ap2t.web.orang import Orang

DETIK = 15
"""Seconds that a person's roles are remembered. A role that ends is noticed within this time."""
ORANG_MAKS = 2000
TANPA_PERAN = (
    "{} tidak memegang ADMIN_CMT di unit mana pun menurut v_petugas, tidak menerima delegasi yang berlaku, dan bukan "
    "auditor. Minta SPV TE unit Anda mendaftarkan Anda di ACMT, atau minta pengelola Airflow memberi peran AUDITOR."
)


class Hak(NamedTuple):
    """What a person may see. ``bertindak``: units in which they hold ADMIN_CMT. ``semua``: they see every unit.

    ``galat``: why other units of theirs could not be looked up; those are not seen.
    """

    orang: Orang
    bertindak: Mapping[str, Unit]
    semua: bool
    galat: tuple[str, ...] = ()

    @property
    def peran(self) -> str:
        """The role the page shows itself in."""
        return "SPV_TE" if self.bertindak else "AUDITOR"

    @property
    def berperan(self) -> bool:
        """Whether there is anything for them here."""
        return self.semua or bool(self.bertindak)

    def lihat(self, unitup: str) -> bool:
        """Whether the person sees a unit's data."""
        return self.semua or unitup in self.bertindak


def _berperan(hak: Hak | None) -> Hak | None:
    return hak if hak is not None and hak.berperan else None


class Akses:
    """Looks up what people may see, and remembers it for ``DETIK`` seconds."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._hak: Ingatan[Hak] = Ingatan(ORANG_MAKS, DETIK)
        self._unit: Ingatan[tuple[Unit, str | None]] = Ingatan(ORANG_MAKS, 600)

    def intip(self, orang: Orang) -> Hak | None:
        """Return what is remembered of a person who holds a role, or None where it has to be looked up."""
        return _berperan(self._hak.intip(orang))

    def terakhir(self, orang: Orang) -> Hak | None:
        """Return the same however old it is: for what shows no data."""
        return _berperan(self._hak.terakhir(orang))

    def hak(self, orang: Orang) -> Hak:
        """Return what a person may see.

        :raises Masalah: they hold no role here.
        :raises GalatPengesahan: it cannot be found out: ACMT or the ledger does not answer.
        """
        hak = self._hak.ambil(orang, lambda: self._cari_hak(orang))
        if not hak.berperan:
            raise Masalah(403, "TANPA_PERAN", TANPA_PERAN.format(orang.username))
        return hak

    def unit(self, unitup: str) -> Unit:
        """Return a unit by its code: from ACMT, or as the ledger's last session names it where ACMT is away.

        :raises MasukanTidakSah: neither knows it.
        """
        return self._unit_cacat(unitup)[0]

    def intip_unit(self, unitup: str) -> Unit | None:
        """Return a unit that was looked up before, or None."""
        ada = self._unit.intip(unitup)
        return None if ada is None else ada[0]

    def semua_unit(self) -> dict[str, Unit]:
        """Return every unit that ACMT or, where it is away, the ledger knows."""
        try:
            return {unit.unitup: unit for unit in self._data.acmt.semua_unit()}
        except GalatPengesahan:
            return self._unit_buku()

    def _unit_cacat(self, unitup: str) -> tuple[Unit, str | None]:
        """Return a unit, and what is wrong with it in ACMT though it can be shown."""
        return self._unit.ambil(unitup, lambda: self._cari_unit(unitup))

    def _cari_unit(self, unitup: str) -> tuple[Unit, str | None]:
        acmt = self._data.acmt
        try:
            try:
                return acmt.unit(unitup), None
            except SumberTidakSesuai as galat:
                return acmt.unit(unitup, untuk_dilihat=True), str(galat)
        except MasukanTidakSah:
            raise
        except GalatPengesahan:
            unit = self._unit_buku().get(unitup)
            if unit is None:
                raise
            return unit, None

    def _unit_buku(self) -> dict[str, Unit]:
        with self._data.buku.lihat() as tx:
            semua = tx.jalankan("tampilan_unit").all()
        return {
            baris.unitup: Unit(baris.unitup, baris.nama_unit, None, None, baris.zona_waktu or ZONA_PUSAT)
            for baris in semua
        }

    def _cari_hak(self, orang: Orang) -> Hak:
        bertindak: dict[str, Unit] = {}
        try:
            calon = self._unit_calon(orang.username)
        except GalatPengesahan:
            if not orang.auditor:
                raise
            calon = []  # an auditor reads the ledger also while ACMT is away
        gagal: list[GalatPengesahan] = []
        kalimat: list[str] = []
        for unitup in calon:
            try:
                unit, cacat = self._unit_cacat(unitup)
                wewenang.lihat_wewenang(self._data.layanan, unitup, unit.zona_waktu).dasar(orang.username)
            except WewenangKurang:
                continue
            except GalatPengesahan as galat:  # one unit whose data are broken does not hide the others
                gagal.append(galat)
                kalimat.append(str(galat))
                continue
            bertindak[unitup] = unit
            kalimat += [cacat] if cacat else []
        if gagal and not bertindak and not orang.auditor:
            raise gagal[0]
        return Hak(orang, bertindak, orang.auditor, tuple(kalimat))

    def _unit_calon(self, username: str) -> list[str]:
        """Units whose v_petugas or configuration names the person. Whether that holds now is asked one by one."""
        with self._data.buku.lihat() as tx:
            delegasi = tx.jalankan("tampilan_delegasi", username=username).scalars().all()
        return sorted({*self._data.acmt.unit_orang(username), *delegasi})

"""The units' configuration: every version that ever held. The owner adds one, the application reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ap2t import setelan
from ap2t.domain.kode import JenisJejak
from ap2t.domain.konfigurasi import beda, dari_kanonik, isi_pola, kanonik
from ap2t.domain.model import Ketentuan
from ap2t.domain.pola import BAWAAN, PolaBawaan, PolaUnit
from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.mesin import Tabel, ke_json
from ap2t.ledger.sesi import Pola, Sesi


class Versi(NamedTuple):
    """One version.

    ``teks``: the document as it was given. ``isi``, ``sidik``: its canonical form, and the SHA-256 of that.
    """

    versi: int
    teks: str
    isi: dict[str, Any]
    sidik: str
    oleh: str
    alasan: str
    berlaku_sejak: datetime


class Berlaku(NamedTuple):
    """What holds for one unit now. ``versi`` None: nothing was ever configured, and the defaults hold."""

    versi: int | None
    pola: PolaUnit

    @property
    def sesi(self) -> Pola:
        """What a session that is opened now is bound to."""
        pola, pengesah = self.pola, 2 if self.pola.persetujuan_kedua else 1
        batas = pola.batas_jam_nyala, pola.batas_jawab_jam, pola.tutup_sesudah_jam
        ketentuan = {nama: getattr(pola, nama) for nama in Ketentuan._fields if nama in PolaUnit.model_fields}
        ketentuan["pembulatan_kwh"] = setelan.pembulatan_kwh()
        return Pola(pola.kesiapan, pengesah, *batas, sorted(pola.eskalasi), self.versi, pola.sampel, ketentuan)


class TabelKonfigurasi(Tabel):
    """The units' configuration."""

    def ambil(self, versi: int | None = None) -> Versi | None:
        """Return a version, or the one in force where no number is given."""
        return self.mungkin_baris(Versi, "konfigurasi_ambil", versi=versi)

    def unit(self, unitup: str, versi: int | None = None) -> Berlaku:
        """Return what holds for a unit now, or held by a version."""
        baris = self.jalankan("konfigurasi_unit", unitup=unitup, versi=versi).one_or_none()
        if baris is None:
            return Berlaku(None, PolaUnit.model_validate(isi_pola(BAWAAN)))
        return Berlaku(baris.versi, PolaUnit.model_validate(baris.pola))

    def pola_sesi(self, sesi: Sesi) -> PolaBawaan:
        """Return the pattern that a session was opened with."""
        return BAWAAN if sesi.konfigurasi is None else self.unit(sesi.unitup, sesi.konfigurasi).pola

    def kesiapan_unit(self, unitup: Iterable[str]) -> dict[str, str]:
        """Return LENGKAP or BERTAHAP for each of many units, as it holds now."""
        versi = self.ambil()
        if versi is None:
            return dict.fromkeys(unitup, str(PolaUnit.model_validate(isi_pola(BAWAAN)).kesiapan))
        return {unit: str((versi.isi["unit"].get(unit) or versi.isi["bawaan"])["kesiapan"]) for unit in unitup}

    def terapkan(self, teks: str, isi: Mapping[str, Any], oleh: str, alasan: str) -> Versi | None:
        """Add a version and the trail's entry of it. None: it says what is in force, and nothing was changed.

        Only the owner's role has the right to this.

        :param isi: the checked document's canonical form.
        """
        self.jalankan("konfigurasi_kunci")  # nobody else applies one until this transaction ends
        versi_lama = self.ambil()
        # an old version may lack keys of today: it is read with what their absence means
        lama = None if versi_lama is None else kanonik(dari_kanonik(versi_lama.isi))
        if lama == isi:
            return None
        baru = self.satu_baris(Versi, "konfigurasi_catat", teks=teks, isi=ke_json(isi), oleh=oleh, alasan=alasan)
        isi_jejak = {nama: getattr(baru, nama) for nama in ("versi", "sidik", "alasan", "berlaku_sejak")}
        isi_jejak |= {"sidik_teks": hashlib.sha256(teks.encode()).hexdigest(), "beda": beda(lama, isi)}
        TabelJejak(self.conn).catat(JenisJejak.KONFIGURASI_DITERAPKAN, isi_jejak, pelaku=oleh)
        return baru

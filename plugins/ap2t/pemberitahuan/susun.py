"""Derives the outbox from the trail: whom to tell of what, written once, in the order it happened.

Steps of a run send nothing and know nothing of this. What the trail does not hold is a reminder, which follows from
time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from ap2t.domain.kode import JenisJejak, StatusPesan, StatusSesi
from ap2t.domain.model import Peran
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import KoneksiTidakSah, MasukanTidakSah, SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.ledger.sesi import Sesi
from ap2t.pemberitahuan import antrean
from ap2t.pemberitahuan.antrean import SUREL, Pengingat, PeristiwaJejak, SuratBaru
from ap2t.pemberitahuan.aturan import Aturan, Kabar, baca_aturan
from ap2t.proses.layanan import Lapor, Layanan

BATAS = 500
"""Entries of the trail that one round takes up at most."""
_BERITA: Mapping[str, Kabar] = {
    JenisJejak.GERBANG_DIBUKA: Kabar.GERBANG,
    JenisJejak.GERBANG_DIBUKA_LAGI: Kabar.GERBANG,
    JenisJejak.TENGGAT_LEWAT: Kabar.ESKALASI,
    JenisJejak.SESI_KEDALUWARSA: Kabar.KEDALUWARSA,
    JenisJejak.SESI_TERHENTI: Kabar.TERHENTI,
    JenisJejak.JADWAL_BELUM_SIAP: Kabar.BELUM_SIAP,
    JenisJejak.KALENDER_CACAT: Kabar.KALENDER,
}
JENIS = (*_BERITA, JenisJejak.SESI_DITUTUP, JenisJejak.DIJAWAB)
"""Kinds of entries somebody is told of; a session that is closed or answered is told of by its outcome."""
TANPA_ALAMAT = "v_petugas tidak punya surel yang sah baginya"
_ALAMAT = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII).fullmatch


def muat_aturan(berkas: Path | None) -> Aturan:
    """Return who is told of what over which channels.

    :param berkas: None: mail for everybody concerned, nothing else.
    :raises MasukanTidakSah: the file cannot be read, or says something that is not valid.
    """
    if berkas is None:
        return Aturan()
    try:
        isi = berkas.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as galat:
        sebab = galat.strerror if isinstance(galat, OSError) else "bukan teks UTF-8"
        raise MasukanTidakSah(f"Berkas pemberitahuan {berkas} tidak dapat dibaca: {sebab}.") from None
    return baca_aturan(isi)


def kabar_dari(peristiwa: PeristiwaJejak, sesi: Sesi | None) -> Kabar | None:
    """Return what kind of news an entry of the trail is. None: it is none."""
    if peristiwa.jenis in _BERITA:
        return _BERITA[peristiwa.jenis]
    status = peristiwa.isi.get("status")
    if peristiwa.jenis == JenisJejak.DIJAWAB:
        return Kabar.DITOLAK if status == StatusSesi.DITOLAK else None
    if status == StatusSesi.NIHIL:
        return Kabar.NIHIL
    return Kabar.PEMBATALAN if sesi is not None and sesi.pembatalan else Kabar.SUKSES


def surel_sah(semua: Mapping[str, str], unitup: str | None) -> str | None:
    """Return a valid address of a person: of this unit, else of another one."""
    calon = (semua[unit] for unit in sorted(semua, key=lambda unit: (unit != unitup, unit)))
    return next(filter(_ALAMAT, calon), None)


def kumpulkan(layanan: Layanan, aturan: Aturan, *, surel: bool, lapor: Lapor) -> int:
    """Write what the trail has new, and reminders that are due, into the outbox.

    The cursor moves in the same transaction. Where ACMT (whose v_petugas has the people) does not answer, it stays.

    :param surel: whether there is a mail server.
    :return: how many messages were written.
    """
    with layanan.buku.transaksi() as tx:
        kursor = tx.jalankan("pemberitahuan_kursor").one()
        if kursor.sampai is None:
            tx.jalankan("pemberitahuan_mulai", ujung=kursor.ujung)
            lapor("Pemberitahuan mulai bekerja; yang terjadi sebelum ini tidak dikabarkan.")
            return 0
        if not surel and not aturan.semua_saluran:
            antrean.maju(tx, kursor.sampai, kursor.ujung)
            lapor("Tidak ada saluran: koneksi smtp_default dan AP2T_PEMBERITAHUAN_BERKAS belum diisi.")
            return 0
        sejak = {"sesudah": kursor.sampai, "sampai": kursor.ujung}
        baru = tx.semua_baris(PeristiwaJejak, "pemberitahuan_peristiwa", **sejak, jenis=list(JENIS), batas=BATAS)
        pengingat = tx.semua_baris(Pengingat, "pemberitahuan_pengingat", batas=BATAS)
    penyusun = _Penyusun(layanan, aturan, surel, lapor)
    try:
        surat = [*penyusun.dari_jejak(baru), *penyusun.dari_waktu(pengingat)]
    except (SumberTidakTerjangkau, SumberTidakSesuai, KoneksiTidakSah) as galat:
        lapor(f"{ribuan(len(baru))} kabar menunggu putaran berikut, karena penerimanya tidak dapat dicari: {galat}")
        return 0
    sampai = baru[-1].id if len(baru) == BATAS else kursor.ujung
    with layanan.buku.transaksi() as tx:
        if not antrean.maju(tx, kursor.sampai, sampai):
            return 0
        tertulis = [satu for satu in surat if tx.jalankan("pemberitahuan_catat", **satu._asdict()).rowcount == 1]
    for satu in tertulis:
        if satu.status == StatusPesan.TANPA_ALAMAT:
            lapor(f"{satu.kepada} tidak mendapat surel {satu.jenis} unit {satu.unitup}: {satu.keterangan}.")
    if lewat := sum(satu.status == StatusPesan.LEWAT for satu in tertulis):
        lapor(f"{ribuan(lewat)} kejadian sudah lebih dari sehari saat pertama terlihat; dicatat LEWAT, tidak dikirim.")
    return len(tertulis)


class _Penyusun:
    """Finds recipients and their addresses. Each unit and person is looked up once."""

    def __init__(self, layanan: Layanan, aturan: Aturan, surel: bool, lapor: Lapor) -> None:
        self._layanan, self._aturan, self._surel, self._lapor = layanan, aturan, surel, lapor
        self._sesi = cache(self._cari_sesi)
        self._pengurus = cache(self._cari_pengurus)
        self._surel_orang = cache(self._cari_surel)

    def dari_jejak(self, baru: Iterable[PeristiwaJejak]) -> Iterator[SuratBaru]:
        for peristiwa in baru:
            try:
                yield from self._dari_peristiwa(peristiwa)
            except (KeyError, TypeError, ValueError, AttributeError) as galat:  # one odd entry holds up no other
                sebab = type(galat).__name__
                self._lapor(f"Jejak nomor {peristiwa.id} ({peristiwa.jenis}) tidak dapat dikabarkan: {sebab}.")

    def dari_waktu(self, semua: Iterable[Pengingat]) -> Iterator[SuratBaru]:
        for pengingat in semua:
            dasar = SuratBaru(
                peristiwa=f"PENGINGAT:{pengingat.sesi_id}:{pengingat.urutan}",
                jenis=Kabar.PENGINGAT,
                unitup=self._sesi(pengingat.sesi_id).unitup,
                terjadi_pada=pengingat.pada,
                sesi_id=pengingat.sesi_id,
                urutan=pengingat.urutan,
            )
            yield from self._sebar(dasar, Kabar.PENGINGAT, pengingat.orang)

    def _dari_peristiwa(self, peristiwa: PeristiwaJejak) -> Iterator[SuratBaru]:
        sesi = None if peristiwa.sesi_id is None else self._sesi(peristiwa.sesi_id)
        apa = kabar_dari(peristiwa, sesi)
        if apa is None:
            return
        dasar = SuratBaru(
            peristiwa=f"JEJAK:{peristiwa.id}",
            jenis=apa,
            unitup=sesi.unitup if sesi else str(peristiwa.isi["unitup"]),
            terjadi_pada=peristiwa.pada,
            jejak_id=peristiwa.id,
            sesi_id=peristiwa.sesi_id,
            urutan=peristiwa.isi.get("urutan"),
        )
        if peristiwa.lama:
            yield dasar._replace(status=StatusPesan.LEWAT, keterangan="lebih dari sehari saat pertama terlihat")
            return
        yield from self._sebar(dasar, apa, self._penerima(peristiwa, apa, sesi, dasar.unitup))

    def _penerima(self, peristiwa: PeristiwaJejak, apa: Kabar, sesi: Sesi | None, unitup: str) -> list[str]:
        if apa is Kabar.GERBANG:
            return list(peristiwa.isi["orang"])
        if apa is Kabar.ESKALASI:
            return list(peristiwa.isi["eskalasi"])
        return [*self._pengurus(unitup), *([sesi.pemicu] if sesi is not None and sesi.pemicu else [])]

    def _sebar(self, dasar: SuratBaru, apa: Kabar, orang: Iterable[str]) -> Iterator[SuratBaru]:
        """One message for each of the unit's channels, and for each person over those that are the person's."""
        for saluran in self._aturan.saluran_unit(dasar.unitup, apa):
            yield dasar._replace(saluran=saluran)
        for username in dict.fromkeys(orang):
            surel, sendiri = self._aturan.saluran_orang(dasar.unitup, username, apa)
            if surel and self._surel:
                alamat = self._surel_orang(dasar.unitup, username)
                surat = dasar._replace(kepada=username, saluran=SUREL, alamat=alamat)
                yield surat if alamat else surat._replace(status=StatusPesan.TANPA_ALAMAT, keterangan=TANPA_ALAMAT)
            for saluran in sendiri:
                yield dasar._replace(kepada=username, saluran=saluran)

    def _cari_sesi(self, sesi_id: int) -> Sesi:
        with self._layanan.buku.transaksi() as tx:
            return tx.sesi.ambil(sesi_id)

    def _cari_pengurus(self, unitup: str) -> list[str]:
        """Return the unit's active ADMIN_CMT."""
        unit = PetugasUnit(unitup, self._layanan.sumber.petugas(unitup))
        return sorted({petugas.username for petugas in unit.pemegang(Peran.ADMIN_CMT)})

    def _cari_surel(self, unitup: str, username: str) -> str | None:
        """Return a person's address: of this unit, else of another in which they are active."""
        return surel_sah(self._layanan.sumber.surel_orang(username), unitup)

"""Derives the outbox from the trail: whom to tell of what, written once, in the order it happened.

Steps of a run send nothing and know nothing of this. What the trail does not hold is a reminder, which follows from
time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ap2t.domain.model import Peran
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import KoneksiTidakSah, MasukanTidakSah, SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.ledger.sesi import Sesi
from ap2t.pemberitahuan import antrean
from ap2t.pemberitahuan import aturan as aturan_pemberitahuan
from ap2t.pemberitahuan.antrean import SUREL, Baris, Peristiwa
from ap2t.pemberitahuan.aturan import Aturan, Kabar
from ap2t.proses.layanan import Lapor, Layanan

BATAS = 500
"""Entries of the trail that one round takes up at most."""
_BERITA = {
    "GERBANG_DIBUKA": Kabar.GERBANG,
    "GERBANG_DIBUKA_LAGI": Kabar.GERBANG,
    "TENGGAT_LEWAT": Kabar.ESKALASI,
    "SESI_KEDALUWARSA": Kabar.KEDALUWARSA,
    "SESI_TERHENTI": Kabar.TERHENTI,
    "JADWAL_BELUM_SIAP": Kabar.BELUM_SIAP,
    "KALENDER_CACAT": Kabar.KALENDER,
}
JENIS = (*_BERITA, "SESI_DITUTUP", "DIJAWAB")
"""Kinds of entries somebody is told of; a session that is closed or answered is told of by its outcome."""
TANPA_ALAMAT = "v_petugas tidak punya surel yang sah baginya"
_ALAMAT = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII).fullmatch


def muat_aturan(berkas: Path | None) -> Aturan:
    """Return who is told of what over which channels; no file: mail for everybody concerned, nothing else.

    :raises MasukanTidakSah: the file cannot be read, or says something that is not valid.
    """
    if berkas is None:
        return Aturan()
    try:
        isi = berkas.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        sebab = e.strerror if isinstance(e, OSError) else "bukan teks UTF-8"
        raise MasukanTidakSah(f"Berkas pemberitahuan {berkas} tidak dapat dibaca: {sebab}.") from None
    return aturan_pemberitahuan.baca(isi)


def kabar(p: Peristiwa, s: Sesi | None) -> Kabar | None:
    """Return what kind of news an entry of the trail is; None: none."""
    if p.jenis in _BERITA:
        return _BERITA[p.jenis]
    status = p.isi.get("status")
    if p.jenis == "DIJAWAB":
        return Kabar.DITOLAK if status == "DITOLAK" else None
    if status == "NIHIL":
        return Kabar.NIHIL
    return Kabar.PEMBATALAN if s is not None and s.pembatalan else Kabar.SUKSES


def surel_sah(semua: Mapping[str, str], unitup: str | None) -> str | None:
    """Return a valid address of a person: of this unit, else of another one."""
    calon = (semua[u] for u in sorted(semua, key=lambda u: (u != unitup, u)))
    return next((a for a in calon if _ALAMAT(a)), None)


def kumpulkan(layanan: Layanan, aturan: Aturan, *, surel: bool, lapor: Lapor) -> int:
    """Write what the trail has new, and reminders that are due, into the outbox; return how many rows.

    The cursor moves in the same transaction. Where ACMT (whose v_petugas has the people) does not answer, it stays.

    :param surel: whether there is a mail server.
    """
    with layanan.buku.transaksi() as tx:
        k = antrean.kursor(tx)
        if k.sampai is None:
            antrean.mulai(tx, k.ujung)
            lapor("Pemberitahuan mulai bekerja; yang terjadi sebelum ini tidak dikabarkan.")
            return 0
        if not surel and not aturan.semua_saluran:
            antrean.maju(tx, k.sampai, k.ujung)
            lapor("Tidak ada saluran: koneksi smtp_default dan AP2T_PEMBERITAHUAN_BERKAS belum diisi.")
            return 0
        baru = antrean.peristiwa(tx, k.sampai, k.ujung, JENIS, BATAS)
        ingatan = antrean.pengingat(tx, BATAS)
    penyusun = _Penyusun(layanan, aturan, surel, lapor)
    try:
        baris = [*penyusun.dari_jejak(baru), *penyusun.dari_waktu(ingatan)]
    except (SumberTidakTerjangkau, SumberTidakSesuai, KoneksiTidakSah) as e:
        lapor(f"{ribuan(len(baru))} kabar menunggu putaran berikut, karena penerimanya tidak dapat dicari: {e}")
        return 0
    sampai = baru[-1].id if len(baru) == BATAS else k.ujung
    with layanan.buku.transaksi() as tx:
        if not antrean.maju(tx, k.sampai, sampai):
            return 0
        tertulis = [b for b in baris if antrean.catat(tx, b)]
    for b in tertulis:
        if b.status == "TANPA_ALAMAT":
            lapor(f"{b.kepada} tidak mendapat surel {b.jenis} unit {b.unitup}: {b.keterangan}.")
    lewat = sum(b.status == "LEWAT" for b in tertulis)
    if lewat:
        lapor(f"{ribuan(lewat)} kejadian sudah lebih dari sehari saat pertama terlihat; dicatat LEWAT, tidak dikirim.")
    return len(tertulis)


class _Penyusun:
    """Finds recipients and their addresses; each unit and person is looked up once."""

    def __init__(self, layanan: Layanan, aturan: Aturan, surel: bool, lapor: Lapor) -> None:
        self._layanan, self._aturan, self._surel, self._lapor = layanan, aturan, surel, lapor
        self._sesi: dict[int, Sesi] = {}
        self._admin: dict[str, list[str]] = {}
        self._alamat: dict[tuple[str, str], str | None] = {}

    def dari_jejak(self, baru: Iterable[Peristiwa]) -> Iterator[Baris]:
        for p in baru:
            try:
                yield from self._satu(p)
            except (KeyError, TypeError, ValueError, AttributeError) as e:  # one odd entry never holds up the others
                self._lapor(f"Jejak nomor {p.id} ({p.jenis}) tidak dapat dikabarkan: {type(e).__name__}.")

    def dari_waktu(self, ingatan: Iterable[antrean.Ingatan]) -> Iterator[Baris]:
        for i in ingatan:
            s = self._ambil(i.sesi_id)
            dasar = Baris(
                peristiwa=f"PENGINGAT:{i.sesi_id}:{i.urutan}",
                jenis=Kabar.PENGINGAT,
                unitup=s.unitup,
                terjadi_pada=i.pada,
                sesi_id=i.sesi_id,
                urutan=i.urutan,
            )
            yield from self._sebar(dasar, Kabar.PENGINGAT, i.orang)

    def _satu(self, p: Peristiwa) -> Iterator[Baris]:
        s = None if p.sesi_id is None else self._ambil(p.sesi_id)
        apa = kabar(p, s)
        if apa is None:
            return
        dasar = Baris(
            peristiwa=f"JEJAK:{p.id}",
            jenis=apa,
            unitup=s.unitup if s else str(p.isi["unitup"]),
            terjadi_pada=p.pada,
            jejak_id=p.id,
            sesi_id=p.sesi_id,
            urutan=p.isi.get("urutan"),
        )
        if p.lama:
            yield dasar._replace(status="LEWAT", keterangan="lebih dari sehari saat pertama terlihat")
            return
        yield from self._sebar(dasar, apa, self._orang(p, apa, s, dasar.unitup))

    def _orang(self, p: Peristiwa, apa: Kabar, s: Sesi | None, unitup: str) -> list[str]:
        if apa is Kabar.GERBANG:
            return list(p.isi["orang"])
        if apa is Kabar.ESKALASI:
            return list(p.isi["eskalasi"])
        return [*self._pengurus(unitup), *([s.pemicu] if s is not None and s.pemicu else [])]

    def _sebar(self, dasar: Baris, apa: Kabar, orang: Iterable[str]) -> Iterator[Baris]:
        """One row for each of the unit's channels, and for each person those that are the person's."""
        for saluran in self._aturan.saluran_unit(dasar.unitup, apa):
            yield dasar._replace(saluran=saluran)
        for username in dict.fromkeys(orang):
            surel, sendiri = self._aturan.saluran_orang(dasar.unitup, username, apa)
            if surel and self._surel:
                alamat = self._surel_orang(dasar.unitup, username)
                b = dasar._replace(kepada=username, saluran=SUREL, alamat=alamat)
                yield b if alamat else b._replace(status="TANPA_ALAMAT", keterangan=TANPA_ALAMAT)
            for saluran in sendiri:
                yield dasar._replace(kepada=username, saluran=saluran)

    def _ambil(self, sesi_id: int) -> Sesi:
        if sesi_id not in self._sesi:
            with self._layanan.buku.transaksi() as tx:
                self._sesi[sesi_id] = tx.sesi.ambil(sesi_id)
        return self._sesi[sesi_id]

    def _pengurus(self, unitup: str) -> list[str]:
        """Return the unit's active ADMIN_CMT."""
        if unitup not in self._admin:
            petugas = self._layanan.sumber.petugas(unitup)
            semua = PetugasUnit(unitup, petugas).pemegang(Peran.ADMIN_CMT)
            self._admin[unitup] = sorted({p.username for p in semua})
        return self._admin[unitup]

    def _surel_orang(self, unitup: str, username: str) -> str | None:
        """Return a person's address: of this unit, else of another in which they are active."""
        if (unitup, username) not in self._alamat:
            self._alamat[unitup, username] = surel_sah(self._layanan.sumber.surel_orang(username), unitup)
        return self._alamat[unitup, username]

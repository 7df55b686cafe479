"""One customer, and where the list of a unit's customers comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.model import Bacaan, Tempat, Unit
from ap2t.galat import MasukanTidakSah, SumberTidakTerjangkau
from ap2t.lihat import status_pelanggan
from ap2t.lihat.status_pelanggan import HILANG, Mata, Rincian
from ap2t.web.data import Data
from ap2t.web.kelompok import TabelBulan, TabelKelompok
from ap2t.web.masalah import TidakAda
from ap2t.web.pelanggan.indeks import IndeksBulan
from ap2t.web.pelanggan.penyegar import SEGAR, TENANG, Penyegar

_IDENTITAS = ("nama", "kddk", "tarif", "daya", "latitude", "longitude")
_BACAAN = [nama for nama in Bacaan._fields if nama not in (*_IDENTITAS, *Tempat._fields, "idpel")]


def segar(tabel: TabelBulan, unit: Unit, saat: datetime) -> dict[str, float]:
    """Return for each kelompok how many seconds old its readings of ACMT may be.

    They move where reading has begun and somebody is still to be approved.
    """
    hari_ini = saat.astimezone(ZoneInfo(unit.zona_waktu)).date()
    return {
        baris.hari_baca: SEGAR
        if baris.angka["belum_disahkan"] != 0 and baris.jadwal is not None and baris.jadwal.tgl_mulai <= hari_ini
        else TENANG
        for baris in tabel.baris
    }


class DaftarPelanggan(NamedTuple):
    """A month's customers. ``hilang``: kelompok that are not there yet. ``usang``: those about to be renewed."""

    indeks: IndeksBulan
    hilang: list[str]
    usang: list[str]
    kelompok: list[str]
    galat: str | None

    @property
    def pada(self) -> datetime | None:
        """As of when the oldest of it is."""
        ada = self.indeks.kelompok
        return min((ada[kode].pada for kode in self.kelompok if kode in ada), default=None)


def cari_daftar(
    tabel: TabelKelompok, penyegar: Penyegar, unit: Unit, thblrek: str, hari_baca: str | None
) -> DaftarPelanggan:
    """Return a month's customers as far as they are known, and have what is missing or out of date looked up."""
    isi = tabel.tabel(unit, thblrek, penyegar.kini(unit.unitup, thblrek))
    kelompok = [hari_baca] if hari_baca else [baris.hari_baca for baris in isi.baris]
    cap = {kode: isi.cap.get(kode) for kode in kelompok}
    indeks, hilang, usang = penyegar.indeks(unit.unitup, thblrek, cap, segar(isi, unit, datetime.now(UTC)))
    return DaftarPelanggan(indeks, hilang, usang, kelompok, penyegar.galat(unit.unitup, thblrek))


def rincian_json(data: Data, unit: Unit, thblrek: str, idpel: str) -> dict[str, Any]:
    """Return everything that ACMT now and the ledger know of one customer of the unit in a month.

    :raises TidakAda: neither knows it in this unit and month.
    """
    saat, galat = datetime.now(UTC), None
    mata = Mata(data.buku, data.acmt, sekarang=saat)
    try:
        try:
            rincian = status_pelanggan.pelanggan(mata, idpel, unit.unitup, thblrek)
        except SumberTidakTerjangkau as diam:
            rincian = status_pelanggan.pelanggan(Mata(data.buku), idpel, unit.unitup, thblrek)
            galat = str(diam)
    except MasukanTidakSah:
        raise TidakAda(f"Pelanggan {idpel} bulan {thblrek} di unit {unit.unitup}") from None
    return _susun_json(rincian, galat, saat)


def _susun_json(rincian: Rincian, galat: str | None, saat: datetime) -> dict[str, Any]:
    pelanggan, keadaan, kutip = rincian.status, rincian.status.keadaan, rincian.cuplikan
    di_acmt = pelanggan.bacaan is not None and galat is None and HILANG not in pelanggan.catatan
    terbaca = pelanggan.bacaan if di_acmt else kutip and kutip.bacaan
    bacaan: dict[str, Any] = terbaca._asdict() if terbaca else {}
    identitas = {nama: bacaan.get(nama) for nama in _IDENTITAS}
    return {
        "identitas": {"idpel": pelanggan.idpel, **pelanggan.tempat._asdict(), **identitas},
        "status": {
            "status": keadaan.status,
            "label": KATA_STATUS[keadaan.status],
            "tahap": keadaan.tahap,
            "label_tahap": KATA_STATUS[keadaan.tahap],
            "sebab": keadaan.sebab,
            "dlpd": pelanggan.dlpd,
            "kwh": pelanggan.kwh,
            "jam_nyala": pelanggan.jam_nyala,
            "menurut": keadaan.menurut,
            "sejak": keadaan.pada,
            "sesi": keadaan.nomor,
            "catatan": pelanggan.catatan,
        },
        "mengapa": [satu._asdict() for satu in rincian.mengapa],
        "kisah": [satu._asdict() for satu in rincian.kisah],
        "bacaan": {nama: bacaan.get(nama) for nama in _BACAAN} if bacaan else None,
        "bacaan_dari": "ACMT" if di_acmt else f"cuplikan {kutip.sesi.nomor}" if kutip else None,
        "riwayat": [
            {"pada": satu.pada, "apa": satu.apa, "oleh": satu.oleh, "sesi": satu.nomor, "keterangan": satu.keterangan}
            for satu in rincian.riwayat
        ],
        "bulan_lain": [
            {"thblrek": satu.thblrek, "hari_baca": satu.hari_baca}
            for satu in sorted(rincian.tempat, reverse=True)
            if satu.thblrek != pelanggan.tempat.thblrek
        ],
        "galat_acmt": galat,
        "sekarang": saat,
    }

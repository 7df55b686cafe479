"""One customer, and where the list of a unit's customers comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.model import Bacaan, Tempat, Unit
from ap2t.galat import MasukanTidakSah, SumberTidakTerjangkau
from ap2t.lihat import fakta, status_pelanggan
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
            semua = data.acmt.pelanggan(idpel)
            lain = {(bacaan.thblrek, bacaan.hari_baca) for bacaan in semua if bacaan.unitup == unit.unitup}
        except SumberTidakTerjangkau as diam:
            rincian = status_pelanggan.pelanggan(Mata(data.buku), idpel, unit.unitup, thblrek)
            lain, galat = set(), str(diam)
    except MasukanTidakSah:
        raise TidakAda(f"Pelanggan {idpel} bulan {thblrek} di unit {unit.unitup}") from None
    tempat = rincian.status.tempat
    with data.buku.lihat() as tx:
        dikenal = fakta.tempat_pelanggan(tx, idpel, unit.unitup, None, None)
        lain |= {(satu.thblrek, satu.hari_baca) for satu in dikenal}
        kutip = tx.jalankan("tampilan_bacaan", idpel=idpel, **tempat._asdict()).mappings().one_or_none()
    return _susun_json(rincian, dict(kutip) if kutip else None, lain, galat, saat)


def _susun_json(
    rincian: Rincian, kutip: dict[str, Any] | None, lain: set[tuple[str, str]], galat: str | None, saat: datetime
) -> dict[str, Any]:
    pelanggan, keadaan = rincian.status, rincian.status.keadaan
    di_acmt = pelanggan.bacaan is not None and galat is None and HILANG not in pelanggan.catatan
    bacaan: Mapping[str, Any] = pelanggan.bacaan._asdict() if di_acmt and pelanggan.bacaan else (kutip or {})
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
        "bacaan": {nama: bacaan.get(nama) for nama in _BACAAN} if bacaan else None,
        "bacaan_dari": "ACMT" if di_acmt else f"cuplikan {kutip['nomor']}" if kutip else None,
        "riwayat": [
            {"pada": satu.pada, "apa": satu.apa, "oleh": satu.oleh, "sesi": satu.nomor, "keterangan": satu.keterangan}
            for satu in rincian.riwayat
        ],
        "bulan_lain": [
            {"thblrek": thblrek, "hari_baca": hari_baca}
            for thblrek, hari_baca in sorted(lain, reverse=True)
            if thblrek != pelanggan.tempat.thblrek
        ],
        "galat_acmt": galat,
        "sekarang": saat,
    }

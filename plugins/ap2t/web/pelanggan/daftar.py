"""One customer, and where the list of a unit's customers comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.model import Bacaan, Tempat, Unit
from ap2t.galat import MasukanTidakSah, SumberTidakTerjangkau
from ap2t.lihat import fakta
from ap2t.lihat import status_pelanggan as proses_status
from ap2t.lihat.status_pelanggan import Mata, Rincian
from ap2t.web.data import Data
from ap2t.web.kelompok import Tabel, TabelKelompok
from ap2t.web.masalah import TidakAda
from ap2t.web.pelanggan.indeks import IndeksBulan
from ap2t.web.pelanggan.penyegar import SEGAR, TENANG, Penyegar

_IDENTITAS = ("nama", "kddk", "tarif", "daya", "latitude", "longitude")


def segar(tabel: Tabel, unit: Unit, saat: datetime) -> dict[str, float]:
    """Return how many seconds old what is known of each kelompok in ACMT may be.

    Where reading has begun and somebody is still to be approved things move; elsewhere hardly.
    """
    hari_ini = saat.astimezone(ZoneInfo(unit.zona_waktu)).date()
    return {
        baris.hari_baca: SEGAR
        if baris.angka["belum_disahkan"] != 0 and baris.jadwal is not None and baris.jadwal.tgl_mulai <= hari_ini
        else TENANG
        for baris in tabel.baris
    }


class DaftarPelanggan(NamedTuple):
    """A month's customers. ``hilang``: kelompok whose customers are not there yet; ``usang``: about to be renewed."""

    indeks: IndeksBulan
    hilang: list[str]
    usang: list[str]
    kelompok: list[str]
    galat: str | None

    @property
    def pada(self) -> datetime | None:
        """As of when the oldest of it is."""
        return min(
            (kelompok.pada for nama, kelompok in self.indeks.kelompok.items() if nama in self.kelompok), default=None
        )


def daftar(
    tabel: TabelKelompok, penyegar: Penyegar, unit: Unit, thblrek: str, hari_baca: str | None
) -> DaftarPelanggan:
    """Return a month's customers as far as they are known, and have what is missing or out of date looked up."""
    saat = datetime.now(UTC)
    isi = tabel.tabel(unit, thblrek, penyegar.kini(unit.unitup, thblrek))
    kelompok = [hari_baca] if hari_baca else [baris.hari_baca for baris in isi.baris]
    mau = {kunci: isi.cap.get(kunci) for kunci in kelompok}
    indeks, hilang, usang = penyegar.indeks(unit.unitup, thblrek, mau, segar(isi, unit, saat))
    return DaftarPelanggan(indeks, hilang, usang, kelompok, penyegar.galat(unit.unitup, thblrek))


def satu(data: Data, unit: Unit, thblrek: str, idpel: str) -> dict[str, Any]:
    """Return everything known of one customer of the unit in a month: now from ACMT, and from the ledger.

    :raises TidakAda: neither knows it in this unit and month.
    """
    saat, galat = datetime.now(UTC), None
    mata = Mata(data.buku, data.acmt, sekarang=saat)
    try:
        rincian = proses_status.pelanggan(mata, idpel, unit.unitup, thblrek)
        lain = {
            (bacaan.thblrek, bacaan.hari_baca) for bacaan in data.acmt.pelanggan(idpel) if bacaan.unitup == unit.unitup
        }
    except MasukanTidakSah:
        raise TidakAda(f"Pelanggan {idpel} bulan {thblrek} di unit {unit.unitup}") from None
    except SumberTidakTerjangkau as galat_ini:
        rincian, lain, galat = _dari_buku(data, unit, thblrek, idpel), set(), str(galat_ini)
    tempat = rincian.status.tempat
    with data.buku.lihat() as tx:
        dikenal = fakta.tempat_pelanggan(tx, idpel, unit.unitup, None, None)
        lain |= {(satu.thblrek, satu.hari_baca) for satu in dikenal}
        kutip = tx.jalankan("tampilan_bacaan", idpel=idpel, **tempat._asdict()).mappings().one_or_none()
    return _json(rincian, dict(kutip) if kutip else None, lain, galat, saat)


def _dari_buku(data: Data, unit: Unit, thblrek: str, idpel: str) -> Rincian:
    try:
        return proses_status.pelanggan(Mata(data.buku), idpel, unit.unitup, thblrek)
    except MasukanTidakSah:
        raise TidakAda(f"Pelanggan {idpel} bulan {thblrek} di unit {unit.unitup}") from None


def _json(
    rincian: Rincian, kutip: dict[str, Any] | None, lain: set[tuple[str, str]], galat: str | None, saat: datetime
) -> dict[str, Any]:
    pelanggan, keadaan = rincian.status, rincian.status.keadaan
    di_acmt = pelanggan.bacaan is not None and galat is None and proses_status.HILANG not in pelanggan.catatan
    baris: Mapping[str, Any] = pelanggan.bacaan._asdict() if di_acmt and pelanggan.bacaan else (kutip or {})
    bacaan = (
        {nama: baris.get(nama) for nama in Bacaan._fields if nama not in (*_IDENTITAS, *Tempat._fields, "idpel")}
        if baris
        else None
    )
    return {
        "identitas": {
            "idpel": pelanggan.idpel,
            **pelanggan.tempat._asdict(),
            **{nama: baris.get(nama) for nama in _IDENTITAS},
        },
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
        "bacaan": bacaan,
        "bacaan_dari": "ACMT" if di_acmt else f"cuplikan {kutip['nomor']}" if kutip else None,
        "riwayat": [
            {
                "pada": peristiwa.pada,
                "apa": peristiwa.apa,
                "oleh": peristiwa.oleh,
                "sesi": peristiwa.nomor,
                "keterangan": peristiwa.keterangan,
            }
            for peristiwa in rincian.riwayat
        ],
        "bulan_lain": [
            {"thblrek": bln, "hari_baca": kode}
            for bln, kode in sorted(lain, reverse=True)
            if bln != pelanggan.tempat.thblrek
        ],
        "galat_acmt": galat,
        "sekarang": saat,
    }

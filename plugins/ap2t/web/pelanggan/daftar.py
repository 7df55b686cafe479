"""One customer, and where the list of a unit's customers comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.model import Bacaan, Unit
from ap2t.domain.status import LABEL
from ap2t.galat import MasukanTidakSah, SumberTidakTerjangkau
from ap2t.lihat import fakta
from ap2t.lihat import status_pelanggan as proses_status
from ap2t.lihat.fakta import Tempat
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
        b.hari_baca: SEGAR
        if b.angka["belum_disahkan"] != 0 and b.jadwal is not None and b.jadwal.tgl_mulai <= hari_ini
        else TENANG
        for b in tabel.baris
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
        return min((k.pada for n, k in self.indeks.kelompok.items() if n in self.kelompok), default=None)


def daftar(
    tabel: TabelKelompok, penyegar: Penyegar, unit: Unit, thblrek: str, hari_baca: str | None
) -> DaftarPelanggan:
    """Return a month's customers as far as they are known, and have what is missing or out of date looked up."""
    saat = datetime.now(UTC)
    isi = tabel.tabel(unit, thblrek, penyegar.kini(unit.unitup, thblrek))
    kelompok = [hari_baca] if hari_baca else [b.hari_baca for b in isi.baris]
    mau = {k: isi.cap.get(k) for k in kelompok}
    indeks, hilang, usang = penyegar.indeks(unit.unitup, thblrek, mau, segar(isi, unit, saat))
    return DaftarPelanggan(indeks, hilang, usang, kelompok, penyegar.galat(unit.unitup, thblrek))


def satu(data: Data, unit: Unit, thblrek: str, idpel: str) -> dict[str, Any]:
    """Return everything known of one customer of the unit in a month: now from ACMT, and from the ledger.

    :raises TidakAda: neither knows it in this unit and month.
    """
    saat, galat = datetime.now(UTC), None
    mata = Mata(data.buku, data.acmt, sekarang=saat)
    try:
        r = proses_status.pelanggan(mata, idpel, unit.unitup, thblrek)
        lain = {(b.thblrek, b.hari_baca) for b in data.acmt.pelanggan(idpel) if b.unitup == unit.unitup}
    except MasukanTidakSah:
        raise TidakAda(f"Pelanggan {idpel} bulan {thblrek} di unit {unit.unitup}") from None
    except SumberTidakTerjangkau as e:
        r, lain, galat = _dari_buku(data, unit, thblrek, idpel), set(), str(e)
    t = r.status.tempat
    with data.buku.lihat() as tx:
        lain |= {(x.thblrek, x.hari_baca) for x in fakta.tempat(tx, idpel, unit.unitup, None, None)}
        kutip = tx.jalankan("tampilan_bacaan", idpel=idpel, **t._asdict()).mappings().one_or_none()
    return _json(r, dict(kutip) if kutip else None, lain, galat, saat)


def _dari_buku(data: Data, unit: Unit, thblrek: str, idpel: str) -> Rincian:
    try:
        return proses_status.pelanggan(Mata(data.buku), idpel, unit.unitup, thblrek)
    except MasukanTidakSah:
        raise TidakAda(f"Pelanggan {idpel} bulan {thblrek} di unit {unit.unitup}") from None


def _json(
    r: Rincian, kutip: dict[str, Any] | None, lain: set[tuple[str, str]], galat: str | None, saat: datetime
) -> dict[str, Any]:
    s, k = r.status, r.status.keadaan
    di_acmt = s.bacaan is not None and galat is None and proses_status.HILANG not in s.catatan
    b: Mapping[str, Any] = s.bacaan._asdict() if di_acmt and s.bacaan else (kutip or {})
    bacaan = {n: b.get(n) for n in Bacaan._fields if n not in (*_IDENTITAS, *Tempat._fields, "idpel")} if b else None
    return {
        "identitas": {"idpel": s.idpel, **s.tempat._asdict(), **{n: b.get(n) for n in _IDENTITAS}},
        "status": {
            "status": k.status,
            "label": LABEL[k.status],
            "tahap": k.tahap,
            "label_tahap": LABEL[k.tahap],
            "sebab": k.sebab,
            "dlpd": s.dlpd,
            "kwh": s.kwh,
            "jam_nyala": s.jam_nyala,
            "menurut": k.menurut,
            "sejak": k.pada,
            "sesi": k.nomor,
            "catatan": s.catatan,
        },
        "bacaan": bacaan,
        "bacaan_dari": "ACMT" if di_acmt else f"cuplikan {kutip['nomor']}" if kutip else None,
        "riwayat": [
            {"pada": p.pada, "apa": p.apa, "oleh": p.oleh, "sesi": p.nomor, "keterangan": p.keterangan}
            for p in r.riwayat
        ],
        "bulan_lain": [
            {"thblrek": bln, "hari_baca": kode} for bln, kode in sorted(lain, reverse=True) if bln != s.tempat.thblrek
        ],
        "galat_acmt": galat,
        "sekarang": saat,
    }

"""Who was sent back in a unit's month, as a work list: the last time, what became of it, until when it was due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from ap2t.domain.kalender import hari_setempat
from ap2t.domain.status import DI_VENDOR, TindakLanjut, tindak_lanjut
from ap2t.domain.teks import ZONA_PUSAT
from ap2t.galat import SumberTidakTerjangkau
from ap2t.ledger.sesi import Sesi
from ap2t.lihat import fakta
from ap2t.lihat.status_pelanggan import Mata, StatusPelanggan, beberapa


class BarisPengembalian(NamedTuple):
    """One customer that was sent back.

    ``dikembalikan``, ``oleh``, ``alasan``, ``sesi``: the last time. ``umur_hari``: days since, in the unit's zone; of
    whoever is approved: until then. ``batas``: the day until which it is to be sent anew; None: that session's pattern
    has no such limit. ``terlambat``: that day is over, and it still lies with the vendor. ``sesi_akhir``: the session
    that took it up since, and ``putaran``, which round that was; a cancellation is none, nor what others posted.
    ``status``, ``sebab``, ``catatan``: of the customer.
    """

    unitup: str
    thblrek: str
    hari_baca: str
    idpel: str
    nama: str | None
    kddk: str | None
    tarif: str | None
    keadaan: TindakLanjut
    dikembalikan: datetime
    oleh: str
    alasan: str
    sesi: str
    umur_hari: int
    batas: str | None
    terlambat: bool
    putaran: int | None
    sesi_akhir: str | None
    status: str
    sebab: tuple[str, ...]
    catatan: tuple[str, ...]


class DaftarPengembalian(NamedTuple):
    """The list, with the unit's time zone. ``galat``: why ACMT was not seen."""

    baris: list[BarisPengembalian]
    zona: str = ZONA_PUSAT
    galat: str | None = None

    @property
    def jumlah(self) -> dict[str, int]:
        """How many there are of each state."""
        return dict(Counter(satu.keadaan for satu in self.baris))


class _Akhir(NamedTuple):
    """The last time that a customer was sent back."""

    idpel: str
    sesi_id: int
    nomor: str
    hari_baca: str
    zona_waktu: str
    konfigurasi: int | None
    oleh: str
    alasan: str
    dicatat_pada: datetime


def pengembalian_bulan(mata: Mata, unitup: str, thblrek: str, hari_baca: str | None = None) -> DaftarPengembalian:
    """Return who was sent back in a unit's month, the longest waiting first within each state.

    Where ACMT does not answer the ledger's part is told.

    :param hari_baca: the kelompok it was sent back in; None: any.
    """
    with mata.buku.transaksi() as tx:
        semua = tx.semua_baris(_Akhir, "pengembalian_akhir", unitup=unitup, thblrek=thblrek)
    akhir = [satu for satu in semua if hari_baca in (None, satu.hari_baca)]
    idpel, galat = [satu.idpel for satu in akhir], None
    try:
        status = beberapa(mata, unitup, thblrek, idpel)
    except SumberTidakTerjangkau as diam:
        status, galat = beberapa(Mata(mata.buku, sekarang=mata.saat), unitup, thblrek, idpel), str(diam)
    with mata.buku.transaksi() as tx:
        sesi = {satu.nomor: satu for satu in fakta.sesi_tempat(tx, sorted({satu.tempat for satu in status}))}
        batas = {
            versi: None if versi is None else tx.konfigurasi.unit(unitup, versi).pola.batas_pengembalian_hari
            for versi in {satu.konfigurasi for satu in akhir}
        }
    baris = [
        _baris(satu, pelanggan, sesi, batas[satu.konfigurasi], mata.saat)
        for satu, pelanggan in zip(akhir, status, strict=True)
    ]
    urut = list(TindakLanjut).index
    baris.sort(key=lambda satu: (urut(satu.keadaan), satu.dikembalikan))
    return DaftarPengembalian(baris, akhir[0].zona_waktu if akhir else ZONA_PUSAT, galat)


def _baris(
    akhir: _Akhir, pelanggan: StatusPelanggan, sesi: Mapping[str, Sesi], hari: int | None, saat: datetime
) -> BarisPengembalian:
    posisi, kini = pelanggan.fakta.posisi, pelanggan.keadaan
    di_posisi = sesi.get(posisi.nomor or "") if posisi is not None else None
    keadaan = tindak_lanjut(pelanggan.fakta, batal_dahulu=di_posisi is not None and di_posisi.id <= akhir.sesi_id)
    sesudah = sesi.get(kini.nomor or "")
    if sesudah is not None and sesudah.id <= akhir.sesi_id:
        sesudah = None
    selesai = kini.pada if keadaan is TindakLanjut.DISAHKAN else None
    kembali, hari_ini = (hari_setempat(waktu, akhir.zona_waktu) for waktu in (akhir.dicatat_pada, selesai or saat))
    batas = None if hari is None else kembali + timedelta(days=hari)
    bacaan = pelanggan.bacaan
    return BarisPengembalian(
        unitup=pelanggan.tempat.unitup,
        thblrek=pelanggan.tempat.thblrek,
        hari_baca=akhir.hari_baca,
        idpel=akhir.idpel,
        nama=bacaan and bacaan.nama,
        kddk=bacaan and bacaan.kddk,
        tarif=bacaan and bacaan.tarif,
        keadaan=keadaan,
        dikembalikan=akhir.dicatat_pada,
        oleh=akhir.oleh,
        alasan=akhir.alasan,
        sesi=akhir.nomor,
        umur_hari=max(0, (hari_ini - kembali).days),
        batas=None if batas is None else batas.isoformat(),
        terlambat=batas is not None and batas < hari_ini and keadaan in DI_VENDOR,
        putaran=None if sesudah is None or sesudah.pembatalan or (posisi and posisi.luar) else sesudah.putaran,
        sesi_akhir=sesudah and sesudah.nomor,
        status=kini.status,
        sebab=kini.sebab,
        catatan=pelanggan.catatan,
    )

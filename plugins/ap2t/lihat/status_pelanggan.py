"""Where customers stand, now or at a past moment, and what happened to one of them (docs/operator/status.md).

As of now ACMT is asked how far each reading is, and AP2T too where wanted. Of the past only the ledger tells: what its
snapshots held and what its sessions did. See :func:`per_kelompok` for what cannot be known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from heapq import merge
from itertools import accumulate, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.kode import Riwayat
from ap2t.domain.model import Bacaan, Tempat, batasi, berubah, idpel_sah, urut_idpel
from ap2t.domain.status import DiSumber, Fakta, Keadaan, Menurut, Posisi, Status, tahap_bacaan, tentukan
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ZONA_PUSAT
from ap2t.galat import MasukanTidakSah
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Buku
from ap2t.ledger.persetujuan import STEMPEL, VERIFIKASI, digarap_ulang, stempel
from ap2t.lihat import fakta
from ap2t.lihat.fakta import CuplikanPelanggan, Diketahui, PeristiwaPelanggan
from ap2t.lihat.kisah import Bahan, KisahBulan, ceritakan, tanya_acmt
from ap2t.lihat.mengapa import Mengapa, mengapa, mengapa_di_atas
from ap2t.source.acmt import SumberAcmt, gabung

Isi = TypeVar("Isi")
Lain = TypeVar("Lain")
HILANG = "TIDAK_ADA_DI_ACMT"
"""The ledger knows a customer whom ACMT does not hold in the kelompok any more."""
PINDAH = "PINDAH_KELOMPOK"
"""ACMT holds the customer in another kelompok than the one it was approved in."""
_STEMPEL = (
    (Riwayat.DIBACA, "tgl_baca", "petugas_baca"),
    (Riwayat.DIUBAH, "diubah_pada", None),
    (Riwayat.VERIFIKASI_PENGAWAS, "verif_pengawas_pada", "verif_pengawas_oleh"),
    (Riwayat.VERIFIKASI_VENDOR, "verif_vendor_pada", "verif_vendor_oleh"),
    (Riwayat.DIKIRIM_ACMT, "kirim_pada", "kirim_oleh"),
)


class Mata(NamedTuple):
    """What is looked at: the ledger, and ACMT and AP2T where they may be asked.

    ``pada``: the past moment that is asked about; None: now. ``sekarang``: the instant of the look.
    """

    buku: Buku
    sumber: SumberAcmt | None = None
    ap2t: KlienAp2t | None = None
    pada: datetime | None = None
    sekarang: datetime | None = None

    @property
    def acmt(self) -> SumberAcmt | None:
        """ACMT, unless the past is asked about: it only tells the present."""
        return None if self.pada is not None else self.sumber

    @property
    def saat(self) -> datetime:
        """The instant of the look."""
        return self.sekarang or datetime.now(UTC)


class StatusPelanggan(NamedTuple):
    """One customer's status.

    ``dlpd``, ``kwh`` and ``jam_nyala``: as the last session that holds the customer computed them. ``bacaan``: the
    reading as ACMT holds it; where ACMT does not, what the ledger kept of it (who it is, and what an approval binds);
    None: neither has it. ``fakta``: what the status follows from.
    """

    tempat: Tempat
    idpel: str
    keadaan: Keadaan
    dlpd: tuple[str, ...] = ()
    kwh: Decimal | None = None
    jam_nyala: Decimal | None = None
    catatan: tuple[str, ...] = ()
    bacaan: Bacaan | None = None
    fakta: Fakta = Fakta()


class Saring(NamedTuple):
    """Which customers are wanted: any of these statuses, DLPD flags and reasons. Empty means all."""

    status: frozenset[str] = frozenset()
    dlpd: frozenset[str] = frozenset()
    alasan: frozenset[str] = frozenset()

    def cocok(self, pelanggan: StatusPelanggan) -> bool:
        """Whether a customer is wanted."""
        return (
            (not self.status or pelanggan.keadaan.status in self.status)
            and (not self.dlpd or not self.dlpd.isdisjoint(pelanggan.dlpd))
            and (not self.alasan or not self.alasan.isdisjoint(pelanggan.keadaan.sebab))
        )


SEMUA = Saring()
POTONG = 5000
"""Customers of ACMT and AP2T held in memory at once."""


class _DiLuar(NamedTuple):
    """One customer as ACMT and AP2T hold it now."""

    idpel: str
    bacaan: Bacaan | None = None
    di_ap2t: BarisAp2t | None = None


def per_kelompok(mata: Mata, tempat: Tempat, saring: Saring = SEMUA) -> Iterator[StatusPelanggan]:
    """Stream the status of every customer of a kelompok, by idpel, in constant memory.

    ACMT and AP2T are waited for with no transaction of the ledger open: it is read by the ranges they gave.

    Of a past moment only customers are told whom a session had taken up by then, or AP2T had spoken of; how far the
    others were in ACMT is not kept anywhere, nor is a snapshot that its session took anew later.
    """
    petugas = _petugas(mata, tempat.unitup)
    aneh: list[_DiLuar] = []
    aneh_buku: list[Diketahui] = []
    luar = _bernomor(_luar(mata, tempat), lambda mereka: mereka.idpel, aneh)
    sesudah, usai = fakta.TERKECIL, False
    while not usai:
        potong = list(islice(luar, POTONG))
        usai = len(potong) < POTONG
        akhir = fakta.TERBESAR if usai else potong[-1].idpel
        with mata.buku.transaksi() as tx:
            semua = fakta.alirkan_pelanggan(tx, tempat, mata.pada, sesudah, akhir)
            baru = (diketahui for diketahui in semua if diketahui.idpel != sesudah)
            buku = _bernomor(baru, lambda diketahui: diketahui.idpel, aneh_buku)
            yield from filter(saring.cocok, _gabung(mata, tempat, buku, potong, petugas))
        sesudah = akhir
    yield from filter(saring.cocok, _gabung(mata, tempat, aneh_buku, aneh, petugas))


def _bernomor(aliran: Iterable[Isi], kunci: Callable[[Isi], str], aneh: list[Isi]) -> Iterator[Isi]:
    """Yield what stands under customers' numbers. The few other keys, which no databases sort alike, go to ``aneh``."""
    for isi in aliran:
        if idpel_sah(kunci(isi)):
            yield isi
        else:
            aneh.append(isi)


def _luar(mata: Mata, tempat: Tempat) -> Iterator[_DiLuar]:
    """What ACMT and AP2T hold, customers' numbers first, in order."""
    return (_DiLuar(*satu) for satu in _berdampingan(_acmt(mata, tempat), _ap2t(mata, tempat)))


def _gabung(
    mata: Mata, tempat: Tempat, buku: Iterable[Diketahui], luar: Iterable[_DiLuar], petugas: PetugasUnit | None
) -> Iterator[StatusPelanggan]:
    """Walk the ledger's customers beside those of the others."""
    kita = ((diketahui.idpel, diketahui) for diketahui in buku)
    for idpel, diketahui, mereka in _berdampingan(kita, ((satu.idpel, satu) for satu in luar)):
        _, bacaan, di_ap2t = mereka or _DiLuar(idpel)
        if diketahui is None and bacaan is None and not (di_ap2t and di_ap2t.kodeposting):
            continue  # AP2T knows a customer that nobody has to read this month
        yield _status(mata, tempat, idpel, diketahui, bacaan, di_ap2t, petugas)


def _berdampingan(
    kiri: Iterable[tuple[str, Isi]], kanan: Iterable[tuple[str, Lain]]
) -> Iterator[tuple[str, Isi | None, Lain | None]]:
    """Walk two streams of customers side by side, in the order of their numbers. Keys that are none come last."""
    kita = ((idpel, 0, isi) for idpel, isi in _angka_dahulu(kiri))
    mereka = ((idpel, 1, isi) for idpel, isi in _angka_dahulu(kanan))
    for idpel, sama in groupby(merge(kita, mereka, key=lambda butir: urut_idpel(butir[0])), key=itemgetter(0)):
        isi: dict[int, Any] = {sisi: nilai for _, sisi, nilai in sama}
        yield idpel, isi.get(0), isi.get(1)


def _acmt(mata: Mata, tempat: Tempat) -> Iterator[tuple[str, Bacaan]]:
    if mata.acmt is not None:
        semua = (bacaan for bagian in mata.acmt.baca(tempat) for bacaan in bagian)
        for idpel, sama in groupby(semua, key=lambda bacaan: bacaan.idpel):
            yield idpel, gabung(list(sama))


def _ap2t(mata: Mata, tempat: Tempat) -> Iterator[tuple[str, BarisAp2t]]:
    if mata.ap2t is not None and mata.pada is None:
        yield from ((di_ap2t.idpel, di_ap2t) for di_ap2t in mata.ap2t.daftar(*tempat))


def _angka_dahulu(aliran: Iterable[tuple[str, Isi]]) -> Iterator[tuple[str, Isi]]:
    """Yield customers' numbers as they come, then the few other keys in an order of our own."""
    aneh: list[tuple[str, Isi]] = []
    yield from _bernomor(aliran, lambda butir: butir[0], aneh)
    yield from sorted(dict(aneh).items(), key=lambda butir: butir[0])


def _status(
    mata: Mata,
    tempat: Tempat,
    idpel: str,
    diketahui: Diketahui | None,
    bacaan: Bacaan | None,
    di_ap2t: BarisAp2t | None,
    petugas: PetugasUnit | None,
) -> StatusPelanggan:
    posisi = _posisi(diketahui.posisi if diketahui else None, di_ap2t, mata.saat)
    sumber = None
    if bacaan is not None and petugas is not None:
        lama = diketahui.cuplikan if diketahui is not None else None
        beda = False
        if diketahui is not None and lama is not None:  # compared is what the session read
            kini = batasi(bacaan, diketahui.kolom_pilihan)
            beda = bool(berubah(batasi(lama, diketahui.kolom_pilihan), kini))
        masih_ada = [
            lama is not None and not digarap_ulang(stempel(lama), stempel(bacaan), sampai)
            for sampai in (len(STEMPEL), VERIFIKASI)
        ]
        sumber = DiSumber(tahap_bacaan(bacaan, petugas, mata.saat), beda, _disentuh(bacaan), *masih_ada)
    diketahui_semua = Fakta(posisi, diketahui.putaran if diketahui else None, sumber)
    hasil = tentukan(diketahui_semua)
    catatan = (HILANG,) if mata.acmt is not None and bacaan is None else ()
    if diketahui is None:
        return StatusPelanggan(tempat, idpel, hasil, catatan=catatan, bacaan=bacaan, fakta=diketahui_semua)
    angka = diketahui.dlpd, diketahui.kwh, diketahui.jam_nyala
    dikenal = bacaan or diketahui.cuplikan
    return StatusPelanggan(tempat, idpel, hasil, *angka, catatan, dikenal, diketahui_semua)


def _disentuh(bacaan: Bacaan) -> datetime | None:
    saat = (bacaan.verif_pengawas_pada, bacaan.verif_vendor_pada, bacaan.kirim_pada, bacaan.diubah_pada)
    return max((satu for satu in saat if satu is not None), default=None)


def _posisi(kita: Posisi | None, di_ap2t: BarisAp2t | None, sekarang: datetime) -> Posisi | None:
    """What AP2T's list says now wins over our record of what it said."""
    if di_ap2t is None:
        return kita
    if di_ap2t.kodeposting:
        luar = kita is None or not kita.kodeposting or kita.luar or di_ap2t.no_pengesahan not in (None, kita.nomor)
        return Posisi(
            di_ap2t.kodeposting, sekarang, Menurut.AP2T, di_ap2t.no_pengesahan or (kita.nomor if kita else None), luar
        )
    if kita is None or not kita.kodeposting:
        return kita
    return Posisi(0, sekarang, Menurut.AP2T, kita.nomor, luar=True)


# --------------------------------------------------------------------------------------------- one customer, and some


def beberapa(mata: Mata, unitup: str, thblrek: str, idpel: Sequence[str]) -> list[StatusPelanggan]:
    """Return the status of some customers of a unit's month that the ledger knows, in any kelompok.

    Each is looked up by itself: for far fewer than a kelompok has.
    """
    hasil: list[StatusPelanggan] = []
    bacaan: dict[str, Bacaan] = {}
    petugas = _petugas(mata, unitup)
    if mata.acmt is not None:
        semua = mata.acmt.beberapa(idpel, thblrek)
        bacaan = {nomor: satu for nomor, satu in semua.items() if satu.unitup == unitup}
    with mata.buku.transaksi() as tx:
        for nomor in idpel:
            di_acmt = bacaan.get(nomor)
            dikenal = fakta.tempat_pelanggan(tx, nomor, unitup, thblrek, mata.pada)
            tempat = _tempat(mata, nomor, _tempat_bacaan(di_acmt) if di_acmt else None, list(dikenal))
            diketahui = fakta.satu_pelanggan(tx, tempat, nomor, mata.pada)
            hasil.append(_status(mata, tempat, nomor, diketahui, di_acmt, None, petugas))
    return hasil


class Rincian(NamedTuple):
    """One customer's status, why it is so, and all that happened to it in the month, in order.

    ``mengapa``: the rules that applied in the session that the status is of. ``kisah``: this month and those before it.
    ``zona``: the unit's time zone, if known. ``cuplikan``: the last of the month that still has the reading.
    ``tempat``: where else in the unit the customer is known.
    """

    status: StatusPelanggan
    riwayat: list[PeristiwaPelanggan]
    zona: str | None
    mengapa: list[Mengapa]
    kisah: list[KisahBulan]
    cuplikan: CuplikanPelanggan | None
    tempat: set[Tempat]


def pelanggan(mata: Mata, idpel: str, unitup: str | None = None, thblrek: str | None = None) -> Rincian:
    """Return one customer's status and history in a month.

    :param thblrek: empty: the newest month in which the customer is known.
    :raises MasukanTidakSah: neither ACMT nor the ledger knows the customer.
    """
    semua = mata.acmt.pelanggan(idpel) if mata.acmt is not None else []
    bacaan = next((satu for satu in semua if unitup in (None, satu.unitup) and thblrek in (None, satu.thblrek)), None)
    unit, bulan = (bacaan.unitup, bacaan.thblrek) if bacaan else (unitup, thblrek)
    with mata.buku.transaksi() as tx:
        di_buku = fakta.tempat_pelanggan(tx, idpel, unit, None, mata.pada)
        dikenal = {tempat: zona for tempat, zona in di_buku.items() if bulan in (None, tempat.thblrek)}
        di_acmt = _tempat_bacaan(bacaan) if bacaan else None
        tempat = _tempat(mata, idpel, di_acmt, list(dikenal))
        diketahui = fakta.satu_pelanggan(tx, tempat, idpel, mata.pada) if tempat in dikenal else None
        awal, akhir = bulan_tambah(tempat.thblrek, -BULAN_RIWAYAT), tempat.thblrek
        lain = [satu for satu in di_buku if satu.unitup == tempat.unitup]
        sesi = fakta.sesi_tempat(tx, [satu for satu in lain if awal <= satu.thblrek <= akhir], mata.pada)
        riwayat = fakta.riwayat(tx, sesi, idpel, mata.pada)
        cuplikan = fakta.cuplikan(tx, sesi, idpel)
    di_ap2t = next((baris for kunci, baris in _ap2t(mata, tempat) if kunci == idpel), None)
    petugas = _petugas(mata, bacaan.unitup) if bacaan else None
    status = _status(mata, tempat, idpel, diketahui, bacaan, di_ap2t, petugas)
    if di_acmt is not None and di_acmt != tempat:
        status = status._replace(catatan=(*status.catatan, f"{PINDAH} {di_acmt.hari_baca}"))
    zona = dikenal.get(tempat)
    if zona is None and mata.acmt is not None:
        zona = mata.acmt.unit(tempat.unitup, untuk_dilihat=True).zona_waktu
    unit_ini = [satu for satu in semua if satu.unitup == tempat.unitup]
    kisah = ceritakan(
        Bahan(
            akhir,
            sesi,
            cuplikan,
            riwayat,
            [satu for satu in unit_ini if awal <= satu.thblrek <= akhir],
            tanya_acmt(mata.acmt, idpel, akhir),
            zona or ZONA_PUSAT,
        )
    )
    di_sini = {satu.nomor for satu in sesi if satu.tempat == tempat}
    cuplikan = [satu for satu in cuplikan if satu.sesi.nomor in di_sini]
    dinilai = [satu for satu in cuplikan if satu.sesi.nomor == status.keadaan.nomor]
    sebab = [alasan for satu in dinilai for alasan in (*mengapa(satu), *mengapa_di_atas(satu))]
    return Rincian(
        status,
        _urut_waktu([satu for satu in riwayat if satu.nomor in di_sini], _cap(bacaan, cuplikan)),
        zona,
        sebab,
        kisah,
        next((satu for satu in reversed(cuplikan) if satu.bacaan), None),
        {*lain, *map(_tempat_bacaan, unit_ini)},
    )


def _tempat_bacaan(bacaan: Bacaan) -> Tempat:
    return Tempat(bacaan.unitup, bacaan.thblrek, bacaan.hari_baca)


def _urut_waktu(riwayat: list[PeristiwaPelanggan], cap: list[PeristiwaPelanggan]) -> list[PeristiwaPelanggan]:
    """Put ACMT's stamps between the ledger's events by time. The events stay in their own order."""
    sejak = accumulate((peristiwa.pada for peristiwa in riwayat), max)
    semua = [*zip(sejak, riwayat, strict=True), *((peristiwa.pada, peristiwa) for peristiwa in cap)]
    return [peristiwa for _, peristiwa in sorted(semua, key=itemgetter(0))]


def _petugas(mata: Mata, unitup: str) -> PetugasUnit | None:
    return None if mata.acmt is None else PetugasUnit(unitup, mata.acmt.petugas(unitup))


def _tempat(mata: Mata, idpel: str, di_acmt: Tempat | None, dikenal: list[Tempat]) -> Tempat:
    if di_acmt is not None and (di_acmt in dikenal or not dikenal):
        return di_acmt
    if dikenal:
        return dikenal[0]
    di = "buku maupun ACMT" if mata.acmt is not None else "buku (ACMT tidak ditanya)"
    kapan = " sampai saat itu" if mata.pada is not None else ""
    raise MasukanTidakSah(f"Pelanggan {idpel} tidak dikenal {di}{kapan}. Periksa idpel (12 angka), unitup dan thblrek.")


def _cap(bacaan: Bacaan | None, cuplikan: list[CuplikanPelanggan]) -> list[PeristiwaPelanggan]:
    """Who read, verified and sent: as ACMT says now, then as snapshots saw it where that was otherwise."""
    hasil: dict[tuple[str, object, object], PeristiwaPelanggan] = {}
    for nomor, isi in [(None, bacaan), *((satu.sesi.nomor, satu.bacaan) for satu in cuplikan)]:
        for apa, kapan, siapa in _STEMPEL if isi is not None else ():
            pada, oleh = getattr(isi, kapan), getattr(isi, siapa) if siapa else None
            if isinstance(pada, datetime) and (apa, pada, oleh) not in hasil:
                ket = None if nomor is None else "menurut cuplikan sesi itu"
                hasil[apa, pada, oleh] = PeristiwaPelanggan(pada, apa, str(oleh or "-"), nomor, ket)
    return list(hasil.values())


def daftar_status(nama: Iterable[str]) -> frozenset[str]:
    """Return statuses by name. One that there is not: MasukanTidakSah."""
    diminta = {satu.strip().upper().replace(" ", "_") for satu in nama}
    asing = diminta - set(Status)
    if asing:
        raise MasukanTidakSah(f"Status {', '.join(sorted(asing))} tidak dikenal. Yang ada: {', '.join(Status)}.")
    return frozenset(diminta)

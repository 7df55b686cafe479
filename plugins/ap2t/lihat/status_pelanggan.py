"""Where customers stand, now or at a past moment, and what happened to one of them (docs/operator/status.md).

As of now ACMT is asked how far each reading is, and AP2T too where wanted. Of the past only the ledger tells: what its
snapshots held and its sessions did; see :func:`per_kelompok` for what cannot be known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate, groupby, islice
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from ap2t.domain.model import Bacaan, idpel_sah, urut_idpel
from ap2t.domain.perubahan import berubah
from ap2t.domain.status import DiSumber, Fakta, Keadaan, Menurut, Posisi, Status, tahap_bacaan, tentukan
from ap2t.domain.stempel import PetugasUnit
from ap2t.galat import MasukanTidakSah
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Buku
from ap2t.ledger.persetujuan import digarap_ulang, stempel
from ap2t.lihat import fakta
from ap2t.lihat.fakta import Diketahui, Peristiwa, Tempat
from ap2t.source.acmt import SumberAcmt, gabung

T = TypeVar("T")
HILANG = "TIDAK_ADA_DI_ACMT"
"""The ledger knows a customer whom ACMT does not hold in the kelompok any more."""
PINDAH = "PINDAH_KELOMPOK"
"""ACMT holds the customer in another kelompok than the one it was approved in."""
_STEMPEL = (
    ("DIBACA", "tgl_baca", "petugas_baca"),
    ("DIUBAH", "diubah_pada", None),
    ("VERIFIKASI_PENGAWAS", "verif_pengawas_pada", "verif_pengawas_oleh"),
    ("VERIFIKASI_VENDOR", "verif_vendor_pada", "verif_vendor_oleh"),
    ("DIKIRIM_ACMT", "kirim_pada", "kirim_oleh"),
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
    """One customer's status; ``dlpd``, ``kwh`` and ``jam_nyala`` as the last session that holds it computed them.

    ``bacaan``: the reading as ACMT holds it; where ACMT does not, what the ledger kept of it (who it is, and what an
    approval binds); None: neither has it.
    """

    tempat: Tempat
    idpel: str
    keadaan: Keadaan
    dlpd: tuple[str, ...] = ()
    kwh: Decimal | None = None
    jam_nyala: Decimal | None = None
    catatan: tuple[str, ...] = ()
    bacaan: Bacaan | None = None


class Saring(NamedTuple):
    """Which customers are wanted: any of these statuses, DLPD flags, reasons; empty: all."""

    status: frozenset[str] = frozenset()
    dlpd: frozenset[str] = frozenset()
    alasan: frozenset[str] = frozenset()

    def cocok(self, s: StatusPelanggan) -> bool:
        """Whether a customer is wanted."""
        return (
            (not self.status or s.keadaan.status in self.status)
            and (not self.dlpd or not self.dlpd.isdisjoint(s.dlpd))
            and (not self.alasan or not self.alasan.isdisjoint(s.keadaan.sebab))
        )


SEMUA = Saring()
POTONG = 5000
"""Customers of ACMT and AP2T held in memory at once."""
_DiLuar = tuple[str, Bacaan | None, BarisAp2t | None]


def per_kelompok(mata: Mata, t: Tempat, saring: Saring = SEMUA) -> Iterator[StatusPelanggan]:
    """Stream the status of every customer of a kelompok, by idpel, in constant memory.

    ACMT and AP2T are waited for with no transaction of the ledger open: it is read by the ranges they gave.

    Of a past moment only customers are told whom a session had taken up by then, or AP2T had spoken of; how far the
    others were in ACMT is not kept anywhere, nor is a snapshot that its session took anew later.
    """
    petugas = None
    if mata.acmt is not None:
        petugas = PetugasUnit(t.unitup, mata.acmt.petugas(t.unitup))
    aneh: list[_DiLuar] = []
    aneh_buku: list[Diketahui] = []
    luar = _angka(_luar(mata, t), lambda x: x[0], aneh)
    sesudah, usai = fakta.TERKECIL, False
    while not usai:
        potong = list(islice(luar, POTONG))
        usai = len(potong) < POTONG
        akhir = fakta.TERBESAR if usai else potong[-1][0]
        with mata.buku.transaksi() as tx:
            semua = (d for d in fakta.pelanggan(tx, t, mata.pada, sesudah, akhir) if d.idpel != sesudah)
            buku = _angka(semua, lambda d: d.idpel, aneh_buku)
            yield from filter(saring.cocok, _gabung(mata, t, buku, potong, petugas))
        sesudah = akhir
    yield from filter(saring.cocok, _gabung(mata, t, aneh_buku, aneh, petugas))


def _angka(aliran: Iterable[T], kunci: Callable[[T], str], aneh: list[T]) -> Iterator[T]:
    """Yield what stands under customers' numbers; the few under other keys, which no two databases sort alike, last."""
    for x in aliran:
        if idpel_sah(kunci(x)):
            yield x
        else:
            aneh.append(x)


def _luar(mata: Mata, t: Tempat) -> Iterator[_DiLuar]:
    """What ACMT and AP2T hold, customers' numbers first, in order."""
    acmt, ap2t = _Urut(_acmt(mata, t)), _Urut(_ap2t(mata, t))
    while calon := [k for k in (acmt.kunci, ap2t.kunci) if k is not None]:
        idpel = min(calon, key=urut_idpel)
        yield idpel, acmt.ambil(idpel), ap2t.ambil(idpel)


def _gabung(
    mata: Mata, t: Tempat, buku: Iterable[Diketahui], luar: Iterable[_DiLuar], petugas: PetugasUnit | None
) -> Iterator[StatusPelanggan]:
    """Walk the ledger's customers beside those of the others."""
    kita, mereka = _Urut((d.idpel, d) for d in buku), _Urut((x[0], x) for x in luar)
    while calon := [k for k in (kita.kunci, mereka.kunci) if k is not None]:
        idpel = min(calon, key=urut_idpel)
        d = kita.ambil(idpel)
        _, b, a = mereka.ambil(idpel) or (idpel, None, None)
        if d is None and b is None and not (a and a.kodeposting):
            continue  # AP2T knows a customer that nobody has to read this month
        yield _status(mata, t, idpel, d, b, a, petugas)


def _acmt(mata: Mata, t: Tempat) -> Iterator[tuple[str, Bacaan]]:
    if mata.acmt is not None:
        semua = (b for bagian in mata.acmt.baca(*t) for b in bagian)
        for idpel, sama in groupby(semua, key=lambda b: b.idpel):
            yield idpel, gabung(list(sama))


def _ap2t(mata: Mata, t: Tempat) -> Iterator[tuple[str, BarisAp2t]]:
    if mata.ap2t is not None and mata.pada is None:
        yield from ((a.idpel, a) for a in mata.ap2t.daftar(*t))


class _Urut(Generic[T]):
    """A stream of customers in the order of their numbers, one step ahead; keys that are no number come last."""

    def __init__(self, aliran: Iterable[tuple[str, T]]) -> None:
        self._aliran = _angka_dahulu(aliran)
        self.kunci: str | None = None
        self._isi: T | None = None
        self._maju()

    def _maju(self) -> None:
        self.kunci, self._isi = next(self._aliran, (None, None))

    def ambil(self, kunci: str) -> T | None:
        """Return what stands under a key, and go on; None: nothing does."""
        if self.kunci != kunci:
            return None
        isi = self._isi
        self._maju()
        return isi


def _angka_dahulu(aliran: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Keep back the few keys that are no customer's number: no two databases sort them alike."""
    aneh: dict[str, T] = {}
    for idpel, isi in aliran:
        if idpel_sah(idpel):
            yield idpel, isi
        else:
            aneh[idpel] = isi
    yield from sorted(aneh.items(), key=lambda butir: butir[0])


def _status(
    mata: Mata,
    t: Tempat,
    idpel: str,
    d: Diketahui | None,
    b: Bacaan | None,
    a: BarisAp2t | None,
    petugas: PetugasUnit | None,
) -> StatusPelanggan:
    posisi = _posisi(d.posisi if d else None, a, mata.saat)
    sumber = None
    if b is not None and petugas is not None:
        lama = d.cuplikan if d is not None else None
        beda = lama is not None and bool(berubah(lama, b))
        cap_lama = lama is not None and not digarap_ulang(stempel(lama), stempel(b))
        sumber = DiSumber(tahap_bacaan(b, petugas, mata.saat), beda, _disentuh(b), cap_lama)
    hasil = tentukan(Fakta(posisi, d.putaran if d else None, sumber))
    catatan = (HILANG,) if mata.acmt is not None and b is None else ()
    if d is None:
        return StatusPelanggan(t, idpel, hasil, catatan=catatan, bacaan=b)
    return StatusPelanggan(t, idpel, hasil, d.dlpd, d.kwh, d.jam_nyala, catatan, b or d.cuplikan)


def _disentuh(b: Bacaan) -> datetime | None:
    saat = (b.verif_pengawas_pada, b.verif_vendor_pada, b.kirim_pada, b.diubah_pada)
    return max((s for s in saat if s is not None), default=None)


def _posisi(kita: Posisi | None, a: BarisAp2t | None, sekarang: datetime) -> Posisi | None:
    """What AP2T's list says now wins over our record of what it said."""
    if a is None:
        return kita
    if a.kodeposting:
        luar = kita is None or not kita.kodeposting or kita.luar or a.no_pengesahan not in (None, kita.nomor)
        return Posisi(a.kodeposting, sekarang, Menurut.AP2T, a.no_pengesahan or (kita.nomor if kita else None), luar)
    if kita is None or not kita.kodeposting:
        return kita
    return Posisi(0, sekarang, Menurut.AP2T, kita.nomor, luar=True)


# ---------------------------------------------------------------------------------------------------- one customer


class Rincian(NamedTuple):
    """One customer's status and all that happened to it, in order; ``zona``: the unit's time zone, if known."""

    status: StatusPelanggan
    riwayat: list[Peristiwa]
    zona: str | None


def pelanggan(mata: Mata, idpel: str, unitup: str | None = None, thblrek: str | None = None) -> Rincian:
    """Return one customer's status and history in a month; ``thblrek`` empty: the newest in which it is known.

    :raises MasukanTidakSah: neither ACMT nor the ledger knows the customer.
    """
    b = None
    if mata.acmt is not None:
        b = next((x for x in mata.acmt.pelanggan(idpel, thblrek) if unitup in (None, x.unitup)), None)
    unit, bulan = (b.unitup, b.thblrek) if b else (unitup, thblrek)
    with mata.buku.transaksi() as tx:
        dikenal = fakta.tempat(tx, idpel, unit, bulan, mata.pada)
        di_acmt = Tempat(b.unitup, b.thblrek, b.hari_baca) if b else None
        t = _tempat(mata, idpel, di_acmt, list(dikenal))
        d = fakta.satu(tx, t, idpel, mata.pada) if t in dikenal else None
        riwayat = fakta.riwayat(tx, t, idpel, mata.pada) if t in dikenal else []
        cap = fakta.stempel(tx, t, idpel, mata.pada) if t in dikenal else []
    a = next((x for k, x in _ap2t(mata, t) if k == idpel), None)
    s = _status(mata, t, idpel, d, b, a, _petugas(mata, b))
    if di_acmt is not None and di_acmt != t:
        s = s._replace(catatan=(*s.catatan, f"{PINDAH} {di_acmt.hari_baca}"))
    zona = dikenal.get(t)
    if zona is None and mata.acmt is not None:
        zona = mata.acmt.unit(t.unitup, untuk_dilihat=True).zona_waktu
    return Rincian(s, _urut([*riwayat], _cap(b, cap)), zona)


def _urut(riwayat: list[Peristiwa], cap: list[Peristiwa]) -> list[Peristiwa]:
    """Put ACMT's stamps between the ledger's events by time; the events stay in their own order."""
    sejak = accumulate((p.pada for p in riwayat), max)
    semua = [*zip(sejak, riwayat, strict=True), *((p.pada, p) for p in cap)]
    return [p for _, p in sorted(semua, key=itemgetter(0))]


def _petugas(mata: Mata, b: Bacaan | None) -> PetugasUnit | None:
    return PetugasUnit(b.unitup, mata.acmt.petugas(b.unitup)) if b is not None and mata.acmt is not None else None


def _tempat(mata: Mata, idpel: str, di_acmt: Tempat | None, dikenal: list[Tempat]) -> Tempat:
    if di_acmt is not None and (di_acmt in dikenal or not dikenal):
        return di_acmt
    if dikenal:
        return dikenal[0]
    di = "buku maupun ACMT" if mata.acmt is not None else "buku (ACMT tidak ditanya)"
    kapan = " sampai saat itu" if mata.pada is not None else ""
    raise MasukanTidakSah(f"Pelanggan {idpel} tidak dikenal {di}{kapan}. Periksa idpel (12 angka), unitup dan thblrek.")


def _cap(b: Bacaan | None, cuplikan: list[dict[str, object]]) -> list[Peristiwa]:
    """Who read, verified and sent: as ACMT says now, then as snapshots saw it where that was otherwise."""
    hasil: dict[tuple[str, object, object], Peristiwa] = {}
    semua = [*([b._asdict()] if b is not None else []), *cuplikan]
    for isi in semua:
        nomor = isi.get("nomor")
        for apa, kapan, siapa in _STEMPEL:
            pada, oleh = isi[kapan], isi[siapa] if siapa else None
            if isinstance(pada, datetime) and (apa, pada, oleh) not in hasil:
                ket = None if nomor is None else "menurut cuplikan sesi itu"
                hasil[apa, pada, oleh] = Peristiwa(pada, apa, str(oleh or "-"), str(nomor) if nomor else None, ket)
    return list(hasil.values())


def daftar_status(teks: Iterable[str]) -> frozenset[str]:
    """Return statuses by name.

    :raises MasukanTidakSah: there is no such status.
    """
    diminta = {t.strip().upper().replace(" ", "_") for t in teks}
    asing = diminta - set(Status)
    if asing:
        raise MasukanTidakSah(f"Status {', '.join(sorted(asing))} tidak dikenal. Yang ada: {', '.join(Status)}.")
    return frozenset(diminta)

"""What the ledger knows of customers at any moment, and the sums of a unit's month, kept as the facts come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import RowMapping

from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kode import JenisJejak, JenisSesi, Tahap
from ap2t.domain.model import KOLOM_TERIKAT, Bacaan, HasilSaring, StanLalu, Tempat
from ap2t.domain.status import Menurut, Posisi, Putaran
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.saringan import BarisSaringan
from ap2t.ledger.sesi import Sesi
from ap2t.teks_copy import baca_pilihan

KINI = "infinity"
"""As of now: everything that was ever written down."""
POTONG = 2000
"""Rows held in memory at once."""
TERKECIL, TERBESAR = "", "~"
"""Ends of an open range of idpel, in the ledger's order of bytes."""


class Diketahui(NamedTuple):
    """What the ledger knew of one customer: facts for the status, what the sieve computed, who it is.

    ``kolom_pilihan``: the columns beside the contract that the snapshot was read with.
    """

    idpel: str
    posisi: Posisi | None
    putaran: Putaran | None = None
    cuplikan: Bacaan | None = None
    dlpd: tuple[str, ...] = ()
    kwh: Decimal | None = None
    jam_nyala: Decimal | None = None
    kolom_pilihan: Sequence[str] = ()


class PeristiwaPelanggan(NamedTuple):
    """One thing that happened to a customer: when, what, by whom, in which session."""

    pada: datetime
    apa: str
    oleh: str
    nomor: str | None
    keterangan: str | None


class CuplikanPelanggan(NamedTuple):
    """One customer in a session's snapshot. ``bacaan``, None: archived. ``saringan``, None: not sieved yet."""

    sesi: Sesi
    bacaan: Bacaan | None
    saringan: BarisSaringan | None


def _pada(saat: datetime | None) -> datetime | str:
    """Return a moment as the ledger's statements take it. None means now."""
    return KINI if saat is None else saat.astimezone(UTC)


def tempat_pelanggan(
    tx: Transaksi, idpel: str, unitup: str | None, thblrek: str | None, pada: datetime | None
) -> dict[Tempat, str]:
    """Return where the ledger knows a customer, the newest month first, each with the unit's time zone."""
    unit = {"unit_dari": unitup or "00000", "unit_sampai": unitup or "99999"}
    bulan = {"bulan_dari": thblrek or "000000", "bulan_sampai": thblrek or "999999"}
    semua = tx.jalankan("status_tempat", idpel=idpel, pada=_pada(pada), **unit, **bulan)
    return {Tempat(baris.unitup, baris.thblrek, baris.hari_baca): baris.zona_waktu for baris in semua}


def alirkan_pelanggan(
    tx: Transaksi, tempat: Tempat, pada: datetime | None = None, dari: str = TERKECIL, sampai: str = TERBESAR
) -> Iterator[Diketahui]:
    """Stream what the ledger knew of a kelompok's customers, by idpel.

    :param pada: the moment; None: now. :param dari, sampai: first and last idpel, both included.
    """
    nilai = {**tempat._asdict(), "pada": _pada(pada), "dari": dari, "sampai": sampai}
    for baris in tx.alirkan("status_kelompok", POTONG, **nilai).mappings():
        yield _diketahui(baris)


def satu_pelanggan(tx: Transaksi, tempat: Tempat, idpel: str, pada: datetime | None = None) -> Diketahui | None:
    """Return what the ledger knew of one customer. None means nothing."""
    tx.jalankan("kirim_rencana")
    nilai = {**tempat._asdict(), "pada": _pada(pada), "dari": idpel, "sampai": idpel}
    baris = tx.jalankan("status_kelompok", **nilai).mappings().one_or_none()
    return None if baris is None else _diketahui(baris)


def sesi_tempat(tx: Transaksi, tempat: Sequence[Tempat], pada: datetime | None = None) -> list[Sesi]:
    """Return the sessions of some kelompok of one unit, in order."""
    if not tempat:
        return []
    unitup, thblrek, hari_baca = zip(*tempat, strict=True)
    nilai = {"unitup": unitup[0], "thblrek": list(thblrek), "hari_baca": list(hari_baca), "pada": _pada(pada)}
    return tx.semua_baris(Sesi, "sesi_tempat", **nilai)


def cuplikan(tx: Transaksi, sesi: Sequence[Sesi], *idpel: str) -> list[CuplikanPelanggan]:
    """Return customers in the snapshots of some sessions, in the order of these."""
    menurut_id = {satu.id: satu for satu in sesi}
    semua = tx.jalankan("cuplikan_pelanggan", sesi=list(menurut_id), idpel=list(idpel)).mappings()
    return [
        CuplikanPelanggan(menurut_id[baris["id"]], _bacaan(baris, Bacaan._fields), _saringan(baris["kunci"], baris))
        for baris in semua
    ]


def riwayat(tx: Transaksi, sesi: Sequence[Sesi], idpel: str, pada: datetime | None = None) -> list[PeristiwaPelanggan]:
    """Return what happened to one customer in some sessions, in order."""
    nilai = {"sesi": [satu.id for satu in sesi], "idpel": idpel, "pada": _pada(pada)}
    return [PeristiwaPelanggan(**baris._mapping) for baris in tx.jalankan("riwayat_pelanggan", **nilai)]


_KOLOM = (*KOLOM_TERIKAT, "kddk", "nama", "tarif")
_isi_putaran = itemgetter(*Putaran._fields)


def _diketahui(baris: RowMapping) -> Diketahui:
    posisi = None
    if baris["kodeposting"] is not None:
        posisi = Posisi(baris["kodeposting"], baris["posisi_pada"], Menurut.BUKU, baris["posisi_nomor"], baris["luar"])
    if baris["nomor"] is None:
        return Diketahui(baris["kunci"], posisi)
    putaran = Putaran(*_isi_putaran(baris))._replace(alasan=tuple(baris["alasan"] or ()))
    cuplikan = _bacaan(baris, _KOLOM)
    dlpd = tuple(baris["dlpd"] or ())
    angka = baris["kwh"], baris["jam_nyala"]
    return Diketahui(baris["kunci"], posisi, putaran, cuplikan, dlpd, *angka, baris["kolom_pilihan"] or ())


def _bacaan(baris: RowMapping, kolom: Sequence[str]) -> Bacaan | None:
    if baris["idpel"] is None:
        return None
    isi = {nama: baris[nama] for nama in kolom}
    return Bacaan(**{**isi, "pilihan": baca_pilihan(isi["pilihan"]) if isi["pilihan"] else None})


def _saringan(idpel: str, baris: RowMapping) -> BarisSaringan | None:
    if baris["hasil"] is None:
        return None
    bulan = baris["lalu_bulan"]
    lalu = None if bulan is None else StanLalu(bulan, baris["lalu_lwbp"], baris["lalu_wbp"], baris["lalu_fkm"])
    sama = {nama: baris[nama] for nama in ("kwh", "jam_nyala", "hasil", "alasan", "dlpd", "kwh_kirim")}
    return BarisSaringan(idpel=idpel, daya=baris["daya_saring"], lalu=lalu, **sama)


# ------------------------------------------------------------------------------------------------- sums of a month


class Dilihat(NamedTuple):
    """Figures as a session saw them last. ``jejak``: the entry that says so; the newer has the higher number."""

    jejak: int
    pada: datetime
    pelanggan: int
    sudah: int


class BarisPutaran(NamedTuple):
    """One session of a kelompok: what it took, and what it changed. The changes of all rounds add up to the rekap.

    ``cuplikan``: customers it took up. ``lolos``, ``ditahan``, ``jam_nyala_2000``: what its sieve counted (of a
    cancellation: who may go, who may not); None: not sieved. ``sudah_disahkan``, ``suplai_stan``, ``dibatalkan``,
    ``diluar_sistem``, ``kwh_disahkan``: by how much the rekap's column of that name changed through it.
    """

    unitup: str
    thblrek: str
    hari_baca: str
    putaran: int
    jenis: str
    sesi: str
    status: str
    tahap: str | None
    dimulai: datetime
    pemicu: str | None
    cuplikan: int | None
    lolos: int | None
    ditahan: int | None
    jam_nyala_2000: int | None
    dikembalikan: int
    keputusan: str | None
    pengesah: str | None
    dijawab: datetime | None
    sudah_disahkan: int
    suplai_stan: int
    dibatalkan: int
    diluar_sistem: int
    kwh_disahkan: Decimal
    berakhir: datetime | None


class JumlahSesi(NamedTuple):
    """One session in the sums of its month.

    ``cuplikan``: customers of the kelompok in ACMT, and how many of them the snapshot took. ``kesiapan``: as its
    readiness steps saw ACMT, each stage in order.
    """

    id: int
    baris: BarisPutaran
    cuplikan: Dilihat | None
    kesiapan: tuple[Dilihat | None, ...]


def jumlah_sesi(
    tx: Transaksi, unitup: Sequence[str], thblrek: str, hari_baca: str | None = None, pada: datetime | None = None
) -> list[JumlahSesi]:
    """Return every session of some units in a month as of a moment, by unit, kelompok and time."""
    nilai = {"unitup": list(unitup), "thblrek": thblrek, "hari_baca": hari_baca, "pada": _pada(pada)}
    return [_jumlah(baris) for baris in tx.jalankan("rekap_sesi", **nilai).mappings()]


def susut(tx: Transaksi, sesi: Sequence[JumlahSesi], pada: datetime | None = None) -> dict[int, tuple[int, int]]:
    """Return how many held customers (all, for jam nyala) of each session's sieve are not held any more."""
    menahan = [satu.id for satu in sesi if satu.baris.ditahan]
    if not menahan:
        return {}
    semua = tx.jalankan("rekap_susut", sesi=menahan, pada=_pada(pada))
    return {baris.id: (baris.ditahan, baris.jam_nyala) for baris in semua}


def bulan_terakhir(tx: Transaksi, unitup: Sequence[str], pada: datetime | None = None) -> str | None:
    """Return the newest month in which the ledger knows one of these units."""
    terakhir: str | None = tx.jalankan("rekap_bulan", unitup=list(unitup), pada=_pada(pada)).scalar_one()
    return terakhir


def _jumlah(baris: RowMapping) -> JumlahSesi:
    dilihat = baris["dilihat"]
    saringan, isi = dilihat.get(JenisJejak.DISARING), dilihat.get(JenisJejak.CUPLIKAN_DIAMBIL)
    # a sieve of an earlier snapshot of the same session does not speak of this one
    sah = saringan is not None and (isi is None or saringan["jejak"] > isi["jejak"])
    lolos, ditahan, jam_nyala = _disaring(saringan) if sah else (None, None, None)
    cuplikan = _cuplikan(isi) if baris["jenis"] == JenisSesi.PENGESAHAN else None
    putaran = BarisPutaran(
        **{nama: baris[nama] for nama in BarisPutaran._fields if nama in baris},
        cuplikan=cuplikan.sudah if cuplikan else None,
        lolos=lolos,
        ditahan=ditahan,
        jam_nyala_2000=jam_nyala,
    )
    kesiapan = tuple(_kesiapan(dilihat.get(f"{JenisJejak.KESIAPAN} {tahap}")) for tahap in Tahap)
    return JumlahSesi(baris["id"], putaran, cuplikan, kesiapan)


def _disaring(isi: dict[str, Any]) -> tuple[int, int, int | None]:
    """What a sieve counted: passed, held, jam nyala. Of a cancellation: may go, may not."""
    if "lolos" in isi:
        return int(isi["lolos"]), int(isi["ditahan"]), None
    hitung = isi.get("hitung", {})
    return hitung.get(HasilSaring.LOLOS, 0), hitung.get(HasilSaring.DITAHAN, 0), hitung.get(Alasan.JAM_NYALA, 0)


def _cuplikan(isi: dict[str, Any] | None) -> Dilihat | None:
    if isi is None:
        return None
    jumlah = int(isi.get("jumlah", 0))
    lain = sum(int(isi.get(bagian, 0)) for bagian in ("sudah_posting", "belum_siap", "dikembalikan"))
    return Dilihat(isi["jejak"], datetime.fromisoformat(isi["pada"]), jumlah + lain, jumlah)


def _kesiapan(isi: dict[str, Any] | None) -> Dilihat | None:
    if isi is None:
        return None
    pada, angka = datetime.fromisoformat(isi["pada"]), isi["angka"]
    return Dilihat(isi["jejak"], pada, int(angka["pelanggan"]), int(angka["sudah"]))

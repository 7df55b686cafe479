"""What the ledger knows of customers at any moment, and the sums of a unit's month, kept as the facts come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import RowMapping

from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kode import JenisJejak, JenisSesi
from ap2t.domain.model import KOLOM_TERIKAT, Bacaan, HasilSaring, Tempat
from ap2t.domain.status import Menurut, Posisi, Putaran
from ap2t.ledger.buku import Transaksi

KINI = "infinity"
"""As of now: everything that was ever written down."""
POTONG = 2000
"""Rows held in memory at once."""
TERKECIL, TERBESAR = "", "~"
"""Ends of an open range of idpel, in the ledger's order of bytes."""


class Diketahui(NamedTuple):
    """What the ledger knew of one customer: facts for the status, what the sieve computed, who it is."""

    idpel: str
    posisi: Posisi | None
    putaran: Putaran | None
    cuplikan: Bacaan | None
    dlpd: tuple[str, ...]
    kwh: Decimal | None
    jam_nyala: Decimal | None


class PeristiwaPelanggan(NamedTuple):
    """One thing that happened to a customer: when, what, by whom, in which session."""

    pada: datetime
    apa: str
    oleh: str
    nomor: str | None
    keterangan: str | None


def _pada(saat: datetime | None) -> datetime | str:
    """Return a moment as the ledger's statements take it. None means now."""
    return KINI if saat is None else saat.astimezone(UTC)


def tempat_pelanggan(
    tx: Transaksi, idpel: str, unitup: str | None, thblrek: str | None, pada: datetime | None
) -> dict[Tempat, str]:
    """Return where the ledger knows a customer, the newest month first, each with the unit's time zone."""
    nilai = {
        "unit_dari": unitup or "00000",
        "unit_sampai": unitup or "99999",
        "bulan_dari": thblrek or "000000",
        "bulan_sampai": thblrek or "999999",
    }
    semua = tx.jalankan("status_tempat", idpel=idpel, pada=_pada(pada), **nilai)
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


def riwayat(tx: Transaksi, tempat: Tempat, idpel: str, pada: datetime | None = None) -> list[PeristiwaPelanggan]:
    """Return what happened to one customer in the sessions of its kelompok, in order."""
    nilai = {**tempat._asdict(), "idpel": idpel, "pada": _pada(pada)}
    return [PeristiwaPelanggan(**baris._mapping) for baris in tx.jalankan("riwayat_pelanggan", **nilai)]


def stempel_cuplikan(tx: Transaksi, tempat: Tempat, idpel: str, pada: datetime | None = None) -> list[dict[str, Any]]:
    """Return who read, verified and sent a reading when, as each snapshot saw it."""
    nilai = {**tempat._asdict(), "idpel": idpel, "pada": _pada(pada)}
    return [dict(baris) for baris in tx.jalankan("stempel_pelanggan", **nilai).mappings()]


_KOLOM = (*KOLOM_TERIKAT, "kddk", "nama", "tarif")
_isi_kolom = itemgetter(*_KOLOM)


def _diketahui(baris: RowMapping) -> Diketahui:
    posisi = None
    if baris["kodeposting"] is not None:
        posisi = Posisi(baris["kodeposting"], baris["posisi_pada"], Menurut.BUKU, baris["posisi_nomor"], baris["luar"])
    if baris["nomor"] is None:
        return Diketahui(baris["kunci"], posisi, None, None, (), None, None)
    putaran = Putaran(
        nomor=baris["nomor"],
        pada=baris["cuplikan_pada"],
        terbuka=baris["terbuka"],
        tersaring=baris["tersaring"],
        alasan=tuple(baris["alasan"] or ()),
        menunggu=baris["menunggu"],
        disetujui=baris["disetujui"],
        dikembalikan_pada=baris["dikembalikan_pada"],
        acmt_belum=baris["acmt_belum"],
        hasil=baris["hasil"],
        kode=baris["kode"],
        hasil_pada=baris["hasil_pada"],
        ditinggal=baris["ditinggal"],
    )
    cuplikan = None if baris["idpel"] is None else Bacaan(**dict(zip(_KOLOM, _isi_kolom(baris), strict=True)))
    return Diketahui(
        baris["kunci"], posisi, putaran, cuplikan, tuple(baris["dlpd"] or ()), baris["kwh"], baris["jam_nyala"]
    )


# ------------------------------------------------------------------------------------------------- sums of a month


class Dilihat(NamedTuple):
    """Figures as a session saw them last. ``jejak``: the entry that says so; the newer has the higher number."""

    jejak: int
    pada: datetime
    pelanggan: int
    sudah: int = 0


class JumlahSesi(NamedTuple):
    """One session in the sums of its month.

    ``sudah`` … ``kwh``: what its facts changed in the kelompok: customers at posting 1, at 3, cancelled and not
    approved again, at 1 or 3 by other hands, and the kWh of those at 1 or 3 by ours. ``cuplikan``: customers of the
    kelompok in ACMT, and how many of them the snapshot took. ``terisi`` …: as the readiness steps saw ACMT.
    ``lolos``, ``ditahan``, ``jam_nyala``: what its sieve counted (of a cancellation: who may go, who may not); None:
    not sieved.
    """

    id: int
    nomor: str
    jenis: str
    tempat: Tempat
    putaran: int
    pemicu: str | None
    dibuka_pada: datetime
    status: str
    tahap: str | None
    diakhiri_pada: datetime | None
    sudah: int
    suplai: int
    batal: int
    luar: int
    kwh: Decimal
    pengesah: tuple[str, ...]
    keputusan: str | None
    dijawab_pada: datetime | None
    dikembalikan: int
    cuplikan: Dilihat | None
    terisi: Dilihat | None
    terverifikasi: Dilihat | None
    terkirim: Dilihat | None
    lolos: int | None
    ditahan: int | None
    jam_nyala: int | None

    @property
    def keadaan(self) -> str:
        """Number, status and stage, for a person."""
        return f"{self.nomor} {self.status}" + (f" ({self.tahap})" if self.tahap else "")


def jumlah_sesi(
    tx: Transaksi, unitup: Sequence[str], thblrek: str, hari_baca: str | None = None, pada: datetime | None = None
) -> list[JumlahSesi]:
    """Return every session of some units in a month as of a moment, by unit, kelompok and time."""
    nilai = {"unitup": list(unitup), "thblrek": thblrek, "hari_baca": hari_baca, "pada": _pada(pada)}
    return [_jumlah(baris) for baris in tx.jalankan("rekap_sesi", **nilai).mappings()]


def susut(tx: Transaksi, sesi: Sequence[JumlahSesi], pada: datetime | None = None) -> dict[int, tuple[int, int]]:
    """Return how many held customers (all, for jam nyala) of each session's sieve are not held any more."""
    menahan = [satu.id for satu in sesi if satu.ditahan]
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
    saringan, cuplikan = dilihat.get(JenisJejak.DISARING), dilihat.get(JenisJejak.CUPLIKAN_DIAMBIL)
    # a sieve of an earlier snapshot of the same session does not speak of this one
    sah = saringan is not None and (cuplikan is None or saringan["jejak"] > cuplikan["jejak"])
    lolos, ditahan, jam_nyala = _disaring(saringan) if saringan is not None and sah else (None, None, None)
    return JumlahSesi(
        id=baris["id"],
        nomor=baris["nomor"],
        jenis=baris["jenis"],
        tempat=Tempat(baris["unitup"], baris["thblrek"], baris["hari_baca"]),
        putaran=baris["putaran"],
        pemicu=baris["pemicu"],
        dibuka_pada=baris["dibuka_pada"],
        status=baris["status"],
        tahap=baris["tahap"],
        diakhiri_pada=baris["diakhiri_pada"],
        sudah=int(baris["sudah"]),
        suplai=int(baris["suplai"]),
        batal=int(baris["batal"]),
        luar=int(baris["luar"]),
        kwh=baris["kwh"],
        pengesah=tuple(baris["oleh"] or ()),
        keputusan=baris["keputusan"],
        dijawab_pada=baris["disetujui_pada"],
        dikembalikan=int(baris["dikembalikan"] or 0),
        cuplikan=_cuplikan(cuplikan) if baris["jenis"] == JenisSesi.PENGESAHAN else None,
        terisi=_kesiapan(dilihat.get("KESIAPAN STAN_TERISI")),
        terverifikasi=_kesiapan(dilihat.get("KESIAPAN TERVERIFIKASI")),
        terkirim=_kesiapan(dilihat.get("KESIAPAN TERKIRIM")),
        lolos=lolos,
        ditahan=ditahan,
        jam_nyala=jam_nyala,
    )


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

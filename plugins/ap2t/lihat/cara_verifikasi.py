"""Verifying the verification (SOP 12.1, purpose 4): how Pengawas and Admin Vendor verified what a session holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from ap2t.domain.kaidah.tahan import sebut_rantai
from ap2t.domain.pola import samakan
from ap2t.domain.teks import daftar
from ap2t.galat import MasukanTidakSah
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi

POTONG = 2000
"""Rows held in memory at once."""


class PilihanBaris(NamedTuple):
    """Which rows of a session are looked at.

    ``dlpd``: only those that need a look; ``oleh``: only those this person verified; ``sampel``: only those drawn for
    inspection; ``batas``: how many at most.
    """

    dlpd: bool = False
    oleh: str | None = None
    sampel: bool = False
    batas: int | None = None


class CaraVerifikasi(NamedTuple):
    """One customer: who verified when, and what the reading is to be judged by.

    ``pengawas_jam``, ``vendor_jam``, ``diubah_jam``: hours after the reading. ``hasil``: LOLOS, DITAHAN, or None before
    the sieve. ``diubah_pada``: last change of the reading (None: none). ``kwh`` stands beside last month's and the
    average of three months, kWh.
    """

    idpel: str
    hasil: str | None
    dlpd: list[str]
    petugas_baca: str | None
    tgl_baca: datetime | None
    pengawas: str | None
    pengawas_pada: datetime | None
    pengawas_jam: Decimal | None
    vendor: str | None
    vendor_pada: datetime | None
    vendor_jam: Decimal | None
    diubah_pada: datetime | None
    diubah_jam: Decimal | None
    kwh: Decimal | None
    kwh_lalu: Decimal | None
    kwh_rata3: Decimal | None
    foto: str | None
    rantai: str = ""
    """How it contradicts what was last posted, with both values; empty: it does not."""
    berubah: list[str] | None = None
    """What differs in ACMT since the snapshot (names of columns, or ``TIDAK_ADA_LAGI``); None: not looked at."""


class RingkasPetugas(NamedTuple):
    """How one person verified in one role.

    ``tercepat_menit``, ``tengah_menit``: minutes from reading to verification, the soonest and the middle one.
    ``serentak``: the most customers verified within the asked minutes of each other, and their share (percent).
    """

    peran: str
    oleh: str
    pelanggan: int
    tercepat_menit: Decimal | None
    tengah_menit: Decimal | None
    serentak: int
    serentak_persen: Decimal
    dlpd: int
    dlpd_persen: Decimal
    pertama: datetime | None
    terakhir: datetime | None


def cari_sesi(
    tx: Transaksi,
    nomor: str | None = None,
    *,
    unitup: str | None = None,
    thblrek: str | None = None,
    hari_baca: str | None = None,
) -> Sesi:
    """Return the session meant: by its number, or the newest of a kelompok that has a snapshot.

    :param thblrek: empty: the newest month.
    :raises MasukanTidakSah: there is none, or neither a number nor a kelompok was given.
    """
    if nomor:
        sesi = tx.sesi.bernomor(nomor)
        if sesi is None or sesi.pembatalan:
            raise MasukanTidakSah(f"Tidak ada sesi pengesahan bernomor {nomor}. Lihat daftarnya dengan `ap2t sesi`.")
    elif not unitup or not hari_baca:
        raise MasukanTidakSah(
            "Sebut --sesi NOMOR, atau --unitup dan --hari-baca (dan --thblrek bila bukan yang terbaru)."
        )
    else:
        nilai = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca}
        baris = tx.jalankan("verifikasi_sesi", **nilai).one_or_none()
        if baris is None:
            raise MasukanTidakSah(
                f"Belum ada sesi yang bercuplikan untuk unit {unitup}, bulan {thblrek or 'mana pun'}, "
                f"kelompok {hari_baca}."
            )
        sesi = Sesi(**baris._mapping)
    tx.arsip.pastikan_ada(sesi)
    return sesi


def pastikan_memverifikasi(tx: Transaksi, sesi: Sesi, oleh: str | None) -> str | None:
    """Return a person's name if they verified a row of the session, else MasukanTidakSah. None stays None."""
    if oleh is None:
        return None
    semua = {petugas.oleh for petugas in ringkas_petugas(tx, sesi, 1)}
    if samakan(oleh) not in set(map(samakan, semua)):
        raise MasukanTidakSah(
            f"{oleh} tidak memverifikasi satu pun bacaan sesi {sesi.nomor}. Yang memverifikasi: "
            f"{daftar(sorted(semua)) or 'belum ada'}."
        )
    return oleh


def alirkan_baris(
    tx: Transaksi, sesi: Sesi, pilihan: PilihanBaris, kini: Mapping[str, list[str]] | None = None
) -> Iterator[CaraVerifikasi]:
    """Stream the session's customers, DLPD first, then by idpel.

    :param kini: what :func:`ap2t.proses.cuplik.sejak_cuplikan` found, where ACMT was looked at.
    :raises MasukanTidakSah: the sample is asked for and the session drew none.
    """
    nilai = {**pilihan._asdict(), "idpel": sampel(sesi) if pilihan.sampel else None}
    del nilai["sampel"]
    for baris in tx.alirkan("verifikasi_baris", POTONG, sesi_id=sesi.id, **nilai):
        isi = baris._asdict()
        milik = {kolom: isi[kolom] for kolom in CaraVerifikasi._fields if kolom in isi}
        beda = None if kini is None else kini.get(isi["idpel"], [])
        yield CaraVerifikasi(**milik, rantai=sebut_rantai(isi), berubah=beda)


def sampel(sesi: Sesi) -> list[str]:
    """Return the customers drawn for inspection. None asked for, or no rekap yet: MasukanTidakSah."""
    undian = (sesi.rekap or {}).get("sampel")
    if undian is None:
        sebab = "pola unitnya tidak meminta sampel" if sesi.sampel is None else "rekapnya belum dibuat"
        raise MasukanTidakSah(f"Sesi {sesi.nomor} tidak punya sampel pemeriksaan: {sebab}.")
    return list(undian["idpel"])


def ringkas_petugas(tx: Transaksi, sesi: Sesi, menit: int) -> list[RingkasPetugas]:
    """Return how each person verified the customers. Within ``menit`` minutes of each other counts as at once."""
    semua = tx.jalankan("verifikasi_ringkas", sesi_id=sesi.id, jeda=f"{menit} minutes")
    return [RingkasPetugas(**baris._mapping) for baris in semua]

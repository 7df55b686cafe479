"""The snapshot and its digest, streamed in and out with COPY: memory stays flat whatever the size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from psycopg.types.json import Jsonb

from ap2t.domain.model import ATURAN_AWAL, ATURAN_PRAKTIK, KOLOM_IKATAN, Bacaan, BulanLalu, kolom_ikatan, mengikat
from ap2t.domain.sidik import SidikPohon, undi
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.pembatalan import TabelPembatalan, kepala_sidik_pembatalan
from ap2t.ledger.sesi import BENTUK_AWAL, Sesi
from ap2t.sambungan_pg import blok_salin
from ap2t.teks_copy import baris_teks, tambah_riwayat, teks_pilihan

if TYPE_CHECKING:  # see ledger/saringan
    from ap2t.domain.kolom import Mask
    from ap2t.teks_blok import Blok

POTONG = 5000
"""Rows held in memory at once."""
KOLOM_HASIL = ("kunci", "status", "kode", "pesan", "kodeposting", "pada")
"""What came of a row, as its session's file has it: batch, AP2T's answer, and when (seconds since 1970, UTC)."""
KOLOM_PRIBADI = ("nama", "foto_url", "latitude", "longitude", "cacat")
"""What a digest takes in closed, and a session's file does not show."""
TANPA_CACAT = b"\t\\N"
"""What the ledger's text of a row has behind the source's text where every value was what it should be."""


def kepala_sidik_cuplikan(sesi: Mapping[str, Any]) -> bytes:
    """Return what stands in front of the rows in a session's digest: its number, and by what it was judged.

    :param sesi: the session's values by name, as the ledger has them or as text.
    """
    isi = [sesi["nomor"], sesi["versi_aturan"], sesi["batas_jam_nyala"]]
    if sesi["versi_aturan"] != ATURAN_AWAL:
        isi += ("" if sesi[nama] is None else sesi[nama] for nama in ("tgl_mulai", "dicuplik_pada"))
    if mengikat(sesi["versi_aturan"], ATURAN_PRAKTIK):
        isi.append(json.dumps(sesi["ketentuan"], sort_keys=True))
    return f"{'|'.join(map(str, isi))}\n".encode()


class Peringkas(Protocol):
    """Takes in text, and gives its digest."""

    def update(self, teks: bytes, /) -> None:
        """Add text behind the last one."""

    def hexdigest(self) -> str:
        """Return the digest of all of it."""


def _bentuk_awal(teks: bytes, sesi: Sesi) -> bytes:
    """Return rows as a digest of the first form takes them in: without what came of them, and what it closed itself."""
    lain, akhir = len(KOLOM_HASIL), b""
    if not sesi.pembatalan:  # a row of an earlier rule set ends with what it does not have
        lain += len(KOLOM_PRIBADI)
        akhir = b"\t\\N" * (len(KOLOM_IKATAN) - len(kolom_ikatan(sesi.versi_aturan)))
    return b"".join(baris.rsplit(b"\t", lain)[0].removesuffix(akhir) + b"\n" for baris in baris_teks(teks))


def teks_buku(teks: bytes) -> bytes:
    """Return the ledger's text of rows of the source's text whose values are all what they should be."""
    return teks.replace(b"\n", TANPA_CACAT + b"\n")


def teks_bacaan(bacaan: Bacaan, mentah: bytes) -> bytes:
    """Return the source's text of a row with what its customer's earlier months come to, no line end."""
    riwayat = bacaan.pilihan and bacaan.pilihan.riwayat
    return tambah_riwayat(mentah, riwayat) if riwayat else mentah


class TeksPolos(NamedTuple):
    """Some rows of a block of COPY text whose values are all what they should be. ``mana``: which of its rows."""

    blok: Blok
    mana: Mask

    @property
    def teks(self) -> bytes:
        """Their text, each with its line end."""
        return self.blok.gabungan(self.mana)


class TabelCuplikan(Tabel):
    """The snapshot, its digest, and its counts."""

    def hapus(self, sesi: Sesi) -> None:
        """Take back a snapshot that no gate has shown yet.

        :raises BukuMenolak: (through the transaction) if the snapshot is frozen.
        """
        self.jalankan("cuplikan_hapus", sesi_id=sesi.id)

    def tulis(self, sesi: Sesi, bagian: Iterable[list[tuple[Bacaan, bytes | None]] | TeksPolos]) -> int:
        """COPY readings into the snapshot, and return how many.

        :param bagian: readings, each with its COPY text (``KOLOM_BACAAN``, ``pilihan``; no line end) where the source
            gave one: the text is what is kept, and of the reading what its customer's earlier months come to. Or the
            text of many.
        """
        jumlah = 0
        awal, akhir = f"{sesi.id}\t".encode(), TANPA_CACAT + b"\n"
        with self.salin("bacaan_salin_masuk") as salin:
            for isi in bagian:
                if isinstance(isi, TeksPolos):
                    jumlah += int(isi.mana.sum())
                    salin.write(awal + isi.teks[:-1].replace(b"\n", akhir + awal) + akhir)
                    continue
                jumlah += len(isi)
                teks = bytearray()
                for bacaan, mentah in isi:
                    if mentah is None:
                        pilihan, cacat = teks_pilihan(bacaan.pilihan), Jsonb(bacaan.cacat) if bacaan.cacat else None
                        salin.write_row((sesi.id, *bacaan[:-2], pilihan, cacat))
                        continue
                    teks += awal + teks_bacaan(bacaan, mentah) + akhir
                salin.write(bytes(teks))
        return jumlah

    def teks(self, sesi: Sesi, dari: str, sampai: str, *, terposting: bool = False) -> bytes:
        """Return the COPY text of the snapshot's rows in a range of idpel, both ends included, as the source gave it.

        :param terposting: only of those that were posted.
        """
        if terposting:
            self.jalankan("kirim_rencana")
        with self.salin("bacaan_teks", sesi_id=sesi.id, dari=dari, sampai=sampai, terposting=terposting) as keluar:
            return b"".join(blok_salin(keluar, POTONG))

    def sesi_lalu(self, sesi: Sesi, dari: str) -> list[int]:
        """Return the sessions that approved the kelompok's readings of earlier months, from ``dari`` (YYYYMM) on."""
        nilai = {nama: getattr(sesi, nama) for nama in ("unitup", "hari_baca", "thblrek")}
        return list(self.jalankan("sesi_lalu", **nilai, dari=dari).scalars())

    def riwayat(self, sesi: Sequence[int], pelanggan: Sequence[str]) -> dict[str, list[BulanLalu]]:
        """Return what these sessions posted of these customers: kWh, and how it was read, month by month."""
        hasil: dict[str, list[BulanLalu]] = {}
        for baris in self.jalankan("riwayat_buku", sesi=list(sesi), idpel=list(pelanggan)):
            bulan = BulanLalu(baris.idpel, baris.thblrek, kwh=baris.kwh, cara_baca=baris.cara_baca)
            hasil.setdefault(baris.idpel, []).append(bulan)
        return hasil

    def sidik(self, sesi: Sesi) -> str:
        """Compute the digest over every row and value of a session's snapshot and sieve, by idpel.

        What is hashed is PostgreSQL's own COPY text of the rows, in UTC. The session's number stands in front, so that
        an approval cannot be carried to another one. Of a cancellation: what was asked, and its rows.
        """
        ringkas = self.peringkas(sesi)
        for teks in self.teks_sidik(sesi):
            ringkas.update(teks)
        return ringkas.hexdigest()

    def peringkas(self, sesi: Sesi) -> Peringkas:
        """Return what takes in the text of a session's rows (:meth:`teks_sidik`) and gives its digest."""
        if sesi.pembatalan:
            kepala = kepala_sidik_pembatalan(sesi.nomor, TabelPembatalan(self.conn).ambil(sesi))
        else:
            kepala = kepala_sidik_cuplikan(sesi._asdict())
        return hashlib.sha256(kepala) if sesi.bentuk_sidik == BENTUK_AWAL else SidikPohon(kepala, self.rahasia(sesi))

    def rahasia(self, sesi: Sesi) -> bytes:
        """Return what salts the rows of a session. Only the ledger may know it."""
        return bytes(self.jalankan("sidik_garam", sesi_id=sesi.id).scalar_one())

    def teks_sidik(self, sesi: Sesi, sesudah: str | None = None, sampai: str | None = None) -> Iterator[bytes]:
        """Stream the text of rows, as it is hashed: those behind ``sesudah`` (None: from the first), to ``sampai``."""
        lama = sesi.bentuk_sidik == BENTUK_AWAL
        nama = "berkas_baris" if lama else "sidik_baris"
        if sesi.pembatalan:
            nama = "berkas_pembatalan" if lama else "sidik_pembatalan"
        with (
            self.rencana("urut_rencana"),
            self.salin(nama, sesi_id=sesi.id, sesudah=sesudah, sampai=sampai) as salin,
        ):
            for teks in blok_salin(salin, POTONG):
                yield _bentuk_awal(teks, sesi) if lama else teks

    def rentang_sidik(self, sesi: Sesi) -> list[tuple[str | None, str | None]]:
        """Return ranges of some thousand rows each, which several readers can take (:meth:`teks_sidik`)."""
        with self.rencana("urut_rencana"):
            batas = self.jalankan("sidik_batas", sesi_id=sesi.id, potong=2 * POTONG).scalars().all()
        return list(pairwise([None, *batas, None]))

    def ditahan(self, sesi: Sesi, idpel: list[str]) -> int:
        """Return how many of ``idpel`` the session's sieve holds."""
        return int(self.jalankan("cuplikan_ditahan", sesi_id=sesi.id, idpel=idpel).scalar_one())

    def angka_rekap(self, sesi: Sesi) -> dict[str, Any]:
        """Return the sums a supervisor decides on: outcomes, kWh, reasons, DLPD, last month (exact decimals)."""
        with self.rencana("urut_rencana"):
            hasil, lalu = (self.jalankan(nama, sesi_id=sesi.id).one() for nama in ("rekap_hasil", "rekap_lalu"))
            alasan, dlpd, verifikasi = (
                [dict(baris._mapping) for baris in self.jalankan(nama, sesi_id=sesi.id)]
                for nama in ("rekap_alasan", "rekap_dlpd", "rekap_verifikasi")
            )
        angka = {"hasil": dict(hasil._mapping), "alasan": alasan, "dlpd": dlpd, "lalu": dict(lalu._mapping)}
        return {**angka, "verifikasi": verifikasi}

    def sampel(self, sesi: Sesi, sidik: str, jumlah: int) -> list[str]:
        """Draw the customers to inspect from those that are to be approved, by the session's digest."""
        return undi(sidik, self.alirkan("sampel_calon", POTONG, sesi_id=sesi.id).scalars(), jumlah)

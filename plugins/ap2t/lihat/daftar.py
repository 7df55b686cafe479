"""What the page asks of the ledger beside what the steps ask: versions, last sessions, rows by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import Entri
from ap2t.ledger.sesi import Sesi

Cap = tuple[Any, ...]
"""A version of what the ledger knows of one kelompok; only whether two are the same means something."""


def cap(tx: Transaksi, unitup: str, thblrek: str) -> dict[str, Cap]:
    """Return the version of each kelompok that has sessions."""
    return {baris.hari_baca: tuple(baris) for baris in tx.jalankan("tampilan_cap", unitup=unitup, thblrek=thblrek)}


class SesiAkhir(NamedTuple):
    """The last session of a kelompok, with its last gate and that gate's answer, if any.

    ``kesiapan``: what its waiting readiness step saw last. ``batas``, ``tutup``: its deadlines. ``tiba``: whose answer
    arrived and waits to be judged.
    """

    hari_baca: str
    id: int
    nomor: str
    jenis: str
    status: str
    tahap: str
    dag_id: str
    run_id: str
    dibuka_pada: datetime
    diakhiri_pada: datetime | None
    pemicu: str | None
    pengesah: int
    keterangan: str | None
    urutan: int | None
    orang: list[str] | None
    sejak: datetime | None
    keputusan: str | None
    oleh: str | None
    dijawab_pada: datetime | None
    batas: datetime | None
    tutup: datetime | None
    kesiapan: Mapping[str, Any] | None
    tiba: str | None

    @property
    def terbuka(self) -> bool:
        """Whether it has not ended."""
        return self.diakhiri_pada is None

    @property
    def menunggu(self) -> bool:
        """Whether it waits for an answer at its last gate."""
        return self.status == "BERJALAN" and self.tahap == "MENUNGGU_PERSETUJUAN" and self._belum_dijawab

    @property
    def _belum_dijawab(self) -> bool:
        return self.urutan is not None and self.keputusan is None and self.tiba is None


def sesi_akhir(tx: Transaksi, unitup: str, thblrek: str) -> dict[str, SesiAkhir]:
    """Return the last session of each kelompok."""
    semua = tx.jalankan("tampilan_sesi_akhir", unitup=unitup, thblrek=thblrek)
    return {baris.hari_baca: SesiAkhir(**baris._mapping) for baris in semua}


class Halaman(NamedTuple):
    """One page of a list, and how many there are in all."""

    jumlah: int
    baris: list[dict[str, Any]]


class Pilihan(NamedTuple):
    """Which rows of a session, in which order, which page (from 1).

    ``saring``: ``dlpd``, ``ditahan``, ``lolos``, ``batal`` or anything else for all. ``idpel``: only these. ``kode``:
    with this flag or reason. ``awal``: how idpel begins.
    """

    saring: str = "semua"
    idpel: Sequence[str] | None = None
    kode: str | None = None
    awal: str | None = None
    urut: str = "perhatian"
    turun: bool = False
    halaman: int = 1
    ukuran: int = 50


def baris_sesi(tx: Transaksi, sesi: Sesi, pilihan: Pilihan) -> Halaman:
    """Return a page of a session's rows."""
    nilai: dict[str, Any] = pilihan._asdict()
    lewati = (nilai.pop("halaman") - 1) * pilihan.ukuran
    if sesi.pembatalan:
        del nilai["idpel"]
        return _halaman(tx, "tampilan_baris_batal", **nilai, sesi_id=sesi.id, lewati=lewati)
    nilai["idpel"] = None if pilihan.idpel is None else list(pilihan.idpel)
    return _halaman(tx, "tampilan_baris", **nilai, sesi_id=sesi.id, lewati=lewati)


def daftar_sesi(
    tx: Transaksi,
    unitup: str,
    thblrek: str,
    *,
    hari_baca: str | None = None,
    jenis: str | None = None,
    status: str | None = None,
    halaman: int = 1,
    ukuran: int = 50,
) -> Halaman:
    """Return a page of a unit's sessions of a month, the newest first."""
    nilai = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca, "jenis": jenis, "status": status}
    return _halaman(tx, "tampilan_daftar_sesi", **nilai, ukuran=ukuran, lewati=(halaman - 1) * ukuran)


def _halaman(tx: Transaksi, nama: str, **nilai: Any) -> Halaman:
    baris = [dict(isi) for isi in tx.jalankan(nama, **nilai).mappings()]
    jumlah = [int(isi.pop("semua")) for isi in baris]
    return Halaman(jumlah[0] if jumlah else 0, baris)


def jejak(tx: Transaksi, sesi: Sesi, sesudah: int, batas: int) -> list[Entri]:
    """Return the entries of a session after number ``sesudah``, ``batas`` at most."""
    nilai = {"sesi_id": sesi.id, "sesudah": sesudah, "batas": batas}
    return [Entri(**baris._mapping) for baris in tx.jalankan("jejak_halaman", **nilai)]

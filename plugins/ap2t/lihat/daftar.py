"""What the page asks of the ledger beside what the steps ask: versions, last sessions, rows by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.kode import StatusSesi, TahapSesi
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import Entri
from ap2t.ledger.sesi import Sesi
from ap2t.lihat.fakta import cuplikan
from ap2t.lihat.mengapa import mengapa

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
        di_gerbang = self.status == StatusSesi.BERJALAN and self.tahap == TahapSesi.MENUNGGU_PERSETUJUAN
        return di_gerbang and self.urutan is not None and self.keputusan is None and self.tiba is None


def sesi_akhir(tx: Transaksi, unitup: str, thblrek: str) -> dict[str, SesiAkhir]:
    """Return the last session of each kelompok."""
    semua = tx.jalankan("tampilan_sesi_akhir", unitup=unitup, thblrek=thblrek)
    return {baris.hari_baca: SesiAkhir(**baris._mapping) for baris in semua}


class Halaman(NamedTuple):
    """One page of a list, and how many there are in all.

    ``pilahan``: by filter, each value with how many rows there would be with it, the other filters as they are.
    """

    jumlah: int
    baris: list[dict[str, Any]]
    pilahan: Mapping[str, Sequence[tuple[str, int]]] = {}


class Pilihan(NamedTuple):
    """Which rows of a session, in which order, which page (from 1).

    ``saring``: ``dlpd``, ``ditahan``, ``lolos``, ``batal`` or anything else for all. ``idpel``: only these. ``kode``:
    with all of these flags and reasons. ``rute``: the first 7 signs of kddk. ``cari``: how idpel or
    kddk begins, or a part of the name. ``dilihat``: what ``oleh``, who asks, has looked
    at (``sudah``) or not (``belum``).
    """

    saring: str = "semua"
    idpel: Sequence[str] | None = None
    kode: Sequence[str] = ()
    petugas_baca: str | None = None
    rute: str | None = None
    tarif: str | None = None
    kelainan: str | None = None
    kode_baca: str | None = None
    oleh: str = ""
    dilihat: str | None = None
    cari: str | None = None
    urut: str = "perubahan"
    turun: bool = False
    halaman: int = 1
    ukuran: int = 50


def baris_sesi(tx: Transaksi, sesi: Sesi, pilihan: Pilihan) -> Halaman:
    """Return a page of a session's rows, an approval's with why each is held or flagged (``mengapa``)."""
    nilai: dict[str, Any] = pilihan._asdict()
    nilai |= {"sesi_id": sesi.id, "lewati": (pilihan.halaman - 1) * pilihan.ukuran, "kode": list(pilihan.kode)}
    if sesi.pembatalan:
        return _halaman(tx, "tampilan_baris_batal", **nilai | {"kode": next(iter(pilihan.kode), None)})
    nilai["idpel"] = None if pilihan.idpel is None else list(pilihan.idpel)
    nilai["lalu"] = tx.cuplikan.sesi_lalu(sesi, bulan_tambah(sesi.thblrek, -1))
    semua = tx.jalankan("tampilan_baris", **nilai).mappings().all()
    baris = [{nama: isi for nama, isi in satu.items() if nama not in _HALAMAN} for satu in semua if satu["idpel"]]
    sebab = {
        satu.saringan.idpel: [rinci._asdict() for rinci in mengapa(satu)]
        for satu in cuplikan(tx, [sesi], *(satu["idpel"] for satu in baris if satu["alasan"] or satu["dlpd"]))
        if satu.saringan is not None
    }
    baris = [{**satu, "mengapa": sebab.get(satu["idpel"], [])} for satu in baris]
    return Halaman(semua[0]["semua"], baris, semua[0]["pilahan"])


_HALAMAN = frozenset({"semua", "pilahan"})
"""What of a row is about the whole list."""


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


KOLOM_HASIL = (
    *("idpel", "nama", "kddk", "tarif", "daya", "slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh"),
    *("kwh", "jam_nyala", "dlpd", "hasil", "kodeposting", "kode", "pesan", "pada"),
)
"""What is told of a row that has an outcome."""


def hasil_sesi(tx: Transaksi, sesi: Sesi, sesudah: str, batas: int) -> list[dict[str, Any]]:
    """Return the next rows of a session that have an outcome, by idpel, ``batas`` at most (``KOLOM_HASIL``)."""
    semua = tx.jalankan("tampilan_hasil_baris", sesi_id=sesi.id, sesudah=sesudah, batas=batas)
    return [dict(baris) for baris in semua.mappings()]


def _halaman(tx: Transaksi, nama: str, **nilai: Any) -> Halaman:
    baris = [dict(isi) for isi in tx.jalankan(nama, **nilai).mappings()]
    jumlah = [int(isi.pop("semua")) for isi in baris]
    return Halaman(jumlah[0] if jumlah else 0, baris)


def jejak(tx: Transaksi, sesi: Sesi, sesudah: int, batas: int) -> list[Entri]:
    """Return the entries of a session after number ``sesudah``, ``batas`` at most."""
    nilai = {"sesi_id": sesi.id, "sesudah": sesudah, "batas": batas}
    return [Entri(**baris._mapping) for baris in tx.jalankan("jejak_halaman", **nilai)]

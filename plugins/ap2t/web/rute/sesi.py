"""Sessions: what one holds, who was asked, how far it is, its trail; and the list of them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from ap2t.audit.kalimat_jejak import entri_terbaca
from ap2t.domain.kata import SARAN_BATAL
from ap2t.domain.kontrak import periksa_hari_baca
from ap2t.domain.model import Alasan, Dlpd
from ap2t.domain.saringan import sebut_rantai
from ap2t.ledger.persetujuan import yang_dikembalikan
from ap2t.ledger.sesi import STATUS
from ap2t.lihat import cara_verifikasi, rincian
from ap2t.lihat import daftar as tampilan
from ap2t.lihat.daftar import Halaman, Pilihan
from ap2t.web.ingatan import Ingatan
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import Bulan, H, Jawaban, K, SesiDilihat, UnitDilihat
from ap2t.web.masalah import Masalah

rute = APIRouter(route_class=RuteKolam)
_rekap: Ingatan[dict[str, Any]] = Ingatan(500, 3600)
JEJAK_MAKS = 200
UKURAN_MAKS = 200

Kode = Annotated[str | None, Query(pattern="^[A-Z0-9_]{1,40}$")]
Ke = Annotated[int, Query(ge=1, le=1_000_000)]
Ukuran = Annotated[int, Query(ge=1, le=UKURAN_MAKS)]


StatusSesi = StrEnum("StatusSesi", {s: s for s in STATUS})  # type: ignore[misc]
KODE_BARIS = frozenset({*Alasan, *Dlpd})
"""Reasons and flags a row of an approval can have."""


class Saring(StrEnum):
    """Which rows of a session."""

    SEMUA = "semua"
    LOLOS = "lolos"
    DLPD = "dlpd"
    DITAHAN = "ditahan"
    SAMPEL = "sampel"
    DIKEMBALIKAN = "dikembalikan"
    BATAL = "batal"


class Urut(StrEnum):
    """By what rows are sorted; ``perhatian``: what needs a look first."""

    PERHATIAN = "perhatian"
    IDPEL = "idpel"
    NAMA = "nama"
    KDDK = "kddk"
    TARIF = "tarif"
    DAYA = "daya"
    KWH = "kwh"
    KWH_LALU = "kwh_lalu"
    SELISIH = "selisih"
    JAM_NYALA = "jam_nyala"
    PETUGAS_BACA = "petugas_baca"
    PENGAWAS_JAM = "pengawas_jam"
    VENDOR_JAM = "vendor_jam"


class Arah(StrEnum):
    """Upwards or downwards."""

    NAIK = "naik"
    TURUN = "turun"


@rute.get("/api/sesi/{nomor}")
def satu(konteks: K, hak: H, nomor: SesiDilihat) -> Jawaban:
    """Return everything about a session."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        rekap = None
        if sesi.rekap is not None:
            rekap = _rekap.ambil(sesi.nomor, lambda: rincian.rekap(tx, sesi) or {}, sesi.sidik)
        return Jawaban(rincian.rincian(tx, sesi, hak.orang.username, rekap, datetime.now(UTC)))


@rute.get("/api/sesi/{nomor}/baris")
def baris(
    konteks: K,
    nomor: SesiDilihat,
    saring: Saring = Saring.SEMUA,
    kode: Kode = None,
    cari: Annotated[str | None, Query(pattern="^[0-9]{1,12}$")] = None,
    urut: Urut = Urut.PERHATIAN,
    arah: Arah = Arah.NAIK,
    halaman: Ke = 1,
    ukuran: Ukuran = 50,
) -> Jawaban:
    """Return a page of a session's rows."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        if kode is not None and kode not in (SARAN_BATAL if sesi.pembatalan else KODE_BARIS):
            raise Masalah(400, "MASUKAN", f"Sebab {kode} tidak dikenal. Pilih dari daftar sebab sesi ini.")
        idpel = None
        if saring is Saring.SAMPEL:
            idpel = cara_verifikasi.sampel(sesi)
        elif saring is Saring.DIKEMBALIKAN:
            idpel = yang_dikembalikan(tx.persetujuan.semua(sesi))
        pilihan = Pilihan(saring, idpel, kode, cari, urut, arah is Arah.TURUN, halaman, ukuran)
        isi = tampilan.baris_sesi(tx, sesi, pilihan)
        tx.arsip.pastikan_ada(sesi)  # after the look: they may leave at any moment
    if not sesi.pembatalan:
        isi = isi._replace(baris=[{**baris, "rantai": sebut_rantai(baris)} for baris in isi.baris])
    return _kirim(isi, halaman, ukuran)


@rute.get("/api/sesi/{nomor}/jejak")
def jejak(konteks: K, nomor: SesiDilihat, sesudah: Annotated[int, Query(ge=0, lt=1 << 63)] = 0) -> Jawaban:
    """Return the next entries of a session's trail, readable."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        entri, jawaban = tampilan.jejak(tx, sesi, sesudah, JEJAK_MAKS), tx.persetujuan.semua(sesi)
    return Jawaban({"entri": [entri_terbaca(entri, jawaban) for entri in entri], "masih_ada": len(entri) == JEJAK_MAKS})


@rute.get("/api/unit/{unitup}/{thblrek}/sesi")
def daftar(
    konteks: K,
    unit: UnitDilihat,
    thblrek: Bulan,
    hari_baca: str | None = None,
    jenis: Annotated[Literal["PENGESAHAN", "PEMBATALAN"] | None, Query()] = None,
    status: Annotated[StatusSesi | None, Query()] = None,
    halaman: Ke = 1,
    ukuran: Ukuran = 50,
) -> Jawaban:
    """Return a page of the unit's sessions of a month, the newest first."""
    kode = periksa_hari_baca(hari_baca) if hari_baca else None
    if kode is not None:
        konteks.pastikan(unit.unitup, thblrek, kode)
    pilih: dict[str, Any] = {"hari_baca": kode, "jenis": jenis, "status": status}
    with konteks.data.buku.lihat() as tx:
        isi = tampilan.daftar_sesi(tx, unit.unitup, thblrek, **pilih, halaman=halaman, ukuran=ukuran)
    return _kirim(isi, halaman, ukuran)


def _kirim(isi: Halaman, halaman: int, ukuran: int) -> Jawaban:
    """Answer with a page. One beyond the end is empty and says nothing of how many there are."""
    if not isi.baris and halaman > 1:
        raise Masalah(
            404, "HALAMAN", f"Halaman {halaman} tidak ada lagi: daftarnya lebih pendek. Kembali ke halaman 1."
        )
    return Jawaban({"jumlah": isi.jumlah, "halaman": halaman, "ukuran": ukuran, "baris": isi.baris})

"""Sessions: what one holds, its rows, its trail, and the list of them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import StreamingResponse

from ap2t.audit.kalimat_jejak import entri_terbaca
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kode import JenisSesi, SebabBatal, StatusSesi
from ap2t.domain.kontrak import periksa_hari_baca
from ap2t.galat import GalatPengesahan
from ap2t.ledger.persetujuan import yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.lihat import cara_verifikasi, daftar, periksa, rincian
from ap2t.lihat.akibat import akibat, tanya_pembanding
from ap2t.lihat.daftar import Halaman, Pilihan
from ap2t.lihat.kisah import DariAcmt, tanya_acmt
from ap2t.lihat.lembar import tulis_csv
from ap2t.lihat.pemeriksaan import pemeriksaan_pelanggan, pilihan_pemeriksaan
from ap2t.web.ingatan import Ingatan
from ap2t.web.kolam import KOLAM, RuteKolam
from ap2t.web.konteks import (
    BulanDilihat,
    HakPeminta,
    JawabanJson,
    KataCari,
    Konteks,
    KonteksRute,
    NomorSesi,
    SesiDilihat,
    UnitDilihat,
)
from ap2t.web.masalah import Masalah, TidakAda

rute = APIRouter(route_class=RuteKolam)
_rekap: Ingatan[dict[str, Any]] = Ingatan(500, 3600)
_akibat: Ingatan[dict[str, Any]] = Ingatan(200, 3600)
_akibat_baru: Ingatan[dict[str, Any]] = Ingatan(20, 60)
"""What was worked out just now, also where ACMT did not tell all of it."""
JEJAK_MAKS = 200
UKURAN_MAKS = 200
HASIL_SEKALI = 2000
"""Rows of a file that are held at once."""
KodeBaris = Annotated[list[Annotated[str, Field(pattern="^[A-Z0-9_]{1,40}$")]] | None, Query(max_length=20)]
NilaiSaring = Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
NomorHalaman = Annotated[int, Query(ge=1, le=1_000_000)]
BarisSehalaman = Annotated[int, Query(ge=1, le=UKURAN_MAKS)]
KODE_SAH, KODE_BATAL = frozenset({*Alasan, *Dlpd}), frozenset(SebabBatal)
"""Reasons and flags that a row of an approval can have, and reasons of a row of a cancellation."""


SaringBaris = Literal["semua", "lolos", "dlpd", "ditahan", "sampel", "dikembalikan", "batal"]
"""Which rows of a session."""
UrutUmum = Literal["idpel", "nama", "kddk", "tarif", "daya", "kwh", "jam_nyala"]
UrutBaris = Literal[UrutUmum, "perubahan", "kwh_lalu", "selisih", "petugas_baca", "pengawas_jam", "vendor_jam"]
"""By what rows are sorted. ``perubahan``: the largest change comes first."""
ArahUrut = Literal["naik", "turun"]


@rute.get("/api/sesi/{nomor}")
def rincian_sesi(konteks: KonteksRute, hak: HakPeminta, nomor: SesiDilihat) -> JawabanJson:
    """Return everything about a session."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        rekap = None
        if sesi.rekap is not None:
            rekap = _rekap.ambil(sesi.nomor, lambda: rincian.rekap(tx, sesi) or {}, sesi.sidik)
        menandai = konteks.menandai(hak, sesi)
        return JawabanJson(rincian.rincian(tx, sesi, hak.orang.username, rekap, datetime.now(UTC), menandai=menandai))


@rute.get("/api/sesi/{nomor}/akibat")
def akibat_sesi(konteks: KonteksRute, nomor: SesiDilihat) -> JawabanJson:
    """Return what approving a session comes to. Nothing before its rekap, and of a cancellation."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        tx.arsip.pastikan_ada(sesi)
    if sesi.rekap is None or sesi.pembatalan:
        return JawabanJson({"akibat": None})
    isi = _akibat.intip(sesi.nomor, sesi.sidik)
    if isi is None:
        isi = _akibat_baru.ambil(sesi.nomor, lambda: _hitung_akibat(konteks, sesi), sesi.sidik)
        if not isi["galat"]:
            _akibat.ambil(sesi.nomor, lambda: isi, sesi.sidik)
    return JawabanJson({"akibat": isi})


def _hitung_akibat(konteks: Konteks, sesi: Sesi) -> dict[str, Any]:
    """Work it out: ACMT is asked before the ledger is held, and the snapshot looked for once it has been read."""
    pembanding = tanya_pembanding(konteks.data.acmt, sesi)
    with konteks.data.buku.transaksi() as tx:
        isi = akibat(tx, sesi, pembanding)
        tx.arsip.pastikan_ada(sesi)
    return isi


@rute.get("/api/sesi/{nomor}/baris")
def baris_sesi(
    konteks: KonteksRute,
    hak: HakPeminta,
    nomor: SesiDilihat,
    saring: SaringBaris = "semua",
    kode: KodeBaris = None,
    petugas_baca: NilaiSaring = None,
    rute: NilaiSaring = None,
    tarif: NilaiSaring = None,
    kelainan: NilaiSaring = None,
    kode_baca: NilaiSaring = None,
    dilihat: Literal["belum", "sudah"] | None = None,
    cari: KataCari = None,
    urut: UrutBaris = "perubahan",
    arah: ArahUrut = "naik",
    halaman: NomorHalaman = 1,
    ukuran: BarisSehalaman = 50,
) -> JawabanJson:
    """Return a page of a session's rows, with how many there are by each value of the filters."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        if asing := sorted({*(kode or ())} - (KODE_BATAL if sesi.pembatalan else KODE_SAH)):
            raise Masalah(400, "MASUKAN", f"Sebab {asing[0]} tidak dikenal. Pilih dari daftar sebab sesi ini.")
        idpel = None
        if saring == "sampel":
            idpel = cara_verifikasi.sampel(sesi)
        elif saring == "dikembalikan":
            idpel = yang_dikembalikan(tx.persetujuan.semua(sesi))
        pilihan = Pilihan(
            saring=saring,
            idpel=idpel,
            kode=kode or (),
            petugas_baca=petugas_baca,
            rute=rute,
            tarif=tarif,
            kelainan=kelainan,
            kode_baca=kode_baca,
            oleh=hak.orang.username,
            dilihat=dilihat,
            cari=cari,
            urut=urut,
            turun=arah == "turun",
            halaman=halaman,
            ukuran=ukuran,
        )
        isi = daftar.baris_sesi(tx, sesi, pilihan)
        tx.arsip.pastikan_ada(sesi)  # after the look: they may leave at any moment
    return _jawab_halaman(isi, halaman, ukuran)


@rute.get("/api/sesi/{nomor}/pelanggan/{idpel}")
def periksa_pelanggan(
    konteks: KonteksRute, hak: HakPeminta, nomor: SesiDilihat, idpel: Annotated[str, Path(pattern="^[0-9]{12}$")]
) -> JawabanJson:
    """Return one customer of a session with its earlier months, its neighbours, and what people found at it."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        tx.arsip.pastikan_ada(sesi)
        diperiksa = None if sesi.pembatalan else periksa.baca(tx, sesi, idpel)
        menulis = konteks.menandai(hak, sesi) and rincian.boleh_menandai(tx, sesi, hak.orang.username)
        isi = {
            "pemeriksaan": pemeriksaan_pelanggan(tx, sesi, idpel),
            "pilihan_pemeriksaan": pilihan_pemeriksaan(tx, sesi) if menulis else None,
        }
    if diperiksa is None:
        raise TidakAda(f"Pelanggan {idpel} dalam sesi ini")
    try:
        acmt = tanya_acmt(konteks.data.acmt, idpel, sesi.thblrek)
    except GalatPengesahan as galat:  # the connection itself: what the ledger knows is told all the same
        acmt = DariAcmt(galat=str(galat))
    return JawabanJson(periksa.susun(diperiksa, acmt) | isi)


@rute.get("/api/sesi/{nomor}/hasil.csv")
async def hasil_csv(konteks: KonteksRute, nomor: SesiDilihat) -> StreamingResponse:
    """Return every row of a session that has an outcome, with what was approved of it, as CSV."""
    sesi = await KOLAM.jalankan(_sesi, konteks, nomor)
    kepala = {"Content-Disposition": f'attachment; filename="{sesi.nomor}.csv"'}
    return StreamingResponse(_alirkan_hasil(konteks, sesi), media_type="text/csv; charset=utf-8", headers=kepala)


def _sesi(konteks: Konteks, nomor: NomorSesi) -> Sesi:
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        tx.arsip.pastikan_ada(sesi)
        return sesi


async def _alirkan_hasil(konteks: Konteks, sesi: Sesi) -> AsyncIterator[bytes]:
    """Pass the rows on page by page: none of the page's threads is held while a slow reader takes them."""
    sesudah, kepala = "", True
    while (baris := await KOLAM.jalankan(_hasil, konteks, sesi, sesudah)) or kepala:
        teks = io.StringIO(newline="")
        tulis_csv(teks, daftar.KOLOM_HASIL, baris, sesi.zona_waktu, kepala=kepala)
        yield teks.getvalue().encode("utf-8-sig" if kepala else "utf-8")  # the mark tells Excel
        if not baris:
            return
        sesudah, kepala = baris[-1]["idpel"], False


def _hasil(konteks: Konteks, sesi: Sesi, sesudah: str) -> list[dict[str, Any]]:
    with konteks.data.buku.lihat() as tx:
        isi = daftar.hasil_sesi(tx, sesi, sesudah, HASIL_SEKALI)
        tx.arsip.pastikan_ada(sesi)  # after the look: they may leave at any moment
        return isi


@rute.get("/api/sesi/{nomor}/jejak")
def jejak_sesi(
    konteks: KonteksRute, nomor: SesiDilihat, sesudah: Annotated[int, Query(ge=0, lt=1 << 63)] = 0
) -> JawabanJson:
    """Return the next entries of a session's trail, readable."""
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        semua, jawaban = daftar.jejak(tx, sesi, sesudah, JEJAK_MAKS), tx.persetujuan.semua(sesi)
    terbaca = [entri_terbaca(entri, jawaban) for entri in semua]
    return JawabanJson({"entri": terbaca, "masih_ada": len(semua) == JEJAK_MAKS})


@rute.get("/api/unit/{unitup}/{thblrek}/sesi")
def daftar_sesi(
    konteks: KonteksRute,
    unit: UnitDilihat,
    thblrek: BulanDilihat,
    hari_baca: str | None = None,
    jenis: Annotated[JenisSesi | None, Query()] = None,
    status: Annotated[StatusSesi | None, Query()] = None,
    halaman: NomorHalaman = 1,
    ukuran: BarisSehalaman = 50,
) -> JawabanJson:
    """Return a page of the unit's sessions of a month, the newest first."""
    kode = periksa_hari_baca(hari_baca) if hari_baca else None
    if kode is not None:
        konteks.pastikan(unit.unitup, thblrek, kode)
    pilihan: dict[str, Any] = {"hari_baca": kode, "jenis": jenis, "status": status}
    with konteks.data.buku.lihat() as tx:
        isi = daftar.daftar_sesi(tx, unit.unitup, thblrek, **pilihan, halaman=halaman, ukuran=ukuran)
    return _jawab_halaman(isi, halaman, ukuran)


def _jawab_halaman(isi: Halaman, halaman: int, ukuran: int) -> JawabanJson:
    """Answer with a page. One beyond the end is empty and says nothing of how many there are."""
    if not isi.baris and halaman > 1:
        raise Masalah(
            404, "HALAMAN", f"Halaman {halaman} tidak ada lagi: daftarnya lebih pendek. Kembali ke halaman 1."
        )
    letak = {"jumlah": isi.jumlah, "halaman": halaman, "ukuran": ukuran}
    return JawabanJson({**letak, "baris": isi.baris, "pilahan": isi.pilahan})

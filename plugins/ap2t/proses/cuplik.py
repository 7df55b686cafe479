"""Step 3: take the snapshot of the customers that are not posted yet, streamed from the source into the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from ap2t.domain.kesiapan import Tahap, alasan_belum_siap, siap_penuh
from ap2t.domain.model import Bacaan, idpel_sah
from ap2t.domain.model import berubah
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BelumSiap, SumberBerubah
from ap2t.ledger.buku import Buku
from ap2t.ledger.cuplikan import POTONG, TANPA_CACAT, bacaan_dari_teks
from ap2t.ledger.luar import DiAp2t
from ap2t.ledger.persetujuan import digarap_ulang, stempel
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.source.acmt import SumberAcmt, gabung
from ap2t.source.salinan import Terbaca, lengkap


@dataclass
class _Hitungan:
    sudah: int = 0
    belum_siap: int = 0
    dikembalikan: int = 0
    contoh_belum: list[str] = field(default_factory=list)


def ambil_bacaan(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> int:
    """Write the snapshot; return how many customers it holds.

    Left out: customers at posting 1 or 3 in AP2T (its list wins over our record; what differs is recorded
    DILUAR_SISTEM), those an approver sent back and that were not verified and sent anew since, and in pattern BERTAHAP
    the ones that are not ready. A customer who stands in ACMT more than once goes in once, to be held. A snapshot that
    a gate has shown is kept.

    :raises BelumSiap: pattern LENGKAP and a row is not ready any more.
    :raises SumberTidakSesuai: ACMT holds rows that reading by key does not find.
    :raises SumberBerubah: rows came or went while they were read.
    """
    if sesi.sudah("MENUNGGU_PERSETUJUAN"):
        lapor("Cuplikan sesi ini sudah pernah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return _jumlah(layanan, sesi)
    posting = _posting_ap2t(layanan, sesi)
    tgl_mulai = layanan.sumber.mulai_baca(sesi.unitup, sesi.thblrek, sesi.hari_baca)
    sekarang = layanan.sekarang()
    hitung = _Hitungan()
    with layanan.buku.transaksi() as tx:
        kembali = tx.persetujuan.dikembalikan_sebelumnya(sesi)
        tx.cuplikan.hapus(sesi)
        jumlah = tx.cuplikan.tulis(sesi, _pilih(layanan, sesi, posting, kembali, sekarang, hitung, lapor))
        _pastikan_siap(sesi, hitung)
        sesi = tx.sesi.catat_cuplikan(sesi, tgl_mulai, sekarang)
        # the trail only from here on: until the commit its head keeps every other session waiting
        luar_sistem = tx.luar.catat_beda(sesi, posting)
        isi: dict[str, Any] = {
            "jumlah": jumlah,
            "sudah_posting": hitung.sudah,
            "belum_siap": hitung.belum_siap,
            "dikembalikan": hitung.dikembalikan,
            "diluar_sistem": luar_sistem,
            "tgl_mulai": sesi.tgl_mulai,
            "dicuplik_pada": sesi.dicuplik_pada,
        }
        tx.jejak.catat("CUPLIKAN_DIAMBIL", isi, sesi_id=sesi.id)
    lapor(
        f"Cuplikan: {ribuan(jumlah)} pelanggan belum disahkan; {ribuan(hitung.sudah)} sudah posting di AP2T"
        + (f"; {ribuan(hitung.belum_siap)} belum siap dan ditinggal untuk putaran berikut" if hitung.belum_siap else "")
        + (
            f"; {ribuan(hitung.dikembalikan)} pernah dikembalikan pengesah dan belum diperiksa ulang"
            if hitung.dikembalikan
            else ""
        )
        + (f"; {ribuan(luar_sistem)} berubah di AP2T di luar sistem ini" if luar_sistem else "")
        + ("" if tgl_mulai else "; kelompok ini tidak ada di kalender baca, jadi tanggal bacanya tidak dinilai")
        + "."
    )
    return jumlah


def _jumlah(layanan: Layanan, sesi: Sesi) -> int:
    with layanan.buku.transaksi() as tx:
        return int(tx.cuplikan.angka_rekap(sesi)["hasil"]["pelanggan"])


def _posting_ap2t(layanan: Layanan, sesi: Sesi) -> dict[str, DiAp2t]:
    """Customers at posting 1 or 3 in AP2T, by idpel, from its own list."""
    daftar_ap2t = layanan.ap2t_baca().daftar(sesi.unitup, sesi.thblrek, sesi.hari_baca)
    return {
        di_ap2t.idpel: DiAp2t(di_ap2t.kodeposting, di_ap2t.no_pengesahan, di_ap2t.oleh, di_ap2t.waktu)
        for di_ap2t in daftar_ap2t
        if di_ap2t.kodeposting
    }


def _pilih(
    layanan: Layanan,
    sesi: Sesi,
    posting: dict[str, DiAp2t],
    kembali: dict[str, tuple[Any, ...] | None],
    sekarang: datetime,
    hitung: _Hitungan,
    lapor: Lapor,
) -> Iterator[tuple[Bacaan, bytes | None]]:
    petugas = PetugasUnit(sesi.unitup, layanan.sumber.petugas(sesi.unitup))
    for baris in _per_pelanggan(layanan, sesi, lapor):
        bacaan, mentah = baris[0] if len(baris) == 1 else (gabung([lengkap(bacaan_ini) for bacaan_ini in baris]), None)
        if bacaan.idpel in posting:
            hitung.sudah += 1
        elif bacaan.idpel in kembali and not digarap_ulang(kembali[bacaan.idpel], stempel(bacaan)):
            hitung.dikembalikan += 1
        elif all(siap_penuh(bacaan_ini[0], petugas, sekarang) for bacaan_ini in baris):
            yield bacaan, mentah
        else:
            hitung.belum_siap += 1
            if len(hitung.contoh_belum) < 20:
                semua = (
                    alasan_belum_siap(bacaan_ini[0], tahap, petugas, sekarang)
                    for bacaan_ini in baris
                    for tahap in Tahap
                )
                hitung.contoh_belum.append(f"{bacaan.idpel} ({next(filter(None, semua))})")


def _per_pelanggan(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> Iterator[list[Terbaca]]:
    """Stream all rows of each customer, by far most of them one.

    :raises SumberBerubah: rows came or went meanwhile.
    """
    sumber, tempat = layanan.sumber, (sesi.unitup, sesi.thblrek, sesi.hari_baca)
    ganda = sumber.ganda(*tempat)
    kumpul: dict[str, list[Terbaca]] = {idpel: [] for idpel in ganda}
    terbaca, sebelumnya = 0, ""
    for bagian in sumber.salin(*tempat):
        for bacaan in bagian:
            idpel = bacaan[0].idpel
            if ganda and idpel.strip(" ") in ganda:
                kumpul[idpel.strip(" ")].append(bacaan)
                continue
            if idpel == sebelumnya:
                raise SumberBerubah(f"Baris kedua pelanggan {idpel} masuk ke v_bacaan selagi {sesi.tempat} dibaca.")
            sebelumnya = idpel
            yield [bacaan]
        terbaca += len(bagian)
        if terbaca % 50_000 < len(bagian):
            lapor(f"Dibaca dari ACMT: {ribuan(terbaca)} baris ...")
    sumber.pastikan_semua(*tempat, terbaca)
    if ganda:
        contoh = daftar([f"{idpel} ({nomor} baris)" for idpel, nomor in sorted(ganda.items())], 20)
        lapor(
            f"PERHATIAN: {ribuan(len(ganda))} pelanggan ada lebih dari sekali di v_bacaan: {contoh}. Mereka ditahan "
            "sampai pengelola ACMT menghapus baris yang salah; yang lain jalan terus."
        )
    yield from filter(None, kumpul.values())


def _pastikan_siap(sesi: Sesi, hitung: _Hitungan) -> None:
    if sesi.pola == "LENGKAP" and hitung.belum_siap:
        raise BelumSiap(
            f"{ribuan(hitung.belum_siap)} pelanggan {sesi.tempat} tidak (lagi) siap saat cuplikan diambil: "
            f"{daftar(hitung.contoh_belum)}. Lengkapi di ACMT lalu ulangi run ini."
        )


TIDAK_ADA_LAGI = "TIDAK_ADA_LAGI"
_TERAKHIR = "z" * 12  # idpel are digits


def beda_teks(lama: bytes, kini: Terbaca) -> tuple[str, ...]:
    """Name the bound columns in which the source's row differs from the snapshot's COPY text.

    Where both are the same text, every value is the same and nothing is read out of it.
    """
    mentah = kini[1]
    if mentah is not None and mentah + TANPA_CACAT == lama:
        return ()
    return berubah(bacaan_dari_teks(lama), lengkap(kini))


def sejak_cuplikan(buku: Buku, sumber: SumberAcmt, sesi: Sesi, *, terposting: bool = False) -> dict[str, list[str]]:
    """Look at ACMT now and return what differs there since the snapshot: idpel to columns, or ``TIDAK_ADA_LAGI``.

    ACMT is streamed; of the ledger the same range of idpel is read meanwhile, in a short transaction each. Keys that
    are no customer's number are left out, as held rows that nobody can approve.

    :param terposting: look only at customers who were posted.
    :raises SumberTidakTerjangkau: ACMT does not answer.
    """
    beda: dict[str, list[str]] = {}
    sesudah = ""
    aliran = sumber.salin(sesi.unitup, sesi.thblrek, sesi.hari_baca, potong=POTONG)
    angka = ([bacaan for bacaan in bagian if idpel_sah(bacaan[0].idpel)] for bagian in aliran)
    for bagian in chain(filter(None, angka), [[]]):
        akhir = bagian[-1][0].idpel if bagian else _TERAKHIR
        with buku.transaksi() as tx:
            lama = tx.cuplikan.teks(sesi, sesudah, akhir, terposting=terposting)
        lama.pop(sesudah, None)
        for kini in bagian:
            teks = lama.pop(kini[0].idpel, None)
            if teks is not None and (kolom := beda_teks(teks, kini)):
                beda[kini[0].idpel] = list(kolom)
        beda |= {idpel: [TIDAK_ADA_LAGI] for idpel in lama if idpel_sah(idpel)}
        sesudah = akhir
    return beda

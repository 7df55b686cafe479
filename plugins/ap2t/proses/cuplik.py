"""Step 3: copy the readings that are not posted yet from ACMT into the ledger (the snapshot)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice, pairwise
from typing import Any

import numpy as np

from ap2t import jam
from ap2t.aliran import di_belakang, potongan
from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT, KOLOM_KINI, KOLOM_LALU, ringkas
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.kesiapan import Tahap, alasan_belum_siap, siap_penuh
from ap2t.domain.kode import BentukPola, JenisJejak, SebabBerubah, TahapSesi
from ap2t.domain.kolom import KOLOM_SIAP, Mask, siap_kolom
from ap2t.domain.model import (
    ATURAN_PRAKTIK,
    Bacaan,
    BulanLalu,
    berubah,
    dengan_riwayat,
    idpel_sah,
    mengikat,
)
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BelumSiap, SumberBerubah, SumberTidakSesuai
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.cuplikan import POTONG, TANPA_CACAT, TeksPolos, teks_buku
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.luar import DiAp2t
from ap2t.ledger.persetujuan import digarap_ulang, stempel
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import Tersaring
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah
from ap2t.proses.saring import KOLOM_BLOK, KOLOM_COPY, Penyaring
from ap2t.source.acmt import SumberAcmt, gabung
from ap2t.source.normal import TEKS_MAKS
from ap2t.source.salinan import BarisSumber, Terbaca, bacaan_dari, dengan_kolom, lengkap, per_idpel
from ap2t.teks_blok import Blok
from ap2t.teks_copy import bacaan_dari_teks, baris_teks, nilai_pertama


@dataclass
class _Ditinggal:
    """Customers that stay out of the snapshot."""

    sudah: int = 0
    belum_siap: int = 0
    dikembalikan: int = 0
    contoh_belum: list[str] = field(default_factory=list)


def ambil_bacaan(langkah: Langkah) -> int:
    """Write the snapshot, each row with what the sieve says of it, and return how many customers it holds.

    The chain is judged by what the ledger knew at one entry of the trail. The entry DISARING names that one, so that
    the audit can judge it again.

    Left out are customers

    - at posting 1 or 3 in AP2T. Its list wins over our record, and what differs is recorded DILUAR_SISTEM.
    - whom an approver sent back and who were not verified and sent anew since.
    - who are not ready, in pattern BERTAHAP.

    A customer who stands in ACMT more than once goes in once, to be held. A snapshot that a gate has shown is kept.

    :raises BelumSiap: pattern LENGKAP and a row is not ready any more.
    :raises SumberTidakSesuai: ACMT holds rows that reading by key does not find.
    :raises SumberBerubah: rows came or went while they were read.
    """
    sesi = langkah.sesi
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        langkah.lapor("Cuplikan sesi ini sudah pernah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return sesi.hasil_rekap["pelanggan"]
    with closing(di_belakang(_daftar_ap2t(langkah), nama="daftar", dalam=4)) as halaman:
        posting, lalu = Terposting(halaman), _Lalu(langkah)
        if not lalu:
            try:
                return _ambil(langkah, posting, lalu, None)
            except AdaGanda:
                langkah.lapor("Ada nomor pelanggan yang mungkin berulang di v_bacaan: dicari, lalu dibaca dari awal.")
        # with earlier months each reading takes longer than to ask
        return _ambil(langkah, posting, lalu, langkah.sumber.ganda(sesi.tempat))


class AdaGanda(Exception):
    """A number stands more than once in ACMT, or may. The contract has each once: nobody asks before one does."""


def _ambil(langkah: Langkah, posting: Terposting, lalu: _Lalu, ganda: Counter[str] | None) -> int:
    """Write the snapshot. ``ganda``: who stands in ACMT more than once, and how often. None: nobody was asked."""
    sesi, lapor = langkah.sesi, langkah.lapor
    tgl_mulai = langkah.sumber.mulai_baca(sesi.tempat)
    petugas = PetugasUnit(sesi.unitup, langkah.sumber.petugas(sesi.unitup))
    sekarang = jam.sekarang()
    with langkah.buku.transaksi() as rujuk, langkah.buku.transaksi() as tx:
        tx.jalankan("cuplikan_sabar")
        kembali = tx.persetujuan.dikembalikan_sebelumnya(sesi)
        tx.cuplikan.hapus(sesi)
        sesi = tx.sesi.catat_cuplikan(sesi, tgl_mulai, sekarang)
        rantai = _rantai(rujuk, sesi)
        pemilih = Pemilih(langkah, petugas, posting, kembali, ganda, sekarang)
        penyaring = Penyaring(sesi, rantai)
        # left open, a stream would hold up an error's rollback
        with closing(di_belakang(_bagian(langkah), nama="baca", dalam=4)) as dibaca:
            terpilih = pemilih.pilih(dibaca, per_baris=bool(lalu))
            tersaring = penyaring.saring(_dengan_riwayat(lalu, terpilih) if lalu else terpilih)
            with closing(di_belakang(tersaring, nama="saring", dalam=4)) as semua:
                jumlah = _tulis(tx, sesi, semua)
        keluar = pemilih.keluar
        if sesi.pola == BentukPola.LENGKAP and keluar.belum_siap:
            raise BelumSiap(
                f"{ribuan(keluar.belum_siap)} pelanggan {sesi.tempat} tidak (lagi) siap saat cuplikan diambil: "
                f"{daftar(keluar.contoh_belum)}. Lengkapi di ACMT lalu ulangi run ini."
            )
        sesi = tx.sesi.ke_tahap(sesi, TahapSesi.TERSARING)
        # the trail only from here on: until the commit its head keeps every other session waiting
        luar_sistem = tx.luar.catat_beda(sesi, posting.hingga(SEMUA))
        isi: dict[str, Any] = {
            "jumlah": jumlah,
            "sudah_posting": keluar.sudah,
            "belum_siap": keluar.belum_siap,
            "dikembalikan": keluar.dikembalikan,
            "diluar_sistem": luar_sistem,
            "tgl_mulai": sesi.tgl_mulai,
            "dicuplik_pada": sesi.dicuplik_pada,
        }
        tx.jejak.catat(JenisJejak.CUPLIKAN_DIAMBIL, isi, sesi_id=sesi.id)
        isi = {} if rantai is None else {"rantai": {"kepala": rantai.kepala}}
        isi |= {"hitung": dict(sorted(penyaring.kode.items())), "dibandingkan": penyaring.dibandingkan, **versi_kerja()}
        tx.jejak.catat(JenisJejak.DISARING, isi, sesi_id=sesi.id)
        tx.jalankan("jejak_ditahan", sesi_id=sesi.id)  # every row that is held back, by reason
    langkah.sesi = sesi
    lapor(
        f"Cuplikan: {ribuan(jumlah)} pelanggan belum disahkan; {ribuan(keluar.sudah)} sudah posting di AP2T"
        + (f"; {ribuan(keluar.belum_siap)} belum siap dan ditinggal untuk putaran berikut" if keluar.belum_siap else "")
        + (
            f"; {ribuan(keluar.dikembalikan)} pernah dikembalikan pengesah dan belum diperiksa ulang"
            if keluar.dikembalikan
            else ""
        )
        + (f"; {ribuan(luar_sistem)} berubah di AP2T di luar sistem ini" if luar_sistem else "")
        + ("" if tgl_mulai else "; kelompok ini tidak ada di kalender baca, jadi tanggal bacanya tidak dinilai")
        + "."
    )
    if penyaring.rusak:
        lapor(
            f"Ditahan karena isinya di ACMT tidak terbaca (pelanggan dan kolomnya): {daftar(penyaring.rusak, 20)}. "
            "Minta pengelola ACMT memperbaiki isi kolom itu, lalu verifikasi dan kirim ulang."
        )
    return jumlah


def _rantai(rujuk: Transaksi, sesi: Sesi) -> Rantai | None:
    """Return what was posted in earlier months, as the trail's last entry now knows it. None: nothing is compared."""
    if not sesi.mengikat_dasar:
        return None
    rujuk.jalankan("audit_transaksi")  # one state, whatever is posted meanwhile
    rujuk.jalankan("rujukan_sabar")
    return Rantai(rujuk, sesi, rujuk.jejak.kepala().nomor)


def _tulis(tx: Transaksi, sesi: Sesi, semua: Iterator[tuple[list[Terbaca] | TeksPolos, Tersaring]]) -> int:
    """Write rows and what the sieve says of them, many of each at a time, and return how many."""
    jumlah, tersaring = 0, list[Tersaring]()

    def sekali() -> Iterator[list[Terbaca] | TeksPolos]:
        for isi, satu in islice(semua, BAGIAN_SEKALI):
            tersaring.append(satu)
            yield isi

    while True:
        # who waits for ACMT or AP2T waits in this statement, which may take long
        jumlah += tx.cuplikan.tulis(sesi, sekali())
        if not tersaring:
            return jumlah
        tx.saringan.tulis(sesi, tersaring)
        tersaring.clear()


class Terposting:
    """Whom AP2T holds at posting 1 or 3, as its list comes in. It goes by idpel, as the readings do.

    :param halaman: the list's rows, many at a time.
    """

    def __init__(self, halaman: Iterator[list[BarisAp2t]]) -> None:
        self._halaman, self._sampai = halaman, ""
        self._semua: dict[str, DiAp2t] = {}

    def hingga(self, idpel: str) -> dict[str, DiAp2t]:
        """Return all of them up to a customer, and perhaps more."""
        while self._sampai < idpel and (halaman := next(self._halaman, None)):
            self._sampai = halaman[-1].idpel
            self._semua |= {baris.idpel: menurut_ap2t(baris) for baris in halaman if baris.kodeposting}
        return self._semua


def _daftar_ap2t(langkah: Langkah) -> Iterator[list[BarisAp2t]]:
    """Look at AP2T's counts of the kelompok, and return its list as a stream.

    It is fetched only where the counts, or our own record, speak of any: in a first round all stand at 0.

    :raises Ap2tMenolak: it does not know the kelompok.
    """
    ap2t, tempat = langkah.layanan.ap2t_baca(), langkah.sesi.tempat
    jumlah = ap2t.kelompok(*tempat).jumlah
    if not jumlah.posting_1 + jumlah.posting_3:
        with langkah.buku.transaksi() as tx:
            if not tx.luar.posisi(tempat):
                return iter(())
    return potongan(ap2t.daftar(*tempat), POTONG)


def menurut_ap2t(baris: BarisAp2t) -> DiAp2t:
    """Return what the ledger keeps of a row of AP2T's list."""
    return DiAp2t(baris.kodeposting, baris.no_pengesahan, baris.oleh, baris.waktu)


class Pemilih:
    """Says which of the kelompok's rows go into the snapshot, and counts who stays out.

    Raises ``AdaGanda`` where a number may stand more than once, and nobody was asked.

    :param petugas: the unit's people. :param posting: who is posted in AP2T.
    :param kembali: whom approvers sent back, with the stamps of then.
    :param ganda: who stands in ACMT more than once, and how often. None: nobody was asked.
    """

    def __init__(
        self,
        langkah: Langkah,
        petugas: PetugasUnit,
        posting: Terposting,
        kembali: Mapping[str, tuple[Any, ...] | None],
        ganda: Counter[str] | None,
        saat: datetime,
    ) -> None:
        self._langkah, self._posting, self._kembali, self._saat = langkah, posting, kembali, saat
        self._petugas = petugas
        self._ditanya, self._ganda = ganda is not None, ganda or Counter()
        self._kumpul: dict[str, list[Terbaca]] = {idpel: [] for idpel in self._ganda}
        self._terbaca, self._sebelumnya = 0, ""
        self.keluar = _Ditinggal()

    def pilih(self, bagian: Iterator[bytes | list[Terbaca]], *, per_baris: bool) -> Iterator[list[Terbaca] | TeksPolos]:
        """Stream the rows that go in, many at a time. Raises where rows come or go meanwhile.

        :param per_baris: whoever takes them has to see each.
        """
        for isi in bagian:
            if isinstance(isi, bytes) and not per_baris:
                yield from self._blok(Blok(isi, KOLOM_COPY, KOLOM_BLOK))
            else:
                terbaca = bacaan_dari(isi)
                self._urut([bacaan.idpel for bacaan, _ in terbaca])
                yield self._terpilih(terbaca)
        sumber, tempat, ganda = self._langkah.sumber, self._langkah.sesi.tempat, self._ganda
        sumber.pastikan_semua(tempat, self._terbaca)
        if ganda:
            contoh = daftar([f"{idpel} ({jumlah} baris)" for idpel, jumlah in sorted(ganda.items())], 20)
            self._langkah.lapor(
                f"PERHATIAN: {ribuan(len(ganda))} pelanggan ada lebih dari sekali di v_bacaan: {contoh}. Mereka "
                "ditahan sampai pengelola ACMT menghapus baris yang salah; yang lain jalan terus."
            )
        semua = [
            (gabung(list(map(lengkap, baris))), [satu for satu, _ in baris]) for baris in self._kumpul.values() if baris
        ]
        yield [(bacaan, None) for bacaan, baris in semua if self._masuk(bacaan, baris)]
        self._posting.hingga(SEMUA)  # what is left of AP2T's list comes while the rows are still being written

    def _blok(self, blok: Blok) -> Iterator[list[Terbaca] | TeksPolos]:
        """Take the rows that surely are ready together, and look at the others one by one."""
        siap = _siap(blok, self._petugas, self._saat)
        if khusus := self._ganda.keys() | self._kembali.keys():
            siap[blok.polos] &= np.array([idpel.strip(" ") not in khusus for idpel in blok.idpel()], bool)
        lain = bacaan_dari(blok.gabungan(~siap)) if not siap.all() else []
        idpel = np.empty(len(blok), object)
        idpel[siap] = np.array(blok.idpel(), object)[siap[blok.polos]]
        idpel[~siap] = [bacaan.idpel for bacaan, _ in lain]
        self._urut(idpel.tolist())
        if posting := self._posting.hingga(max(idpel.tolist())):
            sudah = siap & np.array([satu in posting for satu in idpel])
            self.keluar.sudah += int(sudah.sum())
            siap &= ~sudah
        if siap.any():
            yield TeksPolos(blok, siap)
        yield self._terpilih(lain)

    def _terpilih(self, bagian: list[Terbaca]) -> list[Terbaca]:
        if self._ganda:
            for terbaca in bagian:
                if (nomor := terbaca[0].idpel.strip(" ")) in self._ganda:
                    self._kumpul[nomor].append(terbaca)
            bagian = [terbaca for terbaca in bagian if terbaca[0].idpel.strip(" ") not in self._ganda]
        return [terbaca for terbaca in bagian if self._masuk(terbaca[0], [terbaca[0]])]

    def _urut(self, idpel: list[str]) -> None:
        """Count rows, and notice a number that stands twice, or comes with blanks in front."""
        for sebelum, ini in pairwise([self._sebelumnya, *idpel]):
            if ini != sebelum and ini[:1] != " ":
                continue
            if not self._ditanya:
                raise AdaGanda
            if ini == sebelum and ini.strip(" ") not in self._ganda:
                raise SumberBerubah(
                    f"Baris kedua pelanggan {ini} masuk ke v_bacaan selagi {self._langkah.sesi.tempat} dibaca."
                )
        self._sebelumnya = idpel[-1] if idpel else self._sebelumnya
        self._terbaca += len(idpel)
        if self._terbaca % 50_000 < len(idpel):
            self._langkah.lapor(f"Dibaca dari ACMT: {ribuan(self._terbaca)} baris ...")

    def _masuk(self, bacaan: Bacaan, baris: list[Bacaan]) -> bool:
        """Tell whether a customer goes in. ``baris``: the rows of ACMT, by far most often one."""
        keluar, kembali, petugas, saat = self.keluar, self._kembali, self._petugas, self._saat
        if bacaan.idpel in self._posting.hingga(bacaan.idpel):
            keluar.sudah += 1
        elif bacaan.idpel in kembali and not digarap_ulang(kembali[bacaan.idpel], stempel(bacaan)):
            keluar.dikembalikan += 1
        elif all(siap_penuh(satu, petugas, saat) for satu in baris):
            return True
        else:
            keluar.belum_siap += 1
            if len(keluar.contoh_belum) < CONTOH_BELUM:
                semua = (alasan_belum_siap(satu, tahap, petugas, saat) for satu in baris for tahap in Tahap)
                keluar.contoh_belum.append(f"{bacaan.idpel} ({next(filter(None, semua))})")
        return False


def pasti_siap(isi: bytes | list[Terbaca], petugas: PetugasUnit, saat: datetime) -> Mask:
    """Tell which rows of the source surely are ready. Of those that are no text nothing is told."""
    if not isinstance(isi, bytes):
        return np.zeros(len(isi), bool)
    return _siap(Blok(isi, KOLOM_COPY, KOLOM_SIAP), petugas, saat)


def _siap(blok: Blok, petugas: PetugasUnit, saat: datetime) -> Mask:
    siap = np.zeros(len(blok), bool)
    if blok.polos.any():
        siap[blok.polos] = siap_kolom(blok.kolom(), petugas, saat)
        siap &= np.diff(blok.akhir, prepend=0) <= TEKS_MAKS
    return siap


def _bagian(langkah: Langkah) -> Generator[bytes | list[Terbaca], None, None]:
    """Stream the kelompok's rows: at once, or range by range where earlier months are asked for in between.

    ACMT's statement would else be kept waiting for them, and has its time.
    """
    sumber, tempat, ketentuan = langkah.sumber, langkah.sesi.tempat, langkah.sesi.aturan.ketentuan
    batas = sumber.urutan(tempat, RIWAYAT_SEKALI) if ketentuan.riwayat else None
    if batas is None:
        yield from sumber.salin(tempat, potong=POTONG, pilihan=ketentuan.pilihan)
        return
    for dari, sampai in batas:
        yield from list(sumber.salin(tempat, dari=dari, sampai=sampai, pilihan=ketentuan.pilihan))


class _Lalu:
    """Where the earlier months of a kelompok come from: ``v_riwayat``, and the ledger for what that does not offer.

    No transaction of the ledger stays open while ACMT is asked.
    """

    def __init__(self, langkah: Langkah) -> None:
        self._langkah, self._sesi = langkah, langkah.sesi
        self.kolom = [kolom for kolom in self._sesi.aturan.ketentuan.riwayat if kolom in KOLOM_LALU]
        self.bersama: dict[str, tuple[str, str]] = {}
        self._lama: list[int] = []
        if not mengikat(self._sesi.versi_aturan, ATURAN_PRAKTIK):
            return
        with langkah.buku.transaksi() as tx:
            self._lama = tx.cuplikan.sesi_lalu(self._sesi, bulan_tambah(self._sesi.thblrek, -BULAN_RIWAYAT))
        if "foto_url" in self.kolom:
            try:
                self.bersama = langkah.sumber.foto_bersama(self._sesi.unitup, self._sesi.thblrek)
            except SumberTidakSesuai as galat:  # a column that the database cannot group by, as a CLOB
                langkah.lapor(f"PERHATIAN: foto yang dipakai dua pelanggan tidak dinilai. {galat}")

    def __bool__(self) -> bool:
        """Whether any earlier month may be known."""
        return bool(self.kolom or self._lama)

    def bulan(self, pelanggan: list[str]) -> dict[str, list[BulanLalu]]:
        """Return the earlier months of these customers."""
        semua = self._langkah.sumber.riwayat(pelanggan, self._sesi.thblrek, self.kolom)
        sendiri = [kolom for kolom in ("kwh", "cara_baca") if kolom not in self.kolom]
        kurang = pelanggan if sendiri else [nomor for nomor in pelanggan if nomor not in semua]
        if not self._lama or not kurang:
            return semua
        with self._langkah.buku.transaksi() as tx:
            buku = tx.cuplikan.riwayat(self._lama, kurang)
        for nomor, ada in buku.items():
            menurut_buku = {satu.thblrek: satu for satu in ada}
            for satu in semua.get(nomor, []):
                isi = menurut_buku.get(satu.thblrek)
                kita: dict[str, Any] = {kolom: getattr(isi, kolom, None) for kolom in sendiri}
                menurut_buku[satu.thblrek] = satu._replace(**kita)
            semua[nomor] = [*menurut_buku.values()]
        return semua


def _dengan_riwayat(lalu: _Lalu, terpilih: Iterator[list[Terbaca] | TeksPolos]) -> Iterator[list[Terbaca]]:
    """Add to each row what its customer's earlier months come to."""
    satu_satu = chain.from_iterable(isi for isi in terpilih if not isinstance(isi, TeksPolos))
    while potong := list(islice(satu_satu, RIWAYAT_SEKALI)):
        hasil: list[Terbaca] = []
        semua = lalu.bulan([bacaan.idpel for bacaan, _ in potong if idpel_sah(bacaan.idpel)])
        for bacaan, mentah in potong:
            bulan = semua.get(bacaan.idpel, [])
            dilihat = dengan_kolom((bacaan, mentah), KOLOM_KINI) if bulan or lalu.bersama else bacaan
            lain = next((satu for satu in lalu.bersama.get(dilihat.foto_url or "", ()) if satu != bacaan.idpel), None)
            riwayat = ringkas(dilihat, bulan, lalu.kolom, lain) if bulan or lain else None
            hasil.append(((dengan_riwayat(bacaan, riwayat) if riwayat else bacaan), mentah))
        yield hasil


BAGIAN_SEKALI = 10
"""Parts of a stream that are written in one statement."""
RIWAYAT_SEKALI = 3000
"""Customers whose earlier months are held in memory at once."""
CONTOH_BELUM = 20
"""Customers that are named where a kelompok is not ready."""


SEMUA = "z" * 12
"""Behind every idpel, which are digits."""


def beda_teks(lama: bytes, kini: BarisSumber) -> tuple[str, ...]:
    """Name the bound columns in which the source's row differs from the snapshot's COPY text."""
    if isinstance(kini, bytes) and kini + TANPA_CACAT == lama:  # the same text, so every value is: none is read
        return ()
    return berubah(bacaan_dari_teks(lama), lengkap(kini))


def sama_teks(lama: bytes, kini: list[bytes | list[Terbaca]]) -> bool:
    """Tell whether the source's rows of a range are the snapshot's, text for text. None of them is looked at alone."""
    teks = [isi for isi in kini if isinstance(isi, bytes)]
    return len(teks) == len(kini) and teks_buku(b"".join(teks)) == lama


def per_baris(teks: bytes) -> dict[str, bytes]:
    """Return each row of the snapshot's text by its customer."""
    return {nilai_pertama(baris): baris for baris in baris_teks(teks)}


def sejak_cuplikan(buku: Buku, sumber: SumberAcmt, sesi: Sesi, *, terposting: bool = False) -> dict[str, list[str]]:
    """Look at ACMT now and return what differs there since the snapshot: idpel to columns, or ``TIDAK_ADA_LAGI``.

    ACMT is streamed. The ledger is read beside it, one range of idpel a short transaction. Keys that are no customer's
    number are left out: such rows are held, and nobody can approve them.

    :param terposting: look only at customers who were posted.
    :raises SumberTidakTerjangkau: ACMT does not answer.
    """
    beda: dict[str, list[str]] = {}
    sesudah = ""
    # A COPY that is left open holds its connection's lock. Should the ledger fail meanwhile, and the error live on, the
    # pool would wait for that lock for ever, whenever the garbage is collected.
    with closing(sumber.salin(sesi.tempat, potong=POTONG, pilihan=sesi.aturan.ketentuan.pilihan)) as aliran:
        for isi in chain(aliran, [[]]):
            bagian = [satu for satu in per_idpel(isi) if idpel_sah(satu[0])]
            if isi and not bagian:
                continue
            akhir = bagian[-1][0] if bagian else SEMUA
            with buku.transaksi() as tx:
                teks = tx.cuplikan.teks(sesi, sesudah, akhir)
                if sesudah and teks.startswith(f"{sesudah}\t".encode()):  # looked at before
                    teks = teks[teks.index(b"\n") + 1 :]
                if sama_teks(teks, [isi]):
                    sesudah = akhir
                    continue
                lama = per_baris(tx.cuplikan.teks(sesi, sesudah, akhir, terposting=True) if terposting else teks)
            lama.pop(sesudah, None)
            sesudah = akhir
            for idpel, kini in bagian:
                satu = lama.pop(idpel, None)
                if satu is not None and (kolom := beda_teks(satu, kini)):
                    beda[idpel] = list(kolom)
            beda |= {idpel: [SebabBerubah.TIDAK_ADA_LAGI] for idpel in lama if idpel_sah(idpel)}
    return beda

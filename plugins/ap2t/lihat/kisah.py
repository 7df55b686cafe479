"""A customer's months in sentences: what was read, judged, approved, sent back, and by whom.

The page and ``ap2t status`` tell the same sentences. They hold names and numbers of one customer: never for a log.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, DecimalException
from itertools import groupby
from math import inf
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from ap2t.domain.angka import KONTEKS, kanonik
from ap2t.domain.harga import Harga, perkirakan
from ap2t.domain.kaidah.fakta import Fakta
from ap2t.domain.kaidah.kebiasaan import cara, ringkas
from ap2t.domain.kaidah.saring import saring_fakta
from ap2t.domain.kaidah.tahan import sebut
from ap2t.domain.kaidah.tanda import Dlpd, sebut_biasa
from ap2t.domain.kata import KATA_CARA, di_tengah, kata, kata_batal
from ap2t.domain.kode import Riwayat, SebabBatal
from ap2t.domain.model import TANPA_PILIHAN, Aturan, Bacaan, BulanLalu, CaraBaca, Kebiasaan, batasi
from ap2t.domain.teks import ribuan, satu_baris, waktu_unit
from ap2t.galat import SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.ledger.sesi import Sesi
from ap2t.lihat.fakta import CuplikanPelanggan, PeristiwaPelanggan
from ap2t.lihat.mengapa import mengapa
from ap2t.source.acmt import SumberAcmt


class KisahBulan(NamedTuple):
    """What is told of one month (YYYYMM): sentences, in the order in which it happened."""

    bulan: str
    kalimat: list[str]


class DariAcmt(NamedTuple):
    """What ACMT offers beside the contract. ``galat``: why it could not be read.

    ``kolom``: the columns of ``v_riwayat``; ``lalu``: the customer's rows of it.
    """

    kolom: Sequence[str] = ()
    lalu: Sequence[BulanLalu] = ()
    harga: Sequence[Harga] = ()
    galat: str | None = None


class Bahan(NamedTuple):
    """What there is to tell of a customer.

    ``sesi``, ``cuplikan``, ``riwayat``: sessions, the customer in their snapshots, and what happened in them, in order.
    ``bacaan``: readings as ACMT holds them now, the month that is looked at among them. ``zona``: the unit's (IANA).
    """

    bulan: str
    sesi: Sequence[Sesi]
    cuplikan: Sequence[CuplikanPelanggan]
    riwayat: Sequence[PeristiwaPelanggan]
    bacaan: Sequence[Bacaan]
    acmt: DariAcmt
    zona: str


def tanya_acmt(sumber: SumberAcmt | None, idpel: str, thblrek: str) -> DariAcmt:
    """Ask ACMT for a customer's months before one (YYYYMM), and for prices, once in some minutes.

    Where that fails, all that is known without is told. A page looks every few seconds, and a view that may be slow
    must not take the others' answers with it.
    """
    if sumber is None:
        return DariAcmt()
    ditanya = _DITANYA.setdefault(sumber.engine, {})
    kunci, kini = (idpel, thblrek), time.monotonic()
    sejak, isi = ditanya.get(kunci, (-inf, DariAcmt()))
    if kini - sejak <= UMUR:
        return isi
    try:
        kolom = sumber.kolom_riwayat
        isi = DariAcmt(kolom, sumber.riwayat([idpel], thblrek, kolom).get(idpel, []), sumber.harga())
    except (SumberTidakTerjangkau, SumberTidakSesuai) as galat:
        isi = DariAcmt(galat=str(galat))
    if len(ditanya) >= DITANYA_MAKS:
        ditanya.clear()
    ditanya[kunci] = kini, isi
    return isi


UMUR = 120.0
"""Seconds for which a customer's earlier months are not asked for again."""
DITANYA_MAKS = 500
"""Customers whose earlier months are held."""
_DITANYA: WeakKeyDictionary[Engine, dict[tuple[str, str], tuple[float, DariAcmt]]] = WeakKeyDictionary()


def ceritakan(bahan: Bahan) -> list[KisahBulan]:
    """Tell a customer's months, the newest first."""
    kini = {satu.thblrek: satu for satu in bahan.bacaan}
    lalu = {satu.thblrek: satu for satu in bahan.acmt.lalu}
    semua: list[KisahBulan] = []
    for bulan in sorted(
        {satu.thblrek for satu in bahan.sesi} | kini.keys() | lalu.keys() | {bahan.bulan}, reverse=True
    ):
        cuplikan = [satu for satu in bahan.cuplikan if satu.sesi.thblrek == bulan]
        kalimat = [*_dari_buku(bahan, bulan, cuplikan, kini.get(bulan))]
        if not any(satu.bacaan for satu in cuplikan):
            if bulan in kini:
                kalimat.insert(0, _bacaan(kini[bulan], bahan.zona))
            elif bulan in lalu:
                kalimat.insert(0, _bulan_lalu(lalu[bulan], bahan.zona))
        if bulan == bahan.bulan:
            kalimat += _kini(bahan, cuplikan, kini.get(bulan))
        if kalimat:
            semua.append(KisahBulan(bulan, [satu_baris(" ".join(satu.split())) for satu in kalimat]))
    return semua


def _dari_buku(bahan: Bahan, bulan: str, cuplikan: Sequence[CuplikanPelanggan], kini: Bacaan | None) -> Iterator[str]:
    """Tell what the ledger knows of a month, and how the reading changed between its rounds and since."""
    sesi = {satu.nomor: satu for satu in bahan.sesi if satu.thblrek == bulan}
    menurut_sesi = {satu.sesi.nomor: satu for satu in cuplikan}
    terakhir: CuplikanPelanggan | None = None
    di_sini = (peristiwa for peristiwa in bahan.riwayat if peristiwa.nomor in sesi)
    for nomor, semua in groupby(di_sini, key=lambda peristiwa: str(peristiwa.nomor)):
        ini = menurut_sesi.get(nomor)
        if ini is not None and ini.bacaan is not None and _beda(terakhir, ini.bacaan):
            yield _bacaan(ini.bacaan, bahan.zona, "Bacaannya berubah. " if terakhir else "")
            terakhir = ini
        elif ini is not None and ini.bacaan is None and ini.saringan is not None:
            yield f"Bacaannya sudah diarsipkan: {_pemakaian(ini.saringan.kwh, ini.saringan.jam_nyala)}."
        yield from _satu_sesi(sesi[nomor], ini, list(semua), bahan.zona)
    if terakhir is not None and kini is not None and _beda(terakhir, kini):
        yield _bacaan(kini, bahan.zona, "Kini berubah di ACMT. ")


# ------------------------------------------------------------------------------------------------------- the reading

_TERCERITA = (
    *("tgl_baca", "petugas_baca", "slalwbp", "sahlwbp", "slawbp", "sahwbp", "fkmkwh", "daya", "fkmkwh_lama"),
    *("lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang", "kode_baca", "kelainan"),
)


def _beda(lama: CuplikanPelanggan | None, baru: Bacaan) -> bool:
    """Tell whether a reading is another one than was told before, in columns that were read then."""
    if lama is None or lama.bacaan is None:
        return True
    dulu, kini = lama.bacaan, batasi(baru, lama.sesi.aturan.ketentuan.pilihan)
    satu, dua = ((isi.pilihan or TANPA_PILIHAN) for isi in (dulu, kini))
    return (satu.cara_baca, satu.jam_abonemen) != (dua.cara_baca, dua.jam_abonemen) or any(
        getattr(dulu, kolom) != getattr(kini, kolom) for kolom in _TERCERITA
    )


def _fakta(bacaan: Bacaan) -> Fakta:
    """Compute what a reading comes to. Its kWh and jam nyala are the same by every rule set."""
    return saring_fakta(bacaan, Aturan(), None)[1]


def _bacaan(bacaan: Bacaan, zona: str, awal: str = "") -> str:
    """Say how a reading stands: when and by whom it was read, its stans, and what they come to."""
    fakta = _fakta(bacaan)
    pakai = _pemakaian(fakta.hitungan.kwh, fakta.terhitung.jam_nyala)
    if fakta.pilihan.jam_abonemen is not None:
        return f"{awal}Tanpa meter, {sebut(fakta.pilihan.jam_abonemen)} jam menurut kontrak: {pakai}."
    if fakta.hitungan.belum:
        return f"{awal}Belum dibaca; stan lalu {sebut(bacaan.slalwbp)}."
    wbp = ""
    if bacaan.slawbp is not None or bacaan.sahwbp is not None:
        wbp = f", WBP {sebut(bacaan.slawbp)} ke {sebut(bacaan.sahwbp)}"
    siapa = _dibaca(fakta.pilihan.cara_baca, bacaan.tgl_baca, bacaan.petugas_baca, zona)
    stan = f"stan {sebut(bacaan.slalwbp)} ke {sebut(bacaan.sahlwbp)}{wbp}"
    return f"{awal}{siapa}: {stan}, {pakai}.{_catatan(bacaan.kelainan, bacaan.kode_baca)}"


def _dibaca(cara_baca: str | None, pada: datetime | None, oleh: str | None, zona: str) -> str:
    kerja = Riwayat.DIBACA.kata
    if cara(cara_baca, CaraBaca.TAKSIR):
        kerja = Dlpd.TAKSIR.kata
    elif cara(cara_baca, CaraBaca.AMR):
        kerja = "Terbaca lewat AMR"
    return f"{kerja}{f' {waktu_unit(pada, zona)}' if pada else ''}{f' oleh {oleh}' if oleh else ''}"


def _pemakaian(kwh: Decimal | None, jam_nyala: Decimal | None) -> str:
    if kwh is None:
        return "kWh tidak dapat dihitung"
    return f"{sebut(kwh)} kWh" + ("" if jam_nyala is None else f", jam nyala {sebut(jam_nyala)}")


def _catatan(kelainan: str | None, kode_baca: str | None) -> str:
    ada = [f"{nama} {isi}" for nama, isi in (("kelainan", kelainan), ("kode baca", kode_baca)) if isi]
    return f" Tercatat {', '.join(ada)}." if ada else ""


def _bulan_lalu(lalu: BulanLalu, zona: str) -> str:
    """Tell a month of which only ``v_riwayat`` knows. What it does not offer is left out."""
    ada = [
        f"{awal}{sebut(nilai)}{akhir}"
        for awal, nilai, akhir in (
            ("stan akhir ", lalu.sahlwbp, ""),
            ("WBP ", lalu.sahwbp, ""),
            ("", lalu.kwh, " kWh"),
            ("jam nyala ", lalu.jam_nyala, ""),
        )
        if nilai is not None
    ]
    siapa = _dibaca(lalu.cara_baca, lalu.tgl_baca, lalu.petugas_baca, zona)
    angka = f": {', '.join(ada)}" if ada else ""
    return f"{siapa} (menurut riwayat ACMT){angka}.{_catatan(lalu.kelainan, lalu.kode_baca)}"


# ------------------------------------------------------------------------------------------------------- one session

_SEMENTARA = frozenset({Riwayat.CUPLIKAN, Riwayat.GERBANG_DIBUKA, Riwayat.BATCH_DIKIRIM, Riwayat.BATCH_BATAL})
"""Told only where nothing came of it yet."""
_BELUM = frozenset({*_SEMENTARA, Riwayat.PEMBATALAN_DIPERIKSA, Riwayat.LOLOS, Riwayat.DISETUJUI})
"""After these something has still to come."""
_BERAKHIR = frozenset({Riwayat.SESI_KEDALUWARSA, Riwayat.SESI_DIAMBIL_ALIH})
"""Told only where something had still to come."""
_KELUAR = frozenset({Riwayat.TERTAHAN, Riwayat.DIKEMBALIKAN})
"""After these the session goes on without the customer."""


class _Peristiwa(NamedTuple):
    """One thing that happened, with what its sentence may need."""

    saat: str
    oleh: str
    ket: str
    sesi: Sesi
    cuplikan: CuplikanPelanggan | None

    @property
    def ronde(self) -> str:
        """Name the session as a round."""
        return f"Putaran {self.sesi.putaran} ({self.sesi.nomor})"

    @property
    def urusan(self) -> str:
        """Name what an answer was about."""
        return f"Pembatalan {self.sesi.nomor}" if self.sesi.pembatalan else "Pengesahannya"

    @property
    def kwh(self) -> str:
        """Say behind a sentence which kWh was sent."""
        saringan = self.cuplikan.saringan if self.cuplikan else None
        kwh = saringan and (saringan.kwh if saringan.kwh_kirim is None else saringan.kwh_kirim)
        return "" if kwh is None else f": {sebut(kwh)} kWh"

    @property
    def tak_dapat_batal(self) -> bool:
        """Whether a cancellation cannot mean the customer."""
        return self.ket in tuple(SebabBatal)

    def kata_orang(self, apa: str) -> str:
        """Say a person's words behind a sentence, where there are any."""
        return f" {apa}: {self.ket.rstrip('. ')}." if self.ket else ""


def _satu_sesi(
    sesi: Sesi, cuplikan: CuplikanPelanggan | None, semua: Sequence[PeristiwaPelanggan], zona: str
) -> Iterator[str]:
    """Tell what happened in one session. A step that led on to the next is left out."""
    isi = [
        (satu.apa, _Peristiwa(waktu_unit(satu.pada, zona), satu.oleh, satu.keterangan or "", sesi, cuplikan))
        for satu in semua
        if satu.apa in _KALIMAT
    ]
    keluar = any(apa in _KELUAR or ini.tak_dapat_batal for apa, ini in isi)
    sampai = [apa for apa, _ in isi if apa not in _BERAKHIR and apa != Riwayat.BACAAN_DIARSIPKAN]
    belum = not keluar and bool(sampai) and sampai[-1] in _BELUM
    for urut, (apa, ini) in enumerate(isi):
        if apa in _BERAKHIR and not belum:
            continue
        if apa in _SEMENTARA and (keluar or urut + 1 < len(sampai)):
            continue
        yield _KALIMAT[apa](ini)


def _disaring(ini: _Peristiwa) -> str:
    """Say what the sieve made of it, each rule with its numbers."""
    berlaku = mengapa(ini.cuplikan) if ini.cuplikan else []
    alasan, tanda = (
        "; ".join(f"{satu.kata} ({satu.rinci})" for satu in berlaku if isinstance(satu.kode, Dlpd) is dlpd)
        for dlpd in (False, True)
    )
    hasil = f"{ini.ronde} menahannya {ini.saat}: {alasan}." if alasan else f"{ini.ronde} meloloskannya {ini.saat}."
    return hasil + (f" Perlu dilihat: {tanda}." if tanda else "")


def _diperiksa(ini: _Peristiwa) -> str:
    if ini.tak_dapat_batal:
        return f"{ini.urusan} tidak dapat mengenainya {ini.saat}: {kata_batal(ini.ket)}."
    return f"{ini.urusan} diminta {ini.sesi.pemicu or '-'} {ini.saat}.{ini.kata_orang('Alasannya')}"


def _sebab(ini: _Peristiwa) -> str:
    """Say a refusal's code in words, the code itself, and what was said besides."""
    kode, _, pesan = ini.ket.partition(", ")
    arti = f"{di_tengah(kata(kode))} ({kode})" if kata(kode) != kode else kode or "tanpa sebab"
    return f"{arti}; {pesan.rstrip('. ')}" if pesan else arti


_KALIMAT: Mapping[str, Callable[[_Peristiwa], str]] = {
    Riwayat.CUPLIKAN: lambda ini: f"{ini.ronde} memuatnya sejak {ini.saat}; belum disaring.",
    Riwayat.PEMBATALAN_DIPERIKSA: _diperiksa,
    Riwayat.LOLOS: _disaring,
    Riwayat.TERTAHAN: _disaring,
    Riwayat.GERBANG_DIBUKA: lambda ini: f"{ini.urusan} menunggu jawaban sejak {ini.saat}; {ini.ket}.",
    Riwayat.DISETUJUI: lambda ini: f"{ini.urusan} disetujui {ini.oleh} {ini.saat}.{ini.kata_orang('Catatannya')}",
    Riwayat.DITOLAK_PENGESAH: lambda ini: f"{ini.urusan} ditolak {ini.oleh} {ini.saat}.{ini.kata_orang('Catatannya')}",
    Riwayat.DIKEMBALIKAN: lambda ini: f"Dikembalikan {ini.oleh} kepada vendor {ini.saat}.{ini.kata_orang('Alasannya')}",
    Riwayat.PENGEMBALIAN_SELESAI: lambda ini: (
        f"Verifikasinya dihapus di ACMT {ini.saat}: {KATA_CARA.get(ini.ket, ini.ket)}."
    ),
    Riwayat.PENGEMBALIAN_GAGAL: lambda ini: (
        f"Verifikasinya tidak dapat dihapus di ACMT {ini.saat}: {KATA_CARA.get(ini.ket, ini.ket)}."
    ),
    Riwayat.BATCH_DIKIRIM: lambda ini: f"Dikirim ke AP2T {ini.saat} atas nama {ini.oleh}; hasilnya belum diketahui.",
    Riwayat.BATCH_BATAL: lambda ini: f"Pengirimannya batal {ini.saat}.{ini.kata_orang('Sebabnya')}",
    Riwayat.POSTING: lambda ini: (
        f"Disahkan di AP2T (posting 1) {ini.saat} atas nama {ini.oleh}, nomor {ini.sesi.nomor}{ini.kwh}."
    ),
    Riwayat.SUDAH_POSTING: lambda ini: (
        f"AP2T sudah memuatnya sebagai disahkan (posting 1) dengan bacaan yang sama {ini.saat}{ini.kwh}."
    ),
    Riwayat.DITOLAK: lambda ini: f"AP2T menolaknya {ini.saat}: {_sebab(ini)}.",
    Riwayat.BERUBAH: lambda ini: f"Tidak dikirim ke AP2T {ini.saat}: {_sebab(ini)}.",
    Riwayat.BATAL: lambda ini: (
        f"Pengesahannya dibatalkan di AP2T {ini.saat} atas nama {ini.oleh}, nomor {ini.sesi.nomor}."
    ),
    Riwayat.BELUM_POSTING: lambda ini: f"Pihak lain sudah membatalkannya di AP2T; ditemukan {ini.saat}.",
    Riwayat.DILUAR_SISTEM_DIPOSTING: lambda ini: f"Disahkan pihak lain ({ini.oleh}); ditemukan {ini.saat}: {ini.ket}.",
    Riwayat.DILUAR_SISTEM_DIBATALKAN: lambda ini: (
        f"Dibatalkan pihak lain ({ini.oleh}); ditemukan {ini.saat}: {ini.ket}."
    ),
    Riwayat.SUPLAI_STAN: lambda ini: f"Suplai stan (posting 3) terlihat {ini.saat}; tidak dapat berubah lagi.",
    Riwayat.SESI_KEDALUWARSA: lambda ini: f"Sesi {ini.sesi.nomor} kedaluwarsa {ini.saat}.",
    Riwayat.SESI_DIAMBIL_ALIH: lambda ini: f"Sesi {ini.sesi.nomor} diambil alih {ini.saat}.",
    Riwayat.BACAAN_DIARSIPKAN: lambda ini: f"Bacaannya diarsipkan {ini.saat}.",
}
"""Each event's sentence. Of other events nothing is told."""


# -------------------------------------------------------------------------------------------------- the month as it is


def _kini(bahan: Bahan, cuplikan: Sequence[CuplikanPelanggan], kini: Bacaan | None) -> Iterator[str]:
    """Say of the month that is looked at what is usual, and what its energy costs by estimate."""
    tersimpan = next((satu.bacaan for satu in reversed(cuplikan) if satu.bacaan), None)
    bacaan = kini or tersimpan
    if bacaan is not None:
        biasa: Kebiasaan | None = tersimpan and (tersimpan.pilihan or TANPA_PILIHAN).riwayat
        biasa = biasa or ringkas(bacaan, bahan.acmt.lalu, bahan.acmt.kolom, None)
        if biasa is not None and biasa.median is not None:
            kalimat = sebut_biasa(biasa)
            yield f"{kalimat[:1].upper()}{kalimat[1:]}."
        yield from _rupiah(bacaan, bahan.acmt.harga)
    if bahan.acmt.galat is not None:
        yield f"Riwayat dan harga di ACMT tidak terbaca: {bahan.acmt.galat}"


def _rupiah(bacaan: Bacaan, semua: Sequence[Harga]) -> Iterator[str]:
    hitungan = _fakta(bacaan).hitungan
    kira = perkirakan(bacaan, hitungan, semua)
    if kira is None:
        return
    satuan = _uang(kira.harga.harga_lwbp)
    if len(hitungan.per_register) > 1:
        satuan = f"LWBP {satuan} dan WBP {_uang(kira.harga.harga_wbp)}"
    minimum = f"; dihitung minimum {sebut(kira.harga.jam_minimum)} jam nyala" if kira.minimum else ""
    yield (
        f"Perkiraan bagian energi: Rp {ribuan(kira.rupiah)} ({satuan} per kWh, berlaku "
        f"{kira.harga.berlaku_dari:%d-%m-%Y}{minimum}); hanya perkiraan, tidak dikirim ke mana pun."
    )


def _uang(nilai: Decimal) -> str:
    """Write a price to the sen, or to all its digits where it has more."""
    try:
        return ribuan(nilai.quantize(Decimal("0.01"), context=KONTEKS))
    except DecimalException:
        return ribuan(Decimal(kanonik(nilai)))

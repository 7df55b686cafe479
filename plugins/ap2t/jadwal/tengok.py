"""The schedule: one set-based look at everything that is due, in one process. Knows no Airflow.

What keeps each kelompok from being opened twice is the ledger's row for it and Airflow's own unique (dag_id, run_id),
not that only one look runs at a time: the row is written before the run is opened, and a run that is there already is
opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ap2t import setelan
from ap2t.domain import kalender
from ap2t.domain.kalender import Cacat, Kelompok, bulan_tambah, hari_setempat
from ap2t.domain.kesiapan import KesiapanKelompok, Tahap
from ap2t.domain.kontrak import unitup_sah
from ap2t.domain.model import Tempat
from ap2t.domain.teks import ZONA_PUSAT, daftar, ribuan, setempat
from ap2t.galat import AirflowMenolakRun, GalatPengesahan
from ap2t.jadwal import catatan as jadwal
from ap2t.jadwal.catatan import SIAP, TENGGAT, Angka, Catatan, Niat
from ap2t.ledger.buku import Transaksi
from ap2t.proses.kesiapan import hitung_acmt
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.source.acmt import HitungKesiapan

Pembuka = Callable[[str, str, Mapping[str, object]], bool]
"""Opens the run (dag_id, run_id, conf); False: it was there already. Raises where it is not surely there."""

AWALAN_RUN = "operator_triggered__jadwal"
"""Airflow reserves what stands before ``__`` for runs that a task opens: nobody can start a run of this name by hand,
and so keep the schedule from opening one (``DAG.create_dagrun`` refuses it)."""
MENUNGGU, KOSONG = "MENUNGGU", "KOSONG"
DICATAT_DI_MUKA = timedelta(days=2)
"""How long before its reading begins from which on a kelompok's dates are kept: two looks' worth of room before H-1."""


class Pengaturan(NamedTuple):
    """Settings of one look."""

    kelompok: tuple[str, ...]
    tenggat_jam: int
    mundur_hari: int
    sekali: int

    @classmethod
    def berlaku(cls) -> Pengaturan:
        """Return what the environment says."""
        return cls(
            setelan.kelompok(), setelan.jadwal_tenggat_jam(), setelan.jadwal_mundur_hari(), setelan.jadwal_sekali()
        )


class Putusan(NamedTuple):
    """What a look found of one kelompok that is due; ``keadaan``: SIAP, TENGGAT, MENUNGGU or KOSONG (no customers)."""

    catatan: Catatan
    angka: Angka
    keadaan: str
    kalimat: str


@dataclass
class Laporan:
    """What one look did. ``jatuh_tempo``: kelompok due and not open when it began; ``sisa``: left to the next look."""

    jatuh_tempo: int = 0
    dibuka: int = 0
    sisa: int = 0
    menunggu: int = 0
    lewat: int = 0
    orang: int = 0
    cacat: int = 0
    gagal: list[str] = field(default_factory=list)


@dataclass
class Rencana:
    """The calendar as it is now against what is known of it: rows to keep, faults."""

    awal: str
    baris: list[Catatan] = field(default_factory=list)
    cacat: list[tuple[str, Cacat]] = field(default_factory=list)
    hari: dict[str, date] = field(default_factory=dict)
    """Today, in each unit's zone."""
    kini: set[Tempat] = field(default_factory=set)
    """Kelompok that the calendar has with usable dates."""


def nama_run(kunci: Tempat) -> str:
    """Return the one run_id that the schedule gives a kelompok's month: no other unit or month has it in that DAG."""
    return f"{AWALAN_RUN}_{kunci.unitup}_{kunci.thblrek}_{kunci.hari_baca}"


# ------------------------------------------------------------------------------------------------------- the calendar


def susun(layanan: Layanan, atur: Pengaturan, sekarang: datetime, tahu: Sequence[Catatan]) -> Rencana:
    """Read every unit's calendar and judge it.

    :param tahu: what the ledger knows (:func:`diketahui`).
    """
    rencana = Rencana(bulan_awal(atur, sekarang))
    per_unit = layanan.sumber.kalender(rencana.awal)
    zona = layanan.sumber.zona_unit()
    lama: dict[str, dict[Tempat, Catatan]] = {}
    for catatan_jatuh in tahu:
        lama.setdefault(catatan_jatuh.unitup, {})[catatan_jatuh.tempat] = catatan_jatuh
    for unitup, baris in per_unit.items():
        z = zona.get(unitup)
        if z is None or not unitup_sah(unitup):
            rencana.cacat += [
                (unitup, kalender.zona_cacat(baris, unitup)) for baris in {max(baris.thblrek for baris in baris)}
            ]
            continue
        hari_ini = rencana.hari[unitup] = hari_setempat(sekarang, z)
        dinilai = kalender.nilai_kalender(baris, hari_ini, atur.kelompok)
        usai = {baris.thblrek for baris in baris} - kalender.bulan_hidup(dinilai.kelompok, hari_ini - _mundur(atur))
        usai &= {kelompok.thblrek for kelompok in dinilai.kelompok}
        rencana.cacat += [(unitup, cacat) for cacat in dinilai.cacat if cacat.thblrek not in usai]
        ada = {(baris.thblrek, baris.hari_baca) for baris in baris}
        _satu_unit(rencana, atur, unitup, z, dinilai.kelompok, lama.get(unitup, {}), ada)
    return rencana


def _satu_unit(
    rencana: Rencana,
    atur: Pengaturan,
    unitup: str,
    zona: str,
    kini: Sequence[Kelompok],
    lama: Mapping[Tempat, Catatan],
    ada: set[tuple[str, str]],
) -> None:
    hari_ini = rencana.hari[unitup]
    for kelompok in kini:
        kunci = Tempat(unitup, kelompok.thblrek, kelompok.hari_baca)
        rencana.kini.add(kunci)
        dulu = lama.get(kunci)
        if dulu is None:
            if hari_ini < kelompok.tgl_mulai - DICATAT_DI_MUKA or kelompok.jatuh_tempo < hari_ini - _mundur(atur):
                continue
            dasar = kelompok
        else:
            terlambat = kalender.terlambat_berubah(dulu.kalender, kelompok, hari_ini)
            dasar = kelompok if terlambat is None else dulu.kalender
            if terlambat is not None:
                rencana.cacat.append((unitup, terlambat))
        batas = kalender.tenggat(kelompok.jatuh_tempo, zona, atur.tenggat_jam)
        baru = Catatan(*kunci, dasar.tgl_mulai, dasar.jumlah_hari, kelompok.jatuh_tempo, batas)
        if dulu is None or (dulu.dibuka_pada is None and dulu[:7] != baru[:7]):
            rencana.baris.append(baru)
    for kunci, dulu in lama.items():
        hilang = kunci[1:] not in ada and dulu.dibuka_pada is None and dulu.jatuh_tempo >= hari_ini - _mundur(atur)
        if hilang and (cacat := kalender.terhapus(dulu.kalender, hari_ini)) is not None:
            rencana.cacat.append((unitup, cacat))


def diketahui(tx: Transaksi, atur: Pengaturan, sekarang: datetime) -> list[Catatan]:
    """Return what the ledger knows of whatever may be due, or was lately."""
    sejak = hari_setempat(sekarang, ZONA_PUSAT) - _mundur(atur) - timedelta(days=1)
    return jadwal.ambil(tx, bulan_awal(atur, sekarang), sejak)


def bulan_awal(atur: Pengaturan, sekarang: datetime) -> str:
    """Return the first month to read: what is due may be of the month it is read in, judged by the one before."""
    return bulan_tambah(f"{hari_setempat(sekarang, ZONA_PUSAT) - _mundur(atur):%Y%m}", -2)


def _mundur(atur: Pengaturan) -> timedelta:
    return timedelta(days=atur.mundur_hari)


def _jatuh_tempo(rencana: Rencana, atur: Pengaturan, catatan: Sequence[Catatan]) -> list[Catatan]:
    """Return what is due, within reach and not open, most urgent first: what was begun, then by day."""

    def jatuh(catatan_jatuh: Catatan) -> bool:
        hari_ini = rencana.hari.get(catatan_jatuh.unitup)
        if hari_ini is None or catatan_jatuh.dibuka_pada is not None:
            return False
        return catatan_jatuh.run_id is not None or (
            catatan_jatuh.tempat in rencana.kini and hari_ini - _mundur(atur) <= catatan_jatuh.jatuh_tempo <= hari_ini
        )

    return sorted(
        (catatan_jatuh for catatan_jatuh in catatan if jatuh(catatan_jatuh)),
        key=lambda catatan_jatuh: (
            catatan_jatuh.run_id is None,
            catatan_jatuh.jatuh_tempo,
            catatan_jatuh.unitup,
            catatan_jatuh.hari_baca,
        ),
    )


# ---------------------------------------------------------------------------------------------------------- readiness


def hitung(layanan: Layanan, jatuh: Sequence[Catatan]) -> dict[Tempat, HitungKesiapan]:
    """Count what is due in as few statements as there are kelompok codes and months among it."""
    per_kelompok: dict[tuple[str, str], list[str]] = {}
    for catatan_jatuh in jatuh:
        per_kelompok.setdefault((catatan_jatuh.thblrek, catatan_jatuh.hari_baca), []).append(catatan_jatuh.unitup)
    hasil: dict[Tempat, HitungKesiapan] = {}
    for (thblrek, kode), unit in per_kelompok.items():
        angka = layanan.sumber.hitung_kesiapan(thblrek, kode, unit)
        hasil |= {Tempat(unit, thblrek, kode): angka.get(unit, HitungKesiapan()) for unit in unit}
    return hasil


def mungkin_siap(hitung: HitungKesiapan, pola: str) -> bool:
    """Whether a kelompok can be ready at all: what the counts miss, no closer look will find."""
    return hitung.penuh > 0 if pola == "BERTAHAP" else 0 < hitung.pelanggan == hitung.penuh


def putuskan(
    layanan: Layanan, catatan_jatuh: Catatan, hitung: HitungKesiapan, pola: str, sekarang: datetime
) -> Putusan:
    """Decide about one kelompok; its rows are judged one by one only where it may be ready, or its time is up."""
    lewat = sekarang >= catatan_jatuh.tenggat
    angka = Angka(*hitung[:4])
    if not hitung.pelanggan:
        return Putusan(
            catatan_jatuh,
            angka,
            KOSONG,
            f"Belum ada pelanggan {catatan_jatuh.tempat} di ACMT (DPM belum dibuat).",
        )
    if not mungkin_siap(hitung, pola) and not (lewat and catatan_jatuh.lewat_sejak is None):
        return Putusan(catatan_jatuh, angka, TENGGAT if lewat else MENUNGGU, kekurangan(angka))
    try:
        kesiapan = hitung_acmt(layanan, *catatan_jatuh.tempat)
    except GalatPengesahan as galat:
        if not galat.permanen:  # ACMT is away: the look is done again
            raise
        return Putusan(catatan_jatuh, angka, TENGGAT if lewat else MENUNGGU, str(galat))
    angka = Angka(kesiapan.total, *(kesiapan.jumlah_siap(tahap) for tahap in Tahap))
    siap = kesiapan.siap_semua > 0 if pola == "BERTAHAP" else 0 < kesiapan.total == kesiapan.siap_semua
    if siap:
        return Putusan(
            catatan_jatuh, angka, SIAP, f"{ribuan(kesiapan.siap_semua)} dari {ribuan(kesiapan.total)} pelanggan siap."
        )
    return Putusan(catatan_jatuh, angka, TENGGAT if lewat else MENUNGGU, f"{kekurangan(angka)}{_sebab(kesiapan)}")


def kekurangan(angka: Angka) -> str:
    """Say how many are missing at each stage, in one sentence of counts."""
    belum = (("terisi", angka.terisi), ("terverifikasi", angka.terverifikasi), ("terkirim", angka.terkirim))
    kurang = [f"{ribuan(angka.pelanggan - nomor)} belum {apa}" for apa, nomor in belum if nomor < angka.pelanggan]
    if not kurang:
        return f"Semua {ribuan(angka.pelanggan)} pelanggan terisi, terverifikasi dan terkirim."
    return f"Dari {ribuan(angka.pelanggan)} pelanggan: {', '.join(kurang)}."


def _sebab(kesiapan: KesiapanKelompok) -> str:
    """Name why stamps that are there do not count: the bare counts would say that nothing is missing."""
    sebab = kesiapan.sebab[Tahap.TERVERIFIKASI] + kesiapan.sebab[Tahap.TERKIRIM]
    semua = [f"{alasan}: {ribuan(nomor)}" for alasan, nomor in sebab.most_common(5)]
    return f" Sebabnya: {'; '.join(semua)}." if semua else ""


# --------------------------------------------------------------------------------------------------------- one look


def tengok_jadwal(layanan: Layanan, buka: Pembuka, lapor: Lapor, atur: Pengaturan | None = None) -> Laporan:
    """Look once at everything, open what is ready or has come to its deadline, tell faults and what is late.

    :raises SumberTidakTerjangkau: ACMT does not answer; the next look catches up.
    :raises AirflowTidakMenjawab: Airflow does not answer; what was opened stays so.
    :raises AirflowMenolakRun: after all others were opened, naming those that Airflow refused.
    """
    atur, sekarang = atur or Pengaturan.berlaku(), layanan.sekarang()
    with layanan.buku.lihat() as tx:
        rencana = susun(layanan, atur, sekarang, diketahui(tx, atur, sekarang))

    def catat(tx: Transaksi) -> tuple[int, list[Catatan], dict[str, str], list[tuple[str, Cacat]]]:
        jadwal.catat(tx, rencana.baris)
        orang = jadwal.tandai_orang(tx, rencana.awal)
        jatuh = _jatuh_tempo(rencana, atur, diketahui(tx, atur, sekarang))
        pola = tx.konfigurasi.kesiapan_unit({catatan_jatuh_ini.unitup for catatan_jatuh_ini in jatuh})
        return orang, jatuh, pola, jadwal.catat_cacat(tx, rencana.cacat)

    orang, jatuh, pola, baru = layanan.buku.ulang(catat)
    laporan = Laporan(orang=orang, cacat=len(baru))
    for unitup, cacat in baru:
        lapor(f"CACAT KALENDER unit {unitup} bulan {cacat.thblrek}: {cacat.kalimat}")
    laporan.jatuh_tempo = len(jatuh)
    terhitung = hitung(layanan, jatuh)
    angka = [(kunci, Angka(*hitung[:4])) for kunci, hitung in terhitung.items()]
    layanan.buku.ulang(lambda tx: jadwal.catat_tengok(tx, angka, sekarang))
    for catatan_jatuh in jatuh:
        _satu(
            layanan,
            catatan_jatuh,
            terhitung[catatan_jatuh.tempat],
            pola[catatan_jatuh.unitup],
            sekarang,
            buka,
            laporan,
            lapor,
            atur.sekali,
        )
    _tutup(laporan, lapor, atur)
    return laporan


def _satu(
    layanan: Layanan,
    catatan_jatuh: Catatan,
    hitung: HitungKesiapan,
    pola: str,
    sekarang: datetime,
    buka: Pembuka,
    laporan: Laporan,
    lapor: Lapor,
    sekali: int,
) -> None:
    """Do what one kelompok needs; one that Airflow refuses is named and keeps no other from being opened."""
    layak = (
        catatan_jatuh.run_id is not None
        or mungkin_siap(hitung, pola)
        or (sekarang >= catatan_jatuh.tenggat and hitung.pelanggan > 0)
    )
    if layak and laporan.dibuka >= sekali:
        laporan.sisa += 1
        return
    if catatan_jatuh.run_id is None:
        putusan = putuskan(layanan, catatan_jatuh, hitung, pola, sekarang)
        if putusan.keadaan != SIAP and sekarang >= catatan_jatuh.tenggat and _beri_tahu(layanan, putusan, lapor):
            laporan.lewat += 1
        if putusan.keadaan not in (SIAP, TENGGAT):
            laporan.menunggu += 1
            return
        niat = Niat(_dag(catatan_jatuh), nama_run(catatan_jatuh.tempat), putusan.keadaan)
        kalimat = putusan.kalimat
    else:
        niat, kalimat = (
            Niat(catatan_jatuh.dag_id or _dag(catatan_jatuh), catatan_jatuh.run_id, catatan_jatuh.sebab or SIAP),
            "dilanjutkan dari tengokan yang terputus.",
        )
    try:
        if _buka(layanan, catatan_jatuh.tempat, niat, buka):
            laporan.dibuka += 1
            lapor(
                f"DIBUKA ({niat.sebab}) {catatan_jatuh.tempat}, jatuh tempo {catatan_jatuh.jatuh_tempo:%d-%m-%Y}: {kalimat}"
            )
    except AirflowMenolakRun as galat:
        laporan.gagal.append(str(catatan_jatuh.tempat))
        lapor(f"TIDAK DAPAT DIBUKA {catatan_jatuh.tempat}: {galat}")


def _dag(catatan_jatuh: Catatan) -> str:
    return f"pengesahan_hari_baca_{catatan_jatuh.hari_baca.lower()}"


def _buka(layanan: Layanan, kunci: Tempat, niat: Niat, buka: Pembuka) -> bool:
    """Write down what is meant, open it, write down that it is there; the next look mends what crashed between."""
    tetap = layanan.buku.ulang(lambda tx: jadwal.niatkan(tx, kunci, niat))
    if tetap is None:  # somebody was quicker, or cancels there now
        return False
    buka(tetap.dag_id, tetap.run_id, {"unitup": kunci.unitup, "thblrek": kunci.thblrek, "tunggu_kesiapan": True})
    return layanan.buku.ulang(lambda tx: jadwal.catat_dibuka(tx, kunci, tetap))


def _beri_tahu(layanan: Layanan, putusan: Putusan, lapor: Lapor) -> bool:
    """Tell once, at the deadline, what is missing."""
    catatan_jatuh = putusan.catatan
    if catatan_jatuh.lewat_sejak is not None:
        return False
    isi = {
        "jatuh_tempo": catatan_jatuh.jatuh_tempo,
        "tenggat": catatan_jatuh.tenggat,
        "angka": putusan.angka._asdict(),
        "kalimat": f"Unit {catatan_jatuh.unitup}, bulan {catatan_jatuh.thblrek}, kelompok {catatan_jatuh.hari_baca} belum lengkap sampai tenggat. "
        f"{putusan.kalimat}",
    }
    baru = layanan.buku.ulang(lambda tx: jadwal.catat_lewat(tx, catatan_jatuh.tempat, isi))
    if baru:
        lapor(f"LEWAT TENGGAT {catatan_jatuh.tempat}: {putusan.kalimat}")
    return baru


def _tutup(laporan: Laporan, lapor: Lapor, atur: Pengaturan) -> None:
    lapor(
        f"{ribuan(laporan.jatuh_tempo)} kelompok jatuh tempo belum dibuka: {ribuan(laporan.dibuka)} dibuka, "
        f"{ribuan(laporan.menunggu)} belum lengkap, {ribuan(laporan.lewat)} baru lewat tenggat; "
        f"{ribuan(laporan.orang)} sudah dimulai orang; {ribuan(laporan.cacat)} cacat kalender baru."
    )
    if laporan.sisa:
        lapor(
            f"Paling banyak {ribuan(atur.sekali)} run dibuka sekali tengok (AP2T_JADWAL_SEKALI): "
            f"{ribuan(laporan.sisa)} lagi ditengok pada tengokan berikutnya."
        )
    if laporan.gagal:
        raise AirflowMenolakRun(
            f"{ribuan(len(laporan.gagal))} kelompok tidak dapat dibuka: {daftar(laporan.gagal, 5)}; sebabnya di atas. "
            "Yang lain sudah dibuka; tengokan berikutnya mencoba lagi."
        )


def uji_coba(layanan: Layanan, atur: Pengaturan | None = None) -> tuple[list[Putusan], list[tuple[str, Cacat]]]:
    """Look as :func:`tengok_jadwal` would, and change nothing: what would become of all that is due; every fault."""
    atur, sekarang = atur or Pengaturan.berlaku(), layanan.sekarang()
    with layanan.buku.lihat() as tx:
        tahu = {catatan_jatuh_ini.tempat: catatan_jatuh_ini for catatan_jatuh_ini in diketahui(tx, atur, sekarang)}
        rencana = susun(layanan, atur, sekarang, list(tahu.values()))
        bersesi = jadwal.bersesi(tx, rencana.awal)
        for catatan_jatuh in rencana.baris:
            tahu[catatan_jatuh.tempat] = Catatan._make(
                (*catatan_jatuh[:7], *(tahu.get(catatan_jatuh.tempat) or catatan_jatuh)[7:])
            )
        jatuh = [
            catatan_jatuh_ini
            for catatan_jatuh_ini in _jatuh_tempo(rencana, atur, list(tahu.values()))
            if catatan_jatuh_ini.tempat not in bersesi
        ]
        pola = tx.konfigurasi.kesiapan_unit({catatan_jatuh_ini.unitup for catatan_jatuh_ini in jatuh})
    terhitung = hitung(layanan, jatuh)
    putusan = [
        putuskan(
            layanan, catatan_jatuh_ini, terhitung[catatan_jatuh_ini.tempat], pola[catatan_jatuh_ini.unitup], sekarang
        )
        for catatan_jatuh_ini in jatuh
    ]
    return putusan, rencana.cacat


def baris_uji(putusan: Sequence[Putusan], sekali: int) -> Iterator[str]:
    """Say what a look would do, one kelompok a line."""
    dibuka = 0
    for putusan_ini in putusan:
        catatan_jatuh = putusan_ini.catatan
        buka = putusan_ini.keadaan in (SIAP, TENGGAT)
        dibuka += buka
        apa = "AKAN DIBUKA" if buka and dibuka <= sekali else "DIBUKA KEMUDIAN" if buka else "DITUNGGU"
        yield (
            f"{apa} ({putusan_ini.keadaan}) {catatan_jatuh.tempat}, jatuh tempo {catatan_jatuh.jatuh_tempo:%d-%m-%Y}, tenggat "
            f"{setempat(catatan_jatuh.tenggat)}: {putusan_ini.kalimat}"
        )

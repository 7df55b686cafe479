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
from ap2t.domain.teks import ZONA_PUSAT, daftar, ribuan, setempat
from ap2t.galat import AirflowMenolakRun, GalatPengesahan
from ap2t.jadwal import catatan as jadwal
from ap2t.jadwal.catatan import SIAP, TENGGAT, Angka, Catatan, Kunci, Niat
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
    kini: set[Kunci] = field(default_factory=set)
    """Kelompok that the calendar has with usable dates."""


def nama_run(k: Kunci) -> str:
    """Return the one run_id that the schedule gives a kelompok's month: no other unit or month has it in that DAG."""
    return f"{AWALAN_RUN}_{k.unitup}_{k.thblrek}_{k.hari_baca}"


# ------------------------------------------------------------------------------------------------------- the calendar


def susun(layanan: Layanan, atur: Pengaturan, sekarang: datetime, tahu: Sequence[Catatan]) -> Rencana:
    """Read every unit's calendar and judge it.

    :param tahu: what the ledger knows (:func:`diketahui`).
    """
    r = Rencana(bulan_awal(atur, sekarang))
    per_unit = layanan.sumber.kalender(r.awal)
    zona = layanan.sumber.zona_unit()
    lama: dict[str, dict[Kunci, Catatan]] = {}
    for c in tahu:
        lama.setdefault(c.unitup, {})[c.kunci] = c
    for unitup, baris in per_unit.items():
        z = zona.get(unitup)
        if z is None or not unitup_sah(unitup):
            r.cacat += [(unitup, kalender.zona_cacat(b, unitup)) for b in {max(b.thblrek for b in baris)}]
            continue
        hari_ini = r.hari[unitup] = hari_setempat(sekarang, z)
        dinilai = kalender.nilai(baris, hari_ini, atur.kelompok)
        usai = {b.thblrek for b in baris} - kalender.bulan_hidup(dinilai.kelompok, hari_ini - _mundur(atur))
        usai &= {k.thblrek for k in dinilai.kelompok}
        r.cacat += [(unitup, c) for c in dinilai.cacat if c.thblrek not in usai]
        ada = {(b.thblrek, b.hari_baca) for b in baris}
        _satu_unit(r, atur, unitup, z, dinilai.kelompok, lama.get(unitup, {}), ada)
    return r


def _satu_unit(
    r: Rencana,
    atur: Pengaturan,
    unitup: str,
    zona: str,
    kini: Sequence[Kelompok],
    lama: Mapping[Kunci, Catatan],
    ada: set[tuple[str, str]],
) -> None:
    hari_ini = r.hari[unitup]
    for k in kini:
        kunci = Kunci(unitup, k.thblrek, k.hari_baca)
        r.kini.add(kunci)
        dulu = lama.get(kunci)
        if dulu is None:
            if hari_ini < k.tgl_mulai - DICATAT_DI_MUKA or k.jatuh_tempo < hari_ini - _mundur(atur):
                continue
            dasar = k
        else:
            terlambat = kalender.terlambat_berubah(dulu.kalender, k, hari_ini)
            dasar = k if terlambat is None else dulu.kalender
            if terlambat is not None:
                r.cacat.append((unitup, terlambat))
        batas = kalender.tenggat(k.jatuh_tempo, zona, atur.tenggat_jam)
        baru = Catatan(*kunci, dasar.tgl_mulai, dasar.jumlah_hari, k.jatuh_tempo, batas)
        if dulu is None or (dulu.dibuka_pada is None and dulu[:7] != baru[:7]):
            r.baris.append(baru)
    for kunci, dulu in lama.items():
        hilang = kunci[1:] not in ada and dulu.dibuka_pada is None and dulu.jatuh_tempo >= hari_ini - _mundur(atur)
        if hilang and (c := kalender.terhapus(dulu.kalender, hari_ini)) is not None:
            r.cacat.append((unitup, c))


def diketahui(tx: Transaksi, atur: Pengaturan, sekarang: datetime) -> list[Catatan]:
    """Return what the ledger knows of whatever may be due, or was lately."""
    sejak = hari_setempat(sekarang, ZONA_PUSAT) - _mundur(atur) - timedelta(days=1)
    return jadwal.ambil(tx, bulan_awal(atur, sekarang), sejak)


def bulan_awal(atur: Pengaturan, sekarang: datetime) -> str:
    """Return the first month to read: what is due may be of the month it is read in, judged by the one before."""
    return bulan_tambah(f"{hari_setempat(sekarang, ZONA_PUSAT) - _mundur(atur):%Y%m}", -2)


def _mundur(atur: Pengaturan) -> timedelta:
    return timedelta(days=atur.mundur_hari)


def _jatuh_tempo(r: Rencana, atur: Pengaturan, catatan: Sequence[Catatan]) -> list[Catatan]:
    """Return what is due, within reach and not open, most urgent first: what was begun, then by day."""

    def jatuh(c: Catatan) -> bool:
        hari_ini = r.hari.get(c.unitup)
        if hari_ini is None or c.dibuka_pada is not None:
            return False
        return c.run_id is not None or (c.kunci in r.kini and hari_ini - _mundur(atur) <= c.jatuh_tempo <= hari_ini)

    return sorted(
        (c for c in catatan if jatuh(c)), key=lambda c: (c.run_id is None, c.jatuh_tempo, c.unitup, c.hari_baca)
    )


# ---------------------------------------------------------------------------------------------------------- readiness


def hitung(layanan: Layanan, jatuh: Sequence[Catatan]) -> dict[Kunci, HitungKesiapan]:
    """Count what is due in as few statements as there are kelompok codes and months among it."""
    per_kelompok: dict[tuple[str, str], list[str]] = {}
    for c in jatuh:
        per_kelompok.setdefault((c.thblrek, c.hari_baca), []).append(c.unitup)
    hasil: dict[Kunci, HitungKesiapan] = {}
    for (thblrek, kode), unit in per_kelompok.items():
        angka = layanan.sumber.hitung_kesiapan(thblrek, kode, unit)
        hasil |= {Kunci(u, thblrek, kode): angka.get(u, HitungKesiapan()) for u in unit}
    return hasil


def mungkin_siap(h: HitungKesiapan, pola: str) -> bool:
    """Whether a kelompok can be ready at all: what the counts miss, no closer look will find."""
    return h.penuh > 0 if pola == "BERTAHAP" else 0 < h.pelanggan == h.penuh


def putuskan(layanan: Layanan, c: Catatan, h: HitungKesiapan, pola: str, sekarang: datetime) -> Putusan:
    """Decide about one kelompok; its rows are judged one by one only where it may be ready, or its time is up."""
    lewat = sekarang >= c.tenggat
    angka = Angka(*h[:4])
    if not h.pelanggan:
        return Putusan(c, angka, KOSONG, f"Belum ada pelanggan {c.kunci.tempat} di ACMT (DPM belum dibuat).")
    if not mungkin_siap(h, pola) and not (lewat and c.lewat_sejak is None):
        return Putusan(c, angka, TENGGAT if lewat else MENUNGGU, kekurangan(angka))
    try:
        k = hitung_acmt(layanan, *c.kunci)
    except GalatPengesahan as e:
        if not e.permanen:  # ACMT is away: the look is done again
            raise
        return Putusan(c, angka, TENGGAT if lewat else MENUNGGU, str(e))
    angka = Angka(k.total, *(k.jumlah_siap(t) for t in Tahap))
    siap = k.siap_semua > 0 if pola == "BERTAHAP" else 0 < k.total == k.siap_semua
    if siap:
        return Putusan(c, angka, SIAP, f"{ribuan(k.siap_semua)} dari {ribuan(k.total)} pelanggan siap.")
    return Putusan(c, angka, TENGGAT if lewat else MENUNGGU, f"{kekurangan(angka)}{_sebab(k)}")


def kekurangan(a: Angka) -> str:
    """Say how many are missing at each stage, in one sentence of counts."""
    belum = (("terisi", a.terisi), ("terverifikasi", a.terverifikasi), ("terkirim", a.terkirim))
    kurang = [f"{ribuan(a.pelanggan - n)} belum {apa}" for apa, n in belum if n < a.pelanggan]
    if not kurang:
        return f"Semua {ribuan(a.pelanggan)} pelanggan terisi, terverifikasi dan terkirim."
    return f"Dari {ribuan(a.pelanggan)} pelanggan: {', '.join(kurang)}."


def _sebab(k: KesiapanKelompok) -> str:
    """Name why stamps that are there do not count: the bare counts would say that nothing is missing."""
    sebab = k.sebab[Tahap.TERVERIFIKASI] + k.sebab[Tahap.TERKIRIM]
    semua = [f"{alasan}: {ribuan(n)}" for alasan, n in sebab.most_common(5)]
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
        r = susun(layanan, atur, sekarang, diketahui(tx, atur, sekarang))

    def catat(tx: Transaksi) -> tuple[int, list[Catatan], dict[str, str], list[tuple[str, Cacat]]]:
        jadwal.catat(tx, r.baris)
        orang = jadwal.tandai_orang(tx, r.awal)
        jatuh = _jatuh_tempo(r, atur, diketahui(tx, atur, sekarang))
        pola = tx.konfigurasi.kesiapan_unit({c.unitup for c in jatuh})
        return orang, jatuh, pola, jadwal.catat_cacat(tx, r.cacat)

    orang, jatuh, pola, baru = layanan.buku.ulang(catat)
    laporan = Laporan(orang=orang, cacat=len(baru))
    for unitup, cacat in baru:
        lapor(f"CACAT KALENDER unit {unitup} bulan {cacat.thblrek}: {cacat.kalimat}")
    laporan.jatuh_tempo = len(jatuh)
    terhitung = hitung(layanan, jatuh)
    angka = [(k, Angka(*h[:4])) for k, h in terhitung.items()]
    layanan.buku.ulang(lambda tx: jadwal.catat_tengok(tx, angka, sekarang))
    for c in jatuh:
        _satu(layanan, c, terhitung[c.kunci], pola[c.unitup], sekarang, buka, laporan, lapor, atur.sekali)
    _tutup(laporan, lapor, atur)
    return laporan


def _satu(
    layanan: Layanan,
    c: Catatan,
    h: HitungKesiapan,
    pola: str,
    sekarang: datetime,
    buka: Pembuka,
    laporan: Laporan,
    lapor: Lapor,
    sekali: int,
) -> None:
    """Do what one kelompok needs; one that Airflow refuses is named and keeps no other from being opened."""
    layak = c.run_id is not None or mungkin_siap(h, pola) or (sekarang >= c.tenggat and h.pelanggan > 0)
    if layak and laporan.dibuka >= sekali:
        laporan.sisa += 1
        return
    if c.run_id is None:
        p = putuskan(layanan, c, h, pola, sekarang)
        if p.keadaan != SIAP and sekarang >= c.tenggat and _beri_tahu(layanan, p, lapor):
            laporan.lewat += 1
        if p.keadaan not in (SIAP, TENGGAT):
            laporan.menunggu += 1
            return
        niat = Niat(_dag(c), nama_run(c.kunci), p.keadaan)
        kalimat = p.kalimat
    else:
        niat, kalimat = Niat(c.dag_id or _dag(c), c.run_id, c.sebab or SIAP), "dilanjutkan dari tengokan yang terputus."
    try:
        if _buka(layanan, c.kunci, niat, buka):
            laporan.dibuka += 1
            lapor(f"DIBUKA ({niat.sebab}) {c.kunci.tempat}, jatuh tempo {c.jatuh_tempo:%d-%m-%Y}: {kalimat}")
    except AirflowMenolakRun as e:
        laporan.gagal.append(c.kunci.tempat)
        lapor(f"TIDAK DAPAT DIBUKA {c.kunci.tempat}: {e}")


def _dag(c: Catatan) -> str:
    return f"pengesahan_hari_baca_{c.hari_baca.lower()}"


def _buka(layanan: Layanan, k: Kunci, niat: Niat, buka: Pembuka) -> bool:
    """Write down what is meant, open it, write down that it is there; the next look mends what crashed between."""
    tetap = layanan.buku.ulang(lambda tx: jadwal.niatkan(tx, k, niat))
    if tetap is None:  # somebody was quicker, or cancels there now
        return False
    buka(tetap.dag_id, tetap.run_id, {"unitup": k.unitup, "thblrek": k.thblrek, "tunggu_kesiapan": True})
    return layanan.buku.ulang(lambda tx: jadwal.catat_dibuka(tx, k, tetap))


def _beri_tahu(layanan: Layanan, p: Putusan, lapor: Lapor) -> bool:
    """Tell once, at the deadline, what is missing."""
    c = p.catatan
    if c.lewat_sejak is not None:
        return False
    isi = {
        "jatuh_tempo": c.jatuh_tempo,
        "tenggat": c.tenggat,
        "angka": p.angka._asdict(),
        "kalimat": f"Unit {c.unitup}, bulan {c.thblrek}, kelompok {c.hari_baca} belum lengkap sampai tenggat. "
        f"{p.kalimat}",
    }
    baru = layanan.buku.ulang(lambda tx: jadwal.catat_lewat(tx, c.kunci, isi))
    if baru:
        lapor(f"LEWAT TENGGAT {c.kunci.tempat}: {p.kalimat}")
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
        tahu = {c.kunci: c for c in diketahui(tx, atur, sekarang)}
        r = susun(layanan, atur, sekarang, list(tahu.values()))
        bersesi = jadwal.bersesi(tx, r.awal)
        for c in r.baris:
            tahu[c.kunci] = Catatan._make((*c[:7], *(tahu.get(c.kunci) or c)[7:]))
        jatuh = [c for c in _jatuh_tempo(r, atur, list(tahu.values())) if c.kunci not in bersesi]
        pola = tx.konfigurasi.kesiapan_unit({c.unitup for c in jatuh})
    terhitung = hitung(layanan, jatuh)
    putusan = [putuskan(layanan, c, terhitung[c.kunci], pola[c.unitup], sekarang) for c in jatuh]
    return putusan, r.cacat


def baris_uji(putusan: Sequence[Putusan], sekali: int) -> Iterator[str]:
    """Say what a look would do, one kelompok a line."""
    dibuka = 0
    for p in putusan:
        c = p.catatan
        buka = p.keadaan in (SIAP, TENGGAT)
        dibuka += buka
        apa = "AKAN DIBUKA" if buka and dibuka <= sekali else "DIBUKA KEMUDIAN" if buka else "DITUNGGU"
        yield (
            f"{apa} ({p.keadaan}) {c.kunci.tempat}, jatuh tempo {c.jatuh_tempo:%d-%m-%Y}, tenggat "
            f"{setempat(c.tenggat)}: {p.kalimat}"
        )

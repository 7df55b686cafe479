"""The schedule: one set-based look at everything that is due, in one process. Knows no Airflow.

What keeps a kelompok from being opened twice is the ledger's row for it and Airflow's unique (dag_id, run_id). That
only one look runs at a time is not relied on: the row is written before the run is opened, and a run that is there
already counts as opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ap2t import jam, setelan
from ap2t.domain import kalender
from ap2t.domain.kalender import Cacat, Kelompok, bulan_tambah, hari_setempat
from ap2t.domain.kode import BentukPola, SebabJadwal, Tahap
from ap2t.domain.kontrak import unitup_sah
from ap2t.domain.model import Tempat
from ap2t.domain.teks import ZONA_PUSAT, daftar, ribuan, setempat
from ap2t.galat import AirflowMenolakRun, GalatPengesahan
from ap2t.jadwal import catatan
from ap2t.jadwal.catatan import AngkaKesiapan, JatuhTempo, Niat
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.mesin import ke_json
from ap2t.proses.kesiapan import hitung_acmt
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.source.acmt import HitungKesiapan

Pembuka = Callable[[str, str, Mapping[str, object]], bool]
"""Opens the run (dag_id, run_id, conf); False: it was there already. Raises where it is not surely there."""

AWALAN_RUN = "operator_triggered__jadwal"
"""Airflow reserves what stands before ``__`` for runs that a task opens: nobody can start a run of this name by hand,
and so keep the schedule from opening one (``DAG.create_dagrun`` refuses it)."""
SIAP, TENGGAT, MENUNGGU, KOSONG = SebabJadwal.SIAP, SebabJadwal.TENGGAT, "MENUNGGU", "KOSONG"
"""What a look finds of a kelompok; the first two are reasons to open it."""
DICATAT_DI_MUKA = timedelta(days=2)
"""How long before its reading begins a kelompok's dates are stored: so that at least one look happens before H-1."""


class Pengaturan(NamedTuple):
    """Settings of one look."""

    kelompok: tuple[str, ...]
    tenggat_jam: int
    mundur_hari: int
    sekali: int

    @classmethod
    def berlaku(cls) -> Pengaturan:
        """Return what the environment says."""
        hari, sekali = setelan.jadwal_mundur_hari(), setelan.jadwal_sekali()
        return cls(setelan.kelompok(), setelan.jadwal_tenggat_jam(), hari, sekali)

    def sejak(self, hari_ini: date) -> date:
        """Return the first due day that is still within reach."""
        return hari_ini - timedelta(days=self.mundur_hari)

    def bulan_awal(self, sekarang: datetime) -> str:
        """Return the first month to read: what is due may be of the month it is read in, judged by the one before."""
        return bulan_tambah(f"{self.sejak(hari_setempat(sekarang, ZONA_PUSAT)):%Y%m}", -2)


class Putusan(NamedTuple):
    """What a look found of one kelompok that is due. ``keadaan``: SIAP, TENGGAT, MENUNGGU or KOSONG (no customers)."""

    jatuh: JatuhTempo
    angka: AngkaKesiapan
    keadaan: str
    kalimat: str


@dataclass
class Laporan:
    """What one look did. ``jatuh_tempo``: kelompok due and not open when it began. ``sisa``: left to the next look."""

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
    """The calendar as it is now against what is known of it: rows to keep, and faults."""

    atur: Pengaturan
    awal: str
    baru: list[JatuhTempo] = field(default_factory=list)
    cacat: list[tuple[str, Cacat]] = field(default_factory=list)
    hari: dict[str, date] = field(default_factory=dict)
    """Today, in each unit's zone."""
    kini: set[Tempat] = field(default_factory=set)
    """Kelompok that the calendar has with usable dates."""


def nama_run(tempat: Tempat) -> str:
    """Return the one run_id that the schedule gives a kelompok's month: no other unit or month has it in that DAG."""
    return f"{AWALAN_RUN}_{tempat.unitup}_{tempat.thblrek}_{tempat.hari_baca}"


def rencanakan(layanan: Layanan, atur: Pengaturan, sekarang: datetime, tahu: Sequence[JatuhTempo]) -> Rencana:
    """Read every unit's calendar and judge it.

    :param tahu: what the ledger knows (:func:`diketahui`).
    """
    rencana = Rencana(atur, atur.bulan_awal(sekarang))
    per_unit = layanan.sumber.kalender(rencana.awal)
    zona = layanan.sumber.zona_unit()
    lama: dict[str, dict[Tempat, JatuhTempo]] = {}
    for jatuh in tahu:
        lama.setdefault(jatuh.unitup, {})[jatuh.tempat] = jatuh
    for unitup, semua in per_unit.items():
        zona_unit = zona.get(unitup)
        if zona_unit is None or not unitup_sah(unitup):
            rencana.cacat.append((unitup, kalender.zona_cacat(max(baris.thblrek for baris in semua), unitup)))
            continue
        hari_ini = rencana.hari[unitup] = hari_setempat(sekarang, zona_unit)
        dinilai = kalender.nilai_kalender(semua, hari_ini, atur.kelompok)
        usai = {baris.thblrek for baris in semua} - kalender.bulan_hidup(dinilai.kelompok, atur.sejak(hari_ini))
        usai &= {kelompok.thblrek for kelompok in dinilai.kelompok}
        rencana.cacat += [(unitup, cacat) for cacat in dinilai.cacat if cacat.thblrek not in usai]
        dikenal = lama.get(unitup, {})
        _bandingkan(rencana, unitup, zona_unit, dinilai.kelompok, dikenal)
        _yang_terhapus(rencana, unitup, dikenal.values(), {(baris.thblrek, baris.hari_baca) for baris in semua})
    return rencana


def _bandingkan(
    rencana: Rencana, unitup: str, zona: str, kini: Sequence[Kelompok], lama: Mapping[Tempat, JatuhTempo]
) -> None:
    """Note what is new in one unit's calendar, and what was moved too late."""
    atur, hari_ini = rencana.atur, rencana.hari[unitup]
    for kelompok in kini:
        tempat = Tempat(unitup, kelompok.thblrek, kelompok.hari_baca)
        rencana.kini.add(tempat)
        dulu, dasar = lama.get(tempat), kelompok
        if dulu is None:
            if hari_ini < kelompok.tgl_mulai - DICATAT_DI_MUKA or kelompok.jatuh_tempo < atur.sejak(hari_ini):
                continue
        elif (terlambat := kalender.terlambat_berubah(dulu.kalender, kelompok, hari_ini)) is not None:
            rencana.cacat.append((unitup, terlambat))
            dasar = dulu.kalender
        batas = kalender.tenggat(kelompok.jatuh_tempo, zona, atur.tenggat_jam)
        baru = JatuhTempo(*tempat, dasar.tgl_mulai, dasar.jumlah_hari, kelompok.jatuh_tempo, batas)
        if dulu is None or (dulu.dibuka_pada is None and dulu.menurut_kalender != baru.menurut_kalender):
            rencana.baru.append(baru)


def _yang_terhapus(rencana: Rencana, unitup: str, lama: Iterable[JatuhTempo], ada: set[tuple[str, str]]) -> None:
    """Note what one unit's calendar has lost before it was opened."""
    hari_ini = rencana.hari[unitup]
    sejak = rencana.atur.sejak(hari_ini)
    for dulu in lama:
        if (dulu.thblrek, dulu.hari_baca) in ada or dulu.dibuka_pada or dulu.jatuh_tempo < sejak:
            continue
        if (cacat := kalender.terhapus(dulu.kalender, hari_ini)) is not None:
            rencana.cacat.append((unitup, cacat))


def diketahui(tx: Transaksi, atur: Pengaturan, sekarang: datetime) -> list[JatuhTempo]:
    """Return what the ledger knows of whatever may be due, or was lately."""
    sejak = atur.sejak(hari_setempat(sekarang, ZONA_PUSAT)) - timedelta(days=1)
    return catatan.baca_jatuh_tempo(tx, atur.bulan_awal(sekarang), sejak)


def yang_jatuh_tempo(rencana: Rencana, tahu: Iterable[JatuhTempo]) -> list[JatuhTempo]:
    """Return what is due, within reach and not open, most urgent first: what was begun, then by day."""
    semua = [jatuh for jatuh in tahu if _perlu_dibuka(rencana, jatuh)]
    return sorted(semua, key=lambda jatuh: (jatuh.run_id is None, jatuh.jatuh_tempo, jatuh.unitup, jatuh.hari_baca))


def _perlu_dibuka(rencana: Rencana, jatuh: JatuhTempo) -> bool:
    hari_ini = rencana.hari.get(jatuh.unitup)
    if hari_ini is None or jatuh.dibuka_pada is not None:
        return False
    terjangkau = jatuh.tempat in rencana.kini and rencana.atur.sejak(hari_ini) <= jatuh.jatuh_tempo <= hari_ini
    return jatuh.run_id is not None or terjangkau


def hitung_jatuh_tempo(layanan: Layanan, semua: Sequence[JatuhTempo]) -> dict[Tempat, HitungKesiapan]:
    """Count what is due in as few statements as there are kelompok codes and months among it."""
    per_kelompok: dict[tuple[str, str], list[str]] = {}
    for jatuh in semua:
        per_kelompok.setdefault((jatuh.thblrek, jatuh.hari_baca), []).append(jatuh.unitup)
    hasil: dict[Tempat, HitungKesiapan] = {}
    for (thblrek, kode), unit in per_kelompok.items():
        angka = layanan.sumber.hitung_kesiapan(thblrek, kode, unit)
        hasil |= {Tempat(unitup, thblrek, kode): angka.get(unitup, HitungKesiapan()) for unitup in unit}
    return hasil


def mungkin_siap(hitung: HitungKesiapan, pola: str) -> bool:
    """Whether a kelompok can be ready at all: what the counts miss, no closer look will find."""
    return hitung.penuh > 0 if pola == BentukPola.BERTAHAP else 0 < hitung.pelanggan == hitung.penuh


def putuskan_kelompok(
    layanan: Layanan, jatuh: JatuhTempo, hitung: HitungKesiapan, pola: str, sekarang: datetime
) -> Putusan:
    """Decide about one kelompok. Its rows are judged one by one only where it may be ready, or once its time is up."""
    lewat = sekarang >= jatuh.tenggat
    belum = TENGGAT if lewat else MENUNGGU
    angka = AngkaKesiapan(*hitung[:4])
    if not hitung.pelanggan:
        return Putusan(jatuh, angka, KOSONG, f"Belum ada pelanggan {jatuh.tempat} di ACMT (DPM belum dibuat).")
    if not mungkin_siap(hitung, pola) and not (lewat and jatuh.lewat_sejak is None):
        return Putusan(jatuh, angka, belum, kekurangan(angka))
    try:
        kesiapan = hitung_acmt(layanan, jatuh.tempat)
    except GalatPengesahan as galat:
        if not galat.permanen:  # ACMT is away: the look is done again
            raise
        return Putusan(jatuh, angka, belum, str(galat))
    angka = AngkaKesiapan(kesiapan.total, *(kesiapan.jumlah_siap(tahap) for tahap in Tahap))
    siap = kesiapan.siap_semua > 0 if pola == BentukPola.BERTAHAP else 0 < kesiapan.total == kesiapan.siap_semua
    if siap:
        kalimat = f"{ribuan(kesiapan.siap_semua)} dari {ribuan(kesiapan.total)} pelanggan siap."
        return Putusan(jatuh, angka, SIAP, kalimat)
    # why stamps that are there do not count: the bare counts would say that nothing is missing
    sebab = kesiapan.sebab[Tahap.TERVERIFIKASI] + kesiapan.sebab[Tahap.TERKIRIM]
    rinci = "; ".join(f"{alasan}: {ribuan(banyak)}" for alasan, banyak in sebab.most_common(5))
    return Putusan(jatuh, angka, belum, f"{kekurangan(angka)}{f' Sebabnya: {rinci}.' if rinci else ''}")


def kekurangan(angka: AngkaKesiapan) -> str:
    """Say how many are missing at each stage, in one sentence of counts."""
    belum = (("terisi", angka.terisi), ("terverifikasi", angka.terverifikasi), ("terkirim", angka.terkirim))
    kurang = [f"{ribuan(angka.pelanggan - sudah)} belum {apa}" for apa, sudah in belum if sudah < angka.pelanggan]
    if not kurang:
        return f"Semua {ribuan(angka.pelanggan)} pelanggan terisi, terverifikasi dan terkirim."
    return f"Dari {ribuan(angka.pelanggan)} pelanggan: {', '.join(kurang)}."


def tengok_jadwal(layanan: Layanan, buka: Pembuka, lapor: Lapor, atur: Pengaturan | None = None) -> Laporan:
    """Look once at everything, open what is ready or has come to its deadline, tell faults and what is late.

    :raises SumberTidakTerjangkau: ACMT does not answer; the next look catches up.
    :raises AirflowTidakMenjawab: Airflow does not answer; what was opened stays so.
    :raises AirflowMenolakRun: after all others were opened, naming those that Airflow refused.
    """
    tengokan = _Tengokan(layanan, buka, lapor, atur or Pengaturan.berlaku(), jam.sekarang())
    semua, pola = tengokan.catat_kalender()
    terhitung = hitung_jatuh_tempo(layanan, semua)
    isi = ke_json([{**tempat._asdict(), **hitung._asdict()} for tempat, hitung in terhitung.items()])
    layanan.buku.ulang(lambda tx: tx.jalankan("jadwal_ditengok", isi=isi, pada=tengokan.sekarang))
    for jatuh in semua:
        tengokan.kerjakan(jatuh, terhitung[jatuh.tempat], pola[jatuh.unitup])
    tengokan.simpulkan()
    return tengokan.laporan


@dataclass
class _Tengokan:
    """One look at work, and what it has done so far."""

    layanan: Layanan
    buka: Pembuka
    lapor: Lapor
    atur: Pengaturan
    sekarang: datetime
    laporan: Laporan = field(default_factory=Laporan)

    def catat_kalender(self) -> tuple[list[JatuhTempo], dict[str, str]]:
        """Bring the ledger up to the calendar, tell its faults, and return what is due with the units' patterns."""
        atur, sekarang = self.atur, self.sekarang
        with self.layanan.buku.lihat() as tx:
            rencana = rencanakan(self.layanan, atur, sekarang, diketahui(tx, atur, sekarang))

        def tulis_rencana(tx: Transaksi) -> tuple[int, list[JatuhTempo], dict[str, str], list[tuple[str, Cacat]]]:
            tx.jalankan("jadwal_catat", isi=ke_json([baru.menurut_kalender for baru in rencana.baru]))
            orang = tx.jalankan("jadwal_sudah_ada", thblrek=rencana.awal).rowcount
            semua = yang_jatuh_tempo(rencana, diketahui(tx, atur, sekarang))
            pola = tx.konfigurasi.kesiapan_unit({jatuh.unitup for jatuh in semua})
            return orang, semua, pola, catatan.catat_cacat(tx, rencana.cacat)

        self.laporan.orang, semua, pola, cacat_baru = self.layanan.buku.ulang(tulis_rencana)
        self.laporan.cacat, self.laporan.jatuh_tempo = len(cacat_baru), len(semua)
        for unitup, cacat in cacat_baru:
            self.lapor(f"CACAT KALENDER unit {unitup} bulan {cacat.thblrek}: {cacat.kalimat}")
        return semua, pola

    def kerjakan(self, jatuh: JatuhTempo, hitung: HitungKesiapan, pola: str) -> None:
        """Do what one kelompok needs. One that Airflow refuses is named and keeps no other from being opened."""
        lewat = self.sekarang >= jatuh.tenggat
        layak = jatuh.run_id is not None or mungkin_siap(hitung, pola) or (lewat and hitung.pelanggan > 0)
        if layak and self.laporan.dibuka >= self.atur.sekali:
            self.laporan.sisa += 1
            return
        if jatuh.run_id is not None:
            niat = Niat(jatuh.dag_id or _dag(jatuh), jatuh.run_id, jatuh.sebab or SIAP)
            self._buka_run(jatuh, niat, "dilanjutkan dari tengokan yang terputus.")
            return
        putusan = putuskan_kelompok(self.layanan, jatuh, hitung, pola, self.sekarang)
        if putusan.keadaan != SIAP and lewat and jatuh.lewat_sejak is None:
            self._beri_tahu_lewat(putusan)
        if putusan.keadaan in (SIAP, TENGGAT):
            self._buka_run(jatuh, Niat(_dag(jatuh), nama_run(jatuh.tempat), putusan.keadaan), putusan.kalimat)
        else:
            self.laporan.menunggu += 1

    def _buka_run(self, jatuh: JatuhTempo, niat: Niat, kalimat: str) -> None:
        """Write down what is meant, open it, write down that it is there. The next look mends what crashed between."""
        tempat, buku = jatuh.tempat, self.layanan.buku
        nilai = {**tempat._asdict(), **niat._asdict()}
        tetap = buku.ulang(lambda tx: tx.mungkin_baris(Niat, "jadwal_niat", **nilai))  # the one meant first stays
        if tetap is None:  # somebody was quicker, or cancels there now
            return
        isian = {"unitup": tempat.unitup, "thblrek": tempat.thblrek, "tunggu_kesiapan": True}
        try:
            self.buka(tetap.dag_id, tetap.run_id, isian)
        except AirflowMenolakRun as galat:
            self.laporan.gagal.append(str(tempat))
            self.lapor(f"TIDAK DAPAT DIBUKA {tempat}: {galat}")
            return
        if buku.ulang(lambda tx: catatan.catat_dibuka(tx, tempat, tetap)):
            self.laporan.dibuka += 1
            self.lapor(f"DIBUKA ({niat.sebab}) {tempat}, jatuh tempo {jatuh.jatuh_tempo:%d-%m-%Y}: {kalimat}")

    def _beri_tahu_lewat(self, putusan: Putusan) -> None:
        """Tell once, at the deadline, what is missing."""
        jatuh = putusan.jatuh
        tempat = f"Unit {jatuh.unitup}, bulan {jatuh.thblrek}, kelompok {jatuh.hari_baca}"
        isi = {
            "jatuh_tempo": jatuh.jatuh_tempo,
            "tenggat": jatuh.tenggat,
            "angka": putusan.angka._asdict(),
            "kalimat": f"{tempat} belum lengkap sampai tenggat. {putusan.kalimat}",
        }
        if self.layanan.buku.ulang(lambda tx: catatan.catat_lewat(tx, jatuh.tempat, isi)):
            self.laporan.lewat += 1
            self.lapor(f"LEWAT TENGGAT {jatuh.tempat}: {putusan.kalimat}")

    def simpulkan(self) -> None:
        """Say in numbers what was done.

        :raises AirflowMenolakRun: something could not be opened.
        """
        laporan = self.laporan
        self.lapor(
            f"{ribuan(laporan.jatuh_tempo)} kelompok jatuh tempo belum dibuka: {ribuan(laporan.dibuka)} dibuka, "
            f"{ribuan(laporan.menunggu)} belum lengkap, {ribuan(laporan.lewat)} baru lewat tenggat; "
            f"{ribuan(laporan.orang)} sudah dimulai orang; {ribuan(laporan.cacat)} cacat kalender baru."
        )
        if laporan.sisa:
            self.lapor(
                f"Paling banyak {ribuan(self.atur.sekali)} run dibuka sekali tengok (AP2T_JADWAL_SEKALI): "
                f"{ribuan(laporan.sisa)} lagi ditengok pada tengokan berikutnya."
            )
        if laporan.gagal:
            raise AirflowMenolakRun(
                f"{ribuan(len(laporan.gagal))} kelompok tidak dapat dibuka: {daftar(laporan.gagal, 5)}; sebabnya di "
                "atas. Yang lain sudah dibuka; tengokan berikutnya mencoba lagi."
            )


def _dag(jatuh: JatuhTempo) -> str:
    return f"pengesahan_hari_baca_{jatuh.hari_baca.lower()}"


def uji_coba(layanan: Layanan, atur: Pengaturan | None = None) -> tuple[list[Putusan], list[tuple[str, Cacat]]]:
    """Look as :func:`tengok_jadwal` would, and change nothing.

    :return: what would become of all that is due, and every fault of the calendar.
    """
    atur, sekarang = atur or Pengaturan.berlaku(), jam.sekarang()
    with layanan.buku.lihat() as tx:
        tahu = {jatuh.tempat: jatuh for jatuh in diketahui(tx, atur, sekarang)}
        rencana = rencanakan(layanan, atur, sekarang, list(tahu.values()))
        bersesi = set(tx.semua_baris(Tempat, "jadwal_bersesi", thblrek=rencana.awal))
        for baru in rencana.baru:
            tahu[baru.tempat] = tahu.get(baru.tempat, baru)._replace(**baru.menurut_kalender)
        semua = [jatuh for jatuh in yang_jatuh_tempo(rencana, tahu.values()) if jatuh.tempat not in bersesi]
        pola = tx.konfigurasi.kesiapan_unit({jatuh.unitup for jatuh in semua})
    terhitung = hitung_jatuh_tempo(layanan, semua)
    nilai = ((jatuh, terhitung[jatuh.tempat], pola[jatuh.unitup]) for jatuh in semua)
    return [putuskan_kelompok(layanan, *satu, sekarang) for satu in nilai], rencana.cacat


def baris_uji(semua: Sequence[Putusan], sekali: int) -> Iterator[str]:
    """Say what a look would do, one kelompok a line."""
    dibuka = 0
    for putusan in semua:
        jatuh = putusan.jatuh
        buka = putusan.keadaan in (SIAP, TENGGAT)
        dibuka += buka
        apa = "AKAN DIBUKA" if buka and dibuka <= sekali else "DIBUKA KEMUDIAN" if buka else "DITUNGGU"
        yield (
            f"{apa} ({putusan.keadaan}) {jatuh.tempat}, jatuh tempo {jatuh.jatuh_tempo:%d-%m-%Y}, tenggat "
            f"{setempat(jatuh.tenggat)}: {putusan.kalimat}"
        )

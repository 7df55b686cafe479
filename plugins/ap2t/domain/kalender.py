"""The reading calendar: when a kelompok falls due, and what is wrong with a unit's calendar (v_jadwal_hari_baca).

The SPV TE sets the calendar at the latest the day before a reading begins (H-1). Rows are judged one unit at a time,
and judging raises nothing whatever a row holds: one unit's broken row must not keep the others from their day.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ap2t.galat import MasukanTidakSah, SumberTidakSesuai

TAHUN = range(2000, 2101)
"""Years that a date or a billing month may be of; what lies outside is a slip of the pen."""
HARI_MAKS = 366
"""Days that the reading of one kelompok may take; more is a slip of the pen."""
BULAN_LAMBAT_HARI = 35
"""Days after the first reading of a month within which the next month's calendar must be there."""
KOSONG = "(kosong)"
"""What stands where a kelompok has no code."""
_BULAN = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])").fullmatch


class KodeCacat(StrEnum):
    """Kinds of calendar faults. The sentence beside one says what and where."""

    TIDAK_SAH = "TIDAK_SAH"
    """tgl_mulai or jumlah_hari is empty, not positive or impossible: the kelompok has no due day."""
    GANDA = "GANDA"
    """The same kelompok twice in a month."""
    TUMPANG_TINDIH = "TUMPANG_TINDIH"
    """Two kelompok of the unit are read on the same day."""
    HILANG = "HILANG"
    """A kelompok of the previous month is missing in a month that has begun."""
    BULAN_KOSONG = "BULAN_KOSONG"
    """The next month has no calendar though its reading should have begun."""
    TANPA_DAG = "TANPA_DAG"
    """The code is not one of this deployment (AP2T_KELOMPOK): nothing opens it."""
    BERUBAH_SESUDAH_H1 = "BERUBAH_SESUDAH_H1"
    """The dates were changed after the day before the reading began."""
    ZONA_TIDAK_DIKENAL = "ZONA_TIDAK_DIKENAL"
    """The unit is not in v_unit, or its zone is none: nothing of it can be scheduled."""


class BarisKalender(NamedTuple):
    """One row of a unit's calendar as it was found. What is empty or no such value is None."""

    thblrek: str
    hari_baca: str
    tgl_mulai: date | None
    jumlah_hari: int | None


class Kelompok(NamedTuple):
    """One kelompok of a unit's month with usable dates."""

    thblrek: str
    hari_baca: str
    tgl_mulai: date
    jumlah_hari: int

    @property
    def jatuh_tempo(self) -> date:
        """The day from which it is due for pengesahan: its last reading day."""
        return self.tgl_mulai + timedelta(days=self.jumlah_hari - 1)


class Cacat(NamedTuple):
    """One fault of a unit's month. ``hari_baca`` None: the month itself. ``kalimat``: what the unit reads of it."""

    thblrek: str
    kode: KodeCacat
    hari_baca: str | None
    kalimat: str


class Dinilai(NamedTuple):
    """A unit's calendar after judging: what can be scheduled, and the faults."""

    kelompok: tuple[Kelompok, ...]
    cacat: tuple[Cacat, ...]


def awal_bulan(thblrek: str) -> date | None:
    """Return the first day of a billing month (YYYYMM), or None where it is none."""
    if not _BULAN(thblrek) or int(thblrek[:4]) not in TAHUN:
        return None
    return date(int(thblrek[:4]), int(thblrek[4:]), 1)


def terpakai(baris: Iterable[BarisKalender]) -> dict[str, Kelompok]:
    """Return each kelompok of one month whose dates can be used. One that stands twice has its last due day."""
    hasil: dict[str, Kelompok] = {}
    for kelompok in filter(None, map(_kelompok, baris)):
        lain = hasil.get(kelompok.hari_baca)
        if lain is None or (kelompok.jatuh_tempo, kelompok.tgl_mulai) > (lain.jatuh_tempo, lain.tgl_mulai):
            hasil[kelompok.hari_baca] = kelompok
    return hasil


def bulan_tambah(thblrek: str, langkah: int) -> str:
    """Return the billing month (YYYYMM) some months later, or earlier where negative."""
    urut = int(thblrek[:4]) * 12 + int(thblrek[4:]) - 1 + langkah
    return f"{urut // 12:04d}{urut % 12 + 1:02d}"


def hari_setempat(sekarang: datetime, zona: str) -> date:
    """Return the day it is in a zone (IANA name)."""
    return sekarang.astimezone(ZoneInfo(zona)).date()


def tenggat(jatuh_tempo: date, zona: str, jam: int) -> datetime:
    """Return the instant (UTC) ``jam`` hours after the due day began in the unit's zone."""
    return datetime.combine(jatuh_tempo, time(), ZoneInfo(zona)).astimezone(UTC) + timedelta(hours=jam)


def mulai_baca(baris: Iterable[BarisKalender], thblrek: str) -> date | None:
    """Return the earliest day a kelompok's reading begins in a month, or None where no row has a usable one.

    :param baris: the kelompok's rows, of any months.
    """
    mulai = (satu.tgl_mulai for satu in baris if satu.thblrek == thblrek and satu.tgl_mulai is not None)
    return min((tanggal for tanggal in mulai if tanggal.year in TAHUN), default=None)


def thblrek_berjalan(baris: Sequence[BarisKalender], siapa: str, hari_ini: date) -> str:
    """Return the month (YYYYMM) of a kelompok's latest reading that has begun by ``hari_ini``.

    :param siapa: the kelompok, for messages. :param hari_ini: today in the unit's zone.
    :raises MasukanTidakSah: none has begun, or the calendar does not know the kelompok.
    :raises SumberTidakSesuai: the calendar names the kelompok and no day of it can be read.
    """
    mulai = sorted((satu.tgl_mulai, satu.thblrek) for satu in baris if satu.tgl_mulai is not None)
    if not mulai and baris:
        raise SumberTidakSesuai(
            f"Kalender baca ACMT untuk {siapa} memuat tgl_mulai yang kosong atau bukan tanggal. Minta SPV TE "
            "memperbaiki kalender itu di ACMT, atau isi thblrek sendiri saat memulai run."
        )
    if not mulai:
        raise MasukanTidakSah(
            f"Kalender baca ACMT tidak memuat {siapa}. Periksa kode kelompok, minta SPV TE mengisi kalender, "
            "atau isi thblrek sendiri saat memulai run."
        )
    sudah = [thblrek for tanggal, thblrek in mulai if tanggal <= hari_ini]
    if not sudah:
        tanggal, thblrek = mulai[0]
        raise MasukanTidakSah(
            f"Pembacaan {siapa} belum ada yang dimulai sampai {hari_ini:%d-%m-%Y}: yang paling awal di kalender "
            f"{tanggal:%d-%m-%Y} (bulan {thblrek}). Jalankan pada atau sesudah hari itu, atau isi thblrek sendiri."
        )
    return sudah[-1]


def rentang_baca(tgl_mulai: date, dicuplik: datetime, zona: str, sebelum: int = 7) -> tuple[datetime, datetime]:
    """Return the first and last instant a reading may be of: from some days before the calendar to the snapshot.

    :param tgl_mulai: the day the kelompok's reading begins. :param dicuplik: the instant the snapshot was taken.
    :param zona: the unit's zone (IANA); days begin there. :param sebelum: days before it that count.
    """
    awal = datetime.combine(tgl_mulai - timedelta(days=sebelum), time(), ZoneInfo(zona))
    return awal.astimezone(UTC), dicuplik


def nilai_kalender(baris: Iterable[BarisKalender], hari_ini: date, kode_dag: Collection[str]) -> Dinilai:
    """Judge a unit's calendar.

    A kelompok that stands twice is taken at its last due day: it must not be opened while it is still being read. One
    that overlaps another keeps its own day.

    :param baris: the rows of some months, the previous one included where one is judged against it.
    :param hari_ini: today in the unit's zone. :param kode_dag: codes that have a DAG.
    """
    per_bulan: dict[str, list[BarisKalender]] = {}
    kelompok: list[Kelompok] = []
    cacat: list[Cacat] = []
    for satu in sorted(baris, key=lambda satu: (*satu[:2], satu.tgl_mulai or date.min, satu.jumlah_hari or 0)):
        if _BULAN(satu.thblrek):
            per_bulan.setdefault(satu.thblrek, []).append(satu)
        else:
            kalimat = f": thblrek {satu.thblrek!r} bukan tahun dan bulan (YYYYMM). Perbaiki di ACMT."
            cacat.append(_cacat(satu.thblrek, KodeCacat.TIDAK_SAH, satu.hari_baca, kalimat))
    for thblrek, isi in per_bulan.items():
        sah, salah = _satu_bulan(thblrek, isi, kode_dag)
        kelompok += sah
        cacat += salah
        cacat += _hilang(thblrek, isi, per_bulan.get(bulan_tambah(thblrek, -1), ()), hari_ini)
    cacat += _bulan_kosong(kelompok, per_bulan, hari_ini)
    return Dinilai(tuple(satu for satu in kelompok if satu.hari_baca in kode_dag), tuple(cacat))


def terlambat_berubah(lama: Kelompok, baru: Kelompok, hari_ini: date) -> Cacat | None:
    """Return the fault of dates that were changed on or after the day on which either reading begins."""
    if lama[2:] == baru[2:] or hari_ini < min(lama.tgl_mulai, baru.tgl_mulai):
        return None
    kalimat = (
        f" diubah sesudah H-1: semula {_rentang(lama)}, kini {_rentang(baru)}. Jatuh tempo "
        "mengikuti kalender yang kini; pastikan perubahan itu memang dikehendaki."
    )
    return _cacat(baru.thblrek, KodeCacat.BERUBAH_SESUDAH_H1, baru.hari_baca, kalimat)


def terhapus(lama: Kelompok, hari_ini: date) -> Cacat | None:
    """Return the fault of a kelompok that was taken out of the calendar after its reading had begun."""
    if hari_ini < lama.tgl_mulai:
        return None
    kalimat = (
        f" ({_rentang(lama)}) dihapus dari kalender sesudah H-1 dan tidak dibuka oleh jadwal. "
        "Kembalikan di ACMT, atau mulai sendiri bila perlu."
    )
    return _cacat(lama.thblrek, KodeCacat.BERUBAH_SESUDAH_H1, lama.hari_baca, kalimat)


def zona_cacat(thblrek: str, unitup: str) -> Cacat:
    """Return the fault of a unit whose zone is not known."""
    kalimat = (
        f"Unit {unitup} ada di kalender tetapi tidak di v_unit, atau zona_waktu-nya tidak dikenal: tidak ada "
        "kelompoknya yang dibuka. Minta pengelola ACMT melengkapinya."
    )
    return Cacat(thblrek, KodeCacat.ZONA_TIDAK_DIKENAL, None, kalimat)


def _cacat(thblrek: str, jenis: KodeCacat, hari_baca: str, kalimat: str) -> Cacat:
    """Return a kelompok's fault. Its sentence begins with that kelompok."""
    return Cacat(thblrek, jenis, hari_baca, f"Kelompok {hari_baca or KOSONG}{kalimat}")


def bulan_hidup(kelompok: Iterable[Kelompok], sejak: date) -> frozenset[str]:
    """Return the months that are not over: some kelompok falls due on ``sejak`` or later."""
    return frozenset(satu.thblrek for satu in kelompok if satu.jatuh_tempo >= sejak)


def _kelompok(baris: BarisKalender) -> Kelompok | None:
    if baris.tgl_mulai is None or baris.jumlah_hari is None:
        return None
    if baris.tgl_mulai.year not in TAHUN or not 1 <= baris.jumlah_hari <= HARI_MAKS:
        return None
    return Kelompok(baris.thblrek, baris.hari_baca, baris.tgl_mulai, baris.jumlah_hari)


def _satu_bulan(
    thblrek: str, isi: Sequence[BarisKalender], kode_dag: Collection[str]
) -> tuple[list[Kelompok], list[Cacat]]:
    cacat: list[Cacat] = []
    for kode, grup in itertools.groupby(isi, key=lambda baris: baris.hari_baca):
        baris = list(grup)
        ada = sum(_kelompok(satu) is not None for satu in baris)
        if kode not in kode_dag:
            kalimat = (
                " tidak ada di AP2T_KELOMPOK, jadi tidak punya DAG dan tidak dibuka. "
                "Beri tahu pengelola Airflow, atau perbaiki kodenya di kalender."
            )
            cacat.append(_cacat(thblrek, KodeCacat.TANPA_DAG, kode, kalimat))
        if ada < len(baris):
            kalimat = (
                ": tgl_mulai atau jumlah_hari kosong, bukan bilangan positif, atau mustahil. Perbaiki "
                "kalender di ACMT; sebelum itu baris ini tidak dijadwalkan."
            )
            cacat.append(_cacat(thblrek, KodeCacat.TIDAK_SAH, kode, kalimat))
        if len(baris) > 1:
            kalimat = (
                f" tercantum {len(baris)} kali pada bulan {thblrek}. Hapus yang berlebih di ACMT; "
                "sebelum itu dipakai hari jatuh tempo yang paling akhir."
            )
            cacat.append(_cacat(thblrek, KodeCacat.GANDA, kode, kalimat))
    sah = [*terpakai(isi).values()]
    return sah, [*cacat, *_bertindih(sah)]


def _bertindih(sah: Iterable[Kelompok]) -> Iterable[Cacat]:
    """Name each kelompok of a month that begins before the one that ends last of those before it has ended."""
    depan: Kelompok | None = None
    for kelompok in sorted(sah, key=lambda satu: (satu.tgl_mulai, satu.jatuh_tempo, satu.hari_baca)):
        if depan is not None and kelompok.tgl_mulai <= depan.jatuh_tempo:
            kalimat = (
                f" ({_rentang(kelompok)}) bertumpang tindih dengan {depan.hari_baca or KOSONG} ({_rentang(depan)}). "
                "Pastikan keduanya memang dibaca pada hari yang sama."
            )
            yield _cacat(kelompok.thblrek, KodeCacat.TUMPANG_TINDIH, kelompok.hari_baca, kalimat)
        if depan is None or kelompok.jatuh_tempo > depan.jatuh_tempo:
            depan = kelompok


def _hilang(
    thblrek: str, isi: Iterable[BarisKalender], lalu: Iterable[BarisKalender], hari_ini: date
) -> Iterable[Cacat]:
    ada = {baris.hari_baca for baris in isi}
    mulai = [kelompok.tgl_mulai for baris in isi if (kelompok := _kelompok(baris)) is not None]
    if not mulai or min(mulai) > hari_ini:
        return
    for kode in sorted({baris.hari_baca for baris in lalu} - ada):
        kalimat = (
            f" ada di kalender bulan {bulan_tambah(thblrek, -1)} tetapi tidak di bulan {thblrek}, yang "
            "pembacaannya sudah mulai. Tambahkan di ACMT, atau pastikan kelompok itu memang ditiadakan."
        )
        yield _cacat(thblrek, KodeCacat.HILANG, kode, kalimat)


def _bulan_kosong(kelompok: Sequence[Kelompok], per_bulan: Mapping[str, object], hari_ini: date) -> Iterable[Cacat]:
    if not per_bulan:
        return
    akhir = max(per_bulan)
    mulai = [satu.tgl_mulai for satu in kelompok if satu.thblrek == akhir]
    if mulai and hari_ini > min(mulai) + timedelta(days=BULAN_LAMBAT_HARI):
        berikut = bulan_tambah(akhir, 1)
        kalimat = (
            f"Kalender bulan {berikut} belum ada, padahal pembacaan bulan {akhir} sudah mulai lebih dari "
            f"{BULAN_LAMBAT_HARI} hari lalu. Isi kalender di ACMT; sebelum itu tidak ada kelompok yang dibuka."
        )
        yield Cacat(berikut, KodeCacat.BULAN_KOSONG, None, kalimat)


def _rentang(kelompok: Kelompok) -> str:
    akhir = f" sampai {kelompok.jatuh_tempo:%d-%m-%Y}" if kelompok.jumlah_hari > 1 else ""
    return f"{kelompok.tgl_mulai:%d-%m-%Y}{akhir}"

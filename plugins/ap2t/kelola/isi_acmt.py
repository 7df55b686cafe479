"""A look at the source's values, beside its columns: what would surprise whoever connects it (``ap2t periksa``).

Everything here is read through the same readers as in a run, and judged on a sample of readings. A finding names counts
and idpel at most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from ap2t import koneksi
from ap2t.domain.angka import muat_kontrak
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.kata import TANPA_KOLOM, TANPA_RIWAYAT
from ap2t.domain.kontrak import unitup_sah
from ap2t.domain.model import KOLOM_ANGKA, KOLOM_BACAAN, KOLOM_STEMPEL, Bacaan, Peran, Tempat, idpel_sah
from ap2t.domain.pola import samakan
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import SumberTidakSesuai
from ap2t.source.acmt import SumberAcmt
from ap2t.source.normal import BACA, angka, baca_teks, bulat, hari, idpel, ke_bacaan, kode, mentah, saat, tanda, zona

BARIS_CONTOH = 1000
"""Readings of one kelompok that are looked at."""
KELOMPOK_CONTOH = 5
"""Kelompok whose readings are looked at, of as many units as can be."""
CALON_CONTOH = 40
"""Kelompok that are asked for readings until so many have some."""
BANYAK = 0.05
"""Share of the readings looked at from which a fault is the view's and not a row's."""
_BUKAN: dict[object, str] = {
    baca_teks: "bukan teks",
    angka: "bukan bilangan",
    saat: "bukan waktu",
    tanda: "bukan ya atau tidak",
}
_PASANGAN = (("lwbpcabut", "lwbppasang"), ("wbpcabut", "wbppasang"))
Baris = Sequence[Row[Any]]
"""Rows of a view, as the driver gives their values."""


class Hal(NamedTuple):
    """Something found. ``gagal``: until it is mended the product does not work as it should."""

    gagal: bool
    kalimat: str


class Dilihat(NamedTuple):
    """How much was looked at (rows of units, people, calendar and readings), and what was found."""

    unit: int
    petugas: int
    kalender: int
    bacaan: int
    hal: list[Hal]


def periksa_isi(sumber: SumberAcmt, kelompok: Collection[str], sekarang: datetime) -> Dilihat:
    """Look at the values of every view.

    :param kelompok: codes of this deployment. :param sekarang: the instant of the look, aware.
    """
    unit = sumber.mentah("acmt/semua_unit")
    petugas = sumber.mentah("acmt/semua_petugas")
    mulai = ((awal, thblrek) for bulan in sumber.semua_bulan().values() for thblrek, awal in bulan.items())
    terkini = max((thblrek for awal, thblrek in mulai if awal <= sekarang.date()), default=None)
    kalender = sumber.mentah("acmt/kalender", thblrek=bulan_tambah(terkini, -1)) if terkini else []
    hal = [*_unit(unit), *_petugas(petugas, {kode(baris.unitup) for baris in unit}), *_kalender(kalender, kelompok)]
    hal += _pilihan(sumber.ditawarkan)
    kolom = (*KOLOM_BACAAN, *sumber.pilihan)
    bacaan: list[Row[Any]] = []
    dilihat = 0
    for tempat in _contoh(kalender, sekarang.date()):
        isi = sumber.mentah("acmt/baca", BARIS_CONTOH, kolom=kolom, **tempat._asdict())
        bacaan += isi
        hal += _tersembunyi(sumber, tempat)
        dilihat += bool(isi)
        if dilihat == KELOMPOK_CONTOH:
            break
    hal += _bacaan(kolom, bacaan, petugas, sekarang)
    if kalender and not bacaan:
        hal.append(Hal(True, "v_bacaan tidak memuat satu pun kelompok yang pembacaannya menurut kalender sudah mulai."))
    return Dilihat(len(unit), len(petugas), len(kalender), len(bacaan), hal)


# ------------------------------------------------------------------------------------------------ units and people


def _unit(baris: Baris) -> Iterator[Hal]:
    if not baris:
        yield Hal(True, "v_unit kosong: tidak ada unit yang dapat dijalankan.")
    rusak = [
        f"{kode(unit.unitup) or '(kosong)'} ({zona(unit.zona_waktu)[1] or 'kosong'})"
        for unit in baris
        if zona(unit.zona_waktu)[0] is None
    ]
    isi = " Isi Asia/Jakarta, Asia/Makassar atau Asia/Jayapura; sebelum itu unit ini tidak dijalankan."
    yield from _bernama(True, rusak, "v_unit.zona_waktu: {} unit tanpa zona IANA", isi)
    yield from _kode_unit("v_unit", (unit.unitup for unit in baris))
    ganda = sorted(kode_ for kode_, kali in Counter(kode(unit.unitup) for unit in baris).items() if kali > 1)
    yield from _bernama(True, ganda, "v_unit: {} unit tercantum lebih dari sekali")


def _kode_unit(view: str, nilai: Iterable[Any]) -> Iterator[Hal]:
    salah = sorted({satu or "(kosong)" for satu in map(kode, nilai) if not unitup_sah(satu)})
    yield from _bernama(True, salah, f"{view}.unitup: {{}} kode bukan 5 angka")


def _petugas(baris: Baris, unit: set[str]) -> Iterator[Hal]:
    yield from _aktif(baris)
    kosong = sum(not kode(orang.username) for orang in baris)
    if kosong:
        kalimat = f"v_petugas.username: {ribuan(kosong)} baris tanpa nama pengguna. Lengkapi atau buang baris itu."
        yield Hal(True, kalimat)
    asing = Counter(kode(orang.peran) or "(kosong)" for orang in baris if kode(orang.peran) not in set(Peran))
    if asing:
        yield Hal(
            False,
            f"v_petugas.peran: {_hitungan(asing)} tidak dikenal dan tidak memberi wewenang. Yang dikenal, persis "
            f"begini hurufnya: {', '.join(Peran)}.",
        )
    lain = sorted({kode(orang.unitup) or "(kosong)" for orang in baris} - unit)
    yield from _bernama(False, lain, "v_petugas.unitup: {} unit tidak ada di v_unit")
    yield from _ejaan(baris)
    yield from koneksi_kembar(
        {kode(orang.username) for orang in baris if kode(orang.peran) == Peran.ADMIN_CMT and tanda(orang.aktif)[0]}
    )


def _aktif(baris: Baris) -> Iterator[Hal]:
    bukan = Counter(
        f"{mentah(orang.aktif)} ({type(orang.aktif).__name__})" for orang in baris if tanda(orang.aktif)[1] is not None
    )
    if bukan:
        yield Hal(
            True,
            f"v_petugas.aktif: {_hitungan(bukan)} bukan nilai ya atau tidak, jadi dibaca tidak aktif. Beri boolean, "
            "1/0, atau Y/N di view.",
        )
    tertulis = {str(baca_teks(orang.aktif)[0]).upper() for orang in baris} & {"T", "F"}
    if tertulis == {"T", "F"}:
        yield Hal(
            True,
            "v_petugas.aktif berisi T dan F: T dibaca 'tidak', jadi tidak ada yang aktif. Bila T berarti true, beri "
            "boolean atau Y/N di view.",
        )
    if baris and not any(tanda(orang.aktif)[0] for orang in baris):
        yield Hal(True, f"v_petugas.aktif: tidak satu pun dari {ribuan(len(baris))} baris aktif.")


def _ejaan(baris: Baris) -> Iterator[Hal]:
    """People of a unit whose names differ in capitals or blanks alone."""
    ejaan: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for orang in baris:
        ejaan[kode(orang.unitup), samakan(kode(orang.username))].add(kode(orang.username))
    kembar = [
        f"{' dan '.join(sorted(nama))} (unit {unit})" for (unit, _), nama in sorted(ejaan.items()) if len(nama) > 1
    ]
    akibat = " Wewenang dan cap dicocokkan persis; samakan ejaannya dengan login Airflow."
    yield from _bernama(False, kembar, "v_petugas.username: {} pasang berbeda huruf besar/kecilnya saja", akibat)


def koneksi_kembar(pengesah: Collection[str]) -> Iterator[Hal]:
    """Say which approvers, of whatever units, would share one AP2T connection: one would post as the other."""
    menurut: defaultdict[str, set[str]] = defaultdict(set)
    for orang in pengesah:
        menurut[koneksi.kunci_ap2t(orang)].add(orang)
    kembar = [
        f"{' dan '.join(sorted(nama))} ({kunci.lower()})" for kunci, nama in sorted(menurut.items()) if len(nama) > 1
    ]
    apa = "v_petugas.username: {} nama koneksi AP2T dipakai lebih dari seorang ADMIN_CMT"
    akibat = " Mereka tidak ditanya sebelum nama penggunanya dibedakan (huruf, angka dan _)."
    yield from _bernama(True, kembar, apa, akibat)


# -------------------------------------------------------------------------------------------------------- calendar


def _kalender(baris: Baris, kelompok: Collection[str]) -> Iterator[Hal]:
    if not baris:
        yield Hal(
            True, "v_jadwal_hari_baca tidak memuat bulan yang pembacaannya sudah mulai: tidak ada yang jatuh tempo."
        )
        return
    yield from _kode_unit("v_jadwal_hari_baca", (satu.unitup for satu in baris))
    rusak = [
        f"{kode(satu.unitup)} {kode(satu.hari_baca)}"
        for satu in baris
        if hari(satu.tgl_mulai)[0] is None or (bulat(satu.jumlah_hari)[0] or 0) < 1
    ]
    apa = "v_jadwal_hari_baca: {} baris tanpa tgl_mulai atau jumlah_hari yang dapat dipakai"
    yield from _bernama(False, rusak, apa, " Kelompok itu tidak dijadwalkan.")
    asing = Counter(kode(satu.hari_baca) or "(kosong)" for satu in baris if kode(satu.hari_baca) not in kelompok)
    if asing:
        kalimat = f"v_jadwal_hari_baca.hari_baca: {_hitungan(asing)} tidak ada di AP2T_KELOMPOK, jadi tidak punya DAG."
        yield Hal(False, kalimat)


def _contoh(kalender: Baris, hari_ini: date) -> list[Tempat]:
    """Choose kelompok whose reading began last, first one of each unit."""
    mulai = [
        (tanggal, Tempat(kode(baris.unitup), kode(baris.thblrek), kode(baris.hari_baca)))
        for baris in kalender
        if (tanggal := hari(baris.tgl_mulai)[0]) and tanggal <= hari_ini
    ]
    giliran: Counter[str] = Counter()
    urut: list[tuple[int, int, Tempat]] = []
    for tanggal, tempat in sorted(mulai, reverse=True):
        giliran[tempat.unitup] += 1
        urut.append((giliran[tempat.unitup], -tanggal.toordinal(), tempat))
    return [tempat for _, _, tempat in sorted(urut)[:CALON_CONTOH]]


def _tersembunyi(sumber: SumberAcmt, tempat: Tempat) -> Iterator[Hal]:
    try:
        sumber.jumlah(tempat)
    except SumberTidakSesuai as galat:
        yield Hal(True, str(galat))


# -------------------------------------------------------------------------------------------------------- readings


def _pilihan(ditawarkan: Mapping[str, Sequence[str]]) -> Iterator[Hal]:
    """Say what ACMT does not offer beside the contract, and what is off without it."""
    for view, semua in TANPA_KOLOM.items():
        if view in _TANPA_VIEW and not ditawarkan[view]:
            yield Hal(False, f"Tanpa view pilihan {view}: {_TANPA_VIEW[view]}.")
            continue
        for kolom, mati in semua.items():
            if kolom not in ditawarkan[view]:
                yield Hal(False, f"{view} tanpa kolom pilihan {kolom}: {mati}.")


_TANPA_VIEW = {"v_riwayat": TANPA_RIWAYAT, "v_harga": TANPA_KOLOM["v_harga"]["harga_lwbp"]}


def _bacaan(kolom: Sequence[str], baris: Baris, petugas: Baris, sekarang: datetime) -> Iterator[Hal]:
    if not baris:
        return
    isi = ke_bacaan(kolom, baris)
    nama = [idpel(satu.idpel) for satu in baris]
    bukan = [satu for satu in nama if not idpel_sah(satu)]
    yield from _sebagian(bukan, len(nama), "v_bacaan.idpel: {} bukan 12 angka dan ditahan")
    for satu_kolom in kolom[4:]:  # without the key
        yield from _kolom(satu_kolom, [getattr(satu, satu_kolom) for satu in baris], nama)
    yield from _bilangan(isi)
    yield from _cap(isi, petugas, sekarang)


def _kolom(kolom: str, nilai: Sequence[Any], nama: Sequence[str]) -> Iterator[Hal]:
    """Look at one column: values that are none of its kind, and kinds of number that lose digits."""
    baca = BACA.get(kolom, baca_teks)
    rusak = [(pemilik, satu) for pemilik, satu in zip(nama, nilai, strict=True) if baca(satu)[1] is not None]
    jenis = ", ".join(sorted({type(satu).__name__ for _, satu in rusak}))
    apa = f"v_bacaan.{kolom}: {{}} {_BUKAN[baca]} ({jenis}) dan ditahan atau dianggap belum siap"
    yield from _sebagian([pemilik for pemilik, _ in rusak], len(nama), apa)
    if kolom in KOLOM_ANGKA and any(isinstance(satu, float) for satu in nilai):
        yield Hal(
            True,
            f"v_bacaan.{kolom} berjenis pecahan biner (float): angka dapat sudah terpotong oleh basis data sebelum "
            "sampai di sini, tanpa tanda. Pakai numeric/decimal di tabel asalnya.",
        )


def _bilangan(isi: Sequence[Bacaan]) -> Iterator[Hal]:
    stan = [kolom for kolom in KOLOM_ANGKA if kolom.startswith(("sla", "sah")) or kolom == "pemkwh"]
    lebih = [
        bacaan.idpel
        for bacaan in isi
        if any((nilai := getattr(bacaan, kolom)) is not None and not muat_kontrak(abs(nilai)) for kolom in stan)
    ]
    yield from _sebagian(
        lebih, len(isi), "v_bacaan: {} memuat stan atau pemkwh di luar 12 angka dan 6 desimal, ditahan"
    )
    nol = [
        bacaan.idpel
        for bacaan in isi
        if any(getattr(bacaan, cabut) == getattr(bacaan, pasang) == 0 for cabut, pasang in _PASANGAN)
    ]
    if nol:
        yield Hal(False, f"v_bacaan: {_dari(nol, len(isi))} memuat cabut dan pasang 0: dibaca tidak ada ganti meter.")


def _cap(isi: Sequence[Bacaan], petugas: Baris, sekarang: datetime) -> Iterator[Hal]:
    """Look at the stamps: instants of another zone, and names that are somebody's only without capitals."""
    waktu = [kolom for kolom in KOLOM_STEMPEL if kolom.endswith("_pada")]
    nanti = [
        bacaan.idpel
        for bacaan in isi
        if any((nilai := getattr(bacaan, kolom)) is not None and nilai > sekarang for kolom in waktu)
    ]
    yield from _sebagian(
        nanti, len(isi), "v_bacaan: {} dicap di masa depan dan belum siap; waktu tanpa zona dibaca UTC"
    )
    dikenal = {kode(orang.username) for orang in petugas}
    tanpa_huruf = {samakan(nama) for nama in dikenal}
    oleh = (getattr(bacaan, kolom) for bacaan in isi for kolom in KOLOM_STEMPEL if kolom.endswith("_oleh"))
    beda = Counter(nilai for nilai in oleh if nilai and nilai not in dikenal and samakan(nilai) in tanpa_huruf)
    if beda:
        yield Hal(
            True,
            f"v_bacaan: cap oleh {_hitungan(beda)} cocok dengan v_petugas hanya bila huruf besar/kecil diabaikan, jadi "
            "tidak berlaku. Samakan ejaannya.",
        )


def _bernama(gagal: bool, isi: Sequence[str], apa: str, akibat: str = "") -> Iterator[Hal]:
    """Tell of what was found, if anything was, with the first of it. ``apa``: with ``{}`` for how many."""
    if isi:
        yield Hal(gagal, f"{apa.format(ribuan(len(isi)))}: {daftar(list(isi), 5)}.{akibat}")


def _sebagian(pelanggan: Sequence[str], semua: int, apa: str) -> Iterator[Hal]:
    """Tell a fault of the view, when many customers have it, from one of a row. ``apa``: with ``{}`` for who."""
    if pelanggan:
        gagal = len(pelanggan) > BANYAK * semua
        saran = " Sebanyak ini kesalahan view: minta pengelola ACMT memperbaikinya." if gagal else ""
        yield Hal(gagal, f"{apa.format(_dari(pelanggan, semua))}.{saran}")


def _dari(pelanggan: Collection[str], semua: int) -> str:
    return f"{ribuan(len(pelanggan))} dari {ribuan(semua)} pelanggan yang dilihat ({daftar(list(pelanggan), 3)})"


def _hitungan(isi: Counter[str]) -> str:
    return daftar([f"{nama} ({ribuan(jumlah)} baris)" for nama, jumlah in isi.most_common()], 5)

"""The rules over whole columns: what they say of plain rows, in whole numbers of a millionth.

Plain is a row that holds nothing but what most rows hold: usable stans that did not go back, no meter change, a whole
factor and daya, nothing offered beside the contract, and a stan lalu that is the month before's. Nothing here decides
what a rule means. A row that is not plain is judged by :mod:`ap2t.domain.kaidah.saring`, which is right for every row;
the tests compare the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ap2t.domain.kaidah.dasar import Kaidah
from ap2t.domain.kaidah.saring import pastikan_batas
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kolom import MIKRO, Angka, Bilangan, Kolom, Mask, mikrodetik
from ap2t.domain.model import Aturan, Pembulatan, StanLalu, mengikat

_KONTRAK = 10**12 * MIKRO
"""Numbers of the contract are below it."""
_DAYA_MAKS, _FAKTOR_MAKS, _KWH_MAKS = 10**9, 10**6, 3 * 10**18
"""Beyond these a product would not fit 64 bits."""


class FaktaKolom(NamedTuple):
    """What rules ask of plain rows. Of rows that are not plain nothing here means anything.

    Numbers in millionths, but ``daya`` in VA and ``jam_nyala`` in thousandths of an hour, rounded HALF UP.
    ``batas``: the kWh above which the limit in hours is passed. ``di_luar_rentang``: read on a day that is not
    plausible.
    """

    polos: Mask
    daya: Bilangan
    kwh: Bilangan
    jam_nyala: Bilangan
    batas: Bilangan
    pemkwh: Angka
    lalu: Angka
    rata3: Angka
    foto: Mask
    kvarh_diam: Mask
    di_luar_rentang: Mask

    @property
    def seribu_daya(self) -> Bilangan:
        """The kWh, in millionths, of one hour at full load."""
        return self.daya * 1000


class Penilaian(NamedTuple):
    """What the rules say of the rows that are plain.

    ``alasan``, ``dlpd``: numbers whose bits name the rules of :attr:`kode_alasan` and :attr:`kode_dlpd`.
    """

    fakta: FaktaKolom
    alasan: Bilangan
    dlpd: Bilangan
    kode_alasan: tuple[Alasan, ...]
    kode_dlpd: tuple[Dlpd, ...]


def nilai_kolom(kolom: Kolom, idpel: Sequence[str], aturan: Aturan, lalu: Mapping[str, StanLalu]) -> Penilaian | None:
    """Judge rows by a session's rules. None: one of its rules has no form over columns, so no row is plain.

    :param idpel: the customer of each row; asked for only where ``lalu`` holds any.
    :param lalu: what was last posted, by idpel.
    :raises ValueError: when the limit in hours is none (:func:`~ap2t.domain.kaidah.saring.pastikan_batas`).
    """
    pastikan_batas(aturan.batas_jam_nyala)
    alasan, dlpd = _kaidah(Alasan, aturan.versi), _kaidah(Dlpd, aturan.versi)
    batas = aturan.batas_jam_nyala * MIKRO
    if alasan is None or dlpd is None or batas != int(batas):
        return None
    fakta = _kumpulkan(kolom, idpel, aturan, lalu)
    return Penilaian(fakta, _bit(fakta, alasan), _bit(fakta, dlpd), alasan, dlpd)


@cache
def _kaidah(jenis: type[Any], versi: str) -> tuple[Any, ...] | None:
    """Return the rules of a rule set, or None where one of them has no form over columns."""
    semua: tuple[Kaidah, ...] = tuple(satu for satu in jenis if mengikat(versi, satu.isi.sejak))
    return None if any(satu.isi.kolom is None for satu in semua) else semua


def _bit(fakta: FaktaKolom, kaidah: Sequence[Kaidah]) -> Bilangan:
    hasil = np.zeros(len(fakta.polos), np.int64)
    for letak, satu in enumerate(kaidah):
        if satu.isi.kolom is not None and (kena := satu.isi.kolom(fakta)) is not None:
            hasil |= kena.astype(np.int64) << letak
    return hasil


def _kumpulkan(kolom: Kolom, idpel: Sequence[str], aturan: Aturan, lalu: Mapping[str, StanLalu]) -> FaktaKolom:
    angka = kolom.angka
    daya, fkm, sla, sah = (angka[nama] for nama in ("daya", "fkmkwh", "slalwbp", "sahlwbp"))
    tgl_baca, ada_tgl = kolom.saat["tgl_baca"]
    polos = kolom.idpel & ada_tgl & daya.ada & fkm.ada & sla.ada & sah.ada
    polos &= ~kolom.teks["pilihan"][0]
    for nama, satu in angka.items():
        if nama != "fkmkwh_lama":  # counts in a month with a meter change only, and such a row is not plain
            polos &= ~satu.ganjil
    polos &= _tanpa_ganti(angka, "lwbpcabut", "lwbppasang") & _tanpa_ganti(angka, "wbpcabut", "wbppasang")
    va, faktor = daya.nilai // MIKRO, fkm.nilai // MIKRO
    polos &= (daya.nilai > 0) & (daya.nilai % MIKRO == 0) & (va <= _DAYA_MAKS)
    polos &= (fkm.nilai > 0) & (fkm.nilai % MIKRO == 0) & (faktor <= _FAKTOR_MAKS)
    lebar = _lebar(angka["digit_meter"])
    slaw, sahw = angka["slawbp"], angka["sahwbp"]
    polos &= (lebar > 0) & (slaw.ada == sahw.ada)
    polos &= (sla.nilai >= 0) & (sla.nilai <= sah.nilai) & (sah.nilai < lebar)
    polos &= (slaw.nilai >= 0) & (slaw.nilai <= sahw.nilai) & (sahw.nilai < lebar)
    polos &= _sambung(polos, angka, idpel, lalu)
    va, faktor = np.where(polos, va, 1), np.where(polos, faktor, 1)
    pakai = np.where(polos, (sah.nilai - sla.nilai) + (sahw.nilai - slaw.nilai), 0)
    polos &= pakai <= (_KONTRAK - 1) // faktor
    kwh = np.where(polos, pakai, 0) * faktor
    pemkwh, bulan_lalu, rata3 = angka["pemkwh"], angka["pemkwh_lalu"], angka["pemkwh_rata3"]
    for satu in (bulan_lalu, rata3):
        polos &= (satu.nilai >= 0) & (satu.nilai <= _KWH_MAKS)
    if aturan.ketentuan.pembulatan_kwh != Pembulatan.TEPAT:  # a whole number may stand for the exact one
        polos &= ~pemkwh.ada | (pemkwh.nilai == kwh)
    kvarh_sah, kvarh_diam = _kvarh(angka)
    ada_foto, foto = kolom.teks["foto_url"]
    polos &= kvarh_sah & (foto | ~ada_foto)
    bulat, sisa = np.divmod(kwh, va)
    batas = np.int64(int(aturan.batas_jam_nyala * MIKRO)) * va // 1000
    return FaktaKolom(
        polos=polos,
        daya=va,
        kwh=kwh,
        jam_nyala=bulat + (2 * sisa >= va),
        batas=batas,
        pemkwh=pemkwh,
        lalu=bulan_lalu,
        rata3=rata3,
        foto=foto,
        kvarh_diam=kvarh_diam,
        di_luar_rentang=_di_luar_rentang(tgl_baca, aturan),
    )


def _tanpa_ganti(angka: Mapping[str, Angka], cabut: str, pasang: str) -> Mask:
    """Tell where cabut and pasang of a register say that the meter was not changed: none of them, or (0, 0)."""
    satu, dua = angka[cabut], angka[pasang]
    tanpa: Mask = (satu.ada == dua.ada) & (satu.nilai == 0) & (dua.nilai == 0)
    return tanpa


def _lebar(digit: Angka) -> Bilangan:
    """Return the register's span, or the contract's where no width is known. 0: the width is none."""
    bulat = digit.nilai // MIKRO
    sah = (digit.nilai % MIKRO == 0) & (bulat > 0) & (bulat <= 12)
    pangkat = np.array([10**letak * MIKRO for letak in range(13)], np.int64)
    return np.where(digit.ada, np.where(sah, pangkat[np.where(sah, bulat, 0)], 0), _KONTRAK)


def _kvarh(angka: Mapping[str, Angka]) -> tuple[Mask, Mask]:
    """Tell where a kVArh pair is none, or has a factor and did not go back. Tell too where it did not move."""
    sla, sah, faktor = angka["slakvarh"], angka["sahkvarh"], angka["fkmkvarh"]
    nol = (sla.nilai == 0) & (sah.nilai == 0) & (faktor.nilai == 0)
    wajar = (sla.nilai >= 0) & (sla.nilai <= sah.nilai) & (sah.nilai < _KONTRAK) & (faktor.nilai > 0)
    ada = sla.ada & sah.ada
    return (sla.ada == sah.ada) & (~ada | nol | wajar), ada & wajar & (sla.nilai == sah.nilai)


def _di_luar_rentang(tgl_baca: Bilangan, aturan: Aturan) -> Mask:
    if aturan.rentang_baca is None:
        return np.zeros(len(tgl_baca), bool)
    dari, sampai = map(mikrodetik, aturan.rentang_baca)
    return (tgl_baca < dari) | (tgl_baca > sampai)


def _sambung(polos: Mask, angka: Mapping[str, Angka], idpel: Sequence[str], lalu: Mapping[str, StanLalu]) -> Mask:
    """Tell where the month before is not known, or is where this month begins."""
    hasil = np.ones(len(polos), bool)
    if not lalu:
        return hasil
    nomor = [letak for letak in np.flatnonzero(polos).tolist() if idpel[letak] in lalu]
    bulan = [lalu[idpel[letak]] for letak in nomor]
    for kolom, nilai in (
        ("slalwbp", [satu.lwbp for satu in bulan]),
        # no WBP register stands at nothing; where LWBP is not known nothing is compared
        ("slawbp", [None if satu.lwbp is None else satu.wbp or Decimal(0) for satu in bulan]),
        ("fkmkwh", [satu.fkm for satu in bulan]),
    ):
        mikro = np.array([_mikro(satu) for satu in nilai], np.int64)
        sama = (angka[kolom].nilai[nomor] == mikro) | np.array([satu is None for satu in nilai], bool)
        hasil[nomor] &= sama
    return hasil


def _mikro(nilai: Decimal | None) -> int:
    """Return a number in millionths. What does not fit the contract becomes one that no plain row has."""
    if nilai is None or not abs(nilai) < 10**12 or nilai * MIKRO != int(nilai * MIKRO):
        return -1
    return int(nilai * MIKRO)

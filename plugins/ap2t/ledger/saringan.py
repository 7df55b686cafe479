"""What the sieve looks at and what it says, in and out with COPY.

Only the columns it needs are read, each value once. Rows go by place here, for speed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from ap2t.domain.model import Bacaan, StanLalu
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi
from ap2t.teks_copy import NIHIL, bacaan_dari_kolom, bilangan, kumpulkan, pasang, pecah

POTONG = 2000
"""Rows held in memory at once."""


class BarisSaringan(NamedTuple):
    """What the sieve said of a row.

    ``daya`` in VA, ``jam_nyala`` in hours. ``alasan``, ``dlpd``: codes of reasons and of flags. ``lalu``: the last
    posting, which the row contradicts. None: no flag of the chain stands. ``kwh_kirim``: what is sent in place of the
    exact kWh. None: the exact kWh.
    """

    idpel: str
    daya: Decimal | None
    kwh: Decimal | None
    jam_nyala: Decimal | None
    hasil: str
    alasan: Sequence[str]
    dlpd: Sequence[str]
    lalu: StanLalu | None
    kwh_kirim: Decimal | None


_KOLOM = (
    *("idpel", "daya", "fkmkwh", "fkmkvarh", "digit_meter", "tgl_baca"),
    *("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh"),
    *("lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang", "fkmkwh_lama"),
    *("pemkwh", "pemkwh_lalu", "pemkwh_rata3", "foto_url", "pilihan", "cacat"),
)
"""The columns of ``ledger/bacaan_saring``."""
_TUMPUK = 500
_LEBAR = len(BarisSaringan._fields) - 2 + len(StanLalu._fields)  # without idpel; what was compared with is columns
_TANPA_LALU = (None,) * len(StanLalu._fields)


class Bersama(NamedTuple):
    """Rows of a snapshot, and what the sieve said of each. None: nothing."""

    bacaan: list[Bacaan]
    saringan: list[BarisSaringan | None]


def _tersaring(idpel: str, kolom: tuple[str, ...]) -> BarisSaringan | None:
    daya, kwh, jam_nyala, hasil, alasan, dlpd, bulan, *stan, kirim = kolom
    if hasil == NIHIL:
        return None
    lalu = None if bulan == NIHIL else StanLalu(bulan, *map(bilangan, stan))
    angka = bilangan(daya), bilangan(kwh), bilangan(jam_nyala)
    return BarisSaringan(idpel, *angka, hasil, _kode(alasan), _kode(dlpd), lalu, bilangan(kirim))


def _kode(teks: str) -> list[str]:
    return teks.split(",") if teks else []


def _teks_lalu(lalu: StanLalu | None) -> str:
    return "\t".join(pasang(None if nilai is None else str(nilai)) for nilai in lalu or _TANPA_LALU)


class TabelSaringan(Tabel):
    """What the sieve looks at, and what it says."""

    def baca(self, sesi: Sesi, *, potong: int = POTONG) -> Generator[list[Bacaan], None, None]:
        """Stream what the sieve looks at of the snapshot, by idpel. Every other column is None."""
        with self.salin("bacaan_saring", sesi_id=sesi.id) as keluar:
            for baris in kumpulkan(keluar, potong):
                yield bacaan_dari_kolom(_KOLOM, zip(*pecah(baris), strict=True), len(baris))

    def bersama(self, sesi: Sesi, *, potong: int = POTONG) -> Iterator[Bersama]:
        """Read snapshot and sieve side by side, by idpel, a chunk a statement: others may be run in between.

        :raises ValueError: a value cannot be read. :raises ArithmeticError: the same, of a number.
        """
        sesudah = ""
        for sampai in self.jalankan("saringan_batas", sesi_id=sesi.id, potong=potong).scalars().all():
            yield self._bersama(sesi, sesudah, sampai)
            sesudah = sampai

    def _bersama(self, sesi: Sesi, sesudah: str, sampai: str) -> Bersama:
        with self.salin("saringan_ulang", sesi_id=sesi.id, sesudah=sesudah, sampai=sampai) as keluar:
            baris = list(map(bytes, keluar))
        kolom = list(zip(*pecah(baris), strict=True)) or [()] * (len(_KOLOM) + _LEBAR)
        bacaan = bacaan_dari_kolom(_KOLOM, kolom[: len(_KOLOM)], len(baris))
        saringan = zip(*kolom[len(_KOLOM) :], strict=True)
        return Bersama(bacaan, [_tersaring(satu.idpel, isi) for satu, isi in zip(bacaan, saringan, strict=True)])

    def tulis(self, sesi: Sesi, baris: Iterable[BarisSaringan]) -> None:
        """COPY what the sieve said.

        An idpel that is not letters and digits alone goes through the driver, which escapes it.
        """
        tumpuk: list[str] = []
        with self.salin("saringan_salin_masuk") as salin:
            for idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd, lalu, kirim in baris:
                if not idpel.isalnum():
                    kata = [*map(str, alasan)], [*map(str, dlpd)]
                    salin.write_row((sesi.id, idpel, daya, kwh, jam_nyala, hasil, *kata, *(lalu or _TANPA_LALU), kirim))
                    continue
                tumpuk.append(
                    f"{sesi.id}\t{idpel}\t{NIHIL if daya is None else daya}\t{NIHIL if kwh is None else kwh}\t"
                    f"{NIHIL if jam_nyala is None else jam_nyala}\t{hasil}\t"
                    f"{{{','.join(alasan)}}}\t{{{','.join(dlpd)}}}\t{_teks_lalu(lalu)}\t"
                    f"{NIHIL if kirim is None else kirim}\n"
                )
                if len(tumpuk) >= _TUMPUK:
                    salin.write("".join(tumpuk))
                    tumpuk.clear()
            salin.write("".join(tumpuk))

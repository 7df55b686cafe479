"""What the sieve looks at and what it says, in and out with COPY.

Only the columns it needs are read, each value once. Rows go by place here, for speed, and plain rows by columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ap2t.domain.model import Bacaan, HasilSaring, StanLalu
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi
from ap2t.teks_copy import NIHIL, bacaan_dari_kolom, bilangan, pecah

if TYPE_CHECKING:  # columns and what they are made of take a tenth of a second to import: where they are used
    from ap2t.domain.kaidah.kolom import Penilaian
    from ap2t.domain.kolom import Mask
    from ap2t.teks_blok import Blok

KOLOM_SARING = (
    *("idpel", "daya", "fkmkwh", "fkmkvarh", "digit_meter", "tgl_baca"),
    *("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh"),
    *("lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang", "fkmkwh_lama"),
    *("pemkwh", "pemkwh_lalu", "pemkwh_rata3", "foto_url", "pilihan", "cacat"),
)
"""What the sieve looks at."""
POTONG = 5000
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


_LEBAR = len(BarisSaringan._fields) - 2 + len(StanLalu._fields)  # without idpel; what was compared with is columns
_TANPA_LALU = (None,) * len(StanLalu._fields)


class Tersaring(NamedTuple):
    """What the sieve said of some rows: of plain ones as COPY text, of others row by row."""

    polos: bytes
    baris: list[BarisSaringan]


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


class TabelSaringan(Tabel):
    """What the sieve looks at, and what it says."""

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
        kolom = list(zip(*pecah(baris), strict=True)) or [()] * (len(KOLOM_SARING) + _LEBAR)
        bacaan = bacaan_dari_kolom(KOLOM_SARING, kolom[: len(KOLOM_SARING)], len(baris))
        saringan = zip(*kolom[len(KOLOM_SARING) :], strict=True)
        return Bersama(bacaan, [_tersaring(satu.idpel, isi) for satu, isi in zip(bacaan, saringan, strict=True)])

    def tulis(self, sesi: Sesi, semua: Iterable[Tersaring]) -> None:
        """COPY what the sieve says."""
        with self.salin("saringan_salin_masuk") as salin:
            for polos, baris in semua:
                salin.write(polos)
                for idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd, lalu, kirim in baris:
                    kata = [*map(str, alasan)], [*map(str, dlpd)]
                    angka = (daya, kwh, jam_nyala)
                    salin.write_row((sesi.id, idpel, *angka, hasil, *kata, *(lalu or _TANPA_LALU), kirim))

    def hitung(self, sesi: Sesi) -> dict[str, int]:
        """Return how many rows the sieve let pass and held, and how many by each reason."""
        return {baris.kode: baris.jumlah for baris in self.jalankan("saringan_hitung", sesi_id=sesi.id)}


def teks_polos(sesi: Sesi, blok: Blok, nilai: Penilaian, mana: Mask) -> bytes:
    """Write what the rules say of some of a block's plain rows, as COPY text. ``mana``: which of its rows."""
    from ap2t.teks_blok import gabung, kata_bit, pilih_kata, teks_bilangan, teks_bulat

    polos = mana[blok.polos]
    if not polos.any():
        return b""
    fakta, alasan, dlpd = nilai.fakta, nilai.alasan[polos], nilai.dlpd[polos]
    return gabung(
        str(sesi.id),
        blok.teks_kolom("idpel", polos),
        teks_bulat(fakta.daya[polos]),
        teks_bilangan(fakta.kwh[polos], 6, pangkas=True),
        teks_bilangan(fakta.jam_nyala[polos], 3),
        pilih_kata((alasan != 0).astype("int64"), [HasilSaring.LOLOS, HasilSaring.DITAHAN]),
        kata_bit(alasan, nilai.kode_alasan),
        kata_bit(dlpd, nilai.kode_dlpd),
        "\t".join([NIHIL] * (len(_TANPA_LALU) + 1)),
    )

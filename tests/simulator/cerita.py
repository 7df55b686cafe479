"""A story: everything that will be tried, made up front from the seed as a plain list, so that it can be shortened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tests.simulator.ap2t import GANGGUAN

LANGKAH = ("buka", "siap", "ambil", "saring", "rekap", "gerbang", "gerbang2", "posting", "rekonsiliasi", "tutup")
"""The steps of both kinds of session; a cancellation's ``ambil`` and ``posting`` are its own, and it lacks some."""
BANYAK = {
    "buka": (8, 4, 11, 10),
    "siap": (8, 4, 10, 12),
    "ambil": (6, 4, 12, 8),
    "saring": (8, 0, 9, 0),
    "rekap": (4, 0, 8, 0),
    "gerbang": (17, 4, 30, 3),
    "gerbang2": (17, 4, 30, 3),
    "posting": (44, 10, 40, 8),
    "rekonsiliasi": (14, 4, 9, 2),
    "tutup": (10, 0, 10, 2),
}
"""Boundaries at commits and at requests, statements to the ledger and to ACMT, that a step has, about."""
NILAI: dict[str, tuple[dict[str, str | None], str | None, str]] = {
    "150": ({"sahlwbp": "1150", "pemkwh": "150"}, None, "150"),
    "151": ({"sahlwbp": "1151", "pemkwh": "151"}, None, "151"),
    "0": ({"sahlwbp": "1000", "pemkwh": "0"}, None, "0"),
    "2600": ({"sahlwbp": "3600", "pemkwh": "2600"}, None, "2600"),
    "2601": ({"sahlwbp": "3601", "pemkwh": "2601"}, "JAM_NYALA", ""),
    "mundur": ({"sahlwbp": "899", "pemkwh": None}, "STAN_MUNDUR", ""),
    "selisih": ({"sahlwbp": "1150", "pemkwh": "149"}, "SELISIH_KWH", ""),
}
"""A reading at the source: its columns, why the sieve holds it, its kWh. At 1,300 VA 2,600 kWh are 2,000 hours."""
BOBOT = {
    "komit": 30,
    "minta": 20,
    "permintaan": 20,
    "buku": 7,
    "acmt": 5,
    "komit_gagal": 8,
    "kirim": 35,
    "batas kirim": 25,
}
TEPAT = {
    "rusak buku": (("gerbang", "komit", 8, 16),),
    "peran": (("gerbang", "komit", 8, 16), ("posting", "batas kirim", 1, 6)),
    "lain": (("rekonsiliasi", "minta", 1, 2), ("gerbang", "komit", 1, 16), ("posting", "batas kirim", 1, 6)),
    "baca": (("gerbang", "komit", 8, 16), ("posting", "batas kirim", 1, 6)),
}
"""Where an event does most: step, kind of boundary, from which number to which."""
DB = ("putus", "57P01", "40P01", "40001", "25006", "53100", "57014", "55P03")


class Peristiwa(NamedTuple):
    """Something that happens once: in which session, which step, and where in it.

    ``titik``: the kind of boundary, of which it is number ``ke``. ``komit``, ``minta``: a commit or a request; ``batas
    kirim``: a request that writes. The fault of one of them: of a statement ``buku``, ``acmt``; of a commit
    ``komit_gagal``; of a request ``permintaan``; of one that writes ``kirim``.
    """

    babak: int
    langkah: str
    titik: str
    ke: int
    apa: str
    isi: tuple[Any, ...] = ()


class Jawab(NamedTuple):
    """One answer that somebody gives at a gate, in turn."""

    babak: int
    urutan: int
    oleh: str
    apa: str
    kembali: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cerita:
    """The plan."""

    nomor: int
    pola: str
    pengesah: int
    tenggat_jam: int | None
    ukuran: int
    serentak: int
    halaman: int
    pelanggan: tuple[tuple[str, str], ...]
    babak: tuple[tuple[int, ...] | None, ...]
    """Sessions one after the other: None approves; else it cancels those customers, or all if empty."""
    jawaban: tuple[Jawab, ...] = field(default=())
    peristiwa: tuple[Peristiwa, ...] = field(default=())
    cara: tuple[str, ...] = field(default=())
    """How a step that failed for good is taken up, in turn."""

    def lebih_pendek(self) -> Iterator[Cerita]:
        """Yield stories with something left out, the largest parts first."""
        for nama in ("peristiwa", "jawaban", "babak", "pelanggan", "cara"):
            semua: tuple[Any, ...] = getattr(self, nama)
            paling = 1 if nama in ("babak", "pelanggan") else 0
            besar = len(semua)
            while besar >= 1:
                for awal in range(0, len(semua), besar):
                    sisa = semua[:awal] + semua[awal + besar :]
                    if len(sisa) >= paling and (nama != "babak" or awal + besar >= len(semua)):
                        yield replace(self, **{nama: sisa})
                besar //= 2

    def tulis(self) -> str:
        """Write it for people, a line each."""
        baris = [
            f"{self.pola}, {self.pengesah} pengesah, tenggat {self.tenggat_jam} jam, {self.ukuran} baris per batch, "
            f"{self.serentak} batch serentak, "
            f"{self.halaman} baris per halaman daftar",
            f"pelanggan: {', '.join(f'{n}={nilai} {apa}'.strip() for n, (nilai, apa) in enumerate(self.pelanggan))}",
            "sesi: " + ", ".join(f"{b}=" + _babak(isi) for b, isi in enumerate(self.babak)),
            f"cara: {', '.join(self.cara)}",
            *map(str, self.jawaban),
            *map(str, self.peristiwa),
        ]
        return "\n".join(f"  {satu}" for satu in baris)


def _babak(isi: tuple[int, ...] | None) -> str:
    return "pengesahan" if isi is None else f"pembatalan {list(isi) or 'semua'}"


def buat(benih: str, nomor: int) -> Cerita:
    """Make up a story."""
    acak = random.Random(f"{benih}/{nomor}")  # noqa: S311 -- not a secret
    jumlah = acak.choice((1, 2, 3, 3, 4, 4, 5, 6, 8, 12))
    pengesah = acak.choice((1, 1, 2))
    babak = acak.choices(
        ((None,), (None, None), (None, ()), (None, (0,)), (None, (), None), (None, (0, 1))), (10, 3, 4, 1, 2, 1)
    )[0]
    return Cerita(
        nomor=nomor,
        pola=acak.choice(("LENGKAP", "BERTAHAP")),
        pengesah=pengesah,
        tenggat_jam=acak.choice((None, None, 24)),
        ukuran=acak.randint(1, 4),
        serentak=acak.choice((1, 1, 2, 3)),
        halaman=acak.choice((2, 3, 1000)),
        pelanggan=tuple(_pelanggan(acak) for _ in range(jumlah)),
        babak=babak,
        jawaban=tuple(_jawaban(acak, babak, pengesah, jumlah)),
        peristiwa=tuple(_peristiwa(acak, babak, jumlah) for _ in range(acak.choice((0, 1, 2, 2, 3, 4, 6, 9)))),
        cara=tuple(acak.choice(("clear", "clear", "alih", "penjaga")) for _ in range(3)),
    )


def _pelanggan(acak: random.Random) -> tuple[str, str]:
    nilai = acak.choices(tuple(NILAI), (60, 10, 3, 5, 5, 3, 3))[0]
    return nilai, acak.choices(("", "asing", "tolak", "lain", "suplai", "belum siap"), (80, 3, 4, 3, 2, 5))[0]


def _jawaban(acak: random.Random, babak: tuple[Any, ...], pengesah: int, jumlah: int) -> Iterator[Jawab]:
    for b, isi in enumerate(babak):
        for urutan in range(1, 2 if isi is not None else pengesah + 1):
            for _ in range(acak.choice((0, 0, 0, 1, 1, 2))):
                oleh = acak.choice(("a", "a", "b", "pengawas", "asing", ""))
                apa = acak.choices(
                    ("setuju", "tolak", "isian palsu", "pilihan palsu", "terlambat", "dua kali", "bertentangan"),
                    (6, 2, 1, 1, 1, 2, 2),
                )[0]
                kembali = tuple(sorted(acak.sample(range(jumlah), acak.choice((0, 0, 1, min(2, jumlah))))))
                yield Jawab(b, urutan, oleh, apa, kembali)
            if isi is None and acak.random() < 0.25:
                yield Jawab(b, urutan, "a" if urutan == 1 else "b", "setuju", (acak.randrange(jumlah),))


def _peristiwa(acak: random.Random, babak: tuple[Any, ...], jumlah: int) -> Peristiwa:
    b = acak.randrange(len(babak))
    langkah = acak.choices(LANGKAH, (5, 3, 6, 3, 2, 12, 4, 45, 8, 6))[0]
    komit, minta, buku, acmt = BANYAK[langkah]
    banyak = {
        "komit": komit,
        "minta": minta,
        "permintaan": minta // 2,
        "buku": buku,
        "acmt": acmt,
        "komit_gagal": komit // 2,
        **({"kirim": 4, "batas kirim": 8} if langkah == "posting" else {}),
    }
    titik = acak.choices(tuple(banyak), [BOBOT[satu] if kali else 0 for satu, kali in banyak.items()])[0]
    ke = acak.randint(1, banyak[titik])
    if titik in ("permintaan", "kirim"):
        sering = ("nanti", "nanti", "jawaban hilang", "500 sesudah")
        apa = acak.choice(GANGGUAN if acak.random() < 0.6 else sering)
        return Peristiwa(b, langkah, titik, ke, apa, (acak.choice((1, 1, 1, 2, 9)),))
    if titik in ("buku", "acmt"):
        return Peristiwa(b, langkah, titik, ke, acak.choice((*DB, "hilang")), (acak.choice((1, 2, 12)),))
    if titik == "komit_gagal":
        return Peristiwa(b, langkah, titik, ke, acak.choice(("tidak tahu", "tidak tahu", *DB)))
    apa, isi = _di_batas(acak, jumlah)
    if apa in TEPAT and acak.random() < 0.6:
        langkah, titik, dari, sampai = acak.choice(TEPAT[apa])
        ke = acak.randint(dari, sampai)
    return Peristiwa(b, langkah, titik, ke, apa, isi)


def _di_batas(acak: random.Random, jumlah: int) -> tuple[str, tuple[Any, ...]]:
    apa = acak.choices(
        (
            *("mati", "salinan", "ambil alih", "baca", "cap", "peran", "jam", "jam buku", "lain", "penjaga", "versi"),
            *("rusak buku", "aturan"),
        ),
        (30, 8, 5, 14, 5, 8, 6, 4, 16, 3, 1, 3, 2),
    )[0]
    n = acak.randrange(jumlah)
    isi: dict[str, tuple[Any, ...]] = {
        "baca": (n, acak.choice(tuple(NILAI)), acak.random() < 0.3),
        "cap": (n,),
        "rusak buku": (n,),
        "peran": (acak.choice("aab"), acak.random() < 0.15),
        "jam": (acak.choice((120.0, -120.0, 86400.0, -86400.0, 86400.0 * 220, 4000.0)),),
        "jam buku": (acak.choice((120.0, -120.0, 86400.0, -86400.0, 86400.0 * 220)),),
        "lain": (n, acak.choices((0, 1, 3), (6, 3, 1))[0], acak.choice(("150", "151"))),
    }
    return apa, isi.get(apa, ())

"""What is written into the gate's form: checked here, because Airflow stores an answer before anything looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak, MasukanTidakSah
from ap2t.ledger.pembatalan import DAFTAR, SEMUA, PermintaanBatal
from ap2t.ledger.sesi import Sesi

ISIAN = ("catatan", "kembalikan")
ISIAN_PEMBATALAN = ("catatan",)
"""The fields of a cancellation's gate: it sends nobody back."""
CATATAN_MAKS = 1000
ALASAN_MAKS = 500
TANPA_ALASAN = "Dikembalikan pengesah tanpa alasan tertulis"


def periksa_isian(sesi: Sesi, isian: Mapping[str, Any]) -> None:
    """Check what the form itself cannot: Airflow stores an answer before anything looks at its fields."""
    asing = sorted(set(isian) - set(ISIAN))
    if sesi.pembatalan and baca_kembalikan(isian.get("kembalikan")):  # left empty it says nothing, as everywhere
        asing.append("kembalikan")
    catatan = isian.get("catatan")
    if asing:
        apa = f"memuat isian yang bukan dari formulirnya ({', '.join(repr(nama[:40]) for nama in asing)})"
    elif catatan is not None and (not isinstance(catatan, str) or len(catatan) > CATATAN_MAKS or not _biasa(catatan)):
        apa = f"memuat catatan yang bukan teks biasa sampai {CATATAN_MAKS} huruf"
    else:
        return
    raise BukuMenolak(
        f"Jawaban gerbang sesi {sesi.nomor} {apa}. Jawaban tidak diterima. {sesi.tanpa_akibat}. "
        "Ulangi (clear) tugas persetujuan lalu jawab lewat formulir di layar."
    )


def _biasa(teks: str) -> bool:
    """Whether a database can hold it: no NUL, no half of a character."""
    return re.search("[\x00\ud800-\udfff]", teks) is None


def sebut(asing: list[str]) -> str:
    """Name unknown idpel; what has not their form is only counted: it may be a name, and logs are open."""
    idpel = [idpel for idpel in asing if re.fullmatch(r"[0-9]{12}", idpel)]
    lain = len(asing) - len(idpel)
    return "; ".join(
        teks for teks in (daftar(idpel), f"{ribuan(lain)} isian yang bukan idpel 12 angka" if lain else "") if teks
    )


_BARIS = re.compile(r"((?:[0-9]{12}(?![0-9])[\s,;:]*)+)(.*)", re.DOTALL)
"""A line of the field: one or more idpel, then perhaps why."""
_MULAI = re.compile(r"[\r\n]+(?=[\s,;]*[0-9]{12}(?![0-9]))")
"""Where within one entry another line begins: a reason may have line ends, an idpel behind one is a customer."""


def baca_kembalikan(nilai: object) -> dict[str, str | None]:
    """Read whom to send back, and why where the line says so: idpel in order, each once.

    A list, or text, with one a line: ``idpel``, or ``idpel reason``. Several idpel before a reason share it; where an
    idpel stands twice the first reason counts. Blanks are dropped. What begins with no idpel is returned as it came.

    :raises BukuMenolak: if it is neither, or a reason is too long or no plain text.
    """
    if nilai is None:
        return {}
    if isinstance(nilai, str):
        nilai = nilai.splitlines()
    if not isinstance(nilai, list):
        raise BukuMenolak("Isian kembalikan harus berupa daftar idpel, satu per baris. Jawaban tidak diterima.")
    hasil: dict[str, str | None] = {}
    semua = (baris for isi in nilai if isi is not None for baris in _MULAI.split(str(isi)))
    for baris in (baris.strip(" \t\r\n,;") for baris in semua):
        cocok = _BARIS.fullmatch(baris)
        alasan = " ".join(cocok[2].split()) if cocok else ""
        if len(alasan) > ALASAN_MAKS or not _biasa(baris):
            raise BukuMenolak(
                f"Isian kembalikan memuat alasan yang bukan teks biasa sampai {ALASAN_MAKS} huruf. Jawaban tidak "
                "diterima dan tidak ada yang diposting. Ulangi (clear) tugas persetujuan lalu jawab lagi."
            )
        for idpel in re.findall("[0-9]{12}", cocok[1]) if cocok else filter(None, [baris]):
            hasil[idpel] = hasil.get(idpel) or alasan or None
    return dict(sorted(hasil.items()))


def disebut_alasan(kembalikan: Mapping[str, str | None]) -> list[str]:
    """Return idpel that begin another part of a reason, as if two customers stood on one line; not those sent back."""
    disebut = {isi for apa in kembalikan.values() if apa for isi in re.findall(r"[,;]\s*([0-9]{12})(?![0-9])", apa)}
    return sorted(disebut - set(kembalikan))


def alasan_kembalikan(sesi: Sesi, kembalikan: Mapping[str, str | None], catatan: str | None) -> dict[str, str]:
    """Return what ACMT is told of each customer sent back: the line's own reason, else the answer's note; the session.

    An answer may come without either (a missing field counts as empty); then it says so.
    """
    umum = " ".join((catatan or "").split())
    umum = (umum if len(umum) <= ALASAN_MAKS else f"{umum[: ALASAN_MAKS - 3]}...") or TANPA_ALASAN
    return {idpel: f"{alasan or umum} (pengesahan {sesi.nomor})" for idpel, alasan in kembalikan.items()}


ALASAN_MIN, ALASAN_MAKS = 10, 500


class IsianPembatalan(NamedTuple):
    """The form's own fields as they came, whatever they are."""

    cakupan: object
    idpel: object
    alasan: object


def baca_pembatalan(isian: IsianPembatalan) -> PermintaanBatal:
    """Return what is to be cancelled: idpel in order, each once, blanks dropped; the reason on one line.

    :raises MasukanTidakSah: no scope, a list that does not fit the scope, what is no idpel, a reason too short or long.
    """
    if isian.cakupan not in (DAFTAR, SEMUA):
        raise MasukanTidakSah(
            f"Cakupan pembatalan belum dipilih. Pilih {DAFTAR} (idpel yang ditulis) atau {SEMUA} (semua yang sudah "
            "disahkan dalam kelompok ini), lalu mulai run baru."
        )
    idpel = baca_idpel(isian.idpel)
    if isian.cakupan == DAFTAR and not idpel:
        raise MasukanTidakSah(f"Cakupan {DAFTAR} perlu sedikitnya satu idpel, satu per baris. Mulai run baru.")
    if isian.cakupan == SEMUA and idpel:
        raise MasukanTidakSah(
            f"Cakupan {SEMUA} tidak menerima daftar idpel, tetapi {len(idpel)} idpel tertulis. Kosongkan daftarnya, "
            f"atau pilih cakupan {DAFTAR}. Mulai run baru."
        )
    return PermintaanBatal(str(isian.cakupan), _alasan(isian.alasan), idpel)


def baca_idpel(nilai: object) -> list[str]:
    """Return the idpel of a list (or of a text, apart by blanks or commas): in order, each once.

    :raises MasukanTidakSah: it is no list, or something in it is no idpel.
    """
    if isinstance(nilai, str):
        nilai = re.split(r"[\s,;]+", nilai)
    if nilai is not None and not isinstance(nilai, list):
        raise MasukanTidakSah("Isian idpel harus berupa daftar, satu idpel per baris. Mulai run baru.")
    semua = sorted({str(isi).strip() for isi in nilai or () if isi is not None} - {""})
    salah = [idpel for idpel in semua if not re.fullmatch(r"[0-9]{12}", idpel)]
    if salah:
        raise MasukanTidakSah(
            f"Isian idpel memuat {sebut(salah)}. Perbaiki lalu mulai run baru; tidak ada yang dibatalkan."
        )
    return semua


def _alasan(nilai: object) -> str:
    alasan = " ".join(nilai.split()) if isinstance(nilai, str) else ""
    if not ALASAN_MIN <= len(alasan) <= ALASAN_MAKS or not alasan.isprintable():
        raise MasukanTidakSah(
            f"Alasan pembatalan harus teks biasa {ALASAN_MIN} sampai {ALASAN_MAKS} huruf; kini {len(alasan)}. "
            "Tulis mengapa pengesahannya dibatalkan, lalu mulai run baru."
        )
    return alasan

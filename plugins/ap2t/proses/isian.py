"""What people write into forms, checked here: Airflow stores an answer before anything looks at its fields."""

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
ALASAN_MIN, ALASAN_MAKS = 10, 500
"""Letters of a reason: a cancellation's has both limits, that of a customer sent back only the upper one."""
TANPA_ALASAN = "Dikembalikan pengesah tanpa alasan tertulis"


class IsianGerbang(NamedTuple):
    """The fields of the gate's form, read: the note, and whom to send back with the reason on their line."""

    catatan: str | None
    kembalikan: dict[str, str | None]

    @property
    def disebut(self) -> list[str]:
        """Every idpel that the form names: those sent back, and those that a reason names."""
        return [*self.kembalikan, *disebut_alasan(self.kembalikan)]


def baca_isian(sesi: Sesi, isian: Mapping[str, Any]) -> IsianGerbang:
    """Read the fields of a session's gate.

    :raises BukuMenolak: a field that the form has not, or one that does not hold what the form asks for.
    """
    asing = sorted(set(isian) - set(ISIAN))
    kembalikan = baca_kembalikan(isian.get("kembalikan"))
    if sesi.pembatalan and kembalikan:  # left empty it says nothing, as everywhere
        asing.append("kembalikan")
    catatan = isian.get("catatan")
    if asing:
        apa = f"memuat isian yang bukan dari formulirnya ({', '.join(repr(nama[:40]) for nama in asing)})"
    elif catatan is not None and (not isinstance(catatan, str) or len(catatan) > CATATAN_MAKS or not _biasa(catatan)):
        apa = f"memuat catatan yang bukan teks biasa sampai {CATATAN_MAKS} huruf"
    else:
        return IsianGerbang((catatan or "").strip() or None, kembalikan)
    raise BukuMenolak(
        f"Jawaban gerbang sesi {sesi.nomor} {apa}. Jawaban tidak diterima. {sesi.tanpa_akibat}. "
        "Ulangi (clear) tugas persetujuan lalu jawab lewat formulir di layar."
    )


def pastikan_dikenal(sesi: Sesi, isian: IsianGerbang, dikenal: set[str]) -> None:
    """Refuse an answer that sends a stranger back, or whose reason names a customer: that one would be posted.

    :param dikenal: those of ``isian.disebut`` that stand in the session.
    :raises BukuMenolak: it names a stranger, or a line's reason names a customer: that one would be posted.
    """
    asing = [idpel for idpel in isian.kembalikan if idpel not in dikenal]
    if asing:
        raise BukuMenolak(
            f"Isian kembalikan menyebut pelanggan yang tidak ada pada sesi {sesi.nomor}: {sebut(asing)}. "
            "Jawaban tidak diterima dan tidak ada yang diposting. Ulangi (clear) tugas persetujuan lalu jawab lagi."
        )
    selipan = [idpel for idpel in disebut_alasan(isian.kembalikan) if idpel in dikenal]
    if selipan:
        raise BukuMenolak(
            f"Alasan pada isian kembalikan menyebut pelanggan lain sesi {sesi.nomor}: {daftar(selipan)}. Tulis satu "
            "pelanggan per baris. Jawaban tidak diterima dan tidak ada yang diposting. Ulangi (clear) tugas "
            "persetujuan lalu jawab lagi."
        )


def _biasa(teks: str) -> bool:
    """Whether a database can hold it: no NUL, no half of a character."""
    return re.search("[\x00\ud800-\udfff]", teks) is None


def sebut(asing: list[str]) -> str:
    """Name unknown idpel. What has not their form is only counted: it may be a name, and logs are open."""
    idpel = [isi for isi in asing if re.fullmatch(r"[0-9]{12}", isi)]
    lain = len(asing) - len(idpel)
    return "; ".join(filter(None, (daftar(idpel), f"{ribuan(lain)} isian yang bukan idpel 12 angka" if lain else "")))


_BARIS = re.compile(r"((?:[0-9]{12}(?![0-9])[\s,;:]*)+)(.*)", re.DOTALL)
"""A line of the field: one or more idpel, then perhaps why."""
_MULAI = re.compile(r"[\r\n]+(?=[\s,;]*[0-9]{12}(?![0-9]))")
"""Where within one entry another line begins: a reason may have line ends, an idpel behind one is a customer."""


def baca_kembalikan(nilai: object) -> dict[str, str | None]:
    """Read whom to send back: idpel in order, each once, with the reason on its line.

    A list, or text, with one a line: ``idpel``, or ``idpel reason``. Several idpel before a reason share it. Where an
    idpel stands twice the first reason counts. Blanks are dropped. What begins with no idpel is returned as it came.

    :raises BukuMenolak: it is neither, or a reason is too long or no plain text.
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
    """Return idpel, not sent back themselves, that begin another part of a reason, as if two stood on one line."""
    pola = r"[,;]\s*([0-9]{12})(?![0-9])"
    disebut = {idpel for alasan in kembalikan.values() if alasan for idpel in re.findall(pola, alasan)}
    return sorted(disebut - set(kembalikan))


def alasan_kembalikan(sesi: Sesi, kembalikan: Mapping[str, str | None], catatan: str | None) -> dict[str, str]:
    """Return what ACMT is told of each customer sent back: the reason on its line, else the answer's note, if any."""
    umum = " ".join((catatan or "").split())
    umum = (umum if len(umum) <= ALASAN_MAKS else f"{umum[: ALASAN_MAKS - 3]}...") or TANPA_ALASAN
    return {idpel: f"{alasan or umum} (pengesahan {sesi.nomor})" for idpel, alasan in kembalikan.items()}


class IsianPembatalan(NamedTuple):
    """The fields of a cancellation's form as they came, whatever they are."""

    cakupan: object
    idpel: object
    alasan: object


def baca_pembatalan(isian: IsianPembatalan) -> PermintaanBatal:
    """Read what is to be cancelled, with the reason on one line.

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
    """Read a list of idpel, or a text in which blanks or commas part them: in order, each once, or MasukanTidakSah."""
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

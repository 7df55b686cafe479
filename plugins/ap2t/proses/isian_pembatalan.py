"""What is written into the form of a cancellation."""

from __future__ import annotations

import re
from typing import NamedTuple

from ap2t.galat import MasukanTidakSah
from ap2t.ledger.pembatalan import DAFTAR, SEMUA, Isi
from ap2t.proses.isian import sebut

ALASAN_MIN, ALASAN_MAKS = 10, 500


class IsianPembatalan(NamedTuple):
    """The form's own fields as they came, whatever they are."""

    cakupan: object
    idpel: object
    alasan: object


def baca_pembatalan(isian: IsianPembatalan) -> Isi:
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
    return Isi(str(isian.cakupan), _alasan(isian.alasan), idpel)


def baca_idpel(nilai: object) -> list[str]:
    """Return the idpel of a list (or of a text, apart by blanks or commas): in order, each once.

    :raises MasukanTidakSah: it is no list, or something in it is no idpel.
    """
    if isinstance(nilai, str):
        nilai = re.split(r"[\s,;]+", nilai)
    if nilai is not None and not isinstance(nilai, list):
        raise MasukanTidakSah("Isian idpel harus berupa daftar, satu idpel per baris. Mulai run baru.")
    semua = sorted({str(i).strip() for i in nilai or () if i is not None} - {""})
    salah = [i for i in semua if not re.fullmatch(r"[0-9]{12}", i)]
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

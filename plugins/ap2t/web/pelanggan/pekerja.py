"""A process beside the api-server that looks at every reading of a kelompok.

It is a process so that no request waits for Python's lock. ``python -m ap2t.web.pelanggan.pekerja`` reads one JSON line
a job, and answers with a JSON line and as many bytes as that line says. It ends when its input does, so that it never
outlives the api-server. It only reads.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, BinaryIO

from ap2t.domain.kesiapan import KesiapanKelompok, Tahap
from ap2t.domain.model import Tempat
from ap2t.domain.stempel import PetugasUnit
from ap2t.galat import GalatPengesahan
from ap2t.lihat.status_pelanggan import HILANG, Mata, StatusPelanggan, per_kelompok
from ap2t.web.data import Data
from ap2t.web.pelanggan import indeks

MENGALAH = 10
"""Niceness: requests, tasks and the scheduler go first."""
BATAS = 120
"""Seconds that one answer of a database is waited for. A kelompok's first row may take long, and nobody stands by."""
KESIAPAN, STATUS = "kesiapan", "status"
"""What can be asked for: how far the readings of a kelompok are, or that and the status of each customer."""


def kerjakan(data: Data, apa: str, tempat: Tempat) -> tuple[dict[str, Any], bytes]:
    """Return the counts of a kelompok, and its customers where they are asked for.

    :raises GalatPengesahan: ledger or ACMT do not answer.
    """
    saat = datetime.now(UTC)
    siap = KesiapanKelompok(PetugasUnit(tempat.unitup, data.acmt.petugas(tempat.unitup)), saat, maks_contoh=0)
    hasil = b""
    jumlah = 0
    if apa == KESIAPAN:
        for bagian in data.acmt.baca_kesiapan(tempat):
            siap.hitung(bagian)
    else:
        with closing(indeks.baru()) as conn:
            semua = per_kelompok(Mata(data.buku, data.acmt, sekarang=saat), tempat)
            indeks.isi(conn, (_catat_kesiapan(pelanggan, siap) for pelanggan in semua))
            jumlah = conn.execute("SELECT count(*) FROM pelanggan").fetchone()[0]
            hasil = conn.serialize()
    terisi, terverifikasi, terkirim = (siap.jumlah_siap(tahap) for tahap in Tahap)
    return {"kini": [siap.total, terisi, terverifikasi, terkirim], "pada": saat.isoformat(), "jumlah": jumlah}, hasil


def _catat_kesiapan(pelanggan: StatusPelanggan, siap: KesiapanKelompok) -> StatusPelanggan:
    if pelanggan.bacaan is not None and HILANG not in pelanggan.catatan:
        siap.hitung((pelanggan.bacaan,))
    return pelanggan


def layani(masuk: BinaryIO, keluar: BinaryIO) -> None:
    """Do one job after the other until the input ends."""
    data = Data(BATAS)
    for baris in masuk:
        minta = json.loads(baris)
        isi, hasil = _kerjakan_atau_galat(data, minta["apa"], Tempat(*minta["tempat"]))
        keluar.write(json.dumps({**isi, "panjang": len(hasil)}).encode() + b"\n")
        keluar.write(hasil)
        keluar.flush()
    data.tutup()


def _kerjakan_atau_galat(data: Data, apa: str, tempat: Tempat) -> tuple[dict[str, Any], bytes]:
    try:
        return kerjakan(data, apa, tempat)
    except GalatPengesahan as galat:
        return {"galat": str(galat)}, b""
    except Exception as galat:  # its text may hold a customer's data
        return {"galat": f"Pekerja halaman pengesahan gagal ({type(galat).__name__})."}, b""


if __name__ == "__main__":
    os.nice(MENGALAH)
    keluar = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else prints, prints to the log
    layani(sys.stdin.buffer, keluar)

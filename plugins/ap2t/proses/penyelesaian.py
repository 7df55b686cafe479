"""Settling a batch whose outcome is not known: ask AP2T, then settle the key, so that it is certain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from ap2t import ukuran
from ap2t.domain.teks import ribuan
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import HasilBatch, Jenis
from ap2t.ledger import jejak, kiriman
from ap2t.ledger.sesi import PEMBATALAN, PENGESAHAN, Sesi
from ap2t.proses.layanan import Lapor, Layanan

KIRIMAN = {PENGESAHAN: Jenis.POSTING, PEMBATALAN: Jenis.PEMBATALAN}
"""What a session of each kind sends."""


def catat_terapan(layanan: Layanan, sesi: Sesi, kunci: str, jawaban: HasilBatch, keterangan: str | None = None) -> None:
    """Record an applied batch and the outcome of each of its rows, at once; a second time changes nothing."""
    hasil = [
        kiriman.Hasil(h.idpel, h.status, h.kode, (h.pesan or "")[:200] or None, h.kodeposting) for h in jawaban.hasil
    ]

    def catat(conn: Connection) -> dict[str, Any] | None:
        pada = kiriman.selesaikan(conn, kunci, "DITERAPKAN", keterangan)
        if pada is None:
            return None
        isi = {"kunci": kunci, "keterangan": keterangan, "selesai_pada": pada}
        isi |= kiriman.catat_hasil(conn, sesi, kunci, hasil)
        jejak.catat(conn, "BATCH_DITERAPKAN", isi, sesi_id=sesi.id)
        return isi

    if isi := layanan.buku.ulang(catat):  # counted once it stands
        ukuran.tambah("batch.diterapkan")
        ukuran.tambah_semua("baris", isi["jumlah"])


def catat_batal(layanan: Layanan, sesi: Sesi, kunci: str, keterangan: str) -> None:
    """Record that a batch was surely not applied and its key will never be."""

    def catat(conn: Connection) -> bool:
        pada = kiriman.selesaikan(conn, kunci, "BATAL", keterangan)
        if pada is not None:
            isi = {"kunci": kunci, "keterangan": keterangan, "selesai_pada": pada}
            jejak.catat(conn, "BATCH_BATAL", isi, sesi_id=sesi.id)
        return pada is not None

    if layanan.buku.ulang(catat):
        ukuran.tambah("batch.batal")


def selesaikan_batch(
    layanan: Layanan, sesi: Sesi, kunci: str, idpel: Sequence[str], klien: KlienAp2t, lapor: Lapor
) -> bool:
    """Make a batch's outcome certain: ``GET batch``, else ``tutup``. Return whether it was applied.

    :raises Ap2tTidakTerjangkau: AP2T does not answer; the batch stays in flight.
    :raises Ap2tMelanggarKontrak: the stored answer cannot be believed; the batch stays in flight.
    """
    jenis = KIRIMAN[sesi.jenis]
    jawaban = klien.tanya_batch(kunci, idpel=idpel, jenis=jenis)
    if jawaban is None:
        tutup = klien.tutup(kunci, idpel=idpel, jenis=jenis)
        jawaban = tutup.jawaban if tutup.diterapkan else None
    if jawaban is not None:
        catat_terapan(layanan, sesi, kunci, jawaban, "dipastikan dengan bertanya")
        lapor(f"Batch {kunci} ({ribuan(len(idpel))} baris) ternyata sudah diterapkan AP2T; hasilnya dicatat.")
        return True
    catat_batal(layanan, sesi, kunci, "kunci ditutup: tidak diterapkan AP2T")
    lapor(f"Batch {kunci} ({ribuan(len(idpel))} baris) pasti tidak diterapkan AP2T; kuncinya ditutup.")
    return False

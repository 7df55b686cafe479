"""The snapshot and its digest: streamed in and out with COPY, memory flat whatever the size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from ap2t.domain.model import ATURAN_AWAL, KOLOM_ANGKA, KOLOM_BACAAN, KOLOM_WAKTU, Bacaan, StanLalu
from ap2t.domain.sampel import undi
from ap2t.ledger import pembatalan
from ap2t.ledger.mesin import alirkan, jalankan, kursor
from ap2t.ledger.sesi import Sesi
from ap2t.sql import muat
from ap2t.teks_copy import lepas

POTONG = 5000
"""Rows held in memory at once."""


def hapus(conn: Connection, sesi: Sesi) -> int:
    """Take back a snapshot that no gate has shown yet; return how many rows it had.

    :raises BukuMenolak: (through the transaction) if the snapshot is frozen.
    """
    return int(jalankan(conn, "cuplikan_hapus", sesi_id=sesi.id).scalar_one())


def hapus_saringan(conn: Connection, sesi: Sesi) -> int:
    """Take back what the sieve said, while no gate has shown it."""
    return int(jalankan(conn, "saringan_hapus", sesi_id=sesi.id).scalar_one())


def tulis(conn: Connection, sesi: Sesi, baris: Iterable[tuple[Bacaan, bytes | None]]) -> int:
    """COPY readings into the snapshot; return how many.

    :param baris: each reading, and its COPY text (``KOLOM_BACAAN``, no line end) where the source gave one: then the
        text is what is kept.
    """
    jumlah = 0
    awal, akhir = f"{sesi.id}\t".encode(), b"\t\\N\n"
    tumpuk: list[bytes] = []
    with kursor(conn).cursor() as k, k.copy(muat("ledger/bacaan_salin_masuk").encode()) as salin:
        for b, mentah in baris:
            jumlah += 1
            if mentah is None:
                salin.write_row((sesi.id, *b[:-1], Jsonb(b.cacat) if b.cacat else None))
                continue
            tumpuk += awal, mentah, akhir
            if len(tumpuk) >= 600:
                salin.write(b"".join(tumpuk).decode())
                tumpuk.clear()
        salin.write(b"".join(tumpuk).decode())
    return jumlah


def teks(conn: Connection, sesi: Sesi, dari: str, sampai: str, *, terposting: bool = False) -> dict[str, bytes]:
    """Return the COPY text of the snapshot's rows in a range of idpel, both ends included.

    :param terposting: only of those that were posted.
    """
    if terposting:
        jalankan(conn, "kirim_rencana")
    nilai = {"sesi_id": sesi.id, "dari": dari, "sampai": sampai, "terposting": terposting}
    perintah = sql.SQL(muat("ledger/bacaan_teks")).format(**{k: sql.Literal(v) for k, v in nilai.items()})
    with kursor(conn).cursor() as k, k.copy(perintah) as keluar:
        semua = (bytes(b) for b in keluar)
        return {lepas(b[: b.index(b"\t")].decode()) or "": b[:-1] for b in semua}


def bacaan(teks_baris: bytes) -> Bacaan:
    """Read a row from its COPY text in the ledger."""
    isi: list[Any] = list(map(lepas, teks_baris.decode().split("\t")))
    for n, nama in enumerate(KOLOM_BACAAN):
        if isi[n] is not None:
            isi[n] = _BACA[nama](isi[n]) if nama in _BACA else isi[n]
    return Bacaan._make([*isi[:-1], None if isi[-1] is None else json.loads(isi[-1])])


_BACA: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(KOLOM_ANGKA, Decimal),
    **dict.fromkeys(KOLOM_WAKTU, datetime.fromisoformat),
}
TANPA_CACAT = b"\t\\N"
"""What the ledger's text of a row has behind the source's text: every value was what it should be."""


def sidik(conn: Connection, sesi: Sesi) -> str:
    """SHA-256 over the session's number and every row and value of its snapshot and sieve, by idpel.

    The text hashed is PostgreSQL's own COPY text of the rows, in UTC; the number in front binds the digest to this
    session, so that an approval cannot be carried to another one. Of a cancellation: what was asked, and its rows.
    """
    if sesi.pembatalan:
        nama, kepala = "sidik_pembatalan", pembatalan.kepala_sidik(sesi.nomor, pembatalan.ambil(conn, sesi))
    else:
        nama, kepala = "sidik_baris", kepala_sidik(sesi._asdict())
    penuh = sesi.pembatalan or sesi.mengikat_dasar
    ringkas = hashlib.sha256(kepala)
    perintah = sql.SQL(muat(f"ledger/{nama}")).format(sesi_id=sql.Literal(sesi.id))
    with kursor(conn).cursor() as k, k.copy(perintah) as salin:
        for baris in salin:
            ringkas.update(baris if penuh else bytes(baris).removesuffix(_TANPA_LALU) + b"\n")
    return ringkas.hexdigest()


_TANPA_LALU = b"\t\\N" * len(StanLalu._fields) + b"\n"
"""How a row ends that has no last posting: in a session of the first rule set the digest does not speak of it."""


def kepala_sidik(s: Mapping[str, Any]) -> bytes:
    """Return what stands in front of the rows in a session's digest: number, rule set, limit, and what it judged by.

    :param s: the session's values by name, as the ledger has them or as text.
    """
    isi = [s["nomor"], s["versi_aturan"], s["batas_jam_nyala"]]
    if s["versi_aturan"] != ATURAN_AWAL:
        isi += (s[k] if s[k] is not None else "" for k in ("tgl_mulai", "dicuplik_pada"))
    return f"{'|'.join(map(str, isi))}\n".encode()


def diketahui(conn: Connection, sesi: Sesi, idpel: list[str]) -> set[str]:
    """Return which of ``idpel`` stand in this session's snapshot."""
    return set(jalankan(conn, "cuplikan_diketahui", sesi_id=sesi.id, idpel=idpel).scalars())


def ditahan(conn: Connection, sesi: Sesi, idpel: list[str]) -> int:
    """Return how many of ``idpel`` the session's sieve holds."""
    return int(jalankan(conn, "cuplikan_ditahan", sesi_id=sesi.id, idpel=idpel).scalar_one())


def angka_rekap(conn: Connection, sesi: Sesi) -> dict[str, Any]:
    """Return the sums a supervisor decides on: outcomes, kWh, reasons, DLPD, last month (exact decimals)."""
    return {
        "hasil": dict(jalankan(conn, "rekap_hasil", sesi_id=sesi.id).one()._mapping),
        "alasan": [dict(b._mapping) for b in jalankan(conn, "rekap_alasan", sesi_id=sesi.id)],
        "dlpd": [dict(b._mapping) for b in jalankan(conn, "rekap_dlpd", sesi_id=sesi.id)],
        "lalu": dict(jalankan(conn, "rekap_lalu", sesi_id=sesi.id).one()._mapping),
    }


def angka_verifikasi(conn: Connection, sesi: Sesi) -> list[dict[str, Any]]:
    """Return how the snapshot's rows were verified, by role; counts only."""
    return [dict(b._mapping) for b in jalankan(conn, "rekap_verifikasi", sesi_id=sesi.id)]


def sampel(conn: Connection, sesi: Sesi, sidik_: str, jumlah: int) -> list[str]:
    """Draw the customers to inspect from those that are to be approved, by the session's digest."""
    calon = alirkan(conn, "sampel_calon", POTONG, sesi_id=sesi.id)
    return undi(sidik_, calon.scalars(), jumlah)

"""Whether the trail still proves itself: the auditor's command, run in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from ap2t.domain.kontrak import periksa_unitup
from ap2t.web.anak import berjalan
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import HakPeminta
from ap2t.web.loket import Loket
from ap2t.web.masalah import Masalah

rute = APIRouter(route_class=RuteKolam)
TEMUAN_MAKS = 500
KUTIP = ("utuh", "putusan", "peringatan", "jejak", "sesi", "segel", "jangkar", "kepala")
"""What is passed on as the audit says it."""
DIAM_MAKS = 900
"""Seconds without a word after which a verification is given up. Its longest statement takes 600."""
HASIL_MAKS = 1 << 23
"""Bytes of a verification's outcome: some 30,000 findings."""
_loket = Loket(1, "Pemeriksaan jejak lain sedang berjalan. Tunggu sampai selesai, lalu ulangi.", status=409)


class Lingkup(BaseModel):
    """What is to be verified: one unit, or all (auditors only)."""

    model_config = ConfigDict(extra="forbid")
    unitup: str | None = None


@rute.post("/api/verifikasi")
async def verifikasi(
    hak: HakPeminta, isi: Annotated[Lingkup, Body()], _: Annotated[None, Depends(_loket.giliran)]
) -> StreamingResponse:
    """Verify chain, seals and every rule. Progress comes first, the outcome last (NDJSON)."""
    unitup = periksa_unitup(isi.unitup) if isi.unitup else None
    if not (hak.semua if unitup is None else hak.lihat(unitup)):
        kata = "semua unit" if unitup is None else f"unit {unitup}"
        raise Masalah(403, "UNIT_LAIN", f"Anda tidak melihat {kata}. Pilih unit Anda sendiri.")
    return StreamingResponse(_jalankan_verifikasi(unitup), media_type="application/x-ndjson")


async def _jalankan_verifikasi(unitup: str | None) -> AsyncIterator[str]:
    mulai = time.monotonic()
    argumen = ["audit", "verifikasi", "--json", *(["--unitup", unitup] if unitup else [])]
    async with berjalan("ap2t.cli", *argumen, stderr=PIPE, limit=1 << 20) as anak:
        os.setpriority(os.PRIO_PROCESS, anak.pid, 10)  # requests go first
        assert anak.stdout is not None  # noqa: S101 -- a pipe
        assert anak.stderr is not None  # noqa: S101
        keluaran = asyncio.create_task(_baca_semua(anak.stdout))
        gagal = "Pemeriksaan berhenti sebelum selesai."
        try:
            while mentah := await asyncio.wait_for(anak.stderr.readline(), DIAM_MAKS):
                baris = mentah.decode(errors="replace").strip()
                if baris.startswith("GAGAL: "):
                    gagal = baris.removeprefix("GAGAL: ")
                elif baris:
                    yield _baris_json({"kemajuan": baris})
            hasil = _hasil_verifikasi(await keluaran, gagal)
            yield _baris_json({**hasil, "detik": round(time.monotonic() - mulai, 1)})
        except TimeoutError:
            sebab = f"{DIAM_MAKS // 60} menit tanpa kabar. Apakah buku pengesahan menjawab?"
            yield _baris_json({"galat": f"Pemeriksaan dihentikan: {sebab}"})
        finally:
            keluaran.cancel()


async def _baca_semua(aliran: asyncio.StreamReader) -> bytes | None:
    """Return all of it, or None where it is more than is read on a page."""
    isi = bytearray()
    while potong := await aliran.read(1 << 16):
        isi += potong if len(isi) <= HASIL_MAKS else b""
    return None if len(isi) > HASIL_MAKS else bytes(isi)


def _hasil_verifikasi(keluaran: bytes | None, gagal: str) -> dict[str, Any]:
    if keluaran is None:
        return {
            "galat": "Temuannya terlalu banyak untuk halaman ini. Jalankan `ap2t audit verifikasi` di mesin auditor."
        }
    try:
        isi = json.loads(keluaran)
    except ValueError:
        return {"galat": gagal}
    temuan = isi["temuan"]
    return {
        **{nama: isi[nama] for nama in KUTIP},
        "temuan": [{nama: satu[nama] for nama in ("sesi", "aturan", "apa")} for satu in temuan[:TEMUAN_MAKS]],
        "temuan_jumlah": len(temuan),
    }


def _baris_json(isi: dict[str, Any]) -> str:
    return json.dumps(isi, ensure_ascii=False) + "\n"

"""What is looked into at a click: what a cancellation would do, and whether the trail still proves itself."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from ap2t.domain.kontrak import periksa_hari_baca, periksa_unitup
from ap2t.ledger.keadaan import Tempat
from ap2t.ledger.pembatalan import DAFTAR, SEMUA
from ap2t.proses.isian_pembatalan import baca_idpel
from ap2t.proses.layanan import Layanan
from ap2t.proses.pembatalan import CONTOH, SEBAB, pratinjau
from ap2t.web.anak import lingkungan, perintah
from ap2t.web.konteks import Bulan, H, Jawaban, K, UnitDilihat
from ap2t.web.masalah import Masalah

rute = APIRouter()
IDPEL_MAKS = 20_000
TEMUAN_MAKS = 500
_satu_saja = asyncio.Lock()


class Permintaan(BaseModel):
    """What is to be cancelled."""

    model_config = ConfigDict(extra="forbid")
    cakupan: str = Field(pattern=f"^({DAFTAR}|{SEMUA})$")
    idpel: list[str] = Field(default=[], max_length=IDPEL_MAKS)


class Lingkup(BaseModel):
    """What is to be verified: one unit, or all (auditors only)."""

    model_config = ConfigDict(extra="forbid")
    unitup: str | None = None


@rute.post("/api/unit/{unitup}/{thblrek}/{hari_baca}/pratinjau-pembatalan")
def pratinjau_pembatalan(
    k: K, h: H, unit: UnitDilihat, thblrek: Bulan, hari_baca: Annotated[str, Path()], isi: Permintaan
) -> Jawaban:
    """Return what a cancellation would do now, as its first step will decide it; writes nothing."""
    if unit.unitup not in h.bertindak:
        raise Masalah(403, "HANYA_MELIHAT", "Auditor hanya melihat. Pembatalan disiapkan oleh SPV TE unitnya.")
    t = Tempat(unit.unitup, thblrek, periksa_hari_baca(hari_baca))
    k.pastikan(*t)
    idpel = baca_idpel(isi.idpel)
    if (isi.cakupan == DAFTAR) != bool(idpel):
        kata = "perlu sedikitnya satu idpel" if isi.cakupan == DAFTAR else "tidak memakai daftar idpel"
        raise Masalah(400, "MASUKAN", f"Cakupan {isi.cakupan} {kata}.")
    with Layanan(buku=k.data.buku) as layanan:
        p = pratinjau(layanan, t, idpel)
    return Jawaban(
        {
            "boleh": {
                "jumlah": p.jumlah,
                "kwh": p.kwh,
                "tanpa_kwh": p.tanpa_kwh,
                "putaran": [{"nomor": n, "putaran": ke, "jumlah": j} for n, ke, j in p.putaran],
            },
            "tidak": [
                {"kode": kode, "sebab": SEBAB[kode], "jumlah": len(semua), "contoh": semua[:CONTOH]}
                for kode, semua in sorted(p.tidak.items())
            ],
            "belum_disahkan": p.belum,
        }
    )


@rute.post("/api/verifikasi")
async def verifikasi(h: H, isi: Annotated[Lingkup, Body()]) -> StreamingResponse:
    """Verify chain, seals and every rule, by the command an auditor uses; progress first, the outcome last (NDJSON)."""
    unitup = periksa_unitup(isi.unitup) if isi.unitup else None
    if not (h.semua if unitup is None else h.lihat(unitup)):
        kata = "semua unit" if unitup is None else f"unit {unitup}"
        raise Masalah(403, "UNIT_LAIN", f"Anda tidak melihat {kata}. Pilih unit Anda sendiri.")
    if _satu_saja.locked():
        raise Masalah(409, "SEDANG", "Pemeriksaan jejak lain sedang berjalan. Tunggu sampai selesai, lalu ulangi.")
    return StreamingResponse(_periksa(unitup), media_type="application/x-ndjson")


async def _periksa(unitup: str | None) -> AsyncIterator[str]:
    mulai = time.monotonic()
    pipa = asyncio.subprocess.PIPE
    argumen = ["audit", "verifikasi", "--json", *(["--unitup", unitup] if unitup else [])]
    async with _satu_saja:  # taken where the answer is made: one that is never read leaves nothing locked
        anak = await asyncio.create_subprocess_exec(
            *perintah("ap2t.cli", *argumen), stdout=pipa, stderr=pipa, env=lingkungan(), limit=1 << 26
        )
        os.setpriority(os.PRIO_PROCESS, anak.pid, 10)  # requests go first
        assert anak.stdout is not None  # noqa: S101 -- a pipe
        assert anak.stderr is not None  # noqa: S101
        keluar = asyncio.create_task(anak.stdout.read())
        try:
            gagal = "Pemeriksaan berhenti sebelum selesai."
            async for mentah in anak.stderr:
                baris = mentah.decode(errors="replace").strip()
                if baris.startswith("GAGAL: "):
                    gagal = baris.removeprefix("GAGAL: ")
                elif baris:
                    yield _baris({"kemajuan": baris})
            yield _baris(_hasil(await keluar, gagal, time.monotonic() - mulai))
        finally:
            keluar.cancel()
            if anak.returncode is None:
                with suppress(ProcessLookupError):
                    anak.kill()
            await anak.wait()


def _hasil(keluaran: bytes, gagal: str, detik: float) -> dict[str, Any]:
    try:
        isi = json.loads(keluaran)
    except ValueError:
        return {"galat": gagal, "detik": round(detik, 1)}
    temuan = isi["temuan"]
    return {
        "utuh": isi["utuh"],
        "putusan": isi["putusan"],
        "temuan": [{k: t[k] for k in ("sesi", "aturan", "apa")} for t in temuan[:TEMUAN_MAKS]],
        "temuan_jumlah": len(temuan),
        "peringatan": isi["peringatan"],
        "jejak": isi["jejak"],
        "sesi": isi["sesi"],
        "segel": isi["segel"],
        "jangkar": isi["jangkar"],
        "kepala": isi["kepala"],
        "detik": round(detik, 1),
    }


def _baris(isi: dict[str, Any]) -> str:
    return json.dumps(isi, ensure_ascii=False) + "\n"

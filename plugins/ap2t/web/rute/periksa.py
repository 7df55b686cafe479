"""What is looked into at a click: what a cancellation would do, and whether the trail still proves itself."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from ap2t.domain.kata import kata_batal
from ap2t.domain.kontrak import periksa_hari_baca, periksa_unitup
from ap2t.domain.model import Tempat
from ap2t.ledger.pembatalan import DAFTAR, SEMUA
from ap2t.proses.isian import baca_idpel
from ap2t.proses.pembatalan import CONTOH, pratinjau
from ap2t.web.anak import lingkungan, perintah
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import Bulan, H, Jawaban, K, UnitDilihat
from ap2t.web.loket import Loket
from ap2t.web.masalah import Masalah

rute = APIRouter(route_class=RuteKolam)
IDPEL_MAKS = 20_000
TEMUAN_MAKS = 500
DIAM_MAKS = 900
"""Seconds without a word after which a verification is given up; its longest statement takes 600."""
HASIL_MAKS = 1 << 23
"""Bytes of a verification's outcome: some 30,000 findings."""
_loket = Loket(1, "Pemeriksaan jejak lain sedang berjalan. Tunggu sampai selesai, lalu ulangi.", status=409)


class Permintaan(BaseModel):
    """What is to be cancelled."""

    model_config = ConfigDict(extra="forbid")
    cakupan: str = Field(pattern=f"^({DAFTAR}|{SEMUA})$")
    idpel: list[str] = Field(default=[], max_length=IDPEL_MAKS)


class Lingkup(BaseModel):
    """What is to be verified: one unit, or all (auditors only)."""

    model_config = ConfigDict(extra="forbid")
    unitup: str | None = None


async def giliran(hak: H) -> AsyncIterator[None]:
    """Hold the one place of those who verify, until all of the answer is sent."""
    with _loket.dilayani(hak.orang.username):
        yield


@rute.post("/api/unit/{unitup}/{thblrek}/{hari_baca}/pratinjau-pembatalan")
def pratinjau_pembatalan(
    konteks: K, hak: H, unit: UnitDilihat, thblrek: Bulan, hari_baca: Annotated[str, Path()], isi: Permintaan
) -> Jawaban:
    """Return what a cancellation would do now, as its first step will decide it; writes nothing."""
    if unit.unitup not in hak.bertindak:
        raise Masalah(403, "HANYA_MELIHAT", "Auditor hanya melihat. Pembatalan disiapkan oleh SPV TE unitnya.")
    tempat = Tempat(unit.unitup, thblrek, periksa_hari_baca(hari_baca))
    konteks.pastikan(*tempat)
    idpel = baca_idpel(isi.idpel)
    if (isi.cakupan == DAFTAR) != bool(idpel):
        kata = "perlu sedikitnya satu idpel" if isi.cakupan == DAFTAR else "tidak memakai daftar idpel"
        raise Masalah(400, "MASUKAN", f"Cakupan {isi.cakupan} {kata}.")
    with konteks.data.ap2t() as layanan:
        pratinjau_ini = pratinjau(layanan, tempat, idpel)
    return Jawaban(
        {
            "boleh": {
                "jumlah": pratinjau_ini.jumlah,
                "kwh": pratinjau_ini.kwh,
                "tanpa_kwh": pratinjau_ini.tanpa_kwh,
                "putaran": [
                    {"nomor": nama, "putaran": ke, "jumlah": jumlah} for nama, ke, jumlah in pratinjau_ini.putaran
                ],
            },
            "tidak": [
                {"kode": kode, "sebab": kata_batal(kode), "jumlah": len(semua), "contoh": semua[:CONTOH]}
                for kode, semua in sorted(pratinjau_ini.tidak.items())
            ],
            "belum_disahkan": pratinjau_ini.belum,
        }
    )


@rute.post("/api/verifikasi")
async def verifikasi(
    hak: H, isi: Annotated[Lingkup, Body()], _: Annotated[None, Depends(giliran)]
) -> StreamingResponse:
    """Verify chain, seals and every rule, by the command an auditor uses; progress first, the outcome last (NDJSON)."""
    unitup = periksa_unitup(isi.unitup) if isi.unitup else None
    if not (hak.semua if unitup is None else hak.lihat(unitup)):
        kata = "semua unit" if unitup is None else f"unit {unitup}"
        raise Masalah(403, "UNIT_LAIN", f"Anda tidak melihat {kata}. Pilih unit Anda sendiri.")
    return StreamingResponse(_periksa(unitup), media_type="application/x-ndjson")


async def _periksa(unitup: str | None) -> AsyncIterator[str]:
    mulai = time.monotonic()
    pipa = asyncio.subprocess.PIPE
    argumen = ["audit", "verifikasi", "--json", *(["--unitup", unitup] if unitup else [])]
    anak = await asyncio.create_subprocess_exec(
        *perintah("ap2t.cli", *argumen), stdout=pipa, stderr=pipa, env=lingkungan(), limit=1 << 20
    )
    os.setpriority(os.PRIO_PROCESS, anak.pid, 10)  # requests go first
    assert anak.stdout is not None  # noqa: S101 -- a pipe
    assert anak.stderr is not None  # noqa: S101
    keluar = asyncio.create_task(_isi(anak.stdout))
    try:
        gagal = "Pemeriksaan berhenti sebelum selesai."
        while mentah := await asyncio.wait_for(anak.stderr.readline(), DIAM_MAKS):
            baris = mentah.decode(errors="replace").strip()
            if baris.startswith("GAGAL: "):
                gagal = baris.removeprefix("GAGAL: ")
            elif baris:
                yield _baris({"kemajuan": baris})
        yield _baris(_hasil(await keluar, gagal, time.monotonic() - mulai))
    except TimeoutError:
        menit = DIAM_MAKS // 60
        yield _baris({"galat": f"Pemeriksaan dihentikan: {menit} menit tanpa kabar. Apakah buku pengesahan menjawab?"})
    finally:
        keluar.cancel()
        if anak.returncode is None:
            with suppress(ProcessLookupError):
                anak.kill()
        await anak.wait()


async def _isi(aliran: asyncio.StreamReader) -> bytes | None:
    """Return all of it; None: more than is read on a page."""
    isi = bytearray()
    while potong := await aliran.read(1 << 16):
        isi += potong if len(isi) <= HASIL_MAKS else b""
    return None if len(isi) > HASIL_MAKS else bytes(isi)


def _hasil(keluaran: bytes | None, gagal: str, detik: float) -> dict[str, Any]:
    if keluaran is None:
        kata = "Temuannya terlalu banyak untuk halaman ini. Jalankan `ap2t audit verifikasi` di mesin auditor."
        return {"galat": kata, "detik": round(detik, 1)}
    try:
        isi = json.loads(keluaran)
    except ValueError:
        return {"galat": gagal, "detik": round(detik, 1)}
    temuan = isi["temuan"]
    return {
        "utuh": isi["utuh"],
        "putusan": isi["putusan"],
        "temuan": [{literal: teks[literal] for literal in ("sesi", "aturan", "apa")} for teks in temuan[:TEMUAN_MAKS]],
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

"""What a cancellation would do now, looked into at a click."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from ap2t.domain.kata import kata_batal
from ap2t.domain.kode import CakupanBatal
from ap2t.domain.kontrak import periksa_hari_baca
from ap2t.domain.model import Tempat
from ap2t.proses.isian import baca_idpel
from ap2t.proses.pembatalan import CONTOH, pratinjau
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import BulanDilihat, HakPeminta, JawabanJson, KonteksRute, UnitDilihat
from ap2t.web.masalah import Masalah

rute = APIRouter(route_class=RuteKolam)
IDPEL_MAKS = 20_000


class PermintaanBatal(BaseModel):
    """What is to be cancelled."""

    model_config = ConfigDict(extra="forbid")
    cakupan: CakupanBatal
    idpel: list[str] = Field(default=[], max_length=IDPEL_MAKS)


@rute.post("/api/unit/{unitup}/{thblrek}/{hari_baca}/pratinjau-pembatalan")
def pratinjau_pembatalan(
    konteks: KonteksRute,
    hak: HakPeminta,
    unit: UnitDilihat,
    thblrek: BulanDilihat,
    hari_baca: Annotated[str, Path()],
    isi: PermintaanBatal,
) -> JawabanJson:
    """Return what a cancellation would do now, as its first step will decide it. Nothing is written."""
    if unit.unitup not in hak.bertindak:
        raise Masalah(403, "HANYA_MELIHAT", "Auditor hanya melihat. Pembatalan disiapkan oleh SPV TE unitnya.")
    tempat = Tempat(unit.unitup, thblrek, periksa_hari_baca(hari_baca))
    konteks.pastikan(*tempat)
    idpel = baca_idpel(isi.idpel)
    if (isi.cakupan is CakupanBatal.DAFTAR) != bool(idpel):
        kata = "perlu sedikitnya satu idpel" if isi.cakupan is CakupanBatal.DAFTAR else "tidak memakai daftar idpel"
        raise Masalah(400, "MASUKAN", f"Cakupan {isi.cakupan} {kata}.")
    with konteks.data.ap2t() as layanan:
        hasil = pratinjau(layanan, tempat, idpel)
    return JawabanJson(
        {
            "boleh": {
                "jumlah": hasil.jumlah,
                "kwh": hasil.kwh,
                "tanpa_kwh": hasil.tanpa_kwh,
                "putaran": [{"nomor": nomor, "putaran": ke, "jumlah": jumlah} for nomor, ke, jumlah in hasil.putaran],
            },
            "tidak": [
                {"kode": kode, "sebab": kata_batal(kode), "jumlah": len(semua), "contoh": semua[:CONTOH]}
                for kode, semua in sorted(hasil.tidak.items())
            ],
            "belum_disahkan": hasil.belum,
        }
    )

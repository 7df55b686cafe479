"""Marks of what a person looked at, at a gate: all that the page itself writes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.lihat import rincian
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import HakPeminta, JawabanJson, KonteksRute, SesiDilihat
from ap2t.web.loket import Laju
from ap2t.web.masalah import Masalah

rute = APIRouter(route_class=RuteKolam)
SEKALI_MAKS = 200
"""Customers that are marked at once."""
SEMENIT_MAKS = 120
"""Requests of a person in a minute."""
_laju = Laju(SEMENIT_MAKS)


class YangDilihat(BaseModel):
    """Customers that a person has looked at."""

    model_config = ConfigDict(extra="forbid")
    idpel: list[Annotated[str, Field(pattern="^[0-9]{12}$")]] = Field(min_length=1, max_length=SEKALI_MAKS)


@rute.post("/api/sesi/{nomor}/dilihat")
def tandai_dilihat(konteks: KonteksRute, hak: HakPeminta, nomor: SesiDilihat, isi: YangDilihat) -> JawabanJson:
    """Mark customers of a session as looked at by the person, and return how many they have looked at.

    Whoever was marked before stays marked.
    """
    oleh = hak.orang.username
    _laju.hitung(oleh)
    with konteks.data.buku.lihat() as tx:
        sesi = nomor.sesi(tx)
        if sesi.unitup not in hak.bertindak:
            raise Masalah(403, "HANYA_MELIHAT", "Auditor hanya melihat. Yang dilihat ditandai oleh SPV TE unitnya.")
        if not konteks.data.bisa_menandai:
            raise Masalah(
                409,
                "TANPA_TANDA",
                "Halaman ini belum dapat menandai yang dilihat. Minta pengelola mengisi koneksi cmt_db_halaman.",
            )
        _pastikan_ditanya(tx, sesi, oleh)
        asing = tx.jalankan("dilihat_asing", sesi_id=sesi.id, idpel=isi.idpel).scalars().first()
        if asing is not None:
            raise Masalah(400, "MASUKAN", f"Pelanggan {asing} tidak ada dalam sesi ini. Muat ulang halaman ini.")
    try:
        with konteks.data.penanda.transaksi() as tulis:
            tulis.jalankan("dilihat_tandai", sesi_id=sesi.id, oleh=oleh, idpel=isi.idpel)
    except BukuMenolak:
        with konteks.data.buku.lihat() as tx:  # somebody may have answered meanwhile
            _pastikan_ditanya(tx, sesi, oleh)
        raise
    with konteks.data.buku.lihat() as tx:
        return JawabanJson({"dilihat": rincian.dilihat(tx, sesi, oleh)._asdict()})


def _pastikan_ditanya(tx: Transaksi, sesi: Sesi, oleh: str) -> None:
    """Make sure that a session stands at a gate at which the person is asked.

    :raises Masalah: 409, it does not.
    """
    if not rincian.dilihat(tx, sesi, oleh).boleh:
        raise Masalah(
            409,
            "BUKAN_DI_GERBANG",
            f"Sesi {sesi.nomor} tidak sedang menunggu jawaban Anda, jadi yang dilihat tidak ditandai. Muat ulang "
            "halaman ini.",
        )

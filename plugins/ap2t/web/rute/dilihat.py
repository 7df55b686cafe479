"""What a person looked at, at a gate, and what they found there: all that the page itself writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.lihat import rincian
from ap2t.lihat.pemeriksaan import pemeriksaan_pelanggan, pilihan_pemeriksaan
from ap2t.web.akses import Hak
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import HakPeminta, JawabanJson, Konteks, KonteksRute, NomorSesi, SesiDilihat
from ap2t.web.loket import Laju
from ap2t.web.masalah import Masalah

rute = APIRouter(route_class=RuteKolam)
SEKALI_MAKS = 200
"""Customers that are marked at once."""
SEMENIT_MAKS = 120
"""Requests of a person in a minute."""
KALI_MAKS = 50
"""How often a person may write what they found at one row (the ledger's own limit)."""
_laju = Laju(SEMENIT_MAKS)
Idpel = Annotated[str, Field(pattern="^[0-9]{12}$")]
Kalimat = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""One line of text."""


class YangDilihat(BaseModel):
    """Customers that a person has looked at."""

    model_config = ConfigDict(extra="forbid")
    idpel: list[Idpel] = Field(min_length=1, max_length=SEKALI_MAKS)


class YangDiperiksa(BaseModel):
    """What a person found at one customer."""

    model_config = ConfigDict(extra="forbid")
    idpel: Idpel
    hasil: Kalimat
    tindak_lanjut: Kalimat | None = None
    catatan: Kalimat | None = None


@rute.post("/api/sesi/{nomor}/dilihat")
def tandai_dilihat(konteks: KonteksRute, hak: HakPeminta, nomor: SesiDilihat, isi: YangDilihat) -> JawabanJson:
    """Mark customers of a session as looked at by the person, and return how many they have looked at.

    Whoever was marked before stays marked.
    """
    oleh = hak.orang.username
    _laju.hitung(oleh)
    with konteks.data.buku.lihat() as tx:
        sesi = _sesi_ditanya(tx, konteks, hak, nomor, isi.idpel)
    with _menulis(konteks, sesi, oleh) as tulis:
        tulis.jalankan("dilihat_tandai", sesi_id=sesi.id, oleh=oleh, idpel=isi.idpel)
    with konteks.data.buku.lihat() as tx:
        return JawabanJson({"dilihat": rincian.dilihat(tx, sesi, oleh)._asdict()})


@rute.post("/api/sesi/{nomor}/pemeriksaan")
def catat_pemeriksaan(konteks: KonteksRute, hak: HakPeminta, nomor: SesiDilihat, isi: YangDiperiksa) -> JawabanJson:
    """Write down what the person found at a customer, who is looked at by it, and return what everybody found there."""
    oleh, tindak_lanjut = hak.orang.username, isi.tindak_lanjut or None
    _laju.hitung(oleh)
    with konteks.data.buku.lihat() as tx:
        sesi = _sesi_ditanya(tx, konteks, hak, nomor, [isi.idpel])
        pilihan = pilihan_pemeriksaan(tx, sesi)
        if isi.hasil not in pilihan["hasil"] or tindak_lanjut not in (None, *pilihan["tindak_lanjut"]):
            raise Masalah(
                400,
                "MASUKAN",
                "Hasil atau tindak lanjut itu tidak ada dalam pola sesi ini. Muat ulang halaman ini, lalu pilih dari "
                "daftarnya.",
            )
        satu = {"sesi_id": sesi.id, "idpel": isi.idpel, "oleh": oleh}
        if tx.jalankan("pemeriksaan_kali", **satu).scalar_one() >= KALI_MAKS:
            raise Masalah(
                409, "CUKUP", f"Pelanggan ini sudah {KALI_MAKS} kali Anda catat di sesi ini; yang terakhir berlaku."
            )
    with _menulis(konteks, sesi, oleh) as tulis:
        kata = {"hasil": isi.hasil, "tindak_lanjut": tindak_lanjut, "catatan": isi.catatan or None}
        if not tulis.jalankan("pemeriksaan_catat", **satu, **kata).rowcount:
            raise Masalah(409, "BERSAMAAN", "Catatan Anda yang lain baru saja disimpan. Muat ulang halaman ini.")
        tulis.jalankan("dilihat_tandai", sesi_id=sesi.id, oleh=oleh, idpel=[isi.idpel])
    with konteks.data.buku.lihat() as tx:
        return JawabanJson({"pemeriksaan": pemeriksaan_pelanggan(tx, sesi, isi.idpel)})


def _sesi_ditanya(tx: Transaksi, konteks: Konteks, hak: Hak, nomor: NomorSesi, idpel: list[str]) -> Sesi:
    """Return a session in which the person may write of these customers now.

    :raises Masalah: they may not, or a customer is not of the session.
    """
    sesi = nomor.sesi(tx)
    if sesi.unitup not in hak.bertindak:
        raise Masalah(403, "HANYA_MELIHAT", "Auditor hanya melihat. Yang dilihat ditandai oleh SPV TE unitnya.")
    if not konteks.data.bisa_menandai:
        raise Masalah(
            409,
            "TANPA_TANDA",
            "Halaman ini belum dapat menandai yang dilihat. Minta pengelola mengisi koneksi cmt_db_halaman.",
        )
    _pastikan_ditanya(tx, sesi, hak.orang.username)
    asing = tx.jalankan("dilihat_asing", sesi_id=sesi.id, idpel=idpel).scalars().first()
    if asing is not None:
        raise Masalah(400, "MASUKAN", f"Pelanggan {asing} tidak ada dalam sesi ini. Muat ulang halaman ini.")
    return sesi


@contextmanager
def _menulis(konteks: Konteks, sesi: Sesi, oleh: str) -> Iterator[Transaksi]:
    """Write as the page's role. Where the ledger refuses, somebody may have answered meanwhile."""
    try:
        with konteks.data.penanda.transaksi() as tulis:
            yield tulis
    except BukuMenolak:
        with konteks.data.buku.lihat() as tx:
            _pastikan_ditanya(tx, sesi, oleh)
        raise


def _pastikan_ditanya(tx: Transaksi, sesi: Sesi, oleh: str) -> None:
    """Make sure that a session stands at a gate at which the person is asked.

    :raises Masalah: 409, it does not.
    """
    if not rincian.boleh_menandai(tx, sesi, oleh):
        raise Masalah(
            409,
            "BUKAN_DI_GERBANG",
            f"Sesi {sesi.nomor} tidak sedang menunggu jawaban Anda, jadi yang dilihat tidak ditandai. Muat ulang "
            "halaman ini.",
        )

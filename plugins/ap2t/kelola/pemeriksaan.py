"""Looks whether every connection is there and keeps its contract, and whether anything in it would surprise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from ap2t import jam, koneksi, setelan
from ap2t.audit import folder_segel
from ap2t.domain.teks import ribuan
from ap2t.galat import GalatPengesahan
from ap2t.kelola.isi_acmt import periksa_isi
from ap2t.ledger import skema
from ap2t.ledger.buku import setelan_beda as setelan_buku
from ap2t.proses.layanan import Layanan
from ap2t.source.koneksi import setelan_beda as setelan_sumber


class Tingkat(StrEnum):
    """How a part stands: well, well but this is good to know, or not as it should."""

    BAIK = "BAIK"
    PERINGATAN = "PERINGATAN"
    GAGAL = "GAGAL"


class HasilBagian(NamedTuple):
    """What was found of one part."""

    bagian: str
    tingkat: Tingkat
    kalimat: str


Isi = Iterator[tuple[Tingkat, str]]
"""What is found of a part, one sentence each."""


def periksa_pemasangan() -> Iterator[HasilBagian]:
    """Look at every part, each with services of its own, so that one that fails hides no other."""
    for bagian, uji in UJI.items():
        try:
            with Layanan() as layanan:
                yield from (HasilBagian(bagian, tingkat, kalimat) for tingkat, kalimat in uji(layanan))
        except GalatPengesahan as galat:
            yield HasilBagian(bagian, Tingkat.GAGAL, str(galat))


def _acmt(layanan: Layanan) -> Isi:
    layanan.sumber.periksa_kontrak()
    yield from _setelan(setelan_sumber(layanan.sumber.engine))
    isi = periksa_isi(layanan.sumber, setelan.kelompok(), jam.sekarang())
    kalimat = f"sesuai kontrak; dilihat {ribuan(isi.unit)} unit, {ribuan(isi.petugas)} petugas, "
    yield Tingkat.BAIK, f"{kalimat}{ribuan(isi.kalender)} baris kalender, {ribuan(isi.bacaan)} bacaan"
    yield from ((Tingkat.GAGAL if hal.gagal else Tingkat.PERINGATAN, hal.kalimat) for hal in isi.hal)


def _setelan(beda: list[str]) -> Isi:
    if beda:
        yield Tingkat.GAGAL, f"setelan sesi tidak seperti seharusnya: {', '.join(beda)}. Lihat runbook bagian 3."


def _buku(layanan: Layanan) -> Isi:
    yield from _setelan(setelan_buku(layanan.buku))
    with layanan.buku.transaksi() as tx:
        kurang = skema.kurang(skema.versi_server(tx.conn))
        terbuka = 0 if kurang else len(tx.sesi.semua_terbuka())
    if kurang:  # nothing was migrated there
        yield Tingkat.GAGAL, ". ".join(kurang) + "."
        return
    yield Tingkat.BAIK, f"skema {skema.revisi(layanan.buku.mesin)}, {ribuan(terbuka)} sesi terbuka"


def _ap2t(layanan: Layanan) -> Isi:
    yield Tingkat.BAIK, f"masuk berhasil, peran {', '.join(sorted(layanan.ap2t_baca().masuk().peran))}"


def _airflow(layanan: Layanan) -> Isi:
    if not koneksi.ada(koneksi.AIRFLOW):
        kalimat = "belum diisi: siapa menandai, mengulang, dan menjawab di Airflow tidak disalin ke jejak."
        yield Tingkat.PERINGATAN, kalimat
        return
    next(layanan.airflow().peristiwa(jam.sekarang()), None)
    yield Tingkat.BAIK, "catatan peristiwa dapat dibaca"


def _segel(_: Layanan) -> Isi:
    folder = setelan.segel_dir()
    if folder is None:
        yield Tingkat.PERINGATAN, "belum diisi: jejak yang ditulis ulang seluruhnya tidak akan ketahuan."
        return
    with folder_segel.terkunci(folder):
        isi = folder_segel.baca_segel(folder)
    if isi.rusak:
        yield Tingkat.GAGAL, f"{folder}: {isi.rusak}. Periksa dengan `ap2t audit verifikasi`."
    else:
        yield Tingkat.BAIK, f"{folder} dapat ditulisi, {ribuan(len(isi.segel))} segel"


UJI: dict[str, Callable[[Layanan], Isi]] = {
    "ACMT (acmt_db)": _acmt,
    "Buku (cmt_db)": _buku,
    "AP2T (ap2t_default)": _ap2t,
    "Airflow (airflow_api)": _airflow,
    "Segel (AP2T_SEGEL_DIR)": _segel,
}

"""Checks the seals against the trail: which ones hold, and where the first one does not."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.audit.folder_segel import IsiFolder, Segel
from ap2t.audit.laporan import Laporan
from ap2t.domain.kode import JenisJejak
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import Entri, alir_entri, sidik_entri


class Ikatan(NamedTuple):
    """What a seal binds group by group: the entries after ``sesudah`` up to ``sampai``, a digest for each group."""

    sesudah: int
    sampai: int
    sidik: dict[str, str]


class Jangkar(NamedTuple):
    """A seal that holds: entry ``jejak`` is known to have had ``sidik`` when seal ``ke`` was made.

    ``awal``, ``akhir``: the earlier and the later of the two instants it carries, by the clock of the machine that
    sealed and by the ledger's. ``ikatan``: None in seals from before groups were bound.
    """

    jejak: int
    sidik: str
    ke: int
    awal: datetime
    akhir: datetime
    ikatan: Ikatan | None


class _Sebutan(NamedTuple):
    """An entry that tells of a seal, or that a seal speaks of. ``utuh``: its content is what its own hash says."""

    entri: Entri
    utuh: bool
    isi: dict[str, Any]
    ikatan: Ikatan | None


def periksa_segel(tx: Transaksi, folder: IsiFolder | None, gugus: Collection[str], laporan: Laporan) -> list[Jangkar]:
    """Compare the seals of a folder (``None``: none is configured) with the trail, both ways.

    :param gugus: groups whose digests are wanted. The others are not kept.
    :return: the seals that hold, in order.
    """
    semua = folder.segel if folder is not None else ()
    dicari = frozenset(gugus)
    sebutan = {
        entri.id: _sebutan(entri, dicari)
        for entri in alir_entri(tx, "audit_segel", nomor=[segel.jejak for segel in semua if segel.jejak > 0])
    }
    disebut = [sebut for sebut in sebutan.values() if sebut.entri.jenis == JenisJejak.SEGEL_DIBUAT]
    if folder is None:
        if disebut:
            apa = f"jejak menyebut {ribuan(len(disebut))} segel tetapi tidak ada folder segel"
            laporan.catat("SEGEL", f"{apa}: isi --segel atau AP2T_SEGEL_DIR")
        else:
            laporan.peringatan.append(
                "TANPA SEGEL: tidak ada folder segel (AP2T_SEGEL_DIR) dan jejak belum pernah disegel. Jejak yang "
                "ditulis ulang seluruhnya, atau dipotong ujungnya, TIDAK akan ketahuan."
            )
        return []
    if folder.rusak:
        laporan.catat("SEGEL", f"berkas segel rusak: {folder.rusak}")
    jangkar = _segel_ke_jejak(tx, semua, sebutan, laporan)
    laporan.segel = len(jangkar)
    _jejak_ke_segel(disebut, semua, laporan)
    if not semua and not disebut:
        laporan.peringatan.append("TANPA SEGEL: folder segel kosong; jalankan `ap2t audit segel`.")
    return jangkar


def _sebutan(entri: Entri, gugus: Collection[str]) -> _Sebutan:
    isi = json.loads(entri.isi)
    isi = isi if isinstance(isi, dict) else {}
    ikatan = _ikatan(isi.pop("ikatan", None), gugus)
    return _Sebutan(entri._replace(isi=""), sidik_entri(entri) == entri.sidik, isi, ikatan)


def _ikatan(isi: Any, gugus: Collection[str]) -> Ikatan | None:
    match isi:
        case {"sesudah": int(sesudah), "sampai": int(sampai), "sidik": dict(sidik)}:
            return Ikatan(sesudah, sampai, {kode: str(nilai) for kode, nilai in sidik.items() if kode in gugus})
    return None


def _segel_ke_jejak(
    tx: Transaksi, semua: tuple[Segel, ...], sebutan: dict[int, _Sebutan], laporan: Laporan
) -> list[Jangkar]:
    """Every seal's entry must be there with that very hash. The first that does not hold is named with its span."""
    buku = ", ".join(map(str, tx.jalankan("identitas").scalars())) or "tanpa nama"
    akhir = tx.jejak.kepala().nomor
    jangkar: list[Jangkar] = []
    gagal = 0
    for segel in semua:
        sebut = sebutan.get(segel.jejak)
        sebab = _sebab(segel, buku, sebut, akhir)
        if sebab is None and sebut is not None:  # clock and ties are believed of an entry whose content is proven
            awal_saat, akhir_saat = sorted((segel.saat, sebut.entri.pada))
            jangkar.append(Jangkar(segel.jejak, segel.sidik, segel.ke, awal_saat, akhir_saat, sebut.ikatan))
            continue
        gagal += 1
        if gagal == 1:
            rentang = f"di antara jejak nomor {jangkar[-1].jejak + 1 if jangkar else 1} dan {segel.jejak}"
            apa = f"segel ke-{segel.ke} ({segel.dibuat}) tidak cocok: {sebab}; letaknya {rentang}"
            laporan.catat("SEGEL", apa, segel.jejak)
    if gagal > 1:
        laporan.catat("SEGEL", f"{ribuan(gagal - 1)} segel sesudahnya juga tidak cocok")
    return jangkar


def _sebab(segel: Segel, buku: str, sebut: _Sebutan | None, akhir: int) -> str | None:
    if segel.buku != buku:
        return f"segel milik buku lain ({segel.buku}, buku ini {buku})"
    if segel.jejak > akhir:
        return f"jejak dipotong: segel menunjuk jejak nomor {segel.jejak}, jejak kini berakhir pada nomor {akhir}"
    if sebut is None:
        return f"jejak nomor {segel.jejak} tidak ada"
    if sebut.entri.sidik != segel.sidik:
        return f"jejak ditulis ulang: jejak nomor {segel.jejak} kini bersidik lain"
    if not sebut.utuh:
        return f"isi jejak nomor {segel.jejak} berubah, sidiknya tidak"
    if segel.jumlah != segel.jejak:
        return f"saat disegel jejak berisi {ribuan(segel.jumlah)} dari {ribuan(segel.jejak)} nomor"
    return None


def _jejak_ke_segel(disebut: list[_Sebutan], semua: tuple[Segel, ...], laporan: Laporan) -> None:
    """Every seal that the trail mentions must stand in the folder, and the other way round."""
    ada = {str(segel.ke): segel for segel in semua}
    hilang = []
    for sebut in disebut:
        jejak, isi = sebut.entri.id, sebut.isi
        segel = ada.pop(str(isi.get("ke")), None)
        if segel is None:
            hilang.append(f"ke-{isi.get('ke')} (jejak nomor {jejak})")
            continue
        sewaktu = isi.get("dibuat") in (None, segel.dibuat)
        if not sewaktu or (segel.jejak, segel.sebelum) != (jejak, isi.get("sebelum")):
            laporan.catat("SEGEL", f"segel ke-{segel.ke} berbeda dari yang disebut jejak nomor {jejak}", jejak)
    if hilang:
        laporan.catat("SEGEL", f"segel yang disebut jejak tidak ada dalam folder: {daftar(hilang)}")
    if ada:
        laporan.catat("SEGEL", f"segel yang tidak disebut jejak: {daftar([f'ke-{ke}' for ke in ada])}")

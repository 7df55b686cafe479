"""Proves the trail by the seals: all of it, the stretch of a period, or one unit's entries alone.

Where a check begins and ends is taken from seals that hold, never from an entry whose content has not been hashed.
Whoever moves an entry's date, or gives it to another session, moves nothing out of sight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.audit.periksa_segel import Ikatan, Jangkar
from ap2t.domain.kode import JenisJejak
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import AWAL, Entri, alir_entri, sidik_entri

KONFIGURASI = JenisJejak.KONFIGURASI_DITERAPKAN
"""The group of the entries that brought the configuration: who may approve what hangs on it in every unit."""


class Rentang(NamedTuple):
    """A stretch of the trail: entries after number ``awal`` up to ``akhir``, or to the head where that is None."""

    awal: int
    akhir: int | None


@dataclass
class Terbukti:
    """Outcome of a proof.

    ``jumlah``: entries that were hashed. ``temuan``: what does not hold, and the entry that is meant. ``kepala``,
    ``terakhir``: SHA-256 and number of the last entry that was looked at.
    """

    jumlah: int = 0
    temuan: list[tuple[str, int | None]] = field(default_factory=list)
    kepala: str = ""
    terakhir: int = 0


def masa(semua: Sequence[Jangkar], dari: datetime | None, sampai: datetime | None) -> Rentang:
    """Return the stretch that surely holds a period, by the seals' own dates.

    It begins at a seal that was made before the period, as was every seal before it. It ends at one that was made
    after it, as was every seal behind it. Where there is none it begins with the trail, or ends with it.

    :param dari: begin of the period. :param sampai: its end, excluded.
    """
    awal, akhir = 0, None
    for jangkar in semua if dari else ():
        if dari is None or jangkar.akhir >= dari:
            break
        awal = jangkar.jejak
    for jangkar in reversed(semua) if sampai else ():
        if sampai is None or jangkar.awal < sampai:
            break
        akhir = jangkar.jejak
    return Rentang(awal, akhir)


def pada_segel(semua: Sequence[Jangkar], rentang: Rentang) -> tuple[Jangkar | None, Jangkar | None]:
    """Return the seals that a stretch rests on: the last one up to its begin, the first one from its end on."""
    awal = next((jangkar for jangkar in reversed(semua) if jangkar.jejak <= rentang.awal), None)
    akhir = next((jangkar for jangkar in semua if rentang.akhir is not None and jangkar.jejak >= rentang.akhir), None)
    return awal, akhir


def telusuri(tx: Transaksi, semua: Sequence[Jangkar], rentang: Rentang, maju: Callable[[int], None]) -> Terbukti:
    """Walk the chain from the last seal before a stretch to the first one after it, or to the head where none is."""
    awal, akhir = pada_segel(semua, rentang)
    hasil = tx.jejak.periksa(
        sesudah=awal.jejak if awal else 0,
        sidik=awal.sidik if awal else AWAL,
        sampai=akhir.jejak if akhir else None,
        maju=maju,
    )
    temuan: list[tuple[str, int | None]] = [(hasil.putus, hasil.nomor)] if hasil.putus else []
    return Terbukti(hasil.jumlah, temuan, hasil.kepala, hasil.nomor)


def sebut_rentang(semua: Sequence[Jangkar], rentang: Rentang, terakhir: int) -> str:
    """Say what a stretch that was walked rests on.

    :param terakhir: number of the last entry that was looked at.
    """
    awal, akhir = pada_segel(semua, rentang)
    depan = f"segel ke-{awal.ke} (jejak nomor {awal.jejak})" if awal else "awal jejak"
    if akhir:
        return f"dari {depan} sampai segel ke-{akhir.ke} (jejak nomor {akhir.jejak})"
    tersegel = semua[-1].jejak if semua else 0
    return f"dari {depan} sampai kepala jejak; {ribuan(max(terakhir - tersegel, 0))} jejak terakhir belum disegel"


# --------------------------------------------------------------------------------------------------- group by group


class Gugus(NamedTuple):
    """A group of entries that the seals bind by a digest of its own. ``entri`` streams all of it, in order."""

    kode: str
    nama: str
    entri: Callable[[Transaksi], Iterator[Entri]]


def gugus_unit(unitup: str) -> Gugus:
    """Return the entries of a unit's sessions."""
    return Gugus(unitup, f"unit {unitup}", lambda tx: alir_entri(tx, "audit_jejak_unit", unitup=unitup))


GUGUS_KONFIGURASI = Gugus(KONFIGURASI, "konfigurasi", lambda tx: alir_entri(tx, "audit_jejak_konfigurasi"))


def buktikan(tx: Transaksi, semua: Sequence[Jangkar], gugus: Sequence[Gugus], maju: Callable[[int], None]) -> Terbukti:
    """Prove every entry of some groups, as strictly as a walk of the whole chain would, without the other entries.

    What seals bind group by group is compared with their digests. What no seal binds so (the newest entries, those
    from before groups were bound, those of a seal that does not hold) is walked.
    """
    terikat, celah = _bagi(semua)
    hasil = Terbukti()
    for rentang in celah:
        jalan = telusuri(tx, semua, rentang, maju)
        hasil.jumlah += jalan.jumlah
        hasil.temuan += jalan.temuan
        hasil.kepala, hasil.terakhir = jalan.kepala, jalan.terakhir
    for satu_gugus in gugus:
        _buktikan_gugus(tx, satu_gugus, terikat, hasil)
    return hasil


def _bagi(semua: Sequence[Jangkar]) -> tuple[list[tuple[Jangkar, Ikatan]], list[Rentang]]:
    """Divide the trail into what seals bind group by group, and the rest. The last of the rest ends at the head."""
    terikat: list[tuple[Jangkar, Ikatan]] = []
    celah: list[Rentang] = []
    sampai = 0
    for jangkar in semua:
        if jangkar.ikatan is None or jangkar.ikatan.sesudah < sampai:
            continue
        if jangkar.ikatan.sesudah > sampai:
            celah.append(Rentang(sampai, jangkar.ikatan.sesudah))
        terikat.append((jangkar, jangkar.ikatan))
        sampai = jangkar.ikatan.sampai
    return terikat, [*celah, Rentang(sampai, None)]


def _buktikan_gugus(tx: Transaksi, gugus: Gugus, terikat: Sequence[tuple[Jangkar, Ikatan]], hasil: Terbukti) -> None:
    ringkas: dict[int, Any] = {}
    letak = 0
    for entri in gugus.entri(tx):
        hasil.jumlah += 1
        if sidik_entri(entri) != entri.sidik:
            hasil.temuan.append((f"isi jejak nomor {entri.id} ({entri.jenis}) berubah", entri.id))
            return
        while letak < len(terikat) and entri.id > terikat[letak][1].sampai:
            letak += 1
        if letak < len(terikat) and entri.id > terikat[letak][1].sesudah:
            ringkas.setdefault(letak, hashlib.sha256()).update(bytes.fromhex(entri.sidik))
    for letak, (jangkar, ikatan) in enumerate(terikat):
        kini = ringkas[letak].hexdigest() if letak in ringkas else None
        if kini != ikatan.sidik.get(gugus.kode):
            apa = (
                f"jejak {gugus.nama} di antara nomor {ikatan.sesudah + 1} dan {ikatan.sampai} bukan yang diikat segel "
                f"ke-{jangkar.ke}: ada yang diubah, hilang, disisipkan, atau dipindahkan"
            )
            hasil.temuan.append((apa, jangkar.jejak))
            return


def sebut_gugus(semua: Sequence[Jangkar], gugus: Sequence[Gugus], terakhir: int) -> str:
    """Say what the proof of some groups rests on.

    :param terakhir: number of the last entry that was looked at.
    """
    terikat, celah = _bagi(semua)
    rantai = f"rantai {sebut_rentang(semua, celah[-1], terakhir)}"
    if not terikat:
        return f"belum ada segel yang mengikat jejak tiap unit: {rantai}"
    nama = daftar([satu_gugus.nama for satu_gugus in gugus], 3)
    segel = " sampai ".join(dict.fromkeys(f"ke-{jangkar.ke}" for jangkar, _ in (terikat[0], terikat[-1])))
    return f"jejak {nama} menurut segel {segel}; {rantai}"

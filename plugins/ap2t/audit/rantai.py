"""What of the trail is proven, and by which seals: all of it, the stretch of a period, or one unit's entries alone.

Where a check begins and ends is taken from seals that hold, never from an entry whose content has not been hashed:
whoever moves an entry's date, or gives it to another session, moves nothing out of sight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.audit.ikatan import Ikatan, Jangkar
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import AWAL, Entri, alir_entri, sidik_entri

KONFIGURASI = "KONFIGURASI_DITERAPKAN"
"""The group of the entries that brought the configuration: who may approve what hangs on it in every unit."""


class Rentang(NamedTuple):
    """Entries after number ``awal`` up to ``akhir``; ``akhir`` None: to the head."""

    awal: int
    akhir: int | None


@dataclass
class Terbukti:
    """Outcome: how many entries were hashed, what does not hold (and the entry meant), the last that was looked at."""

    jumlah: int = 0
    temuan: list[tuple[str, int | None]] = field(default_factory=list)
    kepala: str = ""
    nomor: int = 0


def masa(jangkar: Sequence[Jangkar], dari: datetime | None, sampai: datetime | None) -> Rentang:
    """Return the stretch that surely holds a period, by the seals' own dates.

    It begins at a seal that was made before the period, as was every seal before it. It ends at one that was made
    after it, as was every seal behind it. Where there is none it begins with the trail, or ends with it.

    :param dari: begin of the period. :param sampai: its end, excluded.
    """
    awal, akhir = 0, None
    for jangkar_ini in jangkar if dari else ():
        if dari is None or jangkar_ini.akhir >= dari:
            break
        awal = jangkar_ini.jejak
    for jangkar_ini in reversed(jangkar) if sampai else ():
        if sampai is None or jangkar_ini.awal < sampai:
            break
        akhir = jangkar_ini.jejak
    return Rentang(awal, akhir)


def pada_segel(jangkar: Sequence[Jangkar], rentang: Rentang) -> tuple[Jangkar | None, Jangkar | None]:
    """Return the seals that a stretch rests on: the last one up to its begin, the first one from its end on."""
    awal = next((jangkar for jangkar in reversed(jangkar) if jangkar.jejak <= rentang.awal), None)
    akhir = next((jangkar for jangkar in jangkar if rentang.akhir is not None and jangkar.jejak >= rentang.akhir), None)
    return awal, akhir


def telusuri(tx: Transaksi, jangkar: Sequence[Jangkar], rentang: Rentang, maju: Callable[[int], None]) -> Terbukti:
    """Walk the chain from the last seal before a stretch to the first one after it, or to the head where none is."""
    awal, akhir = pada_segel(jangkar, rentang)
    hasil = tx.jejak.periksa(
        sesudah=awal.jejak if awal else 0,
        sidik=awal.sidik if awal else AWAL,
        sampai=akhir.jejak if akhir else None,
        maju=maju,
    )
    temuan: list[tuple[str, int | None]] = [(hasil.putus, hasil.nomor)] if hasil.putus else []
    return Terbukti(hasil.jumlah, temuan, hasil.kepala, hasil.nomor)


def sebut_rentang(jangkar: Sequence[Jangkar], rentang: Rentang, nomor: int) -> str:
    """Say what a stretch that was walked rests on; ``nomor``: the last entry that was looked at."""
    awal, akhir = pada_segel(jangkar, rentang)
    depan = f"segel ke-{awal.ke} (jejak nomor {awal.jejak})" if awal else "awal jejak"
    if akhir:
        return f"dari {depan} sampai segel ke-{akhir.ke} (jejak nomor {akhir.jejak})"
    terakhir = jangkar[-1].jejak if jangkar else 0
    return f"dari {depan} sampai kepala jejak; {ribuan(max(nomor - terakhir, 0))} jejak terakhir belum disegel"


# --------------------------------------------------------------------------------------------------- group by group


class Kelompok(NamedTuple):
    """A group of entries that the seals bind by a digest of its own. ``entri`` streams all of it, in order."""

    kode: str
    nama: str
    entri: Callable[[Transaksi], Iterator[Entri]]


def kelompok_unit(unitup: str) -> Kelompok:
    """The entries of a unit's sessions."""
    return Kelompok(unitup, f"unit {unitup}", lambda tx: alir_entri(tx, "audit_jejak_unit", unitup=unitup))


KELOMPOK_KONFIGURASI = Kelompok(KONFIGURASI, "konfigurasi", lambda tx: alir_entri(tx, "audit_jejak_konfigurasi"))


def buktikan(
    tx: Transaksi, jangkar: Sequence[Jangkar], kelompok: Sequence[Kelompok], maju: Callable[[int], None]
) -> Terbukti:
    """Prove every entry of some groups, as strictly as a walk of the whole chain would, without the other entries.

    What seals bind group by group is compared with their digests. What no seal binds so (the newest entries, those
    from before groups were bound, those of a seal that does not hold) is walked.
    """
    ikatan, celah = _terbagi(jangkar)
    hasil = Terbukti()
    for rentang in celah:
        jalan = telusuri(tx, jangkar, rentang, maju)
        hasil.jumlah += jalan.jumlah
        hasil.temuan += jalan.temuan
        hasil.kepala, hasil.nomor = jalan.kepala, jalan.nomor
    for kelompok_ini in kelompok:
        _satu(tx, kelompok_ini, ikatan, hasil)
    return hasil


def _terbagi(jangkar: Sequence[Jangkar]) -> tuple[list[tuple[Jangkar, Ikatan]], list[Rentang]]:
    """Divide the trail into what seals bind group by group, and the rest; the last of the rest ends at the head."""
    ikatan: list[tuple[Jangkar, Ikatan]] = []
    celah: list[Rentang] = []
    sampai = 0
    for jangkar_ini in jangkar:
        if jangkar_ini.ikatan is None or jangkar_ini.ikatan.sesudah < sampai:
            continue
        if jangkar_ini.ikatan.sesudah > sampai:
            celah.append(Rentang(sampai, jangkar_ini.ikatan.sesudah))
        ikatan.append((jangkar_ini, jangkar_ini.ikatan))
        sampai = jangkar_ini.ikatan.sampai
    return ikatan, [*celah, Rentang(sampai, None)]


def _satu(tx: Transaksi, kelompok: Kelompok, ikatan: Sequence[tuple[Jangkar, Ikatan]], hasil: Terbukti) -> None:
    ringkas: dict[int, Any] = {}
    nomor = 0
    for entri in kelompok.entri(tx):
        hasil.jumlah += 1
        if sidik_entri(entri) != entri.sidik:
            hasil.temuan.append((f"isi jejak nomor {entri.id} ({entri.jenis}) berubah", entri.id))
            return
        while nomor < len(ikatan) and entri.id > ikatan[nomor][1].sampai:
            nomor += 1
        if nomor < len(ikatan) and entri.id > ikatan[nomor][1].sesudah:
            ringkas.setdefault(nomor, hashlib.sha256()).update(bytes.fromhex(entri.sidik))
    for nomor, (jangkar, ikatan_ini) in enumerate(ikatan):
        kini = ringkas[nomor].hexdigest() if nomor in ringkas else None
        if kini != ikatan_ini.sidik.get(kelompok.kode):
            apa = (
                f"jejak {kelompok.nama} di antara nomor {ikatan_ini.sesudah + 1} dan {ikatan_ini.sampai} bukan yang diikat segel ke-{jangkar.ke}: ada "
                "yang diubah, hilang, disisipkan, atau dipindahkan"
            )
            hasil.temuan.append((apa, jangkar.jejak))
            return


def sebut_kelompok(jangkar: Sequence[Jangkar], kelompok: Sequence[Kelompok], nomor: int) -> str:
    """Say what the proof of some groups rests on; ``nomor``: the last entry that was looked at."""
    ikatan, celah = _terbagi(jangkar)
    if not ikatan:
        return "belum ada segel yang mengikat jejak tiap unit: rantai " + sebut_rentang(jangkar, celah[-1], nomor)
    nama = daftar([kelompok.nama for kelompok in kelompok], 3)
    segel = " sampai ".join(dict.fromkeys(f"ke-{jangkar.ke}" for jangkar, _ in (ikatan[0], ikatan[-1])))
    return f"jejak {nama} menurut segel {segel}; rantai " + sebut_rentang(jangkar, celah[-1], nomor)

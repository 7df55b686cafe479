"""Proves the trail by the seals: all of it, the stretch of a period, or one unit's entries alone.

Where a check begins and ends is taken from seals that hold, never from an entry whose content has not been hashed.
Whoever moves an entry's date, or gives it to another session, moves nothing out of sight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple

from ap2t.audit.laporan import Laporan
from ap2t.audit.periksa_segel import Ikatan, Jangkar
from ap2t.domain.kode import JenisJejak
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import AWAL, alir_entri, sidik_entri
from ap2t.proses.layanan import Lapor

KONFIGURASI = JenisJejak.KONFIGURASI_DITERAPKAN
"""The group of the entries that brought the configuration: who may approve what hangs on it in every unit."""


class Rentang(NamedTuple):
    """A stretch of the trail: entries after number ``awal`` up to ``akhir``, or to the head where that is None."""

    awal: int
    akhir: int | None


def masa(semua: Sequence[Jangkar], dari: datetime | None, sampai: datetime | None) -> Rentang:
    """Return the stretch that surely holds a period, by the seals' own dates.

    It begins at a seal that was made before the period, as was every seal before it. It ends at one that was made
    after it, as was every seal behind it. Where there is none it begins with the trail, or ends with it.

    :param dari: begin of the period. :param sampai: its end, excluded.
    """
    sebelum = list(takewhile(lambda jangkar: dari is not None and jangkar.akhir < dari, semua))
    sesudah = list(takewhile(lambda jangkar: sampai is not None and jangkar.awal >= sampai, reversed(semua)))
    return Rentang(sebelum[-1].jejak if sebelum else 0, sesudah[-1].jejak if sesudah else None)


def pada_segel(semua: Sequence[Jangkar], rentang: Rentang) -> tuple[Jangkar | None, Jangkar | None]:
    """Return the seals that a stretch rests on: the last one up to its begin, the first one from its end on."""
    awal = next((jangkar for jangkar in reversed(semua) if jangkar.jejak <= rentang.awal), None)
    akhir = next((jangkar for jangkar in semua if rentang.akhir is not None and jangkar.jejak >= rentang.akhir), None)
    return awal, akhir


def telusuri(tx: Transaksi, semua: Sequence[Jangkar], rentang: Rentang, laporan: Laporan, lapor: Lapor) -> str:
    """Walk the chain from the last seal before a stretch to the first after it, or the head. Say what it rests on."""
    awal, akhir = pada_segel(semua, rentang)
    hasil = tx.jejak.periksa(
        sesudah=awal.jejak if awal else 0,
        sidik=awal.sidik if awal else AWAL,
        sampai=akhir.jejak if akhir else None,
        maju=lambda jumlah: lapor(f"Rantai: {ribuan(jumlah)} jejak ..."),
    )
    laporan.jejak += hasil.jumlah
    laporan.kepala = hasil.kepala
    if hasil.putus:
        laporan.catat("RANTAI", hasil.putus, hasil.nomor)
    depan = f"segel ke-{awal.ke} (jejak nomor {awal.jejak})" if awal else "awal jejak"
    if akhir:
        return f"dari {depan} sampai segel ke-{akhir.ke} (jejak nomor {akhir.jejak})"
    tersegel = semua[-1].jejak if semua else 0
    return f"dari {depan} sampai kepala jejak; {ribuan(max(hasil.nomor - tersegel, 0))} jejak terakhir belum disegel"


# --------------------------------------------------------------------------------------------------- group by group


def _nama(gugus: str) -> str:
    return "konfigurasi" if gugus == KONFIGURASI else f"unit {gugus}"


def buktikan(tx: Transaksi, semua: Sequence[Jangkar], gugus: Sequence[str], laporan: Laporan, lapor: Lapor) -> str:
    """Prove every entry of some groups, as strictly as a walk of the whole chain would, without the other entries.

    What seals bind group by group is compared with their digests. What no seal binds so (the newest entries, those
    from before groups were bound, those of a seal that does not hold) is walked.

    :param gugus: codes of units, and ``KONFIGURASI``. :return: what the proof rests on.
    """
    terikat, celah = _bagi(semua)
    jalan = [telusuri(tx, semua, rentang, laporan, lapor) for rentang in celah]
    for kode in gugus:
        _buktikan_gugus(tx, kode, terikat, laporan)
    rantai = f"rantai {jalan[-1]}"
    if not terikat:
        return f"belum ada segel yang mengikat jejak tiap unit: {rantai}"
    segel = " sampai ".join(dict.fromkeys(f"ke-{jangkar.ke}" for jangkar, _ in (terikat[0], terikat[-1])))
    return f"jejak {daftar([*map(_nama, gugus)], 3)} menurut segel {segel}; {rantai}"


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


def _buktikan_gugus(tx: Transaksi, gugus: str, terikat: Sequence[tuple[Jangkar, Ikatan]], laporan: Laporan) -> None:
    if gugus == KONFIGURASI:
        semua = alir_entri(tx, "audit_jejak_konfigurasi")
    else:
        semua = alir_entri(tx, "audit_jejak_unit", unitup=gugus)
    ringkas: dict[int, Any] = {}
    letak = 0
    for entri in semua:
        laporan.jejak += 1
        if sidik_entri(entri) != entri.sidik:
            laporan.catat("RANTAI", f"isi jejak nomor {entri.id} ({entri.jenis}) berubah", entri.id)
            return
        while letak < len(terikat) and entri.id > terikat[letak][1].sampai:
            letak += 1
        if letak < len(terikat) and entri.id > terikat[letak][1].sesudah:
            ringkas.setdefault(letak, hashlib.sha256()).update(bytes.fromhex(entri.sidik))
    for letak, (jangkar, ikatan) in enumerate(terikat):
        kini = ringkas[letak].hexdigest() if letak in ringkas else None
        if kini != ikatan.sidik.get(gugus):
            apa = (
                f"jejak {_nama(gugus)} di antara nomor {ikatan.sesudah + 1} dan {ikatan.sampai} bukan yang diikat "
                f"segel ke-{jangkar.ke}: ada yang diubah, hilang, disisipkan, atau dipindahkan"
            )
            laporan.catat("RANTAI", apa, jangkar.jejak)
            return

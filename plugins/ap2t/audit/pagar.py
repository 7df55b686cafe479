"""Compares what guards the ledger, by definition, with a freshly migrated one.

``pagar.json`` holds what a ledger says of itself right after this version's migrations. ``make pagar`` writes it, and a
test compares it with a fresh migration. A scratch schema at the time of the audit would need a role that may create
one, and the auditor's may only read. Definitions are taken from the server's catalog, where a function keeps the text
it was given. The rest is written by the server, alike by all versions that the file names. A condition that went
through a dump loses brackets that mean nothing: the file holds both of its texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ap2t.domain.teks import daftar
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.skema import versi_server

BERKAS = Path(__file__).with_suffix(".json")
Isi = dict[str, dict[str, str]]
"""Kind of object, its name, its definition."""
TANPA_BEDA = frozenset({"fungsi", "tampilan"})
"""Kinds whose definitions are too long to be told."""


class Hak(NamedTuple):
    """A right that a role has been given."""

    peran: str
    hak: str
    pada: str
    diteruskan: bool


def baca_skema(tx: Transaksi) -> Isi:
    """Return what the ledger's schema is made of."""
    isi: Isi = {}
    for baris in tx.jalankan("audit_pagar"):
        isi.setdefault(baris.jenis, {})[baris.nama] = baris.isi
    return isi


def baca_hak(tx: Transaksi) -> list[Hak]:
    """Return what other roles than the owner may do."""
    return [Hak(**baris._mapping) for baris in tx.jalankan("audit_hak")]


@cache
def diharapkan() -> dict[str, Any]:
    """Return what this version's migrations put up."""
    isi: dict[str, Any] = json.loads(BERKAS.read_text(encoding="utf-8"))
    return isi


def beda_pagar(tx: Transaksi) -> Iterator[str]:
    """Yield what differs from a freshly migrated ledger: guards, and rights beyond those of application and auditor."""
    harap = diharapkan()
    revisi = list(tx.jalankan("revisi_skema").scalars())
    if revisi != [harap["revisi"]]:
        yield (
            f"skema buku berversi {daftar(revisi) or '-'}, kode ini mengenal {harap['revisi']}: pakai kode yang "
            "seversi, atau naikkan skemanya (`ap2t buku migrasi`), lalu periksa lagi"
        )
        return
    kini, seharusnya = baca_skema(tx), harap["isi"]
    for jenis in sorted({*kini, *seharusnya}):
        pulih = harap["isi_pulih"].get(jenis, {})
        ada = {
            nama: seharusnya[jenis][nama] if definisi == pulih.get(nama) else definisi
            for nama, definisi in kini.get(jenis, {}).items()
        }
        yield from _beda_jenis(jenis, seharusnya.get(jenis, {}), ada)
    yield from _hak_lebih(tx, frozenset(harap["hak"]))


def _beda_jenis(jenis: str, seharusnya: dict[str, str], kini: dict[str, str]) -> Iterator[str]:
    for nama in sorted({*seharusnya, *kini}):
        lama, baru = seharusnya.get(nama), kini.get(nama)
        if lama == baru or (lama is None and jenis == "indeks" and _indeks_biasa(str(baru))):
            continue
        if baru is None:
            yield f"{jenis} {nama} tidak ada"
        elif lama is None:
            yield f"{jenis} {nama} bukan milik proyek ini"
        elif baru == f"{lama} (dimatikan)":
            yield f"{jenis} {nama} dimatikan"
        else:
            beda = "" if jenis in TANPA_BEDA else f": seharusnya {_pendek(lama)}, kini {_pendek(baru)}"
            yield f"{jenis} {nama} bukan lagi yang dipasang proyek ini{beda}"


def _indeks_biasa(isi: str) -> bool:
    """Whether an index only makes looks quicker: it refuses nothing, and runs no function."""
    return isi.startswith("CREATE INDEX ") and isi.count("(") == 1


def _pendek(teks: str) -> str:
    satu = " ".join(teks.split())
    return satu if len(satu) <= 160 else f"{satu[:157]}..."


def _hak_lebih(tx: Transaksi, boleh: frozenset[str]) -> Iterator[str]:
    """Yield rights that neither application nor auditor is given, and roles with rights that can go past all guards."""
    semua = baca_hak(tx)
    for hak in semua:
        if hak.peran == "PUBLIC" or hak.diteruskan or f"{hak.hak} pada {hak.pada}" not in boleh:
            terus = " dan boleh meneruskannya" if hak.diteruskan else ""
            yield f"peran {hak.peran} berhak {hak.hak} pada {hak.pada}{terus}"
    penguasa = {baris.peran: baris.sebab for baris in tx.jalankan("audit_kuasa")}
    for peran in sorted({hak.peran for hak in semua} & set(penguasa)):
        yield f"peran {peran} diberi hak terbatas atas buku, padahal berkuasa penuh ({penguasa[peran]})"


def kuasa(tx: Transaksi) -> list[str]:
    """Return who can change the ledger past its guards, each with why: for the auditor to compare with who should."""
    return [f"{baris.peran} ({baris.sebab})" for baris in tx.jalankan("audit_kuasa")]


def server_asing(tx: Transaksi) -> str | None:
    """Return a warning where the server's version is one whose definitions were never compared with the file's."""
    versi = versi_server(tx.conn) // 10_000
    dikenal: list[int] = diharapkan()["postgresql"]
    if min(dikenal) <= versi <= max(dikenal):
        return None
    return (
        f"PostgreSQL {versi} belum pernah dicocokkan dengan daftar pagar proyek ini ({min(dikenal)} sampai "
        f"{max(dikenal)}): definisi yang hanya ditulis lain oleh servernya dapat muncul sebagai temuan PAGAR"
    )

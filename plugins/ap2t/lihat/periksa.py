"""One customer of a session as it is looked at before an answer: the reading, its months, and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import Bacaan, BulanLalu, Pilihan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.lihat.fakta import CuplikanPelanggan, cuplikan
from ap2t.lihat.kisah import DariAcmt
from ap2t.lihat.mengapa import mengapa, mengapa_di_atas

_BACAAN = tuple(nama for nama in Bacaan._fields if nama not in {"pilihan", "cacat", "unitup", "thblrek", "hari_baca"})
_PILIHAN = tuple(nama for nama in Pilihan._fields if nama != "riwayat")


class Diperiksa(NamedTuple):
    """What the ledger knows of one customer of a session. For people of the unit alone.

    ``tetangga``: the others of its route this month, or None where it has no route or nobody is on it.
    ``buku``: earlier months as this system posted them.
    """

    isi: CuplikanPelanggan
    tetangga: dict[str, Any] | None
    buku: Sequence[BulanLalu]


def baca(tx: Transaksi, sesi: Sesi, idpel: str) -> Diperiksa | None:
    """Return a customer of an approval's snapshot. None: it is not in it, or its readings are archived."""
    isi = next(iter(cuplikan(tx, [sesi], idpel)), None)
    if isi is None or isi.bacaan is None:
        return None
    tetangga = None
    if isi.saringan is not None and isi.bacaan.kddk:
        nilai = {"idpel": idpel, "kddk": isi.bacaan.kddk, "kwh": isi.saringan.kwh, "jam_nyala": isi.saringan.jam_nyala}
        satu = tx.jalankan("tampilan_tetangga", sesi_id=sesi.id, **nilai).mappings().one()
        tetangga = dict(satu) if satu["pelanggan"] else None
    lama = tx.cuplikan.sesi_lalu(sesi, bulan_tambah(sesi.thblrek, -BULAN_RIWAYAT))
    return Diperiksa(isi, tetangga, tx.cuplikan.riwayat(lama, [idpel]).get(idpel, []) if lama else [])


def susun(diperiksa: Diperiksa, acmt: DariAcmt) -> dict[str, Any]:
    """Return it as the page gets it. Of a month that ACMT does not offer the ledger's own figures stand there."""
    isi, tetangga, buku = diperiksa
    assert isi.bacaan is not None  # noqa: S101 -- there is no other (baca)
    pilihan, saringan = isi.bacaan.pilihan, isi.saringan
    bulan = {satu.thblrek: {**satu._asdict(), "menurut": "BUKU"} for satu in buku}
    for satu in acmt.lalu:
        ada = {nama: nilai for nama, nilai in satu._asdict().items() if nilai is not None}
        bulan[satu.thblrek] = BulanLalu(satu.idpel, satu.thblrek)._asdict() | bulan.get(satu.thblrek, {}) | ada
        bulan[satu.thblrek]["menurut"] = "ACMT"
    return {
        "bacaan": {nama: getattr(isi.bacaan, nama) for nama in _BACAAN},
        "pilihan": {nama: nilai for nama in _PILIHAN if (nilai := getattr(pilihan, nama, None)) is not None},
        "cacat": isi.bacaan.cacat or {},
        "hasil": saringan and saringan.hasil,
        "kwh": saringan and (saringan.kwh if saringan.kwh_kirim is None else saringan.kwh_kirim),
        "jam_nyala": saringan and saringan.jam_nyala,
        "alasan": saringan and saringan.alasan,
        "dlpd": saringan and saringan.dlpd,
        "mengapa": [satu._asdict() for satu in (*mengapa(isi), *mengapa_di_atas(isi))],
        "bulan": [bulan[satu] for satu in sorted(bulan)],
        "tetangga": tetangga,
        "galat_acmt": acmt.galat,
    }

"""The seals against the trail: which ones hold, and where the first one does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger import jejak
from ap2t.ledger.mesin import jalankan
from ap2t.ledger.segel import IsiFolder, Segel


class Jangkar(NamedTuple):
    """A seal that holds: entry ``jejak`` is known to have had ``sidik`` when seal ``ke`` was made."""

    jejak: int
    sidik: str
    ke: int


@dataclass
class HasilSegel:
    """Outcome: the seals that hold, in order; what does not hold (and the entry meant); what is only to be known."""

    jangkar: list[Jangkar] = field(default_factory=list)
    temuan: list[tuple[str, int | None]] = field(default_factory=list)
    peringatan: list[str] = field(default_factory=list)


def periksa_segel(conn: Connection, folder: IsiFolder | None) -> HasilSegel:
    """Compare the seals of a folder (``None``: none is configured) with the trail, both ways."""
    hasil = HasilSegel()
    disebut = [dict(b._mapping) for b in jalankan(conn, "audit_segel")]
    if folder is None:
        if disebut:
            hasil.temuan.append(
                (
                    f"jejak menyebut {ribuan(len(disebut))} segel tetapi tidak ada folder segel: isi --segel atau "
                    "AP2T_SEGEL_DIR",
                    None,
                )
            )
        else:
            hasil.peringatan.append(
                "TANPA SEGEL: tidak ada folder segel (AP2T_SEGEL_DIR) dan jejak belum pernah disegel. Jejak yang "
                "ditulis ulang seluruhnya, atau dipotong ujungnya, TIDAK akan ketahuan."
            )
        return hasil
    if folder.rusak:
        hasil.temuan.append((f"berkas segel rusak: {folder.rusak}", None))
    _segel_ke_jejak(conn, folder.segel, hasil)
    _jejak_ke_segel(disebut, folder.segel, hasil)
    if not folder.segel and not disebut:
        hasil.peringatan.append("TANPA SEGEL: folder segel kosong; jalankan `ap2t audit segel`.")
    return hasil


def _segel_ke_jejak(conn: Connection, semua: tuple[Segel, ...], hasil: HasilSegel) -> None:
    """Every seal's entry must be there with that very hash; the first that does not hold is named with its span."""
    buku = ", ".join(map(str, jalankan(conn, "identitas").scalars())) or "tanpa nama"
    nomor = [s.jejak for s in semua]
    sidik = {b.id: b.sidik for b in jalankan(conn, "audit_sidik_jejak", nomor=nomor)}
    akhir = jejak.kepala(conn).nomor
    gagal = 0
    for s in semua:
        sebab = _sebab(s, buku, sidik.get(s.jejak), akhir)
        if sebab is None:
            hasil.jangkar.append(Jangkar(s.jejak, s.sidik, s.ke))
            continue
        gagal += 1
        if gagal == 1:
            baik = hasil.jangkar[-1] if hasil.jangkar else None
            rentang = f"di antara jejak nomor {baik.jejak + 1 if baik else 1} dan {s.jejak}"
            hasil.temuan.append((f"segel ke-{s.ke} ({s.dibuat}) tidak cocok: {sebab}; letaknya {rentang}", s.jejak))
    if gagal > 1:
        hasil.temuan.append((f"{ribuan(gagal - 1)} segel sesudahnya juga tidak cocok", None))


def _sebab(s: Segel, buku: str, sidik: str | None, akhir: int) -> str | None:
    if s.buku != buku:
        return f"segel milik buku lain ({s.buku}, buku ini {buku})"
    if s.jejak > akhir:
        return f"jejak dipotong: segel menunjuk jejak nomor {s.jejak}, jejak kini berakhir pada nomor {akhir}"
    if sidik is None:
        return f"jejak nomor {s.jejak} tidak ada"
    if sidik != s.sidik:
        return f"jejak ditulis ulang: jejak nomor {s.jejak} kini bersidik lain"
    if s.jumlah != s.jejak:
        return f"saat disegel jejak berisi {ribuan(s.jumlah)} dari {ribuan(s.jejak)} nomor"
    return None


def _jejak_ke_segel(disebut: list[dict[str, Any]], semua: tuple[Segel, ...], hasil: HasilSegel) -> None:
    """Every seal that the trail mentions must stand in the folder, and the other way round."""
    ada = {str(s.ke): s for s in semua}
    hilang = []
    for d in disebut:
        s = ada.pop(d["ke"], None)
        if s is None:
            hilang.append(f"ke-{d['ke']} (jejak nomor {d['jejak']})")
        elif (s.jejak, s.sebelum) != (d["jejak"], d["sebelum"]) or d["dibuat"] not in (None, s.dibuat):
            hasil.temuan.append((f"segel ke-{s.ke} berbeda dari yang disebut jejak nomor {d['jejak']}", d["jejak"]))
    if hilang:
        hasil.temuan.append((f"segel yang disebut jejak tidak ada dalam folder: {daftar(hilang)}", None))
    if ada:
        hasil.temuan.append((f"segel yang tidak disebut jejak: {daftar([f'ke-{ke}' for ke in ada])}", None))

"""Audits whether the trail proves itself and the tables say what it says (invariants 1 to 6).

Everything is read in one transaction that sees one state and cannot write. It is streamed, so that memory stays flat
whatever the period. Nothing of the ledger's own functions is believed: hashes are computed here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import DataError, NoResultFound

from ap2t.audit import folder_segel, rantai
from ap2t.audit.folder_segel import IsiFolder
from ap2t.audit.laporan import Laporan, Temuan
from ap2t.audit.pagar import beda_pagar, kuasa, server_asing
from ap2t.audit.periksa_segel import Jangkar, periksa_segel
from ap2t.audit.rantai import Rentang
from ap2t.audit.saringan import beda_saringan
from ap2t.domain.teks import akhir_hari, awal_hari, daftar, ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger.arsip import Arsip
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.proses.isian import baca_kembalikan
from ap2t.proses.layanan import Lapor

TEMUAN_MAKS = 20
"""Findings of one rule in one session that are told one by one. Further ones are counted."""
JEDA_LAPOR = 5.0
"""Seconds between two progress lines."""
PER_SESI = {
    "SESI": "audit_sesi",
    "PERSETUJUAN": "audit_persetujuan",
    "JAWABAN": "audit_jawaban",
    "SARINGAN": "audit_saringan",
    "BATCH": "audit_batch",
    "HASIL": "audit_hasil",
    "DILUAR_SISTEM": "audit_luar",
    "PEMBATALAN": "audit_pembatalan",
    "PENGEMBALIAN": "audit_pengembalian",
    "ARSIP": "audit_arsip",
}
"""Rules of one session, each one SELECT of what does not hold. It reads by the session's number: a ledger is large."""
PER_BULAN = {"GANDA": "audit_ganda", "HITUNGAN": "audit_hitungan"}
"""Rules that compare what the sessions of a unit's month did to the same customers."""
PeriksaArsip = Callable[[Transaksi, Sesi, Arsip], Iterator[str]]
"""Checks an archived session against its file and yields what does not hold."""


class Lingkup(NamedTuple):
    """What is audited: days (both included, Jakarta), one unit or all, the folder of the seals, archived files.

    Days are rounded outwards to the seals around them. Of a unit everything is proven that its sessions left.
    """

    dari: date | None = None
    sampai: date | None = None
    unitup: str | None = None
    segel: Path | None = None
    arsip: PeriksaArsip | None = None

    @property
    def semua(self) -> bool:
        """Whether everything is audited."""
        return self.dari is None and self.sampai is None and self.unitup is None


def verifikasi(buku: Buku, lingkup: Lingkup, lapor: Lapor) -> Laporan:
    """Check chain, seals, guards and every session of the period."""
    with sekeadaan(buku, lingkup.segel) as (tx, folder):
        return periksa_lingkup(tx, lingkup, folder, lapor)


@contextmanager
def sekeadaan(buku: Buku, segel: Path | None) -> Iterator[tuple[Transaksi, IsiFolder | None]]:
    """Open a transaction that sees one state of the ledger, and read the seals as they are at that moment."""
    with buku.transaksi() as tx:
        with folder_segel.tenang(segel) if segel else nullcontext():
            mulai(tx)
            folder = folder_segel.baca_segel(segel) if segel else None
        yield tx, folder


def mulai(tx: Transaksi) -> None:
    """Let the transaction that just began see one state, write nothing, and join whole sets."""
    tx.jalankan("audit_transaksi")
    tx.jalankan("audit_rencana")


def periksa_lingkup(tx: Transaksi, lingkup: Lingkup, folder: IsiFolder | None, lapor: Lapor) -> Laporan:
    """As :func:`verifikasi`, in the caller's transaction, with what the folder of the seals holds."""
    laporan = Laporan()
    # groups of entries that are proven by themselves: none where the whole chain is walked
    gugus = [] if lingkup.semua else [*filter(None, [lingkup.unitup]), rantai.KONFIGURASI]
    jangkar = periksa_segel(tx, folder, gugus, laporan)
    rentang = rantai.masa(
        jangkar,
        None if lingkup.dari is None else awal_hari(lingkup.dari),
        None if lingkup.sampai is None else akhir_hari(lingkup.sampai),
    )
    bermasa = lingkup.dari is not None or lingkup.sampai is not None
    jejak = {"jejak_awal": rentang.awal, "jejak_akhir": rentang.akhir}
    sesi_id = list(tx.jalankan("audit_lingkup", unitup=lingkup.unitup, semua=not bermasa, **jejak).scalars())
    if gugus:
        _buktikan(tx, jangkar, gugus, laporan, lapor)
    if lingkup.unitup is None:
        rentang = rentang if lingkup.semua else _sepanjang_hidup(tx, rentang, sesi_id)
        laporan.jangkar = rantai.telusuri(tx, jangkar, rentang, laporan, lapor)
        if not lingkup.semua:
            laporan.jangkar += "; tanda peristiwa Airflow dan jadwal di luar rentang itu tidak diperiksa"
    _periksa_umum(tx, rentang, lingkup, sesi_id, laporan)
    _periksa_semua_sesi(tx, sesi_id, lingkup, laporan, lapor)
    return laporan


def periksa_sesi_dan_unit(tx: Transaksi, sesi: Sesi, folder: IsiFolder | None, lapor: Lapor) -> Laporan:
    """Check one session, and prove every entry of its unit's sessions."""
    laporan = Laporan(sesi=1)
    buktikan_unit(tx, [sesi.unitup], folder, laporan, lapor)
    sebulan = _aturan_bulan(tx, sesi.unitup, sesi.thblrek)
    laporan.temuan += _aturan(tx, None, "KONFIGURASI", "audit_konfigurasi")
    laporan.temuan += [temuan for temuan in sebulan if temuan.sesi == sesi.nomor]
    laporan.temuan += periksa_sesi(tx, sesi)
    return laporan


def buktikan_unit(
    tx: Transaksi, unitup: Sequence[str], folder: IsiFolder | None, laporan: Laporan, lapor: Lapor
) -> None:
    """Prove every entry of some units' sessions, and of the configuration, against the seals."""
    gugus = [*unitup, rantai.KONFIGURASI]
    _buktikan(tx, periksa_segel(tx, folder, gugus, laporan), gugus, laporan, lapor)


def _buktikan(tx: Transaksi, jangkar: Sequence[Jangkar], gugus: Sequence[str], laporan: Laporan, lapor: Lapor) -> None:
    dasar = rantai.buktikan(tx, jangkar, gugus, laporan, lapor)
    laporan.jangkar = f"{dasar}; jejak unit lain, peristiwa Airflow dan jadwal tidak diperiksa"


def periksa_bulan(tx: Transaksi, unitup: str, thblrek: str) -> list[Temuan]:
    """Check every session of a unit's month, and what they did to the same customers."""
    temuan = _aturan_bulan(tx, unitup, thblrek)
    for sesi_id in tx.jalankan("arsip_sesi_bulan", unitup=unitup, thblrek=thblrek).scalars().all():
        temuan += periksa_sesi(tx, tx.sesi.ambil(sesi_id))
    return temuan


def _sepanjang_hidup(tx: Transaksi, rentang: Rentang, sesi_id: Sequence[int]) -> Rentang:
    """Widen a stretch to the whole life of some sessions: from their first entries to their ends, or to the head."""
    if not sesi_id:
        return rentang
    baris = tx.jalankan("audit_jejak_lingkup", sesi=list(sesi_id)).one()
    akhir = None if baris.terbuka or rentang.akhir is None else max(rentang.akhir, baris.terakhir)
    return Rentang(min(rentang.awal, baris.pertama - 1), akhir)


# --------------------------------------------------------------------------------------------------- all sessions


def _periksa_umum(tx: Transaksi, rentang: Rentang, lingkup: Lingkup, sesi_id: Sequence[int], laporan: Laporan) -> None:
    """Judge what belongs to no session, as far as the entries that tell of it are proven."""
    nilai = {"jejak_awal": rentang.awal, "jejak_akhir": rentang.akhir}
    laporan.temuan += [Temuan(None, "PAGAR", apa) for apa in beda_pagar(tx)]
    laporan.kuasa = kuasa(tx)
    laporan.peringatan += filter(None, [server_asing(tx)])
    laporan.temuan += _aturan(tx, None, "KONFIGURASI", "audit_konfigurasi")
    laporan.temuan += _aturan(tx, None, "SATU_TERBUKA", "audit_bertindih", sesi=list(sesi_id))
    if lingkup.unitup is None:
        laporan.temuan += _aturan(tx, None, "PERISTIWA", "audit_peristiwa", semua=lingkup.semua, **nilai)
        laporan.temuan += _aturan(tx, None, "JADWAL", "audit_jadwal", semua=lingkup.semua, **nilai)
        laporan.temuan += _aturan(tx, None, "SESI", "audit_yatim", sesi=list(sesi_id), **nilai)


def _periksa_semua_sesi(tx: Transaksi, semua: Sequence[int], lingkup: Lingkup, laporan: Laporan, lapor: Lapor) -> None:
    awal = terakhir = time.monotonic()
    diarsipkan = 0
    for baris in tx.jalankan("audit_unit_bulan", sesi=list(semua)).all():
        laporan.temuan += _aturan_bulan(tx, baris.unitup, baris.thblrek)
    for sesi_id in semua:
        try:
            with tx.conn.begin_nested():
                sesi = tx.sesi.ambil(sesi_id)
        except (DataError, ValueError):
            apa = f"catatan sesi ini (id {sesi_id}) tidak dapat dibaca: ada nilai yang tidak mungkin ditulis proyek ini"
            laporan.temuan.append(Temuan(None, "SESI", apa))
        else:
            laporan.temuan += periksa_sesi(tx, sesi)
            arsip = tx.arsip.ambil(sesi.id)
            if arsip is not None and lingkup.arsip is not None:
                laporan.temuan += [Temuan(sesi.nomor, "ARSIP", apa) for apa in lingkup.arsip(tx, sesi, arsip)]
            diarsipkan += arsip is not None
        laporan.sesi += 1
        kini = time.monotonic()
        if kini - terakhir >= JEDA_LAPOR:
            terakhir = kini
            lapor(f"Sesi: {ribuan(laporan.sesi)} dari {ribuan(len(semua))} ({kini - awal:.0f} detik) ...")
    if diarsipkan and lingkup.arsip is None:
        laporan.peringatan.append(
            f"bacaan {ribuan(diarsipkan)} sesi sudah diarsipkan dan berkasnya tidak diperiksa: tunjuk foldernya dengan "
            "--arsip atau AP2T_ARSIP_DIR"
        )


def periksa_sesi(tx: Transaksi, sesi: Sesi) -> Iterator[Temuan]:
    """Check one session: its digest (unless what it is taken over is archived), and every rule of ``PER_SESI``."""
    tersimpan = tx.arsip.ambil(sesi.id) is None
    if sesi.sidik is not None and tersimpan and tx.jalankan("audit_rekap", sesi_id=sesi.id).scalar_one():
        kini = _sidik_kini(tx, sesi)
        if kini != sesi.sidik:
            beda = f"kini bersidik {kini[:12]}, yang ditunjukkan kepada pengesah {sesi.sidik[:12]}"
            yield Temuan(sesi.nomor, "SIDIK", f"isi cuplikan dan saringan {beda}")
        if beda_undian := _beda_sampel(tx, sesi):
            yield Temuan(sesi.nomor, "SAMPEL", beda_undian)
    if tersimpan:
        yield from (Temuan(sesi.nomor, "SARINGAN", apa) for apa in beda_saringan(tx, sesi))
    yield from _semua_aturan(tx, sesi.nomor, PER_SESI, sesi_id=sesi.id)
    yield from (Temuan(sesi.nomor, "JAWABAN", apa) for apa in _beda_isian(tx, sesi))


def _sidik_kini(tx: Transaksi, sesi: Sesi) -> str:
    try:
        return tx.cuplikan.sidik(sesi)
    except NoResultFound:  # of what a cancellation was asked to do nothing is left
        return "(tidak ada)"


def _beda_sampel(tx: Transaksi, sesi: Sesi) -> str | None:
    """Draw the lot again from the digest, and compare it with what the rekap showed."""
    tercatat = (sesi.rekap or {}).get("sampel")
    if sesi.sidik is None or (tercatat is None and sesi.sampel is None):
        return None
    idpel = tercatat.get("idpel") if isinstance(tercatat, dict) else None
    kini = tx.cuplikan.sampel(sesi, sesi.sidik, sesi.sampel or 0)
    if idpel == kini:
        return None
    lain = sorted({*map(str, idpel if isinstance(idpel, list) else [])} ^ set(kini))
    return f"sampel pemeriksaan pada rekap bukan undian dari sidiknya ({daftar(lain, 5) or 'urutannya lain'})"


def _beda_isian(tx: Transaksi, sesi: Sesi) -> Iterator[str]:
    """Yield each answer whose note, or whose customers sent back, are not those of the form that arrived."""
    for baris in tx.jalankan("audit_isian", sesi_id=sesi.id).all():
        try:
            isian = json.loads(baris.isian)
            catatan = (isian.get("catatan") or "").strip() or None
            kembalikan = sorted(baca_kembalikan(isian.get("kembalikan")))
            sama = (catatan, kembalikan) == (baris.catatan, sorted(baris.kembalikan))
        except (AttributeError, BukuMenolak, TypeError, ValueError):  # tampered with: it cannot be read at all
            sama = False
        if not sama:
            beda = "yang dikembalikan atau catatannya berbeda dari isian yang tiba"
            yield f"jawaban ke-{baris.urutan} ({baris.oleh}): {beda}"


def _aturan_bulan(tx: Transaksi, unitup: str, thblrek: str) -> list[Temuan]:
    return _semua_aturan(tx, None, PER_BULAN, unitup=unitup, thblrek=thblrek)


def _semua_aturan(tx: Transaksi, nomor: str | None, semua: Mapping[str, str], /, **nilai: Any) -> list[Temuan]:
    """Run rules as one statement, and one by one where any of them finds something or cannot read what it judges."""
    try:
        with tx.conn.begin_nested():
            if not tx.jumlah_baris(tuple(semua.values()), **nilai):
                return []
    except DataError:
        pass  # whose fault it is, and what the others find, is told below
    return [temuan for aturan, nama in semua.items() for temuan in _aturan(tx, nomor, aturan, nama, **nilai)]


def _aturan(tx: Transaksi, nomor: str | None, aturan: str, nama: str, /, **nilai: Any) -> list[Temuan]:
    """Run one rule. Beyond ``TEMUAN_MAKS`` its findings are counted.

    What it reads may have been tampered with, so that it cannot be read at all: that is a finding, not a failure.
    """
    temuan: list[Temuan] = []
    lebih = 0
    try:
        with tx.conn.begin_nested():
            for baris in tx.alirkan(nama, 100, **nilai).mappings():
                if len(temuan) < TEMUAN_MAKS:
                    temuan.append(Temuan(nomor or baris.get("nomor"), aturan, baris["apa"], baris.get("jejak")))
                else:
                    lebih += 1
    except DataError as galat:
        kode = getattr(galat.orig, "sqlstate", None)
        temuan.append(Temuan(nomor, aturan, f"isi jejak atau tabel tidak dapat dibaca oleh aturan ini ({kode})"))
    if lebih:
        temuan.append(Temuan(nomor or temuan[-1].sesi, aturan, f"dan {ribuan(lebih)} hal lain yang serupa"))
    return temuan

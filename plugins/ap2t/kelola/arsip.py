"""Moves old readings out of the ledger: each session's file is written and proven before its rows go.

What was decided of the rows (sieve, outcomes, batches, gates, trail) stays in the ledger for good, and so do the marks
of who looked at them, which hold no reading. The readings themselves, more than half of the volume and all that names a
customer, are in the file alone from then on.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import Engine

from ap2t.audit.berkas.baca import BENTUK_LAIN, BerkasSesi
from ap2t.audit.berkas.periksa import periksa_berkas, sidik_isi
from ap2t.audit.berkas.tulis import milik_sendiri, tulis_json
from ap2t.audit.folder_segel import simpan_folder
from ap2t.audit.laporan import Laporan, Temuan
from ap2t.audit.periksa import buktikan_unit, mulai, periksa_bulan, periksa_sesi, sekeadaan
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.kode import StatusSesi
from ap2t.domain.model import kolom_ikatan
from ap2t.domain.pola import samakan
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import ArsipGagal, BerkasTidakUtuh, BukuMenolak, BukuTidakTerjangkau, GalatPengesahan, MasukanTidakSah
from ap2t.kelola.pola import pastikan_alasan
from ap2t.ledger.arsip import KUNCI, TENANG_HARI, UMUR_BULAN, Arsip, Calon
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.proses.buka import ambil_alih
from ap2t.proses.layanan import Langkah, Lapor, Layanan

_SARINGAN = {"daya_saringan": "daya", **{kolom: kolom for kolom in ("kwh", "jam_nyala", "hasil", "alasan", "dlpd")}}
"""What the sieve said: columns of the file, and what the ledger calls them."""
_PEKERJA = ("petugas_baca", "verif_pengawas_oleh", "verif_vendor_oleh", "kirim_oleh")


@dataclass
class Ringkas:
    """What one run of archiving did: sessions and readings that left, bytes of their files, and what went wrong."""

    sesi: int = 0
    baris: int = 0
    byte: int = 0
    halangan: list[str] = field(default_factory=list)
    gagal: list[str] = field(default_factory=list)


def batas_bulan(hari_ini: date) -> str:
    """Return the newest month whose readings may leave on a day (TTTTBB)."""
    return bulan_tambah(f"{hari_ini:%Y%m}", -UMUR_BULAN - 1)


def pastikan_bulan(sampai: str, hari_ini: date) -> None:
    """Make sure that a month is old enough.

    :raises MasukanTidakSah: its readings have to stay.
    """
    if sampai > (batas := batas_bulan(hari_ini)):
        raise MasukanTidakSah(
            f"Bacaan bulan {sampai} belum boleh keluar dari buku: paling baru {batas} ({UMUR_BULAN} bulan penuh tetap "
            "di buku). Pilih bulan yang lebih lama."
        )


class Pengarsip:
    """Archives sessions into a folder.

    :param buku: the ledger, to read. :param pemilik: its owner's engine: only the owner may let readings go.
    :param folder: where files go, as ``TTTTBB/UNITUP/NOMOR-SIDIK.json.gz``; it must be there: one made in
        the place of a share that is not mounted would take readings to nowhere.
    :param segel: folder of the seals, if any.
    :param tenang: as for :func:`ap2t.ledger.arsip.calon`.
    """

    def __init__(
        self, buku: Buku, pemilik: Engine, folder: Path, segel: Path | None, lapor: Lapor, tenang: int = TENANG_HARI
    ) -> None:
        self.buku, self.pemilik = buku, Buku(pemilik)
        self.folder, self.segel, self.lapor, self.tenang = folder, segel, lapor, tenang

    def jalankan(self, sampai: str, unitup: str | None, oleh: str, alasan: str, batas: int | None = None) -> Ringkas:
        """Archive what may be archived, a session at a time. What was done stays done if it is broken off.

        :param sampai: newest month, included. :param batas: at most so many sessions.
        :raises MasukanTidakSah: the reason is too short, the owner's ledger is another one, or the folder is not there.
        :raises ArsipGagal: somebody else archives just now, or the folder cannot be written.
        :raises BukuTidakTerjangkau: the ledger does not answer.
        """
        alasan = pastikan_alasan(alasan)
        with self.pemilik.sendirian(KUNCI) as sendiri:  # two at once would do everything twice
            if not sendiri:
                raise ArsipGagal("Pengarsipan lain sedang berjalan. Tunggu sampai selesai, lalu ulangi.")
            self._pastikan_tempat()
            return self._arsipkan_semua(sampai, unitup, oleh, alasan, batas)

    def _pastikan_tempat(self) -> None:
        if not self.folder.is_dir():
            raise MasukanTidakSah(
                f"Folder arsip {self.folder} tidak ada: pasang (mount) tempatnya, atau buat foldernya. Ia tidak dibuat "
                "sendiri, agar bacaan tidak pindah ke tempat yang salah."
            )
        with self.buku.transaksi() as dibaca, self.pemilik.transaksi() as ditulis:
            if dibaca.jalankan("identitas").scalar_one() != ditulis.jalankan("identitas").scalar_one():
                raise MasukanTidakSah(
                    "AP2T_LEDGER_OWNER_URL dan koneksi cmt_db (cmt_db_auditor) menunjuk buku yang berbeda. Samakan."
                )

    def _arsipkan_semua(self, sampai: str, unitup: str | None, oleh: str, alasan: str, batas: int | None) -> Ringkas:
        with self.buku.transaksi() as tx:
            semua = tx.arsip.calon(sampai, unitup, self.tenang)
        terhalang = {f"{calon.unitup} {calon.thblrek}: {calon.halangan}" for calon in semua if calon.halangan}
        hasil = Ringkas(halangan=sorted(terhalang))
        boleh = [calon for calon in semua if not calon.halangan][:batas]
        for (thblrek, unitup), isi in groupby(boleh, lambda calon: (calon.thblrek, calon.unitup)):
            # a whole month of a unit before its first session leaves, as some rules compare sessions' readings
            with self.buku.transaksi() as tx:
                mulai(tx)
                temuan = periksa_bulan(tx, unitup, thblrek)
            if temuan:
                hasil.gagal.append(
                    f"{unitup} {thblrek}: tidak diarsipkan, pemeriksaan menemukan {ribuan(len(temuan))} hal yang tidak "
                    f"benar ({temuan[0]}). Lihat `ap2t audit verifikasi --unitup {unitup}`."
                )
                continue
            for calon in isi:
                self._coba(calon, oleh, alasan, hasil)
        return hasil

    def _coba(self, calon: Calon, oleh: str, alasan: str, hasil: Ringkas) -> None:
        """Archive one session, and note what came of it."""
        try:
            hasil.byte += self.arsipkan(calon, oleh, alasan)
        except BukuTidakTerjangkau:
            raise
        except OSError as galat:
            raise ArsipGagal(f"Arsip tidak dapat ditulis ke {self.folder} ({galat.strerror}).") from galat
        except GalatPengesahan as galat:
            hasil.gagal.append(f"{calon.nomor}: {galat}")
            return
        hasil.sesi, hasil.baris = hasil.sesi + 1, hasil.baris + calon.baris
        self.lapor(f"{calon.nomor}: {ribuan(calon.baris)} bacaan; {ribuan(hasil.sesi)} sesi sejauh ini.")

    def arsipkan(self, calon: Calon, oleh: str, alasan: str) -> int:
        """Archive one session, and return the bytes of its file.

        :raises GalatPengesahan: the session or its file does not hold, or the ledger refuses; nothing has left.
        """
        with tempfile.TemporaryDirectory(prefix="ap2t-arsip-") as sementara:
            berkas = tulis_json(self.buku, calon.nomor, Path(sementara), self.segel, lambda _: None)
            if not berkas.utuh:
                raise ArsipGagal(
                    "tidak diarsipkan: pemeriksaannya menemukan yang tidak benar. Lihat `ap2t audit verifikasi`."
                )
            terbaca = periksa_berkas(berkas.json)
            if terbaca.temuan or (terbaca.sidik, terbaca.baris) != (berkas.sidik, calon.baris):
                raise ArsipGagal(
                    f"tidak diarsipkan: berkasnya memuat {terbaca.baris} dari {calon.baris} pelanggan; "
                    f"{daftar(terbaca.temuan, 3) or 'tanpa temuan lain'}."
                )
            # the digest in its name: no other run, and no copy of the ledger elsewhere, writes over it
            nama = f"{calon.thblrek}/{calon.unitup}/{calon.nomor}-{berkas.sidik[:16]}.json.gz"
            byte = _padatkan(berkas.json, self.folder / nama, berkas.sidik)
        with self.pemilik.transaksi() as tx:
            tx.arsip.pindahkan(calon, nama, berkas.sidik, oleh, alasan)
        return byte


def _padatkan(dari: Path, ke: Path, sidik: str) -> int:
    """Write the file compressed and durably in place of what stands there, read it back, and return its bytes."""
    ke.parent.mkdir(parents=True, exist_ok=True)
    baru = ke.with_suffix(".baru")
    baru.unlink(missing_ok=True)
    with open(baru, "wb", opener=milik_sendiri) as keluaran:
        with dari.open("rb") as asal, gzip.GzipFile("", "wb", 6, keluaran, mtime=0) as padat:
            shutil.copyfileobj(asal, padat, 1 << 20)
        keluaran.flush()
        os.fsync(keluaran.fileno())
    with gzip.open(baru, "rb") as terbaca:
        sama = sidik_isi(terbaca)[0] == sidik
    if not sama:
        raise ArsipGagal(f"tidak diarsipkan: {baru.name} yang ditulis tidak terbaca sama. Periksa disknya.")
    baru.replace(ke)
    for folder in tuple(ke.parents)[:3]:
        simpan_folder(folder)
    return ke.stat().st_size


def akhiri(layanan: Layanan, nomor: str, oleh: str, alasan: str, hari_ini: date, lapor: Lapor) -> None:
    """End an abandoned session as DIAMBIL_ALIH, so that its month can be archived.

    Its batches are settled first. Whoever may run the application may do so, and only of months whose readings may
    leave: nothing of them is gone on with any more. In a younger month a session that stands still is resumed, or taken
    over by a new run.

    :raises MasukanTidakSah: no session has this number, its month is too young, or the reason is too short.
    :raises BukuMenolak: it is not one that stands still, or a batch in flight cannot be settled now.
    """
    alasan = pastikan_alasan(alasan)
    with layanan.buku.transaksi() as tx:
        sesi = tx.sesi.wajib_ada(nomor)
    if sesi.thblrek > (batas := batas_bulan(hari_ini)):
        raise MasukanTidakSah(
            f"Sesi {nomor} bulan {sesi.thblrek} belum boleh diakhiri begini: paling baru {batas}. Lanjutkan dengan "
            "clear tugas yang gagal, atau mulai run baru kelompok itu: ia mengambil alih."
        )
    if sesi.status != StatusSesi.TERHENTI:
        raise BukuMenolak(
            f"Sesi {nomor} berstatus {sesi.status}, bukan TERHENTI: tidak ada yang diakhiri. Sesi yang run-nya hilang "
            "ditandai penjaga_sesi dalam beberapa menit."
        )
    ambil_alih(Langkah(layanan, sesi, lapor), oleh, alasan=alasan)
    lapor(f"Sesi {nomor} diakhiri.")


def periksa_arsip(buku: Buku, folder: Path, folder_segel: Path | None, unitup: str | None, lapor: Lapor) -> Laporan:
    """Check every archived session (of a unit) against its file and its rules, and prove its unit's trail.

    :param folder: of the archive. :param folder_segel: of the seals, if any.
    """
    cek = pemeriksa(folder)
    with sekeadaan(buku, folder_segel) as (tx, isi_segel):
        laporan = Laporan()
        berarsip = [(tx.sesi.ambil(arsip.sesi_id), arsip) for arsip in tx.semua_baris(Arsip, "arsip_semua")]
        semua = [(sesi, arsip) for sesi, arsip in berarsip if unitup in (None, sesi.unitup)]
        if semua:
            buktikan_unit(tx, sorted({sesi.unitup for sesi, _ in semua}), isi_segel, laporan, lapor)
        for sesi, arsip in semua:
            laporan.sesi += 1
            laporan.temuan += periksa_sesi(tx, sesi)
            laporan.temuan += [Temuan(sesi.nomor, "ARSIP", apa) for apa in cek(tx, sesi, arsip)]
    return laporan


def pemeriksa(folder: Path) -> Callable[[Transaksi, Sesi, Arsip], Iterator[str]]:
    """Return a check of archived sessions against their files in ``folder``, for the audit."""

    def cocokkan(tx: Transaksi, sesi: Sesi, arsip: Arsip) -> Iterator[str]:
        padat = folder / arsip.berkas
        try:
            with tempfile.TemporaryDirectory(prefix="ap2t-arsip-") as sementara:
                berkas = Path(sementara) / padat.stem
                with gzip.open(padat, "rb") as dari, berkas.open("wb") as ke:
                    shutil.copyfileobj(dari, ke, 1 << 20)
                yield from _beda_arsip(tx, sesi, arsip, berkas)
        except FileNotFoundError:
            yield f"berkas arsip {arsip.berkas} tidak ada di {folder}"
        except BerkasTidakUtuh as galat:
            yield f"berkas arsip {arsip.berkas} tidak dapat dibaca: {galat}"
        except (OSError, EOFError, zlib.error, *BENTUK_LAIN) as galat:
            yield f"berkas arsip {arsip.berkas} tidak dapat dibaca ({type(galat).__name__})"

    return cocokkan


def _beda_arsip(tx: Transaksi, sesi: Sesi, arsip: Arsip, berkas: Path) -> Iterator[str]:
    hasil = periksa_berkas(berkas)
    if hasil.sidik != arsip.sidik_berkas:
        yield f"berkas arsip {arsip.berkas} bersidik {hasil.sidik[:12]}, yang dicatat {arsip.sidik_berkas[:12]}"
    yield from (f"berkas arsip {arsip.berkas}: {teks}" for teks in hasil.temuan)
    isi = BerkasSesi(berkas)
    tertulis = isi.kepala["sesi"]
    beda = [nama for nama in ("nomor", "jenis", "sidik", "status", "tahap") if tertulis[nama] != getattr(sesi, nama)]
    if beda:
        yield f"berkas arsip {arsip.berkas} berbeda dari sesinya ({', '.join(beda)})"
    if hasil.baris != arsip.baris:
        yield f"berkas arsip {arsip.berkas} memuat {hasil.baris} pelanggan, buku mencatat {arsip.baris}"
    kini = {entri.id: entri.sidik for entri in tx.jejak.baca_sesi(sesi.id)}
    lain = [str(entri["id"]) for entri in isi.unsur("jejak") if kini.get(entri["id"]) != entri["sidik"]]
    if lain:
        yield f"jejak dalam berkas arsip berbeda dari buku (nomor {daftar(lain, 5)})"
    yield from _beda_saringan(tx, sesi, isi)


def _beda_saringan(tx: Transaksi, sesi: Sesi, isi: BerkasSesi) -> Iterator[str]:
    """The sieve that stayed must be the file's. Who approved, or cancelled, must not have worked on a row."""
    pengesah = {samakan(persetujuan["oleh"]) for persetujuan in isi.unsur("persetujuan")}
    pembatal: dict[str, set[str]] = {}
    for pembatalan in tx.jalankan("arsip_pembatal", sesi_id=sesi.id):
        pembatal.setdefault(pembatalan.idpel, set()).add(samakan(pembatalan.oleh))
    tinggal = {saringan.idpel: saringan for saringan in tx.alirkan("arsip_saringan", 1000, sesi_id=sesi.id)}
    beda: list[str] = []
    sendiri: set[str] = set()
    kolom = _SARINGAN | {nama: nama for nama in kolom_ikatan(sesi.versi_aturan) if nama != "pilihan"}
    for baris in isi.baris():
        idpel = str(baris["idpel"])
        saringan = tinggal.pop(idpel, None)
        kini = {} if saringan is None else saringan._mapping
        if any(baris[nama] != kini.get(di_buku) for nama, di_buku in kolom.items()):
            beda.append(idpel)
        orang = pengesah | pembatal.get(idpel, set())
        sendiri |= orang & {samakan(str(baris[nama])) for nama in _PEKERJA if baris[nama]}
    beda += sorted(tinggal)
    if beda:
        yield f"saringan di buku berbeda dari berkas arsip pada {len(beda)} pelanggan ({daftar(beda, 5)})"
    if sendiri:
        apa = "mengesahkan atau membatalkan bacaan yang dibaca, diverifikasi atau dikirimnya sendiri"
        yield f"{daftar(sorted(sendiri))} {apa}"

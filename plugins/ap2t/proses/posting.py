"""Step 7: post the approved readings to AP2T, each exactly once (invariants 1 to 4).

A batch is recorded as in flight, committed, before it is sent; the ledger's own guard lets it stand only under this
session's epoch, approval and sieve. After an unclear outcome AP2T is asked, then the key is settled, before the rows
go again under a new key. Several batches are in flight at once; one refused row never stops the others.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime
from zoneinfo import ZoneInfo

from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.kontrak import baris_posting
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import (
    Ap2tMelanggarKontrak,
    Ap2tMenolak,
    Ap2tTidakPasti,
    Ap2tTidakTerjangkau,
    BukuMenolak,
    GalatAp2t,
    LewatiLangkah,
    WewenangKurang,
)
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import HasilBatch
from ap2t.ledger import cuplikan, jejak, kiriman, persetujuan, sesi
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.penyelesaian import catat_batal, catat_terapan, selesaikan_batch
from ap2t.proses.perubahan import beda_teks
from ap2t.proses.rekap import pastikan_sidik
from ap2t.proses.wewenang import pastikan_masih, pastikan_pengesah, periksa_ap2t
from ap2t.source.salinan import Terbaca

COBA_MAKS = 6
"""How often the same rows go under a new key after an unclear outcome before a person has to look."""
SABAR = 600.0
"""Seconds a batch that surely did not arrive (429, no connection) is tried again under its key."""
JEDA_COBA = 0.5
"""Seconds before rows whose outcome was unclear go again; doubled each time, unless AP2T says how long."""
BENTUK_DITOLAK_MAKS = 20
"""Rows of one run that AP2T may refuse for the request's form (400, 413) before the fault must be the gateway's."""
JEDA_LAPOR = 5.0
"""Seconds between two progress lines."""


class Pengirim:
    """Sends the approved rows of one session as the last approver's own AP2T user.

    :param ukuran: rows of a batch (at most 1000). :param serentak: batches in flight at once.
    """

    def __init__(self, layanan: Layanan, s: sesi.Sesi, lapor: Lapor, *, ukuran: int, serentak: int) -> None:
        self.layanan = layanan
        self.sesi = s
        self.lapor = lapor
        self.ukuran = ukuran
        self.serentak = serentak
        self.zona = ZoneInfo(s.zona_waktu)
        self.pengesah = ""
        self.para_pengesah: list[str] = []
        self._bentuk_ditolak = 0
        self.selesai = 0
        self.total = 0
        self._kunci = threading.Lock()
        self._terakhir = time.monotonic()
        self._berhenti = threading.Event()

    def jalankan(self) -> None:
        """Post everything that is approved and has no outcome yet; returns when every row has one.

        :raises BukuMenolak: no approval of this digest, or the run no longer holds the session.
        :raises WewenangKurang: the approver lost the role.
        :raises GalatAp2t: AP2T refuses as a whole, or stays away; what was in flight is settled by the next try.
        """
        jawaban = self._periksa_persetujuan()
        klien = self.layanan.ap2t_orang(self.pengesah)
        with self.layanan.buku.transaksi() as conn:
            self.sesi = self.layanan.dipegang = sesi.mulai_posting(conn, self.sesi)
            terbang = kiriman.dalam_perjalanan(conn, self.sesi)
            isi = {"dalam_perjalanan": len(terbang), "epoch": self.sesi.epoch, **jejak.versi()}
            jejak.catat(conn, "POSTING_MULAI", isi, sesi_id=self.sesi.id, pelaku=self.pengesah)
        for batch in terbang:
            self.lapor(f"Batch {batch.kunci} dari percobaan sebelumnya belum pasti: ditanyakan ke AP2T.")
            selesaikan_batch(self.layanan, self.sesi, batch.kunci, batch.idpel, klien, self.lapor)
        self._hitung_sisa(jawaban)
        self._kirim_semua(klien, persetujuan.dikembalikan(jawaban))
        with self.layanan.buku.transaksi() as conn:
            self.sesi = sesi.ke_tahap(conn, self.sesi, "TERPOSTING")
            ringkas = kiriman.ringkas(conn, self.sesi)
            jejak.catat(conn, "POSTING_SELESAI", {"hasil": ringkas}, sesi_id=self.sesi.id, pelaku=self.pengesah)
        for r in ringkas:
            if r["status"] in ("DITOLAK", "BERUBAH"):
                self.lapor(f"{r['status']} {r['kode']}: {ribuan(r['jumlah'])} pelanggan: {daftar(r['contoh'], 20)}.")

    def _periksa_persetujuan(self) -> list[persetujuan.Jawaban]:
        """Check approval, digest and people; an attempt to post without leaves its mark in the session's trail."""
        try:
            return self._persetujuan_sah()
        except (BukuMenolak, WewenangKurang) as e:
            with self.layanan.buku.transaksi() as conn:
                isi = {"sebab": str(e), "tahap": self.sesi.tahap, "epoch": self.sesi.epoch}
                jejak.catat(conn, "UPAYA_POSTING_DITOLAK", isi, sesi_id=self.sesi.id)
            raise

    def _persetujuan_sah(self) -> list[persetujuan.Jawaban]:
        s = self.sesi
        with self.layanan.buku.transaksi() as conn:
            jawaban = persetujuan.semua(conn, s)
        terakhir = persetujuan.lengkap(jawaban, s)
        if terakhir is None:
            raise BukuMenolak(
                f"Buku tidak memuat persetujuan untuk sesi {s.nomor} ({s.tempat}). Menandai tugas persetujuan "
                "berhasil di Airflow bukan persetujuan. Tidak ada yang diposting; jawab gerbangnya atau mulai run baru."
            )
        pastikan_sidik(self.layanan, s)
        self.pengesah = terakhir.oleh
        self.para_pengesah = [j.oleh for j in jawaban]
        pastikan_pengesah(self.layanan, s, self.para_pengesah)
        periksa_ap2t(self.layanan, s.unitup, self.pengesah)
        return jawaban

    def _hitung_sisa(self, jawaban: list[persetujuan.Jawaban]) -> None:
        with self.layanan.buku.transaksi() as conn:
            lolos = int(cuplikan.angka_rekap(conn, self.sesi)["hasil"]["lolos"])
            sudah = sum(int(r["jumlah"]) for r in kiriman.ringkas(conn, self.sesi))
        kembali = len(persetujuan.dikembalikan(jawaban))
        self.selesai, self.total = sudah, lolos - kembali
        self.lapor(
            f"Posting {ribuan(self.total - sudah)} pelanggan sebagai pengguna AP2T milik {self.pengesah}, "
            f"{self.ukuran} per batch, {self.serentak} batch serentak"
            + (f"; {ribuan(kembali)} dikembalikan pengesah dan tidak dikirim" if kembali else "")
            + (f"; {ribuan(sudah)} sudah punya hasil" if sudah else "")
            + "."
        )

    def _halaman(self, kembalikan: list[str]) -> Iterator[list[kiriman.BarisKirim]]:
        sesudah = ""
        while not self._berhenti.is_set():
            with self.layanan.buku.transaksi() as conn:
                baris = kiriman.berikut(conn, self.sesi, sesudah, kembalikan, self.ukuran)
            if not baris:
                return
            sesudah = baris[-1].bacaan.idpel
            yield baris

    def _kirim_semua(self, klien: KlienAp2t, kembalikan: list[str]) -> None:
        """Keep ``serentak`` batches in flight; the first error stops new ones, those in flight finish."""
        galat: BaseException | None = None
        with ThreadPoolExecutor(self.serentak, thread_name_prefix="posting") as kolam:
            try:
                jalan: set[Future[None]] = set()
                for baris in self._halaman(kembalikan):
                    # in a copy of this context, so that what it logs carries session and step too
                    jalan.add(kolam.submit(copy_context().run, self._satu_halaman, klien, baris))
                    if len(jalan) >= self.serentak + 1:
                        beres, jalan = wait(jalan, return_when=FIRST_COMPLETED)
                        galat = galat or _galat_pertama(beres)
                    if galat:
                        break
                beres, _ = wait(jalan)
                galat = galat or _galat_pertama(beres)
            finally:
                self._berhenti.set()  # also when this thread is interrupted: the pool waits for the others
        if galat:
            raise galat

    def _satu_halaman(self, klien: KlienAp2t, baris: list[kiriman.BarisKirim]) -> None:
        """Send one page; an error here stops the other pages."""
        if self._berhenti.is_set():
            return
        try:
            self._kirim(klien, baris)
            self._maju(len(baris))
        except BaseException:
            self._berhenti.set()
            raise

    def _tetap_sama(self, baris: list[kiriman.BarisKirim]) -> list[kiriman.BarisKirim]:
        """Leave out every row that changed at the source since the snapshot, by name (invariant 2)."""
        tetap, beda = self._lihat_sumber(baris)
        if beda:
            with self.layanan.buku.transaksi() as conn:
                sesi.pegang(conn, self.sesi)
                isi = kiriman.catat_hasil(conn, self.sesi, None, beda)
                jejak.catat(conn, "BERUBAH_DI_SUMBER", isi, sesi_id=self.sesi.id)
        return tetap

    def _lihat_sumber(self, baris: list[kiriman.BarisKirim]) -> tuple[list[kiriman.BarisKirim], list[kiriman.Hasil]]:
        """Look at the approvers and the readings as they are now; return the rows that stand, and why others do not.

        :raises WewenangKurang: an approver no longer holds the role (invariant 1).
        """
        s, sumber = self.sesi, self.layanan.sumber
        orang = sumber.petugas(s.unitup)
        petugas = PetugasUnit(s.unitup, orang)
        pastikan_masih(self.layanan, s, orang, self.para_pengesah)
        sekarang = self.layanan.sekarang()
        awal, akhir = baris[0].bacaan.idpel, baris[-1].bacaan.idpel
        with self.layanan.buku.transaksi() as conn:
            lama = cuplikan.teks(conn, s, awal, akhir)
        kini = {
            t[0].idpel: t
            for bagian in sumber.salin(s.unitup, s.thblrek, s.hari_baca, dari=awal, sampai=akhir)
            for t in bagian
        }
        tetap: list[kiriman.BarisKirim] = []
        beda: list[kiriman.Hasil] = []
        for r in baris:
            sebab = _sebab_berubah(lama[r.bacaan.idpel], kini.get(r.bacaan.idpel), petugas, sekarang)
            if sebab:
                beda.append(kiriman.Hasil(r.bacaan.idpel, "BERUBAH", *sebab))
            else:
                tetap.append(r)
        return tetap, beda

    def _kirim(self, klien: KlienAp2t, baris: list[kiriman.BarisKirim]) -> None:
        """Send rows until their outcome is certain; a request refused for its form is halved down to the row."""
        jeda = JEDA_COBA
        for _ in range(COBA_MAKS):
            baris = self._tetap_sama(baris)
            if not baris:
                return
            kunci, isi = self._catat_batch(baris)
            try:
                jawaban = self._kirim_sabar(klien, kunci, isi, baris)
            except (Ap2tTidakPasti, Ap2tMelanggarKontrak) as e:
                self.lapor(f"Batch {kunci}: {e} Nasibnya ditanyakan ke AP2T.")
                if selesaikan_batch(self.layanan, self.sesi, kunci, _idpel(baris), klien, self.lapor):
                    return
                if self._berhenti.wait(min(e.tunggu or jeda, 60.0)):
                    return
                jeda *= 2
            except Ap2tMenolak as e:
                catat_batal(self.layanan, self.sesi, kunci, f"ditolak AP2T: {e.kode or e.status}")
                if e.status in (400, 413):
                    self._belah(klien, kunci, baris, e)
                    return
                if e.kode != "KUNCI_DITUTUP":
                    raise
            else:
                catat_terapan(self.layanan, self.sesi, kunci, jawaban)
                return
        raise Ap2tTidakPasti(
            f"AP2T tidak memberi hasil yang pasti setelah {COBA_MAKS} kali untuk {ribuan(len(baris))} pelanggan mulai "
            f"{baris[0].bacaan.idpel}. Yang sudah pasti tercatat; ulangi (clear) tugas posting_ap2t setelah AP2T pulih."
        )

    def _catat_batch(self, baris: list[kiriman.BarisKirim]) -> tuple[str, dict[str, object]]:
        s, kunci = self.sesi, str(uuid.uuid4())
        isi: dict[str, object] = {
            "unitup": s.unitup,
            "thblrek": s.thblrek,
            "hari_baca": s.hari_baca,
            "no_pengesahan": s.nomor,
            "baris": [baris_posting(r.bacaan, r.kwh, r.jam_nyala, self.zona) for r in baris],
        }
        sidik = hashlib.sha256(json.dumps(isi, sort_keys=True).encode()).hexdigest()
        idpel = _idpel(baris)
        with self.layanan.buku.transaksi() as conn:
            sejak = kiriman.catat_batch(conn, s, kunci, self.pengesah, idpel, sidik)
            jejak.catat_batch(conn, s.id, self.pengesah, kunci, s.epoch, idpel, sidik, sejak)
        return kunci, isi

    def _kirim_sabar(
        self, klien: KlienAp2t, kunci: str, isi: dict[str, object], baris: list[kiriman.BarisKirim]
    ) -> HasilBatch:
        """Send under one key; while it surely did not arrive, wait, look again, and send the same again."""
        batas = time.monotonic() + SABAR
        jeda = 0.5
        while True:
            try:
                return klien.kirim_posting(kunci, isi)
            except Ap2tTidakTerjangkau as e:
                tunggu = min(e.tunggu or jeda, 60.0)
                if time.monotonic() + tunggu > batas or self._berhenti.wait(tunggu):
                    raise
                jeda = min(jeda * 2, 30.0)
                self._pastikan_pegang()
                if self._lihat_sumber(baris)[1]:
                    raise Ap2tTidakPasti("ada bacaan yang berubah di ACMT selagi menunggu AP2T.") from e

    def _pastikan_pegang(self) -> None:
        """Check that this run still holds the session, under this epoch.

        :raises BukuMenolak: if not.
        """
        with self.layanan.buku.transaksi() as conn:
            kini = sesi.ambil(conn, self.sesi.id)
        if (kini.epoch, kini.status) != (self.sesi.epoch, "BERJALAN"):
            raise BukuMenolak(f"Sesi {kini.nomor} sudah diambil alih atau dihentikan; pengiriman dihentikan.")

    def _belah(self, klien: KlienAp2t, kunci: str, baris: list[kiriman.BarisKirim], e: Ap2tMenolak) -> None:
        if len(baris) > 1:
            tengah = len(baris) // 2
            self._kirim(klien, baris[:tengah])
            self._kirim(klien, baris[tengah:])
            return
        idpel = baris[0].bacaan.idpel
        with self._kunci:
            self._bentuk_ditolak += 1
        if self._bentuk_ditolak > BENTUK_DITOLAK_MAKS:
            raise GalatAp2t(
                f"AP2T menolak bentuk permintaan untuk lebih dari {BENTUK_DITOLAK_MAKS} pelanggan "
                f"({e.kode or e.status}); yang salah tentu bukan bacaannya. Periksa gateway AP2T bersama pengelolanya, "
                "lalu ulangi (clear) tugas posting_ap2t."
            )
        self.lapor(f"AP2T menolak bentuk permintaan untuk pelanggan {idpel} ({e.kode or e.status}).")
        with self.layanan.buku.transaksi() as conn:
            hasil = kiriman.Hasil(idpel, "DITOLAK", e.kode or str(e.status), "permintaan ditolak AP2T", 0)
            catatan = {"kunci": kunci, **kiriman.catat_hasil(conn, self.sesi, kunci, [hasil])}
            jejak.catat(conn, "BARIS_DITOLAK", catatan, sesi_id=self.sesi.id)

    def _maju(self, jumlah: int) -> None:
        with self._kunci:
            self.selesai += jumlah
            kini = time.monotonic()
            if kini - self._terakhir >= JEDA_LAPOR or self.selesai >= self.total:
                self._terakhir = kini
                self.lapor(f"Posting: {ribuan(self.selesai)} dari {ribuan(self.total)} pelanggan.")


def posting_ap2t(layanan: Layanan, s: sesi.Sesi, lapor: Lapor, *, ukuran: int, serentak: int) -> sesi.Sesi:
    """Post the session's approved rows; return the session as it stands afterwards.

    :raises LewatiLangkah: there was nothing to approve.
    """
    if not s.sudah("MENUNGGU_PERSETUJUAN") and (s.rekap or {}).get("hasil", {}).get("lolos") == 0:
        raise LewatiLangkah("Tidak ada pelanggan yang dapat disahkan, jadi tidak ada yang diposting.")
    if s.sudah("TERPOSTING"):
        lapor("Posting sesi ini sudah selesai sebelumnya; tidak ada yang dikirim.")
        return s
    pengirim = Pengirim(layanan, s, lapor, ukuran=ukuran, serentak=serentak)
    pengirim.jalankan()
    return pengirim.sesi


def _idpel(baris: list[kiriman.BarisKirim]) -> list[str]:
    return [r.bacaan.idpel for r in baris]


def _sebab_berubah(
    lama: bytes, kini: Terbaca | None, petugas: PetugasUnit, sekarang: datetime
) -> tuple[str, str] | None:
    """Say (kode, pesan) why a row may not go as it was approved; ``None`` if it is as it was."""
    if kini is None:
        return "TIDAK_ADA_LAGI", "hilang dari kelompok ini di ACMT"
    if kolom := beda_teks(lama, kini):
        return "BERUBAH_DI_ACMT", ", ".join(kolom)
    if not siap_penuh(kini[0], petugas, sekarang):
        return "STEMPEL_TIDAK_SAH", "verifikasi atau pengiriman gugur"
    return None


def _galat_pertama(beres: set[Future[None]]) -> BaseException | None:
    return next((f.exception() for f in beres if f.exception()), None)

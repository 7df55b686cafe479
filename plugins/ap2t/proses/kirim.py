"""Send what a gate approved to AP2T, each row exactly once (invariants 1, 3, 4).

Approvals and cancellations go alike.

- A batch stands in the ledger as in flight, committed, before it is sent. The ledger's own guard lets it stand only
  under this session's epoch, approval and frozen rows.
- After an unclear outcome AP2T is asked, then the key is settled. Only then the rows go again, under a new key.
- Several batches are in flight at once. One refused row never stops the others.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import ClassVar, Generic, TypeVar

from ap2t import jam, metrik
from ap2t.domain.kode import JenisJejak, StatusBatch, StatusHasil, StatusSesi, TahapSesi
from ap2t.domain.kontrak import BarisKirim
from ap2t.domain.teks import ribuan, sebaris
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
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.hooks.kontrak import HasilBatch, Jenis
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.kiriman import BatchDikirim, HasilKirim
from ap2t.ledger.pembatalan import BarisKirimBatal
from ap2t.ledger.persetujuan import Persetujuan, jawaban_lengkap
from ap2t.ledger.sesi import PEMBATALAN, PENGESAHAN, Sesi
from ap2t.proses.layanan import Langkah
from ap2t.proses.rekap import pastikan_sidik
from ap2t.proses.wewenang import pastikan_pengesah, periksa_ap2t

COBA_MAKS = 6
"""How many keys the same rows may take after unclear outcomes before a person has to look."""
SABAR = 600.0
"""Seconds for which a batch that surely did not arrive (429, no connection) is tried again under its key."""
JEDA_COBA = 0.5
"""Seconds before rows whose outcome was unclear go again; doubled each time, unless AP2T says how long."""
BENTUK_DITOLAK_MAKS = 20
"""Rows of one run that AP2T may refuse for the request's form (400, 413) before the fault must be the gateway's."""
JEDA_LAPOR = 5.0
"""Seconds between two progress lines."""
KIRIMAN: dict[str, Jenis] = {PENGESAHAN: Jenis.POSTING, PEMBATALAN: Jenis.PEMBATALAN}
"""What a session of each kind sends."""
TUGAS: dict[str, str] = {PENGESAHAN: "posting_ap2t", PEMBATALAN: "batalkan_ap2t"}
"""The task that sends it."""


Dikirim = TypeVar("Dikirim", BarisKirim, BarisKirimBatal)
"""A row that is sent."""


class Pengirim(ABC, Generic[Dikirim]):
    """Sends the approved rows of one session as the last approver's own AP2T user.

    A kind of session says which rows go (``_berikut``), what is looked at just before (``_berubah``), and what is sent
    (``_badan``, ``_kirim_sekali``).

    :param ukuran: rows of a batch (at most 1000). :param serentak: batches in flight at once.
    """

    kata: ClassVar[str]
    """What is done, as a noun that begins a sentence."""
    tetap: ClassVar[int]
    """The kodeposting of a row that AP2T refused outright."""
    pengesah: str
    para_pengesah: list[str]
    """The last who approved, and all, as the ledger has them."""

    def __init__(self, langkah: Langkah, *, ukuran: int, serentak: int) -> None:
        self.langkah = langkah
        self.layanan, self.buku, self.lapor = langkah.layanan, langkah.buku, langkah.lapor
        self.ukuran, self.serentak = ukuran, serentak
        self.tugas = TUGAS[langkah.sesi.jenis]
        self.selesai = self.total = self._bentuk_ditolak = 0
        self._kunci = threading.Lock()
        self._terakhir = jam.monoton()
        self._berhenti = threading.Event()

    @property
    def sesi(self) -> Sesi:
        """The session as the ledger last told."""
        return self.langkah.sesi

    # --- what differs between an approval and a cancellation -------------------------------------------------------

    @abstractmethod
    def _rencana(self, tx: Transaksi, jawaban: list[Persetujuan]) -> tuple[int, str]:
        """Return how many rows are to go, and a clause for the log about what stays out. Called once, first of all."""

    @abstractmethod
    def _berikut(self, tx: Transaksi, sesudah: str) -> list[Dikirim]:
        """Return the next rows by idpel that may go and have no outcome."""

    @abstractmethod
    def _berubah(self, baris: list[Dikirim]) -> list[HasilKirim]:
        """Look anew, and return the rows that may not go any more. An approver without the role is an error."""

    @abstractmethod
    def _badan(self, baris: list[Dikirim]) -> Badan:
        """Return the request's body."""

    @abstractmethod
    def _kirim_sekali(self, klien: KlienAp2t, kunci: str, badan: Badan) -> HasilBatch:
        """Send it, once."""

    # --- the discipline that both keep -----------------------------------------------------------------------------

    def kirim_semua(self) -> None:
        """Send everything that is approved and has no outcome yet, until every row has one.

        :raises LewatiLangkah: there was nothing to ask about.
        :raises BukuMenolak: no approval of this digest, or the run no longer holds the session.
        :raises WewenangKurang: the approver lost the role.
        :raises GalatAp2t: AP2T refuses as a whole, or stays away. What was in flight the next try settles.
        """
        if not self.sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN) and self.sesi.kosong:
            apa = "dibatalkan" if self.sesi.pembatalan else "disahkan"
            raise LewatiLangkah(f"Tidak ada pelanggan yang dapat {apa}, jadi tidak ada yang dikirim.")
        if self.sesi.sudah(TahapSesi.TERPOSTING):
            self.lapor(f"{self.kata} sesi ini sudah selesai dikirim sebelumnya; tidak ada yang dikirim.")
            return
        jawaban = self._periksa_persetujuan()
        klien = self.layanan.ap2t_orang(self.pengesah)
        self.langkah.sesi, terbang = self.buku.ulang(self._mulai_posting)
        for batch in terbang:
            self.lapor(f"Batch {batch.kunci} dari percobaan sebelumnya belum pasti: ditanyakan ke AP2T.")
            selesaikan_batch(self.langkah, batch.kunci, batch.idpel, klien)
        self._hitung_sisa(jawaban)
        self._kirim_serentak(klien)
        self.langkah.sesi = self.buku.ulang(self._selesai_posting)
        with self.buku.transaksi() as tx:
            tidak_jadi = tx.jalankan("hasil_tidak_jadi", sesi_id=self.sesi.id).all()
        for satu in tidak_jadi:
            for baris in sebaris(satu.idpel):
                self.lapor(f"{satu.status} {satu.kode}: {ribuan(len(satu.idpel))} pelanggan: {baris}.")

    def _mulai_posting(self, tx: Transaksi) -> tuple[Sesi, list[BatchDikirim]]:
        sesi = tx.sesi.mulai_posting(self.sesi)
        terbang = tx.kiriman.dalam_perjalanan(sesi)
        isi = {"dalam_perjalanan": len(terbang), "epoch": sesi.epoch, **versi_kerja()}
        tx.jejak.catat(JenisJejak.POSTING_MULAI, isi, sesi_id=sesi.id, pelaku=self.pengesah)
        return sesi, terbang

    def _selesai_posting(self, tx: Transaksi) -> Sesi:
        sesi = tx.sesi.ke_tahap(self.sesi, TahapSesi.TERPOSTING)
        isi = {"hasil": [jumlah._asdict() for jumlah in tx.kiriman.hitung_hasil(sesi)]}
        tx.jejak.catat(JenisJejak.POSTING_SELESAI, isi, sesi_id=sesi.id, pelaku=self.pengesah)
        return sesi

    def _periksa_persetujuan(self) -> list[Persetujuan]:
        """Check approval, digest and people. An attempt to post without them leaves its mark in the session's trail."""
        try:
            return self._persetujuan_sah()
        except (BukuMenolak, WewenangKurang) as galat:
            isi = {"sebab": str(galat), "tahap": self.sesi.tahap, "epoch": self.sesi.epoch}
            with self.buku.transaksi() as tx:
                tx.jejak.catat(JenisJejak.UPAYA_POSTING_DITOLAK, isi, sesi_id=self.sesi.id)
            raise

    def _persetujuan_sah(self) -> list[Persetujuan]:
        sesi = self.sesi
        with self.buku.transaksi() as tx:
            jawaban = tx.persetujuan.semua(sesi)
        terakhir = jawaban_lengkap(jawaban, sesi)
        if terakhir is None:
            raise BukuMenolak(
                f"Buku tidak memuat persetujuan untuk sesi {sesi.nomor} ({sesi.tempat}). Menandai tugas persetujuan "
                f"berhasil di Airflow bukan persetujuan. {sesi.tanpa_akibat}; jawab gerbangnya atau mulai run baru."
            )
        pastikan_sidik(self.layanan, sesi)
        self.pengesah = terakhir.oleh
        self.para_pengesah = [satu.oleh for satu in jawaban]
        pastikan_pengesah(self.layanan, sesi, self.para_pengesah)
        periksa_ap2t(self.layanan, sesi.unitup, self.pengesah)
        return jawaban

    def _hitung_sisa(self, jawaban: list[Persetujuan]) -> None:
        with self.buku.transaksi() as tx:
            self.total, catatan = self._rencana(tx, jawaban)
            self.selesai = sum(hasil.jumlah for hasil in tx.kiriman.hitung_hasil(self.sesi))
        self.lapor(
            f"{self.kata} {ribuan(self.total - self.selesai)} pelanggan sebagai pengguna AP2T milik {self.pengesah}, "
            f"{self.ukuran} per batch, {self.serentak} batch serentak{catatan}"
            + (f"; {ribuan(self.selesai)} sudah punya hasil" if self.selesai else "")
            + "."
        )

    def _halaman(self) -> Iterator[list[Dikirim]]:
        sesudah = ""
        while not self._berhenti.is_set():
            with self.buku.transaksi() as tx:
                baris = self._berikut(tx, sesudah)
            if not baris:
                return
            sesudah = baris[-1].idpel
            yield baris

    def _kirim_serentak(self, klien: KlienAp2t) -> None:
        """Keep ``serentak`` batches in flight. The first error stops new ones, and those in flight finish."""
        galat: BaseException | None = None
        with ThreadPoolExecutor(self.serentak, thread_name_prefix="kirim") as kolam:
            try:
                jalan: set[Future[None]] = set()
                for baris in self._halaman():
                    # in a copy of this context, so that what it logs carries session and step too
                    jalan.add(kolam.submit(copy_context().run, self._kirim_halaman, klien, baris))
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

    def _kirim_halaman(self, klien: KlienAp2t, baris: list[Dikirim]) -> None:
        """Send one page. An error here stops the other pages."""
        if self._berhenti.is_set():
            return
        try:
            self._kirim_sampai_pasti(klien, baris)
            self._maju(len(baris))
        except BaseException:
            self._berhenti.set()
            raise

    def _kirim_sampai_pasti(self, klien: KlienAp2t, baris: list[Dikirim]) -> None:
        """Send rows until their outcome is certain. A request refused for its form is halved down to the row."""
        jeda = JEDA_COBA
        for _ in range(COBA_MAKS):
            baris = self._yang_tetap(baris)
            if not baris:
                return
            badan = self._badan(baris)
            idpel = badan.idpel
            kunci = self._catat_batch(badan)
            try:
                jawaban = self._kirim_sabar(klien, kunci, badan, baris)
            except (Ap2tTidakPasti, Ap2tMelanggarKontrak) as galat:
                metrik.tambah("batch.tidak_pasti")
                self.lapor(f"Batch {kunci}: {galat} Nasibnya ditanyakan ke AP2T.")
                if selesaikan_batch(self.langkah, kunci, idpel, klien):
                    return
                if jam.tunggu(self._berhenti, min(galat.tunggu or jeda, 60.0)):
                    return
                jeda *= 2
            except Ap2tMenolak as galat:
                catat_batal(self.langkah, kunci, f"ditolak AP2T: {galat.kode or galat.status}")
                if galat.status in (400, 413):
                    self._belah(klien, kunci, baris, galat)
                    return
                if galat.kode != "KUNCI_DITUTUP":
                    raise
            else:
                catat_terapan(self.langkah, kunci, jawaban)
                return
        raise Ap2tTidakPasti(
            f"AP2T tidak memberi hasil yang pasti setelah {COBA_MAKS} kali untuk {ribuan(len(baris))} pelanggan mulai "
            f"{baris[0].idpel}. Yang sudah pasti tercatat; ulangi (clear) tugas {self.tugas} setelah AP2T pulih."
        )

    def _yang_tetap(self, baris: list[Dikirim]) -> list[Dikirim]:
        """Leave out every row that may not go any more, by name (invariant 2).

        While that is written down the others may change: they are looked at again.
        """
        while baris and (berubah := self._berubah(baris)):
            catat_hasil(self.langkah, None, berubah)
            keluar = {hasil.idpel for hasil in berubah}
            baris = [satu for satu in baris if satu.idpel not in keluar]
        return baris

    def _catat_batch(self, badan: Badan) -> str:
        """Write a batch down as in flight, and return its key."""
        sesi, kunci = self.sesi, str(uuid.uuid4())
        sidik = hashlib.sha256(badan.teks).hexdigest()
        self.buku.ulang(lambda tx: tx.kiriman.catat_batch(sesi, kunci, self.pengesah, badan.idpel, sidik))
        return kunci

    def _kirim_sabar(self, klien: KlienAp2t, kunci: str, badan: Badan, baris: list[Dikirim]) -> HasilBatch:
        """Send under one key. While it surely did not arrive: wait, look again, and send the same again."""
        batas = jam.monoton() + SABAR
        jeda = 0.5
        while True:
            try:
                return self._kirim_sekali(klien, kunci, badan)
            except Ap2tTidakTerjangkau as galat:
                tunggu = min(galat.tunggu or jeda, 60.0)
                if jam.monoton() + tunggu > batas or jam.tunggu(self._berhenti, tunggu):
                    raise
                jeda = min(jeda * 2, 30.0)
                self._pastikan_pegang()
                if self._berubah(baris):
                    raise Ap2tTidakPasti("ada bacaan yang berubah di ACMT selagi menunggu AP2T.") from galat

    def _pastikan_pegang(self) -> None:
        """Check that this run still holds the session, under this epoch."""
        with self.buku.transaksi() as tx:
            kini = tx.sesi.ambil(self.sesi.id)
        if (kini.epoch, kini.status) != (self.sesi.epoch, StatusSesi.BERJALAN):
            raise BukuMenolak(f"Sesi {kini.nomor} sudah diambil alih atau dihentikan; pengiriman dihentikan.")

    def _belah(self, klien: KlienAp2t, kunci: str, baris: list[Dikirim], galat: Ap2tMenolak) -> None:
        if len(baris) > 1:
            tengah = len(baris) // 2
            self._kirim_sampai_pasti(klien, baris[:tengah])
            self._kirim_sampai_pasti(klien, baris[tengah:])
            return
        idpel = baris[0].idpel
        with self._kunci:
            self._bentuk_ditolak += 1
        if self._bentuk_ditolak > BENTUK_DITOLAK_MAKS:
            raise GalatAp2t(
                f"AP2T menolak bentuk permintaan untuk lebih dari {BENTUK_DITOLAK_MAKS} pelanggan "
                f"({galat.kode or galat.status}); yang salah tentu bukan barisnya. Periksa gateway AP2T bersama "
                f"pengelolanya, lalu ulangi (clear) tugas {self.tugas}."
            )
        self.lapor(f"AP2T menolak bentuk permintaan untuk pelanggan {idpel} ({galat.kode or galat.status}).")
        hasil = HasilKirim(
            idpel, StatusHasil.DITOLAK, galat.kode or str(galat.status), "permintaan ditolak AP2T", self.tetap
        )
        catat_hasil(self.langkah, kunci, [hasil])

    def _maju(self, jumlah: int) -> None:
        with self._kunci:
            self.selesai += jumlah
            kini = jam.monoton()
            if kini - self._terakhir >= JEDA_LAPOR or self.selesai >= self.total:
                self._terakhir = kini
                self.lapor(f"{self.kata}: {ribuan(self.selesai)} dari {ribuan(self.total)} pelanggan.")


def _galat_pertama(beres: set[Future[None]]) -> BaseException | None:
    return next(filter(None, (nanti.exception() for nanti in beres)), None)


def catat_hasil(langkah: Langkah, kunci: str | None, hasil: Sequence[HasilKirim]) -> None:
    """Record outcomes of rows that no answer to a batch tells, if the run still holds the session.

    :param kunci: the batch that AP2T refused; None: they never went, since they changed at the source.
    :raises BukuMenolak: the run no longer holds the session.
    """

    def catatkan(tx: Transaksi) -> dict[str, int]:
        if kunci is None:
            tx.sesi.pegang(langkah.sesi)
        isi = tx.kiriman.catat_hasil(langkah.sesi, kunci, hasil)
        jenis = JenisJejak.BERUBAH_DI_SUMBER if kunci is None else JenisJejak.BARIS_DITOLAK
        tx.jejak.catat(jenis, isi if kunci is None else {"kunci": kunci, **isi}, sesi_id=langkah.sesi.id)
        return dict(isi["jumlah"])

    metrik.tambah_semua("baris", langkah.buku.ulang(catatkan))


def catat_terapan(langkah: Langkah, kunci: str, jawaban: HasilBatch, keterangan: str | None = None) -> None:
    """Record an applied batch and the outcome of each of its rows at once. A second time changes nothing."""
    hasil = [
        HasilKirim(baris.idpel, baris.status, baris.kode, (baris.pesan or "")[:200] or None, baris.kodeposting)
        for baris in jawaban.hasil
    ]

    def terapkan(tx: Transaksi) -> dict[str, int] | None:
        pada = tx.kiriman.selesaikan(kunci, StatusBatch.DITERAPKAN, keterangan)
        if pada is None:
            return None
        tercatat = tx.kiriman.catat_hasil(langkah.sesi, kunci, hasil, semua=True)
        isi = {"kunci": kunci, "keterangan": keterangan, "selesai_pada": pada, **tercatat}
        tx.jejak.catat(JenisJejak.BATCH_DITERAPKAN, isi, sesi_id=langkah.sesi.id)
        return dict(tercatat["jumlah"])

    jumlah = langkah.buku.ulang(terapkan)
    if jumlah is not None:  # counted once it stands
        metrik.tambah("batch.diterapkan")
        metrik.tambah_semua("baris", jumlah)


def catat_batal(langkah: Langkah, kunci: str, keterangan: str) -> None:
    """Record that a batch was surely not applied, and that its key never will be."""

    def batalkan(tx: Transaksi) -> bool:
        pada = tx.kiriman.selesaikan(kunci, StatusBatch.BATAL, keterangan)
        if pada is not None:
            isi = {"kunci": kunci, "keterangan": keterangan, "selesai_pada": pada}
            tx.jejak.catat(JenisJejak.BATCH_BATAL, isi, sesi_id=langkah.sesi.id)
        return pada is not None

    if langkah.buku.ulang(batalkan):
        metrik.tambah("batch.batal")


def selesaikan_batch(langkah: Langkah, kunci: str, idpel: Sequence[str], klien: KlienAp2t) -> bool:
    """Make a batch's outcome certain: ``GET batch``, else ``tutup``. Return whether it was applied.

    :raises Ap2tTidakTerjangkau: AP2T does not answer; the batch stays in flight.
    :raises Ap2tMelanggarKontrak: the stored answer cannot be believed; the batch stays in flight.
    """
    jenis, lapor = KIRIMAN[langkah.sesi.jenis], langkah.lapor
    jawaban = klien.tanya_batch(kunci, idpel=idpel, jenis=jenis)
    if jawaban is None:
        jawaban = klien.tutup_kunci(kunci, idpel=idpel, jenis=jenis)
    if jawaban is not None:
        catat_terapan(langkah, kunci, jawaban, "dipastikan dengan bertanya")
        lapor(f"Batch {kunci} ({ribuan(len(idpel))} baris) ternyata sudah diterapkan AP2T; hasilnya dicatat.")
        return True
    catat_batal(langkah, kunci, "kunci ditutup: tidak diterapkan AP2T")
    lapor(f"Batch {kunci} ({ribuan(len(idpel))} baris) pasti tidak diterapkan AP2T; kuncinya ditutup.")
    return False

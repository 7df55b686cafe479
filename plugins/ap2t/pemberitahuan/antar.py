"""Delivers the outbox: each channel by a thread of its own, the oldest message first.

A channel in trouble holds up no other.

A message is taken for a while, committed, before it is sent, so that two senders never take the same one and no
transaction waits for a mail server. A sender that dies between sending and recording leaves it due once that while is
over. Then, and only then, it arrives twice (under one Message-ID).
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import NamedTuple, Protocol

from ap2t.domain.kode import StatusPesan
from ap2t.domain.teks import ribuan
from ap2t.galat import GalatPengesahan, SaluranGagal
from ap2t.ledger.buku import Transaksi
from ap2t.pemberitahuan import antrean
from ap2t.pemberitahuan.antrean import Surat
from ap2t.pemberitahuan.aturan import Kabar
from ap2t.pemberitahuan.pesan import Bahan, Pesan, susun_pesan
from ap2t.proses.layanan import Lapor, Layanan

SERENTAK = 8
"""Channels at work at once."""
BATAS_SALURAN = 45.0
"""Seconds after which a channel begins no further message in this round."""
BATAS_PUTARAN = 80.0
"""Seconds after which a round leaves channels that still hang: their messages stay due."""
SEWA = BATAS_PUTARAN + 40.0
"""Seconds for which a message is its sender's alone: longer than a round, with which its process ends."""
BANYAK = 1000
"""Messages of one channel a round at most."""


class Pembawa(Protocol):
    """A channel that is open for messages."""

    def kirim(self, surat: Surat, pesan: Pesan) -> None:
        """Send one message.

        :raises SaluranGagal: it did not get through, as far as can be told.
        """

    def putus(self) -> None:
        """Give the channel back."""


BuatPembawa = Callable[[str], Pembawa]
"""Opens a channel by its name; may raise :class:`SaluranGagal`."""


def antarkan(
    layanan: Layanan, buat: BuatPembawa, alamat: str | None, lapor: Lapor, *, batas_putaran: float = BATAS_PUTARAN
) -> dict[str, int]:
    """Send what is due, and return how many messages had which outcome.

    :param alamat: where people reach Airflow, for the links.
    :raises BukuTidakTerjangkau: the ledger went away.
    """
    with layanan.buku.transaksi() as tx:
        semua = tx.jalankan("pemberitahuan_saluran").scalars().all()
    putaran = _Putaran(layanan, buat, alamat, semua)
    threads = [threading.Thread(target=putaran.kerja, daemon=True) for _ in range(min(SERENTAK, len(semua)))]
    for thread in threads:
        thread.start()
    akhir = time.monotonic() + batas_putaran
    for thread in threads:
        thread.join(max(0.0, akhir - time.monotonic()))
    with putaran.kunci:
        kalimat, hitung = list(putaran.kalimat), dict(putaran.hitung)
        galat, hilang = list(putaran.galat), sorted(putaran.sedang)
    for sebaris in kalimat:
        lapor(sebaris)
    if hilang:
        lapor(f"Saluran {', '.join(hilang)} tidak selesai dalam {batas_putaran:.0f} detik; sisanya putaran berikut.")
    if galat:
        raise galat[0]
    return hitung


class _Usaha(NamedTuple):
    """What became of one message. ``berhenti``: go no further with its channel in this round."""

    hasil: StatusPesan
    sebab: str | None = None
    berhenti: bool = False


class _Putaran:
    """What the threads of one round share."""

    def __init__(self, layanan: Layanan, buat: BuatPembawa, alamat: str | None, saluran: Sequence[str]) -> None:
        self._layanan, self._buat, self._alamat = layanan, buat, alamat
        self._antrean: SimpleQueue[str] = SimpleQueue()
        for nama in saluran:
            self._antrean.put(nama)
        self.kunci = threading.Lock()
        self.kalimat: list[str] = []
        self.hitung: Counter[str] = Counter()
        self.galat: list[Exception] = []
        self.sedang: set[str] = set()

    def kerja(self) -> None:
        while True:
            try:
                saluran = self._antrean.get_nowait()
            except Empty:
                return
            with self.kunci:
                self.sedang.add(saluran)
            try:
                self._kosongkan(saluran)
            except Exception as galat:  # the ledger, or a fault of ours: the round fails once all channels are done
                with self.kunci:
                    self.galat.append(galat)
            finally:
                with self.kunci:
                    self.sedang.discard(saluran)

    def _kosongkan(self, saluran: str) -> None:
        """Send what one channel has due, until nothing is left or its time is up."""
        pembawa = _Malas(self._buat, saluran)
        hitung: Counter[str] = Counter()
        sebab: Counter[str] = Counter()
        akhir = time.monotonic() + BATAS_SALURAN
        try:
            for _ in range(BANYAK):
                usaha = self._antar_satu(saluran, pembawa)
                if usaha is None:
                    break
                hitung[str(usaha.hasil)] += 1
                sebab.update([usaha.sebab] if usaha.sebab else [])
                if usaha.berhenti or time.monotonic() > akhir:
                    break
        finally:
            pembawa.putus()
            with self.kunci:
                self.hitung.update(hitung)
                rinci = ", ".join(f"{ribuan(banyak)} {hasil}" for hasil, banyak in hitung.items())
                self.kalimat += [f"{saluran}: {rinci}."] if rinci else []
                self.kalimat += [f"{saluran}: {mengapa} ({ribuan(banyak)} pesan)" for mengapa, banyak in sebab.items()]

    def _antar_satu(self, saluran: str, pembawa: _Malas) -> _Usaha | None:
        """Handle the oldest message due. None: there is none."""
        buku = self._layanan.buku
        with buku.transaksi() as tx:
            surat = tx.mungkin_baris(Surat, "pemberitahuan_ambil", saluran=saluran, sewa=SEWA)
            if surat is None:
                return None
            if surat.basi:
                sebab = "tidak terkirim dalam sehari; tidak dicoba lagi"
                antrean.selesai(tx, surat, StatusPesan.MENYERAH, sebab, dicoba=False)
                return _Usaha(StatusPesan.MENYERAH, f"{surat.jenis} unit {surat.unitup} {sebab}.")
            if surat.usang:
                antrean.selesai(tx, surat, StatusPesan.USANG, "tidak perlu lagi", dicoba=False)
                return _Usaha(StatusPesan.USANG)
            bahan = _bahan_pesan(tx, surat, self._alamat)
        try:
            pembawa.kirim(surat, _susun_atau_gagal(bahan))
        except SaluranGagal as galat:
            sebab = str(galat)
            with buku.transaksi() as tx:
                if galat.tetap:
                    antrean.selesai(tx, surat, StatusPesan.MENYERAH, sebab)
                else:
                    tx.jalankan("pemberitahuan_gagal", id=surat.id, keterangan=sebab)
            return _Usaha(StatusPesan.MENYERAH if galat.tetap else StatusPesan.GAGAL, sebab, berhenti=galat.seluruh)
        with buku.transaksi() as tx:
            antrean.selesai(tx, surat, StatusPesan.TERKIRIM)
        return _Usaha(StatusPesan.TERKIRIM)


class _Malas:
    """A channel that is opened by its first message. One that cannot be opened fails that message."""

    def __init__(self, buat: BuatPembawa, saluran: str) -> None:
        self._buat, self._saluran = buat, saluran
        self._pembawa: Pembawa | None = None

    def kirim(self, surat: Surat, pesan: Pesan) -> None:
        """Send. Whatever goes wrong in a library of others ends as :class:`SaluranGagal`."""
        try:
            if self._pembawa is None:
                self._pembawa = self._buat(self._saluran)
            self._pembawa.kirim(surat, pesan)
        except SaluranGagal:
            raise
        except GalatPengesahan as galat:
            raise SaluranGagal(str(galat)) from None
        except Exception as galat:
            raise SaluranGagal(f"kesalahan tak terduga ({type(galat).__name__})") from None

    def putus(self) -> None:
        """Give back what was opened."""
        if self._pembawa is not None:
            self._pembawa.putus()


def _susun_atau_gagal(bahan: Bahan) -> Pesan:
    """Write a message. An entry that says something unexpected fails its own messages only."""
    try:
        return susun_pesan(bahan)
    except (KeyError, TypeError, ValueError, AttributeError) as galat:
        sebab = f"pesan tidak dapat disusun dari isi jejaknya ({type(galat).__name__})"
        raise SaluranGagal(sebab, seluruh=False, tetap=True) from None


def _bahan_pesan(tx: Transaksi, surat: Surat, alamat: str | None) -> Bahan:
    """Gather what a message says, as it is now."""
    bahan = Bahan(Kabar(surat.jenis), surat.unitup, surat.isi or {}, urutan=surat.urutan, alamat=alamat)
    if surat.sesi_id is None:
        return bahan
    sesi = tx.sesi.ambil(surat.sesi_id)
    bahan = bahan._replace(sesi=sesi)
    if surat.urutan is None:
        return bahan
    gerbang, tenggat = tx.persetujuan.gerbang(sesi, surat.urutan), tx.persetujuan.tenggat(sesi)
    if tenggat is not None and tenggat.urutan == surat.urutan:
        bahan = bahan._replace(batas=tenggat.batas, tutup=tenggat.tutup)
    return bahan._replace(banyak=len(gerbang.orang) if gerbang else 0)

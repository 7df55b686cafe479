"""One run of a cancellation, step by step as its tasks call it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from proses_fixtures import Dunia

from ap2t import jam
from ap2t.ledger.kedatangan import Jawaban
from ap2t.ledger.sesi import Sesi
from ap2t.proses.batalkan import batalkan_ap2t, rekonsiliasi_pembatalan
from ap2t.proses.buka import Permintaan, buka_sesi
from ap2t.proses.gerbang import SETUJU, Undangan, buka_gerbang, catat_tiba, nilai
from ap2t.proses.isian import IsianPembatalan
from ap2t.proses.layanan import Langkah
from ap2t.proses.pembatalan import susun_pembatalan
from ap2t.proses.tutup import tutup_sesi

_nomor_run = itertools.count(1)
ALASAN = "Salah baca di lapangan (berita acara 12)"
LANGKAH = ("buka", "susun", "buka_gerbang", "terima", "batalkan", "rekonsiliasi", "tutup")


class JalanBatal:
    """One run: what it is asked, and every step with services of its own kept open for the test.

    :param idpel: the customers named; none: all of the kelompok that are approved.
    """

    dag_id = "pembatalan_pengesahan"

    def __init__(self, dunia: Dunia, *idpel: str, run_id: str | None = None, **ubah: Any) -> None:
        self.dunia = dunia
        self.run_id = run_id or f"batal__{next(_nomor_run)}"
        self.isian = IsianPembatalan("daftar" if idpel else "semua", list(idpel) or None, ALASAN)._replace(**ubah)
        self.layanan = dunia.layanan(koneksi_maks=8)
        self.catatan: list[str] = []
        self.ukuran, self.serentak = 1000, 4
        self.undangan: Undangan | None = None
        self.penutup = ""

    def lapor(self, kalimat: str) -> None:
        """Take a log line."""
        self.catatan.append(kalimat)

    @property
    def log(self) -> str:
        """All log lines."""
        return "\n".join(self.catatan)

    @property
    def sesi(self) -> Sesi:
        """The run's session as the ledger has it now."""
        with self.layanan.buku.transaksi() as tx:
            s = tx.sesi.milik_run(self.dag_id, self.run_id)
        assert s is not None
        return s

    @property
    def langkah(self) -> Langkah:
        """What a step of this run works on, the session as the ledger has it now."""
        return Langkah(self.layanan, self.sesi, self.lapor)

    def lanjutkan(self) -> Sesi:
        """Do what clearing a failed task does first: the session that stood still goes on."""
        with self.layanan.buku.transaksi() as tx:
            return tx.sesi.lanjutkan(self.sesi)

    def buka(self, hidup: Callable[[str, str], bool] = lambda _d, _r: True, **ubah: Any) -> Sesi:
        d = self.dunia
        isi: dict[str, Any] = {
            "unitup": d.unitup,
            "thblrek": d.bulan,
            "hari_baca": d.kode,
            "dag_id": self.dag_id,
            "run_id": self.run_id,
            "pemicu": d.spv,
            "terjadwal": False,
            "batal": self.isian,
        }
        return buka_sesi(self.layanan, Permintaan(**{**isi, **ubah}), hidup, self.lapor)

    def susun(self) -> Sesi:
        langkah = self.langkah
        susun_pembatalan(langkah)
        return langkah.sesi

    def buka_gerbang(self) -> Undangan | None:
        self.undangan = buka_gerbang(self.langkah, 1)
        return self.undangan

    def terima(self, *, oleh: str = "", pilihan: str = SETUJU, isian: dict[str, Any] | None = None) -> str:
        jawaban = Jawaban([pilihan], isian or {}, oleh or self.dunia.spv, jam.sekarang())
        tiba = catat_tiba(self.langkah, 1, jawaban)
        return nilai(self.langkah, tiba)

    def batalkan(self) -> Sesi:
        langkah = self.langkah
        batalkan_ap2t(langkah, ukuran=self.ukuran, serentak=self.serentak)
        return langkah.sesi

    def rekonsiliasi(self) -> Sesi:
        langkah = self.langkah
        rekonsiliasi_pembatalan(langkah)
        return langkah.sesi

    def tutup(self) -> str:
        self.penutup = tutup_sesi(self.langkah)
        return self.penutup

    def sampai(self, akhir: str = "tutup", *, dari: str = "buka") -> Sesi:
        """Run the steps from ``dari`` to ``akhir``, the approver saying Sah/Setuju; return the session."""
        for nama in LANGKAH[LANGKAH.index(dari) : LANGKAH.index(akhir) + 1]:
            getattr(self, nama)()
        return self.sesi


def batalkan_sampai(dunia: Dunia, akhir: str = "tutup", *idpel: str, **pilihan: Any) -> JalanBatal:
    """Start a cancellation and take it through the steps up to ``akhir``."""
    jalan = JalanBatal(dunia, *idpel, **pilihan)
    jalan.sampai(akhir)
    return jalan

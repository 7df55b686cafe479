"""Killed at every step: nothing lost, nothing doubled, nothing unapproved. Every boundary is tried, none is sampled.

``SAPUAN=37 pytest ...`` tries one boundary alone (:func:`sapuan.sapu`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from batal_fixtures import JalanBatal
from proses_fixtures import Jalan, jalankan_sampai
from sapuan import Cerita, Tempat, sapu

from ap2t.domain.kesiapan import Tahap
from ap2t.ledger.kedatangan import Jawaban
from ap2t.proses import kembalikan as modul_kembalikan
from ap2t.proses.gerbang import SETUJU, buka_gerbang, catat_tiba, nilai
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.kesiapan import FUNGSI2, catat_tengok, tengok
from ap2t.proses.layanan import Langkah

BERUBAH, KEMBALI, DITOLAK = 1, 2, 3
"""The customers that change after the approval, are sent back, and are refused by AP2T. Three more are plain."""
POLOS = (0, 4, 5)
KEMBALI_KEDUA = 5
"""Whom the second approver sends back, where there is one."""
LAMA = "_lama"
"""How the name of the run ends that is dead before the scenario begins."""
TAHAP = (*Tahap, FUNGSI2)


def lengkap(jalan: Jalan) -> None:
    """Look at each stage of readiness once, and write down what is seen, as its task does."""
    for apa in TAHAP:
        sesi = jalan.sesi
        hasil = tengok(jalan.layanan, sesi.tempat, sesi.pola, apa, list(sesi.aturan.ketentuan.pilihan))
        catat_tengok(jalan.layanan, sesi.nomor, apa, hasil)
        assert hasil.siap


def jawab(jalan: Jalan | JalanBatal, *kembalikan: str, urutan: int = 1) -> None:
    """Open the gate and answer it, as the task does when it is taken up again: an answer that is there is judged."""
    if buka_gerbang(jalan.langkah, urutan) is None:
        return
    with jalan.layanan.buku.transaksi() as tx:
        ada = next(iter(tx.kedatangan.menunggu(jalan.sesi, urutan)), None)
        kenal = tx.jalankan("cuplikan_diketahui", sesi_id=jalan.sesi.id, idpel=list(kembalikan)).scalars().all()
    if ada is None:
        isian = {"kembalikan": [f"{idpel} foto buram" for idpel in kenal]}
        oleh = (jalan.dunia.spv, jalan.dunia.spv_b)[urutan - 1]
        ada = catat_tiba(jalan.langkah, urutan, Jawaban([SETUJU], isian, oleh, datetime.now(UTC)))
    nilai(jalan.langkah, ada)


class Pengesahan(Cerita):
    """Six customers of a kelompok, from the start of the run to Sukses.

    Whoever was sent back, and of whom ACMT was told, is verified anew as soon as the process is dead.
    """

    langkah: ClassVar = {
        "buka": lambda jalan: jalan.buka_sesi(lambda *_: jalan.hidup),
        "ambil_bacaan": Jalan.ambil_bacaan,
        "saring": Jalan.saring,
        "rekap": Jalan.rekap,
        "jawab": lambda jalan: jawab(jalan, jalan.dunia.idpel(KEMBALI)),
        "jawab_kedua": lambda jalan: jawab(jalan, jalan.dunia.idpel(KEMBALI_KEDUA), urutan=2),
        "berubah": lambda jalan: jalan.dunia.ubah_acmt(BERUBAH, sahlwbp="1151"),
        "posting": Jalan.posting,
        "rekonsiliasi": Jalan.rekonsiliasi,
        "tutup_sesi": Jalan.tutup_sesi,
    }
    pola: tuple[Any, ...] = ()
    """The unit's pattern, where it needs one from the beginning."""
    disahkan: Sequence[int] = POLOS

    def siapkan(self) -> None:
        """Write the readings; AP2T does not know one of the customers."""
        dunia = self.dunia
        if self.pola:
            dunia.pola(*self.pola)
        dunia.isi(6, di_ap2t=False)
        dunia.kirim_pelanggan([(dunia.idpel(n), 1300) for n in range(6) if n != DITOLAK])

    def jalan(self, run_id: str) -> Jalan:
        jalan = Jalan(self.dunia, run_id=run_id)
        jalan.ukuran, jalan.serentak = 2, 1
        return jalan

    def sebelum_ambil_alih(self) -> None:
        if not self.pola:
            self.dunia.pola("BERTAHAP")  # who was sent back does not keep the others waiting

    def sesudah_mati(self) -> None:
        self.dunia.stempel_baru(*(int(idpel[5:]) for idpel, _, _ in self.dunia.di_acmt()))

    def nilai(self) -> None:
        """Whoever was approved and did not change is at posting 1, nobody else; ACMT was told once by each answer."""
        dunia = self.dunia
        assert dunia.terposting() == {dunia.idpel(n) for n in self.disahkan}
        layanan = dunia.layanan()
        with layanan.buku.transaksi() as tx:
            semua = [tx.sesi.ambil(sesi_id) for sesi_id in dunia.sesi()]
        with dunia.monkeypatch.context() as ubah:
            ubah.setattr(modul_kembalikan, "JEDA_PASTI", 0.0)
            for sesi in semua:
                kembalikan(Langkah(layanan, sesi, lambda _: None))
        perintah = "SELECT g.idpel, g.status FROM pengesahan.pengembalian g WHERE g.sesi_id = ANY (%s) ORDER BY 1"
        minta = dunia.buku_lihat.execute(perintah, [dunia.sesi()]).fetchall()
        assert [(idpel, "SELESAI") for idpel, _, _ in sorted(dunia.di_acmt())] == minta


class PengesahKedua(Pengesahan):
    """The second approver sends one more back, and it is the second one's AP2T user that posts."""

    pola = ("BERTAHAP", 2)
    disapu = ("jawab", "jawab_kedua")
    disahkan = POLOS[:2]


class Kesiapan(Pengesahan):
    """The looks whether the kelompok is ready are written down."""

    langkah: ClassVar = {"buka": Pengesahan.langkah["buka"], "kesiapan": lengkap, **Pengesahan.langkah}
    disapu = ("kesiapan",)

    def nilai(self) -> None:
        """Each look that saw something new stands in the trail once."""
        super().nilai()
        for sesi_id in self.dunia.sesi():
            isi = "SELECT isi ->> 'tahap' FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = 'KESIAPAN'"
            tahap = [apa for (apa,) in self.dunia.buku_lihat.execute(isi, [sesi_id])]
            assert len(tahap) == len(set(tahap)) <= len(TAHAP)
        assert len(tahap) == len(TAHAP)


class AmbilAlih(Pengesahan):
    """A run takes over a session whose run died with a batch on its way, which AP2T has not seen."""

    langkah: ClassVar = {
        **Pengesahan.langkah,
        "buka": lambda jalan: jalan.buka_sesi(lambda _dag, run: jalan.hidup and not run.endswith(LAMA)),
    }
    disapu = ("buka",)
    pola = ("BERTAHAP",)
    batas = "sebelum POST /v1/fungsi2/posting"

    def siapkan(self) -> None:
        super().siapkan()
        self.sampai_mati("posting", self.batas, f"{self.run_id}{LAMA}")


class AmbilAlihTerkirim(AmbilAlih):
    """As before, but AP2T has applied the batch."""

    batas = "sesudah POST /v1/fungsi2/posting"


class AmbilAlihTiba(AmbilAlih):
    """A run takes over a session whose run died with an answer that arrived and was not judged."""

    def siapkan(self) -> None:
        Pengesahan.siapkan(self)
        lama = f"{self.run_id}{LAMA}"
        self.lakukan_dari("buka", lama, sebelum="jawab")
        langkah = self.jalan(lama).langkah
        buka_gerbang(langkah, 1)
        catat_tiba(langkah, 1, Jawaban([SETUJU], {}, self.dunia.spv, datetime.now(UTC)))


class Pembatalan(Cerita):
    """Three of six approved customers are cancelled."""

    langkah: ClassVar = {
        "buka": lambda jalan: jalan.buka(lambda *_: jalan.hidup),
        "susun": JalanBatal.susun,
        "jawab": jawab,
        "batalkan": JalanBatal.batalkan,
        "rekonsiliasi": JalanBatal.rekonsiliasi,
        "tutup": JalanBatal.tutup,
    }

    def siapkan(self) -> None:
        """Approve all of them."""
        self.dunia.isi(6)
        jalankan_sampai(self.dunia)

    def jalan(self, run_id: str) -> JalanBatal:
        jalan = JalanBatal(self.dunia, *(self.dunia.idpel(n) for n in POLOS), run_id=run_id)
        jalan.ukuran, jalan.serentak = 2, 1
        return jalan

    def nilai(self) -> None:
        """Those named are at 0 again, the others still at 1."""
        assert self.dunia.terposting() == {self.dunia.idpel(n) for n in range(6) if n not in POLOS}


MALAM = (AmbilAlih, AmbilAlihTerkirim, AmbilAlihTiba, PengesahKedua)


@pytest.mark.parametrize(
    "cerita",
    [Pengesahan, Pembatalan, Kesiapan, *(pytest.param(satu, marks=pytest.mark.nightly) for satu in MALAM)],
)
def test_mati_di_setiap_batas(
    tempat: Tempat, record_property: Callable[[str, object], None], cerita: type[Cerita]
) -> None:
    """Invariants 1 to 6: whatever it dies at, AP2T holds what was approved, once, and all is UTUH."""
    record_property(f"sapuan {cerita.__name__}", f"{sapu(lambda: cerita(tempat))} batas")

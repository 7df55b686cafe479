"""Killed at every step: nothing lost, nothing doubled, nothing unapproved. Every boundary is tried, none is sampled.

``SAPUAN=37 pytest ...`` tries one boundary alone. The ways of taking up come in turn; ``SAPUAN_GESER=1`` and ``2`` give
each boundary the other two.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

import psycopg
import pytest
from batal_fixtures import JalanBatal
from proses_fixtures import AlamatPg, Dunia, Jalan, jalankan_sampai
from sapuan import CARA, berhenti_lalu_clear, jalankan

from ap2t.galat import LewatiLangkah
from ap2t.ledger.kedatangan import Jawaban
from ap2t.proses.gerbang import SETUJU, buka_gerbang, catat_tiba, nilai
from conftest import Sandbox

BERUBAH, KEMBALI, DITOLAK = 1, 2, 3
"""The customers that change after the approval, are sent back, and are refused by AP2T. Three more are plain."""
POLOS = (0, 4, 5)
Langkah = Mapping[str, Callable[[Any], Any]]
"""The steps of a scenario, each as its task does it, in order."""


def cara_pada(mati: int) -> str:
    """Return how a death at a boundary is taken up."""
    return CARA[(mati + int(os.environ.get("SAPUAN_GESER", "0"))) % len(CARA)]


def jawab(jalan: Jalan | JalanBatal, *kembalikan: str) -> None:
    """Open the gate and answer it, as the task does when it is taken up again: an answer that is there is judged."""
    if buka_gerbang(jalan.langkah, 1) is None:
        return
    with jalan.layanan.buku.transaksi() as tx:
        ada = next(iter(tx.kedatangan.menunggu(jalan.sesi, 1)), None)
        kenal = tx.jalankan("cuplikan_diketahui", sesi_id=jalan.sesi.id, idpel=list(kembalikan)).scalars().all()
    if ada is None:
        isian = {"kembalikan": [f"{idpel} foto buram" for idpel in kenal]}
        ada = catat_tiba(jalan.langkah, 1, Jawaban([SETUJU], isian, jalan.dunia.spv, datetime.now(UTC)))
    nilai(jalan.langkah, ada)


def posting(jalan: Jalan) -> None:
    """Post, after a reading changed at the source that was approved."""
    jalan.dunia.ubah_acmt(BERUBAH, sahlwbp="1151")
    jalan.posting()


class Pengesahan:
    """Six customers of a kelompok, from the start of the run to Sukses."""

    langkah: ClassVar[Langkah] = {
        "ambil_bacaan": Jalan.ambil_bacaan,
        "saring": Jalan.saring,
        "rekap": Jalan.rekap,
        "jawab": lambda jalan: jawab(jalan, jalan.dunia.idpel(KEMBALI)),
        "posting": posting,
        "rekonsiliasi": Jalan.rekonsiliasi,
        "tutup_sesi": Jalan.tutup_sesi,
    }

    @staticmethod
    def siapkan(dunia: Dunia) -> None:
        """Write the readings; AP2T does not know one of the customers."""
        dunia.pola("BERTAHAP")  # who was sent back does not keep the others waiting in the next run
        dunia.isi(6, di_ap2t=False)
        dunia.kirim_pelanggan([(dunia.idpel(n), 1300) for n in range(6) if n != DITOLAK])

    @staticmethod
    def run(dunia: Dunia, run_id: str) -> Jalan:
        """Return a run."""
        return Jalan(dunia, run_id=run_id)

    @staticmethod
    def buka(jalan: Jalan, hidup: Callable[[str, str], bool]) -> None:
        """Open its session."""
        jalan.buka_sesi(hidup)

    @staticmethod
    def nilai(dunia: Dunia) -> None:
        """Whoever was approved and did not change is at posting 1, and nobody else."""
        assert dunia.terposting() == {dunia.idpel(n) for n in POLOS}


class Pembatalan:
    """Three of six approved customers are cancelled."""

    langkah: ClassVar[Langkah] = {
        "susun": JalanBatal.susun,
        "jawab": jawab,
        "batalkan": JalanBatal.batalkan,
        "rekonsiliasi": JalanBatal.rekonsiliasi,
        "tutup": JalanBatal.tutup,
    }

    @staticmethod
    def siapkan(dunia: Dunia) -> None:
        """Approve all of them."""
        dunia.isi(6)
        jalankan_sampai(dunia)

    @staticmethod
    def run(dunia: Dunia, run_id: str) -> JalanBatal:
        """Return a run."""
        return JalanBatal(dunia, *(dunia.idpel(n) for n in POLOS), run_id=run_id)

    @staticmethod
    def buka(jalan: JalanBatal, hidup: Callable[[str, str], bool]) -> None:
        """Open its session."""
        jalan.buka(hidup)

    @staticmethod
    def nilai(dunia: Dunia) -> None:
        """Those named are at 0 again, the others still at 1."""
        assert dunia.terposting() == {dunia.idpel(n) for n in range(6) if n not in POLOS}


class Sapuan:
    """One scenario in a unit of its own: run, killed at a boundary, and taken up again."""

    def __init__(self, alamat: AlamatPg, url: str, monkeypatch: pytest.MonkeyPatch, cerita: Any) -> None:
        sandbox = Sandbox(url)
        sandbox.kendali("reset", data=True)
        sandbox.kendali("token", umur=3600, hanguskan=True)
        self.dunia, self.cerita = Dunia(alamat, sandbox, monkeypatch), cerita
        cerita.siapkan(self.dunia)

    def kerja(self, run_id: str, dari: str = "buka", *, clear: bool = False, hidup: bool = True) -> Any:
        """Return the run's steps from one on, for a process of its own."""

        def lari(langkah: Callable[[str], None]) -> None:
            self.dunia.acmt = psycopg.connect(self.dunia.alamat.acmt, autocommit=True)  # not the parent's
            jalan = self.cerita.run(self.dunia, run_id)
            jalan.ukuran, jalan.serentak = 2, 1
            semua = {"buka": lambda jalan: self.cerita.buka(jalan, lambda *_: hidup), **self.cerita.langkah}
            if clear:
                berhenti_lalu_clear(jalan)
            for nama in list(semua)[list(semua).index(dari) :]:
                langkah(nama)
                with suppress(LewatiLangkah):  # its task is skipped, and those behind it run
                    semua[nama](jalan)

        return lari

    def coba(self, mati: int) -> str:
        """Die at a boundary, be taken up again, and be judged. Return how it was taken up and where it died."""
        run_id = f"sapuan__{self.dunia.unitup}"
        satu = jalankan(self.kerja(run_id), mati)
        assert satu.kode == -9
        cara = cara_pada(mati)
        if cara == "ambil alih":
            jalankan(self.kerja(f"{run_id}_lagi", hidup=False))
        else:
            jalankan(self.kerja(run_id, satu.langkah[-1], clear=cara == "clear"))
        self.cerita.nilai(self.dunia)
        self.dunia.periksa()
        return f"{cara}, {satu.langkah[-1]}, {satu.batas[-1]}"


@pytest.mark.parametrize("cerita", [Pengesahan, Pembatalan])
def test_mati_di_setiap_batas(
    alamat_pg: AlamatPg,
    _peladen_sandbox: str,  # noqa: PT019 -- its address
    monkeypatch: pytest.MonkeyPatch,
    cerita: Any,
) -> None:
    """Invariants 1 to 6: whatever commit or request it dies at, AP2T holds what was approved, once, and all is UTUH."""
    bagian = (alamat_pg, _peladen_sandbox, monkeypatch, cerita)
    utuh = Sapuan(*bagian)
    semua = jalankan(utuh.kerja("sapuan__utuh"))
    assert semua.kode == 0
    cerita.nilai(utuh.dunia)
    utuh.dunia.tutup()
    pilih = os.environ.get("SAPUAN")
    gagal = {}
    for mati in range(1, len(semua.batas) + 1):
        if pilih not in (None, str(mati)):
            continue
        sapuan = Sapuan(*bagian)
        try:
            sapuan.coba(mati)
        except Exception as galat:  # all are told, with their numbers
            gagal[f"SAPUAN={mati} ({semua.batas[mati - 1]}, {cara_pada(mati)})"] = str(galat)[:2000]
        finally:
            sapuan.dunia.tutup()
    print(f"{cerita.__name__}: {len(semua.batas)} batas")
    assert not gagal, "\n\n".join(f"{nama}: {sebab}" for nama, sebab in gagal.items())

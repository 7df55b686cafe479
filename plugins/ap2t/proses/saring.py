"""Step 4: judge every row of the snapshot. Its kWh and jam nyala, why it is held, what needs a look.

Rows are judged as they are copied in step 3, so that they are read once. The step itself looks whether all were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np

from ap2t.domain.kaidah.kebiasaan import bulan_lalu
from ap2t.domain.kaidah.kolom import Penilaian, nilai_kolom
from ap2t.domain.kaidah.saring import saring_fakta
from ap2t.domain.kaidah.tanda import RANTAI
from ap2t.domain.kode import TahapSesi
from ap2t.domain.kolom import KOLOM_SIAP, Mask
from ap2t.domain.model import GANDA, KOLOM_BACAAN, Bacaan, HasilSaring, StanLalu
from ap2t.domain.teks import ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger.cuplikan import TeksPolos, teks_bacaan
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import KOLOM_SARING, BarisSaringan, Tersaring, teks_polos
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah
from ap2t.source.salinan import Terbaca
from ap2t.teks_blok import Blok
from ap2t.teks_copy import bacaan_dari_baris

KOLOM_COPY = (*KOLOM_BACAAN, "pilihan")
"""Columns of the source's COPY text."""
KOLOM_BLOK = tuple(satu for satu in KOLOM_COPY if satu in {*KOLOM_SIAP, *KOLOM_SARING})
"""Of these, what readiness and the rules look at."""


class Penyaring:
    """Judges rows as they come, and counts.

    :param rantai: what was last posted of each customer, as of one entry of the trail. None: nothing is known.
    """

    def __init__(self, sesi: Sesi, rantai: Rantai | None) -> None:
        self._sesi, self._rantai = sesi, rantai
        self.kode: Counter[str] = Counter()
        """Rows by outcome and reason."""
        self.dibandingkan = 0
        """Rows compared with an earlier month."""
        self.rusak: list[str] = []
        """Rows with a value that cannot be read."""

    def saring(
        self, aliran: Iterator[list[Terbaca] | TeksPolos]
    ) -> Iterator[tuple[list[Terbaca] | TeksPolos, Tersaring]]:
        """Pass rows on, with what the rules say of them."""
        for isi in aliran:
            yield isi, self._blok(*isi) if isinstance(isi, TeksPolos) else Tersaring(b"", self._satu_satu(isi))

    def _blok(self, blok: Blok, mana: Mask) -> Tersaring:
        """Judge some of a block's plain rows, most as columns and the others one by one."""
        idpel = blok.idpel() if self._rantai else []
        dipilih = list(compress(idpel, mana[blok.polos]))
        lalu = self._rantai.terakhir(dipilih).lalu if self._rantai else {}
        nilai = nilai_kolom(blok.kolom(), idpel, self._sesi.aturan, lalu)
        polos = np.zeros(len(blok), bool)
        teks = b""
        if nilai is not None:
            polos[blok.polos] = nilai.fakta.polos
            polos &= mana
            teks = teks_polos(self._sesi, blok, nilai, polos)
            self._hitung_polos(nilai, polos[blok.polos], [lalu.get(satu) for satu in idpel] if lalu else [])
        lain = bacaan_dari_baris(KOLOM_COPY, blok.baris(mana & ~polos), KOLOM_SARING)
        return Tersaring(teks, self._nilai(lain, lalu))

    def _satu_satu(self, semua: list[Terbaca]) -> list[BarisSaringan]:
        teks = [teks_bacaan(bacaan, mentah) + b"\n" for bacaan, mentah in semua if mentah is not None]
        utuh = [bacaan for bacaan, mentah in semua if mentah is None]
        bacaan = bacaan_dari_baris(KOLOM_COPY, teks, KOLOM_SARING) + utuh
        lalu = self._rantai.terakhir([satu.idpel for satu in bacaan]).lalu if self._rantai else {}
        return self._nilai(bacaan, lalu)

    def _nilai(self, bacaan: list[Bacaan], lalu: dict[str, StanLalu]) -> list[BarisSaringan]:
        tersaring = list(nilai_saringan(bacaan, self._sesi, lalu))
        for satu, baris in zip(bacaan, tersaring, strict=True):
            dasar = bulan_lalu(satu, lalu.get(satu.idpel))
            self.dibandingkan += dasar is not None and dasar.lwbp is not None
            if satu.cacat and (kolom := sorted(satu.cacat.keys() - {GANDA})):
                self.rusak.append(f"{satu.idpel} ({', '.join(kolom)})")
            self.kode.update((baris.hasil, *baris.alasan))
        return tersaring

    def _hitung_polos(self, nilai: Penilaian, polos: Mask, lalu: Sequence[StanLalu | None]) -> None:
        """Count a block's plain rows. ``lalu``: what was last posted of each; empty: of none."""
        alasan = nilai.alasan[polos]
        ditahan = int(np.count_nonzero(alasan))
        self.kode += Counter({HasilSaring.LOLOS: len(alasan) - ditahan, HasilSaring.DITAHAN: ditahan})
        self.kode += Counter({kode: int((alasan >> ke & 1).sum()) for ke, kode in enumerate(nilai.kode_alasan)})
        self.dibandingkan += sum(
            satu is not None and satu.lwbp is not None for satu, ini in zip(lalu, polos, strict=False) if ini
        )


def saring_jam_nyala(langkah: Langkah) -> dict[str, int]:
    """Look whether what the sieve said is all there, and return counts of rows by outcome and reason.

    :raises BukuMenolak: the ledger's counts are not those that the trail has of them.
    """
    sesi, lapor = langkah.sesi, langkah.lapor
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        lapor("Saringan sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return {}
    with langkah.buku.transaksi() as tx:
        tercatat = tx.jalankan("jejak_disaring", sesi_id=sesi.id).one_or_none()
        hitung = tx.saringan.hitung(sesi)
    if tercatat is None or {kode: jumlah for kode, jumlah in tercatat.hitung.items() if jumlah} != hitung:
        raise BukuMenolak(
            f"Saringan sesi {sesi.nomor} bukan yang dicatat jejaknya. {sesi.tanpa_akibat}; ulangi dari ambil_bacaan."
        )
    lolos, ditahan = (hitung.pop(hasil, 0) for hasil in (HasilSaring.LOLOS, HasilSaring.DITAHAN))
    lapor(
        f"Lolos saringan: {ribuan(lolos)} pelanggan; ditahan: {ribuan(ditahan)}"
        + "".join(f"; {kode} {ribuan(jumlah)}" for kode, jumlah in hitung.items())
        + f". Stan lalu dibandingkan dengan bulan sebelumnya: {ribuan(tercatat.dibandingkan)} pelanggan."
    )
    return {HasilSaring.LOLOS: lolos, HasilSaring.DITAHAN: ditahan, **hitung}


def nilai_saringan(potong: list[Bacaan], sesi: Sesi, lalu: dict[str, StanLalu]) -> Iterator[BarisSaringan]:
    """Judge rows of a session's snapshot by its rules and by the month before, as the audit does once more."""
    aturan = sesi.aturan
    for bacaan in potong:
        terakhir = bulan_lalu(bacaan, lalu.get(bacaan.idpel))
        saringan, fakta = saring_fakta(bacaan, aturan, terakhir)
        if terakhir is not None and RANTAI.isdisjoint(saringan.dlpd):
            terakhir = None
        angka = saringan.kwh, saringan.jam_nyala, saringan.hasil, saringan.alasan, saringan.dlpd
        yield BarisSaringan(bacaan.idpel, fakta.daya_penjaga, *angka, terakhir, fakta.kwh_kirim)

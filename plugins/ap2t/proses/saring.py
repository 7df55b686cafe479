"""Step 4: judge every row of the snapshot. Its kWh and jam nyala, why it is held, what needs a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from ap2t.aliran import di_belakang
from ap2t.domain.kaidah.kebiasaan import bulan_lalu
from ap2t.domain.kaidah.kolom import Penilaian, nilai_kolom
from ap2t.domain.kaidah.saring import saring_fakta
from ap2t.domain.kaidah.tanda import RANTAI
from ap2t.domain.kode import JenisJejak, TahapSesi
from ap2t.domain.model import GANDA, Bacaan, HasilSaring, StanLalu
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import KOLOM_SARING, BarisSaringan, PenulisSaringan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah, Lapor
from ap2t.teks_blok import Blok
from ap2t.teks_copy import bacaan_dari_baris, nilai_pertama


@dataclass
class Hitungan:
    """What is counted: rows by outcome and reason, rows compared with an earlier month, rows with a bad value."""

    kode: Counter[str] = field(default_factory=Counter)
    dibandingkan: int = 0
    rusak: list[str] = field(default_factory=list)

    def tambah_polos(self, nilai: Penilaian, lalu: Sequence[StanLalu | None]) -> None:
        """Count a block's plain rows. ``lalu``: what was last posted of each; empty: of none."""
        polos = nilai.fakta.polos
        alasan = nilai.alasan[polos]
        ditahan = int(np.count_nonzero(alasan))
        self.kode += Counter({HasilSaring.LOLOS: len(alasan) - ditahan, HasilSaring.DITAHAN: ditahan})
        self.kode += Counter({kode: int((alasan >> ke & 1).sum()) for ke, kode in enumerate(nilai.kode_alasan)})
        self.dibandingkan += sum(
            satu is not None and satu.lwbp is not None for satu, ini in zip(lalu, polos, strict=False) if ini
        )

    def tambah(self, potong: Sequence[Bacaan], tersaring: Sequence[BarisSaringan], lalu: dict[str, StanLalu]) -> None:
        """Count rows that were judged one by one."""
        for bacaan, baris in zip(potong, tersaring, strict=True):
            dasar = bulan_lalu(bacaan, lalu.get(bacaan.idpel))
            self.dibandingkan += dasar is not None and dasar.lwbp is not None
            if bacaan.cacat and (kolom := sorted(bacaan.cacat.keys() - {GANDA})):
                self.rusak.append(f"{bacaan.idpel} ({', '.join(kolom)})")
            self.kode.update((baris.hasil, *baris.alasan))


def saring_jam_nyala(langkah: Langkah) -> dict[str, int]:
    """Sieve the snapshot, write what came out, and return counts by outcome and reason.

    The chain is judged by what the ledger knew at one entry of the trail. This step's own entry names that one, so that
    the audit can judge it again. A sieve that a gate has shown is kept.
    """
    sesi, lapor = langkah.sesi, langkah.lapor
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        lapor("Saringan sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return {}
    hitungan = Hitungan()
    isi: dict[str, object] = {}
    with langkah.buku.transaksi() as rujuk, langkah.buku.transaksi() as baca, langkah.buku.transaksi() as tulis:
        rantai = None
        if sesi.mengikat_dasar:
            rujuk.jalankan("audit_transaksi")  # one state, whatever is posted meanwhile
            kepala = rujuk.jejak.kepala().nomor
            rantai, isi["rantai"] = Rantai(rujuk, sesi, kepala), {"kepala": kepala}
        tulis.jalankan("saringan_hapus", sesi_id=sesi.id)
        # left open, the stream would hold up an error's rollback
        with closing(di_belakang(baca.saringan.baca(sesi))) as bagian, tulis.saringan.tulis(sesi) as keluar:
            _saring(bagian, keluar, sesi, rantai, hitungan, lapor)
        tersaring = tulis.sesi.ke_tahap(sesi, TahapSesi.TERSARING)
        isi |= {"hitung": dict(sorted(hitungan.kode.items())), "dibandingkan": hitungan.dibandingkan, **versi_kerja()}
        tulis.jejak.catat(JenisJejak.DISARING, isi, sesi_id=sesi.id)
        tulis.jalankan("jejak_ditahan", sesi_id=sesi.id)  # every row that is held back, by reason
    langkah.sesi = tersaring
    lapor(
        f"Lolos saringan: {ribuan(hitungan.kode[HasilSaring.LOLOS])} pelanggan; "
        f"ditahan: {ribuan(hitungan.kode[HasilSaring.DITAHAN])}"
        + "".join(
            f"; {kode} {ribuan(jumlah)}"
            for kode, jumlah in sorted(hitungan.kode.items())
            if kode not in (HasilSaring.LOLOS, HasilSaring.DITAHAN)
        )
        + f". Stan lalu dibandingkan dengan bulan sebelumnya: {ribuan(hitungan.dibandingkan)} pelanggan."
    )
    if hitungan.rusak:
        lapor(
            f"Ditahan karena isinya di ACMT tidak terbaca (pelanggan dan kolomnya): {daftar(hitungan.rusak, 20)}. "
            "Minta pengelola ACMT memperbaiki isi kolom itu, lalu verifikasi dan kirim ulang."
        )
    return dict(hitungan.kode)


def _saring(
    bagian: Iterable[Blok],
    keluar: PenulisSaringan,
    sesi: Sesi,
    rantai: Rantai | None,
    hitungan: Hitungan,
    lapor: Lapor,
) -> None:
    """Judge block by block, and say how far it is."""
    selesai = 0
    for blok in bagian:
        saring_blok(blok, keluar, sesi, rantai, hitungan)
        selesai += len(blok)
        if selesai % 50_000 < len(blok):
            lapor(f"Disaring: {ribuan(selesai)} baris ...")


def saring_blok(blok: Blok, keluar: PenulisSaringan, sesi: Sesi, rantai: Rantai | None, hitungan: Hitungan) -> None:
    """Judge a block: its plain rows as columns, the others one by one."""
    lalu: dict[str, StanLalu] = {}
    terbaca: list[str] = []
    if rantai:
        terbaca = blok.idpel()
        lalu = rantai.terakhir([*terbaca, *map(nilai_pertama, blok.baris(~blok.polos))]).lalu
    nilai = nilai_kolom(blok.kolom(), terbaca, sesi.aturan, lalu) if blok.polos.any() else None
    lain = np.ones(len(blok), bool)
    if nilai is not None:
        keluar.polos(blok, nilai)
        hitungan.tambah_polos(nilai, [lalu.get(idpel) for idpel in terbaca] if lalu else [])
        lain[blok.polos] = ~nilai.fakta.polos
    if potong := bacaan_dari_baris(KOLOM_SARING, blok.baris(lain)):
        tersaring = list(nilai_saringan(potong, sesi, lalu))
        keluar.baris(tersaring)
        hitungan.tambah(potong, tersaring, lalu)


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

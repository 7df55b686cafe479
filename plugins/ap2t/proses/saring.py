"""Step 4: judge every row of the snapshot. Its kWh and jam nyala, why it is held, what needs a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from ap2t.domain.kaidah.kebiasaan import bulan_lalu
from ap2t.domain.kaidah.saring import saring_fakta
from ap2t.domain.kaidah.tanda import RANTAI
from ap2t.domain.kode import JenisJejak, TahapSesi
from ap2t.domain.model import GANDA, Bacaan, HasilSaring, StanLalu
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import BarisSaringan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah, Lapor


@dataclass
class _Hitungan:
    """What is counted: rows by outcome and reason, rows compared with an earlier month, rows with a bad value."""

    kode: Counter[str] = field(default_factory=Counter)
    dibandingkan: int = 0
    rusak: list[str] = field(default_factory=list)


def saring_jam_nyala(langkah: Langkah) -> dict[str, int]:
    """Sieve the snapshot, write what came out, and return counts by outcome and reason.

    The chain is judged by what the ledger knew at one entry of the trail. This step's own entry names that one, so that
    the audit can judge it again. A sieve that a gate has shown is kept.
    """
    sesi, lapor = langkah.sesi, langkah.lapor
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        lapor("Saringan sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return {}
    hitungan = _Hitungan()
    isi: dict[str, object] = {}
    with langkah.buku.transaksi() as rujuk, langkah.buku.transaksi() as baca, langkah.buku.transaksi() as tulis:
        rantai = None
        if sesi.mengikat_dasar:
            rujuk.jalankan("audit_transaksi")  # one state, whatever is posted meanwhile
            kepala = rujuk.jejak.kepala().nomor
            rantai, isi["rantai"] = Rantai(rujuk, sesi, kepala), {"kepala": kepala}
        tulis.jalankan("saringan_hapus", sesi_id=sesi.id)
        with closing(baca.saringan.baca(sesi)) as bagian:  # left open, an error's rollback would wait for it
            tulis.saringan.tulis(sesi, _saring(bagian, sesi, rantai, hitungan, lapor))
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
    bagian: Iterator[list[Bacaan]], sesi: Sesi, rantai: Rantai | None, hitungan: _Hitungan, lapor: Lapor
) -> Iterator[BarisSaringan]:
    selesai = 0
    for potong in bagian:
        lalu = {} if rantai is None else rantai.terakhir([bacaan.idpel for bacaan in potong]).lalu
        for bacaan, baris in zip(potong, nilai_saringan(potong, sesi, lalu), strict=True):
            dasar = bulan_lalu(bacaan, lalu.get(bacaan.idpel))
            hitungan.dibandingkan += dasar is not None and dasar.lwbp is not None
            if bacaan.cacat and (kolom := sorted(bacaan.cacat.keys() - {GANDA})):
                hitungan.rusak.append(f"{bacaan.idpel} ({', '.join(kolom)})")
            hitungan.kode.update((baris.hasil, *baris.alasan))
            yield baris
        selesai += len(potong)
        if selesai % 50_000 < len(potong):
            lapor(f"Disaring: {ribuan(selesai)} baris ...")


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

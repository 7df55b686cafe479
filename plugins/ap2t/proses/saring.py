"""Step 4: sieve every row of the snapshot: kWh, jam nyala, what is held back and what needs a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ap2t.domain.model import GANDA, RANTAI, Bacaan, StanLalu
from ap2t.domain.saringan import saring
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import BarisSaringan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Lapor, Layanan


@dataclass
class _Hitungan:
    """Rows by outcome and by reason, those that could be compared with what was last posted, those with a bad value."""

    kode: Counter[str] = field(default_factory=Counter)
    dibandingkan: int = 0
    rusak: list[str] = field(default_factory=list)


def saring_jam_nyala(layanan: Layanan, s: Sesi, lapor: Lapor) -> dict[str, int]:
    """Sieve the snapshot and write what came out; return counts by outcome and by reason.

    The chain is judged by what the ledger knew at one entry of the trail, which this step's own entry names, so that
    the audit can judge it again. A sieve that a gate has shown is kept.
    """
    if s.sudah("MENUNGGU_PERSETUJUAN"):
        lapor("Saringan sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return {}
    n = _Hitungan()
    isi: dict[str, object] = {}
    with layanan.buku.transaksi() as rujuk, layanan.buku.transaksi() as baca, layanan.buku.transaksi() as tulis:
        rantai = None
        if s.mengikat_dasar:
            rujuk.jalankan("audit_transaksi")  # one state, whatever is posted meanwhile
            kepala = rujuk.jejak.kepala().nomor
            rantai, isi["rantai"] = Rantai(rujuk, s, kepala), {"kepala": kepala}
        tulis.cuplikan.hapus_saringan(s)
        tulis.saringan.tulis(s, _saring(baca.saringan.baca(s), s, rantai, n, lapor))
        tulis.sesi.ke_tahap(s, "TERSARING")
        isi |= {"hitung": dict(sorted(n.kode.items())), "dibandingkan": n.dibandingkan, **versi_kerja()}
        tulis.jejak.catat("DISARING", isi, sesi_id=s.id)
        tulis.jejak.catat_ditahan(s.id)
    lapor(
        f"Lolos saringan: {ribuan(n.kode['LOLOS'])} pelanggan; ditahan: {ribuan(n.kode['DITAHAN'])}"
        + "".join(f"; {k} {ribuan(i)}" for k, i in sorted(n.kode.items()) if k not in ("LOLOS", "DITAHAN"))
        + f". Stan lalu dibandingkan dengan yang terakhir disahkan: {ribuan(n.dibandingkan)} pelanggan."
    )
    if n.rusak:
        lapor(
            f"Ditahan karena isinya di ACMT tidak terbaca (pelanggan dan kolomnya): {daftar(n.rusak, 20)}. Minta "
            "pengelola ACMT memperbaiki isi kolom itu, lalu verifikasi dan kirim ulang."
        )
    return dict(n.kode)


def _saring(
    bagian: Iterator[list[Bacaan]], s: Sesi, rantai: Rantai | None, n: _Hitungan, lapor: Lapor
) -> Iterator[BarisSaringan]:
    selesai = 0
    for potong in bagian:
        lalu = {} if rantai is None else rantai.terakhir([b.idpel for b in potong]).stan
        n.dibandingkan += len(lalu)
        for b, baris in zip(potong, nilai(potong, s, lalu), strict=True):
            if b.cacat and (kolom := sorted(b.cacat.keys() - {GANDA})):
                n.rusak.append(f"{b.idpel} ({', '.join(kolom)})")
            n.kode[baris.hasil] += 1
            for alasan in baris.alasan:
                n.kode[alasan] += 1
            yield baris
        selesai += len(potong)
        if selesai % 50_000 < len(potong):
            lapor(f"Disaring: {ribuan(selesai)} baris ...")


def nilai(potong: list[Bacaan], s: Sesi, lalu: dict[str, StanLalu]) -> Iterator[BarisSaringan]:
    """Judge rows of a session's snapshot by its rules; the audit does it once more.

    :param lalu: what was last posted of the customers, as far as it is known.
    """
    aturan = s.aturan
    for b in potong:
        terakhir = lalu.get(b.idpel)
        h = saring(b, aturan, terakhir)
        if terakhir is not None and RANTAI.isdisjoint(h.dlpd):
            terakhir = None
        yield BarisSaringan(b.idpel, b.daya, h.kwh, h.jam_nyala, h.hasil, h.alasan, h.dlpd, terakhir)

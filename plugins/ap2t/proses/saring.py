"""Step 4: sieve every row of the snapshot: kWh, jam nyala, what is held back and what needs a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ap2t.domain.model import GANDA, Bacaan
from ap2t.domain.saringan import saring
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger import cuplikan, jejak, saringan, sesi
from ap2t.proses.layanan import Lapor, Layanan


def saring_jam_nyala(layanan: Layanan, s: sesi.Sesi, lapor: Lapor) -> dict[str, int]:
    """Sieve the snapshot and write what came out; return counts by outcome and by reason.

    A sieve that a gate has shown is kept.
    """
    if s.sudah("MENUNGGU_PERSETUJUAN"):
        lapor("Saringan sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return {}
    hitung: Counter[str] = Counter()
    rusak: list[str] = []
    with layanan.buku.transaksi() as baca, layanan.buku.transaksi() as tulis:
        cuplikan.hapus_saringan(tulis, s)
        bagian = saringan.baca(baca, s)
        saringan.tulis(tulis, s, _saring(bagian, s, hitung, rusak, lapor))
        sesi.ke_tahap(tulis, s, "TERSARING")
        jejak.catat(tulis, "DISARING", {"hitung": dict(sorted(hitung.items())), **jejak.versi()}, sesi_id=s.id)
        jejak.catat_ditahan(tulis, s.id)
    lapor(
        f"Lolos saringan: {ribuan(hitung['LOLOS'])} pelanggan; ditahan: {ribuan(hitung['DITAHAN'])}"
        + "".join(f"; {k} {ribuan(n)}" for k, n in sorted(hitung.items()) if k not in ("LOLOS", "DITAHAN"))
        + "."
    )
    if rusak:
        lapor(
            f"Ditahan karena isinya di ACMT tidak terbaca (pelanggan dan kolomnya): {daftar(rusak, 20)}. Minta "
            "pengelola ACMT memperbaiki isi kolom itu, lalu verifikasi dan kirim ulang."
        )
    return dict(hitung)


def _saring(
    bagian: Iterator[list[Bacaan]], s: sesi.Sesi, hitung: Counter[str], rusak: list[str], lapor: Lapor
) -> Iterator[saringan.BarisSaringan]:
    aturan = s.aturan
    selesai = 0
    for potong in bagian:
        for b in potong:
            h = saring(b, aturan)
            if b.cacat and (kolom := sorted(b.cacat.keys() - {GANDA})):
                rusak.append(f"{b.idpel} ({', '.join(kolom)})")
            hitung[h.hasil.value] += 1
            for a in h.alasan:
                hitung[a.value] += 1
            yield (
                b.idpel,
                b.daya,
                h.kwh,
                h.jam_nyala,
                h.hasil.value,
                h.alasan,
                h.dlpd,
            )
        selesai += len(potong)
        if selesai % 50_000 < len(potong):
            lapor(f"Disaring: {ribuan(selesai)} baris ...")

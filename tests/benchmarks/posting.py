"""First send to all rows posted and reconciled, against bare scripts on the same sandbox."""

from __future__ import annotations

import time

from ap2t import setelan
from tests.benchmarks import telanjang
from tests.benchmarks.alat import Hasil, Ukuran, hasil_nisbah, kabar, selang_seling
from tests.benchmarks.jalan import Jalan
from tests.benchmarks.lapangan import Lapangan

BATAS = 1.3
BATAS_KIRIM = 1.2


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Alternate a whole posting of ours and a bare one, each on a kelompok of its own."""
    ulang, serentak = ukuran.ulang, setelan.batch_serentak()
    jalan = [Jalan.baru(lapangan.kelompok(ukuran.posting)) for _ in range(2 * ulang)]
    for j in jalan:
        j.sampai("jawaban")
    batch = [telanjang.badan_batch(j, setelan.ukuran_batch()) for j in jalan[1::2]]
    posting_saja: list[float] = []
    cocok: list[float] = []

    def kita(n: int) -> float:
        lapangan.tenangkan()
        j = jalan[2 * n]
        j.langkah("posting_ap2t")
        terposting = time.time()
        j.langkah("rekonsiliasi")
        akhir = time.time()
        with lapangan.buku() as conn:
            awal = conn.execute(
                "SELECT extract(epoch FROM min(b.dikirim_pada)) FROM pengesahan.batch b "
                "JOIN pengesahan.sesi s ON s.id = b.sesi_id WHERE s.run_id = %s",
                [j.run_id],
            ).fetchone()
        assert awal is not None
        posting_saja.append(terposting - float(awal[0]))
        kabar(f"posting dan rekonsiliasi kita: {posting_saja[-1]:.2f} + {akhir - terposting:.2f} s")
        return akhir - float(awal[0])

    def mereka(n: int) -> float:
        lapangan.tenangkan()
        lama = telanjang.posting(lapangan.alamat_ap2t, jalan[2 * n + 1].kelompok, batch[n], serentak)
        cocok.append(telanjang.cocokkan(lapangan.alamat_ap2t, jalan[2 * n + 1].kelompok, batch[n]))
        kabar(f"posting telanjang: {lama:.2f} s; mencocokkan: {cocok[-1]:.2f} s")
        return lama

    a, b = selang_seling(ulang, kita, mereka)
    dengan_cocok = [x + y for x, y in zip(b, cocok, strict=True)]
    apa = f"posting + rekonsiliasi {ukuran.posting:,} baris, terhadap skrip yang mengirim dan mencocokkan daftar"
    saja = f"posting {ukuran.posting:,} baris saja, terhadap skrip yang hanya mengirim"
    return [
        hasil_nisbah(apa, a, dengan_cocok, BATAS, ukuran, dulu="3.64 x"),
        hasil_nisbah(saja, posting_saja, b, BATAS_KIRIM, ukuran, dulu="3.08 x"),
    ]

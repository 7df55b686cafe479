"""The watch over open sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t import ukuran
from ap2t.galat import GalatPengesahan
from ap2t.ledger.ukuran import semua
from ap2t.operators.dasar import awalan_log, galat_airflow, pelapor, run_hidup
from ap2t.proses.jaga import jaga_sesi
from ap2t.proses.kesehatan import lihat_kesehatan
from ap2t.proses.layanan import Layanan
from ap2t.proses.pengembalian import kembalikan_sisa

if TYPE_CHECKING:
    from airflow.sdk import Context


class JagaSesi(BaseOperator):
    """Keep deadlines, mark sessions whose run is gone as TERHENTI, tell ACMT late of customers sent back; measure."""

    def execute(self, context: Context) -> dict[str, int]:
        """Look at every open session once; XCom: how many were open, late, expired, orphaned; and sent back.

        The task fails, after all were looked at, if one could not be looked after. That ACMT or AP2T is away is
        measured and told, and fails nothing.
        """
        lapor = pelapor(self.log, self.task_id)
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            lihat_kesehatan(layanan, lapor)
            laporan = jaga_sesi(layanan, run_hidup(context), lapor)
            with layanan.buku.transaksi() as conn:
                besar = semua(conn)
            for nama, nilai in besar.items():
                ukuran.nilai(nama, nilai)
            ukuran.tambah("penjaga.putaran")
            for apa in ("lewat", "kedaluwarsa", "yatim"):
                ukuran.tambah(f"penjaga.{apa}", getattr(laporan, apa))
            kembali = kembalikan_sisa(layanan, lapor)
            if laporan.gagal:
                raise GalatPengesahan(f"Sesi yang tidak dapat dijaga: {', '.join(laporan.gagal)}; sebabnya di atas.")
        hitungan = laporan._asdict()
        del hitungan["gagal"]
        return hitungan | kembali

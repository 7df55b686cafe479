"""OpenLineage: from ACMT's view into the ledger, from the ledger into AP2T, and how many rows.

Imported only by the operators' ``get_openlineage_facets_on_complete``, which Airflow calls only where OpenLineage is
switched on: no task needs the provider to run. An event names hosts and tables, never a login, and counts rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.providers.openlineage.extractors import OperatorLineage
from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import input_statistics_input_dataset, output_statistics_output_dataset

from ap2t import koneksi
from ap2t.galat import BukuMenolak
from ap2t.operators.dasar import run_ini
from ap2t.proses.layanan import Layanan, alamat_http

if TYPE_CHECKING:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

PORTA = {"postgres": 5432, "mysql": 3306, "oracle": 1521, "mssql": 1433}


def ambil_bacaan(ti: RuntimeTaskInstance) -> OperatorLineage[Any, Any]:
    """ACMT's readings into the snapshot."""
    jumlah = _jumlah(ti)["cuplikan"]
    acmt, buku = koneksi.ambil(koneksi.ACMT), koneksi.ambil(koneksi.BUKU)
    return _dari_ke(_basis(acmt, "acmt.v_bacaan"), _basis(buku, "pengesahan.bacaan"), jumlah)


def posting(ti: RuntimeTaskInstance) -> OperatorLineage[Any, Any]:
    """The approved rows of the snapshot into AP2T's fungsi 2."""
    buku, ap2t = koneksi.ambil(koneksi.BUKU), koneksi.ambil(koneksi.AP2T)
    return _dari_ke(_basis(buku, "pengesahan.bacaan"), _ap2t(ap2t), _jumlah(ti)["diposting"])


def pembatalan(ti: RuntimeTaskInstance) -> OperatorLineage[Any, Any]:
    """The approvals that are cancelled, out of AP2T's fungsi 2."""
    buku, ap2t = koneksi.ambil(koneksi.BUKU), koneksi.ambil(koneksi.AP2T)
    return _dari_ke(_basis(buku, "pengesahan.pembatalan_baris"), _ap2t(ap2t), _jumlah(ti)["dibatalkan"])


def _dari_ke(masuk: tuple[str, str], keluar: tuple[str, str], jumlah: int) -> OperatorLineage[Any, Any]:
    """One dataset into another, ``jumlah`` rows of it."""
    baca = input_statistics_input_dataset.InputStatisticsInputDatasetFacet(rowCount=jumlah)
    tulis = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=jumlah)
    return OperatorLineage(
        inputs=[InputDataset(*masuk, inputFacets={"inputStatistics": baca})],
        outputs=[OutputDataset(*keluar, outputFacets={"outputStatistics": tulis})],
    )


def _jumlah(ti: RuntimeTaskInstance) -> dict[str, int]:
    """Count the rows of the run's session."""
    with Layanan(koneksi_maks=1) as layanan, layanan.buku.transaksi() as tx:
        sesi = tx.sesi.milik_run(*run_ini({"ti": ti}))
        if sesi is None:
            raise BukuMenolak("Run ini tidak punya sesi di buku; silsilahnya tidak diketahui.")
        return dict(tx.jalankan("silsilah_jumlah", sesi_id=sesi.id).one()._mapping)


def _basis(sambungan: koneksi.Koneksi, tabel: str) -> tuple[str, str]:
    """Namespace and name of a table as OpenLineage names them; a socket of this machine is ``localhost``."""
    jenis = "postgres" if sambungan.conn_type == "postgresql" else sambungan.conn_type
    host = "localhost" if not sambungan.host or sambungan.host.startswith("/") else sambungan.host
    porta = sambungan.port or PORTA.get(jenis)
    return f"{jenis}://{host}" + (f":{porta}" if porta else ""), f"{sambungan.schema}.{tabel}"


def _ap2t(sambungan: koneksi.Koneksi) -> tuple[str, str]:
    """The gateway: its address without a login, and what is written there."""
    bagian = urlsplit(alamat_http(sambungan))
    return f"{bagian.scheme}://{bagian.netloc.rpartition('@')[2]}", f"{bagian.path.lstrip('/')}/fungsi2".lstrip("/")

"""Copies Airflow's own record of who did what to our runs into the trail, before Airflow may purge it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Any

from ap2t.domain.kode import JenisJejak
from ap2t.domain.teks import daftar, dari_json, ribuan, satu_baris
from ap2t.galat import BukuMenolak, GalatPengesahan, sebut_galat
from ap2t.hooks.airflow_api import Peristiwa
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import SISTEM
from ap2t.proses.layanan import Lapor, Layanan

TUMPANG = timedelta(minutes=30)
"""How far back each copy looks again: an event may be committed later than one with a later time."""
TANPA_DAG = ("connection", "pool", "variable", "user", "role", "cli_", "dag", "backfill")
"""Parts of the names of events that belong to no DAG and still say who changed what ours run on."""
BANYAK_DAG = "~"
"""What Airflow writes as the DAG of a request about many DAGs at once."""
SASARAN = frozenset({"dag_id", "run_id", "dag_run_id", "task_id", "state", "new_state"})
KUNCI_AMAN = SASARAN | frozenset(
    {
        *("chosen_options", "method", "dry_run", "task_ids", "only_failed", "reset_dag_runs", "map_index"),
        *("include_upstream", "include_downstream", "include_future", "include_past", "dag_id_pattern"),
        *("connection_id", "conn_type", "host", "pool", "name", "slots", "is_paused", "host_name"),
    }
)
"""What is copied of an event's details. Notes, form fields and values stay out: the trail has what counts of them."""
HURUF_MAKS, BUTIR_MAKS = 200, 50
"""Airflow keeps a request's body as it came, before anything checks it: only so much of it is copied."""


def milik_kita(peristiwa: Peristiwa, dag: Collection[str]) -> bool:
    """Tell whether an event is about one of our DAGs, or about what they run on.

    Airflow takes an event's ``dag_id`` from the request's body where that has one, whatever DAG was asked for. Such an
    event counts as ours, since it may be.
    """
    if peristiwa.dag_id in dag:
        return True
    if peristiwa.dag_id is None:
        return any(bagian in peristiwa.event for bagian in TANPA_DAG)
    isi = _isi_extra(peristiwa)
    if peristiwa.dag_id == BANYAK_DAG:
        disebut = [sasaran.get("dag_id") for sasaran in _sasaran(isi)]
        return not disebut or any(dag_id in dag for dag_id in disebut if isinstance(dag_id, str))
    return "dag_id" in isi and peristiwa.event != "create_backfill"  # whose body is where its DAG belongs


def rincian(peristiwa: Peristiwa) -> dict[str, Any]:
    """Return the details that are safe to keep. Of a run's conf these are its fields' names, its unit and its month."""
    isi = _isi_extra(peristiwa)
    aman = {kunci: _aman(nilai) for kunci, nilai in isi.items() if kunci in KUNCI_AMAN}
    conf = isi.get("conf")
    if isinstance(conf, dict):
        aman["conf"] = _aman(sorted(map(str, conf)))
        aman |= {nama: _aman(str(conf[nama])[:20]) for nama in ("unitup", "thblrek") if conf.get(nama)}
    sasaran = _sasaran(isi)
    if sasaran:
        aman["sasaran"] = [
            {kunci: _aman(nilai) for kunci, nilai in satu.items() if kunci in SASARAN} for satu in sasaran[:BUTIR_MAKS]
        ]
        aman["jumlah_sasaran"] = len(sasaran)
    return aman


def _isi_extra(peristiwa: Peristiwa) -> dict[str, Any]:
    try:
        isi = dari_json(peristiwa.extra or "{}")
    except ValueError:
        return {}
    return isi if isinstance(isi, dict) else {}


def _sasaran(isi: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a request about many runs or tasks at once named."""
    per_aksi = [aksi.get("entities") for aksi in _objek(isi.get("actions"))]
    return [sasaran for semua in (*per_aksi, isi.get("dag_runs")) for sasaran in _objek(semua)]


def _objek(isi: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, and none where it is no list."""
    return [satu for satu in isi if isinstance(satu, dict)] if isinstance(isi, list) else []


def _aman(nilai: Any) -> Any:
    """Return a value the ledger can hold: short, and without what no JSON of the database takes (NUL, NaN, ...)."""
    if nilai is None or isinstance(nilai, bool):
        return nilai
    if isinstance(nilai, list):
        return ["(bersarang)" if isinstance(butir, list | dict) else _aman(butir) for butir in nilai[:BUTIR_MAKS]]
    if isinstance(nilai, dict):
        return "(bersarang)"
    if isinstance(nilai, int) and abs(nilai) < 2**63:
        return nilai
    return satu_baris(str(nilai)[:HURUF_MAKS])


def salin_peristiwa(layanan: Layanan, dag: Collection[str], lapor: Lapor) -> int:
    """Copy what is new in Airflow's event log into the trail, each event once, and return how many.

    Whatever was looked at, kept or not, is not looked at again, apart from ``TUMPANG``. This goes up to an event that
    should have been kept and could not be.

    :param dag: ids of our DAGs.
    :raises BukuMenolak: some could not be kept; all others were.
    :raises AirflowTidakMenjawab: the event log cannot be read now. The next copy catches up.
    :raises KoneksiTidakSah: connection ``airflow_api`` is missing.
    """
    with layanan.buku.transaksi() as tx:
        mulai = tx.jalankan("peristiwa_sampai").scalar_one() - TUMPANG
    klien = layanan.airflow()
    disalin = 0
    gagal: list[str] = []
    for bagian in klien.peristiwa(mulai):
        for peristiwa in bagian.peristiwa:
            try:
                if milik_kita(peristiwa, dag):
                    disalin += layanan.buku.ulang(partial(_salin_satu, peristiwa=peristiwa))
            except Exception as galat:  # one event that cannot be kept does not keep the others out
                if isinstance(galat, GalatPengesahan) and not galat.permanen:
                    raise
                gagal.append(str(peristiwa.event_log_id))
                lapor(f"Peristiwa Airflow nomor {peristiwa.event_log_id} tidak dapat disalin: {sebut_galat(galat)}")
        if not gagal:
            with layanan.buku.transaksi() as tx:
                tx.jalankan("peristiwa_maju", sampai=bagian.sampai)
    lapor(f"{ribuan(disalin)} peristiwa Airflow disalin ke jejak.")
    if klien.tak_boleh:
        lapor(
            f"PERHATIAN: {ribuan(klien.tak_boleh)} peristiwa Airflow tidak boleh dilihat pengguna koneksi airflow_api, "
            "jadi TIDAK disalin: peristiwa tanpa DAG, misalnya koneksi yang diubah. Beri ia hak melihatnya (FAB: peran "
            "PENYALIN; SimpleAuthManager memberikannya hanya kepada peran admin)."
        )
    if klien.tak_ditengok:
        lapor(
            f"PERHATIAN: {ribuan(klien.tak_ditengok)} nomor peristiwa disembunyikan Airflow dari daftarnya dan terlalu "
            "banyak untuk ditengok satu per satu. Periksa tabel log Airflow: mungkin ada yang membanjirinya."
        )
    if gagal:
        raise BukuMenolak(f"Peristiwa Airflow nomor {daftar(gagal)} tidak dapat disalin ke jejak; sebabnya di atas.")
    return disalin


def _salin_satu(tx: Transaksi, peristiwa: Peristiwa) -> bool:
    """Write one event into the trail unless it is there already."""
    # known by number and time together: where Airflow's database was made anew its numbers begin again
    if tx.jalankan("peristiwa_tandai", nomor=peristiwa.event_log_id, waktu=peristiwa.when).one_or_none() is None:
        return False
    sesi = tx.sesi.milik_run(peristiwa.dag_id, peristiwa.run_id) if peristiwa.dag_id and peristiwa.run_id else None
    isi = {
        "peristiwa": peristiwa.event,
        "waktu": peristiwa.when.isoformat(),
        "nomor": peristiwa.event_log_id,
        "dag_id": peristiwa.dag_id,
        "run_id": peristiwa.run_id,
        "task_id": peristiwa.task_id,
        "rinci": rincian(peristiwa),
    }
    pelaku = peristiwa.owner or SISTEM
    tx.jejak.catat(JenisJejak.PERISTIWA_AIRFLOW, isi, sesi_id=sesi.id if sesi else None, pelaku=pelaku)
    return True

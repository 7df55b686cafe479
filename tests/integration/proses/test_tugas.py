"""Airflow's side of a step on a real ledger: what a failure callback stops, and when a waiting gate gives up."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException, TaskAwaitingInput
from proses_fixtures import Dunia, Jalan, isi_koneksi, jalankan_sampai

from ap2t.galat import BukuMenolak
from ap2t.operators.dasar import langkah_sesi, saat_gagal
from ap2t.operators.pengesahan import Rekonsiliasi
from ap2t.sensors.persetujuan import PersetujuanSensor

LOG = logging.getLogger("uji")
LEWAT = {"error": "lewat", "error_type": "timeout"}


def konteks(jalan: Jalan, percobaan: str, galat: BaseException | None = None) -> Any:
    """Return what Airflow hands to a task or a callback of one attempt."""
    ti = SimpleNamespace(id=percobaan, task_id="posting_ap2t", dag_id=jalan.dag_id, run_id=jalan.run_id)
    return {"ti": ti, "exception": galat}


def gagal(jalan: Jalan, percobaan: str, *, epoch_baru: bool = False) -> Any:
    """Let an attempt fail within its step; return the context of its failure callback."""
    konteks_ = konteks(jalan, percobaan)
    try:
        with langkah_sesi(konteks_, LOG) as langkah:
            if epoch_baru:
                jalan.dunia.dirusak |= {"SESI"}
                with langkah.buku.transaksi() as tx:
                    langkah.sesi = tx.sesi.mulai_posting(langkah.sesi)
            raise BukuMenolak("uji gagal")
    except AirflowException as e:
        return {**konteks_, "exception": e}


def test_gagal_menghentikan_sesinya(dunia: Dunia) -> None:
    """Invariant 4: a failed attempt leaves its session TERHENTI with the reason, under the epoch it had itself."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "terima")
    saat_gagal(gagal(jalan, "satu", epoch_baru=True))
    assert (jalan.sesi.status, jalan.sesi.epoch) == ("TERHENTI", 2)
    assert jalan.sesi.keterangan == "posting_ap2t: uji gagal"


def test_gagal_terlambat_tidak_menghentikan_percobaan_baru(dunia: Dunia) -> None:
    """Fencing: the callback of an attempt given up for dead leaves the attempt that works on alone."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "terima")
    mati = gagal(jalan, "satu", epoch_baru=True)
    with jalan.layanan.buku.transaksi() as tx:
        tx.sesi.mulai_posting(jalan.sesi)
    saat_gagal(mati)
    assert (jalan.sesi.status, jalan.sesi.epoch) == ("BERJALAN", 3)


def test_proses_yang_mati_menghentikan_sesinya(dunia: Dunia) -> None:
    """Invariant 4 for a killed task: Airflow calls back elsewhere, where nothing is known of the attempt."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "terima")
    saat_gagal(konteks(jalan, "lain", RuntimeError("mati")))
    assert jalan.sesi.status == "TERHENTI"
    assert "posting_ap2t: RuntimeError" in str(jalan.sesi.keterangan)


def test_tanpa_yang_ditanyakan_tidak_dibandingkan(dunia: Dunia) -> None:
    """With nobody to ask about nothing was sent: the comparison has nothing to do, and says so."""
    dunia.isi(1, {0: {"daya": None}})
    jalan = jalankan_sampai(dunia, "rekap")
    assert jalan.sesi.kosong
    assert Rekonsiliasi(task_id="rekonsiliasi").execute(konteks(jalan, "satu")) == "TERSARING"
    assert "REKONSILIASI" not in dunia.jenis_jejak(jalan.sesi)


def test_gerbang_menyerah_bila_sesinya_berakhir(dunia: Dunia) -> None:
    """A gate that wakes waits on, also while the ledger is away; if its session has ended it fails, saying why."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    gerbang = PersetujuanSensor(task_id="persetujuan", urutan=1)
    with pytest.raises(TaskAwaitingInput):
        gerbang.execute_complete(konteks(jalan, "satu"), LEWAT)
    with dunia.monkeypatch.context() as m:
        isi_koneksi(m, "cmt_db", conn_type="postgres", host="127.0.0.1", port=9, login="x", schema="x")
        with pytest.raises(TaskAwaitingInput):
            gerbang.execute_complete(konteks(jalan, "satu"), LEWAT)
    dunia.dirusak = {"SESI"}
    dunia.buku_lihat.execute(
        "UPDATE pengesahan.sesi SET status = 'NIHIL', keterangan = 'uji berakhir', diakhiri_pada = now() WHERE id = %s",
        [jalan.sesi.id],
    )
    with pytest.raises(AirflowException, match="NIHIL"):
        gerbang.execute_complete(konteks(jalan, "satu"), LEWAT)


def test_gerbang_yang_sudah_dijawab_terlewati(dunia: Dunia) -> None:
    """Airflow's database was put back from before the answer: the gate that wakes passes, and asks nobody again."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "terima")
    gerbang = PersetujuanSensor(task_id="persetujuan", urutan=1)
    assert gerbang.execute_complete(konteks(jalan, "satu"), LEWAT) == jalan.sesi.nomor
    assert dunia.jenis_jejak(jalan.sesi).count("GERBANG_DIBUKA") == 1


def test_gerbang_menyerah_bila_kedaluwarsa(dunia: Dunia) -> None:
    """After the unit's own end nobody waits for an answer that could not be taken up; the task fails for good."""
    dunia.pola(tutup_sesudah_jam="1")
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    dunia.dirusak = {"SESI"}
    with jalan.layanan.buku.transaksi() as tx:
        tx.sesi.kedaluwarsa(jalan.sesi, "tidak dijawab")
    gerbang = PersetujuanSensor(task_id="persetujuan", urutan=1)
    with pytest.raises(AirflowFailException, match=r"sudah berakhir \(KEDALUWARSA\)"):
        gerbang.execute_complete(konteks(jalan, "satu"), LEWAT)

"""Airflow's event log copied into the real ledger: whatever stands in it, all else is copied, once; nothing hides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from penjaga_fixtures import DAG, KITA, AirflowTiruan, airflow_menyala
from proses_fixtures import Dunia

from ap2t.galat import AirflowTidakMenjawab, BukuMenolak
from ap2t.hooks import airflow_api
from ap2t.ledger.jejak import TabelJejak
from ap2t.penjaga import peristiwa


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[AirflowTiruan]:
    tiruan = AirflowTiruan()
    with airflow_menyala(tiruan, monkeypatch):
        yield tiruan


class Penyalin:
    """Copies, and looks at what came into the trail since."""

    def __init__(self, dunia: Dunia) -> None:
        self.dunia = dunia
        self.awal = int(dunia.buku_lihat.execute("SELECT max(id) FROM pengesahan.jejak").fetchone()[0] or 0)  # type: ignore[index]
        self.log: list[str] = []

    def salin(self) -> int:
        """Make one round; every test's ledger may know events of others."""
        return peristiwa.salin_peristiwa(self.dunia.layanan(), KITA, self.log.append)

    def sejak(self, waktu: datetime) -> None:
        """Have everything up to then read, nothing after."""
        self.dunia.buku_lihat.execute("UPDATE pengesahan.peristiwa_kursor SET sampai = %s", [waktu])

    def isi(self) -> list[dict[str, Any]]:
        """What was copied, in order."""
        sql = "SELECT isi FROM pengesahan.jejak WHERE id > %s AND jenis = 'PERISTIWA_AIRFLOW' ORDER BY id"
        return [isi for (isi,) in self.dunia.buku_lihat.execute(sql, [self.awal])]


@pytest.fixture
def penyalin(dunia: Dunia) -> Penyalin:
    return Penyalin(dunia)


RACUN = (
    {"new_state": "a\x00b"},
    {"new_state": "\ud800"},
    {"\x00": 1, "conf": {"\x00": 1, "\udfff": 2, "unitup": "5\x00"}},
    '{"map_index": NaN, "slots": Infinity}',
    '{"map_index": 1e999}',
    {"task_ids": ["x" * 100_000] * 100, "name": "y" * 1_000_000},
    {"task_ids": [[{"a": ["\x00"] * 1000}]], "host": {"b": "\ud800" * 9}},
    '{"task_ids": ' + "[" * 900 + "]" * 900 + ', "state": ' + '{"a":' * 900 + "1" + "}" * 901,
    '{"state": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "bukan json",
)


def test_satu_peristiwa_tidak_menahan_yang_lain(airflow: AirflowTiruan, penyalin: Penyalin) -> None:
    """What any person may send to Airflow, refused or not, stands in its log: it must not end the copying."""
    for extra in RACUN:
        airflow.catat(extra=extra)
    airflow.catat("bulk_dag_runs", {"actions": [{"entities": [{"dag_id": [1]}]}, {"entities": 1}, 2]}, dag_id="~")
    airflow.catat("clear_dag_runs", {"dag_runs": [{"dag_id": {}}, {"dag_id": DAG, "state": [[]]}]}, dag_id="~")
    airflow.catat("update_hitl_detail", {"chosen_options": ["Tolak"]}, owner="spv54110")
    assert penyalin.salin() == len(RACUN) + 2
    isi = penyalin.isi()
    assert [p["nomor"] for p in isi] == [*range(1, len(RACUN) + 1), len(RACUN) + 2, len(RACUN) + 3]
    assert isi[0]["rinci"] == {"new_state": "a\\x00b"}
    assert isi[2]["rinci"] == {"conf": ["\\x00", "unitup", "\\udfff"], "unitup": "5\\x00"}
    assert max(len(json.dumps(p)) for p in isi) < 20_000
    assert penyalin.salin() == 0


@pytest.mark.parametrize("galat", [BukuMenolak("Buku pengesahan menolak (22P05)."), RecursionError("Budi")])
def test_yang_tidak_dapat_disimpan_disebut(
    airflow: AirflowTiruan, penyalin: Penyalin, monkeypatch: pytest.MonkeyPatch, galat: Exception
) -> None:
    """If the ledger refuses one all the same: the others are copied, the task fails and names it."""
    nomor = [airflow.catat(task_id=t) for t in ("a", "rusak", "c")]
    asli = TabelJejak.catat

    def catat(tx: Any, jenis: str, isi: dict[str, Any], **lain: Any) -> None:
        if isi["task_id"] == "rusak":
            raise galat
        asli(tx, jenis, isi, **lain)

    with monkeypatch.context() as m:
        m.setattr(TabelJejak, "catat", catat)
        with pytest.raises(BukuMenolak, match=f"nomor {nomor[1]} tidak dapat disalin"):
            penyalin.salin()
    assert [p["task_id"] for p in penyalin.isi()] == ["a", "c"]
    assert "Budi" not in "".join(penyalin.log)
    assert penyalin.salin() == 1  # once it can be kept, it is


def lalu(hari: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=hari)


def test_yang_tidak_dapat_disimpan_tidak_dilewati(
    airflow: AirflowTiruan, penyalin: Penyalin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much else was kept meanwhile, the reading comes back to it until it can be kept."""
    penyalin.sejak(lalu(9))
    for hari, tugas in ((8, "a"), (7, "rusak"), (6, "c")):
        airflow.catat(task_id=tugas, when=lalu(hari).isoformat())
    asli = TabelJejak.catat

    def catat(tx: Any, jenis: str, isi: dict[str, Any], **lain: Any) -> None:
        if isi["task_id"] == "rusak":
            raise BukuMenolak("Buku pengesahan menolak (22P05).")
        asli(tx, jenis, isi, **lain)

    with monkeypatch.context() as m:
        m.setattr(TabelJejak, "catat", catat)
        for _ in range(2):
            with pytest.raises(BukuMenolak, match="nomor 2 tidak dapat disalin"):
                penyalin.salin()
    assert penyalin.salin() == 1
    assert [p["task_id"] for p in penyalin.isi()] == ["a", "c", "rusak"]


def test_yang_tidak_disimpan_tidak_dibaca_lagi(airflow: AirflowTiruan, penyalin: Penyalin) -> None:
    """What healthy tasks and others' DAGs leave moves the window too: else each round reads all since the last kept."""
    penyalin.sejak(lalu(9))
    airflow.catat(when=lalu(8).isoformat())
    airflow.catat("running", when=lalu(5).isoformat())
    airflow.catat(dag_id="laporan_lain", when=lalu(2).isoformat())
    assert [penyalin.salin(), penyalin.salin()] == [1, 0]
    terakhir = datetime.fromisoformat(airflow.isi[-1]["when"])
    assert airflow.sesudah[1] == terakhir - peristiwa.TUMPANG
    airflow.catat("running", when=(datetime.now(UTC) + timedelta(hours=5)).isoformat())
    penyalin.salin()
    penyalin.salin()
    assert airflow.sesudah[3] <= datetime.now(UTC) - peristiwa.TUMPANG  # a clock that is ahead hides nothing


def test_bacaan_panjang_yang_terputus_maju(
    airflow: AirflowTiruan, penyalin: Penyalin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long standstill one reading may not come to its end; the next one goes on, page by page."""
    monkeypatch.setattr(airflow_api, "HALAMAN", 2)
    penyalin.sejak(lalu(9))
    for hari in (8, 7, 6, 5, 4, 3):
        airflow.catat("running", when=lalu(hari).isoformat())
    airflow.catat(task_id="baru")
    airflow.putus_pada = 4
    with pytest.raises(AirflowTidakMenjawab):
        penyalin.salin()
    airflow.putus_pada = 10**9
    assert penyalin.salin() == 1
    ketiga = datetime.fromisoformat(airflow.isi[2]["when"])  # of the last page that was seen: older ones may come late
    assert airflow.sesudah[1] == ketiga - peristiwa.TUMPANG


def test_yang_tidak_boleh_dilihat_disebut(airflow: AirflowTiruan, penyalin: Penyalin) -> None:
    """Airflow 3.4 keeps what belongs to no DAG from who may not see it: told with its number, all else is copied."""
    airflow.tertutup = True
    airflow.catat(task_id="a")
    for event in ("post_connection", "patch_pool"):
        airflow.catat(event, dag_id=None)
    airflow.catat(task_id="b")
    assert penyalin.salin() == 2
    assert [p["task_id"] for p in penyalin.isi()] == ["a", "b"]
    [kata] = [b for b in penyalin.log if "PERHATIAN" in b]
    assert "2 peristiwa Airflow tidak boleh dilihat" in kata


def test_yang_disembunyikan_daftar_disalin(airflow: AirflowTiruan, penyalin: Penyalin) -> None:
    """Airflow's list leaves out requests about many DAGs, and those whose body named a DAG of its own choice."""
    run = {"dag_id": DAG, "dag_run_id": "r1"}
    airflow.catat("trigger_dag_run")
    banyak = {"action": "update", "entities": [{**run, "state": "failed", "note": "Budi"}], "update_mask": None}
    airflow.catat("bulk_dag_runs", {"actions": [banyak]}, dag_id="~")
    airflow.catat("clear_dag_runs", {"dag_runs": [run, {"dag_id": "laporan_lain"}]}, dag_id="~")
    airflow.catat("clear_dag_runs", {"dag_runs": [{"dag_id": "laporan_lain"}]}, dag_id="~")
    airflow.catat("update_hitl_detail", {"dag_id": "karangan", "chosen_options": ["Tolak"]}, dag_id="karangan")
    airflow.catat("create_backfill", {"dag_id": "laporan_lain"}, dag_id="laporan_lain")
    airflow.catat("patch_dags", {"is_paused": True, "dag_id_pattern": "penjaga"}, dag_id=None)
    for _ in range(3):
        airflow.catat("running")
    assert penyalin.salin() == 5
    isi = {p["nomor"]: p["rinci"] for p in penyalin.isi()}
    assert isi == {
        1: {},
        2: {"sasaran": [{**run, "state": "failed"}], "jumlah_sasaran": 1},
        3: {"sasaran": [run, {"dag_id": "laporan_lain"}], "jumlah_sasaran": 2},
        5: {"dag_id": "karangan", "chosen_options": ["Tolak"]},
        7: {"is_paused": True, "dag_id_pattern": "penjaga"},
    }


def test_banjir_yang_tersembunyi_disebut(
    airflow: AirflowTiruan, penyalin: Penyalin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for hidden ones singly has an end, and the log says how many were left."""
    monkeypatch.setattr(airflow_api, "LUBANG_MAKS", 5)
    for n in range(10):
        airflow.catat(dag_id=DAG if n in (0, 9) else "karangan")
    assert penyalin.salin() == 2
    assert airflow.ditanya == [2, 3, 4, 5, 6]
    assert "3 nomor peristiwa disembunyikan" in penyalin.log[-1]


def test_jam_yang_mendahului_tidak_menyembunyikan(airflow: AirflowTiruan, penyalin: Penyalin) -> None:
    """An event from a machine whose clock is hours ahead: what comes after it is still copied."""
    airflow.catat(when=(datetime.now(UTC) + timedelta(hours=5)).isoformat())
    assert penyalin.salin() == 1
    airflow.catat(task_id="sesudahnya")
    assert penyalin.salin() == 1
    assert penyalin.isi()[-1]["task_id"] == "sesudahnya"


def test_jawaban_yang_menetes(airflow: AirflowTiruan, penyalin: Penyalin, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that drips is not waited for; the next copy catches up."""
    monkeypatch.setattr(airflow_api, "COBA_SEMUA", 0.02)  # of 30 s
    airflow.catat(task_id="tertunda")
    airflow.menetes = True
    with pytest.raises(AirflowTidakMenjawab, match="jawabannya tidak selesai"):
        penyalin.salin()
    airflow.menetes = False
    assert penyalin.salin() == 1


def test_airflow_yang_lebih_tua(airflow: AirflowTiruan, penyalin: Penyalin) -> None:
    """Of an Airflow that was there before, nothing older than the ledger is asked for: it may have millions."""
    airflow.catat(when="2001-01-01T00:00:00+00:00", task_id="lama")
    airflow.catat(task_id="baru")
    assert penyalin.salin() == 1
    assert penyalin.isi()[-1]["task_id"] == "baru"

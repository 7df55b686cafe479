"""House rules of the DAG files, as tests: pinned names, help for operators, no I/O while parsing."""

from __future__ import annotations

import importlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError
from airflow.serialization.serialized_objects import DagSerialization
from airflow.utils.file import find_dag_file_paths

import jadwal_hari_baca
import pembatalan_pengesahan
import pemberitahuan
import pengesahan_hari_baca
import penjaga_sesi
from ap2t.galat import MasukanTidakSah
from ap2t.operators.dasar import OperatorBuka, saat_gagal, saat_mulai
from ap2t.operators.pengesahan import ASET_PENGESAHAN
from ap2t.setelan import dag_kita, kelompok
from tests.contoh import contoh_dag
from tests.perintah import keluar

BERKAS = (jadwal_hari_baca, pembatalan_pengesahan, pemberitahuan, pengesahan_hari_baca, penjaga_sesi)
DAGS = {d.dag_id: d for m in BERKAS for d in vars(m).values() if isinstance(d, DAG)}
PEMBATALAN = DAGS["pembatalan_pengesahan"]
PENGESAHAN = {d.dag_id: d for d in DAGS.values() if d.dag_id.startswith("pengesahan_hari_baca_")}
TUGAS = [
    "buka_sesi",
    "kesiapan.stan_terisi",
    "kesiapan.terverifikasi",
    "kesiapan.terkirim",
    "kesiapan.fungsi2_terbuka",
    "ambil_bacaan",
    "saring_jam_nyala",
    "rekap",
    "persetujuan",
    "persetujuan_kedua",
    "posting_ap2t",
    "rekonsiliasi",
    "tutup_sesi",
]


ASING = ("sidik", "oleh", "epoch", "sesi", "setuju")
"""What an answer or the ledger knows, and no form."""
TUGAS_BATAL = ["buka_pembatalan", "persetujuan", "batalkan_ap2t", "rekonsiliasi", "tutup_pembatalan"]


def test_satu_dag_tiap_kelompok() -> None:
    """Pinned: one DAG a kelompok, lower case, from one file."""
    assert set(PENGESAHAN) == {f"pengesahan_hari_baca_{k.lower()}" for k in "ABCDEFGHIJKLMNOPQRST"}


@pytest.mark.parametrize("dag", PENGESAHAN.values(), ids=PENGESAHAN)
def test_tugas_bernama_dan_berurut(dag: DAG) -> None:
    """Pinned task ids, in the procedure's order, one after the other."""
    assert list(dag.task_ids) == TUGAS
    for sebelum, sesudah in itertools.pairwise(TUGAS):
        assert dag.task_dict[sesudah].upstream_task_ids == {sebelum}


@pytest.mark.parametrize("dag", DAGS.values(), ids=lambda d: d.dag_id)
def test_dag_menolong_operator(dag: DAG) -> None:
    """Tags, owner, help text, Indonesian names; nobody's run waits for another's; no catch-up."""
    assert dag.tags
    assert dag.doc_md
    assert len(dag.doc_md) > 100
    assert dag.dag_display_name != dag.dag_id
    assert dag.description
    assert not dag.catchup
    for t in dag.tasks:
        assert t.owner != "airflow"
        assert t.retries >= 1
        assert t.task_display_name != t.task_id


@pytest.mark.parametrize("dag", PENGESAHAN.values(), ids=PENGESAHAN)
def test_formulir_dan_penjagaan(dag: DAG) -> None:
    """The form has the pinned fields, each explained; every failure reaches the session; posting has its pool."""
    assert set(dag.params) == {"unitup", "thblrek", "tunggu_kesiapan"}
    for nama in dag.params:
        param = dag.params.get_param(nama)
        assert param.schema["title"]
        assert param.description
    assert dag.params["tunggu_kesiapan"] is True
    assert dag.schedule is None
    assert dag.max_active_runs >= 1000
    for t in dag.tasks:
        assert saat_gagal in t.on_failure_callback
        assert saat_mulai in t.on_execute_callback
    assert dag.task_dict["posting_ap2t"].pool == "ap2t_posting"
    assert dag.task_dict["persetujuan"].options == ["Sah/Setuju", "Tolak"]
    assert set(dag.task_dict["persetujuan"].params) == {"catatan", "kembalikan"}
    assert dag.task_dict["persetujuan"].defaults is None
    kembalikan = dag.task_dict["persetujuan"].params.get_param("kembalikan").schema
    assert kembalikan["type"] == ["null", "array"]
    assert "items" not in kembalikan  # else Airflow shows a JSON editor, not a text area with one idpel a line


def test_hanya_penutupan_mengabarkan_aset() -> None:
    """Other DAGs start once AP2T was compared: the closing step alone updates the asset, and no cancellation does."""
    assert ASET_PENGESAHAN.name == ASET_PENGESAHAN.uri.rstrip("/") == "ap2t://pengesahan"
    mengabarkan = {(d.dag_id, t.task_id) for d in DAGS.values() for t in d.tasks if t.outlets}
    assert mengabarkan == {(dag_id, "tutup_sesi") for dag_id in PENGESAHAN}
    assert all(d.task_dict["tutup_sesi"].outlets == [ASET_PENGESAHAN] for d in PENGESAHAN.values())


def test_contoh_dag_sesudah_pengesahan() -> None:
    """The example of docs/pengelola/penerapan.md parses, waits for our asset, and takes its own unit's updates."""
    isi = contoh_dag()
    ruang: dict[str, Any] = {}
    exec(compile(isi, "penerapan.md", "exec"), ruang)  # noqa: S102 -- our own document
    (dag,) = (d for d in ruang.values() if isinstance(d, DAG))
    jadwal = DagSerialization.from_dict(DagSerialization.to_dict(dag)).timetable
    assert [aset.uri for _, aset in jadwal.asset_condition.iter_assets()] == [ASET_PENGESAHAN.uri]
    pemeta = jadwal.get_partition_mapper(name=ASET_PENGESAHAN.name, uri=ASET_PENGESAHAN.uri)
    assert pemeta.to_downstream("54110|202606|A") == "54110|202606|A"
    with pytest.raises(ValueError, match="41310"):
        pemeta.to_downstream("41310|202606|A")


def test_pembatalan_bernama_berurut_dan_terjaga() -> None:
    """Pinned names in order; every failure reaches the session; the sender has the pool; nobody sends back."""
    assert list(PEMBATALAN.task_ids) == TUGAS_BATAL
    for sebelum, sesudah in itertools.pairwise(TUGAS_BATAL):
        assert PEMBATALAN.task_dict[sesudah].upstream_task_ids == {sebelum}
    for t in PEMBATALAN.tasks:
        assert saat_gagal in t.on_failure_callback
        assert saat_mulai in t.on_execute_callback
    assert PEMBATALAN.task_dict["batalkan_ap2t"].pool == "ap2t_posting"
    assert PEMBATALAN.schedule is None
    assert PEMBATALAN.max_active_runs >= 1000
    gerbang = PEMBATALAN.task_dict["persetujuan"]
    assert gerbang.options == ["Sah/Setuju", "Tolak"]
    assert set(gerbang.params) == {"catatan"}
    assert gerbang.defaults is None
    assert PEMBATALAN.dag_id in dag_kita()


@pytest.mark.parametrize(
    ("buka", "asing"),
    [
        *((PENGESAHAN["pengesahan_hari_baca_h"].task_dict["buka_sesi"], nama) for nama in ("hari_baca", *ASING)),
        *((PEMBATALAN.task_dict["buka_pembatalan"], nama) for nama in ("tunggu_kesiapan", *ASING)),
    ],
)
def test_isian_asing_disebut(buka: OperatorBuka, asing: str) -> None:
    """What a run's conf holds besides the form's fields is named, each of them alone: opening refuses it."""
    run = SimpleNamespace(conf={"unitup": "54110", asing: "A"}, run_type="manual", triggering_user_name="spv54110")
    ti = SimpleNamespace(dag_id=buka.dag_id, run_id="manual__1")
    minta = buka.minta({"dag_run": run, "params": run.conf, "ti": ti})  # type: ignore[typeddict-item]
    assert minta.asing == [asing]
    assert minta.hari_baca == ("H" if buka.task_id == "buka_sesi" else "")


def test_formulir_pembatalan() -> None:
    """The pinned fields, each explained; scope, kelompok and reason have no default, so that a person has to choose."""
    assert set(PEMBATALAN.params) == {"unitup", "thblrek", "hari_baca", "cakupan", "idpel", "alasan"}
    param = {n: PEMBATALAN.params.get_param(n) for n in PEMBATALAN.params}
    for p in param.values():
        assert p.schema["title"]
        assert p.description
    isi = {"unitup": "54110", "thblrek": "202606", "hari_baca": "A", "cakupan": "daftar", "alasan": "salah baca stan"}
    for nama, nilai in isi.items():
        copy(param[nama]).resolve(nilai)
    for nama in ("hari_baca", "cakupan", "alasan"):
        assert not param[nama].has_value
        with pytest.raises(ParamValidationError):
            copy(param[nama]).resolve()
    for nama, salah in (
        ("cakupan", "Semua"),
        ("cakupan", None),
        ("hari_baca", "Z"),
        ("alasan", "pendek"),
        ("alasan", "x" * 501),
    ):
        with pytest.raises(ParamValidationError):
            copy(param[nama]).resolve(salah)
    assert param["hari_baca"].schema["enum"] == list(kelompok())
    assert set(param["cakupan"].schema["values_display"]) == set(param["cakupan"].schema["enum"]) == {"daftar", "semua"}
    assert param["idpel"].schema["type"] == ["null", "array"]
    assert "items" not in param["idpel"].schema


def test_penjaga_gagal_bila_satu_tugasnya_gagal() -> None:
    """Airflow judges a run by its last tasks: the seal runs after a failed copy, and must not make it look well."""
    dag = next(d for d in DAGS.values() if d.dag_id == "penjaga_sesi")
    (akhir,) = dag.leaves
    assert akhir.trigger_rule == "none_failed"
    assert akhir.upstream_task_ids == set(dag.task_ids) - {akhir.task_id}


@pytest.mark.parametrize(("nilai", "jeda"), [(None, True), ("0", True), ("1", False)])
def test_jadwal_jeda_kecuali_diminta(monkeypatch: pytest.MonkeyPatch, nilai: str | None, jeda: bool) -> None:
    """Pinned: the schedule begins paused unless AP2T_JADWAL=1; one look at a time, and none is made up for."""
    if nilai is None:
        monkeypatch.delenv("AP2T_JADWAL", raising=False)
    else:
        monkeypatch.setenv("AP2T_JADWAL", nilai)
    dag = importlib.reload(jadwal_hari_baca).dag
    assert dag.is_paused_upon_creation is jeda
    assert (dag.max_active_runs, dag.catchup) == (1, False)
    assert dag.params["uji_coba"] is True
    assert dag.dag_id in dag_kita()


def test_tanpa_io_saat_dibaca(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing opens no connection and reads no data file: it runs every minute on every scheduler."""

    def larang(*_: object, **__: object) -> None:
        raise AssertionError("DAG file did I/O while parsing")

    monkeypatch.setattr(socket.socket, "connect", larang)
    monkeypatch.setattr(Path, "read_text", larang)
    for berkas in (m.__name__ for m in BERKAS):
        sumber = Path(__file__).parents[2] / "dags" / f"{berkas}.py"
        with sumber.open() as f:
            exec(compile(f.read(), str(sumber), "exec"), {"__name__": "dag_uji", "__doc__": "x" * 200})  # noqa: S102


def test_kelompok_dari_lingkungan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kelompok codes are configuration; a bad one is refused while parsing, not at two in the morning."""
    monkeypatch.setenv("AP2T_KELOMPOK", "a, b,12")
    assert kelompok() == ("A", "B", "12")
    monkeypatch.setenv("AP2T_KELOMPOK", "A,ABC")
    with pytest.raises(MasukanTidakSah, match="ABC"):
        kelompok()


def test_plugins_loader_tidak_menjalankan_paket() -> None:
    """Airflow's plugins loader would execute every .py under plugins/ by its bare name; .airflowignore keeps it out."""
    from airflow._shared.module_loading.file_discovery import find_path_from_directory

    folder = str(Path(__file__).parents[2] / "plugins")
    dimuat = {Path(p) for p in find_path_from_directory(folder, ".airflowignore", "glob")}
    assert {p.name for p in dimuat if p.suffix == ".py"} <= {"plugin.py"}


def dimuat(perintah: str) -> set[str]:
    """Return what a Python has loaded that prints the names of some modules."""
    lingkungan = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    hasil = subprocess.run(
        [sys.executable, "-c", f"import sys; {perintah}"], env=lingkungan, check=False, capture_output=True, text=True
    )
    keluar(hasil)
    return set(hasil.stdout.split())


def test_plugin_memuat_di_muka() -> None:
    """A task is forked from a process that loaded the plugin: its DAG's file has nothing slow left to import."""
    sisa = dimuat(
        "import airflow.sdk, ap2t.plugin; ada = set(sys.modules);"
        "import jadwal_hari_baca, pembatalan_pengesahan, pengesahan_hari_baca, penjaga_sesi;"
        "print(*(m for m in set(sys.modules) - ada))"
    )
    assert "pengesahan_hari_baca" in sisa
    assert {m for m in sisa if m.split(".")[0] in {"ap2t", "psycopg", "requests", "sqlalchemy", "pydantic"}} == set()


def test_kolom_dimuat_di_langkah_saja() -> None:
    """What never reads a snapshot starts without columns; what does, without pandas, which pyarrow likes to bring."""
    lain = dimuat("import ap2t.web.pelanggan.pekerja; print(*sys.modules)")
    assert "ap2t.ledger.saringan" in lain
    assert lain.isdisjoint({"numpy", "pyarrow", "pandas", "airflow"})
    langkah = dimuat(
        "import ap2t.cli; from ap2t.teks_blok import Blok, gabung, kata_bit, teks_bilangan, teks_bulat;"
        "kolom = ['idpel', 'daya', 'unitup', 'tgl_baca'];"
        "blok = Blok(b'521000000001\\t1300\\tu\\t2026-05-25 03:00:00+00\\n', kolom, kolom);"
        "isi = blok.kolom(); daya = isi.angka['daya'].nilai; assert blok.polos.all();"
        "gabung('1', blok.teks_kolom('idpel'), teks_bulat(daya), teks_bilangan(daya, 6), kata_bit(daya * 0, ['a']));"
        "print(*sys.modules)"
    )
    assert "pyarrow.csv" in langkah
    assert "pandas" not in langkah


def test_yang_dibaca_dari_folder_dag(tmp_path: Path) -> None:
    """Airflow finds dags/.airflowignore where it looks for it: the DAG files are read, caches are not."""
    folder = tmp_path / "dags"
    shutil.copytree(Path(pengesahan_hari_baca.__file__).parent, folder)
    (folder / "__pycache__").mkdir(exist_ok=True)
    (folder / "__pycache__" / "dag.py").write_text("from airflow.sdk import DAG\n")
    semua = {str(Path(b).relative_to(folder)) for b in find_dag_file_paths(str(folder), safe_mode=False)}
    assert semua == {b.name for b in folder.glob("*.py")}
    assert "pengesahan_hari_baca.py" in semua


def test_plugin_dimuat_sekali() -> None:
    """In a checkout plugins folder and entry point name the same plugin; it is loaded once, without a complaint."""
    lihat = (
        "from airflow.plugins_manager import _get_plugins; plugin, salah = _get_plugins();"
        "print([type(p.source).__name__ for p in plugin if p.name == 'ap2t'], salah)"
    )
    folder = str(Path(__file__).parents[2] / "plugins")
    lingkungan = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "AIRFLOW__CORE__PLUGINS_FOLDER": folder,
    }
    hasil = subprocess.run([sys.executable, "-c", lihat], env=lingkungan, check=False, capture_output=True, text=True)
    keluar(hasil)
    assert hasil.stdout.splitlines()[-1] == "['PluginsDirectorySource'] {}"

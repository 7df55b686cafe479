"""Connections come from the environment or a secrets backend only."""

from __future__ import annotations

import json
import traceback

import pytest

from ap2t import koneksi
from ap2t.galat import KoneksiTidakSah


def test_dari_lingkungan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pinned shape: AIRFLOW_CONN_<ID> as JSON; the password never shows in repr."""
    isi = {"conn_type": "postgres", "host": "h", "port": "5433", "login": "u", "password": "r4hasia", "schema": "s"}
    monkeypatch.setenv("AIRFLOW_CONN_CMT_DB", json.dumps(isi | {"extra": {"sslmode": "require"}}))
    k = koneksi.ambil("cmt_db")
    assert (k.host, k.port, k.login, k.password, k.schema) == ("h", 5433, "u", "r4hasia", "s")
    assert k.extra_dejson == {"sslmode": "require"}
    assert "r4hasia" not in repr(k)


def test_uri_juga_boleh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow's URI form is read too."""
    monkeypatch.setenv("AIRFLOW_CONN_ACMT_DB", "postgres://u:p@h:5432/s")
    assert koneksi.ambil("acmt_db").host == "h"


def test_tidak_ada(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that only Airflow's own database might have is not found, and the message says what to do."""
    monkeypatch.delenv("AIRFLOW_CONN_AP2T_X", raising=False)
    with pytest.raises(KoneksiTidakSah, match="AIRFLOW_CONN_AP2T_X"):
        koneksi.ambil("ap2t_x")
    assert not koneksi.ada("ap2t_x")


@pytest.mark.parametrize(
    "isi",
    [
        *("{", '{"host": "h"}', '{"conn_type": "x", "port": "abc"}', '{"conn_type":"x","extra":"{"}'),
        *('{"conn_type": ' + "[" * 100_000, '{"conn_type": "x", "extra": "%s"}' % ("[" * 100_000)),
    ],
    ids=range(6),
)
def test_rusak(monkeypatch: pytest.MonkeyPatch, isi: str) -> None:
    """A broken value is refused by name, its content not repeated."""
    monkeypatch.setenv("AIRFLOW_CONN_ACMT_DB", isi)
    with pytest.raises(KoneksiTidakSah, match="AIRFLOW_CONN_ACMT_DB"):
        koneksi.ambil("acmt_db")


def test_uri_rusak_tidak_membocorkan_sandi(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that has a / in it is taken for the port, and Python's error quotes it: no traceback shows that."""
    monkeypatch.setenv("AIRFLOW_CONN_ACMT_DB", "postgres://u:r4hasia/x@h:5432/s")
    with pytest.raises(KoneksiTidakSah) as galat:
        koneksi.ambil("acmt_db")
    assert "r4hasia" not in "".join(traceback.format_exception(galat.value))


def test_secrets_backend(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """A configured secrets backend is asked after the environment; Airflow's metastore never is."""
    from pathlib import Path

    berkas = Path(str(tmp_path)) / "rahasia.json"
    berkas.write_text(json.dumps({"ap2t_budi": {"conn_type": "http", "login": "budi", "password": "p"}}))
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", "airflow.secrets.local_filesystem.LocalFilesystemBackend")
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND_KWARGS", json.dumps({"connections_file_path": str(berkas)}))
    assert koneksi.ambil("ap2t_budi").login == "budi"


def test_nama_koneksi_orang() -> None:
    """Pinned: other characters than letters, digits and _ become _; names that collide are found."""
    assert koneksi.id_ap2t("budi.santoso@pln") == "ap2t_budi_santoso_pln"
    assert koneksi.kunci_ap2t("a.b") == koneksi.kunci_ap2t("A_b")
    assert koneksi.kunci_ap2t("a.b") != koneksi.kunci_ap2t("ab")

"""Which auth managers a gate may rest on, and who answered it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ap2t import identitas
from ap2t.galat import WewenangKurang

FAB_POLOS = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


@pytest.fixture
def manajer(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda nama: monkeypatch.setenv("AIRFLOW__CORE__AUTH_MANAGER", nama)


@pytest.mark.parametrize("nama", [identitas.SIMPLE, identitas.FAB])
def test_gerbang_terjaga(manajer: Any, nama: str) -> None:
    """Both managers that know people by their username are accepted."""
    manajer(nama)
    identitas.pastikan_gerbang_terjaga()


@pytest.mark.parametrize("nama", [FAB_POLOS, "lain.Manajer", "ap2t.auth.fab.ManajerFabLain"])
def test_manajer_lain_ditolak(manajer: Any, nama: str) -> None:
    """Also FAB's own: it compares numeric ids, so the right people could not answer. The message says what to set."""
    manajer(nama)
    with pytest.raises(WewenangKurang, match=f"{nama} tidak didukung.*{identitas.FAB}"):
        identitas.pastikan_gerbang_terjaga()


def test_semua_admin_ditolak(manajer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In all_admins mode anyone may answer; FAB knows no such mode."""
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    with pytest.raises(WewenangKurang, match="all_admins"):
        identitas.pastikan_gerbang_terjaga()
    manajer(identitas.FAB)
    identitas.pastikan_gerbang_terjaga()


@pytest.mark.parametrize(
    ("nama", "orang"),
    [
        (identitas.SIMPLE, {"id": "spv54110", "name": "spv54110"}),
        (identitas.SIMPLE, SimpleNamespace(id="spv54110", name="lain")),
        (identitas.FAB, {"id": "7", "name": "spv54110"}),
        (identitas.FAB, SimpleNamespace(id="54110", name="spv54110")),
    ],
)
def test_penjawab(manajer: Any, nama: str, orang: Any) -> None:
    """The username, never FAB's number (which could be another person's username)."""
    manajer(nama)
    assert identitas.penjawab(orang) == "spv54110"


@pytest.mark.parametrize("orang", [None, {}, {"id": "", "name": ""}, {"id": None, "name": None}])
@pytest.mark.parametrize("nama", [identitas.SIMPLE, identitas.FAB])
def test_tanpa_penjawab(manajer: Any, nama: str, orang: Any) -> None:
    """A defaulted or broken answer names nobody."""
    manajer(nama)
    assert identitas.penjawab(orang) is None

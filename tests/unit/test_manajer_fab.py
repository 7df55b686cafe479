"""The FAB auth manager's own decisions, on FAB's real tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pkgutil import resolve_name
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.providers.fab.auth_manager.models import Action, Permission, Resource, Role, User
from airflow.providers.fab.www.security import permissions as fab_izin
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from ap2t import identitas
from ap2t.auth import fab
from ap2t.auth.fab import ManajerFab
from ap2t.auth.peran import AUDITOR, PENGELOLA, PENYALIN, PERAN, SPV_TE
from ap2t.galat import WewenangKurang

UBAH = {"can_create", "can_edit", "can_delete"}


@pytest.fixture
def basis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    mesin = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    tabel = [t for n, t in User.metadata.tables.items() if n.startswith("ab_")]
    User.metadata.create_all(mesin, tables=tabel)

    @contextmanager
    def sesi(scoped: bool = True) -> Iterator[Session]:
        with Session(mesin) as s, s.begin():
            yield s

    monkeypatch.setattr(fab, "create_session", sesi)
    with Session(mesin) as s:
        yield s
    mesin.dispose()


def orang(basis: Session, username: str, *peran: str, aktif: bool | None = True) -> User:
    ada = {r.name: r for r in basis.query(Role).all()}
    isi = User(
        username=username,
        first_name="Siti",
        last_name="spv54110",
        email=f"{username}@x.id",
        roles=[ada.get(p) or Role(name=p, permissions=[]) for p in peran],
    )
    basis.add(isi)
    basis.flush()
    isi.active = aktif
    basis.commit()
    basis.refresh(isi)
    return isi


def boleh(user: Any, *ditunjuk: str) -> bool:
    return ManajerFab().is_authorized_hitl_task(assigned_users=set(ditunjuk), user=user)


def test_penjawab_ditunjuk_dan_berperan(basis: Session) -> None:
    """Named by username and holding SPV_TE; among several names and several roles too."""
    assert boleh(orang(basis, "spv54110", SPV_TE), "spv54110")
    assert boleh(orang(basis, "spv54110b", AUDITOR, SPV_TE), "spv54110", "spv54110b")


def test_selain_itu_ditolak(basis: Session) -> None:
    """Not named, no SPV_TE (Admin is no exception), inactive, unknown, or nobody assigned: refused."""
    spv = orang(basis, "spv54110", SPV_TE)
    assert not boleh(spv)
    assert not boleh(spv, "spv41310", "SPV54110", "Siti spv54110")
    assert not boleh(spv, str(spv.id))  # a number in the list is a username, never FAB's id
    assert not boleh(orang(basis, "admin", "Admin"), "admin")
    assert not boleh(orang(basis, "op", "Op", PENGELOLA), "op")
    assert not boleh(orang(basis, "tanpa"), "tanpa")
    assert not boleh(orang(basis, "lama", SPV_TE, aktif=False), "lama")
    assert not boleh(orang(basis, "kosong", SPV_TE, aktif=None), "kosong")
    assert not boleh(SimpleNamespace(id=999), "spv54110")
    assert not boleh(SimpleNamespace(), "spv54110")
    assert not boleh(None, "None")


def test_nama_lengkap_bukan_siapa_siapa(basis: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who a person is never rests on a name that can be edited: else anybody could start and answer as somebody else.

    Airflow asks its auth manager's users for these two names, 3.3 for the one, 3.4 for the other.
    """
    spv = orang(basis, "spv54110", SPV_TE)
    spv.first_name, spv.last_name = "spv54110b", ""
    assert (spv.get_name(), spv.get_display_name()) == ("spv54110", "spv54110")
    assert boleh(spv, "spv54110", "spv54110b")
    monkeypatch.setattr(User, "get_display_name", User.get_full_name)  # as a release that records yet another name
    assert not boleh(spv, "spv54110", "spv54110b")


def test_peran_dicabut_berlaku_seketika(basis: Session) -> None:
    """FAB remembers a logged-in user with their roles; the answer is judged by what the database says now."""
    spv = orang(basis, "spv54110", SPV_TE)
    basis.expunge_all()
    basis.get_one(User, spv.id).roles = []
    basis.commit()
    assert spv.roles[0].name == SPV_TE
    assert not boleh(spv, "spv54110")


@pytest.mark.parametrize("nama", PERAN)
def test_izin_dikenal_fab(nama: str) -> None:
    """A misspelt permission would be created, and never asked for."""
    sumber = {v for k, v in vars(fab_izin).items() if k.startswith("RESOURCE_") and isinstance(v, str)} | {"Assets"}
    tindakan = {v for k, v in vars(fab_izin).items() if k.startswith("ACTION_")}
    assert {s for _, s in PERAN[nama]} <= sumber
    assert {t for t, _ in PERAN[nama]} <= tindakan


def test_hak_mengubah_secukupnya() -> None:
    """Least privilege: what each role may change is exactly this."""
    diri = ("can_edit", "My Password")
    ubah = {nama: {i for i in izin if i[0] in UBAH} - {diri} for nama, izin in PERAN.items()}
    assert ubah == {
        SPV_TE: {("can_create", "DAG Runs"), ("can_edit", "HITL Detail")},
        AUDITOR: set(),
        PENYALIN: set(),
        PENGELOLA: {("can_edit", "DAGs"), ("can_edit", "DAG Runs"), ("can_edit", "Task Instances")},
    }
    for izin in PERAN.values():
        assert not {s for _, s in izin} & {"Connections", "Variables", "Configurations", "Users", "Roles"}


@pytest.mark.parametrize(
    ("metode", "bagian", "hasil"),
    [
        ("POST", DagAccessEntity.RUN, True),
        ("PUT", DagAccessEntity.HITL_DETAIL, True),
        ("GET", DagAccessEntity.RUN, True),
        ("GET", DagAccessEntity.TASK_LOGS, True),
        ("GET", None, True),
        ("PUT", None, False),  # pausing a DAG stops every unit
        ("DELETE", None, False),
        ("PUT", DagAccessEntity.RUN, False),
        ("DELETE", DagAccessEntity.RUN, False),
        ("PUT", DagAccessEntity.TASK_INSTANCE, False),
        ("POST", DagAccessEntity.XCOM, False),
        ("GET", DagAccessEntity.AUDIT_LOG, False),
    ],
)
def test_spv_te_atas_dag(metode: Any, bagian: Any, hasil: bool) -> None:
    """SPV_TE starts runs and answers gates without the right to edit a DAG; nothing else comes with it."""
    spv = SimpleNamespace(perms=PERAN[SPV_TE], roles=[SimpleNamespace(name=SPV_TE)])
    rinci = DagDetails(id="pengesahan_hari_baca_a")
    assert ManajerFab().is_authorized_dag(method=metode, user=spv, access_entity=bagian, details=rinci) is hasil


@pytest.mark.parametrize(
    "dag", ["penjaga_sesi", "jadwal_hari_baca", "laporan_lain", "pengesahan_hari_baca_z", "~", None]
)
def test_spv_te_hanya_dag_pengesahan(dag: str | None) -> None:
    """What runs by a schedule is not theirs to start: a backfill of the watch would be thousands of runs."""
    spv = SimpleNamespace(perms=PERAN[SPV_TE], roles=[SimpleNamespace(name=SPV_TE)])
    rinci = DagDetails(id=dag)
    for metode, bagian in (("POST", DagAccessEntity.RUN), ("PUT", DagAccessEntity.HITL_DETAIL)):
        boleh = ManajerFab().is_authorized_dag(method=metode, user=spv, access_entity=bagian, details=rinci)  # type: ignore[arg-type]
        assert boleh is (dag is None)  # FAB's own: without a DAG nothing can be started or answered


@pytest.mark.parametrize("kurang", [("can_read", "DAGs"), ("can_create", "DAG Runs"), "SPV_TE"])
def test_mulai_butuh_semuanya(kurang: Any) -> None:
    """Starting takes the role, the right to start, and seeing the DAG."""
    peran = [SimpleNamespace(name=SPV_TE)] if kurang != "SPV_TE" else []
    siapa = SimpleNamespace(perms=PERAN[SPV_TE] - {kurang}, roles=peran)
    rinci = DagDetails(id="pengesahan_hari_baca_a")
    assert not ManajerFab().is_authorized_dag(
        method="POST", user=siapa, access_entity=DagAccessEntity.RUN, details=rinci
    )


def test_peran_disamakan(basis: Session, caplog: pytest.LogCaptureFixture) -> None:
    """A role is made, and one that somebody changed is brought back, and the log says so; what fits is left alone."""
    for tindakan, sumber in {*PERAN[AUDITOR], ("can_edit", "Connections")}:
        a = basis.query(Action).filter_by(name=tindakan).one_or_none() or Action(name=tindakan)
        r = basis.query(Resource).filter_by(name=sumber).one_or_none() or Resource(name=sumber)
        basis.add(Permission(action=a, resource=r))
        basis.flush()
    fab._samakan(basis, AUDITOR, PERAN[AUDITOR])
    basis.flush()
    peran = basis.query(Role).one()
    asing = basis.query(Permission).join(Permission.resource).filter(Resource.name == "Connections").one()
    peran.permissions = [*peran.permissions[3:], asing]
    basis.flush()
    fab._samakan(basis, AUDITOR, PERAN[AUDITOR])
    assert {(p.action.name, p.resource.name) for p in basis.query(Role).one().permissions} == PERAN[AUDITOR]
    assert "dicabut [('can_edit', 'Connections')]" in caplog.text
    caplog.clear()
    fab._samakan(basis, AUDITOR, PERAN[AUDITOR])
    assert not caplog.text


@pytest.mark.parametrize(
    "setelan",
    [
        {"AUTH_ROLE_PUBLIC": "Viewer"},
        {"AUTH_ROLE_PUBLIC": "Public"},
        {"AUTH_USER_REGISTRATION": True, "AUTH_USER_REGISTRATION_ROLE": SPV_TE},
    ],
)
def test_peran_bawaan_ditolak(setelan: dict[str, Any]) -> None:
    """Nobody gets a role by default: FAB set up to do so does not start."""
    with pytest.raises(WewenangKurang, match=str(next(v for v in setelan.values() if isinstance(v, str)))):
        fab._pastikan_tanpa_peran_bawaan(setelan)


def test_bawaan_fab_diterima() -> None:
    fab._pastikan_tanpa_peran_bawaan({"AUTH_USER_REGISTRATION": False, "AUTH_USER_REGISTRATION_ROLE": None})


def test_alamat_manajer() -> None:
    """The name that the gate accepts and deployments set is this class."""
    assert resolve_name(identitas.FAB) is ManajerFab

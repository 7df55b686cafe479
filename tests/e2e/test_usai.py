"""What all other tests have left behind: no secret anywhere, no row in AP2T without its approval, a whole trail."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.e2e.conftest import StackUji, disiapkan
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
CATATAN = "catatan-yang-tidak-boleh-bocor"
JWT = re.compile(r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")
DUA_KATA = re.compile(r"(?=\b([A-Z][a-z]+ [A-Z][a-z]+)\b)")
TABEL = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'pengesahan')"
XCOM, ISIAN_TUGAS = {"xcom", "xcom_v2"}, {"rendered_task_instance_fields", "rtif_v2"}
"""Tables of Airflow before 3.4 and from it on."""
DISETUJUI = """
    SELECT b.kunci, s.idpel, b.oleh
      FROM pengesahan.batch b
      JOIN pengesahan.sesi i ON i.id = b.sesi_id
      JOIN pengesahan.saringan s ON s.sesi_id = i.id AND s.idpel = ANY (b.idpel) AND s.hasil = 'LOLOS'
     WHERE i.pengesah = (SELECT count(*) FROM pengesahan.persetujuan p WHERE p.sesi_id = i.id
                            AND p.keputusan = 'SETUJU' AND p.sidik = i.sidik AND NOT s.idpel = ANY (p.kembalikan))
       AND b.oleh = (SELECT p.oleh FROM pengesahan.persetujuan p WHERE p.sesi_id = i.id ORDER BY urutan DESC LIMIT 1)
"""


def run_bercatatan(stack: StackUji) -> RunUji:
    """An ordinary run with a note: whatever tests were chosen, there is something to look at."""
    run = RunUji(stack, "55210", "J")
    run.sah(isian={"catatan": CATATAN})
    return run


def berkas(stack: StackUji) -> Iterator[tuple[str, str]]:
    """Every log file of the stack: tasks', components', commands'."""
    for folder in (stack.folder / "airflow" / "logs", stack.folder / "log"):
        for satu in folder.rglob("*"):
            if satu.is_file():
                yield str(satu.relative_to(stack.folder)), satu.read_text(errors="replace")


def basis_data(url: str) -> Iterator[tuple[str, str]]:
    """Every row of every table, as text: of Airflow its XComs, rendered fields, notes, events, import errors, all."""
    with psycopg.connect(url) as conn:
        for skema, tabel in conn.execute(TABEL).fetchall():
            isi = psycopg.sql.SQL("SELECT t::text FROM {} t").format(psycopg.sql.Identifier(skema, tabel))
            for (baris,) in conn.execute(isi):
                yield tabel, baris


def metadata(stack: StackUji) -> Iterator[tuple[str, str]]:
    url = make_url(stack.env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]).set(drivername="postgresql")
    return basis_data(url.render_as_string(hide_password=False))


@disiapkan(run_bercatatan)
def test_tanpa_rahasia(stack: StackUji, sendiri: None, siap: RunUji) -> None:
    """No password and no token in any log, in Airflow's database or in the ledger."""
    rahasia = {k: v for k, v in stack.rahasia.items() if v} | {f"sandi {u}": s for u, s in stack.sandi.items()}
    rahasia |= {f"token {n}": t for n, t in enumerate(stack.token)}
    rahasia |= {n: json.loads(v).get("password") for n, v in stack.env.items() if n.startswith("AIRFLOW_CONN_")}
    cari = [(nama, nilai) for nama, nilai in rahasia.items() if nilai]
    bocor, dilihat = set(), Counter[str]()
    for tempat, isi in chain(berkas(stack), metadata(stack), basis_data(stack.env["AP2T_LEDGER_OWNER_URL"])):
        dilihat[tempat] += 1
        bocor |= {(tempat, nama) for nama, nilai in cari if nilai in isi}
        bocor |= {(tempat, "JWT")} if JWT.search(isi) else set()
    assert not bocor
    nomor = siap.sesi["nomor"]
    assert [t for t, isi in berkas(stack) if "task_id=posting_ap2t" in t and nomor in isi]
    assert {"log", "hitl_detail", "jejak", "log/scheduler.log"} <= set(dilihat)
    assert all(nama & set(dilihat) for nama in (XCOM, ISIAN_TUGAS))


@disiapkan(run_bercatatan)
def test_tanpa_data_pelanggan(stack: StackUji, sendiri: None, siap: RunUji) -> None:
    """Invariant 7: no customer's name in any log or in Airflow's database; a note only where Airflow keeps answers."""
    nama = {n for (n,) in stack.buku("SELECT DISTINCT nama FROM pengesahan.bacaan WHERE nama LIKE '%% %%'")}
    bocor, catatan = set(), set()
    for tempat, isi in chain(berkas(stack), metadata(stack)):
        bocor |= {(tempat, n) for n in nama.intersection(DUA_KATA.findall(isi))}
        catatan |= {tempat} if CATATAN in isi else set()
    assert not bocor
    assert "hitl_detail" in catatan
    assert not {t for t in catatan if "/" in t} | catatan & (XCOM | ISIAN_TUGAS)


@disiapkan(run_bercatatan)
def test_setiap_posting_disetujui(stack: StackUji, sendiri: None, siap: RunUji) -> None:
    """Invariants 1 to 3, over all that was tried: each row of AP2T went once, approved, as the approver's own user."""
    assert (stack.berulang(), stack.sandbox("GET", "ringkasan")["pelanggaran"]) == (set(), 0)
    sah = {(str(kunci), idpel): oleh for kunci, idpel, oleh in stack.buku(DISETUJUI)}
    terkirim = [b for b in stack.sandbox("GET", "log/jejak")["baris"] if b["sumber"] == "AP2T" and b["ke"] == 1]
    assert {(b["kunci"], b["idpel"]) for b in terkirim} <= set(sah)
    assert not [b["idpel"] for b in terkirim if sah[b["kunci"], b["idpel"]] != b["oleh"]]
    assert {b["idpel"] for b in terkirim} >= siap.terposting()


@disiapkan(run_bercatatan)
def test_jejak_utuh(stack: StackUji, sendiri: None, siap: RunUji) -> None:
    """After all of it the trail is whole and the ledger agrees with itself."""
    stack.audit()

"""Attempts to pass a gate by marking: tasks and runs set to success by hand, by whoever Airflow lets do it.

Each test first shows that Airflow took the mark, then that nothing was posted, then that the honest way still works.
"""

from __future__ import annotations

import pytest
import requests

from tests.e2e.conftest import StackUji, dua_pengesah, serentak
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT, UNIT_DUA = "55210", "41310"
SPV, VENDOR, ASING = f"spv{UNIT}", f"vendor{UNIT}", "spv54110"
OP, ADMIN = "operator", "admin"


def belum_siap_ditandai(stack: StackUji, kode: str, siapa: str) -> None:
    run = RunUji(stack, UNIT, kode)
    run.sampai(lambda t: "deferred" in t.values())
    run.tandai_kesiapan(siapa)
    run.gagal("ambil_bacaan")
    run.tandai(siapa, "persetujuan", include_upstream=True)
    run.gagal("posting_ap2t")
    run.tandai_run(siapa, "success")
    run.pastikan_nihil()
    assert not stack.buku("SELECT 1 FROM pengesahan.bacaan WHERE sesi_id = %s", run.sesi["id"])
    assert not stack.buku("SELECT 1 FROM pengesahan.gerbang WHERE sesi_id = %s", run.sesi["id"])


@serentak
def test_cap_salah_ditandai_siap(stack: StackUji) -> None:
    """The snapshot looks at readiness again: wrong stamps stay wrong however the steps are marked."""
    belum_siap_ditandai(stack, "R", ASING)


@serentak
def test_belum_dibaca_ditandai_siap(stack: StackUji) -> None:
    """The same for customers nobody has read, marked by role Op."""
    belum_siap_ditandai(stack, "T", OP)


@serentak
def test_setiap_tugas_ditandai_berurutan(stack: StackUji) -> None:
    """Each step checks what the session has reached in the ledger, not what Airflow says of the step before."""
    run = RunUji(stack, UNIT, "S")
    run.sampai(lambda t: "deferred" in t.values())
    run.tandai_kesiapan(ASING)
    run.gagal("ambil_bacaan")
    run.tandai(VENDOR, "ambil_bacaan")
    run.gagal("saring_jam_nyala")
    run.tandai(SPV, "rekap")
    run.gagal("persetujuan")
    run.tandai(OP, "saring_jam_nyala")
    run.gagal("persetujuan")
    run.ulang(ADMIN, "rekap")  # which finds an empty snapshot: nobody is asked
    run.gagal("rekonsiliasi")
    assert (run.tugas["persetujuan"], run.tugas["posting_ap2t"]) == ("skipped", "skipped")
    run.tandai(ASING, "rekonsiliasi")
    run.gagal("tutup_sesi")
    run.tandai(ASING, "tutup_sesi")
    run.tandai_run(ASING, "success")
    run.pastikan_nihil()
    # the honest way: the readings are stamped, the session is taken up where it stands
    stack.acmt(
        "UPDATE acmt_dasar.bacaan SET verif_pengawas_oleh = %s, verif_pengawas_pada = greatest(tgl_baca, diubah_pada), "
        "verif_vendor_oleh = %s, verif_vendor_pada = greatest(tgl_baca, diubah_pada), "
        "kirim_oleh = %s, kirim_pada = greatest(tgl_baca, diubah_pada) WHERE unitup = %s AND hari_baca = 'S'",
        f"pengawas{UNIT}",
        VENDOR,
        VENDOR,
        UNIT,
    )
    run.ulang(SPV, "ambil_bacaan")
    run.sah()


@serentak
def test_gerbang_ditandai(stack: StackUji) -> None:
    """The gate alone proves nothing: marked by anyone, as success or skipped, posting asks the ledger and refuses."""
    run = RunUji(stack, UNIT, "B")
    for siapa, keadaan in ((VENDOR, "success"), (ASING, "success"), (OP, "skipped"), (ADMIN, "success")):
        run.berdiri()
        run.tandai(siapa, "persetujuan", keadaan)
        run.gagal("posting_ap2t")
        run.pastikan_nihil()
        assert run.sesi["status"] == "TERHENTI"
        run.ulang(SPV, "persetujuan")
    assert "bukan persetujuan" in stack.log(SPV, run.dag, run.id, "posting_ap2t")
    run.berdiri()
    run.tandai_banyak(ASING, "persetujuan", "persetujuan_kedua")
    run.gagal("posting_ap2t")
    run.pastikan_nihil()
    run.ulang(SPV, "persetujuan")
    # everything after the gate is marked done while it stands; then it is answered
    run.berdiri()
    run.tandai(ASING, "posting_ap2t")
    run.jawab()
    run.gagal("rekonsiliasi")
    run.tandai(OP, "rekonsiliasi")
    run.gagal("tutup_sesi")
    run.tandai(ADMIN, "tutup_sesi")
    run.pastikan_nihil(jawaban=1)
    run.ulang(SPV, "posting_ap2t")
    run.berhasil()
    assert {b["oleh"] for b in run.ap2t().values() if b["kodeposting"] == 1} == {SPV}


@serentak
def test_tanpa_sesi_ditandai(stack: StackUji) -> None:
    """Who may not start a run for the unit gets no session, whatever is marked afterwards."""
    unitup, kode = "54110", "Q"
    run = RunUji(stack, unitup, kode, oleh=SPV)
    run.gagal("buka_sesi")
    run.tandai(SPV, "buka_sesi")
    run.gagal("kesiapan.stan_terisi")
    run.tandai(SPV, "persetujuan_kedua", include_upstream=True)
    run.gagal("posting_ap2t")
    run.tandai(SPV, "tutup_sesi", include_upstream=True)
    run.tandai_run(SPV, "success")
    assert not stack.buku("SELECT 1 FROM pengesahan.sesi WHERE run_id = %s", run.id)
    ap2t = stack.baris_ap2t(unitup, stack.bulan(unitup, kode), kode)
    assert {b["kodeposting"] for b in ap2t.values()} == {0}


@serentak
def test_pengesah_kedua_ditandai(stack: StackUji) -> None:
    """Where two must approve: one answer and a mark are one answer; both must hold the role when it is posted."""
    satu, dua = f"spv{UNIT_DUA}", f"spv{UNIT_DUA}b"
    dua_pengesah(stack, UNIT_DUA)
    run = RunUji(stack, UNIT_DUA, "B", oleh=f"vendor{UNIT_DUA}")
    run.jawab()
    run.berdiri("persetujuan_kedua")
    with pytest.raises(requests.HTTPError, match="403"):  # the second is not the first
        run.kirim_jawaban(oleh=satu, tugas="persetujuan_kedua")
    run.tandai(satu, "persetujuan_kedua")
    run.gagal("posting_ap2t")
    run.xcom(OP, "persetujuan_kedua", "SETUJU")
    run.ulang(satu, "posting_ap2t")
    run.gagal("posting_ap2t")
    run.pastikan_nihil(jawaban=1)
    # the first approval, cleared, is not asked again: nobody can give it in another's name
    run.ulang(satu, "persetujuan")
    run.berdiri("persetujuan_kedua")
    assert run.tugas["persetujuan"] == "success"
    assert [j[:3] for j in run.persetujuan()] == [(1, "SETUJU", satu)]
    cabut(stack, satu)
    run.jawab(oleh=dua, tugas="persetujuan_kedua")
    run.gagal("posting_ap2t")
    run.pastikan_nihil(jawaban=2)
    cabut(stack, satu, aktif=True)
    run.ulang(dua, "posting_ap2t")
    run.berhasil()
    assert {b["oleh"] for b in run.ap2t().values() if b["kodeposting"] == 1} == {dua}
    dicabut_lalu_menjawab(stack, satu)


def cabut(stack: StackUji, username: str, *, aktif: bool = False) -> None:
    """Withdraw somebody's roles in ACMT, or give them back."""
    stack.acmt("UPDATE acmt_dasar.petugas SET aktif = %s WHERE username = %s", aktif, username)


def dicabut_lalu_menjawab(stack: StackUji, siapa: str) -> None:
    """A role withdrawn between asking and answering posts nothing, and the session says why."""
    run = RunUji(stack, UNIT_DUA, "C", oleh=f"vendor{UNIT_DUA}").berdiri()
    cabut(stack, siapa)
    run.jawab(oleh=siapa)
    run.gagal("persetujuan")
    cabut(stack, siapa, aktif=True)
    run.pastikan_nihil()
    assert run.sesi["status"] == "TERHENTI"
    assert siapa in run.sesi["keterangan"]

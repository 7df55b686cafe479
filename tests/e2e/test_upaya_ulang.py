"""Attempts to post by running something again: cleared tasks, late answers, run ids used twice, runs taken over.

Each test first shows that the task ran again or the answer was stored, then what is posted and what is not.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
import requests

from sandbox.acmt_demo import idpel_demo
from tests.e2e.conftest import BARIS, StackUji, disiapkan, serentak, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT = "55210"
SPV, SPV_B, VENDOR, ASING, ADMIN = f"spv{UNIT}", f"spv{UNIT}b", f"vendor{UNIT}", "spv54110", "admin"
BEKU = ("ambil_bacaan", "saring_jam_nyala", "rekap", "persetujuan")


class Diubah(NamedTuple):
    """What was changed in ACMT: rows that differ now, and one that was not there before."""

    beda: dict[str, str]
    baru: str


RAGAM = (
    # a stamp taken away; a stan changed by hand; read, verified and sent anew, far over the limit; gone
    "UPDATE acmt_dasar.bacaan SET kirim_oleh = NULL, kirim_pada = NULL WHERE thblrek = %s AND idpel = %s",
    "UPDATE acmt_dasar.bacaan SET sahlwbp = sahlwbp + 1 WHERE thblrek = %s AND idpel = %s",
    "UPDATE acmt_dasar.bacaan SET sahlwbp = slalwbp + 3 * daya, pemkwh = NULL, diubah_pada = now(), "
    "verif_pengawas_pada = now(), verif_vendor_pada = now(), kirim_pada = now() WHERE thblrek = %s AND idpel = %s",
    "DELETE FROM acmt_dasar.bacaan WHERE thblrek = %s AND idpel = %s",
)
TAMBAH = (
    "INSERT INTO acmt_dasar.bacaan SELECT (r).* FROM (SELECT jsonb_populate_record(b, jsonb_build_object('idpel', "
    "%s::text)) AS r FROM acmt_dasar.bacaan b WHERE thblrek = %s AND idpel = %s)"
)


def ubah_acmt(run: RunUji, *, tetap_siap: bool = False) -> Diubah:
    """Change approvable rows in ACMT, each otherwise, and add one that AP2T knows.

    :param tetap_siap: take no stamp away, so that the kelompok stays ready.
    """
    bulan, contoh, *kena = run.sesi["thblrek"], *sorted(run.boleh())[:5]
    for sql, idpel in list(zip(RAGAM, kena, strict=True))[tetap_siap:]:
        run.stack.acmt(sql, bulan, idpel)
    baru = idpel_demo(run.unitup, run.kode, BARIS, BARIS)
    run.stack.acmt(TAMBAH, baru, bulan, contoh)
    pelanggan = {"idpel": baru, "unitup": run.unitup, "thblrek": bulan, "hari_baca": run.kode, "daya": 1300}
    run.stack.sandbox("POST", "pelanggan", json={"baris": [pelanggan]})
    beda = dict(zip(kena, [*["BERUBAH_DI_ACMT"] * 3, "TIDAK_ADA_LAGI"], strict=True))
    return Diubah(dict(list(beda.items())[tetap_siap:]), baru)


def pastikan_tanpa_yang_berubah(run: RunUji, ubah: Diubah) -> None:
    """All that was shown, was not sent back and has not changed is posted; what changed is named and stays 0."""
    keadaan, tugas = run.selesai()
    assert keadaan == "success", tugas
    assert run.sesi["status"] == "SELESAI"
    assert run.terposting() == run.boleh() - run.dikembalikan() - set(ubah.beda) - {ubah.baru}
    assert {i: k for i, (s, k) in run.hasil().items() if s == "BERUBAH"} == ubah.beda
    log = run.stack.log(SPV, run.dag, run.id, "posting_ap2t", run.percobaan("posting_ap2t"))
    assert not [i for i in ubah.beda if i not in log]


def kiriman(run: RunUji) -> list[tuple[str, str]]:
    """What AP2T was sent by the run's session: key and what AP2T did with it."""
    kunci = {str(k) for (k,) in run.stack.buku("SELECT kunci FROM pengesahan.batch WHERE sesi_id = %s", run.sesi["id"])}
    semua = run.stack.sandbox("GET", "log/kiriman")["baris"]
    return [(b["kunci"], b["hasil"]) for b in semua if b["kunci"] in kunci]


def tertutup(run: RunUji, *, terbuka: bool = False) -> None:
    """Close AP2T's fungsi 2 for the kelompok, or open it."""
    kelompok = {"unitup": run.unitup, "thblrek": run.sesi["thblrek"], "hari_baca": run.kode}
    run.stack.sandbox("POST", "periode", json={**kelompok, "terbuka": terbuka})


@serentak
def test_diulang_sebelum_disetujui(stack: StackUji) -> None:
    """What a gate has shown is frozen: snapshot, sieve and rekap run again on changed data and change nothing."""
    run = RunUji(stack, UNIT, "D").berdiri()
    semula, gerbang = run.sesi, run.klien.gerbang(run.dag, run.id)
    ubah = ubah_acmt(run)
    run.ulang(ASING, *BEKU)
    run.berdiri()
    assert min(run.percobaan(t) for t in BEKU) > 1  # a busy machine's Airflow may try once more by itself
    assert {k: run.sesi[k] for k in ("sidik", "rekap", "tahap")} == {k: semula[k] for k in ("sidik", "rekap", "tahap")}
    lagi = run.klien.gerbang(run.dag, run.id)
    assert [lagi[k] for k in ("body", "subject", "assigned_users")] == [
        gerbang[k] for k in ("body", "subject", "assigned_users")
    ]
    run.pastikan_nihil()
    run.jawab()
    pastikan_tanpa_yang_berubah(run, ubah)


@serentak
def test_diulang_sesudah_disetujui(stack: StackUji) -> None:
    """After the approval: every step runs again on changed data; the approval stands for what was shown, no more."""
    run = RunUji(stack, UNIT, "E").berdiri()
    tertutup(run)
    kembali = sorted(run.boleh())[-1]
    run.jawab(isian={"kembalikan": [kembali]})
    run.gagal("posting_ap2t")
    assert "FUNGSI2_TERTUTUP" in stack.log(SPV, run.dag, run.id, "posting_ap2t", run.percobaan("posting_ap2t"))
    semula, ubah = run.sesi, ubah_acmt(run)
    assert semula["status"] == "TERHENTI"
    tertutup(run, terbuka=True)
    run.ulang(ASING, "ambil_bacaan")
    pastikan_tanpa_yang_berubah(run, ubah)
    assert run.percobaan("ambil_bacaan") > 1
    assert run.sesi["sidik"] == semula["sidik"]
    assert run.persetujuan() == [(1, "SETUJU", SPV, [kembali])]
    # once more: a session that is done sends nothing
    terkirim, percobaan = kiriman(run), run.percobaan("posting_ap2t")
    run.ulang("operator", "posting_ap2t")
    assert run.selesai()[0] == "success"
    assert run.percobaan("posting_ap2t") > percobaan
    assert kiriman(run) == terkirim
    # deleted, and started again under its id: it meets its old session, which stays done
    run.hapus(ADMIN)
    lagi = RunUji(stack, UNIT, "E", run_id=run.id)
    lagi.gagal("buka_sesi")
    lagi.tandai(SPV, "persetujuan", include_upstream=True)
    lagi.selesai()
    assert kiriman(run) == terkirim
    assert run.sesi["status"] == "SELESAI"


@serentak
def test_jawaban_terlambat(stack: StackUji) -> None:
    """A run marked at its gate, then answered: a new session takes nothing of it; its own does, once it goes on."""
    run = RunUji(stack, UNIT, "F").berdiri()
    run.tandai_run(ADMIN, "failed")
    baru = RunUji(stack, UNIT, "F", oleh=VENDOR).berdiri()
    assert run.sesi["status"] == "DIAMBIL_ALIH"
    run.kirim_jawaban(oleh=SPV_B)
    run.tandai(ASING, "persetujuan")
    for tugas in ("posting_ap2t", "persetujuan", "buka_sesi"):
        run.ulang(ASING, tugas)
        run.gagal(tugas)
    run.pastikan_nihil()
    run.hapus(ADMIN)
    with pytest.raises(requests.HTTPError, match="404"):
        run.kirim_jawaban()
    # no task is there to see this answer; of a session that nobody took over it is not lost
    baru.tandai_run(ASING, "success")
    baru.kirim_jawaban()
    assert baru.tugas["persetujuan"] == "success"
    baru.pastikan_nihil()
    baru.ulang(ASING, "persetujuan")
    baru.berhasil()
    assert {b["no_pengesahan"] for b in baru.ap2t().values() if b["kodeposting"]} == {baru.sesi["nomor"]}


@serentak
def test_persetujuan_lama_untuk_run_baru(stack: StackUji) -> None:
    """A run deleted after its approval, started again under its id: the approval goes for its own digest only."""
    run = RunUji(stack, UNIT, "I", run_id="dipakai-lagi-disetujui").berdiri()
    tertutup(run)
    kembali = sorted(run.boleh())[-3:]
    run.jawab(isian={"kembalikan": kembali})
    run.gagal("posting_ap2t")
    tertutup(run, terbuka=True)
    semula, ubah = run.sesi, ubah_acmt(run, tetap_siap=True)
    run.hapus(ADMIN)
    # by a person of another unit, who may start runs for their own: this session is none of theirs
    asing = RunUji(stack, "54110", "I", run_id=run.id)
    asing.gagal("buka_sesi")
    asing.hapus(ADMIN)
    run.pastikan_nihil(jawaban=1)
    lagi = RunUji(stack, UNIT, "I", oleh=VENDOR, run_id=run.id)
    pastikan_tanpa_yang_berubah(lagi, ubah)
    assert (lagi.sesi["nomor"], lagi.sesi["sidik"]) == (semula["nomor"], semula["sidik"])
    assert lagi.persetujuan() == [(1, "SETUJU", SPV, kembali)]
    assert {b["oleh"] for b in lagi.ap2t().values() if b["kodeposting"] == 1} == {SPV}


def menunggu_di_gerbang(stack: StackUji) -> RunUji:
    return RunUji(stack, "54110", "K").berdiri()


@disiapkan(menunggu_di_gerbang)
def test_diambil_alih_saat_batch_terbang(stack: StackUji, sendiri: None, siap: RunUji) -> None:
    """Invariants 3 and 4: taken over with batches lost and batches held up; each row once, the first run fenced off."""
    run = siap
    for gangguan in (
        {"aksi": "hilang_sesudah", "jenis": ["posting"], "sisa": 3},
        {"aksi": "tahan", "jenis": ["posting"], "sisa": 2, "detik": 15},
        {"aksi": "galat", "jenis": ["batch", "tutup"]},
    ):
        stack.sandbox("POST", "gangguan", json=gangguan)
    run.jawab()
    terbang = "SELECT kunci FROM pengesahan.batch WHERE sesi_id = %s AND status = 'DIKIRIM'"
    tunggu(lambda: len(stack.buku(terbang, run.sesi["id"])) == 3 and len(kiriman(run)) == 1)
    run.tandai_run(ADMIN, "failed")
    stack.sandbox("DELETE", "gangguan")
    diterapkan = run.terposting()
    assert diterapkan
    baru = RunUji(stack, "54110", "K", oleh=f"{run.spv}b").berdiri()
    assert (run.sesi["status"], run.sesi["epoch"]) == ("DIAMBIL_ALIH", 3)
    assert not stack.buku(terbang, run.sesi["id"])
    tunggu(lambda: [h for _, h in kiriman(run)].count("KUNCI_DITUTUP") == 2)  # what was held up comes too late
    assert run.terposting() == diterapkan
    run.ulang(ADMIN, "posting_ap2t")
    run.gagal("posting_ap2t")
    assert run.terposting() == diterapkan
    baru.jawab(oleh=f"{run.spv}b")
    baru.berhasil()
    assert {b["no_pengesahan"] for i, b in baru.ap2t().items() if i in diterapkan} == {run.sesi["nomor"]}
    assert not stack.berulang()

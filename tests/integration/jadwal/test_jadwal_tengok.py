"""The schedule's look against a real PostgreSQL: each kelompok once, in its unit's own zone, whatever happens."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from acmt_fixtures import buat_sqlite, koneksi
from jadwal_fixtures import BULAN, HARI, PAGI, WIB, WIT, WITA, ZONA, Medan
from proses_fixtures import isi_koneksi

from ap2t.audit.kalimat_jejak import kalimat
from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.domain.kalender import BarisKalender
from ap2t.domain.model import Tempat
from ap2t.galat import AirflowMenolakRun, AirflowTidakMenjawab, SumberTidakTerjangkau
from ap2t.jadwal.tengok import baris_uji, nama_run, tengok_jadwal, uji_coba
from ap2t.kelola.pola import atur as atur_pola
from ap2t.ledger import sesi
from ap2t.ledger.buku import Buku
from ap2t.ledger.skema import mesin_pemilik
from ap2t.proses.layanan import Layanan
from ap2t.source.acmt import HitungKesiapan, SumberAcmt
from ap2t.source.koneksi import buat_engine


def semua_unit(medan: Medan) -> None:
    for unitup in ZONA:
        medan.kalender(unitup, *((k, h, 1) for k, h in HARI.items()))


# --------------------------------------------------------------------------------------------------- when, and once


def test_jatuh_tempo_pada_tengah_malam_unit_sendiri(medan: Medan) -> None:
    """Due from the day in the unit's own zone on: Jayapura first, Jakarta two hours later."""
    for unitup in ZONA:
        medan.kalender(unitup, ("B", HARI["B"], 1))
        medan.isi(unitup, "B")
    for jam, menit, harap in (
        (14, 59, set()),
        (15, 0, {WIT}),
        (15, 59, {WIT}),
        (16, 0, {WIT, WITA}),
        (16, 59, {WIT, WITA}),
        (17, 0, {WIT, WITA, WIB}),
    ):
        medan.tengok(datetime(2026, 5, 25, jam, menit, tzinfo=UTC))
        assert {u for u, _ in medan.dibuka} == harap, (jam, menit)


def test_hari_terakhir_pembacaan(medan: Medan) -> None:
    """The contract: due from tgl_mulai + jumlah_hari - 1."""
    medan.kalender(WIB, ("A", date(2026, 5, 24), 3))
    medan.isi(WIB, "A")
    medan.tengok(datetime(2026, 5, 25, 16, 59, tzinfo=UTC))
    assert not medan.run
    medan.tengok(datetime(2026, 5, 25, 17, 0, tzinfo=UTC))
    assert medan.dibuka == {(WIB, "A")}


def test_yang_siap_dibuka_sekali(medan: Medan) -> None:
    """Invariant of the schedule: however often it looks, each kelompok is opened once, and the trail says so once."""
    semua_unit(medan)
    for unitup in ZONA:
        medan.isi(unitup, "A")
        medan.isi(unitup, "B", belum=1)
    pertama = medan.tengok()
    assert (pertama.jatuh_tempo, pertama.dibuka, pertama.menunggu, pertama.sisa) == (6, 3, 3, 0)
    for _ in range(3):
        assert medan.tengok().dibuka == 0
    assert medan.dibuka == {(u, "A") for u in ZONA}
    run_id = f"operator_triggered__jadwal_{WIB}_{BULAN}_A"
    assert medan.run["pengesahan_hari_baca_a", run_id] == {
        "unitup": WIB,
        "thblrek": BULAN,
        "tunggu_kesiapan": True,
    }
    jejak = medan.jejak("JADWAL_DIBUKA")
    assert [j for j in jejak if j["unitup"] == WIB] == [
        {
            "unitup": WIB,
            "thblrek": BULAN,
            "hari_baca": "A",
            "run_id": run_id,
            "dag_id": "pengesahan_hari_baca_a",
            "jatuh_tempo": "2026-05-25",
            "sebab": "SIAP",
        }
    ]
    assert len(jejak) == 3
    assert "sudah siap" in kalimat("JADWAL_DIBUKA", "sistem", jejak[0])
    medan.lengkapi(WITA, "B")
    assert medan.tengok().dibuka == 1
    assert (WITA, "B") in medan.dibuka


def test_belum_siap_dibuka_pada_tenggat(medan: Medan) -> None:
    """At the deadline it is opened all the same, after the trail has told, once, what is missing."""
    medan.kalender(WITA, ("B", HARI["B"], 1))
    medan.isi(WITA, "B", 5, belum=2)
    tenggat = datetime(2026, 5, 25, 16, tzinfo=UTC) + timedelta(hours=36)  # the day began at 16.00 UTC in Makassar
    medan.tengok(tenggat - timedelta(minutes=1))
    assert not medan.run
    assert not medan.jejak("JADWAL_BELUM_SIAP")
    laporan = medan.tengok(tenggat)
    assert (laporan.dibuka, laporan.lewat) == (1, 1)
    medan.tengok(tenggat + timedelta(minutes=5))
    (belum,) = medan.jejak("JADWAL_BELUM_SIAP")
    assert set(belum) == {"unitup", "thblrek", "hari_baca", "jatuh_tempo", "tenggat", "angka", "kalimat"}
    assert belum["angka"] == {"pelanggan": 5, "terisi": 3, "terverifikasi": 3, "terkirim": 3}
    assert belum["kalimat"].startswith("Unit 70002, bulan 202606, kelompok B belum lengkap")
    assert "2 belum terisi" in belum["kalimat"]
    (dibuka,) = medan.jejak("JADWAL_DIBUKA")
    assert dibuka["sebab"] == "TENGGAT"
    assert len(medan.run) == 1


def test_stempel_tidak_sah_bukan_siap(medan: Medan) -> None:
    """Counts are a necessary condition only: stamps that do not count keep a kelompok waiting, and are named."""
    medan.kalender(WIB, ("A", HARI["A"], 1))
    medan.isi(WIB, "A", kirim_oleh="orang-lain")
    medan.tengok()
    assert not medan.run
    (p,), _ = uji_coba(medan.layanan, medan.atur)
    assert (p.keadaan, p.angka.terkirim) == ("MENUNGGU", 0)
    assert "bukan oleh petugas unit yang berwenang: 4" in p.kalimat


def test_tanpa_pelanggan_ditunggu(medan: Medan) -> None:
    """Without any customer a run would only fail: told once at the deadline, and opened when there are some."""
    medan.kalender(WIB, ("A", HARI["A"], 1))
    lewat = PAGI + timedelta(days=1)
    assert medan.tengok(lewat).lewat == 1
    assert medan.tengok(lewat).lewat == 0
    assert not medan.run
    assert "Belum ada pelanggan" in medan.jejak("JADWAL_BELUM_SIAP")[0]["kalimat"]
    medan.isi(WIB, "A", belum=1)
    medan.tengok(lewat)
    assert medan.dibuka == {(WIB, "A")}


def test_bertahap_cukup_satu(medan: Medan) -> None:
    """A unit of pattern BERTAHAP is opened with the first customer that is wholly ready, not before."""
    for unitup in (WIB, WITA):
        medan.kalender(unitup, ("A", HARI["A"], 1))
        medan.isi(unitup, "A", 3, belum=3)
    pemilik = mesin_pemilik(medan.pemilik)
    satu = {"kesiapan": "BERTAHAP", "persetujuan_kedua": False, "batas_jam_nyala": "2000"}
    atur_pola(medan.layanan, pemilik, WITA, satu, "uji", "pola untuk uji")
    pemilik.dispose()
    medan.tengok()
    assert not medan.run
    for unitup in (WIB, WITA):
        medan.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE unitup = %s", [unitup])
        medan.isi(unitup, "A", 3, belum=2)
    medan.tengok()
    assert medan.dibuka == {(WITA, "A")}


def test_yang_dimulai_orang_terhitung_dibuka(medan: Medan) -> None:
    """A session of approval that a person began is the kelompok's opening; an open one that cancels is waited for."""
    semua_unit(medan)
    for unitup in ZONA:
        medan.isi(unitup, "A")
    medan.sesi_orang(WIB, "A")
    medan.sesi_orang(WITA, "A", run_id="manual__2", jenis=sesi.PEMBATALAN)
    assert medan.tengok().orang == 1
    assert medan.dibuka == {(WIT, "A")}
    with medan.layanan.buku.transaksi() as tx:
        batal = tx.sesi.terbuka(WITA, BULAN, "A")
        assert batal is not None
        tx.sesi.akhiri(batal, "NIHIL", "tidak ada yang dapat dibatalkan")
    assert medan.tengok().orang == 0
    assert medan.dibuka == {(WITA, "A"), (WIT, "A")}
    assert {j["unitup"] for j in medan.jejak("JADWAL_DIBUKA")} == {WITA, WIT}


def test_mengejar_sesudah_mati(medan: Medan) -> None:
    """What fell due during an outage is opened after it, as far back as is looked; what is older is left to people."""
    medan.kalender(WIB, ("A", HARI["A"], 1), ("B", HARI["B"], 1), ("C", date(2026, 5, 17), 1))
    for kode in "ABC":
        medan.isi(WIB, kode, tgl_baca=datetime(2026, 5, 16, tzinfo=UTC))
    medan.tengok()
    assert medan.dibuka == {(WIB, "A"), (WIB, "B")}
    medan.tengok(mundur_hari=9)
    assert medan.dibuka == {(WIB, "A"), (WIB, "B"), (WIB, "C")}


# -------------------------------------------------------------------------------------------- crashes and side by side


def test_serentak_membuka_sekali(medan: Medan) -> None:
    """Two looks at the same time: whatever of theirs meets, one run and one entry of the trail each."""
    semua_unit(medan)
    for unitup in ZONA:
        for kode in "AB":
            medan.isi(unitup, kode)
    with ThreadPoolExecutor(4) as kolam:
        semua = [kolam.submit(tengok_jadwal, Layanan(), medan.buka, medan.catatan.append, medan.atur) for _ in range(4)]
        laporan = [s.result() for s in semua]
    assert sum(satu.dibuka for satu in laporan) == 6
    assert len(medan.run) == 6
    assert len(medan.jejak("JADWAL_DIBUKA")) == 6


@pytest.mark.parametrize("sempat", [False, True], ids=["sebelum dibuka", "sesudah dibuka"])
def test_mati_di_tengah_dipulihkan(medan: Medan, sempat: bool) -> None:
    """A crash between intent and record: the next look finds the run there, or opens it; either way once."""
    medan.kalender(WIB, ("A", HARI["A"], 1))
    medan.isi(WIB, "A")

    def mati(*isi: Any) -> bool:
        if sempat:
            medan.buka(*isi)
        raise AirflowTidakMenjawab("putus")

    with pytest.raises(AirflowTidakMenjawab):
        medan.tengok(buka=mati)
    assert medan.lihat.execute("SELECT run_id, dibuka_pada FROM pengesahan.jadwal").fetchall() == [
        (nama_run(Tempat(WIB, BULAN, "A")), None)
    ]
    if sempat:  # its run has got to work meanwhile
        medan.sesi_orang(WIB, "A", run_id=nama_run(Tempat(WIB, BULAN, "A")))
    # the readings were changed since: what was begun is finished all the same
    medan.acmt.execute("UPDATE acmt_dasar.bacaan SET kirim_pada = NULL")
    medan.tengok()
    medan.tengok()
    assert medan.dibuka == {(WIB, "A")}
    assert [j["sebab"] for j in medan.jejak("JADWAL_DIBUKA")] == ["SIAP"]


def test_satu_yang_ditolak_tidak_menahan_yang_lain(medan: Medan) -> None:
    """A DAG that Airflow cannot open is named and fails the look, after all others were opened."""
    medan.kalender(WIB, ("A", HARI["A"], 1), ("B", HARI["B"], 1))
    for kode in "AB":
        medan.isi(WIB, kode)

    def pilih(dag_id: str, *isi: Any) -> bool:
        if dag_id.endswith("_a"):
            raise AirflowMenolakRun("tidak ada")
        return medan.buka(dag_id, *isi)

    with pytest.raises(AirflowMenolakRun, match="kelompok A"):
        medan.tengok(buka=pilih)
    assert medan.dibuka == {(WIB, "B")}
    medan.tengok()
    assert medan.dibuka == {(WIB, "A"), (WIB, "B")}


def test_paling_banyak_sekali_tengok(medan: Medan) -> None:
    """At most so many a look, the most urgent first, and it says how many are left."""
    semua_unit(medan)
    for unitup in ZONA:
        for kode in "AB":
            medan.isi(unitup, kode)
    assert (medan.tengok(sekali=4)).sisa == 2
    assert {k for _, k in medan.dibuka} == {"A", "B"}
    assert sum(k == "A" for _, k in medan.dibuka) == 3
    assert any("Paling banyak 4 run" in k and "2 lagi" in k for k in medan.catatan)
    assert medan.tengok(sekali=4).sisa == 0
    assert len(medan.run) == 6


def test_acmt_mati_tidak_kehilangan(medan: Medan) -> None:
    """ACMT away: the look fails, writes nothing, and the next one catches up."""
    medan.kalender(WIB, ("A", HARI["A"], 1))
    medan.isi(WIB, "A")
    sebelum = medan.isi_buku()
    with pytest.MonkeyPatch.context() as ganti:
        isi_koneksi(ganti, "acmt_db", conn_type="postgres", host="/tmp/tidak-ada", schema="x", login="x")
        with pytest.raises(SumberTidakTerjangkau):
            tengok_jadwal(Layanan(), medan.buka, medan.catatan.append, medan.atur)
    assert medan.isi_buku() == sebelum
    assert medan.tengok().dibuka == 1


def test_sumber_jenis_lain_dibaca_sama(tmp_path: Path) -> None:
    """Calendar, zones and counts of a source without types or constraints: every value of its own kind, or none."""
    umum = {"unitup": "54110", "thblrek": "202606", "hari_baca": "A"}
    cap = {"verif_pengawas_pada": "2026-05-25", "verif_vendor_pada": "2026-05-25", "kirim_pada": "2026-05-25"}
    baris = [{**umum, "idpel": f"5411000000{n:02d}"} for n in range(3)]
    baris[0] |= {**cap, "sahlwbp": 0}
    baris[1] |= {**cap, "kirim_pada": None, "sahlwbp": "5"}
    berkas = tmp_path / "acmt.db"
    buat_sqlite(berkas, baris)
    with sqlite3.connect(berkas) as conn:
        for isi in ("'54110', '202607', 'B', 'bukan hari', 1", "'54110', '202607', 'C', '2026-06-25', '1.5'"):
            conn.execute(f"INSERT INTO t_v_jadwal_hari_baca VALUES ({isi})")  # noqa: S608
        conn.execute("INSERT INTO t_v_unit VALUES ('54120', 'ULP', '', '', 'WIB')")
    conn.close()
    sumber = SumberAcmt(buat_engine(koneksi(conn_type="sqlite", host=str(berkas))))
    assert sumber.zona_unit() == {"54110": "Asia/Jakarta", "54120": None}
    assert sumber.kalender("202606") == {
        "54110": [
            BarisKalender("202606", "A", date(2026, 5, 25), 2),
            BarisKalender("202607", "B", None, 1),
            BarisKalender("202607", "C", date(2026, 6, 25), None),
        ]
    }
    assert sumber.hitung_kesiapan("202606", "A", ["54110", "54120"]) == {"54110": HitungKesiapan(3, 2, 2, 1, 1)}
    assert sumber.jumlah_bulan("202606") == sumber.jumlah_bulan("202606", "54110") == {("54110", "A"): 3}
    sumber.engine.dispose()


def test_uji_coba_tidak_menulis(medan: Medan) -> None:
    """A dry run opens nothing, writes nothing, and says what the look then does."""
    semua_unit(medan)
    medan.kalender(WIB, ("Z", HARI["A"], 1))
    medan.isi(WIB, "A")
    medan.isi(WIB, "B", belum=2)
    medan.isi(WITA, "A")
    medan.sesi_orang(WITA, "A")
    sebelum = medan.isi_buku()
    medan.jam = PAGI
    putusan, cacat = uji_coba(medan.layanan, medan.atur)
    assert medan.isi_buku() == sebelum
    assert not medan.run
    keadaan = {(p.jatuh.unitup, p.jatuh.hari_baca): p.keadaan for p in putusan}
    assert keadaan == {
        (WIB, "A"): "SIAP",
        (WIB, "B"): "MENUNGGU",
        **dict.fromkeys(((WITA, "B"), (WIT, "A"), (WIT, "B")), "KOSONG"),
    }
    kalimat_uji = list(baris_uji(putusan, 100))
    assert any(k.startswith(f"AKAN DIBUKA (SIAP) unit {WIB}, bulan 202606, kelompok A") for k in kalimat_uji)
    assert {c.kode for u, c in cacat if u == WIB} == {"TANPA_DAG", "TUMPANG_TINDIH"}
    medan.tengok()
    assert medan.dibuka == {(WIB, "A")}


# -------------------------------------------------------------------------------------------------------- faults


def test_cacat_satu_unit_tidak_menahan_yang_lain(medan: Medan) -> None:
    """Whatever a unit's calendar holds, the others are opened; each fault is told once, in one entry a unit's month."""
    medan.kalender(WIB, ("A", None, 1), ("B", HARI["B"], -3), ("C", HARI["C"], None), ("A", HARI["A"], 1))
    medan.kalender(WIB, ("ini bukan kode", HARI["A"], 1), ("C", date(1, 1, 1), 10**9))
    medan.kalender(WIB, ("A", HARI["A"], 1), thblrek="bulan?")
    medan.kalender("99999", ("A", HARI["A"], 1))
    medan.acmt.execute("UPDATE acmt_dasar.unit SET zona_waktu = 'Asia/Bukan' WHERE unitup = %s", [WIT])
    medan.kalender(WIT, ("A", HARI["A"], 1))
    medan.kalender(WITA, ("A", HARI["A"], 1))
    for unitup in ZONA:
        medan.isi(unitup, "A")
    medan.tengok()
    assert medan.dibuka == {(WIB, "A"), (WITA, "A")}
    cacat = medan.jejak("KALENDER_CACAT")
    per_unit = {(c["unitup"], c["thblrek"]): {x["kode"] for x in c["cacat"]} for c in cacat}
    assert per_unit == {
        (WIB, BULAN): {"TIDAK_SAH", "GANDA", "TANPA_DAG", "TUMPANG_TINDIH"},
        (WIB, "bulan?"): {"TIDAK_SAH"},
        ("99999", BULAN): {"ZONA_TIDAK_DIKENAL"},
        (WIT, BULAN): {"ZONA_TIDAK_DIKENAL"},
    }
    assert set(cacat[0]) == {"unitup", "thblrek", "cacat"}
    assert all(set(x) == {"kode", "hari_baca", "kalimat"} for c in cacat for x in c["cacat"])
    assert kalimat("KALENDER_CACAT", "sistem", cacat[0]).startswith("Kalender baca unit")
    assert medan.tengok().cacat == 0


def test_kelompok_hilang_disebut(medan: Medan) -> None:
    """What the previous month had is missing in a month that has begun; the day before that is no fault yet."""
    medan.kalender(WIB, ("A", date(2026, 4, 25), 1), ("B", date(2026, 4, 26), 1), thblrek="202605")
    medan.kalender(WIB, ("A", HARI["A"], 1))
    medan.tengok(PAGI - timedelta(days=2))
    assert not medan.jejak("KALENDER_CACAT")
    medan.tengok(PAGI - timedelta(days=1))
    (c,) = medan.jejak("KALENDER_CACAT")
    assert [(x["kode"], x["hari_baca"]) for x in c["cacat"]] == [("HILANG", "B")]


def test_diubah_sesudah_h1(medan: Medan) -> None:
    """Changed the day before, it is followed without a word; on the day or later it is followed and told."""
    medan.kalender(WIB, ("B", HARI["B"], 1), ("C", HARI["C"], 1))
    medan.isi(WIB, "B")
    medan.tengok(PAGI - timedelta(days=2))
    medan.geser(WIB, "B", HARI["C"])
    medan.geser(WIB, "C", HARI["C"] + timedelta(days=1))
    medan.tengok(PAGI - timedelta(days=1))
    assert not medan.jejak("KALENDER_CACAT")
    medan.tengok(PAGI)
    assert not medan.run  # it is due a day later now
    medan.geser(WIB, "B", HARI["B"])
    medan.tengok(PAGI)
    medan.tengok(PAGI)
    (c,) = medan.jejak("KALENDER_CACAT")
    assert [(x["kode"], x["hari_baca"]) for x in c["cacat"]] == [("BERUBAH_SESUDAH_H1", "B")]
    assert "semula 27-05-2026, kini 26-05-2026" in c["cacat"][0]["kalimat"]
    assert medan.dibuka == {(WIB, "B")}
    medan.acmt.execute("DELETE FROM acmt_dasar.jadwal_hari_baca WHERE hari_baca = 'C'")
    medan.tengok(PAGI + timedelta(days=2))
    assert "dihapus dari kalender" in medan.jejak("KALENDER_CACAT")[-1]["cacat"][0]["kalimat"]


# ------------------------------------------------------------------------------------------------------ the ledger


def test_buku_tidak_membuka_dua_kali(medan: Medan) -> None:
    """What was opened or told late stays so, whatever code or role tries; the audit compares it with the trail."""
    medan.kalender(WIB, ("A", HARI["A"], 1), ("B", HARI["B"], 1))
    medan.isi(WIB, "A")
    medan.tengok()
    pemilik = psycopg.connect(medan.pemilik, autocommit=True)
    with pemilik:
        for ubah in ("dibuka_pada = NULL", "run_id = 'lain'", "sebab = 'TENGGAT'", "jatuh_tempo = '2026-05-01'"):
            with pytest.raises(psycopg.Error, match="sudah dibuka"):
                pemilik.execute(f"UPDATE pengesahan.jadwal SET {ubah} WHERE hari_baca = 'A'")  # noqa: S608
        with pytest.raises(psycopg.Error, match="hanya boleh ditambah"):
            pemilik.execute("DELETE FROM pengesahan.jadwal")
        pemilik.execute("UPDATE pengesahan.jadwal SET lewat_sejak = now() WHERE hari_baca = 'B'")
        temuan = verifikasi(Buku.buka(), Lingkup(), lambda _: None).temuan
        assert [t.apa for t in temuan if t.aturan == "JADWAL"] == [
            f"jadwal unit {WIB} bulan {BULAN} kelompok B dan jejak JADWAL_BELUM_SIAP berbeda"
        ]
        with pytest.raises(psycopg.Error, match="terlambat tidak dapat diubah"):
            pemilik.execute("UPDATE pengesahan.jadwal SET lewat_sejak = NULL WHERE hari_baca = 'B'")
        pemilik.execute("ALTER TABLE pengesahan.jadwal DISABLE TRIGGER jaga_jadwal")
        pemilik.execute("UPDATE pengesahan.jadwal SET lewat_sejak = NULL WHERE hari_baca = 'B'")
        pemilik.execute("ALTER TABLE pengesahan.jadwal ENABLE TRIGGER jaga_jadwal")

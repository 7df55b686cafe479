"""The whole procedure on real parts: what is posted is exactly what was approved, and nothing else."""

from __future__ import annotations

import json
import os
import re
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import psycopg
import pytest
from msgspec.structs import replace
from proses_fixtures import (
    APLIKASI,
    Dunia,
    Jalan,
    isi_koneksi,
    jalankan_sampai,
    koneksi_basis,
)

from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import Tempat
from ap2t.galat import (
    Ap2tMenolak,
    BelumSiap,
    BukuMenolak,
    BukuTidakTerjangkau,
    GalatPengesahan,
    KoneksiTidakSah,
    LewatiLangkah,
    MasukanTidakSah,
    WewenangKurang,
)
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.ledger import cuplikan
from ap2t.ledger.cuplikan import TabelCuplikan
from ap2t.proses import cuplik
from ap2t.proses.buka import ambil_alih
from ap2t.proses.cuplik import sejak_cuplikan
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.kesiapan import FUNGSI2, tengok
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.posting import posting_ap2t
from ap2t.proses.rekap import sidik_kini
from ap2t.proses.tutup import hentikan
from ap2t.source.acmt import SumberAcmt
from conftest import SANDI
from sandbox import acmt_demo
from sandbox.acmt_demo import kasus_khusus
from sandbox.acmt_kasus import KeadaanDemo

RAHASIA = ("Siti Rahasia", SANDI, "sandi-pembaca")
Kirim = list[dict[str, Any]]


@pytest.fixture
def terkirim(monkeypatch: pytest.MonkeyPatch) -> Kirim:
    """Every row of every posting that leaves, as it leaves."""
    semua: Kirim = []
    asli = KlienAp2t.kirim_posting

    def kirim(klien: KlienAp2t, kunci: str, badan: Badan) -> Any:
        semua.extend(json.loads(badan.teks)["baris"])
        return asli(klien, kunci, badan)

    monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    return semua


def tepat(nilai: str | None) -> Decimal | None:
    return None if nilai is None else Decimal(nilai)


# ----------------------------------------------------------------------------------------------------- the whole


def test_run_penuh_dengan_semua_kasus(dunia: Dunia, terkirim: Kirim) -> None:
    """Invariants 1, 2, 3, 5, 7: every named case has its outcome; values exact; nothing of a customer in the log."""
    baris = 100
    acmt_demo.isi(dunia.acmt, baris=baris, unit=(dunia.unit,), thblrek=dunia.bulan, kelompok=("A",))
    pelanggan = dunia.acmt.execute(
        "SELECT idpel, daya, nama, sahlwbp FROM acmt_dasar.bacaan WHERE unitup = %s", [dunia.unitup]
    ).fetchall()
    dunia.kirim_pelanggan([(i, d or 0) for i, d, _, _ in pelanggan])
    kasus = kasus_khusus(dunia.unitup, "A", baris=baris)
    jalan = dunia.jalan()
    jalan.ukuran = 7
    assert jalan.sampai().status == "SELESAI"

    ditahan = {i for i, k in kasus.items() if k.hasil == "DITAHAN"}
    semua = {i for i, *_ in pelanggan}
    assert dunia.terposting() == semua - ditahan
    assert {i for i, k in dunia.kodeposting().items() if k == 0} == ditahan
    assert sorted(b["idpel"] for b in terkirim) == sorted(semua - ditahan)  # each went once
    posting = [j["idpel"] for j in dunia.jejak_ap2t() if j["ke"] == 1]
    assert len(posting) == len(set(posting))
    assert dunia.sandbox.log("pelanggaran") == []
    assert {b["oleh"] for b in dunia.baris_ap2t().values() if b["kodeposting"]} == {f"ap-{dunia.spv}"}

    nama = {k.nama: i for i, k in kasus.items()}
    assert nama[Dlpd.JAM_NYALA_TINGGI] in dunia.terposting()
    assert nama["JAM_NYALA_2000_001"] in ditahan
    kini = dunia.kodeposting()
    assert (kini[nama[Dlpd.JAM_NYALA_TINGGI]], kini[nama["JAM_NYALA_2000_001"]]) == (1, 0)
    alasan: dict[str, str] = dict(
        dunia.buku_lihat.execute(
            "SELECT idpel, alasan[1] FROM pengesahan.saringan WHERE sesi_id = %s AND hasil = 'DITAHAN'", [jalan.sesi.id]
        ).fetchall()
    )
    assert alasan == {i: k.alasan for i, k in kasus.items() if k.alasan}
    lolos = dunia.buku_lihat.execute(
        "SELECT idpel, dlpd FROM pengesahan.saringan WHERE sesi_id = %s AND hasil = 'LOLOS'", [jalan.sesi.id]
    )
    assert {i: {*dlpd} for i, dlpd in lolos if i in kasus} == {i: {*k.dlpd} for i, k in kasus.items() if not k.alasan}

    _nilai_tepat(dunia, terkirim, "Asia/Jakarta")
    assert jalan.undangan is not None
    terbuka = "\n".join([jalan.log, jalan.undangan.isi, jalan.penutup])
    assert not any(n in terbuka for _, _, n, _ in pelanggan)
    assert not any(r in terbuka for r in RAHASIA)
    assert "Sukses: " in jalan.penutup
    assert {"SESI_DIBUKA", "CUPLIKAN_DIAMBIL", "DISARING", "REKAP", "GERBANG_DIBUKA", "DIJAWAB", "SESI_DITUTUP"} <= set(
        dunia.jenis_jejak(jalan.sesi)
    )


def _nilai_tepat(dunia: Dunia, terkirim: Kirim, zona: str) -> None:
    """Every value that left is the source's, digit for digit, and the day is the unit's own."""
    kolom = ("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh")
    sumber = {
        b[0]: b[1:]
        for b in dunia.acmt.execute(
            "SELECT idpel, tgl_baca, CASE WHEN jam_abonemen IS NULL THEN slalwbp ELSE 0 END,"  # noqa: S608
            f" CASE WHEN jam_abonemen IS NULL THEN sahlwbp ELSE 0 END, {', '.join(kolom[2:])}"
            " FROM acmt_dasar.bacaan WHERE unitup = %s",
            [dunia.unitup],
        )
    }
    for kirim in terkirim:
        tgl, *nilai = sumber[kirim["idpel"]]
        assert [tepat(kirim[k]) for k in kolom] == nilai
        assert kirim["tgl_baca"] == tgl.astimezone(ZoneInfo(zona)).date().isoformat()
    hitung: dict[str, str] = dict(
        dunia.buku_lihat.execute(
            "SELECT g.idpel, (g.kwh, round(g.kwh * 1000 / g.daya, 3))::text FROM pengesahan.saringan g "
            "JOIN pengesahan.sesi s ON s.id = g.sesi_id WHERE s.unitup = %s AND g.hasil = 'LOLOS' "
            "AND NOT 'DAYA_BERUBAH' = ANY (g.dlpd)",
            [dunia.unitup],
        ).fetchall()
    )
    angka = {kirim["idpel"]: (Decimal(kirim["pemkwh"]), Decimal(kirim["jam_nyala"])) for kirim in terkirim}
    for idpel in hitung:
        kwh, jam = hitung[idpel].strip("()").split(",")
        assert angka.pop(idpel) == (Decimal(kwh), Decimal(jam))
    # daya changed in the month: 60 kWh at 900 VA and 90 at 1300; or all of it at the smaller daya
    assert set(angka.values()) <= {(Decimal(150), Decimal("135.897")), (Decimal(150), Decimal("166.667"))}


def test_batas_2000_dan_kwh_dihitung(dunia: Dunia, terkirim: Kirim) -> None:
    """SOP 12.1, rule 4: 2000 hours passes, 2000.001 does not, however ACMT's own kWh reads."""
    tanpa = {"pemkwh": None}
    dunia.isi(
        5,
        {
            0: {"sahlwbp": "3600", **tanpa},
            1: {"sahlwbp": "3600.0013", **tanpa},
            2: {"sahlwbp": "3600.000001", **tanpa},
            3: {"sahlwbp": "3600", "pemkwh": "2600.000000"},
        },
    )
    jalankan_sampai(dunia)
    assert dunia.terposting() == {dunia.idpel(n) for n in (0, 3, 4)}
    assert {b["jam_nyala"] for b in terkirim} == {"2000", "115.385"}


def test_batas_unit_lebih_ketat(dunia: Dunia) -> None:
    """SOP 12.1, rules 1 and 4: a unit may be stricter; its own limit passes, what is above is held."""
    dunia.pola(batas=Decimal("100"))
    dunia.isi(3, {0: {"sahlwbp": "1130", "pemkwh": None}, 1: {"sahlwbp": "1130.001", "pemkwh": None}})
    jalankan_sampai(dunia)
    assert dunia.terposting() == {dunia.idpel(0)}


def test_tanggal_baca_menurut_zona_unit(
    dunia: Dunia, terkirim: Kirim, alamat_pg: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contract: tgl_baca is the date in the unit's own zone, here Jayapura, where UTC and WIB still have yesterday."""
    papua = Dunia(alamat_pg, dunia.sandbox, monkeypatch, "Asia/Jayapura")
    tengah_malam = (datetime.now(ZoneInfo("Asia/Jayapura")) - timedelta(days=3)).replace(hour=0, minute=30)
    papua.isi(2, {0: {"tgl_baca": tengah_malam}})
    jalankan_sampai(papua)
    assert terkirim[0]["tgl_baca"] == tengah_malam.date().isoformat()
    assert tengah_malam.astimezone(UTC).date() < tengah_malam.date()
    _nilai_tepat(papua, terkirim, "Asia/Jayapura")
    papua.periksa()
    papua.tutup()


# ------------------------------------------------------------------------------------------------------ the gate


def test_kembalikan_keluar_dari_persetujuan(dunia: Dunia) -> None:
    """Invariant 2: what the approver sends back is not posted; verified and sent anew, a later round offers it."""
    semua = dunia.isi(6)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [f" {semua[1]} ", "", semua[4], semua[1], None], "catatan": "  "})
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set(semua) - {semua[1], semua[4]}
    assert "2 dikembalikan" in jalan.penutup
    dunia.stempel_baru(1, 4)
    lagi = jalankan_sampai(dunia)
    assert dunia.terposting() == set(semua)
    assert lagi.sesi.putaran == 2


def test_semua_dikembalikan(dunia: Dunia) -> None:
    """Invariant 2: an approval that sends everything back posts nothing and ends well."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(*semua)
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set()
    assert jalan.penutup.startswith("Selesai tanpa posting")


def test_isian_kosong_dianggap_tidak_ada(dunia: Dunia) -> None:
    """Pinned: a field missing from the answer counts as empty; text is taken one idpel a line."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(isian={"kembalikan": f"{semua[0]}\n\n"})
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set(semua[1:])
    dunia.stempel_baru(0)
    dua = jalankan_sampai(dunia, "buka_gerbang")
    dua.terima(isian={})
    dua.sampai(dari="posting")
    assert dunia.terposting() == set(semua)


def test_tolak(dunia: Dunia) -> None:
    """Pinned: Tolak ends the session DITOLAK, nothing is posted, and nothing can be posted of it afterwards."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.terima(pilihan=TOLAK) == "TOLAK"
    assert jalan.sesi.status == "DITOLAK"
    with pytest.raises(BukuMenolak):
        jalan.posting()
    assert "DITOLAK" in jalan.tutup_sesi()
    assert dunia.terposting() == set()
    assert jalankan_sampai(dunia).sesi.status == "SELESAI"


@pytest.mark.parametrize("isian", [["123456789012"], ["Siti Rahasia"], {"a": 1}])
def test_kembalikan_tidak_dikenal(dunia: Dunia, isian: Any) -> None:
    """Pinned: an answer naming an unknown idpel posts nothing and says so; what may be a name is not repeated."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak) as galat:
        jalan.terima(isian={"kembalikan": isian})
    assert "idak ada yang diposting" in str(galat.value) or "tidak diterima" in str(galat.value)
    assert "Siti" not in str(galat.value)
    assert dunia.jenis_jejak(jalan.sesi)[-1] == "JAWABAN_TIDAK_DITERIMA"
    with pytest.raises(BukuMenolak, match="tidak memuat persetujuan"):
        jalan.posting()
    jalan.sampai(dari="buka_gerbang")  # asked again, with the same digest and people
    assert jalan.sesi.status == "SELESAI"


def test_jawaban_orang_yang_tidak_ditanya(dunia: Dunia) -> None:
    """Invariants 1, 7: only who was asked may answer: no other unit's SPV, nor one added after the gate opened."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    for orang in ("spv54110", f"vendor{dunia.unitup}", None):
        with pytest.raises(WewenangKurang):
            jalan.terima(oleh=orang)
    dunia.acmt.execute(
        "INSERT INTO acmt_dasar.petugas VALUES ('spv_baru', 'x', null, 'ADMIN_CMT', %s, true)", [dunia.unitup]
    )
    with pytest.raises(BukuMenolak, match="tidak ditanya"):
        jalan.terima(oleh="spv_baru")
    assert dunia.isi_jejak(jalan.sesi, "JAWABAN_TIDAK_DITERIMA")["sebab"]
    with pytest.raises(BukuMenolak, match="bukan Sah/Setuju atau Tolak"):
        jalan.terima(pilihan="Ya")
    assert dunia.satu("SELECT count(*) FROM pengesahan.persetujuan WHERE sesi_id = %s", jalan.sesi.id) == 0


def test_jawaban_kedua_tidak_mengganti(dunia: Dunia) -> None:
    """Invariant 6: the first recorded answer stands; a second one says what stands, and changes nothing."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima")
    assert jalan.terima(oleh=dunia.spv_b, pilihan=TOLAK) == "SETUJU"
    assert jalan.buka_gerbang() is None
    assert jalan.sesi.tahap == "DISETUJUI"


def test_pengesah_dicabut_antara_jawaban_dan_posting(dunia: Dunia, terkirim: Kirim) -> None:
    """Invariant 1: ADMIN_CMT when the answer is taken up and when the batch goes; without it nothing is sent."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    dunia.petugas(dunia.spv, aktif=False)
    with pytest.raises(WewenangKurang, match=r"tidak \(lagi\) memegang ADMIN_CMT"):
        jalan.terima()
    dunia.petugas(dunia.spv, aktif=True)
    jalan.terima()
    dunia.petugas(dunia.spv, aktif=False)
    with pytest.raises(WewenangKurang, match=dunia.unitup):
        jalan.posting()
    assert terkirim == []
    assert dunia.batch(jalan.sesi) == []


def test_pengesah_dicabut_di_tengah_posting(dunia: Dunia, terkirim: Kirim, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 1: looked at for every batch: the ones after the withdrawal do not go; also for the first of two."""
    dunia.pola(pengesah=2)
    dunia.isi(6)
    jalan = jalankan_sampai(dunia, "buka_gerbang", pemicu=f"vendor{dunia.unitup}")
    jalan.terima()
    jalan.buka_gerbang(2)
    jalan.terima(oleh=dunia.spv_b, urutan=2)
    jalan.ukuran, jalan.serentak = 2, 1
    asli = KlienAp2t.kirim_posting

    def kirim(klien: KlienAp2t, kunci: str, isi: dict[str, Any]) -> Any:
        try:
            return asli(klien, kunci, isi)
        finally:
            dunia.petugas(dunia.spv, aktif=False)

    monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    with pytest.raises(WewenangKurang, match=dunia.spv):
        jalan.posting()
    assert len(terkirim) == 2


def test_dua_pengesah(dunia: Dunia) -> None:
    """SOP 12.1, rule 1: two approvers where the unit's pattern says so; the last one's user posts."""
    dunia.pola(pengesah=2)
    dunia.isi(3)
    jalan = dunia.jalan(pemicu=f"vendor{dunia.unitup}")
    jalan.sampai("terima")
    with pytest.raises(BukuMenolak, match="tidak memuat persetujuan"):
        jalan.posting()
    undangan = jalan.buka_gerbang(2)
    assert undangan is not None
    assert undangan.orang == [dunia.spv_b]
    with pytest.raises(BukuMenolak, match="tidak ditanya"):
        jalan.terima(urutan=2)
    jalan.terima(dunia.idpel(1), oleh=dunia.spv_b, urutan=2)
    jalan.sampai(dari="posting")
    assert dunia.terposting() == {dunia.idpel(0), dunia.idpel(2)}
    assert {b["oleh"] for b in dunia.baris_ap2t().values() if b["kodeposting"]} == {f"ap-{dunia.spv_b}"}


def test_pengesah_kedua_tidak_ada(dunia: Dunia) -> None:
    """SOP 12.1, rule 1: nobody but the first approver and who started the run: the gate says what to do."""
    dunia.pola(pengesah=2)
    dunia.isi(2)
    jalan = dunia.jalan(pemicu=dunia.spv_b)
    jalan.sampai("terima")
    with pytest.raises(WewenangKurang, match=rf"unit {dunia.unitup}.*pengesah kedua"):
        jalan.buka_gerbang(2)
    satu = dunia.jalan()
    dunia.pola()
    hentikan(jalan.langkah, "uji")
    satu.buka_sesi(hidup=lambda _d, _r: False)
    with pytest.raises(LewatiLangkah):
        satu.buka_gerbang(2)


def test_gerbang_sama_hanya_untuk_orang_dan_sidik_sama(dunia: Dunia) -> None:
    """Pinned: a gate opens again for the same digest and people; with other people it is refused."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    pertama = jalan.undangan
    assert jalan.buka_gerbang() == pertama
    jalan.sampai("rekap", dari="ambil_bacaan")  # cleared tasks: what was shown is kept
    assert jalan.buka_gerbang() == pertama
    dunia.petugas(dunia.spv_b, aktif=False)
    with pytest.raises(BukuMenolak, match="orang yang boleh menjawab"):
        jalan.buka_gerbang()


def test_sandi_ap2t_salah_ketahuan_sebelum_gerbang(dunia: Dunia) -> None:
    """A wrong password, a missing connection or a missing right in AP2T is found before anyone is asked."""
    dunia.isi(2)
    dunia.pengguna_ap2t(dunia.spv, sandi_koneksi="kata-sandi-keliru")
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    assert jalan.undangan.orang == [dunia.spv_b]
    assert f"{dunia.spv} tidak ditanya" in jalan.log
    dunia.sandbox.kendali("pengguna", username=f"ap-{dunia.spv_b}", password=SANDI, unitup=[], peran=["ADMIN_CMT"])
    hentikan(jalan.langkah, "uji")
    dua = dunia.jalan()
    dua.buka_sesi(hidup=lambda _d, _r: False)
    dua.sampai("rekap", dari="ambil_bacaan")
    with pytest.raises(WewenangKurang, match=f"mengesahkan unit {dunia.unitup}") as galat:
        dua.buka_gerbang()
    dunia.monkeypatch.delenv(f"AIRFLOW_CONN_AP2T_{dunia.spv_b.upper()}")
    with pytest.raises(WewenangKurang, match=f"ap2t_{dunia.spv_b}"):
        dua.buka_gerbang()
    assert "kata-sandi-keliru" not in str(galat.value) + jalan.log + dua.log


def test_menandai_berhasil_bukan_persetujuan(dunia: Dunia) -> None:
    """Invariant 1: posting believes the ledger only; every step refuses what the one before it did not do."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "ambil_bacaan")
    with pytest.raises(BukuMenolak, match="Rekap sesi"):
        jalan.buka_gerbang()
    jalan.sampai("buka_gerbang", dari="saring")
    for langkah, sebab in (("posting", "persetujuan"), ("rekonsiliasi", "belum selesai"), ("tutup_sesi", "tahap")):
        with pytest.raises(BukuMenolak, match=sebab):
            getattr(jalan, langkah)()
    assert dunia.terposting() == set()


def test_cuplikan_dirusak_sesudah_persetujuan(dunia: Dunia, terkirim: Kirim) -> None:
    """Invariant 1: the digest binds every value: a snapshot changed in the ledger behind our back is not posted."""
    dunia.dirusak = {"SIDIK", "SARINGAN"}
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "terima")
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.bacaan SET sahlwbp = sahlwbp + 1 WHERE sesi_id = %s AND idpel = %s",
            [jalan.sesi.id, dunia.idpel(1)],
        )
    with pytest.raises(BukuMenolak, match="berbeda dari sidik rekapnya"):
        jalan.posting()
    assert terkirim == []


def test_sidik_mengikat_sesi(dunia: Dunia) -> None:
    """Invariant 1: the same readings in another session have another digest: an approval cannot be carried over."""
    dunia.isi(2)
    satu = jalankan_sampai(dunia, "buka_gerbang")
    satu.terima(pilihan=TOLAK)
    dua = jalankan_sampai(dunia, "rekap")
    assert satu.sesi.sidik != dua.sesi.sidik


@pytest.mark.parametrize("potong", [1, 2, 3, 5000])
def test_sidik_sama_berapa_pun_pembacanya(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, potong: int) -> None:
    """Read in ranges by several connections the digest is that of one reading; rows of no customer's number count."""
    monkeypatch.setattr(cuplikan, "POTONG", potong)
    dunia.isi(7, {4: {"idpel": f"~{dunia.unitup}"}}, di_ap2t=False)
    dunia.kirim_pelanggan([(dunia.idpel(n), 1300) for n in range(7) if n != 4])
    jalan = jalankan_sampai(dunia, "rekap")
    isi = "SELECT count(*), min(idpel) FROM pengesahan.bacaan WHERE sesi_id = %s"
    jumlah, awal = dunia.buku_lihat.execute(isi, [jalan.sesi.id]).fetchone() or (0, "")
    with jalan.layanan.buku.transaksi() as tx:
        assert len(tx.cuplikan.rentang_sidik(jalan.sesi)) == jumlah // (2 * potong) + 1
        assert tx.cuplikan.sidik(jalan.sesi) == jalan.sesi.sidik
        assert tx.conn.exec_driver_sql("SHOW enable_sort").scalar() == "on"  # whoever reads on is planned as ever
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.bacaan SET idpel = '' WHERE sesi_id = %s AND idpel = %s", [jalan.sesi.id, awal]
        )
    with jalan.layanan.buku.transaksi() as tx:
        assert sidik_kini(jalan.layanan.buku, jalan.sesi) == tx.cuplikan.sidik(jalan.sesi) != jalan.sesi.sidik
    dunia.dirusak = {"SIDIK", "SARINGAN"}


# ------------------------------------------------------------------------------------------------- rounds, NIHIL


def test_nihil_semua_ditahan_dan_semua_sudah(dunia: Dunia) -> None:
    """Nothing to approve, of both kinds: every row held; every row posted already. Nobody is asked."""
    dunia.isi(2, {0: {"sahlwbp": "14000", "pemkwh": "13000"}, 1: {"daya": "0"}})
    jalan = jalankan_sampai(dunia, "rekap")
    for langkah in ("buka_gerbang", "posting"):
        with pytest.raises(LewatiLangkah):
            getattr(jalan, langkah)()
    assert "2 pelanggan yang tersisa semuanya ditahan" in jalan.tutup_sesi()
    assert jalan.sesi.status == "NIHIL"
    for n in (0, 1):
        dunia.ubah_acmt(n, daya=1300, sahlwbp="1150", pemkwh="150")
    assert jalankan_sampai(dunia).sesi.status == "SELESAI"
    akhir = jalankan_sampai(dunia, "rekap")
    assert "semua pelanggan kelompok ini sudah disahkan" in akhir.tutup_sesi()
    assert akhir.sesi.status == "NIHIL"


def test_putaran_kedua_hanya_sisanya(dunia: Dunia, terkirim: Kirim) -> None:
    """SOP 12.1, rule 3: again for the same hari baca; held rows go once they are corrected, the others never twice."""
    dunia.isi(5, {1: {"sahlwbp": "900", "pemkwh": None}, 3: {"pemkwh": "149"}})
    satu = jalankan_sampai(dunia)
    assert dunia.terposting() == {dunia.idpel(n) for n in (0, 2, 4)}
    assert "2 ditahan" in satu.penutup
    kini = datetime.now(UTC) - timedelta(minutes=1)
    dunia.ubah_acmt(1, sahlwbp="1150", pemkwh=None, diubah_pada=kini)
    with pytest.raises(BelumSiap, match=dunia.idpel(1)):
        jalankan_sampai(dunia, "ambil_bacaan")  # changed, not verified again
    cap = dict.fromkeys(("verif_pengawas_pada", "verif_vendor_pada", "kirim_pada"), kini)
    dunia.ubah_acmt(1, **cap)
    terkirim.clear()
    dua = dunia.jalan()
    dua.buka_sesi(hidup=lambda _d, _r: False)
    dua.sampai(dari="ambil_bacaan")
    assert [b["idpel"] for b in terkirim] == [dunia.idpel(1)]
    assert dua.sesi.status == "SELESAI"
    assert dunia.kodeposting()[dunia.idpel(3)] == 0


def test_bertahap(dunia: Dunia) -> None:
    """SOP 12.1, rules 1, 2: BERTAHAP posts the ready rows now, LENGKAP refuses a kelompok with one that is not."""
    belum: dict[str, Any] = {"kirim_oleh": None, "kirim_pada": None}
    dunia.isi(4, {1: belum, 2: {"sahlwbp": None, "pemkwh": None}})
    jalan = jalankan_sampai(dunia, "buka_sesi")
    with pytest.raises(BelumSiap, match=rf"unit {dunia.unitup}, bulan {dunia.bulan}, kelompok A"):
        jalan.ambil_bacaan()
    assert dunia.satu("SELECT count(*) FROM pengesahan.bacaan WHERE sesi_id = %s", jalan.sesi.id) == 0
    hentikan(jalan.langkah, "belum siap")
    dunia.pola("BERTAHAP")
    dua = dunia.jalan()
    dua.buka_sesi(hidup=lambda _d, _r: False)
    dua.sampai(dari="ambil_bacaan")
    assert dunia.terposting() == {dunia.idpel(0), dunia.idpel(3)}
    assert "2 belum siap" in dua.log


@pytest.mark.parametrize("keadaan", [k for k in KeadaanDemo if k is not KeadaanDemo.SIAP])
def test_kelompok_belum_siap(dunia: Dunia, keadaan: KeadaanDemo) -> None:
    """SOP 12.1, rule 2: each way of not being ready is seen, says which stage lacks, and stops the snapshot."""
    baris = 100
    acmt_demo.isi(
        dunia.acmt, baris=baris, unit=(dunia.unit,), thblrek=dunia.bulan, kelompok=("A",), keadaan={"A": keadaan}
    )
    dunia.kirim_pelanggan([(acmt_demo.idpel_demo(dunia.unitup, "A", n, baris), 1300) for n in range(baris)])
    jalan = jalankan_sampai(dunia, "buka_sesi")
    kurang = {
        apa
        for apa in ("STAN_TERISI", "TERVERIFIKASI", "TERKIRIM")
        if not tengok(jalan.layanan, Tempat(dunia.unitup, dunia.bulan, "A"), "LENGKAP", apa).siap
    }
    harap = {
        KeadaanDemo.BELUM_DIBACA: {"STAN_TERISI", "TERVERIFIKASI", "TERKIRIM"},
        KeadaanDemo.BELUM_VERIFIKASI: {"TERVERIFIKASI", "TERKIRIM"},
        KeadaanDemo.BELUM_DIKIRIM: {"TERKIRIM"},
        KeadaanDemo.CAP_SALAH: {"TERVERIFIKASI", "TERKIRIM"},
    }
    assert kurang == harap[keadaan]
    belum = acmt_demo.baris_belum(dunia.unitup, "A", keadaan, baris=baris)
    with pytest.raises(BelumSiap, match=f"{len(belum)} pelanggan") as galat:
        jalan.ambil_bacaan()
    assert all(i in str(galat.value) for i in list(belum)[:5])


def test_fungsi2_tertutup_dan_tidak_dikenal(dunia: Dunia) -> None:
    """The period is looked at before anything else is done; a kelompok AP2T does not know is named."""
    dunia.isi(2)
    layanan = dunia.layanan()
    assert tengok(layanan, Tempat(dunia.unitup, dunia.bulan, "A"), "LENGKAP", FUNGSI2).siap
    dunia.di_ap2t("periode", terbuka=False)
    tertutup = tengok(layanan, Tempat(dunia.unitup, dunia.bulan, "A"), "LENGKAP", FUNGSI2)
    assert not tertutup.siap
    assert "tertutup" in tertutup.kalimat
    with pytest.raises(MasukanTidakSah, match=rf"unit {dunia.unitup}, bulan {dunia.bulan}, kelompok B"):
        tengok(layanan, Tempat(dunia.unitup, dunia.bulan, "B"), "LENGKAP", FUNGSI2)


# -------------------------------------------------------------------------------------- what others do (AP2T wins)


def test_diposting_lain_sebelum_run(dunia: Dunia, terkirim: Kirim) -> None:
    """Invariant 5: rows that others posted are recorded DILUAR_SISTEM, left out, and their number is not touched."""
    dunia.isi(4)
    dunia.posting_lain(1)
    dunia.posting_lain(2, nomor=None)
    jalan = jalankan_sampai(dunia)
    assert "2 berubah di AP2T di luar sistem ini" in jalan.log
    assert {b["idpel"] for b in terkirim} == {dunia.idpel(0), dunia.idpel(3)}
    assert dunia.baris_ap2t()[dunia.idpel(1)]["no_pengesahan"] == "LAIN-1"
    luar = dunia.buku_lihat.execute(
        "SELECT idpel, kejadian, no_pengesahan FROM pengesahan.luar_sistem WHERE sesi_id = %s ORDER BY 1",
        [jalan.sesi.id],
    ).fetchall()
    assert luar == [(dunia.idpel(1), "DIPOSTING", "LAIN-1"), (dunia.idpel(2), "DIPOSTING", None)]
    dua = jalankan_sampai(dunia, "ambil_bacaan")  # known by now: not news again
    assert "di luar sistem ini" not in dua.log


def test_daftar_ap2t_hanya_bila_ada_yang_posting(dunia: Dunia) -> None:
    """Where counts and record say that all stand at 0, nobody waits for AP2T's list; where one differs, it decides."""
    dunia.isi(3)
    dunia.sandbox.ganggu("galat", "daftar", sisa=None, status=400)
    jalan = jalankan_sampai(dunia, "posting")
    with pytest.raises(Ap2tMenolak):  # the fault is there: reconciliation needs the list
        jalan.rekonsiliasi()
    dunia.pulihkan()
    jalan.sampai(dari="rekonsiliasi")
    dunia.di_ap2t("batal_lain", idpel=[dunia.idpel(n) for n in range(3)])
    dunia.sandbox.ganggu("galat", "daftar", sisa=None, status=400)
    with pytest.raises(Ap2tMenolak):  # all at 0 there, none by our record
        jalankan_sampai(dunia, "ambil_bacaan")


def test_dibatalkan_lain_di_antara_putaran(dunia: Dunia) -> None:
    """Invariant 5: AP2T's state wins: what others cancelled is recorded and offered again, under a new number."""
    dunia.isi(3)
    satu = jalankan_sampai(dunia)
    dunia.di_ap2t("batal_lain", idpel=[dunia.idpel(1)])
    dunia.posting_lain(2)
    dua = dunia.jalan()
    dua.sampai()
    luar = dunia.buku_lihat.execute(
        "SELECT idpel, kejadian FROM pengesahan.luar_sistem WHERE sesi_id = %s ORDER BY 1", [dua.sesi.id]
    ).fetchall()
    assert luar == [(dunia.idpel(1), "DIBATALKAN"), (dunia.idpel(2), "DIPOSTING")]
    nomor = {i: b["no_pengesahan"] for i, b in dunia.baris_ap2t().items()}
    assert nomor == {
        dunia.idpel(0): satu.sesi.nomor,
        dunia.idpel(1): dua.sesi.nomor,
        dunia.idpel(2): "LAIN-1",
    }
    # one row was posted twice, but each time under an approval of its own, after others had cancelled it
    ulang = dunia.sandbox.lihat("ringkasan")["posting_berulang"]
    assert [(u["idpel"], u["n"]) for u in ulang] == [(dunia.idpel(1), 2)]
    dunia.boleh_berulang = {dunia.idpel(1)}


def test_diposting_lain_sesudah_cuplikan(dunia: Dunia) -> None:
    """Invariants 3, 5: posted by others while we waited, with the same readings or not: theirs stays, listed."""
    dunia.isi(4)
    jalan = jalankan_sampai(dunia, "terima")
    dunia.posting_lain(1)  # the same readings
    dunia.posting_lain(2, kwh="151")
    dunia.di_ap2t("suplai_stan", idpel=[dunia.idpel(3)])
    jalan.sampai(dari="posting")
    hasil = dunia.hasil(jalan.sesi)
    assert hasil == {
        dunia.idpel(0): ("POSTING", None),
        dunia.idpel(1): ("SUDAH_POSTING", None),
        dunia.idpel(2): ("DITOLAK", "STAN_BERBEDA"),
        dunia.idpel(3): ("DITOLAK", "SUDAH_SUPLAI_STAN"),
    }
    assert "DILUAR_SISTEM: 3 pelanggan" in jalan.log
    assert jalan.sesi.status == "SELESAI"


def test_suplai_stan_atas_nomor_kita_cocok(dunia: Dunia) -> None:
    """Invariant 5: a row lifted by Suplai Stan (3) under our number agrees, now and in the next round."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.di_ap2t("suplai_stan", idpel=[dunia.idpel(0), dunia.idpel(1)])
    jalan.sampai(dari="rekonsiliasi")
    assert "DILUAR_SISTEM" not in jalan.log
    assert "3 pelanggan cocok" in jalan.log
    dua = jalankan_sampai(dunia, "rekap")
    assert "di luar sistem" not in dua.log
    assert "sudah disahkan" in dua.tutup_sesi()


def test_rekonsiliasi_menyebut_yang_tidak_cocok(dunia: Dunia) -> None:
    """Invariant 5: a row of ours with other values in AP2T fails the run and is named; others' acts are listed."""
    dunia.isi(4)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.posting_lain(2, kwh="777", nomor=jalan.sesi.nomor)
    dunia.posting_lain(3)
    with pytest.raises(BukuMenolak, match="1 pelanggan tidak cocok") as galat:
        jalan.rekonsiliasi()
    assert f"{dunia.idpel(2)} (nilai di AP2T berbeda: pemkwh)" in str(galat.value)
    assert not re.search(r"\b777\b", str(galat.value))
    assert f"{dunia.idpel(3)} (DIPOSTING)" in jalan.log
    assert jalan.sesi.tahap == "TERPOSTING"
    with pytest.raises(BukuMenolak, match="belum direkonsiliasi"):
        jalan.tutup_sesi()
    dunia.posting_lain(2, nomor=jalan.sesi.nomor)
    jalan.sampai(dari="rekonsiliasi")  # mended in AP2T, cleared: it goes on
    assert jalan.sesi.status == "SELESAI"


def test_dibatalkan_lain_sesudah_posting(dunia: Dunia) -> None:
    """Invariant 5: gone to 0 after our posting and nobody named: the run fails once, naming it; AP2T's state wins."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.di_ap2t("batal_lain", idpel=[dunia.idpel(1)])
    with pytest.raises(BukuMenolak, match=f"{dunia.idpel(1)} .buku: posting, AP2T: belum disahkan"):
        jalan.rekonsiliasi()
    assert f"{dunia.idpel(1)} (DIBATALKAN)" in jalan.log
    jalan.sampai(dari="rekonsiliasi")  # a person has looked and cleared the task
    assert jalan.sesi.status == "SELESAI"
    assert "2 pelanggan sudah disahkan" in str(jalan.sesi.keterangan)
    assert "1 dibatalkan pihak lain di AP2T" in str(jalan.sesi.keterangan)
    dua = jalankan_sampai(dunia)
    assert "1 pelanggan sudah disahkan" in str(dua.sesi.keterangan)
    dunia.boleh_berulang = {dunia.idpel(1)}


def test_dikembalikan_tidak_ditawarkan_lagi_sebelum_diperiksa_ulang(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 2: what an approver sent back is not offered again as it was; verified and sent anew, it is.

    Also where ACMT could not be told: its stamps still stand there as the approver saw them.
    """
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    dunia.isi(3)
    satu = jalankan_sampai(dunia, "buka_gerbang")
    satu.terima(dunia.idpel(1))
    satu.sampai(dari="posting")
    assert "2 pelanggan sudah disahkan" in str(satu.sesi.keterangan)
    dua = jalankan_sampai(dunia, "rekap")
    assert "1 pernah dikembalikan pengesah dan belum diperiksa ulang" in dua.log
    assert "Tidak ada yang perlu disahkan" in dua.tutup_sesi()
    dunia.stempel_baru(1)
    tiga = jalankan_sampai(dunia)
    assert "1 pelanggan sudah disahkan" in str(tiga.sesi.keterangan)


def test_epoch_lama_tidak_mencatat_apa_pun(dunia: Dunia) -> None:
    """Invariant 4: a start of posting that was fenced off writes no outcome either."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima")
    lama = jalan.sesi
    with jalan.layanan.buku.transaksi() as tx:
        tx.sesi.mulai_posting(lama)
    with pytest.raises(BukuMenolak, match="tidak lagi dipegang"), jalan.layanan.buku.transaksi() as tx:
        tx.sesi.pegang(lama)
    jalan.sampai(dari="posting")


def test_ap2t_tanpa_nomor_pengesahan(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 5: the number is optional in AP2T's list: without it ours are ours, their values compared."""
    dunia.isi(3)
    asli = KlienAp2t.daftar

    def tanpa_nomor(diri: KlienAp2t, *a: Any, **k: Any) -> Any:
        return (replace(b, no_pengesahan=None) for b in asli(diri, *a, **k))

    monkeypatch.setattr(KlienAp2t, "daftar", tanpa_nomor)  # the sandbox always shows it
    jalan = jalankan_sampai(dunia, "posting")
    dunia.posting_lain(1, kwh="777")
    with pytest.raises(BukuMenolak, match="nilai di AP2T berbeda: pemkwh"):
        jalan.rekonsiliasi()
    dunia.posting_lain(1)
    jalan.sampai(dari="rekonsiliasi")
    assert "3 pelanggan cocok" in jalan.log
    assert "DILUAR_SISTEM" not in jalan.log
    dua = jalankan_sampai(dunia, "rekap")
    assert "di luar sistem" not in dua.log
    dua.tutup_sesi()


@pytest.mark.parametrize(("ubah", "cocok"), [("{}.000", True), ("0{}", True), ("{}.001", False), ("x{}", False)])
def test_angka_dalam_tulisan_lain(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, ubah: str, cocok: bool) -> None:
    """Invariant 5: AP2T may write a number otherwise: numbers are compared. The trail says what was found."""
    dunia.isi(3)
    asli = KlienAp2t.daftar

    def lain(diri: KlienAp2t, *a: Any, **k: Any) -> Any:
        return (replace(b, pemkwh=ubah.format(b.pemkwh), sahwbp=None) for b in asli(diri, *a, **k))

    monkeypatch.setattr(KlienAp2t, "daftar", lain)
    jalan = jalankan_sampai(dunia, "posting")
    if cocok:
        jalan.rekonsiliasi()
    else:
        with pytest.raises(BukuMenolak, match="3 pelanggan tidak cocok"):
            jalan.rekonsiliasi()
    beda = [] if cocok else [f"{dunia.idpel(n)} (nilai di AP2T berbeda: pemkwh)" for n in range(3)]
    harap = {"hasil": "COCOK" if cocok else "BEDA", "cocok": 3 - len(beda), "beda": beda, "jumlah_beda": len(beda)}
    assert dunia.isi_jejak(jalan.sesi, "REKONSILIASI") == {**harap, "luar": 0}


def test_baris_bernomor_kita_yang_tidak_kita_kirim(dunia: Dunia) -> None:
    """Invariant 5: AP2T shows our number on a held row or on one outside the snapshot: the run fails and names them."""
    dunia.isi(3, {1: {"daya": "0"}})
    dunia.posting_lain(2)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.posting_lain(1, nomor=jalan.sesi.nomor)
    dunia.posting_lain(2, nomor=jalan.sesi.nomor)
    with pytest.raises(BukuMenolak, match="2 pelanggan tidak cocok") as galat:
        jalan.rekonsiliasi()
    assert dunia.idpel(1) in str(galat.value)
    assert dunia.idpel(2) in str(galat.value)


# ------------------------------------------------------------------------------------------- changes at the source


def test_berubah_di_sumber_sesudah_cuplikan(dunia: Dunia, terkirim: Kirim) -> None:
    """Invariant 2: changed, gone, unverified or moved since the snapshot: left out and named; the others go."""
    dunia.isi(7)
    jalan = jalankan_sampai(dunia, "terima")
    dunia.ubah_acmt(1, sahlwbp="1151")
    dunia.ubah_acmt(2, kirim_pada=datetime.now(UTC))
    dunia.acmt.execute("SELECT acmt.kembalikan_verifikasi(%s, %s, 'uji', 'uji')", [dunia.idpel(3), dunia.bulan])
    dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE idpel = %s", [dunia.idpel(4)])
    dunia.ubah_acmt(5, hari_baca="B")
    dunia.ubah_acmt(6, nama="Nama Lain")  # not what an approval binds
    jalan.sampai(dari="posting")
    assert {b["idpel"] for b in terkirim} == {dunia.idpel(0), dunia.idpel(6)}
    assert {i: k for i, (s, k) in dunia.hasil(jalan.sesi).items() if s == "BERUBAH"} == {
        dunia.idpel(1): "BERUBAH_DI_ACMT",
        dunia.idpel(2): "BERUBAH_DI_ACMT",
        dunia.idpel(3): "BERUBAH_DI_ACMT",
        dunia.idpel(4): "TIDAK_ADA_LAGI",
        dunia.idpel(5): "TIDAK_ADA_LAGI",
    }
    assert all(dunia.idpel(n) in jalan.log for n in range(1, 6))
    assert "5 berubah di ACMT" in jalan.penutup
    assert dunia.isi_jejak(jalan.sesi, "BERUBAH_DI_SUMBER")["baris"] == {
        "BERUBAH BERUBAH_DI_ACMT": [dunia.idpel(n) for n in (1, 2, 3)],
        "BERUBAH TIDAK_ADA_LAGI": [dunia.idpel(n) for n in (4, 5)],
    }


def test_stempel_gugur_karena_petugas_dicabut(dunia: Dunia) -> None:
    """Invariant 2: a stamp whose person lost the role is void when the batch goes, though no value changed."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima")
    dunia.petugas(f"pengawas{dunia.unitup}", aktif=False, peran="PENGAWAS")
    jalan.sampai(dari="posting")
    assert {k for _, k in dunia.hasil(jalan.sesi).values()} == {"STEMPEL_TIDAK_SAH"}
    assert dunia.terposting() == set()
    assert jalan.penutup.startswith("Selesai tanpa posting")


@pytest.mark.parametrize("potong", [1, 2, 3, 5000])
def test_berubah_sesudah_posting_dilaporkan(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, potong: int) -> None:
    """Invariant 2: a change at the source after posting is reported, not hidden; AP2T keeps what was approved.

    It is told of those alone who were posted, in whatever pieces ACMT is read.
    """
    monkeypatch.setattr("ap2t.proses.cuplik.POTONG", potong)
    dunia.isi(9, {4: {"daya": "0"}})
    jalan = jalankan_sampai(dunia, "posting")
    dunia.ubah_acmt(1, sahlwbp="1151")
    dunia.ubah_acmt(4, sahlwbp="1152")
    dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE idpel = %s", [dunia.idpel(2)])
    jalan.sampai(dari="rekonsiliasi")
    assert f"2 pelanggan berubah di ACMT sesudah diposting: {dunia.idpel(1)}, {dunia.idpel(2)}" in jalan.log
    assert dunia.isi_jejak(jalan.sesi, "BERUBAH_SESUDAH_POSTING")["jumlah"] == 2
    assert jalan.sesi.status == "SELESAI"


def test_galat_buku_selagi_acmt_dibaca_menutup_alirannya(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ledger fails while ACMT is read, its COPY is closed at once: the pool would wait for its lock."""
    monkeypatch.setattr("ap2t.proses.cuplik.POTONG", 2)
    dunia.isi(6)
    jalan = jalankan_sampai(dunia, "rekonsiliasi")

    def gagal(*_: Any, **__: Any) -> NoReturn:
        raise BukuTidakTerjangkau("buku pergi")

    monkeypatch.setattr(TabelCuplikan, "teks", gagal)
    layanan = dunia.layanan()
    with pytest.raises(BukuTidakTerjangkau) as galat:
        sejak_cuplikan(layanan.buku, layanan.sumber, jalan.sesi)
    assert galat.traceback  # the error lives on, and with it every frame
    assert layanan.sumber.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.fixture(params=[True, False], ids=["riwayat", "tanpa riwayat"])
def tawaran(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT with earlier months, for which each row is looked at, and without: plain rows go together."""
    if not request.param:
        monkeypatch.setattr(SumberAcmt, "kolom_riwayat", ())


@pytest.mark.usefixtures("tawaran")
def test_cuplikan_sedikit_demi_sedikit(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows go into one statement, and into one text: each is there once, with what the sieve says of it."""
    for nama, nilai in (("POTONG", 3), ("RIWAYAT_SEKALI", 3), ("BAGIAN_SEKALI", 2)):
        monkeypatch.setattr(cuplik, nama, nilai)
    ubah: dict[int, dict[str, Any]] = {3: {"sahlwbp": "9999", "pemkwh": None}, 7: {"nama": "a\\tb"}}
    idpel = dunia.isi(40, {**ubah, 8: {"kirim_pada": "infinity"}, 9: {"kirim_pada": None}})
    dunia.posting_lain(10)
    dunia.pola("BERTAHAP")
    jalan = jalankan_sampai(dunia, "ambil_bacaan")
    perintah = (
        "SELECT b.idpel, g.hasil FROM pengesahan.bacaan b FULL JOIN pengesahan.saringan g USING (sesi_id, idpel) "
        "WHERE sesi_id = %s ORDER BY b.idpel"
    )
    isi = dunia.buku_lihat.execute(perintah, [jalan.sesi.id]).fetchall()
    assert isi == [(satu, "DITAHAN" if n == 3 else "LOLOS") for n, satu in enumerate(idpel) if n not in (8, 9, 10)]
    assert jalan.saring() == {"LOLOS": 36, "DITAHAN": 1, "JAM_NYALA": 1}


def test_saringan_yang_kurang_tidak_dilanjutkan(dunia: Dunia) -> None:
    """Is what the sieve said not what the trail counted, the step stops; read anew, all is there again."""
    dunia.isi(4)
    jalan = jalankan_sampai(dunia, "ambil_bacaan")
    perintah = "DELETE FROM pengesahan.saringan WHERE sesi_id = %s AND idpel = %s"
    dunia.buku_lihat.execute(perintah, [jalan.sesi.id, dunia.idpel(2)])
    with pytest.raises(BukuMenolak, match="ulangi dari ambil_bacaan"):
        jalan.saring()
    jalan.sampai(dari="ambil_bacaan")
    assert dunia.terposting() == {dunia.idpel(n) for n in range(4)}


@pytest.mark.usefixtures("tawaran")
def test_idpel_ganda(dunia: Dunia) -> None:
    """A key that stands twice at the source holds that customer, and nobody else, also where rows come as text."""
    semua = dunia.isi(3)
    dunia.acmt.execute("ALTER TABLE acmt_dasar.bacaan DROP CONSTRAINT bacaan_pkey")
    try:
        dunia.acmt.execute(
            "INSERT INTO acmt_dasar.bacaan SELECT * FROM acmt_dasar.bacaan WHERE idpel = %s", [dunia.idpel(1)]
        )
        jalan = jalankan_sampai(dunia)
        assert f"{dunia.idpel(1)} (2 baris)" in jalan.log
        assert dunia.terposting() == {*semua} - {dunia.idpel(1)}
        ditahan = "SELECT alasan FROM pengesahan.saringan WHERE sesi_id = %s AND hasil = 'DITAHAN'"
        assert dunia.satu(ditahan, jalan.sesi.id) == ["GANDA"]
    finally:
        dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE unitup = %s", [dunia.unitup])
        dunia.acmt.execute("ALTER TABLE acmt_dasar.bacaan ADD PRIMARY KEY (idpel, thblrek)")


def test_cuplikan_tidak_menahan_jejak_sesi_lain(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one unit's snapshot is streamed, other sessions can still write their trail (it has one head for all)."""
    dunia.isi(3)
    dunia.posting_lain(0)  # so that the snapshot has something to record DILUAR_SISTEM
    jalan = jalankan_sampai(dunia, "buka_sesi")
    sumber = type(jalan.layanan.sumber)
    asli, tercatat = sumber.baca, threading.Event()

    def tulis() -> None:
        with Layanan() as lain, lain.buku.transaksi() as tx:
            tx.jejak.catat("UJI", {})
        tercatat.set()

    def baca(diri: Any, *a: Any, **k: Any) -> Any:
        threading.Thread(target=tulis, daemon=True).start()
        assert tercatat.wait(3), "jejak sesi lain menunggu cuplikan ini"
        return asli(diri, *a, **k)

    monkeypatch.setattr(sumber, "baca", baca)
    jalan.ambil_bacaan()


# ---------------------------------------------------------------------------------------------- opening a session


@pytest.mark.parametrize(
    ("ubah", "galat", "sebut"),
    [
        ({"unitup": "5411"}, MasukanTidakSah, r"unitup '5411' tidak sah"),
        ({"unitup": ""}, MasukanTidakSah, "unitup"),
        ({"unitup": None}, MasukanTidakSah, "unitup"),
        ({"unitup": "54110' OR '1'='1"}, MasukanTidakSah, "unitup"),
        ({"unitup": "54110" * 2000}, MasukanTidakSah, "unitup"),
        ({"unitup": "59999"}, MasukanTidakSah, "Unit 59999 tidak ada"),
        ({"thblrek": "202613"}, MasukanTidakSah, "thblrek '202613' tidak sah"),
        ({"thblrek": "Juni"}, MasukanTidakSah, "thblrek"),
        ({"thblrek": "202606'; DROP TABLE pengesahan.jejak; --"}, MasukanTidakSah, "thblrek"),
        ({"thblrek": "202001"}, MasukanTidakSah, r"unit \d+, bulan 202001, kelompok A"),
        ({"thblrek": "203001"}, MasukanTidakSah, r"unit \d+, bulan 203001, kelompok A"),
        ({"hari_baca": "a"}, MasukanTidakSah, "hari_baca 'a' tidak sah"),
        ({"hari_baca": "Z"}, MasukanTidakSah, r"unit \d+, bulan 202606, kelompok Z"),
        ({"pemicu": "spv54110"}, WewenangKurang, r"spv54110 bukan petugas aktif unit \d+"),
        ({"pemicu": None}, WewenangKurang, "tidak mencatat siapa"),
        ({"asing": ["sidik"]}, MasukanTidakSah, "sidik"),  # which ones are: test_isian_asing_disebut
    ],
)
def test_isian_salah(dunia: Dunia, ubah: dict[str, Any], galat: type[Exception], sebut: str) -> None:
    """Invariant 7: what a run is started with is checked, and the message says which unit, month or kelompok."""
    dunia.isi(1)
    with pytest.raises(galat, match=sebut):
        dunia.jalan().buka_sesi(**ubah)
    assert dunia.satu("SELECT count(*) FROM pengesahan.sesi WHERE unitup = %s", dunia.unitup) == 0


def test_thblrek_kosong_menurut_kalender(dunia: Dunia) -> None:
    """Pinned: an empty month is the kelompok's current one by the reading calendar, in the unit's own zone."""
    dunia.isi(2)
    jalan = dunia.jalan(thblrek="", pemicu=None)
    kini = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    dunia.acmt.execute("DELETE FROM acmt_dasar.jadwal_hari_baca WHERE unitup = %s", [dunia.unitup])
    with pytest.raises(MasukanTidakSah, match=rf"kelompok A unit {dunia.unitup}"):
        jalan.buka_sesi()
    for bulan, hari in ((dunia.bulan, kini), ("209901", kini + timedelta(days=1))):
        dunia.acmt.execute(
            "INSERT INTO acmt_dasar.jadwal_hari_baca VALUES (%s, %s, 'A', %s, 1)", [dunia.unitup, bulan, hari]
        )
    assert jalan.sampai().thblrek == dunia.bulan
    assert jalan.sesi.pemicu is None


def test_satu_sesi_dan_ambil_alih(dunia: Dunia) -> None:
    """Invariant 4: a live run keeps the kelompok; a dead one is taken over, and cannot go on afterwards."""
    dunia.isi(3)
    satu = jalankan_sampai(dunia, "terima")
    dua = dunia.jalan()
    with pytest.raises(BukuMenolak, match=rf"unit {dunia.unitup}, bulan {dunia.bulan}, kelompok A.*{satu.run_id}"):
        dua.buka_sesi()
    assert satu.buka_sesi().nomor == satu.sesi.nomor  # the task run a second time
    lama = satu.sesi
    dua.buka_sesi(hidup=lambda _d, _r: False)
    assert satu.sesi.status == "DIAMBIL_ALIH"
    for langkah in ("posting", "buka_sesi"):
        with pytest.raises(BukuMenolak):
            getattr(satu, langkah)()
    with pytest.raises(BukuMenolak, match="tidak lagi dipegang run ini"):
        posting_ap2t(Langkah(satu.layanan, lama, satu.lapor), ukuran=1000, serentak=1)
    dua.sampai(dari="ambil_bacaan")
    assert dua.sesi.putaran == 2
    assert "SESI_DIAMBIL_ALIH" in dunia.jenis_jejak(satu.sesi)


def test_dua_run_membuka_serentak(dunia: Dunia) -> None:
    """Invariant 4: of runs that open the same kelompok at the same moment exactly one gets it."""
    dunia.isi(1)
    hasil: list[str] = []
    mulai = threading.Barrier(3)

    def buka(jalan: Jalan) -> None:
        mulai.wait()
        try:
            jalan.buka_sesi()
            hasil.append("buka")
        except BukuMenolak:
            hasil.append("tolak")

    utas = [threading.Thread(target=buka, args=(dunia.jalan(),)) for _ in range(3)]
    for u in utas:
        u.start()
    for u in utas:
        u.join(20)
    assert sorted(hasil) == ["buka", "tolak", "tolak"]


def test_terhenti_lalu_dilanjutkan(dunia: Dunia) -> None:
    """Invariant 4: a failed run leaves TERHENTI with the reason; clearing the failed task resumes it where it stood."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "terima")
    hentikan(jalan.langkah, "posting_ap2t: uji")
    assert (jalan.sesi.status, jalan.sesi.keterangan) == ("TERHENTI", "posting_ap2t: uji")
    with pytest.raises(BukuMenolak):
        jalan.posting()
    hentikan(jalan.langkah, "lagi")  # changes nothing
    assert jalan.lanjutkan().tahap == "DISETUJUI"
    jalan.sampai(dari="posting")
    assert jalan.posting().status == "SELESAI"  # cleared once more: nothing is sent
    assert "tidak ada yang dikirim" in jalan.log


def test_ambil_alih_oleh_penjaga(dunia: Dunia) -> None:
    """Invariant 4: a takeover by nobody in particular (the watch) is possible where nothing is in flight."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "rekap")
    ambil_alih(jalan.langkah, None)
    assert jalan.sesi.status == "DIAMBIL_ALIH"
    assert jalan.sesi.epoch == 2


# ------------------------------------------------------------------------------------------------------- secrets


@pytest.mark.parametrize(
    ("nama", "rusak", "galat"),
    [
        ("cmt_db", {"conn_type": "mysql"}, KoneksiTidakSah),
        ("cmt_db", {"login": "tidak_ada"}, GalatPengesahan),
        ("acmt_db", {"login": "tidak_ada", "password": "rahasia-1"}, GalatPengesahan),
        ("acmt_db", {"conn_type": "dbase"}, KoneksiTidakSah),
        ("ap2t_default", {"password": "rahasia-2"}, GalatPengesahan),
        ("ap2t_default", {"host": None}, KoneksiTidakSah),
        ("ap2t_default", {"password": None}, KoneksiTidakSah),
    ],
)
def test_koneksi_rusak_tidak_membocorkan_sandi(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch, nama: str, rusak: dict[str, Any], galat: type[Exception]
) -> None:
    """Invariant 7: whatever is wrong with a connection, the message (and what it stands on) shows no password."""
    dunia.isi(1)
    kunci = f"AIRFLOW_CONN_{nama.upper()}"
    isi = {**json.loads(os.environ[kunci]), **rusak}
    with monkeypatch.context() as m:
        m.setenv(kunci, json.dumps(isi))
        jalan = dunia.jalan()
        with pytest.raises(galat) as e:
            jalan.sampai("ambil_bacaan")
    rantai: list[str] = []
    berikut: BaseException | None = e.value
    while berikut is not None:
        rantai.append(str(berikut))
        berikut = berikut.__cause__
    assert not any(r in "\n".join(rantai) for r in ("rahasia-1", "rahasia-2", "sandi-pembaca", SANDI))


def test_buku_tanpa_skema(dunia: Dunia, alamat_pg: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that was never migrated says what to run."""
    dunia.isi(1)
    with psycopg.connect(alamat_pg.server, autocommit=True) as conn:
        conn.execute("DROP DATABASE IF EXISTS uji_kosong")
        conn.execute("CREATE DATABASE uji_kosong")
    with monkeypatch.context() as m:
        alamat = alamat_pg.server.replace("/postgres?", "/uji_kosong?")
        isi_koneksi(m, "cmt_db", **koneksi_basis(alamat, APLIKASI))
        with pytest.raises(BukuMenolak, match="migrasi"):
            dunia.jalan().buka_sesi()

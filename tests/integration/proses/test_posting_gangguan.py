"""Posting under faults, several batches in flight: every approved row takes effect exactly once (invariant 3)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from proses_fixtures import Dunia, Jalan, jalankan_sampai

from ap2t.galat import Ap2tMelanggarKontrak, Ap2tMenolak, Ap2tTidakPasti, Ap2tTidakTerjangkau, BukuMenolak, GalatAp2t
from ap2t.hooks import ap2t as modul_klien
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.ledger.kiriman import TabelKiriman
from ap2t.proses import kirim as modul_pengirim
from ap2t.proses.tutup import hentikan
from conftest import AKAR, SANDI

JUMLAH = 40
ANAK = """
import sys
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.posting import posting_ap2t
with Layanan(koneksi_maks=8) as layanan:
    with layanan.buku.transaksi() as tx:
        s = tx.sesi.milik_run(sys.argv[1], sys.argv[2])
    print("siap", flush=True)
    posting_ap2t(Langkah(layanan, s, lambda _: None), ukuran=5, serentak=4)
"""


@pytest.fixture(autouse=True)
def _cepat(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait longer than needed: patience, pauses, and how long reads go on trying."""
    monkeypatch.setattr(modul_pengirim, "SABAR", 3.0)
    monkeypatch.setattr(modul_pengirim, "JEDA_COBA", 0.05)
    asli = KlienAp2t.__init__

    def awal(diri: KlienAp2t, *a: Any, **k: Any) -> None:
        asli(diri, *a, **{**k, "timeout": (2, 10), "penundaan_maks": 3.0})

    monkeypatch.setattr(KlienAp2t, "__init__", awal)


def siap(dunia: Dunia, jumlah: int = JUMLAH, ukuran: int = 5, serentak: int = 4) -> Jalan:
    """Return an approved run over ``jumlah`` rows that posts in small batches."""
    dunia.isi(jumlah)
    jalan = jalankan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = ukuran, serentak
    return jalan


def selesai(dunia: Dunia, jalan: Jalan, jumlah: int = JUMLAH) -> None:
    """The run ends well: every row posted, each once, none in flight, ledger and AP2T agree."""
    jalan.sampai(dari="rekonsiliasi")
    assert jalan.sesi.status == "SELESAI"
    assert len(dunia.terposting()) == jumlah
    assert len(dunia.hasil(jalan.sesi)) == jumlah
    assert not [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]
    assert len(dunia.jejak_ap2t()) == jumlah


def tunggu(syarat: Callable[[], Any], batas: float = 10.0) -> Any:
    """Wait until something holds."""
    akhir = time.monotonic() + batas
    while time.monotonic() < akhir:
        if ada := syarat():
            return ada
        time.sleep(0.02)
    raise AssertionError("tidak tercapai")


def batal(dunia: Dunia, jalan: Jalan) -> int:
    return sum(b[1] == "BATAL" for b in dunia.batch(jalan.sesi))


# ------------------------------------------------------------------------------------ faults that pass by themselves


@pytest.mark.parametrize(
    ("aksi", "pilihan", "batal_minimal"),
    [
        ("hilang_sesudah", {}, 0),
        ("hilang_sebelum", {}, 1),
        ("galat", {"status": 500}, 1),
        ("galat", {"status": 503, "tunggu": 0}, 1),
        ("galat_sesudah", {"status": 500}, 0),
        ("galat_sesudah", {"status": 502}, 0),
        ("galat", {"status": 429, "tunggu": 0.1}, 0),
        ("galat", {"status": 429}, 0),
        ("rusak", {"cara": "bukan_json"}, 0),
        ("rusak", {"cara": "baris_kurang"}, 0),
        ("rusak", {"cara": "baris_ganda"}, 0),
        ("rusak", {"cara": "kunci_salah"}, 0),
        ("rusak", {"cara": "kodeposting_salah"}, 0),
        ("rusak", {"cara": "tanpa_kode"}, 0),
    ],
)
def test_gangguan_sekejap(dunia: Dunia, aksi: str, pilihan: dict[str, Any], batal_minimal: int) -> None:
    """Invariant 3: an answer lost, a request lost, 429, 5xx, a broken answer: settled, sent again, once each."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu(aksi, "posting", sisa=3, **pilihan)
    jalan.posting()
    selesai(dunia, jalan)
    assert batal(dunia, jalan) >= batal_minimal
    assert dunia.sandbox.lihat("gangguan") == []
    assert dunia.sandbox.log("pelanggaran") == []
    kunci = [k["kunci"] for k in dunia.sandbox.log("kiriman") if k["hasil"] == "DITERAPKAN"]
    assert sorted(kunci) == sorted(b[0] for b in dunia.batch(jalan.sesi) if b[1] == "DITERAPKAN")


def test_gangguan_acak_di_semua_jalan(dunia: Dunia) -> None:
    """Invariant 3: faults on every path at once, asking and settling included; cleared until done."""
    jalan = siap(dunia, 60, ukuran=4, serentak=6)
    for aksi in ("hilang_sesudah", "hilang_sebelum", "galat_sesudah", "galat"):
        dunia.sandbox.ganggu(aksi, "posting", "batch", "tutup", sisa=None, peluang=0.12)
    for _ in range(8):
        try:
            jalan.posting()
            break
        except (Ap2tTidakPasti, Ap2tTidakTerjangkau):
            hentikan(jalan.langkah, "uji")
            jalan.lanjutkan()
    dunia.pulihkan()
    if not jalan.sesi.sudah("TERPOSTING"):
        jalan.posting()
    selesai(dunia, jalan, 60)


def test_token_habis_di_tengah(dunia: Dunia) -> None:
    """A token that expires in the middle of a run is renewed; no batch is doubled by it."""
    jalan = siap(dunia)
    dunia.sandbox.kendali("token", umur=0)
    with pytest.raises(Ap2tMenolak, match="sesudah masuk ulang"):
        jalan.posting()  # tokens that are stale at once: given up, not hammered
    dunia.sandbox.kendali("token", umur=3600)
    dunia.sandbox.ganggu("latensi", "posting", sisa=None, detik=0.1)
    utas, galat = _di_utas(jalan.posting)
    tunggu(lambda: len(dunia.terposting()) >= 5)
    dunia.sandbox.kendali("token", hanguskan=True)
    utas.join(20)
    assert galat == []
    selesai(dunia, jalan)


def test_baris_ditolak_tidak_menghentikan_yang_lain(dunia: Dunia) -> None:
    """Contract: one refused row never stops the others; it is named, stays 0, and goes with a later round."""
    jalan = siap(dunia)
    tolak = [dunia.idpel(n) for n in (0, 7, 39)]
    dunia.di_ap2t("tolak", idpel=tolak, kode="DATA_TIDAK_VALID")
    jalan.posting()
    jalan.sampai(dari="rekonsiliasi")
    assert len(dunia.terposting()) == JUMLAH - 3
    assert {i for i, (s, _) in dunia.hasil(jalan.sesi).items() if s == "DITOLAK"} == set(tolak)
    assert all(i in jalan.log for i in tolak)
    assert "3 ditolak AP2T" in jalan.penutup
    dunia.di_ap2t("tolak", idpel=tolak, kode=None)
    jalankan_sampai(dunia)
    assert len(dunia.terposting()) == JUMLAH


def test_kalimat_ap2t_tidak_menahan_dan_tidak_bocor(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """What AP2T says of a row is others' text: no NUL keeps an outcome out of the ledger; none of it is logged."""
    jalan = siap(dunia)
    tolak = dunia.idpel(7)
    dunia.di_ap2t("tolak", idpel=[tolak], kode="DATA_TIDAK_VALID")
    asli = modul_klien.urai

    def urai(model: Any, badan: bytes, tentang: str) -> Any:
        isi = json.loads(badan)
        for h in isi.get("hasil", []):
            h["pesan"] = "stan\x00 1234"
            h["kode"] = "Siti Rahasia, stan 1234" if h["kode"] else None
        return asli(model, json.dumps(isi).encode(), tentang)

    monkeypatch.setattr(modul_klien, "urai", urai)
    jalan.posting()
    assert dunia.hasil(jalan.sesi)[tolak] == ("DITOLAK", "KODE_TIDAK_SAH")
    assert len(dunia.terposting()) == JUMLAH - 1
    assert "Siti" not in jalan.log


# ------------------------------------------------------------------------------------- faults that stop the posting


def test_periode_ditutup_di_tengah(dunia: Dunia) -> None:
    """A period that closes mid-run stops the posting; what went is recorded, the rest goes when it opens again."""
    jalan = siap(dunia, serentak=2)
    dunia.sandbox.ganggu("latensi", "posting", sisa=None, detik=0.15)
    utas, galat = _di_utas(jalan.posting)
    tunggu(lambda: len(dunia.terposting()) >= 5)
    dunia.di_ap2t("periode", terbuka=False)
    utas.join(20)
    assert isinstance(galat[0], Ap2tMenolak)
    assert galat[0].kode == "FUNGSI2_TERTUTUP"
    sudah = dunia.terposting()
    assert 5 <= len(sudah) < JUMLAH
    assert {i for i, (s, _) in dunia.hasil(jalan.sesi).items() if s == "POSTING"} == sudah
    dunia.di_ap2t("periode", terbuka=True)
    jalan.posting()
    selesai(dunia, jalan)


def test_ap2t_lama_tidak_terjangkau(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 3: 429 beyond patience: the batch stays in flight, and the next try settles it before anything else."""
    monkeypatch.setattr(modul_pengirim, "SABAR", 0.2)
    jalan = siap(dunia)
    dunia.sandbox.ganggu("galat", "posting", sisa=None, status=429, tunggu=1)
    with pytest.raises(Ap2tTidakTerjangkau) as galat:
        jalan.posting()
    assert not galat.value.permanen
    assert dunia.terposting() == set()
    terbang = [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]
    assert terbang
    dunia.sandbox.kendali("reset", data=False)
    jalan.posting()
    assert batal(dunia, jalan) == len(terbang)
    assert "belum pasti: ditanyakan ke AP2T" in jalan.log
    selesai(dunia, jalan)


def test_ap2t_tidak_pernah_pasti(dunia: Dunia) -> None:
    """Patience has an end: 500 without end stops the posting, retriable, with every key settled."""
    jalan = siap(dunia, 10, ukuran=5)
    dunia.sandbox.ganggu("galat", "posting", sisa=None, status=500)
    with pytest.raises(Ap2tTidakPasti, match="tidak memberi hasil yang pasti") as galat:
        jalan.posting()
    assert not galat.value.permanen
    assert {b[1] for b in dunia.batch(jalan.sesi)} == {"BATAL"}
    dunia.sandbox.kendali("reset", data=False)
    jalan.posting()
    selesai(dunia, jalan, 10)


def test_jawaban_tersimpan_tidak_dapat_dipercaya(dunia: Dunia) -> None:
    """Invariant 3: a stored answer that breaks the contract is not believed: the batch stays in flight until it is."""
    jalan = siap(dunia, 5)
    dunia.sandbox.ganggu("hilang_sesudah", "posting")
    dunia.sandbox.ganggu("rusak", "batch", sisa=None, cara="baris_kurang")
    with pytest.raises(Ap2tMelanggarKontrak):
        jalan.posting()
    assert [b[1] for b in dunia.batch(jalan.sesi)] == ["DIKIRIM"]
    with pytest.raises(Ap2tMelanggarKontrak):
        jalan.posting()
    dunia.pulihkan()
    jalan.posting()
    selesai(dunia, jalan, 5)


def test_sandi_diganti_di_tengah(dunia: Dunia) -> None:
    """A password changed at AP2T mid-run stops the posting with nothing uncertain; the message shows no password."""
    jalan = siap(dunia)
    asli, jumlah = KlienAp2t.kirim_posting, 0

    def kirim(diri: KlienAp2t, kunci: str, badan: Badan) -> Any:
        nonlocal jumlah
        jumlah += 1
        if jumlah == 3:
            dunia.sandbox.kendali(
                "pengguna", username=f"ap-{dunia.spv}", password="lain", unitup=[dunia.unitup], peran=["ADMIN_CMT"]
            )
            dunia.sandbox.kendali("token", hanguskan=True)
        return asli(diri, kunci, badan)

    dunia.monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    with pytest.raises(Ap2tMenolak) as galat:
        jalan.posting()
    assert SANDI not in str(galat.value) + jalan.log
    assert not [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]
    dunia.pengguna_ap2t(dunia.spv)
    jalan.posting()
    selesai(dunia, jalan)


@pytest.mark.parametrize("status", [400, 413])
def test_permintaan_ditolak_dibelah(dunia: Dunia, status: int) -> None:
    """A request refused for its form is halved, so that the others go; each batch on the way is settled."""
    jalan = siap(dunia, 20, ukuran=10, serentak=1)
    dunia.sandbox.ganggu("galat", "posting", sisa=3, status=status)
    jalan.posting()
    assert [len(b[3]) for b in dunia.batch(jalan.sesi) if b[1] == "BATAL"] == [10, 5, 2]
    selesai(dunia, jalan, 20)


def test_satu_baris_yang_selalu_ditolak_bentuknya(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Halving ends at the row at fault: it alone is DITOLAK, by name, and the run ends well."""
    jalan = siap(dunia, 16, ukuran=8, serentak=2)
    buruk = dunia.idpel(5)
    asli = KlienAp2t.kirim_posting

    def kirim(diri: KlienAp2t, kunci: str, badan: Badan) -> Any:
        if buruk in badan.idpel:
            raise Ap2tMenolak("bentuk", kode="DATA_TIDAK_VALID", status=400)
        return asli(diri, kunci, badan)

    monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    jalan.posting()
    jalan.sampai(dari="rekonsiliasi")
    assert dunia.hasil(jalan.sesi)[buruk] == ("DITOLAK", "DATA_TIDAK_VALID")
    assert len(dunia.terposting()) == 15
    assert buruk in jalan.log


def test_terlalu_banyak_bentuk_ditolak(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more rows are refused for their form than can be at fault, it is the gateway: the step ends and says so."""
    jalan = siap(dunia, 6, ukuran=3, serentak=1)
    monkeypatch.setattr(modul_pengirim, "BENTUK_DITOLAK_MAKS", 2)
    dunia.sandbox.ganggu("galat", "posting", sisa=99, status=400)
    with pytest.raises(GalatAp2t, match="untuk lebih dari 2 pelanggan"):
        jalan.posting()
    assert sorted(dunia.hasil(jalan.sesi)) == [dunia.idpel(0), dunia.idpel(1)]
    assert not dunia.terposting()


# -------------------------------------------------------------------------------------- changes while AP2T is away


def test_berubah_selagi_menunggu_ap2t(dunia: Dunia) -> None:
    """Invariant 2: the source is looked at when the batch goes, also after waiting for AP2T and under a new key."""
    jalan = siap(dunia, 5)
    dunia.sandbox.ganggu("galat", "posting", sisa=1, status=429, tunggu=0.4)
    utas, galat = _di_utas(jalan.posting)
    tunggu(lambda: dunia.batch(jalan.sesi))
    dunia.ubah_acmt(2, sahlwbp="1151")
    utas.join(10)
    assert galat == []
    assert dunia.hasil(jalan.sesi)[dunia.idpel(2)] == ("BERUBAH", "BERUBAH_DI_ACMT")
    assert dunia.terposting() == {dunia.idpel(n) for n in (0, 1, 3, 4)}
    assert batal(dunia, jalan) == 1
    jalan.sampai(dari="rekonsiliasi")


def test_berubah_selagi_perubahan_lain_dicatat(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 2: what changes while another change is written down does not go either (SEED=9cab468c HANYA=65)."""
    jalan = siap(dunia, 4)
    dunia.ubah_acmt(1, sahlwbp="1151")
    asli = modul_pengirim.catat_hasil

    def lalu_berubah(langkah: Any, kunci: Any, hasil: Any) -> None:
        asli(langkah, kunci, hasil)
        if len(hasil) == 1 and hasil[0].idpel == dunia.idpel(1):
            dunia.ubah_acmt(2, sahlwbp="1152")

    monkeypatch.setattr(modul_pengirim, "catat_hasil", lalu_berubah)
    jalan.posting()
    for n in (1, 2):
        assert dunia.hasil(jalan.sesi)[dunia.idpel(n)] == ("BERUBAH", "BERUBAH_DI_ACMT")
    assert dunia.terposting() == {dunia.idpel(n) for n in (0, 3)}
    jalan.sampai(dari="rekonsiliasi")


def test_berubah_sebelum_kunci_baru(dunia: Dunia) -> None:
    """Invariant 2: rows that go again under a new key are looked at again."""
    jalan = siap(dunia, 4)
    asli = TabelKiriman.selesaikan

    def selesaikan(tx: Any, kunci: str, status: str, keterangan: str | None = None) -> bool:
        dunia.ubah_acmt(1, sahlwbp="1151")
        return asli(tx, kunci, status, keterangan)

    dunia.sandbox.ganggu("hilang_sebelum", "posting")
    dunia.monkeypatch.setattr(TabelKiriman, "selesaikan", selesaikan)
    jalan.posting()
    assert dunia.terposting() == {dunia.idpel(n) for n in (0, 2, 3)}


def test_hasil_yang_kurang_tidak_menjadi_hasil_semua(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 1: should an answer that leaves a row out ever get through, the ledger writes none of it down."""
    jalan = siap(dunia, 4)
    asli = KlienAp2t.kirim_posting

    def kurang(diri: KlienAp2t, kunci: str, badan: Badan) -> Any:
        hasil = asli(diri, kunci, badan)
        return replace(hasil, hasil=hasil.hasil[:-1])

    monkeypatch.setattr(KlienAp2t, "kirim_posting", kurang)
    with pytest.raises(BukuMenolak):
        jalan.posting()
    assert dunia.hasil(jalan.sesi) == {}
    monkeypatch.setattr(KlienAp2t, "kirim_posting", asli)
    jalan.posting()
    selesai(dunia, jalan, 4)


# ------------------------------------------------------------------------------------------- crashes and takeovers


def _di_utas(kerja: Callable[[], Any]) -> tuple[threading.Thread, list[BaseException]]:
    galat: list[BaseException] = []

    def lari() -> None:
        try:
            kerja()
        except BaseException as e:  # handed to the test
            galat.append(e)

    utas = threading.Thread(target=lari)
    utas.start()
    return utas, galat


def _bunuh_di_tengah(jalan: Jalan, dunia: Dunia, syarat: Callable[[], Any]) -> None:
    """Post in a process of its own and SIGKILL it once ``syarat`` holds and batches are in flight."""
    anak = subprocess.Popen(
        [sys.executable, "-c", ANAK, jalan.dag_id, jalan.run_id], cwd=AKAR / "plugins", stdout=subprocess.PIPE
    )
    try:
        tunggu(lambda: syarat() and [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"], 20)
    finally:
        anak.kill()
        anak.wait(10)
        assert anak.stdout is not None
        anak.stdout.close()
    assert [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]


def test_mati_di_tengah_lalu_dilanjutkan(dunia: Dunia) -> None:
    """Invariants 3, 4: SIGKILL with batches in flight, requests still held by AP2T; resumed: every row exactly once."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("hilang_sesudah", "posting", sisa=2)
    dunia.sandbox.ganggu("tahan", "posting", sisa=4, detik=1.5)
    _bunuh_di_tengah(jalan, dunia, lambda: not dunia.sandbox.lihat("gangguan"))
    jalan.posting()
    selesai(dunia, jalan)
    tunggu(lambda: len([k for k in dunia.sandbox.log("kiriman") if k["hasil"] == "KUNCI_DITUTUP"]) >= 3)
    assert len(dunia.jejak_ap2t()) == JUMLAH


def test_mati_sesudah_diterapkan_lalu_diambil_alih(dunia: Dunia) -> None:
    """Invariants 3, 4: killed after AP2T applied what the ledger knows nothing of; another run settles it."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("latensi", "posting", sisa=None, detik=10.0)  # longer than it takes to see it and kill
    _bunuh_di_tengah(jalan, dunia, lambda: len(dunia.terposting()) >= 10)
    sudah_di_ap2t = len(dunia.terposting())
    dunia.sandbox.kendali("reset", data=False)  # faults and logs away; the state stays
    dua = dunia.jalan(run_id=f"{jalan.run_id}_lagi")
    dua.buka_sesi(hidup=lambda _d, _r: False)
    assert jalan.sesi.status == "DIAMBIL_ALIH"
    assert not [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]
    diketahui = {i for i, (s, _) in dunia.hasil(jalan.sesi).items() if s == "POSTING"}
    assert len(diketahui) >= sudah_di_ap2t
    dua.sampai(dari="ambil_bacaan")
    assert len(dunia.terposting()) == JUMLAH
    assert len(dunia.hasil(dua.sesi)) == JUMLAH - len(diketahui)
    nomor = {b["idpel"]: b["no_pengesahan"] for b in dunia.baris_ap2t().values()}
    assert {i for i, n in nomor.items() if n == jalan.sesi.nomor} == diketahui
    dunia.periksa = lambda: None  # type: ignore[method-assign]  # its log was emptied above


def test_diambil_alih_selagi_batch_di_jalan(dunia: Dunia) -> None:
    """Invariant 4: a takeover voids the keys of requests on their way: the first run is fenced off, nothing twice."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("tahan", "posting", sisa=4, detik=4)
    utas, galat = _di_utas(jalan.posting)
    tunggu(lambda: sum(b[1] == "DIKIRIM" for b in dunia.batch(jalan.sesi)) >= 4)
    dua = dunia.jalan()
    dua.buka_sesi(hidup=lambda _d, _r: False)
    epoch = jalan.sesi.epoch
    dua.sampai(dari="ambil_bacaan")  # done before the first run's requests land
    utas.join(20)
    assert isinstance(galat[0], BukuMenolak)
    assert jalan.sesi.status == "DIAMBIL_ALIH"
    assert {b[1] for b in dunia.batch(jalan.sesi)} == {"BATAL"}
    assert all(b[2] < epoch for b in dunia.batch(jalan.sesi))
    telat = [k for k in dunia.sandbox.log("kiriman") if k["hasil"] == "KUNCI_DITUTUP"]
    assert len(telat) == 4
    assert len(dunia.jejak_ap2t()) == JUMLAH
    assert {b["no_pengesahan"] for b in dunia.baris_ap2t().values()} == {dua.sesi.nomor}


def test_posting_yang_sama_berjalan_dua_kali(dunia: Dunia) -> None:
    """Invariants 3, 4: the same task twice at once (a worker thought dead): the later goes on, the other is fenced."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("tahan", "posting", sisa=4, detik=0.8)
    utas, galat = _di_utas(jalan.posting)
    tunggu(lambda: sum(b[1] == "DIKIRIM" for b in dunia.batch(jalan.sesi)) >= 4)
    kembar = dunia.jalan(run_id=jalan.run_id)
    kembar.ukuran = 5
    kembar.posting()
    utas.join(20)
    assert isinstance(galat[0], BukuMenolak)
    selesai(dunia, kembar)


def test_ambil_alih_menunggu_ap2t(dunia: Dunia) -> None:
    """Invariant 4: until a batch in flight is settled no other run gets the kelompok; the old one is fenced."""
    jalan = siap(dunia, 5)
    dunia.sandbox.ganggu("hilang_sesudah", "posting")
    dunia.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
    with pytest.raises(Ap2tTidakPasti):
        jalan.posting()
    dua = dunia.jalan()
    with pytest.raises(BukuMenolak, match="belum dapat dipastikan"):
        dua.buka_sesi(hidup=lambda _d, _r: False)
    assert jalan.sesi.status == "TERHENTI"
    assert dunia.satu("SELECT count(*) FROM pengesahan.sesi WHERE unitup = %s", dunia.unitup) == 1
    dunia.pulihkan()
    dua.buka_sesi(hidup=lambda _d, _r: False)
    assert len(dunia.hasil(jalan.sesi)) == 5
    dua.sampai("rekap", dari="ambil_bacaan")
    assert "sudah disahkan" in dua.tutup_sesi()


def test_galat_di_utas_utama_menghentikan_semua(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption (SIGTERM, ledger away) ends the posting soon: no thread goes on waiting for AP2T."""
    jalan = siap(dunia, serentak=2)
    monkeypatch.setattr(modul_pengirim, "SABAR", 60.0)
    dunia.sandbox.ganggu("galat", "posting", sisa=None, status=429, tunggu=30)
    asli, halaman = TabelKiriman.berikut, 0

    def berikut(*a: Any, **k: Any) -> Any:
        nonlocal halaman
        halaman += 1
        if halaman == 3:
            tunggu(lambda: len(dunia.batch(jalan.sesi)) >= 2)
            raise KeyboardInterrupt
        return asli(*a, **k)

    monkeypatch.setattr(TabelKiriman, "berikut", berikut)
    mulai = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        jalan.posting()
    assert time.monotonic() - mulai < 8
    monkeypatch.setattr(TabelKiriman, "berikut", asli)
    dunia.sandbox.kendali("reset", data=False)
    jalan.posting()
    selesai(dunia, jalan)

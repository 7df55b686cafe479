"""Parts of the page that need no database: what is remembered, the index of customers, sentences."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.testclient import TestClient

from ap2t.audit.kalimat_jejak import entri_terbaca, kalimat
from ap2t.domain.model import Bacaan, Tempat
from ap2t.domain.status import Keadaan, Status
from ap2t.galat import SumberTidakTerjangkau
from ap2t.ledger.jejak import Entri
from ap2t.ledger.persetujuan import Persetujuan
from ap2t.lihat.rincian import langkah
from ap2t.lihat.status_pelanggan import StatusPelanggan
from ap2t.web import aplikasi, konteks
from ap2t.web.data import Data
from ap2t.web.ingatan import Ingatan, MasihDicari
from ap2t.web.kolam import Kolam, RuteKolam
from ap2t.web.konteks import Konteks
from ap2t.web.loket import Loket
from ap2t.web.masalah import TUNGGU, Masalah
from ap2t.web.pelanggan import indeks
from ap2t.web.pelanggan.indeks import IndeksBulan, KelompokTerindeks, PilihanPelanggan
from ap2t.web.pelanggan.penyegar import ANTRE_MAKS, BULAN_MAKS, Penyegar
from ap2t.web.sakelar import DIAM, JEDA, Sakelar
from tests.perintah import keluar

KINI = datetime(2026, 6, 3, tzinfo=UTC)


def orang(kode: str, n: int, status: Status = Status.TERKIRIM, **lain: object) -> StatusPelanggan:
    idpel = f"54110{ord(kode):02d}{n:05d}"
    b = Bacaan(idpel, "54110", "202606", kode, **{"nama": f"NAMA {n}", **lain})  # type: ignore[arg-type]
    jam = None if n == 0 else Decimal(n) * 100
    return StatusPelanggan(Tempat("54110", "202606", kode), idpel, Keadaan(status, status), jam_nyala=jam, bacaan=b)


def gabung(bulan: IndeksBulan, kode: str, *semua: StatusPelanggan) -> None:
    conn = indeks.baru()
    indeks.isi(conn, semua)
    bulan.gabung(kode, conn.serialize(), KelompokTerindeks(None, KINI, len(semua)))
    conn.close()


def test_indeks_diganti_per_kelompok() -> None:
    """A kelompok that is worked out anew replaces what was there of it, and nothing else."""
    bulan = IndeksBulan()
    gabung(bulan, "A", *(orang("A", n) for n in range(5)))
    gabung(bulan, "B", *(orang("B", n) for n in range(3)))
    assert bulan.daftar(PilihanPelanggan()).per_status == {"TERKIRIM": 8}
    gabung(bulan, "A", orang("A", 0, Status.SUDAH_DISAHKAN))
    assert bulan.daftar(PilihanPelanggan()).per_status == {"TERKIRIM": 3, "SUDAH_DISAHKAN": 1}
    assert (bulan.jumlah, bulan.daftar(PilihanPelanggan(hari_baca="A")).jumlah) == (4, 1)


def test_indeks_mencari_dan_mengurutkan() -> None:
    """What is searched for is text, never a pattern; who has nothing to sort by comes last either way."""
    bulan = IndeksBulan()
    gabung(bulan, "A", *(orang("A", n) for n in range(4)), orang("A", 9, nama="50%_A\\B", kddk="KD1"))
    ada = {"%": 1, "_": 1, "\\": 1, "nama 3": 1, "NAMA": 4, "kd1": 1, "5411065": 5, "x": 0}
    for kata, jumlah in ada.items():
        assert bulan.daftar(PilihanPelanggan(cari=kata)).jumlah == jumlah, kata
        assert len(bulan.daftar(PilihanPelanggan(cari=kata)).baris) == jumlah, kata
    for turun in (False, True):
        baris = bulan.daftar(PilihanPelanggan(urut="jam_nyala", turun=turun)).baris
        jam = [b["jam_nyala"] for b in baris]
        assert jam == (["900", "300", "200", "100", None] if turun else ["100", "200", "300", "900", None])
    assert bulan.daftar(PilihanPelanggan(jam_min=Decimal(200), jam_maks=Decimal(300))).jumlah == 2
    assert [b["idpel"][-1] for b in bulan.daftar(PilihanPelanggan(halaman=2, ukuran=2)).baris] == ["2", "3"]


def test_ingatan() -> None:
    """One thread works a value out, others wait; a new version, age, or too many others renew it."""
    kali: list[int] = []

    def buat() -> int:
        kali.append(1)
        time.sleep(0.05)
        return len(kali)

    ingat: Ingatan[int] = Ingatan(2, 60)
    utas = [threading.Thread(target=ingat.ambil, args=("a", buat)) for _ in range(8)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert len(kali) == 1
    assert (ingat.intip("a"), ingat.intip("b")) == (1, None)
    assert ingat.ambil("a", buat, cap="baru") == 2
    assert ingat.intip("a") is None
    for nama in "bc":
        ingat.ambil(nama, buat)
    assert ingat.intip("a", "baru") is None
    ingat.detik = -1
    assert ingat.ambil("b", buat) == 5

    def gagal() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        ingat.ambil("d", gagal)
    assert ingat.ambil("d", buat) == 6


def test_ingatan_tidak_menunggu_tanpa_batas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for what another thread cannot get gets an error soon, or what was known last."""
    monkeypatch.setattr("ap2t.web.ingatan.SABAR", 0.05)
    ingat: Ingatan[int] = Ingatan(2, -1)
    assert ingat.ambil_atau_lama("a", lambda: 1) == (1, None)
    mulai, selesai = threading.Event(), threading.Event()

    def menggantung() -> int:
        mulai.set()
        selesai.wait(30)
        return 2

    utas = threading.Thread(target=ingat.ambil, args=("a", menggantung))
    utas.start()
    mulai.wait(30)
    with pytest.raises(MasihDicari):
        ingat.ambil("a", lambda: 3)
    lama, sebab = ingat.ambil_atau_lama("a", lambda: 3)
    assert (lama, "Masih menunggu" in str(sebab)) == (1, True)
    selesai.set()
    utas.join()
    assert ingat.ambil_atau_lama("b", lambda: 4) == (4, None)


class Sistem:
    """A system behind a :class:`Sakelar`, on a clock of the test's own; ``hidup`` None: it hangs until it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, serentak: int = 2) -> None:
        self.jam = 1000.0
        monkeypatch.setattr("ap2t.web.sakelar.time", SimpleNamespace(monotonic=lambda: self.jam))
        for nama in ("SABAR", "SABAR_UJI"):
            monkeypatch.setattr(f"ap2t.web.sakelar.{nama}", 0.0)
        self.sakelar = Sakelar("ACMT", serentak, SumberTidakTerjangkau)
        self.ditanya = 0
        self._menggantung = ExitStack()

    def tanya(self, galat: Exception | None = None) -> None:
        with self.sakelar.lewat():
            self.ditanya += 1
            if galat:
                raise galat

    def ditolak(self, apa: str) -> bool:
        """Whether a call is refused with this sentence before it reaches the system."""
        sebelum = self.ditanya
        with pytest.raises(SumberTidakTerjangkau, match=apa):
            self.tanya()
        return self.ditanya == sebelum

    def menggantung(self) -> None:
        self._menggantung.enter_context(self.sakelar.lewat())

    def lepas(self) -> None:
        self._menggantung.close()


def test_sakelar_mengingat_kegagalan(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failure nobody else finds out by trying; after some seconds one does, and then it works for all."""
    s = Sistem(monkeypatch)
    mati = SumberTidakTerjangkau("ACMT mati.")
    with pytest.raises(SumberTidakTerjangkau):
        s.tanya(mati)
    s.jam += JEDA - 0.1
    assert s.ditolak("ACMT tidak menjawab")
    s.jam += 0.2
    with pytest.raises(SumberTidakTerjangkau):
        s.tanya(mati)
    assert s.ditanya == 2
    assert s.ditolak("ACMT tidak menjawab")
    s.jam += JEDA
    for _ in range(3):
        s.tanya()
    with pytest.raises(ZeroDivisionError):  # an answer, whatever became of it
        s.tanya(ZeroDivisionError())
    s.tanya()


def test_sakelar_satu_yang_gagal_bukan_sistemnya(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call that takes too long says nothing of a system that answers everybody else meanwhile."""
    s = Sistem(monkeypatch)
    lambat = s.sakelar.lewat()
    lambat.__enter__()
    s.jam += 15
    s.tanya()
    s.jam += 0.5
    galat = SumberTidakTerjangkau("terlalu lama")
    assert not lambat.__exit__(type(galat), galat, None)  # it goes on to whoever called
    s.tanya()


def test_sakelar_yang_diam(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that says nothing while somebody waits is tried by one at a time, and again by all once it answers."""
    s = Sistem(monkeypatch, serentak=3)
    s.tanya()
    s.menggantung()
    s.jam += DIAM - 0.1
    s.tanya()  # it may be that call alone
    s.jam += DIAM + 0.1
    s.menggantung()  # this one tries
    assert s.ditolak("ACMT belum menjawab sejak 3 detik")
    s.jam += JEDA
    s.tanya()  # so does this, and is answered
    s.tanya()
    s.menggantung()
    assert s.ditolak("terlalu banyak")
    s.lepas()
    s.tanya()


def test_kolam_penuh() -> None:
    """A pool whose threads all wait refuses soon, lets no queue grow, and serves again as they come back."""
    selesai = threading.Event()
    kolam = Kolam(utas=2, sabar=0.05)

    async def utama() -> None:
        lama = [asyncio.create_task(kolam.jalankan(selesai.wait, 30)) for _ in range(2)]
        await asyncio.sleep(0)
        for _ in range(5):
            with pytest.raises(Masalah) as e:
                await kolam.jalankan(int)
            assert (e.value.status, e.value.tunggu) == (503, 2)
        selesai.set()
        assert await asyncio.gather(*lama) == [True, True]
        assert await kolam.jalankan(int, "7") == 7

    asyncio.run(utama())


def test_rute_tidak_dapat_memakai_utas_airflow() -> None:
    """A route that somebody adds without thinking of it runs in the page's threads, or the page does not build."""
    rute = APIRouter(route_class=RuteKolam)

    def tergantung() -> int:
        return 1

    with pytest.raises(TypeError, match="must be async"):
        rute.get("/a", dependencies=[Depends(tergantung)])(lambda: None)

    @rute.get("/b")
    def b(x: int) -> konteks.JawabanJson:
        return konteks.JawabanJson({"utas": threading.current_thread().name, "x": x})

    app = FastAPI()
    app.include_router(rute)
    isi = TestClient(app).get("/b?x=3").json()
    assert (isi["utas"].startswith("halaman"), isi["x"]) == (True, 3)


def test_aplikasi_menolak_rute_biasa(monkeypatch: pytest.MonkeyPatch) -> None:
    """A router of another kind does not get into the page."""
    biasa = APIRouter()
    biasa.get("/biasa")(lambda: None)
    monkeypatch.setattr("ap2t.web.rute.muka.rute", biasa)
    with pytest.raises(TypeError, match="RuteKolam"):
        aplikasi.buat_inti(Konteks(Data()))


def test_loket() -> None:
    """Few places, one for a person; whoever leaves, however it ends, leaves it free."""
    loket = Loket(2, "Tunggu giliran.")
    with ExitStack() as dalam:
        for nama in "ab":
            dalam.enter_context(loket.dilayani(nama))
        for nama, status in (("a", 429), ("c", 503)):
            with pytest.raises(Masalah) as e, loket.dilayani(nama):
                pass
            assert (e.value.status, e.value.tunggu) == (status, TUNGGU)
    with pytest.raises(ZeroDivisionError), loket.dilayani("c"):
        raise ZeroDivisionError
    with loket.dilayani("c"), loket.dilayani("a"):
        pass


def test_memori_terbatas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more customers than the setting allows, the months looked at longest ago are forgotten."""
    monkeypatch.setenv("AP2T_HALAMAN_PELANGGAN", "10000")
    p = Penyegar()
    for bulan in ("202604", "202605", "202606"):
        isi = p._indeks.setdefault(("54110", bulan), IndeksBulan())
        isi.kelompok = {"A": KelompokTerindeks(None, KINI, 6000)}
        p._batasi()
    assert list(p._indeks) == [("54110", "202606")]


def test_bulan_kosong_terbatas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for month after month, and kelompok after kelompok, fills no memory with what is not there."""
    monkeypatch.setattr(Penyegar, "_bangun", lambda _: None)
    p = Penyegar()
    for n in range(BULAN_MAKS + 50):
        p.indeks("54110", f"{2000 + n}06", {f"{m:02d}": None for m in range(10)}, {})
    assert (len(p._indeks), len(p._minta)) == (BULAN_MAKS, ANTRE_MAKS)
    assert ("54110", f"{2000 + n}06") in p._indeks
    p.hentikan()


def test_pekerja_mati(monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper process that dies fails its job, not the page; the next job starts a new one."""
    p = Penyegar()
    monkeypatch.setattr(
        "ap2t.web.pelanggan.penyegar.perintah", lambda *_: [sys.executable, "-c", "import sys; sys.exit(3)"]
    )
    isi, hasil = p._anak.kerjakan("kesiapan", Tempat("54110", "202606", "A"))
    assert ("berhenti" in isi["galat"], hasil) == (True, b"")
    program = (
        "import sys\nfor _ in sys.stdin:\n"
        "    print('{\"kini\": [1, 1, 1, 1], \"panjang\": 2}', flush=True); print('ok', end='', flush=True)"
    )
    monkeypatch.setattr("ap2t.web.pelanggan.penyegar.perintah", lambda *_: [sys.executable, "-c", program])
    for _ in range(2):
        isi, hasil = p._anak.kerjakan("kesiapan", Tempat("54110", "202606", "A"))
        assert (isi["kini"], hasil) == ([1, 1, 1, 1], b"ok")
    p.hentikan()


def test_plugin_tidak_memuat_halaman() -> None:
    """Tasks are forked from where the plugin is loaded: it must not bring a web app with it."""
    program = (
        "import sys; import ap2t.plugin; "
        "print([m for m in sys.modules if m.startswith('ap2t.web') or m == 'airflow.api_fastapi.core_api.security'])"
    )
    hasil = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    keluar(hasil)
    assert hasil.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("jenis", "isi", "kata"),
    [
        ("DIJAWAB", {"keputusan": "TOLAK", "sidik": "ab" * 32, "kembalikan": ["1"] * 7}, "mengembalikan 7 pelanggan"),
        ("KESIAPAN", {"tahap": "TERKIRIM", "angka": {"sudah": 1, "pelanggan": 2000}}, "1 dari 2.000"),
        ("KESIAPAN", {"tahap": "FUNGSI2_TERBUKA", "siap": False, "angka": {"posting_0": 9}}, "Fungsi 2 AP2T tertutup"),
        ("PERISTIWA_AIRFLOW", {"peristiwa": "update_hitl_detail"}, "Di Airflow spv meminta: menjawab gerbang"),
        ("PERISTIWA_AIRFLOW", {"peristiwa": "patch_dag_run"}, "Di Airflow spv meminta: mengubah run (patch_dag_run)."),
        ("PERISTIWA_AIRFLOW", {"peristiwa": "apa_saja"}, "Airflow mencatat apa_saja atas nama spv."),
        ("BATCH_DIKIRIM", {"jumlah": 60, "kunci": "0123456789"}, "60 pelanggan akan dikirim ke AP2T sebagai spv"),
        ("DIJAWAB", {}, "Dijawab."),
        ("JENIS_BARU", {"x": 1}, "Jenis baru."),
    ],
)
def test_kalimat_jejak(jenis: str, isi: dict[str, object], kata: str) -> None:
    """Each entry is a sentence, also one of another release."""
    assert kata in kalimat(jenis, "spv", isi)


@pytest.mark.parametrize(
    ("pelaku", "pilihan", "detik", "tugas", "nasib"),
    [
        ("spv1", "Sah/Setuju", -1, "persetujuan", "menjawab Sah/Setuju: diterima."),
        ("spv2", "Tolak", 3, "persetujuan", "menjawab Tolak: ditolak, gerbang sudah dijawab spv1."),
        ("spv1", "Sah/Setuju", 3, "persetujuan", "menjawab Sah/Setuju: ditolak, gerbang sudah dijawab spv1."),
        # two at the same moment, of which Airflow 3.3 takes both; and one that was lost, so that the gate asked again
        ("spv2", "Tolak", -1, "persetujuan", "menjawab Tolak: tidak dipakai, yang tercatat jawaban spv1 sesudahnya."),
        ("spv1", "Sah/Setuju", -600, "persetujuan", "tidak dipakai, yang tercatat jawaban spv1 sesudahnya."),
        ("spv2", "Sah/Setuju", 9, "persetujuan_kedua", "menjawab Sah/Setuju: di buku tidak tercatat sebagai jawaban."),
    ],
)
def test_permintaan_di_airflow_bukan_fakta(pelaku: str, pilihan: str, detik: int, tugas: str, nasib: str) -> None:
    """Airflow notes a request before it serves it: what became of an answer the ledger says; its time is its own."""
    pada = datetime(2026, 6, 3, 7, 0, tzinfo=UTC)
    jawaban = Persetujuan(1, "SETUJU", "spv1", None, [], "ab" * 32, {}, pada)
    waktu = pada + timedelta(seconds=detik)
    rinci = {"chosen_options": [pilihan]}
    isi = {"peristiwa": "update_hitl_detail", "waktu": waktu.isoformat(), "task_id": tugas, "rinci": rinci}
    disalin = str((pada + timedelta(minutes=5)).timestamp())
    entri = Entri(9, disalin, 1, "PERISTIWA_AIRFLOW", pelaku, json.dumps(isi), "", "")
    terbaca = entri_terbaca(entri, [jawaban])
    assert terbaca["pada"] == waktu
    assert terbaca["kalimat"].startswith(f"Di Airflow {pelaku} menjawab ")
    assert terbaca["kalimat"].endswith(nasib)


def test_langkah() -> None:
    """What a session is doing is one sentence, whatever its kind and stage."""
    assert langkah("PENGESAHAN", "BERJALAN", "MENUNGGU_PERSETUJUAN", ["spv1", "spv2"]) == "Menunggu jawaban spv1, spv2."
    siap = {"tahap": "TERKIRIM", "siap": False, "angka": {"sudah": 3, "pelanggan": 4}}
    assert "3 dari 4" in langkah("PENGESAHAN", "BERJALAN", "DIBUKA", kesiapan=siap)
    assert langkah("PEMBATALAN", "BERJALAN", "MEMPOSTING") == "Pembatalan di AP2T berjalan."
    assert langkah("PENGESAHAN", "TERHENTI", "REKAP").startswith("Terhenti")

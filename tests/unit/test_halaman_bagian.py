"""Parts of the page that need no database: what is remembered, the index of customers, sentences."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ap2t.domain.model import Alasan, Bacaan, Dlpd
from ap2t.domain.status import Keadaan, Status
from ap2t.ledger.keadaan import Tempat
from ap2t.proses.kalimat_jejak import kalimat
from ap2t.proses.langkah import langkah
from ap2t.proses.rekap import NAMA
from ap2t.proses.status import StatusPelanggan
from ap2t.web import indeks
from ap2t.web.indeks import IndeksBulan, Kelompok, Pilihan
from ap2t.web.ingatan import Ingatan
from ap2t.web.penyegar import Penyegar

KINI = datetime(2026, 6, 3, tzinfo=UTC)


def orang(kode: str, n: int, status: Status = Status.TERKIRIM, **lain: object) -> StatusPelanggan:
    idpel = f"54110{ord(kode):02d}{n:05d}"
    b = Bacaan(idpel, "54110", "202606", kode, **{"nama": f"NAMA {n}", **lain})  # type: ignore[arg-type]
    jam = None if n == 0 else Decimal(n) * 100
    return StatusPelanggan(Tempat("54110", "202606", kode), idpel, Keadaan(status, status), jam_nyala=jam, bacaan=b)


def gabung(bulan: IndeksBulan, kode: str, *semua: StatusPelanggan) -> None:
    conn = indeks.baru()
    indeks.isi(conn, semua)
    bulan.gabung(kode, conn.serialize(), Kelompok(None, KINI, len(semua)))
    conn.close()


AKAR = Path(__file__).parents[2]


def test_kata_untuk_tiap_alasan_dan_tanda() -> None:
    """Every reason and flag has its word on the page, in the gate and in the operator's guide, in the enum's order."""
    naskah = (AKAR / "plugins" / "ap2t" / "web" / "statis" / "js" / "kata.js").read_text(encoding="utf-8")
    halaman = {
        nama: re.findall(r'^  ([A-Z0-9_]+): "[^"]+",$', isi, re.MULTILINE)
        for nama, isi in re.findall(r"export const (DLPD|ALASAN) = \{(.*?)^\};", naskah, re.DOTALL | re.MULTILINE)
    }
    assert halaman["DLPD"] == list(Dlpd)
    assert halaman["ALASAN"][: len(Alasan)] == list(Alasan)
    assert list(NAMA) == [*Alasan, *Dlpd]
    panduan = (AKAR / "docs" / "panduan-operator.md").read_text(encoding="utf-8")
    assert [kode for kode, nama in NAMA.items() if f"| `{kode}` | {nama} |" not in panduan] == []


def test_indeks_diganti_per_kelompok() -> None:
    """A kelompok that is worked out anew replaces what was there of it, and nothing else."""
    bulan = IndeksBulan()
    gabung(bulan, "A", *(orang("A", n) for n in range(5)))
    gabung(bulan, "B", *(orang("B", n) for n in range(3)))
    assert bulan.daftar(Pilihan()).per_status == {"TERKIRIM": 8}
    gabung(bulan, "A", orang("A", 0, Status.SUDAH_DISAHKAN))
    assert bulan.daftar(Pilihan()).per_status == {"TERKIRIM": 3, "SUDAH_DISAHKAN": 1}
    assert (bulan.jumlah, bulan.daftar(Pilihan(hari_baca="A")).jumlah) == (4, 1)


def test_indeks_mencari_dan_mengurutkan() -> None:
    """What is searched for is text, never a pattern; who has nothing to sort by comes last either way."""
    bulan = IndeksBulan()
    gabung(bulan, "A", *(orang("A", n) for n in range(4)), orang("A", 9, nama="50%_A\\B", kddk="KD1"))
    ada = {"%": 1, "_": 1, "\\": 1, "nama 3": 1, "NAMA": 4, "kd1": 1, "5411065": 5, "x": 0}
    for kata, jumlah in ada.items():
        assert bulan.daftar(Pilihan(cari=kata)).jumlah == jumlah, kata
        assert len(bulan.daftar(Pilihan(cari=kata)).baris) == jumlah, kata
    for turun in (False, True):
        baris = bulan.daftar(Pilihan(urut="jam_nyala", turun=turun)).baris
        jam = [b["jam_nyala"] for b in baris]
        assert jam == (["900", "300", "200", "100", None] if turun else ["100", "200", "300", "900", None])
    assert bulan.daftar(Pilihan(jam_min=Decimal(200), jam_maks=Decimal(300))).jumlah == 2
    assert [b["idpel"][-1] for b in bulan.daftar(Pilihan(halaman=2, ukuran=2)).baris] == ["2", "3"]


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


def test_memori_terbatas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more customers than the setting allows, the months looked at longest ago are forgotten."""
    monkeypatch.setenv("AP2T_HALAMAN_PELANGGAN", "10000")
    p = Penyegar()
    for bulan in ("202604", "202605", "202606"):
        isi = p._indeks.setdefault(("54110", bulan), IndeksBulan())
        isi.kelompok = {"A": Kelompok(None, KINI, 6000)}
        p._batasi()
    assert list(p._indeks) == [("54110", "202606")]


def test_pekerja_mati(monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper process that dies fails its job, not the page; the next job starts a new one."""
    p = Penyegar()
    monkeypatch.setattr("ap2t.web.penyegar.perintah", lambda *_: [sys.executable, "-c", "import sys; sys.exit(3)"])
    isi, hasil = p._anak.kerjakan("kesiapan", Tempat("54110", "202606", "A"))
    assert ("berhenti" in isi["galat"], hasil) == (True, b"")
    program = (
        "import sys\nfor _ in sys.stdin:\n"
        "    print('{\"kini\": [1, 1, 1, 1], \"panjang\": 2}', flush=True); print('ok', end='', flush=True)"
    )
    monkeypatch.setattr("ap2t.web.penyegar.perintah", lambda *_: [sys.executable, "-c", program])
    for _ in range(2):
        isi, hasil = p._anak.kerjakan("kesiapan", Tempat("54110", "202606", "A"))
        assert (isi["kini"], hasil) == ([1, 1, 1, 1], b"ok")
    p.tutup()


def test_plugin_tidak_memuat_halaman() -> None:
    """Tasks are forked from where the plugin is loaded: it must not bring a web app with it."""
    program = (
        "import sys; import ap2t.plugin; "
        "print([m for m in sys.modules if m.startswith('ap2t.web') or m == 'airflow.api_fastapi.core_api.security'])"
    )
    hasil = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert hasil.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("jenis", "isi", "kata"),
    [
        ("DIJAWAB", {"keputusan": "TOLAK", "sidik": "ab" * 32, "kembalikan": ["1"] * 7}, "mengembalikan 7 pelanggan"),
        ("KESIAPAN", {"tahap": "TERKIRIM", "angka": {"sudah": 1, "pelanggan": 2000}}, "1 dari 2.000"),
        ("KESIAPAN", {"tahap": "FUNGSI2_TERBUKA", "siap": False, "angka": {"posting_0": 9}}, "Fungsi 2 AP2T tertutup"),
        ("PERISTIWA_AIRFLOW", {"peristiwa": "update_hitl_detail"}, "Di Airflow spv menjawab gerbang"),
        ("PERISTIWA_AIRFLOW", {"peristiwa": "apa_saja"}, "Di Airflow spv melakukan (apa_saja)."),
        ("DIJAWAB", {}, "Dijawab."),
        ("JENIS_BARU", {"x": 1}, "Jenis baru."),
    ],
)
def test_kalimat_jejak(jenis: str, isi: dict[str, object], kata: str) -> None:
    """Each entry is a sentence, also one of another release."""
    assert kata in kalimat(jenis, "spv", isi)


def test_langkah() -> None:
    """What a session is doing is one sentence, whatever its kind and stage."""
    assert langkah("PENGESAHAN", "BERJALAN", "MENUNGGU_PERSETUJUAN", ["spv1", "spv2"]) == "Menunggu jawaban spv1, spv2."
    siap = {"tahap": "TERKIRIM", "siap": False, "angka": {"sudah": 3, "pelanggan": 4}}
    assert "3 dari 4" in langkah("PENGESAHAN", "BERJALAN", "DIBUKA", kesiapan=siap)
    assert langkah("PEMBATALAN", "BERJALAN", "MEMPOSTING") == "Pembatalan di AP2T berjalan."
    assert langkah("PENGESAHAN", "TERHENTI", "REKAP").startswith("Terhenti")

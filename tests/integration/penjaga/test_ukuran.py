"""Metrics of real steps, through Airflow's own StatsD client, to a listener on the loopback address."""

from __future__ import annotations

import re
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory
from proses_fixtures import Dunia, isi_koneksi, jalankan_sampai

from ap2t import metrik
from ap2t.galat import BukuTidakTerjangkau
from ap2t.operators.berkala import JagaSesi
from ap2t.operators.dasar import MetrikAirflow
from ap2t.penjaga.kesehatan import lihat_kesehatan
from ap2t.penjaga.metrik import SATU_BARIS
from ap2t.proses import kirim as modul_pengirim
from conftest import AKAR

AWALAN = "airflow.pengesahan."


class Pendengar:
    """Takes StatsD's datagrams and adds them up by name and type."""

    def __init__(self) -> None:
        self.soket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.soket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.soket.bind(("127.0.0.1", 0))
        self.soket.settimeout(0.3)
        self.mentah: list[str] = []

    @property
    def porta(self) -> int:
        """Where it listens."""
        return int(self.soket.getsockname()[1])

    def terima(self) -> dict[str, list[tuple[float, str]]]:
        """Return what has come since the last call: name -> (value, type), names without the prefix."""
        hasil: dict[str, list[tuple[float, str]]] = defaultdict(list)
        while True:
            try:
                teks = self.soket.recv(65536).decode()
            except TimeoutError:
                return hasil
            self.mentah.append(teks)
            for baris in teks.splitlines():
                nama, nilai, jenis = re.fullmatch(r"([^:]+):([^|]+)\|(\w+)", baris).groups()  # type: ignore[union-attr]
                hasil[nama.removeprefix(AWALAN)].append((float(nilai), jenis))


def jumlah(isi: dict[str, list[tuple[float, str]]], nama: str) -> float:
    """Add up a counter."""
    assert {j for _, j in isi.get(nama, [])} <= {"c"}
    return sum(n for n, _ in isi.get(nama, []))


def akhir(isi: dict[str, list[tuple[float, str]]], nama: str) -> float:
    """Return a gauge as it was told last."""
    nilai, jenis = isi[nama][-1]
    assert jenis == "g"
    return nilai


@pytest.fixture
def statsd() -> Iterator[Pendengar]:
    """Airflow's metrics switched on as a deployment does, towards a listener of ours."""
    p = Pendengar()
    with pytest.MonkeyPatch.context() as m:
        m.setenv("AIRFLOW__METRICS__STATSD_ON", "True")
        m.setenv("AIRFLOW__METRICS__STATSD_HOST", "127.0.0.1")
        m.setenv("AIRFLOW__METRICS__STATSD_PORT", str(p.porta))
        stats.initialize(factory=get_stats_factory(), export_legacy_names=True)
        metrik.pasang(MetrikAirflow())
        yield p
    p.soket.close()
    stats.initialize(factory=get_stats_factory(), export_legacy_names=True)


def penjaga() -> dict[str, int]:
    """One round of the watch's task; every run counts as running."""
    ti: Any = SimpleNamespace(get_dr_count=lambda **_: 1)
    return JagaSesi(task_id="jaga_sesi").execute({"ti": ti})  # type: ignore[typeddict-item]


def test_posting_terhitung(dunia: Dunia, statsd: Pendengar, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows by outcome, batches, and AP2T's answers by route; an unclear batch is counted as such, and settled."""
    monkeypatch.setattr(modul_pengirim, "JEDA_COBA", 0.05)
    semua = dunia.isi(6)
    jalan = jalankan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = 2, 1
    statsd.terima()
    dunia.di_ap2t("tolak", idpel=[semua[0]], kode="DATA_TIDAK_VALID")
    dunia.ubah_acmt(1, sahlwbp="1151")
    dunia.sandbox.ganggu("galat_sesudah", "posting", status=500)
    jalan.sampai(dari="posting")
    isi = statsd.terima()
    assert {n: jumlah(isi, f"baris.{n}") for n in ("posting", "ditolak", "berubah")} == {
        "posting": 4,
        "ditolak": 1,
        "berubah": 1,
    }
    assert jumlah(isi, "batch.tidak_pasti") == 1
    assert jumlah(isi, "batch.diterapkan") == 3
    assert jumlah(isi, "ap2t.galat.galat") == 1
    lama = isi["ap2t.lama.posting.baik"]
    assert {j for _, j in lama} == {"ms"}
    assert len(lama) == 2
    assert {n for n in isi if n.startswith("ap2t.lama.")} >= {
        "ap2t.lama.masuk.baik",
        "ap2t.lama.posting.galat",
        "ap2t.lama.batch.baik",
        "ap2t.lama.daftar.baik",
    }
    assert not re.search(f"{dunia.unitup}|{dunia.spv}", "".join(statsd.mentah))


def test_penjaga_mengukur(dunia: Dunia, statsd: Pendengar) -> None:
    """The watch tells how many gates wait and for how long, open sessions by stage, and that it looked."""
    dunia.isi(2)
    penjaga()
    awal = statsd.terima()
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        ubah = "UPDATE pengesahan.gerbang SET dibuka_pada = dibuka_pada - %s WHERE sesi_id = %s"
        dunia.buku_lihat.execute(ubah, [timedelta(hours=5), jalan.sesi.id])
    penjaga()
    isi = statsd.terima()
    for nama in ("gerbang.menunggu.4_sampai_24_jam", "sesi.berjalan.menunggu_persetujuan"):
        assert akhir(isi, nama) == akhir(awal, nama) + 1
    assert akhir(isi, "gerbang.tertua_detik") >= 5 * 3600
    assert (akhir(isi, "kesehatan.acmt"), akhir(isi, "kesehatan.ap2t"), akhir(isi, "kesehatan.buku")) == (1, 1, 1)
    assert jumlah(isi, "penjaga.putaran") == 1
    dunia.dirusak |= {"PERSETUJUAN"}
    jalan.sampai(dari="terima")
    penjaga()
    usai = statsd.terima()
    assert akhir(usai, "gerbang.menunggu.4_sampai_24_jam") == akhir(awal, "gerbang.menunggu.4_sampai_24_jam")


def test_kesehatan_diberitahukan(dunia: Dunia, statsd: Pendengar) -> None:
    """AP2T away: one entry in the trail and a line a round; back: one more. The watch goes on all the while."""

    def jejak() -> list[str]:
        baris = dunia.buku_lihat.execute(
            "SELECT jenis FROM pengesahan.jejak WHERE jenis LIKE 'LAYANAN%%' AND isi ->> 'layanan' = 'AP2T' ORDER BY id"
        )
        return [b[0] for b in baris]

    awal, catatan = len(jejak()), list[str]()
    with dunia.monkeypatch.context() as m:
        isi_koneksi(m, "ap2t_default", conn_type="http", host="http://127.0.0.1:9", login="x", password="y")
        assert lihat_kesehatan(dunia.layanan(), catatan.append)["AP2T"] is False
        assert penjaga()["terbuka"] >= 0
        assert lihat_kesehatan(dunia.layanan(), catatan.append) == {"ACMT": True, "BUKU": True, "AP2T": False}
    assert akhir(statsd.terima(), "kesehatan.ap2t") == 0
    assert jejak()[awal:] == ["LAYANAN_TIDAK_MENJAWAB"]
    assert [c for c in catatan if c.startswith("AP2T tidak menjawab sejak 0 menit: ")]
    assert lihat_kesehatan(dunia.layanan(), catatan.append)["AP2T"] is True
    assert catatan[-1] == "AP2T menjawab lagi."
    assert jejak()[awal:] == ["LAYANAN_TIDAK_MENJAWAB", "LAYANAN_MENJAWAB_LAGI"]
    assert akhir(statsd.terima(), "kesehatan.ap2t") == 1


def test_buku_hilang_tetap_terukur(dunia: Dunia, statsd: Pendengar) -> None:
    """With the ledger away the round is measured and told all the same, without the trail."""
    catatan: list[str] = []
    with dunia.monkeypatch.context() as m:
        isi_koneksi(m, "cmt_db", conn_type="postgres", host="127.0.0.1", port=9, login="x", schema="x")
        layanan = dunia.layanan()
        assert lihat_kesehatan(layanan, catatan.append) == {"ACMT": True, "BUKU": False, "AP2T": True}
        with pytest.raises(BukuTidakTerjangkau), layanan.buku.transaksi():
            pass
    assert akhir(statsd.terima(), "kesehatan.buku") == 0
    assert "BUKU tidak menjawab: " in catatan[0]


def test_yang_menggantung_dianggap_hilang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that takes the connection and never answers keeps no round of the watch waiting."""
    monkeypatch.setattr("ap2t.penjaga.kesehatan.BATAS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as diam, dunia.monkeypatch.context() as m:
        alamat = f"http://127.0.0.1:{diam.getsockname()[1]}"
        isi_koneksi(m, "ap2t_default", conn_type="http", host=alamat, login="x", password="y")
        awal = time.monotonic()
        catatan: list[str] = []
        assert lihat_kesehatan(dunia.layanan(), catatan.append) == {"ACMT": True, "BUKU": True, "AP2T": False}
        assert time.monotonic() - awal < 10
    assert "tidak ada jawaban dalam" in catatan[-1]
    lihat_kesehatan(dunia.layanan(), catatan.append)


def test_penampung_rusak_tidak_mengganggu(dunia: Dunia) -> None:
    """A collector that fails at every call does not touch a posting."""

    class Rusak:
        def tambah(self, nama: str, jumlah: int) -> None:
            raise OSError("penuh")

        def nilai(self, nama: str, nilai: float) -> None:
            raise OSError("penuh")

        def lama(self, nama: str, milidetik: float) -> None:
            raise OSError("penuh")

    dunia.isi(2)
    metrik.pasang(Rusak())
    try:
        jalan = jalankan_sampai(dunia)
    finally:
        metrik.pasang(MetrikAirflow())
    assert jalan.sesi.status == "SELESAI"
    assert len(dunia.terposting()) == 2


def test_semua_nama_tercatat_di_dokumen(dunia: Dunia, statsd: Pendengar) -> None:
    """Every name that goes out stands in docs/pengelola/operasi.md, so that nobody has to read code to set an alarm."""
    tabel = (AKAR / "docs/pengelola/operasi.md").read_text()
    pola = [
        re.compile(re.sub(r"<[a-z_]+>", "[a-z0-9_]+", nama).replace(".", r"\."))
        for nama in re.findall(r"^\| `pengesahan\.([a-z0-9_.<>]+)`", tabel, re.MULTILINE)
    ]
    dunia.isi(2)
    dunia.sandbox.ganggu("galat", "posting", status=429, tunggu=0.1)
    jalankan_sampai(dunia)
    penjaga()
    nama = set(statsd.terima())
    assert set().union(*SATU_BARIS.values()) <= nama
    assert not [n for n in nama if not any(p.fullmatch(n) for p in pola)]

"""Killed at every step, by night: what runs by the clock, what archives, and PostgreSQL itself.

As in ``test_sapuan``: every boundary is tried, and ``SAPUAN=37`` tries one alone.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import psycopg
import pytest
from arsip_fixtures import LAMA, Gudang
from jadwal_fixtures import HARI, PAGI, WIB, WITA, Medan
from kantor_fixtures import Kantor
from pemberitahuan_fixtures import PosUji, koneksi_surel, pos_menyala
from penjaga_fixtures import AirflowTiruan, airflow_menyala
from proses_fixtures import AlamatPg, Jalan, isi_koneksi, jalankan_sampai, jam_buku, salin_buku
from psycopg import sql
from sapuan import ULANG, BasisTahan, Cerita, Tempat, sapu
from sqlalchemy import create_engine, text
from test_sapuan import Pembatalan, Pengesahan

from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.jadwal.tengok import tengok_jadwal
from ap2t.ledger.buku import Buku
from ap2t.operators.berkala import JagaSesi, Pemberitahuan, SalinPeristiwa, SegelHarian
from ap2t.proses import kembalikan as modul_kembalikan
from ap2t.proses.layanan import Layanan

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(7200)]
_nomor = itertools.count(1)


def kelompok(cerita: Cerita, kode: str, akhir: str = "tutup_sesi", banyak: int = 3) -> Jalan:
    """Take a kelompok of its own as far as a step."""
    dunia = cerita.dunia
    dunia.kode = kode
    dari = 100 * ord(kode)
    dunia.isi(banyak, {n: {"idpel": dunia.idpel(dari + n)} for n in range(banyak)})
    return jalankan_sampai(dunia, akhir, run_id=f"{cerita.run_id}_{kode}")


def buang(alamat: AlamatPg, *basis: str) -> None:
    """Drop databases of a scenario's own."""
    with psycopg.connect(alamat.server, autocommit=True) as conn:
        for nama in basis:
            conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(nama)))


class Berkala(Cerita):
    """Tasks of the clock's: the next round takes up what a dead one left."""

    cara = (ULANG,)

    def jalan(self, run_id: str) -> Any:
        """Return services and what else the tasks' context has; run A is gone."""
        mati = f"{self.run_id}_A"
        ti = SimpleNamespace(get_dr_count=lambda run_ids, **_: 0 if run_ids == [mati] else 1)
        return SimpleNamespace(layanan=self.dunia.layanan(koneksi_maks=10), context={"ti": ti})


def tugas(operator: type[Any]) -> Callable[[Any], Any]:
    """Return a round of a task."""
    return lambda jalan: operator(task_id="uji").putaran(jalan.context, jalan.layanan, lambda _: None)


class Penjaga(Berkala):
    """The watch: a run is gone, a gate is late, another is to be shut, ACMT is to be told, events are to be copied.

    In a ledger of its own, since it looks at all of it.
    """

    langkah: ClassVar = {
        "jaga_sesi": tugas(JagaSesi),
        "salin_peristiwa": tugas(SalinPeristiwa),
        "segel_harian": tugas(SegelHarian),
    }

    def __init__(self, tempat: Tempat) -> None:
        self.nama = f"uji_sapuan_{next(_nomor)}"
        self.semua, self.tiruan = ExitStack(), AirflowTiruan()
        self.segel = Path(self.semua.enter_context(tempfile.TemporaryDirectory()))
        super().__init__(tempat._replace(alamat=tempat.alamat._replace(buku=salin_buku(tempat.alamat, self.nama))))

    def siapkan(self) -> None:
        dunia, ubah = self.dunia, self.tempat.monkeypatch
        ubah.setattr(modul_kembalikan, "JEDA_PASTI", 0.0)  # whoever began a call is dead, and the call with it
        ubah.setenv("AP2T_SEGEL_DIR", str(self.segel))
        self.semua.enter_context(airflow_menyala(self.tiruan, ubah))
        dunia.pola(batas_jawab_jam="4", eskalasi=[dunia.spv_b], tutup_sesudah_jam="26.5")
        with jam_buku(dunia.alamat.buku, "-27 hours"):
            self.tutup_nanti = kelompok(self, "C", "buka_gerbang")
        with jam_buku(dunia.alamat.buku, "-5 hours"):
            self.lewat = kelompok(self, "B", "buka_gerbang")
        self.yatim = kelompok(self, "A", "rekap")
        self.dijawab = kelompok(self, "D", "buka_gerbang")
        self.dijawab.terima(self.dunia.idpel(100 * ord("D")))
        for orang in ("satu", "dua", "tiga"):
            self.tiruan.catat(owner=orang)
        self.tiruan.catat(dag_id="laporan_lain")

    def nilai(self) -> None:
        """Each thing was done, told and written down once; a gate that is late is not answered by itself."""
        dunia = self.dunia
        status = [jalan.sesi.status for jalan in (self.yatim, self.lewat, self.tutup_nanti, self.dijawab)]
        assert status == ["TERHENTI", "BERJALAN", "KEDALUWARSA", "BERJALAN"]
        jenis = dunia.buku_lihat.execute("SELECT jenis, count(*) FROM pengesahan.jejak GROUP BY 1").fetchall()
        sekali = ("SESI_TERHENTI", "TENGGAT_LEWAT", "SESI_KEDALUWARSA", "PENGEMBALIAN_SELESAI", "SEGEL_DIBUAT")
        assert {apa: dict(jenis).get(apa) for apa in sekali} == dict.fromkeys(sekali, 1)
        assert dict(jenis)["PERISTIWA_AIRFLOW"] == len(self.tiruan.isi) - 1
        assert len(dunia.di_acmt()) == 1
        assert dunia.terposting() == set()
        laporan = verifikasi(Buku.buka(), Lingkup(segel=self.segel), lambda _: None)
        assert (laporan.temuan, laporan.segel) == ([], 1)

    def tutup(self) -> None:
        super().tutup()
        self.semua.close()
        buang(self.tempat.alamat, self.nama)


class Arsip(Cerita):
    """Two old sessions leave the ledger for their files."""

    langkah: ClassVar = {"arsipkan": lambda gudang: gudang.jalankan()}
    cara = (ULANG,)

    def siapkan(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.dunia.bulan = LAMA
        self.sesi = [kelompok(self, kode).sesi for kode in "AB"]
        self.posting = self.dunia.terposting()

    def jalan(self, run_id: str) -> Gudang:
        return Gudang(self.dunia, self.folder)

    def sesudah_mati(self) -> None:
        """Whatever left the ledger is in a file that holds."""
        assert self.jalan(self.run_id).audit(dengan_berkas=True).temuan == []

    def nilai(self) -> None:
        """All readings are in their files and nowhere else, each session's once."""
        laporan = self.jalan(self.run_id).audit(dengan_berkas=True)
        assert (laporan.temuan, laporan.sesi) == ([], 2)
        for tabel, banyak in (("bacaan", 0), ("arsip", 2), ("saringan", 6)):
            perintah = f"SELECT count(*) FROM pengesahan.{tabel} WHERE sesi_id = ANY (%s)"  # noqa: S608
            assert self.dunia.satu(perintah, self.dunia.sesi()) == banyak
        assert len(list(self.folder.rglob("*.json.gz*"))) - 2 <= (len(self.sampai) > 0)  # one may lie about
        assert self.dunia.terposting() == self.posting

    def tutup(self) -> None:
        super().tutup()
        shutil.rmtree(self.folder)


class Kabar(Berkala):
    """Two gates and a Sukses are told of by mail, from the trail."""

    langkah: ClassVar = {"kirim_pemberitahuan": tugas(Pemberitahuan)}

    def siapkan(self) -> None:
        self.semua, self.pos = ExitStack(), PosUji()
        porta = self.semua.enter_context(pos_menyala(self.pos))
        isi_koneksi(self.tempat.monkeypatch, "smtp_default", **koneksi_surel(porta))
        self.kantor = Kantor(self.dunia, self.pos)
        kelompok(self, "B")
        kelompok(self, "A", "buka_gerbang")

    def sesudah_mati(self) -> None:
        """Until then the message that was under way is the dead sender's own."""
        self.kantor.waktunya()

    def nilai(self) -> None:
        """The mail server got each message once; twice, under its own Message-ID, where its sender died unrecorded."""
        surat = Counter(satu["Message-ID"] for satu in self.pos.surat)
        kepada = Counter({satu["Message-ID"]: satu["To"] for satu in self.pos.surat}.values())
        assert kepada == {self.kantor.surel(orang): 2 for orang in (self.dunia.spv, self.dunia.spv_b)}
        ragu = "sesudah surel" in [batas.nama for batas in self.sampai[-2:]]
        assert sorted(surat.values()) == [1, 1, 1, 2 if ragu else 1]
        perintah = "SELECT count(*) FROM pengesahan.pemberitahuan WHERE unitup = %s AND status = 'TERKIRIM'"
        assert self.dunia.satu(perintah, self.dunia.unitup) == 4

    def tutup(self) -> None:
        super().tutup()
        self.semua.close()


class Jadwal(Berkala):
    """The schedule opens what is ready, and what is late, each once; in a ledger and an ACMT of its own."""

    langkah: ClassVar = {
        "tengok_jadwal": lambda jalan: tengok_jadwal(jalan.layanan, jalan.buka, lambda _: None, jalan.atur)
    }

    def __init__(self, tempat: Tempat) -> None:
        self.alamat, self.medan = tempat.alamat, Medan(tempat.alamat, tempat.monkeypatch)
        self.medan.jam = PAGI.replace(hour=20)  # the deadline of what was due the day before has passed
        self.run_id, self.sampai = "jadwal", []
        self.folder = Path(tempfile.mkdtemp())
        with self.airflow().begin() as conn:
            conn.execute(text("CREATE TABLE run (dag_id, run_id, PRIMARY KEY (dag_id, run_id))"))
        for unitup in (WIB, WITA):
            self.medan.kalender(unitup, *((kode, HARI[kode], 1) for kode in "AB"))
            self.medan.isi(unitup, "B")
        self.medan.isi(WIB, "A", belum=1)
        self.medan.isi(WITA, "A")
        self.medan.kalender(WITA, ("C", HARI["C"], 1), ("C", HARI["B"], 1))  # one kelompok, two dates

    def airflow(self) -> Any:
        """Open the store of Airflow's runs."""
        return create_engine(f"sqlite:///{self.folder}/airflow.db")

    def jalan(self, run_id: str) -> Any:
        def buka(dag_id: str, run_id: str, _conf: object) -> bool:
            with self.airflow().begin() as conn:
                baru = conn.execute(
                    text("INSERT OR IGNORE INTO run VALUES (:dag, :run)"), {"dag": dag_id, "run": run_id}
                )
                return baru.rowcount == 1

        return SimpleNamespace(layanan=Layanan(), buka=buka, atur=self.medan.atur)

    def periksa(self) -> None:
        """Airflow has one run of each kelompok that was due, ledger and trail tell of each once, and all is UTUH."""
        with self.airflow().connect() as conn:
            run = {(dag[-1], run.split("_")[-3]) for dag, run in conn.execute(text("SELECT dag_id, run_id FROM run"))}
            assert conn.execute(text("SELECT count(*) FROM run")).scalar_one() == len(run)
        assert run == {(kode, unitup) for kode in "ab" for unitup in (WIB, WITA)}
        dibuka = [(isi["hari_baca"].lower(), isi["unitup"]) for isi in self.medan.jejak("JADWAL_DIBUKA")]
        assert sorted(dibuka) == sorted(run)
        assert [isi["unitup"] for isi in self.medan.jejak("JADWAL_BELUM_SIAP")] == [WIB]
        assert [isi["unitup"] for isi in self.medan.jejak("KALENDER_CACAT")] == [WITA]
        laporan = verifikasi(Buku.buka(), Lingkup(), lambda _: None)
        assert [temuan for temuan in laporan.temuan if temuan.aturan in ("JADWAL", "PAGAR", "RANTAI")] == []

    def tutup(self) -> None:
        nama = [conn.info.dbname for conn in (self.medan.lihat, self.medan.acmt)]
        self.medan.tutup()
        buang(self.alamat, *nama)
        shutil.rmtree(self.folder)


class BasisMati(Cerita):
    """PostgreSQL is killed too, with the ledger and ACMT in it, and recovers."""

    def matikan(self) -> None:
        assert self.tempat.basis is not None
        self.tempat.basis.matikan()

    def sesudah_mati(self) -> None:
        assert self.tempat.basis is not None
        self.tempat.basis.hidupkan()
        self.dunia.sambung()
        super().sesudah_mati()


class PengesahanBasisMati(BasisMati, Pengesahan):
    disapu = ("jawab", "posting")


class PembatalanBasisMati(BasisMati, Pembatalan):
    disapu = ("jawab", "batalkan")


@pytest.fixture(scope="module")
def basis() -> Iterator[BasisTahan]:
    """A PostgreSQL with fsync on."""
    with tempfile.TemporaryDirectory(prefix="tahan", dir="/tmp", ignore_cleanup_errors=True) as folder:
        tahan = BasisTahan(Path(folder))
        yield tahan
        tahan.tutup()


@pytest.mark.parametrize("cerita", [Penjaga, Arsip, Kabar, Jadwal])
def test_mati_di_setiap_batas(
    tempat: Tempat, record_property: Callable[[str, object], None], cerita: type[Cerita]
) -> None:
    """Whatever the task of the clock's or the archive dies at, the next one ends it: nothing is lost or done twice."""
    record_property(f"sapuan {cerita.__name__}", f"{sapu(lambda: cerita(tempat))} batas")


@pytest.mark.parametrize("cerita", [PengesahanBasisMati, PembatalanBasisMati])
def test_basis_mati_di_setiap_batas(
    basis: BasisTahan, tempat: Tempat, record_property: Callable[[str, object], None], cerita: type[Cerita]
) -> None:
    """Invariants 1 to 6, where PostgreSQL dies with the step: what was committed is there, and nothing else."""
    tempat = tempat._replace(alamat=basis.alamat, basis=basis)
    record_property(f"sapuan {cerita.__name__}", f"{sapu(lambda: cerita(tempat))} batas")

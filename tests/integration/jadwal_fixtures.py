"""Fixtures: what the schedule looks at, in an ACMT and a ledger of the test's own: a look is about every unit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from acmt_fixtures import basis_data
from proses_fixtures import APLIKASI, PEMBACA, PEMILIK, AlamatPg, isi_koneksi, koneksi_basis, salin_buku
from psycopg import sql

from ap2t import jam
from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.jadwal.tengok import Laporan, Pengaturan, tengok_jadwal
from ap2t.ledger import sesi
from ap2t.ledger.buku import Buku
from ap2t.proses.layanan import Layanan
from sandbox import acmt_demo
from sandbox.acmt_demo import UnitDemo
from sandbox.acmt_kasus import KASUS_DASAR

WIB, WITA, WIT = "70001", "70002", "70003"
ZONA = {WIB: "Asia/Jakarta", WITA: "Asia/Makassar", WIT: "Asia/Jayapura"}
BULAN = "202606"
PAGI = datetime(2026, 5, 26, 2, 0, tzinfo=UTC)
"""Nine in Jakarta on 26 May: kelompok B of June's bill is due, that of A, due a day before, has some hours left."""
HARI = {"A": date(2026, 5, 25), "B": date(2026, 5, 26), "C": date(2026, 5, 27)}
_nomor = itertools.count(1)


class Medan:
    """An ACMT and a ledger of the test's own (a look is about every unit), and Airflow's part: which runs there are.

    ``jam`` is the clock.
    """

    def __init__(self, alamat: AlamatPg, monkeypatch: pytest.MonkeyPatch) -> None:
        n = next(_nomor)
        self.alamat_buku = salin_buku(alamat, f"uji_buku_jadwal_{n}")
        self.pemilik = alamat.sebagai(self.alamat_buku, PEMILIK)
        acmt = basis_data(alamat.server, f"uji_acmt_jadwal_{n}")
        self.acmt = psycopg.connect(acmt, autocommit=True)
        self.bulan, self.hari = BULAN, HARI
        acmt_demo.pasang(self.acmt)
        acmt_demo.beri_hak(self.acmt, PEMBACA)
        for unitup, zona in ZONA.items():
            unit = UnitDemo(unitup, f"ULP Uji {unitup}", "70000", "70", zona)
            acmt_demo._isi_induk(self.acmt, unit, set(), ())
        # views of a deployment promise less than the demo's tables do
        self.acmt.execute("ALTER TABLE acmt_dasar.jadwal_hari_baca DROP CONSTRAINT jadwal_hari_baca_pkey")
        for kolom in ("tgl_mulai", "jumlah_hari"):
            self.acmt.execute(f"ALTER TABLE acmt_dasar.jadwal_hari_baca ALTER {kolom} DROP NOT NULL")
        isi_koneksi(monkeypatch, "cmt_db", **koneksi_basis(self.alamat_buku, APLIKASI))
        isi_koneksi(monkeypatch, "acmt_db", **koneksi_basis(acmt, PEMBACA))
        self.lihat = psycopg.connect(self.alamat_buku, autocommit=True)
        self.run: dict[tuple[str, str], Mapping[str, object]] = {}
        self.catatan: list[str] = []
        self.layanan, self.jam = Layanan(), PAGI
        monkeypatch.setattr(jam, "sekarang", lambda: self.jam)
        self.atur = Pengaturan(("A", "B", "C"), 36, 7, 100)

    # ------------------------------------------------------------------------------------------------ what is there

    def kalender(self, unitup: str, *baris: tuple[str, Any, Any], thblrek: str | None = None) -> None:
        """Add rows to a unit's calendar."""
        for kode, mulai, hari in baris:
            self.acmt.execute(
                "INSERT INTO acmt_dasar.jadwal_hari_baca VALUES (%s, %s, %s, %s, %s)",
                [unitup, thblrek or self.bulan, kode, mulai, hari],
            )

    def geser(self, unitup: str, kode: str, mulai: date) -> None:
        self.acmt.execute(
            "UPDATE acmt_dasar.jadwal_hari_baca SET tgl_mulai = %s WHERE unitup = %s AND hari_baca = %s",
            [mulai, unitup, kode],
        )

    def isi(self, unitup: str, kode: str, jumlah: int = 4, *, belum: int = 0, **ubah: Any) -> None:
        """Write readings of a kelompok that was read on its day, the first ``belum`` of them not read yet."""
        baca = datetime.combine(self.hari[kode], datetime.min.time(), UTC) + timedelta(hours=-20)
        for n in range(jumlah):
            b: dict[str, Any] = {
                **KASUS_DASAR,
                "idpel": f"{unitup}{'ABC'.index(kode)}{n:06d}",
                "unitup": unitup,
                "thblrek": self.bulan,
                "hari_baca": kode,
                "tgl_baca": baca,
                "verif_pengawas_oleh": f"pengawas{unitup}",
                "verif_pengawas_pada": baca + timedelta(hours=2),
                "verif_vendor_oleh": f"vendor{unitup}",
                "verif_vendor_pada": baca + timedelta(hours=3),
                "kirim_oleh": f"vendor{unitup}",
                "kirim_pada": baca + timedelta(hours=4),
                **ubah,
            }
            if n < belum:
                b = {k: v for k, v in b.items() if not k.startswith(("sah", "verif", "kirim", "tgl_baca"))}
            kolom = sql.SQL(", ").join(map(sql.Identifier, b))
            nilai = sql.SQL(", ").join(sql.Placeholder() * len(b))
            self.acmt.execute(
                sql.SQL("INSERT INTO acmt_dasar.bacaan ({}) VALUES ({})").format(kolom, nilai), list(b.values())
            )

    def lengkapi(self, unitup: str, kode: str) -> None:
        """Have a kelompok read, verified and sent."""
        self.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE unitup = %s AND hari_baca = %s", [unitup, kode])
        self.isi(unitup, kode)

    # ------------------------------------------------------------------------------------------------------- a look

    def buka(self, dag_id: str, run_id: str, conf: Mapping[str, object]) -> bool:
        """Airflow's own rule: one run of this id in this DAG."""
        if (dag_id, run_id) in self.run:
            return False
        self.run[dag_id, run_id] = dict(conf)
        return True

    def tengok(self, pada: datetime = PAGI, buka: Callable[..., bool] | None = None, **atur: Any) -> Laporan:
        self.jam = pada
        return tengok_jadwal(self.layanan, buka or self.buka, self.catatan.append, self.atur._replace(**atur))

    @property
    def dibuka(self) -> set[tuple[Any, Any]]:
        """Unit and kelompok of each run there is."""
        return {(isi["unitup"], dag[-1].upper()) for (dag, _), isi in self.run.items()}

    def jejak(self, jenis: str) -> list[dict[str, Any]]:
        return [
            b[0] for b in self.lihat.execute("SELECT isi FROM pengesahan.jejak WHERE jenis = %s ORDER BY id", [jenis])
        ]

    def isi_buku(self) -> list[Any]:
        """Everything the schedule has written."""
        semua = []
        for t in ("jadwal", "jadwal_cacat", "jejak"):
            semua += self.lihat.execute(f"SELECT * FROM pengesahan.{t} ORDER BY 1, 2, 3, 4").fetchall()  # noqa: S608
        return semua

    def sesi_orang(self, unitup: str, kode: str, run_id: str = "manual__1", **lain: Any) -> None:
        """Open a session as a person's run does."""
        with self.layanan.buku.transaksi() as tx:
            tx.sesi.buka(
                unitup=unitup,
                thblrek=self.bulan,
                hari_baca=kode,
                dag_id=f"pengesahan_hari_baca_{kode.lower()}",
                run_id=run_id,
                pola=sesi.Pola(),
                nama_unit="ULP",
                zona_waktu=ZONA[unitup],
                pemicu=f"spv{unitup}",
                **lain,
            )

    def tutup(self) -> None:
        self.layanan.__exit__(None, None, None)
        self.acmt.close()
        self.lihat.close()


@pytest.fixture
def medan(alamat_pg: AlamatPg, monkeypatch: pytest.MonkeyPatch) -> Iterator[Medan]:
    """Checked after the test: the audit finds that ledger and trail tell the same of the schedule, guards whole."""
    m = Medan(alamat_pg, monkeypatch)
    yield m
    try:
        laporan = verifikasi(Buku.buka(), Lingkup(), lambda _: None)
        assert not [str(t) for t in laporan.temuan if t.aturan in ("JADWAL", "PAGAR", "RANTAI")]
    finally:
        m.tutup()

"""Marks of what was looked at: written at a gate by its people, for good, and in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from batal_fixtures import batalkan_sampai
from proses_fixtures import HALAMAN, PEMILIK, Dunia, Jalan, jalankan_sampai

Koneksi = psycopg.Connection[Any]
TANDAI = (
    "INSERT INTO pengesahan.dilihat (sesi_id, idpel, oleh) SELECT %s, i, %s FROM unnest(%s::text[]) i "
    "ON CONFLICT DO NOTHING"
)
ISI = "SELECT idpel, oleh FROM pengesahan.dilihat WHERE sesi_id = %s ORDER BY idpel, oleh"
DI_GERBANG, CUPLIKAN = "selagi sesi pengesahannya menunggu di gerbang", "bukan pelanggan cuplikan"


@pytest.fixture
def halaman_pg(dunia: Dunia) -> Iterator[Koneksi]:
    """A connection as the page's role."""
    with psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, HALAMAN), autocommit=True) as conn:
        conn.execute("SET lock_timeout = '2s'")
        yield conn


@pytest.fixture
def pemilik_pg(dunia: Dunia) -> Iterator[Koneksi]:
    with psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, PEMILIK), autocommit=True) as conn:
        conn.execute("SET lock_timeout = '2s'")
        yield conn


def ditolak(conn: Koneksi, kata: str, *nilai: Any) -> None:
    with pytest.raises(psycopg.Error, match=kata) as galat:
        conn.execute(TANDAI, nilai)
    assert galat.value.sqlstate == "AP001"


def di_gerbang(dunia: Dunia) -> Jalan:
    dunia.isi(3)
    return jalankan_sampai(dunia, "buka_gerbang")


def test_ditandai_sekali_untuk_selamanya(dunia: Dunia, halaman_pg: Koneksi, pemilik_pg: Koneksi) -> None:
    """A person's mark stands once, at the ledger's own time; nobody changes it or takes it away."""
    jalan = di_gerbang(dunia)
    sesi = jalan.sesi.id
    mulai = dunia.satu("SELECT clock_timestamp()")
    assert halaman_pg.execute(TANDAI, [sesi, dunia.spv, [dunia.idpel(0), dunia.idpel(1)]]).rowcount == 2
    assert halaman_pg.execute(TANDAI, [sesi, dunia.spv, [dunia.idpel(1), dunia.idpel(2)]]).rowcount == 1
    assert halaman_pg.execute(TANDAI, [sesi, dunia.spv_b, [dunia.idpel(1)]]).rowcount == 1
    assert len(pemilik_pg.execute(ISI, [sesi]).fetchall()) == 4
    pada = "SELECT bool_and(pada BETWEEN %s AND clock_timestamp()) FROM pengesahan.dilihat WHERE sesi_id = %s"
    assert dunia.satu(pada, mulai, sesi) is True
    for perintah in (
        "UPDATE pengesahan.dilihat SET oleh = 'x'",
        "DELETE FROM pengesahan.dilihat",
        "TRUNCATE pengesahan.dilihat",
    ):
        with pytest.raises(psycopg.Error, match="hanya boleh ditambah"):
            pemilik_pg.execute(perintah)  # type: ignore[arg-type]
    jalan.sampai(dari="terima")
    assert len(pemilik_pg.execute(ISI, [sesi]).fetchall()) == 4, "they stay with the session"


def test_hanya_di_gerbangnya(dunia: Dunia, halaman_pg: Koneksi, pemilik_pg: Koneksi) -> None:
    """No mark before the gate, after it, while the session stands still, or in a session that there is not."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "rekap")
    sesi, idpel = jalan.sesi.id, [dunia.idpel(0)]
    ditolak(halaman_pg, DI_GERBANG, sesi, dunia.spv, idpel)
    jalan.buka_gerbang()
    ditolak(halaman_pg, DI_GERBANG, sesi + 1_000_000, dunia.spv, idpel)
    dunia.satu("UPDATE pengesahan.sesi SET status = 'TERHENTI' WHERE id = %s RETURNING 1", sesi)
    ditolak(halaman_pg, DI_GERBANG, sesi, dunia.spv, idpel)
    dunia.satu("UPDATE pengesahan.sesi SET status = 'BERJALAN' WHERE id = %s RETURNING 1", sesi)
    jalan.terima()
    ditolak(halaman_pg, DI_GERBANG, sesi, dunia.spv, idpel)
    jalan.sampai(dari="posting")
    ditolak(halaman_pg, DI_GERBANG, sesi, dunia.spv, idpel)
    assert pemilik_pg.execute(ISI, [sesi]).fetchall() == []


def test_hanya_miliknya(dunia: Dunia, halaman_pg: Koneksi, pemilik_pg: Koneksi) -> None:
    """No mark of a customer outside the snapshot, and none by who is not asked: so their number has a bound."""
    jalan = di_gerbang(dunia)
    sesi = jalan.sesi.id
    ditolak(halaman_pg, CUPLIKAN, sesi, dunia.spv, [dunia.idpel(0), "999999999999"])
    for orang in ("orang-lain", f"vendor{dunia.unitup}", "x" * 300, ""):
        with pytest.raises(psycopg.Error) as galat:
            halaman_pg.execute(TANDAI, [sesi, orang, [dunia.idpel(0)]])
        assert galat.value.sqlstate in ("AP001", "23514"), orang
    assert pemilik_pg.execute(ISI, [sesi]).fetchall() == []
    jalan.sampai(dari="terima")


def test_pembatalan_tidak_ditandai(dunia: Dunia, halaman_pg: Koneksi) -> None:
    """At the gate of a cancellation nothing is marked, nor in the approval that it would undo."""
    asal = di_gerbang(dunia)
    asal.sampai(dari="terima")
    batal = batalkan_sampai(dunia, "buka_gerbang", dunia.idpel(0))
    for sesi in (batal.sesi.id, asal.sesi.id):
        ditolak(halaman_pg, DI_GERBANG, sesi, dunia.spv, [dunia.idpel(0)])


def test_keadaan_lama_tidak_cukup(dunia: Dunia, halaman_pg: Koneksi) -> None:
    """A transaction that goes on seeing the gate after it was answered writes nothing."""
    jalan = di_gerbang(dunia)
    halaman_pg.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    ditolak(halaman_pg, "READ COMMITTED", jalan.sesi.id, dunia.spv, [dunia.idpel(0)])
    halaman_pg.execute("ROLLBACK")
    jalan.sampai(dari="terima")


def test_tidak_menghalangi_langkah(dunia: Dunia, halaman_pg: Koneksi, pemilik_pg: Koneksi) -> None:
    """A mark waits for no step, and whoever leaves one uncommitted keeps no step waiting."""
    jalan = di_gerbang(dunia)
    sesi = jalan.sesi.id
    pemilik_pg.execute("BEGIN")
    pemilik_pg.execute("SELECT 1 FROM pengesahan.sesi WHERE id = %s FOR UPDATE", [sesi])
    pemilik_pg.execute("SELECT 1 FROM pengesahan.jejak_kepala FOR UPDATE")
    assert halaman_pg.execute(TANDAI, [sesi, dunia.spv, [dunia.idpel(0)]]).rowcount == 1
    pemilik_pg.execute("ROLLBACK")
    halaman_pg.execute("BEGIN")
    halaman_pg.execute(TANDAI, [sesi, dunia.spv, [dunia.idpel(1)]])
    assert jalan.sampai(dari="terima").status == "SELESAI"
    halaman_pg.execute("COMMIT")
    assert dunia.terposting() == {dunia.idpel(n) for n in range(3)}

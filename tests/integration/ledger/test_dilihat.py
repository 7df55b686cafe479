"""Marks of what was looked at: written at a gate by its people, for good, and in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from batal_fixtures import batalkan_sampai
from proses_fixtures import HALAMAN, PEMILIK, Dunia, Jalan, isi_koneksi, jalankan_sampai, koneksi_basis

from ap2t.audit.periksa import periksa_sesi
from ap2t.galat import BukuMenolak
from ap2t.kelola.pola import periksa_naskah
from ap2t.proses.gerbang import TOLAK

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


# ----------------------------------------------------------------------------------------------------- what was found

CATAT = "INSERT INTO pengesahan.pemeriksaan (sesi_id, idpel, oleh, hasil, catatan) VALUES (%s, %s, %s, %s, %s)"


def test_pemeriksaan_hanya_ditambah(dunia: Dunia, halaman_pg: Koneksi, pemilik_pg: Koneksi) -> None:
    """What a person found is only added, at the ledger's time; their last entry counts, the 51st is refused."""
    d, jalan = dunia, di_gerbang(dunia)
    sesi = jalan.sesi.id
    for ke in range(50):
        halaman_pg.execute(CATAT, [sesi, d.idpel(0), d.spv, f"hasil {ke}", None])
    with pytest.raises(psycopg.errors.CheckViolation):
        halaman_pg.execute(CATAT, [sesi, d.idpel(0), d.spv, "lagi", None])
    halaman_pg.execute(CATAT, [sesi, d.idpel(0), d.spv_b, "lain", "k"])  # another person has their own
    halaman_pg.execute(CATAT, [sesi, d.idpel(1), d.spv, "satu", None])  # and another row
    akhir = "SELECT idpel, oleh, hasil FROM pengesahan.pemeriksaan_akhir WHERE sesi_id = %s ORDER BY idpel, hasil"
    assert pemilik_pg.execute(akhir, [sesi]).fetchall() == [
        (d.idpel(0), d.spv, "hasil 49"),
        (d.idpel(0), d.spv_b, "lain"),
        (d.idpel(1), d.spv, "satu"),
    ]
    for perintah in (
        "UPDATE pengesahan.pemeriksaan SET hasil = 'x'",
        "DELETE FROM pengesahan.pemeriksaan",
        "TRUNCATE pengesahan.pemeriksaan",
    ):
        with pytest.raises(psycopg.Error, match="hanya boleh ditambah"):
            pemilik_pg.execute(perintah)  # type: ignore[arg-type]
    assert jalan.sampai(dari="terima").status == "SELESAI"


def test_pemeriksaan_dijaga(dunia: Dunia, halaman_pg: Koneksi, pemilik_pg: Koneksi) -> None:
    """Nothing is written before the gate, after it, by who is not asked, of a stranger, or that is no line of text."""
    d = dunia
    d.isi(3)
    jalan = jalankan_sampai(d, "rekap")
    baik = [jalan.sesi.id, d.idpel(0), d.spv, "sesuai", "catatan"]

    def salah(kode: str, letak: int = 0, isi: Any = None) -> None:
        with pytest.raises(psycopg.Error) as galat:
            halaman_pg.execute(CATAT, [*baik[:letak], baik[letak] if isi is None else isi, *baik[letak + 1 :]])
        assert galat.value.sqlstate == kode, (letak, isi)

    salah("AP001")
    jalan.buka_gerbang()
    salah("AP001", 1, "999999999999")
    salah("AP001", 2, "orang-lain")
    for letak, isi in (
        (3, ""),
        (3, "x" * 61),
        (3, "a\x1b[2J"),
        (4, ""),
        (4, "x" * 201),
        (4, "dua\nbaris"),
        (4, "\x7f"),
        (4, "\x9b2J"),
    ):
        salah("23514", letak, isi)
    halaman_pg.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    salah("AP001")
    halaman_pg.execute("ROLLBACK")
    jalan.sampai(dari="terima")
    salah("AP001")
    ditulis = "SELECT count(*) FROM pengesahan.pemeriksaan WHERE sesi_id = %s"
    assert pemilik_pg.execute(ditulis, [jalan.sesi.id]).fetchone() == (0,)


def test_pemeriksaan_bersamaan(dunia: Dunia, halaman_pg: Koneksi) -> None:
    """Of two entries that a person writes of one row at once, one is kept; no step waits for either."""
    d, jalan = dunia, di_gerbang(dunia)
    baik = [jalan.sesi.id, d.idpel(0), d.spv, "sesuai", None]
    halaman_pg.execute("BEGIN")
    assert halaman_pg.execute(CATAT, baik).rowcount == 1
    with psycopg.connect(d.alamat.sebagai(d.alamat.buku, HALAMAN), autocommit=True) as lain:
        lain.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            lain.execute(f"{CATAT} ON CONFLICT DO NOTHING", baik)
        assert jalan.sampai(dari="terima").status == "SELESAI"
        halaman_pg.execute("COMMIT")


# ----------------------------------------------------------------------------------------- where a pattern asks for it


def bertanda(dunia: Dunia, wajib: str, **pola: Any) -> Jalan:
    """Take five customers to a gate, under a pattern: one is held, two pass with a flag."""
    tanpa_foto = {"foto_url": None}
    dunia.isi(5, {0: tanpa_foto, 1: tanpa_foto, 4: {"sahlwbp": "9999", "pemkwh": None}})
    dunia.pola(wajib_dilihat=wajib, **pola)
    return jalankan_sampai(dunia, "buka_gerbang")


def test_wajib_melihat_yang_ditandai(dunia: Dunia, halaman_pg: Koneksi) -> None:
    """Sah/Setuju by who has not looked at all flagged rows is not taken up, the gate asks again, and says how many."""
    d, jalan = dunia, bertanda(dunia, "ditandai")
    sesi = jalan.sesi.id
    assert jalan.undangan is not None
    assert "satu per satu di halaman Pengesahan, semua 2 pelanggan yang ditandai" in jalan.undangan.isi
    d.pola()  # a session keeps the pattern it was opened with
    with pytest.raises(BukuMenolak, match="semua 2 pelanggan yang ditandai sebelum Sah/Setuju; 2 belum dilihat"):
        jalan.terima()
    halaman_pg.execute(TANDAI, [sesi, d.spv, [d.idpel(0), d.idpel(2), d.idpel(4)]])
    halaman_pg.execute(TANDAI, [sesi, d.spv_b, [d.idpel(0), d.idpel(1)]])  # another person's marks are their own
    with pytest.raises(BukuMenolak, match="1 belum dilihat") as galat:
        jalan.terima(d.idpel(1), isian={"kembalikan": [f"{d.idpel(1)} foto tidak ada"]})
    assert d.idpel(1) not in str(galat.value)
    undangan = jalan.buka_gerbang()
    assert undangan is not None
    assert "Ditanyakan lagi." in undangan.isi
    assert "1 belum dilihat" in undangan.isi
    assert not [idpel for n in range(5) if (idpel := d.idpel(n)) in undangan.isi]
    assert d.terposting() == set()
    halaman_pg.execute(TANDAI, [sesi, d.spv, [d.idpel(1)]])
    assert jalan.sampai(dari="terima").status == "SELESAI"
    assert d.terposting() == {d.idpel(n) for n in range(4)}


def test_wajib_melihat_sampel(dunia: Dunia, halaman_pg: Koneksi) -> None:
    """Of the sample every customer, and the second approver looks as well."""
    d, jalan = dunia, bertanda(dunia, "sampel", sampel="2", pengesah=2)
    sampel = (jalan.sesi.rekap or {})["sampel"]["idpel"]
    lain = sorted({d.idpel(n) for n in range(5)} - set(sampel))
    halaman_pg.execute(TANDAI, [jalan.sesi.id, d.spv, [*lain, sampel[0]]])
    with pytest.raises(BukuMenolak, match="semua 2 pelanggan sampel pemeriksaan sebelum Sah/Setuju; 1 belum dilihat"):
        jalan.terima()
    halaman_pg.execute(TANDAI, [jalan.sesi.id, d.spv, sampel])
    jalan.terima()
    jalan.buka_gerbang(2)
    with pytest.raises(BukuMenolak, match="2 belum dilihat"):
        jalan.terima(oleh=d.spv_b, urutan=2)
    halaman_pg.execute(TANDAI, [jalan.sesi.id, d.spv_b, sampel])
    jalan.terima(oleh=d.spv_b, urutan=2)
    assert jalan.sampai(dari="posting").status == "SELESAI"


def test_tolak_tanpa_melihat(dunia: Dunia) -> None:
    """Who refuses a session need not have looked at anything."""
    jalan = bertanda(dunia, "ditandai")
    jalan.terima(pilihan=TOLAK)
    assert jalan.sesi.status == "DITOLAK"


def test_tanpa_yang_wajib(dunia: Dunia) -> None:
    """Where no row has a flag the pattern asks for nothing, of a cancellation neither."""
    dunia.isi(3)
    dunia.pola(wajib_dilihat="ditandai")
    jalan = jalankan_sampai(dunia)
    assert jalan.sesi.status == "SELESAI"
    assert jalan.undangan is not None
    assert "Pola unit ini" not in jalan.undangan.isi
    assert batalkan_sampai(dunia, "tutup", dunia.idpel(0)).sesi.status == "SELESAI"


def test_buku_sendiri_menolak(dunia: Dunia, halaman_pg: Koneksi, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approval that the step itself would take up is refused by the ledger until all was looked at."""
    d, jalan = dunia, bertanda(dunia, "ditandai")
    monkeypatch.setattr("ap2t.proses.gerbang._pastikan_dilihat", lambda *_: None)
    halaman_pg.execute(TANDAI, [jalan.sesi.id, d.spv, [d.idpel(0)]])
    with pytest.raises(BukuMenolak, match="belum melihat semua"):
        jalan.terima()
    halaman_pg.execute(TANDAI, [jalan.sesi.id, d.spv, [d.idpel(1)]])
    jalan.sampai(dari="terima")


def test_audit_menemukan_yang_tidak_dilihat(dunia: Dunia, halaman_pg: Koneksi) -> None:
    """A mark that was taken away behind the ledger's back is missed by the audit, one that came too late as well."""
    d, jalan = dunia, bertanda(dunia, "ditandai")
    halaman_pg.execute(TANDAI, [jalan.sesi.id, d.spv, [d.idpel(0), d.idpel(1)]])
    jalan.sampai(dari="terima")

    def temuan() -> list[str]:
        with jalan.layanan.buku.transaksi() as tx:
            return [satu.apa for satu in periksa_sesi(tx, jalan.sesi) if satu.aturan == "PERSETUJUAN"]

    assert temuan() == []
    d.dirusak = {"PERSETUJUAN"}
    for perintah, berapa in (
        ("UPDATE pengesahan.dilihat SET pada = now() WHERE sesi_id = %s AND idpel = %s", 1),
        ("DELETE FROM pengesahan.dilihat WHERE sesi_id = %s AND idpel <> %s", 2),
    ):
        with d.buku_lihat.transaction():
            d.buku_lihat.execute("SET LOCAL session_replication_role = replica")
            d.buku_lihat.execute(perintah, [jalan.sesi.id, d.idpel(0)])
        assert temuan() == [f"{d.spv} mengesahkan tanpa melihat lebih dahulu yang wajib dilihat ({berapa} pelanggan)"]


def test_pola_tanpa_koneksi_halaman(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever checks such a pattern where the page has no connection to mark with is told that it cannot be met."""
    pola = "kesiapan: LENGKAP, persetujuan_kedua: false, batas_jam_nyala: 2000"
    teks = f"unit:\n  {dunia.unitup}: {{{pola}, wajib_dilihat: ditandai}}\n"
    kabar: list[str] = []
    periksa_naskah(dunia.layanan(), teks.replace("ditandai", "tidak"), kabar.append)
    assert kabar == []
    periksa_naskah(dunia.layanan(), teks, kabar.append)
    assert (
        f"wajib_dilihat ({dunia.unitup}) tidak dapat dipenuhi bila api-server tidak punya koneksi cmt_db_halaman"
        in kabar.pop()
    )
    isi_koneksi(monkeypatch, "cmt_db_halaman", **koneksi_basis(dunia.alamat.buku, HALAMAN))
    periksa_naskah(dunia.layanan(), teks, kabar.append)
    assert kabar == []

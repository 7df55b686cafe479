"""A trail that proves itself: whatever the ledger's owner changes is found and located; what is whole is said to be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from audit_fixtures import AUDITOR, Perusak, Terisi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proses_fixtures import APLIKASI, PEMILIK, AlamatPg, salin_buku
from psycopg import sql
from sqlalchemy import text

from ap2t.audit import folder_segel, pagar
from ap2t.audit.periksa import Laporan, Lingkup, Temuan, buktikan_unit, verifikasi
from ap2t.audit.segel import segel_harian
from ap2t.domain.teks import hari
from ap2t.ledger import jejak
from ap2t.ledger.mesin import jalankan
from ap2t.proses.layanan import Layanan
from sandbox.pagar import susun as susun_pagar

LAMBAT = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JUMLAH_SEGEL = 6


def temuan(laporan: Laporan, aturan: str) -> list[Temuan]:
    return [t for t in laporan.temuan if t.aturan == aturan]


def jumlah_jejak(p: Perusak) -> int:
    return int(p.conn.execute(text("SELECT max(id) FROM pengesahan.jejak")).scalar_one())


# ------------------------------------------------------------------------------------------------- what is whole


@pytest.mark.parametrize("peran", [AUDITOR, APLIKASI])
def test_yang_utuh_dikatakan_utuh(terisi: Terisi, peran: str) -> None:
    """Runs of every kind leave a trail and tables that hold in every rule, also for a role that may only read."""
    buku = terisi.buku(peran)
    try:
        laporan = verifikasi(buku, Lingkup(segel=terisi.segel), lambda _: None)
    finally:
        buku.tutup()
    assert [str(t) for t in laporan.temuan] == []
    assert laporan.peringatan == []
    assert (laporan.sesi, laporan.segel) == (len(terisi.sesi), JUMLAH_SEGEL)


def test_periode_bertumpu_pada_segel(terisi: Terisi, tmp_path: Path) -> None:
    """A period is walked from the seal before it to the seal after it, by the seals' own dates, and says which."""
    lama = terisi.salin(tmp_path)
    semua = folder_segel.baca_segel(lama.segel).segel
    hari_ini = hari(datetime.now(UTC))
    with lama.dirusak() as p:
        _mundurkan(p, lama.segel, 2)
        baru = p.periksa(dari=hari_ini - timedelta(days=1), sampai=hari_ini)
        assert baru.jangkar.startswith(f"dari segel ke-2 (jejak nomor {semua[1].jejak}) sampai kepala jejak")
        assert baru.temuan == []
        assert baru.sesi == 4, "two sessions ended before the period"
        dulu = p.periksa(sampai=hari_ini - timedelta(days=20))
        assert dulu.jangkar.startswith(f"dari awal jejak sampai segel ke-3 (jejak nomor {semua[2].jejak})")
        assert (dulu.temuan, dulu.sesi) == ([], 3)


def _mundurkan(p: Perusak, folder: Path, banyak: int) -> None:
    """Let the first seals, and the entries under them, be 40 days old, as if it had always been so."""
    semua = folder_segel.baca_segel(folder).segel
    mundur = "UPDATE pengesahan.jejak SET pada = pada - interval '40 days' WHERE id <= :n"
    p.jalankan(mundur, n=semua[banyak - 1].jejak)
    _segel_ulang(p, folder, lambda s: s.saat - timedelta(days=40) if s.ke <= banyak else s.saat)


def _segel_ulang(p: Perusak, folder: Path, saat: Callable[[folder_segel.Segel], datetime] = lambda s: s.saat) -> None:
    """Seal the (changed) trail anew, seal by seal, as if it had always been so."""
    isi = folder_segel.baca_segel(folder)
    for b in folder.glob("*.jsonl"):
        b.unlink()
    sebelum = folder_segel.AWAL
    p.rangkai_ulang(1)
    for s in isi.segel:
        dibuat = saat(s).isoformat(timespec="seconds")
        ikat = {
            str(b.kelompok): b.sidik
            for b in jalankan(p.conn, "segel_ikatan", **p.conn.execute(text(IKATAN), {"n": s.jejak}).one()._mapping)
        }
        ubah = (
            "UPDATE pengesahan.jejak SET isi = jsonb_set(isi, '{ikatan,sidik}', CAST(:ikat AS jsonb)) || "
            "jsonb_build_object('sebelum', CAST(:s AS text), 'dibuat', CAST(:d AS text)) WHERE id = :n"
        )
        p.jalankan(ubah, s=sebelum, d=dibuat, n=s.jejak, ikat=json.dumps(ikat))
        p.rangkai_ulang(s.jejak)
        sidik = "SELECT encode(sidik, 'hex') FROM pengesahan.jejak WHERE id = :n"
        kini = p.conn.execute(text(sidik), {"n": s.jejak}).scalar_one()
        baru = replace(s, sidik=kini, sebelum=sebelum, dibuat=dibuat)
        folder_segel.tambah_segel(folder, 2026, baru)
        sebelum = baru.sidik_baris


IKATAN = """
SELECT CAST(isi #>> '{ikatan,sesudah}' AS bigint) AS sesudah, CAST(isi #>> '{ikatan,sampai}' AS bigint) AS sampai
  FROM pengesahan.jejak WHERE id = :n
"""


def _palsukan_jawaban(p: Perusak, nomor: str) -> None:
    """Rewrite an answer in the table and in its entry, and leave the chain as it was."""
    p.jalankan("UPDATE pengesahan.persetujuan SET catatan = 'PALSU' WHERE sesi_id = @sesi AND urutan = 1", nomor=nomor)
    p.jalankan(
        "UPDATE pengesahan.jejak SET isi = jsonb_set(isi, '{catatan}', '\"PALSU\"') "
        "WHERE sesi_id = @sesi AND jenis = 'DIJAWAB' AND isi ->> 'urutan' = '1'",
        nomor=nomor,
    )


@pytest.mark.parametrize("geser", ["-3650 days", "-1 day", "365 days"])
@pytest.mark.parametrize("yang", ["bersegel", "terakhir", "dibuka"])
def test_tanggal_yang_digeser_tidak_menyembunyikan(terisi: Terisi, rusak: Perusak, yang: str, geser: str) -> None:
    """A period's scope hangs on no entry's date: moving one hides nothing that was rewritten, on either side."""
    semua = folder_segel.baca_segel(terisi.segel).segel
    hari_ini = hari(datetime.now(UTC))
    _palsukan_jawaban(rusak, terisi.sesi["dua"])
    mana = {
        "bersegel": f"id = {semua[-1].jejak}",
        "terakhir": "id = (SELECT max(id) FROM pengesahan.jejak)",
        "dibuka": f"id > {semua[1].jejak}",
    }[yang]
    rusak.jalankan(f"UPDATE pengesahan.jejak SET pada = pada + CAST('{geser}' AS interval) WHERE {mana}")  # noqa: S608
    for masa in (
        {"dari": hari_ini - timedelta(days=1), "sampai": hari_ini},
        {"dari": hari_ini},
        {"sampai": hari_ini},
        {"dari": hari_ini, "unitup": terisi.sesi["dua"].split("-")[1]},
        {"unitup": terisi.sesi["dua"].split("-")[1]},
    ):
        laporan = rusak.periksa(**masa)
        assert temuan(laporan, "RANTAI"), masa


@pytest.mark.parametrize("saat", ["dibuka_pada", "diakhiri_pada"])
def test_catatan_sesi_tidak_mengeluarkannya_dari_masa(terisi: Terisi, tmp_path: Path, saat: str) -> None:
    """Which sessions a period holds is told by its entries: a session's own dates, changed, take it out of none."""
    salinan = terisi.salin(tmp_path)
    with salinan.dirusak() as p:
        _mundurkan(p, salinan.segel, 2)
        ubah = "UPDATE pengesahan.sesi SET @saat = @saat - interval '300 days' WHERE id = @sesi"
        p.jalankan(ubah.replace("@saat", saat), nomor=terisi.sesi["dua"])
        laporan = p.periksa(dari=hari(datetime.now(UTC)) - timedelta(days=1))
        assert {t.sesi for t in temuan(laporan, "SESI")} == {terisi.sesi["dua"]}


def test_masa_memeriksa_seluruh_hidup_sesinya(terisi: Terisi, tmp_path: Path) -> None:
    """A session that reaches into the period is proven from its first entry on, though that lies before the period."""
    salinan = terisi.salin(tmp_path)
    semua = folder_segel.baca_segel(salinan.segel).segel
    masa = {"dari": hari(datetime.now(UTC)) - timedelta(days=1)}
    with salinan.dirusak() as p:
        _mundurkan(p, salinan.segel, 4)  # the fourth seal lies in the middle of the life of "alih"
        utuh = p.periksa(**masa)
        assert (utuh.temuan, utuh.sesi) == ([], 3)
        assert utuh.jangkar.startswith(f"dari segel ke-3 (jejak nomor {semua[2].jejak})")
        p.jalankan("UPDATE pengesahan.sesi SET pemicu = 'lain' WHERE id = @sesi", nomor=terisi.sesi["alih"])
        ubah = "UPDATE pengesahan.jejak SET pelaku = 'lain' WHERE sesi_id = @sesi AND jenis = 'SESI_DIBUKA'"
        p.jalankan(ubah, nomor=terisi.sesi["alih"])
        [t] = p.periksa(**masa).temuan
        assert (t.aturan, t.jejak is not None and t.jejak < semua[3].jejak) == ("RANTAI", True)


# ------------------------------------------------------------------------------------------------- one unit


def test_unit_dibuktikan_tanpa_jejak_unit_lain(terisi: Terisi, tmp_path: Path) -> None:
    """A unit's check hashes the unit's entries and what no seal binds yet, however long the others' trail is."""
    salinan = terisi.salin(tmp_path)
    unitup = terisi.sesi["dua"].split("-")[1]
    with salinan.dirusak() as p:
        utuh = p.periksa(unitup=unitup)
        assert (utuh.temuan, utuh.sesi) == ([], len(terisi.sesi))
        assert f"jejak unit {unitup}, konfigurasi menurut segel ke-1 sampai ke-6" in utuh.jangkar
        lain = "INSERT INTO pengesahan.jejak SELECT 0, now(), NULL, 'LAIN', 'sistem', '{}', '', '' FROM "
        p.conn.execute(text(f"{lain}generate_series(1, 500)"))
        p.conn.commit()
        with Layanan() as layanan:
            layanan._buku = salinan.buku(APLIKASI)
            for _ in range(2):
                segel_harian(layanan, salinan.segel, lambda _: None, paksa=True)
        kini = p.periksa(unitup=unitup)
        assert (kini.temuan, kini.segel) == ([], JUMLAH_SEGEL + 2)
        assert kini.jejak <= utuh.jejak
        assert p.periksa().jejak > 500


UNIT_DIRUSAK = {
    "isinya saja": "UPDATE pengesahan.jejak SET pelaku = 'lain' WHERE id = :n",
    "dihapus": "DELETE FROM pengesahan.jejak WHERE id = :n",
    "diubah": "UPDATE pengesahan.jejak SET pelaku = 'lain' WHERE id = :n",
    "dipindah sesi": "UPDATE pengesahan.jejak SET sesi_id = NULL WHERE id = :n",
    "dinomori lain": "UPDATE pengesahan.jejak SET id = -id WHERE id = :n",
}
SIDIK_COCOK = """
UPDATE pengesahan.jejak SET sidik = pengesahan.sidik_jejak(id, pada, sesi_id, jenis, pelaku, isi, sebelum)
 WHERE abs(id) = :n
"""


@LAMBAT
@given(data=st.data())
def test_jejak_unit_diubah_ketahuan(terisi: Terisi, data: st.DataObject) -> None:
    """Whatever is done to a unit's entry is found by the unit's check alone, its own hash made to fit or not."""
    unitup = terisi.sesi["dua"].split("-")[1]
    with terisi.dirusak() as p:
        semua = list(jejak.alir_entri(p.tx, "audit_jejak_unit", unitup=unitup))
        e = data.draw(st.sampled_from(semua), label="entri")
        apa = data.draw(st.sampled_from(sorted(UNIT_DIRUSAK)), label="apa")
        assert p.jalankan(UNIT_DIRUSAK[apa], n=e.id) == 1
        if apa != "isinya saja":
            p.jalankan(SIDIK_COCOK, n=e.id)
        laporan = Laporan()
        buktikan_unit(p.tx, [unitup], folder_segel.baca_segel(terisi.segel), laporan, lambda _: None)
    assert temuan(laporan, "RANTAI"), "tidak ketahuan"


def test_sesi_dipindah_unit_ketahuan_dari_kedua_unit(terisi: Terisi, rusak: Perusak) -> None:
    """A session that the ledger gives to another unit is missed by its own, and found to be too much by the other."""
    unitup = terisi.sesi["dua"].split("-")[1]
    rusak.jalankan("UPDATE pengesahan.sesi SET unitup = '60999' WHERE id = @sesi", nomor=terisi.sesi["dua"])
    for u in (unitup, "60999"):
        [t] = temuan(rusak.periksa(unitup=u), "RANTAI")
        assert f"jejak unit {u} di antara nomor" in t.apa


def test_segel_lama_tanpa_ikatan_ditelusuri(terisi: Terisi, tmp_path: Path) -> None:
    """What seals from before units were bound cover is walked entry by entry: no less is proven."""
    salinan = terisi.salin(tmp_path)
    unitup = terisi.sesi["dua"].split("-")[1]
    with salinan.dirusak() as p:
        p.jalankan("UPDATE pengesahan.jejak SET isi = isi - 'ikatan' WHERE jenis = 'SEGEL_DIBUAT'")
        _segel_ulang(p, salinan.segel)
        laporan = p.periksa(unitup=unitup)
        assert laporan.temuan == []
        assert laporan.jangkar.startswith("belum ada segel yang mengikat jejak tiap unit: rantai dari awal jejak")
        p.jalankan("UPDATE pengesahan.jejak SET pelaku = 'lain' WHERE id = 4")
        [t] = temuan(p.periksa(unitup=unitup), "RANTAI")
        assert t.jejak == 4


# ------------------------------------------------------------------------------------------------- the chain


UBAH = {
    "pelaku": "UPDATE pengesahan.jejak SET pelaku = pelaku || 'x' WHERE id = :n",
    "jenis": "UPDATE pengesahan.jejak SET jenis = 'LAIN' WHERE id = :n",
    "pada": "UPDATE pengesahan.jejak SET pada = pada + interval '1 microsecond' WHERE id = :n",
    "sesi": "UPDATE pengesahan.jejak SET sesi_id = coalesce(sesi_id, 0) + 1 WHERE id = :n",
    "isi": "UPDATE pengesahan.jejak SET isi = isi || '{\"tambahan\": 1}' WHERE id = :n",
    "sebelum": "UPDATE pengesahan.jejak SET sebelum = sha256('lain') WHERE id = :n",
    "sidik": "UPDATE pengesahan.jejak SET sidik = sha256('lain') WHERE id = :n",
    "sidik dihitung ulang": "UPDATE pengesahan.jejak SET pelaku = 'x', sidik = "
    "pengesahan.sidik_jejak(id, pada, sesi_id, jenis, 'x', isi, sebelum) WHERE id = :n",
}


@LAMBAT
@given(data=st.data())
def test_satu_jejak_diubah_ketahuan_letaknya(terisi: Terisi, data: st.DataObject) -> None:
    """Changing any value of any entry breaks the chain at that entry, or at the next where its hash was made to fit."""
    with terisi.dirusak() as p:
        n = data.draw(st.integers(1, jumlah_jejak(p)), label="nomor")
        apa = data.draw(st.sampled_from(sorted(UBAH)), label="apa")
        assert p.jalankan(UBAH[apa], n=n) == 1
        akhir = jumlah_jejak(p)
        [t] = temuan(p.periksa_jejak(), "RANTAI")
    letak = min(n + 1, akhir) if apa == "sidik dihitung ulang" else n
    assert t.jejak == letak
    assert f"nomor {letak}" in t.apa


@LAMBAT
@given(data=st.data())
def test_satu_jejak_dihapus_atau_disisipkan(terisi: Terisi, data: st.DataObject) -> None:
    """Deleting an entry, or putting a well-made one in between, is found at that place."""
    with terisi.dirusak() as p:
        akhir = jumlah_jejak(p)
        n = data.draw(st.integers(1, akhir), label="nomor")
        if data.draw(st.booleans(), label="hapus"):
            p.jalankan("DELETE FROM pengesahan.jejak WHERE id = :n", n=n)
            [t] = temuan(p.periksa_jejak(), "RANTAI")
            assert t.apa.startswith(
                f"sebelum jejak nomor {n + 1} " if n < akhir else f"jejak sesudah nomor {n - 1} hilang"
            )
            return
        p.jalankan("UPDATE pengesahan.jejak SET id = -(id + 1) WHERE id >= :n", n=n)
        p.jalankan("UPDATE pengesahan.jejak SET id = -id WHERE id < 0")
        p.jalankan(
            "INSERT INTO pengesahan.jejak SELECT :n, pada, sesi_id, 'SISIPAN', pelaku, isi, sebelum, "
            "pengesahan.sidik_jejak(:n, pada, sesi_id, 'SISIPAN', pelaku, isi, sebelum) "
            "FROM pengesahan.jejak WHERE id = :n + 1",
            n=n,
        )
        [t] = temuan(p.periksa_jejak(), "RANTAI")
    assert t.jejak == n + 1, t  # the inserted one fits what is before it; what follows does not fit the inserted one


def test_kepala_jejak_diubah(rusak: Perusak) -> None:
    """The head alone, moved back or forth, does not fit the last entry."""
    akhir = jumlah_jejak(rusak)
    rusak.jalankan("UPDATE pengesahan.jejak_kepala SET id = id - 1")
    [t] = temuan(rusak.periksa(), "RANTAI")
    assert t.apa == f"jejak terakhir (nomor {akhir}) berbeda dari yang ditunjuk kepala"


@given(
    nilai=st.recursive(
        st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
        lambda anak: st.lists(anak, max_size=4) | st.dictionaries(st.text(), anak, max_size=4),
        max_leaves=12,
    ),
    pelaku=st.text(max_size=20),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sidik_dihitung_sama_di_luar_basis_data(terisi: Terisi, nilai: Any, pelaku: str) -> None:
    """The hash that is computed from the raw values is the database's own, whatever text and numbers stand in it."""
    isi = json.dumps({"nilai": nilai}, default=str).replace("\\u0000", "0")
    with terisi.dirusak() as p:
        p.conn.execute(
            text("INSERT INTO pengesahan.jejak VALUES (0, now(), NULL, 'UJI', :p, CAST(:isi AS jsonb), '', '')"),
            {"p": pelaku.replace("\0", "0").encode("utf-8", "replace").decode(), "isi": isi},
        )
        *_, e = p.tx.jejak.baca()
        assert e.sidik == jejak.sidik_entri(e)


# ------------------------------------------------------------------------------------------------- the seals


@LAMBAT
@given(data=st.data())
def test_jejak_ditulis_ulang_seluruhnya(terisi: Terisi, data: st.DataObject) -> None:
    """A trail rewritten whole is whole; the first seal behind the change does not hold, and the span is named."""
    semua = folder_segel.baca_segel(terisi.segel).segel
    with terisi.dirusak() as p:
        n = data.draw(st.integers(1, semua[-1].jejak), label="nomor")
        p.jalankan(UBAH["isi"], n=n)
        p.rangkai_ulang(n)
        laporan = p.periksa_jejak()
    assert temuan(laporan, "RANTAI") == []
    pertama = next(s for s in semua if s.jejak >= n)
    baik = [s for s in semua if s.jejak < n]
    t = temuan(laporan, "SEGEL")[0]
    assert (t.jejak, laporan.segel) == (pertama.jejak, len(baik))
    assert t.apa.startswith(f"segel ke-{pertama.ke} (")
    assert t.apa.endswith(f"di antara jejak nomor {baik[-1].jejak + 1 if baik else 1} dan {pertama.jejak}")


@LAMBAT
@given(data=st.data())
def test_ekor_jejak_dipotong(terisi: Terisi, data: st.DataObject) -> None:
    """A trail whose end is cut off, head and all, is whole; the seals behind the cut say that it was longer."""
    semua = folder_segel.baca_segel(terisi.segel).segel
    with terisi.dirusak() as p:
        n = data.draw(st.integers(2, semua[-1].jejak), label="mulai")
        p.jalankan("DELETE FROM pengesahan.jejak WHERE id >= :n", n=n)
        p.rangkai_ulang(n - 1)
        laporan = p.periksa_jejak()
    assert temuan(laporan, "RANTAI") == []
    pertama = next(s for s in semua if s.jejak >= n)
    t = temuan(laporan, "SEGEL")[0]
    assert t.jejak == pertama.jejak
    assert (
        f"jejak dipotong: segel menunjuk jejak nomor {pertama.jejak}, jejak kini berakhir pada nomor {n - 1}" in t.apa
    )


@pytest.mark.parametrize(
    ("hapus", "sebab"),
    [
        (slice(5, 6), "segel yang disebut jejak tidak ada dalam folder: ke-6 (jejak nomor"),
        (slice(2, 3), "berkas segel rusak: segel-2026.jsonl baris 3: segel ke-3 hilang (yang ada: ke-4)"),
        (slice(0, 1), "berkas segel rusak: segel-2026.jsonl baris 1: segel ke-1 hilang (yang ada: ke-2)"),
        (slice(0, 6), "segel yang disebut jejak tidak ada dalam folder: ke-1 (jejak nomor"),
    ],
)
def test_baris_segel_dihapus(terisi: Terisi, tmp_path: Path, hapus: slice, sebab: str) -> None:
    """Lines cut out of a seal file, at its end too, are missed by the chain of lines or by the trail itself."""
    folder = Path(shutil.copytree(terisi.segel, tmp_path / "segel"))
    [berkas] = folder.glob("*.jsonl")
    baris = berkas.read_text().splitlines(keepends=True)
    del baris[hapus]
    berkas.write_text("".join(baris))
    sebab = sebab.replace("segel-2026.jsonl", berkas.name)
    with terisi.dirusak() as p:
        assert any(t.apa.startswith(sebab) for t in temuan(p.periksa_jejak(folder), "SEGEL"))


@pytest.mark.parametrize("nama", ["dibuat", "buku", "jejak", "sidik", "jumlah"])
def test_tiap_nilai_segel_terikat(terisi: Terisi, nama: str) -> None:
    """Any value of any seal changed, and every line behind it made anew: the trail knows better."""
    lain = {"dibuat": "2026-06-01T05:00:00+00:00", "buku": "lain", "sidik": "0" * 64}
    semua = folder_segel.baca_segel(terisi.segel).segel
    for ke in range(len(semua)):
        nilai = lain[nama] if nama in lain else getattr(semua[ke], nama) + 1
        with TemporaryDirectory() as folder_:
            folder, sebelum = Path(folder_), folder_segel.AWAL
            for s in semua:
                palsu = replace(s, sebelum=sebelum, **({nama: nilai} if s.ke == ke + 1 else {}))
                folder_segel.tambah_segel(folder, 2026, palsu)
                sebelum = palsu.sidik_baris
            assert folder_segel.baca_segel(folder).rusak is None
            with terisi.dirusak() as p:
                assert temuan(p.periksa_jejak(folder), "SEGEL"), ke


def test_segel_dipalsukan_bersama_rantainya(terisi: Terisi, tmp_path: Path) -> None:
    """A seal file that was made anew, its own chain whole, still does not fit the trail."""
    folder = tmp_path / "segel"
    sebelum = folder_segel.AWAL
    for s in folder_segel.baca_segel(terisi.segel).segel:
        palsu = replace(s, sidik="0" * 64 if s.ke == 3 else s.sidik, sebelum=sebelum)
        with folder_segel.terkunci(folder):
            folder_segel.tambah_segel(folder, 2026, palsu)
        sebelum = palsu.sidik_baris
    assert folder_segel.baca_segel(folder).rusak is None
    with terisi.dirusak() as p:
        ada = [t.apa for t in temuan(p.periksa_jejak(folder), "SEGEL")]
    assert ada[0].startswith("segel ke-3 (")
    assert "segel ke-4 berbeda dari yang disebut jejak" in " ".join(ada)


def test_tanpa_folder_segel(terisi: Terisi, alamat_pg: AlamatPg) -> None:
    """No folder: a failure where the trail mentions seals, a loud warning where it never had one."""
    with terisi.dirusak() as p:
        [t] = temuan(p.periksa(segel=None), "SEGEL")
        assert "jejak menyebut 6 segel tetapi tidak ada folder segel" in t.apa
    salin_buku(alamat_pg, "uji_tanpa_segel")
    buku = terisi._replace(basis="uji_tanpa_segel").buku()
    try:
        laporan = verifikasi(buku, Lingkup(), lambda _: None)
    finally:
        buku.tutup()
    assert laporan.utuh
    assert laporan.peringatan[0].startswith("TANPA SEGEL")


# --------------------------------------------------------------------------- the tables against the trail


TABEL = [
    (
        "penuh",
        "HASIL",
        "UPDATE pengesahan.hasil SET status = 'SUDAH_POSTING' WHERE sesi_id = @sesi AND status = 'POSTING'",
    ),
    ("penuh", "HASIL", "UPDATE pengesahan.hasil SET kode = 'LAIN' WHERE sesi_id = @sesi AND status = 'DITOLAK'"),
    ("penuh", "HASIL", "UPDATE pengesahan.hasil SET pesan = 'lain' WHERE sesi_id = @sesi AND status = 'BERUBAH'"),
    ("penuh", "HASIL", "UPDATE pengesahan.hasil SET kodeposting = 0 WHERE sesi_id = @sesi AND status = 'POSTING'"),
    ("dua", "HASIL", "UPDATE pengesahan.hasil SET pada = pada + interval '1 second' WHERE sesi_id = @sesi"),
    ("dua", "HASIL", "DELETE FROM pengesahan.hasil WHERE sesi_id = @sesi AND idpel LIKE '%1'"),
    ("dua", "HASIL", "DELETE FROM pengesahan.hasil WHERE sesi_id = @sesi"),
    (
        "penuh",
        "HASIL",
        "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting) SELECT s.id, g.idpel, b.kunci, "
        "'POSTING', 1 FROM pengesahan.sesi s JOIN pengesahan.saringan g ON g.sesi_id = s.id AND g.hasil = 'DITAHAN' "
        "JOIN pengesahan.batch b ON b.sesi_id = s.id WHERE s.nomor = :nomor LIMIT 1",
    ),
    ("dua", "BATCH", "UPDATE pengesahan.batch SET oleh = 'lain' WHERE sesi_id = @sesi"),
    ("dua", "BATCH", "UPDATE pengesahan.batch SET epoch = epoch + 1 WHERE sesi_id = @sesi"),
    ("dua", "BATCH", "UPDATE pengesahan.batch SET idpel = idpel[2:] WHERE sesi_id = @sesi"),
    ("dua", "BATCH", "UPDATE pengesahan.batch SET sidik_isi = 'lain' WHERE sesi_id = @sesi"),
    ("alih", "BATCH", "UPDATE pengesahan.batch SET keterangan = 'lain' WHERE sesi_id = @sesi"),
    (
        "dua",
        "BATCH",
        "UPDATE pengesahan.batch SET selesai_pada = selesai_pada + interval '1 hour' WHERE sesi_id = @sesi",
    ),
    (
        "dua",
        "BATCH",
        "UPDATE pengesahan.batch SET dikirim_pada = dikirim_pada - interval '1 hour' WHERE sesi_id = @sesi",
    ),
    ("dua", "BATCH", "UPDATE pengesahan.batch SET status = 'BATAL' WHERE sesi_id = @sesi"),
    ("dua", "BATCH", "UPDATE pengesahan.batch SET status = 'DIKIRIM', selesai_pada = NULL WHERE sesi_id = @sesi"),
    ("dua", "PERSETUJUAN", "UPDATE pengesahan.persetujuan SET oleh = 'lain' WHERE sesi_id = @sesi AND urutan = 1"),
    ("dua", "PERSETUJUAN", "UPDATE pengesahan.persetujuan SET catatan = 'lain' WHERE sesi_id = @sesi AND urutan = 1"),
    ("dua", "PERSETUJUAN", "UPDATE pengesahan.persetujuan SET petugas = '{}' WHERE sesi_id = @sesi AND urutan = 2"),
    (
        "dua",
        "PERSETUJUAN",
        "UPDATE pengesahan.persetujuan SET dijawab_pada = now() WHERE sesi_id = @sesi AND urutan = 2",
    ),
    (
        "dua",
        "PERSETUJUAN",
        "UPDATE pengesahan.persetujuan SET dicatat_pada = now() WHERE sesi_id = @sesi AND urutan = 2",
    ),
    ("penuh", "PERSETUJUAN", "UPDATE pengesahan.persetujuan SET kembalikan = '{}' WHERE sesi_id = @sesi"),
    ("tolak", "PERSETUJUAN", "UPDATE pengesahan.persetujuan SET keputusan = 'SETUJU' WHERE sesi_id = @sesi"),
    ("dua", "PERSETUJUAN", "DELETE FROM pengesahan.persetujuan WHERE sesi_id = @sesi AND urutan = 2"),
    ("dua", "PERSETUJUAN", "UPDATE pengesahan.gerbang SET orang = orang || 'lain'::text WHERE sesi_id = @sesi"),
    ("tolak", "PERSETUJUAN", "UPDATE pengesahan.gerbang SET sidik = repeat('0', 64) WHERE sesi_id = @sesi"),
    ("tolak", "PERSETUJUAN", "UPDATE pengesahan.gerbang SET dibuka_pada = now() WHERE sesi_id = @sesi"),
    ("penuh", "SIDIK", "UPDATE pengesahan.bacaan SET sahlwbp = sahlwbp + 1 WHERE sesi_id = @sesi AND idpel LIKE '%7'"),
    ("penuh", "SIDIK", "UPDATE pengesahan.bacaan SET nama = 'Lain' WHERE sesi_id = @sesi AND idpel LIKE '%7'"),
    (
        "penuh",
        "SIDIK",
        "UPDATE pengesahan.bacaan SET verif_vendor_oleh = 'lain' WHERE sesi_id = @sesi AND idpel LIKE '%7'",
    ),
    ("tolak", "SIDIK", "UPDATE pengesahan.saringan SET kwh = kwh + 1 WHERE sesi_id = @sesi AND idpel LIKE '%1'"),
    ("tolak", "SIDIK", "DELETE FROM pengesahan.bacaan WHERE sesi_id = @sesi AND idpel LIKE '%1'"),
    (
        "penuh",
        "SARINGAN",
        "UPDATE pengesahan.saringan SET alasan = '{SELISIH_KWH}' WHERE sesi_id = @sesi AND hasil = 'DITAHAN'",
    ),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET status = 'NIHIL' WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET pemicu = 'lain' WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET pengesah = 2 WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET pola = 'BERTAHAP' WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET eskalasi = '{lain}' WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET batas_jam_nyala = 1000 WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET run_id = 'lain' WHERE id = @sesi"),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET dibuka_pada = dibuka_pada - interval '1 second' WHERE id = @sesi"),
    (
        "tolak",
        "SESI",
        "UPDATE pengesahan.sesi SET diakhiri_pada = diakhiri_pada + interval '1 second' WHERE id = @sesi",
    ),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET keterangan = 'lain' WHERE id = @sesi"),
    ("dua", "SESI", "UPDATE pengesahan.sesi SET epoch = epoch + 1 WHERE id = @sesi"),
    ("dua", "SESI", "UPDATE pengesahan.sesi SET tahap = 'TERPOSTING' WHERE id = @sesi"),
    ("dua", "SESI", "UPDATE pengesahan.sesi SET sidik = repeat('0', 64) WHERE id = @sesi"),
    ("dua", "SESI", "UPDATE pengesahan.sesi SET rekap = rekap || '{\"x\": 1}' WHERE id = @sesi"),
    ("dua", "SESI", "UPDATE pengesahan.sesi SET unitup = '60999' WHERE id = @sesi"),
    ("penuh", "DILUAR_SISTEM", "UPDATE pengesahan.luar_sistem SET oleh = 'lain' WHERE sesi_id = @sesi"),
    ("penuh", "DILUAR_SISTEM", "DELETE FROM pengesahan.luar_sistem WHERE sesi_id = @sesi"),
    ("penuh", "PENGEMBALIAN", "UPDATE pengesahan.pengembalian SET alasan = 'alasan lain' WHERE sesi_id = @sesi"),
    ("penuh", "PENGEMBALIAN", "UPDATE pengesahan.pengembalian SET oleh = 'lain' WHERE sesi_id = @sesi"),
    ("penuh", "PENGEMBALIAN", "UPDATE pengesahan.pengembalian SET kali = kali + 1 WHERE sesi_id = @sesi"),
    (
        "penuh",
        "PENGEMBALIAN",
        "UPDATE pengesahan.pengembalian SET status = 'GAGAL', cara = 'TIDAK_ADA' WHERE sesi_id = @sesi",
    ),
    (
        "penuh",
        "PENGEMBALIAN",
        "UPDATE pengesahan.pengembalian SET selesai_pada = selesai_pada + interval '1 second' WHERE sesi_id = @sesi",
    ),
    ("penuh", "PENGEMBALIAN", "DELETE FROM pengesahan.pengembalian WHERE sesi_id = @sesi"),
    (
        "penuh",
        "PENGEMBALIAN",
        "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting) SELECT k.sesi_id, k.idpel, b.kunci, "
        "'POSTING', 1 FROM pengesahan.pengembalian k JOIN pengesahan.batch b ON b.sesi_id = k.sesi_id "
        "WHERE k.sesi_id = @sesi LIMIT 1",
    ),
    (
        "dua",
        "PENGEMBALIAN",
        "INSERT INTO pengesahan.pengembalian (sesi_id, idpel, urutan, oleh, alasan) SELECT p.sesi_id, '600010000001', "
        "p.urutan, p.oleh, 'alasan yang cukup' FROM pengesahan.persetujuan p WHERE p.sesi_id = @sesi AND p.urutan = 2",
    ),
    ("tolak", "SESI", "UPDATE pengesahan.sesi SET sampel = 7 WHERE id = @sesi"),
    (
        "penuh",
        "DILUAR_SISTEM",
        "UPDATE pengesahan.luar_sistem SET ditemukan_pada = ditemukan_pada - interval '1 hour' WHERE sesi_id = @sesi",
    ),
    ("ulang", "SESI", "UPDATE pengesahan.sesi SET keterangan = 'lain' WHERE id = @sesi"),
]


@pytest.mark.parametrize(("sesi", "aturan", "perintah"), TABEL)
def test_tabel_diubah_ketahuan_pada_sesinya(
    terisi: Terisi, rusak: Perusak, sesi: str, aturan: str, perintah: str
) -> None:
    """The chain is whole, the table lies: the session is named, by the rule that its entries prove."""
    assert rusak.jalankan(perintah, nomor=terisi.sesi[sesi]) > 0
    laporan = rusak.periksa()
    assert temuan(laporan, "RANTAI") == []
    assert {t.sesi for t in laporan.temuan} == {terisi.sesi[sesi]}
    assert temuan(laporan, aturan), [str(t) for t in laporan.temuan]


def test_konfigurasi_diubah(rusak: Perusak) -> None:
    """A version of the configuration that was changed fits neither its own digest nor, that made anew, its entry."""
    ubah = "UPDATE pengesahan.konfigurasi SET isi = jsonb_set(isi, '{bawaan,batas_jam_nyala}', '\"1\"') WHERE versi = 1"
    assert rusak.jalankan(ubah) == 1
    assert temuan(rusak.periksa(), "KONFIGURASI")[0].apa == "konfigurasi versi 1 berbeda dari sidiknya"
    rusak.jalankan("UPDATE pengesahan.konfigurasi SET sidik = encode(sha256(convert_to(isi::text, 'UTF8')), 'hex')")
    assert "konfigurasi versi 1 tidak sesuai jejak" in temuan(rusak.periksa(), "KONFIGURASI")[0].apa


@pytest.mark.parametrize(
    ("kolom", "nilai"),
    [("teks", "'unit: {}'"), ("oleh", "'lain'"), ("alasan", "'alasan yang lain'"), ("berlaku_sejak", "now()")],
)
def test_riwayat_konfigurasi_diubah(rusak: Perusak, kolom: str, nilai: str) -> None:
    """Who applied a configuration, why, when, and the document as it was given are bound by its entry as well."""
    rusak.jalankan(
        "UPDATE pengesahan.konfigurasi SET @kolom = @nilai".replace("@kolom", kolom).replace("@nilai", nilai)
    )
    assert f"konfigurasi versi 1: {kolom} berbeda dari jejak nomor" in temuan(rusak.periksa(), "KONFIGURASI")[0].apa


def test_peristiwa_airflow_ditandai_tanpa_disalin(rusak: Perusak) -> None:
    """A mark that an event was copied would keep it out of the trail: marks and entries are compared both ways."""
    rusak.jalankan("INSERT INTO pengesahan.peristiwa_airflow VALUES (7, '2026-06-01 00:00:00+00')")
    assert [t.apa for t in temuan(rusak.periksa(), "PERISTIWA")] == [
        "peristiwa Airflow nomor 7 (2026-06-01 00:00:00+00) ditandai sudah disalin, tetapi tidak ada dalam jejak"
    ]
    with rusak.conn.begin_nested():
        rusak.tx.jejak.catat("PERISTIWA_AIRFLOW", {"nomor": 7, "waktu": "2026-06-01T00:00:00+00:00"})
        assert temuan(rusak.periksa(), "PERISTIWA") == []
        rusak.jalankan("DELETE FROM pengesahan.peristiwa_airflow")
    assert "tandanya hilang dari buku" in temuan(rusak.periksa(), "PERISTIWA")[0].apa


def test_sidik_diperiksa_walau_jejak_menyebut_saringan_baru(terisi: Terisi, rusak: Perusak) -> None:
    """What a gate has shown is compared whatever comes after it in the trail: the application may add an entry."""
    nomor = terisi.sesi["tolak"]
    sid = rusak.conn.execute(text("SELECT id FROM pengesahan.sesi WHERE nomor = :n"), {"n": nomor}).scalar_one()
    rusak.tx.jejak.catat("DISARING", {}, sesi_id=sid)
    rusak.jalankan("UPDATE pengesahan.bacaan SET sahlwbp = sahlwbp + 1 WHERE sesi_id = @sesi", nomor=nomor)
    assert temuan(rusak.periksa(), "SIDIK")


def test_sesi_dihapus_atau_ditambahkan(terisi: Terisi, rusak: Perusak) -> None:
    """A session that the trail opened and the ledger lost is named; so is one that the trail knows nothing of."""
    for tabel in (
        "hasil",
        "batch",
        "persetujuan",
        "jawaban_tiba",
        "gerbang",
        "saringan",
        "bacaan",
        "luar_sistem",
        "garam",
    ):
        hapus = "DELETE FROM pengesahan.@tabel WHERE sesi_id = @sesi".replace("@tabel", tabel)
        rusak.jalankan(hapus, nomor=terisi.sesi["tolak"])
    rusak.jalankan("DELETE FROM pengesahan.sesi WHERE nomor = :nomor", nomor=terisi.sesi["tolak"])
    rusak.jalankan(
        "INSERT INTO pengesahan.sesi (nomor, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola, pengesah, "
        "batas_jam_nyala, versi_aturan, versi_kode, zona_waktu) VALUES ('PS-PALSU', '60001', '202601', 'A', 1, 'd', "
        "'r', 'LENGKAP', 1, 2000, '1', '0', 'Asia/Jakarta')"
    )
    ada = {t.sesi: t.apa for t in temuan(rusak.periksa(), "SESI")}
    assert "tidak ada dalam buku" in ada[terisi.sesi["tolak"]]
    assert ada["PS-PALSU"]


@pytest.mark.parametrize("tabel", ["bacaan", "saringan", "hasil"])
def test_baris_sesi_yang_tidak_ada(terisi: Terisi, rusak: Perusak, tabel: str) -> None:
    """Rows of a session that the ledger does not hold are named: no session's audit would look at them."""
    asal = f"pengesahan.{tabel} WHERE sesi_id = @sesi LIMIT 1"
    rusak.jalankan(f"CREATE TEMP TABLE asing ON COMMIT DROP AS SELECT * FROM {asal}", nomor=terisi.sesi["penuh"])  # noqa: S608
    rusak.jalankan("UPDATE asing SET sesi_id = 999999999")
    rusak.jalankan(f"INSERT INTO pengesahan.{tabel} SELECT * FROM asing")  # noqa: S608
    ada = [t.apa for t in temuan(rusak.periksa(), "SESI")]
    assert ada == [f"tabel {tabel} memuat sesi 999999999, yang tidak ada dalam buku"]


def test_pagar_yang_dimatikan(rusak: Perusak) -> None:
    """A guard that is off, or gone, is a finding by itself."""
    rusak.conn.execute(text("ALTER TABLE pengesahan.jejak DISABLE TRIGGER hanya_tambah"))
    rusak.conn.execute(text("DROP TRIGGER jaga_batch ON pengesahan.batch"))
    assert {t.apa for t in temuan(rusak.periksa(), "PAGAR")} == {
        "pagar hanya_tambah pada tabel jejak dimatikan",
        "pagar jaga_batch pada tabel batch tidak ada",
    }


@pytest.mark.parametrize(
    ("perintah", "apa"),
    [
        (
            "CREATE OR REPLACE FUNCTION pengesahan.jaga_batch() RETURNS trigger LANGUAGE plpgsql "
            "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NEW; END'",
            "fungsi jaga_batch() bukan lagi yang dipasang proyek ini",
        ),
        (
            "ALTER FUNCTION pengesahan.rangkai_jejak() RESET search_path",
            "fungsi rangkai_jejak() bukan lagi yang dipasang proyek ini",
        ),
        (
            "ALTER FUNCTION pengesahan.jaga_batch() SECURITY DEFINER",
            "fungsi jaga_batch() bukan lagi yang dipasang proyek ini",
        ),
        (
            "CREATE FUNCTION pengesahan.lain() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "fungsi lain() bukan milik proyek ini",
        ),
        (
            "CREATE OR REPLACE TRIGGER hanya_tambah BEFORE UPDATE ON pengesahan.hasil FOR EACH STATEMENT "
            "EXECUTE FUNCTION pengesahan.tolak_ubah()",
            "pagar hanya_tambah pada tabel hasil bukan lagi yang dipasang proyek ini",
        ),
        (
            "CREATE OR REPLACE TRIGGER jaga_batch BEFORE INSERT ON pengesahan.batch FOR EACH ROW WHEN (NEW.epoch > 9) "
            "EXECUTE FUNCTION pengesahan.jaga_batch()",
            "pagar jaga_batch pada tabel batch bukan lagi yang dipasang proyek ini",
        ),
        (
            "CREATE OR REPLACE TRIGGER jaga_batch BEFORE INSERT ON pengesahan.batch FOR EACH ROW "
            "EXECUTE FUNCTION pengesahan.jaga_sesi()",
            "pagar jaga_batch pada tabel batch bukan lagi yang dipasang proyek ini",
        ),
        (
            "CREATE TRIGGER lain BEFORE INSERT ON pengesahan.persetujuan FOR EACH ROW "
            "EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
            "pagar lain pada tabel persetujuan bukan milik proyek ini",
        ),
        (
            "ALTER TABLE pengesahan.bacaan ENABLE ROW LEVEL SECURITY",
            "tabel bacaan bukan lagi yang dipasang",
        ),
        (
            "CREATE RULE lain AS ON INSERT TO pengesahan.hasil DO INSTEAD NOTHING",
            "aturan lain pada tabel hasil bukan milik proyek ini",
        ),
        (
            "CREATE TABLE pengesahan.anak () INHERITS (pengesahan.gerbang)",
            "tabel gerbang bukan lagi yang dipasang",
        ),
        (
            "ALTER TABLE pengesahan.luar_sistem SET UNLOGGED",
            "tabel luar_sistem bukan lagi yang dipasang",
        ),
        (
            "ALTER TABLE pengesahan.luar_sistem RENAME TO asli; "
            "CREATE VIEW pengesahan.luar_sistem AS SELECT * FROM pengesahan.asli",
            "tabel luar_sistem bukan lagi yang dipasang",
        ),
        (
            "ALTER TABLE pengesahan.saringan DROP CONSTRAINT jam_nyala_2000",
            "batasan jam_nyala_2000 pada tabel saringan",
        ),
        (
            "ALTER TABLE pengesahan.batch DROP CONSTRAINT batch_sesi_id_fkey",
            "batasan batch_sesi_id_fkey pada tabel batch",
        ),
        ("DROP INDEX pengesahan.sesi_satu_terbuka", "indeks sesi_satu_terbuka tidak ada"),
        ("GRANT DELETE ON pengesahan.hasil TO uji_aplikasi", "peran uji_aplikasi berhak DELETE pada tabel hasil"),
        (
            "GRANT UPDATE (oleh) ON pengesahan.persetujuan TO PUBLIC",
            "peran PUBLIC berhak UPDATE pada tabel persetujuan kolom oleh",
        ),
        (
            "GRANT INSERT ON pengesahan.konfigurasi TO uji_aplikasi",
            "peran uji_aplikasi berhak INSERT pada tabel konfig",
        ),
        ("GRANT INSERT ON pengesahan.gerbang TO uji_aplikasi", "peran uji_aplikasi berhak INSERT pada tabel gerbang"),
        (
            "GRANT SELECT ON pengesahan.sesi TO uji_aplikasi WITH GRANT OPTION",
            "peran uji_aplikasi berhak SELECT pada tabel sesi dan boleh meneruskannya",
        ),
        ("GRANT CREATE ON SCHEMA pengesahan TO uji_aplikasi", "peran uji_aplikasi berhak CREATE pada skema pengesahan"),
        (
            "GRANT EXECUTE ON FUNCTION pengesahan.tambah_hitungan TO PUBLIC",
            "peran PUBLIC berhak EXECUTE pada fungsi tambah_hitungan",
        ),
        # the same name, another meaning
        (
            "ALTER TABLE pengesahan.saringan DROP CONSTRAINT jam_nyala_2000, "
            "ADD CONSTRAINT jam_nyala_2000 CHECK (true)",
            "batasan jam_nyala_2000 pada tabel saringan bukan lagi yang dipasang proyek ini: seharusnya CHECK (((hasil",
        ),
        (
            "ALTER TABLE pengesahan.sesi DROP CONSTRAINT sesi_batas_jam_nyala_check, "
            "ADD CONSTRAINT sesi_batas_jam_nyala_check CHECK (batas_jam_nyala <= 9999)",
            "batasan sesi_batas_jam_nyala_check pada tabel sesi bukan lagi",
        ),
        (
            "ALTER TABLE pengesahan.hasil DROP CONSTRAINT hasil_pkey; "
            "ALTER TABLE pengesahan.hasil ADD CONSTRAINT hasil_pkey CHECK (true)",
            "batasan hasil_pkey pada tabel hasil bukan lagi yang dipasang proyek ini: seharusnya PRIMARY KEY (sesi_id, "
            "idpel), kini CHECK (true)",
        ),
        (
            "ALTER TABLE pengesahan.batch DROP CONSTRAINT batch_sesi_id_fkey, ADD CONSTRAINT batch_sesi_id_fkey "
            "FOREIGN KEY (sesi_id) REFERENCES pengesahan.sesi (id) NOT VALID",
            "batasan batch_sesi_id_fkey pada tabel batch bukan lagi",
        ),
        ("ALTER TABLE pengesahan.sesi ALTER putaran DROP NOT NULL", "kolom putaran pada tabel sesi bukan lagi"),
        ("ALTER TABLE pengesahan.hasil ALTER pada SET DEFAULT '2026-01-01'", "kolom pada pada tabel hasil bukan lagi"),
        ("ALTER TABLE pengesahan.gerbang ADD lain text", "kolom lain pada tabel gerbang bukan milik proyek ini"),
        (
            "DROP INDEX pengesahan.sesi_satu_terbuka; CREATE UNIQUE INDEX sesi_satu_terbuka ON pengesahan.sesi (id)",
            "indeks sesi_satu_terbuka bukan lagi yang dipasang proyek ini",
        ),
        (
            "CREATE INDEX lain ON pengesahan.sesi (pg_catalog.upper(nomor))",
            "indeks lain bukan milik proyek ini",
        ),
        (
            "CREATE OR REPLACE VIEW pengesahan.pembatalan_hasil AS SELECT r.sesi_id, s.nomor AS no_pembatalan, "
            "s.unitup, s.thblrek, s.hari_baca, r.idpel, r.asal, r.no_pengesahan, 'BATAL'::text AS status, h.kode, "
            "h.kodeposting, h.pada FROM pengesahan.pembatalan_baris r JOIN pengesahan.sesi s ON s.id = r.sesi_id "
            "JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel",
            "tampilan pembatalan_hasil bukan lagi yang dipasang proyek ini",
        ),
        ("CREATE POLICY lain ON pengesahan.hasil USING (false)", "kebijakan lain pada tabel hasil bukan milik"),
        (
            "CREATE OPERATOR pengesahan.<> (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
            "operator <> (integer, integer) bukan milik proyek ini",
        ),
        ("UPDATE pengesahan.versi_skema SET version_num = '9999'", "skema buku berversi 9999, kode ini mengenal"),
    ],
)
def test_pagar_yang_diganti(rusak: Perusak, perintah: str, apa: str) -> None:
    """A guard of the same name that guards something else, a table that is none, a right too many: each is named."""
    rusak.conn.execute(text(perintah))
    assert any(t.apa.startswith(apa) for t in temuan(rusak.periksa(), "PAGAR")), temuan(rusak.periksa(), "PAGAR")


def test_pagar_milik_peran_lain(terisi: Terisi, tmp_path: Path) -> None:
    """What belongs to another role than the trail does can be changed by that role: it is named."""
    salinan = terisi.salin(tmp_path)
    alamat = salinan.alamat.server.replace("/postgres?", f"/{salinan.basis}?")
    with psycopg.connect(alamat, autocommit=True) as conn:
        conn.execute(
            sql.SQL("ALTER TABLE pengesahan.pemberitahuan_kursor OWNER TO {}").format(sql.Identifier(APLIKASI))
        )
        fungsi = "ALTER FUNCTION pengesahan.tambah_hitungan(bigint, text[], bigint[]) OWNER TO {}"
        conn.execute(sql.SQL(fungsi).format(sql.Identifier(APLIKASI)))
    with salinan.dirusak() as p:
        laporan = p.periksa()
    ada = " | ".join(t.apa for t in temuan(laporan, "PAGAR"))
    assert "tabel pemberitahuan_kursor bukan lagi yang dipasang proyek ini" in ada
    assert "kini tabel biasa, milik peran lain" in ada
    assert "fungsi tambah_hitungan(p_sesi bigint, p_idpel text[], p_urut bigint[]) bukan lagi" in ada
    assert any(k.startswith(f"{APLIKASI} (pemilik buku, pemilik fungsi buku") for k in laporan.kuasa)


@pytest.mark.parametrize("versi", pagar.diharapkan()["postgresql"])
def test_pagar_menurut_migrasi(versi: int) -> None:
    """What the audit compares with is what the migrations put up now, on every version; otherwise: ``make pagar``."""
    assert susun_pagar(versi) == pagar.diharapkan()


def test_indeks_pengelola_bukan_temuan(rusak: Perusak) -> None:
    """An index that only makes looks quicker guards nothing: the database's administrators may add one."""
    rusak.conn.execute(text("CREATE INDEX lain ON pengesahan.hasil (pada)"))
    assert temuan(rusak.periksa(), "PAGAR") == []


def test_yang_berkuasa_disebut(terisi: Terisi, tmp_path: Path) -> None:
    """Who can go past the guards is part of the verdict; if the application's own role can, that is a finding."""
    salinan = terisi.salin(tmp_path)
    with psycopg.connect(salinan.alamat.server, autocommit=True) as conn:
        try:
            conn.execute("CREATE ROLE uji_kuasa LOGIN")
            conn.execute("CREATE ROLE uji_kuasa_lain LOGIN IN ROLE uji_kuasa")
            conn.execute(sql.SQL("GRANT {} TO uji_kuasa").format(sql.Identifier(PEMILIK)))
            conn.execute(sql.SQL("GRANT pg_write_all_data TO {}").format(sql.Identifier(APLIKASI)))
            with salinan.dirusak() as p:
                laporan = p.periksa()
        finally:
            conn.execute(sql.SQL("REVOKE pg_write_all_data FROM {}").format(sql.Identifier(APLIKASI)))
            conn.execute("DROP ROLE uji_kuasa_lain, uji_kuasa")
    kuasa = {k.split(" (")[0]: k for k in laporan.kuasa}
    assert "pemilik buku" in kuasa[PEMILIK]
    assert kuasa["uji_kuasa"] == f"uji_kuasa (anggota {PEMILIK})"
    assert kuasa["uji_kuasa_lain"] == "uji_kuasa_lain (anggota uji_kuasa)"
    assert kuasa["postgres"] == "postgres (superuser)"
    assert [t.apa for t in temuan(laporan, "PAGAR")] == [
        f"peran {APLIKASI} diberi hak terbatas atas buku, padahal berkuasa penuh (anggota pg_write_all_data)"
    ]


def test_nama_bayangan_tidak_dipakai_pemeriksaan(terisi: Terisi, tmp_path: Path) -> None:
    """The database's owner may set a search path that puts false operators first: the audit does not look there."""
    salinan = terisi.salin(tmp_path)
    with salinan.dirusak() as p:
        p.jalankan("UPDATE pengesahan.sesi SET epoch = epoch + 1 WHERE id = @sesi", nomor=terisi.sesi["dua"])
        for perintah in (
            "CREATE SCHEMA jahat",
            "GRANT USAGE ON SCHEMA jahat TO PUBLIC",
            "CREATE FUNCTION jahat.tidak(int, int) RETURNS bool LANGUAGE sql AS 'SELECT false'",
            "CREATE OPERATOR jahat.<> (LEFTARG = int, RIGHTARG = int, FUNCTION = jahat.tidak)",
            f"ALTER DATABASE {salinan.basis} SET search_path = jahat, pg_catalog",
        ):
            p.conn.execute(text(perintah))
        p.conn.commit()
    for peran in (AUDITOR, PEMILIK):
        buku = salinan.buku(peran)
        try:
            laporan = verifikasi(buku, Lingkup(segel=salinan.segel), lambda _: None)
        finally:
            buku.tutup()
        assert [t.apa.split(":")[0] for t in temuan(laporan, "SESI")] == ["epoch sesi"]


@pytest.mark.parametrize(
    ("perintah", "aturan"),
    [
        ("UPDATE pengesahan.sesi SET rekap = jsonb_build_object('x', 1e5000) WHERE id = @sesi", "SESI"),
        ("UPDATE pengesahan.sesi SET dibuka_pada = 'infinity' WHERE id = @sesi", "SESI"),
        ("UPDATE pengesahan.sesi SET dibuka_pada = '0044-01-01 BC' WHERE id = @sesi", "SESI"),
        ("UPDATE pengesahan.persetujuan SET petugas = jsonb_build_object('x', 1e5000)", "PERSETUJUAN"),
        ("UPDATE pengesahan.jejak SET isi = to_jsonb(5) WHERE sesi_id = @sesi", "RANTAI"),
        ("UPDATE pengesahan.jejak SET pada = 'infinity' WHERE sesi_id = @sesi", "RANTAI"),
        ("DELETE FROM pengesahan.jejak_kepala WHERE :nomor <> ''", "RANTAI"),
        ("DELETE FROM pengesahan.identitas WHERE :nomor <> ''", "SEGEL"),
    ],
)
def test_isi_yang_tidak_terbaca_menjadi_temuan(terisi: Terisi, rusak: Perusak, perintah: str, aturan: str) -> None:
    """A value that cannot be read, or a head that is gone, is named; the check goes on with everything else."""
    nilai = {"nomor": terisi.sesi["ulang"]} if ":nomor" in perintah or "@sesi" in perintah else {}
    assert rusak.jalankan(perintah, **nilai)
    laporan = rusak.periksa()
    assert temuan(laporan, aturan)
    assert laporan.sesi == len(terisi.sesi)


def test_temuan_tidak_menggerakkan_layar() -> None:
    """What a forger wrote into a table cannot write lines of its own on the auditor's screen, nor wipe any."""
    t = Temuan("PS-1", "BATCH", "oleh budi\x1b[1A\x1b[2K\nUTUH.\u202e\x85 é")
    assert str(t) == "PS-1 | BATCH | oleh budi\\x1b[1A\\x1b[2K\\nUTUH.\\u202e\\x85 é"


# ----------------------------------------------------------------- the rules, where trail and tables lie alike


def test_pembatalan_pun_berpersetujuan(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 1 for either kind: calling a session a cancellation hides no batch without approval, and no posting."""
    nomor = terisi.sesi["tolak"]
    rusak.jalankan("UPDATE pengesahan.sesi SET jenis = 'PEMBATALAN' WHERE id = @sesi", nomor=nomor)
    rusak.jalankan(
        "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) "
        "SELECT gen_random_uuid(), @sesi, 1, 'x', array_agg(idpel), 'x' FROM pengesahan.bacaan WHERE sesi_id = @sesi",
        nomor=nomor,
    )
    rusak.jalankan(
        "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting) "
        "SELECT sesi_id, idpel[1], kunci, 'POSTING', 1 FROM pengesahan.batch WHERE sesi_id = @sesi",
        nomor=nomor,
    )
    laporan = rusak.periksa()
    assert any("batch tanpa persetujuan lengkap (0 dari 1" in t.apa for t in temuan(laporan, "BATCH"))
    assert any("hasil berstatus POSTING dalam sesi PEMBATALAN" in t.apa for t in temuan(laporan, "HASIL"))


DELEGASI = {"kepada": "wakil", "oleh": "spv", "dari": "2026-01-01T00:00:00", "sampai": "2026-02-01T00:00:00"}


@pytest.mark.parametrize(("sampai", "sah"), [("2999-01-01T00:00:00", True), ("2026-02-01T00:00:00", False)])
def test_delegasi_menurut_konfigurasi(terisi: Terisi, rusak: Perusak, sampai: str, *, sah: bool) -> None:
    """A delegation holds from and until when the configuration says, whatever the answer's own record claims."""
    nomor = terisi.sesi["dua"]
    unitup = nomor.split("-")[1]
    isi = json.dumps({unitup: {"delegasi": [DELEGASI | {"sampai": sampai}]}})
    rusak.jalankan(
        "UPDATE pengesahan.konfigurasi SET isi = jsonb_set(isi, '{unit}', CAST(:isi AS jsonb)), berlaku_sejak = :awal",
        isi=isi,
        awal=datetime(2026, 1, 1, tzinfo=UTC),
    )
    rusak.jalankan("UPDATE pengesahan.konfigurasi SET berlaku_sejak = now() WHERE versi > 1")
    petugas = {
        "username": "wakil",
        "unitup": unitup,
        "peran": "ADMIN_CMT",
        "konfigurasi": 1,
        "delegasi": DELEGASI | {"dari": "2026-01-01T00:00:00+07:00", "sampai": "2999-01-01T00:00:00+07:00"},
    }
    rusak.jalankan(
        "UPDATE pengesahan.persetujuan SET oleh = 'wakil', petugas = CAST(:p AS jsonb) "
        "WHERE sesi_id = @sesi AND urutan = 1",
        p=json.dumps(petugas),
        nomor=nomor,
    )
    assert any("tanpa wewenang" in t.apa for t in temuan(rusak.periksa(), "PERSETUJUAN")) is not sah


def test_delegasi_dari_konfigurasi_kemudian(terisi: Terisi, rusak: Perusak) -> None:
    """A delegation that was applied after the answer, in the order of the trail, lent nothing, whatever its clock."""
    nomor = terisi.sesi["tolak"]  # answered before the first version was applied
    unitup = nomor.split("-")[1]
    isi = json.dumps({unitup: {"delegasi": [DELEGASI | {"sampai": "2999-01-01T00:00:00"}]}})
    rusak.jalankan(
        "UPDATE pengesahan.konfigurasi SET isi = jsonb_set(isi, '{unit}', CAST(:isi AS jsonb)), berlaku_sejak = :awal",
        isi=isi,
        awal=datetime(2026, 1, 1, tzinfo=UTC),
    )
    petugas = {"username": "wakil", "unitup": unitup, "peran": "ADMIN_CMT", "konfigurasi": 1, "delegasi": DELEGASI}
    rusak.jalankan(
        "UPDATE pengesahan.persetujuan SET oleh = 'wakil', petugas = CAST(:p AS jsonb) WHERE sesi_id = @sesi",
        p=json.dumps(petugas),
        nomor=nomor,
    )
    assert any("tanpa wewenang" in t.apa for t in temuan(rusak.periksa(), "PERSETUJUAN"))


def bohong(p: Perusak, nomor: str, jenis: str, tabel: str, ubah: str, ubah_jejak: str, aturan: str) -> str:
    """Change a table and its entry alike, bind the chain anew; return what the rule itself says."""
    perintah = "UPDATE pengesahan.@tabel SET @ubah WHERE sesi_id = @sesi"
    assert p.jalankan(perintah.replace("@tabel", tabel).replace("@ubah", ubah), nomor=nomor)
    p.palsukan(nomor, jenis, ubah_jejak)
    laporan = p.periksa()
    assert temuan(laporan, "RANTAI") == []
    return "\n".join(t.apa for t in laporan.temuan if t.aturan == aturan and t.sesi == nomor)


def test_pengesah_tidak_ditanya(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 1: an approval by somebody who was not asked, though the trail was made to say the same."""
    kata = bohong(
        rusak, terisi.sesi["tolak"], "DIJAWAB", "persetujuan", "oleh = 'orang'", "pelaku = 'orang'", "PERSETUJUAN"
    )
    assert "orang menjawab gerbang ke-1 padahal tidak ditanya" in kata
    assert "orang menjawab tanpa wewenang" in kata
    assert "berbeda dari jejak" not in kata


@pytest.mark.parametrize("kolom", ["petugas_baca", "verif_pengawas_oleh", "verif_vendor_oleh", "kirim_oleh"])
def test_pengesah_bekerja_pada_baris(terisi: Terisi, rusak: Perusak, kolom: str) -> None:
    """Separation of duties: who read, verified or sent a row of the session approved it."""
    nomor = terisi.sesi["penuh"]
    rusak.jalankan(
        "UPDATE pengesahan.bacaan b SET @kolom = ' ' || upper(p.oleh) FROM pengesahan.persetujuan p "
        "WHERE p.sesi_id = b.sesi_id AND b.sesi_id = @sesi AND b.idpel LIKE '%6'".replace("@kolom", kolom),
        nomor=nomor,
    )
    [t] = temuan(rusak.periksa(), "PERSETUJUAN")
    assert t.sesi == nomor
    assert "mengesahkan bacaan yang dibaca, diverifikasi atau dikirimnya sendiri (1 pelanggan)" in t.apa


def test_pengesah_kedua_sama(terisi: Terisi, rusak: Perusak) -> None:
    """SOP 12.1, rule 1: the second approver is neither the first nor who started the run."""
    nomor = terisi.sesi["dua"]
    cari = "SELECT p.oleh FROM pengesahan.persetujuan p JOIN pengesahan.sesi s ON s.id = p.sesi_id WHERE s.nomor = :n"
    satu = rusak.conn.execute(text(f"{cari} AND p.urutan = 1"), {"n": nomor}).scalar_one()
    rusak.jalankan("UPDATE pengesahan.persetujuan SET oleh = :satu WHERE sesi_id = @sesi", satu=satu, nomor=nomor)
    rusak.jalankan("UPDATE pengesahan.sesi SET pemicu = :satu WHERE nomor = :nomor", satu=satu.upper(), nomor=nomor)
    kata = " ".join(t.apa for t in temuan(rusak.periksa(), "PERSETUJUAN"))
    assert f"pengesah kedua {satu} juga pengesah pertama" in kata
    assert f"pengesah kedua {satu} juga yang memulai run" in kata


def test_batch_tanpa_persetujuan_dan_oleh_orang_lain(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 1: every batch goes as the last approver, after everybody needed has approved."""
    nomor = terisi.sesi["dua"]
    kata = bohong(rusak, nomor, "BATCH_DIKIRIM", "batch", "oleh = 'lain'", "pelaku = 'lain'", "BATCH")
    assert "dikirim oleh lain, pengesah terakhir" in kata
    rusak.jalankan("DELETE FROM pengesahan.persetujuan WHERE sesi_id = @sesi AND urutan = 2", nomor=nomor)
    ada = " ".join(t.apa for t in temuan(rusak.periksa(), "BATCH"))
    assert "1 batch tanpa persetujuan lengkap (1 dari 2 pengesah)" in ada


def test_batch_memuat_yang_tidak_boleh(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 2: rows that were held, or sent back by the approver, stand in no batch; jam nyala 2000 is exact."""
    nomor = terisi.sesi["dua"]
    rusak.jalankan(
        "UPDATE pengesahan.saringan SET hasil = 'DITAHAN', alasan = '{JAM_NYALA}' WHERE sesi_id = @sesi AND idpel = "
        "(SELECT min(idpel) FROM pengesahan.saringan WHERE sesi_id = @sesi)",
        nomor=nomor,
    )
    rusak.jalankan(
        "UPDATE pengesahan.persetujuan SET kembalikan = ARRAY(SELECT max(idpel) FROM pengesahan.saringan WHERE "
        "sesi_id = @sesi) WHERE sesi_id = @sesi AND urutan = 1",
        nomor=nomor,
    )
    kata = " ".join(t.apa for t in temuan(rusak.periksa(), "BATCH"))
    assert "memuat 1 pelanggan yang tidak lolos saringan" in kata
    assert "memuat 1 pelanggan yang dikembalikan pengesah" in kata


@pytest.mark.parametrize(
    ("kwh", "batas", "ketahuan"), [("2600", "2000", False), ("2600.00000001", "2000", True), ("1950", "1499", True)]
)
def test_jam_nyala_diperiksa_tepat(terisi: Terisi, rusak: Perusak, kwh: str, batas: str, *, ketahuan: bool) -> None:
    """SOP 12.1, rule 4: 2000 hours pass, a hair more does not, nor what is over the unit's own limit."""
    nomor = terisi.sesi["tolak"]
    rusak.conn.execute(text("ALTER TABLE pengesahan.saringan DROP CONSTRAINT jam_nyala_2000"))
    ubah = "UPDATE pengesahan.saringan SET kwh = CAST(:kwh AS numeric) WHERE sesi_id = @sesi AND idpel LIKE '%1'"
    rusak.jalankan(ubah, kwh=kwh, nomor=nomor)
    ubah = "UPDATE pengesahan.sesi SET batas_jam_nyala = CAST(:batas AS numeric) WHERE nomor = :nomor"
    rusak.jalankan(ubah, batas=batas, nomor=nomor)
    [ulang, *ada] = [t.apa for t in temuan(rusak.periksa(), "SARINGAN")]
    assert ulang.startswith("saringan 1 pelanggan berbeda dari hitungan ulang pada kwh")  # not what its stans give
    assert bool(ada) is ketahuan
    assert all(a.startswith("1 pelanggan lolos saringan dengan jam nyala di atas batas") for a in ada)


def test_diposting_dua_kali(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 3: a row posted by two sessions of a month, and no cancellation between, is named."""
    rusak.jalankan(
        "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting, pada) "
        "SELECT s.id, h.idpel, b.kunci, 'POSTING', 1, clock_timestamp() FROM pengesahan.hasil h, pengesahan.sesi s "
        "JOIN pengesahan.batch b ON b.sesi_id = s.id "
        "WHERE h.sesi_id = @sesi AND s.nomor = :lanjut LIMIT 1",
        nomor=terisi.sesi["alih"],
        lanjut=terisi.sesi["lanjut"],
    )
    [t] = temuan(rusak.periksa(), "GANDA")
    assert t.sesi == terisi.sesi["lanjut"]
    assert t.apa.startswith(f"1 pelanggan diposting lagi sesudah sesi {terisi.sesi['alih']} tanpa pembatalan")


def test_dua_sesi_terbuka_sekaligus(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 4: two sessions of one kelompok whose lives overlap, by the order of the trail."""
    rusak.jalankan("UPDATE pengesahan.jejak SET jenis = 'LAIN' WHERE jenis = 'SESI_DIAMBIL_ALIH'")
    rusak.rangkai_ulang(1)
    [t] = temuan(rusak.periksa(), "SATU_TERBUKA")
    assert (t.sesi, t.apa) == (terisi.sesi["lanjut"], f"dibuka selagi sesi {terisi.sesi['alih']} masih terbuka")


def test_batch_ber_epoch_lama(terisi: Terisi, rusak: Perusak) -> None:
    """Invariant 4: a batch under another epoch than the one in force when it went."""
    kata = bohong(
        rusak,
        terisi.sesi["dua"],
        "BATCH_DIKIRIM",
        "batch",
        "epoch = 1",
        "isi = jsonb_set(isi, '{epoch}', '1')",
        "BATCH",
    )
    assert "ber-epoch 1" in kata
    assert "yang berlaku 2" in kata


def test_banyak_temuan_diringkas(terisi: Terisi, rusak: Perusak) -> None:
    """However much was broken, a rule tells 20 things of a session and how many more there are."""
    rusak.jalankan(
        "INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting) SELECT @sesi, n::text, "
        "'DIPOSTING', 'CUPLIKAN', 1 FROM generate_series(1, 50) n",
        nomor=terisi.sesi["tolak"],
    )
    ada = temuan(rusak.periksa(), "DILUAR_SISTEM")
    assert len(ada) == 21
    assert ada[-1].apa == "dan 30 hal lain yang serupa"

"""Fills a ledger and ACMT for the page's benchmark: many units, each with a month of 20 kelompok.

Written directly, with the ledger's triggers off: what the page reads is the same, and a million customers are there in
a minute or two. Of each unit one kelompok waits at its gate; all others but the last are approved.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import psycopg

from sandbox import acmt_demo
from sandbox.acmt_demo import UnitDemo
from tests.benchmarks.alat import kabar
from tests.benchmarks.lapangan import Lapangan

BULAN = "202606"
KODE = "ABCDEFGHIJKLMNOPQRST"
MENUNGGU, BELUM = "S", "T"
"""The kelompok that waits at its gate, and the one that has no session yet."""

SESI = """
INSERT INTO pengesahan.sesi (nomor, unitup, thblrek, hari_baca, putaran, dag_id, run_id, status, tahap, pola, pengesah,
    batas_jam_nyala, versi_aturan, versi_kode, nama_unit, zona_waktu, pemicu, sidik, rekap, keterangan, dibuka_pada,
    diakhiri_pada)
SELECT 'PS-' || u || '-' || %(bulan)s || '-' || k || '-01-' || substr(md5(u || k), 1, 8), u, %(bulan)s, k, 1,
       'pengesahan_hari_baca_' || lower(k), 'bench__' || u || k,
       CASE k WHEN %(menunggu)s THEN 'BERJALAN' ELSE 'SELESAI' END,
       CASE k WHEN %(menunggu)s THEN 'MENUNGGU_PERSETUJUAN' ELSE 'COCOK' END, 'LENGKAP', 1, 2000, '1', 'bench',
       'ULP Bench ' || u, 'Asia/Jakarta', 'spv' || u, encode(sha256((u || k)::bytea), 'hex'),
       jsonb_build_object('hasil', jsonb_build_object('pelanggan', %(baris)s, 'lolos', %(baris)s - %(baris)s / 100,
           'ditahan', %(baris)s / 100, 'kwh_lolos', '190000', 'jam_nyala_tertinggi', '153.077'),
           'alasan', '[]'::jsonb, 'dlpd', '[]'::jsonb, 'sebaran', '[]'::jsonb, 'verifikasi', '[]'::jsonb,
           'lalu', jsonb_build_object('pelanggan', %(baris)s, 'kwh', '190000', 'kwh_lalu', '200000')),
       CASE k WHEN %(menunggu)s THEN NULL ELSE 'Sukses' END, %(saat)s::timestamptz + interval '1 hour',
       CASE k WHEN %(menunggu)s THEN NULL ELSE %(saat)s::timestamptz + interval '3 hours' END
  FROM unnest(%(unit)s::text[]) u, unnest(string_to_array(%(kode)s, NULL)) k WHERE k <> %(belum)s
 ORDER BY u, k
"""
BACAAN = """
SELECT {kunci} s.u || lpad(((strpos(%(kode)s, s.k) - 1) * %(baris)s + n)::text, 7, '0'), s.u, %(bulan)s, s.k,
       'A' || lpad(n::text, 11, '0'),
       (ARRAY['SITI','BUDI','AGUS','DEWI','MADE','WAYAN','RINA','JOKO'])[1 + n %% 8] || ' '
           || upper(substr(md5(s.u || s.k || n), 1, 9)),
       'R1', 1300, 1, 6, %(saat)s::timestamptz - interval '2 days', 'baca' || n %% 7, n * 10,
       n * 10 + CASE WHEN n %% 100 = 0 THEN 2601 ELSE n %% 200 END,
       CASE WHEN n %% 100 = 0 THEN 2601 ELSE n %% 200 END, 120, 118.5,
       'https://foto.acmt.example/' || n || '.jpg', 'pengawas' || s.u, %(saat)s::timestamptz - interval '40 hours',
       'vendor' || s.u, %(saat)s::timestamptz - interval '39 hours', 'vendor' || s.u,
       %(saat)s::timestamptz - interval '38 hours'
"""
KOLOM = """idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, digit_meter, tgl_baca, petugas_baca,
    slalwbp, sahlwbp, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada"""
DI_ACMT = (
    f"INSERT INTO acmt_dasar.bacaan ({KOLOM}) {BACAAN.format(kunci='')} "  # noqa: S608 -- this file's own text
    "FROM (SELECT u, k FROM unnest(%(unit)s::text[]) u, unnest(string_to_array(%(kode)s, NULL)) k) s, "
    "generate_series(1, %(baris)s) n"
)
DI_BUKU = (
    f"INSERT INTO pengesahan.bacaan (sesi_id, {KOLOM}) {BACAAN.format(kunci='s.id,')} "  # noqa: S608 -- the same
    "FROM (SELECT id, unitup AS u, hari_baca AS k FROM pengesahan.sesi) s, generate_series(1, %(baris)s) n"
)
SARINGAN = """
INSERT INTO pengesahan.saringan (sesi_id, idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd)
SELECT sesi_id, idpel, daya, pemkwh, round(pemkwh * 1000 / daya, 3),
       CASE WHEN pemkwh = 2601 THEN 'DITAHAN' ELSE 'LOLOS' END,
       CASE WHEN pemkwh = 2601 THEN '{JAM_NYALA}' ELSE '{}' END::text[],
       CASE WHEN pemkwh = 0 THEN '{KWH_NOL}' WHEN pemkwh < 60 THEN '{TURUN_50}' ELSE '{}' END::text[]
  FROM pengesahan.bacaan
"""
HASIL = """
INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting, pada)
SELECT g.sesi_id, g.idpel, md5(g.sesi_id::text)::uuid, 'POSTING', 1, %(saat)s::timestamptz + interval '2 hours'
  FROM pengesahan.saringan g JOIN pengesahan.sesi s ON s.id = g.sesi_id
 WHERE g.hasil = 'LOLOS' AND s.status = 'SELESAI'
"""
LAIN = (
    """INSERT INTO pengesahan.gerbang (sesi_id, urutan, sidik, orang, dibuka_pada)
SELECT id, 1, sidik, ARRAY['spv' || unitup, 'spv' || unitup || 'b'], dibuka_pada FROM pengesahan.sesi""",
    """INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, dijawab_pada,
    dicatat_pada) SELECT id, 1, 'SETUJU', pemicu, '{}', sidik, '{}', dibuka_pada + interval '20 minutes',
    dibuka_pada + interval '20 minutes' FROM pengesahan.sesi WHERE status = 'SELESAI'""",
    """INSERT INTO pengesahan.hitungan (sesi_id, pada, sudah, suplai, batal, luar, kwh)
SELECT h.sesi_id, h.pada, count(*), 0, 0, 0, sum(g.kwh) FROM pengesahan.hasil h JOIN pengesahan.saringan g
    USING (sesi_id, idpel) GROUP BY 1, 2""",
    """INSERT INTO pengesahan.jejak (id, pada, sesi_id, jenis, pelaku, isi, sebelum, sidik)
SELECT row_number() OVER (ORDER BY s.id, j.n), s.dibuka_pada + j.n * interval '1 minute', s.id, j.jenis, 'sistem',
       j.isi::jsonb, '', ''
  FROM pengesahan.sesi s,
       (VALUES (1, 'SESI_DIBUKA', '{"putaran": 1}'),
               (2, 'KESIAPAN', '{"tahap": "TERKIRIM", "siap": true, "angka": {"pelanggan": 2000, "sudah": 2000}}'),
               (3, 'CUPLIKAN_DIAMBIL', '{"jumlah": 2000}'),
               (4, 'DISARING', '{"hitung": {"LOLOS": 1980, "DITAHAN": 20, "JAM_NYALA": 20}}'),
               (5, 'POSTING_MULAI', '{}'), (6, 'POSTING_SELESAI', '{}')) j (n, jenis, isi)""",
)


def isi(lapangan: Lapangan, unit: int, baris: int) -> list[str]:
    """Fill ``unit`` units with 20 kelompok of ``baris`` customers each; return their codes."""
    kode_unit = [str(60001 + n) for n in range(unit)]
    nilai = {
        "unit": kode_unit,
        "kode": KODE,
        "baris": baris,
        "bulan": BULAN,
        "menunggu": MENUNGGU,
        "belum": BELUM,
        "saat": datetime.now(UTC).replace(microsecond=0),
    }
    mulai = time.perf_counter()
    with lapangan.acmt_pemilik() as conn:
        for u in kode_unit:
            satu = UnitDemo(u, f"ULP Bench {u}", "60000", "60", "Asia/Jakarta")
            acmt_demo._isi_induk(conn, satu, {BULAN}, tuple(KODE))
        conn.execute(DI_ACMT, nilai)
        conn.execute("UPDATE acmt_dasar.bacaan SET kirim_pada = NULL WHERE hari_baca = %s", [BELUM])
        conn.commit()
        conn.autocommit = True
        conn.execute("VACUUM ANALYZE acmt_dasar.bacaan")
    kabar(f"ACMT: {unit * len(KODE) * baris:,} pelanggan dalam {time.perf_counter() - mulai:.0f} s")
    with psycopg.connect(lapangan.pg.url("buku"), autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        for perintah in (SESI, DI_BUKU, SARINGAN, HASIL, *LAIN):
            conn.execute(perintah, nilai if "%(" in perintah else None)
        conn.execute("VACUUM ANALYZE")
    kabar(f"buku: terisi dalam {time.perf_counter() - mulai:.0f} s seluruhnya")
    return kode_unit

"""The bare scripts that the project is measured against: no ledger, no checks, nothing kept."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pymysql
import requests
from pymysql.cursors import SSCursor

from ap2t.domain.model import KOLOM_BACAAN
from ap2t.proses.layanan import Layanan
from tests.benchmarks.jalan import Jalan
from tests.benchmarks.lapangan import KODE, SANDI, Kelompok, Lapangan
from tests.mariadb import NOL, AcmtMariadb

SALIN_KELUAR = (
    f"COPY (SELECT 1, {', '.join(KOLOM_BACAAN)} FROM acmt.v_bacaan "  # noqa: S608 -- the contract's column names
    "WHERE unitup = %s AND thblrek = %s AND hari_baca = %s) TO STDOUT"
)
AMBIL = (
    f"SELECT 1, {', '.join(KOLOM_BACAAN)} FROM acmt.v_bacaan "  # noqa: S608
    "WHERE unitup = %s AND thblrek = %s AND hari_baca = %s"
)
SALIN_MASUK = f"COPY telanjang (sesi_id, {', '.join(KOLOM_BACAAN)}) FROM STDIN"
SARINGAN = "COPY (SELECT * FROM pengesahan.saringan WHERE sesi_id = %s ORDER BY idpel) TO STDOUT"
BERPAGAR = """
CREATE TABLE telanjang_{nama} (LIKE pengesahan.{nama} INCLUDING ALL);
CREATE TRIGGER jaga AFTER INSERT ON telanjang_{nama} REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan('beku');
"""
TABEL = "CREATE TABLE telanjang (LIKE pengesahan.bacaan INCLUDING INDEXES)"


def badan_batch(j: Jalan, ukuran: int) -> list[dict[str, Any]]:
    """Return the batches that an approved session would send, ready to go."""
    isi: list[dict[str, Any]] = []
    with Layanan() as layanan:
        s = j.sesi(layanan)
        sesudah = ""
        while True:
            with layanan.buku.transaksi() as tx:
                baris = tx.kiriman.berikut(s, sesudah, [], ukuran)
            if not baris:
                return isi
            sesudah = baris[-1].idpel
            kepala = {"unitup": s.unitup, "thblrek": s.thblrek, "hari_baca": KODE, "no_pengesahan": s.nomor}
            isi.append(kepala | {"baris": [json.loads(r.isi) for r in baris]})


def posting(alamat: str, k: Kelompok, batch: list[dict[str, Any]], serentak: int) -> float:
    """Post the batches with threads and requests; return seconds."""
    masuk = requests.post(f"{alamat}/auth/token", json={"username": k.spv, "password": SANDI}, timeout=60)
    kepala = {"Authorization": f"Bearer {masuk.json()['access_token']}"}
    lokal = threading.local()

    def kirim(isi: dict[str, Any]) -> int:
        if not hasattr(lokal, "sesi"):
            lokal.sesi = requests.Session()
        jawaban = lokal.sesi.post(
            f"{alamat}/v1/fungsi2/posting",
            data=json.dumps(isi),
            headers={**kepala, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())},
            timeout=60,
        )
        jawaban.raise_for_status()
        return sum(h["status"] == "POSTING" for h in jawaban.json()["hasil"])

    mulai = time.perf_counter()
    with ThreadPoolExecutor(serentak) as kolam:
        jumlah = sum(kolam.map(kirim, batch))
    lama = time.perf_counter() - mulai
    assert jumlah == sum(len(b["baris"]) for b in batch)
    return lama


def cocokkan(alamat: str, k: Kelompok, batch: list[dict[str, Any]]) -> float:
    """Fetch AP2T's list and compare each row sent with it; return seconds."""
    mulai = time.perf_counter()
    kirim = {b["idpel"]: b for isi in batch for b in isi["baris"]}
    masuk = requests.post(f"{alamat}/auth/token", json={"username": "pembaca", "password": SANDI}, timeout=60)
    sesi = requests.Session()
    sesi.headers["Authorization"] = f"Bearer {masuk.json()['access_token']}"
    param = {"unitup": k.unitup, "thblrek": k.thblrek, "hari_baca": KODE, "batas": "5000"}
    cocok = 0
    while True:
        isi = sesi.get(f"{alamat}/v1/fungsi2/posting", params=param, timeout=60).json()
        for b in isi["baris"]:
            kita = kirim.get(b["idpel"])
            cocok += kita is not None and b["kodeposting"] == 1 and b["sahlwbp"] == kita["sahlwbp"]
        if isi["kursor_berikut"] is None:
            break
        param["kursor"] = isi["kursor_berikut"]
    assert cocok == len(kirim)
    return time.perf_counter() - mulai


def salin(lapangan: Lapangan, k: Kelompok) -> float:
    """COPY a kelompok out of the source view and into one table with the snapshot's key; return seconds."""
    with lapangan.buku() as tujuan, psycopg.connect(lapangan.pg.url("acmt", "acmt_pemilik")) as asal:
        tujuan.execute("DROP TABLE IF EXISTS telanjang")
        tujuan.execute(TABEL)
        mulai = time.perf_counter()
        with (
            tujuan.transaction(),
            asal.cursor().copy(SALIN_KELUAR, [k.unitup, k.thblrek, KODE]) as keluar,
            tujuan.cursor().copy(SALIN_MASUK) as masuk,
        ):
            for blok in keluar:
                masuk.write(blok)
        lama = time.perf_counter() - mulai
        tujuan.execute("DROP TABLE telanjang")
    return lama


def salin_berpagar(lapangan: Lapangan, k: Kelompok, sesi: int, jam: Callable[[], float] = time.perf_counter) -> float:
    """COPY a kelompok and what a session's sieve said of it into copies of both tables, guards and all.

    No snapshot is faster: nothing is judged, selected or counted, and what the sieve said is there before it begins.
    Return the seconds by ``jam``.
    """
    with lapangan.buku() as tujuan, psycopg.connect(lapangan.pg.url("acmt", "acmt_pemilik")) as asal:
        with tujuan.cursor().copy(SARINGAN, [sesi]) as keluar:
            saringan = list(map(bytes, keluar))
        for nama in ("bacaan", "saringan"):
            tujuan.execute(BERPAGAR.format(nama=nama))
        mulai = jam()
        with tujuan.transaction():
            with (
                asal.cursor().copy(
                    SALIN_KELUAR.replace("SELECT 1", f"SELECT {sesi}"), [k.unitup, k.thblrek, KODE]
                ) as kiri,
                tujuan.cursor().copy(SALIN_MASUK.replace("telanjang", "telanjang_bacaan")) as kanan,
            ):
                for blok in kiri:
                    kanan.write(blok)
            with tujuan.cursor().copy("COPY telanjang_saringan FROM STDIN") as kanan:
                for awal in range(0, len(saringan), 1000):
                    kanan.write(b"".join(saringan[awal : awal + 1000]))
        lama = jam() - mulai
        tujuan.execute("DROP TABLE telanjang_bacaan, telanjang_saringan")
    return lama


def baca_riwayat(url: str, unitup: str, kode: str) -> float:
    """Fetch a kelompok's readings and the earlier months of its customers by the driver; return seconds."""
    with psycopg.connect(url) as conn:
        mulai = time.perf_counter()
        bacaan = conn.execute("SELECT * FROM acmt.v_bacaan WHERE unitup = %s AND hari_baca = %s", [unitup, kode])
        nomor = [baris[0] for baris in bacaan.fetchall()]
        conn.execute("SELECT * FROM acmt.v_riwayat WHERE idpel = ANY (%s)", [nomor]).fetchall()
        return time.perf_counter() - mulai


def salin_mariadb(lapangan: Lapangan, k: Kelompok, acmt: AcmtMariadb) -> float:
    """Fetch a kelompok by PyMySQL and COPY it into one table with the snapshot's key; return seconds."""
    masuk_sebagai = {"user": acmt.koneksi["login"], "password": acmt.koneksi["password"], "charset": "utf8mb4"}
    alamat = {"host": acmt.koneksi["host"], "port": acmt.koneksi["port"], "cursorclass": SSCursor}
    with lapangan.buku() as tujuan, pymysql.connect(**alamat, **masuk_sebagai) as asal, asal.cursor() as kursor:
        tujuan.execute("DROP TABLE IF EXISTS telanjang")
        tujuan.execute(TABEL)
        mulai = time.perf_counter()
        kursor.execute(AMBIL, [k.unitup, k.thblrek, KODE])
        with tujuan.transaction(), tujuan.cursor().copy(SALIN_MASUK) as masuk:
            for baris in kursor:
                masuk.write_row([None if nilai == NOL else nilai for nilai in baris])
        lama = time.perf_counter() - mulai
        tujuan.execute("DROP TABLE telanjang")
    return lama

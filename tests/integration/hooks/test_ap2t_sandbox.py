"""The AP2T contract, as the sandbox answers it over real HTTP; every answer is held against the OpenAPI schema."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import requests
import yaml

from sandbox.ap2t_toko import KOSONGKAN, POSTINGKAN, Batch, Kelompok, Toko, TokoMenolak
from tests.integration.conftest import (
    AKAR,
    BULAN,
    KENDALI,
    KODE,
    SANDI,
    UNIT,
    Sandbox,
    idpel,
    isi_batal,
    isi_posting,
    kunci_baru,
)

KONTRAK: dict[str, Any] = yaml.safe_load((AKAR / "docs/kontrak/ap2t.openapi.yaml").read_text())
POSTING, PEMBATALAN = "/v1/fungsi2/posting", "/v1/fungsi2/pembatalan"
BATCH, TUTUP = "/v1/fungsi2/batch/{kunci}", "/v1/fungsi2/batch/{kunci}/tutup"
KELOMPOK = "/v1/fungsi2/kelompok/{unitup}/{thblrek}/{hari_baca}"


def skema(metode: str, templat: str, status: int) -> dict[str, Any]:
    """Return the schema the contract gives this answer; a status it does not list must still be a problem."""
    jawaban = KONTRAK["paths"][templat][metode]["responses"].get(str(status), {})
    if "$ref" in jawaban or (status >= 400 and "content" not in jawaban):
        jawaban = KONTRAK["components"]["responses"]["Masalah"]
    isi: dict[str, Any] = next(iter(jawaban["content"].values()))["schema"]
    return {**isi, "components": KONTRAK["components"]}


class Pemanggil:
    """A logged-in user who speaks plain HTTP; every answer is checked against the contract."""

    def __init__(self, url: str, username: str = "budi") -> None:
        self.url, self.sesi = url, requests.Session()
        masuk = self.minta("post", "/auth/token", json={"username": username, "password": SANDI})
        self.sesi.headers["Authorization"] = f"Bearer {masuk.json()['access_token']}"

    def minta(self, metode: str, templat: str, bagian: dict[str, str] | None = None, **lain: Any) -> requests.Response:
        """Ask, and hold the answer against the schema."""
        r = self.sesi.request(metode, self.url + templat.format(**bagian or {}), timeout=10, **lain)
        jsonschema.Draft202012Validator(
            skema(metode, templat, r.status_code), format_checker=jsonschema.FormatChecker()
        ).validate(r.json())
        if r.status_code >= 400:
            assert r.headers["Content-Type"] == "application/problem+json"
        return r

    def kirim(self, isi: dict[str, Any], kunci: str | None = None) -> requests.Response:
        """Send a posting or a pembatalan."""
        templat = PEMBATALAN if "no_pembatalan" in isi else POSTING
        return self.minta("post", templat, json=isi, headers={"Idempotency-Key": kunci or kunci_baru()})


@pytest.fixture
def budi(sandbox: Sandbox) -> Pemanggil:
    return Pemanggil(sandbox.url)


def per_idpel(r: requests.Response) -> dict[str, tuple[str, int | None, str | None]]:
    assert r.status_code == 200, r.text
    return {h["idpel"]: (h["status"], h["kodeposting"], h["kode"]) for h in r.json()["hasil"]}


def test_sehat_without_login(sandbox: Sandbox) -> None:
    """/sehat needs no token; everything else does."""
    assert requests.get(sandbox.url + "/sehat", timeout=5).status_code == 200
    for metode, jalan in [("post", POSTING), ("get", POSTING), ("post", PEMBATALAN), ("get", "/v1/fungsi2/batch/x")]:
        r = requests.request(metode, sandbox.url + jalan, timeout=5)
        assert (r.status_code, r.json()["kode"]) == (401, "TOKEN_TIDAK_SAH")


def test_posting_statuses(sandbox: Sandbox, budi: Pemanggil) -> None:
    """POSTING, SUDAH_POSTING, and every kode of DITOLAK, in one batch; a refused row undoes no other."""
    budi.kirim(isi_posting(1, 2))
    sandbox.di_kelompok("suplai_stan", idpel=[idpel(3)])
    sandbox.di_kelompok("tolak", idpel=[idpel(4)], kode="DATA_TIDAK_VALID")
    isi = isi_posting(1, 2, 3, 4, 5, 6, 99)
    isi["baris"][1]["sahlwbp"] = "1101"
    isi["baris"][4] |= {"pemkwh": "2600.000001", "jam_nyala": "2000"}
    assert per_idpel(budi.kirim(isi)) == {
        idpel(1): ("SUDAH_POSTING", 1, None),
        idpel(2): ("DITOLAK", 1, "STAN_BERBEDA"),
        idpel(3): ("DITOLAK", 3, "SUDAH_SUPLAI_STAN"),
        idpel(4): ("DITOLAK", 0, "DATA_TIDAK_VALID"),
        idpel(5): ("DITOLAK", 0, "JAM_NYALA"),
        idpel(6): ("POSTING", 1, None),
        idpel(99): ("DITOLAK", None, "IDPEL_TIDAK_DIKENAL"),
    }
    assert [n for n in range(1, 7) if sandbox.kodeposting()[idpel(n)] == 1] == [1, 2, 6]
    assert [p["kode"] for p in sandbox.log("pelanggaran")] == ["JAM_NYALA"]


def test_jam_nyala_boundary(budi: Pemanggil) -> None:
    """SOP 12.1, rule 4: 2000 hours itself passes, by value; stating more than 2000 is refused as well."""
    assert per_idpel(budi.kirim(isi_posting(1, pemkwh="2600", jam_nyala="2000")))[idpel(1)][0] == "POSTING"
    assert per_idpel(budi.kirim(isi_posting(2, jam_nyala="2000.001")))[idpel(2)] == ("DITOLAK", 0, "JAM_NYALA")


def test_numbers_compared_as_numbers(sandbox: Sandbox, budi: Pemanggil) -> None:
    """1100.5 equals 1100.500, so no STAN_BERBEDA; but the form with trailing zeros is logged as a breach."""
    budi.kirim(isi_posting(1))
    ulang = budi.kirim(isi_posting(1, sahlwbp="1100.500", pemkwh="100.50"))
    assert per_idpel(ulang)[idpel(1)] == ("SUDAH_POSTING", 1, None)
    assert [p["kode"] for p in sandbox.log("pelanggaran")] == ["ANGKA_TIDAK_KANONIK"]


def test_pembatalan_statuses(sandbox: Sandbox, budi: Pemanggil) -> None:
    """BATAL, BELUM_POSTING, and every kode of a refused cancellation."""
    budi.kirim(isi_posting(1, 2, 3))
    sandbox.di_kelompok("suplai_stan", idpel=[idpel(3)])
    isi = isi_batal(1, 2, 3, 4, 99)
    isi["baris"][1]["no_pengesahan"] = "S-lain"
    assert per_idpel(budi.kirim(isi)) == {
        idpel(1): ("BATAL", 0, None),
        idpel(2): ("DITOLAK", 1, "BEDA_PENGESAHAN"),
        idpel(3): ("DITOLAK", 3, "SUDAH_SUPLAI_STAN"),
        idpel(4): ("BELUM_POSTING", 0, None),
        idpel(99): ("DITOLAK", None, "IDPEL_TIDAK_DIKENAL"),
    }
    assert per_idpel(budi.kirim(isi_posting(1, sahlwbp="1200")))[idpel(1)] == ("POSTING", 1, None)


def test_idempotency_key(sandbox: Sandbox, budi: Pemanggil) -> None:
    """Same key and body: the stored answer, no second effect, even after the period closed; another body: 409."""
    kunci = kunci_baru()
    pertama = budi.kirim(isi_posting(1, 2), kunci)
    sandbox.di_kelompok("batal_lain", idpel=[idpel(1)])
    sandbox.di_kelompok("periode", terbuka=False)
    assert budi.kirim(isi_posting(1, 2), kunci).json() == pertama.json()
    lain = budi.kirim(isi_posting(1, 3), kunci)
    assert (lain.status_code, lain.json()["kode"]) == (409, "KUNCI_DIPAKAI")
    assert budi.kirim(isi_batal(1, 2), kunci).json()["kode"] == "KUNCI_DIPAKAI"
    assert len(sandbox.log("jejak", kunci=kunci)) == 2
    assert sandbox.kodeposting()[idpel(1)] == 0
    assert [k["hasil"] for k in sandbox.log("kiriman", kunci=kunci)] == [
        "DITERAPKAN", "ULANG", "KUNCI_DIPAKAI", "KUNCI_DIPAKAI",
    ]  # fmt: skip


def test_batch_and_tutup(budi: Pemanggil) -> None:
    """Settling: an applied key gives its answer, an unknown one is void for ever and then refused."""
    dipakai, belum = kunci_baru(), kunci_baru()
    jawaban = budi.kirim(isi_posting(1), dipakai).json()
    assert budi.minta("get", BATCH, {"kunci": dipakai}).json() == jawaban
    assert budi.minta("post", TUTUP, {"kunci": dipakai}).json() == {"diterapkan": True, "jawaban": jawaban}
    assert budi.minta("get", BATCH, {"kunci": belum}).status_code == 404
    for _ in range(2):
        assert budi.minta("post", TUTUP, {"kunci": belum}).json() == {"diterapkan": False, "jawaban": None}
    r = budi.kirim(isi_posting(2), belum)
    assert (r.status_code, r.json()["kode"]) == (409, "KUNCI_DITUTUP")
    assert budi.minta("get", BATCH, {"kunci": belum}).status_code == 404


def test_closed_period(sandbox: Sandbox, budi: Pemanggil) -> None:
    """FUNGSI2_TERTUTUP: a closed period takes neither posting nor pembatalan, and says so when asked."""
    bagian = {"unitup": UNIT, "thblrek": BULAN, "hari_baca": KODE}
    budi.kirim(isi_posting(1))
    for hari_baca in (KODE, "*"):
        sandbox.kendali("periode", unitup=UNIT, thblrek=BULAN, hari_baca=hari_baca, terbuka=False)
        assert budi.minta("get", KELOMPOK, bagian).json()["terbuka"] is False
        for isi in (isi_posting(2), isi_batal(1)):
            r = budi.kirim(isi)
            assert (r.status_code, r.json()["kode"]) == (409, "FUNGSI2_TERTUTUP")
        sandbox.kendali("periode", unitup=UNIT, thblrek=BULAN, hari_baca=hari_baca, terbuka=True)
    jumlah = {"posting_0": 19, "posting_1": 1, "posting_3": 0}
    assert budi.minta("get", KELOMPOK, bagian).json() == {**bagian, "terbuka": True, "jumlah": jumlah}
    assert budi.minta("get", KELOMPOK, bagian | {"hari_baca": "Z"}).status_code == 404


def test_who_may(sandbox: Sandbox, budi: Pemanggil) -> None:
    """Role BACA reads any unit but writes nothing; ADMIN_CMT reads and writes in the listed units only."""
    pembaca = Pemanggil(sandbox.url, "pembaca")
    param = {"unitup": UNIT, "thblrek": BULAN, "hari_baca": KODE}
    assert len(pembaca.minta("get", POSTING, params=param).json()["baris"]) == 20
    for r in (
        pembaca.kirim(isi_posting(1)),
        pembaca.minta("post", TUTUP, {"kunci": kunci_baru()}),
        budi.kirim(isi_posting(1) | {"unitup": "52200"}),
        budi.minta("get", POSTING, params=param | {"unitup": "52200"}),
    ):
        assert (r.status_code, r.json()["kode"]) == (403, "WEWENANG_KURANG")
    assert set(sandbox.kodeposting().values()) == {0}


RUSAK: list[tuple[str, Any]] = [
    ("unitup", "5210"), ("thblrek", "202613"), ("hari_baca", "a"), ("no_pengesahan", "x" * 65), ("baris", []),
    ("nama", "Siti"), ("thblrek", "202606\n"),
]  # fmt: skip
BARIS_RUSAK: list[tuple[str, Any]] = [
    ("idpel", "12345"), ("sahlwbp", "1,5"), ("sahlwbp", "-1"), ("pemkwh", "1.1234567"), ("pemkwh", 100),
    ("slalwbp", None),
    ("tgl_baca", "2026-02-30"), ("tgl_baca", "2026-5-1"), ("sahwbp", "1e3"), ("alamat", "Jl. Mawar"),
]  # fmt: skip


@pytest.mark.parametrize(("nama", "nilai"), RUSAK)
def test_bad_body_is_refused(sandbox: Sandbox, budi: Pemanggil, nama: str, nilai: Any) -> None:
    """400 for a body outside the contract; nothing changes, and the breach is on record."""
    assert budi.kirim(isi_posting(1) | {nama: nilai}).status_code == 400
    assert set(sandbox.kodeposting().values()) == {0}
    assert [p["kode"] for p in sandbox.log("pelanggaran")] == ["DATA_TIDAK_VALID"]


@pytest.mark.parametrize(("nama", "nilai"), BARIS_RUSAK)
def test_bad_row_is_refused(sandbox: Sandbox, budi: Pemanggil, nama: str, nilai: Any) -> None:
    """400 for one bad value in one row: the whole request is outside the contract."""
    r = budi.kirim(isi_posting(1, 2, **{nama: nilai}))
    assert (r.status_code, r.json()["kode"]) == (400, "DATA_TIDAK_VALID")
    assert set(sandbox.kodeposting().values()) == {0}


@pytest.mark.parametrize("aksi", ["latensi", None])
def test_caller_dies_while_sending(sandbox: Sandbox, budi: Pemanggil, aksi: str | None) -> None:
    """Half a body and then nobody: nothing changes, and nobody has breached the contract."""
    if aksi:
        sandbox.ganggu(aksi, "posting", detik=0)
    alamat, token = urlsplit(sandbox.url), str(budi.sesi.headers["Authorization"])
    kepala = f"POST {POSTING} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 4000\r\n"
    with socket.create_connection((alamat.hostname, alamat.port), timeout=10) as soket:
        soket.sendall(f"{kepala}Content-Type: application/json\r\n\r\n{{".encode())
        time.sleep(0.2)  # so that the sandbox is at its body
    assert budi.kirim(isi_posting(1)).status_code == 200  # by then the sandbox has done with the other
    assert [i for i, k in sandbox.kodeposting().items() if k] == [idpel(1)]
    assert sandbox.log("pelanggaran") == []


def test_other_faults_of_a_request(sandbox: Sandbox, budi: Pemanggil) -> None:
    """Double idpel 400, no key 400, short alasan 400, more than 1000 rows 413, bad query 400, all as problem+json."""
    assert budi.kirim(isi_posting(1, 1)).status_code == 400
    assert budi.minta("post", POSTING, json=isi_posting(1)).json()["kode"] == "KUNCI_TIDAK_SAH"
    assert budi.kirim(isi_posting(1), "bukan-uuid").json()["kode"] == "KUNCI_TIDAK_SAH"
    assert budi.kirim(isi_batal(1) | {"alasan": "pendek"}).status_code == 400
    banyak = isi_posting(1)
    banyak["baris"] = [banyak["baris"][0] | {"idpel": f"{n:012d}"} for n in range(1001)]
    assert budi.kirim(banyak).status_code == 413
    banyak["baris"].pop()
    assert budi.kirim(banyak).status_code == 200
    param = {"unitup": UNIT, "thblrek": BULAN, "hari_baca": KODE}
    for buruk in ({"batas": "0"}, {"batas": "5001"}, {"kursor": "x"}, {"unitup": "abc"}):
        assert budi.minta("get", POSTING, params=param | buruk).status_code == 400
    assert len(sandbox.log("pelanggaran")) == 9


def test_paging(budi: Pemanggil) -> None:
    """Pages are ordered by idpel, complete, without overlap; the last cursor is null."""
    budi.kirim(isi_posting(1, sahwbp="7"))
    param = {"unitup": UNIT, "thblrek": BULAN, "hari_baca": KODE, "batas": "10"}
    satu = budi.minta("get", POSTING, params=param).json()
    dua = budi.minta("get", POSTING, params=param | {"kursor": satu["kursor_berikut"]}).json()
    assert [b["idpel"] for b in satu["baris"] + dua["baris"]] == [idpel(n) for n in range(1, 21)]
    assert dua["kursor_berikut"] is None
    b = satu["baris"][0]
    assert (b["kodeposting"], b["sahlwbp"], b["sahwbp"], b["sahkvarh"], b["pemkwh"]) == (
        1,
        "1100.5",
        "7",
        None,
        "100.5",
    )
    assert (b["no_pengesahan"], b["oleh"]) == ("S-1", "budi")


def test_others_act_in_ap2t(sandbox: Sandbox, budi: Pemanggil) -> None:
    """Rows that others post or cancel are AP2T's state too, and the audit log tells them from ours."""
    sandbox.di_kelompok("posting_lain", baris=[{"idpel": idpel(1), "sahlwbp": "5"}], oleh="loket", no_pengesahan="L-9")
    budi.kirim(isi_posting(2))
    assert sandbox.di_kelompok("batal_lain", idpel=[idpel(2), idpel(3)])["jumlah"] == 1
    assert [(j["idpel"], j["sumber"], j["dari"], j["ke"]) for j in sandbox.log("jejak")] == [
        (idpel(1), "LAIN", 0, 1), (idpel(2), "AP2T", 0, 1), (idpel(2), "LAIN", 1, 0),
    ]  # fmt: skip


def test_token_expires(sandbox: Sandbox) -> None:
    """A token lives as long as it says, then 401."""
    sandbox.kendali("token", umur=0)
    assert Pemanggil(sandbox.url).kirim(isi_posting(1)).status_code == 401


def test_control_is_guarded(sandbox: Sandbox) -> None:
    """The control endpoints want their token; the contract's paths know nothing of it."""
    for kepala in ({}, {"X-Kendali-Token": KENDALI + "x"}):
        r = requests.post(f"{sandbox.url}/_sandbox/reset", json={"data": True}, headers=kepala, timeout=5)
        assert r.status_code == 401
    assert len(sandbox.kodeposting()) == 20


def test_concurrent_same_key_applies_once(sandbox: Sandbox) -> None:
    """Many senders of one key and body: one effect, one answer for all."""
    kunci, jawaban = kunci_baru(), []

    def kirim() -> None:
        jawaban.append(Pemanggil(sandbox.url).kirim(isi_posting(*range(1, 21)), kunci).json())

    utas = [threading.Thread(target=kirim) for _ in range(6)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert len(jawaban) == 6
    assert all(j == jawaban[0] for j in jawaban)
    ringkasan = sandbox.lihat("ringkasan")
    assert (ringkasan["per_kunci"], ringkasan["posting_berulang"]) == ({kunci: 20}, [])


def _batch(kunci: str, nomor: range) -> Batch:
    kelompok = Kelompok(UNIT, BULAN, KODE)
    baris = [{"idpel": f"{n:012d}", "sahlwbp": "1", "pemkwh": "1", "jam_nyala": "1"} for n in nomor]
    return Batch(kunci, "budi", kelompok, "S-1", "sidik", baris)


def test_store_survives_and_settles(tmp_path: Path) -> None:
    """Durable: what a reopened store says of applied, void and closed is what the first one said."""
    toko = Toko(tmp_path / "t.db")
    toko.muat_pelanggan((f"{n:012d}", UNIT, BULAN, KODE, Decimal("1300")) for n in range(10))
    jawaban = toko.posting(_batch("k1", range(5)))
    assert toko.tutup_kunci("k2", "budi") is None
    toko.tutup()
    lagi = Toko(tmp_path / "t.db")
    assert lagi.posting(_batch("k1", range(5))) == jawaban
    with pytest.raises(TokoMenolak, match="KUNCI_DITUTUP"):
        lagi.posting(_batch("k2", range(5, 10)))
    assert lagi.keadaan(Kelompok(UNIT, BULAN, KODE)) == (True, {0: 5, 1: 5})
    lagi.tutup()


def test_failed_batch_leaves_nothing(tmp_path: Path) -> None:
    """One transaction a batch: an error half-way leaves no row, no audit line and no key."""
    toko = Toko(tmp_path / "t.db")
    toko.muat_pelanggan((f"{n:012d}", UNIT, BULAN, KODE, 1300) for n in range(3))
    with sqlite3.connect(tmp_path / "t.db") as db:
        db.execute("CREATE TRIGGER rusak BEFORE INSERT ON kunci BEGIN SELECT RAISE(ABORT, 'penuh'); END")
    with pytest.raises(sqlite3.IntegrityError, match="penuh"):
        toko.posting(_batch("k1", range(3)))
    assert toko.keadaan(Kelompok(UNIT, BULAN, KODE)) == (True, {0: 3})
    assert (toko.log("jejak", {}), toko.log("kiriman", {}), toko.jawaban("k1")) == ([], [], None)
    toko.tutup()


@pytest.mark.parametrize("perintah", [POSTINGKAN, KOSONGKAN])
def test_a_row_is_found_by_its_key(tmp_path: Path, perintah: str) -> None:
    """However many customers there are: no statement of a batch looks at all of them."""
    Toko(tmp_path / "t.db").tutup()
    with sqlite3.connect(tmp_path / "t.db") as db:
        nilai = [None] * perintah.count("?")
        (rencana,) = (r[3] for r in db.execute(f"EXPLAIN QUERY PLAN {perintah}", nilai))
    assert rencana.startswith("SEARCH pelanggan USING PRIMARY KEY"), rencana

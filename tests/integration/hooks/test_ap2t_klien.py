"""The client of AP2T against the real sandbox, with everything that can go wrong on the way switched on."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from msgspec.structs import asdict

from ap2t import jam
from ap2t.galat import (
    Ap2tMasukGagal,
    Ap2tMelanggarKontrak,
    Ap2tMenolak,
    Ap2tTidakPasti,
    Ap2tTidakTerjangkau,
    GalatAp2t,
)
from ap2t.hooks.ap2t import Badan, KlienAp2t, _periksa_halaman
from ap2t.hooks.kontrak import Halaman, HasilBatch, Jenis, periksa_batch, urai
from tests.integration.conftest import (
    BULAN,
    KODE,
    SANDI,
    UNIT,
    Sandbox,
    idpel,
    isi_batal,
    isi_posting,
    kunci_baru,
)


@contextlib.contextmanager
def klien_untuk(url: str, username: str = "budi", sandi: str = SANDI, **lain: Any) -> Iterator[KlienAp2t]:
    klien = KlienAp2t(url, username, sandi, **{"timeout": (1, 5), "penundaan_maks": 2.0, **lain})
    try:
        yield klien
    finally:
        klien.tutup_koneksi()


@pytest.fixture
def klien(sandbox: Sandbox) -> Iterator[KlienAp2t]:
    with klien_untuk(sandbox.url) as k:
        yield k


def status(hasil: HasilBatch | None) -> dict[str, str]:
    assert hasil is not None
    return {h.idpel: h.status for h in hasil.hasil}


def test_whole_way(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """Log in, post, list, cancel, ask, settle: the contract end to end, with nothing sent that breaks it."""
    hak = klien.masuk()
    assert (hak.unitup, hak.peran, hak.berlaku_detik) == ((UNIT,), frozenset({"ADMIN_CMT"}), 3600)
    kunci = kunci_baru()
    hasil = klien.kirim_posting(kunci, Badan.dari(isi_posting(1, 2, 99)))
    assert status(hasil) == {idpel(1): "POSTING", idpel(2): "POSTING", idpel(99): "DITOLAK"}
    kelompok = klien.kelompok(UNIT, BULAN, KODE)
    assert (kelompok.terbuka, asdict(kelompok.jumlah)) == (True, {"posting_0": 18, "posting_1": 2, "posting_3": 0})
    baris = list(klien.daftar(UNIT, BULAN, KODE, batas=7))
    assert [b.idpel for b in baris] == [idpel(n) for n in range(1, 21)]
    assert (baris[0].kodeposting, baris[0].sahlwbp, baris[0].oleh) == (1, "1100.5", "budi")
    assert status(klien.kirim_pembatalan(kunci_baru(), Badan.dari(isi_batal(1, 3)))) == {
        idpel(1): "BATAL",
        idpel(3): "BELUM_POSTING",
    }
    kiriman = [idpel(1), idpel(2), idpel(99)]
    assert klien.tanya_batch(kunci, idpel=kiriman, jenis=Jenis.POSTING) == hasil
    assert klien.tutup_kunci(kunci, idpel=kiriman) == hasil
    assert sandbox.log("pelanggaran") == []


def test_answer_lost_after_applied(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """Invariant 3: an answer that never came is uncertain, never sent again by itself; asking shows it was applied."""
    klien.masuk()
    sandbox.ganggu("hilang_sesudah", "posting")
    kunci = kunci_baru()
    with pytest.raises(Ap2tTidakPasti):
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1, 2)))
    assert len(sandbox.log("kiriman", kunci=kunci)) == 1
    assert status(klien.tanya_batch(kunci, idpel=[idpel(1), idpel(2)])) == {idpel(1): "POSTING", idpel(2): "POSTING"}
    assert klien.tutup_kunci(kunci) is not None


def test_request_lost_before_applied(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """A request lost on the way: unknown, then void by tutup, and whatever comes later is refused."""
    sandbox.ganggu("hilang_sebelum", "posting")
    kunci = kunci_baru()
    with pytest.raises(Ap2tTidakPasti):
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))
    assert klien.tanya_batch(kunci) is None
    assert klien.tutup_kunci(kunci) is None
    with pytest.raises(Ap2tMenolak) as galat:
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))
    assert (galat.value.kode, galat.value.status) == ("KUNCI_DITUTUP", 409)
    assert set(sandbox.kodeposting().values()) == {0}


def test_tutup_overtakes_a_held_request(sandbox: Sandbox) -> None:
    """A request still on its way when its key is settled can no longer take effect, though its sender gave up on it."""
    sandbox.ganggu("tahan", "posting", detik=0.6)
    kunci = kunci_baru()
    with klien_untuk(sandbox.url, timeout=(1, 0.2)) as klien:
        with pytest.raises(Ap2tTidakPasti):
            klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))
        assert klien.tutup_kunci(kunci) is None
    batas = time.monotonic() + 5
    while not sandbox.log("kiriman", kunci=kunci) and time.monotonic() < batas:
        time.sleep(0.05)
    assert [k["hasil"] for k in sandbox.log("kiriman", kunci=kunci)] == ["KUNCI_DITUTUP"]
    assert sandbox.log("jejak") == []


def test_429_on_a_write_goes_to_the_caller(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """429: not applied, the caller decides when, Retry-After is passed on, and the same key may go again."""
    sandbox.ganggu("galat", "posting", status=429, tunggu=7)
    kunci = kunci_baru()
    with pytest.raises(Ap2tTidakTerjangkau) as galat:
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))
    assert (galat.value.tunggu, galat.value.status, galat.value.kode) == (7.0, 429, "TERLALU_SERING")
    assert status(klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))) == {idpel(1): "POSTING"}


@pytest.mark.parametrize("kode_status", [500, 502, 503])
@pytest.mark.parametrize("aksi", ["galat", "galat_sesudah"])
def test_5xx_on_a_write_is_uncertain(sandbox: Sandbox, klien: KlienAp2t, aksi: str, kode_status: int) -> None:
    """A 5xx may come before or after the batch was applied: always uncertain, never repeated by the client."""
    sandbox.ganggu(aksi, "posting", status=kode_status, tunggu=3)
    kunci = kunci_baru()
    with pytest.raises(Ap2tTidakPasti) as galat:
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))
    assert (galat.value.status, galat.value.tunggu) == (kode_status, 3.0)
    assert len(sandbox.log("kiriman")) == (1 if aksi == "galat_sesudah" else 0)
    assert (klien.tutup_kunci(kunci) is not None) is (aksi == "galat_sesudah")


def test_reads_try_again(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads, asking, settling and login go on by themselves, and wait as long as Retry-After says."""
    lama: list[float] = []
    monkeypatch.setattr(jam, "tidur", lama.append)
    with klien_untuk(sandbox.url, penundaan_maks=120.0) as klien:
        sandbox.ganggu("galat", "token", status=503)
        sandbox.ganggu("galat", "kelompok", status=429, tunggu=17)
        sandbox.ganggu("hilang_sebelum", "kelompok")
        assert klien.kelompok(UNIT, BULAN, KODE).jumlah.posting_0 == 20
        assert len(lama) == 3
        assert 17 <= max(lama) < 28
        sandbox.ganggu("galat", "batch", "tutup", "daftar", status=500, sisa=3)
        assert klien.tanya_batch(kunci_baru()) is None
        assert klien.tutup_kunci(kunci_baru()) is None
        assert len(list(klien.daftar(UNIT, BULAN, KODE))) == 20
        assert len(lama) == 6


def test_reads_give_up_in_time(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole waiting has a limit, and a Retry-After beyond it is not begun."""
    lama: list[float] = []
    monkeypatch.setattr(jam, "tidur", lama.append)
    with klien_untuk(sandbox.url, penundaan_maks=30.0) as klien:
        klien.masuk()
        sandbox.ganggu("galat", "kelompok", status=503, sisa=None)
        with pytest.raises(Ap2tTidakPasti) as galat:
            klien.kelompok(UNIT, BULAN, KODE)
        assert galat.value.status == 503
        assert 15 < sum(lama) <= 30
        sandbox.kendali("reset")
        sandbox.ganggu("galat", "kelompok", status=429, tunggu=59, sisa=None)
        sebelum = len(lama)
        with pytest.raises(Ap2tTidakTerjangkau):
            klien.kelompok(UNIT, BULAN, KODE)
        assert len(lama) == sebelum


def test_token_expires_mid_run(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """401 means not applied: one new login, the very same request again, exactly one effect."""
    for n in (1, 2):
        kunci = kunci_baru()
        assert status(klien.kirim_posting(kunci, Badan.dari(isi_posting(n)))) == {idpel(n): "POSTING"}
        assert [k["hasil"] for k in sandbox.log("kiriman", kunci=kunci)] == ["DITERAPKAN"]
        assert sandbox.kendali("token", hanguskan=True)["dihanguskan"] == 1
    assert klien.kelompok(UNIT, BULAN, KODE).jumlah.posting_1 == 2


def test_many_threads_one_login(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """When the token expires under many threads, one logs in for all; every batch takes effect once."""
    klien.masuk()
    sandbox.kendali("token", hanguskan=True)
    sandbox.ganggu("latensi", "posting", "token", sisa=None, detik=0.05)
    galat: list[BaseException] = []

    def kirim(n: int) -> None:
        try:
            klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(n)))
        except BaseException as g:
            galat.append(g)

    utas = [threading.Thread(target=kirim, args=(n,)) for n in range(1, 13)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert galat == []
    assert sandbox.kendali("token", hanguskan=True)["dihanguskan"] == 1
    assert sorted(j["idpel"] for j in sandbox.log("jejak")) == [idpel(n) for n in range(1, 13)]


def test_second_401_fails(sandbox: Sandbox) -> None:
    """A fresh token that is refused as well: the user cannot work, no further login is tried."""
    sandbox.kendali("token", umur=0)
    with klien_untuk(sandbox.url) as klien, pytest.raises(Ap2tMasukGagal):
        klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1)))
    assert sandbox.kendali("token", umur=3600, hanguskan=True)["dihanguskan"] == 2


def test_wrong_password_is_tried_once(sandbox: Sandbox) -> None:
    """A refused password is not tried again by this client: that would lock the person's AP2T user."""
    with klien_untuk(sandbox.url, sandi="salah-Sekali") as klien:
        with pytest.raises(Ap2tMasukGagal):
            klien.kelompok(UNIT, BULAN, KODE)
        sandbox.ganggu("galat", "token", status=500)
        with pytest.raises(Ap2tMasukGagal):
            klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1)))
        assert len(sandbox.lihat("gangguan")) == 1  # the second call never reached AP2T


def test_refused_as_a_whole(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """403, 404, 409 and 400 are refusals with a kode; nothing changed."""
    with klien_untuk(sandbox.url, "pembaca") as pembaca:
        harap(403, "WEWENANG_KURANG", lambda: pembaca.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1))))
        assert pembaca.kelompok(UNIT, BULAN, KODE).jumlah.posting_0 == 20
    harap(404, "KELOMPOK_TIDAK_DIKENAL", lambda: klien.kelompok(UNIT, BULAN, "Z"))
    harap(400, "DATA_TIDAK_VALID", lambda: klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1, pemkwh="x"))))
    sandbox.di_kelompok("periode", terbuka=False)
    harap(409, "FUNGSI2_TERTUTUP", lambda: klien.kirim_pembatalan(kunci_baru(), Badan.dari(isi_batal(1))))
    assert set(sandbox.kodeposting().values()) == {0}


def harap(kode_status: int, kode: str, kerja: Callable[[], object]) -> None:
    with pytest.raises(Ap2tMenolak) as galat:
        kerja()
    assert (galat.value.status, galat.value.kode) == (kode_status, kode)


RUSAK = [
    "bukan_json", "baris_kurang", "baris_lebih", "baris_ganda", "kunci_salah", "status_asing", "kodeposting_salah",
]  # fmt: skip


@pytest.mark.parametrize("cara", RUSAK)
def test_broken_answer_is_not_believed(sandbox: Sandbox, klien: KlienAp2t, cara: str) -> None:
    """An answer outside the contract is uncertain, be it to the write, to asking or to settling."""
    kunci, kiriman = kunci_baru(), [idpel(1), idpel(2)]
    sandbox.ganggu("rusak", "posting", "batch", "tutup", sisa=3, cara=cara)
    with pytest.raises(Ap2tTidakPasti) as galat:
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1, 2)))
    assert isinstance(galat.value, Ap2tMelanggarKontrak)
    with pytest.raises(Ap2tMelanggarKontrak):
        klien.tanya_batch(kunci, idpel=kiriman)
    with pytest.raises(Ap2tMelanggarKontrak):
        klien.tutup_kunci(kunci, idpel=kiriman)
    assert status(klien.tutup_kunci(kunci, idpel=kiriman)) == {idpel(1): "POSTING", idpel(2): "POSTING"}
    assert sandbox.lihat("ringkasan")["per_kunci"] == {kunci: 2}


def test_refused_without_a_code(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """A refusal without a code is asked about; the stored answer may leave it out, as the schema lets it be null."""
    kunci, kiriman = kunci_baru(), [idpel(1), idpel(2)]
    sandbox.ganggu("rusak", "posting", "batch", sisa=2, cara="tanpa_kode")
    with pytest.raises(Ap2tMelanggarKontrak, match="tanpa kode"):
        klien.kirim_posting(kunci, Badan.dari(isi_posting(1, 2)))
    tersimpan = klien.tanya_batch(kunci, idpel=kiriman)
    assert tersimpan is not None
    assert sorted(b.status for b in tersimpan.hasil) == ["DITOLAK", "POSTING"]
    assert status(klien.tanya_batch(kunci, idpel=kiriman)) == {idpel(1): "POSTING", idpel(2): "POSTING"}


@pytest.mark.parametrize("cara", ["kursor_macet", "urutan_salah", "baris_ganda", "bukan_json"])
def test_broken_list(sandbox: Sandbox, klien: KlienAp2t, cara: str) -> None:
    """A list out of order, with doubled rows, or with a cursor that stands still ends in an error, never in a loop."""
    sandbox.ganggu("rusak", "daftar", sisa=None, cara=cara)
    with pytest.raises(Ap2tMelanggarKontrak):
        list(klien.daftar(UNIT, BULAN, KODE, batas=8))


@pytest.mark.parametrize(
    ("nomor", "kursor", "sah"),
    [
        ([3, 4], "k2", True),
        ([3, 4], None, True),
        ([], None, True),
        ([2, 3], "k2", False),  # the last row again
        ([3, 3], None, False),  # one row twice in a row
        ([4, 3], None, False),
        ([3, 4], "k1", False),  # the cursor we came with
        ([], "k2", False),
        ([3, 4, 5, 6], None, False),  # more than asked for
    ],
)
def test_page_goes_on_upwards(nomor: list[int], kursor: str | None, sah: bool) -> None:
    """A page (here after idpel 2, asked with cursor k1 and batas 3) goes strictly on, and so does its cursor."""
    isi = {"baris": [{"idpel": idpel(n), "kodeposting": 0} for n in nomor], "kursor_berikut": kursor}
    halaman = urai(Halaman, json.dumps(isi).encode(), "uji")
    with contextlib.nullcontext() if sah else pytest.raises(Ap2tMelanggarKontrak):
        _periksa_halaman(halaman, "uji", idpel(2), "k1", 3)


@pytest.mark.parametrize(
    ("st", "kodeposting", "kode", "jenis", "sah"),
    [
        ("POSTING", 1, None, Jenis.POSTING, True),
        ("SUDAH_POSTING", 1, None, Jenis.POSTING, True),
        ("BATAL", 0, None, Jenis.PEMBATALAN, True),
        ("BELUM_POSTING", 0, None, None, True),
        ("DITOLAK", None, "IDPEL_TIDAK_DIKENAL", Jenis.POSTING, True),
        ("BATAL", 0, None, Jenis.POSTING, False),
        ("POSTING", 1, None, Jenis.PEMBATALAN, False),
        ("POSTING", 0, None, Jenis.POSTING, False),
        ("SUDAH_POSTING", 3, None, None, False),
        ("BELUM_POSTING", None, None, None, False),
        ("DITOLAK", 1, " ", Jenis.POSTING, False),
        ("POSTING", 2, None, Jenis.POSTING, False),
    ],
)
def test_status_and_kodeposting_agree(
    st: str, kodeposting: Any, kode: str | None, jenis: Jenis | None, sah: bool
) -> None:
    """POSTING and SUDAH_POSTING mean 1, BATAL and BELUM_POSTING 0, DITOLAK has a kode; nothing else is believed."""
    kunci = kunci_baru()
    isi = {"kunci": kunci, "hasil": [{"idpel": idpel(1), "status": st, "kodeposting": kodeposting, "kode": kode}]}

    def periksa() -> HasilBatch:
        return periksa_batch(urai(HasilBatch, json.dumps(isi).encode(), "uji"), kunci, idpel=[idpel(1)], jenis=jenis)

    with contextlib.nullcontext() if sah else pytest.raises(Ap2tMelanggarKontrak):
        assert periksa().hasil[0].idpel == idpel(1)


def test_no_connection(sandbox: Sandbox) -> None:
    """Refused connection or unknown host: surely not sent, also when only the login could not be made."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        tertutup = f"http://127.0.0.1:{s.getsockname()[1]}"
        for url in (tertutup, "http://tidak-ada.invalid"):
            with klien_untuk(url, penundaan_maks=0.0) as klien, pytest.raises(Ap2tTidakTerjangkau):
                klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1)))
    sandbox.ganggu("hilang_sebelum", "token")
    with klien_untuk(sandbox.url, penundaan_maks=0.0) as klien, pytest.raises(Ap2tTidakTerjangkau):
        klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1)))


def test_bad_calls_are_not_sent(sandbox: Sandbox, klien: KlienAp2t) -> None:
    """Not sent: empty, doubled or too long batches, keys that are no UUID, odd addresses."""
    banyak = isi_posting(1)
    banyak["baris"] = [{"idpel": f"{n:012d}"} for n in range(1001)]
    for isi in (isi_posting(), isi_posting(1, 1), banyak):
        with pytest.raises(ValueError, match="Satu batch posting"):
            klien.kirim_posting(kunci_baru(), Badan.dari(isi))
    with pytest.raises(ValueError, match="UUID"):
        klien.tutup_kunci("../../auth/token")
    for url in ("ftp://x", "http://budi:sandi@x", "x:80"):
        with pytest.raises(ValueError, match="Alamat AP2T"):
            KlienAp2t(url, "budi", SANDI)
    assert (sandbox.log("kiriman"), sandbox.log("pelanggaran")) == ([], [])


class _Jahat(http.server.BaseHTTPRequestHandler):
    """A gateway that gives tokens, repeats secrets and readings in its errors, and redirects writes."""

    protocol_version = "HTTP/1.1"
    sandi = ""

    def do_POST(self) -> None:
        badan = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == "/auth/token":
            type(self).sandi = json.loads(badan)["password"]
            hak = {"token_type": "bearer", "expires_in": 9, "unitup": [], "peran": []}
            self._jawab(200, {"access_token": "TOKEN-RAHASIA", **hak})
        elif b"S-alih" in badan:
            self._jawab(307, {}, Location="/auth/token")
        elif b"S-batch" in badan:
            self._jawab(200, {"kunci": "x", "hasil": [{"idpel": "1100.5", "status": self.sandi}]})
        else:
            ulang = f"{self.headers['Authorization']} {self.sandi}"
            self._jawab(409, {"title": ulang + "y" * 5000, "kode": ulang, "detail": badan.decode(), "status": 409})

    def _jawab(self, kode: int, isi: dict[str, Any], **kepala: str) -> None:
        badan = json.dumps(isi).encode()
        self.send_response(kode)
        kepala |= {"Content-Type": "application/problem+json", "Content-Length": str(len(badan))}
        for nama, nilai in kepala.items():
            self.send_header(nama, nilai)
        self.end_headers()
        self.wfile.write(badan)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def gateway_jahat() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Jahat)
    utas = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    utas.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    utas.join()


class Perantara:
    """A gateway before the sandbox that gives its answers in another manner: ``kirim`` writes one, headers included."""

    def __init__(self, ke: str) -> None:
        self.jalan = ""
        """Only requests whose path holds this are answered so."""
        self.kirim = _apa_adanya
        perantara = self

        class Penangan(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                badan = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kepala = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "content-length")}
                r = requests.request(self.command, ke + self.path, data=badan, headers=kepala, timeout=10)
                kirim = perantara.kirim if perantara.jalan in self.path else _apa_adanya
                with contextlib.suppress(OSError):
                    kirim(self, r.status_code, r.headers.get("Content-Type", ""), r.content)

            do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Penangan)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


def _jawab(h: http.server.BaseHTTPRequestHandler, status: int, badan: bytes, **kepala: str) -> None:
    h.send_response(status)
    kepala.setdefault("Content_Length", str(len(badan)))
    for nama, nilai in kepala.items():
        if nilai:
            h.send_header(nama.replace("_", "-"), nilai)
    h.end_headers()
    h.wfile.write(badan)


def _apa_adanya(h: Any, status: int, jenis: str, badan: bytes) -> None:
    _jawab(h, status, badan, Content_Type=jenis)


def _potongan(h: Any, status: int, jenis: str, badan: bytes) -> None:
    isi = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for n in range(0, len(badan), 7) if (p := badan[n : n + 7]))
    _jawab(h, status, isi + b"0\r\n\r\n", Content_Type=jenis, Transfer_Encoding="chunked", Content_Length="")


def _sampai_ditutup(h: Any, status: int, jenis: str, badan: bytes) -> None:
    h.close_connection = True
    _jawab(h, status, badan, Content_Type=jenis, Connection="close", Content_Length="")


CARA_LAIN: dict[str, Any] = {
    "bom": lambda h, s, j, b: _jawab(h, s, b"\xef\xbb\xbf" + b, Content_Type=j),
    "utf16": lambda h, s, j, b: _jawab(h, s, b.decode().encode("utf-16"), Content_Type=j),
    "gzip": lambda h, s, j, b: _jawab(h, s, gzip.compress(b), Content_Type=j, Content_Encoding="gzip"),
    "gzip_bom": lambda h, s, j, b: _jawab(
        h, s, gzip.compress(b"\xef\xbb\xbf" + b), Content_Type=j, Content_Encoding="gzip"
    ),
    "potongan": _potongan,
    "sampai_ditutup": _sampai_ditutup,
    "spasi": lambda h, s, j, b: _jawab(h, s, b"\r\n " + b + b" \r\n\r\n", Content_Type=j),
    "charset": lambda h, s, j, b: _jawab(h, s, b, Content_Type='application/json; charset="UTF-8"'),
    "akhiran": lambda h, s, j, b: _jawab(h, s, b, Content_Type="Application/vnd.pln.ap2t+JSON"),
    "huruf_besar": lambda h, s, j, b: _jawab(h, s, b.replace(b'"bearer"', b'"Bearer"'), Content_Type=j),
    "tanpa_jenis": lambda h, s, j, b: _jawab(h, s, b),
}


@pytest.fixture
def perantara(sandbox: Sandbox) -> Iterator[Perantara]:
    p = Perantara(sandbox.url)
    yield p
    p.server.shutdown()
    p.server.server_close()


@pytest.mark.parametrize("cara", CARA_LAIN)
def test_harmless_manners_change_nothing(sandbox: Sandbox, perantara: Perantara, cara: str) -> None:
    """A mark before the JSON, compression, chunks, another name of the type: the same answer, no outcome unclear."""
    perantara.kirim = CARA_LAIN[cara]
    with klien_untuk(perantara.url) as klien:
        assert klien.masuk().berlaku_detik == 3600
        kunci = kunci_baru()
        hasil = klien.kirim_posting(kunci, Badan.dari(isi_posting(1, 99)))
        assert status(hasil) == {idpel(1): "POSTING", idpel(99): "DITOLAK"}
        assert klien.tanya_batch(kunci) == hasil
        assert klien.kelompok(UNIT, BULAN, KODE).jumlah.posting_1 == 1
        assert len(list(klien.daftar(UNIT, BULAN, KODE, batas=7))) == 20
        tertutup = kunci_baru()
        assert klien.tutup_kunci(tertutup) is None
        with pytest.raises(Ap2tMenolak) as galat:
            klien.kirim_posting(tertutup, Badan.dari(isi_posting(2)))
        assert galat.value.kode == "KUNCI_DITUTUP"


TERTUANG: list[int] = []
"""Lengths of what dripped to its end: somebody waited for all of it."""


def _tetes(h: Any, isi: bytes, jeda: float = 0.1) -> None:
    for n in range(len(isi)):
        h.wfile.write(isi[n : n + 1])
        h.wfile.flush()
        time.sleep(jeda)
    TERTUANG.append(len(isi))


def _tetes_badan(h: Any, status: int, jenis: str, badan: bytes) -> None:
    _jawab(h, status, b"", Content_Type=jenis, Content_Length=str(len(badan)))
    _tetes(h, badan)


def _tetes_sampai_ditutup(h: Any, status: int, jenis: str, badan: bytes) -> None:
    """What is cut off here has no length by which it could be told."""
    h.close_connection = True
    _jawab(h, status, b"", Content_Type=jenis, Connection="close", Content_Length="")
    h.wfile.write(badan)
    _tetes(h, b" " * 150)


def _tetes_kepala(h: Any, status: int, jenis: str, badan: bytes) -> None:
    h.close_connection = True
    _tetes(h, b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nX-Panjang: %s\r\n" % (status, b"x" * 150))
    h.wfile.write(b"Content-Length: %d\r\n\r\n%s" % (len(badan), badan))


@pytest.mark.parametrize("tetes", [_tetes_badan, _tetes_kepala, _tetes_sampai_ditutup])
def test_an_answer_that_drips_is_not_waited_for(sandbox: Sandbox, perantara: Perantara, tetes: Any) -> None:
    """The limit holds for the whole answer, however it comes: a write is unclear then, asked about, never resent."""
    TERTUANG.clear()
    perantara.kirim, pilihan = tetes, {"timeout": (1, 1.0), "penundaan_maks": 0.0}
    with klien_untuk(perantara.url, **pilihan) as klien:
        perantara.jalan = "auth"
        with pytest.raises(Ap2tTidakTerjangkau, match="tidak selesai menjawab masuk"):
            klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1)))
        perantara.jalan = "posting"
        kunci = kunci_baru()
        with pytest.raises(Ap2tTidakPasti, match=r"tidak selesai menjawab posting .* tanyakan hasilnya"):
            klien.kirim_posting(kunci, Badan.dari(isi_posting(1)))
        with pytest.raises(Ap2tTidakPasti, match="tidak selesai menjawab daftar"):
            list(klien.daftar(UNIT, BULAN, KODE))
        perantara.jalan = "batch"
        with pytest.raises(Ap2tTidakPasti, match="tidak selesai menjawab hasil batch"):
            klien.tanya_batch(kunci)
        assert TERTUANG == []
        perantara.kirim = _apa_adanya
        assert status(klien.tanya_batch(kunci)) == {idpel(1): "POSTING"}
        assert klien.kelompok(UNIT, BULAN, KODE).jumlah.posting_1 == 1  # the next request has a connection of its own
    assert len(sandbox.log("kiriman", kunci=kunci)) == 1


def test_redirected_write_is_not_followed(gateway_jahat: str) -> None:
    """A redirect is outside the contract: followed blindly, a write would go somewhere else."""
    with klien_untuk(gateway_jahat) as klien, pytest.raises(Ap2tMelanggarKontrak) as galat:
        klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1) | {"no_pengesahan": "S-alih"}))
    assert galat.value.status == 307


def test_netrc_does_not_replace_the_token(
    sandbox: Sandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, klien: KlienAp2t
) -> None:
    """Writes carry the approving person's own token, whatever a .netrc on the machine says."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login orang password lain\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert requests.utils.get_netrc_auth(sandbox.url) == ("orang", "lain")
    klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1)))
    assert sandbox.log("jejak")[0]["oleh"] == "budi"


def test_no_secret_in_any_error_or_log(sandbox: Sandbox, gateway_jahat: str, caplog: pytest.LogCaptureFixture) -> None:
    """Invariant 7: no password, token or reading in a message, a traceback or a log, whatever AP2T answers."""
    caplog.set_level(logging.DEBUG)
    teks: list[str] = []

    def coba(klien: KlienAp2t, **ubah: Any) -> None:
        with pytest.raises(GalatAp2t) as galat:
            klien.kirim_posting(kunci_baru(), Badan.dari(isi_posting(1) | ubah))
        g = galat.value
        assert g.__context__ is None
        assert len(str(g)) < 600
        teks.append("".join(traceback.format_exception(g)) + repr(g) + str(g.kode) + repr(klien))

    with klien_untuk(gateway_jahat) as jahat:
        for nomor in ("S-1", "S-alih", "S-batch"):
            coba(jahat, no_pengesahan=nomor)
    with klien_untuk(sandbox.url) as klien:
        for aksi in ("hilang_sesudah", "galat_sesudah", "rusak"):
            sandbox.ganggu(aksi, "posting")
            coba(klien)
        coba(klien, unitup="salah")
        sandbox.ganggu("galat", "kelompok", status=500)
        klien.kelompok(UNIT, BULAN, KODE)
        assert klien._token is not None
        rahasia = (SANDI, "TOKEN-RAHASIA", klien._token[0], "1100.5", "100.5")
    assert len(teks) == 7
    semua = "\n".join(teks) + caplog.text
    assert "Dicoba lagi" in semua
    assert [r for r in rahasia if r in semua] == []

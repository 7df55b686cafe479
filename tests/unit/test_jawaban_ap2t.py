"""Whatever AP2T answers, in whatever form: believed only where the contract allows it, told without what it holds."""

from __future__ import annotations

import gzip
import io
import json
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import msgspec
import pytest
import requests
import schemathesis
import yaml
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

from ap2t.domain.teks import satu_baris
from ap2t.galat import Ap2tMasukGagal, Ap2tMelanggarKontrak, Ap2tMenolak, Ap2tTidakPasti, Ap2tTidakTerjangkau, GalatAp2t
from ap2t.hooks import klien as modul
from ap2t.hooks import tenggat
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.hooks.kontrak import KODE_LAIN
from tests.masukan import banyak, diubah, seluruhnya

KONTRAK = yaml.safe_load((Path(__file__).parents[2] / "docs/kontrak/ap2t.openapi.yaml").read_text())
SANDI, TOKEN, ISI = "sandi-Rahasia-7731", "TOKEN-Rahasia-8842", "isi-Rahasia-9953"
"""None of these may stand in anything an error tells: password, token, what an answer holds."""
KUNCI = "7b4e3f0a-0f5c-4f3c-9f4e-0a1b2c3d4e5f"


# ------------------------------------------------------------ a gateway without sockets


class Soket:
    """What urllib3 takes for a connected socket: all that is written is the request, all that is read the answer."""

    def __init__(self, gerbang: Gerbang) -> None:
        self._gerbang, self._minta = gerbang, b""

    def sendall(self, isi: bytes) -> None:
        self._minta += bytes(isi)

    def makefile(self, *_: Any) -> io.BytesIO:
        minta, self._minta = self._minta, b""
        return io.BytesIO(self._gerbang.jawab(minta))

    def settimeout(self, *_: object) -> None:
        """Nothing here is waited for."""

    close = shutdown = settimeout


class Gerbang:
    """AP2T as the test wants it: a login that is good unless said otherwise, and one answer, byte by byte."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.masuk: bytes = b""
        self.lain: bytes = b""
        self.diminta: list[bytes] = []
        gerbang = self

        class Sambungan(HTTPConnection):
            def connect(self) -> None:
                self.sock = Soket(gerbang)  # type: ignore[assignment]

            @property
            def is_connected(self) -> bool:
                return self.sock is not None

        class Kolam(HTTPConnectionPool):
            ConnectionCls = Sambungan

        class Adaptor(HTTPAdapter):
            def init_poolmanager(self, *a: Any, **k: Any) -> None:
                super().init_poolmanager(*a, **k)
                self.poolmanager.pool_classes_by_scheme = {"http": Kolam}

        def sesi(**pilihan: Any) -> requests.Session:
            hasil = tenggat.sesi_bertenggat(**pilihan)
            hasil.trust_env = False
            hasil.mount("http://", Adaptor(**pilihan))
            return hasil

        monkeypatch.setattr(modul, "sesi_bertenggat", sesi)

    def jawab(self, minta: bytes) -> bytes:
        awal = minta.split(b"\r\n")[0]
        self.diminta.append(awal)
        return self.masuk if b"/auth/token" in awal else self.lain

    def tanya(self, kerja: Callable[[KlienAp2t], Any], lain: bytes, masuk: bytes | None = None) -> Any:
        """Return what the client returns, or the error of ours that it raises; that one says nothing it must not."""
        self.lain, self.masuk = lain, MASUK if masuk is None else masuk
        self.diminta.clear()
        klien = KlienAp2t("http://ap2t.uji", "budi", SANDI, penundaan_maks=0.0)
        try:
            hasil = kerja(klien)
        except GalatAp2t as galat:
            hasil = galat
        finally:
            klien.tutup_koneksi()
        if isinstance(hasil, GalatAp2t):
            teks = seluruhnya(hasil)
            assert [rahasia for rahasia in (SANDI, TOKEN, ISI) if rahasia in teks] == []
            assert len(str(hasil)) < 600
        return hasil


def pesan(badan: bytes, status: int = 200, *kepala: bytes, panjang: int | None = None) -> bytes:
    """Return an HTTP answer as it goes over the wire."""
    baris = [b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % (len(badan) if panjang is None else panjang), *kepala]
    return b"\r\n".join([*baris, b"", badan])


def tulis(isi: Any) -> bytes:
    return json.dumps(isi).encode()


MASUK = pesan(tulis({"access_token": TOKEN, "token_type": "bearer", "expires_in": 9, "unitup": [], "peran": ["BACA"]}))


@pytest.fixture(scope="module")
def gerbang() -> Any:
    with pytest.MonkeyPatch.context() as m:
        yield Gerbang(m)


# ------------------------------------------------------------ what the contract says


class Tanya(NamedTuple):
    """One thing that is asked of AP2T: where its answer stands in the contract, and how the client asks.

    ``minta``: asks so that the document would be the answer to it. ``lebih``: what the contract says in words.
    """

    jalan: str
    metode: str
    minta: Callable[[KlienAp2t, Any], Any]
    lebih: Callable[[Any], bool]


KODEPOSTING = {"POSTING": (1, "posting"), "SUDAH_POSTING": (1, "posting"), "BATAL": (0, "pembatalan")}
KODEPOSTING["BELUM_POSTING"] = (0, "pembatalan")


def sejenis(isi: dict[str, Any], *jenis: str, alasan: bool = False) -> bool:
    """As many results as rows, each of one kind of write and with the kodeposting it means; refused: with a reason."""
    idpel = [b["idpel"] for b in isi["hasil"]]
    tertulis = [b for b in isi["hasil"] if b["status"] != "DITOLAK"]
    beralasan = all((b.get("kode") or "").strip() for b in isi["hasil"] if b["status"] == "DITOLAK")
    cocok = all(KODEPOSTING[b["status"]][0] == b["kodeposting"] for b in tertulis)
    satu = any(all(KODEPOSTING[b["status"]][1] == j for b in tertulis) for j in jenis)
    return len(set(idpel)) == len(idpel) and cocok and satu and (beralasan or not alasan)


def kunci_dari(isi: Any) -> str:
    kunci = isi.get("kunci") if isinstance(isi, dict) else None
    try:
        return str(uuid.UUID(kunci)) if isinstance(kunci, str) and len(kunci) == 36 else KUNCI
    except ValueError:
        return KUNCI


def idpel_dari(isi: Any) -> list[str]:
    hasil = isi.get("hasil") if isinstance(isi, dict) else None
    semua = [b.get("idpel") for b in hasil if isinstance(b, dict)] if isinstance(hasil, list) else []
    return list(dict.fromkeys(i for i in semua if isinstance(i, str) and len(i) == 12 and i.isascii())) or ["1" * 12]


def kirim(jenis: str) -> Callable[[KlienAp2t, Any], Any]:
    def minta(klien: KlienAp2t, isi: Any) -> Any:
        badan = Badan.dari({"baris": [{"idpel": i, "pemkwh": "100.5"} for i in idpel_dari(isi)]})
        return getattr(klien, f"kirim_{jenis}")(kunci_dari(isi), badan)

    return minta


def urut(isi: Any) -> bool:
    idpel = [b["idpel"] for b in isi["baris"]]
    return idpel == sorted(set(idpel)) and isi["kursor_berikut"] is None


def tempat_dari(isi: Any) -> tuple[str, str, str]:
    nilai = [isi.get(n) if isinstance(isi, dict) else None for n in ("unitup", "thblrek", "hari_baca")]
    satu, dua, tiga = (n if isinstance(n, str) and n.isascii() and n.isalnum() else "x" for n in nilai)
    return satu, dua, tiga


TANYA: dict[str, Tanya] = {
    "masuk": Tanya("/auth/token", "post", lambda k, _: k.masuk(), lambda _: True),
    "kelompok": Tanya(
        "/v1/fungsi2/kelompok/{unitup}/{thblrek}/{hari_baca}",
        "get",
        lambda k, isi: k.kelompok(*tempat_dari(isi)),
        lambda _: True,
    ),
    "daftar": Tanya("/v1/fungsi2/posting", "get", lambda k, _: list(k.daftar("54110", "202606", "A")), urut),
    "posting": Tanya("/v1/fungsi2/posting", "post", kirim("posting"), lambda isi: sejenis(isi, "posting", alasan=True)),
    "pembatalan": Tanya(
        "/v1/fungsi2/pembatalan", "post", kirim("pembatalan"), lambda isi: sejenis(isi, "pembatalan", alasan=True)
    ),
    "batch": Tanya(
        "/v1/fungsi2/batch/{kunci}",
        "get",
        lambda k, isi: k.tanya_batch(kunci_dari(isi)),
        lambda isi: sejenis(isi, "posting", "pembatalan"),
    ),
    "tutup": Tanya(
        "/v1/fungsi2/batch/{kunci}/tutup",
        "post",
        lambda k, isi: k.tutup_kunci(kunci_dari(isi.get("jawaban")) if isinstance(isi, dict) else KUNCI),
        lambda isi: (
            isi["diterapkan"] == (isi.get("jawaban") is not None)
            and (not isi["diterapkan"] or sejenis(isi["jawaban"], "posting", "pembatalan"))
        ),
    ),
}


def skema(nama: str) -> dict[str, Any]:
    t = TANYA[nama]
    isi = KONTRAK["paths"][t.jalan][t.metode]["responses"]["200"]["content"]["application/json"]["schema"]
    return dict(isi)


@cache
def pemeriksa(nama: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**skema(nama), "components": KONTRAK["components"]})


def sah(nama: str, isi: Any) -> bool:
    """Whether the contract allows this answer, by its schema and by its words."""
    return pemeriksa(nama).is_valid(isi) and TANYA[nama].lebih(isi)


@cache
def dari_skema(nama: str, mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Documents that the contract's schema of an answer allows, or that it forbids: schemathesis' own.

    It makes what is sent, so the answer is declared as what somebody sends.
    """
    badan = {"required": True, "content": {"application/json": {"schema": skema(nama)}}}
    jalan = {"/x": {"post": {"requestBody": badan, "responses": {"200": {"description": ""}}}}}
    balik = {"openapi": "3.1.0", "info": KONTRAK["info"], "paths": jalan, "components": KONTRAK["components"]}
    return schemathesis.openapi.from_dict(balik)["/x"]["POST"].as_strategy(generation_mode=mode).map(lambda c: c.body)


# ------------------------------------------------------------ answers that make sense

idpel = st.integers(1, 10**12 - 1).map("{:012d}".format)
kata = st.none() | st.text(max_size=9) | st.just("  ") | st.just("IDPEL_TIDAK_DIKENAL")


@st.composite
def baris_hasil(draw: st.DrawFn, jenis: str) -> dict[str, Any]:
    status = draw(st.sampled_from([*(s for s, (_, j) in KODEPOSTING.items() if j == jenis), "DITOLAK"]))
    kodeposting = draw(st.sampled_from([0, 1, 3, None])) if status == "DITOLAK" else KODEPOSTING[status][0]
    alasan = "DATA_TIDAK_VALID" if status == "DITOLAK" else draw(kata)
    return {"idpel": draw(idpel), "status": status, "kodeposting": kodeposting, "kode": alasan, "pesan": draw(kata)}


def hasil_batch(jenis: str) -> st.SearchStrategy[dict[str, Any]]:
    baris = st.lists(baris_hasil(jenis), min_size=1, max_size=3, unique_by=lambda b: b["idpel"])
    return st.fixed_dictionaries({"kunci": st.uuids().map(str), "hasil": baris})


BATCH = hasil_batch("posting") | hasil_batch("pembatalan")
jumlah = st.integers(0, 10**6)
BENAR: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "masuk": st.fixed_dictionaries(
        {
            "access_token": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
            "token_type": st.just("bearer"),
            "expires_in": st.integers(0, 10**6),
            "unitup": st.lists(st.from_regex("[0-9]{5}", fullmatch=True), max_size=2),
            "peran": st.lists(st.sampled_from(["ADMIN_CMT", "BACA"]), max_size=2),
        }
    ),
    "kelompok": st.fixed_dictionaries(
        {
            "unitup": st.from_regex("[0-9]{5}", fullmatch=True),
            "thblrek": st.just("202606"),
            "hari_baca": st.from_regex("[A-Z0-9]{1,2}", fullmatch=True),
            "terbuka": st.booleans(),
            "jumlah": st.fixed_dictionaries({f"posting_{n}": jumlah for n in (0, 1, 3)}),
        }
    ),
    "daftar": st.fixed_dictionaries(
        {
            "baris": st.lists(
                st.fixed_dictionaries(
                    {"idpel": idpel, "kodeposting": st.sampled_from([0, 1, 3]), "pemkwh": st.just("100.5")},
                    optional={"oleh": kata, "no_pengesahan": kata},
                ),
                max_size=3,
                unique_by=lambda b: b["idpel"],
            ).map(lambda semua: sorted(semua, key=lambda b: b["idpel"])),
            "kursor_berikut": st.none(),
        }
    ),
    "posting": hasil_batch("posting"),
    "pembatalan": hasil_batch("pembatalan"),
    "batch": BATCH,
    "tutup": BATCH.map(lambda b: {"diterapkan": True, "jawaban": b}) | st.just({"diterapkan": False}),
}


def sama(nilai: Any, isi: Any) -> bool:
    """Whether what the client returned is the document: every field it has, as it was written.

    Words of people are written on one line, and a code that has not a code's form is not repeated.
    """
    if isinstance(nilai, msgspec.Struct):
        return all(_sama_isian(n, getattr(nilai, n), isi.get(n)) for n in nilai.__struct_fields__)
    if isinstance(nilai, list | tuple):
        return len(nilai) == len(isi) and all(map(sama, nilai, isi))
    return isinstance(nilai, type(isi)) and bool(nilai == isi)


def _sama_isian(nama: str, nilai: Any, isi: Any) -> bool:
    if isinstance(isi, str) and nama in ("pesan", "no_pengesahan", "oleh", "waktu"):
        return bool(nilai == satu_baris(isi))
    return (nama == "kode" and nilai == KODE_LAIN) or sama(nilai, isi)


def dipercaya(nama: str, nilai: Any, isi: Any) -> bool:
    """Whether a value that came out is what the document says."""
    if nama == "masuk":
        return nilai == (tuple(isi["unitup"]), frozenset(isi["peran"]), isi["expires_in"])
    if nama == "tutup":
        return nilai is None if not isi["diterapkan"] else sama(nilai, isi["jawaban"])
    return sama(nilai, isi["baris"] if nama == "daftar" else isi)


def tanya(gerbang: Gerbang, nama: str, isi: Any, jawaban: bytes) -> Any:
    """Ask what a document would answer, and answer in these bytes."""
    masuk = jawaban if nama == "masuk" else None
    return gerbang.tanya(lambda klien: TANYA[nama].minta(klien, isi), jawaban, masuk)


# ------------------------------------------------------------ the properties


@banyak(25)
@pytest.mark.parametrize("nama", TANYA)
@given(data=st.data())
def test_yang_benar_diterima_utuh(gerbang: Gerbang, nama: str, data: st.DataObject) -> None:
    """A right answer comes out as it was written, whatever else stands in it and however it is encoded."""
    isi = data.draw(BENAR[nama])
    assert sah(nama, isi)
    badan = tulis({**isi, "tak_dikenal": {"x": [1.5, None]}})
    sandi = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]))
    badan = (b" \r\n" + badan).decode().encode(sandi)
    padat = data.draw(st.booleans())
    jawaban = pesan(gzip.compress(badan), 200, b"Content-Encoding: gzip") if padat else pesan(badan)
    hasil = tanya(gerbang, nama, isi, jawaban)
    assert not isinstance(hasil, GalatAp2t), hasil
    assert dipercaya(nama, hasil, isi)


@banyak(40)
@pytest.mark.parametrize("nama", TANYA)
@given(data=st.data())
def test_yang_dilarang_tidak_dipercaya(gerbang: Gerbang, nama: str, data: st.DataObject) -> None:
    """What the contract forbids never becomes a value; what it allows becomes that value, or an error of ours."""
    sumber = [dari_skema(nama, GenerationMode.POSITIVE), dari_skema(nama, GenerationMode.NEGATIVE)]
    isi = data.draw(st.one_of(*sumber, *[BENAR[nama].flatmap(diubah)] * 3))
    badan = isi if isinstance(isi, bytes) else _teks(isi)
    hasil = tanya(gerbang, nama, isi, pesan(badan))
    if isinstance(hasil, GalatAp2t):
        assert isinstance(hasil, Ap2tMasukGagal if nama == "masuk" else Ap2tMelanggarKontrak)
    else:
        terbaca = json.loads(badan)
        assert sah(nama, terbaca)
        assert dipercaya(nama, hasil, terbaca)


def _teks(isi: Any) -> bytes:
    """Write a document with something that must not be told in it."""
    try:
        return tulis({**isi, ISI: ISI} if isinstance(isi, dict) else isi)
    except (TypeError, ValueError):  # schemathesis' own sign for "no body"
        return ISI.encode()


def _ganda(badan: bytes, ke: int) -> bytes:
    """Write a name twice, in any object."""
    bagian = badan.split(b"{")
    tempat = ke % (len(bagian) - 1) + 1
    return b"{".join(
        [*bagian[:tempat], b'"x": "%s", "x": 1, %s' % (ISI.encode(), bagian[tempat]), *bagian[tempat + 1 :]]
    )


RUSAK: dict[str, Callable[[bytes, int], bytes]] = {
    "terpotong": lambda b, n: pesan(b[: n % len(b)]),
    "terpotong di jalan": lambda b, n: pesan(b[: n % len(b)], panjang=len(b)),
    "sisa di belakang": lambda b, n: pesan(b + b"]" * (n % 3 + 1)),
    "kunci ganda": lambda b, n: pesan(_ganda(b, n)),
    "NaN": lambda b, n: pesan(b.replace(b"{", b'{"x": %s, ' % [b"NaN", b"-Infinity", b"1e", b"01"][n % 4], 1)),
    "angka raksasa": lambda b, n: pesan(b.replace(b"{", b'{"x": 1%s, ' % (b"0" * 5000), 1)),
    "sangat dalam": lambda b, n: pesan(b.replace(b"{", b'{"x": ' + b"[" * 60_000, 1)),
    "bukan UTF-8": lambda b, n: pesan(b.replace(b'"', b'"\xe9', 1)),
    "gzip rusak": lambda b, n: pesan(gzip.compress(b)[: n % 40], 200, b"Content-Encoding: gzip"),
    "bukan gzip": lambda b, n: pesan(b, 200, b"Content-Encoding: gzip"),
    "potongan salah": lambda b, n: b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + b[: n % len(b)],
    "dua panjang": lambda b, n: pesan(b, 200, b"Content-Length: 1"),
    "bukan HTTP": lambda b, n: [b"", b"\xff\xfe\r\n\r\n", b, b"HTTP/9.9 200 X\r\n\r\n" + b, b"HTTP/1.1 abc\r\n\r\n"][
        n % 5
    ],
    "kepala tanpa akhir": lambda b, n: pesan(b, 200, *[b"X-A: b"] * 300),
    "kepala raksasa": lambda b, n: pesan(b, 200, b"X-A: " + b"b" * 70_000),
}
"""What makes an answer no answer, though all of it that is right stands in it."""


@banyak(30)
@pytest.mark.parametrize("nama", TANYA)
@given(data=st.data())
def test_yang_rusak_di_jalan_tidak_dipercaya(gerbang: Gerbang, nama: str, data: st.DataObject) -> None:
    """Cut off, doubled, of no number, no text, no HTTP: an outcome that is not known, never one that is made of it."""
    isi = data.draw(BENAR[nama])
    cara = data.draw(st.sampled_from(list(RUSAK)))
    hasil = tanya(gerbang, nama, isi, RUSAK[cara](_teks(isi), data.draw(st.integers(0, 10**6))))
    assert isinstance(hasil, Ap2tTidakTerjangkau | Ap2tMasukGagal if nama == "masuk" else Ap2tTidakPasti), hasil


LOKASI = [b"/x", b"", b"http://[", b"/\xff\xfe", b"http://x:99999999/", b"javascript:1", b"//", b"http://" + b"x" * 400]
TUNGGU = [b"0", b"7", b"-1", b"1e9", b"\xb2", b"Wed, 21 Oct 2026 07:28:00 GMT", b"9" * 40, b""]


MENOLAK = dict.fromkeys((400, 403, 404, 409, 413), Ap2tMenolak)
PASTI = {**MENOLAK, 401: Ap2tMasukGagal, 429: Ap2tTidakTerjangkau}
"""Statuses after which nothing was applied, and what each is called."""
LAIN = (
    *(101, 201, 202, 203, 204, 206, 300, 301, 302, 303, 304, 307, 308, 399, 402, 405, 406, 408, 410, 411, 412, 414),
    *(415, 418, 422, 423, 425, 451, 499, 500, 501, 502, 503, 504, 511, 599, 600, 999),
)


@banyak(6)
@pytest.mark.parametrize("status", [200, *PASTI, *LAIN])
@given(data=st.data())
def test_status_menentukan_apa_yang_pasti(gerbang: Gerbang, status: int, data: st.DataObject) -> None:
    """Of a write only 429 and the contract's refusals are surely not applied; any other answer leaves it unclear."""
    jenis, isi = data.draw(st.sampled_from(["posting", "pembatalan"])), data.draw(BATCH)
    masalah = st.fixed_dictionaries(
        {"title": st.just(ISI), "status": st.just(status), "kode": kata, "detail": st.just(ISI)}
    )
    badan = data.draw(
        masalah.map(tulis) | masalah.flatmap(diubah).map(_teks) | st.just(_teks(isi)) | st.binary(max_size=9)
    )
    kepala = b"Location: " + data.draw(st.sampled_from(LOKASI)), b"Retry-After: " + data.draw(st.sampled_from(TUNGGU))
    hasil = gerbang.tanya(lambda klien: kirim(jenis)(klien, isi), pesan(badan, status, *kepala))
    if status == 200:
        assert not isinstance(hasil, Ap2tMenolak | Ap2tTidakTerjangkau)
        return
    assert type(hasil) is PASTI.get(status, Ap2tMelanggarKontrak if status < 500 else Ap2tTidakPasti), hasil
    assert sum(b"/fungsi2/" in awal for awal in gerbang.diminta) == (2 if status == 401 else 1)
    assert hasil.tunggu is None or 0 <= hasil.tunggu < 10**6


@pytest.mark.parametrize("token", ["", f"{TOKEN}\n", f"{TOKEN}\r\nX: y", f"{TOKEN}\u2603", f"{TOKEN}\0", f"{TOKEN} x"])
def test_token_yang_tidak_muat_di_kepala(gerbang: Gerbang, token: str) -> None:
    """A token that no header carries is no token: the login has failed, and nothing was sent with it."""
    isi = {"access_token": token, "token_type": "bearer", "expires_in": 9, "unitup": [], "peran": []}
    hasil = gerbang.tanya(lambda klien: kirim("posting")(klien, None), b"", pesan(tulis(isi)))
    assert isinstance(hasil, Ap2tMasukGagal), hasil
    assert [awal.split()[1] for awal in gerbang.diminta] == [b"/auth/token"]


@pytest.mark.parametrize("lokasi", LOKASI)
def test_alih_ke_yang_bukan_alamat(gerbang: Gerbang, lokasi: bytes) -> None:
    """Where a redirect leads is never looked at: one to no address leaves a write as unclear as any other."""
    hasil = gerbang.tanya(lambda klien: kirim("posting")(klien, None), pesan(b"", 307, b"Location: " + lokasi))
    assert (type(hasil), hasil.status) == (Ap2tMelanggarKontrak, 307)


@pytest.mark.parametrize("isi", ["false", "true", "2", "0.0", '"1"'])
def test_kodeposting_hanya_bilangannya(gerbang: Gerbang, isi: str) -> None:
    """``false`` is no 0 and ``true`` no 1, wherever a kodeposting stands (found at random, in one run of many)."""
    idpel = '"idpel":"541100000001"'
    hasil = f'{{"kunci":"{KUNCI}","hasil":[{{{idpel},"status":"DITOLAK","kode":"X","kodeposting":{isi}}}]}}'
    daftar = f'{{"baris":[{{{idpel},"kodeposting":{isi}}}],"kursor_berikut":null}}'
    for nama, badan in (("batch", hasil), ("daftar", daftar)):
        assert isinstance(tanya(gerbang, nama, None, pesan(badan.encode())), Ap2tMelanggarKontrak)


@pytest.mark.parametrize(
    "nomor", ["54110000000x", "54110000000\u0661", "541100000001\n", "54110000001", " 5411000001 "]
)
def test_idpel_hanya_dua_belas_angka(gerbang: Gerbang, nomor: str) -> None:
    """A row is of a customer by twelve digits, or the whole answer is not believed."""
    baris = {"idpel": nomor, "kodeposting": 1}
    for nama, isi in (
        ("batch", {"kunci": KUNCI, "hasil": [{**baris, "status": "POSTING"}]}),
        ("daftar", {"baris": [baris], "kursor_berikut": None}),
    ):
        assert not sah(nama, isi)
        assert isinstance(tanya(gerbang, nama, None, pesan(tulis(isi))), Ap2tMelanggarKontrak)


@pytest.mark.parametrize("badan", [f'"{ISI}\xe9"'.encode("latin-1"), f'{{"x": "{ISI}", "x": 1}}'.encode(), _teks({})])
def test_galat_tidak_membawa_jawaban(gerbang: Gerbang, badan: bytes) -> None:
    """Invariant 7: an error does not carry the answer along as its cause either (``tanya`` looks)."""
    assert isinstance(tanya(gerbang, "batch", None, pesan(badan)), Ap2tMelanggarKontrak)

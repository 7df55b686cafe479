"""AP2T in this process, written from docs/kontrak/ap2t.openapi.yaml: dictionaries, and every effect it ever had.

The client reaches it through an adapter of requests, so that all of the client runs but its socket. What goes wrong
with a request the story says (``GANGGUAN``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from math import inf
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import IncompleteRead, MaxRetryError, NewConnectionError, ProtocolError

from ap2t.hooks.tenggat import Tenggat

NILAI = ("sahlwbp", "sahwbp", "sahkvarh", "pemkwh")
URL = "http://ap2t.simulasi"
BOHONG = ("kunci lain", "baris kurang", "baris dua kali", "status asing", "kodeposting salah", "bukan json", "kosong")
GANGGUAN = (
    *("hilang", "jawaban hilang", "nanti", "ganda", "sibuk", "sibuk sampai", "503 sebelum", "500 sesudah", "potong"),
    *("tolak sambungan", "tetes", "restart", "hangus", "tertutup", "bentuk", *(f"bohong {b}" for b in BOHONG)),
)
"""What may befall a request. ``nanti``: it is under way while the client gives up. ``ganda``: it is delivered twice."""
Isi = Mapping[str, Any]
Tempat = tuple[str, str, str]


@dataclass
class Baris:
    """A customer of a kelompok as AP2T holds it."""

    kodeposting: int = 0
    sahlwbp: str | None = None
    sahwbp: str | None = None
    sahkvarh: str | None = None
    pemkwh: str | None = None
    no_pengesahan: str | None = None
    oleh: str | None = None
    waktu: str | None = None


@dataclass
class Efek:
    """A change that AP2T made: the judge's truth. ``kunci``: of the request; None: others did it, ``oleh`` says who."""

    urut: int
    idpel: str
    dari: int
    ke: int
    nomor: str | None
    nomor_lama: str | None
    oleh: str
    kunci: str | None
    nilai: dict[str, str | None]


@dataclass
class Kiriman:
    """A write as it left the client, every time it did. ``pasti``: since when its outcome can be known for sure."""

    kunci: str
    urut: int
    oleh: str
    jenis: str
    isi: Isi
    pasti: int | None = None


class Menolak(Exception):
    """A request that is refused as a whole."""

    def __init__(self, status: int, kode: str) -> None:
        super().__init__(kode)
        self.status, self.kode = status, kode


@dataclass
class Ap2t:
    """The store. ``urut`` counts everything that happens in the story."""

    urut: Callable[[], int]
    waktu: Callable[[], datetime]
    berangkat: Callable[[Kiriman], None]
    gangguan: Callable[[str], str | None]
    batas: Callable[[str], None]
    lama: Callable[[float], None]
    didaftar: Callable[[], None]
    halaman: int = 1000
    baris: dict[Tempat, dict[str, Baris]] = field(default_factory=dict)
    tolak: dict[str, str] = field(default_factory=dict)
    pengguna: dict[str, tuple[str, list[str], list[str]]] = field(default_factory=dict)
    token: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    kunci: dict[str, tuple[str | None, Any]] = field(default_factory=dict)
    """Key to (body, answer): applied. (None, None): void."""
    efek: list[Efek] = field(default_factory=list)
    kiriman: list[Kiriman] = field(default_factory=list)
    jawab: list[tuple[int, str, str, str, str | None]] = field(default_factory=list)
    """What it decided of each row: (when, number, idpel, status, code)."""
    tertunda: list[tuple[int, Kiriman]] = field(default_factory=list)
    tertutup: set[Tempat] = field(default_factory=set)
    permintaan: int = 0

    # ------------------------------------------------------------------------------- control, as of the sandbox

    url = URL

    def kendali(self, jalan: str, **isi: Any) -> None:
        """Do what the tests' sandbox does under the same name."""
        if jalan == "pengguna":
            self.pengguna[isi["username"]] = (isi["password"], isi["unitup"], isi["peran"])
        elif jalan == "pelanggan":
            for b in isi["baris"]:
                self.baris.setdefault((b["unitup"], b["thblrek"], b["hari_baca"]), {})[b["idpel"]] = Baris()
        else:
            raise ValueError(f"kendali {jalan} tidak dikenal")

    def lain(self, tempat: Tempat, idpel: str, ke: int, nomor: str | None, kwh: str = "150") -> None:
        """Let other people post (1) or cancel (0), or Suplai Stan lift (3)."""
        b = self.baris[tempat].get(idpel)
        if b is None or b.kodeposting in (3, ke):
            return
        oleh = "SUPLAI_STAN" if ke == 3 else "LAIN"
        nilai = dict.fromkeys(NILAI) | {"sahlwbp": str(1000 + int(kwh)), "pemkwh": kwh}
        self._ubah(b, idpel, ke, nomor, oleh, None, asdict(b) if ke == 3 else nilai)

    def _ubah(self, b: Baris, idpel: str, ke: int, nomor: str | None, oleh: str, kunci: str | None, nilai: Isi) -> None:
        ada = {kolom: nilai.get(kolom) for kolom in NILAI}
        lama = b.no_pengesahan
        self.efek.append(Efek(self.urut(), idpel, b.kodeposting, ke, nomor, lama, oleh, kunci, ada))
        b.kodeposting = ke
        if ke == 3:
            return
        for kolom in NILAI:
            setattr(b, kolom, ada[kolom] if ke else None)
        b.no_pengesahan, b.oleh = (nomor, oleh) if ke else (None, oleh)
        b.waktu = self.waktu().isoformat()

    # ---------------------------------------------------------------------------------------------- writes

    def terapkan(self, kirim: Kiriman) -> dict[str, Any]:
        """Apply a batch, once for each key."""
        isi, kunci = kirim.isi, kirim.kunci
        badan = json.dumps(isi, sort_keys=True)
        if kunci in self.kunci:
            lama, jawaban = self.kunci[kunci]
            if lama is None:
                raise Menolak(409, "KUNCI_DITUTUP")
            if lama != badan:
                raise Menolak(409, "KUNCI_DIPAKAI")
            return dict(jawaban)
        tempat = (isi["unitup"], isi["thblrek"], isi["hari_baca"])
        _, unit, peran = self.pengguna[kirim.oleh]
        if tempat[0] not in unit or "ADMIN_CMT" not in peran:
            raise Menolak(403, "TIDAK_BERHAK")
        if tempat in self.tertutup:
            raise Menolak(409, "FUNGSI2_TERTUTUP")
        satu = self._posting if kirim.jenis == "posting" else self._batal
        hasil = [satu(self.baris.get(tempat, {}), kirim, b) for b in isi["baris"]]
        self.kunci[kunci] = (badan, {"kunci": kunci, "hasil": hasil})
        return dict(self.kunci[kunci][1])

    def _posting(self, ada: dict[str, Baris], kirim: Kiriman, baris: Isi) -> dict[str, Any]:
        idpel, b = baris["idpel"], ada.get(baris["idpel"])
        nomor = kirim.isi["no_pengesahan"]
        if b is None:
            return self._putus(nomor, idpel, "DITOLAK", None, "IDPEL_TIDAK_DIKENAL")
        if b.kodeposting == 3:
            return self._putus(nomor, idpel, "DITOLAK", 3, "SUDAH_SUPLAI_STAN")
        if b.kodeposting == 1:
            if all(_sama(getattr(b, kolom), baris.get(kolom)) for kolom in NILAI):
                return self._putus(nomor, idpel, "SUDAH_POSTING", 1)
            return self._putus(nomor, idpel, "DITOLAK", 1, "STAN_BERBEDA")
        if idpel in self.tolak:
            return self._putus(nomor, idpel, "DITOLAK", 0, self.tolak[idpel])
        self._ubah(b, idpel, 1, nomor, kirim.oleh, kirim.kunci, baris)
        return self._putus(nomor, idpel, "POSTING", 1)

    def _batal(self, ada: dict[str, Baris], kirim: Kiriman, baris: Isi) -> dict[str, Any]:
        idpel, b = baris["idpel"], ada.get(baris["idpel"])
        nomor = kirim.isi["no_pembatalan"]
        if b is None:
            return self._putus(nomor, idpel, "DITOLAK", None, "IDPEL_TIDAK_DIKENAL")
        if b.kodeposting == 3:
            return self._putus(nomor, idpel, "DITOLAK", 3, "SUDAH_SUPLAI_STAN")
        if b.kodeposting == 0:
            return self._putus(nomor, idpel, "BELUM_POSTING", 0)
        if b.no_pengesahan != baris["no_pengesahan"]:
            return self._putus(nomor, idpel, "DITOLAK", 1, "BEDA_PENGESAHAN")
        self._ubah(b, idpel, 0, nomor, kirim.oleh, kirim.kunci, {})
        return self._putus(nomor, idpel, "BATAL", 0)

    def _putus(self, nomor: str, idpel: str, status: str, kode: int | None, sebab: str | None = None) -> dict[str, Any]:
        self.jawab.append((self.urut(), nomor, idpel, status, sebab))
        return {"idpel": idpel, "status": status, "kodeposting": kode, "kode": sebab}

    def tiba_terlambat(self, sampai: float = inf) -> None:
        """Let requests arrive whose client gave up long ago: due by that request, or all that are still under way."""
        tiba = [kirim for kapan, kirim in self.tertunda if kapan <= sampai]
        self.tertunda = [satu for satu in self.tertunda if satu[0] > sampai]
        for kirim in tiba:
            try:
                self.terapkan(kirim)
            except Menolak:
                continue

    # --------------------------------------------------------------------------------------------- requests

    def layani(self, permintaan: requests.PreparedRequest) -> tuple[int, Any]:
        """Answer a request as the contract says: status and body."""
        bagian = urlsplit(str(permintaan.url))
        jalan = bagian.path.strip("/").split("/")
        badan = json.loads(permintaan.body) if permintaan.body else {}
        try:
            if jalan == ["auth", "token"]:
                return 200, self._masuk(badan)
            if jalan == ["sehat"]:
                return 200, {}
            oleh = self._siapa(permintaan)
            apa = jalan[2]
            if apa == "kelompok":
                return 200, self._kelompok((jalan[3], jalan[4], jalan[5]))
            if apa == "batch":
                return self._batch(jalan[3], tutup=len(jalan) == 5)
            if permintaan.method == "GET":
                if "kursor=" not in bagian.query:
                    self.didaftar()
                return 200, self._daftar({k: v[0] for k, v in parse_qs(bagian.query).items()})
            return 200, self.terapkan(self._kiriman(permintaan, oleh, apa, badan))
        except Menolak as galat:
            return galat.status, {"title": galat.kode, "status": galat.status, "kode": galat.kode}

    def _kiriman(self, permintaan: requests.PreparedRequest, oleh: str, jenis: str, badan: Isi) -> Kiriman:
        return Kiriman(str(permintaan.headers["Idempotency-Key"]), self.urut(), oleh, jenis, badan)

    def _masuk(self, badan: Isi) -> dict[str, Any]:
        nama = badan["username"]
        sandi, unit, peran = self.pengguna.get(nama, (None, [], []))
        if sandi is None or sandi != badan["password"]:
            raise Menolak(401, "MASUK_GAGAL")
        token = f"t{self.urut()}"
        self.token[token] = nama, self.waktu() + timedelta(hours=1)
        return {"access_token": token, "token_type": "bearer", "expires_in": 3600, "unitup": unit, "peran": peran}

    def _siapa(self, permintaan: requests.PreparedRequest) -> str:
        ada = self.token.get(str(permintaan.headers.get("Authorization", "")).removeprefix("Bearer "))
        if ada is None or ada[1] <= self.waktu():
            raise Menolak(401, "TOKEN_TIDAK_SAH")
        return ada[0]

    def _kelompok(self, tempat: Tempat) -> dict[str, Any]:
        if tempat not in self.baris:
            raise Menolak(404, "TIDAK_DIKENAL")
        ada = [b.kodeposting for b in self.baris[tempat].values()]
        jumlah = {f"posting_{k}": ada.count(k) for k in (0, 1, 3)}
        nama = dict(zip(("unitup", "thblrek", "hari_baca"), tempat, strict=True))
        return {**nama, "terbuka": tempat not in self.tertutup, "jumlah": jumlah}

    def _batch(self, kunci: str, *, tutup: bool) -> tuple[int, Any]:
        if not tutup:
            if self.kunci.get(kunci, (None,))[0] is None:
                raise Menolak(404, "BELUM_DITERAPKAN")
            return 200, self.kunci[kunci][1]
        _, jawaban = self.kunci.setdefault(kunci, (None, None))
        return 200, {"diterapkan": jawaban is not None, "jawaban": jawaban}

    def _daftar(self, param: Isi) -> dict[str, Any]:
        ada = self.baris.get((param["unitup"], param["thblrek"], param["hari_baca"]), {})
        batas = min(int(param["batas"]), self.halaman)
        semua = sorted(i for i in ada if i > param.get("kursor", ""))
        isi = [{"idpel": i, **asdict(ada[i])} for i in semua[:batas]]
        return {"baris": isi, "kursor_berikut": semua[batas - 1] if len(semua) > batas else None}

    def pastikan(self, permintaan: requests.PreparedRequest, status: int, *, jujur: bool) -> None:
        """Note of which keys the client now knows the outcome for sure: a whole, true answer reached it."""
        cocok = re.search(r"/batch/([^/]+)", str(permintaan.url))
        kunci = cocok[1] if cocok else permintaan.headers.get("Idempotency-Key")
        tanya = cocok is not None and status == 404
        if kunci and jujur and not tanya and (status == 200 or 400 <= status < 429) and status != 401:
            for kirim in self.kiriman:
                if kirim.kunci == kunci and kirim.pasti is None:
                    kirim.pasti = self.urut()


def _sama(satu: str | None, lain: str | None) -> bool:
    return satu == lain if satu is None or lain is None else Decimal(satu) == Decimal(lain)


class Adaptor(BaseAdapter):
    """Carries requests to AP2T, with what befalls them on the way."""

    def __init__(self, toko: Ap2t) -> None:
        super().__init__()
        self.toko = toko

    def close(self) -> None:
        """Nothing stays open."""

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        """Deliver one request."""
        toko = self.toko
        nama = f"{request.method} {urlsplit(str(request.url)).path}"
        toko.batas(f"sebelum {nama}")
        toko.permintaan += 1
        toko.lama(0.02)
        toko.tiba_terlambat(toko.permintaan)
        gangguan = toko.gangguan(nama)
        kirim = self._berangkat(request) if gangguan != "tolak sambungan" else None
        jawaban = self._sampai(request, gangguan, kirim)
        toko.batas(f"sesudah {nama}")
        return jawaban

    def _berangkat(self, request: requests.PreparedRequest) -> Kiriman | None:
        """Write down a batch that leaves, whatever becomes of it."""
        if "Idempotency-Key" not in request.headers:
            return None
        try:
            oleh = self.toko._siapa(request)
        except Menolak:
            return None
        jenis = str(request.url).rsplit("/", 1)[-1]
        kirim = self.toko._kiriman(request, oleh, jenis, json.loads(request.body or b"{}"))
        self.toko.berangkat(kirim)
        self.toko.kiriman.append(kirim)
        return kirim

    def _sampai(
        self, request: requests.PreparedRequest, gangguan: str | None, kirim: Kiriman | None
    ) -> requests.Response:
        toko, apa = self.toko, gangguan or ""
        if apa == "tolak sambungan":
            asal = MaxRetryError(None, URL, NewConnectionError(None, "refused"))  # type: ignore[arg-type]
            raise requests.ConnectionError(asal)
        if apa in ("hilang", "nanti"):
            if apa == "nanti" and kirim is not None:
                toko.tertunda.append((toko.permintaan + (1, 2, 2, 2, 7)[kirim.urut % 5], kirim))
            raise self._diam(request)
        if apa == "restart":
            toko.token.clear()
        elif apa == "hangus":
            toko.token.pop(str(request.headers.get("Authorization", "")).removeprefix("Bearer "), None)
        if apa in _DITOLAK:
            status, isi, kepala = _DITOLAK[apa](toko)
            toko.pastikan(request, status, jujur=True)
            if apa == "bentuk" and kirim is not None and len(kirim.isi["baris"]) == 1:
                nomor = kirim.isi.get("no_pembatalan") or kirim.isi["no_pengesahan"]
                toko._putus(nomor, kirim.isi["baris"][0]["idpel"], "DITOLAK", None, "BENTUK")
            return self._jawaban(request, status, isi, kepala)
        if apa == "ganda":
            toko.layani(request)
        status, isi = toko.layani(request)
        jawaban = self._jawab(request, apa, status, isi)
        if jawaban.status_code == 401 and kirim is not None:
            kirim.pasti = toko.urut()  # this one was turned away at the door; its key may come again
        return jawaban

    def _jawab(self, request: requests.PreparedRequest, apa: str, status: int, isi: Any) -> requests.Response:
        if apa == "jawaban hilang":
            raise self._diam(request)
        if apa == "potong":
            raise requests.exceptions.ChunkedEncodingError(ProtocolError("cut", IncompleteRead(1, 9)))
        if apa == "500 sesudah":
            return self._jawaban(request, 500, {"title": "x", "status": 500, "kode": "GALAT"})
        if apa == "tetes":
            tenggat = Tenggat.kini()
            assert tenggat is not None
            tenggat._putus()  # what its timer does
            self.toko.lama(60.0)
            return self._jawaban(request, status, isi)
        jujur = not apa.startswith("bohong")
        if not jujur and status == 200:
            isi = _bohong(apa.removeprefix("bohong "), isi)
        self.toko.pastikan(request, status, jujur=jujur or status != 200)
        return self._jawaban(request, status, isi)

    def _diam(self, request: requests.PreparedRequest) -> Exception:
        if self.toko.permintaan % 2:
            return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")))
        self.toko.lama(60.0)
        return requests.ReadTimeout("read timed out", request=request)

    @staticmethod
    def _jawaban(
        request: requests.PreparedRequest, status: int, isi: Any, kepala: Mapping[str, str] | None = None
    ) -> requests.Response:
        r = requests.Response()
        r.status_code, r.request, r.url = status, request, str(request.url)
        r._content = isi if isinstance(isi, bytes) else json.dumps(isi).encode()
        r.headers = CaseInsensitiveDict({"Content-Type": "application/json", **(kepala or {})})
        return r


def _masalah(status: int, kode: str) -> dict[str, Any]:
    return {"title": kode, "status": status, "kode": kode}


_DITOLAK: dict[str, Callable[[Ap2t], tuple[int, Any, Mapping[str, str]]]] = {
    "sibuk": lambda toko: (429, _masalah(429, "SIBUK"), {"Retry-After": "7"}),
    "sibuk sampai": lambda toko: (
        429,
        _masalah(429, "SIBUK"),
        {"Retry-After": format_datetime((toko.waktu() + timedelta(seconds=30)).astimezone(UTC), usegmt=True)},
    ),
    "503 sebelum": lambda toko: (503, _masalah(503, "GALAT"), {}),
    "bentuk": lambda toko: (400, _masalah(400, "BENTUK"), {}),
    "tertutup": lambda toko: (409, _masalah(409, "FUNGSI2_TERTUTUP"), {}),
}
"""Faults in which AP2T's gateway answers by itself, and nothing is applied."""


def _bohong(apa: str, isi: Any) -> Any:
    """Say something else than what is so."""
    if apa == "bukan json":
        return b"<html>gateway</html>"
    if apa == "kosong" or "hasil" not in isi or not isi["hasil"]:
        return {}
    hasil = [dict(satu) for satu in isi["hasil"]]
    isi = {**isi, "hasil": hasil}
    if apa == "kunci lain":
        isi["kunci"] = "00000000-0000-4000-8000-000000000000"
    elif apa == "baris kurang":
        del hasil[-1]
    elif apa == "baris dua kali":
        hasil.append(hasil[0])
    elif apa == "status asing":
        hasil[0]["status"] = "SELESAI"
    else:
        hasil[0] |= {"status": "POSTING", "kodeposting": 0, "kode": None}
    return isi

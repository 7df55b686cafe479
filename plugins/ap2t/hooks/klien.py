"""HTTP to AP2T: one request, its errors sorted, and waiting where trying again is safe.

Every failure is sorted by one question: did the request leave, and could it have been applied?

=====================================================  ================================
no connection, no login, 429                           ``Ap2tTidakTerjangkau`` (surely not applied)
no answer in time, connection lost, 5xx                ``Ap2tTidakPasti`` (perhaps applied)
an answer outside the contract (also 3xx, odd 4xx)     ``Ap2tMelanggarKontrak``, a kind of ``Ap2tTidakPasti``
400, 403, 404, 409, 413                                ``Ap2tMenolak`` (nothing changed)
=====================================================  ================================

No message holds a password, a token or an answer's body: only status and kode.
"""

from __future__ import annotations

import logging
import random
import re
import ssl
import threading
import weakref
from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import requests
from requests.auth import AuthBase
from tenacity import RetryCallState, Retrying, retry_if_exception
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError, ProxyError

from ap2t import jam, metrik
from ap2t.domain.teks import dari_json
from ap2t.galat import Ap2tMelanggarKontrak, Ap2tMenolak, Ap2tTidakPasti, Ap2tTidakTerjangkau, GalatAp2t
from ap2t.hooks.tenggat import Tenggat, sesi_bertenggat

catatan = logging.getLogger(__name__)
Hasil = TypeVar("Hasil")

MENOLAK = frozenset({400, 403, 404, 409, 413})
RUTE_AKHIR = frozenset({"posting", "pembatalan", "tutup"})
TUNGGU_MAKS = 60.0
"""Longest single wait that a Retry-After may ask of us, seconds."""


class Permintaan(NamedTuple):
    """One request. ``tentang`` names it in messages."""

    metode: str
    jalan: str
    tentang: str
    badan: bytes | None = None
    kunci: str | None = None
    param: dict[str, str] | None = None

    @property
    def rute(self) -> str:
        """The route in one word, for metrics: never a unit, a key or a person."""
        bagian = self.jalan.strip("/").split("/")
        if bagian[0] != "v1":
            return {"auth": "masuk", "sehat": "sehat"}.get(bagian[0], "lain")
        if bagian[-1] == "posting" and self.metode == "GET":
            return "daftar"
        return bagian[-1] if bagian[-1] in RUTE_AKHIR else bagian[2] if bagian[2:] else "lain"


class Pembawa(AuthBase):
    """Sets our token. As requests' own ``auth`` it also keeps a .netrc from replacing it."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, prepared_request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header, if there is a token."""
        if self._token is not None:
            prepared_request.headers["Authorization"] = f"Bearer {self._token}"
        return prepared_request


class Saluran:
    """Requests to one address: a session per thread (a requests session is not made for sharing), no redirects."""

    def __init__(self, base_url: str, timeout: tuple[float, float]) -> None:
        self.base_url, self._timeout = base_url, timeout
        self._lokal = threading.local()
        self._sesi: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._kunci = threading.Lock()

    def _sesi_ini(self) -> requests.Session:
        sesi: requests.Session | None = getattr(self._lokal, "sesi", None)
        if sesi is None:
            sesi = self._lokal.sesi = sesi_bertenggat(pool_connections=1, pool_maxsize=1, max_retries=0)
            with self._kunci:
                self._sesi.add(sesi)
        return sesi

    def tutup(self) -> None:
        """Close the connections of all threads."""
        with self._kunci:
            semua = list(self._sesi)
        for sesi in semua:
            sesi.close()

    def kirim(self, permintaan: Permintaan, token: str | None) -> requests.Response:
        """Send once and return whatever answer came. How long it took is measured by route and by how it ended.

        :raises Ap2tTidakTerjangkau: none came, and the request surely never left.
        :raises Ap2tTidakPasti: none came, and it may have been applied.
        """
        awal = perf_counter()
        try:
            jawaban = self._kirim_sekali(permintaan, token)
        except GalatAp2t as galat:
            _catat_metrik(
                permintaan, "tidak_terjangkau" if isinstance(galat, Ap2tTidakTerjangkau) else "tanpa_jawaban", awal
            )
            raise
        _catat_metrik(permintaan, _golongan(jawaban.status_code), awal)
        return jawaban

    def _kirim_sekali(self, permintaan: Permintaan, token: str | None) -> requests.Response:
        kepala = {"Accept": "application/json", "User-Agent": "ap2t-pengesahan"}
        if permintaan.badan is not None:
            kepala["Content-Type"] = "application/json"
        if permintaan.kunci is not None:
            kepala["Idempotency-Key"] = permintaan.kunci
        hasil: GalatAp2t | None = None
        with Tenggat(self._timeout[1]) as tenggat:
            try:
                jawaban = self._sesi_ini().request(
                    permintaan.metode,
                    self.base_url + permintaan.jalan,
                    params=permintaan.param,
                    data=permintaan.badan,
                    headers=kepala,
                    auth=Pembawa(token),
                    timeout=self._timeout,
                    allow_redirects=False,
                )
            except (requests.RequestException, HTTPError, OSError) as galat:
                hasil = _tanpa_jawaban(permintaan, galat)
        if tenggat.lewat and not isinstance(hasil, Ap2tTidakTerjangkau):  # what was cut off may look whole
            dalam = f"dalam {self._timeout[1]:g} detik"
            hasil = Ap2tTidakPasti(f"AP2T tidak selesai menjawab {permintaan.tentang} {dalam}. {_saran(permintaan)}")
        if hasil is not None:
            raise hasil  # outside the except: the cause holds the request, and with it the token
        return jawaban


def _golongan(status: int) -> str:
    """Sort an answer for metrics."""
    if status == 429:
        return "sibuk"
    return {2: "baik", 4: "ditolak", 5: "galat"}.get(status // 100, "di_luar_kontrak")


def _catat_metrik(permintaan: Permintaan, golongan: str, awal: float) -> None:
    metrik.lama(f"ap2t.lama.{permintaan.rute}.{golongan}", perf_counter() - awal)
    if golongan != "baik":
        metrik.tambah(f"ap2t.galat.{golongan}")


def _tanpa_jawaban(permintaan: Permintaan, galat: Exception) -> GalatAp2t:
    """Sort a failure without an answer by whether there was a connection to send on."""
    if _tidak_tersambung(galat):
        return Ap2tTidakTerjangkau(
            f"AP2T tidak dapat dihubungi untuk {permintaan.tentang} ({type(galat).__name__}). Permintaan belum "
            "terkirim; periksa jaringan dan alamat gateway AP2T."
        )
    return Ap2tTidakPasti(f"AP2T tidak menjawab {permintaan.tentang} ({type(galat).__name__}). {_saran(permintaan)}")


def _saran(permintaan: Permintaan) -> str:
    """Say what to do after an unclear outcome, which only a write leaves behind."""
    if permintaan.kunci is None:
        return "Ini boleh diminta lagi; bila tetap begitu, hubungi pengelola gateway AP2T."
    return "Mungkin sudah, mungkin belum diterapkan: tanyakan hasilnya ke AP2T sebelum mengirim lagi."


def _tidak_tersambung(galat: Exception) -> bool:
    """Tell whether the request surely never left: refused, unknown name, connect timeout, bad certificate."""
    if isinstance(galat, requests.ConnectTimeout):
        return True
    sebab: Any = galat.args[0] if galat.args else None
    if isinstance(sebab, MaxRetryError):
        sebab = sebab.reason
    if isinstance(sebab, ProxyError):
        sebab = sebab.original_error
    if isinstance(sebab, NewConnectionError | ConnectTimeoutError):
        return True
    akar = sebab.args[0] if isinstance(sebab, HTTPError) and sebab.args else sebab
    return isinstance(akar, ssl.SSLCertVerificationError)


def isi_jawaban(permintaan: Permintaan, jawaban: requests.Response) -> bytes:
    """Return the body of a 200.

    :raises GalatAp2t: the answer is another, sorted (401 is the client's to handle before).
    """
    status = jawaban.status_code
    if status == 200:
        return jawaban.content
    kode = _kode(jawaban)
    rinci: dict[str, Any] = {"kode": kode, "status": status, "tunggu": _tunggu(jawaban)}
    cap = f"{permintaan.tentang}: {status} {kode or ''}".strip()
    if status == 429:
        raise Ap2tTidakTerjangkau(f"AP2T sedang sibuk, belum melayani {cap}. Kirim lagi nanti.", **rinci)
    if status in MENOLAK:
        raise Ap2tMenolak(f"AP2T menolak {cap}. Tidak ada yang berubah; perbaiki sebabnya dahulu.", **rinci)
    if status >= 500:
        raise Ap2tTidakPasti(f"AP2T gagal menjawab {cap}. {_saran(permintaan)}", **rinci)
    raise Ap2tMelanggarKontrak(
        f"AP2T menjawab di luar kontrak untuk {cap}. Periksa alamat dan gateway AP2T bersama pengelolanya.", **rinci
    )


def _kode(jawaban: requests.Response) -> str | None:
    """Return the contract's code of a problem+json. Nothing else of it goes into a message, as task logs are open."""
    try:
        isi = dari_json(jawaban.content)  # whatever the header calls it; in UTF-8, -16 or -32, with or without a mark
    except ValueError:
        return None
    kode = isi.get("kode") if isinstance(isi, dict) else None
    return kode if isinstance(kode, str) and re.fullmatch(r"[A-Z0-9_]{1,64}", kode) else None


def _tunggu(jawaban: requests.Response) -> float | None:
    """Return Retry-After in seconds, where it is a number."""
    teks = jawaban.headers.get("Retry-After", "").strip()
    return float(teks) if re.fullmatch(r"[0-9]{1,6}([.][0-9]{1,3})?", teks) else None


def ulangi(kerja: Callable[[], Hasil], penundaan_maks: float) -> Hasil:
    """Do something that may safely be done again, until it works, for at most ``penundaan_maks`` seconds.

    Waits grow from 0.2 s to 10 s with jitter; a Retry-After is honoured up to ``TUNGGU_MAKS``. A wait that
    would go past the limit is not begun: the last error is raised instead.
    """
    awal = jam.monoton()

    def berhenti(keadaan: RetryCallState) -> bool:
        lewat = max(jam.monoton() - awal, keadaan.idle_for)
        return lewat + keadaan.upcoming_sleep > penundaan_maks

    def lama(keadaan: RetryCallState) -> float:
        galat = keadaan.outcome.exception() if keadaan.outcome else None
        diminta = min(getattr(galat, "tunggu", None) or 0.0, TUNGGU_MAKS)
        mundur = min(10.0, 0.2 * 2 ** min(keadaan.attempt_number - 1, 10))
        return float(max(diminta, mundur / 2)) + random.uniform(0, mundur / 2)  # noqa: S311 - jitter, not a secret

    def beri_tahu(keadaan: RetryCallState) -> None:
        galat = keadaan.outcome.exception() if keadaan.outcome else None
        catatan.warning("%s Dicoba lagi dalam %.1f detik.", galat, keadaan.upcoming_sleep)

    def boleh(galat: BaseException) -> bool:
        return isinstance(galat, Ap2tTidakTerjangkau | Ap2tTidakPasti) and not isinstance(galat, Ap2tMelanggarKontrak)

    coba = Retrying(
        stop=berhenti,
        wait=lama,
        retry=retry_if_exception(boleh),
        sleep=jam.tidur,
        before_sleep=beri_tahu,
        reraise=True,
    )
    return coba(kerja)

"""The client of the AP2T gateway: everything this project asks of AP2T goes through :class:`KlienAp2t`.

No Airflow here. Reads, settling and login try again by themselves; a write is sent once, and again only after a 401,
which says that nothing was applied. What to do after an uncertain write is the caller's to decide: ``tanya_batch``,
then ``tutup``, and a new key only when the old one is settled.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from ap2t.domain.model import idpel_sah
from ap2t.galat import Ap2tMasukGagal, Ap2tMelanggarKontrak, Ap2tMenolak, Ap2tTidakPasti, Ap2tTidakTerjangkau
from ap2t.hooks.klien import Permintaan, Saluran, isi_jawaban, ulangi
from ap2t.hooks.kontrak import (
    BarisAp2t,
    Halaman,
    HasilBatch,
    JawabanKelompok,
    JawabanMasuk,
    JawabanTutup,
    Jenis,
    melanggar,
    periksa_batch,
    urai,
)

BARIS_MAKS = 1000
"""Most rows of one batch, by the contract."""


class Masuk(NamedTuple):
    """What AP2T says of the user: units, roles, and how long the token lives in seconds (never the token)."""

    unitup: tuple[str, ...]
    peran: frozenset[str]
    berlaku_detik: int


class Badan(NamedTuple):
    """A batch's body: whom it is about, and the very text that is sent, its keys in order."""

    idpel: list[str]
    teks: bytes

    @classmethod
    def dari(cls, isi: Mapping[str, Any]) -> Self:
        """Write the contract's body, whose rows are ``baris``."""
        return cls(
            [str(baris["idpel"]) for baris in isi["baris"]], json.dumps(isi, allow_nan=False, sort_keys=True).encode()
        )

    def berisi(self, idpel: list[str], baris: Sequence[str]) -> Self:
        """Return a body without rows with these, which are JSON already."""
        tanpa = b'{"baris": []'
        if not self.teks.startswith(tanpa):
            raise ValueError("the body has rows")
        isi = f'{{"baris": [{", ".join(baris)}]'.encode()
        return self._replace(idpel=idpel, teks=isi + self.teks.removeprefix(tanpa))


class KlienAp2t:
    """AP2T as one user sees it, for any number of threads.

    :param base_url: the gateway's address, ``http(s)://host[:port]``, without credentials.
    :param timeout: seconds to connect, and for the whole answer, however slowly it comes.
    :param penundaan_maks: longest time, in seconds, that reads, settling and login go on trying.
    """

    def __init__(
        self,
        base_url: str,
        username: str,
        password: str,
        *,
        timeout: tuple[float, float] = (5, 60),
        penundaan_maks: float = 120.0,
    ) -> None:
        bagian = urlsplit(base_url)
        if bagian.scheme not in {"http", "https"} or not bagian.hostname or "@" in bagian.netloc or bagian.query:
            raise ValueError("Alamat AP2T harus http://host:port atau https://host:port, tanpa nama dan sandi.")
        self._username, self._password = username, password
        self._saluran = Saluran(base_url.rstrip("/"), timeout)
        self._penundaan_maks = penundaan_maks
        self._kunci_masuk = threading.Lock()
        self._token: tuple[str, Masuk] | None = None
        self._ditolak: Ap2tMasukGagal | None = None

    def __repr__(self) -> str:
        return f"KlienAp2t({self._saluran.base_url!r}, username={self._username!r})"

    def tutup_koneksi(self) -> None:
        """Close the connections and forget the token."""
        self._token = None
        self._saluran.tutup()

    def masuk(self) -> Masuk:
        """Log in anew and say what the user may do.

        :raises Ap2tMasukGagal: AP2T refuses the user. :raises Ap2tTidakTerjangkau: it does not answer.
        """
        self._ditolak = None
        return self._pastikan_token(self._token and self._token[0])[1]

    def _pastikan_token(self, usang: str | None) -> tuple[str, Masuk]:
        """Return a token other than ``usang``. One thread logs in, and the others use what it got.

        A refused password is remembered: threads that kept trying it would lock the user out.
        """
        with self._kunci_masuk:
            if self._ditolak is not None:
                raise Ap2tMasukGagal(str(self._ditolak), kode=self._ditolak.kode, status=self._ditolak.status)
            if self._token is None or self._token[0] == usang:
                try:
                    jawaban = ulangi(self._minta_token, self._penundaan_maks)
                except Ap2tMasukGagal as galat:
                    self._ditolak = galat
                    raise
                except Ap2tTidakPasti as galat:
                    # For whoever wanted to send something: it never left.
                    belum = Ap2tTidakTerjangkau(str(galat), kode=galat.kode, status=galat.status, tunggu=galat.tunggu)
                    raise belum from None
                hak = Masuk(jawaban.unitup, frozenset(jawaban.peran), jawaban.expires_in)
                self._token = (jawaban.access_token, hak)
            return self._token

    def _minta_token(self) -> JawabanMasuk:
        badan = json.dumps({"username": self._username, "password": self._password}).encode()
        permintaan = Permintaan("POST", "/auth/token", f"masuk sebagai {self._username}", badan)
        jawaban = self._saluran.kirim(permintaan, None)
        if jawaban.status_code == 401:
            kalimat = f"AP2T menolak nama pengguna atau sandi {self._username}. Perbarui koneksi AP2T orang itu."
            raise Ap2tMasukGagal(kalimat, kode="MASUK_GAGAL", status=401)
        try:
            return urai(JawabanMasuk, isi_jawaban(permintaan, jawaban), permintaan.tentang)
        except (Ap2tMenolak, Ap2tMelanggarKontrak) as galat:
            gagal = Ap2tMasukGagal(str(galat), kode=galat.kode, status=galat.status)
        raise gagal

    def _minta(self, permintaan: Permintaan) -> bytes:
        """Send with a token and return a 200's body. On a 401 log in again once and send the very same again."""
        token, _ = self._token or self._pastikan_token(None)
        jawaban = self._saluran.kirim(permintaan, token)
        if jawaban.status_code == 401:
            token, _ = self._pastikan_token(token)
            jawaban = self._saluran.kirim(permintaan, token)
        if jawaban.status_code == 401:
            siapa = f"{self._username} untuk {permintaan.tentang} sesudah masuk ulang"
            raise Ap2tMasukGagal(
                f"AP2T tetap menolak {siapa}. Periksa penggunanya.", kode="TOKEN_TIDAK_SAH", status=401
            )
        return isi_jawaban(permintaan, jawaban)

    def _minta_ulang(self, permintaan: Permintaan) -> bytes:
        """Do a request that may be repeated, until it is answered."""
        return ulangi(lambda: self._minta(permintaan), self._penundaan_maks)

    def sehat(self) -> None:
        """Ask once whether the gateway is up, without a token: nothing is tried again, nobody can be locked out.

        :raises GalatAp2t: it does not answer, or answers anything but 200.
        """
        permintaan = Permintaan("GET", "/sehat", "apakah gateway hidup")
        isi_jawaban(permintaan, self._saluran.kirim(permintaan, None))

    def kelompok(self, unitup: str, thblrek: str, hari_baca: str) -> JawabanKelompok:
        """Return the state of a kelompok: is the period open, and how many rows stand where.

        :raises Ap2tMenolak: AP2T does not know it (404).
        """
        tentang = f"kelompok {unitup}/{thblrek}/{hari_baca}"
        badan = self._minta_ulang(Permintaan("GET", f"/v1/fungsi2/kelompok/{unitup}/{thblrek}/{hari_baca}", tentang))
        isi = urai(JawabanKelompok, badan, tentang)
        if (isi.unitup, isi.thblrek, isi.hari_baca) != (unitup, thblrek, hari_baca):
            raise melanggar(tentang, "jawabannya tentang kelompok lain")
        return isi

    def daftar(self, unitup: str, thblrek: str, hari_baca: str, batas: int = 5000) -> Iterator[BarisAp2t]:
        """Yield every row of a kelompok by ascending idpel, page after page.

        :raises Ap2tMelanggarKontrak: rows out of order or repeated, or a cursor that does not move on.
        """
        tentang = f"daftar {unitup}/{thblrek}/{hari_baca}"
        param = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca, "batas": str(batas)}
        terakhir = ""
        while True:
            badan = self._minta_ulang(Permintaan("GET", "/v1/fungsi2/posting", tentang, param=param))
            halaman = urai(Halaman, badan, tentang)
            _periksa_halaman(halaman, tentang, terakhir, param.get("kursor"), batas)
            yield from halaman.baris
            if halaman.kursor_berikut is None:
                return
            terakhir = halaman.baris[-1].idpel
            param["kursor"] = halaman.kursor_berikut

    def kirim_posting(self, kunci: str, badan: Badan) -> HasilBatch:
        """Post a batch once under its Idempotency-Key.

        :raises Ap2tTidakTerjangkau: surely not applied; the same key may be sent again.
        :raises Ap2tTidakPasti: perhaps applied (also Ap2tMelanggarKontrak): ask with ``tanya_batch``.
        :raises Ap2tMenolak: refused as a whole, ``kode`` says why; nothing changed.
        """
        return self._tulis(kunci, badan, Jenis.POSTING)

    def kirim_pembatalan(self, kunci: str, badan: Badan) -> HasilBatch:
        """Cancel a batch of approvals once under its Idempotency-Key. Errors as of ``kirim_posting``."""
        return self._tulis(kunci, badan, Jenis.PEMBATALAN)

    def _tulis(self, kunci: str, badan: Badan, jenis: Jenis) -> HasilBatch:
        idpel = badan.idpel
        if not 1 <= len(idpel) <= BARIS_MAKS or len(set(idpel)) != len(idpel):
            raise ValueError(f"Satu batch {jenis} harus 1 sampai {BARIS_MAKS} idpel yang berbeda, bukan {len(idpel)}.")
        permintaan = Permintaan("POST", f"/v1/fungsi2/{jenis}", f"{jenis} {_uuid(kunci)}", badan.teks, _uuid(kunci))
        hasil = urai(HasilBatch, self._minta(permintaan), permintaan.tentang)
        return periksa_batch(hasil, kunci, idpel=idpel, jenis=jenis)

    def tanya_batch(
        self, kunci: str, *, idpel: Collection[str] | None = None, jenis: Jenis | None = None
    ) -> HasilBatch | None:
        """Ask what became of a batch. None: not applied so far, but the request may still be on its way."""
        permintaan = Permintaan("GET", f"/v1/fungsi2/batch/{_uuid(kunci)}", f"hasil batch {_uuid(kunci)}")
        try:
            badan = self._minta_ulang(permintaan)
        except Ap2tMenolak as galat:
            if galat.status == 404:
                return None
            raise
        hasil = urai(HasilBatch, badan, permintaan.tentang)
        return periksa_batch(hasil, kunci, idpel=idpel, jenis=jenis, wajib_kode=False)

    def tutup_kunci(
        self, kunci: str, *, idpel: Collection[str] | None = None, jenis: Jenis | None = None
    ) -> HasilBatch | None:
        """Settle a key for good: its answer if it was applied. None: the key is void, and nothing can come of it."""
        permintaan = Permintaan("POST", f"/v1/fungsi2/batch/{_uuid(kunci)}/tutup", f"penutupan batch {_uuid(kunci)}")
        isi = urai(JawabanTutup, self._minta_ulang(permintaan), permintaan.tentang)
        if isi.diterapkan != (isi.jawaban is not None):
            raise melanggar(permintaan.tentang, "diterapkan dan jawaban tidak cocok")
        if isi.jawaban is None:
            return None
        return periksa_batch(isi.jawaban, kunci, idpel=idpel, jenis=jenis, wajib_kode=False)


def _uuid(kunci: str) -> str:
    """Return a key in its canonical form, which alone may go into a path."""
    if not re.fullmatch(r"[0-9a-fA-F-]{36}", kunci):
        raise ValueError("Kunci batch harus UUID.")
    return str(uuid.UUID(kunci))


def _periksa_halaman(halaman: Halaman, tentang: str, terakhir: str, kursor: str | None, batas: int) -> None:
    """Check that a page goes on where the last one ended, strictly upwards, and that its cursor moves on."""
    if len(halaman.baris) > batas:
        raise melanggar(tentang, "halaman lebih panjang daripada yang diminta")
    for baris in halaman.baris:
        if not idpel_sah(baris.idpel):
            raise melanggar(tentang, "ada idpel yang bukan nomor pelanggan")
        if baris.idpel <= terakhir:
            raise melanggar(tentang, f"idpel tidak naik pada {baris.idpel}")
        terakhir = baris.idpel
    if halaman.kursor_berikut is not None and (not halaman.baris or halaman.kursor_berikut == kursor):
        raise melanggar(tentang, "kursor tidak bergerak maju")

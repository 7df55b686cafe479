"""What AP2T may answer: models of the contract, and the checks a schema cannot say.

Whatever does not fit raises :class:`~ap2t.galat.Ap2tMelanggarKontrak` without quoting the answer: it may hold readings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec

from ap2t.domain.kode import StatusHasil
from ap2t.domain.model import idpel_sah
from ap2t.domain.teks import dari_json, satu_baris
from ap2t.galat import Ap2tMelanggarKontrak

KODE_LAIN = "KODE_TIDAK_SAH"
"""Stands for a code that has not a code's form: it may be a sentence about a customer, and logs are open."""
Unitup = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{5}\Z")]
Kodeposting = Literal[0, 1, 3]
Status = Literal["POSTING", "SUDAH_POSTING", "BATAL", "BELUM_POSTING", "DITOLAK"]
Cacah = Annotated[int, msgspec.Meta(ge=0)]
Idpel = Annotated[str, msgspec.Meta(min_length=12, max_length=12)]
"""That it is made of digits whoever takes the rows looks at, all at once."""


class Jenis(StrEnum):
    """The two kinds of write."""

    POSTING = "posting"
    PEMBATALAN = "pembatalan"


KODEPOSTING: dict[Jenis, dict[str, int]] = {
    Jenis.POSTING: {StatusHasil.POSTING: 1, StatusHasil.SUDAH_POSTING: 1},
    Jenis.PEMBATALAN: {StatusHasil.BATAL: 0, StatusHasil.BELUM_POSTING: 0},
}
"""Which kodeposting a status means; DITOLAK may stand with any."""


class _Jawaban(msgspec.Struct, frozen=True):
    """An answer: right types, unknown keys ignored, never changed, values never shown."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class JawabanMasuk(_Jawaban, frozen=True):
    """Answer to a login."""

    access_token: Annotated[str, msgspec.Meta(pattern=r"^[!-~]+\Z")]
    token_type: Annotated[str, msgspec.Meta(pattern=r"^(?i:bearer)\Z")]
    expires_in: int
    unitup: tuple[Unitup, ...]
    peran: tuple[Literal["ADMIN_CMT", "BACA"], ...]


class Jumlah(_Jawaban, frozen=True):
    """Rows per kodeposting."""

    posting_0: Cacah
    posting_1: Cacah
    posting_3: Cacah


class JawabanKelompok(_Jawaban, frozen=True):
    """Answer about one kelompok hari baca."""

    unitup: Unitup
    thblrek: str
    hari_baca: str
    terbuka: bool
    jumlah: Jumlah


class Kode(str):
    """AP2T's code for a reason, or ``KODE_LAIN``."""

    __slots__ = ()


class BarisAp2t(_Jawaban, frozen=True, gc=False):
    """One customer as AP2T holds it. Numbers are text, exactly as AP2T gave them; ``waktu`` is ISO 8601."""

    idpel: Idpel
    kodeposting: Kodeposting
    sahlwbp: str | None = None
    sahwbp: str | None = None
    sahkvarh: str | None = None
    pemkwh: str | None = None
    no_pengesahan: str | None = None
    oleh: str | None = None
    waktu: str | None = None


class Halaman(_Jawaban, frozen=True):
    """One page of a kelompok's rows."""

    baris: tuple[BarisAp2t, ...]
    kursor_berikut: str | None


class HasilBaris(_Jawaban, frozen=True, gc=False):
    """What became of one row of a batch."""

    idpel: Idpel
    status: Status
    kodeposting: Kodeposting | None
    kode: Kode | None = None
    pesan: str | None = None


class HasilBatch(_Jawaban, frozen=True):
    """What became of a batch: one result per row sent."""

    kunci: str
    hasil: tuple[HasilBaris, ...]


class JawabanTutup(_Jawaban, frozen=True):
    """Answer to settling a key."""

    diterapkan: bool
    jawaban: HasilBatch | None = None


Model = TypeVar("Model", bound=_Jawaban)


def _kode(_: type, isi: object) -> Kode:
    """Make a code out of what was read, for msgspec."""
    if not isinstance(isi, str):
        raise ValueError("str")
    return Kode(isi if not isi.strip() or re.fullmatch(r"[A-Z0-9_]{1,64}", isi) else KODE_LAIN)


_TULISAN = ("pesan", "no_pengesahan", "oleh", "waktu")
"""What a person or AP2T wrote. It is kept on one line, as the ledger holds no NUL."""


def _rapi(isi: Any) -> Any:
    """Write what does not print as its code, in all that people wrote."""
    if isinstance(isi, tuple):
        return tuple(map(_rapi, isi))
    if not isinstance(isi, msgspec.Struct):
        return isi
    ubah = {nama: _rapi(getattr(isi, nama)) for nama in isi.__struct_fields__}
    ubah |= {nama: satu_baris(nilai) for nama, nilai in ubah.items() if nama in _TULISAN and nilai}
    return type(isi)(**ubah)


def _unik(pasangan: list[tuple[str, object]]) -> None:
    """Refuse a key that stands twice: of two readers each may believe another one."""
    if len({nama for nama, _ in pasangan}) != len(pasangan):
        raise ValueError("duplicate key")


def _tolak(kata: str) -> None:
    """Refuse NaN and infinities, which JSON does not have."""
    raise ValueError(kata)


def urai(model: type[Model], badan: bytes, tentang: str) -> Model:
    """Read an answer's body.

    A byte order mark, or another of JSON's encodings, changes nothing of what it says.

    :raises Ap2tMelanggarKontrak: naming the place at fault, never its value.
    """
    sebab = ""
    try:
        kata = badan.decode(json.detect_encoding(badan))
        teks = kata.encode()
        hasil = msgspec.json.decode(teks, type=model, dec_hook=_kode)
        _periksa_tunggal(teks)
        return hasil if "\\" not in kata and kata.isprintable() else cast("Model", _rapi(hasil))
    except msgspec.ValidationError as galat:
        sebab = f"isinya tidak sesuai pada: {_tempat(str(galat))}"
    except msgspec.DecodeError:
        sebab = "isinya tidak sesuai pada: isi"
    except UnicodeError:
        sebab = "isinya bukan teks UTF-8"
    except (ValueError, RecursionError):
        sebab = "isinya memuat kunci ganda atau nilai yang bukan JSON"
    raise melanggar(tentang, sebab)  # outside the except: what was caught holds the answer


def _periksa_tunggal(teks: bytes) -> None:
    """Refuse a key that stands twice in an object. Where what was read is written as it stood, none does."""
    if msgspec.json.encode(msgspec.json.decode(teks)).replace(b" ", b"") != teks.replace(b" ", b""):
        dari_json(teks, object_pairs_hook=_unik, parse_constant=_tolak)


def _tempat(galat: str) -> str:
    """Return the place that msgspec's error names: ``hasil.0.kode``."""
    kurang = re.match(r"Object missing required field `(\w+)`", galat)
    jalan = re.search(r" - at `\$([\w.\[\]]*)`$", galat)
    bagian = re.findall(r"\w+", jalan[1]) if jalan else []
    return ".".join([*bagian, *(kurang.groups() if kurang else ())]) or "isi"


def melanggar(tentang: str, sebab: str) -> Ap2tMelanggarKontrak:
    """Build the error for an answer that is not believed."""
    return Ap2tMelanggarKontrak(
        f"Jawaban AP2T untuk {tentang} melanggar kontrak: {sebab[:200]}. Jawaban ini tidak dipakai; "
        "periksa gateway AP2T bersama pengelolanya."
    )


def periksa_batch(
    jawaban: HasilBatch,
    kunci: str,
    *,
    idpel: Collection[str] | None = None,
    jenis: Jenis | None = None,
    wajib_kode: bool = True,
) -> HasilBatch:
    """Believe a batch's answer only if it is about our key, our rows and our kind of write.

    :param idpel: the rows sent, where known: exactly one result for each and for no other.
    :param jenis: the kind of write, where known; else all results must at least be of one kind.
    :param wajib_kode: a refusal must say why. Not asked of a stored answer: the schema lets the code be null, and there
        is nobody else to ask.
    :raises Ap2tMelanggarKontrak: otherwise.
    """
    tentang = f"batch {kunci}"
    if jawaban.kunci.lower() != kunci.lower():
        raise melanggar(tentang, "kuncinya bukan kunci yang dikirim")
    ada = {baris.idpel for baris in jawaban.hasil}
    if len(ada) != len(jawaban.hasil):
        raise melanggar(tentang, "ada idpel yang dijawab lebih dari sekali")
    if not all(map(idpel_sah, ada)):
        raise melanggar(tentang, "ada idpel yang bukan nomor pelanggan")
    if idpel is not None and ada != set(idpel):
        kurang, lebih = len(set(idpel) - ada), len(ada - set(idpel))
        raise melanggar(tentang, f"{kurang} idpel tidak dijawab dan {lebih} idpel tidak pernah dikirim")
    _periksa_status(jawaban, tentang, jenis, wajib_kode)
    return jawaban


def _periksa_status(jawaban: HasilBatch, tentang: str, jenis: Jenis | None, wajib_kode: bool) -> None:
    """Check that statuses are of the kind of write, agree with their kodeposting, and give a kode when refused."""
    status = {baris.status for baris in jawaban.hasil} - {StatusHasil.DITOLAK}
    cocok = [satu for satu in ([jenis] if jenis else Jenis) if status <= KODEPOSTING[satu].keys()]
    if not cocok:
        raise melanggar(tentang, "status barisnya bukan status untuk kiriman ini")
    for baris in jawaban.hasil:
        if baris.status == StatusHasil.DITOLAK:
            if wajib_kode and not (baris.kode and baris.kode.strip()):
                raise melanggar(tentang, f"idpel {baris.idpel} ditolak tanpa kode")
        elif baris.kodeposting != KODEPOSTING[cocok[0]][baris.status]:
            raise melanggar(tentang, f"idpel {baris.idpel}: kodeposting tidak cocok dengan status {baris.status}")

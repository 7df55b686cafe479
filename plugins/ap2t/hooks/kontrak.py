"""What AP2T may answer: models of the contract, and the checks a schema cannot say.

Whatever does not fit raises :class:`~ap2t.galat.Ap2tMelanggarKontrak` without quoting the answer: it may hold readings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ap2t.domain.kode import StatusHasil
from ap2t.domain.teks import dari_json, satu_baris
from ap2t.galat import Ap2tMelanggarKontrak

KODE_LAIN = "KODE_TIDAK_SAH"
"""Stands for a code that has not a code's form: it may be a sentence about a customer, and logs are open."""


def _kode(kode: str) -> str:
    return kode if not kode.strip() or re.fullmatch(r"[A-Z0-9_]{1,64}", kode) else KODE_LAIN


Kode = Annotated[str, AfterValidator(_kode)]
Tulisan = Annotated[str, AfterValidator(satu_baris)]
"""What a person or AP2T wrote: with the codes of what does not print, as the ledger holds no NUL."""
Unitup = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
Idpel = Annotated[str, Field(pattern=r"^[0-9]{12}$")]


def _kodeposting(kode: int) -> int:
    if kode not in (0, 1, 3):
        raise ValueError("kodeposting")
    return kode


Kodeposting = Annotated[int, AfterValidator(_kodeposting)]
"""0, 1 or 3. As a ``Literal`` of these numbers ``false`` and ``true`` would count as 0 and 1."""
Status = Literal["POSTING", "SUDAH_POSTING", "BATAL", "BELUM_POSTING", "DITOLAK"]


class Jenis(StrEnum):
    """The two kinds of write."""

    POSTING = "posting"
    PEMBATALAN = "pembatalan"


KODEPOSTING: dict[Jenis, dict[str, int]] = {
    Jenis.POSTING: {StatusHasil.POSTING: 1, StatusHasil.SUDAH_POSTING: 1},
    Jenis.PEMBATALAN: {StatusHasil.BATAL: 0, StatusHasil.BELUM_POSTING: 0},
}
"""Which kodeposting a status means; DITOLAK may stand with any."""


class _Jawaban(BaseModel):
    """An answer: right types, unknown keys ignored, never changed, values never shown in an error."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class JawabanMasuk(_Jawaban):
    """Answer to a login."""

    access_token: str = Field(pattern=r"^[!-~]+$", repr=False)
    token_type: str = Field(pattern=r"^(?i:bearer)$")
    expires_in: int
    unitup: tuple[Unitup, ...]
    peran: tuple[Literal["ADMIN_CMT", "BACA"], ...]


class _Jumlah(_Jawaban):
    """Rows per kodeposting."""

    posting_0: int = Field(ge=0)
    posting_1: int = Field(ge=0)
    posting_3: int = Field(ge=0)


class JawabanKelompok(_Jawaban):
    """Answer about one kelompok hari baca."""

    unitup: Unitup
    thblrek: str
    hari_baca: str
    terbuka: bool
    jumlah: _Jumlah


class BarisAp2t(_Jawaban):
    """One customer as AP2T holds it. Numbers are text, exactly as AP2T gave them; ``waktu`` is ISO 8601."""

    idpel: Idpel
    kodeposting: Kodeposting
    sahlwbp: str | None = None
    sahwbp: str | None = None
    sahkvarh: str | None = None
    pemkwh: str | None = None
    no_pengesahan: Tulisan | None = None
    oleh: Tulisan | None = None
    waktu: Tulisan | None = None


class Halaman(_Jawaban):
    """One page of a kelompok's rows."""

    baris: tuple[BarisAp2t, ...]
    kursor_berikut: str | None


class HasilBaris(_Jawaban):
    """What became of one row of a batch."""

    idpel: Idpel
    status: Status
    kodeposting: Kodeposting | None
    kode: Kode | None = None
    pesan: Tulisan | None = None


class HasilBatch(_Jawaban):
    """What became of a batch: one result per row sent."""

    kunci: str
    hasil: tuple[HasilBaris, ...]


class JawabanTutup(_Jawaban):
    """Answer to settling a key."""

    diterapkan: bool
    jawaban: HasilBatch | None = None


Model = TypeVar("Model", bound=BaseModel)


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

    :raises Ap2tMelanggarKontrak: naming the places at fault, never their values.
    """
    sebab = ""
    try:
        teks = badan.decode(json.detect_encoding(badan))
        hasil = model.model_validate_json(teks)
        dari_json(teks, object_pairs_hook=_unik, parse_constant=_tolak)
        return hasil
    except ValidationError as galat:
        cacat = galat.errors(include_url=False, include_input=False, include_context=False)
        tempat = ", ".join(".".join(map(str, satu["loc"])) or "isi" for satu in cacat[:3])
        sebab = f"isinya tidak sesuai pada: {tempat}"
    except UnicodeDecodeError:
        sebab = "isinya bukan teks UTF-8"
    except ValueError:
        sebab = "isinya memuat kunci ganda atau nilai yang bukan JSON"
    raise melanggar(tentang, sebab)  # outside the except: what was caught holds the answer


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

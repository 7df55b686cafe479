"""Where a customer stands in the reading process, derived here and nowhere else (SOP 12.1, purpose 3).

Facts in, status out; docs/operator/status.md draws it. The order of precedence:

1. What AP2T holds wins over everything: 3 is SUPLAI_STAN, 1 is SUDAH_DISAHKAN, whoever brought it there.
2. A row whose session is approved and that has no outcome yet is DALAM_POSTING.
3. A row whose last fact in AP2T is a cancellation is DIBATALKAN until 1 or 2 holds again; ``tahap`` says how far it is.
4. The last word of a session: DIKEMBALIKAN, DITOLAK_AP2T, TERTAHAN, MENUNGGU_PERSETUJUAN. The first three hold only
   while the reading is what it was then; a reading that was corrected goes by its stamps again.
5. How far the reading is in ACMT: BELUM_DIBACA … TERKIRIM.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from ap2t.domain.kode import Berkata, SebabStatus, StatusHasil
from ap2t.domain.model import Bacaan, terisi
from ap2t.domain.stempel import PetugasUnit, periksa_stempel


class Status(Berkata):
    """Where a customer stands in one billing month, in the order of the procedure."""

    BELUM_DIBACA = "BELUM_DIBACA", "Belum dibaca"
    TERBACA = "TERBACA", "Terbaca"
    TERVERIFIKASI_PENGAWAS = "TERVERIFIKASI_PENGAWAS", "Terverifikasi Pengawas"
    TERVERIFIKASI = "TERVERIFIKASI", "Terverifikasi"
    TERKIRIM = "TERKIRIM", "Terkirim, belum disahkan"
    TERTAHAN = "TERTAHAN", "Tertahan"
    DIKEMBALIKAN = "DIKEMBALIKAN", "Dikembalikan"
    MENUNGGU_PERSETUJUAN = "MENUNGGU_PERSETUJUAN", "Menunggu persetujuan"
    DALAM_POSTING = "DALAM_POSTING", "Dalam posting"
    SUDAH_DISAHKAN = "SUDAH_DISAHKAN", "Sudah disahkan"
    DITOLAK_AP2T = "DITOLAK_AP2T", "Ditolak AP2T"
    DIBATALKAN = "DIBATALKAN", "Dibatalkan"
    SUPLAI_STAN = "SUPLAI_STAN", "Suplai stan"


TERPOSTING = frozenset({Status.SUDAH_DISAHKAN, Status.SUPLAI_STAN})
"""At 1 or 3 in AP2T; every other status is "belum disahkan" there."""

DARI_SUMBER = frozenset(
    {Status.BELUM_DIBACA, Status.TERBACA, Status.TERVERIFIKASI_PENGAWAS, Status.TERVERIFIKASI, Status.TERKIRIM}
)
"""How far the reading is in ACMT."""


class TindakLanjut(Berkata):
    """What became of a customer since an approver sent it back."""

    MENUNGGU_VENDOR = "MENUNGGU_VENDOR", "Menunggu vendor"
    DIVERIFIKASI_ULANG = "DIVERIFIKASI_ULANG", "Diverifikasi ulang, belum dikirim"
    DIKIRIM = "DIKIRIM", "Dikirim lagi"
    TERTAHAN = "TERTAHAN", "Tertahan"
    DISAHKAN = "DISAHKAN", "Disahkan"
    DITOLAK = "DITOLAK", "Ditolak AP2T"
    DIBATALKAN = "DIBATALKAN", "Dibatalkan"
    TANPA_ACMT = "TANPA_ACMT", "Tidak terlihat di ACMT"


DI_VENDOR = frozenset({TindakLanjut.MENUNGGU_VENDOR, TindakLanjut.DIVERIFIKASI_ULANG})
"""Whoever was sent back and has still to be sent anew."""
_MENURUT_BUKU = {
    Status.TERTAHAN: TindakLanjut.TERTAHAN,
    Status.MENUNGGU_PERSETUJUAN: TindakLanjut.DIKIRIM,
    Status.DALAM_POSTING: TindakLanjut.DIKIRIM,
    Status.SUDAH_DISAHKAN: TindakLanjut.DISAHKAN,
    Status.SUPLAI_STAN: TindakLanjut.DISAHKAN,
    Status.DITOLAK_AP2T: TindakLanjut.DITOLAK,
    Status.DIBATALKAN: TindakLanjut.DIBATALKAN,
}


class Menurut(StrEnum):
    """Whose word a status is."""

    ACMT = "ACMT"
    BUKU = "BUKU"
    AP2T = "AP2T"


class Posisi(NamedTuple):
    """The last thing known of what AP2T holds.

    ``kodeposting``: 1 or 3, or 0 after a cancellation. ``menurut``: AP2T's own list, looked at now, or our record of
    what it said. ``pada``: when. ``nomor``: of the session that learnt it, or the number AP2T shows.
    """

    kodeposting: int
    pada: datetime
    menurut: Menurut = Menurut.BUKU
    nomor: str | None = None
    luar: bool = False
    """Brought there by other hands than this system's."""


class Putaran(NamedTuple):
    """The last session whose snapshot holds the customer, and what it says of the row.

    ``pada``: when the snapshot was taken. ``alasan``: why the sieve holds it; none: it passed, or was not sieved yet.
    ``acmt_belum``: it was sent back, and ACMT has still to be told, so that whatever stamps it has are about to be
    cleared. ``hasil``, ``kode``: the row's outcome, if it has one. ``ditinggal``: a later snapshot of the kelompok left
    the customer out, so that its reading was not (any more) ready then.
    """

    nomor: str
    pada: datetime
    terbuka: bool = True
    tersaring: bool = True
    alasan: tuple[str, ...] = ()
    menunggu: bool = False
    disetujui: bool = False
    dikembalikan_pada: datetime | None = None
    acmt_belum: bool = False
    hasil: str | None = None
    kode: str | None = None
    hasil_pada: datetime | None = None
    ditinggal: bool = False


class DiSumber(NamedTuple):
    """The reading as ACMT holds it now.

    ``status``: how far it is, by its stamps. ``berubah``: it differs from the last snapshot in what an approval binds.
    ``disentuh_pada``: the latest of its stamps and of its last change. ``cap_lama``: a stamp it had in that snapshot
    stands still, so that it was not verified and sent anew. ``verifikasi_lama``: a verification of then does.
    """

    status: Status
    berubah: bool
    disentuh_pada: datetime | None = None
    cap_lama: bool = False
    verifikasi_lama: bool = False


class Keadaan(NamedTuple):
    """A customer's status. ``sebab``: codes that say why. ``tahap``: the status without regard to a cancellation.

    ``pada``: since when this is known; None: as of now, from ACMT.
    """

    status: Status
    tahap: Status
    sebab: tuple[str, ...] = ()
    menurut: Menurut = Menurut.BUKU
    pada: datetime | None = None
    nomor: str | None = None


class Fakta(NamedTuple):
    """All that is known of one customer in one month at one moment. None: nothing is, or ACMT was not asked."""

    posisi: Posisi | None = None
    putaran: Putaran | None = None
    sumber: DiSumber | None = None


def tahap_bacaan(bacaan: Bacaan, petugas: PetugasUnit, sekarang: datetime) -> Status:
    """Tell by its valid stamps how far a reading is in ACMT: filled, verified by Pengawas, by both, sent."""
    if not terisi(bacaan):
        return Status.BELUM_DIBACA
    stempel = periksa_stempel(bacaan, petugas, sekarang)
    if stempel.sah:
        return Status.TERKIRIM
    if stempel.terverifikasi:
        return Status.TERVERIFIKASI
    return Status.TERVERIFIKASI_PENGAWAS if stempel.pengawas is None else Status.TERBACA


def tentukan(fakta: Fakta) -> Keadaan:
    """Derive the status: exactly one for whatever is known, and the same for the same facts."""
    posisi = fakta.posisi
    luar = (SebabStatus.DILUAR_SISTEM,) if posisi is not None and posisi.luar else ()
    if posisi is not None and posisi.kodeposting in (1, 3):
        status = Status.SUDAH_DISAHKAN if posisi.kodeposting == 1 else Status.SUPLAI_STAN
        return Keadaan(status, status, luar, posisi.menurut, posisi.pada, posisi.nomor)
    keadaan = _tahap(fakta)
    if posisi is None or keadaan.status is Status.DALAM_POSTING:
        return keadaan
    sebab = (*luar, *keadaan.sebab)
    return Keadaan(Status.DIBATALKAN, keadaan.tahap, sebab, posisi.menurut, posisi.pada, posisi.nomor)


def tindak_lanjut(fakta: Fakta, *, batal_dahulu: bool = False) -> TindakLanjut:
    """Tell by its status what became of a customer since it was sent back.

    :param batal_dahulu: its cancellation was before it was sent back, so that how far it is tells.
    """
    keadaan = tentukan(fakta)
    status = keadaan.tahap if batal_dahulu else keadaan.status
    if status in _MENURUT_BUKU:
        return _MENURUT_BUKU[status]
    if fakta.sumber is None:
        return TindakLanjut.TANPA_ACMT
    if status is Status.TERKIRIM:
        return TindakLanjut.DIKIRIM
    andai_dikirim = fakta.sumber._replace(cap_lama=fakta.sumber.verifikasi_lama)
    terverifikasi = tentukan(fakta._replace(sumber=andai_dikirim)).tahap in (Status.TERVERIFIKASI, Status.TERKIRIM)
    return TindakLanjut.DIVERIFIKASI_ULANG if terverifikasi else TindakLanjut.MENUNGGU_VENDOR


def _tahap(fakta: Fakta) -> Keadaan:
    putaran = fakta.putaran
    if putaran is not None and (keadaan := _kata_sesi(putaran, fakta.sumber)) is not None:
        return keadaan
    if fakta.sumber is not None:
        return _keadaan(fakta.sumber.status, menurut=Menurut.ACMT)
    if putaran is None:
        # known only through AP2T: it had been sent there
        return _keadaan(Status.BELUM_DIBACA if fakta.posisi is None else Status.TERKIRIM)
    if putaran.hasil == StatusHasil.BERUBAH:
        return _keadaan(Status.TERBACA, (putaran.kode or putaran.hasil,), putaran.hasil_pada, putaran.nomor)
    if putaran.ditinggal:
        return _keadaan(Status.TERBACA, (SebabStatus.BELUM_SIAP,), putaran.pada, putaran.nomor)
    return _keadaan(Status.TERKIRIM, (), putaran.pada, putaran.nomor)


def _kata_sesi(putaran: Putaran, sumber: DiSumber | None) -> Keadaan | None:
    """Return what the last session says of the row, or None where that no longer holds."""
    if putaran.dikembalikan_pada is not None:
        disentuh = None if sumber is None or sumber.cap_lama or putaran.acmt_belum else sumber.disentuh_pada
        if disentuh is None or disentuh <= putaran.dikembalikan_pada:
            return _keadaan(Status.DIKEMBALIKAN, (), putaran.dikembalikan_pada, putaran.nomor)
        return None
    usang = putaran.ditinggal if sumber is None else sumber.berubah
    if putaran.hasil == StatusHasil.DITOLAK and not usang:
        return _keadaan(Status.DITOLAK_AP2T, (putaran.kode or "-",), putaran.hasil_pada, putaran.nomor)
    if putaran.hasil is not None:
        return None
    if putaran.alasan:
        return None if usang else _keadaan(Status.TERTAHAN, putaran.alasan, putaran.pada, putaran.nomor)
    if not (putaran.terbuka and putaran.tersaring and (putaran.disetujui or putaran.menunggu)):
        return None
    status = Status.DALAM_POSTING if putaran.disetujui else Status.MENUNGGU_PERSETUJUAN
    return _keadaan(status, (), putaran.pada, putaran.nomor)


def _keadaan(
    status: Status,
    sebab: tuple[str, ...] = (),
    pada: datetime | None = None,
    nomor: str | None = None,
    menurut: Menurut = Menurut.BUKU,
) -> Keadaan:
    return Keadaan(status, status, sebab, menurut, pada, nomor)

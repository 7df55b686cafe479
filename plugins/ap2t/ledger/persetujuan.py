"""Gates and answers: what was shown to whom, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from ap2t.domain.kode import Keputusan
from ap2t.domain.model import WajibDilihat
from ap2t.domain.pola import samakan
from ap2t.domain.teks import ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

STEMPEL = (
    *("verif_pengawas_oleh", "verif_pengawas_pada", "verif_vendor_oleh", "verif_vendor_pada"),
    *("kirim_oleh", "kirim_pada"),
)
"""What shows that a reading was gone over again: who stamped it when, pair by pair."""
VERIFIKASI = 4
"""How many of these are the verifications'."""


class Gerbang(NamedTuple):
    """One gate of a session: the digest shown, and the usernames asked."""

    urutan: int
    sidik: str
    orang: list[str]
    dibuka_pada: datetime


class Persetujuan(NamedTuple):
    """One answer that was taken up, SETUJU or TOLAK.

    ``petugas``: what the person stood on, a row of v_petugas or a delegation. ``tiba``: the arrival it came from; None:
    the gate stood before arrivals were written down.
    """

    urutan: int
    keputusan: str
    oleh: str
    catatan: str | None
    kembalikan: list[str]
    sidik: str
    petugas: dict[str, Any]
    dijawab_pada: datetime
    tiba: int | None = None


class Tenggat(NamedTuple):
    """How long a session has waited at its last gate, by the ledger's own clock.

    ``batas`` and ``tutup``: when its people had to answer, when it ends; None: no such limit. ``diberitahukan``: the
    trail says that ``batas`` has passed at this gate. ``tiba``: an answer arrived and waits to be judged.
    """

    urutan: int
    sejak: datetime
    batas: datetime | None
    tutup: datetime | None
    lewat_batas: bool
    lewat_tutup: bool
    diberitahukan: bool
    tiba: bool


class HarusDilihat(NamedTuple):
    """What a person has to look at before they approve: which rows, how many, and how many they have not looked at."""

    wajib: str = WajibDilihat.TIDAK
    dari: int = 0
    kurang: int = 0


stempel = attrgetter(*STEMPEL)
"""Returns ``STEMPEL`` of a reading."""


def digarap_ulang(dulu: tuple[Any, ...] | None, kini: tuple[Any, ...], sampai: int = len(STEMPEL)) -> bool:
    """Whether all that a sending back asks for was done anew: both verifications and the sending.

    A reading that was only sent once more carries the very verification the approver did not believe.

    :param dulu: ``STEMPEL`` as they were when it was sent back; None: ACMT has still to be told.
    :param kini: ``STEMPEL`` as they are now. :param sampai: how many of them are looked at.
    """
    return dulu is not None and all(dulu[awal : awal + 2] != kini[awal : awal + 2] for awal in range(0, sampai, 2))


def jawaban_lengkap(persetujuan: Sequence[Persetujuan], sesi: Sesi) -> Persetujuan | None:
    """Return the last approver's answer if the session is fully approved for its digest, else None."""
    setuju = [
        jawaban
        for jawaban in persetujuan
        if jawaban.keputusan == Keputusan.SETUJU and jawaban.sidik == sesi.sidik and jawaban.urutan <= sesi.pengesah
    ]
    return setuju[-1] if len(setuju) == sesi.pengesah else None


def yang_dikembalikan(persetujuan: Sequence[Persetujuan]) -> list[str]:
    """Return every idpel any approver sent back."""
    return sorted({idpel for jawaban in persetujuan for idpel in jawaban.kembalikan})


class TabelPersetujuan(Tabel):
    """Gates and answers: what was shown to whom, and what they said."""

    def tenggat(self, sesi: Sesi) -> Tenggat | None:
        """Return where a session stands with its deadlines. None: no gate was opened yet."""
        return self.mungkin_baris(Tenggat, "tenggat", sesi_id=sesi.id)

    def penstempel(self, sesi: Sesi) -> dict[str, str]:
        """Return who worked on rows of the snapshot (names made alike), and what each did, as a phrase."""
        perbuatan: dict[str, dict[str, int]] = {}
        for baris in self.jalankan("penstempel", sesi_id=sesi.id):
            orang = perbuatan.setdefault(samakan(baris.nama), {})
            orang[baris.perbuatan] = orang.get(baris.perbuatan, 0) + int(baris.jumlah)
        return {
            nama: ", ".join(f"{apa} {ribuan(jumlah)}" for apa, jumlah in sorted(orang.items())) + " bacaan sesi ini"
            for nama, orang in perbuatan.items()
        }

    def harus_dilihat(self, sesi: Sesi, oleh: str | None) -> HarusDilihat:
        """Return what a person still has to look at, by the pattern that a session was opened with."""
        return self.satu_baris(HarusDilihat, "harus_dilihat", sesi_id=sesi.id, oleh=oleh)

    def gerbang(self, sesi: Sesi, urutan: int) -> Gerbang | None:
        """Return the gate as it was first opened."""
        return self.mungkin_baris(Gerbang, "gerbang_ambil", sesi_id=sesi.id, urutan=urutan)

    def buka_gerbang(self, sesi: Sesi, urutan: int, orang: list[str]) -> bool:
        """Record the gate. Return False if it stood already.

        :raises BukuMenolak: it stood for another digest or other people. Airflow never updates an opened gate, so only
            a new run may ask differently.
        """
        lama = self.gerbang(sesi, urutan)
        if lama is None:
            self.jalankan("gerbang_buka", sesi_id=sesi.id, urutan=urutan, sidik=sesi.sidik, orang=sorted(orang))
            return True
        if lama.sidik != sesi.sidik or lama.orang != sorted(orang):
            apa = "isi yang harus disahkan" if lama.sidik != sesi.sidik else "orang yang boleh menjawab"
            raise BukuMenolak(
                f"Gerbang sesi {sesi.nomor} pernah dibuka dan {apa} kini berbeda (semula: {', '.join(lama.orang)}). "
                "Gerbang yang sama tidak dibuka lagi; tandai run ini gagal lalu mulai run baru."
            )
        return False

    def semua(self, sesi: Sesi) -> list[Persetujuan]:
        """Return the answers of a session that were taken up, first approver first."""
        return self.semua_baris(Persetujuan, "persetujuan_semua", sesi_id=sesi.id)

    def dikembalikan_sebelumnya(self, sesi: Sesi) -> dict[str, tuple[Any, ...] | None]:
        """Return who was sent back in another session of the unit and month, with ``STEMPEL`` as they stood then.

        None: ACMT has still to be told. Whatever stamps the reading has now are about to be cleared.
        """
        nilai = {"unitup": sesi.unitup, "thblrek": sesi.thblrek, "sesi_id": sesi.id}
        semua = self.jalankan("dikembalikan_sebelumnya", **nilai)
        return {baris.idpel: None if baris.menunggu else stempel(baris) for baris in semua}

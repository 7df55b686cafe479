"""The judge. It knows what people did and saw, what the source held, and AP2T's own list of effects.

It asks the ledger for nothing but what a page shows people, and whether the audit finds it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any

from tests.simulator.ap2t import Ap2t, Kiriman
from tests.simulator.cerita import NILAI


class Bacaan:
    """A reading at the source, and all that it was: an approval binds the value and the stamps."""

    def __init__(self, nilai: str) -> None:
        self.nilai, self.ubahan, self.cap = nilai, 0, 0
        self.riwayat: list[tuple[int, tuple[Any, ...]]] = [(0, (nilai, 0, 0))]

    def catat(self, saat: int) -> None:
        """Keep what it is now."""
        isi = (self.nilai, self.ubahan, self.cap)
        if isi != self.riwayat[-1][1]:
            self.riwayat.append((saat, isi))

    def pada(self, saat: int) -> tuple[Any, ...]:
        """Return what it was at a moment."""
        return next(isi for kapan, isi in reversed(self.riwayat) if kapan <= saat)

    def berubah_sejak(self, saat: int) -> bool:
        """Whether anything changed after a moment."""
        return self.riwayat[-1][0] > saat


@dataclass
class Jawaban:
    """An answer as it was given: by whom, when it was judged, and what the product said. ``hasil`` None: nothing."""

    urutan: int
    oleh: str | None
    setuju: bool
    benar: bool
    kembali: frozenset[str]
    pada: datetime
    mulai: int
    selesai: int = 0
    hasil: str | None = None


@dataclass
class Sesi:
    """What is known of a session without asking the ledger."""

    nomor: str
    batal: bool
    pengesah: int
    cuplik: int = 0
    """When the snapshot's readings were read, last."""
    awal: int = 0
    banding: int = 0
    """When AP2T's list was read, by the first step that does and by the last comparison."""
    akhir: int = 0
    sukses: bool = False
    dilihat: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    """What the gate's people saw would go: of an approval (stan, kWh), of a cancellation the number to be undone."""
    ditahan: set[str] = field(default_factory=set)
    dirusak: bool = False
    """Whether somebody with all rights changed the ledger itself: then nothing may be sent."""
    jawaban: list[Jawaban] = field(default_factory=list)


@dataclass
class Hakim:
    """Judges one story."""

    toko: Ap2t
    bacaan: dict[str, Bacaan]
    peran: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    """Who had the role from when on, in order."""
    sesi: dict[str, Sesi] = field(default_factory=dict)
    mundur: bool = False
    """Whether the product's clock was ever set back: stamps may then seem to lie in the future."""
    temuan: list[str] = field(default_factory=list)

    def salah(self, apa: str) -> None:
        """Take a finding."""
        if apa not in self.temuan:
            self.temuan.append(apa)

    # ------------------------------------------------------------------------------------ who may, and what

    def berperan(self, siapa: str | None, dari: int, sampai: int) -> bool:
        """Whether somebody held the role at some moment of a span."""
        kini = False
        for saat, aktif in self.peran.get(siapa or "", []):
            if saat > sampai:
                break
            if saat >= dari and kini:
                return True
            kini = aktif
            if saat >= dari and aktif:
                return True
        return kini

    def sah(self, s: Sesi, urutan: int) -> list[Jawaban]:
        """Return the answers of a gate that may have been taken up as an approval: the first surely, others maybe."""
        calon: list[Jawaban] = []
        for j in (j for j in s.jawaban if j.urutan == urutan):
            if j.hasil == "TOLAK":
                return calon
            if j.setuju and j.benar and self.berperan(j.oleh, j.mulai, j.selesai or self.toko.urut()):
                calon.append(j)
            if j.hasil == "SETUJU":
                return calon
        return calon

    def diterima(self, s: Sesi, j: Jawaban) -> None:
        """Judge an answer that was taken up, unless an earlier one may have been."""
        lebih_dulu = s.jawaban[: s.jawaban.index(j)]
        if any(lama.urutan == j.urutan and lama.hasil != "ditolak" for lama in lebih_dulu):
            return
        if not (j.benar and self.berperan(j.oleh, j.mulai, j.selesai)):
            self.salah(f"TANPA PERSETUJUAN: {s.nomor} menerima jawaban {j.oleh} yang tidak berperan atau tidak sah")

    def persetujuan(self, s: Sesi) -> list[tuple[Jawaban, ...]]:
        """Return every way in which the session may be approved completely; none: it is not."""
        semua = product(*(self.sah(s, u) for u in range(1, s.pengesah + 1)))
        return [satu for satu in semua if len({j.oleh for j in satu}) == s.pengesah]

    # ------------------------------------------------------------------------------------- as a batch leaves

    def berangkat(self, kirim: Kiriman, tulis: int, sebelum: int) -> None:
        """Judge a batch that leaves.

        :param tulis: when the transaction began that wrote it down, or that looked before it was sent again.
        :param sebelum: when the transaction before that one began: people were looked at after it.
        """
        if self.toko.kunci.get(kirim.kunci) == (None, None):
            return  # another hand voided its key while it was about to leave: nothing can come of it
        isi = kirim.isi
        nomor = isi.get("no_pembatalan") or isi["no_pengesahan"]
        s = self.sesi.get(nomor)
        if s is None:
            self.salah(f"TANPA PERSETUJUAN: {kirim.jenis} {nomor}, sesi yang tidak dikenal")
            return
        idpel = {b["idpel"] for b in isi["baris"]}
        self._dua_kunci(kirim, nomor, idpel)
        if s.akhir and s.akhir < tulis:
            self.salah(f"TANPA PERSETUJUAN: {nomor} mengirim sesudah berakhir")
        cara = [
            satu
            for satu in self.persetujuan(s)
            if not any(idpel & j.kembali for j in satu)
            and f"ap-{satu[-1].oleh}" == kirim.oleh
            and all(self.berperan(j.oleh, sebelum, kirim.urut) for j in satu)
        ]
        if not cara:
            self.salah(
                f"TANPA PERSETUJUAN: {nomor} mengirim {sorted(idpel)} sebagai {kirim.oleh}; jawaban: "
                f"{[(j.urutan, j.oleh, j.setuju, j.hasil, sorted(j.kembali)) for j in s.jawaban]}"
            )
        for b in isi["baris"]:
            if sebab := (self._batal_salah(s, b) if s.batal else self._posting_salah(s, b, tulis)):
                self.salah(f"TANPA PERSETUJUAN: {nomor} {b['idpel']}: {sebab}")

    def _posting_salah(self, s: Sesi, b: dict[str, Any], tulis: int) -> str | None:
        ada, kini = s.dilihat.get(b["idpel"]), self.bacaan[b["idpel"]]
        if ada is None:
            return "ditahan" if b["idpel"] in s.ditahan else "tidak ditunjukkan kepada pengesah"
        if ada != (b["sahlwbp"], b["pemkwh"]):
            return f"nilainya {b['sahlwbp']}, {b['pemkwh']}; yang dilihat {ada}"
        if kini.pada(s.cuplik) != kini.pada(tulis):
            return "berubah di sumber sejak cuplikan"
        return None

    @staticmethod
    def _batal_salah(s: Sesi, b: dict[str, Any]) -> str | None:
        ada = s.dilihat.get(b["idpel"])
        return None if ada == (b["no_pengesahan"],) else f"membatalkan {b['no_pengesahan']}; yang dilihat {ada}"

    def _dua_kunci(self, kirim: Kiriman, nomor: str, idpel: set[str]) -> None:
        for lama in self.toko.kiriman:
            milik = lama.isi.get("no_pembatalan") or lama.isi["no_pengesahan"]
            sama = idpel & {b["idpel"] for b in lama.isi["baris"]}
            if milik != nomor or lama.kunci == kirim.kunci or not sama:
                continue
            if lama.pasti is None:
                self.salah(f"GANDA: {nomor} mengirim {sorted(sama)} lagi, padahal kiriman lama belum pasti")
            elif self.toko.kunci.get(lama.kunci, (None, None))[0] is not None:
                self.salah(f"GANDA: {nomor} mengirim {sorted(sama)} lagi, padahal AP2T mengatakannya diterapkan")

    # -------------------------------------------------------------------------------------------- at the end

    def akhir(self, kodeposting_buku: dict[str, int], disentuh: dict[str, int]) -> None:
        """Judge what came of it all.

        :param kodeposting_buku: the ledger's last word on each customer.
        :param disentuh: since when others' doings need not be known to it.
        """
        kali: dict[tuple[str | None, str, int], int] = {}
        for e in self.toko.efek:
            if e.kunci is None:
                continue
            kali[e.nomor, e.idpel, e.ke] = kali.get((e.nomor, e.idpel, e.ke), 0) + 1
            s = self.sesi.get(e.nomor or "")
            if s is None or (s.akhir and e.urut > s.akhir):
                self.salah(f"TANPA PERSETUJUAN: {e.nomor} {e.idpel} berlaku sesudah sesinya berakhir")
            elif s.batal and s.dilihat.get(e.idpel) != (e.nomor_lama,):
                self.salah(f"TANPA PERSETUJUAN: {e.nomor} membatalkan {e.idpel} milik {e.nomor_lama}")
        for (nomor, idpel, _), berapa in kali.items():
            if berapa > 1:
                self.salah(f"GANDA: {nomor} {idpel} berlaku {berapa} kali")
        for s in self.sesi.values():
            for apa in self._hilang(s):
                self.salah(f"HILANG: {s.nomor} {apa}")
        self._kata_terakhir(kodeposting_buku, disentuh)

    def _hilang(self, s: Sesi) -> Iterator[str]:
        """Yield rows of a session that ended well, were approved, and of which nothing came."""
        if not s.sukses:
            return
        cara = self.persetujuan(s)
        if s.dilihat and not cara:
            yield "berakhir Sukses tanpa persetujuan"
            return
        kembali = frozenset().union(*(j.kembali for satu in cara for j in satu))
        diputus = {idpel for _, nomor, idpel, _, _ in self.toko.jawab if nomor == s.nomor}
        for idpel in s.dilihat.keys() - kembali - diputus:
            if s.batal or not (self.mundur or self.bacaan[idpel].berubah_sejak(s.cuplik)):
                yield f"{idpel} disetujui, tidak berubah, tidak ditolak AP2T, dan tidak pernah sampai"

    def _kata_terakhir(self, buku: dict[str, int], disentuh: dict[str, int]) -> None:
        (ada,) = self.toko.baris.values() if self.toko.baris else ({},)
        for idpel, b in ada.items():
            if any(e.idpel == idpel and e.kunci is None and e.urut > disentuh.get(idpel, 0) for e in self.toko.efek):
                continue
            kata = buku.get(idpel, 0)
            if kata != b.kodeposting and (kata, b.kodeposting) != (1, 3):
                self.salah(f"KATA TERAKHIR: {idpel} menurut buku {kata}, di AP2T {b.kodeposting}")


def ditahan(nilai: str) -> bool:
    """Whether the sieve has to hold such a reading."""
    return NILAI[nilai][1] is not None

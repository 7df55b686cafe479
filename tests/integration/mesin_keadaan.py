"""What must be true of one kelompok, in plain Python: readings, AP2T, sessions, and what the ledger may know of them.

Nothing of the product is used here. The machine of test_mesin_keadaan.py drives the real parts and this side by side; a
moment is a number that grows with every thing that happens.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

BUKA = ("BERJALAN", "TERHENTI")
GERBANG = "MENUNGGU_PERSETUJUAN"

# value -> (columns at the source, why the sieve holds it, kWh); 1,300 VA, so that 2,600 kWh are exactly 2,000 hours
NILAI: dict[str, tuple[dict[str, str | None], str | None, int]] = {
    **{str(k): ({"sahlwbp": str(1000 + k), "pemkwh": str(k)}, None, k) for k in (0, 150, 151, 2600)},
    "2601": ({"sahlwbp": "3601", "pemkwh": "2601"}, "JAM_NYALA", 2601),
    "mundur": ({"sahlwbp": "899", "pemkwh": None}, "STAN_MUNDUR", 0),
    "negatif": ({"sahlwbp": "-5", "pemkwh": None}, "STAN_TIDAK_VALID", 0),
    "selisih": ({"sahlwbp": "1150", "pemkwh": "149"}, "SELISIH_KWH", 150),
    "kosong": ({"sahlwbp": None, "pemkwh": None}, None, 0),
}


@dataclass
class Bacaan:
    """A reading at the source: its value, when it changed, and its three stamps (when; None: there is none)."""

    nilai: str = "150"
    ubah: int | None = None
    pengawas: int | None = 0
    vendor: int | None = 0
    kirim: int | None = 0
    bukan_petugas: bool = False  # the Pengawas' stamp carries a name that is no Pengawas

    @property
    def isi(self) -> tuple[Any, ...]:
        """All that an approval binds."""
        return (self.nilai, self.ubah, self.pengawas, self.vendor, self.kirim, self.bukan_petugas)

    @property
    def cap(self) -> tuple[Any, ...]:
        return self.isi[1:]

    @property
    def terisi(self) -> bool:
        return self.nilai != "kosong"

    def _sah(self, cap: int | None) -> bool:
        return cap is not None and cap >= (self.ubah or 0)

    @property
    def sah_pengawas(self) -> bool:
        return self._sah(self.pengawas) and not self.bukan_petugas

    @property
    def terverifikasi(self) -> bool:
        return self.sah_pengawas and self._sah(self.vendor)

    @property
    def terkirim(self) -> bool:
        return self._sah(self.kirim)

    @property
    def siap(self) -> bool:
        return self.terisi and self.terverifikasi and self.terkirim

    @property
    def tahap(self) -> str:
        """How far it is in ACMT."""
        if not self.terisi:
            return "BELUM_DIBACA"
        if self.siap:
            return "TERKIRIM"
        if self.terverifikasi:
            return "TERVERIFIKASI"
        return "TERVERIFIKASI_PENGAWAS" if self.sah_pengawas else "TERBACA"

    @property
    def disentuh(self) -> int:
        return max((s for s in self.cap[:4] if s is not None), default=-1)


@dataclass
class DiAp2t:
    """A row as AP2T holds it."""

    kode: int = 0
    nomor: str | None = None
    sah: str | None = None
    kwh: str | None = None


@dataclass
class Kata:
    """The last thing the ledger can know of a row in AP2T; ``kwh``: ours; None: other hands, or none at all."""

    kode: int
    kwh: int | None
    nomor: str | None
    saat: int


@dataclass
class Sesi:
    """One session; ``cuplikan``: what it binds, by customer (of a cancellation: the number that it undoes)."""

    urut: int
    nomor: str
    batal: bool
    jalan: Any
    status: str = "BERJALAN"
    tahap: str = "DIBUKA"
    hidup: bool = True
    cuplikan: dict[int, tuple[Any, ...]] | None = None
    cuplik_saat: int = -1
    alasan: dict[int, str | None] = field(default_factory=dict)
    boleh: dict[int, str] = field(default_factory=dict)
    suplai: list[int] = field(default_factory=list)
    setuju: int = 0
    kembali: dict[int, int] = field(default_factory=dict)
    belum_kembali: set[int] = field(default_factory=set)
    kembali_ragu: set[int] = field(default_factory=set)
    """ACMT was told of these, and the ledger does not know it yet: the process died in between."""
    hasil: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    terbang: dict[str, dict[int, tuple[str, int, str | None]]] = field(default_factory=dict)
    """Batches the ledger does not know the fate of: key to what AP2T answered by customer; empty: not applied."""
    dilihat_beda: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    """What the comparisons found of others' doings, as they found it last."""

    @property
    def terbuka(self) -> bool:
        return self.status in BUKA

    @property
    def sasaran(self) -> set[int]:
        """Customers that the approval is of."""
        if self.batal:
            return set(self.boleh)
        return {i for i, a in self.alasan.items() if a is None and i not in self.kembali}


class Model:
    """The whole kelompok."""

    def __init__(self, jumlah: int, pola: str, pengesah: int) -> None:
        self._jam = itertools.count(1)
        self.pola, self.pengesah = pola, pengesah
        self.bacaan = {i: Bacaan() for i in range(jumlah)}
        self.ap2t = {i: DiAp2t() for i in range(jumlah)}
        self.tolak: set[int] = set()
        self.efek: list[tuple[int, int, int, str | None, str]] = []
        """Every change in AP2T, in order: (customer, from, to, number, by whom)."""
        self.buku: dict[int, Kata] = {}
        self.sesi: list[Sesi] = []
        self.dikembalikan: list[tuple[int, str]] = []
        """Every call that ACMT got: (customer, session's number)."""

    def jam(self) -> int:
        return next(self._jam)

    @property
    def terbuka(self) -> Sesi | None:
        return next((s for s in self.sesi if s.terbuka), None)

    # ------------------------------------------------------------------------------------------- AP2T

    def _efek(self, i: int, ke: int, nomor: str | None, oleh: str) -> None:
        self.efek.append((i, self.ap2t[i].kode, ke, nomor, oleh))

    def lain_posting(self, i: int, kwh: str, nomor: str) -> None:
        if self.ap2t[i].kode != 3:
            self._efek(i, 1, nomor, "LAIN")
            self.ap2t[i] = DiAp2t(1, nomor, "1150", kwh)

    def lain_batal(self, i: int) -> None:
        if self.ap2t[i].kode == 1:
            self._efek(i, 0, None, "LAIN")
            self.ap2t[i] = DiAp2t()

    def naik(self, i: int) -> None:
        if self.ap2t[i].kode != 3:
            self._efek(i, 3, None, "SUPLAI_STAN")
            self.ap2t[i].kode = 3

    def terapkan(self, s: Sesi, kunci: str, baris: list[int]) -> None:
        """AP2T takes a batch: what it answers by the contract, row by row."""
        s.terbang[kunci] = {i: self._batal_satu(s, i) if s.batal else self._posting_satu(s, i) for i in baris}

    def _posting_satu(self, s: Sesi, i: int) -> tuple[str, int, str | None]:
        assert s.cuplikan is not None
        a, kolom, kwh = self.ap2t[i], NILAI[s.cuplikan[i][0]][0], NILAI[s.cuplikan[i][0]][2]
        if a.kode == 3:
            return "DITOLAK", 3, "SUDAH_SUPLAI_STAN"
        if a.kode == 1:
            sama = (a.sah, a.kwh) == (kolom["sahlwbp"], str(kwh))
            return ("SUDAH_POSTING", 1, None) if sama else ("DITOLAK", 1, "STAN_BERBEDA")
        if i in self.tolak:
            return "DITOLAK", 0, "DATA_TIDAK_VALID"
        self._efek(i, 1, s.nomor, "AP2T")
        self.ap2t[i] = DiAp2t(1, s.nomor, kolom["sahlwbp"], str(kwh))
        return "POSTING", 1, None

    def _batal_satu(self, s: Sesi, i: int) -> tuple[str, int, str | None]:
        a = self.ap2t[i]
        if a.kode == 3:
            return "DITOLAK", 3, "SUDAH_SUPLAI_STAN"
        if a.kode == 0:
            return "BELUM_POSTING", 0, None
        if a.nomor != s.boleh[i]:
            return "DITOLAK", 1, "BEDA_PENGESAHAN"
        self._efek(i, 0, s.nomor, "AP2T")
        self.ap2t[i] = DiAp2t()
        return "BATAL", 0, None

    # ------------------------------------------------------------------------------ what the ledger learns

    def pastikan(self, s: Sesi) -> None:
        """Every batch in flight is settled: the ledger knows what AP2T answered."""
        for jawaban in s.terbang.values():
            for i, (status, kode, sebab) in jawaban.items():
                s.hasil[i] = (status, sebab)
                if status in ("POSTING", "SUDAH_POSTING"):
                    assert s.cuplikan is not None
                    self.buku[i] = Kata(1, NILAI[s.cuplikan[i][0]][2], s.nomor, self.jam())
                elif status in ("BATAL", "BELUM_POSTING"):
                    self.buku[i] = Kata(0, None, s.nomor, self.jam())
                elif kode == 3:
                    self._naik_terlihat(i)
        s.terbang = {}

    def _naik_terlihat(self, i: int) -> None:
        lama = self.buku.get(i) or Kata(3, None, None, 0)
        self.buku[i] = Kata(3, lama.kwh, lama.nomor, self.jam())

    def _luar(self, i: int) -> None:
        self.buku[i] = Kata(self.ap2t[i].kode, None, self.ap2t[i].nomor, self.jam())

    def lihat_ap2t(self) -> None:
        """A snapshot looks at AP2T's list: what differs from the record was done by others."""
        for i, a in self.ap2t.items():
            k = self.buku.get(i)
            menurut_buku = k.kode if k is not None else 0
            if bool(a.kode) != bool(menurut_buku) or (a.kode and k is not None and a.nomor not in (None, k.nomor)):
                self._luar(i)

    def cuplik(self, s: Sesi) -> str | None:
        """Take the snapshot of an approval; return why it cannot be taken."""
        pilih: list[int] = []
        for i, b in self.bacaan.items():
            if self.ap2t[i].kode or self._tunggu_periksa_ulang(s, i):
                continue
            if b.siap:
                pilih.append(i)
            elif self.pola == "LENGKAP":
                return "belum siap"
        self.lihat_ap2t()
        s.cuplikan = {i: self.bacaan[i].isi for i in pilih}
        s.alasan = {i: NILAI[self.bacaan[i].nilai][1] for i in pilih}
        s.cuplik_saat = self.jam()
        s.tahap = "TERSARING"
        return None

    def _tunggu_periksa_ulang(self, s: Sesi, i: int) -> bool:
        """Sent back, and ACMT not told yet, or nobody has gone over the reading since."""
        if any(i in t.belum_kembali | t.kembali_ragu for t in self.sesi if t is not s):
            return True
        lama = [t for t in self.sesi if t is not s and i in t.kembali]
        if not lama:
            return False
        t = max(lama, key=lambda t: t.kembali[i])
        return t.cuplikan is not None and t.cuplikan[i][1:] == self.bacaan[i].cap

    def susun_batal(self, s: Sesi, diminta: list[int]) -> None:
        """Take the snapshot of a cancellation."""
        s.boleh, s.suplai = {}, []
        for i in diminta or self.ap2t:
            a = self.ap2t[i]
            nomor = a.nomor or (self.buku[i].nomor if i in self.buku and self.buku[i].kode else None)
            if a.kode == 1 and nomor:
                s.boleh[i] = nomor
            elif a.kode == 3:
                s.suplai.append(i)
        self.lihat_ap2t()
        s.tahap = "TERSARING"

    def bekukan(self, s: Sesi) -> None:
        """The gate opens, or the session ends: what a cancellation saw at 3 counts from now on."""
        if s.batal and s.tahap == "TERSARING":
            for i in s.suplai:
                self._naik_terlihat(i)

    def cocokkan(self, s: Sesi) -> bool:
        """Reconcile; return whether a person has to look first."""
        beda = False
        for i in sorted(s.boleh if s.batal else s.alasan):
            a, status = self.ap2t[i], s.hasil.get(i, (None, None))[0]
            if s.batal:
                if status in ("BATAL", "BELUM_POSTING"):
                    luar = a.kode != 0
                    perlu = luar and (a.nomor == s.boleh[i] or (a.kode == 1 and a.nomor is None))
                else:
                    luar, perlu = a.kode == 0 or a.nomor not in (None, s.boleh[i]), False
            elif status in ("POSTING", "SUDAH_POSTING"):
                luar = a.kode == 0 or a.nomor not in (None, s.nomor)
                perlu = a.kode == 0
            else:
                luar, perlu = a.kode != 0, False
            kini = (a.kode, a.nomor)
            if luar or i in s.dilihat_beda:
                if s.dilihat_beda.get(i) != kini:
                    self._luar(i)
                    beda = beda or perlu
                s.dilihat_beda[i] = kini
        if not beda:
            s.tahap = "COCOK"
        return beda

    def kembalikan(self, s: Sesi) -> None:
        """ACMT is told of those sent back: their stamps go, once."""
        for i in sorted(s.belum_kembali):
            self.kembalikan_satu(s, i)
        s.belum_kembali, s.kembali_ragu = set(), set()

    def kembalikan_satu(self, s: Sesi, i: int) -> None:
        b = self.bacaan[i]
        b.pengawas = b.vendor = b.kirim = None
        b.bukan_petugas = False
        self.dikembalikan.append((i, s.nomor))

    # --------------------------------------------------------------------------------------- the recount

    def status(self, i: int, *, acmt: bool, ap2t: bool) -> str | None:
        """A customer's status by the rules of docs/operator/status.md; None: nothing is known of it."""
        kata = self.buku.get(i)
        kode = kata.kode if kata else None
        if ap2t:
            kini = self.ap2t[i].kode
            kode = kini if kini or kode is not None else None
        if kode in (1, 3):
            return "SUDAH_DISAHKAN" if kode == 1 else "SUPLAI_STAN"
        tahap = self._tahap(i, acmt, kata)
        return "DIBATALKAN" if kode == 0 and tahap != "DALAM_POSTING" else tahap

    def _tahap(self, i: int, acmt: bool, kata: Kata | None) -> str | None:
        b = self.bacaan[i]
        bercuplik = [s for s in self.sesi if s.cuplikan is not None]
        memuat = [s for s in bercuplik if s.cuplikan is not None and i in s.cuplikan]
        if not memuat:
            return b.tahap if acmt else None if kata is None else "TERKIRIM"
        s = memuat[-1]
        assert s.cuplikan is not None
        ditinggal = s is not bercuplik[-1] and (kata is None or kata.saat < bercuplik[-1].cuplik_saat)
        usang = s.cuplikan[i] != b.isi if acmt else ditinggal
        hasil = s.hasil.get(i, (None, None))[0]
        if i in s.kembali:
            cap_lama = any(x is not None and x == y for x, y in zip(s.cuplikan[i][2:5], b.isi[2:5], strict=True))
            if not acmt or b.disentuh <= s.kembali[i] or i in s.belum_kembali | s.kembali_ragu or cap_lama:
                return "DIKEMBALIKAN"
        elif hasil == "DITOLAK" and not usang:
            return "DITOLAK_AP2T"
        elif hasil is None and s.alasan[i] is not None:
            if not usang:
                return "TERTAHAN"
        elif hasil is None and s.terbuka and s.setuju == self.pengesah:
            return "DALAM_POSTING"
        elif hasil is None and s.terbuka and s.tahap == GERBANG:
            return GERBANG
        if acmt:
            return b.tahap
        return "TERBACA" if hasil == "BERUBAH" or ditinggal else "TERKIRIM"

    def rekap(self) -> dict[str, int | None]:
        """The ledger's figures, counted from what it can know."""
        kata = self.buku.values()
        bercuplik = [s for s in self.sesi if s.cuplikan is not None]
        ditahan = None
        if bercuplik:
            s = bercuplik[-1]
            ditahan = [
                a
                for i, a in s.alasan.items()
                if a and i not in s.kembali and not (i in self.buku and self.buku[i].kode)
            ]
        return {
            "sudah_disahkan": sum(k.kode == 1 for k in kata),
            "suplai_stan": sum(k.kode == 3 for k in kata),
            "dibatalkan": sum(k.kode == 0 for k in kata),
            "diluar_sistem": sum(k.kode > 0 and k.kwh is None for k in kata),
            "kwh_disahkan": sum(k.kwh for k in kata if k.kode and k.kwh is not None),
            "ditahan": None if ditahan is None else len(ditahan),
            "jam_nyala_2000": None if ditahan is None else ditahan.count("JAM_NYALA"),
        }

    def rekap_kini(self) -> dict[str, int]:
        """The figures with ACMT and AP2T asked."""
        kode = [a.kode for a in self.ap2t.values()]
        b = self.bacaan.values()
        return {
            "pelanggan": len(b),
            "terisi": sum(x.terisi for x in b),
            "terverifikasi": sum(x.terverifikasi for x in b),
            "terkirim": sum(x.terkirim for x in b),
            "belum_disahkan": kode.count(0),
            "sudah_disahkan": kode.count(1),
            "suplai_stan": kode.count(3),
            "selisih_ap2t": len(kode) - kode.count(0) - sum(k.kode > 0 for k in self.buku.values()),
        }

"""Checks a session's file without any database, by computing every digest in it again from what it holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.audit.berkas.baca import BENTUK_LAIN, BerkasSesi
from ap2t.audit.berkas.tulis import JENIS, kolom_berkas, kolom_sidik
from ap2t.audit.folder_segel import uraikan
from ap2t.domain.angka import NOL
from ap2t.domain.kode import JenisJejak, Keputusan, StatusBatch, StatusSesi, TahapSesi
from ap2t.domain.kontrak import baris_posting
from ap2t.domain.model import TANPA_METER, Bacaan
from ap2t.domain.sidik import Pohon, daun, sidik_pohon
from ap2t.domain.teks import daftar
from ap2t.galat import BerkasTidakUtuh
from ap2t.ledger.cuplikan import KOLOM_HASIL, kepala_sidik_cuplikan
from ap2t.ledger.jejak import EPOS, SISTEM, Entri, sidik_entri
from ap2t.ledger.pembatalan import PermintaanBatal, kepala_sidik_pembatalan, ringkas_pembatalan
from ap2t.ledger.sesi import BENTUK_AWAL, BENTUK_SIDIK, PEMBATALAN, Sesi
from ap2t.proses.batalkan import isi_pembatalan
from ap2t.teks_copy import pasang_baris

AKHIR = (JenisJejak.SESI_DITUTUP, JenisJejak.SESI_DIAMBIL_ALIH, JenisJejak.SESI_KEDALUWARSA, JenisJejak.DIJAWAB)
"""Entries that may end a session."""
_BARIS_AKHIR = re.compile(rb'"sidik_berkas": "([0-9a-f]{64})"}\n')
VERSI = (BENTUK_AWAL, BENTUK_SIDIK)
"""Forms of the file, by the form of the session's digest."""
_STAN = ("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh")
BarisBerkas = dict[str, str | None]


@dataclass
class HasilPeriksa:
    """What does not hold in a file, and how much was looked at."""

    nomor: str = ""
    sidik: str = ""
    baris: int = 0
    jejak: int = 0
    temuan: list[str] = field(default_factory=list)


def periksa_berkas(berkas: Path) -> HasilPeriksa:
    """Compute every hash of a file again: its own, its entries', the session's digest and every batch's digests.

    :raises BerkasTidakUtuh: the file is not one of ``ap2t audit berkas``, or has not its form any more.
    """
    hasil = HasilPeriksa()
    hasil.sidik, sebab = _sidik_berkas(berkas)
    if sebab:
        hasil.temuan.append(sebab)
    try:
        isi = BerkasSesi(berkas)
        if isi.kepala.get("jenis") != JENIS or isi.kepala.get("versi") not in VERSI:
            raise BerkasTidakUtuh(f"{berkas} bukan {JENIS} versi {daftar(list(map(str, VERSI)))}.")
        hasil.nomor = isi.kepala["sesi"]["nomor"]
        pemeriksa = _Pemeriksa(isi)
        hasil.temuan += pemeriksa.temuan()
        hasil.baris, hasil.jejak = pemeriksa.baris, len(pemeriksa.jejak)
    except BENTUK_LAIN as galat:
        raise BerkasTidakUtuh(
            f"{berkas}: isinya tidak dapat dibaca ({type(galat).__name__}). " + (sebab or "Ambil berkas yang utuh.")
        ) from galat
    return hasil


def _sidik_berkas(berkas: Path) -> tuple[str, str | None]:
    """Return the SHA-256 of all but the last line, and what is wrong if that line does not say the same."""
    with berkas.open("rb") as masukan:
        sidik, akhir = sidik_isi(masukan)
    tercatat = _BARIS_AKHIR.fullmatch(akhir)
    if tercatat is None:
        return sidik, "baris terakhir berkas bukan sidik berkas: berkas terpotong atau diubah"
    if tercatat[1].decode() != sidik:
        return sidik, "isi berkas berbeda dari sidik pada baris terakhirnya: berkas diubah"
    return sidik, None


def sidik_isi(baris: Iterable[bytes]) -> tuple[str, bytes]:
    """Return the SHA-256 (hex) of all lines of a session's file but the last, and the last."""
    ringkas, akhir = hashlib.sha256(), b""
    for potongan in baris:
        ringkas.update(akhir)
        akhir = potongan
    return ringkas.hexdigest(), akhir


class _Catatan(NamedTuple):
    """An entry's number, actor and facts."""

    jejak: int
    pelaku: str
    isi: dict[str, Any]


class _Pemeriksa:
    """Goes through one file once and compares what its parts say of each other."""

    def __init__(self, isi: BerkasSesi) -> None:
        self.isi = isi
        self.sesi: dict[str, Any] = isi.kepala["sesi"]
        self.jejak = [Entri(**entri) for entri in isi.unsur("jejak")]
        self.batch: list[dict[str, Any]] = list(isi.unsur("batch"))
        diminta = isi.kepala["pembatalan"] if self.sesi["jenis"] == PEMBATALAN else None
        self.batal = None if diminta is None else PermintaanBatal(**diminta)
        self.bentuk: int = isi.kepala["versi"]
        self.baris = 0

    def temuan(self) -> Iterator[str]:
        """Yield what does not hold."""
        if self.isi.kepala["kolom"] != kolom_berkas(self.sesi, self.bentuk):
            raise ValueError("kolom")
        laporan = self.isi.kepala["pemeriksaan"]
        if self.sesi["jenis"] != PEMBATALAN and self.isi.kepala["pembatalan"] is not None:
            yield "berkas pengesahan memuat permintaan pembatalan"
        if laporan["temuan"] or not laporan["utuh"]:  # of the ledger's own check when the file was made
            yield f"pemeriksaan buku saat berkas dibuat menemukan {len(laporan['temuan'])} hal yang tidak benar"
        yield from chain(self._beda_rantai(), self._beda_segel(), self._beda_sesi(), self._beda_keadaan())
        yield from chain(self._beda_persetujuan(), self._beda_jawaban_tiba(), self._beda_batch(), self._beda_luar())
        yield from self._beda_baris()

    def _catatan(self, *jenis: str) -> Iterator[_Catatan]:
        for entri in self.jejak:
            if entri.jenis in jenis:
                yield _Catatan(entri.id, entri.pelaku, json.loads(entri.isi))

    def _beda_segel(self) -> Iterator[str]:
        """The seals around the session must fit, as far as they speak of its entries."""
        sidik = {entri.id: entri.sidik for entri in self.jejak}
        pertama, terakhir = min(sidik, default=1), max(sidik, default=0)
        for letak, baris in self.isi.kepala["segel"].items():
            segel = None if baris is None else uraikan(baris)
            salah = segel is not None and (
                segel.jejak >= pertama
                if letak == "sebelum"
                else segel.jejak < terakhir or sidik.get(segel.jejak, segel.sidik) != segel.sidik
            )
            if salah or (segel is None and baris is not None):
                yield f"segel {letak} sesi ini tidak cocok dengan jejaknya"

    def _beda_rantai(self) -> Iterator[str]:
        lalu: Entri | None = None
        for entri in self.jejak:
            if sidik_entri(entri) != entri.sidik:
                yield f"isi jejak nomor {entri.id} ({entri.jenis}) berubah"
            if lalu is not None and entri.id <= lalu.id:
                yield f"jejak nomor {entri.id} tidak urut"
            if lalu is not None and entri.id == lalu.id + 1 and entri.sebelum != lalu.sidik:
                yield f"jejak nomor {entri.id} ({entri.jenis}) tidak menyambung ke jejak nomor {lalu.id}"
            if entri.sesi_id != self.sesi["id"]:
                yield f"jejak nomor {entri.id} milik sesi lain"
            lalu = entri

    def _beda_sesi(self) -> Iterator[str]:
        """The session must be what its first entry opened and its last left. So must a cancellation's request."""
        akhir = [catatan.isi for catatan in self._catatan(*AKHIR) if catatan.isi.get("diakhiri_pada")]
        awal = [
            {**catatan.isi, **catatan.isi.get("pola", {}), "pemicu": catatan.pelaku}
            for catatan in self._catatan(JenisJejak.SESI_DIBUKA)
        ]
        if len(awal) != 1:
            yield f"berkas memuat {len(awal)} jejak SESI_DIBUKA, seharusnya 1"
        kini = {**self.sesi, "pemicu": self.sesi["pemicu"] or SISTEM}
        for isi in (*awal, *akhir[-1:]):
            isi = {nama: nilai for nama, nilai in isi.items() if nama in Sesi._fields}
            beda = [nama for nama, nilai in isi.items() if nama not in kini or not _sama(nama, kini[nama], nilai)]
            if beda:
                yield f"sesi berbeda dari jejaknya ({', '.join(sorted(beda))})"
        diminta = {} if self.batal is None else ringkas_pembatalan(self.batal)
        for catatan in self._catatan(JenisJejak.SESI_DIBUKA):
            if any(catatan.isi.get(nama) != nilai for nama, nilai in diminta.items()):
                yield "permintaan pembatalan berbeda dari jejaknya"

    def _beda_keadaan(self) -> Iterator[str]:
        """How far the session came must be what its entries say, and the rekap what was shown."""
        kini: dict[str, Any] = {"status": None, "tahap": None, "epoch": 1, "rekap": None}
        for entri in self.jejak:
            kini |= _perubahan(entri.jenis, json.loads(entri.isi), self.sesi["pengesah"])
        beda = sorted(nama for nama, nilai in kini.items() if self.sesi[nama] != nilai)
        if beda:
            yield f"sesi berbeda dari yang dicapai menurut jejaknya ({', '.join(beda)})"

    def _beda_persetujuan(self) -> Iterator[str]:
        """Gates and answers must be those of their entries."""
        jawaban = ("sidik", "keputusan", "oleh", "catatan", "kembalikan", "petugas", "dijawab_pada", "dicatat_pada")
        for nama, jenis, kolom in (
            ("gerbang", JenisJejak.GERBANG_DIBUKA, ("sidik", "orang", "dibuka_pada")),
            ("persetujuan", JenisJejak.DIJAWAB, jawaban),
        ):
            semua = self._catatan(jenis)
            tercatat = {catatan.isi["urutan"]: {**catatan.isi, "oleh": catatan.pelaku} for catatan in semua}
            for baris in self.isi.unsur(nama):
                catatan = tercatat.pop(baris["urutan"], {})
                beda = _beda(baris, catatan, (*kolom, *catatan.keys() & {"tiba"}))
                if beda or baris["sidik"] != self.sesi["sidik"]:
                    yield f"{nama} ke-{baris['urutan']} berbeda dari jejaknya ({beda or 'sidik sesi'})"
            for urutan in tercatat:
                yield f"{nama} ke-{urutan} disebut jejak tetapi tidak ada dalam berkas"

    def _beda_jawaban_tiba(self) -> Iterator[str]:
        """Every answer of a gate that says so must have come from an arrival that the trail tells of before."""
        tiba = {catatan.isi["tiba"]: catatan for catatan in self._catatan(JenisJejak.JAWABAN_TIBA)}
        gerbang = self._catatan(JenisJejak.GERBANG_DIBUKA)
        mencatat = {catatan.isi["urutan"] for catatan in gerbang if catatan.isi.get("mencatat_tiba")}
        for jejak, oleh, jawaban in self._catatan(JenisJejak.DIJAWAB):
            if jawaban.get("tiba") is None and jawaban["urutan"] not in mencatat:
                continue
            dari = tiba.get(jawaban.get("tiba"), _Catatan(jejak, oleh, {}))
            harus = (jawaban["urutan"], jawaban["sidik"], oleh)
            sama = (dari.isi.get("urutan"), dari.isi.get("sidik"), dari.pelaku) == harus
            if dari.jejak >= jejak or not sama or _beda(dari.isi, jawaban, ("dijawab_pada",)):
                yield f"jawaban ke-{jawaban['urutan']} tidak punya jawaban tiba yang sama pada jejak"

    def _beda_batch(self) -> Iterator[str]:
        """Batches must be those of their entries, and settled as these say."""
        dikirim = self._catatan(JenisJejak.BATCH_DIKIRIM)
        kirim = {catatan.isi["kunci"]: {**catatan.isi, "oleh": catatan.pelaku} for catatan in dikirim}
        beres = {
            catatan.isi["kunci"]: {**catatan.isi, "status": jenis.removeprefix("BATCH_")}
            for jenis in (JenisJejak.BATCH_DITERAPKAN, JenisJejak.BATCH_BATAL)
            for catatan in self._catatan(jenis)
        }
        for baris in self.batch:
            kunci = baris["kunci"]
            isi = kirim.pop(kunci, {})
            kini = {**baris, "sidik_idpel": hashlib.sha256(",".join(baris["idpel"]).encode()).hexdigest()}
            if any(kini[nama] != isi.get(nama) for nama in ("sidik_isi", "epoch", "oleh", "sidik_idpel")):
                yield f"batch {kunci} berbeda dari jejaknya"
            isi = {"status": StatusBatch.DIKIRIM, **beres.get(kunci, {}), "dikirim_pada": isi.get("dikirim_pada")}
            if beda := _beda(baris, isi, ("status", "dikirim_pada", "selesai_pada", "keterangan")):
                yield f"batch {kunci} berbeda dari jejaknya ({beda})"
        if kirim:
            yield f"batch disebut jejak tetapi tidak ada dalam berkas: {daftar(sorted(kirim))}"

    def _beda_luar(self) -> Iterator[str]:
        """What others did in AP2T must be what the entries name."""
        sebut = (
            [catatan.isi["tahap"], *baris]
            for catatan in self._catatan(JenisJejak.DILUAR_SISTEM)
            for baris in catatan.isi["baris"]
        )
        kolom = ("tahap", "idpel", "kejadian", "kodeposting", "no_pengesahan", "oleh", "waktu")
        semua = self.isi.unsur("diluar_sistem")
        kini = ([*(baris[nama] for nama in kolom), _detik(baris["ditemukan_pada"])] for baris in semua)
        if sorted(list(map(str, baris)) for baris in kini) != sorted(list(map(str, baris)) for baris in sebut):
            yield "catatan DILUAR_SISTEM berbeda dari jejaknya"

    def _beda_baris(self) -> Iterator[str]:
        """The digests over the rows must hold: the session's, each batch's as it was sent, each batch's outcomes."""
        sesi, batal = self.sesi, self.batal
        kepala = kepala_sidik_cuplikan(sesi) if batal is None else kepala_sidik_pembatalan(sesi["nomor"], batal)
        ringkas, pohon = hashlib.sha256(kepala), Pohon()
        kolom = kolom_sidik(sesi, self.bentuk)
        isi_batch, hasil = _IsiBatch(sesi, batal, self.batch), _SidikHasil(self._catatan(*_SidikHasil.JENIS))
        for baris in self.isi.baris():
            self.baris += 1
            if self.bentuk == BENTUK_AWAL:
                ringkas.update(pasang_baris(baris[nama] for nama in kolom))
            else:
                isi = pasang_baris(baris[nama] for nama in kolom[1:]).removesuffix(b"\n")
                pohon.tambah([daun(_tertutup(baris["tertutup"]), isi)])
            isi_batch.sertakan(baris)
            hasil.sertakan(baris)
        sidik = ringkas.hexdigest() if self.bentuk == BENTUK_AWAL else sidik_pohon(kepala, pohon)
        terakhir = {entri.jenis: entri.id for entri in self.jejak}
        jumlah = [catatan.isi["jumlah"] for catatan in self._catatan(JenisJejak.CUPLIKAN_DIAMBIL)]
        if jumlah and self.baris != jumlah[-1]:
            yield f"berkas memuat {self.baris} pelanggan, jejak CUPLIKAN_DIAMBIL menyebut {jumlah[-1]}"
        berlaku = JenisJejak.GERBANG_DIBUKA in terakhir or terakhir.get(JenisJejak.REKAP, 0) > max(
            terakhir.get(JenisJejak.CUPLIKAN_DIAMBIL, 0), terakhir.get(JenisJejak.DISARING, 0)
        )
        if berlaku and sidik != sesi["sidik"]:
            yield f"baris pelanggan bersidik {sidik[:12]}, sidik sesi {str(sesi['sidik'])[:12]}"
        rekap = [catatan.isi["sidik"] for catatan in self._catatan(JenisJejak.REKAP)]
        if sesi["sidik"] != (rekap[-1] if rekap else None):
            yield "sidik sesi berbeda dari jejak REKAP"
        yield from isi_batch.beda()
        yield from hasil.beda()


def _tertutup(nilai: str | None) -> bytes:
    """Return what stands for private values. Were it longer or shorter, what follows could be read otherwise."""
    if not re.fullmatch("[0-9a-f]{64}", nilai or ""):
        raise ValueError("tertutup")
    return bytes.fromhex(nilai or "")


class _IsiBatch:
    """Builds the body of every batch again from the rows, as a stream, and compares its SHA-256."""

    def __init__(self, sesi: dict[str, Any], batal: PermintaanBatal | None, batch: list[dict[str, Any]]) -> None:
        self.zona = _zona(sesi["zona_waktu"])
        self.batal = batal
        self.batch = {satu["kunci"]: satu for satu in batch}
        posting = {nama: sesi[nama] for nama in ("hari_baca", "thblrek", "unitup")} | {"no_pengesahan": sesi["nomor"]}
        isi = posting if batal is None else isi_pembatalan(sesi, batal.alasan, [])
        # in the body's order: what stands before its rows, and behind them
        awal, self.penutup = json.dumps(isi | {"baris": []}, sort_keys=True).encode().split(b'"baris": []')
        self.sidik = {kunci: hashlib.sha256(awal + b'"baris": [') for kunci in self.batch}
        self.sisa = {kunci: len(satu["idpel"]) for kunci, satu in self.batch.items()}
        self.di: dict[str, list[str]] = defaultdict(list)
        for satu in batch:
            for idpel in satu["idpel"]:
                self.di[idpel].append(satu["kunci"])

    def sertakan(self, baris: BarisBerkas) -> None:
        """Add a row to the bodies it went in."""
        for kunci in self.di.get(baris["idpel"] or "", ()):
            kirim = (
                _baris_kirim(baris, self.zona)
                if self.batal is None
                else {nama: baris[nama] for nama in ("idpel", "no_pengesahan")}
            )
            isi = json.dumps(kirim, sort_keys=True)
            awal = self.sisa[kunci] == len(self.batch[kunci]["idpel"])
            self.sidik[kunci].update(isi.encode() if awal else f", {isi}".encode())
            self.sisa[kunci] -= 1

    def beda(self) -> Iterator[str]:
        """Yield the batches whose body was another."""
        for kunci, ringkas in self.sidik.items():
            ringkas.update(b"]" + self.penutup)
            if self.sisa[kunci] or ringkas.hexdigest() != self.batch[kunci]["sidik_isi"]:
                yield f"isi batch {kunci} yang dihitung dari baris berbeda dari yang dikirim"


def _zona(nama: Any) -> ZoneInfo:
    """Return a zone. A folder's name, or one too long for a file, is none as well."""
    try:
        return ZoneInfo(nama)
    except OSError:
        raise ValueError("zona_waktu") from None


def _beda(baris: dict[str, Any], tercatat: dict[str, Any], kolom: Iterable[str]) -> str:
    """Name the columns in which a row differs from its entry."""
    return ", ".join(nama for nama in kolom if not _sama(nama, baris[nama], tercatat.get(nama)))


def _sama(kolom: str, satu: Any, lain: Any) -> bool:
    """Whether two values of a column are the same. Instants are written in more than one way."""
    if kolom.endswith("_pada") and satu and lain:
        return datetime.fromisoformat(satu) == datetime.fromisoformat(lain)
    return bool(satu == lain)


def _detik(saat: str) -> str:
    """Write an instant as the trail does: seconds since 1970, UTC, six decimals."""
    mikro = (datetime.fromisoformat(saat) - EPOS) // timedelta(microseconds=1)
    return f"{mikro // 1_000_000}.{mikro % 1_000_000:06d}"


_AKIBAT: dict[str, dict[str, str]] = {
    JenisJejak.SESI_DIBUKA: {"status": StatusSesi.BERJALAN, "tahap": TahapSesi.DIBUKA},
    JenisJejak.SESI_DILANJUTKAN: {"status": StatusSesi.BERJALAN},
    JenisJejak.SESI_TERHENTI: {"status": StatusSesi.TERHENTI},
    JenisJejak.SESI_DIAMBIL_ALIH_MULAI: {"status": StatusSesi.TERHENTI},
    JenisJejak.SESI_DIAMBIL_ALIH: {"status": StatusSesi.DIAMBIL_ALIH},
    JenisJejak.SESI_KEDALUWARSA: {"status": StatusSesi.KEDALUWARSA},
    JenisJejak.CUPLIKAN_DIAMBIL: {"tahap": TahapSesi.CUPLIKAN},
    JenisJejak.DISARING: {"tahap": TahapSesi.TERSARING},
    JenisJejak.GERBANG_DIBUKA: {"tahap": TahapSesi.MENUNGGU_PERSETUJUAN},
    JenisJejak.POSTING_MULAI: {"tahap": TahapSesi.MEMPOSTING},
    JenisJejak.POSTING_SELESAI: {"tahap": TahapSesi.TERPOSTING},
}
"""What an entry makes of its session."""
_TERSEBUT: dict[str, str] = {
    JenisJejak.POSTING_MULAI: "epoch",
    JenisJejak.SESI_DIAMBIL_ALIH_MULAI: "epoch",
    JenisJejak.REKAP: "rekap",
    JenisJejak.SESI_DITUTUP: "status",
}
"""What of its session an entry names anew."""


def _perubahan(jenis: str, isi: dict[str, Any], pengesah: int) -> dict[str, Any]:
    """Return what an entry changes of its session's state."""
    baru: dict[str, Any] = {**_AKIBAT.get(jenis, {})}
    if jenis in _TERSEBUT:
        baru[_TERSEBUT[jenis]] = isi[_TERSEBUT[jenis]]
    if jenis == JenisJejak.CUPLIKAN_DIAMBIL:
        baru |= {nama: isi[nama] for nama in ("tgl_mulai", "dicuplik_pada") if nama in isi}
    if jenis == JenisJejak.DIJAWAB and isi["keputusan"] == Keputusan.TOLAK:
        baru["status"] = StatusSesi.DITOLAK
    if jenis == JenisJejak.DIJAWAB and isi["keputusan"] == Keputusan.SETUJU and isi["urutan"] >= pengesah:
        baru["tahap"] = TahapSesi.DISETUJUI
    if jenis == JenisJejak.REKONSILIASI and isi["jumlah_beda"] == 0:
        baru["tahap"] = TahapSesi.COCOK
    return baru


def _baris_kirim(baris: BarisBerkas, zona: ZoneInfo) -> dict[str, str | None]:
    """Build what was sent of a row, as ``kirim_berikut`` reads it from the ledger."""
    stan: dict[str, Any] = {nama: Decimal(teks) for nama in _STAN if (teks := baris[nama]) is not None}
    hari = baris["tgl_baca"]
    if TANPA_METER in json.loads(baris.get("pilihan") or "{}"):
        stan |= {"slalwbp": NOL, "sahlwbp": NOL}
        hari = hari or baris["kirim_pada"]
    idpel, unitup, thblrek, hari_baca = (str(baris[nama]) for nama in ("idpel", "unitup", "thblrek", "hari_baca"))
    tgl_baca = None if hari is None else datetime.fromisoformat(hari)
    bacaan = Bacaan(idpel, unitup, thblrek, hari_baca, tgl_baca=tgl_baca)
    kwh = baris.get("kwh_kirim") or baris["kwh"] or "NaN"
    return baris_posting(bacaan._replace(**stan), Decimal(kwh), Decimal(baris["jam_nyala"] or "NaN"), zona)


class _SidikHasil:
    """Computes the digest over the outcomes that each entry bound, as a stream."""

    JENIS = (JenisJejak.BATCH_DITERAPKAN, JenisJejak.BARIS_DITOLAK, JenisJejak.BERUBAH_DI_SUMBER)

    def __init__(self, semua: Iterable[_Catatan]) -> None:
        self.isi = {catatan.jejak: catatan.isi for catatan in semua}
        self.per_kunci = {isi["kunci"]: jejak for jejak, isi in self.isi.items() if isi.get("kunci")}
        lain = {jejak: isi["baris"].values() for jejak, isi in self.isi.items() if not isi.get("kunci")}
        self.per_idpel = {idpel: jejak for jejak, sebab in lain.items() for idpel in chain.from_iterable(sebab)}
        self.sidik: dict[int, Any] = {}
        self.tanpa: list[str] = []

    def sertakan(self, baris: BarisBerkas) -> None:
        """Add a row's outcome to what its entry bound."""
        idpel, kunci = str(baris["idpel"]), baris["kunci"]
        if all(baris[kolom] is None for kolom in KOLOM_HASIL):
            return
        jejak = self.per_kunci.get(kunci) if kunci else self.per_idpel.get(idpel)
        if jejak is None or baris["status"] is None:
            self.tanpa.append(idpel)
            return
        kodeposting = None if baris["kodeposting"] is None else int(baris["kodeposting"])
        nilai = [idpel, *(baris[kolom] for kolom in ("status", "kode", "pesan")), kodeposting, baris["pada"]]
        isi = json.dumps(nilai, ensure_ascii=False).encode()
        if jejak in self.sidik:
            self.sidik[jejak].update(b"\n")
        self.sidik.setdefault(jejak, hashlib.sha256()).update(isi)

    def beda(self) -> Iterator[str]:
        """Yield the entries whose outcomes differ, and the outcomes that no entry bound."""
        for jejak, isi in self.isi.items():
            kini = self.sidik[jejak].hexdigest() if jejak in self.sidik else None
            if kini != isi.get("sidik_hasil"):
                yield f"hasil baris berbeda dari sidik pada jejak nomor {jejak}"
        if self.tanpa:
            yield f"hasil tanpa jejak: {daftar(self.tanpa)}"

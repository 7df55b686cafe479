"""Checks a session's file without any database: every digest in it is computed again from what it holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ap2t.audit.berkas.baca import BerkasSesi
from ap2t.audit.berkas.tulis import JENIS, KOLOM_HASIL, VERSI, kolom_sidik
from ap2t.audit.folder_segel import uraikan
from ap2t.domain.kontrak import baris_posting
from ap2t.domain.model import Bacaan
from ap2t.domain.teks import daftar
from ap2t.galat import BerkasTidakUtuh
from ap2t.ledger.cuplikan import kepala_sidik_cuplikan
from ap2t.ledger.jejak import EPOS, SISTEM, Entri, sidik_entri
from ap2t.ledger.pembatalan import PermintaanBatal, kepala_sidik_pembatalan, ringkas_pembatalan
from ap2t.ledger.sesi import PEMBATALAN
from ap2t.proses.batalkan import isi_pembatalan
from ap2t.teks_copy import pasang_baris

AKHIR = ("SESI_DITUTUP", "SESI_DIAMBIL_ALIH", "SESI_KEDALUWARSA", "DIJAWAB")
"""Entries that may end a session."""
_AKHIR = re.compile(rb'"sidik_berkas": "([0-9a-f]{64})"}\n')
_STAN = ("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh")
Baris = dict[str, str | None]


@dataclass
class HasilPeriksa:
    """What does not hold in a file, and how much was looked at."""

    nomor: str = ""
    sidik: str = ""
    baris: int = 0
    jejak: int = 0
    temuan: list[str] = field(default_factory=list)


def periksa_berkas(berkas: Path) -> HasilPeriksa:
    """Compute the file's hash, its entries' hashes, the session's digest and every batch's digests again.

    :raises BerkasTidakUtuh: the file is not one of ``ap2t audit berkas``, or has not its form any more.
    """
    hasil = HasilPeriksa()
    hasil.sidik, sebab = _sidik_berkas(berkas)
    if sebab:
        hasil.temuan.append(sebab)
    try:
        isi = BerkasSesi(berkas)
        if (isi.kepala.get("jenis"), isi.kepala.get("versi")) != (JENIS, VERSI):
            raise BerkasTidakUtuh(f"{berkas} bukan {JENIS} versi {VERSI}.")
        hasil.nomor = isi.kepala["sesi"]["nomor"]
        pemeriksa = _Pemeriksa(isi)
        hasil.temuan += pemeriksa.jalankan()
        hasil.baris, hasil.jejak = pemeriksa.baris, len(pemeriksa.jejak)
    except (KeyError, TypeError, ValueError, ArithmeticError) as galat:
        raise BerkasTidakUtuh(
            f"{berkas}: isinya tidak dapat dibaca ({type(galat).__name__}). " + (sebab or "Ambil berkas yang utuh.")
        ) from galat
    return hasil


def _sidik_berkas(berkas: Path) -> tuple[str, str | None]:
    """Return the SHA-256 of all but the last line, and what is wrong if that line does not say the same."""
    with berkas.open("rb") as buffered_reader:
        sidik, akhir = sidik_isi(buffered_reader)
    tercatat = _AKHIR.fullmatch(akhir)
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


class _Pemeriksa:
    """Goes through one file once and compares what its parts say of each other."""

    def __init__(self, isi: BerkasSesi) -> None:
        self.isi = isi
        self.sesi: dict[str, Any] = isi.kepala["sesi"]
        self.jejak = [Entri(**galat) for galat in isi.daftar("jejak")]
        self.batch: list[dict[str, Any]] = list(isi.daftar("batch"))
        self.baris = 0

    def jalankan(self) -> Iterator[str]:
        """Yield what does not hold."""
        if self.isi.kepala["kolom"] != [*kolom_sidik(self.sesi), *KOLOM_HASIL]:
            raise ValueError("kolom")
        yield from self._pemeriksaan()
        yield from self._rantai()
        yield from self._segel()
        yield from self._sesi()
        yield from self._permintaan()
        yield from self._keadaan()
        yield from self._persetujuan()
        yield from self._batch()
        yield from self._luar()
        yield from self._baris()

    def _catatan(self, *jenis: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
        for entri in self.jejak:
            if entri.jenis in jenis:
                yield entri.id, entri.pelaku, json.loads(entri.isi)

    def _pemeriksaan(self) -> Iterator[str]:
        """What the ledger's own check found when the file was made is in the file; it is not to be overlooked."""
        laporan = self.isi.kepala["pemeriksaan"]
        if laporan["temuan"] or not laporan["utuh"]:
            yield f"pemeriksaan buku saat berkas dibuat menemukan {len(laporan['temuan'])} hal yang tidak benar"

    def _segel(self) -> Iterator[str]:
        """The seals around the session, as far as they speak of its entries."""
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

    def _rantai(self) -> Iterator[str]:
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

    def _sesi(self) -> Iterator[str]:
        """The session must be what its first entry opened and its last one left."""
        akhir = [isi for _, _, isi in self._catatan(*AKHIR) if isi.get("diakhiri_pada")]
        awal = [{**isi, **isi.get("pola", {}), "pemicu": bagian} for _, bagian, isi in self._catatan("SESI_DIBUKA")]
        if len(awal) != 1:
            yield f"berkas memuat {len(awal)} jejak SESI_DIBUKA, seharusnya 1"
        for isi in (*awal, *akhir[-1:]):
            kini = {**self.sesi, "pemicu": self.sesi["pemicu"] or SISTEM}
            beda = [kunci for kunci, nilai in isi.items() if kunci in kini and not _sama(kunci, kini[kunci], nilai)]
            if beda:
                yield f"sesi berbeda dari jejaknya ({', '.join(sorted(beda))})"

    def _keadaan(self) -> Iterator[str]:
        """How far the session came must be what its entries say, and the rekap what was shown."""
        kini: dict[str, Any] = {"status": None, "tahap": None, "epoch": 1, "rekap": None}
        for entri in self.jejak:
            kini |= _langkah(entri.jenis, json.loads(entri.isi), self.sesi["pengesah"])
        beda = sorted(kunci for kunci, nilai in kini.items() if self.sesi[kunci] != nilai)
        if beda:
            yield f"sesi berbeda dari yang dicapai menurut jejaknya ({', '.join(beda)})"

    def _persetujuan(self) -> Iterator[str]:
        """Gates and answers must be those of their entries."""
        tercatat = {
            "gerbang": {isi["urutan"]: isi for _, _, isi in self._catatan("GERBANG_DIBUKA")},
            "persetujuan": {isi["urutan"]: {**isi, "oleh": bagian} for _, bagian, isi in self._catatan("DIJAWAB")},
        }
        for nama, kolom in (
            ("gerbang", ("sidik", "orang", "dibuka_pada")),
            (
                "persetujuan",
                ("sidik", "keputusan", "oleh", "catatan", "kembalikan", "petugas", "dijawab_pada", "dicatat_pada"),
            ),
        ):
            for baris in self.isi.daftar(nama):
                isi = tercatat[nama].pop(baris["urutan"], {})
                beda = [kunci for kunci in kolom if not _sama(kunci, baris[kunci], isi.get(kunci))]
                if beda or baris["sidik"] != self.sesi["sidik"]:
                    yield f"{nama} ke-{baris['urutan']} berbeda dari jejaknya ({', '.join(beda) or 'sidik sesi'})"
            for urutan in tercatat[nama]:
                yield f"{nama} ke-{urutan} disebut jejak tetapi tidak ada dalam berkas"
        yield from self._jawaban_tiba()

    def _jawaban_tiba(self) -> Iterator[str]:
        """Every answer of a gate that says so must have come from an arrival that the trail tells of before."""
        tiba = {isi["tiba"]: (nomor, bagian, isi) for nomor, bagian, isi in self._catatan("JAWABAN_TIBA")}
        mencatat = {isi["urutan"] for _, _, isi in self._catatan("GERBANG_DIBUKA") if isi.get("mencatat_tiba")}
        for nomor, oleh, isi_ini in self._catatan("DIJAWAB"):
            if isi_ini.get("tiba") is None and isi_ini["urutan"] not in mencatat:
                continue
            dari, siapa, isi = tiba.get(isi_ini.get("tiba"), (nomor, oleh, {}))
            sama = (isi.get("urutan"), isi.get("sidik"), siapa) == (isi_ini["urutan"], isi_ini["sidik"], oleh)
            if dari >= nomor or not sama or not _sama("dijawab_pada", isi["dijawab_pada"], isi_ini["dijawab_pada"]):
                yield f"jawaban ke-{isi_ini['urutan']} tidak punya jawaban tiba yang sama pada jejak"

    def _batch(self) -> Iterator[str]:
        """Batches must be those of their entries, and settled as these say."""
        kirim = {isi_ini["kunci"]: {**isi_ini, "oleh": bagian} for _, bagian, isi_ini in self._catatan("BATCH_DIKIRIM")}
        beres = {
            isi_ini["kunci"]: {**isi_ini, "status": jenis.removeprefix("BATCH_")}
            for jenis in ("BATCH_DITERAPKAN", "BATCH_BATAL")
            for _, _, isi_ini in self._catatan(jenis)
        }
        for baris in self.batch:
            isi = kirim.pop(baris["kunci"], {})
            sidik_idpel = hashlib.sha256(",".join(baris["idpel"]).encode()).hexdigest()
            kini = (baris["sidik_isi"], baris["epoch"], baris["oleh"], sidik_idpel)
            if kini != tuple(isi.get(literal) for literal in ("sidik_isi", "epoch", "oleh", "sidik_idpel")):
                yield f"batch {baris['kunci']} berbeda dari jejaknya"
            isi = {"status": "DIKIRIM", **beres.get(baris["kunci"], {}), "dikirim_pada": isi.get("dikirim_pada")}
            beda = [
                literal
                for literal in ("status", "dikirim_pada", "selesai_pada", "keterangan")
                if not _sama(literal, baris[literal], isi.get(literal))
            ]
            if beda:
                yield f"batch {baris['kunci']} berbeda dari jejaknya ({', '.join(beda)})"
        if kirim:
            yield f"batch disebut jejak tetapi tidak ada dalam berkas: {daftar(sorted(kirim))}"

    def _diminta(self) -> PermintaanBatal | None:
        """Return what a cancellation was asked to do, as the file has it."""
        isi = self.isi.kepala["pembatalan"] if self.sesi["jenis"] == PEMBATALAN else None
        return None if isi is None else PermintaanBatal(**isi)

    def _permintaan(self) -> Iterator[str]:
        """What a cancellation was asked to do must be what its first entry says."""
        batal = self._diminta()
        for _, _, isi in self._catatan("SESI_DIBUKA"):
            if batal is not None and any(isi.get(kunci) != nilai for kunci, nilai in ringkas_pembatalan(batal).items()):
                yield "permintaan pembatalan berbeda dari jejaknya"

    def _luar(self) -> Iterator[str]:
        """What others did in AP2T must be what the entries name."""
        sebut = ([isi["tahap"], *baris] for _, _, isi in self._catatan("DILUAR_SISTEM") for baris in isi["baris"])
        kolom = ("tahap", "idpel", "kejadian", "kodeposting", "no_pengesahan", "oleh", "waktu")
        kini = (
            [*(baris[kunci] for kunci in kolom), _detik(baris["ditemukan_pada"])]
            for baris in self.isi.daftar("diluar_sistem")
        )
        if sorted(list(map(str, baris)) for baris in kini) != sorted(list(map(str, baris)) for baris in sebut):
            yield "catatan DILUAR_SISTEM berbeda dari jejaknya"

    def _baris(self) -> Iterator[str]:
        """The digests over the rows: of the session, of each batch as it was sent, of each batch's outcomes."""
        isi, batal = self.sesi, self._diminta()
        if batal is None:
            sidik = hashlib.sha256(kepala_sidik_cuplikan(isi))
        else:
            sidik = hashlib.sha256(kepala_sidik_pembatalan(isi["nomor"], batal))
        kolom = kolom_sidik(isi)
        isi_batch, hasil = _IsiBatch(isi, batal, self.batch), _SidikHasil(list(self._catatan(*_SidikHasil.JENIS)))
        for baris in self.isi.baris():
            self.baris += 1
            sidik.update(pasang_baris(baris[kunci] for kunci in kolom))
            isi_batch.tambah(baris)
            hasil.tambah(baris)
        terakhir = {entri.jenis: entri.id for entri in self.jejak}
        jumlah = [isi_ini["jumlah"] for _, _, isi_ini in self._catatan("CUPLIKAN_DIAMBIL")]
        if jumlah and self.baris != jumlah[-1]:
            yield f"berkas memuat {self.baris} pelanggan, jejak CUPLIKAN_DIAMBIL menyebut {jumlah[-1]}"
        berlaku = "GERBANG_DIBUKA" in terakhir or terakhir.get("REKAP", 0) > max(
            terakhir.get("CUPLIKAN_DIAMBIL", 0), terakhir.get("DISARING", 0)
        )
        if berlaku and sidik.hexdigest() != isi["sidik"]:
            yield f"baris pelanggan bersidik {sidik.hexdigest()[:12]}, sidik sesi {str(isi['sidik'])[:12]}"
        rekap = [isi_ini["sidik"] for _, _, isi_ini in self._catatan("REKAP")]
        if isi["sidik"] != (rekap[-1] if rekap else None):
            yield "sidik sesi berbeda dari jejak REKAP"
        yield from isi_batch.beda()
        yield from hasil.beda()


class _IsiBatch:
    """Builds the body of every batch again from the rows, as a stream, and compares its SHA-256."""

    def __init__(self, isi_ini: dict[str, Any], batal: PermintaanBatal | None, batch: list[dict[str, Any]]) -> None:
        self.zona = ZoneInfo(isi_ini["zona_waktu"])
        self.batal = batal
        self.batch = {baris["kunci"]: baris for baris in batch}
        if batal is None:
            isi: dict[str, Any] = {literal: isi_ini[literal] for literal in ("hari_baca", "thblrek", "unitup")} | {
                "no_pengesahan": isi_ini["nomor"]
            }
        else:
            isi = isi_pembatalan(isi_ini, batal.alasan, [])
        # in the body's order: what stands before its rows, and behind them
        awal, self.penutup = json.dumps(isi | {"baris": []}, sort_keys=True).encode().split(b'"baris": []')
        self.sidik = {kunci: hashlib.sha256(awal + b'"baris": [') for kunci in self.batch}
        self.sisa = {kunci: len(baris_ini["idpel"]) for kunci, baris_ini in self.batch.items()}
        self.di: dict[str, list[str]] = defaultdict(list)
        for baris in batch:
            for i in baris["idpel"]:
                self.di[i].append(baris["kunci"])

    def tambah(self, baris_ini: Baris) -> None:
        """Take a row in."""
        for kunci in self.di.get(baris_ini["idpel"] or "", ()):
            baris = (
                _kirim(baris_ini, self.zona)
                if self.batal is None
                else {literal: baris_ini[literal] for literal in ("idpel", "no_pengesahan")}
            )
            isi = json.dumps(baris, sort_keys=True)
            awal = self.sisa[kunci] == len(self.batch[kunci]["idpel"])
            self.sidik[kunci].update(isi.encode() if awal else f", {isi}".encode())
            self.sisa[kunci] -= 1

    def beda(self) -> Iterator[str]:
        """Yield the batches whose body was another."""
        for kunci, ringkas in self.sidik.items():
            ringkas.update(b"]" + self.penutup)
            if self.sisa[kunci] or ringkas.hexdigest() != self.batch[kunci]["sidik_isi"]:
                yield f"isi batch {kunci} yang dihitung dari baris berbeda dari yang dikirim"


def _sama(kolom: str, argumen: Any, baris: Any) -> bool:
    """Whether two values are the same; instants are written in more than one way."""
    if kolom.endswith("_pada") and argumen and baris:
        return datetime.fromisoformat(argumen) == datetime.fromisoformat(baris)
    return bool(argumen == baris)


def _detik(saat: str) -> str:
    """Write an instant as the trail does: seconds since 1970, UTC, six decimals."""
    mikro = (datetime.fromisoformat(saat) - EPOS) // timedelta(microseconds=1)
    return f"{mikro // 1_000_000}.{mikro % 1_000_000:06d}"


_STATUS = {
    "SESI_DIBUKA": "BERJALAN",
    "SESI_DILANJUTKAN": "BERJALAN",
    "SESI_TERHENTI": "TERHENTI",
    "SESI_DIAMBIL_ALIH_MULAI": "TERHENTI",
    "SESI_DIAMBIL_ALIH": "DIAMBIL_ALIH",
    "SESI_KEDALUWARSA": "KEDALUWARSA",
}
_TAHAP = {
    "SESI_DIBUKA": "DIBUKA",
    "CUPLIKAN_DIAMBIL": "CUPLIKAN",
    "DISARING": "TERSARING",
    "GERBANG_DIBUKA": "MENUNGGU_PERSETUJUAN",
    "POSTING_MULAI": "MEMPOSTING",
    "POSTING_SELESAI": "TERPOSTING",
}


def _langkah(jenis: str, isi: dict[str, Any], pengesah: int) -> dict[str, Any]:
    """Return what an entry changes of its session's state."""
    baru: dict[str, Any] = {}
    if jenis in _STATUS:
        baru["status"] = _STATUS[jenis]
    if jenis in _TAHAP:
        baru["tahap"] = _TAHAP[jenis]
    if jenis in ("POSTING_MULAI", "SESI_DIAMBIL_ALIH_MULAI"):
        baru["epoch"] = isi["epoch"]
    if jenis == "CUPLIKAN_DIAMBIL":
        baru |= {literal: isi[literal] for literal in ("tgl_mulai", "dicuplik_pada") if literal in isi}
    if jenis == "REKAP":
        baru["rekap"] = isi["rekap"]
    if jenis == "SESI_DITUTUP":
        baru["status"] = isi["status"]
    if jenis == "DIJAWAB":
        baru |= {"status": "DITOLAK"} if isi["keputusan"] == "TOLAK" else {}
        baru |= {"tahap": "DISETUJUI"} if isi["keputusan"] == "SETUJU" and isi["urutan"] >= pengesah else {}
    if jenis == "REKONSILIASI" and isi["jumlah_beda"] == 0:
        baru["tahap"] = "COCOK"
    return baru


def _kirim(baris: Baris, zona: ZoneInfo) -> dict[str, str | None]:
    angka: dict[str, Any] = {kunci: Decimal(nilai) for kunci in _STAN if (nilai := baris[kunci]) is not None}
    bacaan = Bacaan(
        str(baris["idpel"]),
        str(baris["unitup"]),
        str(baris["thblrek"]),
        str(baris["hari_baca"]),
        tgl_baca=_saat(baris["tgl_baca"]),
    )
    return baris_posting(
        bacaan._replace(**angka), Decimal(baris["kwh"] or "NaN"), Decimal(baris["jam_nyala"] or "NaN"), zona
    )


def _saat(teks: str | None) -> datetime | None:
    return None if teks is None else datetime.fromisoformat(teks)


class _SidikHasil:
    """Computes the digest over the outcomes that each entry bound, as a stream."""

    JENIS = ("BATCH_DITERAPKAN", "BARIS_DITOLAK", "BERUBAH_DI_SUMBER")

    def __init__(self, catatan: list[tuple[int, str, dict[str, Any]]]) -> None:
        self.catatan = {nomor: isi for nomor, _, isi in catatan}
        self.per_kunci = {isi["kunci"]: nomor for nomor, isi in self.catatan.items() if isi.get("kunci")}
        self.per_idpel = {
            isi_ini: nomor
            for nomor, isi in self.catatan.items()
            if not isi.get("kunci")
            for semua in isi["baris"].values()
            for isi_ini in semua
        }
        self.sidik: dict[int, Any] = {}
        self.tanpa: list[str] = []

    def tambah(self, baris: Baris) -> None:
        """Take a row in."""
        if baris["status"] is None:
            self.tanpa += [str(baris["idpel"])] if any(baris[kunci] is not None for kunci in KOLOM_HASIL) else []
            return
        idpel, kunci = str(baris["idpel"]), baris["kunci"]
        nomor = self.per_kunci.get(kunci) if kunci else self.per_idpel.get(idpel)
        if nomor is None:
            self.tanpa.append(idpel)
            return
        kodeposting = None if baris["kodeposting"] is None else int(baris["kodeposting"])
        nilai = [idpel, *(baris[kunci] for kunci in KOLOM_HASIL[1:4]), kodeposting, baris["pada"]]
        isi = json.dumps(nilai, ensure_ascii=False).encode()
        if nomor in self.sidik:
            self.sidik[nomor].update(b"\n" + isi)
        else:
            self.sidik[nomor] = hashlib.sha256(isi)

    def beda(self) -> Iterator[str]:
        """Yield the entries whose outcomes differ, and the outcomes that no entry bound."""
        for nomor, isi in self.catatan.items():
            kini = self.sidik[nomor].hexdigest() if nomor in self.sidik else None
            if kini != isi.get("sidik_hasil"):
                yield f"hasil baris berbeda dari sidik pada jejak nomor {nomor}"
        if self.tanpa:
            yield f"hasil tanpa jejak: {daftar(self.tanpa)}"

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
from ap2t.ledger.pembatalan import Isi, kepala_sidik_pembatalan, ringkas_pembatalan
from ap2t.ledger.sesi import PEMBATALAN
from ap2t.proses.batalkan import isi_pembatalan
from ap2t.teks_copy import pasang

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
    except (KeyError, TypeError, ValueError, ArithmeticError) as e:
        raise BerkasTidakUtuh(
            f"{berkas}: isinya tidak dapat dibaca ({type(e).__name__}). " + (sebab or "Ambil berkas yang utuh.")
        ) from e
    return hasil


def _sidik_berkas(berkas: Path) -> tuple[str, str | None]:
    """Return the SHA-256 of all but the last line, and what is wrong if that line does not say the same."""
    with berkas.open("rb") as f:
        sidik, akhir = sidik_isi(f)
    tercatat = _AKHIR.fullmatch(akhir)
    if tercatat is None:
        return sidik, "baris terakhir berkas bukan sidik berkas: berkas terpotong atau diubah"
    if tercatat[1].decode() != sidik:
        return sidik, "isi berkas berbeda dari sidik pada baris terakhirnya: berkas diubah"
    return sidik, None


def sidik_isi(baris: Iterable[bytes]) -> tuple[str, bytes]:
    """Return the SHA-256 (hex) of all lines of a session's file but the last, and the last."""
    ringkas, akhir = hashlib.sha256(), b""
    for b in baris:
        ringkas.update(akhir)
        akhir = b
    return ringkas.hexdigest(), akhir


class _Pemeriksa:
    """Goes through one file once and compares what its parts say of each other."""

    def __init__(self, isi: BerkasSesi) -> None:
        self.isi = isi
        self.sesi: dict[str, Any] = isi.kepala["sesi"]
        self.jejak = [Entri(**e) for e in isi.daftar("jejak")]
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
        for e in self.jejak:
            if e.jenis in jenis:
                yield e.id, e.pelaku, json.loads(e.isi)

    def _pemeriksaan(self) -> Iterator[str]:
        """What the ledger's own check found when the file was made is in the file; it is not to be overlooked."""
        laporan = self.isi.kepala["pemeriksaan"]
        if laporan["temuan"] or not laporan["utuh"]:
            yield f"pemeriksaan buku saat berkas dibuat menemukan {len(laporan['temuan'])} hal yang tidak benar"

    def _segel(self) -> Iterator[str]:
        """The seals around the session, as far as they speak of its entries."""
        sidik = {e.id: e.sidik for e in self.jejak}
        pertama, terakhir = min(sidik, default=1), max(sidik, default=0)
        for letak, baris in self.isi.kepala["segel"].items():
            s = None if baris is None else uraikan(baris)
            salah = s is not None and (
                s.jejak >= pertama
                if letak == "sebelum"
                else s.jejak < terakhir or sidik.get(s.jejak, s.sidik) != s.sidik
            )
            if salah or (s is None and baris is not None):
                yield f"segel {letak} sesi ini tidak cocok dengan jejaknya"

    def _rantai(self) -> Iterator[str]:
        lalu: Entri | None = None
        for e in self.jejak:
            if sidik_entri(e) != e.sidik:
                yield f"isi jejak nomor {e.id} ({e.jenis}) berubah"
            if lalu is not None and e.id <= lalu.id:
                yield f"jejak nomor {e.id} tidak urut"
            if lalu is not None and e.id == lalu.id + 1 and e.sebelum != lalu.sidik:
                yield f"jejak nomor {e.id} ({e.jenis}) tidak menyambung ke jejak nomor {lalu.id}"
            if e.sesi_id != self.sesi["id"]:
                yield f"jejak nomor {e.id} milik sesi lain"
            lalu = e

    def _sesi(self) -> Iterator[str]:
        """The session must be what its first entry opened and its last one left."""
        akhir = [i for _, _, i in self._catatan(*AKHIR) if i.get("diakhiri_pada")]
        awal = [{**i, **i.get("pola", {}), "pemicu": p} for _, p, i in self._catatan("SESI_DIBUKA")]
        if len(awal) != 1:
            yield f"berkas memuat {len(awal)} jejak SESI_DIBUKA, seharusnya 1"
        for i in (*awal, *akhir[-1:]):
            kini = {**self.sesi, "pemicu": self.sesi["pemicu"] or SISTEM}
            beda = [k for k, v in i.items() if k in kini and not _sama(k, kini[k], v)]
            if beda:
                yield f"sesi berbeda dari jejaknya ({', '.join(sorted(beda))})"

    def _keadaan(self) -> Iterator[str]:
        """How far the session came must be what its entries say, and the rekap what was shown."""
        kini: dict[str, Any] = {"status": None, "tahap": None, "epoch": 1, "rekap": None}
        for e in self.jejak:
            kini |= _langkah(e.jenis, json.loads(e.isi), self.sesi["pengesah"])
        beda = sorted(k for k, v in kini.items() if self.sesi[k] != v)
        if beda:
            yield f"sesi berbeda dari yang dicapai menurut jejaknya ({', '.join(beda)})"

    def _persetujuan(self) -> Iterator[str]:
        """Gates and answers must be those of their entries."""
        tercatat = {
            "gerbang": {i["urutan"]: i for _, _, i in self._catatan("GERBANG_DIBUKA")},
            "persetujuan": {i["urutan"]: {**i, "oleh": p} for _, p, i in self._catatan("DIJAWAB")},
        }
        for nama, kolom in (
            ("gerbang", ("sidik", "orang", "dibuka_pada")),
            (
                "persetujuan",
                ("sidik", "keputusan", "oleh", "catatan", "kembalikan", "petugas", "dijawab_pada", "dicatat_pada"),
            ),
        ):
            for b in self.isi.daftar(nama):
                j = tercatat[nama].pop(b["urutan"], {})
                beda = [k for k in kolom if not _sama(k, b[k], j.get(k))]
                if beda or b["sidik"] != self.sesi["sidik"]:
                    yield f"{nama} ke-{b['urutan']} berbeda dari jejaknya ({', '.join(beda) or 'sidik sesi'})"
            for urutan in tercatat[nama]:
                yield f"{nama} ke-{urutan} disebut jejak tetapi tidak ada dalam berkas"
        yield from self._jawaban_tiba()

    def _jawaban_tiba(self) -> Iterator[str]:
        """Every answer of a gate that says so must have come from an arrival that the trail tells of before."""
        tiba = {i["tiba"]: (nomor, p, i) for nomor, p, i in self._catatan("JAWABAN_TIBA")}
        mencatat = {i["urutan"] for _, _, i in self._catatan("GERBANG_DIBUKA") if i.get("mencatat_tiba")}
        for nomor, oleh, i in self._catatan("DIJAWAB"):
            if i.get("tiba") is None and i["urutan"] not in mencatat:
                continue
            dari, siapa, isi = tiba.get(i.get("tiba"), (nomor, oleh, {}))
            sama = (isi.get("urutan"), isi.get("sidik"), siapa) == (i["urutan"], i["sidik"], oleh)
            if dari >= nomor or not sama or not _sama("dijawab_pada", isi["dijawab_pada"], i["dijawab_pada"]):
                yield f"jawaban ke-{i['urutan']} tidak punya jawaban tiba yang sama pada jejak"

    def _batch(self) -> Iterator[str]:
        """Batches must be those of their entries, and settled as these say."""
        kirim = {i["kunci"]: {**i, "oleh": p} for _, p, i in self._catatan("BATCH_DIKIRIM")}
        beres = {
            i["kunci"]: {**i, "status": jenis.removeprefix("BATCH_")}
            for jenis in ("BATCH_DITERAPKAN", "BATCH_BATAL")
            for _, _, i in self._catatan(jenis)
        }
        for b in self.batch:
            j = kirim.pop(b["kunci"], {})
            sidik_idpel = hashlib.sha256(",".join(b["idpel"]).encode()).hexdigest()
            kini = (b["sidik_isi"], b["epoch"], b["oleh"], sidik_idpel)
            if kini != tuple(j.get(k) for k in ("sidik_isi", "epoch", "oleh", "sidik_idpel")):
                yield f"batch {b['kunci']} berbeda dari jejaknya"
            j = {"status": "DIKIRIM", **beres.get(b["kunci"], {}), "dikirim_pada": j.get("dikirim_pada")}
            beda = [k for k in ("status", "dikirim_pada", "selesai_pada", "keterangan") if not _sama(k, b[k], j.get(k))]
            if beda:
                yield f"batch {b['kunci']} berbeda dari jejaknya ({', '.join(beda)})"
        if kirim:
            yield f"batch disebut jejak tetapi tidak ada dalam berkas: {daftar(sorted(kirim))}"

    def _diminta(self) -> Isi | None:
        """Return what a cancellation was asked to do, as the file has it."""
        isi = self.isi.kepala["pembatalan"] if self.sesi["jenis"] == PEMBATALAN else None
        return None if isi is None else Isi(**isi)

    def _permintaan(self) -> Iterator[str]:
        """What a cancellation was asked to do must be what its first entry says."""
        batal = self._diminta()
        for _, _, i in self._catatan("SESI_DIBUKA"):
            if batal is not None and any(i.get(k) != v for k, v in ringkas_pembatalan(batal).items()):
                yield "permintaan pembatalan berbeda dari jejaknya"

    def _luar(self) -> Iterator[str]:
        """What others did in AP2T must be what the entries name."""
        sebut = ([i["tahap"], *b] for _, _, i in self._catatan("DILUAR_SISTEM") for b in i["baris"])
        kolom = ("tahap", "idpel", "kejadian", "kodeposting", "no_pengesahan", "oleh", "waktu")
        kini = ([*(b[k] for k in kolom), _detik(b["ditemukan_pada"])] for b in self.isi.daftar("diluar_sistem"))
        if sorted(list(map(str, b)) for b in kini) != sorted(list(map(str, b)) for b in sebut):
            yield "catatan DILUAR_SISTEM berbeda dari jejaknya"

    def _baris(self) -> Iterator[str]:
        """The digests over the rows: of the session, of each batch as it was sent, of each batch's outcomes."""
        s, batal = self.sesi, self._diminta()
        if batal is None:
            sidik = hashlib.sha256(kepala_sidik_cuplikan(s))
        else:
            sidik = hashlib.sha256(kepala_sidik_pembatalan(s["nomor"], batal))
        kolom = kolom_sidik(s)
        isi_batch, hasil = _IsiBatch(s, batal, self.batch), _SidikHasil(list(self._catatan(*_SidikHasil.JENIS)))
        for b in self.isi.baris():
            self.baris += 1
            sidik.update("\t".join(pasang(b[k]) for k in kolom).encode() + b"\n")
            isi_batch.tambah(b)
            hasil.tambah(b)
        terakhir = {e.jenis: e.id for e in self.jejak}
        jumlah = [i["jumlah"] for _, _, i in self._catatan("CUPLIKAN_DIAMBIL")]
        if jumlah and self.baris != jumlah[-1]:
            yield f"berkas memuat {self.baris} pelanggan, jejak CUPLIKAN_DIAMBIL menyebut {jumlah[-1]}"
        berlaku = "GERBANG_DIBUKA" in terakhir or terakhir.get("REKAP", 0) > max(
            terakhir.get("CUPLIKAN_DIAMBIL", 0), terakhir.get("DISARING", 0)
        )
        if berlaku and sidik.hexdigest() != s["sidik"]:
            yield f"baris pelanggan bersidik {sidik.hexdigest()[:12]}, sidik sesi {str(s['sidik'])[:12]}"
        rekap = [i["sidik"] for _, _, i in self._catatan("REKAP")]
        if s["sidik"] != (rekap[-1] if rekap else None):
            yield "sidik sesi berbeda dari jejak REKAP"
        yield from isi_batch.beda()
        yield from hasil.beda()


class _IsiBatch:
    """Builds the body of every batch again from the rows, as a stream, and compares its SHA-256."""

    def __init__(self, s: dict[str, Any], batal: Isi | None, batch: list[dict[str, Any]]) -> None:
        self.zona = ZoneInfo(s["zona_waktu"])
        self.batal = batal
        self.batch = {b["kunci"]: b for b in batch}
        if batal is None:
            isi: dict[str, Any] = {k: s[k] for k in ("hari_baca", "thblrek", "unitup")} | {"no_pengesahan": s["nomor"]}
        else:
            isi = isi_pembatalan(s, batal.alasan, [])
        # in the body's order: what stands before its rows, and behind them
        awal, self.penutup = json.dumps(isi | {"baris": []}, sort_keys=True).encode().split(b'"baris": []')
        self.sidik = {k: hashlib.sha256(awal + b'"baris": [') for k in self.batch}
        self.sisa = {k: len(b["idpel"]) for k, b in self.batch.items()}
        self.di: dict[str, list[str]] = defaultdict(list)
        for b in batch:
            for i in b["idpel"]:
                self.di[i].append(b["kunci"])

    def tambah(self, b: Baris) -> None:
        """Take a row in."""
        for kunci in self.di.get(b["idpel"] or "", ()):
            baris = _kirim(b, self.zona) if self.batal is None else {k: b[k] for k in ("idpel", "no_pengesahan")}
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


def _sama(kolom: str, a: Any, b: Any) -> bool:
    """Whether two values are the same; instants are written in more than one way."""
    if kolom.endswith("_pada") and a and b:
        return datetime.fromisoformat(a) == datetime.fromisoformat(b)
    return bool(a == b)


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
        baru |= {k: isi[k] for k in ("tgl_mulai", "dicuplik_pada") if k in isi}
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


def _kirim(b: Baris, zona: ZoneInfo) -> dict[str, str | None]:
    angka: dict[str, Any] = {k: Decimal(v) for k in _STAN if (v := b[k]) is not None}
    bacaan = Bacaan(
        str(b["idpel"]), str(b["unitup"]), str(b["thblrek"]), str(b["hari_baca"]), tgl_baca=_saat(b["tgl_baca"])
    )
    return baris_posting(bacaan._replace(**angka), Decimal(b["kwh"] or "NaN"), Decimal(b["jam_nyala"] or "NaN"), zona)


def _saat(teks: str | None) -> datetime | None:
    return None if teks is None else datetime.fromisoformat(teks)


class _SidikHasil:
    """Computes the digest over the outcomes that each entry bound, as a stream."""

    JENIS = ("BATCH_DITERAPKAN", "BARIS_DITOLAK", "BERUBAH_DI_SUMBER")

    def __init__(self, catatan: list[tuple[int, str, dict[str, Any]]]) -> None:
        self.catatan = {nomor: isi for nomor, _, isi in catatan}
        self.per_kunci = {isi["kunci"]: nomor for nomor, isi in self.catatan.items() if isi.get("kunci")}
        self.per_idpel = {
            i: nomor
            for nomor, isi in self.catatan.items()
            if not isi.get("kunci")
            for semua in isi["baris"].values()
            for i in semua
        }
        self.sidik: dict[int, Any] = {}
        self.tanpa: list[str] = []

    def tambah(self, b: Baris) -> None:
        """Take a row in."""
        if b["status"] is None:
            self.tanpa += [str(b["idpel"])] if any(b[k] is not None for k in KOLOM_HASIL) else []
            return
        idpel, kunci = str(b["idpel"]), b["kunci"]
        nomor = self.per_kunci.get(kunci) if kunci else self.per_idpel.get(idpel)
        if nomor is None:
            self.tanpa.append(idpel)
            return
        kodeposting = None if b["kodeposting"] is None else int(b["kodeposting"])
        nilai = [idpel, *(b[k] for k in KOLOM_HASIL[1:4]), kodeposting, b["pada"]]
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

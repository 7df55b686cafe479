"""One kelompok driven at random through everything that can happen to it; after every step all invariants hold.

A model of its own (mesin_keadaan.py) knows what must be true; ledger, demo ACMT and AP2T's sandbox are real. Every
request to AP2T is held against the model as it leaves, and what AP2T did against AP2T's own log. Deterministic;
``UJI_ACAK=<examples>`` runs that many random ones, ``UJI_LANGKAH`` sets the steps of each, and
``UJI_SUSUT=1`` makes the story of a failure as short as it can be (minutes).
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from batal_fixtures import JalanBatal
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from mesin_keadaan import GERBANG, NILAI, Model, Sesi
from proses_fixtures import KODE, AlamatPg, Dunia, Jalan, salin_buku
from psycopg import sql

from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.galat import Ap2tTidakPasti, Ap2tTidakTerjangkau, BelumSiap, BukuMenolak, LewatiLangkah
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.lihat.rekap_bulan import rekap_buku
from ap2t.lihat.status_pelanggan import Mata, per_kelompok
from ap2t.penjaga.tenggat import jaga_sesi
from ap2t.proses import kembalikan
from ap2t.proses import kirim as modul_pengirim
from ap2t.proses.gerbang import SETUJU, TOLAK
from ap2t.proses.kembalikan import kembalikan_sisa
from ap2t.proses.tutup import hentikan
from ap2t.source.acmt import SumberAcmt
from conftest import Sandbox
from sandbox.rekap import rekap_unit

JUMLAH = 8
CONTOH = int(os.environ.get("UJI_ACAK", "0"))
LANGKAH = int(os.environ.get("UJI_LANGKAH", "25"))
SUSUT = bool(os.environ.get("UJI_SUSUT"))
_nomor = itertools.count(1)

# once each, at the chosen request
SEMENTARA: dict[str, tuple[str, dict[str, Any]]] = {
    "jawaban hilang": ("hilang_sesudah", {}),
    "permintaan hilang": ("hilang_sebelum", {}),
    "500 sebelum": ("galat", {"status": 500}),
    "500 sesudah": ("galat_sesudah", {"status": 500}),
    "429": ("galat", {"status": 429, "tunggu": 0.01}),
    "jawaban rusak": ("rusak", {"cara": "baris_kurang"}),
}
MATI = ("mati sesudah dicatat", "mati sesudah terkirim")
PERGI = {"AP2T pergi, tidak diterapkan": "hilang_sebelum", "AP2T pergi, sudah diterapkan": "hilang_sesudah"}
DUA = ("salinan kedua sebelum kirim", "salinan kedua sesudah kirim", "diambil alih sebelum kirim",
       "diambil alih sesudah kirim")  # fmt: skip
GANGGUAN = (
    "tanpa",
    *SEMENTARA,
    *MATI,
    *PERGI,
    *DUA,
    "bacaan berubah di tengah",
    "tugas diulang",
    "mati sesudah kembali",
)
nomor_pelanggan = st.integers(0, JUMLAH - 1)
beberapa = st.sets(nomor_pelanggan, max_size=3)


def _kejadian(nama: str, **isi: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(nama), st.fixed_dictionaries(isi))


_JALAN = _kejadian(
    "jalan",
    batal=st.sampled_from([False, False, True]),
    daftar=beberapa,
    banyak=st.integers(1, 7),
    tolak=st.integers(0, 9),
    kembali=beberapa,
    gangguan=st.sampled_from(GANGGUAN),
    pada=st.integers(1, 2),
)
_AP2T = _kejadian(
    "di_ap2t",
    n=nomor_pelanggan,
    apa=st.sampled_from(["posting", "batal", "suplai", "tolak", "terima"]),
    kwh=st.sampled_from([150, 99]),
)
_LAIN = (
    _kejadian("baca", n=nomor_pelanggan, nilai=st.sampled_from(sorted(NILAI)), tercatat=st.booleans()),
    _kejadian("cap", ns=beberapa, cap=st.sampled_from(["semua", "pengawas", "vendor", "kirim"]), palsu=st.booleans()),
    _kejadian("buka", batal=st.booleans(), daftar=beberapa),
    _kejadian("henti", apa=st.sampled_from(["run mati", "dilanjutkan", "penjaga"])),
)
# half of what happens is a run going on; one rule for all of it, as hypothesis leaves whole rules out of an example
KEJADIAN = st.sampled_from([*[_JALAN] * 8, _AP2T, _AP2T, *_LAIN]).flatmap(lambda s: s)


def catat(kalimat: str) -> None:
    """Tell it in a failure's story; a sending thread cannot."""
    if threading.current_thread() is threading.main_thread():
        note(kalimat)


class Mati(BaseException):
    """A process that ends here: nothing of ours catches it."""


class Mesin(RuleBasedStateMachine):
    """The real parts and the model side by side."""

    aktif: Mesin

    def __init__(self, alamat: AlamatPg, peladen: str, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.nama_buku = f"uji_mesin_{os.getpid()}_{next(_nomor)}"
        self.alamat = alamat._replace(buku=salin_buku(alamat, self.nama_buku))
        self.sandbox = Sandbox(peladen)
        self.sandbox.kendali("reset", data=True)
        self.sandbox.kendali("token", umur=3600, hanguskan=True)
        self.d = Dunia(self.alamat, self.sandbox, monkeypatch)
        self.lihat = self.d.layanan()
        self.gangguan, self.pada, self.ke, self.kena = "tanpa", 1, 0, False
        self.terakhir = ""
        self.m = Model(0, "LENGKAP", 1)
        Mesin.aktif = self

    def teardown(self) -> None:
        """Close and drop what this example used."""
        self.d.tutup()
        with psycopg.connect(self.alamat.server, autocommit=True) as conn:
            conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.nama_buku)))

    @initialize(pola=st.sampled_from(["BERTAHAP", "LENGKAP"]), pengesah=st.sampled_from([1, 2]))
    def mulai(self, pola: str, pengesah: int) -> None:
        """A kelompok of clean readings, all ready."""
        self.m = Model(JUMLAH, pola, pengesah)
        self.d.isi(JUMLAH)
        if (pola, pengesah) != ("LENGKAP", 1):
            self.d.pola(pola, pengesah)

    @rule(k=KEJADIAN)
    def terjadi(self, k: tuple[str, dict[str, Any]]) -> None:
        """Something happens."""
        nama, isi = k
        getattr(self, nama)(**isi)

    # --------------------------------------------------------------------------------- readings and their stamps

    def baca(self, n: int, nilai: str, tercatat: bool) -> None:
        """A reading is read or corrected; ``tercatat``: the source says when, so that its stamps are void."""
        ubah: dict[str, Any] = dict(NILAI[nilai][0])
        self.m.bacaan[n].nilai = nilai
        if tercatat:
            ubah["diubah_pada"] = datetime.now(UTC)
            self.m.bacaan[n].ubah = self.m.jam()
        self.d.ubah_acmt(n, **ubah)

    def cap(self, ns: set[int], cap: str, palsu: bool) -> None:
        """Readings are verified (by somebody who is no Pengawas: ``palsu``), or sent; no names: all not ready yet."""
        for n in sorted(ns or {i for i, b in self.m.bacaan.items() if not b.siap}):
            b = self.m.bacaan[n]
            for apa in ("pengawas", "vendor", "kirim") if cap == "semua" else (cap,):
                oleh = f"{'pengawas' if apa == 'pengawas' else 'vendor'}{self.d.unitup}"
                if apa == "pengawas":
                    b.bukan_petugas = palsu and bool(ns)
                    oleh = self.d.spv_b if b.bukan_petugas else oleh
                kolom = apa if apa == "kirim" else f"verif_{apa}"
                self.d.ubah_acmt(n, **{f"{kolom}_oleh": oleh, f"{kolom}_pada": datetime.now(UTC)})
                setattr(b, apa, self.m.jam())

    # ------------------------------------------------------------------------------- others, directly in AP2T

    def di_ap2t(self, n: int, apa: str, kwh: int) -> None:
        """Somebody else posts or cancels a row in AP2T, Suplai Stan lifts it, or AP2T begins to refuse it."""
        i = [self.d.idpel(n)]
        if apa == "posting":
            nomor = f"LAIN-{self.m.jam()}"
            self.d.posting_lain(n, str(kwh), nomor)
            self.m.lain_posting(n, str(kwh), nomor)
        elif apa == "batal":
            self.d.di_ap2t("batal_lain", idpel=i)
            self.m.lain_batal(n)
        elif apa == "suplai":
            self.d.di_ap2t("suplai_stan", idpel=i)
            self.m.naik(n)
        else:
            self.d.di_ap2t("tolak", idpel=i, kode="DATA_TIDAK_VALID" if apa == "tolak" else None)
            (self.m.tolak.add if apa == "tolak" else self.m.tolak.discard)(n)

    # ----------------------------------------------------------------------------------------------- sessions

    def _hidup(self, _dag: str, run_id: str) -> bool:
        return any(s.hidup for s in self.m.sesi if s.jalan.run_id == run_id)

    def buka(self, batal: bool, daftar: set[int]) -> None:
        """A run begins: refused while another one lives, else it takes over what a dead one left."""
        lama = self.m.terbuka
        if lama is not None and lama.hidup:
            with pytest.raises(BukuMenolak, match="masih terbuka"):
                self._jalan(batal, daftar)[1]()
            return
        self._buka(batal, daftar)

    def _jalan(self, batal: bool, daftar: set[int]) -> tuple[Any, Callable[[], Any]]:
        if batal:
            jb = JalanBatal(self.d, *(self.d.idpel(n) for n in sorted(daftar)), run_id=f"batal_{self.m.jam()}")
            jb.ukuran, jb.serentak = 3, 1
            return jb, lambda: jb.buka(self._hidup)
        j = Jalan(self.d, run_id=f"sah_{self.m.jam()}")
        j.ukuran, j.serentak = 3, 1
        return j, lambda: j.buka_sesi(self._hidup)

    def _buka(self, batal: bool, daftar: set[int]) -> None:
        lama = self.m.terbuka
        jalan, buka = self._jalan(batal, daftar)
        s = buka()
        if lama is not None:
            self.m.pastikan(lama)
            self.m.bekukan(lama)
            lama.status = "DIAMBIL_ALIH"
        self.m.sesi.append(Sesi(s.id, s.nomor, batal, jalan))
        jalan.daftar = sorted(daftar)
        catat(f"sesi {s.nomor} dibuka" + (f", mengambil alih {lama.nomor}" if lama else ""))

    @property
    def bergerak(self) -> Sesi | None:
        """The open session, if its run lives."""
        s = self.m.terbuka
        return s if s is not None and s.hidup and s.status == "BERJALAN" else None

    def jalan(self, batal: bool, daftar: set[int], banyak: int, **pilihan: Any) -> None:
        """A run goes on with its next tasks; where there is none that lives, one begins."""
        if self.bergerak is None:
            self._buka(batal and any(a.kode for a in self.m.ap2t.values()), daftar)
        for _ in range(banyak):
            s = self.bergerak
            if s is None:
                return
            self._langkah(s, **pilihan)

    def _langkah(self, s: Sesi, tolak: int, kembali: set[int], gangguan: str, pada: int) -> None:
        """The run's next task: snapshot, gate, answer, send (with a fault at some request), compare, close."""
        if s.tahap == "DIBUKA":
            self._siapkan(s)
        elif s.tahap == "TERSARING":
            self._gerbang(s)
        elif s.tahap == GERBANG:
            self._jawab(s, tolak == 0, kembali)
        elif s.tahap in ("DISETUJUI", "MEMPOSTING"):
            self._kirim(s, gangguan, pada)
        elif s.tahap == "TERPOSTING":
            self._cocokkan(s)
        else:
            self._tutup(s, "SELESAI")

    def _siapkan(self, s: Sesi) -> None:
        if s.batal:
            s.jalan.susun()
            self.m.susun_batal(s, s.jalan.daftar)
            return
        sebab = self.m.cuplik(s)
        if sebab is not None:
            catat(f"{s.nomor}: {sebab}")
            with pytest.raises(BelumSiap):
                s.jalan.ambil_bacaan()
            self._lengkapi()
            return
        s.jalan.sampai("rekap", dari="ambil_bacaan")

    def _lengkapi(self) -> None:
        """The vendor reads, verifies and sends what keeps the kelompok from being ready."""
        for n, b in self.m.bacaan.items():
            if not b.terisi:
                self.baca(n, "150", tercatat=True)
        self.cap(set(), "semua", palsu=False)

    def _gerbang(self, s: Sesi) -> None:
        if not s.sasaran:
            with pytest.raises(LewatiLangkah):
                s.jalan.buka_gerbang()
            with pytest.raises(LewatiLangkah):
                self._tugas_kirim(s)
            self._tutup(s, "NIHIL")
            return
        assert s.jalan.buka_gerbang() is not None
        self.m.bekukan(s)
        s.tahap = GERBANG
        with pytest.raises(BukuMenolak, match="tidak memuat persetujuan"):
            self._tugas_kirim(s)

    def _jawab(self, s: Sesi, tolak: bool, kembali: set[int]) -> None:
        if s.batal:
            s.jalan.terima(pilihan=TOLAK if tolak else SETUJU)
        else:
            urutan = s.setuju + 1
            if urutan == 2:
                s.jalan.buka_gerbang(2)
            ada = sorted(kembali & set(s.alasan))
            isian = {"kembalikan": [f"{self.d.idpel(n)} foto buram" for n in ada]}
            oleh = self.d.spv if urutan == 1 else self.d.spv_b
            s.jalan.terima(isian=isian, pilihan=TOLAK if tolak else SETUJU, urutan=urutan, oleh=oleh)
            saat = self.m.jam()
            s.belum_kembali |= {n for n in ada if n not in s.kembali}
            s.kembali = {**dict.fromkeys(ada, saat), **s.kembali}
        if tolak:
            s.status = "DITOLAK"
            self._tutup(s, "DITOLAK")
            return
        s.setuju += 1
        if s.batal or s.setuju == self.m.pengesah:
            s.tahap = "DISETUJUI"

    def _tutup(self, s: Sesi, akhir: str) -> None:
        (s.jalan.tutup if s.batal else s.jalan.tutup_sesi)()
        self.m.bekukan(s)
        self.m.kembalikan(s)
        s.status = akhir
        self._utuh()

    # ------------------------------------------------------------------------------------------------ sending

    def _tugas_kirim(self, s: Sesi) -> Any:
        return s.jalan.batalkan() if s.batal else s.jalan.posting()

    def _kirim(self, s: Sesi, gangguan: str, pada: int) -> None:
        self.gangguan, self.pada, self.ke, self.kena, self.terakhir = gangguan, pada, 0, False, ""
        s.tahap = "MEMPOSTING"
        galat: BaseException | None = None
        try:
            self._tugas_kirim(s)
        except (Mati, BukuMenolak, Ap2tTidakPasti, Ap2tTidakTerjangkau) as e:
            galat = e
        self.gangguan = "tanpa"
        self.d.pulihkan()
        kena = "" if self.kena else " (tidak kena)"
        catat(f"{s.nomor}: {gangguan}{kena}: {type(galat).__name__ if galat else 'selesai'}")
        self._periksa_galat(gangguan, galat)
        if s.status == "DIAMBIL_ALIH" or (self.kena and gangguan.startswith("salinan")):
            return
        tergantung = {self.terakhir: s.terbang.pop(self.terakhir)} if self._menggantung(gangguan) else {}
        self.m.pastikan(s)
        s.terbang = tergantung
        self._serap_berubah(s)
        if galat is None:
            self._selesai_kirim(s)
            if gangguan == "tugas diulang":
                self._tugas_kirim(s)
            return
        if self.kena and gangguan == "mati sesudah kembali":
            s.tahap = "TERPOSTING"
        s.hidup = False
        if gangguan in PERGI:
            hentikan(s.jalan.langkah, "AP2T tidak menjawab")
            s.status = "TERHENTI"

    def _menggantung(self, gangguan: str) -> bool:
        return self.kena and (gangguan in MATI or gangguan in PERGI)

    def _periksa_galat(self, gangguan: str, galat: BaseException | None) -> None:
        harap: tuple[type[BaseException], ...] = ()
        if self.kena and (gangguan in MATI or gangguan == "mati sesudah kembali"):
            harap = (Mati,)
        elif self.kena and gangguan in PERGI:
            harap = (Ap2tTidakPasti, Ap2tTidakTerjangkau)
        elif self.kena and gangguan in DUA:
            harap = (BukuMenolak,)
        assert isinstance(galat, harap) if harap else galat is None, f"{gangguan}: {galat!r}"

    def _selesai_kirim(self, s: Sesi) -> None:
        assert s.sasaran == set(s.hasil), "tidak semua yang disetujui punya hasil"
        self.m.kembalikan(s)
        s.tahap = "TERPOSTING"

    def _serap_berubah(self, s: Sesi) -> None:
        """Rows the product left out as changed: they are."""
        for idpel, (status, kode) in self.d.hasil(s.jalan.sesi).items():
            n = int(idpel[5:])
            if status == "BERUBAH" and n not in s.hasil:
                assert s.cuplikan is not None
                assert self.m.bacaan[n].isi != s.cuplikan[n], f"{n} tidak berubah"
                s.hasil[n] = (status, kode)

    def kirim(self, asli: Callable[..., Any], klien: KlienAp2t, kunci: str, badan: Badan) -> Any:
        """Every write to AP2T passes here: may it go, by the model; then the fault."""
        isi = json.loads(badan.teks)
        nomor = isi.get("no_pembatalan") or isi["no_pengesahan"]
        s = next(x for x in self.m.sesi if x.nomor == nomor)
        baris = [int(b["idpel"][5:]) for b in isi["baris"]]
        self._boleh(s, isi, baris)
        self.terakhir = kunci
        s.terbang.setdefault(kunci, {})
        gangguan = self._kena_kini()
        jenis = "pembatalan" if s.batal else "posting"
        if gangguan in SEMENTARA:
            aksi, pilihan = SEMENTARA[gangguan]
            self.sandbox.ganggu(aksi, jenis, **pilihan)
        elif gangguan in PERGI:
            self.sandbox.ganggu(PERGI[gangguan], jenis)
            self.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
        elif gangguan == MATI[0]:
            raise Mati
        elif gangguan in DUA and "sebelum" in gangguan:
            self._yang_kedua(s, gangguan)
        elif gangguan == "bacaan berubah di tengah":
            self.baca(max(s.sasaran), "151" if self.m.bacaan[max(s.sasaran)].nilai == "150" else "150", tercatat=False)
        try:
            hasil = asli(klien, kunci, badan)
        finally:
            if [k for k in self.sandbox.log("kiriman", kunci=kunci) if k["hasil"] == "DITERAPKAN"]:
                assert not s.terbang.get(kunci), "satu kunci berlaku dua kali"
                self.m.terapkan(s, kunci, baris)
        if gangguan == MATI[1]:
            raise Mati
        if gangguan in DUA:
            self._yang_kedua(s, gangguan)
        return hasil

    def _kena_kini(self) -> str:
        self.ke += 1
        if self.ke != self.pada or self.gangguan in ("tanpa", "tugas diulang", "mati sesudah kembali"):
            return "tanpa"
        self.kena = True
        gangguan, self.gangguan = self.gangguan, "tanpa"
        return gangguan

    def _boleh(self, s: Sesi, isi: dict[str, Any], baris: list[int]) -> None:
        """Invariants 1 and 2 where the request leaves: approved, these very values, not changed, not over 2000."""
        assert s.terbuka, f"sesi {s.status} mengirim"
        assert s.setuju == (1 if s.batal else self.m.pengesah), "dikirim tanpa persetujuan"
        assert set(baris) <= s.sasaran, f"dikirim tanpa disetujui: {set(baris) - s.sasaran}"
        assert not set(baris) & set(s.hasil), "dikirim lagi padahal sudah ada hasilnya"
        for n, b in zip(baris, isi["baris"], strict=True):
            if s.batal:
                assert b["no_pengesahan"] == s.boleh[n]
                continue
            assert s.cuplikan is not None
            kolom, alasan, kwh = NILAI[s.cuplikan[n][0]]
            assert self.m.bacaan[n].isi == s.cuplikan[n], f"{n} berubah sesudah disetujui"
            assert self.m.bacaan[n].siap
            assert alasan is None
            assert kwh * 1000 <= 2000 * 1300
            assert Decimal(b["sahlwbp"]) == Decimal(str(kolom["sahlwbp"]))
            assert Decimal(b["pemkwh"]) == kwh

    def _yang_kedua(self, s: Sesi, gangguan: str) -> None:
        """While this request is on its way, the same task starts once more, or another run takes the kelompok over."""
        if gangguan.startswith("salinan"):
            self._tugas_kirim(s)
            self.m.pastikan(s)
            self._serap_berubah(s)
            self._selesai_kirim(s)
        else:
            s.hidup = False
            self._buka(batal=False, daftar=set())
            self._serap_berubah(s)

    def kembalikan(self, asli: Callable[..., Any], sumber: SumberAcmt, *a: str) -> Any:
        """Every call that sends a customer back passes here; a fault ends the process right after it."""
        hasil = asli(sumber, *a)
        if self.gangguan == "mati sesudah kembali":
            self.kena, self.gangguan = True, "tanpa"
            n = int(a[0][5:])
            s = next(x for x in self.m.sesi if x.terbuka)
            self.m.kembalikan_satu(s, n)
            s.belum_kembali.discard(n)
            s.kembali_ragu.add(n)
            raise Mati
        return hasil

    def _cocokkan(self, s: Sesi) -> None:
        beda = self.m.cocokkan(s)
        if beda:
            with pytest.raises(BukuMenolak, match="tidak cocok"):
                s.jalan.rekonsiliasi()
            return
        s.jalan.rekonsiliasi()
        with self.lihat.buku.transaksi() as tx:
            posisi = tx.luar.posisi(s.jalan.sesi)
        for n in s.sasaran:  # invariant 5: the ledger says what AP2T holds, or that it was lifted since
            buku, di_ap2t = posisi.get(self.d.idpel(n), (0, None))[0], self.m.ap2t[n].kode
            assert buku == di_ap2t or (buku, di_ap2t) == (1, 3), f"{n}: buku {buku}, AP2T {di_ap2t}"

    # ------------------------------------------------------------------------------------- runs that stop, the watch

    def henti(self, apa: str) -> None:
        """The run ends without a word; somebody clears the failed task; the watch makes its round."""
        s = self.m.terbuka
        if apa == "penjaga":
            self._penjaga()
        elif s is None:
            return
        elif apa == "run mati":
            s.hidup = False
        elif not s.hidup:
            (s.jalan.buka if s.batal else s.jalan.buka_sesi)(self._hidup)
            s.status, s.hidup = "BERJALAN", True

    def _penjaga(self) -> None:
        """What a dead run left stands still; ACMT is told of those sent back."""
        jaga_sesi(self.lihat, self._hidup, catat)
        kembalikan_sisa(self.lihat, catat)
        for s in self.m.sesi:
            if s.status == "BERJALAN" and not s.hidup:
                s.status = "TERHENTI"
            self.m.kembalikan(s)

    # ------------------------------------------------------------------------------------------ after every step

    def _n(self, isi: dict[str, Any]) -> dict[int, Any]:
        return {int(i[5:]): v for i, v in isi.items()}

    @invariant()
    def semua_sama(self) -> None:
        """All invariants, in the order in which a failure tells most."""
        self.ap2t_sama()
        self.buku_sama()
        self.kembali_sama()
        self.status_dan_rekap_sama()
        self.audit_bersih()

    def ap2t_sama(self) -> None:
        """Invariant 3: AP2T did what the model says, once each, in this order, as the approver's own user."""
        jejak = self.d.jejak_ap2t()
        ada = [(int(j["idpel"][5:]), j["dari"], j["ke"], j["nomor"], j["sumber"]) for j in jejak]
        assert ada == self.m.efek
        nomor_batal = {s.nomor for s in self.m.sesi if s.batal}
        for j in jejak:
            if j["sumber"] == "AP2T":
                dua = self.m.pengesah == 2 and j["nomor"] not in nomor_batal
                assert j["oleh"] == f"ap-{self.d.spv_b if dua else self.d.spv}"
        baris = self._n(self.d.baris_ap2t())
        assert {n: (b["kodeposting"], b["no_pengesahan"]) for n, b in baris.items()} == {
            n: (a.kode, a.nomor) for n, a in self.m.ap2t.items()
        }
        assert self.sandbox.log("pelanggaran") == []

    def buku_sama(self) -> None:
        """Invariants 4 and 5: sessions and outcomes are the model's; one session is open at most."""
        ada = dict(self.d.buku_lihat.execute("SELECT id, status FROM pengesahan.sesi").fetchall())
        assert ada == {s.urut: s.status for s in self.m.sesi}
        assert sum(s.terbuka for s in self.m.sesi) <= 1
        hasil: dict[int, dict[int, tuple[str, str | None]]] = {s.urut: {} for s in self.m.sesi}
        for sesi_id, idpel, status, kode in self.d.buku_lihat.execute(
            "SELECT sesi_id, idpel, status, kode FROM pengesahan.hasil"
        ):
            hasil[sesi_id][int(idpel[5:])] = (status, kode)
        assert hasil == {s.urut: s.hasil for s in self.m.sesi}
        terbang = {k: s.urut for s in self.m.sesi for k in s.terbang}
        assert terbang == dict(
            self.d.buku_lihat.execute(
                "SELECT kunci::text, sesi_id FROM pengesahan.batch WHERE status = 'DIKIRIM'"
            ).fetchall()
        )

    def kembali_sama(self) -> None:
        """Sent back: ACMT got each call once."""
        ada = self.d.acmt.execute(
            "SELECT idpel, alasan FROM acmt_dasar.pengembalian WHERE left(idpel, 5) = %s", [self.d.unitup]
        ).fetchall()
        assert sorted((int(i[5:]), a.split("(pengesahan ")[1].rstrip(")")) for i, a in ada) == sorted(
            self.m.dikembalikan
        )

    def status_dan_rekap_sama(self) -> None:
        """Every customer's status and every figure equal the model's recount: by the ledger, with ACMT, with AP2T."""
        tempat = (self.d.unitup, self.d.bulan, KODE)
        for acmt, ap2t in ((False, False), (True, False), (True, True)):
            mata = Mata(
                self.lihat.buku,
                self.lihat.sumber if acmt else None,
                self.lihat.ap2t_baca() if ap2t else None,
                sekarang=datetime.now(UTC),
            )
            ada = {int(x.idpel[5:]): str(x.keadaan.status) for x in per_kelompok(mata, _tempat(*tempat))}
            harap = {n: self.m.status(n, acmt=acmt, ap2t=ap2t) for n in self.m.bacaan}
            assert ada == {n: x for n, x in harap.items() if x is not None}, (acmt, ap2t)
        baris = rekap_buku(self.lihat.buku, [self.d.unitup], self.d.bulan)
        assert bool(baris) == bool(self.m.sesi)
        for b in baris:
            assert {k: getattr(b, k) for k in self.m.rekap()} == self.m.rekap()
        [b] = rekap_unit(self.lihat, self.d.unitup, [KODE], self.d.bulan)
        assert {k: getattr(b, k) for k in self.m.rekap_kini()} == self.m.rekap_kini()

    def audit_bersih(self) -> None:
        """Invariant 6: ``audit verifikasi`` finds nothing."""
        self._utuh()

    def _utuh(self) -> None:
        laporan = verifikasi(self.lihat.buku, Lingkup(), lambda _: None)
        assert laporan.utuh, "\n".join(map(str, laporan.temuan))


def _tempat(*t: str) -> Any:
    from ap2t.lihat.fakta import Tempat

    return Tempat(*t)


@pytest.fixture
def _cepat(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait longer than needed, and every write passes the machine."""
    monkeypatch.setattr(modul_pengirim, "SABAR", 3.0)
    monkeypatch.setattr(modul_pengirim, "JEDA_COBA", 0.01)
    monkeypatch.setattr(kembalikan, "JEDA_PASTI", 0.0)
    awal, posting, batal = KlienAp2t.__init__, KlienAp2t.kirim_posting, KlienAp2t.kirim_pembatalan
    kembali = SumberAcmt.kembalikan_verifikasi

    def mulai(diri: KlienAp2t, *a: Any, **k: Any) -> None:
        awal(diri, *a, **{**k, "timeout": (2, 10), "penundaan_maks": 0.2})

    monkeypatch.setattr(KlienAp2t, "__init__", mulai)
    monkeypatch.setattr(KlienAp2t, "kirim_posting", lambda d, k, i: Mesin.aktif.kirim(posting, d, k, i))
    monkeypatch.setattr(KlienAp2t, "kirim_pembatalan", lambda d, k, i: Mesin.aktif.kirim(batal, d, k, i))
    monkeypatch.setattr(SumberAcmt, "kembalikan_verifikasi", lambda d, *a: Mesin.aktif.kembalikan(kembali, d, *a))


@pytest.mark.usefixtures("_cepat")
def test_apa_pun_urutannya(alamat_pg: AlamatPg, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens in whatever order, with crashes and repeats: the seven invariants, status and rekap hold."""
    run_state_machine_as_test(
        lambda: Mesin(alamat_pg, sandbox.url, monkeypatch),
        settings=settings(
            derandomize=not CONTOH,
            max_examples=CONTOH or 2,
            stateful_step_count=LANGKAH,
            deadline=None,
            database=None,
            print_blob=False,
            report_multiple_bugs=False,
            phases=[Phase.generate, *([Phase.shrink] if SUSUT else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )

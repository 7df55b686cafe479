"""Plays a story: runs and retries as Airflow would, answers as people do, and the story's events where they fall."""

from __future__ import annotations

import random
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import get_ident
from typing import Any

from batal_fixtures import JalanBatal
from proses_fixtures import Jalan

from ap2t.audit.periksa import mulai, periksa_sesi
from ap2t.domain.kesiapan import Tahap
from ap2t.domain.kode import TahapSesi
from ap2t.domain.model import Tempat
from ap2t.galat import (
    BasisTidakMelayani,
    BelumSiap,
    GalatPengesahan,
    JawabanTertunda,
    LewatiLangkah,
    WewenangKurang,
)
from ap2t.ledger.kedatangan import Jawaban
from ap2t.penjaga.tenggat import jaga_sesi
from ap2t.proses.batalkan import batalkan_ap2t, rekonsiliasi_pembatalan
from ap2t.proses.cuplik import ambil_bacaan
from ap2t.proses.gerbang import SETUJU, TOLAK, buka_gerbang, nilai, yang_dinilai
from ap2t.proses.kesiapan import FUNGSI2, tengok_sesi
from ap2t.proses.layanan import Langkah
from ap2t.proses.pembatalan import susun_pembatalan
from ap2t.proses.posting import posting_ap2t
from ap2t.proses.rekap import buat_rekap
from ap2t.proses.rekonsiliasi import rekonsiliasi
from ap2t.proses.saring import saring_jam_nyala
from ap2t.proses.tutup import hentikan, lanjutkan, tutup_sesi
from tests.simulator import hakim
from tests.simulator.ap2t import Ap2t, Kiriman
from tests.simulator.cerita import NILAI, Cerita, Jawab, Peristiwa
from tests.simulator.panggung import BUKU, Mati, Panggung

SAH = ("buka", "siap", "ambil", "saring", "rekap", "gerbang", "gerbang2", "posting", "rekonsiliasi", "tutup")
BATAL = ("buka", "ambil", "gerbang", "posting", "rekonsiliasi", "tutup")
COBA = 3
"""Tries of a task, as the DAGs have them."""
SABAR, HABIS = 10, 22
"""Failures after which no fault strikes any more, and after which the session should have ended long ago."""
BAIK = ("SELESAI", "NIHIL", "DITOLAK")
MENULIS = "POST /v1/fungsi2/p"
"""A request that posts or cancels."""
DI_DALAM = ("salinan", "ambil alih", "penjaga")
"""Events that run the product's code within a step of it."""


class Lakon:
    """One story on the stage."""

    def __init__(self, panggung: Panggung, cerita: Cerita, hitung: Counter[str], tempat: int | None = None) -> None:
        self.p, self.c, self.hitung = panggung, cerita, hitung
        self.slot = cerita.nomor if tempat is None else tempat
        self._urut = 0
        self.mati, self.tenang, self.dalam = False, False, 0
        self.babak, self.nama = 0, ""
        self.di: Counter[tuple[int, str, str]] = Counter()
        self.tunda: list[Peristiwa] = []
        self.sisa = list(cerita.peristiwa)
        self.dihitung: set[str] = set()
        self.rusak: dict[str, list[Any]] = {}
        """What a database or AP2T goes on doing: fault and how often still."""
        self.hidup: set[str] = set()
        self.run = 0
        self.mulai_tx: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        """When the last two transactions began, by the thread that began them."""
        self.catatan: list[str] = []
        self.jalan: Any = None
        self.langkah: Langkah | None = None
        self.ganti = False
        self.d = panggung.dunia[cerita.pola, cerita.pengesah, cerita.tenggat_jam]
        self.toko = Ap2t(
            urut=self.urut,
            waktu=lambda: self.p.waktu.benar,
            berangkat=self._berangkat,
            gangguan=self._gangguan,
            batas=lambda nama: self.batas("minta", nama),
            lama=panggung.waktu.maju,
            didaftar=self._didaftar,
            halaman=cerita.halaman,
        )
        self.hakim = hakim.Hakim(self.toko, {})
        self.jawab = list(cerita.jawaban)

    def urut(self) -> int:
        """Count on: everything that happens has a number."""
        self._urut += 1
        return self._urut

    def catat(self, kalimat: str) -> None:
        """Take a line of the history."""
        tetap = kalimat.replace(self.p.folder, "…")  # what a run alone has: its history is then the same each time
        self.catatan.append(f"{self._urut}: {tetap}"[:400])

    # ------------------------------------------------------------------------------------------------ set up

    def siapkan(self) -> None:
        """Write readings and people."""
        p, d, c = self.p, self.d, self.c
        p.waktu.mulai(c.nomor)
        p.acak.seed(self.slot)
        random.seed(c.nomor)
        p.toko = self.toko
        d.pakai(self.slot)
        p.atur(d, c.pengesah)
        d.sandbox.ulangi(self.toko)  # type: ignore[attr-defined]
        ubah = {}
        for n, (isi, apa) in enumerate(c.pelanggan):
            ubah[n] = dict(NILAI[isi][0])
            if apa == "belum siap":
                ubah[n] |= {"kirim_oleh": None, "kirim_pada": None}
            self.hakim.bacaan[d.idpel(n)] = hakim.Bacaan(isi)
        d.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE unitup = %s", [d.unitup])
        d.isi(len(c.pelanggan), ubah, di_ap2t=False)
        d.kirim_pelanggan([(d.idpel(n), "1300") for n, (_, apa) in enumerate(c.pelanggan) if apa != "asing"])
        self.tempat = Tempat(d.unitup, d.bulan, d.kode)
        self.toko.baris.setdefault(self.tempat, {})
        for n, (_, apa) in enumerate(c.pelanggan):
            if apa == "tolak":
                self.toko.tolak[d.idpel(n)] = "DATA_TIDAK_VALID"
            elif apa in ("lain", "suplai"):
                self.toko.lain(self.tempat, d.idpel(n), 1, "LAIN-0")
                if apa == "suplai":
                    self.toko.lain(self.tempat, d.idpel(n), 3, None)
        self.versi("1")
        for siapa in "ab":
            self._peran(siapa, aktif=True)

    def orang(self, siapa: str) -> str | None:
        """Return a person's name."""
        nama = {"a": self.d.spv, "b": self.d.spv_b, "pengawas": f"pengawas{self.d.unitup}", "": None}
        return nama.get(siapa, siapa)

    def _peran(self, siapa: str, *, aktif: bool) -> None:
        nama = str(self.orang(siapa))
        self.d.petugas(nama, aktif=aktif)
        self.hakim.peran.setdefault(nama, []).append((self.urut(), aktif))

    def versi(self, versi: str) -> None:
        """Let another version of the code be at work."""
        for modul in ("jejak", "sesi"):
            self.p.mp.setattr(f"ap2t.ledger.{modul}.__version__", versi)

    # --------------------------------------------------------------------------------------------- boundaries

    def mulai_transaksi(self, basis: str) -> None:
        """Note when the ledger's last two transactions began."""
        if basis == BUKU:
            terakhir = self.mulai_tx[get_ident()]
            terakhir[:] = terakhir[1], self.urut()

    def _jatuh(self, titik: str) -> list[Peristiwa]:
        """Return the events that fall on this boundary now."""
        if self.tenang or self.dalam:
            return []
        kunci = (self.babak, self.nama, titik)
        self.di[kunci] += 1
        ke = self.di[kunci]
        kini = [x for x in self.sisa if (x.babak, x.langkah, x.titik, x.ke) == (*kunci, ke)]
        self.sisa = [x for x in self.sisa if x not in kini]
        return kini

    def batas(self, jenis: str, nama: str) -> None:
        """Let happen what falls here."""
        if self.mati:
            raise Mati
        self.urut()
        if self.tenang:
            return
        semua = [*self.tunda, *self._jatuh(jenis), *(self._jatuh("batas kirim") if MENULIS in nama else ())]
        self.tunda = []
        for peristiwa in semua:
            if self._boleh(peristiwa.apa, nama):
                self._terjadi(peristiwa, nama)
            elif not self.dalam:
                self.tunda.append(peristiwa)
        if not self.dalam and "token" not in nama:  # who logs in holds a lock of the process
            self.p.oper()
            if self.mati:  # while others had their turn
                raise Mati

    def _boleh(self, apa: str, nama: str) -> bool:
        if apa == "mati":
            return not self.dalam
        if nama == "sebelum komit acmt" or (apa == "rusak buku" and nama == "sebelum komit buku"):
            return False
        if apa == "aturan" and self.nama == "buka":
            return False  # whether the session is opened by the old rules or by the new ones would be the ledger's word
        if apa not in (*DI_DALAM, "aturan"):
            return True
        terbuka = sum(basis == BUKU and not conn.closed for basis, conn in self.p.diam)
        return not self.dalam and terbuka <= (nama == "sesudah komit buku")

    def _terjadi(self, peristiwa: Peristiwa, nama: str) -> None:
        apa, isi = peristiwa.apa, peristiwa.isi
        self.hitung[f"peristiwa {apa}"] += 1
        self.catat(f"{self.nama} {nama}: {apa} {isi}")
        if apa == "mati":
            self.mati = True
            self.p.bunuh()
            raise Mati
        {
            "salinan": self._salinan,
            "ambil alih": self._ambil_alih,
            "penjaga": self._penjaga,
            "baca": self._baca,
            "cap": self._cap,
            "peran": lambda siapa, aktif: self._peran(siapa, aktif=aktif),
            "jam": self._jam,
            "jam buku": self._jam_buku,
            "lain": self._lain,
            "versi": lambda: self.versi("2"),
            "aturan": lambda: self.p.atur(self.d, 3 - self.d.pengesah),
            "rusak buku": self._rusak_buku,
        }[apa](*isi)

    def pernyataan(self, basis: str) -> str | None:
        """Return this statement's fault."""
        for x in self._jatuh(basis):
            self.rusak[basis] = [x.apa, x.isi[0]]
        return self._kena(basis, f"{basis} {{}}")

    def _kena(self, apa: str, nama: str) -> str | None:
        ada = self.rusak.get(apa)
        if ada is None or ada[0] == "hilang" or self.tenang:
            return None
        ada[1] -= 1
        if ada[1] <= 0:
            del self.rusak[apa]
        self.hitung[nama.format(ada[0])] += 1
        self.catat(f"{self.nama}: {nama.format(ada[0])}")
        if ada[0] == "57014":
            self.p.waktu.maju(600.0)
        return str(ada[0])

    def hilang(self, basis: str) -> bool:
        """Whether the database cannot be reached."""
        ada = self.rusak.get(basis)
        if ada is None or ada[0] != "hilang" or self.tenang:
            return False
        ada[1] -= 1
        if ada[1] <= 0:
            del self.rusak[basis]
        self.hitung[f"{basis} hilang"] += 1
        return True

    def komit(self, basis: str) -> str | None:
        """Return this commit's fault."""
        if basis != BUKU:
            return None
        for x in self._jatuh("komit_gagal"):
            self.hitung[f"komit {x.apa}"] += 1
            self.catat(f"{self.nama}: komit {x.apa}")
            return x.apa
        return None

    def _gangguan(self, nama: str) -> str | None:
        menulis = MENULIS in nama
        for x in [*self._jatuh("permintaan"), *(self._jatuh("kirim") if menulis else ())]:
            self.rusak["ap2t"] = [x.apa, x.isi[0]]
        if not menulis and self.rusak.get("ap2t", [""])[0] in ("tertutup", "bentuk"):
            return None
        return self._kena("ap2t", "AP2T {}")

    def _didaftar(self) -> None:
        """Note when a step begins to read AP2T's list: what others did before it has to be known from then on."""
        if self.langkah is not None and self.nama in ("ambil", "rekonsiliasi"):
            s = self.hakim.sesi[self.langkah.sesi.nomor]
            setattr(s, "awal" if self.nama == "ambil" else "banding", self.urut())

    def _berangkat(self, kirim: Kiriman) -> None:
        sebelum, tulis = self.mulai_tx[get_ident()]
        self.hakim.berangkat(kirim, tulis, sebelum)

    # ------------------------------------------------------------------------------------------------- events

    def _baca(self, n: int, isi: str, tercatat: bool) -> None:
        n %= len(self.c.pelanggan)
        bacaan = self.hakim.bacaan[self.d.idpel(n)]
        lain = {"diubah_pada": self.p.waktu.benar} if tercatat else {}
        self.d.ubah_acmt(n, **NILAI[isi][0], **lain)
        bacaan.nilai, bacaan.ubahan = isi, self.urut() if tercatat else bacaan.ubahan
        bacaan.catat(self.urut())

    def _cap(self, *nomor: int) -> None:
        for n in sorted({n % len(self.c.pelanggan) for n in nomor}):
            kini = self.p.waktu.benar
            for kolom, siapa in (("verif_pengawas", "pengawas"), ("verif_vendor", "vendor"), ("kirim", "vendor")):
                self.d.ubah_acmt(n, **{f"{kolom}_oleh": f"{siapa}{self.d.unitup}", f"{kolom}_pada": kini})
            bacaan = self.hakim.bacaan[self.d.idpel(n)]
            bacaan.cap = self.urut()
            bacaan.catat(self.urut())

    def _rusak_buku(self, n: int) -> None:
        """Let somebody with all rights change what a gate has shown."""
        if self.langkah is None:
            return
        lihat, sesi, idpel = self.p.lihat, self.langkah.sesi, self.d.idpel(n % len(self.c.pelanggan))
        (tahap,) = lihat.execute("SELECT tahap FROM pengesahan.sesi WHERE id = %s", [sesi.id]).fetchone() or ("",)
        s = self.hakim.sesi[sesi.nomor]
        if (
            s.batal
            or self.nama not in ("gerbang", "gerbang2")
            or not s.dilihat
            or tahap[:9] not in ("MENUNGGU_", "DISETUJUI")
        ):
            return
        lihat.execute("SET session_replication_role = replica")
        ubah = "UPDATE pengesahan.saringan SET kwh = kwh + 1 WHERE sesi_id = %s AND idpel = %s AND hasil = 'LOLOS'"
        kena = lihat.execute(ubah, [sesi.id, idpel]).rowcount > 0
        s.dirusak = s.dirusak or kena
        self.hitung["buku dirusak"] += kena
        lihat.execute("SET session_replication_role = origin")

    def _jam(self, detik: float) -> None:
        self.hakim.mundur = self.hakim.mundur or detik < 0
        self.p.waktu.lompat(detik)

    def _jam_buku(self, detik: float) -> None:
        self.p.waktu.beda += timedelta(seconds=detik)

    def _lain(self, n: int, ke: int, kwh: str) -> None:
        idpel = self.d.idpel(n % len(self.c.pelanggan))
        if ke == 1 and idpel in self.toko.baris[self.tempat]:  # what is posted is cancelled first, then posted anew
            self.toko.lain(self.tempat, idpel, 0, None)
        self.toko.lain(self.tempat, idpel, ke, f"LAIN-{self._urut}", kwh)

    def _di_dalam(self, kerja: Callable[[], Any]) -> None:
        """Run other code of the product while a step stands at a boundary."""
        self.dalam += 1
        lama, tulis = self.langkah, list(self.mulai_tx[get_ident()])
        try:
            kerja()
        except (GalatPengesahan, LewatiLangkah) as galat:
            self.catat(f"  di dalam: {type(galat).__name__}: {galat}")
        finally:
            self.dalam -= 1
            self.langkah, self.mulai_tx[get_ident()] = lama, tulis

    def _salinan(self) -> None:
        self._di_dalam(lambda: self._kerja(self.nama))

    def _ambil_alih(self) -> None:
        lama, jalan = self.jalan, self._jalan_baru()
        self.hidup.discard(lama.run_id)

        def alih() -> None:
            self.jalan = jalan
            try:
                self._kerja("buka")
                self.ganti = True
            except BaseException:
                self.jalan = lama
                self.hidup = {lama.run_id}
                raise

        self._di_dalam(alih)

    def _penjaga(self) -> None:
        self._di_dalam(lambda: jaga_sesi(self.d.layanan(), self._hidup, self.catat))

    # ---------------------------------------------------------------------------------------------------- runs

    def _hidup(self, _dag: str, run_id: str) -> bool:
        return run_id in self.hidup

    def _jalan_baru(self) -> Any:
        isi = self.c.babak[self.babak]
        self.run += 1
        run_id = f"sim_{self.slot}_{self.run}_{self.d.unitup}"
        jalan: Any
        if isi is None:
            jalan = Jalan(self.d, run_id=run_id)
        else:
            n = {n % len(self.c.pelanggan) for n in isi}
            jalan = JalanBatal(self.d, *map(self.d.idpel, sorted(n)), run_id=run_id)
        self.hidup.add(run_id)
        return jalan

    def main(self) -> list[str]:
        """Play, and return what was found."""
        self.siapkan()
        self.p.sutradara = self
        try:
            for babak in range(len(self.c.babak)):
                self.babak = babak
                self._main_babak()
                if self.hakim.temuan:
                    break
        finally:
            self.p.sutradara = None
            self.tenang = True
        if not self.hakim.temuan:
            self._akhir()
        return self.hakim.temuan

    def _main_babak(self) -> None:
        """Run one kind of session to its end."""
        self.jalan, urutan = self._jalan_baru(), SAH if self.c.babak[self.babak] is None else BATAL
        ke = coba = gagal = 0
        while ke < len(urutan):
            galat = self._coba(urutan[ke])
            if self.hakim.temuan:
                return
            if self.ganti:
                self.ganti, ke, coba = False, 1, 0
                continue
            if galat is None or isinstance(galat, LewatiLangkah):
                ke, coba = ke + 1, 0
                continue
            gagal += 1
            if gagal == SABAR:
                self._tenangkan()
            if gagal > HABIS:
                self.hakim.salah(f"TIDAK SELESAI: {urutan[ke]}: {type(galat).__name__}: {galat}")
                return
            coba += 1
            if coba < COBA and not getattr(galat, "permanen", False):
                self.p.waktu.maju(10.0)
                continue
            coba = 0
            if self._ambil_lagi(galat, gagal):
                ke = 0

    def _coba(self, nama: str) -> BaseException | None:
        """Do a step once, as its task does, and return what came out instead of an end."""
        self.nama = nama
        try:
            self._kerja(nama)
        except (Mati, LewatiLangkah, GalatPengesahan) as galat:
            self.catat(f"{nama}: {type(galat).__name__}: {galat}")
            if isinstance(galat, Mati):
                self.hitung["kematian"] += 1
            return galat
        except Exception as galat:
            self.hakim.salah(f"GALAT MENTAH: {nama}: {type(galat).__name__}: {galat}")
            self.catatan += traceback.format_exc().splitlines()
            return galat
        finally:
            self.mati = False
        self.catat(f"{nama}: selesai")
        return None

    def _ambil_lagi(self, galat: BaseException, gagal: int) -> bool:
        """Take a step up that failed for good. Return whether a new run begins."""
        if not isinstance(galat, Mati):
            self.hitung[f"orang turun tangan: {type(galat).__name__}"] += 1
        else:
            self.langkah = None  # Airflow calls its callback elsewhere, which knows of the run alone
        self._sunyi(lambda: self._hentikan(str(galat)))
        self._benahi(galat)
        cara = self.c.cara[gagal % len(self.c.cara)] if self.c.cara else "clear"
        if cara == "penjaga":
            self.hidup.discard(self.jalan.run_id)
            self._sunyi(lambda: jaga_sesi(self.d.layanan(), self._hidup, self.catat))
            self.hidup.add(self.jalan.run_id)
        sesi = self._sesi_aman()
        if cara != "alih" and gagal % 6 and (sesi is None or sesi.terbuka or sesi.status in BAIK):
            return False
        self.hidup.discard(self.jalan.run_id)
        if sesi is not None and sesi.terbuka is False:
            self._tandai_akhir(sesi.nomor)
        self.jalan = self._jalan_baru()
        self.catat("run baru")
        return True

    def _sunyi(self, kerja: Callable[[], Any]) -> None:
        """Do what nobody waits for: its errors are only told. It may die too."""
        try:
            kerja()
        except (Mati, GalatPengesahan) as galat:
            self.catat(f"  {type(galat).__name__}: {galat}")
        finally:
            self.mati = False

    def _sesi_aman(self) -> Any:
        """Look at the run's session as a person does, with no fault in the way."""
        semula, self.p.sutradara = self.p.sutradara, None
        try:
            with self.p.buku.transaksi() as tx:
                return tx.sesi.milik_run(self.jalan.dag_id, self.jalan.run_id)
        finally:
            self.p.sutradara = semula

    def _hentikan(self, sebab: str) -> None:
        """Do what Airflow's callback on a failure does."""
        if self.langkah is None:
            with self.p.buku.transaksi() as tx:
                sesi = tx.sesi.milik_run(self.jalan.dag_id, self.jalan.run_id)
            if sesi is None:
                return
            self.langkah = Langkah(self.jalan.layanan, sesi, self.catat)
        hentikan(self.langkah, sebab)

    def _benahi(self, galat: BaseException) -> None:
        """Let people mend what the error names."""
        self.toko.tertutup.clear()
        if isinstance(galat, WewenangKurang) or "ADMIN_CMT" in str(galat) or "ditanya" in str(galat):
            for siapa in "ab":
                self._peran(siapa, aktif=True)
        if isinstance(galat, BelumSiap):
            self._cap(*range(len(self.c.pelanggan)))

    def _tenangkan(self) -> None:
        """End all faults: people mend everything, clocks are right again."""
        self.catat("semua gangguan berakhir")
        self.tenang, self.tunda, self.rusak = True, [], {}
        self.toko.halaman = 1000
        self.p.waktu.betulkan()
        self._benahi(WewenangKurang("semua"))
        self._cap(*range(len(self.c.pelanggan)))
        self.jawab = []

    # --------------------------------------------------------------------------------------------------- steps

    def _langkah_sesi(self, nama: str, run: tuple[str, str] | None = None) -> Langkah:
        """Do what every task does before its step, in the run of now or in one before it."""
        with self.p.buku.transaksi() as tx:
            sesi = tx.sesi.milik_run(*(run or (self.jalan.dag_id, self.jalan.run_id)))
            if sesi is None:
                raise GalatPengesahan("Run ini belum punya sesi di buku.")
            if sesi.status == "DIAMBIL_ALIH":
                raise GalatPengesahan(f"Sesi {sesi.nomor} sudah diambil alih.")
            if sesi.status == "TERHENTI":
                sesi = lanjutkan(tx, sesi)
        self.langkah = Langkah(self.jalan.layanan, sesi, self.catat)
        if sesi.status in BAIK and nama != "tutup":
            raise LewatiLangkah("sudah berakhir")
        return self.langkah

    def _kerja(self, nama: str) -> Any:
        jalan, batal = self.jalan, self.c.babak[self.babak] is not None
        if nama == "buka":
            self.langkah = None
            lama = [s for s in self.hakim.sesi.values() if not s.akhir]
            sesi = jalan.buka(self._hidup) if batal else jalan.buka_sesi(self._hidup)
            for s in lama:
                if s.nomor != sesi.nomor:
                    self._tandai_akhir(s.nomor)
            pengesah = 1 if batal else self.d.pengesah
            self.hakim.sesi.setdefault(sesi.nomor, hakim.Sesi(sesi.nomor, batal, pengesah))
            self.hitung["sesi"] += sesi.nomor not in self.dihitung
            self.dihitung.add(sesi.nomor)
            return None
        langkah = self._langkah_sesi(nama)
        return getattr(self, f"_{nama}")(langkah, self.hakim.sesi[langkah.sesi.nomor])

    def _tandai_akhir(self, nomor: str) -> None:
        if s := self.hakim.sesi.get(nomor):
            s.akhir = s.akhir or self.urut()

    def _siap(self, langkah: Langkah, _s: hakim.Sesi) -> None:
        """Do what the four readiness tasks do in a run that does not wait."""
        layanan, sesi = langkah.layanan, langkah.sesi
        for apa in (*Tahap, FUNGSI2):
            if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN) and apa != FUNGSI2:
                continue
            hasil = tengok_sesi(layanan, sesi, apa)
            if not hasil.siap:
                raise BelumSiap(hasil.kalimat)

    def _ambil(self, langkah: Langkah, s: hakim.Sesi) -> None:
        if langkah.sesi.pembatalan:
            s.cuplik = self.urut()
            susun_pembatalan(langkah)
        else:
            ambil_bacaan(langkah)

    def baca_sumber(self) -> None:
        """Note when a snapshot's readings are read."""
        if self.nama == "ambil" and self.langkah is not None:
            self.hakim.sesi[self.langkah.sesi.nomor].cuplik = self.urut()

    def _saring(self, langkah: Langkah, _s: hakim.Sesi) -> None:
        saring_jam_nyala(langkah)

    def _rekap(self, langkah: Langkah, _s: hakim.Sesi) -> None:
        buat_rekap(langkah)

    def _posting(self, langkah: Langkah, _s: hakim.Sesi) -> None:
        kerja = batalkan_ap2t if langkah.sesi.pembatalan else posting_ap2t
        kerja(langkah, ukuran=self.c.ukuran, serentak=self.c.serentak)

    def _rekonsiliasi(self, langkah: Langkah, _s: hakim.Sesi) -> None:
        (rekonsiliasi_pembatalan if langkah.sesi.pembatalan else rekonsiliasi)(langkah)

    def _tutup(self, langkah: Langkah, s: hakim.Sesi) -> None:
        kalimat = tutup_sesi(langkah)
        s.akhir, s.sukses = s.akhir or self.urut(), s.sukses or kalimat.startswith(("Sukses", "Selesai"))
        self.hitung[f"akhir {kalimat.split(':')[0].split(' ')[0]}"] += 1

    # ---------------------------------------------------------------------------------------------- the gate

    def _gerbang(self, langkah: Langkah, s: hakim.Sesi) -> None:
        self._tanya(langkah, s, 1)

    def _gerbang2(self, langkah: Langkah, s: hakim.Sesi) -> None:
        self._tanya(langkah, s, 2)

    def _tanya(self, langkah: Langkah, s: hakim.Sesi, urutan: int) -> None:
        """Open a gate and let people answer until an answer was taken up."""
        undangan = buka_gerbang(langkah, urutan)
        if undangan is None:
            return
        self._lihat(langkah.sesi.id, s)
        tertunda = yang_dinilai(langkah, urutan, None)
        if tertunda is not None:
            self._nilai(langkah, tertunda, next(j for j in s.jawaban if j.pada == tertunda.dijawab_pada))
            return
        j = self._berikut(urutan, undangan.orang, s)
        if j.apa == "terlambat":
            self.p.waktu.maju(25 * 3600.0)
        pertama, run = self._jawaban(j, urutan, s), (self.jalan.dag_id, self.jalan.run_id)
        self._serahkan(langkah, pertama, s, j)
        if j.apa == "dua kali":
            self._di_dalam(lambda: self._serahkan(self._langkah_sesi("gerbang", run), pertama, s, j))
        elif j.apa == "bertentangan":
            lain = self._jawaban(j._replace(apa="tolak", oleh="b" if j.oleh == "a" else "a"), urutan, s)
            self._di_dalam(lambda: self._serahkan(self._langkah_sesi("gerbang", run), lain, s, j))

    def _berikut(self, urutan: int, orang: list[str], s: hakim.Sesi) -> Jawab:
        for j in self.jawab:
            if (j.babak, j.urutan) == (self.babak, urutan):
                self.jawab.remove(j)
                return j
        siapa = "a" if self.d.spv in orang else "b"
        return Jawab(self.babak, urutan, siapa, "setuju")

    def _jawaban(self, j: Jawab, urutan: int, s: hakim.Sesi) -> tuple[Jawaban, hakim.Jawaban]:
        self.p.waktu.maju(1.0)
        n = sorted({n % len(self.c.pelanggan) for n in j.kembali})
        kembali = [] if s.batal else [self.d.idpel(n) for n in n if self.d.idpel(n) in {*s.dilihat, *s.ditahan}]
        isian: dict[str, Any] = {} if s.batal else {"kembalikan": [f"{idpel} foto buram" for idpel in kembali]}
        if j.apa == "isian palsu":
            isian = {"setujui_semua": True} if s.batal or not kembali else {"kembalikan": ["999999999999"]}
        pilihan = {"tolak": TOLAK, "pilihan palsu": "Ya"}.get(j.apa, SETUJU)
        oleh = self.orang(j.oleh)
        self.hitung[f"jawaban {j.apa}"] += 1
        benar = j.apa not in ("isian palsu", "pilihan palsu") and bool(oleh)
        catat = hakim.Jawaban(
            urutan, oleh, pilihan == SETUJU, benar, frozenset(kembali), self.p.waktu.kini, self.urut()
        )
        s.jawaban.append(catat)
        return Jawaban([pilihan], isian, oleh, self.p.waktu.kini), catat

    def _serahkan(self, langkah: Langkah, isi: tuple[Jawaban, hakim.Jawaban], s: hakim.Sesi, j: Jawab) -> None:
        tiba = yang_dinilai(langkah, isi[1].urutan, isi[0])
        if tiba is not None:
            self._nilai(langkah, tiba, isi[1])

    def _nilai(self, langkah: Langkah, tiba: Any, j: hakim.Jawaban) -> None:
        try:
            hasil = nilai(langkah, tiba)
        except JawabanTertunda:
            raise
        except BasisTidakMelayani:
            raise
        except GalatPengesahan:
            j.hasil = j.hasil or "ditolak"
            raise
        finally:
            j.selesai = self.urut()
        if j.hasil is None:
            j.hasil = hasil
            self.hakim.diterima(self.hakim.sesi[langkah.sesi.nomor], j)

    def _lihat(self, sesi_id: int, s: hakim.Sesi) -> None:
        """Look at the page, as whoever answers does."""
        if s.dirusak:
            return
        lihat = self.p.lihat
        if s.batal:
            semua = lihat.execute(
                "SELECT idpel, hasil, no_pengesahan FROM pengesahan.pembatalan_baris WHERE sesi_id = %s", [sesi_id]
            ).fetchall()
            s.dilihat = {idpel: (nomor,) for idpel, hasil, nomor in semua if hasil == "BOLEH"}
            return
        semua = lihat.execute(
            "SELECT b.idpel, g.hasil, trim_scale(b.sahlwbp)::text, trim_scale(coalesce(g.kwh_kirim, g.kwh))::text "
            "FROM pengesahan.bacaan b JOIN pengesahan.saringan g USING (sesi_id, idpel) WHERE sesi_id = %s",
            [sesi_id],
        ).fetchall()
        s.dilihat = {idpel: (stan, kwh) for idpel, hasil, stan, kwh in semua if hasil == "LOLOS"}
        s.ditahan = {idpel for idpel, hasil, *_ in semua if hasil != "LOLOS"}
        boleh = {(isi["sahlwbp"], kwh) for isi, alasan, kwh in NILAI.values() if alasan is None}
        for idpel, ada in s.dilihat.items():
            if ada not in boleh:
                self.hakim.salah(f"TANPA PERSETUJUAN: {s.nomor} {idpel} seharusnya ditahan, ditunjukkan sebagai {ada}")

    # ------------------------------------------------------------------------------------------------ the end

    def _akhir(self) -> None:
        self.toko.tiba_terlambat()
        with self.p.auditor.transaksi() as tx:
            mulai(tx)
            for nomor in self.hakim.sesi:
                sesi = tx.sesi.bernomor(nomor)
                if sesi is None:
                    self.hakim.salah(f"AUDIT: sesi {nomor} tidak ada")
                    continue
                if sesi.terbuka:
                    self.hakim.salah(f"TIDAK SELESAI: sesi {nomor} {sesi.status} {sesi.tahap}")
                for temuan in periksa_sesi(tx, sesi):
                    if not (self.hakim.sesi[nomor].dirusak and temuan.aturan in ("SIDIK", "SARINGAN")):
                        self.hakim.salah(f"AUDIT: {temuan}")
            posisi = tx.luar.posisi(self.tempat)
            sampai, sidik = self.p.jejak
            rantai = tx.jejak.periksa(sesudah=sampai, sidik=sidik)
            self.p.jejak = rantai.nomor, rantai.kepala
        if rantai.putus is not None:
            self.hakim.salah(f"AUDIT: {rantai.putus}")
        self.p.dirusak |= {s.nomor for s in self.hakim.sesi.values() if s.dirusak}
        self.hakim.akhir({i: b.kodeposting for i, b in posisi.items()}, self._disentuh())

    def _disentuh(self) -> dict[str, int]:
        """Return until when others' doings are known: the last look that any session took at each customer."""
        semua: dict[str, int] = {}
        for s in self.hakim.sesi.values():
            for idpel in self.toko.baris[self.tempat]:
                dibanding = s.sukses and idpel in {*s.dilihat, *s.ditahan}
                semua[idpel] = max(semua.get(idpel, 0), s.banding if dibanding else s.awal)
        return semua


def riwayat(lakon: Lakon) -> Iterator[str]:
    """Yield what happened, and how all stands."""
    yield from lakon.catatan
    yield "AP2T:"
    for idpel, b in lakon.toko.baris.get(lakon.tempat, {}).items():
        yield f"  {idpel} {b.kodeposting} {b.no_pengesahan} {b.sahlwbp} {b.pemkwh} {b.oleh}"
    for e in lakon.toko.efek:
        yield f"  {e}"
    yield "buku:"
    for s in lakon.hakim.sesi.values():
        for perintah in (
            "SELECT nomor, status, tahap, epoch, keterangan FROM pengesahan.sesi WHERE nomor = %s",
            "SELECT b.kunci, b.status, b.epoch, b.idpel, b.keterangan FROM pengesahan.batch b "
            "JOIN pengesahan.sesi s ON s.id = b.sesi_id WHERE s.nomor = %s ORDER BY dikirim_pada",
            "SELECT h.idpel, h.status, h.kode, h.pesan FROM pengesahan.hasil h "
            "JOIN pengesahan.sesi s ON s.id = h.sesi_id WHERE s.nomor = %s ORDER BY idpel",
        ):
            for baris in lakon.p.lihat.execute(perintah.encode(), [s.nomor]):
                yield f"  {baris}"

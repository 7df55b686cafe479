"""Planted bugs: each one must be found, or the simulator sees nothing.

A bug replaces text of a module as it is imported, or of an SQL statement (the ledger's guards among them, as they are
created). The text must stand there exactly once, so that a bug cannot rot. Where a second guard would make it harmless
(the ledger's own, mostly), both are taken away: that the second one holds other tests say.
"""

from __future__ import annotations

import atexit
import importlib.abc
import importlib.machinery
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

AKAR = Path(__file__).parents[2]


class Ganti(NamedTuple):
    """Text that is replaced in a file of the repository."""

    berkas: str
    lama: str
    baru: str


KIRIM, GERBANG = "plugins/ap2t/proses/kirim.py", "plugins/ap2t/proses/gerbang.py"
KIRIMAN, SKEMA = "include/sql/ledger/kiriman.sql", "include/sql/ledger/skema/fungsi.sql"
PERSETUJUAN = "include/sql/ledger/skema/0001_persetujuan.sql"
CACAT: dict[str, tuple[Ganti, ...]] = {
    "epoch dilupakan": (
        # the guard and the look before a batch goes again; of a session taken over all three conditions would refuse
        Ganti(
            SKEMA, "IF v.epoch <> NEW.epoch OR v.status <> 'BERJALAN' OR v.tahap <> 'MEMPOSTING' THEN", "IF false THEN"
        ),
        Ganti(KIRIM, "if (kini.epoch, kini.status) != (self.sesi.epoch, StatusSesi.BERJALAN):", "if False:"),
    ),
    "dicatat sesudah dikirim": (
        Ganti(KIRIM, "            kunci = self._catat_batch(badan)\n", "            kunci = str(uuid.uuid4())\n"),
        Ganti(
            KIRIM,
            "                catat_terapan(self.langkah, kunci, jawaban)\n                return\n",
            "                sidik = hashlib.sha256(badan.teks).hexdigest()\n"
            "                self.buku.ulang(\n"
            "                    lambda tx: tx.kiriman.catat_batch(self.sesi, kunci, self.pengesah, idpel, sidik)\n"
            "                )\n"
            "                catat_terapan(self.langkah, kunci, jawaban)\n                return\n",
        ),
    ),
    "rekonsiliasi melewati baris": (
        Ganti(
            "plugins/ap2t/proses/rekonsiliasi.py",
            "        dilihat = temuan.lain.beda(idpel, menurut_ap2t(di_ap2t))\n",
            "        dilihat = True\n",
        ),
    ),
    "dikirim lagi tanpa dipastikan": (
        Ganti(
            KIRIM,
            "                if selesaikan_batch(self.langkah, kunci, idpel, klien):\n                    return\n",
            "                catat_batal(self.langkah, kunci, 'tidak ditanyakan')\n",
        ),
    ),
    "jawaban tutup diabaikan": (
        Ganti("plugins/ap2t/hooks/ap2t.py", "        if isi.jawaban is None:\n", "        if True:\n"),
    ),
    "perubahan di sumber tidak dilihat": (
        Ganti(
            KIRIM,
            "        while baris and (berubah := self._berubah(baris)):\n",
            "        while baris and (berubah := []):\n",
        ),
    ),
    "yang ditahan dikirim": (
        Ganti(
            KIRIMAN,
            " WHERE s.sesi_id = :sesi_id AND s.hasil = 'LOLOS' AND s.idpel > :sesudah\n",
            " WHERE s.sesi_id = :sesi_id AND s.kwh IS NOT NULL AND s.idpel > :sesudah\n",
        ),
        Ganti(SKEMA, "s.idpel = ANY (NEW.idpel) AND s.hasil = 'LOLOS'", "s.idpel = ANY (NEW.idpel)"),
    ),
    "yang dikembalikan dikirim": (
        Ganti(
            KIRIMAN,
            "   AND s.idpel <> ALL (CAST(:kembalikan AS text[]))\n",
            "   AND cardinality(CAST(:kembalikan AS text[])) >= 0\n",
        ),
        Ganti(SKEMA, "           AND s.idpel <> ALL (v_kembali)\n", ""),
    ),
    "sidik tidak dibandingkan": (
        Ganti(
            "plugins/ap2t/proses/rekap.py", "    if sesi.sidik != kini:\n        awal", "    if False:\n        awal"
        ),
    ),
    "peran tidak diperiksa saat mengirim": (
        Ganti(KIRIM, "        pastikan_pengesah(self.layanan, sesi, self.para_pengesah)\n", ""),
        Ganti("plugins/ap2t/proses/wewenang.py", "    if bukan_admin:\n", "    if False:\n"),
    ),
    "jawaban tanpa peran diterima": (
        Ganti(
            GERBANG,
            "    petugas = _ada(wewenang).dasar(tiba.oleh)\n",
            "    petugas = {'username': tiba.oleh, 'unitup': sesi.unitup, 'peran': 'ADMIN_CMT', 'aktif': True}\n",
        ),
        # who was not asked at all the ledger would refuse
        Ganti(PERSETUJUAN, "IF NOT (NEW.oleh = ANY (g.orang)) THEN", "IF false THEN"),
    ),
    "pengesah kedua boleh yang pertama": (
        Ganti(
            GERBANG,
            "    lain = [username for username in orang if samakan(username) not in bukan]\n",
            "    lain = orang if bukan else []\n",
        ),
        Ganti(PERSETUJUAN, " OR lower(btrim(p.oleh, E' \\t\\r\\n')) = v_orang\n", "\n"),
        Ganti(PERSETUJUAN, "           OR lower(btrim(v.pemicu, E' \\t\\r\\n')) = v_orang THEN\n", " THEN\n"),
    ),
    "pembatalan mengabaikan nomornya": (
        Ganti(
            "plugins/ap2t/proses/batalkan.py",
            "        return klien.kirim_pembatalan(kunci, badan)\n",
            "        ada = {b.idpel: b.no_pengesahan for b in klien.daftar(*self.sesi.tempat)}\n"
            "        isi = __import__('json').loads(badan.teks)\n"
            "        baris = [{**b, 'no_pengesahan': ada.get(b['idpel'], '-')} for b in isi['baris']]\n"
            "        return klien.kirim_pembatalan(kunci, Badan.dari({**isi, 'baris': baris}))\n",
        ),
    ),
    "429 dianggap diterapkan": (
        Ganti(
            KIRIM,
            "            except Ap2tTidakTerjangkau as galat:\n                tunggu",
            "            except Ap2tTidakTerjangkau as galat:\n"
            "                if galat.status == 429:\n"
            "                    from ap2t.hooks.kontrak import HasilBaris\n"
            "                    status, kode = ('BATAL', 0) if self.sesi.pembatalan else ('POSTING', 1)\n"
            "                    hasil = [HasilBaris(idpel=b.idpel, status=status, kodeposting=kode) for b in baris]\n"
            "                    return HasilBatch(kunci=kunci, hasil=tuple(hasil))\n"
            "                tunggu",
        ),
    ),
    "5xx dianggap tidak diterapkan": (
        # sent again under the same key it would be harmless, since that key takes effect once
        Ganti(
            "plugins/ap2t/hooks/klien.py",
            "MENOLAK = frozenset({400, 403, 404, 409, 413})",
            "MENOLAK = frozenset({400, 403, 404, 409, 413, 500, 503})",
        ),
    ),
}
"""By name: what is replaced where."""


def teks_cacat(nama: str) -> dict[str, str]:
    """Return the files' texts with a bug in them.

    :raises AssertionError: the text to replace does not stand there exactly once.
    """
    teks: dict[str, str] = {}
    for berkas, lama, baru in CACAT[nama]:
        isi = teks.get(berkas) or (AKAR / berkas).read_text(encoding="utf-8")
        assert isi.count(lama) == 1, f"{nama}: {berkas} memuatnya {isi.count(lama)} kali"
        teks[berkas] = isi.replace(lama, baru)
    return teks


def tanam(nama: str) -> None:
    """Plant a bug in this process, before the product is imported."""
    teks = teks_cacat(nama)
    modul = {
        berkas.removeprefix("plugins/").removesuffix(".py").replace("/", "."): isi
        for berkas, isi in teks.items()
        if berkas.endswith(".py")
    }
    sys.meta_path.insert(0, _Penanam(modul))
    if kueri := {berkas: isi for berkas, isi in teks.items() if berkas.endswith(".sql")}:
        folder = Path(tempfile.mkdtemp(prefix="cacat"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(AKAR / "include" / "sql", folder / "include" / "sql")
        for berkas, isi in kueri.items():
            (folder / berkas).write_text(isi, encoding="utf-8")
        os.environ["AP2T_SQL_DIR"] = str(folder / "include" / "sql")


class _Penanam(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports some modules from other text than their files hold."""

    def __init__(self, teks: dict[str, str]) -> None:
        self._teks = teks

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Claim the modules whose text is another one."""
        return importlib.util.spec_from_loader(fullname, self) if fullname in self._teks else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the text."""
        exec(compile(self._teks[module.__name__], f"<cacat {module.__name__}>", "exec"), module.__dict__)  # noqa: S102

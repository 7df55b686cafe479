"""Who looks never writes: commands that show something and the page have a ledger that refuses every write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from proses_fixtures import Dunia, jalankan_sampai
from typer.testing import CliRunner

from ap2t.cli import app
from ap2t.galat import GalatPengesahan
from ap2t.ledger import buku as modul_buku
from ap2t.ledger.buku import Buku
from ap2t.web.data import Data
from tests.perintah import keluar

PERINTAH = (
    "rekap --unitup @unit",
    "rekap --unitup @unit --thblrek @bulan --per putaran",
    "status --unitup @unit --thblrek @bulan --ap2t",
    "status @idpel",
    "pengembalian --unitup @unit",
    "sesi",
    "sesi @sesi",
    "bukti @sesi",
    "jejak @sesi",
    "verifikasi --sesi @sesi --kini",
    "audit verifikasi",
    "audit berkas @sesi --ke @folder",
    "arsip rencana",
    "jadwal lihat --semua",
    "jadwal tengok",
    "pemberitahuan lihat",
    "pola lihat --unitup @unit",
    "pola riwayat",
)


def test_perintah_lihat_tidak_dapat_menulis(dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command that shows something opens the ledger only to read, and does its work with that."""
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("AP2T_KELOMPOK", "A")
    idpel = dunia.isi(2)
    sesi = jalankan_sampai(dunia, "posting").sesi
    asli, dibuka = modul_buku.buat_mesin, []

    def catat_mesin(*apa: Any, hanya_baca: bool = False, **lain: Any) -> Any:
        dibuka.append(hanya_baca)
        return asli(*apa, hanya_baca=hanya_baca, **lain)

    monkeypatch.setattr(modul_buku, "buat_mesin", catat_mesin)
    isi = {"@unit": dunia.unitup, "@bulan": dunia.bulan, "@idpel": idpel[0], "@sesi": sesi.nomor, "@folder": tmp_path}
    for perintah in PERINTAH:
        dibuka.clear()
        hasil = CliRunner().invoke(app, [str(isi.get(kata, kata)) for kata in perintah.split()])
        if not perintah.startswith("audit"):  # what the demo's audit finds is not asked here
            keluar(hasil)
        assert dibuka == [True], perintah


@pytest.mark.parametrize("cara", ["transaksi", "lihat"])
def test_buku_yang_dibaca_menolak_tulisan(dunia: Dunia, cara: str) -> None:
    """The database itself refuses, for the commands' ledger and the page's, in a transaction and outside one."""
    halaman, perintah = Data(), Buku.buka(hanya_baca=True)
    try:
        for buku in (perintah, halaman.buku):
            with pytest.raises(GalatPengesahan, match="25006"), getattr(buku, cara)() as tx:
                tx.jejak.catat("SEGEL_DIBUAT", {})
    finally:
        perintah.tutup()
        halaman.tutup()

"""Why a customer is held or flagged, told with its own numbers: on the page, by the command, and never in a log."""

from __future__ import annotations

from halaman_fixtures import Halaman
from proses_fixtures import jalankan_sampai
from typer.testing import CliRunner

from ap2t.cli import app
from tests.perintah import keluar

MUNDUR = "stan LWBP 5.000 ke 4.990; digit meter 5"


def test_sebab_dengan_angkanya(halaman: Halaman) -> None:
    """Reasons come first, with what is to be done. Flags tell their numbers. A plain one has none."""
    d = halaman.dunia
    mundur = {"slalwbp": "5000", "sahlwbp": "4990", "pemkwh": None}
    naik = {"sahlwbp": "1160", "pemkwh": "160", "pemkwh_lalu": "100", "cara_baca_lalu": "TAKSIR"}
    idpel = d.isi(3, {0: mundur, 1: naik})
    jalankan_sampai(d)
    satu, dua, tiga = (halaman.baca(f"/api/unit/{d.unitup}/{d.bulan}/pelanggan/{i}")["mengapa"] for i in idpel)
    assert [(s["kode"], s["kata"], s["rinci"]) for s in satu] == [("STAN_MUNDUR", "Stan mundur", MUNDUR)]
    assert satu[0]["tindakan"].startswith("baca ulang dari foto")
    assert [(s["kode"], s["rinci"]) for s in dua] == [
        ("NAIK_50", "160 kWh, bulan lalu 100 kWh"),
        ("SESUDAH_TAKSIR", "bulan lalu ditaksir; 160 kWh, bulan lalu 100 kWh"),
        (
            "PERHATIAN",
            "6,0 = bobot 2 (Naik 50 % atau lebih) + 2 (Bulan lalu ditaksir), dikalikan 1 + 0,5: 160 kWh terhadap "
            "150 kWh (rata-rata 3 bulan), per 20 kWh, paling banyak 9",
        ),
    ]
    assert tiga == []
    hasil = CliRunner().invoke(app, ["status", idpel[0], "--unitup", d.unitup, "--thblrek", d.bulan])
    keluar(hasil, 0)
    assert f"Stan mundur: {MUNDUR}. Perbaikan: baca ulang dari foto" in " ".join(hasil.output.split())

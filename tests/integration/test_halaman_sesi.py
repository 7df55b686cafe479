"""The page's table of kelompok and its sessions, on real parts."""

from __future__ import annotations

from halaman_fixtures import AUDITOR, Halaman
from proses_fixtures import jalankan_sampai


def test_kelompok_dan_sesi(halaman: Halaman) -> None:
    """SOP steps 4 to 7: the kelompok waits for its SPV TE, then its customers have moved to "sudah disahkan"."""
    d = halaman.dunia
    d.isi(6, {0: {"sahlwbp": "9999", "pemkwh": None}})
    saya = halaman.baca("/api/saya")
    assert (saya["username"], saya["peran"]) == (d.spv, "SPV_TE")
    assert [u["unitup"] for u in saya["unit"]] == [d.unitup]
    assert d.bulan in saya["unit"][0]["bulan"]
    assert halaman.baca("/api/saya", AUDITOR)["peran"] == "AUDITOR"

    jalan = jalankan_sampai(d, "buka_gerbang")
    [baris] = halaman.baca(f"{halaman.alamat}/kelompok")["baris"]
    assert baris["sesi"]["giliran_saya"]
    assert baris["belum_disahkan"] == 6
    s = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")
    assert s["giliran_saya"]
    assert s["rekap"]["hasil"]["lolos"] == 5
    assert sum(k["jumlah"] for k in s["rekap"]["sebaran"]) == 6
    assert s["rekap"]["sebaran"][-1] == {"dari": 2000, "sampai": None, "jumlah": 1, "ditahan": 1}

    jalan.terima(d.idpel(1))
    jalan.sampai(dari="posting")
    s = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")
    assert (s["sesi"]["status"], s["kiriman"]) == ("SELESAI", {"total": 4, "selesai": 4, "per": {"POSTING": 4}})
    assert s["gerbang"][0]["jawaban"]["kembalikan"][0]["idpel"] == d.idpel(1)
    isi = halaman.baca(f"{halaman.alamat}/kelompok")
    assert (isi["baris"][0]["sudah_disahkan"], isi["jumlah"]["belum_disahkan"]) == (4, 2)

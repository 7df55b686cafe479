"""What an approval comes to, by hand: kWh beside last month and last year, and the estimate in rupiah."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from batal_fixtures import batalkan_sampai
from halaman_fixtures import Halaman
from proses_fixtures import Dunia, Jalan, jalankan_sampai
from test_kisah import _tanpa_harga  # noqa: F401 -- a fixture
from test_riwayat import _tabel, isi_riwayat, tawarkan  # noqa: F401 -- the first is a fixture

from ap2t.domain.harga import Harga, perkirakan
from ap2t.domain.kaidah.kwh import hitung
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import Bacaan
from ap2t.lihat import akibat as modul
from ap2t.source.acmt import SumberAcmt
from ap2t.sql import muat

R1 = ("R1", 900, 2200, 1000, 1000, "NULL::numeric", "DATE '2026-01-01'")


def hargai(d: Dunia, *semua: tuple[Any, ...]) -> None:
    """Offer these prices."""
    baris = ", ".join(f"('{tarif}', {', '.join(map(str, lain))})" for tarif, *lain in semua)
    kolom = ", ".join(Harga._fields)
    d.acmt.execute(f"CREATE OR REPLACE VIEW acmt.v_harga ({kolom}) AS VALUES {baris}".encode())  # noqa: S608
    d.acmt.execute("GRANT SELECT ON acmt.v_harga TO PUBLIC")


def lihat(halaman: Halaman, jalan: Jalan) -> dict[str, Any]:
    """Return what the page is told."""
    isi: dict[str, Any] = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}/akibat")["akibat"]
    return isi


def bagian(isi: dict[str, Any], awal: str) -> tuple[Any, ...]:
    """Return how many customers' kWh then is known, their kWh now, and then."""
    return tuple(isi[f"{awal}_{nama}"] for nama in ("pelanggan", "kini", "kwh"))


def menurut(isi: dict[str, Any], jenis: str) -> dict[str | None, tuple[Any, ...]]:
    """Return customers, kWh, and the same beside last month, by what they share."""
    return {satu["nilai"]: (satu["pelanggan"], satu["kwh"], *bagian(satu, "lalu")) for satu in isi["golongan"][jenis]}


def test_dengan_tangan(halaman: Halaman) -> None:
    """Each figure of a small kelompok, with what is not known left out of it, and the ledger's word before ACMT's."""
    d = halaman.dunia
    hargai(d, R1)
    tahun_lalu = bulan_tambah(d.bulan, -12)
    d.bulan, kini = tahun_lalu, d.bulan
    d.isi(3, {0: {"sahlwbp": "1110", "pemkwh": "110"}, 1: {"sahlwbp": "1140", "pemkwh": "140"}})
    jalankan_sampai(d)
    batalkan_sampai(d, "tutup", d.idpel(2))
    d.bulan = kini
    d.isi(
        7,
        {
            0: {"pemkwh_lalu": None},
            1: {"pemkwh_lalu": "125"},  # 20 % exactly
            2: {"pemkwh_lalu": "124", "cara_baca_lalu": "TAKSIR", "petugas_baca": "baca2"},
            3: {"pemkwh_lalu": "100"},
            4: {"pemkwh_lalu": "300", "petugas_baca": "baca2"},
            5: {"pemkwh_lalu": "10", "tarif": "B9"},  # no price
            6: {"sahlwbp": "9999", "pemkwh": None},  # held
        },
    )
    for n, kwh in ((1, 130), (2, 999), (2, 998), (3, None), (4, 90), (6, 5)):
        isi_riwayat(d, n, 12, kwh=lambda ke, kwh=kwh: kwh if ke == 12 else 1)
    isi = lihat(halaman, jalankan_sampai(d, "buka_gerbang"))
    jumlah = isi["jumlah"]
    assert (isi["bulan_lalu"], isi["tahun_lalu"], isi["kenaikan"], isi["galat"]) == ("202605", tahun_lalu, 20, [])
    assert (jumlah["pelanggan"], jumlah["kwh"], jumlah["rata"]) == (6, "900", "150")
    assert bagian(jumlah, "lalu") == (5, "750", "659")
    assert (jumlah["lalu_rata_kini"], jumlah["lalu_rata"]) == ("150", "131.8")
    assert bagian(jumlah, "tahun") == (3, "450", "340"), "110 and 140 of the ledger, 90 of ACMT"
    assert (jumlah["tahun_rata_kini"], jumlah["tahun_rata"]) == ("150", "113.333")
    assert menurut(isi, "tarif") == {"B9": (1, "150", 1, "150", "10"), "R1": (5, "750", 4, "600", "649")}
    assert list(menurut(isi, "tarif")) == ["B9", "R1"], "what moved most stands first"
    assert menurut(isi, "petugas_baca") == {"baca2": (2, "300", 2, "300", "424"), None: (4, "600", 3, "450", "235")}
    assert menurut(isi, "tanda")["SESUDAH_TAKSIR"] == (1, "150", 1, "150", "124")
    gerak = [(satu["idpel"], satu["naik"], satu["kwh"], satu["kwh_lalu"]) for satu in isi["gerak"]]
    naik = [(d.idpel(n), True, "150", lalu) for n, lalu in ((5, "10"), (3, "100"), (2, "124"), (1, "125"))]
    assert gerak == [*naik, (d.idpel(4), False, "150", "300")]
    assert isi["rupiah"] == {
        "rupiah_pelanggan": 5,
        "rupiah": "750000",
        "banding_pelanggan": 4,
        "banding_kini": "600000",
        "banding_lalu": "649000",
        "naik": 2,
        "naik_taksir": 1,
    }
    assert isi["taksir_dikenal"] is True


def test_tanpa_pembanding(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither prices nor months of ACMT: the rest is there. ACMT away: that is told, and the ledger's own stays."""
    d = halaman.dunia
    tawarkan(d, None)
    d.isi(2, {1: {"sahlwbp": "1000", "pemkwh": "0", "pemkwh_lalu": "0"}})
    jalan = jalankan_sampai(d, "rekap")
    isi = lihat(halaman, jalan)
    assert (isi["rupiah"], isi["galat"], bagian(isi["jumlah"], "tahun")) == (None, [], (0, "0", "0"))
    assert isi["jumlah"]["tahun_rata"] is None
    assert [satu["idpel"] for satu in isi["gerak"]] == []
    d.bulan = bulan_tambah(d.bulan, 12)
    d.isi(1)
    lanjut = jalankan_sampai(d, "buka_gerbang")
    monkeypatch.setattr(SumberAcmt, "ditawarkan", property(lambda sumber: sumber.mentah("acmt/semua_unit")))
    halaman.putuskan_acmt(monkeypatch)
    isi = lihat(halaman, lanjut)
    assert [satu[:47] for satu in isi["galat"]] == [
        "Harga di ACMT tidak terbaca: ACMT tidak menjawa",
        "Tahun lalu di ACMT tidak terbaca: ACMT tidak me",
    ]
    assert (isi["jumlah"]["kwh"], isi["rupiah"]) == ("150", None)


def test_diingat(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same snapshot is worked out once; what lacks a part of ACMT only for a minute."""
    d = halaman.dunia
    hargai(d, R1)
    d.isi(1)
    jalan = jalankan_sampai(d, "buka_gerbang")
    hitung_lagi: list[str] = []
    asli, ditanya = modul.akibat, []
    monkeypatch.setattr("ap2t.web.rute.sesi.akibat", lambda *isi: (hitung_lagi.append("x"), asli(*isi))[1])
    galat = ["Harga di ACMT tidak terbaca: coba lagi."]

    def tanya(sumber: SumberAcmt, sesi: Any) -> modul.Pembanding:
        ditanya.append(sesi.nomor)
        return modul.Pembanding(galat=galat) if len(ditanya) == 1 else modul.tanya_pembanding(sumber, sesi)

    monkeypatch.setattr("ap2t.web.rute.sesi.tanya_pembanding", tanya)
    assert lihat(halaman, jalan)["galat"] == lihat(halaman, jalan)["galat"] == galat
    assert len(hitung_lagi) == 1
    nanti = time.monotonic() + 61
    monkeypatch.setattr("ap2t.web.ingatan.time.monotonic", lambda: nanti)
    assert lihat(halaman, jalan)["rupiah"]["rupiah"] == "150000"
    nanti += 3000
    hargai(d, ("R1", 900, 2200, 7, 7, "NULL::numeric", "DATE '2026-01-01'"))
    assert lihat(halaman, jalan)["rupiah"]["rupiah"] == "150000"
    assert len(hitung_lagi) == 2


def test_riwayat_lambat(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view of months that takes too long is given up and told, and does not count as ACMT being away."""
    d = halaman.dunia
    hargai(d, R1)
    d.isi(1)
    jalan = jalankan_sampai(d, "buka_gerbang")
    isi_riwayat(d, 0, 12)
    monkeypatch.setattr("ap2t.source.acmt.muat", _lambat)
    isi = lihat(halaman, jalan)
    assert isi["galat"] == [
        "Tahun lalu di ACMT tidak terbaca: v_riwayat belum selesai dibaca dalam 2 detik. Minta pengelola ACMT "
        "mempercepatnya (indeks menurut idpel dan thblrek)."
    ]
    assert isi["rupiah"]["rupiah"] == "150000"
    assert halaman.app.konteks.data.acmt.unit(d.unitup).unitup == d.unitup, "others are still answered"


def _lambat(nama: str) -> str:
    return f"{muat(nama)} AND pg_sleep(9) IS NOT NULL" if nama == "acmt/riwayat_kelompok" else muat(nama)


SEMUA = [
    R1,
    ("R1", 900, 2200, "1444.805", 1500, 40, "DATE '2026-06-01'"),
    ("R1", 1300, 1300, 1, 1, "NULL::numeric", "DATE '2026-06-01'"),  # of the same day: the first one counts
    ("R1", 900, 2200, 9, 9, "NULL::numeric", "DATE '2026-06-02'"),
    ("B3", 200000, 300000, "1035.78", "1553.67", 40, "DATE '2026-05-01'"),
    ("P3", 0, 5000, 2000, 3000, "NULL::numeric", "DATE '2026-05-01'"),
]
DUA: dict[str, Any] = {"tarif": "B3", "daya": "240000", "fkmkwh": "80", "pemkwh": None}
ISI: dict[int, dict[str, Any]] = {
    0: {"pemkwh_lalu": "100"},
    1: {"sahlwbp": "1010", "pemkwh": "10", "pemkwh_lalu": "500"},  # the least that is billed
    2: {**DUA, "slawbp": "400", "sahwbp": "450.25", "pemkwh_lalu": "9000"},
    3: {**DUA, "slawbp": "99990", "sahwbp": "40", "pemkwh_lalu": "9000"},  # beyond the register's end
    4: {
        **DUA,
        "slawbp": "400",
        "sahwbp": "20",
        "wbpcabut": "430",
        "wbppasang": "5",
        "lwbpcabut": "1100",
        "lwbppasang": "10",
        "sahlwbp": "60",
        "fkmkwh_lama": "40",
        "pemkwh_lalu": "9000",
    },
    5: {
        **DUA,
        "slawbp": "400",
        "sahwbp": "450",
        "wbpcabut": "0",
        "wbppasang": "0",
        "lwbpcabut": "0",
        "lwbppasang": "0",
    },
    6: {
        **dict.fromkeys(("slalwbp", "sahlwbp", "pemkwh", "tgl_baca", "digit_meter")),
        "tarif": "P3",
        "jam_abonemen": "375",
        "daya": "1000",
        "pemkwh_lalu": "375",
    },
    7: {**DUA, "slalwbp": "1000", "sahlwbp": "1000", "slawbp": "400", "sahwbp": "400", "pemkwh_lalu": "50"},
    8: {"tarif": "P3", "slawbp": "0", "sahwbp": "0", "pemkwh_lalu": "150"},
}


def test_sama_dengan_perkiraan_satu_pelanggan(halaman: Halaman) -> None:
    """The sum in columns is that of the estimates one by one: registers, meter changes, no meter, the least hours."""
    d = halaman.dunia
    hargai(d, *SEMUA)
    d.isi(len(ISI), ISI)
    jalan = jalankan_sampai(d, "buka_gerbang")
    assert jalan.sesi.hasil_rekap["lolos"] == len(ISI), jalan.log
    sumber = jalan.layanan.sumber
    bacaan = [satu for bagian in sumber.baca(jalan.sesi.tempat) for satu in bagian]
    satu_satu = [_rupiah(satu, sumber.harga()) for satu in bacaan]
    assert satu_satu[:3] == [Decimal(216721), Decimal(75130), Decimal(18675113)]
    rupiah = lihat(halaman, jalan)["rupiah"]
    assert (rupiah["rupiah_pelanggan"], Decimal(rupiah["rupiah"])) == (len(ISI), sum(satu_satu))


def _rupiah(bacaan: Bacaan, harga: list[Harga]) -> Decimal:
    kira = perkirakan(bacaan, hitung(bacaan), harga)
    assert kira is not None, bacaan.idpel
    return kira.rupiah


@pytest.mark.parametrize(
    ("ubah", "kini", "lalu"),
    [
        ({"pemkwh_lalu": "100"}, 216721, 100_000),  # each month by its own price
        ({"pemkwh_lalu": "0"}, 216721, 0),
        ({**DUA, "slawbp": "400", "sahwbp": "425", "pemkwh_lalu": "9000"}, 15_536_700, 9_987_879),
        ({**DUA, "sahlwbp": "1000", "slawbp": "400", "sahwbp": "400", "pemkwh_lalu": "50"}, None, None),
    ],
)
def test_rupiah_bulan_lalu(halaman: Halaman, ubah: dict[str, Any], kini: int | None, lalu: int | None) -> None:
    """Last month goes by its own price, of two registers by this month's shares; where there are none it is unknown."""
    d = halaman.dunia
    hargai(d, *SEMUA)
    d.isi(1, {0: ubah})
    rupiah = lihat(halaman, jalankan_sampai(d, "buka_gerbang"))["rupiah"]
    banding = tuple(Decimal(rupiah[f"banding_{nama}"]) for nama in ("pelanggan", "kini", "lalu"))
    assert banding == ((0, 0, 0) if kini is None else (1, kini, lalu))
    assert rupiah["naik"] == (kini is not None and lalu is not None and kini * 100 > lalu * 120)


def test_batas_milik_pola_sesi(halaman: Halaman) -> None:
    """A session counts by the limit of the pattern it was opened with, whatever is applied after."""
    d = halaman.dunia
    hargai(d, R1)
    d.pola(kenaikan_perkiraan="50")
    d.isi(2, {0: {"pemkwh_lalu": "100"}, 1: {"pemkwh_lalu": "99.99"}})
    jalan = jalankan_sampai(d, "buka_gerbang")
    d.pola(kenaikan_perkiraan="5")
    isi = lihat(halaman, jalan)
    assert (isi["kenaikan"], isi["rupiah"]["naik"]) == (50, 1)


def test_golongan_dan_gerak_terbatas(halaman: Halaman) -> None:
    """Fifteen readers and twenty movers one by one; the other readers in one row, in which nothing is lost."""
    d = halaman.dunia
    banyak = 24
    d.isi(banyak, {n: {"petugas_baca": f"baca{n % 18:02}", "pemkwh_lalu": str(150 - n + 11)} for n in range(banyak)})
    isi = lihat(halaman, jalankan_sampai(d, "buka_gerbang"))
    semua = isi["golongan"]["petugas_baca"]
    assert [(satu["lainnya"], satu["golongan"]) for satu in semua] == [(False, 1)] * 15 + [(True, 3)]
    assert sum(satu["pelanggan"] for satu in semua) == banyak
    assert sum(Decimal(satu["lalu_kwh"]) for satu in semua) == Decimal(isi["jumlah"]["lalu_kwh"])
    naik = [satu["idpel"] for satu in isi["gerak"] if satu["naik"]]
    assert naik == [d.idpel(n) for n in range(banyak - 1, banyak - 11, -1)]
    assert [satu["idpel"] for satu in isi["gerak"] if not satu["naik"]] == [d.idpel(n) for n in range(10)]


def test_hanya_pengesahan_yang_berekap(halaman: Halaman) -> None:
    """Before its rekap a session has no such figures, and a cancellation never."""
    d = halaman.dunia
    d.isi(1)
    jalan = jalankan_sampai(d, "saring")
    assert lihat(halaman, jalan) is None
    jalan.sampai(dari="rekap")
    assert lihat(halaman, jalan)["jumlah"]["pelanggan"] == 1
    assert lihat(halaman, batalkan_sampai(d)) is None


def test_taksir_menurut_buku(halaman: Halaman) -> None:
    """Where ACMT does not say how last month was read, what this system posted then does."""
    d = halaman.dunia
    hargai(d, R1)
    d.bulan, kini = bulan_tambah(d.bulan, -1), d.bulan
    d.isi(2, {0: {"cara_baca": "TAKSIR"}})
    jalankan_sampai(d)
    d.bulan = kini
    d.isi(2, {n: {"pemkwh_lalu": "100"} for n in range(2)})
    isi = lihat(halaman, jalankan_sampai(d, "buka_gerbang"))
    assert (isi["rupiah"]["naik"], isi["rupiah"]["naik_taksir"]) == (2, 1)

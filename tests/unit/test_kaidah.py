"""Every rule is whole: words, judgement, numbers, and a demo case that shows it alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ap2t.domain.kaidah.dasar import Kaidah
from ap2t.domain.kaidah.fakta import kumpulkan_fakta
from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT, bulan_lalu, ringkas
from ap2t.domain.kaidah.saring import saring
from ap2t.domain.kaidah.tahan import Alasan, rinci_rantai, sebut_rantai
from ap2t.domain.kaidah.tanda import RANTAI, Dlpd
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import (
    GANDA,
    KOLOM_ANGKA,
    KOLOM_PILIHAN,
    KOLOM_RIWAYAT,
    Aturan,
    Bacaan,
    BulanLalu,
    Ketentuan,
    Pilihan,
    StanLalu,
    dengan_riwayat,
)
from sandbox.acmt_kasus import (
    FOTO_BERSAMA,
    KASUS,
    KASUS_DASAR,
    KasusDemo,
    alamat_foto,
    bulan_kasus,
    foto_kasus,
    posisi_kasus,
)

SEMUA: list[Kaidah] = [*Alasan, *Dlpd]
ATURAN = Aturan(rentang_baca=(datetime(2026, 5, 13, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)))
TANPA_KASUS = {Alasan.BELUM_DIBACA, Alasan.GANDA, Alasan.STAN_TIDAK_SAMBUNG, Alasan.FAKTOR_BERUBAH, *RANTAI}
"""Rules that need a kelompok which is not read yet, a second row, or an earlier month."""
RANTAI_PUTUS = "stan lalu 1.000, padahal 900; faktor kali 1, padahal 2 (akhir bulan 202605)"
RINCI: dict[Kaidah, str] = {
    Alasan.BELUM_DIBACA: "stan lalu 1.000, stan akhir kosong",
    Alasan.STAN_TIDAK_VALID: "stan LWBP -5 ke 1.150; digit meter 5",
    Alasan.STAN_MUNDUR: "stan LWBP 5.000 ke 4.990; digit meter 5",
    Alasan.KVARH_TIDAK_VALID: "stan kVArh 320,6 ke 320,5, faktor 80",
    Alasan.TGL_BACA_TIDAK_WAJAR: "dibaca 01-01-1970 07:00 WIB; yang wajar 13-05-2026 07:00 WIB sampai 01-06-2026 07:00 "
    "WIB",
    Alasan.DAYA_TIDAK_VALID: "daya 0",
    Alasan.FAKTOR_TIDAK_VALID: "faktor kali 0, faktor meter lama kosong",
    Alasan.DATA_TIDAK_VALID: "stan LWBP 1.000 ke 1.150,0000001; digit meter 5; kWh 150,0000001",
    Alasan.GANDA: "2 baris",
    Alasan.SELISIH_KWH: "ACMT 149 kWh, hitungan 150 kWh",
    Alasan.JAM_NYALA: "13.000 kWh pada daya 1.300 VA: 10.000 jam, batasnya 2.000 jam",
    Alasan.STAN_TIDAK_SAMBUNG: RANTAI_PUTUS,
    Alasan.FAKTOR_BERUBAH: RANTAI_PUTUS,
    Dlpd.JAM_NYALA_TINGGI: "2.600 kWh pada daya 1.300 VA: 2.000 jam",
    Dlpd.JAM_NYALA_RENDAH: "51,999 kWh pada daya 1.300 VA: 39,999 jam",
    Dlpd.KWH_NOL: "stan tetap 1.000",
    Dlpd.ROLLOVER: "stan 99.950 ke 100, digit meter 5",
    Dlpd.GANTI_METER: "cabut 1.100, pasang 5; faktor 1, meter lama 1",
    Dlpd.STAN_TIDAK_SAMBUNG: RANTAI_PUTUS,
    Dlpd.FAKTOR_BERUBAH: RANTAI_PUTUS,
    Dlpd.NAIK_50: "160 kWh, bulan lalu 100 kWh",
    Dlpd.TURUN_50: "60 kWh, bulan lalu 150 kWh",
    Dlpd.DI_ATAS_RATA3: "200 kWh, rata-rata 3 bulan 100 kWh",
    Dlpd.TANPA_FOTO: "tidak ada foto",
    Dlpd.DAYA_BERUBAH: "daya 900 menjadi 1.300 VA; 60 kWh sebelum, 90 kWh sesudah",
    Dlpd.KVARH_DIAM: "stan kVArh tetap 320, 150 kWh",
    Dlpd.PERIODE_PANJANG: "36 hari sejak pembacaan sebelumnya",
    Dlpd.PERIODE_PENDEK: "24 hari sejak pembacaan sebelumnya",
    Dlpd.TAKSIR: "ditaksir 150 kWh",
    Dlpd.SESUDAH_TAKSIR: "bulan lalu ditaksir; 150 kWh, bulan lalu 150 kWh",
    Dlpd.TAKSIR_BERULANG: "24 bulan ditaksir dalam 24 bulan terakhir",
    Dlpd.LOKASI_JAUH: "822.844 m dari tempat pelanggan ini biasanya dibaca, batasnya 500 m",
    Dlpd.FOTO_SAMA: "fotonya sama dengan foto bulan 202605",
    Dlpd.DI_LUAR_KEBIASAAN: "220 kWh, biasanya 150 kWh (median 24 bulan); yang wajar 90 sampai 210 kWh",
}
"""What each rule tells a reader of its own case."""

IDPEL, BULAN = "535110000001", "202606"
TEMPAT = {"latitude": "-6.9", "longitude": "107.6"}


def baris(**ganti: str | None) -> Bacaan:
    """Return the clean reading of the demo data with some columns changed."""
    nilai = {
        "foto_url": alamat_foto(IDPEL, BULAN),
        "tgl_baca": "2026-05-25 03:00:00+00",
        **TEMPAT,
        **KASUS_DASAR,
        **ganti,
    }
    angka = {k: None if v is None else Decimal(v) for k, v in nilai.items() if k in KOLOM_ANGKA}
    saat = nilai.pop("tgl_baca")
    teks = {k: v for k, v in nilai.items() if k not in KOLOM_ANGKA}
    tgl_baca = None if saat is None else datetime.fromisoformat(saat)
    pilihan = {k: (angka.pop(k) if k in angka else teks.pop(k)) for k in KOLOM_PILIHAN if k in nilai}
    if (hari := pilihan.get("tgl_baca_lalu")) and tgl_baca:
        pilihan["tgl_baca_lalu"] = tgl_baca + timedelta(days=int(hari))
    if "rendah_wajar" in pilihan:
        pilihan["rendah_wajar"] = pilihan["rendah_wajar"] == "t"
    ada = Pilihan(**pilihan) if pilihan else None
    return Bacaan(IDPEL, "53511", BULAN, "A", **angka, **teks, tgl_baca=tgl_baca, pilihan=ada)


def kasus_utuh(kasus: KasusDemo) -> tuple[Bacaan, StanLalu | None]:
    """Return a case's reading with what its 24 months before come to, and the month its chain is compared with."""
    bacaan = baris(**kasus.nilai | {"foto_url": foto_kasus(kasus, IDPEL, BULAN, "A")})
    tempat = {sumbu: Decimal(isi) for sumbu, isi in TEMPAT.items()}
    urut = [bulan_tambah(BULAN, -n) for n in range(1, BULAN_RIWAYAT + 1)]
    dasar = [BulanLalu(IDPEL, satu, foto_url=alamat_foto(IDPEL, satu), **tempat) for satu in urut]
    lain = "535110000002" if kasus.nilai.get("foto_url") == FOTO_BERSAMA else None
    bacaan = dengan_riwayat(bacaan, ringkas(bacaan, bulan_kasus(kasus, dasar), KOLOM_RIWAYAT, lain))
    return bacaan, bulan_lalu(bacaan, None)


def kasus_bersih(**lain: Any) -> KasusDemo:
    """Return a case of the clean reading."""
    return KasusDemo("", "LOLOS", None, frozenset(), {**KASUS_DASAR}, **lain)


@pytest.mark.parametrize("kaidah", SEMUA)
def test_kata(kaidah: Kaidah) -> None:
    """A rule has its words: a name, what it means, and for one that holds what is to be done."""
    assert kaidah == kaidah.name
    assert kaidah.kata
    assert kaidah.isi.arti
    assert bool(kaidah.isi.tindakan) is isinstance(kaidah, Alasan)
    assert "|" not in kaidah.kata + kaidah.isi.arti + kaidah.isi.tindakan  # they stand in tables


@pytest.mark.parametrize("kaidah", [satu for satu in SEMUA if satu not in TANPA_KASUS])
def test_kasus(kaidah: Kaidah) -> None:
    """The demo case of a rule shows it and no other, and the clean reading shows none; its numbers are told."""
    bersih, awal = kasus_utuh(kasus_bersih())
    assert awal == StanLalu("202605", Decimal(1000), None, None)
    assert saring(bersih, ATURAN, awal)[3:] == ((), ())
    assert kaidah.isi.kasus is not None
    dari_isi = kasus_bersih(lalu=kaidah.isi.kasus_lalu or {})
    bacaan, lalu = kasus_utuh(dari_isi._replace(nilai={**KASUS_DASAR, **kaidah.isi.kasus}))
    hasil = saring(bacaan, ATURAN, lalu)
    if isinstance(kaidah, Alasan):
        assert hasil.alasan == (kaidah,)
    else:
        assert (hasil.alasan, hasil.dlpd) == ((), (kaidah,))
    assert kaidah.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, lalu)) == RINCI[kaidah]


@pytest.mark.parametrize("kasus", KASUS, ids=lambda kasus: str(kasus.nama))
def test_tiap_kasus_demo(kasus: KasusDemo) -> None:
    """Every case of the demo data comes out as it says, and of an unmetered customer the exact kWh."""
    hasil = saring(kasus_utuh(kasus)[0], ATURAN, kasus_utuh(kasus)[1])
    assert (hasil.hasil, hasil.alasan) == (kasus.hasil, () if kasus.alasan is None else (kasus.alasan,))
    if kasus.alasan is None:
        assert set(hasil.dlpd) == kasus.dlpd
    if kasus.nama == "TANPA_METER":
        assert (hasil.kwh, hasil.jam_nyala) == (Decimal("487.5"), Decimal(375))


@pytest.mark.parametrize(("bulan", "ada"), [(2, False), (3, True)])
def test_taksir_tiga_kali(bulan: int, ada: bool) -> None:
    """Two estimated months are no habit, three are."""
    bacaan, lalu = kasus_utuh(kasus_bersih(lalu={"cara_baca": "TAKSIR"}, bulan=bulan))
    assert saring(bacaan, ATURAN, lalu).dlpd == ((Dlpd.TAKSIR_BERULANG,) if ada else ())


def test_bulan_kasus() -> None:
    """The months before a case end at its stan lalu, and hold its own kWh, last month's first."""
    dasar = [BulanLalu(IDPEL, bulan_tambah(BULAN, -n)) for n in range(1, 25)]
    naik = next(kasus for kasus in KASUS if kasus.nama == Dlpd.NAIK_50)
    bulan = bulan_kasus(naik, dasar)
    assert [satu.thblrek for satu in bulan] == [satu.thblrek for satu in dasar]
    assert [satu.kwh for satu in bulan] == [100, *[160] * 23]
    assert [satu.sahlwbp for satu in bulan[:4]] == [1000, 900, 740, 580]
    assert bulan[7].sahlwbp == (1000 - 100 - 6 * 160) % 100_000  # the register runs backwards past its beginning
    assert {satu.sahwbp for satu in bulan} == {None}
    dua = next(kasus for kasus in KASUS if kasus.nama == "DUA_TARIF")
    awal, lalu, *_ = bulan_kasus(dua, dasar)
    assert (awal.sahlwbp, awal.sahwbp, awal.jam_nyala) == (1000, 400, Decimal("100.125"))
    assert lalu.sahlwbp is not None
    assert lalu.sahwbp is not None
    assert (awal.sahlwbp - lalu.sahlwbp + awal.sahwbp - lalu.sahwbp) * 80 == 24030
    sesudah = next(kasus for kasus in KASUS if kasus.nama == Dlpd.SESUDAH_TAKSIR)
    assert [satu.cara_baca for satu in bulan_kasus(sesudah, dasar)] == ["TAKSIR", *["BACA"] * 23]
    amr = next(kasus for kasus in KASUS if kasus.nama == "AMR_JAUH")
    assert {satu.cara_baca for satu in bulan_kasus(amr, dasar)} == {"AMR"}
    baca = datetime(2026, 4, 20, 3, tzinfo=UTC)
    assert [satu.tgl_baca for satu in bulan_kasus(naik, dasar, baca)] == [baca, *[None] * 23]


@pytest.mark.parametrize("jumlah", [*range(len(KASUS) + 2), 200])
def test_foto_bersama_tidak_pernah_sendiri(jumlah: int) -> None:
    """Of two cases that share a photo a kelompok holds both or none."""
    ada = [kasus for kasus in posisi_kasus(jumlah).values() if kasus.nilai.get("foto_url") == FOTO_BERSAMA]
    assert len(ada) in (0, 2)
    assert len(posisi_kasus(jumlah)) in (min(jumlah, len(KASUS)), jumlah - 1)


@pytest.mark.parametrize("kaidah", sorted(TANPA_KASUS))
def test_tanpa_kasus(kaidah: Kaidah) -> None:
    """Whatever one row cannot show alone is shown by what stands beside it; its numbers are told."""
    lalu = StanLalu("202605", Decimal(900), None, Decimal(2))
    bacaan = baris()
    if kaidah is Alasan.BELUM_DIBACA:
        bacaan, lalu = baris(sahlwbp=None, pemkwh=None), None
    elif kaidah is Alasan.GANDA:
        bacaan, lalu = bacaan._replace(cacat={GANDA: "2 baris"}), None
    menahan = ATURAN._replace(ketentuan=Ketentuan(stan_tidak_sambung="tahan", faktor_berubah="tahan"))
    hasil = saring(bacaan, menahan if isinstance(kaidah, Alasan) else ATURAN, lalu)
    assert kaidah in (*hasil.alasan, *hasil.dlpd)
    assert kaidah.isi.kasus is None
    assert kaidah.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, lalu)) == RINCI[kaidah]


DUA_TARIF = {"slawbp": "90", "sahwbp": "10"}
KVARH = {"slakvarh": "99990", "sahkvarh": "5", "fkmkvarh": "80"}
GANTI_DUA = {"lwbpcabut": "1100", "lwbppasang": "5", "wbpcabut": "95", "wbppasang": "2", "fkmkwh_lama": "20"}
STAN_DUA = "stan LWBP 1.000 ke 1.150; stan WBP 90 ke 10; digit meter 5"


@pytest.mark.parametrize(
    ("kaidah", "ganti", "kata"),
    [
        (Alasan.STAN_TIDAK_VALID, DUA_TARIF, STAN_DUA),
        (
            Alasan.STAN_TIDAK_VALID,
            {"slalwbp": None, "sahlwbp": None, "digit_meter": None},
            "stan LWBP kosong ke kosong; digit meter kosong",
        ),
        (
            Alasan.STAN_TIDAK_VALID,
            {"slawbp": "7", "sahkvarh": "8", "wbppasang": "3", "lwbpcabut": "4"},
            "stan LWBP 1.000 ke 1.150, cabut 4, pasang kosong; stan WBP 7 ke kosong, cabut kosong, pasang 3; "
            "stan kVArh kosong ke 8; digit meter 5",
        ),
        (
            Alasan.TGL_BACA_TIDAK_WAJAR,
            {"tgl_baca_lalu": "-3"},
            "dibaca 25-05-2026 10:00 WIB; yang wajar 13-05-2026 07:00 WIB sampai 01-06-2026 07:00 WIB; 3 hari sesudah "
            "pembacaan sebelumnya",
        ),
        (Alasan.TGL_BACA_TIDAK_WAJAR, {"tgl_baca": None}, "tanggal baca kosong"),
        (Alasan.DATA_TIDAK_VALID, {"tgl_baca": None}, "tanggal baca kosong"),
        (Alasan.DATA_TIDAK_VALID, DUA_TARIF, f"{STAN_DUA}; kWh kosong"),
        (
            Alasan.JAM_NYALA,
            {"daya_lama": "900", "mutasi_lwbp": "1060"},
            "150 kWh pada daya 900, lalu 1.300 VA: 135,897 jam, batasnya 2.000 jam",
        ),
        (
            Dlpd.GANTI_METER,
            GANTI_DUA,
            "cabut 1.100, pasang 5; WBP cabut 95, pasang 2; faktor 1, meter lama 20",
        ),
        (Dlpd.ROLLOVER, DUA_TARIF | KVARH, "WBP 90 ke 10; kVArh 99.990 ke 5, digit meter 5"),
        (Dlpd.ROLLOVER, {"slalwbp": "7", "sahlwbp": "7", "slawbp": "0", "sahwbp": "0"}, ", digit meter 5"),
        (Dlpd.DAYA_BERUBAH, {"daya_lama": "900"}, "daya 900 menjadi 1.300 VA; stan saat mutasi tidak diketahui"),
        (Dlpd.LOKASI_JAUH, {}, "0 m dari tempat pelanggan ini biasanya dibaca, batasnya 500 m"),
        (Dlpd.DI_LUAR_KEBIASAAN, {}, "150 kWh, biasanya kosong kWh (median 0 bulan)"),
        (Dlpd.FOTO_SAMA, {}, "fotonya sama dengan foto pelanggan "),
        (Dlpd.STAN_TIDAK_SAMBUNG, {}, ""),
    ],
)
def test_rinci(kaidah: Kaidah, ganti: dict[str, str | None], kata: str) -> None:
    """Every register and every change of meter or daya is told with its own numbers, and what is empty as that."""
    assert kaidah.isi.rinci(kumpulkan_fakta(baris(**ganti), ATURAN, None)) == kata


def test_rinci_rantai() -> None:
    """A chain tells of each side that is known; a WBP register that was not there stood at 0. No month, no sentence."""
    bacaan, lalu = baris(slawbp="7", sahwbp="8"), StanLalu("202605", Decimal(1000), None, None)
    rinci = rinci_rantai(kumpulkan_fakta(bacaan, ATURAN, lalu))
    assert rinci == "stan lalu WBP 7, padahal 0 (akhir bulan 202605)"
    tanpa = {f"lalu_{kolom}": None for kolom in StanLalu._fields}
    assert sebut_rantai(bacaan._asdict() | tanpa) == ""
    assert sebut_rantai(bacaan._asdict() | tanpa | {"lalu_bulan": "202605", "lalu_fkm": "2.50"}) == (
        "stan lalu WBP 7, padahal 0; faktor kali 1, padahal 2,5 (akhir bulan 202605)"
    )


def test_rinci_tanpa_rentang() -> None:
    """Where no calendar says when a reading may be of, only its own date is told."""
    fakta = kumpulkan_fakta(baris(), Aturan(zona="Asia/Jayapura"), None)
    assert Alasan.TGL_BACA_TIDAK_WAJAR.isi.rinci(fakta) == "dibaca 25-05-2026 12:00 WIT"


def test_rinci_data() -> None:
    """Of unreadable values those are told that no other reason names, in their columns' order; then a wrong idpel."""
    cacat = {"tgl_baca": "besok", "sahlwbp": "x", "latitude": "utara"}
    bacaan = baris(tgl_baca=None)._replace(cacat=cacat, idpel="12")
    rinci = Alasan.DATA_TIDAK_VALID.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, None))
    assert rinci == "latitude: utara; tgl_baca: besok; idpel bukan 12 angka"


@pytest.mark.parametrize("kaidah", SEMUA)
def test_rinci_menyebut_baris_apa_pun(kaidah: Kaidah) -> None:
    """The numbers of a row can be told whatever it lacks: a reader of one customer never sees an error."""
    for bacaan in (Bacaan("x", "53511", "202606", "A"), baris(), *(baris(**{k: None}) for k in KASUS_DASAR)):
        assert isinstance(kaidah.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, None)), str)


@pytest.mark.parametrize("kaidah", SEMUA)
@pytest.mark.parametrize("angka", ["1E+30", "1E+81", "1E+999", "1E-85", "0.1234567890123456789012345678901234567890"])
def test_penilaian_tidak_pernah_gagal(kaidah: Kaidah, angka: str) -> None:
    """No number that a source may hold stops a judgement: it would stop the whole kelompok."""
    nilai = Decimal(angka)
    for kolom in (*(k for k in KOLOM_ANGKA if k in Bacaan._fields), *KOLOM_PILIHAN):
        ganti = {kolom: nilai} if kolom in KOLOM_ANGKA else {}
        pilihan = Pilihan(**ganti) if kolom in KOLOM_PILIHAN else Pilihan(daya_lama=Decimal(900))
        bacaan = baris()._replace(**({} if kolom in KOLOM_PILIHAN else ganti), pilihan=pilihan)
        for aturan in (ATURAN, ATURAN._replace(ketentuan=Ketentuan(pembulatan_kwh="bulat"))):
            fakta = kumpulkan_fakta(bacaan, aturan, StanLalu("202605", nilai, nilai, nilai))
            assert kaidah.isi.nilai(fakta) in (True, False)
            assert isinstance(fakta.kwh_kirim, Decimal | None)


def test_kaidah_tiap_himpunan() -> None:
    """A rule that came later is not one of the rule sets before: sessions of theirs keep what they were opened with."""
    awal = {
        *("BELUM_DIBACA", "STAN_TIDAK_VALID", "STAN_MUNDUR", "KVARH_TIDAK_VALID", "TGL_BACA_TIDAK_WAJAR"),
        *("DAYA_TIDAK_VALID", "FAKTOR_TIDAK_VALID", "DATA_TIDAK_VALID", "GANDA", "SELISIH_KWH", "JAM_NYALA"),
        *("JAM_NYALA_TINGGI", "JAM_NYALA_RENDAH", "KWH_NOL", "ROLLOVER", "GANTI_METER"),
        *("NAIK_50", "TURUN_50", "DI_ATAS_RATA3", "TANPA_FOTO"),
    }
    assert {str(satu) for satu in SEMUA if satu.isi.sejak == "1"} - {*map(str, RANTAI)} == awal
    assert max(int(satu.isi.sejak) for satu in SEMUA) <= int(Aturan().versi)

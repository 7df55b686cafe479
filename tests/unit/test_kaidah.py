"""Every rule is whole: words, judgement, numbers, and a demo case that shows it alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ap2t.domain.kaidah.dasar import Kaidah
from ap2t.domain.kaidah.fakta import kumpulkan_fakta
from ap2t.domain.kaidah.saring import saring
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import RANTAI, Dlpd
from ap2t.domain.model import GANDA, KOLOM_ANGKA, KOLOM_PILIHAN, Aturan, Bacaan, Ketentuan, Pilihan, StanLalu
from sandbox.acmt_kasus import KASUS, KASUS_DASAR, KasusDemo

SEMUA: list[Kaidah] = [*Alasan, *Dlpd]
ATURAN = Aturan(rentang_baca=(datetime(2026, 5, 13, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)))
TANPA_KASUS = {Alasan.BELUM_DIBACA, Alasan.GANDA, Alasan.STAN_TIDAK_SAMBUNG, Alasan.FAKTOR_BERUBAH, *RANTAI}
"""Rules that need a kelompok which is not read yet, a second row, or an earlier month."""


def baris(**ganti: str | None) -> Bacaan:
    """Return the clean reading of the demo data with some columns changed."""
    nilai = {"foto_url": "https://foto/1.jpg", "tgl_baca": "2026-05-25 03:00:00+00", **KASUS_DASAR, **ganti}
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
    return Bacaan("535110000001", "53511", "202606", "A", **angka, **teks, tgl_baca=tgl_baca, pilihan=ada)


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
    assert saring(baris(), ATURAN)[3:] == ((), ())
    assert kaidah.isi.kasus is not None
    bacaan = baris(**kaidah.isi.kasus)
    hasil = saring(bacaan, ATURAN)
    if isinstance(kaidah, Alasan):
        assert hasil.alasan == (kaidah,)
    else:
        assert (hasil.alasan, hasil.dlpd) == ((), (kaidah,))
    assert kaidah.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, None))


@pytest.mark.parametrize("kasus", KASUS, ids=lambda kasus: str(kasus.nama))
def test_tiap_kasus_demo(kasus: KasusDemo) -> None:
    """Every case of the demo data comes out as it says, and of an unmetered customer the exact kWh."""
    bacaan = baris(**kasus.nilai)
    hasil = saring(bacaan, ATURAN)
    assert (hasil.hasil, hasil.alasan) == (kasus.hasil, () if kasus.alasan is None else (kasus.alasan,))
    if kasus.alasan is None:
        assert set(hasil.dlpd) == kasus.dlpd
    if kasus.nama == "TANPA_METER":
        assert (hasil.kwh, hasil.jam_nyala) == (Decimal("487.5"), Decimal(375))


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
    assert kaidah.isi.rinci(kumpulkan_fakta(bacaan, ATURAN, lalu))


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

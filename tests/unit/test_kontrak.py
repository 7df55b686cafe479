"""The gateway contract: one reading as it is sent, and the run's parameters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ap2t.domain.kontrak import baris_posting, periksa_hari_baca, periksa_thblrek, periksa_unitup, unitup_sah
from ap2t.domain.model import Bacaan
from ap2t.domain.teks import kutip
from ap2t.galat import MasukanTidakSah

D = Decimal
JAKARTA = ZoneInfo("Asia/Jakarta")
BACAAN = Bacaan(
    "535110000001",
    "53511",
    "202606",
    "A",
    tgl_baca=datetime(2026, 5, 25, 3, tzinfo=UTC),
    slalwbp=D("1000.500"),
    sahlwbp=D("1E+4"),
)


def test_baris_posting():
    """The contract's Bacaan: canonical numbers as text, null where there is no register."""
    assert baris_posting(BACAAN, D("8999.500"), D("1234.560"), JAKARTA) == {
        "idpel": "535110000001",
        "slalwbp": "1000.5",
        "sahlwbp": "10000",
        "slawbp": None,
        "sahwbp": None,
        "slakvarh": None,
        "sahkvarh": None,
        "pemkwh": "8999.5",
        "jam_nyala": "1234.56",
        "tgl_baca": "2026-05-25",
    }


def test_baris_posting_dua_tarif_dan_kvarh():
    """Every register that is there is sent."""
    b = BACAAN._replace(slawbp=D(1), sahwbp=D("2.10"), slakvarh=D(0), sahkvarh=D("-0"))
    baris = baris_posting(b, D(1), D(1), JAKARTA)
    assert [baris[k] for k in ("slawbp", "sahwbp", "slakvarh", "sahkvarh")] == ["1", "2.1", "0", "0"]


@pytest.mark.parametrize(
    ("zona", "tanggal"),
    [("Asia/Jakarta", "2026-05-31"), ("Asia/Makassar", "2026-06-01"), ("Asia/Jayapura", "2026-06-01")],
)
def test_tgl_baca_di_zona_unit(zona, tanggal):
    """tgl_baca is the date in the unit's own zone, whatever zone the instant came in."""
    saat = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)
    for lain in (saat, saat.astimezone(timezone(timedelta(hours=-11)))):
        assert baris_posting(BACAAN._replace(tgl_baca=lain), D(1), D(1), ZoneInfo(zona))["tgl_baca"] == tanggal


@pytest.mark.parametrize(
    "ganti",
    [
        {"sahlwbp": None},
        {"slalwbp": None},
        {"tgl_baca": None},
        {"tgl_baca": datetime(2026, 5, 25)},  # noqa: DTZ001
        {"sahlwbp": D("0.0000001")},
        {"sahkvarh": D(-1)},
        {"slawbp": D("NaN")},
    ],
)
def test_baris_yang_tidak_boleh_dikirim(ganti):
    """What the sieve should have held is refused here too, instead of being sent."""
    with pytest.raises(ValueError, match=r"missing|fit|zone"):
        baris_posting(BACAAN._replace(**ganti), D(1), D(1), JAKARTA)


@pytest.mark.parametrize(
    ("periksa", "baik"),
    [(periksa_unitup, "53511"), (periksa_unitup, "00000"), (periksa_thblrek, "202606"), (periksa_thblrek, "200001"),
     (periksa_thblrek, "210012"), (periksa_hari_baca, "A"), (periksa_hari_baca, "T1"), (periksa_hari_baca, "07")],
)  # fmt: skip
def test_masukan_sah(periksa, baik):
    """Parameters follow the contract's patterns."""
    assert periksa(baik) == baik


@pytest.mark.parametrize(
    ("periksa", "buruk"),
    [(periksa_unitup, "5351"), (periksa_unitup, "53511\n"), (periksa_unitup, 53511), (periksa_unitup, None),
     (periksa_unitup, "5351\u0661"), (periksa_thblrek, "202600"), (periksa_thblrek, "202613"),
     (periksa_thblrek, "199912"), (periksa_thblrek, "210101"), (periksa_thblrek, "20266"), (periksa_thblrek, ""),
     (periksa_thblrek, "202606\n"), (periksa_hari_baca, "a"), (periksa_hari_baca, "ABC"), (periksa_hari_baca, ""),
     (periksa_hari_baca, "A "), (periksa_hari_baca, "A'--" * 50)],
)  # fmt: skip
def test_masukan_tidak_sah(periksa, buruk):
    """Anything else is refused with a message that names the parameter and what to enter."""
    isi = {
        periksa_unitup: "unitup {} tidak sah: isi kode unit 5 angka, misalnya 53511.",
        periksa_thblrek: "thblrek {} tidak sah: isi tahun dan bulan rekening 6 angka (YYYYMM), misalnya 202606, dengan "
        "tahun 2000 sampai 2100.",
        periksa_hari_baca: "hari_baca {} tidak sah: isi kode kelompok 1 atau 2 huruf besar atau angka, misalnya A.",
    }
    with pytest.raises(MasukanTidakSah) as galat:
        periksa(buruk)
    assert str(galat.value) == isi[periksa].format(kutip(buruk))
    assert len(str(galat.value)) < 200


@pytest.mark.parametrize(("unitup", "sah"), [("53511", True), ("5351", False), ("53511\n", False)])
def test_unitup_sah(unitup, sah):
    """Five digits are a unit's code."""
    assert unitup_sah(unitup) is sah

"""The units' configuration (SOP 12.1, rule 1): taken whole or refused whole, every fault by its line, numbers exact."""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ap2t.cli.pola import CONTOH
from ap2t.domain.konfigurasi import baca, beda, dari_kanonik, isi_pola, kanonik, tulis
from ap2t.domain.model import Ketentuan
from ap2t.domain.pola import BAWAAN, Delegasi, PolaBawaan, PolaUnit, samakan
from ap2t.galat import KonfigurasiTidakSah

ZONA = "Asia/Jakarta"
SABAR = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # reading YAML takes its time
AWAL = datetime(2026, 6, 1)  # noqa: DTZ001 -- local time of the unit
BAIK = """\
bawaan:
  kesiapan: LENGKAP
  persetujuan_kedua: false
  batas_jam_nyala: 2000
unit:
  54110:
    kesiapan: BERTAHAP
    persetujuan_kedua: true
    batas_jam_nyala: 1500.50
    batas_jawab_jam: 4
    eskalasi: [spv_b, manajer]
    tutup_sesudah_jam: 48
    delegasi:
      - kepada: manajer
        oleh: spv
        dari: 2026-06-01
        sampai: 2026-06-15T08:00+07:00
        alasan: Cuti tahunan SPV TE
"""


def salah(teks: str) -> list[tuple[int, int, str]]:
    """Return the faults of a document that must have some."""
    with pytest.raises(KonfigurasiTidakSah) as galat:
        baca(teks)
    akhir = max(1, len(teks.splitlines()))
    assert galat.value.kesalahan
    for baris, kolom, pesan in galat.value.kesalahan:
        assert 1 <= baris <= akhir
        assert kolom >= 1
        assert f"baris {baris}, kolom {kolom}: {pesan}" in str(galat.value)
    return list(galat.value.kesalahan)


# ------------------------------------------------------------------------------------------------- what a unit may say

nama = st.from_regex(r"[a-z][a-z0-9_.]{1,12}", fullmatch=True).filter(lambda n: n not in ("true", "false", "null"))
jam = st.decimals("0.001", "300", places=3)


@st.composite
def delegasi(draw: st.DrawFn) -> list[dict[str, str]]:
    """Delegations one after the other, so that none overlaps."""
    hasil, kini = [], AWAL
    for _ in range(draw(st.integers(0, 3))):
        kini += timedelta(minutes=draw(st.integers(0, 5000)))
        akhir = kini + timedelta(minutes=draw(st.integers(1, 5000)))
        kepada, oleh = draw(st.lists(nama, min_size=2, max_size=2, unique_by=samakan))
        alasan = draw(st.text("abcdefgh ij:#'\"-{}[]", min_size=10, max_size=40).filter(lambda a: len(a.strip()) >= 10))
        batas = {"dari": kini.isoformat(), "sampai": akhir.isoformat()}
        hasil.append({"kepada": kepada, "oleh": oleh, **batas, "alasan": alasan})
        kini = akhir
    return hasil


@st.composite
def pola(draw: st.DrawFn, *, unit: bool) -> dict[str, Any]:
    """Return one good pattern, as the document has it."""
    isi: dict[str, Any] = {
        "kesiapan": draw(st.sampled_from(["LENGKAP", "BERTAHAP"])),
        "persetujuan_kedua": draw(st.booleans()),
        "batas_jam_nyala": str(draw(st.decimals("0.000001", "2000", places=6))),
    }
    if draw(st.booleans()):
        batas = draw(jam)
        isi["batas_jawab_jam"] = str(batas)
        isi["eskalasi"] = draw(st.lists(nama, min_size=1, max_size=3, unique_by=samakan))
        if draw(st.booleans()):
            isi["tutup_sesudah_jam"] = str(batas + draw(jam))
    if draw(st.booleans()):
        isi["sampel"] = str(draw(st.integers(1, 500)))
    if draw(st.booleans()):
        isi["wajib_dilihat"] = draw(st.sampled_from(["tidak", "ditandai", *(["sampel"] if "sampel" in isi else [])]))
    if draw(st.booleans()):
        isi["hasil_pemeriksaan"] = draw(st.lists(nama, min_size=1, max_size=20, unique_by=samakan))
    if unit and (daftar := draw(delegasi())):
        isi["delegasi"] = daftar
    return isi


@st.composite
def dokumen(draw: st.DrawFn) -> dict[str, Any]:
    """Return a good document with at least one unit."""
    kode = st.from_regex(r"[0-9]{5}", fullmatch=True)
    isi: dict[str, Any] = {"unit": draw(st.dictionaries(kode, pola(unit=True), min_size=1, max_size=3))}
    if draw(st.booleans()):
        isi["bawaan"] = draw(pola(unit=False))
    return isi


def tulis_yaml(isi: dict[str, Any]) -> str:
    """Write a document as the command does."""
    return str(yaml.safe_dump(isi, sort_keys=False, allow_unicode=True))


# ------------------------------------------------------------------------------------------------------- good documents


def test_dokumen_baik() -> None:
    """Every key is read as it stands; the canonical form has every key, and numbers exact."""
    k = baca(BAIK).konfigurasi
    p = k.unit["54110"]
    assert (p.kesiapan, p.persetujuan_kedua, p.batas_jam_nyala) == ("BERTAHAP", True, Decimal("1500.50"))
    assert (p.batas_jawab_jam, p.tutup_sesudah_jam, p.eskalasi) == (4, 48, ("spv_b", "manajer"))
    assert p.delegasi[0].sampai == datetime(2026, 6, 15, 1, tzinfo=UTC)
    assert kanonik(k)["unit"]["54110"] == {
        "kesiapan": "BERTAHAP",
        "persetujuan_kedua": True,
        "batas_jam_nyala": "1500.5",
        "batas_jawab_jam": "4",
        "eskalasi": ["manajer", "spv_b"],
        "tutup_sesudah_jam": "48",
        "sampel": None,
        "delegasi": [
            {
                "kepada": "manajer",
                "oleh": "spv",
                "dari": "2026-06-01T00:00:00",
                "sampai": "2026-06-15T01:00:00+00:00",
                "alasan": "Cuti tahunan SPV TE",
            }
        ],
    }


def test_contoh_sah() -> None:
    """What `ap2t pola contoh` prints is taken as it is."""
    k = baca(CONTOH.read_text(encoding="utf-8")).konfigurasi
    assert set(k.unit) == {"54110", "55210"}
    assert k.unit["54110"].delegasi


@SABAR
@given(dokumen())
def test_bolak_balik(isi: dict[str, Any]) -> None:
    """A good document means the same read, made canonical, written anew, read again."""
    k = baca(tulis_yaml(isi)).konfigurasi
    kanon = kanonik(k)
    assert kanonik(baca(tulis(kanon)).konfigurasi) == kanon
    assert kanonik(dari_kanonik(kanon)) == kanon
    assert beda(kanon, kanon) == {}


@pytest.mark.parametrize("angka", ["2000", "2000.0", "2000.0000000000", "0.00000000000000000001", "1999.9999999"])
def test_batas_persis(angka: str) -> None:
    """SOP 12.1, rule 4: the limit is exact decimal text; 2000 itself is allowed."""
    k = baca(BAIK.replace("1500.50", angka)).konfigurasi
    assert k.unit["54110"].batas_jam_nyala == Decimal(angka)


@pytest.mark.parametrize(
    "angka",
    [
        "2000.00000000000000001",
        "2000.1",
        "0",
        "0.0",
        "-1",
        "1e3",
        "2_000",
        "0x10",
        ".inf",
        "nan",
        "~",
        "",
        "true",
        "[1]",
    ],
)
def test_batas_tidak_sah(angka: str) -> None:
    """SOP 12.1, rule 4: never above 2000, and only what is a plain decimal above 0."""
    ((baris, _, pesan),) = salah(BAIK.replace("1500.50", angka))
    assert baris == 9
    assert "2000" in pesan


# -------------------------------------------------------------------------------------------------------- bad documents


@pytest.mark.parametrize(
    ("dari", "menjadi", "baris", "sebut"),
    [
        ("BERTAHAP", "bertahap", 7, "LENGKAP atau BERTAHAP"),
        ("BERTAHAP", "[BERTAHAP]", 7, "LENGKAP atau BERTAHAP"),
        ("kedua: true", "kedua: yes", 8, "true atau false"),
        ("kedua: true", 'kedua: "true"', 8, "true atau false"),
        ("kedua: true", "kedua: 1", 8, "true atau false"),
        ("jawab_jam: 4", "jawab_jam: 0", 10, "di atas 0"),
        ("jawab_jam: 4", "jawab_jam: 48", 12, "lebih lama"),
        ("    eskalasi: [spv_b, manajer]\n", "", 6, "eskalasi wajib"),
        ("[spv_b, manajer]", "[]", 11, "eskalasi wajib"),
        ("[spv_b, manajer]", "spv_b", 11, "daftar"),
        ("[spv_b, manajer]", "[spv_b, SPV_B]", 11, "lebih dari sekali"),
        ("[spv_b, manajer]", "[spv_b, ~]", 11, "bukan teks"),
        ("[spv_b, manajer]", "[spv_b, true]", 11, "bukan teks"),
        ("54110:", "5411:", 6, "lima angka"),
        ("54110:", "5411O:", 6, "lima angka"),
        ("    kesiapan: BERTAHAP\n", "", 6, "kesiapan wajib"),
        ("    tutup_sesudah_jam: 48", "    tutup_jam: 48", 12, "yang boleh: kesiapan"),
        ("    tutup_sesudah_jam: 48", "    tutup_sesudah_jam: 48\n    sampel: 0", 13, "bilangan bulat 1 sampai 500"),
        ("bawaan:", "awal:", 1, "yang boleh: bawaan, unit"),
        ("  kesiapan: LENGKAP", "  delegasi: []\n  kesiapan: LENGKAP", 2, "yang boleh: kesiapan"),
        ("unit:", "units:", 5, "yang boleh: bawaan, unit"),
        ("kepada: manajer", "kepada: SPV", 15, "diri sendiri"),
        ("kepada: manajer", "kepada: dua kata", 14, "nama pengguna"),
        ("kepada: manajer", 'kepada: "manajer\\u200b"', 14, "nama pengguna"),  # looks like somebody else's
        ("kepada: manajer", "kepada: \u202ereganam", 14, "nama pengguna"),
        ("sampai: 2026-06-15T08:00+07:00", "sampai: 2026-06-01", 17, "sesudah dari"),
        ("sampai: 2026-06-15T08:00+07:00", "sampai: 2026-05-31T23:59+07:00", 17, "sesudah dari"),
        ("dari: 2026-06-01", "dari: 2026-06-31", 16, "bukan tanggal"),
        ("dari: 2026-06-01", "dari: 01-06-2026", 16, "bukan tanggal"),
        ("dari: 2026-06-01", "dari: 20260601", 16, "bukan tanggal"),
        ("Cuti tahunan SPV TE", "cuti", 18, "10 huruf"),
        ("        alasan: Cuti tahunan SPV TE\n", "", 14, "alasan wajib"),
        ("        alasan: Cuti", "        alasan: lain lain lain\n        alasan: Cuti", 19, "dua kali"),
        ("    persetujuan_kedua: true", "    persetujuan_kedua: &a true", 8, "alias"),
        ("    persetujuan_kedua: true", "    persetujuan_kedua: !!bool true", 8, "tag YAML"),
        ("    kesiapan: BERTAHAP", "    kesiapan: BERTAHAP\n   x: 1", 8, "bukan YAML"),
    ],
)
def test_kesalahan_disebut_barisnya(dari: str, menjadi: str, baris: int, sebut: str) -> None:
    """A bad configuration is refused as a whole, naming the line at fault and what is allowed."""
    assert dari in BAIK
    kesalahan = salah(BAIK.replace(dari, menjadi, 1))
    assert any(b == baris and sebut in pesan for b, _, pesan in kesalahan), kesalahan


@pytest.mark.parametrize(
    ("teks", "kata"),
    [
        ("unit:\n\t'1': x", "ada tab"),
        ("unit: a: b", "tanda ':'"),
        ("unit:\n  a: [1, 2\n  b: 3\n", "kurung"),
        ("unit: {a: 1\n", "kurung"),
        ("unit: 'a\n", "tanda kutip tidak ditutup"),
        ('unit: "a\\q"\n', "tanda \\ di dalam"),
        ("unit:\n  a: 1\n b: 2\n", "tidak sejajar"),
        ("unit: 1\nlain\nx: 2\n", "tanpa tanda ':'"),
        ("unit: @a\n", "tidak boleh mengawali"),
        ("unit: - a\n", "tanda '-'"),
        ("unit: %a\n", "tidak boleh mengawali"),
        ("%YAML 9\n", "tidak dapat dibaca"),
        ("unit: |x\n", "tidak dapat dibaca"),
        ("unit: ]\n", "tidak dapat dibaca"),
    ],
)
def test_salah_yaml_berbahasa_indonesia(teks: str, kata: str) -> None:
    """What PyYAML says in English is told in the operator's language, at its line."""
    pesan = " ".join(p for _, _, p in salah(teks))
    assert "bukan YAML yang sah: " in pesan, pesan
    assert kata in pesan
    assert not re.search(r"\b(the|found|expected|while|scanning|parsing|not|allowed|could|but)\b", pesan), pesan


POLA = {"kesiapan": "LENGKAP", "persetujuan_kedua": False, "batas_jam_nyala": "2000"}
SATU_NAMA = "bukan nama pengguna: satu kata, paling panjang 100 huruf"
ANGKA_JAM = "di atas 0 dan paling banyak {}, misalnya 1500 atau 0.5"

SAMPEL_KOSONG = "sampel wajib diisi bila wajib_dilihat: sampel; tanpa sampel tidak ada yang harus dilihat"


@pytest.mark.parametrize(
    ("kolom", "nilai", "pesan"),
    [
        ("kesiapan", "x", "'x' tidak dikenal; pilih LENGKAP atau BERTAHAP"),
        ("kesiapan", ["LENGKAP"], "daftar tidak dikenal; pilih LENGKAP atau BERTAHAP"),
        ("kesiapan", {}, "kelompok isian tidak dikenal; pilih LENGKAP atau BERTAHAP"),
        ("persetujuan_kedua", "true", "'true' bukan pilihan; tulis true atau false"),
        ("batas_jam_nyala", "2001", f"'2001' tidak sah; isi jam nyala (SOP 12.1) {ANGKA_JAM.format(2000)}"),
        ("batas_jawab_jam", "745", f"'745' tidak sah; isi jam {ANGKA_JAM.format(744)}"),
        ("sampel", "501", "'501' tidak sah; isi jumlah pelanggan, bilangan bulat 1 sampai 500"),
        ("stan_tidak_sambung", "x", "'x' tidak dikenal; pilih perhatian atau tahan"),
        ("periode_panjang", "121", "'121' tidak sah; isi jumlah hari, bilangan bulat 1 sampai 120"),
        ("lokasi_jauh", "100001", "'100001' tidak sah; isi jarak dalam meter, bilangan bulat 1 sampai 100000"),
        ("lokasi_jauh", "0", "'0' tidak sah; isi jarak dalam meter, bilangan bulat 1 sampai 100000"),
        ("wajib_dilihat", "ya", "'ya' tidak dikenal; pilih tidak atau ditandai atau sampel"),
        ("wajib_dilihat", "sampel", SAMPEL_KOSONG),
        ("kenaikan_perkiraan", "0", "'0' tidak sah; isi kenaikan dalam persen, bilangan bulat 1 sampai 1000"),
        ("kenaikan_perkiraan", "12.5", "'12.5' tidak sah; isi kenaikan dalam persen, bilangan bulat 1 sampai 1000"),
        ("kenaikan_perkiraan", "1001", "'1001' tidak sah; isi kenaikan dalam persen, bilangan bulat 1 sampai 1000"),
        ("batas_pengembalian_hari", "0", "'0' tidak sah; isi jumlah hari, bilangan bulat 1 sampai 120"),
        ("batas_pengembalian_hari", "121", "'121' tidak sah; isi jumlah hari, bilangan bulat 1 sampai 120"),
        ("hasil_pemeriksaan", [], "hasil_pemeriksaan berisi 1 sampai 20 pilihan yang berbeda"),
        ("hasil_pemeriksaan", ["baik", " Baik"], "hasil_pemeriksaan berisi 1 sampai 20 pilihan yang berbeda"),
        ("tindak_lanjut", [f"{n}" for n in range(21)], "tindak_lanjut berisi 1 sampai 20 pilihan yang berbeda"),
        ("tindak_lanjut", ["x" * 61], f"'{'x' * 36}... bukan pilihan: satu baris, paling panjang 60 huruf"),
        ("tindak_lanjut", ["dua\nbaris"], "'dua\\nbaris' bukan pilihan: satu baris, paling panjang 60 huruf"),
        ("eskalasi", [" "], "' ' bukan teks; bila memang namanya begitu, tulis dalam tanda kutip"),
        ("eskalasi", ["dua kata"], f"'dua kata' {SATU_NAMA}"),
        ("eskalasi", ["x" * 101], f"'{'x' * 36}... {SATU_NAMA}"),
        ("eskalasi", ["a", "A"], "eskalasi menyebut orang yang sama lebih dari sekali"),
        (
            *("batas_jawab_jam", "4"),
            "eskalasi wajib diisi bila batas_jawab_jam diisi: siapa yang diberi tahu saat tenggat lewat",
        ),
    ],
)
def test_pesan_pola(kolom: str, nilai: object, pesan: str) -> None:
    """A value that is none is told in full: what stands there, and what may."""
    with pytest.raises(ValidationError) as galat:
        PolaUnit.model_validate({**POLA, kolom: nilai})
    assert [satu["msg"] for satu in galat.value.errors()] == [pesan]


@pytest.mark.parametrize(
    ("kolom", "pesan"),
    [
        ({"oleh": " MANAJER"}, "delegasi kepada diri sendiri; isi kepada dan oleh dengan orang yang berbeda"),
        ({"sampai": "2026-06-01"}, "delegasi berakhir sebelum atau tepat saat mulai; sampai harus sesudah dari"),
        ({"alasan": " terlalu   "}, "alasan paling sedikit 10 huruf; ia dibaca auditor"),
        (
            {"dari": "kapan"},
            "'kapan' bukan tanggal atau saat; tulis 2026-06-01, 2026-06-01T08:00 (zona unit), atau "
            "2026-06-01T08:00+07:00",
        ),
    ],
)
def test_pesan_delegasi(kolom: dict[str, str], pesan: str) -> None:
    """So is what a delegation may not say."""
    baik = {"kepada": "manajer", "oleh": "spv", "dari": "2026-06-01", "sampai": "2026-06-02", "alasan": "cukup saja "}
    assert Delegasi.model_validate(baik).alasan == "cukup saja"
    with pytest.raises(ValidationError) as galat:
        Delegasi.model_validate({**baik, **kolom})
    assert [satu["msg"] for satu in galat.value.errors()] == [pesan]


def test_nilai_ujung() -> None:
    """The last value that may be is taken as it stands, and what is not said is the rules' own."""
    ujung = {"batas_jawab_jam": "743.5", "eskalasi": ["spv"], "tutup_sesudah_jam": "744", "sampel": "500"}
    lain = {"stan_tidak_sambung": "tahan", "faktor_berubah": "tahan", "periode_panjang": "120", "lokasi_jauh": "100000"}
    pola = PolaUnit.model_validate({**POLA, **ujung, **lain, "periode_pendek": "1"})
    assert (pola.batas_jawab_jam, pola.tutup_sesudah_jam, pola.sampel) == (Decimal("743.5"), 744, 500)
    assert (pola.stan_tidak_sambung, pola.faktor_berubah) == ("tahan", "tahan")
    assert (pola.periode_panjang, pola.periode_pendek, pola.baca_sebelum, pola.lokasi_jauh) == (120, 1, 7, 100_000)
    assert PolaUnit.model_validate({**POLA, "kenaikan_perkiraan": "1000"}).kenaikan_perkiraan == 1000
    assert PolaUnit.model_validate({**POLA, "wajib_dilihat": "sampel", "sampel": "1"}).wajib_dilihat == "sampel"
    kata = ["x" * 60, *(f"kata {n}" for n in range(19))]
    assert PolaUnit.model_validate({**POLA, "tindak_lanjut": kata}).tindak_lanjut == tuple(kata)
    assert PolaBawaan.model_validate(POLA) == BAWAAN


def test_bawaan_tidak_tertulis() -> None:
    """What a unit leaves as it always was is not written: a form of before stays the same, and a change names both."""
    ketentuan = {nama: nilai for nama, nilai in Ketentuan()._asdict().items() if nama in PolaBawaan.model_fields}
    assert ketentuan.items() <= dict(BAWAAN).items()
    semua = {nama: str(nilai) for nama, nilai in {**ketentuan, "kenaikan_perkiraan": 20}.items()}
    assert isi_pola(PolaUnit.model_validate({**POLA, **semua})) == isi_pola(PolaUnit.model_validate(POLA))
    lama, baru = (
        {"bawaan": isi_pola(BAWAAN), "unit": {"54110": isi_pola(PolaUnit.model_validate({**POLA, **lain}))}}
        for lain in ({}, {"kenaikan_perkiraan": "30"})
    )
    assert beda(lama, baru) == {
        "54110": {"dari": {"kenaikan_perkiraan": "20"}, "menjadi": {"kenaikan_perkiraan": "30"}}
    }
    assert "batas_pengembalian_hari" not in isi_pola(PolaUnit.model_validate(POLA))
    baru["unit"]["54110"] = isi_pola(PolaUnit.model_validate({**POLA, "batas_pengembalian_hari": "3"}))
    assert beda(lama, baru) == {
        "54110": {"dari": {"batas_pengembalian_hari": None}, "menjadi": {"batas_pengembalian_hari": "3"}}
    }
    kata = {"tindak_lanjut": list(BAWAAN.tindak_lanjut)}
    assert "tindak_lanjut" not in isi_pola(PolaUnit.model_validate({**POLA, **kata}))
    baru["unit"]["54110"] = isi_pola(PolaUnit.model_validate({**POLA, "tindak_lanjut": ["b", "a"]}))
    assert beda(lama, baru) == {"54110": {"dari": kata, "menjadi": {"tindak_lanjut": ["b", "a"]}}}


def test_semua_kesalahan_sekaligus() -> None:
    """All faults are told at once, those of one unit beside those of another."""
    teks = (
        BAIK.replace("1500.50", "2001").replace("Cuti tahunan SPV TE", "cuti").replace("kesiapan: LENGKAP", "lain: x")
    )
    assert [b for b, _, _ in salah(teks)] == [1, 2, 9, 18]


def test_delegasi_bertumpuk() -> None:
    """One person never holds two delegations of a unit at once; all that overlap are named. End to start is fine."""
    satu = "      - {kepada: %s, oleh: spv, dari: %s, sampai: %s, alasan: alasan yang cukup}\n"
    sambung = BAIK + satu % (
        "manajer",
        "2026-06-15T08:00",
        "2026-06-16",
    )  # exactly where the first ends
    assert len(baca(sambung, lambda _: ZONA).konfigurasi.unit["54110"].delegasi) == 2
    assert len(baca(BAIK + satu % ("lain", "2026-06-01", "2026-06-15")).konfigurasi.unit["54110"].delegasi) == 2
    dua = satu % ("Manajer", "2026-06-15T07:59", "2026-06-16") + satu % ("manajer", "2026-05-01", "2026-07-01")
    assert [b for b, _, pesan in salah(BAIK + dua) if "bertumpuk" in pesan] == [19, 20]


def test_zona_unit_menentukan() -> None:
    """A time without offset is the unit's: what is upside down in Jayapura need not be in Jakarta."""
    teks = BAIK.replace("dari: 2026-06-01", "dari: 2026-06-15T09:30")
    assert baca(teks, lambda _: "Asia/Jayapura").konfigurasi.unit  # 00:30 UTC, before 01:00 UTC
    with pytest.raises(KonfigurasiTidakSah, match="sesudah dari"):
        baca(teks, lambda _: "Asia/Jakarta")


TENGGAT = {"batas_jawab_jam": "4", "eskalasi": ["orang"]}
ISI_RUSAK: list[dict[str, Any]] = [
    *({"kesiapan": x} for x in ("lengkap", "", None, True, 1, ["LENGKAP"], {"a": "b"})),
    *({"persetujuan_kedua": x} for x in ("true", "ya", "", None, 1, [True], {})),
    *({"batas_jam_nyala": x} for x in ("2000.00000000000001", "0", "-1", "1e3", "", None, True, [], {})),
    *({**TENGGAT, "tutup_sesudah_jam": x} for x in ("4", "3.9", "0", "x", "745")),
    *({"sampel": x} for x in ("0", "-1", "501", "1.0", "1e2", "", "\u0665", True, [1], {})),
    *({**TENGGAT, "eskalasi": x} for x in ([], None, "", [""], [None], {}, ["a", "A"], ["dua kata"])),
]
DELEGASI = {"kepada": "a_1", "oleh": "b_1", "dari": "2030-01-01", "sampai": "2030-01-02", "alasan": "cukup panjang"}
DELEGASI_RUSAK: list[dict[str, Any]] = [
    *({"sampai": x} for x in ("2030-01-01", "2029-12-31T23:59", None, "2030-01-02T24:00")),
    *({"dari": x} for x in ("kapan saja", "2030-02-30", "", None)),
    *({"alasan": x} for x in ("123456789", "  123456789  ", None, "")),
    *({"kepada": x} for x in ("B_1", "", "dua kata", None)),
    *({"oleh": x} for x in (None, "", True, [])),
]
WAJIB = ("kesiapan", "persetujuan_kedua", "batas_jam_nyala")


@SABAR
@given(dokumen(), st.data())
def test_mutasi_ditolak_dengan_baris_di_dalam(isi: dict[str, Any], data: st.DataObject) -> None:
    """Any good document, spoilt in any one place, is refused, and the fault has a line inside the document."""
    baca(tulis_yaml(isi))
    rusak = copy.deepcopy(isi)
    kode = data.draw(st.sampled_from(sorted(rusak["unit"])))
    p = rusak["unit"][kode]
    match data.draw(st.sampled_from(("asing", "hilang", "batas", "isi", "kode", "bukan_peta", "delegasi"))):
        case "asing":
            tempat = data.draw(st.sampled_from([rusak, rusak["unit"], p, *p.get("delegasi", [])]))
            tempat[data.draw(st.sampled_from(["x", "Kesiapan", "batas", "5411", "<<", ""]))] = "isi apa saja"
        case "hilang":
            del p[data.draw(st.sampled_from(WAJIB))]
        case "batas":
            p["batas_jam_nyala"] = str(2000 + data.draw(st.decimals("0.00000001", "10000", places=8)))
        case "isi":
            p.update(data.draw(st.sampled_from(ISI_RUSAK)))
        case "kode":
            rusak["unit"][data.draw(st.from_regex(r"[0-9]{1,4}|[0-9]{6,7}|[a-z]{5}", fullmatch=True))] = p
        case "bukan_peta":
            rusak["unit"][kode] = data.draw(st.sampled_from([None, "LENGKAP", [p], 1]))
        case "delegasi":
            p["delegasi"] = [*p.get("delegasi", []), {**DELEGASI, **data.draw(st.sampled_from(DELEGASI_RUSAK))}]
    salah(tulis_yaml(rusak))


@SABAR
@given(dokumen(), st.data())
def test_kunci_ganda_ditolak(isi: dict[str, Any], data: st.DataObject) -> None:
    """A key that stands twice is refused wherever it stands: which of the two holds is nobody's guess."""
    baris = tulis_yaml(isi).splitlines()
    calon = [n for n, b in enumerate(baris) if b.lstrip("- ").split(":")[0] in (*WAJIB, "kepada", "oleh")]
    n = data.draw(st.sampled_from(calon))
    kesalahan = salah("\n".join([*baris[: n + 1], baris[n].replace("- ", "  "), *baris[n + 1 :]]))
    assert any(b == n + 2 and "dua kali" in pesan for b, _, pesan in kesalahan)


@SABAR
@given(st.data())
def test_teks_apa_pun_dibaca_atau_ditolak(data: st.DataObject) -> None:
    """Whatever is put into a document anywhere: it is read, or refused with a line; nothing else happens."""
    sisip = data.draw(
        st.text(max_size=8) | st.sampled_from(["\t", "[", "{", "&a", "*a", "!!x", "---\n", "\\", '"', "%", "\x00"])
    )
    awal = data.draw(st.integers(0, len(BAIK)))
    akhir = data.draw(st.integers(awal, min(awal + 30, len(BAIK))))
    teks = BAIK[:awal] + sisip + BAIK[akhir:]
    try:
        baca(teks)
    except KonfigurasiTidakSah:
        salah(teks)


@pytest.mark.parametrize(
    "teks",
    [
        *(
            "",
            "# kosong\n",
            "- 1\n",
            "teks",
            "unit:\n",
            "unit: []\n",
            "unit: {}\n---\nunit: {}\n",
            "{}",
            "unit: {[a]: 1}\n",
        ),
        *("unit: " + "[" * 5000, "a: &a [1]\nb: [*a, *a]\n", "%YAML 3.0\n---\nunit: {}\n", 'unit: "\\UFFFFFFFF"\n'),
        *('unit: {54110: "\\ud800"}\n', 'unit: {54110: "\\0"}\n', "unit: \x07\n", "\x00", "unit: {}\n" * 500_000),
    ],
    ids=range(18),
)
def test_dokumen_aneh(teks: str) -> None:
    """Nothing, another shape, a bomb of brackets or aliases, a second document, characters no ledger holds: refused."""
    salah(teks)


# ------------------------------------------------------------------------------------------------------------ intervals

menit = st.integers(0, 200)


def _delegasi(dari: int, sampai: int, kepada: str = "a") -> Delegasi:
    awal = datetime(2026, 6, 1, tzinfo=UTC)
    return Delegasi.model_validate(
        {
            "kepada": kepada,
            "oleh": "z",
            "dari": (awal + timedelta(minutes=dari)).isoformat(),
            "sampai": (awal + timedelta(minutes=sampai)).isoformat(),
            "alasan": "alasan yang cukup",
        }
    )


@given(menit, st.integers(1, 200), menit, st.sampled_from([ZONA, "Asia/Jayapura", "America/New_York"]))
def test_selang_dari_termasuk_sampai_tidak(dari: int, lama: int, kini: int, zona: str) -> None:
    """A delegation holds from `dari` (included) to `sampai` (excluded), to the microsecond, in every zone."""
    d = _delegasi(dari, dari + lama)
    saat = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=kini)
    assert d.berlaku(saat, zona) == (dari <= kini < dari + lama)
    sedikit = timedelta(microseconds=1)
    awal, akhir = (datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=m) for m in (dari, dari + lama))
    tepi = [d.berlaku(t, zona) for t in (awal - sedikit, awal, akhir - sedikit, akhir)]
    assert tepi == [False, True, True, False]


@given(menit, st.integers(1, 50), menit, st.integers(1, 50))
def test_bertumpuk_bila_ada_saat_bersama(a: int, la: int, b: int, lb: int) -> None:
    """Two delegations overlap exactly if some instant belongs to both; for different people they never do."""
    satu, dua = _delegasi(a, a + la), _delegasi(b, b + lb, "A")
    bersama = bool(set(range(a, a + la)) & set(range(b, b + lb)))
    assert satu.bertumpuk(dua, ZONA) == dua.bertumpuk(satu, ZONA) == bersama
    assert not satu.bertumpuk(_delegasi(b, b + lb, "lain"), ZONA)


@SABAR
@given(dokumen(), dokumen())
def test_beda_menyebut_tepat_yang_berubah(lama: dict[str, Any], baru: dict[str, Any]) -> None:
    """The trail's difference names exactly the units and keys that change, with both values."""
    a, b = (kanonik(baca(tulis_yaml(d)).konfigurasi) for d in (lama, baru))
    datar_a, datar_b = ({"bawaan": k["bawaan"], **k["unit"]} for k in (a, b))
    ubah = beda(a, b)
    for kode in set(datar_a) | set(datar_b):
        x, y = datar_a.get(kode), datar_b.get(kode)
        if x == y:
            assert kode not in ubah
        elif x is None or y is None:
            assert ubah[kode] == {"dari": x, "menjadi": y}
        else:
            bawaan = {"wajib_dilihat": "tidak", "hasil_pemeriksaan": list(BAWAAN.hasil_pemeriksaan)}
            x, y = ({**bawaan, **pola} for pola in (x, y))  # what is not asked is not written
            assert {**x, **ubah[kode]["menjadi"]} == y
            assert {**y, **ubah[kode]["dari"]} == x
            assert all(ubah[kode]["dari"][n] != ubah[kode]["menjadi"][n] for n in ubah[kode]["dari"])

"""The rules over whole columns say of every row what the rules of one row say of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ap2t.domain.kaidah import kolom as kaidah_kolom
from ap2t.domain.kaidah.kolom import nilai_kolom
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import Aturan, Ketentuan, Pembulatan, Sikap, StanLalu
from ap2t.ledger.cuplikan import TeksPolos
from ap2t.ledger.saringan import KOLOM_SARING, BarisSaringan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.saring import KOLOM_BLOK, KOLOM_COPY, Penyaring
from ap2t.teks_blok import Blok
from ap2t.teks_copy import NIHIL, bacaan_dari_baris, lepas

D = Decimal
DASAR = dict.fromkeys(KOLOM_SARING, NIHIL) | {
    "idpel": "535110000001",
    "daya": "1300",
    "fkmkwh": "1",
    "digit_meter": "5",
    "tgl_baca": "2026-05-25 03:00:00+00",
    "slalwbp": "1000",
    "sahlwbp": "1150",
    "pemkwh": "150",
    "foto_url": "https://foto/1.jpg",
}
RENTANG = datetime(2026, 5, 20, tzinfo=UTC), datetime(2026, 5, 27, 12, 30, tzinfo=UTC)


ATURAN = Aturan()


class SesiAturan(NamedTuple):
    """What the sieve asks of a session."""

    id: int
    aturan: Aturan


class Rantai(dict[str, StanLalu]):
    """Stands in for what the ledger knows of earlier months."""

    @property
    def lalu(self) -> Mapping[str, StanLalu]:
        """What was last posted."""
        return self

    def terakhir(self, _: object) -> Rantai:
        """Return all of it."""
        return self


def teks(baris: list[dict[str, str]]) -> bytes:
    """Write rows as the source's COPY does."""
    return "".join("\t".join(isi.get(kolom, NIHIL) for kolom in KOLOM_COPY) + "\n" for isi in baris).encode()


def dari_teks(teks: bytes) -> list[BarisSaringan]:
    """Read what was written of plain rows."""
    hasil = []
    for satu in teks.decode().splitlines():
        sesi, idpel, daya, kwh, jam, hasil_saring, alasan, dlpd, *sisa = (lepas(nilai) for nilai in satu.split("\t"))
        assert (sesi, sisa) == ("7", [None] * 5)
        kode = [(isi or "")[1:-1].split(",") if isi != "{}" else [] for isi in (alasan, dlpd)]
        angka = D(daya or ""), D(kwh or ""), D(jam or "")
        hasil.append(BarisSaringan(idpel or "", *angka, hasil_saring or "", *kode, None, None))
    return hasil


Hasil = tuple[list[BarisSaringan], dict[str, int], int]


def penyaring(aturan: Aturan, lalu: dict[str, StanLalu]) -> Penyaring:
    """Return what judges rows by this rule set and these earlier months."""
    return Penyaring(cast(Sesi, SesiAturan(7, aturan)), cast(Any, Rantai(lalu)))


def saring_kolom(baris: list[dict[str, str]], aturan: Aturan, lalu: dict[str, StanLalu]) -> tuple[Hasil, int]:
    """Sieve rows as the step does; return what it says and counts, and how many rows were plain."""
    satu, isi = penyaring(aturan, lalu), teks(baris)
    blok = Blok(isi, KOLOM_COPY, KOLOM_BLOK)
    lain = bacaan_dari_baris(KOLOM_COPY, blok.baris(~blok.polos), KOLOM_SARING)
    bagian = [TeksPolos(blok, blok.polos)] if blok.polos.any() else []
    semua = [hasil for _, hasil in satu.saring(iter([*bagian, [(isi, None) for isi in lain]]))]
    polos = [baris for hasil in semua for baris in dari_teks(hasil.polos)]
    return (polos + [baris for hasil in semua for baris in hasil.baris], dict(satu.kode), satu.dibandingkan), len(polos)


def saring_satu_satu(baris: list[dict[str, str]], aturan: Aturan, lalu: dict[str, StanLalu]) -> Hasil:
    """Sieve the same rows one by one."""
    satu = penyaring(aturan, lalu)
    bacaan = bacaan_dari_baris(KOLOM_COPY, teks(baris).splitlines(keepends=True), KOLOM_SARING)
    ((_, hasil),) = satu.saring(iter([[(isi, None) for isi in bacaan]]))
    assert hasil.polos == b""
    return hasil.baris, dict(satu.kode), satu.dibandingkan


def bandingkan(
    baris: list[dict[str, str]],
    aturan: Aturan = ATURAN,
    lalu: dict[str, StanLalu] | None = None,
) -> int:
    """Compare both ways; return how many rows were plain."""
    (kolom, polos), satu = saring_kolom(baris, aturan, lalu or {}), saring_satu_satu(baris, aturan, lalu or {})
    assert sorted(map(tertulis, kolom[0]), key=str) == sorted(map(tertulis, satu[0]), key=str)  # one may come twice
    assert {kode: jumlah for kode, jumlah in kolom[1].items() if jumlah} == satu[1]
    assert kolom[2] == satu[2]
    return polos


def tertulis(baris: BarisSaringan) -> tuple[Any, ...]:
    """Return what was said of a row with its codes as text, in their order."""
    kode = (tuple(map(str, semua)) for semua in (baris.alasan, baris.dlpd))
    return (*baris[:4], str(baris.hasil), *kode, *baris[7:])


BILANGAN = (
    *(NIHIL, "0", "-0", "-5", "1", "1.5", "1300", "1e0", "0.000001", "0.0000001", "2600", "2600.000001", "NaN"),
    *("0.000000", "89999.999999", "90000", "99999", "99999.999999", "100000", "999999999999.999999", "Infinity"),
    *("1000000000000", "9223372036854775807", "-9223372036854.775808", "123456789012345678901234567890.12345678901"),
)
ISI: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(KOLOM_SARING, BILANGAN),
    "digit_meter": (NIHIL, "0", "1", "4", "5", "12", "13", "5.5", "-1", "32768"),
    "tgl_baca": (
        *(NIHIL, "1970-01-01 00:00:00+00", "2026-05-19 23:59:59.999999+00", "2026-05-20 00:00:00+00"),
        *("2026-05-27 12:30:00+00", "2026-05-27 12:30:00.000001+00", "9999-12-31 23:59:59+00"),
    ),
    "foto_url": (NIHIL, "x", " x", "\u00a0", "\u3000a", "é", "a\\\\b", "NaN"),
    "pilihan": (
        *(NIHIL, '{"cara_baca": "TAKSIR"}', '{"jam_abonemen": "375"}', '{"rendah_wajar": "true"}'),
        *('{"riwayat": {"bulan": "12", "median": "50", "mad": "1"}}', '{"daya_lama": "900"}'),
    ),
    "idpel": (
        "535110000001",
        "53511000000",
        "5351100000012",
        "53511000000a",
        "(kosong)",
        "53511 00000 ",
        "\uff15" * 12,
    ),
}
RAGAM = {
    kolom: st.sampled_from(semua) | (st.decimals(0, 3000, places=3).map(str) if semua is BILANGAN else st.nothing())
    for kolom, semua in ISI.items()
}


@st.composite
def baris_acak(draw: st.DrawFn) -> dict[str, str]:
    """A clean reading with up to four columns that are something else, and often the kWh that its stans give."""
    isi = dict(DASAR)
    for kolom in draw(st.lists(st.sampled_from(KOLOM_SARING), max_size=4, unique=True)):
        isi[kolom] = draw(RAGAM[kolom])
    if draw(st.booleans()):
        isi["sahlwbp"] = draw(st.integers(1000, 99999).map(str) | st.decimals(1000, 4000, places=6).map(str))
        isi["pemkwh"] = str(D(isi["sahlwbp"]) - 1000)
        kwh = D(isi["pemkwh"])
        for kolom in ("pemkwh_lalu", "pemkwh_rata3"):
            isi[kolom] = draw(
                st.sampled_from([NIHIL, "0", str(kwh * 2), str(kwh * 2 / 3)[:12], str(kwh), str(kwh / 2)])
            )
    return isi


aturan_acak = st.builds(
    Aturan,
    versi=st.sampled_from(["1", "2", "3"]),
    batas_jam_nyala=st.sampled_from([D(2000), D("1999.5"), D(720), D("0.0000001")]),
    rentang_baca=st.none() | st.just(RENTANG),
    ketentuan=st.builds(
        Ketentuan,
        stan_tidak_sambung=st.sampled_from(list(Sikap)),
        faktor_berubah=st.sampled_from(list(Sikap)),
        pembulatan_kwh=st.sampled_from(list(Pembulatan)),
    ),
)
lalu_acak = st.none() | st.builds(
    StanLalu,
    bulan=st.just("202605"),
    lwbp=st.sampled_from([None, D(1000), D("1000.000"), D("1000.0000001"), D("1E+15"), D(-1), D(999)]),
    wbp=st.sampled_from([None, D(0), D(5), D("-0.000001")]),
    fkm=st.sampled_from([None, D(1), D("1.0"), D(40), D("1.5")]),
)


@given(st.lists(st.tuples(baris_acak(), lalu_acak), min_size=1, max_size=12), aturan_acak)
def test_sama_dengan_satu_satu(semua: list[tuple[dict[str, str], StanLalu | None]], aturan: Aturan) -> None:
    """A block of any rows, by any rule set: the same words, numbers and counts, whichever way they are judged."""
    baris = [
        isi if isi["idpel"] != DASAR["idpel"] else {**isi, "idpel": f"5351100000{nomor:02}"}
        for nomor, (isi, _) in enumerate(semua)
    ]
    lalu = {isi["idpel"]: satu for isi, (_, satu) in zip(baris, semua, strict=True) if satu is not None}
    bandingkan(baris, aturan, lalu)


@pytest.mark.parametrize("pembulatan", Pembulatan)
def test_tiap_nilai(pembulatan: Pembulatan) -> None:
    """Each of these values alone, and the ties: half a thousandth of an hour, and the whole kWh beside an exact one."""
    tepi = [
        {"sahlwbp": f"1001.{mikro}", "pemkwh": NIHIL} for mikro in ("300649", "300650", "300651", "301949", "301950")
    ]
    tepi += [{"sahlwbp": "1150.5", "pemkwh": pemkwh} for pemkwh in ("149", "150", "150.5", "151", "152")]
    tepi += [
        {"daya": "1000", "sahlwbp": sah, "pemkwh": NIHIL} for sah in ("3000", "3000.000001", "1720", "1719.999999")
    ]
    tepi += [{"pemkwh_lalu": lalu} for lalu in ("100", "100.000001", "300", "299.999999")]
    tepi += [{"pemkwh_rata3": rata3} for rata3 in ("100", "99.999999")]
    tepi += [{"fkmkvarh": "80", "slakvarh": "5", "sahkvarh": akhir} for akhir in ("5", "6", "4", NIHIL)]
    semua = [{kolom: nilai} for kolom, isi in ISI.items() for nilai in isi] + tepi
    baris = [DASAR | {"idpel": f"5351100{ke:05}"} | isi for ke, isi in enumerate([{}, *semua])]
    for rentang in (None, RENTANG):
        aturan = Aturan(rentang_baca=rentang, ketentuan=Ketentuan(pembulatan_kwh=pembulatan))
        assert bandingkan(baris, aturan) > 100


@pytest.mark.parametrize("kaidah", [*Alasan, *Dlpd])
def test_kasus_tiap_kaidah(kaidah: Alasan | Dlpd) -> None:
    """The case of each rule, among clean rows: they stay plain, and it is told."""
    kasus = {kolom: nilai for kolom, nilai in (kaidah.isi.kasus or {}).items() if kolom in KOLOM_SARING}
    khusus = DASAR | {kolom: NIHIL if nilai is None else nilai for kolom, nilai in kasus.items()}
    if khusus["tgl_baca"].startswith("1970"):
        khusus["tgl_baca"] = "1970-01-01 00:00:00+00"
    baris = [{**isi, "idpel": f"5351100000{nomor:02}"} for nomor, isi in enumerate([DASAR, khusus, DASAR])]
    assert bandingkan(baris, Aturan(rentang_baca=RENTANG)) >= 2


def test_baris_bersih_polos() -> None:
    """What most rows hold is plain, also beside rows whose text cannot be read as columns, and after a known month."""
    aneh = [DASAR | {"sahlwbp": "NaN"}, DASAR | {"daya": "1." + "0" * 10 + "1"}, DASAR | {"foto_url": "a\\\\b"}]
    semua = [DASAR, aneh[0], DASAR, aneh[1], DASAR | {"digit_meter": NIHIL}, aneh[2], DASAR | {"slakvarh": "0"}, DASAR]
    semua[6] |= {"sahkvarh": "0", "lwbpcabut": "0", "lwbppasang": "0", "slawbp": "0", "sahwbp": "0"}
    baris = [{**isi, "idpel": f"5351100000{nomor:02}"} for nomor, isi in enumerate(semua)]
    assert bandingkan(baris) == 5
    sambung = StanLalu("202605", D(1000), None, D(1))
    assert bandingkan(baris, lalu={isi["idpel"]: sambung for isi in baris}) == 5
    putus = sambung._replace(lwbp=D("1000.5"))
    assert bandingkan(baris, lalu={baris[0]["idpel"]: putus}) == 4


def test_kaidah_tanpa_bentuk_kolom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a rule has no form over columns, no row is plain: every one is judged by the rule itself."""
    monkeypatch.setattr(Dlpd.TAKSIR, "isi", replace(Dlpd.TAKSIR.isi, kolom=None))
    kaidah_kolom._kaidah.cache_clear()
    try:
        blok = Blok(teks([DASAR]), KOLOM_COPY, KOLOM_BLOK)
        assert nilai_kolom(blok.kolom(), [], Aturan(), {}) is None
        assert bandingkan([DASAR]) == 0
        assert nilai_kolom(blok.kolom(), [], Aturan(versi="2"), {}) is not None  # that set does not have the rule
    finally:
        kaidah_kolom._kaidah.cache_clear()


@pytest.mark.nightly
def test_sejuta_baris() -> None:
    """A million rows: the demo's cases, each many times over, among clean rows of any kWh; 0 differences."""
    acak, semua = random.Random("sejuta"), list(ISI)  # noqa: S311 -- the same rows each time
    kasus = [satu.isi.kasus or {} for satu in (*Alasan, *Dlpd)]
    polos = 0
    for blok in range(200):
        baris = []
        for nomor in range(5000):
            stan = acak.randrange(90_000_000)
            pakai = acak.choice([0, acak.randrange(2_600_000), acak.randrange(5_000_000)])
            isi = DASAR | {
                "idpel": f"{blok:05}{nomor:07}",
                "daya": acak.choice(["450", "900", "1300", "2200", "66000"]),
                "slalwbp": f"{stan / 1000:.3f}",
                "sahlwbp": f"{(stan + pakai) / 1000:.3f}",
                "pemkwh": f"{pakai / 1000:.3f}",
                "pemkwh_lalu": f"{acak.randrange(2_600_000) / 1000:.3f}",
                "pemkwh_rata3": acak.choice([NIHIL, f"{acak.randrange(2_600_000) / 1000:.3f}"]),
            }
            if acak.random() < 0.1:
                khusus = acak.choice(kasus)
                isi |= {kolom: NIHIL if nilai is None else nilai for kolom, nilai in khusus.items() if kolom in semua}
                isi["tgl_baca"] = DASAR["tgl_baca"] if isi["tgl_baca"] != "1970-01-01 00:00:00+00" else isi["tgl_baca"]
            baris.append(isi)
        polos += bandingkan(baris, Aturan(rentang_baca=RENTANG))
    assert polos > 850_000


@pytest.mark.nightly
def test_sepuluh_ribu_blok() -> None:
    """Ten thousand blocks of any rows instead of fifty."""
    settings(max_examples=10_000)(test_sama_dengan_satu_satu)()

"""Who goes into the snapshot: a block of text is judged as its rows are one by one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.model import KOLOM_BACAAN, Bacaan, Peran, Petugas, Tempat
from ap2t.domain.stempel import PetugasUnit
from ap2t.galat import SumberBerubah
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.cuplikan import TeksPolos
from ap2t.proses.cuplik import AdaGanda, Pemilih, Terposting
from ap2t.proses.layanan import Langkah
from ap2t.source.salinan import Terbaca, bacaan_dari, lengkap, rapikan
from ap2t.teks_copy import NIHIL

KOLOM = (*KOLOM_BACAAN, "pilihan")
SAAT = datetime(2026, 5, 26, 12, tzinfo=UTC)
DASAR = dict.fromkeys(KOLOM, NIHIL) | {
    "unitup": "53511",
    "thblrek": "202606",
    "hari_baca": "A",
    "tgl_baca": "2026-05-25 03:00:00+00",
    "sahlwbp": "1150",
    "verif_pengawas_oleh": "pengawas",
    "verif_pengawas_pada": "2026-05-25 04:00:00+00",
    "verif_vendor_oleh": "vendor",
    "verif_vendor_pada": "2026-05-25 05:00:00+00",
    "kirim_oleh": "vendor",
    "kirim_pada": "2026-05-25 06:00:00+00",
    "diubah_pada": "2026-05-25 03:30:00+00",
}
ORANG = ("pengawas", "vendor", "VENDOR", "Pengawas ", "lama", "", " ", NIHIL, "a\\\\b")
WAKTU = (
    *(NIHIL, "infinity", "2026-05-25 03:00:00+00", "2026-05-25 03:29:59.999999+00", "2026-05-25 03:30:00+00"),
    *(
        "2026-05-26 12:00:00+00",
        "2026-05-26 12:00:00.000001+00",
        "0044-03-15 00:00:00+00 BC",
        "12026-01-01 00:00:00+00",
    ),
)
ISI = {
    "unitup": ("53511 ", "53512", NIHIL),
    "sahlwbp": (NIHIL, "NaN", "Infinity", "1.00000000000001", "-1"),
    "pemkwh": ("NaN", "Infinity", "-Infinity"),
    "nama": ("Siti ", " Budi", "", " ", "a\\\\b", "a\\tb", "NaN", "x" * 8001),
    "pilihan": (
        *('{"jam_abonemen": "375"}', '{"cara_baca": "AMR"}'),
        '{"tgl_baca_lalu": "0044-03-15 00:00:00+00 BC"}',
    ),
    **dict.fromkeys(("verif_pengawas_oleh", "verif_vendor_oleh", "kirim_oleh"), ORANG),
    **dict.fromkeys(("tgl_baca", "verif_pengawas_pada", "verif_vendor_pada", "kirim_pada", "diubah_pada"), WAKTU),
}
PETUGAS = [
    Petugas(nama, None, None, peran, "53511", True)
    for nama, peran in (
        *(("pengawas", Peran.PENGAWAS), ("vendor", Peran.ADMIN_VENDOR), ("Pengawas ", Peran.ADMIN_VENDOR)),
        *((" ", Peran.ADMIN_VENDOR), ("VENDOR", Peran.PENGAWAS)),
    )
]


@st.composite
def baris_acak(draw: st.DrawFn) -> dict[str, str]:
    """A ready row with up to three values that are something else."""
    lain = draw(st.lists(st.sampled_from(sorted(ISI)), max_size=3, unique=True))
    return DASAR | {kolom: draw(st.sampled_from(ISI[kolom])) for kolom in lain}


def pilih(isi: bytes | list[Terbaca], nomor: list[str], khusus: dict[str, str]) -> Any:
    """Select from rows, all of which ACMT holds; return who goes in as what, and who stays out."""
    ganda = {satu: kali for satu, kali in Counter(satu.strip(" ") for satu in nomor).items() if kali > 1}
    sumber = SimpleNamespace(pastikan_semua=lambda *_: None)
    sesi = SimpleNamespace(unitup="53511", tempat=Tempat("53511", "202606", "A"))
    langkah = cast(Langkah, SimpleNamespace(sesi=sesi, sumber=sumber, lapor=lambda _: None))
    ada = sorted(satu for satu, apa in khusus.items() if apa == "posting")
    daftar = [BarisAp2t(idpel=satu, kodeposting=1) for satu in ada]
    kembali: dict[str, tuple[Any, ...] | None] = {satu: None for satu, apa in khusus.items() if apa == "kembali"}
    masuk: list[Bacaan] = []

    def pemilih_baru(tercatat: Counter[str] | None) -> Pemilih:
        posting = Terposting(iter([[satu] for satu in daftar]))
        return Pemilih(langkah, PetugasUnit("53511", PETUGAS), posting, kembali, tercatat, SAAT)

    try:
        pemilih = pemilih_baru(None)
        semua = list(pemilih.pilih(iter([isi]), per_baris=False))
    except AdaGanda:
        pemilih = pemilih_baru(Counter(ganda))
        semua = list(pemilih.pilih(iter([isi]), per_baris=False))
    for bagian in semua:
        satu_satu = bacaan_dari(bagian.teks) if isinstance(bagian, TeksPolos) else bagian
        if isinstance(bagian, TeksPolos):  # what goes in as text every later reader can read
            assert [mentah is not None for _, mentah in satu_satu] == [True] * int(bagian.mana.sum())
        masuk += map(lengkap, satu_satu)
    keluar = pemilih.keluar
    return sorted(masuk, key=repr), (keluar.sudah, keluar.belum_siap, keluar.dikembalikan, sorted(keluar.contoh_belum))


@given(
    st.lists(
        st.tuples(baris_acak(), st.sampled_from(["", "", "posting", "kembali", "dua", "depan"])),
        min_size=1,
        max_size=12,
    )
)
def test_sama_dengan_satu_satu(semua: list[tuple[dict[str, str], str]]) -> None:
    """Any rows: the same customers, in the same words; a number that comes twice, blanks or not, is one of several."""
    baris, khusus = [], {}
    for ke, (isi, apa) in enumerate(semua):
        idpel = f"5351100000{ke:02}"
        khusus[idpel] = apa
        baris += [isi | {"idpel": idpel}] * (2 if apa == "dua" else 1)
        baris += [isi | {"idpel": f" {idpel}"}] * (apa == "depan")
    teks = rapikan("".join("\t".join(isi[kolom] for kolom in KOLOM) + "\n" for isi in baris).encode())
    nomor = [isi["idpel"] for isi in baris]
    hasil = pilih(teks, nomor, khusus)
    assert hasil == pilih(bacaan_dari(teks), nomor, khusus)
    assert all(satu.cacat and "ganda" in satu.cacat for satu in hasil[0] if khusus[satu.idpel] in ("dua", "depan"))


def test_tiap_nilai() -> None:
    """Each of these values alone, all in one block."""
    baris = [DASAR] + [DASAR | {kolom: nilai} for kolom, semua in ISI.items() for nilai in semua]
    baris = [isi | {"idpel": f"5351100{ke:05}"} for ke, isi in enumerate(baris)]
    teks = rapikan("".join("\t".join(isi[kolom] for kolom in KOLOM) + "\n" for isi in baris).encode())
    nomor = [isi["idpel"] for isi in baris]
    assert pilih(teks, nomor, {}) == pilih(bacaan_dari(teks), nomor, {})


def test_baris_kedua_di_tengah() -> None:
    """A second row of a customer that came in meanwhile is noticed, in a block as one by one."""
    teks = "".join(
        "\t".join((DASAR | {"idpel": "535110000001"})[kolom] for kolom in KOLOM) + "\n" for _ in "ab"
    ).encode()
    for isi in (teks, bacaan_dari(teks)):
        try:
            pilih(isi, ["535110000001"], {})
        except SumberBerubah:
            continue
        raise AssertionError

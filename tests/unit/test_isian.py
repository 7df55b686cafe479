"""Whom an approver sends back, and why, as it comes out of the gate's form."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.galat import BukuMenolak
from ap2t.proses.isian import ALASAN_MAKS, TANPA_ALASAN, alasan_kembalikan, baca_isian, baca_kembalikan

A, B, C = "541100000001", "541100000002", "541100000003"
SESI: Any = SimpleNamespace(nomor="PS-54110-202606-A-01-0a1b2c3d")


@pytest.mark.parametrize(
    ("isian", "hasil"),
    [
        (None, {}),
        ("", {}),
        ([], {}),
        ([None, "", "  "], {}),
        ([A], {A: None}),
        ([f" {B} ", A, B], {A: None, B: None}),
        ([f"{A} foto buram"], {A: "foto buram"}),
        ([f"{A}: stan  tidak\tterbaca "], {A: "stan tidak terbaca"}),
        ([f"{A};B/U kosong, 3x"], {A: "B/U kosong, 3x"}),
        ([f"{A} {B}, {C}"], {A: None, B: None, C: None}),
        ([f"{A} {B} foto sama"], {A: "foto sama", B: "foto sama"}),
        ([A, f"{A} foto buram", f"{A} lain"], {A: "foto buram"}),
        (f"{A} foto buram\n\n{B}\r\n", {A: "foto buram", B: None}),
        (f"{A}\n{B} meter ganti 541100000009 kali", {A: None, B: "meter ganti 541100000009 kali"}),
        ([541100000001], {A: None}),
        ([f"{A} foto buram\n{B} stan ragu\r\n {C}"], {A: "foto buram", B: "stan ragu", C: None}),
        ([f"{A} foto\nburam"], {A: "foto buram"}),
        ([f"{A}9"], {f"{A}9": None}),
        (["Siti"], {"Siti": None}),
        ([f"foto {A}"], {f"foto {A}": None}),
    ],
)
def test_baris_kembalikan(isian: Any, hasil: dict[str, str | None]) -> None:
    """One a line, the reason behind the idpel; what begins with none is left as it came, to be refused as unknown."""
    assert baca_kembalikan(isian) == hasil


@pytest.mark.parametrize(
    "isian", [5, {"a": 1}, [f"{A} {'x' * (ALASAN_MAKS + 1)}"], [f"{A} foto\x00buram"], [f"{A} \ud800"], ["\udfff"]]
)
def test_isian_yang_ditolak(isian: Any) -> None:
    """No list, a reason beyond all measure, or one no database can hold: the answer is refused, with a sentence."""
    with pytest.raises(BukuMenolak, match="tidak diterima"):
        baca_kembalikan(isian)


@given(st.one_of(st.text(max_size=300), st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=60)))))
def test_isian_apa_pun(isian: Any) -> None:
    """Whatever is written either is refused or gives each idpel once, in order."""
    try:
        hasil = baca_kembalikan(isian)
    except BukuMenolak:
        return
    assert list(hasil) == sorted(hasil)
    assert all(alasan is None or (alasan == " ".join(alasan.split()) and alasan) for alasan in hasil.values())


def test_alasan_untuk_acmt() -> None:
    """The line's own reason, else the note, else that there was none; the session's number in each."""
    akhir = f" (pengesahan {SESI.nomor})"
    assert alasan_kembalikan(SESI, {A: "foto buram", B: None}, " lihat\n meter ") == {
        A: "foto buram" + akhir,
        B: "lihat meter" + akhir,
    }
    assert alasan_kembalikan(SESI, {A: None}, None) == {A: TANPA_ALASAN + akhir}
    panjang = alasan_kembalikan(SESI, {A: None}, "x" * 1000)[A]
    assert len(panjang) == ALASAN_MAKS + len(akhir)
    assert "x..." in panjang


@pytest.mark.parametrize("catatan", ["a\x00", "\ud800"])
def test_catatan_yang_tidak_dapat_disimpan(catatan: str) -> None:
    """A note no database can hold is refused with a sentence, not lost in a traceback."""
    sesi: Any = SimpleNamespace(nomor=SESI.nomor, pembatalan=False, tanpa_akibat="Tidak ada yang diposting")
    with pytest.raises(BukuMenolak, match="bukan teks biasa"):
        baca_isian(sesi, {"catatan": catatan})

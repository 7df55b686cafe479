"""Changed at the source since the snapshot: what an approval binds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from ap2t.domain.model import (
    KOLOM_ANGKA,
    KOLOM_BACAAN,
    KOLOM_TERIKAT,
    KOLOM_WAKTU,
    Bacaan,
    Kebiasaan,
    Pilihan,
    berubah,
    dengan_riwayat,
)

SAAT = datetime(2026, 5, 25, 3, tzinfo=UTC)


def isi(kolom: str, tahap: int) -> object:
    if kolom in KOLOM_ANGKA:
        return Decimal(10 + tahap)
    if kolom in KOLOM_WAKTU:
        return SAAT + timedelta(microseconds=tahap)
    if kolom == "pilihan":
        return Pilihan(jam_abonemen=Decimal(tahap))
    return {"foto": str(tahap)} if kolom == "cacat" else f"x{tahap}"


PENUH = Bacaan(**{k: isi(k, 0) for k in Bacaan._fields})


@pytest.mark.parametrize("kolom", KOLOM_TERIKAT)
def test_setiap_kolom_terikat_dibandingkan(kolom):
    """Each bound column counts, also from or to nothing."""
    assert berubah(PENUH, PENUH._replace(**{kolom: isi(kolom, 1)})) == (kolom,)
    assert berubah(PENUH, PENUH._replace(**{kolom: None})) == (kolom,)
    assert berubah(PENUH._replace(**{kolom: None}), PENUH) == (kolom,)


@pytest.mark.parametrize("kolom", sorted(set(KOLOM_BACAAN) - set(KOLOM_TERIKAT)))
def test_kolom_lain_tidak_mengikat(kolom):
    """A change of name, photo or the like does not void an approval."""
    assert berubah(PENUH, PENUH._replace(**{kolom: isi(kolom, 1)})) == ()


def test_bulan_sebelumnya_tidak_mengikat():
    """What earlier months come to is no part of what is posted; other values beside it are."""
    kini = dengan_riwayat(PENUH, Kebiasaan(bulan=12))
    assert berubah(PENUH, kini) == berubah(kini, PENUH) == ()
    assert berubah(kini, PENUH._replace(pilihan=None)) == ("pilihan",)
    kosong = PENUH._replace(pilihan=None)
    assert berubah(kosong, dengan_riwayat(kosong, Kebiasaan(bulan=12))) == ()


def test_nilai_sama_dengan_bentuk_lain():
    """1.50 equals 1.5, an instant equals itself in another zone, and an empty cacat equals none."""
    lama = PENUH._replace(sahlwbp=Decimal("1.50"), cacat=None)
    kini = PENUH._replace(sahlwbp=Decimal("1.5"), tgl_baca=SAAT.astimezone(timezone(timedelta(hours=7))), cacat={})
    assert berubah(lama, kini) == ()
    assert berubah(kini, lama._replace(kirim_oleh="z")) == ("kirim_oleh",)


def test_urutan_dan_kosong_bukan_nol():
    """Several changes come in the bound order; nothing is not zero."""
    kini = PENUH._replace(cacat=None, daya=Decimal(0), idpel="1", sahwbp=Decimal(0))
    assert berubah(PENUH._replace(sahwbp=None), kini) == ("idpel", "daya", "sahwbp", "cacat")

"""PostgreSQL's COPY text, there and back: a session's file rebuilds from its values what its digest is over."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.model import KOLOM_ANGKA, KOLOM_WAKTU, Bacaan
from ap2t.teks_copy import NIHIL, bacaan_dari_teks, baris_teks, lepas, pasang, teks_bacaan_polos


@given(st.none() | st.text() | st.text(alphabet="\\ \b\f\n\r\t\vNnt"))
def test_pasang_lalu_lepas(nilai: str | None) -> None:
    """Every value, whatever stands in it, comes back; no value is taken for null, none breaks a row."""
    teks = pasang(nilai)
    assert lepas(teks) == nilai
    assert (teks == NIHIL) is (nilai is None)
    assert not set(teks) & set("\t\n\r")


nilai_kolom = {
    **dict.fromkeys(KOLOM_ANGKA, st.none() | st.sampled_from([Decimal(t) for t in ("1", "1.0", "1.00", "0.000001")])),
    **dict.fromkeys(
        KOLOM_WAKTU, st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda saat: saat.replace(fold=0))
    ),
}


@given(st.data())
def test_bacaan_ditulis_lalu_dibaca(data: st.DataObject) -> None:
    """What is written of plain readings is read again as it was, digit for digit, also where equal numbers differ."""
    kata = st.none() | st.sampled_from(["a", "b\t", "\\N", "é\n"])
    semua = [
        Bacaan(*(data.draw(nilai_kolom.get(nama, kata)) for nama in Bacaan._fields[:-2]), None, None) for _ in range(4)
    ]
    teks = baris_teks(teks_bacaan_polos(semua))
    assert [repr(bacaan_dari_teks(satu + b"\t\\N")) for satu in teks] == [repr(satu) for satu in semua]

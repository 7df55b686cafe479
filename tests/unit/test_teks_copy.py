"""PostgreSQL's COPY text, there and back: a session's file rebuilds from its values what its digest is over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ap2t.teks_copy import NIHIL, lepas, pasang


@given(st.none() | st.text() | st.text(alphabet="\\ \b\f\n\r\t\vNnt"))
def test_pasang_lalu_lepas(nilai: str | None) -> None:
    """Every value, whatever stands in it, comes back; no value is taken for null, none breaks a row."""
    teks = pasang(nilai)
    assert lepas(teks) == nilai
    assert (teks == NIHIL) is (nilai is None)
    assert not set(teks) & set("\t\n\r")

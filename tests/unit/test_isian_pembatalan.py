"""The form of a cancellation: nothing is guessed, and nothing a person typed that is no idpel is repeated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.galat import MasukanTidakSah
from ap2t.ledger.pembatalan import PermintaanBatal
from ap2t.proses.isian import IsianPembatalan, baca_pembatalan

ALASAN = "salah baca stan di lapangan"
IDPEL = st.from_regex(r"[0-9]{12}", fullmatch=True)
KOSONG = st.sampled_from(["", " ", "\t", None])


@given(st.lists(IDPEL, min_size=1), st.lists(KOSONG), st.randoms())
def test_daftar_urut_sekali_tanpa_kosong(idpel: list[str], kosong: list[Any], acak: Any) -> None:
    """Idpel come out in order, each once, whatever blanks stand between; as a list or as text."""
    isian = [*(f" {i} " for i in idpel), *idpel, *kosong]
    acak.shuffle(isian)
    for nilai in (isian, "\n".join(i or "" for i in isian)):
        isi = baca_pembatalan(IsianPembatalan("daftar", nilai, f"  {ALASAN}\n"))
        assert isi == PermintaanBatal("daftar", ALASAN, sorted(set(idpel)))


@given(st.one_of(st.none(), st.text(), st.booleans(), st.just(["semua"])))
def test_cakupan_harus_dipilih(cakupan: object) -> None:
    """No default and no near miss: only the two words themselves."""
    if cakupan not in ("daftar", "semua"):
        with pytest.raises(MasukanTidakSah, match="Cakupan pembatalan belum dipilih"):
            baca_pembatalan(IsianPembatalan(cakupan, None, ALASAN))


@given(st.lists(st.one_of(KOSONG, IDPEL)))
def test_semua_dan_daftar_tidak_bercampur(idpel: list[str | None]) -> None:
    """``semua`` takes no idpel, ``daftar`` at least one."""
    ada = any(i and i.strip() for i in idpel)
    for cakupan, boleh in (("semua", not ada), ("daftar", ada)):
        if boleh:
            assert baca_pembatalan(IsianPembatalan(cakupan, idpel, ALASAN)).cakupan == cakupan
        else:
            with pytest.raises(MasukanTidakSah):
                baca_pembatalan(IsianPembatalan(cakupan, idpel, ALASAN))


@given(st.text(max_size=600))
def test_alasan_10_sampai_500_huruf(teks: str) -> None:
    """The reason keeps to the contract after blanks are made one; control characters are no text."""
    rapi = " ".join(teks.split())
    sah = 10 <= len(rapi) <= 500 and rapi.isprintable()
    try:
        assert baca_pembatalan(IsianPembatalan("semua", None, teks)).alasan == rapi
        assert sah
    except MasukanTidakSah:
        assert not sah


@pytest.mark.parametrize("salah", ["Siti Rahasia", "12345", "1234567890123", {"a": 1}, 7, ["541100000001x"]])
def test_bukan_idpel_tidak_diulang(salah: object) -> None:
    """What is no idpel may be a name: it is counted, never repeated."""
    with pytest.raises(MasukanTidakSah) as galat:
        baca_pembatalan(IsianPembatalan("daftar", salah, ALASAN))
    assert "Siti" not in str(galat.value)

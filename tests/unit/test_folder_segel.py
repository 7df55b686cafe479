"""The files of the seals, whatever stands in them: the seals up to the first fault, and never an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.audit.folder_segel import AWAL, IsiFolder, Segel, baca_segel
from tests.masukan import banyak, diubah


def rantai(banyak: int) -> list[Segel]:
    semua: list[Segel] = []
    for ke in range(1, banyak + 1):
        sebelum = semua[-1].sidik_baris if semua else AWAL
        semua.append(Segel(ke, f"2026-12-{ke:02d}T05:00:00+00:00", "buku-uji", ke * 7, "a" * 64, ke * 7, sebelum))
    return semua


SEMUA = rantai(4)
TEKS = "".join(f"{segel.baris}\n" for segel in SEMUA)


@banyak(200)
@given(data=st.data())
def test_apa_pun_di_tempat_satu_segel(tmp_path: Path, data: st.DataObject) -> None:
    """Another line, part of a line, or another value in it: what is read is whole up to there; the fault is told."""
    letak = data.draw(st.integers(0, 3))
    isi = data.draw(diubah(json.loads(SEMUA[letak].baris)))
    baris = data.draw(st.just(json.dumps(isi)) | st.text(max_size=9) | st.sampled_from(["[" * 60_000, "null", "1e999"]))
    semua = [segel.baris for segel in SEMUA]
    semua[letak : letak + data.draw(st.integers(0, 1))] = [baris]
    teks = "".join(f"{satu}\n" for satu in semua)
    (tmp_path / "segel-2026.jsonl").write_bytes(teks.encode(errors="surrogatepass"))
    hasil = baca_segel(tmp_path)
    assert hasil.segel[:letak] == tuple(SEMUA[:letak])[: len(hasil.segel)]
    assert (hasil == IsiFolder(tuple(SEMUA), None)) == (teks == TEKS)
    assert hasil.rusak or letak == 3 or teks == TEKS  # to the last line nothing is chained but the trail


TAK_WAJAR = [
    *({"dibuat": saat} for saat in ("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "kapan", "2026-12-01")),
    *({"jejak": nomor} for nomor in (1 << 63, 10**400, 0, -1, True)),
    *({"buku": nama} for nama in ("\ud800", "a\x1b[2J", "a\nb")),
]


@pytest.mark.parametrize("lain", TAK_WAJAR)
def test_nilai_yang_tidak_dapat_dipakai_bukan_segel(tmp_path: Path, lain: dict[str, object]) -> None:
    """An instant with no day in Jakarta, a number no entry has, a name no screen shows: no line of ours."""
    isi = {**json.loads(SEMUA[0].baris), **lain}
    (tmp_path / "segel-2026.jsonl").write_text(json.dumps(isi) + "\n")
    assert baca_segel(tmp_path).rusak == "segel-2026.jsonl baris 1: bukan baris segel yang sah"

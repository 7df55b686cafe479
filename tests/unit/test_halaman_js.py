"""The page's own JavaScript under node's test runner, beside what Python writes of the same values."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ap2t.domain.angka import kanonik
from ap2t.domain.teks import persen, ribuan
from ap2t.pemberitahuan.pesan import BULAN
from ap2t.web.statis import FOLDER
from tests.masukan import KALI
from tests.perintah import keluar

NODE = shutil.which("node")
UJI = Path(__file__).parents[1] / "js/halaman.test.mjs"
SINGKAT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
HARI = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
MINUS = "\u2212"
ZONA = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
TEPI = [
    *(datetime(2025, 12, 31, 16, 59, tzinfo=UTC), datetime(2025, 12, 31, 17, tzinfo=UTC)),
    *(datetime(2028, 2, 28, 17, tzinfo=UTC), datetime(2028, 2, 29, 14, 59, tzinfo=UTC)),
]
"""New year and 29 February, as they come to the three zones."""


def kasus(dadu: random.Random, banyak: int) -> Iterator[tuple[str, Any, str]]:
    """Yield what is to be written, and how Python writes it."""
    for _ in range(banyak):
        batas = 10 ** dadu.randint(1, 18)
        nilai = Decimal(dadu.randint(-batas, batas)).scaleb(-dadu.randint(0, 6))
        yield "angka", f"{nilai:f}", ribuan(Decimal(kanonik(nilai))).replace("-", MINUS)
        lalu, kini = (Decimal(dadu.randint(9_100_000, 10_900_000)).scaleb(-3) for _ in range(2))
        permil = abs(kini - lalu) * 1000 / lalu
        if permil < 99 and permil % 1 != Decimal("0.5"):  # where Python rounds to even
            teks = persen(kini, lalu).replace("-", MINUS).replace(",0 %", " %")
            yield "perubahan", [kanonik(kini), kanonik(lalu)], f"±{teks[1:]}" if permil < Decimal("0.5") else teks
    acak = [TEPI[0] + timedelta(minutes=dadu.randint(-30 * 525_600, 30 * 525_600)) for _ in range(banyak)]
    for awal in TEPI + acak:
        zona = dadu.choice(ZONA)
        saat = awal.astimezone(ZoneInfo(zona))
        yield "lengkap", [awal.isoformat(), zona], f"{saat.day} {SINGKAT[saat.month - 1]} {saat:%Y %H.%M %Z}"
        yield "hari", saat.date().isoformat(), _sebut_hari(saat.date())
        yield "bulan", f"{saat:%Y%m}", f"{BULAN[saat.month - 1]} {saat.year}"


def _sebut_hari(hari: date) -> str:
    return f"{HARI[hari.weekday()]}, {hari.day} {SINGKAT[hari.month - 1]}"


@pytest.mark.skipif(NODE is None and os.environ.get("CI") != "true", reason="tidak ada Node.js")
def test_javascript_halaman(tmp_path: Path) -> None:
    """Numbers, instants and addresses are written right, and as Python writes them in mail and at the gate."""
    assert NODE, "Node.js tidak terpasang"
    shutil.copytree(FOLDER, tmp_path / "statis")
    (tmp_path / "package.json").write_text('{"type": "module"}')  # what a server says of them by their type
    benih = random.SystemRandom().randrange(1 << 31) if KALI > 1 else 20260603
    contoh = 300 * KALI
    (tmp_path / "kasus.json").write_text(json.dumps(list(kasus(random.Random(benih), contoh))))  # noqa: S311 -- no secret
    env = {"HALAMAN_JS": str(tmp_path / "statis"), "KASUS": str(tmp_path / "kasus.json"), "BENIH": str(benih)}
    perintah = [NODE, "--test", str(UJI)]
    hasil = subprocess.run(
        perintah, env={**os.environ, **env, "CONTOH": str(contoh)}, capture_output=True, text=True, check=False
    )
    print(keluar(hasil).stdout)
    assert re.search(r"^# pass 1[0-9]$", hasil.stdout, re.MULTILINE), hasil.stdout


def test_tidak_ada_html_dari_kata() -> None:
    """Words become text nodes, never markup: nothing of the page's own makes HTML or code out of a string."""
    semua = list((FOLDER / "js").rglob("*.js"))
    assert semua
    bahaya = re.compile(r"\b(inner|outer|insertAdjacent|dangerouslySetInner)HTML\b|\bdocument\.write|\beval\(|srcdoc")
    assert [berkas.name for berkas in semua if bahaya.search(berkas.read_text())] == []

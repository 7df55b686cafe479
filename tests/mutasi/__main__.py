"""Plant small changes in the rules and in the sending, one at a time, and count those that the tests notice (mutmut).

mutmut asks for a package in ``src`` and leaves its copies beside it, so it gets a folder of links. A change that nobody
noticed and that was judged stands in ``dinilai.txt``; any other is told.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant

AKAR = Path(__file__).resolve().parents[2]
TEMPAT = AKAR / ".venv" / "mutasi"
DINILAI = frozenset(Path(__file__).with_name("dinilai.txt").read_text().splitlines())
CUKUP = 0.9
LOLOS, TANPA_UJI = 0, 33
"""mutmut's codes of a change that no test noticed, and of one in a function that no test calls."""
TIDAK_DIPAKAI = {"bacaan_nyata", "halaman_js", "jawaban_ap2t", "kutipan", "source"}
"""Unit tests that find next to nothing here for what they take."""
TANPA = ["tests/unit/test_kata.py::test_tidak_ada_kata", "tests/unit/test_saringan.py::test_yang_lolos_selalu_menurut"]
"""Two that read the sources themselves, and one that takes as long as all others."""
KIRIM = ("gerbang", "kirim", "posting", "rekonsiliasi")
UJI_KIRIM = [
    *("tests/unit/test_putuskan.py", "tests/mutasi/cerita.py"),
    *("tests/integration/proses/test_gerbang.py", "tests/integration/proses/test_posting_gangguan.py"),
    *("tests/integration/proses/test_proses.py", "tests/integration/penjaga/test_tenggat_jaga.py"),
]


def bagian() -> Iterator[tuple[list[str], list[str]]]:
    """Give modules with their tests: the rules with the unit tests that know them, the sending with stories."""
    uji = [
        str(berkas.relative_to(AKAR))
        for berkas in sorted(AKAR.glob("tests/unit/test_*.py"))
        if berkas.stem.removeprefix("test_") not in TIDAK_DIPAKAI and "ap2t.domain" in berkas.read_text()
    ]
    uji += [f"--deselect={satu}" for satu in TANPA]
    yield [str(berkas.relative_to(AKAR / "plugins")) for berkas in AKAR.glob("plugins/ap2t/domain/**/*.py")], uji
    yield [f"ap2t/proses/{nama}.py" for nama in KIRIM], UJI_KIRIM


def siapkan(modul: list[str], uji: list[str]) -> None:
    """Make mutmut's folder anew."""
    shutil.rmtree(TEMPAT, ignore_errors=True)
    TEMPAT.mkdir()
    isi = [satu for satu in AKAR.iterdir() if not satu.name.startswith((".venv", ".git"))]
    for satu in isi:
        (TEMPAT / satu.name).symlink_to(satu)
    (TEMPAT / "src").symlink_to(AKAR / "plugins")
    pilihan = {
        "source_paths": ["src"],
        "only_mutate": [f"src/{satu}" for satu in modul],
        "also_copy": [satu.name for satu in isi],
        "pytest_add_cli_args": ["-o", "pythonpath=. src include dags"],
        "pytest_add_cli_args_test_selection": uji,
        "process_isolation": ["forkserver"],  # else each change inherits what the first run of the tests left open
        "use_git_change_detection": ["false"],
    }
    susunan = ConfigParser(interpolation=None)
    susunan["mutmut"] = {nama: "\n".join(["", *nilai] if len(nilai) > 1 else nilai) for nama, nilai in pilihan.items()}
    with (TEMPAT / "setup.cfg").open("w") as berkas:
        susunan.write(berkas)


def beda(nama: str, modul: str) -> str:
    """Write a change as one line: the function, and how its changed lines read."""
    fungsi = nama.partition("__mutmut_")[0].removeprefix("ap2t.")
    for tanda in (".x_", ".xǁ", "ǁ"):
        fungsi = fungsi.replace(tanda, ".")
    baris = get_diff_for_mutant(nama, path=f"src/{modul}").splitlines()[3:]
    return f"{fungsi}: {' '.join(satu[1:].strip() for satu in baris if satu.startswith('+'))}"


def nilai(modul: str) -> bool:
    """Tell what became of a module's changes, and return whether enough were noticed."""
    kode = json.loads((TEMPAT / "mutants" / "src" / f"{modul}.meta").read_text())["exit_code_by_key"]
    if not kode:
        return True
    lolos = [beda(nama, modul) for nama, satu in kode.items() if satu in (LOLOS, TANPA_UJI)]
    baru = [satu for satu in lolos if satu not in DINILAI]
    skor = 1 - len(lolos) / len(kode)
    print(
        f"{modul}: {len(kode)} perubahan, {skor:.1%} ditemukan; dari {len(lolos)} yang lolos {len(baru)} belum dinilai"
    )
    for satu in baru:
        print(f"  {satu}")
    return skor >= CUKUP


def main() -> int:
    """Run all modules, or those named; 1 where a module's score is too low."""
    gagal = 0
    for modul, uji in bagian():
        dipilih = [satu for satu in modul if not sys.argv[1:] or Path(satu).stem in sys.argv[1:]]
        if not dipilih:
            continue
        siapkan(dipilih, uji)
        mutmut = [str(Path(sys.executable).with_name("mutmut")), "run"]
        lingkungan = os.environ | {"PYTHONHASHSEED": "0"}  # a story is the same twice
        if kode := subprocess.run(mutmut, cwd=TEMPAT, env=lingkungan, check=False).returncode:
            return kode  # what mutmut said stands above
        os.chdir(TEMPAT)
        gagal += sum(not nilai(satu) for satu in sorted(dipilih))
    return bool(gagal)


if __name__ == "__main__":
    sys.exit(main())

"""Write rumah.csv, the monthly kWh of real homes, anew from the packages that ship their hourly use.

    pip download --no-deps -d FOLDER opengrid==0.5.10 CityLearn==2.1.2
    python tests/data/rumah.py FOLDER

The packages are read as files and never installed. What they are, and under which licence: README.md beside this file.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd

HASIL = Path(__file__).with_suffix(".csv")
OPENGRID = (
    "opengrid-0.5.10-py2.py3-none-any.whl",
    "929acc4c72283e0bafcd9a94fe908ce8e9a6f684017f4e40e03818c55fae494c",
)
CITYLEARN = (
    "CityLearn-2.1.2-py3-none-any.whl",
    "95730b1deed73b1f5a4d17eb8334be3c99efa4aef8677822378d62d8359511dd",
)
BULAN_CITYLEARN = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)  # August 2016 to July 2017


def buka(folder: Path, paket: tuple[str, str]) -> ZipFile:
    """Open a package after its digest: one of the two holds a pickle, which may run code.

    :raises ValueError: when it is not the file that rumah.csv was made from.
    """
    nama, sidik = paket
    isi = (folder / nama).read_bytes()
    if hashlib.sha256(isi).hexdigest() != sidik:
        raise ValueError(f"{nama}: SHA-256 is not {sidik}")
    return ZipFile(BytesIO(isi))


def belgia(folder: Path) -> Iterator[tuple[str, list[float]]]:
    """Yield each meter of opengrid: mean W by the hour, added up by the calendar months of 2016 in Brussels."""
    with buka(folder, OPENGRID) as paket, paket.open("opengrid/datasets/electricity_2016_hour.pkl") as berkas:
        watt = pd.read_pickle(berkas, compression="gzip")  # noqa: S301 -- of the digest above
    watt = watt[watt.index.year == 2016]  # its last row is the first hour of 2017
    kwh = watt.groupby(watt.index.month).sum() / 1000
    for meter in sorted(kwh):
        yield f"BE-{meter}", list(kwh[meter])


def california(folder: Path) -> Iterator[tuple[str, list[float]]]:
    """Yield each home of the CityLearn Challenge 2022: kWh by the hour, added up by the month that its row names."""
    with buka(folder, CITYLEARN) as paket:
        for nomor in range(1, 18):
            with paket.open(f"citylearn/data/citylearn_challenge_2022_phase_all/Building_{nomor}.csv") as berkas:
                jam = pd.read_csv(berkas)
            kwh = jam.groupby("Month")["Equipment Electric Power [kWh]"].sum()
            yield f"CA-{nomor:02}", [kwh[bulan] for bulan in BULAN_CITYLEARN]


def tulis(folder: Path) -> None:
    """Write the file: a line a meter, its twelve months in order, kWh to two decimals."""
    with HASIL.open("w", encoding="utf-8", newline="") as berkas:
        tabel = csv.writer(berkas, lineterminator="\n")
        tabel.writerow(["meter", *range(1, 13)])
        for meter, bulan in (*belgia(folder), *california(folder)):
            tabel.writerow([meter, *(f"{kwh:.2f}" for kwh in bulan)])


if __name__ == "__main__":
    tulis(Path(sys.argv[1]))

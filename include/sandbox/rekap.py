"""The rekap of a unit as of now, as the demo shows it and tests read it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ap2t import jam
from ap2t.domain.teks import ribuan
from ap2t.lihat.rekap_bulan import JUDUL, BarisRekap, rekap_langsung
from ap2t.lihat.status_pelanggan import Mata
from ap2t.proses.layanan import Layanan


def rekap_unit(layanan: Layanan, unitup: str, kelompok: Sequence[str], thblrek: str | None = None) -> list[BarisRekap]:
    """Return one row a kelompok of a unit as of now, ACMT and AP2T asked."""
    mata = Mata(layanan.buku, layanan.sumber, layanan.ap2t_baca(), sekarang=jam.sekarang())
    return rekap_langsung(mata, layanan.sumber.unit(unitup, untuk_dilihat=True), kelompok, thblrek, lambda _: None)


def teks_rekap_unit(baris: Sequence[BarisRekap]) -> str:
    """Write the rows as a table."""
    import pandas as pd

    isi = [[_sebut(getattr(rekap, nama)) for nama in JUDUL] for rekap in baris]
    tabel = pd.DataFrame(isi, columns=list(JUDUL.values()))
    return str(tabel.to_markdown(index=False, disable_numparse=True))


def _sebut(nilai: object) -> str:
    if nilai is None:
        return "-"
    return ribuan(nilai) if isinstance(nilai, int | Decimal) else str(nilai)

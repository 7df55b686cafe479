"""What is known of one row, computed once: every rule judges by these facts alone."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, DecimalException
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.angka import KONTEKS, NOL, SERIBU, bagi_tiga_desimal, muat_kontrak
from ap2t.domain.kaidah.kwh import JAM_PENUH, Hitungan, berubah_daya, hitung
from ap2t.domain.model import (
    TANPA_KEBIASAAN,
    TANPA_PILIHAN,
    Aturan,
    Bacaan,
    Kebiasaan,
    Pembulatan,
    Pilihan,
    StanLalu,
)

JAM_RENDAH = Decimal(40)
_DUA = Decimal(2)
_TIGA = Decimal(3)


class Terhitung(NamedTuple):
    """The sides of comparisons, multiplied out so that nothing is divided. None: a value is not there.

    ``seribu``: kWh x 1000; ``batas``, ``penuh``, ``rendah``: the limit, 720 and 40 hours x daya. Where daya changed in
    the month these are (kWh before x daya after + kWh after x daya before) x 1000, and hours x both; where the kWh
    before and after cannot be told, the smaller daya counts. ``jam_nyala``: hours, rounded HALF UP to 3 decimals, for
    information. ``dua``: 2 x kWh; ``tiga_lalu``, ``tiga_rata3``: 3 x the kWh of last month, 3 x the mean of three
    months. ``rusak``: 80 digits do not hold one of them.
    """

    seribu: Decimal | None = None
    batas: Decimal = NOL
    penuh: Decimal = NOL
    rendah: Decimal = NOL
    jam_nyala: Decimal | None = None
    dua: Decimal | None = None
    tiga_lalu: Decimal | None = None
    tiga_rata3: Decimal | None = None
    rusak: bool = False


class Fakta(NamedTuple):
    """One row: as it was read, by which rule set, what was last posted of the customer, and what that comes to."""

    bacaan: Bacaan
    aturan: Aturan
    lalu: StanLalu | None
    hitungan: Hitungan
    terhitung: Terhitung

    @property
    def pilihan(self) -> Pilihan:
        """What ACMT offers of the row beside the contract."""
        return self.bacaan.pilihan or TANPA_PILIHAN

    @property
    def riwayat(self) -> Kebiasaan:
        """What the customer's earlier months come to."""
        return self.pilihan.riwayat or TANPA_KEBIASAAN

    @property
    def daya_penjaga(self) -> Decimal | None:
        """The daya (VA) that the ledger's own guard compares with.

        Where it changed in the month the greater one: a row that the guard refuses by it is over the limit by its parts
        too. Where the parts are not known, the smaller one, as here.
        """
        lama, daya = self.pilihan.daya_lama, self.bacaan.daya
        if lama is None or daya is None or lama == daya or self.hitungan.abonemen:
            return daya
        return min(lama, daya) if self.hitungan.bagian is None else max(lama, daya)

    @property
    def kwh_kirim(self) -> Decimal | None:
        """ACMT's whole kWh, where it stands for the exact one, which is another. It is what is sent."""
        pemkwh, kwh = self.bacaan.pemkwh, self.hitungan.kwh
        if self.aturan.ketentuan.pembulatan_kwh != Pembulatan.BULAT or pemkwh is None or kwh is None:
            return None
        bulat = muat_kontrak(pemkwh) and pemkwh == pemkwh.to_integral_value() and pemkwh != kwh
        # a whole number less than 1 from it is the one below it or the one above it
        sekitar = kwh.to_integral_value(ROUND_FLOOR), kwh.to_integral_value(ROUND_CEILING)
        return pemkwh if bulat and pemkwh in sekitar else None

    @property
    def hari(self) -> int | None:
        """Days since the reading before, by the unit's calendar."""
        lalu, kini = self.pilihan.tgl_baca_lalu, self.bacaan.tgl_baca
        if lalu is None or kini is None:
            return None
        zona = ZoneInfo(self.aturan.zona)
        try:
            return (kini.astimezone(zona).date() - lalu.astimezone(zona).date()).days
        except OverflowError:  # the last day there is, as some write "none": it lies behind every reading
            return -1


def kumpulkan_fakta(bacaan: Bacaan, aturan: Aturan, lalu: StanLalu | None) -> Fakta:
    """Compute what the rules ask of one row.

    :param lalu: what was last posted of the customer; None: nothing is known of it.
    :raises decimal.InvalidOperation: a number is a NaN, which no reader of values lets through.
    """
    hitungan = hitung(bacaan)
    return Fakta(bacaan, aturan, lalu, hitungan, _terhitung(bacaan, aturan, hitungan))


def _terhitung(bacaan: Bacaan, aturan: Aturan, hitungan: Hitungan) -> Terhitung:
    kwh, daya = hitungan.kwh, None if hitungan.daya_rusak else bacaan.daya
    if kwh is None:
        return Terhitung()
    kali = KONTEKS.multiply
    bulan_lalu, rata3 = _tidak_negatif(bacaan.pemkwh_lalu), _tidak_negatif(bacaan.pemkwh_rata3)
    try:
        dua = kali(kwh, _DUA)
        banding = (
            None if bulan_lalu is None else kali(bulan_lalu, _TIGA),
            None if rata3 is None else kali(rata3, _TIGA),
        )
        if daya is None:
            return Terhitung(None, NOL, NOL, NOL, None, dua, *banding)
        seribu = kali(kwh, SERIBU)
        if berubah_daya(bacaan) and not hitungan.abonemen:
            lama = (bacaan.pilihan or TANPA_PILIHAN).daya_lama or daya
            if hitungan.bagian is None:
                daya = min(lama, daya)
            else:
                sebelum, sesudah = hitungan.bagian
                seribu = kali(KONTEKS.add(kali(sebelum, daya), kali(sesudah, lama)), SERIBU)
                daya = kali(lama, daya)
        ambang = kali(aturan.batas_jam_nyala, daya), kali(JAM_PENUH, daya), kali(JAM_RENDAH, daya)
        return Terhitung(seribu, *ambang, bagi_tiga_desimal(seribu, daya), dua, *banding)
    except DecimalException:
        return Terhitung(rusak=True)


def _tidak_negatif(nilai: Decimal | None) -> Decimal | None:
    return nilai if nilai is not None and nilai >= NOL else None

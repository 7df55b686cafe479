"""``ap2t jadwal``: what is due and not open, what a look would do, what a month brings. Nothing is changed.

Exit code 0, also where something is late; 1 where it could not be looked at, 2 for wrong usage.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from ap2t import setelan
from ap2t.cli.audit import buka_buku, tempat_dikenal
from ap2t.cli.keluaran import Format, Ke, PilihFormat, tulis
from ap2t.cli.umum import Unitup, buka_layanan
from ap2t.domain.kontrak import periksa_thblrek
from ap2t.domain.teks import hari
from ap2t.galat import MasukanTidakSah
from ap2t.jadwal import catatan as jadwal
from ap2t.jadwal.catatan import Catatan
from ap2t.jadwal.prakiraan import Prakiraan, prakiraan
from ap2t.jadwal.tengok import Pengaturan, uji_coba

jadwal_app = typer.Typer(no_args_is_help=True, help="Jadwal hari baca: yang jatuh tempo, uji coba, dan prakiraan.")
ANGKA = ("pelanggan", "terisi", "terverifikasi", "terkirim")
KOLOM = (
    *("unitup", "thblrek", "hari_baca", "keadaan", "jatuh_tempo", "tenggat", *ANGKA),
    *("ditengok_pada", "lewat_sejak", "dibuka_pada", "run_id"),
)
JUDUL = {
    "unitup": "Unit",
    "thblrek": "Bulan",
    "hari_baca": "Hari baca",
    "keadaan": "Keadaan",
    "jatuh_tempo": "Jatuh tempo",
    "tenggat": "Tenggat",
    "pelanggan": "Pelanggan",
    "terisi": "Terisi",
    "terverifikasi": "Terverifikasi",
    "terkirim": "Terkirim",
    "ditengok_pada": "Ditengok",
}
JUDUL_TENGOK = {**{kunci: JUDUL[kunci] for kunci in KOLOM[:10]}, "kalimat": "Keterangan"}
JUDUL_PRAKIRAAN = {
    "jatuh_tempo": "Jatuh tempo",
    "unit": "Unit",
    "kelompok": "Kelompok",
    "pelanggan": "Pelanggan",
    "menurut_lalu": "di antaranya menurut bulan lalu",
}
BULAN_AWAL = "000001"
MUNDUR_SEMUA = timedelta(days=62)
"""How far back ``--semua`` shows what was opened."""


def _baris(isi: dict[str, Any], **lain: Any) -> dict[str, Any]:
    """Return a row as it is handed out: a day as text, the same in every format."""
    return {**isi, "jatuh_tempo": isi["jatuh_tempo"].isoformat(), **lain}


def _keadaan(catatan_jatuh: Catatan, hari_ini: date, mundur: int) -> str:
    if catatan_jatuh.dibuka_pada is not None:
        return f"DIBUKA ({catatan_jatuh.sebab})"
    if catatan_jatuh.jatuh_tempo > hari_ini and catatan_jatuh.ditengok_pada is None:
        return "BELUM JATUH TEMPO"
    if catatan_jatuh.jatuh_tempo < hari_ini - timedelta(days=mundur + 1):
        return "TERLEWAT"
    if catatan_jatuh.run_id is not None:
        return "SEDANG DIBUKA"
    return "LEWAT TENGGAT" if catatan_jatuh.lewat_sejak is not None else "DITUNGGU"


@jadwal_app.command()
def lihat(
    unitup: Unitup = None,
    semua: Annotated[bool, typer.Option("--semua", help="Juga yang sudah dibuka dan yang belum jatuh tempo.")] = False,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Kelompok yang jatuh tempo dan belum dibuka, menurut tengokan terakhir: angkanya, tenggatnya, lewat atau tidak.

    TERLEWAT: jatuh tempo lebih lama dari AP2T_JADWAL_MUNDUR_HARI; jadwal tidak membukanya lagi, mulai sendiri.
    """
    hari_ini = hari(datetime.now(UTC))
    mundur = setelan.jadwal_mundur_hari()
    with buka_buku() as buku:
        kode = tempat_dikenal(buku, unitup)
        with buku.transaksi() as tx:
            catatan = jadwal.ambil(tx, BULAN_AWAL, hari_ini - MUNDUR_SEMUA, kode)

        def baris() -> Iterator[dict[str, Any]]:
            for catatan_jatuh in catatan:
                keadaan = _keadaan(catatan_jatuh, hari_ini, mundur)
                if semua or (catatan_jatuh.dibuka_pada is None and keadaan != "BELUM JATUH TEMPO"):
                    yield _baris(catatan_jatuh._asdict(), keadaan=keadaan)

        tulis(KOLOM, baris(), bentuk, ke, judul=JUDUL, lembar="jadwal")


@jadwal_app.command()
def tengok(unitup: Unitup = None, bentuk: PilihFormat = Format.TABEL, ke: Ke = None) -> None:
    """Uji coba satu tengokan, kini: apa yang akan dibuka, apa yang ditunggu dan mengapa. Tidak ada yang diubah."""
    with buka_layanan() as layanan:
        kode = tempat_dikenal(layanan.buku, unitup)
        putusan, cacat = uji_coba(layanan, Pengaturan.berlaku())
        baris = (
            _baris(
                putusan.catatan._asdict(), **putusan.angka._asdict(), keadaan=putusan.keadaan, kalimat=putusan.kalimat
            )
            for putusan in putusan
            if kode in (None, putusan.catatan.unitup)
        )
        tulis((*KOLOM[:10], "kalimat"), baris, bentuk, ke, judul=JUDUL_TENGOK, lembar="tengok")
    for unit, cacat_ini in cacat:
        if kode in (None, unit):
            typer.echo(f"CACAT KALENDER unit {unit} bulan {cacat_ini.thblrek}: {cacat_ini.kalimat}", err=True)


@jadwal_app.command("prakiraan")
def prakiraan_bulan(
    thblrek: Annotated[str, typer.Option(help="Bulan rekening TTTTBB.")],
    unitup: Unitup = None,
    per_unit: Annotated[bool, typer.Option("--per-unit", help="Satu baris tiap unit dan hari.")] = False,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Prakiraan satu bulan menurut kalender baca: tiap hari berapa kelompok dan pelanggan jatuh tempo.

    Pelanggan yang daftarnya belum ada di ACMT dihitung menurut bulan sebelumnya.
    """
    with buka_layanan() as layanan:
        bulan, kode = periksa_thblrek(thblrek), tempat_dikenal(layanan.buku, unitup)
        isi = prakiraan(layanan, bulan, setelan.kelompok(), kode, per_unit=per_unit or bool(kode))
        if not isi:
            raise MasukanTidakSah(
                f"Kalender baca ACMT tidak memuat bulan {bulan} {f'unit {kode}' if kode else 'unit mana pun'}: tidak "
                "ada yang dapat diperkirakan. Periksa bulannya, atau minta unit mengisi kalendernya."
            )
        judul = {"unitup": "Unit", **JUDUL_PRAKIRAAN} if per_unit or kode else JUDUL_PRAKIRAAN
        tulis(
            Prakiraan._fields,
            (_baris(prakiraan._asdict()) for prakiraan in isi),
            bentuk,
            ke,
            judul=judul,
            lembar="prakiraan",
        )

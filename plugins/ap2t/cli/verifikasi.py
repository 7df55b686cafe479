"""``ap2t verifikasi``: how Pengawas and Admin Vendor verified the customers of one session."""

from __future__ import annotations

from typing import Annotated

import typer

from ap2t.cli.keluaran import Format, Ke, PilihFormat, keluarkan
from ap2t.cli.umum import Unitup, buka_lihat, kabar, tempat_dikenal
from ap2t.domain.teks import ribuan
from ap2t.lihat import cara_verifikasi
from ap2t.lihat.cara_verifikasi import CaraVerifikasi, PilihanBaris, RingkasPetugas
from ap2t.lihat.lembar import judul
from ap2t.proses.cuplik import sejak_cuplikan

BATAS_TABEL = 50
"""Customers of a table where nothing else is asked; CSV, JSON and XLSX have no limit of their own."""
JUDUL_BARIS = {
    "idpel": "Idpel",
    "dlpd": "DLPD",
    "hasil": "Saringan",
    "tgl_baca": "Dibaca",
    "pengawas": "Pengawas",
    "pengawas_pada": "diverifikasi",
    "pengawas_jam": "jam sesudah baca",
    "vendor": "Admin Vendor",
    "vendor_pada": "diverifikasi ",
    "vendor_jam": "jam sesudah baca ",
    "diubah_pada": "Data diubah",
    "berubah": "Berubah sesudahnya",
    "kwh": "kWh",
    "kwh_lalu": "Bulan lalu",
    "kwh_rata3": "Rata-rata 3",
    "rantai": "Terhadap yang terakhir disahkan",
    "foto": "Foto",
}
JUDUL_ORANG = judul(
    *RingkasPetugas._fields,
    tercepat_menit="Tercepat (menit)",
    tengah_menit="Tengah (menit)",
    serentak="Terbanyak serentak",
    serentak_persen="%",
    dlpd="DLPD",
    dlpd_persen="% ",
)


def verifikasi(
    nomor: Annotated[str | None, typer.Option("--sesi", help="Nomor sesi, PS-…")] = None,
    unitup: Unitup = None,
    thblrek: Annotated[str | None, typer.Option(help="Bulan rekening TTTTBB; kosong: yang terbaru.")] = None,
    hari_baca: Annotated[str | None, typer.Option(help="Kode kelompok hari baca.")] = None,
    dlpd: Annotated[bool, typer.Option("--dlpd", help="Hanya yang perlu diperhatikan.")] = False,
    oleh: Annotated[str | None, typer.Option(help="Hanya yang diverifikasi orang ini.")] = None,
    sampel: Annotated[bool, typer.Option("--sampel", help="Hanya sampel pemeriksaan sesi itu.")] = False,
    batas: Annotated[int | None, typer.Option(help="Paling banyak berapa pelanggan; tabel: 50.", min=1)] = None,
    ringkas: Annotated[bool, typer.Option("--ringkas", help="Hanya ringkasan tiap orang.")] = False,
    menit: Annotated[int, typer.Option(help="Serentak: diverifikasi dalam sekian menit.", min=1, max=1440)] = 1,
    kini: Annotated[bool, typer.Option("--kini", help="Lihat ACMT sekarang: apa yang berubah sesudahnya.")] = False,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Siapa memverifikasi, kapan, seberapa cepat sesudah dibaca; DLPD dahulu, dengan kWh bulan lalu dan fotonya."""
    if nomor is not None and (unitup or thblrek or hari_baca):
        raise typer.BadParameter("--unitup, --thblrek, dan --hari-baca hanya tanpa --sesi.")
    with buka_lihat() as layanan:
        buku = layanan.buku
        unit = None if nomor is not None else tempat_dikenal(layanan, unitup, thblrek, hari_baca)
        with buku.transaksi() as tx:
            sesi = cara_verifikasi.cari_sesi(tx, nomor, unitup=unit, thblrek=thblrek, hari_baca=hari_baca)
            pilihan = PilihanBaris(dlpd, cara_verifikasi.pastikan_memverifikasi(tx, sesi, oleh), sampel)
        # ACMT is asked with no transaction of the ledger open
        beda = sejak_cuplikan(buku, layanan.sumber, sesi) if kini and not ringkas else None
        tabel, zona = bentuk is Format.TABEL, sesi.zona_waktu
        with buku.transaksi() as tx:
            if ringkas or tabel:
                kabar(f"Sesi {sesi.nomor} ({sesi.tempat}), putaran {sesi.putaran}, {sesi.status}.")
                orang = (petugas._asdict() for petugas in cara_verifikasi.ringkas_petugas(tx, sesi, menit))
                keluarkan(RingkasPetugas._fields, orang, bentuk, ke if ringkas else None, judul=JUDUL_ORANG, zona=zona)
                if ringkas:
                    return
                typer.echo("")
            maks = batas or (BATAS_TABEL if tabel else None)
            semua = cara_verifikasi.alirkan_baris(tx, sesi, pilihan._replace(batas=maks), beda)
            isi = (pelanggan._asdict() for pelanggan in semua)
            kolom = CaraVerifikasi._fields
            jumlah = keluarkan(kolom, isi, bentuk, ke, judul=JUDUL_BARIS, zona=zona, lembar="verifikasi")
        if tabel and jumlah == maks:
            kabar(f"Hanya {ribuan(jumlah)} pelanggan pertama; selebihnya dengan --batas atau --format.")

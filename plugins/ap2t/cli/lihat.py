"""``ap2t rekap | status | pengembalian | pemeriksaan | sesi | bukti``: where all stand, and what was approved.

docs/operator/status.md explains each word. Exit code 0 where all holds, 1 where something does not (told in one line),
2 for wrong usage. Nothing is changed. Where the auditor's connection (``cmt_db_auditor``) is set the ledger is read as
that role. ACMT and AP2T are asked only where their connections are set, and never about the past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ap2t import jam, koneksi, setelan
from ap2t.cli.keluaran import Format, Ke, PilihFormat, keluarkan
from ap2t.cli.umum import Unitup, buka_lihat, kabar, tempat_dikenal
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.kode import JenisSesi, StatusSesi
from ap2t.domain.model import Tempat, Unit
from ap2t.domain.status import TindakLanjut
from ap2t.domain.teks import ZONA_PUSAT, daftar, ribuan, setempat
from ap2t.galat import MasukanTidakSah
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.lihat import fakta, rekap_bulan
from ap2t.lihat.bukti import KOLOM as KOLOM_BUKTI
from ap2t.lihat.bukti import buka_bukti
from ap2t.lihat.fakta import BarisPutaran
from ap2t.lihat.kenal import Kenal
from ap2t.lihat.lembar import judul
from ap2t.lihat.pengembalian import BarisPengembalian, pengembalian_bulan
from ap2t.lihat.rekap_bulan import BarisRekap, Tingkat
from ap2t.lihat.status_pelanggan import Mata, Rincian, Saring, StatusPelanggan, daftar_status, pelanggan, per_kelompok
from ap2t.proses.layanan import Layanan

Thblrek = Annotated[str | None, typer.Option(help="Bulan rekening TTTTBB.")]
HariBaca = Annotated[str | None, typer.Option(help="Kode kelompok hari baca.")]
Pada = Annotated[
    str | None,
    typer.Option(help='Keadaan pada saat lampau, menurut buku: "2026-06-03 14:05" (WIB) atau dengan +07:00.'),
]
DariBuku = Annotated[bool, typer.Option("--buku", help="Menurut buku saja: ACMT dan AP2T tidak ditanya.")]

KOLOM_STATUS = (
    *("unitup", "thblrek", "hari_baca", "idpel", "status", "tahap", "sebab", "dlpd", "kwh", "jam_nyala"),
    *("menurut", "sejak", "sesi", "catatan"),
)
KOLOM_RIWAYAT = ("unitup", "thblrek", "hari_baca", "idpel", "pada", "apa", "oleh", "sesi", "keterangan")
KOLOM_SESI = (
    *("sesi", "jenis", "unitup", "thblrek", "hari_baca", "putaran", "status", "tahap", "dimulai", "pemicu"),
    *("berakhir", "keterangan", "dag_id", "run_id"),
)
JUDUL_SESI = {nama: nama for nama in ("sesi", "status", "tahap", "dimulai", "pemicu", "keterangan")}
JUDUL_SESI |= {"sesi": "nomor", "pemicu": "oleh"}
JUDUL_PUTARAN = judul(
    *("hari_baca", "putaran", "jenis", "status", "dimulai", "pemicu", "pengesah", "dijawab", "cuplikan", "lolos"),
    *("ditahan", "sudah_disahkan", "dibatalkan", "kwh_disahkan"),
    pemicu="Oleh",
    sudah_disahkan="Disahkan (+/-)",
    dibatalkan="Dibatalkan (+/-)",
    kwh_disahkan="kWh (+/-)",
)
_JUDUL_TINGKAT = {
    Tingkat.KELOMPOK: {},
    Tingkat.UNIT: {"unitup": "Unit"},
    Tingkat.AREA: {"unitap": "Area"},
    Tingkat.WILAYAH: {"unitupi": "Wilayah"},
}
JUDUL_STATUS = judul(
    *("hari_baca", "idpel", "status", "tahap", "sebab", "dlpd", "menurut", "sejak", "sesi"),
    idpel="Pelanggan",
    dlpd="DLPD",
)
JUDUL_PENGEMBALIAN = judul(
    *("hari_baca", "idpel", "nama", "keadaan", "alasan", "dikembalikan", "umur_hari", "batas", "terlambat", "putaran"),
    idpel="Pelanggan",
    umur_hari="Hari",
)
KOLOM_PEMERIKSAAN = ("unitup", "thblrek", "hari_baca", "hasil", "tindak_lanjut", "pelanggan")
JUDUL_PEMERIKSAAN = judul(*KOLOM_PEMERIKSAAN[2:])
BATAS_LAYAR = 200
"""Customers listed on the screen unless ``--batas`` says otherwise."""


def baca_saat(pada: str | None) -> datetime | None:
    """Read an instant: ISO 8601, Jakarta's time where no offset is given. Anything else: BadParameter."""
    if pada is None:
        return None
    try:
        saat = datetime.fromisoformat(pada.strip())
    except ValueError:
        raise typer.BadParameter(f'--pada {pada!r} bukan waktu: tulis misalnya "2026-06-03 14:05".') from None
    saat = saat if saat.tzinfo else saat.replace(tzinfo=ZoneInfo(ZONA_PUSAT))
    try:
        return saat.astimezone(UTC)
    except OverflowError:
        raise typer.BadParameter(f"--pada {pada!r} di luar kalender.") from None


@contextmanager
def buka_mata(*, pada: str | None = None, hanya_buku: bool = False, ap2t: bool = True) -> Iterator[Mata]:
    """Open what may be looked at. What is not set is said once."""
    saat = baca_saat(pada)
    with buka_lihat() as layanan:
        if hanya_buku or saat is not None:
            yield Mata(layanan.buku, pada=saat)
            return
        acmt = layanan.sumber if koneksi.ada(koneksi.ACMT) else None
        klien = layanan.ap2t_baca() if ap2t and koneksi.ada(koneksi.AP2T) else None
        if acmt is None:
            kabar("Koneksi acmt_db tidak diisi: keadaan di ACMT seperti terakhir dilihat sesi, bukan kini.")
        yield Mata(layanan.buku, acmt, klien, sekarang=jam.sekarang())


# ------------------------------------------------------------------------------------------------------------- rekap


def rekap(
    unitup: Annotated[list[str] | None, typer.Option(help="Kode unit, lima angka; boleh diulang.")] = None,
    unitap: Annotated[str | None, typer.Option(help="Semua unit satu area (perlu ACMT).")] = None,
    unitupi: Annotated[str | None, typer.Option(help="Semua unit satu wilayah (perlu ACMT).")] = None,
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
    per: Annotated[str, typer.Option(help="kelompok, putaran, unit, area, atau wilayah.")] = "kelompok",
    pada: Pada = None,
    buku: DariBuku = False,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Rekap unit dan bulan: tiap kelompok atau putaran, dan jumlahnya tiap unit, area, atau wilayah.

    Satu unit: ACMT dan AP2T ditanya kini. Area, wilayah, beberapa unit, --pada, --per putaran, atau --buku: menurut
    buku, dengan keadaan ACMT seperti terakhir dilihat sesi.
    """
    if per not in ("putaran", *(tingkat.lower() for tingkat in Tingkat)):
        raise typer.BadParameter("--per: kelompok, putaran, unit, area, atau wilayah.")
    if not (unitup or unitap or unitupi):
        raise typer.BadParameter("Sebut --unitup, --unitap, atau --unitupi.")
    with buka_mata(pada=pada) as mata:
        _pastikan_tempat(mata, unitup, thblrek, hari_baca, hanya_buku=buku)
        perlu = per in ("area", "wilayah") or bool(unitap or unitupi)
        if perlu or not (buku or mata.pada is not None or per == "putaran"):
            wilayah = _unit_diminta(unitup or [], unitap, unitupi, perlu=perlu)
        else:  # by the ledger alone: ACMT may be away, or have the unit no more
            wilayah = dict.fromkeys(unitup or [])
        satu = len(wilayah) == 1 and not (unitap or unitupi)
        langsung = not buku and mata.acmt is not None and satu and per != "putaran"
        if langsung:
            [unit] = wilayah.values()
            assert unit is not None and mata.acmt is not None  # noqa: S101, PT018 -- ACMT is there
            if hari_baca:
                kelompok = [hari_baca]
            elif thblrek:
                kelompok = [tempat.hari_baca for tempat in _kelompok_dikenal(mata, unit.unitup, thblrek, None)]
            else:  # the calendar tells a kelompok's month, but not which kelompok there are
                kelompok = list(setelan.kelompok())
            baris: Sequence[BarisRekap] = rekap_bulan.rekap_langsung(mata, unit, kelompok, thblrek, kabar)
        else:
            bulan = _bulan_diminta(mata, list(wilayah), thblrek)
            if per == "putaran":
                putaran = rekap_bulan.putaran_buku(mata.buku, list(wilayah), bulan, hari_baca, mata.pada)
                isi = (satu._asdict() for satu in putaran)
                keluarkan(BarisPutaran._fields, isi, bentuk, ke, judul=JUDUL_PUTARAN, lembar="putaran")
                return
            kenal = {kode: unit for kode, unit in wilayah.items() if unit is not None}
            baris = rekap_bulan.rekap_buku(mata.buku, list(wilayah), bulan, hari_baca, mata.pada, kenal)
        _tulis_rekap(baris, Tingkat(per.upper()), bentuk, ke)


def _unit_diminta(unitup: list[str], unitap: str | None, unitupi: str | None, *, perlu: bool) -> dict[str, Unit | None]:
    """Return the units asked for, with area and region where ACMT may be asked for them.

    :raises MasukanTidakSah: area or region are needed and ACMT is not there, or no unit is of them.
    """
    diminta = list(dict.fromkeys(unitup))
    if not koneksi.ada(koneksi.ACMT):
        if perlu:
            raise MasukanTidakSah(
                "Area dan wilayah unit hanya ada di ACMT (v_unit): isi koneksi acmt_db, atau sebut --unitup."
            )
        return dict.fromkeys(diminta)
    with Layanan() as layanan:
        if not perlu:
            return {unit: layanan.sumber.unit(unit, untuk_dilihat=True) for unit in diminta}
        semua = layanan.sumber.semua_unit()
    ada = {
        unit.unitup: unit
        for unit in semua
        if (not diminta or unit.unitup in diminta) and unitap in (None, unit.unitap) and unitupi in (None, unit.unitupi)
    }
    if not ada or set(diminta) - set(ada):
        raise MasukanTidakSah("Tidak ada unit itu di ACMT (v_unit). Periksa --unitup, --unitap, --unitupi.")
    return dict(ada)


def _bulan_diminta(mata: Mata, unit: list[str], thblrek: str | None) -> str:
    if thblrek:
        return thblrek
    with mata.buku.transaksi() as tx:
        bulan = fakta.bulan_terakhir(tx, unit, mata.pada)
    if bulan is None:
        raise MasukanTidakSah(f"Unit {daftar(unit, 5)} belum punya sesi di buku. Sebut --thblrek untuk melihat ACMT.")
    kabar(f"Bulan terakhir menurut buku: {bulan}.")
    return bulan


def _tulis_rekap(baris: Sequence[BarisRekap], tingkat: Tingkat, bentuk: Format, ke: Path | None) -> None:
    """Write rows of kelompok with the totals of their units behind, or the totals of a level alone."""
    if tingkat is Tingkat.KELOMPOK:
        semua = [*baris, *rekap_bulan.jumlahkan(baris, Tingkat.UNIT)]
    else:
        semua = rekap_bulan.jumlahkan(baris, tingkat)
    judul = {**_JUDUL_TINGKAT[tingkat], **rekap_bulan.JUDUL}
    keluarkan(BarisRekap._fields, (isi._asdict() for isi in semua), bentuk, ke, judul=judul, lembar="rekap")
    if bentuk is Format.TABEL and ke is None:
        _sebut_asal(baris)


def _sebut_asal(baris: Sequence[BarisRekap]) -> None:
    acmt = min((rekap.acmt_pada for rekap in baris if rekap.acmt_pada), default=None)
    if acmt is not None:
        serentak = all(rekap.acmt_pada == acmt for rekap in baris)
        kabar(f"ACMT dilihat {setempat(acmt)}{'.' if serentak else ' atau sesudahnya.'}")
    ap2t = next((rekap.ap2t_pada for rekap in baris if rekap.ap2t_pada), None)
    kabar(f"Belum/sudah disahkan menurut AP2T {setempat(ap2t)}." if ap2t else "Belum/sudah disahkan menurut buku.")
    beda = [f"{rekap.hari_baca} ({rekap.selisih_ap2t:+d})" for rekap in baris if rekap.selisih_ap2t]
    if beda:
        kabar(f"AP2T berbeda dari buku pada kelompok {daftar(beda)}: diubah di luar sistem, atau belum direkonsiliasi.")


# ------------------------------------------------------------------------------------------------------------ status


def status(
    idpel: Annotated[str | None, typer.Argument(help="Satu pelanggan, 12 angka: status dan riwayatnya.")] = None,
    unitup: Unitup = None,
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
    menurut_status: Annotated[
        list[str] | None, typer.Option("--status", help="Hanya status ini; boleh diulang.")
    ] = None,
    dlpd: Annotated[list[Dlpd] | None, typer.Option(help="Hanya yang bertanda DLPD ini; boleh diulang.")] = None,
    alasan: Annotated[list[str] | None, typer.Option(help="Hanya yang sebabnya ini; boleh diulang.")] = None,
    batas: Annotated[int | None, typer.Option(help="Paling banyak berapa; 0: semua.", min=0)] = None,
    pada: Pada = None,
    buku: DariBuku = False,
    ap2t: Annotated[bool, typer.Option("--ap2t", help="Tanyakan juga daftar AP2T kini (sekelompok penuh).")] = False,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Status satu pelanggan dengan riwayatnya, atau daftar status pelanggan satu unit."""
    if idpel is None and not unitup:
        raise typer.BadParameter("Sebut IDPEL, atau --unitup untuk daftar.")
    if idpel is not None and (hari_baca or menurut_status or dlpd or alasan or batas is not None):
        raise typer.BadParameter(
            "--hari-baca, --status, --dlpd, --alasan, dan --batas hanya untuk daftar, tanpa IDPEL."
        )
    diminta = daftar_status(menurut_status or [])
    with buka_mata(pada=pada, hanya_buku=buku, ap2t=ap2t) as mata:
        sebab = _pastikan_tempat(mata, [unitup] if unitup else [], thblrek, hari_baca, alasan or [])
        if idpel is not None:
            _tulis_rincian(pelanggan(mata, idpel.strip(), unitup, thblrek), bentuk, ke)
            return
        saring = Saring(diminta, frozenset(dlpd or []), sebab)
        semua = list(_kelompok_dikenal(mata, str(unitup), thblrek, hari_baca))
        _sebut_arsip(mata, semua)
        _tulis_daftar(mata, semua, saring, batas, bentuk, ke)


def _pastikan_tempat(
    mata: Mata,
    unitup: Sequence[str] | None,
    thblrek: str | None,
    hari_baca: str | None,
    sebab: Sequence[str] = (),
    *,
    hanya_buku: bool = False,
) -> frozenset[str]:
    """Return the reasons asked for. Units, month, kelompok or reasons that are not real: MasukanTidakSah."""
    sumber = mata.acmt
    kenal = Kenal(mata.buku, None if sumber is None or hanya_buku else (lambda: sumber), kabar)
    return kenal.sebab(kenal.tempat(unitup or (), thblrek, hari_baca), sebab)


def _sebut_arsip(mata: Mata, semua: Sequence[Tempat]) -> None:
    """Say of which months the ledger knows the outcomes alone."""
    with mata.buku.transaksi() as tx:
        for unitup, bulan in sorted({(tempat.unitup, tempat.thblrek) for tempat in semua}):
            if jumlah := tx.jalankan("arsip_bulan", unitup=unitup, thblrek=bulan).scalar_one():
                kabar(
                    f"Bacaan {ribuan(jumlah)} sesi unit {unitup} bulan {bulan} sudah diarsipkan: status menurut "
                    "saringan dan hasilnya; stan dan nama tidak ada lagi di buku."
                )


def _kelompok_dikenal(mata: Mata, unitup: str, thblrek: str | None, hari_baca: str | None) -> Iterator[Tempat]:
    """Yield the kelompok of a unit's month that calendar or ledger know. No month is known: MasukanTidakSah."""
    bulan = _bulan_diminta(mata, [unitup], thblrek)
    if hari_baca:
        yield Tempat(unitup, bulan, hari_baca)
        return
    kode = {baris.hari_baca for baris in mata.acmt.jadwal(unitup, bulan)} if mata.acmt is not None else set()
    with mata.buku.transaksi() as tx:
        kode |= {sesi.baris.hari_baca for sesi in fakta.jumlah_sesi(tx, [unitup], bulan, None, mata.pada)}
    yield from (Tempat(unitup, bulan, kelompok) for kelompok in sorted(kode))


def _tulis_daftar(
    mata: Mata, kelompok: list[Tempat], saring: Saring, batas: int | None, bentuk: Format, ke: Path | None
) -> None:
    if batas is None:
        batas = BATAS_LAYAR if bentuk is Format.TABEL and ke is None else 0
    semua = (_baris_status(satu) for tempat in kelompok for satu in per_kelompok(mata, tempat, saring))
    baris = islice(semua, batas) if batas else semua
    jumlah = keluarkan(KOLOM_STATUS, baris, bentuk, ke, judul=JUDUL_STATUS, lembar="status")
    if batas and jumlah == batas and next(semua, None) is not None:
        kabar(f"Masih ada lagi sesudah {ribuan(batas)} yang pertama; pakai --batas 0, atau --format csv --ke BERKAS.")


def _baris_status(status: StatusPelanggan) -> dict[str, Any]:
    keadaan = status.keadaan
    isi = {**status._asdict(), **status.tempat._asdict(), **keadaan._asdict()}
    return isi | {"sejak": keadaan.pada, "sesi": keadaan.nomor}


def _tulis_rincian(rincian: Rincian, bentuk: Format, ke: Path | None) -> None:
    """Write what happened, and the status: above it on the screen, as the last row elsewhere.

    Month by month in sentences it is told on the screen alone.
    """
    zona, status = rincian.zona or ZONA_PUSAT, rincian.status
    tempat, keadaan = status.tempat, status.keadaan
    siapa = {**tempat._asdict(), "idpel": status.idpel}
    baris = [{**siapa, **peristiwa._asdict(), "sesi": peristiwa.nomor} for peristiwa in rincian.riwayat]
    if bentuk is Format.TABEL and ke is None:
        typer.echo(f"{status.idpel} unit {tempat.unitup} bulan {tempat.thblrek} kelompok {tempat.hari_baca}")
        typer.echo(f"Status: {_kalimat_status(status, zona)}")
        for sebab in rincian.mengapa:
            tindakan = f" Perbaikan: {sebab.tindakan}." if sebab.tindakan else ""
            typer.echo(f"{sebab.kata}: {sebab.rinci}.{tindakan}")
        typer.echo()
        keluarkan(KOLOM_RIWAYAT, baris, bentuk, ke, judul={nama: nama for nama in KOLOM_RIWAYAT[4:]}, zona=zona)
        for bulan, kalimat in rincian.kisah:
            typer.echo("\n".join([f"\nBulan {bulan}", *(f"- {satu}" for satu in kalimat)]))
        return
    tahap = [f"tahap {keadaan.tahap}"] if keadaan.tahap is not keadaan.status else []
    kata = "; ".join([keadaan.status, *tahap, *keadaan.sebab, *status.catatan])
    kini = {"apa": "STATUS", "keterangan": kata, "pada": keadaan.pada, "oleh": keadaan.menurut, "sesi": keadaan.nomor}
    keluarkan(KOLOM_RIWAYAT, [*baris, {**siapa, **kini}], bentuk, ke, zona=zona, lembar="riwayat")


def _kalimat_status(status: StatusPelanggan, zona: str) -> str:
    keadaan = status.keadaan
    sebab = f" ({', '.join(keadaan.sebab)})" if keadaan.sebab else ""
    tahap = f", kini {KATA_STATUS[keadaan.tahap].lower()}" if keadaan.tahap is not keadaan.status else ""
    sejak = f" sejak {setempat(keadaan.pada, zona)}" if keadaan.pada else " kini"
    sesi = f", sesi {keadaan.nomor}" if keadaan.nomor else ""
    catatan = f". {', '.join(status.catatan)}" if status.catatan else ""
    return f"{KATA_STATUS[keadaan.status]}{sebab}{tahap} (menurut {keadaan.menurut.lower()}{sejak}{sesi}){catatan}"


def pengembalian(
    unitup: Annotated[str, typer.Option(help="Kode unit, lima angka.")],
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
    menurut_keadaan: Annotated[
        list[TindakLanjut] | None, typer.Option("--keadaan", help="Hanya keadaan ini; boleh diulang.")
    ] = None,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Pelanggan yang dikembalikan pengesah: mengapa, sejak kapan, sampai kapan, dan keadaannya kini."""
    with buka_mata(ap2t=False) as mata:
        _pastikan_tempat(mata, [unitup], thblrek, hari_baca)
        daftar_bulan = pengembalian_bulan(mata, unitup, _bulan_diminta(mata, [unitup], thblrek), hari_baca)
        if daftar_bulan.galat:
            kabar(f"{daftar_bulan.galat} Yang dituliskan menurut buku saja.")
        baris = [satu for satu in daftar_bulan.baris if not menurut_keadaan or satu.keadaan in menurut_keadaan]
        kolom, isi = BarisPengembalian._fields, (satu._asdict() for satu in baris)
        keluarkan(kolom, isi, bentuk, ke, judul=JUDUL_PENGEMBALIAN, zona=daftar_bulan.zona, lembar="pengembalian")


def pemeriksaan(
    unitup: Annotated[str, typer.Option(help="Kode unit, lima angka.")],
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Yang ditemukan SPV TE saat memeriksa satu per satu: berapa pelanggan per kelompok, hasil, dan tindak lanjut."""
    with buka_mata(hanya_buku=True, ap2t=False) as mata:
        _pastikan_tempat(mata, [unitup], thblrek, hari_baca, hanya_buku=True)
        bulan = _bulan_diminta(mata, [unitup], thblrek)
        with mata.buku.transaksi() as tx:
            tempat = {"unitup": unitup, "thblrek": bulan, "hari_baca": hari_baca}
            baris = [dict(satu) for satu in tx.jalankan("pemeriksaan_bulan", **tempat).mappings()]
        keluarkan(KOLOM_PEMERIKSAAN, baris, bentuk, ke, judul=JUDUL_PEMERIKSAAN, lembar="pemeriksaan")


# ------------------------------------------------------------------------------------------------------ sesi, bukti


def sesi(
    nomor: Annotated[str | None, typer.Argument(help="Satu sesi, PS-… atau PB-…: rinciannya.")] = None,
    unitup: Unitup = None,
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
    jenis: Annotated[str | None, typer.Option(help="PENGESAHAN atau PEMBATALAN.")] = None,
    menurut_status: Annotated[
        str | None, typer.Option("--status", help="Misalnya BERJALAN, TERHENTI, SELESAI.")
    ] = None,
    batas: Annotated[int, typer.Option(help="Paling banyak berapa.", min=1, max=100_000)] = 20,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Sesi pengesahan dan pembatalan, yang terbaru dahulu; atau rincian satu sesi."""
    if nomor is not None and (unitup or thblrek or hari_baca or jenis or menurut_status):
        raise typer.BadParameter(
            "--unitup, --thblrek, --hari-baca, --jenis, dan --status hanya untuk daftar, tanpa NOMOR."
        )
    with buka_lihat() as layanan:
        unit = None if nomor is not None else tempat_dikenal(layanan, unitup, thblrek, hari_baca)
        with layanan.buku.transaksi() as tx:
            if nomor is not None:
                _tulis_satu_sesi(tx, tx.sesi.wajib_ada(nomor), bentuk, ke)
                return
            saring = {
                "unitup": unit,
                "thblrek": thblrek,
                "hari_baca": hari_baca,
                "jenis": _salah_satu("Jenis sesi", jenis, tuple(JenisSesi)),
                "status": _salah_satu("Status sesi", menurut_status, tuple(StatusSesi)),
            }
            baris = [dict(isi) for isi in tx.jalankan("daftar_sesi", **saring, batas=batas + 1).mappings()]
            keluarkan(KOLOM_SESI, baris[:batas], bentuk, ke, judul=JUDUL_SESI, lembar="sesi")
            if len(baris) > batas:
                kabar(f"Masih ada lagi sebelum {ribuan(batas)} yang terbaru; naikkan --batas.")


def _tulis_satu_sesi(tx: Transaksi, sesi: Sesi, bentuk: Format, ke: Path | None) -> None:
    zona = sesi.zona_waktu
    jumlah = fakta.jumlah_sesi(tx, [sesi.unitup], sesi.thblrek, sesi.hari_baca)
    [putaran] = [satu.baris for satu in jumlah if satu.id == sesi.id]
    isi = {
        **putaran._asdict(),
        "tautan": [f"{nomor} {ribuan(banyak)}" for nomor, banyak in tx.pembatalan.tautan(sesi).items()],
        "sidik": sesi.sidik,
        "keterangan": sesi.keterangan,
        "jawaban_tiba": [
            f"{tiba.pelaku}: {' '.join(tiba.pilihan)}, diterima {setempat(tiba.tiba_pada, zona)}, menunggu ACMT"
            for tiba in tx.kedatangan.menunggu(sesi)
        ],
    }
    lain = ("dag_id", "run_id", "epoch", "pola", "batas_jam_nyala", "konfigurasi", "versi_aturan", "versi_kode")
    isi |= {nama: getattr(sesi, nama) for nama in lain}
    if bentuk is Format.TABEL and ke is None:
        baris = ({"hal": hal, "isi": nilai} for hal, nilai in isi.items())
        keluarkan(("hal", "isi"), baris, bentuk, ke, zona=zona)
    else:
        keluarkan(tuple(isi), [isi], bentuk, ke, zona=zona, lembar="sesi")


def _salah_satu(apa: str, kata: str | None, ada: Sequence[str]) -> str | None:
    """Return a word in capitals, or raise MasukanTidakSah where there is none like it. None stays None."""
    if kata is not None and kata.upper() not in ada:
        raise MasukanTidakSah(f"{apa} {kata} tidak dikenal. Yang ada: {', '.join(ada)}.")
    return kata and kata.upper()


def bukti(
    nomor: Annotated[str, typer.Argument(help="Nomor sesi, PS-… atau PB-….")],
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Apa yang disahkan (atau dibatalkan) satu sesi: tiap baris dan hasilnya, siapa menjawab, apakah sidiknya cocok."""
    with buka_lihat() as layanan, buka_bukti(layanan.buku, nomor) as isi:
        sesi, zona = isi.sesi, isi.sesi.zona_waktu
        kabar(
            f"{sesi.nomor}: {sesi.jenis.lower()} unit {sesi.unitup}, bulan {sesi.thblrek}, "
            f"kelompok {sesi.hari_baca}, {sesi.status}"
        )
        for jawaban in isi.jawaban:
            peran = jawaban.petugas.get("peran", "DELEGASI")
            siapa = f"{jawaban.oleh} ({peran}), {setempat(jawaban.dijawab_pada, zona)}"
            kabar(f"Jawaban ke-{jawaban.urutan}: {jawaban.keputusan} oleh {siapa}")
        if not isi.disetujui:
            kabar("Sesi ini tidak (atau belum) disetujui: tidak ada baris yang disahkan.")
        keluarkan(KOLOM_BUKTI[sesi.jenis], isi.baris, bentuk, ke, zona=zona, lembar="bukti")
        kabar(f"Sidik: {sesi.sidik or 'belum ada'}")
        if not isi.utuh:
            kabar(f"TIDAK UTUH: isi buku kini bersidik {isi.sidik_kini}. Jalankan `ap2t audit verifikasi`.")
            raise typer.Exit(1)

"""Writes the readable side of a session's file: HTML made as a stream from the JSON alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ap2t.audit.berkas.baca import BerkasSesi
from ap2t.audit.kalimat_jejak import saat_kejadian
from ap2t.domain.angka import kanonik
from ap2t.domain.kaidah.tahan import sebut_rantai
from ap2t.domain.kata import KATA_HASIL, KATA_HASIL_BATAL, KATA_KEJADIAN, KATA_RIWAYAT, di_tengah, kata, kata_batal
from ap2t.domain.kode import HasilBatal, Riwayat, StatusHasil
from ap2t.domain.model import HasilSaring
from ap2t.domain.teks import ribuan, setempat
from ap2t.ledger.jejak import Entri
from ap2t.ledger.sesi import PEMBATALAN

TEMPLAT = Path(__file__).resolve().parents[2] / "templat"
SEBUT = 5
"""Elements of a list that the timeline shows. The JSON has them all."""


class BarisBaca(NamedTuple):
    """One customer as a reader sees it: values with how each is set, and the table (``golongan``) it belongs to."""

    idpel: str
    nilai: list[tuple[str, str]]
    hasil: str
    golongan: str


def tulis_html(berkas_json: Path, html: Path) -> None:
    """Write the HTML of a session's JSON file."""
    from jinja2 import Environment, FileSystemLoader

    isi = BerkasSesi(berkas_json)
    kepala, sesi = isi.kepala, isi.kepala["sesi"]
    saat = partial(_saat, zona=sesi["zona_waktu"])
    lingkungan = Environment(
        loader=FileSystemLoader(TEMPLAT), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    lingkungan.filters |= {"saat": saat, "isi": _sebut}
    jawaban = {persetujuan["urutan"]: persetujuan for persetujuan in isi.unsur("persetujuan")}
    kembali = {idpel for persetujuan in jawaban.values() for idpel in persetujuan["kembalikan"]}
    baris = partial(_baris_baca, isi, kembali)
    alir = lingkungan.get_template("berkas.html.j2").stream(
        **kepala,
        gerbang=[{**gerbang, "jawaban": jawaban.get(gerbang["urutan"])} for gerbang in isi.unsur("gerbang")],
        ringkasan=[
            *_ringkasan(kepala, saat, Counter(baris_baca.golongan for baris_baca in baris())),
            *(
                (f"Dilihat {orang['oleh']}", f"{ribuan(orang['ditandai'])} dari {ribuan(orang['dari'])} yang ditandai")
                for orang in isi.unsur("dilihat")
            ),
            *(
                (f"Diperiksa {oleh}", f"{hasil}: {ribuan(jumlah)} pelanggan")
                for (oleh, hasil), jumlah in sorted(
                    Counter((satu["oleh"], satu["hasil"]) for satu in isi.unsur("hasil_pemeriksaan")).items()
                )
            ),
        ],
        nama_kolom=KOLOM_BATAL if sesi["jenis"] == PEMBATALAN else KOLOM,
        jejak=lambda: (_kejadian(Entri(**entri), sesi["zona_waktu"]) for entri in isi.unsur("jejak")),
        terpisah=[(judul, partial(_pilih, baris, golongan)) for golongan, judul in _terpisah(sesi).items()],
        luar=partial(isi.unsur, "diluar_sistem"),
        semua=baris,
    )
    alir.enable_buffering(500)
    sementara = html.with_suffix(".baru")
    sementara.unlink(missing_ok=True)
    sementara.touch(mode=0o600)
    with sementara.open("w", encoding="utf-8") as keluaran:
        keluaran.writelines(alir)
    sementara.replace(html)


TERPISAH = {
    HasilSaring.DITAHAN: KATA_RIWAYAT[Riwayat.TERTAHAN],
    "DIKEMBALIKAN": KATA_RIWAYAT[Riwayat.DIKEMBALIKAN],
    StatusHasil.DITOLAK: KATA_HASIL[StatusHasil.DITOLAK],
    StatusHasil.BERUBAH: KATA_HASIL[StatusHasil.BERUBAH],
    "TANPA_HASIL": "Lolos saringan, belum ada hasilnya",
}
"""The tables of rows that were not approved."""
TERPISAH_BATAL = {
    HasilBatal.TIDAK: KATA_HASIL_BATAL[HasilBatal.TIDAK],
    StatusHasil.DITOLAK: KATA_HASIL[StatusHasil.DITOLAK],
    "TANPA_HASIL": "Dapat dibatalkan, belum ada hasilnya",
}
"""The tables of rows that were not cancelled."""
KOLOM = {"Tarif": "", "Daya (VA)": "angka", "kWh": "angka", "Jam nyala": "angka"}
KOLOM_BATAL = {"kWh": "angka", "Pengesahan yang dibatalkan": ""}
"""Columns of a customer, and how they are set."""


def _terpisah(sesi: dict[str, Any]) -> dict[str, str]:
    return TERPISAH_BATAL if sesi["jenis"] == PEMBATALAN else TERPISAH


def _pilih(baris: Callable[[], Iterator[BarisBaca]], golongan: str) -> Iterator[BarisBaca]:
    return (baris_baca for baris_baca in baris() if baris_baca.golongan == golongan)


def _baris_baca(isi: BerkasSesi, kembali: set[str]) -> Iterator[BarisBaca]:
    for baris in isi.baris():
        golongan, kata = _golongan(baris, kembali)
        if baris.get("lalu_bulan") and (rantai := sebut_rantai(baris)):
            kata += f"; {rantai}"
        if "no_pengesahan" in baris:
            kolom, nilai = KOLOM_BATAL, [_terbaca(baris["kwh"]), baris["no_pengesahan"] or ""]
        else:
            kwh = baris.get("kwh_kirim") or baris["kwh"]
            angka = [_terbaca(nilai) for nilai in (baris["daya"], kwh, baris["jam_nyala"])]
            kolom, nilai = KOLOM, [baris["tarif"] or "", *angka]
        yield BarisBaca(baris["idpel"] or "", list(zip(kolom.values(), nilai, strict=True)), kata, golongan)


def _golongan(baris: dict[str, str | None], kembali: set[str]) -> tuple[str, str]:
    status, kode = baris["status"], f": {baris['kode']}" if baris["kode"] else ""
    if status is not None:
        pesan = f" ({baris['pesan']})" if status == StatusHasil.BERUBAH and baris["pesan"] else ""
        return status, di_tengah(KATA_HASIL.get(status, status)) + kode + pesan
    if baris["hasil"] == HasilBatal.TIDAK:
        return HasilBatal.TIDAK, kata_batal(baris["sebab"] or "")
    if baris["hasil"] == HasilSaring.DITAHAN:
        alasan = (baris["alasan"] or "{}").strip("{}").split(",")
        return HasilSaring.DITAHAN, "ditahan: " + ", ".join(kata(apa) for apa in alasan)
    if baris["idpel"] in kembali:
        return "DIKEMBALIKAN", "dikembalikan pengesah"
    return "TANPA_HASIL", "belum ada hasilnya"


def _ringkasan(kepala: dict[str, Any], saat: Callable[[object], str], jumlah: Counter[str]) -> list[tuple[str, str]]:
    sesi, batal = kepala["sesi"], kepala["pembatalan"]
    if batal is None:
        pola = f"{sesi['pola']}, {sesi['pengesah']} pengesah, batas jam nyala {sesi['batas_jam_nyala']}"
        apa = [
            ("Pola unit", pola),
            ("Cuplikan", f"{ribuan(jumlah.total())} pelanggan"),
            ("Disahkan", f"{ribuan(jumlah[StatusHasil.POSTING] + jumlah[StatusHasil.SUDAH_POSTING])} pelanggan"),
        ]
    else:
        diminta = f", {ribuan(len(batal['diminta']))} idpel" if batal["diminta"] else ""
        apa = [
            ("Alasan", batal["alasan"]),
            ("Cakupan", f"{batal['cakupan']}{diminta}"),
            ("Dibatalkan", f"{ribuan(jumlah[StatusHasil.BATAL])} pelanggan"),
            ("Sudah dibatalkan pihak lain", f"{ribuan(jumlah[StatusHasil.BELUM_POSTING])} pelanggan"),
        ]
    return [
        ("Dimulai oleh", sesi["pemicu"] or "jadwal"),
        ("Dibuka", saat(sesi["dibuka_pada"])),
        ("Berakhir", saat(sesi["diakhiri_pada"]) if sesi["diakhiri_pada"] else "masih terbuka"),
        *apa,
        *((judul, f"{ribuan(jumlah[golongan])} pelanggan") for golongan, judul in _terpisah(sesi).items()),
    ]


def _kejadian(entri: Entri, zona: str) -> dict[str, Any]:
    isi = json.loads(entri.isi)
    return {
        "id": entri.id,
        "saat": setempat(saat_kejadian(entri, isi), zona),
        "nama": KATA_KEJADIAN.get(entri.jenis, entri.jenis),
        "pelaku": entri.pelaku,
        "isi": _sebut(isi),
    }


def _sebut(isi: Any) -> str:
    """Write facts on one line, long lists shortened."""
    if isinstance(isi, dict):
        terisi = {nama: nilai for nama, nilai in isi.items() if nilai not in (None, [], {}, "")}
        return "; ".join(f"{nama.replace('_', ' ')}: {_sebut_dalam(nilai)}" for nama, nilai in terisi.items())
    if isinstance(isi, list):
        lebih = f" dan {ribuan(len(isi) - SEBUT)} lainnya" if len(isi) > SEBUT else ""
        return ", ".join(_sebut_dalam(unsur) for unsur in isi[:SEBUT]) + lebih
    if isinstance(isi, bool):
        return "ya" if isi else "tidak"
    return str(isi)


def _sebut_dalam(isi: Any) -> str:
    return f"({_sebut(isi)})" if isinstance(isi, dict) else _sebut(isi)


def _saat(nilai: object, zona: str) -> str:
    return setempat(datetime.fromisoformat(str(nilai)), zona)


def _terbaca(teks: str | None) -> str:
    if teks is None:
        return ""
    nilai = Decimal(teks)
    return ribuan(Decimal(kanonik(nilai))) if nilai.is_finite() else teks

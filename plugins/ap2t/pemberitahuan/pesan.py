"""What a notification says: counts and idpel at most (invariant 7), since mail servers and chats are open to others.

Text that comes from elsewhere (a unit's name, why something failed) loses whatever a mail header, HTML or a chat's
markup could take for more than letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ap2t.domain.kata import KATA_HASIL_BATAL, kata, kata_batal
from ap2t.domain.kode import HasilBatal, TahapSesi
from ap2t.domain.teks import ribuan, satu_baris, tautan_halaman, waktu_unit
from ap2t.ledger.sesi import Sesi
from ap2t.pemberitahuan.aturan import Kabar
from ap2t.proses.rekap import hitung_dlpd

TEMPLAT = Path(__file__).resolve().parents[1] / "templat" / "pemberitahuan"
BULAN = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
SEBAB_MAKS = 600
"""Letters of a reason; the rest stands in the run's log."""


class Pesan(NamedTuple):
    """A message in parts. Both the plain text and the HTML are made of them."""

    judul: str
    pembuka: str
    rincian: list[tuple[str, str]]
    langkah: list[str]
    tautan: list[tuple[str, str]]


class Bahan(NamedTuple):
    """What a message is made of.

    ``alamat``: where people reach Airflow; None: nobody said, so there is no link.
    ``isi``: what the trail's entry says. ``urutan``: the gate. ``batas``: when its people have to have answered.
    """

    kabar: Kabar
    unitup: str
    isi: Mapping[str, Any]
    sesi: Sesi | None = None
    urutan: int | None = None
    banyak: int = 0
    batas: datetime | None = None
    tutup: datetime | None = None
    alamat: str | None = None


def polos(teks: object, maks: int = SEBAB_MAKS) -> str:
    """Return one line without what markup, a link or a mention begins with."""
    baris = re.sub(r"[*`\[\]<>~|@\\]", " ", satu_baris(" ".join(str(teks).split())))
    baris = " ".join(baris.replace("://", " ").split())
    return baris if len(baris) <= maks else f"{baris[: maks - 1].rstrip()}…"


def nama_unit(nama: object) -> str:
    """Return a unit's name as letters, digits, blanks and a few marks."""
    return polos(re.sub(r"[^\w .,()/'-]", " ", str(nama or "")), 60)


def bulan(thblrek: object) -> str:
    """Write a month: ``202606`` is ``Juni 2026``."""
    teks = str(thblrek)
    return f"{BULAN[int(teks[4:]) - 1]} {teks[:4]}" if re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", teks) else polos(teks, 10)


def susun_pesan(bahan: Bahan) -> Pesan:
    """Write a message."""
    return (_SESI if bahan.sesi is not None else _JADWAL)[bahan.kabar](bahan)


_jinja = Environment(loader=FileSystemLoader(TEMPLAT), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
_jinja_teks = _jinja.overlay(autoescape=False, lstrip_blocks=True)  # plain text


def teks(pesan: Pesan) -> str:
    """Write a message as plain text."""
    return _jinja_teks.get_template("surat.txt.j2").render(pesan._asdict()).strip() + "\n"


def html(pesan: Pesan) -> str:
    """Write a message as HTML. Everything is escaped."""
    return _jinja.get_template("surat.html.j2").render(pesan._asdict())


# --------------------------------------------------------------------------------------------------------- its parts


def _tempat(unitup: str, nama: object, thblrek: object, hari_baca: object = None) -> str:
    bersih = nama_unit(nama)
    kelompok = f", kelompok {polos(hari_baca, 2)}" if hari_baca else ""
    return f"{unitup}{f' {bersih}' if bersih else ''}{kelompok}, {bulan(thblrek)}"


def _sesi(bahan: Bahan) -> Sesi:
    assert bahan.sesi is not None  # noqa: S101 -- susun chooses by it
    return bahan.sesi


def _tempat_sesi(bahan: Bahan) -> str:
    sesi = _sesi(bahan)
    return _tempat(sesi.unitup, sesi.nama_unit, sesi.thblrek, sesi.hari_baca)


def _judul(bahan: Bahan, apa: str) -> str:
    jenis = "Pembatalan pengesahan" if _sesi(bahan).pembatalan else "Pengesahan"
    return f"{jenis} {_tempat_sesi(bahan)}: {apa}"


def _halaman(bahan: Bahan, *bagian: object) -> list[tuple[str, str]]:
    return [] if bahan.alamat is None else [("Halaman Pengesahan", tautan_halaman(bahan.alamat, *bagian))]


def _tautan(bahan: Bahan, *, sesi: bool = False, run: bool = False) -> list[tuple[str, str]]:
    """Return links to the kelompok on the page, or to one session of it, and to the run that a person has to mend."""
    dari = _sesi(bahan)
    tautan = _halaman(bahan, *dari.tempat, *([dari.nomor] if sesi else []))
    if run and bahan.alamat is not None:
        ke = f"{bahan.alamat}/dags/{quote(dari.dag_id, safe='')}/runs/{quote(dari.run_id, safe='')}"
        tautan.append(("Run di Airflow", ke))
    return tautan


def _angka_rekap(bahan: Bahan) -> list[tuple[str, str]]:
    """Return the rekap's counts: what would be done, what not and why, and what to look at."""
    sesi = _sesi(bahan)
    rekap = sesi.rekap or {}
    hasil = rekap.get("hasil", {})
    akan, tidak, nama = "Akan disahkan", "Ditahan", kata
    if sesi.pembatalan:
        akan, tidak, nama = "Akan dibatalkan", KATA_HASIL_BATAL[HasilBatal.TIDAK], kata_batal
    pasangan = ((akan, "lolos"), (tidak, "ditahan"))
    rincian = [(f"{apa} (pelanggan)", ribuan(hasil.get(kunci, 0))) for apa, kunci in pasangan]
    rincian += [(f"- {nama(baris['kode'])}", ribuan(baris["jumlah"])) for baris in rekap.get("alasan", [])]
    rincian += [(f"DLPD: {tanda}", ribuan(jumlah)) for tanda, jumlah in hitung_dlpd(rekap)]
    return rincian


def _waktu(bahan: Bahan) -> list[tuple[str, str]]:
    sesi = _sesi(bahan)
    rincian = [("Tenggat jawab", waktu_unit(bahan.batas, sesi.zona_waktu))] if bahan.batas else []
    rincian += [("Ditutup tanpa jawaban", waktu_unit(bahan.tutup, sesi.zona_waktu))] if bahan.tutup else []
    return [*rincian, ("Sesi", sesi.nomor), ("Sidik", (sesi.sidik or "-")[:12])]


def _kedua(bahan: Bahan) -> str:
    return " (persetujuan kedua)" if bahan.urutan == 2 else ""


_JAWAB = "Buka halaman Pengesahan, periksa rekapnya, lalu jawab Sah/Setuju atau Tolak. Pesan ini tidak dapat dibalas."


def _di_gerbang(bahan: Bahan, apa: str, keadaan: str, *langkah: str) -> Pesan:
    """Write of a gate that waits, ``keadaan``: what the kelompok does, and what follows."""
    rincian = [*_angka_rekap(bahan), *_waktu(bahan)]
    return Pesan(_judul(bahan, apa), f"{_tempat_sesi(bahan)} {keadaan}", rincian, list(langkah), _tautan(bahan))


def _gerbang(bahan: Bahan) -> Pesan:
    keadaan = f"menunggu Sah/Setuju{_kedua(bahan)}. Ditanyakan kepada {ribuan(bahan.banyak)} orang; satu jawaban cukup."
    apa = "menunggu Sah/Setuju"
    if bahan.isi.get("sebab"):
        apa = "menunggu Sah/Setuju lagi"
        keadaan += f" Jawaban tadi tidak dapat dipakai: {polos(bahan.isi['sebab'][-1])}"
    return _di_gerbang(bahan, f"{apa}{_kedua(bahan)}", keadaan, _JAWAB)


def _pengingat(bahan: Bahan) -> Pesan:
    sesi = _sesi(bahan)
    keadaan = f"masih menunggu Sah/Setuju{_kedua(bahan)}; separuh waktu jawabnya sudah lewat."
    sampai = f"sebelum {waktu_unit(bahan.batas, sesi.zona_waktu)}" if bahan.batas else "mendekat"
    keadaan += f" {sesi.tanpa_akibat} dengan sendirinya."
    return _di_gerbang(bahan, f"belum dijawab, tenggat {sampai}", keadaan, _JAWAB)


def _eskalasi(bahan: Bahan) -> Pesan:
    keadaan = f"belum dijawab sampai tenggatnya{_kedua(bahan)}. {_sesi(bahan).tanpa_akibat} dengan sendirinya."
    return _di_gerbang(
        bahan,
        "tenggat jawab lewat",
        f"{keadaan} Ditanyakan kepada {ribuan(bahan.banyak)} orang.",
        "Pastikan SPV TE unit itu menjawab lewat halaman Pengesahan.",
        "Bila ia berhalangan, atur delegasi pada pola unit, tandai run ini gagal, lalu mulai run baru.",
    )


def _usai(apa: str, *langkah: str) -> Callable[[Bahan], Pesan]:
    def tulis_akhir(bahan: Bahan) -> Pesan:
        sesi = _sesi(bahan)
        kalimat = polos(bahan.isi.get("keterangan") or sesi.keterangan or "Sesi sudah berakhir.")
        return Pesan(_judul(bahan, apa), kalimat, [("Sesi", sesi.nomor)], list(langkah), _tautan(bahan, sesi=True))

    return tulis_akhir


def _sukses(bahan: Bahan) -> Pesan:
    apa = polos(bahan.isi.get("keterangan") or "").partition(":")[0]
    return _usai(apa if apa.startswith("Selesai tanpa") else "Sukses")(bahan)


def _ditolak(bahan: Bahan) -> Pesan:
    sesi = _sesi(bahan)
    tetap = "semua tetap seperti semula" if sesi.pembatalan else "semua tetap belum disahkan"
    kembali = bahan.isi.get("kembalikan") or []
    rincian = [("Dikembalikan (pelanggan)", ribuan(len(kembali)))] if kembali else []
    return Pesan(
        _judul(bahan, "DITOLAK oleh pengesah"),
        f"Pengesah menjawab Tolak. {sesi.tanpa_akibat}; {tetap}.",
        [*rincian, ("Sesi", sesi.nomor)],
        ["Catatan pengesah ada di halaman. Perbaiki datanya, lalu mulai run baru."],
        _tautan(bahan, sesi=True),
    )


def _terhenti(bahan: Bahan) -> Pesan:
    langkah = [
        "Baca log tugas yang gagal; kalimat GAGAL di dalamnya menyebut apa yang harus diperbaiki.",
        "Sesudah diperbaiki, ulangi (clear) tugas itu: sesi berlanjut, dan tidak ada yang terkirim dua kali.",
        "Jangan menandai tugas berhasil: itu tidak mengesahkan apa pun.",
    ]
    if bahan.isi.get("tahap") in (TahapSesi.MEMPOSTING, TahapSesi.TERPOSTING):
        sebagian = "Sebagian mungkin sudah sampai di AP2T. Jangan memproses kelompok ini dengan cara lain dahulu."
        langkah.insert(0, sebagian)
    tahap, sebab = polos(bahan.isi.get("tahap", "-"), 40), polos(bahan.isi.get("sebab", "-"))
    pembuka, tautan = f"Run berhenti pada tahap {tahap}. Sebabnya: {sebab}", _tautan(bahan, sesi=True, run=True)
    return Pesan(_judul(bahan, "TERHENTI, perlu tindakan"), pembuka, [("Sesi", _sesi(bahan).nomor)], langkah, tautan)


def _belum_siap(bahan: Bahan) -> Pesan:
    isi = bahan.isi
    tempat = _tempat(bahan.unitup, isi.get("nama_unit"), isi.get("thblrek"), isi.get("hari_baca"))
    angka = isi.get("angka") or {}
    nama = {"pelanggan": "Pelanggan", "terisi": "Stan terisi", "terverifikasi": "Terverifikasi", "terkirim": "Terkirim"}
    rincian = [(sebutan, ribuan(int(angka[kunci]))) for kunci, sebutan in nama.items() if angka.get(kunci) is not None]
    rincian += [("Jatuh tempo", polos(isi["jatuh_tempo"], 40))] if isi.get("jatuh_tempo") else []
    return Pesan(
        f"Pengesahan {tempat}: BELUM SIAP pada tenggatnya",
        polos(isi.get("kalimat") or f"{tempat} belum siap disahkan pada tenggatnya."),
        rincian,
        [
            "Lengkapi stan, verifikasi dan pengirimannya di ACMT.",
            "Sesudah lengkap ia dimintakan Sah/Setuju dengan sendirinya; halaman Pengesahan menyebut yang kurang.",
        ],
        _halaman(bahan, bahan.unitup, isi.get("thblrek", ""), isi.get("hari_baca", "")),
    )


def _kalender(bahan: Bahan) -> Pesan:
    isi = bahan.isi
    tempat = _tempat(bahan.unitup, isi.get("nama_unit"), isi.get("thblrek"))
    cacat = list(isi.get("cacat") or [])
    rincian = []
    for satu in cacat[:20]:
        kalimat = polos(satu.get("kalimat") or satu.get("kode") or "-", 300)
        rincian.append((f"Kelompok {polos(satu.get('hari_baca') or '-', 2)}", kalimat))
    rincian += [("Lainnya", ribuan(len(cacat) - 20))] if len(cacat) > 20 else []
    return Pesan(
        f"Kalender baca {tempat}: {ribuan(len(cacat))} hal perlu diperbaiki",
        f"Kalender baca ACMT {tempat} tidak sebagaimana mestinya. Run kelompok yang tersebut bisa tidak dibuka, atau "
        "dibuka pada hari yang keliru.",
        rincian,
        ["Perbaiki kalender baca unit itu di ACMT."],
        _halaman(bahan, bahan.unitup, isi.get("thblrek", "")),
    )


_ULANGI = "Mulai run baru bagi kelompok ini, dan jawab sebelum tenggatnya."
_SESI: Mapping[Kabar, Callable[[Bahan], Pesan]] = {
    Kabar.GERBANG: _gerbang,
    Kabar.PENGINGAT: _pengingat,
    Kabar.ESKALASI: _eskalasi,
    Kabar.SUKSES: _sukses,
    Kabar.PEMBATALAN: _sukses,
    Kabar.NIHIL: _usai("tidak ada yang perlu dikerjakan"),
    Kabar.DITOLAK: _ditolak,
    Kabar.KEDALUWARSA: _usai("KEDALUWARSA, tidak dijawab", _ULANGI),
    Kabar.TERHENTI: _terhenti,
}
_JADWAL: Mapping[Kabar, Callable[[Bahan], Pesan]] = {Kabar.BELUM_SIAP: _belum_siap, Kabar.KALENDER: _kalender}

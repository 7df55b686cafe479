"""Step 5: the rekap a supervisor decides on, kept in the ledger with the digest of what it stands for."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tabulate import tabulate

from ap2t.domain.angka import kanonik
from ap2t.domain.model import Dlpd
from ap2t.domain.sampel import CARA
from ap2t.domain.teks import daftar, persen, ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger import cuplikan, jejak, sesi
from ap2t.proses.layanan import Lapor, Layanan

NAMA = {
    "BELUM_DIBACA": "Belum dibaca",
    "STAN_TIDAK_VALID": "Stan tidak valid",
    "STAN_MUNDUR": "Stan mundur",
    "KVARH_TIDAK_VALID": "kVArh tidak valid",
    "TGL_BACA_TIDAK_WAJAR": "Tanggal baca tidak wajar",
    "DAYA_TIDAK_VALID": "Daya kosong atau nol",
    "FAKTOR_TIDAK_VALID": "Faktor kali kosong atau nol",
    "DATA_TIDAK_VALID": "Data tidak sesuai kontrak",
    "GANDA": "Lebih dari sekali di ACMT",
    "SELISIH_KWH": "kWh ACMT berbeda dari hitungan",
    "JAM_NYALA": "Jam nyala di atas batas",
    "JAM_NYALA_TINGGI": "Jam nyala 720 ke atas",
    "JAM_NYALA_RENDAH": "Jam nyala di bawah 40",
    "KWH_NOL": "kWh nol",
    "ROLLOVER": "Register berputar (rollover)",
    "GANTI_METER": "Ganti meter",
    "STAN_TIDAK_SAMBUNG": "Stan lalu tidak sambung",
    "FAKTOR_BERUBAH": "Faktor kali berubah",
    "NAIK_50": "Naik 50 % atau lebih",
    "TURUN_50": "Turun 50 % atau lebih",
    "DI_ATAS_RATA3": "Di atas 1,5 x rata-rata 3 bulan",
    "TANPA_FOTO": "Tanpa foto",
}
"""What an operator reads for a reason or a DLPD flag."""


def buat_rekap(layanan: Layanan, s: sesi.Sesi, lapor: Lapor) -> sesi.Sesi:
    """Compute rekap and digest and record both; a rekap that a gate has shown is kept.

    The digest binds the rows and not the rekap: so the lot for inspection can hang on it and stand in the rekap.

    Sums are exact decimals, kept as text in the ledger's JSON.
    """
    if s.sudah("MENUNGGU_PERSETUJUAN"):
        lapor("Rekap sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return s
    with layanan.buku.transaksi() as conn:
        angka = cuplikan.angka_rekap(conn, s)
        sidik = cuplikan.sidik(conn, s)
        angka["verifikasi"] = cuplikan.angka_verifikasi(conn, s)
        if s.sampel is not None:
            angka["sampel"] = {"cara": CARA, "idpel": cuplikan.sampel(conn, s, sidik, s.sampel)}
        s = sesi.isi(conn, s, sidik, angka)
        hasil = angka["hasil"]
        jejak.catat(conn, "REKAP", {"sidik": sidik, "rekap": angka}, sesi_id=s.id)
    lapor(
        f"Rekap: {ribuan(hasil['lolos'])} pelanggan menunggu persetujuan, {ribuan(hasil['ditahan'])} ditahan; "
        f"sidik {sidik[:12]}."
        + (f" Sampel pemeriksaan: {ribuan(len(angka['sampel']['idpel']))} pelanggan." if "sampel" in angka else "")
    )
    return s


def pastikan_sidik(layanan: Layanan, s: sesi.Sesi) -> None:
    """Compute the digest anew and compare it with the session's.

    :raises BukuMenolak: if they differ.
    """
    with layanan.buku.transaksi() as conn:
        kini = cuplikan.sidik(conn, s)
    if s.sidik != kini:
        awal = "buka_pembatalan" if s.pembatalan else "ambil_bacaan"
        raise BukuMenolak(
            f"Sidik isi sesi {s.nomor} ({kini[:12]}) berbeda dari sidik rekapnya ({(s.sidik or '-')[:12]}). "
            f"{s.tanpa_akibat}; ulangi dari {awal}, atau mulai run baru bila gerbang sudah dibuka."
        )


PALING_SEDIKIT = 5
"""Fewer customers than this have no sum at the gate: it could be read as one customer's kWh (invariant 7).

Held rows have none at all: most have no kWh, and the few that have one stand beside their idpel. Of those that passed
only the ones with some kWh count, and a sum over a part of them is left out where the rest are too few.
"""


def teks_rekap(s: sesi.Sesi) -> str:
    """Write the rekap in Markdown for the gate: totals and idpel only, never one customer's kWh, stan or name."""
    angka = s.rekap or {}
    hasil = angka["hasil"]
    bagian = [
        f"### Rekap pengesahan {s.nama_unit or ''} ({s.unitup}), bulan {s.thblrek}, kelompok {s.hari_baca}, "
        f"putaran {s.putaran}",
        _tabel(
            ["", "Pelanggan", "kWh"],
            [
                ["**Akan disahkan**", ribuan(hasil["lolos"]), _jumlah(angka)],
                ["Ditahan (tetap belum disahkan)", ribuan(hasil["ditahan"]), ""],
                ["Seluruh cuplikan", ribuan(hasil["pelanggan"]), ""],
            ],
        ),
        _kalimat_lalu(angka),
        _bagian_kode("Ditahan, karena", angka["alasan"]),
        _bagian_kode("Perlu diperhatikan (DLPD) di antara yang akan disahkan", angka["dlpd"]),
        "**Sebaran jam nyala yang akan disahkan**\n\n"
        + _tabel(["Jam", "Pelanggan"], [[k["kelas"][3:], ribuan(k["jumlah"])] for k in angka["sebaran"]]),
        _bagian_verifikasi(angka.get("verifikasi", [])),
        _bagian_sampel(angka.get("sampel")),
        "Pelanggan yang disebut pada *kembalikan* (satu per baris: idpel, lalu alasannya) keluar dari persetujuan ini, "
        "dan verifikasinya di ACMT dihapus supaya diperiksa ulang. "
        f"Sesi `{s.nomor}`, sidik `{(s.sidik or '')[:16]}`.",
    ]
    return "\n\n".join(b for b in bagian if b)


def _bagian_verifikasi(peran: list[dict[str, Any]]) -> str:
    """Write how the verification was done: counts only, no people."""
    if not peran:
        return ""
    isi = [
        [
            p["peran"],
            ribuan(p["orang"]),
            ribuan(p["jumlah"]),
            "-" if p["tercepat_menit"] is None else f"{ribuan(p['tercepat_menit'])} menit",
            ribuan(p["lekas"]),
            ribuan(p["serentak"]),
        ]
        for p in peran
    ]
    kolom = ["", "Orang", "Pelanggan", "Tercepat sesudah baca", "Dalam 5 menit", "Terbanyak dalam 1 menit"]
    return "**Cara verifikasi seluruh cuplikan**\n\n" + _tabel(kolom, isi)


def _bagian_sampel(sampel: dict[str, Any] | None) -> str:
    if sampel is None:
        return ""
    idpel = sampel["idpel"]
    return f"**Sampel pemeriksaan, {ribuan(len(idpel))} pelanggan** (diundi dari sidik): {', '.join(idpel)}."


def _kalimat_lalu(angka: dict[str, Any]) -> str:
    lalu, tertinggi = angka["lalu"], angka["hasil"]["jam_nyala_tertinggi"]
    if _berkwh(angka) < PALING_SEDIKIT or lalu["pelanggan"] < PALING_SEDIKIT:
        return ""
    kalimat = f"Jam nyala tertinggi yang akan disahkan: {angka_teks(tertinggi)} jam." if tertinggi is not None else ""
    kwh, kwh_lalu = Decimal(lalu["kwh"]), Decimal(lalu["kwh_lalu"])
    sisa = angka["hasil"]["lolos"] - lalu["pelanggan"]
    dari = f"{angka_teks(kwh)} kWh dari {angka_teks(kwh_lalu)} kWh, " if sisa == 0 or sisa >= PALING_SEDIKIT else ""
    kalimat += (
        f" Terhadap bulan lalu ({ribuan(lalu['pelanggan'])} pelanggan yang punya data): {dari}{persen(kwh, kwh_lalu)}."
    )
    return kalimat.strip()


def _bagian_kode(judul: str, baris: list[dict[str, Any]]) -> str:
    if not baris:
        return ""
    isi = [[NAMA.get(b["kode"], b["kode"]), ribuan(b["jumlah"]), daftar(b["contoh"], 5)] for b in baris]
    return f"**{judul}**\n\n" + _tabel(["", "Pelanggan", "Contoh idpel"], isi)


def _jumlah(angka: dict[str, Any]) -> str:
    hasil = angka["hasil"]
    cukup = _berkwh(angka) >= PALING_SEDIKIT or not hasil["lolos"]
    return angka_teks(hasil["kwh_lolos"]) if cukup else "(terlalu sedikit untuk dijumlah)"


def _berkwh(angka: dict[str, Any]) -> int:
    """Return how many of those that passed have a kWh above nought; the others are told apart by their flag."""
    nol = next((b["jumlah"] for b in angka["dlpd"] if b["kode"] == Dlpd.KWH_NOL), 0)
    return int(angka["hasil"]["lolos"] - nol)


def angka_teks(nilai: object) -> str:
    """Write a number for a reader, three decimals at most; ``-``: there is none."""
    if nilai is None:
        return "-"
    d = Decimal(str(nilai)).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return ribuan(Decimal(kanonik(d)))


def _tabel(kolom: list[str], baris: list[list[str]]) -> str:
    return tabulate(baris, headers=kolom, tablefmt="pipe", disable_numparse=True)

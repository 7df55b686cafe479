"""Step 5: count, and take the digest of what the counts stand for. Also how the gate shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ap2t.aliran import di_belakang
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kata import KATA_DLPD, TANPA_KOLOM, TANPA_RIWAYAT, kata
from ap2t.domain.kode import JenisJejak, TahapSesi
from ap2t.domain.model import ATURAN_PRAKTIK, KOLOM_PILIHAN, mengikat
from ap2t.domain.sidik import CARA
from ap2t.domain.teks import ribuan, tabel
from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah, Layanan


def buat_rekap(langkah: Langkah) -> str | None:
    """Compute rekap and digest, record both, and return the digest. A rekap that a gate has shown is kept.

    The digest binds the rows and not the rekap. So the lot for inspection can hang on the digest and stand in the
    rekap. Sums are exact decimals, kept as text in the ledger's JSON.
    """
    sesi, lapor = langkah.sesi, langkah.lapor
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        lapor("Rekap sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return sesi.sidik
    with closing(di_belakang(_angka(langkah, sesi))) as nanti:
        sidik = sidik_kini(langkah.buku, sesi)
        (angka,) = nanti
    with langkah.buku.transaksi() as tx:
        if sesi.sampel is not None:
            angka["sampel"] = {"cara": CARA, "idpel": tx.cuplikan.sampel(sesi, sidik, sesi.sampel)}
        sesi = tx.sesi.isi(sesi, sidik, angka)
        hasil = angka["hasil"]
        tx.jejak.catat(JenisJejak.REKAP, {"sidik": sidik, "rekap": angka}, sesi_id=sesi.id)
    langkah.sesi = sesi
    lapor(
        f"Rekap: {ribuan(hasil['lolos'])} pelanggan menunggu persetujuan, {ribuan(hasil['ditahan'])} ditahan; "
        f"sidik {sidik[:12]}."
        + (f" Sampel pemeriksaan: {ribuan(len(angka['sampel']['idpel']))} pelanggan." if "sampel" in angka else "")
    )
    return sidik


def _angka(langkah: Langkah, sesi: Sesi) -> Iterator[dict[str, Any]]:
    """Yield the sums, so that they can be computed beside the digest."""
    with langkah.buku.transaksi() as tx:
        angka = tx.cuplikan.angka_rekap(sesi)
    yield angka


PEMBACA = 2
"""Connections that read what a digest is over, each every other range."""


def sidik_kini(buku: Buku, sesi: Sesi) -> str:
    """Compute a session's digest (:meth:`TabelCuplikan.sidik`), its rows read by several connections.

    Were rows changed meanwhile, it is no state's digest, and no approval is for it.
    """
    with buku.transaksi() as tx:
        ringkas, rentang = tx.cuplikan.peringkas(sesi), tx.cuplikan.rentang_sidik(sesi)
    with ExitStack() as semua:
        bagian = (_teks_sidik(buku, sesi, rentang[ke::PEMBACA]) for ke in range(min(PEMBACA, len(rentang))))
        pembaca = [
            semua.enter_context(closing(di_belakang(satu, dalam=4, nama=f"sidik-{ke}")))
            for ke, satu in enumerate(bagian)
        ]
        for ke in range(len(rentang)):
            while teks := next(pembaca[ke % PEMBACA]):
                ringkas.update(teks)
    return ringkas.hexdigest()


def _teks_sidik(buku: Buku, sesi: Sesi, rentang: list[tuple[str | None, str | None]]) -> Iterator[bytes]:
    """Stream ranges, behind each an empty text."""
    with buku.transaksi() as tx:
        for sesudah, sampai in rentang:
            yield from tx.cuplikan.teks_sidik(sesi, sesudah, sampai)
            yield b""


def pastikan_sidik(layanan: Layanan, sesi: Sesi) -> None:
    """Compute the digest anew, and refuse to go on where it is not the session's.

    :raises BukuMenolak: if they differ.
    """
    kini = sidik_kini(layanan.buku, sesi)
    if sesi.sidik != kini:
        awal = "buka_pembatalan" if sesi.pembatalan else "ambil_bacaan"
        raise BukuMenolak(
            f"Sidik isi sesi {sesi.nomor} ({kini[:12]}) berbeda dari sidik rekapnya ({(sesi.sidik or '-')[:12]}). "
            f"{sesi.tanpa_akibat}; ulangi dari {awal}, atau mulai run baru bila gerbang sudah dibuka."
        )


PALING_SEDIKIT = 50
"""With fewer customers that have some kWh the gate shows no sum."""
BAGIAN_TERBESAR = Decimal("0.1")
"""Where the largest customer has more than this share of the sum, the gate shows none."""
ANGKA_PENTING = 3
"""Significant digits of the sum at the gate."""


def kwh_gerbang(tx: Transaksi, sesi: Sesi) -> Decimal | None:
    """Return the sum of kWh that the gate may show. None: it may show none.

    Everybody who can log in to Airflow reads it. Two sums that differ by one customer would tell that customer's kWh,
    however they are rounded. So a kelompok's month has one sum at most, at the first gate that ever opened for it. It
    is rounded, stands for many customers, and none of them is a large part of it.
    """
    baris = tx.jalankan("gerbang_kwh", sesi_id=sesi.id).one()
    if baris.pernah or baris.berkwh < PALING_SEDIKIT or baris.terbesar > baris.kwh * BAGIAN_TERBESAR:
        return None
    kwh: Decimal = baris.kwh
    satuan = Decimal(1).scaleb(kwh.adjusted() - ANGKA_PENTING + 1)
    return (kwh / satuan).quantize(Decimal(1), ROUND_HALF_UP) * satuan


def teks_rekap(sesi: Sesi, kwh: Decimal | None) -> str:
    """Write the rekap in Markdown for the gate: counts, and the idpel that its approvers have to inspect.

    Everybody who can log in to Airflow reads it. What else there is the page shows, to the unit's own people.
    """
    angka = sesi.rekap or {}
    hasil = angka["hasil"]
    bagian = (
        f"### Rekap pengesahan {sesi.nama_unit or ''} ({sesi.unitup}), bulan {sesi.thblrek}, "
        f"kelompok {sesi.hari_baca}, putaran {sesi.putaran}",
        tabel_jumlah(
            [
                ("**Akan disahkan**", hasil["lolos"]),
                ("Ditahan (tetap belum disahkan)", hasil["ditahan"]),
                ("Seluruh cuplikan", hasil["pelanggan"]),
            ]
        ),
        "" if kwh is None else f"Yang akan disahkan berjumlah sekitar {ribuan(Decimal(f'{kwh:f}'))} kWh.",
        bagian_kode("Ditahan, karena", [(kata(baris["kode"]), baris["jumlah"]) for baris in angka["alasan"]]),
        bagian_kode("Perlu diperhatikan (DLPD) di antara yang akan disahkan", hitung_dlpd(angka)),
        _bagian_verifikasi(angka.get("verifikasi", [])),
        _bagian_sampel(angka.get("sampel")),
        _bagian_pilihan(sesi),
        "Pelanggan yang disebut pada *kembalikan* (satu per baris: idpel, lalu alasannya) keluar dari persetujuan ini, "
        "dan verifikasinya di ACMT dihapus supaya diperiksa ulang. "
        f"Sesi `{sesi.nomor}`, sidik `{(sesi.sidik or '')[:16]}`.",
    )
    return "\n\n".join(filter(None, bagian))


def hitung_dlpd(angka: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return how many customers that passed have which flag, by its name, as everybody may read it.

    No kWh at all counts as a low jam nyala. Were it told apart, a flag on one customer alone would tell its kWh.
    """
    hitung: dict[str, int] = {}
    for baris in angka.get("dlpd", []):
        kode = baris["kode"]
        nama = JAM_NYALA_RENDAH if kode in (Dlpd.KWH_NOL, Dlpd.JAM_NYALA_RENDAH) else kata(kode)
        hitung[nama] = hitung.get(nama, 0) + baris["jumlah"]
    return sorted(hitung.items(), key=lambda pasangan: (-pasangan[1], pasangan[0]))


JAM_NYALA_RENDAH = f"{KATA_DLPD[Dlpd.JAM_NYALA_RENDAH]}, termasuk kWh nol"


def _bagian_pilihan(sesi: Sesi) -> str:
    """Name what ACMT does not offer beside the contract: what needs it is off."""
    ketentuan = sesi.aturan.ketentuan
    kurang = [kolom for kolom in KOLOM_PILIHAN if kolom not in ketentuan.pilihan]
    if ketentuan.riwayat:
        kurang += [f"v_riwayat.{kolom}" for kolom in TANPA_KOLOM["v_riwayat"] if kolom not in ketentuan.riwayat]
    if not mengikat(sesi.versi_aturan, ATURAN_PRAKTIK):
        return ""
    kalimat = []
    if kurang:
        kalimat.append(f"Tidak dinilai, karena ACMT tidak menyediakannya (`ap2t periksa`): {', '.join(kurang)}.")
    if not ketentuan.riwayat:
        kalimat.append(f"Tanpa v_riwayat: {TANPA_RIWAYAT}.")
    return " ".join(kalimat)


def _bagian_verifikasi(peran: list[dict[str, Any]]) -> str:
    """Write how the verification was done: counts only, no people."""
    if not peran:
        return ""
    isi = []
    for satu in peran:
        tercepat = "-" if satu["tercepat_menit"] is None else f"{ribuan(satu['tercepat_menit'])} menit"
        angka = [ribuan(satu[nama]) for nama in ("orang", "jumlah", "lekas", "serentak")]
        isi.append([satu["peran"], *angka[:2], tercepat, *angka[2:]])
    kolom = ["", "Orang", "Pelanggan", "Tercepat sesudah baca", "Dalam 5 menit", "Terbanyak dalam 1 menit"]
    return "**Cara verifikasi seluruh cuplikan**\n\n" + tabel(kolom, isi)


def _bagian_sampel(sampel: dict[str, Any] | None) -> str:
    if sampel is None:
        return ""
    idpel = sampel["idpel"]
    return f"**Sampel pemeriksaan, {ribuan(len(idpel))} pelanggan** (diundi dari sidik): {', '.join(idpel)}."


def bagian_kode(judul: str, hitung: list[tuple[str, int]]) -> str:
    """Write a table of counts under its title, or nothing where there are none."""
    return f"**{judul}**\n\n{tabel_jumlah(hitung)}" if hitung else ""


def tabel_jumlah(hitung: list[tuple[str, int]]) -> str:
    """Write how many customers each name counts, as a table in Markdown."""
    return tabel(["", "Pelanggan"], [[nama, ribuan(jumlah)] for nama, jumlah in hitung])

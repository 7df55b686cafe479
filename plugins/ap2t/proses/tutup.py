"""Step 9: the session's end, and how a run that stops before it leaves the session."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ap2t.domain.kode import BentukPola, JenisJejak, StatusHasil, StatusPengembalian, StatusSesi, TahapSesi
from ap2t.domain.teks import ribuan, waktu_unit
from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.persetujuan import Tenggat, yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.layanan import Langkah
from ap2t.proses.pembatalan import kalimat_nihil


class HasilPengesahan(NamedTuple):
    """How many customers ended in which way. ``dibatalkan``: by others in AP2T, and so not ``disahkan``."""

    disahkan: int
    ditahan: int
    dikembalikan: int
    berubah: int
    ditolak: int
    dibatalkan: int


def tutup_sesi(langkah: Langkah) -> str:
    """End the session and return the closing sentence: "Sukses" with the counts, or why nothing was approved.

    ACMT is told of customers that were sent back and that it was not told of yet. That never keeps a session open.

    :raises BukuMenolak: the steps before it are not done, whatever Airflow says of them.
    """
    kembalikan(langkah)
    sesi = langkah.sesi
    if sesi.status == StatusSesi.DITOLAK:
        tetap = "semua tetap seperti semula" if sesi.pembatalan else "semua tetap belum disahkan"
        kalimat = f"Sesi {sesi.nomor} DITOLAK oleh pengesah. {sesi.tanpa_akibat}; {tetap}."
        langkah.lapor(kalimat)
        return kalimat
    if not sesi.terbuka:
        langkah.lapor(f"Sesi {sesi.nomor} sudah berakhir: {sesi.keterangan}")
        return sesi.keterangan or sesi.status
    status, kalimat = _akhir(langkah)

    def akhiri(tx: Transaksi) -> Sesi:
        berakhir = tx.sesi.akhiri(sesi, status, kalimat)
        tx.jejak.catat(JenisJejak.SESI_DITUTUP, berakhir.akhir, sesi_id=sesi.id)
        return berakhir

    langkah.sesi = langkah.buku.ulang(akhiri)
    langkah.lapor(kalimat)
    return kalimat


def yang_disahkan(langkah: Langkah) -> HasilPengesahan | None:
    """Return the counts of a session that ended and approved somebody. None: of any other."""
    sesi = langkah.sesi
    if sesi.pembatalan or sesi.status != StatusSesi.SELESAI:
        return None
    with langkah.buku.transaksi() as tx:
        hasil = _hitung(tx, sesi)
    return hasil if hasil.disahkan else None


def _akhir(langkah: Langkah) -> tuple[str, str]:
    """Return how the session ends: status and closing sentence."""
    sesi = langkah.sesi
    if sesi.tahap == TahapSesi.TERSARING and sesi.kosong:
        return StatusSesi.NIHIL, kalimat_nihil(sesi) if sesi.pembatalan else _nihil(sesi)
    if sesi.tahap != TahapSesi.COCOK:
        raise BukuMenolak(
            f"Sesi {sesi.nomor} baru sampai tahap {sesi.tahap}; belum direkonsiliasi dengan AP2T, jadi tidak ditutup. "
            "Ulangi (clear) tugas yang belum selesai; menandainya berhasil di Airflow tidak cukup."
        )
    with langkah.buku.transaksi() as tx:
        return StatusSesi.SELESAI, _akhir_pembatalan(tx, sesi) if sesi.pembatalan else _akhir_pengesahan(tx, sesi)


def _nihil(sesi: Sesi) -> str:
    """Say why nothing was asked and nothing was posted."""
    hasil = sesi.hasil_rekap
    if hasil["pelanggan"]:
        sebab = f"{ribuan(hasil['ditahan'])} pelanggan yang tersisa semuanya ditahan saringan"
    elif sesi.pola == BentukPola.LENGKAP:
        sebab = "semua pelanggan kelompok ini sudah disahkan, atau dikembalikan dan belum diperiksa ulang"
    else:
        sebab = "tidak ada pelanggan siap yang belum disahkan"
    return f"Tidak ada yang perlu disahkan untuk {sesi.tempat}: {sebab}. Tidak ada yang diposting."


def _hitung(tx: Transaksi, sesi: Sesi) -> HasilPengesahan:
    jumlah = _per_status(tx, sesi)
    kembali = yang_dikembalikan(tx.persetujuan.semua(sesi))
    dibatalkan = tx.luar.hitung(sesi).dibatalkan
    return HasilPengesahan(
        disahkan=jumlah[StatusHasil.POSTING] + jumlah[StatusHasil.SUDAH_POSTING] - dibatalkan,
        # each customer is counted once
        ditahan=sesi.hasil_rekap["ditahan"] - tx.cuplikan.ditahan(sesi, kembali),
        dikembalikan=len(kembali),
        berubah=jumlah[StatusHasil.BERUBAH],
        ditolak=jumlah[StatusHasil.DITOLAK],
        dibatalkan=dibatalkan,
    )


def _per_status(tx: Transaksi, sesi: Sesi) -> Counter[str]:
    return sum((Counter({hasil.status: hasil.jumlah}) for hasil in tx.kiriman.hitung_hasil(sesi)), Counter())


def _akhir_pengesahan(tx: Transaksi, sesi: Sesi) -> str:
    hasil = _hitung(tx, sesi)
    kembali = {baris.status: baris.jumlah for baris in tx.jalankan("pengembalian_hitung", sesi_id=sesi.id)}
    return (
        f"{'Sukses' if hasil.disahkan else 'Selesai tanpa posting'}: {ribuan(hasil.disahkan)} pelanggan sudah disahkan "
        f"(posting 1), {ribuan(hasil.ditahan)} ditahan, "
        f"{ribuan(hasil.dikembalikan)} dikembalikan{_belum_dikembalikan(kembali)}, "
        f"{ribuan(hasil.berubah)} berubah di ACMT, {ribuan(hasil.ditolak)} ditolak AP2T"
        + (f", {ribuan(hasil.dibatalkan)} dibatalkan pihak lain di AP2T" if hasil.dibatalkan else "")
        + f" ({sesi.tempat})."
    )


def _akhir_pembatalan(tx: Transaksi, sesi: Sesi) -> str:
    jumlah = _per_status(tx, sesi)
    asal = tx.pembatalan.tautan(sesi)
    lain = tx.luar.hitung(sesi)
    jumlah[StatusHasil.BATAL] -= lain.batal_diposting  # as it is now, as of an approval
    awal = "Sukses" if jumlah[StatusHasil.BATAL] else "Selesai tanpa pembatalan"
    tidak = sesi.hasil_rekap["ditahan"]
    return (
        f"{awal}: {ribuan(jumlah[StatusHasil.BATAL])} pelanggan dibatalkan dan kembali belum disahkan (posting 0), "
        f"{ribuan(tidak)} tidak dapat dibatalkan, {ribuan(jumlah[StatusHasil.DITOLAK])} ditolak AP2T"
        + (f", {ribuan(sudah)} sudah dibatalkan pihak lain" if (sudah := jumlah[StatusHasil.BELUM_POSTING]) else "")
        + (f", {ribuan(lain.diposting)} disahkan pihak lain di AP2T" if lain.diposting else "")
        + (f"; membatalkan sesi {', '.join(asal)}" if asal else "")
        + f" ({sesi.tempat})."
    )


def _belum_dikembalikan(nasib: dict[str, int]) -> str:
    """Say how many of those sent back ACMT was not told of (yet)."""
    belum = nasib.get(StatusPengembalian.MENUNGGU, 0) + nasib.get(StatusPengembalian.DIKIRIM, 0)
    gagal = nasib.get(StatusPengembalian.GAGAL, 0)
    rinci = [f"{ribuan(belum)} masih diusahakan"] if belum else []
    rinci += [f"{ribuan(gagal)} tidak dapat, lihat log"] if gagal else []
    return f" (di ACMT: {'; '.join(rinci)})" if rinci else ""


def hentikan(langkah: Langkah, sebab: str) -> None:
    """Leave a session TERHENTI, with the reason. Clearing the failed task resumes it.

    :raises BukuMenolak: it went on under another epoch than the caller held, and is not stopped.
    """
    sesi = langkah.sesi

    def hentikan_bila_berjalan(tx: Transaksi) -> Sesi | None:
        if tx.sesi.ambil(sesi.id).status != StatusSesi.BERJALAN:
            return None
        kini = tx.sesi.hentikan(sesi, sebab[:2000])
        tx.jejak.catat(JenisJejak.SESI_TERHENTI, {"sebab": sebab[:2000], "tahap": kini.tahap}, sesi_id=sesi.id)
        return kini

    if kini := langkah.buku.ulang(hentikan_bila_berjalan):
        langkah.sesi = kini
        langkah.lapor(
            f"Sesi {sesi.nomor} TERHENTI pada tahap {kini.tahap}. Perbaiki sebabnya lalu ulangi (clear) tugas yang "
            "gagal."
        )


def lanjutkan(tx: Transaksi, sesi: Sesi) -> Sesi:
    """Let a session that is TERHENTI go on at the stage it had reached, with an entry in the trail."""
    sesi = tx.sesi.lanjutkan(sesi)
    tx.jejak.catat(JenisJejak.SESI_DILANJUTKAN, {"tahap": sesi.tahap, **versi_kerja()}, sesi_id=sesi.id)
    return sesi


def kedaluwarsakan(langkah: Langkah, tenggat: Tenggat) -> None:
    """End a session that has no valid answer in time, unless it was answered or ended meanwhile (BukuMenolak).

    An answer that arrived and could not be judged until then is told as such.
    """
    sesi = langkah.sesi
    tetap = "semua tetap seperti semula" if sesi.pembatalan else "semua tetap belum disahkan"
    tutup = waktu_unit(tenggat.tutup, sesi.zona_waktu)

    def akhiri(tx: Transaksi) -> Sesi:
        tx.sesi.kunci(sesi)  # before the trail's head, as everywhere
        tertunda = tx.kedatangan.menunggu(sesi)
        apa = "tidak dijawab"
        for tiba in tertunda:
            if tenggat.tutup is not None and tiba.tiba_pada < tenggat.tutup:
                pada = waktu_unit(tiba.tiba_pada, sesi.zona_waktu)
                apa = f"jawaban {tiba.pelaku} tiba {pada}, tetapi tidak dapat dinilai"
        kalimat = f"Sesi {sesi.nomor} KEDALUWARSA: {apa} sampai {tutup}. {sesi.tanpa_akibat}; {tetap}. Mulai run baru."
        berakhir = tx.sesi.kedaluwarsa(sesi, kalimat)
        isi = {"urutan": tenggat.urutan, "sejak": tenggat.sejak, "tutup": tenggat.tutup, **berakhir.akhir}
        tx.jejak.catat(JenisJejak.SESI_KEDALUWARSA, isi, sesi_id=sesi.id)
        for tiba in tertunda:
            tx.kedatangan.tolak(sesi, tiba, f"sesi KEDALUWARSA: gerbangnya ditutup {tutup}")
        return berakhir

    langkah.sesi = langkah.buku.ulang(akhiri)
    langkah.lapor(str(langkah.sesi.keterangan))

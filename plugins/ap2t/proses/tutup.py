"""Step 9: the session's end, and how a run that stops before it leaves the session."""

from __future__ import annotations

from ap2t.domain.teks import ribuan, waktu_unit
from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.persetujuan import Tenggat, yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.layanan import Langkah, Lapor, Layanan
from ap2t.proses.pembatalan import kalimat_nihil


def tutup_sesi(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> str:
    """End the session and return the closing sentence: "Sukses" with the counts, or why nothing was approved.

    ACMT is told of customers that were sent back and that it was not told of yet; that never keeps a session open.

    :raises BukuMenolak: the steps before it are not done, whatever Airflow says of them.
    """
    kembalikan(Langkah(layanan, sesi, lapor))
    if sesi.status == "DITOLAK":
        tetap = "semua tetap seperti semula" if sesi.pembatalan else "semua tetap belum disahkan"
        kalimat = f"Sesi {sesi.nomor} DITOLAK oleh pengesah. {sesi.tanpa_akibat}; {tetap}."
        lapor(kalimat)
        return kalimat
    if not sesi.terbuka:
        lapor(f"Sesi {sesi.nomor} sudah berakhir: {sesi.keterangan}")
        return sesi.keterangan or sesi.status
    status, kalimat = _akhir(layanan, sesi)

    def catat(tx: Transaksi) -> None:
        tx.jejak.catat("SESI_DITUTUP", tx.sesi.akhiri(sesi, status, kalimat).akhir, sesi_id=sesi.id)

    layanan.buku.ulang(catat)
    lapor(kalimat)
    return kalimat


def _akhir(layanan: Layanan, sesi: Sesi) -> tuple[str, str]:
    hasil = (sesi.rekap or {}).get("hasil", {})
    if sesi.tahap == "TERSARING" and sesi.kosong:
        if sesi.pembatalan:
            return "NIHIL", kalimat_nihil(sesi)
        if not hasil["pelanggan"]:
            sebab = (
                "semua pelanggan kelompok ini sudah disahkan, atau dikembalikan dan belum diperiksa ulang"
                if sesi.pola == "LENGKAP"
                else "tidak ada pelanggan siap yang belum disahkan"
            )
        else:
            sebab = f"{ribuan(hasil['ditahan'])} pelanggan yang tersisa semuanya ditahan saringan"
        return "NIHIL", f"Tidak ada yang perlu disahkan untuk {sesi.tempat}: {sebab}. Tidak ada yang diposting."
    if sesi.tahap != "COCOK":
        raise BukuMenolak(
            f"Sesi {sesi.nomor} baru sampai tahap {sesi.tahap}; belum direkonsiliasi dengan AP2T, jadi tidak ditutup. "
            "Ulangi (clear) tugas yang belum selesai; menandainya berhasil di Airflow tidak cukup."
        )
    if sesi.pembatalan:
        return "SELESAI", _akhir_pembatalan(layanan, sesi)
    with layanan.buku.transaksi() as tx:
        jumlah = {"DISAHKAN": 0, "DITOLAK": 0, "BERUBAH": 0}
        for baris in tx.kiriman.ringkas(sesi):
            jumlah["DISAHKAN" if baris["status"] in ("POSTING", "SUDAH_POSTING") else baris["status"]] += int(
                baris["jumlah"]
            )
        kembali = yang_dikembalikan(tx.persetujuan.semua(sesi))
        ditahan = int(hasil["ditahan"]) - tx.cuplikan.ditahan(sesi, kembali)  # each customer is counted once
        nasib = tx.pengembalian.hitung(sesi)
        dibatalkan = tx.luar.hitung(sesi).dibatalkan
    jumlah["DISAHKAN"] -= dibatalkan
    awal = "Sukses" if jumlah["DISAHKAN"] else "Selesai tanpa posting"
    return "SELESAI", (
        f"{awal}: {ribuan(jumlah['DISAHKAN'])} pelanggan sudah disahkan (posting 1), "
        f"{ribuan(ditahan)} ditahan, {ribuan(len(kembali))} dikembalikan{_belum_dikembalikan(nasib)}, "
        f"{ribuan(jumlah['BERUBAH'])} berubah di ACMT, {ribuan(jumlah['DITOLAK'])} ditolak AP2T"
        + (f", {ribuan(dibatalkan)} dibatalkan pihak lain di AP2T" if dibatalkan else "")
        + " "
        f"({sesi.tempat})."
    )


def _akhir_pembatalan(layanan: Layanan, sesi: Sesi) -> str:
    with layanan.buku.transaksi() as tx:
        jumlah = {"BATAL": 0, "BELUM_POSTING": 0, "DITOLAK": 0}
        for baris in tx.kiriman.ringkas(sesi):
            jumlah[baris["status"]] += int(baris["jumlah"])
        asal = tx.pembatalan.tautan(sesi)
        lain = tx.luar.hitung(sesi)
    jumlah["BATAL"] -= lain.batal_diposting  # as it is now, as of an approval
    awal = "Sukses" if jumlah["BATAL"] else "Selesai tanpa pembatalan"
    tidak = (sesi.rekap or {})["hasil"]["ditahan"]
    return (
        f"{awal}: {ribuan(jumlah['BATAL'])} pelanggan dibatalkan dan kembali belum disahkan (posting 0), "
        f"{ribuan(tidak)} tidak dapat dibatalkan, {ribuan(jumlah['DITOLAK'])} ditolak AP2T"
        + (f", {ribuan(jumlah['BELUM_POSTING'])} sudah dibatalkan pihak lain" if jumlah["BELUM_POSTING"] else "")
        + (f", {ribuan(lain.diposting)} disahkan pihak lain di AP2T" if lain.diposting else "")
        + (f"; membatalkan sesi {', '.join(asal)}" if asal else "")
        + f" ({sesi.tempat})."
    )


def _belum_dikembalikan(nasib: dict[str, int]) -> str:
    """Say how many of those sent back ACMT was not told of (yet)."""
    belum, gagal = nasib.get("MENUNGGU", 0) + nasib.get("DIKIRIM", 0), nasib.get("GAGAL", 0)
    rinci = [f"{ribuan(belum)} masih diusahakan"] if belum else []
    rinci += [f"{ribuan(gagal)} tidak dapat, lihat log"] if gagal else []
    return f" (di ACMT: {'; '.join(rinci)})" if rinci else ""


def hentikan(layanan: Layanan, sesi: Sesi, sebab: str, lapor: Lapor) -> None:
    """Leave a session TERHENTI, with the reason; clearing the failed task resumes it.

    :param s: the session as the caller held it: one that went on under another epoch is not stopped.
    :raises BukuMenolak: it did.
    """

    def catat(tx: Transaksi) -> Sesi | None:
        if tx.sesi.ambil(sesi.id).status != "BERJALAN":
            return None
        kini = tx.sesi.hentikan(sesi, sebab[:2000])
        tx.jejak.catat("SESI_TERHENTI", {"sebab": sebab[:2000], "tahap": kini.tahap}, sesi_id=sesi.id)
        return kini

    if kini := layanan.buku.ulang(catat):
        lapor(
            f"Sesi {sesi.nomor} TERHENTI pada tahap {kini.tahap}. Perbaiki sebabnya lalu ulangi (clear) tugas yang gagal."
        )


def lanjutkan(tx: Transaksi, sesi: Sesi) -> Sesi:
    """Let a session that is TERHENTI go on at the stage it had reached, with an entry in the trail."""
    sesi = tx.sesi.lanjutkan(sesi)
    tx.jejak.catat("SESI_DILANJUTKAN", {"tahap": sesi.tahap, **versi_kerja()}, sesi_id=sesi.id)
    return sesi


def kedaluwarsakan(layanan: Layanan, sesi: Sesi, tenggat: Tenggat, lapor: Lapor) -> None:
    """End a session that has no valid answer in time; its kelompok is free for a new run at once.

    An answer that arrived and could not be judged until then is told as such.

    :raises BukuMenolak: it was answered, or ended, meanwhile.
    """
    tetap = "semua tetap seperti semula" if sesi.pembatalan else "semua tetap belum disahkan"
    tutup = waktu_unit(tenggat.tutup, sesi.zona_waktu)

    def catat(tx: Transaksi) -> str:
        tx.sesi.kunci(sesi)  # before the trail's head, as everywhere
        tertunda = tx.kedatangan.menunggu(sesi)
        apa = "tidak dijawab"
        for tiba in tertunda:
            if tenggat.tutup is not None and tiba.tiba_pada < tenggat.tutup:
                apa = f"jawaban {tiba.pelaku} tiba {waktu_unit(tiba.tiba_pada, sesi.zona_waktu)}, tetapi tidak dapat dinilai"
        kalimat = f"Sesi {sesi.nomor} KEDALUWARSA: {apa} sampai {tutup}. {sesi.tanpa_akibat}; {tetap}. Mulai run baru."
        isi = {
            "urutan": tenggat.urutan,
            "sejak": tenggat.sejak,
            "tutup": tenggat.tutup,
            **tx.sesi.kedaluwarsa(sesi, kalimat).akhir,
        }
        tx.jejak.catat("SESI_KEDALUWARSA", isi, sesi_id=sesi.id)
        for tiba in tertunda:
            tx.kedatangan.tolak(sesi, tiba, f"sesi KEDALUWARSA: gerbangnya ditutup {tutup}")
        return kalimat

    lapor(layanan.buku.ulang(catat))

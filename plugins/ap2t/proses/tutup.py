"""Step 9: the session's end, and how a run that stops before it leaves the session."""

from __future__ import annotations

from ap2t.domain.teks import ribuan, waktu_unit
from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import versi_kerja
from ap2t.ledger.persetujuan import Tenggat, yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.pembatalan import kalimat_nihil


def tutup_sesi(layanan: Layanan, s: Sesi, lapor: Lapor) -> str:
    """End the session and return the closing sentence: "Sukses" with the counts, or why nothing was approved.

    ACMT is told of customers that were sent back and that it was not told of yet; that never keeps a session open.

    :raises BukuMenolak: the steps before it are not done, whatever Airflow says of them.
    """
    kembalikan(layanan, s, lapor)
    if s.status == "DITOLAK":
        tetap = "semua tetap seperti semula" if s.pembatalan else "semua tetap belum disahkan"
        kalimat = f"Sesi {s.nomor} DITOLAK oleh pengesah. {s.tanpa_akibat}; {tetap}."
        lapor(kalimat)
        return kalimat
    if not s.terbuka:
        lapor(f"Sesi {s.nomor} sudah berakhir: {s.keterangan}")
        return s.keterangan or s.status
    status, kalimat = _akhir(layanan, s)

    def catat(tx: Transaksi) -> None:
        tx.jejak.catat("SESI_DITUTUP", tx.sesi.akhiri(s, status, kalimat).akhir, sesi_id=s.id)

    layanan.buku.ulang(catat)
    lapor(kalimat)
    return kalimat


def _akhir(layanan: Layanan, s: Sesi) -> tuple[str, str]:
    hasil = (s.rekap or {}).get("hasil", {})
    if s.tahap == "TERSARING" and s.kosong:
        if s.pembatalan:
            return "NIHIL", kalimat_nihil(s)
        if not hasil["pelanggan"]:
            sebab = (
                "semua pelanggan kelompok ini sudah disahkan, atau dikembalikan dan belum diperiksa ulang"
                if s.pola == "LENGKAP"
                else "tidak ada pelanggan siap yang belum disahkan"
            )
        else:
            sebab = f"{ribuan(hasil['ditahan'])} pelanggan yang tersisa semuanya ditahan saringan"
        return "NIHIL", f"Tidak ada yang perlu disahkan untuk {s.tempat}: {sebab}. Tidak ada yang diposting."
    if s.tahap != "COCOK":
        raise BukuMenolak(
            f"Sesi {s.nomor} baru sampai tahap {s.tahap}; belum direkonsiliasi dengan AP2T, jadi tidak ditutup. "
            "Ulangi (clear) tugas yang belum selesai; menandainya berhasil di Airflow tidak cukup."
        )
    if s.pembatalan:
        return "SELESAI", _akhir_pembatalan(layanan, s)
    with layanan.buku.transaksi() as tx:
        jumlah = {"DISAHKAN": 0, "DITOLAK": 0, "BERUBAH": 0}
        for r in tx.kiriman.ringkas(s):
            jumlah["DISAHKAN" if r["status"] in ("POSTING", "SUDAH_POSTING") else r["status"]] += int(r["jumlah"])
        kembali = yang_dikembalikan(tx.persetujuan.semua(s))
        ditahan = int(hasil["ditahan"]) - tx.cuplikan.ditahan(s, kembali)  # each customer is counted once
        nasib = tx.pengembalian.hitung(s)
        dibatalkan = tx.luar.hitung(s).dibatalkan
    jumlah["DISAHKAN"] -= dibatalkan
    awal = "Sukses" if jumlah["DISAHKAN"] else "Selesai tanpa posting"
    return "SELESAI", (
        f"{awal}: {ribuan(jumlah['DISAHKAN'])} pelanggan sudah disahkan (posting 1), "
        f"{ribuan(ditahan)} ditahan, {ribuan(len(kembali))} dikembalikan{_belum_dikembalikan(nasib)}, "
        f"{ribuan(jumlah['BERUBAH'])} berubah di ACMT, {ribuan(jumlah['DITOLAK'])} ditolak AP2T"
        + (f", {ribuan(dibatalkan)} dibatalkan pihak lain di AP2T" if dibatalkan else "")
        + " "
        f"({s.tempat})."
    )


def _akhir_pembatalan(layanan: Layanan, s: Sesi) -> str:
    with layanan.buku.transaksi() as tx:
        jumlah = {"BATAL": 0, "BELUM_POSTING": 0, "DITOLAK": 0}
        for r in tx.kiriman.ringkas(s):
            jumlah[r["status"]] += int(r["jumlah"])
        asal = tx.pembatalan.tautan(s)
        lain = tx.luar.hitung(s)
    jumlah["BATAL"] -= lain.batal_diposting  # as it is now, as of an approval
    awal = "Sukses" if jumlah["BATAL"] else "Selesai tanpa pembatalan"
    tidak = (s.rekap or {})["hasil"]["ditahan"]
    return (
        f"{awal}: {ribuan(jumlah['BATAL'])} pelanggan dibatalkan dan kembali belum disahkan (posting 0), "
        f"{ribuan(tidak)} tidak dapat dibatalkan, {ribuan(jumlah['DITOLAK'])} ditolak AP2T"
        + (f", {ribuan(jumlah['BELUM_POSTING'])} sudah dibatalkan pihak lain" if jumlah["BELUM_POSTING"] else "")
        + (f", {ribuan(lain.diposting)} disahkan pihak lain di AP2T" if lain.diposting else "")
        + (f"; membatalkan sesi {', '.join(asal)}" if asal else "")
        + f" ({s.tempat})."
    )


def _belum_dikembalikan(nasib: dict[str, int]) -> str:
    """Say how many of those sent back ACMT was not told of (yet)."""
    belum, gagal = nasib.get("MENUNGGU", 0) + nasib.get("DIKIRIM", 0), nasib.get("GAGAL", 0)
    rinci = [f"{ribuan(belum)} masih diusahakan"] if belum else []
    rinci += [f"{ribuan(gagal)} tidak dapat, lihat log"] if gagal else []
    return f" (di ACMT: {'; '.join(rinci)})" if rinci else ""


def hentikan(layanan: Layanan, s: Sesi, sebab: str, lapor: Lapor) -> None:
    """Leave a session TERHENTI, with the reason; clearing the failed task resumes it.

    :param s: the session as the caller held it: one that went on under another epoch is not stopped.
    :raises BukuMenolak: it did.
    """

    def catat(tx: Transaksi) -> Sesi | None:
        if tx.sesi.ambil(s.id).status != "BERJALAN":
            return None
        kini = tx.sesi.hentikan(s, sebab[:2000])
        tx.jejak.catat("SESI_TERHENTI", {"sebab": sebab[:2000], "tahap": kini.tahap}, sesi_id=s.id)
        return kini

    if kini := layanan.buku.ulang(catat):
        lapor(
            f"Sesi {s.nomor} TERHENTI pada tahap {kini.tahap}. Perbaiki sebabnya lalu ulangi (clear) tugas yang gagal."
        )


def lanjutkan(tx: Transaksi, s: Sesi) -> Sesi:
    """Let a session that is TERHENTI go on at the stage it had reached, with an entry in the trail."""
    s = tx.sesi.lanjutkan(s)
    tx.jejak.catat("SESI_DILANJUTKAN", {"tahap": s.tahap, **versi_kerja()}, sesi_id=s.id)
    return s


def kedaluwarsakan(layanan: Layanan, s: Sesi, t: Tenggat, lapor: Lapor) -> None:
    """End a session that has no valid answer in time; its kelompok is free for a new run at once.

    An answer that arrived and could not be judged until then is told as such.

    :raises BukuMenolak: it was answered, or ended, meanwhile.
    """
    tetap = "semua tetap seperti semula" if s.pembatalan else "semua tetap belum disahkan"
    tutup = waktu_unit(t.tutup, s.zona_waktu)

    def catat(tx: Transaksi) -> str:
        tx.sesi.kunci(s)  # before the trail's head, as everywhere
        tertunda = tx.kedatangan.menunggu(s)
        apa = "tidak dijawab"
        for tiba in tertunda:
            if t.tutup is not None and tiba.tiba_pada < t.tutup:
                apa = (
                    f"jawaban {tiba.pelaku} tiba {waktu_unit(tiba.tiba_pada, s.zona_waktu)}, tetapi tidak dapat dinilai"
                )
        kalimat = f"Sesi {s.nomor} KEDALUWARSA: {apa} sampai {tutup}. {s.tanpa_akibat}; {tetap}. Mulai run baru."
        isi = {"urutan": t.urutan, "sejak": t.sejak, "tutup": t.tutup, **tx.sesi.kedaluwarsa(s, kalimat).akhir}
        tx.jejak.catat("SESI_KEDALUWARSA", isi, sesi_id=s.id)
        for tiba in tertunda:
            tx.kedatangan.tolak(s, tiba, f"sesi KEDALUWARSA: gerbangnya ditutup {tutup}")
        return kalimat

    lapor(layanan.buku.ulang(catat))

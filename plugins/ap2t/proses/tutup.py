"""Step 9: the session's end, and how a run that stops before it leaves the session."""

from __future__ import annotations

from ap2t.domain.teks import ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger import jejak, kiriman, luar, persetujuan, sesi
from ap2t.proses.layanan import Lapor, Layanan


def tutup_sesi(layanan: Layanan, s: sesi.Sesi, lapor: Lapor) -> str:
    """End the session and return the closing sentence: "Sukses" with the counts, or why nothing was approved.

    :raises BukuMenolak: the steps before it are not done, whatever Airflow says of them.
    """
    if s.status == "DITOLAK":
        kalimat = f"Sesi {s.nomor} DITOLAK oleh pengesah. Tidak ada yang diposting; semua tetap belum disahkan."
        lapor(kalimat)
        return kalimat
    if not s.terbuka:
        lapor(f"Sesi {s.nomor} sudah berakhir: {s.keterangan}")
        return s.keterangan or s.status
    status, kalimat = _akhir(layanan, s)
    with layanan.buku.transaksi() as conn:
        jejak.catat(conn, "SESI_DITUTUP", sesi.akhiri(conn, s, status, kalimat).akhir, sesi_id=s.id)
    lapor(kalimat)
    return kalimat


def _akhir(layanan: Layanan, s: sesi.Sesi) -> tuple[str, str]:
    hasil = (s.rekap or {}).get("hasil", {})
    if s.tahap == "TERSARING" and hasil.get("lolos") == 0:
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
    with layanan.buku.transaksi() as conn:
        jumlah = {"DISAHKAN": 0, "DITOLAK": 0, "BERUBAH": 0}
        for r in kiriman.ringkas(conn, s):
            jumlah["DISAHKAN" if r["status"] in ("POSTING", "SUDAH_POSTING") else r["status"]] += int(r["jumlah"])
        kembali = len(persetujuan.dikembalikan(persetujuan.semua(conn, s)))
        _, dibatalkan = luar.hitung(conn, s)
    jumlah["DISAHKAN"] -= dibatalkan
    awal = "Sukses" if jumlah["DISAHKAN"] else "Selesai tanpa posting"
    return "SELESAI", (
        f"{awal}: {ribuan(jumlah['DISAHKAN'])} pelanggan sudah disahkan (posting 1), "
        f"{ribuan(hasil['ditahan'])} ditahan, {ribuan(kembali)} dikembalikan, "
        f"{ribuan(jumlah['BERUBAH'])} berubah di ACMT, {ribuan(jumlah['DITOLAK'])} ditolak AP2T"
        + (f", {ribuan(dibatalkan)} dibatalkan pihak lain di AP2T" if dibatalkan else "")
        + " "
        f"({s.tempat})."
    )


def hentikan(layanan: Layanan, s: sesi.Sesi, sebab: str, lapor: Lapor) -> None:
    """Leave a session TERHENTI, with the reason; clearing the failed task resumes it.

    :param s: the session as the caller held it: one that went on under another epoch is not stopped.
    :raises BukuMenolak: it did.
    """
    with layanan.buku.transaksi() as conn:
        if sesi.ambil(conn, s.id).status != "BERJALAN":
            return
        s = sesi.hentikan(conn, s, sebab[:2000])
        jejak.catat(conn, "SESI_TERHENTI", {"sebab": sebab[:2000], "tahap": s.tahap}, sesi_id=s.id)
    lapor(f"Sesi {s.nomor} TERHENTI pada tahap {s.tahap}. Perbaiki sebabnya lalu ulangi (clear) tugas yang gagal.")

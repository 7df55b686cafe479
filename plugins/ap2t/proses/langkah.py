"""What a session is doing, in one sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ap2t.domain.teks import ribuan

_KESIAPAN = {
    "STAN_TERISI": "stan terisi",
    "TERVERIFIKASI": "diverifikasi Pengawas dan Admin Vendor",
    "TERKIRIM": "dikirim ke AP2T oleh Admin Vendor",
}
_TAHAP = {
    "PENGESAHAN": {
        "DIBUKA": "Memeriksa kesiapan bacaan.",
        "CUPLIKAN": "Bacaan diambil, saringan jam nyala berjalan.",
        "TERSARING": "Rekap disusun.",
        "MENUNGGU_PERSETUJUAN": "Menunggu gerbang berikut dibuka.",
        "DISETUJUI": "Disetujui, posting ke AP2T segera mulai.",
        "MEMPOSTING": "Posting ke AP2T berjalan.",
        "TERPOSTING": "Terposting, dicocokkan dengan AP2T.",
        "COCOK": "Cocok dengan AP2T, sesi segera ditutup.",
    },
    "PEMBATALAN": {
        "DIBUKA": "Daftar AP2T diperiksa: siapa yang dapat dibatalkan.",
        "CUPLIKAN": "Daftar yang dapat dibatalkan disusun.",
        "TERSARING": "Rekap pembatalan disusun.",
        "MENUNGGU_PERSETUJUAN": "Menunggu gerbang dibuka.",
        "DISETUJUI": "Disetujui, pembatalan di AP2T segera mulai.",
        "MEMPOSTING": "Pembatalan di AP2T berjalan.",
        "TERPOSTING": "Dibatalkan, dicocokkan dengan AP2T.",
        "COCOK": "Cocok dengan AP2T, sesi segera ditutup.",
    },
}
_AKHIR = {
    "SELESAI": "Sukses.",
    "DITOLAK": "Ditolak pengesah; tidak ada yang dikirim ke AP2T.",
    "NIHIL": "Tidak ada pelanggan yang dapat diproses.",
    "DIAMBIL_ALIH": "Diakhiri: run-nya berhenti, dan sesi lain menggantikannya atau pengelola menutupnya.",
    "KEDALUWARSA": "Kedaluwarsa: tidak ada jawaban sampai batas waktunya.",
}


def langkah(
    jenis: str,
    status: str,
    tahap: str,
    ditanya: Sequence[str] = (),
    kesiapan: Mapping[str, Any] | None = None,
    tiba: str | None = None,
) -> str:
    """Say where a session stands.

    :param ditanya: who is asked at a gate that waits now. :param kesiapan: what the readiness step saw last.
    :param tiba: whose answer arrived and waits to be judged; None: there is none.
    """
    if status == "TERHENTI":
        return (
            "Terhenti: langkahnya gagal. Baca log tugas yang gagal, lalu minta pengelola mengulangi (clear) tugas itu."
            + (f" Jawaban {tiba} sudah diterima; tidak perlu dijawab lagi." if tiba else "")
        )
    if status != "BERJALAN":
        return _AKHIR.get(status, status)
    if tiba:
        return f"Jawaban {tiba} diterima, menunggu ACMT. Tidak perlu dijawab lagi."
    if ditanya:
        return f"Menunggu jawaban {', '.join(ditanya)}."
    if tahap == "DIBUKA" and kesiapan is not None and not kesiapan.get("siap"):
        angka = kesiapan.get("angka", {})
        apa = _KESIAPAN.get(str(kesiapan.get("tahap")), str(kesiapan.get("tahap")))
        return f"Menunggu bacaan {apa}: {ribuan(angka.get('sudah', 0))} dari {ribuan(angka.get('pelanggan', 0))}."
    return _TAHAP[jenis].get(tahap, tahap)

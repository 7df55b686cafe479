"""Everything a person needs of one session before, at and after its gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from ap2t.domain.teks import ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kedatangan import Tolakan
from ap2t.ledger.persetujuan import Tenggat
from ap2t.ledger.sesi import Sesi
from ap2t.proses.pembatalan import SEBAB
from ap2t.proses.rekap import NAMA

BATAS = (0, 1, 40, 80, 120, 160, 200, 240, 360, 480, 720, 1000, 1500, 2000)
"""Lower bounds of the classes of jam nyala, hours; nought alone is the first, and the last is what exceeds 2000."""
_SIDIK_PENDEK = 12


def gerbang(tx: Transaksi, s: Sesi, kembali: Iterable[RowMapping]) -> list[dict[str, Any]]:
    """Return a session's gates, with who is asked, the answer where there is one, and what else arrived.

    ``tiba``: an answer that waits to be judged. ``ditolak``: answers that were not taken up, with why.

    :param kembali: customers its answers sent back.
    """
    alasan = {b["idpel"]: b for b in kembali}
    baris = tx.jalankan("tampilan_gerbang", sesi_id=s.id).mappings().all()
    return [_gerbang(b, alasan, tx.kedatangan.tolakan(s, b["urutan"])) for b in baris]


def _gerbang(b: RowMapping, alasan: Mapping[str, RowMapping], ditolak: Sequence[Tolakan]) -> dict[str, Any]:
    jawaban = None
    if b["keputusan"] is not None:
        jawaban = {
            "keputusan": b["keputusan"],
            "oleh": b["oleh"],
            "dijawab_pada": b["dijawab_pada"],
            "catatan": b["catatan"],
            "kembalikan": [
                {"idpel": i, "alasan": alasan[i]["alasan"] if i in alasan else None} for i in b["kembalikan"]
            ],
        }
    return {
        "urutan": b["urutan"],
        "task_id": "persetujuan" if b["urutan"] == 1 else "persetujuan_kedua",
        "ditanya": b["orang"],
        "dibuka_pada": b["dibuka_pada"],
        "jawaban": jawaban,
        "tiba": None
        if b["tiba_oleh"] is None
        else {"oleh": b["tiba_oleh"], "pilihan": b["tiba_pilihan"], "dijawab_pada": b["tiba_dijawab_pada"]},
        "ditolak": [{"pilihan": t.pilihan, "dijawab_pada": t.dijawab_pada, "sebab": t.sebab} for t in ditolak],
    }


def rekap(tx: Transaksi, s: Sesi) -> dict[str, Any] | None:
    """Return the rekap that the gate shows, with names for its codes; of an approval with a finer distribution."""
    if s.rekap is None:
        return None
    isi = dict(s.rekap)
    nama = SEBAB if s.pembatalan else NAMA
    for bagian in ("alasan", "dlpd"):
        isi[bagian] = [{**b, "nama": nama.get(b["kode"], b["kode"])} for b in isi.get(bagian, [])]
    if s.pembatalan:
        diminta = tx.pembatalan.ambil(s)
        return {**isi, "cakupan": diminta.cakupan, "alasan_teks": diminta.alasan, "diminta": len(diminta.diminta)}
    isi["sampel"] = (isi.get("sampel") or {}).get("idpel")
    isi["sebaran"] = sebaran(tx, s)
    return isi


def sebaran(tx: Transaksi, s: Sesi) -> list[dict[str, Any]]:
    """Return how many customers are in each class of jam nyala: from ``dari`` to below ``sampai`` hours; None: open."""
    isi = {b.kelas: b for b in tx.jalankan("tampilan_sebaran", sesi_id=s.id, batas=list(BATAS))}
    hasil = []
    for n, dari in enumerate(BATAS, 1):
        b = isi.get(n)
        sampai = BATAS[n] if n < len(BATAS) else None
        hasil.append({"dari": dari, "sampai": sampai, "jumlah": b.jumlah if b else 0, "ditahan": b.ditahan if b else 0})
    return hasil


def kiriman(tx: Transaksi, s: Sesi, gerbang_: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how far the sending is: rows that were approved, and those that have an outcome."""
    if not s.sudah("DISETUJUI"):
        return {"total": 0, "selesai": 0, "per": {}}
    per = {b.status: int(b.jumlah) for b in tx.jalankan("tampilan_hasil", sesi_id=s.id)}
    kembali = {k["idpel"] for g in gerbang_ if g["jawaban"] for k in g["jawaban"]["kembalikan"]}
    lolos = (s.rekap or {}).get("hasil", {}).get("lolos", 0)
    tertahan = 0
    if kembali:  # some of them may have been held anyway
        tertahan = int(tx.jalankan("cuplikan_ditahan", sesi_id=s.id, idpel=sorted(kembali)).scalar_one())
    return {"total": lolos - len(kembali) + tertahan, "selesai": sum(per.values()), "per": per}


def kepala(s: Sesi, tenggat: Tenggat | None) -> dict[str, Any]:
    """Return a session's own facts."""
    kolom = (
        *("nomor", "jenis", "unitup", "nama_unit", "thblrek", "hari_baca", "putaran", "status", "tahap", "dag_id"),
        *("run_id", "pemicu", "pengesah", "pola", "batas_jam_nyala", "sidik", "keterangan", "dibuka_pada"),
        *("diakhiri_pada", "zona_waktu", "versi_aturan", "versi_kode"),
    )
    return {
        **{k: getattr(s, k) for k in kolom},
        "terbuka": s.terbuka,
        "sidik_pendek": (s.sidik or "")[:_SIDIK_PENDEK] or None,
        "tenggat": tenggat.batas if tenggat else None,
        "ditutup_pada": tenggat.tutup if tenggat else None,
    }


def rincian(tx: Transaksi, s: Sesi, username: str, rekap_: dict[str, Any] | None, saat: datetime) -> dict[str, Any]:
    """Return everything about a session, as ``username`` sees it.

    :param rekap_: as :func:`rekap` gave it; it does not change any more once a gate has shown it.
    """
    kembali: Sequence[RowMapping] = ()
    tenggat = None
    if s.sudah("MENUNGGU_PERSETUJUAN"):
        kembali = tx.jalankan("tampilan_pengembalian", sesi_id=s.id).mappings().all()
        tenggat = tx.persetujuan.tenggat(s) if s.terbuka else None
    semua = gerbang(tx, s, kembali) if s.sudah("MENUNGGU_PERSETUJUAN") else []
    tautan = tx.pembatalan.tautan(s) if s.sudah("MEMPOSTING") else {}
    terbuka = [g for g in semua if g["jawaban"] is None]
    menunggu = s.status == "BERJALAN" and s.tahap == "MENUNGGU_PERSETUJUAN" and bool(terbuka)
    tiba = next((g["tiba"]["oleh"] for g in terbuka if g["tiba"]), None)
    ditanya = terbuka[-1]["ditanya"] if menunggu and tiba is None else []
    return {
        "sesi": {
            **kepala(s, tenggat),
            "langkah": langkah(s.jenis, s.status, s.tahap, ditanya, tiba=tiba),
        },
        "rekap": rekap_,
        "gerbang": semua,
        "kiriman": kiriman(tx, s, semua),
        "pengembalian": dict(Counter(b["status"] for b in kembali)),
        "tautan": [{"nomor": n, "jumlah": j} for n, j in tautan.items()],
        "giliran_saya": username in ditanya,
        "sekarang": saat,
    }


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

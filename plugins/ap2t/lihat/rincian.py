"""Everything a person needs of one session before, at and after its gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from sqlalchemy import RowMapping

from ap2t.domain.kata import KATA_KESIAPAN, di_tengah, kata, kata_batal
from ap2t.domain.kode import JenisSesi, StatusSesi, TahapSesi
from ap2t.domain.teks import ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kedatangan import Tolakan
from ap2t.ledger.persetujuan import Tenggat
from ap2t.ledger.sesi import Sesi

BATAS = (0, 1, 40, 80, 120, 160, 200, 240, 360, 480, 720, 1000, 1500, 2000)
"""Lower bounds of the classes of jam nyala, hours. Nought alone is the first; the last is what exceeds 2000."""
_SIDIK_PENDEK = 12


def semua_gerbang(tx: Transaksi, sesi: Sesi, kembali: Iterable[RowMapping]) -> list[dict[str, Any]]:
    """Return a session's gates, with who is asked, the answer where there is one, and what else arrived.

    ``tiba``: an answer that waits to be judged. ``ditolak``: answers that were not taken up, with why.

    :param kembali: customers its answers sent back.
    """
    alasan = {baris["idpel"]: baris["alasan"] for baris in kembali}
    gerbang = tx.jalankan("tampilan_gerbang", sesi_id=sesi.id).mappings().all()
    return [_gerbang_dijawab(baris, alasan, tx.kedatangan.tolakan(sesi, baris["urutan"])) for baris in gerbang]


def _gerbang_dijawab(baris: RowMapping, alasan: Mapping[str, str], ditolak: Sequence[Tolakan]) -> dict[str, Any]:
    jawaban: dict[str, Any] | None = None
    if baris["keputusan"] is not None:
        jawaban = {nama: baris[nama] for nama in ("keputusan", "oleh", "dijawab_pada", "catatan")}
        jawaban["kembalikan"] = [{"idpel": idpel, "alasan": alasan.get(idpel)} for idpel in baris["kembalikan"]]
    tiba = {nama: baris[f"tiba_{nama}"] for nama in ("oleh", "pilihan", "dijawab_pada")}
    sebab = ("pilihan", "dijawab_pada", "sebab")
    return {
        "urutan": baris["urutan"],
        "task_id": "persetujuan" if baris["urutan"] == 1 else "persetujuan_kedua",
        "ditanya": baris["orang"],
        "dibuka_pada": baris["dibuka_pada"],
        "jawaban": jawaban,
        "tiba": tiba if tiba["oleh"] is not None else None,
        "ditolak": [{nama: getattr(tolakan, nama) for nama in sebab} for tolakan in ditolak],
    }


def rekap(tx: Transaksi, sesi: Sesi) -> dict[str, Any] | None:
    """Return the rekap that the gate shows, with names for its codes. An approval's has a finer distribution."""
    if sesi.rekap is None:
        return None
    isi = dict(sesi.rekap)
    nama = kata_batal if sesi.pembatalan else kata
    for bagian in ("alasan", "dlpd"):
        isi[bagian] = [{**baris, "nama": nama(baris["kode"])} for baris in isi.get(bagian, [])]
    if sesi.pembatalan:
        diminta = tx.pembatalan.ambil(sesi)
        return {**isi, "cakupan": diminta.cakupan, "alasan_teks": diminta.alasan, "diminta": len(diminta.diminta)}
    isi["sampel"] = (isi.get("sampel") or {}).get("idpel")
    isi["sebaran"] = sebaran(tx, sesi)
    return isi


def sebaran(tx: Transaksi, sesi: Sesi) -> list[dict[str, Any]]:
    """Return how many customers each class of jam nyala has: from ``dari`` to below ``sampai`` hours (None: open)."""
    semua = tx.jalankan("tampilan_sebaran", sesi_id=sesi.id, batas=list(BATAS)).mappings()
    isi = {baris["kelas"]: {"jumlah": baris["jumlah"], "ditahan": baris["ditahan"]} for baris in semua}
    return [
        {"dari": dari, "sampai": sampai, **isi.get(kelas, {"jumlah": 0, "ditahan": 0})}
        for kelas, (dari, sampai) in enumerate(zip_longest(BATAS, BATAS[1:]), 1)
    ]


def kemajuan_kirim(tx: Transaksi, sesi: Sesi, gerbang: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how far the sending is: rows that were approved, and those that have an outcome."""
    if not sesi.sudah(TahapSesi.DISETUJUI):
        return {"total": 0, "selesai": 0, "per": {}}
    per = {baris.status: int(baris.jumlah) for baris in tx.jalankan("tampilan_hasil", sesi_id=sesi.id)}
    jawaban = [satu["jawaban"] for satu in gerbang if satu["jawaban"]]
    kembali = {pelanggan["idpel"] for isi in jawaban for pelanggan in isi["kembalikan"]}
    lolos = (sesi.rekap or {}).get("hasil", {}).get("lolos", 0)
    tertahan = 0
    if kembali:  # some of them may have been held anyway
        tertahan = int(tx.jalankan("cuplikan_ditahan", sesi_id=sesi.id, idpel=sorted(kembali)).scalar_one())
    return {"total": lolos - len(kembali) + tertahan, "selesai": sum(per.values()), "per": per}


def kepala(sesi: Sesi, tenggat: Tenggat | None) -> dict[str, Any]:
    """Return a session's own facts."""
    kolom = (
        *("nomor", "jenis", "unitup", "nama_unit", "thblrek", "hari_baca", "putaran", "status", "tahap", "dag_id"),
        *("run_id", "pemicu", "pengesah", "pola", "batas_jam_nyala", "sidik", "keterangan", "dibuka_pada"),
        *("diakhiri_pada", "zona_waktu", "versi_aturan", "versi_kode"),
    )
    return {
        **{nama: getattr(sesi, nama) for nama in kolom},
        "terbuka": sesi.terbuka,
        "sidik_pendek": (sesi.sidik or "")[:_SIDIK_PENDEK] or None,
        "tenggat": tenggat.batas if tenggat else None,
        "ditutup_pada": tenggat.tutup if tenggat else None,
    }


class Dilihat(NamedTuple):
    """How much of a session a person has looked at.

    ``ditandai``: rows that passed with a flag; ``ditandai_saya``: those of them that the person has looked at.
    ``boleh``: the session stands at a gate at which they are asked, so that they may mark what they look at.
    ``wajib``: what the unit's pattern has them look at before they approve; ``kurang``: how many of it are missing.
    """

    saya: int
    ditandai: int
    ditandai_saya: int
    boleh: bool
    wajib: str
    kurang: int


def dilihat(tx: Transaksi, sesi: Sesi, username: str) -> Dilihat:
    """Return how much of a session ``username`` has looked at."""
    wajib, _, kurang = tx.persetujuan.harus_dilihat(sesi, username)
    terlihat = tx.jalankan("tampilan_dilihat", sesi_id=sesi.id, oleh=username).mappings().one()
    return Dilihat(**terlihat, boleh=boleh_menandai(tx, sesi, username), wajib=wajib, kurang=kurang)


def boleh_menandai(tx: Transaksi, sesi: Sesi, username: str) -> bool:
    """Whether a session stands at a gate at which ``username`` is asked."""
    return bool(tx.jalankan("dilihat_boleh", sesi_id=sesi.id, oleh=username).scalar_one())


def rincian(
    tx: Transaksi,
    sesi: Sesi,
    username: str,
    rekap_: dict[str, Any] | None,
    saat: datetime,
    *,
    menandai: bool,
) -> dict[str, Any]:
    """Return everything about a session, as ``username`` sees it.

    :param rekap_: as :func:`rekap` gave it; it does not change any more once a gate has shown it.
    :param menandai: whether they may act in the unit, and there is a connection to mark with.
    """
    terlihat = dilihat(tx, sesi, username)
    kembali: Sequence[RowMapping] = ()
    tenggat = None
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        kembali = tx.jalankan("tampilan_pengembalian", sesi_id=sesi.id).mappings().all()
        tenggat = tx.persetujuan.tenggat(sesi) if sesi.terbuka else None
    gerbang = semua_gerbang(tx, sesi, kembali) if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN) else []
    tautan = tx.pembatalan.tautan(sesi) if sesi.sudah(TahapSesi.MEMPOSTING) else {}
    terbuka = [satu for satu in gerbang if satu["jawaban"] is None]
    menunggu = sesi.status == StatusSesi.BERJALAN and sesi.tahap == TahapSesi.MENUNGGU_PERSETUJUAN and bool(terbuka)
    tiba = next((satu["tiba"]["oleh"] for satu in terbuka if satu["tiba"]), None)
    ditanya = terbuka[-1]["ditanya"] if menunggu and tiba is None else []
    return {
        "sesi": {**kepala(sesi, tenggat), "langkah": langkah(sesi.jenis, sesi.status, sesi.tahap, ditanya, tiba=tiba)},
        "rekap": rekap_,
        "gerbang": gerbang,
        "kiriman": kemajuan_kirim(tx, sesi, gerbang),
        "pengembalian": dict(Counter(baris["status"] for baris in kembali)),
        "tautan": [{"nomor": nomor, "jumlah": jumlah} for nomor, jumlah in tautan.items()],
        "giliran_saya": username in ditanya,
        "dilihat": {**terlihat._asdict(), "boleh": menandai and terlihat.boleh},
        "pemeriksaan": {satu.hasil: satu.pelanggan for satu in tx.jalankan("pemeriksaan_jumlah", sesi_id=sesi.id)},
        "sekarang": saat,
    }


_TAHAP: Mapping[str, Mapping[str, str]] = {
    JenisSesi.PENGESAHAN: {
        TahapSesi.DIBUKA: "Kesiapan diperiksa, lalu bacaan diambil dan disaring.",
        TahapSesi.CUPLIKAN: "Bacaan diambil, saringan jam nyala berjalan.",
        TahapSesi.TERSARING: "Rekap disusun.",
        TahapSesi.MENUNGGU_PERSETUJUAN: "Menunggu gerbang berikut dibuka.",
        TahapSesi.DISETUJUI: "Disetujui, posting ke AP2T segera mulai.",
        TahapSesi.MEMPOSTING: "Posting ke AP2T berjalan.",
        TahapSesi.TERPOSTING: "Terposting, dicocokkan dengan AP2T.",
        TahapSesi.COCOK: "Cocok dengan AP2T, sesi segera ditutup.",
    },
    JenisSesi.PEMBATALAN: {
        TahapSesi.DIBUKA: "Daftar AP2T diperiksa: siapa yang dapat dibatalkan.",
        TahapSesi.CUPLIKAN: "Daftar yang dapat dibatalkan disusun.",
        TahapSesi.TERSARING: "Rekap pembatalan disusun.",
        TahapSesi.MENUNGGU_PERSETUJUAN: "Menunggu gerbang dibuka.",
        TahapSesi.DISETUJUI: "Disetujui, pembatalan di AP2T segera mulai.",
        TahapSesi.MEMPOSTING: "Pembatalan di AP2T berjalan.",
        TahapSesi.TERPOSTING: "Dibatalkan, dicocokkan dengan AP2T.",
        TahapSesi.COCOK: "Cocok dengan AP2T, sesi segera ditutup.",
    },
}
_AKHIR: Mapping[str, str] = {
    StatusSesi.SELESAI: "Sukses.",
    StatusSesi.DITOLAK: "Ditolak pengesah; tidak ada yang dikirim ke AP2T.",
    StatusSesi.NIHIL: "Tidak ada pelanggan yang dapat diproses.",
    StatusSesi.DIAMBIL_ALIH: "Diakhiri: run-nya berhenti, dan sesi lain menggantikannya atau pengelola menutupnya.",
    StatusSesi.KEDALUWARSA: "Kedaluwarsa: tidak ada jawaban sampai batas waktunya.",
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
    if status == StatusSesi.TERHENTI:
        return (
            "Terhenti: langkahnya gagal. Baca log tugas yang gagal, lalu minta pengelola mengulangi (clear) tugas itu."
            + (f" Jawaban {tiba} sudah diterima; tidak perlu dijawab lagi." if tiba else "")
        )
    if status != StatusSesi.BERJALAN:
        return _AKHIR.get(status, status)
    if tiba:
        return f"Jawaban {tiba} diterima, menunggu ACMT. Tidak perlu dijawab lagi."
    if ditanya:
        return f"Menunggu jawaban {', '.join(ditanya)}."
    if tahap == TahapSesi.DIBUKA and kesiapan is not None and not kesiapan.get("siap"):
        angka = kesiapan.get("angka", {})
        apa = di_tengah(KATA_KESIAPAN[str(kesiapan.get("tahap"))])
        return f"Menunggu bacaan {apa}: {ribuan(angka.get('sudah', 0))} dari {ribuan(angka.get('pelanggan', 0))}."
    return _TAHAP[jenis].get(tahap, tahap)

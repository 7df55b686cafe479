"""Entries of the trail as sentences for a person; the entry itself stays what proves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.jejak import Entri
from ap2t.proses.rekap import NAMA

CONTOH = 20
"""Items of a list that are handed out; of the others only their number."""
Isi = Mapping[str, Any]


def entri_terbaca(e: Entri) -> dict[str, Any]:
    """Return an entry with its sentence, and what it holds, long lists cut."""
    isi = json.loads(e.isi)
    return {
        "id": e.id,
        "pada": e.pada,
        "jenis": e.jenis,
        "kalimat": kalimat(e.jenis, e.pelaku, isi),
        "pelaku": e.pelaku,
        "isi": _ringkas({k: v for k, v in isi.items() if k != "rekap"}),
    }


def kalimat(jenis: str, pelaku: str, isi: Isi) -> str:
    """Say what an entry tells of."""
    tulis = _KALIMAT.get(jenis)
    try:
        return tulis(pelaku, isi) if tulis else jenis.replace("_", " ").capitalize() + "."
    except (KeyError, TypeError, ValueError, AttributeError):  # an entry of an older release, with other keys
        return jenis.replace("_", " ").capitalize() + "."


def _ringkas(isi: Any) -> Any:
    if isinstance(isi, dict):
        return {k: _ringkas(v) for k, v in isi.items()}
    if isinstance(isi, list):
        awal = [_ringkas(b) for b in isi[:CONTOH]]
        return awal if len(isi) <= CONTOH else {"jumlah": len(isi), "contoh": awal}
    return isi


def _dibuka(pelaku: str, isi: Isi) -> str:
    return (
        f"Sesi dibuka oleh {pelaku}, putaran {isi['putaran']}." if "putaran" in isi else f"Sesi dibuka oleh {pelaku}."
    )


def _kesiapan(_: str, isi: Isi) -> str:
    apa = {"STAN_TERISI": "Stan terisi", "TERVERIFIKASI": "Terverifikasi", "TERKIRIM": "Terkirim"}
    a = isi["angka"]
    if "sudah" not in a:
        return f"Fungsi 2 AP2T {'terbuka' if isi['siap'] else 'tertutup'} bagi kelompok ini."
    return f"{apa.get(isi['tahap'], isi['tahap'])}: {ribuan(a['sudah'])} dari {ribuan(a['pelanggan'])} pelanggan."


def _cuplikan(_: str, isi: Isi) -> str:
    lain = [
        f"{ribuan(isi[k])} {apa}"
        for k, apa in (
            ("sudah_posting", "sudah disahkan"),
            ("belum_siap", "belum siap"),
            ("dikembalikan", "dikembalikan dan belum diperiksa ulang"),
            ("belum_posting", "belum disahkan"),
            ("diluar_sistem", "berubah di luar sistem"),
        )
        if isi.get(k)
    ]
    return f"Cuplikan diambil: {ribuan(isi['jumlah'])} pelanggan" + (f"; {', '.join(lain)}." if lain else ".")


def _disaring(_: str, isi: Isi) -> str:
    h = isi.get("hitung")
    if h is None:
        if "lolos" not in isi:
            return "Disaring."
        return f"Diperiksa: {ribuan(isi['lolos'])} dapat dibatalkan, {ribuan(isi['ditahan'])} tidak."
    return (
        f"Disaring: {ribuan(h.get('LOLOS', 0))} lolos, {ribuan(h.get('DITAHAN', 0))} ditahan"
        f" ({ribuan(h.get('JAM_NYALA', 0))} karena jam nyala)."
    )


def _ditahan(_: str, isi: Isi) -> str:
    bagian = [f"{NAMA.get(k, k)}: {ribuan(len(v))}" for k, v in isi.items() if isinstance(v, list)]
    return f"Ditahan menurut alasannya: {'; '.join(bagian)}."


def _rekap(_: str, isi: Isi) -> str:
    h = isi["rekap"]["hasil"]
    return (
        f"Rekap disusun: {ribuan(h['lolos'])} akan diproses, {ribuan(h['ditahan'])} tidak; sidik {isi['sidik'][:12]}."
    )


def _gerbang(_: str, isi: Isi) -> str:
    ke = " kedua" if isi["urutan"] == 2 else ""
    return f"Persetujuan{ke} ditanyakan kepada {', '.join(isi['orang'])}; sidik {isi['sidik'][:12]}."


def _dijawab(pelaku: str, isi: Isi) -> str:
    apa = "Sah/Setuju" if isi["keputusan"] == "SETUJU" else "Tolak"
    kembali = isi.get("kembalikan") or []
    ekor = f", mengembalikan {ribuan(len(kembali))} pelanggan: {daftar(kembali, 5)}" if kembali else ""
    catatan = f". Catatan: {isi['catatan']}" if isi.get("catatan") else "."
    return f"{pelaku} menjawab {apa} untuk sidik {isi['sidik'][:12]}{ekor}{catatan}"


_DI_AIRFLOW = {
    "trigger_dag_run": "memulai run",
    "update_hitl_detail": "menjawab gerbang",
    "patch_task_instance": "menandai tugas",
    "patch_task_group_instances": "menandai sekelompok tugas",
    "bulk_task_instances": "menandai banyak tugas sekaligus",
    "post_clear_task_instances": "mengulang (clear) tugas",
    "clear_dag_run": "mengulang (clear) run",
    "clear_dag_runs": "mengulang (clear) beberapa run",
    "patch_dag_run": "mengubah run",
    "bulk_dag_runs": "mengubah banyak run sekaligus",
    "delete_dag_run": "menghapus run",
    "patch_dag": "menyalakan atau menjeda DAG",
}


def _peristiwa(pelaku: str, isi: Isi) -> str:
    nama = isi["peristiwa"]
    return f"Di Airflow {pelaku} {_DI_AIRFLOW.get(nama, 'melakukan')} ({nama})."


def _tolakan(pelaku: str, isi: Isi) -> str:
    return f"Jawaban {pelaku} tidak diterima: {isi['sebab']}"


def _batch(pelaku: str, isi: Isi) -> str:
    return f"{ribuan(isi['jumlah'])} pelanggan dikirim ke AP2T sebagai {pelaku} (batch {isi['kunci'][:8]})."


def _diterapkan(_: str, isi: Isi) -> str:
    hitung = ", ".join(f"{ribuan(n)} {k}" for k, n in (isi.get("jumlah") or {}).items())
    return f"AP2T menerapkan batch {isi['kunci'][:8]}: {hitung}."


def _rekonsiliasi(_: str, isi: Isi) -> str:
    if isi.get("hasil") == "COCOK":
        return "Buku dan AP2T cocok, baris demi baris."
    return f"Buku dan AP2T berbeda pada {ribuan(isi.get('jumlah_beda', 0))} pelanggan."


def _akhir(_: str, isi: Isi) -> str:
    return f"Sesi berakhir {isi['status']}: {isi['keterangan']}"


def _jadwal_dibuka(_: str, isi: Isi) -> str:
    sebab = {"SIAP": "sudah siap", "TENGGAT": "belum siap sampai tenggat"}
    return (
        f"Jadwal membuka kelompok {isi['hari_baca']} unit {isi['unitup']} bulan {isi['thblrek']}, jatuh tempo "
        f"{isi['jatuh_tempo']}: {sebab.get(isi['sebab'], isi['sebab'])}."
    )


def _kalender_cacat(_: str, isi: Isi) -> str:
    return f"Kalender baca unit {isi['unitup']} bulan {isi['thblrek']}: " + " ".join(
        c["kalimat"] for c in isi["cacat"][:CONTOH]
    )


_KALIMAT: Mapping[str, Callable[[str, Isi], str]] = {
    "SESI_DIBUKA": _dibuka,
    "SESI_DILANJUTKAN": lambda p, i: f"Sesi dilanjutkan pada tahap {i['tahap']}.",
    "KESIAPAN": _kesiapan,
    "CUPLIKAN_DIAMBIL": _cuplikan,
    "DISARING": _disaring,
    "DITAHAN": _ditahan,
    "TIDAK_DAPAT_DIBATALKAN": lambda p, i: f"{ribuan(len(i['idpel']))} tidak dapat dibatalkan ({i['sebab']}).",
    "REKAP": _rekap,
    "GERBANG_DIBUKA": _gerbang,
    "DIJAWAB": _dijawab,
    "JAWABAN_TIDAK_DITERIMA": _tolakan,
    "POSTING_MULAI": lambda p, i: f"Pengiriman ke AP2T dimulai sebagai {p}.",
    "BATCH_DIKIRIM": _batch,
    "BATCH_DITERAPKAN": _diterapkan,
    "BATCH_BATAL": lambda p, i: f"Batch {i['kunci'][:8]} batal, tidak ada yang berubah: {i.get('keterangan') or '-'}.",
    "POSTING_SELESAI": lambda p, i: "Pengiriman ke AP2T selesai.",
    "UPAYA_POSTING_DITOLAK": lambda p, i: f"Pengiriman ditolak: {i['sebab']}",
    "REKONSILIASI": _rekonsiliasi,
    "DILUAR_SISTEM": lambda p, i: f"{ribuan(i['jumlah'])} pelanggan diubah pihak lain di AP2T.",
    "LAYANAN_TIDAK_MENJAWAB": lambda p, i: f"{i['layanan']} tidak menjawab.",
    "LAYANAN_MENJAWAB_LAGI": lambda p, i: f"{i['layanan']} menjawab lagi.",
    "BERUBAH_SESUDAH_POSTING": lambda p, i: f"{ribuan(len(i['idpel']))} bacaan berubah di ACMT sesudah diposting.",
    "PENGEMBALIAN_DIKIRIM": lambda p, i: f"Pelanggan {i['idpel']} dikembalikan ke ACMT (panggilan ke-{i['ke']}).",
    "PENGEMBALIAN_SELESAI": lambda p, i: f"Pengembalian pelanggan {i['idpel']}: {i['status']} ({i['cara']}).",
    "SESI_TERHENTI": lambda p, i: f"Sesi terhenti pada tahap {i['tahap']}: {i['sebab']}",
    "SESI_DITUTUP": _akhir,
    "SESI_KEDALUWARSA": _akhir,
    "SESI_DIAMBIL_ALIH": lambda p, i: (
        f"Sesi diakhiri oleh {p} tanpa run baru: {i['alasan']}"
        if "alasan" in i
        else f"Sesi diambil alih oleh run yang dimulai {p}."
    ),
    "TENGGAT_LEWAT": lambda p, i: "Tenggat jawab lewat; eskalasi dicatat.",
    "PERISTIWA_AIRFLOW": _peristiwa,
    "JADWAL_DIBUKA": _jadwal_dibuka,
    "JADWAL_BELUM_SIAP": lambda p, i: i["kalimat"],
    "KALENDER_CACAT": _kalender_cacat,
    "BACAAN_DIARSIPKAN": lambda p, i: f"Bacaan {ribuan(i['baris'])} pelanggan diarsipkan ke {i['berkas']}.",
}

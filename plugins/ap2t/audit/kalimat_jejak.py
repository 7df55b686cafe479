"""Tells the trail's entries as sentences for a person. The entry itself stays what proves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kata import KATA_KEPUTUSAN, KATA_KESIAPAN, KATA_SEBAB_JADWAL, di_tengah, kata
from ap2t.domain.kode import JenisJejak
from ap2t.domain.model import HasilSaring
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.jejak import Entri
from ap2t.ledger.persetujuan import Persetujuan
from ap2t.proses.gerbang import KEPUTUSAN

CONTOH = 20
"""Items of a list that are handed out. Of the others only their number is."""
PERISTIWA = JenisJejak.PERISTIWA_AIRFLOW
URUTAN = {"persetujuan": 1, "persetujuan_kedua": 2}
"""The gates' tasks."""
SEJENAK = timedelta(minutes=1)
"""Airflow notes an answer before it takes it, and at most so long before."""
Isi = Mapping[str, Any]


def entri_terbaca(entri: Entri, jawaban: Sequence[Persetujuan] = ()) -> dict[str, Any]:
    """Return an entry with its sentence, and what it holds, long lists cut.

    :param jawaban: the session's answers in the ledger: they tell what became of one that Airflow was asked to take.
    """
    isi = json.loads(entri.isi)
    return {
        "id": entri.id,
        "pada": saat_kejadian(entri, isi),
        "jenis": entri.jenis,
        "kalimat": kalimat(entri.jenis, entri.pelaku, isi, jawaban),
        "pelaku": entri.pelaku,
        "isi": _ringkas({kunci: nilai for kunci, nilai in isi.items() if kunci != "rekap"}),
    }


def saat_kejadian(entri: Entri, isi: Isi) -> datetime:
    """Return when it happened: what was copied from Airflow later has Airflow's own time."""
    try:
        return datetime.fromisoformat(isi["waktu"]) if entri.jenis == PERISTIWA else entri.pada
    except (KeyError, TypeError, ValueError):
        return entri.pada


def kalimat(jenis: str, pelaku: str, isi: Isi, jawaban: Sequence[Persetujuan] = ()) -> str:
    """Say what an entry tells of. ``jawaban``: as for :func:`entri_terbaca`."""
    try:
        if jenis == PERISTIWA:
            return _peristiwa(pelaku, isi, jawaban)
        susunan = _KALIMAT[jenis]
        return susunan.format_map({**isi, "pelaku": pelaku}) if isinstance(susunan, str) else susunan(pelaku, isi)
    except (KeyError, TypeError, ValueError, AttributeError):  # no sentence, or an entry of an older release
        return jenis.replace("_", " ").capitalize() + "."


def _ringkas(isi: Any) -> Any:
    if isinstance(isi, dict):
        return {kunci: _ringkas(nilai) for kunci, nilai in isi.items()}
    if isinstance(isi, list):
        awal = [_ringkas(butir) for butir in isi[:CONTOH]]
        return awal if len(isi) <= CONTOH else {"jumlah": len(isi), "contoh": awal}
    return isi


def _dibuka(pelaku: str, isi: Isi) -> str:
    putaran = f", putaran {isi['putaran']}" if "putaran" in isi else ""
    return f"Sesi dibuka oleh {pelaku}{putaran}."


def _kesiapan(_: str, isi: Isi) -> str:
    angka = isi["angka"]
    if "sudah" not in angka:
        return f"Fungsi 2 AP2T {'terbuka' if isi['siap'] else 'tertutup'} bagi kelompok ini."
    berapa = f"{ribuan(angka['sudah'])} dari {ribuan(angka['pelanggan'])} pelanggan"
    return f"{KATA_KESIAPAN.get(isi['tahap'], isi['tahap'])}: {berapa}."


def _cuplikan(_: str, isi: Isi) -> str:
    lain = [
        f"{ribuan(isi[kunci])} {apa}"
        for kunci, apa in (
            ("sudah_posting", "sudah disahkan"),
            ("belum_siap", "belum siap"),
            ("dikembalikan", "dikembalikan dan belum diperiksa ulang"),
            ("belum_posting", "belum disahkan"),
            ("diluar_sistem", "berubah di luar sistem"),
        )
        if isi.get(kunci)
    ]
    return f"Cuplikan diambil: {ribuan(isi['jumlah'])} pelanggan" + (f"; {', '.join(lain)}." if lain else ".")


def _disaring(_: str, isi: Isi) -> str:
    hitung = isi.get("hitung")
    if hitung is None and "lolos" not in isi:
        return "Disaring."
    if hitung is None:
        return f"Diperiksa: {ribuan(isi['lolos'])} dapat dibatalkan, {ribuan(isi['ditahan'])} tidak."
    return (
        f"Disaring: {ribuan(hitung.get(HasilSaring.LOLOS, 0))} lolos, "
        f"{ribuan(hitung.get(HasilSaring.DITAHAN, 0))} ditahan "
        f"({ribuan(hitung.get(Alasan.JAM_NYALA, 0))} karena jam nyala)."
    )


def _ditahan(_: str, isi: Isi) -> str:
    bagian = [f"{kata(alasan)}: {ribuan(len(idpel))}" for alasan, idpel in isi.items() if isinstance(idpel, list)]
    return f"Ditahan menurut alasannya: {'; '.join(bagian)}."


def _rekap(_: str, isi: Isi) -> str:
    hasil = isi["rekap"]["hasil"]
    lolos, ditahan = ribuan(hasil["lolos"]), ribuan(hasil["ditahan"])
    return f"Rekap disusun: {lolos} akan diproses, {ditahan} tidak; sidik {isi['sidik'][:12]}."


def _gerbang(_: str, isi: Isi) -> str:
    ke = " kedua" if isi["urutan"] == 2 else ""
    return f"Persetujuan{ke} ditanyakan kepada {', '.join(isi['orang'])}; sidik {isi['sidik'][:12]}."


def _tiba(pelaku: str, isi: Isi) -> str:
    return f"Jawaban {', '.join(isi['pilihan']) or '-'} dari {pelaku} diterima; belum berlaku sebelum dinilai."


def _dijawab(pelaku: str, isi: Isi) -> str:
    apa = KATA_KEPUTUSAN[isi["keputusan"]]
    kembali = isi.get("kembalikan") or []
    ekor = f", mengembalikan {ribuan(len(kembali))} pelanggan: {daftar(kembali, 5)}" if kembali else ""
    catatan = f". Catatan: {isi['catatan']}" if isi.get("catatan") else "."
    return f"{pelaku} menjawab {apa} untuk sidik {isi['sidik'][:12]}{ekor}{catatan}"


# What people ask Airflow for: it notes a request before it serves it, and notes nothing of how that ended.
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


def _peristiwa(pelaku: str, isi: Isi, jawaban: Sequence[Persetujuan]) -> str:
    nama = isi["peristiwa"]
    pilihan = (isi.get("rinci") or {}).get("chosen_options")
    if nama == "update_hitl_detail" and pilihan and isi["task_id"] in URUTAN:
        apa = f"Di Airflow {pelaku} menjawab {', '.join(map(str, pilihan))}"
        return f"{apa}: {_nasib_jawaban(pelaku, pilihan, isi, jawaban)}."
    if nama in _DI_AIRFLOW:
        return f"Di Airflow {pelaku} meminta: {_DI_AIRFLOW[nama]} ({nama})."
    return f"Airflow mencatat {nama} atas nama {pelaku}."


def _nasib_jawaban(pelaku: str, pilihan: Sequence[str], isi: Isi, jawaban: Sequence[Persetujuan]) -> str:
    """Say what became of an answer that Airflow was asked to take: the ledger knows, Airflow's event does not."""
    tercatat = next((satu for satu in jawaban if satu.urutan == URUTAN[isi["task_id"]]), None)
    if tercatat is None:
        return "di buku tidak tercatat sebagai jawaban"
    jeda = tercatat.dijawab_pada - datetime.fromisoformat(isi["waktu"])
    if jeda < timedelta():
        return f"ditolak, gerbang sudah dijawab {tercatat.oleh}"
    if jeda <= SEJENAK and (tercatat.oleh, tercatat.keputusan) == (pelaku, KEPUTUSAN.get(pilihan[0])):
        return "diterima"
    return f"tidak dipakai, yang tercatat jawaban {tercatat.oleh} sesudahnya"


def _batch(pelaku: str, isi: Isi) -> str:
    return f"{ribuan(isi['jumlah'])} pelanggan akan dikirim ke AP2T sebagai {pelaku} (batch {isi['kunci'][:8]})."


def _diterapkan(_: str, isi: Isi) -> str:
    hitung = ", ".join(f"{ribuan(jumlah)} {status}" for status, jumlah in (isi.get("jumlah") or {}).items())
    return f"AP2T menerapkan batch {isi['kunci'][:8]}: {hitung}."


def _rekonsiliasi(_: str, isi: Isi) -> str:
    if isi.get("hasil") == "COCOK":
        return "Buku dan AP2T cocok, baris demi baris."
    return f"Buku dan AP2T berbeda pada {ribuan(isi.get('jumlah_beda', 0))} pelanggan."


def _jadwal_dibuka(_: str, isi: Isi) -> str:
    sebab = KATA_SEBAB_JADWAL.get(isi["sebab"], isi["sebab"])
    return (
        f"Jadwal membuka kelompok {isi['hari_baca']} unit {isi['unitup']} bulan {isi['thblrek']}, jatuh tempo "
        f"{isi['jatuh_tempo']}: {di_tengah(sebab)}."
    )


def _kalender_cacat(_: str, isi: Isi) -> str:
    cacat = " ".join(satu["kalimat"] for satu in isi["cacat"][:CONTOH])
    return f"Kalender baca unit {isi['unitup']} bulan {isi['thblrek']}: {cacat}"


_KALIMAT: Mapping[str, str | Callable[[str, Isi], str]] = {
    JenisJejak.SESI_DIBUKA: _dibuka,
    JenisJejak.SESI_DILANJUTKAN: "Sesi dilanjutkan pada tahap {tahap}.",
    JenisJejak.KESIAPAN: _kesiapan,
    JenisJejak.CUPLIKAN_DIAMBIL: _cuplikan,
    JenisJejak.DISARING: _disaring,
    JenisJejak.DITAHAN: _ditahan,
    JenisJejak.TIDAK_DAPAT_DIBATALKAN: lambda pelaku, isi: (
        f"{ribuan(len(isi['idpel']))} tidak dapat dibatalkan ({isi['sebab']})."
    ),
    JenisJejak.REKAP: _rekap,
    JenisJejak.GERBANG_DIBUKA: _gerbang,
    JenisJejak.GERBANG_DIBUKA_LAGI: lambda pelaku, isi: (
        f"Ditanyakan lagi; jawaban tadi tidak dapat dipakai: {isi['sebab'][-1]}"
    ),
    JenisJejak.JAWABAN_TIBA: _tiba,
    JenisJejak.JAWABAN_TERTUNDA: lambda pelaku, isi: (
        f"Jawaban yang diterima belum dapat dinilai, dicoba lagi: {isi['sebab']}"
    ),
    JenisJejak.DIJAWAB: _dijawab,
    JenisJejak.JAWABAN_TIDAK_DITERIMA: lambda pelaku, isi: f"Jawaban {pelaku} tidak diterima: {isi['sebab']}",
    JenisJejak.POSTING_MULAI: "Pengiriman ke AP2T dimulai sebagai {pelaku}.",
    JenisJejak.BATCH_DIKIRIM: _batch,
    JenisJejak.BATCH_DITERAPKAN: _diterapkan,
    JenisJejak.BATCH_BATAL: lambda pelaku, isi: (
        f"Batch {isi['kunci'][:8]} batal, tidak ada yang berubah: {isi.get('keterangan') or '-'}."
    ),
    JenisJejak.POSTING_SELESAI: "Pengiriman ke AP2T selesai.",
    JenisJejak.UPAYA_POSTING_DITOLAK: lambda pelaku, isi: f"Pengiriman ditolak: {isi['sebab']}",
    JenisJejak.REKONSILIASI: _rekonsiliasi,
    JenisJejak.DILUAR_SISTEM: lambda pelaku, isi: f"{ribuan(isi['jumlah'])} pelanggan diubah pihak lain di AP2T.",
    JenisJejak.LAYANAN_TIDAK_MENJAWAB: "{layanan} tidak menjawab.",
    JenisJejak.LAYANAN_MENJAWAB_LAGI: "{layanan} menjawab lagi.",
    JenisJejak.BERUBAH_SESUDAH_POSTING: lambda pelaku, isi: (
        f"{ribuan(len(isi['idpel']))} bacaan berubah di ACMT sesudah diposting."
    ),
    JenisJejak.PENGEMBALIAN_DIKIRIM: "ACMT akan diminta mengembalikan {idpel} (panggilan ke-{ke}).",
    JenisJejak.PENGEMBALIAN_TANPA_AKIBAT: "Panggilan ke-{ke} untuk {idpel} tidak berakibat di ACMT.",
    JenisJejak.PENGEMBALIAN_SELESAI: "Pengembalian pelanggan {idpel}: {status} ({cara}).",
    JenisJejak.SESI_TERHENTI: lambda pelaku, isi: f"Sesi terhenti pada tahap {isi['tahap']}: {isi['sebab']}",
    JenisJejak.SESI_DITUTUP: lambda pelaku, isi: f"Sesi berakhir {isi['status']}: {isi['keterangan']}",
    JenisJejak.SESI_KEDALUWARSA: lambda pelaku, isi: f"Sesi berakhir {isi['status']}: {isi['keterangan']}",
    JenisJejak.SESI_DIAMBIL_ALIH_MULAI: lambda pelaku, isi: (
        f"{pelaku} mulai {'mengakhiri' if 'alasan' in isi else 'mengambil alih'} sesi; batch yang di jalan dipastikan "
        "dahulu."
    ),
    JenisJejak.SESI_DIAMBIL_ALIH: lambda pelaku, isi: (
        f"Sesi diakhiri oleh {pelaku} tanpa run baru: {isi['alasan']}"
        if "alasan" in isi
        else f"Sesi diambil alih oleh run yang dimulai {pelaku}."
    ),
    JenisJejak.TENGGAT_LEWAT: "Tenggat jawab lewat; eskalasi dicatat.",
    JenisJejak.JADWAL_DIBUKA: _jadwal_dibuka,
    JenisJejak.JADWAL_BELUM_SIAP: lambda pelaku, isi: isi["kalimat"],
    JenisJejak.KALENDER_CACAT: _kalender_cacat,
    JenisJejak.BACAAN_DIARSIPKAN: lambda pelaku, isi: (
        f"Bacaan {ribuan(isi['baris'])} pelanggan diarsipkan ke {isi['berkas']}."
    ),
}
"""Each kind's sentence: as it stands, actor and facts in their places, or what makes it."""

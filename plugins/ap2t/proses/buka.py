"""Step 1: check what a run asks for, and open its session. One kelompok has one open session, of either kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ap2t import jam
from ap2t.domain.kata import TANPA_KOLOM
from ap2t.domain.kode import JenisJejak, StatusSesi
from ap2t.domain.kontrak import periksa_hari_baca, periksa_thblrek, periksa_unitup
from ap2t.domain.model import Tempat, Unit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tMenolak, BelumSiap, BukuMenolak, GalatPengesahan, MasukanTidakSah
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.jejak import SISTEM
from ap2t.ledger.kiriman import BatchDikirim
from ap2t.ledger.pembatalan import PermintaanBatal, ringkas_pembatalan
from ap2t.ledger.sesi import PEMBATALAN, PENGESAHAN, Sesi
from ap2t.proses.isian import IsianPembatalan, baca_pembatalan
from ap2t.proses.kirim import selesaikan_batch
from ap2t.proses.layanan import Langkah, Lapor, Layanan, RunHidup
from ap2t.proses.tutup import lanjutkan
from ap2t.proses.wewenang import periksa_pemicu

ISIAN = ("unitup", "thblrek", "tunggu_kesiapan")
"""The fields of the form of a pengesahan."""
ISIAN_PEMBATALAN = ("unitup", "thblrek", "hari_baca", "cakupan", "idpel", "alasan")
"""The fields of the form of a pembatalan."""


class Permintaan(NamedTuple):
    """What a run asks for.

    ``pemicu``: the username that started it. ``terjadwal``: no person did, a schedule. ``asing``: names in the run's
    configuration that are no field of the form. ``batal``: what is to be cancelled; None: the run approves.
    """

    unitup: str
    thblrek: str | None
    hari_baca: str
    dag_id: str
    run_id: str
    pemicu: str | None
    terjadwal: bool
    asing: Sequence[str] = ()
    batal: IsianPembatalan | None = None


def buka_sesi(layanan: Layanan, minta: Permintaan, run_hidup: RunHidup, lapor: Lapor) -> Sesi:
    """Open the run's session, or find it again when the task runs a second time.

    A session whose run is gone is taken over first (:func:`ambil_alih`). A start that is refused leaves its mark in the
    trail.

    :raises MasukanTidakSah: unknown fields; unknown or malformed unitup, thblrek, hari_baca; an unclear cancellation.
    :raises BelumSiap: fungsi 2 of AP2T is closed, so that nothing can be cancelled.
    :raises WewenangKurang: the person who started the run does not belong to the unit.
    :raises BukuMenolak: another live run holds the kelompok, or this run's session has ended.
    """
    try:
        return _buka_sesi(layanan, minta, run_hidup, lapor)
    except GalatPengesahan as galat:
        if galat.permanen:
            _catat_upaya(layanan, minta, str(galat), lapor)
        raise


def _catat_upaya(layanan: Layanan, minta: Permintaan, sebab: str, lapor: Lapor) -> None:
    diminta = {nama: repr(getattr(minta, nama))[:40] for nama in Tempat._fields}
    isi = {"dag_id": minta.dag_id, "run_id": minta.run_id, "diminta": diminta, "sebab": sebab[:2000]}
    try:
        with layanan.buku.transaksi() as tx:
            tx.jejak.catat(JenisJejak.UPAYA_MULAI_DITOLAK, isi, pelaku=minta.pemicu or SISTEM)
    except GalatPengesahan as galat:  # what was refused is told first
        lapor(f"Penolakan ini tidak dapat dicatat pada jejak: {galat}")


def _buka_sesi(layanan: Layanan, minta: Permintaan, run_hidup: RunHidup, lapor: Lapor) -> Sesi:
    if minta.asing:
        asing = ", ".join(repr(nama[:40]) for nama in minta.asing)
        isian = ISIAN if minta.batal is None else ISIAN_PEMBATALAN
        raise MasukanTidakSah(f"Isian {asing} tidak dikenal. Yang dapat diisi: {', '.join(isian)}. Mulai run baru.")
    unitup = periksa_unitup(minta.unitup)
    hari_baca = periksa_hari_baca(minta.hari_baca)
    batal = None if minta.batal is None else baca_pembatalan(minta.batal)
    layanan.sumber.periksa_kontrak()
    unit = layanan.sumber.unit(unitup)
    periksa_pemicu(layanan, unit, minta.pemicu, minta.terjadwal)
    with layanan.buku.transaksi() as tx:
        milik = tx.sesi.milik_run(minta.dag_id, minta.run_id)
        if milik is not None:
            _periksa_milik(milik, unitup, hari_baca, minta)
            if batal is not None and tx.pembatalan.ambil(milik) != batal:
                raise BukuMenolak(f"Run {minta.run_id} sudah punya sesi {milik.nomor} untuk permintaan lain.")
            return _lanjutkan(tx, milik, lapor)
    tempat = Tempat(unitup, _thblrek(layanan, unit, minta, hari_baca, lapor), hari_baca)
    _pastikan_ada(layanan, tempat, batal)
    _singkirkan_yang_mati(layanan, tempat, minta, run_hidup, lapor)
    return _buka(layanan, unit, tempat, minta, batal, lapor)


def _pastikan_ada(layanan: Layanan, tempat: Tempat, batal: PermintaanBatal | None) -> None:
    """Check that ACMT has such a kelompok. For a cancellation AP2T must, since it decides what can go."""
    if batal is None:
        if layanan.sumber.jumlah(tempat) == 0:
            raise MasukanTidakSah(
                f"Tidak ada pelanggan di ACMT untuk {tempat}. "
                "Periksa bulan rekening dan kelompoknya; bila benar, DPM bulan itu belum dibuat di ACMT."
            )
        return
    try:
        terbuka = layanan.ap2t_baca().kelompok(*tempat).terbuka
    except Ap2tMenolak as galat:
        if galat.status != 404:
            raise
        raise MasukanTidakSah(f"AP2T tidak mengenal {tempat}. Periksa bulan rekening dan kelompoknya.") from None
    if not terbuka:
        raise BelumSiap(
            f"Fungsi 2 AP2T untuk {tempat} sudah tertutup: tidak ada yang dapat dibatalkan. Minta pengelola AP2T "
            "membukanya, lalu mulai run baru."
        )


def _thblrek(layanan: Layanan, unit: Unit, minta: Permintaan, hari_baca: str, lapor: Lapor) -> str:
    if minta.thblrek or minta.batal is not None:
        return periksa_thblrek(minta.thblrek)
    hari_ini = jam.sekarang().astimezone(ZoneInfo(unit.zona_waktu)).date()
    thblrek = layanan.sumber.thblrek_berjalan(unit.unitup, hari_baca, hari_ini)
    lapor(f"Bulan rekening dikosongkan: menurut kalender baca kelompok {hari_baca} kini bulan {thblrek}.")
    return thblrek


def _periksa_milik(milik: Sesi, unitup: str, hari_baca: str, minta: Permintaan) -> None:
    """Refuse a run_id that is used again for another kelompok: it must not reach the session it once opened."""
    jenis = PENGESAHAN if minta.batal is None else PEMBATALAN
    sama = (milik.jenis, milik.unitup, milik.hari_baca) == (jenis, unitup, hari_baca)
    if not sama or minta.thblrek not in (None, milik.thblrek):
        raise BukuMenolak(f"Run {minta.run_id} sudah punya sesi {milik.nomor} untuk {milik.tempat}. Mulai run baru.")


def _lanjutkan(tx: Transaksi, milik: Sesi, lapor: Lapor) -> Sesi:
    if not milik.terbuka:
        raise BukuMenolak(
            f"Run ini sudah punya sesi {milik.nomor} dan sesi itu sudah berakhir ({milik.status}). Mulai run baru."
        )
    if milik.status == StatusSesi.TERHENTI:
        milik = lanjutkan(tx, milik)
        lapor(f"Sesi {milik.nomor} dilanjutkan dari tahap {milik.tahap}.")
    return milik


def _singkirkan_yang_mati(
    layanan: Layanan, tempat: Tempat, minta: Permintaan, run_hidup: RunHidup, lapor: Lapor
) -> None:
    with layanan.buku.transaksi() as tx:
        lama = tx.sesi.terbuka(*tempat)
    if lama is None:
        return
    if run_hidup(lama.dag_id, lama.run_id):
        raise BukuMenolak(
            f"Sesi {lama.nomor} untuk {lama.tempat} masih terbuka dan dipegang run {lama.run_id} (DAG {lama.dag_id}). "
            "Selesaikan atau gagalkan run itu dahulu; dua sesi serentak untuk satu kelompok tidak boleh."
        )
    lapor(f"Sesi {lama.nomor} milik run {lama.run_id} yang sudah berhenti: diambil alih.")
    ambil_alih(Langkah(layanan, lama, lapor), minta.pemicu)


def ambil_alih(langkah: Langkah, oleh: str | None, *, alasan: str | None = None) -> None:
    """Take a dead run's session over: raise its epoch, settle every batch in flight or raise, end it as DIAMBIL_ALIH.

    :param alasan: why a person ends it without a run that goes on; None: a new run takes its place.
    :raises BukuMenolak: if a batch in flight cannot be settled now (AP2T away, no usable AP2T user).
    """
    siapa = oleh or SISTEM
    sebab = {} if alasan is None else {"alasan": alasan}
    apa = f"diambil alih oleh {siapa}" if alasan is None else f"diakhiri oleh {siapa} tanpa run baru: {alasan}"

    def pagari(tx: Transaksi) -> tuple[Sesi, list[BatchDikirim]]:
        sesi = tx.sesi.naikkan_epoch(langkah.sesi, apa)
        isi = {"epoch": sesi.epoch, **sebab}
        tx.jejak.catat(JenisJejak.SESI_DIAMBIL_ALIH_MULAI, isi, sesi_id=sesi.id, pelaku=siapa)
        return sesi, tx.kiriman.dalam_perjalanan(sesi)

    langkah.sesi, terbang = langkah.buku.ulang(pagari)
    for batch in terbang:
        _selesaikan_yatim(langkah, batch, oleh)
    keterangan = f"run {langkah.sesi.run_id} sudah berhenti; {apa}"

    def akhiri(tx: Transaksi) -> Sesi:
        sesi = langkah.sesi
        tx.sesi.kunci(sesi)  # before the trail's head, as everywhere
        tertunda = tx.kedatangan.menunggu(sesi)
        berakhir = tx.sesi.ambil_alih(sesi, keterangan)
        isi = {"batch": len(terbang), **sebab, **berakhir.akhir}
        tx.jejak.catat(JenisJejak.SESI_DIAMBIL_ALIH, isi, sesi_id=sesi.id, pelaku=siapa)
        for tiba in tertunda:
            tx.kedatangan.tolak(sesi, tiba, f"sesi berakhir sebelum jawaban ini dinilai: {keterangan}")
        return berakhir

    langkah.sesi = langkah.buku.ulang(akhiri)


def _selesaikan_yatim(langkah: Langkah, batch: BatchDikirim, oleh: str | None) -> None:
    """Settle one batch of a dead run as its own sender, or else as the person who takes over."""
    sebab = ""
    for username in dict.fromkeys(orang for orang in (batch.oleh, oleh) if orang):
        try:
            selesaikan_batch(langkah, batch.kunci, batch.idpel, langkah.layanan.ap2t_orang(username))
            return
        except GalatPengesahan as galat:
            sebab = str(galat)
    raise BukuMenolak(
        f"Batch {batch.kunci} dari sesi {langkah.sesi.nomor} belum dapat dipastikan nasibnya di AP2T ({sebab}). "
        "Sesi itu tidak diakhiri, dan sesi baru tidak dibuka, sebelum itu pasti. Pastikan AP2T menjawab, lalu ulangi."
    )


def _buka(
    layanan: Layanan, unit: Unit, tempat: Tempat, minta: Permintaan, batal: PermintaanBatal | None, lapor: Lapor
) -> Sesi:
    sumber = layanan.sumber
    ditawarkan = {}
    if batal is None:  # of earlier months what is only shown is not read
        riwayat = [kolom for kolom in TANPA_KOLOM["v_riwayat"] if kolom in sumber.kolom_riwayat]
        ditawarkan = {"pilihan": [*sumber.pilihan], "riwayat": riwayat}
    with layanan.buku.transaksi() as tx:
        tx.jalankan("sesi_kunci_kelompok", **tempat._asdict())  # one opener at a time
        if (lain := tx.sesi.terbuka(*tempat)) is not None:
            raise BukuMenolak(
                f"Sesi {lain.nomor} untuk {lain.tempat} baru saja dibuka run {lain.run_id} (DAG {lain.dag_id})."
            )
        pola = tx.konfigurasi.unit(unit.unitup).sesi
        pola = pola._replace(ketentuan={**pola.ketentuan, **ditawarkan})
        if batal is not None:
            pola = pola._replace(pengesah=1, sampel=None)  # one gate; nothing to inspect
        baru = tx.sesi.buka(
            **tempat._asdict(),
            dag_id=minta.dag_id,
            run_id=minta.run_id,
            pola=pola,
            nama_unit=unit.nama,
            zona_waktu=unit.zona_waktu,
            pemicu=minta.pemicu,
            jenis=PENGESAHAN if batal is None else PEMBATALAN,
        )
        isi = {nama: getattr(baru, nama) for nama in _DIBUKA}
        isi["pola"] = {**pola._asdict(), "ketentuan": baru.ketentuan}
        if batal is not None:
            tx.pembatalan.catat(baru, batal)
            isi |= ringkas_pembatalan(batal)
        tx.jejak.catat(JenisJejak.SESI_DIBUKA, isi, sesi_id=baru.id, pelaku=minta.pemicu or SISTEM)
    if batal is not None:
        apa = f"{ribuan(len(batal.diminta))} idpel" if batal.diminta else "semua yang sudah disahkan"
        lapor(f"Sesi {baru.nomor} dibuka: pembatalan ke-{baru.putaran} untuk {tempat}, cakupan {apa}.")
        return baru
    versi = f"; konfigurasi versi {baru.konfigurasi}" if baru.konfigurasi else ""
    lapor(
        f"Sesi {baru.nomor} dibuka untuk {tempat}, putaran {baru.putaran}; pola {baru.pola}, "
        f"{baru.pengesah} pengesah, batas jam nyala {baru.batas_jam_nyala}{versi}."
    )
    return baru


_DIBUKA = (
    *("nomor", *Tempat._fields, "putaran", "dag_id", "run_id", "jenis", "nama_unit", "zona_waktu", "dibuka_pada"),
    *("versi_aturan", "versi_kode", "bentuk_sidik"),
)
"""What of a session the trail's first entry of it tells, besides its pattern."""

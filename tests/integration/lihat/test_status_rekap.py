"""Status of customers and rekap on real parts: both equal an independent recount, now and at every past moment."""

from __future__ import annotations

import itertools
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import pytest
from acmt_fixtures import buat_sqlite, koneksi
from audit_fixtures import Perusak, Terisi
from batal_fixtures import batalkan_sampai
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proses_fixtures import BULAN, KODE, AlamatPg, Dunia, jalankan_sampai, jam_buku, salin_buku
from sqlalchemy import text

from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.domain.kesiapan import Tahap
from ap2t.domain.model import GANDA, Tempat
from ap2t.domain.status import Menurut, Status
from ap2t.galat import BukuMenolak, MasukanTidakSah
from ap2t.lihat.rekap_bulan import BarisRekap, Tingkat, jumlahkan, putaran_buku, rekap_buku
from ap2t.lihat.status_pelanggan import Mata, Saring, StatusPelanggan, pelanggan, per_kelompok
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.kesiapan import catat_tengok, tengok
from ap2t.proses.layanan import Layanan
from ap2t.source.acmt import SumberAcmt
from ap2t.source.koneksi import buat_engine
from ap2t.sql import muat
from conftest import Sandbox
from sandbox.rekap import rekap_unit

JAM_NYALA = {"sahlwbp": "9999", "pemkwh": None}
"""8,999 kWh at 1,300 VA."""
_nomor = itertools.count(1)
_LIHAT: WeakKeyDictionary[Dunia, Layanan] = WeakKeyDictionary()


def layanan_(d: Dunia) -> Layanan:
    """The services that only look, opened once a test."""
    if d not in _LIHAT:
        _LIHAT[d] = d.layanan()
    return _LIHAT[d]


def mata(d: Dunia, *, pada: datetime | None = None, acmt: bool = True, ap2t: bool = False) -> Mata:
    layanan = layanan_(d)
    return Mata(
        layanan.buku,
        layanan.sumber if acmt else None,
        layanan.ap2t_baca() if ap2t else None,
        pada,
        sekarang=datetime.now(UTC),
    )


def tempat(d: Dunia) -> Tempat:
    return Tempat(d.unitup, d.bulan, d.kode)


def semua(d: Dunia, **pilihan: Any) -> dict[str, StatusPelanggan]:
    return {s.idpel: s for s in per_kelompok(mata(d, **pilihan), tempat(d))}


def status(d: Dunia, **pilihan: Any) -> dict[int, Status]:
    """Number of the customer to status."""
    return {int(i[5:]): s.keadaan.status for i, s in semua(d, **pilihan).items()}


def rekap(d: Dunia, pada: datetime | None = None) -> BarisRekap:
    [b] = rekap_buku(layanan_(d).buku, [d.unitup], d.bulan, pada=pada)
    return b


def hitung_ulang(d: Dunia, pada: datetime | None = None) -> dict[str, Any]:
    """Count anew from the raw tables, in Python: what each fact says, in order of sessions and steps.

    A fact counts from its instant on, and never before the customer's fact before it counted.
    """
    saat = pada or datetime.max.replace(tzinfo=UTC)
    fakta: list[tuple[int, int, int, datetime, str, str, int]] = []
    for tabel, waktu, kata, langkah, urut in (
        ("hasil", "pada", "h.status", "2", "0"),
        ("luar_sistem", "ditemukan_pada", "'LUAR'", "CASE h.tahap WHEN 'CUPLIKAN' THEN 0 ELSE 3 END", "h.id"),
        ("suplai_terlihat", "pada", "'SUPLAI'", "1", "0"),
    ):
        kode = "3" if tabel == "suplai_terlihat" else "coalesce(h.kodeposting, -1)"
        fakta += d.buku_lihat.execute(
            f"SELECT h.sesi_id, {langkah}, {urut}, h.{waktu}, h.idpel, {kata}, {kode} FROM pengesahan.{tabel} h "  # noqa: S608
            "JOIN pengesahan.sesi s ON s.id = h.sesi_id WHERE s.unitup = %s AND s.thblrek = %s",
            [d.unitup, d.bulan],
        ).fetchall()
    kwh = dict(
        d.buku_lihat.execute(
            "SELECT (g.sesi_id || g.idpel), g.kwh FROM pengesahan.saringan g "
            "JOIN pengesahan.sesi s ON s.id = g.sesi_id WHERE s.unitup = %s AND s.thblrek = %s",
            [d.unitup, d.bulan],
        ).fetchall()
    )
    posisi: dict[str, tuple[int, Decimal | None]] = {}
    sejak: dict[str, datetime] = {}
    for sesi_id, _, _, waktu, idpel, kata, kode in sorted(fakta):
        sejak[idpel] = max(waktu, sejak.get(idpel, waktu))
        if sejak[idpel] > saat:
            continue
        lama = posisi.get(idpel, (-1, None))
        if kata in ("POSTING", "SUDAH_POSTING"):
            posisi[idpel] = (1, kwh[f"{sesi_id}{idpel}"])
        elif kata in ("BATAL", "BELUM_POSTING"):
            posisi[idpel] = (0, None)
        elif kata == "LUAR":
            posisi[idpel] = (kode, None)
        elif kata == "SUPLAI" or (kata == "DITOLAK" and kode == 3):
            posisi[idpel] = (3, lama[1])
    return {
        "sudah_disahkan": sum(k == 1 for k, _ in posisi.values()),
        "suplai_stan": sum(k == 3 for k, _ in posisi.values()),
        "dibatalkan": sum(k == 0 for k, _ in posisi.values()),
        "diluar_sistem": sum(k > 0 and n is None for k, n in posisi.values()),
        "kwh_disahkan": sum((n for k, n in posisi.values() if k > 0 and n is not None), Decimal(0)),
    }


def saat_saat(d: Dunia) -> Iterator[datetime]:
    """Just before, at, and just after every instant the ledger knows of this unit."""
    for (pada,) in d.buku_lihat.execute(
        "SELECT DISTINCT x.pada FROM (SELECT h.pada, h.sesi_id FROM pengesahan.hasil h UNION ALL "
        "SELECT l.ditemukan_pada, l.sesi_id FROM pengesahan.luar_sistem l UNION ALL "
        "SELECT j.pada, j.sesi_id FROM pengesahan.jejak j) x JOIN pengesahan.sesi s ON s.id = x.sesi_id "
        "WHERE s.unitup = %s",
        [d.unitup],
    ).fetchall():
        for geser in (-1, 0, 1):
            yield pada + timedelta(microseconds=geser)


def periksa_rekap(d: Dunia) -> None:
    """The rekap, its rounds and its totals equal the recount now and at every moment; so do the statuses."""
    for pada in (None, *saat_saat(d)):
        baris = rekap_buku(layanan_(d).buku, [d.unitup], d.bulan, pada=pada)
        if not baris:
            continue
        [b] = baris
        ulang = hitung_ulang(d, pada)
        assert {k: getattr(b, k) for k in ulang} == ulang, pada
        putaran = putaran_buku(layanan_(d).buku, [d.unitup], d.bulan, pada=pada)
        for k in ulang:
            assert sum(getattr(p, k) for p in putaran) == ulang[k], (k, pada)
        [jumlah] = jumlahkan(baris, Tingkat.UNIT)
        assert {k: getattr(jumlah, k) for k in ulang} == ulang
        _periksa_status(list(per_kelompok(mata(d, pada=pada, acmt=False), tempat(d))), b, pada)


def _periksa_status(isi: Sequence[StatusPelanggan], b: BarisRekap, pada: datetime | None) -> None:
    n = Counter(s.keadaan.status for s in isi)
    assert n[Status.SUDAH_DISAHKAN] == b.sudah_disahkan, pada
    assert n[Status.SUPLAI_STAN] == b.suplai_stan, pada
    posting_lagi = sum(s.keadaan.status is Status.DALAM_POSTING for s in isi)
    assert n[Status.DIBATALKAN] <= b.dibatalkan <= n[Status.DIBATALKAN] + posting_lagi, pada
    tertahan = [s for s in isi if s.keadaan.tahap is Status.TERTAHAN]
    assert len(tertahan) == (b.ditahan or 0), pada
    assert sum("JAM_NYALA" in s.keadaan.sebab for s in tertahan) == (b.jam_nyala_2000 or 0), pada


def test_tiap_tahap_acmt(dunia: Dunia) -> None:
    """Before any session: how far each reading is in ACMT, by its valid stamps."""
    dunia.isi(
        6,
        {
            0: {"sahlwbp": None},
            1: {"verif_pengawas_pada": None},
            2: {"verif_vendor_oleh": None},
            3: {"kirim_pada": None},
            4: {"diubah_pada": datetime.now(UTC)},
        },
    )
    assert status(dunia) == {
        0: Status.BELUM_DIBACA,
        1: Status.TERBACA,
        2: Status.TERVERIFIKASI_PENGAWAS,
        3: Status.TERVERIFIKASI,
        4: Status.TERBACA,
        5: Status.TERKIRIM,
    }
    assert status(dunia, acmt=False) == {}


def test_tiap_tahap_sesi(dunia: Dunia) -> None:
    """Through a session: held, waiting, sent back, in posting, refused, changed, approved; by the ledger alone too."""
    semua_idpel = dunia.isi(6, {0: JAM_NYALA})
    jalan = jalankan_sampai(dunia, "rekap")
    assert status(dunia) == {0: Status.TERTAHAN, **dict.fromkeys(range(1, 6), Status.TERKIRIM)}
    jalan.buka_gerbang()
    menunggu = {0: Status.TERTAHAN, **dict.fromkeys(range(1, 6), Status.MENUNGGU_PERSETUJUAN)}
    assert status(dunia) == status(dunia, acmt=False) == menunggu
    jalan.terima(semua_idpel[1])
    setuju = {**menunggu, **dict.fromkeys(range(2, 6), Status.DALAM_POSTING), 1: Status.DIKEMBALIKAN}
    assert status(dunia) == status(dunia, acmt=False) == setuju
    dunia.ubah_acmt(2, sahlwbp="1151")
    dunia.di_ap2t("tolak", idpel=[semua_idpel[3]], kode="DATA_TIDAK_VALID")
    jalan.sampai(dari="posting")
    akhir = {**setuju, 2: Status.TERBACA, 3: Status.DITOLAK_AP2T, 4: Status.SUDAH_DISAHKAN, 5: Status.SUDAH_DISAHKAN}
    assert status(dunia, acmt=False) == akhir
    assert status(dunia) == {**akhir, 2: Status.TERKIRIM}  # its stamps still hold: nothing says when it changed
    isi = semua(dunia)
    assert isi[semua_idpel[0]].keadaan.sebab == ("JAM_NYALA",)
    assert isi[semua_idpel[3]].keadaan.sebab == ("DATA_TIDAK_VALID",)
    assert {s.keadaan.nomor for s in isi.values() if s.keadaan.menurut is Menurut.BUKU} == {jalan.sesi.nomor}
    periksa_rekap(dunia)


def test_diperbaiki_dan_dikirim_lagi(dunia: Dunia) -> None:
    """A held reading that is corrected goes by its stamps again, and is approved in the next round."""
    dunia.isi(3, {0: JAM_NYALA})
    jalankan_sampai(dunia)
    kini = datetime.now(UTC)
    dunia.ubah_acmt(0, sahlwbp="1150", pemkwh="150", diubah_pada=kini)
    assert status(dunia)[0] is Status.TERBACA
    assert status(dunia, acmt=False)[0] is Status.TERTAHAN
    cap = {f"{k}_pada": datetime.now(UTC) for k in ("verif_pengawas", "verif_vendor", "kirim")}
    dunia.ubah_acmt(0, **cap)
    assert status(dunia)[0] is Status.TERKIRIM
    assert (rekap(dunia).ditahan, rekap(dunia).jam_nyala_2000) == (1, 1)  # as the last sieve holds it
    jalankan_sampai(dunia)
    assert status(dunia)[0] is Status.SUDAH_DISAHKAN
    assert (rekap(dunia).ditahan, rekap(dunia).jam_nyala_2000, rekap(dunia).putaran) == (0, 0, 2)
    periksa_rekap(dunia)


def test_ditolak_pengesah_kembali_terkirim(dunia: Dunia) -> None:
    """After Tolak every customer is back where it was, but those sent back."""
    idpel = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(idpel[0], pilihan=TOLAK)
    assert status(dunia) == {0: Status.DIKEMBALIKAN, 1: Status.TERKIRIM, 2: Status.TERKIRIM}
    periksa_rekap(dunia)


def test_di_luar_sistem_dan_batal_di_luar(dunia: Dunia) -> None:
    """What others post and cancel in AP2T counts, apart and without kWh of ours."""
    idpel = dunia.isi(5, {4: JAM_NYALA})
    dunia.posting_lain(0)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.posting_lain(4)
    dunia.di_ap2t("batal_lain", idpel=[idpel[1]])
    with pytest.raises(BukuMenolak, match="belum disahkan"):
        jalan.rekonsiliasi()
    jalan.sampai(dari="rekonsiliasi")
    ini = {0: Status.SUDAH_DISAHKAN, 1: Status.DIBATALKAN, 2: Status.SUDAH_DISAHKAN, 4: Status.SUDAH_DISAHKAN}
    assert status(dunia) == {**ini, 3: Status.SUDAH_DISAHKAN}
    assert semua(dunia)[idpel[0]].keadaan.sebab == ("DILUAR_SISTEM",)
    b = rekap(dunia)
    assert (b.sudah_disahkan, b.dibatalkan, b.diluar_sistem, b.kwh_disahkan, b.ditahan) == (4, 1, 2, Decimal(300), 0)
    periksa_rekap(dunia)


def test_ap2t_kini_menang(dunia: Dunia) -> None:
    """Where AP2T is asked its list wins: lifted by Suplai Stan, or cancelled by others, and when it was seen."""
    idpel = dunia.isi(3)
    jalankan_sampai(dunia)
    dunia.di_ap2t("suplai_stan", idpel=[idpel[0]])
    dunia.di_ap2t("batal_lain", idpel=[idpel[1]])
    assert set(status(dunia).values()) == {Status.SUDAH_DISAHKAN}
    assert status(dunia, ap2t=True) == {0: Status.SUPLAI_STAN, 1: Status.DIBATALKAN, 2: Status.SUDAH_DISAHKAN}
    k = semua(dunia, ap2t=True)[idpel[0]].keadaan
    assert (k.menurut, k.sebab) == (Menurut.AP2T, ())
    [b] = rekap_unit(layanan_(dunia), dunia.unitup, [KODE], dunia.bulan)
    assert (b.belum_disahkan, b.sudah_disahkan, b.suplai_stan, b.selisih_ap2t) == (1, 1, 1, -1)
    assert (b.terisi, b.terverifikasi, b.terkirim, b.pelanggan) == (3, 3, 3, 3)


def test_acmt_seperti_terakhir_dilihat(dunia: Dunia) -> None:
    """Without ACMT: what the readiness steps saw, and when; before they looked nothing is known."""
    dunia.isi(4, {0: {"kirim_pada": None}})
    dunia.pola("BERTAHAP")
    jalan = dunia.jalan()
    s = jalan.buka_sesi()
    assert (rekap(dunia).pelanggan, rekap(dunia).belum_disahkan, rekap(dunia).acmt_pada) == (None, None, None)
    for apa in Tahap:
        catat_tengok(jalan.layanan, s.nomor, apa, tengok(jalan.layanan, s.tempat, s.pola, apa))
    b = rekap(dunia)
    assert (b.pelanggan, b.terisi, b.terverifikasi, b.terkirim, b.belum_disahkan) == (4, 4, 4, 3, 4)
    sebelum = datetime.now(UTC)
    jalan.sampai(dari="ambil_bacaan")
    b = rekap(dunia)
    assert (b.pelanggan, b.terkirim, b.belum_disahkan, b.sudah_disahkan) == (4, 3, 1, 3)
    assert b.acmt_pada is not None
    assert b.acmt_pada > sebelum
    assert rekap(dunia, sebelum).sudah_disahkan == 0
    periksa_rekap(dunia)


def test_ditinggal_putaran_berikut(dunia: Dunia) -> None:
    """Held, then not ready in the next round: by the ledger alone it is not held any more, but at least read."""
    idpel = dunia.isi(3, {0: JAM_NYALA})
    dunia.pola("BERTAHAP")
    jalankan_sampai(dunia)
    dunia.ubah_acmt(0, diubah_pada=datetime.now(UTC))
    jalankan_sampai(dunia, "rekap").tutup_sesi()
    assert status(dunia, acmt=False)[0] is Status.TERBACA
    assert semua(dunia, acmt=False)[idpel[0]].keadaan.sebab == ("BELUM_SIAP",)
    assert rekap(dunia).ditahan == 0
    periksa_rekap(dunia)


def test_cuplikan_yang_diulang_tidak_diketahui(dunia: Dunia) -> None:
    """A snapshot taken anew is not known any more; the moment before it tells no customer, and no wrong one."""
    dunia.isi(2, {0: JAM_NYALA})
    jalan = jalankan_sampai(dunia, "rekap")
    sebelum = datetime.now(UTC)
    assert len(semua(dunia, acmt=False, pada=sebelum)) == 2
    dunia.ubah_acmt(0, sahlwbp="1150", pemkwh="150")
    jalan.sampai("rekap", dari="ambil_bacaan")
    assert semua(dunia, acmt=False, pada=sebelum) == {}
    assert rekap(dunia, sebelum).ditahan == 1  # the counts of then are kept in the trail
    assert rekap(dunia).ditahan == 0


def test_satu_pelanggan_dengan_riwayat(dunia: Dunia) -> None:
    """One customer: status and all that happened, in order, with who and in which session."""
    idpel = dunia.isi(3, {0: JAM_NYALA})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(idpel[1], isian={"kembalikan": [idpel[1]], "catatan": "foto buram"})
    jalan.sampai(dari="posting")
    r = pelanggan(mata(dunia), idpel[2])
    apa = [p.apa for p in r.riwayat]
    assert [a for a in apa if a not in ("GERBANG_DIBUKA",)] == [
        *("DIBACA", "VERIFIKASI_PENGAWAS", "VERIFIKASI_VENDOR", "DIKIRIM_ACMT", "CUPLIKAN", "LOLOS"),
        *("DISETUJUI", "BATCH_DIKIRIM", "POSTING", "SESI_SELESAI"),
    ]
    assert (r.status.keadaan.status, r.zona) == (Status.SUDAH_DISAHKAN, "Asia/Jakarta")
    oleh = {p.apa: p.oleh for p in r.riwayat}
    assert (oleh["DISETUJUI"], oleh["POSTING"], oleh["VERIFIKASI_PENGAWAS"]) == (
        dunia.spv,
        dunia.spv,
        f"pengawas{dunia.unitup}",
    )
    assert {p.nomor for p in r.riwayat if p.apa not in oleh or p.nomor} == {jalan.sesi.nomor}
    kembali = pelanggan(mata(dunia, acmt=False), idpel[1])
    assert kembali.status.keadaan.status is Status.DIKEMBALIKAN
    assert next(p.oleh for p in kembali.riwayat if p.apa == "DIKEMBALIKAN") == dunia.spv
    with pytest.raises(MasukanTidakSah, match="tidak dikenal"):
        pelanggan(mata(dunia), "999999999999")


def test_satu_sama_dengan_daftar(dunia: Dunia) -> None:
    """The list and the single look say the same of every customer, at every moment."""
    idpel = dunia.isi(4, {0: JAM_NYALA})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(idpel[1])
    jalan.sampai(dari="posting")
    for pada in (None, *saat_saat(dunia)):
        for i, s in semua(dunia, pada=pada).items():
            assert pelanggan(mata(dunia, pada=pada), i, thblrek=dunia.bulan).status.keadaan == s.keadaan._replace()


def test_saringan_daftar(dunia: Dunia) -> None:
    """Filters by status, reason and DLPD."""
    dunia.isi(4, {0: JAM_NYALA, 1: {"foto_url": None}})
    jalankan_sampai(dunia, "buka_gerbang")

    def nomor(**saring: frozenset[str]) -> list[int]:
        return [int(s.idpel[5:]) for s in per_kelompok(mata(dunia), tempat(dunia), Saring(**saring))]

    assert nomor(status=frozenset({"TERTAHAN"})) == [0]
    assert nomor(alasan=frozenset({"JAM_NYALA"})) == [0]
    assert nomor(dlpd=frozenset({"TANPA_FOTO"})) == [1]
    assert nomor(status=frozenset({"MENUNGGU_PERSETUJUAN"}), dlpd=frozenset({"KWH_NOL"})) == []


def test_pindah_dan_hilang(dunia: Dunia) -> None:
    """A customer gone from the kelompok is told by the ledger, with a note."""
    idpel = dunia.isi(2)
    jalankan_sampai(dunia)
    dunia.acmt.execute("UPDATE acmt_dasar.bacaan SET hari_baca = 'B' WHERE idpel = %s", [idpel[0]])
    assert semua(dunia)[idpel[0]].catatan == ("TIDAK_ADA_DI_ACMT",)
    r = pelanggan(mata(dunia), idpel[0])
    assert (r.status.tempat.hari_baca, r.status.keadaan.status) == ("A", Status.SUDAH_DISAHKAN)
    assert "PINDAH_KELOMPOK B" in r.status.catatan


# ------------------------------------------------------------------------------------------- rounds and cancellations


def test_putaran_pembatalan_dan_disahkan_lagi(dunia: Dunia) -> None:
    """Two rounds, a cancellation, Suplai Stan in the middle, approved again: every number adds up at every moment."""
    idpel = dunia.isi(6, {5: {"kirim_pada": None}})
    dunia.pola("BERTAHAP")
    jalankan_sampai(dunia)
    dunia.ubah_acmt(5, kirim_pada=datetime.now(UTC))
    jalankan_sampai(dunia)
    dunia.di_ap2t("suplai_stan", idpel=[idpel[0]])
    batal = batalkan_sampai(dunia, "buka_gerbang", *idpel[:3])
    dunia.boleh_berulang = {idpel[1], idpel[2]}
    disetujui = dict.fromkeys(range(6), Status.SUDAH_DISAHKAN)
    assert status(dunia) == {**disetujui, 0: Status.SUPLAI_STAN}
    assert rekap(dunia).suplai_stan == 1
    batal.sampai(dari="terima")
    dibatalkan = {**disetujui, 0: Status.SUPLAI_STAN, 1: Status.DIBATALKAN, 2: Status.DIBATALKAN}
    assert status(dunia) == status(dunia, acmt=False) == dibatalkan
    k = semua(dunia)[idpel[1]].keadaan
    assert (k.tahap, k.nomor, k.menurut) == (Status.TERKIRIM, batal.sesi.nomor, Menurut.BUKU)
    b = rekap(dunia)
    assert (b.sudah_disahkan, b.dibatalkan, b.suplai_stan, b.kwh_disahkan, b.putaran) == (3, 2, 1, Decimal(600), 2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert (status(dunia)[1], semua(dunia)[idpel[1]].keadaan.tahap) == (Status.DIBATALKAN, Status.MENUNGGU_PERSETUJUAN)
    jalan.terima()
    assert status(dunia) == {**dibatalkan, 1: Status.DALAM_POSTING, 2: Status.DALAM_POSTING}
    jalan.sampai(dari="posting")
    assert status(dunia) == {**disetujui, 0: Status.SUPLAI_STAN}
    b = rekap(dunia)
    assert (b.sudah_disahkan, b.dibatalkan, b.suplai_stan, b.kwh_disahkan, b.putaran) == (5, 0, 1, Decimal(900), 3)
    jenis = [
        (p.jenis, p.lolos, p.ditahan, p.sudah_disahkan, p.dibatalkan, p.suplai_stan)
        for p in putaran_buku(mata(dunia).buku, [dunia.unitup], dunia.bulan)
    ]
    assert jenis == [
        ("PENGESAHAN", 5, 0, 5, 0, 0),
        ("PENGESAHAN", 1, 0, 1, 0, 0),
        ("PEMBATALAN", 2, 1, -3, 2, 1),
        ("PENGESAHAN", 2, 0, 2, -2, 0),
    ]
    apa = [p.apa for p in pelanggan(mata(dunia), idpel[1]).riwayat if p.apa in ("POSTING", "BATAL", "DISETUJUI")]
    assert apa == ["DISETUJUI", "POSTING", "DISETUJUI", "BATAL", "DISETUJUI", "POSTING"]
    periksa_rekap(dunia)


@pytest.mark.parametrize("geser", ["-2 minutes", "-3 years", "400 days"])
def test_jam_buku_yang_salah(
    alamat_pg: AlamatPg, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, geser: str
) -> None:
    """A ledger's clock that is wrong for a while changes no order: sums, statuses, history, and no alarm for good.

    The cancellation is written while the clock is wrong, set back or ahead over new year; the approvals before and
    after it by the right one.
    """
    d = Dunia(alamat_pg._replace(buku=salin_buku(alamat_pg, f"uji_jam_{next(_nomor)}")), sandbox, monkeypatch)
    idpel = d.isi(4, {0: {"sahlwbp": "9999", "pemkwh": None}})
    jalankan_sampai(d)
    d.di_ap2t("suplai_stan", idpel=[idpel[3]])
    with jam_buku(d.alamat.buku, geser):
        batal = batalkan_sampai(d, "tutup", *idpel[1:])
    dibatalkan = {0: Status.TERTAHAN, 1: Status.DIBATALKAN, 2: Status.DIBATALKAN, 3: Status.SUPLAI_STAN}
    assert status(d) == status(d, acmt=False) == dibatalkan
    b = rekap(d)
    assert (b.sudah_disahkan, b.dibatalkan, b.suplai_stan, b.kwh_disahkan) == (0, 2, 1, Decimal(150))
    assert hitung_ulang(d) == {k: getattr(b, k) for k in hitung_ulang(d)}
    d.boleh_berulang = {idpel[1], idpel[2]}
    d.posting_lain(0)  # others approve the one that is held, and the next round finds it
    jalan = jalankan_sampai(d)
    assert status(d, acmt=False) == {**dict.fromkeys(range(3), Status.SUDAH_DISAHKAN), 3: Status.SUPLAI_STAN}
    b = rekap(d)
    assert (b.sudah_disahkan, b.dibatalkan, b.suplai_stan, b.ditahan) == (3, 0, 1, 0)
    assert (b.pelanggan, b.acmt_pada) == (4, _cuplikan_pada(d, jalan.sesi.nomor))
    apa = [p.apa for p in pelanggan(mata(d), idpel[1]).riwayat if p.nomor is not None]
    langkah = [a for a in apa if a in ("POSTING", "BATAL", "SESI_SELESAI", "DISETUJUI")]
    assert langkah == [*("DISETUJUI", "POSTING", "SESI_SELESAI"), *("DISETUJUI", "BATAL", "SESI_SELESAI"), *langkah[:3]]
    with batal.layanan.buku.transaksi() as tx:
        assert tx.luar.posisi(jalan.sesi) == {
            idpel[0]: (1, "LAIN-1"),
            **dict.fromkeys(idpel[1:3], (1, jalan.sesi.nomor)),
            idpel[3]: (1, rekap_pertama(d)),
        }
    buku = layanan_(d).buku
    assert [str(t) for t in verifikasi(buku, Lingkup(unitup=d.unitup), lambda _: None).temuan] == []
    d.tutup()


def rekap_pertama(d: Dunia) -> str:
    """The number of the unit's first session."""
    return str(d.satu("SELECT nomor FROM pengesahan.sesi WHERE unitup = %s ORDER BY id LIMIT 1", d.unitup))


def _cuplikan_pada(d: Dunia, nomor: str) -> datetime:
    perintah = (
        "SELECT max(j.pada) FROM pengesahan.jejak j JOIN pengesahan.sesi s ON s.id = j.sesi_id "
        "WHERE s.nomor = %s AND j.jenis = 'CUPLIKAN_DIAMBIL'"
    )
    saat = d.satu(perintah, nomor)
    assert isinstance(saat, datetime)
    return saat


FAKTA = (
    "POSTING",
    "SUDAH_POSTING",
    "BATAL",
    "BELUM_POSTING",
    "DITOLAK",
    "DITOLAK_3",
    "BERUBAH",
    "LUAR_0",
    "LUAR_1",
    "LUAR_3",
)
langkah = st.lists(st.dictionaries(st.integers(0, 5), st.sampled_from(FAKTA), min_size=1), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(langkah)
def test_hitungan_sama_dengan_baris_apa_pun_faktanya(alamat_pg: AlamatPg, isi: list[dict[int, str]]) -> None:
    """Whatever facts come, a session after the other: the sums that were kept equal the recount, at every instant."""
    with psycopg.connect(alamat_pg.buku) as conn:
        _tanpa_penjaga(conn)
        for n, fakta in enumerate(isi):
            _tulis_sesi(conn, n, fakta)
        assert _jumlah(conn) == [Decimal(x) for x in _ulang(isi)]
        assert _audit(conn) == []
        conn.rollback()


def _tanpa_penjaga(conn: psycopg.Connection[Any]) -> None:
    for t in ("batch", "bacaan", "saringan", "sesi"):
        conn.execute(f"ALTER TABLE pengesahan.{t} DISABLE TRIGGER USER".encode())
    conn.execute("ALTER TABLE pengesahan.hasil DISABLE TRIGGER jaga_hasil")
    conn.execute("ALTER TABLE pengesahan.luar_sistem DISABLE TRIGGER dijaga")


def _jumlah(conn: psycopg.Connection[Any]) -> list[Decimal]:
    hasil = conn.execute(
        "SELECT sum(sudah), sum(suplai), sum(batal), sum(luar), sum(kwh) FROM pengesahan.hitungan h "
        "JOIN pengesahan.sesi s ON s.id = h.sesi_id WHERE s.unitup = '59999'"
    ).fetchone()
    return [Decimal(x or 0) for x in hasil or ()]


def _audit(conn: psycopg.Connection[Any]) -> list[Any]:
    perintah = re.sub(r"(?<![:\w]):(\w+)", r"%(\1)s", muat("ledger/audit_hitungan").replace("%", "%%"))
    return conn.execute(perintah.encode(), {"unitup": "59999", "thblrek": BULAN}).fetchall()


def _tulis_sesi(conn: psycopg.Connection[Any], n: int, fakta: dict[int, str]) -> None:
    baris = conn.execute(
        "INSERT INTO pengesahan.sesi (nomor, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola, pengesah, "
        "batas_jam_nyala, versi_aturan, versi_kode, zona_waktu, status, diakhiri_pada) "
        "VALUES (%s, '59999', %s, 'A', %s, 'd', %s, 'LENGKAP', 1, 2000, '1', '1', 'Asia/Jakarta', 'SELESAI', now()) "
        "RETURNING id",
        [f"PS-ACAK-{n}", BULAN, n + 1, f"acak-{n}"],
    ).fetchone()
    assert baris is not None
    [sesi_id] = baris
    kunci = uuid.uuid4()
    conn.execute(
        "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) "
        "VALUES (%s, %s, 1, 'x', '{a}', 'x')",
        [kunci, sesi_id],
    )
    for i in fakta:
        conn.execute(
            "INSERT INTO pengesahan.saringan (sesi_id, idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd) "
            "VALUES (%s, %s, 1300, %s, 1, 'LOLOS', '{}', '{}')",
            [sesi_id, f"59999{i:07d}", _kwh(n, i)],
        )
    luar = {i: f for i, f in fakta.items() if f.startswith("LUAR")}
    with conn.cursor() as k:
        for i, f in fakta.items():
            if i not in luar:
                kode = {"POSTING": 1, "SUDAH_POSTING": 1, "DITOLAK_3": 3}.get(f, 0)
                k.execute(
                    "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting) "
                    "VALUES (%s, %s, %s, %s, %s)",
                    [sesi_id, f"59999{i:07d}", None if f == "BERUBAH" else kunci, f.removesuffix("_3"), kode],
                )
    if luar:
        conn.execute(
            "INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting, ditemukan_pada) "
            "SELECT %s, i, CASE k WHEN 0 THEN 'DIBATALKAN' ELSE 'DIPOSTING' END, 'REKONSILIASI', k, "
            "(SELECT clock_timestamp()) FROM unnest(%s::text[], %s::int[]) x (i, k)",
            [sesi_id, [f"59999{i:07d}" for i in luar], [int(f[-1]) for f in luar.values()]],
        )


def _kwh(n: int, i: int) -> Decimal:
    return Decimal(100 * n + i) + Decimal("0.125")


def _ulang(isi: list[dict[int, str]]) -> tuple[int, int, int, int, Decimal]:
    kini: dict[int, tuple[int, Decimal | None]] = {}
    for n, fakta in enumerate(isi):
        for i, f in fakta.items():
            if f in ("POSTING", "SUDAH_POSTING"):
                kini[i] = (1, _kwh(n, i))
            elif f in ("BATAL", "BELUM_POSTING") or f.startswith("LUAR"):
                kini[i] = (int(f[-1]) if f.startswith("LUAR") else 0, None)
            elif f == "DITOLAK_3":
                kini[i] = (3, kini.get(i, (0, None))[1])
    kode = Counter(k for k, _ in kini.values())
    luar = sum(k > 0 and kwh is None for k, kwh in kini.values())
    return kode[1], kode[3], kode[0], luar, sum((w for k, w in kini.values() if k and w is not None), Decimal(0))


@pytest.mark.parametrize("geser", ["0", "-1 hour", "1 year"])
def test_hitungan_di_buku_yang_jamnya_salah(alamat_pg: AlamatPg, geser: str) -> None:
    """Whatever the clock said while a session wrote, the sums that were kept equal the recount."""
    fakta = [{0: "POSTING", 1: "POSTING", 2: "LUAR_1"}, {0: "BATAL", 3: "DITOLAK_3"}, {0: "SUDAH_POSTING", 1: "LUAR_0"}]
    with psycopg.connect(alamat_pg.buku) as conn:
        _tanpa_penjaga(conn)
        for n, satu in enumerate(fakta):
            mundur = f"statement_timestamp() + interval '{geser if n == 1 else 0}'"
            conn.execute(f"ALTER TABLE pengesahan.hasil ALTER pada SET DEFAULT {mundur}".encode())
            _tulis_sesi(conn, n, satu)
        assert _jumlah(conn) == [Decimal(x) for x in _ulang(fakta)]
        assert _audit(conn) == []
        conn.rollback()


def test_hitungan_yang_diubah_ketahuan(terisi: Terisi, rusak: Perusak) -> None:
    """Sums that the owner changes, adds or takes away differ from the rows, and the audit names the session."""
    nomor = terisi.sesi["penuh"]
    for perintah in (
        "UPDATE pengesahan.hitungan SET kwh = kwh + 1 WHERE sesi_id = @sesi",
        "DELETE FROM pengesahan.hitungan WHERE sesi_id = @sesi",
        "INSERT INTO pengesahan.hitungan (sesi_id, pada, sudah, suplai, batal, luar, kwh) "
        "SELECT @sesi, now(), 1, 0, 0, 0, 0",
        "INSERT INTO pengesahan.suplai_terlihat (sesi_id, idpel, pada) SELECT @sesi, '600000000001', now()",
    ):
        with rusak.conn.begin_nested() as titik:
            assert rusak.jalankan(perintah, nomor=nomor)
            laporan = rusak.periksa()
            assert {(t.sesi, t.aturan) for t in laporan.temuan} == {(nomor, "HITUNGAN")}, perintah
            titik.rollback()


def test_aplikasi_tidak_dapat_mengubah_hitungan(dunia: Dunia) -> None:
    """The application's role reads the sums; only the ledger's own triggers write them."""
    for perintah in (
        "INSERT INTO pengesahan.hitungan (sesi_id, pada, sudah, suplai, batal, luar, kwh) "
        "VALUES (1, now(), 1, 0, 0, 0, 0)",
        "UPDATE pengesahan.hitungan SET kwh = 0",
        "INSERT INTO pengesahan.suplai_terlihat VALUES (1, '1', now())",
        "SELECT pengesahan.tambah_hitungan(1, '{}', '{}')",
    ):
        with pytest.raises(BukuMenolak, match="tidak berhak"), layanan_(dunia).buku.transaksi() as tx:
            tx.conn.execute(text(perintah))


def test_satu_pelanggan_di_acmt_jenis_lain(tmp_path: Path) -> None:
    """Any kind of source: a customer's months, the newest first, one month, every unit; the same twice is told once."""
    satu = {"idpel": "1" * 12, "unitup": "54110", "hari_baca": "A", "sahlwbp": "10.5"}
    buat_sqlite(tmp_path / "acmt.db", [{**satu, "thblrek": b} for b in ("202605", "202606")])
    sumber = SumberAcmt(buat_engine(koneksi(conn_type="sqlite", host=str(tmp_path / "acmt.db"))))
    assert [b.thblrek for b in sumber.pelanggan("1" * 12)] == ["202606", "202605"]
    assert [b.sahlwbp for b in sumber.pelanggan("1" * 12, "202605")] == [Decimal("10.5")]
    assert [(u.unitup, u.unitap, u.unitupi) for u in sumber.semua_unit()] == [("54110", "54100", "54")]
    buat_sqlite(tmp_path / "dua.db", [{**satu, "thblrek": "202606"}] * 2)
    sumber = SumberAcmt(buat_engine(koneksi(conn_type="sqlite", host=str(tmp_path / "dua.db"))))
    (b,) = sumber.pelanggan("1" * 12, "202606")
    assert b.cacat == {GANDA: "2 baris"}

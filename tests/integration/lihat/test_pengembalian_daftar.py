"""The work list of customers sent back: each state reached by the steps, age and due day by a fixed clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from batal_fixtures import batalkan_sampai
from proses_fixtures import Dunia, Jalan, jalankan_sampai
from test_status_rekap import JAM_NYALA, layanan_, mata

from ap2t.domain.status import Status, TindakLanjut
from ap2t.galat import SumberTidakTerjangkau
from ap2t.lihat.pengembalian import BarisPengembalian, DaftarPengembalian, pengembalian_bulan
from ap2t.lihat.status_pelanggan import Mata, pelanggan
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.kembalikan import kembalikan_sisa
from ap2t.source.acmt import SumberAcmt

MENUNGGU, ULANG, DIKIRIM = TindakLanjut.MENUNGGU_VENDOR, TindakLanjut.DIVERIFIKASI_ULANG, TindakLanjut.DIKIRIM


def daftar(d: Dunia) -> DaftarPengembalian:
    """The list. Each customer's status is the one that looking at the customer alone gives."""
    m = mata(d)
    isi = pengembalian_bulan(m, d.unitup, d.bulan)
    for b in isi.baris:
        sendiri = pelanggan(m, b.idpel, d.unitup, d.bulan).status.keadaan
        assert (b.status, b.sebab) == (sendiri.status, sendiri.sebab)
    return isi


def satu(d: Dunia) -> BarisPengembalian:
    [baris] = daftar(d).baris
    return baris


def dikembalikan(d: Dunia, *nomor: int, jumlah: int = 3, **pola: Any) -> Jalan:
    """A first round whose approver sent these back, told to ACMT and closed; later ones take whatever is ready."""
    d.pola("BERTAHAP", **pola)
    d.isi(jumlah)
    jalan = jalankan_sampai(d, "buka_gerbang")
    jalan.terima(*map(d.idpel, nomor))
    jalan.sampai(dari="posting")
    return jalan


def verifikasi(d: Dunia, *siapa: str) -> None:
    kini = datetime.now(UTC)
    for apa in siapa:
        d.ubah_acmt(1, **{f"verif_{apa}_oleh": f"{apa}{d.unitup}", f"verif_{apa}_pada": kini})


def test_dari_dikembalikan_sampai_disahkan_dan_lagi(dunia: Dunia) -> None:
    """Sent back, verified by one, by both, sent, in a round, posted in it, cancelled, and sent back once more."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert daftar(dunia).baris == []
    jalan.terima(isian={"kembalikan": [f"{dunia.idpel(1)} foto buram sekali"]})
    b = satu(dunia)
    assert (b.keadaan, b.idpel, b.sesi, b.oleh, b.umur_hari) == (
        MENUNGGU,
        dunia.idpel(1),
        jalan.sesi.nomor,
        dunia.spv,
        0,
    )
    assert b.alasan.startswith("foto buram sekali")
    assert (b.nama, b.batas, b.terlambat, b.sesi_akhir) == ("Siti Rahasia", None, False, None)
    dunia.stempel_baru(1)  # ACMT has still to be told, and will clear these
    assert satu(dunia).keadaan is MENUNGGU
    jalan.sampai(dari="posting")
    assert satu(dunia).keadaan is MENUNGGU
    verifikasi(dunia, "pengawas")
    assert satu(dunia).keadaan is MENUNGGU
    verifikasi(dunia, "vendor")
    assert satu(dunia).keadaan is ULANG
    dunia.stempel_baru(1)
    b = satu(dunia)
    assert (b.keadaan, b.sesi_akhir, b.status) == (DIKIRIM, None, Status.TERKIRIM)
    dua = jalankan_sampai(dunia, "buka_gerbang")
    b = satu(dunia)
    assert (b.keadaan, b.putaran, b.sesi_akhir) == (DIKIRIM, 2, dua.sesi.nomor)
    dua.terima()
    assert satu(dunia).keadaan is DIKIRIM
    dua.sampai(dari="posting")
    b = satu(dunia)
    assert (b.keadaan, b.putaran, b.sesi_akhir) == (TindakLanjut.DISAHKAN, 2, dua.sesi.nomor)
    batal = batalkan_sampai(dunia, "tutup", dunia.idpel(1))
    b = satu(dunia)
    assert (b.keadaan, b.putaran, b.sesi_akhir) == (TindakLanjut.DIBATALKAN, None, batal.sesi.nomor)
    tiga = jalankan_sampai(dunia, "buka_gerbang")
    tiga.terima(dunia.idpel(1))
    tiga.sampai(dari="posting")
    b = satu(dunia)
    assert (b.keadaan, b.status, b.sesi, b.sesi_akhir) == (MENUNGGU, Status.DIBATALKAN, tiga.sesi.nomor, None)
    verifikasi(dunia, "pengawas", "vendor")
    assert satu(dunia).keadaan is ULANG
    dunia.stempel_baru(1)
    assert satu(dunia).keadaan is DIKIRIM


@pytest.mark.parametrize(
    ("kolom", "keadaan"),
    [
        (("kirim_pada",), MENUNGGU),
        (("verif_vendor_pada", "kirim_pada"), MENUNGGU),
        (("verif_pengawas_pada", "verif_vendor_pada"), ULANG),
        (("verif_pengawas_pada", "verif_vendor_pada", "kirim_pada"), DIKIRIM),
    ],
)
def test_stempel_yang_tidak_dihapus(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch, kolom: tuple[str, ...], keadaan: TindakLanjut
) -> None:
    """Where ACMT cannot clear stamps, those of then count for nothing: sent once more alone is nothing done."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    dikembalikan(dunia, 1)
    assert satu(dunia).keadaan is MENUNGGU
    dunia.ubah_acmt(1, **dict.fromkeys(kolom, datetime.now(UTC)))
    assert satu(dunia).keadaan is keadaan
    diambil = "1 pernah dikembalikan pengesah dan belum diperiksa ulang" not in jalankan_sampai(dunia, "rekap").log
    assert diambil == (keadaan is DIKIRIM)


def test_tertahan_ditolak_dan_ditolak_pengesah(dunia: Dunia) -> None:
    """Of the next round: held by a rule with its reason, refused by AP2T, and one that its approver refused whole."""
    dikembalikan(dunia, 0, 1, 2, jumlah=4)
    dunia.ubah_acmt(0, **JAM_NYALA)
    dunia.stempel_baru(0, 1)
    tolak = jalankan_sampai(dunia, "buka_gerbang")
    tolak.terima(pilihan=TOLAK, isian={"catatan": "tanggal baca keliru semua"})
    keadaan = {b.idpel: b.keadaan for b in daftar(dunia).baris}
    assert keadaan == {
        dunia.idpel(0): TindakLanjut.TERTAHAN,
        dunia.idpel(1): DIKIRIM,
        dunia.idpel(2): MENUNGGU,
    }
    dunia.di_ap2t("tolak", idpel=[dunia.idpel(1)], kode="DATA_TIDAK_VALID")
    tiga = jalankan_sampai(dunia)
    tunggu, tahan, ditolak = daftar(dunia).baris
    assert (tunggu.keadaan, tahan.keadaan, tahan.sebab) == (MENUNGGU, TindakLanjut.TERTAHAN, ("JAM_NYALA",))
    assert (ditolak.keadaan, ditolak.putaran, ditolak.sebab) == (
        TindakLanjut.DITOLAK,
        tiga.sesi.putaran,
        ("DATA_TIDAK_VALID",),
    )
    assert daftar(dunia).jumlah == {"MENUNGGU_VENDOR": 1, "TERTAHAN": 1, "DITOLAK": 1}


def test_disahkan_di_luar_sistem(dunia: Dunia) -> None:
    """Posted by others after it was sent back: approved, in no round of ours, and why."""
    dikembalikan(dunia, 1, 2)
    dunia.posting_lain(1)
    dunia.stempel_baru(2)
    jalankan_sampai(dunia)
    b, lain = daftar(dunia).baris
    assert (lain.putaran, lain.sebab) == (2, ())
    assert (b.keadaan, b.putaran, b.sebab) == (TindakLanjut.DISAHKAN, None, ("DILUAR_SISTEM",))


def test_sesi_yang_ditolak_juga_mengembalikan(dunia: Dunia) -> None:
    """Tolak with customers named: they are told to ACMT by the watch, and listed as any other."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(pilihan=TOLAK, isian={"kembalikan": [dunia.idpel(1)], "catatan": "stan meragukan"})
    kembalikan_sisa(jalan.layanan, jalan.lapor)
    assert (satu(dunia).keadaan, satu(dunia).status) == (MENUNGGU, Status.DIKEMBALIKAN)
    dunia.stempel_baru(1)
    assert satu(dunia).keadaan is DIKIRIM


def test_pindah_kelompok(dunia: Dunia) -> None:
    """Moved by ACMT to another kelompok since: the same customer, and the round there posts it."""
    dikembalikan(dunia, 1)
    dunia.ubah_acmt(1, hari_baca="B")
    assert satu(dunia).keadaan is MENUNGGU
    dunia.stempel_baru(1)
    assert (satu(dunia).keadaan, satu(dunia).hari_baca) == (DIKIRIM, "A")
    dunia.kode = "B"
    dunia.kirim_pelanggan([(dunia.idpel(1), 1300)])
    lain = jalankan_sampai(dunia)
    assert (satu(dunia).keadaan, satu(dunia).sesi_akhir) == (TindakLanjut.DISAHKAN, lain.sesi.nomor)
    dunia.kode = "A"
    semua = [pengembalian_bulan(mata(dunia), dunia.unitup, dunia.bulan, kode).baris for kode in ("A", "B")]
    assert [len(baris) for baris in semua] == [1, 0]


def test_acmt_diam(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT silent: what the ledger knows is told, of the others that they cannot be seen, and nobody is late."""
    dikembalikan(dunia, 0, 1, batas_pengembalian_hari="1")
    dunia.stempel_baru(0)
    jalankan_sampai(dunia)

    def diam(*_: object) -> None:
        raise SumberTidakTerjangkau("ACMT tidak menjawab.")

    monkeypatch.setattr(SumberAcmt, "sambung", diam)
    m = mata(dunia)._replace(sekarang=datetime.now(UTC) + timedelta(days=9))
    isi = pengembalian_bulan(m, dunia.unitup, dunia.bulan)
    assert isi.galat == "ACMT tidak menjawab."
    assert [(b.idpel, b.keadaan, b.terlambat, b.nama) for b in isi.baris] == [
        (dunia.idpel(0), TindakLanjut.DISAHKAN, False, "Siti Rahasia"),
        (dunia.idpel(1), TindakLanjut.TANPA_ACMT, False, "Siti Rahasia"),
    ]


def test_hilang_dari_acmt(dunia: Dunia) -> None:
    """ACMT answers and has no such reading any more: said, and not taken for waiting."""
    dikembalikan(dunia, 1)
    dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE idpel = %s AND thblrek = %s", [dunia.idpel(1), dunia.bulan])
    assert (satu(dunia).keadaan, satu(dunia).catatan) == (TindakLanjut.TANPA_ACMT, ("TIDAK_ADA_DI_ACMT",))


@pytest.mark.parametrize("zona", ["Asia/Jakarta", "Asia/Jayapura"])
def test_umur_dan_batas(dunia: Dunia, zona: str) -> None:
    """Days of the unit's own calendar, by the session's pattern; neither the last day is late nor whoever was sent."""
    dunia.acmt.execute("UPDATE acmt_dasar.unit SET zona_waktu = %s WHERE unitup = %s", [zona, dunia.unitup])
    dikembalikan(dunia, 1, batas_pengembalian_hari="3")
    dunia.pola("BERTAHAP", batas_pengembalian_hari="1")  # of later sessions
    hari = satu(dunia).dikembalikan.astimezone(ZoneInfo(zona)).date()

    def pada(lewat: int, jam: time) -> BarisPengembalian:
        saat = datetime.combine(hari + timedelta(days=lewat), jam, ZoneInfo(zona))
        m = Mata(layanan_(dunia).buku, layanan_(dunia).sumber, sekarang=saat)
        [baris] = pengembalian_bulan(m, dunia.unitup, dunia.bulan).baris
        return baris

    akhir, awal = time(23, 59, 59), time(0)
    for lewat, jam, terlambat in ((0, akhir, False), (1, awal, False), (3, akhir, False), (4, awal, True)):
        b = pada(lewat, jam)
        assert (b.umur_hari, b.terlambat, b.batas) == (lewat, terlambat, (hari + timedelta(days=3)).isoformat())
    verifikasi(dunia, "pengawas", "vendor")
    assert (pada(4, awal).keadaan, pada(4, awal).terlambat) == (ULANG, True)
    dunia.stempel_baru(1)
    assert (pada(4, awal).keadaan, pada(4, awal).terlambat, pada(4, awal).umur_hari) == (DIKIRIM, False, 4)
    jalankan_sampai(dunia)
    assert (pada(9, awal).keadaan, pada(9, awal).umur_hari) == (TindakLanjut.DISAHKAN, pada(400, awal).umur_hari)
    assert pada(9, awal).umur_hari <= 1


def test_terakhir_kali_dan_urutannya(dunia: Dunia) -> None:
    """The last time counts; within a state the one that has waited longest stands first."""
    dikembalikan(dunia, 1, 2, jumlah=4)
    dunia.stempel_baru(1)
    dua = jalankan_sampai(dunia, "buka_gerbang")
    dua.terima(dunia.idpel(1))
    dua.sampai(dari="posting")
    lama, baru = daftar(dunia).baris
    assert (lama.idpel, baru.idpel, baru.sesi) == (dunia.idpel(2), dunia.idpel(1), dua.sesi.nomor)
    assert {lama.keadaan, baru.keadaan} == {MENUNGGU}
    assert lama.dikembalikan < baru.dikembalikan

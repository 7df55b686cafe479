"""Past moments, history and sums: what was answered then is recorded and asked for again as a past moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from batal_fixtures import batalkan_sampai
from proses_fixtures import LANGKAH, Dunia, jalankan_sampai
from test_status_rekap import JAM_NYALA, layanan_, mata, periksa_rekap, rekap, status, tempat

from ap2t.domain.status import Status
from ap2t.galat import BukuMenolak
from ap2t.lihat.rekap_bulan import putaran_buku, rekap_buku
from ap2t.lihat.status_pelanggan import pelanggan, per_kelompok
from ap2t.proses import kirim
from ap2t.proses import rekonsiliasi as proses_rekonsiliasi
from ap2t.proses.kembalikan import kembalikan


class Kamera:
    """Takes down what the ledger alone answers now, with the database's instant; asks for the same moments later."""

    def __init__(self, d: Dunia) -> None:
        self.d = d
        self.foto: list[tuple[str, datetime, dict[str, Any]]] = []

    def jepret(self, nama: str) -> None:
        self.foto.append((nama, self.d.satu("SELECT clock_timestamp()"), self._lihat(None)))

    def bandingkan(self) -> None:
        for nama, pada, dulu in self.foto:
            kini = self._lihat(pada)
            for hal, isi in dulu.items():
                assert kini[hal] == isi, (nama, hal)

    def _lihat(self, pada: datetime | None) -> dict[str, Any]:
        d, buku = self.d, layanan_(self.d).buku
        m = mata(d, pada=pada, acmt=False)
        satu = [(s, pelanggan(m, s.idpel, d.unitup, d.bulan)) for s in per_kelompok(m, tempat(d))]
        assert [s.keadaan for s, _ in satu] == [r.status.keadaan for _, r in satu]
        return {
            "status": [(s.idpel, s.keadaan, s.dlpd, s.kwh, s.jam_nyala) for s, _ in satu],
            "riwayat": [(s.idpel, [p for p in r.riwayat if p.pada <= (pada or p.pada) and p.nomor]) for s, r in satu],
            "rekap": [b._replace(sesi="") for b in rekap_buku(buku, [d.unitup], d.bulan, pada=pada)],
            "putaran": [b._replace(status="", tahap=None) for b in putaran_buku(buku, [d.unitup], d.bulan, pada=pada)],
        }


def test_jawaban_dulu_sama_dengan_saat_lampau(dunia: Dunia) -> None:
    """Two rounds and a cancellation between, every case in them: each answer of then is the answer about then."""
    idpel = dunia.isi(8, {0: JAM_NYALA})
    dunia.posting_lain(7)
    k, jalan = Kamera(dunia), dunia.jalan()
    for nama in LANGKAH[:5]:
        getattr(jalan, nama)()
        k.jepret(nama)
    jalan.terima(idpel[1], idpel[0])
    k.jepret("terima")
    dunia.di_ap2t("tolak", idpel=[idpel[3]], kode="DATA_TIDAK_VALID")
    dunia.ubah_acmt(2, sahlwbp="1151")
    dunia.posting_lain(4, kwh="151")
    dunia.di_ap2t("suplai_stan", idpel=[idpel[5]])
    jalan.ukuran, jalan.serentak = 1, 1
    for nama in LANGKAH[6:]:
        getattr(jalan, nama)()
        k.jepret(nama)
    batal = batalkan_sampai(dunia, "susun", idpel[6], idpel[5])
    k.jepret("susun")
    dunia.boleh_berulang = {idpel[6]}
    for nama in ("buka_gerbang", "terima", "batalkan", "rekonsiliasi", "tutup"):
        getattr(batal, nama)()
        k.jepret(f"batal {nama}")
    dunia.ubah_acmt(6, sahlwbp="1200", pemkwh="200")
    dunia.pola("BERTAHAP")
    jalan = dunia.jalan()
    for nama in LANGKAH:
        getattr(jalan, nama)()
        k.jepret(f"dua {nama}")
    k.bandingkan()
    periksa_rekap(dunia)


def test_diambil_alih_di_tengah_posting(dunia: Dunia) -> None:
    """A run that dies with a batch in flight, taken over, approved anew: sums and every moment still agree."""
    dunia.isi(6, {0: JAM_NYALA})
    k, asli, kali = Kamera(dunia), kirim.catat_terapan, iter(range(9))
    jalan = jalankan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = 2, 1

    def mati(*a: Any, **b: Any) -> None:
        if next(kali):
            raise KeyboardInterrupt
        asli(*a, **b)

    with pytest.MonkeyPatch.context() as m:
        m.setattr(kirim, "catat_terapan", mati)
        with pytest.raises(KeyboardInterrupt):
            jalan.posting()
    k.jepret("setengah")
    lain = dunia.jalan()
    lain.buka_sesi(hidup=lambda _d, _r: False)
    k.jepret("diambil alih")
    lain.sampai("posting", dari="ambil_bacaan")
    k.jepret("posting")
    lain.sampai(dari="rekonsiliasi")
    k.bandingkan()
    periksa_rekap(dunia)


def test_dikembalikan_lalu_diverifikasi_lagi(dunia: Dunia) -> None:
    """Sent back, its stamps cleared, verified anew, approved in round two."""
    idpel = dunia.isi(3)
    k, jalan = Kamera(dunia), jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(idpel[0])
    kembalikan(jalan.langkah)
    k.jepret("kembali")
    assert status(dunia)[0] is Status.DIKEMBALIKAN
    jalan.sampai(dari="posting")
    dunia.stempel_baru(0)
    assert status(dunia)[0] is Status.TERKIRIM
    k.jepret("cap baru")
    lain = jalankan_sampai(dunia, "buka_gerbang")
    assert status(dunia, acmt=False)[0] is Status.MENUNGGU_PERSETUJUAN
    k.jepret("gerbang")
    lain.sampai(dari="terima")
    k.bandingkan()
    periksa_rekap(dunia)


def test_saringan_yang_diulang(dunia: Dunia) -> None:
    """A sieve that runs again on the same snapshot (a task retried after its commit) changes no moment before it."""
    dunia.isi(3, {0: JAM_NYALA})
    k, jalan = Kamera(dunia), jalankan_sampai(dunia, "saring")
    k.jepret("saring")
    jalan.saring()
    k.jepret("saring lagi")
    jalan.sampai(dari="rekap")
    k.bandingkan()
    periksa_rekap(dunia)


def test_cuplikan_putaran_dua_yang_diulang(dunia: Dunia) -> None:
    """Of the moment before a snapshot was taken anew no earlier round's word is told; what AP2T holds still is."""
    dunia.isi(3, {0: JAM_NYALA})
    jalankan_sampai(dunia)
    dunia.ubah_acmt(0, sahlwbp="1150", pemkwh="150")
    jalan = jalankan_sampai(dunia, "rekap")
    pada = dunia.satu("SELECT clock_timestamp()")
    assert status(dunia, acmt=False)[0] is Status.TERKIRIM
    jalan.sampai("rekap", dari="ambil_bacaan")
    assert status(dunia, acmt=False, pada=pada) == dict.fromkeys((1, 2), Status.SUDAH_DISAHKAN)
    assert rekap(dunia, pada).ditahan == 0
    jalan.sampai(dari="buka_gerbang")
    assert status(dunia, acmt=False)[0] is Status.SUDAH_DISAHKAN


def test_yang_ditahan_tidak_disetujui(dunia: Dunia) -> None:
    """An answer stands in the history of those it is about: not of the held ones, nor of those sent back before it."""
    idpel = dunia.isi(3, {0: JAM_NYALA})
    dunia.pola(pengesah=2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(idpel[1])
    jalan.buka_gerbang(2)
    jalan.terima(oleh=dunia.spv_b, urutan=2)
    jalan.sampai(dari="posting")
    batalkan_sampai(dunia, "tutup", idpel[2], idpel[0])
    setuju = {n: [p.oleh for p in pelanggan(mata(dunia), idpel[n]).riwayat if p.apa == "DISETUJUI"] for n in range(3)}
    assert setuju == {0: [], 1: [], 2: [dunia.spv, dunia.spv_b, dunia.spv]}


def test_dikembalikan_dua_pengesah_dihitung_sekali(dunia: Dunia) -> None:
    """A customer whom both approvers send back is one customer."""
    idpel = dunia.isi(3)
    dunia.pola(pengesah=2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(idpel[1])
    jalan.buka_gerbang(2)
    jalan.terima(idpel[1], idpel[0], oleh=dunia.spv_b, urutan=2)
    [p] = putaran_buku(layanan_(dunia).buku, [dunia.unitup], dunia.bulan)
    assert p.dikembalikan == 2
    jalan.sampai(dari="posting")


def test_rekonsiliasi_yang_tertinggal_tidak_menulis(dunia: Dunia) -> None:
    """A reconciliation whose run was taken over while it looked adds nothing: it is older than what stands."""
    idpel = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.di_ap2t("batal_lain", idpel=[idpel[0]])
    asli: Callable[..., Any] = proses_rekonsiliasi.gandeng
    dunia.boleh_berulang = {idpel[0]}

    def lambat(*a: Any) -> Any:
        yield from asli(*a)
        lain = dunia.jalan()
        m.setattr(proses_rekonsiliasi, "gandeng", asli)
        lain.buka_sesi(hidup=lambda _d, _r: False)
        lain.sampai(dari="ambil_bacaan")

    with pytest.MonkeyPatch.context() as m:
        m.setattr(proses_rekonsiliasi, "gandeng", lambat)
        with pytest.raises(BukuMenolak, match="tidak lagi dipegang"):
            jalan.rekonsiliasi()
    assert status(dunia, acmt=False)[0] is Status.SUDAH_DISAHKAN
    assert rekap(dunia).sudah_disahkan == 3
    periksa_rekap(dunia)

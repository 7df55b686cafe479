"""The trail is complete: every fact of a run stands in it, each once, in a form that can be checked (invariant 6)."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from audit_fixtures import Terisi
from halaman_fixtures import TanpaUtas
from proses_fixtures import Dunia, jalankan_sampai
from sqlalchemy import text

from ap2t import __version__
from ap2t.domain.kesiapan import Tahap
from ap2t.domain.model import Aturan
from ap2t.galat import BelumSiap
from ap2t.proses.kesiapan import FUNGSI2, Tengok, catat_tengok, tengok, tengok_sesi
from ap2t.proses.tutup import hentikan
from ap2t.source.acmt import SumberAcmt
from ap2t.triggers.kesiapan import KesiapanTrigger


def isi_semua(dunia: Dunia, sesi_id: int, jenis: str) -> list[dict[str, Any]]:
    baris = dunia.buku_lihat.execute(
        "SELECT isi FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = %s ORDER BY id", [sesi_id, jenis]
    )
    return [b[0] for b in baris]


# ----------------------------------------------------------------------------------------------------- readiness


def test_kesiapan_dicatat_bila_berubah(dunia: Dunia) -> None:
    """A look is written down with stage, counts and the first idpel missing, and again only when it sees another."""
    dunia.isi(4, {1: {"sahlwbp": None}, 2: {"kirim_oleh": None, "kirim_pada": None}})
    jalan = jalankan_sampai(dunia, "buka_sesi")
    s = jalan.sesi

    def lihat(apa: str) -> bool:
        hasil = tengok(jalan.layanan, s.tempat, s.pola, apa)
        return catat_tengok(jalan.layanan, s.nomor, apa, hasil)

    semua = [*map(str, Tahap), FUNGSI2]
    assert [lihat(apa) for apa in semua * 3] == [True] * 4 + [False] * 8
    stan, _, kirim, fungsi2 = isi_semua(dunia, s.id, "KESIAPAN")
    assert stan == {
        "tahap": "STAN_TERISI",
        "siap": False,
        "angka": {"pelanggan": 4, "sudah": 3, "siap_penuh": 2},
        "kurang": [dunia.idpel(1)],
    }
    assert kirim["kurang"] == [dunia.idpel(2)]
    assert fungsi2 == {
        "tahap": FUNGSI2,
        "siap": True,
        "angka": {"posting_0": 4, "posting_1": 0, "posting_3": 0},
        "kurang": [],
    }
    dunia.ubah_acmt(1, sahlwbp=Decimal(1150))
    assert [lihat(apa) for apa in semua] == [True, True, True, False]  # it counts among the fully ready from here on
    assert isi_semua(dunia, s.id, "KESIAPAN")[4]["siap"] is True


def test_satu_tengok_untuk_semua_tahap(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one look found ready is not looked at again within the minute; what it did not, or no more, is."""
    dunia.isi(3, {2: {"kirim_pada": None}})
    jalan = jalankan_sampai(dunia, "buka_sesi")
    asli, kali = SumberAcmt.baca_kesiapan, list[int]()

    def baca(*a: Any, **k: Any) -> Any:
        kali.append(1)
        return asli(*a, **k)

    monkeypatch.setattr(SumberAcmt, "baca_kesiapan", baca)
    assert [tengok_sesi(jalan.layanan, jalan.sesi, apa).siap for apa in Tahap] == [True, True, False]
    assert len(kali) == 3
    dunia.stempel_baru(2)
    assert tengok_sesi(jalan.layanan, jalan.sesi, Tahap.TERKIRIM).siap
    assert len(kali) == 4
    assert all(tengok_sesi(jalan.layanan, jalan.sesi, apa).siap for apa in Tahap)
    assert len(kali) == 4
    geser = "UPDATE pengesahan.jejak SET pada = pada - %s::interval WHERE sesi_id = %s AND jenis = 'KESIAPAN'"
    dunia.buku_lihat.execute("SET session_replication_role = replica")  # a minute goes by
    dunia.buku_lihat.execute(geser, ["1 minute", jalan.sesi.id])
    assert tengok_sesi(jalan.layanan, jalan.sesi, Tahap.STAN_TERISI).siap
    assert len(kali) == 5
    dunia.buku_lihat.execute(geser, ["-1 minute", jalan.sesi.id])
    dunia.buku_lihat.execute("RESET session_replication_role")
    catat_tengok(jalan.layanan, jalan.sesi.nomor, Tahap.STAN_TERISI, Tengok(False, "", {}))
    dunia.ubah_acmt(1, sahlwbp=None)
    assert not tengok_sesi(jalan.layanan, jalan.sesi, Tahap.STAN_TERISI).siap
    with pytest.raises(BelumSiap, match="1 pelanggan"):  # the rows decide, not what was seen before
        jalan.ambil_bacaan()


def test_kesiapan_sesi_berakhir_tidak_dicatat(dunia: Dunia) -> None:
    """A trigger that looks on after its session has ended adds nothing to it."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia)
    s = jalan.sesi
    hasil = tengok(jalan.layanan, s.tempat, s.pola, FUNGSI2)
    assert not catat_tengok(jalan.layanan, s.nomor, FUNGSI2, hasil)
    assert isi_semua(dunia, s.id, "KESIAPAN") == []


def test_kesiapan_dicatat_dari_triggerer(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it waits in the triggerer, three looks that see the same leave one entry; the change leaves another.

    No look takes a thread that other triggers need.
    """
    dunia.isi(2, {1: {"sahlwbp": None}})
    s = jalankan_sampai(dunia, "buka_sesi").sesi
    trigger = KesiapanTrigger(
        nomor=s.nomor,
        unitup=s.unitup,
        thblrek=s.thblrek,
        hari_baca=s.hari_baca,
        pola=s.pola,
        apa="STAN_TERISI",
        jeda=0,
        batas=30,
    )
    asli, lihat = trigger._tengok, 0

    def tengok_() -> Any:
        nonlocal lihat
        lihat += 1
        if lihat == 4:
            dunia.ubah_acmt(1, sahlwbp=Decimal(1150))
        return asli()

    monkeypatch.setattr(trigger, "_tengok", tengok_)

    async def jalan() -> Any:
        asyncio.get_running_loop().set_default_executor(TanpaUtas())
        return await anext(trigger.run())

    assert asyncio.run(jalan()).payload["siap"] is True
    assert lihat == 4
    assert [i["siap"] for i in isi_semua(dunia, s.id, "KESIAPAN")] == [False, True]


# -------------------------------------------------------------------------------------------------- the other facts


def test_yang_ditahan_disebut_per_alasan(dunia: Dunia) -> None:
    """Every held row stands in the trail by reason, at most a thousand an entry, anew for each snapshot."""
    banyak: dict[int, dict[str, Any]] = {n: {"daya": None} for n in range(1002)}
    dunia.isi(1005, {**banyak, 1003: {"sahlwbp": "9999", "pemkwh": None}}, di_ap2t=False)
    dunia.kirim_pelanggan([(dunia.idpel(1003), 1300)])  # AP2T knows the kelompok
    jalan = jalankan_sampai(dunia, "saring")
    ditahan = isi_semua(dunia, jalan.sesi.id, "DITAHAN")
    assert [sum(map(len, i.values())) for i in ditahan] == [1000, 3]
    semua = {(a, idpel) for i in ditahan for a, daftar in i.items() for idpel in daftar}
    assert semua == {("DAYA_TIDAK_VALID", dunia.idpel(n)) for n in banyak} | {("JAM_NYALA", dunia.idpel(1003))}
    jalan.saring()
    assert len(isi_semua(dunia, jalan.sesi.id, "DITAHAN")) == 2
    jalan.ambil_bacaan()
    assert len(isi_semua(dunia, jalan.sesi.id, "DITAHAN")) == 4


def test_versi_pada_setiap_permulaan(dunia: Dunia) -> None:
    """Opened, resumed, posting: each entry says which code and rules were at work."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima")
    hentikan(jalan.langkah, "uji")
    jalan.buka_sesi()
    jalan.sampai(dari="posting")
    versi = {"versi_kode": __version__, "versi_aturan": Aturan().versi}
    for jenis in ("SESI_DIBUKA", "SESI_DILANJUTKAN", "POSTING_MULAI", "DISARING"):
        assert versi.items() <= dunia.isi_jejak(jalan.sesi, jenis).items(), jenis


def test_batch_dan_hasilnya_terikat(dunia: Dunia) -> None:
    """In flight: key, rows, body, epoch. Settled: counts, digest of the outcomes, and by name what was not posted."""
    dunia.isi(6)
    dunia.di_ap2t("tolak", idpel=[dunia.idpel(4)], kode="DATA_TIDAK_VALID")
    jalan = jalankan_sampai(dunia, "terima")
    dunia.ubah_acmt(5, sahlwbp="1151")
    jalan.sampai(dari="posting")
    kirim = dunia.isi_jejak(jalan.sesi, "BATCH_DIKIRIM")
    assert (kirim["jumlah"], kirim["epoch"]) == (5, 2)
    assert all(len(kirim[k]) == 64 for k in ("sidik_isi", "sidik_idpel"))
    beres = dunia.isi_jejak(jalan.sesi, "BATCH_DITERAPKAN")
    assert beres["kunci"] == kirim["kunci"]
    assert beres["jumlah"] == {"POSTING": 4, "DITOLAK": 1}
    assert beres["baris"] == {"DITOLAK DATA_TIDAK_VALID": [dunia.idpel(4)]}
    assert dunia.isi_jejak(jalan.sesi, "BERUBAH_DI_SUMBER")["baris"] == {"BERUBAH BERUBAH_DI_ACMT": [dunia.idpel(5)]}
    assert dunia.isi_jejak(jalan.sesi, "REKONSILIASI")["hasil"] == "COCOK"


def test_diluar_sistem_disebut_seluruhnya(dunia: Dunia) -> None:
    """What others did in AP2T stands in the trail row by row, not only as a number; what is known is not told twice."""
    dunia.isi(3)
    dunia.posting_lain(0)
    dunia.posting_lain(2, nomor=None)
    jalan = jalankan_sampai(dunia, "ambil_bacaan")
    [isi] = isi_semua(dunia, jalan.sesi.id, "DILUAR_SISTEM")
    assert [b[:4] for b in isi["baris"]] == [
        [dunia.idpel(0), "DIPOSTING", 1, "LAIN-1"],
        [dunia.idpel(2), "DIPOSTING", 1, None],
    ]
    jalan.ambil_bacaan()
    assert len(isi_semua(dunia, jalan.sesi.id, "DILUAR_SISTEM")) == 1


def test_daftar_panjang_dipecah(terisi: Terisi) -> None:
    """A fact about many customers takes several entries of at most a thousand."""
    with terisi.dirusak() as p:
        p.tx.jejak.catat_daftar("UJI", {"jumlah": 2001}, "idpel", [str(n) for n in range(2001)], sesi_id=1)
        isi = p.conn.execute(text("SELECT isi FROM pengesahan.jejak WHERE jenis = 'UJI' ORDER BY id")).scalars().all()
    assert [(i["jumlah"], len(i["idpel"])) for i in isi] == [(2001, 1000), (2001, 1000), (2001, 1)]

"""Rules of practice in a whole session: what ACMT offers besides, what a unit asks, and a session without any of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from proses_fixtures import Dunia, jalankan_sampai

from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import tulis_berkas
from ap2t.audit.periksa import periksa_bulan, periksa_sesi
from ap2t.domain.model import KOLOM_BACAAN, KOLOM_PILIHAN
from ap2t.ledger.buku import Buku
from ap2t.ledger.mesin import buat_mesin
from ap2t.proses.rekap import teks_rekap

TANPA_METER = {
    **dict.fromkeys(("slalwbp", "sahlwbp", "tgl_baca", "foto_url")),
    **dict.fromkeys(("pemkwh", "pemkwh_lalu", "pemkwh_rata3"), "487.5"),
    "jam_abonemen": "375",
}
"""A street light of 1,300 VA."""


def tawarkan(d: Dunia, *kolom: str) -> None:
    """Let the view offer these columns beside the contract, and no other."""
    semua = ", ".join((*KOLOM_BACAAN, *kolom))
    d.acmt.execute("DROP VIEW acmt.v_bacaan")
    d.acmt.execute(f"CREATE VIEW acmt.v_bacaan AS SELECT {semua} FROM acmt_dasar.bacaan")  # noqa: S608
    d.acmt.execute("GRANT SELECT ON acmt.v_bacaan TO PUBLIC")


@pytest.fixture(autouse=True)
def _seperti_semula(dunia: Dunia) -> Iterator[None]:
    yield
    tawarkan(dunia, *KOLOM_PILIHAN)


def saringan(d: Dunia, sesi_id: int) -> dict[str, tuple[Any, ...]]:
    """Return idpel -> (outcome, reasons, flags, kWh, kWh that is sent)."""
    baris = d.buku_lihat.execute(
        "SELECT idpel, hasil, alasan, dlpd, kwh, kwh_kirim FROM pengesahan.saringan WHERE sesi_id = %s", [sesi_id]
    ).fetchall()
    return {idpel: tuple(nilai) for idpel, *nilai in baris}


def test_semua_pilihan_terikat_dan_terbukti(dunia: Dunia, tmp_path: Path) -> None:
    """What is offered decides, goes to AP2T, is bound by the digest, and the session's file proves itself."""
    idpel = dunia.isi(
        5,
        {
            0: TANPA_METER,
            1: {"daya_lama": 900, "mutasi_lwbp": "1060"},
            2: {"cara_baca": "TAKSIR"},
            3: {"cara_baca": "AMR", "foto_url": None},
        },
    )
    jalan = jalankan_sampai(dunia)
    s = jalan.sesi
    assert s.status == "SELESAI"
    assert list(s.aturan.ketentuan.pilihan) == list(KOLOM_PILIHAN)
    hasil = saringan(dunia, s.id)
    assert [hasil[i][2] for i in idpel] == [[], ["DAYA_BERUBAH"], ["TAKSIR"], [], []]
    assert dunia.terposting() == set(idpel)
    di_ap2t = dunia.baris_ap2t()[idpel[0]]
    assert (di_ap2t["sahlwbp"], Decimal(di_ap2t["pemkwh"])) == ("0", Decimal("487.5"))
    assert "Tidak dinilai" not in teks_rekap(s, None)
    buku = Buku(buat_mesin())
    berkas = tulis_berkas(buku, s.nomor, tmp_path, None, lambda _: None)
    with buku.transaksi() as tx:
        assert [*periksa_sesi(tx, tx.sesi.ambil(s.id))] == []
    buku.tutup()
    assert periksa_berkas(berkas.json).temuan == []
    berkas.json.write_text(berkas.json.read_text().replace("TAKSIR\\", "BACA\\"))
    assert periksa_berkas(berkas.json).temuan


def test_tanpa_kolom_pilihan(dunia: Dunia) -> None:
    """With none of it the same rows are judged by the contract alone; the gate says once what is off."""
    tawarkan(dunia)
    idpel = dunia.isi(
        3, {0: {"jam_abonemen": "375", "foto_url": None}, 1: {"daya_lama": 900}, 2: {"cara_baca": "TAKSIR"}}
    )
    jalan = jalankan_sampai(dunia)
    hasil = saringan(dunia, jalan.sesi.id)
    assert [hasil[i][2] for i in idpel] == [["TANPA_FOTO"], [], []]
    assert jalan.sesi.aturan.ketentuan.pilihan == []
    mati = [baris for baris in teks_rekap(jalan.sesi, None).splitlines() if "Tidak dinilai" in baris]
    assert len(mati) == 1
    assert all(kolom in mati[0] for kolom in KOLOM_PILIHAN)


@pytest.mark.parametrize("kolom", KOLOM_PILIHAN)
def test_satu_kolom_saja(dunia: Dunia, kolom: str) -> None:
    """Any one column may be offered alone: the session goes through, and the snapshot has no other."""
    tawarkan(dunia, kolom)
    nilai = {
        "cara_baca": "AMR",
        "cara_baca_lalu": "TAKSIR",
        "rendah_wajar": True,
        "daya_lama": 900,
        **dict.fromkeys(("tgl_mutasi", "tgl_baca_lalu"), "2026-04-25 03:00:00+00"),
    }
    dunia.isi(2, {0: {**(TANPA_METER if kolom == "jam_abonemen" else {kolom: nilai.get(kolom, "10")})}})
    jalan = jalankan_sampai(dunia, "rekap")
    ada = dunia.buku_lihat.execute(
        "SELECT DISTINCT jsonb_object_keys(pilihan) FROM pengesahan.bacaan WHERE sesi_id = %s", [jalan.sesi.id]
    ).fetchall()
    assert ada == [(kolom,)]


def test_berubah_sesudah_cuplikan(dunia: Dunia) -> None:
    """What decided is bound: a row whose daya_lama changed since the snapshot does not go."""
    idpel = dunia.isi(2, {0: {"daya_lama": 900}})
    jalan = jalankan_sampai(dunia, "terima")
    dunia.ubah_acmt(0, daya_lama=450)
    jalan.sampai(dari="posting")
    assert dunia.terposting() == {idpel[1]}
    pesan = dunia.buku_lihat.execute(
        "SELECT pesan FROM pengesahan.hasil WHERE sesi_id = %s AND status = 'BERUBAH'", [jalan.sesi.id]
    ).fetchall()
    assert pesan == [("pilihan",)]


def test_kwh_bulat_dikirim(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT's rounded kWh are what is sent and compared; the exact ones are judged; the ledger keeps both."""
    monkeypatch.setenv("AP2T_PEMBULATAN_KWH", "bulat")
    angka = {"sahlwbp": "1150.4", "pemkwh_lalu": "150", "pemkwh_rata3": "150"}
    idpel = dunia.isi(4, {n: {**angka, "pemkwh": str(150 + n)} for n in range(3)})
    jalan = jalankan_sampai(dunia)
    assert jalan.sesi.status == "SELESAI"
    hasil = saringan(dunia, jalan.sesi.id)
    assert [hasil[i][3:] for i in idpel[:2]] == [(Decimal("150.4"), 150), (Decimal("150.4"), 151)]
    assert hasil[idpel[2]][1] == ["SELISIH_KWH"]
    assert hasil[idpel[3]][3:] == (150, None)
    kini = dunia.baris_ap2t()
    assert [kini[i]["pemkwh"] for i in (*idpel[:2], idpel[3])] == ["150", "151", "150"]
    terposting = dunia.buku_lihat.execute(
        "SELECT sum(kwh) FROM pengesahan.hitungan WHERE sesi_id = %s", [jalan.sesi.id]
    )
    assert terposting.fetchone() == (451,)
    buku = Buku(buat_mesin())
    with buku.transaksi() as tx:
        assert [*periksa_bulan(tx, dunia.unitup, dunia.bulan)] == []
    buku.tutup()


def test_rantai_ditahan_menurut_pola(dunia: Dunia) -> None:
    """Where the unit's pattern says so a broken chain holds the row, and the ledger lets no session ask less."""
    idpel = dunia.isi(2)
    jalankan_sampai(dunia)
    dunia.pola(stan_tidak_sambung="tahan")
    dunia.bulan = "202607"
    dunia.isi(2, {0: {"slalwbp": "1150", "sahlwbp": "1300"}, 1: {"slalwbp": "1151", "sahlwbp": "1301"}})
    jalan = jalankan_sampai(dunia)
    hasil = saringan(dunia, jalan.sesi.id)
    assert (hasil[idpel[0]][0], hasil[idpel[1]][1]) == ("LOLOS", ["STAN_TIDAK_SAMBUNG"])


def test_ketentuan_dijaga_buku(dunia: Dunia) -> None:
    """What a session was opened with stays."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "ambil_bacaan")
    with pytest.raises(psycopg.errors.DatabaseError, match="ketentuan sesi"):
        dunia.buku_lihat.execute("UPDATE pengesahan.sesi SET ketentuan = '{}' WHERE id = %s", [jalan.sesi.id])

"""The chain of stans and the day of reading: what the ledger and the calendar know is held against a reading.

What was posted last counts as of the sieve, by the order of facts; the audit sieves again and finds the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from batal_fixtures import batalkan_sampai
from halaman_fixtures import Halaman
from proses_fixtures import Dunia, Jalan, dirusak, jalankan_sampai
from sqlalchemy import text
from typer.testing import CliRunner

from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import tulis_berkas
from ap2t.audit.periksa import Temuan, periksa_sesi
from ap2t.cli import app
from ap2t.domain.model import Aturan, Tempat
from ap2t.galat import BukuMenolak
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.ledger import sesi
from ap2t.ledger.buku import Buku
from ap2t.ledger.cuplikan import kepala_sidik_cuplikan
from ap2t.ledger.mesin import buat_mesin
from ap2t.ledger.rantai import BULAN
from tests.perintah import keluar

SAMBUNG = {"slalwbp": "1150", "sahlwbp": "1300"}
"""A month that goes on where a clean one ended."""
PUTUS, FAKTOR = "STAN_TIDAK_SAMBUNG", "FAKTOR_BERUBAH"


def bulan_berikut(
    d: Dunia, jumlah: int, ubah: dict[int, dict[str, Any]] | None = None, bulan: str = "202607"
) -> list[str]:
    """Write the next month's readings: all go on where a clean month ended, but for what ``ubah`` says."""
    d.bulan = bulan
    return d.isi(jumlah, {n: {**SAMBUNG, **(ubah or {}).get(n, {})} for n in range(jumlah)})


def tanda(d: Dunia, jalan: Jalan) -> dict[str, tuple[Any, ...]]:
    """Return idpel -> (flags of the chain, month, LWBP, WBP, factor) of the rows that carry one."""
    baris = d.buku_lihat.execute(
        "SELECT idpel, dlpd, lalu_bulan, lalu_lwbp, lalu_wbp, lalu_fkm FROM pengesahan.saringan WHERE sesi_id = %s",
        [jalan.sesi.id],
    ).fetchall()
    semua = {i: ([k for k in dlpd if k in (PUTUS, FAKTOR)], *lalu) for i, dlpd, *lalu in baris}
    return {i: nilai for i, nilai in semua.items() if nilai[0] or any(v is not None for v in nilai[1:])}


def temuan(s: sesi.Sesi) -> list[Temuan]:
    """Audit a session on a connection of its own."""
    buku = Buku(buat_mesin())
    try:
        with buku.transaksi() as tx:
            tx.jalankan("audit_rencana")
            return [*periksa_sesi(tx, tx.sesi.ambil(s.id))]
    finally:
        buku.tutup()


# ---------------------------------------------------------------------------------------------------- the chain


def test_dibandingkan_dengan_yang_terakhir_disahkan(dunia: Dunia) -> None:
    """Stan lalu and factor are held against what was posted last; both values are kept, and no row is held for it."""
    dunia.isi(6)
    jalankan_sampai(dunia)
    semua = bulan_berikut(
        dunia,
        7,
        {
            1: {"slalwbp": "1650", "sahlwbp": "1800"},  # 500 kWh between
            2: {"fkmkwh": "10", "pemkwh": "1500"},
            3: {"slalwbp": "1649", "sahlwbp": "1799", "fkmkwh": "10", "pemkwh": "1500"},
            4: {"slalwbp": "1200", "lwbpcabut": "1300", "lwbppasang": "5", "sahlwbp": "55", "fkmkwh": "1"},
            5: {"slalwbp": "1000", "sahlwbp": "1150", "lwbpcabut": "0", "lwbppasang": "0"},
        },
    )
    jalan = jalankan_sampai(dunia)
    assert tanda(dunia, jalan) == {
        semua[1]: ([PUTUS], "202606", 1150, None, 1),
        semua[2]: ([FAKTOR], "202606", 1150, None, 1),
        semua[3]: ([PUTUS, FAKTOR], "202606", 1150, None, 1),
        semua[5]: ([PUTUS], "202606", 1150, None, 1),
    }
    assert dunia.isi_jejak(jalan.sesi, "DISARING")["dibandingkan"] == 6  # the seventh is new
    assert dunia.terposting() == set(semua)
    assert jalan.undangan is not None
    assert "Stan lalu tidak sambung" in jalan.undangan.isi
    assert not re.search(r"\b1\.?(650|649)\b", jalan.undangan.isi + jalan.log)


@pytest.mark.parametrize(
    ("dua_tarif", "kini", "putus"),
    [
        ({"slawbp": "400", "sahwbp": "450"}, {"slawbp": "450", "sahwbp": "480"}, False),
        ({"slawbp": "400", "sahwbp": "450"}, {"slawbp": "451", "sahwbp": "480"}, True),
        ({"slawbp": "400", "sahwbp": "450"}, {}, True),
        ({}, {"slawbp": "0", "sahwbp": "0"}, False),
        ({}, {"slawbp": "7", "sahwbp": "7"}, True),
    ],
)
def test_register_wbp(dunia: Dunia, dua_tarif: dict[str, str], kini: dict[str, str], *, putus: bool) -> None:
    """The WBP register is compared as well; one that comes or goes at 0 breaks nothing."""
    dunia.isi(1, {0: {**dua_tarif, "pemkwh": None}})
    jalankan_sampai(dunia)
    bulan_berikut(dunia, 1, {0: {**kini, "pemkwh": None}})
    assert bool(tanda(dunia, jalankan_sampai(dunia))) is putus


def test_bulan_ganti_meter_menjadi_dasar(dunia: Dunia) -> None:
    """After a month with a meter change stan akhir and factor are the new meter's."""
    ganti = {
        "lwbpcabut": "1100",
        "lwbppasang": "5",
        "sahlwbp": "55",
        "fkmkwh": "2",
        "fkmkwh_lama": "1",
        "pemkwh": "200",
    }
    dunia.isi(2, dict.fromkeys(range(2), ganti))
    jalankan_sampai(dunia)
    baru = {"slalwbp": "55", "sahlwbp": "205", "fkmkwh": "2", "pemkwh": "300"}
    semua = bulan_berikut(dunia, 2, {0: baru, 1: {**baru, "slalwbp": "1100", "sahlwbp": "1250"}})
    assert tanda(dunia, jalankan_sampai(dunia)) == {semua[1]: ([PUTUS], "202606", 55, None, 2)}


def test_bulan_terakhir_yang_disahkan(dunia: Dunia) -> None:
    """Not the month before counts but the last posted one: what was held or cancelled since is not posted."""
    dunia.isi(4)
    jalankan_sampai(dunia)
    bulan_berikut(dunia, 4, {1: {"daya": None}})
    jalan = jalankan_sampai(dunia)
    batalkan_sampai(dunia, "tutup", dunia.idpel(2))
    dunia.di_ap2t("batal_lain", idpel=[dunia.idpel(3)])
    jalankan_sampai(dunia, "rekap")  # a look at AP2T that finds the cancellation by others
    akhir = {"slalwbp": "1300", "sahlwbp": "1450"}
    bulan_berikut(dunia, 4, dict.fromkeys(range(4), akhir), bulan="202608")
    assert tanda(dunia, jalankan_sampai(dunia)) == {
        dunia.idpel(n): ([PUTUS], "202606", 1150, None, 1) for n in (1, 2, 3)
    }
    assert jalan.sesi.status == "SELESAI"


def test_yang_disahkan_pihak_lain_tidak_dinilai(dunia: Dunia) -> None:
    """What others posted last is not known, so nothing is held against it; not even what we posted before."""
    dunia.isi(3)
    jalankan_sampai(dunia)
    bulan_berikut(dunia, 3)
    dunia.posting_lain(1)
    jalankan_sampai(dunia)
    akhir = {"slalwbp": "9000", "sahlwbp": "9150"}
    bulan_berikut(dunia, 3, dict.fromkeys(range(3), akhir), bulan="202608")
    jalan = jalankan_sampai(dunia)
    assert set(tanda(dunia, jalan)) == {dunia.idpel(0), dunia.idpel(2)}
    assert dunia.isi_jejak(jalan.sesi, "DISARING")["dibandingkan"] == 2


def test_disahkan_lagi_sesudah_dibatalkan(dunia: Dunia) -> None:
    """Approved again after a cancellation: the later reading counts."""
    dunia.isi(1)
    jalankan_sampai(dunia)
    batalkan_sampai(dunia)
    dunia.boleh_berulang.add(dunia.idpel(0))
    dunia.ubah_acmt(0, sahlwbp="1151", pemkwh="151")
    jalankan_sampai(dunia)
    bulan_berikut(dunia, 1)
    assert tanda(dunia, jalankan_sampai(dunia)) == {dunia.idpel(0): ([PUTUS], "202606", 1151, None, 1)}


def test_pindah_kelompok(dunia: Dunia) -> None:
    """A customer that was read in another kelompok of the unit last month is found there."""
    dunia.isi(2)
    jalankan_sampai(dunia)
    dunia.kode = "B"
    dunia.isi(1, {0: {"idpel": dunia.idpel(50)}})
    jalankan_sampai(dunia)
    dunia.kode, dunia.bulan = "A", "202607"
    salah = {"slalwbp": "1149", "sahlwbp": "1299"}
    dunia.isi(3, {0: SAMBUNG, 1: salah, 2: {**salah, "idpel": dunia.idpel(50)}})
    assert set(tanda(dunia, jalankan_sampai(dunia))) == {dunia.idpel(1), dunia.idpel(50)}


def test_tidak_lebih_lama_daripada_bacaan_disimpan(dunia: Dunia) -> None:
    """The last posting is looked for twelve months back: what is older may have left the ledger."""
    assert BULAN == 12
    dunia.isi(1)
    jalankan_sampai(dunia)
    for bulan, kena in (("202706", True), ("202707", False)):
        bulan_berikut(dunia, 1, {0: {"slalwbp": "9000", "sahlwbp": "9150"}}, bulan=bulan)
        assert bool(tanda(dunia, jalankan_sampai(dunia, "rekap"))) is kena


def test_unit_lain_tidak_ikut(dunia: Dunia) -> None:
    """Sessions of other units with the same month and kelompok say nothing."""
    lain = Dunia(dunia.alamat, dunia.sandbox, dunia.monkeypatch)
    try:
        lain.isi(1, {0: {"idpel": dunia.idpel(0)}})
        jalankan_sampai(lain)
    finally:
        lain.tutup()
    bulan_berikut(dunia, 1, {0: {"slalwbp": "9000", "sahlwbp": "9150"}})
    assert tanda(dunia, jalankan_sampai(dunia, "rekap")) == {}


# ------------------------------------------------------------------------------------------- where it can be seen


def test_kedua_nilai_terlihat(halaman: Halaman, tmp_path: Path) -> None:
    """Both values on the page, in the session's file and in the commands' output."""
    d = halaman.dunia
    d.isi(2)
    jalankan_sampai(d)
    bulan_berikut(d, 2, {0: {"slalwbp": "1650.5", "sahlwbp": "1800.5", "fkmkwh": "10", "pemkwh": "1500"}})
    jalan = jalankan_sampai(d)
    kalimat = "stan lalu 1.650,5, padahal 1.150; faktor kali 10, padahal 1 (akhir bulan 202606)"
    isi = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}/baris?urut=idpel")["baris"]
    rinci = {satu["kode"]: satu["rinci"] for satu in isi[0]["mengapa"]}
    assert rinci["STAN_TIDAK_SAMBUNG"] == rinci["FAKTOR_BERUBAH"] == kalimat
    assert [satu["kode"] for satu in isi[1]["mengapa"]] == []
    satu = halaman.baca(f"/api/unit/{d.unitup}/202607/pelanggan/{d.idpel(0)}")
    [lolos] = [r["keterangan"] for r in satu["riwayat"] if r["apa"] == "LOLOS"]
    assert "stan lalu 1650.5 faktor 10; akhir bulan 202606 1150 faktor 1" in lolos

    buku = Buku(buat_mesin())
    berkas = tulis_berkas(buku, jalan.sesi.nomor, tmp_path, None, lambda _: None)
    buku.tutup()
    assert berkas.utuh
    assert periksa_berkas(berkas.json).temuan == []
    assert kalimat in berkas.html.read_text()
    naskah = json.loads(berkas.json.read_text())
    baris = [dict(zip(naskah["kolom"], b, strict=True)) for b in naskah["baris"]]
    assert [(b["lalu_bulan"], b["lalu_lwbp"], b["lalu_fkm"]) for b in baris] == [("202606", "1150", "1"), (None,) * 3]

    for perintah, nilai in (
        (("verifikasi", "--sesi", jalan.sesi.nomor), {"rantai": kalimat}),
        (
            ("bukti", jalan.sesi.nomor),
            {"slalwbp": "1650.5", "lalu_bulan": "202606", "lalu_lwbp": "1150", "lalu_fkm": "1"},
        ),
    ):
        hasil = keluar(CliRunner().invoke(app, [*perintah, "--format", "json"]))
        [objek] = [b for b in json.loads(hasil.stdout) if b["idpel"] == d.idpel(0)]
        assert {k: objek[k] for k in nilai} == nilai


# ------------------------------------------------------------------------------------------------ the day of reading


def test_tanggal_baca_di_luar_kalender(dunia: Dunia) -> None:
    """Read more than seven days before the kelompok's calendar: held, also where the stamps are all valid."""
    semua = dunia.isi(3, {0: {"tgl_baca": datetime(1970, 1, 1, tzinfo=UTC)}})
    jalan = jalankan_sampai(dunia)
    ditahan = "SELECT idpel, alasan FROM pengesahan.saringan WHERE sesi_id = %s AND hasil = 'DITAHAN'"
    kena = dunia.buku_lihat.execute(ditahan, [jalan.sesi.id]).fetchall()
    assert kena == [(semua[0], ["TGL_BACA_TIDAK_WAJAR"])]
    assert dunia.terposting() == set(semua[1:])
    isi = dunia.isi_jejak(jalan.sesi, "CUPLIKAN_DIAMBIL")
    assert isi["tgl_mulai"] == str(jalan.sesi.tgl_mulai) == "2026-05-12"
    assert datetime.fromisoformat(isi["dicuplik_pada"]) == jalan.sesi.dicuplik_pada


def test_kalender_ganda_dan_tanpa_kalender(dunia: Dunia) -> None:
    """The earliest of several rows counts; a row without a usable day is none; no row: the day is not judged."""
    ambil = dunia.layanan().sumber.mulai_baca
    ubah = "UPDATE acmt_dasar.jadwal_hari_baca SET tgl_mulai = %s WHERE unitup = %s AND thblrek = '202606'"
    assert str(ambil(Tempat(dunia.unitup, "202606", "A"))) == "2026-05-12"
    assert ambil(Tempat(dunia.unitup, "202601", "A")) is None
    assert ambil(Tempat(dunia.unitup, "202606", "Z")) is None
    for hari in ("0001-01-01", "9999-12-31"):
        dunia.acmt.execute(ubah, [hari, dunia.unitup])
        assert ambil(Tempat(dunia.unitup, "202606", "A")) is None
    dunia.isi(1, {0: {"tgl_baca": datetime(1970, 1, 1, tzinfo=UTC)}})
    jalan = jalankan_sampai(dunia)
    assert dunia.terposting() == {dunia.idpel(0)}
    assert jalan.sesi.tgl_mulai is None
    assert "tidak ada di kalender baca" in jalan.log


# -------------------------------------------------------------------------------------------------------- the audit


def test_audit_menyaring_ulang(dunia: Dunia) -> None:
    """What the sieve wrote is judged again from the ledger: a flag, a reason, a kWh, a value, or its base changed."""
    dunia.isi(4)
    dasar = jalankan_sampai(dunia)
    bulan_berikut(dunia, 4, {1: {"slalwbp": "1650", "sahlwbp": "1800"}})
    jalan = jalankan_sampai(dunia)
    assert temuan(jalan.sesi) == []
    satu, dua = dunia.idpel(1), dunia.idpel(2)
    kosong = "lalu_bulan = NULL, lalu_lwbp = NULL, lalu_wbp = NULL, lalu_fkm = NULL"
    for tabel, perintah, apa in (
        ("saringan", f"SET dlpd = '{{}}', {kosong} WHERE sesi_id = :kini AND idpel = '{satu}'", f"dlpd, lalu ({satu})"),
        ("saringan", f"SET lalu_lwbp = 1649 WHERE sesi_id = :kini AND idpel = '{satu}'", f"lalu ({satu})"),
        ("saringan", f"SET kwh = kwh + 1 WHERE sesi_id = :kini AND idpel = '{dua}'", f"kwh ({dua})"),
        ("saringan", "SET dlpd = '{TANPA_FOTO}' WHERE sesi_id = :kini AND dlpd = '{}'", "dlpd ("),
        ("bacaan", f"SET fkmkwh = 7 WHERE sesi_id = :dasar AND idpel = '{dua}'", f"dlpd, lalu ({dua})"),
        ("bacaan", f"SET sahlwbp = 1151 WHERE sesi_id = :dasar AND idpel = '{dua}'", f"dlpd, lalu ({dua})"),
        ("bacaan", f"SET tgl_baca = '1970-01-01' WHERE sesi_id = :kini AND idpel = '{dua}'", f"hasil, alasan ({dua})"),
        ("bacaan", f"SET tgl_baca = 'infinity' WHERE sesi_id = :kini AND idpel = '{dua}'", "dapat disaring ulang"),
        ("sesi", "SET tgl_mulai = '2999-12-31' WHERE id = :kini", "4 pelanggan berbeda dari hitungan ulang pada hasil"),
        ("sesi", "SET dicuplik_pada = '2026-01-01' WHERE id = :kini", "dasar saringan: buku"),
    ):
        isi = {k: v for k, v in {"kini": jalan.sesi.id, "dasar": dasar.sesi.id}.items() if f":{k}" in perintah}
        with dirusak(dunia, tabel, f"UPDATE pengesahan.{tabel} {perintah}", **isi) as tx:
            kata = [t.apa for t in periksa_sesi(tx, tx.sesi.ambil(jalan.sesi.id)) if t.aturan == "SARINGAN"]
            assert any(apa in k for k in kata), (perintah, kata)


def test_audit_melihat_keadaan_saat_disaring(dunia: Dunia) -> None:
    """What is cancelled, approved or posted by others afterwards does not change what the sieve had to see."""
    dunia.isi(4, {3: {"daya": None}})
    lama = jalankan_sampai(dunia)
    bulan_berikut(dunia, 4, {0: {"slalwbp": "1650", "sahlwbp": "1800"}, 3: {"slalwbp": "1", "sahlwbp": "151"}})
    jalan = jalankan_sampai(dunia)
    dunia.bulan = "202606"
    batalkan_sampai(dunia, "tutup", dunia.idpel(0), dunia.idpel(1))
    dunia.ubah_acmt(3, daya="1300")
    dunia.stempel_baru(3)
    dunia.boleh_berulang |= {dunia.idpel(0), dunia.idpel(1)}
    jalankan_sampai(dunia)
    assert lama.sesi.status == "SELESAI"
    assert set(tanda(dunia, jalan)) == {dunia.idpel(0)}
    assert temuan(jalan.sesi) == []
    bulan_berikut(dunia, 4, {3: {"slalwbp": "1", "sahlwbp": "151"}}, bulan="202608")


def test_audit_bila_bulan_lalu_masih_diposting(dunia: Dunia) -> None:
    """A month that was still being posted while the next was sieved: what the sieve knew is not certain any more."""
    dunia.isi(4)
    lama = dunia.jalan()
    lama.ukuran, lama.serentak = 2, 1
    lama.sampai("terima")
    bulan_berikut(dunia, 4, {n: {"slalwbp": "1650", "sahlwbp": "1800"} for n in range(4)})
    baru = dunia.jalan()
    asli, kali = KlienAp2t.kirim_posting, []

    def kirim(klien: KlienAp2t, kunci: str, isi: dict[str, Any]) -> Any:
        kali.append(1)
        if len(kali) == 2:  # the first batch is in, the second about to go
            baru.sampai("rekap")
        return asli(klien, kunci, isi)

    dunia.monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    dunia.bulan = "202606"
    lama.sampai(dari="posting")
    dunia.bulan = "202607"
    assert set(tanda(dunia, baru)) == {dunia.idpel(0), dunia.idpel(1)}
    baru.sampai(dari="buka_gerbang")
    assert temuan(baru.sesi) == []


def test_dasar_beku_bersama_cuplikan(dunia: Dunia) -> None:
    """Calendar and instant are bound by the digest and cannot be changed once a gate has shown them."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "rekap")
    semula = jalan.sesi.sidik
    with jalan.layanan.buku.transaksi() as tx:
        assert jalan.sesi.dicuplik_pada is not None
        tx.sesi.catat_cuplikan(jalan.sesi, None, jalan.sesi.dicuplik_pada - timedelta(hours=1))
        tx.sesi.ke_tahap(jalan.sesi, "TERSARING")
    jalan.rekap()
    assert jalan.sesi.sidik != semula
    jalan.sampai("buka_gerbang", dari="ambil_bacaan")
    with pytest.raises(BukuMenolak, match="dasar saringan"), jalan.layanan.buku.transaksi() as tx:
        tx.conn.execute(text("UPDATE pengesahan.sesi SET tgl_mulai = NULL WHERE id = :id"), {"id": jalan.sesi.id})
    jalan.sampai(dari="terima")


KOLOM_AWAL = [
    "sesi_id",
    "idpel",
    "unitup",
    "thblrek",
    "hari_baca",
    "kddk",
    "tarif",
    "daya",
    "fkmkwh",
    "fkmkvarh",
    "digit_meter",
    "tgl_baca",
    "petugas_baca",
    "kode_baca",
    "kelainan",
    "slalwbp",
    "sahlwbp",
    "slawbp",
    "sahwbp",
    "slakvarh",
    "sahkvarh",
    "lwbpcabut",
    "lwbppasang",
    "wbpcabut",
    "wbppasang",
    "fkmkwh_lama",
    "pemkwh",
    "pemkwh_lalu",
    "pemkwh_rata3",
    "verif_pengawas_oleh",
    "verif_pengawas_pada",
    "verif_vendor_oleh",
    "verif_vendor_pada",
    "kirim_oleh",
    "kirim_pada",
    "diubah_pada",
]
SIDIK_AWAL = f"""
COPY (SELECT {", ".join(f"b.{k}" for k in KOLOM_AWAL)},
             encode(sha256(convert_to(ROW(b.sesi_id, b.idpel, b.nama, b.foto_url, b.latitude, b.longitude,
                                          b.cacat)::text, 'UTF8')), 'hex'),
             s.daya, s.kwh, s.jam_nyala, s.hasil, s.alasan, s.dlpd{{lebih}}
        FROM pengesahan.bacaan b JOIN pengesahan.saringan s ON s.sesi_id = b.sesi_id AND s.idpel = b.idpel
       WHERE b.sesi_id = %s ORDER BY b.idpel) TO STDOUT
"""  # noqa: S608 -- names of its own
"""The rows of a digest of the first form, as it was taken before there was another."""
LEBIH = ", s.lalu_bulan, s.lalu_lwbp, s.lalu_wbp, s.lalu_fkm, s.kwh_kirim, b.pilihan"


@pytest.mark.parametrize("aturan", ["1", "3"])
def test_sidik_awal_tetap_terbukti(dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, aturan: str) -> None:
    """A session that was opened before digests were trees keeps its form and proves itself.

    By the first rule set it judges neither chain nor calendar.
    """
    dunia.isi(2)
    jalankan_sampai(dunia)
    bulan_berikut(dunia, 2, {n: {"slalwbp": "1650", "sahlwbp": "1800"} for n in range(2)})
    dunia.ubah_acmt(1, tgl_baca=datetime(1970, 1, 1, tzinfo=UTC))
    pertama: Callable[..., Aturan] = lambda *a: Aturan(*a) if a else Aturan(aturan)  # noqa: E731
    jalan = dunia.jalan()
    with monkeypatch.context() as m:
        m.setattr(sesi, "Aturan", pertama)
        m.setattr(sesi, "BENTUK_SIDIK", sesi.BENTUK_AWAL)
        jalan.buka_sesi()
    s = jalan.sampai(dari="ambil_bacaan")
    assert s.versi_aturan == aturan
    if aturan == "1":
        assert (s.tgl_mulai, s.dicuplik_pada, tanda(dunia, jalan)) == (None, None, {})
    assert dunia.terposting() == {dunia.idpel(n) for n in range(2 if aturan == "1" else 1)}
    dunia.buku_lihat.execute("SET timezone = 'UTC'")
    perintah = SIDIK_AWAL.format(lebih="" if aturan == "1" else LEBIH)
    with dunia.buku_lihat.cursor() as k, k.copy(perintah.encode(), [s.id]) as baris:
        kepala = f"{s.nomor}|1|{s.batas_jam_nyala}\n".encode() if aturan == "1" else kepala_sidik_cuplikan(s._asdict())
        isi = kepala + b"".join(baris)
    assert s.sidik == hashlib.sha256(isi).hexdigest()
    assert temuan(s) == []
    buku = Buku(buat_mesin())
    berkas = tulis_berkas(buku, s.nomor, tmp_path, None, lambda _: None)
    buku.tutup()
    assert periksa_berkas(berkas.json).temuan == []
    isi_berkas = json.loads(berkas.json.read_text())
    assert isi_berkas["versi"] == 1
    assert ("lalu_bulan" in isi_berkas["kolom"]) is (aturan != "1")

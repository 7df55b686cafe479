"""Verifying the verification, and the lot for inspection: what the approver and the auditor see of a session."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from proses_fixtures import Dunia, Jalan, jalankan_sampai
from psycopg.types.json import Jsonb
from typer.testing import CliRunner

from ap2t.audit.periksa import periksa_sesi
from ap2t.cli import app
from ap2t.domain.sidik import undi
from ap2t.galat import BukuMenolak, MasukanTidakSah
from ap2t.ledger import sesi
from ap2t.lihat import cara_verifikasi as periksa
from ap2t.lihat.cara_verifikasi import CaraVerifikasi, PilihanBaris
from ap2t.proses.cuplik import sejak_cuplikan
from ap2t.proses.gerbang import TOLAK
from tests.perintah import keluar

BACA = datetime(2026, 5, 25, 2, tzinfo=UTC)
Panggil = Callable[..., Result]


def isi_verifikasi(d: Dunia) -> list[str]:
    """Ten customers: pengawas verified 0 to 5 within one minute, 6 to 9 an hour apart; 3 and 7 need a look (no photo).

    The vendor verified each a day later, 9 another one. Row 8 was changed an hour after it was read.
    """
    ubah: dict[int, dict[str, object]] = {}
    for n in range(10):
        pada = BACA + (timedelta(minutes=10, seconds=n * 10) if n < 6 else timedelta(hours=n))
        ubah[n] = {
            "tgl_baca": BACA,
            "verif_pengawas_pada": pada,
            "verif_vendor_pada": BACA + timedelta(days=1, minutes=n * 10),
            "kirim_pada": BACA + timedelta(days=2),
            "pemkwh_lalu": "140",
            "pemkwh_rata3": "145.5",
        }
    ubah[3]["foto_url"] = ubah[7]["foto_url"] = None
    ubah[8]["diubah_pada"] = BACA + timedelta(hours=1)
    return d.isi(10, ubah)


def lihat(jalan: Jalan, **saring: object) -> list[CaraVerifikasi]:
    """Return the session's rows as the approver sees them."""
    with jalan.layanan.buku.transaksi() as tx:
        return list(periksa.alirkan_baris(tx, jalan.sesi, PilihanBaris(**saring)))  # type: ignore[arg-type]


def test_baris_dlpd_dahulu(dunia: Dunia) -> None:
    """DLPD first, then by idpel: who verified when, how soon, what changed, kWh with last month and average, photo."""
    semua = isi_verifikasi(dunia)
    jalan = jalankan_sampai(dunia, "rekap")
    baris = lihat(jalan)
    assert [b.idpel for b in baris[:2]] == [semua[3], semua[7]]
    assert [b.idpel for b in baris[2:]] == [i for i in semua if i not in (semua[3], semua[7])]
    assert baris[0].dlpd == ["TANPA_FOTO"]
    assert baris[0].foto is None
    b = next(b for b in baris if b.idpel == semua[8])
    assert (b.pengawas, b.vendor) == (f"pengawas{dunia.unitup}", f"vendor{dunia.unitup}")
    assert (b.tgl_baca, b.pengawas_pada) == (BACA, BACA + timedelta(hours=8))
    assert (b.pengawas_jam, b.vendor_jam) == (Decimal("8.00"), Decimal("25.33"))
    assert (b.diubah_pada, b.diubah_jam) == (BACA + timedelta(hours=1), Decimal("1.00"))
    assert (b.kwh, b.kwh_lalu, b.kwh_rata3) == (Decimal(150), Decimal(140), Decimal("145.5"))
    assert b.foto == f"https://foto.acmt.example/{dunia.bulan}-{b.idpel}.jpg"
    assert [b.idpel for b in lihat(jalan, dlpd=True)] == [semua[3], semua[7]]
    assert lihat(jalan, oleh="siapa pun") == []
    assert len(lihat(jalan, oleh=f" PENGAWAS{dunia.unitup} ")) == 10
    assert [b.idpel for b in lihat(jalan, batas=3)] == [semua[3], semua[7], semua[0]]
    jalan.sampai(dari="buka_gerbang")


def test_ringkas_tiap_orang(dunia: Dunia) -> None:
    """Per person and role: customers, soonest and middle minutes, how many at once, how many that need a look."""
    isi_verifikasi(dunia)
    jalan = jalankan_sampai(dunia, "rekap")
    with jalan.layanan.buku.transaksi() as tx:
        pengawas, vendor = periksa.ringkas_petugas(tx, jalan.sesi, 1)
        longgar = periksa.ringkas_petugas(tx, jalan.sesi, 60)[0]
    assert (pengawas.peran, pengawas.oleh, pengawas.pelanggan) == ("PENGAWAS", f"pengawas{dunia.unitup}", 10)
    assert (pengawas.tercepat_menit, pengawas.tengah_menit) == (Decimal("10.0"), Decimal("10.7"))
    assert (pengawas.serentak, pengawas.serentak_persen) == (6, Decimal("60.0"))
    assert (pengawas.dlpd, pengawas.dlpd_persen) == (2, Decimal("20.0"))
    assert (vendor.peran, vendor.serentak, vendor.tercepat_menit) == ("ADMIN_VENDOR", 1, Decimal("1440.0"))
    assert longgar.serentak == 6
    jalan.sampai(dari="buka_gerbang")


def test_serentak_dihitung_sama_di_mana_pun(dunia: Dunia) -> None:
    """The densest minute, wherever it begins on the clock, is one number in rekap, gate, page and command."""
    awal = BACA + timedelta(hours=8)
    detik = [*(30.25 + n / 26 * 29 for n in range(26)), *(60.5 + n / 18 * 29 for n in range(18)), 92.0, 20.0]
    pada = [awal + timedelta(seconds=d) for d in detik]
    ubah = {n: {"tgl_baca": BACA, "verif_pengawas_pada": p, "verif_vendor_pada": p} for n, p in enumerate(pada)}
    sama = {"kirim_pada": BACA + timedelta(hours=30)}
    dunia.isi(len(pada), {n: {**u, **sama} for n, u in ubah.items()})
    jalan = jalankan_sampai(dunia, "rekap")
    rekap = dunia.isi_jejak(jalan.sesi, "REKAP")["rekap"]["verifikasi"]
    assert [(r["peran"], r["jumlah"], r["serentak"]) for r in rekap] == [("Pengawas", 46, 44), ("Admin Vendor", 46, 44)]
    with jalan.layanan.buku.transaksi() as tx:
        assert [(r.peran, r.serentak) for r in periksa.ringkas_petugas(tx, jalan.sesi, 1)] == [
            ("PENGAWAS", 44),
            ("ADMIN_VENDOR", 44),
        ]
    jalan.sampai(dari="buka_gerbang")


def test_berubah_sesudahnya(dunia: Dunia) -> None:
    """What changed in ACMT after the snapshot is named by column, what is gone too; not looked at is not "nothing"."""
    semua = isi_verifikasi(dunia)
    jalan = jalankan_sampai(dunia, "rekap")
    dunia.ubah_acmt(2, sahlwbp="1149", diubah_pada=datetime.now(UTC))
    dunia.ubah_acmt(5, nama="Nama Lain")  # not what an approval binds
    dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE idpel = ANY(%s)", [[semua[4], semua[9]]])
    beda = sejak_cuplikan(jalan.layanan.buku, jalan.layanan.sumber, jalan.sesi)
    with jalan.layanan.buku.transaksi() as tx:
        baris = {b.idpel: b.berubah for b in periksa.alirkan_baris(tx, jalan.sesi, PilihanBaris(), beda)}
    hilang = {semua[4]: ["TIDAK_ADA_LAGI"], semua[9]: ["TIDAK_ADA_LAGI"]}
    assert beda == {semua[2]: ["sahlwbp", "diubah_pada"], **hilang}
    assert baris == {i: beda.get(i, []) for i in semua}
    assert {b.berubah for b in lihat(jalan)} == {None}
    jalan.buka_gerbang()
    jalan.terima(pilihan=TOLAK)


def test_gerbang_memuat_hitungannya_saja(dunia: Dunia) -> None:
    """Invariant 7: the gate says how the verification was done in counts; no person, no time of one customer."""
    isi_verifikasi(dunia)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    isi = jalan.undangan.isi
    [pengawas] = [b.split("|") for b in isi.splitlines() if b.startswith("| Pengawas")]
    assert [s.strip() for s in pengawas[1:-1]] == ["Pengawas", "1", "10", "10 menit", "0", "6"]
    for rahasia in (f"pengawas{dunia.unitup}", f"vendor{dunia.unitup}", "foto.acmt", "Siti"):
        assert rahasia not in isi
    assert dunia.isi_jejak(jalan.sesi, "REKAP")["rekap"]["verifikasi"][0]["serentak"] == 6
    jalan.sampai(dari="terima")


# --------------------------------------------------------------------------------------------------------- the lot


def test_sampel_diundi_dari_sidik(dunia: Dunia) -> None:
    """As many as the unit sets, of those that are to be approved, by the digest: at the gate, in the trail, again."""
    dunia.pola(sampel="4")
    semua = dunia.isi(12, {0: {"daya": "0"}, 5: {"daya": "0"}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    s = jalan.sesi
    assert s.sampel == 4
    harap = undi(str(s.sidik), [i for n, i in enumerate(semua) if n not in (0, 5)], 4)
    assert s.rekap is not None
    assert s.rekap["sampel"]["idpel"] == harap
    assert dunia.isi_jejak(s, "REKAP")["rekap"]["sampel"]["idpel"] == harap
    assert jalan.undangan is not None
    assert f"Sampel pemeriksaan, 4 pelanggan** (diundi dari sidik): {', '.join(harap)}." in jalan.undangan.isi
    assert [b.idpel for b in lihat(jalan, sampel=True)] == harap
    assert "Sampel pemeriksaan: 4 pelanggan" in jalan.log
    assert not set(harap) & {b for b in jalan.log.split() if b.isdigit()}
    dunia.pola(sampel=None)
    assert jalan.sesi.sampel == 4  # the pattern it was opened with
    jalan.sampai(dari="terima")


def test_sampel_kurang_atau_tidak_diminta(dunia: Dunia) -> None:
    """Fewer customers than asked for: all of them. No sample in the pattern: none is drawn, none can be shown."""
    dunia.pola(sampel="50")
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.sesi.rekap is not None
    assert jalan.sesi.rekap["sampel"]["idpel"] == semua
    jalan.terima(pilihan=TOLAK)
    dunia.pola(sampel=None)
    lain = jalankan_sampai(dunia)
    assert lain.sesi.sampel is None
    assert "sampel" not in (lain.sesi.rekap or {})
    with pytest.raises(MasukanTidakSah, match="tidak meminta sampel"):
        lihat(lain, sampel=True)


@pytest.mark.parametrize("ubah", ["ganti", "hapus", "tambah", "besar"])
def test_sampel_diubah_ketahuan(dunia: Dunia, ubah: str) -> None:
    """The audit draws again from the digest: a lot that was changed, in the table and in the rekap, is found."""
    dunia.pola(sampel="3")
    semua = dunia.isi(9)
    jalan = jalankan_sampai(dunia)
    rekap = dict(jalan.sesi.rekap or {})
    undian = rekap["sampel"]["idpel"]
    lain = next(i for i in semua if i not in undian)
    if ubah == "hapus":
        del rekap["sampel"]
    else:
        rekap["sampel"] = {**rekap["sampel"], "idpel": [lain, *undian[1:]] if ubah == "ganti" else [*undian, lain]}
    besar = 4 if ubah == "besar" else 3
    if ubah == "besar":
        rekap = dict(jalan.sesi.rekap or {})
    dunia.dirusak = {"SAMPEL", "SESI"}
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.sesi SET rekap = %s, sampel = %s WHERE id = %s", [Jsonb(rekap), besar, jalan.sesi.id]
        )
    with jalan.layanan.buku.transaksi() as tx:
        [temuan] = [t for t in periksa_sesi(tx, jalan.sesi) if t.aturan == "SAMPEL"]
    assert "bukan undian dari sidiknya" in temuan.apa
    if ubah in ("ganti", "tambah"):
        assert lain in temuan.apa


def test_sampel_tidak_dikecilkan(dunia: Dunia) -> None:
    """The ledger opens no session with a smaller sample than the unit's pattern asks for, and changes none."""
    versi = dunia.pola(sampel="10")
    assert versi is not None
    dasar = {"unitup": dunia.unitup, "thblrek": "202606", "hari_baca": "A", "dag_id": "d", "nama_unit": None}
    lain = {"run_id": f"r{dunia.unitup}", "zona_waktu": "Asia/Jakarta", "pemicu": None}
    for kurang in (None, 9):
        pola = sesi.Pola(konfigurasi=versi.versi, sampel=kurang)
        with pytest.raises(BukuMenolak, match="sampel"), dunia.layanan().buku.transaksi() as tx:
            tx.sesi.buka(**dasar, **lain, pola=pola)  # type: ignore[arg-type]
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "buka_sesi")
    with pytest.raises(psycopg.Error, match="tidak boleh diubah"):
        dunia.buku_lihat.execute("UPDATE pengesahan.sesi SET sampel = 1 WHERE id = %s", [jalan.sesi.id])


# ------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def panggil(dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Panggil:
    """Call ``ap2t verifikasi``."""
    monkeypatch.setenv("AP2T_HOME", str(tmp_path))
    jalan = CliRunner()
    return lambda *argumen: jalan.invoke(app, ["verifikasi", *argumen])


def test_perintah(dunia: Dunia, panggil: Panggil, tmp_path: Path) -> None:
    """Table, CSV, JSON and XLSX; by number or by kelompok; filters; DLPD first."""
    dunia.pola(sampel="2")
    semua = isi_verifikasi(dunia)
    s = jalankan_sampai(dunia).sesi
    tabel = panggil("--sesi", s.nomor)
    keluar(tabel)
    [pengawas] = [b.split("|") for b in tabel.stdout.splitlines() if b.startswith("| PENGAWAS")]
    assert [x.strip() for x in pengawas[2:10]] == [
        *(f"pengawas{dunia.unitup}", "10", "10", "10,7", "6", "60", "2", "20"),
    ]
    baris = [b for b in tabel.stdout.splitlines() if b.startswith(f"| {dunia.unitup}")]
    assert [x.strip() for x in baris[0].split("|")[1:8]] == [
        *(semua[3], "TANPA_FOTO", "LOLOS", "2026-05-25 09:00:00 WIB", f"pengawas{dunia.unitup}"),
        *("2026-05-25 09:10:30 WIB", "0,18"),
    ]
    kelompok = ("--unitup", dunia.unitup, "--hari-baca", "A")
    assert panggil(*kelompok).stdout == panggil(*kelompok, "--thblrek", dunia.bulan).stdout == tabel.stdout

    def isi(*argumen: str) -> list[dict[str, str]]:
        hasil = panggil(*kelompok, "--format", "csv", *argumen)
        keluar(hasil)
        return list(csv.DictReader(io.StringIO(hasil.stdout)))

    assert [b["idpel"] for b in isi()[:2]] == [semua[3], semua[7]]
    assert (len(isi()), isi()[2]["kwh"], isi()[2]["tgl_baca"]) == (10, "150", "2026-05-25T09:00:00+07:00")
    assert sorted(b["idpel"] for b in isi("--sampel")) == (s.rekap or {})["sampel"]["idpel"]
    assert [o["oleh"] for o in isi("--ringkas")] == [f"pengawas{dunia.unitup}", f"vendor{dunia.unitup}"]
    objek = json.loads(panggil("--sesi", s.nomor, "--format", "json", "--dlpd").stdout)
    assert [(b["idpel"], b["dlpd"], b["kwh_rata3"]) for b in objek] == [
        (semua[3], ["TANPA_FOTO"], "145.5"),
        (semua[7], ["TANPA_FOTO"], "145.5"),
    ]
    keluar(panggil(*kelompok, "--format", "xlsx", "--ke", str(tmp_path / "v.xlsx")))
    assert (tmp_path / "v.xlsx").read_bytes()[:2] == b"PK"
    assert "Hanya 3 pelanggan pertama" in panggil(*kelompok, "--batas", "3").output
    assert semua[3] not in panggil(*kelompok, "--ringkas").output
    dunia.ubah_acmt(7, sahlwbp="1149")
    assert [b["berubah"] for b in isi("--dlpd", "--kini")] == ["", "sahlwbp"]


@pytest.mark.parametrize(
    ("argumen", "sebut"),
    [
        ((), "--sesi NOMOR"),
        (("--sesi", "PS-0"), "Tidak ada sesi pengesahan bernomor PS-0"),
        (("--unitup", "59999", "--hari-baca", "A"), "Unit 59999 tidak dikenal"),
        (("--unitup", "5999", "--hari-baca", "A"), "5 angka"),
        (("--unitup", "59999", "--hari-baca", "A", "--thblrek", "202613"), "thblrek"),
    ],
)
def test_perintah_salah(panggil: Panggil, argumen: tuple[str, ...], sebut: str) -> None:
    """What cannot be shown is said in one line; exit code 2."""
    hasil = panggil(*argumen)
    keluar(hasil, 2)
    assert sebut in hasil.output

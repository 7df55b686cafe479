"""A slip of the pen is never a clean bill: every command, every route, every word that names something."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import typer.main
from audit_fixtures import AUDITOR, Terisi
from click.testing import Result
from halaman_fixtures import AUDITOR as AUDITOR_HALAMAN
from halaman_fixtures import Halaman
from proses_fixtures import PEMILIK, Dunia, isi_koneksi, jalankan_sampai, koneksi_basis
from typer.testing import CliRunner

from ap2t.cli import app
from tests.perintah import keluar

Argumen = tuple[str, ...]
UNIT, BULAN, KODE, NOMOR = "99999", "209901", "ZZ", "PS-99999-202606-A-01-00000000"
INGGRIS = re.compile(r"\b(the|invalid|error|missing|option|argument|usage|expected|found|not|must|value|try)\b", re.I)

LENGKAP: dict[Argumen, Argumen] = {
    ("arsip", "akhiri"): ("--alasan", "ditinggalkan sejak pindah unit"),
    ("arsip", "jalankan"): ("--sampai", "202001", "--alasan", "kebijakan retensi 12 bulan"),
    ("pola", "atur"): ("--alasan", "uji salah tulis kode unit", "--pola", "LENGKAP"),
    ("pemberitahuan", "uji"): ("--kepada", "siapa"),
}
"""What a command needs besides what is tried."""
SALAH: dict[str, tuple[Argumen, str]] = {
    "unitup": (("--unitup", UNIT), UNIT),
    "thblrek": (("--thblrek", BULAN), BULAN),
    "hari_baca": (("--hari-baca", KODE), KODE),
    "alasan": (("--alasan", "ANEH"), "ANEH"),
    "menurut_status": (("--status", "ANEH"), "ANEH"),
    "jenis": (("--jenis", "ANEH"), "ANEH"),
    "oleh": (("--oleh", "orang-lain"), "orang-lain"),
    "unitap": (("--unitap", "9"), "Tidak ada unit itu"),
    "unitupi": (("--unitupi", "9"), "Tidak ada unit itu"),
    "per": (("--per", "kota"), "--per"),
    "versi": (("--versi", "999"), "999"),
    "kepada": (("--kepada", "orang-lain"), "orang-lain"),
    "auditor": (("--auditor", "peran_lain"), "peran_lain"),
    "halaman": (("--halaman", "peran_lain"), "peran_lain"),
    "nomor": ((NOMOR,), NOMOR),
    "idpel": (("999999999999",), "999999999999"),
}
"""Parameters that name something there may not be, by name: how they are given, and what the refusal has to repeat."""
LAIN = {
    *("dari", "sampai", "folder", "arsip", "sebagai_json", "paksa", "ke", "bentuk", "berkas", "berkas_json", "segel"),
    *("pada", "buku", "dlpd", "batas", "ap2t", "sampel", "ringkas", "menit", "kini", "semua", "gagal"),
    *("tenang", "pola", "pengesah", "batas_jam_nyala", "menurut_keadaan"),
}
"""Parameters of other kinds: instants, numbers, files, switches; what they may be is the parser's to say."""
ALASAN_BEBAS = {("arsip", "jalankan"), ("arsip", "akhiri"), ("pola", "terapkan"), ("pola", "atur")}
"""Commands whose ``alasan`` is a person's own words."""


def perintah() -> Iterator[tuple[Argumen, list[str]]]:
    """Every command with its parameters, taken from the command itself."""

    def jalan(c: object, nama: Argumen) -> Iterator[tuple[Argumen, list[str]]]:
        anak = getattr(c, "commands", None)
        if anak is None:
            yield nama, [p.name for p in c.params if p.name != "help"]  # type: ignore[attr-defined]
            return
        for n, s in anak.items():
            yield from jalan(s, (*nama, n))

    yield from jalan(typer.main.get_command(app), ())


def kasus() -> Iterator[tuple[Argumen, str, str]]:
    """(what is called, the parameter that is wrong, what the refusal has to repeat)."""
    for nama, isian in perintah():
        for p in isian:
            if p not in SALAH or (p == "alasan" and nama in ALASAN_BEBAS):
                continue
            argumen, kata = SALAH[p]
            if (nama, p) == (("verifikasi",), "nomor"):
                argumen = ("--sesi", NOMOR)
            lain = LENGKAP.get(nama, ())
            if argumen[0] in lain:
                n = lain.index(argumen[0])
                lain = (*lain[:n], *lain[n + 2 :])
            if p not in ("unitup", "nomor", "idpel") and "unitup" in isian and p not in ("unitap", "unitupi"):
                lain = (*lain, "--unitup", "@unit")
            if p == "oleh":
                lain = (*lain, "--hari-baca", "A")
            yield (*nama, *argumen, *lain), p, kata


KASUS = list(kasus())


def panggil(argumen: Iterable[str]) -> Result:
    """Call the command; a test that fails shows which call was the last."""
    semua = list(argumen)
    print("ap2t", *semua)
    return CliRunner().invoke(app, semua)


def test_tiap_isian_dikenal_ujinya() -> None:
    """A parameter that a new command brings is one of those tried here, or said to be of another kind."""
    semua = {p for _, isian in perintah() for p in isian}
    assert semua <= {*SALAH, *LAIN}, semua - {*SALAH, *LAIN}
    assert len(KASUS) >= 40


@pytest.fixture
def lapangan(dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command on a machine that has every connection, over a ledger with one session."""
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("AP2T_ARSIP_DIR", str(tmp_path))
    monkeypatch.setenv("AP2T_LEDGER_OWNER_URL", dunia.alamat.sebagai(dunia.alamat.buku, PEMILIK))
    dunia.isi(2)
    jalankan_sampai(dunia)
    return lambda *a: panggil(dunia.unitup if x == "@unit" else x for x in a)


def test_salah_tulis_ditolak(lapangan: Callable[..., Result]) -> None:
    """A unit, month, kelompok, session, reason or person that there is not: exit code 2, the word and what to do."""
    for argumen, _, kata in KASUS:
        hasil = lapangan(*argumen)
        keluar(hasil, 2)
        assert kata in hasil.stderr, (argumen, hasil.stderr)
        assert "UTUH" not in hasil.stdout, argumen
        assert not INGGRIS.search(hasil.stderr), (argumen, hasil.stderr)


def test_setelan_salah_ditolak(lapangan: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong value in the environment is told as well, wherever the command first meets it."""
    monkeypatch.setenv("AP2T_JADWAL_MUNDUR_HARI", "tujuh")
    hasil = lapangan("jadwal", "lihat")
    assert "GAGAL: AP2T_JADWAL_MUNDUR_HARI='tujuh' tidak sah" in keluar(hasil, 2).stderr


@pytest.mark.parametrize("isi", ["{", "[]", "[" * 100_000, "\x00"], ids=range(4))
def test_lingkungan_rusak_ditolak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isi: str) -> None:
    """What ``make up`` left for the command and somebody broke is named, with what to do."""
    monkeypatch.setenv("AP2T_HOME", str(tmp_path))
    (tmp_path / "lingkungan.json").write_text(isi)
    assert f"GAGAL: Berkas {tmp_path}/lingkungan.json rusak" in keluar(panggil(("pola", "contoh")), 2).stderr


def test_bentuk_salah_ditolak(lapangan: Callable[..., Result]) -> None:
    """What is not even a unit's code, a month or a kelompok's code likewise."""
    for argumen, p, kata in KASUS:
        for salah in {"unitup": ("abc", ""), "thblrek": ("2026", "202613"), "hari_baca": ("abc", "a")}.get(p, ()):
            hasil = lapangan(*(salah if a == kata else a for a in argumen))
            keluar(hasil, 2)
            assert p in hasil.stderr, (argumen, salah, hasil.stderr)


def test_auditor_tanpa_acmt(terisi: Terisi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that reaches the ledger alone its units are what is known, and the refusal says so."""
    alamat = terisi.alamat.server.replace("/postgres?", f"/{terisi.basis}?")
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("AP2T_SEGEL_DIR", str(terisi.segel))
    monkeypatch.setenv("AP2T_ARSIP_DIR", str(tmp_path))
    isi_koneksi(monkeypatch, "cmt_db_auditor", **koneksi_basis(alamat, AUDITOR))
    for nama in ("CMT_DB", "ACMT_DB", "AP2T_DEFAULT"):
        monkeypatch.delenv(f"AIRFLOW_CONN_{nama}", raising=False)
    for argumen in (
        ("audit", "verifikasi", "--unitup", UNIT),
        ("arsip", "rencana", "--unitup", UNIT),
        ("arsip", "periksa", "--unitup", UNIT),
        ("rekap", "--unitup", UNIT),
        ("status", "--unitup", UNIT),
        ("sesi", "--unitup", UNIT),
        ("jadwal", "lihat", "--unitup", UNIT),
        ("sesi", "--thblrek", BULAN),
        ("sesi", "--hari-baca", KODE),
    ):
        hasil = panggil(argumen)
        keluar(hasil, 2)
        assert "ACMT tidak ditanya" in hasil.stderr, argumen
    unitup = terisi.sesi["dua"].split("-")[1]
    hasil = panggil(("audit", "verifikasi", "--unitup", unitup))
    assert keluar(hasil).stdout.splitlines()[-1] == "UTUH."


def test_unit_tanpa_sesi_bukan_salah_dan_bukan_utuh(
    dunia: Dunia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit that ACMT has and the ledger knows no session of: not refused, and nothing is called whole."""
    monkeypatch.setenv("AP2T_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("AP2T_ARSIP_DIR", str(tmp_path))
    for argumen in (
        ("audit", "verifikasi"),
        ("arsip", "rencana"),
        ("arsip", "periksa"),
        ("sesi",),
        ("jadwal", "lihat"),
        ("pemberitahuan", "lihat"),
        ("rekap", "--thblrek", dunia.bulan),
        ("status", "--thblrek", dunia.bulan),
    ):
        hasil = panggil((*argumen, "--unitup", dunia.unitup))
        keluar(hasil)
        assert f"Unit {dunia.unitup} dikenal ACMT, tetapi belum punya sesi di buku." in hasil.stderr, argumen
        assert "UTUH" not in hasil.stdout, argumen
        if argumen[-1] in ("verifikasi", "periksa"):
            assert hasil.stdout.splitlines()[-1].startswith("TIDAK ADA SESI dalam lingkup ini"), argumen


@pytest.mark.parametrize(
    ("argumen", "kata"),
    [
        (("audit", "verifikasi", "--dari", "kemarin"), "--dari tidak sah: tulis tanggal seperti"),
        (("audit", "verifikasi", "--dari", "2026-13-01"), "--dari tidak sah"),
        (("audit", "verifikasi", "--dari", "2026-06-02", "--sampai", "2026-06-01"), "--dari sesudah --sampai"),
        (("audit", "verifikasi", "--dari"), "Pilihan --dari perlu diisi"),
        (("audit", "verifikasi", "--segel", "/tidak/ada"), "--segel tidak sah: harus folder"),
        (("audit", "verifikasi", "--unit", "1"), "Pilihan --unit tidak ada. Maksudnya --unitup?"),
        (("audit", "verfikasi"), "Perintah verfikasi tidak ada"),
        (("audit", "periksa-berkas", "/tidak/ada.json"), "BERKAS.json tidak sah: harus berkas"),
        (("rekap", "--unitup", "60001", "--format", "pdf"), "--format tidak sah: pilih tabel, csv, json, xlsx"),
        (("rekap", "--unitup", "60001", "--pada", "kemarin"), "--pada 'kemarin' bukan waktu"),
        (("rekap", "--unitup", "60001", "--pada", "0001-01-01"), "di luar kalender"),
        (("rekap", "--buku=1"), "Pilihan --buku ditulis tanpa nilai"),
        (("rekap",), "Sebut --unitup"),
        (("status", "--unitup", "60001", "--dlpd", "ANEH"), "--dlpd tidak sah: pilih JAM_NYALA_TINGGI"),
        (("status", "--unitup", "60001", "--batas", "x"), "--batas tidak sah: isi bilangan bulat"),
        (("sesi", "--batas", "0"), "paling sedikit 1 dan paling banyak 100000"),
        (("bukti",), "NOMOR belum diisi"),
        (("bukti", "a", "b"), "Kata berlebih: b"),
        (("pola", "atur"), "--unitup belum diisi"),
    ],
)
def test_kata_pengurai_berbahasa_indonesia(argumen: Argumen, kata: str) -> None:
    """What the parser refuses is told in the operator's language, exit code 2."""
    hasil = panggil(argumen)
    keluar(hasil, 2)
    assert kata in hasil.stderr
    assert not INGGRIS.search(hasil.stderr), hasil.stderr


# ---------------------------------------------------------------------------------------------------------- the page


def test_rute_menolak_yang_tidak_ada(halaman: Halaman) -> None:
    """A month, a kelompok, a kind, a status, a reason that there is not: refused by every route that takes it."""
    d = halaman.dunia
    d.isi(2)
    jalan = jalankan_sampai(d)
    unit, sesi = f"/api/unit/{d.unitup}", f"/api/sesi/{jalan.sesi.nomor}"
    batal = {"metode": "POST", "json": {"cakupan": "semua"}}
    for alamat, lain, kode in (
        (f"{unit}/{BULAN}/kelompok", {}, 404),
        (f"{unit}/{BULAN}/pelanggan", {}, 404),
        (f"{unit}/{BULAN}/pelanggan.csv", {}, 404),
        (f"{unit}/{BULAN}/pelanggan.xlsx", {}, 404),
        (f"{unit}/{BULAN}/pelanggan/{d.idpel(0)}", {}, 404),
        (f"{unit}/{BULAN}/sesi", {}, 404),
        (f"{unit}/{BULAN}/A/pratinjau-pembatalan", batal, 404),
        (f"{unit}/{d.bulan}/pelanggan?hari_baca={KODE}", {}, 404),
        (f"{unit}/{d.bulan}/sesi?hari_baca={KODE}", {}, 404),
        (f"{unit}/{d.bulan}/{KODE}/pratinjau-pembatalan", batal, 404),
        (f"{unit}/{d.bulan}/sesi?jenis=ANEH", {}, 400),
        (f"{unit}/{d.bulan}/sesi?status=ANEH", {}, 400),
        (f"{unit}/{d.bulan}/pelanggan?status=ANEH", {}, 400),
        (f"{unit}/{d.bulan}/pelanggan?dlpd=ANEH", {}, 400),
        (f"{sesi}/baris?kode=ANEH", {}, 400),
        (f"/api/sesi/{NOMOR}", {}, 404),
    ):
        r = halaman.minta(alamat, **lain)
        assert r.status_code == kode, (alamat, r.text)
        assert not INGGRIS.search(r.json()["detail"]), (alamat, r.text)
    for alamat in (
        f"{unit}/{d.bulan}/sesi?jenis=PENGESAHAN&status=SELESAI&hari_baca=A",
        f"{sesi}/baris?kode=JAM_NYALA",
        f"{unit}/{d.bulan}/kelompok",
    ):
        assert halaman.minta(alamat).status_code == 200, alamat
    r = halaman.minta(f"/api/unit/{UNIT}/{d.bulan}/kelompok", AUDITOR_HALAMAN)
    assert r.status_code == 404
    r = halaman.minta("/api/verifikasi", AUDITOR_HALAMAN, "POST", json={"unitup": UNIT})
    assert f"Unit {UNIT} tidak dikenal" in r.text

"""One session's file stands alone: it proves itself without a database, reads well, and tells nothing of a customer."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from audit_fixtures import AUDITOR, Terisi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ap2t.audit.berkas.baca import BerkasSesi
from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import Berkas, tulis_berkas
from ap2t.cli import app
from ap2t.galat import BerkasTidakUtuh, MasukanTidakSah
from ap2t.ledger.jejak import Entri, sidik_entri
from tests.masukan import banyak, diubah, ganti, hapus, letak
from tests.perintah import keluar

SEMUA = ("penuh", "tolak", "dua", "alih", "lanjut", "ulang")
Ubah = Callable[[dict[str, Any]], None]


def ekspor(terisi: Terisi, nama: str, ke: Path) -> Berkas:
    """Write a session's file as the auditor's role."""
    buku = terisi.buku(AUDITOR)
    try:
        return tulis_berkas(buku, terisi.sesi[nama], ke, terisi.segel, lambda _: None)
    finally:
        buku.tutup()


@pytest.fixture(scope="session")
def berkas(terisi: Terisi, tmp_path_factory: pytest.TempPathFactory) -> Berkas:
    """The file of the session with every outcome."""
    return ekspor(terisi, "penuh", tmp_path_factory.mktemp("berkas"))


@pytest.mark.parametrize("nama", SEMUA)
def test_berkas_membuktikan_dirinya(terisi: Terisi, tmp_path: Path, nama: str) -> None:
    """Every digest in the file is computed again from the file alone, and the file is plain JSON."""
    b = ekspor(terisi, nama, tmp_path)
    assert b.utuh
    hasil = periksa_berkas(b.json)
    assert hasil.temuan == []
    isi = json.loads(b.json.read_text())
    assert (hasil.nomor, hasil.sidik) == (terisi.sesi[nama], b.sidik) == (isi["sesi"]["nomor"], isi["sidik_berkas"])
    assert (hasil.baris, hasil.jejak) == (len(isi["baris"]), len(isi["jejak"]))
    assert isi["pemeriksaan"]["utuh"] is True
    assert isi["segel"]["sesudah"]
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".baru"] == []
    assert {p.stat().st_mode & 0o077 for p in (b.json, b.html)} == {0}


def test_berkas_memuat_semuanya(terisi: Terisi, berkas: Berkas) -> None:
    """Pattern, gate, answer with its authority, rows, sieve, batches, outcomes, reconciliation, trail: all in it."""
    isi = json.loads(berkas.json.read_text())
    [jawaban] = isi["persetujuan"]
    assert jawaban["petugas"]["peran"] == "ADMIN_CMT"
    assert jawaban["kembalikan"]
    assert isi["gerbang"][0]["sidik"] == jawaban["sidik"] == isi["sesi"]["sidik"]
    jenis = {e["jenis"] for e in isi["jejak"]}
    assert {"KESIAPAN", "DITAHAN", "BATCH_DIKIRIM", "BARIS_DITOLAK", "BERUBAH_DI_SUMBER", "REKONSILIASI"} <= jenis
    assert {b["status"] for b in isi["batch"]} == {"DITERAPKAN", "BATAL"}
    assert isi["diluar_sistem"][0]["no_pengesahan"] == "LAIN-1"
    baris = [dict(zip(isi["kolom"], b, strict=True)) for b in isi["baris"]]
    assert {b["status"] for b in baris} == {"POSTING", "DITOLAK", "BERUBAH", None}
    assert {b["hasil"] for b in baris} == {"LOLOS", "DITAHAN"}


def test_tanpa_nama_dan_letak_pelanggan(berkas: Berkas) -> None:
    """Invariant 7: neither file holds a customer's name, place or photograph; their digest stands for them."""
    for b in (berkas.json, berkas.html):
        isi = b.read_text()
        assert "Siti Rahasia" not in isi
        assert "foto.acmt.example" not in isi
    kolom = BerkasSesi(berkas.json).kepala["kolom"]
    assert not {"nama", "foto_url", "latitude", "longitude", "cacat"} & set(kolom)
    assert "tertutup" in kolom


def test_halaman_berdiri_sendiri(terisi: Terisi, berkas: Berkas) -> None:
    """The page asks for nothing from outside, is escaped, labels its times, and names what was not approved and why."""
    html = berkas.html.read_text()
    assert not re.search(r"(?i)(src|href)\s*=\s*[\"'](?!#)|url\(|@import|<script|https?://", html)
    assert "lihat &lt;b&gt;lagi&lt;/b&gt;" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WIB", html)
    for kata in ("dikembalikan pengesah", "ditahan: ", "ditolak AP2T: DATA_TIDAK_VALID", "berubah di ACMT: "):
        assert kata in html, kata
    isi = json.loads(berkas.json.read_text())
    assert html.count("<td>60") >= len(isi["baris"])
    assert f"<code>{berkas.sidik}</code>" in html
    assert isi["sesi"]["sidik"] in html


@given(data=st.data())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_byte_mana_pun_diubah_ketahuan(berkas: Berkas, tmp_path: Path, data: st.DataObject) -> None:
    """Any changed, added or missing byte of the file is found."""
    isi = bytearray(berkas.json.read_bytes())
    n = data.draw(st.integers(0, len(isi) - 1), label="byte")
    cara = data.draw(st.sampled_from(["ubah", "hapus", "sisip"]), label="cara")
    if cara == "ubah":
        isi[n] ^= data.draw(st.integers(1, 255), label="beda")
    elif cara == "hapus":
        del isi[n]
    else:
        isi.insert(n, data.draw(st.integers(0, 255), label="sisipan"))
    palsu = tmp_path / "palsu.json"
    palsu.write_bytes(isi)
    with suppress(BerkasTidakUtuh):  # its form is broken: refused with a sentence
        assert periksa_berkas(palsu).temuan


def test_sidik_dihitung_seperti_tertulis(berkas: Berkas) -> None:
    """An auditor gets the session's digest from the file by what the guide says, with SHA-256 alone."""
    isi = json.loads(berkas.json.read_text())
    sha = lambda b: hashlib.sha256(b).digest()  # noqa: E731
    tulis = lambda n: "\\N" if n is None else n.translate({9: "\\t", 10: "\\n", 92: "\\\\"})  # noqa: E731
    akhir = isi["kolom"].index("kunci")
    tingkat = [
        sha(b"\0" + bytes.fromhex(baris[0]) + "\t".join(map(tulis, baris[1:akhir])).encode()) for baris in isi["baris"]
    ]
    while len(tingkat) > 1:
        pasangan = [tingkat[n : n + 2] for n in range(0, len(tingkat), 2)]
        tingkat = [sha(b"\1" + b"".join(dua)) if len(dua) == 2 else dua[0] for dua in pasangan]
    s = isi["sesi"]
    kepala = [s["nomor"], s["versi_aturan"], s["batas_jam_nyala"], s["tgl_mulai"] or "", s["dicuplik_pada"] or ""]
    kepala.append(json.dumps(s["ketentuan"], sort_keys=True))
    teks = f"sidik 2\n{'|'.join(kepala)}\n{len(isi['baris'])}|{tingkat[0].hex()}\n"
    assert (isi["versi"], sha(teks.encode()).hex()) == (2, s["sidik"])


def _baris(isi: dict[str, Any], kolom: str, nilai: Any, status: str | None = "POSTING") -> None:
    n, s = isi["kolom"].index(kolom), isi["kolom"].index("status")
    next(b for b in isi["baris"] if b[s] == status)[n] = nilai


def _jejak(isi: dict[str, Any], jenis: str, ubah: Ubah, *, sidik: bool = False) -> None:
    e = next(e for e in isi["jejak"] if e["jenis"] == jenis)
    ubah(e)
    if sidik:
        e["sidik"] = sidik_entri(Entri(**e))


PALSU: list[tuple[Ubah, str]] = [
    (lambda i: _baris(i, "sahlwbp", "1151"), "baris pelanggan bersidik"),
    (lambda i: _baris(i, "kwh", "151"), "baris pelanggan bersidik"),
    (lambda i: _baris(i, "tertutup", "0" * 64), "baris pelanggan bersidik"),
    (lambda i: _baris(i, "sahlwbp", "1151"), "isi batch"),
    (lambda i: i["baris"].pop(3), "baris pelanggan bersidik"),
    (lambda i: _baris(i, "kode", "LAIN"), "hasil baris berbeda dari sidik pada jejak nomor"),
    (lambda i: _baris(i, "pada", "1.000000"), "hasil baris berbeda dari sidik pada jejak nomor"),
    (lambda i: _baris(i, "status", "DITOLAK"), "hasil baris berbeda dari sidik pada jejak nomor"),
    (lambda i: _baris(i, "pesan", "lain", "BERUBAH"), "hasil baris berbeda dari sidik pada jejak nomor"),
    (lambda i: _baris(i, "kunci", "0", "POSTING"), "hasil tanpa jejak"),
    (lambda i: i["persetujuan"][0].update(oleh="lain"), "persetujuan ke-1 berbeda dari jejaknya (oleh)"),
    (lambda i: i["persetujuan"][0].update(kembalikan=[]), "persetujuan ke-1 berbeda dari jejaknya (kembalikan)"),
    (lambda i: i["persetujuan"].clear(), "persetujuan ke-1 disebut jejak tetapi tidak ada dalam berkas"),
    (lambda i: i["gerbang"][0].update(orang=["lain"]), "gerbang ke-1 berbeda dari jejaknya (orang)"),
    (lambda i: i["sesi"].update(sidik="0" * 64), "sidik sesi berbeda dari jejak REKAP"),
    (lambda i: i["sesi"].update(batas_jam_nyala="1999"), "baris pelanggan bersidik"),
    (lambda i: i["gerbang"][0].update(dibuka_pada="2026-01-01 00:00:00+00:00"), "gerbang ke-1 berbeda dari jejaknya"),
    (lambda i: i["sesi"].update(pemicu="lain"), "sesi berbeda dari jejaknya (pemicu)"),
    (lambda i: i["sesi"].update(status="DITOLAK", keterangan="x"), "sesi berbeda dari jejaknya (keterangan, status)"),
    (lambda i: i["sesi"].update(diakhiri_pada=None), "sesi berbeda dari jejaknya (diakhiri_pada)"),
    (lambda i: i["sesi"].update(pola="BERTAHAP"), "sesi berbeda dari jejaknya (pola)"),
    (lambda i: i["batch"][0].update(epoch=9), "berbeda dari jejaknya"),
    (lambda i: i["batch"][0]["idpel"].pop(), "berbeda dari jejaknya"),
    (lambda i: i["batch"].pop(0), "batch disebut jejak tetapi tidak ada dalam berkas"),
    (lambda i: _jejak(i, "DIJAWAB", lambda e: e.update(pelaku="lain")), "(DIJAWAB) berubah"),
    (lambda i: _jejak(i, "DIJAWAB", lambda e: e.update(waktu="1.000000")), "(DIJAWAB) berubah"),
    (lambda i: _jejak(i, "DIJAWAB", lambda e: e.update(pelaku="lain"), sidik=True), "tidak menyambung ke jejak nomor"),
    (lambda i: _jejak(i, "REKAP", lambda e: e.update(sesi_id=9), sidik=True), "milik sesi lain"),
    (lambda i: i["jejak"].reverse(), "tidak urut"),
    (lambda i: i["sesi"].pop("eskalasi"), "sesi berbeda dari jejaknya (eskalasi)"),
    (lambda i: i["sesi"].pop("diakhiri_pada"), "sesi berbeda dari jejaknya (diakhiri_pada)"),
    (lambda i: i["persetujuan"][0].update(tiba=999), "persetujuan ke-1 berbeda dari jejaknya (tiba)"),
    (lambda i: i.update(pembatalan={"alasan": "lain"}), "berkas pengesahan memuat permintaan pembatalan"),
]


@pytest.mark.parametrize(("ubah", "sebab"), PALSU)
def test_pemalsu_yang_menghitung_sidik_berkas_lagi(berkas: Berkas, tmp_path: Path, ubah: Ubah, sebab: str) -> None:
    """A forger who makes the file's own hash anew is still found: its parts prove each other."""
    isi = json.loads(berkas.json.read_text())
    ubah(isi)
    palsu = tulis_lagi(isi, tmp_path / "palsu.json")
    temuan = periksa_berkas(palsu).temuan
    assert any(sebab in t for t in temuan), temuan
    assert not any("berkas diubah" in t for t in temuan)


def tulis_lagi(isi: dict[str, Any], berkas: Path) -> Path:
    """Write contents in the file's own form, with a hash that fits."""
    isi.pop("sidik_berkas")
    potongan = ["{\n"]
    for nama, nilai in isi.items():
        if isinstance(nilai, list) and nama != "kolom":
            potongan.append(f'"{nama}": [\n' + ",\n".join(json.dumps(b, ensure_ascii=False) for b in nilai) + "\n],\n")
        else:
            potongan.append(f'"{nama}": {json.dumps(nilai, ensure_ascii=False)},\n')
    teks = "".join(potongan)
    isi_berkas = teks.encode(errors="surrogatepass")
    berkas.write_bytes(isi_berkas + f'"sidik_berkas": "{hashlib.sha256(isi_berkas).hexdigest()}"}}\n'.encode())
    return berkas


TAK_TERIKAT = {"dibuat", "versi_kode", "pemeriksaan", "segel", "sidik_berkas", "dilihat", "hasil_pemeriksaan"}
"""Members that no entry of the trail tells of. Whoever rewrites them gives the file another digest, which is shown."""


def _lain(isi: Any) -> Any:
    """Return something else of the same kind."""
    if isinstance(isi, bool | None):
        return not isi
    if isinstance(isi, dict | list):
        return type(isi)()
    return isi + 1 if isinstance(isi, int) else f"{isi[:-1]}{'1' if isi[-1:] == '0' else '0'}"


CARA: dict[str, Callable[[Any], Any]] = {
    "hilang": hapus,
    "nilai lain": _lain,
    "angka": lambda _: 5.5,
    "bilangan raksasa": lambda _: 10**400,
    "di dalam daftar": lambda isi: [isi],
    "objek": lambda _: {"isi": {}},
    "teks aneh": lambda _: "../\ud800\0",
    "folder zona": lambda _: "Asia",
    "tahun terakhir": lambda _: "9999-12-31T23:59:59-23:59",
}


@pytest.mark.parametrize("cara", CARA)
def test_tiap_tempat_terikat(berkas: Berkas, tmp_path: Path, cara: str) -> None:
    """Whatever is taken out or changed, wherever it stands, the file's own digest made anew: its other parts know."""
    asli = json.loads(berkas.json.read_text())
    disahkan = next(n for n, isi in enumerate(asli["baris"]) if "POSTING" in isi)
    semua = [
        j for j in letak(asli) if j and j[0] not in TAK_TERIKAT and (j[0] != "baris" or j[1:2] in ((), (disahkan,)))
    ]
    tempat = {
        ("baris", *j[2:]) if j[0] == "baris" else tuple("*" if isinstance(k, int) else k for k in j): j for j in semua
    }
    assert len(tempat) > 100
    if cara == "hilang":
        del tempat["jejak", "*"]  # that none is missing is not proven by the file
    lolos = []
    for nama, jalur in tempat.items():
        baru = ganti(asli, jalur, CARA[cara])
        with suppress(BerkasTidakUtuh):
            if baru != asli and not periksa_berkas(tulis_lagi(dict(baru), tmp_path / "palsu.json")).temuan:
                lolos.append(nama)
    assert lolos == []


def periksa_lewat_perintah(berkas: Path) -> str:
    """Check a file with the command, which must end in words of its own; return what it says."""
    hasil = CliRunner().invoke(app, ["audit", "periksa-berkas", str(berkas)])
    utuh = hasil.stdout.startswith("UTUH")
    keluar(hasil, 0 if utuh else 1)
    assert hasil.exception is None or isinstance(hasil.exception, SystemExit), hasil.exception
    assert utuh or "\nTIDAK UTUH: " in f"\n{hasil.stdout}" or re.fullmatch(r"GAGAL: .*\.\n", hasil.stderr), hasil.output
    return hasil.output


@banyak(60)
@given(data=st.data())
def test_apa_pun_dalam_jejak_berakhir_dengan_kalimat(berkas: Berkas, tmp_path: Path, data: st.DataObject) -> None:
    """Anything in the place of an entry's facts, its hash made anew: the command ends in its own words."""
    asli = json.loads(berkas.json.read_text())
    n = data.draw(st.integers(0, len(asli["jejak"]) - 1))
    entri = {**asli["jejak"][n], "isi": json.dumps(data.draw(diubah(json.loads(asli["jejak"][n]["isi"]))))}
    baru = ganti(asli, ("jejak", n), lambda _: {**entri, "sidik": sidik_entri(Entri(**entri))})
    periksa_lewat_perintah(tulis_lagi(baru, tmp_path / "palsu.json"))


def test_tulisan_ulang_yang_sama_tetap_utuh(berkas: Berkas, tmp_path: Path) -> None:
    """The forger's writer of these tests does not itself break the file."""
    isi = json.loads(berkas.json.read_text())
    assert periksa_berkas(tulis_lagi(isi, tmp_path / "sama.json")).temuan == []


def test_nilai_tidak_berpindah_ke_yang_tertutup(berkas: Berkas, tmp_path: Path) -> None:
    """What is closed has one length: a row's first digits cannot be taken for part of it."""
    isi = json.loads(berkas.json.read_text())
    tertutup, idpel = isi["baris"][0][:2]
    for geser in (idpel[:1].encode().hex(), " "):
        isi["baris"][0][:2] = tertutup + geser, idpel[len(geser) // 2 :]
        with pytest.raises(BerkasTidakUtuh, match="tidak dapat dibaca"):
            periksa_berkas(tulis_lagi(dict(isi), tmp_path / "palsu.json"))


def test_bukan_berkas_sesi(tmp_path: Path, berkas: Berkas) -> None:
    """What is not such a file, or was prettified, is refused with a sentence."""
    for isi in ("", "{}", "[]\n", "bukan", '{\n"a": 1,\n"sidik_berkas": "0"}\n'):
        (tmp_path / "x.json").write_text(isi)
        with pytest.raises(BerkasTidakUtuh, match=r"x\.json"):
            periksa_berkas(tmp_path / "x.json")
    rapi = json.dumps(json.loads(berkas.json.read_text()), indent=2)
    (tmp_path / "x.json").write_text(rapi)
    with pytest.raises(BerkasTidakUtuh, match="tanpa diubah atau dirapikan"):
        periksa_berkas(tmp_path / "x.json")


def test_berkas_dari_buku_yang_dirusak_mengatakannya(terisi: Terisi, tmp_path: Path) -> None:
    """A file made of a ledger that was tampered with says so, and its own parts disagree too."""
    rusak = terisi.salin(tmp_path)
    with rusak.dirusak() as p:
        p.jalankan(
            "UPDATE pengesahan.hasil SET kode = 'LAIN' WHERE sesi_id = @sesi AND status = 'POSTING'",
            nomor=rusak.sesi["penuh"],
        )
        p.conn.commit()
    b = ekspor(rusak, "penuh", tmp_path / "keluar")
    assert not b.utuh
    assert "hasil baris berbeda dari sidik pada jejak" in " ".join(periksa_berkas(b.json).temuan)
    assert "TIDAK UTUH" in b.html.read_text()


def test_sesi_tidak_dikenal_dan_folder_salah(terisi: Terisi, tmp_path: Path) -> None:
    """Wrong numbers and folders are told in a sentence."""
    lain = terisi._replace(sesi={"penuh": "PS-TIDAK-ADA"})
    with pytest.raises(MasukanTidakSah, match="Tidak ada sesi bernomor PS-TIDAK-ADA"):
        ekspor(lain, "penuh", tmp_path)
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(MasukanTidakSah, match="tidak dapat ditulis"):
        ekspor(terisi, "penuh", tmp_path / "berkas")
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(
    ("sesi", "ubah", "apa"),
    [
        ("penuh", lambda i: i["sesi"]["rekap"]["hasil"].update(lolos=99), "yang dicapai menurut jejaknya (rekap)"),
        ("penuh", lambda i: i["sesi"].update(tahap="TERPOSTING"), "yang dicapai menurut jejaknya (tahap)"),
        ("penuh", lambda i: i["sesi"].update(epoch=9), "yang dicapai menurut jejaknya (epoch)"),
        ("ulang", lambda i: i["sesi"].update(status="BERJALAN"), "yang dicapai menurut jejaknya (status)"),
        (
            "penuh",
            lambda i: next(b for b in i["batch"] if b["status"] == "DITERAPKAN").update(status="BATAL"),
            "berbeda dari jejaknya (status)",
        ),
        ("penuh", lambda i: i["batch"][0].update(keterangan="x"), "berbeda dari jejaknya (keterangan)"),
        (
            "penuh",
            lambda i: i["batch"][0].update(selesai_pada="2020-01-01 00:00:00+00:00"),
            "berbeda dari jejaknya (selesai_pada)",
        ),
        ("penuh", lambda i: i["diluar_sistem"][0].update(oleh="x"), "catatan DILUAR_SISTEM berbeda dari jejaknya"),
        ("penuh", lambda i: i["diluar_sistem"].clear(), "catatan DILUAR_SISTEM berbeda dari jejaknya"),
        (
            "penuh",
            lambda i: i["diluar_sistem"][0].update(ditemukan_pada="2020-01-01 00:00:00+00:00"),
            "catatan DILUAR_SISTEM berbeda dari jejaknya",
        ),
        ("dua", lambda i: i["segel"].update(sesudah=i["segel"]["sebelum"]), "segel sesudah sesi ini tidak cocok"),
        ("penuh", lambda i: i["segel"].update(sebelum="x"), "segel sebelum sesi ini tidak cocok"),
        (
            "penuh",
            lambda i: i["pemeriksaan"].update(utuh=False, temuan=[{"aturan": "SIDIK", "apa": "x"}]),
            "pemeriksaan buku saat berkas dibuat menemukan 1 hal",
        ),
        ("ulang", lambda i: i["baris"].pop(), "berkas memuat 3 pelanggan, jejak CUPLIKAN_DIAMBIL menyebut 4"),
        ("tolak", lambda i: _baris(i, "kunci", "x", None), "hasil tanpa jejak"),
    ],
)
def test_fakta_diubah_dengan_sidik_berkas_baru(
    terisi: Terisi, tmp_path: Path, sesi: str, ubah: Callable[[dict[str, Any]], Any], apa: str
) -> None:
    """One fact changed and the file's own digest computed anew: what the entries say of it does not fit any more."""
    b = ekspor(terisi, sesi, tmp_path)
    isi = json.loads(b.json.read_text())
    ubah(isi)
    temuan = periksa_berkas(tulis_lagi(isi, tmp_path / "palsu.json")).temuan
    assert any(apa in t for t in temuan), temuan


@pytest.mark.parametrize("anggota", [True, False])
def test_nama_ganda_ditolak(berkas: Berkas, tmp_path: Path, *, anggota: bool) -> None:
    """A name that stands twice would tell one reader this and another that."""
    baris = berkas.json.read_text().split("\n")
    n = next(n for n, b in enumerate(baris) if b.startswith('"sesi": '))
    if anggota:
        baris.insert(n, baris[n])
    else:
        baris[n] = baris[n].replace("{", '{"unitup": "99999", ', 1)
    palsu = tmp_path / "palsu.json"
    palsu.write_text("\n".join(baris))
    with pytest.raises(BerkasTidakUtuh, match="bukan berkas sesi yang utuh bentuknya"):
        periksa_berkas(palsu)

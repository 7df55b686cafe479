"""The gate: an answer that arrived is never lost, and what the gate says to all of Airflow tells nobody's kWh."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from batal_fixtures import ALASAN, JalanBatal, batalkan_sampai
from halaman_fixtures import Halaman
from proses_fixtures import APLIKASI, PEMILIK, AlamatPg, Dunia, Jalan, isi_koneksi, jalankan_sampai, koneksi_basis
from psycopg.types.json import Jsonb
from test_tenggat_jaga import jaga, lalu, menunggu
from typer.testing import CliRunner

from ap2t.audit.periksa import periksa_sesi
from ap2t.cli import app
from ap2t.galat import BukuMenolak, JawabanTertunda, WewenangKurang
from ap2t.ledger.kedatangan import Jawaban, Tiba
from ap2t.pemberitahuan.antrean import Pengingat
from ap2t.pemberitahuan.aturan import Kabar
from ap2t.pemberitahuan.pesan import Bahan, susun_pesan, teks
from ap2t.proses import gerbang
from ap2t.proses.gerbang import SETUJU, TOLAK, Undangan, buka_gerbang, catat_tiba, nilai, yang_dinilai
from ap2t.proses.rekap import PALING_SEDIKIT
from ap2t.proses.tutup import hentikan
from ap2t.proses.wewenang import lihat_sesi

TIBA = ["JAWABAN_TIBA"]


@contextmanager
def acmt_hilang(jalan: Jalan | JalanBatal) -> Iterator[None]:
    """Let ACMT's address lead nowhere, as when it is down; the run goes on with services of its own afterwards."""
    d = jalan.dunia
    with socket.socket() as s:  # bound and not listened on: whoever comes is refused
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
        isi_koneksi(d.monkeypatch, "acmt_db", conn_type="postgres", host="127.0.0.1", port=port, login="x", schema="x")
        jalan.layanan = d.layanan(koneksi_maks=4)
        try:
            yield
        finally:
            isi_koneksi(d.monkeypatch, "acmt_db", **koneksi_basis(d.alamat.acmt, "uji_baca"))
            jalan.layanan = d.layanan(koneksi_maks=4)


def jawaban(oleh: str | None, pilihan: str = SETUJU, **isian: Any) -> Jawaban:
    """Return an answer as the gate hands it over."""
    return Jawaban([pilihan], isian, oleh, datetime.now(UTC))


def tertahan(jalan: Jalan, *kembalikan: str, pilihan: str = SETUJU) -> Tiba:
    """Answer while ACMT is away; return what arrived."""
    with acmt_hilang(jalan), pytest.raises(JawabanTertunda) as tunda:
        jalan.terima(*kembalikan, pilihan=pilihan)
    assert not tunda.value.permanen
    assert "Tidak perlu menjawab lagi" in str(tunda.value)
    tiba = yang_dinilai(jalan.langkah, 1, None)
    assert tiba is not None
    return tiba


def terakhir_tiba(jalan: Jalan) -> Tiba:
    """Return what arrived last at the session's gates."""
    nomor = jalan.dunia.satu("SELECT max(id) FROM pengesahan.jawaban_tiba WHERE sesi_id = %s", jalan.sesi.id)
    with jalan.layanan.buku.transaksi() as tx:
        return tx.kedatangan.ambil_tiba(nomor)


def temuan(jalan: Jalan) -> list[str]:
    """What the audit says of the session."""
    with jalan.layanan.buku.transaksi() as tx:
        return [str(t) for t in periksa_sesi(tx, jalan.sesi)]


# ------------------------------------------------------------------------------------ an answer is never lost


def test_jawaban_menunggu_acmt(dunia: Dunia) -> None:
    """Written first, judged when ACMT is back: one answer is enough, and whom it sends back is not lost either."""
    semua = dunia.isi(5)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    sebelum = dunia.jenis_jejak(jalan.sesi)
    with acmt_hilang(jalan):
        with pytest.raises(JawabanTertunda, match="Tidak perlu menjawab lagi"):
            jalan.terima(f"{semua[1]} foto buram")
        tiba = yang_dinilai(jalan.langkah, 1, None)
        assert tiba is not None
        with pytest.raises(JawabanTertunda):  # the trail says it once for as long as the reason is the same
            nilai(jalan.langkah, tiba)
    assert dunia.jenis_jejak(jalan.sesi)[len(sebelum) :] == ["JAWABAN_TIBA", "JAWABAN_TERTUNDA"]
    assert dunia.isi_jejak(jalan.sesi, "JAWABAN_TIBA")["pilihan"] == [SETUJU]
    assert dunia.satu("SELECT count(*) FROM pengesahan.persetujuan WHERE sesi_id = %s", jalan.sesi.id) == 0
    assert jalan.sesi.tahap == "MENUNGGU_PERSETUJUAN"
    with pytest.raises(BukuMenolak, match="tidak memuat persetujuan"):
        jalan.posting()  # an arrival decides nothing

    assert nilai(jalan.langkah, tiba) == "SETUJU"
    assert dunia.isi_jejak(jalan.sesi, "DIJAWAB")["tiba"] == tiba.id
    assert dunia.isi_jejak(jalan.sesi, "DIJAWAB")["kembalikan"] == [semua[1]]
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set(semua) - {semua[1]}


def test_pembatalan_menunggu_acmt(dunia: Dunia) -> None:
    """A cancellation's answer is kept just the same."""
    dunia.isi(3)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    with acmt_hilang(jalan), pytest.raises(JawabanTertunda):
        jalan.terima()
    tiba = yang_dinilai(jalan.langkah, 1, None)
    assert tiba is not None
    assert nilai(jalan.langkah, tiba) == "SETUJU"
    jalan.sampai(dari="batalkan")
    assert not dunia.terposting()


def test_pengesah_kedua_menunggu_acmt(dunia: Dunia) -> None:
    """The second approver's answer waits by itself; the first one's stands."""
    semua = dunia.isi(2)
    dunia.pola(pengesah=2)
    jalan = jalankan_sampai(dunia, "terima", pemicu=f"vendor{dunia.unitup}")
    jalan.buka_gerbang(2)
    with acmt_hilang(jalan), pytest.raises(JawabanTertunda):
        jalan.terima(oleh=dunia.spv_b, urutan=2)
    assert yang_dinilai(jalan.langkah, 1, None) is None
    tiba = yang_dinilai(jalan.langkah, 2, None)
    assert tiba is not None
    nilai(jalan.langkah, tiba)
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set(semua)


def test_yang_rusak_bukan_penolakan(dunia: Dunia) -> None:
    """What a person has to mend in ACMT first says nothing of the answer: it waits until that is done."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    isi_koneksi(dunia.monkeypatch, "acmt_db", **koneksi_basis(dunia.alamat.server, "uji_baca"))  # without the views
    jalan.layanan = dunia.layanan()
    with pytest.raises(JawabanTertunda) as tunda:
        jalan.terima()
    assert tunda.value.permanen
    assert "ulangi (clear) tugas ini" in str(tunda.value)
    isi_koneksi(dunia.monkeypatch, "acmt_db", **koneksi_basis(dunia.alamat.acmt, "uji_baca"))
    jalan.layanan = dunia.layanan(koneksi_maks=4)
    tiba = yang_dinilai(jalan.langkah, 1, None)
    assert tiba is not None
    assert nilai(jalan.langkah, tiba) == "SETUJU"


def test_diserahkan_dua_kali(dunia: Dunia) -> None:
    """Airflow's copy that is handed over again is the same arrival, however often; taken up, it is not asked again."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    satu = jawaban(dunia.spv, catatan="dilihat")
    tiba = [catat_tiba(jalan.langkah, 1, satu) for _ in range(3)]
    assert len({t.id for t in tiba}) == 1
    assert dunia.jenis_jejak(jalan.sesi).count("JAWABAN_TIBA") == 1
    for _ in range(2):
        assert nilai(jalan.langkah, tiba[0]) == "SETUJU"
    assert dunia.jenis_jejak(jalan.sesi).count("DIJAWAB") == 1
    # a copy of the task that looked at ACMT when the role was gone already changes nothing any more
    dunia.petugas(dunia.spv, aktif=False)
    with pytest.raises(WewenangKurang):
        nilai(jalan.langkah, tiba[0])
    assert "JAWABAN_TIDAK_DITERIMA" not in dunia.jenis_jejak(jalan.sesi)
    dunia.petugas(dunia.spv, aktif=True)
    jalan.sampai(dari="posting")


def test_dua_jawaban_berbeda(dunia: Dunia) -> None:
    """Of two people's answers one counts; the other is recorded as not taken up, with why."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima")
    assert jalan.terima(oleh=dunia.spv_b, pilihan=TOLAK) == "SETUJU"
    assert dunia.isi_jejak(jalan.sesi, "JAWABAN_TIDAK_DITERIMA")["sebab"].startswith(
        f"Gerbang ini sudah dijawab {dunia.spv}"
    )
    assert jalan.sesi.tahap == "DISETUJUI"
    jalan.sampai(dari="posting")


def test_yang_ditolak_tidak_dinilai_lagi(dunia: Dunia) -> None:
    """A refused answer is not taken up later, though the reason is gone; gate, trail, page and mail say why it asks."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    assert "Ditanyakan lagi" not in jalan.undangan.isi
    dunia.petugas(dunia.spv, aktif=False)
    lama = jawaban(dunia.spv)
    tiba = catat_tiba(jalan.langkah, 1, lama)
    with pytest.raises(WewenangKurang):
        nilai(jalan.langkah, tiba)
    dunia.petugas(dunia.spv, aktif=True)
    assert yang_dinilai(jalan.langkah, 1, lama) is None  # Airflow still keeps it
    assert yang_dinilai(jalan.langkah, 1, None) is None
    with pytest.raises(BukuMenolak, match="sudah pernah dinilai"):
        nilai(jalan.langkah, catat_tiba(jalan.langkah, 1, lama))
    assert dunia.jenis_jejak(jalan.sesi).count("JAWABAN_TIDAK_DITERIMA") == 1

    for _ in range(2):
        undangan = jalan.buka_gerbang()
    assert undangan is not None
    awal = undangan.isi.partition("\n")[0].replace("\\", "")
    assert awal.startswith(f"**Ditanyakan lagi.** Jawaban {SETUJU} pada ")
    assert "tidak (lagi) memegang ADMIN_CMT aktif" in awal
    assert dunia.jenis_jejak(jalan.sesi).count("GERBANG_DIBUKA_LAGI") == 1
    assert dunia.isi_jejak(jalan.sesi, "GERBANG_DIBUKA_LAGI")["tiba"] == [tiba.id]
    isi = dunia.isi_jejak(jalan.sesi, "GERBANG_DIBUKA_LAGI")
    surat = susun_pesan(Bahan(Kabar.GERBANG, dunia.unitup, isi, jalan.sesi, 1))
    assert "lagi" in surat.judul
    assert "tidak dapat dipakai" in surat.pembuka
    [g] = Halaman(dunia).baca(f"/api/sesi/{jalan.sesi.nomor}")["gerbang"]
    assert "ADMIN_CMT" in g["ditolak"][0]["sebab"]
    jalan.terima()
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set(semua)


def test_diambil_alih_selagi_menunggu(dunia: Dunia) -> None:
    """A new run takes the session over: the old answer ends with it, and cannot be used for the new one."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    tiba = tertahan(jalan)
    baru = dunia.jalan()
    baru.buka_sesi(hidup=lambda *_: False)
    assert jalan.sesi.status == "DIAMBIL_ALIH"
    assert "sebelum jawaban ini dinilai" in dunia.isi_jejak(jalan.sesi, "JAWABAN_TIDAK_DITERIMA")["sebab"]
    with pytest.raises(BukuMenolak):
        nilai(jalan.langkah, tiba)
    baru.sampai("buka_gerbang", dari="ambil_bacaan")
    with pytest.raises(BukuMenolak, match="bukan untuk keadaan sesi"):
        nilai(baru.langkah, tiba._replace(ditolak=None))
    assert not dunia.terposting()
    baru.sampai(dari="terima")
    assert dunia.terposting() == set(semua)


@pytest.mark.parametrize("batal", [False, True])
def test_salinan_yang_terlambat_tidak_membuka_lagi(dunia: Dunia, monkeypatch: pytest.MonkeyPatch, batal: bool) -> None:
    """Invariant 4: a copy of the step that comes late finds the gate answered, and moves an approved session nowhere.

    Found by the simulator (SEED=29nov, story 832): it moved it back to the gate, where a deadline could end it.
    """
    semua = dunia.isi(2)
    jalan: Jalan | JalanBatal = jalankan_sampai(dunia, "tutup_sesi" if batal else "rekap")
    if batal:
        jalan = batalkan_sampai(dunia, "susun")
    asli = gerbang.pengesah_siap

    def selagi_dicari(*posisi: Any) -> Any:
        monkeypatch.setattr(gerbang, "pengesah_siap", asli)
        assert jalan.buka_gerbang() is not None
        assert jalan.terima() == "SETUJU"
        return asli(*posisi)

    monkeypatch.setattr(gerbang, "pengesah_siap", selagi_dicari)
    assert buka_gerbang(jalan.langkah, 1) is None
    assert jalan.sesi.tahap == "DISETUJUI"
    jalan.sampai(dari="batalkan" if batal else "posting")
    assert dunia.terposting() == (set() if batal else set(semua))


def test_epoch_lama(dunia: Dunia) -> None:
    """An answer from before a takeover that did not come to its end is asked for anew."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    tiba = tertahan(jalan)
    dunia.dirusak = {"SESI"}  # the trail does not tell of this epoch
    dunia.buku_lihat.execute("UPDATE pengesahan.sesi SET epoch = epoch + 1 WHERE id = %s", [jalan.sesi.id])
    with pytest.raises(BukuMenolak, match="sempat diambil alih"):
        nilai(jalan.langkah, tiba)
    assert yang_dinilai(jalan.langkah, 1, None) is None
    jalan.buka_gerbang()
    assert jalan.terima() == "SETUJU"


def test_dihentikan_selagi_dinilai(dunia: Dunia) -> None:
    """What becomes of an earlier attempt stops the session while its answer is judged: it counts all the same."""
    semua = dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    langkah = jalan.langkah  # as the task that judges holds it
    tiba = catat_tiba(langkah, 1, jawaban(dunia.spv))
    hentikan(jalan.langkah, "percobaan pertama hilang")
    assert nilai(langkah, tiba) == "SETUJU"
    assert dunia.jenis_jejak(jalan.sesi)[-3:] == ["SESI_TERHENTI", "SESI_DILANJUTKAN", "DIJAWAB"]
    jalan.sampai(dari="posting")
    assert dunia.terposting() == set(semua)


def test_berakhir_selagi_dinilai(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's time runs out while ACMT is asked about the person: the refusal says so."""
    jalan = menunggu(dunia)
    langkah = jalan.langkah
    tiba = catat_tiba(langkah, 1, jawaban(dunia.spv))

    def lambat(*a: Any) -> Any:
        lalu(dunia, langkah.sesi, 27)
        assert jaga(jalan).kedaluwarsa >= 1
        return lihat_sesi(*a)

    monkeypatch.setattr(gerbang, "lihat_sesi", lambat)
    with pytest.raises(BukuMenolak, match=r"sudah berakhir \(KEDALUWARSA\)"):
        nilai(langkah, tiba)
    assert dunia.jenis_jejak(jalan.sesi)[-2:] == ["SESI_KEDALUWARSA", "JAWABAN_TIDAK_DITERIMA"]
    assert not dunia.terposting()


def test_tenggat_selagi_menunggu(dunia: Dunia) -> None:
    """Nobody is called late whose answer came in time; at the gate's end the session says what kept the answer."""
    jalan = menunggu(dunia)
    tertahan(jalan)
    lalu(dunia, jalan.sesi, 5)
    jaga(jalan)
    assert "TENGGAT_LEWAT" not in dunia.jenis_jejak(jalan.sesi)
    with jalan.layanan.buku.transaksi() as tx:
        semua = tx.semua_baris(Pengingat, "pemberitahuan_pengingat", batas=1000)
        assert not [i for i in semua if i.sesi_id == jalan.sesi.id]
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.jawaban_tiba SET tiba_pada = tiba_pada - interval '22 hours' WHERE sesi_id = %s",
            [jalan.sesi.id],
        )
    lalu(dunia, jalan.sesi, 22)
    assert jaga(jalan).kedaluwarsa >= 1
    assert f"jawaban {dunia.spv} tiba " in (jalan.sesi.keterangan or "")
    assert dunia.jenis_jejak(jalan.sesi)[-2:] == ["SESI_KEDALUWARSA", "JAWABAN_TIDAK_DITERIMA"]
    assert not dunia.terposting()


def bersarang(dalam: int) -> list[Any]:
    """Return lists in lists."""
    isi: list[Any] = []
    for _ in range(dalam):
        isi = [isi]
    return isi


@pytest.mark.parametrize(
    ("isian", "pesan"),
    [
        ({"catatan": "a\x00b"}, "bukan teks biasa"),
        ({"catatan": "\ud800"}, "bukan teks biasa"),
        ({"kembalikan": ["x" * 6_000_000]}, "terlalu besar"),
        ({"kembalikan": {"\x00": [None, 1e300]}}, "harus berupa daftar"),
        ({"\ud83d": "x"}, "bukan dari formulirnya"),
        ({"kembalikan": bersarang(2000)}, "terlalu besar"),
    ],
)
def test_apa_pun_dapat_dicatat(dunia: Dunia, isian: dict[str, Any], pesan: str) -> None:
    """Whatever Airflow lets through is written down as it came, and only then refused."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match=pesan):
        jalan.terima(isian=isian)
    assert dunia.jenis_jejak(jalan.sesi)[-2:] == ["JAWABAN_TIBA", "JAWABAN_TIDAK_DITERIMA"]
    tiba = terakhir_tiba(jalan)
    assert tiba.isian == isian or "terlalu besar" in pesan
    for oleh in ("a\x00b", "\udcff", "n" * 900, None):
        with pytest.raises((BukuMenolak, WewenangKurang)):
            jalan.terima(oleh=oleh)
    jalan.terima()
    jalan.sampai(dari="posting")


def test_terlihat_selagi_menunggu(dunia: Dunia) -> None:
    """Page and command say that the answer arrived and waits, so that nobody answers again."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    halaman = Halaman(dunia)
    assert halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")["giliran_saya"]
    tertahan(jalan)
    s = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")
    assert (s["giliran_saya"], s["gerbang"][0]["tiba"]["oleh"], s["gerbang"][0]["jawaban"]) == (False, dunia.spv, None)
    assert s["sesi"]["langkah"] == f"Jawaban {dunia.spv} diterima, menunggu ACMT. Tidak perlu dijawab lagi."
    [baris] = halaman.baca(f"{halaman.alamat}/kelompok")["baris"]
    assert (baris["sesi"]["giliran_saya"], baris["sesi"]["langkah"]) == (False, s["sesi"]["langkah"])
    perintah = CliRunner()
    assert "menunggu ACMT" in perintah.invoke(app, ["sesi", jalan.sesi.nomor]).output
    daftar = perintah.invoke(app, ["sesi", "--unitup", dunia.unitup, "--format", "json"])
    assert f"jawaban {dunia.spv} diterima, menunggu ACMT" in daftar.output
    assert "JAWABAN_TIBA" in perintah.invoke(app, ["jejak", jalan.sesi.nomor]).output


# --------------------------------------------------------------------- what an arrival proves, and what it does not


def sebagai_aplikasi(dunia: Dunia) -> psycopg.Connection[Any]:
    """Return a connection with the application's rights."""
    return psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI), autocommit=True)


def karang_persetujuan(dunia: Dunia, jalan: Jalan, tiba: int | None, kembalikan: list[str] | None = None) -> None:
    """Write an approval with its entry in the trail, as whoever holds the application's password can."""
    s = jalan.sesi
    petugas = {"username": dunia.spv, "peran": "ADMIN_CMT", "unitup": dunia.unitup, "aktif": True}
    with sebagai_aplikasi(dunia) as conn:
        saat = conn.execute("SELECT dijawab_pada FROM pengesahan.jawaban_tiba WHERE id = %s", [tiba]).fetchone()
        conn.execute(
            "INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, "
            "dijawab_pada, tiba) VALUES (%s, 1, 'SETUJU', %s, %s, %s, %s, coalesce(%s, now()), %s)",
            [s.id, dunia.spv, kembalikan or [], s.sidik, Jsonb(petugas), saat and saat[0], tiba],
        )
        conn.execute(
            "INSERT INTO pengesahan.jejak (id, pada, sebelum, sidik, sesi_id, jenis, pelaku, isi) "
            "SELECT 0, now(), '', '', sesi_id, 'DIJAWAB', oleh, to_jsonb(p) - '{sesi_id,oleh}'::text[] "
            "|| '{\"alasan_kembalikan\": {}}' FROM pengesahan.persetujuan p WHERE sesi_id = %s",
            [s.id],
        )
        conn.execute("UPDATE pengesahan.sesi SET tahap = 'DISETUJUI' WHERE id = %s", [s.id])


def test_persetujuan_tanpa_jawaban_ketahuan(dunia: Dunia) -> None:
    """An approval that came through no gate is a finding, though its row and its entry agree."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    dunia.dirusak = {"JAWABAN"}
    karang_persetujuan(dunia, jalan, None)
    assert temuan(jalan) == [f"{jalan.sesi.nomor} | JAWABAN | jawaban ke-1 ({dunia.spv}) tidak punya jawaban yang tiba"]


def test_persetujuan_yang_mengubah_jawaban_ketahuan(dunia: Dunia) -> None:
    """An approval that leaves out whom the answer sent back differs from what arrived."""
    semua = dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    tiba = tertahan(jalan, semua[0])
    dunia.dirusak = {"JAWABAN"}
    karang_persetujuan(dunia, jalan, tiba.id)
    assert ["yang dikembalikan atau catatannya berbeda" in t for t in temuan(jalan)] == [True]


def test_persetujuan_dari_yang_ditolak_ketahuan(dunia: Dunia) -> None:
    """A refused answer, or a Tolak, is no approval."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    dunia.petugas(dunia.spv, aktif=False)
    with pytest.raises(WewenangKurang):
        jalan.terima(pilihan=TOLAK)
    tiba = terakhir_tiba(jalan)
    dunia.dirusak = {"JAWABAN"}
    karang_persetujuan(dunia, jalan, tiba.id)
    kata = " ".join(temuan(jalan))
    assert "yang sudah ditolak" in kata
    assert f"berbeda dari jawaban tiba nomor {tiba.id}" in kata


def test_jawaban_tiba_terjaga(dunia: Dunia) -> None:
    """An arrival is for a gate of its session and epoch, at the ledger's own time, and stays as it is."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    tiba = tertahan(jalan)
    kolom = "INSERT INTO pengesahan.jawaban_tiba (sesi_id, urutan, sidik, epoch, oleh, pilihan, isian, dijawab_pada"
    nilai_ = [jalan.sesi.id, jalan.sesi.sidik, jalan.sesi.epoch]
    with sebagai_aplikasi(dunia) as conn:
        for urutan, sidik, epoch in ((2, nilai_[1], 1), (1, "0" * 64, 1), (1, nilai_[1], 2)):
            with pytest.raises(psycopg.Error, match="bukan untuk gerbang"):
                conn.execute(
                    f"{kolom}) VALUES (%s, %s, %s, %s, 'x', '{{}}', '{{}}', now())",
                    [jalan.sesi.id, urutan, sidik, epoch],
                )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(
                f"{kolom}, tiba_pada) VALUES (%s, 1, %s, %s, 'x', '{{}}', '{{}}', now(), now())",
                nilai_,
            )
    ubah = ("UPDATE pengesahan.jawaban_tiba SET oleh = 'x'", "DELETE FROM pengesahan.jawaban_tiba")
    for alamat in (APLIKASI, PEMILIK):
        for perintah in ubah:
            with (
                psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, alamat)) as conn,
                pytest.raises(psycopg.Error, match=r"hanya boleh ditambah|permission denied"),
            ):
                conn.execute(perintah)
    dunia.dirusak = {"JAWABAN"}
    for perintah in (
        "UPDATE pengesahan.jawaban_tiba SET isian = '{}' || ' ' WHERE id = %s",
        "DELETE FROM pengesahan.jawaban_tiba WHERE id = %s",
    ):
        with dunia.buku_lihat.transaction():
            dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
            dunia.buku_lihat.execute(perintah, [tiba.id])
        assert any(f"jawaban tiba nomor {tiba.id}" in t for t in temuan(jalan))


def test_jawaban_untuk_gerbang_yang_tidak_terbuka(dunia: Dunia) -> None:
    """The ledger was put back from before the gate that Airflow still holds: its answer is refused in a sentence."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "rekap")
    with pytest.raises(BukuMenolak, match=r"belum membuka gerbang ke-1.* Clear tugas"):
        jalan.terima()
    jalan.buka_gerbang()
    with pytest.raises(BukuMenolak, match="belum membuka gerbang ke-2"):
        jalan.terima(urutan=2)
    assert jalan.terima() == "SETUJU"


def test_gerbang_lama_tanpa_jawaban_tiba(dunia: Dunia) -> None:
    """A gate that stood before arrivals were written down is no finding."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.gerbang SET mencatat_tiba = false WHERE sesi_id = %s", [jalan.sesi.id]
        )
    karang_persetujuan(dunia, jalan, None)
    assert ["PERSETUJUAN | gerbang ke-1: berbeda dari jejak" in t for t in temuan(jalan)] == [True]
    dunia.dirusak = {"PERSETUJUAN"}


# ------------------------------------------------------------------------------- what the gate tells all of Airflow

BANYAK = PALING_SEDIKIT + 10
KELAS = ("900", "400")
"""Two customers' kWh with the same flags, at 1,300 VA: 692 and 308 hours."""


def terbuka(jalan: Jalan, undangan: Undangan | None) -> list[str]:
    """Everything that everybody who can log in to Airflow reads of a run, and what goes out by mail and chat."""
    assert undangan is not None
    s = jalan.sesi
    surat = [
        teks(susun_pesan(Bahan(k, s.unitup, {"keterangan": jalan.penutup, "sebab": "x", "tahap": "COCOK"}, s, 1, 2)))
        for k in Kabar
        if k not in (Kabar.BELUM_SIAP, Kabar.KALENDER)
    ]
    return [undangan.judul, undangan.isi, *jalan.catatan, jalan.penutup, s.keterangan or "", *surat]


def dua_putaran(dunia: Dunia, kwh: tuple[str, str]) -> list[str]:
    """Two gates of one kelompok, one customer apart: the first sends it back, the second approves it with the rest.

    :param kwh: the kWh of that customer, and of another one.
    """
    dunia.pola("BERTAHAP")
    ubah = {n: {"sahlwbp": str(1000 + 150 + n % 5), "pemkwh": str(150 + n % 5)} for n in range(BANYAK)}
    for n, k in zip((6, 7), kwh, strict=True):
        ubah[n] = {"sahlwbp": str(1000 + int(k)), "pemkwh": k}
    semua = dunia.isi(BANYAK, ubah)
    satu = jalankan_sampai(dunia, "buka_gerbang")
    undangan = satu.undangan
    satu.terima(semua[6], pilihan=TOLAK)
    satu.tutup_sesi()
    isi = terbuka(satu, undangan)
    dua = jalankan_sampai(dunia, "buka_gerbang")
    undangan = dua.undangan
    dunia.stempel_baru(6)
    dua.terima()
    dua.sampai(dari="posting")
    isi += terbuka(dua, undangan)
    tiga = jalankan_sampai(dunia, "buka_gerbang")
    isi.append(tiga.undangan.isi if tiga.undangan else "")
    tiga.terima()
    tiga.sampai(dari="posting")
    return isi


def samarkan(dunia: Dunia, isi: list[str]) -> list[str]:
    """Take out what differs between two runs of anything: the unit, random numbers, digests, times, run ids."""
    hasil = []
    for t in isi:
        baku = t.replace(dunia.unitup, "UNIT")
        baku = re.sub(r"(P[SB]-UNIT-\d+-\w+-\d+)-[0-9a-f]{8}", r"\1", baku)
        baku = re.sub(r"\b[0-9a-f]{12,64}\b", "SIDIK", baku)
        baku = re.sub(r"uji__\d+|versi \d+|\d{2}-\d{2}-\d{4} \d{2}:\d{2} \w+", "LAIN", baku)
        hasil.append(baku)
    return hasil


@pytest.mark.parametrize("kwh", [KELAS, ("0", "50")])
def test_penyerang_membandingkan_semua_teks(dunia: Dunia, alamat_pg: AlamatPg, kwh: tuple[str, str]) -> None:
    """Whoever reads every text of every gate, log and mail, and holds them against each other, learns nobody's kWh.

    In two worlds two customers have each other's kWh. Were one text different, it would tell which world it is. So a
    customer's kWh is known no better than by its flags, whose narrowest class is below 40 hours of its power.
    """
    satu = samarkan(dunia, dua_putaran(dunia, kwh))
    lain = Dunia(alamat_pg, dunia.sandbox, dunia.monkeypatch)
    dua = samarkan(lain, dua_putaran(lain, (kwh[1], kwh[0])))
    lain.periksa()
    lain.tutup()
    assert satu == dua
    assert sum("kWh." in t for t in satu) >= 1  # the first gate shows a sum


def kwh_di_gerbang(undangan: Undangan | None) -> str | None:
    """Return the sum that a gate shows."""
    assert undangan is not None
    cocok = re.search(r"sekitar ([0-9.,]+) kWh", undangan.isi)
    return cocok[1] if cocok else None


def test_jumlah_kwh_sekali_sebulan(dunia: Dunia) -> None:
    """Three significant digits, at the first gate of the kelompok's month; the same gate shows the same again."""
    dunia.isi(BANYAK, {0: {"sahlwbp": "1387", "pemkwh": "387"}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert kwh_di_gerbang(jalan.undangan) == "9.240"  # 59 times 150, and 387: 9,237
    assert kwh_di_gerbang(jalan.buka_gerbang()) == "9.240"
    jalan.terima(pilihan=TOLAK)
    jalan.tutup_sesi()
    dua = jalankan_sampai(dunia, "buka_gerbang")
    assert kwh_di_gerbang(dua.undangan) is None
    dua.terima(pilihan=TOLAK)
    dua.tutup_sesi()


@pytest.mark.parametrize(
    ("banyak", "ubah"),
    [
        (PALING_SEDIKIT - 1, {}),
        (PALING_SEDIKIT, {0: {"sahlwbp": "1000", "pemkwh": "0"}}),  # a customer without kWh hides nobody
        (BANYAK, {0: {"daya": "53000", "sahlwbp": "3000", "pemkwh": "2000"}}),  # most of the sum is one customer's
    ],
)
def test_jumlah_kwh_tidak_ditunjukkan(dunia: Dunia, banyak: int, ubah: dict[int, dict[str, Any]]) -> None:
    """Too few customers, or one that is a large part of the sum: the gate shows none."""
    dunia.isi(banyak, ubah)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert kwh_di_gerbang(jalan.undangan) is None
    jalan.terima(pilihan=TOLAK)
    jalan.tutup_sesi()


def test_teks_gerbang(dunia: Dunia) -> None:
    """Counts by reason and flag, no idpel but the sample's, no highest value, and where the rest is to be seen."""
    semua = dunia.isi(
        8,
        {
            0: {"sahlwbp": "9999", "pemkwh": None},
            3: {"sahlwbp": "3535", "pemkwh": "2535"},
            5: {"sahlwbp": "1000", "pemkwh": "0"},
            6: {"sahlwbp": "1010", "pemkwh": "10"},
        },
    )
    dunia.pola(sampel=2)
    jalan = jalankan_sampai(dunia, "rekap")
    undangan = buka_gerbang(jalan.langkah, 1, "https://airflow.uji/x")
    assert undangan is not None
    sampel = (jalan.sesi.rekap or {})["sampel"]["idpel"]
    assert {i for i in semua if i in undangan.isi} == set(sampel)
    baris = {k.strip(): n.strip() for k, n in re.findall(r"^\| ([^|*]+?) *\| *(\d+) *\|$", undangan.isi, re.MULTILINE)}
    assert baris["Jam nyala di atas batas"] == "1"
    assert baris["Jam nyala 720 ke atas"] == "1"
    assert baris["Jam nyala di bawah 40, termasuk kWh nol"] == "2"
    assert "kWh nol" not in baris
    assert "1.950" not in undangan.isi
    assert "2.535" not in undangan.isi
    alamat = f"https://airflow.uji/x/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}/{jalan.sesi.nomor}"
    assert f"[buka sesi ini]({alamat})" in undangan.isi
    jalan.terima()
    jalan.sampai(dari="posting")


def test_teks_gerbang_pembatalan(dunia: Dunia) -> None:
    """A cancellation's gate counts, also where all but one of an approval's sum go; whom it is about is on the page."""
    semua = dunia.isi(BANYAK)
    assert kwh_di_gerbang(jalankan_sampai(dunia).undangan) == "9.000"
    jalan = batalkan_sampai(dunia, "buka_gerbang", *semua[1:], f"{dunia.unitup}9999999")
    assert jalan.undangan is not None
    assert "kWh" not in jalan.undangan.isi
    assert not [i for i in (*semua, f"{dunia.unitup}9999999") if i in jalan.undangan.isi]
    assert ALASAN.split()[0] in jalan.undangan.isi
    jalan.terima(pilihan=TOLAK)
    jalan.tutup()

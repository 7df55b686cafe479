"""Authority at the moment of acting (invariants 1 and 7): roles, delegations to the instant, separation of duties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from proses_fixtures import AlamatPg, Dunia, Jalan, jalankan_sampai

from ap2t import jam
from ap2t.galat import BukuMenolak, LewatiLangkah, MasukanTidakSah, WewenangKurang
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.ledger.sesi import Sesi
from conftest import Sandbox

WAKIL = "wakil_luar"
SEDIKIT = timedelta(microseconds=1)


@pytest.fixture
def kini() -> datetime:
    """An instant that can be written to the second, just past."""
    return datetime.now(UTC).replace(microsecond=0)


def delegasikan(dunia: Dunia, dari: datetime, sampai: datetime, kepada: str = WAKIL, **pola: Any) -> int:
    """Lend ADMIN_CMT of the unit to somebody; return the configuration's version."""
    satu = {"kepada": kepada, "oleh": dunia.spv, "alasan": "cuti tahunan SPV TE"}
    versi = dunia.pola(delegasi=[{**satu, "dari": dari.isoformat(), "sampai": sampai.isoformat()}], **pola)
    assert versi is not None
    return versi.versi


def pukul(jalan: Jalan, saat: datetime) -> Jalan:
    """Let the run's steps take this for the present instant."""
    jalan.dunia.monkeypatch.setattr(jam, "sekarang", lambda: saat)
    return jalan


def ditolak(dunia: Dunia, jalan: Jalan, jenis: str) -> dict[str, Any]:
    """Return the last refusal of a kind in the session's trail."""
    return dunia.isi_jejak(jalan.sesi, jenis)


# ----------------------------------------------------------------------------------------------------- delegation


def test_delegasi_sampai_terposting(dunia: Dunia, kini: datetime) -> None:
    """A delegate starts, is asked, approves, and posts as their own AP2T user; the record says on what ground."""
    dunia.pengguna_ap2t(WAKIL)
    dunia.petugas(dunia.spv_b, aktif=False)
    versi = delegasikan(dunia, kini - timedelta(hours=1), kini + timedelta(hours=1))
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "buka_gerbang", pemicu=WAKIL)
    assert jalan.undangan is not None
    assert jalan.undangan.orang == sorted([dunia.spv, WAKIL])
    jalan.terima(oleh=WAKIL)
    jalan.sampai(dari="posting")
    assert {b["oleh"] for b in dunia.baris_ap2t().values()} == {f"ap-{WAKIL}"}
    with jalan.layanan.buku.transaksi() as tx:
        (jawaban,) = tx.persetujuan.semua(jalan.sesi)
    assert jawaban.petugas == {
        "username": WAKIL,
        "unitup": dunia.unitup,
        "peran": "ADMIN_CMT",
        "konfigurasi": versi,
        "delegasi": {
            "oleh": dunia.spv,
            "dari": (kini - timedelta(hours=1)).isoformat(),
            "sampai": (kini + timedelta(hours=1)).isoformat(),
            "alasan": "cuti tahunan SPV TE",
        },
    }
    assert dunia.isi_jejak(jalan.sesi, "DIJAWAB")["petugas"] == jawaban.petugas


def test_dasar_petugas_tercatat(dunia: Dunia) -> None:
    """An ADMIN_CMT answers on the row of v_petugas, which stands with the answer."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "terima")
    petugas = dunia.isi_jejak(jalan.sesi, "DIJAWAB")["petugas"]
    assert (petugas["username"], petugas["peran"], petugas["unitup"]) == (dunia.spv, "ADMIN_CMT", dunia.unitup)


@pytest.mark.parametrize("langkah", ["mulai", "gerbang", "jawab", "posting"])
@pytest.mark.parametrize(("geser", "boleh"), [(-SEDIKIT, False), (timedelta(0), True), (None, True), (SEDIKIT, False)])
def test_delegasi_tepat_pada_batasnya(
    dunia: Dunia, kini: datetime, langkah: str, geser: timedelta | None, boleh: bool
) -> None:
    """From `dari` on, to just before `sampai`, at every moment of acting: start, gate, answer, posting."""
    dunia.dirusak = {"PERSETUJUAN"}  # the ledger's clock is not moved
    dari, sampai = kini - timedelta(minutes=30), kini - timedelta(minutes=10)
    saat = {-SEDIKIT: dari - SEDIKIT, timedelta(0): dari, None: sampai - SEDIKIT, SEDIKIT: sampai}[geser]
    dunia.pengguna_ap2t(WAKIL)
    for orang in (dunia.spv, dunia.spv_b):
        dunia.petugas(orang, aktif=False)
    delegasikan(dunia, dari, sampai)
    dunia.isi(2)
    jalan = pukul(dunia.jalan(pemicu=WAKIL if langkah == "mulai" else None), dari)
    akhir = {"gerbang": "rekap", "jawab": "buka_gerbang", "posting": "terima"}
    if langkah in akhir:
        jalan.sampai("rekap")
        if langkah != "gerbang":
            jalan.buka_gerbang()
        if langkah == "posting":
            jalan.terima(oleh=WAKIL)
    pukul(jalan, saat)
    aksi = {
        "mulai": jalan.buka_sesi,
        "gerbang": jalan.buka_gerbang,
        "jawab": lambda: jalan.terima(oleh=WAKIL),
        "posting": jalan.posting,
    }[langkah]
    if boleh:
        aksi()
        return
    sebab = {
        "gerbang": "tidak ada delegasi yang berlaku",
        **dict.fromkeys(("mulai", "jawab", "posting"), "delegasi baginya (baru berlaku|berakhir)"),
    }[langkah]
    with pytest.raises(WewenangKurang, match=sebab):
        aksi()
    assert dunia.terposting() == set()


def test_delegasi_menurut_zona_unit(alamat_pg: AlamatPg, dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date is the unit's own: in Jayapura the day begins two hours before Jakarta's."""
    jayapura = Dunia(alamat_pg, Sandbox(dunia.sandbox.url), monkeypatch, "Asia/Jayapura")
    try:
        jayapura.pola(
            delegasi=[{"kepada": WAKIL, "oleh": "a", "dari": "2026-06-01", "sampai": "2026-06-02", "alasan": "x" * 10}]
        )
        jayapura.isi(1)
        tengah_malam = datetime(2026, 6, 1, tzinfo=ZoneInfo("Asia/Jayapura"))
        with pytest.raises(WewenangKurang, match="baru berlaku 01-06-2026 00:00 WIT"):
            pukul(jayapura.jalan(pemicu=WAKIL), tengah_malam - SEDIKIT).buka_sesi()
        with pytest.raises(WewenangKurang, match="berakhir 02-06-2026 00:00 WIT"):
            pukul(jayapura.jalan(pemicu=WAKIL), tengah_malam + timedelta(days=1)).buka_sesi()
        assert pukul(jayapura.jalan(pemicu=WAKIL), tengah_malam).buka_sesi().pemicu == WAKIL
    finally:
        jayapura.tutup()


def test_delegasi_dicabut_di_tengah_posting(dunia: Dunia, kini: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 1: looked at for every batch: a delegation taken back stops the batches that follow."""
    dunia.pengguna_ap2t(WAKIL)
    delegasikan(dunia, kini - timedelta(hours=1), kini + timedelta(hours=1))
    dunia.isi(6)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(oleh=WAKIL)
    jalan.ukuran, jalan.serentak = 2, 1
    asli, sudah = KlienAp2t.kirim_posting, []

    def kirim(klien: KlienAp2t, kunci: str, isi: dict[str, Any]) -> Any:
        try:
            return asli(klien, kunci, isi)
        finally:
            if not sudah:
                sudah.append(dunia.pola(delegasi=[]))

    monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    with pytest.raises(WewenangKurang, match="tidak ada delegasi baginya"):
        jalan.posting()
    assert 2 <= len(dunia.terposting()) < 6


def test_delegasi_kepada_petugas_unit_itu(dunia: Dunia, kini: datetime) -> None:
    """Vendor, pengawas and readers never approve: a delegate who becomes one of them is neither asked nor taken up."""
    dunia.pengguna_ap2t(WAKIL)
    delegasikan(dunia, kini - timedelta(hours=1), kini + timedelta(hours=1))
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    dunia.acmt.execute(
        "INSERT INTO acmt_dasar.petugas VALUES (%s, 'x', null, 'PENGAWAS', %s, true)", [WAKIL.upper(), dunia.unitup]
    )
    with pytest.raises(WewenangKurang, match="memegang PENGAWAS"):
        jalan.terima(oleh=WAKIL)
    lain = dunia.jalan()
    lain.buka_sesi(hidup=lambda _d, _r: False)
    lain.sampai("buka_gerbang", dari="ambil_bacaan")
    assert lain.undangan is not None
    assert WAKIL not in lain.undangan.orang
    assert f"{WAKIL} tidak ditanya" in lain.log


def test_pengesah_kedua_seorang_wakil(dunia: Dunia, kini: datetime) -> None:
    """SOP 12.1, rule 1: the second is neither the first nor who started; a delegate may be it."""
    dunia.pengguna_ap2t(WAKIL)
    dunia.petugas(dunia.spv_b, aktif=False)
    delegasikan(dunia, kini - timedelta(hours=1), kini + timedelta(hours=1), pengesah=2)
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima", pemicu=f"vendor{dunia.unitup}")
    kedua = jalan.buka_gerbang(2)
    assert kedua is not None
    assert kedua.orang == [WAKIL]
    jalan.terima(oleh=WAKIL, urutan=2)
    assert jalan.posting().tahap == "TERPOSTING"


def test_pengesah_kedua_bukan_pemicu_apa_pun_hurufnya(dunia: Dunia) -> None:
    """SOP 12.1, rule 1: capitals do not make another person, for the gate nor for the ledger's own guard."""
    dunia.pola(pengesah=2)
    pemicu = dunia.spv_b.upper()
    dunia.acmt.execute(
        "INSERT INTO acmt_dasar.petugas VALUES (%s, 'x', null, 'PETUGAS_BACA', %s, true)", [pemicu, dunia.unitup]
    )
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima", pemicu=pemicu)
    with pytest.raises(WewenangKurang, match="pengesah kedua"):
        jalan.buka_gerbang(2)
    dunia.dirusak = {"PERSETUJUAN"}
    dunia.buku_lihat.execute(
        "INSERT INTO pengesahan.gerbang VALUES (%s, 2, %s, %s)", [jalan.sesi.id, jalan.sesi.sidik, [dunia.spv_b]]
    )
    with pytest.raises(psycopg.Error, match="harus orang lain"):
        jawab_langsung(dunia, jalan.sesi, dunia.spv_b, 2)


# ------------------------------------------------------------------------------------------- separation of duties


@pytest.mark.parametrize("kolom", ["verif_pengawas_oleh", "verif_vendor_oleh", "kirim_oleh", "petugas_baca"])
@pytest.mark.parametrize("tulisan", ["{}", " {} ", "{u}"])
def test_yang_bekerja_pada_baris_tidak_mengesahkan(dunia: Dunia, kolom: str, tulisan: str) -> None:
    """Who read, verified or sent one row of the session is not asked; who and why stands in the log."""
    nama = tulisan.format(dunia.spv, u=dunia.spv.upper())
    peran = {"verif_pengawas_oleh": "PENGAWAS", "petugas_baca": "PETUGAS_BACA"}.get(kolom, "ADMIN_VENDOR")
    dunia.acmt.execute(
        "INSERT INTO acmt_dasar.petugas VALUES (%s, 'x', null, %s, %s, true)", [nama.strip(), peran, dunia.unitup]
    )
    dunia.isi(3, {1: {kolom: nama}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    assert jalan.undangan.orang == [dunia.spv_b]
    apa = {"petugas_baca": "membaca", "kirim_oleh": "mengirim"}.get(kolom, "memverifikasi")
    assert f"{dunia.spv} tidak ditanya: {dunia.spv} {apa} 1 bacaan sesi ini" in jalan.log
    with pytest.raises(WewenangKurang, match="pemisahan tugas"):
        jalan.terima(oleh=dunia.spv)
    assert "pemisahan tugas" in ditolak(dunia, jalan, "JAWABAN_TIDAK_DITERIMA")["sebab"]
    jalan.terima(oleh=dunia.spv_b)
    assert jalan.posting().tahap == "TERPOSTING"


def test_pemisahan_tugas_per_sesi(dunia: Dunia) -> None:
    """Checked per session: what somebody stamped in another kelompok does not matter here."""
    dunia.isi(2)
    asing = "UPDATE acmt_dasar.bacaan SET hari_baca = 'B', verif_pengawas_oleh = %s WHERE idpel = %s"
    dunia.acmt.execute(asing, [dunia.spv, dunia.idpel(1)])
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    assert dunia.spv in jalan.undangan.orang


def test_semua_admin_bekerja_pada_baris(dunia: Dunia) -> None:
    """Nobody is left: the gate does not open, and says why for each person."""
    dunia.isi(2, {0: {"petugas_baca": dunia.spv}, 1: {"petugas_baca": dunia.spv_b}})
    jalan = jalankan_sampai(dunia, "rekap")
    with pytest.raises(WewenangKurang) as galat:
        jalan.buka_gerbang()
    assert f"Tidak ada yang dapat mengesahkan unit {dunia.unitup}" in str(galat.value)
    assert dunia.spv in str(galat.value)
    assert dunia.spv_b in str(galat.value)
    assert jalan.sesi.tahap == "TERSARING"


def jawab_langsung(dunia: Dunia, s: Sesi, orang: str, urutan: int = 1) -> None:
    """Write an answer into the ledger past every check of the program."""
    dunia.buku_lihat.execute(
        "INSERT INTO pengesahan.persetujuan "
        "(sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, dijawab_pada) "
        "VALUES (%s, %s, 'SETUJU', %s, '{}', %s, '{}', now())",
        [s.id, urutan, orang, s.sidik],
    )


@pytest.mark.parametrize("kolom", ["verif_pengawas_oleh", "verif_vendor_oleh", "kirim_oleh", "petugas_baca"])
def test_buku_menolak_yang_bekerja_pada_baris(dunia: Dunia, kolom: str) -> None:
    """The ledger itself refuses the answer of who worked on a row, even where the gate had asked them."""
    dunia.dirusak = {"SIDIK", "SESI", "PERSETUJUAN", "JAWABAN"}
    dunia.isi(3, {2: {"petugas_baca": "orang_lain"}})
    jalan = jalankan_sampai(dunia, "rekap")
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        dunia.buku_lihat.execute(
            f"UPDATE pengesahan.bacaan SET {kolom} = %s WHERE sesi_id = %s AND idpel = %s",  # noqa: S608
            [f" {dunia.spv.upper()}", jalan.sesi.id, dunia.idpel(2)],
        )
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.sesi SET tahap = 'MENUNGGU_PERSETUJUAN' WHERE id = %s", [jalan.sesi.id]
        )
        dunia.buku_lihat.execute(
            "INSERT INTO pengesahan.gerbang VALUES (%s, 1, %s, %s)",
            [jalan.sesi.id, jalan.sesi.sidik, [dunia.spv, dunia.spv_b]],
        )
    with pytest.raises(psycopg.Error, match="tidak boleh mengesahkannya"):
        jawab_langsung(dunia, jalan.sesi, dunia.spv)
    jawab_langsung(dunia, jalan.sesi, dunia.spv_b)


# ------------------------------------------------------------------------------------------------- refused starts


@pytest.mark.parametrize(
    ("ubah", "galat", "sebut"),
    [
        ({"unitup": "59999"}, MasukanTidakSah, "Unit 59999 tidak ada"),
        ({"unitup": "x\x00y"}, MasukanTidakSah, "tidak sah"),
        ({"pemicu": "spv54110"}, WewenangKurang, "tidak ada delegasi baginya"),
        ({"pemicu": None}, WewenangKurang, "tidak mencatat siapa"),
        ({"asing": ["setuju", "a\x00"]}, MasukanTidakSah, "Isian 'setuju'"),
    ],
)
def test_upaya_mulai_ditolak_tercatat(dunia: Dunia, ubah: dict[str, Any], galat: type[Exception], sebut: str) -> None:
    """A refused start leaves its mark: run, person and reason, without a session."""
    dunia.isi(1)
    jalan = dunia.jalan()
    with pytest.raises(galat, match=sebut):
        jalan.buka_sesi(**ubah)
    baris = dunia.buku_lihat.execute(
        "SELECT sesi_id, pelaku, isi FROM pengesahan.jejak "
        "WHERE jenis = 'UPAYA_MULAI_DITOLAK' AND isi ->> 'run_id' = %s",
        [jalan.run_id],
    ).fetchall()
    assert len(baris) == 1
    sesi_id, pelaku, isi = baris[0]
    assert sesi_id is None
    assert pelaku == (ubah.get("pemicu", dunia.spv) or "sistem")
    assert isi["dag_id"] == jalan.dag_id
    assert sebut in isi["sebab"]


def test_upaya_mulai_saat_sesi_lain_terbuka(dunia: Dunia) -> None:
    """A second run while the first one lives is refused, and that stands in the trail; the first goes on."""
    dunia.isi(1)
    satu = jalankan_sampai(dunia, "buka_gerbang")
    dua = dunia.jalan()
    with pytest.raises(BukuMenolak, match=satu.run_id):
        dua.buka_sesi()
    cari = "SELECT count(*) FROM pengesahan.jejak WHERE jenis = 'UPAYA_MULAI_DITOLAK' AND isi ->> 'run_id' = %s"
    assert dunia.satu(cari, dua.run_id) == 1
    satu.sampai(dari="terima")
    assert satu.sesi.status == "SELESAI"


# ---------------------------------------------------------------------------------------------- posting and the gate


def test_upaya_posting_tanpa_persetujuan_tercatat(dunia: Dunia) -> None:
    """Posting without a recorded approval is refused and leaves its mark in the session."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match="tidak memuat persetujuan"):
        jalan.posting()
    assert "tidak memuat persetujuan" in ditolak(dunia, jalan, "UPAYA_POSTING_DITOLAK")["sebab"]
    jalan.terima()
    dunia.petugas(dunia.spv, aktif=False)
    with pytest.raises(WewenangKurang):
        jalan.posting()
    assert dunia.jenis_jejak(jalan.sesi).count("UPAYA_POSTING_DITOLAK") == 2
    assert dunia.terposting() == set()


@pytest.mark.parametrize(
    "isian",
    [
        {"setuju": True},
        {"catatan": "ya", "kembalikan": None, "petugas": {"peran": "ADMIN_CMT"}},
        {"catatan": 5},
        {"catatan": ["a"]},
        {"catatan": {"a": 1}},
        {"catatan": True},
        {"catatan": "a\x00b"},
        {"catatan": "x" * 1001},
        {"kembalikan": 5},
        {"kembalikan": {"a": 1}},
    ],
)
def test_isian_yang_bukan_formulir(dunia: Dunia, isian: dict[str, Any]) -> None:
    """Reserved or unknown fields, or other types, are not taken up: recorded, nothing posted, said what to do."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match="idak diterima"):
        jalan.terima(isian=isian)
    assert dunia.jenis_jejak(jalan.sesi)[-1] == "JAWABAN_TIDAK_DITERIMA"
    assert dunia.satu("SELECT count(*) FROM pengesahan.persetujuan WHERE sesi_id = %s", jalan.sesi.id) == 0
    with pytest.raises(BukuMenolak, match="tidak memuat persetujuan"):
        jalan.posting()
    assert dunia.terposting() == set()
    jalan.terima(isian={"catatan": None})
    assert jalan.sesi.tahap == "DISETUJUI"


def test_teks_gerbang(dunia: Dunia) -> None:
    """The gate says how many are asked (not who), that a second one follows, and until when it may be answered."""
    dunia.isi(2)
    biasa = jalankan_sampai(dunia, "buka_gerbang")
    assert biasa.undangan is not None
    assert "Ditanyakan kepada 2 orang" in biasa.undangan.isi
    assert "pengesah kedua" not in biasa.undangan.isi
    assert "Tenggat" not in biasa.undangan.isi
    biasa.terima(pilihan="Tolak")
    dunia.pola(pengesah=2, batas_jawab_jam="4", eskalasi=["atasan"], tutup_sesudah_jam="26")
    dua = jalankan_sampai(dunia, "buka_gerbang", pemicu=f"vendor{dunia.unitup}")
    assert dua.undangan is not None
    dibuka = dunia.satu("SELECT dibuka_pada FROM pengesahan.gerbang WHERE sesi_id = %s", dua.sesi.id)
    zona = ZoneInfo("Asia/Jakarta")
    assert f"Tenggat jawab: {dibuka.astimezone(zona) + timedelta(hours=4):%d-%m-%Y %H:%M} WIB" in dua.undangan.isi
    assert f"Ditutup {dibuka.astimezone(zona) + timedelta(hours=26):%d-%m-%Y %H:%M} WIB" in dua.undangan.isi
    assert "pertama dari dua" in dua.undangan.isi
    assert not any(orang in dua.undangan.isi for orang in (dunia.spv, "atasan"))
    assert dua.buka_gerbang() is not None  # cleared: the same text, the time counted from the first opening
    dua.terima()
    kedua = dua.buka_gerbang(2)
    assert kedua is not None
    assert "kedua dari dua" in kedua.isi
    assert "Ditanyakan kepada 1 orang" in kedua.isi
    with pytest.raises(LewatiLangkah):
        biasa.buka_gerbang(2)

"""What an attack on cancellations found: AP2T that changes between two looks, what the guards let by, what is told."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from batal_fixtures import JalanBatal, batalkan_sampai
from msgspec.structs import replace
from proses_fixtures import APLIKASI, Dunia, jalankan_sampai
from test_pembatalan import posisi

from ap2t.audit.periksa import _aturan
from ap2t.galat import BukuMenolak
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.hooks.kontrak import HasilBatch
from ap2t.ledger.buku import Buku


def cocok_dengan_ap2t(dunia: Dunia) -> None:
    """The ledger's last word of every customer is AP2T's state, and its sums are the rows' sums (invariant 5)."""
    buku = {i: k for i, (k, _) in posisi(dunia).items()}
    assert {i: buku.get(i, 0) for i in dunia.kodeposting()} == dunia.kodeposting()
    nomor = {i: n for i, (k, n) in posisi(dunia).items() if k}
    assert nomor == {i: b["no_pengesahan"] for i, b in dunia.baris_ap2t().items() if b["kodeposting"]}
    b = Buku.buka()
    try:
        with b.transaksi() as tx:
            temuan = _aturan(tx, None, "HITUNGAN", "audit_hitungan", unitup=dunia.unitup, thblrek=dunia.bulan)
            assert [str(t) for t in temuan] == []
            sudah = dunia.satu(
                "SELECT coalesce(sum(h.sudah), 0) FROM pengesahan.hitungan h "
                "JOIN pengesahan.sesi s ON s.id = h.sesi_id WHERE s.unitup = %s",
                dunia.unitup,
            )
    finally:
        b.tutup()
    assert sudah == len(dunia.terposting())


def gagal(jalan: Any) -> None:
    with pytest.raises(BukuMenolak, match="tidak cocok"):
        jalan.rekonsiliasi()


# ------------------------------------------------------------------------- repeated comparisons of one session


def test_disahkan_lain_lalu_dibatalkan_lagi(dunia: Dunia) -> None:
    """AP2T is put right between two comparisons: the ledger must not go on saying what the first one found."""
    dunia.isi(3)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(1, nomor=asal.nomor)
    gagal(jalan)
    dunia.di_ap2t("batal_lain", idpel=[dunia.idpel(1)])  # what the message asks for
    jalan.sampai(dari="rekonsiliasi")
    cocok_dengan_ap2t(dunia)
    assert "disahkan pihak lain" not in jalan.penutup


@pytest.mark.parametrize("kemudian", ["nomor lain", "suplai stan"])
def test_disahkan_lain_lalu_berubah_lagi(dunia: Dunia, kemudian: str) -> None:
    """DIPOSTING under one number, later under another, or lifted to 3: the last is what stands."""
    semua = dunia.isi(3)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(0, nomor="LAIN-1")
    dunia.posting_lain(1, nomor=asal.nomor)
    gagal(jalan)
    if kemudian == "nomor lain":
        dunia.posting_lain(0, nomor="LAIN-2")
    else:
        dunia.di_ap2t("suplai_stan", idpel=[semua[0]])
    jalan.sampai(dari="rekonsiliasi")
    cocok_dengan_ap2t(dunia)


def test_dibatalkan_disahkan_dibatalkan_disahkan(dunia: Dunia) -> None:
    """The suspicion: of one session's comparisons the third and fourth fact about a row count too."""
    semua = dunia.isi(4)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "terima")
    dunia.posting_lain(0, nomor="LAIN-1")  # refused: BEDA_PENGESAHAN
    jalan.batalkan()
    dunia.posting_lain(1, nomor=asal.nomor)
    gagal(jalan)  # 0: DIPOSTING
    dunia.di_ap2t("batal_lain", idpel=[semua[0]])
    dunia.posting_lain(2, nomor=asal.nomor)
    gagal(jalan)  # 0: DIBATALKAN
    dunia.posting_lain(0, nomor="LAIN-3")
    dunia.posting_lain(3, nomor=asal.nomor)
    gagal(jalan)  # 0: DIPOSTING again
    assert posisi(dunia)[semua[0]] == (1, "LAIN-3")
    dunia.di_ap2t("batal_lain", idpel=[semua[0]])
    jalan.sampai(dari="rekonsiliasi")
    cocok_dengan_ap2t(dunia)
    fakta = dunia.buku_lihat.execute(
        "SELECT kejadian FROM pengesahan.luar_sistem WHERE sesi_id = %s AND idpel = %s ORDER BY id",
        [jalan.sesi.id, semua[0]],
    ).fetchall()
    assert [f[0] for f in fakta] == ["DIPOSTING", "DIBATALKAN", "DIPOSTING", "DIBATALKAN"]


def test_yang_dilihat_orang_hanya_keadaan_itu(dunia: Dunia) -> None:
    """A person has looked at LAIN-1; that AP2T now holds the number that was undone is another thing to look at."""
    semua = dunia.isi(3)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(0, nomor="LAIN-1")
    dunia.posting_lain(1, nomor=asal.nomor)
    gagal(jalan)
    dunia.posting_lain(0, nomor=asal.nomor)
    with pytest.raises(BukuMenolak, match=rf"{semua[0]} \(buku: dibatalkan"):
        jalan.rekonsiliasi()
    jalan.sampai(dari="rekonsiliasi")
    cocok_dengan_ap2t(dunia)


def test_pengesahan_dipulihkan_di_ap2t(dunia: Dunia) -> None:
    """The same of an approval: found cancelled, put right in AP2T under our number, compared again."""
    semua = dunia.isi(3)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.di_ap2t("batal_lain", idpel=[semua[0]])
    gagal(jalan)
    dunia.posting_lain(0, nomor=jalan.sesi.nomor)
    jalan.sampai(dari="rekonsiliasi")
    cocok_dengan_ap2t(dunia)
    assert "3 pelanggan sudah disahkan" in jalan.penutup
    assert "dibatalkan pihak lain" not in jalan.penutup


def test_cuplikan_diulang(dunia: Dunia) -> None:
    """The snapshot is taken anew before the gate: a second change by others is written down too."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    dunia.posting_lain(0, nomor="LAIN-1")
    jalan = batalkan_sampai(dunia, "susun")
    dunia.posting_lain(0, nomor="LAIN-2")
    jalan.susun()
    assert posisi(dunia)[semua[0]] == (1, "LAIN-2")
    dunia.di_ap2t("batal_lain", idpel=[semua[0]])
    jalan.susun()
    dunia.posting_lain(0, nomor="LAIN-1")
    jalan.susun()
    cocok_dengan_ap2t(dunia)


def test_penutup_tidak_menghitung_yang_tidak_di_nol(dunia: Dunia) -> None:
    """What is said to be back at posting 0 is there."""
    dunia.isi(3)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(0, nomor="LAIN-1")
    dunia.posting_lain(1, nomor=asal.nomor)
    gagal(jalan)
    jalan.sampai(dari="rekonsiliasi")
    assert list(dunia.kodeposting().values()).count(0) == 1
    assert "Sukses: 1 pelanggan dibatalkan dan kembali belum disahkan (posting 0)" in jalan.penutup
    assert "2 disahkan pihak lain di AP2T" in jalan.penutup


# --------------------------------------------------------------------------------------- an old copy that wakes up


def test_rekonsiliasi_lama_tidak_menulis_sesudah_diambil_alih(dunia: Dunia) -> None:
    """Fencing: a comparison whose run lost the session writes nothing about AP2T as it was long ago."""
    dunia.boleh_berulang = set(dunia.isi(3))
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(1, nomor=asal.nomor)
    asli = KlienAp2t.daftar
    lewat: list[int] = []

    def lambat(klien: KlienAp2t, *a: Any) -> Any:
        isi = list(asli(klien, *a))
        if not lewat:  # this copy has read AP2T's list; meanwhile the session is taken over, and all is approved again
            lewat.append(1)
            dunia.di_ap2t("batal_lain", idpel=[dunia.idpel(1)])
            lagi = dunia.jalan()
            lagi.buka_sesi(hidup=lambda _d, _r: False)
            lagi.sampai(dari="ambil_bacaan")
        return iter(isi)

    dunia.monkeypatch.setattr(KlienAp2t, "daftar", lambat)
    with pytest.raises(BukuMenolak):
        jalan.rekonsiliasi()
    cocok_dengan_ap2t(dunia)


# --------------------------------------------------------------------------------------------- the ledger's guards


def test_fakta_di_luar_sistem_dijaga(dunia: Dunia) -> None:
    """What is found of others' doings is written for the session that looks, in a transaction that sees what stands."""
    semua = dunia.isi(2)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "susun")
    tulis = (
        "INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting, no_pengesahan) "
        "VALUES (%s, %s, %s, %s, %s, 'X')"
    )
    with psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI), autocommit=True) as conn:

        def ditolak(sebab: str, *nilai: Any) -> None:
            with pytest.raises(psycopg.Error, match=sebab):
                conn.execute(tulis, nilai)

        ditolak("luar sistem", asal.id, semua[0], "DIPOSTING", "REKONSILIASI", 1)  # ended
        ditolak("luar sistem", jalan.sesi.id, semua[0], "DIPOSTING", "REKONSILIASI", 1)  # not sent yet
        ditolak("luar sistem", jalan.sesi.id, semua[0], "DIBATALKAN", "CUPLIKAN", 1)
        ditolak("luar sistem", jalan.sesi.id, semua[0], "DIPOSTING", "CUPLIKAN", 0)
        conn.execute("SET default_transaction_isolation = 'repeatable read'")
        ditolak("READ COMMITTED", jalan.sesi.id, semua[0], "DIPOSTING", "CUPLIKAN", 1)


def test_ap2t_bilang_batal_tetapi_tidak_dan_tanpa_nomor(dunia: Dunia) -> None:
    """Where the list shows no number, a row that AP2T called cancelled and still holds fails the run once too."""
    semua = dunia.isi(3)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(1, nomor=asal.nomor)
    daftar = KlienAp2t.daftar
    dunia.monkeypatch.setattr(KlienAp2t, "daftar", lambda *a: (replace(b, no_pengesahan=None) for b in daftar(*a)))
    with pytest.raises(BukuMenolak, match=rf"{semua[1]} \(buku: dibatalkan"):
        jalan.rekonsiliasi()
    jalan.sampai(dari="rekonsiliasi")
    assert jalan.sesi.status == "SELESAI"


def test_tautan_tidak_dapat_ditinggalkan(dunia: Dunia) -> None:
    """A row that our own approval posted points to it: else whoever read it could cancel it, and the link is lost."""
    semua = dunia.isi(2, {0: {"petugas_baca": dunia.spv_b}})
    asal = jalankan_sampai(dunia).sesi
    jalan = JalanBatal(dunia)
    s = jalan.buka()
    with (
        psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI)) as conn,
        pytest.raises(psycopg.Error, match="menunjuk"),
    ):
        conn.execute(
            "INSERT INTO pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, hasil) "
            "VALUES (%s, %s, 1, %s, 'BOLEH')",
            [s.id, semua[0], asal.nomor],
        )


def test_semua_yang_tidak_dapat_disebut(dunia: Dunia) -> None:
    """Who cannot go is named one by one: all of them stand in the log, not only the first twenty."""
    semua = dunia.isi(30)
    jalankan_sampai(dunia)
    dunia.di_ap2t("suplai_stan", idpel=semua[:25], dari=[1])
    jalan = batalkan_sampai(dunia, "susun")
    assert [i for i in semua[:25] if i not in jalan.log] == []


def test_semua_yang_ditolak_ap2t_disebut(dunia: Dunia) -> None:
    """So are those that AP2T refuses after the gate."""
    semua = dunia.isi(30)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "terima")
    dunia.di_ap2t("suplai_stan", idpel=semua[:25], dari=[1])
    jalan.batalkan()
    assert [i for i in semua[:25] if i not in jalan.log] == []


@pytest.mark.parametrize("nilai", ["1E+1000000", "NaN", "-5"])
def test_kwh_yang_bukan_angka_tidak_menghalangi(dunia: Dunia, nilai: str) -> None:
    """One customer whose kWh AP2T shows as no number keeps nobody from being cancelled."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    daftar = KlienAp2t.daftar
    dunia.monkeypatch.setattr(
        KlienAp2t,
        "daftar",
        lambda *a: (replace(b, pemkwh=nilai) if b.idpel == semua[0] else b for b in daftar(*a)),
    )
    jalan = batalkan_sampai(dunia)
    assert dunia.hasil(jalan.sesi) == dict.fromkeys(semua, ("BATAL", None))
    assert (jalan.sesi.rekap or {})["hasil"]["kwh_lolos"] == "150"


def test_yang_hilang_dari_ap2t_tidak_tetap_disahkan(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row AP2T does not know any more is not at 1 in the ledger either, and stops nobody (invariant 5)."""
    dunia.isi(3)
    jalankan_sampai(dunia)
    hilang = dunia.idpel(1)
    jalan = batalkan_sampai(dunia, "terima")
    kirim, daftar = KlienAp2t.kirim_pembatalan, KlienAp2t.daftar

    def tidak_kenal(d: KlienAp2t, kunci: str, badan: Badan) -> HasilBatch:
        """The sandbox forgets no customer: it is told that it did."""
        hasil = kirim(d, kunci, badan)
        asing = {"status": "DITOLAK", "kodeposting": None, "kode": "IDPEL_TIDAK_DIKENAL"}
        return replace(hasil, hasil=tuple(replace(h, **asing) if h.idpel == hilang else h for h in hasil.hasil))

    monkeypatch.setattr(KlienAp2t, "kirim_pembatalan", tidak_kenal)
    monkeypatch.setattr(KlienAp2t, "daftar", lambda d, *a: (b for b in daftar(d, *a) if b.idpel != hilang))
    jalan.sampai(dari="batalkan")
    assert jalan.sesi.status == "SELESAI"
    assert dunia.hasil(jalan.sesi)[hilang] == ("DITOLAK", "IDPEL_TIDAK_DIKENAL")
    assert {i: k for i, (k, _) in posisi(dunia).items()} == dict.fromkeys([dunia.idpel(n) for n in range(3)], 0)
    with Buku.buka().transaksi() as tx:
        assert tx.luar.posisi(jalan.sesi) == {}

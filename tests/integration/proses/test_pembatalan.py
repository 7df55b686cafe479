"""Cancelling approvals on real parts: what may go, who decides, and what is left behind (invariants 1, 3, 4, 5, 6)."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from batal_fixtures import ALASAN, JalanBatal, batalkan_sampai
from msgspec.structs import replace
from proses_fixtures import APLIKASI, Dunia, jalankan_sampai

from ap2t.galat import BelumSiap, BukuMenolak, LewatiLangkah, MasukanTidakSah, WewenangKurang
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.penjaga.tenggat import jaga_sesi
from ap2t.proses.buka import ambil_alih
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.tutup import hentikan


def baris(dunia: Dunia, jalan: JalanBatal) -> dict[str, tuple[Any, ...]]:
    """Return the cancellation's snapshot: idpel -> (kodeposting, no_pengesahan, asal, hasil, sebab)."""
    isi = dunia.buku_lihat.execute(
        "SELECT idpel, kodeposting, no_pengesahan, asal, hasil, sebab FROM pengesahan.pembatalan_baris "
        "WHERE sesi_id = %s",
        [jalan.sesi.id],
    )
    return {b[0]: b[1:] for b in isi}


def posisi(dunia: Dunia) -> dict[str, tuple[int, str]]:
    """Return where each customer stands by the last outcome, or others' doing, in the ledger's tables."""
    isi = dunia.buku_lihat.execute(
        """
        SELECT DISTINCT ON (k.idpel) k.idpel, k.kodeposting, k.nomor
          FROM (SELECT h.idpel, h.kodeposting, s.nomor, h.pada, s.unitup, s.thblrek
                  FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id WHERE h.status <> 'DITOLAK'
                UNION ALL
                SELECT l.idpel, l.kodeposting, l.no_pengesahan, l.ditemukan_pada, s.unitup, s.thblrek
                  FROM pengesahan.luar_sistem l JOIN pengesahan.sesi s ON s.id = l.sesi_id) k
         WHERE k.unitup = %s AND k.thblrek = %s ORDER BY k.idpel, k.pada DESC
        """,
        [dunia.unitup, dunia.bulan],
    )
    return {b[0]: (b[1], b[2]) for b in isi}


# ------------------------------------------------------------------------------------------------- the main path


def test_semua_dibatalkan_lalu_disahkan_lagi(dunia: Dunia) -> None:
    """SOP 12.1, purpose 5: all goes back to belum disahkan, a later round takes it again; history keeps both."""
    semua = dunia.isi(6)
    dunia.boleh_berulang = set(semua)
    asal = jalankan_sampai(dunia).sesi
    batal = batalkan_sampai(dunia)
    assert batal.sesi.nomor.startswith(f"PB-{dunia.unitup}-{dunia.bulan}-A-01-")
    assert (batal.sesi.status, batal.sesi.tahap) == ("SELESAI", "COCOK")
    assert batal.penutup.startswith("Sukses: 6 pelanggan dibatalkan")
    assert asal.nomor in batal.penutup
    assert set(dunia.kodeposting().values()) == {0}
    assert dunia.hasil(batal.sesi) == dict.fromkeys(semua, ("BATAL", None))
    assert posisi(dunia) == dict.fromkeys(semua, (0, batal.sesi.nomor))
    with batal.layanan.buku.transaksi() as tx:
        assert tx.pembatalan.tautan(batal.sesi) == {asal.nomor: 6}
        assert tx.pembatalan.tautan(asal) == {batal.sesi.nomor: 6}
        assert tx.luar.posisi(asal) == {}
    lagi = jalankan_sampai(dunia)
    assert (lagi.sesi.status, lagi.sesi.putaran) == ("SELESAI", 2)
    assert dunia.terposting() == set(semua)
    assert dunia.hasil(asal) == dict.fromkeys(semua, ("POSTING", None))
    ulang = batalkan_sampai(dunia)  # cancel, approve again, cancel again
    assert ulang.sesi.putaran == 2
    assert {b[1] for b in baris(dunia, ulang).values()} == {lagi.sesi.nomor}
    assert set(dunia.kodeposting().values()) == {0}
    assert {j["oleh"] for j in dunia.jejak_ap2t() if j["ke"] == 0} == {f"ap-{dunia.spv}"}


def test_daftar_hanya_yang_disebut(dunia: Dunia) -> None:
    """Cakupan daftar: blanks are dropped, the others stay; the reason and the number go to AP2T as they are."""
    semua = dunia.isi(6)
    jalankan_sampai(dunia)
    dikirim: list[dict[str, Any]] = []
    asli = KlienAp2t.kirim_pembatalan
    dunia.monkeypatch.setattr(
        KlienAp2t,
        "kirim_pembatalan",
        lambda k, kunci, badan: dikirim.append(json.loads(badan.teks)) or asli(k, kunci, badan),
    )
    jalan = batalkan_sampai(dunia, "tutup", f" {semua[3]} ", "", semua[1], semua[3])
    assert dunia.terposting() == set(semua) - {semua[1], semua[3]}
    (isi,) = dikirim
    assert isi["alasan"] == ALASAN
    assert isi["no_pembatalan"] == jalan.sesi.nomor
    assert [b["idpel"] for b in isi["baris"]] == [semua[1], semua[3]]
    assert dunia.sandbox.log("pelanggaran") == []


def test_yang_tidak_dapat_dibatalkan_disebut_satu_per_satu(dunia: Dunia) -> None:
    """Each that cannot go is named with why, and keeps nobody else from going: at 3, at 0, elsewhere, unknown."""
    semua = dunia.isi(5, {3: {"daya": None}, 4: {"hari_baca": "B"}}, di_ap2t=False)
    dunia.kirim_pelanggan([(i, 1300) for i in semua[:4]])
    asal = jalankan_sampai(dunia).sesi
    dunia.kode = "B"
    dunia.kirim_pelanggan([(semua[4], 1300)])
    jalankan_sampai(dunia)
    dunia.kode = "A"
    dunia.di_ap2t("suplai_stan", idpel=[semua[2]])
    unit_lain = "999990000001"
    jalan = batalkan_sampai(dunia, "tutup", *semua, unit_lain)
    assert baris(dunia, jalan) == {
        semua[0]: (1, asal.nomor, asal.id, "BOLEH", None),
        semua[1]: (1, asal.nomor, asal.id, "BOLEH", None),
        semua[2]: (3, asal.nomor, asal.id, "TIDAK", "SUDAH_SUPLAI_STAN"),
        semua[3]: (0, None, None, "TIDAK", "BELUM_POSTING"),
        semua[4]: (None, None, None, "TIDAK", "KELOMPOK_LAIN"),
        unit_lain: (None, None, None, "TIDAK", "IDPEL_TIDAK_DIKENAL"),
    }
    assert dunia.hasil(jalan.sesi) == dict.fromkeys(semua[:2], ("BATAL", None))
    assert "2 pelanggan dibatalkan dan kembali belum disahkan (posting 0), 4 tidak dapat dibatalkan" in jalan.penutup
    assert jalan.undangan is not None
    for idpel in (*semua[2:], unit_lain):
        assert idpel in jalan.log
        assert idpel not in jalan.undangan.isi  # the gate only counts them
    tercatat = dunia.buku_lihat.execute(
        "SELECT isi ->> 'sebab', isi -> 'idpel' FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = %s",
        [jalan.sesi.id, "TIDAK_DAPAT_DIBATALKAN"],
    ).fetchall()
    assert dict(tercatat) == {b[4]: [i] for i, b in baris(dunia, jalan).items() if b[4]}
    dunia.kode = "B"
    assert dunia.terposting() == {semua[4]}


def test_semua_menyebut_suplai_stan_dan_bukan_yang_belum_disahkan(dunia: Dunia) -> None:
    """Cakupan semua is what AP2T holds at 1; rows at 3 are refused by name; what was never approved is counted."""
    semua = dunia.isi(4, {3: {"daya": None}})
    jalankan_sampai(dunia)
    dunia.di_ap2t("suplai_stan", idpel=[semua[0]], dari=[1])
    jalan = batalkan_sampai(dunia)
    assert {i: b[4] for i, b in baris(dunia, jalan).items()} == {
        semua[0]: "SUDAH_SUPLAI_STAN",
        semua[1]: None,
        semua[2]: None,
    }
    assert dunia.isi_jejak(jalan.sesi, "CUPLIKAN_DIAMBIL")["belum_posting"] == 1
    assert dunia.kodeposting() == {semua[0]: 3, semua[1]: 0, semua[2]: 0, semua[3]: 0}


def test_dua_putaran_dibatalkan_sekaligus(dunia: Dunia) -> None:
    """SOP 12.1, rule 3: rows of two rounds go in one cancellation; each names its round, and so does the gate."""
    semua = dunia.isi(7, {5: {"daya": None}, 6: {"daya": None}})
    pertama = jalankan_sampai(dunia).sesi
    for n in (5, 6):
        dunia.ubah_acmt(n, daya="1300")
    kedua = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia)
    assert {i: b[1] for i, b in baris(dunia, jalan).items()} == {
        **dict.fromkeys(semua[:5], pertama.nomor),
        **dict.fromkeys(semua[5:], kedua.nomor),
    }
    with jalan.layanan.buku.transaksi() as tx:
        assert tx.pembatalan.tautan(jalan.sesi) == {pertama.nomor: 5, kedua.nomor: 2}
        assert tx.pembatalan.tautan(kedua) == {jalan.sesi.nomor: 2}
    assert jalan.undangan is not None
    assert re.search(rf"`{pertama.nomor}` *\| 1 *\| 5", jalan.undangan.isi)
    assert re.search(rf"`{kedua.nomor}` *\| 2 *\| 2", jalan.undangan.isi)
    assert not re.search(r"\b(1\.050|750|300)\b", jalan.undangan.isi)  # no kWh, of whomever


def test_kwh_sedikit_pelanggan_tidak_ditunjukkan(dunia: Dunia) -> None:
    """Invariant 7: the gate is open to other units; no sum of kWh is shown, and nobody's name."""
    dunia.isi(4, {n: {"sahlwbp": "1151", "pemkwh": "151"} for n in range(4)})
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    for rahasia in ("604", "151", "Siti", dunia.spv_b):
        assert not re.search(rf"\b{rahasia}\b", jalan.undangan.isi)
    jalan.terima(pilihan=TOLAK)


def test_alasan_di_gerbang_tidak_dapat_menyamar(dunia: Dunia) -> None:
    """What a person wrote is shown as it is: nothing in it becomes a heading, a link or a row of the rekap."""
    dunia.isi(1)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang", alasan="x | y\n# Sah [klik](http://a.b) <b>")
    assert jalan.undangan is not None
    assert r"x \| y \# Sah \[klik\]\(http\:\/\/a\.b\) \<b\>" in jalan.undangan.isi
    jalan.terima(pilihan=TOLAK)


def test_posting_pihak_lain_dapat_dibatalkan_dan_ditunjukkan(dunia: Dunia) -> None:
    """AP2T's list decides: rows posted under a number that is not ours may go, and are shown as such."""
    semua = dunia.isi(3)
    dunia.posting_lain(2, nomor="LAIN-9")
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia)
    assert baris(dunia, jalan)[semua[2]] == (1, "LAIN-9", None, "BOLEH", None)
    assert jalan.undangan is not None
    assert re.search(r"di luar sistem ini *\| - *\| 1 *\|", jalan.undangan.isi)
    assert set(dunia.kodeposting().values()) == {0}
    assert posisi(dunia)[semua[2]] == (0, jalan.sesi.nomor)
    with jalan.layanan.buku.transaksi() as tx:
        assert tx.pembatalan.tautan(jalan.sesi) == {asal.nomor: 2}


def test_nomor_kita_pada_yang_tidak_kita_sahkan(dunia: Dunia) -> None:
    """A row that AP2T holds under a number of ours, and that we never posted, is not said to be ours."""
    semua = dunia.isi(3, {2: {"daya": None}})
    asal = jalankan_sampai(dunia).sesi
    dunia.posting_lain(2, nomor=asal.nomor)
    jalan = batalkan_sampai(dunia)
    assert baris(dunia, jalan)[semua[2]] == (1, asal.nomor, None, "BOLEH", None)
    with jalan.layanan.buku.transaksi() as tx:
        assert tx.pembatalan.tautan(jalan.sesi) == {asal.nomor: 2}
    assert set(dunia.kodeposting().values()) == {0}


def test_posting_tanpa_nomor(dunia: Dunia) -> None:
    """The number is optional in AP2T's list: what is ours by our record goes under our number, the rest is refused."""
    semua = dunia.isi(3)
    dunia.posting_lain(2, nomor=None)
    asal = jalankan_sampai(dunia).sesi
    daftar = KlienAp2t.daftar
    dunia.monkeypatch.setattr(KlienAp2t, "daftar", lambda *a: (replace(b, no_pengesahan=None) for b in daftar(*a)))
    jalan = batalkan_sampai(dunia)
    assert baris(dunia, jalan) == {
        **dict.fromkeys(semua[:2], (1, asal.nomor, asal.id, "BOLEH", None)),
        semua[2]: (1, None, None, "TIDAK", "TANPA_NOMOR"),
    }
    assert (jalan.sesi.status, dunia.terposting()) == ("SELESAI", {semua[2]})


def test_nihil_berakhir_baik(dunia: Dunia) -> None:
    """Nothing to cancel is a clean end that says why; nobody is asked, nothing is sent."""
    semua = dunia.isi(2)
    jalan = JalanBatal(dunia, semua[0])
    jalan.buka()
    jalan.susun()
    for langkah in (jalan.buka_gerbang, jalan.batalkan):
        with pytest.raises(LewatiLangkah):
            langkah()
    jalan.tutup()
    assert jalan.sesi.status == "NIHIL"
    assert jalan.penutup.startswith("Tidak ada yang dapat dibatalkan")
    assert semua[0] in jalan.penutup
    kosong = JalanBatal(dunia)
    kosong.buka()
    kosong.susun()
    assert "belum ada pelanggan yang sudah disahkan" in kosong.tutup()
    assert dunia.batch(jalan.sesi) == dunia.batch(kosong.sesi) == []


# ------------------------------------------------------------------------------------------- who, and what form


@pytest.mark.parametrize(
    ("ubah", "sebab"),
    [
        ({"cakupan": None}, "Cakupan pembatalan belum dipilih"),
        ({"cakupan": "Semua"}, "Cakupan pembatalan belum dipilih"),
        ({"cakupan": "daftar"}, "sedikitnya satu idpel"),
        ({"cakupan": "daftar", "idpel": [" ", None]}, "sedikitnya satu idpel"),
        ({"idpel": ["600010000001"]}, "tidak menerima daftar"),
        ({"cakupan": "daftar", "idpel": ["Siti", "12"]}, "2 isian yang bukan idpel"),
        ({"cakupan": "daftar", "idpel": {"a": 1}}, "harus berupa daftar"),
        ({"alasan": "  pendek   "}, "10 sampai 500"),
        ({"alasan": "x" * 501}, "10 sampai 500"),
        ({"alasan": None}, "10 sampai 500"),
        ({"alasan": "panjang tapi \x00 rusak"}, "10 sampai 500"),
    ],
)
def test_masukan_ditolak(dunia: Dunia, ubah: dict[str, Any], sebab: str) -> None:
    """A form that is not clear opens nothing, says what to do, and leaves its mark in the trail."""
    jalan = JalanBatal(dunia, **ubah)
    with pytest.raises(MasukanTidakSah, match=sebab) as galat:
        jalan.buka()
    assert "Siti" not in str(galat.value)
    assert dunia.satu("SELECT count(*) FROM pengesahan.sesi WHERE run_id = %s", jalan.run_id) == 0
    upaya = "SELECT isi ->> 'sebab' FROM pengesahan.jejak WHERE jenis = 'UPAYA_MULAI_DITOLAK' AND isi ->> 'run_id' = %s"
    assert dunia.satu(upaya, jalan.run_id) == str(galat.value)


def test_tempat_harus_ada_dan_terbuka(dunia: Dunia) -> None:
    """Month and kelompok are required and known to AP2T; a closed period is said at once, not after an approval."""
    dunia.isi(1)
    with pytest.raises(MasukanTidakSah, match="thblrek"):
        JalanBatal(dunia).buka(thblrek=None)
    with pytest.raises(MasukanTidakSah, match="tidak mengenal"):
        JalanBatal(dunia).buka(hari_baca="T")
    with pytest.raises(MasukanTidakSah, match="tidak dikenal"):
        JalanBatal(dunia).buka(asing=["tunggu_kesiapan"])
    dunia.di_ap2t("periode", terbuka=False)
    with pytest.raises(BelumSiap, match="tertutup"):
        JalanBatal(dunia).buka()
    with pytest.raises(WewenangKurang, match="tidak mencatat siapa"):
        JalanBatal(dunia).buka(pemicu=None)
    with pytest.raises(WewenangKurang, match="bukan petugas aktif"):
        JalanBatal(dunia).buka(pemicu="orang_lain")


def test_run_id_tidak_dapat_dipakai_untuk_permintaan_lain(dunia: Dunia) -> None:
    """A cleared first task finds its session again; the same run asking for something else does not reach it."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "susun", semua[0])
    sidik = jalan.sesi.sidik
    jalan.buka()
    jalan.susun()
    assert jalan.sesi.sidik == sidik
    jalan.isian = jalan.isian._replace(alasan="alasan yang lain sama sekali")
    with pytest.raises(BukuMenolak, match="permintaan lain"):
        jalan.buka()
    jalan.isian = jalan.isian._replace(alasan=ALASAN)
    jalan.buka_gerbang()
    jalan.susun()  # frozen: what was shown stays
    assert jalan.sesi.sidik == sidik
    assert "dibekukan" in jalan.log
    jalan.terima(pilihan=TOLAK)


def test_tolak_tidak_membatalkan_apa_pun(dunia: Dunia) -> None:
    """Tolak ends the run well: session DITOLAK, all as it was, and the kelompok is free at once."""
    semua = dunia.isi(3)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    jalan.terima(pilihan=TOLAK)
    assert "Tidak ada yang dibatalkan; semua tetap seperti semula" in jalan.tutup()
    assert (jalan.sesi.status, dunia.terposting()) == ("DITOLAK", set(semua))
    assert dunia.batch(jalan.sesi) == []
    assert batalkan_sampai(dunia, "tutup", semua[0]).sesi.status == "SELESAI"


def test_formulir_gerbang_tanpa_kembalikan(dunia: Dunia) -> None:
    """Sending back has no meaning in a cancellation: an answer that tries it is refused, by the ledger itself too."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match="kembalikan"):
        jalan.terima(isian={"kembalikan": [semua[0]]})
    assert dunia.terposting() == set(semua)
    with (
        psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI)) as conn,
        pytest.raises(psycopg.Error, match="tidak mengembalikan pelanggan"),
    ):
        conn.execute(
            "INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas,"
            " dijawab_pada) VALUES (%s, 1, 'SETUJU', %s, %s, %s, '{}', now())",
            [jalan.sesi.id, dunia.spv, [semua[0]], jalan.sesi.sidik],
        )
    with pytest.raises(BukuMenolak, match="sidik"):
        jalan.terima(isian={"sidik": "x"})
    jalan.terima(isian={"catatan": "sudah diperiksa", "kembalikan": ["", None]})  # empty: as if it were not there
    jalan.sampai(dari="batalkan")


def test_tanpa_persetujuan_tidak_ada_yang_dibatalkan(dunia: Dunia) -> None:
    """Invariant 1: marking the gate success cancels nothing; the attempt stands in the trail."""
    semua = dunia.isi(3)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match=r"bukan persetujuan\. Tidak ada yang dibatalkan"):
        jalan.batalkan()
    with pytest.raises(BukuMenolak, match=rf"^Pembatalan sesi {jalan.sesi.nomor} belum selesai dikirim"):
        jalan.rekonsiliasi()
    with pytest.raises(BukuMenolak, match="belum direkonsiliasi"):
        jalan.tutup()
    assert "UPAYA_POSTING_DITOLAK" in dunia.jenis_jejak(jalan.sesi)
    assert dunia.terposting() == set(semua)
    jalan.terima()
    dunia.petugas(dunia.spv, aktif=False)
    with pytest.raises(WewenangKurang, match="ADMIN_CMT"):
        jalan.batalkan()
    assert dunia.terposting() == set(semua)


def test_satu_pengesah_cukup_juga_bila_unit_meminta_dua(dunia: Dunia) -> None:
    """A cancellation has one gate; the unit's second approver is for approvals only."""
    dunia.isi(2)
    dunia.pola(pengesah=2)
    asal = dunia.jalan(pemicu=f"vendor{dunia.unitup}")
    asal.sampai("terima")
    asal.buka_gerbang(2)
    asal.terima(oleh=dunia.spv_b, urutan=2)
    asal.sampai(dari="posting")
    jalan = batalkan_sampai(dunia)
    assert (jalan.sesi.pengesah, jalan.sesi.status) == (1, "SELESAI")
    with pytest.raises(psycopg.Error, match="pembatalan_satu_pengesah"):
        dunia.buku_lihat.execute(
            "INSERT INTO pengesahan.sesi (nomor, jenis, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola,"
            " pengesah, batas_jam_nyala, versi_aturan, versi_kode, zona_waktu) SELECT 'PB-x', jenis, unitup, thblrek,"
            " hari_baca, 9, dag_id, 'x', pola, 2, batas_jam_nyala, versi_aturan, versi_kode, zona_waktu"
            " FROM pengesahan.sesi WHERE id = %s",
            [jalan.sesi.id],
        )


def test_pemisahan_tugas_berlaku_atas_yang_dibatalkan(dunia: Dunia) -> None:
    """Who read, verified or sent a row does not decide that its approval is undone; who approved it may."""
    semua = dunia.isi(4, {0: {"petugas_baca": dunia.spv_b}})
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    assert jalan.undangan is not None
    assert jalan.undangan.orang == [dunia.spv]
    assert "tidak boleh membatalkan pengesahannya" in jalan.log
    with pytest.raises(WewenangKurang, match="membaca 1 bacaan"):
        jalan.terima(oleh=dunia.spv_b)
    with (
        psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI)) as conn,
        pytest.raises(psycopg.Error, match="tidak boleh memutuskannya"),
    ):
        conn.execute(
            "INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas,"
            " dijawab_pada) VALUES (%s, 1, 'SETUJU', %s, '{}', %s, '{}', now())",
            [jalan.sesi.id, f" {dunia.spv_b.upper()}", jalan.sesi.sidik],
        )
    jalan.terima(pilihan=TOLAK)
    tanpa = batalkan_sampai(dunia, "buka_gerbang", *semua[1:])
    assert tanpa.undangan is not None
    assert tanpa.undangan.orang == sorted([dunia.spv, dunia.spv_b])
    tanpa.terima(oleh=dunia.spv_b)
    tanpa.sampai(dari="batalkan")
    assert {b["oleh"] for b in dunia.jejak_ap2t() if b["ke"] == 0} == {f"ap-{dunia.spv_b}"}


def test_jawaban_terlambat_dan_penjaga(dunia: Dunia) -> None:
    """The unit's deadlines hold for a cancellation; the watch ends it and leaves everything as it was."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    dunia.pola(tutup_sesudah_jam="1")
    jalan = batalkan_sampai(dunia, "buka_gerbang")
    dunia.dirusak = {"PERSETUJUAN"}
    dunia.buku_lihat.execute("ALTER TABLE pengesahan.gerbang DISABLE TRIGGER USER")
    dunia.buku_lihat.execute(
        "UPDATE pengesahan.gerbang SET dibuka_pada = dibuka_pada - interval '2 hours' WHERE sesi_id = %s",
        [jalan.sesi.id],
    )
    dunia.buku_lihat.execute("ALTER TABLE pengesahan.gerbang ENABLE TRIGGER USER")
    jaga_sesi(jalan.layanan, lambda _d, _r: True, jalan.lapor)
    assert jalan.sesi.status == "KEDALUWARSA"
    assert "Tidak ada yang dibatalkan; semua tetap seperti semula" in str(jalan.sesi.keterangan)
    assert dunia.terposting() == set(semua)


# --------------------------------------------------------------------------------------------- races and others


def test_satu_sesi_terbuka_dari_kedua_jenis(dunia: Dunia) -> None:
    """Invariant 4: a cancellation and a pengesahan of one kelompok exclude each other, whichever came first."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    batal = batalkan_sampai(dunia, "buka_gerbang")
    with pytest.raises(BukuMenolak, match=batal.sesi.nomor):
        jalankan_sampai(dunia, "buka_sesi")
    with pytest.raises(BukuMenolak, match=batal.sesi.nomor):
        JalanBatal(dunia).buka()
    batal.terima(pilihan=TOLAK)
    sah = jalankan_sampai(dunia, "buka_sesi")
    with pytest.raises(BukuMenolak, match=sah.sesi.nomor):
        JalanBatal(dunia).buka()
    # a dead run of either kind is taken over by the other
    ganti = JalanBatal(dunia)
    ganti.buka(hidup=lambda _d, _r: False)
    assert sah.sesi.status == "DIAMBIL_ALIH"
    ganti.sampai("buka_gerbang", dari="susun")
    pengganti = dunia.jalan()
    pengganti.buka_sesi(hidup=lambda _d, _r: False)
    assert ganti.sesi.status == "DIAMBIL_ALIH"
    assert pengganti.sesi.jenis == "PENGESAHAN"
    assert dunia.terposting() == set(semua)


def test_dibuka_pada_saat_yang_sama(dunia: Dunia) -> None:
    """Invariant 4: a cancellation and a pengesahan that open at the very same moment: one of them gets the kelompok."""
    dunia.isi(2)
    jalankan_sampai(dunia)
    mulai = threading.Barrier(2)
    hasil: list[str] = []

    def coba(buka: Callable[[], Any]) -> None:
        mulai.wait()
        try:
            hasil.append(buka().jenis)
        except BukuMenolak:
            hasil.append("DITOLAK")

    for _ in range(5):
        hasil.clear()
        batal, sah = JalanBatal(dunia), dunia.jalan()
        utas = [threading.Thread(target=coba, args=[b]) for b in (batal.buka, sah.buka_sesi)]
        for u in utas:
            u.start()
        for u in utas:
            u.join(30)
        assert sorted(hasil)[0] == "DITOLAK"
        assert len(set(hasil)) == 2
        pemenang = batal if "PEMBATALAN" in hasil else sah
        ambil_alih(pemenang.langkah, dunia.spv)


def test_berubah_di_ap2t_selagi_menunggu(dunia: Dunia) -> None:
    """Suplai Stan in the middle, another's approval or cancellation: refused row by row, by name; the rest goes."""
    semua = dunia.isi(6)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "terima")
    dunia.di_ap2t("suplai_stan", idpel=[semua[0]])
    dunia.di_ap2t("batal_lain", idpel=semua[1:3])
    dunia.posting_lain(1, nomor="LAIN-1")
    jalan.sampai(dari="batalkan")
    assert dunia.hasil(jalan.sesi) == {
        semua[0]: ("DITOLAK", "SUDAH_SUPLAI_STAN"),
        semua[1]: ("DITOLAK", "BEDA_PENGESAHAN"),
        semua[2]: ("BELUM_POSTING", None),
        **dict.fromkeys(semua[3:], ("BATAL", None)),
    }
    assert jalan.sesi.status == "SELESAI"
    assert semua[0] in jalan.log
    assert semua[1] in jalan.log
    assert "3 pelanggan dibatalkan" in jalan.penutup
    assert "2 ditolak AP2T, 1 sudah dibatalkan pihak lain, 1 disahkan pihak lain di AP2T" in jalan.penutup
    assert posisi(dunia) == {
        semua[0]: (1, posisi(dunia)[semua[0]][1]),
        semua[1]: (1, "LAIN-1"),
        **dict.fromkeys(semua[2:], (0, jalan.sesi.nomor)),
    }
    assert dunia.isi_jejak(jalan.sesi, "DILUAR_SISTEM")["jumlah"] == 1


def test_disahkan_lagi_pihak_lain_sesudah_dibatalkan(dunia: Dunia) -> None:
    """Invariant 5: what others approve again before the comparison is recorded DILUAR_SISTEM; AP2T's state wins."""
    semua = dunia.isi(3)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(0, nomor="LAIN-2")
    jalan.sampai(dari="rekonsiliasi")
    assert f"{semua[0]} (DIPOSTING)" in jalan.log
    assert posisi(dunia)[semua[0]] == (1, "LAIN-2")
    assert jalan.sesi.status == "SELESAI"


def test_ap2t_bilang_batal_tetapi_tidak(dunia: Dunia) -> None:
    """Invariant 5: a row that AP2T called cancelled and still holds fails the run once, by name."""
    semua = dunia.isi(3)
    asal = jalankan_sampai(dunia).sesi
    jalan = batalkan_sampai(dunia, "batalkan")
    dunia.posting_lain(1, nomor=asal.nomor)
    with pytest.raises(BukuMenolak, match=rf"{semua[1]} \(buku: dibatalkan, AP2T: masih disahkan"):
        jalan.rekonsiliasi()
    assert jalan.sesi.tahap == "TERPOSTING"
    jalan.sampai(dari="rekonsiliasi")  # a person has looked, and cleared the task
    assert jalan.sesi.status == "SELESAI"
    assert posisi(dunia)[semua[1]] == (1, asal.nomor)


def test_kelompok_10000_pelanggan(dunia: Dunia) -> None:
    """A whole group of 10,000 goes in ten batches; snapshot, gate and outcome count every one."""
    semua = dunia.isi(10_000)
    dunia.di_ap2t(
        "posting_lain",
        baris=[{"idpel": i, "sahlwbp": "1150", "sahwbp": None, "sahkvarh": None, "pemkwh": "150"} for i in semua],
        no_pengesahan="LAIN-5",
    )
    jalan = batalkan_sampai(dunia)
    assert "Sukses: 10.000 pelanggan dibatalkan" in jalan.penutup
    assert jalan.undangan is not None
    assert "10.000" in jalan.undangan.isi
    assert set(dunia.kodeposting().values()) == {0}
    assert len(dunia.batch(jalan.sesi)) == 10


# ------------------------------------------------------------------------------------- the ledger's own guards


def test_penjaga_buku(dunia: Dunia) -> None:
    """What is frozen stays; a batch holds only rows that may go, under approval and epoch: the database says so."""
    semua = dunia.isi(3)
    jalankan_sampai(dunia)
    dunia.di_ap2t("suplai_stan", idpel=[semua[2]])
    jalan = batalkan_sampai(dunia, "terima")
    s = jalan.sesi
    batch = (
        "INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) "
        "VALUES (gen_random_uuid(), %s, %s, %s, %s, 'x')"
    )
    tulis = (
        "INSERT INTO pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, hasil) "
        "VALUES (%s, '600000000000', 1, 'X', 'BOLEH')"
    )
    with psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI), autocommit=True) as conn:

        def ditolak(sebab: str, perintah: str, *nilai: Any) -> None:
            with pytest.raises(psycopg.Error, match=sebab):
                conn.execute(perintah, nilai)

        ditolak("sudah dibekukan", tulis, s.id)
        ditolak("sudah dibekukan", "SELECT pengesahan.hapus_cuplikan(%s)", s.id)
        ditolak("permission denied", "UPDATE pengesahan.pembatalan SET alasan = 'alasan lain sekali'")
        ditolak("permission denied", "DELETE FROM pengesahan.pembatalan_baris")
        ditolak("hanya ditulis saat", "INSERT INTO pengesahan.pembatalan VALUES (%s, 'semua', %s, '{}')", s.id, ALASAN)
        ditolak("tidak \\(lagi\\) memposting", batch, s.id, s.epoch, dunia.spv, [semua[0]])
        conn.execute("UPDATE pengesahan.sesi SET tahap = 'MEMPOSTING', epoch = epoch + 1 WHERE id = %s", [s.id])
        dunia.dirusak = {"SESI", "BATCH", "HASIL"}
        ditolak("belum disetujui", batch, s.id, 2, dunia.spv_b, [semua[0]])
        ditolak("tidak boleh dibatalkan", batch, s.id, 2, dunia.spv, [semua[0], semua[2]])
        ditolak("tidak boleh dibatalkan", batch, s.id, 2, dunia.spv, ["999990000001"])
        ditolak("tidak \\(lagi\\) memposting", batch, s.id, 1, dunia.spv, [semua[0]])
        conn.execute(batch, [s.id, 2, dunia.spv, [semua[0]]])
        ditolak("tidak boleh dibatalkan", batch, s.id, 2, dunia.spv, semua[:2])
        hasil = (
            "INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kodeposting) "
            "SELECT sesi_id, %s, kunci, 'BATAL', 0 FROM pengesahan.batch WHERE sesi_id = %s AND status = 'DIKIRIM'"
        )
        conn.execute(hasil, [semua[0], s.id])
        conn.execute(
            "UPDATE pengesahan.batch SET status = 'DITERAPKAN', selesai_pada = now() WHERE sesi_id = %s", [s.id]
        )
        ditolak("tidak boleh dibatalkan", batch, s.id, 2, dunia.spv, [semua[0]])


@pytest.mark.parametrize(
    ("nilai", "aturan"),
    [
        ((3, "X", "BOLEH", None), "pembatalan_posting_1"),
        ((0, "X", "BOLEH", None), "pembatalan_posting_1"),
        ((None, "X", "BOLEH", None), "pembatalan_posting_1"),
        ((1, None, "BOLEH", None), "pembatalan_posting_1"),
        ((1, "X" * 65, "BOLEH", None), "pembatalan_posting_1"),
        ((1, "X", "BOLEH", "SEBAB"), "pembatalan_sebab"),
        ((3, "X", "TIDAK", None), "pembatalan_sebab"),
    ],
)
def test_baris_yang_boleh_hanya_posting_1_bernomor(dunia: Dunia, nilai: tuple[Any, ...], aturan: str) -> None:
    """What may be cancelled stands at 1 under a number AP2T can be told; the database itself holds to that."""
    dunia.isi(1)
    dunia.posting_lain(0)
    jalan = batalkan_sampai(dunia, "susun")
    with pytest.raises(psycopg.errors.CheckViolation, match=aturan):
        dunia.buku_lihat.execute(
            "INSERT INTO pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, hasil, sebab) "
            "VALUES (%s, '600000000000', %s, %s, %s, %s)",
            [jalan.sesi.id, *nilai],
        )


def test_yang_ditinggal_run_nya_ditandai_dan_dilanjutkan(dunia: Dunia) -> None:
    """The watch marks a cancellation whose run is gone; clearing the failed task resumes it where it stood."""
    semua = dunia.isi(2)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "terima")
    jaga_sesi(jalan.layanan, lambda _d, _r: False, jalan.lapor)
    assert jalan.sesi.status == "TERHENTI"
    with jalan.layanan.buku.transaksi() as tx:
        tx.jejak.catat("SESI_DILANJUTKAN", {"tahap": jalan.lanjutkan().tahap}, sesi_id=jalan.sesi.id)
    jalan.sampai(dari="batalkan")
    assert dunia.hasil(jalan.sesi) == dict.fromkeys(semua, ("BATAL", None))


def test_asal_harus_milik_kelompok(dunia: Dunia) -> None:
    """The link to the approval that is undone cannot point elsewhere: another kelompok, another number, no approval."""
    semua = dunia.isi(1)
    asal = jalankan_sampai(dunia).sesi
    dunia.bulan = "202605"
    dunia.isi(1)
    jalan = batalkan_sampai(dunia, "susun")
    for asal_id, nomor in ((asal.id, asal.nomor), (jalan.sesi.id, jalan.sesi.nomor)):
        with pytest.raises(psycopg.Error, match="bukan milik kelompok ini"):
            dunia.buku_lihat.execute(
                "INSERT INTO pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, asal, hasil) "
                "VALUES (%s, %s, 1, %s, %s, 'BOLEH')",
                [jalan.sesi.id, semua[0], nomor, asal_id],
            )


def test_jejak_menceritakan_semuanya(dunia: Dunia) -> None:
    """Invariant 6: every fact of a cancellation stands in the trail, in order."""
    dunia.isi(2)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia)
    assert dunia.jenis_jejak(jalan.sesi) == [
        *("SESI_DIBUKA", "CUPLIKAN_DIAMBIL", "DISARING", "REKAP", "GERBANG_DIBUKA", "JAWABAN_TIBA", "DIJAWAB"),
        *("POSTING_MULAI", "BATCH_DIKIRIM", "BATCH_DITERAPKAN", "POSTING_SELESAI", "REKONSILIASI", "SESI_DITUTUP"),
    ]
    buka = dunia.isi_jejak(jalan.sesi, "SESI_DIBUKA")
    assert (buka["jenis"], buka["cakupan"], buka["alasan"]) == ("PEMBATALAN", "semua", ALASAN)
    hentikan(jalan.langkah, "sudah berakhir")
    with jalan.layanan.buku.transaksi() as tx:
        assert tx.jejak.periksa().putus is None

"""Deadlines at the gate, kept by the watch: escalation once, the end, never an approval by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from proses_fixtures import Dunia, Jalan, jalankan_sampai

from ap2t.galat import BukuMenolak, GalatPengesahan
from ap2t.ledger.sesi import Sesi
from ap2t.penjaga.tenggat import HasilJaga, jaga_sesi
from ap2t.proses.layanan import Langkah
from ap2t.proses.tutup import hentikan

POLA: dict[str, Any] = {"batas_jawab_jam": "4", "eskalasi": ["atasan_b", "atasan_a"], "tutup_sesudah_jam": "26.5"}


def lalu(dunia: Dunia, s: Sesi, jam: float) -> None:
    """Let this much time pass at the session's gates, by the ledger's own clock."""
    dunia.dirusak |= {"PERSETUJUAN", "JAWABAN"}
    with dunia.buku_lihat.transaction():
        dunia.buku_lihat.execute("SET LOCAL session_replication_role = replica")
        for perintah in (
            "UPDATE pengesahan.gerbang SET dibuka_pada = dibuka_pada - %s WHERE sesi_id = %s",
            "UPDATE pengesahan.persetujuan SET dicatat_pada = dicatat_pada - %s WHERE sesi_id = %s",
        ):
            dunia.buku_lihat.execute(perintah, [timedelta(hours=jam), s.id])


def jaga(jalan: Jalan, *, hidup: bool = True) -> HasilJaga:
    """Make one round of the watch; other tests' sessions count as running."""
    return jaga_sesi(jalan.layanan, lambda _dag, run: hidup or run != jalan.run_id, jalan.lapor)


def menunggu(dunia: Dunia, **pilihan: Any) -> Jalan:
    """Return a run that waits at its gate, with a deadline of 4 hours and an end after 26.5."""
    dunia.pola(**{**POLA, **pilihan})
    dunia.isi(3)
    return jalankan_sampai(dunia, "buka_gerbang", pemicu=f"vendor{dunia.unitup}")


def test_tenggat_lewat_diberitahukan_sekali(dunia: Dunia) -> None:
    """After batas_jawab_jam: once, to the named people, in the trail and the log; nothing is approved by itself."""
    jalan = menunggu(dunia)
    jaga(jalan)
    lalu(dunia, jalan.sesi, 3.999)
    jaga(jalan)
    assert "TENGGAT_LEWAT" not in dunia.jenis_jejak(jalan.sesi)
    lalu(dunia, jalan.sesi, 0.002)
    assert jaga(jalan).lewat >= 1
    isi = dunia.isi_jejak(jalan.sesi, "TENGGAT_LEWAT")
    assert (isi["urutan"], isi["eskalasi"]) == (1, ["atasan_a", "atasan_b"])
    assert "Eskalasi kepada: atasan_a, atasan_b" in jalan.log
    for _ in range(2):
        jaga(jalan)
    assert dunia.jenis_jejak(jalan.sesi).count("TENGGAT_LEWAT") == 1
    assert (jalan.sesi.status, jalan.sesi.tahap) == ("BERJALAN", "MENUNGGU_PERSETUJUAN")
    jalan.sampai(dari="terima")  # late for the deadline, but in time for the end
    assert jalan.sesi.status == "SELESAI"


def test_tiap_gerbang_punya_tenggat(dunia: Dunia) -> None:
    """The time is counted from the last gate; while the second one is not open yet, from the first one's answer."""
    jalan = menunggu(dunia, pengesah=2)
    lalu(dunia, jalan.sesi, 5)
    jaga(jalan)
    jalan.terima()
    jaga(jalan)
    lalu(dunia, jalan.sesi, 22)  # 27 hours since the first gate opened, but answered 22 hours ago
    jaga(jalan)
    assert jalan.sesi.status == "BERJALAN"
    jalan.buka_gerbang(2)
    jaga(jalan)
    assert dunia.jenis_jejak(jalan.sesi).count("TENGGAT_LEWAT") == 1
    lalu(dunia, jalan.sesi, 5)
    jaga(jalan)
    jaga(jalan)
    assert dunia.jenis_jejak(jalan.sesi).count("TENGGAT_LEWAT") == 2
    assert dunia.isi_jejak(jalan.sesi, "TENGGAT_LEWAT")["urutan"] == 2
    lalu(dunia, jalan.sesi, 22)
    assert jaga(jalan).kedaluwarsa >= 1
    assert jalan.sesi.status == "KEDALUWARSA"


def test_kedaluwarsa_lalu_run_baru(dunia: Dunia) -> None:
    """After tutup_sesudah_jam the session ends; a late answer is refused; a new run opens though the old one waits."""
    jalan = menunggu(dunia)
    lalu(dunia, jalan.sesi, 26.6)
    assert jaga(jalan).kedaluwarsa >= 1
    lama = jalan.sesi
    assert lama.status == "KEDALUWARSA"
    assert "Mulai run baru" in (lama.keterangan or "")
    tutup = dunia.satu("SELECT dibuka_pada FROM pengesahan.gerbang WHERE sesi_id = %s", lama.id) + timedelta(hours=26.5)
    assert f"{tutup.astimezone(ZoneInfo('Asia/Jakarta')):%d-%m-%Y %H:%M} WIB" in (lama.keterangan or "")
    assert dunia.isi_jejak(lama, "SESI_KEDALUWARSA")["urutan"] == 1
    with pytest.raises(BukuMenolak, match=r"sudah berakhir \(KEDALUWARSA\).*Mulai run baru"):
        jalan.terima()
    assert dunia.jenis_jejak(lama)[-1] == "JAWABAN_TIDAK_DITERIMA"
    for langkah in (jalan.buka_gerbang, jalan.posting, jalan.buka_sesi):
        with pytest.raises(BukuMenolak):
            langkah()
    baru = dunia.jalan(pemicu=f"vendor{dunia.unitup}")
    baru.sampai()  # the old run counts as living all the while
    assert baru.sesi.status == "SELESAI"
    assert baru.sesi.putaran == 2
    assert dunia.satu("SELECT count(*) FROM pengesahan.persetujuan WHERE sesi_id = %s", lama.id) == 0


def test_jawaban_terlambat_sebelum_penjaga_lewat(dunia: Dunia) -> None:
    """The ledger's clock decides, not the watch's round: an answer after the end is refused and ends the session."""
    jalan = menunggu(dunia)
    lalu(dunia, jalan.sesi, 26.501)
    with pytest.raises(BukuMenolak, match="KEDALUWARSA"):
        jalan.terima()
    assert jalan.sesi.status == "KEDALUWARSA"
    assert dunia.jenis_jejak(jalan.sesi)[-2:] == ["SESI_KEDALUWARSA", "JAWABAN_TIDAK_DITERIMA"]


def test_buku_menolak_jawaban_terlambat(dunia: Dunia) -> None:
    """The ledger itself refuses an answer after its time, by its own clock."""
    jalan = menunggu(dunia)
    lalu(dunia, jalan.sesi, 26.501)
    with pytest.raises(psycopg.Error, match="terlambat"):
        dunia.buku_lihat.execute(
            "INSERT INTO pengesahan.persetujuan "
            "(sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, dijawab_pada) "
            "VALUES (%s, 1, 'SETUJU', %s, '{}', %s, '{}', now() - interval '1 day')",
            [jalan.sesi.id, dunia.spv, jalan.sesi.sidik],
        )


def test_gerbang_dibuka_lagi_sesudah_waktunya(dunia: Dunia) -> None:
    """A gate that is cleared after its end does not get new time."""
    jalan = menunggu(dunia)
    lalu(dunia, jalan.sesi, 27)
    with pytest.raises(BukuMenolak, match="KEDALUWARSA"):
        jalan.buka_gerbang()
    assert jalan.sesi.status == "KEDALUWARSA"


def test_yang_sudah_disetujui_tidak_kedaluwarsa(dunia: Dunia) -> None:
    """An answer in time stands, however long posting then takes; only what waits can be too late."""
    jalan = menunggu(dunia)
    jalan.terima()
    lalu(dunia, jalan.sesi, 100)
    jaga(jalan)
    assert jalan.sesi.status == "BERJALAN"
    with jalan.layanan.buku.transaksi() as tx:
        t = tx.persetujuan.tenggat(jalan.sesi)
    assert t is not None
    assert t.lewat_tutup
    with pytest.raises(BukuMenolak), jalan.layanan.buku.transaksi() as tx:
        tx.sesi.kedaluwarsa(jalan.sesi, "uji")
    with pytest.raises(psycopg.Error, match="tidak menunggu jawaban"):
        dunia.buku_lihat.execute(
            "UPDATE pengesahan.sesi SET status = 'KEDALUWARSA', diakhiri_pada = now() WHERE id = %s", [jalan.sesi.id]
        )
    jalan.sampai(dari="posting")
    assert jalan.sesi.status == "SELESAI"


def test_yang_terhenti_di_gerbang_juga_berakhir(dunia: Dunia) -> None:
    """A run that failed while it waited does not keep its session for ever: the same end comes."""
    jalan = menunggu(dunia)
    hentikan(jalan.langkah, "persetujuan: uji")
    lalu(dunia, jalan.sesi, 27)
    jaga(jalan, hidup=False)
    assert jalan.sesi.status == "KEDALUWARSA"


def test_tanpa_tenggat_menunggu_terus(dunia: Dunia) -> None:
    """Where the unit sets no deadline a gate waits, however long; an orphaned run is still found."""
    dunia.isi(1)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    lalu(dunia, jalan.sesi, 10_000)
    jaga(jalan)
    assert jalan.sesi.status == "BERJALAN"
    assert jaga(jalan, hidup=False).yatim >= 1
    assert (jalan.sesi.status, jalan.sesi.keterangan) == ("TERHENTI", "run sudah berhenti tanpa menutup sesi")
    assert jaga(jalan, hidup=False).yatim == 0


def test_satu_sesi_bermasalah_tidak_menahan_yang_lain(dunia: Dunia) -> None:
    """The watch survives trouble with one session, names it, and looks after the others."""
    jalan = menunggu(dunia)
    lalu(dunia, jalan.sesi, 27)
    dunia.kode = "B"
    dunia.acmt.execute("UPDATE acmt_dasar.bacaan SET hari_baca = 'B' WHERE idpel = %s", [dunia.idpel(2)])
    rusak = dunia.jalan()
    rusak.buka_sesi()
    dunia.kode = "A"

    def hidup(_dag: str, run: str) -> bool:
        if run == rusak.run_id:
            raise RuntimeError("Siti Rahasia")
        return True

    laporan = jaga_sesi(jalan.layanan, hidup, jalan.lapor)
    assert laporan.gagal == [rusak.sesi.nomor]
    assert jalan.sesi.status == "KEDALUWARSA"
    assert "Siti" not in jalan.log


def test_hentikan_hanya_epoch_yang_dipegang(dunia: Dunia) -> None:
    """A failure told late by an attempt given up for dead does not stop the attempt that works on (fencing)."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "terima")
    with jalan.layanan.buku.transaksi() as tx:
        mati = tx.sesi.mulai_posting(jalan.sesi)
    with jalan.layanan.buku.transaksi() as tx:
        tx.sesi.mulai_posting(jalan.sesi)
    with pytest.raises(GalatPengesahan, match="tidak lagi dipegang"):
        hentikan(Langkah(jalan.layanan, mati, jalan.lapor), "posting_ap2t: mati")
    assert jalan.sesi.status == "BERJALAN"
    assert jalan.posting().epoch == jalan.sesi.epoch == 4
    jalan.sampai(dari="rekonsiliasi")

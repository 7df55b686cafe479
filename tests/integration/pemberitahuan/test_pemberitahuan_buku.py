"""The outbox on real parts: trail of real runs, ledger, a real SMTP server, a real HTTP server behind Apprise."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from batal_fixtures import JalanBatal
from kantor_fixtures import BASE, Kantor
from pemberitahuan_fixtures import (
    ObrolanUji,
    PosUji,
    bisu,
    koneksi_obrolan,
    koneksi_surel,
    obrolan_menyala,
    porta_bebas,
    pos_menyala,
)
from proses_fixtures import APLIKASI, Dunia, Jalan, isi_koneksi, jalankan_sampai

from ap2t.galat import SaluranGagal
from ap2t.ledger import jejak
from ap2t.pemberitahuan.antar import antarkan
from ap2t.pemberitahuan.antrean import PeristiwaJejak, Surat
from ap2t.pemberitahuan.aturan import Kabar, baca_aturan
from ap2t.pemberitahuan.pesan import Pesan, teks
from ap2t.penjaga.tenggat import jaga_sesi
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.tutup import hentikan
from tests.perintah import keluar

RAHASIA = ("Siti Rahasia", "1000", "1150", "150")
"""The customer's name, stan and kWh of every demo reading here."""


@pytest.fixture
def kantor(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kantor]:
    pos = PosUji()
    with pos_menyala(pos) as porta:
        isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta))
        yield Kantor(dunia, pos)


def isi_surat(surat: EmailMessage) -> str:
    bagian = surat.get_body(("plain",))
    assert bagian is not None
    return str(bagian.get_content()).replace("\r\n", "\n")


def menunggu(kantor: Kantor, **pola: Any) -> Jalan:
    kantor.dunia.pola(**{"batas_jawab_jam": "4", "eskalasi": [kantor.dunia.spv_b], "tutup_sesudah_jam": "26", **pola})
    kantor.dunia.isi(6, {0: {"sahlwbp": "90000"}})
    return jalankan_sampai(kantor.dunia, "buka_gerbang")


def lalu(kantor: Kantor, jalan: Jalan, jam: float) -> None:
    """Let this much time pass at the session's gate, by the ledger's own clock."""
    kantor.dunia.dirusak |= {"PERSETUJUAN"}
    with kantor.buku.transaction():
        kantor.buku.execute("SET LOCAL session_replication_role = replica")
        kantor.buku.execute(
            "UPDATE pengesahan.gerbang SET dibuka_pada = dibuka_pada - %s WHERE sesi_id = %s",
            [timedelta(hours=jam), jalan.sesi.id],
        )


def test_gerbang_lalu_sukses(kantor: Kantor) -> None:
    """Opened: the people asked, with counts, deadline, digest, link; Sukses: the unit's ADMIN_CMT; each once."""
    jalan = menunggu(kantor)
    assert kantor.putaran() == {"TERKIRIM": 2}
    d, s = kantor.dunia, jalan.sesi
    for orang in (d.spv, d.spv_b):
        (surat,) = kantor.pos.kepada(kantor.surel(orang))
        assert "menunggu Sah/Setuju" in surat["Subject"]
        assert f"{d.unitup} ULP Uji {d.unitup}, kelompok A, Juni 2026" in surat["Subject"]
        isi = isi_surat(surat)
        for bagian in (
            "Akan disahkan (pelanggan): 5",
            "Ditahan (pelanggan): 1",
            "Tenggat jawab: ",
            " WIB",
            f"Sidik: {(s.sidik or '')[:12]}",
            f"{BASE}/pengesahan/#/{d.unitup}/{d.bulan}/A\n",
        ):
            assert bagian in isi
        html = surat.get_body(("html",))
        assert html is not None
        assert f'href="{BASE}/pengesahan/#/{d.unitup}/{d.bulan}/A"' in html.get_content()
    assert kantor.putaran() == {}
    jalan.sampai(dari="terima")
    assert kantor.putaran() == {"TERKIRIM": 2}
    assert kantor.putaran() == {}
    surat = kantor.pos.kepada(kantor.surel(d.spv))[-1]
    assert surat["Subject"].endswith(": Sukses")
    assert "Sukses: 5 pelanggan sudah disahkan" in isi_surat(surat)
    assert f"/{d.bulan}/A/{s.nomor}" in isi_surat(surat)
    assert [b[0] for b in kantor.baris()] == ["GERBANG"] * 2 + ["SUKSES"] * 2
    tanpa_rahasia(kantor)


def tanpa_rahasia(kantor: Kantor) -> None:
    """Invariant 7: no name, stan or one customer's kWh in anything that went out."""
    assert kantor.pos.surat
    for surat in kantor.pos.surat:
        semua = surat.as_string() + isi_surat(surat)
        assert "Siti" not in semua
        assert "Rahasia" not in semua
        assert not re.search(r"\b(90\.?000|1\.?150)\b", isi_surat(surat))


def test_pengingat_eskalasi_kedaluwarsa(kantor: Kantor) -> None:
    """Half of the time gone: reminded once; deadline passed: the escalation people; ended: the unit."""
    jalan = menunggu(kantor)
    kantor.putaran()
    lalu(kantor, jalan, 1.99)
    assert kantor.putaran() == {}
    lalu(kantor, jalan, 0.02)
    assert kantor.putaran() == {"TERKIRIM": 2}
    assert kantor.putaran() == {}
    surat = kantor.pos.kepada(kantor.surel(kantor.dunia.spv))[-1]
    assert "belum dijawab, tenggat sebelum " in surat["Subject"]
    lalu(kantor, jalan, 2)
    jaga_sesi(jalan.layanan, lambda _d, _r: True, jalan.lapor)
    assert kantor.putaran() == {"TERKIRIM": 1}
    surat = kantor.pos.kepada(kantor.surel(kantor.dunia.spv_b))[-1]
    assert surat["Subject"].endswith(": tenggat jawab lewat")
    lalu(kantor, jalan, 23)
    jaga_sesi(jalan.layanan, lambda _d, _r: True, jalan.lapor)
    assert kantor.putaran() == {"TERKIRIM": 2}
    assert "KEDALUWARSA" in kantor.pos.surat[-1]["Subject"]
    assert "Mulai run baru" in isi_surat(kantor.pos.surat[-1])
    jenis = [b[0] for b in kantor.baris()]
    assert jenis == ["GERBANG"] * 2 + ["PENGINGAT"] * 2 + ["ESKALASI"] + ["KEDALUWARSA"] * 2
    tanpa_rahasia(kantor)


def test_ditolak_tanpa_catatan(kantor: Kantor) -> None:
    """Tolak: what it means, but not the note, which may hold anything."""
    jalan = menunggu(kantor)
    jalan.terima(pilihan=TOLAK, isian={"catatan": "rumah Siti Rahasia salah baca"})
    kantor.putaran()
    surat = kantor.pos.surat[-1]
    assert surat["Subject"].endswith(": DITOLAK oleh pengesah")
    assert "Tidak ada yang diposting" in isi_surat(surat)
    assert [b[0] for b in kantor.baris() if b[3] == "TERKIRIM"] == ["DITOLAK"] * 2
    tanpa_rahasia(kantor)


def test_terhenti_menyebut_tindakan_dan_run(kantor: Kantor) -> None:
    """A failure: why, what to do, the page and the run in Airflow; one that went on meanwhile is no news."""
    jalan = menunggu(kantor)
    kantor.putaran()
    hentikan(jalan.langkah, "posting_ap2t: AP2T menolak [klik](https://jahat.example) @semua")
    kantor.putaran()
    surat = kantor.pos.surat[-1]
    isi = isi_surat(surat)
    assert surat["Subject"].endswith(": TERHENTI, perlu tindakan")
    assert "ulangi (clear) tugas itu" in isi
    assert f"{BASE}/dags/pengesahan_hari_baca_a/runs/{jalan.run_id}" in isi
    assert "AP2T menolak klik (https jahat.example) semua" in isi
    lanjutkan(jalan)
    hentikan(jalan.langkah, "sebab kedua")
    lanjutkan(jalan)
    assert kantor.putaran() == {"USANG": 2}


def lanjutkan(jalan: Jalan) -> None:
    """Do what clearing a failed task does first, trail and all."""
    jalan.lanjutkan()
    with jalan.layanan.buku.transaksi() as tx:
        tx.jejak.catat("SESI_DILANJUTKAN", {"tahap": jalan.sesi.tahap, **jejak.versi_kerja()}, sesi_id=jalan.sesi.id)


def test_pembatalan(kantor: Kantor) -> None:
    """A cancellation: its gate says what it is, its end goes to the unit as PEMBATALAN."""
    jalan = menunggu(kantor)
    jalan.sampai(dari="terima")
    kantor.kumpulkan()
    kantor.buku.execute("DELETE FROM pengesahan.pemberitahuan")
    batal = JalanBatal(kantor.dunia)
    batal.sampai("buka_gerbang")
    kantor.putaran()
    assert kantor.pos.surat[-1]["Subject"].startswith("Pembatalan pengesahan ")
    assert "Akan dibatalkan (pelanggan): 5" in isi_surat(kantor.pos.surat[-1])
    batal.sampai(dari="terima")
    kantor.putaran()
    assert "Sukses: 5 pelanggan dibatalkan" in isi_surat(kantor.pos.surat[-1])
    assert {b[0] for b in kantor.baris()} == {"GERBANG", "PEMBATALAN"}
    tanpa_rahasia(kantor)


def test_nihil(kantor: Kantor) -> None:
    """Nothing to approve: told as that, not as Sukses."""
    kantor.dunia.isi(1, {0: {"sahlwbp": "90000"}})
    jalan = jalankan_sampai(kantor.dunia, "rekap")
    jalan.tutup_sesi()
    kantor.putaran()
    assert {b[0] for b in kantor.baris()} == {"NIHIL"}
    assert "Tidak ada yang perlu disahkan" in isi_surat(kantor.pos.surat[-1])


def test_kabar_jadwal(kantor: Kantor) -> None:
    """The schedule's news goes to the unit's ADMIN_CMT; an opened run alone is none; an odd entry is passed by."""
    unitup = kantor.dunia.unitup
    siap = {"unitup": unitup, "thblrek": "202606", "hari_baca": "A"}
    angka = {"pelanggan": 2000, "terisi": 1990, "terverifikasi": 1500, "terkirim": 0}
    cacat = [{"kode": "TUMPANG_TINDIH", "hari_baca": "B", "kalimat": "Kelompok B bertindih dengan C"}]
    with kantor.layanan.buku.transaksi() as tx:
        tx.jejak.catat("JADWAL_DIBUKA", siap)
        tx.jejak.catat("JADWAL_BELUM_SIAP", {"hari_baca": "A"})
        lengkap = {"jatuh_tempo": "2026-06-05", "tenggat": "2026-06-05T16:00:00+07:00", "kalimat": "Belum siap."}
        tx.jejak.catat("JADWAL_BELUM_SIAP", {**siap, **lengkap, "angka": angka})
        tx.jejak.catat("KALENDER_CACAT", {"unitup": unitup, "thblrek": "202606", "cacat": cacat})
    assert kantor.putaran() == {"TERKIRIM": 4}
    assert [b[0] for b in kantor.baris()] == ["BELUM_SIAP"] * 2 + ["KALENDER"] * 2
    assert any("tidak dapat dikabarkan: KeyError" in k for k in kantor.log)
    belum, kalender = (isi_surat(s) for s in kantor.pos.kepada(kantor.surel(kantor.dunia.spv)))
    assert "Terverifikasi: 1.500" in belum
    assert f"{BASE}/pengesahan/#/{unitup}/202606/A" in belum
    assert "Kelompok B: Kelompok B bertindih dengan C" in kalender


def test_isi_aneh_gagal_sendiri(kantor: Kantor) -> None:
    """An entry no message can be made of is given up by name; what comes after it goes out."""
    tempat = {"unitup": kantor.dunia.unitup, "thblrek": "202606", "hari_baca": "A"}
    with kantor.layanan.buku.transaksi() as tx:
        tx.jejak.catat("JADWAL_BELUM_SIAP", {**tempat, "angka": {"pelanggan": "banyak"}})
        tx.jejak.catat("JADWAL_BELUM_SIAP", {**tempat, "angka": {"pelanggan": 3}})
    assert kantor.putaran() == {"MENYERAH": 2, "TERKIRIM": 2}
    assert any("tidak dapat disusun" in k for k in kantor.log)


def test_saluran_unit_dan_orang(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit's chat gets each news once; a person may swap mail for an own chat; kinds not named stay silent."""
    d, unit, sendiri = kantor.dunia, ObrolanUji(), ObrolanUji()
    kantor.aturan = baca_aturan(
        f'unit: {{"{d.unitup}": {{apprise: [unit_uji], jenis: [GERBANG]}}}}\n'
        f"orang: {{{d.spv.upper()}: {{surel: false, apprise: [wa_spv]}}}}\n"
    )
    with obrolan_menyala(unit) as satu, obrolan_menyala(sendiri) as dua:
        isi_koneksi(monkeypatch, "apprise_unit_uji", **koneksi_obrolan(satu))
        isi_koneksi(monkeypatch, "apprise_wa_spv", **koneksi_obrolan(dua))
        jalan = menunggu(kantor)
        assert kantor.putaran() == {"TERKIRIM": 3}
        jalan.sampai(dari="terima")
        assert kantor.putaran() == {}
    assert kantor.baris() == [
        ("GERBANG", "", "apprise_unit_uji", "TERKIRIM"),
        ("GERBANG", d.spv, "apprise_wa_spv", "TERKIRIM"),
        ("GERBANG", d.spv_b, "surel", "TERKIRIM"),
    ]
    assert [p["title"] for p in unit.pesan] == [p["title"] for p in sendiri.pesan]
    assert "Akan disahkan (pelanggan): 5" in unit.pesan[0]["message"]
    assert "Siti" not in str(unit.pesan)


def test_tanpa_surel_dan_surel_tak_sah(kantor: Kantor) -> None:
    """Somebody without an address, or with one that would be a header, is skipped and said once; others get theirs."""
    d = kantor.dunia
    d.acmt.execute("UPDATE acmt_dasar.petugas SET email = NULL WHERE username = %s", [d.spv])
    d.acmt.execute(
        "UPDATE acmt_dasar.petugas SET email = %s WHERE username = %s", ["a@b.example\r\nBcc: c@d.example", d.spv_b]
    )
    menunggu(kantor)
    kantor.putaran()
    kantor.putaran()
    assert [b[3] for b in kantor.baris()] == ["TANPA_ALAMAT"] * 2
    assert sum(f"{d.spv} tidak mendapat surel GERBANG" in k for k in kantor.log) == 1
    assert kantor.pos.surat == []


def test_tanpa_saluran_tidak_ada_yang_ditulis(kantor: Kantor) -> None:
    """No server and no file: no rows, and what happened meanwhile is not told later on."""
    menunggu(kantor)
    kantor.kumpulkan(surel=False)
    assert kantor.baris() == []
    assert kantor.putaran() == {}


def test_kejadian_lama_dilewati(kantor: Kantor) -> None:
    """First seen after more than a day: recorded, sent to nobody."""
    jalan = menunggu(kantor)
    with kantor.layanan.buku.transaksi() as tx:
        sejak = {"sesudah": 0, "sampai": 10**9, "jenis": ["GERBANG_DIBUKA"], "batas": 10**6}
        (p,) = tx.semua_baris(PeristiwaJejak, "pemberitahuan_peristiwa", **sejak)[-1:]
    assert (p.sesi_id, p.lama) == (jalan.sesi.id, False)
    with kantor.buku.transaction():
        kantor.buku.execute("SET LOCAL session_replication_role = replica")
        kantor.buku.execute("UPDATE pengesahan.jejak SET pada = pada - interval '25 hours' WHERE id = %s", [p.id])
    try:
        assert kantor.putaran() == {}
    finally:
        with kantor.buku.transaction():
            kantor.buku.execute("SET LOCAL session_replication_role = replica")
            kantor.buku.execute("UPDATE pengesahan.jejak SET pada = pada + interval '25 hours' WHERE id = %s", [p.id])
    assert kantor.baris() == [("GERBANG", "", "", "LEWAT")]
    assert kantor.pos.surat == []


def test_gerbang_terjawab_tidak_dikirim_lagi(kantor: Kantor) -> None:
    """A message that asks for an answer which came meanwhile asks nobody any more."""
    jalan = menunggu(kantor)
    kantor.kumpulkan()
    jalan.terima()
    assert kantor.antarkan() == {"USANG": 2}
    assert kantor.pos.surat == []


def test_server_mati_lalu_hidup(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead mail server costs a round one attempt; what could not go goes when it is back, oldest first, once."""
    porta = porta_bebas()
    isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta))
    jalan = menunggu(kantor)
    assert kantor.putaran() == {"GAGAL": 1}
    assert [b[3] for b in kantor.baris()] == ["GAGAL", "MENUNGGU"]
    assert kantor.antarkan() == {"GAGAL": 1}  # the first one is not due before a minute has passed
    assert kantor.antarkan() == {}
    berikut = "SELECT percobaan, berikut_pada - now() > interval '50 seconds' FROM pengesahan.pemberitahuan ORDER BY id"
    assert kantor.buku.execute(berikut).fetchall() == [(1, True), (1, True)]
    pos = PosUji()
    with pos_menyala(pos, porta):
        assert kantor.antarkan() == {}
        kantor.waktunya()
        assert kantor.antarkan() == {"TERKIRIM": 2}
        assert kantor.antarkan() == {}
    assert pos.penerima == [kantor.surel(kantor.dunia.spv), kantor.surel(kantor.dunia.spv_b)]
    jalan.sampai(dari="terima")
    assert jalan.sesi.status == "SELESAI"


def test_jam_yang_pernah_maju_tidak_menahan(kantor: Kantor) -> None:
    """What a clock far ahead put off, or wrote, goes at once; an hour's honest pause is kept."""
    menunggu(kantor)
    kantor.kumpulkan()
    for geser, hasil in (("59 minutes", {}), ("400 days", {"TERKIRIM": 2})):
        kantor.buku.execute(
            "UPDATE pengesahan.pemberitahuan SET (berikut_pada, dibuat_pada) = (SELECT now() + g, now() + g FROM "
            "CAST(%s AS interval) g)",
            [geser],
        )
        assert kantor.antarkan() == hasil


def test_jeda_makin_lama_lalu_menyerah(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """1, 2, 4, ... minutes, an hour at most; after a day it is given up, and said so."""
    isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta_bebas()))
    menunggu(kantor)
    kantor.kumpulkan()
    kantor.buku.execute("DELETE FROM pengesahan.pemberitahuan WHERE kepada = %s", [kantor.dunia.spv_b])
    jeda = []
    for _ in range(8):
        kantor.waktunya()
        kantor.antarkan()
        detik = kantor.dunia.satu("SELECT extract(epoch FROM berikut_pada - now()) FROM pengesahan.pemberitahuan")
        jeda.append(round(float(detik) / 60))
    assert jeda == [1, 2, 4, 8, 16, 32, 60, 60]
    kantor.mundur(timedelta(hours=25))
    kantor.waktunya()
    assert kantor.antarkan() == {"MENYERAH": 1}
    assert any("tidak terkirim dalam sehari" in k for k in kantor.log)
    assert [b[3] for b in kantor.baris()] == ["MENYERAH"]
    assert kantor.antarkan() == {}


def test_satu_penerima_ditolak_yang_lain_jalan(kantor: Kantor) -> None:
    """A mailbox that does not exist is given up at once, one that is full tried again; neither holds up anybody."""
    d = kantor.dunia
    kantor.pos.tolak = {kantor.surel(d.spv): f"550 no such user {d.spv}"}
    menunggu(kantor)
    assert kantor.putaran() == {"MENYERAH": 1, "TERKIRIM": 1}
    keterangan = kantor.dunia.satu("SELECT keterangan FROM pengesahan.pemberitahuan WHERE kepada = %s", d.spv)
    assert keterangan == "server surel menolak alamat penerima ini (550)"
    kantor.buku.execute(
        "UPDATE pengesahan.pemberitahuan SET status = 'GAGAL', selesai_pada = NULL, percobaan = 0 WHERE kepada = %s",
        [d.spv],
    )
    kantor.pos.tolak = {kantor.surel(d.spv): "452 mailbox full"}
    kantor.waktunya()
    assert kantor.antarkan() == {"GAGAL": 1}
    assert kantor.baris()[0][3] == "GAGAL"


def test_saluran_menggantung_tidak_menahan_yang_lain(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that never says a word: chats get theirs in the same round, and the round ends."""
    obrolan = ObrolanUji()
    kantor.aturan = baca_aturan("bawaan: {apprise: [uji]}")
    with bisu() as porta, obrolan_menyala(obrolan) as chat:
        isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta))
        isi_koneksi(monkeypatch, "apprise_uji", **koneksi_obrolan(chat))
        jalan = menunggu(kantor)
        assert kantor.putaran() == {"TERKIRIM": 1, "GAGAL": 1}
    assert len(obrolan.pesan) == 1
    assert any("server surel (koneksi smtp_default) tidak dapat dipakai" in k for k in kantor.log)
    jalan.sampai(dari="terima")
    assert jalan.sesi.status == "SELESAI"


def test_saluran_yang_tak_kunjung_selesai_ditinggal(kantor: Kantor) -> None:
    """A channel that hangs beyond every timeout is left behind; its message stays due."""
    lepas, dalam = threading.Event(), threading.Event()

    class Lengket:
        def kirim(self, _surat: Surat, _pesan: Pesan) -> None:
            dalam.set()
            lepas.wait(30)
            raise SaluranGagal("sudah ditinggal")

        def putus(self) -> None:
            pass

    menunggu(kantor)
    kantor.kumpulkan()
    try:
        hasil = antarkan(kantor.layanan, lambda _: Lengket(), BASE, kantor.log.append, batas_putaran=1)
        assert dalam.is_set()
        assert hasil == {}
        diam = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%' AND usename = %s"
        assert kantor.dunia.satu(diam, APLIKASI) == 0  # the ledger waits for no mail server
        assert any("Saluran surel tidak selesai" in k for k in kantor.log)
        assert [b[3] for b in kantor.baris()] == ["MENUNGGU"] * 2
        assert kantor.antarkan() == {"TERKIRIM": 1}  # the one that the thread left behind does not hold
    finally:
        lepas.set()


def test_obrolan_menolak_dan_koneksi_hilang(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat that refuses fails (the provider's own hook would call it sent); no token in what is written down."""
    obrolan = ObrolanUji()
    obrolan.jawab = 500
    kantor.aturan = baca_aturan("bawaan: {surel: false, apprise: [uji, tiada]}")
    with obrolan_menyala(obrolan) as chat:
        isi_koneksi(monkeypatch, "apprise_uji", **koneksi_obrolan(chat))
        menunggu(kantor)
        assert kantor.putaran() == {"GAGAL": 2}
    sebab = dict(kantor.buku.execute("SELECT saluran, keterangan FROM pengesahan.pemberitahuan").fetchall())
    assert sebab["apprise_uji"] == "saluran apprise_uji menolak atau tidak menjawab (500)"
    assert "Koneksi apprise_tiada tidak ditemukan" in sebab["apprise_tiada"]
    assert "Rahasia" not in "".join(kantor.log) + str(sebab)


def test_mati_sebelum_dikirim(kantor: Kantor) -> None:
    """A crash between outbox and send loses nothing; one before the outbox is committed repeats it, once."""
    menunggu(kantor)
    dari = kantor.dunia.satu("SELECT jejak_id FROM pengesahan.pemberitahuan_kursor")
    kantor.kumpulkan()  # and here the process dies
    kantor.buku.execute("UPDATE pengesahan.pemberitahuan_kursor SET jejak_id = %s", [dari])
    assert kantor.kumpulkan() == 0  # even a cursor that went back doubles nothing
    assert kantor.antarkan() == {"TERKIRIM": 2}
    assert len(kantor.pos.surat) == 2


def test_mati_sebelum_dicatat(kantor: Kantor) -> None:
    """A crash between send and record sends again, under the same Message-ID: twice at worst, never lost."""
    menunggu(kantor)
    kantor.kumpulkan()

    program = (
        "import os\n"
        "from ap2t.pemberitahuan import antrean\n"
        "from ap2t.operators.saluran import buat_pembawa\n"
        "from ap2t.proses.layanan import Layanan\n"
        "from ap2t.pemberitahuan.antar import antarkan\n"
        "antrean.selesai = lambda *_, **__: os._exit(9)\n"
        "with Layanan() as layanan:\n"
        "    antarkan(layanan, buat_pembawa, None, print)\n"
    )
    mati = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    keluar(mati, 9)
    assert len(kantor.pos.surat) == 1
    assert [b[3] for b in kantor.baris()] == ["MENUNGGU"] * 2
    kantor.waktunya()
    assert kantor.antarkan() == {"TERKIRIM": 2}
    nomor = [s["Message-ID"] for s in kantor.pos.surat]
    assert len(nomor) == 3
    assert nomor[0] == nomor[1] != nomor[2]


def test_dua_pengirim_serentak(kantor: Kantor) -> None:
    """Two senders at once: every message once."""
    d = kantor.dunia
    jalan = menunggu(kantor)
    kantor.kumpulkan()
    for n in range(30):
        kantor.buku.execute(
            "INSERT INTO pengesahan.pemberitahuan (peristiwa, jenis, jejak_id, sesi_id, urutan, unitup, kepada, "
            "saluran, alamat, terjadi_pada) SELECT 'UJI:' || %s, jenis, jejak_id, sesi_id, urutan, unitup, kepada, "
            "saluran, 'uji' || %s || '@pln.example', terjadi_pada FROM pengesahan.pemberitahuan "
            "WHERE kepada = %s AND sesi_id = %s AND peristiwa LIKE 'JEJAK:%%'",
            [n, n, d.spv, jalan.sesi.id],
        )
    hasil: list[dict[str, int]] = []
    utas = [threading.Thread(target=lambda: hasil.append(kantor.antarkan())) for _ in range(2)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert sum(h.get("TERKIRIM", 0) for h in hasil) == 32
    assert len(kantor.pos.penerima) == len(set(kantor.pos.penerima)) == 32


def test_dua_pengumpul_serentak(kantor: Kantor) -> None:
    """Two readers at once write every row once."""
    menunggu(kantor)
    utas = [threading.Thread(target=kantor.kumpulkan) for _ in range(4)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert len(kantor.baris()) == 2


def test_acmt_tidak_menjawab_kabar_menunggu(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where v_petugas cannot be asked the cursor stays: nothing is lost, and the round does not fail."""
    menunggu(kantor)
    with monkeypatch.context() as m:
        isi_koneksi(m, "acmt_db", conn_type="postgres", host="127.0.0.1", port=porta_bebas(), login="x", schema="x")
        lain = Kantor.__new__(Kantor)
        lain.__dict__ = {**kantor.__dict__, "layanan": kantor.dunia.layanan()}
        assert lain.kumpulkan() == 0
    assert any("menunggu putaran berikut" in k for k in kantor.log)
    assert kantor.kumpulkan() == 2


def test_nama_unit_tidak_menyuntik(kantor: Kantor) -> None:
    """A unit's name cannot begin a header, markup, a link or a mention."""
    d = kantor.dunia
    jahat = "ULP\r\nBcc: x@y.example <b>*tebal*</b> [klik](https://jahat.example) @all"
    d.acmt.execute("UPDATE acmt_dasar.unit SET nama = %s WHERE unitup = %s", [jahat, d.unitup])
    menunggu(kantor)
    kantor.putaran()
    surat = kantor.pos.surat[0]
    assert surat["Bcc"] is None
    assert "\n" not in surat["Subject"]
    semua = isi_surat(surat) + surat["Subject"]
    for tanda in ("<b>", "*", "[", "](", "@", "https://jahat"):
        assert tanda not in semua


def test_masuk_dengan_sandi(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with AUTH takes the connection's login; a wrong password fails the message and shows it nowhere."""
    pos = PosUji()
    with pos_menyala(pos, sandi=("pengirim", "kata-Sandi-9")) as porta:
        isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta, login="pengirim", password="salah-Sandi-8"))
        menunggu(kantor)
        assert kantor.putaran() == {"GAGAL": 1}
        assert "menolak (535)" in "".join(kantor.log)
        assert "Sandi" not in "".join(kantor.log)
        isi_koneksi(monkeypatch, "smtp_default", **koneksi_surel(porta, login="pengirim", password="kata-Sandi-9"))
        kantor.waktunya()
        assert kantor.antarkan() == {"TERKIRIM": 2}
    assert len(pos.surat) == 2


def test_tiap_kabar_punya_teks(kantor: Kantor) -> None:
    """No kind of news without a message."""
    from ap2t.pemberitahuan.pesan import _JADWAL, _SESI, Bahan, susun_pesan

    assert set(_SESI) | set(_JADWAL) == set(Kabar)
    s = menunggu(kantor).sesi
    for apa in _SESI:
        assert (
            s.unitup
            in teks(susun_pesan(Bahan(apa, s.unitup, {"keterangan": f"unit {s.unitup}"}, s)))
            + susun_pesan(Bahan(apa, s.unitup, {}, s)).judul
        )

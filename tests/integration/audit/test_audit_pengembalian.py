"""What the ledger's triggers cannot stop about customers sent back, the audit finds."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from proses_fixtures import APLIKASI, Dunia, Jalan, jalankan_sampai
from psycopg.types.json import Jsonb
from test_pengembalian import dijawab

from ap2t.audit.periksa import periksa_sesi
from ap2t.ledger.persetujuan import TabelPersetujuan
from ap2t.source.acmt import SumberAcmt


def temuan(jalan: Jalan) -> list[str]:
    """Return what the audit finds of a session."""
    with jalan.layanan.buku.transaksi() as tx:
        return [str(t) for t in periksa_sesi(tx, jalan.sesi)]


@pytest.mark.parametrize("buang", [("alasan_kembalikan",), ("alasan_kembalikan", "kembalikan")])
def test_jawaban_tanpa_pengembalian(dunia: Dunia, buang: tuple[str, ...]) -> None:
    """With the application's rights: an answer that sends somebody back, of whom ACMT is never told, and no reason."""
    dijawab(dunia, 0).sampai(dari="posting")
    dunia.dirusak = {"PENGEMBALIAN", "PERSETUJUAN", "JAWABAN"}
    dunia.stempel_baru(0)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    s = jalan.sesi
    with psycopg.connect(dunia.alamat.sebagai(dunia.alamat.buku, APLIKASI)) as conn:
        conn.execute(
            "INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, kembalikan, sidik, petugas, "
            "dijawab_pada) VALUES (%s, 1, 'SETUJU', %s, %s, %s, %s, now())",
            [
                *(s.id, dunia.spv, [dunia.idpel(0)], s.sidik),
                Jsonb({"username": dunia.spv, "peran": "ADMIN_CMT", "unitup": dunia.unitup, "aktif": True}),
            ],
        )
        conn.execute(
            "INSERT INTO pengesahan.jejak (id, pada, sebelum, sidik, sesi_id, jenis, pelaku, isi) "
            "SELECT 0, now(), '', '', sesi_id, 'DIJAWAB', oleh, to_jsonb(p) - '{sesi_id,oleh}'::text[] - %s::text[] "
            "FROM pengesahan.persetujuan p WHERE sesi_id = %s",
            [list(buang), s.id],
        )
        conn.execute("UPDATE pengesahan.sesi SET tahap = 'DISETUJUI' WHERE id = %s", [s.id])
    jalan.posting()
    assert len(dunia.di_acmt()) == 1
    assert any(dunia.idpel(0) in t and "PENGEMBALIAN" in t for t in temuan(jalan)), temuan(jalan)
    jalan.sampai(dari="rekonsiliasi")


def test_diposting_tanpa_diperiksa_ulang(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later round posts a customer that was sent back, with the verification the approver did not believe."""
    monkeypatch.setattr(SumberAcmt, "dapat_mengembalikan", False)
    dijawab(dunia, 1).sampai(dari="posting")
    dunia.dirusak = {"PENGEMBALIAN"}

    def tak_seorang(*_: Any) -> dict[str, Any]:
        return {}

    with monkeypatch.context() as m:
        m.setattr(TabelPersetujuan, "dikembalikan_sebelumnya", tak_seorang)
        jalan = jalankan_sampai(dunia)
    assert jalan.penutup.startswith("Sukses: 1 pelanggan")
    [apa] = temuan(jalan)
    assert "1 pelanggan diposting dengan verifikasi atau pengiriman dari sebelum dikembalikan" in apa
    assert dunia.idpel(1) in apa

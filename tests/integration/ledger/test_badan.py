"""What the ledger writes for AP2T, row by row: to the letter the JSON that the contract's own writer gives."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proses_fixtures import Dunia, jalankan_sampai
from sqlalchemy import create_engine

from ap2t.domain.kontrak import BarisKirim, baris_posting
from ap2t.domain.model import Bacaan
from ap2t.ledger.kiriman import TabelKiriman

D = Decimal
ZONA = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC", "Pacific/Auckland")
angka = st.decimals(0, 10**12, places=6, allow_nan=False).map(
    lambda n: min(n, D("999999999999.999999"))
) | st.sampled_from(
    [D(0), D("0.000"), D("0.000001"), D("150.50"), D("1E+3"), D(1150), D("999999999999.999999"), D("100")]
)
baris_acak = st.fixed_dictionaries(
    {
        **dict.fromkeys(("slalwbp", "sahlwbp", "kwh"), angka),
        **dict.fromkeys(("slawbp", "sahwbp", "slakvarh", "sahkvarh"), st.none() | angka),
        "jam_nyala": st.decimals(0, 2000, places=3),
        "tgl_baca": st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    }
)


UBAH = (
    "UPDATE pengesahan.bacaan SET slalwbp = %(slalwbp)s, sahlwbp = %(sahlwbp)s, slawbp = %(slawbp)s, "
    "sahwbp = %(sahwbp)s, slakvarh = %(slakvarh)s, sahkvarh = %(sahkvarh)s, tgl_baca = %(tgl_baca)s "
    "WHERE idpel = %(idpel)s",
    "UPDATE pengesahan.saringan SET kwh = %(kwh)s, jam_nyala = %(jam_nyala)s, daya = 1e15 WHERE idpel = %(idpel)s",
)


def test_sama_dengan_kontrak(dunia: Dunia) -> None:
    """Any values that fit the contract, in any zone. What is written for it is taken back each time."""
    dunia.isi(8)
    sesi = jalankan_sampai(dunia, "saring").sesi
    mesin = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dunia.alamat.buku))

    @given(st.lists(baris_acak, min_size=1, max_size=8), st.sampled_from(ZONA))
    def bandingkan(semua: list[dict[str, Any]], zona: str) -> None:
        with mesin.connect() as conn:
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for nomor, satu in enumerate(semua):
                for perintah in UBAH:
                    conn.exec_driver_sql(perintah, {**satu, "idpel": dunia.idpel(nomor)})
            tertulis = TabelKiriman(conn).berikut(sesi._replace(zona_waktu=zona), "", [], len(semua))
            conn.rollback()
        for satu, baris in zip(semua, tertulis, strict=True):
            isi = {nama: nilai for nama, nilai in satu.items() if nama not in ("kwh", "jam_nyala")}
            bacaan = Bacaan(baris.idpel, sesi.unitup, sesi.thblrek, sesi.hari_baca)._replace(**isi)
            kirim = baris_posting(bacaan, satu["kwh"], satu["jam_nyala"], ZoneInfo(zona))
            assert baris.isi == json.dumps(kirim, sort_keys=True)

    bandingkan()
    mesin.dispose()


@pytest.mark.parametrize(
    "isi",
    [None, "", "{}", '{"idpel": "1"}', '{"idpel": "541100000001", "jam_nyala": "1e3"'],
)
def test_yang_tidak_sesuai_tidak_dikirim(isi: str | None) -> None:
    """What is no row of the contract does not leave, whoever wrote it."""
    with pytest.raises(ValueError, match="does not fit the contract"):
        _ = BarisKirim("541100000001", isi).isi

"""A migrated ledger takes exactly the codes that the enums have."""

from __future__ import annotations

import re
from collections.abc import Iterable

from proses_fixtures import Dunia

from ap2t.domain import kode
from ap2t.domain.model import HasilSaring

DIJAGA: dict[tuple[str, str], Iterable[str]] = {
    ("sesi", "jenis"): kode.JenisSesi,
    ("sesi", "status"): kode.StatusSesi,
    ("sesi", "tahap"): kode.TahapSesi,
    ("sesi", "pola"): kode.BentukPola,
    ("saringan", "hasil"): HasilSaring,
    ("pembatalan", "cakupan"): kode.CakupanBatal,
    ("pembatalan_baris", "hasil"): kode.HasilBatal,
    ("persetujuan", "keputusan"): kode.Keputusan,
    ("pengembalian", "status"): kode.StatusPengembalian,
    ("batch", "status"): kode.StatusBatch,
    ("hasil", "status"): kode.StatusHasil,
    ("luar_sistem", "kejadian"): kode.KejadianLuar,
    ("luar_sistem", "tahap"): kode.SaatLuar,
    ("jadwal", "sebab"): kode.SebabJadwal,
    ("pemberitahuan", "status"): kode.StatusPesan,
}
"""Which enum a column holds."""


def test_batasan_dan_enum_sama(dunia: Dunia) -> None:
    """Each CHECK that lists a column's codes lists its enum's members, and each such column has an enum."""
    batasan: dict[tuple[str, str], set[str]] = {}
    for tabel, syarat in dunia.buku_lihat.execute(
        "SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "WHERE k.contype = 'c' AND k.connamespace = 'pengesahan'::regnamespace"
    ):
        daftar = re.fullmatch(r"CHECK \(\(+(\w+) = ANY \(ARRAY\[(.*?)\]\)+", syarat)
        if daftar and "'" in daftar[2]:
            batasan[tabel, daftar[1]] = set(re.findall(r"'(\w+)'", daftar[2]))
    assert batasan == {kolom: set(map(str, enum)) for kolom, enum in DIJAGA.items()}


def test_cara_pengembalian(dunia: Dunia) -> None:
    """What ACMT was told ends in one of the ways of its enum."""
    (syarat,) = dunia.buku_lihat.execute(
        "SELECT string_agg(pg_get_constraintdef(oid), ' ') FROM pg_constraint "
        "WHERE conrelid = 'pengesahan.pengembalian'::regclass AND pg_get_constraintdef(oid) LIKE '%cara%'"
    ).fetchone() or ("",)
    assert set(re.findall(r"'(\w+)'", syarat)) == {*kode.CaraPengembalian, "SELESAI", "GAGAL"}

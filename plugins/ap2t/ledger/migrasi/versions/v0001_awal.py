"""The ledger's schema, by subject: each file after those it refers to. What was changed since stands as it now is."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0001", None
BAGIAN = ("cuplikan", "persetujuan", "kiriman", "status", "jadwal", "arsip")
upgrade, downgrade = langkah(
    "ledger/skema/0001_jejak",
    "ledger/skema/0001_sesi",
    "ledger/skema/fungsi",
    *(f"ledger/skema/0001_{bagian}" for bagian in BAGIAN),
)

"""The ledger's schema, by subject: each file after those it refers to."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0001", None
BAGIAN = ("jejak", "sesi", "cuplikan", "persetujuan", "kiriman", "status", "jadwal", "arsip")
upgrade, downgrade = langkah(*(f"ledger/skema/0001_{bagian}" for bagian in BAGIAN))

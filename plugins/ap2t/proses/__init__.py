"""THE PROCEDURE, one module a step. A step uses domain, ledger, source and hooks, and knows no Airflow.

In order:

1. :mod:`.buka`: check what a run asks for, open its session.
2. :mod:`.kesiapan`: is the kelompok read, verified, sent, and fungsi 2 open?
3. :mod:`.cuplik`: copy the readings that are not posted yet into the ledger.
4. :mod:`.saring`: judge each row.
5. :mod:`.rekap`: count, and take the digest.
6. :mod:`.gerbang`: ask the SPV TE (:mod:`.wewenang` says who may answer, :mod:`.isian` reads what was written).
7. :mod:`.posting`: send what was approved (:mod:`.kirim` sends exactly once); then :mod:`.kembalikan` tells ACMT who
   was sent back.
8. :mod:`.rekonsiliasi`: compare AP2T's list with the ledger.
9. :mod:`.tutup`: end the session.

A cancellation takes :mod:`.buka`, :mod:`.pembatalan` (what can be cancelled), :mod:`.gerbang`, :mod:`.batalkan` (send
and compare) and :mod:`.tutup`. Every step works on a :class:`~ap2t.proses.layanan.Langkah`.
"""

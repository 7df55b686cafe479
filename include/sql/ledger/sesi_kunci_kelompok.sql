-- Two runs that open the same kelompok at the same moment go one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('pengesahan/' || :unitup || '/' || :thblrek || '/' || :hari_baca, 0))

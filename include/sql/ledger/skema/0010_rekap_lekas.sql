-- What a session saw last, by kind, found by one look each: a wait of days leaves an entry for each change that was seen.
CREATE INDEX jejak_dilihat ON pengesahan.jejak (sesi_id, (jenis || coalesce(' ' || (isi ->> 'tahap'), '')), id)
    WHERE jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING', 'KESIAPAN');

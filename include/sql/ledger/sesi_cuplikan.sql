-- Only the run that holds the session moves it, and only with the epoch it knows.
UPDATE pengesahan.sesi SET tahap = 'CUPLIKAN', tgl_mulai = CAST(:tgl_mulai AS date),
                           dicuplik_pada = CAST(:dicuplik_pada AS timestamptz)
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN'
RETURNING *

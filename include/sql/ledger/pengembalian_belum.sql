-- What of a session ACMT was not (surely) told yet, those tried last at the end, so that a few it always refuses keep no
-- other one from its turn; "matang": begun so long ago that the call has surely ended.
SELECT idpel, oleh, alasan, status, kali, stempel,
       coalesce(clock_timestamp() - dikirim_pada >= make_interval(secs => :jeda), true) AS matang
  FROM pengesahan.pengembalian
 WHERE sesi_id = :sesi_id AND status IN ('MENUNGGU', 'DIKIRIM')
 ORDER BY dikirim_pada NULLS FIRST, idpel

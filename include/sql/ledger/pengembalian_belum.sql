-- What of a session ACMT was not (surely) told yet, those tried most often at the end, so that a few it always refuses keep no
-- other one from its turn; "matang": begun so long ago that the call has surely ended. One that seems to have begun more than an
-- hour from now was written down by a clock that ran ahead: it would have to wait for that clock.
SELECT idpel, oleh, alasan, status, kali, stempel,
       coalesce(clock_timestamp() - dikirim_pada >= make_interval(secs => :jeda)
                OR dikirim_pada > clock_timestamp() + interval '1 hour', true) AS matang
  FROM pengesahan.pengembalian
 WHERE sesi_id = :sesi_id AND status IN ('MENUNGGU', 'DIKIRIM')
 ORDER BY kali, idpel

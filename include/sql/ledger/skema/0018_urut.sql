-- Facts about a customer's place in AP2T are in the order of their sessions and steps, which no clock can bend. Runs as the owner.
-- Sessions of one kelompok follow each other (one open at a time); in a session first what its snapshot found of others' doings,
-- then what it saw lifted by Suplai Stan, then the row's outcome, then what its comparisons found.
CREATE OR REPLACE VIEW pengesahan.fakta_posisi AS
SELECT s.unitup, s.thblrek, s.hari_baca, h.idpel COLLATE "C" AS idpel, h.sesi_id, h.pada, 0::bigint AS urut, h.kodeposting, h.status AS fakta,
       CASE WHEN h.status IN ('POSTING', 'SUDAH_POSTING') THEN h.sesi_id END AS sesi_kwh,
       h.status IN ('BATAL', 'BELUM_POSTING') AS lepas, 2 AS langkah
  FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
 WHERE h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING') OR (h.status = 'DITOLAK' AND h.kodeposting = 3)
UNION ALL
SELECT s.unitup, s.thblrek, s.hari_baca, l.idpel COLLATE "C", l.sesi_id, l.ditemukan_pada, l.id, l.kodeposting,
       'LUAR_' || l.kejadian, NULL, true, CASE l.tahap WHEN 'CUPLIKAN' THEN 0 ELSE 3 END
  FROM pengesahan.luar_sistem l JOIN pengesahan.sesi s ON s.id = l.sesi_id
UNION ALL
SELECT s.unitup, s.thblrek, s.hari_baca, t.idpel COLLATE "C", t.sesi_id, t.pada, -1, 3, 'SUPLAI_STAN', NULL, false, 1
  FROM pengesahan.suplai_terlihat t JOIN pengesahan.sesi s ON s.id = t.sesi_id;

-- Each fact with what it changed. "pada": from when on it counts, which is never before the fact before it counted: a clock that
-- was set back takes nothing out of its order, and the past stays as it was told.
CREATE OR REPLACE VIEW pengesahan.gerak_posisi AS
SELECT unitup, thblrek, hari_baca, idpel, sesi_id, sejak AS pada, urut, fakta, kodeposting, kwh_sesi,
       lag(kodeposting) OVER w AS kodeposting_lama, lag(kwh_sesi) OVER w AS kwh_sesi_lama,
       lead(sejak) OVER w AS sampai, langkah
  FROM (SELECT f.*, max(sesi_kwh) OVER (PARTITION BY unitup, thblrek, hari_baca, idpel, kurun ORDER BY sesi_id, langkah, urut) AS kwh_sesi
          FROM (SELECT *, count(*) FILTER (WHERE lepas) OVER n AS kurun, max(pada) OVER n AS sejak
                  FROM pengesahan.fakta_posisi
                WINDOW n AS (PARTITION BY unitup, thblrek, hari_baca, idpel ORDER BY sesi_id, langkah, urut)) f) k
WINDOW w AS (PARTITION BY unitup, thblrek, hari_baca, idpel ORDER BY sesi_id, langkah, urut);

-- Sums that a bent clock had made wrong are put right by adding what they lack; nothing is rewritten.
INSERT INTO pengesahan.hitungan (sesi_id, pada, sudah, suplai, batal, luar, kwh)
SELECT coalesce(b.sesi_id, h.sesi_id), coalesce(b.pada, h.pada), coalesce(b.sudah, 0) - coalesce(h.sudah, 0),
       coalesce(b.suplai, 0) - coalesce(h.suplai, 0), coalesce(b.batal, 0) - coalesce(h.batal, 0),
       coalesce(b.luar, 0) - coalesce(h.luar, 0), coalesce(b.kwh, 0) - coalesce(h.kwh, 0)
  FROM (SELECT sesi_id, pada, sum(sudah) AS sudah, sum(suplai) AS suplai, sum(batal) AS batal, sum(luar) AS luar, sum(kwh) AS kwh
          FROM pengesahan.hitungan_baris GROUP BY sesi_id, pada) b
  FULL JOIN (SELECT sesi_id, pada, sum(sudah) AS sudah, sum(suplai) AS suplai, sum(batal) AS batal, sum(luar) AS luar, sum(kwh) AS kwh
               FROM pengesahan.hitungan GROUP BY sesi_id, pada) h ON (h.sesi_id, h.pada) = (b.sesi_id, b.pada)
 WHERE (coalesce(b.sudah, 0), coalesce(b.suplai, 0), coalesce(b.batal, 0), coalesce(b.luar, 0), coalesce(b.kwh, 0))
       IS DISTINCT FROM (coalesce(h.sudah, 0), coalesce(h.suplai, 0), coalesce(h.batal, 0), coalesce(h.luar, 0), coalesce(h.kwh, 0))
 ORDER BY 2, 1;

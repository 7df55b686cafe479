-- The sums of one unit and month against the rows they were taken from, and Suplai Stan against what was seen. Counted from
-- the tables alone: a view of the ledger's own could have been exchanged. Facts are in the order of their sessions and steps. One
-- counts from its instant on, and never before the one before it counted. Sessions go as an array, so that their rows are
-- found by key though the audit does not join row by row.
WITH ses AS (SELECT id, nomor, hari_baca FROM pengesahan.sesi WHERE unitup = :unitup AND thblrek = :thblrek),
fakta AS (
    SELECT s.hari_baca, h.idpel COLLATE "C" AS idpel, h.sesi_id, h.pada, 2 AS langkah, 0::bigint AS urut, h.kodeposting,
           CASE WHEN h.status IN ('POSTING', 'SUDAH_POSTING') THEN h.sesi_id END AS sesi_kwh,
           h.status IN ('BATAL', 'BELUM_POSTING') AS lepas
      FROM pengesahan.hasil h JOIN ses s ON s.id = h.sesi_id
     WHERE h.sesi_id = ANY (ARRAY(SELECT id FROM ses))
       AND (h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING')
            OR (h.status = 'DITOLAK' AND h.kodeposting = 3))
    UNION ALL
    SELECT s.hari_baca, l.idpel COLLATE "C", l.sesi_id, l.ditemukan_pada, CASE l.tahap WHEN 'CUPLIKAN' THEN 0 ELSE 3 END, l.id,
           l.kodeposting, NULL, true
      FROM pengesahan.luar_sistem l JOIN ses s ON s.id = l.sesi_id WHERE l.sesi_id = ANY (ARRAY(SELECT id FROM ses))
    UNION ALL
    SELECT s.hari_baca, t.idpel COLLATE "C", t.sesi_id, t.pada, 1, -1, 3, NULL, false
      FROM pengesahan.suplai_terlihat t JOIN ses s ON s.id = t.sesi_id WHERE t.sesi_id = ANY (ARRAY(SELECT id FROM ses))
), kurun AS (
    SELECT *, count(*) FILTER (WHERE lepas) OVER n AS kurun, max(pada) OVER n AS sejak
      FROM fakta WINDOW n AS (PARTITION BY hari_baca, idpel ORDER BY sesi_id, langkah, urut)
), berkwh AS (
    SELECT *, max(sesi_kwh) OVER (PARTITION BY hari_baca, idpel, kurun ORDER BY sesi_id, langkah, urut) AS kwh_sesi FROM kurun
), gerak AS (
    SELECT *, coalesce(lag(kodeposting) OVER w, -1) AS kode_lama, lag(kwh_sesi) OVER w AS kwh_lama
      FROM berkwh WINDOW w AS (PARTITION BY hari_baca, idpel ORDER BY sesi_id, langkah, urut)
), kwh AS (
    SELECT sesi_id, idpel, coalesce(kwh_kirim, kwh) AS kwh FROM pengesahan.saringan WHERE sesi_id = ANY (ARRAY(SELECT id FROM ses))
), baris AS (
    SELECT g.sesi_id, g.sejak AS pada, sum((g.kodeposting = 1)::integer - (g.kode_lama = 1)::integer) AS sudah,
           sum((g.kodeposting = 3)::integer - (g.kode_lama = 3)::integer) AS suplai,
           sum((g.kodeposting = 0)::integer - (g.kode_lama = 0)::integer) AS batal,
           sum((g.kodeposting > 0 AND g.kwh_sesi IS NULL)::integer - (g.kode_lama > 0 AND g.kwh_lama IS NULL)::integer) AS luar,
           sum(coalesce(b.kwh, 0) - coalesce(l.kwh, 0)) AS kwh
      FROM gerak g LEFT JOIN kwh b ON b.sesi_id = g.kwh_sesi AND b.idpel = g.idpel
      LEFT JOIN kwh l ON l.sesi_id = g.kwh_lama AND l.idpel = g.idpel
     GROUP BY g.sesi_id, g.sejak
), catatan AS (
    SELECT h.sesi_id, h.pada, sum(h.sudah) AS sudah, sum(h.suplai) AS suplai, sum(h.batal) AS batal, sum(h.luar) AS luar,
           sum(h.kwh) AS kwh
      FROM pengesahan.hitungan h WHERE h.sesi_id = ANY (ARRAY(SELECT id FROM ses)) GROUP BY h.sesi_id, h.pada
)
SELECT s.nomor, format('rekap berbeda dari baris-barisnya pada %s saat, mulai %s: baris %s pelanggan dan %s kWh, rekap %s dan %s',
                       count(*), min(b.pada), sum(b.baris), sum(b.kwh_baris), sum(b.catatan), sum(b.kwh_catatan)) AS apa
  FROM (SELECT coalesce(x.sesi_id, c.sesi_id) AS sesi_id, coalesce(x.pada, c.pada) AS pada,
               coalesce(x.sudah + x.suplai, 0) AS baris, coalesce(x.kwh, 0) AS kwh_baris,
               coalesce(c.sudah + c.suplai, 0) AS catatan, coalesce(c.kwh, 0) AS kwh_catatan
          FROM baris x FULL JOIN catatan c ON c.sesi_id = x.sesi_id AND c.pada = x.pada
         WHERE (coalesce(x.sudah, 0), coalesce(x.suplai, 0), coalesce(x.batal, 0), coalesce(x.luar, 0), coalesce(x.kwh, 0))
               <> (coalesce(c.sudah, 0), coalesce(c.suplai, 0), coalesce(c.batal, 0), coalesce(c.luar, 0), coalesce(c.kwh, 0))) b
  JOIN ses s ON s.id = b.sesi_id
 GROUP BY s.nomor
UNION ALL
SELECT s.nomor, format('%s pelanggan yang terlihat kena suplai stan berbeda dari cuplikan pembatalannya (%s)', count(*),
                       array_to_string((array_agg(b.idpel ORDER BY b.idpel))[1:5], ', '))
  FROM (SELECT coalesce(t.sesi_id, r.sesi_id) AS sesi_id, coalesce(t.idpel, r.idpel) AS idpel
          FROM (SELECT * FROM pengesahan.suplai_terlihat WHERE sesi_id = ANY (ARRAY(SELECT id FROM ses))) t
          FULL JOIN (SELECT r.sesi_id, r.idpel FROM pengesahan.pembatalan_baris r JOIN pengesahan.sesi x ON x.id = r.sesi_id
                      WHERE x.unitup = :unitup AND x.thblrek = :thblrek AND r.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND r.kodeposting = 3
                        AND (x.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING')
                             OR x.status NOT IN ('BERJALAN', 'TERHENTI'))) r
            ON r.sesi_id = t.sesi_id AND r.idpel = t.idpel
         WHERE t.idpel IS NULL OR r.idpel IS NULL) b
  JOIN ses s ON s.id = b.sesi_id
 GROUP BY s.nomor ORDER BY 1, 2

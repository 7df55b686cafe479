-- What others did in AP2T, as the entries name it, row by row.
WITH sebut AS (
    SELECT j.isi ->> 'tahap' AS tahap, b.value ->> 0 AS idpel, b.value ->> 1 AS kejadian, b.value ->> 2 AS kodeposting,
           b.value ->> 3 AS no_pengesahan, b.value ->> 4 AS oleh, b.value ->> 5 AS waktu,
           b.value ->> 6 AS ditemukan_pada
      FROM pengesahan.jejak j, jsonb_array_elements(j.isi -> 'baris') b
     WHERE j.sesi_id = :sesi_id AND j.jenis = 'DILUAR_SISTEM'
), buku AS (
    SELECT tahap, idpel, kejadian, kodeposting::text, no_pengesahan, oleh, waktu, extract(epoch FROM ditemukan_pada)::text
      FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id
)
SELECT format('catatan DILUAR_SISTEM pelanggan %s (%s) tanpa jejak', idpel, kejadian) AS apa
  FROM (SELECT * FROM buku EXCEPT SELECT * FROM sebut) t
UNION ALL
SELECT format('catatan DILUAR_SISTEM pelanggan %s (%s) menurut jejak, di buku lain atau hilang', idpel, kejadian)
  FROM (SELECT * FROM sebut EXCEPT SELECT * FROM buku) t

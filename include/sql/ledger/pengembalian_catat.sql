-- Customers that an answer sends back; those whom an earlier answer of the session named stay as that one has them.
INSERT INTO pengesahan.pengembalian (sesi_id, idpel, urutan, oleh, alasan)
SELECT :sesi_id, b.key, :urutan, :oleh, b.value
  FROM jsonb_each_text(CAST(:alasan AS jsonb)) b
    ON CONFLICT (sesi_id, idpel) DO NOTHING

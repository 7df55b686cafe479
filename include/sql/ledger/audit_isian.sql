-- What answers say, beside the form's fields as they arrived (JSON).
SELECT p.urutan, p.oleh, p.catatan, p.kembalikan, t.isian
  FROM pengesahan.persetujuan p JOIN pengesahan.jawaban_tiba t ON t.id = p.tiba
 WHERE p.sesi_id = :sesi_id ORDER BY p.urutan

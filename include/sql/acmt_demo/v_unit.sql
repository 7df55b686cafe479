CREATE OR REPLACE VIEW acmt.v_unit AS
SELECT unitup, nama, unitap, unitupi, zona_waktu
FROM acmt_dasar.unit

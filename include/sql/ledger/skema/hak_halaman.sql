-- The page's rights: to mark what a person has looked at and what they found there, and nothing else. It reads no table. {peran} is the role's name.
REVOKE ALL ON ALL TABLES IN SCHEMA pengesahan FROM {peran};
GRANT USAGE ON SCHEMA pengesahan TO {peran};
GRANT INSERT (sesi_id, idpel, oleh) ON pengesahan.dilihat TO {peran};
GRANT INSERT (sesi_id, idpel, oleh, hasil, tindak_lanjut, catatan) ON pengesahan.pemeriksaan TO {peran};

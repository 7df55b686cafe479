-- Up to when Airflow's event log was read, by Airflow's clock. It moves with whatever was looked at, kept or not.
CREATE TABLE pengesahan.peristiwa_kursor (
    satu   boolean PRIMARY KEY DEFAULT true CHECK (satu),
    sampai timestamptz NOT NULL
);
-- Of an older Airflow nothing from before this ledger.
INSERT INTO pengesahan.peristiwa_kursor (sampai)
SELECT coalesce((SELECT max(least(waktu, disalin_pada)) FROM pengesahan.peristiwa_airflow),
                (SELECT dibuat_pada FROM pengesahan.identitas));
DROP INDEX pengesahan.peristiwa_airflow_waktu;

-- Which entries of Airflow's own event log were copied into the trail: each once.
CREATE TABLE pengesahan.peristiwa_airflow (
    nomor bigint NOT NULL,
    waktu timestamptz NOT NULL,                       -- by Airflow's clock
    disalin_pada timestamptz NOT NULL DEFAULT now(),  -- by the ledger's
    PRIMARY KEY (nomor, waktu)
);
CREATE INDEX peristiwa_airflow_waktu ON pengesahan.peristiwa_airflow (least(waktu, disalin_pada) DESC);
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.peristiwa_airflow
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

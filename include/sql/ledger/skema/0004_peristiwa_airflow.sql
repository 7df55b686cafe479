-- Which entries of Airflow's own event log were copied into the trail: each once.
CREATE TABLE pengesahan.peristiwa_airflow (
    nomor bigint NOT NULL,
    waktu timestamptz NOT NULL,
    PRIMARY KEY (nomor, waktu)
);
CREATE INDEX peristiwa_airflow_waktu ON pengesahan.peristiwa_airflow (waktu DESC);
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.peristiwa_airflow
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

"""Settings of the embedded stack and the AP2T sandbox. The product's own are in :mod:`ap2t.setelan`."""

from __future__ import annotations

from ap2t.setelan import bulat, kata

demo_baris = bulat(
    "AP2T_DEMO_BARIS",
    2000,
    "customers",
    "Demo customers per kelompok (embedded ACMT only).",
    minimal=50,
    maksimal=1_000_000,
)
pekerja = bulat(
    "AP2T_PEKERJA",
    2,
    "workers",
    "Celery workers, with `AIRFLOW__CORE__EXECUTOR=CeleryExecutor`; `make up` then starts Redis too. "
    "`docker-compose.yaml` reads it as well.",
    maksimal=16,
)
scheduler = bulat("AP2T_SCHEDULER", 1, "schedulers", "Schedulers of the embedded Airflow.", maksimal=4)
subjalur = kata(
    "AP2T_SUBJALUR", "Path below which the embedded Airflow stands, such as `/airflow`, as behind a proxy.", "path"
)
kendali = kata(
    "AP2T_SANDBOX_KENDALI",
    "What the sandbox wants in `X-Kendali-Token` for `/_sandbox`. A secret, made by whoever starts it.",
    "secret",
)
rahasia = kata(
    "AP2T_RAHASIA", "Folder of secrets that `docker-compose.yaml` and `deploy/rahasia` use.", "folder", "`rahasia`"
)
artefak = kata("AP2T_ARTEFAK", "Where the browser tests keep their pictures.", "folder", "the test's own folder")

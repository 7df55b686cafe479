"""Our measurements into Airflow's own metrics: StatsD, Datadog or OpenTelemetry, as ``[metrics]`` says.

Airflow's task runner sets its backend up in every task process before the task begins; where no backend is switched on
(the default) each of these calls does nothing.
"""

from __future__ import annotations

from airflow.sdk.observability import stats


class UkuranAirflow:
    """Sink of :mod:`ap2t.metrik`."""

    def tambah(self, nama: str, jumlah: int) -> None:
        """Count up."""
        stats.incr(nama, jumlah)

    def nilai(self, nama: str, nilai: float) -> None:
        """Set a gauge."""
        stats.gauge(nama, nilai)

    def lama(self, nama: str, milidetik: float) -> None:
        """Record a duration."""
        stats.timing(nama, milidetik)

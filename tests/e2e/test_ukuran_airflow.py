"""Metrics leave a running Airflow: from the forked process of a task, over UDP, as a deployment switches them on."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import StackUji, tunggu

pytestmark = pytest.mark.e2e


def test_penjaga_mengirim_ukuran(stack: StackUji) -> None:
    """One round of the watch: that it looked, health, and gauges reach the collector, under Airflow's own prefix."""
    admin = stack.sebagai("admin")
    run = admin.mulai("penjaga_sesi")
    assert admin.tunggu_selesai("penjaga_sesi", run) == "success"
    perlu = {"penjaga.putaran", "kesehatan.ap2t", "kesehatan.acmt", "kesehatan.buku", "gerbang.tertua_detik"}
    tunggu(lambda: {f"airflow.pengesahan.{n}" for n in perlu} <= stack.ukuran, batas=20)

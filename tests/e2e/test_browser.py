"""The gate as an SPV TE meets it: Airflow's own page in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sandbox.acmt_demo import idpel_demo, kasus_khusus
from tests.e2e.conftest import BARIS, StackUji

CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="tidak ada Chromium"),
]
UNIT = "55210"
SPV = f"spv{UNIT}"
DAG = "pengesahan_hari_baca_a"


@pytest.fixture
def halaman() -> Iterator[Page]:
    assert CHROMIUM, "CI must have a Chromium (.ci/run installs it)"
    with sync_playwright() as p:
        peramban = p.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        page = peramban.new_page(viewport={"width": 1280, "height": 900}, locale="id-ID")
        yield page
        peramban.close()


def test_sah_setuju_lewat_peramban(stack: StackUji, halaman: Page) -> None:
    """SOP 12.1, steps 4 to 8: log in, read the rekap at the gate, press Sah/Setuju, see the run end well."""
    klien = stack.sebagai(SPV)
    run = klien.mulai(DAG, unitup=UNIT)
    klien.tunggu_gerbang(DAG, run)
    tujuan = f"{stack.alamat}/dags/{DAG}/runs/{run}/tasks/persetujuan/required_actions"
    halaman.goto(tujuan)
    halaman.get_by_label("Username").fill(SPV)
    halaman.get_by_label("Password").fill(stack.sandi[SPV])
    halaman.get_by_role("button", name="Sign in").click()
    halaman.wait_for_url(lambda u: "/auth/login" not in u)
    halaman.goto(tujuan)
    expect(halaman.get_by_text("Rekap pengesahan", exact=False).first).to_be_visible(timeout=30_000)
    expect(halaman.get_by_text("Akan disahkan", exact=False).first).to_be_visible()
    potret = Path(os.environ.get("AP2T_ARTEFAK", stack.folder)) / "gerbang.png"
    potret.parent.mkdir(parents=True, exist_ok=True)
    halaman.screenshot(path=str(potret), full_page=True)
    # the form's field is a text area: one idpel a line, a blank line at the end does no harm
    lolos = [idpel_demo(UNIT, "A", n, BARIS) for n in range(BARIS)]
    kembali = [i for i in lolos if i not in kasus_khusus(UNIT, "A", baris=BARIS)][:2]
    halaman.locator("textarea[name='element_kembalikan']").fill("\n".join(kembali) + "\n")
    halaman.get_by_role("button", name="Sah/Setuju").click()
    assert klien.tunggu_selesai(DAG, run) == "success"
    sesi = stack.sesi(run)
    assert sesi["status"] == "SELESAI"
    jawaban = stack.buku("SELECT oleh, kembalikan FROM pengesahan.persetujuan WHERE sesi_id = %s", sesi["id"])
    assert jawaban == [(SPV, kembali)]
    ap2t = stack.baris_ap2t(UNIT, sesi["thblrek"], "A")
    assert {ap2t[i]["kodeposting"] for i in kembali} == {0}
    assert sum(b["kodeposting"] == 1 for b in ap2t.values()) > 0


def test_formulir_pembatalan_minta_cakupan_dipilih(stack: StackUji, halaman: Page) -> None:
    """A cancellation cannot be started before a person has chosen the scope: nothing is chosen for them."""
    tujuan = f"{stack.alamat}/dags/pembatalan_pengesahan"
    halaman.goto(tujuan)
    halaman.get_by_label("Username").fill(SPV)
    halaman.get_by_label("Password").fill(stack.sandi[SPV])
    halaman.get_by_role("button", name="Sign in").click()
    halaman.wait_for_url(lambda u: "/auth/login" not in u)
    halaman.goto(tujuan)
    halaman.get_by_role("button", name="Trigger").first.click()
    formulir = halaman.get_by_role("dialog")
    mulai = formulir.get_by_role("button", name="Trigger")
    formulir.locator("[name='element_unitup']").fill(UNIT)
    formulir.locator("[name='element_thblrek']").fill(stack.bulan(UNIT, "A"))
    formulir.locator("#element_hari_baca, [name='element_hari_baca']").first.click()
    halaman.get_by_role("option", name="A", exact=True).click()
    formulir.locator("textarea[name='element_alasan']").fill("Salah baca di lapangan")
    expect(formulir.get_by_text("Select Value")).to_have_count(1)
    expect(mulai).to_be_disabled()
    formulir.locator("#element_cakupan, [name='element_cakupan']").first.click()
    halaman.get_by_role("option").filter(has_text="semua:").click()
    expect(mulai).to_be_enabled()

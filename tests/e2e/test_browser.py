"""The gate as an SPV TE meets it: Airflow's own page in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect

from sandbox.acmt_demo import idpel_demo, kasus_khusus
from tests.e2e.conftest import BARIS, StackUji, serentak
from tests.e2e.halaman_uji import SPV, TANDA, UNIT, Orang, buka_gerbang, peramban, tekan
from tests.e2e.run_uji import RunUji

pytestmark = TANDA


@serentak
def test_sah_setuju_lewat_peramban(stack: StackUji) -> None:
    """SOP 12.1, steps 4 to 8: log in, read the rekap at the gate, press Sah/Setuju; the run ends well."""
    run = RunUji(stack, UNIT, "A").matang()
    # the form's field is a text area: one idpel a line, a blank line at the end does no harm
    lolos = [idpel_demo(UNIT, "A", n, BARIS) for n in range(BARIS)]
    kembali = [i for i in lolos if i not in kasus_khusus(UNIT, "A", baris=BARIS)][:2]
    with peramban() as chromium:
        orang = Orang(stack, chromium, None)
        halaman = buka_gerbang(orang, run, SPV)
        expect(halaman.get_by_text("Akan disahkan", exact=False).first).to_be_visible()
        orang.potret("gerbang", penuh=True)
        halaman.locator("textarea[name='element_kembalikan']").fill("\n".join(kembali) + "\n")
        tekan(halaman)
    run.berhasil()
    assert run.persetujuan() == [(1, "SETUJU", SPV, kembali)]
    ap2t = run.ap2t()
    assert {ap2t[i]["kodeposting"] for i in kembali} == {0}
    assert run.terposting()


@serentak
def test_formulir_pembatalan_minta_cakupan_dipilih(stack: StackUji) -> None:
    """A cancellation cannot be started before a person has chosen the scope: nothing is chosen for them."""
    tujuan = f"{stack.alamat}/dags/pembatalan_pengesahan"
    with peramban() as chromium:
        orang = Orang(stack, chromium, None)
        halaman = orang.page
        halaman.goto(tujuan)
        orang.masuk(SPV)
        if halaman.url != tujuan:
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

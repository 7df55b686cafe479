"""The page /pengesahan/ in a real browser, in the hands of a test."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.e2e.conftest import StackUji
from tests.e2e.run_uji import RunUji
from tests.peramban import PAKAI_CHROMIUM, cacat_axe, pakai_chromium, peramban

__all__ = ["cacat_axe", "pakai_chromium", "peramban"]

TANDA = [pytest.mark.e2e, *PAKAI_CHROMIUM]
UNIT = "55210"
SPV, SPV_B = f"spv{UNIT}", f"spv{UNIT}b"
LAMA = 180_000
"""Milliseconds to wait for what a run does: Airflow is busy with other tests meanwhile."""
expect.set_options(timeout=30_000)
SETUJU, TOLAK = "Sah/Setuju", "Tolak"
Tempat = Page | Frame


class Orang:
    """One person at one screen; whatever the browser complains of is kept.

    :param username: logged in already; None: not at all.
    """

    def __init__(
        self,
        stack: StackUji,
        satu: Browser,
        username: str | None,
        *,
        gelap: bool = False,
        lebar: int = 1360,
        tinggi: int = 900,
    ) -> None:
        self.stack, self.keluhan = stack, list[str]()
        self.konteks = satu.new_context(
            viewport={"width": lebar, "height": tinggi},
            locale="id-ID",
            timezone_id="Asia/Makassar",
            color_scheme="dark" if gelap else "light",
            reduced_motion="reduce",  # without a graphics card each spinner takes a third of a core
        )
        if username:
            token = str(stack.sebagai(username)._sesi.headers["Authorization"]).removeprefix("Bearer ")
            self.konteks.add_cookies([{"name": "_token", "value": token, "url": stack.alamat}])
        self.page = self.konteks.new_page()
        self.page.on("pageerror", lambda e: self._keluh(str(e)))
        self.page.on("console", lambda m: self._keluh(m.text) if m.type == "error" else None)

    def _keluh(self, teks: str) -> None:
        if "/auth/login" not in self.page.url:  # FAB's own login page complains
            self.keluhan.append(teks)

    def buka(self, *bagian: str) -> Page:
        """Open a place on the page: unit, month, and what follows."""
        self.page.goto(f"{self.stack.alamat}/pengesahan/#/{'/'.join(bagian)}")
        return self.page

    def kelompok(self, kode: str) -> Page:
        """Open a kelompok of the unit."""
        return self.buka(UNIT, self.stack.bulan(UNIT, kode), kode)

    def potret(self, nama: str, *, penuh: bool = False) -> None:
        """Keep a picture where CI asks for them."""
        tujuan = Path(os.environ.get("AP2T_ARTEFAK", self.stack.folder)) / f"{nama}.png"
        tujuan.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(tujuan), full_page=penuh)

    def masuk(self, username: str) -> None:
        """Log in by Airflow's own form."""
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(self.stack.sandi[username])
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda u: "/auth/login" not in u)

    def tanpa_keluhan(self) -> None:
        """The browser has nothing to complain of: no script that failed, nothing the content policy refused."""
        assert [k for k in self.keluhan if "Failed to load resource" not in k] == []


def gerbang_di_airflow(run: RunUji) -> str:
    """Where Airflow's own page asks for the answer."""
    return f"{run.stack.alamat}/{run.jalan.replace('dagRuns', 'runs')}/tasks/persetujuan/required_actions"


def buka_gerbang(orang: Orang, run: RunUji, username: str) -> Page:
    """Log in, and open the gate in Airflow's own page."""
    halaman, tujuan = orang.page, gerbang_di_airflow(run)
    halaman.goto(tujuan)
    orang.masuk(username)
    if halaman.url != tujuan:
        halaman.goto(tujuan)
    expect(halaman.get_by_text("Rekap pengesahan", exact=False).first).to_be_visible()
    return halaman


def tekan(halaman: Page, pilihan: str = SETUJU) -> None:
    """Answer in Airflow's own page, and wait until Airflow has taken it."""
    with halaman.expect_response(lambda r: r.request.method == "PATCH" and "hitlDetails" in r.url) as dijawab:
        halaman.get_by_role("button", name=pilihan).click()
    assert dijawab.value.ok


def angka(nilai: int) -> str:
    """Write a count as the page does."""
    return f"{nilai:,}".replace(",", ".")


def siap_dijawab(tempat: Tempat) -> Locator:
    """Wait until the gate may be answered; return the bar that holds the answer."""
    lekat = tempat.locator(".aksi-lekat")
    expect(lekat.get_by_role("button", name=SETUJU)).to_have_attribute("aria-disabled", "false", timeout=LAMA)
    return lekat


def jawab(tempat: Tempat, pilihan: str = SETUJU) -> None:
    """Answer as a person does: the button, then the question that says what will happen."""
    siap_dijawab(tempat).get_by_role("button", name=pilihan).click()
    tempat.get_by_role("dialog").get_by_role("button", name=pilihan, exact=True).click()


def berakhir(tempat: Tempat, judul: str) -> Locator:
    """Wait until the session has ended so; return what the page says of it."""
    akhir = tempat.locator(".akhir")
    expect(akhir.locator(".akhir-judul")).to_have_text(judul, timeout=LAMA)
    return akhir


def tenang(page: Page) -> None:
    """Wait until nothing is being loaded."""
    expect(page.locator(".rangka, .memperbarui")).to_have_count(0, timeout=30_000)


def meluap(page: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def jumlah(page: Page, nama: str) -> int:
    """Read one of the figures by its name."""
    teks = page.locator(".figur", has_text=re.compile(f"^{re.escape(nama)}")).locator("dd").inner_text()
    return int(teks.split("\n")[0].replace(".", ""))

"""The plugin, for both ways in: Airflow's plugins folder (``plugins/.airflowignore``), and an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

import ap2t.operators.berkala
import ap2t.operators.pembatalan
import ap2t.operators.pengesahan
import ap2t.sensors.kesiapan
import ap2t.sensors.persetujuan  # noqa: F401

HALAMAN = "pengesahan"
"""The page's path below Airflow's own. Relative in links, so that Airflow may live below another path."""
HALAMAN_RUN = f"{HALAMAN}/#/run/{{DAG_ID}}/{{RUN_ID}}"
_TAUTAN = {"name": "Pengesahan", "icon": f"{HALAMAN}/statis/ikon.svg"}


class HalamanMalas:
    """The page as an ASGI app that is built at its first request.

    This file is loaded by the scheduler too, and tasks are forked from there: none of them should pay for a web app.
    """

    def __init__(self) -> None:
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if self._app is None:
            from ap2t.web.airflow import halaman  # without an await, two first requests cannot build it twice

            self._app = halaman()
        await self._app(scope, receive, send)


class Ap2tPlugin(AirflowPlugin):
    """Brings the page.

    This file also imports what the DAGs import, in the process that tasks are forked from: each starts 0.2 s sooner.
    """

    name = "ap2t"
    fastapi_apps = [{"app": HalamanMalas(), "url_prefix": f"/{HALAMAN}", "name": "Pengesahan"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {**_TAUTAN, "href": f"{HALAMAN}/", "destination": "nav", "url_route": "pengesahan", "nav_top_level": True},
        {**_TAUTAN, "href": HALAMAN_RUN, "destination": "dag_run", "url_route": "pengesahan-run"},
    ]


_folder = Path(conf.get_mandatory_value("core", "plugins_folder"))
terpasang = None if Path(__file__).resolve().is_relative_to(_folder.resolve()) else Ap2tPlugin
"""The entry point. None, which Airflow passes over, where its plugins folder has this very file already."""

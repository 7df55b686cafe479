"""Channels of notifications, by Airflow's provider packages: mail (smtp) and Apprise.

Connections come from :mod:`ap2t.koneksi` alone. ``SmtpHook`` asks for its connection in one place, which is overridden
here. It opens, secures and logs in; the message goes over its client, since its own ``send_email_smtp`` sends no plain
text beside the HTML. ``AppriseHook`` only reads the connection, and Apprise itself sends: ``AppriseHook.notify`` drops
the outcome, so that a failure would look like success.
"""

from __future__ import annotations

import logging
import re
import smtplib
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import Any

import apprise
from airflow.providers.apprise.hooks.apprise import AppriseHook
from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.sdk.exceptions import AirflowException

from ap2t import koneksi
from ap2t.galat import KoneksiTidakSah, SaluranGagal
from ap2t.pemberitahuan.antar import Pembawa
from ap2t.pemberitahuan.antrean import SUREL, Surat
from ap2t.pemberitahuan.pesan import Pesan, html, teks

BATAS = 10
"""Seconds to wait for a channel's answer; a connection may ask for less."""


def buat_pembawa(saluran: str) -> Pembawa:
    """Open a channel by its name in the outbox.

    :raises KoneksiTidakSah: its connection is missing or cannot be used.
    """
    return PembawaSurel() if saluran == SUREL else PembawaApprise(saluran)


class _HookSurel(SmtpHook):
    """``SmtpHook`` whose connection is ours, tried once, with a short timeout."""

    @classmethod
    def get_connection(cls, conn_id: str) -> Any:
        """Return the connection of the environment or a secrets backend."""
        sambungan = koneksi.ambil(conn_id)
        try:
            batas = min(int(sambungan.extra_dejson.get("timeout") or BATAS), BATAS)
        except (TypeError, ValueError):
            raise KoneksiTidakSah(f"Koneksi {conn_id}: timeout di bagian extra bukan bilangan.") from None
        return replace(sambungan, extra_dejson={**sambungan.extra_dejson, "retry_limit": 0, "timeout": batas})


class PembawaSurel:
    """Mail over connection ``smtp_default``. One login serves all messages of a round."""

    def __init__(self) -> None:
        self._hook = _HookSurel(koneksi.SUREL)
        sambungan = koneksi.ambil(koneksi.SUREL)
        self._dari = str(sambungan.extra_dejson.get("from_email") or "")
        if not sambungan.host or "@" not in parseaddr(self._dari)[1]:
            raise KoneksiTidakSah(f"Koneksi {koneksi.SUREL} tidak punya host, atau from_email di bagian extra.")

    def kirim(self, surat: Surat, pesan: Pesan) -> None:
        """Send one mail. SaluranGagal: the server does not answer, or refuses login, sender, or this recipient."""
        isi = self._susun(surat, pesan)
        try:
            klien = self._hook.get_conn()._smtp_client
            assert isinstance(klien, smtplib.SMTP)  # noqa: S101 -- get_conn opens the synchronous one
            klien.send_message(isi, parseaddr(self._dari)[1], [surat.alamat or ""])
        except smtplib.SMTPRecipientsRefused as galat:
            kode = next((kunci for kunci, _ in galat.recipients.values()), 0)
            if kode == 421:
                self.putus()
            sebab = f"server surel menolak alamat penerima ini ({kode})"
            raise SaluranGagal(sebab, seluruh=kode == 421, tetap=kode >= 500) from None
        except smtplib.SMTPDataError as galat:
            raise SaluranGagal(f"server surel menolak isi pesan ini ({galat.smtp_code})", seluruh=False) from None
        except (smtplib.SMTPException, OSError, AirflowException) as galat:
            self.putus()
            ditolak = getattr(galat, "smtp_code", None)
            rinci = f"menolak ({ditolak})" if ditolak else f"tidak dapat dipakai ({type(galat).__name__})"
            raise SaluranGagal(f"server surel (koneksi {koneksi.SUREL}) {rinci}") from None

    def _susun(self, surat: Surat, pesan: Pesan) -> EmailMessage:
        """Write the mail. The same message has the same Message-ID, so that one sent twice is seen as one."""
        isi = EmailMessage(policy=SMTP)
        isi["Subject"] = pesan.judul
        isi["From"] = self._dari
        isi["To"] = surat.alamat
        isi["Date"] = formatdate(surat.terjadi_pada.timestamp())
        asal = parseaddr(self._dari)[1].rpartition("@")[2]
        isi["Message-ID"] = f"<pengesahan.{surat.id}.{int(surat.terjadi_pada.timestamp())}@{asal}>"
        isi["Auto-Submitted"] = "auto-generated"
        isi.set_content(teks(pesan))
        isi.add_alternative(html(pesan), subtype="html")
        return isi

    def putus(self) -> None:
        """Say goodbye where the server still listens."""
        klien, self._hook._smtp_client = self._hook._smtp_client, None
        if isinstance(klien, smtplib.SMTP):
            with suppress(smtplib.SMTPException, OSError):
                klien.quit()
            klien.close()


class PembawaApprise:
    """A chat (Telegram, WhatsApp, Teams) behind an Apprise connection, ``extra.config`` as the provider has it."""

    def __init__(self, conn_id: str) -> None:
        pencatat = logging.getLogger("apprise")
        pencatat.propagate = False  # its own lines may show addresses, which hold tokens
        if not pencatat.handlers:
            pencatat.addHandler(logging.NullHandler())
        self._conn_id = conn_id
        self._apprise = apprise.Apprise()
        try:
            AppriseHook(conn_id).set_config_from_conn(koneksi.ambil(conn_id), self._apprise)  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise KoneksiTidakSah(
                f'Koneksi {conn_id}: bagian extra harus berisi config, misalnya {{"config": {{"path": "tgram://…"}}}}.'
            ) from None
        if not len(self._apprise):
            raise KoneksiTidakSah(f"Koneksi {conn_id}: alamat di config bukan alamat yang dikenal Apprise.")
        for layanan in self._apprise:
            layanan.socket_connect_timeout = layanan.socket_read_timeout = float(BATAS)

    def kirim(self, surat: Surat, pesan: Pesan) -> None:
        """Send one message to the chat. SaluranGagal: a service behind it does not answer or refuses."""
        hasil = self._apprise.notify(
            body=teks(pesan),
            title=pesan.judul,
            body_format=apprise.NotifyFormat.TEXT,
            timeout=BATAS,
            log_level=logging.WARNING,
        )
        if not hasil:
            kode = re.search(r"error=(\d{3})", " ".join(galat.message for galat in hasil.logs()))
            rinci = f" ({kode[1]})" if kode else ""
            raise SaluranGagal(f"saluran {self._conn_id} menolak atau tidak menjawab{rinci}")

    def putus(self) -> None:
        """Nothing stays open."""

"""Who may do what, looked up at the moment of acting (v_petugas; invariant 1 and 7)."""

from __future__ import annotations

from typing import Any

from ap2t import koneksi
from ap2t.domain.model import Peran, Petugas
from ap2t.domain.stempel import PetugasUnit
from ap2t.galat import GalatPengesahan, WewenangKurang
from ap2t.proses.layanan import Lapor, Layanan


def periksa_pemicu(layanan: Layanan, unitup: str, pemicu: str | None, terjadwal: bool) -> None:
    """Check that whoever started the run belongs to the unit, or that the schedule did.

    :raises WewenangKurang: if not.
    """
    if pemicu is None:
        if terjadwal:
            return
        raise WewenangKurang(
            "Run ini tidak mencatat siapa yang memulainya. Mulai dari layar Airflow dengan akun sendiri."
        )
    if not any(p.username == pemicu and p.aktif for p in layanan.sumber.petugas(unitup)):
        raise WewenangKurang(
            f"{pemicu} bukan petugas aktif unit {unitup} (v_petugas), jadi tidak boleh memulai pengesahan unit ini. "
            "Mulai dengan akun SPV TE unit tersebut."
        )


def admin_cmt(layanan: Layanan, unitup: str) -> list[Petugas]:
    """Return the unit's active ADMIN_CMT people, by username."""
    return list(PetugasUnit(unitup, layanan.sumber.petugas(unitup)).pemegang(Peran.ADMIN_CMT))


def pastikan_admin_cmt(layanan: Layanan, unitup: str, username: str) -> dict[str, Any]:
    """Return the row of v_petugas that makes ``username`` an approver of the unit now.

    :raises WewenangKurang: if there is none.
    """
    for p in admin_cmt(layanan, unitup):
        if p.username == username:
            return p._asdict()
    raise WewenangKurang(
        f"{username} tidak (lagi) memegang ADMIN_CMT aktif di unit {unitup} menurut v_petugas. "
        "Tidak ada yang diposting. Minta SPV TE yang berwenang mengesahkan lewat run baru."
    )


def pengesah_siap(layanan: Layanan, unitup: str, lapor: Lapor) -> list[str]:
    """Return who may be asked: active ADMIN_CMT of the unit whose own AP2T user works, found before the gate opens.

    :raises WewenangKurang: if nobody is left; the message says why for each person.
    """
    siap: list[str] = []
    alasan: list[str] = []
    orang = admin_cmt(layanan, unitup)
    for p in orang:
        kembar = [q.username for q in orang if koneksi.kunci_ap2t(q.username) == koneksi.kunci_ap2t(p.username)]
        try:
            if koneksi.kunci_ap2t(p.username) == koneksi.AP2T.upper():
                raise WewenangKurang("nama penggunanya bertabrakan dengan koneksi ap2t_default")
            if len(kembar) > 1:
                raise WewenangKurang(f"nama koneksi AP2T-nya sama dengan milik {', '.join(kembar)}")
            periksa_ap2t(layanan, unitup, p.username)
            siap.append(p.username)
        except GalatPengesahan as e:
            if not e.permanen:
                raise
            alasan.append(f"{p.username}: {e}")
            lapor(f"{p.username} tidak ditanya: {e}")
    if not siap:
        rinci = " ".join(alasan) or "Tidak ada ADMIN_CMT aktif di v_petugas."
        raise WewenangKurang(f"Tidak ada yang dapat mengesahkan unit {unitup}. {rinci} Perbaiki lalu ulangi tugas ini.")
    return siap


def periksa_ap2t(layanan: Layanan, unitup: str, username: str) -> None:
    """Log in to AP2T as the person and check role and unit there.

    :raises KoneksiTidakSah: if the person has no AP2T connection.
    :raises Ap2tMasukGagal: if AP2T refuses the login.
    :raises WewenangKurang: if AP2T does not let this user approve for the unit.
    """
    masuk = layanan.ap2t_orang(username).masuk()
    if Peran.ADMIN_CMT not in masuk.peran or unitup not in masuk.unitup:
        raise WewenangKurang(
            f"pengguna AP2T milik {username} tidak berhak mengesahkan unit {unitup} di AP2T; "
            "minta hak itu kepada pengelola AP2T"
        )

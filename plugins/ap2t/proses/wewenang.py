"""Who may do what in a unit, looked up at the moment of acting (invariants 1 and 7).

ADMIN_CMT of the unit in v_petugas, or a delegation recorded in the configuration that holds now. Separation of duties:
nobody approves rows they read, verified or sent, and nobody by delegation who is vendor, pengawas or reader there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ap2t import koneksi
from ap2t.domain.model import Peran, Petugas, Unit
from ap2t.domain.pola import Delegasi, pada, samakan
from ap2t.domain.stempel import PetugasUnit
from ap2t.galat import GalatPengesahan, WewenangKurang
from ap2t.ledger.konfigurasi import Berlaku
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Lapor, Layanan


class WewenangUnit:
    """Who holds ADMIN_CMT of one unit at one moment, and on what ground.

    :param petugas: rows of v_petugas. :param berlaku: the unit's part of the configuration in force.
    :param zona: the unit's zone (IANA), in which delegations without an offset are meant.
    """

    def __init__(
        self, unitup: str, petugas: Sequence[Petugas], berlaku: Berlaku, zona: str, sekarang: datetime
    ) -> None:
        self.unitup, self.zona, self.sekarang = unitup, zona, sekarang
        self.versi = berlaku.versi
        self.delegasi = berlaku.pola.delegasi
        self._petugas = [petugas for petugas in petugas if petugas.unitup == unitup and petugas.aktif]
        self._tak_terbaca = {
            petugas.username for petugas in petugas if petugas.unitup == unitup and petugas.aktif is None
        }
        self._admin = {petugas.username: petugas for petugas in PetugasUnit(unitup, petugas).pemegang(Peran.ADMIN_CMT)}

    def calon(self) -> list[str]:
        """Return everybody who holds ADMIN_CMT of the unit now, or to whom it is delegated now, by name."""
        kini = [delegasi.kepada for delegasi in self.delegasi if delegasi.berlaku(self.sekarang, self.zona)]
        return sorted({*self._admin, *kini})

    def petugas_aktif(self, username: str) -> bool:
        """Whether the person has any active role in the unit."""
        return any(petugas.username == username for petugas in self._petugas)

    def dasar(self, username: str) -> dict[str, Any]:
        """Return what makes a person an approver now: the row of v_petugas, or the delegation and its version.

        :raises WewenangKurang: nothing does; the message says why.
        """
        if username in self._admin:
            return self._admin[username]._asdict()
        delegasi = next(
            (delegasi_ini for delegasi_ini in self._milik(username) if delegasi_ini.berlaku(self.sekarang, self.zona)),
            None,
        )
        if delegasi is None:
            raise WewenangKurang(
                f"{username} tidak (lagi) memegang ADMIN_CMT aktif di unit {self.unitup} menurut v_petugas, dan "
                f"{self.sebab_delegasi(username)}. Tidak ada yang dikirim. Minta SPV TE yang berwenang menjawab "
                f"lewat run baru.{self.sebab_tak_terbaca(username)}"
            )
        peran = sorted(
            {petugas.peran for petugas in self._petugas if samakan(petugas.username) == samakan(username)}
            - {Peran.ADMIN_CMT}
        )
        if peran:
            raise WewenangKurang(
                f"{username} menerima delegasi ADMIN_CMT unit {self.unitup} (konfigurasi versi {self.versi}), tetapi "
                f"di unit itu memegang {', '.join(peran)}: yang membaca, memverifikasi atau mengirim tidak "
                "mengesahkan. Delegasikan kepada orang lain."
            )
        return {
            "username": username,
            "unitup": self.unitup,
            "peran": str(Peran.ADMIN_CMT),
            "konfigurasi": self.versi,
            "delegasi": {
                "oleh": delegasi.oleh,
                "dari": pada(delegasi.dari, self.zona).isoformat(),
                "sampai": pada(delegasi.sampai, self.zona).isoformat(),
                "alasan": delegasi.alasan,
            },
        }

    def sebab_tak_terbaca(self, username: str | None = None) -> str:
        """Say, as a sentence behind others, whose ``aktif`` is neither true nor false; nothing where nobody's is."""
        rusak = sorted(self._tak_terbaca & ({username} if username else self._tak_terbaca))
        if not rusak:
            return ""
        return (
            f" Kolom v_petugas.aktif milik {', '.join(rusak)} bukan nilai ya atau tidak, jadi dianggap tidak aktif: "
            "jalankan `ap2t periksa` dan minta pengelola ACMT memperbaiki view itu."
        )

    def _milik(self, username: str) -> list[Delegasi]:
        return sorted(
            (delegasi for delegasi in self.delegasi if delegasi.kepada == username),
            key=lambda delegasi: pada(delegasi.dari, self.zona),
        )

    def sebab_delegasi(self, username: str) -> str:
        """Say, as a clause, why no delegation helps this person now."""
        milik = self._milik(username)
        if not milik:
            return "tidak ada delegasi baginya"
        if any(delegasi.berlaku(self.sekarang, self.zona) for delegasi in milik):
            return "delegasi baginya tidak dapat dipakai karena ia punya peran lain di unit itu"
        nanti = [delegasi for delegasi in milik if pada(delegasi.dari, self.zona) > self.sekarang]
        saat = pada(nanti[0].dari if nanti else milik[-1].sampai, self.zona).astimezone(ZoneInfo(self.zona))
        return f"delegasi baginya {'baru berlaku' if nanti else 'berakhir'} {saat:%d-%m-%Y %H:%M %Z}"


def lihat(layanan: Layanan, unitup: str, zona: str, petugas: Sequence[Petugas] | None = None) -> WewenangUnit:
    """Look up a unit's people and delegations as they are now.

    :param petugas: its rows of v_petugas, where the caller has just read them.
    """
    with layanan.buku.transaksi() as tx:
        berlaku = tx.konfigurasi.unit(unitup)
    baris = layanan.sumber.petugas(unitup) if petugas is None else petugas
    return WewenangUnit(unitup, baris, berlaku, zona, layanan.sekarang())


def periksa_pemicu(layanan: Layanan, unit: Unit, pemicu: str | None, terjadwal: bool) -> None:
    """Check that whoever started the run belongs to the unit (or stands in by delegation), or that the schedule did.

    :raises WewenangKurang: if not.
    """
    if pemicu is None:
        if terjadwal:
            return
        raise WewenangKurang(
            "Run ini tidak mencatat siapa yang memulainya. Mulai dari layar Airflow dengan akun sendiri."
        )
    kini = lihat(layanan, unit.unitup, unit.zona_waktu)
    if kini.petugas_aktif(pemicu):
        return
    try:
        kini.dasar(pemicu)
    except WewenangKurang:
        raise WewenangKurang(
            f"{pemicu} bukan petugas aktif unit {unit.unitup} (v_petugas) dan {kini.sebab_delegasi(pemicu)}, jadi "
            "tidak boleh memulai pengesahan atau pembatalan unit ini. Mulai dengan akun SPV TE unit tersebut."
        ) from None


def pastikan_pengesah(layanan: Layanan, sesi: Sesi, orang: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what makes each of these people an approver of the session now.

    :raises WewenangKurang: one of them is none: no role, no delegation that holds, or they worked on its rows.
    """
    kini = lihat(layanan, sesi.unitup, sesi.zona_waktu)
    dasar = {username: kini.dasar(username) for username in orang}
    with layanan.buku.transaksi() as tx:
        bekerja = tx.persetujuan.penstempel(sesi)
    for username in dasar:
        _pastikan_terpisah(sesi, username, bekerja)
    return dasar


def pastikan_masih(layanan: Layanan, sesi: Sesi, petugas: Sequence[Petugas], orang: Iterable[str]) -> None:
    """As :func:`pastikan_pengesah`, for every batch: the snapshot is frozen, so only roles and delegations can change.

    :raises WewenangKurang: one of them is no approver any more.
    """
    unit = PetugasUnit(sesi.unitup, petugas)
    bukan_admin = [unit_ini for unit_ini in orang if not unit.memegang(unit_ini, Peran.ADMIN_CMT)]
    if bukan_admin:
        kini = lihat(layanan, sesi.unitup, sesi.zona_waktu, petugas)
        for username in bukan_admin:
            kini.dasar(username)


def _pastikan_terpisah(sesi: Sesi, username: str, bekerja: dict[str, str]) -> None:
    """Separation of duties, per session: names are compared without blanks at the ends and without capitals."""
    perbuatan = bekerja.get(samakan(username))
    if perbuatan:
        apa = "membatalkan pengesahannya" if sesi.pembatalan else "mengesahkannya"
        raise WewenangKurang(
            f"{username} {perbuatan} ({sesi.nomor}) sehingga tidak boleh {apa} (pemisahan tugas). "
            f"Minta ADMIN_CMT lain unit {sesi.unitup}."
        )


def pengesah_siap(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> list[str]:
    """Return who may be asked: approvers of the session whose own AP2T user works, found before the gate opens.

    :raises WewenangKurang: if nobody is left; the message says why for each person.
    """
    kini = lihat(layanan, sesi.unitup, sesi.zona_waktu)
    with layanan.buku.transaksi() as tx:
        bekerja = tx.persetujuan.penstempel(sesi)
    siap: list[str] = []
    alasan: list[str] = []
    calon = kini.calon()
    semua = layanan.sumber.pengguna_ap2t().union(calon)
    for username in calon:
        try:
            kini.dasar(username)
            _pastikan_terpisah(sesi, username, bekerja)
            _pastikan_koneksi_sendiri(username, semua)
            periksa_ap2t(layanan, sesi.unitup, username)
            siap.append(username)
        except GalatPengesahan as galat:
            if not galat.permanen:
                raise
            alasan.append(f"{username}: {galat}")
            lapor(f"{username} tidak ditanya: {galat}")
    if not siap:
        rinci = " ".join(alasan) or "Tidak ada ADMIN_CMT aktif di v_petugas dan tidak ada delegasi yang berlaku."
        rinci += kini.sebab_tak_terbaca()
        raise WewenangKurang(
            f"Tidak ada yang dapat mengesahkan unit {sesi.unitup}. {rinci} Perbaiki lalu ulangi tugas ini."
        )
    return siap


def _pastikan_koneksi_sendiri(username: str, semua: Iterable[str]) -> None:
    """Refuse a name whose AP2T connection is another approver's too, of whatever unit: one would post as the other."""
    kunci = koneksi.kunci_ap2t(username)
    if kunci == koneksi.AP2T.upper():
        raise WewenangKurang("nama penggunanya bertabrakan dengan koneksi ap2t_default")
    kembar = sorted(unit for unit in semua if koneksi.kunci_ap2t(unit) == kunci)
    if len(kembar) > 1:
        raise WewenangKurang(f"nama koneksi AP2T-nya sama dengan milik {', '.join(kembar)}")


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

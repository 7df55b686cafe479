"""Who may do what in a unit, looked up at the moment of acting (invariants 1 and 7).

An approver holds ADMIN_CMT of the unit in v_petugas, or a delegation of the configuration in force. Nobody approves
rows they read, verified or sent. Nobody approves by delegation who is vendor, pengawas or reader of that unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t import jam, koneksi
from ap2t.domain.model import Peran, Petugas, Unit
from ap2t.domain.pola import Delegasi, pada, samakan
from ap2t.domain.stempel import PetugasUnit
from ap2t.galat import GalatPengesahan, WewenangKurang
from ap2t.ledger.konfigurasi import Berlaku
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah, Layanan


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
        milik_unit = [orang for orang in petugas if orang.unitup == unitup]
        self._petugas = [orang for orang in milik_unit if orang.aktif]
        self._tak_terbaca = {orang.username for orang in milik_unit if orang.aktif is None}
        self._admin = {orang.username: orang for orang in PetugasUnit(unitup, petugas).pemegang(Peran.ADMIN_CMT)}

    def calon(self) -> list[str]:
        """Return everybody who holds ADMIN_CMT of the unit now, or to whom it is delegated now, by name."""
        return sorted({*self._admin, *(delegasi.kepada for delegasi in self.delegasi if self._berlaku(delegasi))})

    def _berlaku(self, delegasi: Delegasi) -> bool:
        return delegasi.berlaku(self.sekarang, self.zona)

    def petugas_aktif(self, username: str) -> bool:
        """Whether the person has any active role in the unit."""
        return any(orang.username == username for orang in self._petugas)

    def dasar(self, username: str) -> dict[str, Any]:
        """Return what makes a person an approver now: their row of v_petugas, or a delegation.

        :raises WewenangKurang: nothing does; the message says why.
        """
        if username in self._admin:
            return self._admin[username]._asdict()
        delegasi = next(filter(self._berlaku, self._milik(username)), None)
        if delegasi is None:
            raise WewenangKurang(
                f"{username} tidak (lagi) memegang ADMIN_CMT aktif di unit {self.unitup} menurut v_petugas, dan "
                f"{self.sebab_delegasi(username)}. Tidak ada yang dikirim. Minta SPV TE yang berwenang menjawab "
                f"lewat run baru.{self.sebab_tak_terbaca(username)}"
            )
        peran = sorted(
            {orang.peran for orang in self._petugas if samakan(orang.username) == samakan(username)} - {Peran.ADMIN_CMT}
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
        """Say, as a sentence behind others, whose ``aktif`` is neither true nor false, if anybody's is."""
        rusak = sorted(self._tak_terbaca & ({username} if username else self._tak_terbaca))
        if not rusak:
            return ""
        return (
            f" Kolom v_petugas.aktif milik {', '.join(rusak)} bukan nilai ya atau tidak, jadi dianggap tidak aktif: "
            "jalankan `ap2t periksa` dan minta pengelola ACMT memperbaiki view itu."
        )

    def _milik(self, username: str) -> list[Delegasi]:
        milik = [delegasi for delegasi in self.delegasi if delegasi.kepada == username]
        return sorted(milik, key=lambda delegasi: pada(delegasi.dari, self.zona))

    def sebab_delegasi(self, username: str) -> str:
        """Say, as a clause, why no delegation helps this person now."""
        milik = self._milik(username)
        if not milik:
            return "tidak ada delegasi baginya"
        if any(map(self._berlaku, milik)):
            return "delegasi baginya tidak dapat dipakai karena ia punya peran lain di unit itu"
        nanti = [delegasi for delegasi in milik if pada(delegasi.dari, self.zona) > self.sekarang]
        saat = pada(nanti[0].dari if nanti else milik[-1].sampai, self.zona).astimezone(ZoneInfo(self.zona))
        return f"delegasi baginya {'baru berlaku' if nanti else 'berakhir'} {saat:%d-%m-%Y %H:%M %Z}"


class WewenangSesi(NamedTuple):
    """Who may answer for one session: the unit's approvers, but nobody who worked on its rows.

    ``bekerja``: who did (names without blanks at the ends and without capitals), and what, as a phrase.
    """

    sesi: Sesi
    unit: WewenangUnit
    bekerja: dict[str, str]

    def dasar(self, username: str) -> dict[str, Any]:
        """Return what makes a person an approver of the session now.

        :raises WewenangKurang: no role and no delegation that holds, or they worked on its rows.
        """
        dasar = self.unit.dasar(username)
        perbuatan = self.bekerja.get(samakan(username))
        if perbuatan:
            apa = "membatalkan pengesahannya" if self.sesi.pembatalan else "mengesahkannya"
            raise WewenangKurang(
                f"{username} {perbuatan} ({self.sesi.nomor}) sehingga tidak boleh {apa} (pemisahan tugas). "
                f"Minta ADMIN_CMT lain unit {self.sesi.unitup}."
            )
        return dasar


def lihat_wewenang(layanan: Layanan, unitup: str, zona: str, petugas: Sequence[Petugas] | None = None) -> WewenangUnit:
    """Look up a unit's people (unless the caller has just read them) and delegations as they are now."""
    with layanan.buku.transaksi() as tx:
        berlaku = tx.konfigurasi.unit(unitup)
    baris = layanan.sumber.petugas(unitup) if petugas is None else petugas
    return WewenangUnit(unitup, baris, berlaku, zona, jam.sekarang())


def lihat_sesi(layanan: Layanan, sesi: Sesi, berlaku: Berlaku, bekerja: dict[str, str]) -> WewenangSesi:
    """Look up in ACMT who may answer for a session now, beside what the ledger said of it."""
    petugas = layanan.sumber.petugas(sesi.unitup)
    unit = WewenangUnit(sesi.unitup, petugas, berlaku, sesi.zona_waktu, jam.sekarang())
    return WewenangSesi(sesi, unit, bekerja)


def periksa_pemicu(layanan: Layanan, unit: Unit, pemicu: str | None, terjadwal: bool) -> None:
    """Check that the schedule, one of the unit's people, or who stands in by delegation started the run.

    :raises WewenangKurang: it was not.
    """
    if pemicu is None:
        if terjadwal:
            return
        raise WewenangKurang(
            "Run ini tidak mencatat siapa yang memulainya. Mulai dari layar Airflow dengan akun sendiri."
        )
    kini = lihat_wewenang(layanan, unit.unitup, unit.zona_waktu)
    if kini.petugas_aktif(pemicu):
        return
    try:
        kini.dasar(pemicu)
    except WewenangKurang:
        raise WewenangKurang(
            f"{pemicu} bukan petugas aktif unit {unit.unitup} (v_petugas) dan {kini.sebab_delegasi(pemicu)}, jadi "
            "tidak boleh memulai pengesahan atau pembatalan unit ini. Mulai dengan akun SPV TE unit tersebut."
        ) from None


def pastikan_pengesah(layanan: Layanan, sesi: Sesi, orang: Iterable[str]) -> None:
    """Check that each of these people is an approver of the session now (:meth:`WewenangSesi.dasar`).

    :raises WewenangKurang: one of them is none: no role, no delegation that holds, or they worked on its rows.
    """
    with layanan.buku.transaksi() as tx:
        berlaku, bekerja = tx.konfigurasi.unit(sesi.unitup), tx.persetujuan.penstempel(sesi)
    kini = lihat_sesi(layanan, sesi, berlaku, bekerja)
    for username in orang:
        kini.dasar(username)


def pastikan_masih(layanan: Layanan, sesi: Sesi, petugas: Sequence[Petugas], orang: Iterable[str]) -> None:
    """Check the same before each batch: the snapshot is frozen, so only roles and delegations can change.

    :raises WewenangKurang: one of them is no approver any more.
    """
    unit = PetugasUnit(sesi.unitup, petugas)
    bukan_admin = [username for username in orang if not unit.memegang(username, Peran.ADMIN_CMT)]
    if bukan_admin:
        kini = lihat_wewenang(layanan, sesi.unitup, sesi.zona_waktu, petugas)
        for username in bukan_admin:
            kini.dasar(username)


def pengesah_siap(langkah: Langkah, kini: WewenangSesi) -> list[str]:
    """Return who may be asked: approvers of the session whose own AP2T user works.

    :raises WewenangKurang: nobody is left. The message says why for each person.
    """
    layanan, unitup = langkah.layanan, langkah.sesi.unitup
    siap: list[str] = []
    alasan: list[str] = []
    calon = kini.unit.calon()
    semua = layanan.sumber.pengguna_ap2t().union(calon)
    for username in calon:
        try:
            kini.dasar(username)
            _pastikan_koneksi_sendiri(username, semua)
            periksa_ap2t(layanan, unitup, username)
            siap.append(username)
        except GalatPengesahan as galat:
            if not galat.permanen:
                raise
            alasan.append(f"{username}: {galat}")
            langkah.lapor(f"{username} tidak ditanya: {galat}")
    if not siap:
        rinci = " ".join(alasan) or "Tidak ada ADMIN_CMT aktif di v_petugas dan tidak ada delegasi yang berlaku."
        rinci += kini.unit.sebab_tak_terbaca()
        raise WewenangKurang(f"Tidak ada yang dapat mengesahkan unit {unitup}. {rinci} Perbaiki lalu ulangi tugas ini.")
    return siap


def _pastikan_koneksi_sendiri(username: str, semua: Iterable[str]) -> None:
    """Refuse a name whose AP2T connection is also another approver's, of any unit: one would post as the other."""
    kunci = koneksi.kunci_ap2t(username)
    if kunci == koneksi.AP2T.upper():
        raise WewenangKurang("nama penggunanya bertabrakan dengan koneksi ap2t_default")
    kembar = sorted(nama for nama in semua if koneksi.kunci_ap2t(nama) == kunci)
    if len(kembar) > 1:
        raise WewenangKurang(f"nama koneksi AP2T-nya sama dengan milik {', '.join(kembar)}")


def periksa_ap2t(layanan: Layanan, unitup: str, username: str) -> None:
    """Log in to AP2T as the person, and check that AP2T lets them approve for the unit.

    :raises KoneksiTidakSah: the person has no AP2T connection.
    :raises Ap2tMasukGagal: AP2T refuses the login.
    :raises WewenangKurang: AP2T does not let this user approve for the unit.
    """
    masuk = layanan.ap2t_orang(username).masuk()
    if Peran.ADMIN_CMT not in masuk.peran or unitup not in masuk.unitup:
        raise WewenangKurang(
            f"pengguna AP2T milik {username} tidak berhak mengesahkan unit {unitup} di AP2T; "
            "minta hak itu kepada pengelola AP2T"
        )

"""Sessions: one run of one kelompok of one unit in one month (invariant 4: one open at a time)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from ap2t import __version__
from ap2t.domain.kalender import rentang_baca
from ap2t.domain.kode import TERBUKA, BentukPola, JenisSesi, StatusSesi, TahapSesi
from ap2t.domain.model import ATURAN_AWAL, ATURAN_PRAKTIK, Aturan, Ketentuan, Tempat, mengikat
from ap2t.domain.sidik import RAHASIA
from ap2t.galat import BukuMenolak, MasukanTidakSah
from ap2t.ledger.mesin import Tabel, ke_json

PENGESAHAN, PEMBATALAN = JenisSesi.PENGESAHAN, JenisSesi.PEMBATALAN
BENTUK_AWAL, BENTUK_SIDIK = 1, 2
"""Forms of digest: of sessions that were opened before there was another, and of those opened now."""
STATUS = tuple(StatusSesi)
TAHAP = tuple(TahapSesi)


class Pola(NamedTuple):
    """The pattern of approval a session is opened with (SOP 12.1, rule 1), and for good.

    ``pola``: LENGKAP (every customer ready) or BERTAHAP (the ready ones now). ``pengesah``: 1 or 2 approvers.
    ``batas_jam_nyala``: hours, never above 2000. ``batas_jawab_jam``: hours after which ``eskalasi`` are told;
    ``tutup_sesudah_jam``: hours after which the session ends. ``konfigurasi``: the version all this stands in.
    ``sampel``: customers drawn for inspection; None: none. ``ketentuan``: that of :mod:`ap2t.domain.model`.
    """

    pola: str = BentukPola.LENGKAP
    pengesah: int = 1
    batas_jam_nyala: Decimal = Decimal(2000)
    batas_jawab_jam: Decimal | None = None
    tutup_sesudah_jam: Decimal | None = None
    eskalasi: Sequence[str] = ()
    konfigurasi: int | None = None
    sampel: int | None = None
    ketentuan: Mapping[str, Any] = MappingProxyType(Ketentuan()._asdict())


class Sesi(NamedTuple):
    """One row of the ledger's ``sesi``.

    ``tgl_mulai``: the day the kelompok's reading began by the calendar, as the snapshot saw it (None: it had none).
    ``dicuplik_pada``: the instant that counted as now for the snapshot. ``bentuk_sidik``: how its digest takes its rows
    in, one text after another (1) or as a tree (2).
    """

    id: int
    nomor: str
    jenis: str
    unitup: str
    thblrek: str
    hari_baca: str
    putaran: int
    dag_id: str
    run_id: str
    epoch: int
    status: str
    tahap: str
    pola: str
    pengesah: int
    batas_jam_nyala: Decimal
    versi_aturan: str
    versi_kode: str
    nama_unit: str | None
    zona_waktu: str
    pemicu: str | None
    sidik: str | None
    rekap: dict[str, Any] | None
    keterangan: str | None
    dibuka_pada: datetime
    diakhiri_pada: datetime | None
    konfigurasi: int | None
    batas_jawab_jam: Decimal | None
    tutup_sesudah_jam: Decimal | None
    eskalasi: list[str]
    sampel: int | None
    tgl_mulai: date | None
    dicuplik_pada: datetime | None
    ketentuan: dict[str, Any]
    bentuk_sidik: int

    @property
    def pembatalan(self) -> bool:
        """Whether the session cancels approvals instead of approving."""
        return self.jenis == PEMBATALAN

    @property
    def tanpa_akibat(self) -> str:
        """What to tell where nothing came of the session."""
        return "Tidak ada yang dibatalkan" if self.pembatalan else "Tidak ada yang diposting"

    @property
    def hasil_rekap(self) -> dict[str, int]:
        """How many customers the rekap counts, by what is said of them (``pelanggan``: all)."""
        hasil: dict[str, int] = (self.rekap or {})["hasil"]
        return hasil

    @property
    def kosong(self) -> bool:
        """Whether what was worked out holds nobody to ask about."""
        return self.rekap is not None and self.hasil_rekap["lolos"] == 0

    @property
    def terbuka(self) -> bool:
        """Whether the session has not ended."""
        return self.status in TERBUKA

    @property
    def aturan(self) -> Aturan:
        """The rule set this session is sieved with."""
        ketentuan, rentang = Ketentuan(**self.ketentuan), None
        if self.tgl_mulai is not None and self.dicuplik_pada is not None:
            rentang = rentang_baca(self.tgl_mulai, self.dicuplik_pada, self.zona_waktu, ketentuan.baca_sebelum)
        return Aturan(self.versi_aturan, self.batas_jam_nyala, rentang, ketentuan, self.zona_waktu)

    @property
    def mengikat_dasar(self) -> bool:
        """Whether its digest binds calendar and chain. Sessions of the first rule set bind neither."""
        return self.versi_aturan != ATURAN_AWAL

    @property
    def tempat(self) -> Tempat:
        """Its unit, month and kelompok."""
        return Tempat(self.unitup, self.thblrek, self.hari_baca)

    @property
    def akhir(self) -> dict[str, Any]:
        """How the session ended, for the trail's entry of its end."""
        return {"status": self.status, "keterangan": self.keterangan, "diakhiri_pada": self.diakhiri_pada}

    def sudah(self, tahap: str) -> bool:
        """Whether the session has reached ``tahap`` or gone beyond it."""
        return TAHAP.index(self.tahap) >= TAHAP.index(tahap)


class TabelSesi(Tabel):
    """Sessions, opened and moved on. Only the run that holds a session moves it, under the epoch it knows."""

    def buka(self, *, pola: Pola, jenis: str = PENGESAHAN, **nilai: str | None) -> Sesi:
        """Open a session. Its number is unique across ledgers (a random tail), since AP2T keeps it for good.

        :param nilai: of what (unitup, thblrek, hari_baca, nama_unit, zona_waktu) and by whom (dag_id, run_id, pemicu).
        :raises BukuMenolak: if another session of the kelompok is open (through the ledger's unique index).
        """
        versi = Aturan().versi
        ketentuan = dict(pola.ketentuan) if mengikat(versi, ATURAN_PRAKTIK) else {}
        sesi = self.satu_baris(
            Sesi,
            "sesi_buka",
            jenis=jenis,
            **nilai,
            **{**pola._asdict(), "eskalasi": list(pola.eskalasi), "ketentuan": ke_json(ketentuan)},
            versi_aturan=versi,
            versi_kode=__version__,
            acak=secrets.token_hex(4),
            bentuk_sidik=BENTUK_SIDIK,
        )
        self.jalankan("sesi_garam", sesi_id=sesi.id, isi=secrets.token_bytes(RAHASIA))
        return sesi

    def milik_run(self, dag_id: str, run_id: str) -> Sesi | None:
        """Return the session of a run, open or ended."""
        return self.mungkin_baris(Sesi, "sesi_milik_run", dag_id=dag_id, run_id=run_id)

    def ambil(self, sesi_id: int) -> Sesi:
        """Return a session by its id."""
        return self.satu_baris(Sesi, "sesi_ambil", sesi_id=sesi_id)

    def terbuka(self, unitup: str, thblrek: str, hari_baca: str) -> Sesi | None:
        """Return the open session of a kelompok, if any."""
        return self.mungkin_baris(Sesi, "sesi_terbuka", unitup=unitup, thblrek=thblrek, hari_baca=hari_baca)

    def bernomor(self, nomor: str) -> Sesi | None:
        """Return a session by its number."""
        return self.mungkin_baris(Sesi, "sesi_bernomor", nomor=nomor)

    def wajib_ada(self, nomor: str) -> Sesi:
        """Return a session by its number.

        :raises MasukanTidakSah: there is no such session.
        """
        sesi = self.bernomor(nomor)
        if sesi is None:
            raise MasukanTidakSah(f"Tidak ada sesi bernomor {nomor}. Lihat daftarnya dengan `ap2t sesi`.")
        return sesi

    def semua_terbuka(self) -> list[Sesi]:
        """Return every open session."""
        return self.semua_baris(Sesi, "sesi_semua_terbuka")

    def _pindah(self, nama: str, sesi: Sesi, **nilai: Any) -> Sesi:
        kini = self.mungkin_baris(Sesi, nama, sesi_id=sesi.id, **nilai)
        if kini is None:
            raise self._tidak_dipegang(sesi)
        return kini

    def _tidak_dipegang(self, sesi: Sesi) -> BukuMenolak:
        kini = self.ambil(sesi.id)
        return BukuMenolak(
            f"Sesi {sesi.nomor} ({sesi.tempat}) tidak lagi dipegang run ini: statusnya {kini.status}, "
            f"epoch {kini.epoch} (run ini memegang {sesi.epoch}). {kini.keterangan or ''} "
            "Mulai run baru bila masih perlu."
        )

    def ke_tahap(self, sesi: Sesi, tahap: str) -> Sesi:
        """Move an open session on.

        :raises BukuMenolak: the run no longer holds it (status or epoch changed). So do the other moves.
        """
        return self._pindah("sesi_tahap", sesi, epoch=sesi.epoch, tahap=tahap)

    def catat_cuplikan(self, sesi: Sesi, tgl_mulai: date | None, dicuplik: datetime) -> Sesi:
        """Move an open session to CUPLIKAN, with what its rows will be judged by.

        A session of the first rule set gets neither, since its digest cannot bind them.

        :param tgl_mulai: the day the reading began by the calendar; None: it has none.
        :param dicuplik: the instant that counted as now.
        """
        dasar = {"tgl_mulai": tgl_mulai, "dicuplik_pada": dicuplik}
        if not sesi.mengikat_dasar:
            dasar = dict.fromkeys(dasar)
        return self._pindah("sesi_cuplikan", sesi, epoch=sesi.epoch, **dasar)

    def mulai_posting(self, sesi: Sesi) -> Sesi:
        """Move an open session to MEMPOSTING under a new epoch. An earlier start of the same run is fenced off."""
        return self._pindah("sesi_mulai_posting", sesi, epoch=sesi.epoch)

    def isi(self, sesi: Sesi, sidik: str, rekap: dict[str, Any]) -> Sesi:
        """Record the digest and the rekap that the gate will show."""
        return self._pindah("sesi_isi", sesi, epoch=sesi.epoch, sidik=sidik, rekap=ke_json(rekap))

    def kunci(self, sesi: Sesi) -> None:
        """Let nobody else decide anything of the session until this transaction ends."""
        self.jalankan("sesi_kunci", sesi_id=sesi.id)

    def pegang(self, sesi: Sesi) -> None:
        """Keep the session as it is until this transaction ends.

        :raises BukuMenolak: the run no longer holds it (status or epoch changed).
        """
        if self.jalankan("sesi_pegang", sesi_id=sesi.id, epoch=sesi.epoch).one_or_none() is None:
            raise self._tidak_dipegang(sesi)

    def hentikan(self, sesi: Sesi, keterangan: str) -> Sesi:
        """Mark a session TERHENTI: its run failed, and clearing the failed task resumes it."""
        return self._pindah("sesi_hentikan", sesi, epoch=sesi.epoch, keterangan=keterangan)

    def lanjutkan(self, sesi: Sesi) -> Sesi:
        """Resume a session that stood still, at the stage it had reached."""
        return self._pindah("sesi_lanjutkan", sesi)

    def akhiri(self, sesi: Sesi, status: str, keterangan: str) -> Sesi:
        """End a session for good (SELESAI, DITOLAK or NIHIL)."""
        return self._pindah("sesi_akhiri", sesi, epoch=sesi.epoch, status=status, keterangan=keterangan)

    def kedaluwarsa(self, sesi: Sesi, keterangan: str) -> Sesi:
        """End a session nobody answered in time, running or standing still. Refused once it no longer waits."""
        return self._pindah("sesi_kedaluwarsa", sesi, epoch=sesi.epoch, keterangan=keterangan)

    def naikkan_epoch(self, sesi: Sesi, keterangan: str) -> Sesi:
        """Fence the old run off: the ledger refuses from now on whatever it still sends."""
        return self._pindah("sesi_naikkan_epoch", sesi, keterangan=keterangan)

    def ambil_alih(self, sesi: Sesi, keterangan: str) -> Sesi:
        """End a session whose run is gone. Refused while a batch of it is in flight."""
        return self._pindah("sesi_ambil_alih", sesi, keterangan=keterangan)

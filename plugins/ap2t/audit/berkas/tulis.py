"""Writes a session's file: JSON that proves itself without any system, and HTML that a person reads.

Each list stands one element a line, so that files of any size are written and read as a stream. The last line holds
the SHA-256 of everything before it. Names and places of customers are not in it. Their digest stands in their stead
(``tertutup``), so that the digest the approvers saw can still be computed from the file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ap2t import __version__
from ap2t.audit.berkas.html import tulis_html
from ap2t.audit.folder_segel import IsiFolder
from ap2t.audit.laporan import Laporan
from ap2t.audit.periksa import periksa_sesi_dan_unit, sekeadaan
from ap2t.domain.model import KOLOM_IKATAN, kolom_ikatan
from ap2t.domain.sidik import garam, tutup
from ap2t.galat import BukuMenolak, MasukanTidakSah
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.cuplikan import KOLOM_HASIL, KOLOM_PRIBADI
from ap2t.ledger.mesin import ke_json
from ap2t.ledger.sesi import BENTUK_AWAL, PEMBATALAN, Sesi
from ap2t.proses.layanan import Lapor
from ap2t.teks_copy import nilai_baris

JENIS = "berkas sesi pengesahan"
KOLOM_SIDIK = (
    *("sesi_id", "idpel", "unitup", "thblrek", "hari_baca", "kddk", "tarif", "daya", "fkmkwh", "fkmkvarh"),
    *("digit_meter", "tgl_baca", "petugas_baca", "kode_baca", "kelainan"),
    *("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh"),
    *("lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang", "fkmkwh_lama", "pemkwh", "pemkwh_lalu", "pemkwh_rata3"),
    *("verif_pengawas_oleh", "verif_pengawas_pada", "verif_vendor_oleh", "verif_vendor_pada"),
    *("kirim_oleh", "kirim_pada", "diubah_pada", "tertutup"),
    *("daya_saringan", "kwh", "jam_nyala", "hasil", "alasan", "dlpd"),
)
"""Columns of a row that a digest of the first form is taken over, in order; behind them those of ``kolom_ikatan``."""
KOLOM_PEMBATALAN = (
    *("sesi_id", "idpel", "kodeposting_ap2t", "no_pengesahan", "asal", "kwh", "oleh_ap2t", "waktu_ap2t"),
    *("hasil", "sebab"),
)
"""The same of a cancellation: what AP2T held, and the session (``asal``) whose approval is undone."""


class Berkas(NamedTuple):
    """Where the JSON is, the SHA-256 that ends it, and whether the check at export found all whole."""

    json: Path
    sidik: str
    utuh: bool

    @property
    def html(self) -> Path:
        """Where its readable side belongs."""
        return self.json.with_suffix(".html")


def kolom_sidik(isi: Mapping[str, Any], bentuk: int) -> tuple[str, ...]:
    """Return the columns that a session's digest of a form is taken over. ``isi``: the session's values by name."""
    ikatan = kolom_ikatan(isi["versi_aturan"])
    semua = KOLOM_PEMBATALAN if isi["jenis"] == PEMBATALAN else (*KOLOM_SIDIK, *ikatan)
    if bentuk == BENTUK_AWAL:
        return semua
    return ("tertutup", *(kolom for kolom in semua if kolom not in ("sesi_id", "tertutup")))


def kolom_berkas(isi: Mapping[str, Any], bentuk: int) -> list[str]:
    """Return the columns of a row in a session's file."""
    return [*kolom_sidik(isi, bentuk), *KOLOM_HASIL]


def tulis_berkas(buku: Buku, nomor: str, ke: Path, folder_segel: Path | None, lapor: Lapor) -> Berkas:
    """Write the file of session ``nomor`` into folder ``ke``, in place of what stood there under its name.

    :raises MasukanTidakSah: no session has this number, its readings are archived, or the folder cannot be written.
    :raises BukuMenolak: the ledger holds what cannot be read.
    """
    berkas = tulis_json(buku, nomor, ke, folder_segel, lapor)
    with _tertulis(nomor, ke):
        tulis_html(berkas.json, berkas.html)
    return berkas


def tulis_json(buku: Buku, nomor: str, ke: Path, folder_segel: Path | None, lapor: Lapor) -> Berkas:
    """As :func:`tulis_berkas`, the JSON alone."""
    with _tertulis(nomor, ke), sekeadaan(buku, folder_segel) as (tx, folder):
        ke.mkdir(parents=True, exist_ok=True)
        sesi = tx.sesi.wajib_ada(nomor)
        tx.arsip.pastikan_ada(sesi)
        laporan = periksa_sesi_dan_unit(tx, sesi, folder, lapor)
        berkas = ke / f"{sesi.nomor}.json"
        return Berkas(berkas, _tulis_teks(berkas, _anggota(tx, sesi, folder, laporan)), laporan.utuh)


@contextmanager
def _tertulis(nomor: str, ke: Path) -> Iterator[None]:
    try:
        yield
    except (KeyError, ValueError) as galat:
        raise BukuMenolak(
            f"Berkas sesi {nomor} tidak dapat ditulis: ada isi buku yang tidak dapat dibaca ({type(galat).__name__}). "
            "Periksa dengan `ap2t audit verifikasi`."
        ) from galat
    except OSError as galat:
        raise MasukanTidakSah(f"Berkas tidak dapat ditulis ke {ke} ({galat.strerror}). Pilih folder lain.") from galat


def _tulis_teks(berkas: Path, potongan: Iterable[str]) -> str:
    """Write the text and, as its last member, the SHA-256 of what came before. Return that hash."""
    ringkas = hashlib.sha256()
    sementara = berkas.with_suffix(".baru")
    with open(sementara, "w", encoding="utf-8", opener=milik_sendiri) as keluaran:
        for teks in potongan:
            keluaran.write(teks)
            ringkas.update(teks.encode())
        keluaran.write(f'"sidik_berkas": "{ringkas.hexdigest()}"}}\n')
    sementara.replace(berkas)
    return ringkas.hexdigest()


milik_sendiri = partial(os.open, mode=0o600)
"""Opens a file that nobody else may read (an opener of :func:`open`)."""


def _anggota(tx: Transaksi, sesi: Sesi, folder: IsiFolder | None, laporan: Laporan) -> Iterator[str]:
    """Return the file's text piece by piece: one member a line, lists with one element a line."""
    kepala = {
        "jenis": JENIS,
        "versi": sesi.bentuk_sidik,
        "dibuat": datetime.now(UTC).isoformat(timespec="seconds"),
        "versi_kode": __version__,
        "sesi": sesi._asdict(),
        "segel": _segel_sekitar(tx, sesi, folder),
        "pemeriksaan": laporan.ringkas(),
        "pembatalan": tx.pembatalan.ambil(sesi)._asdict() if sesi.pembatalan else None,
        "kolom": kolom_berkas(sesi._asdict(), sesi.bentuk_sidik),
    }
    yield "{\n"
    for nama, isi in kepala.items():
        yield f'"{nama}": {ke_json(isi)},\n'
    kueri = {
        "gerbang": "berkas_gerbang",
        "dilihat": "berkas_dilihat",
        "hasil_pemeriksaan": "berkas_pemeriksaan",
        "persetujuan": "berkas_persetujuan",
        "batch": "berkas_batch",
        "diluar_sistem": "berkas_luar",
    }
    for nama, pernyataan in kueri.items():
        yield from _daftar(nama, (dict(baris._mapping) for baris in tx.alirkan(pernyataan, 100, sesi_id=sesi.id)))
    yield from _daftar("jejak", (entri._asdict() for entri in tx.jejak.baca_sesi(sesi.id)))
    yield from _daftar("baris", _baris_pelanggan(tx, sesi))


def _daftar(nama: str, isi: Iterable[object]) -> Iterator[str]:
    yield f'"{nama}": [\n'
    pemisah = ""
    for unsur in isi:
        yield f"{pemisah}{ke_json(unsur)}"
        pemisah = ",\n"
    yield "\n],\n"


def _baris_pelanggan(tx: Transaksi, sesi: Sesi) -> Iterator[list[str | None]]:
    nama, semua, pribadi = "berkas_baris", (*KOLOM_SIDIK, *KOLOM_IKATAN), len(KOLOM_PRIBADI)
    if sesi.pembatalan:
        nama, semua, pribadi = "berkas_pembatalan", KOLOM_PEMBATALAN, 0
    kolom = kolom_berkas(sesi._asdict(), sesi.bentuk_sidik)
    semua_garam = None if sesi.bentuk_sidik == BENTUK_AWAL else garam(tx.cuplikan.rahasia(sesi))
    with tx.salin(nama, sesi_id=sesi.id, sesudah=None, sampai=None) as keluar:
        for potongan in keluar:
            teks, *tersembunyi = bytes(potongan).removesuffix(b"\n").rsplit(b"\t", pribadi)
            nilai = dict(zip((*semua, *KOLOM_HASIL), nilai_baris(teks), strict=True))
            if semua_garam is not None:
                nilai["tertutup"] = tutup(next(semua_garam), b"\t".join(tersembunyi)).hex()
            yield [nilai[nama] for nama in kolom]


def _segel_sekitar(tx: Transaksi, sesi: Sesi, folder: IsiFolder | None) -> dict[str, Any]:
    """Return the last seal before the session's first entry and the first one behind its last."""
    ujung = tx.jalankan("audit_jejak_sesi", sesi_id=sesi.id).one()
    semua = folder.segel if folder else ()
    sebelum = next((segel.baris for segel in reversed(semua) if segel.jejak < ujung.pertama), None)
    sesudah = next((segel.baris for segel in semua if segel.jejak >= ujung.terakhir), None)
    return {"sebelum": sebelum, "sesudah": sesudah}

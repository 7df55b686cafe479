"""The sandbox's durable store: customers, users, idempotency keys, and logs for tests.

One SQLite file in WAL mode. Writes go through one connection behind one lock, and each is one committed
transaction: a batch's rows, its audit lines and its stored answer stand or fall together, so settling a key
(``tutup_kunci``) can never cut through a batch. Reads use one connection per thread.

Reading of the contract where it leaves room: "the same readings" are the values AP2T shows again
(``NILAI``), compared as numbers; jam nyala is checked on exact values with the daya AP2T holds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

NILAI = ("sahlwbp", "sahwbp", "sahkvarh", "pemkwh")
"""The values AP2T keeps of a posted reading, as text."""

SEMUA_KELOMPOK = "*"

SKEMA = """
CREATE TABLE IF NOT EXISTS pelanggan (
    unitup TEXT NOT NULL, thblrek TEXT NOT NULL, hari_baca TEXT NOT NULL, idpel TEXT NOT NULL,
    daya TEXT NOT NULL, kodeposting INTEGER NOT NULL DEFAULT 0,
    sahlwbp TEXT, sahwbp TEXT, sahkvarh TEXT, pemkwh TEXT,
    no_pengesahan TEXT, oleh TEXT, waktu TEXT, tolak TEXT,
    PRIMARY KEY (unitup, thblrek, hari_baca, idpel)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pengguna (
    username TEXT PRIMARY KEY, garam BLOB NOT NULL, sandi BLOB NOT NULL, unitup TEXT NOT NULL, peran TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kunci (
    kunci TEXT PRIMARY KEY, oleh TEXT NOT NULL, unitup TEXT, sidik TEXT, jawaban TEXT,
    status TEXT NOT NULL CHECK (status IN ('DITERAPKAN', 'DITUTUP')), waktu TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tertutup (
    unitup TEXT, thblrek TEXT, hari_baca TEXT, PRIMARY KEY (unitup, thblrek, hari_baca));
CREATE TABLE IF NOT EXISTS gangguan (id INTEGER PRIMARY KEY, isi TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jejak (
    id INTEGER PRIMARY KEY, waktu TEXT NOT NULL, kunci TEXT, sumber TEXT NOT NULL, oleh TEXT NOT NULL, nomor TEXT,
    unitup TEXT NOT NULL, thblrek TEXT NOT NULL, hari_baca TEXT NOT NULL, idpel TEXT NOT NULL,
    dari INTEGER NOT NULL, ke INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS kiriman (
    id INTEGER PRIMARY KEY, waktu TEXT NOT NULL, kunci TEXT NOT NULL, oleh TEXT NOT NULL, hasil TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pelanggaran (
    id INTEGER PRIMARY KEY, waktu TEXT NOT NULL, jalan TEXT NOT NULL, kode TEXT NOT NULL, rincian TEXT NOT NULL);
"""
SEBARIS = "WHERE unitup = ? AND thblrek = ? AND hari_baca = ? AND idpel = ?"
POSTINGKAN = (
    "UPDATE pelanggan SET kodeposting = 1, sahlwbp = ?, sahwbp = ?, sahkvarh = ?, pemkwh = ?, "  # noqa: S608
    f"no_pengesahan = ?, oleh = ?, waktu = ? {SEBARIS}"
)
KOSONGKAN = (
    "UPDATE pelanggan SET kodeposting = 0, sahlwbp = NULL, sahwbp = NULL, sahkvarh = NULL, pemkwh = NULL, "  # noqa: S608
    f"no_pengesahan = NULL, oleh = NULL, waktu = NULL {SEBARIS}"
)
TERTUTUP = f"SELECT 1 FROM tertutup WHERE unitup = ? AND thblrek = ? AND hari_baca IN (?, '{SEMUA_KELOMPOK}')"  # noqa: S608
LOG = ("jejak", "kiriman", "pelanggaran")

Isian = Mapping[str, Any]


class Kelompok(NamedTuple):
    """One kelompok hari baca of one unit in one billing month."""

    unitup: str
    thblrek: str
    hari_baca: str


class Pengguna(NamedTuple):
    """An AP2T user as the store knows it. An empty ``unitup`` means every unit (BACA only)."""

    username: str
    unitup: tuple[str, ...]
    peran: frozenset[str]


class Batch(NamedTuple):
    """A checked write: ``nomor`` is no_pengesahan or no_pembatalan, ``sidik`` the hash of the body."""

    kunci: str
    oleh: str
    kelompok: Kelompok
    nomor: str
    sidik: str
    baris: Sequence[Isian]


class Putusan(NamedTuple):
    """What becomes of one row: the contract's status, the kodeposting after it, and a kode when refused."""

    status: str
    kodeposting: int | None
    kode: str | None = None


class TokoMenolak(Exception):
    """The store refuses a whole batch (409) with the contract's ``kode``."""

    def __init__(self, kode: str) -> None:
        super().__init__(kode)
        self.kode = kode


def sekarang() -> str:
    """Return this instant as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def sama(satu: str | None, lain: str | None) -> bool:
    """Compare two values as numbers: "3600" equals "3600.000"."""
    return satu == lain if satu is None or lain is None else Decimal(satu) == Decimal(lain)


def terlalu_lama(baris: Isian, daya: str) -> bool:
    """Whether jam nyala is over 2000 (SOP 12.1, rule 4), by the values themselves or as the row states it."""
    return Decimal(baris["pemkwh"]) * 1000 > 2000 * Decimal(daya) or Decimal(baris["jam_nyala"]) > 2000


def putus_posting(baris: Isian, ada: sqlite3.Row | None) -> Putusan:
    """Decide one row of a posting against what AP2T holds (``ada``)."""
    if ada is None:
        return Putusan("DITOLAK", None, "IDPEL_TIDAK_DIKENAL")
    kini = int(ada["kodeposting"])
    if kini == 3:
        return Putusan("DITOLAK", 3, "SUDAH_SUPLAI_STAN")
    if kini == 1:
        if all(sama(ada[kolom], baris.get(kolom)) for kolom in NILAI):
            return Putusan("SUDAH_POSTING", 1)
        return Putusan("DITOLAK", 1, "STAN_BERBEDA")
    if terlalu_lama(baris, ada["daya"]):
        return Putusan("DITOLAK", 0, "JAM_NYALA")
    return Putusan("DITOLAK", 0, ada["tolak"]) if ada["tolak"] else Putusan("POSTING", 1)


def putus_pembatalan(baris: Isian, ada: sqlite3.Row | None) -> Putusan:
    """Decide one row of a pembatalan against what AP2T holds (``ada``)."""
    if ada is None:
        return Putusan("DITOLAK", None, "IDPEL_TIDAK_DIKENAL")
    kini = int(ada["kodeposting"])
    if kini == 3:
        return Putusan("DITOLAK", 3, "SUDAH_SUPLAI_STAN")
    if kini == 0:
        return Putusan("BELUM_POSTING", 0)
    if ada["no_pengesahan"] != baris["no_pengesahan"]:
        return Putusan("DITOLAK", 1, "BEDA_PENGESAHAN")
    return Putusan("BATAL", 0)


class Toko:
    """The store over one SQLite file, safe to use from many threads."""

    def __init__(self, berkas: Path | str) -> None:
        self._berkas = str(berkas)
        self._kunci_tulis = threading.Lock()
        self._lokal = threading.local()
        self._semua: list[sqlite3.Connection] = []
        self._penulis = self._buka()
        self._penulis.executescript(SKEMA)

    def _buka(self) -> sqlite3.Connection:
        sambungan = sqlite3.connect(self._berkas, timeout=30, isolation_level=None, check_same_thread=False)
        sambungan.row_factory = sqlite3.Row
        sambungan.execute("PRAGMA journal_mode = WAL")
        sambungan.execute("PRAGMA synchronous = FULL")
        self._semua.append(sambungan)
        return sambungan

    @contextmanager
    def _tulis(self) -> Iterator[sqlite3.Connection]:
        """Hold the one writer, commit on success, and undo on any error."""
        with self._kunci_tulis:
            self._penulis.execute("BEGIN IMMEDIATE")
            try:
                yield self._penulis
            except BaseException:
                self._penulis.execute("ROLLBACK")
                raise
            self._penulis.execute("COMMIT")

    def _pilih(self, sql: str, nilai: Sequence[Any] = ()) -> list[sqlite3.Row]:
        if not hasattr(self._lokal, "sambungan"):
            self._lokal.sambungan = self._buka()
        sambungan: sqlite3.Connection = self._lokal.sambungan
        return sambungan.execute(sql, nilai).fetchall()

    def tutup(self) -> None:
        """Close every connection."""
        for sambungan in self._semua:
            sambungan.close()

    # --- filling -------------------------------------------------------------------------------------

    def muat_pelanggan(self, baris: Iterable[tuple[str, str, str, str, int | str | Decimal]]) -> int:
        """Load customers ``(idpel, unitup, thblrek, hari_baca, daya in VA)``. One known already gets the new daya."""
        sql = (
            "INSERT INTO pelanggan (idpel, unitup, thblrek, hari_baca, daya) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET daya = excluded.daya"
        )
        with self._tulis() as db:
            return db.executemany(sql, ((*kunci, str(daya)) for *kunci, daya in baris)).rowcount

    def tambah_pengguna(self, username: str, password: str, unitup: Iterable[str], peran: Iterable[str]) -> None:
        """Add a user, or replace one of the same name."""
        garam = secrets.token_bytes(16)
        nilai = (username, garam, _sandi(password, garam), json.dumps([*unitup]), json.dumps([*peran]))
        with self._tulis() as db:
            db.execute("INSERT OR REPLACE INTO pengguna VALUES (?, ?, ?, ?, ?)", nilai)

    def masuk(self, username: str, password: str) -> Pengguna | None:
        """Return the user if the password is right."""
        for ada in self._pilih("SELECT * FROM pengguna WHERE username = ?", (username,)):
            if secrets.compare_digest(ada["sandi"], _sandi(password, ada["garam"])):
                return Pengguna(username, tuple(json.loads(ada["unitup"])), frozenset(json.loads(ada["peran"])))
        return None

    # --- the contract's writes -----------------------------------------------------------------------

    def posting(self, batch: Batch) -> str:
        """Post a batch (0 -> 1) and return its answer as JSON.

        :raises TokoMenolak: the whole batch is refused.
        """

        def ubah(db: sqlite3.Connection, baris: list[Isian]) -> None:
            _postingkan(db, batch.kelompok, baris, batch.nomor, batch.oleh)

        return self._terapkan(batch, putus_posting, "POSTING", ubah)

    def pembatalan(self, batch: Batch) -> str:
        """Cancel a batch (1 -> 0) and return its answer as JSON.

        :raises TokoMenolak: the whole batch is refused.
        """

        def ubah(db: sqlite3.Connection, baris: list[Isian]) -> None:
            _kosongkan(db, batch.kelompok, [satu["idpel"] for satu in baris])

        return self._terapkan(batch, putus_pembatalan, "BATAL", ubah)

    def _terapkan(
        self,
        batch: Batch,
        putus: Callable[[Isian, sqlite3.Row | None], Putusan],
        berlaku: str,
        ubah: Callable[[sqlite3.Connection, list[Isian]], None],
    ) -> str:
        """Apply a batch once: rows whose status is ``berlaku`` change, and the answer is stored under the key."""
        with self._tulis() as db:
            lama = db.execute("SELECT * FROM kunci WHERE kunci = ?", (batch.kunci,)).fetchone()
            tolak = _tolakan(db, batch, lama)
            hasil = tolak or ("ULANG" if lama else "DITERAPKAN")
            db.execute("INSERT INTO kiriman VALUES (NULL, ?, ?, ?, ?)", (sekarang(), batch.kunci, batch.oleh, hasil))
            if not tolak and not lama:
                ada = _baris_ada(db, batch.kelompok, [baris["idpel"] for baris in batch.baris])
                putusan = [(baris, putus(baris, ada.get(baris["idpel"]))) for baris in batch.baris]
                efektif = [baris for baris, putus_baris in putusan if putus_baris.status == berlaku]
                ubah(db, efektif)
                ke = 1 if berlaku == "POSTING" else 0
                asal = ("AP2T", batch.kunci, batch.oleh, batch.nomor)
                _catat_perubahan(db, asal, batch.kelompok, [(baris["idpel"], 1 - ke, ke) for baris in efektif])
                _catat_jam_nyala(db, batch, putusan)
                jawaban = _jawaban(batch.kunci, putusan)
                nilai = (batch.kunci, batch.oleh, batch.kelompok.unitup, batch.sidik, jawaban, sekarang())
                db.execute("INSERT INTO kunci VALUES (?, ?, ?, ?, ?, 'DITERAPKAN', ?)", nilai)
        if tolak:
            raise TokoMenolak(tolak)
        return str(lama["jawaban"]) if lama else jawaban

    def jawaban(self, kunci: str) -> tuple[str, str] | None:
        """Return ``(unitup, stored answer)`` of an applied key."""
        ada = self._pilih("SELECT unitup, jawaban FROM kunci WHERE kunci = ? AND status = 'DITERAPKAN'", (kunci,))
        return (ada[0]["unitup"], ada[0]["jawaban"]) if ada else None

    def tutup_kunci(self, kunci: str, oleh: str) -> str | None:
        """Settle a key: return the stored answer, or void the key and return None."""
        with self._tulis() as db:
            sql = "INSERT INTO kunci VALUES (?, ?, NULL, NULL, NULL, 'DITUTUP', ?) ON CONFLICT DO NOTHING"
            db.execute(sql, (kunci, oleh, sekarang()))
            ada = db.execute("SELECT jawaban FROM kunci WHERE kunci = ?", (kunci,)).fetchone()
        return None if ada["jawaban"] is None else str(ada["jawaban"])

    # --- the contract's reads ------------------------------------------------------------------------

    def keadaan(self, kelompok: Kelompok) -> tuple[bool, dict[int, int]] | None:
        """Return ``(open?, rows per kodeposting)``, or None for a kelompok without customers."""
        sql = (
            "SELECT kodeposting, count(*) AS n FROM pelanggan "
            "WHERE unitup = ? AND thblrek = ? AND hari_baca = ? GROUP BY kodeposting"
        )
        jumlah = {baris["kodeposting"]: baris["n"] for baris in self._pilih(sql, kelompok)}
        return (not self._pilih(TERTUTUP, (*kelompok,)), jumlah) if jumlah else None

    def halaman(self, kelompok: Kelompok, setelah: str, batas: int) -> list[dict[str, Any]]:
        """Return up to ``batas`` rows with idpel beyond ``setelah``, ordered by idpel."""
        sql = (
            "SELECT idpel, kodeposting, sahlwbp, sahwbp, sahkvarh, pemkwh, no_pengesahan, oleh, waktu FROM pelanggan "
            "WHERE unitup = ? AND thblrek = ? AND hari_baca = ? AND idpel > ? ORDER BY idpel LIMIT ?"
        )
        return [dict(baris) for baris in self._pilih(sql, (*kelompok, setelah, batas))]

    # --- what others do in AP2T, outside this project ----------------------------------------------------

    def suplai_stan(
        self, kelompok: Kelompok, idpel: Sequence[str] | None = None, dari: Iterable[int] = (0, 1), oleh: str = "SUPLAI"
    ) -> int:
        """Lift rows to 3 (all of the kelompok, or the named ones) that stand at ``dari`` now."""
        with self._tulis() as db:
            asal = set(dari) - {3}
            kini = {nomor: baris["kodeposting"] for nomor, baris in _baris_ada(db, kelompok, idpel).items()}
            kena = [(nomor, posting, 3) for nomor, posting in kini.items() if posting in asal]
            sql = f"UPDATE pelanggan SET kodeposting = 3 {SEBARIS}"  # noqa: S608 - constants
            db.executemany(sql, ((*kelompok, nomor) for nomor, _, _ in kena))
            return _catat_perubahan(db, ("SUPLAI_STAN", None, oleh, None), kelompok, kena)

    def posting_lain(self, kelompok: Kelompok, baris: Sequence[Isian], nomor: str | None, oleh: str) -> int:
        """Post rows as somebody else would in AP2T: no check, rows at 3 stay."""
        with self._tulis() as db:
            ada = _baris_ada(db, kelompok, [satu["idpel"] for satu in baris])
            kena = [satu for satu in baris if satu["idpel"] in ada and ada[satu["idpel"]]["kodeposting"] != 3]
            _postingkan(db, kelompok, kena, nomor, oleh)
            ubah = [(satu["idpel"], ada[satu["idpel"]]["kodeposting"], 1) for satu in kena]
            return _catat_perubahan(db, ("LAIN", None, oleh, nomor), kelompok, ubah)

    def batal_lain(self, kelompok: Kelompok, idpel: Sequence[str], oleh: str) -> int:
        """Cancel rows at 1 as somebody else would in AP2T."""
        with self._tulis() as db:
            kena = [nomor for nomor, baris in _baris_ada(db, kelompok, idpel).items() if baris["kodeposting"] == 1]
            _kosongkan(db, kelompok, kena)
            return _catat_perubahan(db, ("LAIN", None, oleh, None), kelompok, [(nomor, 1, 0) for nomor in kena])

    def periode(self, kelompok: Kelompok, terbuka: bool) -> None:
        """Open or close the period of a kelompok, where hari_baca ``*`` means the unit's whole month."""
        with self._tulis() as db:
            if terbuka:
                db.execute("DELETE FROM tertutup WHERE unitup = ? AND thblrek = ? AND hari_baca = ?", kelompok)
            else:
                db.execute("INSERT OR IGNORE INTO tertutup VALUES (?, ?, ?)", kelompok)

    def tandai_tolak(self, kelompok: Kelompok, idpel: Sequence[str], kode: str | None) -> None:
        """Make AP2T refuse these rows with ``kode`` when they are posted. None takes the mark away."""
        sql = f"UPDATE pelanggan SET tolak = ? {SEBARIS}"  # noqa: S608 - constants
        with self._tulis() as db:
            db.executemany(sql, ((kode, *kelompok, nomor) for nomor in idpel))

    # --- logs and faults --------------------------------------------------------------------------------

    def catat_pelanggaran(self, jalan: str, kode: str, rincian: str) -> None:
        """Log a request that broke the contract."""
        with self._tulis() as db:
            _langgar(db, jalan, kode, rincian)

    def log(self, nama: str, saring: Mapping[str, str | None], batas: int = 100_000) -> list[dict[str, Any]]:
        """Return lines of ``jejak``, ``kiriman`` or ``pelanggaran``, oldest first, filtered by column = value."""
        if nama not in LOG or not set(saring) <= {"kunci", "idpel", "unitup", "thblrek", "hari_baca", "oleh", "kode"}:
            raise ValueError(nama)
        pilih = {kolom: nilai for kolom, nilai in saring.items() if nilai is not None}
        syarat = "".join(f" AND {kolom} = ?" for kolom in pilih)
        sql = f"SELECT * FROM {nama} WHERE 1 = 1{syarat} ORDER BY id LIMIT ?"  # noqa: S608 - names checked above
        return [dict(baris) for baris in self._pilih(sql, (*pilih.values(), batas))]

    def ringkasan(self) -> dict[str, Any]:
        """Sum up the audit log: effective changes per key, and the idpel that were posted more than once."""
        kunci = "SELECT kunci, count(*) AS n FROM jejak WHERE kunci IS NOT NULL GROUP BY kunci"
        ganda = (
            "SELECT unitup, thblrek, idpel, count(*) AS n FROM jejak WHERE sumber = 'AP2T' AND ke = 1 "
            "GROUP BY unitup, thblrek, idpel HAVING count(*) > 1 ORDER BY idpel LIMIT 1000"
        )
        return {
            "perubahan": self._pilih("SELECT count(*) AS n FROM jejak")[0]["n"],
            "per_kunci": {baris["kunci"]: baris["n"] for baris in self._pilih(kunci)},
            "posting_berulang": [dict(baris) for baris in self._pilih(ganda)],
            "pelanggaran": self._pilih("SELECT count(*) AS n FROM pelanggaran")[0]["n"],
        }

    def gangguan(self) -> list[str]:
        """Return the stored faults, each as JSON."""
        return [baris["isi"] for baris in self._pilih("SELECT isi FROM gangguan ORDER BY id")]

    def simpan_gangguan(self, isi: Iterable[str]) -> None:
        """Replace the stored faults."""
        with self._tulis() as db:
            db.execute("DELETE FROM gangguan")
            db.executemany("INSERT INTO gangguan (isi) VALUES (?)", ((gangguan,) for gangguan in isi))

    def kosongkan(self, *, data: bool) -> None:
        """Empty the logs and faults, and with ``data`` also customers, users, keys and periods."""
        tabel = (*LOG, "gangguan", *(("pelanggan", "pengguna", "kunci", "tertutup") if data else ()))
        with self._tulis() as db:
            for nama in tabel:
                db.execute(f"DELETE FROM {nama}")  # noqa: S608 - names from this file


def _sandi(password: str, garam: bytes) -> bytes:
    """Hash a password, lightly on purpose: this is a sandbox."""
    return hashlib.scrypt(password.encode(), salt=garam, n=2**4, r=8, p=1, dklen=32)


def _tolakan(db: sqlite3.Connection, batch: Batch, lama: sqlite3.Row | None) -> str | None:
    """Return why the whole batch is refused (409), if it is."""
    if lama is not None:
        if lama["status"] == "DITUTUP":
            return "KUNCI_DITUTUP"
        return None if lama["sidik"] == batch.sidik else "KUNCI_DIPAKAI"
    return "FUNGSI2_TERTUTUP" if db.execute(TERTUTUP, (*batch.kelompok,)).fetchone() else None


def _baris_ada(db: sqlite3.Connection, kelompok: Kelompok, idpel: Sequence[str] | None) -> dict[str, sqlite3.Row]:
    """Return the rows of a kelompok by idpel: all of them where ``idpel`` is None, else the named ones."""
    sql = "SELECT * FROM pelanggan WHERE unitup = ? AND thblrek = ? AND hari_baca = ?"
    nilai: tuple[str, ...] = kelompok
    if idpel is not None:
        sql += " AND idpel IN (SELECT value FROM json_each(?))"
        nilai = (*kelompok, json.dumps(list(idpel)))
    return {baris["idpel"]: baris for baris in db.execute(sql, nilai)}


def _postingkan(
    db: sqlite3.Connection, kelompok: Kelompok, baris: Sequence[Isian], nomor: str | None, oleh: str
) -> None:
    """Lift rows to 1 with the values AP2T keeps."""
    waktu = sekarang()
    db.executemany(
        POSTINGKAN,
        ((*(satu.get(kolom) for kolom in NILAI), nomor, oleh, waktu, *kelompok, satu["idpel"]) for satu in baris),
    )


def _kosongkan(db: sqlite3.Connection, kelompok: Kelompok, idpel: Iterable[str]) -> None:
    """Take rows back to 0."""
    db.executemany(KOSONGKAN, ((*kelompok, nomor) for nomor in idpel))


def _catat_perubahan(
    db: sqlite3.Connection,
    asal: tuple[str, str | None, str, str | None],
    kelompok: Kelompok,
    ubah: Sequence[tuple[str, int, int]],
) -> int:
    """Write the audit lines of effective changes. ``asal``: source, key, by whom, number."""
    waktu = sekarang()
    sumber, kunci, oleh, nomor = asal
    db.executemany(
        "INSERT INTO jejak (waktu, sumber, kunci, oleh, nomor, unitup, thblrek, hari_baca, idpel, dari, ke) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((waktu, sumber, kunci, oleh, nomor, *kelompok, *satu) for satu in ubah),
    )
    return len(ubah)


def _catat_jam_nyala(db: sqlite3.Connection, batch: Batch, putusan: Sequence[tuple[Isian, Putusan]]) -> None:
    """Log a breach for rows over 2000 hours: they must be held back before they are sent."""
    lebih = [baris["idpel"] for baris, putus in putusan if putus.kode == "JAM_NYALA"]
    if lebih:
        _langgar(db, "posting", "JAM_NYALA", f"kunci {batch.kunci}: {', '.join(lebih[:20])}")


def _langgar(db: sqlite3.Connection, jalan: str, kode: str, rincian: str) -> None:
    sql = "INSERT INTO pelanggaran (waktu, jalan, kode, rincian) VALUES (?, ?, ?, ?)"
    db.execute(sql, (sekarang(), jalan, kode, rincian))


def _jawaban(kunci: str, putusan: Sequence[tuple[Isian, Putusan]]) -> str:
    """Return the answer's JSON, its rows in another order than sent, as the contract allows."""
    hasil = [
        {
            "idpel": baris["idpel"],
            "status": putus.status,
            "kodeposting": putus.kodeposting,
            "kode": putus.kode,
            "pesan": None,
        }
        for baris, putus in reversed(putusan)
    ]
    return json.dumps({"kunci": kunci, "hasil": hasil}, separators=(",", ":"))

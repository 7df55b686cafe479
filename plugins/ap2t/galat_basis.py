"""Sorts errors of databases by what a person can do about them: one table for the ledger and any ACMT.

An error is looked up by its SQLSTATE, else by the two characters of its class. Products that know no SQLSTATE, or hide
it, are brought to one by their own numbers. So the same trouble reads the same everywhere, and only the table says
whether trying again by itself can help. The runbook holds the same table (a test compares them).
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any, NamedTuple


class Basis(NamedTuple):
    """A database as sentences name it.

    ``pengelola``: who looks after it. ``benahi``: what to do where its structure or rights are not what they should be.
    """

    nama: str
    koneksi: str
    pengelola: str
    benahi: str


BUKU = Basis("buku pengesahan", "cmt_db", "pengelola buku", "Jalankan `ap2t buku migrasi`, lalu ulangi.")


class Sebab(NamedTuple):
    """What is wrong and what to do, in two sentences with the names of :class:`Basis` as placeholders.

    ``ulang``: trying again by itself can help; else a person has to act first.
    """

    ulang: bool
    apa: str
    lakukan: str


_SENDIRI = "Dicoba lagi dengan sendirinya"
_STRUKTUR = "{nama} tidak punya tabel, view, kolom atau fungsi yang diminta. {benahi}"
# By SQLSTATE or its class (two characters), in two sentences with the names of Basis as placeholders: what is wrong,
# and what to do. Trying again by itself can help here:
_SEMENTARA = {
    "08": "{nama} tidak menjawab. "
    f"Periksa jaringan, alamat pada koneksi {{koneksi}}, dan apakah servernya hidup. {_SENDIRI}.",
    "08P01": "PgBouncer di depan {nama} menolak koneksi {koneksi}. "
    "Lihat lognya: kolamnya penuh (naikkan default_pool_size), atau bukan pool_mode=session; lalu `ap2t periksa`.",
    "25006": "{nama} sedang tidak menerima tulisan: server siaga (standby), atau disetel hanya-baca. "
    "Tunggu pergantian server (failover) selesai; bila tetap, arahkan koneksi {koneksi} ke server utama.",
    "25P03": "{nama} memutus transaksi yang diam terlalu lama; tidak ada yang berubah. "
    f"{_SENDIRI}; bila sering, mesin pekerja tersendat: periksa beban dan memorinya.",
    "25P04": "{nama} memutus transaksi yang berjalan terlalu lama; tidak ada yang berubah. "
    f"{_SENDIRI}; bila tetap, minta {{pengelola}} melonggarkan transaction_timeout.",
    "40": "{nama} membatalkan transaksi yang berbenturan dengan transaksi lain; tidak ada yang berubah. "
    f"{_SENDIRI}; bila sering, laporkan kodenya kepada pengembang.",
    "53": f"server {{nama}} kehabisan sumber daya. Minta {{pengelola}} melihat batas mana yang tersentuh. {_SENDIRI}.",
    "53100": "disk server {nama} penuh. "
    "Minta {pengelola} menambah ruang, tanpa menghapus isi pg_wal; lalu ulangi (clear) yang gagal.",
    "53200": "server {nama} kehabisan memori. "
    f"Minta {{pengelola}} menambah memori atau mengurangi beban. {_SENDIRI}.",
    "53300": "koneksi ke {nama} sudah sebanyak batasnya. "
    f"Minta {{pengelola}} melihat siapa yang memegangnya dan menaikkan batasnya, atau kurangi pekerja. {_SENDIRI}.",
    "55P03": "yang diminta di {nama} dipegang proses lain terlalu lama. "
    f"{_SENDIRI}; bila tetap, minta {{pengelola}} mencari pemegangnya (pg_blocking_pids).",
    "57": "server {nama} sedang dihentikan, dinyalakan, atau berganti (failover). "
    f"{_SENDIRI}; bila lama, tanyakan kepada {{pengelola}}.",
    "57014": "perintah ke {nama} dihentikan karena melewati batas waktunya. "
    f"{_SENDIRI}; bila tetap, minta {{pengelola}} memeriksa beban dan indeks server.",
    "58": "server {nama} gagal membaca atau menulis berkasnya. "
    "Minta {pengelola} memeriksa disk dan log server sebelum mengulang (clear).",
}
# A person has to act first:
_TETAP = {
    "0A": "{nama} tidak mengenal kemampuan yang diminta. Periksa versi servernya dengan `ap2t periksa`.",
    "22": "ada nilai yang tidak dapat diolah basis data; yang salah datanya, bukan {nama}. "
    "Cari huruf NUL, angka atau tanggal di luar batas dengan `ap2t periksa`, perbaiki di asalnya, lalu ulangi.",
    "23": "{nama} menolak isi yang bertentangan dengan isinya yang lain. "
    "Baca aturan yang disebut; bila bukan karena isian orang, laporkan kepada pengembang.",
    "28": "{nama} menolak pengguna atau kata sandi koneksi {koneksi}. "
    "Perbarui koneksi {koneksi}, lalu ulangi (clear) sekali: akun yang dicoba terus dapat terkunci.",
    "3D000": "{nama} tidak ada di server yang disebut koneksi {koneksi}. "
    "Betulkan schema (nama basis data atau layanan) pada koneksi {koneksi}, lalu ulangi.",
    "3F": _STRUKTUR,
    "42": _STRUKTUR,
    "42501": "pengguna koneksi {koneksi} tidak berhak atas ini di {nama}. {benahi}",
    "54": "permintaan terlalu besar untuk {nama}. Laporkan kodenya kepada pengembang.",
    "XX": "{nama} melaporkan kerusakan di dalamnya. "
    "Hentikan pekerja dan minta {pengelola} memeriksa log server; pulihkan dari cadangan bila datanya rusak.",
}
TABEL = {
    kode: Sebab(ulang, *teks.split(". ", 1))
    for ulang, semua in ((True, _SEMENTARA), (False, _TETAP))
    for kode, teks in semua.items()
}
"""By SQLSTATE, or by its class (two characters)."""
LAIN = Sebab(False, "{nama} menolak perintah", "Laporkan kodenya kepada pengembang.")
"""Where the table has neither."""
UMUM = "HY000"
"""The code where a product's own is in no table."""


class Dikenal(NamedTuple):
    """An error of a driver that was looked up.

    ``kode``: the SQLSTATE, or the one that comes nearest. ``asli``: as the log shows it.
    """

    kode: str
    asli: str
    sebab: Sebab

    def kalimat(self, basis: Basis, rinci: str = "") -> str:
        """Say what is wrong, with its code, and what to do.

        :param rinci: what else is known of it, as a clause that quotes no value.
        """
        apa, lakukan = (teks.format(**basis._asdict()) for teks in self.sebab[1:])
        return f"{apa[0].upper()}{apa[1:]} ({rinci}{'; ' if rinci else ''}{self.asli}). {lakukan}"


# Numbers of other products, by the SQLSTATE that means the same.
_ORACLE = {
    "08001": (12154, 12170, 12514, 12535, 12537, 12541, 12543, 12545, 12547, 12560, 3113, 3114, 3135, 2396),
    "22000": (1438, 1722, 1830, 1839, 1840, 1841, 1843, 1847, 1858, 1861, 6502, 12899, 29275),
    "23000": (1, 1400, 2290, 2291, 2292),
    "25006": (16000, 1456, 1552),
    "28000": (1005, 1017, 1045, 28000, 28001, 28002),
    "3D000": (12505,),
    "40P01": (60,),
    "40001": (8177, 8176),
    "42501": (1031, 1720),
    "42P01": (904, 942, 4063, 6550),
    "53100": (257, 1536, 1628, 1652, 1653, 1654, 1688, 1691, 19809, 30036),
    "53200": (4030, 4031),
    "53300": (18, 20, 12516, 12519, 12520, 2391),
    "55P03": (54, 30006, 4020, 4021),
    "57014": (1013, 3136, 1555),
    "57P01": (28, 1012, 1033, 1034, 1089, 1090, 1092, 12526, 12528),
    "58030": (1110, 1115, 1578, 27072),
    "XX000": (600, 7445),
}
# python-oracledb's own
_DPY = {"08001": (1001, 4011, 6000, 6002, 6005), "3D000": (6001, 6003), "28000": (4000, 4001), "57014": (4024,)}
_MYSQL = {
    "08001": (2002, 2003, 2005, 2006, 2013, 2026, 2055, 1042, 1043, 1152, 1158, 1159, 1160, 1161),
    "22000": (1264, 1265, 1292, 1366, 1367, 1406, 1411, 1690, 3854),
    "23000": (1048, 1062, 1451, 1452, 3819),
    "25006": (1290, 1792, 1836),
    "28000": (1045, 1698, 1820, 1862, 3118, 4151),
    "3D000": (1049,),
    "40P01": (1213,),
    "42501": (1044, 1142, 1143, 1227, 1370),
    "42P01": (1054, 1146, 1305, 1356, 1449),
    "53100": (3, 1021, 1114),
    "53200": (1037, 1038, 1041),
    "53300": (1040, 1203, 1226),
    "55P03": (1205,),
    "57014": (1317, 1969, 3024),
    "57P01": (1053, 1077, 1079, 1927, 3169),
}
_MSSQL = {
    "08001": (20002, 20003, 20004, 20006, 20009, 20047),
    "22000": (220, 241, 242, 245, 295, 2628, 8114, 8115, 8152),
    "23000": (515, 547, 2601, 2627),
    "25006": (3906,),
    "28000": (18452, 18456, 18470, 18486, 18487, 18488),
    "3D000": (4060, 911),
    "40P01": (1205,),
    "42501": (229, 230, 262, 297, 300),
    "42P01": (207, 208, 2812),
    "53100": (1101, 1105, 9002),
    "53200": (701, 8645),
    "53300": (10928, 10929, 17809),
    "55P03": (1222,),
    "57P01": (6005, 6006, 17142),
}
_SQLITE = {
    "22000": ("SQLITE_MISMATCH", "SQLITE_TOOBIG"),
    "25006": ("SQLITE_READONLY",),
    "3D000": ("SQLITE_CANTOPEN", "SQLITE_NOTADB"),
    "42501": ("SQLITE_PERM", "SQLITE_AUTH"),
    "42P01": ("SQLITE_ERROR",),
    "53100": ("SQLITE_FULL",),
    "53200": ("SQLITE_NOMEM",),
    "55P03": ("SQLITE_BUSY", "SQLITE_LOCKED"),
    "57014": ("SQLITE_INTERRUPT",),
    "58030": ("SQLITE_IOERR",),
    "XX001": ("SQLITE_CORRUPT",),
}


def _balik(tabel: dict[str, Any]) -> dict[Any, str]:
    return {nomor: kode for kode, semua in tabel.items() for nomor in semua}


_NOMOR = {"ORA": _balik(_ORACLE), "DPY": _balik(_DPY), "pymysql": _balik(_MYSQL), "pymssql": _balik(_MSSQL)}
_NAMA_SQLITE: dict[str, str] = _balik(_SQLITE)
# libpq tells of a server's refusal to connect in words alone.
_KATA = (
    ("28P01", r"authentication failed|no pg_hba\.conf entry|role \".*\" does not exist|password|not permitted to log"),
    ("3D000", r"database \".*\" does not exist|no such database"),
    ("53300", r"QueuePool limit|too many (clients|connections)|remaining connection slots|no more connections allowed"),
    ("57P03", r"database system is|not yet accepting connections|recovery mode"),
    ("08P01", r"unsupported startup parameter|protocol"),
)
_ORA = re.compile(r"\b(ORA|DPY)-(\d{4,5})\b")


def kenali(galat: BaseException) -> Dikenal:
    """Look an error up: a driver's own, or SQLAlchemy's around it.

    :param galat: its words are read, never repeated.
    """
    kode, asli = _kode(getattr(galat, "orig", None) or galat)
    return Dikenal(kode, asli, TABEL.get(kode) or TABEL.get(kode[:2]) or LAIN)


def _kode(asal: BaseException) -> tuple[str, str]:
    """Return the SQLSTATE, or what comes nearest, and the code as the log shows it."""
    kode = getattr(asal, "sqlstate", None)
    if isinstance(kode, str) and kode:
        return kode, f"SQLSTATE {kode}"
    if semua := [(_NOMOR[cocok[1]].get(int(cocok[2]), UMUM), cocok[0]) for cocok in _ORA.finditer(str(asal))]:
        # "cannot connect" comes first and says least
        return next((dikenal for dikenal in semua if dikenal[0] not in (UMUM, "08001")), semua[0])
    pustaka, nomor = type(asal).__module__.partition(".")[0], _nomor(asal)
    if pustaka in _NOMOR and nomor is not None:
        return _NOMOR[pustaka].get(nomor, UMUM), f"{pustaka} {nomor}"
    if isinstance(asal, sqlite3.Error) and (nama := getattr(asal, "sqlite_errorname", None)):
        awal = "_".join(str(nama).split("_")[:2])
        return _NAMA_SQLITE.get(awal, UMUM), str(nama)
    kode = _dari_kata(asal)
    return kode, f"SQLSTATE {kode}"


def _nomor(asal: BaseException) -> int | None:
    pertama = asal.args[0] if asal.args else None
    if isinstance(pertama, tuple) and pertama:
        pertama = pertama[0]
    return pertama if isinstance(pertama, int) else None


def _dari_kata(asal: BaseException) -> str:
    """Sort an error without any code: by the server's words to a connection, else by the driver's own class."""
    nama = {kelas.__name__ for kelas in type(asal).__mro__}
    if "DataError" in nama:
        return "22000"
    if "IntegrityError" in nama:
        return "23000"
    if nama & {"OperationalError", "InterfaceError", "TimeoutError", "InvalidRequestError"}:
        kata = str(asal)
        return next((kode for kode, pola in _KATA if re.search(pola, kata, re.IGNORECASE)), "08006")
    return UMUM

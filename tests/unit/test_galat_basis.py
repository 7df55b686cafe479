"""Errors of databases are sorted by what a person can do, whatever the product calls them."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ap2t import galat as modul_galat
from ap2t.galat_basis import BUKU, LAIN, TABEL, UMUM, Basis, kenali

POHON = re.compile(r"^( *)[*+·-] (\w+)", re.MULTILINE)
RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "pengelola" / "runbook.md"


def galat(pustaka: str, *isi: object, nama: str = "OperationalError") -> Exception:
    """An error as a driver raises it: by the module its class is of, and its arguments."""
    dasar = type("DatabaseError", (Exception,), {"__module__": f"{pustaka}.err"})
    return type(nama, (dasar,), {"__module__": f"{pustaka}.err"})(*isi)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("asal", "kode", "asli", "ulang"),
    [
        (galat("oracledb", "ORA-01017: invalid username/password; logon denied"), "28000", "ORA-01017", False),
        (galat("oracledb", "ORA-28000: the account is locked"), "28000", "ORA-28000", False),
        (galat("oracledb", "ORA-00018: maximum number of sessions exceeded"), "53300", "ORA-00018", True),
        (galat("oracledb", "ORA-12514: TNS:listener does not currently know of service"), "08001", "ORA-12514", True),
        (galat("oracledb", "ORA-01652: unable to extend temp segment"), "53100", "ORA-01652", True),
        (galat("oracledb", "ORA-00060: deadlock detected"), "40P01", "ORA-00060", True),
        (galat("oracledb", "ORA-01033: ORACLE initialization or shutdown in progress"), "57P01", "ORA-01033", True),
        (
            galat("oracledb", "ORA-00942: table or view does not exist", nama="DatabaseError"),
            "42P01",
            "ORA-00942",
            False,
        ),
        (galat("oracledb", "ORA-01722: invalid number", nama="DatabaseError"), "22000", "ORA-01722", False),
        (galat("oracledb", "DPY-4011: the database or network closed the connection"), "08001", "DPY-4011", True),
        (galat("oracledb", "DPY-4024: call timeout of 20000 ms exceeded"), "57014", "DPY-4024", True),
        (galat("oracledb", "DPY-6005: cannot connect to database.\nDPY-6001: Service x"), "3D000", "DPY-6001", False),
        (galat("oracledb", "DPY-6005: cannot connect to database.\n[Errno 111]"), "08001", "DPY-6005", True),
        (galat("oracledb", "ORA-20001: kata ACMT sendiri"), UMUM, "ORA-20001", False),
        (galat("pymysql", 1045, "Access denied for user"), "28000", "pymysql 1045", False),
        (galat("pymysql", 1049, "Unknown database"), "3D000", "pymysql 1049", False),
        (galat("pymysql", 1040, "Too many connections"), "53300", "pymysql 1040", True),
        (galat("pymysql", 2013, "Lost connection"), "08001", "pymysql 2013", True),
        (galat("pymysql", 1213, "Deadlock found"), "40P01", "pymysql 1213", True),
        (galat("pymysql", 1969, "max_statement_time exceeded"), "57014", "pymysql 1969", True),
        (galat("pymysql", 1114, "The table is full"), "53100", "pymysql 1114", True),
        (galat("pymysql", 1146, "Table doesn't exist", nama="ProgrammingError"), "42P01", "pymysql 1146", False),
        (galat("pymysql", 1142, "SELECT command denied"), "42501", "pymysql 1142", False),
        (galat("pymssql", (18456, b"Login failed")), "28000", "pymssql 18456", False),
        (galat("pymssql", 20009, b"Unable to connect"), "08001", "pymssql 20009", True),
        (galat("pymssql", (1205, b"deadlocked")), "40P01", "pymssql 1205", True),
        (galat("pustaka_lain", "apa saja"), "08006", "SQLSTATE 08006", True),
        (galat("pustaka_lain", "apa saja", nama="DataError"), "22000", "SQLSTATE 22000", False),
        (galat("pustaka_lain", "apa saja", nama="ProgrammingError"), UMUM, f"SQLSTATE {UMUM}", False),
        (PoolTimeout("QueuePool limit of size 4 overflow 2 reached"), "53300", "SQLSTATE 53300", True),
        (InvalidRequestError("This connection is closed"), "08006", "SQLSTATE 08006", True),
    ],
)
def test_dikenal_dari_nomor_tiap_produk(asal: Exception, kode: str, asli: str, ulang: bool) -> None:
    """Every product's own number comes to the SQLSTATE that means the same, also inside SQLAlchemy's own error."""
    for bentuk in (asal, DBAPIError("SELECT", None, asal)):
        d = kenali(bentuk)
        assert (d.kode, d.asli, d.sebab.ulang) == (kode, asli, ulang)
        assert d.asli in d.kalimat(BUKU)


def test_dikenal_dari_sqlite(tmp_path: Path) -> None:
    """Real errors of SQLite."""
    with pytest.raises(sqlite3.OperationalError) as tiada:
        sqlite3.connect(f"file:{tmp_path}/tiada.db?mode=ro", uri=True)
    assert kenali(tiada.value).kode == "3D000"
    berkas = tmp_path / "a.db"
    with sqlite3.connect(berkas) as conn:
        conn.execute("CREATE TABLE t (n)")
    with sqlite3.connect(f"file:{berkas}?mode=ro", uri=True) as conn:
        with pytest.raises(sqlite3.OperationalError) as baca:
            conn.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(sqlite3.OperationalError) as lain:
            conn.execute("SELECT * FROM tiada")
    assert [kenali(g.value).kode for g in (baca, lain)] == ["25006", "42P01"]
    berkas.write_bytes(b"bukan sqlite" * 100)
    with pytest.raises(sqlite3.DatabaseError) as rusak:
        sqlite3.connect(berkas).execute("SELECT * FROM t")
    assert kenali(rusak.value).kode == "3D000"


@pytest.mark.parametrize(
    ("kata", "kode"),
    [
        ('FATAL:  password authentication failed for user "x"', "28P01"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "28P01"),
        ("fe_sendauth: no password supplied", "28P01"),
        ('FATAL:  role "x" is not permitted to log in', "28P01"),
        ('FATAL:  database "x" does not exist', "3D000"),
        ("FATAL:  sorry, too many clients already", "53300"),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "53300"),
        ('FATAL:  too many connections for role "x"', "53300"),
        ("FATAL:  the database system is starting up", "57P03"),
        ("FATAL:  the database system is not yet accepting connections", "57P03"),
        ("FATAL:  unsupported startup parameter: options", "08P01"),
        ("connection timeout expired", "08006"),
        ("could not translate host name", "08006"),
    ],
)
def test_penolakan_sambungan_dikenal_dari_katanya(kata: str, kode: str) -> None:
    """Libpq gives no code of a refused connection: its words have to do, and are not repeated."""
    d = kenali(galat("psycopg", f"connection failed: {kata}"))
    assert d.kode == kode
    assert kata not in d.kalimat(BUKU)


def test_tiap_sebab_dapat_ditindaklanjuti() -> None:
    """What is wrong, whose it is, what to do: no sentence is empty, long, or of somebody else's database."""
    acmt = Basis("basis data ACMT di db/acmt", "acmt_db", "pengelola ACMT", "Minta pengelola ACMT melengkapinya.")
    for kode, sebab in {**TABEL, UMUM: LAIN}.items():
        for basis in (BUKU, acmt):
            apa, lakukan = (k.format(**basis._asdict()) for k in sebab[1:])
            assert basis.nama in apa or basis.koneksi in apa, kode
            assert lakukan.endswith("."), kode
            assert len(apa) + len(lakukan) < 260, kode


def test_runbook_memuat_tabelnya() -> None:
    """The runbook's table is this one, row by row."""
    umum = Basis(
        "basis data", "itu", "pengelolanya", "Buku: `ap2t buku migrasi`. ACMT: minta pengelolanya menurut kontrak."
    )
    baris = [
        f"| {kode} | {s.apa.format(**umum._asdict())} | {'ya' if s.ulang else 'tidak'} | "
        f"{s.lakukan.format(**umum._asdict())} |"
        for kode, s in sorted({**TABEL, "lain": LAIN}.items())
    ]
    ada = [b for b in RUNBOOK.read_text().splitlines() if re.match(r"\| ([0-9A-Z]{2}([0-9A-Z]{3})?|lain) \| ", b)]
    assert ada == baris, "\n".join(baris)


def test_pohon_galat() -> None:
    """The tree in the docstring of the project's errors names every one of them, below its base."""
    jalur: list[str] = []
    tertulis = set()
    for sela, nama in POHON.findall(modul_galat.__doc__ or ""):
        jalur = [*jalur[: len(sela) // 2], nama]
        tertulis.add(tuple(jalur[-2:]) if len(jalur) > 1 else (nama,))
    kelas = [isi for isi in vars(modul_galat).values() if isinstance(isi, type) and issubclass(isi, Exception)]
    dasar = {satu: satu.__base__ for satu in kelas}
    assert tertulis == {
        (satu.__name__,) if induk is Exception else (str(induk and induk.__name__), satu.__name__)
        for satu, induk in dasar.items()
    }

"""Errors of the project. Each message is Bahasa Indonesia, names what is wrong and what to do next.

* GalatPengesahan
  + BasisTidakMelayani
    - SumberTidakTerjangkau
    - BukuTidakTerjangkau
      · BukuBertabrakan
  + SumberTidakSesuai
  + SumberBerubah
  + MasukanTidakSah
    - BacaanDiarsipkan
    - KonfigurasiTidakSah
  + KoneksiTidakSah
  + DataTidakSah
  + BukuMenolak
  + ArsipGagal
  + BerkasTidakUtuh
  + SegelTidakSah
  + WewenangKurang
  + JawabanTertunda
  + BelumSiap
  + GalatAp2t
    - Ap2tTidakTerjangkau
    - Ap2tTidakPasti
      · Ap2tMelanggarKontrak
    - Ap2tMenolak
      · Ap2tMasukGagal
  + AirflowTidakMenjawab
  + AirflowMenolakRun
  + SaluranGagal
* LewatiLangkah (no error)
"""

from __future__ import annotations

from collections.abc import Sequence


class GalatPengesahan(Exception):
    """Base of all errors this project raises on purpose.

    ``permanen`` tells Airflow's adapters whether trying again by itself can help. Where it is True, a person has to
    act first.
    """

    permanen = True
    pasti_batal = False
    """Of a write that failed: whether it surely had no effect."""
    kode_keluar = 1
    """What a command that ends with this error returns: 2 where what it was given is wrong, else 1."""

    def __init__(self, pesan: str, *, permanen: bool | None = None) -> None:
        super().__init__(pesan)
        if permanen is not None:
            self.permanen = permanen


class BasisTidakMelayani(GalatPengesahan):
    """A database cannot serve what was asked now. Whether it may later by itself, ``permanen`` tells."""

    permanen = False


class SumberTidakTerjangkau(BasisTidakMelayani):
    """The ACMT database does not answer, or cannot serve."""


class SumberTidakSesuai(GalatPengesahan):
    """ACMT breaks its contract: a view or column is missing, a key is double."""


class SumberBerubah(GalatPengesahan):
    """ACMT's rows came or went while they were read."""

    permanen = False


class MasukanTidakSah(GalatPengesahan):
    """What was given (unitup, thblrek, hari_baca, a number, a file, a setting) is not valid or not known."""

    kode_keluar = 2


class BacaanDiarsipkan(MasukanTidakSah):
    """What was asked for is right, but its readings have left the ledger."""

    kode_keluar = 1


class ArsipGagal(GalatPengesahan):
    """Readings were not archived: their session or file does not hold, or somebody else archives."""


class BerkasTidakUtuh(GalatPengesahan):
    """A session's file has not the form it was written in, so that nothing in it can be computed again."""


class KonfigurasiTidakSah(MasukanTidakSah):
    """A configuration is refused as a whole. ``kesalahan``: line, column and what is wrong, of every fault."""

    def __init__(self, kesalahan: Sequence[tuple[int, int, str]], contoh: str = "`ap2t pola contoh`") -> None:
        self.kesalahan = sorted(kesalahan)
        super().__init__(
            f"Konfigurasi ditolak seluruhnya, {len(kesalahan)} kesalahan:\n"
            + "\n".join(f"  baris {baris}, kolom {kolom}: {apa}." for baris, kolom, apa in self.kesalahan)
            + f"\nPerbaiki berkasnya lalu ulangi; yang berlaku tidak berubah. Contoh: {contoh}."
        )


class KoneksiTidakSah(GalatPengesahan):
    """A connection is missing, incomplete, or comes from a place that is not trusted."""


class BukuMenolak(GalatPengesahan):
    """The ledger refuses: another session is open, the approval is missing, the digest differs, the epoch is old."""


class BukuTidakTerjangkau(BasisTidakMelayani):
    """The ledger database does not answer, or cannot serve."""


class BukuBertabrakan(BukuTidakTerjangkau):
    """The ledger took a transaction back that collided with another one. It may be done anew."""


class DataTidakSah(GalatPengesahan):
    """A value cannot be held or computed with: the data are at fault, not the database."""


class SegelTidakSah(GalatPengesahan):
    """The seals of the trail cannot be written, or do not fit the trail."""


class WewenangKurang(GalatPengesahan):
    """The person does not hold the role this act needs."""


class JawabanTertunda(GalatPengesahan):
    """An answer stands in the ledger and cannot be judged yet. ``permanen``: a person has to mend something first."""


class BelumSiap(GalatPengesahan):
    """The kelompok is not ready for pengesahan."""


class GalatAp2t(GalatPengesahan):
    """AP2T answered with an error.

    ``kode``: the contract's code, where it gave one. ``tunggu``: how many seconds AP2T asked to wait (Retry-After),
    where it did.
    """

    def __init__(
        self, pesan: str, *, kode: str | None = None, status: int | None = None, tunggu: float | None = None
    ) -> None:
        super().__init__(pesan)
        self.kode, self.status, self.tunggu = kode, status, tunggu


class Ap2tTidakTerjangkau(GalatAp2t):
    """AP2T surely did not apply the request: no connection, no login, or 429. The same key may be sent again."""

    permanen = False


class Ap2tTidakPasti(GalatAp2t):
    """AP2T may or may not have applied the request: no answer, a broken answer, a 5xx."""

    permanen = False


class Ap2tMelanggarKontrak(Ap2tTidakPasti):
    """AP2T's answer does not follow the contract. None of it is believed, so the outcome is uncertain too."""

    permanen = True


class Ap2tMenolak(GalatAp2t):
    """AP2T refused the request and changed nothing."""


class Ap2tMasukGagal(Ap2tMenolak):
    """AP2T refused the user name or password, or a fresh token, or its login answer cannot be used."""


class AirflowTidakMenjawab(GalatPengesahan):
    """Airflow's own REST API does not answer, or refuses its reader."""

    permanen = False


class AirflowMenolakRun(GalatPengesahan):
    """Airflow refuses to open a run: no such DAG, or one that cannot be read."""


class SaluranGagal(GalatPengesahan):
    """A notification did not get through.

    The message quotes neither an address nor a credential. ``seluruh``: the channel itself is in trouble, so trying its
    next message now is no use. ``tetap``: this recipient is refused for good.
    """

    permanen = False

    def __init__(self, pesan: str, *, seluruh: bool = True, tetap: bool = False) -> None:
        super().__init__(pesan)
        self.seluruh, self.tetap = seluruh, tetap


class LewatiLangkah(Exception):
    """Not an error: this step has nothing to do, and the text says why."""


def sebut_galat(galat: Exception) -> str:
    """Return the words of an error of ours, and the kind of any other, whose words may quote anything."""
    return str(galat) if isinstance(galat, GalatPengesahan) else type(galat).__name__

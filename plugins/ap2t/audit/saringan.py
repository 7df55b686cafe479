"""Sieves a session once more: every row's kWh, reasons and flags must come out as the ledger has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ap2t.domain.model import StanLalu
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import BarisSaringan, Bersama
from ap2t.ledger.sesi import Sesi
from ap2t.proses.saring import nilai_saringan

CONTOH = 5
_TERBARU = "999999"
"""Stands for a month later than any other, in which a row's chain held."""


def beda_saringan(tx: Transaksi, sesi: Sesi) -> Iterator[str]:
    """Yield what comes out otherwise when the snapshot is sieved again, by what differs, with the first customers.

    A session is judged by the rules of its own rule set. Of the first one nothing says what it was judged by: there
    digest and ``audit_saringan`` have to do.
    """
    if sesi.pembatalan or not sesi.mengikat_dasar:
        return
    kepala = tx.jalankan("audit_disaring", sesi_id=sesi.id).scalars().all()
    if not kepala:
        return
    jumlah: dict[str, int] = defaultdict(int)
    contoh: dict[str, list[str]] = defaultdict(list)
    rantai = Rantai(tx, sesi, kepala[0] or 0)
    try:
        for potong in tx.saringan.bersama(sesi):
            for idpel, apa in _saring_ulang(sesi, rantai, potong):
                jumlah[apa] += 1
                if jumlah[apa] <= CONTOH:
                    contoh[apa].append(idpel)
    except (ValueError, ArithmeticError, TypeError) as galat:
        sebab = f"ada nilai yang tidak mungkin ditulis proyek ini ({type(galat).__name__})"
        yield f"bacaan tidak dapat disaring ulang: {sebab}"
    for apa in sorted(jumlah):
        pelanggan = f"{ribuan(jumlah[apa])} pelanggan berbeda dari hitungan ulang"
        yield f"saringan {pelanggan} pada {apa} ({daftar(contoh[apa])})"


def _saring_ulang(sesi: Sesi, rantai: Rantai, potong: Bersama) -> Iterator[tuple[str, str]]:
    """Yield (idpel, what differs) of the rows that come out otherwise.

    Where it is not certain (any more) what the sieve knew of a customer's last posting, what it wrote down is believed.
    """
    idpel = [bacaan.idpel for bacaan in potong.bacaan]
    terakhir = rantai.terakhir(idpel)
    lalu = terakhir.lalu
    percaya = terakhir.diarsipkan | rantai.ragu(idpel)
    for bacaan, lama in zip(potong.bacaan, potong.saringan, strict=True):
        if lama is not None and lama.idpel in percaya:
            lalu[lama.idpel] = lama.lalu or StanLalu(_TERBARU, bacaan.slalwbp, bacaan.slawbp, bacaan.fkmkwh)
    for baru, ada in zip(nilai_saringan(potong.bacaan, sesi, lalu), potong.saringan, strict=True):
        if ada is None:
            yield baru.idpel, "keberadaannya"
        elif beda := [kolom for kolom in BarisSaringan._fields if _lain(getattr(baru, kolom), getattr(ada, kolom))]:
            yield baru.idpel, ", ".join(beda)


def _lain(baru: object, ada: object) -> bool:
    """Whether two values differ. Codes are compared as text, in their order."""
    if isinstance(baru, tuple | list) and isinstance(ada, list):
        return list(map(str, baru)) != ada
    return baru != ada

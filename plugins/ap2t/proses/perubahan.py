"""Has a reading changed at the source since the snapshot? The same text is the same reading; else the values decide."""

from __future__ import annotations

from itertools import chain

from ap2t.domain.model import idpel_sah
from ap2t.domain.perubahan import berubah
from ap2t.ledger import cuplikan
from ap2t.ledger.mesin import Buku
from ap2t.ledger.sesi import Sesi
from ap2t.source.acmt import SumberAcmt
from ap2t.source.salinan import Terbaca, lengkap

TIDAK_ADA_LAGI = "TIDAK_ADA_LAGI"
_TERAKHIR = "z" * 12  # idpel are digits


def beda_teks(lama: bytes, kini: Terbaca) -> tuple[str, ...]:
    """Name the bound columns in which the source's row differs from the snapshot's COPY text.

    Where both are the same text, every value is the same and nothing is read out of it.
    """
    mentah = kini[1]
    if mentah is not None and mentah + cuplikan.TANPA_CACAT == lama:
        return ()
    return berubah(cuplikan.bacaan(lama), lengkap(kini))


def sejak_cuplikan(buku: Buku, sumber: SumberAcmt, s: Sesi, *, terposting: bool = False) -> dict[str, list[str]]:
    """Look at ACMT now and return what differs there since the snapshot: idpel to columns, or ``TIDAK_ADA_LAGI``.

    ACMT is streamed; of the ledger the same range of idpel is read meanwhile, in a short transaction each. Keys that
    are no customer's number are left out, as held rows that nobody can approve.

    :param terposting: look only at customers who were posted.
    :raises SumberTidakTerjangkau: ACMT does not answer.
    """
    beda: dict[str, list[str]] = {}
    sesudah = ""
    aliran = sumber.salin(s.unitup, s.thblrek, s.hari_baca, potong=cuplikan.POTONG)
    angka = ([t for t in bagian if idpel_sah(t[0].idpel)] for bagian in aliran)
    for bagian in chain(filter(None, angka), [[]]):
        akhir = bagian[-1][0].idpel if bagian else _TERAKHIR
        with buku.transaksi() as conn:
            lama = cuplikan.teks(conn, s, sesudah, akhir, terposting=terposting)
        lama.pop(sesudah, None)
        for kini in bagian:
            teks = lama.pop(kini[0].idpel, None)
            if teks is not None and (kolom := beda_teks(teks, kini)):
                beda[kini[0].idpel] = list(kolom)
        beda |= {idpel: [TIDAK_ADA_LAGI] for idpel in lama if idpel_sah(idpel)}
        sesudah = akhir
    return beda

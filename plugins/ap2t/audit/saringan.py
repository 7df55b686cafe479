"""The sieve once more, from what the ledger holds: every row's kWh, reasons and flags must come out the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ap2t.domain.model import Aturan
from ap2t.domain.teks import daftar, ribuan
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.rantai import Rantai
from ap2t.ledger.saringan import BarisSaringan, Bersama
from ap2t.ledger.sesi import Sesi
from ap2t.proses.saring import nilai_saringan

CONTOH = 5


@dataclass
class _Beda:
    jumlah: int = 0
    contoh: list[str] = field(default_factory=list)

    def tambah(self, idpel: str) -> None:
        self.jumlah += 1
        if self.jumlah <= CONTOH:
            self.contoh.append(idpel)


def periksa(tx: Transaksi, sesi: Sesi) -> Iterator[str]:
    """Sieve a session's snapshot again and yield what came out otherwise, by what differs, with the first customers.

    Only a session of today's rule set can be judged again; of others digest and ``audit_saringan`` have to do.
    """
    if sesi.pembatalan or sesi.versi_aturan != Aturan().versi:
        return
    kepala = tx.jalankan("audit_disaring", sesi_id=sesi.id).scalars().all()
    if not kepala:
        return
    beda: dict[str, _Beda] = {}
    rantai = Rantai(tx, sesi, kepala[0] or 0)
    try:
        for potong in tx.saringan.bersama(sesi):
            for idpel, apa in _potong(sesi, rantai, potong):
                beda.setdefault(apa, _Beda()).tambah(idpel)
    except (ValueError, ArithmeticError) as galat:
        yield f"bacaan tidak dapat disaring ulang: ada nilai yang tidak mungkin ditulis proyek ini ({type(galat).__name__})"
    for apa, beda_ini in sorted(beda.items()):
        yield f"saringan {ribuan(beda_ini.jumlah)} pelanggan berbeda dari hitungan ulang pada {apa} ({daftar(beda_ini.contoh)})"


def _potong(sesi: Sesi, rantai: Rantai, potong: Bersama) -> Iterator[tuple[str, str]]:
    """Yield (idpel, what differs) of the rows that come out otherwise.

    Where it is not certain (any more) what the sieve knew of a customer's last posting, what it wrote down is believed.
    """
    idpel = [bacaan.idpel for bacaan in potong.bacaan]
    terakhir = rantai.terakhir(idpel)
    lalu = dict(terakhir.stan)
    percaya = terakhir.diarsipkan | rantai.ragu(idpel)
    for lama in potong.saringan:
        if lama is not None and lama.idpel in percaya:
            lalu.pop(lama.idpel, None)
            if lama.lalu is not None:
                lalu[lama.idpel] = lama.lalu
    for baru, ada in zip(nilai_saringan(potong.bacaan, sesi, lalu), potong.saringan, strict=True):
        if ada is None:
            yield baru.idpel, "keberadaannya"
        elif kolom := [kunci for kunci in BarisSaringan._fields if _beda(getattr(baru, kunci), getattr(ada, kunci))]:
            yield baru.idpel, ", ".join(kolom)


def _beda(baru: object, ada: object) -> bool:
    """Whether two values differ; codes are compared as text, in their order."""
    if isinstance(baru, tuple | list) and isinstance(ada, list):
        return list(map(str, baru)) != ada
    return baru != ada

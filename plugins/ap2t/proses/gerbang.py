"""The gate: ask the people who may approve, and take up what they answer. The ledger holds the answer, not Airflow.

An answer is written down where it arrives, before anything is asked of anybody (:func:`catat_tiba`). Then it is judged
(:func:`nilai`), now or as soon as ACMT answers again. Only what was judged counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.domain.kata import KATA_KEPUTUSAN
from ap2t.domain.pola import samakan
from ap2t.domain.teks import daftar, ribuan, satu_baris, tanpa_markah, tautan_halaman, waktu_unit
from ap2t.galat import BukuMenolak, GalatPengesahan, JawabanTertunda, LewatiLangkah, WewenangKurang
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kedatangan import Tiba
from ap2t.ledger.persetujuan import Jawaban as JawabanPersetujuan
from ap2t.ledger.persetujuan import Tenggat, jawaban_lengkap, yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.isian import alasan_kembalikan, baca_kembalikan, disebut_alasan, periksa_isian, sebut
from ap2t.proses.layanan import Langkah, Lapor, Layanan
from ap2t.proses.pembatalan import teks_pembatalan
from ap2t.proses.rekap import kwh_gerbang, pastikan_sidik, teks_rekap
from ap2t.proses.tutup import kedaluwarsakan, lanjutkan
from ap2t.proses.wewenang import pastikan_pengesah, pengesah_siap

KEPUTUSAN = {kata: kode for kode, kata in KATA_KEPUTUSAN.items()}
SETUJU, TOLAK = KEPUTUSAN


TOLAKAN_BANYAK, TOLAKAN_MAKS = 3, 600
"""Answers that were not taken up and that a gate which opens again tells of, the last ones; letters of each reason."""


class Undangan(NamedTuple):
    """What the gate shows, and the usernames it asks."""

    judul: str
    isi: str
    orang: list[str]


class Jawaban(NamedTuple):
    """An answer as it comes through the gate."""

    pilihan: list[str]
    isian: Mapping[str, Any]
    username: str | None
    pada: datetime


def pernah_ditanyakan(layanan: Layanan, sesi: Sesi, urutan: int) -> bool:
    """Whether the gate stood before and no answer was taken up: one may have come that nobody has seen yet."""
    with layanan.buku.transaksi() as tx:
        return tx.persetujuan.gerbang(sesi, urutan) is not None and not any(
            jawaban.urutan == urutan for jawaban in tx.persetujuan.semua(sesi)
        )


def buka_gerbang(layanan: Layanan, sesi: Sesi, urutan: int, lapor: Lapor, alamat: str | None = None) -> Undangan | None:
    """Prepare the gate: freeze the snapshot, find who may answer, record both. ``None``: it was answered already.

    A gate that opens again after answers that were not taken up says why, and so does the trail.

    :param urutan: 1 for the first approver, 2 for the second where the unit's pattern asks for one.
    :param alamat: where people reach Airflow, for the link to the page; None: there is none.
    :raises LewatiLangkah: there is nothing to ask.
    :raises WewenangKurang: nobody may be asked.
    :raises BukuMenolak: the gate stood already for another digest or other people, or its time has passed.
    """
    if urutan > sesi.pengesah:
        raise LewatiLangkah("Pola unit ini cukup dengan satu pengesah.")
    with layanan.buku.transaksi() as tx:
        jawaban = tx.persetujuan.semua(sesi)
    if any(jawaban.urutan == urutan for jawaban in jawaban):
        lapor("Gerbang ini sudah dijawab dan jawabannya tercatat; tidak ditanyakan lagi.")
        return None
    _pastikan_waktunya(layanan, sesi, lapor)
    if sesi.rekap is None:
        tugas = "buka_pembatalan" if sesi.pembatalan else "rekap"
        raise BukuMenolak(f"Rekap sesi {sesi.nomor} belum dibuat. Ulangi (clear) tugas {tugas} dahulu.")
    if sesi.kosong:
        raise LewatiLangkah(f"Tidak ada pelanggan yang dapat {'dibatalkan' if sesi.pembatalan else 'disahkan'}.")
    pastikan_sidik(layanan, sesi)
    orang = _orang(layanan, sesi, urutan, jawaban, lapor)
    with layanan.buku.transaksi() as tx:
        sesi = tx.sesi.ke_tahap(sesi, "MENUNGGU_PERSETUJUAN")
        lagi: list[str] = []
        if tx.persetujuan.buka_gerbang(sesi, urutan, orang):
            tx.jejak.catat_gerbang(sesi.id, urutan)
        else:
            lagi = _ditanyakan_lagi(tx, sesi, urutan, orang)
        tenggat = tx.persetujuan.tenggat(sesi)
        isi = (
            teks_pembatalan(sesi, tx.pembatalan.ambil(sesi))
            if sesi.pembatalan
            else teks_rekap(sesi, kwh_gerbang(tx, sesi))
        )
    for sebab in lagi:
        lapor(f"Ditanyakan lagi. {sebab}")
    lapor(f"Menunggu {SETUJU} dari {', '.join(orang)} untuk sidik {(sesi.sidik or '')[:12]}.")
    judul = f"{'Pembatalan pengesahan' if sesi.pembatalan else 'Pengesahan'} {sesi.tempat}{' (kedua)' if urutan == 2 else ''}"
    bagian = (
        *(f"**Ditanyakan lagi.** {tanpa_markah(satu_baris(sebab))}" for sebab in lagi),
        isi,
        _keterangan(sesi, urutan, len(orang), tenggat, jawaban),
        _halaman(sesi, alamat),
    )
    return Undangan(judul, "\n\n".join(bagian), orang)


def _halaman(sesi: Sesi, alamat: str | None) -> str:
    """Say where the unit's own people see which customers these are, and their figures."""
    apa = "Pelanggannya satu per satu, dengan angkanya, ada di halaman Pengesahan bagi petugas unit ini"
    if alamat is None:
        return f"{apa}."
    return f"{apa}: [buka sesi ini]({tautan_halaman(alamat, sesi.unitup, sesi.thblrek, sesi.hari_baca, sesi.nomor)})."


def _ditanyakan_lagi(tx: Transaksi, sesi: Sesi, urutan: int, orang: list[str]) -> list[str]:
    """Return why answers of this gate were not taken up, a sentence each, and let the trail say that it asks again."""
    ditolak = tx.kedatangan.tolakan(sesi, urutan)
    if ditolak:
        isi = {
            "sidik": sesi.sidik,
            "orang": orang,
            "tiba": [tolakan.id for tolakan in ditolak],
            "sebab": [tolakan.sebab for tolakan in ditolak],
        }
        tx.jejak.catat_bila_beda("GERBANG_DIBUKA_LAGI", {"urutan": urutan}, isi, sesi_id=sesi.id)
    return [
        f"Jawaban {_pilihan(tolakan.pilihan)} pada {waktu_unit(tolakan.dijawab_pada, sesi.zona_waktu)} tidak dapat dipakai: "
        + (tolakan.sebab if len(tolakan.sebab) <= TOLAKAN_MAKS else f"{tolakan.sebab[: TOLAKAN_MAKS - 1]}…")
        for tolakan in ditolak[-TOLAKAN_BANYAK:]
    ]


def _pilihan(pilihan: list[str]) -> str:
    """Name what was chosen; what the gate does not offer is not repeated."""
    return pilihan[0] if len(pilihan) == 1 and pilihan[0] in KEPUTUSAN else "yang tidak dikenal"


def _keterangan(
    sesi: Sesi, urutan: int, banyak: int, tenggat: Tenggat | None, jawaban: list[JawabanPersetujuan]
) -> str:
    """Say who is asked (how many, never who), whether a second person follows, and until when."""
    kembali = yang_dikembalikan(jawaban)
    kalimat = [f"Ditanyakan kepada {banyak} orang; satu jawaban cukup untuk gerbang ini."]
    if sesi.pengesah == 2:
        kalimat.append(
            "Ini persetujuan pertama dari dua: sesudah ini pengesah kedua, orang lain, masih ditanya."
            if urutan == 1
            else "Ini persetujuan kedua dari dua; pengesah pertama sudah setuju"
            + (f" dan mengembalikan {ribuan(len(kembali))} pelanggan." if kembali else ".")
        )
    if tenggat is not None and tenggat.batas is not None:
        kalimat.append(
            f"Tenggat jawab: {waktu_unit(tenggat.batas, sesi.zona_waktu)}; sesudahnya eskalasi ke {len(sesi.eskalasi)} orang."
        )
    if tenggat is not None and tenggat.tutup is not None:
        kalimat.append(
            f"Ditutup {waktu_unit(tenggat.tutup, sesi.zona_waktu)}: jawaban sesudahnya tidak diterima, dan perlu run baru."
        )
    return " ".join(kalimat)


def _pastikan_waktunya(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> None:
    """Check that the session still waits, by the ledger's own clock; one that waited too long ends here.

    :raises BukuMenolak: it has ended, or ends now.
    """
    with layanan.buku.transaksi() as tx:
        kini = tx.sesi.ambil(sesi.id)
        tenggat = tx.persetujuan.tenggat(sesi)
    if kini.terbuka and not (tenggat is not None and tenggat.lewat_tutup and kini.tahap == "MENUNGGU_PERSETUJUAN"):
        return
    if kini.terbuka and tenggat is not None:
        kedaluwarsakan(Langkah(layanan, kini, lapor), tenggat)
        kini = kini._replace(status="KEDALUWARSA")
    raise _berakhir(kini)


def _berakhir(sesi: Sesi) -> BukuMenolak:
    return BukuMenolak(
        f"Sesi {sesi.nomor} ({sesi.tempat}) sudah berakhir ({sesi.status}); jawaban untuknya tidak diterima lagi. "
        f"{sesi.tanpa_akibat} karenanya. Mulai run baru bila masih perlu."
    )


def _orang(layanan: Layanan, sesi: Sesi, urutan: int, jawaban: list[JawabanPersetujuan], lapor: Lapor) -> list[str]:
    orang = pengesah_siap(layanan, sesi, lapor)
    if urutan == 2:
        bukan = {samakan(unit) for unit in (sesi.pemicu or "", *(jawaban.oleh for jawaban in jawaban))}
        orang = [unit for unit in orang if samakan(unit) not in bukan]
        if not orang:
            raise WewenangKurang(
                f"Pola unit {sesi.unitup} meminta pengesah kedua, tetapi tidak ada ADMIN_CMT lain selain pengesah pertama "
                "dan yang memulai run. Tambahkan SPV TE kedua di v_petugas, atau delegasi, lalu ulangi tugas ini."
            )
    return orang


def catat_tiba(layanan: Layanan, sesi: Sesi, urutan: int, jawaban: Jawaban, lapor: Lapor) -> Tiba:
    """Write down that an answer arrived, in a transaction of its own; it decides nothing.

    One that was handed over before is returned as it stands.
    """
    tiba, baru = layanan.buku.ulang(
        lambda tx: tx.kedatangan.catat(
            sesi,
            urutan,
            oleh=jawaban.username,
            pilihan=jawaban.pilihan,
            isian=jawaban.isian,
            dijawab_pada=jawaban.pada,
        )
    )
    if baru:
        lapor(f"Jawaban {_pilihan(tiba.pilihan)} dari {tiba.pelaku} tiba dan tercatat; sekarang dinilai.")
    return tiba


def yang_dinilai(layanan: Layanan, sesi: Sesi, urutan: int, jawaban: Jawaban | None, lapor: Lapor) -> Tiba | None:
    """Return the arrival of this gate that is to be judged; None: people have to be asked.

    :param jawaban: the answer as Airflow hands it over, or keeps it; it is written down first. One that was refused
        before is not judged again.
    """
    if jawaban is not None:
        tiba = catat_tiba(layanan, sesi, urutan, jawaban, lapor)
        return tiba if tiba.ditolak is None else None
    with layanan.buku.transaksi() as tx:
        return next(iter(tx.kedatangan.menunggu(sesi, urutan)), None)


def nilai(layanan: Layanan, sesi: Sesi, tiba: Tiba, lapor: Lapor) -> str:
    """Judge an arrival: check the person now, bind the answer to the digest, take it up. Return SETUJU or TOLAK.

    An answer that cannot be taken up is recorded as such, posts nothing, and raises. It is never judged again.

    :raises WewenangKurang: the person does not hold ADMIN_CMT of the unit any more, or was not asked.
    :raises BukuMenolak: unknown idpel in ``kembalikan``, fields the form has not, an answer that comes too late, was
        refused before or belongs to an earlier epoch, or the session does not wait for one.
    :raises JawabanTertunda: it cannot be judged now, since ACMT or the ledger is away or broken; it waits.
    """
    try:
        _pastikan_waktunya(layanan, sesi, lapor)
        _pastikan_berlaku(sesi, tiba)
        sah = _periksa(layanan, sesi, tiba)
        tercatat = _catat(layanan, sesi, tiba, sah)
    except (WewenangKurang, BukuMenolak) as galat:
        _catat_tolakan(layanan, sesi, tiba, str(galat))
        raise
    except GalatPengesahan as galat:
        raise _tunda(layanan, sesi, tiba, galat) from None
    if tercatat is not None:
        lapor(f"Jawaban gerbang ini sudah tercatat: {tercatat.keputusan} oleh {tercatat.oleh}.")
        return tercatat.keputusan
    lapor(
        f"{tiba.oleh} menjawab {tiba.pilihan[0]} untuk sidik {(sesi.sidik or '')[:12]}"
        + (
            f"; {ribuan(len(sah.kembalikan))} pelanggan dikembalikan: {daftar(list(sah.kembalikan))}"
            if sah.kembalikan
            else ""
        )
        + "."
    )
    return sah.keputusan


def _pastikan_berlaku(sesi: Sesi, tiba: Tiba) -> None:
    """Check that an arrival speaks of this session as it stands, and was not refused before.

    :raises BukuMenolak: it does not, or it was.
    """
    if tiba.ditolak is not None:
        raise BukuMenolak(f"Jawaban ini sudah pernah dinilai dan tidak diterima: {tiba.ditolak}")
    if (tiba.sesi_id, tiba.sidik, tiba.epoch) != (sesi.id, sesi.sidik, sesi.epoch):
        raise BukuMenolak(
            f"Jawaban {tiba.pelaku} bukan untuk keadaan sesi {sesi.nomor} yang sekarang (epoch {sesi.epoch}): sesi itu "
            f"sempat diambil alih. {sesi.tanpa_akibat}; jawab lagi."
        )


def _catat_tolakan(layanan: Layanan, sesi: Sesi, tiba: Tiba, sebab: str) -> None:
    """Record that an arrival is not taken up, unless another copy of this task took it up meanwhile."""

    def catat(tx: Transaksi) -> None:
        tx.sesi.kunci(sesi)
        if not any(jawaban.tiba == tiba.id for jawaban in tx.persetujuan.semua(sesi)):
            tx.kedatangan.tolak(sesi, tiba, sebab)

    layanan.buku.ulang(catat)


def _tunda(layanan: Layanan, sesi: Sesi, tiba: Tiba, galat: GalatPengesahan) -> JawabanTertunda:
    """Let the trail say why an arrival waits, as far as the ledger takes it, and return what tells the people."""
    try:
        with layanan.buku.transaksi() as tx:
            kunci = {"urutan": tiba.urutan, "tiba": tiba.id}
            tx.jejak.catat_bila_beda("JAWABAN_TERTUNDA", kunci, {"sebab": str(galat)}, sesi_id=sesi.id)
    except GalatPengesahan:
        pass  # the arrival itself stands; what keeps it waiting is in the log
    return JawabanTertunda(
        f"Jawaban {_pilihan(tiba.pilihan)} dari {tiba.pelaku} pada {waktu_unit(tiba.dijawab_pada, sesi.zona_waktu)} "
        f"sudah diterima dan tercatat, tetapi belum dapat dinilai: {galat} Tidak perlu menjawab lagi"
        + (": sesudah diperbaiki, ulangi (clear) tugas ini." if galat.permanen else "."),
        permanen=galat.permanen,
    )


def _catat(layanan: Layanan, sesi: Sesi, tiba: Tiba, sah: _Sah) -> JawabanPersetujuan | None:
    """Take the answer up and move the session on; return the answer that stood already, if one did.

    Whom it sends back is written with it, so that ACMT is told whatever happens next.

    :raises BukuMenolak: the session ended, or another copy of this task refused it, meanwhile.
    """
    username, urutan = tiba.oleh, tiba.urutan
    alasan = alasan_kembalikan(sesi, sah.kembalikan, sah.catatan)

    def catat(tx: Transaksi) -> JawabanPersetujuan | None:
        tx.sesi.kunci(sesi)
        for lama in tx.persetujuan.semua(sesi):
            if lama.urutan == urutan:
                if lama.tiba != tiba.id:
                    tx.kedatangan.tolak(sesi, tiba, f"Gerbang ini sudah dijawab {lama.oleh}: {lama.keputusan}.")
                return lama
        kini = tx.sesi.ambil(sesi.id)
        if not kini.terbuka:
            raise _berakhir(kini)
        _pastikan_berlaku(kini, tx.kedatangan.ambil(tiba.id))
        if kini.status == "TERHENTI":  # stopped while this was judged, by what became of an earlier attempt
            kini = lanjutkan(tx, kini)
        tx.persetujuan.catat(
            kini,
            urutan=urutan,
            keputusan=sah.keputusan,
            oleh=username,
            catatan=sah.catatan,
            kembalikan=list(sah.kembalikan),
            sidik=tiba.sidik,
            petugas=sah.petugas,
            dijawab_pada=tiba.dijawab_pada,
            tiba=tiba.id,
        )
        tx.pengembalian.catat(kini, urutan, username, alasan)
        lain: dict[str, Any] = {"alasan_kembalikan": alasan}
        if sah.keputusan == "TOLAK":
            lain |= tx.sesi.akhiri(kini, "DITOLAK", f"ditolak oleh {username}").akhir
        tx.jejak.catat_jawaban(kini.id, urutan, lain)
        if sah.keputusan == "SETUJU" and jawaban_lengkap(tx.persetujuan.semua(kini), kini) is not None:
            tx.sesi.ke_tahap(kini, "DISETUJUI")
        return None

    return layanan.buku.ulang(catat)


class _Sah(NamedTuple):
    """An answer that may be taken up: whom it sends back and why, its note, and what the person stands on."""

    keputusan: str
    kembalikan: dict[str, str | None]
    catatan: str | None
    petugas: dict[str, Any]


def _periksa(layanan: Layanan, sesi: Sesi, tiba: Tiba) -> _Sah:
    if len(tiba.pilihan) != 1 or tiba.pilihan[0] not in KEPUTUSAN:
        raise BukuMenolak(f"Jawaban gerbang sesi {sesi.nomor} bukan {SETUJU} atau {TOLAK}. {sesi.tanpa_akibat}.")
    if not tiba.oleh:
        raise WewenangKurang(f"Jawaban gerbang sesi {sesi.nomor} tidak menyebut siapa yang menjawab; tidak diterima.")
    if tiba.isian is None:
        raise BukuMenolak(
            f"Isian jawaban gerbang sesi {sesi.nomor} terlalu besar untuk dicatat. {sesi.tanpa_akibat}. Ulangi (clear) tugas "
            "persetujuan lalu jawab lagi dengan isian yang lebih pendek."
        )
    periksa_isian(sesi, tiba.isian)
    petugas = pastikan_pengesah(layanan, sesi, [tiba.oleh])[tiba.oleh]
    kembalikan = baca_kembalikan(tiba.isian.get("kembalikan"))
    disebut = disebut_alasan(kembalikan)
    with layanan.buku.transaksi() as tx:
        dikenal = tx.cuplikan.diketahui(sesi, [*kembalikan, *disebut])
    asing = [idpel for idpel in kembalikan if idpel not in dikenal]
    if asing:
        raise BukuMenolak(
            f"Isian kembalikan menyebut pelanggan yang tidak ada pada sesi {sesi.nomor}: {sebut(asing)}. "
            "Jawaban tidak diterima dan tidak ada yang diposting. Ulangi (clear) tugas persetujuan lalu jawab lagi."
        )
    if sebaris := [
        idpel for idpel in disebut if idpel in dikenal
    ]:  # else it would be posted though the approver named it
        raise BukuMenolak(
            f"Alasan pada isian kembalikan menyebut pelanggan lain sesi {sesi.nomor}: {daftar(sebaris)}. Tulis satu "
            "pelanggan per baris. Jawaban tidak diterima dan tidak ada yang diposting. Ulangi (clear) tugas "
            "persetujuan lalu jawab lagi."
        )
    catatan = (tiba.isian.get("catatan") or "").strip() or None
    return _Sah(KEPUTUSAN[tiba.pilihan[0]], kembalikan, catatan, petugas)

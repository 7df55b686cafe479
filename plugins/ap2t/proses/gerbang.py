"""Step 6, the gate: ask the people who may approve, and take up what they answer. The ledger holds it, not Airflow.

1. :func:`buka_gerbang` freezes the snapshot and says what is asked of whom.
2. :func:`catat_tiba` writes an answer down where it arrives, before anything is asked of anybody.
3. :func:`nilai` judges it, now or as soon as ACMT answers again: it reads all it needs once, decides in
   :func:`putuskan`, which is pure, and writes once. Only what was taken up counts (decision 68).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from ap2t.domain.kata import KATA_KEPUTUSAN, KATA_WAJIB_DILIHAT
from ap2t.domain.kode import JenisJejak, Keputusan, StatusSesi, TahapSesi
from ap2t.domain.pola import samakan
from ap2t.domain.teks import daftar, ribuan, satu_baris, tanpa_markah, tautan_halaman, waktu_unit
from ap2t.galat import BukuMenolak, GalatPengesahan, JawabanTertunda, LewatiLangkah, WewenangKurang
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kedatangan import Jawaban, Tiba, Tolakan
from ap2t.ledger.konfigurasi import Berlaku
from ap2t.ledger.mesin import ke_json
from ap2t.ledger.persetujuan import HarusDilihat, Persetujuan, Tenggat, jawaban_lengkap, yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.isian import IsianGerbang, alasan_kembalikan, baca_isian, pastikan_dikenal
from ap2t.proses.layanan import Langkah
from ap2t.proses.pembatalan import teks_pembatalan
from ap2t.proses.rekap import kwh_gerbang, pastikan_sidik, teks_rekap
from ap2t.proses.tutup import kedaluwarsakan, lanjutkan
from ap2t.proses.wewenang import WewenangSesi, lihat_sesi, pengesah_siap

KEPUTUSAN = {kata: kode for kode, kata in KATA_KEPUTUSAN.items()}
SETUJU, TOLAK = KEPUTUSAN
TOLAKAN_BANYAK, TOLAKAN_MAKS = 3, 600
"""Answers that were not taken up and that a gate which opens again tells of, the last ones. Letters of each reason."""
MENOLAK = (WewenangKurang, BukuMenolak)
"""Errors that refuse an answer for good: a rule that it breaks. Any other says nothing of it, so it waits."""
_Nilai = TypeVar("_Nilai")


class Undangan(NamedTuple):
    """What the gate shows, and the usernames it asks."""

    judul: str
    isi: str
    orang: list[str]


# ------------------------------------------------------------------------------------------------------------ read


class Keadaan(NamedTuple):
    """What the ledger knows of a session's gates, read in one transaction.

    ``persetujuan``: the answers taken up. ``berlaku``: the unit's configuration in force. ``bekerja``: who worked on
    the session's rows. ``dikenal``: which of the customers asked about stand in the session. ``dilihat``: what the
    person asked about still has to look at.
    """

    sesi: Sesi
    tenggat: Tenggat | None
    persetujuan: list[Persetujuan]
    berlaku: Berlaku
    bekerja: dict[str, str]
    dikenal: set[str]
    dilihat: HarusDilihat

    @property
    def lewat(self) -> Tenggat | None:
        """The deadline that ends the session now. None: it goes on waiting, or waits no more."""
        menunggu = self.sesi.terbuka and self.sesi.tahap == TahapSesi.MENUNGGU_PERSETUJUAN
        return self.tenggat if menunggu and self.tenggat is not None and self.tenggat.lewat_tutup else None

    @property
    def kini(self) -> Sesi:
        """The session with its deadline kept."""
        return self.sesi if self.lewat is None else self.sesi._replace(status=StatusSesi.KEDALUWARSA)


def _baca(langkah: Langkah, idpel: Iterable[str] = (), oleh: str | None = None) -> Keadaan:
    """Read what a gate is opened by, and an answer judged by."""
    sesi = langkah.sesi
    with langkah.buku.transaksi() as tx:
        return Keadaan(
            sesi=tx.sesi.ambil(sesi.id),
            tenggat=tx.persetujuan.tenggat(sesi),
            persetujuan=tx.persetujuan.semua(sesi),
            berlaku=tx.konfigurasi.unit(sesi.unitup),
            bekerja=tx.persetujuan.penstempel(sesi),
            dikenal=set(tx.jalankan("cuplikan_diketahui", sesi_id=sesi.id, idpel=list(idpel)).scalars()),
            dilihat=tx.persetujuan.harus_dilihat(sesi, oleh),
        )


def pernah_ditanyakan(langkah: Langkah, urutan: int) -> bool:
    """Whether the gate stood before and no answer was taken up: one may have come that nobody has seen yet."""
    with langkah.buku.transaksi() as tx:
        dijawab = {jawaban.urutan for jawaban in tx.persetujuan.semua(langkah.sesi)}
        return urutan not in dijawab and tx.persetujuan.gerbang(langkah.sesi, urutan) is not None


def _akhiri_bila_lewat(langkah: Langkah, keadaan: Keadaan) -> None:
    """End a session whose people had their time."""
    if keadaan.lewat is not None:
        kedaluwarsakan(Langkah(langkah.layanan, keadaan.sesi, langkah.lapor), keadaan.lewat)


def _pastikan_terbuka(sesi: Sesi) -> None:
    if not sesi.terbuka:
        raise BukuMenolak(
            f"Sesi {sesi.nomor} ({sesi.tempat}) sudah berakhir ({sesi.status}); jawaban untuknya tidak diterima lagi. "
            f"{sesi.tanpa_akibat} karenanya. Mulai run baru bila masih perlu."
        )


# ------------------------------------------------------------------------------------------------------------- ask


def buka_gerbang(langkah: Langkah, urutan: int, alamat: str | None = None) -> Undangan | None:
    """Prepare the gate: freeze the snapshot, find who may answer, record both. ``None``: it was answered already.

    A gate that opens again after answers that were not taken up says why, and so does the trail.

    :param urutan: 1 for the first approver, 2 for the second where the unit's pattern asks for one.
    :param alamat: where people reach Airflow, for the link to the page; None: there is none.
    :raises LewatiLangkah: there is nothing to ask.
    :raises WewenangKurang: nobody may be asked.
    :raises BukuMenolak: the gate stood already for another digest or other people, or its time has passed.
    """
    sesi = langkah.sesi
    if urutan > sesi.pengesah:
        raise LewatiLangkah("Pola unit ini cukup dengan satu pengesah.")
    keadaan = _baca(langkah)
    if _sudah_dijawab(langkah, keadaan.persetujuan, urutan):
        return None
    _akhiri_bila_lewat(langkah, keadaan)
    _pastikan_terbuka(keadaan.kini)
    if sesi.rekap is None:
        tugas = "buka_pembatalan" if sesi.pembatalan else "rekap"
        raise BukuMenolak(f"Rekap sesi {sesi.nomor} belum dibuat. Ulangi (clear) tugas {tugas} dahulu.")
    if sesi.kosong:
        raise LewatiLangkah(f"Tidak ada pelanggan yang dapat {'dibatalkan' if sesi.pembatalan else 'disahkan'}.")
    pastikan_sidik(langkah.layanan, sesi)
    orang = pengesah_siap(langkah, lihat_sesi(langkah.layanan, sesi, keadaan.berlaku, keadaan.bekerja))
    if urutan == 2:
        orang = _selain_pertama(sesi, orang, keadaan.persetujuan)
    with langkah.buku.transaksi() as tx:
        # while people were looked up, another copy of this step may have asked, and somebody answered
        tx.sesi.kunci(sesi)
        if _sudah_dijawab(langkah, tx.persetujuan.semua(sesi), urutan):
            return None
        sesi = tx.sesi.ke_tahap(sesi, TahapSesi.MENUNGGU_PERSETUJUAN)
        lagi: list[str] = []
        if tx.persetujuan.buka_gerbang(sesi, urutan, orang):
            tx.jalankan("jejak_gerbang", sesi_id=sesi.id, urutan=urutan)
        else:
            lagi = _ditanyakan_lagi(tx, sesi, urutan, orang)
        tenggat = tx.persetujuan.tenggat(sesi)
        if sesi.pembatalan:
            isi = teks_pembatalan(sesi, tx.pembatalan.ambil(sesi))
        else:
            isi = teks_rekap(sesi, kwh_gerbang(tx, sesi))
    langkah.sesi = sesi
    for sebab in lagi:
        langkah.lapor(f"Ditanyakan lagi. {sebab}")
    langkah.lapor(f"Menunggu {SETUJU} dari {', '.join(orang)} untuk sidik {(sesi.sidik or '')[:12]}.")
    apa = "Pembatalan pengesahan" if sesi.pembatalan else "Pengesahan"
    bagian = (
        *(f"**Ditanyakan lagi.** {tanpa_markah(satu_baris(sebab))}" for sebab in lagi),
        isi,
        _keterangan(sesi, urutan, len(orang), tenggat, keadaan),
        "Pelanggannya satu per satu, dengan angkanya, ada di halaman Pengesahan bagi petugas unit ini"
        + (f": [buka sesi ini]({tautan_halaman(alamat, *sesi.tempat, sesi.nomor)})." if alamat else "."),
    )
    return Undangan(f"{apa} {sesi.tempat}{' (kedua)' if urutan == 2 else ''}", "\n\n".join(bagian), orang)


def _sudah_dijawab(langkah: Langkah, persetujuan: list[Persetujuan], urutan: int) -> bool:
    """Whether the ledger holds this gate's answer: nobody is asked again."""
    ada = any(jawaban.urutan == urutan for jawaban in persetujuan)
    if ada:
        langkah.lapor("Gerbang ini sudah dijawab dan jawabannya tercatat; tidak ditanyakan lagi.")
    return ada


def _selain_pertama(sesi: Sesi, orang: list[str], persetujuan: list[Persetujuan]) -> list[str]:
    bukan = {samakan(nama) for nama in (sesi.pemicu or "", *(jawaban.oleh for jawaban in persetujuan))}
    lain = [username for username in orang if samakan(username) not in bukan]
    if not lain:
        raise WewenangKurang(
            f"Pola unit {sesi.unitup} meminta pengesah kedua, tetapi tidak ada ADMIN_CMT lain selain pengesah pertama "
            "dan yang memulai run. Tambahkan SPV TE kedua di v_petugas, atau delegasi, lalu ulangi tugas ini."
        )
    return lain


def _ditanyakan_lagi(tx: Transaksi, sesi: Sesi, urutan: int, orang: list[str]) -> list[str]:
    """Return why answers of this gate were not taken up, a sentence each, and let the trail say that it asks again."""
    ditolak = tx.kedatangan.tolakan(sesi, urutan)
    if ditolak:
        nomor, sebab = [tolakan.id for tolakan in ditolak], [tolakan.sebab for tolakan in ditolak]
        isi = {"sidik": sesi.sidik, "orang": orang, "tiba": nomor, "sebab": sebab}
        tx.jejak.catat_bila_beda(JenisJejak.GERBANG_DIBUKA_LAGI, {"urutan": urutan}, isi, sesi_id=sesi.id)
    return [_kalimat_tolakan(tolakan, sesi.zona_waktu) for tolakan in ditolak[-TOLAKAN_BANYAK:]]


def _kalimat_tolakan(tolakan: Tolakan, zona: str) -> str:
    sebab = tolakan.sebab if len(tolakan.sebab) <= TOLAKAN_MAKS else f"{tolakan.sebab[: TOLAKAN_MAKS - 1]}…"
    pada = waktu_unit(tolakan.dijawab_pada, zona)
    return f"Jawaban {_pilihan(tolakan.pilihan)} pada {pada} tidak dapat dipakai: {sebab}"


def _pilihan(pilihan: list[str]) -> str:
    """Name what was chosen. What the gate does not offer is not repeated."""
    return pilihan[0] if len(pilihan) == 1 and pilihan[0] in KEPUTUSAN else "yang tidak dikenal"


def _keterangan(sesi: Sesi, urutan: int, banyak: int, tenggat: Tenggat | None, keadaan: Keadaan) -> str:
    """Say who is asked (how many, never who), whether a second person follows, what to look at, and until when."""
    kembali = yang_dikembalikan(keadaan.persetujuan)
    kalimat = [f"Ditanyakan kepada {banyak} orang; satu jawaban cukup untuk gerbang ini."]
    if sesi.pengesah == 2:
        kalimat.append(
            "Ini persetujuan pertama dari dua: sesudah ini pengesah kedua, orang lain, masih ditanya."
            if urutan == 1
            else "Ini persetujuan kedua dari dua; pengesah pertama sudah setuju"
            + (f" dan mengembalikan {ribuan(len(kembali))} pelanggan." if kembali else ".")
        )
    if keadaan.dilihat.dari:
        kalimat.append(
            f"Pola unit ini: {SETUJU} hanya diterima dari yang sudah melihat sendiri, satu per satu di halaman "
            f"Pengesahan, semua {_sebut_wajib(keadaan.dilihat, keadaan.dilihat.dari)}; {TOLAK} selalu diterima."
        )
    if tenggat is not None and tenggat.batas is not None:
        batas = waktu_unit(tenggat.batas, sesi.zona_waktu)
        kalimat.append(f"Tenggat jawab: {batas}; sesudahnya eskalasi ke {len(sesi.eskalasi)} orang.")
    if tenggat is not None and tenggat.tutup is not None:
        tutup = waktu_unit(tenggat.tutup, sesi.zona_waktu)
        kalimat.append(f"Ditutup {tutup}: jawaban sesudahnya tidak diterima, dan perlu run baru.")
    return " ".join(kalimat)


def _sebut_wajib(dilihat: HarusDilihat, jumlah: int) -> str:
    return f"{ribuan(jumlah)} {KATA_WAJIB_DILIHAT[dilihat.wajib]}"


# ---------------------------------------------------------------------------------------------------------- arrive


def catat_tiba(langkah: Langkah, urutan: int, jawaban: Jawaban) -> Tiba:
    """Write down once that an answer arrived, in a transaction of its own. It decides nothing."""
    tiba, baru = langkah.buku.ulang(lambda tx: tx.kedatangan.catat_tiba(langkah.sesi, urutan, jawaban))
    if baru:
        langkah.lapor(f"Jawaban {_pilihan(tiba.pilihan)} dari {tiba.pelaku} tiba dan tercatat; sekarang dinilai.")
    return tiba


def yang_dinilai(langkah: Langkah, urutan: int, jawaban: Jawaban | None) -> Tiba | None:
    """Return the arrival of this gate that is to be judged. None: people have to be asked.

    :param jawaban: the answer as Airflow has it: written down first, and not judged again if it was refused before.
    """
    if jawaban is not None:
        tiba = catat_tiba(langkah, urutan, jawaban)
        return tiba if tiba.ditolak is None else None
    with langkah.buku.transaksi() as tx:
        return next(iter(tx.kedatangan.menunggu(langkah.sesi, urutan)), None)


# ---------------------------------------------------------------------------------------------------------- decide


class Diterima(NamedTuple):
    """The answer may be taken up as it stands here. ``alasan``: what ACMT is told of each customer sent back."""

    jawaban: Persetujuan
    alasan: dict[str, str]


def putuskan(
    sesi: Sesi,
    tiba: Tiba,
    keadaan: Keadaan,
    isian: IsianGerbang | GalatPengesahan,
    wewenang: WewenangSesi | GalatPengesahan,
) -> Diterima:
    """Decide what becomes of an answer: the session's state first, then what it says, then who gave it.

    Pure: values in, a decision out. An error in place of a value says why there is none. It counts only where nothing
    before it has decided.

    :param sesi: the session as the run holds it.
    :raises GalatPengesahan: one of ``MENOLAK``: the answer is refused. Any other: it waits.
    """
    _pastikan_terbuka(keadaan.kini)
    _pastikan_berlaku(sesi, tiba)
    terbaca = _ada(isian)
    petugas = _ada(wewenang).dasar(tiba.oleh)
    pastikan_dikenal(sesi, terbaca, keadaan.dikenal)
    _pastikan_dilihat(sesi, tiba, keadaan.dilihat)
    jawaban = Persetujuan(
        urutan=tiba.urutan,
        keputusan=KEPUTUSAN[tiba.pilihan[0]],
        oleh=tiba.oleh,
        catatan=terbaca.catatan,
        kembalikan=list(terbaca.kembalikan),
        sidik=tiba.sidik,
        petugas=petugas,
        dijawab_pada=tiba.dijawab_pada,
        tiba=tiba.id,
    )
    return Diterima(jawaban, alasan_kembalikan(sesi, terbaca.kembalikan, terbaca.catatan))


def _ada(nilai: _Nilai | GalatPengesahan) -> _Nilai:
    if isinstance(nilai, GalatPengesahan):
        raise nilai
    return nilai


def _pastikan_berlaku(sesi: Sesi, tiba: Tiba) -> None:
    """Check that an arrival speaks of this session as it stands, and was not refused before."""
    if tiba.ditolak is not None:
        raise BukuMenolak(f"Jawaban ini sudah pernah dinilai dan tidak diterima: {tiba.ditolak}")
    if (tiba.sesi_id, tiba.sidik, tiba.epoch) != (sesi.id, sesi.sidik, sesi.epoch):
        raise BukuMenolak(
            f"Jawaban {tiba.pelaku} bukan untuk keadaan sesi {sesi.nomor} yang sekarang (epoch {sesi.epoch}): sesi itu "
            f"sempat diambil alih. {sesi.tanpa_akibat}; jawab lagi."
        )


def _pastikan_dilihat(sesi: Sesi, tiba: Tiba, dilihat: HarusDilihat) -> None:
    """Check that who approves has looked at what the unit's pattern asks for. To refuse asks for nothing."""
    if tiba.pilihan == [SETUJU] and dilihat.kurang:
        raise BukuMenolak(
            f"Pola unit {sesi.unitup} meminta {tiba.oleh} melihat sendiri semua {_sebut_wajib(dilihat, dilihat.dari)} "
            f"sebelum {SETUJU}; {ribuan(dilihat.kurang)} belum dilihat. {sesi.tanpa_akibat}. Buka sesi ini di halaman "
            "Pengesahan, lihat mereka satu per satu, lalu jawab lagi."
        )


def _baca_jawaban(sesi: Sesi, tiba: Tiba) -> IsianGerbang:
    if len(tiba.pilihan) != 1 or tiba.pilihan[0] not in KEPUTUSAN:
        raise BukuMenolak(f"Jawaban gerbang sesi {sesi.nomor} bukan {SETUJU} atau {TOLAK}. {sesi.tanpa_akibat}.")
    if not tiba.oleh:
        raise WewenangKurang(f"Jawaban gerbang sesi {sesi.nomor} tidak menyebut siapa yang menjawab; tidak diterima.")
    if tiba.isian is None:
        raise BukuMenolak(
            f"Isian jawaban gerbang sesi {sesi.nomor} terlalu besar untuk dicatat. {sesi.tanpa_akibat}. Ulangi (clear) "
            "tugas persetujuan lalu jawab lagi dengan isian yang lebih pendek."
        )
    return baca_isian(sesi, tiba.isian)


# ----------------------------------------------------------------------------------------------------------- write


def nilai(langkah: Langkah, tiba: Tiba) -> str:
    """Judge an arrival: read, decide, write. Return SETUJU or TOLAK as it was taken up.

    An answer that cannot be taken up is recorded as such, posts nothing, and raises. It is never judged again.

    :raises WewenangKurang: the person does not hold ADMIN_CMT of the unit any more, or was not asked.
    :raises BukuMenolak: the form, the time, the epoch or the session's stage speak against it.
    :raises JawabanTertunda: it cannot be judged now, since ACMT or the ledger is away or broken; it waits.
    """
    sesi = langkah.sesi
    isian = _coba(lambda: _baca_jawaban(sesi, tiba))
    try:
        keadaan = _baca(langkah, isian.disebut if isinstance(isian, IsianGerbang) else (), tiba.oleh)
        _akhiri_bila_lewat(langkah, keadaan)
        wewenang = _coba(lambda: lihat_sesi(langkah.layanan, sesi, keadaan.berlaku, keadaan.bekerja))
        return _terima(langkah, tiba, putuskan(sesi, tiba, keadaan, isian, wewenang))
    except MENOLAK as galat:  # also the ledger itself, by what changed since it was read
        sebab = str(galat)
        langkah.buku.ulang(lambda tx: _tulis_tolakan(tx, sesi, tiba, sebab))
        raise
    except GalatPengesahan as galat:
        raise _tunda(langkah, tiba, galat) from None


def _coba(kerja: Callable[[], _Nilai]) -> _Nilai | GalatPengesahan:
    """Return a value, or the error that came in its place: whether it matters is decided later."""
    try:
        return kerja()
    except GalatPengesahan as galat:
        return galat


def _terima(langkah: Langkah, tiba: Tiba, putusan: Diterima) -> str:
    sesi, (baru, alasan) = langkah.sesi, putusan
    lama = langkah.buku.ulang(lambda tx: _tulis_jawaban(tx, sesi, tiba, putusan))
    if lama is not None:
        langkah.lapor(f"Jawaban gerbang ini sudah tercatat: {lama.keputusan} oleh {lama.oleh}.")
        return lama.keputusan
    langkah.lapor(
        f"{baru.oleh} menjawab {tiba.pilihan[0]} untuk sidik {(sesi.sidik or '')[:12]}"
        + (f"; {ribuan(len(alasan))} pelanggan dikembalikan: {daftar(baru.kembalikan)}" if alasan else "")
        + "."
    )
    return baru.keputusan


def _tulis_jawaban(tx: Transaksi, dipegang: Sesi, tiba: Tiba, putusan: Diterima) -> Persetujuan | None:
    """Take the answer up and move the session on. Return the answer that stood already, if one did.

    What may have changed since the read is looked at again with the session locked: whether the gate is unanswered, the
    session still open and the same, the arrival not refused. ``jaga_persetujuan`` keeps the deadline. Whom the answer
    sends back is written with it, so that ACMT is told whatever happens next.

    :raises BukuMenolak: the session ended, or another copy of this task refused the answer, meanwhile.
    """
    tx.sesi.kunci(dipegang)
    semua = tx.persetujuan.semua(dipegang)
    lama = next((jawaban for jawaban in semua if jawaban.urutan == tiba.urutan), None)
    if lama is not None:
        if lama.tiba != tiba.id:
            tx.kedatangan.tolak(dipegang, tiba, f"Gerbang ini sudah dijawab {lama.oleh}: {lama.keputusan}.")
        return lama
    sesi = tx.sesi.ambil(dipegang.id)
    _pastikan_terbuka(sesi)
    _pastikan_berlaku(sesi, tx.kedatangan.ambil_tiba(tiba.id))
    if sesi.status == StatusSesi.TERHENTI:  # stopped while this was judged, by what became of an earlier attempt
        sesi = lanjutkan(tx, sesi)
    baru, alasan = putusan
    akibat: dict[str, Any] = {"alasan_kembalikan": alasan}
    # the ledger checks stage, digest, person and the second approver
    tx.jalankan("persetujuan_catat", sesi_id=sesi.id, **{**baru._asdict(), "petugas": ke_json(baru.petugas)})
    if alasan:
        nilai = {"sesi_id": sesi.id, "urutan": baru.urutan, "oleh": baru.oleh, "alasan": ke_json(alasan)}
        tx.jalankan("pengembalian_catat", **nilai)
    if baru.keputusan == Keputusan.TOLAK:
        akibat |= tx.sesi.akhiri(sesi, StatusSesi.DITOLAK, f"ditolak oleh {baru.oleh}").akhir
    elif jawaban_lengkap([*semua, baru], sesi) is not None:
        tx.sesi.ke_tahap(sesi, TahapSesi.DISETUJUI)
    tx.jalankan("jejak_jawaban", sesi_id=sesi.id, urutan=baru.urutan, lain=ke_json(akibat))
    return None


def _tulis_tolakan(tx: Transaksi, sesi: Sesi, tiba: Tiba, sebab: str) -> None:
    """Record that an arrival is not taken up, unless another copy of this task took it up meanwhile."""
    tx.sesi.kunci(sesi)
    if all(jawaban.tiba != tiba.id for jawaban in tx.persetujuan.semua(sesi)):
        tx.kedatangan.tolak(sesi, tiba, sebab)


def _tunda(langkah: Langkah, tiba: Tiba, galat: GalatPengesahan) -> JawabanTertunda:
    """Let the trail say why an arrival waits, as far as the ledger takes it, and return what tells the people."""
    sesi = langkah.sesi
    try:
        with langkah.buku.transaksi() as tx:
            kunci = {"urutan": tiba.urutan, "tiba": tiba.id}
            tx.jejak.catat_bila_beda(JenisJejak.JAWABAN_TERTUNDA, kunci, {"sebab": str(galat)}, sesi_id=sesi.id)
    except GalatPengesahan:
        pass  # the arrival itself stands; what keeps it waiting is in the log
    return JawabanTertunda(
        f"Jawaban {_pilihan(tiba.pilihan)} dari {tiba.pelaku} pada {waktu_unit(tiba.dijawab_pada, sesi.zona_waktu)} "
        f"sudah diterima dan tercatat, tetapi belum dapat dinilai: {galat} Tidak perlu menjawab lagi"
        + (": sesudah diperbaiki, ulangi (clear) tugas ini." if galat.permanen else "."),
        permanen=galat.permanen,
    )

"""The gate: ask the people who may approve, and take up what they answer. The ledger holds the answer, not Airflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.domain.pola import samakan
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak, GalatPengesahan, LewatiLangkah, WewenangKurang
from ap2t.ledger import cuplikan, jejak, pembatalan, pengembalian, persetujuan, sesi
from ap2t.proses.isian import alasan_kembalikan, baca_kembalikan, disebut_alasan, periksa_isian, sebut
from ap2t.proses.jaga import kedaluwarsakan, waktu_unit
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.pembatalan import teks_pembatalan
from ap2t.proses.rekap import pastikan_sidik, teks_rekap
from ap2t.proses.wewenang import pastikan_pengesah, pengesah_siap

SETUJU, TOLAK = "Sah/Setuju", "Tolak"
KEPUTUSAN = {SETUJU: "SETUJU", TOLAK: "TOLAK"}


class Undangan(NamedTuple):
    """What the gate shows, and the usernames it asks."""

    judul: str
    isi: str
    orang: list[str]


class Jawaban(NamedTuple):
    """An answer as it came through the gate."""

    pilihan: list[str]
    isian: Mapping[str, Any]
    username: str | None
    pada: datetime


def buka_gerbang(layanan: Layanan, s: sesi.Sesi, urutan: int, lapor: Lapor) -> Undangan | None:
    """Prepare the gate: freeze the snapshot, find who may answer, record both. ``None``: it was answered already.

    :param urutan: 1 for the first approver, 2 for the second where the unit's pattern asks for one.
    :raises LewatiLangkah: there is nothing to ask.
    :raises WewenangKurang: nobody may be asked.
    :raises BukuMenolak: the gate stood already for another digest or other people, or its time has passed.
    """
    if urutan > s.pengesah:
        raise LewatiLangkah("Pola unit ini cukup dengan satu pengesah.")
    with layanan.buku.transaksi() as conn:
        jawaban = persetujuan.semua(conn, s)
    if any(j.urutan == urutan for j in jawaban):
        lapor("Gerbang ini sudah dijawab dan jawabannya tercatat; tidak ditanyakan lagi.")
        return None
    _pastikan_waktunya(layanan, s, lapor)
    if s.rekap is None:
        tugas = "buka_pembatalan" if s.pembatalan else "rekap"
        raise BukuMenolak(f"Rekap sesi {s.nomor} belum dibuat. Ulangi (clear) tugas {tugas} dahulu.")
    if s.kosong:
        raise LewatiLangkah(f"Tidak ada pelanggan yang dapat {'dibatalkan' if s.pembatalan else 'disahkan'}.")
    pastikan_sidik(layanan, s)
    orang = _orang(layanan, s, urutan, jawaban, lapor)
    with layanan.buku.transaksi() as conn:
        s = sesi.ke_tahap(conn, s, "MENUNGGU_PERSETUJUAN")
        if persetujuan.buka_gerbang(conn, s, urutan, orang):
            jejak.catat_gerbang(conn, s.id, urutan)
        tenggat = persetujuan.tenggat(conn, s)
        isi = teks_pembatalan(s, pembatalan.ambil(conn, s)) if s.pembatalan else teks_rekap(s)
    lapor(f"Menunggu {SETUJU} dari {', '.join(orang)} untuk sidik {(s.sidik or '')[:12]}.")
    judul = f"{'Pembatalan pengesahan' if s.pembatalan else 'Pengesahan'} {s.tempat}{' (kedua)' if urutan == 2 else ''}"
    return Undangan(judul, f"{isi}\n\n{_keterangan(s, urutan, len(orang), tenggat, jawaban)}", orang)


def _keterangan(
    s: sesi.Sesi, urutan: int, banyak: int, t: persetujuan.Tenggat | None, jawaban: list[persetujuan.Jawaban]
) -> str:
    """Say who is asked (how many, never who), whether a second person follows, and until when."""
    kembali = persetujuan.dikembalikan(jawaban)
    kalimat = [f"Ditanyakan kepada {banyak} orang; satu jawaban cukup untuk gerbang ini."]
    if s.pengesah == 2:
        kalimat.append(
            "Ini persetujuan pertama dari dua: sesudah ini pengesah kedua, orang lain, masih ditanya."
            if urutan == 1
            else "Ini persetujuan kedua dari dua; pengesah pertama sudah setuju"
            + (f" dan mengembalikan {ribuan(len(kembali))} pelanggan: {daftar(kembali)}." if kembali else ".")
        )
    if t is not None and t.batas is not None:
        kalimat.append(f"Tenggat jawab: {waktu_unit(t.batas, s)}; sesudahnya eskalasi ke {len(s.eskalasi)} orang.")
    if t is not None and t.tutup is not None:
        kalimat.append(f"Ditutup {waktu_unit(t.tutup, s)}: jawaban sesudahnya tidak diterima, dan perlu run baru.")
    return " ".join(kalimat)


def _pastikan_waktunya(layanan: Layanan, s: sesi.Sesi, lapor: Lapor) -> None:
    """Check that the session still waits, by the ledger's own clock; one that waited too long ends here.

    :raises BukuMenolak: it has ended, or ends now.
    """
    with layanan.buku.transaksi() as conn:
        kini = sesi.ambil(conn, s.id)
        t = persetujuan.tenggat(conn, s)
    if kini.terbuka and not (t is not None and t.lewat_tutup and kini.tahap == "MENUNGGU_PERSETUJUAN"):
        return
    if kini.terbuka and t is not None:
        kedaluwarsakan(layanan, kini, t, lapor)
        kini = kini._replace(status="KEDALUWARSA")
    raise BukuMenolak(
        f"Sesi {s.nomor} ({s.tempat}) sudah berakhir ({kini.status}); jawaban untuknya tidak diterima lagi. "
        f"{s.tanpa_akibat} karenanya. Mulai run baru bila masih perlu."
    )


def _orang(layanan: Layanan, s: sesi.Sesi, urutan: int, jawaban: list[persetujuan.Jawaban], lapor: Lapor) -> list[str]:
    orang = pengesah_siap(layanan, s, lapor)
    if urutan == 2:
        bukan = {samakan(u) for u in (s.pemicu or "", *(j.oleh for j in jawaban))}
        orang = [u for u in orang if samakan(u) not in bukan]
        if not orang:
            raise WewenangKurang(
                f"Pola unit {s.unitup} meminta pengesah kedua, tetapi tidak ada ADMIN_CMT lain selain pengesah pertama "
                "dan yang memulai run. Tambahkan SPV TE kedua di v_petugas, atau delegasi, lalu ulangi tugas ini."
            )
    return orang


def terima(layanan: Layanan, s: sesi.Sesi, urutan: int, jawaban: Jawaban, lapor: Lapor) -> str:
    """Take an answer up: check the person now, bind it to the digest, write it down. Return SETUJU or TOLAK.

    An answer that cannot be taken up is recorded as such, posts nothing, and raises.

    :raises WewenangKurang: the person does not hold ADMIN_CMT of the unit any more, or was not asked.
    :raises BukuMenolak: unknown idpel in ``kembalikan``, fields the form has not, an answer that comes too late, or the
        session does not wait for one.
    """
    try:
        _pastikan_waktunya(layanan, s, lapor)
        keputusan, kembalikan, petugas = _periksa(layanan, s, jawaban)
        tercatat = _catat(layanan, s, urutan, jawaban, keputusan, kembalikan, petugas)
    except GalatPengesahan as e:
        if e.permanen:
            with layanan.buku.transaksi() as conn:
                isi = {"urutan": urutan, "sebab": str(e)}
                jejak.catat(conn, "JAWABAN_TIDAK_DITERIMA", isi, sesi_id=s.id, pelaku=jawaban.username or jejak.SISTEM)
        raise
    if tercatat is not None:
        lapor(f"Jawaban gerbang ini sudah tercatat: {tercatat.keputusan} oleh {tercatat.oleh}.")
        return tercatat.keputusan
    lapor(
        f"{jawaban.username} menjawab {jawaban.pilihan[0]} untuk sidik {(s.sidik or '')[:12]}"
        + (f"; {ribuan(len(kembalikan))} pelanggan dikembalikan: {daftar(list(kembalikan))}" if kembalikan else "")
        + "."
    )
    return keputusan


def _catat(
    layanan: Layanan,
    s: sesi.Sesi,
    urutan: int,
    jawaban: Jawaban,
    keputusan: str,
    kembalikan: dict[str, str | None],
    petugas: dict[str, Any],
) -> persetujuan.Jawaban | None:
    """Write the answer down and move the session on; return the answer that stood already, if one did.

    Whom it sends back is written with it, so that ACMT is told whatever happens next.
    """
    username = str(jawaban.username)
    catatan = (jawaban.isian.get("catatan") or "").strip() or None
    alasan = alasan_kembalikan(s, kembalikan, catatan)
    with layanan.buku.transaksi() as conn:
        for lama in persetujuan.semua(conn, s):
            if lama.urutan == urutan:
                return lama
        persetujuan.catat(
            conn,
            s,
            urutan=urutan,
            keputusan=keputusan,
            oleh=username,
            catatan=catatan,
            kembalikan=list(kembalikan),
            sidik=s.sidik or "",
            petugas=petugas,
            dijawab_pada=jawaban.pada,
        )
        pengembalian.catat(conn, s, urutan, username, alasan)
        lain: dict[str, Any] = {"alasan_kembalikan": alasan}
        if keputusan == "TOLAK":
            lain |= sesi.akhiri(conn, s, "DITOLAK", f"ditolak oleh {username}").akhir
        jejak.catat_jawaban(conn, s.id, urutan, lain)
        if keputusan == "TOLAK":
            return None
        if persetujuan.lengkap(persetujuan.semua(conn, s), s) is not None:
            sesi.ke_tahap(conn, s, "DISETUJUI")
    return None


def _periksa(layanan: Layanan, s: sesi.Sesi, jawaban: Jawaban) -> tuple[str, dict[str, str | None], dict[str, Any]]:
    if len(jawaban.pilihan) != 1 or jawaban.pilihan[0] not in KEPUTUSAN:
        raise BukuMenolak(f"Jawaban gerbang sesi {s.nomor} bukan {SETUJU} atau {TOLAK}. {s.tanpa_akibat}.")
    if not jawaban.username:
        raise WewenangKurang(f"Jawaban gerbang sesi {s.nomor} tidak menyebut siapa yang menjawab; tidak diterima.")
    periksa_isian(s, jawaban.isian)
    petugas = pastikan_pengesah(layanan, s, [jawaban.username])[jawaban.username]
    kembalikan = baca_kembalikan(jawaban.isian.get("kembalikan"))
    disebut = disebut_alasan(kembalikan)
    with layanan.buku.transaksi() as conn:
        dikenal = cuplikan.diketahui(conn, s, [*kembalikan, *disebut])
    asing = [i for i in kembalikan if i not in dikenal]
    if asing:
        raise BukuMenolak(
            f"Isian kembalikan menyebut pelanggan yang tidak ada pada sesi {s.nomor}: {sebut(asing)}. "
            "Jawaban tidak diterima dan tidak ada yang diposting. Ulangi (clear) tugas persetujuan lalu jawab lagi."
        )
    if sebaris := [i for i in disebut if i in dikenal]:  # else it would be posted though the approver named it
        raise BukuMenolak(
            f"Alasan pada isian kembalikan menyebut pelanggan lain sesi {s.nomor}: {daftar(sebaris)}. Tulis satu "
            "pelanggan per baris. Jawaban tidak diterima dan tidak ada yang diposting. Ulangi (clear) tugas "
            "persetujuan lalu jawab lagi."
        )
    return KEPUTUSAN[jawaban.pilihan[0]], kembalikan, petugas

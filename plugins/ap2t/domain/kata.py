"""The words of the codes by kind, as operators read them, and how they stand in a sentence.

A code's word stands beside it, in its enum. No other module writes one by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

from ap2t.domain import kode
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import WajibDilihat
from ap2t.domain.status import Status, TindakLanjut
from ap2t.domain.stempel import AlasanStempel


def _kamus(*jenis: type[kode.Berkata]) -> Mapping[str, str]:
    return {satu: satu.kata for enum in jenis for satu in enum}


KATA_ALASAN = _kamus(Alasan, kode.SebabBerubah, kode.SebabBatal, kode.SebabStatus, kode.KodeAp2t)
"""Why a customer is held, was not sent, cannot be cancelled, was refused, or stands where it does."""
KATA_DLPD = _kamus(Dlpd)
KATA_STATUS = _kamus(Status)
KATA_TINDAK_LANJUT = _kamus(TindakLanjut)
KATA_JENIS_SESI = _kamus(kode.JenisSesi)
KATA_STATUS_SESI = _kamus(kode.StatusSesi)
KATA_TAHAP_SESI = _kamus(kode.TahapSesi)
KATA_KESIAPAN = _kamus(kode.Tahap)
KATA_STEMPEL = _kamus(AlasanStempel)
"""What is wrong with a stamp, to stand behind the stamp's name."""
KATA_SEBAB_JADWAL = _kamus(kode.SebabJadwal)
KATA_HASIL_BATAL = _kamus(kode.HasilBatal)
KATA_CARA = _kamus(kode.CaraPengembalian)
KATA_KEPUTUSAN = _kamus(kode.Keputusan)
KATA_HASIL = _kamus(kode.StatusHasil)
KATA_KEJADIAN = _kamus(kode.JenisJejak)
KATA_RIWAYAT = _kamus(kode.Riwayat)
KATA_WAJIB_DILIHAT: Mapping[str, str] = {
    WajibDilihat.DITANDAI: "pelanggan yang ditandai",
    WajibDilihat.SAMPEL: "pelanggan sampel pemeriksaan",
}
"""What an approver has to have looked at, behind its number."""
SARAN_BATAL: Mapping[str, str] = {
    kode.SebabBatal.SUDAH_SUPLAI_STAN: "tidak dapat dibatalkan lagi",
    kode.SebabBatal.BELUM_POSTING: "tidak ada yang perlu dibatalkan",
    kode.SebabBatal.KELOMPOK_LAIN: "mulai pembatalan untuk kelompoknya",
    kode.SebabBatal.IDPEL_TIDAK_DIKENAL: "unit atau kelompok lain, atau salah tulis",
    kode.SebabBatal.TANPA_NOMOR: "batalkan di AP2T",
}
"""What follows for a customer who cannot be cancelled."""


TANPA_KOLOM: Mapping[str, Mapping[str, str]] = {
    "v_bacaan": {
        "tgl_baca_lalu": "lama sejak pembacaan lalu tidak dinilai",
        "cara_baca": "taksiran dan meter AMR tidak dikenali",
        "cara_baca_lalu": "taksiran bulan lalu tidak dikenali",
        "daya_lama": "mutasi daya tidak dikenali; jam nyala dihitung dengan daya bulan ini",
        "tgl_mutasi": "saat mutasi daya tidak diketahui",
        "mutasi_lwbp": "pada mutasi daya jam nyala dihitung dengan daya yang lebih kecil",
        "mutasi_wbp": "pada mutasi daya pelanggan dua tarif jam nyala dihitung dengan daya yang lebih kecil",
        "jam_abonemen": "pelanggan tanpa meter tertahan sebagai belum dibaca",
        "kvarhcabut": "kVArh pada bulan ganti meter tidak dinilai",
        "kvarhpasang": "kVArh pada bulan ganti meter tidak dinilai",
        "fkmkvarh_lama": "faktor kVArh meter lama dianggap sama dengan yang baru",
        "rendah_wajar": "pelanggan yang wajar rendah (PLTS atap, KBLBB) tetap ditandai",
    },
    "v_riwayat": {
        "sahlwbp": "stan lalu dibandingkan hanya dengan yang disahkan di sini",
        "sahwbp": "stan lalu dibandingkan hanya dengan yang disahkan di sini",
        "kwh": "kebiasaan pelanggan tidak dinilai",
        "cara_baca": "taksiran yang berulang tidak dinilai",
        "foto_url": "foto yang dipakai dua kali tidak dinilai",
        "latitude": "jarak dari tempat biasa tidak dinilai",
        "longitude": "jarak dari tempat biasa tidak dinilai",
    },
    "v_harga": {"harga_lwbp": "perkiraan rupiah tidak ditunjukkan"},
}
"""What is off where ACMT does not offer a column beside the contract, by view. Others are only shown."""
TANPA_RIWAYAT = "kebiasaan dan taksiran dinilai dari bulan yang disahkan di sini; lokasi dan foto lama tidak dinilai"
"""What is off where there is no ``v_riwayat`` at all."""


def kata(sebab: str) -> str:
    """Return the word for a reason or a DLPD flag. A code that has none, as AP2T may give one, stands for itself."""
    return KATA_ALASAN.get(sebab) or KATA_DLPD.get(sebab, sebab)


def kata_batal(sebab: str) -> str:
    """Say within a sentence why a customer cannot be cancelled, and what follows."""
    alasan = di_tengah(kata(sebab))
    return f"{alasan}: {SARAN_BATAL[sebab]}" if sebab in SARAN_BATAL else alasan


def di_tengah(label: str) -> str:
    """Write a word as it stands within a sentence."""
    return label[:1].lower() + label[1:]


def untuk_halaman() -> dict[str, Mapping[str, str]]:
    """Return every word that the page shows, by kind and code."""
    return {
        "alasan": KATA_ALASAN,
        "dlpd": KATA_DLPD,
        "status": KATA_STATUS,
        "tindak_lanjut": KATA_TINDAK_LANJUT,
        "jenis_sesi": KATA_JENIS_SESI,
        "status_sesi": KATA_STATUS_SESI,
        "tahap": KATA_TAHAP_SESI,
        "kejadian": KATA_KEJADIAN,
        "hasil": KATA_HASIL,
        "riwayat": KATA_RIWAYAT,
    }

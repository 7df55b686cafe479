"""Rules of the reading calendar, as properties: whatever a unit's calendar holds, it is judged, and judged right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain import kalender
from ap2t.domain.kalender import BarisKalender, Kelompok, KodeCacat, bulan_tambah

KODE = ("A", "B", "C", "D")
AWAL = date(2026, 5, 20)
hari = st.dates(date(2026, 4, 1), date(2026, 7, 31))
kelompok = st.builds(Kelompok, st.just("202606"), st.sampled_from(KODE), hari, st.integers(1, 10))
apa_saja = st.builds(
    BarisKalender,
    st.sampled_from(("202605", "202606", "202607", "2026", "")),
    st.sampled_from((*KODE, "Z", "", "panjang sekali")),
    st.none() | st.dates(),
    st.none() | st.integers(),
)


def baris(k: Kelompok) -> BarisKalender:
    return BarisKalender(*k)


def kode_cacat(isi: list[BarisKalender], pada: date = AWAL) -> list[tuple[str, str | None]]:
    return [(c.kode.value, c.hari_baca) for c in kalender.nilai_kalender(isi, pada, KODE).cacat]


@given(st.lists(apa_saja, max_size=12), st.dates())
def test_apa_pun_dinilai_tanpa_galat(isi: list[BarisKalender], pada: date) -> None:
    """Nothing raises; what can be scheduled has a DAG, stands once, and is due not before it begins.

    Every fault names its kelompok, one without a code too.
    """
    hasil = kalender.nilai_kalender(isi, pada, KODE)
    assert len({k[:2] for k in hasil.kelompok}) == len(hasil.kelompok)
    for k in hasil.kelompok:
        assert k.hari_baca in KODE
        assert k.jatuh_tempo >= k.tgl_mulai
    tak_sah = [b for b in isi if b.tgl_mulai is None or b.jumlah_hari is None or b.jumlah_hari < 1]
    for c in hasil.cacat:
        assert "  " not in c.kalimat
        assert c.hari_baca is None or c.kalimat.startswith(f"Kelompok {c.hari_baca or '(kosong)'}")
    assert {b.hari_baca for b in tak_sah} <= {c.hari_baca for c in hasil.cacat if c.kode is KodeCacat.TIDAK_SAH}


@given(st.lists(apa_saja, max_size=8), st.permutations(range(8)), hari)
def test_urutan_baris_tidak_berpengaruh(isi: list[BarisKalender], urutan: list[int], pada: date) -> None:
    """A view has no order: the same rows give the same faults, so that each is told once."""
    acak = [isi[i] for i in urutan if i < len(isi)]
    assert kalender.nilai_kalender(isi, pada, KODE) == kalender.nilai_kalender(acak, pada, KODE)


@given(st.lists(kelompok, min_size=2, max_size=4, unique_by=lambda k: k.hari_baca))
def test_tumpang_tindih_persis_bila_berbagi_hari(isi: list[Kelompok]) -> None:
    """A unit's month has an overlap if and only if two of its kelompok share a reading day."""
    dibaca = [k.tgl_mulai + timedelta(days=n) for k in isi for n in range(k.jumlah_hari)]
    ada = any(k == "TUMPANG_TINDIH" for k, _ in kode_cacat([baris(k) for k in isi], date(2026, 1, 1)))
    assert ada == (len(set(dibaca)) < len(dibaca))


@given(kelompok, kelompok)
def test_ganda_dipakai_yang_paling_akhir(a: Kelompok, b: Kelompok) -> None:
    """The same kelompok twice is a fault, and it is not opened while it may still be read."""
    b = b._replace(hari_baca=a.hari_baca)
    hasil = kalender.nilai_kalender([baris(a), baris(b)], date(2026, 1, 1), KODE)
    assert [k.jatuh_tempo for k in hasil.kelompok] == [max(a.jatuh_tempo, b.jatuh_tempo)]
    assert ("GANDA", a.hari_baca) in kode_cacat([baris(a), baris(b)], date(2026, 1, 1))


@given(st.sets(st.sampled_from(KODE), min_size=1), st.sets(st.sampled_from(KODE), min_size=1), hari)
def test_hilang_hanya_bila_bulan_sudah_mulai(lalu: set[str], kini: set[str], pada: date) -> None:
    """What the previous month had and this one has not is missing, from the day this month's reading begins on."""
    isi = [BarisKalender("202605", k, date(2026, 4, 20), 1) for k in lalu]
    isi += [BarisKalender("202606", k, AWAL, 1) for k in kini]
    hilang = {k for kode, k in kode_cacat(isi, pada) if kode == "HILANG"}
    assert hilang == (lalu - kini if pada >= AWAL else set())


@given(kelompok, kelompok, hari)
def test_berubah_sesudah_h1(lama: Kelompok, baru: Kelompok, pada: date) -> None:
    """A change is told if and only if one of the two readings has begun by then."""
    c = kalender.terlambat_berubah(lama, baru._replace(hari_baca=lama.hari_baca), pada)
    beda = (lama.tgl_mulai, lama.jumlah_hari) != (baru.tgl_mulai, baru.jumlah_hari)
    assert (c is not None) == (beda and (pada >= lama.tgl_mulai or pada >= baru.tgl_mulai))
    assert (kalender.terhapus(lama, pada) is None) == (pada < lama.tgl_mulai)


def test_kalimat_perubahan() -> None:
    """A late change and a unit without a zone are told with unit, month, kelompok and dates, and what to do."""
    lama, baru = Kelompok("202606", "A", AWAL, 3), Kelompok("202606", "A", AWAL, 1)
    assert kalender.terlambat_berubah(lama, baru, AWAL) == (
        *("202606", "BERUBAH_SESUDAH_H1", "A"),
        "Kelompok A diubah sesudah H-1: semula 20-05-2026 sampai 22-05-2026, kini 20-05-2026. Jatuh tempo mengikuti "
        "kalender yang kini; pastikan perubahan itu memang dikehendaki.",
    )
    assert kalender.terhapus(lama, AWAL) == (
        *("202606", "BERUBAH_SESUDAH_H1", "A"),
        "Kelompok A (20-05-2026 sampai 22-05-2026) dihapus dari kalender sesudah H-1 dan tidak dibuka oleh jadwal. "
        "Kembalikan di ACMT, atau mulai sendiri bila perlu.",
    )
    assert kalender.zona_cacat("202606", "54110") == (
        *("202606", "ZONA_TIDAK_DIKENAL", None),
        "Unit 54110 ada di kalender tetapi tidak di v_unit, atau zona_waktu-nya tidak dikenal: tidak ada kelompoknya "
        "yang dibuka. Minta pengelola ACMT melengkapinya.",
    )


def test_kalimat_kalender() -> None:
    """Every fault of a month is told in full, in the order of its kelompok."""
    isi = [
        BarisKalender("2026", "A", AWAL, 1),
        BarisKalender("202605", "D", AWAL - timedelta(days=30), 1),
        BarisKalender("202606", "", AWAL, 3),
        BarisKalender("202606", "A", None, 1),
        BarisKalender("202606", "B", AWAL, 1),
        BarisKalender("202606", "B", AWAL + timedelta(days=1), 2),
        BarisKalender("202606", "C", AWAL, 1),
    ]
    semua = kalender.nilai_kalender(isi, AWAL + timedelta(days=36), KODE)
    assert semua.kelompok == (Kelompok(*isi[1]), Kelompok(*isi[5]), Kelompok(*isi[6]))  # type: ignore[arg-type]
    assert semua.cacat == (
        (
            *("2026", "TIDAK_SAH", "A"),
            "Kelompok A: thblrek '2026' bukan tahun dan bulan (YYYYMM). Perbaiki di ACMT.",
        ),
        (
            *("202606", "TANPA_DAG", ""),
            "Kelompok (kosong) tidak ada di AP2T_KELOMPOK, jadi tidak punya DAG dan tidak dibuka. Beri tahu pengelola "
            "Airflow, atau perbaiki kodenya di kalender.",
        ),
        (
            *("202606", "TIDAK_SAH", "A"),
            "Kelompok A: tgl_mulai atau jumlah_hari kosong, bukan bilangan positif, atau mustahil. Perbaiki kalender "
            "di ACMT; sebelum itu baris ini tidak dijadwalkan.",
        ),
        (
            *("202606", "GANDA", "B"),
            "Kelompok B tercantum 2 kali pada bulan 202606. Hapus yang berlebih di ACMT; sebelum itu dipakai hari "
            "jatuh tempo yang paling akhir.",
        ),
        (
            *("202606", "TUMPANG_TINDIH", ""),
            "Kelompok (kosong) (20-05-2026 sampai 22-05-2026) bertumpang tindih dengan C (20-05-2026). Pastikan "
            "keduanya memang dibaca pada hari yang sama.",
        ),
        (
            *("202606", "TUMPANG_TINDIH", "B"),
            "Kelompok B (21-05-2026 sampai 22-05-2026) bertumpang tindih dengan (kosong) (20-05-2026 sampai "
            "22-05-2026). Pastikan keduanya memang dibaca pada hari yang sama.",
        ),
        (
            *("202606", "HILANG", "D"),
            "Kelompok D ada di kalender bulan 202605 tetapi tidak di bulan 202606, yang pembacaannya sudah mulai. "
            "Tambahkan di ACMT, atau pastikan kelompok itu memang ditiadakan.",
        ),
        (
            *("202607", "BULAN_KOSONG", None),
            "Kalender bulan 202607 belum ada, padahal pembacaan bulan 202606 sudah mulai lebih dari 35 hari lalu. Isi "
            "kalender di ACMT; sebelum itu tidak ada kelompok yang dibuka.",
        ),
    )


@pytest.mark.parametrize(
    ("thblrek", "awal"),
    [("202612", date(2026, 12, 1)), ("200001", date(2000, 1, 1)), ("199912", None), ("210101", None), ("202613", None)],
)
def test_awal_bulan(thblrek: str, awal: date | None) -> None:
    """A billing month begins on its first day; what is no month of these years has none."""
    assert kalender.awal_bulan(thblrek) == awal


def test_mulai_baca() -> None:
    """A kelompok's reading begins on the earliest day of its month that can be meant."""
    isi = [
        BarisKalender("202606", "A", AWAL, 1),
        BarisKalender("202606", "A", AWAL - timedelta(days=1), None),
        BarisKalender("202606", "A", None, 1),
        BarisKalender("202606", "A", date(1999, 1, 1), 1),
        BarisKalender("202605", "A", AWAL - timedelta(days=30), 1),
    ]
    assert kalender.mulai_baca(isi, "202606") == AWAL - timedelta(days=1)
    assert kalender.mulai_baca(isi, "202607") is None


@given(hari, st.integers(1, 200), st.sampled_from(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")))
def test_tenggat_dari_awal_hari_unit(tempo: date, jam: int, zona: str) -> None:
    """The deadline counts hours from the due day's first instant in the unit's own zone."""
    saat = kalender.tenggat(tempo, zona, jam)
    mulai = saat - timedelta(hours=jam)
    assert kalender.hari_setempat(mulai, zona) == tempo
    assert kalender.hari_setempat(mulai - timedelta(microseconds=1), zona) == tempo - timedelta(days=1)


@given(st.integers(0, 600))
def test_bulan_bolak_balik(langkah: int) -> None:
    assert bulan_tambah(bulan_tambah("202606", langkah), -langkah) == "202606"
    assert bulan_tambah("202612", 1) == "202701"


@pytest.mark.parametrize(("lewat", "ada"), [(35, False), (36, True)])
def test_bulan_berikut_belum_diisi(lewat: int, ada: bool) -> None:
    """A unit that stops keeping its calendar is told so: without it nothing of it would ever be opened again."""
    isi = [BarisKalender("202606", "A", AWAL, 1)]
    cacat = kalender.nilai_kalender(isi, AWAL + timedelta(days=lewat), KODE).cacat
    assert [(c.thblrek, c.kode.value) for c in cacat] == ([("202607", "BULAN_KOSONG")] if ada else [])


def test_bulan_yang_belum_usai() -> None:
    isi = [Kelompok("202605", "A", date(2026, 4, 30), 1), Kelompok("202606", "A", AWAL, 3)]
    assert kalender.bulan_hidup(isi, date(2026, 5, 22)) == {"202606"}
    assert kalender.bulan_hidup(isi, date(2026, 5, 23)) == set()
    assert kalender.hari_setempat(datetime(2026, 5, 22, 16, tzinfo=UTC), "Asia/Makassar") == date(2026, 5, 23)

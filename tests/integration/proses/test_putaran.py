"""Pengesahan more than once (SOP 12.1, rule 3): each round takes only what is not approved yet, and totals add up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from proses_fixtures import Dunia, Jalan, jalankan_sampai

from ap2t.galat import BelumSiap

TERTAHAN: dict[int, dict[str, Any]] = {
    1: {"sahlwbp": "9999", "pemkwh": None},  # jam nyala over 2000
    4: {"daya": "0"},
    7: {"pemkwh": "151"},  # ACMT computed otherwise
}
BENAR: dict[int, dict[str, Any]] = {1: {"sahlwbp": "1150"}, 4: {"daya": "1300"}, 7: {"pemkwh": "150"}}


def perbaiki(d: Dunia, *nomor: int) -> None:
    """Correct held readings at the source."""
    for n in nomor:
        d.ubah_acmt(n, **BENAR[n], diubah_pada=datetime.now(UTC))


def nihil(d: Dunia) -> Jalan:
    """Return a round that has nothing to ask."""
    jalan = jalankan_sampai(d, "rekap")
    jalan.tutup_sesi()
    return jalan


def disahkan(d: Dunia, *jalan: Jalan) -> list[set[str]]:
    """Return what each round posted, by the ledger."""
    return [{i for i, (status, _) in d.hasil(j.sesi).items() if status == "POSTING"} for j in jalan]


def test_putaran_hanya_yang_belum_disahkan(dunia: Dunia) -> None:
    """Held, corrected, verified and sent anew: each round posts what is new, has its number, shows only the rest."""
    semua = dunia.isi(10, TERTAHAN)
    tertahan = {semua[n] for n in TERTAHAN}
    satu = jalankan_sampai(dunia)
    assert satu.penutup.startswith("Sukses: 7 pelanggan")
    assert "3 ditahan" in satu.penutup

    dua = nihil(dunia)  # nothing was corrected: the same are held, nothing is asked
    assert (dua.sesi.status, dua.sesi.putaran) == ("NIHIL", 2)
    assert "3 pelanggan yang tersisa semuanya ditahan" in dua.penutup

    perbaiki(dunia, 1)
    tiga = jalankan_sampai(dunia, "buka_sesi")
    with pytest.raises(BelumSiap, match=semua[1]):  # changed after its stamps: they are void
        tiga.ambil_bacaan()
    dunia.stempel_baru(1)
    perbaiki(dunia, 4)
    dunia.stempel_baru(4)
    tiga.sampai("buka_gerbang", dari="ambil_bacaan")  # the run waits, and goes on when all is ready
    assert tiga.undangan is not None
    assert f"putaran {tiga.sesi.putaran}" in tiga.undangan.isi
    hasil = (tiga.sesi.rekap or {})["hasil"]
    assert (hasil["pelanggan"], hasil["lolos"], hasil["ditahan"]) == (3, 2, 1)
    tiga.sampai(dari="terima")

    perbaiki(dunia, 7)
    dunia.stempel_baru(7)
    empat = jalankan_sampai(dunia)
    lima = nihil(dunia)
    assert (lima.sesi.status, (lima.sesi.rekap or {})["hasil"]["pelanggan"]) == ("NIHIL", 0)
    assert "sudah disahkan" in lima.penutup

    bagian = disahkan(dunia, satu, tiga, empat)
    assert bagian == [set(semua) - tertahan, {semua[1], semua[4]}, {semua[7]}]
    assert dunia.terposting() == set(semua)
    nomor = [j.sesi.putaran for j in (satu, dua, tiga, empat, lima)]
    assert nomor == sorted(set(nomor))
    assert len({j.sesi.nomor for j in (satu, dua, tiga, empat, lima)}) == 5
    baris = dunia.baris_ap2t()
    for j, ids in zip((satu, tiga, empat), bagian, strict=True):
        assert {baris[i]["no_pengesahan"] for i in ids} == {j.sesi.nomor}


def test_bertahap_jumlahnya_klop(dunia: Dunia) -> None:
    """BERTAHAP over four rounds, with sendings back and a rejection between: every customer once, sums add up."""
    dunia.pola("BERTAHAP")
    kosong = dict.fromkeys(("verif_pengawas_oleh", "verif_pengawas_pada", "kirim_oleh", "kirim_pada"))
    semua = dunia.isi(12, {n: dict(kosong) for n in range(6, 12)} | {2: {"daya": "0"}})
    rounds: list[Jalan] = []

    def putaran(*kembali: int, pilihan: str = "Sah/Setuju") -> Jalan:
        jalan = jalankan_sampai(dunia, "buka_gerbang")
        jalan.terima(isian={"kembalikan": [f"{semua[n]} foto buram" for n in kembali]}, pilihan=pilihan)
        if pilihan == "Tolak":
            jalan.tutup_sesi()
        else:
            jalan.sampai(dari="posting")
        rounds.append(jalan)
        return jalan

    putaran(0, 1)
    dunia.stempel_baru(6, 7, 8)
    putaran(pilihan="Tolak")
    dunia.stempel_baru(0)
    putaran(7)
    dunia.stempel_baru(1, 7, 9, 10, 11)
    dunia.ubah_acmt(2, daya="1300", diubah_pada=datetime.now(UTC))
    dunia.stempel_baru(2)
    putaran()
    bagian = disahkan(dunia, *rounds)
    assert [sorted(b) for b in bagian] == [
        [semua[n] for n in (3, 4, 5)],
        [],
        [semua[n] for n in (0, 6, 8)],
        [semua[n] for n in (1, 2, 7, 9, 10, 11)],
    ]
    assert sum(map(len, bagian)) == len(set.union(*bagian)) == len(dunia.terposting()) == 12
    assert [j.sesi.putaran for j in rounds] == [1, 2, 3, 4]
    hasil = [(j.sesi.rekap or {})["hasil"] for j in rounds]
    kembali = [2, 0, 1, 0]
    for h, b, k, j in zip(hasil, bagian, kembali, rounds, strict=True):
        assert h["pelanggan"] == h["lolos"] + h["ditahan"]
        if j.sesi.status == "SELESAI":
            assert h["lolos"] == len(b) + k
    kwh = dunia.satu(
        "SELECT sum(g.kwh) FROM pengesahan.hasil h JOIN pengesahan.saringan g USING (sesi_id, idpel) "
        "JOIN pengesahan.sesi s ON s.id = h.sesi_id WHERE s.unitup = %s AND h.status = 'POSTING'",
        dunia.unitup,
    )
    assert kwh == 12 * 150

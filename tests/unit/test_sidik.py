"""The tree over a session's rows, as RFC 9162 has it; and the lot, which nobody can choose."""

from __future__ import annotations

import hashlib
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain import sidik as modul
from ap2t.domain.sidik import BATAS, Pohon, SidikPohon, daun, garam, undi

sidik = st.binary(min_size=32, max_size=32).map(bytes.hex)
daftar_idpel = st.lists(st.integers(0, 10**12 - 1).map("{:012d}".format), unique=True, max_size=60)


@given(sidik, daftar_idpel, st.integers(1, 70), st.randoms(use_true_random=False))
def test_undian_dapat_diulang(s: str, idpel: list[str], jumlah: int, acak: st.randoms) -> None:  # type: ignore[valid-type]
    """The order in which customers come does not matter; each once, as many as asked for, in order of idpel."""
    hasil = undi(s, idpel, jumlah)
    aduk = list(idpel)
    acak.shuffle(aduk)  # type: ignore[attr-defined]
    assert undi(s, aduk, jumlah) == hasil == sorted(set(hasil))
    assert len(hasil) == min(jumlah, len(idpel))
    assert set(hasil) <= set(idpel)


@given(sidik, daftar_idpel, st.integers(1, 70))
def test_undian_seperti_tertulis(s: str, idpel: list[str], jumlah: int) -> None:
    """As the documentation has it, so that an auditor can do it with any tool: the smallest SHA-256 of sidik|idpel."""
    urut = sorted(idpel, key=lambda i: hashlib.sha256(f"{s}|{i}".encode()).hexdigest())
    assert undi(s, idpel, jumlah) == sorted(urut[:jumlah])


def test_sidik_lain_undian_lain() -> None:
    """Another digest draws others: a lot cannot be carried to another session. Every customer has its chance."""
    idpel = [f"{n:012d}" for n in range(200)]
    undian = [set(undi(hashlib.sha256(str(n).encode()).hexdigest(), idpel, 20)) for n in range(200)]
    assert len({frozenset(u) for u in undian}) == 200
    kali = [sum(i in u for u in undian) for i in idpel]
    assert min(kali) >= 5
    assert max(kali) <= 40


ISI = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
AKAR = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first rows of ``ISI``: the test vectors of Certificate Transparency, from which RFC 9162 comes."""


def sha(*isi: bytes) -> bytes:
    return hashlib.sha256(b"".join(isi)).digest()


def mth(semua: list[bytes]) -> bytes:
    """Return the root over leaves as RFC 9162, 2.1.1, defines it."""
    if len(semua) < 2:
        return semua[0] if semua else sha()
    kiri = 1
    while kiri * 2 < len(semua):
        kiri *= 2
    return sha(b"\1", mth(semua[:kiri]), mth(semua[kiri:]))


@pytest.mark.parametrize("jumlah", range(9))
def test_pohon_seperti_rfc_9162(jumlah: int) -> None:
    """The published roots come out."""
    pohon = Pohon()
    pohon.tambah([daun(b"", bytes.fromhex(isi)) for isi in ISI[:jumlah]])
    assert (pohon.jumlah, pohon.akar.hex()) == (jumlah, AKAR[jumlah])


@given(st.integers(0, 300), st.integers(1, 50), st.sampled_from([1, 2, 4, 16, 4096]))
def test_pohon_bagaimana_pun_datangnya(jumlah: int, sekali: int, sepenuh: int) -> None:
    """Leaves that come some at a time, many of them made one node before the others are there: the same root."""
    semua = [sha(b"\0", b"%d" % nomor) for nomor in range(jumlah)]
    pohon = Pohon()
    with pytest.MonkeyPatch.context() as m:
        m.setattr(modul, "_SEPENUH", sepenuh)
        for awal in range(0, jumlah, sekali):
            pohon.tambah(semua[awal : awal + sekali])
            assert pohon.akar == mth(semua[: awal + sekali])
    assert (pohon.jumlah, pohon.akar) == (jumlah, mth(semua))


def test_garam_tiap_baris_lain() -> None:
    """No two rows have the same salt, and another secret salts them all otherwise."""
    semua = [*islice(garam(b"a" * 32), 10_000), *islice(garam(b"b" * 32), 10_000)]
    assert len(set(semua)) == 20_000
    assert {len(satu) for satu in semua} == {16}
    assert semua[5000] == hashlib.shake_256(b"a" * 32 + b"1").digest(16 * 4096)[904 * 16 : 905 * 16]


kolom = st.binary(max_size=8).filter(lambda isi: not {9, 10} & {*isi})


@given(
    st.binary(min_size=32, max_size=32),
    st.lists(st.lists(st.tuples(*[kolom] * 4), max_size=5), max_size=3),
    st.binary(max_size=9),
)
def test_daun_dan_sidik_seperti_tertulis(rahasia: bytes, bagian: list[list[tuple[bytes, ...]]], kepala: bytes) -> None:
    """As the documentation has it: salt, what is closed, leaf, root, and the digest over them."""
    ringkas, semua = SidikPohon(kepala, rahasia), []
    semua_garam = hashlib.shake_256(rahasia + b"0").digest(16 * 4096)
    for potong in bagian:
        teks = b""
        for nama, foto, idpel, kwh in potong:
            baris = nama + b"\t" + foto + BATAS + idpel + b"\t" + kwh
            teks += baris + b"\n"
            pribadi, _, isi = baris.partition(BATAS)  # a value may look like the mark
            satu = semua_garam[16 * len(semua) : 16 * len(semua) + 16]
            semua.append(sha(b"\0", sha(satu, pribadi), isi))
        ringkas.update(teks)
    tertulis = b"sidik 2\n" + kepala + f"{len(semua)}|{mth(semua).hex()}\n".encode()
    assert ringkas.hexdigest() == hashlib.sha256(tertulis).hexdigest()

"""The lot for inspection: anybody can draw it again, nobody can choose it."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from ap2t.domain.sampel import undi

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

"""A stream that is drawn in a thread: the same items, its errors, and an end whenever nobody wants more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from ap2t.aliran import di_belakang


def sumber(jumlah: int, catatan: list[str], galat: BaseException | None = None) -> Iterator[int]:
    """Yield numbers, then raise; write down that it was closed, and by whom."""
    try:
        yield from range(jumlah)
        if galat is not None:
            raise galat
    finally:
        catatan.append(threading.current_thread().name)


@pytest.mark.parametrize("jumlah", [0, 1, 2, 1000])
def test_sama_dan_urut(jumlah: int) -> None:
    """Everything comes, in order, and the stream is closed by the thread that drew it."""
    catatan: list[str] = []
    assert list(di_belakang(sumber(jumlah, catatan))) == list(range(jumlah))
    assert catatan == ["aliran"]
    assert list(di_belakang(iter([None, 0, ""]))) == [None, 0, ""]  # no item is taken for the end


@pytest.mark.parametrize("galat", [ValueError("x"), KeyboardInterrupt()])
def test_galatnya_sampai(galat: BaseException) -> None:
    """What went well before an error comes, and then the very error."""
    aliran = di_belakang(sumber(3, [], galat))
    assert [next(aliran) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(type(galat)) as e:
        next(aliran)
    assert e.value is galat


def test_berhenti_di_tengah() -> None:
    """Whoever closes early waits for the thread, which closes the stream: nothing is left running."""
    catatan: list[str] = []
    with closing(di_belakang(sumber(10**9, catatan))) as aliran:
        assert next(aliran) == 0
    assert catatan == ["aliran"]
    assert not [utas for utas in threading.enumerate() if utas.name == "aliran"]


def test_mulai_sebelum_diminta() -> None:
    """A stream is drawn as soon as it is made, beside whatever its maker does; closed unread it ends all the same."""
    catatan: list[str] = []
    mulai = threading.Event()

    def satu() -> Iterator[int]:
        mulai.set()
        yield from sumber(10**9, catatan)

    with closing(di_belakang(satu())):
        assert mulai.wait(30)
    assert catatan == ["aliran"]


def test_sesudah_akhir_tetap_akhir() -> None:
    """Whoever asks on behind the end, or behind an error, is told that it is the end, and does not wait."""
    for galat in (None, ValueError("x")):
        aliran = di_belakang(sumber(1, [], galat))
        with suppress(ValueError):
            list(aliran)
        assert list(aliran) == []

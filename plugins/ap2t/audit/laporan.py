"""What an audit found, and how much it looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from ap2t.domain.teks import ribuan, satu_baris


class Temuan(NamedTuple):
    """One thing that does not hold. ``sesi``: the session's number. ``jejak``: number of the entry that is meant."""

    sesi: str | None
    aturan: str
    apa: str
    jejak: int | None = None

    def __str__(self) -> str:
        """One line: session, rule, what differs. Nothing in it moves a terminal's cursor or begins a line."""
        return satu_baris(f"{self.sesi or '-'} | {self.aturan} | {self.apa}")


@dataclass
class Laporan:
    """Outcome of an audit."""

    temuan: list[Temuan] = field(default_factory=list)
    peringatan: list[str] = field(default_factory=list)
    """What is only to be known."""
    jejak: int = 0
    """Entries whose hash was computed again."""
    kepala: str = ""
    """SHA-256 of the last entry that was looked at."""
    sesi: int = 0
    segel: int = 0
    kuasa: list[str] = field(default_factory=list)
    """Roles that can change the ledger past its guards, each with why."""
    jangkar: str = ""
    """What was proven, by which seals, and what was not looked at where that is not everything."""

    def catat(self, aturan: str, apa: str, jejak: int | None = None) -> None:
        """Take in a finding that belongs to no session, once."""
        temuan = Temuan(None, aturan, apa, jejak)
        if temuan not in self.temuan:
            self.temuan.append(temuan)

    @property
    def utuh(self) -> bool:
        """Whether all holds."""
        return not self.temuan

    @property
    def putusan(self) -> str:
        """The verdict in one line. Where no session was looked at, nothing is called whole."""
        if self.temuan:
            return f"TIDAK UTUH: {ribuan(len(self.temuan))} temuan (lihat di atas)."
        if self.sesi == 0:
            return "TIDAK ADA SESI dalam lingkup ini: tidak ada temuan, dan tidak ada sesi yang dapat dikatakan utuh."
        return "UTUH."

    def ringkas(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        temuan = [temuan._asdict() for temuan in self.temuan]
        return {"utuh": self.utuh, "putusan": self.putusan, **asdict(self), "temuan": temuan}

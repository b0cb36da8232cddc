"""Unique ids for the messages of one run, at little memory."""

from __future__ import annotations

from array import array


class Ids:
    """Makes ids unique within a run by a suffix: ``a``, ``a~2``, ``a~3``.

    Numbered ids cost no memory; of an own id only a hash is kept. Two own ids with the same 64-bit hash, which
    takes billions of ids to happen, only mean a needless suffix.
    """

    def __init__(self) -> None:
        self._taken = _Hashes()
        self._copies: dict[int, int] = {}
        self._numbered: dict[str, int] = {}

    def own(self, wanted: str) -> str:
        """`wanted`, the id that the input gives, or `wanted` with a suffix where it was given out before."""
        if not self._was_numbered(wanted) and self._taken.add(wanted):
            return wanted
        copy = self._copies.get(hash(wanted), 1)
        while True:
            copy += 1
            name = f"{wanted}~{copy}"
            if not self._was_numbered(name) and self._taken.add(name):
                self._copies[hash(wanted)] = copy
                return name

    def numbered(self, label: str, row: int) -> str:
        """``label#row``; a suffix where that was given out before, as for a file that is read twice."""
        wanted = f"{label}#{row}"
        if row <= self._numbered.get(label, 0) or wanted in self._taken:
            return self.own(wanted)
        self._numbered[label] = row
        return wanted

    def _was_numbered(self, name: str) -> bool:
        label, _, row = name.rpartition("#")
        return row.isascii() and row.isdigit() and len(row) < 19 and int(row) <= self._numbered.get(label, 0)


class _Hashes:
    """A set of the hashes of strings, in 12 to 24 bytes each; a Python set of them takes over 100.

    An open-addressing table with linear probing; zero marks a free slot.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._count = 0

    def __contains__(self, name: str) -> bool:
        return self._slots[self._find(_key(name))] != 0

    def add(self, name: str) -> bool:
        """Add `name`; whether it was not there yet."""
        key = _key(name)
        at = self._find(key)
        if self._slots[at]:
            return False
        self._slots[at] = key
        self._count += 1
        if 3 * self._count > 2 * len(self._slots):
            self._grow()
        return True

    def _find(self, key: int) -> int:
        """The slot that holds `key`, or the free one where it belongs."""
        slots = self._slots
        mask = len(slots) - 1
        at = key & mask
        while slots[at] != 0 and slots[at] != key:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        held = self._slots
        self._slots = array("Q", bytes(2 * held.itemsize * len(held)))
        for key in held:
            if key:
                self._slots[self._find(key)] = key


def _key(name: str) -> int:
    return hash(name) & 0xFFFF_FFFF_FFFF_FFFF or 1

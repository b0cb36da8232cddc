"""API keys: made here, shown once, kept as hashes in a file that only the service can read.

A key reads ``vpt_<id>_<secret>``. The id finds the entry; the secret holds 256 random bits, so that one fast hash is enough
(slow hashes are for passwords that people choose). Two keys of one name may live side by side, which is how keys are rotated.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pydantic

from vptnlp.errors import ConfigError

PREFIX = "vpt_"


class Scope(StrEnum):
    """What a caller may do."""

    ASSESS = "assess"
    DETAILS = "details"
    METRICS = "metrics"


class Key(pydantic.BaseModel):
    """One key as kept.

    Attributes:
        id: Public part; stands in logs.
        name: Who it was made for.
        sha256: Hash of the secret.
        scopes: What it may do.
        created: When it was made.
        expires: When it ends; None for never.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: str
    name: str
    sha256: str = pydantic.Field(repr=False)
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime | None = None

    def lives(self, now: datetime | None = None) -> bool:
        """Whether it has not ended."""
        return self.expires is None or (now or datetime.now(UTC)) < self.expires


class _File(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", hide_input_in_errors=True)

    keys: list[Key] = []


class KeyStore:
    """The keys in a file. A change of the file is seen at once, so keys are made and ended without a restart.

    Args:
        path: The file.

    Raises:
        ConfigError: It is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._look()
        self._keys = {key.id: key for key in read(path)}
        self._lock = threading.Lock()

    def find(self, presented: str) -> Key | None:
        """The living key that this is, if any.

        Args:
            presented: What a caller gave: the whole key.
        """
        self._refresh()
        identity, _, secret = presented.removeprefix(PREFIX).partition("_")
        key = self._keys.get(identity)
        # Compare also where there is no such key, so that the time taken does not tell.
        same = hmac.compare_digest(_hash(secret), key.sha256 if key else _hash(""))
        return key if key and same and key.lives() else None

    def _refresh(self) -> None:
        with self._lock:
            stamp = self._look()
            if stamp != self._stamp:
                try:
                    self._keys = {key.id: key for key in read(self._path)}
                except ConfigError:
                    # Half written or taken away: nobody gets in on keys we can no longer check.
                    self._keys = {}
                self._stamp = stamp

    def _look(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def read(path: Path) -> Sequence[Key]:
    """The keys in a file.

    Raises:
        ConfigError: It is missing or damaged.
    """
    try:
        return _File.model_validate_json(path.read_bytes()).keys
    except OSError as error:
        raise ConfigError(
            f"The key file '{path}' cannot be read: {error.strerror}. Make it with: vptnlp service key new NAME."
        ) from None
    except pydantic.ValidationError:
        raise ConfigError(f"The key file '{path}' is damaged; restore it, or make a new one.") from None


def add(path: Path, name: str, scopes: Iterable[Scope], days: int | None) -> str:
    """Make a key and write its hash to the file, which is made where there is none.

    Args:
        path: The file.
        name: Who it is for.
        scopes: What it may do.
        days: How long it lives; None for ever.

    Returns:
        The key. It is kept nowhere else.

    Raises:
        ConfigError: The file is damaged or cannot be written.
    """
    key, whole = _make(name, scopes, days)
    _write(path, [*(read(path) if path.exists() else ()), key])
    return whole


def rotate(path: Path, name: str, days: int | None, overlap: timedelta) -> str:
    """Make a new key with the scopes of an older one, which ends after an overlap.

    Args:
        path: The file.
        name: Whose key.
        days: How long the new one lives; None for ever.
        overlap: How long the older ones live on.

    Returns:
        The new key.

    Raises:
        ConfigError: No living key has this name.
    """
    now = datetime.now(UTC)
    keys = read(path)
    older = [key for key in keys if key.name == name and key.lives(now)]
    if not older:
        raise ConfigError(f"The file '{path}' has no living key with the name '{name}'.")
    end = (now + overlap).replace(microsecond=0)
    ending = {key.id: key.model_copy(update={"expires": min(key.expires or end, end)}) for key in older}
    new, whole = _make(name, {scope for key in older for scope in key.scopes}, days)
    # In one write: between two, the older keys would end without a newer one.
    _write(path, [*(ending.get(key.id, key) for key in keys), new])
    return whole


def revoke(path: Path, identity: str) -> None:
    """Take a key out of the file; it stops working at once.

    Raises:
        ConfigError: There is no such key.
    """
    keys = read(path)
    kept = [key for key in keys if key.id != identity]
    if len(kept) == len(keys):
        raise ConfigError(f"The file '{path}' has no key with the id '{identity}'.")
    _write(path, kept)


def _make(name: str, scopes: Iterable[Scope], days: int | None) -> tuple[Key, str]:
    """A new key as kept, and whole."""
    now = datetime.now(UTC).replace(microsecond=0)
    identity, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = Key(
        id=identity,
        name=name,
        sha256=_hash(secret),
        scopes=tuple(sorted(set(scopes))),
        created=now,
        expires=None if days is None else now + timedelta(days=days),
    )
    return key, f"{PREFIX}{identity}_{secret}"


def _write(path: Path, keys: Sequence[Key]) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    content = json.dumps(_File(keys=list(keys)).model_dump(mode="json"), indent=1) + "\n"
    try:
        # The owner stays who it was: a service account must be able to read what an administrator renews.
        owner = path.stat() if path.exists() else None
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
            if owner is not None and hasattr(os, "chown") and os.geteuid() == 0:
                os.chown(name, owner.st_uid, owner.st_gid)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"The key file '{path}' cannot be written: {error.strerror}.") from None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

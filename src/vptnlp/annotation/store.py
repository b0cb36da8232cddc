"""Where answers and decisions are kept while people work: one SQLite file, written through at every change.

The file is in WAL mode with ``synchronous=FULL``: what `Store.save` has returned is on the disk, whatever happens to the process
after. WAL needs shared memory, so the file must be on a disk of this machine and not on a network drive.

The file holds message texts. It is made for its owner alone (mode 600).

Tables: ``tasks`` (what is asked), ``assignments`` (who is asked what, in which order), ``sheets`` (an annotator's answer about a
task, or the one decision about it), ``marks`` (its spans) and ``history`` (every state a sheet was in, for undo).
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from vptnlp.annotation.adjudication import Decision
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.sheets import Role, Sheet, from_state, to_state
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import records
from vptnlp.errors import ConfigError, CorpusError, VptnlpError
from vptnlp.taxonomy import SPAN_KINDS
from vptnlp.text import replace_surrogates

FORMAT = 1
_APPLICATION = 0x7670746E  # "vptn": tells this file from other SQLite files
_WAIT = 10.0  # seconds for another process to finish its write

_TABLES = """
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, meta TEXT NOT NULL);
CREATE TABLE assignments (
    author TEXT NOT NULL, task INTEGER NOT NULL REFERENCES tasks, place INTEGER NOT NULL, PRIMARY KEY (author, task));
CREATE TABLE sheets (
    number INTEGER PRIMARY KEY, task INTEGER NOT NULL REFERENCES tasks, author TEXT NOT NULL, role TEXT NOT NULL,
    labels TEXT NOT NULL, reason TEXT NOT NULL, done INTEGER NOT NULL, revision INTEGER NOT NULL, changed_at TEXT NOT NULL);
CREATE UNIQUE INDEX one_answer ON sheets (task, author) WHERE role = 'answer';
CREATE UNIQUE INDEX one_decision ON sheets (task) WHERE role = 'decision';
CREATE TABLE marks (
    sheet INTEGER NOT NULL REFERENCES sheets, start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT);
CREATE INDEX marks_of ON marks (sheet);
CREATE TABLE history (
    number INTEGER PRIMARY KEY, sheet INTEGER NOT NULL REFERENCES sheets, author TEXT NOT NULL, at TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'done');
CREATE INDEX history_of ON history (sheet, number);
"""


class StaleError(VptnlpError):
    """A sheet was changed elsewhere since it was read."""


class SettledError(VptnlpError):
    """An answer cannot change any more, for its message has been decided on."""


class Store:
    """An annotation store.

    Use it from any thread; close it with `close` or as a context manager.

    Args:
        path: The file; made where there is none.

    Raises:
        ConfigError: The file cannot be opened, is none of ours, or was made by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            try:
                self._db.execute("PRAGMA foreign_keys = ON")
                self._open()
            except BaseException:
                self._db.close()
                raise
        except (OSError, sqlite3.Error) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise ConfigError(f"The annotation store '{path}' cannot be opened: {why}.") from None

    def __enter__(self) -> Store:
        """Use the store in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used after."""
        with self._lock:
            self._db.close()

    def add_tasks(self, tasks: Iterable[Task], author: str | None = None) -> list[str]:
        """Add tasks, and assign them in their order.

        Args:
            tasks: The tasks; those that are there already are left as they are.
            author: Whom to assign them to; nobody when None.

        Returns:
            Ids that stand for another text in the store already; these tasks are left out.
        """
        changed = []
        with self._write() as db:
            for task in tasks:
                text = replace_surrogates(task.text)
                db.execute(
                    "INSERT INTO tasks (id, text, meta) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    (task.id, text, json.dumps(dict(task.meta), ensure_ascii=False, default=str)),
                )
                number, held = db.execute("SELECT number, text FROM tasks WHERE id = ?", (task.id,)).fetchone()
                if held != text:
                    changed.append(task.id)
                elif author is not None:
                    db.execute(
                        "INSERT INTO assignments SELECT ?, ?, COALESCE(MAX(place), 0) + 1 FROM assignments WHERE author = ? "
                        "ON CONFLICT DO NOTHING",
                        (author, number, author),
                    )
        return changed

    def add_answers(self, judgements: Iterable[Judgement]) -> int:
        """Add finished answers that were given elsewhere.

        Args:
            judgements: About tasks of the store.

        Returns:
            How many were added; an answer that its annotator has given here is left as it is.

        Raises:
            CorpusError: There is no such task.
        """
        added = 0
        with self._write() as db:
            for j in judgements:
                row = db.execute("SELECT number FROM tasks WHERE id = ?", (j.item,)).fetchone()
                if row is None:
                    raise CorpusError(f"The store has no task '{j.item}'; add the tasks before their answers.")
                if self._find(db, row[0], j.annotator, Role.ANSWER) is None:
                    sheet = Sheet(j.labels, j.details, j.cues, done=True)
                    at = (j.answered_at or datetime.now(UTC)).isoformat()
                    self._put(db, row[0], j.annotator, Role.ANSWER, Sheet(), sheet, at)
                    added += 1
        return added

    def tasks(self) -> dict[int, Task]:
        """All tasks by number."""
        with self._read() as db:
            rows = db.execute("SELECT number, id, text, meta FROM tasks ORDER BY number").fetchall()
        return {number: Task(name, text, json.loads(meta)) for number, name, text, meta in rows}

    def assigned(self, author: str) -> dict[int, Task]:
        """The tasks of one annotator by number, in their order."""
        with self._read() as db:
            rows = db.execute("SELECT task FROM assignments WHERE author = ? ORDER BY place", (author,)).fetchall()
        known = self.tasks()
        return {number: known[number] for (number,) in rows}

    def sheet(self, task: int, author: str, role: Role) -> Sheet:
        """An annotator's answer, or the decision (whoever made it); an untouched one where there is none.

        Args:
            task: Number of the task.
            author: Whose answer; for a decision it does not matter.
            role: Answer or decision.
        """
        with self._read() as db:
            found = self._find(db, task, author, role)
            return Sheet() if found is None else self._load(db, found)

    def states(self, author: str, role: Role) -> dict[int, bool]:
        """Task number to whether it is done, of the sheets touched: those of one annotator, or all decisions."""
        where = "author = ?" if role is Role.ANSWER else "? IS NOT NULL"
        with self._read() as db:
            rows = db.execute(f"SELECT task, done FROM sheets WHERE role = ? AND {where}", (role, author)).fetchall()  # noqa: S608
        return {task: bool(done) for task, done in rows}

    def judgements(self) -> list[Judgement]:
        """All finished answers, by task and then by who was first."""
        return [sheet.judgement(name) for name, sheet in self._done(Role.ANSWER)]

    def decisions(self) -> list[Decision]:
        """All finished decisions."""
        return [Decision(sheet.judgement(name), sheet.reason) for name, sheet in self._done(Role.DECISION)]

    def save(self, task: int, author: str, role: Role, sheet: Sheet, *, start: Sheet | None = None) -> Sheet:
        """Change a sheet; when this returns, the change is on the disk.

        Args:
            task: Number of the task.
            author: Who changes it.
            role: Answer or decision.
            sheet: The new state. Its `revision` is the one that was read; its `author` and `changed_at` do not count.
            start: What a sheet that nobody has touched looked like to its author, for undo.

        Returns:
            The state as it is now.

        Raises:
            StaleError: It has another revision by now.
            SettledError: It is an answer, and its message has been decided on.
        """
        with self._write() as db:
            before = self._current(db, task, author, role, sheet.revision)
            if before.revision == 0 and start is not None:
                before = start
            elif before.revision and to_state(before) == to_state(sheet):
                return before
            number = self._put(db, task, author, role, before, sheet, _now())
            return self._load(db, number)

    def undo(self, task: int, author: str, role: Role, revision: int) -> Sheet:
        """Take the last change back; without one nothing happens. Raises as `save` does."""
        return self._step(task, author, role, revision, "done", "undone", "before")

    def redo(self, task: int, author: str, role: Role, revision: int) -> Sheet:
        """Put the change back that was taken back last; without one nothing happens. Raises as `save` does."""
        return self._step(task, author, role, revision, "undone", "done", "after")

    def history(self, task: int, author: str, role: Role) -> list[tuple[str, str]]:
        """Who changed a sheet and when (ISO 8601), oldest first; changes that were taken back too."""
        with self._read() as db:
            found = self._find(db, task, author, role)
            rows = db.execute("SELECT author, at FROM history WHERE sheet = ? ORDER BY number", (found,)).fetchall()
        return [(who, at) for who, at in rows]

    def _open(self) -> None:
        # Looked at before anything is written: WAL mode would change a file that is not ours.
        if self._is_empty():
            self._db.execute("PRAGMA journal_mode = WAL")
            with self._write() as db:
                if self._is_empty():  # another process may have been first
                    for statement in _TABLES.split(";"):
                        db.execute(statement)
                    db.execute(f"PRAGMA application_id = {_APPLICATION}")
                    db.execute(f"PRAGMA user_version = {FORMAT}")
        application, version = (
            self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        if application != _APPLICATION:
            raise ConfigError(f"The file '{self.path}' is no annotation store; name another file.")
        if version > FORMAT:
            raise ConfigError(f"The store '{self.path}' has format {version}; this version reads {FORMAT}.")
        self._db.execute("PRAGMA synchronous = FULL")

    def _is_empty(self) -> bool:
        return bool(self._db.execute("SELECT COUNT(*) = 0 FROM sqlite_master").fetchone()[0])

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """One moment of the file, also while another process writes."""
        with self._lock:
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _find(self, db: sqlite3.Connection, task: int, author: str, role: Role) -> int | None:
        where = "author = ?" if role is Role.ANSWER else "? IS NOT NULL"
        query = f"SELECT number FROM sheets WHERE task = ? AND role = ? AND {where}"  # noqa: S608 - two fixed wordings
        row = db.execute(query, (task, role, author)).fetchone()
        return None if row is None else int(row[0])

    def _load(self, db: sqlite3.Connection, number: int) -> Sheet:
        labels, reason, done, author, revision, at = db.execute(
            "SELECT labels, reason, done, author, revision, changed_at FROM sheets WHERE number = ?", (number,)
        ).fetchone()
        marks = db.execute('SELECT start, "end", kind, subject FROM marks WHERE sheet = ?', (number,)).fetchall()
        state = json.loads(labels) | {"reason": reason, "done": bool(done), "details": [], "cues": []}
        for start, end, kind, subject in marks:
            span = {"start": start, "end": end, "kind": kind}
            group = next(group for group, kinds in SPAN_KINDS.items() if kind in set(kinds))
            state[group].append(span | ({"subject": subject} if subject else {}))
        able = {s for (s,) in db.execute("SELECT DISTINCT state FROM history WHERE sheet = ?", (number,))}
        return replace(
            from_state(state),
            author=author,
            revision=revision,
            changed_at=datetime.fromisoformat(at),
            can_undo="done" in able,
            can_redo="undone" in able,
        )

    def _current(self, db: sqlite3.Connection, task: int, author: str, role: Role, revision: int) -> Sheet:
        if role is Role.ANSWER and self._find(db, task, author, Role.DECISION) is not None:
            raise SettledError("This message has been decided on, so the answer cannot change any more.")
        number = self._find(db, task, author, role)
        current = Sheet() if number is None else self._load(db, number)
        if current.revision != revision:
            raise StaleError("This answer was changed elsewhere since it was read; read it again.")
        return current

    def _put(
        self, db: sqlite3.Connection, task: int, author: str, role: Role, before: Sheet, after: Sheet, at: str
    ) -> int:
        number = self._replace(db, task, author, role, after, at)
        # What was taken back cannot be put back over a new change; it stays in the history.
        db.execute("UPDATE history SET state = 'dropped' WHERE sheet = ? AND state = 'undone'", (number,))
        db.execute(
            "INSERT INTO history (sheet, author, at, before, after) VALUES (?, ?, ?, ?, ?)",
            (number, author, at, json.dumps(to_state(before)), json.dumps(to_state(after))),
        )
        return number

    def _replace(self, db: sqlite3.Connection, task: int, author: str, role: Role, sheet: Sheet, at: str) -> int:
        labels = json.dumps(records.labels_to_dict(sheet.labels))
        values = (author, labels, sheet.reason, sheet.done, at)
        number = self._find(db, task, author, role)
        if number is None:
            number = db.execute(
                "INSERT INTO sheets (author, labels, reason, done, changed_at, task, role, revision) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                (*values, task, role),
            ).lastrowid
            assert number is not None  # noqa: S101 - an INSERT has a row id
        else:
            db.execute(
                "UPDATE sheets SET author = ?, labels = ?, reason = ?, done = ?, changed_at = ?, revision = revision + 1 "
                "WHERE number = ?",
                (*values, number),
            )
            db.execute("DELETE FROM marks WHERE sheet = ?", (number,))
        db.executemany(
            "INSERT INTO marks VALUES (?, ?, ?, ?, ?)",
            [(number, s.start, s.end, str(s.kind), s.subject and str(s.subject)) for s in sheet.details + sheet.cues],
        )
        return number

    def _step(self, task: int, author: str, role: Role, revision: int, of: str, to: str, column: str) -> Sheet:
        order = "DESC" if of == "done" else "ASC"
        with self._write() as db:
            current = self._current(db, task, author, role, revision)
            sheet = self._find(db, task, author, role)
            row = db.execute(
                f"SELECT number, {column} FROM history WHERE sheet = ? AND state = ? ORDER BY number {order} LIMIT 1",  # noqa: S608
                (sheet, of),
            ).fetchone()
            if row is None or sheet is None:
                return current
            self._replace(db, task, author, role, from_state(json.loads(row[1])), _now())
            db.execute("UPDATE history SET state = ? WHERE number = ?", (to, row[0]))
            return self._load(db, sheet)

    def _done(self, role: Role) -> list[tuple[str, Sheet]]:
        with self._read() as db:
            rows = db.execute(
                "SELECT s.number, t.id FROM sheets s JOIN tasks t ON t.number = s.task WHERE s.role = ? AND s.done "
                "ORDER BY t.number, s.number",
                (role,),
            ).fetchall()
            return [(name, self._load(db, number)) for number, name in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

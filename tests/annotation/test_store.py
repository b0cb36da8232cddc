"""The store: every change at once on the disk, nothing lost, everything to be taken back."""

from __future__ import annotations

import itertools
import json
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.sheets import Role, Sheet, from_state, to_state
from vptnlp.annotation.store import SettledError, StaleError, Store
from vptnlp.annotation.tasks import Task
from vptnlp.corpus.records import labels_from_dict
from vptnlp.errors import ConfigError, CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject, Threat

TEXT = "Trek die boete in of ik sta bij Wilgenhof 88."
HOME = Span(32, 44, DetailKind.ADDRESS, Subject.TARGET)
WORDS = Span(18, 44, CueKind.THREAT_PHRASE)
DIRECT = Sheet(Labels(threat=Threat.DIRECT))

NUMBERS = itertools.count()  # no state comes twice, for the same one again would be no change

WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from vptnlp.annotation.sheets import Role, Sheet
from vptnlp.annotation.store import Store
from vptnlp.annotation.tasks import Task
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import CueKind, Threat

store = Store(Path(sys.argv[1]))
for number in range(1, 1_000_000):
    sheet = store.sheet(1, "anna", Role.ANSWER)
    marks = tuple(Span(i, i + 1, CueKind.WEAPON) for i in range(number % 20))
    after = store.save(1, "anna", Role.ANSWER, replace(sheet, reason=str(number), cues=marks))
    print(after.revision, after.reason, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "werk.sqlite") as store:
        store.add_tasks([Task(name, TEXT, {"channel": "dm"}) for name in "abc"], "anna")
        yield store


def test_tasks_keep_their_order_text_and_meta(store: Store) -> None:
    assert [t.id for t in store.assigned("anna").values()] == ["a", "b", "c"]
    assert store.tasks()[1] == Task("a", TEXT, {"channel": "dm"})
    assert store.add_tasks([Task("a", TEXT), Task("b", "anders")], "bram") == ["b"]
    assert [t.id for t in store.assigned("bram").values()] == ["a"]
    store.add_tasks([Task("c", TEXT), Task("a", TEXT)], "anna")
    assert [t.id for t in store.assigned("anna").values()] == ["a", "b", "c"]
    assert store.assigned("cees") == {}


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d", "😀\r\n\u2028x"])
def test_any_text_can_be_kept(store: Store, text: str) -> None:
    store.add_tasks([Task("x", text)], "bram")
    [task] = store.assigned("bram").values()
    assert len(task.text) == len(text) and store.add_tasks([Task("x", text)]) == []


def test_a_change_is_in_the_file_when_save_returns(store: Store) -> None:
    sheet = Sheet(labels_from_dict({"threat": "veiled", "aims": ["intimidate"]}), (HOME,), (WORDS,), "omdat", True)
    saved = store.save(2, "anna", Role.ANSWER, sheet)
    with Store(store.path) as other:
        found = other.sheet(2, "anna", Role.ANSWER)
    assert found == saved
    assert (found.labels, found.details, found.cues, found.reason, found.done) == (
        sheet.labels,
        (HOME,),
        (WORDS,),
        "omdat",
        True,
    )
    assert found.author == "anna" and found.revision == 1 and found.can_undo and not found.can_redo
    assert store.states("anna", Role.ANSWER) == {2: True} and store.states("bram", Role.ANSWER) == {}


def test_undo_and_redo_go_all_the_way(store: Store) -> None:
    states = [Sheet(), DIRECT, replace(DIRECT, details=(HOME,)), replace(DIRECT, details=(HOME,), done=True)]
    now = Sheet()
    for state in states[1:]:
        now = store.save(1, "anna", Role.ANSWER, replace(state, revision=now.revision))
    for state in reversed(states[:-1]):
        now = store.undo(1, "anna", Role.ANSWER, now.revision)
        assert to_state(now) == to_state(state)
    assert not now.can_undo and store.undo(1, "anna", Role.ANSWER, now.revision) == now
    for state in states[1:]:
        now = store.redo(1, "anna", Role.ANSWER, now.revision)
        assert to_state(now) == to_state(state)
    now = store.undo(1, "anna", Role.ANSWER, now.revision)
    now = store.save(1, "anna", Role.ANSWER, replace(now, reason="anders"))
    assert not now.can_redo and store.redo(1, "anna", Role.ANSWER, now.revision) == now
    assert len(store.history(1, "anna", Role.ANSWER)) == 4


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["undo", "redo", "1", "2", "3"]), max_size=10))
def test_undo_is_a_stack(store: Store, steps: list[str]) -> None:
    now = store.sheet(3, "anna", Role.ANSWER)
    past, future = [to_state(now)], []  # what can be undone before this example is left alone
    depth = 0
    for step in steps:
        if step == "undo" and depth:
            future.append(past.pop())
            depth -= 1
            now = store.undo(3, "anna", Role.ANSWER, now.revision)
        elif step == "redo" and future:
            past.append(future.pop())
            depth += 1
            now = store.redo(3, "anna", Role.ANSWER, now.revision)
        elif step not in ("undo", "redo"):
            now = store.save(3, "anna", Role.ANSWER, replace(now, reason=f"{step} {next(NUMBERS)}"))
            past.append(to_state(now))
            future.clear()
            depth += 1
        assert to_state(now) == past[-1] and (now.can_redo == bool(future) or not depth)


def test_a_change_on_an_old_state_is_refused(store: Store) -> None:
    store.save(1, "anna", Role.ANSWER, DIRECT)
    with pytest.raises(StaleError):
        store.save(1, "anna", Role.ANSWER, Sheet(reason="uit een ander tabblad"))
    with pytest.raises(StaleError):
        store.undo(1, "anna", Role.ANSWER, 0)
    assert store.sheet(1, "anna", Role.ANSWER).labels == DIRECT.labels


def test_each_annotator_has_an_own_answer_and_there_is_one_decision(store: Store) -> None:
    store.save(1, "anna", Role.ANSWER, replace(DIRECT, done=True))
    store.save(1, "bram", Role.ANSWER, Sheet(done=True))
    first = store.save(1, "carla", Role.DECISION, Sheet(reason="kort", done=True))
    store.save(1, "dirk", Role.DECISION, replace(first, reason="lang"))
    assert [(j.annotator, j.labels.threat) for j in store.judgements()] == [("anna", "direct"), ("bram", "none")]
    [decision] = store.decisions()
    assert (decision.judgement.annotator, decision.judgement.item, decision.reason) == ("dirk", "a", "lang")
    assert [who for who, _ in store.history(1, "", Role.DECISION)] == ["carla", "dirk"]
    with pytest.raises(SettledError):
        store.save(1, "anna", Role.ANSWER, replace(DIRECT, revision=1))


def test_the_same_state_again_is_no_change(store: Store) -> None:
    saved = store.save(1, "anna", Role.ANSWER, DIRECT)
    assert store.save(1, "anna", Role.ANSWER, replace(DIRECT, revision=1)) == saved


def test_drafts_are_no_answers(store: Store) -> None:
    store.save(1, "anna", Role.ANSWER, DIRECT)
    store.save(2, "carla", Role.DECISION, Sheet(reason="nog niet"))
    assert store.judgements() == [] and store.decisions() == []


def test_answers_from_elsewhere_go_behind_those_given_here(store: Store) -> None:
    store.save(1, "anna", Role.ANSWER, replace(DIRECT, done=True))
    given = [Judgement("a", "anna", Labels()), Judgement("a", "bram", Labels(), (HOME,))]
    assert store.add_answers(given) == 1
    assert [(j.annotator, j.labels.threat) for j in store.judgements()] == [("anna", "direct"), ("bram", "none")]
    with pytest.raises(CorpusError, match="no task 'z'"):
        store.add_answers([Judgement("z", "bram", Labels())])


def test_the_file_is_for_its_owner(store: Store) -> None:
    for path in store.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"geen database, maar wel tekst " * 50, None])
def test_other_files_are_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ander"
    if content is None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE x (y)")
        other.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="ander"):
        Store(path)
    assert path.read_bytes() == before


def test_threads_and_processes_share_a_store(store: Store) -> None:
    def work(name: str) -> None:
        with Store(store.path) as own:
            for turn in range(10):
                own.save(1, name, Role.ANSWER, replace(own.sheet(1, name, Role.ANSWER), reason=str(turn)))
                store.save(2, name, Role.ANSWER, replace(store.sheet(2, name, Role.ANSWER), reason=str(turn)))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("p", "q", "r")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {store.sheet(n, who, Role.ANSWER).revision for n in (1, 2) for who in "pqr"} == {10}


def test_states_are_checked_on_the_way_in() -> None:
    assert from_state(to_state(replace(DIRECT, cues=(WORDS,))), TEXT).cues == (WORDS,)
    for wrong in ({"threat": "erg"}, {"reason": 3}, {"done": "ja"}, {"annotator": 1, "x": 2}):
        with pytest.raises(CorpusError):
            from_state(wrong, TEXT)
    with pytest.raises(CorpusError, match="outside"):
        from_state({"cues": [{"start": 0, "end": 99, "kind": "weapon"}]}, TEXT)


def test_nothing_is_lost_when_the_process_is_killed(store: Store) -> None:
    draw = random.Random(4)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        ) as writer:
            assert writer.stdout is not None
            for _ in range(draw.randint(3, 25)):
                promised = writer.stdout.readline().split()
            writer.kill()  # SIGKILL, in the middle of whatever it does
            lines = writer.stdout.read().splitlines(keepends=True)
        promised = next((line.split() for line in reversed(lines) if line.endswith("\n")), promised)
        with Store(store.path) as after:
            sheet = after.sheet(1, "anna", Role.ANSWER)
            # One more may have been written than the writer lived to tell.
            assert sheet.revision - int(promised[0]) in (0, 1)
            assert int(sheet.reason) - int(promised[1]) in (0, 1)
            assert len(sheet.cues) == int(sheet.reason) % 20
            assert len(after.history(1, "anna", Role.ANSWER)) == sheet.revision
            with sqlite3.connect(store.path) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                [last] = db.execute("SELECT after FROM history ORDER BY number DESC LIMIT 1").fetchone()
            db.close()
            assert json.loads(last) == to_state(sheet)


def test_a_write_that_fails_leaves_nothing_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.save(1, "anna", Role.ANSWER, DIRECT)
    broken: Callable[..., None] = lambda *_: (_ for _ in ()).throw(OSError("disk full"))  # noqa: E731
    monkeypatch.setattr(store, "_load", broken)
    with pytest.raises(OSError, match="disk full"):
        store.save(1, "anna", Role.ANSWER, Sheet(revision=1))
    monkeypatch.undo()
    assert store.sheet(1, "anna", Role.ANSWER) == before

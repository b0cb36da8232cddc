"""What one person does at the table: label the messages given to them, or decide where answers differ."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vptnlp.annotation.adjudication import Case, proposal, queue, to_example
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.sheets import Role, Sheet, from_state, to_state
from vptnlp.annotation.store import Store
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import rules
from vptnlp_service.annotate.sentences import in_dutch


class UnfinishedError(Exception):
    """A sheet cannot be finished as it is.

    Args:
        remarks: What is wrong, in Dutch.
        final: Whether it must be mended first; otherwise its author may insist.
    """

    def __init__(self, remarks: Sequence[str], final: bool) -> None:
        super().__init__("The sheet is not consistent.")
        self.remarks = list(remarks)
        self.final = final


class NotGivenError(Exception):
    """A message is not among those of this person."""


class Work(ABC):
    """One person's work on a store.

    Args:
        store: The store.
        author: Who works.
    """

    role: Role

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self.author = author

    def overview(self) -> list[dict[str, Any]]:
        """The messages in order: ``number``, ``id`` and ``state`` (``todo``, ``draft`` or ``done``)."""
        states = self._store.states(self.author, self.role)
        return [
            {"number": number, "id": task.id, "state": {None: "todo", False: "draft", True: "done"}[states.get(number)]}
            for number, task in self._tasks(fresh=True).items()
        ]

    def open(self, number: int) -> dict[str, Any]:
        """One message with its sheet.

        Raises:
            NotGivenError: It is not among this person's messages.
        """
        task = self._task(number)
        return {"number": number, "id": task.id, "text": task.text, **self._shown(task, self._sheet(number))}

    def save(self, number: int, revision: int, state: Mapping[str, Any], *, anyway: bool = False) -> dict[str, Any]:
        """Change a sheet.

        Args:
            number: The message.
            revision: The revision that the change was made on.
            state: The new state, as `vptnlp.annotation.sheets.to_state` writes it.
            anyway: Finish an answer in spite of remarks.

        Raises:
            NotGivenError: It is not among this person's messages.
            CorpusError: The state cannot be read.
            UnfinishedError: The sheet is to be finished and is not consistent.
            StaleError: The sheet was changed elsewhere.
            SettledError: The message has been decided on.
        """
        task = self._task(number)
        sheet = replace(from_state(state, task.text), revision=revision)
        if sheet.done and (remarks := self._faults(task, sheet)) and (self._strict or not anyway):
            raise UnfinishedError(remarks, self._strict)
        start = self._start(number)
        return self._shown(task, self._store.save(number, self.author, self.role, sheet, start=start))

    def step(self, number: int, revision: int, *, back: bool) -> dict[str, Any]:
        """Undo (`back`) or redo. Raises as `save` does."""
        task = self._task(number)
        move = self._store.undo if back else self._store.redo
        return self._shown(task, move(number, self.author, self.role, revision))

    @property
    @abstractmethod
    def _strict(self) -> bool:
        """Whether a sheet must keep to the rules to be finished."""

    @abstractmethod
    def _tasks(self, *, fresh: bool = False) -> Mapping[int, Task]:
        """The messages of this person, in order; `fresh` looks for new ones."""

    def _task(self, number: int) -> Task:
        try:
            return self._tasks()[number]
        except KeyError:
            raise NotGivenError("This message is not among those of this person.") from None

    def _start(self, number: int) -> Sheet:
        """What an untouched sheet starts from."""
        del number
        return Sheet()

    def _sheet(self, number: int) -> Sheet:
        sheet = self._store.sheet(number, self.author, self.role)
        return sheet if sheet.revision else self._start(number)

    def _faults(self, task: Task, sheet: Sheet) -> list[str]:
        return [in_dutch(fault) for fault in rules.errors(to_example(task, sheet.judgement(task.id)))]

    def _shown(self, task: Task, sheet: Sheet) -> dict[str, Any]:
        about = {"revision": sheet.revision, "can_undo": sheet.can_undo, "can_redo": sheet.can_redo}
        return {"sheet": {**to_state(sheet), **about}, "remarks": self._faults(task, sheet)}


class Annotation(Work):
    """Labelling: an annotator and the messages assigned to them. No other answer is read here."""

    role = Role.ANSWER

    @property
    def _strict(self) -> bool:
        return False

    def _tasks(self, *, fresh: bool = False) -> Mapping[int, Task]:
        del fresh
        return self._store.assigned(self.author)


class Adjudication(Work):
    """Deciding: the messages on which answers differ, most informative first, with all answers.

    Messages that the adjudicator has yet to annotate are left out, so that this answer is blind too.
    """

    role = Role.DECISION

    def __init__(self, store: Store, author: str) -> None:
        super().__init__(store, author)
        self._lock = threading.Lock()
        self._cases: dict[int, Case] = {}

    def open(self, number: int) -> dict[str, Any]:
        """One message with the decision so far, all answers, and how far these are apart."""
        case = self._case(number)
        answers = [{"annotator": j.annotator, **_state_of(j)} for j in case.answers]
        return {**super().open(number), "case": {"axes": dict(case.axes), "answers": answers}}

    @property
    def _strict(self) -> bool:
        return True

    def _tasks(self, *, fresh: bool = False) -> Mapping[int, Task]:
        return {number: case.task for number, case in self._cases_now(fresh=fresh).items()}

    def _case(self, number: int) -> Case:
        self._task(number)
        return self._cases_now()[number]

    def _cases_now(self, *, fresh: bool = False) -> dict[int, Case]:
        with self._lock:
            if fresh or not self._cases:
                own = self._store.states(self.author, Role.ANSWER)
                blind = {number for number in self._store.assigned(self.author) if not own.get(number)}
                tasks = self._store.tasks()
                numbers = {task.id: number for number, task in tasks.items() if number not in blind}
                cases = queue(tasks.values(), self._store.judgements())
                self._cases = {numbers[c.task.id]: c for c in cases if c.task.id in numbers}
            return self._cases

    def _start(self, number: int) -> Sheet:
        common = proposal(self._case(number).answers)
        return Sheet(common.labels, common.details, common.cues)

    def _faults(self, task: Task, sheet: Sheet) -> list[str]:
        missing = [] if sheet.reason.strip() else ["Schrijf op waarom je zo beslist."]
        return missing + super()._faults(task, sheet)


def _state_of(judgement: Judgement) -> dict[str, Any]:
    return to_state(Sheet(judgement.labels, judgement.details, judgement.cues, done=True))

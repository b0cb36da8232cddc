"""The queue and its worker, without HTTP."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from vptnlp.messages import Message
from vptnlp_service import logs
from vptnlp_service.batching import Batcher, ClosingError, Failed, QueueFullError, StoppedError, TooMuchError

CANARY = "kanarie-51c0"


class Watcher:
    def __init__(self) -> None:
        self.batches: list[int] = []
        self.errors: list[str] = []
        self.waits = 0

    def batch(self, messages: int, seconds: float) -> None:
        self.batches.append(messages)

    def waited(self, seconds: float) -> None:
        assert seconds >= 0
        self.waits += 1

    def assessed(self, assessments: Sequence[Any]) -> None:
        pass

    def failed(self, error: BaseException) -> None:
        self.errors.append(type(error).__name__)


class Model:
    """Gives each message back; waits for its gate, and cannot bear "boem"."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.order: list[str] = []

    def __call__(self, messages: Sequence[Message]) -> list[Any]:
        self.entered.set()
        self.gate.wait(10)
        if any(m.text == "boem" for m in messages):
            raise ValueError
        self.order += [m.id for m in messages]
        return list(messages)


def messages(name: str, count: int, text: str = "x") -> list[Message]:
    return [Message(f"{name}{i}", text) for i in range(count)]


def render(message: Any) -> bytes:
    return str(message.id).encode()


class Bench:
    def __init__(self, **given: Any) -> None:
        self.model, self.watcher = Model(), Watcher()
        limits: dict[str, Any] = {
            "capacity": 20, "batch_messages": 8, "batch_characters": 1000, "batch_wait": 0.0, "queue_seconds": 60.0,
            "time_limit": 10.0, **given,
        }  # fmt: skip
        self.log = io.StringIO()
        self.batcher = Batcher(self.model, self.watcher, log=logs.make("debug", self.log), **limits)

    async def hold(self) -> asyncio.Task[Any]:
        """Keep the worker busy, so that what comes next waits."""
        self.model.gate.clear()
        task = asyncio.create_task(self.batcher.run(messages("hold", 1), render))
        self.model.entered.clear()
        while not self.model.entered.is_set():
            await asyncio.sleep(0.001)
        return task


def test_requests_that_wait_go_together_in_order() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        waiting = [asyncio.create_task(bench.batcher.run(messages(n, 2), render)) for n in "abcd"]
        await asyncio.sleep(0.01)
        bench.model.gate.set()
        results = [(await task)[0] for task in waiting]
        assert results == [[b"a0", b"a1"], [b"b0", b"b1"], [b"c0", b"c1"], [b"d0", b"d1"]]
        await held
        assert bench.watcher.batches == [1, 8]
        await bench.batcher.close()

    asyncio.run(main())


def test_a_large_request_does_not_keep_a_small_one_waiting() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        large = asyncio.create_task(bench.batcher.run(messages("large", 16), render))
        await asyncio.sleep(0.01)
        small = asyncio.create_task(bench.batcher.run(messages("small", 1), render))
        await asyncio.sleep(0.01)
        bench.model.gate.set()
        await asyncio.gather(held, large, small)
        assert bench.model.order.index("small0") < 8
        assert (await large)[0] == [f"large{i}".encode() for i in range(16)]
        await bench.batcher.close()

    asyncio.run(main())


def test_characters_bound_a_batch() -> None:
    async def main() -> None:
        bench = Bench(batch_characters=10)
        held = await bench.hold()
        task = asyncio.create_task(bench.batcher.run(messages("a", 3, "x" * 4) + messages("b", 1, "x" * 50), render))
        await asyncio.sleep(0.01)
        bench.model.gate.set()
        await asyncio.gather(held, task)
        assert bench.watcher.batches == [1, 2, 1, 1]
        assert bench.watcher.waits == 2
        await bench.batcher.close()

    asyncio.run(main())


def test_company_is_waited_for() -> None:
    async def main() -> None:
        bench = Bench(batch_wait=0.2)
        first = asyncio.create_task(bench.batcher.run(messages("a", 1), render))
        await asyncio.sleep(0.02)
        await bench.batcher.run(messages("b", 1), render)
        await first
        assert bench.watcher.batches == [2]
        await bench.batcher.close()

    asyncio.run(main())


def test_a_full_queue_refuses_and_says_when_to_come_back() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        waiting = asyncio.create_task(bench.batcher.run(messages("a", 18), render))
        await asyncio.sleep(0.01)
        bench.batcher.check_room(2)
        with pytest.raises(QueueFullError) as error:
            await bench.batcher.run(messages("b", 3), render)
        assert error.value.retry_after >= 1
        assert bench.batcher.waiting == 18
        bench.model.gate.set()
        await asyncio.gather(held, waiting)
        assert bench.batcher.waiting == 0
        await bench.batcher.run(messages("b", 3), render)
        await bench.batcher.close()

    asyncio.run(main())


def test_a_request_is_refused_for_the_work_that_goes_before_it() -> None:
    """The worker is shown to be slow; then a large request waits, of which only a part goes before a small one."""

    async def main() -> None:
        bench = Bench(queue_seconds=0.35)
        slow = await bench.hold()
        await asyncio.sleep(0.1)
        bench.model.gate.set()
        await slow
        held = await bench.hold()
        large = asyncio.create_task(bench.batcher.run(messages("large", 16), render))
        await asyncio.sleep(0.01)
        small = asyncio.create_task(bench.batcher.run(messages("small", 1), render))
        await asyncio.sleep(0.01)
        with pytest.raises(QueueFullError) as error:
            await bench.batcher.run(messages("late", 3), render)
        assert error.value.retry_after >= 1
        equal = asyncio.create_task(bench.batcher.run(messages("equal", 1), render))
        stream = asyncio.create_task(bench.batcher.run_in_turn(messages("stream", 2), render))
        await asyncio.sleep(0.01)
        bench.model.gate.set()
        assert len((await large)[0]) == 16
        assert len((await small)[0]) == 1
        assert len((await stream)[0]) == 2
        assert len((await equal)[0]) == 1
        await held
        assert (await bench.batcher.run(messages("later", 3), render))[0] == [b"later0", b"later1", b"later2"]
        await bench.batcher.close()

    asyncio.run(main())


def test_a_stream_larger_than_its_half_goes_when_nothing_waits() -> None:
    async def main() -> None:
        bench = Bench(capacity=10)
        assert len((await asyncio.wait_for(bench.batcher.run_in_turn(messages("a", 8), render), 5))[0]) == 8
        await bench.batcher.close()

    asyncio.run(main())


def test_what_nobody_waits_for_is_not_done() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        given_up = asyncio.create_task(bench.batcher.run(messages("a", 10), render))
        await asyncio.sleep(0.01)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        assert bench.batcher.waiting == 0
        bench.model.gate.set()
        await held
        await bench.batcher.run(messages("b", 1), render)
        assert bench.model.order == ["hold0", "b0"]
        await bench.batcher.close()

    asyncio.run(main())


def test_giving_up_while_company_is_waited_for() -> None:
    async def main() -> None:
        bench = Bench(batch_wait=0.05)
        task = asyncio.create_task(bench.batcher.run(messages("a", 1), render))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.1)
        assert (await bench.batcher.run(messages("b", 1), render))[0] == [b"b0"]
        assert bench.model.order == ["b0"]
        await bench.batcher.close()

    asyncio.run(main())


def test_one_bad_message_fails_alone() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        good = asyncio.create_task(bench.batcher.run(messages("a", 2), render))
        bad = asyncio.create_task(bench.batcher.run([Message("b", "boem"), Message("c", "x")], render))

        def stumble(message: Any) -> bytes:
            raise KeyError(message.text)

        unrendered = asyncio.create_task(bench.batcher.run(messages("d", 1), stumble))
        await asyncio.sleep(0.01)
        bench.model.gate.set()
        assert (await good)[0] == [b"a0", b"a1"]
        results = (await bad)[0]
        assert isinstance(results[0], Failed)
        assert results[1] == b"c"
        assert isinstance((await unrendered)[0][0], Failed)
        assert sorted(bench.watcher.errors) == ["KeyError", "ValueError"]
        await held
        assert bench.batcher.alive
        await bench.batcher.close()

    asyncio.run(main())


def test_closing_finishes_what_was_accepted_and_takes_no_more() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        accepted = asyncio.create_task(bench.batcher.run(messages("a", 12), render))
        await asyncio.sleep(0.01)
        closing = asyncio.create_task(bench.batcher.close())
        await asyncio.sleep(0.02)
        assert not bench.batcher.answers
        with pytest.raises(ClosingError):
            await bench.batcher.run(messages("b", 1), render)
        with pytest.raises(ClosingError):
            await bench.batcher.run_in_turn(messages("b", 1), render)
        bench.model.gate.set()
        assert len((await accepted)[0]) == 12
        await asyncio.gather(held, closing)
        assert not bench.batcher.alive

    asyncio.run(main())


def test_a_stream_waits_for_room_and_leaves_half_of_it() -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        first = asyncio.create_task(bench.batcher.run_in_turn(messages("a", 8), render))
        second = asyncio.create_task(bench.batcher.run_in_turn(messages("b", 8), render))
        await asyncio.sleep(0.02)
        assert bench.batcher.waiting == 8
        bench.batcher.check_room(10)
        bench.model.gate.set()
        assert [len((await task)[0]) for task in (first, second)] == [8, 8]
        await held
        await bench.batcher.close()

    asyncio.run(main())


def test_a_worker_stuck_in_a_batch_shows() -> None:
    async def main() -> None:
        bench = Bench(time_limit=0.05)
        assert bench.batcher.answers
        held = await bench.hold()
        await asyncio.sleep(0.1)
        assert bench.batcher.alive
        assert not bench.batcher.answers
        bench.model.gate.set()
        await asyncio.gather(held, return_exceptions=True)
        await asyncio.sleep(0.01)
        assert bench.batcher.answers
        await bench.batcher.close()

    asyncio.run(main())


def test_the_wait_of_a_request_whose_first_message_does_not_fit_is_counted_once() -> None:
    async def main() -> None:
        bench = Bench(batch_characters=10)
        held = await bench.hold()
        tasks = [asyncio.create_task(bench.batcher.run(messages(n, 1, "x" * 8), render)) for n in "abc"]
        await asyncio.sleep(0.01)
        bench.model.gate.set()
        await asyncio.gather(held, *tasks)
        assert bench.watcher.batches == [1, 1, 1, 1]
        assert bench.watcher.waits == 4
        await bench.batcher.close()

    asyncio.run(main())


@pytest.mark.parametrize("name", ["batch", "waited", "assessed", "failed"])
def test_an_error_of_who_watches_fails_the_batch_and_shows_no_text(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> None:
        bench = Bench()

        def stumble(*given: object) -> None:
            raise RuntimeError(CANARY)

        monkeypatch.setattr(bench.watcher, name, stumble)
        text = "boem" if name == "failed" else CANARY
        results, _ = await asyncio.wait_for(bench.batcher.run([Message("a", text)], render), 5)
        assert isinstance(results[0], Failed)
        monkeypatch.undo()
        assert (await bench.batcher.run(messages("b", 1), render))[0] == [b"b0"]
        assert '"batch failed"' in bench.log.getvalue()
        assert "RuntimeError" in bench.log.getvalue()
        assert CANARY not in bench.log.getvalue()
        await bench.batcher.close()

    asyncio.run(main())
    assert capsys.readouterr().err == ""


def test_a_panic_of_the_model_is_no_end_of_the_worker() -> None:
    """Errors of compiled code need not be exceptions of the usual kind."""

    class Panic(BaseException):
        pass

    async def main() -> None:
        bench = Bench()
        model = bench.model.__call__

        def panic(given: Sequence[Message]) -> list[Any]:
            if any(m.text == CANARY for m in given):
                raise Panic(CANARY)
            return model(given)

        bench.batcher._assess = panic
        results, _ = await asyncio.wait_for(bench.batcher.run([Message("a", CANARY), Message("b", "x")], render), 5)
        assert isinstance(results[0], Failed)
        assert results[1] == b"b"
        assert bench.watcher.errors == ["Panic"]
        await bench.batcher.close()

    asyncio.run(main())


def test_a_worker_that_has_ended_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        bench = Bench()
        held = await bench.hold()
        waiting = asyncio.create_task(bench.batcher.run(messages("a", 1), render))
        await asyncio.sleep(0.01)

        def stumble() -> Any:
            raise RuntimeError(CANARY)

        bench.batcher._take = stumble  # type: ignore[method-assign]
        bench.model.gate.set()
        await held
        with pytest.raises(StoppedError):
            await asyncio.wait_for(waiting, 5)
        assert not bench.batcher.alive
        for run in (bench.batcher.run, bench.batcher.run_in_turn):
            with pytest.raises(StoppedError):
                await asyncio.wait_for(run(messages("b", 1), render), 5)
        assert '"worker stopped"' in bench.log.getvalue()
        assert CANARY not in bench.log.getvalue()
        await bench.batcher.close()

    asyncio.run(main())
    assert capsys.readouterr().err == ""


def test_what_is_with_the_model_counts_in_the_wait() -> None:
    async def main() -> None:
        bench = Bench(queue_seconds=0.2)
        bench.batcher._pace.note(61, 0.5)
        held = await bench.hold()
        with pytest.raises(QueueFullError) as error:
            bench.batcher.check_room(1, 1)
        assert error.value.retry_after == 1
        bench.model.gate.set()
        await held
        bench.batcher.check_room(1, 1)
        await bench.batcher.close()

    asyncio.run(main())


def test_what_cannot_be_done_in_time_is_refused_at_once() -> None:
    async def main() -> None:
        bench = Bench(batch_characters=100)
        bench.batcher._pace.note(100, 2.0)
        long = messages("a", 8, "x" * 100)
        for run in (bench.batcher.run, bench.batcher.run_in_turn):
            with pytest.raises(TooMuchError):
                await run(long, render)
        # What fits in a batch is tried whatever the pace, and mends it.
        bench.batcher._pace.note(1, 10_000.0)
        assert len((await bench.batcher.run(messages("b", 1), render))[0]) == 1
        await bench.batcher.close()

    asyncio.run(main())


def test_a_bad_pace_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        bench = Bench(batch_characters=100)
        bench.batcher._pace.note(1, 10_000.0)
        now = time.monotonic()
        monkeypatch.setattr("vptnlp_service.pace.time.monotonic", lambda: now + 61)
        assert len((await bench.batcher.run(messages("a", 8, "x" * 100), render))[0]) == 8
        monkeypatch.undo()
        await bench.batcher.close()

    asyncio.run(main())


def test_the_clock_of_a_stream_starts_when_there_is_room() -> None:
    async def main() -> None:
        bench = Bench(capacity=4, time_limit=0.5)
        held = await bench.hold()
        groups = [asyncio.create_task(bench.batcher.run_in_turn(messages(n, 2), render)) for n in "abc"]
        started = time.monotonic()
        await asyncio.sleep(0.3)
        bench.model.gate.set()
        await asyncio.gather(held, groups[0])
        bench.model.gate.clear()
        await asyncio.sleep(0.3)
        assert time.monotonic() - started > 0.5
        bench.model.gate.set()
        assert [len((await group)[0]) for group in groups] == [2, 2, 2]
        await bench.batcher.close()

    asyncio.run(main())


def test_a_stream_waits_where_the_queue_holds_half_the_time() -> None:
    async def main() -> None:
        bench = Bench(time_limit=10.0)
        bench.batcher._pace.note(61, 3.0)
        held = await bench.hold()
        first = asyncio.create_task(bench.batcher.run_in_turn(messages("a", 1), render))
        second = asyncio.create_task(bench.batcher.run_in_turn(messages("b", 1), render))
        await asyncio.sleep(0.02)
        assert bench.batcher.waiting == 1
        bench.model.gate.set()
        await asyncio.gather(held, first, second)
        await bench.batcher.close()

    asyncio.run(main())


def test_a_model_that_fails_at_everything_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        bench = Bench()
        for _ in range(4):
            await bench.batcher.run([Message("a", "boem")], render)
        await bench.batcher.run([Message("a", "boem"), Message("b", "x")], render)
        for number in range(5):
            assert bench.batcher.answers, number
            await bench.batcher.run([Message("a", "boem")], render)
        assert not bench.batcher.answers
        assert bench.batcher.alive
        bench.batcher._failed_at -= 31
        assert bench.batcher.answers
        await bench.batcher.run([Message("a", "boem")], render)
        assert not bench.batcher.answers
        await bench.batcher.run([Message("a", "x")], render)
        assert bench.batcher.answers
        await bench.batcher.close()

    asyncio.run(main())

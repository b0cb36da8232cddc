"""From answers to the types of the library, and from problems to exceptions."""

from __future__ import annotations

import json
import math
import traceback
from dataclasses import replace
from typing import Any

import httpx
import pytest

from vptnlp.client import (
    AnswerError,
    ForbiddenError,
    InvalidInputError,
    ProblemError,
    ServiceError,
    TooLargeError,
    UnavailableError,
)
from vptnlp.client.parts import MOST_BYTES
from vptnlp.client.records import assessment_of
from vptnlp.errors import InputError, VptnlpError
from vptnlp.messages import Message

from .conftest import CANARY, Bench, problem

TEXTS = [
    "Als je die boete niet intrekt, sta ik morgen om 8 uur bij je op de stoep in de Kerkstraat 12. 😀",
    "Bedankt voor de snelle hulp gisteren.",
    "Bel 06-12345678, vieze hond, ik maak je af.",
]


def serve(linear: Any) -> Any:
    """Answers as the service does, without it."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["content-type"] == "application/x-ndjson":
            rows = [json.loads(line) for line in request.content.split(b"\n")]
        else:
            rows = json.loads(request.content)["messages"]
        assert all(row.keys() == {"text"} for row in rows)
        records = [linear.assess(Message(str(i), row["text"])).to_dict() for i, row in enumerate(rows, 1)]
        if request.headers["content-type"] == "application/x-ndjson":
            return httpx.Response(200, content="".join(json.dumps(record) + "\n" for record in records).encode())
        return httpx.Response(200, json={"model": records[0]["model"], "assessments": records})

    return answer


@pytest.mark.parametrize("text", TEXTS)
def test_a_record_becomes_the_assessment_it_came_from(linear: Any, text: str) -> None:
    message = Message("mail-1", text, {"bron": "balie"})
    there = linear.assess(message)
    here = assessment_of(json.loads(json.dumps(there.to_dict())), message)
    assert here.to_dict() == there.to_dict()
    assert (here.labels, here.triage.urgency, here.warnings) == (there.labels, there.triage.urgency, there.warnings)
    assert here.model == linear.info
    assert here.message is message
    assert math.isnan(here.scores.hostile)


def test_ids_and_further_keys_stay_here(bench: Bench, linear: Any) -> None:
    message = Message("mail van J. Jansen", TEXTS[1], {"dossier": CANARY}, quoted=CANARY)
    (found,) = bench.client(serve(linear)).assess([message])
    assert found.message == message
    assert b"Jansen" not in bench.asked[0].content
    assert CANARY.encode() not in bench.asked[0].content


def test_many_messages_go_in_several_requests_in_order(bench: Bench, linear: Any) -> None:
    client = bench.client(serve(linear), max_messages=2)
    found = client.assess(TEXTS[i % 3] for i in range(5))
    assert [a.message.id for a in found] == ["1", "2", "3", "4", "5"]
    assert [a.message.text for a in found] == [TEXTS[i % 3] for i in range(5)]
    assert len(bench.asked) == 3
    assert client.assess([]) == []


def test_large_messages_go_apart_and_lone_surrogates_go_at_all(bench: Bench) -> None:
    taken = bench.client(problem(503, "busy"), total=0.0)
    with pytest.raises(UnavailableError):
        taken.assess(["a" * (MOST_BYTES - 100), "b" * 200, "\ud83d"])
    assert len(json.loads(bench.asked[0].content)["messages"]) == 1
    with pytest.raises(UnavailableError):
        taken.assess(["\ud83d"])
    assert json.loads(bench.asked[1].content)["messages"] == [{"text": "\ufffd"}]


def test_a_stream_is_taken_as_it_is_wanted(bench: Bench, linear: Any) -> None:
    taken: list[int] = []

    def source() -> Any:
        for i in range(1000):
            taken.append(i)
            yield TEXTS[i % 3]

    answers = bench.client(serve(linear), max_messages=2).stream(source())
    assert taken == []
    first = next(answers)
    assert not isinstance(first, ProblemError)
    assert first.message.id == "1"
    assert len(taken) == 2


def test_lines_without_room_are_sent_again_and_all_stand_in_order(bench: Bench, linear: Any) -> None:
    """The second line has no room, the third never fits, and the stream breaks off before the fourth."""
    full = problem(503, "closing").json()
    bad = problem(413, "too-large", "The message is longer than 5 characters.").json()
    records = [linear.assess(Message(str(i), TEXTS[0])).to_dict() for i in (1, 2)]
    lines = [records[0], {"line": 2, **full}, {"line": 3, **bad}, {"line": None, **problem(408, "slow-body").json()}]
    messages = [Message(f"m{i}", TEXTS[0]) for i in range(4)]
    broken = httpx.Response(200, content="\n".join(map(json.dumps, lines)).encode())
    found = list(bench.client(broken, serve(linear)).stream(messages))
    assert bench.asked[1].content.count(b'"text"') == 2
    assert bench.clock.waits == [0.375]
    assert [isinstance(line, ProblemError) for line in found] == [False, False, True, False]
    assert [line.message.id for line in found if not isinstance(line, ProblemError)] == ["m0", "m1", "m3"]
    problem_line = found[2]
    assert isinstance(problem_line, TooLargeError)
    assert (problem_line.line, problem_line.message_id) == (3, "m2")
    assert str(problem_line).startswith("Message 3: The service answered 413 (too-large): The message is longer")


def test_a_line_that_never_finds_room_is_told_on_its_place(bench: Bench) -> None:
    line = json.dumps({"line": 1, **problem(503, "time-limit").json()}).encode()
    (found,) = bench.client(lambda _: httpx.Response(200, content=line)).stream(["Dank."])
    assert isinstance(found, UnavailableError)
    assert len(bench.asked) > 3


def test_a_stream_that_never_ends_well_is_raised(bench: Bench) -> None:
    with pytest.raises(AnswerError, match="before every message"):
        list(bench.client(lambda _: httpx.Response(200, content=b"")).stream(["Dank."]))


def test_faults_are_counted_over_the_whole_call(bench: Bench, linear: Any) -> None:
    fault = {
        "in": "body",
        "location": {"pointer": "/messages/1/text"},
        "code": "string_too_short",
        "detail": "Too short.",
    }
    asked = problem(400, "invalid-input", "The body does not fit the schema.", errors=[fault], instance="urn:uuid:7f9c")
    with pytest.raises(InvalidInputError, match=r"At /messages/3/text: Too short\.") as caught:
        bench.client(serve(linear), asked, max_messages=2).assess(["a", "b", "c", ""])
    assert isinstance(caught.value, InputError)
    assert (caught.value.kind, caught.value.request_id) == ("invalid-input", "7f9c")


def text_of(error: BaseException) -> str:
    """Everything that an exception and those it came from say."""
    told = "".join(traceback.format_exception(error))
    linked: BaseException | None = error
    while linked is not None:
        told += repr(linked) + str(vars(linked))
        linked = linked.__cause__ or linked.__context__
    return told


WHOLE = {"model": {"name": "a", "version": "1", "sha256": "0"}}
ECHOES = [
    httpx.Response(502, text=f"<p>{CANARY}</p>"),
    httpx.Response(400, json={"type": "about:blank", "detail": CANARY, "title": CANARY}),
    httpx.Response(400, json=[CANARY]),
    httpx.Response(302, headers={"Location": f"/{CANARY}"}),
    httpx.Response(200, text=CANARY),
    httpx.Response(200, json=[CANARY]),
    httpx.Response(200, json={**WHOLE, "assessments": [{"threat": CANARY}]}),
    httpx.Response(200, json={**WHOLE, "assessments": [CANARY, CANARY]}),
    httpx.Response(200, json={**WHOLE, "assessments": CANARY}),
    httpx.Response(200, json={"model": CANARY, "assessments": [{}]}),
    lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(CANARY.encode())),
    httpx.RemoteProtocolError(f"illegal status line: {CANARY}"),
    problem(503, "busy"),
    problem(413, "too-large"),
]


@pytest.mark.parametrize("answer", ECHOES)
def test_no_exception_and_no_log_holds_text(bench: Bench, caplog: Any, answer: Any) -> None:
    """Whoever answers, and whatever they repeat of what they were sent."""
    caplog.set_level("DEBUG")
    client = bench.client(answer, total=0.0, credential="geheim-77")
    message = Message(CANARY, f"Ik weet je te vinden, {CANARY}")
    for ask in (client.assess, client.details, client.redact, lambda m: list(client.stream(m))):
        with pytest.raises(ServiceError) as caught:
            ask([message])
        assert isinstance(caught.value, VptnlpError)
        assert CANARY not in text_of(caught.value)
    assert CANARY not in caplog.text
    assert "geheim-77" not in caplog.text + repr(client) + repr(vars(caught.value))


def test_another_taxonomy_is_told_as_such(bench: Bench, linear: Any) -> None:
    record = linear.assess("Dank.").to_dict()
    record["forms"]["scores"]["nieuwe_vorm"] = 0.1
    answer = httpx.Response(200, json={"model": record["model"], "assessments": [record]})
    with pytest.raises(AnswerError, match="install the version of vptnlp that the service runs"):
        bench.client(answer).assess_one("Dank.")


def test_spans_outside_the_text_are_refused(linear: Any) -> None:
    message = Message("1", TEXTS[0])
    record = linear.assess(message).to_dict()
    with pytest.raises(AnswerError):
        assessment_of(record, replace(message, text="kort"))


def test_scopes_are_told(bench: Bench) -> None:
    with pytest.raises(ForbiddenError, match="lacks the scope 'details'"):
        bench.client(problem(403, "forbidden", "This key or token lacks the scope 'details'.")).details(["Dank."])

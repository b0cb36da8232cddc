"""The client of the library against a real server: the same answers as the library itself, and the examples of the docs."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from vptnlp import taxonomy
from vptnlp.client import (
    AsyncClient,
    Client,
    ForbiddenError,
    InternalError,
    InvalidInputError,
    NotFoundError,
    ProblemError,
    RateLimitError,
    Retries,
    TooLargeError,
    UnauthenticatedError,
    UnreachableError,
    parts,
)
from vptnlp.doxing.redaction import restore
from vptnlp.messages import Message
from vptnlp.taxonomy import DetailKind
from vptnlp_service import keys

CANARY = "kanarie-51c0"
TEXTS = [
    "Als je die boete niet intrekt, sta ik morgen om 8 uur bij je op de stoep in de Kerkstraat 12. 😀",
    "Bedankt voor de snelle hulp gisteren.",
    "Bel 06-12345678, vieze hond, ik maak je af.",
]


@pytest.fixture(scope="module")
def live(workshop: Any) -> Iterator[Any]:
    """A running server."""
    with workshop.live(max_characters=1000) as running:
        yield running


@pytest.fixture
def client(live: Any) -> Iterator[Client]:
    with Client(live.url) as client:
        yield client


def test_long_messages_go_in_smaller_requests() -> None:
    """The time limit of the service is for a whole request: 256 long messages would not be done in it."""
    found = list(parts.cut(["x" * 20_000] * 3 + ["y" * 120_000] + ["z"] * 300, 256))
    assert [[len(m.text) for m in part.messages][:3] for part in found] == [
        [20_000, 20_000], [20_000], [120_000], [1, 1, 1], [1, 1, 1]
    ]  # fmt: skip
    assert [part.first for part in found] == [0, 2, 3, 4, 260]


def test_answers_are_those_of_the_library(client: Client, workshop: Any) -> None:
    messages = [Message(f"m{i}", text, {"bron": i}) for i, text in enumerate(TEXTS)]
    there = client.assess(messages)
    here = list(workshop.linear.assess_many(messages))
    assert [a.to_dict() for a in there] == [a.to_dict() for a in here]
    assert there[0].model == workshop.linear.info
    assert client.assess_one(TEXTS[1]).message.id == "1"


def test_details_and_redactions(client: Client, workshop: Any) -> None:
    found = client.details(TEXTS)
    for one, here in zip(found, workshop.linear.assess_many(TEXTS), strict=True):
        assert [(d.start, d.end, d.kind, d.subject) for d in one.details] == [
            (d.start, d.end, d.kind, d.subject) for d in here.details
        ]
        assert (one.doxing, one.model) == (here.labels.doxing, here.model)
    done = client.redact(TEXTS)
    assert done.model == workshop.linear.info
    assert "Kerkstraat" not in done.redacted[0].text
    assert [restore(one.text, one.values) for one in done] == TEXTS
    chosen = client.redact(TEXTS, kinds=[DetailKind.PHONE])
    assert "Kerkstraat" in chosen.redacted[0].text
    assert "06-12345678" not in chosen.redacted[2].text


def test_reference_and_health(client: Client, workshop: Any) -> None:
    assert client.taxonomy() == taxonomy.as_dict()
    (loaded,) = client.models()
    assert loaded.info == workshop.linear.info
    assert loaded == client.model(loaded.info.name)
    assert loaded.corpus is not None
    assert client.description()["openapi"].startswith("3.")
    assert client.live()
    assert client.ready() == workshop.linear.info
    with pytest.raises(NotFoundError):
        client.model(f"../{CANARY}")


def test_a_stream_keeps_its_order_and_goes_on_after_bad_lines(client: Client) -> None:
    texts = [TEXTS[i % 3] for i in range(700)]
    texts[5], texts[300] = "", CANARY * 200
    found = list(client.stream(Message(f"m{i}", text) for i, text in enumerate(texts)))
    problems = {i: line for i, line in enumerate(found) if isinstance(line, ProblemError)}
    assert problems.keys() == {5, 300}
    assert (problems[5].line, problems[5].message_id, type(problems[5])) == (6, "m5", InvalidInputError)
    assert (problems[300].line, problems[300].message_id, type(problems[300])) == (301, "m300", TooLargeError)
    for i, line in enumerate(found):
        if not isinstance(line, ProblemError):
            assert (line.message.id, line.message.text) == (f"m{i}", texts[i])


def test_the_asynchronous_client_does_the_same(live: Any, client: Client) -> None:
    async def source() -> AsyncIterator[str]:
        for text in TEXTS * 3:
            yield text

    async def main() -> None:
        async with AsyncClient(live.url, max_messages=4) as other:
            assert [a.to_dict() for a in await other.assess(TEXTS)] == [a.to_dict() for a in client.assess(TEXTS)]
            assert await other.redact(TEXTS) == client.redact(TEXTS)
            assert await other.details(TEXTS) == client.details(TEXTS)
            assert (await other.assess_one(TEXTS[0])).model == await other.ready()
            assert await other.models() == client.models()
            assert await other.live()
            for given in (source(), TEXTS * 3):
                found = [line async for line in other.stream(given)]
                assert [line.message.id for line in found if not isinstance(line, ProblemError)] == list("123456789")

    asyncio.run(main())


def test_keys_scopes_and_limits(workshop: Any, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = keys.add(file, "balie", [keys.Scope.ASSESS], None)
    with workshop.live(keys_file=file, rate_limit="3/hour") as live:
        with Client(live.url) as nobody, pytest.raises(UnauthenticatedError):
            nobody.taxonomy()
        with Client(live.url, credential=lambda: key + "\n", retries=Retries(total=1)) as client:
            assert client.assess(TEXTS)
            with pytest.raises(ForbiddenError, match="lacks the scope 'details'"):
                client.details(TEXTS)
            client.taxonomy()
            with pytest.raises(RateLimitError) as caught:
                client.taxonomy()
        assert caught.value.retry_after is not None
        assert key not in live.log.getvalue()


def test_a_full_service_is_tried_again_until_it_has_room(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced, max_requests=1) as live, Client(live.url) as client:
        paced.go.clear()
        first = threading.Thread(target=client.assess, args=(TEXTS,))
        first.start()
        time.sleep(0.3)
        threading.Timer(0.5, paced.go.set).start()
        assert len(client.assess(TEXTS)) == 3
        first.join(30)
        assert '"refused": "busy"' in live.log.getvalue()


def test_no_text_is_in_exceptions_or_logs(workshop: Any, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    text = f"STRUIKEL {CANARY}"
    with workshop.live(analyzer=workshop.paced(), max_characters=100) as live, Client(live.url) as client:
        for bad, kind in ((text, InternalError), (CANARY * 50, InvalidInputError)):
            with pytest.raises(kind) as caught:
                client.assess([bad])
            assert CANARY not in str(caught.value) + repr(caught.value)
            assert caught.value.request_id
        for line in client.stream([text, CANARY * 50]):
            assert isinstance(line, ProblemError)
            assert CANARY not in str(line) + repr(line)
        log = live.log
    with Client(live.url, retries=Retries(total=0)) as gone, pytest.raises(UnreachableError) as away:
        gone.assess([text])
    assert CANARY not in str(away.value)
    assert CANARY not in log.getvalue()
    assert CANARY not in caplog.text


def test_the_examples_in_the_docs_run(live: Any, root: Path, monkeypatch: Any, tmp_path: Path) -> None:
    """Each by itself, against this server, in a folder with the sample mailbox."""
    page = (root / "docs/api.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 4
    (tmp_path / "inbox.mbox").write_bytes((root / "src/vptnlp/samples/inbox.mbox").read_bytes())
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        assert "http://localhost:8000" in block
        exec(compile(block.replace("http://localhost:8000", live.url), "docs/api.md", "exec"), {})

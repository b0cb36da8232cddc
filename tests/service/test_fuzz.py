"""Requests of all shapes: never an error of ours, always a problem document or a right answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATHS = ["/v1/assessments", "/v1/details", "/v1/redactions", "/v2/models/vpt-nl-linear/infer"]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(st.characters(codec="utf-8"), max_size=60)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | texts
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8
)
messages = st.fixed_dictionaries({}, optional={"text": texts | values, "id": texts | values, "x": values})
near = st.fixed_dictionaries(
    {},
    optional={
        "messages": st.lists(messages, max_size=4) | values,
        "options": values
        | st.fixed_dictionaries({}, optional={"include_text": values, "kinds": values, "subjects": values}),
        "inputs": values
        | st.lists(
            st.fixed_dictionaries(
                {"name": st.just("text"), "datatype": st.just("BYTES")},
                optional={
                    "shape": st.lists(st.integers(-1, 3), max_size=3) | values,
                    "data": st.lists(texts, max_size=3) | values,
                },
            ),
            max_size=2,
        ),
        "outputs": values,
    },
)


def check(answer: Any) -> None:
    assert answer.status_code in (200, 400), answer.text
    kind = "application/json" if answer.status_code == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
    answer.json()


@pytest.mark.parametrize("path", PATHS)
@QUICK
@given(body=near | values)
def test_json_of_all_shapes(client: Any, path: str, body: object) -> None:
    check(client.post(path, content=json.dumps(body).encode(), headers={"content-type": "application/json"}))


@pytest.mark.parametrize("path", PATHS)
@QUICK
@given(raw=st.binary(max_size=200))
def test_bytes_of_all_shapes(client: Any, path: str, raw: bytes) -> None:
    check(client.post(path, content=raw, headers={"content-type": "application/json"}))


@QUICK
@given(text=st.text(min_size=1, max_size=300))
def test_any_text_is_answered_with_spans_inside_it(client: Any, text: str) -> None:
    body = json.dumps({"messages": [{"text": text}]}).encode()
    answer = client.post("/v1/assessments", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    [assessment] = answer.json()["assessments"]
    for span in (*assessment["details"], *assessment["cues"]):
        assert 0 <= span["start"] < span["end"] <= len(text)


@QUICK
@given(
    lines=st.lists(
        st.binary(max_size=60).map(lambda b: b.replace(b"\n", b""))
        | texts.map(lambda t: json.dumps({"text": t}).encode())
    )
)
def test_streams_of_all_shapes_answer_each_line_that_is_not_blank(client: Any, lines: list[bytes]) -> None:
    answer = client.post("/v1/assessments", content=b"\n".join(lines), headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 200
    got = [json.loads(line) for line in answer.content.split(b"\n") if line]
    assert len(got) == sum(bool(line.strip()) for line in lines)
    assert not [line for line in got if line.get("status") == 500]


@QUICK
@given(path=texts, query=texts, header=st.text("abc\x7f ~é", max_size=20))
def test_paths_and_headers_of_all_shapes(client: Any, path: str, query: str, header: str) -> None:
    from urllib.parse import quote

    headers = {"X-Request-ID": header.encode("latin-1"), "traceparent": header.encode("latin-1")}
    answer = client.get("/v1/" + quote(path, safe="/") + "?" + quote(query), headers=headers)
    assert answer.status_code in (200, 404)
    assert answer.headers["content-type"] in ("application/json", "application/problem+json")

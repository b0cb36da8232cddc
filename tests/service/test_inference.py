"""The Open Inference Protocol."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

MODEL = "vpt-nl-linear"
INFER = f"/v2/models/{MODEL}/infer"
CANARY = "kanarie-51c0"
TEXTS = ["Ik maak je af, vieze hond", "Dank voor de hulp."]


def tensor(**given: Any) -> dict[str, Any]:
    return {"name": "text", "shape": [2], "datatype": "BYTES", "data": TEXTS, **given}


def test_health_and_metadata(client: Any, workshop: Any) -> None:
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"ready": True}
    assert client.get("/v2").json()["name"] == "vptnlp"
    version = workshop.linear.info.version
    for path in (f"/v2/models/{MODEL}", f"/v2/models/{MODEL}/versions/{version}"):
        described = client.get(path).json()
        assert (described["name"], described["versions"]) == (MODEL, [version])
        assert described["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
        assert client.get(f"{path}/ready").json() == {"name": MODEL, "ready": True}


def test_all_outputs_are_as_described_and_say_what_the_library_says(client: Any, workshop: Any) -> None:
    described = {o["name"]: o for o in client.get(f"/v2/models/{MODEL}").json()["outputs"]}
    answer = client.post(INFER, json={"id": "q-1", "inputs": [tensor()]}).json()
    assert (answer["id"], answer["model_name"]) == ("q-1", MODEL)
    assert answer["parameters"]["sha256"] == workshop.linear.info.sha256
    outputs = {o["name"]: o for o in answer["outputs"]}
    assert set(outputs) == set(described)
    for name, output in outputs.items():
        assert output["datatype"] == described[name]["datatype"]
        assert output["shape"] == [2, *described[name]["shape"][1:]]
        assert len(output["data"]) == math.prod(output["shape"])
    records = [a.to_dict() for a in workshop.linear.assess_many(TEXTS)]
    assert outputs["threat"]["data"] == ["direct", "none"]
    assert outputs["threat_scores"]["data"] == [s for r in records for s in r["threat"]["scores"].values()]
    labels = outputs["nature"]["parameters"]["labels"].split(",")
    assert outputs["nature"]["data"] == [label in r["nature"]["labels"] for r in records for label in labels]
    assert [json.loads(text) for text in outputs["assessment"]["data"]] == records


def test_some_outputs_and_a_column_of_texts(client: Any) -> None:
    body = {
        "inputs": [tensor(shape=[2, 1], data=[[t] for t in TEXTS])],
        "outputs": [{"name": "urgency", "parameters": {"binary_data": False}}],
    }
    answer = client.post(INFER, json=body).json()
    assert [o["name"] for o in answer["outputs"]] == ["urgency"]
    assert "id" not in answer


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (INFER, {"inputs": []}, 400),
        (INFER, {"inputs": [tensor(), tensor()]}, 400),
        (INFER, {"inputs": [tensor(name=CANARY)]}, 400),
        (INFER, {"inputs": [tensor(datatype="FP32")]}, 400),
        (INFER, {"inputs": [tensor(shape=[3])]}, 400),
        (INFER, {"inputs": [tensor(shape=[1, 2])]}, 400),
        (INFER, {"inputs": [tensor(shape=[-2])]}, 400),
        (INFER, {"inputs": [tensor(shape=[0], data=[])]}, 400),
        (INFER, {"inputs": [tensor(shape=[10**30])]}, 400),
        (INFER, {"inputs": [tensor(data=[CANARY, 5])]}, 400),
        (INFER, {"inputs": [tensor(data=[CANARY, ""])]}, 400),
        (INFER, {"inputs": [tensor(data=[CANARY, "a" * 100_001])]}, 400),
        (INFER, {"inputs": [tensor(shape=[300], data=[CANARY] * 300)]}, 400),
        (INFER, {"inputs": [tensor()], "outputs": [{"name": CANARY}]}, 400),
        (INFER, {"inputs": [tensor()], "outputs": [{"name": "urgency"}] * 2}, 400),
        (INFER, {"inputs": [tensor()], "outputs": [{"name": "urgency"}] * 101}, 400),
        (INFER, {"inputs": [tensor()], "outputs": [{"name": "urgency"}] * 100_000}, 400),
        (f"/v2/models/{CANARY}/infer", {"inputs": [tensor()]}, 404),
        (f"/v2/models/{MODEL}/versions/9.9.9/infer", {"inputs": [tensor()]}, 404),
    ],
)
def test_wrong_requests(client: Any, path: str, body: object, status: int) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["error"] == answer.json()["detail"]
    assert CANARY not in answer.text

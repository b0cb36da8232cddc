"""The API description."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

from vptnlp_service import schemas


@pytest.fixture(scope="module")
def description(client: Any) -> dict[str, Any]:
    answer = client.get("/v1/openapi.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    found: dict[str, Any] = answer.json()
    return found


def test_it_follows_the_design_rules(description: dict[str, Any], client: Any) -> None:
    assert description["openapi"].startswith("3.")
    assert description["servers"] == [{"url": "/v1"}]
    assert description["info"]["version"] == client.get("/livez").headers["api-version"]
    assert description["info"]["contact"]["url"]
    assert set(description["paths"]) == {
        "/assessments", "/details", "/redactions", "/taxonomy", "/models", "/models/{name}"
    }  # fmt: skip
    for path, item in description["paths"].items():
        assert not path.endswith("/")
        for operation in item.values():
            assert operation["description"]
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert resolve(description, response)["content"].keys() == {"application/problem+json"}
            assert "422" not in operation["responses"]
        if "post" in item:
            assert "400" in item["post"]["responses"]


def resolve(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = description
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def test_all_references_resolve(description: dict[str, Any]) -> None:
    def walk(node: Any) -> int:
        if isinstance(node, dict):
            if "$ref" in node:
                assert resolve(description, node)
                return 1
            return sum(walk(child) for child in node.values())
        return sum(walk(child) for child in node) if isinstance(node, list) else 0

    assert walk(description) > 40


def test_examples_work(description: dict[str, Any], client: Any) -> None:
    tried = 0
    for path, item in description["paths"].items():
        for media_type, content in item.get("post", {}).get("requestBody", {}).get("content", {}).items():
            example = content["example"]
            raw = {"content": example} if isinstance(example, str) else {"json": example}
            answer = client.post(f"/v1{path}", headers={"content-type": media_type}, **raw)
            assert answer.status_code == 200
            tried += 1
    assert tried == 4


@pytest.mark.parametrize(
    ("path", "method", "model"),
    [
        ("/assessments", "post", schemas.AssessmentsOut),
        ("/details", "post", schemas.DetailsOut),
        ("/redactions", "post", schemas.RedactionsOut),
        ("/taxonomy", "get", schemas.TaxonomyOut),
        ("/models", "get", schemas.ModelsOut),
        ("/models/{name}", "get", schemas.ModelEntryOut),
    ],
)
def test_answers_have_an_example_that_fits(
    description: dict[str, Any], path: str, method: str, model: type[pydantic.BaseModel]
) -> None:
    example = description["paths"][path][method]["responses"]["200"]["content"]["application/json"]["example"]
    assert model.model_validate(example).model_dump(mode="json", exclude_unset=True) == example


def test_the_example_of_an_assessment_is_like_a_real_one(description: dict[str, Any], client: Any) -> None:
    """The same members, axes, labels and places as in the answer to the example of a request."""
    operation = description["paths"]["/assessments"]["post"]
    given = operation["requestBody"]["content"]["application/json"]["example"]
    [shown] = operation["responses"]["200"]["content"]["application/json"]["example"]["assessments"]
    real = client.post("/v1/assessments", json=given).json()["assessments"][0]
    text = given["messages"][0]["text"]
    assert shown["id"] == real["id"]
    assert shown.keys() == real.keys()
    for axis in ("threat", "nature", "aims", "forms", "targets", "doxing"):
        assert shown[axis]["scores"].keys() == real[axis]["scores"].keys()
    for span in (*shown["details"], *shown["cues"]):
        assert text[span["start"] : span["end"]] == span["text"]
    steps = {step["key"]: step for step in real["triage"]["steps"]}
    assert [steps[step["key"]] for step in shown["triage"]["steps"]] == shown["triage"]["steps"]


def test_what_has_not_changed_is_described_with_its_headers(description: dict[str, Any], client: Any) -> None:
    described = description["paths"]["/taxonomy"]["get"]["responses"]["304"]["headers"]
    tag = client.get("/v1/taxonomy").headers["etag"]
    answer = client.get("/v1/taxonomy", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert {name.lower() for name in described} <= set(answer.headers)
    assert {"ETag", "Cache-Control", "API-Version"} <= set(described)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/assessments", schemas.AssessmentsOut),
        ("/v1/details", schemas.DetailsOut),
        ("/v1/redactions", schemas.RedactionsOut),
    ],
)
def test_answers_are_as_described(client: Any, path: str, model: type[pydantic.BaseModel]) -> None:
    text = "Ik maak je af, vieze hond. Ik weet dat je op Kerkstraat 12 woont en morgen om 8 uur kom ik langs."
    answer = client.post(
        path, json={"messages": [{"text": text}, {"text": "Thank you very much for the swift reply!"}]}
    )
    strict = type("Strict", (model,), {"model_config": pydantic.ConfigDict(extra="forbid")})
    found = strict.model_validate(answer.json())
    assert found.model_dump(mode="json", exclude_unset=True) == answer.json()


def test_contact_and_security_follow_the_settings(workshop: Any, tmp_path: Any) -> None:
    from vptnlp_service import keys

    file = tmp_path / "keys.json"
    keys.add(file, "a", [keys.Scope.ASSESS], None)
    with workshop.client(keys_file=file, contact_name="Team Veilig", contact_email="veilig@example.nl") as client:
        found = client.get("/v1/openapi.json").json()
    assert found["info"]["contact"]["name"] == "Team Veilig"
    assert found["info"]["contact"]["email"] == "veilig@example.nl"
    assert found["security"] == [{"bearer": []}, {"key": []}]

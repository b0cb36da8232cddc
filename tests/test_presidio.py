from __future__ import annotations

import gc
import subprocess
import sys

import pytest

pytest.importorskip("presidio_analyzer", reason="needs the extra 'presidio': pip install 'vptnlp[presidio]'")

from presidio_analyzer import BatchAnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry

from vptnlp import presidio
from vptnlp.doxing import find_details
from vptnlp.presidio import ENTITIES, DutchRecognizer, dutch_analyzer, dutch_recognizers
from vptnlp.taxonomy import DetailKind as K

TEXT = (
    "Beste mevrouw van der Meer, u woont op Kerkstraat 12, 3511 AB Utrecht en uw dochter zit op basisschool De Regenboog. "
    "Mijn nummer is 06-13370042 en mijn mail j.visser@voorbeeld.example, bsn 123456782."
)


@pytest.fixture(scope="module")
def analyzer():
    return dutch_analyzer()


def test_every_kind_has_an_entity_of_its_own():
    assert set(ENTITIES) == set(K)
    assert len(set(ENTITIES.values())) == len(K)


def test_the_analyzer_finds_what_find_details_finds(analyzer):
    results = analyzer.analyze(TEXT, language="nl")
    found = {(r.entity_type, r.start, r.end, r.score, r.recognition_metadata["subject"]) for r in results}
    wanted = {(ENTITIES[K(d.kind)], d.start, d.end, d.score, str(d.subject)) for d in find_details(TEXT)}
    assert found == wanted
    assert {"PERSON", "NL_ADDRESS", "NL_POSTCODE", "LOCATION", "PHONE_NUMBER", "EMAIL_ADDRESS", "NL_BSN"} <= {
        f[0] for f in found
    }


def test_whose_it_is_is_in_the_metadata_and_the_explanation(analyzer):
    (result,) = analyzer.analyze(TEXT, language="nl", entities=["PHONE_NUMBER"], return_decision_process=True)
    assert result.recognition_metadata["subject"] == "sender"
    assert result.recognition_metadata["kind"] == "PHONE"
    assert result.recognition_metadata["recognizer_name"] == "DutchPhoneRecognizer"
    assert "PHONE of the sender" in result.analysis_explanation.textual_explanation


def test_only_the_entities_asked_for(analyzer):
    results = analyzer.analyze(TEXT, language="nl", entities=["NL_BSN", "EMAIL_ADDRESS"])
    assert sorted(TEXT[r.start : r.end] for r in results) == ["123456782", "j.visser@voorbeeld.example"]


def test_thresholds_and_allow_lists_of_presidio_work(analyzer):
    every = analyzer.analyze(TEXT, language="nl")
    sure = analyzer.analyze(TEXT, language="nl", score_threshold=0.95)
    assert 0 < len(sure) < len(every)
    allowed = analyzer.analyze(TEXT, language="nl", allow_list=["06-13370042"])
    assert "PHONE_NUMBER" not in {r.entity_type for r in allowed}


def test_kinds_can_be_chosen():
    analyzer = dutch_analyzer([K.PHONE])
    assert analyzer.get_supported_entities("nl") == ["PHONE_NUMBER"]
    assert [r.entity_type for r in analyzer.analyze(TEXT, language="nl")] == ["PHONE_NUMBER"]


def test_details_are_found_once_a_text_and_then_let_go(analyzer, monkeypatch):
    asked = []

    def counting(text):
        asked.append(text)
        return find_details(text)

    monkeypatch.setattr(presidio, "find_details", counting)
    analyzer.analyze(TEXT, language="nl")
    analyzer.analyze("Dank u wel.", language="nl")
    assert asked == [TEXT, "Dank u wel."]
    gc.collect()
    assert not len(presidio._found)


def test_artifacts_that_serve_for_two_texts_do_not_mix_them_up(analyzer):
    artifacts = analyzer.nlp_engine.process_text("", "nl")
    recogniser = DutchRecognizer(K.PHONE)
    assert recogniser.analyze("bel 06-13370042", None, artifacts)
    assert not recogniser.analyze("bel niet", None, artifacts)
    assert recogniser.analyze("bel 06-13370042", ["PHONE_NUMBER"])


def test_a_batch(analyzer):
    batch = BatchAnalyzerEngine(analyzer_engine=analyzer)
    first, second = batch.analyze_iterator(["Dank u wel.", "bel 06-13370042"], language="nl")
    assert first == []
    assert [r.entity_type for r in second] == ["PHONE_NUMBER"]
    (column,) = batch.analyze_dict({"tekst": ["bel 06-13370042"]}, language="nl")
    assert len(column.recognizer_results[0]) == 1


def test_a_recogniser_of_somebody_else_with_context_words_works_beside_ours():
    analyzer = dutch_analyzer()
    pattern = Pattern("zaak", r"Z-\d{4}", 0.3)
    analyzer.registry.add_recognizer(
        PatternRecognizer("ZAAK", patterns=[pattern], context=["zaaknummer"], supported_language="nl")
    )
    plain, named = (
        max(r.score for r in analyzer.analyze(text, language="nl") if r.entity_type == "ZAAK")
        for text in ("De Z-1234 ligt hier.", "Het zaaknummer Z-1234 ligt hier.")
    )
    assert named > plain


def test_recognisers_fit_a_registry_of_another_language_code():
    registry = RecognizerRegistry(recognizers=dutch_recognizers([K.BSN], language="en"), supported_languages=["en"])
    (found,) = registry.get_recognizers(language="en", all_fields=True)
    assert found.analyze("bsn 123456782", ["NL_BSN"])[0].score > 0.9


@pytest.mark.parametrize("text", ["", " ", "\ud800", "🏠" * 10, "a" * 1_100_000])
def test_odd_texts(analyzer, text):
    assert analyzer.analyze(text, language="nl") == []


def test_the_package_does_not_import_presidio():
    code = "import sys, vptnlp, vptnlp.analyzer, vptnlp.cli; print([m for m in sys.modules if 'presidio' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_example_in_the_docs_runs(root, capsys):
    page = (root / "docs/presidio.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in page.split("```python\n")[1:]]
    assert len(blocks) >= 2
    space: dict[str, object] = {}
    for block in blocks:
        exec(block, space)
    said = capsys.readouterr().out
    assert "PHONE_NUMBER 06-13370042 sender" in said
    assert "NL_ADDRESS Lindelaan 4 target" in said

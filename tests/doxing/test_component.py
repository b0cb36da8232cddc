import pytest

spacy = pytest.importorskip("spacy")

from vptnlp.doxing.component import SPANS_KEY, SUBJECT_EXTENSION, DoxingComponent, make_doxing  # noqa: E402


@pytest.fixture(scope="module")
def component():
    return make_doxing(spacy.blank("nl"), "vptnlp_doxing")


def details(component, text):
    doc = component(spacy.blank("nl").make_doc(text))
    return [(span.text, span.label_, span._.get(SUBJECT_EXTENSION)) for span in doc.spans[SPANS_KEY]]


def test_spans_carry_kind_and_subject(component):
    assert details(component, "Bel mij op 06-13370042.") == [("06-13370042", "PHONE", "sender")]


def test_a_message_without_details_has_an_empty_group(component):
    assert details(component, "Bedankt voor de snelle reactie.") == []


def test_spans_grow_to_whole_tokens(component):
    ((text, kind, _),) = details(component, "mail naar anna@voorbeeld.example/")
    assert kind == "EMAIL"
    assert text.startswith("anna@voorbeeld.example")


def test_the_factory_can_be_made_twice(component):
    assert isinstance(make_doxing(spacy.blank("nl"), "again"), DoxingComponent)


def test_the_component_runs_in_a_pipeline():
    nlp = spacy.blank("nl")
    nlp.add_pipe("vptnlp_doxing")
    docs = list(nlp.pipe(["Mijn moeder woont op Lindelaan 4.", "Dank u."]))
    assert [span.label_ for span in docs[0].spans[SPANS_KEY]] == ["FAMILY", "ADDRESS"]
    assert len(docs[1].spans[SPANS_KEY]) == 0


def test_a_pipeline_with_the_component_can_be_saved(tmp_path):
    nlp = spacy.blank("nl")
    nlp.add_pipe("vptnlp_doxing")
    nlp.to_disk(tmp_path)
    assert spacy.load(tmp_path).pipe_names == ["vptnlp_doxing"]

"""The recognisers as Microsoft Presidio recognisers, and a Dutch analyzer that needs no download.

>>> from vptnlp.presidio import dutch_analyzer
>>> results = dutch_analyzer().analyze("Bel mij op 06-13370042.", language="nl")
>>> [(r.entity_type, r.recognition_metadata["subject"]) for r in results]
[('PHONE_NUMBER', 'sender')]

Needs the extra ``presidio``; nothing else in the package imports this module. Presidio asks every recogniser by itself,
but whose a detail is, and which of two readings holds, follows from all details together. Therefore the details of a text are
found once and shared by the recognisers that read the same `NlpArtifacts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from vptnlp.doxing import Detail, find_details
from vptnlp.errors import MissingExtraError
from vptnlp.taxonomy import DetailKind
from vptnlp.text import replace_surrogates

try:
    from presidio_analyzer import (
        AnalysisExplanation,
        AnalyzerEngine,
        EntityRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
except ImportError:
    raise MissingExtraError("presidio_analyzer", "presidio", "use vptnlp with Presidio") from None

LANGUAGE = "nl"

ENTITIES: dict[DetailKind, str] = {
    DetailKind.PERSON: "PERSON",
    DetailKind.ADDRESS: "NL_ADDRESS",
    DetailKind.POSTCODE: "NL_POSTCODE",
    DetailKind.PLACE: "LOCATION",
    DetailKind.PHONE: "PHONE_NUMBER",
    DetailKind.EMAIL: "EMAIL_ADDRESS",
    DetailKind.HANDLE: "NL_HANDLE",
    DetailKind.URL: "URL",
    DetailKind.BSN: "NL_BSN",
    DetailKind.IBAN: "IBAN_CODE",
    DetailKind.ID_NUMBER: "NL_ID_NUMBER",
    DetailKind.LICENCE_PLATE: "NL_LICENCE_PLATE",
    DetailKind.VEHICLE: "NL_VEHICLE",
    DetailKind.DATE_OF_BIRTH: "NL_DATE_OF_BIRTH",
    DetailKind.AGE: "AGE",
    DetailKind.WORKPLACE: "NL_WORKPLACE",
    DetailKind.INSTITUTION: "NL_INSTITUTION",
    DetailKind.FAMILY: "NL_FAMILY",
    DetailKind.ROUTINE: "NL_ROUTINE",
    DetailKind.APPEARANCE: "NL_APPEARANCE",
    DetailKind.COORDINATES: "NL_COORDINATES",
    DetailKind.IP_ADDRESS: "IP_ADDRESS",
}
"""The entity of each kind: Presidio's own name where it has one for the same thing, else ours after ``NL_``.

An address is no ``LOCATION``, which to Presidio is any place that a text names."""

SUBJECT_KEY = "subject"
"""Key in `recognition_metadata` of a result: whose the detail is, as a `vptnlp.taxonomy.Subject` key."""

KIND_KEY = "kind"
"""Key in `recognition_metadata` of a result: the `DetailKind`."""

_found: WeakKeyDictionary[Any, tuple[str, tuple[Detail, ...]]] = WeakKeyDictionary()
"""What was found in the texts that Presidio is busy with; an entry goes with its `NlpArtifacts`."""


# Types are checked with and without Presidio, hence the ignored base classes.
class DutchRecognizer(EntityRecognizer):  # type: ignore[misc, unused-ignore]
    """Finds one kind of personal detail in Dutch text.

    Args:
        kind: The kind.
        language: The language code to register for; the patterns are Dutch and Flemish whatever it is.

    Each result has the subject and the kind of the detail in its `recognition_metadata`.
    """

    def __init__(self, kind: DetailKind, language: str = LANGUAGE) -> None:
        self.kind = kind
        self.entity = ENTITIES[kind]
        self._title = f"Dutch{''.join(part.capitalize() for part in kind.split('_'))}Recognizer"
        super().__init__([self.entity], name=self._title, supported_language=language)

    def load(self) -> None:
        """Nothing to load: word lists load on first use."""

    def analyze(
        self, text: str, entities: Sequence[str] | None, nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Find the details of this kind.

        Args:
            text: The text.
            entities: Which entities are asked for; none of ours gives no results, None asks for all.
            nlp_artifacts: Shared by the recognisers that work on this text; its contents are not used.
        """
        if entities is not None and self.entity not in entities:
            return []
        return [self._result(detail) for detail in _details(text, nlp_artifacts) if detail.kind == self.kind]

    def _result(self, detail: Detail) -> RecognizerResult:
        explanation = AnalysisExplanation(
            recognizer=self._title,
            original_score=detail.score,
            textual_explanation=f"{self.kind} of the {detail.subject}, found by rules of vptnlp",
        )
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self._title,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            SUBJECT_KEY: str(detail.subject),
            KIND_KEY: str(self.kind),
        }
        return RecognizerResult(self.entity, detail.start, detail.end, detail.score, explanation, metadata)


class BlankDutchEngine(NlpEngine):  # type: ignore[misc, unused-ignore]
    """An NLP engine that only splits words, with spaCy's rules for Dutch: nothing to download.

    Words stand in for lemmas, so that recognisers of others that look for context words work.
    """

    def __init__(self) -> None:
        self._nlp: Any = None

    def load(self) -> None:
        """Make the tokenizer."""
        import spacy

        self._nlp = spacy.blank(LANGUAGE)

    def is_loaded(self) -> bool:
        """Whether the tokenizer is there."""
        return self._nlp is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Split a text into words.

        Args:
            text: The text.
            language: Only ``nl`` is known; Presidio checks that.
        """
        # The tokenizer alone: a whole pipeline would refuse texts of over a million characters.
        doc = self._nlp.tokenizer(replace_surrogates(text))
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lower_ for token in doc],
            nlp_engine=self,
            language=language,
        )

    def process_batch(
        self,
        texts: Iterable[Any],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        as_tuples: bool = False,
        **kwargs: Any,
    ) -> Iterator[tuple[Any, ...]]:
        """Split texts into words one by one; the sizes and further options make no difference.

        Args:
            texts: Texts, or pairs of a text and anything that belongs to it.
            language: As in `process_text`.
            batch_size: Not used.
            n_process: Not used.
            as_tuples: Whether `texts` are pairs.
            kwargs: Not used.

        Yields:
            Each text with its artifacts, and what belongs to it where pairs were given.
        """
        for item in texts:
            text, context = (str(item[0]), item[1:]) if as_tuples else (str(item), ())
            yield (text, self.process_text(text, language), *context)

    def is_stopword(self, word: str, language: str) -> bool:
        """Whether spaCy lists the word among the Dutch stop words."""
        return bool(self._nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        """Whether the word is a punctuation mark."""
        return bool(self._nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        """None: the recognisers find them."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Dutch."""
        return [LANGUAGE]


def dutch_recognizers(
    kinds: Iterable[DetailKind] = tuple(DetailKind), language: str = LANGUAGE
) -> list[EntityRecognizer]:
    """One recogniser a kind, to add to a registry of your own.

    Args:
        kinds: Which kinds; all by default.
        language: The language code to register for.
    """
    return [DutchRecognizer(kind, language) for kind in kinds]


def dutch_analyzer(kinds: Iterable[DetailKind] = tuple(DetailKind)) -> AnalyzerEngine:
    """A Presidio analyzer for Dutch, ready to use: call ``analyze(text, language="nl")``.

    Args:
        kinds: Which kinds to find; all by default.
    """
    registry = RecognizerRegistry(recognizers=dutch_recognizers(kinds), supported_languages=[LANGUAGE])
    return AnalyzerEngine(registry=registry, nlp_engine=BlankDutchEngine(), supported_languages=[LANGUAGE])


def _details(text: str, artifacts: NlpArtifacts | None) -> tuple[Detail, ...]:
    """The details of a text, found once for all recognisers that share `artifacts`."""
    if artifacts is None:
        return find_details(text)
    known = _found.get(artifacts)
    if known is None or known[0] != text:
        known = _found[artifacts] = (text, find_details(text))
    return known[1]

"""The public face: messages in, assessments out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from vptnlp import bundle, language
from vptnlp.bundle import Bundle
from vptnlp.classify import Classifier, Prediction, open_classifier
from vptnlp.doxing.detect import find_spans
from vptnlp.doxing.exposure import exposure_of
from vptnlp.doxing.fusion import Cuts, fuse
from vptnlp.doxing.ownership import assign_subjects
from vptnlp.explain import occlude
from vptnlp.messages import Assessment, Language, Message, ModelInfo, Notice, Span
from vptnlp.taxonomy import DetailKind
from vptnlp.text import replace_surrogates
from vptnlp.triage import Rules, assess_urgency, load_rules

BATCH = 256
"""Messages that are assessed together; memory holds no more of a stream than this."""

_LETTERS_TO_JUDGE = 2
_SURE_FOREIGN = 0.9
_DOUBTFUL_TEMPERATURE = 2.0
"""How much less certain the scores of a text are held that is not readable Dutch. Reasoned, not fitted: the corpus is Dutch."""


class Analyzer:
    """Assesses messages: labels, personal details, cues, urgency and next steps.

    Args:
        classifier: The model.
        rules: The rules of urgency and next steps.
        bundle: The opened bundle of the model, for those who want to know more of it.

    Example:
        >>> analyzer = Analyzer.load()
        >>> assessment = analyzer.assess("Bedankt voor de snelle hulp gisteren.")
        >>> assessment.triage.urgency
        <Urgency.NONE: 'none'>
    """

    def __init__(self, classifier: Classifier, rules: Rules, bundle: Bundle | None = None) -> None:
        self._classifier = classifier
        self._rules = rules
        self.bundle = bundle
        fusion = bundle.manifest.fusion if bundle else {}
        self._policy = {DetailKind(kind): Cuts(*cuts) for kind, cuts in fusion.items()}

    @classmethod
    def load(cls, model: str | Path = bundle.DEFAULT, *, rules: Path | None = None) -> Analyzer:
        """Load a model and the rules of triage.

        Args:
            model: A bundle folder, or the name of a shipped bundle.
            rules: A TOML file of your own in place of the shipped rules of urgency.

        Raises:
            BundleError: The bundle is missing or damaged.
            ConfigError: The rules file is wrong.
        """
        opened = bundle.load(model)
        return cls(open_classifier(opened), load_rules(rules), opened)

    @property
    def info(self) -> ModelInfo:
        """Which model speaks."""
        return self._classifier.info

    def assess(self, message: Message | str, *, explain: bool = False) -> Assessment:
        """Assess one message; a bare text gets the id ``1``.

        Args:
            message: The message, or its bare text.
            explain: Also say how much each word adds (`vptnlp.explain`); costs an assessment a word.
        """
        return next(self.assess_many([message], explain=explain))

    def assess_many(self, messages: Iterable[Message | str], *, explain: bool = False) -> Iterator[Assessment]:
        """Assess a stream of messages in batches.

        Args:
            messages: Messages, or bare texts, which are numbered from 1.
            explain: Also say how much each word adds (`vptnlp.explain`).

        Yields:
            One assessment for each message, in the same order.
        """
        stream = iter(messages)
        number = 0
        while batch := list(islice(stream, BATCH)):
            named = [_writable(m, number + i) for i, m in enumerate(batch, 1)]
            number += len(batch)
            for assessment in self._assess_batch(named):
                yield self._explained(assessment) if explain else assessment

    def details(self, text: str) -> tuple[Span, ...]:
        """The personal details in a text, with whose they are."""
        (prediction,) = self._classifier.predict([text])
        return self._details(text, prediction)

    def _details(self, text: str, prediction: Prediction) -> tuple[Span, ...]:
        found, hostile = find_spans(text), prediction.labels.hostile
        if prediction.words is None or not self._policy:
            return assign_subjects(text, found, hostile)
        return fuse(text, found, prediction.words, self._policy, hostile)

    def _explained(self, assessment: Assessment) -> Assessment:
        return replace(assessment, explanation=occlude(self._classifier, assessment.message.text))

    def _assess_batch(self, messages: Sequence[Message]) -> Iterator[Assessment]:
        predictions = self._classifier.predict([message.text for message in messages])
        for message, prediction in zip(messages, predictions, strict=True):
            yield self._join(message, prediction)

    def _join(self, message: Message, prediction: Prediction) -> Assessment:
        details = self._details(message.text, prediction)
        exposed = exposure_of(prediction.labels, details)
        labels = replace(prediction.labels, doxing=exposed.doxing)
        found = language.identify(message.text)
        doubt = _doubt(message.text, found, legible=prediction.legible)
        # Who hides his words must not sink in the list by it.
        disguised = not prediction.legible and labels.hostile
        flat = doubt is not None and not disguised
        scores = prediction.scores.flattened(_DOUBTFUL_TEMPERATURE) if flat else prediction.scores
        return Assessment(
            message=message,
            model=self.info,
            language=found,
            labels=labels,
            scores=scores,
            details=details,
            cues=prediction.cues,
            triage=assess_urgency(message.text, labels, scores, details, prediction.cues, self._rules),
            warnings=tuple(notice for notice in (doubt, *_unread_parts(message), exposed.reason) if notice is not None),
        )


def _writable(message: Message | str, number: int) -> Message:
    """A message whose text any encoding can write; a bare text is named by its number."""
    if isinstance(message, str):
        return Message(str(number), replace_surrogates(message))
    clean = replace_surrogates(message.text)
    return message if clean == message.text else replace(message, text=clean)


def _doubt(text: str, found: Language, *, legible: bool) -> Notice | None:
    """Why a text can hardly be judged: it has no words, is in another language, or the model does not know its words."""
    letters = sum(c.isalpha() for c in islice(text, 1000))
    if letters < _LETTERS_TO_JUDGE:
        return Notice(
            "no_words", "Er staan geen woorden in dit bericht. Het model kan het niet beoordelen: lees het zelf."
        )
    if found.code not in ("nl", "und") and found.score >= _SURE_FOREIGN:
        return Notice(
            "not_dutch",
            f"Dit bericht lijkt niet Nederlands te zijn (taalcode: {found.code}). De uitkomst is onzeker: lees het zelf.",
        )
    if not legible:
        return Notice(
            "illegible",
            "Dit bericht bestaat vooral uit woorden die het model niet kent: een andere taal, een code of verhulde spelling. "
            "De uitkomst is onzeker: lees het zelf.",
        )
    return None


def _unread_parts(message: Message) -> Iterator[Notice]:
    if message.meta.get("truncated"):
        yield Notice("truncated", "Het bericht is erg lang. Alleen het begin is gelezen: bekijk de rest zelf.")
    if message.quoted:
        yield Notice("quoted", "Het bericht bevat eerdere berichten van anderen. Die zijn niet meegewogen.")

"""Prometheus metrics: times, counts and label rates. Never text; every label value comes from this program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily

from vptnlp.messages import Assessment, ModelInfo
from vptnlp_service import drift, logs

if TYPE_CHECKING:
    from prometheus_client.registry import Collector
    from structlog.typing import FilteringBoundLogger

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """All metrics of one service, in a registry of their own. The batcher's observer.

    Args:
        logger: Told of messages that could not be assessed.
    """

    def __init__(self, logger: FilteringBoundLogger) -> None:
        self._logger = logger
        self._window = drift.Window()
        self._label_counters: dict[drift.Label, Counter] = {}
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "vptnlp_requests", "Requests answered.", ["route", "method", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "vptnlp_request_seconds", "Time to answer a request.", ["route"], buckets=_SECONDS, registry=registry
        )
        self._refused = Counter("vptnlp_refused", "Requests refused, by reason.", ["reason"], registry=registry)
        self.in_hand = Gauge("vptnlp_requests_in_hand", "Requests in hand now.", registry=registry)
        self._queue = Gauge("vptnlp_queue_messages", "Messages that wait for the model.", registry=registry)
        self._queue_seconds = Histogram(
            "vptnlp_queue_seconds", "Time a request waited for the model.", buckets=_SECONDS, registry=registry
        )
        self._batch_messages = Histogram(
            "vptnlp_batch_messages", "Messages in a batch.", buckets=_SIZES, registry=registry
        )
        self._batch_seconds = Histogram(
            "vptnlp_batch_seconds", "Time of a batch in the model.", buckets=_SECONDS, registry=registry
        )
        self._messages = Counter("vptnlp_messages", "Messages assessed.", registry=registry)
        self._failed = Counter("vptnlp_messages_failed", "Messages that could not be assessed.", registry=registry)
        self._labels = Counter("vptnlp_labels", "Labels given.", ["axis", "label"], registry=registry)
        self._model = Gauge("vptnlp_model", "The loaded model.", ["name", "version", "sha256"], registry=registry)

    def loaded(self, info: ModelInfo, figures: Mapping[str, Any], waiting: Callable[[], int]) -> None:
        """Tell which model speaks.

        Args:
            info: The model.
            figures: Its ``metrics.json``.
            waiting: Gives how many messages wait.
        """
        self._model.labels(info.name, info.version, info.sha256).set(1)
        self._queue.set_function(waiting)
        self.registry.register(_Rates(self._window, drift.reference(figures)))

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(route, method, status).inc()
        self._request_seconds.labels(route).observe(seconds)

    def refused(self, reason: str) -> None:
        """A request was refused."""
        self._refused.labels(reason).inc()

    def batch(self, messages: int, seconds: float) -> None:
        """A batch went through the model."""
        self._batch_messages.observe(messages)
        self._batch_seconds.observe(seconds)

    def waited(self, seconds: float) -> None:
        """The first messages of a request waited so long for the model."""
        self._queue_seconds.observe(seconds)

    def assessed(self, assessments: Sequence[Assessment]) -> None:
        """These messages were assessed."""
        self._messages.inc(len(assessments))
        given = [tuple(drift.labels_of(assessment)) for assessment in assessments]
        for labels in given:
            for label in labels:
                if label not in self._label_counters:
                    self._label_counters[label] = self._labels.labels(*label)
                self._label_counters[label].inc()
        self._window.add(given)

    def failed(self, error: BaseException) -> None:
        """A message could not be assessed."""
        self._failed.inc()
        self._logger.error("message failed", **logs.describe(error))


class _Rates:
    """Label rates of the last 24 hours beside those of the bundle, worked out when they are asked for."""

    def __init__(self, window: drift.Window, reference: Mapping[drift.Label, float]) -> None:
        self._window = window
        self._reference = reference

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics."""
        messages, rates = self._window.rates()
        counted = GaugeMetricFamily("vptnlp_label_rate_messages", "Messages behind the label rates (last 24 hours).")
        counted.add_metric([], messages)
        yield counted
        yield _family("vptnlp_label_rate", "Share of messages with a label, last 24 hours.", rates)
        yield _family(
            "vptnlp_label_rate_reference", "Share that the model gave it on its own test split.", self._reference
        )
        moved = {label: rates[label] - rate for label, rate in self._reference.items() if label in rates}
        yield _family("vptnlp_label_rate_drift", "Rate of the last 24 hours less the reference.", moved)


def _family(name: str, text: str, rates: Mapping[drift.Label, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=["axis", "label"])
    for (axis, label), rate in rates.items():
        family.add_metric([axis, label], rate)
    return family


if TYPE_CHECKING:
    _: Collector = _Rates(drift.Window(), {})

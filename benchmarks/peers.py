"""Quality beside other classifiers that learn from the same messages: fastText, spaCy's textcat, SetFit on the same encoder.

Every peer learns from the messages that the shipped encoder learned from (the train splits of `configs/base.toml`) and answers
with log odds of all outputs. From there on all is equal: the
library calibrates them on dev and chooses the thresholds there, makes labels of them, and measures these on the test split and
on VPT-Check. The shipped bundles went through the same and are measured with the same code. No model, ours neither, is helped by
what the library joins to a classifier: the rules do not correct the doxing label, scores of foreign messages are not flattened,
urgency (which some cases of VPT-Check ask for) has the details of the rules and no cues. So the figures of the bundles differ a
little from those of their cards. Peers read the text as our classifiers do, normalised.

The peers live in an environment of their own (`.venv-peers`, from `peers.txt`) and are no dependencies; what they learn is
thrown away. Run it on a machine that does nothing else: the time that a peer may learn in is that of the clock.

Writes `benchmarks/peers.json` and the table in `benchmarks/README.md`, and in `README.md` where the marks `<!-- peers -->` and
`<!-- /peers -->` stand there. `make bench-peers` runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tables
from peer_task import Answer, Array, Task

from vptnlp import bundle, evaluation
from vptnlp.bundle import CorpusReference
from vptnlp.classify import decide, open_classifier
from vptnlp.classify.outputs import OUTPUTS, probabilities, to_scores
from vptnlp.corpus import Example, load_split
from vptnlp.doxing import find_details
from vptnlp.evaluation.bootstrap import Bootstrap, Draws
from vptnlp.evaluation.compare import compare
from vptnlp.evaluation.headline import share
from vptnlp.evaluation.suite import Case, load_suite, run_suite
from vptnlp.messages import Assessment, Labels, Language, Message, ModelInfo, Scores
from vptnlp.text import normalise
from vptnlp.training.calibration import calibrate
from vptnlp.training.config import EncoderConfig, load_config
from vptnlp.training.data import load_data
from vptnlp.training.gold import gold_matrix
from vptnlp.training.identity import identity
from vptnlp.triage import Rules, assess_urgency, load_rules

ROOT = Path(__file__).parents[1]
OURS = ("vpt-nl-base", "vpt-nl-linear")
PEERS = {"setfit": "SetFit, same encoder", "spacy": "spaCy textcat", "fasttext": "fastText"}
SECONDS = {"setfit": 210, "spacy": 120, "fasttext": 90}
"""Time to learn in; SetFit's is that of its first stage."""

FIGURES = {
    "macro_f1_over_axes": "**test: macro-F1, mean over the axes**",
    "threat_auprc": "test: threat, AUPRC",
    "threat_recall_at_5_percent_false_alarms": "test: threat, recall at 5% false alarms",
    "threat_macro_f1": "test: threat, macro-F1 of four classes",
    "false_alarms_harmless": "test: harmless messages given a threat or doxing",
}
MAIN, SUITE = "macro_f1_over_axes", "vpt_check_mean_pass_rate"


@dataclass(frozen=True)
class Data:
    """What all are measured on."""

    test: list[Example]
    suite: Mapping[str, list[Case]]

    @property
    def texts(self) -> list[str]:
        """The texts of the test split, then those of the suite."""
        return [e.text for e in self.test] + [t for cases in self.suite.values() for c in cases for t in c.texts]


@dataclass(frozen=True)
class Measured:
    """One classifier: what it says of the test split, which cases it passes, and what is told of it.

    Attributes:
        title: Its name in the table.
        assessments: One for each message of the test split.
        passed: Functionality to 1 for each case that it passes, shape (cases,).
        about: Versions, settings, seconds.
    """

    title: str
    assessments: list[Assessment]
    passed: Mapping[str, Array]
    about: dict[str, Any]


def measure(title: str, data: Data, said: Sequence[tuple[Scores, Labels]], about: dict[str, Any]) -> Measured:
    """Make assessments of scores and labels, and run the suite on them."""
    rules = load_rules(None)
    info = ModelInfo(title, "", "")
    given = [
        assessed(str(i), text, *held, info, rules) for i, (text, held) in enumerate(zip(data.texts, said, strict=True))
    ]
    tested = len(data.test)
    failures = run_suite(data.suite, lambda _: given[tested:]).failures
    passed = {key: np.array([c.id not in failures[key] for c in cases], int) for key, cases in data.suite.items()}
    return Measured(title, given[:tested], passed, about)


def assessed(id: str, text: str, scores: Scores, labels: Labels, info: ModelInfo, rules: Rules) -> Assessment:
    """An assessment of the classifier's own labels, with urgency from these and the details of the rules."""
    details = find_details(text, hostile=labels.hostile)
    triage = assess_urgency(text, labels, scores, details, (), rules)
    return Assessment(Message(id, text), info, Language("nl", 1.0), labels, scores, details, (), triage)


def ours(name: str, data: Data, corpora: CorpusReference) -> Measured:
    """A shipped bundle, and whether it was trained on the corpora that the peers learn from."""
    opened = bundle.load(name)
    said = [(p.scores, p.labels) for p in open_classifier(opened).predict(data.texts)]
    about = {
        "version": opened.info.version,
        "sha256": opened.info.sha256,
        "same_corpora": opened.manifest.corpus == corpora,
        "training_seconds": opened.manifest.training.get("seconds"),
    }
    if not about["same_corpora"]:
        print(f"{name} was trained on other corpora than the peers.", file=sys.stderr)
    return measure(opened.info.name, data, said, about)


def peer(name: str, data: Data, task: Task, python: Path, work: Path) -> Measured:
    """Train a peer in its environment and label with the library."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    task.write(folder)
    worker = Path(__file__).with_name(f"peer_{name}.py")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    subprocess.run([python, "-W", "ignore", worker, folder], check=True, env=environment, stdout=sys.stderr)
    answer = Answer.read(folder)
    scale, shift, thresholds = calibrate(answer.dev, task.dev_gold)
    rows = [to_scores(row) for row in probabilities(answer.others, scale, shift).tolist()]
    return measure(PEERS[name], data, [(scores, decide(scores, thresholds)) for scores in rows], answer.about)


def suite_draws(passed: Mapping[str, Array]) -> Draws:
    """The mean pass rate over functionalities, cases of each drawn again; the same draws for every model."""
    rates = [
        Bootstrap(len(held), seed=i).draws_of_sums(np.stack([held, np.ones_like(held)], axis=1), share)
        for i, (_, held) in enumerate(sorted(passed.items()))
    ]
    values, resampled = [r.value for r in rates], [r.resampled for r in rates]
    return Draws(float(np.mean(values)), np.mean(resampled, axis=0))


def figures(found: Measured, first: Measured, data: Data) -> dict[str, Any]:
    """What is told of one classifier, and by how much the first is better, over the same resamples."""
    headline = evaluation.evaluate(data.test, found.assessments).headline
    told: dict[str, Any] = {key: headline[key].to_dict() for key in FIGURES}
    draws = suite_draws(found.passed)
    told[SUITE] = draws.estimate().to_dict()
    if found is not first:
        paired = {d.key: d.difference for d in compare(data.test, first.assessments, found.assessments).differences}
        told["first_minus_this"] = {
            MAIN: paired[MAIN].to_dict(),
            SUITE: suite_draws(first.passed).minus(draws).estimate().to_dict(),
        }
    return told | found.about


def table(results: Mapping[str, Any]) -> str:
    """The results as Markdown."""
    models: dict[str, Any] = results["models"]
    first = next(iter(models))
    rows = [f"| | {' | '.join(models)} |", f"| --- |{' ---: |' * len(models)}"]

    def row(name: str, cells: Sequence[str]) -> None:
        rows.append(f"| {name} | {' | '.join(cells)} |")

    for key, name in {**FIGURES, SUITE: "**VPT-Check: mean pass rate**"}.items():
        row(name, [interval(found[key]) for found in models.values()])
    for key, name in ((MAIN, "macro-F1 on test"), (SUITE, "VPT-Check")):
        told = [interval(m["first_minus_this"][key]) if "first_minus_this" in m else "–" for m in models.values()]
        row(f"{first} minus it: {name}", told)
    seconds = [found["training_seconds"] for found in models.values()]
    row("seconds of training", ["–" if taken is None else f"{taken:.0f}" for taken in seconds])
    return "\n".join([*rows, "", verdict(models), "", about(results)])


def verdict(models: Mapping[str, Any]) -> str:
    """Whether the first is better than every other, in one sentence."""
    first, *others = models
    parts = []
    for key, name in ((MAIN, "macro-F1 on the test split"), (SUITE, "VPT-Check")):
        unclear = [m for m in others if models[m]["first_minus_this"][key]["low"] <= 0]
        held = f"not clearly better than {', '.join(unclear)}" if unclear else "better than every other"
        parts.append(f"on {name} it is {held}")
    return f"`{first}`: {' and '.join(parts)} (95% interval of the paired difference above 0)."


def about(results: Mapping[str, Any]) -> str:
    """What was measured, and how."""
    told = []
    for name, model in results["models"].items():
        if "settings" in model:
            versions = ", ".join(f"{package} {version}" for package, version in model["versions"].items())
            settings = ", ".join(f"{key} {value}" for key, value in model["settings"].items())
            told.append(f"{name}: {versions}; {settings}.")
    corpora = " and ".join(f"`{c['name']} {c['version']}`" for c in results["corpora"])
    differs = [name for name, model in results["models"].items() if model.get("same_corpora") is False]
    caution = f" Trained on other corpora: {', '.join(differs)}." if differs else ""
    said = (
        f"All learn from {results['train']} messages, the train splits of {corpora}; the library calibrates and "
        f"chooses thresholds on dev. Measured on {results['test']} messages of test and {results['cases']} cases of "
        f"`{results['suite']}`, with 95% bootstrap intervals over scenarios, or over the cases of each functionality. Labels as "
        "the classifiers give them, without the rules that correct the doxing label. Seconds of "
        f"{results['cores']} cores, the choice of settings on dev included.{caution}"
    )
    return "\n".join([said, "", *(f"- {line}" for line in told)])


def interval(found: Mapping[str, float]) -> str:
    """A figure with its interval."""
    return f"{found['value']:.3f} ({found['low']:.3f} – {found['high']:.3f})"


def pretrained(folder: Path, train: Sequence[Example], config: EncoderConfig) -> None:
    """The encoder as our own training starts from it, made where it is missing."""
    if not (folder / "config.json").is_file():
        from vptnlp.training.encoder_import import import_encoder

        import_encoder(folder, [e.text for e in train], config.encoder.pieces)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--ours", nargs="*", default=OURS, help="bundle folders or names of shipped ones, the best first"
    )
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv-peers", help="environment of the peers")
    parser.add_argument("--encoder", type=Path, help="folder of the pretrained encoder; made anew by default")
    parser.add_argument("--config", type=Path, default=ROOT / "configs/base.toml", help="what our encoder learns from")
    parser.add_argument("--suite", type=Path, default=ROOT / "corpora/vpt-check")
    parser.add_argument("--budget", type=float, default=1.0, help="multiplies the time that each peer may learn in")
    parser.add_argument("--limit", type=int, help="the first messages of every split only, to try the script")
    parser.add_argument("--work", type=Path, help="folder to keep what the peers answered; a temporary one by default")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks", help="folder of peers.json and README.md")
    options = parser.parse_args()
    if options.peers and not (options.environment / "bin/python").is_file():
        parser.error(f"There is no environment of the peers in '{options.environment}'; run 'make bench-peers'.")
    return options


def main() -> None:
    """Train the peers, measure all, write the results."""
    options = parse()
    config = load_config(options.config)
    assert isinstance(config, EncoderConfig)
    root = options.config.parent
    learned = load_data(config.corpus, root)
    train, dev = learned.train[: options.limit], learned.dev[: options.limit]
    test = load_split(root / config.corpus.path, "test")[: options.limit]
    corpora = CorpusReference.model_validate(identity(config, root)["corpus"])
    data = Data(test, load_suite(options.suite))
    found = [ours(name, data, corpora) for name in options.ours]
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        encoder = (options.encoder or work / "pretrained").resolve()
        if "setfit" in options.peers:
            pretrained(encoder, train, config)
        for name in options.peers:
            task = Task(
                outputs=[f"{axis}={label}" for axis, label in OUTPUTS],
                train=plain([e.text for e in train]),
                train_gold=gold_matrix(train),
                dev=plain([e.text for e in dev]),
                dev_gold=gold_matrix(dev),
                others=plain(data.texts),
                seconds=SECONDS[name] * options.budget,
                encoder=str(encoder),
            )
            found.append(peer(name, data, task, options.environment / "bin/python", work))
            print(f"{name}: trained in {found[-1].about['training_seconds']} s", file=sys.stderr)
    results = {
        "corpora": [c.model_dump(include={"name", "version", "sha256"}) for c in (corpora, *corpora.add)],
        "train": len(train),
        "test": len(test),
        "suite": options.suite.resolve().name,
        "cases": sum(len(cases) for cases in data.suite.values()),
        "cores": len(os.sched_getaffinity(0)),
        "models": {m.title: figures(m, found[0], data) for m in found},
    }
    written = table(results)
    tables.write(options.output, "peers", results, written)
    readme = options.output.parent / "README.md"
    if readme.is_file() and "<!-- peers -->" in readme.read_text(encoding="utf-8"):
        tables.insert(readme, "peers", written.partition("\n\n")[0])
    print(json.dumps({m: results["models"][m][MAIN] for m in results["models"]}), file=sys.stderr)
    print(written)


def plain(texts: Sequence[str]) -> list[str]:
    """The texts as our classifiers read them."""
    return [normalise(text).text for text in texts]


if __name__ == "__main__":
    main()

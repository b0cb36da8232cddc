"""The messages of a training run: one corpus, or several together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vptnlp.corpus import Example, files, load_split, similarity, version
from vptnlp.errors import ConfigError
from vptnlp.training.config import AddedCorpus, CorpusSection

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Messages to learn from, and to choose by.

    Attributes:
        train: The train splits, one after the other; that of an added corpus as often as its configuration says.
        dev: The dev splits, each once.
    """

    train: list[Example] = field(repr=False)
    dev: list[Example] = field(repr=False)


def load_data(config: CorpusSection, root: Path) -> TrainingData:
    """Read all corpora of a configuration.

    Args:
        config: The corpora.
        root: The folder that their paths are relative to.

    Raises:
        CorpusError: A corpus cannot be read.
        ConfigError: A corpus is another version than the configuration says, or a message that one corpus keeps for dev or
            test is in the train split of another.
    """
    named: list[CorpusSection | AddedCorpus] = [config, *config.add]
    for corpus in named:
        _check_version(corpus, root / corpus.path)
    train = [load_split(root / corpus.path, "train") for corpus in named]
    dev = [load_split(root / corpus.path, "dev") for corpus in named]
    if config.add:
        _check_apart(train, [*dev, *(_test(root / corpus.path) for corpus in named)])
    added = [example for corpus, own in zip(config.add, train[1:], strict=True) for example in own * corpus.repeat]
    return TrainingData(train[0] + added, [example for own in dev for example in own])


def _check_version(config: CorpusSection | AddedCorpus, folder: Path) -> None:
    said = version.about(folder)
    if said is not None and (said.name, said.version) != (config.name, config.version):
        raise ConfigError(
            f"The folder '{folder}' holds {said.name} {said.version}, and the configuration says {config.name} "
            f"{config.version}; change the one that is wrong."
        )


def _check_apart(train: Sequence[Sequence[Example]], kept: Sequence[Sequence[Example]]) -> None:
    """Refuse corpora of which one teaches what another tests."""
    learned = {folded for split in train for folded, _ in _folded(split)}
    if found := [id for split in kept for folded, id in _folded(split) if folded in learned]:
        raise ConfigError(
            f"{len(found)} messages stand in the train split of one corpus and in dev or test of one, such as "
            f"{', '.join(found[:_SHOWN])}; name each message in one corpus only, and one version of a corpus."
        )


def _test(folder: Path) -> list[Example]:
    """The test split, where there is one: training does not need it."""
    return load_split(folder, "test") if files.split_path(folder, "test").is_file() else []


def _folded(examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    """Folded text and id of the longer messages; two people can write the same few words."""
    for example in examples:
        folded = similarity.fold(example.text)
        if len(folded.split()) > similarity.LONG_WORDS:
            yield folded, example.id

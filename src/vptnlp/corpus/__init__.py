"""Corpora: records, markup, rules, near-duplicates, splits, counts."""

from __future__ import annotations

from pathlib import Path

from vptnlp.corpus import files, records, splits
from vptnlp.corpus.files import fingerprint, load_split, read_examples
from vptnlp.corpus.records import Example

__all__ = ["Example", "compile_corpus", "fingerprint", "load_split", "read_examples"]


def compile_corpus(corpus: Path) -> dict[str, int]:
    """Compile the authoring files of a corpus folder into ``data/<split>.jsonl``, with ``checksums.txt`` beside them.

    Args:
        corpus: The corpus folder.

    Returns:
        Number of messages in each split.

    Raises:
        CorpusError: An authoring file breaks the format.
    """
    parts = {path.stem: list(read_examples(path)) for path in files.parts(corpus)}
    divided = splits.split_parts(parts)
    (corpus / "data").mkdir(exist_ok=True)
    sums = []
    for split, examples in divided.items():
        target = files.split_path(corpus, split)
        files.write_jsonl(target, (records.to_compiled(e) for e in examples))
        sums.append(f"{files.sha256(target)}  data/{target.name}\n")
    (corpus / "checksums.txt").write_text("".join(sums), encoding="utf-8")
    return {split: len(examples) for split, examples in divided.items()}

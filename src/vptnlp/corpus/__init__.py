"""Corpora: records, markup, rules, near-duplicates, splits, counts."""

from __future__ import annotations

from pathlib import Path

from vptnlp import checksums
from vptnlp.corpus import files, records, schema, splits, votes
from vptnlp.corpus.files import fingerprint, load_split, read_examples
from vptnlp.corpus.records import Example
from vptnlp.errors import CorpusError

__all__ = ["Example", "compile_corpus", "fingerprint", "load_split", "read_examples"]


def compile_corpus(corpus: Path) -> dict[str, int]:
    """Compile the authoring files and votes of a corpus folder into ``data/<split>.jsonl``.

    ``checksums.txt`` and ``schema.json`` are written beside them.

    Args:
        corpus: The corpus folder.

    Returns:
        Number of messages in each split.

    Raises:
        CorpusError: An authoring file breaks the format, or there is none.
    """
    if not files.parts(corpus):
        raise CorpusError(f"The folder '{corpus}' has no files in 'authoring' to compile; its splits stay as they are.")
    held = votes.read_votes(corpus)
    parts = {path.stem: list(votes.attach(read_examples(path), held)) for path in files.parts(corpus)}
    divided = splits.split_parts(parts)
    (corpus / "data").mkdir(exist_ok=True)
    for split, examples in divided.items():
        target = files.split_path(corpus, split)
        files.write_jsonl(target, (records.to_compiled(e) for e in examples))
    sums = checksums.lines(corpus, (files.split_path(corpus, split) for split in divided))
    (corpus / checksums.FILE).write_text(sums, encoding="utf-8")
    (corpus / schema.FILE).write_text(schema.text(), encoding="utf-8")
    return {split: len(examples) for split, examples in divided.items()}

"""Corpora: records, markup, rules, near-duplicates, splits, counts."""

from vptnlp.corpus.files import fingerprint, load_split, read_examples
from vptnlp.corpus.records import Example

__all__ = ["Example", "fingerprint", "load_split", "read_examples"]

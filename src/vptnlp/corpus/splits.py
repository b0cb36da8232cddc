"""Splits by scenario: all messages of a scenario stay together, and labels spread evenly.

The rule for VPT-NL: parts whose name starts with ``t`` are test, with ``d`` dev (other authors than train), with ``y`` train
(written after the first release, so that its splits stay as they were); the rest is train, less the share of scenarios that
brings dev to its size.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from vptnlp.corpus.records import Example, labels_to_dict


def split_by_scenario(
    examples: Sequence[Example],
    shares: Mapping[str, float],
    *,
    seed: str = "vpt-nl",
    fixed: Mapping[str, str] | None = None,
) -> dict[str, list[Example]]:
    """Divide examples over splits by scenario, keeping label counts near each split's share.

    Greedy iterative stratification over groups (Sechidis, Tsoumakas & Vlahavas 2011, for groups): scenarios with the
    rarest labels are placed first, each in the split that lacks its labels most. Deterministic for given examples and seed.

    Args:
        examples: The examples.
        shares: Split name to share; shares add up to 1.
        seed: Orders scenarios that are equally rare.
        fixed: Scenario to the split that it is in already; the others fill up what these leave.

    Returns:
        Split name to examples, in the order given.
    """
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.scenario].append(example)
    counts = {name: Counter[str]() for name in groups}
    for name, members in groups.items():
        for member in members:
            counts[name].update(_labels_of(member))
    totals: Counter[str] = sum(counts.values(), Counter())
    wanted = {
        split: {label: share * total for label, total in totals.items()} for split, share in shares.items() if share > 0
    }

    def order(name: str) -> tuple[int, str]:
        rarest = min(totals[label] for label in counts[name])
        return rarest, hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()

    chosen = {name: split for name, split in (fixed or {}).items() if name in groups}
    for name, split in chosen.items():
        for label, n in counts[name].items():
            if split in wanted:
                wanted[split][label] -= n
    for name in sorted(groups.keys() - chosen.keys(), key=order):

        def need(split: str, name: str = name) -> float:
            lack = wanted[split]
            return sum(n * lack[label] / totals[label] / shares[split] for label, n in counts[name].items())

        best = max(wanted, key=need)
        chosen[name] = best
        for label, n in counts[name].items():
            wanted[best][label] -= n
    out: dict[str, list[Example]] = {split: [] for split in (*shares, *chosen.values())}
    for example in examples:
        out[chosen[example.scenario]].append(example)
    return out


def split_parts(parts: Mapping[str, Sequence[Example]], dev_share: float = 0.1) -> dict[str, list[Example]]:
    """Split the parts of VPT-NL into train, dev and test.

    Args:
        parts: Part name to its examples; the first letter of the name tells test (``t``), dev (``d``) and train (``y``).
        dev_share: Share of the examples outside ``y`` that dev shall have, its own parts included.

    Returns:
        ``train``, ``dev`` and ``test``.
    """
    test = [e for name, examples in parts.items() if name.startswith("t") for e in examples]
    dev = [e for name, examples in parts.items() if name.startswith("d") for e in examples]
    later = [e for name, examples in parts.items() if name.startswith("y") for e in examples]
    rest = [e for name, examples in parts.items() if name[0] not in "tdy" for e in examples]
    missing = dev_share * (len(test) + len(dev) + len(rest)) - len(dev)
    share = min(max(missing / len(rest), 0.0), 1.0) if rest else 0.0
    divided = split_by_scenario(rest, {"train": 1 - share, "dev": share})
    return {"train": divided["train"] + later, "dev": dev + divided["dev"], "test": test}


def _labels_of(example: Example) -> list[str]:
    found = [f"category={example.category}", "all"]
    for axis, value in labels_to_dict(example.labels).items():
        values = value if isinstance(value, list) else [value]
        found += [f"{axis}={v}" for v in values]
    return found

"""Urgency from stated factors, next steps from the measures of Veilige Publieke Taak, and statute cards.

What is weighed, advised and quoted stands in `rules.toml`, `steps.toml` and `statutes.toml` beside this file; the code
only reads facts from an assessed message and looks up which entries hold. `docs/vpt-measures.md` gives the reasons.
"""

from __future__ import annotations

from vptnlp.triage.assess import assess_urgency
from vptnlp.triage.rules import Rules, load_rules

__all__ = ["Rules", "assess_urgency", "load_rules"]

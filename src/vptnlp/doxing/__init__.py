"""Personal details in Dutch messages: which there are, and whose they are."""

from vptnlp.doxing.base import THRESHOLD, Detail, Passage, Recogniser
from vptnlp.doxing.detect import RECOGNISERS, find_details

__all__ = ["RECOGNISERS", "THRESHOLD", "Detail", "Passage", "Recogniser", "find_details"]

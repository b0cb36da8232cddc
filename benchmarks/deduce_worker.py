"""Runs inside the environment of deduce: a JSON list of texts on stdin, findings and seconds as one JSON line on stdout."""

import json
import sys
import time

from deduce import Deduce


def main() -> None:
    texts = json.load(sys.stdin)
    tool = Deduce()
    for text in texts[:8]:
        tool.deidentify(text)
    started = time.perf_counter()
    found = [[(int(a.start_char), int(a.end_char), a.tag) for a in tool.deidentify(text).annotations] for text in texts]
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "found": found}))


if __name__ == "__main__":
    main()

"""The command line `vptnlp`: one file a command, thin over plain functions.

Exit status: 0 done, 1 some inputs could not be read (each named on stderr, the rest done), 2 wrong use.
"""

from __future__ import annotations

import sys

import typer

from vptnlp.cli import annotate, assess, bundle, corpus, evaluate, redact, serve, service, taxonomy, train, triage
from vptnlp.errors import VptnlpError

app = typer.Typer(
    name="vptnlp",
    help="Recognises threats, intent and doxing in Dutch messages to people with a public task.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("assess")(assess.assess)
app.command("triage")(triage.triage)
app.command("redact")(redact.redact)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("taxonomy")(taxonomy.taxonomy)
app.command("serve")(serve.serve)
app.add_typer(annotate.app, name="annotate")
app.add_typer(bundle.app, name="bundle")
app.add_typer(corpus.app, name="corpus")
app.add_typer(service.app, name="service")


def main() -> None:
    """Run the command line; errors that `vptnlp` raises on purpose become one sentence and status 2."""
    try:
        app()
    except VptnlpError as error:
        print(f"vptnlp: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output (such as `head`) has gone: nothing is wrong. Python would complain at exit otherwise.
        sys.stdout = None
        sys.exit(0)

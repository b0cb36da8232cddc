"""One exception tree for everything `vptnlp` raises on purpose.

::

    VptnlpError
    ├── InputError      an input file, row or value cannot be used
    ├── CorpusError     corpus data break the format or the taxonomy
    │   └── MarkupError inline markup is malformed
    ├── BundleError     a model folder is incomplete, damaged or of another format
    ├── ConfigError     a configuration file or option is wrong
    ├── MissingExtraError  an optional package is needed; the message names the extra
    └── ServiceError    a service that the client calls cannot be reached, or refuses (`vptnlp.client`)

Messages are full sentences that name the input, what is wrong and what to do.
They never contain the text of a message that is being assessed.
"""

from __future__ import annotations


class VptnlpError(Exception):
    """Base of all errors that `vptnlp` raises on purpose."""


class InputError(VptnlpError):
    """An input file, row or value cannot be used."""


class CorpusError(VptnlpError):
    """Corpus data break the format or the taxonomy."""


class MarkupError(CorpusError):
    """Inline markup is malformed."""


class BundleError(VptnlpError):
    """A model folder is incomplete, damaged or of another format."""


class ConfigError(VptnlpError):
    """A configuration file or option is wrong."""


class MissingExtraError(VptnlpError):
    """An optional package is needed.

    Args:
        package: The import name that was not found.
        extra: The extra of `vptnlp` that installs it.
        purpose: What it is needed for, to complete "is needed to ...".
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"The package '{package}' is needed to {purpose}; install it with: pip install 'vptnlp[{extra}]'."
        )
        self.package = package
        self.extra = extra

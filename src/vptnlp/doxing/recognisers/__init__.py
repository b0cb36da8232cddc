"""One module a recogniser; `vptnlp.doxing.detect` lists them all."""

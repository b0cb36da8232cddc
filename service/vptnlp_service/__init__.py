"""The HTTP service of vptnlp."""

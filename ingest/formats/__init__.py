"""One module a format: bytes in, ``Extract`` out; each parser library is imported inside the one module that uses it."""

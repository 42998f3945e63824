"""The applications that are measured: the same API, with and without crosslet."""

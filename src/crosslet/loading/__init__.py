"""How related rows arrive: for all objects that came together, awaited or not, or with an error that advises."""

from crosslet.loading.sites import Site, call_site

__all__ = ["Site", "call_site"]

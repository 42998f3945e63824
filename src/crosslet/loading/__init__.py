"""How related rows arrive: for all objects that came together, awaited or not, or with an error that advises."""

from crosslet.loading.loads import COLUMNS, TOUCHED
from crosslet.loading.messages import advice_for, chain_to
from crosslet.loading.modes import Fetch, FetchMode, checked_mode, fetch
from crosslet.loading.origins import ORIGIN, Origin, origin_of, way_to
from crosslet.loading.portals import close_portal, portal
from crosslet.loading.private import broken_contract, execute_from_origin
from crosslet.loading.private import install as install_loaders
from crosslet.loading.sites import Site, call_site

__all__ = [
    "COLUMNS",
    "ORIGIN",
    "TOUCHED",
    "Fetch",
    "FetchMode",
    "Origin",
    "Site",
    "advice_for",
    "broken_contract",
    "call_site",
    "chain_to",
    "checked_mode",
    "close_portal",
    "execute_from_origin",
    "fetch",
    "install_loaders",
    "origin_of",
    "portal",
    "way_to",
]

"""What happened, and what there is: gathered here, judged elsewhere."""

from crosslet.facts.link import Link, link_of
from crosslet.facts.loads import EagerLoad, LazyLoad
from crosslet.facts.requests import current_scope, route_of, settle_request
from crosslet.facts.sent import Sent, Total
from crosslet.facts.server import Room, ServerFacts, refuses_writes, server_of
from crosslet.facts.tracing import Detail, Trace, Traced, trace

__all__ = [
    "Detail",
    "EagerLoad",
    "LazyLoad",
    "Link",
    "Room",
    "Sent",
    "ServerFacts",
    "Total",
    "Trace",
    "Traced",
    "current_scope",
    "link_of",
    "refuses_writes",
    "route_of",
    "server_of",
    "settle_request",
    "trace",
]

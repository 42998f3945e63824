"""What happened, and what there is: gathered here, judged elsewhere."""

from crosslet.facts.link import Link, link_of
from crosslet.facts.server import Room, ServerFacts, refuses_writes, server_of

__all__ = ["Link", "Room", "ServerFacts", "link_of", "refuses_writes", "server_of"]

"""Where the data is: engines, pools, drivers, TLS and deadlines."""

from crosslet.connections.deadlines import GRACE, Watch, within
from crosslet.connections.direct import DirectFailure, DirectReads, DirectWrites, Explain
from crosslet.connections.driver import CopyIn, Driver, Fetched
from crosslet.connections.engines import Connections, EnginePair, Prepare
from crosslet.connections.json_text import dump_json
from crosslet.connections.observers import HERE, Observer, Observers, asked_from, asking_place, number_of
from crosslet.connections.pools import OpenConnections, ping
from crosslet.connections.streaming import DirectRows
from crosslet.connections.tls import is_loopback

__all__ = [
    "GRACE",
    "HERE",
    "Connections",
    "CopyIn",
    "DirectFailure",
    "DirectReads",
    "DirectRows",
    "DirectWrites",
    "Driver",
    "EnginePair",
    "Explain",
    "Fetched",
    "Observer",
    "Observers",
    "OpenConnections",
    "Prepare",
    "Watch",
    "asked_from",
    "asking_place",
    "dump_json",
    "is_loopback",
    "number_of",
    "ping",
    "within",
]

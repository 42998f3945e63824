"""Where the data is: engines, pools, drivers, TLS and deadlines."""

from crosslet.connections.deadlines import GRACE, Watch, within
from crosslet.connections.direct import DirectFailure, DirectReads, DirectWrites, Explain
from crosslet.connections.driver import CopyIn, Driver, Fetched
from crosslet.connections.engines import Connections, EnginePair
from crosslet.connections.observers import HERE, Observer, Observers, asked_from, asking_place, number_of
from crosslet.connections.pools import ping
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
    "Watch",
    "asked_from",
    "asking_place",
    "is_loopback",
    "number_of",
    "ping",
    "within",
]

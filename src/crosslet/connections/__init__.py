"""Where the data is: engines, pools, drivers, TLS and deadlines."""

from crosslet.connections.deadlines import GRACE, Watch, within
from crosslet.connections.direct import DirectReads, Explain, ReadFailure
from crosslet.connections.drivers import Driver, Fetched
from crosslet.connections.engines import Connections, EnginePair
from crosslet.connections.pools import ping
from crosslet.connections.tls import is_loopback

__all__ = [
    "GRACE",
    "Connections",
    "DirectReads",
    "Driver",
    "EnginePair",
    "Explain",
    "Fetched",
    "ReadFailure",
    "Watch",
    "is_loopback",
    "ping",
    "within",
]

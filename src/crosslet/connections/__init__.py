"""Where the data is: engines, pools, drivers, TLS and deadlines."""

from crosslet.connections.deadlines import Watch, within
from crosslet.connections.drivers import Driver
from crosslet.connections.engines import Connections, EnginePair
from crosslet.connections.pools import ping

__all__ = ["Connections", "Driver", "EnginePair", "Watch", "ping", "within"]

"""Where the data is: engines, pools, drivers, TLS and deadlines."""

from crosslet.connections.deadlines import Watch, within
from crosslet.connections.drivers import Driver
from crosslet.connections.engines import Connections, EnginePair
from crosslet.connections.pools import ping
from crosslet.connections.tls import is_loopback

__all__ = ["Connections", "Driver", "EnginePair", "Watch", "is_loopback", "ping", "within"]

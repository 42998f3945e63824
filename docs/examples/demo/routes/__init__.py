"""The demo's routes, a file a resource."""

from demo.routes.accounts import router as accounts
from demo.routes.comments import router as comments
from demo.routes.follows import router as follows
from demo.routes.posts import router as posts
from demo.routes.roles import router as roles
from demo.routes.statistics import router as statistics
from demo.routes.transfers import router as transfers
from demo.routes.users import router as users

routers = (users, posts, comments, roles, follows, accounts, transfers, statistics)

__all__ = ["routers"]

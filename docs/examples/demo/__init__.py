"""A social network with money: users, posts, comments, roles, follows, accounts and transfers, on crosslet."""

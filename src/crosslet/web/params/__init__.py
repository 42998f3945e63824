"""Filters, search and order of lists, from the query string."""

from crosslet.web.params.listing import ListParams
from crosslet.web.params.openapi import describe_params
from crosslet.web.params.options import Filter, ParamLimits

__all__ = ["Filter", "ListParams", "ParamLimits", "describe_params"]

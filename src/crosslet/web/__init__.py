"""FastAPI: units of work for its routes, answers for its errors."""

from crosslet.web.dependencies import Data, OpenReader, OpenWriter, Reader, Writer, reader_of, writer_of
from crosslet.web.implicit import ImplicitIORoute, explicit_io
from crosslet.web.installation import install
from crosslet.web.params import Filter, ListParams, ParamLimits, describe_params
from crosslet.web.problems import Problem, ProblemError, problem_responses
from crosslet.web.responses import JSONBytes
from crosslet.web.retries import RetryRoute
from crosslet.web.streams import CSV, NDJSON, JSONArray, JSONLines
from crosslet.web.traces import TracedRequest, trace_requests
from crosslet.web.units import UnitMiddleware
from crosslet.web.versions import ETag, IfMatch, RequiredIfMatch

__all__ = [
    "CSV",
    "NDJSON",
    "Data",
    "ETag",
    "Filter",
    "IfMatch",
    "ImplicitIORoute",
    "JSONArray",
    "JSONBytes",
    "JSONLines",
    "ListParams",
    "OpenReader",
    "OpenWriter",
    "ParamLimits",
    "Problem",
    "ProblemError",
    "Reader",
    "RequiredIfMatch",
    "RetryRoute",
    "TracedRequest",
    "UnitMiddleware",
    "Writer",
    "describe_params",
    "explicit_io",
    "install",
    "problem_responses",
    "reader_of",
    "trace_requests",
    "writer_of",
]

"""Every exception crosslet raises, a code each; docs/reference/errors.md has a heading a code.

CrossletError
├── the programmer's: something in the code must change
│   ├── ConfigurationError      settings, URL or model cannot work (also a ValueError)
│   ├── SessionClosed           used after its unit ended
│   ├── WrongTask               one session, two tasks
│   ├── ReadOnlySession         a write through a reader
│   ├── NotLoaded               an attribute that no statement had loaded
│   ├── DetachedNotLoaded       the same, of an object whose session has ended
│   ├── LoadRefused             the same, where the fetch mode says so
│   ├── StreamOpen              a statement beside a stream that has its connection to itself
│   ├── UnitPoisoned            work or commit after a swallowed database error
│   ├── UncommittedResponse     a response began while its unit was open
│   ├── ProtectedField          a body that names key, timestamps or version
│   └── SandboxRefused, SandboxLost     in a test's sandbox: what it cannot do, and its early end
├── InvalidValue                the caller's value cannot be stored (also a ValueError)
├── InvalidCursor               a cursor that was not made here for this list (also a ValueError)
├── NotFound, MultipleRowsFound
├── StreamTooSlow               what a stream's slow reader has not read finds no room on disk
└── DatabaseError               the database's failures; also SQLAlchemy's DBAPIError
    ├── IntegrityViolation      UniqueViolation  ForeignKeyViolation  CheckViolation
    │                           NotNullViolation  ExclusionViolation  DeletedReference
    ├── DataRejected            the server refused a value
    ├── StatementRejected       the statement itself is wrong, or not allowed
    ├── StatementTimeout
    ├── ResultCut               a tree larger than the server may send
    ├── RetryableError          SerializationFailure  DeadlockDetected  LockTimeout
    │                           DatabaseBusy  ReadOnlyNode  ConnectionLost
    ├── Unavailable             CannotConnect  TooManyConnections  ServerStarting  PoolTimeout
    └── CommitOutcomeUnknown    the connection was lost while COMMIT was under way

Each class is also the class of `sqlalchemy.exc` that fits it, so `except IntegrityError`
goes on working. Texts never carry values: those stay in `.orig`, for a debugger.
"""

from crosslet.errors.base import CrossletError
from crosslet.errors.failures import (
    CannotConnect,
    CheckViolation,
    CommitOutcomeUnknown,
    ConnectionLost,
    DatabaseBusy,
    DatabaseError,
    DataRejected,
    DeadlockDetected,
    DeletedReference,
    ExclusionViolation,
    ForeignKeyViolation,
    IntegrityViolation,
    LockTimeout,
    NotNullViolation,
    PoolTimeout,
    ReadOnlyNode,
    ResultCut,
    RetryableError,
    SerializationFailure,
    ServerStarting,
    StatementRejected,
    StatementTimeout,
    TooManyConnections,
    Unavailable,
    UniqueViolation,
)
from crosslet.errors.mistakes import (
    ConfigurationError,
    DetachedNotLoaded,
    LoadRefused,
    NotLoaded,
    ProtectedField,
    ReadOnlySession,
    SandboxLost,
    SandboxRefused,
    SessionClosed,
    StreamOpen,
    UncommittedResponse,
    UnitPoisoned,
    WrongTask,
)
from crosslet.errors.values import InvalidCursor, InvalidValue, MultipleRowsFound, NotFound, Problem, StreamTooSlow

__all__ = [
    "CannotConnect",
    "CheckViolation",
    "CommitOutcomeUnknown",
    "ConfigurationError",
    "ConnectionLost",
    "CrossletError",
    "DataRejected",
    "DatabaseBusy",
    "DatabaseError",
    "DeadlockDetected",
    "DeletedReference",
    "DetachedNotLoaded",
    "ExclusionViolation",
    "ForeignKeyViolation",
    "IntegrityViolation",
    "InvalidCursor",
    "InvalidValue",
    "LoadRefused",
    "LockTimeout",
    "MultipleRowsFound",
    "NotFound",
    "NotLoaded",
    "NotNullViolation",
    "PoolTimeout",
    "Problem",
    "ProtectedField",
    "ReadOnlyNode",
    "ReadOnlySession",
    "ResultCut",
    "RetryableError",
    "SandboxLost",
    "SandboxRefused",
    "SerializationFailure",
    "ServerStarting",
    "SessionClosed",
    "StatementRejected",
    "StatementTimeout",
    "StreamOpen",
    "StreamTooSlow",
    "TooManyConnections",
    "Unavailable",
    "UncommittedResponse",
    "UniqueViolation",
    "UnitPoisoned",
    "WrongTask",
]

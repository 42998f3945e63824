"""Every class of the tree: its code, its place in SQLAlchemy's tree, its text, its way through a pickle."""

import copy
import pickle
import re

import pytest
from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc

from crosslet import errors
from crosslet.errors import CrossletError, DatabaseError, Problem

SECRET = "ann@example.org"
CLASSES = [getattr(errors, name) for name in errors.__all__ if name != "Problem"]
FAILURES = [kind for kind in CLASSES if issubclass(kind, DatabaseError)]
SQLALCHEMY: dict[type[CrossletError], type[Exception]] = {
    errors.IntegrityViolation: exc.IntegrityError,
    errors.UniqueViolation: exc.IntegrityError,
    errors.ForeignKeyViolation: exc.IntegrityError,
    errors.DeletedReference: exc.IntegrityError,
    errors.CheckViolation: exc.IntegrityError,
    errors.NotNullViolation: exc.IntegrityError,
    errors.ExclusionViolation: exc.IntegrityError,
    errors.DataRejected: exc.DataError,
    errors.StatementRejected: exc.ProgrammingError,
    errors.StatementTimeout: exc.OperationalError,
    errors.ResultCut: exc.DataError,
    errors.RetryableError: exc.OperationalError,
    errors.SerializationFailure: exc.OperationalError,
    errors.DeadlockDetected: exc.OperationalError,
    errors.LockTimeout: exc.OperationalError,
    errors.DatabaseBusy: exc.OperationalError,
    errors.ReadOnlyNode: exc.OperationalError,
    errors.ConnectionLost: exc.OperationalError,
    errors.Unavailable: exc.OperationalError,
    errors.CannotConnect: exc.OperationalError,
    errors.TooManyConnections: exc.OperationalError,
    errors.ServerStarting: exc.OperationalError,
    errors.PoolTimeout: exc.TimeoutError,
    errors.CommitOutcomeUnknown: exc.OperationalError,
    errors.DatabaseError: exc.DBAPIError,
    errors.NotFound: exc.NoResultFound,
    errors.MultipleRowsFound: exc.MultipleResultsFound,
    errors.SessionClosed: exc.InvalidRequestError,
    errors.WrongTask: exc.InvalidRequestError,
    errors.ReadOnlySession: exc.InvalidRequestError,
    errors.NotLoaded: exc.MissingGreenlet,
    errors.DetachedNotLoaded: orm_exc.DetachedInstanceError,
    errors.LoadRefused: exc.InvalidRequestError,
    errors.StreamOpen: exc.InvalidRequestError,
    errors.SandboxRefused: RuntimeError,
    errors.SandboxLost: RuntimeError,
    errors.UnitPoisoned: exc.InvalidRequestError,
    errors.UncommittedResponse: RuntimeError,
    errors.StreamTooSlow: RuntimeError,
    errors.ConfigurationError: ValueError,
    errors.ProtectedField: ValueError,
    errors.InvalidCursor: ValueError,
    errors.InvalidValue: ValueError,
    errors.CrossletError: Exception,
}


def made(kind: type[CrossletError]) -> CrossletError:
    """Make an error of a class, as crosslet would; the driver's own error holds a value."""
    if issubclass(kind, DatabaseError):
        about = {} if kind is errors.CannotConnect else {"constraint": "uq_users_email", "table": "users"}
        return kind(
            statement="INSERT INTO users (email) VALUES (?)",
            orig=RuntimeError(f"Duplicate entry '{SECRET}'"),
            sqlstate="23505",
            columns=("email", "tenant"),
            invalidated=True,
            **about,
        )
    arguments: dict[type[CrossletError], tuple[object, ...]] = {
        errors.WrongTask: ("Task-1", "Task-2"),
        errors.UnitPoisoned: ("unique-violation",),
        errors.ProtectedField: ("User", ("id", "version"), "they are the server's"),
        errors.InvalidValue: ((Problem("email", "is too long", "too-long"),),),
        errors.NotLoaded: ("User", "posts", "User.posts was not loaded."),
        errors.DetachedNotLoaded: ("User", "posts", "User.posts was not loaded."),
        errors.LoadRefused: ("User", "posts", "User.posts was not loaded."),
        errors.SandboxRefused: ("It has one connection.",),
        errors.SandboxLost: ("a deadlock has ended it",),
        errors.InvalidCursor: ("its row is gone",),
        errors.NotFound: ("User",),
        errors.MultipleRowsFound: ("User",),
        errors.ConfigurationError: ("The URL cannot work.",),
        errors.CrossletError: ("Something.",),
    }
    return kind(*arguments.get(kind, ()))


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_is_one_of_sqlalchemys_or_of_pythons(kind: type[CrossletError]) -> None:
    assert issubclass(kind, CrossletError)
    assert issubclass(kind, SQLALCHEMY[kind])


def test_codes_are_unique_and_spelled_like_their_class() -> None:
    codes = [str(kind.code) for kind in CLASSES]
    assert len(set(codes)) == len(codes)
    assert codes == [re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower() for kind in CLASSES]


def test_the_families_do_not_overlap() -> None:
    """What may pass by itself, what is unavailable, and what nobody knows are answered differently."""
    families = (errors.IntegrityViolation, errors.RetryableError, errors.Unavailable, errors.CommitOutcomeUnknown)
    for kind in FAILURES:
        assert sum(issubclass(kind, family) for family in families) <= 1


@pytest.mark.parametrize("kind", CLASSES)
def test_a_text_says_what_to_know_and_holds_no_value(kind: type[CrossletError]) -> None:
    error = made(kind)
    for text in (str(error), repr(error), f"{error!s:>10}", "".join(map(str, error.args))):
        assert SECRET not in text
        assert "sqlalche.me" not in text
        assert "VALUES" not in text
    assert str(error).endswith((".", "is too long"))


@pytest.mark.parametrize("kind", [kind for kind in FAILURES if kind is not errors.CannotConnect])
def test_a_failure_names_what_was_broken(kind: type[DatabaseError]) -> None:
    text = str(made(kind))
    assert text.startswith(f"{kind.summary}; column email, tenant; table users; constraint uq_users_email; state 23505")


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_keeps_the_drivers_error_for_a_debugger(kind: type[DatabaseError]) -> None:
    error = made(kind)
    assert isinstance(error, DatabaseError)
    assert SECRET in str(error.orig)
    assert (error.params, error.hide_parameters, error.connection_invalidated) == (None, True, True)
    assert (error.sqlstate, error.columns) == ("23505", ("email", "tenant"))


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_travels_between_processes(kind: type[CrossletError]) -> None:
    error = made(kind)
    if isinstance(error, DatabaseError):
        error.connection_invalidated = False  # A process that gets the error has no such connection.
    for arrived in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(arrived) is kind
        assert str(arrived) == str(error)
        assert arrived.code == error.code
        for name in ("sqlstate", "constraint", "table", "columns", "fields", "problems", "subject", "cause", "owner"):
            assert getattr(arrived, name, None) == getattr(error, name, None), name


@pytest.mark.parametrize("kind", FAILURES)
def test_a_driver_error_that_cannot_be_pickled_does_not_stop_it(kind: type[DatabaseError]) -> None:
    error = kind(orig=RuntimeError(lambda: None))
    assert type(pickle.loads(pickle.dumps(error))) is kind


def test_a_reason_travels_with_the_failure_to_connect() -> None:
    error = errors.CannotConnect("nothing listens at 127.0.0.1:1", sqlstate="08001")
    arrived = pickle.loads(pickle.dumps(error))
    assert (arrived.reason, str(arrived), arrived.sqlstate) == (error.reason, str(error), "08001")


def test_fields_at_fault_keep_their_order() -> None:
    problems = (Problem("name", "is too long", "too-long"), Problem("age", "is not a number", "not-a-number"))
    error = errors.InvalidValue(problems)
    assert (error.fields, str(error)) == (("name", "age"), "name: is too long; age: is not a number")

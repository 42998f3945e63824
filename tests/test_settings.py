"""Presets, limits of each setting, and what the environment may say."""

import pickle
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from crosslet import Deadlines, PoolSettings, Retry, Tls
from crosslet.errors import ConfigurationError
from crosslet.settings import Settings, settings_from

PRESETS = {
    "web": (5, 10, True, False),
    "worker": (2, 2, True, False),
    "serverless": (1, 1, False, False),
    "pgbouncer": (5, 10, True, True),
}


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets(name: str) -> None:
    pool = PoolSettings.preset(name)
    assert (pool.writers, pool.readers, pool.keep, pool.transaction_pooler) == PRESETS[name]
    assert pool.size == pool.writers + pool.readers


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="choose web, worker, serverless, pgbouncer"):
        PoolSettings.preset("huge")


@pytest.mark.parametrize("setting", ["writers", "readers"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_pool_of_nothing_is_refused(setting: str, value: int) -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        PoolSettings(**{setting: value})


@pytest.mark.parametrize("setting", ["wait", "lifetime"])
@pytest.mark.parametrize("value", [0, -1.0, float("nan")])
def test_a_pool_with_no_time_is_refused(setting: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match="more than 0 seconds"):
        PoolSettings(**{setting: value})


def test_every_checkout_may_be_tested_but_not_before_it_happens() -> None:
    assert PoolSettings(ping_after=0).ping_after == 0
    with pytest.raises(ConfigurationError, match="ping_after"):
        PoolSettings(ping_after=-1)


@pytest.mark.parametrize("name", [item.name for item in fields(Deadlines)])
@pytest.mark.parametrize("value", [0, -1.0, float("nan")])
def test_a_deadline_of_nothing_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=f"Deadlines: {name} must be more than 0 seconds"):
        Deadlines(**{name: value})


@pytest.mark.parametrize("value", [0, -1.0, float("nan")])
@pytest.mark.parametrize("name", ["budget", "first", "ceiling"])
def test_a_retry_without_time_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match="more than 0 seconds"):
        Retry(**{name: value})


def test_a_retry_runs_at_least_once() -> None:
    assert Retry(attempts=1).attempts == 1
    with pytest.raises(ConfigurationError, match="attempts"):
        Retry(attempts=0)


def test_tls_knows_three_words() -> None:
    assert Tls().mode == "verify"
    with pytest.raises(ConfigurationError, match="off, require, verify"):
        Tls(mode="prefer")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="key_file needs cert_file"):
        Tls(key_file="k.pem")


@pytest.mark.parametrize("group", [PoolSettings(), Deadlines(), Tls(), Retry(), Settings()])
def test_settings_do_not_change_and_travel(group: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(group, fields(group)[0].name, 1)
    assert pickle.loads(pickle.dumps(group)) == group


# --- the environment -----------------------------------------------------------------------------------------


def test_nothing_given() -> None:
    assert settings_from({"PATH": "/bin"}) == ("sqlite:///crosslet.db", Settings())
    assert settings_from({"DATABASE_URL": ""})[0] == "sqlite:///crosslet.db"


def test_everything_given() -> None:
    environment = {
        "DATABASE_URL": "postgresql://h/d",
        "CROSSLET_POOL": "worker",
        "CROSSLET_POOL_WRITERS": "7",
        "CROSSLET_TLS": "require",
        "CROSSLET_TLS_CA_FILE": "/ca.pem",
        "CROSSLET_STATEMENT_TIMEOUT": "2.5",
        "CROSSLET_COMMIT_TIMEOUT": "3",
        "CROSSLET_ECHO": "yes",
        "CROSSLET_SHOW_VALUES": "0",
    }
    worker = PoolSettings.preset("worker")
    assert settings_from(environment) == (
        "postgresql://h/d",
        Settings(
            pool=PoolSettings(writers=7, readers=worker.readers, wait=worker.wait),
            deadlines=Deadlines(statement=2.5, commit=3.0),
            tls=Tls(mode="require", ca_file="/ca.pem"),
            echo=True,
            show_values=False,
        ),
    )


def test_a_ca_file_alone_means_verify() -> None:
    assert settings_from({"CROSSLET_TLS_CA_FILE": "/ca.pem"})[1].tls == Tls(mode="verify", ca_file="/ca.pem")


@pytest.mark.parametrize("name", [item.name for item in fields(Deadlines)])
def test_every_deadline_has_a_variable(name: str) -> None:
    _, settings = settings_from({f"CROSSLET_{name.upper()}_TIMEOUT": "1.25"})
    assert settings.deadlines == Deadlines(**{name: 1.25})


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("CROSSLET_POOL", "huge", "not a preset"),
        ("CROSSLET_POOL", "", "not a preset"),
        ("CROSSLET_POOL_WRITERS", "many", "CROSSLET_POOL_WRITERS='many' is not a number"),
        ("CROSSLET_POOL_WRITERS", "0", "at least 1"),
        ("CROSSLET_POOL_READERS", "2.5", "whole number"),
        ("CROSSLET_POOL_READERS", "inf", "CROSSLET_POOL_READERS"),
        ("CROSSLET_POOL_READERS", "nan", "CROSSLET_POOL_READERS"),
        ("CROSSLET_STATEMENT_TIMEOUT", "30s", "CROSSLET_STATEMENT_TIMEOUT='30s' is not a number"),
        ("CROSSLET_STATEMENT_TIMEOUT", "0", "more than 0 seconds"),
        ("CROSSLET_COMMIT_TIMEOUT", "nan", "is not a number"),
        ("CROSSLET_TLS", "prefer", "off, require, verify"),
        ("CROSSLET_ECHO", "maybe", "write 1 or 0"),
        ("CROSSLET_POOL_SIZE", "5", "CROSSLET_POOL_SIZE: not a setting"),
        ("CROSSLET_STATEMENT_TIMOUT", "5", "CROSSLET_STATEMENT_TIMOUT: not a setting"),
        ("CROSSLET_", "1", "not a setting"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, value: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        settings_from({name: value})


def test_all_unknown_names_are_named_at_once() -> None:
    with pytest.raises(ConfigurationError, match="CROSSLET_ONE, CROSSLET_TWO: not a setting"):
        settings_from({"CROSSLET_TWO": "2", "CROSSLET_ONE": "1"})

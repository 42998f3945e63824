"""Accounts and single transfers over HTTP; many at once are in test_transfers.py."""

from typing import Any
from uuid import uuid4


async def balances(api: Any, *accounts: Any) -> list[str]:
    return [(await api.call("GET", f"/accounts/{item['id']}", expect=200))["balance"] for item in accounts]


def order(source: Any, target: Any, amount: Any) -> dict[str, Any]:
    return {"token": str(uuid4()), "source_id": source["id"], "target_id": target["id"], "amount": amount}


async def test_an_account_is_opened_once_under_a_name(api: Any) -> None:
    owner = await api.user()
    made = await api.account(owner["id"], balance="0.10")
    assert made == {"id": made["id"], "owner_id": owner["id"], "name": "everyday", "balance": "0.10"}
    assert await api.call("GET", f"/accounts/{made['id']}", expect=200) == made
    body = {"owner_id": owner["id"], "name": "everyday"}
    problem = await api.problem("POST", "/accounts", expect=409, body=body)
    assert problem["code"] == "unique-violation"
    assert sorted(problem["fields"]) == ["name", "owner_id"]
    problem = await api.problem("POST", "/accounts", expect=409, body=body | {"owner_id": str(uuid4())})
    assert problem["code"] == "foreign-key-violation"


async def test_a_transfer_moves_money_to_the_cent(api: Any) -> None:
    owner = await api.user()
    source, target = await api.account(owner["id"], "a", "0.30"), await api.account(owner["id"], "b", "0.10")
    body = order(source, target, "0.20")
    made = await api.call("POST", "/transfers", expect=201, body=body)
    assert made == body | {"id": made["id"], "created_at": made["created_at"]}
    assert await balances(api, source, target) == ["0.10", "0.30"]
    assert await api.call("GET", f"/transfers/{body['token']}", expect=200) == made
    for account in (source, target):
        listed = await api.call("GET", f"/accounts/{account['id']}/transfers", expect=200)
        assert listed == {"items": [made], "total": 1}


async def test_transfers_go_both_ways_and_are_listed_newest_first(api: Any) -> None:
    owner = await api.user()
    one, two = await api.account(owner["id"], "a", "1.00"), await api.account(owner["id"], "b", "1.00")
    made = [
        await api.call("POST", "/transfers", expect=201, body=order(source, target, amount))
        for source, target, amount in ((one, two, "1.00"), (two, one, "2.00"), (one, two, "0.01"))
    ]
    assert await balances(api, one, two) == ["1.99", "0.01"]
    listed = await api.call("GET", f"/accounts/{one['id']}/transfers", expect=200, params={"limit": 2})
    assert listed == {"items": made[:0:-1], "total": 3}


async def test_what_is_refused_changes_nothing(api: Any) -> None:
    owner = await api.user()
    source, target = await api.account(owner["id"], "a", "1.00"), await api.account(owner["id"], "b", "1.00")
    nowhere = {"id": max(source["id"], target["id"]) + 1}
    for body, status, code in (
        (order(source, target, "1.01"), 409, "insufficient-funds"),
        (order(target, source, "1.01"), 409, "insufficient-funds"),
        (order(source, nowhere, "0.50"), 404, "not-found"),
        (order(nowhere, source, "0.50"), 404, "not-found"),
        (order(source, source, "0.50"), 422, "check-violation"),
        (order(source, target, "0.00"), 422, "invalid-request"),
    ):
        problem = await api.problem("POST", "/transfers", expect=status, body=body)
        assert problem["code"] == code
        await api.problem("GET", f"/transfers/{body['token']}", expect=404)
    assert await balances(api, source, target) == ["1.00", "1.00"]


async def test_a_token_counts_once(api: Any) -> None:
    owner = await api.user()
    source, target = await api.account(owner["id"], "a", "1.00"), await api.account(owner["id"], "b", "1.00")
    body = order(source, target, "0.25")
    made = await api.call("POST", "/transfers", expect=201, body=body)
    for again in (body, body | {"amount": "0.50"}):
        problem = await api.problem("POST", "/transfers", expect=409, body=again)
        assert (problem["code"], problem["fields"]) == ("unique-violation", ["token"])
    assert await balances(api, source, target) == ["0.75", "1.25"]
    assert await api.call("GET", f"/transfers/{body['token']}", expect=200) == made


async def test_a_balance_that_would_not_fit_is_a_422(api: Any) -> None:
    owner = await api.user()
    source = await api.account(owner["id"], "a", "1.00")
    target = await api.account(owner["id"], "b", "9999999999.99")
    await api.problem("POST", "/transfers", expect=422, body=order(source, target, "0.01"))
    assert await balances(api, source, target) == ["1.00", "9999999999.99"]

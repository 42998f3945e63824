"""The description of the API is complete: nobody has to read the source to call it."""

from typing import Any

from demo.app import app


def operations() -> list[tuple[str, Any]]:
    paths = app.openapi()["paths"]
    return [(f"{method} {path}", item) for path, methods in paths.items() for method, item in methods.items()]


def test_every_operation_says_what_it_does() -> None:
    bare = [
        name
        for name, item in operations()
        if not (item.get("summary") and item.get("description") and len(item.get("tags", [])) == 1)
    ]
    assert bare == []
    assert len(operations()) >= 29


def test_every_answer_with_a_body_has_a_schema() -> None:
    for name, item in operations():
        for status, answer in item["responses"].items():
            schemas = [content.get("schema") for content in answer.get("content", {}).values()]
            assert (status == "204") == (schemas == []), f"{name} {status}"
            assert all(schemas), f"{name} {status}"


def test_what_names_a_thing_may_answer_404_as_a_problem() -> None:
    for name, item in operations():
        if name.startswith(("patch", "delete")) or (name.startswith("get") and name.endswith("_id}")):
            assert "application/problem+json" in item["responses"]["404"]["content"], name


def test_bad_input_is_described_as_it_is_answered() -> None:
    for name, item in operations():
        assert set(item["responses"]["422"]["content"]) == {"application/problem+json"}, name
    assert "HTTPValidationError" not in app.openapi()["components"]["schemas"]

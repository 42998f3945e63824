"""Each rule has a page of its name, in the navigation, and no page is about a rule that there is not."""

from pathlib import Path

from crosslet import rules
from docs.pages import DOCS, ROOT


def test_a_page_for_each_rule() -> None:
    folder = Path(rules.__file__).parent
    names = {path.stem for path in folder.glob("*/*.py") if path.stem != "__init__"}
    assert names
    assert {path.stem for path in (DOCS / "rules").glob("*.md")} == names
    navigation = (ROOT / "zensical.toml").read_text()
    for name in names:
        assert (DOCS / "rules" / f"{name}.md").read_text().startswith(f"# {name}\n")
        assert f'"rules/{name}.md"' in navigation
        # Called by its name, and its findings carry it.
        assert callable(getattr(rules, name))
        assert f'rule="{name}"' in (folder / "statements" / f"{name}.py").read_text()

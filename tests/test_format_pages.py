"""The pages about formats say what the adapters do now."""

from tools.format_pages import FOLDER, pages


def test_the_pages_are_written_from_the_adapters() -> None:
    wanted = pages()
    there = {each.name: each.read_text("utf-8") for each in FOLDER.glob("*.md")}
    assert sorted(there) == sorted(wanted), "run `make formats`"
    assert [name for name, text in wanted.items() if there[name] != text] == [], "run `make formats`"

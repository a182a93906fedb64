"""Text of data is never markup."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from workbench.app.text import plain, short


@given(st.text(alphabet="ab ![]()<>*_`~:#-+.$&;/|\\\"'{}1\n\t0"))
def test_plain_text_has_no_markup_left(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse("- **x:** " + plain(text))
    inline = next(token for token in tokens if token.type == "inline")
    shown = "".join(child.content for child in inline.children or [] if child.type == "text" or child.content)
    assert {child.type for child in inline.children or []} <= {"text", "text_special", "strong_open", "strong_close"}
    assert shown.replace("\u2060", "") == ("x: " + " ".join(text.split())).rstrip()


@given(st.sampled_from(["http://a.example/p", "https://a.example", "www.a.example", "nico@a.example", "ftp://a"]))
def test_no_address_becomes_a_link(text: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    assert "<a" not in parser.render(plain(text))
    assert not re.search(r"://|www\.|[\w.+-]@", plain(text).replace("\\", "")), "what GitHub's Markdown looks for"


@given(st.text(), st.integers(2, 40))
def test_short_text_is_short(text: str, longest: int) -> None:
    assert len(short(text, longest)) <= longest
    assert "\n" not in short(text, longest)

"""Whatever people write: our block goes in once and comes out without a trace."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ....sync.html_text import text_of
from ....sync.text_block import CLOSE, OPEN, PATH, TextBlock, compose, strip

_TAGS = (
    "<p> </p> <div> </div> <br> <br/> <blockquote> </blockquote> <b> </b> <ul><li> </li></ul> <a-b>"
    " &amp; &lt; &nbsp; < > & <!-- --> <!--> <a href='x' </a> <span> word zwei <td>"
)
PIECES = st.sampled_from([*_TAGS.split(), "\n", " ", "\n> ", "<a href='x'>"])
SOURCES = st.lists(
    PIECES | st.text(st.characters(exclude_characters="\0" + OPEN + CLOSE), max_size=8),
    max_size=14,
).map("".join)
LINES = st.lists(st.text(max_size=30), max_size=3).map(tuple)
BLOCKS = st.builds(
    TextBlock,
    st.sampled_from(["", f"https://a.example{PATH}x1", f"https://b.example:8069/y{PATH}Z_-"]),
    st.sampled_from(["Show Lead", "Zum Lead & mehr"]),
    LINES,
)


@given(SOURCES, BLOCKS)
def test_taking_the_block_out_gives_the_text_back(source, block):
    """S4-08: strip(compose(x)) reads as x."""
    assert text_of(strip(compose(source, block), block.link_label)) == text_of(source)


@given(SOURCES, BLOCKS)
def test_putting_it_in_twice_is_putting_it_in_once(source, block):
    """S4-08: 5 pushes → 1 link."""
    once = compose(source, block)
    assert compose(once, block) == once


@given(SOURCES, BLOCKS, BLOCKS)
def test_the_last_block_wins(source, first, second):
    """S4-08: updated, not appended."""
    text = compose(compose(source, first), second)
    assert text.count(PATH) == bool(second.link_url)

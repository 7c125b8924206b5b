"""Pages hold what they are given as text, whatever it is."""

import base64
import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.wire.pages import Html, fill, joined, page, style_source

NASTY = "<script>alert('x')</script>\"&$title${style}"


@given(st.text())
def test_a_text_never_becomes_markup(text: str):
    shown = fill("scope", words=text, scope=text)
    assert not re.search(r"<(?!/?(li|code)>)", shown)
    assert fill("hidden", name=text, value=text).count('"') == 6


def test_a_text_is_shown_as_it_is():
    assert fill("problem", text=NASTY) == (
        '<p class="problem" role="alert" id="problem">'
        "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;$title${style}</p>"
    )


def test_only_what_was_made_here_is_taken_as_markup():
    assert "<b>" in fill("problem", text=Html("<b>"))
    assert isinstance(joined([fill("problem", text="a"), fill("problem", text="b")]), Html)


def test_a_value_that_is_missing_is_a_fault():
    with pytest.raises(KeyError):
        fill("scope", words="x")


def test_the_style_of_a_page_is_the_one_that_the_policy_allows():
    document = page("A & B", Html("<p>x</p>"))
    assert "<title>A &amp; B</title>" in document
    (style,) = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    assert style_source() == f"'sha256-{base64.b64encode(sha256(style.encode()).digest()).decode()}'"
    assert "<script" not in document
    assert "style=" not in document

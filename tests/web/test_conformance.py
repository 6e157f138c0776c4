from __future__ import annotations

import pytest

from tests.conformance import check_fragment, check_page

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Files – Buy</title>
<meta name="viewport" content="width=device-width"></head><body>
<a class="govuk-skip-link" href="#main-content">Skip</a>
<main id="main-content">{}<h1>Files</h1>{}</main></body></html>"""


def test_a_good_page_passes():
    check_page(
        GOOD.format("", '<p>Text <a href="/x">link</a></p><label for="a">A</label><input id="a" name="a">')
    )


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("<h1>Again</h1>", "2 h1"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<script>let a = 1</script>", "inline"),
        ('<script src="/elsewhere.js"></script>', "does not come from /static/"),
        ('<button onclick="go()">Go</button>', "onclick"),
        ('<button hx-on:click="go()">Go</button>', "hx-on:click"),
        ('<a href="javascript:go()">Go</a>', "script in it"),
        ('<a href="">Go</a>', "leads nowhere"),
        ('<a href="/x"></a>', "has no text"),
        ('<a href="#gone">Go</a>', "not on the page"),
        ('<input name="a">', "has no label"),
        ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
        ('<form method="post"></form>', "no action"),
        ('<form action="/x"></form>', "no method"),
        ('<form action="/x" method="post"><input type="file" aria-label="f"></form>', "multipart/form-data"),
        ('<p aria-describedby="gone">x</p>', "aria-describedby='gone'"),
        ("<fieldset></fieldset>", "no legend"),
        ("<table></table>", "no caption"),
        ("<table><caption>a</caption><tr><th>x</th></tr></table>", "no scope"),
        ("<h3>Deep</h3>", "follows an h1"),
        ("<p><b>x</p>", "closes"),
        ('<img src="/a.png">', "no alt"),
        ('<p id="x-error" class="govuk-error-message">Wrong</p>', "not in the error summary"),
    ],
)
def test_each_fault_is_said(part: str, said: str):
    with pytest.raises(AssertionError, match=said):
        check_page(GOOD.format("", part))


def test_a_page_with_an_error_summary_has_a_title_that_says_so():
    summary = '<div class="govuk-error-summary"><a href="#a">Enter a name</a></div>'
    entry = (
        '<label for="a">A</label><input id="a" name="a"><p id="a-error" class="govuk-error-message">Enter</p>'
    )
    with pytest.raises(AssertionError, match="Error: "):
        check_page(GOOD.format(summary, entry))
    check_page(GOOD.format(summary, entry).replace("<title>", "<title>Error: "))


def test_the_title_starts_with_the_heading():
    with pytest.raises(AssertionError, match="does not start with the heading"):
        check_page(GOOD.format("", "").replace("Files – Buy", "Something else"))


def test_a_fragment_may_refer_to_the_page_around_it():
    check_fragment('<div aria-describedby="outside">x</div>')
    with pytest.raises(AssertionError, match="inline style"):
        check_fragment('<div style="top:0">x</div>')

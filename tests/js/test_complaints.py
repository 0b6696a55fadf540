"""What pages complain of is heard, from each page of a context, and forgiven by its words alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.complaints import heard, unexpected

pytestmark = pytest.mark.journey


def test_errors_of_every_page_are_heard_and_only_expected_ones_forgiven(bare_browser: Browser) -> None:
    with bare_browser.new_context() as context:
        complaints = heard(context)
        for word in ("first", "second"):
            context.new_page().evaluate(f"console.log('fine'), console.error('the {word}')")
        context.pages[0].evaluate("void setTimeout(() => { throw new Error('uncaught') })")
        context.pages[0].wait_for_timeout(100)
    assert [each.partition(" (")[0] for each in complaints] == ["the first", "the second", "uncaught"]
    assert unexpected(complaints, ("the ",)) == ["uncaught"]
    assert unexpected(complaints, ()) == complaints

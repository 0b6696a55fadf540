"""What the socket says to one page is in that page's language."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("own", "asked", "says"),
    [("de", "en", "Der Server versteht"), ("", "de", "Der Server versteht"), ("", "", "The server does not")],
)
async def test_a_refusal_is_in_the_language_of_its_page(page, student, session, own, asked, says):
    student.member.user.language = own
    await student.member.user.asave(update_fields=["language"])
    headers = {"accept-language": asked}
    opened = await page(student, session, **headers)
    await opened.send("no_such_thing")
    assert (await opened.get("refused"))["text"].startswith(says)

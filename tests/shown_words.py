"""What a page says to eyes and ears, to be held to the catalogues."""

from __future__ import annotations

import re

from playwright.sync_api import Page

WORDS = """() => {
  const spoken = ["aria-label", "aria-description", "placeholder", "title", "alt", "data-tip"];
  const seen = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (around.closest("script, style, noscript, kbd, .avatar, .brand__mark") || !seen(around)) continue;
    found.push(walker.currentNode.data);
  }
  for (const each of document.querySelectorAll(spoken.map((name) => `[${name}]`).join())) {
    if (seen(each)) found.push(...spoken.map((name) => each.getAttribute(name) ?? ""));
  }
  found.push(document.title);
  return found.map((each) => each.replace(/[\\u2068\\u2069]/g, "").trim()).filter(Boolean);
}"""
MESSAGE = re.compile(r"⟦[^⟦⟧]*⟧")


def unmarked(page: Page, data: re.Pattern[str]) -> list[str]:
    """What is shown on a page in `eo` (tests.pseudo) and is neither a message of a catalogue nor data."""
    found = set()
    for text in page.evaluate(WORDS):
        rest = text
        while (less := MESSAGE.sub("", rest)) != rest:  # the innermost first
            rest = less
        if re.search(r"[^\W\d_]{2,}", data.sub("", rest)):
            found.add(text)
    return sorted(found)

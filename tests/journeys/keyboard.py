"""What people do who have no mouse: nothing but keys goes to the page."""

from __future__ import annotations

from playwright.sync_api import Error, Page, expect

NAME = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const words = (each) => each?.textContent.replace(/\\s+/g, " ").trim() ?? "";
  const by = (id) => words(document.getElementById(id));
  const labelled = here.getAttribute("aria-labelledby")?.split(" ").map(by).join(" ");
  return here.getAttribute("aria-label") ?? labelled ?? words(here.labels?.[0] ?? here);
}"""
MOST = 80  # presses on the way to anything


class Hands:
    """A person at a keyboard, in front of `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def at(self) -> str:
        """The name of what has the focus, on the page that Enter may just have led to."""
        try:
            return str(self.page.evaluate(NAME))
        except Error:  # the page before it goes just now
            self.page.wait_for_load_state()
            return str(self.page.evaluate(NAME))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def go(self, name: str, key: str = "Tab") -> None:
        """Press Tab (or another key) until what is called so has the focus."""
        expect(self.page.get_by_text(name).or_(self.page.get_by_label(name)).first).to_be_attached()
        if self.at.startswith(name):
            return
        seen = []
        for _ in range(MOST):
            self.press(key)
            if self.at.startswith(name):
                return
            seen.append(self.at)
        raise AssertionError(f"{key} does not reach “{name}”, but {seen}")

    def open(self, name: str) -> None:
        self.go(name)
        self.press("Enter")

    def control(self, name: str) -> None:
        """A button of the bar: one tab stop, arrows inside."""
        toolbar = "document.activeElement?.closest('[role=toolbar]') !== null"
        for _ in range(6):
            if self.page.evaluate(toolbar):
                break
            self.press("F6")
        self.press("Home")
        self.go(name, "ArrowRight")
        self.press("Enter")

    def choose(self, name: str) -> None:
        """A row of the menu that is open."""
        expect(self.page.get_by_role("menu")).to_be_visible()
        self.go(name, "ArrowDown")
        self.press("Enter")

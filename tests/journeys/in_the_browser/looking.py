"""What is wrong with a page as it stands: for axe, for a screen reader, for a window of some width."""

from playwright.sync_api import Page
from tests.journeys.in_the_browser.visiting import READING_MS
from tests.journeys.product import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_COLOURS = ["color-contrast", "link-in-text-block"]
MAY_SHIFT = 0.05  # cumulative layout shift; what moves under the reader's eyes costs his trust
COUNT_SHIFTS = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted = (window.shifted ?? 0) + entry.value
}).observe({type: 'layout-shift', buffered: true})"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def complaints(page: Page, rules: list[str] = AXE_RULES) -> list[str]:
    """Return what axe has against the page as it stands, drawers included, and whether it scrolls sideways."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    said = [f"{problem['id']}: {problem['nodes'][0]['html'][:200]}" for problem in found["violations"]]
    return said + (["scrolls sideways"] if page.evaluate(OVERFLOW) > 0 else [])


def complaints_in_both_themes(page: Page) -> list[str]:
    """Return the complaints about the page in the light theme, and in the dark one those about colours, which are all
    that it changes."""
    said = complaints(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    said += [f"dark: {one}" for one in complaints(page, AXE_COLOURS)]
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    return said


NAMED_ROLES = frozenset({
    "button", "link", "textbox", "searchbox", "combobox", "checkbox", "switch", "radio", "dialog", "figure", "region",
    "progressbar", "table", "navigation", "DisclosureTriangle",
})  # fmt: skip


def nameless(page: Page) -> list[str]:
    """Return the roles of whatever a screen reader would call by no name, as the browser computes names."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return [
        node["role"]["value"]
        for node in tree["nodes"]
        if not node["ignored"]
        and node["role"]["value"] in NAMED_ROLES
        and not str(node.get("name", {}).get("value", "")).strip()
    ]


# Asked frame by frame, because charts follow the window's width a frame later.
FITS = f"""([px, ms]) => new Promise(tell => {{
  const begun = performance.now()
  const look = () => {{
    if (innerWidth === px && {OVERFLOW} <= 0) tell(true)
    else if (performance.now() - begun > ms) tell(false)
    else requestAnimationFrame(look)
  }}
  look()
}})"""


def fits(page: Page, px: int) -> None:
    """Give the window this width and hold that nothing sticks out once it has settled."""
    page.set_viewport_size({"width": px, "height": 900})
    assert page.evaluate(FITS, [px, READING_MS / 4]), f"scrolls sideways at {px} px"

"""axe at WCAG 2.2 AA, which looks at each combination of colours once.

Whether text can be read depends on its colour, what stands behind it and its size. That one rule takes more
time than all others together, on every page again. So pages are asked first what they have: the rule runs if
one has, in this width, a combination that no page had before.
"""

from __future__ import annotations

from typing import Any, Final

from tests.browser.service import ROOT

AXE: Final = ROOT / "node_modules/axe-core/axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST: Final = "color-contrast"
# What is found comes over a pipe: the names of what is wrong, and the first three places of each.
FIND: Final = """async rules => (await axe.run(document, rules)).violations.map(
    one => [one.id, one.nodes.slice(0, 3).map(node => node.html)])"""
COMBINATIONS: Final = """() => {
    const found = new Set();
    const behind = element => {
        const layers = [];
        for (let each = element; each; each = each.parentElement) {
            const style = getComputedStyle(each);
            layers.push(style.backgroundColor, style.backgroundImage, style.opacity);
            if (style.backgroundColor.startsWith("rgb(") && style.backgroundImage === "none") break;
        }
        return layers.filter(layer => !["rgba(0, 0, 0, 0)", "none", "1"].includes(layer)).join(" ");
    };
    for (const element of document.querySelectorAll("body, body *")) {
        const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
            || element.matches("input, select, textarea");
        if (!words || !element.checkVisibility()) continue;
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        found.add([style.color, style.textShadow, style.opacity, large, behind(element)].join(" | "));
    }
    return [...found];
}"""
_readable: set[str] = set()


def findings(page: Any) -> list[Any]:
    """Return what axe finds on a page: rule, and the elements that break it."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text())
    combinations = set(page.evaluate(COMBINATIONS))
    known = combinations <= _readable
    found = page.evaluate(FIND, _rules(contrast=not known))
    if CONTRAST not in [rule for rule, _ in found]:
        _readable.update(combinations)
    return found


def _rules(*, contrast: bool) -> dict[str, Any]:
    return {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {CONTRAST: {"enabled": contrast}},
        "resultTypes": ["violations"],
        "selectors": False,
        "preload": False,
    }

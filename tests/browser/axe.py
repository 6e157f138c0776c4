"""axe at WCAG 2.2 AA, which looks at each thing once.

A run of all rules takes longer than drawing the page, and most of it comes to the same again and again:

* Colours: whether text can be read, and whether a link is told from the words around it, depends on colours,
  what stands behind, size and underline. These rules run if a page has a combination that no page had before.
* Rows: of children of one element that are made alike but for their words, axe looks at the first three.
* Another width of the same page: the rules that measure run again; the others run if something appears or
  goes there that did not appear or go on any page before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tests.browser.service import ROOT

AXE: Final = ROOT / "node_modules/axe-core/axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
COLOURS: Final = ("color-contrast", "link-in-text-block")
MEASURING: Final = ("scrollable-region-focusable", "target-size")
ALIKE_MOST: Final = 3
# What is found comes over a pipe: the names of what is wrong, and the first three places of each.
FIND: Final = """async ([options, most]) => {
    const made = new Map();
    const how = element => {
        const about = [...element.attributes].map(({name, value}) =>
            /^(class|role|type|scope|aria-(current|expanded|hidden|invalid|sort))$/.test(name)
                ? `${name}=${value}` : `${name}${value.trim() ? "" : "!"}`);
        const inside = [...element.childNodes].map(node =>
            node.nodeType === 1 ? how(node) : node.nodeType === 3 && node.data.trim() ? "words" : "");
        const told = `${element.tagName}(${about.sort()})[${inside.filter(Boolean)}]`;
        made.set(element, told);
        return told;
    };
    how(document.body);
    const hidden = [];
    for (const parent of document.querySelectorAll("body *")) {
        if (parent.children.length <= most) continue;
        const counts = new Map();
        for (const child of parent.children) {
            const told = made.get(child), count = (counts.get(told) || 0) + 1;
            counts.set(told, count);
            if (count > most && child.style) hidden.push([child, child.getAttribute("style")]);
        }
    }
    for (const [element] of hidden) element.style.setProperty("display", "none", "important");
    const found = await axe.run(document, options);
    for (const [element, before] of hidden)
        if (before === null) element.removeAttribute("style"); else element.style.cssText = before;
    return found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html)]);
}"""
# The combinations of colours that are seen in this width.
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
    const among = element => {
        if (element.tagName !== "A") return "";
        let block = element.parentElement;
        while (block.parentElement && getComputedStyle(block).display.startsWith("inline"))
            block = block.parentElement;
        if (block.textContent.trim() === element.textContent.trim()) return "alone";
        const style = getComputedStyle(element);
        return [style.textDecorationLine, style.borderBottomWidth, style.fontWeight,
                getComputedStyle(element.parentElement).color].join(" ");
    };
    for (const element of document.querySelectorAll("body, body *")) {
        const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
            || element.matches("a, input, select, textarea");
        if (!words || !element.checkVisibility()) continue;
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        found.add([style.color, style.textShadow, style.opacity, large, behind(element),
                   among(element)].join(" | "));
    }
    return [...found];
}"""
# What appeared or went since this was last asked of the page: how it is made, and what it stands in.
CHANGES: Final = """() => {
    const name = element => element
        ? `${element.tagName}.${element.className}(${element.getAttributeNames().sort()})` : "";
    const all = [...document.querySelectorAll("body *")];
    const seen = new Set(all.filter(element => element.checkVisibility()));
    const before = window.seenBefore || seen;
    window.seenBefore = seen;
    const found = new Set();
    for (const element of all)
        if (seen.has(element) !== before.has(element))
            found.add(`${seen.has(element)} ${name(element.parentElement)} ${name(element)}`);
    return [...found];
}"""


@dataclass
class _Known:
    """What was looked at on whichever page, and found to be right.

    Attributes:
        colours: combinations, of which no rule about colours said anything.
        changes: what appears or goes between two widths.
    """

    colours: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)


_known: Final = _Known()


def findings(page: Any, *, again: bool = False) -> list[Any]:
    """Return what axe finds on a page: rule, and the elements that break it.

    Args:
        page: of Playwright.
        again: whether nothing but the width has changed since the last call for this page.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text())
    colours, changes = set(page.evaluate(COMBINATIONS)), set(page.evaluate(CHANGES))
    only_measuring = again and changes <= _known.changes
    options = _options(colours=not colours <= _known.colours, only_measuring=only_measuring)
    found = page.evaluate(FIND, [options, ALIKE_MOST])
    if not {rule for rule, _ in found}.intersection(COLOURS):
        _known.colours.update(colours)
    if again and not found:
        _known.changes.update(changes)
    return found


def _options(*, colours: bool, only_measuring: bool) -> dict[str, Any]:
    run: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
    if only_measuring:
        run = {"runOnly": {"type": "rule", "values": [*MEASURING, *(COLOURS if colours else ())]}}
    elif not colours:
        run["rules"] = {rule: {"enabled": False} for rule in COLOURS}
    return {**run, "resultTypes": ["violations"], "selectors": False, "preload": False}

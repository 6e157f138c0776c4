"""axe at WCAG 2.2 AA, which looks at each thing once.

A run of all rules takes longer than drawing the page, and most of it comes to the same again and again:

* Colours: whether text can be read, and whether a link is told from the words around it, depends on colours,
  what stands behind, size and underline. These rules run if a page has a combination that no page had before.
* Rows: of children of one element that are made alike but for their words, axe looks at the first three.
* Another width of the same page: the rules that measure run again; the others run if something appears or
  goes there that did not appear or go on any page before.
* Measuring: whether two targets stand too close took as long as all other rules together. This rule runs
  where a circle of 24 pixels around a target touches another target, and the rule about regions that scroll
  where one does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tests.browser.service import ROOT

AXE: Final = ROOT / "node_modules/axe-core/axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
COLOURS: Final = {"color-contrast", "link-in-text-block"}
MEASURING: Final = {"scrollable-region-focusable", "target-size"}
ALIKE_MOST: Final = 3
BEGUN: Final = "!!window.axe || !!window.beginAxe && (window.beginAxe(), true)"
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

# The rules that measure and may find something; axe takes for right some of what this takes for too close.
TO_MEASURE: Final = """() => {
    const targets = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable]," + [
            "button", "checkbox", "combobox", "link", "menuitem", "menuitemcheckbox", "menuitemradio",
            "option", "radio", "scrollbar", "searchbox", "slider", "spinbutton", "switch", "tab", "textbox",
            "treeitem",
        ].map(role => `[role=${role}]`))]
        .filter(element => element.checkVisibility())
        .map(element => [element, [...element.getClientRects(), element.getBoundingClientRect()]
            .filter(rect => rect.width && rect.height)]);
    const apart = (one, other) => {
        const x = one.left + one.width / 2, y = one.top + one.height / 2;
        const nearest = Math.hypot(Math.max(other.left - x, x - other.right, 0),
                                   Math.max(other.top - y, y - other.bottom, 0));
        const middles = Math.hypot(other.left + other.width / 2 - x, other.top + other.height / 2 - y);
        const touching = one.left < other.right && other.left < one.right
            && one.top < other.bottom && other.top < one.bottom;
        const small = other.width < 24.1 || other.height < 24.1;
        return !touching && nearest >= 12.1 && (!small || middles >= 24.1);
    };
    const close = targets.some(([one, rects]) => targets.some(([other, others]) =>
        one !== other && rects.some(rect => others.some(around => !apart(rect, around)))));
    const scrolls = [...document.querySelectorAll("body *")].some(element =>
        (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight)
        && /auto|scroll/.test(getComputedStyle(element).overflow));
    return [...(close ? ["target-size"] : []), ...(scrolls ? ["scrollable-region-focusable"] : [])];
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


def keep_ready(context: Any) -> None:
    """Give axe to a context whose pages are all looked at: to hand it to each takes longer than its rules."""
    context.add_init_script(f"window.beginAxe = () => {{ {AXE.read_text()}\n }};")


def findings(page: Any, *, again: bool = False) -> list[Any]:
    """Return what axe finds on a page: rule, and the elements that break it.

    Args:
        page: of Playwright.
        again: whether nothing but the width has changed since the last call for this page.
    """
    colours, changes = set(page.evaluate(COMBINATIONS)), set(page.evaluate(CHANGES))
    left_out = MEASURING.difference(page.evaluate(TO_MEASURE))
    if colours <= _known.colours:
        left_out |= COLOURS
    options = _options(left_out, only_measuring=again and changes <= _known.changes)
    if options is None:
        return []
    if not page.evaluate(BEGUN):
        page.evaluate(AXE.read_text())
    found = page.evaluate(FIND, [options, ALIKE_MOST])
    if not {rule for rule, _ in found}.intersection(COLOURS):
        _known.colours.update(colours)
    if again and not found:
        _known.changes.update(changes)
    return found


def _options(left_out: set[str], *, only_measuring: bool) -> dict[str, Any] | None:
    """Return what axe is asked for; None if nothing is left to ask."""
    run: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
    if only_measuring:
        rules = (MEASURING | COLOURS) - left_out
        if not rules:
            return None
        run = {"runOnly": {"type": "rule", "values": sorted(rules)}}
    else:
        run["rules"] = {rule: {"enabled": False} for rule in left_out}
    return {**run, "resultTypes": ["violations"], "selectors": False, "preload": False}

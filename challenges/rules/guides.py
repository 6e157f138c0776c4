"""The guide at each field of a statement: what it is for, a good example and a poor one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Guide:
    """What helps to write a field; the examples are invented."""

    hint: str
    good: str
    poor: str
    why: str


GUIDES: Final[Mapping[str, Guide]] = {
    "title": Guide(
        "What should become possible, in under ten words",
        "Damp is found before a child falls ill",
        "Digital transformation of housing asset management",
        "The first says what changes for somebody. The second names a project.",
    ),
    "problem": Guide(
        "What goes wrong, how often, and what it costs people. No product, no solution",
        "Tenants report damp only once mould is visible. Last winter we found 310 homes too late. An "
        "inspector sees four homes a day.",
        "We need a cutting-edge sensor platform to leverage data across our housing stock.",
        "The first can be answered in many ways. The second has chosen the answer already.",
    ),
    "people": Guide(
        "Who has the problem, and how many they are",
        "About 4,200 tenants in flats built before 1970, and six inspectors",
        "Residents and stakeholders",
        "Numbers let a firm see whether its idea is large enough, or too large.",
    ),
    "tried": Guide(
        "What you tried, and what came of it. “Nothing yet” is an answer",
        "In 2024 we wrote to all tenants: 9% answered. A trial with 50 sensors ended when batteries ran out "
        "in three months.",
        "Various initiatives have been undertaken.",
        "What failed saves everybody from trying it again.",
    ),
    "outcomes": Guide(
        "What would be different, and how you would see it. One a line",
        "Damp is known on average six weeks earlier than today\nNo tenant has to be at home for it",
        "Improved efficiency and a better customer experience",
        "The first can be measured before and after. Nobody can say when the second is reached.",
    ),
    "interfaces": Guide(
        "Which data and systems a firm could use, how they can be reached, and what that costs",
        "Repairs since 2015 as a file (address, date, kind). The repairs system has a documented interface; "
        "its supplier charges £2,000 to open it, which we pay.",
        "Integration with existing systems is required.",
        "A firm must know before it answers whether it can get at the data.",
    ),
    "constraints": Guide(
        "Law, places, times, people. Not what you would merely like",
        "No camera in a home. The pilot is in two blocks that will be renovated in 2028.",
        "The supplier shall comply with all applicable policies.",
        "Each constraint keeps firms away, so it should be one that you cannot lift.",
    ),
    "after_success": Guide(
        "What happens if the pilot works: who decides, on what, and how it would be bought",
        "If damp is found six weeks earlier in both blocks, the housing board decides in May on all 4,200 "
        "homes. The contract allows for that.",
        "Potential for wider roll-out.",
        "A firm invests in a pilot if it can see what comes after it.",
    ),
    "budget_gross_pence": Guide(
        "What you pay for a pilot, with VAT. Say a sum: small firms cannot try for nothing",
        "£36,000",
        "To be agreed",
        "Without a sum only those answer who can afford to lose.",
    ),
    "later_gross_pence": Guide(
        "What may follow under the same procurement if it works, with VAT; it counts towards the threshold. "
        "Leave it empty where that would be a procurement of its own",
        "£120,000",
        "Subject to budget",
        "The law counts all that may be bought, not only the pilot.",
    ),
    "route_reason": Guide(
        "Why this route fits what you want to do",
        "Pilot and roll-out together stay below the threshold, and we want firms of any size to answer",
        "Chosen by procurement",
        "Whoever reads it later must see that it was thought about.",
    ),
    "showcase_where": Guide(
        "Where or how firms show what they have, and what you pay for",
        "Town hall, room 2, from 10am; or by video. We pay travel of up to £150.",
        "Details to follow",
        "A firm from far away decides by this whether it can come.",
    ),
    "category": Guide(
        "The market in which you would buy what works. Firms search by it, and are told by it",
        "Housing management systems, because the data and the money are there",
        "Technology, kind not said",
        "A firm that follows its own market hears of the first. Nobody follows the second.",
    ),
    "region_code": Guide(
        "Where people would try it. Choose “Anywhere” if a firm from anywhere could do it from where it is",
        "Yorkshire and The Humber, because sensors are fitted in two blocks in Leeds",
        "A region chosen to keep firms from elsewhere away",
        "The place of the pilot tells a firm whether it can get there; its own address should not matter.",
    ),
    "questions_on": Guide(
        "At least a week before responses are due, so that answers still help",
        "14 December, where responses are due on 24 December",
        "The day before responses are due",
        "An answer that comes after a firm has written is of no use to it.",
    ),
    "responses_due_on": Guide(
        "Three weeks or more for a firm that has other work, and not after a holiday",
        "Thursday 17 December at midday, four weeks after publication",
        "Monday 4 January at 9am",
        "Small firms write beside their work. A deadline after a holiday asks them to work through it.",
    ),
    "showcase_on": Guide(
        "When firms show what they have. Leave it empty if there is none",
        "Two weeks after responses are due: read first, then invite",
        "The day after responses are due",
        "A firm must know in time that it is invited, and people must have read what it wrote.",
    ),
    "decision_on": Guide(
        "By when every firm hears what came of its response, with the reason",
        "Three weeks after responses are due, and every judge has kept the days free",
        "In due course",
        "A firm keeps people free until it hears from you.",
    ),
    "pilot_from_on": Guide(
        "When it could begin: after the agreement, and with a baseline that was read before",
        "Six weeks after the decision, with baseline readings from the day of the decision on",
        "The day after the decision",
        "What was not read before the first day cannot be compared with afterwards.",
    ),
    "pilot_until_on": Guide(
        "Long enough to see the outcomes, and not longer",
        "End of March: damp shows in winter, so that one winter is needed",
        "Twelve months, as always",
        "Each month costs the firm and your staff. A pilot that is too short shows nothing.",
    ),
    "section": Guide(
        "What you judge by, and nothing else",
        "How it reaches the outcomes: say for each outcome how we could see it. At most 90 words",
        "Describe your company, its history and its values in full",
        "Each section costs every firm time, and only one or two of them are chosen.",
    ),
    "criterion": Guide(
        "What would make one response better than another, in words that a judge can give points by",
        "Fits people’s work, 30%: how well it fits those who would use it, and what it asks of them",
        "Quality, 100%",
        "Two judges read the first alike. By the second, each judges something else.",
    ),
}

"""What invented challenges say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Invented:
    """A challenge: its words, and what the co-sponsor says of its own need; empty where there is none.

    Attributes:
        one_phase: names are shown, and two firms are chosen for pilots at once.
        days_ago: how much earlier all of it happened.
    """

    title: str
    category: str
    texts: Mapping[str, str]
    line: str = ""
    one_phase: bool = False
    days_ago: int = 34


WRITING: Final = Invented(
    "Nobody waits on the telephone to say that a bin was missed",
    "customer-digital-systems",
    {
        "problem": "Residents call about a missed bin and wait eleven minutes. We leverage a legacy CRM "
        "solution, and because the crews, the contact centre and the depot each keep a list of their own in "
        "a system of its own, nobody can say to the caller whether a crew is still on its way. (invented)",
        "people": "About 2,600 callers a month, and 14 people who answer (invented)",
    },
)
OPEN: Final = Invented(
    "Damp is found before a child falls ill",
    "housing-systems",
    {
        "problem": "Tenants report damp only once mould can be seen. Last winter 310 homes were found too "
        "late. An inspector sees four homes a day. (invented)",
        "people": "About 4,200 tenants in flats built before 1970, and six inspectors (invented)",
        "tried": "In 2024 we wrote to all tenants: 9% answered. A trial with 50 sensors ended when batteries "
        "ran out in three months. (invented)",
        "outcomes": "Damp is known on average six weeks earlier than today.\nNo tenant has to be at home for "
        "it. (invented)",
        "interfaces": "Repairs since 2015 as a file. The repairs system has a documented interface; its "
        "supplier charges £2,000 to open it, which we pay. (invented)",
        "constraints": "No camera in a home. The pilot is in two blocks. (invented)",
        "after_success": "If damp is found six weeks earlier in both blocks, the housing board decides on "
        "all 4,200 homes. (invented)",
    },
    "We have 900 such homes, and would try it in one block (invented)",
)
CLOSED: Final = Invented(
    "A parking permit on the day somebody moves in",
    "customer-digital-systems",
    {
        "problem": "A new resident waits nine days for a permit and pays for parking meanwhile. (invented)",
        "people": "About 5,000 people a year (invented)",
        "tried": "A form on the web: it is printed and typed again. (invented)",
        "outcomes": "A permit on the same day for nine of ten people. (invented)",
        "interfaces": "The permit system has an interface that we pay for. (invented)",
        "constraints": "Wardens keep their handhelds. (invented)",
        "after_success": "The contract allows for two more years. (invented)",
    },
    "Our residents wait six days (invented)",
)
JUDGED: Final = Invented(
    "A gully is emptied before it floods the street",
    "gis-systems",
    {
        "problem": "We empty 41,000 gullies in turn, whether they are full or not. Last year 90 streets "
        "were under water beside gullies that had been emptied in turn. (invented)",
        "people": "About 3,000 people in streets that flood, and two crews (invented)",
        "tried": "A list by hand of streets that flood: it helped until its author left. (invented)",
        "outcomes": "Half as many streets under water, with the same two crews. (invented)",
        "interfaces": "Where each gully is, and five years of jobs, as a file. (invented)",
        "constraints": "Nothing is built into a gully. (invented)",
        "after_success": "The crews of all districts work by it from April on. (invented)",
    },
    "We have 28,000 gullies and one crew (invented)",
)
REPAIRS: Final = Invented(
    "A repair in a fortnight, from one call",
    "housing-systems",
    {
        "problem": "A tenant calls three times and waits three weeks for a tap. (invented)",
        "people": "About 18,000 tenants, and nine people who answer (invented)",
        "tried": "More people on the telephone: calls became shorter, not fewer. (invented)",
        "outcomes": "From the first call to the repair in 15 days. (invented)",
        "interfaces": "The repairs system has a documented interface. (invented)",
        "constraints": "Trades keep their hours. (invented)",
        "after_success": "All districts work so from the next year on. (invented)",
    },
    "Our tenants wait 24 days (invented)",
    one_phase=True,
    days_ago=240,
)
ARREARS: Final = Invented(
    "Somebody calls before arrears become a debt",
    "revenues-benefits-systems",
    {
        "problem": "Letters about missed payments are long, and three of ten households answer. (invented)",
        "people": "About 6,000 households a year (invented)",
        "tried": "A red envelope: complaints rose, answers did not. (invented)",
        "outcomes": "45 of 100 households call back within a week. (invented)",
        "interfaces": "The billing system sends a file each night. (invented)",
        "constraints": "No message after eight in the evening. (invented)",
        "after_success": "The way of writing is taken into all letters. (invented)",
    },
    "Two of ten answer with us (invented)",
    one_phase=True,
    days_ago=240,
)
VISITS: Final = Invented(
    "A carer knows before the door what is needed behind it",
    "social-care-systems",
    {
        "problem": "Carers learn at the door what changed since yesterday, and one visit in six is made "
        "twice. (invented)",
        "people": "About 900 people who are cared for at home, and 160 carers (invented)",
        "tried": "A sheet of paper in each hall: it was there, and nobody read it before. (invented)",
        "outcomes": "Half as many visits that are made twice. (invented)",
        "interfaces": "The care system sends the plan of the day as a file. (invented)",
        "constraints": "Nothing about health on a telephone that anybody can open. (invented)",
        "after_success": "All four districts work so from the autumn on. (invented)",
    },
    "One visit in five is made twice with us (invented)",
    one_phase=True,
    days_ago=240,
)
CHASING: Final = Invented(
    "Nobody has to ask three times how an application stands",
    "planning-systems",
    {
        "problem": "Of ten calls to the planning office, four ask how an application stands. (invented)",
        "people": "About 2,000 people who apply in a year, and five who answer (invented)",
        "tried": "A page with all steps: it says what happens, not where an application is. (invented)",
        "outcomes": "Half as many calls that ask how it stands. (invented)",
        "interfaces": "The planning system sends a file each night. (invented)",
        "constraints": "No name of an applicant in a message. (invented)",
        "after_success": "All kinds of application are told of so. (invented)",
    },
    "Three calls of ten are such calls with us (invented)",
    one_phase=True,
    days_ago=240,
)
LAMPS: Final = Invented(
    "A street lamp says itself that it is out",
    "gis-systems",
    {
        "problem": "A crew drives every street twice a month to find lamps that are out. (invented)",
        "people": "Everybody who walks at night, and one crew (invented)",
        "tried": "A telephone number on each post: most calls came twice. (invented)",
        "outcomes": "A lamp is lit again in three days. (invented)",
        "interfaces": "Where each lamp is, as a file. (invented)",
        "constraints": "No work on a post before ten in the morning. (invented)",
        "after_success": "All 38,000 lamps are told of so. (invented)",
    },
)
GIVEN_UP: Final = Invented(
    "A room in a library is booked without a call",
    "library-systems",
    {
        "problem": "Groups call to book a room, and rooms stand empty. (invented)",
        "people": "About 400 groups (invented)",
    },
)

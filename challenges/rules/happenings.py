"""What happened to a challenge, in words: one sentence for each action of the trail about challenges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from accounts.rules.trail import Words

# In braces: what the entry tells in its details, and `council`, the council that it is about.
SENTENCES: Final[Mapping[str, str]] = {
    "challenge.made": "began the statement “{title}”",
    "challenge.changed": "changed {part}",
    "challenge.sponsors_sought": "showed the statement to all councils, to find sponsors",
    "challenge.sponsors_not_sought": "no longer shows the statement to all councils",
    "challenge.sponsor_joined": "joined as a sponsor for {council}",
    "challenge.sponsor_changed": "changed what {council} says of its own need",
    "challenge.sponsor_left": "took {council} out of the sponsors",
    "challenge.approved": "approved version {version} for {council}",
    "challenge.refused": "refused version {version} for {council}",
    "challenge.notice_recorded": "recorded that the notice {code} was published as {reference}",
    "challenge.published": "published the challenge",
    "challenge.ended": "ended the challenge",
    "challenge.withdrawn": "withdrew the challenge",
    "challenge.deadline_moved": "moved the deadline to later for all",
    "challenge.questions_ended": "took no more questions, because the time for them had ended",
    "challenge.due_passed": "let nothing more in, because the deadline had passed",
    "challenge.phases_fixed": "fixed the phases of judging and their places ({places})",
    "challenge.phase_begun": "began the phase “{phase}” with a panel",
    "challenge.phase_decided": "decided the phase “{phase}”: {went_on} of {entered} go on",
    "challenge.times_drawn": "drew the times of the phase “{phase}” by lot",
    "challenge.named": "let its firm be named as chosen",
    "challenge.unnamed": "no longer lets its firm be named",
    "challenge.judged": "closed the judging",
    "challenge.pilot_started": "started a pilot: its measures are fixed",
    "challenge.result_published": "published the result of a pilot",
    "challenge.result_due": "noted that the day has passed by which the result of a pilot is published",
    "challenge.use_asked": "asks whether what was tried is still in use, a year after a council took it on",
    "subject.registered": "made room for its questions, dates and scores",
    "subject.buyer-added": "let another council act for it",
    "subject.buyer-ended": "let a council no longer act for it",
    "question.drafted": "drafted an answer to a question",
    "question.published": "published answers: number {numbers}",
    "subject.questions-until": "let firms ask until {until}",
}
# The same of the panel of a `phase`. No score, no response and no nature of a conflict is in it.
PANEL_SENTENCES: Final[Mapping[str, str]] = {
    "panel.formed": "formed the panel of the phase “{phase}”, with {chair} as its chair",
    "panel.named": "named {person} for the panel of the phase “{phase}”",
    "panel.released": "released {person} from the panel of the phase “{phase}”",
    "panel.chair": "made {chair} the chair of the panel of the phase “{phase}”",
    "panel.moved": "moved the panel of the phase “{phase}” on: it is now {to}",
    "panel.names-lifted": "showed the sponsors whose responses are judged",
    "conflict.declared": "declared in the phase “{phase}” whether there is a conflict with a response",
    "conflict.decided": "decided in the phase “{phase}” about a conflict that {person} declared: "
    "they {decision}",
    "score.locked": "locked their scores in the phase “{phase}”",
    "score.agreed": "wrote down on what the panel of the phase “{phase}” agreed for a criterion of a "
    "response",
}
DECIDED: Final[Mapping[str, str]] = {
    "may": "may judge it",
    "mitigated": "may judge it, with steps against the conflict",
    "may-not": "may not judge it",
}
WORDS: Final = Words({**SENTENCES, **PANEL_SENTENCES}, "changed the challenge")
sentence = WORDS.sentence

# The same of a pilot.
PILOT_SENTENCES: Final[Mapping[str, str]] = {
    "pilot.begun": "began an agreement with {firm}",
    "pilot.described": "changed what is tried, or when",
    "pilot.site_added": "added site {number}",
    "pilot.site_removed": "took out site {number}",
    "pilot.milestone_added": "added milestone {number}",
    "pilot.milestone_removed": "took out milestone {number}",
    "pilot.measure_added": "added measure {number}",
    "pilot.measure_removed": "took out measure {number}",
    "pilot.agreed": "approved the agreement",
    "pilot.reopened": "took the agreement back to change it",
    "pilot.dropped": "gave the pilot up before it started",
    "pilot.started": "started the pilot: its measures are fixed",
    "pilot.paid": "recorded that milestone {number} was paid",
    "pilot.read": "recorded {readings} readings of measure {number}",
    "pilot.evidence_added": "added a file of evidence to measure {number}, for {readings} of its readings",
    "pilot.evidence_opened": "let everybody open the file {file} once the result is published",
    "pilot.evidence_closed": "closed the file {file} to everybody but the sponsors and the firm",
    "pilot.corrected": "corrected a reading of measure {number}",
    "pilot.measure_changed": "changed measure {number} after it was fixed",
    "pilot.accounted": "wrote the account of the pilot",
    "pilot.ended": "ended the pilot; its result is published by {by}",
    "pilot.decided": "decided what becomes of it ({decision})",
    "pilot.published": "published the result",
    "pilot.adopted": "recorded that {council} takes it on",
    "pilot.still": "said whether it is still in use at {council}: {still}",
}
PILOT_WORDS: Final = Words(PILOT_SENTENCES, "changed the pilot")

"""Tables of challenges, by noun."""

from challenges.models.judging import (
    ChallengeConsent,
    ChallengeEntrant,
    ChallengeMark,
    ChallengeOutcome,
    ChallengePhase,
)
from challenges.models.offers import ChallengeDismissal, FirmOffer
from challenges.models.pilots import (
    Pilot,
    PilotAdoption,
    PilotEffect,
    PilotEvidence,
    PilotMeasure,
    PilotMeasureChange,
    PilotMilestone,
    PilotReading,
    PilotReadingEvidence,
    PilotSite,
)
from challenges.models.responses import (
    ChallengeAnswer,
    ChallengeIdentity,
    ChallengeResponse,
    ChallengeSubmission,
)
from challenges.models.showcase import ChallengeNote, ChallengeSlot
from challenges.models.statements import (
    Challenge,
    ChallengeApproval,
    ChallengeCriterion,
    ChallengeNotice,
    ChallengeSection,
    ChallengeSponsor,
)

__all__ = [
    "Challenge",
    "ChallengeAnswer",
    "ChallengeApproval",
    "ChallengeConsent",
    "ChallengeCriterion",
    "ChallengeDismissal",
    "ChallengeEntrant",
    "ChallengeIdentity",
    "ChallengeMark",
    "ChallengeNote",
    "ChallengeNotice",
    "ChallengeOutcome",
    "ChallengePhase",
    "ChallengeResponse",
    "ChallengeSection",
    "ChallengeSlot",
    "ChallengeSponsor",
    "ChallengeSubmission",
    "FirmOffer",
    "Pilot",
    "PilotAdoption",
    "PilotEffect",
    "PilotEvidence",
    "PilotMeasure",
    "PilotMeasureChange",
    "PilotMilestone",
    "PilotReading",
    "PilotReadingEvidence",
    "PilotSite",
]

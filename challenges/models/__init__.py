"""Tables of challenges, by noun."""

from challenges.models.judging import (
    ChallengeConsent,
    ChallengeEntrant,
    ChallengeMark,
    ChallengeOutcome,
    ChallengePhase,
)
from challenges.models.responses import (
    ChallengeAnswer,
    ChallengeIdentity,
    ChallengeResponse,
    ChallengeSubmission,
)
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
    "ChallengeEntrant",
    "ChallengeIdentity",
    "ChallengeMark",
    "ChallengeNotice",
    "ChallengeOutcome",
    "ChallengePhase",
    "ChallengeResponse",
    "ChallengeSection",
    "ChallengeSponsor",
    "ChallengeSubmission",
]

"""Tables of challenges, by noun."""

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
    "ChallengeCriterion",
    "ChallengeIdentity",
    "ChallengeNotice",
    "ChallengeResponse",
    "ChallengeSection",
    "ChallengeSponsor",
    "ChallengeSubmission",
]

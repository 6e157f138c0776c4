"""Tables of challenges, by noun."""

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
    "ChallengeApproval",
    "ChallengeCriterion",
    "ChallengeNotice",
    "ChallengeSection",
    "ChallengeSponsor",
]

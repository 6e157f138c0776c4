"""Tables of needs, contracts, matches and pools, by noun."""

from procurement.models.matches import (
    MatchLabel,
    MatchModel,
    MatchWeights,
    NeedFinding,
    NeedMatch,
    NeedVector,
)
from procurement.models.needs import Contract, ContractSetAside, Need, NeedDetail, NeedLine, NeedVersion
from procurement.models.pool_lines import (
    PoolBallot,
    PoolLine,
    PoolLineChange,
    PoolSounding,
    PoolStance,
    PoolVote,
)
from procurement.models.pools import (
    ApproverAuthority,
    Pool,
    PoolAgreement,
    PoolCommitment,
    PoolLeadOffer,
    PoolMember,
    PoolOutlook,
    PoolPerson,
    PoolPulse,
    PoolSignature,
    PoolStake,
    PoolTerms,
)
from procurement.models.succession import SuccessionChoice, SuccessionFollowed
from procurement.models.suggestions import (
    SuggestedNeed,
    SuggestedPool,
    SuggestionKept,
    SuggestionRun,
    SuggestionWish,
)
from procurement.models.talking import PoolComment
from procurement.models.worth import PoolBaseline, PoolOutcome, PoolTotal, PoolTotalBasis

__all__ = [
    "ApproverAuthority",
    "Contract",
    "ContractSetAside",
    "MatchLabel",
    "MatchModel",
    "MatchWeights",
    "Need",
    "NeedDetail",
    "NeedFinding",
    "NeedLine",
    "NeedMatch",
    "NeedVector",
    "NeedVersion",
    "Pool",
    "PoolAgreement",
    "PoolBallot",
    "PoolBaseline",
    "PoolComment",
    "PoolCommitment",
    "PoolLeadOffer",
    "PoolLine",
    "PoolLineChange",
    "PoolMember",
    "PoolOutcome",
    "PoolOutlook",
    "PoolPerson",
    "PoolPulse",
    "PoolSignature",
    "PoolSounding",
    "PoolStake",
    "PoolStance",
    "PoolTerms",
    "PoolTotal",
    "PoolTotalBasis",
    "PoolVote",
    "SuccessionChoice",
    "SuccessionFollowed",
    "SuggestedNeed",
    "SuggestedPool",
    "SuggestionKept",
    "SuggestionRun",
    "SuggestionWish",
]

"""Tables of needs, contracts and pools, by noun."""

from procurement.models.needs import Contract, ContractSetAside, Need, NeedDetail, NeedLine, NeedVersion
from procurement.models.pools import (
    ApproverAuthority,
    Pool,
    PoolAgreement,
    PoolCommitment,
    PoolMember,
    PoolOutlook,
    PoolPerson,
    PoolPulse,
    PoolSignature,
    PoolStake,
    PoolTerms,
)

__all__ = [
    "ApproverAuthority",
    "Contract",
    "ContractSetAside",
    "Need",
    "NeedDetail",
    "NeedLine",
    "NeedVersion",
    "Pool",
    "PoolAgreement",
    "PoolCommitment",
    "PoolMember",
    "PoolOutlook",
    "PoolPerson",
    "PoolPulse",
    "PoolSignature",
    "PoolStake",
    "PoolTerms",
]

"""What a bid holds and lacks, how far it is, and what its receipts say."""

"""Rules of contracts: what they are by now, changes, performance, ends, payments, notices, duties."""

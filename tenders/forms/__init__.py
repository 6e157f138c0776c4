"""Forms of tenders: their parts, approval, notices."""

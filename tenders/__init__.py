"""Tenders that pools become: buyers, lots, criteria, documents, approvals, notices."""

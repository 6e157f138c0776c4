"""Correcting a published tender: made, approved by every buyer, published."""

"""The invented part of the demonstration world: needs, contracts and pools of real councils, each marked."""

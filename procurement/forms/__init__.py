"""Forms of needs, contracts and pools, a file a noun."""

from procurement.forms.needs import DATA_WORDS, EndDate, NeedForm, Upload, typed_need

__all__ = ["DATA_WORDS", "EndDate", "NeedForm", "Upload", "typed_need"]

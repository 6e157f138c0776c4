"""The form in which people of a pool's members talk."""

from __future__ import annotations

from web.fields import Length, LongTextField, needed
from web.forms import Form


class CommentForm(Form):
    """Something to say to the other members of a pool."""

    text = LongTextField(
        "Your comment",
        [
            needed("Enter a comment"),
            Length(max=5000, message="The comment must be 5,000 characters or less"),
        ],
    )

    def written(self) -> str:
        """Return the text with one kind of line end; a browser sends two characters."""
        return (self.text.data or "").replace("\r\n", "\n")

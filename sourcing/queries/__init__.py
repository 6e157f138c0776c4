"""What is read of subjects: each a named function, as far as row-level security lets the actor see."""

"""Pure statistics and models: tables and arrays in, frozen dataclasses or expressions out."""

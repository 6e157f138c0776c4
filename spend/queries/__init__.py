"""Reads of published payments: the register, what was set aside, mappings, lines."""

from spend.queries.file_page import (
    FileFacts,
    Version,
    current_files,
    file_facts,
    files_of_import,
    own_code,
    versions,
)
from spend.queries.files import Registered, files_with_header, mappings, publishing_bodies, registered
from spend.queries.kept_out import body_years, outcomes, reconciliation
from spend.queries.lines import FileLine, as_lines, file_lines, lines_before, lines_path
from spend.queries.register import ALL, FileFilter, bodies_with_files, listed_files, totals
from spend.queries.set_aside import Source, all_set_aside, set_aside_lines, source_of_set_aside

__all__ = [
    "ALL",
    "FileFacts",
    "FileFilter",
    "FileLine",
    "Registered",
    "Source",
    "Version",
    "all_set_aside",
    "as_lines",
    "bodies_with_files",
    "body_years",
    "current_files",
    "file_facts",
    "file_lines",
    "files_of_import",
    "files_with_header",
    "lines_before",
    "lines_path",
    "listed_files",
    "mappings",
    "outcomes",
    "own_code",
    "publishing_bodies",
    "reconciliation",
    "registered",
    "set_aside_lines",
    "source_of_set_aside",
    "totals",
    "versions",
]

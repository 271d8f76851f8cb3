"""Files in, one database out. These names are the package's interface: `ui` imports no other module of it."""

from data.archive.state import Batch, FrozenReport
from data.base import clock
from data.base.errors import PracticeGone, StoreError
from data.base.fault import Change, Fault
from data.base.language import translations
from data.base.scratch import UploadCount, remove_own
from data.cli.output import protection_line, stage_label
from data.cli.parser import argparse_in_language, requested_language
from data.connections.config import Connection, Secret, load_connections
from data.coverage import Coverage, Services
from data.fetch.log import FetchStatus, load_fetch_statuses
from data.intake.choices import Choice, Take, suggested_coverage
from data.intake.draft import Draft, FileDraft, Source, TableDraft, unique_names
from data.intake.preview import column_names, first_rows, money_totals
from data.intake.zeros import possible_zeros, zero_cells
from data.ledger_source import LedgerAnswer
from data.mapping.model import ColumnMapping, ColumnSource, Constant, FromColumn, GeneratedId, Layout
from data.mapping.suggest import Suggestion, likeliest_dataset, suggest
from data.mapping.type_inference import has_day_first
from data.messages.listed import (
    ChangedRow,
    changed_rows,
    changes_csv,
    contradiction_texts,
    contradictions_csv,
    new_row_texts,
    without_department_csv,
    without_department_texts,
)
from data.messages.render import (
    explanation,
    form_sentence,
    format_items,
    report_csv,
    sentence,
    title_inside,
    zeros_text,
)
from data.messages.templates import WARNINGS
from data.practice import PracticeCopies
from data.previews.goals import GoalPreview
from data.previews.losses import Losses
from data.previews.text import AFTER_IMPORT, BEFORE_SAVE, goal_lines, losses_lines
from data.schema.catalogue import Column, Dataset, Value, datasets, value_lists
from data.schema.templates import csv_template, escape_formula, workbook_template
from data.served_store import Fetched, ServedStore
from data.serving.current_rows import all_rows, current_rows, current_texts, left_out
from data.serving.row_history import Statement, row_history
from data.serving.server import Database
from data.serving.stratsys import StratsysFile, stratsys_file

__all__ = [
    "AFTER_IMPORT",
    "BEFORE_SAVE",
    "Batch",
    "Change",
    "ChangedRow",
    "Choice",
    "Column",
    "ColumnMapping",
    "ColumnSource",
    "Connection",
    "Constant",
    "Coverage",
    "Database",
    "Dataset",
    "Draft",
    "Fault",
    "FetchStatus",
    "Fetched",
    "FileDraft",
    "FromColumn",
    "FrozenReport",
    "GeneratedId",
    "GoalPreview",
    "Layout",
    "LedgerAnswer",
    "PracticeCopies",
    "PracticeGone",
    "Losses",
    "ServedStore",
    "Secret",
    "Services",
    "Source",
    "Statement",
    "StoreError",
    "StratsysFile",
    "Suggestion",
    "TableDraft",
    "Take",
    "UploadCount",
    "Value",
    "WARNINGS",
    "all_rows",
    "argparse_in_language",
    "changed_rows",
    "changes_csv",
    "clock",
    "column_names",
    "contradiction_texts",
    "contradictions_csv",
    "csv_template",
    "current_rows",
    "current_texts",
    "datasets",
    "escape_formula",
    "explanation",
    "form_sentence",
    "format_items",
    "first_rows",
    "goal_lines",
    "has_day_first",
    "left_out",
    "likeliest_dataset",
    "load_connections",
    "load_fetch_statuses",
    "losses_lines",
    "money_totals",
    "new_row_texts",
    "possible_zeros",
    "protection_line",
    "remove_own",
    "report_csv",
    "requested_language",
    "row_history",
    "sentence",
    "stage_label",
    "suggest",
    "suggested_coverage",
    "title_inside",
    "translations",
    "unique_names",
    "value_lists",
    "without_department_csv",
    "without_department_texts",
    "workbook_template",
    "zero_cells",
    "zeros_text",
    "stratsys_file",
]

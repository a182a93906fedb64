"""Which test shows what happens to each hostile input, by its item and clause: kinds of input 1 to 18."""

from collections.abc import Mapping

_T = "tests/ingest/test_{}.py::test_{}"


def _of(file: str, *names: str) -> tuple[str, ...]:
    return tuple(_T.format(file, name) for name in names)


_CELLS = _of("hostile_text", "cells_are_kept_as_they_are_written", "the_same_of_a_graph")
_TABLES = _of("hostile_text", "tables_for_people_have_no_formula_and_machines_get_every_text")
_NO_TABLE = _of("bad_input", "a_file_that_is_no_table_is_refused_whole")
_BAD_ROW = _of("bad_input", "a_row_that_cant_be_read_is_kept_and_the_others_go_on")
_DATES = _of("hostile_markings", "a_date_that_is_none_or_may_be_two_is_quarantined")
_JSON = _of("hostile_json", "json_that_is_none_or_says_two_things_is_not_loaded")
_XML = _of("hostile_xml", "nothing_that_a_document_declares_is_resolved", "no_socket_is_made_while_a_document_is_read")
_NO_DATA = _of("hostile_files", "documents_and_pictures_are_no_data", "nobody_takes_a_document_or_picture_for_data")
_CIRCLE = _of("hostile_graphs", "owners_in_a_circle_self_ties_twins_and_ends_that_are_nowhere_come_in")
_CODES = _of("hostile_markings", "a_code_that_is_missing_unknown_or_says_two_things_is_quarantined")
_ABOVE = _of("hostile_markings", "a_load_above_all_levels_is_refused_and_traced_and_leaves_no_byte")

SHOWN: Mapping[int, Mapping[str, tuple[str, ...]]] = {
    1: {
        "a cell that is a formula is stored verbatim": (
            *_CELLS,
            *_of("hostile_text", "what_stands_at_the_ends_of_a_cell_is_kept"),
        ),
        "a cell with NUL": _BAD_ROW,
        "a header that is a formula": _of("hostile_text", "a_header_that_is_a_formula_is_a_name"),
        "neutral in tables of text for people": (
            *_TABLES,
            "tests/export/test_formulas.py::test_each_way_to_begin_a_formula_is_quoted",
            "tests/export/test_formulas.py::test_the_tables_hold_no_formula",
        ),
        "neutral in workbooks for people, whose cells are text": (
            "tests/app/test_exported.py::test_no_cell_is_a_formula",
        ),
        "exact in exports for machines": _TABLES,
    },
    2: {
        "a quote that is not closed": _NO_TABLE,
        "a field that is too long": _NO_TABLE,
        "a ragged row, NUL": _BAD_ROW,
        "lines add up": _of("table_shapes", "every_line_is_counted_once"),
    },
    3: {
        "declared encodings, marks": _of("csv", "encodings"),
        "another encoding than declared": _of(
            "encodings", "a_file_in_utf8_under_another_name_is_refused", "rightful_text_is_not_refused"
        ),
        "mixed encodings": _of("encodings", "a_row_in_utf8_among_others_is_quarantined", "one_cell_in_utf8_is_enough"),
        "UTF-16 that is not declared, or cut": (
            *_NO_TABLE,
            *_of("bad_input", "half_a_character_at_the_end_of_utf16_refuses_the_file"),
        ),
        "U+FFFD of the source stays": _CELLS,
    },
    4: {
        "a header twice, empty, unknown, missing": _NO_TABLE,
        "columns by name, in any order": _of("hostile_text", "columns_are_known_by_name_in_any_order"),
        "what the manifest ignores": _of("csv", "what_the_manifest_ignores_is_no_error"),
    },
    5: {
        "telephone, account, 1E5, NA, NULL, nan, large ids": _CELLS,
        "numbers of formats with numbers": _of(
            "hostile_text", "numbers_of_formats_that_have_numbers_keep_their_digits"
        ),
        "out again": _TABLES,
    },
    6: {
        "impossible, ambiguous, 0000, 9999, epoch, another calendar": _DATES,
        "counted dates where declared": _of("steps", "dates_that_are_counted_or_cut"),
        "a month or a year stays one": _of("cleaning", "a_date_is_iso_and_never_cut_in_silence"),
    },
    7: {
        "homoglyphs, composed and decomposed, zero width, overrides are kept": _CELLS,
        "compared without them": _of("hostile_text", "names_are_compared_without_what_only_looks"),
        "shown as escapes": _of("hostile_text", "signs_that_turn_or_hide_text_are_shown_as_escapes"),
        "half a character": _of("hostile_json", "half_a_character_and_nul_are_not_loaded"),
    },
    8: {
        "a name of a mebibyte, of one sign, null, emoji": _CELLS,
        "the chart shortens it": ("tests/app/test_text.py::test_short_text_is_short",),
        "an empty one": _of("unforeseen", "an_empty_cell_is_foreseen_by_nobody"),
    },
    9: {
        "NaN, Infinity, keys twice, nesting": _JSON,
        "a number of 5,000 digits": _of("hostile_json", "a_number_of_any_size_is_its_digits_or_waits"),
        "any value in any place": _of("any_json", "any_json_is_units_or_rejects"),
    },
    10: {
        "laughs, quadratic, file, http, only a document type": _XML,
        "nothing is fetched": _of("hostile_xml", "a_document_type_elsewhere_is_not_fetched"),
        "parts of a workbook": _of("xlsx", "a_part_that_declares_entities_is_refused"),
    },
    11: {
        "bombs": (
            *_of("hostile_archives", "a_bomb_is_refused_in_any_packing", "members_are_a_bomb_together"),
            *_of("hostile_files", "a_bomb_spoils_no_other_file"),
        ),
        "archives in archives": (
            *_of("compressed", "archives_in_archives_are_refused"),
            *_of("hostile_files", "archives_in_an_archive_are_not_opened"),
        ),
        "a million entries": _of(
            "hostile_archives", "a_zip_of_a_million_entries_is_refused_before_its_directory_is_read"
        ),
        "names that lead out": _of("hostile_archives", "a_member_outside_of_its_archive_is_refused"),
        "links": _of("hostile_archives", "links_and_devices_in_a_tar_are_refused", "a_zip_that_lies_is_refused"),
        "encrypted": _of("hostile_files", "an_encrypted_archive_is_refused"),
    },
    12: {
        "links, macros and connections of a workbook": _of("hostile_files", "of_a_workbook_only_cells_are_read"),
        "a sheet of 200 MB, or with far cells": _of(
            "hostile_files", "a_sheet_of_200_mb_is_a_bomb", "cells_at_the_far_end_of_a_sheet_take_no_room"
        ),
        "a PDF with a program, a picture of two thousand million points": _NO_DATA,
        "limits of memory and time": _of(
            "confined",
            "only_the_file_is_refused_that_ends_its_reader",
            "this_process_opens_nothing_of_an_archive",
            "this_process_reads_nothing_of_a_confined_format",
        ),
    },
    13: {
        "self-ties, twins, ends that are nowhere, owners in a circle": _CIRCLE,
        "a hub": _of("hostile_graphs", "a_hub_is_loaded"),
        "the chart shows some and says so": (
            "tests/app/test_desk.py::test_expanding_brings_all_in_turn_and_says_what_is_left",
        ),
    },
    14: {
        "the same file twice, renamed": _of(
            "deliveries", "again_and_under_another_name_nothing_changes", "files_together_or_one_by_one_are_the_same"
        ),
        "another content under one id, older after newer": _of(
            "deliveries",
            "a_newer_delivery_supersedes_and_an_older_one_is_history",
            "what_is_overtaken_is_late_every_time",
        ),
        "again, for every adapter": _of("adapters", "the_same_file_again_changes_nothing"),
    },
    15: {
        "a tenth of bad rows": _of("hostile_files", "a_tenth_of_bad_rows_is_told_or_refused"),
        "beyond a limit nothing is changed": _of("limits", "beyond_a_limit_nothing_is_changed"),
        "never success in silence": _of("run_report", "a_page_says_at_the_top_how_it_went"),
    },
    16: {
        "replaced while it is read": _of(
            "recount", "a_file_that_goes_or_changes_while_it_is_read_is_refused_and_the_others_go_on"
        ),
        "FIFO, directory": _of(
            "bad_input", "what_is_no_file_is_refused", "a_file_that_is_replaced_by_a_pipe_is_refused_at_once"
        ),
        "devices, no permission": _of("bad_input", "devices_and_what_may_not_be_read_are_refused"),
    },
    17: {
        "missing, unknown, contradictory": _CODES,
        "codes that make stricter": _of(
            "hostile_markings", "of_codes_that_make_stricter_one_that_is_unknown_is_quarantined"
        ),
        "broken lines": _of("markings_of_broken_lines", "a_damaged_line_asks_for_no_less_than_it_said"),
    },
    18: {
        "a label above all levels": _ABOVE,
        "a loader without the right": _of(
            "hostile_markings", "who_may_not_load_is_refused_and_traced_and_leaves_no_byte"
        ),
    },
}

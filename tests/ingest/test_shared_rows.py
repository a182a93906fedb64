"""Each row of the account of the real input, and the tests that show it through the command line.

A row that is new in the account has no entry here, and fails; so does an entry that names a test that is gone.
"""

import re
from importlib import import_module
from pathlib import Path

import pytest

pytestmark = pytest.mark.data

LISTS, MONEY, PHONES, NETWORKS = "test_shared_lists", "test_shared_money", "test_shared_phones", "test_real_networks"
TABLES, FILES, REST, POLE, COVERT = (
    *("test_shared_tables", "test_real_files", "test_shared_rest", "test_shared_pole"),
    "test_shared_covert",
)

# The first cell of each row, and for each file of tests those that show it.
ROWS: dict[str, dict[str, str]] = {
    "`pole/pole-data-importer.zip`": {
        FILES: "test_every_member_of_pole_has_its_entry test_pole_is_a_graph_of_entities_and_relationships "
        "test_homonyms_of_pole_stay_apart test_links_of_pole_have_their_type_and_run_as_there",
        POLE: "test_a_crime_without_a_type_has_two_ids test_a_call_is_an_entity",
    },
    "`ftm/yente/zala`": {
        FILES: "test_zala",
        REST: "test_references_and_what_they_lead_to test_names_of_zala_in_all_scripts",
    },
    "`ftm/nomenklatura/donations.*`": {
        FILES: "test_donations test_donations_as_a_table_give_the_same_parties",
        REST: "test_references_and_what_they_lead_to",
    },
    "`ftm/yente/parteispenden`": {FILES: "test_a_payment_with_two_beneficiaries_is_one_record_with_two_ties"},
    "`ftm/aleph/royal-family.vis`": {TABLES: "test_the_royal_family"},
    "`senzing/demo`": {
        FILES: "test_lists_of_objects_are_read_by_path",
        REST: "test_ties_of_senzing_and_the_shares_in_their_roles test_keys_of_senzing",
    },
    "`er/nomenklatura/cases.csv`, `putin_names.txt`": {REST: "test_labelled_pairs_of_names test_spellings_of_one_name"},
    "`sanctions/ofac_csv`": {
        LISTS: "test_ofac_entries test_ofac_addresses test_ofac_names "
        "test_ofac_comments_are_kept_with_an_entry_or_without",
        REST: "test_documents_and_wallets_in_remarks_of_ofac",
    },
    "`sanctions/un/UN_consolidated.xml`": {
        LISTS: "test_the_list_of_the_un",
        REST: "test_several_birth_dates_of_one_person",
    },
    "`sanctions/negative`": {LISTS: "test_an_error_page_is_no_list", FILES: "test_an_error_page_is_refused"},
    "`i2/*.anx`": {
        NETWORKS: "test_a_network_has_its_entities_and_relationships test_northstar_runs_along_its_arrows",
        REST: "test_strengths_and_attributes_of_northstar",
    },
    "`bods/v0.4`": {
        LISTS: "test_statements_of_ownership test_a_history_is_folded test_an_indirect_interest_is_no_second_one "
        "test_checks_of_statements"
    },
    "`gleif`": {LISTS: "test_gleif"},
    "`companies_house_psc`": {LISTS: "test_people_with_significant_control"},
    # No bundle here has an object that is revoked: `test_stix` shows what becomes of it.
    "`stix/oasis`": {
        PHONES: "test_bundles_of_stix",
        REST: "test_a_granular_marking_marks_what_it_names",
        "test_stix": "test_what_is_revoked_does_not_look_current",
    },
    "`goaml`": {MONEY: "test_goaml"},
    "`case_uco`": {PHONES: "test_objects_of_case"},
    "`cdr/cider`": {PHONES: "test_mobile_money_is_what_it_is"},
    "`vcard`": {
        LISTS: "test_cards test_a_birthday_without_a_year_is_kept",
        REST: "test_quoted_printable_of_cards",
    },
    "`iso20022`": {
        MONEY: "test_a_statement_of_a_finnish_bank test_two_statements_of_one_account test_orders_of_five_groups "
        "test_a_payment_between_american_banks test_a_message_without_a_statement_is_refused"
    },
    # The sum there is the library's, which takes two credits that were taken back for credits: the test shows both.
    "`mt940`": {
        MONEY: "test_statements_of_a_german_bank test_statements_of_dutch_banks "
        "test_the_statements_of_abn_amro_are_two test_a_broken_statement_is_quarantined"
    },
    "`aml_tx`, `amlsim`": {
        MONEY: "test_transactions_in_the_layout_of_ibm test_the_tables_of_amlsim",
        REST: "test_an_account_is_that_of_its_bank",
    },
    # No event here names a sharing group: `test_misp` shows what becomes of it.
    "`misp`": {
        PHONES: "test_events_of_misp",
        REST: "test_how_far_parts_of_an_event_of_misp_may_go",
        "test_misp": "test_tags_and_distribution_make_markings_stricter",
    },
    "`networks`": {
        NETWORKS: "test_a_network_has_its_entities_and_relationships test_what_is_no_network_is_refused "
        "test_squares_are_their_cells test_lists_of_arcs_are_whole"
    },
    "`wanted/fbi_wanted_api.json`": {LISTS: "test_notices_of_the_fbi"},
    "`anpr`": {PHONES: "test_reads_of_two_cameras"},
    "`covert/`": {
        COVERT: "test_every_network_is_named test_a_network test_locales_and_roles_of_infinito "
        "test_mail_and_departments test_suspects_victims_and_witnesses"
    },
}


def test_every_row_is_shown(shared_data: Path) -> None:
    lines = re.findall(r"(?m)^\| (.+?) \|", (shared_data / "README.md").read_text("utf-8"))
    assert lines[0] == "files"
    assert sorted(lines[1:]) == sorted(ROWS)


def test_every_test_is_there() -> None:
    for row, files in ROWS.items():
        for file, names in files.items():
            module = import_module(f"tests.ingest.{file}")
            assert [name for name in names.split() if not callable(getattr(module, name, None))] == [], row

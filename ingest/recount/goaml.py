"""Count the transactions and activities of goAML reports a second time."""

from ingest.recount.xml_elements import count_elements

count_goaml = count_elements("report/transaction", "report/activity", alone=["report"])

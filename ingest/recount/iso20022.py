"""Count the transactions of messages of ISO 20022 a second time."""

from ingest.recount.xml_elements import count_elements

count_iso20022 = count_elements(
    *("NtryDtls/TxDtls", "Ntry/TxDtls", "PmtInf/CdtTrfTxInf", "PmtInf/DrctDbtTxInf"),
    *("FIToFICstmrCdtTrf/CdtTrfTxInf", "FIToFICstmrDrctDbt/DrctDbtTxInf", "FICdtTrf/CdtTrfTxInf", "PmtRtr/TxInf"),
    alone=[
        *("Stmt/Ntry", "Rpt/Ntry", "Ntfctn/Ntry"),
        *("BkToCstmrStmt/Stmt", "BkToCstmrAcctRpt/Rpt", "BkToCstmrDbtCdtNtfctn/Ntfctn"),
        *("CstmrCdtTrfInitn/PmtInf", "CstmrDrctDbtInitn/PmtInf", "Document/PmtRtr"),
    ],
)

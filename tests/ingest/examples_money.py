"""Examples of statements and transactions of money."""

from collections.abc import Mapping
from pathlib import Path

import ingest.adapters
from tests.ingest.example import Example


def _usual(adapter: str, written: str = "", instead: str = "") -> str:
    """A manifest that says what the adapter's own one does, but for one text."""
    said = Path(ingest.adapters.__file__).with_name(f"{adapter.replace('-', '_')}.toml").read_text("utf-8")
    assert written in said
    return f'adapter = "{adapter}"\ndataset = "d"\n{said.replace(written, instead)}'


MONEY: Mapping[str, Example] = {
    "aml-tx": Example(
        name="t.csv",
        manifest=_usual("aml-tx"),
        mended=_usual("aml-tx", '["%Y/%m/%d %H:%M", ', '["%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M", '),
        before=b"Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,"
        b"Amount Paid,Payment Currency,Payment Format,Is Laundering\n",
        good=[
            b"2022/09/03 12:16,01,A1,02,B1,5.92,US Dollar,5.92,US Dollar,ACH,1",
            b'2022/09/03 12:16,01,A1,01,B1,5,Euro,"6",Thaler,Cash',
        ],
        unmapped=[b"03.09.2022 12:16,01,A1,02,B1,5.92,US Dollar,5.92,US Dollar,ACH,0"],
        unreadable=[b"2022/09/03 12:16,01,A1", b"2022/09/03 12:16,01,A1,02,B1,\xff,,,,,", b"a,b,c,d,e,f,g,h,i,j,k,l"],
    ),
    "amlsim": Example(
        name="t.csv",
        manifest=_usual("amlsim"),
        mended=_usual(
            "amlsim",
            'date = "tran_timestamp" }',
            'date = { column = "tran_timestamp", format = ["%Y-%m-%d", "%d.%m.%Y"] } }',
        ),
        before=b"tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n",
        good=[
            b"1,10,11,TRANSFER,5.50,2017-01-01,False,-1",
            b"2,11,10,WIRE,7,2017-01-02,True,3",
            b'3,12,0,CASH-IN,"8",2017-01-02,False,-1',
        ],
        unmapped=[b"4,10,11,TRANSFER,5.50,03.01.2017,False,-1"],
        unreadable=[
            b"5,10,11",
            b",10,11,TRANSFER,5.50,2017-01-01,False,-1",
            b"6,10,,TRANSFER,5.50,2017-01-01,False,-1",
            b"7,10,\xff,WIRE,,,,",
        ],
    ),
    "goaml": Example(
        name="r.xml",
        manifest=_usual("goaml"),
        mended=_usual(
            "goaml",
            'date = "date_transaction"\namount',
            'date = { column = "date_transaction", format = ["%Y-%m-%d", "%d.%m.%Y"] }\namount',
        ),
        before=b"<report><rentity_id>7</rentity_id><report_code>STR</report_code><entity_reference>R1</entity_reference>"
        b"<submission_date>2026-05-26</submission_date><currency_code_local>AED</currency_code_local>",
        after=b"<report_indicators><indicator>X</indicator></report_indicators></report>",
        good=[
            "<transaction><transactionnumber>1</transactionnumber><date_transaction>2026-05-24</date_transaction>"
            "<amount_local>5.00</amount_local><t_from><from_person><first_name>Жана</first_name></from_person></t_from>"
            "</transaction>".encode(),
            b"<transaction><transactionnumber>2</transactionnumber><involved_parties><party><role>B</role><account>"
            b"<institution_code>I</institution_code><account>77</account></account></party></involved_parties></transaction>",
            b"<activity><report_parties/></activity>",
        ],
        unmapped=[
            b"<transaction><transactionnumber>3</transactionnumber><date_transaction>24.05.2026</date_transaction>"
            b"<t_to><to_entity><name>F</name></to_entity></t_to></transaction>"
        ],
        unreadable=[
            b"<transaction><transactionnumber>4</transactionnumber></transaction>",
            b"<transaction><t_to><to_entity><name>F</name></to_entity></t_to></transaction>",
            b"<transaction><transactionnumber>5</transactionnumber><t_to><to_person><birthdate>1.2.90</birthdate>"
            b"</to_person></t_to></transaction>",
        ],
        numbered=True,
    ),
    "iso20022": Example(
        name="c.xml",
        manifest=_usual(
            "iso20022", "purpose = [", 'endDate = { column = "RltdDts.TxDtTm", format = ["%Y-%m-%d"] }\npurpose = ['
        ),
        mended=_usual(
            "iso20022",
            "purpose = [",
            'endDate = { column = "RltdDts.TxDtTm", format = ["%Y-%m-%d", "%d.%m.%Y"] }\npurpose = [',
        ),
        before=b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        b"<GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>"
        b'<Bal><Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal><Ntry><Amt Ccy="EUR">9</Amt>'
        b"<CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-01-02</Dt></BookgDt><NtryDtls>",
        after=b"</NtryDtls><AddtlNtryInf>late</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>",
        good=[
            b"<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RltdDts><TxDtTm>2026-01-01</TxDtTm></RltdDts></TxDtls>",
            "<TxDtls><RltdPties><Dbtr><Pty><Nm>Жана</Nm></Pty></Dbtr></RltdPties></TxDtls>".encode(),
            b"<TxDtls/>",
        ],
        unmapped=[b"<TxDtls><RltdDts><TxDtTm>01.01.2026</TxDtTm></RltdDts></TxDtls>"],
        unreadable=[
            b"<TxDtls><CdtDbtInd>?</CdtDbtInd></TxDtls>",
            b"<TxDtls><RltdPties><Dbtr><Id><PrvtId><DtAndPlcOfBirth><BirthDt>01.02.1990</BirthDt></DtAndPlcOfBirth>"
            b"</PrvtId></Id></Dbtr></RltdPties></TxDtls>",
        ],
        numbered=True,
    ),
    "mt940": Example(
        name="s.sta",
        manifest=_usual(
            "mt940", 'date = "day"', 'date = "day"\nendDate = { column = "supplementary", format = ["%Y"] }'
        ),
        mended=_usual(
            "mt940", 'date = "day"', 'date = "day"\nendDate = { column = "supplementary", format = ["%Y", "%d.%m.%Y"] }'
        ),
        before=b"ABNANL2A\n:20:R1\n:25:NL91ABNA0417164300\n:28C:5/1\n:60F:C110522EUR3236,28\n",
        after=b"\n:62F:C110523EUR876,84\n:86:all\n-\n",
        good=[
            b":61:1105240524D9,N192NONREF//X1\n:86:rent\nof May",
            b":61:1101021231RCR5,50NTRFREF\n2011\n:86:166?00GUT?20EREF+7?31DE89370400440532013000?32Ann",
            ":61:110524C1,NTRFNONREF\n:86:/IBAN/NL91ABNA0417164300/NAME/Жана/REMI/rent/".encode(),
        ],
        unmapped=[b":61:1105240524D9,50N192NONREF//X1\n03.04.2011\n:86:rent"],
        unreadable=[
            b":61:1105240524D9,N192NONREF\n:25:166?00GUT",
            b":61:1102310524D9,N192NONREF",
            b":61:1105240524D9,1,1N192NONREF",
            b":61:x",
            b":61:1105240524D9,N192NONREF\n:86:\xff",
            b":61:1105240524D9,N192NONREF\n:86:\0",
        ],
    ),
}

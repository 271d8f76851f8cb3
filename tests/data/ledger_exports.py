"""Exports of different accounting systems, in their real layouts with invented rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ledger:
    """A file, and for each column of `costs` the header that it should be read from ("a − b" for a difference)."""

    name: str
    text: str
    read: dict[str, str]
    amounts: list[str]
    dates: list[str]


RAINDANCE = Ledger(
    "raindance",
    "Huvudbok;Sala kommun\nPeriod 2601 - 2610;Utskriven 2026-11-02\n\n"
    "Ver nr;Ver datum;Konto;Konto(T);Ansvar;Ansvar(T);Verksamhet;Projekt;Motpart;Text;Belopp;;\n"
    "LF 26001042;2026-01-14;5420;Programvaror;1200;IT-enheten;9210;;81;Årsavgift e-tjänsteplattform;12 500,00;;\n"
    "LF 26001042;2026-01-14;5420;Programvaror;1200;IT-enheten;9210;;81;Årsavgift e-tjänsteplattform;12 500,00;;\n"
    "LF 26001043;2026-02-20;6212;Mobiltelefon;1200;IT-enheten;9210;30122;81;SMS januari;-1 234,50;;\n",
    {
        "booked_on": "Ver datum", "amount": "Belopp", "account": "Konto", "account_text": "Konto(T)",
        "cost_centre": "Ansvar", "unit": "Ansvar(T)", "project": "Projekt", "counterparty": "Motpart", "text": "Text",
        "voucher": "Ver nr",
    },
    ["12500.00", "12500.00", "-1234.50"],
    ["2026-01-14", "2026-01-14", "2026-02-20"],
)  # fmt: skip
AGRESSO = Ledger(
    "agresso",
    "Konto,Konto (T),Ansvar,Ansvar (T),Objekt,Motp,Period,Vernr,Verdatum,Resknr,Resknr (T),Text,Belopp\n"
    "5420,Programvaror,1200,IT-enheten,,81,202601,40001234,2026-01-14,10023,Plattformsbolaget AB,Årsavgift,12500.00\n"
    '5420,Programvaror,1200,IT-enheten,77,81,202602,40001235,2026-02-14,10024,"Signering, Nord AB",Licens,-500.00\n',
    {
        "booked_on": "Verdatum", "amount": "Belopp", "account": "Konto", "account_text": "Konto (T)",
        "cost_centre": "Ansvar", "unit": "Ansvar (T)", "project": "Objekt", "counterparty": "Motp", "text": "Text",
        "voucher": "Vernr",
        "supplier_id": "Resknr", "supplier": "Resknr (T)",
    },
    ["12500.00", "-500.00"],
    ["2026-01-14", "2026-02-14"],
)  # fmt: skip
VISMA = Ledger(
    "visma",
    "Datum;Ver.nr;Konto;Benämning;Kst;Proj;Verifikationstext;Debet;Kredit;Saldo\n"
    "2026-01-14;A12;5420;Programvaror;10;;Årsavgift;12500,00;;12500,00\n"
    "2026-01-15;A13;5420;Programvaror;10;;Kredit;;500,00;12000,00\n",
    {
        "booked_on": "Datum", "amount": "Debet − Kredit", "account": "Konto", "account_text": "Benämning",
        "cost_centre": "Kst", "project": "Proj", "text": "Verifikationstext", "voucher": "Ver.nr",
    },
    ["12500.00", "-500.00"],
    ["2026-01-14", "2026-01-15"],
)  # fmt: skip
FORTNOX = Ledger(
    "fortnox",
    "Fakturanr\tLeverantörsnr\tLeverantörsnamn\tFakturadatum\tFörfallodatum\tTotalt\tMoms\tValuta\tSaldo\n"
    "1001\t12\tSMS-bolaget AB\t2026-01-14\t2026-02-13\t1250,00\t250,00\tSEK\t0,00\n"
    "1002\t13\tPlattform AB\t2026-01-15\t2026-02-14\t2500,00\t\tSEK\t0,00\n",
    {
        "booked_on": "Fakturadatum", "amount": "Totalt − Moms", "supplier": "Leverantörsnamn",
        "supplier_id": "Leverantörsnr", "voucher": "Fakturanr",
    },
    ["1000.00", "2500.00"],
    ["2026-01-14", "2026-01-15"],
)  # fmt: skip
ENGLISH = Ledger(
    "english",
    "Posting date,Document no,G/L account,Account name,Cost center,Vendor no,Vendor name,Description,"
    "Amount incl VAT,VAT amount,Amount excl VAT\n"
    "2026-01-14,INV-1,5420,Software,1200,V10,Platform Ltd,Annual fee,125.00,25.00,100.00\n"
    '2026-01-15,INV-2,5420,Software,1200,V11,Signing Ltd,"Signing, January","1,250.00",250.00,"1,000.00"\n',
    {
        "booked_on": "Posting date", "amount": "Amount excl VAT", "supplier": "Vendor name", "text": "Description",
        "account": "G/L account", "account_text": "Account name", "cost_centre": "Cost center",
        "supplier_id": "Vendor no", "voucher": "Document no",
    },
    ["100.00", "1000.00"],
    ["2026-01-14", "2026-01-15"],
)  # fmt: skip
NORWEGIAN = Ledger(
    "norwegian",
    "Bilagsnr;Bilagsdato;Konto;Kontonavn;Avdeling;Prosjekt;Leverandørnr;Leverandør;Tekst;Beløp\n"
    "1001;14.01.2026;6420;Leie datasystemer;12;;9001;Plattform AS;Årsavgift;12 500,00\n"
    "1002;02.02.2026;6420;Leie datasystemer;12;;9001;Plattform AS;SMS;1 200,00\n",
    {
        "booked_on": "Bilagsdato", "amount": "Beløp", "supplier": "Leverandør", "text": "Tekst", "account": "Konto",
        "account_text": "Kontonavn", "cost_centre": "Avdeling", "project": "Prosjekt", "supplier_id": "Leverandørnr",
        "voucher": "Bilagsnr",
    },
    ["12500.00", "1200.00"],
    ["2026-01-14", "2026-02-02"],
)  # fmt: skip
DANISH = Ledger(
    "danish",
    "Posteringsdato;Bilag;Kontonummer;Kontonavn;Omkostningssted;CVR;Leverandørnavn;Posteringstekst;Beløb ekskl. moms;Moms\n"
    "14-01-2026;B1;2240;IT;10;12345678;Platform ApS;Årsgebyr;12.500,00;3.125,00\n",
    {
        "booked_on": "Posteringsdato", "amount": "Beløb ekskl. moms", "supplier": "Leverandørnavn",
        "text": "Posteringstekst", "account": "Kontonummer", "account_text": "Kontonavn",
        "cost_centre": "Omkostningssted", "supplier_id": "CVR", "voucher": "Bilag",
    },
    ["12500.00"],
    ["2026-01-14"],
)  # fmt: skip
TWO_ROWS = Ledger(
    "two header rows",
    "Leverantör;;Faktura;;;\nNr;Namn;Nr;Datum;Belopp exkl. moms;Moms\n12;SMS-bolaget;F1;2026-01-14;1000,00;250,00\n",
    {
        "booked_on": "Datum", "amount": "Belopp exkl. moms", "supplier": "Leverantör Namn",
        "supplier_id": "Leverantör Nr", "voucher": "Faktura Nr",
    },
    ["1000.00"],
    ["2026-01-14"],
)  # fmt: skip
NOISY = Ledger(
    "noisy",
    "Bolag;Fsg;Serie;Attestant roll;Bokf. datum;Förfallodag;Periodisering;Valutakurs;Leverantör;Belopp i valuta;"
    "Belopp exkl moms (SEK);Ack. utfall;Budget;Avvikelse;Konto;Kontotext;Kst;Kst text;Fri1;Fri2;Fri3;Fakturatext\n"
    "10;2;L;Chef;20260114;20260213;202601;1,0;Plattformsbolaget AB;12500,00;12500,00;99999,00;1000,00;1,00;"
    "5420;Programvaror;1200;IT;;;x;Årsavgift\n",
    {
        "booked_on": "Bokf. datum", "amount": "Belopp exkl moms (SEK)", "supplier": "Leverantör", "account": "Konto",
        "account_text": "Kontotext", "cost_centre": "Kst", "unit": "Kst text", "text": "Fakturatext",
    },
    ["12500.00"],
    ["2026-01-14"],
)  # fmt: skip
FINNISH = Ledger(
    "finnish",
    "Vuosi;Kunta;Toimittajan Y-tunnus;Toimittajan nimi;Tositenumero;Tositepäivä;Tili;Tilin nimi;Kustannuspaikka;Tiliöintisumma\n"
    "2026;Esimerkki;1234567-8;Alusta Oy;LA1001;14.1.2026;4440;ICT-palvelut;1200;12 500,00\n"
    "2026;Esimerkki;2345678-9;Viesti Oy;LA1002;20.1.2026;4420;Puhelin;1200;-234,50\n",
    {
        "booked_on": "Tositepäivä", "amount": "Tiliöintisumma", "supplier": "Toimittajan nimi",
        "supplier_id": "Toimittajan Y-tunnus", "voucher": "Tositenumero", "account": "Tili", "account_text": "Tilin nimi",
        "cost_centre": "Kustannuspaikka",
    },
    ["12500.00", "-234.50"],
    ["2026-01-14", "2026-01-20"],
)  # fmt: skip
COUNCIL_SPEND = Ledger(
    "council spend over 500",
    "Organisation Name,Directorate,Payment Date,Transaction No,Invoice No,Supplier Name,Net Amount,Irrecoverable VAT,"
    "Purpose of spend,Cost Centre,Account Code\n"
    "Example Borough,Resources,03/02/2026,1900012,F1,PLATFORM LTD,12500.00,0.00,Annual licence,C1200,4410\n"
    "Example Borough,Resources,13/02/2026,1900013,F2,SMS LTD,(234.50),0.00,Credit,C1200,4420\n",
    {
        "booked_on": "Payment Date", "amount": "Net Amount", "supplier": "Supplier Name", "voucher": "Transaction No",
        "text": "Purpose of spend", "cost_centre": "Cost Centre", "account": "Account Code", "office": "Directorate",
    },
    ["12500.00", "-234.50"],
    ["2026-02-03", "2026-02-13"],
)  # fmt: skip
NORWEGIAN_SUPPLIERS = Ledger(
    "norwegian supplier ledger",
    "År;Periode;Bilagsdato;Bilagsnummer;Leverandørnavn;Organisasjonsnummer;Artskonto;Artskonto(T);Ansvar;Beløp;Fakturanr\n"
    "2026;202601;14.01.2026;70012345;Plattform AS;912345678;11950;Avgifter, gebyrer, lisenser;1200;12500,00;F-1\n"
    "2026;202601;20.01.2026;70012346;SMS AS;923456789;11300;Telefoni;1200;1234,5-;F-2\n",
    {
        "booked_on": "Bilagsdato", "amount": "Beløp", "supplier": "Leverandørnavn", "supplier_id": "Organisasjonsnummer",
        "account": "Artskonto", "account_text": "Artskonto(T)", "cost_centre": "Ansvar", "voucher": "Bilagsnummer",
    },
    ["12500.00", "-1234.50"],
    ["2026-01-14", "2026-01-20"],
)  # fmt: skip
LEDGERS = (
    RAINDANCE,
    AGRESSO,
    VISMA,
    FORTNOX,
    ENGLISH,
    NORWEGIAN,
    DANISH,
    TWO_ROWS,
    NOISY,
    FINNISH,
    COUNCIL_SPEND,
    NORWEGIAN_SUPPLIERS,
)

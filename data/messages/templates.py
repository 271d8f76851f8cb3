"""The English sentence of every code of a `Fault`; the Swedish is in `locales/`."""

from collections.abc import Mapping

from data.base.language import N_

LEDGER_PARTS = {  # of what a ledger replaces, those that there are any of
    "added": N_("added %(added)s, together %(added_total)s kr"),
    "changed": N_("changed %(changed)s, from %(before)s to %(after)s kr"),
    "gone": N_("gone %(gone)s, together %(gone_total)s kr"),
    "same": N_("as before %(same)s, together %(same_total)s kr"),
}
WARNINGS = frozenset(
    (
        "contradiction", "department_cycle", "large_numbers", "ledger_damaged", "ledger_gap", "ledger_gone",
        "ledger_gone_refused", "ledger_part", "ledger_shares_lost", "ledger_unsure", "lower_counts", "names_read", "shares_sum",
        "sie_checksum_wrong", "sie_unbalanced", "small_shares", "unmatched",
    )
)  # notes that ask for a look before the import  # fmt: skip
MESSAGES: Mapping[str, str] = {
    # the whole file
    "empty_file": N_("The file is empty. Export it again, or choose another file."),
    "cannot_open": N_("The file cannot be opened. Check that it is still there and not open in another program."),
    "file_too_large": N_("The file is %(size)s MB and the limit is %(limit)s MB. Divide it, by year for example."),
    "wrong_kind": N_(
        "This is %(kind)s, whatever the file's name says. Save or export the table as CSV or XLSX instead."
    ),
    "packed": N_("This is a packed archive, whatever the file's name says. Unpack it, and import the files inside."),
    "reading_memory": N_(
        "The file could not be read: it takes more than %(size)s MB of memory. Copy the table into a new file, or divide it."
    ),
    "reading_slow": N_(
        "The file could not be read: it was not done after %(seconds)s seconds. Copy the table into a new file, or divide it."
    ),
    "reading_crashed": N_(
        "The file could not be read: it is damaged, or made in a way that cannot be read."
        " Open it in the program that it comes from, save it anew and try again."
    ),
    "damaged_gzip": N_(
        "The packed file (gzip) is damaged or ends too early. Fetch it again, or unpack it and import what is inside."
    ),
    "damaged_workbook": N_("The workbook is damaged. Open it in Excel or LibreOffice, save it anew and try again."),
    "locked_workbook": N_("The workbook is locked with a password. Save a copy without the password and import that."),
    "bomb": N_("Unpacked, the file is larger than %(limit)s MB. It is not opened. Save the table as CSV instead."),
    "too_many_cells_in_sheet": N_(
        "The sheet has %(rows)s rows and %(columns)s columns, mostly because of a forgotten value far down or to "
        "the right. Copy the table into a new sheet."
    ),
    "too_many_columns": N_(
        "There are %(count)s columns and the limit is %(limit)s. Keep only the columns that are needed."
    ),
    "quote_not_closed": N_(
        'A quotation mark (") begins here but never ends, so it is not clear where the text stops. Remove the '
        "mark, or write it twice where it belongs to the text."
    ),
    "cell_too_long": N_(
        'A cell that begins here has more than 131,072 characters. The usual reason is a quotation mark (") '
        "without an end."
    ),
    "unclear_letters": N_(
        "It is not clear which characters of the file are å, ä and ö. Choose %(place)s which reading is "
        "right, or give --encoding, or export the file again as CSV in UTF-8 (in Excel: CSV UTF-8)."
    ),
    "not_recognised": N_(
        "No row looks like the headers of a table. Compare with the templates, or say %(place)s which table"
        " and which columns it is. That is remembered for files with the same headers."
    ),
    "nearly_recognised": N_(
        "No table is recognised. The closest is %(table)s, where these columns are missing: %(missing)s."
        " Compare with the template, or say %(place)s which column is which."
        " That is remembered for files with the same headers."
    ),
    "personal_name": N_("The file's name holds %(kind)s. Give the file another name and try again."),
    # answers of the e-service platform
    "platform_web_page": N_(
        "The answer is a web page, probably a login page or an error page. Check the address and the user name."
    ),
    "platform_cut": N_("The answer was cut off. Fetch it again."),
    "platform_broken": N_(
        "The answer is damaged here, so the rest cannot be read. Fetch it again."
        " If it happens again, tell whoever runs the platform."
    ),
    "platform_declarations": N_(
        "The answer holds XML declarations (DOCTYPE or ENTITY) that the platform never writes. It is not opened."
    ),
    "platform_validation": N_(
        "The platform answered with an error instead of data: %(names)s. Check the address and the numbers in it."
    ),
    "platform_status": N_(
        "This is the status of a single case, and there are no cases in it. Fetch the list of cases (getinstances) instead."
    ),
    "platform_single_case": N_("This is a single case (getinstance). Fetch the list of cases (getinstances) instead."),
    "platform_empty_catalogue": N_(
        "There are no e-services in the answer. It is not read, because that would mean that all of them are gone."
        " Check the address and the user name."
    ),
    "platform_fields": N_(
        "It does not show which answer from the platform this is: none of these fields is there: %(names)s."
        " Fetch it again."
    ),
    "platform_number": N_("%(name)s should be a whole number here, but is not. Fetch the answer again."),
    "platform_date": N_("%(name)s cannot be read as a date. Fetch the answer again."),
    "platform_week": N_("The row should begin with a week, such as 2025 v.36. Download the file again."),
    "weeks_order": N_(
        "The weeks do not follow each other in the calendar, so it is not clear which days they mean."
        " Download the file again, and change nothing in it."
    ),
    "weeks_unclear": N_(
        "A single week 1 can mean the first or the last days of the year. Download the file again, with more weeks."
    ),
    "installation_needed": N_(
        "It is not clear which installation of the platform the file comes from: %(names)s. Choose one of them (on "
        "the command line: --installation NAME)."
    ),
    "family_needed": N_(
        "It is not clear which e-service the cases belong to. State the number of the e-service (FlowFamilyID; on "
        "the command line: --family N)."
    ),
    # listings of a website
    "sitemap_index": N_(
        "This is an index of sitemaps and holds no pages itself. Fetch the sitemaps that it names, and import them: %(names)s."
    ),
    "sitemap_empty": N_(
        "There are no pages in the sitemap. It is not read, because that would mean that all of them are gone."
    ),
    "sitemap_broken": N_(
        "The sitemap is damaged here, so the rest cannot be read. Fetch it again."
        " In an address the sign & has to be written &amp;."
    ),
    "sitemap_declarations": N_(
        "The file holds XML declarations (DOCTYPE or ENTITY) that no sitemap needs. It is not opened."
    ),
    "page_without_address": N_(
        "It is not clear which website the links of the saved page belong to. Save it anew as a whole web page, or "
        "make a list of the addresses."
    ),
    # ledgers: errors that refuse the file
    "sie_balances": N_(
        "The file is SIE type %(value)s and holds balances, but no vouchers. Export SIE type 4 from the ledger instead."
    ),
    "sie_currency": N_(
        "The amounts are in %(value)s and not in Swedish kronor, so they cannot be added to others."
        " Export the ledger in SEK."
    ),
    "sie_broken": N_(
        "A line of the SIE file has no end here, so the rest cannot be read. Export it again from the ledger,"
        " and change nothing in it."
    ),
    "sie_cut": N_("The SIE file ends in the middle of a voucher. Export it again from the ledger."),
    # a table's headers
    "missing_column": N_(
        "The table %(table)s needs this column. Say %(place)s which column it is, or add it."
        " That is remembered for files with the same headers."
    ),
    "missing_constant": N_(
        "The table %(table)s needs this column. Say %(place)s which column it is, or what stands on every row."
        " That is remembered for files with the same headers."
    ),
    "missing_made": N_(
        "The table %(table)s needs this column. Say %(place)s which column it is, or let it be made there."
        " That is remembered for files with the same headers."
    ),
    "new_row": N_(
        "No row with this %(key)s is known, and a new one needs %(columns)s too. Correct the %(key)s, or add the columns."
    ),
    "replaces_circle": N_(
        "The departments replace one another in a circle by way of ”%(value)s”: clear one of the ids in the column ersatter."
    ),
    "order_known": N_(
        "”%(value)s” does not agree with %(other)s, which is known: the first day comes after the last."
        " Correct the date, or let the file have both."
    ),
    "column_twice": N_("The column is there twice, so it is not clear which one counts. Remove or rename one of them."),
    "personal_header": N_(
        "The column looks like personal data, which is never stored."
        " Remove it, or import without it by taking the good rows."
    ),
    "personal_column": N_(
        "The column holds %(kind)s in this many rows: %(count)s. Personal data is never stored."
        " Remove the column, or import without it by taking the good rows."
    ),
    # a row or a cell
    "personal_number": N_("The cell holds a personal number. Remove it: personal data is never stored."),
    "email": N_("The cell holds an e-mail address. Remove it: personal data is never stored."),
    "too_many_cells": N_(
        "The row has more cells than there are headers: ”%(value)s” is one too many."
        " A text with the delimiter in it needs quotation marks around it."
    ),
    "blank": N_(
        "The cell is empty. Write a value, for example %(example)s, or delete the row if it is a sum or a note."
    ),
    "error_cell": N_("”%(value)s” is a formula error. Correct the formula, or write the value."),
    "uncalculated": N_(
        "The formula has no saved value. Open the workbook in Excel or LibreOffice, save it and import it again."
    ),
    "overflow": N_(
        "”%(value)s” is what a spreadsheet shows when the column is too narrow, and the value is lost in the file. Widen the"
        " column, save the file again and import it."
    ),
    "bad_date": N_("”%(value)s” is not a date. Write it as YYYY-MM-DD, for example 2026-03-14."),
    "impossible_date": N_("”%(value)s” is not in the calendar. Write the date as YYYY-MM-DD, for example 2026-03-14."),
    "date_order": N_(
        "”%(value)s” has the day or the month first, and it is not clear which. Write YYYY-MM-DD, for example "
        "2026-03-14."
    ),
    "date_range": N_("”%(value)s” lies before 1900 or after 2199. Check the year."),
    "future": N_("”%(value)s” lies in the future. Check the date."),
    "bad_month": N_("”%(value)s” is not a month. Write it as YYYY-MM, for example 2026-03."),
    "impossible_month": N_("”%(value)s” is not in the calendar. Write the month as YYYY-MM, for example 2026-03."),
    "month_day": N_("”%(value)s” is a day inside a month. Write the month as YYYY-MM, for example 2026-03."),
    "future_month": N_("”%(value)s” lies in the future. Check the month."),
    "bad_year": N_("”%(value)s” is not a year. Write four digits, for example 2026."),
    "bad_money": N_("”%(value)s” is not an amount. Write digits and at most two decimals, for example 12500,50."),
    "bad_percent": N_("”%(value)s” is not a share. Write a number, for example 37,5."),
    "bad_count": N_(
        "”%(value)s” is not a whole number. Write digits only, for example 42, or “not reported” or “not applicable”."
    ),
    "not_whole": N_("”%(value)s” is not a whole number. Write a number without decimals, for example 42."),
    "two_ways": N_("”%(value)s” can mean thousands or decimals. Write 1234 for thousands, and 1,23 for decimals."),
    "decimals": N_("”%(value)s” has more than two decimals. Round it to whole öre, for example 12500,50."),
    "negative": N_("”%(value)s” is less than zero. Write zero or more."),
    "below": N_("”%(value)s” is too small. The least is %(min)s."),
    "above": N_("”%(value)s” is too large. The most is %(max)s."),
    "too_large": N_("”%(value)s” has more digits than can be stored. Check the number."),
    "unknown_value": N_("”%(value)s” is not one of the values that can stand here. Choose one of: %(allowed)s."),
    "too_long": N_("The text is too long: ”%(value)s”. Shorten it."),
    "control": N_(
        "”%(value)s” holds characters that cannot be shown. Write the text anew, or export the file again as UTF-8."
    ),
    "mojibake": N_(
        "”%(value)s” has signs where å, ä and ö should stand. Write the text anew, or export the file again as UTF-8."
    ),
    "mangled_id": N_(
        "”%(value)s” is an id that Excel has turned into a rounded number."
        " Format the column as text and export it again."
    ),
    "bad_url": N_("”%(value)s” is not a web address. Write all of it, from https://."),
    "one_of_none": N_("One of these columns needs a value: %(columns)s."),
    "one_of_both": N_("Only one of these columns may have a value: %(columns)s. Clear the other."),
    "order": N_("”%(value)s” lies before the date in the column %(other)s. Check both."),
    "ledger_organisation": N_(
        "”%(value)s” looks like an organisation number and cannot stand here. The cells of the row are in the "
        "wrong columns. Correct the row where the file was made, and import it again."
    ),
    "ledger_date": N_(
        "”%(value)s” is a date and cannot stand here. The cells of the row are in the wrong columns. Correct the "
        "row where the file was made, and import it again."
    ),
    "ledger_amount": N_(
        "”%(value)s” is an amount and cannot stand here. The cells of the row are in the wrong columns. Correct "
        "the row where the file was made, and import it again."
    ),
    "ledger_text": N_(
        "”%(value)s” cannot stand here. The cells of the row are probably in the wrong columns. Correct the row "
        "where the file was made, and import it again."
    ),
    "sie_row": N_(
        "The posting cannot be read: ”%(value)s” cannot stand here. A space in an amount, or a quotation mark that is"
        " missing, is the usual reason. Export the file again from the ledger, or import the good rows."
    ),
    "sie_loose": N_(
        "The posting stands outside the vouchers, so it has no date. Export the file again from the ledger,"
        " or import the good rows."
    ),
    "ledger_few_cells": N_(
        "The row ends with ”%(value)s”, before all that a posting needs. Delete it if it is a sum or a note;"
        " otherwise correct the row where the file was made."
    ),
    # notes: nothing is refused
    "ledger_read": N_(
        "Postings in the file: %(all)s, together %(total)s kr. Read, without VAT: %(rows)s, together %(read)s kr."
    ),
    "ledger_refused": N_("Left out because of errors: %(rows)s, together %(total)s kr."),
    "ledger_unsure": N_("Postings with errors whose amount is uncertain and which are in no sum: %(count)s."),
    "ledger_replaces": N_("The file replaces what the same source said before, of %(months)s: %(parts)s."),
    "ledger_changed": N_("Changed, the largest first: %(pairs)s."),
    "ledger_gone": N_(
        "Gone, the largest first: %(pairs)s. If the file holds only a part of the ledger, do not import it: export the"
        " whole months."
    ),
    "ledger_gone_refused": N_(
        "Vouchers left out since rows of them have errors, the largest first: %(pairs)s. They are missing among "
        "the costs until the rows are right."
    ),
    "ledger_beside": N_(
        "Other postings of the same source in these months, which stay because they are not in the file's part of the ledger:"
        " %(count)s, together %(total)s kr."
    ),
    "ledger_gap": N_(
        "The file has no postings of %(months)s, where the same source has %(count)s, together %(total)s kr. These stay. If there"
        " are none now, say that the file covers these months."
    ),
    "ledger_shares_lost": N_(
        "Cost shares of postings that are gone, and which then belong to no posting: %(count)s, together %(total)s kr,"
        " voucher %(names)s."
    ),
    "ledger_again": N_(
        "Most of what is there already, from %(files)s, comes again under other numbers, together %(sum)s kr"
        " (postings: %(count)s). Say whether the file replaces it or is added beside it. If it replaces it:"
        " %(parts)s."
    ),
    "ledger_part": N_(
        "Most of what the file would replace is not in it, together %(total)s kr (postings: %(count)s). Say whether these are"
        " gone, so that the file replaces them, or whether it is another part of the ledger, to be added beside them."
    ),
    "sie_left_balance": N_("Left out: postings on balance accounts, VAT among them: %(rows)s, together %(total)s kr."),
    "sie_left_income": N_("Left out: postings on income accounts: %(rows)s, together %(total)s kr."),
    "sie_result": N_(
        "Of those that are imported, on the account for the year's result (899): %(rows)s, together %(total)s kr. "
        "It is a sum of other accounts and no cost, so it is not counted."
    ),
    "sie_left_other": N_(
        "Left out: postings on accounts in other classes than 1 to 8: %(rows)s, together %(total)s kr."
    ),
    "sie_company": N_("The ledger is that of %(names)s."),
    "sie_checksum_right": N_("The file's checksum agrees: nothing was changed after the export."),
    "sie_checksum_wrong": N_(
        "The file's checksum does not agree: something was changed after the export."
        " Compare the sums with the ledger, or export it again."
    ),
    "sie_checksum_none": N_("The file has no checksum, so it was not checked whether it was changed after the export."),
    "sie_unbalanced": N_(
        "Vouchers where debit and credit differ: %(count)s, for example %(names)s, with a difference of "
        "%(amounts)s kr. Their postings are read. Check them in the ledger."
    ),
    "sie_added_alone": N_(
        "Rows marked as added (#RTRANS) that do not come once more as ordinary ones, and are therefore not read: %(count)s."
    ),
    "ledger_damaged": N_(
        "Texts with letters that are damaged in the file, where ? now stands: %(count)s. No amount is affected."
    ),
    "sie_no_costs": N_(
        "The file has no cost postings: none of its vouchers has a row on an account in classes 4 to 8, so there is nothing to"
        " import. Check that the right period and the right part of the ledger were exported."
    ),
    "sie_twice": N_(
        "Postings whose voucher number is there more than once: %(count)s. Each of them counts. %(where)s."
    ),
    "ledger_alike": N_(
        "Postings with the same voucher, account, amount and supplier as another: %(count)s. Each of them counts."
        " %(where)s."
    ),
    "ledger_sole_traders": N_(
        "Postings of sole traders: %(count)s. Their number is a personal number and is not shown. Their name is "
        "often a person's and is removed."
    ),
    "ledger_masked": N_("Personal numbers and e-mail addresses in texts that were masked: %(count)s."),
    "ledger_buyers": N_("The file holds postings of several buyers, and all are read: %(names)s."),
    "ledger_columns": N_("Columns that the layout demands are not there: %(names)s. The rest is read."),
    "hidden_sheets": N_("Hidden sheets are not read: %(names)s."),
    "merged_cells": N_("Merged cells were filled with the value of the topmost cell. Cells filled: %(count)s."),
    "mapped": N_("Read as %(title)s, by the column choices from %(on)s."),
    "ignored_columns": N_("Columns that are not used: %(names)s."),
    "no_rows": N_("There are headers here, but no rows yet."),
    "overflow_text": N_(
        "The spreadsheet's column was too narrow, so #### stands where there was a text. Widen it and save the file again if the"
        " text is needed. %(where)s."
    ),
    "blank_counts": N_("Empty cells count as not reported, never as zero. %(where)s."),
    "duplicate": N_("The same row more than once (same %(key)s, same values): it counts once. %(where)s."),
    "contradiction": N_("Same %(key)s but different values: the last row counts. %(where)s."),
    "unmatched": N_(
        "Not in the table %(other)s: %(values)s. Add them to it, or correct them here. Until then the rows are kept and"
        " shown on Data quality. %(where)s."
    ),
    "names_read": N_("Names read as ids of the table %(other)s: %(values)s. Check them. %(where)s."),
    "cases_win": N_(
        "The same service, month and channel has both single cases and a monthly count. The single cases hold "
        "where their file covers the month and they are all that came in, otherwise the monthly count. Monthly "
        "counts concerned: %(count)s, for example %(values)s."
    ),
    "lower_counts": N_(
        "Counts that were higher before: %(values)s. In all: %(count)s. Old cases have probably been culled where "
        "the counts come from. The higher ones stay until you accept the lower."
    ),
    "platform_ampersands": N_("Signs & that were not written as XML demands were read as they stand: %(count)s."),
    "platform_controls": N_("Characters that cannot be shown were left out: %(count)s."),
    "platform_backslashes": N_("Backslashes that were not written as JSON demands were read as they stand: %(count)s."),
    "platform_numeric_names": N_(
        "Names without quotation marks, such as 007, were read as text, exactly as they are written: %(count)s."
    ),
    "platform_unfinished_month": N_("The month %(month)s is not over, so its cases are left out for now: %(count)s."),
    "platform_never_sent": N_("Begun but never sent in, and therefore no cases: %(count)s."),
    "platform_not_cases": N_("Not sent in yet, and therefore no cases: %(count)s."),
    "platform_lost_cases": N_(
        "Cases that by their status were sent in, but that have no day for it (firstSubmitted): %(count)s."
        " They are not counted. Ask whoever runs the platform."
    ),
    "platform_no_cases": N_("There are no cases in the answer."),
    "platform_twice": N_("The same case more than once in the answer counts once. Repetitions: %(count)s."),
    "platform_months_left_out": N_("Months that the file covers only in part are left out: %(names)s."),
    "platform_same_name": N_("Several e-services have the same name, and their cases are taken together: %(names)s."),
    "pages_twice": N_("The same page more than once counts once. Repetitions: %(count)s."),
    "large_numbers": N_(
        "Numbers above %(limit)s are unusual: %(values)s. They are read as they stand. Check that none has a digit too"
        " many. %(where)s."
    ),
    "small_shares": N_("No share is above 1, and 0.5 is read as half a per cent. Write 50 if half is meant."),
    "rejected_links": N_(
        "Somebody has decided that these do not belong together, and that stays, since the file lacks the column"
        " %(header)s: %(values)s. In all: %(count)s. If they do, add the column, with ja."
    ),
    "shares_sum": N_(
        "The shares of a cost do not make 100 per cent: %(values)s. If they make less, the rest has no payer. If "
        "they make more, the whole cost has none."
    ),
    "moved_today": N_(
        "Moved from the day of the import: %(values)s. In all: %(count)s. Earlier months stay where they were. If the move was"
        " made another day, or corrects a mistake, state the day in the column galler_fran."
    ),
    "moved_from": N_(
        "Moved from the day in galler_fran: %(values)s. In all: %(count)s. Earlier months stay where they were."
    ),
    "moved_day": N_("The day of an earlier move is changed: %(values)s. In all: %(count)s."),
    "department_cycle": N_(
        "Departments that are their own parent: %(values)s. Correct what they belong to (overordnad_id)."
    ),
}

KINDS: Mapping[str, str] = {
    "PDF": N_("a PDF document"),
    "image": N_("an image"),
    "HTML": N_("a web page (HTML)"),
    "XML": N_("an XML file"),
    "JSON": N_("a JSON file"),
    "RTF": N_("a text document"),
    "ZIP": N_("a packed file that holds no workbook"),
    "XLSB": N_("a binary workbook (XLSB)"),
    "database": N_("a database file"),
    "binary": N_("a file that is not text"),
    "personal_number": N_("a personal number"),
    "email": N_("an e-mail address"),
}

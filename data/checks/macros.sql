-- Macros that parse a cell's text. Each takes text or NULL, and returns NULL for what it cannot parse.

-- The text without surrounding white space, marks of direction and the apostrophe that keeps a spreadsheet from running it, and with line breaks and
-- tabs as spaces; NULL when blank.
CREATE TEMP MACRO tidy(v) AS nullif(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(v, '[\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]', '', 'g'),
    '^[\s\x{00A0}\x{1680}\x{2000}-\x{200B}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]+|[\s\x{00A0}\x{1680}\x{2000}-\x{200B}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]+$',
    '', 'g'), '[\t\r\n]+', ' ', 'g'), '^''([=+@-])', '\1'), '');

-- A date written YYYY-MM-DD, YYYYMMDD, or as an ISO date and time.
CREATE TEMP MACRO day_of(v) AS CASE
    WHEN regexp_full_match(v, '[0-9]{8}') THEN try_cast(v[1:4] || '-' || v[5:6] || '-' || v[7:8] AS DATE)
    WHEN regexp_full_match(v,
        '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?')
        THEN try_cast(v[1:10] AS DATE)
    END;

-- The number of a month by its name in Swedish or English, in full or shortened; NULL for other words.
CREATE TEMP MACRO month_number(name) AS CASE WHEN regexp_full_match(name,
    '(?i)jan(uari|uary)?|feb(ruari|ruary)?|mar(s|ch)?|apr(il)?|ma[jy]|jun[ie]?|jul[iy]?|aug(usti|ust)?|sept?(ember)?|o[kc]t(ober)?|nov(ember)?|dec(ember)?')
    THEN 1 + (position(replace(replace(lower(left(name, 3)), 'maj', 'may'), 'okt', 'oct')
        IN 'jan feb mar apr may jun jul aug sep oct nov dec') - 1) // 4
    END;

-- The first day of the month of a year, both as text; two digits of a year are of this century.
CREATE TEMP MACRO month_start(y, m) AS try_cast(
    CASE length(y) WHEN 2 THEN '20' ELSE '' END || y || '-' || lpad(m, 2, '0') || '-01' AS DATE);

-- The first day of a month in another spelling that can mean nothing else: "mar-26", "mars 2026", "2026 mars", "3/2026", "2026/03/01".
CREATE TEMP MACRO spelt_month_of(v) AS CASE
    WHEN regexp_full_match(v, '[[:alpha:]]{3,9}\.?,? ?[-\x{2010}-\x{2014}/. ]? ?([0-9]{4}|[0-9]{2})')
        THEN month_start(regexp_extract(v, '[0-9]+$'), month_number(regexp_extract(v, '^[[:alpha:]]+'))::VARCHAR)
    WHEN regexp_full_match(v, '[0-9]{4} ?[-\x{2010}-\x{2014}/.]? ?[[:alpha:]]{3,9}\.?')
        THEN month_start(v[1:4], month_number(regexp_extract(v, '[[:alpha:]]+'))::VARCHAR)
    WHEN regexp_full_match(v, '[0-9]{4} ?[-\x{2010}-\x{2014}/.Mm] ?[0-9]{1,2}') THEN month_start(v[1:4], regexp_extract(v, '[0-9]+$'))
    WHEN regexp_full_match(v, '[0-9]{1,2} ?[-\x{2010}-\x{2014}/.] ?[0-9]{4}') THEN month_start(right(v, 4), regexp_extract(v, '^[0-9]+'))
    WHEN regexp_full_match(v, '[0-9]{4}[/.][0-9]{2}[/.]01') THEN month_start(v[1:4], v[6:7])
    END;

-- The first day of a month written YYYY-MM, YYYYMM, as its first day, or as a spreadsheet makes it.
CREATE TEMP MACRO month_of(v) AS CASE
    WHEN regexp_full_match(v, '[0-9]{4}-[0-9]{2}') THEN try_cast(v || '-01' AS DATE)
    WHEN regexp_full_match(v, '[0-9]{6}') THEN try_cast(v[1:4] || '-' || v[5:6] || '-01' AS DATE)
    WHEN day(day_of(v)) = 1 THEN day_of(v)
    WHEN day_of(v) IS NULL THEN spelt_month_of(plain(v))
    END;

-- The text with all kinds of spaces and apostrophes as a space, and a leading minus of any kind as a hyphen.
CREATE TEMP MACRO plain(v) AS regexp_replace(regexp_replace(v,
    '[\x{00A0}\x{2000}-\x{200A}\x{202F}''\x{2019}]', ' ', 'g'), '^[\x{2012}\x{2013}\x{2212}]', '-');

-- A number in any common spelling as digits with a point: "1 234,50", "1.234,50", "1,234.50", "-5", ",5".
CREATE TEMP MACRO digits(p) AS CASE
    WHEN regexp_full_match(p, '[+-]? ?([0-9]+|[0-9]{1,3}( [0-9]{3})+)([.,][0-9]+)?|[+-]? ?[.,][0-9]+')
        THEN replace(replace(replace(p, ' ', ''), ',', '.'), '+', '')
    WHEN regexp_full_match(p, '[+-]? ?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[+-]? ?[0-9]{1,3}(\.[0-9]{3}){2,}')
        THEN replace(replace(replace(replace(p, ' ', ''), '.', ''), ',', '.'), '+', '')
    WHEN regexp_full_match(p, '[+-]? ?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[+-]? ?[0-9]{1,3}(,[0-9]{3}){2,}')
        THEN replace(replace(replace(p, ' ', ''), ',', ''), '+', '')
    END;

-- Whether a number is ambiguous: "1.234" can be 1234, or 1 and 234 thousandths.
CREATE TEMP MACRO two_ways(p) AS regexp_full_match(p, '[+-]? ?[1-9][0-9]{0,2}[.,][0-9]{3}');

-- An amount without its currency, with a trailing minus or brackets as a leading minus; a share without its per cent sign.
CREATE TEMP MACRO amount_of(v) AS regexp_replace(
    regexp_replace(regexp_replace(plain(v), '^\( ?([^()]*[0-9][^()]*?) ?\)$', '-\1'), '(?i)^(kr|sek) ?| ?(kr\.?|sek|:-)$', '', 'g'),
    '^([0-9](?:[0-9 .,]*[0-9])?) ?[-\x{2012}\x{2013}\x{2212}]$', '-\1');
CREATE TEMP MACRO share_of(v) AS regexp_replace(plain(v), ' ?(%|procent)$', '');

-- Whether the text is what a spreadsheet shows for a failed formula; the workbook readers give no other text for one.
CREATE TEMP MACRO failed(v) AS regexp_full_match(v,
    '#(N/A|SAKNAS|GETTING_DATA|[A-ZÅÄÖ][A-ZÅÄÖ0-9_/]*[!?])|(Err|Fel):[0-9]{3}|#{2,}');

-- Whether the text is what a spreadsheet shows where the column is too narrow, saved in place of the value.
CREATE TEMP MACRO overflowed(v) AS regexp_full_match(v, '#{2,}');

-- The code of the fault of a failed formula.
CREATE TEMP MACRO failure(v) AS CASE WHEN v = '#UNCALCULATED!' THEN 'uncalculated' WHEN overflowed(v) THEN 'overflow' ELSE 'error_cell' END;

-- bool: BOOLEAN -> bool
v
-- bool_any: BOOLEAN -> Any
v
-- bool_strict: BOOLEAN -> bool
v
-- int: INTEGER -> int
v
-- bigint: BIGINT -> int
v
-- bigint_any: BIGINT -> Any
v
-- smallint: SMALLINT -> Literal
v
-- int_float: BIGINT -> float
rows  -- same
v  -- read
-- int_decimal: BIGINT -> Decimal
rows  -- same
v  -- read
-- int_bool: INTEGER -> bool
rows  -- same
v  -- read
-- int_enum: INTEGER -> Size
v
-- int_str: INTEGER -> str
rows
-- double: DOUBLE PRECISION -> float
NULLIF(NULLIF(NULLIF(v, 'NaN'), 'Infinity'), '-Infinity')  -- same
v  -- read
-- double_any: DOUBLE PRECISION -> Any
NULLIF(NULLIF(NULLIF(v, 'NaN'), 'Infinity'), '-Infinity')  -- same
rows  -- read
-- double_decimal: DOUBLE PRECISION -> Decimal
rows
-- float: FLOAT -> float
NULLIF(NULLIF(NULLIF(v, 'NaN'), 'Infinity'), '-Infinity')  -- same
v  -- read
-- numeric2: NUMERIC(12, 2) -> Decimal
CAST(v AS text)
-- numeric6: NUMERIC(12, 6) -> Decimal
CAST(v AS text)
-- numeric10: NUMERIC(18, 10) -> Decimal
CASE WHEN v = 0 THEN '0E-10' WHEN abs(v) < 0.000001 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (10 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(v) AS text), '0.') AS d) AS q) ELSE CAST(v AS text) END
-- numeric0: NUMERIC(12, 0) -> Decimal
CASE WHEN scale(v) = 0 AND v <> 0 AND v % 10000 = 0 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E+' || (length(t) - 1) FROM (SELECT CAST(abs(v) AS text) AS t, regexp_replace(CAST(abs(v) AS text), '(0000)+$', '') AS d) AS q) ELSE CAST(v AS text) END
-- numeric2_any: NUMERIC(12, 2) -> Any
CAST(v AS text)  -- same
rows  -- read
-- numeric2_float: NUMERIC(12, 2) -> float
NULLIF(v, 'NaN')  -- same
v  -- read
-- numeric0_int: NUMERIC(12, 0) -> int
NULLIF(v, 'NaN')  -- same
v  -- read
-- number: NUMERIC(12, 2) -> float
NULLIF(v, 'NaN')  -- same
v  -- read
-- exact0: NUMERIC(12, 0) -> Decimal
CAST(v AS text)
-- exact2: NUMERIC(12, 2) -> Decimal
CAST(v AS text)
-- exact7: NUMERIC(18, 7) -> Decimal
CASE WHEN v = 0 THEN '0E-7' WHEN abs(v) < 0.000001 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (7 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(v) AS text), '0.') AS d) AS q) ELSE CAST(v AS text) END
-- exact18: NUMERIC(18, 18) -> Decimal
CASE WHEN v = 0 THEN '0E-18' WHEN abs(v) < 0.000001 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (18 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(v) AS text), '0.') AS d) AS q) ELSE CAST(v AS text) END
-- exact2_float: NUMERIC(12, 2) -> float
NULLIF(v, 'NaN')  -- same
v  -- read
-- exact2_strict: NUMERIC(12, 2) -> Decimal
CAST(v AS text)
-- string: VARCHAR(50) -> str
v
-- text: TEXT -> str
v
-- text_any: TEXT -> Any
v
-- char: CHAR(10) -> str
v
-- text_literal: TEXT -> Literal
v
-- text_enum: TEXT -> Colour
v
-- text_date: TEXT -> date
rows  -- same
v  -- read
-- text_url: TEXT -> HttpUrl
rows  -- same
v  -- read
-- text_lower: TEXT -> str
rows  -- same
v  -- read
-- uuid: UUID -> UUID
v
-- uuid_any: UUID -> Any
v  -- same
rows  -- read
-- uuid_char: CHAR(32) -> UUID
CAST(v AS uuid)  -- same
v  -- read
-- uuid_strict: CHAR(32) -> UUID
CAST(v AS uuid)
-- uuid_str: UUID -> str
rows
-- date: DATE -> date
CASE v WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE v END
-- date_datetime: DATE -> datetime
rows  -- same
CASE v WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE v END  -- read
-- time: TIME WITHOUT TIME ZONE -> time
replace(to_char(v, 'HH24:MI:SS.US'), '.000000', '')  -- same
v  -- read
-- datetime: TIMESTAMP WITHOUT TIME ZONE -> datetime
coalesce(replace(to_char(v, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', ''), CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN '0001-01-01T00:00:00' END)  -- same
CASE v WHEN 'infinity' THEN TIMESTAMP '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN TIMESTAMP '0001-01-01T00:00:00' ELSE v END  -- read
-- datetime_any: TIMESTAMP WITHOUT TIME ZONE -> Any
coalesce(replace(to_char(v, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', ''), CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN '0001-01-01T00:00:00' END)  -- same
rows  -- read
-- datetime0: TIMESTAMP WITHOUT TIME ZONE -> datetime
coalesce(replace(to_char(v, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', ''), CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN '0001-01-01T00:00:00' END)  -- same
CASE v WHEN 'infinity' THEN TIMESTAMP '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN TIMESTAMP '0001-01-01T00:00:00' ELSE v END  -- read
-- utc: TIMESTAMP WITH TIME ZONE -> datetime
coalesce(replace(to_char(v AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END)
-- utc_strict: TIMESTAMP WITH TIME ZONE -> datetime
coalesce(replace(to_char(v AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END)
-- interval: INTERVAL -> timedelta
(SELECT CASE m WHEN 0 THEN 'PT0S' ELSE concat(CASE WHEN m < 0 THEN '-' END, 'P', nullif(abs(m) / 31536000000000, 0) || 'Y', nullif(abs(m) / 86400000000 % 365, 0) || 'D', CASE WHEN m % 86400000000 <> 0 THEN 'T' END, nullif(abs(m) / 3600000000 % 24, 0) || 'H', nullif(abs(m) / 60000000 % 60, 0) || 'M', nullif(trim_scale(abs(m) % 60000000 * 0.000001), 0) || 'S') END FROM (SELECT CAST(((extract(year FROM v) * 365 + extract(month FROM v) * 30 + extract(day FROM v)) * 86400 + extract(hour FROM v) * 3600 + extract(minute FROM v) * 60) * 1000000 + extract(microseconds FROM v) AS bigint) AS m) AS q WHERE v IS NOT NULL)
-- interval_seconds: INTERVAL -> timedelta
CAST(CAST(((extract(year FROM v) * 365 + extract(month FROM v) * 30 + extract(day FROM v)) * 86400 + extract(hour FROM v) * 3600 + extract(minute FROM v) * 60) * 1000000 + extract(microseconds FROM v) AS bigint) AS double precision) / 1000000  -- same
(SELECT CASE m WHEN 0 THEN 'PT0S' ELSE concat(CASE WHEN m < 0 THEN '-' END, 'P', nullif(abs(m) / 31536000000000, 0) || 'Y', nullif(abs(m) / 86400000000 % 365, 0) || 'D', CASE WHEN m % 86400000000 <> 0 THEN 'T' END, nullif(abs(m) / 3600000000 % 24, 0) || 'H', nullif(abs(m) / 60000000 % 60, 0) || 'M', nullif(trim_scale(abs(m) % 60000000 * 0.000001), 0) || 'S') END FROM (SELECT CAST(((extract(year FROM v) * 365 + extract(month FROM v) * 30 + extract(day FROM v)) * 86400 + extract(hour FROM v) * 3600 + extract(minute FROM v) * 60) * 1000000 + extract(microseconds FROM v) AS bigint) AS m) AS q WHERE v IS NOT NULL)  -- read
-- bytes_hex: BYTEA -> bytes
encode(v, 'hex')
-- bytes_base64: BYTEA -> bytes
translate(encode(v, 'base64'), E'+/\n', '-_')
-- enum: colour -> Colour
CASE CAST(v AS text) WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE CAST(v AS text) END
-- enum_any: colour -> Any
CASE CAST(v AS text) WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE CAST(v AS text) END  -- same
rows  -- read
-- enum_named: VARCHAR(4) -> Colour
CASE CAST(v AS text) WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE CAST(v AS text) END
-- enum_values: size -> Size
CASE CAST(v AS text) WHEN '1' THEN to_json(CAST(1 AS numeric)) WHEN '-20' THEN to_json(CAST(-20 AS numeric)) ELSE to_json(CAST(v AS text)) END
-- enum_ints: VARCHAR(5) -> Size
CASE CAST(v AS text) WHEN 'SMALL' THEN to_json(CAST(1 AS numeric)) WHEN 'LARGE' THEN to_json(CAST(-20 AS numeric)) ELSE to_json(CAST(v AS text)) END
-- enum_mixed: VARCHAR(4) -> Mixed
CASE CAST(v AS text) WHEN 'ONE' THEN to_json(CAST(1 AS numeric)) WHEN 'WORD' THEN to_json(CAST('say "x"' AS text)) ELSE to_json(CAST(v AS text)) END
-- enum_other: VARCHAR(4) -> Size
rows
-- json: JSON -> Any
v
-- json_value: JSON -> JsonValue
v
-- json_dict: JSONB -> dict
v
-- json_list: JSONB -> list
rows  -- same
v  -- read
-- json_texts: JSONB -> list
v
-- json_model: JSONB -> Address
rows  -- same
v  -- read
-- json_models: JSONB -> list
rows  -- same
v  -- read
-- json_decimal: JSON -> Decimal
rows
-- json_decimals: JSON -> list
rows
-- json_int: JSON -> int
rows  -- same
v  -- read
-- json_moment: JSON -> datetime
rows  -- same
v  -- read
-- texts: TEXT[] -> list
v
-- texts_none: TEXT[] -> list
v
-- ints: INTEGER[] -> list
v
-- ints2: INTEGER[][] -> list
v
-- ints_any: INTEGER[] -> Any
v
-- numerics: NUMERIC(20, 10)[] -> list
(SELECT coalesce(json_agg(CASE WHEN e = 0 THEN '0E-10' WHEN abs(e) < 0.000001 THEN (SELECT CASE WHEN e < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (10 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(e) AS text), '0.') AS d) AS q) ELSE CAST(e AS text) END ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)
-- uuids: UUID[] -> list
v
-- dates: DATE[] -> list
(SELECT coalesce(json_agg(CASE e WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE e END ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)
-- moments: TIMESTAMP WITHOUT TIME ZONE[] -> list
(SELECT coalesce(json_agg(coalesce(replace(to_char(e, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', ''), CASE e WHEN 'infinity' THEN '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN '0001-01-01T00:00:00' END) ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)  -- same
(SELECT coalesce(json_agg(CASE e WHEN 'infinity' THEN TIMESTAMP '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN TIMESTAMP '0001-01-01T00:00:00' ELSE e END ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)  -- read
-- floats: DOUBLE PRECISION[] -> list
(SELECT coalesce(json_agg(NULLIF(NULLIF(NULLIF(e, 'NaN'), 'Infinity'), '-Infinity') ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)  -- same
v  -- read
-- colours: colour[] -> list
(SELECT coalesce(json_agg(CASE CAST(e AS text) WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE CAST(e AS text) END ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)
-- sizes: sizes[] -> list
(SELECT coalesce(json_agg(CASE CAST(e AS text) WHEN 'SMALL' THEN to_json(CAST(1 AS numeric)) WHEN 'LARGE' THEN to_json(CAST(-20 AS numeric)) ELSE to_json(CAST(e AS text)) END ORDER BY o), '[]') FROM unnest(v) WITH ORDINALITY AS u(e, o) HAVING v IS NOT NULL)
-- moments_any: TIMESTAMP WITHOUT TIME ZONE[] -> Any
rows
-- real: REAL -> float
NULLIF(NULLIF(NULLIF(CAST(v AS double precision), 'NaN'), 'Infinity'), '-Infinity')  -- same
CAST(v AS double precision)  -- read
-- double_inf: DOUBLE PRECISION -> float
NULLIF(NULLIF(NULLIF(v, 'NaN'), 'Infinity'), '-Infinity')  -- same
v  -- read
-- numeric: NUMERIC -> Decimal
CASE WHEN v = 0 THEN CASE WHEN scale(v) > 6 THEN '0E-' || scale(v) ELSE CAST(v AS text) END WHEN abs(v) < 0.000001 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (scale(v) - length(d) + 1) FROM (SELECT ltrim(CAST(abs(v) AS text), '0.') AS d) AS q) ELSE CASE WHEN scale(v) = 0 AND v <> 0 AND v % 10000 = 0 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E+' || (length(t) - 1) FROM (SELECT CAST(abs(v) AS text) AS t, regexp_replace(CAST(abs(v) AS text), '(0000)+$', '') AS d) AS q) ELSE CAST(v AS text) END END
-- numeric_wide: NUMERIC(40, 20) -> Decimal
CASE WHEN v = 0 THEN '0E-20' WHEN abs(v) < 0.000001 THEN (SELECT CASE WHEN v < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (20 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(v) AS text), '0.') AS d) AS q) ELSE CAST(v AS text) END
-- numeric_nan: NUMERIC -> float
NULLIF(NULLIF(NULLIF(v, 'NaN'), 'Infinity'), '-Infinity')  -- same
v  -- read
-- numeric_nan2: NUMERIC(12, 2) -> float
NULLIF(v, 'NaN')  -- same
v  -- read
-- bytes_utf8: BYTEA -> bytes
rows
-- datetime_ends: TIMESTAMP WITHOUT TIME ZONE -> datetime
coalesce(replace(to_char(v, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', ''), CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN '0001-01-01T00:00:00' END)  -- same
CASE v WHEN 'infinity' THEN TIMESTAMP '9999-12-31T23:59:59.999999' WHEN '-infinity' THEN TIMESTAMP '0001-01-01T00:00:00' ELSE v END  -- read
-- zoned: TIMESTAMP WITH TIME ZONE -> datetime
coalesce(replace(to_char(v AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE v WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END)
-- timetz: TIME WITH TIME ZONE -> time
replace(to_char(CAST(v AS time), 'HH24:MI:SS.US'), '.000000', '') || CASE CAST(extract(timezone FROM v) AS integer) WHEN 0 THEN 'Z' ELSE CASE WHEN CAST(extract(timezone FROM v) AS integer) < 0 THEN '-' ELSE '+' END || to_char(make_interval(secs => abs(CAST(extract(timezone FROM v) AS integer))), 'HH24:MI') END
-- spans: INTERVAL -> timedelta
(SELECT CASE m WHEN 0 THEN 'PT0S' ELSE concat(CASE WHEN m < 0 THEN '-' END, 'P', nullif(abs(m) / 31536000000000, 0) || 'Y', nullif(abs(m) / 86400000000 % 365, 0) || 'D', CASE WHEN m % 86400000000 <> 0 THEN 'T' END, nullif(abs(m) / 3600000000 % 24, 0) || 'H', nullif(abs(m) / 60000000 % 60, 0) || 'M', nullif(trim_scale(abs(m) % 60000000 * 0.000001), 0) || 'S') END FROM (SELECT CAST(((extract(year FROM v) * 365 + extract(month FROM v) * 30 + extract(day FROM v)) * 86400 + extract(hour FROM v) * 3600 + extract(minute FROM v) * 60) * 1000000 + extract(microseconds FROM v) AS bigint) AS m) AS q WHERE v IS NOT NULL)
-- spans_seconds: INTERVAL -> timedelta
CAST(CAST(((extract(year FROM v) * 365 + extract(month FROM v) * 30 + extract(day FROM v)) * 86400 + extract(hour FROM v) * 3600 + extract(minute FROM v) * 60) * 1000000 + extract(microseconds FROM v) AS bigint) AS double precision) / 1000000  -- same
(SELECT CASE m WHEN 0 THEN 'PT0S' ELSE concat(CASE WHEN m < 0 THEN '-' END, 'P', nullif(abs(m) / 31536000000000, 0) || 'Y', nullif(abs(m) / 86400000000 % 365, 0) || 'D', CASE WHEN m % 86400000000 <> 0 THEN 'T' END, nullif(abs(m) / 3600000000 % 24, 0) || 'H', nullif(abs(m) / 60000000 % 60, 0) || 'M', nullif(trim_scale(abs(m) % 60000000 * 0.000001), 0) || 'S') END FROM (SELECT CAST(((extract(year FROM v) * 365 + extract(month FROM v) * 30 + extract(day FROM v)) * 86400 + extract(hour FROM v) * 3600 + extract(minute FROM v) * 60) * 1000000 + extract(microseconds FROM v) AS bigint) AS m) AS q WHERE v IS NOT NULL)  -- read
-- jsonb: JSONB -> Any
v
-- inet: INET -> IPv4Address
v  -- same
rows  -- read
-- cidr: CIDR -> IPv4Network
v
-- macaddr: MACADDR -> str
v
-- oid: OID -> int
CAST(v AS bigint)
-- range: INT4RANGE -> Any
rows

-- bool: BOOL -> bool
JSON_EXTRACT(CASE v WHEN 0 THEN 'false' WHEN v THEN 'true' END, '$')  -- same
v <> 0  -- read
-- bool_any: BOOL -> Any
JSON_EXTRACT(CASE v WHEN 0 THEN 'false' WHEN v THEN 'true' END, '$')
-- bool_strict: BOOL -> bool
JSON_EXTRACT(CASE v WHEN 0 THEN 'false' WHEN v THEN 'true' END, '$')
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
-- double: DOUBLE -> float
v
-- double_any: DOUBLE -> Any
v  -- same
rows  -- read
-- double_decimal: DOUBLE -> Decimal
rows
-- float: FLOAT -> float
v
-- numeric2: NUMERIC(12, 2) -> Decimal
CAST(v AS CHAR) COLLATE utf8mb4_bin
-- numeric6: NUMERIC(12, 6) -> Decimal
CAST(v AS CHAR) COLLATE utf8mb4_bin
-- numeric10: NUMERIC(18, 10) -> Decimal
CASE WHEN v = 0 THEN '0E-10' WHEN ABS(v) < 0.000001 THEN CONCAT(IF(v < 0, '-', ''), LEFT(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)), 1), IF(LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3))) > 1, CONCAT('.', SUBSTR(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)), 2)), ''), 'E-', 11 - LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)))) ELSE CAST(v AS CHAR) END COLLATE utf8mb4_bin
-- numeric0: NUMERIC(12, 0) -> Decimal
CAST(v AS CHAR) COLLATE utf8mb4_bin
-- numeric2_any: NUMERIC(12, 2) -> Any
CAST(v AS CHAR) COLLATE utf8mb4_bin  -- same
rows  -- read
-- numeric2_float: NUMERIC(12, 2) -> float
v
-- numeric0_int: NUMERIC(12, 0) -> int
v
-- number: NUMERIC(12, 2) -> float
v
-- exact0: NUMERIC(12, 0) -> Decimal
CAST(v AS CHAR) COLLATE utf8mb4_bin
-- exact2: NUMERIC(12, 2) -> Decimal
CAST(v AS CHAR) COLLATE utf8mb4_bin
-- exact7: NUMERIC(18, 7) -> Decimal
CASE WHEN v = 0 THEN '0E-7' WHEN ABS(v) < 0.000001 THEN CONCAT(IF(v < 0, '-', ''), LEFT(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)), 1), IF(LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3))) > 1, CONCAT('.', SUBSTR(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)), 2)), ''), 'E-', 8 - LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)))) ELSE CAST(v AS CHAR) END COLLATE utf8mb4_bin
-- exact18: NUMERIC(18, 18) -> Decimal
CASE WHEN v = 0 THEN '0E-18' WHEN ABS(v) < 0.000001 THEN CONCAT(IF(v < 0, '-', ''), LEFT(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)), 1), IF(LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3))) > 1, CONCAT('.', SUBSTR(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)), 2)), ''), 'E-', 19 - LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(v), 3)))) ELSE CAST(v AS CHAR) END COLLATE utf8mb4_bin
-- exact2_float: NUMERIC(12, 2) -> float
v
-- exact2_strict: NUMERIC(12, 2) -> Decimal
CAST(v AS CHAR) COLLATE utf8mb4_bin
-- string: VARCHAR(50) -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- text: TEXT -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- text_any: TEXT -> Any
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- char: CHAR(10) -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- text_literal: TEXT -> Literal
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- text_enum: TEXT -> Colour
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- text_date: TEXT -> date
rows  -- same
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin  -- read
-- text_url: TEXT -> HttpUrl
rows  -- same
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin  -- read
-- text_lower: TEXT -> str
rows  -- same
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin  -- read
-- uuid: UUID -> UUID
v
-- uuid_any: UUID -> Any
v  -- same
rows  -- read
-- uuid_char: CHAR(32) -> UUID
CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(v, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin  -- same
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin  -- read
-- uuid_strict: CHAR(32) -> UUID
CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(v, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin
-- uuid_str: UUID -> str
rows
-- date: DATE -> date
v
-- date_datetime: DATE -> datetime
rows  -- same
v  -- read
-- time: TIME(6) -> time
REPLACE(DATE_FORMAT(TIMESTAMP('2000-01-01', v), '%%H:%%i:%%s.%%f'), '.000000', '')
-- datetime: DATETIME(6) -> datetime
REPLACE(REPLACE(v, '.000000', ''), ' ', 'T')  -- same
v  -- read
-- datetime_any: DATETIME(6) -> Any
REPLACE(REPLACE(v, '.000000', ''), ' ', 'T')  -- same
rows  -- read
-- datetime0: DATETIME -> datetime
REPLACE(REPLACE(v, '.000000', ''), ' ', 'T')  -- same
v  -- read
-- utc: DATETIME(6) -> datetime
CONCAT(REPLACE(REPLACE(v, '.000000', ''), ' ', 'T'), 'Z')  -- same
CONCAT(v, 'Z')  -- read
-- utc_strict: DATETIME(6) -> datetime
CONCAT(REPLACE(REPLACE(v, '.000000', ''), ' ', 'T'), 'Z')
-- interval: DATETIME -> timedelta
CASE WHEN TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v) = 0 THEN 'PT0S' WHEN v IS NOT NULL THEN CONCAT_WS('', IF(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v) < 0, '-', ''), 'P', CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 31536000000000, 0), 'Y'), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 86400000000 MOD 365, 0), 'D'), IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 86400000000 > 0, 'T', ''), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 3600000000 MOD 24, 0), 'H'), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 60000000 MOD 60, 0), 'M'), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 1000000 MOD 60, 0), IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 1000000 > 0, '', 'S')), IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 1000000 > 0, CONCAT(IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 60000000 < 1000000, '0', ''), '.', TRIM(TRAILING '0' FROM LPAD(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 1000000, 6, '0')), 'S'), '')) END
-- interval_seconds: DATETIME -> timedelta
CAST(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v) AS DOUBLE) / 1e6  -- same
CASE WHEN TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v) = 0 THEN 'PT0S' WHEN v IS NOT NULL THEN CONCAT_WS('', IF(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v) < 0, '-', ''), 'P', CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 31536000000000, 0), 'Y'), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 86400000000 MOD 365, 0), 'D'), IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 86400000000 > 0, 'T', ''), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 3600000000 MOD 24, 0), 'H'), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 60000000 MOD 60, 0), 'M'), CONCAT(NULLIF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) DIV 1000000 MOD 60, 0), IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 1000000 > 0, '', 'S')), IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 1000000 > 0, CONCAT(IF(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 60000000 < 1000000, '0', ''), '.', TRIM(TRAILING '0' FROM LPAD(ABS(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v)) MOD 1000000, 6, '0')), 'S'), '')) END  -- read
-- bytes_hex: BLOB -> bytes
LOWER(HEX(v))
-- bytes_base64: BLOB -> bytes
REPLACE(REPLACE(REPLACE(TO_BASE64(v), CHAR(10 USING utf8mb4), ''), '+', '-'), '/', '_')
-- enum: ENUM('RED','BLUE') -> Colour
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \\ 100%% {v} 😀' ELSE CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin END
-- enum_any: ENUM('RED','BLUE') -> Any
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \\ 100%% {v} 😀' ELSE CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin END  -- same
rows  -- read
-- enum_named: VARCHAR(4) -> Colour
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \\ 100%% {v} 😀' ELSE CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin END
-- enum_values: ENUM('1','-20') -> Size
JSON_EXTRACT(CASE v WHEN '1' THEN '1' WHEN '-20' THEN '-20' ELSE JSON_QUOTE(CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin) END, '$')
-- enum_ints: VARCHAR(5) -> Size
JSON_EXTRACT(CASE v WHEN 'SMALL' THEN '1' WHEN 'LARGE' THEN '-20' ELSE JSON_QUOTE(CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin) END, '$')
-- enum_mixed: VARCHAR(4) -> Mixed
JSON_EXTRACT(CASE v WHEN 'ONE' THEN '1' WHEN 'WORD' THEN JSON_QUOTE('say "x"') ELSE JSON_QUOTE(CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin) END, '$')
-- enum_other: VARCHAR(4) -> Size
rows
-- json: JSON -> Any
v
-- json_value: JSON -> JsonValue
v
-- json_dict: JSON -> dict
v
-- json_list: JSON -> list
rows  -- same
v  -- read
-- json_texts: JSON -> list
v
-- json_model: JSON -> Address
rows  -- same
v  -- read
-- json_models: JSON -> list
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
-- unsigned: BIGINT UNSIGNED -> int
v
-- bit1: BIT(1) -> int
v + 0
-- bit9: BIT(9) -> int
v + 0
-- bit_bool: BIT(1) -> bool
rows  -- same
v + 0  -- read
-- year: YEAR -> int
v + 0
-- latin1: VARCHAR(20) CHARACTER SET latin1 -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- utf16: VARCHAR(20) CHARACTER SET utf16 -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- utf8mb4: VARCHAR(20) CHARACTER SET utf8mb4 -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- collated: VARCHAR(20) COLLATE utf8mb4_general_ci -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- enum_labels: ENUM('RED','BLUE') CHARACTER SET latin1 -> Colour
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \\ 100%% {v} 😀' ELSE CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin END
-- enum_latin1: ENUM('a','é') CHARACTER SET latin1 -> str
CONVERT(v USING utf8mb4) COLLATE utf8mb4_bin
-- moment3: DATETIME(3) -> datetime
REPLACE(DATE_FORMAT(v, '%%Y-%%m-%%dT%%H:%%i:%%s.%%f'), '.000000', '')  -- same
v  -- read
-- time0: TIME -> time
REPLACE(DATE_FORMAT(TIMESTAMP('2000-01-01', v), '%%H:%%i:%%s.%%f'), '.000000', '')
-- stamp: TIMESTAMP(6) -> datetime
REPLACE(REPLACE(v, '.000000', ''), ' ', 'T')  -- same
v  -- read
-- blob_utf8: BLOB -> bytes
rows
-- mysql_double: DOUBLE -> Decimal
rows
-- mysql_float: FLOAT -> float
v
-- tags: SET('a','b') -> Any
rows

-- bool: BOOLEAN -> bool
json(CASE v WHEN 0 THEN 'false' WHEN v THEN 'true' END)  -- same
v <> 0  -- read
-- bool_any: BOOLEAN -> Any
json(CASE v WHEN 0 THEN 'false' WHEN v THEN 'true' END)
-- bool_strict: BOOLEAN -> bool
json(CASE v WHEN 0 THEN 'false' WHEN v THEN 'true' END)
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
json(crosslet_float(v))  -- same
json(crosslet_wide_float(v))  -- read
-- double_any: DOUBLE -> Any
json(crosslet_float(v))  -- same
rows  -- read
-- double_decimal: DOUBLE -> Decimal
rows
-- float: FLOAT -> float
json(crosslet_float(v))  -- same
json(crosslet_wide_float(v))  -- read
-- numeric2: NUMERIC(12, 2) -> Decimal
crosslet_decimal(v, 2)
-- numeric6: NUMERIC(12, 6) -> Decimal
crosslet_decimal(v, 6)
-- numeric10: NUMERIC(15, 10) -> Decimal
crosslet_decimal(v, 10)
-- numeric0: NUMERIC(12, 0) -> Decimal
crosslet_decimal(v, 0)
-- numeric2_any: NUMERIC(12, 2) -> Any
crosslet_decimal(v, 2)  -- same
rows  -- read
-- numeric2_float: NUMERIC(12, 2) -> float
json(crosslet_decimal(v, 2))
-- numeric0_int: NUMERIC(12, 0) -> int
json(crosslet_decimal(v, 0))
-- number: NUMERIC(12, 2) -> float
json(crosslet_float(v))  -- same
json(crosslet_wide_float(v))  -- read
-- exact0: INTEGER -> Decimal
crosslet_units(v, 0)
-- exact2: INTEGER -> Decimal
crosslet_units(v, 2)
-- exact7: INTEGER -> Decimal
crosslet_units(v, 7)
-- exact18: INTEGER -> Decimal
crosslet_units(v, 18)
-- exact2_float: INTEGER -> float
json(crosslet_units(v, 2))
-- exact2_strict: INTEGER -> Decimal
crosslet_units(v, 2)
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
-- uuid: CHAR(32) -> UUID
CASE WHEN length(v) = 32 THEN lower(substr(v, 1, 8) || '-' || substr(v, 9, 4) || '-' || substr(v, 13, 4) || '-' || substr(v, 17, 4) || '-' || substr(v, 21, 12)) ELSE crosslet_uuid(v) END  -- same
v  -- read
-- uuid_any: CHAR(32) -> Any
CASE WHEN length(v) = 32 THEN lower(substr(v, 1, 8) || '-' || substr(v, 9, 4) || '-' || substr(v, 13, 4) || '-' || substr(v, 17, 4) || '-' || substr(v, 21, 12)) ELSE crosslet_uuid(v) END  -- same
rows  -- read
-- uuid_char: CHAR(32) -> UUID
CASE WHEN length(v) = 32 THEN lower(substr(v, 1, 8) || '-' || substr(v, 9, 4) || '-' || substr(v, 13, 4) || '-' || substr(v, 17, 4) || '-' || substr(v, 21, 12)) ELSE crosslet_uuid(v) END  -- same
v  -- read
-- uuid_strict: CHAR(32) -> UUID
CASE WHEN length(v) = 32 THEN lower(substr(v, 1, 8) || '-' || substr(v, 9, 4) || '-' || substr(v, 13, 4) || '-' || substr(v, 17, 4) || '-' || substr(v, 21, 12)) ELSE crosslet_uuid(v) END
-- uuid_str: CHAR(32) -> str
rows
-- date: DATE -> date
v
-- date_datetime: DATE -> datetime
rows  -- same
v  -- read
-- time: TIME -> time
CASE WHEN length(v) IN (8, 15) THEN CASE WHEN substr(v, 9) = '.000000' THEN substr(v, 1, 8) ELSE v END ELSE crosslet_time(v) END  -- same
v  -- read
-- datetime: DATETIME -> datetime
CASE WHEN length(v) IN (19, 26) THEN replace(CASE WHEN substr(v, 20) = '.000000' THEN substr(v, 1, 19) ELSE v END, ' ', 'T') ELSE crosslet_datetime(v) END  -- same
v  -- read
-- datetime_any: DATETIME -> Any
CASE WHEN length(v) IN (19, 26) THEN replace(CASE WHEN substr(v, 20) = '.000000' THEN substr(v, 1, 19) ELSE v END, ' ', 'T') ELSE crosslet_datetime(v) END  -- same
rows  -- read
-- datetime0: DATETIME -> datetime
CASE WHEN length(v) IN (19, 26) THEN replace(CASE WHEN substr(v, 20) = '.000000' THEN substr(v, 1, 19) ELSE v END, ' ', 'T') ELSE crosslet_datetime(v) END  -- same
v  -- read
-- utc: DATETIME -> datetime
CASE WHEN length(v) IN (19, 26) THEN replace(CASE WHEN substr(v, 20) = '.000000' THEN substr(v, 1, 19) ELSE v END, ' ', 'T') || 'Z' ELSE crosslet_utc(v) END  -- same
CASE WHEN length(v) IN (19, 26) THEN v || 'Z' ELSE crosslet_utc(v) END  -- read
-- utc_strict: DATETIME -> datetime
CASE WHEN length(v) IN (19, 26) THEN replace(CASE WHEN substr(v, 20) = '.000000' THEN substr(v, 1, 19) ELSE v END, ' ', 'T') || 'Z' ELSE crosslet_utc(v) END
-- interval: DATETIME -> timedelta
crosslet_duration(v)
-- interval_seconds: DATETIME -> timedelta
json(crosslet_seconds(v))  -- same
crosslet_duration(v)  -- read
-- bytes_hex: BLOB -> bytes
CASE WHEN v IS NOT NULL THEN lower(hex(v)) END
-- bytes_base64: BLOB -> bytes
crosslet_base64(v)
-- enum: VARCHAR(4) -> Colour
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE v END
-- enum_any: VARCHAR(4) -> Any
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE v END  -- same
rows  -- read
-- enum_named: VARCHAR(4) -> Colour
CASE v WHEN 'RED' THEN 'rouge' WHEN 'BLUE' THEN 'it''s a \ 100% {v} 😀' ELSE v END
-- enum_values: VARCHAR(3) -> Size
CASE v WHEN '1' THEN 1 WHEN '-20' THEN -20 ELSE v END
-- enum_ints: VARCHAR(5) -> Size
CASE v WHEN 'SMALL' THEN 1 WHEN 'LARGE' THEN -20 ELSE v END
-- enum_mixed: VARCHAR(4) -> Mixed
CASE v WHEN 'ONE' THEN 1 WHEN 'WORD' THEN 'say "x"' ELSE v END
-- enum_other: VARCHAR(4) -> Size
rows
-- json: JSON -> Any
CASE WHEN typeof(v) = 'real' THEN json(crosslet_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END
-- json_value: JSON -> JsonValue
CASE WHEN typeof(v) = 'real' THEN json(crosslet_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END
-- json_dict: JSON -> dict
CASE WHEN typeof(v) = 'real' THEN json(crosslet_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- json_list: JSON -> list
rows  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- json_texts: JSON -> list
CASE WHEN typeof(v) = 'real' THEN json(crosslet_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- json_model: JSON -> Address
rows  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- json_models: JSON -> list
rows  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- json_decimal: JSON -> Decimal
rows
-- json_decimals: JSON -> list
rows
-- json_int: JSON -> int
rows  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- json_moment: JSON -> datetime
rows  -- same
CASE WHEN typeof(v) = 'real' THEN json(crosslet_wide_float(v)) ELSE json(CASE WHEN json_valid(v) THEN v ELSE crosslet_json(v) END) END  -- read
-- numeric: NUMERIC -> Decimal
crosslet_decimal(v, 10)
-- numeric_wide: NUMERIC(20, 2) -> Decimal
crosslet_decimal(v, 2)
-- double_inf: DOUBLE -> float
json(crosslet_float(v))  -- same
json(crosslet_wide_float(v))  -- read
-- bytes_utf8: BLOB -> bytes
crosslet_utf8(v)  -- same
rows  -- read
-- spans: DATETIME -> timedelta
crosslet_duration(v)
-- spans_seconds: DATETIME -> timedelta
json(crosslet_seconds(v))  -- same
crosslet_duration(v)  -- read
-- nul: TEXT -> str
v
-- moment_ends: DATETIME -> datetime
CASE WHEN length(v) IN (19, 26) THEN replace(CASE WHEN substr(v, 20) = '.000000' THEN substr(v, 1, 19) ELSE v END, ' ', 'T') ELSE crosslet_datetime(v) END  -- same
v  -- read

-- set a key
(CASE WHEN coalesce(jsonb_typeof(t.v), 'null') = 'null' THEN jsonb_build_object($2::VARCHAR, CAST(($1::VARCHAR) AS JSONB)) WHEN coalesce(jsonb_typeof(t.v), 'null') <> 'object' THEN t.v ELSE jsonb_set(t.v, $3::TEXT[], CAST(($1::VARCHAR) AS JSONB)) END)
-- set a key of json
CAST((CASE WHEN coalesce(jsonb_typeof(CAST(t.w AS JSONB)), 'null') = 'null' THEN jsonb_build_object($2::VARCHAR, CAST(($1::VARCHAR) AS JSONB)) WHEN coalesce(jsonb_typeof(CAST(t.w AS JSONB)), 'null') <> 'object' THEN CAST(t.w AS JSONB) ELSE jsonb_set(CAST(t.w AS JSONB), $3::TEXT[], CAST(($1::VARCHAR) AS JSONB)) END) AS JSON)
-- set an index
(CASE WHEN coalesce(jsonb_typeof(t.v), 'null') = 'null' THEN jsonb_build_array(CAST(($1::VARCHAR) AS JSONB)) WHEN coalesce(jsonb_typeof(t.v), 'null') <> 'array' THEN t.v ELSE jsonb_set(t.v, $2::TEXT[], CAST(($1::VARCHAR) AS JSONB)) END)
-- set a path
(CASE WHEN coalesce(jsonb_typeof(t.v), 'null') = 'null' THEN jsonb_build_object($3::VARCHAR, jsonb_build_array(jsonb_build_object($2::VARCHAR, CAST(($1::VARCHAR) AS JSONB)))) WHEN coalesce(jsonb_typeof(t.v), 'null') <> 'object' THEN t.v WHEN coalesce(jsonb_typeof(t.v -> $3::VARCHAR), 'null') = 'null' THEN jsonb_set(t.v, $4::TEXT[], jsonb_build_array(jsonb_build_object($2::VARCHAR, CAST(($1::VARCHAR) AS JSONB)))) WHEN coalesce(jsonb_typeof(t.v -> $3::VARCHAR), 'null') <> 'array' THEN t.v WHEN coalesce(jsonb_typeof(t.v -> $3::VARCHAR -> $5::INTEGER), 'null') = 'null' THEN jsonb_set(t.v, $6::TEXT[], jsonb_build_object($2::VARCHAR, CAST(($1::VARCHAR) AS JSONB))) WHEN coalesce(jsonb_typeof(t.v -> $3::VARCHAR -> $5::INTEGER), 'null') <> 'object' THEN t.v ELSE jsonb_set(t.v, $7::TEXT[], CAST(($1::VARCHAR) AS JSONB)) END)
-- set an expression
(CASE WHEN coalesce(jsonb_typeof(t.v), 'null') = 'null' THEN jsonb_build_object($3::VARCHAR, jsonb_build_object($2::VARCHAR, coalesce(to_jsonb((t.n + $1::INTEGER)), 'null'))) WHEN coalesce(jsonb_typeof(t.v), 'null') <> 'object' THEN t.v WHEN coalesce(jsonb_typeof(t.v -> $3::VARCHAR), 'null') = 'null' THEN jsonb_set(t.v, $4::TEXT[], jsonb_build_object($2::VARCHAR, coalesce(to_jsonb((t.n + $1::INTEGER)), 'null'))) WHEN coalesce(jsonb_typeof(t.v -> $3::VARCHAR), 'null') <> 'object' THEN t.v ELSE jsonb_set(t.v, $5::TEXT[], coalesce(to_jsonb((t.n + $1::INTEGER)), 'null')) END)
-- set a flag
(CASE WHEN coalesce(jsonb_typeof(t.v), 'null') = 'null' THEN jsonb_build_object($2::VARCHAR, coalesce(to_jsonb((t.n > $1::INTEGER)), 'null')) WHEN coalesce(jsonb_typeof(t.v), 'null') <> 'object' THEN t.v ELSE jsonb_set(t.v, $3::TEXT[], coalesce(to_jsonb((t.n > $1::INTEGER)), 'null')) END)
-- remove a key
(CASE WHEN coalesce(jsonb_typeof(t.v), 'null') = 'object' THEN t.v #- $1::TEXT[] ELSE t.v END)
-- remove a path of json
CAST((CASE WHEN coalesce(jsonb_typeof(CAST(t.w AS JSONB)), 'null') = 'object' AND coalesce(jsonb_typeof(CAST(t.w AS JSONB) -> $1::VARCHAR), 'null') = 'array' AND coalesce(jsonb_typeof(CAST(t.w AS JSONB) -> $1::VARCHAR -> $2::INTEGER), 'null') = 'object' THEN CAST(t.w AS JSONB) #- $3::TEXT[] ELSE CAST(t.w AS JSONB) END) AS JSON)
-- read a key
(CASE WHEN jsonb_typeof(CAST((t.v -> $1::VARCHAR) AS JSONB)) = 'string' THEN CAST((t.v -> $1::VARCHAR) AS JSONB) #>> '{}' END)
-- read a quoted key
(CASE WHEN jsonb_typeof(CAST((t.v -> $1::VARCHAR) AS JSONB)) = 'boolean' THEN CAST(CAST((t.v -> $1::VARCHAR) AS JSONB) AS BOOLEAN) END)
-- read an index
(CASE WHEN jsonb_typeof(CAST((t.v -> $1::VARCHAR) AS JSONB)) = 'array' THEN (CASE WHEN jsonb_typeof(CAST((t.v -> $1::VARCHAR -> $2::INTEGER) AS JSONB)) = 'boolean' THEN CAST(CAST((t.v -> $1::VARCHAR -> $2::INTEGER) AS JSONB) AS BOOLEAN) END) END)

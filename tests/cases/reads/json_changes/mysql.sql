-- set a key
(CASE WHEN coalesce(JSON_TYPE(t.v), 'NULL') = 'NULL' THEN JSON_OBJECT(%s, JSON_EXTRACT((%s), '$')) WHEN coalesce(JSON_TYPE(t.v), 'NULL') <> 'OBJECT' THEN t.v ELSE JSON_SET(t.v, %s, JSON_EXTRACT((%s), '$')) END)
-- set a key of json
(CASE WHEN coalesce(JSON_TYPE(t.w), 'NULL') = 'NULL' THEN JSON_OBJECT(%s, JSON_EXTRACT((%s), '$')) WHEN coalesce(JSON_TYPE(t.w), 'NULL') <> 'OBJECT' THEN t.w ELSE JSON_SET(t.w, %s, JSON_EXTRACT((%s), '$')) END)
-- set an index
(CASE WHEN coalesce(JSON_TYPE(t.v), 'NULL') = 'NULL' THEN JSON_ARRAY(JSON_EXTRACT((%s), '$')) WHEN coalesce(JSON_TYPE(t.v), 'NULL') <> 'ARRAY' THEN t.v ELSE JSON_SET(t.v, %s, JSON_EXTRACT((%s), '$')) END)
-- set a path
(CASE WHEN coalesce(JSON_TYPE(t.v), 'NULL') = 'NULL' THEN JSON_OBJECT(%s, JSON_ARRAY(JSON_OBJECT(%s, JSON_EXTRACT((%s), '$')))) WHEN coalesce(JSON_TYPE(t.v), 'NULL') <> 'OBJECT' THEN t.v WHEN coalesce(JSON_TYPE(JSON_EXTRACT(t.v, %s)), 'NULL') = 'NULL' THEN JSON_SET(t.v, %s, JSON_ARRAY(JSON_OBJECT(%s, JSON_EXTRACT((%s), '$')))) WHEN coalesce(JSON_TYPE(JSON_EXTRACT(t.v, %s)), 'NULL') <> 'ARRAY' THEN t.v WHEN coalesce(JSON_TYPE(JSON_EXTRACT(t.v, %s)), 'NULL') = 'NULL' THEN JSON_SET(t.v, %s, JSON_OBJECT(%s, JSON_EXTRACT((%s), '$'))) WHEN coalesce(JSON_TYPE(JSON_EXTRACT(t.v, %s)), 'NULL') <> 'OBJECT' THEN t.v ELSE JSON_SET(t.v, %s, JSON_EXTRACT((%s), '$')) END)
-- set an expression
(CASE WHEN coalesce(JSON_TYPE(t.v), 'NULL') = 'NULL' THEN JSON_OBJECT(%s, JSON_OBJECT(%s, (t.n + %s))) WHEN coalesce(JSON_TYPE(t.v), 'NULL') <> 'OBJECT' THEN t.v WHEN coalesce(JSON_TYPE(JSON_EXTRACT(t.v, %s)), 'NULL') = 'NULL' THEN JSON_SET(t.v, %s, JSON_OBJECT(%s, (t.n + %s))) WHEN coalesce(JSON_TYPE(JSON_EXTRACT(t.v, %s)), 'NULL') <> 'OBJECT' THEN t.v ELSE JSON_SET(t.v, %s, (t.n + %s)) END)
-- set a flag
(CASE WHEN coalesce(JSON_TYPE(t.v), 'NULL') = 'NULL' THEN JSON_OBJECT(%s, JSON_EXTRACT((CASE WHEN (t.n > %s) THEN 'true' WHEN NOT (t.n > %s) THEN 'false' ELSE 'null' END), '$')) WHEN coalesce(JSON_TYPE(t.v), 'NULL') <> 'OBJECT' THEN t.v ELSE JSON_SET(t.v, %s, JSON_EXTRACT((CASE WHEN (t.n > %s) THEN 'true' WHEN NOT (t.n > %s) THEN 'false' ELSE 'null' END), '$')) END)
-- remove a key
(CASE WHEN coalesce(JSON_TYPE(t.v), 'NULL') = 'OBJECT' THEN JSON_REMOVE(t.v, %s) ELSE t.v END)
-- remove a path of json
(CASE WHEN coalesce(JSON_TYPE(t.w), 'NULL') = 'OBJECT' AND coalesce(JSON_TYPE(JSON_EXTRACT(t.w, %s)), 'NULL') = 'ARRAY' AND coalesce(JSON_TYPE(JSON_EXTRACT(t.w, %s)), 'NULL') = 'OBJECT' THEN JSON_REMOVE(t.w, %s) ELSE t.w END)
-- read a key
(CASE WHEN JSON_TYPE(JSON_EXTRACT(t.v, %s)) = 'STRING' THEN CONVERT(JSON_UNQUOTE(JSON_EXTRACT(t.v, %s)) USING utf8mb4) /*!80017 COLLATE utf8mb4_0900_bin */ /*M! COLLATE utf8mb4_nopad_bin */ END)
-- read a quoted key
(CASE WHEN JSON_TYPE(JSON_EXTRACT(t.v, %s)) = 'BOOLEAN' THEN JSON_UNQUOTE(JSON_EXTRACT(t.v, %s)) = 'true' END)
-- read an index
(CASE WHEN JSON_TYPE(JSON_EXTRACT(t.v, %s)) = 'ARRAY' THEN (CASE WHEN JSON_TYPE(JSON_EXTRACT(t.v, %s)) = 'BOOLEAN' THEN JSON_UNQUOTE(JSON_EXTRACT(t.v, %s)) = 'true' END) END)

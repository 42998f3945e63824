-- set a key
crosslet_json_set(t.v, ?, (?))
-- set a key of json
crosslet_json_set(t.w, ?, (?))
-- set an index
crosslet_json_set(t.v, ?, (?))
-- set a path
crosslet_json_set(t.v, ?, (?))
-- set an expression
crosslet_json_set(t.v, ?, json_quote((t.n + ?)))
-- set a flag
crosslet_json_set(t.v, ?, (CASE WHEN (t.n > ?) THEN 'true' WHEN NOT (t.n > ?) THEN 'false' ELSE 'null' END))
-- remove a key
crosslet_json_remove(t.v, ?)
-- remove a path of json
crosslet_json_remove(t.w, ?)
-- read a key
(CASE WHEN json_type(t.v, ?) = 'text' THEN json_extract(t.v, ?) END)
-- read a quoted key
(CASE json_type(crosslet_json_at(t.v, ?), '$') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)
-- read an index
(CASE json_type(t.v, ?) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)

-- columns: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS title) AS anon_2) AS TEXT) AS anon_1 
FROM books 
WHERE books.title = $1::VARCHAR ORDER BY books.title 
 LIMIT $2::INTEGER OFFSET $3::INTEGER

-- every kind of column: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.id AS id, books.title AS title, CASE CAST(books.genre AS text) WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CAST(books.genre AS text) END AS genre, CAST(books.price AS text) AS price, coalesce(replace(to_char(books.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE books.published_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS published_at, coalesce(replace(to_char(books.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE books.created_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS created_at, books.is_lent AS is_lent, books.details AS details, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id) AS anon_3) AS author, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT tags_1.name AS name 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_4))) AS tags, to_json(array((SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT editions_1.number AS number, editions_1.pages AS pages, to_json(array((SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT copies_1.id AS id, copies_1.code AS code 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_6))) AS copies 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id ORDER BY editions_1.number) AS anon_5))) AS editions) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- a whole tree: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.id AS id, authors.name AS full_name, substr(authors.name, $1::INTEGER, $2::INTEGER) AS initial, CASE authors.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors.born END AS born, (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id) AS book_count, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id) AS anon_3) AS mentor, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT authors_2.name AS name, to_json(array((SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT authors_3.name AS name, (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT authors_4.name AS name, CASE authors_4.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_4.born END AS born 
FROM authors AS authors_4 
WHERE authors_4.id = authors_3.mentor_id) AS anon_6) AS mentor 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id ORDER BY authors_3.name) AS anon_5))) AS students 
FROM authors AS authors_2 
WHERE authors.id = authors_2.mentor_id ORDER BY authors_2.name) AS anon_4))) AS students, to_json(array((SELECT row_to_json(anon_7) AS row_to_json_6 
FROM (SELECT books_1.id AS id, books_1.title AS title, CASE CAST(books_1.genre AS text) WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CAST(books_1.genre AS text) END AS genre, CAST(books_1.price AS text) AS price, coalesce(replace(to_char(books_1.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE books_1.published_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS published_at, coalesce(replace(to_char(books_1.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE books_1.created_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS created_at, books_1.is_lent AS is_lent, books_1.details AS details, (SELECT row_to_json(anon_8) AS row_to_json_7 
FROM (SELECT authors_5.name AS name, CASE authors_5.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_5.born END AS born 
FROM authors AS authors_5 
WHERE authors_5.id = books_1.author_id) AS anon_8) AS author, to_json(array((SELECT row_to_json(anon_9) AS row_to_json_8 
FROM (SELECT tags_1.name AS name 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_9))) AS tags, to_json(array((SELECT row_to_json(anon_10) AS row_to_json_9 
FROM (SELECT editions_1.number AS number, editions_1.pages AS pages, to_json(array((SELECT row_to_json(anon_11) AS row_to_json_10 
FROM (SELECT copies_1.id AS id, copies_1.code AS code 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_11))) AS copies 
FROM editions AS editions_1 
WHERE books_1.id = editions_1.book_id ORDER BY editions_1.number) AS anon_10))) AS editions 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_7))) AS books, to_json(array((SELECT row_to_json(anon_12) AS row_to_json_11 
FROM (SELECT books_2.id AS id, books_2.title AS title, CASE CAST(books_2.genre AS text) WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CAST(books_2.genre AS text) END AS genre, CAST(books_2.price AS text) AS price, coalesce(replace(to_char(books_2.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE books_2.published_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS published_at, coalesce(replace(to_char(books_2.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE books_2.created_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS created_at, books_2.is_lent AS is_lent, books_2.details AS details, (SELECT row_to_json(anon_13) AS row_to_json_12 
FROM (SELECT authors_6.name AS name, CASE authors_6.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_6.born END AS born 
FROM authors AS authors_6 
WHERE authors_6.id = books_2.author_id) AS anon_13) AS author, to_json(array((SELECT row_to_json(anon_14) AS row_to_json_13 
FROM (SELECT tags_2.name AS name 
FROM tags AS tags_2, book_tags AS book_tags_2 
WHERE books_2.id = book_tags_2.book_id AND tags_2.id = book_tags_2.tag_id ORDER BY book_tags_2.place) AS anon_14))) AS tags, to_json(array((SELECT row_to_json(anon_15) AS row_to_json_14 
FROM (SELECT editions_2.number AS number, editions_2.pages AS pages, to_json(array((SELECT row_to_json(anon_16) AS row_to_json_15 
FROM (SELECT copies_2.id AS id, copies_2.code AS code 
FROM copies AS copies_2 
WHERE editions_2.book_id = copies_2.book_id AND editions_2.number = copies_2.number ORDER BY copies_2.code) AS anon_16))) AS copies 
FROM editions AS editions_2 
WHERE books_2.id = editions_2.book_id ORDER BY editions_2.number) AS anon_15))) AS editions 
FROM books AS books_2 
WHERE authors.id = books_2.author_id AND books_2.price < $3::NUMERIC(18, 2) ORDER BY books_2.title) AS anon_12))) AS cheap_books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- aliases and a hidden field: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS "bookTitle", CAST(books.price AS text) AS cost) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- computed: typed
-- Computing has fields that no column gives
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS title, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT tags_1.name AS name 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_3))) AS tags) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- serialized: typed
-- price: a validator or serializer stands between column and answer
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT CAST(books.price AS text) AS price, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id) AS anon_3) AS author) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- composite key: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT editions.number AS number, editions.pages AS pages, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT copies_1.id AS id, copies_1.code AS code 
FROM copies AS copies_1 
WHERE editions.book_id = copies_1.book_id AND editions.number = copies_1.number ORDER BY copies_1.code) AS anon_3))) AS copies) AS anon_2) AS TEXT) AS anon_1 
FROM editions

-- to one over a composite key: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT copies.code AS code, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT editions_1.number AS number, editions_1.pages AS pages, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT copies_1.id AS id, copies_1.code AS code 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_4))) AS copies 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number) AS anon_3) AS edition) AS anon_2) AS TEXT) AS anon_1 
FROM copies

-- markers: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, upper(authors.name) AS shout, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title DESC 
 LIMIT 2) AS anon_3))) AS latest, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT books_2.title AS title 
FROM books AS books_2 
WHERE authors.id = books_2.author_id ORDER BY books_2.title 
 LIMIT 1 OFFSET 1) AS anon_4))) AS second, to_json(array((SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT books_3.title AS title 
FROM books AS books_3 
WHERE authors.id = books_3.author_id AND books_3.is_lent ORDER BY books_3.title) AS anon_5))) AS lent, to_json(array((SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT books_4.title AS title 
FROM books AS books_4 
WHERE authors.id = books_4.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_4.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = $1::VARCHAR)) ORDER BY books_4.title) AS anon_6))) AS blue, (SELECT count(*) AS count_1 
FROM books AS books_5 
WHERE authors.id = books_5.author_id) AS books, (SELECT count(*) AS count_2 
FROM books AS books_6 
WHERE authors.id = books_6.author_id AND books_6.is_lent) AS lent_books, EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id) AS has_students) AS anon_2) AS TEXT) AS anon_1 
FROM authors ORDER BY authors.name

-- to one: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS title, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id) AS anon_3) AS author) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- to one that may be missing: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id) AS anon_3) AS mentor) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to one of to one: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT copies.code AS code, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors_1.id = books_1.author_id) AS anon_5) AS author 
FROM books AS books_1 
WHERE books_1.id = editions_1.book_id) AS anon_4) AS book 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number) AS anon_3) AS edition) AS anon_2) AS TEXT) AS anon_1 
FROM copies

-- to many: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to many without an order: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, CASE authors_1.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_1.born END AS born 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id ORDER BY authors_1.name) AS anon_3))) AS students) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to many in an order: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.price DESC, books_1.id) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to many, the first ones: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title 
 LIMIT 3) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to many, later ones: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title 
 LIMIT 3 OFFSET 6) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to many, some: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent AND books_1.price > $1::NUMERIC(18, 2) ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- to many, by what is below: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_1.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = $1::VARCHAR)) ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- many to many: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS title, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT tags_1.name AS name 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_3))) AS tags) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- many to many, from the other side: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT tags.name AS name, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1, book_tags AS book_tags_1 
WHERE tags.id = book_tags_1.tag_id AND books_1.id = book_tags_1.book_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM tags

-- many to many in the association's order: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT tags_1.name AS name 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place DESC 
 LIMIT 2) AS anon_3))) AS tags) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- a join of one's own: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.price < $1::NUMERIC(18, 2) ORDER BY books_1.title) AS anon_3))) AS cheap_books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- itself, four levels: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT authors_2.name AS name, to_json(array((SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT authors_3.name AS name, CASE authors_3.born WHEN 'infinity' THEN DATE '9999-12-31' WHEN '-infinity' THEN DATE '0001-01-01' ELSE authors_3.born END AS born 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id ORDER BY authors_3.name) AS anon_5))) AS students 
FROM authors AS authors_2 
WHERE authors_1.id = authors_2.mentor_id ORDER BY authors_2.name) AS anon_4))) AS students 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id ORDER BY authors_1.name) AS anon_3))) AS students) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- three levels of lists: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT copies_1.id AS id, copies_1.code AS code 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_4))) AS copies 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id ORDER BY editions_1.number) AS anon_3))) AS editions) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- count: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT count(*) AS count_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id) AS n) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- count of some: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT count(*) AS count_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent) AS n) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- count, many to many: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id) AS n) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- exists: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT EXISTS (SELECT 1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id) AS n) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- exists, some: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id AND authors_1.born IS NULL) AS n) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- count below: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- another name: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS works) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- an expression: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT upper(authors.name) AS loud) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- an expression below: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT upper(books_1.title) AS loud 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- a property that is a query: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id) AS book_count) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- a property that is a query, below: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT authors_1.name AS name, (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors_1.id) AS book_count 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id) AS anon_3) AS author) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- hybrid and synonym: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT substr(authors.name, $1::INTEGER, $2::INTEGER) AS initial, authors.name AS full_name) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- an alias of the class: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors_1.name AS name, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors_1.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors AS authors_1 
WHERE authors_1.name = $1::VARCHAR

-- a join that filters: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT books_1.title AS title 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors JOIN books ON authors.id = books.author_id 
WHERE books.title = $1::VARCHAR

-- an outer join: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS title) AS anon_2) AS TEXT) AS anon_1 
FROM books LEFT OUTER JOIN (book_tags AS book_tags_1 JOIN tags ON tags.id = book_tags_1.tag_id) ON books.id = book_tags_1.book_id ORDER BY tags.name

-- any(): json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name) AS anon_2) AS TEXT) AS anon_1 
FROM authors 
WHERE EXISTS (SELECT 1 
FROM books 
WHERE authors.id = books.author_id AND books.is_lent)

-- an IN list: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT authors.name AS name) AS anon_2) AS TEXT) AS anon_1 
FROM authors 
WHERE authors.name IN (__[POSTCOMPILE_name_1])

-- a lock: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS title, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT tags_1.name AS name 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_3))) AS tags) AS anon_2) AS TEXT) AS anon_1 
FROM books FOR UPDATE

-- names that need quotes: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS "it's ""so"" \ %s") AS anon_2) AS TEXT) AS anon_1 
FROM books

-- a name that PostgreSQL would cut: json
SELECT CAST(json_build_object('longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong', books.title) AS TEXT) AS json_build_object_1 
FROM books

-- a list below a name that PostgreSQL would cut: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT anon_3.o 
FROM (SELECT json_build_object('üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3))) AS books) AS anon_2) AS TEXT) AS anon_1 
FROM authors

-- sixty-five fields: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.title AS f0, books.title AS f1, books.title AS f2, books.title AS f3, books.title AS f4, books.title AS f5, books.title AS f6, books.title AS f7, books.title AS f8, books.title AS f9, books.title AS f10, books.title AS f11, books.title AS f12, books.title AS f13, books.title AS f14, books.title AS f15, books.title AS f16, books.title AS f17, books.title AS f18, books.title AS f19, books.title AS f20, books.title AS f21, books.title AS f22, books.title AS f23, books.title AS f24, books.title AS f25, books.title AS f26, books.title AS f27, books.title AS f28, books.title AS f29, books.title AS f30, books.title AS f31, books.title AS f32, books.title AS f33, books.title AS f34, books.title AS f35, books.title AS f36, books.title AS f37, books.title AS f38, books.title AS f39, books.title AS f40, books.title AS f41, books.title AS f42, books.title AS f43, books.title AS f44, books.title AS f45, books.title AS f46, books.title AS f47, books.title AS f48, books.title AS f49, books.title AS f50, books.title AS f51, books.title AS f52, books.title AS f53, books.title AS f54, books.title AS f55, books.title AS f56, books.title AS f57, books.title AS f58, books.title AS f59, books.title AS f60, books.title AS f61, books.title AS f62, books.title AS f63, books.title AS f64) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- a dictionary's columns: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.details AS details) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- any of a column: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT books.details AS details) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- float of a decimal: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT NULLIF(books.price, 'NaN') AS price) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- a composite: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT sites.place_x AS x, sites.place_y AS y) AS anon_3) AS place) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a composite that may be None: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT CASE WHEN (sites.rent_amount IS NOT NULL OR sites.rent_currency IS NOT NULL OR sites.rent_since IS NOT NULL) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT CAST(sites.rent_amount AS text) AS "theAmount", coalesce(replace(to_char(sites.rent_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE sites.rent_since WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS since, sites.rent_currency AS currency) AS anon_3) END AS rent) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a composite of a class that promises more than its table: typed
-- gate.x: it may be None where the field cannot be
-- gate.y: it may be None where the field cannot be
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT CASE WHEN (sites.gate_x IS NOT NULL OR sites.gate_y IS NOT NULL) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT sites.gate_x AS x, sites.gate_y AS y) AS anon_3) END AS gate) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a composite that Python code makes: rows
-- doubled: Doubled.__init__ is Python code
SELECT sites.floor AS c0, sites.top AS c1 
FROM sites

-- composites below: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT sites_1.place_x AS x, sites_1.place_y AS y) AS anon_4) AS place 
FROM sites AS sites_1 
WHERE sites.id = sites_1.head_id ORDER BY sites_1.name) AS anon_3))) AS branches, (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT sites_2.place_x AS x, sites_2.place_y AS y) AS anon_6) AS place 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id) AS anon_5) AS head) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a composite of a joined table: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT employees.name AS name, (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT engineers.size_x AS x, engineers.size_y AS y) AS anon_3) AS size) AS anon_2) AS TEXT) AS anon_1 
FROM employees JOIN engineers ON employees.id = engineers.id

-- a list of values: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(employees_1.name) AS to_json_1 
FROM employees AS employees_1 
WHERE sites.id = employees_1.site_id ORDER BY employees_1.name))) AS staff_names) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a list of values without an order: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json((SELECT skill_links_1.is_examined 
FROM skill_links AS skill_links_1 
WHERE skill_links_1.id = certificates_1.link_id)) AS to_json_1 
FROM certificates AS certificates_1 
WHERE skill_links.id = certificates_1.link_id))) AS certified) AS anon_2) AS TEXT) AS anon_1 
FROM skill_links

-- a list of values, the later ones: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json((SELECT skills_1.name 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id)) AS to_json_1 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id ORDER BY skill_links_1.place DESC 
 LIMIT 2 OFFSET 1))) AS skill_names) AS anon_2) AS TEXT) AS anon_1 
FROM employees

-- values of each kind: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json((SELECT skills_1.name 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id)) AS to_json_1 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id ORDER BY skill_links_1.place))) AS skill_names, to_json(array((SELECT to_json((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT skills_2.name AS name 
FROM skills AS skills_2 
WHERE skills_2.id = skill_links_2.skill_id) AS anon_3)) AS to_json_2 
FROM skill_links AS skill_links_2 
WHERE employees.id = skill_links_2.employee_id ORDER BY skill_links_2.place))) AS skills, to_json(array((SELECT to_json(CASE WHEN skill_links_3.grade = 0 THEN '0E-8' WHEN abs(skill_links_3.grade) < 0.000001 THEN (SELECT CASE WHEN skill_links_3.grade < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (8 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(skill_links_3.grade) AS text), '0.') AS d) AS q) ELSE CAST(skill_links_3.grade AS text) END) AS to_json_3 
FROM skill_links AS skill_links_3 
WHERE employees.id = skill_links_3.employee_id ORDER BY skill_links_3.place))) AS grades, to_json(array((SELECT to_json(coalesce(replace(to_char(skill_links_4.learnt_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE skill_links_4.learnt_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END)) AS to_json_4 
FROM skill_links AS skill_links_4 
WHERE employees.id = skill_links_4.employee_id ORDER BY skill_links_4.place))) AS learnt, to_json(array((SELECT to_json(CASE CAST(skill_links_5.level AS text) WHEN 'NEW' THEN 'new' WHEN 'OLD' THEN 'old' ELSE CAST(skill_links_5.level AS text) END) AS to_json_5 
FROM skill_links AS skill_links_5 
WHERE employees.id = skill_links_5.employee_id ORDER BY skill_links_5.place))) AS levels, to_json(array((SELECT to_json(skill_links_6.is_examined) AS to_json_6 
FROM skill_links AS skill_links_6 
WHERE employees.id = skill_links_6.employee_id ORDER BY skill_links_6.place))) AS exams, to_json(array((SELECT to_json(NULLIF(NULLIF(NULLIF(skill_links_7.share, 'NaN'), 'Infinity'), '-Infinity')) AS to_json_7 
FROM skill_links AS skill_links_7 
WHERE employees.id = skill_links_7.employee_id ORDER BY skill_links_7.place))) AS shares, to_json(array((SELECT to_json(skill_links_8.note) AS to_json_8 
FROM skill_links AS skill_links_8 
WHERE employees.id = skill_links_8.employee_id ORDER BY skill_links_8.place))) AS notes) AS anon_2) AS TEXT) AS anon_1 
FROM employees

-- values of each kind through one row: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT CASE WHEN skill_links_1.grade = 0 THEN '0E-8' WHEN abs(skill_links_1.grade) < 0.000001 THEN (SELECT CASE WHEN skill_links_1.grade < 0 THEN '-' ELSE '' END || left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END || 'E-' || (8 - length(d) + 1) FROM (SELECT ltrim(CAST(abs(skill_links_1.grade) AS text), '0.') AS d) AS q) ELSE CAST(skill_links_1.grade AS text) END AS anon_3 
FROM skill_links AS skill_links_1 
WHERE skill_links_1.id = certificates.link_id) AS grade, (SELECT skill_links_2.note 
FROM skill_links AS skill_links_2 
WHERE skill_links_2.id = certificates.link_id) AS note, (SELECT coalesce(replace(to_char(skill_links_3.learnt_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', CASE skill_links_3.learnt_at WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' END) AS anon_4 
FROM skill_links AS skill_links_3 
WHERE skill_links_3.id = certificates.link_id) AS learnt_at, (SELECT CASE CAST(skill_links_4.level AS text) WHEN 'NEW' THEN 'new' WHEN 'OLD' THEN 'old' ELSE CAST(skill_links_4.level AS text) END AS anon_5 
FROM skill_links AS skill_links_4 
WHERE skill_links_4.id = certificates.link_id) AS level, (SELECT skill_links_5.is_examined 
FROM skill_links AS skill_links_5 
WHERE skill_links_5.id = certificates.link_id) AS is_examined, (SELECT NULLIF(NULLIF(NULLIF(skill_links_6.share, 'NaN'), 'Infinity'), '-Infinity') AS anon_6 
FROM skill_links AS skill_links_6 
WHERE skill_links_6.id = certificates.link_id) AS share, (SELECT (SELECT skills_1.name 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_7.skill_id) AS anon_7 
FROM skill_links AS skill_links_7 
WHERE skill_links_7.id = certificates.link_id) AS skill_name) AS anon_2) AS TEXT) AS anon_1 
FROM certificates

-- a list of rows behind others: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT skills_1.name AS name 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id) AS anon_3)) AS to_json_1 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id ORDER BY skill_links_1.place))) AS skills) AS anon_2) AS TEXT) AS anon_1 
FROM employees

-- lists of lists: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(to_json(array((SELECT to_json((SELECT skills_1.name 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id)) AS to_json_2 
FROM skill_links AS skill_links_1 
WHERE employees_1.id = skill_links_1.employee_id ORDER BY skill_links_1.place)))) AS to_json_1 
FROM employees AS employees_1 
WHERE employees.id = employees_1.boss_id ORDER BY employees_1.name))) AS team_skills) AS anon_2) AS TEXT) AS anon_1 
FROM employees

-- a list behind one row: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT to_json(array((SELECT to_json(employees_1.name) AS to_json_2 
FROM employees AS employees_1 
WHERE sites_1.id = employees_1.site_id ORDER BY employees_1.name))) AS to_json_1 
FROM sites AS sites_1 
WHERE sites_1.id = sites.head_id) AS head_names, (SELECT to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT employees_2.name AS name 
FROM employees AS employees_2 
WHERE sites_2.id = employees_2.site_id ORDER BY employees_2.name) AS anon_3))) AS to_json_3 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id) AS head_staff) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- composites behind others: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT sites_1.place_x AS x, sites_1.place_y AS y) AS anon_3)) AS to_json_1 
FROM sites AS sites_1 
WHERE sites.id = sites_1.head_id ORDER BY sites_1.name))) AS branch_places, (SELECT (SELECT row_to_json(anon_5) AS row_to_json_3 
FROM (SELECT sites_2.place_x AS x, sites_2.place_y AS y) AS anon_5) AS anon_4 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id) AS head_place) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- values, many to many: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(tags_1.name) AS to_json_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place))) AS tag_names) AS anon_2) AS TEXT) AS anon_1 
FROM books

-- a union of classes: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT sites.name AS name, to_json(array((SELECT to_json(CASE WHEN (employees_1.type = $1::VARCHAR) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT 'employee' AS type, employees_1.name AS name, (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT employees_2.name AS name 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id) AS anon_4) AS boss) AS anon_3) WHEN (employees_1.type = $2::VARCHAR) THEN (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT 'engineer' AS type, engineers_1.degree AS degree, (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT engineers_1.size_x AS x, engineers_1.size_y AS y) AS anon_6) AS size, to_json(array((SELECT row_to_json(anon_7) AS row_to_json_6 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_7))) AS tools, to_json(array((SELECT to_json(tools_2.name) AS to_json_2 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name))) AS tool_names, (SELECT row_to_json(anon_8) AS row_to_json_7 
FROM (SELECT sites_1.name AS name 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id) AS anon_8) AS site) AS anon_5) WHEN (employees_1.type = $3::VARCHAR) THEN (SELECT row_to_json(anon_9) AS row_to_json_8 
FROM (SELECT CAST(chiefs_1.budget AS text) AS budget, employees_1.name AS name, engineers_1.degree AS degree, 'chief' AS type, to_json(array((SELECT row_to_json(anon_10) AS row_to_json_9 
FROM (SELECT tools_3.name AS name 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_10))) AS tools, to_json(array((SELECT row_to_json(anon_11) AS row_to_json_10 
FROM (SELECT employees_3.name AS name 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id ORDER BY employees_3.name) AS anon_11))) AS team, (SELECT row_to_json(anon_12) AS row_to_json_11 
FROM (SELECT employees_4.name AS name 
FROM employees AS employees_4 JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id) AS anon_12) AS deputy) AS anon_9) WHEN (employees_1.type = $4::VARCHAR) THEN (SELECT row_to_json(anon_13) AS row_to_json_12 
FROM (SELECT 'manager' AS type, employees_1.bonus AS bonus, to_json(array((SELECT row_to_json(anon_14) AS row_to_json_13 
FROM (SELECT vehicles_1.seats AS seats 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2]) ORDER BY vehicles_1.id) AS anon_14))) AS tools) AS anon_13) ELSE (SELECT row_to_json(anon_15) AS row_to_json_14 
FROM (SELECT employees_1.type AS "crosslet: of no class that is mapped") AS anon_15) END) AS to_json_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id ORDER BY employees_1.name))) AS staff) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a union, one row: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT CASE WHEN (employees_1.type = $1::VARCHAR) THEN (SELECT row_to_json(anon_4) AS row_to_json_2 
FROM (SELECT 'employee' AS type, employees_1.name AS name, (SELECT row_to_json(anon_5) AS row_to_json_3 
FROM (SELECT employees_2.name AS name 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id) AS anon_5) AS boss) AS anon_4) WHEN (employees_1.type = $2::VARCHAR) THEN (SELECT row_to_json(anon_6) AS row_to_json_4 
FROM (SELECT 'engineer' AS type, engineers_1.degree AS degree, (SELECT row_to_json(anon_7) AS row_to_json_5 
FROM (SELECT engineers_1.size_x AS x, engineers_1.size_y AS y) AS anon_7) AS size, to_json(array((SELECT row_to_json(anon_8) AS row_to_json_6 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_8))) AS tools, to_json(array((SELECT to_json(tools_2.name) AS to_json_1 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name))) AS tool_names, (SELECT row_to_json(anon_9) AS row_to_json_7 
FROM (SELECT sites_1.name AS name 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id) AS anon_9) AS site) AS anon_6) WHEN (employees_1.type = $3::VARCHAR) THEN (SELECT row_to_json(anon_10) AS row_to_json_8 
FROM (SELECT CAST(chiefs_1.budget AS text) AS budget, employees_1.name AS name, engineers_1.degree AS degree, 'chief' AS type, to_json(array((SELECT row_to_json(anon_11) AS row_to_json_9 
FROM (SELECT tools_3.name AS name 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_11))) AS tools, to_json(array((SELECT row_to_json(anon_12) AS row_to_json_10 
FROM (SELECT employees_3.name AS name 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id ORDER BY employees_3.name) AS anon_12))) AS team, (SELECT row_to_json(anon_13) AS row_to_json_11 
FROM (SELECT employees_4.name AS name 
FROM employees AS employees_4 JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id) AS anon_13) AS deputy) AS anon_10) WHEN (employees_1.type = $4::VARCHAR) THEN (SELECT row_to_json(anon_14) AS row_to_json_12 
FROM (SELECT 'manager' AS type, employees_1.bonus AS bonus, to_json(array((SELECT row_to_json(anon_15) AS row_to_json_13 
FROM (SELECT vehicles_1.seats AS seats 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2]) ORDER BY vehicles_1.id) AS anon_15))) AS tools) AS anon_14) ELSE (SELECT row_to_json(anon_16) AS row_to_json_14 
FROM (SELECT employees_1.type AS "crosslet: of no class that is mapped") AS anon_16) END AS anon_3 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE employees_1.id = employees.boss_id) AS boss) AS anon_2) AS TEXT) AS anon_1 
FROM employees

-- a union of some classes: typed
-- staff: there may be rows that no member of the union stands for
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(CASE WHEN (employees_1.type = $1::VARCHAR) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT 'engineer' AS type, engineers_1.degree AS degree, (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT engineers_1.size_x AS x, engineers_1.size_y AS y) AS anon_4) AS size, to_json(array((SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_5))) AS tools, to_json(array((SELECT to_json(tools_2.name) AS to_json_2 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name))) AS tool_names, (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT sites_1.name AS name 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id) AS anon_6) AS site) AS anon_3) WHEN (employees_1.type = $2::VARCHAR) THEN (SELECT row_to_json(anon_7) AS row_to_json_6 
FROM (SELECT CAST(chiefs_1.budget AS text) AS budget, employees_1.name AS name, engineers_1.degree AS degree, 'chief' AS type, to_json(array((SELECT row_to_json(anon_8) AS row_to_json_7 
FROM (SELECT tools_3.name AS name 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_8))) AS tools, to_json(array((SELECT row_to_json(anon_9) AS row_to_json_8 
FROM (SELECT employees_2.name AS name 
FROM employees AS employees_2 
WHERE employees_1.id = employees_2.boss_id ORDER BY employees_2.name) AS anon_9))) AS team, (SELECT row_to_json(anon_10) AS row_to_json_9 
FROM (SELECT employees_3.name AS name 
FROM employees AS employees_3 JOIN engineers AS engineers_2 ON employees_3.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id) AS anon_10) AS deputy) AS anon_7) ELSE (SELECT row_to_json(anon_11) AS row_to_json_10 
FROM (SELECT employees_1.type AS type) AS anon_11) END) AS to_json_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id AND employees_1.type IN (__[POSTCOMPILE_type_3]) ORDER BY employees_1.name))) AS staff) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a union in an order: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(CASE WHEN (employees_1.type = $1::VARCHAR OR employees_1.type = $2::VARCHAR) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT CASE WHEN (employees_1.type = $3::VARCHAR) THEN 'engineer' WHEN (employees_1.type = $4::VARCHAR) THEN 'chief' END AS type, engineers_1.degree AS degree, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_4))) AS tools) AS anon_3) WHEN (employees_1.type = $5::VARCHAR OR employees_1.type = $6::VARCHAR) THEN (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT CASE WHEN (employees_1.type = $7::VARCHAR) THEN 'manager' WHEN (employees_1.type = $8::VARCHAR) THEN 'employee' END AS type, employees_1.name AS name) AS anon_5) ELSE (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT employees_1.type AS "crosslet: of no class that is mapped") AS anon_6) END) AS to_json_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id ORDER BY employees_1.name DESC 
 LIMIT 2))) AS staff) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a union told by a number: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(CASE WHEN (vehicles_1.wheels = $1::INTEGER) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT 0 AS wheels) AS anon_3) WHEN (vehicles_1.wheels = $2::INTEGER) THEN (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT 4 AS wheels, vehicles_1.seats AS seats) AS anon_4) WHEN (vehicles_1.wheels = $3::INTEGER) THEN (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT vehicles_1.frame AS frame, 2 AS wheels) AS anon_5) ELSE (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT vehicles_1.wheels AS "crosslet: of no class that is mapped") AS anon_6) END) AS to_json_1 
FROM vehicles AS vehicles_1 
WHERE sites.id = vehicles_1.site_id ORDER BY vehicles_1.id))) AS vehicles) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a union told by an enumeration: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(CASE WHEN (papers_1.kind = $1::paperkind) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT 'letter' AS kind, papers_1.stamp AS stamp) AS anon_3) WHEN (papers_1.kind = $2::paperkind OR papers_1.kind = $3::paperkind) THEN (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT CASE WHEN (papers_1.kind = $4::paperkind) THEN 'bill' WHEN (papers_1.kind = $5::paperkind) THEN 'draft' END AS kind, CAST(papers_1.amount AS text) AS amount) AS anon_4) ELSE (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT CASE CAST(papers_1.kind AS text) WHEN 'LETTER' THEN 'letter' WHEN 'BILL' THEN 'bill' WHEN 'DRAFT' THEN 'draft' ELSE CAST(papers_1.kind AS text) END AS "crosslet: of no class that is mapped") AS anon_5) END) AS to_json_1 
FROM papers AS papers_1 
WHERE sites.id = papers_1.site_id ORDER BY papers_1.id))) AS papers) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- a union told by an expression: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT to_json(array((SELECT to_json(CASE WHEN (CASE WHEN (boxes_1.weight > $1::INTEGER) THEN $2::VARCHAR ELSE $3::VARCHAR END = $4::VARCHAR) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT 'heavy' AS what, boxes_1.crane AS crane, to_json(array((SELECT to_json(CASE WHEN (papers_1.kind = $5::paperkind) THEN (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT 'letter' AS kind, papers_1.stamp AS stamp) AS anon_4) WHEN (papers_1.kind = $6::paperkind OR papers_1.kind = $7::paperkind) THEN (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT CASE WHEN (papers_1.kind = $8::paperkind) THEN 'bill' WHEN (papers_1.kind = $9::paperkind) THEN 'draft' END AS kind) AS anon_5) ELSE (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT CASE CAST(papers_1.kind AS text) WHEN 'LETTER' THEN 'letter' WHEN 'BILL' THEN 'bill' WHEN 'DRAFT' THEN 'draft' ELSE CAST(papers_1.kind AS text) END AS "crosslet: of no class that is mapped") AS anon_6) END) AS to_json_2 
FROM papers AS papers_1 
WHERE boxes_1.id = papers_1.box_id ORDER BY papers_1.id))) AS papers) AS anon_3) WHEN (CASE WHEN (boxes_1.weight > $10::INTEGER) THEN $11::VARCHAR ELSE $12::VARCHAR END = $13::VARCHAR) THEN (SELECT row_to_json(anon_7) AS row_to_json_6 
FROM (SELECT 'light' AS what, boxes_1.label AS label) AS anon_7) ELSE (SELECT row_to_json(anon_8) AS row_to_json_7 
FROM (SELECT CASE WHEN (boxes_1.weight > $14::INTEGER) THEN $15::VARCHAR ELSE $16::VARCHAR END AS "crosslet: of no class that is mapped") AS anon_8) END) AS to_json_1 
FROM boxes AS boxes_1 
WHERE shelves.id = boxes_1.shelf_id ORDER BY boxes_1.id))) AS boxes) AS anon_2) AS TEXT) AS anon_1 
FROM shelves

-- a union behind one row: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT (SELECT to_json(array((SELECT to_json(CASE WHEN (employees_1.type = $1::VARCHAR) THEN (SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT 'employee' AS type, employees_1.name AS name, (SELECT row_to_json(anon_4) AS row_to_json_3 
FROM (SELECT employees_2.name AS name 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id) AS anon_4) AS boss) AS anon_3) WHEN (employees_1.type = $2::VARCHAR) THEN (SELECT row_to_json(anon_5) AS row_to_json_4 
FROM (SELECT 'engineer' AS type, engineers_1.degree AS degree, (SELECT row_to_json(anon_6) AS row_to_json_5 
FROM (SELECT engineers_1.size_x AS x, engineers_1.size_y AS y) AS anon_6) AS size, to_json(array((SELECT row_to_json(anon_7) AS row_to_json_6 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_7))) AS tools, to_json(array((SELECT to_json(tools_2.name) AS to_json_3 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name))) AS tool_names, (SELECT row_to_json(anon_8) AS row_to_json_7 
FROM (SELECT sites_1.name AS name 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id) AS anon_8) AS site) AS anon_5) WHEN (employees_1.type = $3::VARCHAR) THEN (SELECT row_to_json(anon_9) AS row_to_json_8 
FROM (SELECT CAST(chiefs_1.budget AS text) AS budget, employees_1.name AS name, engineers_1.degree AS degree, 'chief' AS type, to_json(array((SELECT row_to_json(anon_10) AS row_to_json_9 
FROM (SELECT tools_3.name AS name 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_10))) AS tools, to_json(array((SELECT row_to_json(anon_11) AS row_to_json_10 
FROM (SELECT employees_3.name AS name 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id ORDER BY employees_3.name) AS anon_11))) AS team, (SELECT row_to_json(anon_12) AS row_to_json_11 
FROM (SELECT employees_4.name AS name 
FROM employees AS employees_4 JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id) AS anon_12) AS deputy) AS anon_9) WHEN (employees_1.type = $4::VARCHAR) THEN (SELECT row_to_json(anon_13) AS row_to_json_12 
FROM (SELECT 'manager' AS type, employees_1.bonus AS bonus, to_json(array((SELECT row_to_json(anon_14) AS row_to_json_13 
FROM (SELECT vehicles_1.seats AS seats 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2]) ORDER BY vehicles_1.id) AS anon_14))) AS tools) AS anon_13) ELSE (SELECT row_to_json(anon_15) AS row_to_json_14 
FROM (SELECT employees_1.type AS "crosslet: of no class that is mapped") AS anon_15) END) AS to_json_2 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites_2.id = employees_1.site_id ORDER BY employees_1.name))) AS to_json_1 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id) AS head_staff) AS anon_2) AS TEXT) AS anon_1 
FROM sites

-- three tables: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT employees.name AS name, engineers.degree AS degree, CAST(chiefs.budget AS text) AS budget, to_json(array((SELECT row_to_json(anon_3) AS row_to_json_2 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE engineers.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_3))) AS tools) AS anon_2) AS TEXT) AS anon_1 
FROM employees JOIN engineers ON employees.id = engineers.id JOIN chiefs ON chiefs.id = engineers.id

-- three tables under an alias: json
SELECT CAST((SELECT row_to_json(anon_2) AS row_to_json_1 
FROM (SELECT anon_3.employees_name AS name, anon_3.engineers_degree AS degree, CAST(anon_3.chiefs_budget AS text) AS budget, to_json(array((SELECT row_to_json(anon_4) AS row_to_json_2 
FROM (SELECT tools_1.name AS name 
FROM tools AS tools_1 
WHERE anon_3.engineers_id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_4))) AS tools) AS anon_2) AS TEXT) AS anon_1 
FROM (SELECT employees.id AS employees_id, employees.type AS employees_type, employees.name AS employees_name, employees.site_id AS employees_site_id, employees.boss_id AS employees_boss_id, employees.home_x AS employees_home_x, employees.home_y AS employees_home_y, engineers.id AS engineers_id, engineers.degree AS engineers_degree, engineers.size_x AS engineers_size_x, engineers.size_y AS engineers_size_y, chiefs.id AS chiefs_id, chiefs.budget AS chiefs_budget, chiefs.deputy_id AS chiefs_deputy_id 
FROM employees JOIN engineers ON employees.id = engineers.id JOIN chiefs ON chiefs.id = engineers.id) AS anon_3


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


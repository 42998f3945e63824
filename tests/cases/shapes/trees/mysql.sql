-- columns: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books 
WHERE books.title = %s ORDER BY books.title 
 LIMIT %s, %s

-- every kind of column: json
SELECT 1 AS n, json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(books.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'genre', CASE books.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CONVERT(books.genre USING utf8mb4) COLLATE utf8mb4_bin END, 'price', CAST(books.price AS CHAR) COLLATE utf8mb4_bin, 'published_at', CONCAT(REPLACE(REPLACE(books.published_at, '.000000', ''), ' ', 'T'), 'Z'), 'created_at', CONCAT(REPLACE(REPLACE(books.created_at, '.000000', ''), ' ', 'T'), 'Z'), 'is_lent', JSON_EXTRACT(CASE books.is_lent WHEN 0 THEN 'false' WHEN books.is_lent THEN 'true' END, '$'), 'details', books.details, 'author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id), 'tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_1.place) AS n 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1), 'editions', (SELECT CAST(concat('[', coalesce(group_concat(anon_2.o ORDER BY anon_2.n), ''), ']') AS JSON) AS concat_2 
FROM (SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', (SELECT CAST(concat('[', coalesce(group_concat(anon_3.o ORDER BY anon_3.n), ''), ']') AS JSON) AS concat_3 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(copies_1.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY copies_1.code) AS n 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_3)) AS o, row_number() OVER (ORDER BY editions_1.number) AS n 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id ORDER BY editions_1.number) AS anon_2)) AS json_object_1 
FROM books

-- a whole tree: json
SELECT 1 AS n, json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(authors.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'full_name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'initial', CONVERT((substr(authors.name, %s, %s)) USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors.born, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id), 'mentor', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id), 'students', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(authors_2.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', (SELECT CAST(concat('[', coalesce(group_concat(anon_2.o ORDER BY anon_2.n), ''), ']') AS JSON) AS concat_2 
FROM (SELECT json_object('name', CONVERT(authors_3.name USING utf8mb4) COLLATE utf8mb4_bin, 'mentor', (SELECT json_object('name', CONVERT(authors_4.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_4.born) AS json_object_3 
FROM authors AS authors_4 
WHERE authors_4.id = authors_3.mentor_id)) AS o, row_number() OVER (ORDER BY authors_3.name) AS n 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id ORDER BY authors_3.name) AS anon_2)) AS o, row_number() OVER (ORDER BY authors_2.name) AS n 
FROM authors AS authors_2 
WHERE authors.id = authors_2.mentor_id ORDER BY authors_2.name) AS anon_1), 'books', (SELECT CAST(concat('[', coalesce(group_concat(anon_3.o ORDER BY anon_3.n), ''), ']') AS JSON) AS concat_3 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(books_1.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin, 'genre', CASE books_1.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CONVERT(books_1.genre USING utf8mb4) COLLATE utf8mb4_bin END, 'price', CAST(books_1.price AS CHAR) COLLATE utf8mb4_bin, 'published_at', CONCAT(REPLACE(REPLACE(books_1.published_at, '.000000', ''), ' ', 'T'), 'Z'), 'created_at', CONCAT(REPLACE(REPLACE(books_1.created_at, '.000000', ''), ' ', 'T'), 'Z'), 'is_lent', JSON_EXTRACT(CASE books_1.is_lent WHEN 0 THEN 'false' WHEN books_1.is_lent THEN 'true' END, '$'), 'details', books_1.details, 'author', (SELECT json_object('name', CONVERT(authors_5.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_5.born) AS json_object_4 
FROM authors AS authors_5 
WHERE authors_5.id = books_1.author_id), 'tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_4.o ORDER BY anon_4.n), ''), ']') AS JSON) AS concat_4 
FROM (SELECT json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_1.place) AS n 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_4), 'editions', (SELECT CAST(concat('[', coalesce(group_concat(anon_5.o ORDER BY anon_5.n), ''), ']') AS JSON) AS concat_5 
FROM (SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', (SELECT CAST(concat('[', coalesce(group_concat(anon_6.o ORDER BY anon_6.n), ''), ']') AS JSON) AS concat_6 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(copies_1.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY copies_1.code) AS n 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_6)) AS o, row_number() OVER (ORDER BY editions_1.number) AS n 
FROM editions AS editions_1 
WHERE books_1.id = editions_1.book_id ORDER BY editions_1.number) AS anon_5)) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3), 'cheap_books', (SELECT CAST(concat('[', coalesce(group_concat(anon_7.o ORDER BY anon_7.n), ''), ']') AS JSON) AS concat_7 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(books_2.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'title', CONVERT(books_2.title USING utf8mb4) COLLATE utf8mb4_bin, 'genre', CASE books_2.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CONVERT(books_2.genre USING utf8mb4) COLLATE utf8mb4_bin END, 'price', CAST(books_2.price AS CHAR) COLLATE utf8mb4_bin, 'published_at', CONCAT(REPLACE(REPLACE(books_2.published_at, '.000000', ''), ' ', 'T'), 'Z'), 'created_at', CONCAT(REPLACE(REPLACE(books_2.created_at, '.000000', ''), ' ', 'T'), 'Z'), 'is_lent', JSON_EXTRACT(CASE books_2.is_lent WHEN 0 THEN 'false' WHEN books_2.is_lent THEN 'true' END, '$'), 'details', books_2.details, 'author', (SELECT json_object('name', CONVERT(authors_6.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_6.born) AS json_object_5 
FROM authors AS authors_6 
WHERE authors_6.id = books_2.author_id), 'tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_8.o ORDER BY anon_8.n), ''), ']') AS JSON) AS concat_8 
FROM (SELECT json_object('name', CONVERT(tags_2.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_2.place) AS n 
FROM tags AS tags_2, book_tags AS book_tags_2 
WHERE books_2.id = book_tags_2.book_id AND tags_2.id = book_tags_2.tag_id ORDER BY book_tags_2.place) AS anon_8), 'editions', (SELECT CAST(concat('[', coalesce(group_concat(anon_9.o ORDER BY anon_9.n), ''), ']') AS JSON) AS concat_9 
FROM (SELECT json_object('number', editions_2.number, 'pages', editions_2.pages, 'copies', (SELECT CAST(concat('[', coalesce(group_concat(anon_10.o ORDER BY anon_10.n), ''), ']') AS JSON) AS concat_10 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(copies_2.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'code', CONVERT(copies_2.code USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY copies_2.code) AS n 
FROM copies AS copies_2 
WHERE editions_2.book_id = copies_2.book_id AND editions_2.number = copies_2.number ORDER BY copies_2.code) AS anon_10)) AS o, row_number() OVER (ORDER BY editions_2.number) AS n 
FROM editions AS editions_2 
WHERE books_2.id = editions_2.book_id ORDER BY editions_2.number) AS anon_9)) AS o, row_number() OVER (ORDER BY books_2.title) AS n 
FROM books AS books_2 
WHERE authors.id = books_2.author_id AND books_2.price < %s ORDER BY books_2.title) AS anon_7)) AS json_object_1 
FROM authors

-- aliases and a hidden field: json
SELECT 1 AS n, json_object('bookTitle', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'cost', CAST(books.price AS CHAR) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- computed: typed
-- Computing has fields that no column gives
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_1.place) AS n 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1)) AS json_object_1 
FROM books

-- serialized: typed
-- price: a validator or serializer stands between column and answer
SELECT 1 AS n, json_object('price', CAST(books.price AS CHAR) COLLATE utf8mb4_bin, 'author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id)) AS json_object_1 
FROM books

-- composite key: json
SELECT 1 AS n, json_object('number', editions.number, 'pages', editions.pages, 'copies', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(copies_1.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY copies_1.code) AS n 
FROM copies AS copies_1 
WHERE editions.book_id = copies_1.book_id AND editions.number = copies_1.number ORDER BY copies_1.code) AS anon_1)) AS json_object_1 
FROM editions

-- to one over a composite key: json
SELECT 1 AS n, json_object('code', CONVERT(copies.code USING utf8mb4) COLLATE utf8mb4_bin, 'edition', (SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(copies_1.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY copies_1.code) AS n 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_1)) AS json_object_2 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number)) AS json_object_1 
FROM copies

-- markers: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'shout', CONVERT((upper(authors.name)) USING utf8mb4) COLLATE utf8mb4_bin, 'latest', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title DESC) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title DESC 
 LIMIT 2) AS anon_1), 'second', (SELECT CAST(concat('[', coalesce(group_concat(anon_2.o ORDER BY anon_2.n), ''), ']') AS JSON) AS concat_2 
FROM (SELECT json_object('title', CONVERT(books_2.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_2.title) AS n 
FROM books AS books_2 
WHERE authors.id = books_2.author_id ORDER BY books_2.title 
 LIMIT 1, 1) AS anon_2), 'lent', (SELECT CAST(concat('[', coalesce(group_concat(anon_3.o ORDER BY anon_3.n), ''), ']') AS JSON) AS concat_3 
FROM (SELECT json_object('title', CONVERT(books_3.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_3.title) AS n 
FROM books AS books_3 
WHERE authors.id = books_3.author_id AND books_3.is_lent = 1 ORDER BY books_3.title) AS anon_3), 'blue', (SELECT CAST(concat('[', coalesce(group_concat(anon_4.o ORDER BY anon_4.n), ''), ']') AS JSON) AS concat_4 
FROM (SELECT json_object('title', CONVERT(books_4.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_4.title) AS n 
FROM books AS books_4 
WHERE authors.id = books_4.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_4.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = %s)) ORDER BY books_4.title) AS anon_4), 'books', (SELECT count(*) AS count_1 
FROM books AS books_5 
WHERE authors.id = books_5.author_id), 'lent_books', (SELECT count(*) AS count_2 
FROM books AS books_6 
WHERE authors.id = books_6.author_id AND books_6.is_lent = 1), 'has_students', JSON_EXTRACT(CASE (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id)) WHEN 0 THEN 'false' WHEN (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id)) THEN 'true' END, '$')) AS json_object_1 
FROM authors ORDER BY authors.name

-- to one: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id)) AS json_object_1 
FROM books

-- to one that may be missing: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'mentor', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id)) AS json_object_1 
FROM authors

-- to one of to one: json
SELECT 1 AS n, json_object('code', CONVERT(copies.code USING utf8mb4) COLLATE utf8mb4_bin, 'edition', (SELECT json_object('book', (SELECT json_object('author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_4 
FROM authors AS authors_1 
WHERE authors_1.id = books_1.author_id)) AS json_object_3 
FROM books AS books_1 
WHERE books_1.id = editions_1.book_id)) AS json_object_2 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number)) AS json_object_1 
FROM copies

-- to many: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- to many without an order: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS o, row_number() OVER (ORDER BY authors_1.name) AS n 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id ORDER BY authors_1.name) AS anon_1)) AS json_object_1 
FROM authors

-- to many in an order: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.price DESC, books_1.id) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.price DESC, books_1.id) AS anon_1)) AS json_object_1 
FROM authors

-- to many, the first ones: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title 
 LIMIT 3) AS anon_1)) AS json_object_1 
FROM authors

-- to many, later ones: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title 
 LIMIT 6, 3) AS anon_1)) AS json_object_1 
FROM authors

-- to many, some: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent = 1 AND books_1.price > %s ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- to many, by what is below: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_1.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = %s)) ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- many to many: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_1.place) AS n 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1)) AS json_object_1 
FROM books

-- many to many, from the other side: json
SELECT 1 AS n, json_object('name', CONVERT(tags.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1, book_tags AS book_tags_1 
WHERE tags.id = book_tags_1.tag_id AND books_1.id = book_tags_1.book_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM tags

-- many to many in the association's order: json
SELECT 1 AS n, json_object('tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_1.place DESC) AS n 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place DESC 
 LIMIT 2) AS anon_1)) AS json_object_1 
FROM books

-- a join of one's own: json
SELECT 1 AS n, json_object('cheap_books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.price < %s ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- itself, four levels: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', (SELECT CAST(concat('[', coalesce(group_concat(anon_2.o ORDER BY anon_2.n), ''), ']') AS JSON) AS concat_2 
FROM (SELECT json_object('name', CONVERT(authors_2.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', (SELECT CAST(concat('[', coalesce(group_concat(anon_3.o ORDER BY anon_3.n), ''), ']') AS JSON) AS concat_3 
FROM (SELECT json_object('name', CONVERT(authors_3.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_3.born) AS o, row_number() OVER (ORDER BY authors_3.name) AS n 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id ORDER BY authors_3.name) AS anon_3)) AS o, row_number() OVER (ORDER BY authors_2.name) AS n 
FROM authors AS authors_2 
WHERE authors_1.id = authors_2.mentor_id ORDER BY authors_2.name) AS anon_2)) AS o, row_number() OVER (ORDER BY authors_1.name) AS n 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id ORDER BY authors_1.name) AS anon_1)) AS json_object_1 
FROM authors

-- three levels of lists: json
SELECT 1 AS n, json_object('editions', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('copies', (SELECT CAST(concat('[', coalesce(group_concat(anon_2.o ORDER BY anon_2.n), ''), ']') AS JSON) AS concat_2 
FROM (SELECT json_object('id', CONVERT(LOWER(INSERT(INSERT(INSERT(INSERT(copies_1.id, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY copies_1.code) AS n 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_2)) AS o, row_number() OVER (ORDER BY editions_1.number) AS n 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id ORDER BY editions_1.number) AS anon_1)) AS json_object_1 
FROM books

-- count: json
SELECT 1 AS n, json_object('n', (SELECT count(*) AS count_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id)) AS json_object_1 
FROM authors

-- count of some: json
SELECT 1 AS n, json_object('n', (SELECT count(*) AS count_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent = 1)) AS json_object_1 
FROM authors

-- count, many to many: json
SELECT 1 AS n, json_object('n', (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id)) AS json_object_1 
FROM books

-- exists: json
SELECT 1 AS n, json_object('n', JSON_EXTRACT(CASE (EXISTS (SELECT 1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id)) WHEN 0 THEN 'false' WHEN (EXISTS (SELECT 1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id)) THEN 'true' END, '$')) AS json_object_1 
FROM authors

-- exists, some: json
SELECT 1 AS n, json_object('n', JSON_EXTRACT(CASE (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id AND authors_1.born IS NULL)) WHEN 0 THEN 'false' WHEN (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id AND authors_1.born IS NULL)) THEN 'true' END, '$')) AS json_object_1 
FROM authors

-- count below: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('n', (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id)) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- another name: json
SELECT 1 AS n, json_object('works', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- an expression: json
SELECT 1 AS n, json_object('loud', CONVERT((upper(authors.name)) USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM authors

-- an expression below: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('loud', CONVERT((upper(books_1.title)) USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- a property that is a query: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id)) AS json_object_1 
FROM authors

-- a property that is a query, below: json
SELECT 1 AS n, json_object('author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors_1.id)) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id)) AS json_object_1 
FROM books

-- hybrid and synonym: json
SELECT 1 AS n, json_object('initial', CONVERT((substr(authors.name, %s, %s)) USING utf8mb4) COLLATE utf8mb4_bin, 'full_name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM authors

-- an alias of the class: json
SELECT 1 AS n, json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors_1.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors AS authors_1 
WHERE authors_1.name = %s

-- a join that filters: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors INNER JOIN books ON authors.id = books.author_id 
WHERE books.title = %s

-- an outer join: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books LEFT OUTER JOIN (book_tags AS book_tags_1 INNER JOIN tags ON tags.id = book_tags_1.tag_id) ON books.id = book_tags_1.book_id ORDER BY tags.name

-- any(): json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM authors 
WHERE EXISTS (SELECT 1 
FROM books 
WHERE authors.id = books.author_id AND books.is_lent = 1)

-- an IN list: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM authors 
WHERE authors.name IN (__[POSTCOMPILE_name_1])

-- a lock: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'tags', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY book_tags_1.place) AS n 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1)) AS json_object_1 
FROM books FOR UPDATE

-- names that need quotes: json
SELECT 1 AS n, json_object('it''s "so" \\ %%s', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- a name that PostgreSQL would cut: json
SELECT 1 AS n, json_object('longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- a list below a name that PostgreSQL would cut: json
SELECT 1 AS n, json_object('books', (SELECT CAST(concat('[', coalesce(group_concat(anon_1.o ORDER BY anon_1.n), ''), ']') AS JSON) AS concat_1 
FROM (SELECT json_object('üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) AS o, row_number() OVER (ORDER BY books_1.title) AS n 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1)) AS json_object_1 
FROM authors

-- sixty-five fields: json
SELECT 1 AS n, json_object('f0', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f1', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f2', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f3', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f4', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f5', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f6', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f7', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f8', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f9', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f10', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f11', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f12', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f13', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f14', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f15', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f16', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f17', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f18', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f19', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f20', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f21', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f22', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f23', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f24', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f25', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f26', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f27', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f28', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f29', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f30', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f31', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f32', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f33', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f34', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f35', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f36', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f37', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f38', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f39', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f40', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f41', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f42', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f43', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f44', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f45', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f46', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f47', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f48', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f49', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f50', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f51', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f52', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f53', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f54', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f55', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f56', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f57', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f58', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f59', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f60', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f61', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f62', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f63', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'f64', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- a dictionary's columns: json
SELECT 1 AS n, json_object('details', books.details) AS json_object_1 
FROM books

-- any of a column: json
SELECT 1 AS n, json_object('details', books.details) AS json_object_1 
FROM books

-- float of a decimal: json
SELECT 1 AS n, json_object('price', books.price) AS json_object_1 
FROM books


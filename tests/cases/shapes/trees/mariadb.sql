-- columns: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books 
WHERE books.title = %s ORDER BY books.title 
 LIMIT %s, %s

-- every kind of column: json
SELECT 1 AS n, json_object('id', books.id, 'title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'genre', CASE books.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CONVERT(books.genre USING utf8mb4) COLLATE utf8mb4_bin END, 'price', CAST(books.price AS CHAR) COLLATE utf8mb4_bin, 'published_at', CONCAT(REPLACE(REPLACE(books.published_at, '.000000', ''), ' ', 'T'), 'Z'), 'created_at', CONCAT(REPLACE(REPLACE(books.created_at, '.000000', ''), ' ', 'T'), 'Z'), 'is_lent', JSON_EXTRACT(CASE books.is_lent WHEN 0 THEN 'false' WHEN books.is_lent THEN 'true' END, '$'), 'details', books.details, 'author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id), 'tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_1.place) AS anon_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array()), 'editions', coalesce((SELECT JSON_ARRAYAGG(json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', coalesce((SELECT JSON_ARRAYAGG(json_object('id', copies_1.id, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY copies_1.code) AS anon_3 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number), json_array())) ORDER BY editions_1.number) AS anon_2 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id), json_array())) AS json_object_1 
FROM books

-- a whole tree: json
SELECT 1 AS n, json_object('id', authors.id, 'full_name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'initial', CONVERT((substr(authors.name, %s, %s)) USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors.born, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id), 'mentor', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id), 'students', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(authors_2.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(authors_3.name USING utf8mb4) COLLATE utf8mb4_bin, 'mentor', (SELECT json_object('name', CONVERT(authors_4.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_4.born) AS json_object_3 
FROM authors AS authors_4 
WHERE authors_4.id = authors_3.mentor_id)) ORDER BY authors_3.name) AS anon_2 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id), json_array())) ORDER BY authors_2.name) AS anon_1 
FROM authors AS authors_2 
WHERE authors.id = authors_2.mentor_id), json_array()), 'books', coalesce((SELECT JSON_ARRAYAGG(json_object('id', books_1.id, 'title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin, 'genre', CASE books_1.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CONVERT(books_1.genre USING utf8mb4) COLLATE utf8mb4_bin END, 'price', CAST(books_1.price AS CHAR) COLLATE utf8mb4_bin, 'published_at', CONCAT(REPLACE(REPLACE(books_1.published_at, '.000000', ''), ' ', 'T'), 'Z'), 'created_at', CONCAT(REPLACE(REPLACE(books_1.created_at, '.000000', ''), ' ', 'T'), 'Z'), 'is_lent', JSON_EXTRACT(CASE books_1.is_lent WHEN 0 THEN 'false' WHEN books_1.is_lent THEN 'true' END, '$'), 'details', books_1.details, 'author', (SELECT json_object('name', CONVERT(authors_5.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_5.born) AS json_object_4 
FROM authors AS authors_5 
WHERE authors_5.id = books_1.author_id), 'tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_1.place) AS anon_4 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array()), 'editions', coalesce((SELECT JSON_ARRAYAGG(json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', coalesce((SELECT JSON_ARRAYAGG(json_object('id', copies_1.id, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY copies_1.code) AS anon_6 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number), json_array())) ORDER BY editions_1.number) AS anon_5 
FROM editions AS editions_1 
WHERE books_1.id = editions_1.book_id), json_array())) ORDER BY books_1.title) AS anon_3 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array()), 'cheap_books', coalesce((SELECT JSON_ARRAYAGG(json_object('id', books_2.id, 'title', CONVERT(books_2.title USING utf8mb4) COLLATE utf8mb4_bin, 'genre', CASE books_2.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE CONVERT(books_2.genre USING utf8mb4) COLLATE utf8mb4_bin END, 'price', CAST(books_2.price AS CHAR) COLLATE utf8mb4_bin, 'published_at', CONCAT(REPLACE(REPLACE(books_2.published_at, '.000000', ''), ' ', 'T'), 'Z'), 'created_at', CONCAT(REPLACE(REPLACE(books_2.created_at, '.000000', ''), ' ', 'T'), 'Z'), 'is_lent', JSON_EXTRACT(CASE books_2.is_lent WHEN 0 THEN 'false' WHEN books_2.is_lent THEN 'true' END, '$'), 'details', books_2.details, 'author', (SELECT json_object('name', CONVERT(authors_6.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_6.born) AS json_object_5 
FROM authors AS authors_6 
WHERE authors_6.id = books_2.author_id), 'tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_2.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_2.place) AS anon_8 
FROM tags AS tags_2, book_tags AS book_tags_2 
WHERE books_2.id = book_tags_2.book_id AND tags_2.id = book_tags_2.tag_id), json_array()), 'editions', coalesce((SELECT JSON_ARRAYAGG(json_object('number', editions_2.number, 'pages', editions_2.pages, 'copies', coalesce((SELECT JSON_ARRAYAGG(json_object('id', copies_2.id, 'code', CONVERT(copies_2.code USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY copies_2.code) AS anon_10 
FROM copies AS copies_2 
WHERE editions_2.book_id = copies_2.book_id AND editions_2.number = copies_2.number), json_array())) ORDER BY editions_2.number) AS anon_9 
FROM editions AS editions_2 
WHERE books_2.id = editions_2.book_id), json_array())) ORDER BY books_2.title) AS anon_7 
FROM books AS books_2 
WHERE authors.id = books_2.author_id AND books_2.price < %s), json_array())) AS json_object_1 
FROM authors

-- aliases and a hidden field: json
SELECT 1 AS n, json_object('bookTitle', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'cost', CAST(books.price AS CHAR) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- computed: typed
-- Computing has fields that no column gives
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_1.place) AS anon_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array())) AS json_object_1 
FROM books

-- serialized: typed
-- price: a validator or serializer stands between column and answer
SELECT 1 AS n, json_object('price', CAST(books.price AS CHAR) COLLATE utf8mb4_bin, 'author', (SELECT json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id)) AS json_object_1 
FROM books

-- composite key: json
SELECT 1 AS n, json_object('number', editions.number, 'pages', editions.pages, 'copies', coalesce((SELECT JSON_ARRAYAGG(json_object('id', copies_1.id, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY copies_1.code) AS anon_1 
FROM copies AS copies_1 
WHERE editions.book_id = copies_1.book_id AND editions.number = copies_1.number), json_array())) AS json_object_1 
FROM editions

-- to one over a composite key: json
SELECT 1 AS n, json_object('code', CONVERT(copies.code USING utf8mb4) COLLATE utf8mb4_bin, 'edition', (SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', coalesce((SELECT JSON_ARRAYAGG(json_object('id', copies_1.id, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY copies_1.code) AS anon_1 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number), json_array())) AS json_object_2 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number)) AS json_object_1 
FROM copies

-- markers: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'shout', CONVERT((upper(authors.name)) USING utf8mb4) COLLATE utf8mb4_bin, 'latest', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title DESC LIMIT 2 OFFSET 0) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array()), 'second', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_2.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_2.title LIMIT 1 OFFSET 1) AS anon_2 
FROM books AS books_2 
WHERE authors.id = books_2.author_id), json_array()), 'lent', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_3.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_3.title) AS anon_3 
FROM books AS books_3 
WHERE authors.id = books_3.author_id AND books_3.is_lent = 1), json_array()), 'blue', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_4.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_4.title) AS anon_4 
FROM books AS books_4 
WHERE authors.id = books_4.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_4.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = %s))), json_array()), 'books', (SELECT count(*) AS count_1 
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
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors

-- to many without an order: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_1.born) ORDER BY authors_1.name) AS anon_1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id), json_array())) AS json_object_1 
FROM authors

-- to many in an order: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.price DESC, books_1.id) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors

-- to many, the first ones: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title LIMIT 3 OFFSET 0) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors

-- to many, later ones: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title LIMIT 3 OFFSET 6) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors

-- to many, some: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent = 1 AND books_1.price > %s), json_array())) AS json_object_1 
FROM authors

-- to many, by what is below: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_1.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = %s))), json_array())) AS json_object_1 
FROM authors

-- many to many: json
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_1.place) AS anon_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array())) AS json_object_1 
FROM books

-- many to many, from the other side: json
SELECT 1 AS n, json_object('name', CONVERT(tags.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1, book_tags AS book_tags_1 
WHERE tags.id = book_tags_1.tag_id AND books_1.id = book_tags_1.book_id), json_array())) AS json_object_1 
FROM tags

-- many to many in the association's order: json
SELECT 1 AS n, json_object('tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_1.place DESC LIMIT 2 OFFSET 0) AS anon_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array())) AS json_object_1 
FROM books

-- a join of one's own: json
SELECT 1 AS n, json_object('cheap_books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.price < %s), json_array())) AS json_object_1 
FROM authors

-- itself, four levels: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(authors_2.name USING utf8mb4) COLLATE utf8mb4_bin, 'students', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(authors_3.name USING utf8mb4) COLLATE utf8mb4_bin, 'born', authors_3.born) ORDER BY authors_3.name) AS anon_3 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id), json_array())) ORDER BY authors_2.name) AS anon_2 
FROM authors AS authors_2 
WHERE authors_1.id = authors_2.mentor_id), json_array())) ORDER BY authors_1.name) AS anon_1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id), json_array())) AS json_object_1 
FROM authors

-- three levels of lists: json
SELECT 1 AS n, json_object('editions', coalesce((SELECT JSON_ARRAYAGG(json_object('copies', coalesce((SELECT JSON_ARRAYAGG(json_object('id', copies_1.id, 'code', CONVERT(copies_1.code USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY copies_1.code) AS anon_2 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number), json_array())) ORDER BY editions_1.number) AS anon_1 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id), json_array())) AS json_object_1 
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
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('n', (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id)) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors

-- another name: json
SELECT 1 AS n, json_object('works', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors

-- an expression: json
SELECT 1 AS n, json_object('loud', CONVERT((upper(authors.name)) USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM authors

-- an expression below: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('loud', CONVERT((upper(books_1.title)) USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
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
SELECT 1 AS n, json_object('name', CONVERT(authors_1.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors_1.id = books_1.author_id), json_array())) AS json_object_1 
FROM authors AS authors_1 
WHERE authors_1.name = %s

-- a join that filters: json
SELECT 1 AS n, json_object('name', CONVERT(authors.name USING utf8mb4) COLLATE utf8mb4_bin, 'books', coalesce((SELECT JSON_ARRAYAGG(json_object('title', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
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
SELECT 1 AS n, json_object('title', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin, 'tags', coalesce((SELECT JSON_ARRAYAGG(json_object('name', CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY book_tags_1.place) AS anon_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array())) AS json_object_1 
FROM books FOR UPDATE

-- names that need quotes: json
SELECT 1 AS n, json_object('it''s "so" \\ %%s', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- a name that PostgreSQL would cut: json
SELECT 1 AS n, json_object('longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong', CONVERT(books.title USING utf8mb4) COLLATE utf8mb4_bin) AS json_object_1 
FROM books

-- a list below a name that PostgreSQL would cut: json
SELECT 1 AS n, json_object('books', coalesce((SELECT JSON_ARRAYAGG(json_object('üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü', CONVERT(books_1.title USING utf8mb4) COLLATE utf8mb4_bin) ORDER BY books_1.title) AS anon_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id), json_array())) AS json_object_1 
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

-- a composite: json
SELECT 1 AS n, json_object('place', json_object('x', sites.place_x, 'y', sites.place_y)) AS json_object_1 
FROM sites

-- a composite that may be None: json
SELECT 1 AS n, json_object('rent', CASE WHEN (sites.rent_amount IS NOT NULL OR sites.rent_currency IS NOT NULL OR sites.rent_since IS NOT NULL) THEN json_object('theAmount', CAST(sites.rent_amount AS CHAR) COLLATE utf8mb4_bin, 'since', CONCAT(REPLACE(REPLACE(sites.rent_since, '.000000', ''), ' ', 'T'), 'Z'), 'currency', sites.rent_currency COLLATE utf8mb4_bin) END) AS json_object_1 
FROM sites

-- a composite of a class that promises more than its table: typed
-- gate.x: it may be None where the field cannot be
-- gate.y: it may be None where the field cannot be
SELECT 1 AS n, json_object('gate', CASE WHEN (sites.gate_x IS NOT NULL OR sites.gate_y IS NOT NULL) THEN json_object('x', sites.gate_x, 'y', sites.gate_y) END) AS json_object_1 
FROM sites

-- a composite that Python code makes: rows
-- doubled: Doubled.__init__ is Python code
SELECT sites.floor AS c0, sites.top AS c1 
FROM sites

-- composites below: json
SELECT 1 AS n, json_object('branches', coalesce((SELECT JSON_ARRAYAGG(json_object('place', json_object('x', sites_1.place_x, 'y', sites_1.place_y)) ORDER BY sites_1.name) AS anon_1 
FROM sites AS sites_1 
WHERE sites.id = sites_1.head_id), json_array()), 'head', (SELECT json_object('place', json_object('x', sites_2.place_x, 'y', sites_2.place_y)) AS json_object_2 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id)) AS json_object_1 
FROM sites

-- a composite of a joined table: json
SELECT 1 AS n, json_object('name', employees.name COLLATE utf8mb4_bin, 'size', json_object('x', engineers.size_x, 'y', engineers.size_y)) AS json_object_1 
FROM employees INNER JOIN engineers ON employees.id = engineers.id

-- a list of values: json
SELECT 1 AS n, json_object('staff_names', coalesce((SELECT JSON_ARRAYAGG(employees_1.name COLLATE utf8mb4_bin ORDER BY employees_1.name) AS anon_1 
FROM employees AS employees_1 
WHERE sites.id = employees_1.site_id), json_array())) AS json_object_1 
FROM sites

-- a list of values without an order: json
SELECT 1 AS n, json_object('certified', coalesce((SELECT JSON_ARRAYAGG((SELECT JSON_EXTRACT(CASE skill_links_1.is_examined WHEN 0 THEN 'false' WHEN skill_links_1.is_examined THEN 'true' END, '$') AS anon_2 
FROM skill_links AS skill_links_1 
WHERE skill_links_1.id = certificates_1.link_id)) AS anon_1 
FROM certificates AS certificates_1 
WHERE skill_links.id = certificates_1.link_id), json_array())) AS json_object_1 
FROM skill_links

-- a list of values, the later ones: json
SELECT 1 AS n, json_object('skill_names', coalesce((SELECT JSON_ARRAYAGG((SELECT skills_1.name COLLATE utf8mb4_bin AS anon_2 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id) ORDER BY skill_links_1.place DESC LIMIT 2 OFFSET 1) AS anon_1 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id), json_array())) AS json_object_1 
FROM employees

-- values of each kind: json
SELECT 1 AS n, json_object('skill_names', coalesce((SELECT JSON_ARRAYAGG((SELECT skills_1.name COLLATE utf8mb4_bin AS anon_2 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id) ORDER BY skill_links_1.place) AS anon_1 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id), json_array()), 'skills', coalesce((SELECT JSON_ARRAYAGG((SELECT json_object('name', skills_2.name COLLATE utf8mb4_bin) AS json_object_2 
FROM skills AS skills_2 
WHERE skills_2.id = skill_links_2.skill_id) ORDER BY skill_links_2.place) AS anon_3 
FROM skill_links AS skill_links_2 
WHERE employees.id = skill_links_2.employee_id), json_array()), 'grades', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN skill_links_3.grade = 0 THEN '0E-8' WHEN ABS(skill_links_3.grade) < 0.000001 THEN CONCAT(IF(skill_links_3.grade < 0, '-', ''), LEFT(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_3.grade), 3)), 1), IF(LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_3.grade), 3))) > 1, CONCAT('.', SUBSTR(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_3.grade), 3)), 2)), ''), 'E-', 9 - LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_3.grade), 3)))) ELSE CAST(skill_links_3.grade AS CHAR) END COLLATE utf8mb4_bin ORDER BY skill_links_3.place) AS anon_4 
FROM skill_links AS skill_links_3 
WHERE employees.id = skill_links_3.employee_id), json_array()), 'learnt', coalesce((SELECT JSON_ARRAYAGG(CONCAT(REPLACE(REPLACE(skill_links_4.learnt_at, '.000000', ''), ' ', 'T'), 'Z') ORDER BY skill_links_4.place) AS anon_5 
FROM skill_links AS skill_links_4 
WHERE employees.id = skill_links_4.employee_id), json_array()), 'levels', coalesce((SELECT JSON_ARRAYAGG(CASE skill_links_5.level WHEN 'NEW' THEN 'new' WHEN 'OLD' THEN 'old' ELSE CONVERT(skill_links_5.level USING utf8mb4) COLLATE utf8mb4_bin END ORDER BY skill_links_5.place) AS anon_6 
FROM skill_links AS skill_links_5 
WHERE employees.id = skill_links_5.employee_id), json_array()), 'exams', coalesce((SELECT JSON_ARRAYAGG(JSON_EXTRACT(CASE skill_links_6.is_examined WHEN 0 THEN 'false' WHEN skill_links_6.is_examined THEN 'true' END, '$') ORDER BY skill_links_6.place) AS anon_7 
FROM skill_links AS skill_links_6 
WHERE employees.id = skill_links_6.employee_id), json_array()), 'shares', coalesce((SELECT JSON_ARRAYAGG(skill_links_7.share ORDER BY skill_links_7.place) AS anon_8 
FROM skill_links AS skill_links_7 
WHERE employees.id = skill_links_7.employee_id), json_array()), 'notes', coalesce((SELECT JSON_ARRAYAGG(skill_links_8.note ORDER BY skill_links_8.place) AS anon_9 
FROM skill_links AS skill_links_8 
WHERE employees.id = skill_links_8.employee_id), json_array())) AS json_object_1 
FROM employees

-- values of each kind through one row: json
SELECT 1 AS n, json_object('grade', (SELECT CASE WHEN skill_links_1.grade = 0 THEN '0E-8' WHEN ABS(skill_links_1.grade) < 0.000001 THEN CONCAT(IF(skill_links_1.grade < 0, '-', ''), LEFT(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_1.grade), 3)), 1), IF(LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_1.grade), 3))) > 1, CONCAT('.', SUBSTR(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_1.grade), 3)), 2)), ''), 'E-', 9 - LENGTH(TRIM(LEADING '0' FROM SUBSTR(ABS(skill_links_1.grade), 3)))) ELSE CAST(skill_links_1.grade AS CHAR) END COLLATE utf8mb4_bin AS anon_1 
FROM skill_links AS skill_links_1 
WHERE skill_links_1.id = certificates.link_id), 'note', (SELECT skill_links_2.note 
FROM skill_links AS skill_links_2 
WHERE skill_links_2.id = certificates.link_id), 'learnt_at', (SELECT CONCAT(REPLACE(REPLACE(skill_links_3.learnt_at, '.000000', ''), ' ', 'T'), 'Z') AS anon_2 
FROM skill_links AS skill_links_3 
WHERE skill_links_3.id = certificates.link_id), 'level', (SELECT CASE skill_links_4.level WHEN 'NEW' THEN 'new' WHEN 'OLD' THEN 'old' ELSE CONVERT(skill_links_4.level USING utf8mb4) COLLATE utf8mb4_bin END AS anon_3 
FROM skill_links AS skill_links_4 
WHERE skill_links_4.id = certificates.link_id), 'is_examined', (SELECT JSON_EXTRACT(CASE skill_links_5.is_examined WHEN 0 THEN 'false' WHEN skill_links_5.is_examined THEN 'true' END, '$') AS anon_4 
FROM skill_links AS skill_links_5 
WHERE skill_links_5.id = certificates.link_id), 'share', (SELECT skill_links_6.share 
FROM skill_links AS skill_links_6 
WHERE skill_links_6.id = certificates.link_id), 'skill_name', (SELECT (SELECT skills_1.name COLLATE utf8mb4_bin AS anon_6 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_7.skill_id) AS anon_5 
FROM skill_links AS skill_links_7 
WHERE skill_links_7.id = certificates.link_id)) AS json_object_1 
FROM certificates

-- a list of rows behind others: json
SELECT 1 AS n, json_object('skills', coalesce((SELECT JSON_ARRAYAGG((SELECT json_object('name', skills_1.name COLLATE utf8mb4_bin) AS json_object_2 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id) ORDER BY skill_links_1.place) AS anon_1 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id), json_array())) AS json_object_1 
FROM employees

-- lists of lists: json
SELECT 1 AS n, json_object('team_skills', coalesce((SELECT JSON_ARRAYAGG(coalesce((SELECT JSON_ARRAYAGG((SELECT skills_1.name COLLATE utf8mb4_bin AS anon_3 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id) ORDER BY skill_links_1.place) AS anon_2 
FROM skill_links AS skill_links_1 
WHERE employees_1.id = skill_links_1.employee_id), json_array()) ORDER BY employees_1.name) AS anon_1 
FROM employees AS employees_1 
WHERE employees.id = employees_1.boss_id), json_array())) AS json_object_1 
FROM employees

-- a list behind one row: json
SELECT 1 AS n, json_object('head_names', (SELECT coalesce((SELECT JSON_ARRAYAGG(employees_1.name COLLATE utf8mb4_bin ORDER BY employees_1.name) AS anon_1 
FROM employees AS employees_1 
WHERE sites_1.id = employees_1.site_id), json_array()) AS coalesce_1 
FROM sites AS sites_1 
WHERE sites_1.id = sites.head_id), 'head_staff', (SELECT coalesce((SELECT JSON_ARRAYAGG(json_object('name', employees_2.name COLLATE utf8mb4_bin) ORDER BY employees_2.name) AS anon_2 
FROM employees AS employees_2 
WHERE sites_2.id = employees_2.site_id), json_array()) AS coalesce_2 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id)) AS json_object_1 
FROM sites

-- composites behind others: json
SELECT 1 AS n, json_object('branch_places', coalesce((SELECT JSON_ARRAYAGG(json_object('x', sites_1.place_x, 'y', sites_1.place_y) ORDER BY sites_1.name) AS anon_1 
FROM sites AS sites_1 
WHERE sites.id = sites_1.head_id), json_array()), 'head_place', (SELECT json_object('x', sites_2.place_x, 'y', sites_2.place_y) AS json_object_2 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id)) AS json_object_1 
FROM sites

-- values, many to many: json
SELECT 1 AS n, json_object('tag_names', coalesce((SELECT JSON_ARRAYAGG(CONVERT(tags_1.name USING utf8mb4) COLLATE utf8mb4_bin ORDER BY book_tags_1.place) AS anon_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id), json_array())) AS json_object_1 
FROM books

-- a union of classes: json
SELECT 1 AS n, json_object('name', sites.name COLLATE utf8mb4_bin, 'staff', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'employee', 'name', employees_1.name COLLATE utf8mb4_bin, 'boss', (SELECT json_object('name', employees_2.name COLLATE utf8mb4_bin) AS json_object_2 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'engineer', 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_2 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id), json_array()), 'tool_names', coalesce((SELECT JSON_ARRAYAGG(tools_2.name COLLATE utf8mb4_bin ORDER BY tools_2.name) AS anon_3 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id), json_array()), 'site', (SELECT json_object('name', sites_1.name COLLATE utf8mb4_bin) AS json_object_3 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('budget', CAST(chiefs_1.budget AS CHAR) COLLATE utf8mb4_bin, 'name', employees_1.name COLLATE utf8mb4_bin, 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'type', 'chief', 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_3.name COLLATE utf8mb4_bin) ORDER BY tools_3.name) AS anon_4 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id), json_array()), 'team', coalesce((SELECT JSON_ARRAYAGG(json_object('name', employees_3.name COLLATE utf8mb4_bin) ORDER BY employees_3.name) AS anon_5 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id), json_array()), 'deputy', (SELECT json_object('name', employees_4.name COLLATE utf8mb4_bin) AS json_object_4 
FROM employees AS employees_4 INNER JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'manager', 'bonus', employees_1.bonus, 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('seats', vehicles_1.seats) ORDER BY vehicles_1.id) AS anon_6 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2])), json_array())) ELSE json_object('crosslet: of no class that is mapped', employees_1.type COLLATE utf8mb4_bin) END ORDER BY employees_1.name) AS anon_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id), json_array())) AS json_object_1 
FROM sites

-- a union, one row: json
SELECT 1 AS n, json_object('boss', (SELECT CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'employee', 'name', employees_1.name COLLATE utf8mb4_bin, 'boss', (SELECT json_object('name', employees_2.name COLLATE utf8mb4_bin) AS json_object_2 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'engineer', 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_2 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id), json_array()), 'tool_names', coalesce((SELECT JSON_ARRAYAGG(tools_2.name COLLATE utf8mb4_bin ORDER BY tools_2.name) AS anon_3 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id), json_array()), 'site', (SELECT json_object('name', sites_1.name COLLATE utf8mb4_bin) AS json_object_3 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('budget', CAST(chiefs_1.budget AS CHAR) COLLATE utf8mb4_bin, 'name', employees_1.name COLLATE utf8mb4_bin, 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'type', 'chief', 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_3.name COLLATE utf8mb4_bin) ORDER BY tools_3.name) AS anon_4 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id), json_array()), 'team', coalesce((SELECT JSON_ARRAYAGG(json_object('name', employees_3.name COLLATE utf8mb4_bin) ORDER BY employees_3.name) AS anon_5 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id), json_array()), 'deputy', (SELECT json_object('name', employees_4.name COLLATE utf8mb4_bin) AS json_object_4 
FROM employees AS employees_4 INNER JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'manager', 'bonus', employees_1.bonus, 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('seats', vehicles_1.seats) ORDER BY vehicles_1.id) AS anon_6 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2])), json_array())) ELSE json_object('crosslet: of no class that is mapped', employees_1.type COLLATE utf8mb4_bin) END AS anon_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE employees_1.id = employees.boss_id)) AS json_object_1 
FROM employees

-- a union of some classes: typed
-- staff: there may be rows that no member of the union stands for
SELECT 1 AS n, json_object('staff', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'engineer', 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_2 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id), json_array()), 'tool_names', coalesce((SELECT JSON_ARRAYAGG(tools_2.name COLLATE utf8mb4_bin ORDER BY tools_2.name) AS anon_3 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id), json_array()), 'site', (SELECT json_object('name', sites_1.name COLLATE utf8mb4_bin) AS json_object_2 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('budget', CAST(chiefs_1.budget AS CHAR) COLLATE utf8mb4_bin, 'name', employees_1.name COLLATE utf8mb4_bin, 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'type', 'chief', 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_3.name COLLATE utf8mb4_bin) ORDER BY tools_3.name) AS anon_4 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id), json_array()), 'team', coalesce((SELECT JSON_ARRAYAGG(json_object('name', employees_2.name COLLATE utf8mb4_bin) ORDER BY employees_2.name) AS anon_5 
FROM employees AS employees_2 
WHERE employees_1.id = employees_2.boss_id), json_array()), 'deputy', (SELECT json_object('name', employees_3.name COLLATE utf8mb4_bin) AS json_object_3 
FROM employees AS employees_3 INNER JOIN engineers AS engineers_2 ON employees_3.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id)) ELSE json_object('type', employees_1.type COLLATE utf8mb4_bin) END ORDER BY employees_1.name) AS anon_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id AND employees_1.type IN (__[POSTCOMPILE_type_1])), json_array())) AS json_object_1 
FROM sites

-- a union in an order: json
SELECT 1 AS n, json_object('staff', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s OR employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN 'engineer' WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN 'chief' END, 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_2 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id), json_array())) WHEN (employees_1.type COLLATE utf8mb4_bin = %s OR employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN 'manager' WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN 'employee' END, 'name', employees_1.name COLLATE utf8mb4_bin) ELSE json_object('crosslet: of no class that is mapped', employees_1.type COLLATE utf8mb4_bin) END ORDER BY employees_1.name DESC LIMIT 2 OFFSET 0) AS anon_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id), json_array())) AS json_object_1 
FROM sites

-- a union told by a number: json
SELECT 1 AS n, json_object('vehicles', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (vehicles_1.wheels = %s) THEN json_object('wheels', 0) WHEN (vehicles_1.wheels = %s) THEN json_object('wheels', 4, 'seats', vehicles_1.seats) WHEN (vehicles_1.wheels = %s) THEN json_object('frame', vehicles_1.frame COLLATE utf8mb4_bin, 'wheels', 2) ELSE json_object('crosslet: of no class that is mapped', vehicles_1.wheels) END ORDER BY vehicles_1.id) AS anon_1 
FROM vehicles AS vehicles_1 
WHERE sites.id = vehicles_1.site_id), json_array())) AS json_object_1 
FROM sites

-- a union told by an enumeration: json
SELECT 1 AS n, json_object('papers', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (papers_1.kind = %s) THEN json_object('kind', 'letter', 'stamp', papers_1.stamp COLLATE utf8mb4_bin) WHEN (papers_1.kind = %s OR papers_1.kind = %s) THEN json_object('kind', CASE WHEN (papers_1.kind = %s) THEN 'bill' WHEN (papers_1.kind = %s) THEN 'draft' END, 'amount', CAST(papers_1.amount AS CHAR) COLLATE utf8mb4_bin) ELSE json_object('crosslet: of no class that is mapped', CASE papers_1.kind WHEN 'LETTER' THEN 'letter' WHEN 'BILL' THEN 'bill' WHEN 'DRAFT' THEN 'draft' ELSE CONVERT(papers_1.kind USING utf8mb4) COLLATE utf8mb4_bin END) END ORDER BY papers_1.id) AS anon_1 
FROM papers AS papers_1 
WHERE sites.id = papers_1.site_id), json_array())) AS json_object_1 
FROM sites

-- a union told by an expression: json
SELECT 1 AS n, json_object('boxes', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (CONVERT((CASE WHEN (boxes_1.weight > %s) THEN %s ELSE %s END) USING utf8mb4) COLLATE utf8mb4_bin = %s) THEN json_object('what', 'heavy', 'crane', boxes_1.crane COLLATE utf8mb4_bin, 'papers', coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (papers_1.kind = %s) THEN json_object('kind', 'letter', 'stamp', papers_1.stamp COLLATE utf8mb4_bin) WHEN (papers_1.kind = %s OR papers_1.kind = %s) THEN json_object('kind', CASE WHEN (papers_1.kind = %s) THEN 'bill' WHEN (papers_1.kind = %s) THEN 'draft' END) ELSE json_object('crosslet: of no class that is mapped', CASE papers_1.kind WHEN 'LETTER' THEN 'letter' WHEN 'BILL' THEN 'bill' WHEN 'DRAFT' THEN 'draft' ELSE CONVERT(papers_1.kind USING utf8mb4) COLLATE utf8mb4_bin END) END ORDER BY papers_1.id) AS anon_2 
FROM papers AS papers_1 
WHERE boxes_1.id = papers_1.box_id), json_array())) WHEN (CONVERT((CASE WHEN (boxes_1.weight > %s) THEN %s ELSE %s END) USING utf8mb4) COLLATE utf8mb4_bin = %s) THEN json_object('what', 'light', 'label', boxes_1.label COLLATE utf8mb4_bin) ELSE json_object('crosslet: of no class that is mapped', CONVERT((CASE WHEN (boxes_1.weight > %s) THEN %s ELSE %s END) USING utf8mb4) COLLATE utf8mb4_bin) END ORDER BY boxes_1.id) AS anon_1 
FROM boxes AS boxes_1 
WHERE shelves.id = boxes_1.shelf_id), json_array())) AS json_object_1 
FROM shelves

-- a union behind one row: json
SELECT 1 AS n, json_object('head_staff', (SELECT coalesce((SELECT JSON_ARRAYAGG(CASE WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'employee', 'name', employees_1.name COLLATE utf8mb4_bin, 'boss', (SELECT json_object('name', employees_2.name COLLATE utf8mb4_bin) AS json_object_2 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'engineer', 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_2 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id), json_array()), 'tool_names', coalesce((SELECT JSON_ARRAYAGG(tools_2.name COLLATE utf8mb4_bin ORDER BY tools_2.name) AS anon_3 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id), json_array()), 'site', (SELECT json_object('name', sites_1.name COLLATE utf8mb4_bin) AS json_object_3 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('budget', CAST(chiefs_1.budget AS CHAR) COLLATE utf8mb4_bin, 'name', employees_1.name COLLATE utf8mb4_bin, 'degree', engineers_1.degree COLLATE utf8mb4_bin, 'type', 'chief', 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_3.name COLLATE utf8mb4_bin) ORDER BY tools_3.name) AS anon_4 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id), json_array()), 'team', coalesce((SELECT JSON_ARRAYAGG(json_object('name', employees_3.name COLLATE utf8mb4_bin) ORDER BY employees_3.name) AS anon_5 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id), json_array()), 'deputy', (SELECT json_object('name', employees_4.name COLLATE utf8mb4_bin) AS json_object_4 
FROM employees AS employees_4 INNER JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id)) WHEN (employees_1.type COLLATE utf8mb4_bin = %s) THEN json_object('type', 'manager', 'bonus', employees_1.bonus, 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('seats', vehicles_1.seats) ORDER BY vehicles_1.id) AS anon_6 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2])), json_array())) ELSE json_object('crosslet: of no class that is mapped', employees_1.type COLLATE utf8mb4_bin) END ORDER BY employees_1.name) AS anon_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites_2.id = employees_1.site_id), json_array()) AS coalesce_1 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id)) AS json_object_1 
FROM sites

-- three tables: json
SELECT 1 AS n, json_object('name', employees.name COLLATE utf8mb4_bin, 'degree', engineers.degree COLLATE utf8mb4_bin, 'budget', CAST(chiefs.budget AS CHAR) COLLATE utf8mb4_bin, 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_1 
FROM tools AS tools_1 
WHERE engineers.id = tools_1.engineer_id), json_array())) AS json_object_1 
FROM employees INNER JOIN engineers ON employees.id = engineers.id INNER JOIN chiefs ON chiefs.id = engineers.id

-- three tables under an alias: json
SELECT 1 AS n, json_object('name', anon_1.employees_name COLLATE utf8mb4_bin, 'degree', anon_1.engineers_degree COLLATE utf8mb4_bin, 'budget', CAST(anon_1.chiefs_budget AS CHAR) COLLATE utf8mb4_bin, 'tools', coalesce((SELECT JSON_ARRAYAGG(json_object('name', tools_1.name COLLATE utf8mb4_bin) ORDER BY tools_1.name) AS anon_2 
FROM tools AS tools_1 
WHERE anon_1.engineers_id = tools_1.engineer_id), json_array())) AS json_object_1 
FROM (SELECT employees.id AS employees_id, employees.type AS employees_type, employees.name AS employees_name, employees.site_id AS employees_site_id, employees.boss_id AS employees_boss_id, employees.home_x AS employees_home_x, employees.home_y AS employees_home_y, engineers.id AS engineers_id, engineers.degree AS engineers_degree, engineers.size_x AS engineers_size_x, engineers.size_y AS engineers_size_y, chiefs.id AS chiefs_id, chiefs.budget AS chiefs_budget, chiefs.deputy_id AS chiefs_deputy_id 
FROM employees INNER JOIN engineers ON employees.id = engineers.id INNER JOIN chiefs ON chiefs.id = engineers.id) AS anon_1


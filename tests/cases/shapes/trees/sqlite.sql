-- columns: json
SELECT json_object('title', books.title) AS json_object_1 
FROM books 
WHERE books.title = ? ORDER BY books.title
 LIMIT ? OFFSET ?

-- every kind of column: json
SELECT json_object('id', CASE WHEN length(books.id) = 32 THEN lower(substr(books.id, 1, 8) || '-' || substr(books.id, 9, 4) || '-' || substr(books.id, 13, 4) || '-' || substr(books.id, 17, 4) || '-' || substr(books.id, 21, 12)) ELSE crosslet_uuid(books.id) END, 'title', books.title, 'genre', CASE books.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE books.genre END, 'price', crosslet_units(books.price, 2), 'published_at', CASE WHEN length(books.published_at) IN (19, 26) THEN replace(CASE WHEN substr(books.published_at, 20) = '.000000' THEN substr(books.published_at, 1, 19) ELSE books.published_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(books.published_at) END, 'created_at', CASE WHEN length(books.created_at) IN (19, 26) THEN replace(CASE WHEN substr(books.created_at, 20) = '.000000' THEN substr(books.created_at, 1, 19) ELSE books.created_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(books.created_at) END, 'is_lent', json(CASE books.is_lent WHEN 0 THEN 'false' WHEN books.is_lent THEN 'true' END), 'details', CASE WHEN typeof(books.details) = 'real' THEN json(crosslet_float(books.details)) ELSE json(CASE WHEN json_valid(books.details) THEN books.details ELSE crosslet_json(books.details) END) END, 'author', json((SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id)), 'tags', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1)), 'editions', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_object('id', CASE WHEN length(copies_1.id) = 32 THEN lower(substr(copies_1.id, 1, 8) || '-' || substr(copies_1.id, 9, 4) || '-' || substr(copies_1.id, 13, 4) || '-' || substr(copies_1.id, 17, 4) || '-' || substr(copies_1.id, 21, 12)) ELSE crosslet_uuid(copies_1.id) END, 'code', copies_1.code) AS o 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_3))) AS o 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id ORDER BY editions_1.number) AS anon_2))) AS json_object_1 
FROM books

-- a whole tree: json
SELECT json_object('id', CASE WHEN length(authors.id) = 32 THEN lower(substr(authors.id, 1, 8) || '-' || substr(authors.id, 9, 4) || '-' || substr(authors.id, 13, 4) || '-' || substr(authors.id, 17, 4) || '-' || substr(authors.id, 21, 12)) ELSE crosslet_uuid(authors.id) END, 'full_name', authors.name, 'initial', substr(authors.name, ?, ?), 'born', authors.born, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id), 'mentor', json((SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id)), 'students', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', authors_2.name, 'students', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', authors_3.name, 'mentor', json((SELECT json_object('name', authors_4.name, 'born', authors_4.born) AS json_object_3 
FROM authors AS authors_4 
WHERE authors_4.id = authors_3.mentor_id))) AS o 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id ORDER BY authors_3.name) AS anon_2))) AS o 
FROM authors AS authors_2 
WHERE authors.id = authors_2.mentor_id ORDER BY authors_2.name) AS anon_1)), 'books', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_object('id', CASE WHEN length(books_1.id) = 32 THEN lower(substr(books_1.id, 1, 8) || '-' || substr(books_1.id, 9, 4) || '-' || substr(books_1.id, 13, 4) || '-' || substr(books_1.id, 17, 4) || '-' || substr(books_1.id, 21, 12)) ELSE crosslet_uuid(books_1.id) END, 'title', books_1.title, 'genre', CASE books_1.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE books_1.genre END, 'price', crosslet_units(books_1.price, 2), 'published_at', CASE WHEN length(books_1.published_at) IN (19, 26) THEN replace(CASE WHEN substr(books_1.published_at, 20) = '.000000' THEN substr(books_1.published_at, 1, 19) ELSE books_1.published_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(books_1.published_at) END, 'created_at', CASE WHEN length(books_1.created_at) IN (19, 26) THEN replace(CASE WHEN substr(books_1.created_at, 20) = '.000000' THEN substr(books_1.created_at, 1, 19) ELSE books_1.created_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(books_1.created_at) END, 'is_lent', json(CASE books_1.is_lent WHEN 0 THEN 'false' WHEN books_1.is_lent THEN 'true' END), 'details', CASE WHEN typeof(books_1.details) = 'real' THEN json(crosslet_float(books_1.details)) ELSE json(CASE WHEN json_valid(books_1.details) THEN books_1.details ELSE crosslet_json(books_1.details) END) END, 'author', json((SELECT json_object('name', authors_5.name, 'born', authors_5.born) AS json_object_4 
FROM authors AS authors_5 
WHERE authors_5.id = books_1.author_id)), 'tags', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_object('name', tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_4)), 'editions', json((SELECT json_group_array(json(anon_5.o)) AS json_group_array_5 
FROM (SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', json((SELECT json_group_array(json(anon_6.o)) AS json_group_array_6 
FROM (SELECT json_object('id', CASE WHEN length(copies_1.id) = 32 THEN lower(substr(copies_1.id, 1, 8) || '-' || substr(copies_1.id, 9, 4) || '-' || substr(copies_1.id, 13, 4) || '-' || substr(copies_1.id, 17, 4) || '-' || substr(copies_1.id, 21, 12)) ELSE crosslet_uuid(copies_1.id) END, 'code', copies_1.code) AS o 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_6))) AS o 
FROM editions AS editions_1 
WHERE books_1.id = editions_1.book_id ORDER BY editions_1.number) AS anon_5))) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_3)), 'cheap_books', json((SELECT json_group_array(json(anon_7.o)) AS json_group_array_7 
FROM (SELECT json_object('id', CASE WHEN length(books_2.id) = 32 THEN lower(substr(books_2.id, 1, 8) || '-' || substr(books_2.id, 9, 4) || '-' || substr(books_2.id, 13, 4) || '-' || substr(books_2.id, 17, 4) || '-' || substr(books_2.id, 21, 12)) ELSE crosslet_uuid(books_2.id) END, 'title', books_2.title, 'genre', CASE books_2.genre WHEN 'NOVEL' THEN 'novel' WHEN 'POEMS' THEN 'poems' ELSE books_2.genre END, 'price', crosslet_units(books_2.price, 2), 'published_at', CASE WHEN length(books_2.published_at) IN (19, 26) THEN replace(CASE WHEN substr(books_2.published_at, 20) = '.000000' THEN substr(books_2.published_at, 1, 19) ELSE books_2.published_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(books_2.published_at) END, 'created_at', CASE WHEN length(books_2.created_at) IN (19, 26) THEN replace(CASE WHEN substr(books_2.created_at, 20) = '.000000' THEN substr(books_2.created_at, 1, 19) ELSE books_2.created_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(books_2.created_at) END, 'is_lent', json(CASE books_2.is_lent WHEN 0 THEN 'false' WHEN books_2.is_lent THEN 'true' END), 'details', CASE WHEN typeof(books_2.details) = 'real' THEN json(crosslet_float(books_2.details)) ELSE json(CASE WHEN json_valid(books_2.details) THEN books_2.details ELSE crosslet_json(books_2.details) END) END, 'author', json((SELECT json_object('name', authors_6.name, 'born', authors_6.born) AS json_object_5 
FROM authors AS authors_6 
WHERE authors_6.id = books_2.author_id)), 'tags', json((SELECT json_group_array(json(anon_8.o)) AS json_group_array_8 
FROM (SELECT json_object('name', tags_2.name) AS o 
FROM tags AS tags_2, book_tags AS book_tags_2 
WHERE books_2.id = book_tags_2.book_id AND tags_2.id = book_tags_2.tag_id ORDER BY book_tags_2.place) AS anon_8)), 'editions', json((SELECT json_group_array(json(anon_9.o)) AS json_group_array_9 
FROM (SELECT json_object('number', editions_2.number, 'pages', editions_2.pages, 'copies', json((SELECT json_group_array(json(anon_10.o)) AS json_group_array_10 
FROM (SELECT json_object('id', CASE WHEN length(copies_2.id) = 32 THEN lower(substr(copies_2.id, 1, 8) || '-' || substr(copies_2.id, 9, 4) || '-' || substr(copies_2.id, 13, 4) || '-' || substr(copies_2.id, 17, 4) || '-' || substr(copies_2.id, 21, 12)) ELSE crosslet_uuid(copies_2.id) END, 'code', copies_2.code) AS o 
FROM copies AS copies_2 
WHERE editions_2.book_id = copies_2.book_id AND editions_2.number = copies_2.number ORDER BY copies_2.code) AS anon_10))) AS o 
FROM editions AS editions_2 
WHERE books_2.id = editions_2.book_id ORDER BY editions_2.number) AS anon_9))) AS o 
FROM books AS books_2 
WHERE authors.id = books_2.author_id AND books_2.price < ? ORDER BY books_2.title) AS anon_7))) AS json_object_1 
FROM authors

-- aliases and a hidden field: json
SELECT json_object('bookTitle', books.title, 'cost', crosslet_units(books.price, 2)) AS json_object_1 
FROM books

-- computed: typed
-- Computing has fields that no column gives
SELECT json_object('title', books.title, 'tags', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1))) AS json_object_1 
FROM books

-- serialized: typed
-- price: a validator or serializer stands between column and answer
SELECT json_object('price', crosslet_units(books.price, 2), 'author', json((SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id))) AS json_object_1 
FROM books

-- composite key: json
SELECT json_object('number', editions.number, 'pages', editions.pages, 'copies', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('id', CASE WHEN length(copies_1.id) = 32 THEN lower(substr(copies_1.id, 1, 8) || '-' || substr(copies_1.id, 9, 4) || '-' || substr(copies_1.id, 13, 4) || '-' || substr(copies_1.id, 17, 4) || '-' || substr(copies_1.id, 21, 12)) ELSE crosslet_uuid(copies_1.id) END, 'code', copies_1.code) AS o 
FROM copies AS copies_1 
WHERE editions.book_id = copies_1.book_id AND editions.number = copies_1.number ORDER BY copies_1.code) AS anon_1))) AS json_object_1 
FROM editions

-- to one over a composite key: json
SELECT json_object('code', copies.code, 'edition', json((SELECT json_object('number', editions_1.number, 'pages', editions_1.pages, 'copies', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('id', CASE WHEN length(copies_1.id) = 32 THEN lower(substr(copies_1.id, 1, 8) || '-' || substr(copies_1.id, 9, 4) || '-' || substr(copies_1.id, 13, 4) || '-' || substr(copies_1.id, 17, 4) || '-' || substr(copies_1.id, 21, 12)) ELSE crosslet_uuid(copies_1.id) END, 'code', copies_1.code) AS o 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_1))) AS json_object_2 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number))) AS json_object_1 
FROM copies

-- markers: json
SELECT json_object('name', authors.name, 'shout', upper(authors.name), 'latest', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title DESC
 LIMIT 2 OFFSET ?) AS anon_1)), 'second', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('title', books_2.title) AS o 
FROM books AS books_2 
WHERE authors.id = books_2.author_id ORDER BY books_2.title
 LIMIT 1 OFFSET 1) AS anon_2)), 'lent', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_object('title', books_3.title) AS o 
FROM books AS books_3 
WHERE authors.id = books_3.author_id AND books_3.is_lent = 1 ORDER BY books_3.title) AS anon_3)), 'blue', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_object('title', books_4.title) AS o 
FROM books AS books_4 
WHERE authors.id = books_4.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_4.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = ?)) ORDER BY books_4.title) AS anon_4)), 'books', (SELECT count(*) AS count_1 
FROM books AS books_5 
WHERE authors.id = books_5.author_id), 'lent_books', (SELECT count(*) AS count_2 
FROM books AS books_6 
WHERE authors.id = books_6.author_id AND books_6.is_lent = 1), 'has_students', json(CASE (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id)) WHEN 0 THEN 'false' WHEN (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id)) THEN 'true' END)) AS json_object_1 
FROM authors ORDER BY authors.name

-- to one: json
SELECT json_object('title', books.title, 'author', json((SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id))) AS json_object_1 
FROM books

-- to one that may be missing: json
SELECT json_object('name', authors.name, 'mentor', json((SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = authors.mentor_id))) AS json_object_1 
FROM authors

-- to one of to one: json
SELECT json_object('code', copies.code, 'edition', json((SELECT json_object('book', json((SELECT json_object('author', json((SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS json_object_4 
FROM authors AS authors_1 
WHERE authors_1.id = books_1.author_id))) AS json_object_3 
FROM books AS books_1 
WHERE books_1.id = editions_1.book_id))) AS json_object_2 
FROM editions AS editions_1 
WHERE editions_1.book_id = copies.book_id AND editions_1.number = copies.number))) AS json_object_1 
FROM copies

-- to many: json
SELECT json_object('name', authors.name, 'books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- to many without an order: json
SELECT json_object('name', authors.name, 'students', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', authors_1.name, 'born', authors_1.born) AS o 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id ORDER BY authors_1.name) AS anon_1))) AS json_object_1 
FROM authors

-- to many in an order: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.price DESC, books_1.id) AS anon_1))) AS json_object_1 
FROM authors

-- to many, the first ones: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title
 LIMIT 3 OFFSET ?) AS anon_1))) AS json_object_1 
FROM authors

-- to many, later ones: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title
 LIMIT 3 OFFSET 6) AS anon_1))) AS json_object_1 
FROM authors

-- to many, some: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent = 1 AND books_1.price > ? ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- to many, by what is below: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND (EXISTS (SELECT 1 
FROM tags, book_tags 
WHERE books_1.id = book_tags.book_id AND tags.id = book_tags.tag_id AND tags.name = ?)) ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- many to many: json
SELECT json_object('title', books.title, 'tags', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1))) AS json_object_1 
FROM books

-- many to many, from the other side: json
SELECT json_object('name', tags.name, 'books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1, book_tags AS book_tags_1 
WHERE tags.id = book_tags_1.tag_id AND books_1.id = book_tags_1.book_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM tags

-- many to many in the association's order: json
SELECT json_object('tags', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place DESC
 LIMIT 2 OFFSET ?) AS anon_1))) AS json_object_1 
FROM books

-- a join of one's own: json
SELECT json_object('cheap_books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.price < ? ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- itself, four levels: json
SELECT json_object('name', authors.name, 'students', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', authors_1.name, 'students', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', authors_2.name, 'students', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_object('name', authors_3.name, 'born', authors_3.born) AS o 
FROM authors AS authors_3 
WHERE authors_2.id = authors_3.mentor_id ORDER BY authors_3.name) AS anon_3))) AS o 
FROM authors AS authors_2 
WHERE authors_1.id = authors_2.mentor_id ORDER BY authors_2.name) AS anon_2))) AS o 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id ORDER BY authors_1.name) AS anon_1))) AS json_object_1 
FROM authors

-- three levels of lists: json
SELECT json_object('editions', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('copies', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('id', CASE WHEN length(copies_1.id) = 32 THEN lower(substr(copies_1.id, 1, 8) || '-' || substr(copies_1.id, 9, 4) || '-' || substr(copies_1.id, 13, 4) || '-' || substr(copies_1.id, 17, 4) || '-' || substr(copies_1.id, 21, 12)) ELSE crosslet_uuid(copies_1.id) END, 'code', copies_1.code) AS o 
FROM copies AS copies_1 
WHERE editions_1.book_id = copies_1.book_id AND editions_1.number = copies_1.number ORDER BY copies_1.code) AS anon_2))) AS o 
FROM editions AS editions_1 
WHERE books.id = editions_1.book_id ORDER BY editions_1.number) AS anon_1))) AS json_object_1 
FROM books

-- count: json
SELECT json_object('n', (SELECT count(*) AS count_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id)) AS json_object_1 
FROM authors

-- count of some: json
SELECT json_object('n', (SELECT count(*) AS count_1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id AND books_1.is_lent = 1)) AS json_object_1 
FROM authors

-- count, many to many: json
SELECT json_object('n', (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id)) AS json_object_1 
FROM books

-- exists: json
SELECT json_object('n', json(CASE (EXISTS (SELECT 1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id)) WHEN 0 THEN 'false' WHEN (EXISTS (SELECT 1 
FROM books AS books_1 
WHERE authors.id = books_1.author_id)) THEN 'true' END)) AS json_object_1 
FROM authors

-- exists, some: json
SELECT json_object('n', json(CASE (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id AND authors_1.born IS NULL)) WHEN 0 THEN 'false' WHEN (EXISTS (SELECT 1 
FROM authors AS authors_1 
WHERE authors.id = authors_1.mentor_id AND authors_1.born IS NULL)) THEN 'true' END)) AS json_object_1 
FROM authors

-- count below: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('n', (SELECT count(*) AS count_1 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books_1.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id)) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- another name: json
SELECT json_object('works', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- an expression: json
SELECT json_object('loud', upper(authors.name)) AS json_object_1 
FROM authors

-- an expression below: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('loud', upper(books_1.title)) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- a property that is a query: json
SELECT json_object('name', authors.name, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors.id)) AS json_object_1 
FROM authors

-- a property that is a query, below: json
SELECT json_object('author', json((SELECT json_object('name', authors_1.name, 'book_count', (SELECT count(books.id) AS count_1 
FROM books 
WHERE books.author_id = authors_1.id)) AS json_object_2 
FROM authors AS authors_1 
WHERE authors_1.id = books.author_id))) AS json_object_1 
FROM books

-- hybrid and synonym: json
SELECT json_object('initial', substr(authors.name, ?, ?), 'full_name', authors.name) AS json_object_1 
FROM authors

-- an alias of the class: json
SELECT json_object('name', authors_1.name, 'books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors_1.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors AS authors_1 
WHERE authors_1.name = ?

-- a join that filters: json
SELECT json_object('name', authors.name, 'books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('title', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors JOIN books ON authors.id = books.author_id 
WHERE books.title = ?

-- an outer join: json
SELECT json_object('title', books.title) AS json_object_1 
FROM books LEFT OUTER JOIN (book_tags AS book_tags_1 JOIN tags ON tags.id = book_tags_1.tag_id) ON books.id = book_tags_1.book_id ORDER BY tags.name

-- any(): json
SELECT json_object('name', authors.name) AS json_object_1 
FROM authors 
WHERE EXISTS (SELECT 1 
FROM books 
WHERE authors.id = books.author_id AND books.is_lent = 1)

-- an IN list: json
SELECT json_object('name', authors.name) AS json_object_1 
FROM authors 
WHERE authors.name IN (__[POSTCOMPILE_name_1])

-- a lock: json
SELECT json_object('title', books.title, 'tags', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1))) AS json_object_1 
FROM books

-- names that need quotes: json
SELECT json_object('it''s "so" \ %s', books.title) AS json_object_1 
FROM books

-- a name that PostgreSQL would cut: json
SELECT json_object('longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong', books.title) AS json_object_1 
FROM books

-- a list below a name that PostgreSQL would cut: json
SELECT json_object('books', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü', books_1.title) AS o 
FROM books AS books_1 
WHERE authors.id = books_1.author_id ORDER BY books_1.title) AS anon_1))) AS json_object_1 
FROM authors

-- sixty-five fields: json
SELECT json_insert(json_object('f0', books.title, 'f1', books.title, 'f2', books.title, 'f3', books.title, 'f4', books.title, 'f5', books.title, 'f6', books.title, 'f7', books.title, 'f8', books.title, 'f9', books.title, 'f10', books.title, 'f11', books.title, 'f12', books.title, 'f13', books.title, 'f14', books.title, 'f15', books.title, 'f16', books.title, 'f17', books.title, 'f18', books.title, 'f19', books.title, 'f20', books.title, 'f21', books.title, 'f22', books.title, 'f23', books.title, 'f24', books.title, 'f25', books.title, 'f26', books.title, 'f27', books.title, 'f28', books.title, 'f29', books.title, 'f30', books.title, 'f31', books.title, 'f32', books.title, 'f33', books.title, 'f34', books.title, 'f35', books.title, 'f36', books.title, 'f37', books.title, 'f38', books.title, 'f39', books.title, 'f40', books.title, 'f41', books.title, 'f42', books.title, 'f43', books.title, 'f44', books.title, 'f45', books.title, 'f46', books.title, 'f47', books.title, 'f48', books.title, 'f49', books.title, 'f50', books.title, 'f51', books.title, 'f52', books.title, 'f53', books.title, 'f54', books.title, 'f55', books.title, 'f56', books.title, 'f57', books.title, 'f58', books.title, 'f59', books.title), '$."f60"', books.title, '$."f61"', books.title, '$."f62"', books.title, '$."f63"', books.title, '$."f64"', books.title) AS json_insert_1 
FROM books

-- a dictionary's columns: json
SELECT json_object('details', CASE WHEN typeof(books.details) = 'real' THEN json(crosslet_float(books.details)) ELSE json(CASE WHEN json_valid(books.details) THEN books.details ELSE crosslet_json(books.details) END) END) AS json_object_1 
FROM books

-- any of a column: json
SELECT json_object('details', CASE WHEN typeof(books.details) = 'real' THEN json(crosslet_float(books.details)) ELSE json(CASE WHEN json_valid(books.details) THEN books.details ELSE crosslet_json(books.details) END) END) AS json_object_1 
FROM books

-- float of a decimal: json
SELECT json_object('price', json(crosslet_units(books.price, 2))) AS json_object_1 
FROM books


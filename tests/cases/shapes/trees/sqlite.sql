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

-- a composite: json
SELECT json_object('place', json_object('x', sites.place_x, 'y', sites.place_y)) AS json_object_1 
FROM sites

-- a composite that may be None: json
SELECT json_object('rent', json(CASE WHEN (sites.rent_amount IS NOT NULL OR sites.rent_currency IS NOT NULL OR sites.rent_since IS NOT NULL) THEN json_object('theAmount', crosslet_units(sites.rent_amount, 2), 'since', CASE WHEN length(sites.rent_since) IN (19, 26) THEN replace(CASE WHEN substr(sites.rent_since, 20) = '.000000' THEN substr(sites.rent_since, 1, 19) ELSE sites.rent_since END, ' ', 'T') || 'Z' ELSE crosslet_utc(sites.rent_since) END, 'currency', sites.rent_currency) END)) AS json_object_1 
FROM sites

-- a composite of a class that promises more than its table: typed
-- gate.x: it may be None where the field cannot be
-- gate.y: it may be None where the field cannot be
SELECT json_object('gate', json(CASE WHEN (sites.gate_x IS NOT NULL OR sites.gate_y IS NOT NULL) THEN json_object('x', sites.gate_x, 'y', sites.gate_y) END)) AS json_object_1 
FROM sites

-- a composite that Python code makes: rows
-- doubled: Doubled.__init__ is Python code
SELECT sites.floor AS c0, sites.top AS c1 
FROM sites

-- composites below: json
SELECT json_object('branches', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('place', json_object('x', sites_1.place_x, 'y', sites_1.place_y)) AS o 
FROM sites AS sites_1 
WHERE sites.id = sites_1.head_id ORDER BY sites_1.name) AS anon_1)), 'head', json((SELECT json_object('place', json_object('x', sites_2.place_x, 'y', sites_2.place_y)) AS json_object_2 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id))) AS json_object_1 
FROM sites

-- a composite of a joined table: json
SELECT json_object('name', employees.name, 'size', json_object('x', engineers.size_x, 'y', engineers.size_y)) AS json_object_1 
FROM employees JOIN engineers ON employees.id = engineers.id

-- a list of values: json
SELECT json_object('staff_names', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(employees_1.name) AS o 
FROM employees AS employees_1 
WHERE sites.id = employees_1.site_id ORDER BY employees_1.name) AS anon_1))) AS json_object_1 
FROM sites

-- a list of values without an order: json
SELECT json_object('certified', json((SELECT json_group_array(json((SELECT json_quote(json(CASE skill_links_1.is_examined WHEN 0 THEN 'false' WHEN skill_links_1.is_examined THEN 'true' END)) AS json_quote_1 
FROM skill_links AS skill_links_1 
WHERE skill_links_1.id = certificates_1.link_id))) AS json_group_array_1 
FROM certificates AS certificates_1 
WHERE skill_links.id = certificates_1.link_id))) AS json_object_1 
FROM skill_links

-- a list of values, the later ones: json
SELECT json_object('skill_names', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json((SELECT json_quote(skills_1.name) AS json_quote_1 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id))) AS o 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id ORDER BY skill_links_1.place DESC
 LIMIT 2 OFFSET 1) AS anon_1))) AS json_object_1 
FROM employees

-- values of each kind: json
SELECT json_object('skill_names', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json((SELECT json_quote(skills_1.name) AS json_quote_1 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id))) AS o 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id ORDER BY skill_links_1.place) AS anon_1)), 'skills', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_quote(json((SELECT json_object('name', skills_2.name) AS json_object_2 
FROM skills AS skills_2 
WHERE skills_2.id = skill_links_2.skill_id))) AS o 
FROM skill_links AS skill_links_2 
WHERE employees.id = skill_links_2.employee_id ORDER BY skill_links_2.place) AS anon_2)), 'grades', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_quote(crosslet_units(skill_links_3.grade, 8)) AS o 
FROM skill_links AS skill_links_3 
WHERE employees.id = skill_links_3.employee_id ORDER BY skill_links_3.place) AS anon_3)), 'learnt', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_quote(CASE WHEN length(skill_links_4.learnt_at) IN (19, 26) THEN replace(CASE WHEN substr(skill_links_4.learnt_at, 20) = '.000000' THEN substr(skill_links_4.learnt_at, 1, 19) ELSE skill_links_4.learnt_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(skill_links_4.learnt_at) END) AS o 
FROM skill_links AS skill_links_4 
WHERE employees.id = skill_links_4.employee_id ORDER BY skill_links_4.place) AS anon_4)), 'levels', json((SELECT json_group_array(json(anon_5.o)) AS json_group_array_5 
FROM (SELECT json_quote(CASE skill_links_5.level WHEN 'NEW' THEN 'new' WHEN 'OLD' THEN 'old' ELSE skill_links_5.level END) AS o 
FROM skill_links AS skill_links_5 
WHERE employees.id = skill_links_5.employee_id ORDER BY skill_links_5.place) AS anon_5)), 'exams', json((SELECT json_group_array(json(anon_6.o)) AS json_group_array_6 
FROM (SELECT json_quote(json(CASE skill_links_6.is_examined WHEN 0 THEN 'false' WHEN skill_links_6.is_examined THEN 'true' END)) AS o 
FROM skill_links AS skill_links_6 
WHERE employees.id = skill_links_6.employee_id ORDER BY skill_links_6.place) AS anon_6)), 'shares', json((SELECT json_group_array(json(anon_7.o)) AS json_group_array_7 
FROM (SELECT json_quote(json(crosslet_float(skill_links_7.share))) AS o 
FROM skill_links AS skill_links_7 
WHERE employees.id = skill_links_7.employee_id ORDER BY skill_links_7.place) AS anon_7)), 'notes', json((SELECT json_group_array(json(anon_8.o)) AS json_group_array_8 
FROM (SELECT json_quote(CASE WHEN typeof(skill_links_8.note) = 'real' THEN json(crosslet_float(skill_links_8.note)) ELSE json(CASE WHEN json_valid(skill_links_8.note) THEN skill_links_8.note ELSE crosslet_json(skill_links_8.note) END) END) AS o 
FROM skill_links AS skill_links_8 
WHERE employees.id = skill_links_8.employee_id ORDER BY skill_links_8.place) AS anon_8))) AS json_object_1 
FROM employees

-- values of each kind through one row: json
SELECT json_object('grade', json((SELECT json_quote(crosslet_units(skill_links_1.grade, 8)) AS json_quote_1 
FROM skill_links AS skill_links_1 
WHERE skill_links_1.id = certificates.link_id)), 'note', json((SELECT json_quote(CASE WHEN typeof(skill_links_2.note) = 'real' THEN json(crosslet_float(skill_links_2.note)) ELSE json(CASE WHEN json_valid(skill_links_2.note) THEN skill_links_2.note ELSE crosslet_json(skill_links_2.note) END) END) AS json_quote_2 
FROM skill_links AS skill_links_2 
WHERE skill_links_2.id = certificates.link_id)), 'learnt_at', json((SELECT json_quote(CASE WHEN length(skill_links_3.learnt_at) IN (19, 26) THEN replace(CASE WHEN substr(skill_links_3.learnt_at, 20) = '.000000' THEN substr(skill_links_3.learnt_at, 1, 19) ELSE skill_links_3.learnt_at END, ' ', 'T') || 'Z' ELSE crosslet_utc(skill_links_3.learnt_at) END) AS json_quote_3 
FROM skill_links AS skill_links_3 
WHERE skill_links_3.id = certificates.link_id)), 'level', json((SELECT json_quote(CASE skill_links_4.level WHEN 'NEW' THEN 'new' WHEN 'OLD' THEN 'old' ELSE skill_links_4.level END) AS json_quote_4 
FROM skill_links AS skill_links_4 
WHERE skill_links_4.id = certificates.link_id)), 'is_examined', json((SELECT json_quote(json(CASE skill_links_5.is_examined WHEN 0 THEN 'false' WHEN skill_links_5.is_examined THEN 'true' END)) AS json_quote_5 
FROM skill_links AS skill_links_5 
WHERE skill_links_5.id = certificates.link_id)), 'share', json((SELECT json_quote(json(crosslet_float(skill_links_6.share))) AS json_quote_6 
FROM skill_links AS skill_links_6 
WHERE skill_links_6.id = certificates.link_id)), 'skill_name', json((SELECT json_quote(json((SELECT json_quote(skills_1.name) AS json_quote_8 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_7.skill_id))) AS json_quote_7 
FROM skill_links AS skill_links_7 
WHERE skill_links_7.id = certificates.link_id))) AS json_object_1 
FROM certificates

-- a list of rows behind others: json
SELECT json_object('skills', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json((SELECT json_object('name', skills_1.name) AS json_object_2 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id))) AS o 
FROM skill_links AS skill_links_1 
WHERE employees.id = skill_links_1.employee_id ORDER BY skill_links_1.place) AS anon_1))) AS json_object_1 
FROM employees

-- lists of lists: json
SELECT json_object('team_skills', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_quote(json((SELECT json_quote(skills_1.name) AS json_quote_1 
FROM skills AS skills_1 
WHERE skills_1.id = skill_links_1.skill_id))) AS o 
FROM skill_links AS skill_links_1 
WHERE employees_1.id = skill_links_1.employee_id ORDER BY skill_links_1.place) AS anon_2))) AS o 
FROM employees AS employees_1 
WHERE employees.id = employees_1.boss_id ORDER BY employees_1.name) AS anon_1))) AS json_object_1 
FROM employees

-- a list behind one row: json
SELECT json_object('head_names', json((SELECT json_quote(json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(employees_1.name) AS o 
FROM employees AS employees_1 
WHERE sites_1.id = employees_1.site_id ORDER BY employees_1.name) AS anon_1))) AS json_quote_1 
FROM sites AS sites_1 
WHERE sites_1.id = sites.head_id)), 'head_staff', json((SELECT json_quote(json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', employees_2.name) AS o 
FROM employees AS employees_2 
WHERE sites_2.id = employees_2.site_id ORDER BY employees_2.name) AS anon_2))) AS json_quote_2 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id))) AS json_object_1 
FROM sites

-- composites behind others: json
SELECT json_object('branch_places', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json_object('x', sites_1.place_x, 'y', sites_1.place_y)) AS o 
FROM sites AS sites_1 
WHERE sites.id = sites_1.head_id ORDER BY sites_1.name) AS anon_1)), 'head_place', json((SELECT json_quote(json_object('x', sites_2.place_x, 'y', sites_2.place_y)) AS json_quote_1 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id))) AS json_object_1 
FROM sites

-- values, many to many: json
SELECT json_object('tag_names', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(tags_1.name) AS o 
FROM tags AS tags_1, book_tags AS book_tags_1 
WHERE books.id = book_tags_1.book_id AND tags_1.id = book_tags_1.tag_id ORDER BY book_tags_1.place) AS anon_1))) AS json_object_1 
FROM books

-- a union of classes: json
SELECT json_object('name', sites.name, 'staff', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (employees_1.type = ?) THEN json_object('type', 'employee', 'name', employees_1.name, 'boss', json((SELECT json_object('name', employees_2.name) AS json_object_2 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id))) WHEN (employees_1.type = ?) THEN json_object('type', 'engineer', 'degree', engineers_1.degree, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_2)), 'tool_names', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_quote(tools_2.name) AS o 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name) AS anon_3)), 'site', json((SELECT json_object('name', sites_1.name) AS json_object_3 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id))) WHEN (employees_1.type = ?) THEN json_object('budget', crosslet_units(chiefs_1.budget, 2), 'name', employees_1.name, 'degree', engineers_1.degree, 'type', 'chief', 'tools', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_object('name', tools_3.name) AS o 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_4)), 'team', json((SELECT json_group_array(json(anon_5.o)) AS json_group_array_5 
FROM (SELECT json_object('name', employees_3.name) AS o 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id ORDER BY employees_3.name) AS anon_5)), 'deputy', json((SELECT json_object('name', employees_4.name) AS json_object_4 
FROM employees AS employees_4 JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id))) WHEN (employees_1.type = ?) THEN json_object('type', 'manager', 'bonus', employees_1.bonus, 'tools', json((SELECT json_group_array(json(anon_6.o)) AS json_group_array_6 
FROM (SELECT json_object('seats', vehicles_1.seats) AS o 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2]) ORDER BY vehicles_1.id) AS anon_6))) ELSE json_object('crosslet: of no class that is mapped', employees_1.type) END)) AS o 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id ORDER BY employees_1.name) AS anon_1))) AS json_object_1 
FROM sites

-- a union, one row: json
SELECT json_object('boss', json((SELECT json_quote(json(CASE WHEN (employees_1.type = ?) THEN json_object('type', 'employee', 'name', employees_1.name, 'boss', json((SELECT json_object('name', employees_2.name) AS json_object_2 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id))) WHEN (employees_1.type = ?) THEN json_object('type', 'engineer', 'degree', engineers_1.degree, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_1)), 'tool_names', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_quote(tools_2.name) AS o 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name) AS anon_2)), 'site', json((SELECT json_object('name', sites_1.name) AS json_object_3 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id))) WHEN (employees_1.type = ?) THEN json_object('budget', crosslet_units(chiefs_1.budget, 2), 'name', employees_1.name, 'degree', engineers_1.degree, 'type', 'chief', 'tools', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_object('name', tools_3.name) AS o 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_3)), 'team', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_object('name', employees_3.name) AS o 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id ORDER BY employees_3.name) AS anon_4)), 'deputy', json((SELECT json_object('name', employees_4.name) AS json_object_4 
FROM employees AS employees_4 JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id))) WHEN (employees_1.type = ?) THEN json_object('type', 'manager', 'bonus', employees_1.bonus, 'tools', json((SELECT json_group_array(json(anon_5.o)) AS json_group_array_5 
FROM (SELECT json_object('seats', vehicles_1.seats) AS o 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2]) ORDER BY vehicles_1.id) AS anon_5))) ELSE json_object('crosslet: of no class that is mapped', employees_1.type) END)) AS json_quote_1 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE employees_1.id = employees.boss_id))) AS json_object_1 
FROM employees

-- a union of some classes: typed
-- staff: there may be rows that no member of the union stands for
SELECT json_object('staff', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (employees_1.type = ?) THEN json_object('type', 'engineer', 'degree', engineers_1.degree, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_2)), 'tool_names', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_quote(tools_2.name) AS o 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name) AS anon_3)), 'site', json((SELECT json_object('name', sites_1.name) AS json_object_2 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id))) WHEN (employees_1.type = ?) THEN json_object('budget', crosslet_units(chiefs_1.budget, 2), 'name', employees_1.name, 'degree', engineers_1.degree, 'type', 'chief', 'tools', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_object('name', tools_3.name) AS o 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_4)), 'team', json((SELECT json_group_array(json(anon_5.o)) AS json_group_array_5 
FROM (SELECT json_object('name', employees_2.name) AS o 
FROM employees AS employees_2 
WHERE employees_1.id = employees_2.boss_id ORDER BY employees_2.name) AS anon_5)), 'deputy', json((SELECT json_object('name', employees_3.name) AS json_object_3 
FROM employees AS employees_3 JOIN engineers AS engineers_2 ON employees_3.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id))) ELSE json_object('type', employees_1.type) END)) AS o 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id AND employees_1.type IN (__[POSTCOMPILE_type_3]) ORDER BY employees_1.name) AS anon_1))) AS json_object_1 
FROM sites

-- a union in an order: json
SELECT json_object('staff', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (employees_1.type = ? OR employees_1.type = ?) THEN json_object('type', CASE WHEN (employees_1.type = ?) THEN 'engineer' WHEN (employees_1.type = ?) THEN 'chief' END, 'degree', engineers_1.degree, 'tools', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_2))) WHEN (employees_1.type = ? OR employees_1.type = ?) THEN json_object('type', CASE WHEN (employees_1.type = ?) THEN 'manager' WHEN (employees_1.type = ?) THEN 'employee' END, 'name', employees_1.name) ELSE json_object('crosslet: of no class that is mapped', employees_1.type) END)) AS o 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id 
WHERE sites.id = employees_1.site_id ORDER BY employees_1.name DESC
 LIMIT 2 OFFSET ?) AS anon_1))) AS json_object_1 
FROM sites

-- a union told by a number: json
SELECT json_object('vehicles', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (vehicles_1.wheels = ?) THEN json_object('wheels', 0) WHEN (vehicles_1.wheels = ?) THEN json_object('wheels', 4, 'seats', vehicles_1.seats) WHEN (vehicles_1.wheels = ?) THEN json_object('frame', vehicles_1.frame, 'wheels', 2) ELSE json_object('crosslet: of no class that is mapped', vehicles_1.wheels) END)) AS o 
FROM vehicles AS vehicles_1 
WHERE sites.id = vehicles_1.site_id ORDER BY vehicles_1.id) AS anon_1))) AS json_object_1 
FROM sites

-- a union told by an enumeration: json
SELECT json_object('papers', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (papers_1.kind = ?) THEN json_object('kind', 'letter', 'stamp', papers_1.stamp) WHEN (papers_1.kind = ? OR papers_1.kind = ?) THEN json_object('kind', CASE WHEN (papers_1.kind = ?) THEN 'bill' WHEN (papers_1.kind = ?) THEN 'draft' END, 'amount', crosslet_units(papers_1.amount, 2)) ELSE json_object('crosslet: of no class that is mapped', CASE papers_1.kind WHEN 'LETTER' THEN 'letter' WHEN 'BILL' THEN 'bill' WHEN 'DRAFT' THEN 'draft' ELSE papers_1.kind END) END)) AS o 
FROM papers AS papers_1 
WHERE sites.id = papers_1.site_id ORDER BY papers_1.id) AS anon_1))) AS json_object_1 
FROM sites

-- a union told by an expression: json
SELECT json_object('boxes', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (CASE WHEN (boxes_1.weight > ?) THEN ? ELSE ? END = ?) THEN json_object('what', 'heavy', 'crane', boxes_1.crane, 'papers', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_quote(json(CASE WHEN (papers_1.kind = ?) THEN json_object('kind', 'letter', 'stamp', papers_1.stamp) WHEN (papers_1.kind = ? OR papers_1.kind = ?) THEN json_object('kind', CASE WHEN (papers_1.kind = ?) THEN 'bill' WHEN (papers_1.kind = ?) THEN 'draft' END) ELSE json_object('crosslet: of no class that is mapped', CASE papers_1.kind WHEN 'LETTER' THEN 'letter' WHEN 'BILL' THEN 'bill' WHEN 'DRAFT' THEN 'draft' ELSE papers_1.kind END) END)) AS o 
FROM papers AS papers_1 
WHERE boxes_1.id = papers_1.box_id ORDER BY papers_1.id) AS anon_2))) WHEN (CASE WHEN (boxes_1.weight > ?) THEN ? ELSE ? END = ?) THEN json_object('what', 'light', 'label', boxes_1.label) ELSE json_object('crosslet: of no class that is mapped', CASE WHEN (boxes_1.weight > ?) THEN ? ELSE ? END) END)) AS o 
FROM boxes AS boxes_1 
WHERE shelves.id = boxes_1.shelf_id ORDER BY boxes_1.id) AS anon_1))) AS json_object_1 
FROM shelves

-- a union behind one row: json
SELECT json_object('head_staff', json((SELECT json_quote(json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_quote(json(CASE WHEN (employees_1.type = ?) THEN json_object('type', 'employee', 'name', employees_1.name, 'boss', json((SELECT json_object('name', employees_2.name) AS json_object_2 
FROM employees AS employees_2 
WHERE employees_2.id = employees_1.boss_id))) WHEN (employees_1.type = ?) THEN json_object('type', 'engineer', 'degree', engineers_1.degree, 'size', json_object('x', engineers_1.size_x, 'y', engineers_1.size_y), 'tools', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_2 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE engineers_1.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_2)), 'tool_names', json((SELECT json_group_array(json(anon_3.o)) AS json_group_array_3 
FROM (SELECT json_quote(tools_2.name) AS o 
FROM tools AS tools_2 
WHERE engineers_1.id = tools_2.engineer_id ORDER BY tools_2.name) AS anon_3)), 'site', json((SELECT json_object('name', sites_1.name) AS json_object_3 
FROM sites AS sites_1 
WHERE sites_1.id = employees_1.site_id))) WHEN (employees_1.type = ?) THEN json_object('budget', crosslet_units(chiefs_1.budget, 2), 'name', employees_1.name, 'degree', engineers_1.degree, 'type', 'chief', 'tools', json((SELECT json_group_array(json(anon_4.o)) AS json_group_array_4 
FROM (SELECT json_object('name', tools_3.name) AS o 
FROM tools AS tools_3 
WHERE engineers_1.id = tools_3.engineer_id ORDER BY tools_3.name) AS anon_4)), 'team', json((SELECT json_group_array(json(anon_5.o)) AS json_group_array_5 
FROM (SELECT json_object('name', employees_3.name) AS o 
FROM employees AS employees_3 
WHERE employees_1.id = employees_3.boss_id ORDER BY employees_3.name) AS anon_5)), 'deputy', json((SELECT json_object('name', employees_4.name) AS json_object_4 
FROM employees AS employees_4 JOIN engineers AS engineers_2 ON employees_4.id = engineers_2.id 
WHERE engineers_2.id = chiefs_1.deputy_id))) WHEN (employees_1.type = ?) THEN json_object('type', 'manager', 'bonus', employees_1.bonus, 'tools', json((SELECT json_group_array(json(anon_6.o)) AS json_group_array_6 
FROM (SELECT json_object('seats', vehicles_1.seats) AS o 
FROM vehicles AS vehicles_1 
WHERE employees_1.id = vehicles_1.manager_id AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_1]) AND vehicles_1.wheels IN (__[POSTCOMPILE_wheels_2]) ORDER BY vehicles_1.id) AS anon_6))) ELSE json_object('crosslet: of no class that is mapped', employees_1.type) END)) AS o 
FROM employees AS employees_1 LEFT OUTER JOIN engineers AS engineers_1 ON employees_1.id = engineers_1.id LEFT OUTER JOIN chiefs AS chiefs_1 ON chiefs_1.id = engineers_1.id 
WHERE sites_2.id = employees_1.site_id ORDER BY employees_1.name) AS anon_1))) AS json_quote_1 
FROM sites AS sites_2 
WHERE sites_2.id = sites.head_id))) AS json_object_1 
FROM sites

-- three tables: json
SELECT json_object('name', employees.name, 'degree', engineers.degree, 'budget', crosslet_units(chiefs.budget, 2), 'tools', json((SELECT json_group_array(json(anon_1.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE engineers.id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_1))) AS json_object_1 
FROM employees JOIN engineers ON employees.id = engineers.id JOIN chiefs ON chiefs.id = engineers.id

-- three tables under an alias: json
SELECT json_object('name', anon_1.employees_name, 'degree', anon_1.engineers_degree, 'budget', crosslet_units(anon_1.chiefs_budget, 2), 'tools', json((SELECT json_group_array(json(anon_2.o)) AS json_group_array_1 
FROM (SELECT json_object('name', tools_1.name) AS o 
FROM tools AS tools_1 
WHERE anon_1.engineers_id = tools_1.engineer_id ORDER BY tools_1.name) AS anon_2))) AS json_object_1 
FROM (SELECT employees.id AS employees_id, employees.type AS employees_type, employees.name AS employees_name, employees.site_id AS employees_site_id, employees.boss_id AS employees_boss_id, employees.home_x AS employees_home_x, employees.home_y AS employees_home_y, engineers.id AS engineers_id, engineers.degree AS engineers_degree, engineers.size_x AS engineers_size_x, engineers.size_y AS engineers_size_y, chiefs.id AS chiefs_id, chiefs.budget AS chiefs_budget, chiefs.deputy_id AS chiefs_deputy_id 
FROM employees JOIN engineers ON employees.id = engineers.id JOIN chiefs ON chiefs.id = engineers.id) AS anon_1


"""IMDBench's movies, people, users and reviews: the data, and each way of reading them that is measured."""

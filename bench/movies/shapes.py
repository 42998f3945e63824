"""What every contender answers with: IMDBench's three reads, a list with directors, one flat row, a new review."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PersonRef(Shape):
    id: int
    full_name: str
    image: str


class UserRef(Shape):
    id: int
    name: str
    image: str


class ReviewWithAuthor(Shape):
    id: int
    body: str
    rating: int
    author: UserRef


class MovieOut(Shape):
    id: int
    image: str
    title: str
    year: int
    description: str
    avg_rating: float
    directors: list[PersonRef]
    cast: list[PersonRef]
    reviews: list[ReviewWithAuthor]


class MovieOfPerson(Shape):
    id: int
    image: str
    title: str
    year: int
    avg_rating: float


class PersonOut(Shape):
    id: int
    full_name: str
    image: str
    bio: str
    acted_in: list[MovieOfPerson]
    directed: list[MovieOfPerson]


class MovieOfReview(Shape):
    id: int
    image: str
    title: str
    avg_rating: float


class ReviewWithMovie(Shape):
    id: int
    body: str
    rating: int
    movie: MovieOfReview


class UserOut(Shape):
    """With the ten latest reviews, which the contender sees to."""

    id: int
    name: str
    image: str
    latest_reviews: list[ReviewWithMovie]


class MovieInList(Shape):
    id: int
    image: str
    title: str
    year: int
    directors: list[PersonRef]


class MovieRow(Shape):
    id: int
    image: str
    title: str
    year: int
    description: str


class ReviewIn(BaseModel):
    body: str
    rating: int
    author_id: int
    movie_id: int


class ReviewCreated(ReviewWithAuthor):
    creation_time: datetime

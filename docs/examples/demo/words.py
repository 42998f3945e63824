"""Names and sentences that the sample data is put together from."""

from typing import Final

FIRST_NAMES: Final = (
    "Ada", "Amara", "Anouk", "Arthur", "Beatriz", "Benno", "Carlos", "Chiara", "Dalia", "David", "Elif", "Emil",
    "Esther", "Farid", "Fiona", "Gabriel", "Greta", "Hana", "Henrik", "Ines", "Isaac", "Jana", "Jonas", "Kaito",
    "Karla", "Lena", "Liam", "Lucia", "Malik", "Maria", "Mateo", "Mina", "Nadia", "Noah", "Olga", "Oscar", "Paula",
    "Pavel", "Quentin", "Rania", "Rosa", "Ruben", "Sara", "Sven", "Tara", "Tomas", "Uma", "Viktor", "Wanda",
    "Yara", "Yusuf", "Zoe",
)  # fmt: skip

LAST_NAMES: Final = (
    "Abbott", "Andersen", "Aziz", "Bauer", "Bianchi", "Brown", "Castro", "Chen", "Costa", "Dubois", "Eriksen",
    "Fischer", "Garcia", "Gruber", "Haddad", "Hansen", "Hughes", "Ito", "Jensen", "Kaya", "Keller", "Khan",
    "Kowalski", "Larsen", "Lopez", "Martin", "Mbeki", "Meyer", "Moreau", "Murphy", "Nakamura", "Novak", "Okafor",
    "Park", "Patel", "Pereira", "Quinn", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Tanaka", "Torres", "Ueda",
    "Virtanen", "Walker", "Weber", "Yilmaz", "Zhang",
)  # fmt: skip

CITIES: Final = (
    ("Lisbon", 38.72, -9.14), ("Vienna", 48.21, 16.37), ("Oslo", 59.91, 10.75), ("Nairobi", -1.29, 36.82),
    ("Osaka", 34.69, 135.50), ("Lima", -12.05, -77.04), ("Toronto", 43.65, -79.38), ("Istanbul", 41.01, 28.98),
    ("Pune", 18.52, 73.86), ("Wellington", -41.29, 174.78), ("Accra", 5.60, -0.19), ("Seoul", 37.57, 126.98),
)  # fmt: skip

TOPICS: Final = (
    "sourdough", "night trains", "old maps", "chess endings", "mountain huts", "choir singing", "film cameras",
    "beekeeping", "city gardens", "radio plays", "rock pools", "letterpress", "winter swimming", "bicycle repair",
    "wild mushrooms", "star charts",
)  # fmt: skip

OPENINGS: Final = ("Knows a little about", "Would rather talk about", "Has been learning about", "Collects stories of")

SUBJECTS: Final = (
    "A year of",
    "What nobody told me about",
    "Five mistakes with",
    "Notes on",
    "In praise of",
    "Against",
)

REMARKS: Final = (
    "This took longer than I thought it would.",
    "The second attempt went better than the first.",
    "I wrote down every step, so that you need not.",
    "Rain stopped us for two days, and we played cards.",
    "My neighbour lent me the right tool in the end.",
    "It is cheaper than it looks, if you are patient.",
    "Nobody could say why it works, only that it does.",
    "I would do it again, and start earlier.",
    "Thank you, I had been looking for this.",
    "There is a small café on the way; the plum cake is worth it. 🍰",
    "Has anyone tried it in the cold?",
    "I do not agree, but I like how you put it.",
)

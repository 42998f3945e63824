"""Many rows at once: columns checked and bound in one go, the fastest road of each database, errors row by row."""

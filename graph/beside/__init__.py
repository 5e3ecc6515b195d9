"""What is said and proposed beside a map: kept with it, and no part of it."""

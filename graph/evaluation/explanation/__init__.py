"""Why a node stands as it does, and what would change it."""

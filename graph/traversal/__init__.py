"""Questions that walk along a map: paths, connections, neighbourhoods, grounds and consequences."""

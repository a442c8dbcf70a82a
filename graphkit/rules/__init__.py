"""Rule packs: what should be covered, by which written rule, as data."""

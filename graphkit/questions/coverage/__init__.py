"""Coverage gaps: who should be covered by a written rule, and is not."""

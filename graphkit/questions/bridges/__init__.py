"""Bridge figures: which people hold otherwise separate groups together, and what falls apart without them?

The way the data goes::

    typed network ── ties that hold people together (by role) ──▶ the one network: people, bodies, and households as ends
    the one network ── one depth-first search ─▶ people, households, bodies that each loss cuts off
                    ── shortest paths ─────────▶ pairs of people carried
    both ── stated order, equals share a rank ─▶ reasons in words ──▶ Finding
"""

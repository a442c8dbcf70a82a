"""graphkit: coverage gaps, bridge figures and pairing reach in the networks of rural organisation."""

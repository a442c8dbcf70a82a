"""Plans: which bodies to form so that what is open is met, and what a change would come to."""

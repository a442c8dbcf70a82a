"""What exists, and what a tie means."""

"""What the site adds to the pages of this repository while it reads and writes them."""

"""What a page and a plot are made of: one offline HTML file, fonts, and drawings of a finding."""

"""What every page shares: the frame, the style, the headers, the languages, the error pages."""

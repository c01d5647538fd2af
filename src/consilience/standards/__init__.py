"""One shared structure, many legal cultures: codelists, indicators and crosswalks as small versioned data files."""

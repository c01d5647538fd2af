"""Small readers for the three common writings of RDF: as much of them as vocabularies in SKOS use."""

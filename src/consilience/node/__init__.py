"""The node: the web application that one organisation runs (a Django project)."""

"""The pages: the public agenda with its feeds and open data, health, and the local community."""

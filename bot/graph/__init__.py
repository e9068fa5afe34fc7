"""Microsoft: signing in, and what Microsoft Graph knows of communities, people and the agenda."""

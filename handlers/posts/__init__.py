"""The wording of what the bot says unasked, one module per kind of post."""

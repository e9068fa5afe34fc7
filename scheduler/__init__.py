"""What the bot does unasked: the plan of posts owed, the outbox's delivery, the clockwork."""

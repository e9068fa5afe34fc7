"""How the bot puts things: dates, cards, and the texts that moderators may change."""

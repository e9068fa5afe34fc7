"""Viva Engage: messages, by the bot's own account, over the legacy REST API that was once Yammer's."""

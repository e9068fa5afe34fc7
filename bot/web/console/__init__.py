"""The moderators' console at `/beheer`: one module for each area, one guard before all of them."""

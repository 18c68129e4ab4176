"""The sandbox's runner, with one thing more: it can go on in a fork of itself, and come back as if nothing had been."""

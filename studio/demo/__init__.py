"""The demo: the dairy show played for a newcomer, with real speech recognition and the real API."""
